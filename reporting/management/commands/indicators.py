"""Print the indicators of a campaign as JSON."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elections.models import Campaign
from reporting import rules
from reporting.indicators.registry import figures
from reporting.models import KeptFigures
from reporting.selectors.scope import find_area, scope_of_area


class Command(BaseCommand):
    help = "以JSON输出一次换届的全部指标：{键: 值}；百分比附分子、分母。与当日留底不同的键写到标准错误。"

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
        day = as_of or timezone.localdate()
        values = figures(scope_of_area(found, as_of=day, area=unit))
        self.stdout.write(json.dumps(values, ensure_ascii=False, indent=2))
        kept = KeptFigures.objects.filter(campaign=found, day=day).first() if unit is None else None
        restated = rules.restated(kept.figures, values) if kept else []
        if restated:
            self.stderr.write(f"与{day:%Y-%m-%d}当日留底不同（重述）：{'、'.join(restated)}")
