"""The places and people that the measurements at the nation's scale use."""

import os
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from elections.models import Campaign, VillageElection
from villages.enums import Level
from villages.imports import load, read
from villages.models import Jurisdiction, PartyMember, Posting, Village

from .fill import fill_campaigns, fill_rollups, tidy

#: Townships of one county that report and write at the same time.
WRITERS = 16


@dataclass(frozen=True)
class World:
    """`county`: with the most townships in which a village is at the first stage, `writers` 16 of them and their
    coordinators; `large`: the county with the most villages; `one`: the township with the fewest; `city`: with the most
    campaigns."""

    today: date
    at: datetime
    staff: User
    county: Jurisdiction
    large: Jurisdiction
    one: Jurisdiction
    city: Jurisdiction
    nation: Jurisdiction
    writers: list[tuple[Jurisdiction, User]]
    campaign: Campaign
    campaigns: int
    townships: int


def post(username: str, role: Role, where: Jurisdiction) -> User:
    """A user with one post."""
    user = User(username=username, name="计时", must_change_password=False)
    user.set_unusable_password()
    user.save()
    Posting.objects.create(user=user, jurisdiction=where, role=role, starts_on=date(2020, 1, 1))
    return user


def _most(level: str, **where) -> Jurisdiction:
    """The unit of a level with the most elections."""
    found = (
        VillageElection.objects.filter(**where)
        .order_by()
        .values(f"{level}_id")
        .annotate(n=Count("pk"))
        .order_by("-n", f"{level}_id")
    )
    return Jurisdiction.objects.get(pk=found[0][f"{level}_id"])


def _city() -> Jurisdiction:
    """The city with the most campaigns."""
    found = (
        Campaign.objects.order_by()
        .values("area__city")
        .annotate(n=Count("pk"))
        .order_by("-n", "area__city")
    )
    return Jurisdiction.objects.get(pk=found[0]["area__city"])


def _one() -> Jurisdiction:
    """The township with the fewest villages."""
    found = VillageElection.objects.order_by().values("township_id").annotate(n=Count("pk"))
    return Jurisdiction.objects.get(pk=found.order_by("n", "township_id")[0]["township_id"])


def _writing() -> tuple[Jurisdiction, list[Jurisdiction]]:
    """The county with the most townships in which a village is at the first stage, and 16 of these."""
    starting = VillageElection.objects.filter(done_count=0).order_by()
    found = starting.values("county_id").annotate(n=Count("township", distinct=True))
    county = Jurisdiction.objects.get(pk=found.order_by("-n", "county_id")[0]["county_id"])
    ids = starting.filter(county=county).values_list("township_id", flat=True).distinct()
    return county, list(Jurisdiction.objects.filter(pk__in=ids).order_by("code")[:WRITERS])


def build() -> World:
    """Load the list, fill it, choose the places. Prints the scale."""
    now = timezone.now()
    today = timezone.localdate(now)
    began = time.perf_counter()
    folder, area = Path(os.environ["BENCH_DIVISIONS"]), os.environ.get("BENCH_AREA", "")
    load(read(folder / "villages.csv", area=area), on=date(2020, 1, 1), area=area)
    loaded = time.perf_counter()
    nation = Jurisdiction.objects.get(level=Level.NATION)
    staff = post("staff", Role.ORG_STAFF, nation)
    fill_campaigns(staff=staff, today=today)
    tidy()
    filled = time.perf_counter()
    fill_rollups(at=now)
    tidy()
    done = time.perf_counter()
    print(
        f"    {Village.objects.count()} villages in {Campaign.objects.count()} campaigns,"
        f" {_rows('elections_stagerecord')} stage records, {PartyMember.objects.count()} people,"
        f" {_rows('candidates_candidacy')} candidacies, {_rows('candidates_electedpost')} posts won,"
        f" {_rows('reporting_townshipprogress')} townships; list {loaded - began:.0f} s,"
        f" records {filled - loaded:.0f} s, first tier {done - filled:.0f} s"
    )
    county, townships = _writing()
    return World(
        today=today,
        at=now,
        staff=staff,
        county=county,
        large=_most("county"),
        one=_one(),
        city=_city(),
        nation=nation,
        writers=[(t, post(f"writer{t.pk}", Role.COORDINATOR, t)) for t in townships],
        campaign=Campaign.objects.get(area=county),
        campaigns=Campaign.objects.count(),
        townships=_rows("reporting_townshipprogress"),
    )


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def signed_in(user: User) -> Client:
    """A browser of this user that has its cookies."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    client.get(reverse("password_change"))
    return client


def cookies(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
