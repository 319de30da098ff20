"""What the public pages count, and what the last campaign counted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign

from .. import enums

USER = settings.AUTH_USER_MODEL


class IntakeCount(models.Model):
    """How often one source used the public pages on one day. The source is a keyed hash of address and day, so that no
    address is kept and two days of one source have nothing in common. Rows of earlier days are dropped.

    `wait_until` is set only where a source must wait: an ordinary reporter leaves no time here.
    """

    source = models.CharField("来源（检索码）", max_length=64)
    day = models.DateField("日期")
    count = models.PositiveIntegerField("次数", default=0)
    wait_until = models.DateTimeField("此前不再接收", null=True)

    class Meta:
        verbose_name = "网络举报来源计数"
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="source_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"


class LastTermFigure(models.Model):
    """上届信访件数: one figure of the campaign before, as it was reported then."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    dimension = models.CharField("分类", max_length=10, choices=enums.Dimension.choices)
    code = models.CharField("项目", max_length=20, blank=True)
    count = models.PositiveIntegerField("件数")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "上届信访数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "dimension", "code"], name="last_term_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(dimension="total", code="") | ~Q(dimension="total") & ~Q(code=""),
                name="last_term_figure_names_its_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} {self.code} {self.count}"
