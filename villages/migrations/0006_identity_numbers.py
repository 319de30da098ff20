"""Identity numbers of members, sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0005_status_without_restriction")]

    operations = [
        migrations.AddField(
            model_name="partymember",
            name="identity_hash",
            field=models.CharField(blank=True, max_length=64, verbose_name="身份证号（检索码）"),
        ),
        migrations.AddField(
            model_name="partymember",
            name="identity_sealed",
            field=models.CharField(blank=True, max_length=200, verbose_name="身份证号（加密）"),
        ),
        migrations.AddIndex(
            model_name="partymember",
            index=models.Index(
                condition=models.Q(("identity_hash", ""), _negated=True),
                fields=["identity_hash"],
                name="member_by_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="partymember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("identity_hash", ""), ("identity_sealed", "")),
                    models.Q(
                        models.Q(("identity_sealed", ""), _negated=True),
                        models.Q(("identity_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="member_identity_both_or_neither",
            ),
        ),
    ]
