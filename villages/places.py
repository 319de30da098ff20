"""How a workbook names a village: township and name, or the division code; and finding it inside an area."""

from collections.abc import Iterable

from workbooks.declarations import Column, Type
from workbooks.plans import Row
from workbooks.text import plain

from .models import Jurisdiction, Village
from .scoping import area_q_of
from .services import short_name

#: The columns of every workbook whose rows belong to a village.
PLACE_COLUMNS = (
    Column(
        "township",
        "乡镇",
        synonyms=("乡镇（街道）", "乡镇名称", "所属乡镇"),
        help="县内有同名村时必填。",
    ),
    Column(
        "village",
        "村（社区）",
        required=True,
        synonyms=("村", "村社区", "村名", "村（社区）名称", "行政村", "所在村（社区）"),
        help="全称或简称均可，如“示范村委会”“示范村”。",
    ),
    Column(
        "village_code",
        "村（社区）代码",
        Type.CODE,
        length=12,
        synonyms=("区划代码", "村代码", "统计用区划代码"),
        help="12位统计用区划代码，填了就以代码为准。",
    ),
)


class UnknownPlace(Exception):
    """No village, or more than one, is meant. `column`: the column to mend."""

    def __init__(self, column: str, message: str):
        super().__init__(message)
        self.column = column


class Places:
    """The open villages of an area by code and by name (one query). What lies outside the area does not exist."""

    def __init__(self, area: Jurisdiction):
        self.area = area
        self.villages: dict[int, Village] = {}
        self._by_code: dict[str, Village] = {}
        self._by_name: dict[str, list[Village]] = {}
        self._known: dict[tuple, Village | UnknownPlace] = {}
        rows = Village.objects.open().filter(area_q_of(area)).select_related("township")
        for village in rows.order_by("code"):
            self.villages[village.pk] = village
            self._by_code[village.code] = village
            for name in {plain(village.name), short_name(village)}:
                self._by_name.setdefault(name, []).append(village)

    def find(self, row: Row) -> Village:
        """The village a row names. Raises UnknownPlace."""
        key = _key(row)
        if key not in self._known:
            try:
                self._known[key] = self._find(*key)
            except UnknownPlace as unknown:
                self._known[key] = unknown
        found = self._known[key]
        if isinstance(found, UnknownPlace):
            raise found
        return found

    def _find(self, township: str | None, name: str | None, code: str | None) -> Village:
        if code:
            village = self._by_code.get(code)
            if village is None:
                raise UnknownPlace(
                    "village_code", f"{self.area.name}没有这个代码的村（社区）：请核对。"
                )
            return village
        found = self._by_name.get(plain(name or ""), [])
        if township:
            found = [v for v in found if v.township.name == plain(township)]
        if len(found) == 1:
            return found[0]
        if not found:
            where = township or self.area.name
            raise UnknownPlace(
                "village", f"{where}没有这个村（社区）：请核对名称，或填写12位代码。"
            )
        townships = "、".join(v.township.name for v in found)
        raise UnknownPlace("village", f"{townships}都有这个村（社区）：请同时填写乡镇。")

    def named_by(self, rows: Iterable[Row]) -> set[int]:
        """Ids of the villages that the rows name."""
        found = set()
        for row in {_key(row): row for row in rows}.values():
            try:
                found.add(self.find(row).pk)
            except UnknownPlace:
                continue
        return found


def _key(row: Row) -> tuple:
    """How a row names its village."""
    values = row.values
    return values.get("township"), values.get("village"), values.get("village_code")


def place_label(village: Village) -> str:
    return f"{village.township.name}{village.name}"
