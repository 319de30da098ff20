"""Members whose status said that they are restricted get a restriction without an end; its document is to be filled in."""

from django.db import migrations

DOCUMENT = "（原名册登记，文号待补）"
KINDS = ("under_probation", "suspended")


def split(apps, schema_editor):
    member = apps.get_model("villages", "PartyMember")
    restriction = apps.get_model("villages", "Restriction")
    found = member.objects.filter(status__in=KINDS)
    restriction.objects.bulk_create(
        restriction(member=m, kind=m.status, starts_on=m.joined_on, document=DOCUMENT)
        for m in found
    )
    found.update(status="full")


def join(apps, schema_editor):
    """Back: whoever has a restriction without an end carries it as status."""
    member = apps.get_model("villages", "PartyMember")
    restriction = apps.get_model("villages", "Restriction")
    for kind in KINDS:
        rows = restriction.objects.filter(kind=kind, ends_on__isnull=True)
        member.objects.filter(pk__in=rows.values("member")).update(status=kind)


class Migration(migrations.Migration):
    dependencies = [("villages", "0003_restrictions")]
    operations = [migrations.RunPython(split, join)]
