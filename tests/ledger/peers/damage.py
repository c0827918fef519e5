"""Ways to damage a published log, each with the part that every verifier must refuse then.

They suit the log that `small` builds: 700 entries, with receipts of entry 0 and 466 among others.
"""

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.ledger.peers.naive_log import NaiveLog, b64, build, extra, jcs, write

SIZES = [0, 1, 255, 256, 300, 700]
RECEIPT = "receipts/466.tlog-proof"


@dataclass(frozen=True)
class Damage:
    """A way to damage a log, and what must be refused of it then."""

    do: Callable[[Path, NaiveLog], None]
    refused: str


DAMAGES: dict[str, Damage] = {}


def refused(part: str) -> Callable[[Callable[[Path, NaiveLog], None]], Callable[[Path, NaiveLog], None]]:
    """Enter the damage among them all."""

    def enter(do: Callable[[Path, NaiveLog], None]) -> Callable[[Path, NaiveLog], None]:
        DAMAGES[do.__name__] = Damage(do, part)
        return do

    return enter


def small(directory: Path) -> NaiveLog:
    """Build the log to be damaged."""
    return build(directory, SIZES, receipts=3)


def flip(path: Path, at: int) -> None:
    """Flip the last bit of a byte."""
    data = path.read_bytes()
    path.write_bytes(data[:at] + last_bit(data[at : at + 1]) + data[at + 1 :])


def last_bit(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def in_line(path: Path, line: int, change: Callable[[bytes], bytes]) -> None:
    """Change what the base64 at the end of a line stands for."""
    lines = path.read_text(encoding="utf-8").split("\n")
    head, space, encoded = lines[line].rpartition(" ")
    lines[line] = head + space + b64(change(base64.b64decode(encoded)))
    path.write_text("\n".join(lines), encoding="utf-8")


def forked(log: NaiveLog) -> NaiveLog:
    """A log with the same key whose first entry is another."""
    other = NaiveLog(log.key, log.witnesses)
    for entry in [b"forged", *log.entries[1:]]:
        other.append(entry)
    return other


@refused("tiles")
def full_tile(directory: Path, log: NaiveLog) -> None:
    flip(directory / "tile/0/000", at=32 * 100)


@refused("tiles")
def edge_tile(directory: Path, log: NaiveLog) -> None:
    flip(directory / "tile/0/002.p/188", at=0)


@refused("tiles")
def upper_tile(directory: Path, log: NaiveLog) -> None:
    flip(directory / "tile/1/000.p/2", at=40)


@refused("tiles")
def lost_tile(directory: Path, log: NaiveLog) -> None:
    (directory / "tile/0/001").unlink()


@refused("tiles")
def bundle(directory: Path, log: NaiveLog) -> None:
    flip(directory / "tile/entries/000", at=2000)


@refused("checkpoint")
def log_signature(directory: Path, log: NaiveLog) -> None:
    in_line(directory / "checkpoint", 4, last_bit)


@refused("checkpoint")
def key_id(directory: Path, log: NaiveLog) -> None:
    in_line(directory / "checkpoint", 4, lambda data: last_bit(data[:4]) + data[4:])


@refused("checkpoint")
def cosignature(directory: Path, log: NaiveLog) -> None:
    in_line(directory / "checkpoint", 5, last_bit)


@refused(RECEIPT)
def time_of_cosignature(directory: Path, log: NaiveLog) -> None:
    in_line(directory / RECEIPT, -2, lambda data: last_bit(data[:12]) + data[12:])


@refused("checkpoint")
def root(directory: Path, log: NaiveLog) -> None:
    in_line(directory / "checkpoint", 2, last_bit)


@refused(RECEIPT)
def proof(directory: Path, log: NaiveLog) -> None:
    in_line(directory / RECEIPT, 3, last_bit)


@refused(RECEIPT)
def short_proof(directory: Path, log: NaiveLog) -> None:
    lines = (directory / RECEIPT).read_text(encoding="utf-8").split("\n")
    write(directory / RECEIPT, "\n".join([*lines[:3], *lines[4:]]).encode())


@refused(RECEIPT)
def other_index(directory: Path, log: NaiveLog) -> None:
    text = (directory / RECEIPT).read_text(encoding="utf-8")
    write(directory / RECEIPT, text.replace("index 466", "index 467").encode())


@refused(RECEIPT)
def other_leaf(directory: Path, log: NaiveLog) -> None:
    write(directory / RECEIPT, log.proof(466, 700, extra(467)).encode())


@refused(RECEIPT)
def other_tree(directory: Path, log: NaiveLog) -> None:
    write(directory / RECEIPT, forked(log).proof(466, 700, extra(466)).encode())


@refused("checkpoints/300")
def rewritten_history(directory: Path, log: NaiveLog) -> None:
    write(directory / "checkpoints/300", forked(log).checkpoint(300).encode())


@refused("checkpoints/700")
def rollback(directory: Path, log: NaiveLog) -> None:
    shutil.copy(directory / "checkpoints/300", directory / "checkpoint")


@refused("tiles")
def checkpoint_of_another_tree(directory: Path, log: NaiveLog) -> None:
    write(directory / "checkpoint", forked(log).checkpoint(700).encode())


@refused("checkpoint")
def no_cosignatures(directory: Path, log: NaiveLog) -> None:
    write(directory / "checkpoint", log.checkpoint(700, cosigners=[]).encode())


@refused("checkpoint")
def witnesses_alone(directory: Path, log: NaiveLog) -> None:
    lines = log.checkpoint(700).split("\n")
    write(directory / "checkpoint", "\n".join([*lines[:4], *lines[5:]]).encode())


def other_salt(directory: Path) -> None:
    """Give the receipt another salt: only a verifier that opens commitments can refuse that."""
    told = json.loads(base64.b64decode(extra(466)))
    changed = b64(jcs({**told, "salt": "00" * 32})).encode()
    text = (directory / RECEIPT).read_bytes()
    write(directory / RECEIPT, text.replace(extra(466).encode(), changed))
