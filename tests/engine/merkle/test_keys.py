"""Base64, names, keys and the lines that they sign: what is read, what is refused and with which words."""

import re
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.merkle.notes import (
    LOG,
    WITNESS,
    BadNote,
    Key,
    Note,
    Signer,
    is_name,
    unbase64,
)
from tests.engine.merkle.signing import (
    CLUB,
    DESK,
    NOW,
    ORIGIN,
    TEXT,
    base64_of,
    line,
    refused,
    signer,
    signers,
    written,
)

NO_KEY = "this is no key of a type that we know"
NO_PRIVATE_KEY = "this is no private key of a type that we know"
NO_BASE64 = "this is not base64"
NOT_THE_ONE_WAY = "this is not the one way to write it in base64"
NO_NOTE = "this is no signed note"
NO_TEXT = "a note ends in a newline and has no control characters"
NO_TIME = "a witness's time is from 0 to 2^63 - 1"
NAMES = ["a", "answers.example.org/log/2026", "báo.example.org", "例え", "a" * 255, "đ" * 127 + "a", "-", "—", "\x80"]
NO_NAMES = {
    "empty": "",
    "a space": "a b",
    "a space before": " a",
    "a space behind": "a ",
    "a plus": "a+b",
    "a tab": "a\tb",
    "a newline behind": "a\n",
    "a carriage return": "a\r",
    "a null": "a\0b",
    "an escape": "\x1b[31m",
    "a unit separator": "a\x1fb",
    "a delete": "a\x7fb",
    "a next line": "a\x85b",
    "a no-break space": "a\xa0b",
    "an ideographic space": "a\u3000b",
    "a line separator": "a\u2028b",
    "half a character": "a\ud800b",
    "an escaped byte": "a\udcffb",
    "the last half of a character": "a\udfffb",
    "256 characters": "a" * 256,
    "256 bytes": "đ" * 128,
}


def by_hand(who: Signer, at: int, text: str = TEXT) -> str:
    """A cosignature as the page of C2SP words it, with any time that fits its 8 bytes."""
    private = Ed25519PrivateKey.from_private_bytes(who.seed)
    signature = private.sign(b"cosignature/v1\ntime " + str(at).encode() + b"\n" + text.encode())
    return line(who.name, who.key.id + at.to_bytes(8, "big") + signature)


@pytest.mark.parametrize(
    ("text", "data"), [("", b""), ("Zg==", b"f"), ("Zm8=", b"fo"), ("Zm9v", b"foo"), ("+/+/", b"\xfb\xff\xbf")]
)
def test_base64_is_read(text, data):
    assert unbase64(text) == data


@pytest.mark.parametrize("text", ["Zh==", "Zm9=", "AB==", "ABF=", "Zm9v="])
def test_base64_written_otherwise_is_refused(text):
    with refused(BadNote, NOT_THE_ONE_WAY):
        unbase64(text)


@pytest.mark.parametrize(
    "text",
    ["Z", "Zg", "Zg=", "=", "====", "Zg==Zg==", "Zm9v\n", "Zm9v\r\n", " Zm9v", "Zm 9v", "-_-_", "é", "\ud800"],
)
def test_other_text_is_no_base64(text):
    with refused(BadNote, NO_BASE64):
        unbase64(text)


@pytest.mark.parametrize("name", NAMES)
def test_name_may_be_of_any_script(name):
    assert is_name(name) is True
    assert Key.read(signer(name).key.vkey) == signer(name).key


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES)
def test_name_has_no_spaces_no_plus_and_at_most_255_bytes(name):
    assert is_name(name) is False
    with refused(BadNote, NO_KEY):
        Key(name, LOG, bytes(32))
    with refused(BadNote, NO_PRIVATE_KEY):
        Signer(name, LOG, bytes(32))
    if "+" not in name:
        with refused(BadNote, NO_KEY):
            Key.read(f"{name}+00000000+{base64_of(bytes([LOG]) + bytes(32))}")


@pytest.mark.parametrize("kind", [LOG, WITNESS])
def test_key_is_written_as_the_specification_says(kind):
    who = signer("example.org/x", kind)
    public = Ed25519PrivateKey.from_private_bytes(who.seed).public_key().public_bytes_raw()
    key_id = sha256(b"example.org/x\n" + bytes([kind]) + public).digest()[:4]

    assert (who.key.name, who.key.type, who.key.public, who.key.id) == ("example.org/x", kind, public, key_id)
    assert who.key.vkey == f"example.org/x+{key_id.hex()}+{base64_of(bytes([kind]) + public)}"
    assert who.skey == f"PRIVATE+KEY+example.org/x+{key_id.hex()}+{base64_of(bytes([kind]) + who.seed)}"
    assert (Key.read(who.key.vkey), Signer.read(who.skey)) == (who.key, who)


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 6, 255])
def test_key_of_another_type_is_refused(kind):
    key_id = sha256(b"a\n" + bytes([kind]) + bytes(32)).hexdigest()[:8]
    encoded = base64_of(bytes([kind]) + bytes(32))
    with refused(BadNote, NO_KEY):
        Key.read(f"a+{key_id}+{encoded}")
    with refused(BadNote, NO_PRIVATE_KEY):
        Signer.read(f"PRIVATE+KEY+a+{key_id}+{encoded}")


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_key_of_another_length_is_refused(length):
    encoded = base64_of(bytes([LOG]) + bytes(length))
    with refused(BadNote, NO_KEY):
        Key.read(f"a+00000000+{encoded}")
    with refused(BadNote, NO_PRIVATE_KEY):
        Signer.read(f"PRIVATE+KEY+a+00000000+{encoded}")


def test_key_without_its_parts_is_refused():
    for text in ("", "a", "a+", "a+00000000", "a+00000000+", "++"):
        with refused(BadNote, NO_KEY):
            Key.read(text)
        with refused(BadNote, NO_PRIVATE_KEY):
            Signer.read(f"PRIVATE+KEY+{text}")


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda key_id: key_id[:-1], lambda key_id: key_id + "0", lambda key_id: "", lambda _: "00000000"],
)
def test_key_with_another_id_is_refused(change):
    vkey, skey = DESK.key.vkey, DESK.skey
    key_id = DESK.key.id.hex()
    assert change(key_id) != key_id

    with refused(BadNote, "the key and its id do not fit"):
        Key.read(vkey.replace(key_id, change(key_id), 1))
    with refused(BadNote, "the private key and its id do not fit"):
        Signer.read(skey.replace(key_id, change(key_id), 1))


def test_key_that_is_not_base64_is_refused():
    for wrong in (DESK.key.vkey + "\n", DESK.key.vkey[:-1], DESK.key.vkey.replace("+A", "+*"), "a+b+c+d"):
        with refused(BadNote, NO_BASE64):
            Key.read(wrong)
        with refused(BadNote, NO_BASE64):
            Signer.read(f"PRIVATE+KEY+{wrong}")


@pytest.mark.parametrize("start", ["", "PRIVATE+", "PRIVATE-KEY+", "private+key+", " PRIVATE+KEY+", "xPRIVATE+KEY+"])
def test_private_key_begins_with_its_two_words(start):
    with refused(BadNote, NO_PRIVATE_KEY):
        Signer.read(start + DESK.skey.removeprefix("PRIVATE+KEY+"))


def test_private_key_is_not_shown():
    assert repr(DESK) == f"Signer(name='{ORIGIN}', type=1)"
    assert base64_of(DESK.seed)[:8] not in repr(DESK)


def test_key_fits_its_own_signatures_alone():
    message = b"a message"
    signature = Ed25519PrivateKey.from_private_bytes(DESK.seed).sign(message)

    assert DESK.key.fits(signature, message) is True
    for wrong in (bytes(64), signature[:63], signature + b"\0", b"", signature[:-1] + bytes([signature[-1] ^ 1])):
        assert DESK.key.fits(wrong, message) is False
    assert DESK.key.fits(signature, message + b".") is False
    assert CLUB.key.fits(signature, message) is False
    assert Key("a", LOG, b"\xff" * 32).fits(signature, message) is False


def test_log_signs_the_text_alone():
    signature = Ed25519PrivateKey.from_private_bytes(DESK.seed).sign(TEXT.encode())

    assert DESK.signed(TEXT) == line(ORIGIN, DESK.key.id + signature)


@pytest.mark.parametrize("at", [0, 1, NOW, 2**63 - 1])
def test_witness_signs_the_time_and_the_text(at):
    assert CLUB.cosigned(TEXT, at=at) == by_hand(CLUB, at)
    assert Note(TEXT, (by_hand(CLUB, at),)).signed_by([CLUB.key]) == {CLUB.key: at}


@pytest.mark.parametrize("at", [-1, 2**63, 2**64 - 1, 2**64])
def test_witness_signs_no_other_time(at):
    with refused(BadNote, NO_TIME):
        CLUB.cosigned(TEXT, at=at)


@pytest.mark.parametrize("at", [2**63, 2**64 - 1])
def test_cosignature_of_an_impossible_time_is_refused(at):
    with refused(BadNote, NO_TIME):
        Note(TEXT, (by_hand(CLUB, at),)).signed_by([CLUB.key])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NO_TEXT),
        ("no newline", NO_TEXT),
        ("a\r\n", NO_TEXT),
        ("a\tb\n", NO_TEXT),
        ("a\0b\n", NO_TEXT),
        ("a\x0bb\n", NO_TEXT),
        ("a\x1fb\n", NO_TEXT),
        ("a\ud800b\n", "a note is UTF-8"),
    ],
)
def test_text_that_no_note_may_have_is_neither_signed_nor_read(text, message):
    sent = written(DESK.signed(TEXT), text=text)
    for act in (
        lambda: DESK.signed(text),
        lambda: CLUB.cosigned(text, at=NOW),
        lambda: Note(text, (DESK.signed(TEXT),)).signed_by([DESK.key]),
    ):
        with refused(BadNote, message):
            act()
    with refused(BadNote, message if text.endswith("\n") else NO_NOTE):
        Note.read(sent)


@given(signers)
def test_every_key_is_read_back(who):
    assert (Key.read(who.key.vkey), Signer.read(who.skey)) == (who.key, who)


@given(st.text() | st.from_regex(re.compile(r"([^+]{0,9}\+){1,4}[A-Za-z0-9+/=]*")))
def test_any_text_is_a_key_or_refused(text):
    for kind in (Key, Signer):
        with pytest.raises(BadNote):
            kind.read(text)
