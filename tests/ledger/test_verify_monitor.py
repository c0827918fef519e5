"""`monitor` over the honest life of a desk: growth, progress, counts, what is noted."""

import shutil

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveDesk, put
from tests.ledger.serving import folder_replies, served
from tests.ledger.watched import COUNTS, GOOD, GOOD_VI, NOW, W1, A, B, Watched, found, log_line


@pytest.fixture
def watched(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    return Watched(tmp_path, capsys)


def test_honest_desk_is_valid_again_and_again(watched):
    assert watched.look_twice() == (0, GOOD, GOOD_VI)
    assert watched.look() == (0, GOOD)


def test_honest_growth_is_read_on_from_where_it_was(watched):
    sizes = []
    for turn in range(5):
        for number in range(turn * 70):
            watched.desk.receive(f"thêm {turn} {number}")
        watched.desk.publish(f"2026-00010{turn}")
        watched.write()
        if turn:  # what was read before is not needed any more
            shutil.rmtree(watched.root / "log/2026/tile/0")
            for path in (watched.root / "log/2026/tile/entries").glob("00[0-9]"):
                number = int(path.name)
                if number < watched.state["size"] // 256:
                    path.unlink()

        status, lines = watched.look()

        assert (status, lines[0]) == (0, log_line(watched.desk.log.size))
        sizes.append(watched.state["size"])
    assert sizes == [15, 86, 227, 438, 719]


def test_state_is_what_the_log_says(watched):
    watched.look()
    state = watched.state

    assert (state["origin"], state["size"]) == (ORIGIN, 14)
    assert state["note"] == watched.desk.log.checkpoint(witnesses=[W1])
    assert verify.root_of([bytes.fromhex(each) for each in state["edge"]]) == watched.desk.log.root()
    assert [each["leaf"] for each in state["answers"][A]] == [watched.desk.leaf_hash(A, n) for n in (1, 2)]
    assert state["counts"] == {
        "r": 6,
        "answered": 2,
        "forwarded": 1,
        "declined": 1,
        "expired": 1,
        "merged": 0,
        "withdrawn": 0,
    }
    assert (state["faults"], state["waiting"], state["next"], state["announced"]) == ([], {}, "", [])


def test_desk_is_watched_over_http(watched):
    watched.desk.erase(B, 1)
    watched.write()
    with served(folder_replies(watched.root)) as address:
        assert watched.look(f"{address}/") == (0, [log_line(15), *GOOD[1:]])


def test_long_work_tells_its_progress(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    desk = NaiveDesk()
    for number in range(501):
        desk.publish(f"2026-{number:06}", "2026-11-21T10:00:00Z")
    for number in range(9600):
        desk.receive(f"{number}")
    put(tmp_path / "shown", b"")
    desk.served = lambda a, n: {**desk.pages[a, n], "proof": None}
    desk.write(tmp_path)

    status = verify.main(
        [
            "monitor",
            str(tmp_path),
            "--state",
            str(tmp_path / "s"),
            "--policy",
            str(tmp_path / "log/policy"),
            "--lang",
            "en",
        ]
    )

    assert (status, capsys.readouterr().err.splitlines()) == (
        0,
        [
            f"5000 of 10101 done ({ORIGIN}).",
            f"10000 of 10101 done ({ORIGIN}).",
            f"500 of 501 done ({tmp_path}).",
        ],
    )


def test_days_without_a_destroyed_key_are_told(watched):
    for day in ("2026-05-27", "2026-05-24", "2026-05-29"):
        watched.desk.destroy_key(day)
    watched.write()

    status, english, vietnamese = watched.look_twice()

    assert status == 0
    assert english[1] == (
        "Note: days whose contact key the log does not say was destroyed: 3, the first being 2026-05-25."
    )
    assert vietnamese[1] == ("Lưu ý: số ngày mà sổ không ghi việc hủy khóa liên lạc: 3, đầu tiên là 2026-05-25.")


def test_days_without_a_gap_are_no_matter(watched):
    for day in ("2026-02-28", "2026-03-01", "2026-03-01"):
        watched.desk.destroy_key(day)
    watched.write()

    assert watched.look() == (0, [log_line(17), *GOOD[1:]])


def test_missing_witness_is_noted(watched):
    note = watched.desk.log.checkpoint()
    put(watched.root / "log/2026/checkpoint", note.encode())

    status, english, vietnamese = watched.look_twice()

    assert status == 0
    assert english[1] == "Note: the checkpoint lacks the witness signatures that the policy asks for."
    assert vietnamese[1] == "Lưu ý: mốc của sổ chưa đủ chữ ký của nhân chứng như chính sách đòi hỏi."


def test_more_outcomes_than_messages_are_found(watched):
    receipt = watched.desk.receive()
    for outcome in ("merged", "merged", "declined"):
        watched.desk.settle(receipt, outcome)
    watched.write()

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == found(
        "there are more outcomes (8) than messages received (7).",
        size=18,
        counts=COUNTS.replace("received: 6;", "received: 7;")
        .replace("declined: 1", "declined: 2")
        .replace("merged: 0", "merged: 2")
        .replace("still open: 1", "still open: -1"),
    )
    assert vietnamese[1] == "Cảnh báo: có nhiều kết quả (8) hơn số tin nhận được (7)."
    assert vietnamese[-1] == "Số điều không khớp, như đã nêu ở trên: 1."
