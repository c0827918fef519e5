"""Proof files: their form, and what they show."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import FIRST_LINE, ProofFile
from sangto.engine.merkle.tree import EMPTY_ROOT, BadProof, inclusion_proof, leaf_hash, root_of
from tests.engine.merkle.signing import (
    CLUB,
    DESK,
    NOW,
    ORIGIN,
    PAPER,
    TEXT,
    base64_of,
    refused,
    signer,
    signers,
    texts,
    written,
)

NO_FILE = "this is no tlog-proof file"
NO_INDEX = "the file has no index, or too many hashes"
NO_HASH = "a line of the proof is not a hash"
NO_BASE64 = "this is not base64"
NOT_THE_ONE_WAY = "this is not the one way to write it in base64"
HASHES = tuple(sha256(bytes([each])).digest() for each in range(64))
FIRST, SECOND = (base64_of(each) for each in HASHES[:2])
NOTE = written(DESK.signed(TEXT))
LEAVES = [leaf_hash(str(each).encode()) for each in range(7)]


def file(*lines: str, note: str = NOTE) -> str:
    return "\n".join([FIRST_LINE, *lines, "", note])


def tree_of(size: int, *lines: str) -> Note:
    """A note with the checkpoint of the first leaves, signed by the desk."""
    text = Checkpoint(ORIGIN, size, root_of(LEAVES[:size])).text
    return Note(text, (DESK.signed(text), *lines))


def proof_of(index: int, size: int) -> tuple[bytes, ...]:
    return tuple(inclusion_proof(index, size, lambda level, at: root_of(LEAVES[at << level : (at + 1) << level])))


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["index 0"], (0, (), None)),
        (["index 4711", FIRST, SECOND], (4711, HASHES[:2], None)),
        (["extra e30=", "index 10", FIRST], (10, HASHES[:1], b"{}")),
        (["extra ", "index 9223372036854775807"], (2**63 - 1, (), b"")),
        (["index 1", *map(base64_of, HASHES[:63])], (1, HASHES[:63], None)),
    ],
)
def test_file_is_read_and_written_alike(lines, parts):
    index, hashes, extra = parts
    proof = ProofFile(index, hashes, Note.read(NOTE), extra)

    assert FIRST_LINE == "c2sp.org/tlog-proof@v1"
    assert ProofFile.read(file(*lines)) == proof
    assert str(proof) == file(*lines)


def test_note_is_kept_to_the_letter():
    note = written(PAPER.cosigned("a\n\nb\n", at=0), DESK.signed("a\n\nb\n"), text="a\n\nb\n")

    assert str(ProofFile.read(file("index 0", note=note)).note) == note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        FIRST_LINE,
        f"{FIRST_LINE}\nindex 0\n",
        f"{FIRST_LINE} \nindex 0\n\n{NOTE}",
        f"\n{FIRST_LINE}\nindex 0\n\n{NOTE}",
        f"\n\n{FIRST_LINE}\nindex 0\n\n{NOTE}",
        f"{FIRST_LINE}\r\nindex 0\n\n{NOTE}",
        f"index 0\n\n{NOTE}",
        f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}",
        NOTE,
        file("index 0").replace("\n", "\r\n"),
    ],
)
def test_other_text_is_no_file(text):
    with refused(BadNote, NO_FILE):
        ProofFile.read(text)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["extra e30="],
        [FIRST],
        ["index "],
        ["index"],
        ["index x"],
        ["index -5"],
        ["index +5"],
        ["index 00"],
        ["index 07"],
        ["index 0x7"],
        ["index 7 "],
        ["index  7"],
        ["index\t7"],
        ["index 7\r"],
        ["index ٣"],
        ["index 1٣"],
        ["index " + "1" * 20],
        ["Index 7"],
        ["extra e30=", "extra e30=", "index 7"],
        ["extra", "index 7"],
        ["Extra e30=", "index 7"],
        ["index 7", *map(base64_of, HASHES)],
        ["index 7", *["A"] * 64],
    ],
)
def test_file_needs_an_index_and_has_at_most_63_hashes(lines):
    with refused(BadNote, NO_INDEX):
        ProofFile.read(file(*lines))


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_hash_has_32_bytes(length):
    for lines in (["index 7", base64_of(bytes(length) or b"-")], ["index 7", FIRST, base64_of(bytes(length) or b"-")]):
        with refused(BadNote, NO_HASH):
            ProofFile.read(file(*lines))


@pytest.mark.parametrize("wrong", [FIRST[:-1], FIRST + "\r", " " + FIRST, "index 7", "extra e30=", "é", "\ud800"])
def test_other_line_is_no_hash(wrong):
    with refused(BadNote, NO_BASE64):
        ProofFile.read(file("index 7", wrong))


def test_hash_and_extra_are_written_in_one_way():
    with refused(BadNote, NOT_THE_ONE_WAY):
        ProofFile.read(file("index 7", FIRST[:-2] + chr(ord(FIRST[-2]) + 1) + "="))
    with refused(BadNote, NOT_THE_ONE_WAY):
        ProofFile.read(file("extra e31=", "index 7"))


@pytest.mark.parametrize("wrong", ["!!", "e30", "e30= ", " e30=", "e30=\r", "é", "\ud800", "extra e30="])
def test_extra_is_base64(wrong):
    with refused(BadNote, NO_BASE64):
        ProofFile.read(file(f"extra {wrong}", "index 7"))


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("", "a note ends in a newline and has no control characters"),
        (NOTE.replace("\n", "\r\n"), "a note ends in a newline and has no control characters"),
        ("\n" + TEXT, "this is no signed note"),
        (TEXT, "this is no signed note"),
        (TEXT + "\n", "this is no signed note"),
        (NOTE + "one more.\n", "this is not base64"),
        (NOTE + "a AAAAAAA=\n", "this is no signature line"),
        (NOTE.replace("answers", "\udc80"), "a note is UTF-8"),
    ],
)
def test_file_ends_in_a_note(note, message):
    with refused(BadNote, message):
        ProofFile.read(file("index 7", note=note))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (1, 2), (3, 5), (4, 5), (6, 7)])
def test_leaf_is_shown_in_the_tree_of_the_checkpoint(index, size):
    proof = ProofFile.read(str(ProofFile(index, proof_of(index, size), tree_of(size))))

    assert proof.check(LEAVES[index]) == Checkpoint(ORIGIN, size, root_of(LEAVES[:size]))
    with refused(BadProof, "the leaf is not in the tree"):
        proof.check(leaf_hash(b"another"))
    with refused(BadProof, "a hash has 32 bytes"):
        proof.check(LEAVES[index][:31])


@pytest.mark.parametrize("index", [5, 6, 2**63 - 1, 9 * 10**18])
def test_index_beyond_the_tree_is_refused(index):
    with refused(BadProof, "the index is not in the tree"):
        ProofFile(index, proof_of(4, 5), tree_of(5)).check(LEAVES[4])


def test_empty_tree_shows_nothing():
    text = f"{ORIGIN}\n0\n{base64_of(EMPTY_ROOT)}\n"
    with refused(BadProof, "the index is not in the tree"):
        ProofFile(0, (), Note(text, (DESK.signed(text),))).check(LEAVES[0])


def test_hashes_of_another_leaf_are_refused():
    hashes = proof_of(3, 5)
    for wrong in (hashes[:-1], hashes[::-1], proof_of(2, 5), (*hashes[:-1], HASHES[0])):
        with refused(BadProof, "the leaf is not in the tree"):
            ProofFile(3, wrong, tree_of(5)).check(LEAVES[3])
    with refused(BadProof, "the proof is too long"):
        ProofFile(3, (*hashes, HASHES[0]), tree_of(5)).check(LEAVES[3])


def test_note_without_a_checkpoint_shows_nothing():
    for text in ("a note\n", f"{TEXT}an extension line\n"):
        with refused(BadNote, "this is no checkpoint of three lines"):
            ProofFile(0, (), Note(text, (DESK.signed(text),))).check(LEAVES[0])


def test_lines_of_17_unknown_witnesses_are_ignored():
    text = tree_of(5).text
    unknown = [signer(f"w{number}.example.org").cosigned(text, at=NOW) for number in range(17)]
    proof = ProofFile.read(str(ProofFile(3, proof_of(3, 5), tree_of(5, *unknown, DESK.signed(text)))))

    assert Policy.read(f"log {DESK.key.vkey}\nquorum none\n").check(proof.note) == (Checkpoint.read(text), {})
    assert proof.check(LEAVES[3]) == Checkpoint.read(text)


def test_no_bit_of_a_proof_can_be_turned_but_of_an_unknown_line():
    policy = Policy.read(f"log {DESK.key.vkey}\nwitness club {CLUB.key.vkey}\nquorum club\n")
    text = tree_of(5).text
    unknown = PAPER.cosigned(text, at=NOW)
    sent = str(ProofFile(3, proof_of(3, 5), tree_of(5, CLUB.cosigned(text, at=NOW), unknown))).encode()
    taken = {place // 8 for place in range(len(sent) * 8) if is_taken(turned(sent, place), policy)}

    begin = sent.index(unknown.encode())
    assert is_taken(sent, policy)
    assert taken <= set(range(begin + len("— ".encode()), begin + len(unknown.encode())))
    assert taken


def turned(sent: bytes, place: int) -> bytes:
    changed = bytearray(sent)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def is_taken(sent: bytes, policy: Policy) -> bool:
    try:
        proof = ProofFile.read(sent.decode())
        policy.check(proof.note)
        proof.check(LEAVES[3])
    except ValueError:
        return False
    return True


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    texts.map("{}\n".format),
    signers,
    st.none() | st.binary(),
)
@settings(deadline=None)
def test_every_file_is_read_back(index, hashes, text, who, extra):
    proof = ProofFile(index, tuple(hashes), Note(text, (who.cosigned(text, at=NOW),)), extra)

    assert ProofFile.read(str(proof)) == proof


@given(st.text() | st.text(st.sampled_from("c2sp.org/tlog-proof@v1\nindex extra 0123456789+/=\ud800")).map(file))
def test_any_text_is_a_file_or_refused(text):
    try:
        assert str(ProofFile.read(text)) == text
    except BadNote:
        assert text != file("index 0")
