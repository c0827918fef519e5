"""A desk whose disk fills up, on a disk of its own: refused kindly, nothing partial, purged, healed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import LITTLE_ASKED_OF_THE_DISK

ROOT = Path(__file__).resolve().parents[2]
DISK_MB, RESERVE_MB, BALLAST_MB = 24, 6, 4
ALONE = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
MOUNT = f'mount -t tmpfs -o size={DISK_MB}m tmpfs "$SANGTO_HOME" && '


def tell(home, *words, before="", **settings):
    """What `full_disk` says; `before` is done by the shell that becomes it."""
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    environment = {**kept, **settings, "SANGTO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    program = f'{before}exec "{sys.executable}" -m tests.journeys.full_disk {" ".join(words)}'
    command = [*(ALONE if before else ()), "sh", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def may_mount(folder):
    return subprocess.run(
        [*ALONE, "sh", "-c", f'mount -t tmpfs tmpfs "{folder}"'], capture_output=True, check=False
    ).returncode


def test_disk_that_fills_up_loses_nothing_and_heals_by_itself(tmp_path):
    if may_mount(tmp_path):
        pytest.skip("this user may not mount a disk: run as root, or where users have namespaces of their own")
    sizes = {"SANGTO_DISK_RESERVE_MB": str(RESERVE_MB), "SANGTO_DISK_BALLAST_MB": str(BALLAST_MB)}

    told, errors = tell(tmp_path / "home", before=MOUNT, **sizes)

    reading = [200, 200, 200, 200]
    truth = told.pop("truth")
    assert told == {
        "at first": [[201] * 40, True],
        "short": [[503, 200], reading],  # a new message, and one that was kept before
        "short, ballast": True,
        "full, purge": ["OperationalError", reading],  # deleting needs room too
        "full": [503, 503, 503],
        "full, ballast": False,
        "released, purge": "",
        "released": [503],
        "healed": [[201] * 3, True],
    }
    assert truth == dict.fromkeys(("answered", "messages", "joined", "replies", "leaves"), 43) | {"integrity": "ok"}
    assert "failed" not in errors


def test_files_that_cannot_grow_lose_nothing_and_heal_by_themselves(tmp_path):
    told, errors = tell(tmp_path / "home", "limited", **LITTLE_ASKED_OF_THE_DISK)

    truth = told.pop("truth")
    assert told == {"before": [201] * 3, "during": [[503] * 3, [200] * 4], "after": [201] * 3}
    assert truth == dict.fromkeys(("answered", "messages", "joined", "replies", "leaves"), 6) | {"integrity": "ok"}
    assert "failed" not in errors
