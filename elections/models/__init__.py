"""A campaign, a village's election in it, and what the procedure records: stages, papers, meetings, rounds. Who may vote: `rolls`;
files: `evidence`; what the county lifted: `lifting`.

Knows that ballots were cast, never for whom: people standing for office live in `candidates`.
"""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from .. import enums, stages
from ..querysets import (
    BallotRoundQuerySet,
    CampaignQuerySet,
    OfElectionQuerySet,
    VillageElectionQuerySet,
)
from .attendance import Attendance
from .evidence import Evidence, evidence_path
from .lifting import ExceptionRequest, StageOverride
from .representatives import RepresentativeChallenge, RepresentativeEntry, RepresentativeList
from .rolls import Roll, RollEntry

__all__ = [
    "Attendance",
    "BallotRound",
    "Campaign",
    "Evidence",
    "ExceptionRequest",
    "Handover",
    "Meeting",
    "Notice",
    "OfficialDocument",
    "RepresentativeChallenge",
    "RepresentativeEntry",
    "RepresentativeList",
    "Roll",
    "RollEntry",
    "RuleSet",
    "StageChange",
    "StageOverride",
    "StageRecord",
    "VillageElection",
    "evidence_path",
]

USER = settings.AUTH_USER_MODEL


def default_survey_items() -> list[str]:
    """七个清楚: the first three are given by the manual, a county names the other four."""
    return [
        "班子现状清楚",
        "党群思想状况清楚",
        "后备干部储备清楚",
        "村情民意清楚",
        "矛盾隐患清楚",
        "集体经济状况清楚",
        "流动党员去向清楚",
    ]


class Campaign(models.Model):
    """One round of re-elections in a county (or a smaller area), e.g. 灌南县2026年村（社区）党组织换届."""

    name = models.CharField("名称", max_length=100)
    area = models.ForeignKey("villages.Jurisdiction", models.PROTECT, verbose_name="辖区")
    starts_on = models.DateField("启动日期")
    ends_on = models.DateField("计划完成日期")
    daily_cutoff = models.TimeField("日报截止时间", default=time(18, 0))
    daily_approval = models.BooleanField("日报须经乡镇领导审定", default=False)
    daily_lock_days = models.PositiveSmallIntegerField(
        "日报几天后锁定", default=3, validators=[MaxValueValidator(60)]
    )
    daily_reminder = models.PositiveSmallIntegerField(
        "日报截止前几分钟提醒", default=60, validators=[MaxValueValidator(720)]
    )
    status = models.CharField(
        "状态",
        max_length=10,
        choices=enums.CampaignStatus.choices,
        default=enums.CampaignStatus.ACTIVE,
    )
    survey_items = models.JSONField("“七个清楚”内容", default=default_survey_items)
    #: Stage → planned day (ISO), where the county set its own; without, the table's days scaled to the campaign's length.
    schedule = models.JSONField("计划进度", default=dict)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "换届工作"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="campaign_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["area", "name"], name="campaign_name_once_per_area"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleSet(models.Model):
    """规则方案: the campaign's parameters. Never changed once a village works under it: a change is a new version."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rule_sets")
    version = models.PositiveSmallIntegerField("版本")
    quorum_strict = models.BooleanField("到会须“超过”五分之四", default=False)
    recommendation_numerator = models.PositiveSmallIntegerField(
        "推荐会到会比例（分子）", default=2, validators=[MinValueValidator(1)]
    )
    recommendation_denominator = models.PositiveSmallIntegerField(
        "推荐会到会比例（分母）", default=3, validators=[MinValueValidator(1)]
    )
    surplus_percent = models.PositiveSmallIntegerField(
        "候选人差额比例（%）",
        default=20,
        validators=[MinValueValidator(20), MaxValueValidator(100)],
    )
    women_minimum = models.PositiveSmallIntegerField("每村女性初步人选最少", default=1)
    women_minimum_prepared = models.PositiveSmallIntegerField("每村女性预备人选最少", default=1)
    women_minimum_elected = models.PositiveSmallIntegerField("每村女性当选最少", default=1)
    notice_working_days = models.PositiveSmallIntegerField(
        "公示工作日", default=5, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    merge_rule = models.CharField(
        "两次推荐的合并办法",
        max_length=20,
        choices=enums.MergeRule.choices,
        default=enums.MergeRule.SUM,
    )
    member_percent = models.PositiveSmallIntegerField(
        "加权时党员票占（%）",
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    overdue_red_days = models.PositiveSmallIntegerField(
        "逾期几个工作日后转红色", default=5, validators=[MaxValueValidator(60)]
    )
    shift_approval = models.CharField("统一提前、延期换届的批准文号", max_length=60, blank=True)
    source = models.CharField("规则来源（文件名称、文号）", max_length=200, blank=True)
    effective_on = models.DateField("生效日期", null=True)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "规则方案"
        constraints = [
            models.CheckConstraint(
                condition=Q(member_percent__gte=1, member_percent__lte=99),
                name="member_percent_of_weighted_votes",
            ),
            models.UniqueConstraint(
                fields=["campaign", "version"], name="rule_set_version_once_per_campaign"
            ),
            models.CheckConstraint(
                condition=Q(recommendation_numerator__lte=F("recommendation_denominator"))
                & Q(recommendation_numerator__gte=1),
                name="recommendation_share_between_zero_and_one",
            ),
            models.CheckConstraint(
                condition=Q(surplus_percent__gte=20), name="surplus_at_least_twenty_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} 规则方案第{self.version}版"

    @property
    def women_needed(self) -> int:
        """Women a village needs to pass every gate."""
        return max(self.women_minimum, self.women_minimum_prepared, self.women_minimum_elected)

    @property
    def women_words(self) -> str:
        """The three minima in words."""
        return (
            f"初步人选{self.women_minimum}名、预备人选{self.women_minimum_prepared}名、"
            f"当选{self.women_minimum_elected}名"
        )


class VillageElection(models.Model):
    """One village's election. `stage` and `done_count` are stored and changed only by services."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="elections")
    village = models.ForeignKey("villages.Village", models.PROTECT, related_name="+")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="village_elections")
    township = models.ForeignKey("villages.Jurisdiction", models.PROTECT, related_name="+")
    county = models.ForeignKey("villages.Jurisdiction", models.PROTECT, related_name="+")
    city = models.ForeignKey("villages.Jurisdiction", models.PROTECT, related_name="+", null=True)
    province = models.ForeignKey(
        "villages.Jurisdiction", models.PROTECT, related_name="+", null=True
    )
    stage = models.CharField(
        "当前环节", max_length=30, choices=enums.Stage.choices, default=enums.Stage.SURVEY
    )
    done_count = models.PositiveSmallIntegerField("已办结环节", default=0)
    due_on = models.DateField("当前环节计划完成", null=True)
    completed_on = models.DateField("完成日期", null=True)
    version = models.PositiveIntegerField(default=0)
    # Seats are proposed and approved at the petition; before that they are unknown.
    full_members = models.PositiveSmallIntegerField("请示时正式党员数", null=True)
    committee_seats = models.PositiveSmallIntegerField("委员职数（含书记、副书记）", null=True)
    deputy_seats = models.PositiveSmallIntegerField("副书记职数", default=0)
    county_approval = models.CharField("县委批准设立党委文号", max_length=60, blank=True)
    shift_approval = models.CharField("提前、延期换届批准文号", max_length=60, blank=True)
    method = models.CharField(
        "选举方式",
        max_length=10,
        choices=enums.ElectionMethod.choices,
        default=enums.ElectionMethod.SURPLUS,
    )
    opened_at = models.DateTimeField()

    objects = VillageElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "村换届"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "village"], name="one_election_per_village_and_campaign"
            ),
            models.CheckConstraint(condition=Q(done_count__lte=17), name="at_most_17_stages_done"),
        ]
        indexes = [
            models.Index(fields=["campaign", "township", "stage"]),
            models.Index(
                fields=["campaign", "due_on"],
                condition=Q(completed_on__isnull=True),
                name="election_unfinished_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village}（{self.campaign}）"

    @property
    def has_committee(self) -> bool | None:
        """None until the petition fixed the seats."""
        return None if self.committee_seats is None else self.committee_seats > 0

    @property
    def ballot_seats(self) -> int:
        """Seats that the members' meeting fills: the committee, or the secretary (and deputy) alone."""
        return self.committee_seats or (1 + self.deputy_seats)

    @property
    def spec(self) -> stages.StageSpec:
        return stages.STAGES[enums.Stage(self.stage)]


class StageRecord(models.Model):
    """One attempt at one stage. A return closes the attempt and opens the next; the old one stays readable."""

    election = models.ForeignKey(VillageElection, models.CASCADE, related_name="stage_records")
    stage = models.CharField("环节", max_length=30, choices=enums.Stage.choices)
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    is_current = models.BooleanField(default=True)
    status = models.CharField(
        "状态",
        max_length=20,
        choices=enums.StageStatus.choices,
        default=enums.StageStatus.WAITING,
    )
    planned_on = models.DateField("计划日期")
    actual_on = models.DateField("办理日期", null=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "环节记录"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "stage", "attempt"], name="stage_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["election", "stage"],
                condition=Q(is_current=True),
                name="one_current_attempt_per_stage",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="stage_submitted_both_or_neither",
            ),
            models.CheckConstraint(
                condition=~Q(status=enums.StageStatus.DONE) | Q(actual_on__isnull=False),
                name="done_stage_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=enums.StageStatus.RETURNED) | ~Q(return_reason=""),
                name="returned_stage_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["stage", "status"]), models.Index(fields=["settled_at"])]

    def __str__(self) -> str:
        return f"{self.election} {self.get_stage_display()} 第{self.attempt}次"

    @property
    def spec(self) -> stages.StageSpec:
        return stages.STAGES[enums.Stage(self.stage)]


class StageChange(models.Model):
    """The log of every change of state: who, in which post, when, from what to what, why. Never changed."""

    record = models.ForeignKey(StageRecord, models.CASCADE, related_name="changes")
    event = models.CharField("事件", max_length=20, choices=enums.StageEvent.choices)
    from_status = models.CharField(max_length=20, choices=enums.StageStatus.choices)
    to_status = models.CharField(max_length=20, choices=enums.StageStatus.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("经办人", max_length=50)
    by_post = models.CharField("经办人岗位", max_length=100, blank=True)
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "环节变动"
        indexes = [models.Index(fields=["record", "at"])]

    def __str__(self) -> str:
        return f"{self.record} {self.get_event_display()}"


class OfficialDocument(models.Model):
    """A request, reply or filing with number and date, as a stage of a village's election."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="documents")
    stage = models.CharField("环节", max_length=30, choices=enums.Stage.choices)
    kind = models.CharField("种类", max_length=10, choices=enums.DocumentKind.choices)
    number = models.CharField("文号", max_length=60)
    issued_on = models.DateField("成文日期")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "公文"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "stage", "kind"], name="document_kind_once_per_stage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Meeting(models.Model):
    """A meeting of the village's election. Counts are people; `present` counts those with the right to vote."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="meetings")
    kind = models.CharField("会议", max_length=30, choices=enums.MeetingKind.choices)
    held_on = models.DateField("召开日期")
    place = models.CharField("地点", max_length=100, blank=True)
    due = models.PositiveIntegerField("应到", null=True)
    present = models.PositiveIntegerField("实到")
    chair = models.CharField("主持人", max_length=50, blank=True)
    recorder = models.CharField("记录人", max_length=50, blank=True)
    #: The version of the roll that says who was due; none where no roll does.
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="+", null=True)
    tellers = models.ManyToManyField(
        "villages.PartyMember", verbose_name="监票人、计票人", related_name="+", blank=True
    )

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "会议"
        constraints = [
            models.UniqueConstraint(fields=["election", "kind"], name="meeting_kind_once"),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(present__lte=F("due")),
                name="meeting_present_within_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.get_kind_display()}"


class Notice(models.Model):
    """A public notice: the nominees before the ballot, or the result after it."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="notices")
    kind = models.CharField("种类", max_length=20, choices=enums.NoticeKind.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    place = models.CharField("张贴地点", max_length=100)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "公示公告"
        constraints = [
            models.UniqueConstraint(fields=["election", "kind"], name="notice_kind_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="notice_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.get_kind_display()}"


class Handover(models.Model):
    """工作移交: who handed what to whom, witnessed by whom."""

    election = models.OneToOneField(VillageElection, models.PROTECT, related_name="handover")
    handed_on = models.DateField("移交日期")
    from_name = models.CharField("移交人", max_length=50)
    to_name = models.CharField("接交人", max_length=50)
    witness = models.CharField("监交人", max_length=50)
    items = models.TextField("移交清单", max_length=2000)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "工作移交"

    def __str__(self) -> str:
        return f"{self.election} 移交"


class BallotRound(models.Model):
    """One round of voting: ballots, never whom they were for. Counts are ballots (张).

    A further round may be held on a later day than the meeting's first: whoever wins it is elected that day.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="rounds")
    post = models.CharField("职务", max_length=10, choices=enums.BallotPost.choices)
    number = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("种类", max_length=10, choices=enums.BallotKind.choices)
    held_on = models.DateField("投票日期")
    seats = models.PositiveSmallIntegerField("应选名额")
    present = models.PositiveIntegerField("实到有选举权")
    issued = models.PositiveIntegerField("发出选票")
    returned = models.PositiveIntegerField("收回选票")
    valid = models.PositiveIntegerField("有效票")
    invalid = models.PositiveIntegerField("无效票")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    certified_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    certified_at = models.DateTimeField("核对时间", null=True)

    objects = BallotRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "投票轮次"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "post", "number"], name="round_once"),
            models.CheckConstraint(
                condition=Q(returned__lte=F("issued")) & Q(issued__lte=F("present")),
                name="ballots_returned_issued_present",
            ),
            models.CheckConstraint(
                condition=Q(returned=F("valid") + F("invalid")), name="ballots_add_up"
            ),
            models.CheckConstraint(
                condition=~Q(certified_by=F("recorded_by")), name="count_certified_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.get_post_display()} 第{self.number}轮"
