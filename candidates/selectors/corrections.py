"""Corrections of a counted round."""

from dataclasses import dataclass

from elections.enums import Stage
from elections.models import VillageElection

from ..models import (
    BallotCorrection,
)


@dataclass(frozen=True)
class CorrectionLine:
    """One figure of a corrected count before and after."""

    label: str
    before: int
    after: int

    @property
    def changed(self) -> bool:
        return self.before != self.after


_FIGURE_LABELS = {
    "present": "实到有选举权",
    "issued": "发出选票",
    "returned": "收回选票",
    "valid": "有效票",
    "invalid": "无效票",
}


_VOTE_LABELS = {"in_favour": "赞成", "against": "不赞成", "abstained": "弃权"}


def correction_lines(correction: BallotCorrection) -> list[CorrectionLine]:
    """Every figure of a correction, those of the ballots first, then those of each person."""
    before, after = correction.before, correction.after
    lines = [
        CorrectionLine(label, before[name], after[name]) for name, label in _FIGURE_LABELS.items()
    ]
    for old, new in zip(before["votes"], after["votes"], strict=True):
        for name, label in _VOTE_LABELS.items():
            if name == "in_favour" or not old["written_in"]:
                lines.append(CorrectionLine(f"{old['name']} {label}", old[name], new[name]))
    return lines


def corrections_of(election: VillageElection, stage: Stage) -> list[BallotCorrection]:
    """The corrections of one stage's counts, newest first."""
    return list(
        BallotCorrection.objects.filter(election=election, stage=stage)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_at")
    )
