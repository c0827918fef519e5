"""Every leaf there is, to the byte, and what is refused."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.ledger.rules import (
    KINDS,
    MOST_BYTES,
    SHAPES,
    BadLeaf,
    batch_start,
    day_of,
    entry_kind,
    entry_of,
    second_of,
    shard_after,
)

C, H, PV = "c" * 64, "0" * 64, "f" * 64
VERSION = {"a": "2026-000123", "n": 2}
ANSWER = {**VERSION, "h": H, "ts": "2026-11-21T10:15:00Z", "u": "w-12"}
FIELDS = {
    "r": {"c": C},
    "o": {"c": C, "k": "answered"},
    "p": {**ANSWER, "n": 1},
    "c": {**ANSWER, "pv": PV},
    "w": {**ANSWER, "pv": PV, "rs": "stated"},
    "h": {**VERSION, "pv": PV, "ts": "2026-11-21T10:15:00Z"},
    "q": {**VERSION, "q": "O2026-000007", "due": "2026-12-05"},
    "j": {**VERSION, "q": "O2026-000007", "k": "kept", "h": H, "ts": "2026-11-21T10:15:00Z"},
    "e": {**VERSION, "pv": PV, "lg": "court_order"},
    "x": {"day": "2026-05-25"},
    "k": {"vk": "answers.example.org/log/2027+0123abcd+AWFiYw=="},
    "s": {"o": "answers.example.org/log/2026", "r": H, "z": 70000},
}
BYTES = {
    "r": f'{{"c":"{C}","t":"r","v":1}}',
    "o": f'{{"c":"{C}","k":"answered","t":"o","v":1}}',
    "p": f'{{"a":"2026-000123","h":"{H}","n":1,"t":"p","ts":"2026-11-21T10:15:00Z","u":"w-12","v":1}}',
    "c": f'{{"a":"2026-000123","h":"{H}","n":2,"pv":"{PV}","t":"c","ts":"2026-11-21T10:15:00Z","u":"w-12","v":1}}',
    "w": f'{{"a":"2026-000123","h":"{H}","n":2,"pv":"{PV}","rs":"stated","t":"w","ts":"2026-11-21T10:15:00Z",'
    '"u":"w-12","v":1}',
    "h": f'{{"a":"2026-000123","n":2,"pv":"{PV}","t":"h","ts":"2026-11-21T10:15:00Z","v":1}}',
    "q": '{"a":"2026-000123","due":"2026-12-05","n":2,"q":"O2026-000007","t":"q","v":1}',
    "j": f'{{"a":"2026-000123","h":"{H}","k":"kept","n":2,"q":"O2026-000007","t":"j",'
    '"ts":"2026-11-21T10:15:00Z","v":1}',
    "e": f'{{"a":"2026-000123","lg":"court_order","n":2,"pv":"{PV}","t":"e","v":1}}',
    "x": '{"day":"2026-05-25","t":"x","v":1}',
    "k": '{"t":"k","v":1,"vk":"answers.example.org/log/2027+0123abcd+AWFiYw=="}',
    "s": f'{{"o":"answers.example.org/log/2026","r":"{H}","t":"s","v":1,"z":70000}}',
}
# Values of another form, by what the field should hold.
NOT_HEX = ("", "c" * 63, "c" * 65, "C" * 64, "g" * 64, C + "\n", 1, None, ["c"])
NOT_NUMBER = ("", "2026-12345", "26-000123", "2026-000123\n", "2026-00012x", "२०२६-000123", 2026)
NOT_COUNT = (0, -1, "1", 1.0, True, None)
NOT_CODE = ("", "Court", "court order", "a" * 41, "court-order", "code1", 1)
NOT_TIME = ("", "2026-11-21T10:15:00", "2026-11-21 10:15:00Z", "2026-11-21T10:15:00.5Z", "2026-11-21T10:15Z", 0)
WRONG = {
    "c": NOT_HEX,
    "h": NOT_HEX,
    "pv": NOT_HEX,
    "r": NOT_HEX,
    "a": NOT_NUMBER,
    "n": NOT_COUNT,
    "z": NOT_COUNT,
    "ts": NOT_TIME,
    "rs": NOT_CODE,
    "lg": NOT_CODE,
    "k": ("", "Answered", "answered ", "open", "answeredforwarded", 1),
    "u": ("w 12", "w/12", "w" * 41, "phường", 12, None),
    "q": ("", "2026-000007", "O2026-7", "o2026-000007", "O2026-000007\n", 7),
    "due": ("", "2026-5-25", "2026-05-25T00:00:00Z", 20260525),
    "day": ("", "2026-5-25", "25-05-2026", "2026-05-25T00:00:00Z", 20260525),
    "vk": ("", "a b", "a\nb", "a\x00b", "a" * 401, 1),
    "o": ("", "a b", "a\tb", "a" * 401, 1),
}


def test_the_cases_below_cover_every_kind_and_every_field():
    assert set(FIELDS) == set(BYTES) == set(KINDS) == set(SHAPES)
    assert set(WRONG) == {name for shape in SHAPES.values() for name in shape}


@pytest.mark.parametrize("kind", KINDS)
def test_leaf_is_written_in_one_way_and_read_back(kind):
    entry = entry_of(kind, FIELDS[kind])

    assert entry == BYTES[kind].encode()
    assert entry_kind(entry) == kind
    assert entry_of(kind, dict(reversed(FIELDS[kind].items()))) == entry


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(kind, name, value) for kind in KINDS for name in SHAPES[kind] for value in WRONG[name]],
)
def test_field_of_another_form_is_refused(kind, name, value):
    with pytest.raises(BadLeaf, match=f"have another form: {name}$"):
        entry_of(kind, {**FIELDS[kind], name: value})


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in SHAPES[kind]])
def test_missing_field_is_refused(kind, name):
    fields = {each: value for each, value in FIELDS[kind].items() if each != name}

    with pytest.raises(BadLeaf, match="has other fields"):
        entry_of(kind, fields)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["t", "v", "text", "ip", "C", ""])
def test_field_too_many_is_refused(kind, name):
    with pytest.raises(BadLeaf, match="has other fields"):
        entry_of(kind, {**FIELDS[kind], name: "1"})


@pytest.mark.parametrize("kind", ["", "R", "q", "rr", "merged"])
def test_unknown_kind_is_refused(kind):
    with pytest.raises(BadLeaf):
        entry_of(kind, {"c": C})


def test_first_version_has_no_version_before_it_and_the_others_have():
    with pytest.raises(BadLeaf):
        entry_of("p", {**FIELDS["p"], "pv": PV})
    with pytest.raises(BadLeaf):
        entry_of("c", FIELDS["p"])


def test_leaf_of_1024_bytes_is_taken_and_one_of_1025_is_not():
    spare = MOST_BYTES - len(entry_of("s", {"o": "a", "r": H, "z": 1})) + 1
    full = {"o": "ế" * (spare // 3) + "a" * (spare % 3), "r": H, "z": 1}

    assert len(entry_of("s", full)) == 1024
    with pytest.raises(BadLeaf, match="at most 1024 bytes"):
        entry_of("s", {**full, "o": full["o"] + "a"})


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"null",
        b"[]",
        b'"r"',
        b"{}",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"t":"r"}',
        BYTES["r"].encode() + b"\n",
        b" " + BYTES["r"].encode(),
        BYTES["r"].replace(",", ", ").encode(),
        BYTES["r"].replace('"v":1', '"v":2').encode(),
        BYTES["r"].replace('"v":1', '"v":true').encode(),
        BYTES["r"].replace('"v":1', '"v":1.0').encode(),
        BYTES["r"].replace('"t":"r"', '"t":"o"').encode(),
        BYTES["r"].replace('"t":"r"', '"t":["r"]').encode(),
        BYTES["r"].replace(C, "\\u0063" + C[1:]).encode(),
        BYTES["x"].replace('"day"', '"day":"2026-05-25","day"').encode(),
    ],
)
def test_bytes_that_no_leaf_has_are_refused(entry):
    with pytest.raises(BadLeaf, match="these bytes are no leaf"):
        entry_kind(entry)


@given(st.data())
def test_bytes_next_to_a_leafs_give_a_kind_or_the_one_error(data):
    kind = data.draw(st.sampled_from(KINDS))
    entry = bytearray(BYTES[kind].encode())
    at = data.draw(st.integers(0, len(entry) - 1))
    entry[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = entry_kind(bytes(entry))
    except BadLeaf:
        assert bytes(entry) not in {each.encode() for each in BYTES.values()}
    else:
        fields = json.loads(bytes(entry))
        del fields["t"], fields["v"]
        assert entry_of(found, fields) == bytes(entry)


def test_moment_and_day_as_a_leaf_writes_them():
    assert second_of(datetime(2026, 11, 21, 10, 15, 0, 999_999, tzinfo=UTC)) == "2026-11-21T10:15:00Z"
    assert day_of(date(2026, 1, 2)) == "2026-01-02"


def test_moment_of_another_zone_is_written_in_utc():
    hanoi = timezone(timedelta(hours=7))

    assert second_of(datetime(2026, 11, 21, 3, 15, tzinfo=hanoi)) == "2026-11-20T20:15:00Z"


@pytest.mark.parametrize(
    ("minutes", "at", "start"),
    [
        (10, (10, 15, 0, 0), (10, 10)),
        (10, (10, 19, 59, 999_999), (10, 10)),
        (10, (10, 20, 0, 0), (10, 20)),
        (10, (0, 0, 0, 1), (0, 0)),
        (1, (10, 15, 59, 0), (10, 15)),
        (60, (10, 59, 59, 0), (10, 0)),
        (7, (0, 6, 59, 0), (0, 0)),
    ],
)
def test_batch_ends_at_full_multiples_of_its_minutes_whoever_writes_when(minutes, at, start):
    hour, minute, second, micro = at
    # 1970-01-01: multiples are counted from there, so that 7 minutes have one answer too.
    now = datetime(1970, 1, 1, hour, minute, second, micro, tzinfo=UTC)

    assert batch_start(now, minutes=minutes) == datetime(1970, 1, 1, *start, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 120))
def test_batch_start_is_at_most_one_batch_ago(now, minutes):
    start = batch_start(now, minutes=minutes)

    assert timedelta(0) <= now - start < timedelta(minutes=minutes)
    assert int(start.timestamp()) % (minutes * 60) == 0


@pytest.mark.parametrize(
    ("taken", "shard"),
    [
        (set(), "2027"),
        ({"2026"}, "2027"),
        ({"2027"}, "2027-2"),
        ({"2026", "2027", "2027-2"}, "2027-3"),
        ({"2027", "2027-3"}, "2027-2"),
        ({"2027-2"}, "2027"),
    ],
)
def test_next_shard_has_the_years_first_free_name(taken, shard):
    assert shard_after(taken, 2027) == shard
