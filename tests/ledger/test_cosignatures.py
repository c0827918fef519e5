"""What a witness answers with 200: its own line for this very checkpoint is kept, and nothing else."""

from datetime import timedelta

import pytest

from sangto.engine.merkle.notes import WITNESS, Note, Signer
from sangto.ledger.actions import Said, ask_witnesses
from sangto.ledger.models import Cosignature, SignedCheckpoint, Witness
from tests.ledger.stand_in import grow, view
from tests.ledger.steps import folder, head

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


@pytest.mark.parametrize("at", [10**12, 2**62, 2**63 - 1])
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
