"""Complaints (件), joined into matters (起). Seen by discipline staff whom they are not about; nothing below knows them.

What was said is sealed under a key of the record's own, which goes with the record. Who said it is in `vault`.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts import sealing
from candidates.models import Candidacy
from elections.enums import Stage
from elections.models import Campaign, RepresentativeChallenge, VillageElection
from villages.models import Jurisdiction, PartyMember, Village

from .. import enums
from ..querysets import ComplaintQuerySet, OfComplaintQuerySet

USER = settings.AUTH_USER_MODEL

CONTENT = "complaint_content"
GONE = "（内容已销毁）"


class Series(models.Model):
    """The last numbers given in a campaign. Its lock serializes numbering; a destroyed record's number is not reused."""

    campaign = models.OneToOneField(Campaign, models.PROTECT, primary_key=True, related_name="+")
    complaints = models.PositiveIntegerField(default=0)
    matters = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "信访编号"

    def __str__(self) -> str:
        return str(self.pk)


class Matter(models.Model):
    """起: what one or several complaints are about. A repeated letter joins the matter of the first."""

    number = models.CharField("编号", max_length=30, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("首件收到时间")

    class Meta:
        verbose_name = "信访事项"

    def __str__(self) -> str:
        return self.number


def content_field(name: str) -> property:
    """The text of a sealed column, opened with the record's key."""

    def opened(self) -> str:
        if not self.key_sealed:
            return GONE
        sealed = getattr(self, f"{name}_sealed")
        return sealing.unseal_text_under(self.key_sealed, sealed, purpose=CONTENT)

    return property(opened)


class Complaint(models.Model):
    """信访件. Counts in 件. An open objection (`blocks_notice`) holds the notice stage of the village's election.

    `held_by`: the unit whose discipline staff handle it, by rules.held_by(). `accused` and what follows: who it is about.
    """

    number = models.CharField("编号", max_length=30, unique=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="complaints")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    # An online reporter may not know the village, or complain about a whole township or the county.
    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", null=True)
    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+", null=True)
    held_by = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="+", verbose_name="受理层级"
    )
    #: The objection to a villagers' representative that the complaint is about.
    challenge = models.ForeignKey(
        RepresentativeChallenge, models.PROTECT, related_name="+", null=True
    )
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="+", null=True)
    accused = models.CharField(
        "反映对象",
        max_length=15,
        choices=enums.Accused.choices,
        default=enums.Accused.VILLAGE,
    )
    accused_unit = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="+", null=True, verbose_name="被反映单位"
    )
    accused_user = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, verbose_name="被反映人账号"
    )
    channel = models.CharField("渠道", max_length=10, choices=enums.Channel.choices)
    category = models.CharField(
        "类别", max_length=10, choices=enums.Category.choices, default=enums.Category.REPORT
    )
    cause = models.CharField("反映问题", max_length=20, choices=enums.Cause.choices)
    stage = models.CharField("涉及环节", max_length=30, choices=Stage.choices, blank=True)
    is_named = models.BooleanField("实名", default=False)
    #: 联名信: how many people signed or came together.
    people = models.PositiveIntegerField("人数", default=1)
    received_at = models.DateTimeField("收到时间")
    blocks_notice = models.BooleanField("属公示期间异议，办结前不得进入选举", default=False)
    receipt_hash = models.CharField("回执（检索码）", max_length=64, null=True, unique=True)
    #: The record's own key, sealed with the installation's; empty once the record was destroyed.
    key_sealed = models.CharField(max_length=200, blank=True)
    summary_sealed = models.TextField("主要内容（加密）")
    handling_sealed = models.TextField("处理情况（加密）", blank=True)
    #: What the reporter is told, by receipt too.
    reply_sealed = models.TextField("答复（加密）", blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=enums.Status.choices, default=enums.Status.RECEIVED
    )
    handler = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, verbose_name="承办人"
    )
    accepted_at = models.DateTimeField("受理时间", null=True)
    # 三个第一时间.
    reported_at = models.DateTimeField("汇报时间", null=True)
    investigated_at = models.DateTimeField("调查时间", null=True)
    informed_at = models.DateTimeField("向群众说明时间", null=True)
    # The clock as it was when the complaint came; extensions move settle_by.
    accept_days = models.PositiveSmallIntegerField("受理期限（天）")
    settle_days = models.PositiveSmallIntegerField("办结期限（天）")
    days_unit = models.CharField("期限按", max_length=10, choices=enums.DayUnit.choices)
    accept_by = models.DateField("应受理日期")
    settle_by = models.DateField("应办结日期")
    conclusion = models.CharField(
        "结论", max_length=15, choices=enums.Conclusion.choices, blank=True
    )
    concluded_at = models.DateTimeField("认定时间", null=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    registered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)

    objects = ComplaintQuerySet.as_manager()

    summary = content_field("summary")
    handling = content_field("handling")
    reply = content_field("reply")

    class Meta:
        verbose_name = "信访件"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                & ~Q(status=enums.Status.SETTLED)
                | Q(
                    settled_at__gte=F("received_at"),
                    settled_by__isnull=False,
                    concluded_at__isnull=False,
                    status=enums.Status.SETTLED,
                ),
                name="settled_complaint_has_a_conclusion",
            ),
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True, conclusion="")
                | Q(concluded_at__isnull=False) & ~Q(conclusion=""),
                name="conclusion_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accused=enums.Accused.VILLAGE, accused_unit__isnull=True)
                | ~Q(accused=enums.Accused.VILLAGE) & Q(accused_unit__isnull=False),
                name="accused_post_names_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(election__isnull=True) | Q(village__isnull=False),
                name="complaint_of_an_election_names_the_village",
            ),
            models.CheckConstraint(
                condition=Q(village__isnull=True) | Q(township__isnull=False),
                name="complaint_of_a_village_names_the_township",
            ),
            models.CheckConstraint(
                condition=Q(blocks_notice=False) | Q(election__isnull=False),
                name="objection_names_the_election",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="complaint_of_somebody"),
        ]
        indexes = [
            models.Index(
                fields=["election"],
                condition=Q(settled_at__isnull=True, blocks_notice=True),
                name="open_objection",
            ),
            models.Index(fields=["held_by", "-received_at"]),
            models.Index(
                fields=["settle_by"],
                condition=~Q(status=enums.Status.SETTLED),
                name="open_complaint_by_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status != enums.Status.SETTLED

    @property
    def is_joint(self) -> bool:
        return self.people > 1

    def sealed(self, text: str) -> str:
        """A text as a column of this record stores it."""
        return sealing.seal_text_under(self.key_sealed, text, purpose=CONTENT)


def attachment_path(instance: "Attachment", filename: str) -> str:
    """An opaque name: nothing of the complaint or of the reporter's file name shows in the storage."""
    return f"complaints/{instance.pk.hex[:2]}/{instance.pk.hex}"


class Attachment(models.Model):
    """A file that came with a complaint, stored sealed under the complaint's key; so is its name. `size` is in bytes of
    the opened file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="attachments")
    file = models.FileField("文件（加密）", upload_to=attachment_path, max_length=100)
    name_sealed = models.TextField("文件名（加密）")
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    added_at = models.DateTimeField("收到时间")

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "信访附件"

    def __str__(self) -> str:
        return str(self.pk)
