"""Write the closing report to a file, the same text that the job produces."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Campaign
from reporting.document import closing_document
from reporting.services.closing import compute


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
        figures = compute(found, as_of or timezone.localdate(), step=lambda percent, words: None)
        closing_document(found, figures).save(str(out))
        self.stdout.write(f"已写入{out}")
