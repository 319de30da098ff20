"""The commands of this app that write documents: what the job and beat produce, or one line that says why not."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from reporting.enums import TextSection
from reporting.models import Bulletin, ClosingReport, Job
from reporting.services.closing import produce_closing_report
from reporting.services.jobs import request_closing_report, take_job
from reporting.services.texts import save_text

from .conftest import NOON, START

DAY = NOON.date()


def words(file) -> list[str]:
    """The paragraphs and the cells of a document."""
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_closing_report_is_what_the_job_produces(world, settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path
    save_text(
        campaign=world.campaign,
        section=TextSection.ADVICE,
        text="示例建议：及早培养女性后备干部。",
        seen=0,
        by=world.users.staff,
        at=NOON,
    )
    out = tmp_path / "report.docx"
    call_command("closing_report", campaign=world.campaign.pk, out=out, as_of=DAY)
    assert str(out) in capsys.readouterr().out
    job = request_closing_report(campaign=world.campaign, as_of=DAY, by=world.users.staff, at=NOON)
    produce_closing_report(
        job=take_job(job_id=job.pk, at=NOON), at=NOON, step=lambda percent, said: None
    )
    produced = ClosingReport.objects.get()
    assert words(out) == words(produced.file.path)
    assert any("及早培养女性后备干部" in text for text in words(out))


@pytest.mark.parametrize("name", ["report.pdf", "nowhere/report.docx", "folder.docx"])
def test_closing_report_refuses_a_path_it_cannot_write(world, tmp_path, name):
    (tmp_path / "folder.docx").mkdir()
    with pytest.raises(CommandError, match=name):
        call_command("closing_report", campaign=world.campaign.pk, out=tmp_path / name, as_of=DAY)
    assert not Job.objects.exists()


def test_bulletin_is_produced_once(world, capsys):
    call = {"campaign": world.campaign.pk, "date": START}
    call_command("daily_bulletin", **call)
    call_command("daily_bulletin", **call)
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert "第1期（2026-09-01），未上报：东乡镇、西乡镇" in first
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize("command", ["closing_report", "daily_bulletin", "indicators"])
def test_unknown_campaign_is_named(world, tmp_path, command):
    more = {
        "closing_report": {"out": tmp_path / "report.docx"},
        "daily_bulletin": {"date": START},
        "indicators": {},
    }[command]
    with pytest.raises(CommandError, match="没有编号为99999的换届工作"):
        call_command(command, campaign=99999, **more)


def test_no_bulletin_of_a_day_outside_the_campaign(world):
    with pytest.raises(CommandError, match="日期应在2026-09-01至今天之间"):
        call_command("daily_bulletin", campaign=world.campaign.pk, date=START - timedelta(days=1))
