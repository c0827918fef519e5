"""Checkpoints: three lines, and nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote
from sangto.engine.merkle.tree import EMPTY_ROOT
from tests.engine.merkle.signing import CHECKPOINT, ORIGIN, ROOT, base64_of, names, refused

NOT_THREE = "this is no checkpoint of three lines"
NO_FIT = "the size and the root of the checkpoint do not fit"
LINE = base64_of(ROOT)


def test_checkpoint_is_three_lines():
    assert CHECKPOINT.text == f"{ORIGIN}\n70000\n{LINE}\n"
    assert Checkpoint.read(CHECKPOINT.text) == CHECKPOINT == Checkpoint(ORIGIN, 70_000, ROOT)


@pytest.mark.parametrize(
    ("size", "root"),
    [(0, EMPTY_ROOT), (1, ROOT), (10, ROOT), (2**31, ROOT), (10**18, ROOT), (2**63 - 1, ROOT), (1, EMPTY_ROOT)],
)
def test_size_is_from_0_to_below_2_to_the_63(size, root):
    checkpoint = Checkpoint("a", size, root)

    assert Checkpoint.read(checkpoint.text) == checkpoint


@pytest.mark.parametrize("size", [2**63, 2**63 + 1, 10**19 - 1])
def test_size_of_2_to_the_63_is_refused(size):
    with refused(BadNote, NO_FIT):
        Checkpoint.read(f"a\n{size}\n{LINE}\n")


def test_empty_tree_has_one_root():
    with refused(BadNote, NO_FIT):
        Checkpoint.read(f"a\n0\n{LINE}\n")


@pytest.mark.parametrize(
    "size",
    [
        "",
        "00",
        "01",
        "007",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1_0",
        "0x1",
        "1e3",
        "٣",
        "1٣",
        "²",
        str(10**19),
        "9" * 5000,
    ],
)
def test_size_is_written_in_one_way(size):
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(f"a\n{size}\n{LINE}\n")


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_root_has_32_bytes(length):
    with refused(BadNote, NO_FIT):
        Checkpoint.read(f"a\n1\n{base64_of(bytes(length))}\n")


@pytest.mark.parametrize("origin", ["", " ", "a b", "a+b", "a\t", "a\r", "a\x85", "a\ud800", "a" * 256])
def test_origin_is_a_name(origin):
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(f"{origin}\n1\n{LINE}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n\n",
        "a\n1\n",
        f"a\n1\n{LINE}",
        f"a\n1\n{LINE}\n\n",
        f"\na\n1\n{LINE}\n",
        f"a\n\n1\n{LINE}\n",
        f"a\n1\n{LINE}\nan extension line\n",
        f"a\n1\n{LINE}\nan extension line",
        f"a\n1\n{LINE}\none\ntwo\n",
        f"a\r\n1\r\n{LINE}\r\n",
        f"1\na\n{LINE}\n",
    ],
)
def test_other_text_and_extension_lines_are_no_checkpoint(text):
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(text)


def test_root_is_written_in_one_way():
    other_bits = LINE[:-2] + chr(ord(LINE[-2]) + 1) + "="
    assert base64.b64decode(other_bits) == ROOT
    with refused(BadNote, "this is not the one way to write it in base64"):
        Checkpoint.read(f"a\n1\n{other_bits}\n")
    for wrong in (LINE + " ", LINE[:-1], LINE + "\r", ROOT.hex() + "!"):
        with refused(BadNote, "this is not base64"):
            Checkpoint.read(f"a\n1\n{wrong}\n")


@given(names, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_is_read_back(origin, size, root):
    checkpoint = Checkpoint(origin, size, root)

    assert Checkpoint.read(checkpoint.text) == checkpoint


@given(st.text() | st.text(st.sampled_from("a0123456789\n+/=é\r\ud800")))
def test_any_text_is_refused(text):
    with pytest.raises(BadNote):
        Checkpoint.read(text)
