"""Stages 6 and 7: who was recommended, by members and by villagers."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import Meeting, Roll, VillageElection
from elections.selectors import representatives_due
from elections.services.attendance import people_present, write_attendance
from elections.services.facts import future_problems, refuse, upsert_meeting
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..models import RecommendationTally

BODY = {
    Stage.MEMBER_RECOMMENDATION: "党员推荐大会",
    Stage.VILLAGER_RECOMMENDATION: "群众（村民代表）推荐会",
}


@transaction.atomic
def record_recommendation(
    *,
    election: VillageElection,
    stage: Stage,
    held_on: date,
    present: int | None,
    votes: dict[int, int],
    by: User,
    at: datetime,
    attended: Collection[int] = (),
    place: str = "",
    chair: str = "",
    recorder: str = "",
) -> Meeting:
    """Record one recommendation meeting and the votes per member (member id → votes, 票); a second record replaces
    the first while the stage is open. `attended`: entries of the roll (or of the list of representatives) ticked as
    present; `present` then follows from them and may be None.

    Raises Forbidden, Refused (attendance below the campaign's share, votes that cannot be, unknown person).
    """
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    roll = Roll.objects.current().get(election=election)
    is_members = stage == Stage.MEMBER_RECOMMENDATION
    due = roll.due if is_members else representatives_due(election, roll)
    kind = selectors.RECOMMENDATION_MEETING[stage]
    present, wrong = people_present(election=election, kind=kind, typed=present, attended=attended)
    votes = {member: count for member, count in votes.items() if count}
    names = dict(selectors.eligible_members(election, on=held_on).values_list("pk", "name"))
    if unknown := votes.keys() - names.keys():
        raise Refused(
            Problem(
                "recommendation_person",
                f"有{len(unknown)}名被推荐人不是本村正式党员：请刷新页面后重填。",
                rules.MANUAL,
            )
        )
    problems = wrong + future_problems(timezone.localdate(at), 召开日期=held_on)
    problems += rules.recommendation_problems(
        due=due,
        present=present,
        numerator=election.rule_set.recommendation_numerator,
        denominator=election.rule_set.recommendation_denominator,
        body=BODY[stage],
    )
    problems += rules.recommendation_vote_problems(
        present=present,
        votes={names[member]: count for member, count in votes.items()},
        most_names=election.ballot_seats,
    )
    if not votes:
        problems.append(
            Problem(
                "recommendation_empty", "没有填写任何人的推荐票：请按计票单填写。", rules.MANUAL
            )
        )
    refuse(problems)
    meeting = upsert_meeting(
        election=election,
        kind=kind,
        held_on=held_on,
        due=due,
        present=present,
        place=place,
        chair=chair,
        recorder=recorder,
        roll=roll,
    )
    write_attendance(meeting=meeting, attended=attended)
    RecommendationTally.objects.filter(meeting=meeting).delete()
    RecommendationTally.objects.bulk_create(
        RecommendationTally(election=election, meeting=meeting, member_id=member, votes=count)
        for member, count in votes.items()
    )
    recorded(
        election=election,
        action="recommendation.recorded",
        by=by,
        at=at,
        target=meeting,
        changes={
            "after": {
                "held_on": str(held_on),
                "due": due,
                "present": present,
                "by_name": bool(attended),
                "votes": {names[member]: count for member, count in votes.items()},
            }
        },
    )
    return meeting
