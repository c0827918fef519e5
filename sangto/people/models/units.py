"""Bodies that answer, valid from one day to another."""

from django.db import models
from django.db.models import Q


class Unit(models.Model):
    """A body that answers: a town hall's department, a newsroom desk. Valid from one day to another."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name
