"""`answer`: a version as it is served, against its leaf; and the shapes of leaves."""

import json

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveDesk, NaiveKey, jcs, policy, put, witness
from tests.ledger.running import both, code_of, refused, said

A = "2026-000123"
W1 = witness(1)
SEEN = "Witness w1 confirmed the checkpoint at 2026-11-22T10:15:00Z."
BAD_PAGE = "Not valid: the answer page is malformed."


class Served:
    """A desk with one answer in three versions, and a way to check a page of it."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.desk = NaiveDesk(witnesses=(W1,))
        self.desk.receive()
        self.desk.publish(A, "2026-11-21T10:15:00Z")
        self.desk.correct(A, "2026-11-22T10:15:00Z")
        self.desk.withdraw(A, "2026-11-23T10:15:00Z")
        put(folder / "policy", policy([self.desk.log.key], [W1]).encode())

    def page(self, n: int = 1) -> dict:
        return json.loads(json.dumps(self.desk.served(A, n)))

    def file(self, page: object):
        put(self.folder / "page.json", page if isinstance(page, bytes) else json.dumps(page).encode())
        return self.folder / "page.json"

    def check(self, capsys, page: object) -> tuple[int, list[str]]:
        return said(capsys, "answer", self.file(page), "--policy", self.folder / "policy")


@pytest.fixture
def served(tmp_path):
    return Served(tmp_path)


@pytest.mark.parametrize(
    ("n", "step", "step_vi", "index"),
    [(1, "published", "công bố", 1), (2, "corrected", "đính chính", 2), (3, "withdrawn", "rút lại", 3)],
)
def test_version_is_valid(served, capsys, n, step, step_vi, index):
    ts = f"2026-11-2{n}T10:15:00Z"

    status, english, vietnamese = both(
        capsys, "answer", served.file(served.page(n)), "--policy", served.folder / "policy"
    )

    assert status == 0
    assert english == [
        f"Valid: answer {A}, version {n} ({step} {ts}), is as in entry {index} of the log {ORIGIN}.",
        SEEN,
    ]
    assert vietnamese == [
        f"Hợp lệ: câu trả lời {A}, phiên bản {n} ({step_vi} {ts}), khớp mục số {index} của sổ {ORIGIN}.",
        "Bên làm chứng w1 đã xác nhận mốc của sổ lúc 2026-11-22T10:15:00Z.",
    ]


def test_no_witness_is_said(served, capsys):
    put(served.folder / "policy", policy([served.desk.log.key]).encode())

    status, english = served.check(capsys, served.page())

    assert (status, len(english)) == (0, 2)
    assert english[1].startswith("Note: the policy asks for no witness")


@pytest.mark.parametrize(
    "field", ["text", "summary", "question", "rating", "change", "lang", "kind", "sources", "outcome"]
)
def test_changed_content_is_not_valid(served, capsys, field):
    page = served.page(2)
    page["answer"][field] = "khác"

    assert served.check(capsys, page) == (1, ["Not valid: the content does not fit the commitment in the log."])


def test_added_content_is_not_valid(served, capsys):
    page = served.page()
    page["answer"]["more"] = "x"

    assert served.check(capsys, page) == (1, ["Not valid: the content does not fit the commitment in the log."])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answer", "2026-000124"),
        ("n", 2),
        ("n", "1"),
        ("step", "correct"),
        ("step", "p"),
        ("published", "2026-11-21T10:15:01Z"),
        ("unit", "w-1"),
    ],
)
def test_field_that_is_not_the_leafs_is_not_valid(served, capsys, field, value):
    page = served.page()
    page["answer"][field] = value
    path = served.file(page)

    assert both(capsys, "answer", path, "--policy", served.folder / "policy") == (
        1,
        [f"Not valid: the answer page differs from its log entry ({field})."],
        [f"Không hợp lệ: trang câu trả lời khác với mục trong sổ của nó ({field})."],
    )


@pytest.mark.parametrize("field", ["answer", "n", "step", "published", "unit"])
def test_field_that_is_missing_is_not_valid(served, capsys, field):
    page = served.page()
    del page["answer"][field]

    assert served.check(capsys, page) == (1, [f"Not valid: the answer page differs from its log entry ({field})."])


def test_content_remade_with_its_own_leaf_is_not_in_the_log(served, capsys):
    other = NaiveDesk(witnesses=(W1,))
    other.version(A, "publish", "2026-11-21T10:15:00Z", text="Đúng.")
    page = {**served.page(), **other.pages[A, 1]}

    assert served.check(capsys, page) == (1, ["Not valid: the proof does not lead to the root of the checkpoint."])


@pytest.mark.parametrize("salt", ["00" * 31, "zz" * 32, 7, None, "AB" * 32])
def test_salt_of_another_form_is_not_valid(served, capsys, salt):
    assert served.check(capsys, {**served.page(), "salt": salt}) == (1, [BAD_PAGE])


def test_other_salt_is_not_valid(served, capsys):
    page = {**served.page(), "salt": "00" * 32}

    assert served.check(capsys, page) == (1, ["Not valid: the content does not fit the commitment in the log."])


def test_version_that_waits_cannot_be_told_yet(served, capsys):
    path = served.file({**served.page(), "proof": None})

    assert both(capsys, "answer", path, "--policy", served.folder / "policy") == (
        2,
        ["Cannot tell: this version is not in any checkpoint yet; please try again in a few minutes."],
        ["Chưa kết luận được: phiên bản này chưa có trong mốc của sổ nào; xin thử lại sau ít phút."],
    )


def test_erased_version_cannot_be_told(served, capsys):
    served.desk.erase(A, 2)
    path = served.file(served.desk.served(A, 2))

    assert both(capsys, "answer", path, "--policy", served.folder / "policy") == (
        2,
        [f"Cannot tell: version 2 of answer {A} was erased by law (court_order); there is nothing left to check."],
        [
            f"Chưa kết luận được: phiên bản 2 của câu trả lời {A} đã được xóa theo luật (court_order); "
            "không còn gì để kiểm tra."
        ],
    )


def test_missing_witness_is_not_valid(served, capsys):
    served.desk.witnesses = ()

    assert served.check(capsys, served.page()) == (
        1,
        ["Not valid: the checkpoint lacks the witness signatures that the policy asks for."],
    )


def test_proof_with_an_extra_line_is_not_valid(served, capsys):
    page = served.page()
    page["proof"] = page["proof"].replace("index", "extra AAAA\nindex")

    assert served.check(capsys, page) == (1, ["Not valid: the proof is malformed or longer than 63 hashes."])


@pytest.mark.parametrize("text", ["", "x", "\ud800"])
def test_proof_that_is_none_is_not_valid(served, capsys, text):
    status, lines = served.check(capsys, {**served.page(), "proof": text})

    assert status == 1
    assert lines in (
        ["Not valid: the proof is malformed or longer than 63 hashes."],
        ["Not valid: the file is not clean UTF-8 text (it has control characters, CR line ends or odd bytes)."],
    )


@pytest.mark.parametrize(
    "change",
    [
        {"answer": []},
        {"answer": None},
        {"leaf": []},
        {"proof": 1},
        {"proof": []},
        {"more": 1},
        {"erased": True},
    ],
)
def test_page_of_another_form_is_not_valid(served, capsys, change):
    path = served.file({**served.page(), **change})

    assert both(capsys, "answer", path, "--policy", served.folder / "policy") == (
        1,
        [BAD_PAGE],
        ["Không hợp lệ: trang câu trả lời không đúng khuôn."],
    )


@pytest.mark.parametrize("part", ["answer", "leaf", "proof", "salt"])
def test_page_with_a_part_less_is_not_valid(served, capsys, part):
    page = served.page()
    del page[part]

    assert served.check(capsys, page) == (1, [BAD_PAGE])


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff", b'{"answer":1,"answer":1}'])
def test_page_that_is_no_object_is_not_valid(served, capsys, data):
    status, lines = served.check(capsys, data)

    assert (status, lines) in (
        (1, [BAD_PAGE]),
        (1, ["Not valid: the JSON part cannot be read or is not in canonical form."]),
    )


@pytest.mark.parametrize("leaf", [{"day": "2026-11-21", "t": "x", "v": 1}, {"c": "ab" * 32, "t": "r", "v": 1}])
def test_page_with_a_leaf_of_another_kind_is_not_valid(served, capsys, leaf):
    assert served.check(capsys, {**served.page(), "leaf": leaf}) == (1, [BAD_PAGE])
    assert served.check(capsys, {"erased": True, "leaf": leaf}) == (1, [BAD_PAGE])


def test_page_with_a_malformed_leaf_is_not_valid(served, capsys):
    page = served.page()
    page["leaf"]["v"] = 2

    assert served.check(capsys, page) == (1, ["Not valid: the log entry is malformed (v)."])


# --- Leaves ---------------------------------------------------------------------------------------------------------

HEX = "ab" * 32
TS = "2026-11-21T10:15:00Z"
VERSION = {"a": A, "h": HEX, "n": 2, "pv": HEX, "ts": TS, "u": "w-12", "v": 1}
LEAVES = {
    "r": {"c": HEX, "t": "r", "v": 1},
    "o": {"c": HEX, "k": "answered", "t": "o", "v": 1},
    "p": {**{k: v for k, v in VERSION.items() if k != "pv"}, "t": "p"},
    "c": {**VERSION, "t": "c"},
    "w": {**VERSION, "rs": "wrong_source", "t": "w"},
    "h": {"a": A, "n": 2, "pv": HEX, "t": "h", "ts": TS, "v": 1},
    "e": {"a": A, "lg": "gdpr-17.1.a_x", "n": 2, "pv": HEX, "t": "e", "v": 1},
    "x": {"day": "2026-05-25", "t": "x", "v": 1},
    "k": {"t": "k", "v": 1, "vk": NaiveKey("answers.example.org/log/2027").vkey},
    "s": {"o": ORIGIN, "r": HEX, "t": "s", "v": 1, "z": 70000},
}
BAD_VALUES = {
    "a": [1, "", "2026-12345", "26-000123", "2026-0001234567890", "2026-00012٣"],
    "c": ["", "ab" * 31, "AB" * 32, 1, None],
    "h": ["", "ab" * 33, 1],
    "k": ["lost", "", "Answered", 1],
    "n": [0, -1, "2", True, 1.5, None, 2**53],
    "z": [0, -1, "1", False],
    "pv": ["", "ab" * 31, 1],
    "r": ["", "ab" * 31, 1],
    "ts": ["", "2026-11-21", "2026-11-21T10:15:00", "2026-11-21T10:15:00+00:00", "2026-11-21 10:15:00Z", 1],
    "u": ["w 12", "w\n", "u" * 256, 1],
    "rs": ["", "Wrong", "a" * 41, "wrong source", "a1", 1],
    "lg": ["", "A", "a" * 41, "a b", 1],
    "day": ["", "2026-5-25", "25.05.2026", "2026-05-25T00:00:00Z", 1],
    "o": ["", "a b", "o" * 256, 1],
    "v": [0, 2, "1", True, None],
    "t": ["", "z", "R", 1, None, [], {}],
}


@pytest.mark.parametrize("kind", LEAVES)
def test_leaf_of_each_kind_is_taken(kind):
    assert verify.check_leaf(LEAVES[kind]) == jcs(LEAVES[kind])


def test_leaf_of_a_case_without_a_unit_is_taken():
    """A question that came before the first member was enrolled is of no unit."""
    leaf = {**LEAVES["p"], "u": ""}

    assert verify.check_leaf(leaf) == jcs(leaf)


@pytest.mark.parametrize("kind", LEAVES)
def test_leaf_with_a_field_more_or_less_is_refused(kind):
    fields = ", ".join(dict.fromkeys([*verify.SHAPES[kind], "t", "v"]))
    with refused("leaf", field=fields):
        verify.check_leaf({**LEAVES[kind], "more": "x"})
    for field in set(LEAVES[kind]) - {"t"}:
        with refused("leaf", field=fields):
            verify.check_leaf({name: value for name, value in LEAVES[kind].items() if name != field})
    with refused("leaf", field="t"):
        verify.check_leaf({name: value for name, value in LEAVES[kind].items() if name != "t"})


@pytest.mark.parametrize("kind", LEAVES)
def test_leaf_with_a_bad_value_is_refused(kind):
    tried = 0
    for field in set(LEAVES[kind]) - {"vk"}:
        for value in BAD_VALUES[field]:
            leaf = {**LEAVES[kind], field: value}
            code = code_of(lambda leaf=leaf: verify.check_leaf(leaf))

            assert code == ("json" if value == 2**53 else "leaf"), (field, value)
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("kind", ["p", "c", "w", "h"])
@pytest.mark.parametrize(
    "ts", ["2026-13-21T10:15:00Z", "2026-02-29T10:15:00Z", "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z"]
)
def test_time_that_does_not_exist_is_refused(kind, ts):
    with refused("value", value=ts):
        verify.check_leaf({**LEAVES[kind], "ts": ts})


@pytest.mark.parametrize("vk", ["x", W1.vkey, NaiveKey("a b").vkey, ""])
def test_announced_key_that_is_none_is_refused(vk):
    assert code_of(lambda: verify.check_leaf({**LEAVES["k"], "vk": vk})) in ("key", "leaf")


@pytest.mark.parametrize("leaf", [None, [], "r", 1, {}])
def test_thing_that_is_no_leaf_is_refused(leaf):
    with refused("leaf", field="t"):
        verify.check_leaf(leaf)


def test_leaf_of_1024_bytes_is_taken_and_of_1025_refused():
    assert len(verify.check_leaf(sized(1024))) == 1024
    with refused("leaf", field="1025 > 1024"):
        verify.check_leaf(sized(1025))


def sized(count: int) -> dict:
    """A well-formed leaf of so many bytes."""
    leaf = {**LEAVES["w"], "u": "", "rs": "a" * 40}
    missing = count - len(jcs(leaf))
    wide = max(0, -(-(missing - 255) // 2))
    return {**leaf, "u": "\u1ebf" * wide + "u" * (missing - 3 * wide)}
