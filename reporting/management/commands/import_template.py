"""Write the blank workbook of a kind."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reporting.selectors.imports import kinds
from workbooks.template import template


class Command(BaseCommand):
    help = "写出一种导入工作簿的空白模板。"

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help="、".join(kinds()))
        parser.add_argument("--out", type=Path, metavar="FILE.xlsx", help="默认 KIND.xlsx")

    def handle(self, *, kind: str, out: Path | None, **options):
        found = kinds().get(kind)
        if found is None:
            raise CommandError(f"没有“{kind}”这种工作簿：可以是{'、'.join(kinds())}。")
        out = out or Path(f"{kind}.xlsx")
        if out.suffix != ".xlsx" or not out.parent.is_dir():
            raise CommandError(f"{out}不是可写的 .xlsx 文件路径。")
        template(found).save(out)
        self.stdout.write(f"已写入{out}")
