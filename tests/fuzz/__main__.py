"""`python -m tests.fuzz [--seconds N] [--only NAME]`: every parser under atheris, a desk under schemathesis.

Prints executions, coverage features and crashes, each crash with the bytes that made it. 1 when there was one.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 300
DESK = "desk"
DESK_SHARE = 4  # of the time, in targets
SLOW_INPUT_S, MOST_MB = 20, 2048


@dataclass(frozen=True)
class Fuzzed:
    """What came of one target: executions, features of coverage, and the crash, empty when there was none."""

    name: str
    runs: int
    features: int
    crash: str


def fuzz(name: str, folder: Path, *, seconds: int) -> Fuzzed:
    """One target in a process of its own, from its seeds on."""
    from tests.fuzz.targets import seeds

    corpus = folder / name
    corpus.mkdir()
    for n, seed in enumerate(seeds(name)):
        (corpus / f"seed{n}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={SLOW_INPUT_S}", f"-rss_limit_mb={MOST_MB}", "-max_len=4096"]
    options += ["-print_final_stats=1", f"-artifact_prefix={folder}/{name}-"]
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(corpus), *options]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return Fuzzed(name, *_figures(done.stderr), _crash(done, folder, name))


def _figures(said: str) -> tuple[int, int]:
    runs = re.search(r"number_of_executed_units: (\d+)", said)
    features = re.findall(r"\bft: (\d+)", said)
    return int(runs[1]) if runs else 0, int(features[-1]) if features else 0


def _crash(done: subprocess.CompletedProcess[str], folder: Path, name: str) -> str:
    if not done.returncode:
        return ""
    kept = sorted(folder.glob(f"{name}-*"))
    inputs = "\n".join(f"  {path.name}: {path.read_bytes()[:400]!r}" for path in kept)
    return f"{inputs}\n{done.stdout[-1500:]}\n{done.stderr[-2500:]}"


def main(arguments: list[str]) -> int:
    """Exit code 0 when nothing crashed."""
    import django

    django.setup()
    from tests.fuzz.desk import asked
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for everything together")
    parser.add_argument("--only", choices=[*TARGETS, DESK])
    wanted = parser.parse_args(arguments)
    names = [wanted.only] if wanted.only else [*TARGETS, DESK]
    each_s = max(1, wanted.seconds // (len(names) + (DESK_SHARE - 1) * (DESK in names)))
    crashes = []
    print(f"{'target':<14}{'executions':>12}{'features':>10}  crash", flush=True)
    with tempfile.TemporaryDirectory(prefix="sangto-fuzz-") as place:
        for name in names:
            if name == DESK:
                found = asked(Path(place), seconds=each_s * DESK_SHARE)
                done = Fuzzed(name, found.cases, 0, found.said if found.failed else "")
            else:
                done = fuzz(name, Path(place), seconds=each_s)
            crashes += [done] if done.crash else []
            print(f"{done.name:<14}{done.runs:>12,}{done.features:>10,}  {'CRASH' if done.crash else '-'}", flush=True)
    for done in crashes:
        print(f"\n== {done.name}\n{done.crash}", flush=True)
    return 1 if crashes else 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    os.environ.setdefault("SANGTO_HOME", tempfile.mkdtemp(prefix="sangto-fuzz-"))
    sys.exit(main(sys.argv[1:]))
