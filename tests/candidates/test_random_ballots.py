"""Ten thousand single ballots, drawn at random, counted three ways: by an oracle that looks at each ballot, by the rules
(through the stored rounds), and by the SQL that adds up the townships."""

import random
from collections import Counter

import pytest

from candidates.enums import CandidacyStatus
from candidates.models import Candidacy, ElectedPost, VoteTally
from candidates.services.results import derive_posts
from elections.enums import BallotKind, BallotPost, MeetingKind, Stage, StageStatus
from elections.models import BallotRound, Meeting, StageRecord, VillageElection
from reporting.models import TownshipProgress
from reporting.rollups import refresh_townships
from tests.factories.elections import CampaignFactory, at_stage
from tests.factories.villages import PartyMemberFactory, VillageFactory

from .people import AT, DAY

VILLAGES, VOTERS = 200, 50


def draw(dice: random.Random, candidates: int, seats: int) -> list[str]:
    """One ballot: ○ for, × against, blank for each candidate. Some voters mark more names than there are seats."""
    marks = dice.choices("○× ", weights=(dice.choice((4, 6, 9)), 3, 1), k=candidates)
    while marks.count("○") > seats and dice.random() < 0.9:
        marks[marks.index("○")] = "×"
    return marks


def count(ballots: list[list[str]], seats: int) -> dict:
    """What the tellers write down: over-chosen ballots are invalid and counted for nobody."""
    valid = [marks for marks in ballots if marks.count("○") <= seats]
    columns = [Counter(column) for column in zip(*valid, strict=True)]
    return {
        "valid": len(valid),
        "invalid": len(ballots) - len(valid),
        "tallies": [(c["○"], c["×"], c[" "]) for c in columns],
    }


def oracle(ballots: list[list[str]], seats: int, present: int) -> set[int]:
    """Whoever is certain of a seat: more than half of those present, and fewer than `seats` others do as well."""
    valid = [marks for marks in ballots if marks.count("○") <= seats]
    votes = [sum(marks[n] == "○" for marks in valid) for n in range(len(ballots[0]))]
    over = [n for n, v in enumerate(votes) if v > present / 2]
    return {n for n in over if sum(votes[m] >= votes[n] for m in over if m != n) < seats}


def store(election, members, counted: dict, *, seats: int, present: int, cast: int) -> None:
    """The round as the tellers handed it in, by direct writes."""
    meeting = Meeting.objects.create(
        election=election,
        kind=MeetingKind.COMMITTEE_BALLOT,
        held_on=DAY,
        due=VOTERS,
        present=present,
    )
    row = BallotRound.objects.create(
        meeting=meeting,
        post=BallotPost.COMMITTEE,
        number=1,
        kind=BallotKind.MAIN,
        held_on=DAY,
        seats=seats,
        present=present,
        issued=present,
        returned=cast,
        valid=counted["valid"],
        invalid=counted["invalid"],
        recorded_by=election.campaign.created_by,
        recorded_at=AT,
    )
    people = Candidacy.objects.bulk_create(
        Candidacy(
            election=election,
            member=member,
            status=CandidacyStatus.PREPARED,
            rank=rank,
            pledged_on=DAY,
            talked_on=DAY,
        )
        for rank, member in enumerate(members, start=1)
    )
    VoteTally.objects.bulk_create(
        VoteTally(round=row, candidacy=c, in_favour=f, against=a, abstained=n)
        for c, (f, a, n) in zip(people, counted["tallies"], strict=True)
    )


@pytest.mark.django_db
def test_ten_thousand_ballots_agree_with_rules_and_sums():
    dice = random.Random(20261124)
    first = VillageFactory()
    others = VillageFactory.create_batch(VILLAGES - 1, township=first.township)
    campaign = CampaignFactory(area=first.township)
    elections = {
        e.village_id: e
        for e in VillageElection.objects.filter(campaign=campaign).select_related("campaign")
    }
    cast, expected, settled_at_once = 0, 0, 0
    for village in [first, *others]:
        seats = dice.choice((3, 5))
        election = at_stage(elections[village.pk], Stage.COMMITTEE_BALLOT, committee_seats=seats)
        members = PartyMemberFactory.create_batch(seats + dice.choice((1, 2)), village=village)
        ballots = [draw(dice, len(members), seats) for _ in range(VOTERS)]
        cast += len(ballots)
        counted = count(ballots, seats)
        store(election, members, counted, seats=seats, present=VOTERS, cast=len(ballots))
        derive_posts(election)
        won = {members[n].pk for n in oracle(ballots, seats, VOTERS)}
        stored = ElectedPost.objects.filter(election=election)
        assert set(stored.values_list("member_id", flat=True)) == won, village
        expected += len(won)
        settled_at_once += len(won) == seats
    StageRecord.objects.filter(
        election__in=elections.values(), stage=Stage.COMMITTEE_BALLOT
    ).update(status=StageStatus.DONE, actual_on=DAY)
    refresh_townships(campaign_id=campaign.pk, township_ids={first.township_id}, at=AT)

    row = TownshipProgress.objects.get(campaign=campaign)
    assert cast == VILLAGES * VOTERS == 10_000
    assert row.committee_members == expected
    assert row.ballots_decided == VILLAGES
    assert 0 < settled_at_once < VILLAGES
