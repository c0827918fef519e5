"""How Members sign in: the account elsewhere that is tied to one, and the sign-ins that are open."""

from django.db import models
from django.db.models import Q

from sangto.people import rules
from sangto.people.models.members import Member


class ProviderLink(models.Model):
    """An account at an identity provider that signs its Member in: the issuer and its name for the account, no more."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="provider_links")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=rules.SUBJECT_MAX_CHARS)
    tied_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="provider_account_of_one_member", fields=["issuer", "subject"]),
            models.UniqueConstraint(name="member_has_one_account_a_provider", fields=["member", "issuer"]),
            models.CheckConstraint(name="provider_account_is_named", condition=~Q(issuer="") & ~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"provider link {self.pk}"


class SignIn(models.Model):
    """One sign-in of a Member that is still open. Its Member sees it and nobody else; no address and no browser.

    `key` is a keyed hash of the session's key, `last_day` the last day on which it was used, `confirmed_by` the last
    thing that was shown when signing in, `label` what the Member calls it.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sign_ins")
    key = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField()
    last_day = models.DateField()
    confirmed_by = models.CharField(max_length=20)
    label = models.CharField(max_length=rules.LABEL_MAX_CHARS, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="sign_in_confirmed_by_known", condition=Q(confirmed_by__in=rules.CONFIRMED_BY))
        ]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"
