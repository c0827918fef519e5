"""Runs inside `.venv-peers`: takes one JSON job a line, answers one JSON object a line, all by tlog-scales.

["signed", location, vkeys] names the keys whose signatures verify, and fails when one of them does not;
["root", location] recomputes the root; ["entries", location] compares each entry with the hash in its tile;
["extends", location, older] verifies consistency with an older checkpoint;
["proof", location, index] and ["leaf", location, index] run its command line.
"""

import base64
import contextlib
import io
import json
import sys

from tlog_scales import cli
from tlog_scales.backend import make_backend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash
from tlog_scales.tlog import Checkpoint


def opened(location: str) -> tuple[TilesReader, Checkpoint]:
    reader = TilesReader(make_backend(location))
    return reader, reader.get_checkpoint()


def signed(location: str, vkeys: list[str]) -> list[str]:
    _reader, checkpoint = opened(location)
    found = []
    for key in map(Vkey.from_string, vkeys):
        for signature in filter(key.match, checkpoint.signatures):
            key.get_verifier().verify_note(signature, checkpoint)
            found.append(key.name)
    return found


def root(location: str) -> int:
    reader, checkpoint = opened(location)
    if reader.calculate_root_hash() != checkpoint.root_hash:
        raise ValueError("the tiles hash to another root")
    return checkpoint.size


def entries(location: str) -> int:
    reader, checkpoint = opened(location)
    for index in range(checkpoint.size):
        if leaf_hash(reader.get_entry(index)) != reader.mth(index, index + 1):
            raise ValueError(f"entry {index} does not have the hash in its tile")
    return checkpoint.size


def extends(location: str, older: str) -> int:
    reader, checkpoint = opened(location)
    old = Checkpoint.from_text(older)
    if old.size:  # its proof from the empty tree does not end
        reader.get_consistency_proof(old.size, checkpoint.size).check(old.root_hash, checkpoint.root_hash)
    return old.size


def command(*arguments: str) -> bytes:
    """What `tlog-tiles` prints."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    sys.argv = ["tlog-tiles", *arguments]
    with contextlib.redirect_stdout(said):
        cli.main()
    said.flush()
    return said.buffer.getvalue()


def proof(location: str, index: int) -> str:
    return command("gen-proof", location, str(index)).decode()


def leaf(location: str, index: int) -> str:
    return base64.b64encode(command("get-leaf", "--check", location, str(index))).decode()


JOBS = {job.__name__: job for job in (signed, root, entries, extends, proof, leaf)}

for line in sys.stdin:
    kind, *job = json.loads(line)
    try:
        answer = {"ok": True, "said": JOBS[kind](*job)}
    except Exception as error:  # whatever it raises is its way to refuse
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
