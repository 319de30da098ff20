"""P4: the daily report through the product's door beside a bare upsert of as many rows, and beside a plain program."""

import itertools
import os
import statistics
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import psycopg2
from django.db import connection
from django.urls import reverse

from villages.models import Village

from .fill import DAYS, fill_reports, tidy
from .load import CONNECTIONS, asked, in_turn, post, web
from .plain import FIGURES
from .ratios import ROUNDS, report, timed
from .world import World, cookies, signed_in

#: Reports of one round: every writing township reports two days.
DAYS_A_ROUND = 2
VILLAGES = 15

_TABLE = f"""
CREATE TABLE bench_villageday (id bigserial PRIMARY KEY, village_id bigint NOT NULL, day date NOT NULL,
    at timestamptz NOT NULL, {", ".join(f"{f} integer NOT NULL" for f in FIGURES)}, UNIQUE (village_id, day))
"""
_COLUMNS = ("village_id", "day", "at", *FIGURES)
_UPSERT = f"""
INSERT INTO bench_villageday ({", ".join(_COLUMNS)}) VALUES {{rows}}
ON CONFLICT (village_id, day) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in _COLUMNS[2:])}
"""


class Reporting:
    """The next reports of each kind; a day of a township is reported once."""

    def __init__(self, world: World):
        self.world = world
        self.starts = world.today - timedelta(days=DAYS)
        self.cookies = {user.pk: cookies(signed_in(user)) for _, user in world.writers}
        self.villages = {
            t.pk: list(Village.objects.filter(township=t).values_list("pk", flat=True)[:VILLAGES])
            for t, _ in world.writers
        }
        self.days = {kind: itertools.count() for kind in ("ours", "plain", "bare")}

    def _next(self, kind: str) -> list:
        days = [self.starts + timedelta(days=next(self.days[kind])) for _ in range(DAYS_A_ROUND)]
        return [(t, user, day) for day in days for t, user in self.world.writers]

    def ours(self) -> list[bytes]:
        found = []
        for township, user, day in self._next("ours"):
            url = reverse("daily_report", args=[self.world.campaign.pk, township.pk, str(day)])
            token = dict(part.split("=", 1) for part in self.cookies[user.pk].split("; "))
            body = {
                "action": "confirm",
                "problems": "无",
                "practices": "无",
                "request_key": uuid.uuid4(),
                "csrfmiddlewaretoken": token["csrftoken"],
            }
            found.append(post(url, self.cookies[user.pk], urlencode(body)))
        return found

    def plain(self) -> list[bytes]:
        body = urlencode(dict.fromkeys(FIGURES, 1))
        return [
            post(f"/plain/{t.pk}/{day}/", self.cookies[user.pk], body)
            for t, user, day in self._next("plain")
        ]

    def bare(self) -> list[tuple[str, list]]:
        found = []
        for township, _, day in self._next("bare"):
            ids = (self.villages[township.pk] * VILLAGES)[:VILLAGES]
            # Townships smaller than fifteen villages: invented keys, so that every statement has as many rows.
            keys = [pk + 10_000_000 * n for n, pk in enumerate(ids)]
            row = f"({', '.join(['%s'] * len(_COLUMNS))})"
            values = [[pk, day, self.world.at, *[1] * len(FIGURES)] for pk in keys]
            rows = ", ".join([row] * len(values))
            found.append((_UPSERT.format(rows=rows), list(itertools.chain(*values))))
        return found


def _connect() -> psycopg2.extensions.connection:
    return psycopg2.connect(os.environ["DATABASE_URL"])


def _upserting(connections: list):
    """One worker per connection: a statement and its commit."""

    def worker(link):
        def work(item) -> bool:
            with link.cursor() as cursor:
                cursor.execute(*item)
            link.commit()
            return True

        return work

    return [worker(link) for link in connections]


def _rates(reporting: Reporting, port: int, links: list) -> dict[str, float]:
    """Reports per second of the three ways, median of the rounds, one after the other in each."""
    rates: dict[str, list[float]] = {"bare": [], "ours": [], "plain": []}
    for round_ in range(ROUNDS + 1):
        for name in rates:
            items = getattr(reporting, name)()
            if name == "bare":
                taken = timed(lambda i=items: in_turn(_upserting(links), i, True))
            else:
                taken = timed(lambda i=items: asked(port, i, status=302))
            if round_:  # the first warms up
                rates[name].append(len(items) / taken)
    return {name: statistics.median(values) for name, values in rates.items()}


def measure_reports(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
    reporting = Reporting(world)
    links = [_connect() for _ in range(CONNECTIONS)]
    with web("bench.settings", "/healthz") as port:
        empty = _rates(reporting, port, links)
        fill_reports(
            staff=world.staff,
            today=world.today,
            first=0,
            last=DAYS - 3,
            not_of=[t.pk for t, _ in world.writers],
        )
        tidy()
        full = _rates(reporting, port, links)
    for link in links:
        link.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(elections) FROM reporting_dailyreport")
        reports, villages = cursor.fetchone()
    print(
        f"    a report is one row per township and day: {reports} rows stand for {villages} days of villages;"
        f" {CONNECTIONS} connections: bare upsert of {VILLAGES} rows {full['bare']:.0f}/s, ours {full['ours']:.0f}/s,"
        f" row by row {full['plain']:.0f}/s; at 0 rows ours {empty['ours']:.0f}/s"
    )
    report("P4", "report through the door / bare upsert", full["ours"] / full["bare"], at_least=0.2)
    report("P4", "report through the door / row by row", full["ours"] / full["plain"], at_least=6)
    flat = (full["ours"] / full["bare"]) / (empty["ours"] / empty["bare"])
    report("P4", f"{reports} rows / none (both beside bare)", flat, at_least=0.8)
