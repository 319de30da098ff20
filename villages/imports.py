"""Division files (provinces, cities, areas, streets, villages .csv) into jurisdictions and villages.

Reading checks every line before anything is written; loading is set-based SQL in one transaction. A unit that
vanished is closed with a date. A unit that was renamed (or moved) keeps its row, so that everything recorded
about it stays with it, and its former name remains as a closed row with its dates.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from .enums import Level, VillageKind

NATION_CODE = "0" * 12
MAX_NAME = 60
MOST_ERRORS = 20


@dataclass(frozen=True)
class FileSpec:
    """One file of the set: its level, header, digits of a code, and which column names the parent."""

    name: str
    level: str
    header: tuple[str, ...]
    digits: int
    parent_column: str | None


VILLAGES = "village"
FILES = (
    FileSpec("provinces.csv", Level.PROVINCE, ("code", "name"), 2, None),
    FileSpec("cities.csv", Level.CITY, ("code", "name", "provinceCode"), 4, "provinceCode"),
    FileSpec(
        "areas.csv", Level.COUNTY, ("code", "name", "cityCode", "provinceCode"), 6, "cityCode"
    ),
    FileSpec(
        "streets.csv",
        Level.TOWNSHIP,
        ("code", "name", "areaCode", "provinceCode", "cityCode"),
        9,
        "areaCode",
    ),
    FileSpec(
        "villages.csv",
        VILLAGES,
        ("code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"),
        12,
        "streetCode",
    ),
)


class DivisionFileError(Exception):
    """The files cannot be loaded; the message names file and line."""


@dataclass
class Counts:
    """What a load did to one level: numbers of units."""

    new: int = 0
    renamed: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass
class Reading:
    """Checked rows of every file: level → list of (12-digit code, name, 12-digit parent code)."""

    rows: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)


def pad(code: str) -> str:
    """A code of any level as twelve digits."""
    return code.ljust(12, "0")


def area_prefix(area: str) -> str:
    """The prefix that all codes of an area share: 320724 for 320724 and for 320724000000, empty for the nation."""
    if not area:
        return ""
    if not (area.isascii() and area.isdigit() and len(area) in (2, 4, 6, 9, 12)):
        raise DivisionFileError(f"辖区代码“{area}”应为2、4、6、9或12位数字。")
    if len(area) == 12:
        return next((area[:n] for n in (2, 4, 6, 9) if not area[n:].strip("0")), area)
    return area


def village_kind(code: str) -> str:
    """From the last three digits: 001-199 and 400-499 are residents' committees (社区), 200-399 and 500-599
    villagers' committees (行政村) — 统计用区划代码编制规则."""
    last = int(code[-3:])
    return VillageKind.COMMUNITY if last < 200 or 400 <= last < 500 else VillageKind.VILLAGE


def read(path: Path, *, area: str = "") -> Reading:
    """Read villages.csv at `path` with its four sibling files, all lines checked; `area` keeps only the units of
    that code prefix and those above them. Raises DivisionFileError naming up to 20 bad lines."""
    if path.name != FILES[-1].name:
        raise DivisionFileError(f"请给出 villages.csv（收到的是 {path.name}）。")
    area = area_prefix(area)
    errors: list[str] = []
    reading = Reading()
    known: set[str] = set()
    for spec in FILES:
        rows, codes = _read_file(path.with_name(spec.name), spec, known, area, errors)
        if len(errors) >= MOST_ERRORS:
            break
        reading.rows[spec.level] = rows
        known = codes
    if errors:
        more = "（仅列出前20处）" if len(errors) >= MOST_ERRORS else ""
        raise DivisionFileError("未载入任何数据：" + "；".join(errors[:MOST_ERRORS]) + more)
    if not reading.rows[VILLAGES]:
        raise DivisionFileError(f"文件中没有代码以“{area}”开头的村（社区）。")
    return reading


def _read_file(path: Path, spec: FileSpec, parents: set[str], area: str, errors: list[str]):
    """Rows inside (or above) the area, and the codes of all rows, bad lines appended to `errors`."""
    rows: list[tuple[str, str, str]] = []
    codes: set[str] = set()
    at_parent = spec.header.index(spec.parent_column) if spec.parent_column else None
    width = min(len(area), spec.digits)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != spec.header:
                raise DivisionFileError(
                    f"{spec.name}第1行：表头应为 {','.join(spec.header)}，请核对是否选错文件。"
                )
            for cells in lines:
                problem = _problem(cells, spec, codes, parents, at_parent)
                if problem:
                    errors.append(f"{spec.name}第{lines.line_num}行：{problem}")
                    if len(errors) >= MOST_ERRORS:
                        break
                    continue
                code = cells[0]
                codes.add(code)
                if code[:width] == area[:width]:
                    parent = cells[at_parent] if at_parent is not None else ""
                    rows.append((pad(code), cells[1].strip(), pad(parent)))
    except FileNotFoundError:
        raise DivisionFileError(f"找不到 {path}：五个文件须在同一文件夹。") from None
    except UnicodeDecodeError:
        raise DivisionFileError(f"{spec.name}不是UTF-8编码的文本文件。") from None
    except csv.Error as error:
        raise DivisionFileError(f"{spec.name}第{lines.line_num}行：无法解析（{error}）。") from None
    return rows, codes


def _problem(cells, spec: FileSpec, codes: set[str], parents: set[str], at_parent) -> str:
    """What is wrong with one line, or an empty string."""
    if len(cells) != len(spec.header):
        return f"应有{len(spec.header)}列，实有{len(cells)}列"
    code, name = cells[0], cells[1].strip()
    if len(code) != spec.digits or not (code.isascii() and code.isdigit()):
        return f"代码“{code}”应为{spec.digits}位数字"
    if code in codes:
        return f"代码{code}重复"
    if not name or "\x00" in name:
        return f"代码{code}的名称为空或含有无效字符"
    if len(name) > MAX_NAME:
        return f"代码{code}的名称超过{MAX_NAME}个字"
    if at_parent is not None and cells[at_parent] not in parents:
        return f"上级代码“{cells[at_parent]}”不存在"
    return ""


@transaction.atomic
def load(reading: Reading, *, on: date, area: str = "") -> dict[str, Counts]:
    """Bring jurisdictions and villages to the state of the files as of day `on`. Repeating it changes nothing.

    Returns level → Counts. Only units whose code starts with `area` are ever closed.
    """
    scope = area_prefix(area)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(20260001)")
        cursor.execute(
            "CREATE TEMP TABLE incoming (code text, name text, parent text, kind text) ON COMMIT DROP"
        )
        _ensure_nation(cursor, on)
        counts = {}
        for spec in FILES:
            rows = reading.rows[spec.level]
            if spec.level == VILLAGES:
                rows = [(c, n, p, village_kind(c)) for c, n, p in rows]
            else:
                rows = [(c, n, NATION_CODE if not p.strip("0") else p, "") for c, n, p in rows]
            _copy(cursor, rows)
            step = _load_villages if spec.level == VILLAGES else _load_jurisdictions
            counts[spec.level] = step(cursor, spec.level, on, scope)
            cursor.execute("TRUNCATE incoming")
        cursor.execute("DROP TABLE incoming")
    return counts


def _copy(cursor, rows) -> None:
    """COPY rows into the incoming table; tab and newline cannot occur in checked names."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows(rows)
    buffer.seek(0)
    cursor.cursor.copy_expert(
        "COPY incoming FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (kind))", buffer
    )
    cursor.execute("ANALYZE incoming")


def _ensure_nation(cursor, on: date) -> None:
    cursor.execute(
        """INSERT INTO villages_jurisdiction (code, name, level, opened_on)
           SELECT %s, '全国', 'nation', %s
           WHERE NOT EXISTS (SELECT FROM villages_jurisdiction WHERE level = 'nation')""",
        [NATION_CODE, on],
    )


_LEVELS = [Level.NATION, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP]

#: Ancestor columns a level takes from its parent's row (parent p): its parent's own columns, and the parent itself.
_ANCESTORS = {
    Level.PROVINCE: ("NULL", "NULL", "NULL"),
    Level.CITY: ("p.id", "NULL", "NULL"),
    Level.COUNTY: ("p.province_id", "p.id", "NULL"),
    Level.TOWNSHIP: ("p.province_id", "p.city_id", "p.id"),
}


def _load_jurisdictions(cursor, level: str, on: date, scope: str) -> Counts:
    province, city, county = _ANCESTORS[Level(level)]
    # Codes of different levels may coincide once padded (a city without counties): always compare the level too.
    above = _LEVELS[_LEVELS.index(level) - 1]
    parents = f"""JOIN villages_jurisdiction p
                  ON p.code = i.parent AND p.level = '{above}' AND p.closed_on IS NULL"""
    own = f"j.code = i.code AND j.level = '{level}' AND j.closed_on IS NULL"
    cursor.execute(
        f"""CREATE TEMP TABLE changed ON COMMIT DROP AS
            SELECT j.id, i.name, p.id AS parent_id, {province}::bigint AS province_id,
                   {city}::bigint AS city_id, {county}::bigint AS county_id
            FROM incoming i {parents}
            JOIN villages_jurisdiction j ON {own}
            WHERE j.name <> i.name
               OR (j.parent_id, j.province_id, j.city_id, j.county_id) IS DISTINCT FROM
                  (p.id, {province}::bigint, {city}::bigint, {county}::bigint)"""
    )
    counts = Counts()
    cursor.execute(
        """INSERT INTO villages_jurisdiction
               (code, name, level, parent_id, province_id, city_id, county_id, opened_on, closed_on)
           SELECT j.code, j.name, j.level, j.parent_id, j.province_id, j.city_id, j.county_id,
                  j.opened_on, greatest(%s, j.opened_on)
           FROM villages_jurisdiction j JOIN changed c ON c.id = j.id""",
        [on],
    )
    counts.renamed = cursor.rowcount
    cursor.execute(
        """UPDATE villages_jurisdiction j
           SET name = c.name, parent_id = c.parent_id, province_id = c.province_id,
               city_id = c.city_id, county_id = c.county_id, opened_on = greatest(%s, j.opened_on)
           FROM changed c WHERE c.id = j.id""",
        [on],
    )
    cursor.execute("DROP TABLE changed")
    cursor.execute(
        """UPDATE villages_jurisdiction j SET closed_on = greatest(%s, opened_on)
           WHERE level = %s AND closed_on IS NULL AND code LIKE %s
             AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = j.code)""",
        [on, level, f"{scope}%"],
    )
    counts.closed = cursor.rowcount
    cursor.execute(
        f"""INSERT INTO villages_jurisdiction
                (code, name, level, parent_id, province_id, city_id, county_id, opened_on)
            SELECT i.code, i.name, %s, p.id, {province}::bigint, {city}::bigint, {county}::bigint, %s
            FROM incoming i {parents}
            WHERE NOT EXISTS (SELECT FROM villages_jurisdiction j WHERE {own})
            ORDER BY i.code""",
        [level, on],
    )
    counts.new = cursor.rowcount
    cursor.execute("SELECT count(*) FROM incoming")
    counts.unchanged = cursor.fetchone()[0] - counts.new - counts.renamed
    return counts


def _load_villages(cursor, level: str, on: date, scope: str) -> Counts:
    parents = """JOIN villages_jurisdiction p
                 ON p.code = i.parent AND p.closed_on IS NULL AND p.level = 'township'"""
    cursor.execute(
        f"""CREATE TEMP TABLE changed ON COMMIT DROP AS
            SELECT v.id, i.name, i.kind, p.id AS township_id, p.county_id, p.city_id, p.province_id
            FROM incoming i {parents}
            JOIN villages_village v ON v.code = i.code AND v.closed_on IS NULL
            WHERE v.name <> i.name OR v.kind <> i.kind
               OR (v.township_id, v.county_id, v.city_id, v.province_id) IS DISTINCT FROM
                  (p.id, p.county_id, p.city_id, p.province_id)"""
    )
    counts = Counts()
    cursor.execute(
        """INSERT INTO villages_village
               (code, name, kind, township_id, county_id, city_id, province_id, opened_on, closed_on)
           SELECT v.code, v.name, v.kind, v.township_id, v.county_id, v.city_id, v.province_id,
                  v.opened_on, greatest(%s, v.opened_on)
           FROM villages_village v JOIN changed c ON c.id = v.id""",
        [on],
    )
    counts.renamed = cursor.rowcount
    cursor.execute(
        """UPDATE villages_village v
           SET name = c.name, kind = c.kind, township_id = c.township_id, county_id = c.county_id,
               city_id = c.city_id, province_id = c.province_id,
               opened_on = greatest(%s, v.opened_on)
           FROM changed c WHERE c.id = v.id""",
        [on],
    )
    cursor.execute("DROP TABLE changed")
    cursor.execute(
        """UPDATE villages_village v SET closed_on = greatest(%s, opened_on)
           WHERE closed_on IS NULL AND code LIKE %s
             AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = v.code)""",
        [on, f"{scope}%"],
    )
    counts.closed = cursor.rowcount
    cursor.execute(
        f"""INSERT INTO villages_village
                (code, name, kind, township_id, county_id, city_id, province_id, opened_on)
            SELECT i.code, i.name, i.kind, p.id, p.county_id, p.city_id, p.province_id, %s
            FROM incoming i {parents}
            WHERE NOT EXISTS (SELECT FROM villages_village v
                              WHERE v.code = i.code AND v.closed_on IS NULL)
            ORDER BY i.code""",
        [on],
    )
    counts.new = cursor.rowcount
    cursor.execute("SELECT count(*) FROM incoming")
    counts.unchanged = cursor.fetchone()[0] - counts.new - counts.renamed
    return counts
