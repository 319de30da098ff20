"""Workbooks of the small world of the reporting tests, filled in as a township does."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.reporting.conftest import world  # noqa: F401 - a fixture
from villages.enums import Education, MemberStatus, Sex
from villages.models import PartyMember
from villages.workbooks import MEMBERS

HEADS = [column.head for column in MEMBERS.columns]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def xlsx(tmp_path):
    """xlsx(rows, name="党员名册.xlsx", sheet="党员名册") → the path of a workbook with these rows."""

    def write(rows, *, name="党员名册.xlsx", sheet="党员名册") -> Path:
        book = Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
            for cell in book.active[book.active.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"
        path = tmp_path / name
        book.save(path)
        return path

    return write


def member_row(village: str, number: int, /, **changes) -> list:
    """A correct row of the roster for an invented person; `changes` by name of the column."""
    values = {
        "village": village,
        "name": f"示范{number}",
        "sex": "女" if number % 3 == 0 else "男",
        "born_on": date(1950 + number % 40, 1 + number % 12, 1 + number % 28),
        "joined_on": date(1995 + number % 20, 7, 1),
        "status": "正式党员",
        "education": "高中（中专）",
        "phone": f"138{number:08d}",
    } | changes
    return [values.get(column.name) for column in MEMBERS.columns]


def make_member(village, **facts) -> PartyMember:
    return PartyMember.objects.create(
        **{
            "village": village,
            "name": "示范甲",
            "sex": Sex.MALE,
            "born_on": date(1970, 1, 1),
            "joined_on": date(2000, 7, 1),
            "status": MemberStatus.FULL,
            "education": Education.SENIOR,
        }
        | facts
    )
