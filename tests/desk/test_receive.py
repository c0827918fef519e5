"""Taking messages in: what is kept, what is refused, what a repeat does."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from sangto.desk import actions, rules
from sangto.desk.actions import CannotReceive
from sangto.desk.models import Case, Delivery, Message, Offer, Reply
from sangto.desk.queries.messages import follow_token, message_by_token, standing_of
from tests.factories import HOSPITAL, LAMP, NOW, incoming, make_answer, make_member, make_withdrawal, received, send

pytestmark = pytest.mark.django_db


def test_receive_keeps_the_message_in_a_new_open_case():
    message = send(HOSPITAL)

    assert (message.case.kind, message.case.state, message.outcome) == ("claim", "open", "received")
    assert message.text == HOSPITAL
    assert [(r.kind, r.version) for r in message.replies.all()] == [("acknowledged", None)]


def test_receive_redacts_before_anything_is_kept():
    message = send("Số 0912 345 678 nhắn tin nói tôi trúng thưởng có đúng không?", place="gọi 0912345678")

    assert "345" not in message.text + message.place + message.case.question


def test_receive_of_the_same_delivery_changes_nothing():
    delivery = incoming()

    first = actions.receive(delivery, now=NOW)
    again = actions.receive(delivery, now=NOW + timedelta(days=30))

    assert (first.repeated, again.repeated) == (False, True)
    assert first.message == again.message
    assert (Message.objects.count(), Reply.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_receive_refuses_another_body_under_the_same_id():
    delivery = incoming()
    actions.receive(delivery, now=NOW)

    with pytest.raises(CannotReceive) as refusal:
        actions.receive(incoming(LAMP, external_id=delivery.external_id), now=NOW)

    assert refusal.value.code == "other_body"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": ""}, "empty"),
        ({"text": " \u200b\ufeff\n\t\u3000"}, "empty"),
        ({"text": "a" * 4001}, "too_long"),
        ({"text": "\x00\x01\x02PNG\x00\x00\x1a"}, "not_text"),
        ({"kind": "rumour"}, "unknown_kind"),
        ({"lang": "xx"}, "unknown_lang"),
    ],
)
def test_receive_refuses_what_is_no_usable_text(changes, code):
    with pytest.raises(CannotReceive) as refusal:
        received(**changes)

    assert refusal.value.code == code
    assert Message.objects.count() == Case.objects.count() == 0


def test_receive_of_4000_characters_without_a_space_keeps_them_all():
    message = send("a" * 3999 + "b")

    assert len(message.text) == 4000


def test_same_question_in_other_spelling_joins_the_case_with_its_reason():
    first = send("Uống nước chanh nóng có chữa được ung thư không?")

    second = send("uong nuoc chanh nong co chua duoc ung thu khong")

    assert second.case == first.case
    assert second.joinings.get().reasons == '[["same_text", "100"]]'
    assert standing_of(second).asked == 2


def test_same_words_at_another_place_are_another_problem():
    first = send(LAMP, kind="problem", place="Ngõ 5 Hoa Sữa")

    second = send(LAMP, kind="problem", place="Ngõ 9 Hoa Mai")

    assert second.case != first.case


def test_question_answered_before_gets_its_answer_at_once():
    first = send()
    version = make_answer(first.case)

    second = send()

    assert second.outcome == "answered"
    assert [(r.kind, r.version) for r in second.replies.all()] == [("answer", version)]
    assert standing_of(second).answer.number == first.case.number


def test_question_whose_answer_was_withdrawn_waits_again():
    first = send()
    make_answer(first.case)
    make_withdrawal(first.case)

    second = send()

    standing = standing_of(second)
    assert (second.case, second.outcome) == (first.case, "received")
    assert (standing.outcome, standing.queue_place, standing.answer) == ("received", 1, None)
    assert standing.withdrawn.number == first.case.number


def test_problem_that_was_fixed_and_comes_back_gets_a_case_of_its_own():
    first = send(LAMP, kind="problem")
    make_answer(first.case, verdict="fixed")

    second = send(LAMP, kind="problem")
    third = send(LAMP, kind="problem")

    assert second.case != first.case
    assert third.case == second.case


def test_problem_with_a_plan_tells_the_plan_to_the_next_asker():
    first = send(LAMP, kind="problem")
    make_answer(first.case, verdict="planned")

    second = send(LAMP, kind="problem")

    assert (second.case, second.outcome) == (first.case, "answered")


def test_similar_answer_is_offered_and_choosing_it_joins_its_case():
    asked = send("Is it true that drinking hot lemon water every morning cures cancer completely?", lang="en")
    make_answer(asked.case, question="Drinking hot lemon water every morning cures cancer")
    message = send("my aunt is told to drink lemon water for her illness", lang="en")
    assert message.outcome == "offered"

    own_case = message.case
    actions.accept_offer(message, case=asked.case, now=NOW)

    message.refresh_from_db()
    own_case.refresh_from_db()
    assert message.case == asked.case
    assert (own_case.state, own_case.merged_into) == ("merged", asked.case)
    assert standing_of(message).outcome == "answered"


def test_declining_an_instant_answer_opens_a_case_of_its_own():
    first = send()
    make_answer(first.case)
    second = send()

    actions.decline_answers(second, now=NOW)

    second.refresh_from_db()
    assert second.case != first.case
    assert standing_of(second).outcome == "received"
    assert set(second.replies.filter(void_at=None).values_list("kind", flat=True)) == {"acknowledged"}


def test_declining_offers_keeps_the_message_in_the_queue():
    asked = send("Is it true that drinking hot lemon water every morning cures cancer completely?", lang="en")
    make_answer(asked.case, question="Drinking hot lemon water every morning cures cancer")
    message = send("my aunt is told to drink lemon water for her illness", lang="en")

    actions.decline_answers(message, now=NOW)

    assert standing_of(message).outcome == "received"
    assert set(Offer.objects.values_list("chosen", flat=True)) == {False}


def test_changing_the_kind_of_a_lone_message_changes_its_case():
    message = send(HOSPITAL)

    actions.change_kind(message, kind="problem", now=NOW)

    assert Case.objects.get().kind == "problem"


def test_changing_the_kind_of_one_message_among_others_leaves_their_case():
    first, second = send(HOSPITAL), send(HOSPITAL)

    actions.change_kind(second, kind="problem", now=NOW)

    second.refresh_from_db()
    assert (first.case.kind, second.case.kind) == ("claim", "problem")
    assert second.case != first.case


def test_follow_token_leads_to_its_message_alone():
    message = send()
    token = follow_token(message)

    assert message_by_token(token) == message
    assert [message_by_token(t) for t in ("", "1", f"{message.pk}.x", token[:-1], token + "A", "9" * 60)] == [None] * 6


@pytest.mark.django_db(transaction=True)
def test_identical_messages_in_the_same_second_make_one_case_with_every_asker():
    barrier, failures = threading.Barrier(3), []

    def ask() -> None:
        try:
            delivery = incoming()
            barrier.wait()
            actions.receive(delivery, now=NOW)
        except Exception as error:  # noqa: BLE001 - reported by the assertion
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert failures == []
    assert Case.objects.get().messages.count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_delivery_arriving_many_times_at_once_is_one_message():
    delivery, kept = incoming(), []

    def deliver() -> None:
        kept.append(actions.receive(delivery, now=NOW).message.pk)
        connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(kept) == 8
    assert set(kept) == {Message.objects.get().pk}
    assert connection.vendor in ("sqlite", "postgresql")


def test_place_that_is_too_long_is_refused_and_not_cut():
    with pytest.raises(CannotReceive) as refusal:
        send(LAMP, place="x" * 201)

    assert refusal.value.code == "place_too_long"


def test_no_column_holds_a_hash_from_which_masked_numbers_could_be_guessed():
    text = "Số 0912345678 nhắn tin nói tôi trúng thưởng có đúng không?"
    send(text)

    guesses = {
        hashlib.sha256(guess.encode()).hexdigest() for guess in (text, f"{text}\0vi\0\0", f"{text}\0vi\0claim\0")
    }

    assert guesses.isdisjoint(Delivery.objects.values_list("body", flat=True))
    assert guesses.isdisjoint(Delivery.objects.values_list("key", flat=True))


def test_offer_taken_twice_is_taken_once():
    asked = send("Is it true that drinking hot lemon water every morning cures cancer completely?", lang="en")
    make_answer(asked.case, question="Drinking hot lemon water every morning cures cancer")
    message = send("my aunt is told to drink lemon water for her illness", lang="en")
    actions.accept_offer(message, case=asked.case, now=NOW)

    actions.accept_offer(message, case=asked.case, now=NOW)

    assert message.joinings.count() == 2


def test_offer_can_be_taken_after_the_case_was_closed():
    asked = send("Is it true that drinking hot lemon water every morning cures cancer completely?", lang="en")
    make_answer(asked.case, question="Drinking hot lemon water every morning cures cancer")
    message = send("my aunt is told to drink lemon water for her illness", lang="en")
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    actions.accept_offer(message, case=asked.case, now=NOW)

    message.refresh_from_db()
    assert message.case == asked.case


def test_answer_is_declined_at_the_first_press_though_offers_were_open():
    asked = send("Is it true that drinking hot lemon water every morning cures cancer completely?", lang="en")
    make_answer(asked.case, question="Drinking hot lemon water every morning cures cancer")
    message = send("my aunt is told to drink lemon water for her illness", lang="en")
    make_answer(message.case)

    actions.decline_answers(message, now=NOW)

    message.refresh_from_db()
    assert standing_of(message).outcome == "received"


@pytest.mark.parametrize(
    ("outcome", "stands"), [("planned", True), ("forwarded", True), ("fixed", False), ("declined", False)]
)
def test_problem_stands_until_it_is_dealt_with(outcome, stands):
    assert rules.is_outstanding(outcome) is stands
