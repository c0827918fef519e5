"""System-call faults on SQLite: see `traced`. Needs strace and the right to trace."""

import pickle
import shutil
import subprocess
import sys

from tests.faults.homes import PROJECT, SQLITE, Homes
from tests.faults.tally import Tally
from tests.faults.traced import Plan


def calls(homes: Homes, *, stride: int, seed: int) -> Tally:
    """A fault at every `stride`-th file system call, on an empty desk and on one whose log has begun."""
    if homes.kind != SQLITE:
        return Tally(notice="the server's own calls are not ours; the log's files are tried with SQLite")
    if not shutil.which("strace"):
        return Tally(notice="strace is not installed: apt-get install strace")
    tally = Tally()
    for begun in (False, True):
        home = homes.fresh("calls", SANGTO_LEDGER_WITNESSES="")
        tally.merge(
            traced(Plan(begun, stride, seed % stride), home.environment), where="begun, " if begun else "empty, "
        )
        homes.drop(home)
    return tally


def traced(plan: Plan, environment: dict[str, str]) -> Tally:
    """The tally of one plan; a program that broke off is a fault."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.traced"], input=pickle.dumps(plan), cwd=PROJECT, env=environment,
        capture_output=True, check=False,
    )  # fmt: skip
    try:
        return pickle.loads(ran.stdout)
    except (pickle.UnpicklingError, EOFError):
        return Tally(faults=[("corrupt", f"the program broke off: {ran.stderr.decode()[-3000:]}")])
