"""Freezing the roll: who is counted, what is refused, and that no version is lost."""

from datetime import timedelta

import pytest

from accounts.errors import Conflict, Refused
from accounts.models import AuditEntry
from elections.enums import ExclusionReason, Stage
from elections.models import Roll
from elections.roll_digest import digest
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory
from villages.enums import MemberStatus, RestrictionKind
from villages.models import Restriction

from .freezing import DAY, exclusion, freeze

LATER = DAY + timedelta(days=1)


def restrict(member, kind, *, since=DAY, until=None) -> Restriction:
    return Restriction.objects.create(
        member=member, kind=kind, starts_on=since, ends_on=until, document="示例〔2026〕1号"
    )


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def test_roll_counts_voters_and_exclusions(election, users, place):
    PartyMemberFactory(village=place.village, status=MemberStatus.PROBATIONARY)
    for kind in RestrictionKind:
        restrict(PartyMemberFactory(village=place.village), kind)
    PartyMemberFactory(village=place.village, left_on=DAY)
    PartyMemberFactory(village=place.other_village)
    election = at_stage(election, Stage.ROSTER)

    roll = freeze(election, users.coordinator, exclusions=[exclusion(place.members[0])])

    assert (roll.voters, roll.excluded, roll.due, roll.representatives) == (8, 1, 7, 30)
    entries = roll.entries.order_by("member_id")
    assert [e.may_vote for e in entries] == [True] * 8 + [False] * 3
    assert [e.exclusion for e in entries] == [ExclusionReason.BEDRIDDEN] + [""] * 10


def test_second_freeze_is_a_new_version_and_the_first_stays_readable(election, users, place):
    election = at_stage(election, Stage.ROSTER)
    first = freeze(election, users.coordinator, exclusions=[exclusion(place.members[0])])
    PartyMemberFactory(village=place.village)

    second = freeze(election, users.coordinator)

    assert Roll.objects.current().get(election=election) == second
    assert (second.version, second.voters, second.due, second.entries.count()) == (2, 9, 9, 9)
    first.refresh_from_db()
    assert (first.version, first.is_current, first.due, first.entries.count()) == (1, False, 7, 8)
    assert first.entries.get(member=place.members[0]).exclusion == ExclusionReason.BEDRIDDEN


def test_freeze_on_top_of_another_s_is_told(election, users):
    election = at_stage(election, Stage.ROSTER)
    freeze(election, users.coordinator, expected_version=0)

    with pytest.raises(Conflict) as refusal:
        freeze(election, users.coordinator, expected_version=0)
    freeze(election, users.coordinator, expected_version=1)

    assert codes(refusal) == ["stale_roll"]
    assert list(Roll.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_digest_is_that_of_the_stored_rows(election, users, place):
    election = at_stage(election, Stage.ROSTER)
    frozen = freeze(election, users.coordinator, exclusions=[exclusion(place.members[0])])

    roll = Roll.objects.get(pk=frozen.pk)
    assert digest(roll, roll.entries.all()) == roll.sha256
    entry = AuditEntry.objects.get(action="roll.frozen")
    assert (entry.changes["after"]["version"], entry.changes["after"]["sha256"]) == (1, roll.sha256)
    roll.entries.filter(member=place.members[1]).update(may_vote=False)
    assert digest(roll, roll.entries.all()) != roll.sha256


def test_roll_keeps_what_people_were_when_it_was_frozen(election, users, place):
    election = at_stage(election, Stage.ROSTER)
    roll = freeze(election, users.coordinator)
    member = place.members[0]
    restrict(member, RestrictionKind.SUSPENDED)

    assert roll.entries.get(member=member).may_vote is True
    assert freeze(election, users.coordinator).entries.get(member=member).may_vote is False


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [(0, 0, "suspended"), (-9, None, "suspended"), (-9, -1, "full"), (1, None, "full")],
    ids=["that-day", "open", "ended-the-day-before", "from-the-next-day"],
)
def test_everybody_stands_on_the_roll_as_on_its_day(election, users, place, starts, ends, status):
    """The end of a restriction gives the vote back without anybody's doing."""
    election = at_stage(election, Stage.ROSTER)
    member = place.members[0]
    until = None if ends is None else DAY + timedelta(days=ends)
    restrict(member, RestrictionKind.SUSPENDED, since=DAY + timedelta(days=starts), until=until)

    entry = freeze(election, users.coordinator).entries.get(member=member)

    assert (entry.status, entry.may_vote) == (status, status == "full")


def test_audit_of_the_roll_names_nobodys_illness(election, users, place):
    election = at_stage(election, Stage.ROSTER)
    freeze(election, users.coordinator, exclusions=[exclusion(place.members[0])])

    entry = AuditEntry.objects.get(action="roll.frozen")
    assert place.members[0].name not in str(entry.changes)
    assert entry.changes["after"]["excluded"] == {str(place.members[0].pk): "bedridden"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"superior_agreed_on": None}, ["exclusion_agreed"]),
        ({"adopted_on": None}, ["exclusion_adopted"]),
        ({"adopted_on": LATER}, ["future"]),
    ],
)
def test_exclusion_without_a_condition_is_refused_by_name(election, users, place, change, expected):
    election = at_stage(election, Stage.ROSTER)

    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, exclusions=[exclusion(place.members[3], **change)])

    assert codes(refusal) == expected
    assert place.members[3].name in refusal.value.problems[0].message
    assert Roll.objects.count() == 0


def test_nobody_without_a_vote_is_excluded(election, users, place):
    member = PartyMemberFactory(village=place.village, status=MemberStatus.PROBATIONARY)
    election = at_stage(election, Stage.ROSTER)

    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, exclusions=[exclusion(member)])

    assert codes(refusal) == ["exclusion_no_vote"]


def test_nobody_of_another_village_is_excluded(election, users, place):
    member = PartyMemberFactory(village=place.other_village)
    election = at_stage(election, Stage.ROSTER)

    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, exclusions=[exclusion(member)])

    assert codes(refusal) == ["exclusion_person"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"published_on": LATER}, ["future"]),
        ({"representatives_published_on": LATER}, ["future"]),
        ({"representatives": 0}, ["representatives"]),
    ],
)
def test_roll_refuses(election, users, change, expected):
    election = at_stage(election, Stage.ROSTER)

    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, **change)

    assert codes(refusal) == expected


def test_roll_without_voters_is_refused(election, users, place):
    election = at_stage(election, Stage.ROSTER)
    everybody = [exclusion(member) for member in place.members]

    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, exclusions=everybody)

    assert codes(refusal) == ["roll_empty"]
