"""Full addresses for letters, built from the desk's own address and never from a request."""

from django.conf import settings
from django.urls import reverse


def follow_url(token: str) -> str:
    """The secret page where the sender of a Message follows it."""
    return settings.SITE_URL + reverse("follow", args=[token])


def answer_url(number: str) -> str:
    """The public page of an answer."""
    return settings.SITE_URL + reverse("answer", args=[number])
