"""Files and policies for the verifier in the browser: odd ones that are right, and hostile ones that must not pass."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from tests.ledger import receipts_for_browser as built
from tests.ledger.receipts_for_browser import (
    ALONE,
    ANSWER,
    FIRST,
    LOG,
    LOG_LINES,
    MESSAGE,
    ORIGIN,
    OTHER_LOG,
    OUTCOME,
    POLICY,
    SALT,
    SECOND,
    STRANGER,
    WITNESS_LINES,
    Signer,
    b64,
    commitment,
    jcs,
    message_leaf,
    outcome_leaf,
    proof,
    receipt,
    sha256,
    version,
    version_leaf,
)  # fmt: skip

Lines = Callable[[str], str]


def lines(*signers: Signer | tuple[Signer, int]) -> Lines:
    """Signature lines of these keys, in order; a witness may come with its time."""

    def written(text: str) -> str:
        pairs = [each if isinstance(each, tuple) else (each, built.COSIGNED_AT) for each in signers]
        return "".join(signer.line(text, at=at) for signer, at in pairs)

    return written


def strangers(count: int) -> list[Signer]:
    return [Signer(f"unknown.example.com/{n}", 4, seed=100 + n % 50) for n in range(count)]


def then(*makers: Lines | str) -> Lines:
    """The lines of several, one after the other; a text stands as it is."""
    return lambda text: "".join(each if isinstance(each, str) else each(text) for each in makers)


def broken(signer: Signer) -> Lines:
    """The line of a known key, over another text."""
    return lambda text: signer.line(text + "x")


def signed_as_a_log(witness: Signer) -> Lines:
    """A witness's line over the text alone, without the words that set cosignatures apart."""
    return lambda text: f"— {witness.name} {b64(witness.id + bytes(8) + witness.key.sign(text.encode()))}\n"


def loose(encoded: str) -> str:
    """The same bytes in base64 with a padding bit set, as lax decoders take it."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = encoded.rstrip("=")
    changed = body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + "=" * (len(encoded) - len(body))
    assert b64decode(changed) == b64decode(encoded)
    assert changed != encoded
    return changed


def loose_line(signer: Signer) -> Lines:
    return lambda text: signer.line(text).replace(end := signer.line(text).split()[-1], loose(end))


def extra(leaf: Any, opening: Any, salt: str = SALT.hex(), **more: Any) -> str:
    return jcs({"leaf": leaf, "opening": opening, "salt": salt, **more})


def with_extra(text: str, leaf: Any = None) -> str:
    """A Receipt whose `extra` holds this text; the log holds the leaf, or that of the usual message."""
    return proof(jcs(leaf or message_leaf()), extra=f"extra {b64(text.encode())}\n")


def plain(**change: Any) -> str:
    """A Receipt whose message is the usual one but for this, committed to and logged as it is."""
    return receipt(MESSAGE | change)


def salted(salt: bytes) -> str:
    return receipt(salt=salt)


def with_leaf_of(size: int) -> dict[str, Any]:
    """A version whose entry in the log is this many bytes long."""
    missing = size - len(jcs(version_leaf(ANSWER | {"unit": ""})).encode())
    return ANSWER | {"unit": "u" * missing}


R, V = receipt(), version()
HEX = "0" * 64
EXTRA = extra(message_leaf(), MESSAGE)
EMPTY = {"hashes": [], "root": sha256(b"\0" + jcs(message_leaf()).encode())}
HUGE = [(2**53, 2**53 + 1), (2**53 + 1, 2**60), (2**60 + 2**53 + 1, 2**63 - 1), (0, 2**62)]

ACCEPTED: dict[str, tuple[str, str]] = {
    "17 unknown witnesses": (receipt(lines=then(built.everybody, lines(*strangers(17)))), POLICY),
    "100 signature lines": (receipt(lines=then(built.everybody, lines(*strangers(96)))), POLICY),
    "a stranger's signature of one byte": (receipt(lines=then(built.everybody, "— x.example AAAAAAA=\n")), POLICY),
    "two identical lines of the log": (receipt(lines=then(built.everybody, lines(LOG))), POLICY),
    "two identical lines of a witness": (receipt(lines=then(lines(FIRST), built.everybody)), POLICY),
    "a key's name with another id": (receipt(lines=then(lines(Signer(ORIGIN, 1, seed=9)), built.everybody)), POLICY),
    "a witness key known as a log only": (receipt(lines=lines(LOG, Signer(ORIGIN, 4, seed=1))), ALONE),
    "no witness where none is demanded": (receipt(lines=lines(LOG)), ALONE),
    "another known log beside": (receipt(lines=then(lines(OTHER_LOG), built.everybody)), POLICY),
    "a witness at time 0": (receipt(lines=lines(LOG, (FIRST, 0), SECOND)), POLICY),
    "a witness at the last time": (receipt(lines=lines(LOG, (FIRST, 2**63 - 1), SECOND)), POLICY),
    "one entry, no hash": (receipt(index=0, size=1), POLICY),
    "an outcome nobody knows yet": (receipt(OUTCOME | {"k": "postponed"}), POLICY),
    "an outcome without an answer": (receipt(OUTCOME | {"k": "expired", "a": ""}), POLICY),
    "an entry of 1,024 bytes": (version(with_leaf_of(1024)), POLICY),
    "letters beyond the first plane": (version(ANSWER | {"text": "𝄞 \u2028 \x7f \" \\ / \b \t é"}), POLICY),
    "a version with spaces": (json.dumps(json.loads(V), indent=2), POLICY),
    "a version without escapes": (json.dumps(json.loads(V), ensure_ascii=False), POLICY),
}  # fmt: skip

REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    # hostile-inputs.md 80 and 81
    "index is the size": (receipt(shown={"index": 13}), POLICY, "beyond_the_end"),
    "index beyond the size": (receipt(shown={"index": 14}), POLICY, "beyond_the_end"),
    "size 0": (receipt(index=0, size=1, shown={"size": 0, "index": 0}), POLICY, "beyond_the_end"),
    "zero before the size": (receipt(shown={"size": "013"}), POLICY, "bad_number"),
    "zero before the index": (R.replace("index 4", "index 04"), POLICY, "bad_number"),
    "64 hashes": (receipt(shown={"hashes": [sha256(b"x")] * 64}), POLICY, "too_many_hashes"),
    "loose base64 in a hash": (R.replace(h := R.split("\n")[3], loose(h)), POLICY, "bad_base64"),
    "loose base64 in the root": (R.replace(h := R.split("\n\n")[1].split("\n")[2], loose(h)), POLICY, "bad_base64"),
    "loose base64 of the log": (receipt(lines=then(loose_line(LOG), lines(FIRST, SECOND))), POLICY, "bad_base64"),
    "loose base64 of a witness": (receipt(lines=then(lines(LOG, SECOND), loose_line(FIRST))), POLICY, "bad_base64"),
    "base64 without padding": (R.replace(h := R.split("\n")[3], h.rstrip("=")), POLICY, "bad_base64"),
    "base64 with a space": (R.replace(h := R.split("\n")[3], h[:8] + " " + h[8:]), POLICY, "bad_base64"),
    "CR LF throughout": (R.replace("\n", "\r\n"), POLICY, "has_cr"),
    "one CR": (R.replace("\nindex", "\r\nindex"), POLICY, "has_cr"),
    "two lines of the log": (receipt(lines=then(built.everybody, broken(LOG))), POLICY, "two_signatures"),
    "two true lines of a witness": (receipt(lines=lines(LOG, FIRST, SECOND, (FIRST, 7))), POLICY, "two_signatures"),
    "101 signature lines": (receipt(lines=then(built.everybody, lines(*strangers(97)))), POLICY, "too_many_signatures"),
    "another origin": (receipt(shown={"origin": "answers.example.net/log/2026"}), POLICY, "other_origin"),
    "the origin of a known log that did not sign": (
        receipt(shown={"origin": OTHER_LOG.name}), POLICY, "no_log_signature"),
    # signatures
    "no log signature": (receipt(lines=lines(FIRST, SECOND)), POLICY, "no_log_signature"),
    "a wrong log signature": (receipt(lines=then(broken(LOG), lines(FIRST, SECOND))), POLICY, "bad_signature"),
    "a wrong one of another log": (receipt(lines=then(built.everybody, broken(OTHER_LOG))), POLICY, "bad_signature"),
    "a wrong one of a known witness": (receipt(lines=then(lines(LOG), broken(FIRST))), ALONE, "bad_signature"),
    "the log's key under another name": (
        receipt(lines=then(lines(Signer(f"{ORIGIN}x", 1, seed=1)), lines(FIRST, SECOND))), POLICY, "no_log_signature"),
    "a log signature of 63 bytes": (
        receipt(lines=then(f"— {ORIGIN} {b64(LOG.id + bytes(63))}\n", lines(FIRST, SECOND))), POLICY, "bad_signature"),
    "a witness without a time": (
        receipt(lines=then(lines(LOG), f"— {FIRST.name} {b64(FIRST.id + bytes(64))}\n")), ALONE, "bad_signature"),
    "a witness beyond time": (receipt(lines=lines(LOG, (FIRST, 2**63), SECOND)), POLICY, "bad_signature"),
    "a witness who signed as a log does": (
        receipt(lines=then(lines(LOG), signed_as_a_log(FIRST))), ALONE, "bad_signature"),
    "a hyphen for the dash": (receipt(lines=then(lines(LOG), "- x.example AAAAAAA=\n")), ALONE, "bad_note"),
    "a line of an id alone": (receipt(lines=then(lines(LOG), "— x.example AAAAAA==\n")), ALONE, "bad_note"),
    "a line without a name": (receipt(lines=then(lines(LOG), "— AAAAAAA=\n")), ALONE, "bad_note"),
    "a name with a plus": (receipt(lines=then(lines(LOG), "— x+y AAAAAAA=\n")), ALONE, "bad_note"),
    "a name with a wide space": (receipt(lines=then(lines(LOG), "— x\u3000y AAAAAAA=\n")), ALONE, "bad_note"),
    "a name with a control letter": (receipt(lines=then(lines(LOG), "— x\x01y AAAAAAA=\n")), ALONE, "bad_proof"),
    "two spaces in a line": (receipt(lines=then(lines(LOG), "— x  AAAAAAA=\n")), ALONE, "bad_note"),
    "words after the lines": (receipt(lines=then(built.everybody, "hello\n")), POLICY, "bad_note"),
    "a signature without a line end": (R[:-1], POLICY, "bad_note"),
    "an empty line at the end": (R + "\n", POLICY, "bad_note"),
    "no signature line": (receipt(lines=lambda _: ""), POLICY, "bad_note"),
    # the checkpoint
    "an extension line": (receipt(shown={"extension": "extension\n"}), POLICY, "extension_lines"),
    "an empty extension line": (receipt(shown={"extension": "\nmore\n"}), POLICY, "extension_lines"),
    "no root": (R.replace("\n" + R.split("\n\n")[1].split("\n")[2] + "\n", "\n"), POLICY, "bad_checkpoint"),
    "a root of 31 bytes": (receipt(shown={"root": bytes(31)}), POLICY, "bad_length"),
    "another root": (receipt(shown={"root": bytes(32)}), POLICY, "other_root"),
    "a size with a sign": (receipt(shown={"size": "+13"}), POLICY, "bad_number"),
    "a size with a space": (receipt(shown={"size": "13 "}), POLICY, "bad_number"),
    "a size in other digits": (receipt(shown={"size": "١٣"}), POLICY, "bad_number"),
    "a size beyond 63 bits": (receipt(shown={"size": 2**63}), POLICY, "bad_number"),
    "a size of 50,000 digits": (receipt(shown={"size": "1" * 50_000}), POLICY, "bad_number"),
    "a negative index": (R.replace("index 4", "index -1"), POLICY, "bad_number"),
    # the proof
    "one hash too many": (receipt(index=0, size=1, shown=EMPTY | {"hashes": [bytes(32)]}), POLICY, "wrong_path"),
    "one hash too few": (R.replace(R.split("\n")[3] + "\n", "", 1), POLICY, "wrong_path"),
    "a neighbour's index": (R.replace("index 4", "index 5"), POLICY, "other_root"),
    "a hash of 33 bytes": (receipt(shown={"hashes": [bytes(33)] * 4}), POLICY, "bad_length"),
    "another version": (R.replace("proof@v1", "proof@v2"), POLICY, "bad_proof"),
    "a byte order mark": ("\ufeff" + R, POLICY, "bad_proof"),
    "an empty file": ("", POLICY, "bad_proof"),
    "an empty line at the start": ("\n" + R, POLICY, "bad_proof"),
    "no index": (R.replace("index 4\n", ""), POLICY, "bad_proof"),
    "two extra lines": (R.replace("\nindex", "\nextra e30=\nindex"), POLICY, "bad_proof"),
    "a NUL": (R.replace("index", "in\0dex"), POLICY, "bad_proof"),
    "a tab": (R.replace("index 4", "index\t4"), POLICY, "bad_proof"),
    "not UTF-8": (R.encode() + b"\xff\n", POLICY, "not_utf8"),
    "over 1,000,000 bytes": (R + "x" * 1_000_000, POLICY, "too_large"),
    # the entry and its contents
    "no contents": (proof(jcs(message_leaf())), POLICY, "no_opening"),
    "contents with a space": (with_extra(EXTRA.replace(",", ", ", 1)), POLICY, "not_canonical"),
    "contents in another order": (
        with_extra('{"salt":' + f'"{SALT.hex()}","leaf":{jcs(message_leaf())},"opening":{jcs(MESSAGE)}}}'),
        POLICY, "not_canonical"),
    "a name twice in the contents": (with_extra(EXTRA.replace('{"ch"', '{"ch":"api","ch"')), POLICY, "not_canonical"),
    "1.0 for 1": (with_extra(EXTRA.replace('"v":1', '"v":1.0')), POLICY, "not_canonical"),
    "1e0 for 1": (with_extra(EXTRA.replace('"v":1', '"v":1e0')), POLICY, "not_canonical"),
    "an escape where none is needed": (with_extra(EXTRA.replace('"web"', '"we\\u0062"')), POLICY, "not_canonical"),
    "NaN": (with_extra(EXTRA.replace('"v":1', '"v":NaN')), POLICY, "not_json"),
    "contents nested 100,000 deep": (with_extra("[" * 100_000 + "]" * 100_000), POLICY, "too_deep"),
    "contents that are a list": (with_extra("[]"), POLICY, "bad_opening"),
    "contents with a stranger": (with_extra(extra(message_leaf(), MESSAGE, more=1)), POLICY, "bad_opening"),
    "no salt": (with_extra(jcs({"leaf": message_leaf(), "opening": MESSAGE})), POLICY, "bad_opening"),
    "a salt of 31 bytes": (salted(SALT[:31]), POLICY, "bad_opening"),
    "a salt of 33 bytes": (salted(SALT + b"\0"), POLICY, "bad_opening"),
    "a salt in capitals": (with_extra(extra(message_leaf(), MESSAGE, SALT.hex().upper())), POLICY, "bad_opening"),
    "another salt": (with_extra(extra(message_leaf(), MESSAGE, HEX)), POLICY, "other_commitment"),
    "another day": (with_extra(extra(message_leaf(), MESSAGE | {"day": "2026-11-20"})), POLICY, "other_commitment"),
    "an entry that is not in the log": (
        with_extra(extra(message_leaf(salt=bytes(32)), MESSAGE, HEX)), POLICY, "other_root"),
    "the commitment of another kind": (
        receipt(leaf=message_leaf() | {"c": commitment("desk/outcome/v1\0", SALT, MESSAGE)}), POLICY,
        "other_commitment"),
    "an entry with a stranger": (receipt(leaf=message_leaf() | {"x": 1}), POLICY, "bad_leaf"),
    "an entry of version 2": (receipt(leaf=message_leaf() | {"v": 2}), POLICY, "bad_leaf"),
    "an entry whose version is a text": (receipt(leaf=message_leaf() | {"v": "1"}), POLICY, "bad_leaf"),
    "an entry of another kind": (with_extra(extra(version_leaf(), MESSAGE)), POLICY, "bad_leaf"),
    "an entry of no kind": (with_extra(extra({"v": 1}, MESSAGE)), POLICY, "bad_leaf"),
    "an entry of an inherited kind": (with_extra(extra({"t": "toString", "v": 1}, MESSAGE)), POLICY, "bad_leaf"),
    "an entry that is nothing": (with_extra(EXTRA.replace(jcs(message_leaf()), "null")), POLICY, "not_canonical"),
    "a commitment in capitals": (
        receipt(leaf=message_leaf() | {"c": message_leaf()["c"].upper()}), POLICY, "bad_leaf"),
    "a message hash that is none": (plain(msg="x"), POLICY, "bad_opening"),
    "a day that is none": (plain(day="2026-11-1"), POLICY, "bad_opening"),
    "a channel in capitals": (plain(ch="Web"), POLICY, "bad_opening"),
    "an outcome's number that is none": (receipt(OUTCOME | {"a": "2026-12345"}), POLICY, "bad_opening"),
    "a short message id": (plain(rid="0" * 31), POLICY, "bad_opening"),
    "files that are no list": (plain(files={}), POLICY, "bad_opening"),
    "a yes among the contents": (plain(files=[True]), POLICY, "not_canonical"),
    "an opening without its place": (
        receipt({name: MESSAGE[name] for name in MESSAGE if name != "place"}), POLICY, "bad_opening"),
    "an opening with a stranger": (plain(name="x"), POLICY, "bad_opening"),
    "another outcome in the entry": (receipt(OUTCOME, outcome_leaf() | {"k": "declined"}), POLICY, "other_outcome"),
    "another outcome in the contents": (
        with_extra(extra(outcome_leaf(), OUTCOME | {"k": "declined"}), outcome_leaf()), POLICY, "other_outcome"),
    "another answer in the contents": (
        with_extra(extra(outcome_leaf(), OUTCOME | {"a": "2026-000124"}), outcome_leaf()), POLICY, "other_commitment"),
    # versions of answers
    "another summary": (version(change={"answer": ANSWER | {"summary": "Có."}}), POLICY, "other_commitment"),
    "a member more": (version(change={"answer": ANSWER | {"more": ""}}), POLICY, "other_commitment"),
    "a version's other salt": (version(change={"salt": HEX}), POLICY, "other_commitment"),
    "a version's short salt": (version(change={"salt": HEX[2:]}), POLICY, "bad_answer"),
    "another number": (version(ANSWER, version_leaf(a="2026-000124")), POLICY, "other_version"),
    "another version number": (version(ANSWER, version_leaf(n=3)), POLICY, "other_version"),
    "another time": (version(ANSWER, version_leaf(ts="2026-11-21T10:15:01Z")), POLICY, "other_version"),
    "another unit": (version(ANSWER, version_leaf(u="w-12")), POLICY, "other_version"),
    "another step": (version(ANSWER, version_leaf(t="p")), POLICY, "bad_leaf"),
    "a step nobody knows": (version(ANSWER | {"step": "hide"}, version_leaf()), POLICY, "bad_leaf"),
    "an inherited step": (version(ANSWER | {"step": "toString"}, version_leaf()), POLICY, "bad_leaf"),
    "a first version that follows another": (
        version(new := ANSWER | {"step": "publish"}, version_leaf(new, pv=HEX)), POLICY, "bad_leaf"),
    "a withdrawal without a reason": (
        version(gone := ANSWER | {"step": "withdraw"}, {k: v for k, v in version_leaf(gone).items() if k != "rs"}),
        POLICY, "bad_leaf"),
    "an entry of 1,025 bytes": (version(with_leaf_of(1025)), POLICY, "bad_leaf"),
    "version 0": (version(new := ANSWER | {"n": 0}, version_leaf(new)), POLICY, "bad_leaf"),
    "a number that is none": (version(new := ANSWER | {"answer": "2026-12345"}, version_leaf(new)), POLICY, "bad_leaf"),
    "a time without its zone": (
        version(new := ANSWER | {"published": "2026-11-21T10:15:00"}, version_leaf(new)), POLICY, "bad_leaf"),
    "an erased version with a stranger": ('{"erased": true, "leaf": {}, "more": 1}', POLICY, "bad_answer"),
    "a version that is a text": (version(new := ANSWER | {"n": "2"}, version_leaf(new)), POLICY, "bad_leaf"),
    "a name twice in the version": (V.replace('"n": 2', '"n": 3, "n": 2', 1), POLICY, "repeated_names"),
    "a name twice, once escaped": (V.replace('"n": 2', '"\\u006e": 3, "n": 2', 1), POLICY, "repeated_names"),
    "2.0 for 2": (V.replace('"n": 2', '"n": 2.0'), POLICY, "not_canonical"),
    "10.0 for 10": (version(ANSWER | {"more": 10}).replace('"more": 10', '"more": 10.0'), POLICY, "not_canonical"),
    "an integer of 5,000 digits": (V.replace('"n": 2', '"n": ' + "2" * 5_000), POLICY, "bad_leaf"),
    "an integer beyond 53 bits": (version(ANSWER | {"more": 2**53}), POLICY, "not_canonical"),
    "half a letter": (version(change={"answer": ANSWER | {"text": "\ud800"}}), POLICY, "not_canonical"),
    "a nothing in the answer": (version(ANSWER | {"text": None}), POLICY, "not_canonical"),
    "a name with an accent": (version(ANSWER | {"é": "e"}), POLICY, "not_canonical"),
    "a stranger beside the answer": (version(change={"more": 1}), POLICY, "bad_answer"),
    "a proof with contents": (version(extra="extra e30=\n"), POLICY, "bad_answer"),
    "a proof that is a number": (version(change={"proof": 1}), POLICY, "bad_answer"),
    "a version's broken proof": (version(change={"proof": ""}), POLICY, "bad_proof"),
    "the proof of another entry": (version(change={"proof": proof(jcs(message_leaf()))}), POLICY, "other_root"),
    "a changed answer not yet logged": (
        version(change={"answer": ANSWER | {"text": "x"}, "proof": None}), POLICY, "other_commitment"),
    "a file nested 50,000 deep": ('{"answer":' + "[" * 50_000 + "]" * 50_000 + "}", POLICY, "too_deep"),
    "half a file": (V[:-2], POLICY, "not_json"),
    "an empty object": ("{}", POLICY, "bad_answer"),
}  # fmt: skip

THIRD = Signer("third.example", 4, seed=6)
THREE = f"{LOG_LINES}{WITNESS_LINES}witness third {THIRD.vkey}\n"
TWELVE = "".join(f"witness w{n} {Signer(f'w{n}.example', 4, seed=60 + n).vkey}\n" for n in range(10))
GOOD_POLICIES = {
    "any of three": f"{THREE}group some any first second third\nquorum some\n",
    "two of three": f"{THREE}group some 2 first second third\nquorum some\n",
    "one of three": f"{THREE}group some 1 first second third\nquorum some\n",
    "two of two": f"{THREE}group some 2 first second\nquorum some\n",
    "two of twelve": f"{THREE}{TWELVE}group some 2 first second w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nquorum some\n",
    "groups in groups": f"{THREE}group a all first second\ngroup b any a third\nquorum b\n",
    "one witness": f"{THREE}quorum first\n",
    "tabs, blanks, comments": f"\t# x\n\n {THREE.replace(' ', chr(9))} \t\n  quorum \t none  \n#",
    "no line end at the end": f"{THREE}quorum none",
    "letters of any language": f"{LOG_LINES}witness chứng {FIRST.vkey} https://ví-dụ.example/\nquorum chứng\n",
    "a witness called any": f"{LOG_LINES}witness any {FIRST.vkey}\nquorum any\n",
    "40 logs": "".join(f"log {Signer(f'log.example/{n}', 1, seed=50 + n).vkey}\n" for n in range(40)) + POLICY,
}
UNMET = {
    "one of both": (receipt(lines=lines(LOG, FIRST)), POLICY),
    "a stranger for a witness": (receipt(lines=lines(LOG, STRANGER)), f"{THREE}quorum first\n"),
    "ten of twelve": (R, f"{THREE}{TWELVE}group some 10 first second w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nquorum some\n"),
    "three of three": (R, f"{THREE}group some all first second third\nquorum some\n"),
    "the third": (R, f"{THREE}quorum third\n"),
    "a group that needs the third": (R, f"{THREE}group a any third\ngroup b all a first second\nquorum b\n"),
    "the log's own key as its witness": (receipt(lines=lines(LOG, LOG)), f"{THREE}quorum first\n"),
}
KEY = b64(FIRST.material)
BAD_POLICIES: dict[str, tuple[str, str]] = {
    name: (policy, "bad_policy_line")
    for name, policy in {
        "a name with a plus": POLICY.replace(FIRST.vkey, Signer("wit+ness", 4, seed=3).vkey),
        "a name with a space": POLICY.replace(FIRST.vkey, Signer("wit ness", 4, seed=3).vkey),
        "a name with a wide space": POLICY.replace(FIRST.vkey, Signer("wit\u3000ness", 4, seed=3).vkey),
        "a key without a name": POLICY.replace(FIRST.vkey, Signer("", 4, seed=3).vkey),
        "the id of another key": POLICY.replace(FIRST.id.hex(), SECOND.id.hex()),
        "an id in capitals": POLICY.replace(LOG.id.hex(), LOG.id.hex().upper()),
        "an id of 7 digits": POLICY.replace(FIRST.id.hex(), FIRST.id.hex()[:7]),
        "a key of 31 bytes": POLICY.replace(KEY, b64(FIRST.material[:-1])),
        "a key in loose base64": POLICY.replace(KEY, KEY[:-1]),
        "a witness with a log's key": POLICY.replace(FIRST.vkey, Signer(FIRST.name, 1, seed=3).vkey),
        "a log with a witness's key": POLICY.replace(LOG.vkey, Signer(ORIGIN, 4, seed=1).vkey),
        "a witness with another algorithm": POLICY.replace(FIRST.vkey, Signer(FIRST.name, 6, seed=3).vkey),
        "one key for two witnesses": f"{POLICY}witness third {Signer('third.example', 4, seed=3).vkey}\n",
        "one key for two logs": f"{POLICY}log {Signer('log.example', 1, seed=1).vkey}\n",
        "a name twice": f"{POLICY}witness first {THIRD.vkey}\n",
        "a group called like a witness": f"{WITNESS_LINES}group first any second\n",
        "a witness called none": f"{POLICY}witness none {THIRD.vkey}\n",
        "a group called none": f"{WITNESS_LINES}group none any first\n",
        "a member of two groups": f"{WITNESS_LINES}group a any first\ngroup b any first second\n",
        "a member twice": f"{WITNESS_LINES}group a 2 first first\n",
        "a member nobody knows": f"{WITNESS_LINES}group a any first third\n",
        "a member called none": f"{WITNESS_LINES}group a any none\n",
        "a group of itself": f"{WITNESS_LINES}group a any a\n",
        "a group of nobody": f"{WITNESS_LINES}group a any\n",
        "a group before its witness": f"group a any first\n{WITNESS_LINES}",
        "0 of two": f"{WITNESS_LINES}group a 0 first second\n",
        "3 of two": f"{WITNESS_LINES}group a 3 first second\n",
        "02 of two": f"{WITNESS_LINES}group a 02 first second\n",
        "most of two": f"{WITNESS_LINES}group a most first second\n",
        "two quorums": f"{POLICY}quorum none\n",
        "a quorum nobody knows": f"{LOG_LINES}quorum third\n",
        "a quorum before its group": f"{LOG_LINES}{WITNESS_LINES}quorum a\ngroup a any first\n",
        "a quorum of two names": f"{LOG_LINES}{WITNESS_LINES}quorum first second\n",
        "a word nobody knows": f"{POLICY}trust everybody\n",
        "an inherited word": f"{POLICY}toString x\n",
        "a word in capitals": f"{POLICY}LOG {THIRD.vkey}\n",
        "a log with too many items": f"{POLICY}log {Signer('log.example', 1, seed=7).vkey} https://a.example b\n",
        "a witness with too many items": f"{POLICY}witness third {THIRD.vkey} https://third.example/ more\n",
        "a witness without a name": f"{POLICY}witness {THIRD.vkey}\n",
        "items parted by a wide space": POLICY.replace("quorum both", "quorum\u3000both"),
    }.items()
} | {
    "no quorum": (LOG_LINES, "no_quorum_line"),
    "empty": ("", "no_quorum_line"),
    "no log": (f"{WITNESS_LINES}quorum first\n", "no_log_line"),
    "CR LF": (POLICY.replace("\n", "\r\n"), "bad_policy_text"),
    "a NUL": (f"{POLICY}#\0\n", "bad_policy_text"),
    "a DEL": (f"{POLICY}#\x7f\n", "bad_policy_text"),
}
OPEN = {
    "an answer not yet in a checkpoint": (version(change={"proof": None}), "not_yet_published"),
    "an erased version": (
        json.dumps(
            {"erased": True, "leaf": {"a": "2026-000123", "lg": "court_order", "n": 2, "pv": HEX, "t": "e", "v": 1}}
        ),
        "erased",
    ),
}
