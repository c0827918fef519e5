"""Asking back: a question to whoever wrote, the answer that joins the Message, and the clock that stands meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sangto.channels.deliver import deliver
from sangto.channels.letters import letter_text
from sangto.desk import actions
from sangto.desk.actions import CannotAdd, CannotAsk
from sangto.desk.models import Addition, Case, Message, Pause, Question, Reply
from sangto.desk.queries.asking import asked_about
from sangto.desk.queries.deadlines import deadline_of
from sangto.desk.queries.replies import letter_for
from sangto.desk.queries.sound_answers import deadlines as sound_deadlines
from sangto.desk.queries.sound_messages import replies as sound_replies
from tests.factories import HOSPITAL, make_answer, make_member, send

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WHERE = "Bạn thấy tin này ở đâu?"


def sent(text=HOSPITAL, **changes):
    return send(text, now=MONDAY, kind="claim", **changes)


def ask(*messages, text=WHERE, now=TUESDAY, by=None):
    return actions.ask_back(messages[0].case, messages=messages, text=text, by=by or make_member(), now=now)


def case_of(message):
    return Case.objects.get(pk=message.case_id)


def test_question_goes_out_as_a_reply_and_lets_the_clock_stand():
    message = sent()

    (question,) = ask(message)

    reply = Reply.objects.get(question=question)
    assert (reply.kind, reply.message, reply.state) == ("question", message, "waiting")
    assert question.answer_due_on == date(2026, 12, 8)
    assert deadline_of(case_of(message), today=date(2027, 1, 1)).state == "waiting"


def test_letter_holds_the_question_and_the_link_by_which_it_is_answered():
    message = sent(channel="telegram", address="4815162342")
    (question,) = ask(message)

    text = letter_text(letter_for(Reply.objects.get(question=question)))

    assert WHERE in text
    assert message.number in text
    assert "/f/" in text


def test_question_is_told_once_beside_the_other_replies():
    message = sent()
    ask(message)

    assert deliver(now=TUESDAY) == 2  # the acknowledgement and the question, each on its page
    assert deliver(now=TUESDAY) == 0
    assert [found for found in sound_replies() if found] == []


def test_answer_joins_the_message_and_the_clock_goes_on():
    message = sent()
    ask(message)

    added = actions.add_answer(message, text="Trên một tờ rơi ở chợ.", now=MONDAY + timedelta(days=8))

    (said,) = asked_about(message)
    assert (said.text, said.ending, said.answer) == (WHERE, "answered", "Trên một tờ rơi ở chợ.")
    assert (added.message, Message.objects.get().text) == (message, HOSPITAL)
    assert case_of(message).due_on == date(2026, 12, 7)  # Tuesday to Monday: five days did not count
    assert [found for found in sound_deadlines() if found] == []


def test_personal_data_is_masked_in_question_and_answer():
    message = sent()
    (question,) = ask(message, text="Số 0912 345 678 có phải của bạn không?")

    added = actions.add_answer(message, text="Không, gọi tôi số 0987654321.", now=TUESDAY)

    assert "0912" not in question.text
    assert "0987654321" not in added.text


def test_same_answer_twice_is_kept_once_and_another_one_is_not_taken():
    message = sent()
    ask(message)

    first, again = (actions.add_answer(message, text="Ở chợ.", now=TUESDAY) for _ in range(2))

    assert first == again
    with pytest.raises(CannotAdd, match="no_question"):
        actions.add_answer(message, text="Ở trường.", now=TUESDAY)
    assert Addition.objects.count() == 1


def test_first_of_several_answers_lets_the_clock_go_on():
    one, two = sent(), sent()
    assert one.case_id == two.case_id
    ask(one, two)

    actions.add_answer(two, text="Ở chợ.", now=TUESDAY)

    assert Pause.objects.get().ended_at == TUESDAY
    assert list(Question.objects.order_by("pk").values_list("ending", flat=True)) == ["", "answered"]


def test_question_lapses_after_its_last_day_and_can_still_be_answered():
    message = sent()
    (question,) = ask(message)
    midnight = datetime(2026, 12, 8, 17, 0, tzinfo=UTC)  # in Vietnam; 8 December was its last day

    assert actions.end_questions(now=midnight - timedelta(minutes=1)) == 0
    assert actions.end_questions(now=midnight) == 2  # the question, and the clock
    assert Question.objects.get().ending == "lapsed"
    assert case_of(message).due_on == date(2026, 12, 15)  # Wednesday 9 is the first of five days
    assert actions.add_answer(message, text="Ở chợ.", now=MONDAY + timedelta(days=20)).question == question


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("\0\1\2\3", "not_text"), ("a" * 1001, "too_long")]
)
def test_question_that_says_nothing_is_refused(text, code):
    message = sent()

    with pytest.raises(CannotAsk, match=code):
        ask(message, text=text)
    assert not Question.objects.exists()


def test_asking_twice_and_too_often_is_refused():
    message = sent()
    for n in range(3):
        ask(message, text=f"Câu hỏi {n}?")
        with pytest.raises(CannotAsk, match="asked_before"):
            ask(message)
        actions.add_answer(message, text=f"Trả lời {n}.", now=TUESDAY)

    with pytest.raises(CannotAsk, match="too_often"):
        ask(message)


def test_nobody_is_asked_about_a_withdrawn_message_or_a_case_that_is_over():
    other, withdrawn, answered = sent(), sent(), sent("Nghe nói mai cúp nước, đúng không?")
    actions.withdraw(withdrawn, now=MONDAY)
    make_answer(answered.case, now=MONDAY)

    with pytest.raises(CannotAsk, match="no_messages"):
        ask(other, withdrawn)
    with pytest.raises(CannotAsk, match="case_over"):
        ask(answered)
    with pytest.raises(CannotAsk, match="no_messages"):
        ask(other, answered)
    assert not Question.objects.exists()


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("\0\1\2\3", "not_text"), ("a" * 4001, "too_long")])
def test_answer_that_says_nothing_is_refused(text, code):
    message = sent()
    ask(message)

    with pytest.raises(CannotAdd, match=code):
        actions.add_answer(message, text=text, now=TUESDAY)


def test_nothing_is_added_where_nothing_was_asked():
    with pytest.raises(CannotAdd, match="no_question"):
        actions.add_answer(sent(), text="Ở chợ.", now=TUESDAY)


def test_withdrawing_erases_questions_and_answers_too():
    message, other = sent(), sent()
    ask(message)
    actions.add_answer(message, text="Ở chợ Hoa Sữa.", now=TUESDAY)
    ask(message, other, text="Chợ nào?")

    actions.withdraw(message, now=TUESDAY)

    mine = Question.objects.filter(message=message)
    assert {*mine.values_list("text", flat=True), *Addition.objects.values_list("text", flat=True)} == {"-"}
    assert list(mine.order_by("pk").values_list("ending", flat=True)) == ["answered", "withdrawn"]
    with pytest.raises(CannotAdd, match="message_withdrawn"):
        actions.add_answer(message, text="Ở chợ.", now=TUESDAY)


def test_publishing_ends_the_questions_and_the_pause():
    message = sent()
    (question,) = ask(message)

    make_answer(case_of(message), now=TUESDAY)
    actions.end_questions(now=TUESDAY)

    assert (Question.objects.get().ending, Pause.objects.get().ended_at) == ("settled", TUESDAY)
    assert Reply.objects.get(question=question).state == "void"
    with pytest.raises(CannotAdd, match="no_question"):
        actions.add_answer(message, text="Ở chợ.", now=TUESDAY)


def test_question_stays_with_its_message_when_it_is_moved():
    one, two = sent(), sent()
    ask(one)
    actions.split(one.case, messages=[one], by=make_member(), now=TUESDAY)

    assert Reply.objects.get(kind="question").state == "waiting"
    assert actions.end_questions(now=TUESDAY) == 1  # the Case that is left waits for nobody
    assert case_of(two).pauses.get().ended_at == TUESDAY


def test_questions_and_additions_are_never_edited():
    message = sent()
    ask(message)
    actions.add_answer(message, text="Ở chợ.", now=TUESDAY)

    for rows, change in (
        (Question.objects, {"text": "Khác?"}),
        (Question.objects, {"text": "-"}),
        (Question.objects, {"ended_at": None, "ending": ""}),
        (Addition.objects, {"text": "Khác."}),
        (Addition.objects, {"text": "-"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    for model in (Addition, Question):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_lost_reply_to_a_question_is_found_and_made_again():
    message = sent()
    (question,) = ask(message)
    Reply.objects.filter(question=question).delete()
    assert [found.code for found in sound_replies() if found] == ["reply_missing"]

    actions.sweep(after=0, now=TUESDAY)

    assert Reply.objects.get(question=question).state == "waiting"
