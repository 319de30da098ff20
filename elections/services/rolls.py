"""Stage 5: the roll of voters is frozen, version by version."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import User
from accounts.problems import Problem
from villages.models import PartyMember
from villages.rules import status_on

from .. import rules
from ..enums import ExclusionReason, Stage
from ..models import RepresentativeList, Roll, RollEntry, VillageElection
from ..roll_digest import digest
from .facts import future_problems, refuse
from .representatives import freeze_list
from .stages import open_for_recording, recorded


@dataclass(frozen=True)
class Exclusion:
    """One member left out of 应到会, with its three conditions."""

    member_id: int
    reason: ExclusionReason
    superior_agreed_on: date | None
    adopted_on: date | None


@transaction.atomic
def freeze_roll(
    *,
    election: VillageElection,
    published_on: date,
    representatives: int | None,
    representatives_published_on: date,
    exclusions: list[Exclusion],
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Roll:
    """Freeze the village's current roster as the next version of the roll of voters; earlier ones stay readable.
    Everybody stands on it as on the day it was published: whose rights are restricted then has no vote.

    The representatives in office are frozen as their published list, and their number follows from it; `representatives`
    is needed only where none are recorded. Counts are people. `expected_version`: the version the user saw, 0 for none. Raises Forbidden, Conflict (somebody
    froze another since), Refused (a condition of an exclusion is missing, a person without a vote is excluded, no
    voters, dates in the future).
    """
    election, _ = open_for_recording(election=election, stage=Stage.ROSTER, by=by)
    before = Roll.objects.current().filter(election=election).first()
    version = before.version if before else 0
    if expected_version not in (None, version):
        raise Conflict(
            Problem(
                "stale_roll",
                f"名册刚被他人核定为第{version}版：请刷新页面，核对后再核定。",
                rules.MANUAL,
            )
        )
    members = _standing_on(election, published_on)
    excluded = {e.member_id: e for e in exclusions}
    problems = future_problems(
        timezone.localdate(at),
        名册公示日期=published_on,
        村民代表名单公布日期=representatives_published_on,
    )
    published = freeze_list(
        election=election, published_on=representatives_published_on, by=by, at=at
    )
    representatives, wrong = _representatives(published, representatives)
    problems += wrong
    problems += _exclusion_problems(members, excluded, timezone.localdate(at))
    voters = sum(rules.may_vote(m.standing) for m in members)
    if voters - len(excluded) < 1:
        problems.append(
            Problem(
                "roll_empty",
                "应到会人数为0：请先登记本村党员名册，再核定应到会人员。",
                f"{rules.ELECTION_REGULATION}第五条",
            )
        )
    refuse(problems)
    Roll.objects.current().filter(election=election).update(is_current=False)
    roll = Roll(
        election=election,
        version=version + 1,
        published_on=published_on,
        voters=voters,
        excluded=len(excluded),
        due=voters - len(excluded),
        representatives=representatives,
        representatives_published_on=representatives_published_on,
        frozen_by=by,
        frozen_at=at,
    )
    entries = [_entry(roll, m, excluded.get(m.pk)) for m in members]
    roll.sha256 = digest(roll, entries)
    roll.save()
    RollEntry.objects.bulk_create(entries)
    recorded(
        election=election,
        action="roll.frozen",
        by=by,
        at=at,
        target=roll,
        changes={
            "after": {
                "version": roll.version,
                "sha256": roll.sha256,
                "voters": voters,
                # By number, not by name: a reason may speak of somebody's health.
                "excluded": {str(e.member_id): e.reason for e in exclusions},
                "due": roll.due,
                "representatives": representatives,
            }
        },
    )
    return roll


def _representatives(
    published: RepresentativeList | None, typed: int | None
) -> tuple[int, list[Problem]]:
    """How many representatives there are, and what is wrong with the number typed."""
    if published and typed not in (None, published.count):
        words = f"村民代表名册有{published.count}人，所填{typed}人与名册不符：请更正名册，人数不必填写。"
        return published.count, [Problem("representatives", words, rules.MANUAL)]
    if published:
        return published.count, []
    if not typed:
        words = "村民代表人数应大于0：请登记村民代表，或按公布名单填写人数。"
        return 0, [Problem("representatives", words, rules.MANUAL)]
    return typed, []


def _standing_on(election: VillageElection, day: date) -> list[PartyMember]:
    """The village's members with their `standing` on the day of the roll (two queries)."""
    members = list(
        PartyMember.objects.current()
        .filter(village=election.village_id)
        .prefetch_related("restrictions")
        .order_by("pk")
    )
    for member in members:
        member.standing = status_on(member.status, member.restrictions.all(), day)
    return members


def _entry(roll: Roll, member: PartyMember, exclusion: Exclusion | None) -> RollEntry:
    return RollEntry(
        roll=roll,
        member=member,
        name=member.name,
        status=member.standing,
        may_vote=rules.may_vote(member.standing),
        exclusion=exclusion.reason if exclusion else "",
        superior_agreed_on=exclusion.superior_agreed_on if exclusion else None,
        adopted_on=exclusion.adopted_on if exclusion else None,
    )


def _exclusion_problems(
    members: list[PartyMember], excluded: dict[int, Exclusion], today: date
) -> list[Problem]:
    """Each exclusion needs a voter of this village and all three conditions (中组部 interpretation)."""
    problems = []
    by_id = {m.pk: m for m in members}
    for member_id, exclusion in excluded.items():
        member = by_id.get(member_id)
        if member is None:
            problems.append(
                Problem(
                    "exclusion_person", "有一人不在本村名册中：请刷新页面后重选。", rules.MANUAL
                )
            )
            continue
        problems += rules.exclusion_problems(
            name=member.name,
            may_vote=rules.may_vote(member.standing),
            superior_agreed_on=exclusion.superior_agreed_on,
            adopted_on=exclusion.adopted_on,
            today=today,
        )
    return problems
