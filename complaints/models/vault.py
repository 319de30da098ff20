"""反映人身份: who complained. Nothing refers to these rows but by the complaint's number, and no page lists them.

Every complaint has a row of the same length, anonymous or not: that one exists says nothing.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from .complaints import Complaint

USER = settings.AUTH_USER_MODEL


class ReporterIdentity(models.Model):
    """Name and contacts, sealed under a key of this row's own. Destroying the key destroys the identity."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, primary_key=True, related_name="+")
    key_sealed = models.CharField(max_length=200, blank=True)
    sealed = models.TextField("身份（加密）")

    class Meta:
        verbose_name = "反映人身份"

    def __str__(self) -> str:
        return str(self.pk)


class IdentityAccess(models.Model):
    """That somebody asked to see who complained, and why: written before anything is opened, never changed. It outlives
    the complaint, so it knows it by number only."""

    complaint_number = models.CharField("信访编号", max_length=30, db_index=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=500)

    class Meta:
        verbose_name = "身份查看记录"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="identity_access_has_a_reason")
        ]
        triggers = [
            pgtrigger.Protect(name="access_no_update", operation=pgtrigger.Update),
            pgtrigger.Protect(name="access_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_number} {self.at:%Y-%m-%d %H:%M}"
