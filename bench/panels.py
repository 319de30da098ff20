"""P1, P2 and P10: what the overview costs in SQL, how many statements pages take, how old the county tier is."""

import statistics

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from config.schedule import BEAT_SCHEDULE
from elections.models import VillageElection
from reporting.rollups import FIGURES
from reporting.selectors import overview
from reporting.tiers import refresh_counties
from villages.models import Jurisdiction
from villages.scoping import area_q_of

from .ratios import ROUNDS, report, side_by_side, timed
from .world import World, post, signed_in

#: The definition of every figure, grouped by province instead of township, for all campaigns.
LIVE = FIGURES.replace("e.id, e.township_id, e.completed_on", "e.id, e.province_id AS township_id, e.completed_on").replace(
    "WHERE e.campaign_id = %s AND e.township_id = ANY(%s)", "JOIN elections_campaign k ON k.id = e.campaign_id AND k.status = 'active'"
)  # fmt: skip
assert LIVE.count("%s") == 1


def run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def measure_overview(world: World) -> None:
    """P1: the statements of the nation's page beside one that counts the same from the records."""
    overview.area_rows.cache_clear()
    with CaptureQueriesContext(connection) as captured:
        _, stamp = overview.head(world.nation, now=world.at)
        overview.area_rows(world.nation, stamp)
    panels = [q["sql"] for q in captured if "reporting_" in q["sql"]]
    provinces = list(Jurisdiction.objects.filter(level="province").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        live = cursor.mogrify(LIVE, [provinces]).decode()
    times = side_by_side(tier=lambda: run(panels), live=lambda: run([live]))
    print(
        f"    nation, {len(panels)} statements: {times['tier'] * 1000:.1f} ms; the same figures live: {times['live'] * 1000:.0f} ms"
    )
    report("P1", "nation overview / live GROUP BY", times["tier"] / times["live"], at_most=1 / 50)
    report("P1", "nation overview, of 50 ms", times["tier"] / 0.05, at_most=1)


def count_of(client, url: str) -> int:
    """Statements of a whole request, asked for a second time."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def measure_statements(world: World) -> None:
    """P2: the same number for a township with a single village and for a county with more than three hundred."""
    sizes, found = [], {"dashboard": [], "village_list": [], "people_list": []}
    for place in (world.one, world.large):
        client = signed_in(post(f"p2-{place.pk}", Role.LEADER, place))
        rows = VillageElection.objects.filter(area_q_of(place))
        sizes.append(rows.count())
        frame = count_of(client, reverse("search"))  # a page with nothing but the frame
        for name, counts in found.items():
            url = reverse(name, kwargs={"pk": rows.order_by("pk")[0].campaign_id})
            total = count_of(client, url)
            counts.append((total - frame, total))
    for name, ((few, all_few), (many, all_many)) in found.items():
        print(
            f"    {name}: {few} statements of its own at {sizes[0]} villages, {many} at {sizes[1]}"
            f" (with sign-in and the frame around it {all_few} and {all_many})"
        )
        most = 6 if name == "dashboard" else 8
        report("P2", f"{name}, statements of at most {most}", max(few, many) / most, at_most=1)
        report("P2", f"{name}, statements at many villages / at one", many / few, at_most=1)


def measure_freshness(world: World) -> None:
    """P10: a write waits at most for the next beat and then for the statement, with every township in the list."""
    times = []
    for number in range(1, ROUNDS + 3):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reporting_townshipprogress SET risk_red = %s WHERE township_id %% 100 = %s",
                [number, number],
            )
        times.append(timed(lambda: refresh_counties(at=timezone.now())))
    period = BEAT_SCHEDULE["refresh-counties"]["schedule"]
    print(
        f"    refresh of {world.campaigns} counties from {world.townships} townships, a hundredth changed: median"
        f" {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms; beat every {period:g} s"
    )
    report("P10", "age of the county tier, of 5 s", (period + max(times)) / 5, at_most=1)
    leader = post("p10", Role.LEADER, world.nation)
    shown = signed_in(leader).get(reverse("overview_area", kwargs={"pk": world.nation.pk}))
    report("P10", "pages that show the time", shown.content.decode().count("数据截至"), at_least=1)
