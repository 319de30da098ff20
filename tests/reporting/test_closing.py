"""Every figure of the closing report is the size of the list it opens; page, command and document say the same."""

import io
import json
import statistics
import zipfile

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from accounts.models import User
from reporting import annex, narrative, rules
from reporting.document import closing_document
from reporting.indicators.base import (
    Average,
    Breakdown,
    Day,
    Medians,
    Recorded,
    Share,
    Total,
)
from reporting.indicators.registry import INDICATORS, figures
from reporting.selectors.scope import scope_of_area
from tests.factories.played import LAST_DAY, play


@pytest.fixture
def campaign(db, settings, tmp_path):
    """A small county played to its end. Costs seconds: a test asks everything it can of one."""
    settings.MEDIA_ROOT = tmp_path
    return play(villages=3)


@pytest.fixture
def scope(campaign):
    return scope_of_area(campaign, as_of=LAST_DAY)


@pytest.fixture
def staff(campaign):
    client = Client()
    client.force_login(User.objects.get(username="zuzhibu"))
    return client


def test_every_figure_is_the_size_of_the_rows_it_opens(campaign, scope, staff, capsys):
    """Registry, command and page of each figure, on the same county."""
    wrong = [key for key, indicator in INDICATORS.items() if not agrees(indicator, scope)]
    assert wrong == []
    call_command("indicators", "--campaign", str(campaign.pk), "--as-of", str(LAST_DAY))
    values = figures(scope)
    assert json.loads(capsys.readouterr().out) == values

    today = scope_of_area(campaign, as_of=timezone.localdate())
    listed, counted = {}, {}
    for key, indicator in INDICATORS.items():
        page = staff.get(reverse("indicator_rows", kwargs={"pk": campaign.pk, "key": key}))
        assert page.status_code == 200, key
        if not page.context["hidden"]:
            listed[key] = page.context["page"].paginator.count
            counted[key] = len(list(indicator.rows(today)))
    assert listed == counted
    for parts, whole in PARTS:
        assert values[whole] > 0
        assert sum(values[part] for part in parts) == values[whole], whole
    townships = []
    for code in ("320799100", "320799101"):
        call_command("indicators", "--campaign", str(campaign.pk), "--area", code)
        townships.append(json.loads(capsys.readouterr().out))
    for key in ("villages", "organisations_completed", "committee_members", "disputes_found"):
        assert sum(township[key] for township in townships) == values[key]


#: Figures that add up to another.
PARTS = (
    (("committee_new", "committee_reelected"), "committee_members"),
    (("secretary_new", "secretary_reelected"), "secretaries"),
    (tuple(k for k in INDICATORS if k.startswith("structure.age_")), "committee_members"),
    (tuple(k for k in INDICATORS if k.startswith("structure.education_")), "committee_members"),
)


def agrees(indicator, scope) -> bool:
    """Whether an indicator's value follows from its rows, counted here by another way."""
    rows, value = list(indicator.rows(scope)), indicator.value(scope)
    match indicator:
        case Share():
            whole = list(indicator.whole(scope))
            return (value["numerator"], value["denominator"]) == (len(rows), len(whole))
        case Total():
            return value == sum(getattr(row, indicator.column) for row in rows)
        case Breakdown():
            return sum(value.values()) == len(rows)
        case Average():
            ages = [indicator.of(row, LAST_DAY) for row in rows]
            return abs(value - sum(ages) / len(ages)) <= 0.05
        case Day():
            return value == str(indicator.day(scope))
        case Recorded(key="complaints_last_term"):
            return value == (rows[0].count if rows else None)
        case Recorded():
            before = INDICATORS["complaints_last_term"].value(scope)
            return value == (None if before is None else len(rows) - before)
        case Medians():
            columns = ("reported_at", "investigated_at", "informed_at")
            for column, hours in zip(columns, value.values(), strict=True):
                after = [getattr(r, column) - r.received_at for r in rows if getattr(r, column)]
                waits = [wait.total_seconds() / 3600 for wait in after]
                if not (abs(hours - statistics.median(waits)) <= 0.05 if waits else hours is None):
                    return False
            return True
        case _:
            return value == len(rows)


def test_document_states_the_figures_in_the_official_format(campaign, scope):
    values = figures(scope)
    buffer = io.BytesIO()
    texts = {"first": "示范：逐村走访。\n\n示范：逐户座谈。", "advice": "示范：建立后备人才库。"}
    found = annex.tables(campaign, as_of=LAST_DAY, figures=values, step=lambda done, of: None)
    closing_document(campaign, values, texts, found).save(buffer)
    document = Document(buffer)

    lines = [paragraph.text for paragraph in document.paragraphs]
    text = narrative.report(campaign.name, campaign.area.name, values, texts)
    assert lines[0] == f"{campaign.name}\n工作情况总结"
    assert lines[2 : 2 + len(text)] == [paragraph.text for paragraph in text]
    headings = [p.text for p in text if p.level in (1, 2)]
    assert headings == [
        "一、基本情况",
        "二、主要做法",
        "（一）坚持“三先行”",
        "（二）做到“三到位”",
        "（三）突出“三重抓”",
        "（四）坚持“三从严”",
        "三、存在问题",
        "四、建议",
    ]
    typed = ["示范：逐村走访。", "示范：逐户座谈。", "示范：建立后备人才库。"]
    assert [line for line in lines if line.startswith("示范：")] == typed
    assert narrative.offered_advice(values) not in lines
    assert [t.title for t in found] == [
        "换届选举情况",
        "班子成员和年龄结构",
        "班子学历结构和兼职",
        "信访和舆情情况",
        "难点村、重点村、后进村",
    ]
    for table, written in zip(found, document.tables, strict=False):
        assert [c.text for c in written.rows[0].cells] == table.heads
        assert [[c.text for c in row.cells] for row in written.rows[1:]] == [
            [str(value) for value in line] for line in table.lines
        ]
    stated = {row.cells[0].text: row.cells[1].text for row in document.tables[-1].rows}
    assert {name: stated[name] for name in ("班子成员", "完成率")} == {
        "班子成员": f"{values['committee_members']}名",
        "完成率": INDICATORS["completion_rate"].text(values["completion_rate"]),
    }
    section = document.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    body = next(p for p in document.paragraphs if p.text == text[0].text)
    fonts = body.runs[0]._r.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    with zipfile.ZipFile(buffer) as package:
        styles = package.read("word/styles.xml").decode()
        assert 'w:eastAsia="zh-CN"' in styles
        assert 'w:val="zh-CN"' not in styles  # would break lines inside numbers
    cited = {piece.key for p in text for piece in p.pieces if not isinstance(piece, str)}
    assert cited <= set(INDICATORS)
    assert len(cited) > 40


def test_tables_of_the_annex_add_up_to_the_figures_of_the_report(campaign, scope):
    values = figures(scope)
    found = annex.tables(campaign, as_of=LAST_DAY, figures=values, step=lambda done, of: None)
    elections, team = found[:2]

    for table in (elections, team):
        *townships, total = table.lines
        assert [line[0] for line in townships] == ["示范1镇", "示范2镇"] and total[0] == "合计"
        for column, cell in enumerate(total[1:], start=1):
            if isinstance(cell, int):
                assert sum(line[column] for line in townships) == cell, table.heads[column]
    assert team.lines[-1][1] == values["committee_members"] > 0


def test_unknown_figure_has_no_page(world, client):
    client.force_login(world.users.staff)
    unknown = reverse("indicator_rows", kwargs={"pk": world.campaign.pk, "key": "no-such-figure"})

    assert client.get(unknown).status_code == 404


def test_parts_read_alike_whatever_order_they_are_stored_in():
    parts = {"其他": 9, "宗族派系": 2, "土地权属": 5, "历史遗留": 2}
    stored = dict(reversed(parts.items()))

    words = "土地权属5起、历史遗留2起、宗族派系2起、其他9起"
    assert rules.breakdown(parts, "起") == rules.breakdown(stored, "起") == words
