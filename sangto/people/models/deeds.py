"""What the staff did: who, what, on which thing. No text and no address, so that it can be kept and shown."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sangto.people import rules
from sangto.people.models.members import Member
from sangto.people.models.units import Unit


class Deed(models.Model):
    """One decision of a Member about the desk's work, written in the same transaction. Never changed, never deleted.

    `number` is the public number of a Case or request; of a Member and a Template it is the id.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="deeds")
    what = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="deeds")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="deed_what_known", condition=Q(what__in=rules.DEEDS)),
            models.CheckConstraint(name="deed_kind_known", condition=Q(kind__in=rules.DEED_KINDS)),
        ]
        indexes = [
            models.Index(name="deeds_of_unit", fields=["unit", "-id"]),
            models.Index(name="deeds_on_thing", fields=["number", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.number}"
