"""The form by which anybody contests an answer; reading never raises."""

import hashlib
from dataclasses import dataclass, field

from django.http import HttpRequest

from sangto.web.forms.public import NONCE, fault_of, fresh_nonce

FIELDS = ("n", "words", "nonce")


@dataclass(frozen=True)
class Contested:
    """The form as it stands in the page. `n` is the version that was read, 0 for whichever is current."""

    n: int = 0
    words: str = ""
    nonce: str = field(default_factory=fresh_nonce)
    fault: str = ""

    @property
    def delivery(self) -> str:
        """The same form with the same words is the same Objection."""
        digest = hashlib.sha256(self.words.encode(errors="backslashreplace")).hexdigest()
        return f"{self.nonce}:{digest}"


def contested_in(request: HttpRequest) -> Contested:
    """The form that was posted."""
    post = request.POST
    n, nonce = post.get("n", ""), post.get("nonce", "")
    return Contested(
        n=int(n) if n.isascii() and n.isdigit() and len(n) < 7 else 0,
        words=post.get("words", ""),
        nonce=nonce if NONCE.fullmatch(nonce) else fresh_nonce(),
        fault=fault_of(request, FIELDS),
    )
