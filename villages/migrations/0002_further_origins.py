"""Further origins of a member beside the main one."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="partymember",
            name="further_origins",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("prosperity", "致富带富能手"),
                        ("graduate", "大学生村官"),
                        ("cooperative", "专业合作组织负责人"),
                        ("veteran", "优秀复转军人"),
                        ("returnee", "返乡创业人员"),
                        ("official", "机关事业单位党员干部"),
                        ("other", "其他"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="其他来源",
            ),
        ),
        migrations.AddConstraint(
            model_name="partymember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", ""), _negated=True),
                    ("further_origins", []),
                    _connector="OR",
                ),
                name="further_origins_beside_a_main_one",
            ),
        ),
    ]
