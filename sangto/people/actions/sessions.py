"""End what is left of old sign-ins."""

from datetime import datetime

from django.contrib.sessions.models import Session

from sangto.people.actions.sign_ins import forget_sign_ins


def forget_sessions(*, now: datetime) -> int:
    """Delete the sessions that have ended by themselves; how many there were."""
    count = Session.objects.filter(expire_date__lt=now).delete()[0]
    forget_sign_ins()
    return count
