"""A desk in a forked child: it does what it is asked, until it is told to die, and the rest of the world is not in it.

The parent has imported Django, opened no connection and started no thread: a child begins as a fresh process does, but
in a few milliseconds.
"""

import os
import random
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from tests.faults.people import Died, Said

PATIENCE_S = 30
LONGER_S = {"judge": 900}


@dataclass(frozen=True)
class Kill:
    """When a child dies: at a crash point's nth pass, at its nth statement (commits too), or after so many seconds."""

    at: str = ""
    statement: int = 0
    after_s: float = 0.0

    def __str__(self) -> str:
        return self.at or (f"statement {self.statement}" if self.statement else f"{self.after_s * 1000:.0f} ms")


class Forked:
    """One child. `ask` raises Died once it is dead."""

    def __init__(self, kill: Kill = Kill()) -> None:  # noqa: B008 - frozen
        ours, theirs = Pipe()
        self.pid = os.fork()
        if not self.pid:
            ours.close()
            _live(theirs, kill)
        theirs.close()
        self.pipe, self.timer = ours, None
        self.killed = False
        if kill.after_s:
            self.timer = threading.Timer(kill.after_s, os.kill, (self.pid, signal.SIGKILL))
            self.timer.start()

    def ask(self, name: str, *words: Any) -> Any:
        """What the child's command returns; raises Died, and RuntimeError with what the child raised."""
        try:
            self.pipe.send((name, words))
            if not self.pipe.poll(LONGER_S.get(name, PATIENCE_S)):
                os.kill(self.pid, signal.SIGABRT)
                raise RuntimeError(f"{name} hangs")
            fine, answer = self.pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise Died from None
        if not fine:
            raise RuntimeError(answer)
        return answer

    def http(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        """An HTTP request, through all of the desk's layers but the socket."""
        return Said(*self.ask("http", method, path, headers, body))

    def end(self) -> bool:
        """Wait until the child has ended; whether it was killed."""
        self.pipe.close()
        _pid, status = os.waitpid(self.pid, 0)
        if self.timer:
            self.timer.cancel()
            self.timer.join()
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, -signal.SIGKILL):
            raise RuntimeError(f"the child ended with {code}")
        return code == -signal.SIGKILL


def _live(pipe: Connection, kill: Kill) -> None:
    """The child's life. It leaves by os._exit: nothing of the parent's is cleaned up twice."""
    from sangto.desk.matcher import REPLICA
    from sangto.engine.crash import PASSED
    from tests.faults.inside import COMMANDS

    _parents = REPLICA.answered, REPLICA.asked  # held for good: their threads are not here to be ended with them
    PASSED.clear()
    random.seed()
    if kill.at:
        os.environ["CRASH_AT"] = kill.at
    count_statements(kill.statement)
    try:
        while True:
            name, words = pipe.recv()
            pipe.send(_tried(COMMANDS[name], words))
    except EOFError:
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the parent sees the code
        traceback.print_exc()
        os._exit(1)


def _tried(act: Callable[..., Any], words: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, act(*words)
    except Exception:  # noqa: BLE001 - told to the parent
        return False, traceback.format_exc()


STATEMENTS = [0]


def count_statements(last: int) -> None:
    """Count what the child tells its database, before and after a commit too; die at the last one."""
    from django.db import connection

    STATEMENTS[0] = 0

    def step() -> None:
        STATEMENTS[0] += 1
        if STATEMENTS[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(run: Callable[..., Any], *words: Any) -> Any:
        step()
        return run(*words)

    commit = connection._commit

    def counted_commit() -> Any:
        step()
        try:
            return commit()
        finally:
            step()

    connection.execute_wrappers.append(execute)
    connection._commit = counted_commit
