"""P1 to P5 and P10 on the national division list (or one province of it: BENCH_AREA=32)."""

import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be ready first

from bench.pages import measure_pages  # noqa: E402
from bench.panels import measure_freshness, measure_overview, measure_statements  # noqa: E402
from bench.reports import measure_reports  # noqa: E402
from bench.world import build  # noqa: E402
from bench.writers import measure_writers  # noqa: E402
from reporting.tiers import refresh_counties  # noqa: E402
from villages.models import Village  # noqa: E402

MEASURES = {
    "P1": measure_overview,
    "P2": measure_statements,
    "P3": measure_pages,
    "P4": measure_reports,
    "P5": measure_writers,
    "P10": measure_freshness,
}


def main() -> None:
    """Environment: BENCH_DIVISIONS, BENCH_FOLDER (both from scripts/bench.py), BENCH_AREA; BENCH_ONLY=P3,P4."""
    if Village.objects.exists():
        sys.exit("这个数据库里已有村（社区）：计时会写入全国的数据，只能用空的数据库。")
    call_command("collectstatic", interactive=False, verbosity=0)
    world = build()
    refresh_counties(at=world.at)
    wanted = os.environ.get("BENCH_ONLY", ",".join(MEASURES)).split(",")
    for name in wanted:
        began = time.perf_counter()
        MEASURES[name](world)
        print(f"    ({time.perf_counter() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
