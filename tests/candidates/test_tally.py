"""唱票计票: strokes from a device, undone, sent twice; two tellers who do not see each other; the screen."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from candidates import selectors
from candidates.enums import MarkKind
from candidates.models import TallyMark, TallySheet
from candidates.services import tally
from candidates.services.tally import Mark
from elections.enums import Stage
from tests.factories.villages import UserFactory

from .people import AT
from .test_ballots import COMMITTEE, ballot, count, record  # noqa: F401 - fixture


@pytest.fixture
def colleague(place):
    return UserFactory(role=Role.COORDINATOR, where=place.own)


def open_sheet(election, by):
    return tally.open_sheet(election=election, stage=COMMITTEE, by=by, at=AT)


def strokes(*kinds, person=None) -> list[Mark]:
    return [
        Mark(uuid4(), MarkKind(kind), person.pk if kind in ("favour", "against") else None)
        for kind in kinds
    ]


def add(sheet, marks, by=None):
    return tally.add_marks(sheet=sheet, marks=marks, by=by or sheet.teller, at=AT)


def count_all(sheet, election, favour, *, invalid=0):
    """Thirty ballots with these votes in favour, the rest against."""
    marks = strokes(*["valid"] * 30, *["invalid"] * invalid)
    for person, votes in zip(election.people, favour, strict=True):
        marks += strokes(*["favour"] * votes, *["against"] * (30 - votes), person=person)
    add(sheet, marks)


def counted(sheet):
    return selectors.counted_on([sheet])[sheet.pk]


def test_strokes_add_up_and_a_batch_sent_twice_counts_once(ballot, users):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)
    first, second = ballot.people[:2]
    batch = strokes("favour", "favour", "against", person=first) + strokes("valid", "invalid")

    assert add(sheet, batch) == 5
    assert add(sheet, batch + strokes("favour", person=second)) == 6

    result = counted(sheet)
    assert (result.valid, result.invalid) == (1, 1)
    assert [result.votes[p.pk][1:] for p in ballot.people[:2]] == [(2, 1), (1, 0)]
    assert result.votes[first.pk][0] == first.member.name


def test_a_stroke_taken_back_does_not_count(ballot, users):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)
    (stroke,) = strokes("favour", person=ballot.people[0])

    add(sheet, [stroke, Mark(uuid4(), MarkKind.UNDO, undoes=stroke.uid)])
    add(sheet, [Mark(uuid4(), MarkKind.UNDO, undoes=stroke.uid)])

    assert counted(sheet).votes[ballot.people[0].pk][1] == 0
    assert TallyMark.objects.count() == 2, "the second undo of the same stroke is passed over"


def test_sheet_opens_once_per_teller_and_for_two(ballot, users, colleague):  # noqa: F811
    own = open_sheet(ballot, users.coordinator)

    assert open_sheet(ballot, users.coordinator) == own
    assert open_sheet(ballot, colleague) != own
    with pytest.raises(Refused, match="两人计票"):
        open_sheet(ballot, users.org_staff)
    assert AuditEntry.objects.filter(action="tally.opened").count() == 2


@pytest.mark.parametrize("who", ["foreign", "leader", "discipline", "outsider"])
def test_others_do_not_count(ballot, users, who):  # noqa: F811
    with pytest.raises(Forbidden):
        open_sheet(ballot, getattr(users, who))


def test_only_the_teller_marks_the_sheet(ballot, users, colleague):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)

    with pytest.raises(Forbidden, match="计票人本人"):
        add(sheet, strokes("valid"), by=colleague)


def test_marks_are_refused(ballot, users, place):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)
    stranger = Mark(uuid4(), MarkKind.FAVOUR, ballot.people[0].pk + 10_000)

    with pytest.raises(Refused, match="不在这一轮的选票上"):
        add(sheet, [stranger])
    with pytest.raises(Refused, match="一次最多同步500笔"):
        add(sheet, strokes(*["valid"] * 501))
    assert not TallyMark.objects.exists()


def test_closed_sheet_takes_no_strokes_until_it_goes_on(ballot, users):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)
    with pytest.raises(Refused, match="还没有计过一张选票"):
        tally.close_sheet(sheet=sheet, by=users.coordinator, at=AT)
    add(sheet, strokes("valid") + strokes("favour", "favour", person=ballot.people[0]))
    with pytest.raises(Refused, match="多于有效票1张：请核对是否漏点“下一张”"):
        tally.close_sheet(sheet=sheet, by=users.coordinator, at=AT)
    add(sheet, strokes("valid"))
    tally.close_sheet(sheet=sheet, by=users.coordinator, at=AT)

    with pytest.raises(Conflict, match="计票单已结束"):
        add(sheet, strokes("valid"))
    tally.reopen_sheet(sheet=sheet, by=users.coordinator, at=AT)
    assert add(sheet, strokes("valid")) == 5
    assert AuditEntry.objects.get(action="tally.closed").changes["after"]["valid"] == 2


def test_two_counts_are_compared_when_both_are_closed(ballot, users, colleague):  # noqa: F811
    contest = selectors.contests(ballot, COMMITTEE)[0]
    first, second = open_sheet(ballot, users.coordinator), open_sheet(ballot, colleague)
    count_all(first, ballot, (28, 25, 16, 15))
    count_all(second, ballot, (28, 25, 16, 14))
    tally.close_sheet(sheet=first, by=first.teller, at=AT)
    assert selectors.live_count(ballot, COMMITTEE, contest).counted is None
    tally.close_sheet(sheet=second, by=second.teller, at=AT)

    name = ballot.people[3].member.name
    live = selectors.live_count(ballot, COMMITTEE, contest)
    assert live.differences == (f"{name}赞成：15票与14票", f"{name}不赞成：15票与16票")
    assert live.counted is None
    tally.restart_sheet(sheet=second, reason="示例：漏记一票", by=colleague, at=AT)
    again = open_sheet(ballot, colleague)
    count_all(again, ballot, (28, 25, 16, 15))
    tally.close_sheet(sheet=again, by=colleague, at=AT)

    live = selectors.live_count(ballot, COMMITTEE, contest)
    assert live.differences == ()
    assert live.counted.votes[ballot.people[3].pk] == (name, 15, 15)
    assert TallySheet.objects.get(replaced_at__isnull=False).replaced_because == "示例：漏记一票"


def test_recorded_round_ends_its_sheets(ballot, users):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)
    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    with pytest.raises(Conflict, match="这一轮计票已登记"):
        add(sheet, strokes("valid"))
    with pytest.raises(Refused, match="现在没有要计票的选举"):
        open_sheet(ballot, users.coordinator)


# --- over HTTP ------------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client, sheet, marks) -> tuple[int, dict]:
    body = {
        "marks": [
            {"uid": str(m.uid), "kind": m.kind.value}
            | ({"candidacy": m.candidacy} if m.candidacy else {})
            | ({"undoes": str(m.undoes)} if m.undoes else {})
            for m in marks
        ]
    }
    answer = client.post(
        reverse("tally_marks", args=[sheet.pk]), json.dumps(body), content_type="application/json"
    )
    return answer.status_code, answer.json()


def board(election) -> str:
    return reverse("tally_board", args=[election.pk, Stage.COMMITTEE_BALLOT.value])


def screen(election) -> str:
    return reverse("tally_screen", args=[election.pk, Stage.COMMITTEE_BALLOT.value])


def test_second_teller_sees_no_stroke_of_the_first(ballot, users, colleague):  # noqa: F811
    first = open_sheet(ballot, users.coordinator)
    count_all(first, ballot, (28, 25, 16, 15))
    client = signed_in(colleague)

    before = client.get(board(ballot)).content.decode()
    client.post(board(ballot), {"action": "open"})
    after = client.get(board(ballot)).content.decode()

    uids = {str(uid) for uid in first.marks.values_list("uid", flat=True)}
    assert "您是第二计票人" in before
    assert not any(uid in before + after for uid in uids)
    assert send(client, first, strokes("valid"))[0] == 403


def test_strokes_arrive_by_the_page(ballot, users):  # noqa: F811
    client = signed_in(users.coordinator)
    client.post(board(ballot), {"action": "open"})
    sheet = TallySheet.objects.get()

    batch = strokes("favour", person=ballot.people[0]) + strokes("valid")
    assert send(client, sheet, batch) == (200, {"count": 2})
    assert send(client, sheet, batch) == (200, {"count": 2})
    assert str(batch[0].uid) in client.get(board(ballot)).content.decode()
    client.post(board(ballot), {"action": "close"})
    status, answer = send(client, sheet, strokes("valid"))
    assert (status, answer["message"]) == (409, "计票单已结束：如需继续，请先点“继续计票”。")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"marks": [{}]}',
        '{"marks": [{"uid": "x", "kind": "valid"}]}',
        '{"marks": 1}',
        '{"marks": [{"uid": "6b1d0c8e-8d1c-4b52-a1c6-000000000001", "kind": "favour"}]}',
    ],
)
def test_what_is_no_stroke_is_refused_in_words(ballot, users, body):  # noqa: F811
    sheet = open_sheet(ballot, users.coordinator)

    answer = signed_in(users.coordinator).post(
        reverse("tally_marks", args=[sheet.pk]), body, content_type="application/json"
    )

    assert answer.status_code == 422
    assert "无法识别" in answer.json()["message"]


def test_screen_answers_nothing_when_nothing_changed(
    ballot,  # noqa: F811
    users,
    django_assert_max_num_queries,
):
    sheet = open_sheet(ballot, users.coordinator)
    client = signed_in(users.leader)
    assert ballot.people[0].member.name in client.get(screen(ballot)).content.decode()
    count_all(sheet, ballot, (28, 25, 16, 15))

    answer = client.get(screen(ballot), {"part": 1})
    assert (answer.json()["valid"], answer.json()["state"]) == (30, "counting")
    votes = {row["pk"]: row["favour"] for row in answer.json()["votes"]}
    assert votes == dict(zip([p.pk for p in ballot.people], (28, 25, 16, 15), strict=True))
    with django_assert_max_num_queries(14):
        again = client.get(screen(ballot), {"part": 1}, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    add(sheet, strokes("invalid"))
    assert (
        client.get(screen(ballot), {"part": 1}, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code
        == 200
    )


def test_agreed_count_fills_the_ballot_form(ballot, users, colleague):  # noqa: F811
    page = reverse("stage_committee_ballot", args=[ballot.pk])
    for teller in (users.coordinator, colleague):
        sheet = open_sheet(ballot, teller)
        count_all(sheet, ballot, (28, 25, 16, 15), invalid=1)
        tally.close_sheet(sheet=sheet, by=teller, at=AT)

    html = signed_in(users.coordinator).get(page).content.decode()

    assert "两人独立计票，结果一致" in html
    form = html.split("登记计票：")[1]
    for name, value in ((f"favour_{ballot.people[3].pk}", 15), ("invalid", 1), ("returned", 31)):
        field = next(tag for tag in form.split("<input") if f'name="{name}"' in tag)
        assert f'value="{value}"' in field


def test_counts_that_differ_fill_nothing_in(ballot, users, colleague):  # noqa: F811
    page = reverse("stage_committee_ballot", args=[ballot.pk])
    for teller, last in ((users.coordinator, 15), (colleague, 14)):
        sheet = open_sheet(ballot, teller)
        count_all(sheet, ballot, (28, 25, 16, last))
        tally.close_sheet(sheet=sheet, by=teller, at=AT)

    html = signed_in(users.coordinator).get(page).content.decode()

    assert "两人计票不一致" in html
    assert "赞成：15票与14票" in html
    assert 'value="28"' not in html
