"""The verifier's own Ed25519 against `cryptography`, and where the two must differ: points written in a second way."""

import hashlib
import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sangto.ledger import verify_desk as verify

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
# The eight points of small order, then the other ways to write some of them (a y of p or more, or the sign of x = 0).
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
SECOND_WAYS = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def theirs(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def keyed(seed: int) -> tuple[Ed25519PrivateKey, bytes]:
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"%d" % seed).digest())
    return private, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def flipped(data: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(data))


def below_l(number: int) -> bytes:
    return number.to_bytes(32, "little")


def test_agrees_on_a_thousand_random_inputs():
    source = random.Random(8032)
    agreed = {True: 0, False: 0}
    for seed in range(1000):
        private, public = keyed(seed)
        message = source.randbytes(source.randrange(200))
        signature = private.sign(message)
        how = seed % 4
        if how == 1:
            signature = flipped(signature, source.randrange(512))
        elif how == 2:
            message = message + b"\n"
        elif how == 3:
            public = keyed(seed + 1)[1]

        expected = theirs(public, message, signature)

        assert verify.fits(public, message, signature) is expected
        agreed[expected] += 1
    assert agreed == {True: 250, False: 750}


def test_rfc_8032_vectors_hold():
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )

    assert verify.fits(public, b"\x72", signature)
    assert not verify.fits(public, b"\x73", signature)


@pytest.mark.parametrize("bit", range(0, 512, 7))
def test_signature_with_one_flipped_bit_is_refused(bit):
    private, public = keyed(1)

    assert not verify.fits(public, b"text", flipped(private.sign(b"text"), bit))


@pytest.mark.parametrize("times", [1, 2, 15])
def test_s_of_l_or_more_is_refused(times):
    private, public = keyed(2)
    signature = private.sign(b"text")
    s = int.from_bytes(signature[32:], "little") + times * L

    assert not verify.fits(public, b"text", signature[:32] + below_l(s))


def test_s_of_exactly_l_is_refused():
    neutral = bytes.fromhex(SMALL[0])

    assert verify.fits(neutral, b"text", neutral + below_l(0))  # [0]B - [h]0 = 0, as every library without a list says
    assert not verify.fits(neutral, b"text", neutral + below_l(L))
    assert theirs(neutral, b"text", neutral + below_l(0))


def test_largest_s_is_taken():
    neutral = bytes.fromhex(SMALL[0])
    minus_base = verify.BASE[0] * -1 % P, verify.BASE[1], 1, verify.BASE[3] * -1 % P
    signature = verify.bytes_of(minus_base) + below_l(L - 1)  # [L - 1]B = -B

    assert theirs(neutral, b"text", signature)
    assert verify.fits(neutral, b"text", signature)


def test_small_order_keys_are_judged_as_cryptography_judges_them():
    agreed = {True: 0, False: 0}
    for public in SMALL:
        for r in (*SMALL, *SECOND_WAYS):
            for turn in range(8):
                args = bytes.fromhex(public), b"ed25519 %d" % turn, bytes.fromhex(r) + below_l(0)

                assert verify.fits(*args) is theirs(*args)
                agreed[verify.fits(*args)] += 1
    assert min(agreed.values()) > 0
    assert sum(agreed.values()) == 8 * 14 * 8


@pytest.mark.parametrize("public", SECOND_WAYS)
def test_key_written_in_a_second_way_is_refused(public):
    key = bytes.fromhex(public)
    signatures = [bytes.fromhex(r) + below_l(0) for r in SMALL]

    assert verify.point_of(key) is None
    assert not any(verify.fits(key, b"ed25519 %d" % n, each) for n in range(16) for each in signatures)


@pytest.mark.parametrize("r", SECOND_WAYS)
def test_r_written_in_a_second_way_is_refused(r):
    taken = [verify.fits(bytes.fromhex(a), b"%d" % n, bytes.fromhex(r) + below_l(0)) for a in SMALL for n in range(16)]

    assert not any(taken)


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 63, 65, 96])
def test_signature_of_another_length_is_refused(length):
    private, public = keyed(3)
    signature = (private.sign(b"text") * 2)[:length]

    assert not verify.fits(public, b"text", signature)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_key_of_another_length_is_no_point(length):
    _private, public = keyed(3)

    assert verify.point_of((public + bytes(1))[:length]) is None


def test_points_and_bytes_go_back_and_forth():
    for seed in range(50):
        _private, public = keyed(seed)
        point = verify.point_of(public)

        assert point is not None
        assert verify.bytes_of(point) == public
        assert verify.bytes_of(verify.add(point, verify.NEUTRAL)) == public


def test_numbers_that_are_no_point_are_refused():
    d = -121665 * pow(121666, -1, P)
    no_square = [y for y in range(2, 60) if pow((y * y - 1) * pow(d * y * y + 1, -1, P), (P - 1) // 2, P) == P - 1]

    assert len(no_square) > 20
    assert [y for y in range(2, 60) if verify.point_of(below_l(y)) is None] == no_square
