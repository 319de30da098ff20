"""What the county let go on stays in sight: dashboard, list, village, checkup, closing report."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from elections.enums import NoticeKind, Stage, StageStatus
from elections.models import Notice, StageOverride, StageRecord, VillageElection
from reporting import narrative
from reporting.indicators.registry import INDICATORS, figures
from reporting.rollups import refresh_townships
from reporting.selectors.checkup import checkup
from reporting.selectors.scope import scope_of_area

from .conftest import NOON, settle_up_to

DAY = date(2026, 9, 20)
PHOTO = {"code": "evidence_meeting_photo", "message": "缺少佐证材料：动员会照片。"}


def override(world, name: str, stage=Stage.MOBILISATION, lifted=PHOTO, **more) -> StageOverride:
    facts = {
        "attempt": 1,
        "reason": f"示例：{name}的理由",
        "document_number": f"{name}1号",
        "by": world.users.staff,
        "by_name": "示例组织员",
        "at": NOON,
    }
    election = world.elections[name]
    return StageOverride.objects.create(
        election=election, stage=stage, lifted=[lifted], **facts | more
    )


def withdrawn(world, at=NOON) -> dict:
    return {
        "withdrawn_at": at,
        "withdrawn_by": world.users.staff,
        "withdrawal_reason": "示例：已补齐",
    }


@pytest.fixture
def lifted(world):
    """One in the east, in force; one in the west, in force; one in the west, withdrawn."""
    override(world, "东乡镇201村")
    override(world, "西乡镇201村", Stage.SURVEY)
    override(world, "西乡镇202村", **withdrawn(world))
    return world


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("staff", {"东乡镇201村", "西乡镇201村"}),
        ("leader", {"东乡镇201村", "西乡镇201村"}),
        ("east", {"东乡镇201村"}),
        ("west", {"西乡镇201村"}),
    ],
)
def test_dashboard_shows_what_is_in_force_in_the_own_area(client, lifted, who, seen):
    client.force_login(getattr(lifted.users, who))

    response = client.get(reverse("dashboard", kwargs={"pk": lifted.campaign.pk}))

    board = response.context["board"]
    assert {o.village for o in board.overrides} == seen
    assert board.overrides_total == len(seen)
    html = response.content.decode()
    assert f"全部{len(seen)}件" in html
    assert reverse("override_list", kwargs={"pk": lifted.campaign.pk}) in html
    assert ("西乡镇201村的理由" in html) == ("西乡镇201村" in seen)


@pytest.mark.parametrize(
    ("who", "query", "names"),
    [
        ("staff", {}, ["西乡镇202村", "西乡镇201村", "东乡镇201村"]),
        ("leader", {"state": "in_force"}, ["西乡镇201村", "东乡镇201村"]),
        ("staff", {"state": "withdrawn"}, ["西乡镇202村"]),
        ("staff", {"stage": "survey"}, ["西乡镇201村"]),
        ("staff", {"township": "east"}, ["东乡镇201村"]),
        ("east", {}, ["东乡镇201村"]),
        ("east", {"stage": "survey"}, []),
    ],
)
def test_list_is_narrowed_and_keeps_to_the_own_area(client, lifted, who, query, names):
    if "township" in query:
        query = {"township": lifted.east.pk}
    client.force_login(getattr(lifted.users, who))

    response = client.get(reverse("override_list", kwargs={"pk": lifted.campaign.pk}), query)

    assert [o.election.village.name for o in response.context["page"]] == names
    html = response.content.decode()
    assert [name for name in lifted.elections if f"{name}1号" in html] == sorted(
        names, key=list(lifted.elections).index
    )


def test_list_takes_the_same_statements_for_one_and_many(
    client, world, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(world.users.staff)
    url = reverse("override_list", kwargs={"pk": world.campaign.pk})
    override(world, "东乡镇201村")
    client.get(url)
    with django_assert_max_num_queries(9) as few:
        client.get(url)
    for name in world.elections:
        override(world, name, **withdrawn(world))

    with django_assert_num_queries(len(few)):
        client.get(url)


# --- the closing report -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        (NOON.date() - timedelta(days=1), 0),
        (NOON.date(), 3),
        (NOON.date() + timedelta(days=1), 2),
    ],
)
def test_figure_counts_what_was_in_force_on_the_day(world, as_of, count):
    override(world, "东乡镇201村")
    override(world, "西乡镇201村")
    override(world, "西乡镇202村", **withdrawn(world, NOON + timedelta(days=1)))

    scope = scope_of_area(world.campaign, as_of=as_of)

    assert INDICATORS["overrides"].value(scope) == count


def test_figure_opens_its_rows_and_stands_in_the_text(client, lifted):
    client.force_login(lifted.users.leader)
    url = reverse("indicator_rows", kwargs={"pk": lifted.campaign.pk, "key": "overrides"})

    response = client.get(url)

    assert response.context["page"].paginator.count == 2
    html = response.content.decode()
    assert "东乡镇201村1号" in html
    assert PHOTO["message"] in html
    values = figures(scope_of_area(lifted.campaign, as_of=timezone.localdate()))
    text = " ".join(p.text for p in narrative.report("示例换届", "示例县", values))
    assert "因特殊情况经县级特批放行2件，逐件有批准文号和理由" in text
    assert "特批" not in " ".join(
        p.text for p in narrative.report("示例换届", "示例县", values | {"overrides": 0})
    )


# --- 程序体检 -----------------------------------------------------------------------------------------


@pytest.fixture
def short(world):
    """A village whose notice was two days long, its election set to the ballot; files of no stage are there."""
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.COMMITTEE_BALLOT, on=DAY)
    Notice.objects.create(
        election=election,
        kind=NoticeKind.CANDIDATES,
        starts_on=DAY,
        ends_on=DAY + timedelta(days=1),
        place="示例",
    )
    StageRecord.objects.filter(election=election).exclude(
        stage__in=(Stage.NOTICE, Stage.MOBILISATION)
    ).update(status=StageStatus.WAITING, actual_on=None)
    return election


def found(election) -> dict[str, bool]:
    """code of each finding at the two stages → whether the county allowed it."""
    findings = checkup(VillageElection.objects.filter(pk=election.pk))
    return {f.problem.code: f.override is not None for f in findings if f.problem.code != "order"}


def test_checkup_says_what_the_county_allowed(world, short, client, capsys):
    missing = "evidence_meeting_photo"
    broken = {missing, "evidence_notice_photo", "notice_days"}
    assert found(short) == dict.fromkeys(broken, False)

    override(world, "东乡镇201村")
    override(world, "东乡镇201村", Stage.NOTICE, {"code": "notice_days", "message": "示例"})

    assert found(short) == {missing: True, "notice_days": True, "evidence_notice_photo": False}
    client.force_login(world.users.leader)
    html = client.get(reverse("checkup", kwargs={"pk": world.campaign.pk})).content.decode()
    assert "另有2处由县级特批" in html
    assert html.count("已特批1处") == 2
    assert "东乡镇201村1号：示例：东乡镇201村的理由" in html


def test_checkup_heeds_no_override_of_another_stage_attempt_or_one_withdrawn(world, short):
    override(world, "东乡镇201村", Stage.PETITION)
    override(world, "东乡镇201村", attempt=2)
    override(world, "东乡镇201村", **withdrawn(world))
    override(world, "东乡镇202村")

    assert not any(found(short).values())


def test_command_names_what_is_allowed_without_failing(world, capsys):
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.RECTIFICATION, on=DAY)
    refresh_townships(campaign_id=world.campaign.pk, township_ids={world.east.pk}, at=NOON)
    survey = {"code": "evidence_survey_report", "message": "示例"}
    override(world, "东乡镇201村", Stage.SURVEY, survey)

    call_command("check_invariants")

    said = capsys.readouterr().out
    assert "（已特批：东乡镇201村1号）" in said
    assert "已特批1处。" in said
