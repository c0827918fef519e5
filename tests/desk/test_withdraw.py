"""A sender takes a Message back: what is erased, what goes on, and what stays provable."""

from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sangto.channels.deliver import deliver
from sangto.desk import actions, matcher, rules
from sangto.desk.actions import expire
from sangto.desk.models import Case, Highlight, Joining, Message, Outcome, Reply, Wording
from sangto.desk.queries.answers import answer_by_number
from sangto.desk.queries.labels import labels
from sangto.desk.queries.messages import follow_token, message_by_token, standing_of
from sangto.desk.queries.receipts import outcome_receipt_of, receipt_of
from sangto.ledger import queries as log
from sangto.ledger import verify_desk
from sangto.vault.models import Contact, Opening
from tests.desk.log_steps import leaves, put_others, sequence
from tests.factories import HOSPITAL, LAMP, NOW, TICKS, content, make_answer, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
BRIDGE = "Có đúng là cầu Rồng đóng cửa sáng mai để sửa chữa không?"
SIMILAR = "Có phải cầu Rồng đóng cửa sáng mai để sửa chữa không?"


def again(message: Message) -> Message:
    return Message.objects.select_related("case").get(pk=message.pk)


def withdrawn(message: Message) -> Message:
    actions.withdraw(message, now=LATER)
    return again(message)


def everything() -> str:
    """Every value of every row of every table."""
    return repr([list(model.objects.values_list()) for model in apps.get_models()])


def refused(act, *args, **named) -> str:
    with pytest.raises(Exception) as error:  # noqa: PT011 - its code is what is compared
        act(*args, **named)
    return error.value.code


# --- what is erased -----------------------------------------------------------------------------------------------


def test_words_place_contact_and_opening_are_gone():
    message = send(LAMP, place="Ngõ 5 Hoa Sữa", channel="telegram", address="77700011")

    found = withdrawn(message)

    assert (found.text, found.place, found.contact, found.opening) == ("-", "", None, None)
    assert (found.withdrawn_at, found.channel, found.received_at) == (LATER, "telegram", NOW)
    assert found.number == message.number
    assert (Contact.objects.count(), Opening.objects.count()) == (0, 0)


def test_no_row_of_any_table_holds_its_words_any_more():
    make_answer(send("Đèn đường ngõ 7 đường Hoa Sữa hỏng hai hôm nay", kind="problem", place="Ngõ 7").case)
    message = send("Đèn đường bìmbịp ngõ 5 đường Hoa Sữa hỏng ba hôm nay", kind="problem", place="Ngõ bìmbịp")
    actions.draft(message.case, content=content(message.case), by=make_member(), now=NOW)
    before = everything()

    withdrawn(message)

    assert before.count("bìmbịp") >= 4  # text, place, title, draft
    assert "bìmbịp" not in everything()


def test_reasons_and_offers_are_cleaned_and_joinings_stay():
    make_answer(send(HOSPITAL).case)
    first, second = send(BRIDGE), send(BRIDGE)
    assert Joining.objects.get(message=second).reasons != "[]"

    withdrawn(second)

    assert list(Joining.objects.order_by("pk").values_list("message", "case")[1:]) == [
        (first.pk, first.case_id), (second.pk, second.case_id),
    ]  # fmt: skip
    assert Joining.objects.get(message=second).reasons == "[]"


def test_offers_are_gone_and_are_no_label():
    case = send("Uống nước chanh nóng 5 ngày có chữa được ung thư không?").case
    make_answer(case)
    message = send("Uống nước chanh nóng 50 ngày có chữa được ung thư không?")
    assert message.offers.count() == 1

    withdrawn(message)

    assert message.offers.count() == 0
    assert list(labels()) == []


def test_label_of_a_withdrawn_message_is_not_learned_from():
    make_answer(send(HOSPITAL).case)
    message = send(HOSPITAL)
    actions.decline_answers(message, now=NOW)
    assert len(list(labels())) == 1

    withdrawn(message)

    assert list(labels()) == []


def test_unsent_replies_are_void_and_nothing_more_is_owed():
    message, other = send(BRIDGE), send(BRIDGE)
    deliver(now=NOW)
    withdrawn(message)
    make_answer(other.case, now=LATER)
    actions.follow_up(now=LATER)
    deliver(now=LATER)

    told = {row: sorted(Reply.objects.filter(message=row, done_at__isnull=False).values_list("kind", flat=True))
            for row in (message, other)}  # fmt: skip

    assert told == {message: ["acknowledged"], other: ["acknowledged", "answer"]}
    assert not Reply.objects.filter(message=message, kind="answer").exists()


def test_withdrawal_of_an_answer_is_not_told_to_who_withdrew():
    message = send(HOSPITAL)
    make_answer(message.case)
    actions.follow_up(now=NOW)
    deliver(now=NOW)
    withdrawn(message)

    make_withdrawal(message.case, now=LATER)
    actions.follow_up(now=LATER)

    assert Reply.objects.filter(message=message, version__step="withdraw").count() == 0


def test_second_time_changes_nothing():
    message = withdrawn(send(BRIDGE))
    before = everything()

    actions.withdraw(message, now=LATER + timedelta(hours=1))

    assert everything() == before


# --- wordings and the index ---------------------------------------------------------------------------------------


def test_its_wording_is_forgotten_and_the_same_words_open_a_case_of_their_own():
    message = withdrawn(send(BRIDGE))

    fresh = send(BRIDGE, now=LATER)

    assert fresh.case != message.case
    assert (fresh.case.state, fresh.outcome) == ("open", "received")
    assert list(Wording.objects.values_list("case", flat=True)) == [fresh.case_id]


def test_wording_that_somebody_else_brought_too_stays():
    message, other = send(BRIDGE), send(BRIDGE)

    withdrawn(message)

    assert list(Wording.objects.values_list("case", flat=True)) == [other.case_id]
    assert send(BRIDGE).case == other.case


def test_index_forgets_it():
    message = send(BRIDGE)
    assert matcher.find(SIMILAR, kind="claim", place="").open is not None

    withdrawn(message)

    found = matcher.find(SIMILAR, kind="claim", place="")
    assert (found.open, found.known, matcher.counts()) == (None, None, {"answers": 0, "open": 0})


def test_index_keeps_what_others_ask():
    message, other = send(BRIDGE), send(SIMILAR)
    assert other.case == message.case

    withdrawn(message)

    (entry,) = matcher._asked_entries([again(other).case])
    assert (entry.question, entry.wordings) == (SIMILAR, (SIMILAR,))
    assert matcher.find(SIMILAR, kind="claim", place="").open.id == other.case_id


def test_text_found_before_the_withdrawal_opens_a_case_of_its_own(monkeypatch):
    message = send(BRIDGE)
    finding = matcher.find(SIMILAR, kind="claim", place="")
    withdrawn(message)
    monkeypatch.setattr(matcher, "find", lambda *args, **named: finding)

    assert send(SIMILAR).case != message.case


# --- the Case -----------------------------------------------------------------------------------------------------


def test_case_that_nobody_asks_any_more_is_closed():
    case = withdrawn(send(LAMP, kind="problem", place="Ngõ 5")).case

    assert (case.state, case.closing, case.settled_at) == ("closed", "withdrawn", LATER)
    assert (case.question, case.place) == ("-", "")


def test_case_that_others_ask_goes_on_under_their_words():
    message, other = send(BRIDGE), send(SIMILAR)

    case = withdrawn(message).case

    assert (case.state, case.question) == ("open", " ".join(SIMILAR.split()))
    assert standing_of(again(other)).asked == 1


def test_title_stays_where_somebody_else_used_the_same_words():
    message, _other = send(BRIDGE), send(BRIDGE)

    assert withdrawn(message).case.question == BRIDGE


def test_case_is_closed_with_the_last_withdrawal():
    messages = [send(BRIDGE), send(BRIDGE)]

    states = [withdrawn(message).case.state for message in messages]

    assert states == ["open", "closed"]


def test_published_answer_stays_and_its_page_counts_who_still_asks():
    message, other = send(HOSPITAL), send(HOSPITAL)
    make_answer(message.case)

    case = withdrawn(message).case

    found = answer_by_number(case.number)
    assert (case.state, found.asked, found.withdrawn) == ("answered", 1, False)
    assert standing_of(again(other)).outcome == "answered"


def test_title_of_an_answered_case_is_that_of_its_answer():
    message = send(HOSPITAL, place="Ngõ 5")
    make_answer(message.case, question="Nước chanh nóng có chữa được ung thư?")

    case = withdrawn(message).case

    assert (case.question, case.place) == ("Nước chanh nóng có chữa được ung thư?", "Ngõ 5")


def test_draft_that_begins_with_its_words_needs_a_new_question():
    message, editor = send(BRIDGE), make_member()
    version = actions.draft(message.case, content=content(message.case), by=editor, now=NOW)
    actions.submit(version, by=editor, ticks=TICKS)
    Highlight.objects.create(version=version, field="question", start=0, end=4, kind="name")

    case = withdrawn(message).case

    version.refresh_from_db()
    assert not version.highlights.filter(field="question").exists()
    assert (version.question, version.state, version.written_at) == ("", "draft", LATER)
    assert case.state == "open"  # somebody is at it: they decide


def test_case_is_closed_when_its_draft_is_discarded():
    message, editor = send(BRIDGE), make_member()
    version = actions.draft(message.case, content=content(message.case), by=editor, now=NOW)
    withdrawn(message)

    actions.discard(version, by=editor, now=LATER)

    assert (again(message).case.state, again(message).case.closing) == ("closed", "withdrawn")


def test_every_case_it_came_through_is_cleaned():
    first, second = send(BRIDGE), send(LAMP, kind="claim")
    actions.merge(second.case, into=first.case, by=make_member(), now=NOW)

    withdrawn(second)

    assert LAMP not in everything()
    assert again(first).case.question == BRIDGE


def test_closed_case_is_not_opened_again_by_hand():
    message = withdrawn(send(BRIDGE))

    assert refused(actions.reopen, message.case, by=make_member(), now=LATER) == "withdrawn"


def test_undone_merge_leaves_no_case_waiting_that_nobody_asks():
    first, second = send(BRIDGE), send(LAMP, kind="claim")
    left = second.case
    actions.merge(left, into=first.case, by=make_member(), now=NOW)
    withdrawn(second)
    regrouping = Joining.objects.filter(message=second).order_by("-pk").first().regrouping

    actions.undo(regrouping, by=make_member(), now=LATER)

    left.refresh_from_db()
    assert (left.state, left.closing, again(second).case) == ("closed", "withdrawn", left)


def test_undone_split_opens_a_case_that_was_closed_again():
    stays, leaves_ = send(BRIDGE), send(BRIDGE)
    fresh = actions.split(stays.case, messages=[leaves_], by=make_member(), now=NOW)
    withdrawn(stays)
    assert again(stays).case.state == "closed"
    regrouping = Joining.objects.filter(message=leaves_).order_by("-pk").first().regrouping

    actions.undo(regrouping, by=make_member(), now=LATER)

    fresh.refresh_from_db()
    assert (again(leaves_).case, again(leaves_).case.state, fresh.state) == (again(stays).case, "open", "merged")


def test_split_leaves_somebody_who_asks():
    stays, leaves_ = send(BRIDGE), send(BRIDGE)
    withdrawn(stays)
    case = again(leaves_).case

    assert refused(actions.split, case, messages=[leaves_], by=make_member(), now=LATER) == "everything_chosen"
    assert refused(actions.split, case, messages=[stays], by=make_member(), now=LATER) == "nothing_chosen"


def test_case_that_the_last_asker_leaves_is_closed():
    make_answer(send(HOSPITAL).case)
    stays, goes = send(BRIDGE), send(BRIDGE)
    withdrawn(stays)

    actions.change_kind(goes, kind="problem", now=LATER)

    assert (again(stays).case.state, again(goes).case.state) == ("closed", "open")


@pytest.mark.parametrize("act", ["accept", "decline", "kind"])
def test_nothing_can_be_chosen_any_more(act):
    message = withdrawn(send(BRIDGE))
    act = {
        "accept": lambda: actions.accept_offer(message, case=message.case, now=LATER),
        "decline": lambda: actions.decline_answers(message, now=LATER),
        "kind": lambda: actions.change_kind(message, kind="problem", now=LATER),
    }[act]

    assert refused(act) == "message_withdrawn"


# --- the log ------------------------------------------------------------------------------------------------------


def test_leaf_says_that_it_was_withdrawn_and_the_open_count_falls():
    message, _other = send(BRIDGE), send(HOSPITAL)
    withdrawn(message)
    sequence(LATER)

    standing = log.standing()

    assert [leaf["k"] for leaf in leaves("o")] == ["withdrawn"]
    assert (standing.received, standing.ended) == (2, 1)
    assert (Outcome.objects.get().kind, Outcome.objects.get().answer) == ("withdrawn", "")


def test_message_that_had_ended_ends_no_second_time():
    message = send(HOSPITAL)
    make_answer(message.case)
    actions.follow_up(now=NOW)

    withdrawn(message)
    actions.follow_up(now=LATER)

    assert [leaf["k"] for leaf in leaves("o")] == ["answered"]


def test_receipt_taken_before_stays_valid(tmp_path, capsys):
    message = send(LAMP, place="Ngõ 5")
    put_others(NOW)
    sequence(NOW)
    files = {"receipt": receipt_of(message).file, "text": message.text, "policy": log.policy_text()}
    for name, said in files.items():
        (tmp_path / name).write_text(said, encoding="utf-8")
    withdrawn(message)
    sequence(LATER)

    words = ["receipt", str(tmp_path / "receipt"), "--policy", str(tmp_path / "policy")]
    words += ["--text", str(tmp_path / "text"), "--lang", "en"]
    status = verify_desk.main(words)

    assert status == 0
    assert "is in the log" in capsys.readouterr().out
    assert (receipt_of(again(message)), outcome_receipt_of(again(message))) == (None, None)


def test_receipt_of_an_outcome_taken_before_stays_valid(tmp_path, capsys):
    message = send(HOSPITAL)
    make_answer(message.case)
    actions.follow_up(now=NOW)
    sequence(NOW)
    (tmp_path / "receipt").write_text(outcome_receipt_of(message).file, encoding="utf-8")
    (tmp_path / "policy").write_text(log.policy_text(), encoding="utf-8")
    withdrawn(message)
    sequence(LATER)

    status = verify_desk.main(["receipt", str(tmp_path / "receipt"), "--policy", str(tmp_path / "policy")])

    assert (status, capsys.readouterr().err) == (0, "")


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_database_holds_its_words_after_the_next_round_of_forgetting():
    message = send("Đèn đường bìmbịp ngõ 5 hỏng ba hôm nay", kind="problem", place="Ngõ bìmbịp")
    before = database_bytes()

    withdrawn(message)
    expire(now=LATER)

    if connection.vendor == "sqlite":  # PostgreSQL's pages are another machine's; its rows are looked at above
        assert "bìmbịp".encode() in before
    assert "bìmbịp".encode() not in database_bytes()


def database_bytes() -> bytes:
    if connection.vendor != "sqlite":
        return b""
    name = str(connection.settings_dict["NAME"])
    return b"".join(path.read_bytes() for path in (Path(name), Path(f"{name}-wal")) if path.exists())


# --- what its sender sees -----------------------------------------------------------------------------------------


def test_standing_says_nothing_but_that_it_was_withdrawn():
    message = send(HOSPITAL)
    make_answer(message.case)

    standing = standing_of(withdrawn(message))

    assert (standing.outcome, standing.withdrawn_at, standing.text) == ("withdrawn", LATER, "-")
    assert (standing.suggestions, standing.answer, standing.queue_place) == ((), None, None)
    assert message_by_token(follow_token(message)) == message


def test_same_delivery_again_is_the_withdrawn_message():
    from tests.factories import incoming

    delivery = incoming(BRIDGE)
    message = actions.receive(delivery, now=NOW).message
    withdrawn(message)

    found = actions.receive(delivery, now=LATER)

    assert (found.repeated, found.message.pk, found.message.text) == (True, message.pk, "-")


# --- what holds it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Một câu khác"}, {"text": "-"}, {"place": ""}, {"channel": "api"}, {"lang": "en"},
        {"received_at": LATER}, {"withdrawn_at": LATER}, {"withdrawn_at": LATER, "text": "-"},
        {"withdrawn_at": LATER, "text": "Một câu khác", "place": "", "contact": None, "opening": None},
        {"withdrawn_at": LATER, "text": "-", "place": "Ngõ 6", "contact": None, "opening": None},
        {"withdrawn_at": LATER, "text": "-", "place": "", "opening": None},
        {"withdrawn_at": LATER, "text": "-", "place": "", "contact": None},
        {"withdrawn_at": LATER, "text": "-", "place": "", "contact": None, "opening": None, "received_at": LATER},
        {"withdrawn_at": LATER, "text": "-", "place": "", "contact": None, "opening": None, "channel": "api"},
    ],
)  # fmt: skip
def test_database_refuses_every_change_of_a_message_but_its_withdrawal(change):
    message = send(LAMP, place="Ngõ 5", channel="telegram", address="77700011")

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)

    assert again(message).text == LAMP


@pytest.mark.parametrize("change", [{"withdrawn_at": None}, {"withdrawn_at": NOW}, {"text": LAMP}, {"place": "Ngõ 5"}])
def test_database_refuses_to_take_a_withdrawal_back(change):
    message = withdrawn(send(LAMP, place="Ngõ 5"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)


def test_database_refuses_to_give_a_withdrawn_message_an_address():
    message = withdrawn(send(LAMP))
    other = send(BRIDGE, channel="telegram", address="77700011")

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(opening=other.opening)


@pytest.mark.parametrize(
    "change", [{"reasons": '[["same_text", "100"]]'}, {"decided_by": "member"}, {"at": LATER}, {"sureness": 0.5}]
)
def test_database_refuses_every_change_of_a_joining_but_the_cleaning(change):
    message = send(BRIDGE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Joining.objects.update(reasons="[]")
    withdrawn(message)

    with pytest.raises(IntegrityError), transaction.atomic():
        Joining.objects.update(**change)


def test_database_refuses_a_problem_closed_for_another_reason():
    case = send(LAMP, kind="problem").case

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="closed", closing="not_checkable")


def test_withdrawal_is_whole_or_not_at_all(monkeypatch):
    message = send(BRIDGE)
    before = everything()

    def breaks(*args, **named):
        raise RuntimeError("the power went")

    monkeypatch.setattr(import_module("sangto.desk.actions.withdraw"), "touch", breaks)
    with suppress(RuntimeError):
        actions.withdraw(message, now=LATER)

    assert everything() == before


def test_number_of_queries_does_not_grow_with_the_case():
    counts = []
    for others in (1, 6):
        message = send(f"{BRIDGE} {others}")
        for n in range(others):
            actions.merge(send(f"Câu hỏi số {n} về việc khác {others}", kind="claim").case, into=message.case,
                          by=make_member(), now=NOW)  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            actions.withdraw(message, now=LATER)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_rules_name_the_outcome_that_the_log_knows():
    from sangto.ledger.rules import OUTCOMES

    assert set(rules.LOGGED_OUTCOMES) < set(OUTCOMES)
    assert set(OUTCOMES) == set(verify_desk.OUTCOMES)
