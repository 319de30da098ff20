"""Rolls frozen before they had a digest get one, and meetings the only version of the roll there was."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from elections.roll_digest import digest


def fill(apps, schema_editor):
    roll_model = apps.get_model("elections", "Roll")
    meetings = apps.get_model("elections", "Meeting").objects.filter(
        roll__isnull=True,
        kind__in=("member_recommendation", "villager_recommendation", "committee_ballot"),
    )
    rolls = roll_model.objects.filter(sha256="").prefetch_related("entries")
    for roll in rolls.iterator(chunk_size=500):
        roll.sha256 = digest(roll, roll.entries.all())
        roll.save(update_fields=["sha256"])
    current = roll_model.objects.filter(election=OuterRef("election"), is_current=True)
    meetings.update(roll=Subquery(current.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("elections", "0008_roll_versions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
