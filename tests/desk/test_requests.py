"""What a sender asks about their data: the clock, the steps, and that none can be changed afterwards."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions, rules
from sangto.desk.actions import CannotHandle, CannotRequest
from sangto.desk.models import DataRequest, DataRequestStep
from sangto.desk.queries.requests import request_counts, request_for, requests_in, requests_overdue
from tests.factories import NOW, make_request, privacy_officer, send

pytestmark = pytest.mark.django_db
# NOW is a Saturday, 16:00 on the desk's clock.
ANSWER_DUE, DONE_DUE = date(2026, 11, 24), date(2026, 12, 6)
LATER = NOW + timedelta(days=1)


def refused(act, *args, **named) -> str:
    with pytest.raises((CannotRequest, CannotHandle)) as error:
        act(*args, **named)
    return error.value.code


def again(request: DataRequest) -> DataRequest:
    return DataRequest.objects.get(pk=request.pk)


# --- a sender asks ------------------------------------------------------------------------------------------------


def test_request_has_a_number_and_the_terms_of_the_law():
    request = make_request()

    assert request.number == f"D2026-{request.pk:06d}"
    assert (request.answer_due_on, request.done_due_on, request.state) == (ANSWER_DUE, DONE_DUE, "open")


def test_terms_are_settings(settings):
    settings.REQUEST_ANSWER_WORKING_DAYS, settings.REQUEST_DONE_DAYS = 3, 30

    request = make_request()

    assert (request.answer_due_on, request.done_due_on) == (date(2026, 11, 25), date(2026, 12, 21))


def test_day_is_that_of_the_desks_clock():
    late = NOW.replace(hour=18)  # 01:00 on Sunday in Hà Nội

    assert make_request(now=late).done_due_on == DONE_DUE + timedelta(days=1)


def test_personal_data_in_the_words_is_masked():
    request = make_request(words="Hãy gọi tôi số 0912 345 678 nhé")

    assert "345" not in request.words
    assert request.words.startswith("Hãy gọi tôi số")


def test_same_form_again_is_the_same_request():
    message = send()

    first, second = (make_request(message, nonce="n") for _ in range(2))

    assert (first.pk, DataRequest.objects.count()) == (second.pk, 1)


def test_same_nonce_of_another_message_is_another_request():
    assert make_request(nonce="n").pk != make_request(nonce="n").pk


def test_five_may_be_open_and_a_sixth_waits():
    message = send()
    requests = [make_request(message) for _ in range(5)]

    assert refused(make_request, message) == "too_many"
    assert make_request(send()).state == "open"
    actions.finish_request(requests[0], reply="Xong.", by=privacy_officer(), now=LATER)
    assert make_request(message).state == "open"


def test_repeat_of_a_kept_request_is_no_sixth():
    message = send()
    requests = [make_request(message, nonce=f"{n}") for n in range(5)]

    assert make_request(message, nonce="4") == requests[4]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "x"}, "unknown_kind"), ({"kind": ""}, "unknown_kind"), ({"lang": "fr"}, "unknown_lang"),
        ({"words": ""}, "empty"), ({"words": " \n\u200b"}, "empty"), ({"words": "x" * 2001}, "too_long"),
        ({"words": "\0\1\2\3"}, "not_text"),
    ],
)  # fmt: skip
def test_unusable_request_is_refused_and_nothing_is_kept(changes, code):
    assert refused(make_request, **changes) == code
    assert not DataRequest.objects.exists()


def test_longest_request_fits():
    assert len(make_request(words="ạ" * 2000).words) == 2000


def test_request_about_a_withdrawn_message_is_taken():
    message = send()
    actions.withdraw(message, now=NOW)

    assert make_request(message).state == "open"


# --- the staff acts -----------------------------------------------------------------------------------------------


def test_first_answer_is_written_down_with_who_and_when():
    member, request = privacy_officer(), make_request()

    actions.answer_request(request, reply=" Chúng tôi đang xem. ", by=member, now=LATER)

    step = DataRequestStep.objects.get()
    assert (step.step, step.by, step.at, step.reply, step.reason) == (
        "answered", member, LATER, "Chúng tôi đang xem.", "",
    )  # fmt: skip
    assert (again(request).state, again(request).done_due_on) == ("answered", DONE_DUE)


@pytest.mark.parametrize(
    ("with_processor", "extended", "days"), [(False, False, 15), (True, False, 20), (False, True, 30), (True, True, 35)]
)
def test_term_is_longer_with_a_processor_and_once_extended(with_processor, extended, days):
    request = make_request()
    actions.answer_request(request, reply="Vâng.", with_processor=with_processor, by=privacy_officer(), now=LATER)
    if extended:
        actions.extend_request(request, reply="Cần thêm thời gian.", by=privacy_officer(), now=LATER)

    assert again(request).done_due_on == date(2026, 11, 21) + timedelta(days=days)


def test_terms_of_old_requests_do_not_move_with_the_settings(settings):
    request = make_request()
    settings.REQUEST_DONE_DAYS = 2

    actions.answer_request(request, reply="Vâng.", by=privacy_officer(), now=LATER)

    assert again(request).done_due_on == DONE_DUE


def test_shorter_term_with_a_processor_shortens_nothing(settings):
    settings.REQUEST_DONE_DAYS_WITH_PROCESSOR = 3
    request = make_request()

    actions.answer_request(request, reply="Vâng.", with_processor=True, by=privacy_officer(), now=LATER)

    assert again(request).done_due_on == DONE_DUE


def test_extension_before_the_first_answer_leaves_it_owed():
    request = make_request()

    actions.extend_request(request, reply="Cần thêm thời gian.", by=privacy_officer(), now=LATER)

    assert again(request).state == "open"


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("end", ["done", "refused"])
def test_request_ends_once(answered, end):
    member, request = privacy_officer(), make_request()
    if answered:
        actions.answer_request(request, reply="Vâng.", by=member, now=LATER)
    if end == "done":
        actions.finish_request(request, reply="Đã xoá.", by=member, now=LATER)
    else:
        actions.refuse_request(request, reply="Luật buộc giữ.", reason="kept_by_law", by=member, now=LATER)

    codes = {
        refused(actions.answer_request, request, reply="x", by=member, now=LATER),
        refused(actions.extend_request, request, reply="x", by=member, now=LATER),
        refused(actions.finish_request, request, reply="x", by=member, now=LATER),
        refused(actions.refuse_request, request, reply="x", reason="not_held", by=member, now=LATER),
    }

    assert (again(request).state, codes) == (end, {"over"})
    assert DataRequestStep.objects.order_by("-pk").first().reason == ("" if end == "done" else "kept_by_law")


def test_each_step_is_taken_once():
    member, request = privacy_officer(), make_request()
    actions.answer_request(request, reply="Vâng.", by=member, now=LATER)
    actions.extend_request(request, reply="Cần thêm thời gian.", by=member, now=LATER)

    assert refused(actions.answer_request, request, reply="x", by=member, now=LATER) == "answered_before"
    assert refused(actions.extend_request, request, reply="x", by=member, now=LATER) == "extended_before"


def test_term_that_has_passed_is_not_extended():
    member, request = privacy_officer(), make_request()
    last_moment = NOW + timedelta(days=15)

    assert refused(actions.extend_request, request, reply="x", by=member, now=NOW + timedelta(days=16)) == "too_late"
    actions.extend_request(request, reply="x", by=member, now=last_moment)
    assert again(request).done_due_on == DONE_DUE + timedelta(days=15)


@pytest.mark.parametrize(("reply", "code"), [("", "no_reply"), (" \n", "no_reply"), ("x" * 4001, "too_long")])
def test_step_without_a_fitting_reply_is_refused(reply, code):
    request = make_request()

    assert refused(actions.answer_request, request, reply=reply, by=privacy_officer(), now=LATER) == code
    assert again(request).state == "open"


@pytest.mark.parametrize("reason", ["", "x", "too_busy"])
def test_refusal_needs_a_known_reason(reason):
    act = actions.refuse_request

    assert refused(act, make_request(), reply="x", reason=reason, by=privacy_officer(), now=LATER) == "unknown_reason"


def test_role_that_may_not_handle_requests_changes_nothing(monkeypatch):
    monkeypatch.setattr("sangto.desk.actions.requests.may_handle_requests", lambda role: False)

    assert refused(actions.finish_request, make_request(), reply="x", by=privacy_officer(), now=LATER) == "not_allowed"


def test_words_of_who_withdrew_are_kept_until_the_request_is_over():
    message = send()
    over, open_ = make_request(message), make_request(message)
    actions.finish_request(over, reply="Xong.", by=privacy_officer(), now=LATER)

    actions.withdraw(message, now=LATER)
    between = again(over).words, again(open_).words
    actions.finish_request(open_, reply="Xong.", by=privacy_officer(), now=LATER)

    assert between == ("-", open_.words)
    assert (again(open_).words, again(open_).state) == ("-", "done")


# --- the queue ----------------------------------------------------------------------------------------------------


def test_queue_is_oldest_first_and_what_is_over_newest_first():
    first, second, third, fourth = (make_request() for _ in range(4))
    for request in (first, third):
        actions.finish_request(request, reply="Xong.", by=privacy_officer(), now=LATER)

    assert list(requests_in("open", viewer=None)) == [second, fourth]
    assert list(requests_in("over", viewer=None)) == [third, first]
    assert request_counts(None) == {"open": 2, "over": 2}


@pytest.mark.parametrize(
    ("step", "on", "overdue"),
    [
        (None, ANSWER_DUE, False), (None, ANSWER_DUE + timedelta(days=1), True),
        ("answered", ANSWER_DUE + timedelta(days=1), False), ("answered", DONE_DUE, False),
        ("answered", DONE_DUE + timedelta(days=1), True), ("done", DONE_DUE + timedelta(days=1), False),
        ("extended", DONE_DUE, True), ("refused", DONE_DUE + timedelta(days=1), False),
    ],
)  # fmt: skip
def test_overdue_is_what_is_past_a_term_that_was_not_kept(step, on, overdue):
    member, request = privacy_officer(), make_request()
    act = {
        "answered": actions.answer_request, "done": actions.finish_request, "extended": actions.extend_request,
    }  # fmt: skip
    if step == "refused":
        actions.refuse_request(request, reply="x", reason="not_clear", by=member, now=LATER)
    elif step:
        act[step](request, reply="x", by=member, now=LATER)
    request = again(request)

    assert requests_overdue(None, today=on) == overdue
    due = {"answer_due_on": request.answer_due_on, "done_due_on": request.done_due_on}
    assert rules.is_overdue(request.state, today=on, **due) is overdue


@pytest.mark.parametrize(
    "number", ["", "D2026", "D2026-", "D2026-x", "2026-000001", "D2025-000001", "D2026-99999999999999999999", "D-1"]
)
def test_unknown_number_is_no_request(number):
    make_request()

    assert request_for(privacy_officer(), number) is None


# --- what holds it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"words": "khác"}, {"words": "-"}, {"kind": "other"}, {"lang": "en"}, {"made_at": LATER}, {"key": "k"},
     {"answer_due_on": DONE_DUE}, {"done_due_on": ANSWER_DUE}],
)  # fmt: skip
def test_database_refuses_to_change_a_request_or_shorten_its_term(change):
    make_request(kind="access")

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"state": "open"}, {"state": "refused"}, {"with_processor": True}, {"done_due_on": date(2030, 1, 1)}]
)
def test_database_refuses_to_change_a_request_that_is_over(change):
    request = make_request()
    actions.finish_request(request, reply="Xong.", by=privacy_officer(), now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.update(**change)


def test_database_refuses_to_drop_a_request_or_a_step():
    request = make_request()
    with pytest.raises(IntegrityError), transaction.atomic():
        request.delete()
    actions.answer_request(request, reply="Vâng.", by=privacy_officer(), now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestStep.objects.all().delete()


@pytest.mark.parametrize("change", [{"reply": "khác"}, {"at": NOW}, {"step": "done"}, {"reason": "not_held"}])
def test_database_refuses_to_change_a_step(change):
    actions.answer_request(make_request(), reply="Vâng.", by=privacy_officer(), now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestStep.objects.update(**change)


@pytest.mark.parametrize(
    "values",
    [
        {"step": "answered", "reason": ""},  # a second one
        {"step": "refused", "reason": ""}, {"step": "extended", "reason": "not_held"}, {"step": "x", "reason": ""},
        {"step": "refused", "reason": "x"}, {"step": "extended", "reason": "", "reply": ""},
    ],
)  # fmt: skip
def test_database_refuses_a_step_that_cannot_be(values):
    member, request = privacy_officer(), make_request()
    actions.answer_request(request, reply="Vâng.", by=member, now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestStep.objects.create(**{"request": request, "by": member, "at": LATER, "reply": "x", **values})


def test_database_refuses_two_ends():
    member, request = privacy_officer(), make_request()
    actions.finish_request(request, reply="Xong.", by=member, now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequestStep.objects.create(
            request=request, by=member, at=LATER, reply="x", step="refused", reason="not_held"
        )
