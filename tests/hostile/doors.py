"""Every door of the desk, knocked at with the same text; what was said, and what was kept."""

import html
import itertools
import json
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from sangto.api.errors import CODES
from sangto.channels.letters import refusal_text
from sangto.config.cli import main
from sangto.desk.models import Case, Delivery, Joining, Message, Reply
from sangto.ledger.models import Leaf
from sangto.web.wording import receive_error
from tests.channels.stand_in import SECRET

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
numbers = itertools.count(1_000)


@dataclass(frozen=True)
class Heard:
    """What a door answered. `status` is HTTP's, or the exit code; `said` is shown to a person; `kept` is new."""

    door: str
    lang: str
    status: int
    said: str
    kept: Message | None


def as_bytes(text: str) -> bytes:
    """UTF-8, also of a lone surrogate, as a program would send it that does not care."""
    return text.encode("utf-8", "surrogatepass")


class Doors:
    """The doors of one desk. Everything sent and heard is kept, for what is checked after each test."""

    def __init__(self) -> None:
        self.client = Client()
        self.sent: list[str] = []
        self.heard: list[Heard] = []
        self.raw: list[tuple[str, int, str]] = []  # requests that bring no text: door, status, body

    def each(self, text: str, *, lang: str = "en") -> dict[str, Heard]:
        """The same text through all doors."""
        return {door: getattr(self, door)(text, lang=lang) for door in ("web", "api", "telegram", "console")}

    def web(self, text: str, *, lang: str = "en", place: str = "") -> Heard:
        fields = {"text": text, "place": place, "kind": "auto"}
        body = "&".join(f"{name}={quote_from_bytes(as_bytes(value))}" for name, value in fields.items())
        return self.form(body.encode(), lang=lang, sent=text)

    def form(self, body: bytes, *, lang: str = "en", sent: str = "") -> Heard:
        """A form as raw bytes."""
        path = f"{'' if lang == 'vi' else '/en'}/ask"
        return self._heard("web", lang, sent, lambda: self.client.post(path, body, content_type=FORM))

    def api(self, text: str, *, lang: str = "en") -> Heard:
        return self.json(json.dumps({"text": text, "lang": lang}).encode(), lang=lang, sent=text)

    def json(self, body: bytes, *, lang: str = "en", sent: str = "") -> Heard:
        """A message to the API as raw bytes."""
        headers = {"accept-language": lang}
        return self._heard("api", lang, sent, lambda: self.client.post("/api/v1/messages", body, JSON, headers=headers))

    def telegram(self, text: str, *, lang: str = "en") -> Heard:
        message = {"message_id": 1, "chat": {"id": 77700011, "type": "private"}, "from": {"language_code": lang}}
        update = {"update_id": next(numbers), "message": {**message, "text": text}}
        return self.update(json.dumps(update).encode(), lang=lang, sent=text)

    def update(self, body: bytes, *, lang: str = "en", sent: str = "", secret: str | None = SECRET) -> Heard:
        """A delivery to the hook as raw bytes."""
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        heard = self._heard(
            "telegram", lang, sent, lambda: self.client.post("/hooks/telegram", body, JSON, headers=headers)
        )
        assert secret != SECRET or heard.status == 200  # what is authentic would come back for ever
        return heard

    def console(self, text: str, *, lang: str = "en") -> Heard:
        def call():
            result = CliRunner().invoke(main, ["ask", "--lang", lang, "--", text], color=True)
            assert result.exception is None or isinstance(result.exception, SystemExit)
            return result

        return self._heard("console", lang, text, call)

    def _heard(self, door, lang, sent, knock) -> Heard:
        before = set(Message.objects.values_list("pk", flat=True))
        answer = knock()
        new = list(Message.objects.exclude(pk__in=before))
        assert len(new) <= 1
        status = getattr(answer, "status_code", None)
        said = answer.output if status is None else answer.content.decode()
        heard = Heard(door, lang, answer.exit_code if status is None else status, said, new[0] if new else None)
        self.heard.append(heard)
        self.sent.append(sent)
        return heard


def words_of(heard: Heard, code: str, *, length: int = 0, limit: int = 0) -> str:
    """What this door says for a code, in the language of whoever knocked."""
    with translation.override(heard.lang):
        if heard.door == "web":
            return receive_error(code, length=length, limit=limit)
        return str(CODES[code]) if heard.door == "api" else refusal_text(code, lang=heard.lang)


def assert_refused(heard: Heard, code: str, **numbers_in_it: int) -> None:
    """Nothing was kept, and the sender is told what, why and what to do, in their language."""
    assert heard.kept is None
    said = heard.said if heard.door in ("console",) else html.unescape(heard.said)
    if heard.door in ("api", "telegram"):
        said = json.dumps(json.loads(heard.said), ensure_ascii=False)
    assert words_of(heard, code, **numbers_in_it).split("%(")[0] in said
    assert heard.status == {"web": 400, "api": 400, "telegram": 200, "console": 1}[heard.door]


def whole_rows() -> bool:
    """Whether every Message stands with all that was to be kept with it, and nothing stands without."""
    messages = Message.objects.count()
    deliveries = Delivery.objects.exclude(message=None).values("message").distinct().count()
    joined = Joining.objects.values("message").distinct().count()
    owed = Reply.objects.values("message").distinct().count()
    leaves = Leaf.objects.filter(kind="r").count()
    empty = Case.objects.filter(messages=None, state="open").count()
    return (messages, messages, messages, messages, 0) == (deliveries, joined, owed, leaves, empty)
