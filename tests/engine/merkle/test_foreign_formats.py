"""What transparency-dev/formats tests its own with (see vectors/README.md), and where we decide otherwise."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, WITNESS, BadNote, Key, Note, Signer, unbase64
from sangto.engine.merkle.policies import BadPolicy, Group, Policy
from sangto.engine.merkle.proofs import ProofFile
from tests.engine.merkle.signing import DESK, NOW, TEXT, base64_of, line, refused, signer, written

FOLDER = Path(__file__).parent / "vectors"
FORMATS, COSIGNATURES = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("formats", "cosignatures"))
SIGNERS = {each.name: each for _vkey, skey in FORMATS["keys"] for each in [Signer.read(skey)]}
NO_KEY = "this is no key of a type that we know"
NO_BASE64 = "this is not base64"
NO_TEXT = "a note ends in a newline and has no control characters"
NO_NOTE = "this is no signed note"
NO_FIT = "the signature of a known key does not fit"
NOT_THREE = "this is no checkpoint of three lines"
NO_ROOT = "the size and the root of the checkpoint do not fit"
UNTRUSTED, TOO_FEW = "no log that the policy names signed it", "too few witnesses have seen it"


def named(cases: list[list]) -> list:
    return [pytest.param(*rest, id=name) for name, *rest in cases]


# log and note


@pytest.mark.parametrize(("vkey", "skey"), [*FORMATS["keys"], *FORMATS["policy_keys"].values()])
def test_formats_keys_are_read(vkey, skey):
    assert Signer.read(skey).key == Key.read(vkey)
    assert (Signer.read(skey).skey, Key.read(vkey).vkey) == (skey, vkey)


@pytest.mark.parametrize(("signing", "found"), named(FORMATS["signed"]["cases"]))
def test_formats_signed_checkpoints(signing, found):
    known = {each.key for each in SIGNERS.values() if each.name != "Unknown"}
    for text in (FORMATS["signed"]["text"], FORMATS["signed"]["bad_text"]):
        note = Note.read(written(*(SIGNERS[each].signed(text) for each in signing), text=text))

        assert {each.name for each in note.signed_by(known)} == set(found)
    with refused(BadNote, NO_NOTE):
        Note.read(written(text=FORMATS["signed"]["text"]))


def test_formats_note_of_the_go_checksum_database():
    told = FORMATS["sum_golang_org"]
    keys = [Key.read(vkey) for vkey in (told["vkey"], *(vkey for vkey, _line in told["others"]))]
    lines = [told["line"], *(line for _vkey, line in told["others"])]
    note = Note.read(written(*lines, *told["unknown"], text=told["text"]))

    assert note.signed_by(keys) == dict.fromkeys(keys, 0)
    assert note.signed_by(keys[:1]) == {keys[0]: 0}
    with refused(BadNote, NOT_THREE):  # an origin with spaces is no name of a key
        Checkpoint.read(note.text)


@pytest.mark.parametrize(("origin", "size", "root", "text"), FORMATS["checkpoints_written"])
def test_formats_checkpoint_is_written_alike(origin, size, root, text):
    assert Checkpoint(origin, size, root.encode()).text == text


def test_formats_checkpoints_are_refused():
    """There a root has any length and extension lines are left to the caller: we take neither."""
    roots = {"valid one", "valid with different origin"}
    for name, text, _wrong in FORMATS["checkpoints"]:
        message = NO_ROOT if name in roots else NO_BASE64 if name.endswith("not base64") else NOT_THREE
        with refused(BadNote, message):
            Checkpoint.read(text)


@pytest.mark.parametrize("vkey", [*FORMATS["ecdsa_keys"], *FORMATS["rfc6962_keys"]])
def test_formats_keys_of_other_types_are_refused(vkey):
    with refused(BadNote, NO_KEY):
        Key.read(vkey)


@pytest.mark.parametrize("vkey", [pytest.param(vkey, id=name) for name, vkey in FORMATS["bad_keys"]])
def test_formats_bad_keys(vkey):
    with refused(BadNote, NO_BASE64 if "BASE64" in vkey else NO_KEY):
        Key.read(vkey)


@pytest.mark.parametrize("sent", FORMATS["ecdsa_notes"])
def test_formats_lines_of_other_types_are_ignored(sent):
    assert str(Note.read(sent)) == sent
    assert Note.read(sent).signed_by([DESK.key]) == {}


# note: cosignatures


@pytest.mark.parametrize(("vkey", "kind"), named(COSIGNATURES["keys"]))
def test_cosignature_keys_are_read(vkey, kind):
    assert (Key.read(vkey).vkey, Key.read(vkey).type) == (vkey, kind)


def test_cosignature_is_read_back_by_its_own_key_alone():
    for text in (COSIGNATURES["text"], COSIGNATURES["extended_text"], COSIGNATURES["cosigned_note_text"]):
        cosigner = signer("TestKey", WITNESS)
        note = Note.read(written(cosigner.cosigned(text, at=NOW), text=text))

        assert note.signed_by([cosigner.key]) == {cosigner.key: NOW}
        assert note.signed_by([Signer("TestKey", LOG, cosigner.seed).key]) == {}
        with refused(BadNote, NO_BASE64):
            Note.read(str(note)[:-2] + "@\n")
    assert Checkpoint.read(COSIGNATURES["text"]).size == 123
    with refused(BadNote, NO_TEXT):
        Note.read(COSIGNATURES["nobbled"])


@pytest.mark.parametrize(("encoded", "time"), named(COSIGNATURES["signatures"]))
def test_cosignature_has_a_time(encoded, time):
    if time is not None:
        assert int.from_bytes(unbase64(encoded)[4:12], "big") == time
    elif "%" in encoded:
        with refused(BadNote, NO_BASE64):
            unbase64(encoded)
    else:
        witness = signer("a-witness")
        with refused(BadNote, NO_FIT):
            Note(TEXT, (line(witness.name, witness.key.id + unbase64(encoded)[4:]),)).signed_by([witness.key])


# proof


def hashes(seeds: list[str]) -> tuple[bytes, ...]:
    return tuple(sha256(seed.encode()).digest() for seed in seeds)


@pytest.mark.parametrize(("index", "seeds", "extra", "checkpoint", "text"), named(FORMATS["proofs_written"]))
def test_formats_proof_is_written_alike(index, seeds, extra, checkpoint, text):
    """There a checkpoint may be any text: a signed note stands in its place."""
    note = written(DESK.signed(TEXT))
    proof = ProofFile(index, hashes(seeds), Note.read(note), extra and extra.encode())

    assert str(proof) == text.removesuffix(checkpoint) + note
    assert ProofFile.read(str(proof)) == proof
    with refused(BadNote, NO_NOTE):
        ProofFile.read(text)


@pytest.mark.parametrize(("index", "seeds", "extra"), named(FORMATS["proofs_read_back"]))
def test_formats_proof_is_read_back(index, seeds, extra):
    proof = ProofFile(index, hashes(seeds), Note.read(written(DESK.signed(TEXT))), extra and extra.encode())

    assert ProofFile.read(str(proof)) == proof


BAD_PROOFS = {
    "missing header": "this is no tlog-proof file",
    "invalid extra data encoding": NO_BASE64,
    "missing index": "the file has no index, or too many hashes",
    "invalid index - not a number": "the file has no index, or too many hashes",
    "invalid index - negative": "the file has no index, or too many hashes",
    "invalid hash base64": NO_BASE64,
    "incorrect hash length": "a line of the proof is not a hash",
    "scanner error - buffer too large": "this is no tlog-proof file",
}


@pytest.mark.parametrize(("name", "bad"), FORMATS["bad_proofs"])
def test_formats_bad_proofs(name, bad):
    text = bad if isinstance(bad, str) else bad["start"] + bad["then"] * bad["times"] + bad["end"]
    with refused(BadNote, BAD_PROOFS[name]):
        ProofFile.read(text)


# policy

LOGS = {"log": signer("example.com/log", LOG), "other": signer("other.example.com/log", LOG)}
WITNESSES = {
    name: Signer(name, WITNESS, Signer.read(skey).seed) for name, (_vkey, skey) in FORMATS["policy_keys"].items()
}
WITNESSES |= {name: signer(name) for name in ("Wit4", "Wit5", "Wit6")}
COSIGNERS = LOGS | WITNESSES
KEYS = {name.lower(): each.key for name, each in COSIGNERS.items()}
UNKNOWN = bytes([0x63]) + bytes(32)
VKEYS = {name: key.vkey for name, key in KEYS.items()} | {
    "wit1_ed25519": FORMATS["policy_keys"]["Wit1"][0],
    "impostor": Signer("impostor.example.com", WITNESS, WITNESSES["Wit1"].seed).key.vkey,
    "unknown": "unknown.example.com+"
    + sha256(b"unknown.example.com\n" + UNKNOWN).hexdigest()[:8]
    + f"+{base64_of(UNKNOWN)}",
}


def filled(policy: str) -> str:
    """There the keys are made anew in each run, and a witness's has no id that fits: here they have theirs."""
    return policy.format(**VKEYS)


@pytest.mark.parametrize(("text", "told"), named(FORMATS["policies"]))
def test_formats_policy_is_read(text, told):
    assert Policy.read(filled(text)) == Policy(
        {KEYS[name]: url for name, url in told["logs"].items()},
        {name: (KEYS[key], url) for name, (key, url) in told["witnesses"].items()},
        {name: Group(enough, tuple(members)) for name, (enough, members) in told["groups"].items()},
        told["quorum"],
    )


ONE_OR_TWO = "a key, and after it an address or nothing"
MEMBER = "a member of a group is named on a line before, and once"
AS_MANY = "a group asks for any, all, or as many as it has at most"
QUORUM = "there is one quorum, of a name that was named before"
BAD_POLICIES = {
    "disallowed control octet": "line 2: there is a control character",
    "carriage return": "line 1: there is a control character",
    "unknown keyword": "line 1: the word 'quibble' is unknown",
    "inline comments are not comments": f"line 1: {ONE_OR_TWO}",
    "log without vkey": f"line 1: {ONE_OR_TWO}",
    "log with invalid vkey": f"line 1: {NO_KEY}",
    "log with unknown key type": f"line 1: {NO_KEY}",
    "duplicate log public key": "line 2: a log has a log's key, and is named once",
    "witness without vkey": f"line 1: {ONE_OR_TWO}",
    "witness with non-cosignature vkey": f"line 1: {NO_KEY}",
    "witness with plain ed25519 vkey": "line 1: a witness has a witness's key, and is named once",
    "witness named none": "line 1: the name is taken",
    "duplicate witness name": "line 2: the name is taken",
    "group name duplicates witness name": "line 2: the name is taken",
    "group without members": "line 2: a group has a name, a number and members",
    "group named none": "line 2: the name is taken",
    "zero threshold": f"line 2: {AS_MANY}",
    "negative threshold": f"line 2: {AS_MANY}",
    "threshold exceeds members": f"line 2: {AS_MANY}",
    "unknown group member": f"line 2: {MEMBER}",
    "forward reference in group": f"line 1: {MEMBER}",
    "none as group member": f"line 2: {MEMBER}",
    "member repeated within a group": f"line 2: {MEMBER}",
    "member repeated across groups": "line 4: a member of a group is in no other group",
    "no quorum": "there is no quorum line",
    "multiple quorums": f"line 3: {QUORUM}",
    "quorum with unknown name": f"line 1: {QUORUM}",
    "quorum before referenced definition": f"line 1: {QUORUM}",
    "quorum without name": f"line 1: {QUORUM}",
    "duplicate witness public key": "line 2: a witness has a witness's key, and is named once",
}


@pytest.mark.parametrize(("name", "text"), FORMATS["bad_policies"])
def test_formats_bad_policies(name, text):
    with refused(BadPolicy, BAD_POLICIES[name]):
        Policy.read(filled(text))


def test_formats_policy_is_written_alike():
    text, written_there = map(filled, FORMATS["policy_written"])

    assert str(Policy.read(text)) == written_there
    assert Policy.read(written_there) == Policy.read(text)


def cosigned(names: list[str]) -> Note:
    text = FORMATS["verified_checkpoint"]
    lines = (
        each.signed(text) if each.type == LOG else each.cosigned(text, at=NOW) for each in map(COSIGNERS.get, names)
    )
    return Note(text, tuple(lines))


@pytest.mark.parametrize(("cosigners", "is_enough"), named(FORMATS["satisfied"]["cases"]))
def test_formats_quorum(cosigners, is_enough):
    """There a quorum is asked about without a log: here the log signs in each case."""
    policy = Policy.read(filled("log {log}\n" + FORMATS["satisfied"]["policy"]))
    note = cosigned(["log", *cosigners])

    assert policy.is_enough(policy.quorum, {WITNESSES[each].key for each in cosigners}) is is_enough
    if is_enough:
        assert policy.check(note)[1] == {WITNESSES[each].key: NOW for each in cosigners}
    else:
        with refused(BadNote, TOO_FEW):
            policy.check(note)


def test_formats_quorum_of_nobody_and_of_an_unknown_name():
    assert Policy().is_enough("none", set()) is True
    assert Policy(quorum="missing").is_enough("missing", {KEYS["wit1"]}) is False


@pytest.mark.parametrize(("text", "signing", "error"), named(FORMATS["verified"]))
def test_formats_checkpoint_is_verified(text, signing, error):
    policy, note = Policy.read(filled(text)), cosigned(signing)
    if not error:
        assert policy.check(note) == (Checkpoint("example.com/log", 42, bytes(32)), {KEYS["wit1"]: NOW})
        return
    with refused(BadNote, TOO_FEW if "quorum" in error else UNTRUSTED):
        policy.check(note)


def test_every_bad_case_is_asked_about():
    assert {name for name, _text in FORMATS["bad_policies"]} == set(BAD_POLICIES)
    assert {name for name, _text in FORMATS["bad_proofs"]} == set(BAD_PROOFS)
