"""The stored status is what a member is without a restriction."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0004_restrictions_from_statuses")]

    operations = [
        migrations.AddConstraint(
            model_name="partymember",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("full", "probationary"))),
                name="member_status_without_restriction",
            ),
        ),
    ]
