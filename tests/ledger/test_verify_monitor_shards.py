"""`monitor` from one log into the next: announced, named by the policy alone, ill-joined."""

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveKey, NaiveLog, policy, put
from tests.ledger.watched import COUNTS, GOOD, NOW, W1, B, Watched, found, log_line, wrong

HEX = "ab" * 32
ORIGIN_27 = "answers.example.org/log/2027"
ORIGIN_28 = "answers.example.org/log/2028"


@pytest.fixture
def watched(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    return Watched(tmp_path, capsys)


COUNTS_27 = COUNTS.replace("6;", "7;").replace("open: 1", "open: 2")


def turned(watched, announce: bool = True) -> None:
    """The desk closes its log and opens that of 2027."""
    if announce:
        watched.desk.announce(ORIGIN_27)
    watched.desk.open(ORIGIN_27)
    watched.desk.receive("tin của năm mới")
    watched.desk.correct(B)
    watched.write()


def trust(watched, *origins: str) -> None:
    put(watched.root / "log/policy", policy([NaiveKey(origin) for origin in origins], [W1]).encode())


GOOD_27 = [COUNTS_27, "Valid: everything fits; answer versions checked: 4."]


@pytest.mark.parametrize(
    "origins", [[ORIGIN], [ORIGIN, ORIGIN_27], [ORIGIN_27, ORIGIN], [ORIGIN, ORIGIN_27, ORIGIN_28]]
)
def test_next_log_is_followed_where_this_one_announced_it(watched, origins):
    watched.look()
    turned(watched)
    trust(watched, *origins)

    assert watched.look() == (0, [log_line(15), log_line(3, ORIGIN_27), *GOOD_27])
    assert watched.look() == (0, [log_line(3, ORIGIN_27), *GOOD_27])
    assert (watched.state["origin"], watched.state["ts"]) == (ORIGIN_27, "2026-11-21T00:04:00Z")


def test_all_logs_are_read_from_the_oldest_on(watched):
    turned(watched)
    watched.desk.announce("answers.example.org/log/2027-2")
    watched.desk.open("answers.example.org/log/2027-2")
    watched.desk.announce("answers.example.org/log/2027-11")
    watched.desk.open("answers.example.org/log/2027-11")
    watched.write()
    trust(watched, ORIGIN)

    assert watched.look() == (
        0,
        [
            log_line(15),
            log_line(4, ORIGIN_27),
            log_line(2, f"{ORIGIN_27}-2"),
            log_line(1, f"{ORIGIN_27}-11"),
            *GOOD_27,
        ],
    )


def test_announced_log_may_not_be_there_yet(watched):
    watched.desk.announce(ORIGIN_27)
    watched.write()

    assert watched.look() == (0, [log_line(15), *GOOD[1:]])
    turned(watched, announce=False)
    trust(watched, ORIGIN)
    assert watched.look() == (0, [log_line(15), log_line(3, ORIGIN_27), *GOOD_27])


def test_log_that_the_policy_alone_names_is_followed_but_noted(watched):
    turned(watched, announce=False)
    trust(watched, ORIGIN, ORIGIN_27)

    status, english = watched.look()
    (watched.folder / "state/state.json").unlink()
    vietnamese = watched.look(lang="vi")[1]

    assert (status, english) == (
        0,
        [
            log_line(14),
            f"Note: the log {ORIGIN_27} was not announced in {ORIGIN}; only the policy names it.",
            log_line(3, ORIGIN_27),
            *GOOD_27,
        ],
    )
    assert vietnamese[1] == (
        f"Lưu ý: nhật ký {ORIGIN_27} không được báo trước trong {ORIGIN}; chỉ có chính sách nêu tên."
    )


def test_log_that_nobody_named_is_not_followed(watched):
    turned(watched, announce=False)
    trust(watched, ORIGIN)

    status, lines = watched.look()

    assert (status, lines) == found(f"version 2 of answer {B} is served but is not in the log.", size=14)


@pytest.mark.parametrize("field", ["o", "r", "z"])
def test_log_that_does_not_join_on_is_found(watched, field):
    watched.desk.announce(ORIGIN_27)
    old = watched.desk.log
    watched.desk.logs.append(NaiveLog(ORIGIN_27))
    leaf = {"o": old.origin, "r": old.root().hex(), "t": "s", "v": 1, "z": old.size}
    watched.desk.log.add({**leaf, field: {"o": "other/log/2026", "r": HEX, "z": 14}[field]})
    watched.write()

    status, lines = watched.look()

    assert (status, lines[2]) == (
        1,
        f"Warning: entry 0 of the log {ORIGIN_27} is wrong: two logs do not join where they should.",
    )


def test_log_that_does_not_begin_with_its_joint_is_found(watched):
    watched.desk.announce(ORIGIN_27)
    watched.desk.logs.append(NaiveLog(ORIGIN_27))
    watched.desk.receive()
    watched.write()

    assert watched.look()[1][2] == (
        f"Warning: entry 0 of the log {ORIGIN_27} is wrong: two logs do not join where they should."
    )


def test_entry_after_the_closing_one_is_found(watched):
    watched.desk.announce(ORIGIN_27)
    watched.desk.receive()
    watched.write()

    assert watched.look() == found(wrong(15, "two logs do not join where they should."), size=16)


def test_first_log_that_continues_an_unknown_one_cannot_be_told(watched):
    turned(watched)
    trust(watched, ORIGIN_27)

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == (
        2,
        [
            f"Cannot tell: this log continues {ORIGIN}, which your policy does not name; "
            "please add the log line of that one."
        ],
    )
    assert vietnamese == [
        f"Chưa kết luận được: nhật ký này nối tiếp {ORIGIN}, mà chính sách của bạn chưa nêu; "
        "hãy thêm dòng log của nhật ký đó."
    ]


def test_announced_key_that_is_not_the_policys_is_found(watched):
    turned(watched)
    other = NaiveKey(ORIGIN_27, seed="other")
    put(watched.root / "log/policy", policy([NaiveKey(ORIGIN), other], [W1]).encode())

    status, lines = watched.look()

    assert (status, lines) == (1, [f"Not valid: the log {ORIGIN_27} did not sign this checkpoint."])


def test_announced_key_that_is_not_the_policys_is_found_before_the_log_opens(watched):
    watched.desk.announce(ORIGIN_27)
    watched.write()
    put(watched.root / "log/policy", policy([NaiveKey(ORIGIN), NaiveKey(ORIGIN_27, seed="other")], [W1]).encode())

    assert watched.look() == found(
        wrong(
            14, f"the next log announced ({ORIGIN_27}) does not come after this one, or its key is not the policy's."
        ),
        size=15,
    )


def test_rollback_in_a_later_log_is_found(watched):
    turned(watched)
    watched.look()
    put(watched.root / "log/2027/checkpoint", watched.desk.log.checkpoint(1, [W1]).encode())

    status, lines = watched.look()

    assert (status, lines[-1]) == (
        1,
        "Not valid: the new checkpoint (1 entries) is smaller than the old one (3): a log must never shrink.",
    )


@pytest.mark.parametrize(
    "origin",
    [
        "answers.example.org/2026",
        "answers.example.org/log/26",
        "answers.example.org/log/2026-0",
        "answers.example.org/log/2026-1000",
        "answers.example.org/log/2026/x",
        "answers.example.org/log/../../2026",
        "/log/2026",
    ],
)
def test_log_of_another_name_cannot_be_told(watched, origin):
    trust(watched, origin)

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == (2, [f"Cannot tell: the log name {origin} is not of the form …/log/2026."])
    assert vietnamese == [f"Chưa kết luận được: tên nhật ký {origin} không có dạng …/log/2026."]
