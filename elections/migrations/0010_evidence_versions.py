"""Versions and small pictures of evidence."""

import django.db.models.deletion
from django.db import migrations, models

import elections.models.evidence


class Migration(migrations.Migration):
    dependencies = [
        ("elections", "0009_roll_digests"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="newer",
                to="elections.evidence",
                verbose_name="替换",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="thumbnail",
            field=models.FileField(
                blank=True,
                default="",
                upload_to=elections.models.evidence.thumbnail_path,
                verbose_name="缩略图",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="version",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="版本"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="replaced_at",
            field=models.DateTimeField(null=True, verbose_name="撤下或被替换时间"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces__isnull", True), ("version", 1)),
                    models.Q(("replaces__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="first_version_replaces_nothing",
            ),
        ),
    ]
