"""人选去向 over random plays through the services: everybody who leaves has one reason, and the numbers add up for a
village, a township and the county."""

import random
from collections import Counter

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from candidates import selectors
from candidates.enums import (
    NEVER_NOMINATED,
    CandidacyStatus,
    ElectedPostKind,
    InspectionResult,
    ReviewLevel,
    ReviewResult,
)
from candidates.models import Candidacy, ElectedPost, Review
from candidates.selectors import STEPS
from candidates.services import ballots, countersign, nomination, preliminary, reviews
from candidates.services.inspection import countersign_veto, record_inspection
from candidates.services.withdrawal import withdraw
from elections.enums import BallotPost, Stage, StageStatus
from elections.models import StageRecord, VillageElection
from reporting.models import TownshipProgress
from reporting.rollups import differences, refresh_townships
from reporting.selectors import funnel
from tests.factories.elections import START, CampaignFactory, at_stage
from tests.factories.villages import PartyMemberFactory, UserFactory, VillageFactory

from .people import AT, DAY, INSPECTED, freeze, notice
from .test_sources import recommend
from .test_views import signed_in


class Player:
    """One village's people, taken through the services by dice; stops wherever the dice or the rules say."""

    def __init__(self, election, dice, coordinator, staff, second):
        self.election, self.dice = election, dice
        self.coordinator, self.staff, self.second = coordinator, staff, second
        self.members = list(selectors.eligible_members(election, on=DAY))
        self.acting = {"by": coordinator, "at": AT}

    def play(self) -> None:
        steps = (self.list_nominees, self.review, self.inspect, self.nominate, self.vote)
        for step in steps[: self.dice.randint(0, 5)]:
            if not step():
                return

    def at(self, stage: Stage):
        self.election = at_stage(self.election, stage)
        return self.election

    def people(self, *statuses) -> list[Candidacy]:
        rows = Candidacy.objects.filter(election=self.election, status__in=statuses)
        return list(rows.order_by("rank", "pk"))

    def gives_up(self, person) -> bool:
        if self.dice.random() < 0.1:
            withdraw(candidacy=person, reason="示例：个人原因", withdrawn_on=DAY, **self.acting)
            return True
        return False

    def list_nominees(self) -> bool:
        election = self.at(Stage.PRELIMINARY)
        freeze(election, due=len(self.members))
        recommend(election, {m: 20 - n for n, m in enumerate(self.members[:9])})
        declined = self.dice.sample([m.pk for m in self.members[:9]], self.dice.randint(0, 2))
        preliminary.fix_preliminary(
            election=election,
            wanted=4 + self.dice.randint(0, 3),
            withdrawn=dict.fromkeys(declined, "示例：外出"),
            **self.acting,
        )
        return True

    def review(self) -> bool:
        self.at(Stage.REVIEW)
        for person in self.people(CandidacyStatus.PRELIMINARY):
            if self.gives_up(person):
                continue
            for level, by in (
                (ReviewLevel.TOWNSHIP, self.coordinator),
                (ReviewLevel.COUNTY, self.staff),
            ):
                fails = self.dice.random() < 0.08
                found = reviews.record_review(
                    candidacy=person,
                    stage=Stage.REVIEW,
                    level=level,
                    result=ReviewResult.FAILED if fails else ReviewResult.PASSED,
                    rule="失信（示例）" if fails else "",
                    reason="示例" if fails else "",
                    decided_on=DAY,
                    by=by,
                    at=AT,
                )
                if fails:
                    self.sign(found, level)
                    break
        return True

    def sign(self, review: Review, level: ReviewLevel) -> None:
        """A second person agrees to a rejection, mostly."""
        if self.dice.random() < 0.8:
            countersign.countersign_review(
                review=review,
                stage=Stage.REVIEW,
                agreed=True,
                note="",
                by=self.staff if level == ReviewLevel.TOWNSHIP else self.second,
                at=AT,
            )

    def inspect(self) -> bool:
        election = self.at(Stage.INSPECTION)
        for person in self.people(CandidacyStatus.CLEARED):
            if self.gives_up(person) or self.dice.random() < 0.05:
                continue
            vetoed = self.dice.random() < 0.15
            sent = {"candidacy": person, "inspected_on": DAY, **INSPECTED, **self.acting}
            if vetoed:
                record_inspection(**sent, result=InspectionResult.VETOED, reason="示例：测评差")
                match self.dice.randint(0, 2):
                    case 0:
                        countersign_veto(candidacy=person, approved=True, by=self.staff, at=AT)
                    case 1:
                        countersign_veto(
                            candidacy=person, approved=False, note="示例", by=self.staff, at=AT
                        )
                        record_inspection(**sent, result=InspectionResult.PASSED)
            else:
                record_inspection(**sent, result=InspectionResult.PASSED)
        needed = selectors.candidates_needed(election)
        return len(self.people(CandidacyStatus.INSPECTED)) >= needed

    def nominate(self) -> bool:
        election = self.at(Stage.NOMINATION)
        pool = self.people(CandidacyStatus.INSPECTED)
        needed = selectors.candidates_needed(election)
        chosen = pool[: self.dice.randint(needed, len(pool))]
        posts = [ElectedPostKind.SECRETARY] + [ElectedPostKind.MEMBER] * len(chosen)
        nomination.fix_nomination(
            election=election,
            nominations=[
                nomination.Nomination(p.pk, post, DAY, DAY)
                for p, post in zip(chosen, posts, strict=False)
            ],
            left_out={p.pk: "示例：差额已满" for p in pool if p not in chosen},
            talker="示例",
            **self.acting,
        )
        return True

    def vote(self) -> bool:
        election = self.at(Stage.COMMITTEE_BALLOT)
        notice(election, ends_on=START)
        (contest,) = selectors.contests(election, Stage.COMMITTEE_BALLOT)
        present = len(self.members)
        tallies = {
            c.pk: (present - n, n, 0) if n < contest.seats else (0, present, 0)
            for n, c in enumerate(contest.next_candidates)
        }
        figures = {"issued": present, "returned": present, "valid": present, "invalid": 0}
        ballots.record_round(
            election=election,
            stage=Stage.COMMITTEE_BALLOT,
            post=BallotPost.COMMITTEE,
            number=1,
            gathering=ballots.Gathering(
                DAY, present, "示例", "示例", tuple(m.pk for m in self.members[-2:])
            ),
            count=ballots.Count(**figures, tallies=tallies),
            **self.acting,
        )
        if self.dice.random() < 0.7:
            StageRecord.objects.filter(
                election=election, stage=Stage.COMMITTEE_BALLOT, is_current=True
            ).update(status=StageStatus.DONE, actual_on=DAY)
        return True


def reasons(person: Candidacy) -> int:
    """How many records say why somebody is out: there must be exactly one."""
    failed = person.reviews.filter(result=ReviewResult.FAILED, countersign="agreed")
    found = failed.exclude(reason="").count()
    if inspection := getattr(person, "inspection", None):
        found += inspection.signatures.filter(approved=True).exclude(veto_reason="").count()
    found += bool(person.withdrawal_reason and person.withdrawn_on)
    return found + bool(person.not_prepared_reason)


def recount(elections) -> Counter:
    """The slow way: everybody looked at one by one."""
    steps: Counter = Counter()
    for person in Candidacy.objects.filter(election__in=elections).select_related("election"):
        if person.status in NEVER_NOMINATED:
            continue
        settled = set(
            StageRecord.objects.filter(
                election=person.election, is_current=True, status=StageStatus.DONE
            ).values_list("stage", flat=True)
        )
        steps["nominated"] += 1
        match person.status:
            case "rejected" | "vetoed" | "withdrawn" | "not_prepared":
                steps[person.status] += 1
            case "prepared":
                steps["prepared"] += 1
                won = ElectedPost.objects.filter(
                    election=person.election, member=person.member_id
                ).exists()
                steps["formal"] += Stage.NOTICE in settled
                steps["elected"] += won
                steps["not_elected"] += not won and Stage.COMMITTEE_BALLOT in settled
            case _:
                steps["pending"] += 1
    return steps


def numbers(row: funnel.FunnelRow) -> Counter:
    return +Counter({cell.step.code: cell.number for cell in row.cells})


@pytest.fixture
def campaign(place, users):
    """Two villages in each township, fourteen members in each; two of the county's staff."""
    users.second = UserFactory(role=Role.ORG_STAFF, where=place.county)
    for township in (place.own, place.other):
        VillageFactory(township=township)
    found = CampaignFactory(area=place.county, by=users.org_staff)
    for election in found.elections.all():
        missing = 14 - election.village.members.count()
        PartyMemberFactory.create_batch(missing, village=election.village)
    return found


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
def test_numbers_add_up_whatever_happens(campaign, place, users, seed):
    dice = random.Random(seed)
    with transaction.atomic():
        for election in VillageElection.objects.filter(campaign=campaign).order_by("pk"):
            own = election.township_id == place.own.pk
            coordinator = users.coordinator if own else users.foreign
            Player(election, dice, coordinator, users.org_staff, users.second).play()
        ids = {place.own.pk, place.other.pk}
        # Some stages were set by hand, which no service told the rollup.
        refresh_townships(campaign_id=campaign.pk, township_ids=ids, at=AT)
        check(campaign, users)
        transaction.set_rollback(True)


def check(campaign, users) -> None:
    out = Candidacy.objects.filter(
        status__in=("rejected", "vetoed", "withdrawn", "declined", "not_prepared")
    )
    assert {reasons(person) for person in out} <= {1}
    standing = Candidacy.objects.exclude(pk__in=out)
    assert {reasons(person) for person in standing} <= {0}
    assert differences(campaign) == []
    rows = list(
        TownshipProgress.objects.filter(campaign=campaign)
        .select_related("township")
        .order_by("township__code")
    )
    total, *townships = funnel.by_township(campaign, rows)
    everybody = VillageElection.objects.filter(campaign=campaign)
    assert numbers(total) == +recount(everybody)
    for row, line in zip(rows, townships, strict=True):
        here = everybody.filter(township=row.township_id)
        assert numbers(line) == +recount(here)
        summed, *villages = funnel.by_village(users.org_staff, campaign, row.township_id)
        assert numbers(summed) == numbers(line)
        for village in villages:
            found = numbers(village)
            assert found["nominated"] == sum(found[part] for part in funnel.PARTS)
    for code, step in STEPS.items():
        listed = Candidacy.objects.filter(step.where()).count()
        assert listed == numbers(total)[code], code


def test_every_number_opens_its_list(campaign, place, users):
    for seed, election in enumerate(VillageElection.objects.filter(campaign=campaign)):
        own = election.township_id == place.own.pk
        coordinator = users.coordinator if own else users.foreign
        player = Player(election, random.Random(seed), coordinator, users.org_staff, users.second)
        assert player.list_nominees()
        assert player.review()
        player.inspect()
    client = signed_in(users.leader)
    base = reverse("people_funnel", args=[campaign.pk])

    for url in (base, f"{base}?township={place.own.pk}"):
        answer = client.get(url)
        assert answer.status_code == 200
        for row in answer.context["rows"]:
            for cell in row.cells:
                page = client.get(cell.url).context["page"]
                assert page.paginator.count == cell.number, cell.url


def test_funnel_shows_one_s_own_townships(campaign, place, users):
    client, base = signed_in(users.coordinator), reverse("people_funnel", args=[campaign.pk])

    assert [row.name for row in client.get(base).context["rows"]] == ["东乡镇"]
    assert client.get(f"{base}?township={place.own.pk}").status_code == 200
    assert client.get(f"{base}?township={place.other.pk}").status_code == 404
    assert client.get(f"{base}?township=x").status_code == 404
