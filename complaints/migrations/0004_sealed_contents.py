"""What was said is sealed under a key of each record's own; every complaint becomes a matter of its own. Not reversible:
contents that were sealed are not written back in clear."""

from django.db import migrations

from accounts import sealing
from complaints.rules import CLOCKS, reckon
from elections.holidays import CALENDAR

CONTENT = "complaint_content"


def seal_contents(apps, schema_editor):
    model = apps.get_model("complaints", "Complaint")
    matters = apps.get_model("complaints", "Matter")
    series = apps.get_model("complaints", "Series")
    clock = CLOCKS["report"]
    for row in model.objects.select_related("village", "campaign").order_by("pk").iterator():
        numbers, _ = series.objects.get_or_create(campaign=row.campaign)
        numbers.complaints, numbers.matters = numbers.complaints + 1, numbers.matters + 1
        numbers.save()
        row.matter = matters.objects.create(
            number=f"XQ{row.received_at:%Y}-{row.campaign_id:02d}-{numbers.matters:04d}",
            campaign=row.campaign,
            opened_at=row.received_at,
        )
        day = row.received_at.date()
        row.township_id, row.held_by_id = row.village.township_id, row.village.county_id
        row.key_sealed = sealing.new_key()
        for name in ("summary", "handling"):
            text = sealing.seal_text_under(row.key_sealed, getattr(row, name), purpose=CONTENT)
            setattr(row, f"{name}_sealed", text)
        row.accept_days, row.settle_days, row.days_unit = clock.accept, clock.settle, clock.unit
        row.accept_by = reckon(day, clock.accept, clock.unit, CALENDAR).day
        row.settle_by = reckon(day, clock.settle, clock.unit, CALENDAR).day
        if row.settled_at:
            row.status, row.concluded_at = "settled", row.settled_at
        row.save()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_matters_and_vault")]

    operations = [migrations.RunPython(seal_contents, migrations.RunPython.noop)]
