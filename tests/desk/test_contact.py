"""A return address that its sender has forgotten, or corrects."""

from datetime import timedelta

import pytest

from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.desk.actions import CannotCorrect
from sangto.desk.models import Delivery, Message, Reply
from sangto.desk.queries.messages import standing_of
from sangto.vault.models import Contact
from sangto.vault.queries import address_of
from tests.channels.stand_in import SECRET, TOKEN, bot_api  # noqa: F401 - a fixture
from tests.factories import NOW, make_answer, make_correction, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
OLD, NEW, NEWEST = "77700011", "77700022", "77700033"


@pytest.fixture(autouse=True)
def configured(settings, bot_api):  # noqa: F811 - the fixture imported above
    settings.TELEGRAM_API, settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = bot_api.url, TOKEN, SECRET


def by_telegram(**changes) -> Message:
    return send(channel="telegram", address=OLD, **changes)


def again(message: Message) -> Message:
    return Message.objects.select_related("contact", "case").get(pk=message.pk)


def correct(message: Message, address: str = NEW, *, channel: str = "telegram", external_id: str = "42:7") -> None:
    actions.correct_contact(message, channel=channel, address=address, external_id=external_id, now=LATER)


def told_to(bot_api) -> list[str]:  # noqa: F811 - the fixture imported above
    return [letter["chat_id"] for letter in bot_api.letters]


def test_forgotten_address_is_deleted_and_unsent_replies_are_void():
    message = by_telegram()

    actions.forget_address(message, now=LATER)

    assert (again(message).contact, Contact.objects.count()) == (None, 0)
    assert list(Reply.objects.values_list("kind", "void_at")) == [("acknowledged", LATER)]
    assert again(message).text == message.text


def test_page_tells_what_is_owed_after_the_address_was_forgotten(bot_api):  # noqa: F811
    message = by_telegram()
    actions.forget_address(message, now=LATER)
    make_answer(message.case, now=LATER)
    actions.follow_up(now=LATER)

    assert deliver(now=LATER) == 1

    assert told_to(bot_api) == []
    assert [told.kind for told in standing_of(again(message)).told] == ["answer"]


def test_forgetting_where_there_is_nothing_changes_nothing():
    message = send()

    actions.forget_address(message, now=LATER)

    assert list(Reply.objects.values_list("void_at", flat=True)) == [None]


def test_other_messages_keep_their_address():
    message, other = by_telegram(), by_telegram()

    actions.forget_address(message, now=LATER)

    assert address_of(again(other).contact) == OLD


def test_replies_go_to_the_corrected_address(bot_api):  # noqa: F811
    message = by_telegram()

    correct(message)
    deliver(now=LATER)

    assert told_to(bot_api) == [NEW]
    assert (address_of(again(message).contact), Contact.objects.count()) == (NEW, 1)


def test_replies_that_were_given_up_are_sent_to_the_corrected_address(bot_api):  # noqa: F811
    bot_api.failures = [(403, {"ok": False, "description": "bot was blocked by the user"})]
    message = by_telegram()
    deliver(now=NOW)
    assert Reply.objects.get().state == "given_up"

    correct(message)
    deliver(now=LATER)

    assert (Reply.objects.get().state, told_to(bot_api)) == ("sent", [NEW])


def test_what_was_sent_is_not_sent_again_to_the_corrected_address(bot_api):  # noqa: F811
    message = by_telegram()
    deliver(now=NOW)
    correct(message)
    deliver(now=LATER)
    make_answer(message.case, now=LATER)
    make_correction(message.case, now=LATER)
    actions.follow_up(now=LATER)
    deliver(now=LATER)

    assert told_to(bot_api) == [OLD, NEW]


def test_address_that_was_forgotten_can_be_given_again():
    message = by_telegram()
    actions.forget_address(message, now=LATER)

    correct(message)

    assert address_of(again(message).contact) == NEW


def test_same_delivery_again_does_not_take_the_address_back():
    message = by_telegram()
    correct(message, NEW, external_id="42:7")
    correct(message, NEWEST, external_id="42:8")

    correct(message, NEW, external_id="42:7")

    assert address_of(again(message).contact) == NEWEST
    assert Delivery.objects.filter(message=message).count() == 3


@pytest.mark.parametrize("channel", ["web", "api", "console"])
def test_message_of_another_channel_has_no_address_to_correct(channel):
    message = send(channel=channel)

    with pytest.raises(CannotCorrect) as refused:
        correct(message)

    assert (refused.value.code, again(message).contact, Contact.objects.count()) == ("on_page", None, 0)


@pytest.mark.parametrize("channel", ["web", "console"])
def test_channel_without_addresses_corrects_none(channel):
    message = send(channel=channel)

    with pytest.raises(CannotCorrect) as refused:
        correct(message, channel=channel)

    assert refused.value.code == "on_page"


def test_withdrawn_message_gets_no_address():
    message = by_telegram()
    actions.withdraw(message, now=NOW)

    for known in (message, again(message)):  # as it was read before, and as it is
        with pytest.raises(CannotCorrect) as refused:
            correct(known)
        assert refused.value.code == "message_withdrawn"
    assert Contact.objects.count() == 0
