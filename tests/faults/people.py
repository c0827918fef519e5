"""The people outside, and what they keep: every message they sent, and what the desk answered. This is the oracle."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.faults.homes import BOT, SECRET

TOPICS = (
    "Uống nước chanh nóng có chữa được ung thư không?",
    "Có phải mai học sinh toàn thành phố được nghỉ học không?",
    "Tin nhắn trúng thưởng xe máy của ngân hàng có thật không?",
    "Nước sông có tăng trong đêm nay không?",
    "Đèn đường trước nhà số mười hai ngõ Hoa Sữa hỏng ba hôm nay",
    "Rác ở chợ phường Bến Nghé không ai dọn từ hôm qua",
    "Giấy khai sinh làm ở đâu, có phải nộp tiền không?",
    "Bão số chín có đổ bộ vào tỉnh ta không?",
)
CSRF = "a" * 32
FINE = range(200, 400)  # a form is answered with 303 to the page of the message


class Died(Exception):
    """The desk gave no answer: it may have kept what it was sent, or not."""


@dataclass(frozen=True)
class Said:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fine(self) -> bool:
        return self.status in FINE

    def json(self) -> dict:
        return json.loads(self.body)


# method, path, headers, body; raises Died
Http = Callable[[str, str, dict[str, str], bytes], Said]


@dataclass
class Sent:
    """One message as its sender knows it. `promise`: number and secret link, once the desk has said yes."""

    key: str
    channel: str
    text: str
    promise: tuple[str, str] | None = None
    refused: int = 0  # how often the desk said no, or nothing
    status: int = 0  # the last answer's

    @property
    def address(self) -> str:
        """The chat of whoever sent it by Telegram: one of their own."""
        return str(700000 + int(self.key)) if self.channel == "telegram" else ""

    def request(self) -> tuple[str, str, dict[str, str], bytes]:
        """As it is sent, the same each time."""
        if self.channel == "api":
            headers = {"Content-Type": "application/json", "Idempotency-Key": f"key-{self.key}"}
            return "POST", "/api/v1/messages", headers, json.dumps({"text": self.text, "lang": "vi"}).encode()
        if self.channel == "web":
            form = {"text": self.text, "kind": "auto", "nonce": f"{int(self.key):032x}", "place": ""}
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrf={CSRF}"}
            return "POST", "/ask", headers, urlencode({**form, "csrfmiddlewaretoken": CSRF}).encode()
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        return "POST", "/hooks/telegram", headers, json.dumps(self.update()).encode()

    def update(self) -> dict:
        """A Bot API update."""
        chat = int(self.address)
        person = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "vi"}
        message = {
            "message_id": 1,
            "from": person,
            "chat": {"id": chat, "type": "private"},
            "date": 1,
            "text": self.text,
        }
        return {"update_id": int(self.key), "message": message}

    def promised(self, said: Said) -> tuple[str, str]:
        """What an answer promises: the message's number and its secret token, as far as this channel is told."""
        if self.channel == "api":
            answer = said.json()
            return answer["number"], urlsplit(answer["follow_url"]).path.rpartition("/")[2]
        if self.channel == "web":
            return "", urlsplit(said.headers["Location"]).path.rpartition("/")[2]
        return "", ""


@dataclass
class People:
    """All who write to one desk."""

    dice: random.Random
    sent: list[Sent] = field(default_factory=list)
    first: int = 0  # where the keys of these people begin
    broken: list[str] = field(default_factory=list)  # promises that a repeat did not keep

    def write(self, http: Http, channels: Iterable[str]) -> None:
        """New messages, sent once each; raises Died with what the desk did not answer left open."""
        for channel in channels:
            self.sent.append(Sent(str(self.first + len(self.sent) + 1), channel, self._text()))
            self.deliver(self.sent[-1], http)

    def insist(self, http: Http) -> None:
        """Everything that has no yes yet, sent again with the same key."""
        for each in self.waiting():
            self.deliver(each, http)

    def repeat(self, http: Http) -> None:
        """Everything once more: each must be answered as the first time."""
        for each in self.sent:
            self.deliver(each, http)

    def deliver(self, sent: Sent, http: Http) -> None:
        """Send one message; a second yes must promise the same as the first."""
        try:
            said = http(*sent.request())
        except Died:
            sent.refused += 1
            raise
        sent.status = said.status
        if not said.fine:
            sent.refused += 1
            return
        promise = sent.promised(said)
        if sent.promise is not None and sent.promise != promise:
            self.broken.append(f"message {sent.key} was promised twice: another number or link")
        sent.promise = promise

    def waiting(self) -> list[Sent]:
        """Those without a yes."""
        return [each for each in self.sent if each.promise is None]

    def _text(self) -> str:
        topic = self.dice.choice(TOPICS)
        return topic if self.dice.random() < 0.5 else f"{topic} Ai biết xin trả lời giúp tôi với ạ"


def bot_update_key(sent: Sent) -> str:
    """The channel's own id of a delivery."""
    return f"{BOT}:{sent.key}"
