"""What the county lets a village go on without: exceptions the township asked for, overrides of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .. import enums
from ..querysets import OfElectionQuerySet, StageOverrideQuerySet

USER = settings.AUTH_USER_MODEL


class ExceptionRequest(models.Model):
    """例外申请: a township asks the county to lift one blocker of one stage, with a reason; stays visible."""

    election = models.ForeignKey(
        "elections.VillageElection", models.PROTECT, related_name="exceptions"
    )
    stage = models.CharField("环节", max_length=30, choices=enums.Stage.choices)
    code = models.CharField("规则", max_length=40)
    reason = models.CharField("理由", max_length=500)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("是否同意", null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    decision_note = models.CharField("批准意见", max_length=500, blank=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "例外申请"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "stage", "code"],
                condition=Q(approved__isnull=True) | Q(approved=True),
                name="one_live_exception_per_rule",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="exception_decided_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.code}"


class StageOverride(models.Model):
    """特批放行: the county lets one attempt at one stage go on in spite of named blockers, on an approving document.

    `lifted`: the blockers as they were shown that day, [{"code", "message"}]; a blocker that reads otherwise, because
    its facts changed, is not lifted. Withdrawn with a reason, never deleted.
    """

    election = models.ForeignKey(
        "elections.VillageElection", models.PROTECT, related_name="overrides"
    )
    stage = models.CharField("环节", max_length=30, choices=enums.Stage.choices)
    attempt = models.PositiveSmallIntegerField("第几次")
    lifted = models.JSONField("放行的事项")
    reason = models.CharField("特批理由", max_length=500)
    document_number = models.CharField("批准文号", max_length=60)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("特批人", max_length=50)
    by_post = models.CharField("特批人岗位", max_length=100, blank=True)
    at = models.DateTimeField("特批时间")
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawal_reason = models.CharField("撤销理由", max_length=500, blank=True)

    objects = StageOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = "特批放行"
        indexes = [models.Index(fields=["election", "stage"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document_number="") & ~Q(lifted=[]),
                name="override_says_what_why_and_by_which_document",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                & Q(withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal_reason=""),
                name="override_withdrawn_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.get_stage_display()} 特批"

    @property
    def codes(self) -> set[str]:
        return {item["code"] for item in self.lifted}
