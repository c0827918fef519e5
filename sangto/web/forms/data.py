"""The form by which a sender asks about their own data; reading never raises."""

import hashlib
from dataclasses import dataclass, field

from django.http import HttpRequest

from sangto.web.forms.public import NONCE, fault_of, fresh_nonce

FIELDS = ("kind", "words", "nonce")


@dataclass(frozen=True)
class Wanted:
    """The form as it stands in the page. `fault` is the code of what is wrong with the form itself, or empty."""

    kind: str = ""
    words: str = ""
    nonce: str = field(default_factory=fresh_nonce)
    fault: str = ""

    @property
    def delivery(self) -> str:
        """The same form with the same words is the same request."""
        digest = hashlib.sha256(self.words.encode(errors="backslashreplace")).hexdigest()
        return f"{self.nonce}:{digest}"


def wanted_in(request: HttpRequest) -> Wanted:
    """The form that was posted."""
    post = request.POST
    nonce = post.get("nonce", "")
    return Wanted(
        kind=post.get("kind", ""),
        words=post.get("words", ""),
        nonce=nonce if NONCE.fullmatch(nonce) else fresh_nonce(),
        fault=fault_of(request, FIELDS),
    )
