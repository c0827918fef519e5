"""Makes `.venv-peers`, where software by other people lives: `python -m tests.ledger.peers.environment`.

`aics-tlog` and `aics-witness` need Python 3.12, which may be newer than ours: any such interpreter on this machine is
taken, and else one that uv fetches. Where there is none, this says so, loudly, and exits 0.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
HOME = ROOT / ".venv-peers"
PYTHON = HOME / "bin" / "python"
REQUIREMENTS = HERE / "requirements.txt"
WANTED = (3, 12)
DEBIAN_GO_SOURCES = Path("/usr/share/gocode")  # where Debian's golang-*-dev packages put what they bring
GO_PROGRAM = [HERE / "verify.go", HERE / "policy.go"]
ANSWER_TIMEOUT_S = 30


class Absent(Exception):
    """A peer that is not installed here; the text says what is missing."""


def installed(command: str) -> Path:
    """A command of `.venv-peers`; raises Absent where it is missing."""
    path = HOME / "bin" / command
    if not path.exists():
        needs = "" if command == "tlog-tiles" else ", where a Python of {}.{} or later is found".format(*WANTED)
        raise Absent(f"{command} is not in .venv-peers: `make peers` brings it{needs}")
    return path


def go_verifier() -> Path:
    """The Go verifier, built when its source is new; raises Absent where Go or its packages are missing."""
    if not shutil.which("go"):
        raise Absent("Go is not installed: apt-get install golang-go golang-golang-x-mod-dev")
    if not (DEBIAN_GO_SOURCES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        raise Absent("golang.org/x/mod is not installed: apt-get install golang-golang-x-mod-dev")
    source = hashlib.sha256(b"".join(path.read_bytes() for path in GO_PROGRAM)).hexdigest()[:16]
    built = HOME / "go" / f"verify-{source}"
    if not built.exists():
        build_go(built)
    return built


def build_go(target: Path) -> None:
    """Build the Go program beside its name and move it there, so that nobody runs half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    settings = {"GO111MODULE": "off", "GOPATH": str(DEBIAN_GO_SOURCES), "GOCACHE": str(target.parent / "cache")}
    offline = {"GOFLAGS": "", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    half = target.with_suffix(f".{os.getpid()}")
    subprocess.run(["go", "build", "-o", half, *GO_PROGRAM], check=True, env={**os.environ, **settings, **offline})
    half.replace(target)


def missing() -> list[str]:
    """What each peer that is not installed here lacks; empty where all are."""
    found = []
    for look in (go_verifier, lambda: installed("aics-tlog"), lambda: installed("tlog-tiles")):
        try:
            look()
        except Absent as absent:
            found.append(str(absent))
    return found


def notice(lacking: list[str]) -> str:
    """What to print where peers are missing: framed, so that nobody overlooks it."""
    frame = "!" * 100
    lines = [
        "THE LOG WAS NOT VERIFIED BY ALL SOFTWARE OF OTHERS that tests/ledger/peers knows. What is missing:",
        *lacking,
    ]
    return "\n".join(["", frame, *(f"!!  {line}" for line in lines), frame, ""])


def version_of(python: Path) -> tuple[int, int] | None:
    """The version of a CPython that starts and can make an environment; None of one that cannot, like an idle shim."""
    ask = "import sys, venv, ssl, sqlite3; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        said = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True, timeout=ANSWER_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    name, major, minor = said.stdout.split()
    return (int(major), int(minor)) if name == "cpython" else None


def candidates() -> Iterator[Path]:
    """Interpreters that may be new enough: on PATH, behind a version manager's shims, and uv's own."""
    for folder in dict.fromkeys(Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each):
        if folder.name == "shims":  # pyenv, asdf and mise: a shim may refuse, what it stands for does not
            yield from sorted(folder.parent.glob("versions/*/bin/python3"))
            yield from sorted(folder.parent.glob("installs/python/*/bin/python3"))
        elif folder.is_dir():
            yield from sorted(path for path in folder.glob("python3*") if re.fullmatch(r"python3(\.\d+)?", path.name))
    managed = uv("python", "dir", quiet=True).stdout.strip()
    if managed:
        yield from sorted(Path(managed).glob("*/bin/python3"))


def interpreter() -> Path | None:
    """The oldest interpreter that fits, as it has the most ready-made packages; None where there is none."""
    real = {path.resolve() for path in candidates() if path.exists()}
    versions = {path: version_of(path) for path in sorted(real)}
    fitting = [(version, path) for path, version in versions.items() if version and version >= WANTED]
    return min(fitting)[1] if fitting else None


def fetched() -> Path | None:
    """An interpreter that uv fetches, on machines that may; None elsewhere."""
    wanted = ".".join(map(str, WANTED))
    if uv("python", "install", "--no-bin", wanted, quiet=True).returncode:
        return None
    return interpreter()


def uv(*arguments: str, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the project's uv and take what it prints; raises CalledProcessError when it fails, but not when quiet."""
    errors = subprocess.DEVNULL if quiet else None
    command = [sys.executable, ROOT / "bin" / "uv", *arguments]
    return subprocess.run(command, check=not quiet, stdout=subprocess.PIPE, stderr=errors, text=True)


def make() -> None:
    """Make `.venv-peers`, or bring it up to date with `requirements.txt`; wheels and hashes as pinned there."""
    new = not PYTHON.exists()
    if new or (version_of(PYTHON) or WANTED) < WANTED:
        python = interpreter() or (fetched() if new else None) or Path(sys.executable)
        uv("venv", "--quiet", "--allow-existing", "--python", str(python), str(HOME))
    uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(REQUIREMENTS))


def main() -> None:
    """Make the environment and the Go program, and say what is missing."""
    make()
    lacking = missing()
    print(notice(lacking) if lacking else "The peers that verify the log are installed.", flush=True)


if __name__ == "__main__":
    main()
