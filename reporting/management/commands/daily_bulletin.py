"""Produce a day's bulletin, as beat does at the cut-off."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Campaign
from reporting.services.bulletins import produce_bulletin


class Command(BaseCommand):
    help = "生成一次换届某一天的简报；已有的不重复生成。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")
        parser.add_argument("--date", type=date.fromisoformat, required=True, metavar="DATE")

    def handle(self, *, campaign: int, date: date, **options):
        found = Campaign.objects.filter(pk=campaign).first()
        if found is None:
            raise CommandError(f"没有编号为{campaign}的换届工作。")
        if not found.starts_on <= date <= timezone.localdate():
            raise CommandError(f"日期应在{found.starts_on}至今天之间。")
        bulletin = produce_bulletin(campaign=found, day=date, at=timezone.now())
        self.stdout.write(
            f"第{bulletin.issue}期（{bulletin.day}），未上报：{'、'.join(bulletin.unreported) or '无'}"
        )
