"""P3: requests per second of the product's pages beside a bare page, behind the same web server."""

import statistics
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from reporting.tiers import refresh_counties
from villages.models import Village

from .load import CONNECTIONS, asked, get, web
from .ratios import ROUNDS, report, timed
from .world import World, cookies, post, signed_in

#: Requests of one round for the quick pages and for the slow ones.
QUICK, SLOW = 600, 120


def measure_pages(world: World) -> None:
    # Beat does not run here: a time ahead stands for it, so that the ETag holds through the measurement.
    refresh_counties(at=timezone.now() + timedelta(hours=1))
    works = {}
    for name, role, area, view, quick, target in (
        ("city overview", Role.LEADER, world.city, "overview_area", True, 0.6),
        ("nation overview", Role.LEADER, world.nation, "overview_area", False, 0.2),
        ("county dashboard", Role.LEADER, world.county, "dashboard", False, None),
    ):
        client = signed_in(post(f"p3-{view}-{area.level}", role, area))
        pk = world.campaign.pk if view == "dashboard" else area.pk
        url = reverse(view, kwargs={"pk": pk})
        works[name] = (get(url, cookies(client)), 200, QUICK if quick else SLOW, target)
        if name == "city overview":
            etag = client.get(url)["ETag"]
            works["304 of the city"] = (get(url, cookies(client), etag), 304, QUICK, 0.8)
    village = Village.objects.filter(county=world.county).order_by("pk").first()
    bare_url = f"/{village.pk}/"
    with web("bench.bare_settings", bare_url) as bare, web("bench.settings", "/healthz") as port:
        works["bare"] = (get(bare_url), 200, QUICK, None)
        rates: dict[str, list[float]] = {name: [] for name in works}
        for round_ in range(ROUNDS + 1):
            for name, (request, status, number, _) in works.items():
                at = bare if name == "bare" else port
                many = number if round_ else CONNECTIONS * 4  # the first round warms up
                taken = timed(lambda r=request, s=status, a=at, n=many: asked(a, [r] * n, status=s))
                if round_:
                    rates[name].append(many / taken)
    rate = {name: statistics.median(values) for name, values in rates.items()}
    print(f"    {CONNECTIONS} connections: " + ", ".join(f"{n} {r:.0f}/s" for n, r in rate.items()))
    for name, (*_, target) in works.items():
        if target:
            report(
                "P3", f"{name} / bare one-query page", rate[name] / rate["bare"], at_least=target
            )
    print(
        f"        county dashboard / bare {rate['county dashboard'] / rate['bare']:.2f}× (no target)"
    )
