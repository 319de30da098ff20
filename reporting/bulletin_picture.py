"""What the picture of a bulletin draws (static/js/bulletin-picture.js): words and numbers of the sheet, no more."""

from . import bulletin_words
from .bulletin_sheet import BulletinSheet, Line


def picture_data(sheet: BulletinSheet) -> dict:
    """Plain values for the script, and the picture in words for those who do not see it. Beside what is completed the
    bars show the step that decides: until the first village is completed, the furthest one."""
    s = sheet.summary
    step = "elected" if sheet.lead == "completed" else sheet.lead
    label = bulletin_words.LABELS[step]
    figures = [
        _figure("应换届", s["elections"], f"{len(sheet.lines)}个{sheet.unit}"),
        _figure("已完成", s["total_completed"], f"当日+{s['day_completed']}"),
        _figure(label, s[f"total_{step}"], f"当日+{s[f'day_{step}']}"),
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
        "step": label,
        "bars": [_bar(line, step, label) for line in sheet.lines],
        "warnings": bulletin_words.missing(sheet),
        "foot": f"数据截至{sheet.data_as_of}" if sheet.data_as_of else "",
        "file": f"{sheet.name}简报{sheet.issue}{sheet.day:%Y%m%d}.png",
        "alt": bulletin_words.chat_text(sheet),
    }


def _figure(label: str, value: int, note: str) -> dict:
    return {"label": label, "value": value, "note": note}


def _bar(line: Line, step: str, label: str) -> dict:
    at_step = line.total(step)
    return {
        "rank": line.rank,
        "name": f"{line.name}{line.mark}",
        "done": line.done,
        "step": at_step,
        "whole": line.elections,
        "words": f"完成{line.done} {label}{at_step} / {line.elections}",
    }
