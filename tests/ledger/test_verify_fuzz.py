"""Whatever is in a file or on a desk: a sentence and an exit status, never a traceback."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.naive import NaiveDesk, policy, put
from tests.ledger.receipts import W1, Case
from tests.ledger.running import said

ANY_FILE = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=80).map(lambda data: b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + data),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=ANY_FILE)
def test_no_file_brings_a_traceback(tmp_path, capsys, data):
    desk = NaiveDesk()
    put(tmp_path / "rule", policy([desk.log.key]).encode())
    put(tmp_path / "x", data)
    for argv in (
        ["receipt", tmp_path / "x"], ["answer", tmp_path / "x"], ["consistency", tmp_path / "x", tmp_path / "x"],
        ["policy", tmp_path / "x"],
    ):  # fmt: skip
        status, lines = said(capsys, *argv, "--policy", tmp_path / "rule")

        assert status in (1, 2) or argv[0] == "policy"
        assert "unexpected" not in " ".join(lines)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=ANY_FILE,
    name=st.sampled_from(
        [
            "log/2026/checkpoint",
            "log/2026/tile/entries/000.p/2",
            "answers/index.json",
            "answers/2026-000001/v1.json",
            "../state/state.json",
        ]
    ),
)
def test_no_desk_brings_a_traceback(tmp_path, capsys, data, name):
    desk = NaiveDesk()
    desk.receive()
    desk.publish("2026-000001")
    desk.write(tmp_path / "desk")
    put(tmp_path / "state/state.json", b"{}")
    put(tmp_path / "desk" / name, data)
    if "state" not in name:
        (tmp_path / "state/state.json").unlink()

    status, lines = said(
        capsys, "monitor", tmp_path / "desk", "--state", tmp_path / "state", "--policy", tmp_path / "desk/log/policy"
    )

    assert status in (1, 2)
    assert "unexpected" not in " ".join(lines)


@pytest.mark.parametrize("seed", range(40))
def test_changed_receipts_bring_no_traceback(tmp_path, capsys, seed):
    case = Case(tmp_path)
    source = random.Random(seed)
    data = bytearray(case.receipt.file([W1]).encode())
    for _change in range(source.randrange(1, 6)):
        place = source.randrange(len(data))
        data[place : place + source.randrange(4)] = source.randbytes(source.randrange(4))

    status, lines = case.check(capsys, bytes(data))

    assert status in (0, 1)
    assert "unexpected" not in " ".join(lines)
