"""Canonical JSON against another's package and by example; commitments against HMAC by hand."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.merkle.commitments import (
    ANSWER,
    LARGEST_INTEGER,
    OUTCOME,
    RECEIPT,
    SALT_BYTES,
    NotCanonical,
    canonical,
    commitment,
    text_digest,
)
from tests.engine.merkle.signing import refused

SALT = bytes(range(32))
plain = st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values)
def test_form_is_that_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({}, b"{}"),
        ([], b"[]"),
        ((), b"[]"),
        ("", b'""'),
        (0, b"0"),
        (-1, b"-1"),
        (LARGEST_INTEGER, b"9007199254740991"),
        (-LARGEST_INTEGER, b"-9007199254740991"),
        ({"b": 1, "a": [2, ("x", {})]}, b'{"a":[2,["x",{}]],"b":1}'),
        ({"a": 1, "B": 2, "": 3, "aa": 4, "_": 5, "1": 6}, b'{"":3,"1":6,"B":2,"_":5,"a":1,"aa":4}'),
        ('"\\/\b\f\n\r\t', rb'"\"\\/\b\f\n\r\t"'),
        ("\0\x0b\x1f\x7f\x80", b'"\\u0000\\u000b\\u001f\x7f\xc2\x80"'),
        ("tiếng Việt €\u2028\U0001f600", '"tiếng Việt €\u2028\U0001f600"'.encode()),
        ({"\n\x7f": "é"}, '{"\\n\x7f":"é"}'.encode()),
        ({"c": "0" * 64, "t": "r", "v": 1}, b'{"c":"' + b"0" * 64 + b'","t":"r","v":1}'),
    ],
)
def test_form_by_example(value, form):
    assert canonical(value) == form


def test_texts_that_look_alike_are_not_made_one():
    assert canonical("é") != canonical("e\u0301")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "bool"),
        (False, "bool"),
        (None, "NoneType"),
        (1.0, "float"),
        (float("nan"), "float"),
        (b"a", "bytes"),
        ({1}, "set"),
        (LARGEST_INTEGER + 1, "int"),
        (-LARGEST_INTEGER - 1, "int"),
        (10**400, "int"),
        (object(), "object"),
    ],
)
def test_other_values_have_no_form(value, kind):
    for each in (value, [value], (0, value), {"a": value}, {"a": [{"b": value}]}):
        with refused(NotCanonical, f"{kind} or its size has no place here"):
            canonical(each)


@pytest.mark.parametrize("key", ["é", "a\x80", "\ud800", 1, True, None, ("a",)])
def test_key_is_an_ascii_text(key):
    for each in ({key: 1}, {"a": 1, key: 2}, [{"a": {key: 1}}]):
        with refused(NotCanonical, "a key is an ASCII text"):
            canonical(each)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\ud83d", "\udc80b"])
def test_half_a_character_has_no_form(text):
    for each in (text, [text], {"a": text}):
        with refused(NotCanonical, "half a character"):
            canonical(each)


def hmac_by_hand(key: bytes, message: bytes) -> str:
    """RFC 2104, word for word, for a key that is shorter than a block of 64 bytes."""
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in key.ljust(64, b"\0")) + message).digest()
    return hashlib.sha256(bytes(each ^ 0x5C for each in key.ljust(64, b"\0")) + inner).hexdigest()


@pytest.mark.parametrize(
    ("purpose", "prefix"),
    [(RECEIPT, b"desk/receipt/v1\0"), (OUTCOME, b"desk/outcome/v1\0"), (ANSWER, b"desk/answer/v1\0")],
)
def test_commitment_is_an_hmac_of_purpose_and_form(purpose, prefix):
    value = {"k": "answered", "a": "2026-000123"}

    expected = hmac_by_hand(SALT, prefix + b'{"a":"2026-000123","k":"answered"}')
    assert commitment(purpose, value, salt=SALT) == expected
    assert len(expected) == 64


def test_commitment_stays_what_it_is():
    """A change here makes every Receipt that was handed out worthless."""
    opening = {
        "ch": "web", "day": "2026-11-21", "files": [], "msg": text_digest("Nước máy có màu lạ."),
        "place": text_digest(""), "rid": "000102030405060708090a0b0c0d0e0f",
    }  # fmt: skip

    assert commitment(RECEIPT, opening, salt=SALT) == "de4188ae80f867e226d3e03270e2b670cd7dedaa1b90c02ce123a1fb9739f80c"


def test_another_purpose_value_or_salt_makes_another_commitment():
    made = [
        commitment(RECEIPT, {"a": 1}, salt=SALT),
        commitment(OUTCOME, {"a": 1}, salt=SALT),
        commitment(ANSWER, {"a": 1}, salt=SALT),
        commitment(RECEIPT, {"a": "1"}, salt=SALT),
        commitment(RECEIPT, {"a": 1}, salt=SALT[::-1]),
    ]

    assert len(set(made)) == 5


@pytest.mark.parametrize("length", [0, 1, 16, 31, 33, 64])
def test_salt_has_32_bytes(length):
    assert SALT_BYTES == 32
    with refused(ValueError, "a salt has 32 bytes"):
        commitment(RECEIPT, {}, salt=bytes(length))


def test_shorter_salt_would_give_the_same_value():
    """The reason why the length is held: HMAC fills a key up with zeros."""
    assert hmac_by_hand(b"a", b"x") == hmac_by_hand(b"a\0", b"x")


def test_commitment_to_no_form_is_refused():
    with refused(NotCanonical, "float or its size has no place here"):
        commitment(RECEIPT, {"a": 0.5}, salt=SALT)


@pytest.mark.parametrize("text", ["", "a", "Nước máy có màu lạ.", "\U0001f600\n"])
def test_digest_is_sha_256_of_utf_8(text):
    assert text_digest(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_half_a_character_has_no_digest():
    with refused(NotCanonical, "half a character"):
        text_digest("a\ud800")
