"""Import a workbook at once: the same reading, rules and service as the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import Forbidden, Refused
from accounts.models import User
from elections.models import Campaign
from reporting.selectors.imports import import_areas, kinds
from reporting.services.imports import import_now
from workbooks.reading import FileRefused

#: As many errors as are listed; the page gives them all, painted into the workbook.
LISTED = 50


class Command(BaseCommand):
    help = "导入一份工作簿：与网页上的导入相同。有一处错误就一条也不写，逐处列出，退出码1。"

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help="、".join(kinds()))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")
        parser.add_argument("--by", required=True, metavar="USER", help="以谁的名义和权限导入")
        parser.add_argument("--reason", default="", help="说明或理由")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *, kind, file, campaign, by, reason, dry_run, **options):
        found = kinds().get(kind)
        if found is None:
            raise CommandError(f"没有“{kind}”这种工作簿：可以是{'、'.join(kinds())}。")
        if not file.is_file():
            raise CommandError(f"找不到文件{file}。")
        chosen = Campaign.objects.select_related("area").filter(pk=campaign).first()
        if chosen is None:
            raise CommandError(f"没有编号为{campaign}的换届工作。")
        user = User.objects.filter(username=by, is_active=True).first()
        areas = import_areas(user, chosen) if user else []
        if not areas:
            raise CommandError(f"用户“{by}”不存在，或在“{chosen.name}”中没有导入的岗位。")
        if found.needs_reason and not reason and not dry_run:
            raise CommandError(f"导入“{found.title}”请用 --reason 写明理由。")
        try:
            plan, problems = import_now(
                kind=found,
                campaign=chosen,
                area=areas[0],
                path=file,
                reason=reason,
                by=user,
                at=timezone.now(),
                dry_run=dry_run,
            )
        except (FileRefused, Forbidden, Refused) as refused:
            raise CommandError(str(refused)) from None
        for problem in problems[:LISTED]:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"共{len(problems)}处错误，没有写入任何内容。")
        done = "可以写入" if dry_run else "已写入"
        self.stdout.write(
            f"{done}：新增{len(plan.new)}，更改{len(plan.changed)}，不变{plan.unchanged}，"
            f"表中没有{len(plan.missing)}（不删除）"
        )
