"""A second factor was used, or is lost."""

from typing import Any

from allauth.mfa.models import Authenticator

from sangto.people.models import Member


def use_factor(answered: Any) -> None:
    """The factor that a valid form of allauth found is marked as used, and the session says that it was."""
    answered.save()


def forget_second_factors(member: Member) -> int:
    """Delete the Member's passkeys, app and recovery codes; how many. Only the operator does it, on the machine."""
    return int(Authenticator.objects.filter(user=member.user).delete()[0])
