"""人选去向: where everybody who ever was a preliminary nominee is now. The steps of the funnel; page, list and figures
all ask here, so that their numbers agree.

nominated = rejected + vetoed + withdrawn + disqualified + not_prepared + pending + prepared; elected and
not_elected are parts of prepared once the members' meeting is settled.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from elections.enums import SETTLED, Stage
from elections.models import StageRecord

from ..enums import NEVER_NOMINATED, CandidacyStatus
from ..models import ElectedPost

_S = CandidacyStatus


@dataclass(frozen=True)
class Step:
    """One step. `statuses`: whose; empty for those that need more than the status (see where)."""

    code: str
    label: str
    statuses: tuple[str, ...]

    def where(self) -> Q:
        """The condition on Candidacy rows."""
        match self.code:
            case "formal":
                return Q(status=_S.PREPARED) & _settled(Stage.NOTICE)
            case "elected":
                return Q(status=_S.PREPARED) & _won()
            case "not_elected":
                return Q(status=_S.PREPARED) & _settled(Stage.COMMITTEE_BALLOT) & ~_won()
        return Q(status__in=self.statuses)


def _settled(stage: Stage) -> Exists:
    return Exists(
        StageRecord.objects.filter(
            election=OuterRef("election"), stage=stage, is_current=True, status__in=SETTLED
        )
    )


def _won() -> Exists:
    return Exists(
        ElectedPost.objects.filter(election=OuterRef("election"), member=OuterRef("member"))
    )


#: code → step, in the order of the procedure.
STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("nominated", "初步人选", tuple(s for s in _S if s not in NEVER_NOMINATED)),
        Step("rejected", "审查不通过", (_S.REJECTED,)),
        Step("vetoed", "考察否决", (_S.VETOED,)),
        Step("withdrawn", "本人放弃", (_S.WITHDRAWN,)),
        Step("disqualified", "取消资格", (_S.DISQUALIFIED,)),
        Step("not_prepared", "未列为预备人选", (_S.NOT_PREPARED,)),
        Step(
            "pending",
            "审查、考察中",
            (_S.PRELIMINARY, _S.CLEARED, _S.VETO_PENDING, _S.INSPECTED),
        ),
        Step("prepared", "预备人选", (_S.PREPARED,)),
        Step("formal", "正式候选人", ()),
        Step("elected", "当选", ()),
        Step("not_elected", "落选", ()),
    )
}
