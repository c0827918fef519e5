"""A leaf is put in with what it records, or not at all; its date never goes back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger.actions import append, append_once, date_leaf
from sangto.ledger.actions.append import NotInTransaction
from sangto.ledger.models import LastDate, Leaf
from sangto.ledger.rules import BadLeaf
from tests.ledger.steps import commitment_number, put

C = commitment_number(1)
DAY = "2026-05-25"


@pytest.mark.django_db
def test_leaf_waits_with_its_bytes_hash_kind_and_time(now):
    digest = append("o", now=now, c=C, k="declined")

    row = Leaf.objects.get()
    assert row.body == f'{{"c":"{C}","k":"declined","t":"o","v":1}}'
    assert digest == row.leaf_hash == leaf_hash(row.body.encode()).hex()
    assert (row.kind, row.created_at, row.origin, row.leaf_index) == ("o", now, None, None)


@pytest.mark.django_db
def test_putting_a_leaf_in_takes_one_query(now, django_assert_num_queries):
    with django_assert_num_queries(1):
        append("r", now=now, c=C)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act",
    [
        lambda now: append("r", now=now, c=C),
        lambda now: append_once("x", now=now, day=DAY),
        lambda now: date_leaf(now=now),
    ],
    ids=["append", "append_once", "date_leaf"],
)
def test_outside_a_transaction_nothing_is_put_in(now, act):
    with pytest.raises(NotInTransaction):
        act(now)

    assert (Leaf.objects.count(), LastDate.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_leaf_goes_with_the_transaction_that_fails(now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append("r", now=now, c=C)
        raise ZeroDivisionError

    assert Leaf.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_leaf_of_1025_bytes_takes_its_transaction_along(now):
    origin = "ế" * 308 + "a" * (1025 - 924 - len('{"o":"","r":"","t":"s","v":1,"z":1}') - 64)

    with pytest.raises(BadLeaf, match="at most 1024 bytes"), transaction.atomic():
        append("r", now=now, c=C)
        append("s", now=now, o=origin, r=C, z=1)

    assert Leaf.objects.count() == 0
    with transaction.atomic():
        append("s", now=now, o=origin[:-1], r=C, z=1)
    assert len(Leaf.objects.get().body.encode()) == 1024


@pytest.mark.django_db
def test_leaf_of_another_shape_is_refused(now):
    with pytest.raises(BadLeaf):
        append("r", now=now, c=C, text="Uống nước chanh")

    assert Leaf.objects.count() == 0


@pytest.mark.django_db
def test_the_same_leaf_goes_in_once_where_it_says_so(now):
    first = append_once("x", now=now, day=DAY)
    again = append_once("x", now=now + timedelta(days=1), day=DAY)
    other = append_once("x", now=now, day="2026-05-26")

    assert first == again != other
    assert sorted(Leaf.objects.values_list("leaf_hash", "created_at")) == sorted([(first, now), (other, now)])


@pytest.mark.django_db
def test_leaf_is_dated_by_the_second(now):
    assert date_leaf(now=now + timedelta(milliseconds=999)) == now
    assert LastDate.objects.get().at == now


@pytest.mark.django_db
def test_dates_never_go_back_though_clocks_differ(now):
    seconds = [0, 5, 3, 4, 5, 6, -100, 7]

    dates = [date_leaf(now=now + timedelta(seconds=each, milliseconds=300)) for each in seconds]

    assert dates == [now + timedelta(seconds=each) for each in (0, 5, 5, 5, 5, 6, 6, 7)]


@pytest.mark.django_db
def test_dating_a_leaf_takes_four_queries_at_most(now, django_assert_max_num_queries):
    date_leaf(now=now)
    with django_assert_max_num_queries(4):
        date_leaf(now=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_second_writer_waits_for_the_first_and_is_dated_after_it(now, is_first):
    if not is_first:
        with transaction.atomic():
            date_leaf(now=now - timedelta(days=1))
    dated, done, found = threading.Event(), threading.Event(), {}

    def write_second():
        dated.wait(20)
        with transaction.atomic():
            found["date"] = date_leaf(now=now - timedelta(seconds=30))
            found["leaf"] = append("x", now=now, day="2026-01-02")
        done.set()
        connection.close()

    second = threading.Thread(target=write_second)
    second.start()
    with transaction.atomic():
        first = date_leaf(now=now)
        dated.set()
        waited = not done.wait(0.3)
        append("x", now=now, day="2026-01-01")
    second.join(30)

    assert waited
    assert found["date"] == first == now
    assert Leaf.objects.order_by("pk").last().leaf_hash == found["leaf"]


@pytest.mark.django_db(transaction=True)
def test_two_threads_put_their_leaves_in_together(now):
    begin, failures = threading.Barrier(2, timeout=20), []

    def write(first):
        begin.wait()
        try:
            for n in range(10):
                put(1, now=now, first=first + n)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        connection.close()

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert failures == []
    bodies = [f'{{"c":"{commitment_number(n)}","t":"r","v":1}}' for n in range(20)]
    assert sorted(Leaf.objects.values_list("body", flat=True)) == bodies
