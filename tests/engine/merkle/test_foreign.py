"""What golang/mod tests its own with, and C2SP's examples (see vectors/README.md); and where we decide otherwise."""

import json
import re
from pathlib import Path

import pytest

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, BadNote, Key, Note, Signer, unbase64
from sangto.engine.merkle.tiles import BadTile, Tile, tile_at
from sangto.engine.merkle.tree import BadProof, check_consistency, check_inclusion, leaf_hash
from tests.engine.merkle.signing import refused

FOLDER = Path(__file__).parent / "vectors"
GO, C2SP = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("golang-mod", "c2sp"))
PETER, ENOCH = Key.read(GO["vkey"]), Key.read(GO["other_vkey"])
NO_KEY = "this is no key of a type that we know"
NO_PRIVATE_KEY = "this is no private key of a type that we know"
NO_BASE64 = "this is not base64"
NOT_THE_ONE_WAY = "this is not the one way to write it in base64"
NO_TEXT = "a note ends in a newline and has no control characters"
NO_NOTE = "this is no signed note"
NO_LINE = "this is no signature line"
NO_FIT = "the signature of a known key does not fit"
NOT_THREE = "this is no checkpoint of three lines"


# golang/mod: sumdb/note


def manglings(key: str) -> set[str]:
    """All parts of it, and it with one letter raised by one."""
    parts = {key[i:j] for i in range(len(key)) for j in range(i + 1, len(key) + 1)}
    return (parts | {key[:i] + chr(ord(key[i]) + 1) + key[i + 1 :] for i in range(len(key))}) - {key}


def test_go_keys_are_read():
    assert (PETER.name, PETER.type, PETER.id.hex(), PETER.vkey) == ("PeterNeumann", LOG, "c74f20a3", GO["vkey"])
    assert Signer.read(GO["skey"]).key == PETER
    assert Signer.read(GO["skey"]).skey == GO["skey"]


@pytest.mark.parametrize(("kind", "key"), [(Key, "vkey"), (Signer, "skey")])
def test_go_mangled_keys_are_refused(kind, key):
    for wrong in manglings(GO[key]):
        with pytest.raises(BadNote):
            kind.read(wrong)


@pytest.mark.parametrize(("vkey", "message"), [*zip(GO["bad_vkeys"], [NOT_THE_ONE_WAY, NO_KEY], strict=True)])
def test_go_keys_of_another_length_or_type_are_refused(vkey, message):
    with refused(BadNote, message):
        Key.read(vkey)


def test_go_text_is_signed_to_the_letter():
    assert Signer.read(GO["skey"]).signed(GO["text"]) + "\n" == GO["line"]


def test_go_texts_and_names_that_cannot_be_signed():
    for text in GO["bad_texts"]:
        with refused(BadNote, NO_TEXT):
            Signer.read(GO["skey"]).signed(text)
    for name in GO["bad_names"]:
        with refused(BadNote, NO_PRIVATE_KEY):
            Signer(name, LOG, bytes(32))


@pytest.mark.parametrize(("line", "message"), [*zip(GO["bad_lines"], [NO_LINE, NOT_THE_ONE_WAY], strict=True)])
def test_go_malformed_lines(line, message):
    with refused(BadNote, message):
        Note.read(f"{GO['text']}\n{line}")


@pytest.mark.parametrize(
    ("lines", "known", "signed"),
    [
        (["line", "other_line"], [PETER], {PETER}),
        (["line", "other_line"], [PETER, ENOCH], {PETER, ENOCH}),
        (["line", "other_line"], [], set()),  # there an error of its own; here a policy refuses it
        (["other_line"], [ENOCH, PETER, ENOCH], {ENOCH}),  # there ambiguous; here a key twice is one key
        (["line"], [ENOCH, PETER, ENOCH], {PETER}),
        (["line", "line", "other_line", "other_line", "other_bad_line"], [PETER], {PETER}),
        (["line", "line"], [PETER], {PETER}),
    ],
)
def test_go_notes_are_opened(lines, known, signed):
    note = Note.read(GO["text"] + "\n" + "".join(GO[each] for each in lines))

    assert note.text == GO["text"]
    assert note.signed_by(known) == dict.fromkeys(signed, 0)


def test_go_notes_that_are_not_opened():
    for known in ([PETER], []):
        with refused(BadNote, NO_NOTE):
            Note.read(GO["text"] + "\n" + GO["line"] * 101).signed_by(known)
    with refused(BadNote, NO_FIT):
        Note.read(GO["text"] + "\n" + GO["bad_line"]).signed_by([PETER])
    with refused(BadNote, "one key signed twice, and differently"):  # there the second is not looked at
        Note.read(GO["text"] + "\n" + GO["other_line"] + GO["other_bad_line"]).signed_by([ENOCH])


def text_of(bad: str | dict) -> str:
    if isinstance(bad, str):
        return bad
    return (bytes([bad["first_byte"]]) + bad["then"].encode()).decode(errors="surrogateescape")


@pytest.mark.parametrize(
    ("bad", "message"),
    [*zip(GO["bad_notes"], [NO_NOTE, NO_NOTE, NO_TEXT, NO_TEXT, "a note is UTF-8", NO_TEXT, NO_BASE64], strict=True)],
)
def test_go_malformed_notes(bad, message):
    with refused(BadNote, message):
        Note.read(text_of(bad))


@pytest.mark.parametrize("line", GO["unknown_lines"])
def test_go_lines_of_another_name_or_id_are_ignored(line):
    assert Note.read(f"{GO['text']}\n{line}").signed_by([PETER]) == {}


# golang/mod: sumdb/tlog


def test_go_tree_is_written_alike():
    tree = GO["tree"]

    assert Checkpoint(tree["origin"], tree["size"], leaf_hash(tree["leaf"].encode())).text == tree["text"]


@pytest.mark.parametrize("text", [GO["tree"]["text"], *GO["bad_trees"]])
def test_go_tree_has_no_name_for_an_origin(text):
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(text)


@pytest.mark.parametrize(("tail", "times"), GO["tree_tails"])
def test_go_tails_are_extension_lines_and_refused(tail, times):
    tree = GO["tree"]["text"].replace("go.sum database tree", "sum.golang.org")

    assert Checkpoint.read(tree).size == GO["tree"]["size"]
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(tree + tail * times)


@pytest.mark.parametrize(("path", "tile"), GO["tile_paths"])
def test_go_tile_paths_number_tiles_alike(path, tile):
    """There a path begins with the height of its tiles, which C2SP fixed at 8; numbers and widths are written alike."""
    ours = re.sub(r"^tile/\d+/", "tile/", path).replace("/data/", "/entries/")
    if tile is None:
        with refused(BadTile, "this is no path of a tile"):
            tile_at(ours)
        return
    height, level, n, width = tile

    assert tile_at(ours) == Tile(level, n, 256 if width == 1 << height else width)
    assert tile_at(ours).path == ours
    with refused(BadTile, "this is no path of a tile"):
        tile_at(path)


def test_go_proofs_of_a_certificate_log_hold():
    log = GO["argon2020"]
    tree = {"size": log["tree_size"], "root": unbase64(log["sha256_root_hash"])}
    path, old = [unbase64(each) for each in log["audit_path"]], [unbase64(each) for each in log["consistency"]]
    leaf, first = unbase64(log["leaf_hash"]), unbase64(log["first_root_hash"])

    check_inclusion(leaf=leaf, index=log["leaf_index"], proof=path, **tree)
    check_consistency(old=log["first"], old_root=first, proof=old, **tree)
    with refused(BadProof, "the leaf is not in the tree"):
        check_inclusion(leaf=leaf, index=log["leaf_index"] + 1, proof=path, **tree)
    with refused(BadProof, "the first tree is not the beginning of the second"):
        check_consistency(old=log["first"], old_root=leaf, proof=old, **tree)


# C2SP


@pytest.mark.parametrize("page", ["signed_note", "tlog_checkpoint", "tlog_cosignature"])
def test_c2sp_examples_are_notes(page):
    """Their keys are not in the pages, so that nothing says whether the signatures fit."""
    sent = C2SP[page]["note"]
    note = Note.read(sent)
    blobs = [(name, unbase64(encoded)) for _dash, name, encoded in (line.split(" ") for line in note.lines)]

    assert str(note) == sent
    assert [[name, blob[:4].hex(), len(blob) - 4] for name, blob in blobs] == C2SP[page]["lines"]
    assert note.signed_by([PETER]) == {}


def test_c2sp_example_text_has_an_empty_line():
    text = Note.read(C2SP["signed_note"]["note"]).text

    assert text.splitlines()[2:] == ["", "ed è subito sera."]
    with refused(BadNote, NOT_THREE):
        Checkpoint.read(text)


def test_c2sp_example_checkpoint():
    cosigned = C2SP["tlog_cosignature"]
    note = Note.read(cosigned["note"])

    assert Checkpoint.read(note.text).text == note.text
    assert (Checkpoint.read(note.text).origin, Checkpoint.read(note.text).size) == (
        "example.com/behind-the-sofa",
        20_852_163,
    )
    assert int.from_bytes(unbase64(note.lines[1].split(" ")[2])[4:12], "big") == cosigned["time"]
