"""Who sees complaints: discipline staff of the area, nobody else."""

from django.db import models

from accounts.enums import Role
from villages.scoping import area_q


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(area_q(user, roles=(Role.DISCIPLINE,), prefix="village__"))

    def open(self):
        return self.filter(settled_at__isnull=True)
