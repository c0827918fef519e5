"""Where the software by other people is found: interpreters behind shims, and what is said of what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ledger.peers import environment


def stand_in(path: Path, says: str = "", status: int = 0) -> Path:
    """An interpreter that answers a question for its version, or refuses like a shim without a version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH but two empty folders, one of them a version manager's; uv knows none either."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tmp_path / 'manager/shims'}")
    nothing = subprocess.CompletedProcess([], 0, stdout="")
    monkeypatch.setattr(environment, "uv", lambda *_arguments, quiet: nothing)
    return tmp_path


def test_interpreter_behind_a_shim_that_refuses(machine):
    stand_in(machine / "bin/python3", "cpython 3 11")
    stand_in(machine / "manager/shims/python3.13", status=127)
    stand_in(machine / "manager/versions/3.14.0/bin/python3", "cpython 3 14")
    wanted = stand_in(machine / "manager/versions/3.13.1/bin/python3", "cpython 3 13")

    assert environment.interpreter() == wanted


@pytest.mark.parametrize("place", ["bin/python3.12", "manager/installs/python/3.12.9/bin/python3"])
def test_interpreter_elsewhere(machine, place):
    wanted = stand_in(machine / place, "cpython 3 12")

    assert environment.interpreter() == wanted


@pytest.mark.parametrize(("says", "status"), [("cpython 3 11", 0), ("pypy 3 12", 0), ("cpython 3 12", 1)])
def test_no_interpreter(machine, says, status):
    stand_in(machine / "bin/python3.12", says, status)

    assert environment.interpreter() is None


def test_own_version_is_known():
    assert environment.version_of(Path(sys.executable)) == sys.version_info[:2]


def test_missing_software_is_named(machine, monkeypatch):
    monkeypatch.setattr(environment, "HOME", machine / "nowhere")

    lacking = environment.missing()

    assert [line.split()[0] for line in lacking] == ["Go", "aics-tlog", "tlog-tiles"]
    assert [line for line in environment.notice(lacking).splitlines() if line.endswith(lacking[0])] == [
        f"!!  {lacking[0]}"
    ]
