"""常用筛选: one person's own, the list's own filters only, and a list that opens whatever they have become."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import AuditEntry
from elections.enums import Stage
from elections.services.campaigns import create_campaign
from reporting import rules
from reporting.models import SavedView
from reporting.selectors.saved import PAGES, filters_of
from reporting.services.saved import delete_view, rename_view, save_view

from .conftest import END, NOON, START

RED = "risk=red&state=unfinished"


def save(world, *, by="staff", page="village_list", name="红色村未完成", query=RED):
    return save_view(
        page=page,
        campaign=world.campaign,
        name=name,
        query=query,
        by=getattr(world.users, by),
        at=NOON,
    )


def send(client, world, **changed):
    """Save from the list's page, as its form does."""
    sent = {
        "page": "village_list",
        "campaign": world.campaign.pk,
        "name": "红色村未完成",
        "query": RED,
        **changed,
    }
    return client.post(reverse("saved_view_save"), sent)


def bar(client, world, query="", page="village_list"):
    answer = client.get(f"{reverse(page, kwargs={'pk': world.campaign.pk})}?{query}")
    assert answer.status_code == 200
    return answer.context["saved_views"]


# --- what is kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("state=unfinished&risk=red", RED),
        ("?risk=red", ""),
        ("risk=red&page=3&next=//evil.example&csrf=1", "risk=red"),
        ("risk=&state=+&q=", ""),
        ("risk=yellow&risk=red", "risk=red"),
        ("q=%E6%96%B0%E5%AE%89 ", "q=%E6%96%B0%E5%AE%89"),
        ("q=%3Cscript%3E", "q=%3Cscript%3E"),
        ("q=320724199001011234", ""),
        ("q=320724199001011234&risk=red", "risk=red"),
        ("q=" + "x" * 499, None),
        ("risk=red&" + "x" * 5000, None),
        ("&".join(["risk=red"] * 60), None),
    ],
)
def test_only_the_list_s_own_filters_are_kept(query, kept):
    assert filters_of("village_list", query) == kept


def test_every_list_with_views_has_a_filter_bar(world, client):
    client.force_login(world.users.staff)
    for page in PAGES:
        shown = client.get(reverse(page, kwargs={"pk": world.campaign.pk}), {"q": "东"})
        assert "保存当前筛选" in shown.content.decode(), page


def test_save_from_the_list_marks_the_view_there(world, client):
    client.force_login(world.users.staff)
    assert bar(client, world, RED).may_save
    assert not bar(client, world).may_save

    answer = send(client, world)

    assert answer.url == f"{reverse('village_list', kwargs={'pk': world.campaign.pk})}?{RED}"
    assert "已保存常用筛选“红色村未完成”" in client.get(answer.url).content.decode()
    found = bar(client, world, "state=unfinished&page=1&risk=red")
    assert [(link.view.name, link.is_active) for link in found.links] == [("红色村未完成", True)]
    assert not found.may_save
    assert [link.is_active for link in bar(client, world, "risk=red").links] == [False]
    assert bar(client, world, page="people_list").links == []


def test_view_narrows_the_list_as_its_filters_do(world, client):
    client.force_login(world.users.staff)
    save(world, query=f"township={world.west.pk}&stage={Stage.SURVEY}")

    (link,) = bar(client, world).links
    names = [line.election.township.name for line in client.get(link.url).context["lines"]]

    assert names == ["西乡镇", "西乡镇"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"query": ""}, "还没有筛选条件"),
        ({"query": "page=2&other=1"}, "还没有筛选条件"),
        ({"query": "q=" + "x" * 600}, "筛选条件太长（最多500个字符）"),
        ({"name": " "}, "名称：这个字段是必填项"),
        ({"name": "长" * 21}, "名称："),
        ({"name": "空\x00"}, "名称："),
        ({"name": "已有"}, "已有名为“已有”的常用筛选"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(world, client, changed, sentence):
    save(world, name="已有", query="risk=green")
    client.force_login(world.users.staff)

    answer = send(client, world, **changed)

    assert sentence in client.get(answer.url).content.decode()
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    "changed", [{"page": "todo"}, {"page": ""}, {"campaign": ""}, {"campaign": 0}]
)
def test_list_or_campaign_that_is_none_is_not_there(world, client, changed):
    client.force_login(world.users.staff)
    assert send(client, world, **changed).status_code == 404


def test_same_name_in_another_list_or_of_another_person_is_free(world):
    save(world)
    save(world, page="risk_list", query="grade=red")
    save(world, by="leader")
    assert SavedView.objects.count() == 3


def test_twenty_of_one_list_and_no_more(world):
    for n in range(rules.MAX_VIEWS):
        save(world, name=f"第{n}个")
    with pytest.raises(Refused, match="已保存20个"):
        save(world, name="再来一个")
    save(world, page="people_list", query="sex=female")


def test_view_of_no_township_stands_in_every_campaign(world, client):
    other = create_campaign(
        name="下一届",
        area=world.county,
        starts_on=START,
        ends_on=END,
        by=world.users.staff,
        at=NOON,
    )
    save(world)
    save(world, name="东乡镇", query=f"township={world.east.pk}")
    client.force_login(world.users.staff)

    url = reverse("village_list", kwargs={"pk": other.pk})
    links = client.get(url).context["saved_views"].links

    assert [(link.view.name, link.url) for link in links] == [("红色村未完成", f"{url}?{RED}")]
    assert len(bar(client, world).links) == 2


# --- renamed, deleted, nobody else's ---------------------------------------------------------------------


def change(client, view, **sent):
    return client.post(reverse("saved_view_change", kwargs={"pk": view.pk}), sent)


def test_rename_and_delete_on_the_page_of_one_s_views(world, client):
    view, other = save(world), save(world, name="绿色村", query="risk=green")
    client.force_login(world.users.staff)
    page = client.get(reverse("saved_views")).content.decode()
    assert "红色村未完成" in page
    assert "data-confirm" in page

    assert change(client, view, action="rename", name="绿色村").url == reverse("saved_views")
    assert "已有名为“绿色村”" in client.get(reverse("saved_views")).content.decode()
    change(client, view, action="rename", name="重点村")
    change(client, view, action="rename", name="重点村")  # its own name is free for it
    change(client, other, action="delete")

    assert list(SavedView.objects.values_list("name", "query")) == [("重点村", RED)]
    assert change(client, view, action="share").status_code == 404


def test_another_person_s_views_are_not_there(world, client):
    view = save(world, name="领导的筛选", by="leader")
    client.force_login(world.users.staff)

    assert bar(client, world, RED).links == []
    assert "领导的筛选" not in client.get(reverse("saved_views")).content.decode()
    for sent in ({"action": "delete"}, {"action": "rename", "name": "我的"}):
        assert change(client, view, **sent).status_code == 404
    rename = {"view": view, "name": "我的", "by": world.users.staff}
    with pytest.raises(SavedView.DoesNotExist):
        rename_view(**rename)
    delete_view(view=view, by=world.users.staff)
    assert SavedView.objects.get().name == "领导的筛选"


def test_bookmarks_leave_no_words_in_the_audit_trail(world):
    before = AuditEntry.objects.count()
    view = save(world)
    rename_view(view=view, name="重点村", by=world.users.staff)
    delete_view(view=view, by=world.users.staff)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "page", ["village_list", "people_list", "elected_list", "survey_list", "risk_list"]
)
def test_township_out_of_sight_opens_an_empty_list(world, client, page):
    """The coordinator was moved: the view of the old township shows nothing, and nothing of it."""
    save(world, by="west", page=page, name="原乡镇", query=f"township={world.east.pk}")
    client.force_login(world.users.west)

    (link,) = bar(client, world, page=page).links
    answer = client.get(link.url)

    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == 0
    assert "东乡镇" not in answer.content.decode()


def test_campaign_out_of_sight_does_not_break_the_page_of_views(world, client):
    save(world, query=f"township={world.east.pk}")
    world.users.staff.postings.update(ends_on=timezone.localdate())
    client.force_login(world.users.staff)

    page = client.get(reverse("saved_views"))

    assert page.status_code == 200
    assert client.get(page.context["links"][0].url).status_code == 404


def test_list_reads_its_views_in_one_statement(world, client, django_assert_max_num_queries):
    client.force_login(world.users.staff)
    url = reverse("village_list", kwargs={"pk": world.campaign.pk})
    for n in range(5):
        save(world, name=f"第{n}个")
    client.get(url)
    with django_assert_max_num_queries(9):
        assert len(client.get(url).context["saved_views"].links) == 5
