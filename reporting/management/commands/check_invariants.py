"""manage.py check_invariants: stored state against recomputation."""

from django.core.management.base import BaseCommand, CommandError

from reporting.selectors.invariants import broken_rows


class Command(BaseCommand):
    help = "核对存储的村进度、乡镇汇总与环节记录是否一致；不一致时退出码为1，并列出第一处。"

    def handle(self, *args, **options) -> None:
        broken = next(broken_rows(), None)
        if broken is not None:
            raise CommandError(broken)
        self.stdout.write("核对一致：村进度、乡镇汇总与环节记录相符。")
