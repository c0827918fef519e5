#!/usr/bin/env python3
"""Check a desk's receipts, answers and public log without trusting the desk.

One file to download, read and run; it needs Python 3.9 or later and nothing else. `python verify_desk.py --help` lists
the commands. The exit status is 0 for valid, 1 for not valid, 2 for cannot tell. Formats: C2SP signed-note,
tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-policy; RFC 6962 and 9162 (trees), 8032 (Ed25519),
8785 (JSON).
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

# The policy that this copy trusts: one text, lines of C2SP tlog-policy. Whoever serves this file puts theirs in the
# place of the empty text; `--policy FILE` overrules it. Compare it with the printed notice, or with somebody's copy.
PINNED_POLICY = ""

VALID, NOT_VALID, CANNOT_TELL = 0, 1, 2
LOG, WITNESS = 0x01, 0x04  # signature types of C2SP signed-note
MOST_BYTES = 1 << 20  # of a file to check: a receipt, a note, a page
MOST_LEAF, MOST_TILE, MOST_BUNDLE, MOST_INDEX = 1024, 256 * 32, 256 * (2 + 1024), 1 << 26
MOST_LINES, MOST_HASHES, MOST_DEPTH = 100, 63, 8
TIMEOUT_S, HOUR_S, DAY_S = 30, 3600, 24 * 3600
PATIENCE = 10  # pages that may fail to load before a run gives up
RECEIPT, OUTCOME, ANSWER = b"desk/receipt/v1\0", b"desk/outcome/v1\0", b"desk/answer/v1\0"
STEPS = {"p": "publish", "c": "correct", "w": "withdraw"}
OUTCOMES = ("answered", "forwarded", "declined", "expired", "merged", "withdrawn")
RULINGS = ("kept", "corrected", "withdrawn")
HEX, NUMBER, CODE, NAME = "[0-9a-f]{64}", "[0-9]{4}-[0-9]{6,12}", "[a-z0-9_.-]{1,40}", r"[^\s\x00-\x1f\x7f]{1,255}"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
OBJECTION = f"O{NUMBER}"
TIME = f"{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z"
VERSION = {"a": NUMBER, "h": HEX, "n": int, "ts": TIME, "u": f"|{NAME}"}  # a case may be of no unit
SHAPES: dict[str, dict[str, Any]] = {  # of the leaves
    "r": {"c": HEX},
    "o": {"c": HEX, "k": "|".join(OUTCOMES)},
    "p": VERSION,
    "c": {**VERSION, "pv": HEX},
    "w": {**VERSION, "pv": HEX, "rs": "[a-z_]{1,40}"},
    "h": {"a": NUMBER, "n": int, "pv": HEX, "ts": TIME},
    "q": {"a": NUMBER, "due": DAY, "n": int, "q": OBJECTION},
    "j": {"a": NUMBER, "h": HEX, "k": "|".join(RULINGS), "n": int, "q": OBJECTION, "ts": TIME},
    "e": {"a": NUMBER, "lg": CODE, "n": int, "pv": HEX},
    "x": {"day": DAY},
    "k": {"vk": NAME},
    "s": {"o": NAME, "r": HEX, "z": int},
}
OPENINGS: dict[str, dict[str, Any]] = {  # of receipts; a pattern in a list stands for any number of them
    "r": {"ch": CODE, "day": DAY, "files": [HEX], "msg": HEX, "place": HEX, "rid": "[0-9a-f]{32}"},
    "o": {"a": f"|{NUMBER}", "k": "|".join(OUTCOMES), "r": HEX},
}

# --- What is found, and how it is said (the sentences stand at the end of this file) ------------------------------


class Finding(Exception):
    """What a check has found, as a code of the sentences below with its values."""

    status = NOT_VALID

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    def plain(self) -> list[Any]:
        """The finding as JSON can keep it; a value may itself be one."""
        return [self.code, self.values]


class Invalid(Finding):
    """The thing checked is wrong: exit status 1."""


class CannotTell(Finding):
    """Something needed is not there or cannot be read: exit status 2."""

    status = CANNOT_TELL


class Voice:
    """Says what was found, in one language."""

    def __init__(self, lang: str) -> None:
        self.texts = EN if lang == "en" else VI

    def text(self, code: str, values: Mapping[str, Any]) -> str:
        """A sentence with its values filled in; a value that is a list is a sentence of its own."""
        filled = {name: self.text(*v) if isinstance(v, list) else printable(str(v)) for name, v in values.items()}
        return self.texts[code].format(**filled)

    def say(self, code: str, **values: Any) -> None:
        """Print a sentence."""
        self._put(sys.stdout, self.text(code, values))

    def murmur(self, code: str, **values: Any) -> None:
        """Print a sentence beside the results: progress, usage."""
        self._put(sys.stderr, self.text(code, values))

    @staticmethod
    def _put(stream: Any, line: str) -> None:
        coding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(line.encode(coding, "backslashreplace").decode(coding) + "\n")
        stream.flush()


def printable(text: str) -> str:
    """The text without anything that could steer a terminal or turn the direction of writing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


# --- Ed25519 (RFC 8032), verification only -------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """The sum of two points, which may be the same one (RFC 8032 section 5.1.4)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return (e * f % P, g * h % P, f * g % P, e * h % P)


@lru_cache(maxsize=1024)
def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes say; None when they say none, or not in the one canonical way."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def bytes_of(point: Point) -> bytes:
    """The canonical 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's: s below L, canonical points, without cofactor (RFC 8032 section 5.1.7).

    R is never decoded: the bytes of [s]B - [h]A must be its bytes, so that no other way to write R passes.
    """
    key, s = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - key[0], key[1], 1, P - key[3])
    steps = (NEUTRAL, BASE, minus, add(BASE, minus))
    total = NEUTRAL
    for bit in range(252, -1, -1):
        total = add(total, total)
        step = (s >> bit & 1) + 2 * (h >> bit & 1)
        total = add(total, steps[step]) if step else total
    return bytes_of(total) == signature[:32]


# --- Reading, strictly ---------------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    """The text of a file: UTF-8 whose only control character is the newline."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Invalid("text") from None
    if re.search("[\x00-\x09\x0b-\x1f]", text):
        raise Invalid("text")
    return text


def unbase64(text: str) -> bytes:
    """The bytes of base64 in its one canonical writing: decoded, encoded again, compared."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if base64.b64encode(data).decode() != text:
        raise Invalid("value", value=text[:99])
    return data


def read_hash(text: str) -> bytes:
    """The 32 bytes of a hash in base64."""
    data = unbase64(text)
    if len(data) != 32:
        raise Invalid("value", value=text)
    return data


def read_number(text: str) -> int:
    """A whole number below 2^63, without leading zeros."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise Invalid("value", value=text[:99])
    return int(text)


def load_json(data: bytes) -> Any:
    """JSON without repeated keys, fractions or long numbers."""
    try:
        return json.loads(
            data.decode(), object_pairs_hook=once, parse_int=short, parse_float=refuse, parse_constant=refuse
        )
    except (ValueError, RecursionError):
        raise Invalid("json") from None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of its pairs, unless a key is in it twice."""
    return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse("")


def short(digits: str) -> int:
    """The number, unless it is longer than any that we write."""
    return int(digits) if len(digits) <= 17 else refuse(digits)


def refuse(_text: str) -> NoReturn:
    """Refuse what is in a JSON text."""
    raise Invalid("json")


def canonical(value: Any) -> bytes:
    """The value as RFC 8785 writes it: ASCII keys, lists, whole texts, integers below 2^53; nothing else."""
    try:
        check_json(value, MOST_DEPTH)
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except ValueError:  # half a character (a lone surrogate)
        raise Invalid("json") from None


def check_json(value: Any, depth: int) -> None:
    """Refuse what has no canonical form here, or goes too deep."""
    if isinstance(value, dict):
        if depth == 0 or not all(isinstance(key, str) and key.isascii() for key in value):
            raise Invalid("json")
        value = list(value.values())
    if isinstance(value, list):
        if depth == 0:
            raise Invalid("json")
        for each in value:
            check_json(each, depth - 1)
    elif not isinstance(value, str) and (type(value) is not int or abs(value) >= 2**53):
        raise Invalid("json")


def load_canonical(data: bytes) -> Any:
    """JSON that is written in its canonical form."""
    value = load_json(data)
    if canonical(value) != data:
        raise Invalid("json")
    return value


def seconds(moment: str) -> int:
    """POSIX seconds of a UTC time such as 2026-11-21T10:15:00Z."""
    try:
        return int(datetime.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z").timestamp())
    except (ValueError, OverflowError):
        raise Invalid("value", value=moment) from None


def clock_time(stamp: int) -> str:
    """POSIX seconds as a UTC time; as they are where the calendar ends."""
    try:
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=stamp)).isoformat() + "Z"
    except OverflowError:
        return str(stamp)


# --- Signed notes, checkpoints, policies (C2SP) --------------------------------------------------------------------


class Key(NamedTuple):
    """A public key with its name, as a vkey says it."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """SHA-256(name || 0x0A || kind || public key)[:4]."""
        name = self.name.encode("utf-8", "surrogateescape")
        return hashlib.sha256(name + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


def read_key(vkey: str, kind: int) -> Key:
    """The key of a vkey (name+id+base64), which must be of the kind."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(NAME, parts[0]):
        raise Invalid("key", name=vkey)
    data = unbase64(parts[2])
    key = Key(parts[0], kind, data[1:])
    if data[:1] != bytes([kind]) or point_of(key.public) is None or key.id.hex() != parts[1]:
        raise Invalid("key", name=key.name)
    return key


class Note(NamedTuple):
    """A text and its signature lines: the key's name, its id, the signature."""

    text: str
    lines: list[tuple[str, bytes, bytes]]


def read_note(text: str) -> Note:
    """The note of a text; nothing in it is to be believed before `signed_by`."""
    body, gap, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or lines.pop() or not 1 <= len(lines) <= MOST_LINES:
        raise Invalid("note_form")
    return Note(body + "\n", [read_line(line) for line in lines])


def read_line(line: str) -> tuple[str, bytes, bytes]:
    """One signature line: dash, name, base64 of 4 bytes of id and the signature."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not re.fullmatch(NAME, parts[1]) or "+" in parts[1]:
        raise Invalid("note_form")
    data = unbase64(parts[2])
    if len(data) < 5:
        raise Invalid("note_form")
    return parts[1], data[:4], data[4:]


def signed_by(note: Note, keys: Sequence[Key]) -> dict[Key, int]:
    """Which of the keys signed the note, and when (witnesses; else 0). Unknown keys are ignored.

    One bad line of a known key makes the whole note invalid; so do two different lines of one key.
    """
    known = {(key.name, key.id): key for key in keys}
    signatures: dict[Key, bytes] = {}
    for name, key_id, signature in note.lines:
        key = known.get((name, key_id))
        if key and signatures.setdefault(key, signature) != signature:
            raise Invalid("two_lines", name=name)
    return {key: signed_at(key, signature, note.text) for key, signature in signatures.items()}


def signed_at(key: Key, signature: bytes, text: str) -> int:
    """When a witness signed the text, 0 for a log; refused unless the signature fits (C2SP tlog-cosignature)."""
    at, message = 0, text.encode()
    if key.kind == WITNESS:
        at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        message = f"cosignature/v1\ntime {at}\n".encode() + message
    if at >= 2**63 or not fits(key.public, message, signature):
        raise Invalid("signature", name=key.name)
    return at


class Policy(NamedTuple):
    """Trusted logs, witnesses by their alias, groups (how many of whom), and the one name that a quorum is."""

    logs: list[Key]
    witnesses: dict[str, Key]
    groups: dict[str, tuple[int, list[str]]]
    quorum: list[str]

    def is_met(self, seen: Mapping[str, int]) -> bool:
        """Whether the witnesses who signed are enough. Members stand above their groups, so one pass will do."""
        met = {"none": True, **{alias: alias in seen for alias in self.witnesses}}
        for name, (enough, members) in self.groups.items():
            met[name] = sum(met[member] for member in members) >= enough
        return met[self.quorum[0]]


def read_policy(data: bytes) -> Policy:
    """The policy of a file (C2SP tlog-policy). Names are octets, so odd ones are carried along unchanged."""
    text = data.decode("utf-8", "surrogateescape")
    policy = Policy([], {}, {}, [])
    for number, line in enumerate(text.split("\n"), start=1):
        words = re.sub("[ \t]+", " ", line).strip(" ").split(" ")
        try:
            if re.search("[\x00-\x1f\x7f]", "".join(words)):
                raise Invalid("policy_form")
            read_policy_line(policy, words)
        except Invalid as why:
            raise Invalid("policy_line", line=number, why=why.plain()) from None
    if len(policy.quorum) != 1:
        raise Invalid("policy_quorum")
    return policy


def read_policy_line(policy: Policy, words: list[str]) -> None:
    """Add what one line says to the policy."""
    word, count = words[0], len(words)
    if word == "log" and count in (2, 3):
        add_key(policy.logs, read_key(words[1], LOG))
    elif word == "witness" and count in (3, 4):
        key = read_key(words[2], WITNESS)
        check_new(policy, words[1])
        add_key(list(policy.witnesses.values()), key)
        policy.witnesses[words[1]] = key
    elif word == "group" and count >= 4:
        check_new(policy, words[1])
        policy.groups[words[1]] = read_group(policy, words[2], words[3:])
    elif word == "quorum" and count == 2:
        if words[1] not in ("none", *policy.witnesses, *policy.groups):
            raise Invalid("policy_name", name=words[1])
        policy.quorum.append(words[1])
    elif word and not word.startswith("#"):
        raise Invalid("policy_form")


def add_key(keys: list[Key], key: Key) -> None:
    """Add a key to a list that must not hold it yet, under any name."""
    if key.public in [each.public for each in keys]:
        raise Invalid("policy_name", name=key.name)
    keys.append(key)


def check_new(policy: Policy, name: str) -> None:
    """Refuse a name that is taken."""
    if name in ("none", *policy.witnesses, *policy.groups):
        raise Invalid("policy_name", name=name)


def read_group(policy: Policy, enough: str, members: list[str]) -> tuple[int, list[str]]:
    """How many of which members; each must be known and may be a member once in the whole policy."""
    taken = [member for _enough, others in policy.groups.values() for member in others]
    for place, member in enumerate(members):
        if member not in (*policy.witnesses, *policy.groups) or member in taken + members[:place]:
            raise Invalid("policy_name", name=member)
    least = {"any": 1, "all": len(members)}.get(enough) or read_number(enough)
    if not 1 <= least <= len(members):
        raise Invalid("policy_enough", most=len(members))
    return least, members


class Checkpoint(NamedTuple):
    """A tree head that a trusted log signed: who cosigned it when, and whether that is enough for the policy."""

    origin: str
    size: int
    root: bytes
    witnesses: dict[str, int]
    enough: bool


def read_head(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint's text. Extension lines are refused: our logs never write any."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0]:
        raise Invalid("checkpoint")
    return lines[0], read_number(lines[1]), read_hash(lines[2])


def vouch(note: Note, policy: Policy, announced: Sequence[Key] = ()) -> Checkpoint:
    """The checkpoint of a note, once a trusted log has signed it under its own name."""
    origin, size, root = read_head(note.text)
    logs = [*policy.logs, *announced]
    if origin not in [key.name for key in logs]:
        raise Invalid("unknown_log", origin=origin)
    signed = signed_by(note, [*logs, *policy.witnesses.values()])
    if not any(key.kind == LOG and key.name == origin for key in signed):
        raise Invalid("unsigned", origin=origin)
    seen = {alias: signed[key] for alias, key in policy.witnesses.items() if key in signed}
    return Checkpoint(origin, size, root, seen, policy.is_met(seen))


# --- Trees (RFC 6962, RFC 9162), proofs, tiles ---------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def join(left: bytes, right: bytes) -> bytes:
    """The hash of a node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def check_inclusion(leaf: bytes, index: int, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Refuse unless the path leads from the leaf to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Invalid("index", index=index, size=size)
    at, last, node = index, size - 1, leaf
    for other in path:
        if last == 0:
            raise Invalid("inclusion")
        if at & 1 or at == last:
            node = join(other, node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = join(node, other)
        at, last = at >> 1, last >> 1
    if last or node != root or {len(each) for each in (leaf, *path)} != {32}:
        raise Invalid("inclusion")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Refuse unless the path shows the old tree to be the beginning of the new (RFC 9162 section 2.1.4.2).

    A size of zero is refused: nothing can be shown about it.
    """
    if not 0 < old <= new:
        raise Invalid("consistency")
    at, last = (old - 1, new - 1) if old < new else (0, 0)
    while at & 1:
        at, last = at >> 1, last >> 1
    nodes = list(path) if at else [old_root, *path]  # an old tree that is one whole subtree is its own first node
    if not nodes:
        raise Invalid("consistency")
    left = right = nodes[0]
    for other in nodes[1:]:
        if last == 0:
            raise Invalid("consistency")
        if at & 1 or at == last:
            left, right = join(other, left), join(other, right)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            right = join(right, other)
        at, last = at >> 1, last >> 1
    if last or left != old_root or right != new_root:
        raise Invalid("consistency")


def fetch(name: str, limit: int) -> bytes | None:
    """The bytes of a file or an address; None where there is none. An erased page (status 410) has bytes too."""
    if name.startswith(("http://", "https://")):
        return download(name, limit)
    path = urllib.request.url2pathname(urllib.parse.urlsplit(name).path) if name.startswith("file:") else name
    try:
        with Path(path).open("rb") as file:
            return within(file.read(limit + 1), limit, name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        raise CannotTell("unreadable", name=name) from None


def download(address: str, limit: int) -> bytes | None:
    """The bytes at an address; None for 403, 404 and 451."""
    try:
        with opened(address) as reply:
            if reply.status in (403, 404, 451):
                return None
            if reply.status not in (200, 410):
                raise CannotTell("network", name=address, cause=reply.status)
            data = reply.read(limit + 1)
            if len(data) <= limit and reply.length:  # the connection broke off
                raise http.client.IncompleteRead(data)
            return unpacked(data, limit, reply.headers.get("Content-Encoding"), address)
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        raise CannotTell("network", name=address, cause=type(error).__name__) from None


def opened(address: str) -> Any:
    """The reply of an address, whatever its status."""
    headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "verify_desk"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http or https, as `fetch` saw
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error


def unpacked(data: bytes, limit: int, coding: str | None, name: str) -> bytes:
    """The bytes without their gzip coding, never more than allowed."""
    if coding == "gzip":
        unzip = zlib.decompressobj(31)
        data = unzip.decompress(within(data, limit, name), limit + 1)
        if len(data) <= limit and not unzip.eof:
            raise zlib.error
    return within(data, limit, name)


def within(data: bytes, limit: int, name: str) -> bytes:
    """The bytes, refused when they are more than allowed."""
    if len(data) > limit:
        raise Invalid("too_long", name=name, limit=limit)
    return data


def need(name: str) -> bytes:
    """The bytes of a file or an address that must be there."""
    data = fetch(name, MOST_BYTES)
    if data is None:
        raise CannotTell("absent", name=name)
    return data


def tile_path(folder: str, n: int) -> str:
    """Where the n-th tile of a folder is: 1234067 is x001/x234/067."""
    path = f"{n % 1000:03}"
    while n >= 1000:
        n //= 1000
        path = f"x{n % 1000:03}/{path}"
    return f"{folder}/{path}"


def tile_part(folder: str, n: int, width: int) -> bytes:
    """The n-th tile or bundle, at least `width` wide: a partial one may be gone once the full one is there."""
    path = tile_path(folder, n)
    limit = MOST_BUNDLE if folder.endswith("entries") else MOST_TILE
    data = fetch(f"{path}.p/{width}", limit) if width < 256 else None
    data = fetch(path, limit) if data is None else data
    if data is None:
        raise Invalid("part", name=path)
    return data


def read_bundle(data: bytes, width: int, name: str) -> list[bytes]:
    """The first `width` entries of a bundle; each stands after its length in two bytes (C2SP tlog-tiles)."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Invalid("part", name=name)
        entries.append(data[at + 2 : end])
        at = end
    if not width <= len(entries) <= 256:
        raise Invalid("part", name=name)
    return entries[:width]


class Tree:
    """The hashes of a log of one size, read from its tiles when asked for. Whoever uses them has to check them."""

    def __init__(self, log: str, size: int) -> None:
        self.log, self.size = log, size
        self.tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, n: int) -> bytes:
        """The hashes of one tile, one after the other."""
        if (level, n) not in self.tiles:
            width = min(256, (self.size >> 8 * level) - 256 * n)
            data = tile_part(f"{self.log}/tile/{level}", n, width)
            if len(data) % 32 or len(data) < 32 * width:
                raise Invalid("part", name=tile_path(f"{self.log}/tile/{level}", n))
            self.tiles[level, n] = data
        return self.tiles[level, n]

    def span(self, start: int, end: int) -> bytes:
        """The hash over the entries from start to before end, which RFC 6962 calls MTH(D[start:end])."""
        width = end - start
        if width & (width - 1):
            middle = start + (1 << width.bit_length() - 1)
            return join(self.span(start, middle), self.span(middle, end))
        level = (width.bit_length() - 1) // 8
        if width > 256**level:
            middle = start + width // 2
            return join(self.span(start, middle), self.span(middle, end))
        n, at = divmod(start >> 8 * level, 256)
        return self.tile(level, n)[32 * at : 32 * at + 32]

    def consistency(self, old: int) -> list[bytes]:
        """The path that shows the first `old` entries to be the beginning of the tree (RFC 6962 section 2.1.2)."""
        start, end, path = 0, self.size, []
        while end != old:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            if old <= middle:
                path.append(self.span(middle, end))
                end = middle
            else:
                path.append(self.span(start, middle))
                start = middle
        return [*([self.span(start, end)] if start else []), *reversed(path)]


class Proof(NamedTuple):
    """The parts of a .tlog-proof file (C2SP tlog-proof)."""

    extra: bytes | None
    entry: int
    path: list[bytes]
    note: str


def read_proof(text: str) -> Proof:
    """The parts of the file, none of them believed yet."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    extra = unbase64(lines.pop(1)[6:]) if lines[1:] and lines[1].startswith("extra ") else None
    if lines[0] != "c2sp.org/tlog-proof@v1" or not 2 <= len(lines) <= 2 + MOST_HASHES or lines[1][:6] != "index ":
        raise Invalid("proof")
    return Proof(extra, read_number(lines[1][6:]), [read_hash(line) for line in lines[2:]], note)


def prove(proof: Proof, entry: bytes, policy: Policy) -> Checkpoint:
    """The trusted checkpoint whose log holds the entry."""
    note = read_note(proof.note)
    _origin, size, root = read_head(note.text)
    check_inclusion(leaf_hash(entry), proof.entry, size, root, proof.path)
    return cosigned(vouch(note, policy))


def cosigned(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint, if the witnesses that the policy asks for have signed it."""
    if not checkpoint.enough:
        raise Invalid("quorum")
    return checkpoint


# --- The desk's own formats: leaves, openings, pages ---------------------------------------------------------------


def check_leaf(leaf: Any) -> bytes:
    """The canonical bytes of a leaf; refused unless it has exactly the fields of its type."""
    kind = leaf.get("t") if isinstance(leaf, dict) else None
    if not isinstance(kind, str) or kind not in SHAPES:
        raise Invalid("leaf", field="t")
    check_shape(leaf, {**SHAPES[kind], "t": kind, "v": int}, "leaf")
    if leaf["v"] != 1:
        raise Invalid("leaf", field="v")
    if kind == "k":
        read_key(leaf["vk"], LOG)
    entry = canonical(leaf)
    if len(entry) > MOST_LEAF:
        raise Invalid("leaf", field=f"{len(entry)} > {MOST_LEAF}")
    return entry


def check_shape(thing: Any, shape: Mapping[str, Any], code: str) -> None:
    """Refuse anything but an object with exactly these fields, each as its pattern says, with days that exist."""
    if not isinstance(thing, dict) or set(thing) != set(shape):
        raise Invalid(code, field=", ".join(shape))
    for field, pattern in shape.items():
        if not matches(thing[field], pattern):
            raise Invalid(code, field=field)
    if "ts" in shape:
        seconds(thing["ts"])
    if "day" in shape:
        seconds(f"{thing['day']}T00:00:00Z")


def matches(value: Any, pattern: Any) -> bool:
    """Whether a value is as a pattern says: an expression, a list of one pattern, an integer from 1, or a type."""
    if isinstance(pattern, str):
        return isinstance(value, str) and bool(re.fullmatch(pattern, value))
    if isinstance(pattern, list):
        return isinstance(value, list) and all(matches(each, pattern[0]) for each in value)
    return type(value) is int and value >= 1 if pattern is int else isinstance(value, pattern)


def commitment(prefix: bytes, value: Any, salt: str) -> str:
    """HMAC-SHA256 under the salt. A salt has exactly 32 bytes: HMAC would fill a shorter one up with zeros."""
    return hmac.new(bytes.fromhex(salt), prefix + canonical(value), hashlib.sha256).hexdigest()


def open_receipt(extra: bytes | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Leaf and opening of a receipt, once the opening and its salt give the leaf's commitment."""
    if extra is None:
        raise Invalid("opening", field="extra")
    box = load_canonical(extra)
    check_shape(box, {"leaf": dict, "opening": dict, "salt": HEX}, "opening")
    leaf, opening = box["leaf"], box["opening"]
    check_leaf(leaf)
    if leaf["t"] not in OPENINGS:
        raise Invalid("opening", field="leaf")
    check_shape(opening, OPENINGS[leaf["t"]], "opening")
    if commitment(RECEIPT if leaf["t"] == "r" else OUTCOME, opening, box["salt"]) != leaf["c"]:
        raise Invalid("commitment")
    if leaf.get("k") != opening.get("k"):
        raise Invalid("opening", field="k")
    return leaf, opening


def read_page(data: bytes) -> dict[str, Any]:
    """The object of an answer version's file, or of what an erased version leaves behind; its leaf is well-formed."""
    page = load_json(data)
    erased = isinstance(page, dict) and "erased" in page
    whole = {"answer": dict, "leaf": dict, "proof": (str, type(None)), "salt": HEX}
    check_shape(page, {"erased": bool, "leaf": dict} if erased else whole, "page")
    check_leaf(page["leaf"])
    if page["leaf"]["t"] not in ("e" if erased else STEPS):
        raise Invalid("page")
    return page  # type: ignore[no-any-return]


def check_page(page: Mapping[str, Any]) -> bytes:
    """The canonical leaf of an answer version, once the public content gives its commitment and its fields."""
    answer, leaf = page["answer"], page["leaf"]
    told = {"answer": leaf["a"], "n": leaf["n"], "step": STEPS[leaf["t"]], "published": leaf["ts"], "unit": leaf["u"]}
    for field, value in told.items():
        if answer.get(field) != value:
            raise Invalid("page_differs", field=field)
    if commitment(ANSWER, answer, page["salt"]) != leaf["h"]:
        raise Invalid("commitment")
    return canonical(leaf)


# --- The commands --------------------------------------------------------------------------------------------------


def trusted(options: Mapping[str, str]) -> Policy:
    """The policy to check against: of the option, else the pinned one. Without one that works, nothing can be told."""
    if "policy" not in options and not PINNED_POLICY:
        raise CannotTell("no_policy")
    try:
        policy = read_policy(need(options["policy"]) if "policy" in options else PINNED_POLICY.encode())
    except Invalid as why:
        raise CannotTell("bad_policy", why=why.plain()) from None
    if not policy.logs:
        raise CannotTell("no_logs")
    return policy


def check_receipt(words: Sequence[str], options: Mapping[str, str], voice: Voice) -> int:
    """`receipt FILE`: whether a message, or its outcome, is in the log, and is what the files given hold."""
    policy = trusted(options)
    proof = read_proof(text_of(need(words[0])))
    leaf, opening = open_receipt(proof.extra)
    checkpoint = prove(proof, canonical(leaf), policy)
    compared = [(field, options[name]) for name, field in (("text", "msg"), ("place", "place")) if name in options]
    if compared and leaf["t"] == "o":
        raise CannotTell("nothing_to_compare")
    for field, name in compared:
        if hashlib.sha256(need(name)).hexdigest() != opening[field]:
            raise Invalid("differs", name=name)
    where = {"origin": checkpoint.origin, "index": proof.entry, "size": checkpoint.size}
    if leaf["t"] == "r":
        voice.say("receipt_valid", day=opening["day"], ch=opening["ch"], **where)
    else:
        voice.say("outcome_valid", k=[leaf["k"], {}], a=f": {opening['a']}" if opening["a"] else "", **where)
    for _field, name in compared:
        voice.say("same", name=name)
    say_witnesses(checkpoint, policy, voice)
    return VALID


def say_witnesses(checkpoint: Checkpoint, policy: Policy, voice: Voice) -> None:
    """Tell who confirmed the checkpoint, or that nobody had to."""
    for alias, at in checkpoint.witnesses.items():
        voice.say("cosigned", name=alias, at=clock_time(at))
    if policy.quorum == ["none"]:
        voice.say("note", what=["no_witness", {}])


def check_answer(words: Sequence[str], options: Mapping[str, str], voice: Voice) -> int:
    """`answer URL|FILE`: whether a version of an answer is, letter for letter, the one that was logged."""
    policy = trusted(options)
    page = read_page(need(words[0]))
    leaf = page["leaf"]
    if "erased" in page:
        raise CannotTell("erased", a=leaf["a"], n=leaf["n"], lg=leaf["lg"])
    entry = check_page(page)
    if page["proof"] is None:
        raise CannotTell("not_yet")
    proof = read_proof(text_of(page["proof"].encode("utf-8", "surrogatepass")))
    if proof.extra is not None:
        raise Invalid("proof")
    checkpoint = prove(proof, entry, policy)
    place = {"origin": checkpoint.origin, "index": proof.entry}
    voice.say("answer_valid", a=leaf["a"], n=leaf["n"], ts=leaf["ts"], step=[STEPS[leaf["t"]], {}], **place)
    say_witnesses(checkpoint, policy, voice)
    return VALID


def check_two(words: Sequence[str], options: Mapping[str, str], voice: Voice) -> int:
    """`consistency OLD NEW`: whether the log of the new checkpoint is that of the old one, grown."""
    policy = trusted(options)
    old, new = [cosigned(vouch(read_note(text_of(need(word))), policy)) for word in words]
    if old.origin != new.origin:
        raise Invalid("two_logs", old=old.origin, new=new.origin)
    if new.size < old.size:
        raise Invalid("shrunk", old=old.size, new=new.size)
    if new.size == old.size and new.root != old.root:
        raise Invalid("two_roots", size=new.size)
    if 0 < old.size < new.size:
        if "log" not in options:
            raise CannotTell("no_log_given")
        path = Tree(options["log"].rstrip("/"), new.size).consistency(old.size)
        check_consistency(old.size, new.size, old.root, new.root, path)
    elif old.size == 0 and old.root != root_of([]):
        raise Invalid("consistency")
    voice.say("consistent", origin=new.origin, old=old.size, new=new.size)
    say_witnesses(new, policy, voice)
    return VALID


def show_policy(words: Sequence[str], _options: Mapping[str, str], voice: Voice) -> int:
    """`policy FILE`: what a policy trusts and asks for."""
    policy = read_policy(need(words[0]))
    for key in policy.logs:
        voice.say("policy_log", name=f"{key.name}+{key.id.hex()}")
    for alias, key in policy.witnesses.items():
        voice.say("policy_witness", alias=alias, name=f"{key.name}+{key.id.hex()}")
    for name, (enough, members) in policy.groups.items():
        voice.say("policy_group", name=name, enough=enough, members=", ".join(members))
    voice.say("policy_needs", name=["nobody", {}] if policy.quorum == ["none"] else policy.quorum[0])
    return VALID


# --- Watching a whole log ------------------------------------------------------------------------------------------


def order_of(origin: str) -> tuple[int, int]:
    """The year and number of a log, for `…/log/2026-2` (2026, 2); zeros for a name that is not like that."""
    found = re.fullmatch(".+/log/([0-9]{4})(?:-([1-9][0-9]{0,2}))?", origin)
    return (int(found[1]), int(found[2] or 1)) if found else (0, 0)


def folder_of(origin: str) -> str:
    """Where below the desk's address the files of a log are."""
    if order_of(origin) == (0, 0):
        raise CannotTell("shard", origin=origin)
    return "log/" + origin.rpartition("/")[2]


def fresh_state(policy: Policy) -> dict[str, Any]:
    """What is known before the first run: the oldest log that the policy names, and nothing of it."""
    origin = min((key.name for key in policy.logs), key=order_of)
    counts = dict.fromkeys(("r", *OUTCOMES), 0)
    return {
        "v": 1, "origin": origin, "size": 0, "edge": [], "note": "", "before": [], "ts": "", "next": "",
        "announced": [], "counts": counts, "days": [], "answers": {}, "faults": [], "waiting": {},
    }  # fmt: skip


def load_state(path: Path, policy: Policy) -> dict[str, Any]:
    """The state of the last run, or a fresh one."""
    fresh = fresh_state(policy)
    try:
        state = json.loads(path.read_bytes())
    except FileNotFoundError:
        return fresh
    except OSError:
        raise CannotTell("unreadable", name=path) from None
    except (ValueError, RecursionError):
        state = None
    if not isinstance(state, dict) or [*map(type, state.values())] != [*map(type, fresh.values())]:
        raise CannotTell("state", name=path)
    state["counts"] = fresh["counts"] | state["counts"]  # kept by a run that knew fewer outcomes
    return state


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in its place at once: whoever stops us leaves the old one or the new one, never half of one."""
    aside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        raise CannotTell("unwritable", name=path) from None


def grow(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Add a leaf to the roots of the whole subtrees that make up a tree of that size, largest first."""
    while size & 1:
        leaf, size = join(edge.pop(), leaf), size >> 1
    edge.append(leaf)


def root_of(edge: Sequence[bytes]) -> bytes:
    """The root over such subtrees."""
    if not edge:
        return hashlib.sha256().digest()
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = join(left, root)
    return root


def clock() -> int:
    """POSIX seconds, now."""
    return int(time.time())


class Watch:
    """One run of `monitor`: it goes on from the state that the last run left."""

    def __init__(self, desk: str, policy: Policy, folder: Path, voice: Voice) -> None:
        self.desk, self.policy, self.folder, self.voice = desk, policy, folder, voice
        self.state = load_state(folder / "state.json", policy)
        self.now = clock()
        self.found = self.unread = 0

    def run(self) -> int:
        """Check everything and say it; the exit status. The state is written when its part of the checks is done."""
        listed = self.listed()  # before the logs are read: what is listed now is in them, or was too new
        while self.read_log():
            pass
        self.keep()
        for code, values in self.state["faults"]:
            self.warn(code, **values)
        count = self.check_pages()
        self.check_extra(listed)
        self.check_days()
        self.say_counts()
        self.keep()
        if self.found:
            self.voice.say("findings", count=self.found)
            return NOT_VALID
        if self.unread:
            raise CannotTell("incomplete", count=self.unread)
        self.voice.say("all_well", count=count)
        return VALID

    def keep(self) -> None:
        """Keep the state for the next run."""
        write_whole(self.folder / "state.json", json.dumps(self.state, indent=1).encode())

    def warn(self, code: str, **values: Any) -> None:
        """Say what does not fit, and count it."""
        self.found += 1
        self.voice.say("warning", what=[code, values])

    def note(self, code: str, **values: Any) -> None:
        """Say what is good to know."""
        self.voice.say("note", what=[code, values])

    # The logs, one shard after the other

    def read_log(self) -> bool:
        """Read what is new in the log at hand; whether there is a log after it, which is then at hand.

        The next log is the one announced in this one, or else, as when a log had to be stopped, the next of the policy.
        That is asked for first: once it is there, this one grows no more.
        """
        state, origin = self.state, self.state["origin"]
        later = sorted((key.name for key in self.policy.logs if order_of(key.name) > order_of(origin)), key=order_of)
        opened = later[0] if later and self.newest(later[0]) else ""
        newest = self.newest(origin)
        if newest is None:
            raise CannotTell("absent", name=f"{folder_of(origin)}/checkpoint")
        checkpoint, note = newest
        self.extend(checkpoint, note)
        self.voice.say("log_read", origin=origin, size=checkpoint.size)
        if not checkpoint.enough:
            self.note("quorum")
        following = state["next"] or opened
        if not following or not self.newest(following):
            return False
        if not state["next"]:
            self.note("unannounced", new=following, old=origin)
        before = [origin, checkpoint.root.hex(), checkpoint.size]
        state.update({"origin": following, "before": before, "size": 0, "edge": [], "note": "", "next": ""})
        return True

    def newest(self, origin: str) -> tuple[Checkpoint, str] | None:
        """The checkpoint that a log serves, and its note; None where it serves none."""
        data = fetch(f"{self.desk}/{folder_of(origin)}/checkpoint", MOST_BYTES)
        if data is None:
            return None
        text = text_of(data)
        announced = [read_key(vkey, LOG) for vkey in self.state["announced"]]
        checkpoint = vouch(read_note(text), self.policy, announced)
        if checkpoint.origin != origin:
            raise Invalid("two_logs", old=origin, new=checkpoint.origin)
        return checkpoint, text

    def extend(self, checkpoint: Checkpoint, note: str) -> None:
        """Read the new entries, and refuse a checkpoint that they do not lead to from the last one seen."""
        state, origin, size = self.state, checkpoint.origin, checkpoint.size
        old, edge = state["size"], [bytes.fromhex(each) for each in state["edge"]]
        if size < old:
            self.refuse(note, "shrunk", old=old, new=size)
        for index, entry in self.entries(f"{self.desk}/{folder_of(origin)}/tile/entries", old, size):
            grow(edge, index, leaf_hash(entry))
            self.follow(index, entry)
            if index % 5000 == 4999:
                self.voice.murmur("progress", done=index + 1, total=size, name=origin)
        if root_of(edge) != checkpoint.root:
            self.refuse(note, "two_roots" if size == old else "consistency", size=size)
        state.update({"size": size, "edge": [each.hex() for each in edge], "note": note})

    def refuse(self, note: str, code: str, **values: Any) -> NoReturn:
        """Keep both checkpoints, signed as they are, and stop. If this is the first one, the entries do not fit it."""
        if not self.state["note"]:
            raise Invalid("part", name=f"{self.desk}/{folder_of(self.state['origin'])}/tile/entries")
        folder = self.folder / "evidence" / hashlib.sha256(note.encode()).hexdigest()[:16]
        write_whole(folder / "old", self.state["note"].encode())
        write_whole(folder / "new", note.encode())
        self.note("evidence", name=folder)
        raise Invalid(code, **values)

    def entries(self, folder: str, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The entries from start to before end, with their indexes."""
        for n in range(start // 256, (end + 255) // 256):
            width = min(256, end - 256 * n)
            bundle = read_bundle(tile_part(folder, n, width), width, tile_path(folder, n))
            for at in range(max(0, start - 256 * n), width):
                yield 256 * n + at, bundle[at]

    # What the entries say

    def follow(self, index: int, entry: bytes) -> None:
        """Take in an entry. What is wrong with it is told in every later run too: a log does not forget either."""
        try:
            leaf = load_canonical(entry)
            check_leaf(leaf)
            self.take(index, leaf, leaf_hash(entry).hex())
        except Invalid as why:
            fault = {"index": index, "origin": self.state["origin"], "why": why.plain()}
            self.state["faults"].append(["entry", fault])

    def take(self, index: int, leaf: Mapping[str, Any], digest: str) -> None:
        """Take in a well-formed leaf."""
        state, kind = self.state, leaf["t"]
        joins = kind == "s" or (index == 0 and state["before"])
        if joins and index == 0 and not state["before"]:
            raise CannotTell("earlier_log", origin=leaf["o"])
        if state["next"] or (joins and [index, leaf.get("o"), leaf.get("r"), leaf.get("z")] != [0, *state["before"]]):
            raise Invalid("joint")
        if kind == "r":
            state["counts"]["r"] += 1
        elif kind == "o":
            state["counts"][leaf["k"]] += 1
        elif kind == "x":
            state["days"].append(leaf["day"])
        elif kind == "k":
            self.take_key(leaf["vk"])
        elif kind != "s":
            self.take_version(leaf, digest)

    def take_key(self, vkey: str) -> None:
        """The next log, announced: it must come after this one, and have the key that the policy has, if it has one."""
        key = read_key(vkey, LOG)
        pinned = [each for each in self.policy.logs if each.name == key.name]
        if order_of(key.name) <= order_of(self.state["origin"]) or pinned not in ([], [key]):
            raise Invalid("next", name=key.name)
        self.state["next"] = key.name
        self.state["announced"].append(vkey)

    def take_version(self, leaf: Mapping[str, Any], digest: str) -> None:
        """A step in the life of an answer: it must follow on from the last version (p, c, w) or be about one (h, e)."""
        state, kind = self.state, leaf["t"]
        if leaf.get("ts", state["ts"]) < state["ts"]:
            raise Invalid("ts_back")
        state["ts"] = leaf.get("ts", state["ts"])
        versions = state["answers"].get(leaf["a"], [])
        base = leaf["n"] - 1 if kind in STEPS else leaf["n"]
        linked = versions[base - 1]["leaf"] if 0 < base <= len(versions) else None
        if leaf.get("pv") != linked or (kind in STEPS and base != len(versions)):
            raise Invalid("chain", n=base, a=leaf["a"])
        if kind == "h":
            versions[base - 1]["hidden"] = leaf["ts"]
        elif kind == "e":
            versions[base - 1]["erased"] = digest
        else:
            version = {"leaf": digest, "step": kind, "hidden": "", "erased": ""}
            state["answers"][leaf["a"]] = [*versions, version]

    # What the desk serves

    def listed(self) -> list[tuple[str, int]]:
        """The versions that the desk says it serves."""
        data = fetch(f"{self.desk}/answers/index.json", MOST_INDEX)
        if data is None:
            raise CannotTell("absent", name=f"{self.desk}/answers/index.json")
        box = load_json(data)
        check_shape(box, {"versions": list}, "page")
        for each in box["versions"]:
            check_shape(each, {"answer": NUMBER, "erased": bool, "n": int}, "page")
        return [(each["answer"], each["n"]) for each in box["versions"]]

    def page(self, a: str, n: int) -> bytes | None:
        """The file of a version; None where there is none."""
        return fetch(f"{self.desk}/answers/{a}/v{n}.json", MOST_BYTES)

    def check_pages(self) -> int:
        """Check every version that the logs know; how many there are."""
        every = [(a, n) for a, versions in self.state["answers"].items() for n in range(1, len(versions) + 1)]
        for done, (a, n) in enumerate(every, start=1):
            try:
                self.check_version(a, n, self.state["answers"][a])
            except Invalid as why:
                self.warn("changed", a=a, n=n, why=why.plain())
            except CannotTell as why:
                self.unread += 1
                if self.unread > PATIENCE:
                    raise
                self.note("unread", a=a, n=n, why=why.plain())
            if done % 500 == 0:
                self.voice.murmur("progress", done=done, total=len(every), name=self.desk)
        return len(every)

    def check_version(self, a: str, n: int, versions: Sequence[Mapping[str, str]]) -> None:
        """Check one version: served and unchanged, or hidden, or erased, as the log says."""
        data, known = self.page(a, n), versions[n - 1]
        if data is None:
            if not known["erased"]:
                self.check_absent(a, n, versions)
            return
        page = read_page(data)
        if "erased" in page:
            if leaf_hash(canonical(page["leaf"])).hex() != known["erased"]:
                self.warn("erased_alone", a=a, n=n)
        elif leaf_hash(check_page(page)).hex() != known["leaf"]:
            raise Invalid("page_differs", field="leaf")
        elif known["erased"]:
            self.warn("erased_kept", a=a, n=n)

    def check_absent(self, a: str, n: int, versions: Sequence[Mapping[str, str]]) -> None:
        """A version may be away for a day after it was hidden; then it is back, or was withdrawn by two."""
        hidden = versions[n - 1]["hidden"]
        if not hidden:
            self.warn("missing", a=a, n=n)
        elif self.now - seconds(hidden) <= DAY_S or "w" in [each["step"] for each in versions[n:]]:
            self.note("hidden", a=a, n=n, ts=hidden)
        else:
            self.warn("hidden_long", a=a, n=n, ts=hidden)

    def check_extra(self, listed: Sequence[tuple[str, int]]) -> None:
        """Versions that no log knows are too new, for an hour; then they were never logged."""
        seen, self.state["waiting"] = self.state["waiting"], {}
        for a, n in listed:
            if n > len(self.state["answers"].get(a, [])):
                since = min(seen.get(f"{a}/{n}", self.now), self.published(a, n))
                self.state["waiting"][f"{a}/{n}"] = since
                if self.now - since > HOUR_S:
                    self.warn("extra", a=a, n=n)
                else:
                    self.note("waiting", a=a, n=n)

    def published(self, a: str, n: int) -> int:
        """When a version that is in no log says it was published; now, where it does not say."""
        try:
            return seconds(read_page(self.page(a, n) or b"")["leaf"]["ts"])
        except (Finding, KeyError):
            return self.now

    def check_days(self) -> None:
        """Tell of days between others whose keys the log does not say were destroyed."""
        days = {datetime.date.fromisoformat(day).toordinal() for day in self.state["days"]}
        gaps = sorted(set(range(min(days), max(days))) - days) if days else []
        if gaps:
            self.note("days", count=len(gaps), day=datetime.date.fromordinal(gaps[0]))

    def say_counts(self) -> None:
        """Tell how many messages came in and what became of them."""
        counts = self.state["counts"]
        outcomes = sum(counts[k] for k in OUTCOMES)
        if outcomes > counts["r"]:
            self.warn("more_outcomes", outcomes=outcomes, received=counts["r"])
        self.voice.say("counts", open=counts["r"] - outcomes, **counts)


def monitor(words: Sequence[str], options: Mapping[str, str], voice: Voice) -> int:
    """`monitor URL --state FOLDER`: whether a desk's whole log holds together, and it serves what it logged."""
    return Watch(words[0].rstrip("/"), trusted(options), Path(options["state"]), voice).run()


# --- The command line ----------------------------------------------------------------------------------------------

COMMANDS: dict[str, tuple[Callable[[Sequence[str], Mapping[str, str], Voice], int], int, set[str]]] = {
    "receipt": (check_receipt, 1, {"text", "place"}),
    "answer": (check_answer, 1, set()),
    "consistency": (check_two, 2, {"log"}),
    "monitor": (monitor, 1, {"state"}),
    "policy": (show_policy, 1, set()),
}


def read_command_line(argv: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Words and options (`--name value` or `--name=value`); refused when they are not ours."""
    words: list[str] = []
    options: dict[str, str] = {}
    rest = iter(argv)
    for word in rest:
        if not word.startswith("--"):
            words.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        value = value if equals else next(rest, "")
        if not value or name in options:
            raise CannotTell("usage")
        options[name] = value
    if not words or words[0] not in COMMANDS:
        raise CannotTell("usage")
    _command, count, allowed = COMMANDS[words[0]]
    if len(words) != count + 1 or not set(options) <= {"policy", "lang", *allowed}:
        raise CannotTell("usage")
    if options.get("lang", "vi") not in ("vi", "en") or (words[0] == "monitor" and "state" not in options):
        raise CannotTell("usage")
    return words, options


def language(argv: Sequence[str]) -> str:
    """The language to speak: --lang, else that of LC_ALL or LANG, else Vietnamese."""
    asked = re.search("--lang[= ](vi|en)", " ".join(argv))
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return asked[1] if asked else "en" if spoken.startswith("en") else "vi"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status. Whatever happens, the reader gets a sentence and never a traceback."""
    argv = list(sys.argv[1:] if argv is None else argv)
    voice = Voice(language(argv))
    try:
        if {"-h", "--help"} & set(argv):
            voice.say("usage")
            return VALID
        words, options = read_command_line(argv)
        return COMMANDS[words[0]][0](words[1:], options, voice)
    except Finding as finding:
        if finding.code == "usage":
            voice.murmur("usage")
        else:
            voice.say("not_valid" if finding.status == NOT_VALID else "cannot_tell", why=finding.plain())
        return finding.status
    except KeyboardInterrupt:
        voice.say("cannot_tell", why=["stopped", {}])
    except Exception as error:
        voice.say("cannot_tell", why=["bug", {"cause": type(error).__name__}])
    return CANNOT_TELL


# --- What is said, in two languages --------------------------------------------------------------------------------

COMMAND_LINES = """
  verify_desk.py receipt FILE [--text FILE] [--place FILE]
  verify_desk.py answer URL|FILE
  verify_desk.py consistency OLD NEW [--log URL|FOLDER]
  verify_desk.py monitor URL --state FOLDER
  verify_desk.py policy FILE
"""
VI = {
    "usage": f"Cách dùng:{COMMAND_LINES}Lệnh nào cũng nhận thêm: --policy FILE (chính sách bạn tin cậy), --lang vi|en.",
    "not_valid": "Không hợp lệ: {why}",
    "cannot_tell": "Chưa kết luận được: {why}",
    "note": "Lưu ý: {what}",
    "warning": "Cảnh báo: {what}",
    "bug": "chương trình gặp lỗi ngoài dự kiến ({cause}); xin báo cho người viết, kèm tệp bạn đã kiểm tra.",
    "stopped": "bạn đã dừng chương trình.",
    "unreadable": "không đọc được {name}.",
    "unwritable": "không ghi được vào {name}.",
    "network": "không tải được {name} ({cause}).",
    "absent": "không có gì tại {name}.",
    "too_long": "{name} dài hơn mức cho phép ({limit} byte).",
    "text": "tệp không phải văn bản UTF-8 sạch (có ký tự điều khiển, dấu xuống dòng CR hoặc byte lạ).",
    "value": "có giá trị viết không đúng chuẩn: {value}",
    "json": "phần JSON không đọc được hoặc không ở dạng chuẩn.",
    "key": "không dùng được khóa {name}: sai khuôn, sai mã số hoặc sai loại.",
    "note_form": "phần chữ ký không đúng khuôn hoặc có hơn 100 dòng.",
    "two_lines": "khóa {name} có hai dòng chữ ký khác nhau.",
    "signature": "chữ ký của {name} không đúng.",
    "checkpoint": "mốc của sổ không đúng khuôn ba dòng.",
    "unknown_log": "chính sách của bạn không tin cậy sổ {origin}.",
    "unsigned": "sổ {origin} không ký mốc này.",
    "quorum": "mốc của sổ chưa đủ chữ ký của nhân chứng như chính sách đòi hỏi.",
    "no_policy": "chưa có chính sách; hãy thêm --policy và tên tệp.",
    "bad_policy": "chính sách không dùng được: {why}",
    "no_logs": "chính sách không nêu sổ nào.",
    "policy_line": "dòng {line} của chính sách có lỗi: {why}",
    "policy_form": "dòng không đúng khuôn hoặc có ký tự không được phép.",
    "policy_name": "tên {name} đã được dùng, là tên dành riêng, hoặc chưa được nêu ở trên.",
    "policy_enough": "số thành viên cần có phải từ 1 đến {most}.",
    "policy_quorum": "chính sách phải có đúng một dòng quorum.",
    "proof": "phần chứng minh không đúng khuôn hoặc dài hơn 63 mã băm.",
    "index": "mục số {index} không nằm trong sổ có {size} mục.",
    "inclusion": "phần chứng minh không dẫn tới mã gốc của mốc của sổ.",
    "consistency": "hai mốc không nối tiếp nhau: có mục cũ đã bị đổi, bị bỏ hoặc bị giấu.",
    "shrunk": "mốc mới ({new} mục) nhỏ hơn mốc cũ ({old} mục): sổ không bao giờ được ngắn lại.",
    "two_roots": "hai mốc cùng có {size} mục nhưng nội dung khác nhau: sổ đã bị rẽ nhánh.",
    "two_logs": "hai mốc thuộc hai sổ khác nhau: {old} và {new}.",
    "no_log_given": "để so hai mốc này cần thêm --log và địa chỉ hoặc thư mục của sổ.",
    "leaf": "mục trong sổ không đúng khuôn ({field}).",
    "opening": "phần mở cam kết trong biên nhận không đúng khuôn ({field}).",
    "commitment": "nội dung không khớp với mã cam kết trong sổ.",
    "differs": "{name} không phải nội dung đã ghi; cần đúng từng byte, kể cả dấu xuống dòng.",
    "nothing_to_compare": "biên nhận về kết quả không chứa văn bản hay nơi chốn để so.",
    "page": "trang câu trả lời không đúng khuôn.",
    "page_differs": "trang câu trả lời khác với mục trong sổ của nó ({field}).",
    "not_yet": "phiên bản này chưa có trong mốc của sổ nào; xin thử lại sau ít phút.",
    "erased": "phiên bản {n} của câu trả lời {a} đã được xóa theo luật ({lg}); không còn gì để kiểm tra.",
    "receipt_valid": "Hợp lệ: tin nhận ngày {day} qua {ch} có trong sổ {origin}, mục số {index} trên {size}.",
    "outcome_valid": "Hợp lệ: kết quả xử lý tin ({k}{a}) có trong sổ {origin}, mục số {index} trên {size}.",
    "same": "{name} đúng là nội dung đã ghi.",
    "answer_valid": "Hợp lệ: câu trả lời {a}, phiên bản {n} ({step} {ts}), khớp mục số {index} của sổ {origin}.",
    "consistent": "Hợp lệ: sổ {origin} đi từ {old} đến {new} mục mà không mục nào bị đổi hay bị bỏ.",
    "cosigned": "Bên làm chứng {name} đã xác nhận mốc của sổ lúc {at}.",
    "no_witness": "chính sách không đòi nhân chứng: ai giữ khóa sổ vẫn có thể cho riêng bạn xem một bản khác.",
    "policy_log": "Sổ được tin cậy: {name}",
    "policy_witness": "Bên làm chứng {alias}: {name}",
    "policy_group": "Nhóm {name}: cần {enough} trong số {members}",
    "policy_needs": "Mỗi mốc của sổ cần chữ ký của: {name}",
    "nobody": "không ai khác",
    "answered": "đã trả lời",
    "forwarded": "đã chuyển",
    "declined": "đã từ chối",
    "expired": "hết hạn lưu giữ",
    "merged": "đã gộp",
    "withdrawn": "người gửi đã rút lại",
    "publish": "công bố",
    "correct": "đính chính",
    "withdraw": "rút lại",
    "state": "không hiểu được trạng thái đã lưu trong {name}.",
    "shard": "tên sổ {origin} không có dạng …/log/2026.",
    "earlier_log": "sổ này nối tiếp {origin}, mà chính sách của bạn chưa nêu; hãy thêm dòng log của sổ đó.",
    "evidence": "hai mốc trái nhau được giữ làm bằng chứng trong {name}.",
    "part": "sổ thiếu phần {name} hoặc phần đó bị hỏng, dù mốc của sổ đã bao gồm nó.",
    "entry": "mục số {index} của sổ {origin} không đúng: {why}",
    "joint": "chỗ nối giữa hai sổ không khớp.",
    "ts_back": "thời gian đi lùi.",
    "chain": "mục này không nối tiếp phiên bản {n} của câu trả lời {a}.",
    "next": "sổ tiếp theo được báo ({name}) không đứng sau sổ này, hoặc khóa khác với chính sách.",
    "unannounced": "sổ {new} không được báo trước trong {old}; chỉ có chính sách nêu tên.",
    "missing": "phiên bản {n} của câu trả lời {a} có trong sổ nhưng không được đưa ra.",
    "changed": "phiên bản {n} của câu trả lời {a} đã bị đổi: {why}",
    "extra": "phiên bản {n} của câu trả lời {a} được đưa ra nhưng không có trong sổ.",
    "waiting": "phiên bản {n} của câu trả lời {a} đang chờ được ghi vào sổ.",
    "hidden": "phiên bản {n} của câu trả lời {a} đang tạm ẩn từ {ts}.",
    "hidden_long": "phiên bản {n} của câu trả lời {a} bị ẩn quá 24 giờ (từ {ts}) mà không được rút lại.",
    "erased_alone": "phiên bản {n} của câu trả lời {a} đã bị xóa mà sổ chưa ghi việc xóa.",
    "erased_kept": "phiên bản {n} của câu trả lời {a} được ghi là đã xóa nhưng vẫn còn được đưa ra.",
    "unread": "chưa kiểm tra được phiên bản {n} của câu trả lời {a}: {why}",
    "incomplete": "chưa kiểm tra hết; số trang không tải được: {count}.",
    "days": "số ngày mà sổ không ghi việc hủy khóa liên lạc: {count}, đầu tiên là {day}.",
    "more_outcomes": "có nhiều kết quả ({outcomes}) hơn số tin nhận được ({received}).",
    "log_read": "Sổ {origin}: mã gốc khớp; số mục: {size}.",
    "counts": "Tin đã nhận: {r}; đã trả lời: {answered}; đã chuyển: {forwarded}; đã từ chối: {declined};"
    " hết hạn lưu giữ: {expired}; đã gộp: {merged}; người gửi rút lại: {withdrawn};"
    " còn mở: {open}.",
    "all_well": "Hợp lệ: mọi thứ đều khớp; số phiên bản câu trả lời đã kiểm tra: {count}.",
    "findings": "Số điều không khớp, như đã nêu ở trên: {count}.",
    "progress": "Đã xong {done} trên {total} ({name}).",
}
EN = {
    "usage": f"Usage:{COMMAND_LINES}Every command also takes: --policy FILE (the policy you trust), --lang vi|en.",
    "not_valid": "Not valid: {why}",
    "cannot_tell": "Cannot tell: {why}",
    "note": "Note: {what}",
    "warning": "Warning: {what}",
    "bug": "the program met something unexpected ({cause}); please tell its authors, with the file you checked.",
    "stopped": "you stopped the program.",
    "unreadable": "{name} cannot be read.",
    "unwritable": "{name} cannot be written.",
    "network": "{name} could not be loaded ({cause}).",
    "absent": "there is nothing at {name}.",
    "too_long": "{name} is longer than allowed ({limit} bytes).",
    "text": "the file is not clean UTF-8 text (it has control characters, CR line ends or odd bytes).",
    "value": "a value is not written as it should be: {value}",
    "json": "the JSON part cannot be read or is not in canonical form.",
    "key": "key {name} cannot be used: its form, id or kind is wrong.",
    "note_form": "the signature part is malformed or has more than 100 lines.",
    "two_lines": "key {name} has two different signature lines.",
    "signature": "the signature of {name} is wrong.",
    "checkpoint": "the checkpoint does not have the form of three lines.",
    "unknown_log": "your policy does not trust the log {origin}.",
    "unsigned": "the log {origin} did not sign this checkpoint.",
    "quorum": "the checkpoint lacks the witness signatures that the policy asks for.",
    "no_policy": "there is no policy; please add --policy and a file.",
    "bad_policy": "the policy cannot be used: {why}",
    "no_logs": "the policy names no log.",
    "policy_line": "line {line} of the policy is wrong: {why}",
    "policy_form": "the line is malformed or has a character that is not allowed.",
    "policy_name": "the name {name} is in use, reserved, or not defined above.",
    "policy_enough": "the number of members needed must be from 1 to {most}.",
    "policy_quorum": "a policy must have exactly one quorum line.",
    "proof": "the proof is malformed or longer than 63 hashes.",
    "index": "entry {index} is not in a log of {size} entries.",
    "inclusion": "the proof does not lead to the root of the checkpoint.",
    "consistency": "the checkpoints do not follow each other: an earlier entry was changed, dropped or hidden.",
    "shrunk": "the new checkpoint ({new} entries) is smaller than the old one ({old}): a log must never shrink.",
    "two_roots": "two checkpoints of {size} entries differ: the log was forked.",
    "two_logs": "the checkpoints belong to two logs: {old} and {new}.",
    "no_log_given": "to compare these checkpoints, please add --log and the address or folder of the log.",
    "leaf": "the log entry is malformed ({field}).",
    "opening": "the opening of the receipt is malformed ({field}).",
    "commitment": "the content does not fit the commitment in the log.",
    "differs": "{name} is not the content that was logged; every byte counts, line ends too.",
    "nothing_to_compare": "the receipt of an outcome holds no text or place to compare.",
    "page": "the answer page is malformed.",
    "page_differs": "the answer page differs from its log entry ({field}).",
    "not_yet": "this version is not in any checkpoint yet; please try again in a few minutes.",
    "erased": "version {n} of answer {a} was erased by law ({lg}); there is nothing left to check.",
    "receipt_valid": "Valid: the message received on {day} by {ch} is in the log {origin}, entry {index} of {size}.",
    "outcome_valid": "Valid: the outcome of the message ({k}{a}) is in the log {origin}, entry {index} of {size}.",
    "same": "{name} is the content that was logged.",
    "answer_valid": "Valid: answer {a}, version {n} ({step} {ts}), is as in entry {index} of the log {origin}.",
    "consistent": "Valid: the log {origin} went from {old} to {new} entries, and none was changed or dropped.",
    "cosigned": "Witness {name} confirmed the checkpoint at {at}.",
    "no_witness": "the policy asks for no witness: whoever holds the log's key could still show you alone another log.",
    "policy_log": "Trusted log: {name}",
    "policy_witness": "Witness {alias}: {name}",
    "policy_group": "Group {name}: {enough} needed of {members}",
    "policy_needs": "Each checkpoint needs the signature of: {name}",
    "nobody": "nobody else",
    "answered": "answered",
    "forwarded": "forwarded",
    "declined": "declined",
    "expired": "expired",
    "merged": "merged",
    "withdrawn": "withdrawn by its sender",
    "publish": "published",
    "correct": "corrected",
    "withdraw": "withdrawn",
    "state": "the state kept in {name} cannot be understood.",
    "shard": "the log name {origin} is not of the form …/log/2026.",
    "earlier_log": "this log continues {origin}, which your policy does not name; please add the log line of that one.",
    "evidence": "the two checkpoints that contradict each other are kept as evidence in {name}.",
    "part": "part {name} of the log is missing or damaged, although the checkpoint covers it.",
    "entry": "entry {index} of the log {origin} is wrong: {why}",
    "joint": "two logs do not join where they should.",
    "ts_back": "its time goes backwards.",
    "chain": "it does not follow version {n} of answer {a}.",
    "next": "the next log announced ({name}) does not come after this one, or its key is not the policy's.",
    "unannounced": "the log {new} was not announced in {old}; only the policy names it.",
    "missing": "version {n} of answer {a} is in the log but is not served.",
    "changed": "version {n} of answer {a} was changed: {why}",
    "extra": "version {n} of answer {a} is served but is not in the log.",
    "waiting": "version {n} of answer {a} is waiting to be logged.",
    "hidden": "version {n} of answer {a} is hidden for now, since {ts}.",
    "hidden_long": "version {n} of answer {a} is hidden for more than 24 hours (since {ts}) and was not withdrawn.",
    "erased_alone": "version {n} of answer {a} was erased, and the log does not say so yet.",
    "erased_kept": "version {n} of answer {a} is logged as erased but is still served.",
    "unread": "version {n} of answer {a} could not be checked: {why}",
    "incomplete": "not everything was checked; pages that could not be loaded: {count}.",
    "days": "days whose contact key the log does not say was destroyed: {count}, the first being {day}.",
    "more_outcomes": "there are more outcomes ({outcomes}) than messages received ({received}).",
    "log_read": "Log {origin}: the root fits; entries: {size}.",
    "counts": "Messages received: {r}; answered: {answered}; forwarded: {forwarded}; declined: {declined};"
    " expired: {expired}; merged: {merged}; withdrawn by their senders: {withdrawn};"
    " still open: {open}.",
    "all_well": "Valid: everything fits; answer versions checked: {count}.",
    "findings": "Things that do not fit, as said above: {count}.",
    "progress": "{done} of {total} done ({name}).",
}


if __name__ == "__main__":
    sys.exit(main())
