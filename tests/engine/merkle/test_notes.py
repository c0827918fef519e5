"""Notes: what is read, what is refused and with which words, and who is said to have signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.notes import LOG, MOST_LINES, MOST_NOTE_BYTES, WITNESS, BadNote, Note, Signer, unbase64
from tests.engine.merkle.signing import (
    CLUB,
    DESK,
    NEIGHBOUR,
    NOW,
    ORIGIN,
    PAPER,
    TEXT,
    line,
    refused,
    signers,
    texts,
    written,
)

NO_BASE64 = "this is not base64"
NOT_THE_ONE_WAY = "this is not the one way to write it in base64"
NO_NOTE = "this is no signed note"
NO_TEXT = "a note ends in a newline and has no control characters"
NO_LINE = "this is no signature line"
NO_FIT = "the signature of a known key does not fit"


def test_note_is_read_and_written_alike():
    sent = written(DESK.signed(TEXT), CLUB.cosigned(TEXT, at=NOW))
    note = Note.read(sent)

    assert note == Note(TEXT, (DESK.signed(TEXT), CLUB.cosigned(TEXT, at=NOW)))
    assert str(note) == sent == f"{TEXT}\n{DESK.signed(TEXT)}\n{CLUB.cosigned(TEXT, at=NOW)}\n"


@pytest.mark.parametrize("text", ["a\n\nb\n", "\na\n", "a\n\n", "\n", "\n\n", "a\n\n\n\nb\n", "— a AAAAAAA=\n"])
def test_text_may_have_empty_lines(text):
    sent = written(DESK.signed(text), text=text)

    assert Note.read(sent) == Note(text, (DESK.signed(text),))
    assert Note.read(sent).signed_by([DESK.key]) == {DESK.key: 0}


LINE = line("unknown.example.org", bytes(5))


@pytest.mark.parametrize(
    "sent",
    [
        "\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{LINE}\n",
        f"\n{LINE}\n",
        f"{TEXT}\n{LINE}\n\n",
        f"{TEXT}\n{LINE}\n\n\n",
    ],
)
def test_other_text_is_no_note(sent):
    with refused(BadNote, NO_NOTE):
        Note.read(sent)


@pytest.mark.parametrize("sent", ["", TEXT[:-1], f"{TEXT}\n{LINE}", f"{TEXT}\n{LINE}\r\n", f"{TEXT}\n{LINE}\n\0"])
def test_note_ends_in_a_newline(sent):
    with refused(BadNote, NO_TEXT):
        Note.read(sent)


def test_note_has_no_carriage_returns():
    with refused(BadNote, NO_TEXT):
        Note.read(written(LINE).replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "wrong",
    [
        LINE.replace("\N{EM DASH}", "-"),
        LINE.replace("\N{EM DASH}", "\N{EN DASH}"),
        LINE.replace("\N{EM DASH} ", "\N{EM DASH}"),
        LINE.replace("\N{EM DASH} ", "\N{EM DASH}\xa0"),
        LINE.replace("\N{EM DASH} ", "\N{EM DASH}  "),
        " " + LINE,
        line("a+b", bytes(5)),
        line("a\xa0b", bytes(5)),
        line("a\x7fb", bytes(5)),
        line("a" * 256, bytes(5)),
        line("", bytes(5)),
        line("a", bytes(4)),
        line("a", b""),
        "\N{EM DASH} a ",
        "\N{EM DASH} a",
        "\N{EM DASH} ",
        "\N{EM DASH}",
    ],
)
def test_malformed_line_spoils_the_note(wrong):
    for lines in ([wrong], [DESK.signed(TEXT), wrong], [wrong, DESK.signed(TEXT)]):
        with pytest.raises(BadNote, match=f"^({NO_LINE}|{NO_BASE64})$"):
            Note.read(written(*lines))


def test_line_of_five_bytes_is_one():
    assert Note.read(written(LINE)).lines == (LINE,)


@pytest.mark.parametrize(
    "wrong", [LINE + "=", LINE + "====", LINE[:-1] + " =", LINE + " ", LINE.replace("AAA=", "AAB="), LINE[:-1]]
)
def test_line_in_other_base64_spoils_the_note(wrong):
    message = NOT_THE_ONE_WAY if wrong == LINE.replace("AAA=", "AAB=") else NO_BASE64
    with refused(BadNote, message):
        Note.read(written(DESK.signed(TEXT), wrong))


@pytest.mark.parametrize("count", [1, 16, 17, 99, 100])
def test_up_to_100_lines_are_read_and_unknown_ones_ignored(count):
    unknown = [line(f"w{number}.example.org", bytes(76)) for number in range(count - 1)]

    assert Note.read(written(*unknown, DESK.signed(TEXT))).signed_by([DESK.key]) == {DESK.key: 0}


def test_101_lines_are_too_many():
    assert MOST_LINES == 100
    for lines in ([LINE] * 101, [DESK.signed(TEXT)] * 101, [LINE] * 10_000):
        with refused(BadNote, NO_NOTE):
            Note.read(written(*lines))


def test_16_lines_of_large_keys_are_read():
    lines = [line(f"w{number}." + "a" * 240, bytes(5000)) for number in range(16)]

    assert Note.read(written(*lines)).lines == tuple(lines)


@pytest.mark.parametrize("letter", ["a", "đ", "例"])
def test_note_may_have_256_kib(letter):
    size = len(letter.encode())
    most = (MOST_NOTE_BYTES - len(written(LINE, text="\n").encode())) // size
    longest = written(LINE, text=letter * most + "\n")
    assert MOST_NOTE_BYTES == 262_144
    assert 0 <= MOST_NOTE_BYTES - len(longest.encode()) < size

    assert str(Note.read(longest)) == longest
    with refused(BadNote, NO_NOTE):
        Note.read(letter + longest)


def test_every_known_key_is_told_with_its_time():
    lines = (DESK.signed(TEXT), NEIGHBOUR.cosigned(TEXT, at=5), CLUB.cosigned(TEXT, at=0))
    note = Note(TEXT, lines)

    assert note.signed_by([CLUB.key, DESK.key, NEIGHBOUR.key, PAPER.key]) == {
        DESK.key: 0,
        NEIGHBOUR.key: 5,
        CLUB.key: 0,
    }
    assert note.signed_by(iter([NEIGHBOUR.key])) == {NEIGHBOUR.key: 5}
    assert note.signed_by([PAPER.key]) == note.signed_by([]) == {}


def test_key_of_the_same_name_or_the_same_id_is_another():
    namesake = Signer(ORIGIN, LOG, bytes(32))
    disguised = line("another.example.org", DESK.key.id + bytes(64))
    as_witness = Signer(ORIGIN, WITNESS, DESK.seed)

    note = Note(TEXT, (namesake.signed(TEXT), disguised, as_witness.cosigned(TEXT, at=7), DESK.signed(TEXT)))
    assert note.signed_by([DESK.key]) == {DESK.key: 0}
    assert note.signed_by([as_witness.key, DESK.key]) == {as_witness.key: 7, DESK.key: 0}


def test_identical_lines_of_a_key_count_once():
    cosigned = CLUB.cosigned(TEXT, at=NOW)
    note = Note.read(written(DESK.signed(TEXT), cosigned, DESK.signed(TEXT), cosigned, cosigned))

    assert note.signed_by([DESK.key, CLUB.key]) == {DESK.key: 0, CLUB.key: NOW}


def test_two_lines_of_a_key_that_differ_spoil_the_note():
    twice = (CLUB.cosigned(TEXT, at=NOW), CLUB.cosigned(TEXT, at=NOW + 1))
    for lines in (twice, twice[::-1], (*twice, twice[0]), (DESK.signed(TEXT), line(ORIGIN, DESK.key.id + bytes(64)))):
        with refused(BadNote, "one key signed twice, and differently"):
            Note(TEXT, lines).signed_by([DESK.key, CLUB.key])
    assert Note(TEXT, (*twice, DESK.signed(TEXT))).signed_by([DESK.key]) == {DESK.key: 0}


BAD_BLOBS = {
    "zeros": bytes(64),
    "one byte": b"\0",
    "a signature of another text": Ed25519PrivateKey.from_private_bytes(DESK.seed).sign(b"another text\n"),
    "a byte short": Ed25519PrivateKey.from_private_bytes(DESK.seed).sign(TEXT.encode())[:-1],
    "a byte long": Ed25519PrivateKey.from_private_bytes(DESK.seed).sign(TEXT.encode()) + b"\0",
    "a cosignature": unbase64(Signer(ORIGIN, WITNESS, DESK.seed).cosigned(TEXT, at=NOW).split(" ")[2])[4:],
}


@pytest.mark.parametrize("blob", BAD_BLOBS.values(), ids=BAD_BLOBS)
def test_bad_line_of_a_known_log_spoils_the_note(blob):
    note = Note.read(written(CLUB.cosigned(TEXT, at=NOW), line(ORIGIN, DESK.key.id + blob)))

    assert note.signed_by([CLUB.key]) == {CLUB.key: NOW}
    with refused(BadNote, NO_FIT):
        note.signed_by([CLUB.key, DESK.key])


def test_cut_line_of_a_known_witness_spoils_the_note():
    blob = unbase64(CLUB.cosigned(TEXT, at=NOW).split(" ")[2])
    for length in range(4, 76):
        with refused(BadNote, NO_FIT if length > 4 else NO_LINE):
            Note.read(written(DESK.signed(TEXT), line(CLUB.name, blob[:length]))).signed_by([CLUB.key])


def test_witness_that_signed_as_a_log_does_spoils_the_note():
    private = Ed25519PrivateKey.from_private_bytes(CLUB.seed)
    for blob in (private.sign(TEXT.encode()), NOW.to_bytes(8, "big") + private.sign(TEXT.encode())):
        with refused(BadNote, NO_FIT):
            Note(TEXT, (line(CLUB.name, CLUB.key.id + blob),)).signed_by([CLUB.key])


def test_no_bit_of_a_signed_note_can_be_turned():
    sent = written(DESK.signed(TEXT), CLUB.cosigned(TEXT, at=NOW)).encode()
    for place in range(len(sent) * 8):
        turned = bytearray(sent)
        turned[place // 8] ^= 1 << place % 8
        try:
            signed = Note.read(turned.decode()).signed_by([DESK.key, CLUB.key])
        except ValueError:
            continue
        assert set(signed) < {DESK.key, CLUB.key}


def line_of(who: Signer, text: str, at: int) -> str:
    return who.signed(text) if who.type == LOG else who.cosigned(text, at=at)


@given(texts.map("{}\n".format), st.lists(st.tuples(signers, st.integers(0, 2**63 - 1)), min_size=1, max_size=4))
@settings(deadline=None)
def test_whatever_is_signed_is_read_back(text, signings):
    times = {who: at if who.type == WITNESS else 0 for who, at in signings}
    sent = written(*(line_of(who, text, at) for who, at in times.items()), text=text)
    note = Note.read(sent)

    assert (str(note), note.text) == (sent, text)
    assert note.signed_by(who.key for who in times) == {who.key: at for who, at in times.items()}


@given(st.text(st.sampled_from("a\n\N{EM DASH} +=AAAA\r\0\ud800é")) | st.text())
def test_any_text_is_a_note_or_refused(text):
    try:
        assert str(Note.read(text)) == text
    except BadNote:
        assert text != written(LINE)
