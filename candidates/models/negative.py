"""负面清单 of a campaign, and what is on record about a person that it may apply to."""

from django.db import models
from django.db.models import Q

from elections.models import Campaign
from villages.models import PartyMember

from .. import enums, rules
from ..querysets import FactQuerySet, NegativeRuleQuerySet
from .nominees import USER


class NegativeRule(models.Model):
    """One rule of a campaign's list. Once cited it is never changed: it is retired, a new version takes its place."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="negative_rules")
    code = models.CharField("编号", max_length=20)
    version = models.PositiveSmallIntegerField("版本", default=1)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    category = models.CharField("类别", max_length=20, choices=enums.RuleCategory.choices)
    text = models.CharField("内容", max_length=300)
    source = models.CharField("依据（文件、文号）", max_length=200, blank=True)
    weight = models.CharField(
        "性质",
        max_length=20,
        choices=enums.RuleWeight.choices,
        default=enums.RuleWeight.MUST_NOT,
    )
    #: ElectedPostKind codes; empty: all posts.
    posts = models.JSONField("适用职务", default=list)
    years = models.PositiveSmallIntegerField("追溯年限", null=True)
    starts_from = models.CharField(
        "起算点",
        max_length=20,
        choices=enums.StartingPoint.choices,
        default=enums.StartingPoint.ENDED,
    )
    #: FactKind codes; empty: no recorded fact can tell, somebody must look.
    kinds = models.JSONField("对应的情况", default=list)
    department = models.CharField("核查部门", max_length=200, blank=True)
    evidence = models.CharField("证据要求", max_length=200, blank=True)
    is_sample = models.BooleanField("示例", default=False)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间")
    retired_at = models.DateTimeField("停用时间", null=True)
    retired_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    retire_reason = models.CharField("停用理由", max_length=200, blank=True)

    objects = NegativeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "负面清单"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "code", "version"], name="negative_rule_version_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "code"],
                condition=Q(retired_at__isnull=True),
                name="one_current_negative_rule_per_code",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | (Q(retired_at__isnull=False, retired_by__isnull=False) & ~Q(retire_reason="")),
                name="negative_rule_retired_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def criterion(self) -> rules.Criterion:
        return rules.Criterion(
            kinds=frozenset(self.kinds),
            posts=frozenset(self.posts),
            years=self.years,
            starts_from=self.starts_from,
        )

    @property
    def departments(self) -> list[str]:
        return rules.split_departments(self.department)

    @property
    def posts_label(self) -> str:
        return "、".join(enums.ElectedPostKind(post).label for post in self.posts) or "全部职务"

    @property
    def kinds_label(self) -> str:
        return "、".join(enums.FactKind(kind).label for kind in self.kinds) or "人工核对"

    @property
    def look_back_label(self) -> str:
        if self.years is None:
            return "不限年限"
        if self.years == 0:
            return f"至{self.get_starts_from_display()}"
        return f"自{self.get_starts_from_display()}起{self.years}年"


class PersonFact(models.Model):
    """What is on record about a person. Confidential: never in lists, exports or the audit trail. Withdrawn with a
    reason, never deleted. `department`: name of the vetting department that recorded it, empty for the others."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="facts")
    kind = models.CharField("情况类别", max_length=20, choices=enums.FactKind.choices)
    happened_on = models.DateField("查处之日", null=True)
    decided_on = models.DateField("决定之日", null=True)
    ended_on = models.DateField("刑满（影响期满）之日", null=True)
    document = models.CharField("文号", max_length=100, blank=True)
    text = models.CharField("情况", max_length=500)
    source = models.CharField("来源单位", max_length=60)
    department = models.CharField("登记部门", max_length=60, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_name = models.CharField("登记人", max_length=50)
    recorded_post = models.CharField("登记人岗位", max_length=100, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    withdraw_reason = models.CharField("撤回理由", max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "个人情况"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdraw_reason="")
                ),
                name="fact_withdrawn_all_or_nothing",
            )
        ]
        indexes = [models.Index(fields=["member", "withdrawn_at"])]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"

    @property
    def dates(self) -> dict:
        return {point: getattr(self, point) for point in enums.StartingPoint.values}
