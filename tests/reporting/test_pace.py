"""办理用时: working days from the opening of a stage to its settling, who waits for whom, and who may know."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from candidates.enums import AskState
from candidates.models import (
    Candidacy,
    ReviewAsk,
    ReviewBatch,
    ReviewOpinion,
    ReviewTask,
    VettingDepartment,
)
from elections.enums import Stage, StageEvent, StageStatus
from elections.models import StageChange, StageRecord
from reporting.selectors import pace as selectors
from reporting.selectors import progress
from villages.scoping import postings_of

from .conftest import NOON, SHANGHAI, make_user, restore
from .test_rollups import add_member

TODAY = NOON.date()


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)


def opened(record: StageRecord, day: date, *, by) -> None:
    StageChange.objects.create(
        record=record,
        event=StageEvent.OPENED,
        from_status=StageStatus.WAITING,
        to_status=StageStatus.OPEN,
        by=by,
        by_name=by.name,
        at=moment(day),
    )


def through(election, stage: Stage, start: date, end: date | None, *, by) -> StageRecord:
    """A stage opened on one day and settled on another, or still open."""
    record = StageRecord.objects.get(election=election, stage=stage, is_current=True)
    if stage != Stage.SURVEY:  # that one was opened with the campaign
        opened(record, start, by=by)
    if end:
        record.status, record.actual_on = StageStatus.DONE, end
        record.settled_at, record.settled_by = moment(end), by
    else:
        record.status = StageStatus.OPEN
    record.save()
    restore(election)
    return record


@pytest.fixture
def timed(world):
    """The survey took three, four and eleven working days; one village waits at the second stage, one at the first."""
    by, villages = world.users.staff, world.elections
    # 1 September 2026 is a Tuesday; 25 to 27 September are the Mid-Autumn holiday, 1 to 7 October the National Day's.
    through(villages["东乡镇201村"], Stage.SURVEY, date(2026, 9, 1), date(2026, 9, 4), by=by)
    through(villages["东乡镇202村"], Stage.SURVEY, date(2026, 9, 1), date(2026, 9, 7), by=by)
    through(villages["西乡镇201村"], Stage.SURVEY, date(2026, 9, 1), date(2026, 9, 16), by=by)
    through(villages["东乡镇201村"], Stage.RECTIFICATION, date(2026, 9, 4), None, by=by)
    return world


def found(world, user, *, today=TODAY, townships=None):
    rows = townships or progress.townships(user, world.campaign)
    return selectors.pace(user, world.campaign, rows, today=today)


def stage(result, code: Stage):
    return next(line for line in result.stages if line.head.spec.code == code)


def test_stage_took_working_days_from_opening_to_settling(timed):
    survey = stage(found(timed, timed.users.staff), Stage.SURVEY)

    assert (survey.settled, survey.took) == (3, selectors.Waited(3, 4.0, 11))
    assert (survey.standing, survey.at_township, survey.at_county) == (2, 2, 0)


def test_wait_leaves_out_weekends_and_holidays(timed):
    """From Friday 4 September to Thursday 1 October, the first day of the holiday."""
    second = stage(found(timed, timed.users.staff), Stage.RECTIFICATION)

    # Without the holidays it would be 19; 20 September is a Sunday worked in their stead.
    assert second.waits == selectors.Waited(3, second.waits.median, 18)
    assert second.slowest == "东乡镇201村"
    assert second.slowest_id == timed.elections["东乡镇201村"].pk


def test_what_was_returned_goes_on_waiting_from_its_first_opening(timed):
    record = StageRecord.objects.get(
        election=timed.elections["东乡镇201村"], stage=Stage.RECTIFICATION
    )
    record.status, record.is_current, record.return_reason = StageStatus.RETURNED, False, "缺附件"
    record.save()
    again = StageRecord.objects.create(
        election=record.election,
        stage=Stage.RECTIFICATION,
        attempt=2,
        planned_on=record.planned_on,
        status=StageStatus.OPEN,
    )
    opened(again, date(2026, 9, 28), by=timed.users.staff)

    assert stage(found(timed, timed.users.staff), Stage.RECTIFICATION).waits.longest == 18


def test_what_waits_for_the_county_is_told_apart(timed):
    StageRecord.objects.filter(
        election=timed.elections["东乡镇201村"], stage=Stage.RECTIFICATION
    ).update(status=StageStatus.SUBMITTED, submitted_at=NOON, submitted_by=timed.users.east)
    second = stage(found(timed, timed.users.staff), Stage.RECTIFICATION)

    assert (second.standing, second.at_county, second.at_township) == (3, 1, 2)
    assert second.waits_for == "乡镇办理2、县级确认1"


def test_days_before_the_campaign_do_not_count(timed):
    """A campaign made in August for September: the survey stands open since then."""
    StageChange.objects.update(at=moment(date(2026, 8, 3)))

    assert stage(found(timed, timed.users.staff), Stage.SURVEY).took.longest == 11


def test_planned_days_run_from_the_stage_before():
    planned_on = {Stage.SURVEY: date(2026, 9, 4), Stage.RECTIFICATION: date(2026, 9, 9)}

    def days(code):
        return selectors.planned_days(code, planned_on, first=date(2026, 9, 1))

    assert (days(Stage.SURVEY), days(Stage.RECTIFICATION), days(Stage.PETITION)) == (3, 3, None)


def test_ordinals_count_working_days():
    # Thursday to Monday with the weekend between.
    assert selectors.ordinals(date(2026, 9, 3), date(2026, 9, 7)) == [0, 1, 1, 1, 2]


def ask(world, village, name, department, *, asked, due, answered=None) -> ReviewAsk:
    """A department's question about one person, answered on a day or open."""
    election = world.elections[village]
    batch = ReviewBatch.objects.get_or_create(
        campaign=world.campaign,
        number=1,
        defaults={
            "working_days": 5,
            "due_on": due,
            "created_by": world.users.staff,
            "created_name": "示范",
            "created_at": NOON,
        },
    )[0]
    task = ReviewTask.objects.get_or_create(batch=batch, department=department)[0]
    person = Candidacy.objects.filter(election=election, member__name=name).first()
    if person is None:
        rank = Candidacy.objects.filter(election=election).count() + 1
        person = Candidacy.objects.create(
            election=election, member=add_member(election, name), rank=rank
        )
    made = ReviewAsk.objects.create(
        task=task,
        department=department,
        candidacy=person,
        asked_at=moment(asked),
        due_on=due,
        state=AskState.CLEAR if answered else AskState.OPEN,
        version=1 if answered else 0,
    )
    if answered:
        ReviewOpinion.objects.create(
            ask=made,
            version=1,
            answer=AskState.CLEAR,
            by=world.users.vetting,
            by_name="示范",
            at=moment(answered),
        )
    return made


@pytest.fixture
def asked(timed):
    """公安局: three open, two of them late, one answered after two days; 法院: one open, in time."""
    police, court = (
        VettingDepartment.objects.create(campaign=timed.campaign, name=name, questions="示范")
        for name in ("公安局", "法院")
    )
    early, late = date(2026, 9, 21), date(2026, 9, 28)
    ask(timed, "东乡镇201村", "王甲", police, asked=early, due=date(2026, 9, 24))
    ask(timed, "东乡镇201村", "王乙", police, asked=late, due=date(2026, 10, 9))
    ask(timed, "西乡镇201村", "王丙", police, asked=early, due=date(2026, 9, 24))
    ask(timed, "西乡镇202村", "王丁", police, asked=early, due=late, answered=date(2026, 9, 23))
    ask(timed, "东乡镇201村", "王甲", court, asked=late, due=date(2026, 10, 9))
    return timed


def test_departments_are_ranked_by_what_is_late(asked):
    result = found(asked, asked.users.staff)

    assert [(d.name, d.open.count, d.overdue, d.open.longest) for d in result.departments] == [
        ("公安局", 3, 2, 6),
        ("法院", 1, 0, 2),
    ]
    assert result.departments[0].open.median == 6.0
    assert result.departments[0].answered == selectors.Waited(1, 2.0, 2)
    assert result.people == 3


def test_void_questions_do_not_count(asked):
    ReviewAsk.objects.filter(department__name="法院").update(state=AskState.VOID, closed_at=NOON)

    assert [d.name for d in found(asked, asked.users.staff).departments] == ["公安局"]


def test_village_at_the_review_waits_for_departments(asked):
    election = asked.elections["东乡镇201村"]
    StageRecord.objects.filter(election=election).exclude(stage__in=list(Stage)[8:]).update(
        status=StageStatus.DONE, actual_on=TODAY
    )
    through(election, Stage.REVIEW, date(2026, 9, 21), None, by=asked.users.staff)
    review = stage(found(asked, asked.users.staff), Stage.REVIEW)

    assert (review.standing, review.at_departments, review.at_township) == (1, 1, 0)
    assert review.waits_for == "联审单位答复1"


def test_township_knows_how_many_of_its_people_wait_and_not_for_whom(asked, client):
    result = found(asked, asked.users.east)
    assert (result.people, result.departments) == (2, None)
    client.force_login(asked.users.east)

    page = client.get(url(asked)).content.decode()
    assert "现有2名人选在等联审单位答复" in page
    assert "公安局" not in page
    assert "西乡镇" not in page
    client.force_login(asked.users.leader)
    assert "公安局" in client.get(url(asked)).content.decode()


def test_leader_of_a_township_sees_no_departments(asked):
    leader = make_user("镇领导", Role.LEADER, asked.east)

    assert found(asked, leader).departments is None


def test_township_cannot_take_out_the_departments(asked, client):
    address = reverse("export_start", kwargs={"pk": asked.campaign.pk, "what": "pace_departments"})
    client.force_login(asked.users.east)
    assert client.post(address).status_code == 403
    client.force_login(asked.users.staff)
    answer = client.post(address)
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")


def url(world) -> str:
    return reverse("pace", kwargs={"pk": world.campaign.pk})


def test_page_narrows_to_a_township(asked, client):
    client.force_login(asked.users.leader)
    page = client.get(url(asked), {"township": asked.west.pk})

    assert page.context["pace"].people == 1
    assert stage(page.context["pace"], Stage.SURVEY).settled == 1
    assert client.get(url(asked), {"township": 999_999}).status_code == 404
    client.force_login(asked.users.east)
    assert client.get(url(asked), {"township": asked.west.pk}).status_code == 404


def test_every_number_is_the_length_of_its_list(asked, client):
    client.force_login(asked.users.staff)
    villages = reverse("village_list", kwargs={"pk": asked.campaign.pk})
    for line in found(asked, asked.users.staff).stages:
        code = line.head.code
        done = client.get(villages, {"done": code}).context["page"].paginator.count
        query = {"stage": code, "state": "unfinished"}
        standing = client.get(villages, query).context["page"].paginator.count
        assert (done, standing) == (line.settled, line.standing)


def test_page_needs_eight_statements_at_most(asked, django_assert_max_num_queries):
    user = asked.users.staff
    postings_of(user)
    with django_assert_max_num_queries(4):
        found(asked, user)


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("leader", 200), ("east", 200), ("vetting", 403), ("discipline", 403)],
)
def test_page_opens_for_readers_only(world, client, who, status):
    client.force_login(getattr(world.users, who))
    assert client.get(url(world)).status_code == status


def test_plan_that_is_exceeded_is_marked_with_a_sign(timed, client):
    """The survey is planned for 5 days, at the median it took 4; with one slow village more it is past the plan."""
    StageRecord.objects.filter(stage=Stage.SURVEY).update(
        planned_on=timed.campaign.starts_on + timedelta(days=2)
    )
    client.force_login(timed.users.staff)

    assert "（超过计划）" in client.get(url(timed)).content.decode()
