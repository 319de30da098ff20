"""The first accounts of a new installation: the three administrators, who open all others on the page."""

import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Refused
from accounts.services import create_user
from villages.models import Jurisdiction, Posting
from villages.services import add_posting

ADMINISTRATORS = (
    ("xitong", Role.SYSTEM_ADMIN),
    ("anquan", Role.SECURITY_ADMIN),
    ("shenji", Role.AUDIT_ADMIN),
)


class Command(BaseCommand):
    help = (
        "为新安装的系统建立系统管理员、安全管理员、审计管理员各一个账号，打印一次性初始密码。"
        "已有管理员时拒绝。先用 load_divisions 载入区划。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--area", required=True, metavar="CODE", help="辖区代码，如320724")

    @transaction.atomic
    def handle(self, *, area, **options):
        place = Jurisdiction.objects.open().filter(code=area.ljust(12, "0")).first()
        if place is None:
            raise CommandError(f"没有代码为{area}的辖区：请先用 load_divisions 载入区划。")
        roles = [role for _, role in ADMINISTRATORS]
        if Posting.objects.filter(role__in=roles, ends_on__isnull=True).exists():
            raise CommandError(
                "已有管理员：其他账号请由系统管理员、安全管理员在页面上建立和授予岗位。"
            )
        at = timezone.now()
        for username, role in ADMINISTRATORS:
            password = secrets.token_urlsafe(12)
            try:
                user = create_user(
                    username=username, name=role.label, password=password, by=None, at=at
                )
            except Refused as refusal:
                raise CommandError(str(refusal)) from None
            add_posting(user=user, jurisdiction=place, role=role, by=None, at=at)
            self.stdout.write(f"{role.label}\t{username}\t{password}")
        self.stdout.write("首次登录须修改密码。")
