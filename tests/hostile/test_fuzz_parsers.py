"""The targets of the fuzzer with hypothesis: the same promises on the same examples at each run."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, seeds

EXAMPLES = 150
PIECES = [
    b'{"', b'":', b"[", b"]", b"{}", b"null", b"1e400", b"NaN", b"\\ud800", b"\\u0000", b"\0", b"\xff", b"\xc0\xaf",
    "—".encode(), b"@type", b"ClaimReview", b"update_id", b"message", b"chat", b"private", b"text", b"\r\n", b"--x",
    b"Content-Disposition: form-data; name=", b"index ", b"c2sp.org/tlog-proof@v1", b"log ", b"quorum ", b"group ",
    b"witness ", b"tile/0/x001/", b".p/", b"=", b"+", b",", b"%", b"&", b"text=", b"\t", b"0912 345 678", b"a@b.vn",
    "\u202e".encode(), "\u0301".encode() * 20, "а.com".encode(), b"127.0.0.1", b"::1", b"https://facebook.com/",
]  # fmt: skip
nonsense = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=30).map(b"".join),
)


@pytest.mark.parametrize("name", TARGETS)
def test_parser_keeps_its_promise(name):
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(nonsense)
    def keeps(data):
        TARGETS[name](data)

    keeps()


@pytest.mark.parametrize("name", TARGETS)
def test_parser_keeps_its_promise_near_honest_inputs(name):
    """Honest inputs with a few bytes changed, put in or taken out."""
    source = random.Random(name)
    for seed in seeds(name) * 4:
        TARGETS[name](seed)
        for _round in range(20):
            data = bytearray(seed)
            for _change in range(source.randrange(1, 5)):
                place = source.randrange(len(data) + 1)
                data[place : place + source.randrange(4)] = source.choice([*PIECES, source.randbytes(2), b""])
            TARGETS[name](bytes(data))
