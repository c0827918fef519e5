"""Web addresses whose letters only look like those of another one, spelt out so that nobody takes them for it."""

import re
import unicodedata

SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH", "MATHEMATICAL")
_DOMAIN = re.compile(r"(?:\w(?:[\w-]{0,61}\w)?\.){1,8}[^\W\d_]{2,24}")
_ASCII = re.compile(r"[\x00-\x7f]*")


def spelt_out(text: str, *, warning: str) -> str:
    """The text with each lookalike domain in the form that the network knows (punycode), and a warning behind it.

    A domain is meant when letters that look Latin stand beside Latin ones. Domains of one script alone stay.
    """
    if _ASCII.fullmatch(text):
        return text
    return _DOMAIN.sub(lambda found: _told(found[0], warning) if is_lookalike(found[0]) else found[0], text)


def is_lookalike(domain: str) -> bool:
    """Whether letters of a domain look like Latin ones beside Latin ones."""
    letters = [char for char in domain if not char.isascii() and char.isalpha()]
    return any(unicodedata.name(char, "").startswith(SCRIPTS) for char in letters) and bool(
        re.search("[A-Za-z]", domain)
    )


def _told(domain: str, warning: str) -> str:
    try:
        known = domain.encode("idna").decode()
    except UnicodeError:
        known = "".join(char if char.isascii() else f"[U+{ord(char):04X}]" for char in domain)
    return f"{known} [{warning}]"
