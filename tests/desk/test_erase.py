"""Taken back by law: what was said goes, that it was said stays in the log, and no proof breaks."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotErase, destroy_contacts_of, erase_version
from sangto.desk.models import AnswerVersion, Case, Publication, Source
from sangto.desk.queries.publications import publication_file
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger import queries as log
from sangto.ledger.models import Leaf
from sangto.vault.keystore import KeyGone
from sangto.vault.queries import address_of
from tests.desk.log_steps import commitment, leaf_hash, leaves, put_others, sequence
from tests.factories import (
    NOW,
    make_answer,
    make_correction,
    make_member,
    make_version,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def case() -> Case:
    """A Case whose Answer has a first version, and a correction that is in force."""
    case = send().case
    make_answer(case)
    make_correction(case)
    return Case.objects.get()


def version(n: int) -> AnswerVersion:
    return AnswerVersion.objects.get(n=n)


def erase(n: int, **changes) -> None:
    values = {"ground": "court_order", "by": make_member(), "approved_by": make_member(role="approver"), "now": NOW}
    erase_version(version(n), **{**values, **changes})


def refused(n: int = 1, **changes) -> str:
    """Why nothing was erased; and that nothing was."""
    before = list(AnswerVersion.objects.values()), list(Publication.objects.values()), Source.objects.count(), leaves()
    with pytest.raises(CannotErase) as refusal:
        erase(n, **changes)
    after = list(AnswerVersion.objects.values()), list(Publication.objects.values()), Source.objects.count(), leaves()
    assert after == before
    return refusal.value.code


@pytest.mark.parametrize("ground", ["court_order", "personal_data", "rights_of_others"])
def test_erased_version_says_nothing_any_more(case, ground):
    kept = version(1)
    erase(1, ground=ground, now=NOW + timedelta(hours=1))

    row, gone = Publication.objects.get(version__n=1), version(1)
    assert [gone.question, gone.summary, gone.text, gone.change] == ["-", "-", "-", ""]
    assert (row.salt, row.erased_at) == ("", NOW + timedelta(hours=1))
    assert gone.sources.count() == 0
    frozen = ("step", "state", "n", "kind", "lang", "rating", "written_by_id", "approved_by_id", "published_at")
    assert [getattr(gone, name) for name in frozen] == [getattr(kept, name) for name in frozen]
    assert leaves("e") == [{"a": case.number, "lg": ground, "n": 1, "pv": row.leaf_hash, "t": "e", "v": 1}]


def test_reason_of_a_change_is_erased_too(case):
    make_correction(case)

    erase(2)

    assert version(2).change == "-"


def test_nothing_that_was_erased_is_left_in_the_tables(case):
    kept = version(1)
    held = [kept.question, kept.summary, kept.text, *kept.sources.values_list("url", flat=True)]
    make_correction(case, text="Một câu khác hẳn.", summary="Khác.", question="Hỏi khác?", sources=[
        actions.Reference("Khác", "Khác", "https://khac.example.org/", DAY)])  # fmt: skip
    erase(1)
    erase(2)

    columns = [*AnswerVersion.objects.values_list("question", "summary", "text"), *Source.objects.values_list("url")]
    left = {each for row in columns for each in row}
    assert [each for each in held if each in left] == []
    assert left == {"-", "Hỏi khác?", "Khác.", "Một câu khác hẳn.", "https://khac.example.org/"}


def test_every_proof_stays(case):
    put_others(NOW)
    sequence(NOW)
    held = list(Leaf.objects.order_by("pk").values_list("leaf_hash", "leaf_index", "body"))
    erased = Publication.objects.get(version__n=1).leaf_hash
    erase(1, now=NOW + timedelta(minutes=10))
    sequence(NOW + timedelta(minutes=10))

    assert list(Leaf.objects.order_by("pk").values_list("leaf_hash", "leaf_index", "body"))[:-1] == held
    for digest, _index, _body in held:
        proof = log.proof_of(digest)
        assert isinstance(proof, ProofFile)
        assert proof.check(bytes.fromhex(digest)).size == len(held) + 1
    after = publication_file(case.number, 2)
    assert after["leaf"]["pv"] == erased
    assert after["leaf"]["h"] == commitment("desk/answer/v1", after["answer"], salt=after["salt"])


def test_copy_that_somebody_made_still_proves_what_was_said(case):
    sequence(NOW)
    copy = publication_file(case.number, 1)
    erase(1)

    assert copy["leaf"]["h"] == commitment("desk/answer/v1", copy["answer"], salt=copy["salt"])
    assert log.proof_of(leaf_hash(copy["leaf"])).check(bytes.fromhex(leaf_hash(copy["leaf"]))).size == 3


def test_guess_of_an_erased_version_cannot_be_confirmed(case):
    sequence(NOW)
    copy = publication_file(case.number, 1)
    erase(1)

    salts = [*Publication.objects.exclude(salt="").values_list("salt", flat=True), "0" * 64, leaf_hash(copy["leaf"])]
    assert copy["leaf"]["h"] not in [commitment("desk/answer/v1", copy["answer"], salt=each) for each in salts]


def test_nobody_erases_alone(case):
    approver = make_member(role="approver")

    assert refused(by=approver, approved_by=approver) == "own_proposal"
    assert refused(approved_by=make_member()) == "not_allowed"
    assert refused(by=make_member(role="approver"), approved_by=make_member()) == "not_allowed"


@pytest.mark.parametrize("ground", ["", "because", "Court_order", "court_order "])
def test_ground_is_a_legal_one(case, ground):
    assert refused(ground=ground) == "unknown_ground"


def test_version_in_force_is_withdrawn_first(case):
    assert refused(2) == "current"
    make_withdrawal(case)
    erase(2)

    assert version(2).text == "-"


def test_withdrawal_in_force_may_be_erased(case):
    make_withdrawal(case)

    erase(3)

    assert version(3).change == "-"


def test_version_that_is_not_published_is_not_erased():
    make_version(send().case)

    assert refused() == "not_published"


def test_version_is_erased_once(case):
    erase(1)

    assert refused() == "erased"
    assert len(leaves("e")) == 1


def test_versions_after_an_erased_one_are_published_as_before(case):
    erase(1)
    make_correction(case)

    assert publication_file(case.number, 3)["leaf"]["pv"] == Publication.objects.get(version__n=2).leaf_hash


def test_what_was_erased_cannot_be_written_again(case):
    erase(1)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        AnswerVersion.objects.filter(n=1).update(text="Một câu khác")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Source.objects.create(version=version(1), position=1, title="x", publisher="x", url="https://x/", dated_on=DAY)
    with pytest.raises(IntegrityError, match="only erased"), transaction.atomic():
        Publication.objects.filter(version__n=1).update(salt="1" * 64, erased_at=None)
    with pytest.raises(IntegrityError, match="only erased"), transaction.atomic():
        Publication.objects.filter(version__n=1).update(erased_at=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "change",
    [
        {"question": "-", "summary": "-", "text": "-", "rating": "true"},
        {"question": "-", "summary": "-", "text": "-", "published_at": NOW + timedelta(days=1)},
        {"question": "-", "summary": "-"},
        {"question": "-", "summary": "-", "text": ""},
        {"question": "-", "summary": "-", "text": "-", "change": "Một lý do khác"},
        {"question": "-", "summary": "-", "text": "-", "n": 9},
    ],
    ids="+".join,
)
def test_erasing_blanks_and_changes_nothing_else(case, change):
    Publication.objects.filter(version__n=1).update(salt="", erased_at=NOW, erasure_hash="e" * 64)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        AnswerVersion.objects.filter(n=1).update(**change)


def test_version_is_not_blanked_without_an_erasure(case):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        AnswerVersion.objects.filter(n=1).update(question="-", summary="-", text="-", change="")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        version(1).sources.all().delete()


@pytest.mark.django_db(transaction=True)
def test_erasure_that_fails_erases_nothing(case, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    held = list(AnswerVersion.objects.values()), list(Publication.objects.values()), leaves()
    monkeypatch.setattr(import_module("sangto.desk.actions.erase"), "touch", fail)
    with pytest.raises(ZeroDivisionError):
        erase(1)

    assert (list(AnswerVersion.objects.values()), list(Publication.objects.values()), leaves()) == held
    assert Source.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_destroyed_contacts_are_gone_and_the_log_says_so():
    message = send(channel="telegram", address="777000111")
    assert address_of(message.contact) == "777000111"

    destroy_contacts_of(DAY, now=NOW)

    with pytest.raises(KeyGone):
        address_of(message.contact)
    assert leaves("x") == [{"day": "2026-11-21", "t": "x", "v": 1}]


@pytest.mark.django_db(transaction=True)
def test_day_is_said_to_be_destroyed_once():
    send(channel="telegram", address="777000111")

    for n in range(3):
        destroy_contacts_of(DAY, now=NOW + timedelta(hours=n))
    destroy_contacts_of(date(2026, 11, 20), now=NOW)

    assert [each["day"] for each in leaves("x")] == ["2026-11-21", "2026-11-20"]


@pytest.mark.django_db(transaction=True)
def test_leaf_follows_the_key_and_a_crash_in_between_is_made_good(monkeypatch):
    message = send(channel="telegram", address="777000111")

    class Died(Exception):
        """The process died here."""

    def die(*_args, **_kwargs):
        with pytest.raises(KeyGone):  # by now the key is gone
            address_of(message.contact)
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(import_module("sangto.ledger.actions"), "append_once", die)
        destroy_contacts_of(DAY, now=NOW)
    between = leaves("x")
    destroy_contacts_of(DAY, now=NOW)

    assert (between, len(leaves("x"))) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_leaf_is_never_there_while_the_key_is(monkeypatch):
    message = send(channel="telegram", address="777000111")

    def fail(_day):
        raise PermissionError

    monkeypatch.setattr(import_module("sangto.desk.actions.erase"), "destroy_day_key", fail)
    with pytest.raises(PermissionError):
        destroy_contacts_of(DAY, now=NOW)

    assert leaves("x") == []
    assert address_of(message.contact) == "777000111"
