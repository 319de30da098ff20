"""All indicators of the closing report, in the report's order. Page, command and document read this list."""

from elections.enums import Stage
from groundwork.enums import AdjustmentWay, DifficultKind, GroupKind
from villages.enums import Education, Origin

from . import complaint_rows, ground_rows, last_term, rows, talent
from .base import (
    Average,
    Breakdown,
    Day,
    Indicator,
    Medians,
    Recorded,
    Scope,
    Share,
    Total,
)
from .structure import AGE_BANDS

BASICS = "一、基本情况"
SURVEY_FIRST = "二、三先行 · 调研摸底先行"
RECTIFY_FIRST = "二、三先行 · 集中整顿先行"
TALENT_FIRST = "二、三先行 · 人才储备先行"
LED = "二、三到位 · 领导推动到位"
ANSWERED = "二、三到位 · 责任落实到位"
GUIDANCE = "二、三到位 · 业务指导到位"
DIFFICULT = "二、三重抓 · 难点村后进村换届"
WOMEN = "二、三重抓 · 女性党员进班子"
PROCEDURE = "二、三从严 · 程序关口"
DISCIPLINE = "二、三从严 · 纪律要求"
OPINION = "二、三从严 · 舆论导向"
ALL_VILLAGES = "本次换届的村（社区）"
ELECTED = "当选人员（每人计一次）"
BEFORE = "启动时在任的班子成员（每人计一次，年龄按启动日）"


def _count(key, name, unit, part, over, found) -> Indicator:
    return Indicator(key, name, unit, part, over, found)


_SIZE = (
    _count("townships", "乡镇（街道）数", "个", BASICS, "辖区内乡级单位", rows.townships),
    _count("villages", "行政村数", "个", BASICS, ALL_VILLAGES, rows.villages),
    _count("communities", "社区数", "个", BASICS, ALL_VILLAGES, rows.communities),
    Day("started_on", "启动日期", "", BASICS, "本次换届", rows.elections,
        day=lambda scope: scope.campaign.starts_on),
    Day("as_of", "截止日期", "", BASICS, "本报告", rows.elections, day=lambda scope: scope.as_of),
    _count("organisations_completed", "完成换届的党组织数", "个", BASICS, ALL_VILLAGES,
           rows.completed),
    Share("completion_rate", "完成率", "%", BASICS, ALL_VILLAGES, rows.completed,
          whole=rows.elections),
    _count("first_ballot_success", "一次选举成功数", "个", BASICS, "已选举的村（社区）",
           rows.first_ballot),
    Share("first_ballot_rate", "一次选举成功率", "%", BASICS, "已选举的村（社区）",
          rows.first_ballot, whole=rows.decided),
)  # fmt: skip

_TEAM = (
    _count("committee_members", "班子成员", "名", BASICS, ELECTED, rows.members),
    _count("committee_women", "班子成员中女性", "名", BASICS, ELECTED, rows.women(rows.members)),
    _count("committee_new", "班子成员中新当选", "名", BASICS, ELECTED, rows.newly(rows.members)),
    _count("committee_reelected", "班子成员中连任", "名", BASICS, ELECTED,
           rows.again(rows.members)),
    _count("secretaries", "书记", "名", BASICS, "当选书记", rows.secretaries),
    _count("secretary_women", "女书记", "名", BASICS, "当选书记", rows.women(rows.secretaries)),
    _count("secretary_new", "新当选书记", "名", BASICS, "当选书记", rows.newly(rows.secretaries)),
    _count("secretary_reelected", "连任书记", "名", BASICS, "当选书记",
           rows.again(rows.secretaries)),
    *(
        _count(f"secretary_source.{origin.value}", f"书记来源：{origin.label}", "名", BASICS,
               "当选书记（一人有几个来源的各计一次，主要来源在名单中注明）", rows.secretaries_from(origin.value))
        for origin in Origin
        if origin != Origin.OTHER
    ),
    Average("structure.average_age", "班子成员平均年龄", "岁", BASICS, ELECTED,
            rows.members_with_person, of=rows.age),
    *(
        _count(f"structure.age_{band}", f"班子成员年龄：{label}", "名", BASICS, ELECTED,
               rows.aged(band))
        for band, (_, _, label) in AGE_BANDS.items()
    ),
    *(
        _count(f"structure.education_{level.value}", f"班子成员学历：{level.label}", "名", BASICS,
               ELECTED, rows.educated(level.value))
        for level in Education
    ),
    _count("secretaries_strong", "“双强”书记", "名", BASICS, "当选书记", talent.secretaries_strong),
    Share("structure.dual_post", "一肩挑（书记兼村（居）委会主任）", "%", BASICS, "当选书记",
          rows.dual_post, whole=rows.secretaries),
    Share("structure.cross_post", "交叉任职（兼村（居）委会成员）", "%", BASICS, ELECTED,
          rows.cross_post, whole=rows.members),
    Share("structure.women", "班子成员中女性占比", "%", BASICS, ELECTED,
          rows.women(rows.members), whole=rows.members),
    Share("structure.young", "班子成员中35岁及以下占比", "%", BASICS, ELECTED,
          rows.aged("18_35"), whole=rows.members),
    Share("structure.college_up", "班子成员中大专及以上学历占比", "%", BASICS, ELECTED,
          rows.college_up, whole=rows.members),
    _count("last_term.members", "上届班子成员（已选举的村）", "名", BASICS, BEFORE, last_term.team),
    Share("last_term.women", "上届班子成员中女性占比", "%", BASICS, BEFORE, last_term.women,
          whole=last_term.team),
    Share("last_term.young", "上届班子成员中35岁及以下占比", "%", BASICS, BEFORE, last_term.young,
          whole=last_term.team),
    Share("last_term.college_up", "上届班子成员中大专及以上学历占比", "%", BASICS, BEFORE,
          last_term.college, whole=last_term.team),
)  # fmt: skip

_GROUND = (
    _count("surveys_clear", "“七个清楚”全部完成的村", "个", SURVEY_FIRST, ALL_VILLAGES,
           rows.surveys_clear),
    _count("surveys_incomplete", "“七个清楚”没有全部完成的村", "个", SURVEY_FIRST, ALL_VILLAGES,
           rows.surveys_incomplete),
    _count("difficult_villages.red", "红色村", "个", SURVEY_FIRST, "选情研判", rows.red),
    _count("difficult_villages.cleared", "已销号的红色村", "个", SURVEY_FIRST, "红色村",
           rows.red_cleared),
    _count("contingency_plans", "“一村一策”预案", "份", SURVEY_FIRST, "一村一策预案台账",
           ground_rows.plans),
    _count("contingency_plans_missing", "没有预案的红色村、难点村、重点村、后进村", "个", SURVEY_FIRST,
           "红色村和未转化的难点村、重点村、后进村", ground_rows.plans_missing),
    _count("disputes_found", "排查隐患矛盾", "起", RECTIFY_FIRST, "隐患矛盾", rows.disputes),
    Breakdown("disputes_by_category", "隐患矛盾分类", "起", RECTIFY_FIRST, "隐患矛盾",
              rows.disputes, label=lambda row: row.get_category_display()),
    _count("disputes_resolved", "化解（稳控）隐患矛盾", "起", RECTIFY_FIRST, "隐患矛盾",
           rows.disputes_resolved),
    Share("departure_audits", "离任经济责任审计", "%", RECTIFY_FIRST, "应审的现任书记",
          rows.audits, whole=rows.audits_due),
    _count("reserve_cadres", "后备干部", "名", TALENT_FIRST, "后备干部库", talent.reserve),
    _count("reserve_secretaries", "后备书记", "名", TALENT_FIRST, "后备干部库",
           talent.reserve_secretaries),
    _count("village_mobilisations", "村级动员会", "场", GUIDANCE, "村级会议", rows.mobilisations),
    _count("village_trainings", "村级业务培训", "场", GUIDANCE, "村级会议",
           rows.village_trainings),
    Total("village_trained", "村级业务培训人次", "人次", GUIDANCE, "村级会议",
          rows.village_trainings, column="present"),
    _count("daily_reports_due", "日报应报", "份", GUIDANCE, "乡镇×日", rows.reports_due),
    Share("daily_reports_on_time", "日报按时", "%", GUIDANCE, "乡镇×日", rows.reports_on_time,
          whole=rows.reports_due),
)  # fmt: skip


GROUPS = "县、乡工作机构台账"
MEETINGS = "县、乡工作会议台账（不含各村会议）"
LINKS = "联系包保台账"

_WORK = (
    _count("research_groups", "调研组", "个", SURVEY_FIRST, GROUPS,
           ground_rows.groups(GroupKind.RESEARCH)),
    *(
        _count(f"difficult_villages.{kind.value}", kind.label, "个", SURVEY_FIRST, "难点村台账",
               ground_rows.difficult(kind))
        for kind in DifficultKind
    ),
    _count("secretaries_adjusted", "调整书记", "名", RECTIFY_FIRST, "书记调整台账",
           ground_rows.adjusted),
    *(
        _count(f"secretaries_adjusted.{way.value}", f"调整书记：{way.label}", "名", RECTIFY_FIRST,
               "书记调整台账", ground_rows.adjusted_by(way))
        for way in AdjustmentWay
    ),
    _count("weak_organisations", "整顿软弱涣散村党组织", "个", RECTIFY_FIRST, "软弱涣散整顿台账",
           ground_rows.weak),
    _count("weak_organisations_converted", "软弱涣散村党组织已转化", "个", RECTIFY_FIRST,
           "软弱涣散整顿台账", ground_rows.weak_converted),
    _count("leading_groups", "领导小组", "个", LED, GROUPS, ground_rows.groups(GroupKind.LEADING)),
    Day("mobilised_on", "全县动员会日期", "", LED, MEETINGS, ground_rows.county_mobilisations,
        day=ground_rows.mobilised_on),
    _count("township_meetings", "乡镇动员会", "场", LED, MEETINGS,
           ground_rows.township_mobilisations),
    _count("leader_links", "联系乡镇的领导", "名", ANSWERED, LINKS, ground_rows.leaders),
    _count("townships_without_leader", "没有联系领导的乡镇", "个", ANSWERED, "辖区内乡级单位",
           ground_rows.townships_without_leader),
    _count("village_cadres", "包村干部", "名", ANSWERED, LINKS, ground_rows.cadres),
    _count("villages_without_cadre", "没有包村干部的村", "个", ANSWERED, ALL_VILLAGES,
           ground_rows.villages_without_cadre),
    *(
        _count(f"{kind.value}_groups", kind.label, "个", ANSWERED, GROUPS, ground_rows.groups(kind))
        for kind in (GroupKind.GUIDANCE, GroupKind.SUPERVISION, GroupKind.PUBLICITY)
    ),
    Share("work_schedules", "村工作计划进度表", "%", ANSWERED, ALL_VILLAGES, ground_rows.schedules,
          whole=rows.elections),
    _count("trainings", "业务培训", "场", GUIDANCE, MEETINGS, ground_rows.trainings),
    Total("trained", "业务培训人次", "人次", GUIDANCE, MEETINGS, ground_rows.trainings,
          column="present"),
    _count("dispatch_meetings", "工作调度会", "场", GUIDANCE, MEETINGS, ground_rows.dispatches),
    Share("decisions_done", "会议议定事项办结", "%", GUIDANCE, "会议议定事项台账",
          ground_rows.decisions_done, whole=ground_rows.decisions),
    _count("stationed_staff", "驻村督导人员", "名", DIFFICULT, LINKS, ground_rows.stationed),
    _count("difficult_without_staff", "没有驻村督导的难点村、重点村、后进村", "个", DIFFICULT,
           "未转化的难点村、重点村、后进村", ground_rows.difficult_without_staff),
    _count("publicity_items", "宣传资料", "份", DISCIPLINE, "宣传资料台账", ground_rows.publicity),
    Breakdown("publicity_items_by_kind", "宣传资料分类", "份", DISCIPLINE, "宣传资料台账",
              ground_rows.publicity, label=lambda row: row.get_kind_display()),
    Total("publicity_copies", "宣传资料印发数", "份", DISCIPLINE, "宣传资料台账",
          ground_rows.publicity, column="copies"),
)  # fmt: skip


def _short(key: str, name: str, found) -> Indicator:
    return _count(key, name, "个", WOMEN, "已过该关口的村", found)


_PEOPLE = (
    _short("women_preliminary_short", "初步人选女性未达标的村", rows.women_preliminary_short),
    _short("women_preliminary_excepted", "其中经批准例外的村（初步人选）",
           rows.excepted(rows.women_preliminary_short, Stage.PRELIMINARY)),
    _short("women_prepared_short", "预备人选女性未达标的村", rows.women_prepared_short),
    _short("women_prepared_excepted", "其中经批准例外的村（预备人选）",
           rows.excepted(rows.women_prepared_short, Stage.NOMINATION)),
    _short("women_elected_short", "当选女性未达标的村", rows.women_elected_short),
    _short("women_elected_excepted", "其中经批准例外的村（当选）",
           rows.excepted(rows.women_elected_short, Stage.APPROVAL)),
    Share("women_director_on_committee", "党员妇代会主任进班子", "%", WOMEN, "已选举的村（社区）",
          rows.women_directors, whole=rows.decided),
    _count("stages_done", "办结环节", "个次", PROCEDURE, "村（社区）×环节", rows.stages_done),
    _count("exceptions_approved", "批准例外", "件", PROCEDURE, "例外申请", rows.exceptions),
    _count("overrides", "特批放行", "件", PROCEDURE, "县级特批", rows.overrides),
    _count("nominees_preliminary", "初步人选", "名", PROCEDURE, "人选", rows.nominees),
    _count("disqualifying_categories", "不具有被推荐资格的类别", "类", PROCEDURE, "负面清单",
           rows.negative_categories),
    _count("rejected_review", "资格审查不通过", "名", PROCEDURE, "审查结论", rows.rejected),
    Breakdown("rejected_review_by_rule", "资格审查不通过的情形", "名", PROCEDURE, "审查结论",
              rows.rejected, label=lambda row: row.rule),
    _count("rejected_inspection", "组织考察否决", "名", PROCEDURE, "考察结论", rows.vetoed),
    Breakdown("rejected_inspection_by_reason", "组织考察否决的理由", "名", PROCEDURE, "考察结论",
              rows.vetoed, label=lambda row: row.reason),
    _count("nominees_withdrawn", "本人放弃的人选", "名", PROCEDURE, "初步人选", talent.withdrawn),
    _count("nominees_not_prepared", "未列为预备人选", "名", PROCEDURE, "考察通过的人选",
           talent.not_prepared),
    _count("nominees_prepared", "候选人预备人选", "名", PROCEDURE, "人选", rows.prepared),
    _count("candidates_formal", "正式候选人", "名", PROCEDURE, "人选", rows.formal),
    _count("talks", "集体谈话", "人次", DISCIPLINE, "人选", rows.talked),
    _count("talks_missing", "未谈话的预备人选", "名", DISCIPLINE, "预备人选", rows.without_talk),
    _count("pledges", "纪律承诺书", "份", DISCIPLINE, "人选", rows.pledged),
    _count("pledges_missing", "未签承诺书的预备人选", "名", DISCIPLINE, "预备人选",
           rows.without_pledge),
)  # fmt: skip

_OPINION = (
    _count("complaints", "信访件", "件", OPINION, "信访件", complaint_rows.complaints),
    Breakdown("complaints_by_channel", "信访渠道", "件", OPINION, "信访件", complaint_rows.complaints,
              label=lambda row: row.get_channel_display()),
    Recorded("complaints_last_term", "上届信访件数", "件", OPINION, "登记的上届数据",
             complaint_rows.last_term, of=complaint_rows.last_term_count),
    Recorded("complaints_change", "信访比上届增减", "件", OPINION, "信访件减上届件数",
             complaint_rows.complaints, of=complaint_rows.change, signed=True),
    Breakdown("complaints_by_cause", "信访反映问题", "件", OPINION, "信访件", complaint_rows.complaints,
              label=lambda row: row.get_cause_display()),
    _count("complaints_settled", "信访办结", "件", OPINION, "信访件",
           complaint_rows.complaints_settled),
    Share("complaints_on_time", "信访按时办结", "%", OPINION, "已办结和已到期的信访件",
          complaint_rows.complaints_on_time, whole=complaint_rows.complaints_due),
    Medians("first_response", "三个第一时间", "小时", OPINION, "收到信访到首次汇报、调查、说明的中位数",
            complaint_rows.first_responses, of=complaint_rows.hours_to_first),
    _count("opinion_incidents", "网络舆情", "起", OPINION, "舆情台账", complaint_rows.opinion),
    _count("opinion_settled", "已处置舆情", "起", OPINION, "舆情台账",
           complaint_rows.opinion_settled),
)  # fmt: skip

#: key → indicator, in the report's order.
INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (*_SIZE, *_TEAM, *_GROUND, *_WORK, *_PEOPLE, *_OPINION)
}

#: What is kept only as it is now → the keys of the figures that ask for it. Of these a past day cannot be told from the
#: records alone; what was kept at the end of that day (reporting.KeptFigures) can.
AS_NOW = {
    "人选的状态": (
        "nominees_preliminary",
        "nominees_prepared",
        "nominees_not_prepared",
        "candidates_formal",
        "talks_missing",
        "pledges_missing",
        "women_preliminary_short",
        "women_preliminary_excepted",
        "women_prepared_short",
        "women_prepared_excepted",
        "rejected_inspection",
        "rejected_inspection_by_reason",
    ),
    "党员名册上的情况": (
        *(key for key in INDICATORS if key.startswith("secretary_source.")),
        *(key for key in INDICATORS if key.startswith("structure.education_")),
        "secretaries_strong",
        "structure.dual_post",
        "structure.cross_post",
        "structure.college_up",
        "last_term.college_up",
        "women_director_on_committee",
    ),
    "调研和研判的结果": (
        "surveys_clear",
        "surveys_incomplete",
        "difficult_villages.red",
        "difficult_villages.cleared",
        "contingency_plans_missing",
    ),
    "登记的上届数据": ("complaints_last_term", "complaints_change"),
}
#: key → what of it is kept only as it is now.
UNDATED = {key: what for what, keys in AS_NOW.items() for key in keys}


def figures(scope: Scope) -> dict:
    """Every computed figure: key → value (number, text date, share or breakdown)."""
    return {key: indicator.value(scope) for key, indicator in INDICATORS.items()}
