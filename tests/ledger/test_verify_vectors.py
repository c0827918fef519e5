"""Other people's test vectors; where they come from and which were left out stands in vectors/README.md."""

import base64
import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import DASH, NaiveKey, b64
from tests.ledger.running import code_of

FOLDER = Path(__file__).parent / "vectors"
TARGET = 196


def load(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def accepted(call: Callable[[], object]) -> bool:
    return code_of(call) == ""


def merkle_inclusion() -> int:
    cases = load("merkle")["inclusion"]
    for case in cases:
        path = [raw(each) for each in case["proof"] or []]
        args = (raw(case["leafHash"]), case["leafIdx"], case["treeSize"], raw(case["root"]), path)

        assert accepted(lambda args=args: verify.check_inclusion(*args)) != case["wantErr"], case["file"]
    return len(cases)


def merkle_consistency() -> int:
    cases = load("merkle")["consistency"]
    for case in cases:
        path = [raw(each) for each in case["proof"] or []]
        args = (case["size1"], case["size2"], raw(case["root1"]), raw(case["root2"]), path)

        assert accepted(lambda args=args: verify.check_consistency(*args)) != case["wantErr"], case["file"]
    return len(cases)


def tessera_checkpoints() -> int:
    vectors = load("tessera")
    key = verify.read_key(vectors["vkey"], verify.LOG)
    policy = verify.Policy([key], {}, {}, ["none"])
    for place, text in enumerate(vectors["checkpoints"]):
        size = min(place, 15)
        checkpoint = verify.vouch(verify.read_note(text), policy)
        bundle = raw(vectors["bundles"][size - 1]["data"]) if size else b""
        edge: list[bytes] = []
        for index, entry in enumerate(verify.read_bundle(bundle, size, "bundle")):
            verify.grow(edge, index, verify.leaf_hash(entry))

        assert (checkpoint.size, checkpoint.root) == (size, verify.root_of(edge))
    return len(vectors["checkpoints"])


def tessera_tiles() -> int:
    vectors = load("tessera")
    for tile, bundle in zip(vectors["tiles"], vectors["bundles"], strict=True):
        entries = verify.read_bundle(raw(bundle["data"]), bundle["width"], "bundle")

        assert b"".join(map(verify.leaf_hash, entries)) == raw(tile["data"])
    return len(vectors["tiles"]) + len(vectors["bundles"])


def notes_of_golang() -> int:
    cases = load("notes")["golang_mod"]
    for case in cases:
        keys = [verify.read_key(vkey, verify.LOG) for vkey in case["keys"]]
        data = raw(case["note_base64"]) if "note_base64" in case else case["note"].encode()
        data += case.get("line", "").encode() * case.get("times", 0)
        signers: list[str] = []

        def opened(data=data, keys=keys, signers=signers) -> None:
            signers += [key.name for key in verify.signed_by(verify.read_note(verify.text_of(data)), keys)]

        assert code_of(opened) == case.get("refused", ""), case["desc"]
        assert signers == case.get("signers", []), case["desc"]
    return len(cases)


def keys_of_golang() -> int:
    vectors = load("notes")
    whole = vectors["golang_mod_key"]
    pieces = {whole[i:j] for i in range(len(whole)) for j in range(i + 1, len(whole) + 1)} - {whole}
    changed = {whole[:i] + chr(ord(whole[i]) + 1) + whole[i + 1 :] for i in range(len(whole))}
    bad = [each["key"] for each in vectors["golang_mod_bad_keys"]]

    assert accepted(lambda: verify.read_key(whole, verify.LOG))
    assert [
        key for key in (*pieces, *changed, *bad) if accepted(lambda key=key: verify.read_key(key, verify.LOG))
    ] == []
    return 1 + len(bad) + 2  # the pieces are one vector, the changed characters another


def trees_of_golang() -> int:
    vectors = load("notes")
    good = vectors["golang_mod_tree"]

    assert verify.read_head(good["text"])[1:] == (good["size"], verify.leaf_hash(good["record"].encode()))
    for text in vectors["golang_mod_bad_trees"]:
        assert code_of(lambda text=text: verify.read_head(text)) == "value"
    for tile in vectors["golang_mod_tile_paths"]:
        assert verify.tile_path("tile/0", tile["n"]) == f"tile/0/{tile['path']}"
    return 1 + len(vectors["golang_mod_bad_trees"]) + len(vectors["golang_mod_tile_paths"])


def examples_of_c2sp() -> int:
    cases = load("notes")["c2sp"]
    for case in cases:
        note = verify.read_note(verify.text_of(case["note"].encode()))

        assert [name for name, _id, _signature in note.lines] == case["names"]
        assert [len(signature) for _name, _id, signature in note.lines] == case["lengths"]
        assert note.text + "\n" == case["note"][: case["note"].index(DASH)]
        if "head" in case:
            assert list(verify.read_head(note.text)[:2]) == case["head"]
    return len(cases)


def keys_of_formats() -> int:
    cases = load("formats")["keys"]
    for case in cases:
        kinds = [kind for kind in (1, 4) if accepted(lambda kind=kind: verify.read_key(case["key"], kind))]  # noqa: B023

        assert kinds == [case["kind"]] * bool(case["kind"]), case["desc"]
    return len(cases)


def proofs_of_formats() -> int:
    vectors = load("formats")
    for case in vectors["proofs"]:
        proof = verify.read_proof(case["proof"])
        extra = None if case["extra"] is None else case["extra"].encode()
        hashes = [sha256(each.encode()).digest() for each in case["hashes"]]

        assert proof == (extra, case["index"], hashes, case["checkpoint"]), case["desc"]
    for case in vectors["bad_proofs"]:
        text = case["proof"] + case.get("line", "") * case.get("times", 0)

        assert code_of(lambda text=text: verify.read_proof(text)) == case["refused"], case["desc"]
    return len(vectors["proofs"]) + len(vectors["bad_proofs"])


def checkpoints_of_formats() -> int:
    cases = load("formats")["bad_checkpoints"]
    for case in cases:
        assert code_of(lambda case=case: verify.read_head(case["text"])) == case["refused"], case["desc"]
    return len(cases)


class FormatsPolicies:
    """The policies of transparency-dev/formats, with their keys put in and true ids for the witnesses."""

    def __init__(self) -> None:
        self.vectors = load("policies")
        origin = self.vectors["origin"]
        seeds = [raw(each.rpartition("+")[2])[1:] for each in self.vectors["signers"]]
        self.witnesses = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
        unknown = bytes([0x63]) + bytes(32)
        identity = sha256(b"unknown.example.com\n" + unknown).digest()[:4]
        self.places = {
            "log": NaiveKey(origin).vkey,
            "other": NaiveKey("other.example.com/log").vkey,
            "unknown_alg": f"unknown.example.com+{identity.hex()}+{b64(unknown)}",
            "wit1_ed25519": self.vectors["ed25519"][0],
            "impostor": self.vkey(0, "impostor.example.com"),
            "octet": "\udc80",
            **{f"wit{n}": self.vkey(n - 1, f"Wit{n}") for n in (1, 2, 3)},
            **{f"wit{n}": NaiveKey(f"Wit{n}", 4).vkey for n in (4, 5, 6)},
        }

    def public(self, place: int) -> bytes:
        return raw(self.vectors["ed25519"][place].split("+", 2)[2])[1:]

    def identity(self, place: int, name: str) -> bytes:
        return sha256(name.encode() + b"\n\4" + self.public(place)).digest()[:4]

    def vkey(self, place: int, name: str) -> str:
        return f"{name}+{self.identity(place, name).hex()}+{b64(bytes([4]) + self.public(place))}"

    def policy(self, text: str) -> verify.Policy:
        return verify.read_policy(text.format(**self.places).encode("utf-8", "surrogateescape"))

    def line(self, text: str, signer: object) -> str:
        if isinstance(signer, str):
            return NaiveKey({"log": self.vectors["origin"], "other": "other.example.com/log"}[signer]).line(text)
        name, place = f"Wit{signer}", int(str(signer)) - 1
        signature = self.witnesses[place].sign(f"cosignature/v1\ntime 1700000000\n{text}".encode())
        return f"{DASH} {name} {b64(self.identity(place, name) + (1700000000).to_bytes(8, 'big') + signature)}\n"

    def note(self, signers: list) -> verify.Note:
        text = f"{self.vectors['origin']}\n42\n{b64(bytes(32))}\n"
        return verify.read_note(text + "\n" + "".join(self.line(text, each) for each in signers))


def policies_of_formats() -> int:
    formats = FormatsPolicies()
    good, bad = formats.vectors["good"], formats.vectors["bad"]
    for case in good:
        policy = formats.policy(case["policy"])
        octet = formats.places["octet"]

        assert len(policy.logs) == case["logs"], case["desc"]
        assert list(policy.witnesses) == [name.format(octet=octet) for name in case["witnesses"]], case["desc"]
        assert policy.groups == {name: tuple(group) for name, group in case["groups"].items()}, case["desc"]
        assert policy.quorum == [case["quorum"].format(octet=octet)], case["desc"]
    for case in bad:
        with pytest.raises(verify.Invalid) as caught:
            formats.policy(case["policy"])
        finding = caught.value
        code = finding.values["why"][0] if finding.code == "policy_line" else finding.code

        assert code == case["refused"], case["desc"]
    return len(good) + len(bad)


def quorums_of_formats() -> int:
    formats = FormatsPolicies()
    vectors = formats.vectors
    policy = formats.policy(vectors["satisfied_policy"])
    for case in vectors["satisfied"]:
        note = formats.note(["log", *case["signers"]])
        signed = verify.signed_by(note, list(policy.witnesses.values()))
        seen = {alias: 0 for alias, key in policy.witnesses.items() if key in signed}

        assert policy.is_met(seen) == case["expect"], case["desc"]
    assert formats.policy("quorum none\n").is_met({})
    for case in vectors["verify"]:
        note, policy = formats.note(case["signers"]), formats.policy(case["policy"])

        assert code_of(lambda n=note, p=policy: verify.cosigned(verify.vouch(n, p))) == case.get("refused", ""), case[
            "desc"
        ]
    return len(vectors["satisfied"]) + 1 + len(vectors["verify"])


GROUPS = (
    merkle_inclusion, merkle_consistency, tessera_checkpoints, tessera_tiles, notes_of_golang, keys_of_golang,
    trees_of_golang, examples_of_c2sp, keys_of_formats, proofs_of_formats, checkpoints_of_formats, policies_of_formats,
    quorums_of_formats,
)  # fmt: skip


@cache
def run(group: Callable[[], int]) -> int:
    """How many vectors of a group held; running them twice would tell nothing new."""
    return group()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_foreign_vectors_hold(group):
    assert run(group) > 0


def test_merkle_vectors_are_all_there():
    assert (run(merkle_inclusion), run(merkle_consistency)) == (98, 98)


def test_enough_foreign_vectors_ran():
    counts = {group.__name__: run(group) for group in GROUPS}

    print(f"\n{sum(counts.values())} foreign vectors: {counts}")
    assert sum(counts.values()) >= TARGET
