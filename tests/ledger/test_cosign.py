"""Being a neighbour's witness: every status of C2SP tlog-witness, and a state that never goes back."""

import base64
import threading
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, WITNESS, BadNote, Note, Signer
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.tree import consistency_proof, edge_nodes, leaf_hash, root_of
from sangto.ledger.actions import cosign
from sangto.ledger.actions.cosign import SIZE, TEXT, read_request
from sangto.ledger.models import Neighbour
from sangto.ledger.queries import neighbour_checkpoint

pytestmark = pytest.mark.django_db
ORIGIN = "neighbour.example.org/log/2026"
LOG_KEY = Signer(ORIGIN, LOG, b"l" * 32)
OTHER_LOG = Signer("other.example.org/log/2026", LOG, b"o" * 32)
WITNESS_KEY = Signer("us.example.org/witness", WITNESS, b"w" * 32)
LOGS = Policy(logs={LOG_KEY.key: "", OTHER_LOG.key: ""})
LEAVES = [leaf_hash(b"%d" % n) for n in range(40)]
FORKED = [*LEAVES[:3], leaf_hash(b"forked"), *LEAVES[4:]]


def checkpoint(size, *, leaves=LEAVES, origin=ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, root_of(leaves[:size]))


def note(size, *, signer=LOG_KEY, leaves=LEAVES, origin=ORIGIN) -> str:
    text = checkpoint(size, leaves=leaves, origin=origin).text
    return str(Note(text, (signer.signed(text),)))


def proof(old, size, *, leaves=LEAVES) -> list[str]:
    def node(level, index):
        return root_of(leaves[index << level : (index + 1) << level])

    hashes = consistency_proof(old, size, node) if 0 < old <= size else []
    return [base64.b64encode(each).decode() for each in hashes]


def body(old, hashes, signed) -> bytes:
    return "\n".join([f"old {old}", *hashes, "", signed]).encode()


def grown(old, size, **options) -> bytes:
    """A right request."""
    return body(old, proof(old, size, **options), note(size, **options))


def ask(request, *, now):
    return cosign(request, logs=LOGS, signer=WITNESS_KEY, now=now)


def held() -> tuple[int, str] | None:
    row = Neighbour.objects.filter(origin=ORIGIN).first()
    return (row.size, row.note) if row else None


@pytest.fixture
def seen(now):
    """We have cosigned a checkpoint of 4 leaves."""
    assert ask(grown(0, 4), now=now).status == 200
    return held()


def test_proofs_below_cover_the_tree():
    assert edge_nodes(0, 40) == [(5, 0), (3, 4)]


def test_checkpoint_of_a_log_we_never_saw_is_cosigned(now):
    verdict = ask(grown(0, 4), now=now)

    assert (verdict.status, verdict.type) == (200, TEXT)
    assert verdict.text.endswith("\n")
    assert verdict.text.count("\n") == 1
    signed = Note(checkpoint(4).text, (verdict.text.rstrip("\n"),)).signed_by([WITNESS_KEY.key])
    assert signed == {WITNESS_KEY.key: int(now.timestamp())}
    assert held() == (4, note(4))


@pytest.mark.parametrize("size", [5, 7, 8, 33, 40])
def test_checkpoint_that_only_grew_is_cosigned_and_kept(now, seen, size):
    verdict = ask(grown(4, size), now=now)

    assert verdict.status == 200
    assert set(Note(checkpoint(size).text, (verdict.text.rstrip("\n"),)).signed_by([WITNESS_KEY.key]))
    assert held() == (size, note(size))


def test_same_checkpoint_is_cosigned_again(now, seen):
    verdict = ask(body(4, [], note(4)), now=now)

    assert verdict.status == 200
    assert held() == seen


@pytest.mark.parametrize(("old", "size"), [(0, 4), (0, 9), (3, 9), (5, 9), (9, 9)])
def test_other_old_size_gets_the_one_we_hold(now, seen, old, size):
    verdict = ask(grown(old, size), now=now)

    assert (verdict.status, verdict.text, verdict.type) == (409, "4\n", SIZE)
    assert held() == seen


@pytest.mark.parametrize("size", [1, 3])
def test_smaller_checkpoint_is_refused(now, seen, size):
    verdicts = [ask(grown(0, size), now=now), ask(body(4, [], note(size)), now=now)]

    assert [(each.status, each.text) for each in verdicts][0] == (409, "4\n")
    assert verdicts[1].status == 400
    assert held() == seen


def test_other_root_of_the_size_we_hold_is_refused(now, seen):
    verdict = ask(body(4, [], note(4, leaves=FORKED)), now=now)

    assert (verdict.status, verdict.text, verdict.type) == (409, "4\n", SIZE)
    assert held() == seen


@pytest.mark.parametrize(
    "hashes",
    [
        [],
        proof(4, 9)[:-1],
        [*proof(4, 9), base64.b64encode(bytes(32)).decode()],
        proof(3, 9),
        proof(4, 10),
        proof(4, 9, leaves=LEAVES[::-1]),
        [base64.b64encode(bytes(32)).decode()] * len(proof(4, 9)),
        [base64.b64encode(bytes(31)).decode(), *proof(4, 9)[1:]],
        [base64.b64encode(bytes(32)).decode()] * 63,
    ],
    ids=["none", "short", "long", "of 3", "to 10", "forked", "zeros", "31 bytes", "63 zeros"],
)
def test_proof_that_shows_nothing_is_refused(now, seen, hashes):
    verdict = ask(body(4, hashes, note(9)), now=now)

    assert (verdict.status, verdict.type) == (422, TEXT)
    assert held() == seen


def test_forked_log_is_refused_with_every_proof_it_can_give(now, seen):
    verdict = ask(grown(4, 9, leaves=FORKED), now=now)

    assert verdict.status == 422
    assert held() == seen


def test_proof_from_nothing_is_refused(now):
    assert ask(body(0, proof(4, 9), note(9)), now=now).status == 422
    assert held() == (0, "")
    assert ask(grown(0, 9), now=now).status == 200


def test_proof_between_equal_sizes_is_refused(now, seen):
    assert ask(body(4, proof(4, 9), note(4)), now=now).status == 422
    assert held() == seen


def test_unknown_log_is_not_cosigned(now):
    stranger = Signer("stranger.example.org/log", LOG, b"l" * 32)

    verdict = ask(body(0, [], note(4, signer=stranger, origin=stranger.name)), now=now)

    assert verdict.status == 404
    assert Neighbour.objects.count() == 0


@pytest.mark.parametrize(
    "signer",
    [Signer(ORIGIN, LOG, b"x" * 32), OTHER_LOG, Signer("stranger.example.org/log", LOG, b"l" * 32)],
    ids=["other key", "other log", "other name"],
)
def test_checkpoint_that_its_log_did_not_sign_is_not_cosigned(now, signer):
    assert ask(body(0, [], note(4, signer=signer)), now=now).status == 403
    assert held() is None


def test_signature_of_another_text_is_not_cosigned(now):
    line = LOG_KEY.signed(checkpoint(5).text)

    assert ask(body(0, [], str(Note(checkpoint(4).text, (line,)))), now=now).status == 403


def test_signature_that_differs_from_the_right_one_spoils_it(now):
    text = checkpoint(4).text
    lines = (LOG_KEY.signed(text), LOG_KEY.signed(checkpoint(5).text))

    assert ask(body(0, [], str(Note(text, lines))), now=now).status == 403


def test_lines_of_unknown_keys_are_ignored(now):
    text = checkpoint(4).text
    stranger = Signer("stranger.example.org/w", WITNESS, b"s" * 32)
    lines = (stranger.cosigned(text, at=1), LOG_KEY.signed(text), Signer(ORIGIN, LOG, b"x" * 32).signed(text))

    assert ask(body(0, [], str(Note(text, lines))), now=now).status == 200


def test_old_size_beyond_the_new_one_is_refused(now, seen):
    assert ask(body(9, [], note(4)), now=now).status == 400
    assert ask(body(9999999999999999999, [], note(4)), now=now).status == 400
    assert held() == seen


def test_every_log_has_its_own_state(now, seen):
    leaves = LEAVES[::-1]

    verdict = ask(body(0, [], note(3, signer=OTHER_LOG, leaves=leaves, origin=OTHER_LOG.name)), now=now)

    assert verdict.status == 200
    assert dict(Neighbour.objects.values_list("origin", "size")) == {ORIGIN: 4, OTHER_LOG.name: 3}


def test_empty_log_is_cosigned_and_grows_from_nothing(now):
    assert ask(grown(0, 0), now=now).status == 200
    assert held() == (0, note(0))
    assert ask(grown(0, 4), now=now).status == 200
    assert held() == (4, note(4))


def test_newest_checkpoint_is_shown_with_our_line_once_there_is_one(now):
    assert neighbour_checkpoint(ORIGIN, WITNESS_KEY) is None
    ask(grown(0, 0), now=now)
    assert neighbour_checkpoint(ORIGIN, WITNESS_KEY) is None
    ask(grown(0, 4), now=now)

    shown = Note.read(neighbour_checkpoint(ORIGIN, WITNESS_KEY))

    assert shown.text == checkpoint(4).text
    assert shown.signed_by([LOG_KEY.key, WITNESS_KEY.key]) == {LOG_KEY.key: 0, WITNESS_KEY.key: int(now.timestamp())}


RIGHT = grown(0, 4).decode()
TOO_MANY = [base64.b64encode(bytes(32)).decode()] * 64


@pytest.mark.parametrize(
    "request_body",
    [
        b"",
        b"\n",
        b"\xff\xfe",
        b"old 0\n",
        b"old 0\n\n",
        RIGHT.replace("old 0", "old 00").encode(),
        RIGHT.replace("old 0", "old -1").encode(),
        RIGHT.replace("old 0", "old 0 ").encode(),
        RIGHT.replace("old 0", "Old 0").encode(),
        RIGHT.replace("old 0", "old  0").encode(),
        RIGHT.replace("old 0", "old 0x1").encode(),
        RIGHT.replace("old 0", "old ٠").encode(),
        RIGHT.replace("old 0", "old 12345678901234567890").encode(),
        RIGHT.replace("old 0\n", "").encode(),
        RIGHT.replace("old 0\n\n", "old 0\n").encode(),
        RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.replace("\n4\n", "\n04\n").encode(),
        RIGHT.replace("\n4\n", "\n4\nextension\n").encode(),
        RIGHT.rstrip("\n").encode(),
        (RIGHT + "\n").encode(),
        ("\n" + RIGHT).encode(),
        RIGHT.replace("\n\n— ", "\n\n- ").encode(),
        body(4, ["AAA"], note(9)),
        body(4, ["A" * 42 + "B="], note(9)),
        body(4, ["not base64!"], note(9)),
        body(4, TOO_MANY, note(9)),
        RIGHT.encode() + b"\xe2\x80\x94 a AAAAAAAA\n" * 5000,
    ],
)
def test_body_that_is_no_request_is_refused(now, request_body):
    assert ask(request_body, now=now).status == 400
    assert Neighbour.objects.count() == 0


CHANGES = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | CHANGES)
def test_no_body_raises_and_none_takes_our_state_back(now, request_body):
    Neighbour.objects.update_or_create(origin=ORIGIN, defaults={"size": 4, "note": note(4), "seen_at": now})
    if isinstance(request_body, list):
        changed = bytearray(grown(4, 9))
        for at, length, put_in in request_body:
            start = at % len(changed)
            changed[start : start + length] = put_in
        request_body = bytes(changed)

    verdict = ask(request_body, now=now)

    assert verdict.status in {200, 400, 403, 404, 409, 422}
    assert held() in ([(4, note(4))] if verdict.status != 200 else [(4, note(4)), (9, note(9))])


def test_state_never_goes_back_whatever_the_order(now):
    sizes = [0, 4, 9, 4, 3, 9, 33, 8, 40, 33]
    found = []
    for size in sizes:
        for old in (held() or (0,))[0], 0, size:
            ask(grown(old, size) if old <= size else body(old, [], note(size)), now=now)
            found.append(held()[0])

    assert found == sorted(found)
    assert held() == (40, note(40))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("old", [0, 4])
def test_of_two_requests_at_once_the_second_is_told_the_size_of_the_first(now, monkeypatch, old):
    if old:
        ask(grown(0, old), now=now)
    module = import_module("sangto.ledger.actions.cosign")
    begin, verdicts, keep = threading.Barrier(2, timeout=20), {}, module._keep

    def keep_at_once(request, **options):
        begin.wait()
        return keep(request, **options)

    monkeypatch.setattr(module, "_keep", keep_at_once)

    def work(size):
        verdicts[size] = ask(grown(old, size), now=now)
        connection.close()

    threads = [threading.Thread(target=work, args=(size,)) for size in (7, 9)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(40)

    (winner,) = [size for size, verdict in verdicts.items() if verdict.status == 200]
    (loser,) = {7, 9} - {winner}
    assert (verdicts[loser].status, verdicts[loser].text) == (409, f"{winner}\n")
    assert held() == (winner, note(winner))


def test_request_that_is_too_long_is_not_read():
    with pytest.raises(BadNote, match="the request is too long"):
        read_request(b"old 0\n\n" + b"x" * (64 * 1024))
