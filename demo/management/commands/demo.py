"""Build the demonstration campaign, or print its accounts."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from demo.scenario import PASSWORD, Scenario, accounts, holds_real_data
from villages.models import Jurisdiction


class Command(BaseCommand):
    help = (
        "用虚构人员演示一次换届：建立账号、党员名册和换届工作，各村按日推进。"
        "同一种子、同一日期，结果相同。库中已有换届工作时不会重复建立。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--area", default="320724", help="县级代码，默认320724（灌南县）")
        parser.add_argument(
            "--progress", type=int, default=60, help="推进到计划的百分之几（0至100）"
        )
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--today", type=date.fromisoformat, help="演示的“今天”，默认今天")
        parser.add_argument("--if-empty", action="store_true", help="已有数据时什么也不做")
        parser.add_argument("--accounts", action="store_true", help="只列出示范账号")

    def handle(self, *, area, progress, seed, today, if_empty, **options):
        if options["accounts"]:
            return self.print_accounts(area)
        if not 0 <= progress <= 100:
            raise CommandError("--progress 应在0至100之间。")
        if holds_real_data():
            if if_empty:
                return None
            raise CommandError("库中已有用户或换届工作，示范数据只在空库中建立。")
        scenario = Scenario(
            area=area,
            progress=progress,
            seed=seed,
            today=today or timezone.localdate(),
        )
        campaign = scenario.run(say=self.stdout.write)
        if campaign is None:
            raise CommandError(
                f"没有代码为{area}的县：请先用 load_divisions 载入区划，或使用默认的320724。"
            )
        return None

    def print_accounts(self, area: str) -> None:
        county = Jurisdiction.objects.filter(
            code=area.ljust(12, "0"), level="county", closed_on=None
        ).first()
        if county is None:
            return
        townships = list(
            Jurisdiction.objects.open().filter(county=county, level="township").order_by("code")
        )
        listed = accounts(county, townships[:1])
        known = set(
            User.objects.filter(username__in=[a.username for a in listed]).values_list(
                "username", flat=True
            )
        )
        for account in listed:
            if account.username in known:
                self.stdout.write(f"{account.role.label}\t{account.username}\t{PASSWORD}")
