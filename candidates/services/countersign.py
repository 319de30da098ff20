"""复核: the second person's word about a decision, for every model that derives from NeedsSecond; and that of a review."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Conflict
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import refuse
from elections.services.stages import open_for_certifying, open_for_deciding, recorded
from villages.scoping import post_of

from ..enums import CandidacyStatus, Countersign, ReviewLevel, ReviewResult
from ..models import NeedsSecond, Review
from ..permissions import check_can_countersign
from . import asks
from .reviews import lock_candidacy

#: What the second person writes.
SECOND_FIELDS = [
    "countersign",
    "second_by",
    "second_name",
    "second_post",
    "second_at",
    "second_note",
]


def second(
    row: NeedsSecond, *, first_id: int, agreed: bool, note: str, by: User, at: datetime
) -> None:
    """Set the second person's word on a locked row; the caller saves SECOND_FIELDS. `first_id`: who decided.

    Raises Conflict (somebody else was quicker), Refused (the same person, a refusal without a reason)."""
    if not row.is_pending:
        raise Conflict(
            Problem("countersigned", "此项刚被他人复核或更正：请刷新页面核对。", rules.MANUAL)
        )
    problems = []
    if first_id == by.pk:
        problems.append(
            Problem("same_person", "不能复核自己登记的结论：请另一人复核。", rules.MANUAL)
        )
    if not agreed and not note.strip():
        problems.append(Problem("second_note", "复核不同意，须写明理由。", rules.MANUAL))
    refuse(problems)
    row.countersign = Countersign.AGREED if agreed else Countersign.REFUSED
    row.second_by, row.second_at = by, at
    row.second_name, row.second_post = by.name, post_of(by)[:100]
    row.second_note = note.strip()


@transaction.atomic
def countersign_review(
    *, review: Review, stage: Stage, agreed: bool, note: str, by: User, at: datetime
) -> Review:
    """A second person agrees to a rejection (the person is out) or to setting an objection aside (the person is through),
    or refuses with a reason: then nothing is decided and the review is done again. Raises Forbidden, Conflict, Refused.
    """
    check_can_countersign(by, review)
    enter = open_for_certifying if review.level == ReviewLevel.TOWNSHIP else open_for_deciding
    election, _ = enter(election=review.candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(review.candidacy, election)
    review = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
    second(review, first_id=review.decided_by_id, agreed=agreed, note=note, by=by, at=at)
    if agreed:
        failed = review.result == ReviewResult.FAILED
        candidacy.status = CandidacyStatus.REJECTED if failed else CandidacyStatus.CLEARED
        asks.close([candidacy.pk], why="已有审查结论", at=at)
    else:
        candidacy.status = CandidacyStatus.PRELIMINARY
        review.returned_at = at
        review.return_reason = f"复核不同意：{review.second_note}"[:500]
    review.save(update_fields=[*SECOND_FIELDS, "returned_at", "return_reason"])
    candidacy.save(update_fields=["status"])
    recorded(
        election=election,
        action="review.countersigned",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"level": review.level, "agreed": agreed}},
    )
    return review
