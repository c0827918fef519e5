"""The worker as a child of the process that serves pages: it ends when its parent does, however that ends."""

import logging
import os
import subprocess
import sys
import threading
import time

from django.conf import settings

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
LIVED_WELL_S = 60.0  # who lived for so long and died is started again at once
LOOK_S = 0.1
END_S = 30  # what a round may still take
logger = logging.getLogger(__name__)


class Child:
    """One `sangto worker`, started again whenever it dies. It gets this process's user, settings and stderr."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self, stop: threading.Event) -> None:
        """Start it, and again after a pause when it ended by itself; end it and return once `stop` is set."""
        pause_s = FIRST_PAUSE_S
        while not stop.is_set():
            began = time.monotonic()
            code = self._run(stop)
            if stop.is_set():
                return
            pause_s = FIRST_PAUSE_S if time.monotonic() - began > LIVED_WELL_S else min(pause_s * 2, LONGEST_PAUSE_S)
            logger.error("the worker ended (code %d); it is started again in %d s", code, pause_s)
            stop.wait(pause_s)

    def _run(self, stop: threading.Event) -> int:
        """Its exit code, once it has ended by itself or been told to."""
        # The pipe is never written to. Its end is how the child learns that this process is gone, even by SIGKILL. A
        # group of its own: Ctrl-C reaches this process alone, which then ends the child in order.
        command, own = _command(), _environment()
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=own, process_group=0) as child:  # noqa: S603 - ours
            self.process = child
            while child.poll() is None and not stop.wait(LOOK_S):
                pass
            if child.poll() is None:
                _end(child)
            return child.returncode


def end_with_parent(stop: threading.Event) -> None:
    """In the child: set `stop` when the parent is gone, and end this process if its round then takes too long."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        stop.set()
        time.sleep(END_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()


def _command() -> list[str]:
    return [sys.executable, "-P", "-c", "from sangto.config.cli import main; main()", "worker", "--attached"]


def _environment() -> dict[str, str]:
    """Ours, with the very code that runs here first in its path: not what lies in the working directory."""
    paths = [str(settings.PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
