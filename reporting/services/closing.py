"""Producing the closing report: figures, document, version."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from elections.models import Campaign
from workbooks.tables import Heading, Sheet, write_tables

from .. import annex
from ..document import closing_document
from ..indicators.registry import INDICATORS
from ..models import ClosingReport, Job
from ..selectors.scope import scope_of_area
from ..selectors.texts import current_texts
from .jobs import finish_job, hold_job


def compute(campaign: Campaign, as_of: date, step: Callable[[int, str], None]) -> dict:
    """All figures of the campaign, telling `step` how far it is (percent, words)."""
    scope = scope_of_area(campaign, as_of=as_of)
    found = {}
    for number, (key, indicator) in enumerate(INDICATORS.items(), start=1):
        found[key] = indicator.value(scope)
        if number % 10 == 0:
            step(
                round(60 * number / len(INDICATORS)), f"正在汇总指标（{number}/{len(INDICATORS)}）"
            )
    return found


@dataclass(frozen=True)
class Draft:
    """Everything a version of the report says: figures by key, typed words by section, the annex."""

    figures: dict
    texts: dict[str, str]
    tables: list[annex.Table]


def draft(campaign: Campaign, *, as_of: date, step: Callable[[int, str], None]) -> Draft:
    """What the report says of the records up to `as_of`, telling `step` how far it is. Stores nothing."""
    figures = compute(campaign, as_of, step)
    found = annex.tables(
        campaign,
        as_of=as_of,
        figures=figures,
        step=lambda done, of: step(60 + round(25 * done / of), f"正在汇总各乡镇（{done}/{of}）"),
    )
    return Draft(figures, {row.section: row.text for row in current_texts(campaign)}, found)


def produce_closing_report(
    *, job: Job, at: datetime, step: Callable[[int, str], None]
) -> ClosingReport:
    """Compute, write and store one version for a job; a job that has its report already returns it."""
    there = ClosingReport.objects.filter(job=job).first()
    if there:
        return there
    found = draft(job.campaign, as_of=job.as_of, step=step)
    step(90, "正在排版")
    document, workbook = io.BytesIO(), io.BytesIO()
    closing_document(job.campaign, found.figures, found.texts, found.tables).save(document)
    write_tables(workbook, _sheets(job, found.tables, at))
    step(95, "正在保存")
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=job.campaign_id)
        hold_job(job)
        last = ClosingReport.objects.filter(campaign=job.campaign).aggregate(n=Max("version"))["n"]
        report = ClosingReport(
            job=job,
            campaign=job.campaign,
            version=(last or 0) + 1,
            as_of=job.as_of,
            figures=found.figures,
            texts=found.texts,
            tables=[asdict(table) for table in found.tables],
            produced_at=at,
        )
        report.file.save("closing.docx", ContentFile(document.getvalue()), save=False)
        report.annex.save("annex.xlsx", ContentFile(workbook.getvalue()), save=False)
        report.save(force_insert=True)
        audit.record(
            action="closing_report.produced",
            by=job.requested_by,
            at=at,
            target=report,
            campaign_id=job.campaign_id,
            changes={"after": {"version": report.version, "as_of": str(job.as_of)}},
        )
        finish_job(job=job, at=at)
    return report


def _sheets(job: Job, found: list[annex.Table], at: datetime) -> list[Sheet]:
    moment = timezone.localtime(at)
    facts = [
        ("换届工作", job.campaign.name),
        ("截止日期", f"{job.as_of:%Y-%m-%d}"),
        ("生成时间", f"{moment:%Y-%m-%d %H:%M}"),
    ]
    return [Sheet(t.title, facts, [Heading(head, 14) for head in t.heads], t.lines) for t in found]
