"""What the database itself refuses, whoever asks: leaves, signed checkpoints and heads are only added to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sangto.engine.merkle.tree import Edge
from sangto.ledger.models import Head, LastDate, Leaf, SignedCheckpoint
from tests.ledger.steps import head, put, run

pytestmark = pytest.mark.django_db
OTHER = "f" * 64


def refused(act) -> str:
    """What the database says to a write that it refuses."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return str(refusal.value).split("\n")[0]


@pytest.fixture
def placed(now) -> Leaf:
    put(2, now=now)
    run(now)
    return Leaf.objects.order_by("leaf_index").first()


@pytest.mark.parametrize("is_placed", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"body": '{"day":"2026-05-25","t":"x","v":1}'},
        {"kind": "o"},
        {"leaf_hash": OTHER},
        {"created_at": timezone.now()},
        {"body": "changed", "origin": "localhost/log/2026", "leaf_index": 70},
        {"kind": "o", "origin": "localhost/log/2026", "leaf_index": 70},
        {"leaf_hash": OTHER, "origin": "localhost/log/2026", "leaf_index": 70},
    ],
    ids="+".join,
)
def test_leaf_is_never_changed(placed, now, change, is_placed):
    put(1, now=now, first=7)
    row = placed if is_placed else Leaf.objects.get(origin=None)

    assert refused(lambda: Leaf.objects.filter(pk=row.pk).update(**change)) == "a leaf is never changed"


@pytest.mark.parametrize(
    "change",
    [
        {"leaf_index": 70},
        {"origin": "localhost/log/2027"},
        {"origin": None, "leaf_index": None},
        {"origin": "localhost/log/2027", "leaf_index": 0},
        {"leaf_index": 0},
    ],
)
def test_leaf_that_has_its_place_keeps_it(placed, change):
    rows = Leaf.objects.filter(pk=placed.pk)

    assert refused(lambda: rows.update(**change)) == "a leaf is never changed"
    assert rows.get().leaf_index == 0


@pytest.mark.parametrize("is_placed", [True, False])
def test_leaf_is_never_deleted(placed, now, is_placed):
    put(1, now=now, first=7)
    rows = Leaf.objects.filter(origin__isnull=not is_placed)

    assert refused(rows.delete) == "a leaf is never deleted"
    assert Leaf.objects.count() == 3


def test_leaf_that_waits_takes_a_place(now):
    put(1, now=now)

    Leaf.objects.update(origin="localhost/log/2026", leaf_index=0)

    assert Leaf.objects.get().leaf_index == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [({"origin": "localhost/log/2026"}, "leaf_has_a_whole_place"), ({"leaf_index": 0}, "a leaf is never changed")],
)
def test_half_a_place_is_none(now, change, why):
    put(1, now=now)

    assert why in refused(lambda: Leaf.objects.update(**change))


def test_place_is_taken_once(placed, now):
    put(1, now=now, first=7)
    waiting = Leaf.objects.filter(origin=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.update(origin=placed.origin, leaf_index=placed.leaf_index)


def test_same_leaf_is_there_once(placed):
    values = {"body": placed.body, "kind": placed.kind, "created_at": placed.created_at}

    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(**values, leaf_hash=placed.leaf_hash)


def test_leaf_of_an_unknown_kind_is_refused(now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(body="{}", kind="z", created_at=now, leaf_hash=OTHER)


@pytest.mark.parametrize("change", [{"note": "other"}, {"size": 3}, {"origin": "other"}, {"signed_at": timezone.now()}])
def test_signed_checkpoint_is_never_changed(placed, change):
    assert refused(lambda: SignedCheckpoint.objects.update(**change)) == "what was signed is never changed"


def test_signed_checkpoint_is_never_deleted(placed):
    assert refused(SignedCheckpoint.objects.all().delete) == "what was signed is never deleted"


def test_size_is_signed_once(placed, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedCheckpoint.objects.create(origin=placed.origin, size=2, note="another root", signed_at=now)


@pytest.mark.parametrize(
    "change", [{"size": 1}, {"size": 0, "root": Edge().root.hex()}, {"root": OTHER}, {"size": 1, "root": OTHER}]
)
def test_head_only_grows(placed, change):
    assert refused(lambda: Head.objects.update(**change)) == "a shard of the log only grows"
    assert head().size == 2


def test_head_grows(placed):
    Head.objects.update(size=3, root=OTHER)

    assert (head().size, head().root) == (3, OTHER)


def test_shard_that_was_closed_stays_closed(placed):
    Head.objects.update(is_open=False)

    assert refused(lambda: Head.objects.update(is_open=True)) == "a shard of the log only grows"


def test_head_is_never_deleted(placed):
    assert refused(Head.objects.all().delete) == "a shard of the log is never deleted"


def test_only_one_shard_is_open(placed, now):
    values = {"vkey": "x", "root": OTHER, "opened_at": now + timedelta(days=60)}

    with pytest.raises(IntegrityError), transaction.atomic():
        Head.objects.create(origin="localhost/log/2027", shard="2027", **values)


def test_there_is_one_last_date(now):
    LastDate.objects.create(pk=1, at=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        LastDate.objects.create(pk=2, at=now)


def test_every_guard_of_the_log_is_there():
    table, column = ("sqlite_master", "name") if connection.vendor == "sqlite" else ("pg_trigger", "tgname")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE 'guard_%'")
        found = {name for (name,) in cursor.fetchall()}
    names = ("leaf_update", "leaf_delete", "signed_update", "signed_delete", "head_delete", "head_only_grows")

    assert {f"guard_{name}" for name in names} <= found
