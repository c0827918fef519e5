"""The campaign's short form: real deaths, real faults, judged from outside, on the database that the tests run on."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

import sangto
from tests.faults.homes import PROJECT
from tests.faults.points import IN_ROUNDS, POINTS

pytestmark = pytest.mark.django_db
PATIENCE_S = 900
KEPT = re.compile(r"0 lost, 0 doubled, 0 forks, 0 corrupt; \d+ s")
ABSENT = re.compile(r"NOT RUN: (only root|strace is not|libfaketime is not)")  # said aloud, not passed over
CAMPAIGNS = {
    "sqlite": ("survey", "calls", "full", "clocks", "older", "replays"),
    "postgresql": ("survey", "older", "restarts", "replays"),
}


def points_in(path: Path) -> set[str]:
    """The crash points that a module names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {node.args[0].value for node in found if ast.unparse(node.func) == "crash_point"}


def test_every_crash_point_of_the_product_is_in_the_campaign():
    named = set().union(*map(points_in, Path(sangto.__file__).parent.rglob("*.py")))

    assert named == set(POINTS)
    assert len(IN_ROUNDS) >= 40


def test_desk_loses_and_doubles_nothing(capsys):
    """Also that the rounds come by every crash point: "survey" finds a fault where they do not."""
    kind, server = connection.vendor, os.environ.get("SANGTO_DATABASE_URL", "")
    server = ["--server", server] if kind == "postgresql" else []
    command = [sys.executable, "-m", "tests.faults", *CAMPAIGNS[kind], "--short", "--database", kind, *server]

    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    with capsys.disabled():
        print(f"\n{ran.stdout}{ran.stderr}")
    lines = dict(line.split(f", {kind}: ", 1) for line in ran.stdout.splitlines() if f", {kind}: " in line)
    unkept = {name: line for name, line in lines.items() if not (KEPT.search(line) or ABSENT.match(line))}
    assert (ran.returncode, unkept, set(lines)) == (0, {}, set(CAMPAIGNS[kind]))
