"""Updates of Telegram's Bot API with a canary in every field, to see which of them the desk lets in.

`FIELDS` is the documented shape of what can be in an update (Bot API 9). The name of a type stands for an object,
`[name]` for a list of it; a name that ends in `?` is filled to a depth of one, since a message can hold messages.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

WORD = "kanarienvogel"  # in every text
DIGITS = "7351904"  # in every number
MARKS = (WORD, DIGITS, f"{DIGITS[:2]}.{DIGITS[2:]}")  # the last one: of a position

TEXT, NUMBER, DEGREES, FLAG = "text", "number", "degrees", "flag"
FILE = {"file_id": TEXT, "file_unique_id": TEXT, "file_size": NUMBER}
SHAPED = {"width": NUMBER, "height": NUMBER, "thumbnail": "PhotoSize"}
NAMED = {"file_name": TEXT, "mime_type": TEXT}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "User": {
        "id": NUMBER, "is_bot": FLAG, "first_name": TEXT, "last_name": TEXT, "username": TEXT, "is_premium": FLAG,
        "added_to_attachment_menu": FLAG, "can_join_groups": FLAG,
    },
    "Chat": {
        "id": NUMBER, "title": TEXT, "username": TEXT, "first_name": TEXT, "last_name": TEXT, "is_forum": FLAG,
        "bio": TEXT, "description": TEXT, "invite_link": TEXT, "active_usernames": [TEXT],
    },
    "PhotoSize": {**FILE, "width": NUMBER, "height": NUMBER},
    "Animation": {**FILE, **SHAPED, **NAMED, "duration": NUMBER},
    "Audio": {**FILE, **NAMED, "duration": NUMBER, "performer": TEXT, "title": TEXT, "thumbnail": "PhotoSize"},
    "Document": {**FILE, **NAMED, "thumbnail": "PhotoSize"},
    "Video": {**FILE, **SHAPED, **NAMED, "duration": NUMBER, "cover": ["PhotoSize"], "start_timestamp": NUMBER},
    "VideoNote": {**FILE, "length": NUMBER, "duration": NUMBER, "thumbnail": "PhotoSize"},
    "Voice": {**FILE, "mime_type": TEXT, "duration": NUMBER},
    "Sticker": {
        **FILE, **SHAPED, "type": TEXT, "emoji": TEXT, "set_name": TEXT, "custom_emoji_id": TEXT,
        "premium_animation": "Document",
    },
    "Story": {"chat": "Chat", "id": NUMBER},
    "PaidMedia": {"type": TEXT, "photo": ["PhotoSize"], "video": "Video", "duration": NUMBER},
    "PaidMediaInfo": {"star_count": NUMBER, "paid_media": ["PaidMedia"]},
    "Contact": {"phone_number": TEXT, "first_name": TEXT, "last_name": TEXT, "user_id": NUMBER, "vcard": TEXT},
    "Dice": {"emoji": TEXT, "value": NUMBER},
    "Location": {
        "latitude": DEGREES, "longitude": DEGREES, "horizontal_accuracy": NUMBER, "live_period": NUMBER,
        "heading": NUMBER, "proximity_alert_radius": NUMBER,
    },
    "Venue": {
        "location": "Location", "title": TEXT, "address": TEXT, "foursquare_id": TEXT, "foursquare_type": TEXT,
        "google_place_id": TEXT, "google_place_type": TEXT,
    },
    "MessageEntity": {
        "type": TEXT, "offset": NUMBER, "length": NUMBER, "url": TEXT, "user": "User", "language": TEXT,
        "custom_emoji_id": TEXT,
    },
    "PollOption": {"text": TEXT, "text_entities": ["MessageEntity"], "voter_count": NUMBER},
    "Poll": {
        "id": TEXT, "question": TEXT, "question_entities": ["MessageEntity"], "options": ["PollOption"],
        "total_voter_count": NUMBER, "type": TEXT, "correct_option_id": NUMBER, "explanation": TEXT,
        "explanation_entities": ["MessageEntity"], "open_period": NUMBER, "close_date": NUMBER,
    },
    "PollAnswer": {"poll_id": TEXT, "voter_chat": "Chat", "user": "User", "option_ids": [NUMBER]},
    "Game": {
        "title": TEXT, "description": TEXT, "photo": ["PhotoSize"], "text": TEXT, "text_entities": ["MessageEntity"],
        "animation": "Animation",
    },
    "Invoice": {"title": TEXT, "description": TEXT, "start_parameter": TEXT, "currency": TEXT, "total_amount": NUMBER},
    "ShippingAddress": {
        "country_code": TEXT, "state": TEXT, "city": TEXT, "street_line1": TEXT, "street_line2": TEXT,
        "post_code": TEXT,
    },
    "OrderInfo": {"name": TEXT, "phone_number": TEXT, "email": TEXT, "shipping_address": "ShippingAddress"},
    "Payment": {
        "currency": TEXT, "total_amount": NUMBER, "invoice_payload": TEXT, "shipping_option_id": TEXT,
        "order_info": "OrderInfo", "telegram_payment_charge_id": TEXT, "provider_payment_charge_id": TEXT,
    },
    "SharedUser": {"user_id": NUMBER, "first_name": TEXT, "last_name": TEXT, "username": TEXT, "photo": ["PhotoSize"]},
    "UsersShared": {"request_id": NUMBER, "users": ["SharedUser"]},
    "ChatShared": {"request_id": NUMBER, "chat_id": NUMBER, "title": TEXT, "username": TEXT, "photo": ["PhotoSize"]},
    "PassportElement": {"type": TEXT, "data": TEXT, "phone_number": TEXT, "email": TEXT, "hash": TEXT},
    "PassportData": {"data": ["PassportElement"], "credentials": "PassportElement"},
    "Proximity": {"traveler": "User", "watcher": "User", "distance": NUMBER},
    "Topic": {"name": TEXT, "icon_color": NUMBER, "icon_custom_emoji_id": TEXT},
    "Giveaway": {
        "chats": ["Chat"], "winners_selection_date": NUMBER, "winner_count": NUMBER, "prize_description": TEXT,
        "country_codes": [TEXT], "chat": "Chat", "winners": ["User"],
        "giveaway_message": "Message?",
    },
    "Participants": {"users": ["User"]},
    "WebAppData": {"data": TEXT, "button_text": TEXT},
    "Button": {"text": TEXT, "url": TEXT, "callback_data": TEXT, "switch_inline_query": TEXT},
    "ReplyMarkup": {"inline_keyboard": ["Button"]},
    "LinkPreviewOptions": {"is_disabled": FLAG, "url": TEXT},
    "TextQuote": {"text": TEXT, "entities": ["MessageEntity"], "position": NUMBER},
    "MessageOriginUser": {"type": "=user", "date": NUMBER, "sender_user": "User"},
    "MessageOriginHiddenUser": {"type": "=hidden_user", "date": NUMBER, "sender_user_name": TEXT},
    "MessageOriginChat": {"type": "=chat", "date": NUMBER, "sender_chat": "Chat", "author_signature": TEXT},
    "MessageOriginChannel": {
        "type": "=channel", "date": NUMBER, "chat": "Chat", "message_id": NUMBER, "author_signature": TEXT,
    },
    "ExternalReplyInfo": {
        "origin": "MessageOriginUser", "chat": "Chat", "message_id": NUMBER, "animation": "Animation", "audio": "Audio",
        "document": "Document", "photo": ["PhotoSize"], "sticker": "Sticker", "story": "Story", "video": "Video",
        "voice": "Voice", "contact": "Contact", "location": "Location", "poll": "Poll", "venue": "Venue",
        "link_preview_options": "LinkPreviewOptions",
    },
    "Gift": {"id": TEXT, "sticker": "Sticker", "star_count": NUMBER, "publisher_chat": "Chat"},
    "GiftInfo": {"gift": "Gift", "owned_gift_id": TEXT, "text": TEXT, "entities": ["MessageEntity"]},
    "ChecklistTask": {"id": NUMBER, "text": TEXT, "text_entities": ["MessageEntity"], "completed_by_user": "User"},
    "Checklist": {"title": TEXT, "title_entities": ["MessageEntity"], "tasks": ["ChecklistTask"]},
    "Background": {"type": TEXT, "document": "Document"},
    "Message": {
        "message_id": NUMBER, "message_thread_id": NUMBER, "from": "User", "sender_chat": "Chat",
        "sender_boost_count": NUMBER, "sender_business_bot": "User", "date": NUMBER, "business_connection_id": TEXT,
        "forward_origin": "MessageOriginUser", "forward_from": "User", "forward_from_chat": "Chat",
        "forward_from_message_id": NUMBER, "forward_signature": TEXT, "forward_sender_name": TEXT,
        "forward_date": NUMBER, "is_topic_message": FLAG, "is_automatic_forward": FLAG, "reply_to_message": "Message?",
        "external_reply": "ExternalReplyInfo", "quote": "TextQuote", "reply_to_story": "Story",
        "reply_to_checklist_task_id": NUMBER, "via_bot": "User", "edit_date": NUMBER, "has_protected_content": FLAG,
        "media_group_id": TEXT, "author_signature": TEXT, "paid_star_count": NUMBER, "entities": ["MessageEntity"],
        "link_preview_options": "LinkPreviewOptions", "effect_id": TEXT, "animation": "Animation", "audio": "Audio",
        "document": "Document", "paid_media": "PaidMediaInfo", "photo": ["PhotoSize"], "sticker": "Sticker",
        "story": "Story", "video": "Video", "video_note": "VideoNote", "voice": "Voice",
        "caption_entities": ["MessageEntity"], "show_caption_above_media": FLAG, "has_media_spoiler": FLAG,
        "checklist": "Checklist", "contact": "Contact", "dice": "Dice", "game": "Game", "poll": "Poll",
        "venue": "Venue", "location": "Location", "new_chat_members": ["User"], "left_chat_member": "User",
        "new_chat_title": TEXT, "new_chat_photo": ["PhotoSize"], "delete_chat_photo": FLAG, "group_chat_created": FLAG,
        "message_auto_delete_timer_changed": "Dice", "migrate_to_chat_id": NUMBER, "migrate_from_chat_id": NUMBER,
        "pinned_message": "Message?", "invoice": "Invoice", "successful_payment": "Payment",
        "refunded_payment": "Payment", "users_shared": "UsersShared", "chat_shared": "ChatShared", "gift": "GiftInfo",
        "unique_gift": "GiftInfo", "connected_website": TEXT, "write_access_allowed": "WebAppData",
        "passport_data": "PassportData", "proximity_alert_triggered": "Proximity", "boost_added": "Dice",
        "chat_background_set": "Background", "checklist_tasks_done": "Checklist", "checklist_tasks_added": "Checklist",
        "forum_topic_created": "Topic", "forum_topic_edited": "Topic", "giveaway_created": "Giveaway",
        "giveaway": "Giveaway", "giveaway_winners": "Giveaway", "giveaway_completed": "Giveaway",
        "video_chat_scheduled": "Dice", "video_chat_ended": "Dice", "video_chat_participants_invited": "Participants",
        "web_app_data": "WebAppData", "reply_markup": "ReplyMarkup",
    },
    "CallbackQuery": {
        "id": TEXT, "from": "User", "message": "Message?", "inline_message_id": TEXT, "chat_instance": TEXT,
        "data": TEXT, "game_short_name": TEXT,
    },
    "InlineQuery": {"id": TEXT, "from": "User", "query": TEXT, "offset": TEXT, "location": "Location"},
    "ChosenInlineResult": {"result_id": TEXT, "from": "User", "location": "Location", "query": TEXT},
    "ChatMember": {"status": TEXT, "user": "User", "custom_title": TEXT, "until_date": NUMBER},
    "InviteLink": {"invite_link": TEXT, "creator": "User", "name": TEXT},
    "ChatMemberUpdated": {
        "chat": "Chat", "from": "User", "date": NUMBER, "old_chat_member": "ChatMember",
        "new_chat_member": "ChatMember", "invite_link": "InviteLink",
    },
    "ChatJoinRequest": {
        "chat": "Chat", "from": "User", "user_chat_id": NUMBER, "date": NUMBER, "bio": TEXT,
        "invite_link": "InviteLink",
    },
    "Reaction": {
        "chat": "Chat", "message_id": NUMBER, "user": "User", "actor_chat": "Chat", "date": NUMBER,
        "old_reaction": ["Dice"], "new_reaction": ["Dice"],
    },
    "Boost": {"chat": "Chat", "boost_id": TEXT, "source": "GiftInfo", "user": "User"},
    "BusinessConnection": {"id": TEXT, "user": "User", "user_chat_id": NUMBER, "date": NUMBER},
    "DeletedMessages": {"business_connection_id": TEXT, "chat": "Chat", "message_ids": [NUMBER]},
    "Query": {
        "id": TEXT, "from": "User", "invoice_payload": TEXT, "shipping_address": "ShippingAddress", "currency": TEXT,
        "order_info": "OrderInfo", "paid_media_payload": TEXT,
    },
}  # fmt: skip

UPDATES: Mapping[str, str] = {
    "message": "Message", "edited_message": "Message", "channel_post": "Message", "edited_channel_post": "Message",
    "business_message": "Message", "edited_business_message": "Message", "business_connection": "BusinessConnection",
    "deleted_business_messages": "DeletedMessages", "message_reaction": "Reaction",
    "message_reaction_count": "Reaction",
    "inline_query": "InlineQuery", "chosen_inline_result": "ChosenInlineResult", "callback_query": "CallbackQuery",
    "shipping_query": "Query", "pre_checkout_query": "Query", "purchased_paid_media": "Query", "poll": "Poll",
    "poll_answer": "PollAnswer", "my_chat_member": "ChatMemberUpdated", "chat_member": "ChatMemberUpdated",
    "chat_join_request": "ChatJoinRequest", "chat_boost": "Boost", "removed_chat_boost": "Boost",
}  # fmt: skip
ORIGINS = ("MessageOriginUser", "MessageOriginHiddenUser", "MessageOriginChat", "MessageOriginChannel")

_numbers = count(1)


def filled(kind: Any, *, inside: bool = False) -> Any:
    """A value of this kind with a canary in each of its fields; a message inside another one holds no third."""
    if isinstance(kind, list):
        return [filled(kind[0], inside=inside)]
    if kind in (TEXT, NUMBER, DEGREES, FLAG):
        return _leaf(kind)
    if kind.startswith("="):
        return kind[1:]
    inside, kind = inside or kind.endswith("?"), kind.removesuffix("?")
    fields = FIELDS[kind]
    nested = {name: each for name, each in fields.items() if not (inside and str(each).endswith("?"))}
    made = {name: filled(each, inside=inside) for name, each in nested.items()}
    return made | {"text": _leaf(TEXT), "caption": _leaf(TEXT), "chat": filled("Chat")} if kind == "Message" else made


def _leaf(kind: str) -> Any:
    n = next(_numbers)
    return {
        TEXT: f"{WORD}-{n}",
        NUMBER: int(f"{DIGITS}{n:06d}"),
        DEGREES: float(f"{DIGITS[:2]}.{DIGITS[2:]}{n:06d}"),
        FLAG: True,
    }[kind]


def private_message(**fields: Any) -> dict[str, Any]:
    """A message to the bot that holds nothing but a canary for a chat id, and these fields."""
    return {"chat": {"id": int(f"{DIGITS}{next(_numbers):06d}"), "type": "private"}, **fields}


def leaves(value: Any) -> Iterator[Any]:
    """Every value in it that is no container."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value
