"""Buckets of tokens: what fits, what refills, what is forgotten."""

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.buckets import PEPPER_LIFE_S, Buckets, Budget

HERE, THERE = "192.0.2.1", "192.0.2.2"


def three_a_minute(**changes):
    return Buckets({"intake": Budget(3, 60)}, **changes)


def test_bucket_is_full_at_first_and_says_when_there_will_be_more():
    buckets = three_a_minute()

    waits = [buckets.take("intake", HERE, now_s=100.0) for _ in range(5)]

    assert waits == [0, 0, 0, 20, 20]


def test_bucket_refills_evenly_and_not_beyond_its_size():
    buckets = three_a_minute()
    for _ in range(3):
        buckets.take("intake", HERE, now_s=0)

    assert buckets.take("intake", HERE, now_s=19) == pytest.approx(1)
    assert buckets.take("intake", HERE, now_s=20) == 0
    assert [buckets.take("intake", HERE, now_s=5000) for _ in range(4)] == [0, 0, 0, pytest.approx(20)]


def test_networks_do_not_share_a_bucket():
    buckets = three_a_minute()

    assert [buckets.take("intake", network, now_s=0) for network in (HERE, HERE, HERE, THERE)] == [0, 0, 0, 0]


def test_looking_takes_nothing():
    buckets = three_a_minute()

    assert {buckets.wait_s("intake", HERE, now_s=0) for _ in range(9)} == {0}


def test_budget_that_is_off_holds_nobody_back():
    buckets = Buckets({"intake": None})

    assert {buckets.take("intake", HERE, now_s=0) for _ in range(999)} == {0}


def test_keys_are_bounded_and_the_idle_one_goes_first():
    buckets = three_a_minute(most=2)
    for _ in range(3):
        buckets.take("intake", HERE, now_s=0)
    buckets.take("intake", THERE, now_s=1)
    buckets.take("intake", "192.0.2.3", now_s=2)

    assert buckets.count("intake") == 2
    assert buckets.take("intake", HERE, now_s=3) == 0


def test_pepper_dies_with_what_was_counted_under_it():
    buckets = three_a_minute()
    for _ in range(3):
        buckets.take("intake", HERE, now_s=0)
    first = buckets._pepper

    buckets.wait_s("intake", THERE, now_s=PEPPER_LIFE_S - 1)
    assert (buckets._pepper, buckets.count("intake")) == (first, 2)

    assert buckets.take("intake", HERE, now_s=PEPPER_LIFE_S) == 0
    assert buckets._pepper != first
    assert buckets.count("intake") == 1


def test_nothing_held_is_an_address_or_a_plain_hash_of_one():
    buckets = three_a_minute()
    buckets.take("intake", HERE, now_s=0)

    ((key, _),) = buckets._left["intake"].items()

    assert len(key) == 32
    assert key != hashlib.sha256(HERE.encode()).digest()
    assert HERE.encode() not in key


def test_two_processes_share_no_key():
    keys = set()
    for _ in range(2):
        buckets = three_a_minute()
        buckets.take("intake", HERE, now_s=0)
        keys |= set(buckets._left["intake"])

    assert len(keys) == 2


def test_threads_take_no_token_twice():
    buckets, taken = Buckets({"intake": Budget(500, 3600)}), []

    def take_many():
        taken.extend(buckets.take("intake", HERE, now_s=0) == 0 for _ in range(200))

    threads = [threading.Thread(target=take_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 500


@pytest.mark.parametrize(
    ("text", "budget"),
    [("120/10m", Budget(120, 600)), ("1/1s", Budget(1, 1)), ("5/2h", Budget(5, 7200)), ("off", None)],
)
def test_budget_is_read(text, budget):
    assert Budget.read(text) == budget


@pytest.mark.parametrize("text", ["", "0/1m", "1/0m", "1/1d", "-1/1m", "1", "1/m", " 1/1m", "1/1m\n", "9" * 7 + "/1m"])
def test_what_is_no_budget_is_refused(text):
    with pytest.raises(ValueError, match="120/10m"):
        Budget.read(text)


@given(st.lists(st.tuples(st.floats(0, 500), st.sampled_from([HERE, THERE])), max_size=60))
def test_never_more_than_the_budget_gets_through(asked):
    """Over any stretch of time at most the size and what flowed in meanwhile."""
    buckets, at_s, through = three_a_minute(), 0.0, []
    for pause_s, network in asked:
        at_s += pause_s
        if buckets.take("intake", network, now_s=at_s) == 0 and network == HERE:
            through.append(at_s)

    for first, start_s in enumerate(through):
        for last, end_s in enumerate(through[first:], first):
            assert last - first + 1 <= 3 + (end_s - start_s) * 3 / 60 + 1e-6
