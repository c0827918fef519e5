"""Before its first batch a process asks the witnesses how much of the log they have seen."""

from datetime import timedelta

import pytest

from sangto.ledger.actions import ask_witnesses, forget_looks
from sangto.ledger.guard import WITNESS_DISAGREES, WITNESSES_AWAY
from tests.ledger.stand_in import grow, still, view
from tests.ledger.steps import backup, folder, head, put, run, signed_sizes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_first_look_asks_what_the_witnesses_hold(now, net):
    net = net("w1")
    grow(net, now, first=0)
    forget_looks()
    put(1, now=now + HOUR, first=10)

    assert run(now + HOUR, post=net.post) == 1
    assert [body.split("\n")[0] for body in net["w1"].requests] == ["old 0", "old 0", "old 2"]
    assert run(now + 2 * HOUR, post=net.post) == 0
    assert len(net["w1"].requests) == 3  # once in a process


def test_witness_that_has_seen_more_stops_a_restored_database_without_files(now, net):
    net = net("w1", "w2")
    grow(net, now, first=0)
    restore = backup()
    grow(net, now + HOUR, first=10)
    restore()
    for path in sorted(folder().rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    net["w2"].be_away()
    put(1, now=now + 2 * HOUR, first=20)

    assert still(lambda: run(now + 2 * HOUR, post=net.post)) == WITNESS_DISAGREES
    assert (view("w1").trouble, head().size, signed_sizes()) == ("ahead", 2, [2])


def test_witness_that_has_seen_another_tree_of_this_size_stops_the_log(now, net):
    net = net("w1")
    grow(net, now, first=0)
    restore = backup()
    grow(net, now + HOUR, first=10)
    restore()
    for path in sorted(folder().rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    grow(net, now + HOUR, first=50, ask=False)  # other leaves, signed without looking: nobody was asked
    forget_looks()

    assert still(lambda: run(now + 2 * HOUR, post=net.post)) == WITNESS_DISAGREES
    assert view("w1").trouble == "fork"


def test_log_waits_for_one_of_its_witnesses_at_the_first_look(now, net):
    net = net("w1", "w2")
    grow(net, now, first=0)
    forget_looks()
    net["w1"].be_away()
    net["w2"].say(500)
    put(1, now=now + HOUR, first=10)

    codes = [still(lambda: run(now + HOUR, post=net.post)) for _ in range(2)]
    net["w2"].be_right()

    assert codes == [WITNESSES_AWAY] * 2
    assert run(now + HOUR, post=net.post) == 1


def test_witnesses_that_never_heard_of_the_log_do_not_hold_up_its_beginning(now, net):
    net = net("w1")
    net["w1"].be_away()
    put(1, now=now)

    assert run(now, post=net.post) == 1


def test_without_witnesses_nobody_is_asked(now, settings):
    put(1, now=now)

    def post(_url, _body):
        raise AssertionError("nobody is to be asked")

    assert run(now, post=post) == 1
    forget_looks()
    assert run(now + HOUR, post=post) == 0
    assert ask_witnesses(post, now=now + HOUR) == 0
