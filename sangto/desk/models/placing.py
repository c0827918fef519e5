"""Which Unit answers for a Case, and how that changed."""

from django.db import models
from django.db.models import F, Q

from sangto.desk.models.cases import Case
from sangto.people.models import Member, Unit


class Reassignment(models.Model):
    """A Case passing from one Unit to another: by itself after the only successor, or by a Member, who says why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reassignments")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_passed_on")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases_taken_over")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True)  # nobody: it followed its Unit
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="reassigned_elsewhere", condition=~Q(from_unit=F("to_unit"))),
            models.CheckConstraint(name="a_decision_is_explained", condition=Q(by__isnull=True) | ~Q(why="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.to_unit_id}"
