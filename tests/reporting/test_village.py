"""村档案: every tab, its visibility and its fixed number of statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.enums import CandidacyStatus, ElectedPostKind
from elections.enums import DocumentKind, MeetingKind, NoticeKind, Stage, StageEvent, StageStatus
from elections.models import (
    Evidence,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    StageChange,
    StageRecord,
)
from reporting.enums import CellState
from reporting.selectors import village
from villages.enums import Sex

from .conftest import NOON, finish, settle_up_to
from .test_rollups import add_member, add_round, elect, nominate

DAY = date(2026, 9, 20)
TABS = ("stages", "people", "meetings", "materials", "papers", "ledgers", "history")


def path(election, tab=""):
    return reverse("election_detail", kwargs={"pk": election.pk}) + (f"?tab={tab}" if tab else "")


def furnish(world, election, count: int) -> None:
    """`count` people, files, papers and so on in one election."""
    user = world.users.east
    for number in range(count):
        member = add_member(election, f"人选{number}", Sex.FEMALE if number % 2 else Sex.MALE)
        nominate(election, member, CandidacyStatus.PREPARED)
        ballot = add_round(election, user, number=number + 1)
        elect(election, member, ballot, ElectedPostKind.MEMBER, reelected=bool(number % 2))
        Evidence.objects.create(
            election=election,
            stage=Stage.SURVEY,
            attempt=1,
            requirement="survey_report",
            file=f"evidence/{number}",
            name=f"调研报告{number}.pdf",
            content_type="application/pdf",
            size=2048,
            sha256="0" * 64,
            uploaded_by=user,
            uploaded_at=NOON,
        )
        record = StageRecord.objects.get(election=election, stage=Stage.SURVEY)
        StageChange.objects.create(
            record=record,
            event=StageEvent.SUBMITTED,
            from_status=StageStatus.OPEN,
            to_status=StageStatus.DONE,
            by=user,
            by_name="东甲",
            by_post="东乡镇 乡镇联络员",
            at=NOON,
        )
    for kind in list(DocumentKind)[: count + 1]:
        OfficialDocument.objects.create(
            election=election,
            stage=Stage.PETITION,
            kind=kind,
            number=f"示例〔2026〕{kind.label}1号",
            issued_on=DAY,
        )
    for kind in list(NoticeKind)[:count]:
        Notice.objects.create(
            election=election, kind=kind, starts_on=DAY, ends_on=DAY, place="村务公开栏"
        )
    for kind in list(MeetingKind)[:count]:
        Meeting.objects.create(election=election, kind=kind, held_on=DAY, present=8)


def test_head_states_members_and_seats(world, client):
    election = world.elections["东乡镇201村"]
    add_member(election, "王甲子")
    other = add_member(election, "李乙丑")
    other.status = "probationary"
    other.save()
    election.committee_seats, election.deputy_seats = 5, 1
    election.save()
    client.force_login(world.users.east)
    heading = client.get(path(election)).context["heading"]
    assert heading.members_words == "正式党员1、预备党员1"
    assert heading.seats == "委员5名（含书记1名、副书记1名）"


@pytest.mark.parametrize(
    ("committee", "deputies", "words"),
    [
        (None, 0, "待请示核定"),
        (0, 0, "不设委员会，书记1名"),
        (0, 1, "不设委员会，书记1名、副书记1名"),
        (3, 0, "委员3名（含书记1名）"),
    ],
)
def test_seats_in_words(world, committee, deputies, words):
    election = world.elections["东乡镇201村"]
    election.committee_seats, election.deputy_seats = committee, deputies
    assert village.seats_in_words(election) == words


def test_timeline_has_seventeen_stages_in_six_phases(world):
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.ROSTER, on=DAY)
    phases = village.timeline(election, at=NOON)
    items = [item for phase in phases for item in phase.items]
    assert [item.spec.number for item in items] == list(range(1, 18))
    assert len(phases) == 6
    assert [item.spec.code for item in village.live_items(phases)] == [Stage.ROSTER]
    assert items[4].state == CellState.OVERDUE
    assert items[4].view.sentence.startswith("等东乡镇联络员")


def test_returned_stage_says_why(world, client):
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.PETITION, on=DAY)
    first = StageRecord.objects.filter(election=election, stage=Stage.PETITION)
    first.update(is_current=False, status=StageStatus.RETURNED, return_reason="职数有误")
    StageRecord.objects.create(
        election=election,
        stage=Stage.PETITION,
        attempt=2,
        planned_on=DAY,
        status=StageStatus.OPEN,
    )
    client.force_login(world.users.east)
    page = client.get(path(election))
    assert page.context["live"][0].returned_because == "职数有误"
    assert "上次提交已被退回：职数有误" in page.content.decode()


def test_people_join_candidacy_and_posts_the_elected_first(world):
    election = world.elections["东乡镇201村"]
    ballot = add_round(election, world.users.east)
    loser, winner = add_member(election, "王甲子"), add_member(election, "李乙丑")
    nominate(election, loser)
    nominate(election, winner, CandidacyStatus.PREPARED)
    elect(election, winner, ballot, ElectedPostKind.MEMBER, reelected=True)
    people = village.people(world.users.east, election, today=DAY)
    assert [(p.member.name, p.posts, p.age) for p in people] == [
        ("李乙丑", ("委员（连任）",), 46),
        ("王甲子", (), 46),
    ]
    assert village.people(world.users.west, election, today=DAY) == []


@pytest.mark.parametrize(
    ("born", "age"), [(date(1980, 9, 20), 46), (date(1980, 9, 21), 45), (date(1980, 10, 1), 45)]
)
def test_age_counts_full_years(born, age):
    assert village.age_on(born, DAY) == age


def test_tabs_show_what_was_recorded(world, client):
    election = world.elections["东乡镇201村"]
    furnish(world, election, 1)
    Roll.objects.create(
        election=election,
        published_on=DAY,
        voters=10,
        excluded=1,
        due=9,
        representatives=20,
        representatives_published_on=DAY,
        frozen_by=world.users.east,
        frozen_at=NOON,
    )
    client.force_login(world.users.east)
    expected = {
        "stages": "十七个环节",
        "people": "人选0",
        "meetings": "应到会9名",
        "materials": "调研报告0.pdf",
        "papers": "示例〔2026〕请示1号",
        "history": "东乡镇 乡镇联络员",
    }
    for tab, text in expected.items():
        page = client.get(path(election, tab))
        assert page.status_code == 200
        assert text in page.content.decode()


def test_unknown_tab_shows_the_stages(world, client):
    client.force_login(world.users.east)
    assert client.get(path(world.elections["东乡镇201村"], "nonsense")).context["tab"] == "stages"


def test_completed_village_says_when(world, client):
    election = world.elections["东乡镇201村"]
    finish(election, on=DAY)
    client.force_login(world.users.leader)
    page = client.get(path(election)).content.decode()
    assert "2026年9月20日" in page
    assert "逾期" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("staff", 200),
        ("leader", 200),
        ("east", 200),
        ("west", 404),
        ("vetting", 404),
        ("discipline", 404),
        ("system", 404),
        ("nobody", 404),
    ],
)
def test_village_opens_inside_the_own_area_only(world, client, who, status):
    client.force_login(getattr(world.users, who))
    for tab in TABS:
        assert client.get(path(world.elections["东乡镇201村"], tab)).status_code == status


@pytest.mark.parametrize("tab", TABS)
def test_tab_needs_the_same_statements_with_1_and_4_rows(world, client, tab):
    few, many = world.elections["东乡镇201村"], world.elections["东乡镇202村"]
    furnish(world, few, 1)
    furnish(world, many, 4)
    client.force_login(world.users.staff)
    client.get("/todo/")
    counts = []
    for election in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(election, tab)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
