"""Write the closing report to a file, the same text that the job produces."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Campaign
from reporting.document import closing_document
from reporting.services.closing import draft


class Command(BaseCommand):
    help = "把一次换届的总结报告写成 .docx 文件。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.docx")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE")

    def handle(self, *, campaign: int, out: Path, as_of: date | None, **options):
        found = Campaign.objects.select_related("area").filter(pk=campaign).first()
        if found is None:
            raise CommandError(f"没有编号为{campaign}的换届工作。")
        if out.suffix != ".docx" or not out.parent.is_dir():
            raise CommandError(f"{out}不是可写的 .docx 文件路径。")
        day = as_of or timezone.localdate()
        report = draft(found, as_of=day, step=lambda percent, words: None)
        try:
            closing_document(found, report.figures, report.texts, report.tables).save(str(out))
        except OSError as error:
            raise CommandError(f"{out}写不进去：{error.strerror}。") from None
        self.stdout.write(f"已写入{out}")
