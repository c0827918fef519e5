"""A sender has their return address forgotten, or gives another one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sangto.desk import rules
from sangto.desk.actions.grouping import void_unsent
from sangto.desk.actions.receive import delivery_key
from sangto.desk.models import Delivery, Message
from sangto.vault.actions import forget_contacts, keep, seal
from sangto.vault.models import Contact


class CannotCorrect(Exception):
    """The return address stays as it is. `code`: on_page (this channel has none) or message_withdrawn."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def forget_address(message: Message, *, now: datetime) -> None:
    """Delete the Message's Contact: what it is owed is told on its page alone. Nothing happens where there is none."""
    message = _locked(message)
    contact = message.contact_id
    if contact is None:
        return
    message.contact = None
    message.save(update_fields=["contact"])
    forget_contacts([contact])
    void_unsent(message.replies.all(), now=now)


def correct_contact(message: Message, *, channel: str, address: str, external_id: str, now: datetime) -> None:
    """Replies to the Message go to this address of its own channel from now on, also those that had been given up.

    `external_id` is the channel's id of the delivery that asked for it: the same one again changes nothing, so that an
    old one that is repeated does not take the address back. Raises CannotCorrect.
    """
    _check(message, channel=channel)
    contact = seal(address, on=timezone.localdate(now))
    _correct(message, contact, channel=channel, key=delivery_key(channel, external_id), now=now)


@transaction.atomic
def _correct(message: Message, contact: Contact, *, channel: str, key: str, now: datetime) -> None:
    message = _locked(message)
    _check(message, channel=channel)
    if Delivery.objects.filter(key=key).exists():
        return
    body = salted_hmac("sangto.delivery.body", "correct_contact", algorithm="sha256").hexdigest()
    Delivery.objects.create(key=key, body=body, message=message)
    before = message.contact_id
    message.contact = keep(contact)
    message.save(update_fields=["contact"])
    forget_contacts([before])
    # They were given up because nobody was at the old address.
    message.replies.filter(gave_up_at__isnull=False, void_at__isnull=True).update(gave_up_at=None, due_at=now, tries=0)


def _locked(message: Message) -> Message:
    return Message.objects.select_for_update(no_key=True).get(pk=message.pk)


def _check(message: Message, *, channel: str) -> None:
    if message.withdrawn_at:
        raise CannotCorrect("message_withdrawn")
    if message.channel != channel or channel not in rules.CHANNELS_WITH_ADDRESS:
        raise CannotCorrect("on_page")
