"""People on the staff, what they may do in which Unit, and the tokens of their own programs."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from sangto.people import rules
from sangto.people.models.units import Unit


class User(AbstractUser):
    """A login. What a person may do is said by their Member's Grants, never by the login."""


class Member(models.Model):
    """A person on the staff. What they may do in which Unit is said by their Grants."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="member")
    left_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class Grant(models.Model):
    """One role of a Member in one Unit, from one moment to another. It is ended, never edited and never deleted.

    `granted_by` and `ended_by` are empty where the operator did it, on the machine itself.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="grants")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="granted")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="ended")

    class Meta:
        constraints = [
            models.CheckConstraint(name="grant_role_known", condition=Q(role__in=rules.ROLES)),
            models.CheckConstraint(name="grant_nobody_to_oneself", condition=~Q(granted_by=F("member"))),
            models.CheckConstraint(
                name="grant_ends_after_it_starts", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at"))
            ),
            models.UniqueConstraint(
                name="grant_held_once", fields=["member", "unit", "role"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class Token(models.Model):
    """The hash of a secret that stands for its Member in the staff API; the secret itself is shown once."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    may_approve = models.BooleanField(default=False)  # nobody is asked whether it is they, so the operator says so

    def __str__(self) -> str:
        return f"token {self.pk}"
