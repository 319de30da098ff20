"""The blank workbook of a kind: heads, drop-downs, formats, a sheet of choices and a legend."""

from collections.abc import Iterable
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from .declarations import Column, Kind, Type
from .text import letter
from .values import put

#: As many lines as drop-downs and formats are prepared for.
LINES = 2000
LEGEND, CHOICES = "说明", "选项"
_LINE = Side(style="thin", color="FFBFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEAD_FILL = PatternFill("solid", fgColor="FFF3E3E1")
HEAD_FONT = Font(bold=True)
_FORMATS = {Type.DATE: "yyyy-mm-dd", Type.WHOLE: "0"}


def head_of(column: Column) -> str:
    return f"{column.head}*" if column.required else column.head


def template(kind: Kind, *, rows: Iterable[dict] = ()) -> Workbook:
    """The workbook to fill in; `rows`: values by column name to start with."""
    book = Workbook()
    sheet = book.active
    sheet.title = kind.sheet
    sheet.freeze_panes = "A2"
    for index, column in enumerate(kind.columns):
        _head(sheet, index, column)
        _format(sheet, index, column)
    _choices(book, kind)
    for number, values in enumerate(rows, start=2):
        for index, column in enumerate(kind.columns, start=1):
            put(sheet.cell(number, index), words(column, values.get(column.name)))
    _legend(book, kind)
    return book


def words(column: Column, value: object) -> object:
    """A stored value as it stands in a cell: labels for codes, dates as dates."""
    if column.options:
        labels = dict(column.options)
        many = value if isinstance(value, tuple | list) else (value,)
        return "、".join(labels.get(code, "") for code in many)
    return value


def _head(sheet, index: int, column: Column) -> None:
    cell = sheet.cell(1, index + 1, head_of(column))
    cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if column.help:
        cell.comment = Comment(column.help, "换届工作台", width=260, height=90)
    width = max(10, 2 * len(column.head) + 4, 12 if column.type is Type.DATE else 0)
    sheet.column_dimensions[letter(index)].width = width


def _format(sheet, index: int, column: Column) -> None:
    """The number format of the whole column: what is typed into an identity's or a code's column stays text."""
    as_text = column.type in (Type.TEXT, Type.CODE, Type.IDENTITY)
    dimension = sheet.column_dimensions[letter(index)]
    dimension.number_format = _FORMATS.get(column.type, "@" if as_text else "General")
    area = f"{letter(index)}2:{letter(index)}{LINES}"
    if column.type is Type.DATE:
        rule = DataValidation(
            type="date",
            operator="between",
            formula1=str((date(1900, 1, 1) - date(1899, 12, 30)).days),
            formula2=str((date(2100, 12, 31) - date(1899, 12, 30)).days),
            allow_blank=True,
        )
        # People also write dates as text, which the reader takes: warn, do not forbid.
        rule.errorStyle, rule.error = "warning", "请写成 2026-3-5 的样子。"
        sheet.add_data_validation(rule)
        rule.add(area)


def _choices(book: Workbook, kind: Kind) -> None:
    """Drop-downs take their labels from a hidden sheet: a list written into the rule holds only 255 characters."""
    limited = [(i, c) for i, c in enumerate(kind.columns) if c.options and c.type != Type.CHOICES]
    if not limited:
        return
    lists = book.create_sheet(CHOICES)
    lists.sheet_state = "hidden"
    for place, (index, column) in enumerate(limited):
        put(lists.cell(1, place + 1), column.head)
        for number, (_, label) in enumerate(column.options, start=2):
            put(lists.cell(number, place + 1), label)
        at, last = letter(place), len(column.options) + 1
        name = f"choices_{column.name}"
        book.defined_names[name] = DefinedName(
            name, attr_text=f"{quote_sheetname(CHOICES)}!${at}$2:${at}${last}"
        )
        rule = DataValidation(type="list", formula1=name, allow_blank=True)
        rule.error, rule.errorTitle = "请从下拉列表中选择。", column.head
        rule.showErrorMessage = True
        book[kind.sheet].add_data_validation(rule)
        rule.add(f"{letter(index)}2:{letter(index)}{LINES}")


def _legend(book: Workbook, kind: Kind) -> None:
    """What each column is, and how the workbook is used."""
    sheet = book.create_sheet(LEGEND)
    lines = [
        f"{kind.title}导入模板",
        kind.help,
        f"在“{kind.sheet}”表中从第2行起填写，一行一条；带*的列必填；不要改动表头，列的次序可以调整。",
        "日期写成 2026-3-5、2026年3月5日 或 20260305；编码和号码以文本填写，保留前面的0。",
        "不填的列：整列删去，原有内容不变；留着列而格子空着，就是清空。系统里有而表里没有的，只提示，不删除。",
        f"用来认出同一条记录的列：{'、'.join(kind.column(name).head for name in kind.key)}。",
    ]
    for number, line in enumerate((line for line in lines if line), start=1):
        put(sheet.cell(number, 1), line)
    sheet["A1"].font = Font(bold=True, size=14)
    top = sheet.max_row + 2
    for index, head in enumerate(("列", "必填", "类型", "可填内容", "说明"), start=1):
        cell = sheet.cell(top, index, head)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
    for number, column in enumerate(kind.columns, start=top + 1):
        facts = (
            column.head,
            "必填" if column.required else "",
            column.type.value,
            "、".join(label for _, label in column.options),
            column.help,
        )
        for index, fact in enumerate(facts, start=1):
            cell = sheet.cell(number, index)
            put(cell, fact)
            cell.border, cell.alignment = BORDER, Alignment(wrap_text=True, vertical="top")
    for at, width in zip("ABCDE", (18, 8, 12, 46, 60), strict=True):
        sheet.column_dimensions[at].width = width
