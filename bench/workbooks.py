"""P7 and P9: a roster of 20,000 members brought in and taken out, beside the barest ways of doing it."""

import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

import django

django.setup()

import python_calamine  # noqa: E402 - Django has to be ready first
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import Workbook, load_workbook  # noqa: E402

from bench.ratios import report, side_by_side  # noqa: E402
from demo.scenario import ensure_divisions, make_accounts  # noqa: E402
from elections.services.campaigns import create_campaign  # noqa: E402
from reporting.selectors.exports import EXPORTS, write_export  # noqa: E402
from reporting.services.imports import import_now  # noqa: E402
from villages.models import Jurisdiction, PartyMember, Village  # noqa: E402
from villages.workbooks import MEMBERS  # noqa: E402

ROWS = 20_000
#: The slow way is measured on so many rows and extrapolated.
SAMPLE = 500
FIELDS = ("name", "sex", "born_on", "joined_on", "status", "education", "phone")
CODES = {"男": "male", "正式党员": "full", "大专": "college"}


def prepare():
    """The demonstration's county with its villages and accounts, and a campaign."""
    today = timezone.localdate()
    county = ensure_divisions("320724", today - timedelta(days=90))
    townships = list(Jurisdiction.objects.filter(county=county, level="township").order_by("code"))
    staff = make_accounts(county, townships, today - timedelta(days=90))["zuzhibu"]
    campaign = create_campaign(
        name="计时",
        area=county,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
        by=staff,
        at=timezone.now(),
    )
    return campaign, staff


def write_roster(path: Path, *, wrong_every: int = 0) -> None:
    """20,000 invented members over all villages; every so manieth row with an error."""
    villages = list(Village.objects.open().select_related("township").order_by("code"))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(MEMBERS.sheet)
    sheet.append([column.head for column in MEMBERS.columns])
    for n in range(ROWS):
        village = villages[n % len(villages)]
        values = {
            "township": village.township.name,
            "village": village.name,
            "village_code": village.code,
            "name": f"示范{n}",
            "sex": "保密" if wrong_every and n % wrong_every == 0 else "男",
            "born_on": date(1950, 1, 1) + timedelta(days=n % 15_000),
            "joined_on": date(2010, 7, 1) + timedelta(days=n % 5_000),
            "status": "正式党员",
            "education": "大专",
            "phone": f"138{n:08d}",
        }
        sheet.append([values.get(column.name) for column in MEMBERS.columns])
    book.save(path)


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE villages_partymember CASCADE")


def bare_copy(path: Path) -> None:
    """calamine and COPY, nothing checked."""
    empty()
    codes = dict(Village.objects.values_list("code", "pk"))
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    lines = [
        f"{codes[r[2]]}\t{r[3]}\t{CODES[r[4]]}\t{r[5]}\t{r[6]}\t{CODES[r[7]]}\t{CODES[r[8]]}\t\tf\tf\tf\t{r[14]}\t\t\t{{}}\n"
        for r in sheet.to_python()[1:]
    ]
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            "COPY villages_partymember (village_id, name, sex, born_on, joined_on, status, education, origin,"
            " is_women_director, heads_village_committee, on_village_committee, phone,"
            " identity_sealed, identity_hash, further_origins) FROM STDIN",
            io.StringIO("".join(lines)),
        )


def row_by_row(path: Path, first: int) -> None:
    """What a plain program does: openpyxl, then look up and save every row."""
    villages = {v.code: v for v in Village.objects.all()}
    sheet = load_workbook(path, read_only=True).active
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if not 0 < number <= first:
            continue
        village, name, born_on = villages[row[2]], row[3], row[5].date()
        member = (
            PartyMember.objects.filter(village=village, name=name, born_on=born_on).first()
            or PartyMember()
        )
        member.village, member.name, member.born_on = village, name, born_on
        member.joined_on, member.phone = row[6].date(), row[14]
        member.sex, member.status, member.education = (CODES[row[i]] for i in (4, 7, 8))
        member.save()


def measure_import(campaign, staff, folder: Path) -> None:
    good, wrong = folder / "good.xlsx", folder / "wrong.xlsx"
    write_roster(good)
    write_roster(wrong, wrong_every=40)

    def ours(path: Path, errors: int) -> None:
        empty()
        plan, problems = import_now(
            kind=MEMBERS,
            campaign=campaign,
            area=campaign.area,
            path=path,
            reason="",
            by=staff,
            at=timezone.now(),
            dry_run=False,
        )
        assert len(problems) == errors
        assert errors or len(plan.new) == ROWS

    def slow(rows: int) -> None:
        empty()
        row_by_row(good, rows)

    times = side_by_side(
        bare=lambda: bare_copy(good),
        ours=lambda: ours(good, 0),
        with_errors=lambda: ours(wrong, ROWS // 40),
        slow_reading=lambda: slow(0),
        slow_sample=lambda: slow(SAMPLE),
    )
    each = (times["slow_sample"] - times["slow_reading"]) / SAMPLE
    extrapolated = times["slow_reading"] + each * ROWS
    print(
        f"    {ROWS} rows: bare calamine + COPY {times['bare']:.2f} s, ours {times['ours']:.2f} s, with"
        f" {ROWS // 40} errors listed {times['with_errors']:.2f} s; openpyxl + get + save {extrapolated:.1f} s"
        f" (extrapolated from {SAMPLE} rows)"
    )
    report("P7", "import / bare calamine + COPY", times["ours"] / times["bare"], at_most=5)
    report(
        "P7",
        "full error list / bare calamine + COPY",
        times["with_errors"] / times["bare"],
        at_most=5,
    )
    report("P7", "openpyxl + get + save / import", extrapolated / times["ours"], at_least=25)
    ours(good, 0)


def measure_export(campaign, staff) -> None:
    export, today = EXPORTS["members"], timezone.localdate()
    chosen = export.select(staff, campaign, QueryDict(""), today)
    cells = [tuple(row) for row in export.lines(chosen.rows, today)]

    def bare() -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("x")
        for row in cells:
            sheet.append(row)
        book.save(io.BytesIO())

    def ours() -> None:
        selection = export.select(staff, campaign, QueryDict(""), today)
        write_export(
            io.BytesIO(),
            export=export,
            campaign=campaign,
            selection=selection,
            count=selection.rows.count(),
            place="",
            by=staff,
            at=timezone.now(),
            reason="计时",
        )

    times = side_by_side(bare=bare, ours=ours)
    print(f"    {len(cells)} rows: bare openpyxl {times['bare']:.2f} s, ours {times['ours']:.2f} s")
    report("P9", "export with its query / bare write", times["ours"] / times["bare"], at_most=2)


def main() -> None:
    campaign, staff = prepare()
    with tempfile.TemporaryDirectory() as folder:
        measure_import(campaign, staff, Path(folder))
    measure_export(campaign, staff)


if __name__ == "__main__":
    main()
