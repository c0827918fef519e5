"""Forget the second factors of somebody who has lost them."""

from allauth.mfa.models import Authenticator

from sangto.people.models import Member


def forget_second_factors(member: Member) -> int:
    """Delete the Member's passkeys, app and recovery codes; how many. Only the operator does it, on the machine."""
    return int(Authenticator.objects.filter(user=member.user).delete()[0])
