"""A desk that worked before there was a log: its Messages and published versions are in the log after the migration."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from sangto.config.checks import guards_wanted
from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Case, Message, Outcome, Publication
from sangto.desk.queries.publications import publication_file, publication_index
from sangto.desk.queries.receipts import receipt_of
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger.models import LastDate, Leaf
from sangto.vault.models import Opening
from tests.desk.log_steps import commitment, digest, leaf_hash, leaves, sequence
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
from tests.ledger.steps import without_guards

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("desk", "0003_calibration")
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"
FLAG = "Cờ trên nóc nhà văn hoá phường được treo khi nào?"
GHOST = "Ma có ở trong ngôi nhà cũ đầu phố không?"
CHANNELS = ("web", "api", "telegram", "console")


def migrate(target=None) -> None:
    """To the target, or to the newest migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target] if target else executor.loader.graph.leaf_nodes())


@pytest.fixture
def past():
    """Take the desk back to the time before the log, with the rows it has; then bring it here again."""

    def go_back_and_return() -> None:
        try:
            migrate(BEFORE)
            with without_guards():
                for model in (Leaf, LastDate, Opening):
                    model.objects.all()._raw_delete("default")
        finally:
            migrate()

    return go_back_and_return


def hours(n: int):
    return NOW + timedelta(hours=n)


def guards_standing() -> set[str]:
    table, column = ("sqlite_master", "name") if connection.vendor == "sqlite" else ("pg_trigger", "tgname")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE 'guard_%'")
        return {name for (name,) in cursor.fetchall()}


def guards_of(module: str) -> set[str]:
    return set(import_module(module).GUARDS)


def test_every_message_gets_its_leaf_and_opening(past):
    messages = [
        send(channel=channel, place="Ngõ 5", now=hours(9 * n), address="777000111" if channel == "telegram" else None)
        for n, channel in enumerate(CHANNELS)
    ]
    past()

    days = ["2026-11-21", "2026-11-22", "2026-11-22", "2026-11-22"]  # 18:00 UTC is 01:00 of the next day in Hà Nội
    found = leaves()
    assert [set(each) for each in found] == [{"c", "t", "v"}] * 4
    for message, leaf, day in zip(messages, found, days, strict=True):
        fresh = Message.objects.get(pk=message.pk)
        said = {"ch": message.channel, "day": day, "files": [], "msg": digest(message.text), "place": digest("Ngõ 5")}
        opening = {**said, "rid": fresh.opening.rid}
        assert leaf["c"] == commitment("desk/receipt/v1", opening, salt=fresh.opening.salt)
    assert [len(each.opening.outcome_salt) for each in Message.objects.all()] == [64] * 4
    assert Opening.objects.count() == 4
    assert list(Leaf.objects.order_by("pk").values_list("created_at", flat=True)) == [hours(9 * n) for n in range(4)]


def test_message_of_the_past_has_a_receipt(past):
    message = send()
    past()
    sequence(hours(1))

    file = receipt_of(Message.objects.get(pk=message.pk)).file

    proof = ProofFile.read(file)
    assert proof.check(bytes.fromhex(leaf_hash(leaves("r")[0]))).size == 1


@pytest.fixture
def two_chains():
    """Two Answers whose versions were published in turn, one withdrawn, and versions that are not public."""
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
    return first, second


def test_every_published_version_gets_its_chain(past, two_chains):
    first, second = two_chains
    past()

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


def test_file_of_every_version_of_the_past_agrees_with_its_leaf(past, two_chains):
    past()
    sequence(hours(8))

    found = list(publication_index())
    assert [(each["answer"], each["n"]) for each in found] == [
        *((two_chains[0].number, n) for n in (1, 2, 3)),
        *((two_chains[1].number, n) for n in (1, 2)),
    ]
    for each in found:
        file = publication_file(each["answer"], each["n"])
        assert file["leaf"]["h"] == commitment("desk/answer/v1", file["answer"], salt=file["salt"])
        assert ProofFile.read(file["proof"]).check(bytes.fromhex(leaf_hash(file["leaf"])))


def test_versions_that_were_not_public_get_no_leaf_and_are_published_as_ever(past, two_chains):
    past()
    version = AnswerVersion.objects.get(state="in_review")
    assert not hasattr(version, "publication")

    actions.publish(version, by=member_for(version.answer.case, role="approver"), now=hours(9), ticks=TICKS)

    assert [each["a"] for each in leaves("p")][2:] == [version.answer.case.number]
    assert AnswerVersion.objects.filter(state="draft").count() == 1


def test_chain_goes_on_after_the_migration(past, two_chains):
    past()
    second = Case.objects.get(pk=two_chains[1].pk)
    make_correction(second, now=hours(9), verdict="fixed")

    found = leaves("pcw")
    assert (found[-1]["n"], found[-1]["pv"]) == (3, leaf_hash(found[3]))


def test_dates_go_on_from_the_last_of_the_past(past, two_chains):
    past()
    second = Case.objects.get(pk=two_chains[1].pk)
    make_correction(second, now=hours(0), verdict="fixed")  # a clock that was put back

    assert leaves("pcw")[-1]["ts"] == "2026-11-21T14:00:00Z"


def test_clock_that_was_put_back_in_the_past_breaks_no_chain(past, two_chains):
    with without_guards():
        AnswerVersion.objects.filter(answer__case=two_chains[0], n=2).update(published_at=hours(0))
    past()

    found = [each for each in leaves("pcw") if each["a"] == two_chains[0].number]
    assert [each["n"] for each in found] == [1, 2, 3]
    assert [each.get("pv") for each in found] == [None, *map(leaf_hash, found[:2])]
    times = [each["ts"] for each in leaves("pcw")]
    assert times == sorted(times)


def test_parts_of_a_second_are_left_out_and_keep_their_order(past):
    first, second = send(GARLIC).case, send(LAMP).case
    make_answer(first, now=NOW + timedelta(milliseconds=900))
    make_answer(second, now=NOW + timedelta(milliseconds=100))
    past()

    assert [(each["a"], each["ts"]) for each in leaves("p")] == [
        (second.number, "2026-11-21T09:00:00Z"),
        (first.number, "2026-11-21T09:00:00Z"),
    ]


def test_messages_of_the_past_end_with_the_next_round(past, two_chains):
    closed = send("Bạn thấy màu nào đẹp hơn?", kind="claim")
    actions.close_not_checkable(closed.case, by=member_for(closed.case), now=hours(8))
    actions.follow_up(now=hours(8))
    past()

    assert Outcome.objects.count() == 0
    actions.follow_up(now=hours(9))
    actions.follow_up(now=hours(10))

    # Withdrawn, in review and draft: these questions are open.
    ended = Outcome.objects.values_list("message__case", "kind", "answer", "at")
    assert sorted(ended) == sorted(
        [(two_chains[1].pk, "answered", two_chains[1].number, hours(9)), (closed.case_id, "answered", "", hours(9))]
    )
    assert len(leaves("o")) == 2
    assert len(leaves("r")) == 5


def test_desk_without_rows_is_migrated(past):
    past()

    assert leaves() == []
    send()
    assert len(leaves("r")) == 1


def test_every_guard_stands_after_the_migration_and_before_it(past):
    send()
    try:
        migrate(BEFORE)
        before = guards_standing()
    finally:
        migrate()

    wanted = guards_wanted()
    of_the_past = {name for app in ("desk", "ledger") for name in guards_of(f"sangto.{app}.migrations.0002_guards")}
    assert guards_standing() == wanted
    assert before == wanted & of_the_past


def test_guards_hold_after_the_migration(past, two_chains):
    past()

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
