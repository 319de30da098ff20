"""Every ledger by workbook: what is taken out can be brought in again, wrong rows are named, nothing is half written."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import Forbidden
from accounts.models import AuditEntry
from groundwork.ledgers import LEDGERS
from groundwork.workbooks import cells_of
from reporting.selectors.exports import EXPORTS
from reporting.selectors.imports import kinds
from reporting.services.imports import import_now
from tests.factories.ledgers import add, sample
from tests.reporting.conftest import NOON
from workbooks.reading import FileRefused

DAY = date(2026, 10, 1)


@pytest.fixture(params=[code for code, ledger in LEDGERS.items() if ledger.at_townships])
def ledger(request):
    return LEDGERS[request.param]


@pytest.fixture
def bring_in(world):
    def bring_in(ledger, path, *, by="staff", area=None):
        return import_now(
            kind=kinds()[f"ledger_{ledger.code}"],
            campaign=world.campaign,
            area=area or world.county,
            path=path,
            reason="",
            by=getattr(world.users, by),
            at=NOON,
            dry_run=False,
        )

    return bring_in


@pytest.fixture
def put(world):
    """put(ledger, number) → a stored row of the township; of villages each in a village of its own."""

    def put(ledger, number, *, township="东乡镇"):
        election = world.elections[f"{township}{201 + number}村"]
        if ledger.is_of_villages:
            return add(ledger.code, election, number, day=DAY)
        return add(ledger.code, election.township, number, day=DAY, campaign=world.campaign)

    return put


def lines(ledger) -> list[list]:
    """The live rows as a workbook has them."""
    kind = kinds()[f"ledger_{ledger.code}"]
    rows = ledger.model.objects.live().in_order()
    return [[c.head for c in kind.columns], *(list(cells_of(ledger, row)) for row in rows)]


def test_what_is_taken_out_and_brought_in_again_changes_nothing(
    ledger, world, client, put, bring_in, tmp_path
):
    for number in range(2):
        put(ledger, number)
        put(ledger, number, township="西乡镇")
    before = list(ledger.model.objects.order_by("pk").values())
    client.force_login(world.users.staff)
    export = EXPORTS[f"ledger_{ledger.code}"]
    url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": export.code})

    assert client.get(url).status_code == 200
    answer = client.post(url, {"reason": "示范核对"})
    path = tmp_path / "导出.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    plan, problems = bring_in(ledger, path)

    assert (problems, plan.new, plan.changed, plan.unchanged, plan.missing) == ([], [], [], 4, [])
    assert list(ledger.model.objects.order_by("pk").values()) == before


def test_documents_of_the_county_taken_out_and_brought_in_again_change_nothing(
    world, client, bring_in, tmp_path
):
    ledger = LEDGERS["guidance"]
    for number in range(2):
        add("guidance", world.county, number, day=DAY, campaign=world.campaign)
    before = list(ledger.model.objects.order_by("pk").values())
    client.force_login(world.users.staff)
    url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": "ledger_guidance"})
    path = tmp_path / "导出.xlsx"
    path.write_bytes(b"".join(client.post(url, {"reason": "示范核对"}).streaming_content))

    plan, problems = bring_in(ledger, path)

    assert (problems, plan.new, plan.changed, plan.unchanged) == ([], [], [], 2)
    assert list(ledger.model.objects.order_by("pk").values()) == before
    _, refused = bring_in(ledger, path, by="east", area=world.east)
    assert len(refused) == 2


def test_new_and_changed_rows_are_written_as_a_whole_with_an_audit_row_each(
    ledger, put, bring_in, xlsx
):
    old = put(ledger, 0)
    table = lines(ledger)
    put(ledger, 1)
    new = lines(ledger)[2]
    ledger.model.objects.exclude(pk=old.pk).delete()
    text = next(n for n in ledger.fields if n not in ledger.key and _is_text(ledger, n))
    table[1][table[0].index(ledger.labels[text])] = "示范更正"
    path = xlsx([*table, new], sheet=ledger.title)

    plan, problems = bring_in(ledger, path)

    assert problems == []
    assert (len(plan.new), len(plan.changed)) == (1, 1)
    old.refresh_from_db()
    assert getattr(old, text) == "示范更正"
    added = ledger.model.objects.exclude(pk=old.pk).get()
    assert ledger.values_of(added) == sample(ledger.code, 1, DAY)
    assert sorted(
        AuditEntry.objects.filter(action__startswith="ledger.").values_list("action", "target_pk")
    ) == [
        (f"ledger.{ledger.code}.added", str(added.pk)),
        (f"ledger.{ledger.code}.changed", str(old.pk)),
    ]
    again, _ = bring_in(ledger, path)
    assert (again.new, again.changed, again.unchanged) == ([], [], 2)


def _is_text(ledger, name) -> bool:
    return not ledger.field(name).choices and isinstance(sample(ledger.code, 0, DAY)[name], str)


def test_wrong_rows_are_all_named_and_nothing_is_written(ledger, put, bring_in, xlsx):
    put(ledger, 0)
    put(ledger, 1)
    table = lines(ledger)
    ledger.model.objects.all().delete()
    place = table[0].index("村（社区）代码" if ledger.is_of_villages else "单位")
    required = table[0].index(next(c.head for c in _columns(ledger) if c.required and c.name in ledger.fields))  # fmt: skip
    nowhere, empty, twice = list(table[1]), list(table[1]), list(table[2])
    nowhere[place] = "320724999999" if ledger.is_of_villages else "没有的镇"
    empty[required] = None

    _, problems = bring_in(ledger, xlsx([*table, nowhere, empty, twice], sheet=ledger.title))

    assert [p.row for p in problems] == [4, 5, 6]
    assert all(p.message.endswith("。") for p in problems)
    assert not ledger.model.objects.exists()


def _columns(ledger):
    return kinds()[f"ledger_{ledger.code}"].columns


def test_township_brings_in_its_own_rows_only(ledger, world, put, bring_in, xlsx):
    put(ledger, 0)
    put(ledger, 1, township="西乡镇")
    table = lines(ledger)
    ledger.model.objects.all().delete()
    path = xlsx(table, sheet=ledger.title)

    with pytest.raises(Forbidden):
        bring_in(ledger, path, by="east")
    _, problems = bring_in(ledger, path, by="east", area=world.east)
    assert [p.row for p in problems] == [3]
    assert not ledger.model.objects.exists()

    _, problems = bring_in(ledger, xlsx(table[:2], sheet=ledger.title), by="east", area=world.east)
    assert problems == []
    assert ledger.model.objects.count() == 1


def test_wrong_sheet_is_recognised_by_its_name(world, bring_in, put, xlsx):
    put(LEDGERS["groups"], 0)
    path = xlsx(lines(LEDGERS["groups"]), sheet="工作机构")

    with pytest.raises(FileRefused, match="这是“工作机构”表，请到“导入 → 工作机构”上传"):
        bring_in(LEDGERS["disputes"], path)


def test_import_needs_the_same_statements_for_few_and_for_many_rows(put, bring_in, xlsx):
    ledger = LEDGERS["disputes"]
    put(ledger, 0)
    head, row = lines(ledger)
    ledger.model.objects.all().delete()
    at = head.index("情况")
    counts = []
    for number in (2, 300):
        rows = [[*row[:at], f"示范{number}-{n}", *row[at + 1 :]] for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            plan, problems = bring_in(ledger, xlsx([head, *rows], sheet=ledger.title))
        assert (len(plan.new), problems) == (number, [])
        counts.append(len(queries))

    assert counts[0] == counts[1]
