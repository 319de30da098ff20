"""The bulletin's sentences and its text for a chat group, from the sheet's figures alone: pure.

Page, document and text say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .bulletin_sheet import HEADS, BulletinSheet
from .rules import share

LABELS = dict(HEADS)

#: The text for a chat names so many of the first, and gives so many characters of what a township wrote.
FIRST = 3
CHAT_LENGTH = 80
#: A sentence names so many townships; the workbook names all.
NAMED = 30


@dataclass(frozen=True)
class Part:
    """A heading and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def named(names: Sequence[str]) -> str:
    """Names in a row, and how many there are when some are left out."""
    if len(names) <= NAMED:
        return "、".join(names)
    return f"{'、'.join(names[:NAMED])}等{len(names)}个"


def day_words(sheet: BulletinSheet) -> str:
    return f"{sheet.day.month}月{sheet.day.day}日"


def progress(sheet: BulletinSheet) -> list[str]:
    """How far the whole area is."""
    s = sheet.summary
    steps = "，".join(_step(label, s[f"total_{key}"], s[f"day_{key}"]) for key, label in HEADS[:-1])
    return [
        f"截至{day_words(sheet)}，应换届{s['elections']}个村（社区），已完成{s['total_completed']}个"
        f"（当日{s['day_completed']}个），完成率{s['completed_share']}；"
        f"已召开党员大会选举{s['total_elected']}个（当日{s['day_elected']}个）。",
        f"各环节累计：{steps}。",
    ]


def _step(label: str, total: int, today: int) -> str:
    return f"{label}{total}个" + (f"（当日{today}个）" if today else "")


def ranking(sheet: BulletinSheet) -> str:
    """Who is first; nothing while all stand alike."""
    first = [line for line in sheet.lines if line.rank <= FIRST and line.total(sheet.lead)]
    if not first or len({line.rank for line in sheet.lines}) == 1:
        return ""
    label = LABELS[sheet.lead]
    named = "、".join(
        f"{line.name}{label}{share(line.total(sheet.lead), line.elections)}" for line in first
    )
    return f"进度居前：{named}。"


def reports(sheet: BulletinSheet) -> str:
    """How many reports were due and came, and which need a remark."""
    s = sheet.summary
    text = f"应报日报{s['townships']}份，已报{s['reported']}份"
    if sheet.late:
        text += f"，其中迟报{len(sheet.late)}份（{'、'.join(sheet.late)}）"
    text += "。"
    if sheet.pending:
        text += f"待乡镇领导审定{len(sheet.pending)}份（{'、'.join(sheet.pending)}）。"
    return text


def changes(sheet: BulletinSheet, before: int) -> str:
    """What is different from the version with the number `before`."""
    found = [f"数字有{sheet.changed}处不同，在数字下面注明原数"] if sheet.changed else ["数字相同"]
    if sheet.newly_reported:
        found.append(f"新上报：{'、'.join(sheet.newly_reported)}")
    if sheet.reworded:
        found.append(f"文字有更正：{'、'.join(sheet.reworded)}")
    return f"与第{before}版相比，{'；'.join(found)}。"


def missing(sheet: BulletinSheet) -> list[str]:
    """Who is missing; nothing when nobody is."""
    found = []
    if sheet.absent:
        found.append(
            f"{day_words(sheet)}还没有简报的县（市、区）{len(sheet.absent)}个：{'、'.join(sheet.absent)}。"
            "合计不含这些县。"
        )
    if sheet.unreported:
        number = f"乡镇{len(sheet.unreported)}个" if sheet.is_of_campaigns else ""
        found.append(
            f"未上报{number}：{named(sheet.unreported)}。"
            "未上报乡镇的数字按系统记录统计" + ("。" if sheet.is_of_campaigns else "，标有“*”。")
        )
    return found


def counted(sheet: BulletinSheet) -> str:
    """How many campaigns are added up; only for an area above the county."""
    if not sheet.is_of_campaigns:
        return ""
    return f"正在换届的县（市、区）{len(sheet.lines) + len(sheet.absent)}个，已出简报{len(sheet.lines)}个。"


def parts(sheet: BulletinSheet) -> list[Part]:
    """The document's text; parts without anything to say are left out."""
    problems = tuple(f"{t.name}：{t.problems}" for t in sheet.told if t.problems)
    practices = tuple(f"{t.name}：{t.practices}" for t in sheet.told if t.practices)
    found = [
        Part("总体进度", _some(*progress(sheet), ranking(sheet))),
        Part("日报上报", _some(counted(sheet), reports(sheet), *missing(sheet))),
        Part("存在问题", problems),
        Part("做法", practices),
    ]
    return [part for part in found if part.paragraphs]


def _some(*sentences: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def chat_text(sheet: BulletinSheet) -> str:
    """The bulletin as plain text for a chat group."""
    s = sheet.summary
    issue = sheet.issue or "汇总"
    lines = [
        f"【{sheet.name}简报{issue}】{day_words(sheet)}",
        f"应换届{s['elections']}个，已完成{s['total_completed']}个（当日{s['day_completed']}个），"
        f"完成率{s['completed_share']}。",
        f"已选举{s['total_elected']}个（当日{s['day_elected']}个），已公示{s['total_noticed']}个，"
        f"已考察{s['total_inspected']}个，已联审{s['total_reviewed']}个。",
        *_some(ranking(sheet), counted(sheet)),
    ]
    if sheet.absent:
        lines.append(f"还没有简报：{'、'.join(sheet.absent)}。")
    if sheet.unreported:
        lines.append(f"未上报日报：{named(sheet.unreported)}。")
    elif sheet.summary["townships"]:
        lines.append("各乡镇日报均已上报。")
    lines += _told("存在问题：", [(t.name, t.problems) for t in sheet.told if t.problems])
    lines += _told("做法：", [(t.name, t.practices) for t in sheet.told if t.practices])
    if sheet.data_as_of:
        lines.append(f"数据截至{sheet.data_as_of}。")
    return "\n".join(lines)


def _told(head: str, told: list[tuple[str, str]]) -> list[str]:
    """What townships wrote, one line each, shortened: the bulletin has it whole."""
    if not told:
        return []
    return [head, *(f"{name}：{_short(text)}" for name, text in told)]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= CHAT_LENGTH else f"{words[:CHAT_LENGTH]}……"
