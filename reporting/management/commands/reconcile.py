"""Compare records, township rows and county rows now, and repair what differs."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.services.tiers import reconcile


class Command(BaseCommand):
    help = (
        "核对现有记录、乡镇汇总、县级汇总三层是否一致，列出不符之处并改正；每天凌晨自动运行一次。"
    )

    def handle(self, *args, **options) -> None:
        found = reconcile(at=timezone.now())
        for sentence in found:
            self.stdout.write(sentence)
        self.stdout.write(f"已改正{len(found)}处。" if found else "三层一致。")
