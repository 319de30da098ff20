"""The published list of villagers' representatives: frozen with the roll, challenged, answered."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from villages.models import Representative
from villages.services import end_representative

from .. import rules, selectors
from ..enums import SETTLED, Stage
from ..models import (
    RepresentativeChallenge,
    RepresentativeEntry,
    RepresentativeList,
    VillageElection,
)
from ..permissions import check_can_record
from ..roll_digest import list_digest
from .facts import refuse
from .stages import lock, recorded


def freeze_list(
    *, election: VillageElection, published_on: date, by: User, at: datetime
) -> RepresentativeList | None:
    """Freeze the representatives now in office as the next version, inside the caller's transaction (it has the lock,
    the permission and the audit row). None where the village has recorded none. Whoever lost a challenge in this
    election stays off."""
    lost = RepresentativeChallenge.objects.filter(election=election, upheld=True)
    people = Representative.objects.current().filter(village=election.village_id)
    people = list(
        people.exclude(pk__in=lost.values("entry__representative")).order_by("group", "pk")
    )
    if not people:
        return None
    entries = [RepresentativeEntry(representative=p, name=p.name, group=p.group) for p in people]
    return _next_version(election, published_on, entries, by=by, at=at)


def _next_version(
    election: VillageElection,
    published_on: date,
    entries: list[RepresentativeEntry],
    *,
    by: User,
    at: datetime,
) -> RepresentativeList:
    before = RepresentativeList.objects.current().filter(election=election).first()
    RepresentativeList.objects.current().filter(election=election).update(is_current=False)
    made = RepresentativeList(
        election=election,
        version=before.version + 1 if before else 1,
        published_on=published_on,
        count=len(entries),
        frozen_by=by,
        frozen_at=at,
    )
    made.sha256 = list_digest(made, entries)
    made.save()
    for entry in entries:
        entry.pk, entry.list = None, made
    RepresentativeEntry.objects.bulk_create(entries)
    return made


def _open_for_challenges(
    election: VillageElection, by: User
) -> tuple[VillageElection, RepresentativeList]:
    """Lock an election whose list is published and whose villagers have not recommended yet."""
    election = lock(election)
    check_can_record(by, election)
    published = RepresentativeList.objects.current().filter(election=election).first()
    if published is None:
        raise Refused(
            Problem(
                "no_list",
                "还没有公布村民代表名单：请先登记村民代表并核定名册。",
                rules.MANUAL,
            )
        )
    if selectors.current_records(election)[Stage.VILLAGER_RECOMMENDATION].status in SETTLED:
        raise Refused(
            Problem(
                "challenge_late",
                "群众（村民代表）推荐已经办结，不能再登记、答复资格异议：请按信访渠道反映。",
                rules.MANUAL,
            )
        )
    return election, published


@transaction.atomic
def raise_challenge(
    *,
    election: VillageElection,
    entry_id: int,
    raised_on: date,
    raised_by: str,
    grounds: str,
    by: User,
    at: datetime,
) -> RepresentativeChallenge:
    """Record an objection to somebody on the current list. Raises Forbidden, Refused."""
    election, published = _open_for_challenges(election, by)
    entry = published.entries.filter(pk=entry_id).first()
    if entry is None:
        raise Refused(
            Problem("challenge_person", "所选的人不在现行名单上：请刷新页面后重选。", rules.MANUAL)
        )
    refuse(
        rules.challenge_problems(
            name=entry.name,
            raised_on=raised_on,
            published_on=published.published_on,
            grounds=grounds,
            today=timezone.localdate(at),
        )
    )
    challenge = RepresentativeChallenge.objects.create(
        election=election,
        entry=entry,
        raised_on=raised_on,
        raised_by=raised_by.strip(),
        grounds=grounds.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    recorded(
        election=election,
        action="challenge.raised",
        by=by,
        at=at,
        target=challenge,
        changes={"after": {"about": entry.name, "raised_on": str(raised_on)}},
    )
    return challenge


@transaction.atomic
def answer_challenge(
    *,
    challenge: RepresentativeChallenge,
    upheld: bool,
    answer: str,
    answered_on: date,
    by: User,
    at: datetime,
) -> RepresentativeChallenge:
    """Answer an objection once. Upheld, it takes the person out of office and off the list, as a new version.

    Raises Forbidden, Refused (answered already, no reason, dates, nobody left on the list).
    """
    election, published = _open_for_challenges(challenge.election, by)
    challenge = RepresentativeChallenge.objects.select_related("entry__representative").get(
        pk=challenge.pk
    )
    if not challenge.is_open:
        raise Refused(Problem("challenge_answered", "这件异议已经答复，不能再改。", rules.MANUAL))
    problems = rules.answer_problems(
        name=challenge.entry.name,
        raised_on=challenge.raised_on,
        answered_on=answered_on,
        answer=answer,
        today=timezone.localdate(at),
    )
    person = challenge.entry.representative
    rest = [e for e in published.entries.all() if e.representative_id != person.pk]
    if upheld and not rest:
        problems.append(
            Problem(
                "list_empty",
                "除名后名单上没有人：请先登记补选的村民代表并重新核定名册。",
                rules.MANUAL,
            )
        )
    refuse(problems)
    challenge.upheld, challenge.answer = upheld, answer.strip()
    challenge.answered_on, challenge.answered_by = answered_on, by
    challenge.save(update_fields=["upheld", "answer", "answered_on", "answered_by"])
    after = {"about": challenge.entry.name, "upheld": upheld, "answered_on": str(answered_on)}
    if upheld and len(rest) < published.count:
        made = _next_version(election, answered_on, rest, by=by, at=at)
        after |= {"version": made.version, "count": made.count, "sha256": made.sha256}
        end_representative(representative=person, on=answered_on)
    recorded(
        election=election,
        action="challenge.answered",
        by=by,
        at=at,
        target=challenge,
        reason=challenge.answer,
        changes={"after": after},
    )
    return challenge
