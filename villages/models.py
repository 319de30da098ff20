"""Places, party organisations and people: facts about them, not about their part in an election.

Units are never deleted: a renamed or vanished one is closed with a date. The 12-digit code is a dated
attribute, never a key.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role

from . import enums
from .querysets import (
    JurisdictionQuerySet,
    PartyMemberQuerySet,
    PostingQuerySet,
    VillageQuerySet,
)


class Jurisdiction(models.Model):
    """A unit from nation to township. Ancestors stand as integer columns; a unit's own level is not among them."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=enums.Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    province = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    city = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = "辖区"
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"],
                condition=Q(closed_on__isnull=True),
                name="open_jurisdiction_code_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="jurisdiction_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or community, with its ancestors as integer columns."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=enums.VillageKind.choices)
    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    county = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    city = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    province = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = "村（社区）"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on__isnull=True), name="open_village_code_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="village_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartyOrganisation(models.Model):
    """The village's party organisation."""

    village = models.OneToOneField(Village, models.PROTECT, related_name="organisation")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField(
        "类别",
        max_length=20,
        choices=enums.OrganisationKind.choices,
        default=enums.OrganisationKind.BRANCH,
    )
    term_ends_on = models.DateField("本届届满日期", null=True)

    class Meta:
        verbose_name = "党组织"

    def __str__(self) -> str:
        return self.name


class PartyMember(models.Model):
    """党员: facts about a person. What the person does in an election lives in `candidates`."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="members")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=6, choices=enums.Sex.choices)
    born_on = models.DateField("出生日期")
    joined_on = models.DateField("入党日期")
    status = models.CharField(
        "党员类别",
        max_length=20,
        choices=enums.MemberStatus.choices,
        default=enums.MemberStatus.FULL,
    )
    education = models.CharField("学历", max_length=10, choices=enums.Education.choices)
    origin = models.CharField("主要来源", max_length=20, choices=enums.Origin.choices, blank=True)
    is_women_director = models.BooleanField("妇代会主任", default=False)
    heads_village_committee = models.BooleanField("村（居）委会主任", default=False)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    left_on = models.DateField("转出日期", null=True)

    objects = PartyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "党员"
        constraints = [
            models.CheckConstraint(
                condition=Q(joined_on__gt=F("born_on")), name="member_joined_after_birth"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="member_left_after_joining",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "name"],
                condition=Q(left_on__isnull=True),
                name="member_current_by_village",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PostHeld(models.Model):
    """A post a member holds or held in the village's party organisation."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="posts")
    post = models.CharField("职务", max_length=10, choices=enums.Post.choices)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("离任日期", null=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="post_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["member", "post"],
                condition=Q(ended_on__isnull=True),
                name="post_held_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_post_display()}"


class Posting(models.Model):
    """岗位: what role a user has where. Ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    title = models.CharField("职务", max_length=60, blank=True)
    department = models.CharField("单位", max_length=60, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "jurisdiction", "role"],
                condition=Q(ends_on__isnull=True),
                name="active_posting_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="posting_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
