"""Witnesses vouch for what they saw; they hold nothing up when they are away, and stop the log when they disagree."""

from datetime import timedelta

import pytest

from sangto.engine.merkle.notes import WITNESS, Note, Signer
from sangto.engine.merkle.policies import Policy
from sangto.ledger import queries
from sangto.ledger.actions import Said, ask_witnesses, forget_looks, next_shard, recover, sequence
from sangto.ledger.guard import WITNESS_DISAGREES, WITNESSES_AWAY, StandsStill
from sangto.ledger.models import Cosignature, SignedCheckpoint, Witness
from sangto.ledger.queries import cosigned
from tests.ledger.stand_in import Net
from tests.ledger.steps import BATCH, backup, files, folder, head, published, put, run, signed_sizes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def net(tmp_path, settings, now):
    def make(*names, quorum="none"):
        found = Net(tmp_path, names, quorum=quorum, now=now)
        settings.LEDGER_WITNESSES = found.policy
        return found

    return make


def grow(net, now, *, first, count=2, ask=True):
    """One batch, shown to the witnesses; how many cosigned."""
    put(count, now=now, first=first)
    run(now)
    net.now = now + BATCH
    return ask_witnesses(net.post, now=now + BATCH) if ask else 0


def note_of(size) -> str:
    """The checkpoint as the log alone signed it."""
    return SignedCheckpoint.objects.get(origin=head().origin, size=size).note


def view(name):
    return next(each for each in queries.standing().witnesses if each.name == f"{name}.example.org/w")


def still(act) -> str:
    with pytest.raises(StandsStill) as stands:
        act()
    return stands.value.code


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
    text = net.policy.read_text().replace(" https://w1/", "")
    net.policy.write_text(text)

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


def forge(net, change):
    """The witness answers with its right lines, changed."""
    right = net["w1"].follow_protocol
    net["w1"].answer = lambda body: Said(200, change(right(body, now=net.now).text))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "\n",
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("w1.example.org/w", "w2.example.org/w"),
        lambda text: text[:-8] + ("AAAA" if text[-8:-4] != "AAAA" else "BBBB") + text[-4:],
        lambda text: "— w1.example.org/w AAAA\n",
        lambda text: "<html>\n",
        lambda text: text * 101,
        lambda text: text + "\x00\n",
        lambda text: Signer("w1.example.org/w", WITNESS, b"x" * 32).cosigned("another text\n", at=1) + "\n",
    ],
)
def test_line_that_does_not_fit_is_not_kept(now, net, change):
    net = net("w1")
    forge(net, change)

    assert grow(net, now, first=0) == 0
    assert Cosignature.objects.count() == 0
    assert (view("w1").trouble, view("w1").size) == ("refused", 0)
    assert str(Note.read((folder() / "checkpoint").read_text())) == note_of(2)


def test_cosignature_of_another_checkpoint_is_not_kept(now, net):
    net = net("w1")
    grow(net, now, first=0)
    old = Cosignature.objects.get().line
    forge(net, lambda _text: f"{old}\n")

    assert grow(net, now + HOUR, first=10) == 0
    assert Cosignature.objects.count() == 1


@pytest.mark.parametrize("at", [2**63, 2**64 - 1, 10**12])
def test_time_that_no_calendar_has_is_not_kept(now, net, at):
    net = net("w1", "w2")
    net["w1"].answer = lambda body: Said(200, net["w1"].signer.cosigned(body.split("\n\n")[1] + "\n", at=at) + "\n")

    assert grow(net, now, first=0) == 1
    assert (set(seen_by(net)), view("w1").trouble) == ({"w2"}, "refused")


def test_lines_of_unknown_keys_are_nothing_to_us(now, net):
    net = net("w1")
    stranger = Signer("stranger.example.org/w", WITNESS, b"s" * 32)
    right = net["w1"].follow_protocol

    def answer(body):
        text = body.partition("\n\n")[2].partition("\n\n")[0] + "\n"
        line = stranger.cosigned(text, at=5)
        return Said(200, f"{line}\n{right(body, now=net.now).text}{line}\n")

    net["w1"].answer = answer

    assert grow(net, now, first=0) == 1
    lines = Note.read((folder() / "checkpoint").read_text()).lines
    assert [line.split(" ")[1] for line in lines] == [head().origin, "w1.example.org/w"]


def test_same_line_is_kept_once_and_the_first_stays(now, net):
    net = net("w1")
    grow(net, now, first=0)
    line = Cosignature.objects.get().line
    Witness.objects.update(size=0)

    assert ask_witnesses(net.post, now=now + HOUR) == 1
    assert Cosignature.objects.get().line == line


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


def test_checkpoint_without_cosignatures_is_the_logs_own(now, net):
    net("w1")
    put(1, now=now)
    run(now)
    assert str(cosigned(SignedCheckpoint.objects.get())) == note_of(1)
