"""What one page of the demo desk costs: `python -m bench.pages`.

Starts the desk as an operator would (one process, web and worker), on one core where the system can say so, asks for
every public page and the inbox in turn, and prints the median of each beside a static file of the same process.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROUNDS = 40
PASSWORD = "sangto-demo-2026"  # of the demonstration's members
PAGES = [
    "/",
    "/en/",
    "/answers",
    "/answers?q=nuoc",
    "/about",
    "/staff/",
    "/feeds/answers.atom",
    "/api/v1/answers?q=rau",
]
BASELINE = "/static/web/tokens.css"


def main() -> None:
    """Print the table, the whole median and the memory of the process."""
    with tempfile.TemporaryDirectory() as home:
        process, address = start(Path(home))
        try:
            report(address, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def start(home: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The running desk, once it serves, and its address."""
    bind = f"127.0.0.1:{20000 + os.getpid() % 20000}"
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("sangto")), "demo", "--bind", bind],
        env={**os.environ, "SANGTO_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {0})
    while process.poll() is None and not answers(f"http://{bind}"):
        time.sleep(0.2)
    return process, f"http://{bind}"


def answers(address: str) -> bool:
    """Whether the desk serves its home page."""
    try:
        return httpx.get(address, timeout=20).is_success
    except httpx.TransportError:
        return False


def report(address: str, pid: int) -> None:
    """Ask for every page in turn, round by round, so that a slow moment of the machine hits all of them alike."""
    with httpx.Client(base_url=address, timeout=20) as client:
        sign_in(client)
        pages = [*PAGES, first_answer(client)]
        times: dict[str, list[float]] = {page: [] for page in (*pages, BASELINE)}
        for _ in range(ROUNDS):
            for page, taken in times.items():
                began = time.perf_counter()
                client.get(page).raise_for_status()
                taken.append((time.perf_counter() - began) * 1000)
    show({page: statistics.median(taken) for page, taken in times.items()}, pid)


def sign_in(client: httpx.Client) -> None:
    """Sign in as a demo member through the form."""
    page = client.get("/staff/sign-in").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"username": "lan", "password": PASSWORD, "csrfmiddlewaretoken": token.group(1) if token else ""}
    client.post("/staff/sign-in", data=form, follow_redirects=True).raise_for_status()


def first_answer(client: httpx.Client) -> str:
    """The address of one answer's page."""
    return f"/a/{client.get('/api/v1/answers').json()['answers'][0]['number']}"


def show(medians: dict[str, float], pid: int) -> None:
    """Print the table."""
    baseline = medians.pop(BASELINE)
    for page, median in medians.items():
        print(f"{page:32} {median:7.1f} ms {median / baseline:6.1f} x a static file")
    print(f"{'median page':32} {statistics.median(medians.values()):7.1f} ms")
    print(f"{'a static file':32} {baseline:7.1f} ms")
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        found = re.findall(r"Vm(HWM|RSS):\s+(\d+) kB", status.read_text())
        print("memory " + ", ".join(f"{name} {int(kilobytes) / 1024:.0f} MB" for name, kilobytes in found))


if __name__ == "__main__":
    main()
