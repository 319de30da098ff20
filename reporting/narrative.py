"""The closing report's sentences, from its figures alone: pure, so that page and document say the same.

A paragraph is a list of pieces; a piece is text, or a figure (key, words) that the page turns into a link. A clause
whose figure is zero or missing is left out or worded so; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from . import rules

#: key → value, as reporting.indicators.registry.figures returns them.
Figures = dict


@dataclass(frozen=True)
class Figure:
    """A figure in the text: which indicator, and how it reads."""

    key: str
    words: str


Piece = str | Figure


@dataclass(frozen=True)
class Paragraph:
    """`level`: 0 body, 1 part heading (一、), 2 section (（一）), 3 paragraph heading."""

    level: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.words for p in self.pieces)


def _heading(level: int, text: str) -> Paragraph:
    return Paragraph(level, (text,))


class Writer:
    """Builds pieces from one set of figures."""

    def __init__(self, figures: Figures):
        self.figures = figures

    def number(self, key: str, unit: str) -> Figure:
        return Figure(key, f"{self.figures[key]}{unit}")

    def day(self, key: str) -> Figure:
        value = date.fromisoformat(self.figures[key])
        return Figure(key, f"{value.year}年{value.month}月{value.day}日")

    def share(self, key: str) -> Figure:
        value = self.figures[key]
        return Figure(key, rules.share(value["numerator"], value["denominator"]))

    def parts(self, key: str, unit: str) -> Figure:
        return Figure(key, rules.breakdown(self.figures[key], unit))

    def medians(self, key: str, unit: str) -> Figure:
        """Hours by label, of those that are known."""
        known = {label: hours for label, hours in self.figures[key].items() if hours is not None}
        return Figure(key, "、".join(f"{label}{hours}{unit}" for label, hours in known.items()))

    def has_medians(self, key: str) -> bool:
        return any(hours is not None for hours in self.figures.get(key, {}).values())

    def has(self, key: str) -> bool:
        """Whether the figure says something: there at all, not zero, not empty, not without a denominator."""
        value = self.figures.get(key)
        if isinstance(value, dict) and "denominator" in value:
            return bool(value["denominator"])
        return bool(value)

    def join(self, *clauses: tuple[Piece, ...] | None) -> Paragraph | None:
        """Clauses with ， between them and 。 at the end; those that are None are left out."""
        kept = [c for c in clauses if c]
        if not kept:
            return None
        pieces: list[Piece] = []
        for number, clause in enumerate(kept):
            pieces += clause
            pieces.append("。" if number == len(kept) - 1 else "，")
        return Paragraph(0, tuple(pieces))


def report(
    name: str, area: str, figures: Figures, texts: Mapping[str, str] = MappingProxyType({})
) -> list[Paragraph]:
    """The whole text: preamble, four parts. `name`: the campaign's; `area`: the county's; `texts`: what staff typed, by
    section (reporting.enums.TextSection); typed advice replaces the advice offered."""
    w = Writer(figures)
    typed = {section: _typed(text) for section, text in texts.items()}
    problems, advice = typed.get("problems", []), typed.get("advice", [])
    found = [
        _preamble(w, area),
        _heading(1, "一、基本情况"),
        *_basics(w),
        _heading(1, "二、主要做法"),
        *_first(w),
        *typed.get("first", []),
        *_in_place(w),
        *typed.get("in_place", []),
        *_focus(w),
        *typed.get("focus", []),
        *_strict(w),
        *typed.get("strict", []),
        _heading(1, "三、存在问题"),
        *(_problems(w) or ([] if problems else [_NO_PROBLEM])),
        *problems,
        _heading(1, "四、建议"),
        *(advice or [Paragraph(0, (offered_advice(figures),))]),
    ]
    return [paragraph for paragraph in found if paragraph]


_NO_PROBLEM = Paragraph(0, ("从现有记录看，没有突出问题。",))


def _typed(text: str) -> list[Paragraph]:
    """A paragraph for each line that says something."""
    return [Paragraph(0, (line.strip(),)) for line in text.splitlines() if line.strip()]


def _preamble(w: Writer, area: str) -> Paragraph:
    return w.join(
        (f"{area}辖", w.number("townships", "个乡镇（街道）"), "、", w.number("villages", "个行政村"),
         "、", w.number("communities", "个社区")),
        ("本次村（社区）党组织换届自", w.day("started_on"), "启动"),
        ("截至", w.day("as_of"), "，全部采取“两推一选”方式，已完成换届的党组织",
         w.number("organisations_completed", "个"), "，完成率", w.share("completion_rate")),
        ("一次选举成功率", w.share("first_ballot_rate")) if w.has("first_ballot_rate") else None,
    )  # fmt: skip


def _basics(w: Writer) -> list[Paragraph | None]:
    if not w.has("committee_members"):
        return [Paragraph(0, ("尚无村（社区）选举产生新一届班子。",))]
    team = w.join(
        ("共选举产生班子成员", w.number("committee_members", "名")),
        ("其中女性", w.number("committee_women", "名")),
        (
            "新当选",
            w.number("committee_new", "名"),
            "、连任",
            w.number("committee_reelected", "名"),
        ),
        ("平均年龄", w.number("structure.average_age", "岁")),
    )
    ages = w.join(
        ("年龄结构为35岁及以下", w.number("structure.age_18_35", "名"),
         "、36至45岁", w.number("structure.age_36_45", "名"),
         "、46至55岁", w.number("structure.age_46_55", "名"),
         "、56岁及以上", w.number("structure.age_56_120", "名")),
        ("学历结构为大专", w.number("structure.education_college", "名"),
         "、本科及以上", w.number("structure.education_bachelor", "名"),
         "、高中（中专）", w.number("structure.education_senior", "名"),
         "、初中", w.number("structure.education_junior", "名"),
         "、小学及以下", w.number("structure.education_primary", "名")),
    )  # fmt: skip
    leaders = w.join(
        ("选举产生书记", w.number("secretaries", "名")),
        ("其中女性", w.number("secretary_women", "名")) if w.has("secretary_women") else None,
        ("新当选", w.number("secretary_new", "名"), "、连任", w.number("secretary_reelected", "名")),
        ("书记兼任村（居）委会主任", w.share("structure.dual_post")),
    ) if w.has("secretaries") else None  # fmt: skip
    return [team, ages, _against_last_term(w), leaders, _origins(w)]


def _against_last_term(w: Writer) -> Paragraph | None:
    """The new teams beside those before, in the same villages."""
    if not w.has("last_term.members"):
        return None

    def change(words: str, code: str) -> tuple[Piece, ...]:
        return (words, w.share(f"last_term.{code}"), "变为", w.share(f"structure.{code}"))

    return w.join(
        ("与上届相比，这些村上届班子成员", w.number("last_term.members", "名")),
        change("女性占比由", "women"),
        change("35岁及以下占比由", "young"),
        change("大专及以上学历占比由", "college_up"),
    )


def _origins(w: Writer) -> Paragraph | None:
    labels = {
        "prosperity": "致富带富能手",
        "graduate": "大学生村官",
        "cooperative": "专业合作组织负责人",
        "veteran": "优秀复转军人",
        "returnee": "返乡创业人员",
        "official": "机关事业单位党员干部",
    }
    pieces: list[Piece] = []
    for code, label in labels.items():
        key = f"secretary_source.{code}"
        if w.has(key):
            pieces += ["、" if pieces else "从来源看，", label, w.number(key, "名")]
    return Paragraph(0, (*pieces, "。")) if pieces else None


def _first(w: Writer) -> list[Paragraph | None]:
    survey = w.join(
        ("派出调研组", w.number("research_groups", "个")) if w.has("research_groups") else None,
        ("对各村（社区）逐一调研，“七个清楚”全部完成的", w.number("surveys_clear", "个")),
        ("确定难点村", w.number("difficult_villages.hard", "个"), "、重点村",
         w.number("difficult_villages.key", "个"), "、后进村",
         w.number("difficult_villages.lagging", "个")) if _has_difficult(w) else None,
        ("研判红色村", w.number("difficult_villages.red", "个"))
        if w.has("difficult_villages.red") else None,
        ("制定“一村一策”预案", w.number("contingency_plans", "份"))
        if w.has("contingency_plans") else None,
        ("尚有", w.number("contingency_plans_missing", "个村"), "没有预案")
        if w.has("contingency_plans_missing") else None,
        ("启动前已销号", w.number("difficult_villages.cleared", "个"))
        if w.has("difficult_villages.cleared") else None,
    )  # fmt: skip
    rectify = w.join(
        ("排查隐患矛盾", w.number("disputes_found", "起"), "，化解（稳控）",
         w.number("disputes_resolved", "起")) if w.has("disputes_found")
        else ("未排查出隐患矛盾",),
        ("按类别为", w.parts("disputes_by_category", "起")) if w.has("disputes_by_category") else None,
        ("整顿软弱涣散村党组织", w.number("weak_organisations", "个"), "，已转化",
         w.number("weak_organisations_converted", "个")) if w.has("weak_organisations") else None,
        _adjusted(w),
        ("完成离任经济责任审计并公布结果", w.share("departure_audits"))
        if w.has("departure_audits") else None,
    )  # fmt: skip
    talent = w.join(
        ("通过个人自荐、联名举荐、组织推荐入库，定人帮带、定期培训、定岗锻炼，个人自评、党群测评、党委综评",),
        ("储备后备干部", w.number("reserve_cadres", "名"), "，其中后备书记",
         w.number("reserve_secretaries", "名")),
    ) if w.has("reserve_cadres") else None  # fmt: skip
    return [
        _heading(2, "（一）坚持“三先行”"),
        _heading(3, "调研摸底先行。"),
        survey,
        _heading(3, "集中整顿先行。"),
        rectify,
        *([_heading(3, "人才储备先行。"), talent] if talent else []),
    ]


def _has_difficult(w: Writer) -> bool:
    return any(w.has(f"difficult_villages.{kind}") for kind in ("hard", "key", "lagging"))


def _adjusted(w: Writer) -> tuple[Piece, ...] | None:
    """调整书记, by way: only the ways that occurred."""
    if not w.has("secretaries_adjusted"):
        return None
    ways: list[Piece] = []
    for code, label in (
        ("posted", "机关干部下村挂职"),
        ("concurrent", "优秀村书记跨村兼职"),
        ("returned", "在外能人返乡任职"),
        ("other", "其他方式"),
    ):
        if w.has(f"secretaries_adjusted.{code}"):
            ways += ["、" if ways else "", label, w.number(f"secretaries_adjusted.{code}", "名")]
    return ("调整书记", w.number("secretaries_adjusted", "名"), "（", *ways, "）")


def _in_place(w: Writer) -> list[Paragraph | None]:
    led = w.join(
        ("县、乡成立领导小组", w.number("leading_groups", "个")) if w.has("leading_groups") else None,
        (w.day("mobilised_on"), "召开全县动员会") if w.has("mobilised_on") else None,
        ("各乡镇召开动员会", w.number("township_meetings", "场"))
        if w.has("township_meetings") else None,
    ) or Paragraph(0, ("领导小组和动员会尚未登记。",))  # fmt: skip
    guidance = w.join(
        ("举办业务培训", w.number("trainings", "场"), "，培训", w.number("trained", "人次"))
        if w.has("trainings") else None,
        ("召开工作调度会", w.number("dispatch_meetings", "场"))
        if w.has("dispatch_meetings") else None,
        ("会议议定事项办结", w.share("decisions_done")) if w.has("decisions_done") else None,
        ("各村（社区）召开动员会", w.number("village_mobilisations", "场"))
        if w.has("village_mobilisations") else None,
        ("村级培训", w.number("village_trained", "人次")) if w.has("village_trained") else None,
        ("实行日报制度，应报", w.number("daily_reports_due", "份"), "，按时上报",
         w.share("daily_reports_on_time")),
    )  # fmt: skip
    return [
        _heading(2, "（二）做到“三到位”"),
        _heading(3, "领导推动到位。"),
        led,
        _heading(3, "责任落实到位。"),
        _answered(w),
        _heading(3, "业务指导到位。"),
        guidance,
    ]


def _answered(w: Writer) -> Paragraph:
    """Who answers for which township and village; where nobody does, that is said."""
    groups: list[Piece] = []
    for code, label in (("guidance", "指导组"), ("supervision", "监督组"), ("publicity", "宣传组")):
        if w.has(f"{code}_groups"):
            groups += ["、" if groups else "组建", label, w.number(f"{code}_groups", "个")]
    found = w.join(
        ("县领导", w.number("leader_links", "名"), "联系乡镇") if w.has("leader_links") else None,
        ("尚有", w.number("townships_without_leader", "个乡镇（街道）"), "没有联系领导")
        if w.has("leader_links") and w.has("townships_without_leader") else None,
        ("落实包村干部", w.number("village_cadres", "名")) if w.has("village_cadres") else None,
        ("尚有", w.number("villages_without_cadre", "个村（社区）"), "没有包村干部")
        if w.has("village_cadres") and w.has("villages_without_cadre") else None,
        tuple(groups) or None,
        ("签订并经乡镇确认村工作计划进度表的村", w.share("work_schedules"))
        if w.figures.get("work_schedules", {}).get("numerator") else None,
    )  # fmt: skip
    return found or Paragraph(0, ("联系包保和工作组尚未登记。",))


def _focus(w: Writer) -> list[Paragraph | None]:
    difficult = w.join(
        ("对红色村逐村落实包保领导、工作组和预案", ),
        ("不销号不启动，已销号", w.number("difficult_villages.cleared", "个"), "（共",
         w.number("difficult_villages.red", "个"), "）"),
        ("派出驻村督导人员", w.number("stationed_staff", "名")) if w.has("stationed_staff") else None,
    ) if w.has("difficult_villages.red") else w.join(
        ("没有研判为红色的村（社区）",),
        ("派出驻村督导人员", w.number("stationed_staff", "名")) if w.has("stationed_staff") else None,
    )  # fmt: skip
    leaders = w.join(
        ("对书记人选逐一比选",),
        ("当选书记", w.number("secretaries", "名"), "，其中政治素质强、发展带富能力强的",
         w.number("secretaries_strong", "名")) if w.has("secretaries_strong") else None,
        ("连任", w.number("secretary_reelected", "名"), "、新任", w.number("secretary_new", "名")),
    ) if w.has("secretaries") else None  # fmt: skip
    women = w.join(
        ("严格落实女性人选要求",),
        ("初步人选未达标的村", w.number("women_preliminary_short", "个"), "，其中经批准例外",
         w.number("women_preliminary_excepted", "个"))
        if w.has("women_preliminary_short") else ("初步人选全部达标",),
        ("预备人选未达标的村", w.number("women_prepared_short", "个"), "，其中经批准例外",
         w.number("women_prepared_excepted", "个"))
        if w.has("women_prepared_short") else ("预备人选全部达标",),
        ("当选女性未达标的村", w.number("women_elected_short", "个"), "，其中经批准例外",
         w.number("women_elected_excepted", "个"))
        if w.has("women_elected_short") else None,
        ("党员妇代会主任进班子", w.share("women_director_on_committee"))
        if w.has("women_director_on_committee") else None,
    )  # fmt: skip
    return [
        _heading(2, "（三）突出“三重抓”"),
        _heading(3, "抓难点村换届。"),
        difficult,
        *([_heading(3, "抓党组织书记选配。"), leaders] if leaders else []),
        _heading(3, "抓女性党员进班子。"),
        women,
    ]


def _strict(w: Writer) -> list[Paragraph | None]:
    procedure = w.join(
        ("坚持规定程序不变、规定步骤不少，已办结环节", w.number("stages_done", "个次")),
        ("因特殊情况经县级特批放行", w.number("overrides", "件"), "，逐件有批准文号和理由")
        if w.has("overrides") else None,
        ("确定初步人选", w.number("nominees_preliminary", "名"))
        if w.has("nominees_preliminary") else None,
        ("资格审查不通过", w.number("rejected_review", "名"), "（",
         w.parts("rejected_review_by_rule", "名"), "）") if w.has("rejected_review") else None,
        ("组织考察否决", w.number("rejected_inspection", "名"))
        if w.has("rejected_inspection") else None,
        ("确定候选人预备人选", w.number("nominees_prepared", "名"), "、正式候选人",
         w.number("candidates_formal", "名")) if w.has("nominees_prepared") else None,
    )  # fmt: skip
    discipline = w.join(
        ("编印制作宣传资料", w.number("publicity_items", "份"), "（",
         w.parts("publicity_items_by_kind", "份"), "）") if w.has("publicity_items") else None,
        ("开展集体谈话", w.number("talks", "人次")) if w.has("talks") else None,
        ("签订纪律承诺书", w.number("pledges", "份")) if w.has("pledges") else None,
        ("落实“三个第一时间”，收到信访后", w.medians("first_response", "小时"), "（中位数）")
        if w.has_medians("first_response") else None,
    )  # fmt: skip
    letters = w.join(
        ("受理信访", w.number("complaints", "件"), "，办结", w.number("complaints_settled", "件")),
        ("渠道为", w.parts("complaints_by_channel", "件")),
        ("按时办结", w.share("complaints_on_time")) if w.has("complaints_on_time") else None,
        ("上届同期", w.number("complaints_last_term", "件"), "，增减", w.number("complaints_change", "件"))
        if w.has("complaints_last_term") else None,
    ) if w.has("complaints") else Paragraph(0, ("换届期间没有收到信访。",))  # fmt: skip
    opinion = w.join(
        ("登记网络舆情", w.number("opinion_incidents", "起"), "，已处置",
         w.number("opinion_settled", "起")) if w.has("opinion_incidents") else None,
    )  # fmt: skip
    return [
        _heading(2, "（四）坚持“三从严”"),
        _heading(3, "从严把好程序关口。"),
        procedure,
        _heading(3, "从严把握舆论导向。"),
        letters,
        opinion,
        _heading(3, "从严执行纪律要求。"),
        discipline,
    ]


def _problems(w: Writer) -> list[Paragraph | None]:
    women = (
        w.join(
            ("部分村女党员少，初步人选女性未达标的村", w.number("women_preliminary_short", "个")),
            ("当选班子中没有达到女性要求的村", w.number("women_elected_short", "个"))
            if w.has("women_elected_short") else None,
        )
        if w.has("women_preliminary_short")
        else None
    )  # fmt: skip
    ages = (
        w.join(
            ("班子成员中56岁及以上", w.number("structure.age_56_120", "名"), "，年龄结构有待优化")
        )
        if w.has("structure.age_56_120")
        else None
    )
    causes = (
        w.join(("信访反映的问题为", w.parts("complaints_by_cause", "件")))
        if w.has("complaints_by_cause")
        else None
    )
    return [p for p in (women, ages, causes) if p]


def offered_advice(figures: Figures) -> str:
    """What the analyses of part three suggest, until staff type their own."""
    w, found = Writer(figures), []
    if w.has("women_preliminary_short"):
        found.append("加强女党员发展和培养，提前储备女性人选")
    if w.has("structure.age_56_120"):
        found.append("拓宽选人渠道，推动班子年龄结构梯次配备")
    if w.has("complaints_by_cause"):
        found.append("针对信访反映的问题，健全村务公开和矛盾化解的经常性制度")
    if not found:
        return "继续做好新一届班子的培训和交接工作。"
    return "；".join(found) + "。"
