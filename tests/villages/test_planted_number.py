"""A planted identity number is looked for everywhere it could come out: no hit outside the sealed text."""

import io
import json
import logging
from datetime import timedelta
from unittest.mock import patch
from zipfile import ZipFile, is_zipfile

import pytest
from celery.app.task import Task
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reporting.services.closing import produce_closing_report
from reporting.services.jobs import request_closing_report, take_job
from tests.access.table import TABLE, Scope
from tests.access.world import build
from tests.factories.villages import identity_number as number
from villages.models import PartyMember, Representative

PLANTED = number("99000019800501002")
SECOND = number("99000019800501004")
NUMBERS = (PLANTED, SECOND)


def dump() -> str:
    """Every column of every table as text, as a backup would hold it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)"
            " FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            texts += [row for (row,) in cursor.fetchall()]
    return "\n".join(texts)


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return build()


def form(**more) -> dict:
    facts = {"name": "示例甲", "sex": "female", "born_on": "1980-05-01"}
    return facts | more


@pytest.fixture
def planted(world, client, caplog):
    """The number entered on the pages: a member in each township, a representative, also refused forms."""
    caplog.set_level(logging.DEBUG)
    shown = []
    for role, township in (("coordinator", world.own), ("other_coordinator", world.other)):
        client.force_login(world.users[role])
        village = world.election(township).village_id
        member = form(joined_on="2005-07-01", status="full", education="senior", identity=PLANTED)
        url = reverse("member_create", args=[village])
        shown.append(client.post(url, member | {"born_on": "1981-05-01"}))
        shown.append(client.post(url, member, follow=True))
        shown.append(client.post(url, member))
        made = PartyMember.objects.get(village=village, name="示例甲")
        edit = reverse("member_update", args=[made.pk])
        shown += [
            client.post(edit, member, follow=True),
            client.post(edit, member | {"sex": "male"}),
        ]
        shown.append(client.get(reverse("member_list", args=[village], query={"q": PLANTED})))
        assert list(shown[-1].context["page"]) == [made]
        shown.append(client.post(reverse("member_find"), {"identity": PLANTED}))
        shown.append(client.get(reverse("search"), {"q": PLANTED}))
        speaks = form(group="一组", since="2021-01-01", identity=SECOND)
        url = reverse("representative_create", args=[village])
        shown += [client.post(url, speaks, follow=True), client.post(url, speaks)]
    assert PartyMember.objects.exclude(identity_hash="").count() == 2
    assert Representative.objects.exclude(identity_hash="").count() == 2
    return shown


def hits(text: str) -> list[str]:
    return [planted for planted in NUMBERS if planted in text]


def test_planted_number_is_nowhere_in_clear(world, planted, client, caplog):
    published = []

    def keep(self, args=None, kwargs=None, **options):
        published.append(json.dumps([args, kwargs], default=str))

    assert [hits(page.content.decode()) for page in planted] == [[]] * len(planted)
    at = timezone.now()
    with patch.object(Task, "apply_async", keep):
        job = request_closing_report(
            campaign=world.campaign,
            as_of=world.day - timedelta(days=1),
            by=world.users["org_staff"],
            at=at + timedelta(seconds=1),
        )
    report = produce_closing_report(
        job=take_job(job_id=job.pk, at=at), at=at, step=lambda percent, words: None
    )
    assert hits("\n".join(published)) == []
    pages = {}
    for role in ("coordinator", "org_staff", "leader", "audit_admin"):
        client.force_login(world.users[role])
        for name, row in TABLE.items():
            if not row.reads or row.scope == Scope.PUBLIC:
                continue
            answer = client.get(reverse(name, kwargs=row.kwargs(world, world.own)))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            pages[role, name] = hits(text_of(body))
    assert {where: found for where, found in pages.items() if found} == {}
    with report.file.open("rb") as file:
        assert hits(text_of(file.read())) == []
    assert hits(dump()) == []
    assert hits(caplog.text) == []


def text_of(body: bytes) -> str:
    """The text of an answer; of a workbook or document the text of its parts."""
    if not is_zipfile(io.BytesIO(body)):
        return body.decode(errors="replace")
    with ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_the_search_would_find_it(world):
    """The dump is looked through, not past: a number written in clear is found."""
    PartyMember.objects.filter(village__township=world.own).update(phone=PLANTED)
    assert hits(dump()) == [PLANTED]
