"""The component gallery at /gallery/ (only when settings.SHOW_GALLERY): every shared piece with invented sample data.

Nothing here reads the database. Page authors copy from templates/gallery/; what a piece takes stands in its own file.
"""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render

from candidates.enums import WomenState
from elections.enums import Phase, Stage
from elections.stages import STAGES
from reporting.enums import STAGE_SHORT, CellState
from reporting.selectors.shell import NavItem

TODAY = date(2026, 11, 18)
TOWNSHIPS = {
    "新安镇": 33,
    "堆沟港镇": 22,
    "北陈集镇": 20,
    "张店镇": 21,
    "三口镇": 19,
    "孟兴庄镇": 20,
    "汤沟镇": 18,
    "百禄镇": 24,
    "新集镇": 20,
    "田楼镇": 22,
    "李集镇": 19,
}
#: How many of a township's villages have settled each stage, as shares of a hundred.
SHARES = (100, 100, 100, 98, 96, 93, 92, 88, 79, 70, 58, 46, 31, 28, 20, 14, 8)
STATES = {
    Stage.REVIEW: CellState.OVERDUE,
    Stage.INSPECTION: CellState.OPEN,
    Stage.SECRETARY_BALLOT: CellState.NOT_APPLICABLE,
}


class SampleFilter(forms.Form):
    q = forms.CharField(label="村名", required=False)
    township = forms.ChoiceField(
        label="乡镇", required=False, choices=[("", "全部乡镇"), *((n, n) for n in TOWNSHIPS)]
    )
    state = forms.ChoiceField(
        label="进度", required=False, choices=[("", "全部进度"), *CellState.choices]
    )


class SampleForm(forms.Form):
    held_on = forms.DateField(label="召开日期", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(label="会议地点")
    due = forms.IntegerField(label="应到会（人）")
    present = forms.IntegerField(label="实到有选举权（人）", help_text="不少于应到会的五分之四。")
    summary = forms.CharField(label="会议情况", widget=forms.Textarea(attrs={"rows": 3}))


def gallery(request):
    """One page with all pieces; `shell` is invented too, so that nobody needs to sign in."""
    refused = SampleForm({"held_on": "2026-11-16", "place": "村部会议室", "due": 46, "present": 30})
    refused.is_valid()
    refused.add_error("present", "到会人数不足：应到46人，至少37人到会才能选举。请改期重新召开。")
    context = {
        "shell": sample_shell(),
        "today": TODAY,
        "women_gates": [SimpleNamespace(have=0, need=1, state=state) for state in WomenState],
        "states": CellState,
        "heads": heads(),
        "grid": grid(),
        "cards": cards(),
        "phases": phases(),
        "filter_form": SampleFilter({"township": "汤沟镇"}),
        "refused": refused,
        "page": Paginator(range(238), 25).page(2),
        "villages": villages(),
        "blockers": blockers(),
        "flashes": flashes(),
        "chart_bar": chart_bar(),
        "chart_line": chart_line(),
        "facts": [
            ("现有党员", "62名"),
            ("应到会", "46人"),
            ("职数", "委员5名"),
            ("方式", "差额选举"),
        ],
        "tabs": [("stages", "环节"), ("people", "人员"), ("meetings", "会议"), ("files", "材料")],
        "crumbs": [("汤沟镇", "#"), ("示例一村", "#")],
        "actions": [("导出", "#", "download", False), ("登记党员", "#", "plus-lg", True)],
    }
    return render(request, "gallery/index.html", context)


def sample_shell() -> dict:
    labels = (
        ("驾驶舱", "speedometer2"),
        ("待办", "check2-square"),
        ("进度一览", "grid-3x3-gap"),
        ("村（社区）", "houses"),
        ("人选库", "people"),
        ("日报", "journal-check"),
        ("总结报告", "file-earmark-text"),
    )
    nav = [
        NavItem(label=label, icon=icon, url="#", active=n == 0, badge=12 if n == 1 else 0)
        for n, (label, icon) in enumerate(labels)
    ]
    return {
        "nav": nav,
        "campaign": SimpleNamespace(pk=1, name="灌南县2026年村（社区）党组织换届"),
        "campaigns": [],
        "place": "灌南县",
        "today": TODAY,
        "todo_count": 12,
        "user_name": "示例甲",
        "user_title": "灌南县 组织部工作人员",
    }


def heads() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(spec=spec, short=STAGE_SHORT[code], code=code.value)
        for code, spec in STAGES.items()
    ]


def grid() -> list[dict]:
    rows = []
    for n, (name, total) in enumerate(TOWNSHIPS.items()):
        cells = []
        for head, share in zip(heads(), SHARES, strict=True):
            done = min(total, max(0, round(total * (share - (n * 7) % 11) / 100)))
            heat = 0 if not done else 4 if done == total else 1 + (done * 3 - 1) // total
            title = f"{name} {head.spec.label}：{done}/{total}"
            cells.append(SimpleNamespace(head=head, done=done, total=total, heat=heat, title=title))
        rows.append({"name": name, "cells": cells, "overdue": (n * 5) % 4})
    return rows


def cards() -> list[dict]:
    rows = (
        ("完成换届", 19, "个", "8.0%（19/238）", "", 8),
        ("完成党员大会选举", 73, "个", "30.7%（73/238）", "", 31),
        ("女性当选", 96, "名", "26.3%（96/365）", "", None),
        ("逾期村", 14, "个", "5.9%（14/238）", "danger", None),
        ("红色村", 3, "个", "黄21 · 绿214", "danger", None),
        ("今日日报", 9, "份", "已报9 / 应报11", "warning", None),
    )
    keys = ("label", "value", "unit", "note", "tone", "percent")
    return [dict(zip(keys, row, strict=True)) | {"url": "#"} for row in rows]


def phases() -> list[dict]:
    """A branch without a committee, overdue at 9: every state but 退回 and 待确认 occurs."""
    groups = {phase: [] for phase in Phase}
    for code, spec in STAGES.items():
        before = spec.number < STAGES[Stage.REVIEW].number
        state = STATES.get(code, CellState.DONE if before else CellState.WAITING)
        item = {"spec": spec, "short": STAGE_SHORT[code], "state": state}
        groups[spec.phase].append(item | {"is_here": code == Stage.REVIEW})
    return [{"label": phase.label, "items": items} for phase, items in groups.items()]


def villages() -> list[dict]:
    rows = (
        ("示例一村", "汤沟镇", CellState.OVERDUE, "9 资格审查", "等县公安局反馈联审意见", 8, "yellow", "黄"),
        ("示例二村", "汤沟镇", CellState.SUBMITTED, "11 研究报批", "等县委组织部确认", 10, "green", "绿"),
        ("示例三村", "百禄镇", CellState.RETURNED, "3 请示与批复", "等百禄镇联络员补正", 2, "red", "红"),
        ("示例社区", "新安镇", CellState.DONE, "全部办结", "—", 17, "green", "绿"),
    )  # fmt: skip
    keys = ("name", "township", "state", "stage", "waits_for", "done", "grade", "grade_word")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def blockers() -> list[dict]:
    return [
        {
            "message": "县公安局还没有反馈对示例乙的联审意见。",
            "citation": "本届换届工作方案：联审单位全部反馈后方可考察",
            "who": "联审单位",
        },
        {
            "message": "女性人选0名，少于1名。请补充女性人选，或申请例外。",
            "citation": "本届换届工作方案：每村女性人选不少于1名",
            "who": "乡镇联络员",
        },
    ]


class Flash(str):
    """Prints like a message and knows its level."""

    level_tag: str


def flashes() -> list[Flash]:
    texts = {
        "success": "已保存推荐结果：应到46人，实到41人，有效票41张。",
        "info": "本页每5秒更新一次。",
        "warning": "距今日日报截止还有30分钟，汤沟镇、李集镇未上报。",
        "error": "没有保存：发出选票42张，多于实到会41人。请核对后重新登记。",
    }
    lines = []
    for tag, text in texts.items():
        lines.append(Flash(text))
        lines[-1].level_tag = tag
    return lines


def chart_bar() -> dict:
    settled = [round(total * 0.3) for total in TOWNSHIPS.values()]
    rest = [total - done for total, done in zip(TOWNSHIPS.values(), settled, strict=True)]
    series = [
        {"name": "已选举", "data": settled, "tone": "done", "stack": "all"},
        {"name": "未选举", "data": rest, "tone": "na", "stack": "all"},
    ]
    return {"kind": "bar", "labels": list(TOWNSHIPS), "series": series, "unit": "个"}


def chart_line() -> dict:
    days = [f"11-{day:02d}" for day in range(9, 19)]
    series = [
        {"name": "累计选举", "data": [0, 4, 9, 15, 22, 31, 40, 52, 63, 73], "tone": "active"},
        {"name": "累计完成", "data": [0, 0, 0, 2, 4, 6, 9, 12, 15, 19], "tone": "done"},
    ]
    return {"kind": "line", "labels": days, "series": series, "unit": "个"}
