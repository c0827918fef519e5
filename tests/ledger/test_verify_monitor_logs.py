"""`monitor` against the log itself: rolled back, forked, damaged, ill-formed."""

from pathlib import Path

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveKey, NaiveLog, jcs, policy, put
from tests.ledger.watched import NOW, W1, A, B, Watched, found, wrong

HEX = "ab" * 32
ORIGIN_27 = "answers.example.org/log/2027"


@pytest.fixture
def watched(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    return Watched(tmp_path, capsys)


def evidence(watched) -> dict[str, str]:
    """What was kept as evidence, by file name; there is one folder."""
    (folder,) = (watched.folder / "state/evidence").iterdir()
    return {path.name: path.read_text() for path in folder.iterdir()}


def kept(watched, english: str, vietnamese: str) -> tuple[int, list[str], list[str]]:
    (folder,) = (watched.folder / "state/evidence").iterdir()
    return (
        1,
        [f"Note: the two checkpoints that contradict each other are kept as evidence in {folder}.", english],
        [f"Lưu ý: hai mốc trái nhau được giữ làm bằng chứng trong {folder}.", vietnamese],
    )


# --- Rolled back, forked, damaged -----------------------------------------------------------------------------------


def test_rollback_is_found_and_kept_as_evidence(watched):
    watched.look()
    before = (watched.folder / "state/state.json").read_bytes()
    old, new = watched.desk.log.checkpoint(witnesses=[W1]), watched.desk.log.checkpoint(9, [W1])
    put(watched.root / "log/2026/checkpoint", new.encode())

    told = watched.look_twice()

    assert told == kept(
        watched,
        "Not valid: the new checkpoint (9 entries) is smaller than the old one (14): a log must never shrink.",
        "Không hợp lệ: mốc mới (9 mục) nhỏ hơn mốc cũ (14 mục): nhật ký không bao giờ được ngắn lại.",
    )
    assert evidence(watched) == {"old": old, "new": new}
    assert (watched.folder / "state/state.json").read_bytes() == before


def forked(watched, at: int = 0, more: int = 0) -> NaiveLog:
    """Another log of the same name and key, with one entry changed."""
    log = NaiveLog()
    for index, entry in enumerate(watched.desk.log.entries):
        log.add(jcs({"c": HEX, "t": "r", "v": 1}) if index == at else entry)
    for _each in range(more):
        log.add(jcs({"c": HEX, "t": "r", "v": 1}))
    return log


def test_fork_of_the_same_size_is_found_and_kept_as_evidence(watched):
    watched.look()
    fork = forked(watched)
    fork.write(watched.root / "log/2026", witnesses=[W1])

    told = watched.look_twice()

    assert told == kept(
        watched,
        "Not valid: two checkpoints of 14 entries differ: the log was forked.",
        "Không hợp lệ: hai mốc cùng có 14 mục nhưng nội dung khác nhau: nhật ký đã bị rẽ nhánh.",
    )
    assert evidence(watched) == {
        "old": watched.desk.log.checkpoint(witnesses=[W1]),
        "new": fork.checkpoint(witnesses=[W1]),
    }


def test_fork_that_grew_is_found_and_kept_as_evidence(watched):
    watched.look()
    fork = forked(watched, at=5, more=3)
    fork.write(watched.root / "log/2026", witnesses=[W1])

    told = watched.look_twice()

    assert told == kept(
        watched,
        "Not valid: the checkpoints do not follow each other: an earlier entry was changed, dropped or hidden.",
        "Không hợp lệ: hai mốc không nối tiếp nhau: có mục cũ đã bị đổi, bị bỏ hoặc bị giấu.",
    )
    assert evidence(watched)["new"] == fork.checkpoint(witnesses=[W1])


def test_each_contradiction_keeps_its_own_evidence(watched):
    watched.look()
    for at in (1, 2):
        forked(watched, at=at).write(watched.root / "log/2026", witnesses=[W1])
        watched.look()
        watched.look()

    assert len(list((watched.folder / "state/evidence").iterdir())) == 2


def bundle(watched) -> Path:
    return watched.root / f"log/2026/tile/entries/000.p/{watched.desk.log.size}"


def test_changed_entry_is_found_at_the_first_look(watched):
    data = bundle(watched).read_bytes()
    place = data.index(b'"c":"') + 5
    bundle(watched).write_bytes(data[:place] + (b"0" if data[place] != ord("0") else b"1") + data[place + 1 :])

    status, english, vietnamese = watched.look_twice()

    part = f"{watched.root}/log/2026/tile/entries"
    assert (status, english) == (
        1,
        [f"Not valid: part {part} of the log is missing or damaged, although the checkpoint covers it."],
    )
    assert vietnamese == [
        f"Không hợp lệ: nhật ký thiếu phần {part} hoặc phần đó bị hỏng, dù mốc nhật ký đã bao gồm nó."
    ]
    assert not (watched.folder / "state").exists()


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b"", None])
def test_truncated_or_missing_bundle_is_found(watched, damage):
    if damage:
        bundle(watched).write_bytes(damage(bundle(watched).read_bytes()))
    else:
        bundle(watched).unlink()

    part = f"{watched.root}/log/2026/tile/entries/000"
    assert watched.look() == (
        1,
        [f"Not valid: part {part} of the log is missing or damaged, although the checkpoint covers it."],
    )


def test_bundle_that_is_too_long_is_found(watched):
    bundle(watched).write_bytes(bytes(256 * 1026 + 1))

    assert watched.look() == (1, [f"Not valid: {bundle(watched)} is longer than allowed (262656 bytes)."])


def test_checkpoint_of_a_stranger_is_not_valid(watched):
    fork = forked(watched)
    text = fork.text()
    stranger = NaiveKey(ORIGIN, seed="stranger")
    put(watched.root / "log/2026/checkpoint", f"{text}\n{stranger.line(text)}{W1.line(text)}".encode())

    assert watched.look() == (1, [f"Not valid: the log {ORIGIN} did not sign this checkpoint."])


def test_checkpoint_of_another_log_is_not_valid(watched):
    other = NaiveLog(ORIGIN_27)
    put(watched.root / "log/policy", policy([watched.desk.log.key, other.key], [W1]).encode())
    put(watched.root / "log/2026/checkpoint", other.checkpoint(witnesses=[W1]).encode())

    assert watched.look() == (1, [f"Not valid: the checkpoints belong to two logs: {ORIGIN} and {ORIGIN_27}."])


# --- Ill-formed entries ---------------------------------------------------------------------------------------------


def add(watched, *leaves: object) -> None:
    for leaf in leaves:
        watched.desk.log.add(leaf)
    watched.write()


@pytest.mark.parametrize(
    ("leaf", "why"),
    [
        (b"", "the JSON part cannot be read or is not in canonical form."),
        (b"\xff", "the JSON part cannot be read or is not in canonical form."),
        (b'{"v":1,"t":"x","day":"2026-11-20"}', "the JSON part cannot be read or is not in canonical form."),
        ({"c": HEX, "t": "r", "v": 2}, "the log entry is malformed (v)."),
        ({"c": HEX, "name": "x", "t": "r", "v": 1}, "the log entry is malformed (c, t, v)."),
        ({"t": "z", "v": 1}, "the log entry is malformed (t)."),
        ({"o": ORIGIN, "r": HEX, "t": "s", "v": 1, "z": 5}, "two logs do not join where they should."),
        (
            {"t": "k", "v": 1, "vk": NaiveKey("answers.example.org/log/2026").vkey},
            f"the next log announced ({ORIGIN}) does not come after this one, or its key is not the policy's.",
        ),
        (
            {"t": "k", "v": 1, "vk": NaiveKey("answers.example.org/log/2025").vkey},
            "the next log announced (answers.example.org/log/2025) does not come after this one, "
            "or its key is not the policy's.",
        ),
        (
            {"t": "k", "v": 1, "vk": NaiveKey("somewhere.else").vkey},
            "the next log announced (somewhere.else) does not come after this one, or its key is not the policy's.",
        ),
    ],
)
def test_ill_formed_entry_is_found_and_never_forgotten(watched, leaf, why):
    add(watched, leaf)
    first = watched.look()
    add(watched, {"day": "2026-11-20", "t": "x", "v": 1})

    assert first == found(wrong(14, why), size=15)
    assert watched.look() == found(wrong(14, why), size=16)


def test_ill_formed_entry_is_told_in_vietnamese(watched):
    add(watched, b"{}")

    assert watched.look_twice()[2][1] == (
        f"Cảnh báo: mục số 14 của nhật ký {ORIGIN} không đúng: mục nhật ký không đúng khuôn (t)."
    )


def test_texts_of_the_faults_in_vietnamese(watched):
    watched.desk.withdraw(B, "2026-11-20T00:00:00Z")
    add(watched, {"o": ORIGIN, "r": HEX, "t": "s", "v": 1, "z": 5}, {"t": "k", "v": 1, "vk": watched.desk.log.key.vkey})
    add(watched, {"a": "2026-000099", "n": 4, "pv": HEX, "t": "h", "ts": "2026-11-21T10:00:00Z", "v": 1})

    said_vi = [line.split(" không đúng: ")[1] for line in watched.look_twice()[2] if " không đúng: " in line]

    assert said_vi == [
        "thời gian đi lùi.",
        "chỗ nối giữa hai nhật ký không khớp.",
        f"nhật ký tiếp theo được báo ({ORIGIN}) không đứng sau nhật ký này, hoặc khóa khác với chính sách.",
        "mục này không nối tiếp phiên bản 4 của câu trả lời 2026-000099.",
    ]


def version(watched, kind: str, a: str, n: int, pv: str | None, ts: str = "2026-11-21T09:00:00Z") -> dict:
    leaf = {"a": a, "h": HEX, "n": n, "t": kind, "ts": ts, "u": "desk", "v": 1}
    if pv is not None:
        leaf["pv"] = pv
    if kind == "w":
        leaf["rs"] = "x"
    return leaf


@pytest.mark.parametrize("kind", ["p", "c", "w", "h"])
def test_time_may_stand_still_but_not_go_back(watched, kind):
    last = watched.desk.leaf_hash(A, 2)
    pv = {"p": None, "c": last, "w": last, "h": last}[kind]
    leaf = version(watched, kind, "2026-000007" if kind == "p" else A, {"p": 1, "h": 2}.get(kind, 3), pv)
    if kind == "h":
        leaf = {field: leaf[field] for field in ("a", "n", "pv", "t", "ts", "v")}
    add(watched, {**leaf, "ts": "2026-11-21T00:02:59Z"})
    assert wrong(14, "its time goes backwards.") in " ".join(watched.look()[1])
    watched.desk.log.entries.pop()
    watched.desk.log.known.clear()
    add(watched, {**leaf, "ts": "2026-11-21T00:03:00Z"})
    (watched.folder / "state/state.json").unlink()

    assert "backwards" not in " ".join(watched.look()[1])


@pytest.mark.parametrize(
    ("kind", "a", "n", "which"),
    [
        ("p", A, 1, None),  # published twice
        ("p", A, 3, None),
        ("p", "2026-000007", 2, None),
        ("p", "2026-000007", 3, None),
        ("c", A, 4, 2),  # a version left out
        ("c", A, 3, 1),  # on a version that is not the last
        ("c", A, 2, 1),  # a second version 2
        ("c", A, 3, 0),  # on a version that never was
        ("c", A, 1, 1),
        ("c", "2026-000007", 1, 1),
        ("c", "2026-000007", 2, 1),
        ("w", A, 4, 2),
        ("w", A, 3, 1),
        ("h", A, 3, 2),
        ("h", A, 1, 2),
        ("h", "2026-000007", 1, 1),
        ("e", A, 3, 2),
        ("e", A, 2, 1),
        ("e", "2026-000007", 1, 1),
    ],
)
def test_version_that_does_not_follow_is_found(watched, kind, a, n, which):
    pv = None if which is None else watched.desk.leaf_hash(A, which) if which else HEX
    leaf = version(watched, kind, a, n, pv)
    if kind in ("h", "e"):
        leaf = {field: leaf[field] for field in ("a", "n", "pv", "t", "ts", "v")}
    if kind == "e":
        del leaf["ts"]
        leaf["lg"] = "x"
    add(watched, leaf)
    base = n if kind in ("h", "e") else n - 1

    assert watched.look() == found(wrong(14, f"it does not follow version {base} of answer {a}."), size=15)
    assert [len(versions) for versions in watched.state["answers"].values()] == [2, 1]
