"""The township rollup equals a recount of the records, column by column."""

import random
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from candidates.enums import (
    CandidacyStatus,
    ElectedPostKind,
)
from candidates.models import Candidacy, ElectedPost
from elections.enums import SETTLED, BallotKind, BallotPost, MeetingKind, Stage, StageStatus
from elections.models import BallotRound, Evidence, Meeting, StageRecord, VillageElection
from elections.services import stages as stage_services
from elections.stages import STAGES
from groundwork.enums import Grade
from groundwork.models import RiskGrade
from reporting import rollups
from reporting.indicators.registry import figures
from reporting.models import TownshipProgress
from reporting.selectors import invariants
from reporting.selectors.scope import scope_of_area
from villages.enums import Education, Sex, VillageKind
from villages.models import PartyMember

from .conftest import NOON, finish, settle_up_to

DAY = date(2026, 9, 20)


#: Columns of the rollup that the closing report states as well: both must say the same.
#: (Nominees are counted there once their stage is settled, here as soon as they are recorded.)
IN_THE_CLOSING_REPORT = (
    "villages",
    "communities",
    "committee_members",
    "committee_women",
    "committee_new",
    "committee_reelected",
    "secretaries",
    "secretary_women",
    "secretary_new",
    "secretary_reelected",
    "first_ballot_success",
)


#: Statuses that a random person may have.
STANDINGS = [s for s in CandidacyStatus if s != CandidacyStatus.WRITTEN_IN]


def add_member(election, name, sex=Sex.MALE):
    return PartyMember.objects.create(
        village=election.village,
        name=name,
        sex=sex,
        born_on=date(1980, 1, 1),
        joined_on=date(2005, 7, 1),
        education=Education.SENIOR,
    )


def add_round(election, user, *, post=BallotPost.COMMITTEE, number=1, meeting=None):
    meeting = (
        meeting
        or Meeting.objects.get_or_create(
            election=election,
            kind=MeetingKind.COMMITTEE_BALLOT,
            defaults={"held_on": DAY, "due": 10, "present": 9},
        )[0]
    )
    return BallotRound.objects.create(
        held_on=DAY,
        meeting=meeting,
        post=post,
        number=number,
        kind=BallotKind.MAIN if number == 1 else BallotKind.RUNOFF,
        seats=3,
        present=9,
        issued=9,
        returned=9,
        valid=9,
        invalid=0,
        recorded_by=user,
        recorded_at=NOON,
    )


def elect(election, member, round_, post, *, reelected):
    ElectedPost.objects.create(
        election=election,
        member=member,
        round=round_,
        post=post,
        votes=8,
        elected_on=DAY,
        term_ends_on=date(2031, 9, 20),
        reelected=reelected,
    )


def nominate(election, member, status=CandidacyStatus.PRELIMINARY):
    prepared = status == CandidacyStatus.PREPARED
    return Candidacy.objects.create(
        election=election,
        member=member,
        status=status,
        rank=1,
        pledged_on=DAY if prepared else None,
        talked_on=DAY if prepared else None,
        withdrawal_reason="示例：本人放弃",
        withdrawn_on=DAY,
        not_prepared_reason="示例：差额已满",
    )


def refresh(world):
    with transaction.atomic():
        rollups.refresh_townships(
            campaign_id=world.campaign.pk, township_ids={world.east.pk, world.west.pk}, at=NOON
        )


def row_of(world, township):
    return TownshipProgress.objects.get(campaign=world.campaign, township=township)


def recount(township) -> dict[str, int]:
    """The slow way: every figure by a loop over the records."""
    figures = dict.fromkeys(rollups.COLUMNS, 0)
    elections = VillageElection.objects.filter(township=township).select_related("village")
    persons: dict[int, list[ElectedPost]] = {}
    for election in elections:
        figures["elections"] += 1
        is_village = election.village.kind == VillageKind.VILLAGE
        figures["villages" if is_village else "communities"] += 1
        figures["completed"] += election.completed_on is not None
        settled = set()
        for record in StageRecord.objects.filter(election=election, is_current=True):
            if record.status in SETTLED:
                settled.add(record.stage)
                figures[f"settled_{record.stage}"] += 1
                if (record.stage, record.status) == (Stage.COMMITTEE_BALLOT, StageStatus.DONE):
                    figures["ballots_decided"] += 1
                    again = BallotRound.objects.filter(
                        meeting__election=election,
                        meeting__kind=MeetingKind.COMMITTEE_BALLOT,
                        number__gt=1,
                    )
                    figures["first_ballot_success"] += not again.exists()
        for post in ElectedPost.objects.filter(election=election).select_related("member"):
            persons.setdefault(post.member_id, []).append(post)
        for candidacy in Candidacy.objects.filter(election=election):
            figures["nominees_preliminary"] += candidacy.status != CandidacyStatus.DECLINED
            for column, status in (
                ("rejected_review", CandidacyStatus.REJECTED),
                ("rejected_inspection", CandidacyStatus.VETOED),
                ("nominees_withdrawn", CandidacyStatus.WITHDRAWN),
                ("nominees_disqualified", CandidacyStatus.DISQUALIFIED),
                ("nominees_not_prepared", CandidacyStatus.NOT_PREPARED),
            ):
                figures[column] += candidacy.status == status
            won = ElectedPost.objects.filter(election=election, member=candidacy.member_id).exists()
            prepared = candidacy.status == CandidacyStatus.PREPARED
            figures["nominees_prepared"] += prepared
            figures["candidates_formal"] += prepared and Stage.NOTICE in settled
            figures["candidates_elected"] += prepared and won
            voted = Stage.COMMITTEE_BALLOT in settled
            figures["candidates_lost"] += prepared and voted and not won
        for risk in RiskGrade.objects.filter(election=election):
            figures[f"risk_{risk.grade}"] += 1
    for posts in persons.values():
        woman = posts[0].member.sex == Sex.FEMALE
        again = any(p.reelected for p in posts)
        secretary = [p for p in posts if p.post == ElectedPostKind.SECRETARY]
        figures["committee_members"] += 1
        figures["committee_women"] += woman
        figures["committee_reelected" if again else "committee_new"] += 1
        if secretary:
            figures["secretaries"] += 1
            figures["secretary_women"] += woman
            kind = "secretary_reelected" if secretary[0].reelected else "secretary_new"
            figures[kind] += 1
    return figures


def stored(row) -> dict[str, int]:
    return {column: getattr(row, column) for column in rollups.COLUMNS}


def test_opening_a_campaign_makes_a_row_per_township(world):
    assert stored(row_of(world, world.east)) == recount(world.east)
    assert row_of(world, world.east).elections == 3
    assert row_of(world, world.east).communities == 1
    assert row_of(world, world.west).elections == 2
    assert row_of(world, world.west).county_id == world.county.pk


def test_columns_cover_every_figure_of_the_row():
    figures = {
        field.name
        for field in TownshipProgress._meta.fields
        if field.get_internal_type() == "PositiveIntegerField"
    }
    assert set(rollups.COLUMNS) == figures


def test_secretary_with_a_committee_seat_is_one_person(world):
    election = world.elections["东乡镇201村"]
    leader, newcomer = add_member(election, "王甲子"), add_member(election, "李乙丑", Sex.FEMALE)
    first = add_round(election, world.users.east)
    elect(election, leader, first, ElectedPostKind.MEMBER, reelected=True)
    elect(election, leader, first, ElectedPostKind.SECRETARY, reelected=False)
    elect(election, newcomer, first, ElectedPostKind.MEMBER, reelected=False)
    refresh(world)
    row = row_of(world, world.east)
    assert (row.committee_members, row.committee_women) == (2, 1)
    assert (row.committee_new, row.committee_reelected) == (1, 1)
    assert (row.secretaries, row.secretary_new, row.secretary_reelected) == (1, 1, 0)


def test_second_round_is_not_a_first_ballot_success(world):
    once, twice = world.elections["东乡镇201村"], world.elections["东乡镇202村"]
    for election in (once, twice):
        settle_up_to(election, Stage.SECRETARY_BALLOT, on=DAY)
        add_round(election, world.users.east)
    add_round(twice, world.users.east, number=2)
    refresh(world)
    row = row_of(world, world.east)
    assert (row.ballots_decided, row.first_ballot_success) == (2, 1)


def test_prepared_nominee_is_formal_once_the_notice_is_settled(world):
    election = world.elections["东乡镇201村"]
    nominate(election, add_member(election, "王甲子"), CandidacyStatus.PREPARED)
    settle_up_to(election, Stage.NOTICE, on=DAY)
    refresh(world)
    row = row_of(world, world.east)
    assert (row.nominees_prepared, row.candidates_formal) == (1, 0)
    settle_up_to(election, Stage.COMMITTEE_BALLOT, on=DAY)
    refresh(world)
    row = row_of(world, world.east)
    assert (row.nominees_prepared, row.candidates_formal) == (1, 1)


@pytest.mark.parametrize("seed", range(4))
def test_rollup_equals_recount_after_random_records(world, seed):
    chance = random.Random(seed)
    user = world.users.east
    for number, election in enumerate(world.elections.values()):
        if chance.random() < 0.3:
            finish(election, on=DAY)
        else:
            settle_up_to(election, chance.choice(list(STAGES)), on=DAY)
        people = [
            add_member(election, f"员{number}{n}", chance.choice(list(Sex))) for n in range(6)
        ]
        for member in people[: chance.randint(0, 6)]:
            nominate(election, member, chance.choice(STANDINGS))
        ballot = add_round(election, user)
        if chance.random() < 0.5:
            add_round(election, user, number=2)
        for place, member in enumerate(people[: chance.randint(0, 5)]):
            again = chance.random() < 0.5
            elect(election, member, ballot, ElectedPostKind.MEMBER, reelected=again)
            if place == 0:
                elect(election, member, ballot, ElectedPostKind.SECRETARY, reelected=again)
        if chance.random() < 0.7:
            RiskGrade.objects.create(
                election=election,
                grade=chance.choice(list(Grade)),
                graded_on=DAY,
                leader="张丙寅",
                work_group="工作组",
                plan="一村一策",
            )
    refresh(world)
    for township in (world.east, world.west):
        assert stored(row_of(world, township)) == recount(township)
        scope = scope_of_area(world.campaign, as_of=NOON.date(), area=township)
        reported = figures(scope)
        for key in IN_THE_CLOSING_REPORT:
            assert reported[key] == getattr(row_of(world, township), key), key
    assert list(invariants.broken_rows()) == []


def give_all_evidence(election, user):
    for code, spec in STAGES.items():
        for need in spec.evidence:
            Evidence.objects.create(
                election=election,
                stage=code,
                attempt=1,
                requirement=need.code,
                file=f"evidence/{need.code}",
                name=f"{need.label}.pdf",
                content_type="application/pdf",
                size=1,
                sha256="0" * 64,
                uploaded_by=user,
                uploaded_at=NOON,
            )


def take_a_step(chance, world, election) -> None:
    """One service that may be used now on this village: submit, confirm or return a stage."""
    coordinator = world.users.east if election.township == world.east else world.users.west
    records = StageRecord.objects.filter(election=election, is_current=True)
    live = list(records.filter(status__in=[StageStatus.OPEN, StageStatus.SUBMITTED]))
    if not live:
        return
    record = chance.choice(live)
    common = {"election": election, "stage": Stage(record.stage), "at": NOON}
    if record.status == StageStatus.OPEN:
        stage_services.submit_stage(**common, by=coordinator, on=DAY)
    elif chance.random() < 0.6:
        stage_services.confirm_stage(**common, by=world.users.staff)
    else:
        stage_services.return_stage(**common, by=world.users.staff, reason="材料不全")


@pytest.mark.parametrize("seed", range(3))
def test_rollup_equals_recount_after_random_services(world, settings, seed):
    settings.STAGE_GATES = {}
    chance = random.Random(seed)
    elections = list(world.elections.values())
    for number, election in enumerate(elections):
        give_all_evidence(election, world.users.east)
        VillageElection.objects.filter(pk=election.pk).update(committee_seats=3 * (number % 2))
    for step in range(90):
        take_a_step(chance, world, chance.choice(elections))
        if step % 15 == 14:
            for township in (world.east, world.west):
                assert stored(row_of(world, township)) == recount(township)
            assert list(invariants.broken_rows()) == []
    assert sum(row_of(world, t).settled_survey for t in (world.east, world.west)) == 5


def test_refresh_uses_two_statements_whatever_the_number_of_townships(
    world, django_assert_num_queries
):
    with transaction.atomic(), django_assert_num_queries(2):
        rollups.refresh_townships(
            campaign_id=world.campaign.pk, township_ids=[world.east.pk], at=NOON
        )
    with transaction.atomic(), django_assert_num_queries(2):
        rollups.refresh_townships(
            campaign_id=world.campaign.pk, township_ids=[world.east.pk, world.west.pk], at=NOON
        )


def test_check_invariants_passes_on_sound_data(world, capsys):
    call_command("check_invariants")
    assert "核对一致" in capsys.readouterr().out


def test_check_invariants_names_a_drifted_rollup(world):
    TownshipProgress.objects.filter(township=world.east).update(completed=2)
    with pytest.raises(CommandError, match="东乡镇：completed 存 2 实 0"):
        call_command("check_invariants")


def test_check_invariants_names_a_missing_rollup(world):
    TownshipProgress.objects.filter(township=world.west).delete()
    with pytest.raises(CommandError, match="缺少进度汇总行"):
        call_command("check_invariants")


@pytest.mark.parametrize(
    "wrong",
    [{"stage": Stage.REVIEW}, {"done_count": 3}, {"due_on": DAY}, {"completed_on": DAY}],
)
def test_check_invariants_names_a_village_that_differs_from_its_records(world, wrong):
    election = world.elections["西乡镇201村"]
    VillageElection.objects.filter(pk=election.pk).update(**wrong)
    broken = list(invariants.broken_elections())
    assert len(broken) == 1
    assert "西乡镇201村" in broken[0]


@pytest.mark.parametrize("is_pooled", [False, True])
def test_one_township_is_recomputed_alike_with_and_without_a_plan_kept(
    world, monkeypatch, is_pooled
):
    """Behind a pooler nothing may be prepared: the statement for several townships does it."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled)
    refresh(world)
    for number, election in enumerate(world.elections.values()):
        settle_up_to(election, list(Stage)[number + 1], on=DAY)
        with transaction.atomic():
            rollups.refresh_townships(
                campaign_id=world.campaign.pk, township_ids={election.township_id}, at=NOON
            )
        assert rollups.wrong_townships(world.campaign) == {}
    assert row_of(world, world.east).settled_survey == 3
