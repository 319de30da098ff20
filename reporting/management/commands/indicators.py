"""Print the indicators of a campaign as JSON."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Campaign
from reporting.indicators.registry import figures
from reporting.selectors.scope import find_area, scope_of_area


class Command(BaseCommand):
    help = "以JSON输出一次换届的全部指标：{键: 值}；百分比附分子、分母。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", type=int, required=True, metavar="ID")
        parser.add_argument("--area", default="", metavar="CODE", help="辖区代码，默认整个换届范围")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="DATE", help="截止日期，默认今天"
        )

    def handle(self, *, campaign: int, area: str, as_of: date | None, **options):
        found = Campaign.objects.filter(pk=campaign).first()
        if found is None:
            raise CommandError(f"没有编号为{campaign}的换届工作。")
        unit = find_area(area) if area else None
        if area and unit is None:
            raise CommandError(f"没有代码为{area}的辖区。")
        scope = scope_of_area(found, as_of=as_of or timezone.localdate(), area=unit)
        self.stdout.write(json.dumps(figures(scope), ensure_ascii=False, indent=2))
