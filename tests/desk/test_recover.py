"""After an old database came back: what the log knows more counts, and nothing is given out a second time."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection

from sangto.desk import actions
from sangto.desk.actions import Content
from sangto.desk.models import Answer, AnswerVersion, Case, LostVersion, Message, Publication, Reply, Source
from sangto.desk.queries import sound_answers
from sangto.desk.queries.publications import publication_file
from sangto.ledger import queries as log
from sangto.ledger.actions import CannotRecover
from tests.desk.log_steps import leaves, sequence
from tests.factories import NOW, content, make_answer, make_correction, make_member, make_withdrawal, send
from tests.ledger.steps import without_guards

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def lose(case: Case, *, after: int = 0) -> None:
    """As if a backup from before these versions had been restored; the log keeps their leaves."""
    gone = AnswerVersion.objects.filter(answer__case=case, n__gt=after)
    with without_guards():
        for rows in (Publication, Source, Reply):
            rows.objects.filter(version__in=gone).delete()
        Answer.objects.filter(case=case).update(
            current=AnswerVersion.objects.filter(answer__case=case, n=after).first()
        )
        gone.delete()
        if not after:
            Answer.objects.filter(case=case).delete()
            Case.objects.filter(pk=case.pk).update(state="open")


def lost_case(*, versions: int, kept: int = 0) -> Case:
    """A Case with so many versions in the log, of which the first ones are left, after recovery."""
    case = send().case
    make_answer(case)
    for n in range(1, versions):
        make_correction(case, now=NOW + timedelta(minutes=n))
    sequence(NOW + timedelta(minutes=10))
    lose(case, after=kept)
    actions.recover(now=LATER)
    return Case.objects.get(pk=case.pk)


def faults() -> list[str]:
    looks = (sound_answers.versions, sound_answers.logged_versions, sound_answers.answers, sound_answers.cases)
    return [each.code for look in looks for each in look() if each]


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_lost_versions_are_written_down_once():
    case = lost_case(versions=3, kept=1)
    again = actions.recover(now=LATER)

    assert list(LostVersion.objects.order_by("n").values_list("number", "n")) == [(case.number, 2), (case.number, 3)]
    assert again.versions == ()
    assert faults() == []


def test_version_after_lost_ones_follows_them_in_number_and_leaf():
    case = lost_case(versions=3, kept=1)

    version = make_correction(case, now=LATER)

    lost = LostVersion.objects.get(n=3)
    assert (version.n, version.step) == (4, "correct")
    assert log.leaf_body(version.publication.leaf_hash)["pv"] == lost.leaf_hash
    assert faults() == []


def test_withdrawal_after_lost_versions_follows_them():
    case = lost_case(versions=2, kept=1)

    version = make_withdrawal(case, now=LATER)

    assert (version.n, version.step) == (3, "withdraw")
    assert faults() == []


@pytest.mark.parametrize(("lang", "beginning"), [("vi", "Phiên bản trước"), ("en", "The earlier version")])
def test_answer_that_is_lost_wholly_is_begun_again_as_a_correction(lang, beginning):
    case = lost_case(versions=2)
    Case.objects.filter(pk=case.pk).update(lang=lang)

    version = make_answer(Case.objects.get(pk=case.pk), now=LATER)

    assert (version.n, version.step) == (3, "correct")
    assert version.change.startswith(beginning)
    assert log.leaf_body(version.publication.leaf_hash)["t"] == "c"
    sequence(LATER)
    assert publication_file(case.number, 3)["answer"]["step"] == "correct"
    assert faults() == []


def test_writer_may_say_it_in_other_words():
    case, writer = lost_case(versions=1), make_member()

    actions.draft(case, content=content(case, change="Viết lại."), by=writer, now=LATER)
    version = actions.draft(case, content=content(case, change="Viết lại từ đầu."), by=writer, now=LATER)

    assert (version.n, version.change) == (2, "Viết lại từ đầu.")


def test_draft_after_a_loss_can_be_discarded():
    case, writer = lost_case(versions=1), make_member()
    version = actions.draft(case, content=Content("", "", "", ""), by=writer, now=LATER)

    actions.discard(version, by=writer, now=LATER)

    assert not Answer.objects.exists()
    assert make_answer(case, now=LATER).n == 2


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def counters_at_one() -> None:
    """PostgreSQL does not roll its counters back with a test; a restart of them is rolled back."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Message, Case):
                cursor.execute(f"ALTER SEQUENCE {model._meta.db_table}_id_seq RESTART")


@pytest.mark.usefixtures("counters_at_one")
def test_numbers_go_on_behind_all_that_may_have_been_given():
    first = send()

    found = actions.heed({}, now=NOW, unseen=10_000)

    fresh = send("Một câu hỏi khác hẳn về chuyện cấp nước")
    assert found.number == 20_001
    assert (fresh.pk, fresh.case_id) == (20_001, 20_001)
    assert fresh.number == "M2026-020001"
    assert Message.objects.get(pk=first.pk).number == first.number


def test_numbers_go_on_as_before_where_nothing_is_lost():
    first = send()

    assert actions.heed({"2026": 0}, now=NOW).number == 0
    assert send("Một câu hỏi khác").pk == first.pk + 1


@pytest.mark.usefixtures("counters_at_one")
def test_numbers_skip_as_many_messages_as_the_log_knows(monkeypatch):
    monkeypatch.setattr(import_module("sangto.desk.actions.recover"), "lost_messages", lambda: 25_000)
    send()

    assert actions.heed({"2026": 1}, now=NOW).number == 40_001


def test_first_message_ever_gets_its_number_behind_the_gap_too():
    number = actions.heed({}, now=NOW, unseen=10_000).number

    assert number % 10_000 == 1
    assert send().pk == number


# --- Days and files ---------------------------------------------------------------------------------------------------


def test_destroyed_day_whose_key_came_back_is_destroyed_again():
    send(channel="telegram", address="777000111")
    key = settings.HOME / "keys" / "contact-2026-11-21.key"
    held = key.read_bytes()
    actions.destroy_contacts_of(date(2026, 11, 21), now=NOW)
    key.write_bytes(held)

    found = actions.heed({}, now=NOW)

    assert found.days == (date(2026, 11, 21),)
    assert not key.exists()
    assert len(leaves("x")) == 1


def test_without_files_nothing_is_recovered():
    with pytest.raises(CannotRecover) as refusal:
        actions.recover(now=NOW)

    assert refusal.value.code == "no_files"
