"""简报汇总: the day's bulletins of all counties of a city, from their frozen figures, for those who oversee them."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AuditEntry
from elections.enums import Stage
from elections.services.campaigns import create_campaign
from reporting.models import Bulletin
from reporting.services.bulletins import produce_bulletin
from villages.enums import Level
from villages.models import Jurisdiction

from .conftest import END, SHANGHAI, START, make_user, make_village
from .test_daily import DAY, confirm, moment, settle

AT = moment(DAY, 18)


def add_county(world, number: int, *, city: Jurisdiction | None = None):
    """A further county with a township of two villages and its campaign."""
    opened = {"opened_on": date(2000, 1, 1), "province": world.province}
    city = city or world.city
    code = f"{city.code[:4]}{50 + number}"
    county = Jurisdiction.objects.create(
        code=f"{code}000000",
        name=f"第{number}县",
        level=Level.COUNTY,
        parent=city,
        city=city,
        **opened,
    )
    township = Jurisdiction.objects.create(
        code=f"{code}100000",
        name=f"第{number}县城关镇",
        level=Level.TOWNSHIP,
        parent=county,
        city=city,
        county=county,
        **opened,
    )
    for village in (201, 202):
        make_village(township, village)
    return create_campaign(
        name=f"第{number}县换届",
        area=county,
        starts_on=START,
        ends_on=END,
        by=make_user(f"staff{number}", Role.ORG_STAFF, county),
        at=datetime(2026, 9, 1, 8, 0, tzinfo=SHANGHAI),
    )


@pytest.fixture
def city(world):
    """Three counties of a city, two with a bulletin of the day; a county of the neighbouring city with one, too."""
    world.second, world.third = add_county(world, 2), add_county(world, 3)
    neighbour = Jurisdiction.objects.create(
        code="320800000000",
        name="邻市",
        level=Level.CITY,
        parent=world.province,
        province=world.province,
        opened_on=date(2000, 1, 1),
    )
    world.foreign = add_county(world, 4, city=neighbour)
    world.users.city = make_user("city", Role.LEADER, world.city)
    world.users.province = make_user("province", Role.ORG_STAFF, world.province)
    world.users.neighbour = make_user("neighbour", Role.LEADER, neighbour)
    world.neighbour = neighbour
    first = world.second.elections.first()
    settle(first, Stage.SURVEY, moment(DAY, 9))
    confirm(world, problems="示例问题")
    for campaign in (world.campaign, world.second, world.foreign):
        produce_bulletin(campaign=campaign, day=DAY, at=AT)
    return world


def address(area, **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse("area_bulletins", kwargs={"pk": area.pk}) + (f"?{text}" if text else "")


def test_counties_are_ranked_and_summed_and_the_missing_named(city, client):
    client.force_login(city.users.city)
    answer = client.get(address(city.city, day=DAY))
    sheet = answer.context["sheet"]

    assert [(line.rank, line.name, line.elections, line.reports) for line in sheet.lines] == [
        (1, "第2县", 2, "0/1"),
        (2, "示例县", 5, "1/2"),
    ]
    assert (sheet.total.elections, sheet.summary["total_started"], sheet.total.reports) == (
        7,
        1,
        "1/3",
    )
    assert sheet.absent == ("第3县",)
    assert sheet.unreported == ("第2县第2县城关镇", "示例县西乡镇")
    page = answer.content.decode()
    assert "还没有简报的县（市、区）1个：第3县。" in page
    assert "未上报乡镇2个" in page
    assert "第4县" not in page


def test_newest_version_counts_and_old_figures_stay(city, client):
    client.force_login(city.users.city)
    settle(city.second.elections.last(), Stage.SURVEY, moment(DAY, 10))
    before = client.get(address(city.city, day=DAY)).context["sheet"].summary["total_started"]
    staff = make_user("again", Role.ORG_STAFF, city.second.area)
    produce_bulletin(campaign=city.second, day=DAY, at=moment(DAY, 20), by=staff, again=True)
    sheet = client.get(address(city.city, day=DAY)).context["sheet"]
    assert (before, sheet.summary["total_started"]) == (1, 2)
    assert sheet.lines[0].version.words == "第1期（第2版）"


def test_opens_on_the_last_day_that_has_a_bulletin_and_turns_days(city, client):
    client.force_login(city.users.province)
    answer = client.get(address(city.province))
    assert answer.context["sheet"].day == DAY
    assert {line.name for line in answer.context["sheet"].lines} == {"第2县", "第4县", "示例县"}
    assert answer.context["previous_day"] == DAY - timedelta(days=1)
    empty = client.get(address(city.city, day=DAY - timedelta(days=1)))
    assert "这一天还没有简报" in empty.content.decode()
    assert client.get(address(city.city, day="1999-01-01")).context["sheet"].day == START
    assert client.get(address(city.city, day="gestern")).status_code == 404


def test_closed_campaign_keeps_its_past_days_and_is_not_missed_later(city, client):
    city.second.status = city.third.status = "closed"
    city.second.save()
    city.third.save()
    client.force_login(city.users.city)
    sheet = client.get(address(city.city, day=DAY)).context["sheet"]
    assert ([line.name for line in sheet.lines], sheet.absent) == (["第2县", "示例县"], ())
    later = client.get(address(city.city, day=DAY + timedelta(days=1))).context["sheet"]
    assert later.absent == ("示例县",)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("province", {"province", "city", "neighbour"}),
        ("city", {"city"}),
        ("neighbour", {"neighbour"}),
        ("staff", set()),
        ("leader", set()),
        ("east", set()),
    ],
)
def test_area_outside_ones_own_does_not_exist(city, client, who, seen):
    client.force_login(getattr(city.users, who))
    for name in ("province", "city", "neighbour", "county"):
        area = getattr(city, name)
        expected = 200 if name in seen else 404
        assert client.get(address(area)).status_code == expected, name
        file = reverse(
            "area_bulletin_file", kwargs={"pk": area.pk, "day": str(DAY), "ending": "xlsx"}
        )
        assert client.get(file).status_code == expected, name


def test_files_say_what_the_page_says(city, client):
    client.force_login(city.users.city)

    def file(ending):
        url = reverse(
            "area_bulletin_file", kwargs={"pk": city.city.pk, "day": str(DAY), "ending": ending}
        )
        return io.BytesIO(b"".join(client.get(url).streaming_content))

    document = Document(file("docx"))
    text = "\n".join(p.text for p in document.paragraphs)
    assert text.startswith("换届工作简报汇总\n示例市\n示例市委组织部\t2026年9月20日")
    assert [row.cells[1].text for row in document.tables[0].rows] == [
        "县（市、区）",
        "第2县",
        "示例县",
        "合计",
    ]
    (sheet,) = load_workbook(file("xlsx")).worksheets
    top = int(sheet.freeze_panes[1:])
    assert [cell.value for cell in sheet[top]][:6] == [1, "第2县", "0/1", 2, 1, 1]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=top)}
    assert facts["还没有简报"] == "第3县"
    entries = AuditEntry.objects.filter(action="export.made")
    assert [e.target_text for e in entries] == ["示例市", "示例市"]


def test_link_stands_on_the_overview(city, client):
    client.force_login(city.users.city)
    page = client.get(reverse("overview_area", kwargs={"pk": city.city.pk})).content.decode()
    assert address(city.city) in page


def test_page_needs_few_statements_at_any_number_of_counties(
    city, client, django_assert_num_queries
):
    """Session, user, posts; area, first day, bulletins, campaigns; the shell's campaigns."""
    client.force_login(city.users.city)
    counts = []
    for _ in range(2):
        client.get(address(city.city, day=DAY))
        with django_assert_num_queries(8, exact=False) as queries:
            client.get(address(city.city, day=DAY))
        counts.append(len(queries))
        produce_bulletin(campaign=city.third, day=DAY, at=AT)
        produce_bulletin(campaign=add_county(city, 5 + len(counts)), day=DAY, at=AT)
    assert counts[0] == counts[1]
    assert Bulletin.objects.current().filter(day=DAY).count() == 6
