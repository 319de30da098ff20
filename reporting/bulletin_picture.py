"""What the picture of a bulletin draws (static/js/bulletin-picture.js): words and numbers of the sheet, no more."""

from . import bulletin_words
from .bulletin_sheet import BulletinSheet, Line


def picture_data(sheet: BulletinSheet) -> dict:
    """Plain values for the script, and the picture in words for those who do not see it."""
    s = sheet.summary
    figures = [
        _figure("应换届", s["elections"], f"{len(sheet.lines)}个{sheet.unit}"),
        _figure("已完成", s["total_completed"], f"当日+{s['day_completed']}"),
        _figure("已选举", s["total_elected"], f"当日+{s['day_elected']}"),
        _figure("日报已报", s["reported"], f"应报{s['townships']}份"),
    ]
    return {
        "title": sheet.title,
        "name": sheet.name,
        "issue": sheet.issue,
        "day": f"{sheet.day.year}年{sheet.day.month}月{sheet.day.day}日",
        "issuer": sheet.issuer,
        "share": f"完成率 {s['completed_share']}",
        "figures": figures,
        "unit": sheet.unit,
        "bars": [_bar(line) for line in sheet.lines],
        "warnings": bulletin_words.missing(sheet),
        "foot": f"数据截至{sheet.data_as_of}" if sheet.data_as_of else "",
        "file": f"{sheet.name}{sheet.title}{sheet.issue}{sheet.day:%Y%m%d}.png",
        "alt": bulletin_words.chat_text(sheet),
    }


def _figure(label: str, value: int, note: str) -> dict:
    return {"label": label, "value": value, "note": note}


def _bar(line: Line) -> dict:
    elected = line.total("elected")
    return {
        "rank": line.rank,
        "name": f"{line.name}{line.mark}",
        "done": line.done,
        "elected": elected,
        "whole": line.elections,
        "words": f"完成{line.done} 选举{elected} / {line.elections}",
    }
