"""Complaints about a village's election. Seen only by discipline staff of the area; nothing below knows them.

Holds no identity of a reporter: what is not recorded cannot leak.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.models import Campaign, RepresentativeChallenge, VillageElection
from villages.models import Village

from .. import enums
from ..querysets import ComplaintQuerySet

USER = settings.AUTH_USER_MODEL


class Complaint(models.Model):
    """信访件. Counts in 件. An open objection (`blocks_notice`) holds the notice stage of the village's election."""

    number = models.CharField("编号", max_length=30, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+")
    #: The objection to a villagers' representative that the complaint is about.
    challenge = models.ForeignKey(
        RepresentativeChallenge, models.PROTECT, related_name="+", null=True
    )
    channel = models.CharField("渠道", max_length=10, choices=enums.Channel.choices)
    cause = models.CharField("反映问题", max_length=20, choices=enums.Cause.choices)
    summary = models.TextField("主要内容", max_length=1000)
    received_at = models.DateTimeField("收到时间")
    blocks_notice = models.BooleanField("属公示期间异议，办结前不得进入选举", default=False)
    conclusion = models.CharField(
        "结论", max_length=10, choices=enums.Conclusion.choices, blank=True
    )
    handling = models.TextField("处理情况", max_length=1000, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True)
    registered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "信访件"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, conclusion="", settled_by__isnull=True)
                | (
                    Q(settled_at__gte=F("received_at"), settled_by__isnull=False)
                    & ~Q(conclusion="")
                ),
                name="settled_complaint_has_a_conclusion",
            )
        ]
        indexes = [
            models.Index(
                fields=["election"],
                condition=Q(settled_at__isnull=True, blocks_notice=True),
                name="open_objection",
            )
        ]

    def __str__(self) -> str:
        return self.number
