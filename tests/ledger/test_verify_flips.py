"""Every single-bit flip of a whole receipt is refused, but for those in a line that has to be ignored."""

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import DASH, NaiveDesk, policy, witness

ENOUGH_FLIPS = 9_000


class Mute(verify.Voice):
    """Says nothing: what is tested is whether it is taken."""

    def say(self, code: str, **values: object) -> None:
        """Print nothing."""


@pytest.fixture
def files(monkeypatch) -> dict[str, bytes]:
    """What the verifier reads, in memory."""
    held: dict[str, bytes] = {}
    monkeypatch.setattr(verify, "need", held.__getitem__)
    return held


def taken(files: dict[str, bytes], data: bytes) -> bool:
    files["receipt"] = data
    try:
        return verify.check_receipt(["receipt"], {"policy": "policy"}, Mute("en")) == 0
    except verify.Invalid:
        return False


def flips(data: bytes) -> list[tuple[int, bytes]]:
    """Every way to flip one bit, with the place of its byte."""
    return [
        (place, data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
        for place in range(len(data))
        for bit in range(8)
    ]


def test_no_flip_is_taken_outside_the_ignored_line(files):
    desk = NaiveDesk(witnesses=(witness(1),))
    for number in range(300):
        desk.receive(f"tin {number}")
    receipt = desk.receive("Cầu có sập không?", files=["cd" * 32])
    files["policy"] = policy([desk.log.key], [witness(1)]).encode()
    data = receipt.file([witness(1), witness(9)]).encode()
    line = witness(9).line(desk.log.text()).encode()
    ignored = range(data.index(line) + len(f"{DASH} ".encode()), data.index(line) + len(line) - 1)

    accepted = [place for place, flipped in flips(data) if taken(files, flipped)]

    print(f"\n{len(data) * 8} flips, {len(accepted)} taken, all in the line of an unknown witness")
    assert taken(files, data)
    assert len(data) * 8 >= ENOUGH_FLIPS
    assert accepted
    assert set(accepted) <= set(ignored)


def test_no_flip_of_a_policy_is_taken_for_the_same_trust(files):
    """A flip may rename what it names twice, or touch a comment; it may never change a key unseen."""
    desk = NaiveDesk()
    text = policy([desk.log.key], [witness(1)]).encode()
    whole = verify.read_policy(text)
    for place, flipped in flips(text):
        try:
            other = verify.read_policy(flipped)
        except verify.Invalid:
            continue
        keys = (*other.logs, *other.witnesses.values())

        assert set(keys) <= {*whole.logs, *whole.witnesses.values()}, place
