"""End what is left of old sign-ins."""

from datetime import datetime

from django.contrib.sessions.models import Session


def forget_sessions(*, now: datetime) -> int:
    """Delete the sessions that have ended by themselves; how many there were."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
