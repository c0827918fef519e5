"""Known flaws in what is installed: `python -m tests.audit`.

pip-audit asks the package index. 1 when it knows of a flaw. Where the index gives no data on flaws (as in a closed
network) this says loudly that nothing was looked at, and ends with 0.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

TIMEOUT_S = 50
OURS = "sangto"
FRAME = "!" * 100
NOTICE = f"""
{FRAME}
!!  NOTHING WAS AUDITED: {{why}}.
!!  Whether a dependency has a known flaw is not known here. Run this where the package index can be asked.
{FRAME}
"""


def installed_flaws() -> str:
    """What pip-audit says of this environment, as JSON; empty when it says nothing in time."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def judged(said: str) -> tuple[int, str]:
    """The exit code and the text for an answer of pip-audit."""
    packages = _packages(said)
    audited = [each for each in packages if "vulns" in each]
    skipped = [each["name"] for each in packages if "vulns" not in each and each.get("name") != OURS]
    flaws = [line for each in audited for line in _flaws(each)]
    if flaws:
        return 1, "\n".join(["known flaws in what is installed:", *flaws])
    if not audited:
        return 0, NOTICE.format(
            why="the package index gave no data on flaws" if packages else "the index did not answer"
        )
    if skipped:
        return 0, NOTICE.format(why=f"not in the index: {', '.join(skipped)}").replace("NOTHING WAS", "NOT ALL WAS")
    return 0, f"{len(audited)} packages audited, no known flaw"


def _packages(said: str) -> Sequence[dict[str, Any]]:
    try:
        return json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return []


def _flaws(package: dict[str, Any]) -> list[str]:
    name = f"{package['name']} {package['version']}"
    return [f"  {name}: {each['id']}, mended in {', '.join(each.get('fix_versions') or ['nothing yet'])}"
            for each in package["vulns"]]  # fmt: skip


if __name__ == "__main__":
    code, text = judged(installed_flaws())
    print(text, flush=True)
    sys.exit(code)
