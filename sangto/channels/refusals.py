"""What a channel answers at once where nothing came that is kept as a message."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "help": _(
        "Welcome to %(desk)s. Write what you want checked, or what is broken and where, in one message. You get a"
        " number at once, and the answer here. We keep nothing about who you are."
    ),
    "no_text": _("Please write your question in words. We cannot read pictures, recordings or cards yet."),
    "empty": _("There are no words in your message. Please write your question."),
    "too_long": _("Your message is too long. Please keep it under %(limit)s characters."),
    "place_too_long": _("The place has more than 200 characters. Shorten it, then send it again."),
    "contact_moved": _("Done. From now on the replies to that message come to this chat, and to no other."),
    "addition_kept": _("Thank you. We have added this to your message."),
    "on_page": _(
        "That message was not sent through this chat, so its replies are only on its page. Nothing was changed."
    ),
    "message_withdrawn": _("That message was withdrawn. There is nothing more to tell about it."),
    "unknown_link": _("We do not know this link. Copy the whole secret link of your message, then send it again."),
    "not_text": _("We could not read your message. Please write your question in words."),
}


def values_for_refusals() -> dict[str, object]:
    """What the texts may name: the desk, and the longest message."""
    return {"desk": settings.DESK_NAME, "limit": settings.MESSAGE_MAX_CHARS}
