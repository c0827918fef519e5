"""Links that work once: to come onto the staff, or to set a new password."""

from django.db import models
from django.db.models import Q

from sangto.people import rules
from sangto.people.models.members import Member
from sangto.people.models.units import Unit


class Invitation(models.Model):
    """The hash of a secret link. With `renews` it sets that Member's password anew, else it makes a new Member."""

    digest = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    title = models.CharField(max_length=20, blank=True)
    renews = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="renewals")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="invited")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_to_a_role_or_to_a_password",
                condition=Q(renews__isnull=True, unit__isnull=False, title__in=rules.ROLES)
                | Q(renews__isnull=False, unit__isnull=True, title=""),
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
