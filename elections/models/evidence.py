"""Files that prove what a stage did, version by version."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from .. import enums
from ..querysets import OfElectionQuerySet

USER = settings.AUTH_USER_MODEL


def evidence_path(instance: "Evidence", filename: str) -> str:
    """An opaque name: neither the village nor the person's file name shows in the storage."""
    return f"evidence/{instance.pk.hex[:2]}/{instance.pk.hex}"


def thumbnail_path(instance: "Evidence", filename: str) -> str:
    return f"{evidence_path(instance, filename)}-small"


class Evidence(models.Model):
    """佐证材料: one uploaded file for one requirement of a stage, in one version. Replaced by the next version or
    withdrawn, never lost; a later attempt at the stage still counts the files of an earlier one.

    `size` and `sha256` are of what is stored: a picture is kept without what the camera noted about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(
        "elections.VillageElection", models.PROTECT, related_name="evidence"
    )
    stage = models.CharField("环节", max_length=30, choices=enums.Stage.choices)
    attempt = models.PositiveSmallIntegerField("第几次")
    requirement = models.CharField("材料", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    #: The version that this one took the place of; `newer` leads the other way.
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="newer", null=True, verbose_name="替换"
    )
    file = models.FileField("文件", upload_to=evidence_path, max_length=100)
    thumbnail = models.FileField(
        "缩略图", upload_to=thumbnail_path, max_length=100, blank=True, default=""
    )
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    replaced_at = models.DateTimeField("撤下或被替换时间", null=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        indexes = [models.Index(fields=["election", "stage", "requirement"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, version=1)
                | Q(replaces__isnull=False, version__gt=1),
                name="first_version_replaces_nothing",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
