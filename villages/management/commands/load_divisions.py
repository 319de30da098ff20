"""Load jurisdictions and villages from the national division files."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from villages.imports import DivisionFileError, load, read

LABELS = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡级",
    "village": "村级",
}


class Command(BaseCommand):
    help = (
        "从区划代码文件（villages.csv 及同一文件夹的 provinces、cities、areas、streets.csv）载入辖区和村（社区）。"
        "可以重复执行：更名、撤销的单位注明日期停用，不删除；任何一行有误则不载入。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="villages.csv")
        parser.add_argument(
            "--area", default="", metavar="CODE", help="只载入这个辖区（2、4、6、9或12位代码）"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="DATE", help="变更日期，默认今天"
        )

    def handle(self, *, file: Path, area: str, on: date | None, **options):
        try:
            counts = load(read(file, area=area), on=on or timezone.localdate(), area=area)
        except DivisionFileError as error:
            raise CommandError(str(error)) from None
        for level, c in counts.items():
            self.stdout.write(
                f"{LABELS[level]}：新增{c.new}，更名或调整{c.renamed}，停用{c.closed}，不变{c.unchanged}"
            )
