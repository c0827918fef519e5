"""A Bot API update, read: named fields are copied, and what is not named here does not exist for the desk.

Taken: `update_id`; of `message`: `text` or `caption`, `chat.id` (into the sealed address), `chat.type`,
`from.language_code`, which kind of content it is, and where it replies to a letter of this bot's own
(`reply_to_message.from.id`, not kept) the follow link in that letter. Nothing else of `from`, no origin of a forward,
no entity.
"""

from typing import Any

from django.conf import settings

from sangto.channels.base import Answering, Correction, Ignored, Refusal
from sangto.channels.links import follow_token_in, follow_token_within
from sangto.desk.actions import Incoming
from sangto.interchange.strict_json import Malformed, read_object

OTHER_UPDATES = (
    "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query", "my_chat_member",
    "chat_member", "message_reaction", "poll", "poll_answer", "business_message", "chat_join_request",
)  # fmt: skip
CONTENT_WITHOUT_WORDS = (
    "photo", "document", "video", "voice", "audio", "animation", "video_note", "contact", "location", "venue", "poll",
)  # fmt: skip
COMMANDS = ("/start", "/help")


def read_update(body: bytes, *, bot: str) -> Incoming | Answering | Correction | Refusal | Ignored:
    """What an update holds for us; `bot` is the bot's own id, which makes the ids of its updates unique."""
    try:
        update = read_object(body)
    except Malformed:
        return Ignored("malformed")
    message, update_id = update.get("message"), update.get("update_id")
    if message is None:
        return Ignored(next((kind for kind in OTHER_UPDATES if kind in update), "other"))
    if not (isinstance(message, dict) and _is_id(update_id)):
        return Ignored("malformed")
    read = _read_message(message, delivery=f"{bot}:{update_id}")
    token = _letter_answered(message, bot=bot) if isinstance(read, Incoming) else None
    return Answering(token, read) if token and isinstance(read, Incoming) else read


def _letter_answered(message: dict[str, Any], *, bot: str) -> str | None:
    """The secret part of the follow link in the letter of ours that this one replies to; of no one else's letter."""
    letter = message.get("reply_to_message")
    by, text = (letter.get("from"), letter.get("text")) if isinstance(letter, dict) else (None, None)
    if not (isinstance(by, dict) and _is_id(by.get("id")) and str(by["id"]) == bot and isinstance(text, str)):
        return None
    return follow_token_within(text)


def _read_message(message: dict[str, Any], *, delivery: str) -> Incoming | Correction | Refusal | Ignored:
    chat = message.get("chat")
    if not (isinstance(chat, dict) and _is_id(chat.get("id"))):
        return Ignored("malformed")
    if chat.get("type") != "private":
        return Ignored("not_private")
    address, lang = str(chat["id"]), _lang(message.get("from"))
    text = message.get("text", message.get("caption"))
    if text is None:
        return _without_words(message, address=address, lang=lang)
    if not isinstance(text, str):
        return Ignored("malformed")
    return _read_words(text, delivery=delivery, address=address, lang=lang)


def _read_words(text: str, *, delivery: str, address: str, lang: str) -> Incoming | Correction | Refusal:
    if text.strip().split("@")[0].split(" ")[0] in COMMANDS:
        return Refusal("help", lang, address)
    token = follow_token_in(text)
    if token is not None:  # kept as a message, a secret link would stand in its text
        return Correction(token, delivery, lang, address)
    return Incoming(channel="telegram", external_id=delivery, text=text, lang=lang, address=address)


def _without_words(message: dict[str, Any], *, address: str, lang: str) -> Refusal | Ignored:
    # One part of an album carries its caption; the other parts must not each earn an answer.
    if "media_group_id" in message:
        return Ignored("album_part")
    if any(kind in message for kind in CONTENT_WITHOUT_WORDS):
        return Refusal("no_text", lang, address)
    return Ignored("sticker" if "sticker" in message else "service")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _lang(person: object) -> str:
    code = person.get("language_code") if isinstance(person, dict) else None
    if not isinstance(code, str) or not code:
        return str(settings.LANGUAGE_CODE)
    return "vi" if code.lower().split("-")[0] == "vi" else "en"
