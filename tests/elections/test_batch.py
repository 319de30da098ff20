"""批量登记: many villages on one page, each row by itself."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from elections.enums import Stage, StageStatus
from elections.forms.batch import parse_day
from elections.models import OfficialDocument, StageRecord, VillageElection
from elections.stages import BATCH_STAGES
from elections.views.batch import PAGES
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory, VillageFactory

from .pages import campaign_around_today


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-3-5", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        (" 2026 年 3 月 5 日 ", date(2026, 3, 5)),
        ("3月5日", date(2026, 3, 5)),
        ("3/5", date(2026, 3, 5)),
        ("12月31日", date(2025, 12, 31)),  # not nine months ahead
        ("2026-2-30", None),
        ("2月30日", None),
        ("星期三", None),
        ("20260305", None),
        ("", None),
    ],
)
def test_parse_day(text, day):
    assert parse_day(text, today=date(2026, 3, 20)) == day


def test_every_stage_of_the_table_has_its_page():
    assert set(PAGES) == set(BATCH_STAGES)


@pytest.fixture
def grid(place, users, today):
    """Three villages of the own township and one of the other, all at the petition."""
    villages = [
        place.village,
        *(VillageFactory(township=place.own, name=f"东{n}村") for n in "二三"),
    ]
    for village in villages[1:]:
        PartyMemberFactory.create_batch(8, village=village)
    campaign = campaign_around_today(place, users)
    start = campaign.starts_on
    elections = {
        e.village.name: at_stage(e, Stage.PETITION, on=start)
        for e in VillageElection.objects.filter(campaign=campaign).select_related("village")
    }
    return campaign, elections


@pytest.fixture
def client(users):
    client = Client()
    client.force_login(users.coordinator)
    return client


def url(campaign, stage=Stage.PETITION) -> str:
    return reverse("batch_entry", args=[campaign.pk, stage.value])


def cells(election, on, **change) -> dict:
    values = {
        "request_number": "示请〔2026〕1号",
        "request_on": f"{on:%Y}/{on.month}/{on.day}",
        "reply_number": "示批〔2026〕1号",
        "reply_on": f"{on.month}月{on.day}日",
        "committee_seats": 3,
        "deputy_seats": 0,
        "organisation_kind": "branch",
        "term_ends_on": f"{on:%Y-%m-%d}",
        "shift_approval": "示例〔2026〕9号",
        "county_approval": "",
    } | change
    return {f"v{election.pk}-{name}": value for name, value in values.items()}


def blank(election) -> dict:
    return cells(election, date(2026, 1, 1)) | {
        f"v{election.pk}-{name}": ""
        for name in (
            "request_number",
            "request_on",
            "reply_number",
            "reply_on",
            "committee_seats",
            "term_ends_on",
            "shift_approval",
        )
    }


def test_rows_are_accepted_and_refused_by_themselves(grid, client):
    campaign, elections = grid
    one, two, three = (elections[name] for name in ("东一村", "东二村", "东三村"))
    on = campaign.starts_on + timedelta(days=1)

    answer = client.post(
        url(campaign), cells(one, on) | cells(two, on, committee_seats=9) | blank(three)
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "已登记1个村；1个村未能登记" in html
    assert "委员会职数为9，应在3至7名之间" in html
    assert 'value="9"' in html, "what was typed stays"
    saved = VillageElection.objects.get(pk=one.pk)
    assert (saved.committee_seats, saved.documents.count()) == (3, 2)
    assert saved.documents.get(kind="reply").issued_on == on
    assert VillageElection.objects.get(pk=two.pk).committee_seats is None
    assert not OfficialDocument.objects.filter(election__in=(two, three)).exists()
    assert AuditEntry.objects.filter(action="petition.saved").count() == 1


def test_unreadable_date_names_its_field(grid, client):
    campaign, elections = grid
    on = campaign.starts_on

    answer = client.post(url(campaign), cells(elections["东一村"], on, reply_on="上周三"))

    assert "批复日期：日期请写成 2026-3-5 或 3月5日。" in answer.content.decode()
    assert 'value="上周三"' in answer.content.decode()


def test_unchanged_rows_are_not_written_again(grid, client):
    campaign, elections = grid
    sent = cells(elections["东一村"], campaign.starts_on)
    assert client.post(url(campaign), sent).status_code == 302

    client.post(url(campaign), sent)

    assert AuditEntry.objects.filter(action="petition.saved").count() == 1


def test_submitting_with_the_row_says_what_is_missing(grid, client):
    campaign, elections = grid
    one = elections["东一村"]
    ticked = {f"v{one.pk}-submit": "1"}

    answer = client.post(url(campaign), cells(one, campaign.starts_on) | ticked)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "缺少佐证材料：换届选举请示" in html
    assert "已保存，未提交" in html
    assert VillageElection.objects.get(pk=one.pk).committee_seats == 3
    record = StageRecord.objects.get(election=one, stage=Stage.PETITION, is_current=True)
    assert record.status == StageStatus.OPEN


def test_row_is_submitted_when_nothing_is_missing(grid, client, users):
    campaign, elections = grid
    one = at_stage(elections["东一村"], Stage.MOBILISATION, on=campaign.starts_on)
    add_evidence(one, users)
    values = {}
    for kind in ("mobilisation", "training", "discipline"):
        values |= {f"{kind}_on": f"{campaign.starts_on:%Y-%m-%d}", f"{kind}_present": 20}
    sent = {f"v{one.pk}-{name}": value for name, value in values.items()}

    answer = client.post(url(campaign, Stage.MOBILISATION), sent | {f"v{one.pk}-submit": "1"})

    assert answer.status_code == 302
    record = StageRecord.objects.get(election=one, stage=Stage.MOBILISATION)
    assert record.status == StageStatus.DONE


def add_evidence(election, users) -> None:
    election.evidence.create(
        stage=Stage.MOBILISATION,
        attempt=1,
        requirement="meeting_photo",
        file="x",
        name="照片.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="",
        uploaded_by=users.coordinator,
        uploaded_at=election.opened_at,
    )


def test_another_townships_village_is_neither_shown_nor_written(grid, client):
    campaign, elections = grid
    foreign = elections["西一村"]

    assert "西一村" not in client.get(url(campaign)).content.decode()
    client.post(url(campaign), cells(foreign, campaign.starts_on))

    assert VillageElection.objects.get(pk=foreign.pk).committee_seats is None


def test_village_in_another_stage_is_listed_with_its_reason_and_not_written(grid, client):
    campaign, elections = grid
    early = at_stage(elections["东二村"], Stage.SURVEY)

    html = client.get(url(campaign)).content.decode()
    client.post(url(campaign), cells(early, campaign.starts_on))

    assert "其余1个村（社区）" in html
    assert "须先办结“集中整顿、离任审计”" in html
    assert VillageElection.objects.get(pk=early.pk).committee_seats is None


@pytest.mark.parametrize("who", ["org_staff", "leader", "vetting", "discipline", "nobody"])
def test_others_have_no_grid(grid, users, who):
    campaign, _ = grid
    client = Client()
    client.force_login(getattr(users, who))

    assert client.get(url(campaign)).status_code in (403, 404)


@pytest.mark.parametrize("stage", ["survey", "committee_ballot", "nothing"])
def test_stage_with_lists_of_people_has_no_grid(grid, client, stage):
    campaign, _ = grid

    assert client.get(reverse("batch_entry", args=[campaign.pk, stage])).status_code == 404


def test_page_needs_few_statements_per_village(grid, client, place, django_assert_max_num_queries):
    campaign, _ = grid
    client.get(url(campaign))

    with django_assert_max_num_queries(20 + 3 * 2):
        client.get(url(campaign))


def test_saved_and_submitted_row_recomputes_the_figures_once(grid, client, users):
    """And costs a fixed number of statements, whatever the number of rows."""
    campaign, elections = grid
    own = [elections[name] for name in ("东一村", "东二村", "东三村")]
    day = f"{campaign.starts_on:%Y-%m-%d}"
    own = [at_stage(election, Stage.MOBILISATION, on=campaign.starts_on) for election in own]
    for election in own:
        add_evidence(election, users)
    kinds = ("mobilisation", "training", "discipline")
    row = {f"{kind}_on": day for kind in kinds} | {f"{kind}_present": 20 for kind in kinds}
    client.get(url(campaign, Stage.MOBILISATION))

    def statements(*villages) -> list[str]:
        sent = {f"v{v.pk}-{name}": value for v in villages for name, value in row.items()}
        sent |= {f"v{v.pk}-submit": "1" for v in villages}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url(campaign, Stage.MOBILISATION), sent).status_code == 302
        return [query["sql"] for query in captured.captured_queries]

    one, two = statements(own[0]), statements(*own[1:])

    assert sum("refresh_township" in sql for sql in one) == 1
    assert sum("refresh_township" in sql for sql in two) == 2
    assert len(two) - len(one) <= 45


def test_tasks_of_several_villages_lead_to_the_grid(grid, client):
    campaign, _ = grid

    assert url(campaign) in client.get(reverse("todo")).content.decode()
