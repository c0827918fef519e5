"""Witnesses vouch for what they saw; they hold nothing up when they are away, and stop the log when they disagree."""

from datetime import timedelta

import pytest

from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.policies import Policy
from sangto.ledger import queries
from sangto.ledger.actions import Said, ask_witnesses, forget_looks, next_shard, recover, sequence
from sangto.ledger.guard import WITNESS_DISAGREES
from sangto.ledger.models import Cosignature, SignedCheckpoint, Witness
from tests.ledger.stand_in import grow, still, view
from tests.ledger.steps import BATCH, files, folder, head, published, put, run, signed_sizes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def note_of(size) -> str:
    """The checkpoint as the log alone signed it."""
    return SignedCheckpoint.objects.get(origin=head().origin, size=size).note


def seen_by(net):
    """Who vouches for the published checkpoint, and when they say they saw it."""
    note = Note.read((folder() / "checkpoint").read_text())
    found = note.signed_by(each.key for each in net.witnesses.values())
    return {key.name.partition(".")[0]: at for key, at in found.items()}


def test_witness_that_never_saw_the_log_cosigns_from_nothing(now, net):
    net = net("w1")

    assert grow(net, now, first=0) == 1

    at = now + BATCH
    assert net["w1"].requests == [f"old 0\n\n{note_of(2)}"]
    assert seen_by(net) == {"w1": int(at.timestamp())}
    assert (view("w1").size, view("w1").at, view("w1").trouble) == (2, at, "")


def test_witness_is_shown_that_the_log_only_grew(now, net):
    net = net("w1")
    grow(net, now, first=0)

    assert [grow(net, now + n * HOUR, first=10 * n) for n in (1, 2, 3)] == [1, 1, 1]
    assert [body.split("\n")[0] for body in net["w1"].requests] == ["old 0", "old 2", "old 4", "old 6"]
    assert Cosignature.objects.count() == 4
    assert view("w1").size == published().size == 8


def test_witness_that_holds_less_than_we_thought_is_asked_from_there(now, net):
    net = net("w1")
    grow(net, now, first=0)
    grow(net, now + HOUR, first=10, ask=False)
    Witness.objects.update(size=3)  # as if its answer about 3 had been kept, and it had been restored

    assert ask_witnesses(net.post, now=now + 2 * HOUR) == 1
    assert [body.split("\n")[0] for body in net["w1"].requests] == ["old 0", "old 3", "old 2"]
    assert (view("w1").size, view("w1").trouble) == (4, "")


def test_witness_whose_answer_was_lost_is_asked_from_the_size_it_holds(now, net):
    net = net("w1")
    protocol = net["w1"].follow_protocol

    def lose(body):
        protocol(body, now=now)
        raise TimeoutError

    net["w1"].answer = lose
    assert grow(net, now, first=0) == 0
    assert (net["w1"].seen(head().origin), view("w1").size, view("w1").trouble) == (2, 0, "away")
    net["w1"].be_right()

    assert grow(net, now + HOUR, first=10) == 1
    assert [body.split("\n")[0] for body in net["w1"].requests] == ["old 0", "old 0", "old 2"]
    assert (view("w1").size, view("w1").trouble) == (4, "")


def test_same_checkpoint_is_cosigned_again_when_the_answer_was_lost(now, net):
    net = net("w1")
    protocol = net["w1"].follow_protocol

    def lose(body):
        protocol(body, now=now)
        raise TimeoutError

    net["w1"].answer = lose
    grow(net, now, first=0)
    net["w1"].be_right()

    assert ask_witnesses(net.post, now=now + HOUR) == 1
    assert set(seen_by(net)) == {"w1"}


@pytest.mark.parametrize("error", [TimeoutError, ConnectionRefusedError, OSError])
def test_witness_that_is_away_holds_nothing_up(now, net, error):
    net = net("w1", "w2")

    def fail(_body):
        raise error

    net["w1"].answer = fail

    assert [grow(net, now + n * HOUR, first=10 * n) for n in range(3)] == [1, 1, 1]
    assert published().size == 6
    assert set(seen_by(net)) == {"w2"}
    assert (view("w1").size, view("w1").trouble) == (0, "away")
    assert queries.trouble() == ""


def test_witness_that_comes_back_is_in_no_trouble(now, net):
    net = net("w1")
    net["w1"].be_away()
    grow(net, now, first=0)
    net["w1"].be_right()

    assert ask_witnesses(net.post, now=now + HOUR) == 1
    assert view("w1").trouble == ""


def test_witness_is_asked_again_only_after_its_minutes(now, net, settings):
    settings.LEDGER_WITNESS_MINUTES = 60
    net = net("w1")
    grow(net, now, first=0)
    asked = now + BATCH
    put(1, now=now + BATCH, first=5)
    run(now + BATCH)

    early = ask_witnesses(net.post, now=asked + timedelta(minutes=59))
    on_time = ask_witnesses(net.post, now=asked + timedelta(minutes=60))

    assert (early, on_time) == (0, 1)
    assert len(net["w1"].requests) == 2


def test_witness_that_was_asked_by_a_false_clock_is_asked_again_by_a_true_one(now, net):
    net = net("w1")
    net["w1"].be_away()
    put(1, now=now)
    run(now)
    ask_witnesses(net.post, now=now + timedelta(days=3650))
    net["w1"].be_right()

    assert ask_witnesses(net.post, now=now + BATCH) == 1


def test_witness_that_was_away_is_given_its_minutes_too(now, net):
    net = net("w1")
    net["w1"].be_away()
    grow(net, now, first=0)

    assert ask_witnesses(net.post, now=now + BATCH + timedelta(minutes=9)) == 0
    assert len(net["w1"].requests) == 1


def test_witness_that_has_seen_the_newest_is_not_asked(now, net):
    net = net("w1")
    grow(net, now, first=0)

    assert ask_witnesses(net.post, now=now + HOUR) == 0
    assert len(net["w1"].requests) == 1


def test_nobody_is_asked_before_anything_is_signed(now, net):
    net = net("w1")

    assert ask_witnesses(net.post, now=now) == 0
    run(now)
    assert ask_witnesses(net.post, now=now) == 0
    assert net["w1"].requests == []


def test_witness_without_an_address_is_not_asked(now, net, settings):
    net = net("w1")
    settings.LEDGER_WITNESSES = net.policy.replace(" https://w1/", "")

    assert grow(net, now, first=0) == 0
    assert net["w1"].requests == []


@pytest.mark.parametrize("old_size", [0, 2])
def test_witness_that_is_ahead_stops_the_log(now, net, old_size):
    net = net("w1")
    grow(net, now, first=0, ask=old_size > 0)
    net["w1"].say(409, "1000\n")
    grow(net, now + HOUR, first=10)
    put(1, now=now + 2 * HOUR, first=20)

    assert still(lambda: run(now + 2 * HOUR)) == WITNESS_DISAGREES
    assert (view("w1").trouble, queries.trouble()) == ("ahead", WITNESS_DISAGREES)
    assert published().size == head().size == 4


@pytest.mark.parametrize(
    ("status", "text"), [(422, ""), (422, "4\n"), (409, "2\n")], ids=["no proof", "no proof 2", "other root"]
)
def test_fork_stops_the_log_and_what_shows_it_is_kept(now, net, status, text):
    net = net("w1", "w2")
    grow(net, now, first=0)
    net["w1"].say(status, text)
    grow(net, now + HOUR, first=10)
    put(1, now=now + 2 * HOUR, first=20)

    codes = [still(lambda: run(now + 2 * HOUR)) for _ in range(2)]

    assert codes == [WITNESS_DISAGREES] * 2
    assert (view("w1").trouble, view("w2").trouble) == ("fork", "")
    assert signed_sizes() == [2, 4]
    assert sorted(Cosignature.objects.values_list("size", flat=True)) == [2, 2, 4]


@pytest.mark.parametrize(("status", "text", "trouble"), [(422, "", "fork"), (409, "1000\n", "ahead")])
def test_what_stops_the_log_is_not_forgotten_when_the_witness_goes_away(now, net, status, text, trouble):
    net = net("w1")
    grow(net, now, first=0)
    net["w1"].say(status, text)
    grow(net, now + HOUR, first=10)
    asked = len(net["w1"].requests)
    net["w1"].be_away()

    later = [ask_witnesses(net.post, now=now + n * HOUR) for n in range(2, 5)]

    assert later == [0, 0, 0]
    assert len(net["w1"].requests) == asked
    assert view("w1").trouble == trouble
    forget_looks()
    assert still(lambda: run(now + 5 * HOUR, post=net.post)) == WITNESS_DISAGREES
    assert view("w1").trouble == trouble


def test_log_goes_on_once_somebody_has_looked_and_recovered(now, net):
    net = net("w1")
    grow(net, now, first=0)
    net["w1"].say(409, "1000\n")
    grow(net, now + HOUR, first=10)
    net["w1"].be_right()

    assert recover(now=now + 2 * HOUR) == {"2026": 0}
    assert grow(net, now + 3 * HOUR, first=20) == 1
    assert view("w1").size == 6


@pytest.mark.parametrize("status", [400, 403, 404, 500, 200, 302])
def test_refusal_is_no_alarm(now, net, status):
    net = net("w1")
    net["w1"].say(status, "no\n")

    assert grow(net, now, first=0) == 0
    assert (view("w1").trouble, queries.trouble()) == ("refused", "")
    assert grow(net, now + HOUR, first=10) == 0
    assert published().size == 4


@pytest.mark.parametrize("text", ["", "-1\n", "01\n", "1.0\n", "two\n", "9" * 20, "1\n\n", " 1\n", "٣\n"])
def test_size_that_is_none_is_a_refusal(now, net, text):
    net = net("w1")
    grow(net, now, first=0)
    net["w1"].say(409, text)

    assert grow(net, now + HOUR, first=10) == 0
    assert (view("w1").trouble, view("w1").size) == ("refused", 2)


def test_size_that_keeps_changing_is_asked_for_twice_a_round(now, net):
    net = net("w1")
    grow(net, now, first=0, count=8)
    sizes = iter(range(1, 8))
    net["w1"].answer = lambda _body: Said(409, f"{next(sizes)}\n")
    asked = len(net["w1"].requests)

    assert grow(net, now + HOUR, first=20) == 0
    assert len(net["w1"].requests) == asked + 2
    assert (view("w1").size, view("w1").trouble) == (2, "")


def test_lines_stand_in_one_order_and_the_checkpoint_alone_changes(now, net):
    net = net("w3", "w1", "w2")
    grow(net, now, first=0, ask=False)
    before = files()
    net["w2"].be_away()
    ask_witnesses(net.post, now=now + BATCH)
    net["w2"].be_right()
    ask_witnesses(net.post, now=now + HOUR)

    lines = Note.read((folder() / "checkpoint").read_text()).lines
    assert [line.split(" ")[1] for line in lines[1:]] == [f"w{n}.example.org/w" for n in (1, 2, 3)]
    assert {path: data for path, data in files().items() if path != "checkpoint"} == {
        path: data for path, data in before.items() if path != "checkpoint"
    }


def test_published_checkpoint_is_what_the_policy_asks_for(now, net):
    net = net("w1", "w2", "w3", quorum="two")
    grow(net, now, first=0)
    policy = Policy.read(queries.policy_text())

    checkpoint, seen = policy.check(Note.read((folder() / "checkpoint").read_text()))

    assert (checkpoint, len(seen)) == (published(), 3)


def test_new_shard_is_shown_from_nothing(now, net):
    net = net("w1")
    grow(net, now, first=0)
    next_shard(head(), now=now + HOUR, key_is_lost=True)
    run(now + HOUR)
    net.now = now + 2 * HOUR

    assert ask_witnesses(net.post, now=now + 2 * HOUR) == 1
    assert net["w1"].requests[-1].startswith("old 0\n\nlocalhost:8000/log/2026-2\n1\n")
    assert net["w1"].seen(head("2026-2").origin) == 1


def test_last_checkpoint_of_a_closed_shard_is_shown_to_who_followed_it(now, net, settings):
    settings.LEDGER_WITNESS_MINUTES = 60
    net = net("w1", "w2")
    net["w2"].be_away()
    grow(net, now, first=0)
    grow(net, now + BATCH, first=10)  # too early to ask again
    next_shard(head(), now=now + 2 * BATCH)
    run(now + 2 * BATCH)
    net["w2"].be_right()
    net.now = now + 2 * HOUR

    counts = [ask_witnesses(net.post, now=now + n * HOUR) for n in (2, 4)]

    assert counts == [3, 0]
    assert [net["w1"].seen(head(shard).origin) for shard in ("2026", "2026-2")] == [5, 1]
    assert [net["w2"].seen(head(shard).origin) for shard in ("2026", "2026-2")] == [0, 1]
    assert [published(shard).size for shard in ("2026", "2026-2")] == [5, 1]
    lines = Note.read((folder("2026") / "checkpoint").read_text()).lines
    assert [line.split(" ")[1] for line in lines] == [head("2026").origin, "w1.example.org/w"]


def test_witness_that_another_worker_showed_more_is_no_alarm(now, net):
    net = net("w1")
    grow(net, now, first=0)
    put(2, now=now + HOUR, first=10)
    run(now + HOUR)
    right = net["w1"].follow_protocol

    def answer(body):  # between reading what is signed and asking, the other worker signs and shows more
        net["w1"].be_right()
        put(2, now=now + HOUR, first=20)
        sequence(now=now + 2 * HOUR)
        assert ask_witnesses(net.post, now=now + 2 * HOUR) == 1
        return right(body, now=now)

    net["w1"].answer = answer
    assert ask_witnesses(net.post, now=now + 2 * HOUR) == 0

    assert (view("w1").size, view("w1").trouble) == (6, "")
    assert queries.trouble() == ""
