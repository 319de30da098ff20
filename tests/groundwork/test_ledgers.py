"""Every ledger through its pages: the same list, form, history and refusals, whatever is kept in it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from elections.models import VillageElection
from groundwork.ledgers import LEDGERS, in_words
from groundwork.services import ledgers as services
from tests.elections.pages import campaign_around_today
from tests.factories.elections import CampaignFactory
from tests.factories.ledgers import add, sample
from tests.factories.villages import CountyFactory, TownshipFactory, UserFactory, VillageFactory

#: Ledgers that townships keep; what only the county keeps is tested by itself.
CODES = [code for code, ledger in LEDGERS.items() if ledger.at_townships]
QUERIES = 8


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.fixture
def foreign(place) -> VillageElection:
    return VillageElection.objects.get(village=place.other_village)


@pytest.fixture(params=CODES)
def ledger(request):
    return LEDGERS[request.param]


@pytest.fixture
def put(campaign, election, foreign, place, today):
    """put(ledger, number, other=False, **changes) → a stored row of the own (or the other) township."""

    def put(ledger, number=0, *, other=False, **changes):
        if ledger.is_of_villages:
            return add(ledger.code, foreign if other else election, number, day=today, **changes)
        unit = place.other if other else place.own
        return add(ledger.code, unit, number, day=today, campaign=campaign, **changes)

    return put


@pytest.fixture
def where(election, place):
    """where(ledger) → the place of the own township's rows."""
    return lambda ledger: election if ledger.is_of_villages else place.own


def url(name, campaign, ledger, **more) -> str:
    return reverse(name, kwargs={"pk": campaign.pk, "code": ledger.code} | more)


def sent(ledger, number, day, **more) -> dict:
    """What the form sends for a right row."""
    values = sample(ledger.code, number, day) | more
    return {name: "" if value is None else value for name, value in values.items()}


def test_row_is_entered_corrected_and_withdrawn(
    ledger, campaign, users, client, where, today, place
):
    client.force_login(users.coordinator)
    answer = client.post(
        url("ledger_add", campaign, ledger),
        sent(ledger, 1, today, place=where(ledger).pk),
        follow=True,
    )
    assert answer.status_code == 200, answer.context.get("form", {}).errors
    row = ledger.model.objects.get()
    page = url("ledger_row", campaign, ledger, row=row.pk)
    assert answer.redirect_chain == [(page, 302)]
    assert ledger.values_of(row) == sample(ledger.code, 1, today)

    changed = next(
        n
        for n in ledger.fields
        if n not in ledger.key
        and n not in ledger.filters
        and isinstance(getattr(row, n), str)
        and getattr(row, n)
    )
    seen = services.fingerprint(ledger, row)
    assert (
        client.post(page, sent(ledger, 1, today, **{changed: "示范更正", "seen": seen})).status_code
        == 302
    )
    row.refresh_from_db()
    assert getattr(row, changed) == "示范更正"
    late = client.post(page, sent(ledger, 1, today, **{changed: "示范抢改", "seen": seen}))
    assert late.status_code == 409
    assert "示范抢改" in late.content.decode()

    assert client.post(page, {"action": "withdraw", "reason": " "}).status_code == 422
    assert client.post(page, {"action": "withdraw", "reason": "登记重复"}).status_code == 302
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_reason) == (users.coordinator, "登记重复")
    shown = client.get(page).content.decode()
    assert "示范更正" in shown and "登记重复" in shown
    assert client.post(page, sent(ledger, 1, today)).status_code == 422

    actions = AuditEntry.objects.filter(target_pk=str(row.pk), target_label=row._meta.label)
    verbs = [f"ledger.{ledger.code}.{verb}" for verb in ("added", "changed", "withdrawn")]
    assert list(actions.order_by("pk").values_list("action", "township_id")) == [
        (verb, place.own.pk) for verb in verbs
    ]


def test_same_row_twice_and_missing_values_are_refused_with_all_that_was_typed(
    ledger, campaign, users, client, where, today, put
):
    put(ledger, 1)
    client.force_login(users.coordinator)
    page = url("ledger_add", campaign, ledger)

    twice = client.post(page, sent(ledger, 1, today, place=where(ledger).pk))
    empty = client.post(page, {"place": where(ledger).pk})

    assert (twice.status_code, empty.status_code) == (422, 422)
    assert "里已有相同的一条" in twice.content.decode()
    required = {name for name in ledger.fields if not ledger.field(name).blank}
    assert required <= set(empty.context["form"].errors)
    assert ledger.model.objects.count() == 1


def test_days_that_lie_ahead_or_in_the_wrong_order_are_refused_at_their_field(
    ledger, campaign, users, client, where, today
):
    client.force_login(users.coordinator)
    page = url("ledger_add", campaign, ledger)
    tomorrow, before = today + timedelta(days=1), today - timedelta(days=400)

    for name in ledger.past:
        answer = client.post(
            page, sent(ledger, 1, today, place=where(ledger).pk, **{name: tomorrow})
        )
        assert answer.status_code == 422
        assert "在今天之后" in str(answer.context["form"].errors[name])
    for earlier, later in ledger.order:
        changes = {earlier: today, later: before}
        answer = client.post(page, sent(ledger, 1, today, place=where(ledger).pk, **changes))
        assert answer.status_code == 422
        assert "早于" in str(answer.context["form"].errors[later])
    assert not ledger.model.objects.exists()


def listed(client, campaign, ledger, **query) -> list[int]:
    page = client.get(url("ledger_list", campaign, ledger), query)
    assert page.status_code == 200
    return sorted(line.row.pk for line in page.context["lines"])


def test_list_is_narrowed_by_place_column_state_and_word(
    ledger, campaign, users, client, put, place, today
):
    own, other = put(ledger, 0), put(ledger, 1, other=True)
    withdrawn = {"withdrawn_at": campaign.created_at, "withdrawn_by": users.org_staff}
    version = {"version": 2} if ledger.needs_approval else {}
    gone = put(ledger, 2, **withdrawn, withdrawn_reason="示范", **version)
    client.force_login(users.org_staff)

    assert listed(client, campaign, ledger) == [own.pk, other.pk]
    assert listed(client, campaign, ledger, township=place.own.pk) == [own.pk]
    assert listed(client, campaign, ledger, state="withdrawn") == [gone.pk]
    assert listed(client, campaign, ledger, q="没有这样的字") == []
    assert listed(client, campaign, ledger, township="x") == []
    if ledger.is_of_villages:
        assert listed(client, campaign, ledger, village="西一") == [other.pk]
    for name in ledger.filters:
        value = getattr(own, name)
        expected = [row.pk for row in (own, other) if getattr(row, name) == value]
        assert listed(client, campaign, ledger, **{name: value}) == expected
    for state in ledger.states:
        expected = sorted(state.of(ledger.model.objects.live(), today).values_list("pk", flat=True))
        assert listed(client, campaign, ledger, state=state.code) == expected != []


def test_another_township_and_another_county_do_not_see_a_row(ledger, campaign, users, client, put):
    row = put(ledger, 0, other=True)
    page = url("ledger_row", campaign, ledger, row=row.pk)
    answers = {}
    for name in ("org_staff", "leader", "foreign", "coordinator", "outsider", "vetting"):
        client.force_login(getattr(users, name))
        answers[name] = client.get(page).status_code

    assert answers == {
        "org_staff": 200,
        "leader": 200,
        "foreign": 200,
        "coordinator": 404,
        "outsider": 404,
        "vetting": 403,
    }


def test_who_keeps_a_ledger(ledger, campaign, users, client, put, where, today):
    answers = {}
    for name in ("org_staff", "coordinator", "leader", "foreign"):
        client.force_login(getattr(users, name))
        add_page = url("ledger_add", campaign, ledger)
        form = client.get(add_page).status_code
        entered = client.post(add_page, sent(ledger, 1, today, place=where(ledger).pk)).status_code
        ledger.model.objects.all().delete()
        page = url("ledger_row", campaign, ledger, row=put(ledger, 0).pk)
        answers[name] = (form, entered, client.post(page, sent(ledger, 0, today)).status_code)
        ledger.model.objects.all().delete()

    assert answers == {
        "org_staff": (200, 302, 302),
        "coordinator": (200, 302, 302),
        "leader": (403, 403, 403),
        "foreign": (200, 422, 404),
    }


def test_list_and_index_need_the_same_statements_for_one_row_and_for_a_county(
    ledger, campaign, users, client, put, today
):
    put(ledger, 0)
    client.force_login(users.org_staff)
    pages = {"one": campaign, "many": big_county(ledger, users, today)}
    counts = {}
    for name, of in pages.items():
        client.get(url("ledger_list", of, ledger))  # the session is there now
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(url("ledger_list", of, ledger))
        with CaptureQueriesContext(connection) as index:
            client.get(reverse("ledger_index", kwargs={"pk": of.pk}))
        counts[name] = (len(queries), len(index))
        assert page.context["page"].paginator.count == (1 if name == "one" else 238)

    assert counts["one"] == counts["many"]
    assert max(counts["one"]) <= QUERIES


def big_county(ledger, users, today):
    """A campaign of 238 villages in 11 townships, with a row for each."""
    county = CountyFactory()
    for n in range(11):
        township = TownshipFactory(parent=county)
        VillageFactory.create_batch(22 if n < 7 else 21, township=township)
    users.org_staff.postings.create(
        jurisdiction=county, role="org_staff", starts_on=county.opened_on
    )
    start = today - timedelta(days=30)
    campaign = CampaignFactory(
        area=county,
        by=UserFactory(role="org_staff", where=county),
        starts_on=start,
        ends_on=start + timedelta(days=60),
    )
    elections = list(campaign.elections.select_related("township"))
    rows = [
        ledger.model(
            **({"election": e} if ledger.is_of_villages else {"area": e.township, "campaign": campaign}),
            **sample(ledger.code, n, today),
        )
        for n, e in enumerate(elections)
    ]  # fmt: skip
    ledger.model.objects.bulk_create(rows)
    return campaign


def test_row_on_paper_says_what_is_entered_and_who_signs(
    ledger, campaign, users, client, put, today
):
    row = put(ledger, 1)
    client.force_login(users.coordinator)

    page = client.get(url("ledger_paper", campaign, ledger, row=row.pk))

    shown = page.content.decode()
    assert ledger.title in shown and "（签字）" in shown
    for name in ledger.fields:
        words = in_words(ledger.field(name), getattr(row, name))
        assert words.splitlines()[:1] == [] or words.splitlines()[0] in shown
    assert ("县委组织部意见" in shown) is ledger.needs_approval


def test_page_of_an_unknown_ledger_is_not_there(campaign, users, client):
    client.force_login(users.org_staff)

    assert client.get(f"/campaigns/{campaign.pk}/ledgers/nothing/").status_code == 404


def test_village_page_shows_its_own_rows(campaign, election, users, client, put):
    shown = [ledger for ledger in LEDGERS.values() if ledger.is_of_villages]
    for ledger in shown:
        put(ledger, 0)
        put(ledger, 1, other=True)
    client.force_login(users.coordinator)

    page = client.get(reverse("election_detail", kwargs={"pk": election.pk}), {"tab": "ledgers"})

    assert [(ledger, len(lines)) for ledger, lines in page.context["sections"]] == [
        (ledger, 1) for ledger in shown
    ]
    assert all(ledger.title in page.content.decode() for ledger in shown)


def test_county_s_document_is_read_by_every_township(campaign, users, client, place, today):
    ledger = LEDGERS["guidance"]
    client.force_login(users.coordinator)
    assert client.get(url("ledger_add", campaign, ledger)).status_code == 403
    client.force_login(users.org_staff)
    entered = client.post(
        url("ledger_add", campaign, ledger), sent(ledger, 1, today, place=place.county.pk)
    )
    page = entered.url
    assert client.post(page, {"action": "acknowledge"}).status_code == 403

    client.force_login(users.coordinator)
    for _ in range(2):
        assert client.post(page, {"action": "acknowledge"}).status_code == 302
    client.force_login(users.foreign)
    client.post(page, {"action": "acknowledge"})

    client.force_login(users.org_staff)
    receipts = client.get(page).context["receipts"]
    assert [(r.township, bool(r.words)) for r in receipts] == [("东乡镇", True), ("西乡镇", True)]
    client.force_login(users.coordinator)
    assert [r.township for r in client.get(page).context["receipts"]] == ["东乡镇"]


def test_work_schedule_is_printed_from_the_plan(election, campaign, users, client, today):
    add("schedules", election, day=today)
    client.force_login(users.coordinator)

    shown = client.get(reverse("work_schedule", args=[election.pk])).content.decode()

    assert shown.count('data-label="计划完成"') == 17
    assert "示范书记0" in shown
