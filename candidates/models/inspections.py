"""组织考察 of a person, and the second hand under a veto."""

from django.db import models
from django.db.models import F, Q

from elections.querysets import OfElectionQuerySet

from .. import enums
from .nominees import USER, Candidacy


class Inspection(models.Model):
    """组织考察 of one person: team, talks (人次) by who was talked to, assessment votes 优秀/称职/基本称职/不称职 (票)
    of those who took part (人), report, conclusion. A veto counts once somebody else signed it."""

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="inspection")
    inspected_on = models.DateField("考察日期")
    team = models.CharField("考察组", max_length=200)
    leader = models.CharField("考察组组长", max_length=50, blank=True)
    leader_unit = models.CharField("组长单位", max_length=60, blank=True)
    #: [{"name", "unit"}] besides the leader.
    members = models.JSONField("考察组成员", default=list)
    talks_members = models.PositiveIntegerField("谈话党员", default=0)
    talks_cadres = models.PositiveIntegerField("谈话干部", default=0)
    talks_villagers = models.PositiveIntegerField("谈话群众", default=0)
    voters = models.PositiveIntegerField("参加测评人数", default=0)
    excellent = models.PositiveIntegerField("优秀票")
    competent = models.PositiveIntegerField("称职票")
    basic = models.PositiveIntegerField("基本称职票")
    incompetent = models.PositiveIntegerField("不称职票")
    result = models.CharField("结论", max_length=10, choices=enums.InspectionResult.choices)
    reason = models.CharField("否决理由", max_length=500, blank=True)
    report = models.TextField("考察材料", max_length=4000, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = "组织考察"
        constraints = [
            models.CheckConstraint(
                condition=Q(result=enums.InspectionResult.PASSED) | ~Q(reason=""),
                name="veto_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    voters__gte=F("excellent") + F("competent") + F("basic") + F("incompetent")
                ),
                name="assessment_votes_within_voters",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} 考察"

    @property
    def talks(self) -> int:
        """People talked to, of all three kinds."""
        return self.talks_members + self.talks_cadres + self.talks_villagers

    @property
    def team_words(self) -> str:
        """组长某某（单位），成员某某（单位）…"""
        leader = f"组长{self.leader}（{self.leader_unit}）" if self.leader else ""
        others = "、".join(f"{m['name']}（{m['unit']}）" for m in self.members)
        return "，".join(word for word in (leader, others and f"成员{others}") if word)


class VetoSignature(models.Model):
    """复核 of a veto by a second person: signed, or refused with a reason. Name and post are those of that day."""

    election = models.ForeignKey("elections.VillageElection", models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="signatures")
    #: What was signed or refused: who vetoed, and why.
    vetoed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    veto_reason = models.CharField("否决理由", max_length=500)
    approved = models.BooleanField("是否同意否决")
    note = models.CharField("复核意见", max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("复核人", max_length=50)
    by_post = models.CharField("复核人岗位", max_length=100)
    at = models.DateTimeField("复核时间")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "考察否决复核"
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("vetoed_by")), name="veto_signed_by_another"),
            models.CheckConstraint(
                condition=Q(approved=True) | ~Q(note=""), name="refused_veto_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(approved=True), name="veto_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} {'同意否决' if self.approved else '不同意否决'}"
