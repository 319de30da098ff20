"""Which user has which role where."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role

from ..querysets import PostingQuerySet
from .places import Jurisdiction


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
