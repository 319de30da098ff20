"""Villagers' representatives."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0007_merged_members")]

    operations = [
        migrations.CreateModel(
            name="Representative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "identity_sealed",
                    models.CharField(blank=True, max_length=200, verbose_name="身份证号（加密）"),
                ),
                (
                    "identity_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="身份证号（检索码）"),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "sex",
                    models.CharField(
                        choices=[("male", "男"), ("female", "女")],
                        max_length=6,
                        verbose_name="性别",
                    ),
                ),
                ("born_on", models.DateField(verbose_name="出生日期")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="联系电话")),
                ("group", models.CharField(max_length=30, verbose_name="村民小组")),
                ("since", models.DateField(verbose_name="起任日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="离任日期")),
            ],
            options={
                "verbose_name": "村民代表",
            },
        ),
        migrations.AddField(
            model_name="representative",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="villages.partymember",
                verbose_name="本村党员",
            ),
        ),
        migrations.AddField(
            model_name="representative",
            name="village",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="representatives",
                to="villages.village",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__gt", models.F("born_on"))),
                name="representative_since_after_birth",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="representative_until_after_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("identity_hash", ""), ("identity_sealed", "")),
                    models.Q(
                        models.Q(("identity_sealed", ""), _negated=True),
                        models.Q(("identity_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="representative_identity_both_or_neither",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("until__isnull", True), models.Q(("identity_hash", ""), _negated=True)
                ),
                fields=("village", "identity_hash"),
                name="representative_identity_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("member",),
                name="member_once_a_representative",
            ),
        ),
    ]
