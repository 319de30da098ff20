"""What the ground work requires before a stage may be closed. Each gate: f(election, *, at) -> list[Blocker]."""

from datetime import datetime

from elections import rules
from elections.blockers import Blocker
from elections.enums import Lift
from elections.models import VillageElection
from villages.enums import Post
from villages.models import PostHeld

from .enums import DisputeStatus, Grade
from .models import (
    ContingencyPlan,
    DepartureAudit,
    DifficultVillage,
    Dispute,
    RiskGrade,
    SurveyItem,
)


def survey_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """All seven things are clear, and the village is graded."""
    clear = set(
        SurveyItem.objects.filter(election=election, is_clear=True).values_list("number", flat=True)
    )
    missing = [n for i, n in enumerate(election.campaign.survey_items, start=1) if i not in clear]
    blockers = []
    if missing:
        blockers.append(
            Blocker(
                "survey",
                f"“七个清楚”还有{len(missing)}项不清楚：{'、'.join(missing)}。",
                rules.MANUAL,
                lift=Lift.OVERRIDE,
            )
        )
    if not RiskGrade.objects.filter(election=election).exists():
        # Firm: whether a red village may start stands on it.
        blockers.append(Blocker("risk", "未作选情研判（红黄绿）。", rules.MANUAL, anchor="risk"))
    return blockers


def rectified(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """No dispute is open; the departing secretary was audited, and every audit is published."""
    blockers = []
    count = Dispute.objects.live().filter(election=election, status=DisputeStatus.OPEN).count()
    if count:
        blockers.append(
            Blocker(
                "dispute",
                f"还有{count}起隐患矛盾未化解也未稳控。",
                rules.MANUAL,
                anchor="disputes",
                lift=Lift.OVERRIDE,
            )
        )
    audits = list(DepartureAudit.objects.live().filter(election=election))
    if not audits and _has_secretary(election):
        blockers.append(
            Blocker(
                "audit",
                "未登记离任经济责任审计（至少包括现任书记）。",
                rules.MANUAL,
                anchor="audits",
                lift=Lift.OVERRIDE,
            )
        )
    return blockers + _unpublished(audits)


def _has_secretary(election: VillageElection) -> bool:
    return PostHeld.objects.filter(
        member__village=election.village_id, post=Post.SECRETARY, ended_on__isnull=True
    ).exists()


def _unpublished(audits: list[DepartureAudit]) -> list[Blocker]:
    return [
        Blocker(
            "audit_unpublished",
            f"{a.subject}的离任审计结果未公布。",
            rules.MANUAL,
            link="stage_rectification",
            anchor="audits",
            lift=Lift.OVERRIDE,
        )
        for a in audits
        if a.published_on is None
    ]


def red_village_cleared(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """A red village does not start before it is cleared (不销号不启动)."""
    risk = RiskGrade.objects.filter(election=election).first()
    if risk and risk.grade == Grade.RED and risk.cleared_on is None:
        return [
            Blocker(
                "red_not_cleared",
                "本村为红色村，尚未销号，不得启动换届：请先在调研摸底环节申请销号，由县委组织部批准。",
                rules.MANUAL,
                link="stage_survey",
                anchor="risk",
                lift=Lift.OVERRIDE,
            )
        ]
    return []


def plan_approved(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """A village still designated 难点村, 重点村 or 后进村 has an approved plan before its petition."""
    designated = DifficultVillage.objects.live().filter(election=election, lifted_on__isnull=True)
    kinds = "、".join(row.get_kind_display() for row in designated.order_by("pk"))
    plans = ContingencyPlan.objects.live().filter(election=election, approved_at__isnull=False)
    if kinds and not plans.exists():
        return [
            Blocker(
                "plan",
                f"本村为{kinds}，“一村一策”预案还没有批准：请在台账中登记预案，由县委组织部批准。",
                rules.MANUAL,
                link="election_detail",
                anchor="tab-ledgers",
                lift=Lift.EXCEPTION,
            )
        ]
    return []


def audit_published(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """The audit is published before the recommendation meetings."""
    return _unpublished(list(DepartureAudit.objects.live().filter(election=election)))
