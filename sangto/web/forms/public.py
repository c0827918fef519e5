"""What the ask form carries, read from anything that was posted; reading never raises."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest

from sangto.desk.actions import Incoming

AUTO = "auto"
FIELDS = ("text", "place", "kind", "nonce")
NONCE = re.compile(r"[0-9a-f]{32}")


def fresh_nonce() -> str:
    """128 random bits that make one delivery of one form."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Asked:
    """The ask form as it stands in the page. `fault` is the code of what is wrong with the form itself, or empty."""

    text: str = ""
    place: str = ""
    kind: str = AUTO
    nonce: str = field(default_factory=fresh_nonce)
    fault: str = ""

    def incoming(self, lang: str) -> Incoming:
        """The delivery of this form; the same form with the same words is the same delivery."""
        digest = hashlib.sha256(self.text.encode(errors="backslashreplace")).hexdigest()
        kind = None if self.kind == AUTO else self.kind
        return Incoming(
            channel="web",
            external_id=f"{self.nonce}:{digest}",
            text=self.text,
            lang=lang,
            kind=kind,
            place=self.place,
        )


def asked_in(request: HttpRequest) -> Asked:
    """The ask form that was posted."""
    post = request.POST
    nonce = post.get("nonce", "")
    return Asked(
        text=post.get("text", ""),
        place=post.get("place", ""),
        kind=post.get("kind", "") or AUTO,
        nonce=nonce if NONCE.fullmatch(nonce) else fresh_nonce(),
        fault=fault_of(request, FIELDS),
    )


def fault_of(request: HttpRequest, fields: tuple[str, ...]) -> str:
    """The code of what is wrong with a form itself: a field that came twice, bytes that are no text. Else empty."""
    if any(len(request.POST.getlist(name)) > 1 for name in fields):
        return "twice"
    return "" if _is_utf8(request) else "not_text"


def _is_utf8(request: HttpRequest) -> bool:
    """Whether what a form percent-encoded is UTF-8: Django would put marks in place of what is not, and go on."""
    if request.content_type != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.body).decode()
    except UnicodeDecodeError:
        return False
    return True
