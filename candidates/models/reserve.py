"""后备干部库: people prepared for office, of a village, whatever campaign runs (三荐三定三评)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from villages.models import PartyMember, Village

from .. import enums
from ..querysets import ReserveCadreQuerySet


def _score(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=4, decimal_places=1, null=True)


class ReserveCadre(models.Model):
    """One person in a village's reserve pool: how they came in, who guides them, three assessments (分, 0–100)."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="reserve_cadres")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="reserve_entries")
    way = models.CharField("推荐方式", max_length=15, choices=enums.ReserveWay.choices)
    recommender = models.CharField("推荐人（单位）", max_length=100)
    entered_on = models.DateField("入库日期")
    is_reserve_secretary = models.BooleanField("后备书记", default=False)
    mentor = models.CharField("帮带人", max_length=50, blank=True)
    mentor_post = models.CharField("帮带人职务", max_length=60, blank=True)
    self_score = _score("个人自评")
    self_scored_on = models.DateField("自评日期", null=True)
    public_score = _score("党群测评")
    public_scored_on = models.DateField("测评日期", null=True)
    committee_score = _score("党委综评")
    committee_scored_on = models.DateField("综评日期", null=True)
    state = models.CharField(
        "状态",
        max_length=10,
        choices=enums.ReserveState.choices,
        default=enums.ReserveState.LISTED,
    )
    state_on = models.DateField("状态日期", null=True)
    state_reason = models.CharField("使用、退出说明", max_length=200, blank=True)

    objects = ReserveCadreQuerySet.as_manager()

    class Meta:
        verbose_name = "后备干部"
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=~Q(state=enums.ReserveState.LEFT),
                name="in_the_reserve_pool_once",
            ),
            models.CheckConstraint(
                condition=Q(state=enums.ReserveState.LISTED)
                | (Q(state_on__isnull=False) & ~Q(state_reason="")),
                name="reserve_state_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state_on__isnull=True) | Q(state_on__gte=F("entered_on")),
                name="reserve_state_after_entry",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{f"{name}_score__isnull": True, f"{name}_scored_on__isnull": True}
                    )
                    | Q(
                        **{
                            f"{name}_score__gte": 0,
                            f"{name}_score__lte": 100,
                            f"{name}_scored_on__isnull": False,
                        }
                    ),
                    name=f"reserve_{name}_score_with_its_day",
                )
                for name in ("self", "public", "committee")
            ),
        ]
        indexes = [models.Index(fields=["village", "state"])]

    def __str__(self) -> str:
        return f"{self.member}（后备干部）"

    @property
    def scores(self) -> list[tuple]:
        """(assessment, score, day) of the three."""
        return [
            ("个人自评", self.self_score, self.self_scored_on),
            ("党群测评", self.public_score, self.public_scored_on),
            ("党委综评", self.committee_score, self.committee_scored_on),
        ]


class ReserveTraining(models.Model):
    """定期培训 of one reserve cadre."""

    cadre = models.ForeignKey(ReserveCadre, models.CASCADE, related_name="trainings")
    held_on = models.DateField("培训日期")
    topic = models.CharField("培训内容", max_length=200)

    class Meta:
        verbose_name = "后备干部培训"
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "held_on", "topic"], name="reserve_training_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"


class ReservePost(models.Model):
    """定岗锻炼 of one reserve cadre."""

    cadre = models.ForeignKey(ReserveCadre, models.CASCADE, related_name="exercises")
    post = models.CharField("锻炼岗位", max_length=100)
    since = models.DateField("开始日期")
    until = models.DateField("结束日期", null=True)

    class Meta:
        verbose_name = "后备干部锻炼岗位"
        constraints = [
            models.CheckConstraint(
                condition=Q(since__lte=Coalesce("until", "since")),
                name="reserve_exercise_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.post
