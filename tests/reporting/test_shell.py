"""The shell: where each role may go, in which campaign, at what cost."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from elections.services.campaigns import create_campaign
from reporting.selectors import shell
from villages.enums import Level
from villages.models import Jurisdiction, Posting

from .conftest import END, NOON, START, make_user


def menu(client, path="/todo/"):
    return [item.label for item in client.get(path).context["shell"]["nav"]]


@pytest.mark.parametrize(
    ("who", "target"),
    [
        ("staff", "dashboard"),
        ("leader", "dashboard"),
        ("east", "todo"),
        ("vetting", "vetting_home"),
        ("discipline", "complaint_list"),
        ("system", "user_list"),
        ("security", "user_list"),
        ("auditor", "audit_list"),
    ],
)
def test_home_leads_to_the_first_page_of_the_role(world, client, who, target):
    client.force_login(getattr(world.users, who))
    kwargs = {"pk": world.campaign.pk} if target == "dashboard" else {}
    assert client.get("/").url == reverse(target, kwargs=kwargs)


def test_home_without_a_posting_says_so(world, client):
    client.force_login(world.users.nobody)
    page = client.get("/")
    assert page.status_code == 200
    assert "暂无可以打开的内容" in page.content.decode()


def test_home_of_staff_without_a_campaign_is_where_one_is_made(db):
    place = Jurisdiction.objects.create(
        code="320724000000", name="示例县", level=Level.COUNTY, opened_on=START
    )
    user = make_user("first", Role.ORG_STAFF, place)
    assert shell.home_of(user, None) == reverse("campaign_list")


def test_home_asks_anonymous_to_sign_in(client, db):
    assert client.get("/").status_code == 302


def test_menu_marks_the_present_page(world, client):
    client.force_login(world.users.staff)
    page = client.get(reverse("campaign_grid", kwargs={"pk": world.campaign.pk}))
    assert [i.label for i in page.context["shell"]["nav"] if i.active] == ["进度一览"]
    election = world.elections["东乡镇201村"]
    page = client.get(reverse("election_detail", kwargs={"pk": election.pk}))
    assert [i.label for i in page.context["shell"]["nav"] if i.active] == ["村（社区）"]


def test_vetting_has_its_own_empty_page(world, client):
    client.force_login(world.users.vetting)
    assert "您的岗位没有写明单位" in client.get(reverse("vetting_home")).content.decode()
    Posting.objects.filter(user=world.users.vetting).update(department="示例局")
    page = client.get(reverse("vetting_home"))
    assert "暂无分派给本部门的联审任务" in page.content.decode()
    assert [i.label for i in page.context["shell"]["nav"]] == ["联审", "待办"]
    client.force_login(world.users.staff)
    assert client.get(reverse("vetting_home")).status_code == 403


def test_shell_names_the_person_and_the_place(world, client):
    client.force_login(world.users.east)
    frame = client.get("/todo/").context["shell"]
    assert (frame["user_name"], frame["place"]) == ("east甲", "东乡镇")
    assert frame["user_title"] == "东乡镇 乡镇联络员"
    assert frame["todo_count"] == 4


@pytest.fixture
def newer(world):
    return create_campaign(
        name="示例县2026年补选",
        area=world.east,
        starts_on=START.replace(day=20),
        ends_on=END,
        by=world.users.staff,
        at=NOON,
    )


def test_newest_campaign_is_the_first_choice(world, newer, client):
    client.force_login(world.users.staff)
    assert client.get("/todo/").context["shell"]["campaign"] == newer


def test_chosen_campaign_is_kept(world, newer, client):
    client.force_login(world.users.staff)
    client.post(reverse("campaign_choose"), {"campaign": world.campaign.pk})
    assert client.get("/todo/").context["shell"]["campaign"] == world.campaign


def test_campaign_of_the_address_wins_over_the_choice(world, newer, client):
    client.force_login(world.users.staff)
    page = client.get(reverse("dashboard", kwargs={"pk": world.campaign.pk}))
    assert page.context["shell"]["campaign"] == world.campaign
    election = world.elections["西乡镇201村"]
    for name in ("election_detail", "stage_survey"):
        page = client.get(reverse(name, kwargs={"pk": election.pk}))
        assert page.context["shell"]["campaign"] == world.campaign


@pytest.mark.parametrize("wanted", ["", "abc", "999999"])
def test_unknown_campaign_cannot_be_chosen(world, client, wanted):
    client.force_login(world.users.staff)
    assert client.post(reverse("campaign_choose"), {"campaign": wanted}).status_code == 404


def test_campaign_out_of_sight_cannot_be_chosen(world, newer, client):
    client.force_login(world.users.west)
    assert client.post(reverse("campaign_choose"), {"campaign": newer.pk}).status_code == 404
    page = client.get(reverse("dashboard", kwargs={"pk": newer.pk}))
    assert page.status_code == 404


def test_every_role_has_a_menu():
    assert set(shell.MENUS) == set(Role)


def test_choice_holds_the_newest_campaigns_and_that_of_the_page(world, client, monkeypatch):
    for year in (2027, 2028):
        create_campaign(
            name=f"示例县{year}年换届",
            area=world.county,
            starts_on=START.replace(year=year),
            ends_on=END.replace(year=year),
            by=world.users.staff,
            at=NOON,
        )
    monkeypatch.setattr("elections.selectors.MOST_CAMPAIGNS", 2)
    client.force_login(world.users.leader)

    old = client.get(reverse("campaign_grid", kwargs={"pk": world.campaign.pk}))

    assert old.status_code == 200
    names = [campaign.name for campaign in old.context["shell"]["campaigns"]]
    assert names == [world.campaign.name, "示例县2028年换届", "示例县2027年换届"]
    assert (
        client.post(reverse("campaign_choose"), {"campaign": world.campaign.pk}).status_code == 302
    )
    assert client.get(reverse("search")).context["shell"]["campaign"].pk == world.campaign.pk


def test_menu_escapes_what_a_campaign_is_called(world, client):
    world.campaign.name = "<b>县</b>"
    world.campaign.save()
    create_campaign(
        name="另一次换届",
        area=world.county,
        starts_on=START.replace(year=2027),
        ends_on=END.replace(year=2027),
        by=world.users.staff,
        at=NOON,
    )
    client.force_login(world.users.leader)
    text = client.get(reverse("campaign_grid", kwargs={"pk": world.campaign.pk})).content.decode()
    assert "<b>县</b>" not in text
    assert "&lt;b&gt;县&lt;/b&gt;</option>" in text
