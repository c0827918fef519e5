"""People on the staff, and the tokens with which their own programs call the staff API."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from sangto.people import rules
from sangto.people.models.units import Unit


class User(AbstractUser):
    """A login. What a person may do is said by their Member, never by the login."""


class Member(models.Model):
    """A person on the staff, with one role in one Unit."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="member")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="member_role_known", condition=Q(role__in=rules.ROLES))]

    def __str__(self) -> str:
        return str(self.user)


class Token(models.Model):
    """The hash of a secret that stands for its Member in the staff API; the secret itself is shown once."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk}"
