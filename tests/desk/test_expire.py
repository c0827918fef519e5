"""Time travel through every row of the table of terms: what must be there the day before, and gone on the day."""

import logging
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.contrib.sessions.models import Session

from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.desk.actions import end_days, expire
from sangto.desk.models import Message, Outcome, Reply
from sangto.ledger.queries import destroyed_days
from sangto.vault import keystore
from sangto.vault.actions import make_keys_ahead
from sangto.vault.keystore import KeyGone, KeyLocked, day_key, path_of
from sangto.vault.models import Contact, DayKey, Opening
from sangto.vault.queries import KeystoreAway, address_of, sealed_again
from tests.database import Backup, everything_held
from tests.desk.log_steps import leaves
from tests.factories import LAMP, NOW, make_answer, make_correction, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
OPINION = "Tôi thấy ông chủ tịch nói chuyện rất nhạt nhẽo và chán"


@pytest.fixture(autouse=True)
def telegram(bot_api):
    """Letters by Telegram reach somebody."""


def days(n: float) -> datetime:
    return NOW + timedelta(days=n)


def ask(text: str = LAMP, *, now: datetime = NOW, **changes: object) -> Message:
    return send(text, channel="telegram", address="777000111", now=now, **changes)


def tell(now: datetime) -> None:
    """What the worker does: owe, and send."""
    actions.follow_up(now=now)
    deliver(now=now)


@dataclass
class Round:
    """What one round of the worker did."""

    contacts: int
    openings: int
    sessions: int
    objections: int
    days: int
    sealed_again: int
    lost: int


def live(now: datetime) -> Round:
    """One round of the worker: keys ahead, then what is over."""
    make_keys_ahead(now=now)
    return Round(*astuple(expire(now=now)), *astuple(end_days(now=now)))


def live_through(start: float, end: float) -> None:
    """A round a day, as if the desk had been on for all that time."""
    for n in range(int(start), int(end) + 1):
        live(days(n))


# --- Contacts --------------------------------------------------------------------------------------------------------


def test_contact_ends_30_days_after_the_answer_was_told():
    message = ask()
    tell(days(0))
    make_answer(message.case, now=days(3))
    tell(days(4))

    before = (live(days(33.9)).contacts, Contact.objects.count())
    on_the_day = (live(days(34)).contacts, Contact.objects.count())

    assert (before, on_the_day) == ((0, 1), (1, 0))
    assert Message.objects.get().contact is None


def test_contact_of_a_closed_question_ends_after_it_was_told():
    message = ask(OPINION, kind="claim")
    tell(days(0))
    actions.close_not_checkable(message.case, by=make_member(), now=days(1))
    tell(days(1))

    assert [live(days(each)).contacts for each in (30.9, 31)] == [0, 1]


def test_contact_of_an_open_case_stays_and_of_one_that_was_reopened():
    waits, reopened = ask(), ask(OPINION, kind="claim")
    tell(days(0))
    member = make_member()
    actions.close_not_checkable(reopened.case, by=member, now=days(1))
    tell(days(1))
    actions.reopen(reopened.case, by=member, now=days(2))

    live_through(0, 100)

    assert {waits.contact_id, reopened.contact_id} == set(Contact.objects.values_list("pk", flat=True))


def test_contact_stays_while_somebody_is_owed_an_answer_that_is_not_told_yet():
    message = ask()
    tell(days(0))
    make_answer(message.case, now=days(1))

    kept = live(days(40)).contacts
    actions.follow_up(now=days(40))
    still = live(days(80)).contacts
    deliver(now=days(80))

    assert (kept, still) == (0, 0)
    assert [live(days(each)).contacts for each in (109, 110)] == [0, 1]


def test_correction_begins_the_30_days_anew_and_a_withdrawal_keeps_the_contact():
    message = ask()
    tell(days(0))
    make_answer(message.case, now=days(1))
    tell(days(1))
    make_correction(message.case, now=days(20))
    tell(days(20))
    after_the_answer = live(days(31)).contacts
    make_withdrawal(message.case, now=days(40))
    tell(days(40))

    assert (after_the_answer, live(days(100)).contacts) == (0, 0)  # the case is open again: a right answer is owed


def test_letter_that_was_given_up_counts_as_told():
    message = ask()
    tell(days(0))
    make_answer(message.case, now=days(1))
    actions.follow_up(now=days(1))
    Reply.objects.filter(kind="answer").update(gave_up_at=days(2))

    assert [live(days(each)).contacts for each in (31.9, 32)] == [0, 1]


def test_contact_never_outlives_its_180th_day_whatever_is_owed():
    message = ask()
    live_through(0, 179)
    kept = address_of(Contact.objects.get())

    done = live(days(180))

    assert (kept, done.contacts, Contact.objects.count()) == ("777000111", 1, 0)
    make_answer(message.case, now=days(181))
    tell(days(181))
    assert Reply.objects.get(kind="answer").done_at  # on the page: there is no other place any more


def test_shorter_terms_are_kept_to(settings):
    settings.VAULT_CONTACT_DAYS, settings.VAULT_CONTACT_MOST_DAYS = 2, 5
    answered, waits = ask(), ask("Ngõ 9 ngập nước hai hôm nay rồi", kind="problem")
    tell(days(0))
    make_answer(answered.case, now=days(0))
    tell(days(0))

    assert [live(days(each)).contacts for each in (1.9, 2, 4, 5)] == [0, 1, 0, 1]
    assert waits.case_id != answered.case_id


# --- day keys --------------------------------------------------------------------------------------------------------


def test_day_key_lives_for_30_days_and_then_the_log_says_that_it_is_gone():
    ask()
    live_through(0, 29)
    before = (DAY in keystore.days(), leaves("x"))

    live(days(30))

    assert before == (True, [])
    assert DAY not in keystore.days()
    assert leaves("x") == [{"day": "2026-11-21", "t": "x", "v": 1}]
    assert DayKey.objects.get(day=DAY).destroyed_at == days(30)


def test_contact_that_is_still_needed_moves_on_and_is_counted():
    message = ask()
    first = bytes(message.contact.sealed)

    live_through(0, 95)

    contact = Contact.objects.get()
    assert (contact.pk, contact.day - DAY, contact.arrived_on) == (message.contact_id, timedelta(days=90), DAY)
    assert (address_of(contact), sealed_again()) == ("777000111", 3)
    assert bytes(contact.sealed) != first
    assert dict(DayKey.objects.filter(sealed_again__gt=0).values_list("day", "sealed_again")) == {
        DAY + timedelta(days=n): 1 for n in (0, 30, 60)
    }


def test_round_is_done_again_without_effect():
    ask()
    live_through(0, 30)
    state = list(Contact.objects.values()), list(DayKey.objects.values()), leaves()

    again = [live(days(30)) for _ in range(3)]

    assert {(each.contacts, each.days, each.sealed_again) for each in again} == {(0, 0, 0)}
    assert (list(Contact.objects.values()), list(DayKey.objects.values()), leaves()) == state


def test_desk_that_was_off_for_months_makes_good_in_one_round():
    ask()
    make_keys_ahead(now=days(0))

    done = live(days(100))

    assert (done.days, done.sealed_again) == (8, 1)
    assert address_of(Contact.objects.get()) == "777000111"
    assert len(leaves("x")) == 8


def test_many_contacts_move_in_batches(monkeypatch):
    for name in ("sangto.vault.actions.seal_again", "sangto.desk.actions.expire"):
        monkeypatch.setattr(import_module(name), "AT_ONCE", 2)
    for n in range(5):
        send(f"Đèn đường số {n} ở ngõ {n} hỏng", channel="telegram", address=f"7770{n}")

    moved = live(days(30)).sealed_again
    gone = live(days(180)).contacts

    assert (moved, gone) == (5, 5)


def test_round_does_so_much_and_the_next_goes_on(monkeypatch):
    for name in ("sangto.vault.actions.seal_again", "sangto.desk.actions.expire"):
        monkeypatch.setattr(import_module(name), "AT_ONCE", 2)
    for name in ("sangto.desk.actions.end_days", "sangto.desk.actions.expire"):
        monkeypatch.setattr(import_module(name), "A_ROUND", 4)
    for n in range(5):
        send(f"Đèn đường số {n} ở ngõ {n} hỏng", channel="telegram", address=f"7770{n}")

    moved = [(each.sealed_again, each.days) for each in (live(days(30)) for _ in range(3))]
    gone = [live(days(180)).contacts for _ in range(3)]

    assert (moved, gone) == ([(4, 0), (1, 1), (0, 0)], [4, 1, 0])


def test_contact_that_cannot_be_opened_goes_with_its_key():
    good, bad = ask(), ask("Ngõ 9 ngập nước hai hôm nay rồi", kind="problem")
    Contact.objects.filter(pk=bad.contact_id).update(sealed=b"\1" * 60)

    done = live(days(30))

    assert (done.lost, done.sealed_again) == (1, 1)
    assert Contact.objects.get().pk == good.contact_id


def test_lost_key_of_the_past_is_said_to_be_gone_at_once():
    ask()
    path_of(DAY).unlink()

    done = live(days(1))

    assert (done.days, done.lost, Contact.objects.count()) == (1, 1, 0)
    assert [each["day"] for each in leaves("x")] == ["2026-11-21"]


class Died(Exception):
    """The process died here."""


@pytest.mark.django_db(transaction=True)
def test_crash_between_the_key_and_its_leaf_is_made_good_by_the_next_round(monkeypatch):
    ask()
    live_through(28, 29)

    def die(*_args, **_kwargs):
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(import_module("sangto.ledger.actions"), "append_once", die)
        live(days(30))
    between = (DAY in keystore.days(), leaves("x"))
    live(days(30))

    assert between == (False, [])
    assert DAY in destroyed_days()
    assert address_of(Contact.objects.get()) == "777000111"


@pytest.mark.django_db(transaction=True)
def test_crash_before_the_key_goes_loses_no_address(monkeypatch):
    ask()

    def die(*_args, **_kwargs):
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(import_module("sangto.desk.actions.erase"), "destroy_day_key", die)
        live(days(30))

    assert (DAY in keystore.days(), leaves("x"), address_of(Contact.objects.get())) == (True, [], "777000111")


def test_key_that_a_backup_brings_back_is_destroyed_again(caplog):
    ask()
    held = path_of(DAY).read_bytes()
    live(days(30))
    path_of(DAY).write_bytes(held)

    live(days(31))

    assert DAY not in keystore.days()
    assert len([each for each in leaves("x") if each["day"] == "2026-11-21"]) == 1
    assert "1 day keys that were destroyed were there again" in caplog.text


def test_keystore_that_is_away_destroys_nothing_and_holds_nothing_else_up(settings, tmp_path):
    ask()
    Session.objects.create(session_key="old", session_data="x", expire_date=days(-1))
    settings.VAULT_KEYS = tmp_path / "not mounted"

    with pytest.raises(KeystoreAway):
        end_days(now=days(40))

    assert (expire(now=days(40)).sessions, Contact.objects.count(), leaves("x")) == (1, 1, [])
    settings.VAULT_KEYS = None
    assert address_of(Contact.objects.get()) == "777000111"


def test_wrapped_keys_without_the_wrapping_key_are_not_destroyed(settings):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    ask()
    settings.VAULT_WRAPPING_KEY = ""

    with pytest.raises(KeyLocked):
        end_days(now=days(40))

    assert (leaves("x"), DAY in keystore.days(), Contact.objects.count()) == ([], True, 1)


def test_keystore_that_is_lost_is_given_up_by_the_operators_word(settings, tmp_path):
    ask()
    settings.VAULT_KEYS = tmp_path / "new"

    make_keys_ahead(now=days(3), accept=True)
    done = end_days(now=days(3), accept=True)

    assert (done.lost, done.days, Contact.objects.count()) == (1, 3, 0)
    assert [each["day"] for each in leaves("x")] == ["2026-11-21", "2026-11-22", "2026-11-23"]


# --- an old backup ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_restored_old_backup_keeps_destroyed_days_destroyed():
    """The database as it was on the first day; the keystore as its backup was a week after the key was destroyed."""
    ask()
    make_keys_ahead(now=NOW)
    backup = Backup.of_the_database()
    live_through(1, 37)
    backup.restore()

    restored = Contact.objects.get()
    with pytest.raises(KeyGone):
        address_of(restored)
    live(days(38))

    assert (restored.day, Contact.objects.count(), DAY in keystore.days()) == (DAY, 0, False)
    assert [each["day"] for each in leaves("x")].count("2026-11-21") == 1
    assert DayKey.objects.get(day=DAY).destroyed_at


@pytest.mark.django_db(transaction=True)
def test_restored_backup_of_yesterday_loses_no_address():
    ask()
    live_through(0, 3)
    backup = Backup.of_the_database()
    live(days(4))
    backup.restore()

    live(days(4))

    assert (address_of(Contact.objects.get()), leaves("x")) == ("777000111", [])


# --- Openings, sessions ----------------------------------------------------------------------------------------------


def test_opening_ends_90_days_after_the_outcome():
    message = ask()
    make_answer(message.case, now=days(5))
    tell(days(6))

    before = (live(days(95.9)).openings, Opening.objects.count())
    on_the_day = (live(days(96)).openings, Opening.objects.count())

    assert (before, on_the_day) == ((0, 1), (1, 0))
    assert (Message.objects.get().opening, Outcome.objects.count()) == (None, 1)


def test_opening_of_a_message_without_an_outcome_stays():
    ask()

    live(days(1000))

    assert Opening.objects.count() == 1


def test_sessions_that_ended_are_cleared():
    for key, ends in (("old", days(-0.1)), ("new", days(0.1))):
        Session.objects.create(session_key=key, session_data="x", expire_date=ends)

    assert live(days(0)).sessions == 1
    assert Session.objects.get().session_key == "new"


# --- what stays, and what is said ------------------------------------------------------------------------------------


def test_message_case_answer_and_leaves_stay_for_good():
    message = ask()
    make_answer(message.case, now=days(1))
    tell(days(1))
    live(days(365 * 3))

    kept = Message.objects.get()
    assert (kept.text, kept.place, kept.case.state) == (message.text, message.place, "answered")
    assert len(leaves("rop")) == 3


def test_log_line_has_counts_alone(caplog):
    caplog.set_level(logging.DEBUG)
    message = ask()
    make_answer(message.case, now=days(1))
    tell(days(1))
    live(days(100))

    assert [each for each in caplog.messages if each.startswith(("forgotten", "ended"))] == [
        "forgotten: 1 contacts, 1 openings, 0 sessions, 0 objections",
        "ended: 8 day keys; 0 contacts sealed again, 0 could not be opened",
    ]
    hidden = ["777000111", str(message.contact_id), str(message.opening_id), message.text, message.number]
    assert not [each for each in hidden if each in caplog.text]


def test_round_with_nothing_to_do_says_nothing_and_asks_little(caplog, django_assert_max_num_queries):
    caplog.set_level(logging.DEBUG)
    make_keys_ahead(now=NOW)

    with django_assert_max_num_queries(10):
        expire(now=NOW)
        end_days(now=NOW)

    assert caplog.messages == []


@pytest.mark.django_db(transaction=True)
def test_bytes_of_what_was_forgotten_leave_the_database():
    message = ask()
    sealed, salt = bytes(message.contact.sealed), message.opening.salt.encode()

    before = [each in everything_held() for each in (sealed, salt)]
    make_answer(message.case, now=days(1))
    tell(days(1))
    live(days(200))

    assert before == [True, True]
    assert [each in everything_held() for each in (sealed, salt)] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_no_day_key_is_in_the_database():
    ask()
    held, keys = everything_held(), [day_key(day).private_bytes_raw() for day in keystore.days()]

    assert bytes(DayKey.objects.first().public) in held
    assert len(keys) == 8
    assert not [key for key in keys if key in held or key.hex().encode() in held.lower()]
