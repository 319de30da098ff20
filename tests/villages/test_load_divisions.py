"""The division files: counts of the demo county, repetition, renaming, vanishing, bad lines."""

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from villages.enums import VillageKind
from villages.imports import area_prefix, village_kind
from villages.models import Jurisdiction, Village

COUNTY = Path(settings.BASE_DIR) / "villages" / "data" / "320724"
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    """A copy of the demo county's files that a test may spoil."""
    return Path(shutil.copytree(COUNTY, tmp_path / "divisions"))


def run(folder: Path, *args: str) -> str:
    out = StringIO()
    call_command("load_divisions", str(folder / "villages.csv"), *args, stdout=out)
    return out.getvalue()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def everything() -> list:
    units = Jurisdiction.objects.order_by("code", "pk").values_list()
    return [*units, *Village.objects.order_by("code", "pk").values_list()]


def test_demo_county_has_its_towns_villages_and_communities():
    run(COUNTY)
    county = Jurisdiction.objects.get(code="320724000000")
    assert county.name == "灌南县"
    assert Jurisdiction.objects.filter(level="township", county=county).count() == 11
    kinds = Village.objects.filter(county=county).values_list("kind", flat=True)
    assert len([k for k in kinds if k == VillageKind.VILLAGE]) == 217
    assert len([k for k in kinds if k == VillageKind.COMMUNITY]) == 21


def test_second_run_changes_nothing():
    run(COUNTY, "--on", "2026-01-01")
    before = everything()
    out = run(COUNTY, "--on", "2026-06-01")
    assert everything() == before
    assert "村级：新增0，更名或调整0，停用0，不变238" in out


def test_renamed_village_keeps_its_row_and_closes_its_former_name(files):
    run(files, "--on", "2026-01-01")
    village = Village.objects.get(code="320724100001")
    edit(files / "villages.csv", "镇中社区居委会", "镇心社区居委会")
    out = run(files, "--on", "2026-06-01")
    village.refresh_from_db()
    assert (village.name, village.opened_on, village.closed_on) == (
        "镇心社区居委会",
        date(2026, 6, 1),
        None,
    )
    former = Village.objects.get(code="320724100001", closed_on__isnull=False)
    assert (former.name, former.opened_on, former.closed_on) == (
        "镇中社区居委会",
        date(2026, 1, 1),
        date(2026, 6, 1),
    )
    assert "村级：新增0，更名或调整1，停用0，不变237" in out


def test_vanished_village_is_closed_with_a_date(files):
    run(files, "--on", "2026-01-01")
    lines = (files / "villages.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (files / "villages.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    run(files, "--on", "2026-06-01")
    assert list(Village.objects.exclude(closed_on=None).values_list("closed_on")) == [
        (date(2026, 6, 1),)
    ]
    assert Village.objects.filter(closed_on=None).count() == 237


def test_area_touches_nothing_outside_it(files):
    run(files, "--on", "2026-01-01")
    lines = (files / "villages.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("320724101")]
    (files / "villages.csv").write_text("".join(kept), encoding="utf-8")
    run(files, "--on", "2026-06-01", "--area", "320724100")
    assert not Village.objects.exclude(closed_on=None).exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('320724100002,"', '32072410000X,"', "villages.csv第3行：代码“32072410000X”应为12位数字"),
        ('320724100002,"', '320724100001,"', "villages.csv第3行：代码320724100001重复"),
        ('"镇东社区居委会"', '""', "villages.csv第3行：代码320724100002的名称为空"),
        ('"镇东社区居委会",320724100,', '"镇东社区居委会",320724999,', "上级代码“320724999”不存在"),
        ('"镇东社区居委会",320724100,32,', '"镇东社区居委会",320724100,', "应有6列，实有5列"),
        ("code,name,streetCode", "code,name,street", "表头应为"),
    ],
)
def test_malformed_line_is_named_and_nothing_is_loaded(files, old, new, said):
    edit(files / "villages.csv", old, new)
    with pytest.raises(CommandError, match=said):
        run(files)
    assert not Jurisdiction.objects.exists()
    assert not Village.objects.exists()


def test_missing_sibling_is_named(files):
    (files / "streets.csv").unlink()
    with pytest.raises(CommandError, match=r"streets\.csv"):
        run(files)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("320724100199", VillageKind.COMMUNITY),
        ("320724100200", VillageKind.VILLAGE),
        ("320724100399", VillageKind.VILLAGE),
        ("320724100400", VillageKind.COMMUNITY),
        ("320724100500", VillageKind.VILLAGE),
    ],
)
def test_village_kind_follows_the_last_three_digits(code, kind):
    assert village_kind(code) == kind


@pytest.mark.parametrize(
    ("area", "prefix"),
    [
        ("", ""),
        ("32", "32"),
        ("320724", "320724"),
        ("320724000000", "320724"),
        ("320724100000", "320724100"),
    ],
)
def test_area_prefix_strips_the_padding(area, prefix):
    assert area_prefix(area) == prefix
