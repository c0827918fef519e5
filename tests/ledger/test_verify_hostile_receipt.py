"""Hostile receipts: cases 80 and 81 of the hostile inputs, and their neighbours."""

import base64

import pytest

from tests.ledger.naive import DASH, ORIGIN, NaiveKey, b64, jcs, policy, witness
from tests.ledger.receipts import BAD_NOTE, BAD_PROOF, BAD_ROOT, BAD_TEXT, BAD_VALUE, SEEN, VALID, W1, Case
from tests.ledger.running import both


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


@pytest.mark.parametrize("index", [21, 22, 2**62])
def test_index_beyond_the_size_is_not_valid(case, capsys, index):
    path = case.file(case.receipt.file([W1]).replace("\nindex 5\n", f"\nindex {index}\n"))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: entry {index} is not in a log of 21 entries."])
    assert vietnamese == [f"Không hợp lệ: mục số {index} không nằm trong nhật ký có 21 mục."]


@pytest.mark.parametrize("index", [0, 4, 6, 20])
def test_other_index_is_not_valid(case, capsys, index):
    text = case.receipt.file([W1]).replace("\nindex 5\n", f"\nindex {index}\n")

    assert case.check(capsys, text) == (1, [BAD_ROOT])


def test_size_zero_is_not_valid(case, capsys):
    note = case.desk.log.checkpoint(0, [W1])
    extra = jcs({"leaf": case.receipt.leaf, "opening": case.receipt.opening, "salt": case.receipt.salt})
    text = f"c2sp.org/tlog-proof@v1\nextra {b64(extra)}\nindex 0\n\n{note}"

    assert case.check(capsys, text) == (1, ["Not valid: entry 0 is not in a log of 0 entries."])


@pytest.mark.parametrize(
    "number", ["05", "+5", " 5", "5 ", "-5", "٥", "0x5", "5.0", "", "9223372036854775808", "1" * 5000]
)
def test_index_written_otherwise_is_not_valid(case, capsys, number):
    text = case.receipt.file([W1]).replace("\nindex 5\n", f"\nindex {number}\n")

    assert case.check(capsys, text) == (1, [BAD_VALUE.format(number[:99])])


@pytest.mark.parametrize("number", ["021", "+21", "٢١", "9223372036854775808"])
def test_size_written_otherwise_is_not_valid(case, capsys, number):
    text = case.desk.log.text().replace("\n21\n", f"\n{number}\n")
    note = f"{text}\n{case.desk.log.key.line(text)}{W1.line(text)}"
    extra = jcs({"leaf": case.receipt.leaf, "opening": case.receipt.opening, "salt": case.receipt.salt})

    assert case.check(capsys, case.desk.log.proof(5, note, extra=extra)) == (1, [BAD_VALUE.format(number)])


def test_more_than_63_hashes_are_not_valid(case, capsys):
    more = f"{b64(bytes(32))}\n" * 59
    text = case.receipt.file([W1])
    head, gap, note = text.partition("\n\n")

    status, english, vietnamese = both(
        capsys, "receipt", case.file(f"{head}\n{more[:-1]}{gap}{note}"), "--policy", case.policy
    )
    at_the_limit = case.check(capsys, f"{head}\n{more[:-46]}{gap}{note}")

    assert head.count("\n") == 2 + 5
    assert (status, english) == (1, [BAD_PROOF])
    assert vietnamese == ["Không hợp lệ: phần chứng minh không đúng khuôn hoặc dài hơn 63 mã băm."]
    assert at_the_limit == (1, [BAD_ROOT])


def second_way(encoded: str) -> str:
    """The base64 with one unused bit of its end set: decoders that do not look give the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = encoded.rstrip("=")
    assert len(kept) < len(encoded)
    other = kept[:-1] + alphabet[alphabet.index(kept[-1]) ^ 1] + "=" * (len(encoded) - len(kept))
    assert base64.b64decode(other) == base64.b64decode(encoded)
    return other


def test_base64_in_a_second_way_is_not_valid(case, capsys):
    text = case.receipt.file([W1])
    lines = text.split("\n")
    words = {word for line in lines for word in line.split(" ") if word.endswith("=")}
    found = {word: case.check(capsys, text.replace(word, second_way(word))) for word in words}

    assert len(words) >= 7
    assert found == {word: (1, [BAD_VALUE.format(second_way(word)[:99])]) for word in words}


@pytest.mark.parametrize("word", ["AA-_", "AAA", "A===", "é", "AAAA====", "AAAA AAAA", "AAAA="])
def test_hash_that_is_no_base64_is_not_valid(case, capsys, word):
    text = case.receipt.file([W1]).replace("\nindex 5\n", f"\nindex 5\n{word}\n")

    assert case.check(capsys, text) == (1, [BAD_VALUE.format(word)])


@pytest.mark.parametrize("length", [1, 31, 33, 64])
def test_hash_of_another_length_is_not_valid(case, capsys, length):
    word = b64(bytes(length))
    text = case.receipt.file([W1]).replace("\nindex 5\n", f"\nindex 5\n{word}\n")

    assert case.check(capsys, text) == (1, [BAD_VALUE.format(word)])


def test_cr_lf_line_ends_are_not_valid(case, capsys):
    path = case.file(case.receipt.file([W1]).replace("\n", "\r\n"))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [BAD_TEXT])
    assert vietnamese == [
        "Không hợp lệ: tệp không phải văn bản UTF-8 sạch (có ký tự điều khiển, dấu xuống dòng CR hoặc byte lạ)."
    ]


@pytest.mark.parametrize("byte", [*range(10), *range(11, 32)])
def test_control_characters_are_not_valid(case, capsys, byte):
    text = case.receipt.file([W1], more=f"{DASH} stranger.example {b64(bytes(68))}\n")

    assert case.check(capsys, text)[0] == 0
    assert case.check(capsys, text.replace("stranger", f"strang{chr(byte)}er")) == (1, [BAD_TEXT])


def test_bytes_that_are_no_utf_8_are_not_valid(case, capsys):
    assert case.check(capsys, case.receipt.file([W1]).encode() + b"\xff\n") == (1, [BAD_TEXT])


def test_two_identical_lines_of_a_key_count_once(case, capsys):
    text = case.desk.log.text()
    more = case.desk.log.key.line(text) + W1.line(text)

    assert case.check(capsys, case.receipt.file([W1], more=more)) == (0, [VALID, SEEN])


def test_two_different_lines_of_the_log_are_not_valid(case, capsys):
    line = f"{DASH} {ORIGIN} {b64(case.desk.log.key.id + bytes(64))}\n"
    path = case.file(case.receipt.file([W1], more=line))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: key {ORIGIN} has two different signature lines."])
    assert vietnamese == [f"Không hợp lệ: khóa {ORIGIN} có hai dòng chữ ký khác nhau."]


def test_two_good_lines_of_a_witness_are_not_valid(case, capsys):
    more = W1.line(case.desk.log.text(), at=1795342501)

    assert case.check(capsys, case.receipt.file([W1], more=more)) == (
        1,
        [f"Not valid: key {W1.name} has two different signature lines."],
    )


def test_bad_line_of_a_known_key_makes_it_not_valid(case, capsys):
    good = case.receipt.file([W1])
    text = good.replace(case.desk.log.key.line(case.desk.log.text()), NaiveKey(ORIGIN).line("another text\n"))
    path = case.file(text)

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: the signature of {ORIGIN} is wrong."])
    assert vietnamese == [f"Không hợp lệ: chữ ký của {ORIGIN} không đúng."]


def test_bad_line_of_a_witness_that_is_not_needed_makes_it_not_valid(case, capsys):
    w2 = witness(2)
    case.trust(policy([case.desk.log.key], [W1, w2], "w1"))
    text = case.receipt.file([W1], more=w2.line("another text\n"))

    assert case.check(capsys, text) == (1, [f"Not valid: the signature of {w2.name} is wrong."])


@pytest.mark.parametrize("cut", [1, 8, 60, 64, 72])
def test_short_line_of_a_witness_makes_it_not_valid(case, capsys, cut):
    line = f"{DASH} {W1.name} {b64(W1.id + bytes(cut)[:cut])}\n"

    assert case.check(capsys, case.receipt.file(more=line)) == (1, [f"Not valid: the signature of {W1.name} is wrong."])


def test_witness_time_beyond_2_63_is_not_valid(case, capsys):
    last, beyond = W1.line(case.desk.log.text(), at=2**63 - 1), W1.line(case.desk.log.text(), at=2**63)

    assert case.check(capsys, case.receipt.file(more=last)) == (
        0,
        [VALID, "Witness w1 confirmed the checkpoint at 9223372036854775807."],
    )
    assert case.check(capsys, case.receipt.file(more=beyond)) == (
        1,
        [f"Not valid: the signature of {W1.name} is wrong."],
    )


def test_seventeen_unknown_witnesses_are_ignored(case, capsys):
    strangers = [witness(number) for number in range(2, 19)]

    assert len(strangers) == 17
    assert case.check(capsys, case.receipt.file([W1, *strangers])) == (0, [VALID, SEEN])


@pytest.mark.parametrize(("lines", "expected"), [(100, (0, [VALID, SEEN])), (101, (1, [BAD_NOTE]))])
def test_more_than_a_hundred_lines_are_not_valid(case, capsys, lines, expected):
    strangers = [witness(number) for number in range(2, lines)]

    assert case.check(capsys, case.receipt.file([W1, *strangers])) == expected


def test_known_name_with_another_id_is_a_stranger(case, capsys):
    impostor = NaiveKey(ORIGIN, seed="impostor")
    more = impostor.line(case.desk.log.text())

    assert case.check(capsys, case.receipt.file([W1], more=more)) == (0, [VALID, SEEN])


def test_checkpoint_of_another_origin_is_not_valid(tmp_path, capsys):
    case = Case(tmp_path)
    case.trust(policy([NaiveKey("other.example.org/log/2026")], [W1]))
    path = case.file(case.receipt.file([W1]))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: your policy does not trust the log {ORIGIN}."])
    assert vietnamese == [f"Không hợp lệ: chính sách của bạn không tin cậy nhật ký {ORIGIN}."]


def test_origin_that_another_trusted_log_signed_is_not_valid(case, capsys):
    other = NaiveKey("other.example.org/log/2026")
    case.trust(policy([case.desk.log.key, other], [W1]))
    text = case.desk.log.text()
    file = case.receipt.file([W1], more=other.line(text)).replace(case.desk.log.key.line(text), "")
    path = case.file(file)

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, [f"Not valid: the log {ORIGIN} did not sign this checkpoint."])
    assert vietnamese == [f"Không hợp lệ: nhật ký {ORIGIN} không ký mốc này."]


def test_witness_of_the_logs_name_is_no_log(case, capsys):
    double = NaiveKey(ORIGIN, 4, seed="double")
    case.trust(policy([case.desk.log.key], [double]))
    text = case.desk.log.text()
    file = case.receipt.file([double]).replace(case.desk.log.key.line(text), "")

    assert case.check(capsys, file) == (1, [f"Not valid: the log {ORIGIN} did not sign this checkpoint."])


def test_missing_witness_is_not_valid(case, capsys):
    path = case.file(case.receipt.file())

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert status == 1
    assert english == ["Not valid: the checkpoint lacks the witness signatures that the policy asks for."]
    assert vietnamese == ["Không hợp lệ: mốc nhật ký chưa đủ chữ ký của bên làm chứng như chính sách đòi hỏi."]


def test_extension_line_is_not_valid(case, capsys):
    text = case.desk.log.text() + "extension\n"
    note = f"{text}\n{case.desk.log.key.line(text)}{W1.line(text)}"
    extra = jcs({"leaf": case.receipt.leaf, "opening": case.receipt.opening, "salt": case.receipt.salt})
    path = case.file(case.desk.log.proof(5, note, extra=extra))

    status, english, vietnamese = both(capsys, "receipt", path, "--policy", case.policy)

    assert (status, english) == (1, ["Not valid: the checkpoint does not have the form of three lines."])
    assert vietnamese == ["Không hợp lệ: mốc nhật ký không đúng khuôn ba dòng."]
