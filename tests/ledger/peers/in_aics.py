"""Runs inside `.venv-peers`: takes one JSON job a line, answers one JSON object a line, all by aics-tlog.

["cli", argument...] runs its command line; ["walk", tiles, checkpoint] reads every tile and entry bundle.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

from aics_tlog import HttpTileReader, audit_tiles, parse_checkpoint, parse_note
from aics_tlog.cli import main
from aics_tlog.remote import tile_source_url


def cli(*arguments: str) -> dict:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(list(arguments))
    told = json.loads(said.getvalue())
    return {**told, "ok": told["ok"] and code == 0}


def walk(tiles: str, note: str) -> dict:
    checkpoint = parse_checkpoint(parse_note(Path(note).read_bytes()).text)
    found = audit_tiles(HttpTileReader([tile_source_url(tiles)]), checkpoint.size, checkpoint.root)
    return {"ok": True, "tiles": found.tiles, "bundles": found.bundles}


for line in sys.stdin:
    kind, *job = json.loads(line)
    try:
        answer = {"cli": cli, "walk": walk}[kind](*job)
    except (Exception, SystemExit) as error:  # whatever it raises is its way to refuse
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
