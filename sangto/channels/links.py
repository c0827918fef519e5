"""Full addresses for letters, built from the desk's own address and never from a request; and the way back."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def follow_url(token: str) -> str:
    """The secret page where the sender of a Message follows it."""
    return settings.SITE_URL + reverse("follow", args=[token])


def answer_url(number: str) -> str:
    """The public page of an answer."""
    return settings.SITE_URL + reverse("answer", args=[number])


def follow_token_within(text: str) -> str | None:
    """The secret part of the last follow link of this desk in the text, as in a letter of ours; else None."""
    site = urlsplit(settings.SITE_URL)
    found = re.findall(rf"https?://{re.escape(site.netloc + site.path)}(?:/[a-z]{{2}})?/f/([^\s/?#]+)", text)
    return found[-1] if found else None


def follow_token_in(text: str) -> str | None:
    """The secret part, where the text is nothing but a follow link of this desk, as a person copies it; else None.

    With or without scheme and language, of the follow page or of one that belongs to it. Whether it is a real one is
    for the desk to say.
    """
    site = urlsplit(settings.SITE_URL)
    languages = "|".join(code for code, _name in settings.LANGUAGES)
    form = rf"(?:https?://)?{re.escape(site.netloc + site.path)}(?:/(?:{languages}))?/f/([^\s/?#]+)(?:[/?#]\S*)?"
    found = re.fullmatch(form, text.strip(), re.IGNORECASE)
    return found[1] if found else None
