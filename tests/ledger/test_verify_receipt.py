"""Receipts that verify, what is said of them, and the policy and files that it takes."""

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import DASH, ORIGIN, b64, policy
from tests.ledger.receipts import (
    BAD_NOTE,
    BAD_PROOF,
    NO_WITNESS,
    NO_WITNESS_VI,
    PLACE,
    SEEN,
    SEEN_VI,
    TEXT,
    VALID,
    VALID_VI,
    W1,
    Case,
)
from tests.ledger.running import both, said


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def test_receipt_of_a_message_is_valid(case, capsys):
    path = case.file(case.receipt.file([W1]))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english, vietnamese) == (0, [VALID, SEEN], [VALID_VI, SEEN_VI])


def test_receipt_taken_at_an_earlier_size_is_valid(case, capsys):
    assert case.check(capsys, case.receipt.file([W1], size=6)) == (0, [VALID.replace("21.", "6."), SEEN])


def test_text_and_place_are_compared(case, capsys):
    path, text, place = case.file(case.receipt.file([W1])), case.file(TEXT, "text"), case.file(PLACE, "place")

    status, english, vietnamese = both(
        capsys, "receipt", path, "--policy", case.policy, "--text", text, "--place", place
    )

    assert status == 0
    assert english == [
        VALID, f"{text} is the content that was logged.", f"{place} is the content that was logged.", SEEN,
    ]  # fmt: skip
    assert vietnamese == [
        VALID_VI, f"{text} đúng là nội dung đã ghi.", f"{place} đúng là nội dung đã ghi.", SEEN_VI,
    ]  # fmt: skip


@pytest.mark.parametrize("option", ["--text", "--place"])
def test_other_text_or_place_is_not_valid(case, capsys, option):
    path, other = (
        case.file(case.receipt.file([W1])),
        case.file({"--text": TEXT, "--place": PLACE}[option] + "\n", "other"),
    )

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy, option, other)

    assert status == 1
    assert english == [f"Not valid: {other} is not the content that was logged; every byte counts, line ends too."]
    assert vietnamese == [
        f"Không hợp lệ: {other} không phải nội dung đã ghi; cần đúng từng byte, kể cả dấu xuống dòng."
    ]


def test_place_is_not_taken_for_the_text(case, capsys):
    place = case.file(PLACE, "place")

    assert case.check(capsys, case.receipt.file([W1]), "--text", place)[0] == 1


@pytest.mark.parametrize(
    ("outcome", "a", "english", "vietnamese"),
    [
        ("answered", "2026-000007", "answered: 2026-000007", "đã trả lời: 2026-000007"),
        ("answered", "", "answered", "đã trả lời"),
        ("forwarded", "", "forwarded", "đã chuyển"),
        ("declined", "", "declined", "đã từ chối"),
        ("expired", "", "expired", "hết hạn lưu giữ"),
        ("merged", "", "merged", "đã gộp"),
        ("withdrawn", "", "withdrawn by its sender", "người gửi đã rút lại"),
    ],
)
def test_receipt_of_an_outcome_is_valid(case, capsys, outcome, a, english, vietnamese):
    path = case.file(case.desk.settle(case.receipt, outcome, a).file([W1]))

    status, said_en, said_vi = both(capsys, "receipt", path, "--policy", case.policy)

    assert status == 0
    assert said_en == [f"Valid: the outcome of the message ({english}) is in the log {ORIGIN}, entry 21 of 22.", SEEN]
    assert said_vi == [
        f"Hợp lệ: kết quả xử lý tin ({vietnamese}) có trong sổ {ORIGIN}, mục số 21 trên 22.",
        SEEN_VI,
    ]


def test_receipt_of_an_outcome_holds_no_text(case, capsys):
    path, text = case.file(case.desk.settle(case.receipt).file([W1])), case.file(TEXT, "text")

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy, "--text", text)

    assert status == 2
    assert english == ["Cannot tell: the receipt of an outcome holds no text or place to compare."]
    assert vietnamese == ["Chưa kết luận được: biên nhận về kết quả không chứa văn bản hay nơi chốn để so."]


def test_policy_without_witnesses_is_enough_but_said(case, capsys):
    case.trust(policy([case.desk.log.key]))
    path = case.file(case.receipt.file())

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english, vietnamese) == (0, [VALID, NO_WITNESS], [VALID_VI, NO_WITNESS_VI])


def test_pinned_policy_is_used_where_none_is_given(case, capsys, monkeypatch):
    path = case.file(case.receipt.file([W1]))

    monkeypatch.setattr(verify, "PINNED_POLICY", case.policy.read_text())

    assert said(capsys, "receipt", path) == (0, [VALID, SEEN])


def test_policy_given_overrules_the_pinned_one(case, capsys, monkeypatch):
    monkeypatch.setattr(verify, "PINNED_POLICY", "quorum none\n")

    assert case.check(capsys, case.receipt.file([W1]))[0] == 0


def test_without_a_policy_nothing_can_be_told(case, capsys):
    status, english, vietnamese = both(capsys, "receipt", case.file(case.receipt.file([W1])))

    assert status == 2
    assert english == ["Cannot tell: there is no policy; please add --policy and a file."]
    assert vietnamese == ["Chưa kết luận được: chưa có chính sách; hãy thêm --policy và tên tệp."]


def test_with_a_policy_that_is_none_nothing_can_be_told(case, capsys):
    case.trust("quorum nobody\n")
    path = case.file(case.receipt.file([W1]))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert status == 2
    assert english == [
        "Cannot tell: the policy cannot be used: line 1 of the policy is wrong: "
        "the name nobody is in use, reserved, or not defined above."
    ]
    assert vietnamese == [
        "Chưa kết luận được: chính sách không dùng được: dòng 1 của chính sách có lỗi: "
        "tên nobody đã được dùng, là tên dành riêng, hoặc chưa được nêu ở trên."
    ]


def test_with_a_policy_of_no_log_nothing_can_be_told(case, capsys):
    case.trust("quorum none\n")
    path = case.file(case.receipt.file([W1]))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (2, ["Cannot tell: the policy names no log."])
    assert vietnamese == ["Chưa kết luận được: chính sách không nêu sổ nào."]


def test_file_that_is_not_there_cannot_be_told(case, capsys):
    path = case.folder / "gone"

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (2, [f"Cannot tell: there is nothing at {path}."])
    assert vietnamese == [f"Chưa kết luận được: không có gì tại {path}."]


def test_file_that_cannot_be_read_cannot_be_told(case, capsys):
    status, english, vietnamese = both(capsys, "receipt", case.folder, "--policy", case.policy)

    assert (status, english) == (2, [f"Cannot tell: {case.folder} cannot be read."])
    assert vietnamese == [f"Chưa kết luận được: không đọc được {case.folder}."]


def test_file_that_is_too_long_is_not_valid(case, capsys):
    path = case.file(b"x" * (2**20 + 1))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: {path} is longer than allowed (1048576 bytes)."])
    assert vietnamese == [f"Không hợp lệ: {path} dài hơn mức cho phép (1048576 byte)."]
    assert case.check(capsys, b"x" * 2**20) == (1, [BAD_PROOF])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "\n",
        lambda text: text.replace("@v1", "@v2"),
        lambda text: " " + text,
        lambda text: text.replace("\nindex 5\n", "\n"),
        lambda text: text.replace("\nindex 5\n", "\nindex5\n"),
        lambda text: text.replace("\nindex 5\n", "\nextra AAAA\nindex 5\n"),
        lambda text: text.replace("c2sp.org/tlog-proof@v1\n", ""),
    ],
)
def test_file_of_another_form_is_not_valid(case, capsys, change):
    assert case.check(capsys, change(case.receipt.file([W1]))) == (1, [BAD_PROOF])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace(DASH, "-"),
        lambda text: text.replace(f"{DASH} {ORIGIN} ", f"{DASH}  {ORIGIN} "),
        lambda text: text.replace(f"{DASH} {ORIGIN} ", f"{DASH} {ORIGIN}\u00a0x "),
        lambda text: text.replace(f"{DASH} {ORIGIN} ", f"{DASH} {ORIGIN}+ "),
        lambda text: text.replace(f"{DASH} {ORIGIN} ", f"{DASH} "),
        lambda text: text[: text.index(DASH)],
        lambda text: text[: text.index(DASH)] + f"{DASH} name AAAA\n",
        lambda text: text + f"{DASH} {'n' * 256} {b64(bytes(68))}\n",
    ],
)
def test_note_of_another_form_is_not_valid(case, capsys, change):
    assert case.check(capsys, change(case.receipt.file([W1]))) == (1, [BAD_NOTE])
