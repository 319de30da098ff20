"""Walk every audit chain and name the first bad row."""

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import broken_rows
from accounts.models import AuditChain, AuditEntry


class Command(BaseCommand):
    help = "核对审计链：编号连续、前后相连、内容未改。发现第一处问题即退出（退出码1）。"

    def handle(self, **options):
        for sentence in broken_rows():
            raise CommandError(sentence)
        self.stdout.write(
            f"审计链完好：{AuditChain.objects.count()}条链，{AuditEntry.objects.count()}条记录。"
        )
