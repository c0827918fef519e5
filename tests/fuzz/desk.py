"""A running desk on loopback, asked everything that its API document allows, and more."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.conftest import free_port, is_up, wait_until

COMMAND = [sys.executable, "-c", "from sangto.config.cli import main; main()"]
PASSWORD = "correct horse battery"
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "ignored_auth", "unsupported_method",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """How many requests were made, and what the run said in the end."""

    cases: int
    failed: bool
    said: str


def asked(folder: Path, *, seconds: int) -> Asked:
    """A desk of its own, with an answer in it and a member's token, under schemathesis for so many seconds."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")},
        "SANGTO_HOME": str(folder / "home"),
        "SANGTO_BIND": f"127.0.0.1:{port}",
    }

    def command(*words: str) -> str:
        return subprocess.run([*COMMAND, *words], env=environment, capture_output=True, text=True, check=True).stdout

    command("migrate")
    command("member", "add", "lan", "--name", "Lan", "--role", "approver", "--password", PASSWORD)
    token = command("token", "lan").strip()
    command("ask", "Uống nước chanh nóng có chữa được ung thư không?")
    with (folder / "desk.log").open("wb") as log:
        desk = subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_up(f"http://localhost:{port}"), what="the desk", timeout_s=180)
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"), "run", f"http://localhost:{port}/api/v1/openapi.json",
                "--max-time", str(seconds), "--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color",
                "--header", f"Authorization: Bearer {token}", "--generation-database", "none",
            ],
            capture_output=True, text=True, check=False, cwd=folder, timeout=seconds * 3 + 120,
        )  # fmt: skip
    finally:
        desk.send_signal(signal.SIGTERM)
        desk.wait(60)
    broken = "Traceback" in (folder / "desk.log").read_text() or "a request failed" in (folder / "desk.log").read_text()
    return Asked(_cases(done.stdout), done.returncode != 0 or broken, done.stdout + done.stderr)


def _cases(said: str) -> int:
    found = re.findall(r"(\d[\d,]*) (?:generated|test cases)", said)
    return max((int(each.replace(",", "")) for each in found), default=0)
