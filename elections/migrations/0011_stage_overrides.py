"""What the county lifts from a stage, and its two events in the log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("elections", "0010_evidence_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StageOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("survey", "调研摸底"),
                            ("rectification", "集中整顿、离任审计"),
                            ("petition", "请示与批复"),
                            ("mobilisation", "动员培训、纪律教育"),
                            ("roster", "党员名册公示、应到会人员核定"),
                            ("member_recommendation", "党员推荐"),
                            ("villager_recommendation", "群众（村民代表）推荐"),
                            ("preliminary", "确定初步人选"),
                            ("review", "资格审查"),
                            ("inspection", "组织考察"),
                            ("nomination", "研究报批候选人预备人选"),
                            ("notice", "公示"),
                            ("committee_ballot", "党员大会选举"),
                            ("secretary_ballot", "选举书记、副书记"),
                            ("approval", "结果报批与备案"),
                            ("announcement", "公布结果"),
                            ("handover", "工作移交、归档"),
                        ],
                        max_length=30,
                        verbose_name="环节",
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("lifted", models.JSONField(verbose_name="放行的事项")),
                ("reason", models.CharField(max_length=500, verbose_name="特批理由")),
                ("document_number", models.CharField(max_length=60, verbose_name="批准文号")),
                ("by_name", models.CharField(max_length=50, verbose_name="特批人")),
                (
                    "by_post",
                    models.CharField(blank=True, max_length=100, verbose_name="特批人岗位"),
                ),
                ("at", models.DateTimeField(verbose_name="特批时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                (
                    "withdrawal_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="撤销理由"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="elections.villageelection",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "特批放行",
                "indexes": [
                    models.Index(
                        fields=["election", "stage"], name="elections_s_electio_8ff6c3_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("document_number", ""), _negated=True),
                            models.Q(("lifted", []), _negated=True),
                        ),
                        name="override_says_what_why_and_by_which_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                                ("withdrawal_reason", ""),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="override_withdrawn_all_or_nothing",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="stagechange",
            name="event",
            field=models.CharField(
                choices=[
                    ("opened", "开始"),
                    ("submitted", "提交"),
                    ("completed", "完成"),
                    ("confirmed", "确认"),
                    ("returned", "退回"),
                    ("reopened", "重新办理"),
                    ("not_applicable", "不适用"),
                    ("overridden", "特批放行"),
                    ("override_withdrawn", "撤销特批"),
                ],
                max_length=20,
                verbose_name="事件",
            ),
        ),
    ]
