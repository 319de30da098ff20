"""Restrictions as dated rows of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0002_further_origins")]

    operations = [
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("under_probation", "留党察看"), ("suspended", "中止党员权利")],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(null=True, verbose_name="截止日期")),
                ("document", models.CharField(max_length=60, verbose_name="文号")),
            ],
            options={
                "verbose_name": "权利受限",
            },
        ),
        migrations.AddField(
            model_name="restriction",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="restrictions",
                to="villages.partymember",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="restriction_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True),
                name="restriction_has_a_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("member", "kind"),
                name="one_open_restriction_of_a_kind",
            ),
        ),
    ]
