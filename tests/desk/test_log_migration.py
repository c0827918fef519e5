"""A desk that worked before there was a log: its Messages and published versions are in the log after the migration."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from sangto.config.checks import guards_wanted
from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Case, Message, Outcome, Publication
from sangto.desk.queries.publications import publication_file, publication_index
from sangto.desk.queries.receipts import receipt_of
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger.models import Leaf
from tests.desk.before_the_log import FLAG, GARLIC, GHOST, hours, there_and_back
from tests.desk.log_steps import commitment, leaf_hash, leaves, sequence
from tests.factories import (
    LAMP,
    NOW,
    TICKS,
    content,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_version,
    make_withdrawal,
    member_for,
    send,
)

pytestmark = pytest.mark.django_db
OPINION = "Bạn thấy màu nào đẹp hơn?"


@pytest.fixture(scope="module")
def brought_here(django_db_setup, django_db_blocker):
    """A desk with a past, brought here once; the guards that stood in the past. The rows go with the last test."""
    with django_db_blocker.unblock():
        build()
        guards: list[set[str]] = []
        there_and_back(lambda: guards.append(guards_standing()))
        yield guards[0]
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def past(brought_here, db):
    """What a test does to the desk is undone after it."""
    return brought_here


def build() -> None:
    """Two Answers whose versions were published in turn, one withdrawn; versions that are not public; a closed Case."""
    first, second, third, fourth = (send(text).case for text in (GARLIC, LAMP, FLAG, GHOST))
    Case.objects.filter(pk=first.pk).update(unit=make_unit("w-12"))
    first.refresh_from_db()
    make_answer(first, now=hours(1))
    make_answer(second, now=hours(2))
    make_correction(first, now=hours(3))
    make_correction(second, now=hours(4), verdict="planned")
    make_withdrawal(first, now=hours(5))
    make_version(third, now=hours(6))
    actions.draft(fourth, content=content(fourth), by=member_for(fourth), now=hours(7))
    closed = send(OPINION, kind="claim").case
    actions.close_not_checkable(closed, by=member_for(closed), now=hours(8))
    actions.follow_up(now=hours(8))


def case_of(text: str) -> Case:
    return Message.objects.get(text=text).case


def guards_standing() -> set[str]:
    table, column = ("sqlite_master", "name") if connection.vendor == "sqlite" else ("pg_trigger", "tgname")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE 'guard_%'")
        return {name for (name,) in cursor.fetchall()}


def guards_of(module: str) -> set[str]:
    return set(import_module(module).GUARDS)


def test_message_of_the_past_has_a_receipt(past):
    sequence(hours(9))

    file = receipt_of(Message.objects.get(text=GARLIC)).file

    proof = ProofFile.read(file)
    assert proof.check(bytes.fromhex(leaf_hash(leaves("r")[0]))).size == Leaf.objects.count()


def test_every_published_version_gets_its_chain(past):
    first, second = case_of(GARLIC), case_of(LAMP)
    found = leaves("pcw")
    numbers = [first.number, second.number]
    assert [(each["t"], each["n"], each["a"]) for each in found] == [
        ("p", 1, numbers[0]),
        ("p", 1, numbers[1]),
        ("c", 2, numbers[0]),
        ("c", 2, numbers[1]),
        ("w", 3, numbers[0]),
    ]
    assert [each["ts"] for each in found] == [f"2026-11-21T1{n}:00:00Z" for n in range(5)]
    assert [each["u"] for each in found] == ["w-12", "", "w-12", "", "w-12"]
    assert [each.get("rs") for each in found] == [None, None, None, None, "stated"]
    hashes = [leaf_hash(each) for each in found]
    assert [each.get("pv") for each in found] == [None, None, hashes[0], hashes[1], hashes[2]]
    assert set(Publication.objects.values_list("leaf_hash", flat=True)) == set(hashes)
    assert len(set(Publication.objects.values_list("salt", flat=True))) == 5


def test_file_of_every_version_of_the_past_agrees_with_its_leaf(past):
    sequence(hours(8))

    found = list(publication_index())
    assert [(each["answer"], each["n"]) for each in found] == [
        *((case_of(GARLIC).number, n) for n in (1, 2, 3)),
        *((case_of(LAMP).number, n) for n in (1, 2)),
    ]
    for each in found:
        file = publication_file(each["answer"], each["n"])
        assert file["leaf"]["h"] == commitment("desk/answer/v1", file["answer"], salt=file["salt"])
        assert ProofFile.read(file["proof"]).check(bytes.fromhex(leaf_hash(file["leaf"])))


def test_versions_that_were_not_public_get_no_leaf_and_are_published_as_ever(past):
    version = AnswerVersion.objects.get(state="in_review")
    assert not hasattr(version, "publication")

    actions.publish(version, by=member_for(version.answer.case, role="approver"), now=hours(9), ticks=TICKS)

    assert [each["a"] for each in leaves("p")][2:] == [version.answer.case.number]
    assert AnswerVersion.objects.filter(state="draft").count() == 1


def test_chain_goes_on_after_the_migration(past):
    second = case_of(LAMP)
    make_correction(second, now=hours(9), verdict="fixed")

    found = leaves("pcw")
    assert (found[-1]["n"], found[-1]["pv"]) == (3, leaf_hash(found[3]))


def test_dates_go_on_from_the_last_of_the_past(past):
    second = case_of(LAMP)
    make_correction(second, now=hours(0), verdict="fixed")  # a clock that was put back

    assert leaves("pcw")[-1]["ts"] == "2026-11-21T14:00:00Z"


def test_messages_of_the_past_end_with_the_next_round(past):
    closed, answered = case_of(OPINION), case_of(LAMP)
    assert Outcome.objects.count() == 0
    actions.follow_up(now=hours(9))
    actions.follow_up(now=hours(10))

    # Withdrawn, in review and draft: these questions are open.
    ended = Outcome.objects.values_list("message__case", "kind", "answer", "at")
    assert sorted(ended) == sorted(
        [(answered.pk, "answered", answered.number, hours(9)), (closed.pk, "answered", "", hours(9))]
    )
    assert len(leaves("o")) == 2
    assert len(leaves("r")) == 5


def test_every_guard_stands_after_the_migration_and_before_it(past):
    wanted = guards_wanted()
    of_the_past = {name for app in ("desk", "ledger") for name in guards_of(f"sangto.{app}.migrations.0002_guards")}

    assert guards_standing() == wanted
    assert past == wanted & of_the_past


def test_guards_hold_after_the_migration(past):
    for act in (
        lambda: Message.objects.update(text="Một câu khác"),
        lambda: AnswerVersion.objects.filter(state="published").update(text="Một câu khác"),
        lambda: Publication.objects.update(salt="1" * 64),
        lambda: Publication.objects.all().delete(),
        lambda: AnswerVersion.objects.filter(state="in_review").update(
            state="published", approved_by=make_member(role="approver"), published_at=NOW
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
