"""How a plain program takes the report of a township: a form, a look-up, a save() and a line of a log for each village."""

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts import audit
from villages.models import Village

FIGURES = tuple(f"f{n}" for n in range(18))


class VillageDay(models.Model):
    """The table that P4 fills the bare way: figures of one village and day."""

    village_id = models.BigIntegerField()
    day = models.DateField()
    at = models.DateTimeField()
    for name in FIGURES:
        locals()[name] = models.PositiveIntegerField()
    del name

    class Meta:
        managed = False
        app_label = "bench"
        db_table = "bench_villageday"

    def __str__(self) -> str:
        return f"{self.village_id} {self.day}"


class DayForm(forms.ModelForm):
    class Meta:
        model = VillageDay
        fields = FIGURES


@csrf_exempt
@transaction.atomic
def report(request: HttpRequest, township_pk: int, day: str) -> HttpResponse:
    """One request, one transaction, row by row."""
    now = timezone.now()
    for village in Village.objects.filter(township=township_pk).order_by("pk")[:15]:
        stored = VillageDay.objects.filter(village_id=village.pk, day=day).first()
        row = stored or VillageDay(village_id=village.pk, day=day)
        row.at = now
        form = DayForm(request.POST, instance=row)
        if not form.is_valid():
            return HttpResponse(form.errors.as_text(), status=422)
        form.save()
        audit.record(
            action="plain", by=request.user, at=now, target=village, township_id=township_pk
        )
    return HttpResponse(status=302, headers={"Location": "/"})
