"""The opening in a receipt is never trusted: every other shape, salt, day or order of it is refused."""

import hashlib
import hmac
import json

import pytest

from tests.ledger.naive import NaiveReceipt, jcs
from tests.ledger.receipts import BAD_ROOT, BAD_VALUE, W1, Case
from tests.ledger.running import both


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def opening_fault(field: str) -> tuple[int, list[str]]:
    return 1, [f"Not valid: the opening of the receipt is malformed ({field})."]


def leaf_fault(field: str) -> tuple[int, list[str]]:
    return 1, [f"Not valid: the log entry is malformed ({field})."]


def test_receipt_without_an_opening_is_not_valid(case, capsys):
    text = case.desk.log.proof(5, case.desk.log.checkpoint(witnesses=[W1]))
    path = case.file(text)

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == opening_fault("extra")
    assert vietnamese == ["Không hợp lệ: phần mở cam kết trong biên nhận không đúng khuôn (extra)."]


def test_opening_that_does_not_give_the_commitment_is_not_valid(case, capsys):
    path = case.file(case.receipt.file([W1], salt="00" * 32))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, ["Not valid: the content does not fit the commitment in the log."])
    assert vietnamese == ["Không hợp lệ: nội dung không khớp với mã cam kết trong nhật ký."]


@pytest.mark.parametrize("salt", ["", "00" * 31, "00" * 33, "AB" * 32, "zz" * 32, 5])
def test_salt_that_is_not_32_bytes_is_not_valid(case, capsys, salt):
    assert case.check(capsys, case.receipt.file([W1], salt=salt)) == opening_fault("salt")


def test_short_salt_that_hmac_would_fill_up_is_not_valid(case, capsys):
    salt = "11" * 31 + "00"
    receipt = remade(case, case.receipt.opening, salt)

    assert case.check(capsys, receipt.file([W1]))[0] == 0
    assert case.check(capsys, receipt.file([W1], salt="11" * 31)) == opening_fault("salt")


def remade(case: Case, opening: object, salt: str = "22" * 32) -> NaiveReceipt:
    """A receipt whose leaf commits to an opening as it is, however odd."""
    digest = hmac.new(bytes.fromhex(salt), b"desk/receipt/v1\0" + jcs(opening), hashlib.sha256).hexdigest()
    leaf = {"c": digest, "t": "r", "v": 1}
    return NaiveReceipt(case.desk.log, case.desk.log.add(leaf), leaf, opening, salt)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ch", ""), ("ch", "Web"), ("ch", 1), ("ch", "a" * 41), ("day", "2026-11-1"), ("day", "21.11.2026"),
        ("files", "ab" * 32), ("files", ["ab"]), ("files", [1]), ("files", {}), ("msg", "AB" * 32), ("msg", "ab" * 31),
        ("place", ""), ("place", ["ab" * 32]), ("rid", "ab" * 32), ("rid", "ab" * 15),
    ],
)  # fmt: skip
def test_opening_of_another_shape_is_not_valid(case, capsys, field, value):
    receipt = remade(case, {**case.receipt.opening, field: value})

    assert case.check(capsys, receipt.file([W1])) == opening_fault(field)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_day_that_does_not_exist_is_not_valid(case, capsys, day):
    receipt = remade(case, {**case.receipt.opening, "day": day})

    assert case.check(capsys, receipt.file([W1])) == (1, [BAD_VALUE.format(f"{day}T00:00:00Z")])


def test_opening_with_another_field_is_not_valid(case, capsys):
    receipt = remade(case, {**case.receipt.opening, "name": "x"})

    assert case.check(capsys, receipt.file([W1])) == opening_fault("ch, day, files, msg, place, rid")


def test_opening_with_a_field_less_is_not_valid(case, capsys):
    opening = {field: value for field, value in case.receipt.opening.items() if field != "rid"}

    assert case.check(capsys, remade(case, opening).file([W1])) == opening_fault("ch, day, files, msg, place, rid")


def test_opening_without_files_is_valid(case, capsys):
    receipt = remade(case, {**case.receipt.opening, "files": []})

    assert case.check(capsys, receipt.file([W1]))[0] == 0


def test_leaf_that_is_neither_message_nor_outcome_is_no_receipt(case, capsys):
    leaf = {"day": "2026-11-20", "t": "x", "v": 1}
    receipt = NaiveReceipt(case.desk.log, case.desk.log.add(leaf), leaf, case.receipt.opening, case.receipt.salt)

    assert case.check(capsys, receipt.file([W1])) == opening_fault("leaf")


@pytest.mark.parametrize("part", ["leaf", "opening"])
@pytest.mark.parametrize("value", [1, "x", []])
def test_part_of_another_type_is_not_valid(case, capsys, part, value):
    assert case.check(capsys, case.receipt.file([W1], **{part: value})) == opening_fault(part)


def test_part_too_many_is_not_valid(case, capsys):
    assert case.check(capsys, case.receipt.file([W1], more_of_it=1)) == opening_fault("leaf, opening, salt")


def test_outcome_other_than_the_logged_one_is_not_valid(case, capsys):
    outcome = case.desk.settle(case.receipt, "declined")
    leaf = {**outcome.leaf, "k": "answered"}
    index = case.desk.log.add(leaf)
    told = NaiveReceipt(case.desk.log, index, leaf, outcome.opening, outcome.salt)

    assert case.check(capsys, told.file([W1])) == opening_fault("k")


@pytest.mark.parametrize(
    ("field", "value"), [("a", "7"), ("a", "2026-00007"), ("a", 7), ("k", "lost"), ("k", ""), ("r", "ab"), ("r", "")]
)
def test_outcome_of_another_shape_is_not_valid(case, capsys, field, value):
    outcome = case.desk.settle(case.receipt, "declined")

    file = outcome.file([W1], opening={**outcome.opening, field: value})

    assert case.check(capsys, file) == opening_fault(field)


def test_leaf_that_is_not_the_one_in_the_log_is_not_valid(case, capsys):
    receipt = remade(case, case.receipt.opening)
    case.desk.log.entries.pop()
    case.desk.log.known.clear()
    told = NaiveReceipt(case.desk.log, 5, receipt.leaf, receipt.opening, receipt.salt)

    assert case.check(capsys, told.file([W1])) == (1, [BAD_ROOT])


NO_JSON = (1, ["Not valid: the JSON part cannot be read or is not in canonical form."])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"{", b'{"a":1,"a":1}', b'{"a": 1}', b"[1.5]", b"[1e2]", b"[NaN]", b"[true]", b"[-0]", b"\xff",
        b"[" * 3000, b"[" * 9 + b"]" * 9, b'{"a":' * 9 + b"1" + b"}" * 9, b'["\\ud800"]', b"[9007199254740992]",
        b"[-9007199254740992]", b"[" + b"1" * 5000 + b"]", b'{"\xc3\xa9":1}', b"\xef\xbb\xbf[]", b'["\\u0041"]',
    ],
)  # fmt: skip
def test_extra_that_is_no_canonical_json_is_not_valid(case, capsys, data):
    text = case.desk.log.proof(5, case.desk.log.checkpoint(witnesses=[W1]), extra=data)

    assert case.check(capsys, text) == NO_JSON


@pytest.mark.parametrize(
    "data",
    [
        b"{}", b"[]", b"1", b'""', b"[9007199254740991]", b"[-9007199254740991]", b"[" * 8 + b"]" * 8,
        b'{"a":' * 8 + b"1" + b"}" * 8, b'{"\\u0001":"\xc3\xa9\\n\\u0001\x7f"}',
    ],
)  # fmt: skip
def test_extra_that_is_canonical_but_no_receipt_is_not_valid(case, capsys, data):
    text = case.desk.log.proof(5, case.desk.log.checkpoint(witnesses=[W1]), extra=data)

    assert case.check(capsys, text) == opening_fault("leaf, opening, salt")


def test_extra_in_another_order_is_not_valid(case, capsys):
    box = {"salt": case.receipt.salt, "opening": case.receipt.opening, "leaf": case.receipt.leaf}
    data = json.dumps(box, separators=(",", ":"), ensure_ascii=False).encode()
    path = case.file(case.desk.log.proof(5, case.desk.log.checkpoint(witnesses=[W1]), extra=data))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == NO_JSON
    assert vietnamese == ["Không hợp lệ: phần JSON không đọc được hoặc không ở dạng chuẩn."]
