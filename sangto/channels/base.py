"""What a channel is: it sends, and one with a hook also says what a delivery holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sangto.desk.actions import Incoming


@dataclass(frozen=True)
class Refusal:
    """A delivery that becomes no Message but deserves a word: its `code`, in which language, and where to say it."""

    code: str
    lang: str
    address: str


@dataclass(frozen=True)
class Correction:
    """The secret link of a Message, sent from where its Replies shall go from now on. It never becomes a Message."""

    token: str
    external_id: str
    lang: str
    address: str


@dataclass(frozen=True)
class Answering:
    """Words sent in reply to a letter of ours, with the secret part of the follow link that stands in the letter.

    They join that Message where a question is open; else they are what they are by themselves.
    """

    token: str
    incoming: Incoming


@dataclass(frozen=True)
class Ignored:
    """A delivery that becomes nothing and is only counted, by this short name of its kind."""

    kind: str


class SendError(Exception):
    """A Reply could not be sent. `code` is short, without content; `wait_s` is the pause that the channel asks for."""

    def __init__(self, code: str, *, permanent: bool = False, wait_s: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.wait_s = wait_s


class Channel(Protocol):
    """A way to tell somebody something. Where `pushes` is False nothing is written, because it waits on a page."""

    pushes: bool

    def send(self, text: str, *, address: str | None) -> None:
        """Tell the address the text; returns once the other side has taken it, raises SendError otherwise."""


class Hook(Channel, Protocol):
    """A channel whose provider posts deliveries to `/hooks/<name>`."""

    def is_authentic(self, headers: Mapping[str, str], *, body: bytes) -> bool:
        """Whether the delivery comes from the provider, judged by the raw bytes; never raises."""

    def parse(self, body: bytes) -> Incoming | Answering | Correction | Refusal | Ignored:
        """What an authentic delivery holds: named fields only; never raises."""

    def answer(self, text: str, *, address: str) -> dict[str, object]:
        """The response body that tells the address the text at once, without a call of our own."""
