"""Keys and policies: what is taken, what is refused and how it is said."""

import base64
import random
from hashlib import sha256

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, WITNESS, NaiveKey, policy, put, witness
from tests.ledger.running import both, code_of, refused, said

KEY = NaiveKey(ORIGIN)
W1 = witness(1)


def vkey(name: str, kind: int = 1) -> str:
    return NaiveKey(name, kind).vkey


@pytest.mark.parametrize("name", ["a", "example.org/log/2026", "Đài", "n" * 255, "xn--a.example"])
def test_key_is_read(name):
    key = verify.read_key(vkey(name), verify.LOG)

    assert (key.name, key.kind, key.public, key.id) == (name, 1, NaiveKey(name).public, NaiveKey(name).id)


@pytest.mark.parametrize("name", ["a b", "a+b", "a\u00a0b", "a\u2028b", "a\tb", "", " a", "a ", "n" * 256, "a\x7fb"])
def test_key_whose_name_has_a_space_or_a_plus_is_refused(name):
    assert code_of(lambda: verify.read_key(vkey(name), verify.LOG)) in ("key", "value")


@pytest.mark.parametrize("wrong", ["00000000", "{id}0", "{ID}", "", " {id}"])
def test_key_with_another_id_is_refused(wrong):
    name, _, encoded = KEY.vkey.split("+", 2)
    given = wrong.format(id=KEY.id.hex(), ID=KEY.id.hex().upper())

    with refused("key", name=name):
        verify.read_key(f"{name}+{given}+{encoded}", verify.LOG)


def test_key_of_the_other_kind_is_refused():
    with refused("key", name=ORIGIN):
        verify.read_key(KEY.vkey, verify.WITNESS)
    with refused("key", name=W1.name):
        verify.read_key(W1.vkey, verify.LOG)


@pytest.mark.parametrize("key", ["a", "a+b", "", "+", "++"])
def test_text_that_is_no_key_is_refused(key):
    with refused("key", name=key):
        verify.read_key(key, verify.LOG)


def test_key_that_is_no_point_is_refused():
    data = b"\1" + (2).to_bytes(32, "little")
    given = sha256(b"name\n" + data).hexdigest()[:8]

    with refused("key", name="name"):
        verify.read_key(f"name+{given}+{base64.b64encode(data).decode()}", verify.LOG)


def test_policy_is_shown(tmp_path, capsys):
    put(tmp_path / "p", policy([KEY], [W1, witness(2)], "g").replace("quorum", "group g 1 w1 w2\nquorum").encode())

    status, english, vietnamese = both(capsys, "policy", tmp_path / "p")

    assert status == 0
    assert english == [
        f"Trusted log: {ORIGIN}+{KEY.id.hex()}",
        f"Witness w1: {W1.name}+{W1.id.hex()}",
        f"Witness w2: {witness(2).name}+{witness(2).id.hex()}",
        "Group g: 1 needed of w1, w2",
        "Each checkpoint needs the signature of: g",
    ]
    assert vietnamese == [
        f"Nhật ký được tin cậy: {ORIGIN}+{KEY.id.hex()}",
        f"Bên làm chứng w1: {W1.name}+{W1.id.hex()}",
        f"Bên làm chứng w2: {witness(2).name}+{witness(2).id.hex()}",
        "Nhóm g: cần 1 trong số w1, w2",
        "Mỗi mốc nhật ký cần chữ ký của: g",
    ]


def test_policy_of_nothing_is_shown(tmp_path, capsys):
    put(tmp_path / "p", b"quorum none\n")

    assert both(capsys, "policy", tmp_path / "p") == (
        0,
        ["Each checkpoint needs the signature of: nobody else"],
        ["Mỗi mốc nhật ký cần chữ ký của: không ai khác"],
    )


def test_policy_that_is_none_is_not_valid(tmp_path, capsys):
    put(tmp_path / "p", b"# fine\n\nwitness\nquorum none\n")

    assert both(capsys, "policy", tmp_path / "p") == (
        1,
        ["Not valid: line 3 of the policy is wrong: the line is malformed or has a character that is not allowed."],
        ["Không hợp lệ: dòng 3 của chính sách có lỗi: dòng không đúng khuôn hoặc có ký tự không được phép."],
    )


@pytest.mark.parametrize(
    ("line", "english", "vietnamese"),
    [
        (
            "log a+00000000+AAAA",
            "key a cannot be used: its form, id or kind is wrong.",
            "không dùng được khóa a: sai khuôn, sai mã số hoặc sai loại.",
        ),
        (
            f"witness w {W1.vkey}\ngroup g 2 w",
            "the number of members needed must be from 1 to 1.",
            "số thành viên cần có phải từ 1 đến 1.",
        ),
        (
            f"witness none {W1.vkey}",
            "the name none is in use, reserved, or not defined above.",
            "tên none đã được dùng, là tên dành riêng, hoặc chưa được nêu ở trên.",
        ),
        (
            "log a+00000000+A",
            "a value is not written as it should be: A",
            "có giá trị viết không đúng chuẩn: A",
        ),
    ],
)
def test_fault_of_a_line_is_said(tmp_path, capsys, line, english, vietnamese):
    put(tmp_path / "p", f"{line}\nquorum none\n".encode())
    number = line.count("\n") + 1

    assert both(capsys, "policy", tmp_path / "p") == (
        1,
        [f"Not valid: line {number} of the policy is wrong: {english}"],
        [f"Không hợp lệ: dòng {number} của chính sách có lỗi: {vietnamese}"],
    )


@pytest.mark.parametrize("text", ["", "\n# nothing\n", f"log {KEY.vkey}\n", "quorum none\nquorum none\n"])
def test_policy_without_exactly_one_quorum_is_not_valid(tmp_path, capsys, text):
    put(tmp_path / "p", text.encode())

    assert both(capsys, "policy", tmp_path / "p") == (
        1,
        ["Not valid: a policy must have exactly one quorum line."],
        ["Không hợp lệ: chính sách phải có đúng một dòng quorum."],
    )


def test_policy_that_is_too_long_is_not_valid(tmp_path, capsys):
    put(tmp_path / "p", b"#" * (2**20 + 1))

    assert said(capsys, "policy", tmp_path / "p") == (
        1,
        [f"Not valid: {tmp_path / 'p'} is longer than allowed (1048576 bytes)."],
    )


@pytest.mark.parametrize(
    "line", ["log {0} url more", "log", "witness w {1} url more", "witness w", "group g any", "quorum", "quorum none x"]
)
def test_line_with_too_few_or_too_many_words_is_refused(line):
    with refused("policy_line", line=1, why=["policy_form", {}]):
        verify.read_policy(f"{line.format(KEY.vkey, W1.vkey)}\nquorum none\n".encode())


@pytest.mark.parametrize("octet", [*range(9), *range(11, 32), 127])
def test_control_octets_are_refused_everywhere(octet):
    for line in (b"# comment %c", b"log %c", b"%c", b"quorum none%c"):
        with refused("policy_line", line=1, why=["policy_form", {}]):
            verify.read_policy(line % octet + b"\nquorum none\n")


def test_same_public_key_under_two_names_is_refused():
    twin = NaiveKey("twin.example.org/log/2026")
    data = verify.unbase64(KEY.vkey.split("+", 2)[2])
    given = sha256(twin.name.encode() + b"\n" + data).hexdigest()[:8]
    text = f"log {KEY.vkey}\nlog {twin.name}+{given}+{KEY.vkey.split('+', 2)[2]}\nquorum none\n"

    with refused("policy_line", line=2, why=["policy_name", {"name": twin.name}]):
        verify.read_policy(text.encode())


def test_thirty_two_of_each_and_more_are_read():
    keys = [NaiveKey(f"log{n}.example.org/log/2026") for n in range(40)]
    witnesses = [NaiveKey(f"w{n}.example.org", WITNESS) for n in range(40)]
    lines = [f"log {key.vkey}" for key in keys] + [f"witness w{n} {key.vkey}" for n, key in enumerate(witnesses)]
    lines += ["group g0 all w0"] + [f"group g{n} all g{n - 1} w{n}" for n in range(1, 40)]
    found = verify.read_policy("\n".join([*lines, "quorum g39"]).encode())

    assert (len(found.logs), len(found.witnesses), len(found.groups)) == (40, 40, 40)
    assert found.is_met({f"w{n}": 0 for n in range(40)})
    assert not found.is_met({f"w{n}": 0 for n in range(1, 40)})


def plainly(name: str, groups: dict, seen: set[str]) -> bool:
    """The rule of tlog-policy, said as a recursion."""
    if name not in groups:
        return name in seen
    least, members = groups[name]
    return len([member for member in members if plainly(member, groups, seen)]) >= least


def test_nested_groups_agree_with_the_plain_rule():
    source = random.Random(7)
    outcomes = set()
    for _turn in range(300):
        names = [f"w{n}" for n in range(source.randrange(1, 8))]
        groups: dict[str, tuple[int, list[str]]] = {}
        free = list(names)
        while len(free) > 1 and source.random() < 0.8:
            members = source.sample(free, source.randrange(1, len(free) + 1))
            name = f"g{len(groups)}"
            groups[name] = (source.randrange(1, len(members) + 1), members)
            free = [each for each in free if each not in members] + [name]
        lines = [f"witness {name} {vkey(name, WITNESS)}" for name in names]
        lines += [f"group {name} {least} {' '.join(members)}" for name, (least, members) in groups.items()]
        found = verify.read_policy("\n".join([*lines, f"quorum {free[-1]}"]).encode())
        seen = {name for name in names if source.random() < 0.6}

        expected = plainly(free[-1], groups, seen)

        assert found.is_met(dict.fromkeys(seen, 0)) is expected
        outcomes.add(expected)
    assert outcomes == {True, False}


@pytest.mark.parametrize(("word", "least"), [("any", 1), ("all", 3), ("1", 1), ("2", 2), ("3", 3)])
def test_words_for_how_many_are_read(word, least):
    text = policy([KEY], [W1, witness(2), witness(3)], "g").replace("quorum", f"group g {word} w1 w2 w3\nquorum")

    assert verify.read_policy(text.encode()).groups == {"g": (least, ["w1", "w2", "w3"])}


@pytest.mark.parametrize("word", ["4", "0"])
def test_number_needed_is_within_the_members(word):
    text = policy([KEY], [W1, witness(2), witness(3)], "g").replace("quorum", f"group g {word} w1 w2 w3\nquorum")

    with refused("policy_line", why=["policy_enough", {"most": 3}]):
        verify.read_policy(text.encode())


def test_names_that_steer_a_terminal_are_shown_harmless(tmp_path, capsys):
    name = "w\u202e\u00ad\u0085"
    put(tmp_path / "p", f"witness {name} {W1.vkey}\nquorum {name}\n".encode())

    status, english = said(capsys, "policy", tmp_path / "p")

    assert status == 0
    assert english[-1] == "Each checkpoint needs the signature of: w\\u202e\\xad\\x85"


def test_names_that_are_no_utf_8_are_shown_harmless(tmp_path, capsys):
    text = policy([], [W1], "w1").encode().replace(b"w1", b"w\xff", 1).replace(b"quorum w1", b"quorum w\xff")
    put(tmp_path / "p", text)

    status, english = said(capsys, "policy", tmp_path / "p")

    assert (status, english[-1]) == (0, "Each checkpoint needs the signature of: w\\udcff")
