"""Party members: facts about people, not about their part in an election."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .. import enums
from ..querysets import MergeQuerySet, OfMemberQuerySet, PartyMemberQuerySet
from .identity import HasIdentity
from .places import Village


class PartyMember(HasIdentity):
    """党员: facts about a person. What the person does in an election lives in `candidates`.

    `status` is what the member is without a restriction; the standing on a day is rules.status_on(). A row that turned
    out to be a second one of the same person points to the row that stays (`merged_into`) and is off the roster.
    """

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
    further_origins = ArrayField(
        models.CharField(max_length=20, choices=enums.Origin.choices),
        verbose_name="其他来源",
        default=list,
        blank=True,
    )
    is_women_director = models.BooleanField("妇代会主任", default=False)
    heads_village_committee = models.BooleanField("村（居）委会主任", default=False)
    on_village_committee = models.BooleanField("村（居）委会副主任、委员", default=False)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    left_on = models.DateField("转出日期", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="former", null=True)

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
            models.CheckConstraint(
                condition=Q(heads_village_committee=False) | Q(on_village_committee=False),
                name="head_of_village_committee_or_member",
            ),
            models.CheckConstraint(
                condition=Q(status__in=enums.BASE_STATUSES),
                name="member_status_without_restriction",
            ),
            models.CheckConstraint(
                condition=~Q(origin="") | Q(further_origins=[]),
                name="further_origins_beside_a_main_one",
            ),
            models.CheckConstraint(
                condition=Q(identity_sealed="", identity_hash="")
                | (~Q(identity_sealed="") & ~Q(identity_hash="")),
                name="member_identity_both_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="member_not_merged_into_itself",
            ),
            models.UniqueConstraint(
                fields=["village", "identity_hash"],
                condition=Q(left_on__isnull=True, merged_into__isnull=True) & ~Q(identity_hash=""),
                name="identity_once_on_a_roster",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "name"],
                condition=Q(left_on__isnull=True),
                name="member_current_by_village",
            ),
            models.Index(
                fields=["identity_hash"],
                condition=~Q(identity_hash=""),
                name="member_by_identity",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_off_roster(self) -> bool:
        return self.left_on is not None or self.merged_into_id is not None

    @property
    def origins_display(self) -> str:
        """The main origin first, then the others in words."""
        labels = dict(enums.Origin.choices)
        further = [labels[code] for code in self.further_origins]
        main = [f"{self.get_origin_display()}（主要）"] if further else [self.get_origin_display()]
        return "、".join(main + further) if self.origin else ""


class Restriction(models.Model):
    """留党察看 or 中止权利 from one day to another, both included, by a document. Its end needs nobody's doing."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="restrictions")
    kind = models.CharField("种类", max_length=20, choices=enums.RestrictionKind.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期", null=True)
    document = models.CharField("文号", max_length=60)

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "权利受限"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="restriction_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="restriction_has_a_document"),
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(ends_on__isnull=True),
                name="one_open_restriction_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"


class PostHeld(models.Model):
    """A post a member holds or held in the village's party organisation."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="posts")
    post = models.CharField("职务", max_length=10, choices=enums.Post.choices)
    started_on = models.DateField("任职日期")
    ended_on = models.DateField("离任日期", null=True)

    objects = OfMemberQuerySet.as_manager()

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


class MemberMerge(models.Model):
    """合并: one row was found to be the same person as another, by whom and why; taken back, it stays on record."""

    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    reason = models.CharField("合并理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("合并时间")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = "党员合并"
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_both_or_neither",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member} → {self.survivor}"
