"""The pages, with the worker as a child process beside them, from "ready" to a clean end."""

import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import IO, Any

import click
import waitress  # type: ignore[import-untyped]
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from sangto.config import connections
from sangto.config.child import END_S, Child, end_with_parent
from sangto.config.wsgi import application
from sangto.desk import matcher
from sangto.engine.crash import crash_point
from sangto.jobs import worker
from sangto.jobs.index import follow_index
from sangto.jobs.schema import NewerSchema, migrations_missing, migrations_unknown
from sangto.vault.queries import NoKey, key_for

BODY_LIMIT_BYTES = 8_000_000  # what a view refuses politely must still get as far as the view
FIRST_KEYS_S = 20  # so long a new desk waits for its worker's first round before it says that it is ready


class CannotStart(click.ClickException):
    """The desk cannot be started, and why, in a sentence for the operator."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it as every other error of ours."""
        click.echo(f"sangto: {self.message}", file=file, err=file is None)


def serve(*, migrate: bool = False, greeting: str = "", with_worker: bool = True) -> int:
    """Serve until told to stop; exit code 0 then, 1 when the desk cannot be started."""
    try:
        if migrate:
            bring_up_to_date()
        check_schema()
        server = _bound_server()
    except CannotStart as error:
        click.echo(f"sangto: {error}", err=True)
        return 1
    return _run(server, greeting=greeting, with_worker=with_worker)


def work(*, attached: bool = False) -> int:
    """Run the worker alone until told to stop; exit code 0 then, 1 when it cannot be started.

    `attached`: also until the process that started it is gone.
    """
    stop = threading.Event()
    _on_stop_signals(stop.set)
    if attached:
        end_with_parent(stop)
    try:
        check_schema()
        worker.run(stop)
    except (CannotStart, NewerSchema) as error:
        click.echo(f"sangto: {error}", err=True)
        return 1
    return 0


def bring_up_to_date() -> None:
    """Apply the migrations that the database has not had; says so when there are any."""
    try:
        missing = migrations_missing()
    except OperationalError as error:
        raise CannotStart(f"the database cannot be reached ({type(error).__name__})") from error
    if missing:
        click.echo(f"Bringing the database up to date ({len(missing)} steps) ...")
        crash_point("migrate.begun")
        call_command("migrate", verbosity=0, interactive=False)
        crash_point("migrate.done")


def check_schema() -> None:
    """Raise CannotStart unless the database has had exactly this code's migrations."""
    try:
        missing, unknown = migrations_missing(), migrations_unknown()
    except OperationalError as error:
        raise CannotStart(f"the database cannot be reached ({type(error).__name__})") from error
    if unknown:
        raise CannotStart(f"the database is newer than this program (it has {unknown[0]}); install the newer release")
    if missing:
        raise CannotStart(f"the database is not up to date ({len(missing)} steps); run `sangto migrate` first")
    try:
        with transaction.atomic():  # on SQLite it asks for the right to write at once
            pass
    except OperationalError as error:
        raise CannotStart(f"the database cannot be written ({type(error).__name__})") from error


def check_port() -> None:
    """Raise CannotStart when something else listens already where the desk is to listen."""
    host, port = settings.BIND_HOST, settings.BIND_PORT
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            probe.bind(address)
    except OSError as error:
        raise _cannot_listen(error) from error


def _cannot_listen(error: Exception) -> CannotStart:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "no such host"
    return CannotStart(f"cannot listen on {settings.BIND_HOST}:{settings.BIND_PORT}: {why}")


def _bound_server() -> Any:
    host, port = settings.BIND_HOST, settings.BIND_PORT
    connections.use_whole_requests()
    try:
        return waitress.create_server(
            application,
            host=host,
            port=port,
            threads=settings.WEB_THREADS,
            max_request_body_size=BODY_LIMIT_BYTES + settings.COPY_MAX_MB * (1 << 20),
            ident=None,
            url_scheme="https" if settings.HTTPS else "http",  # what people see; the proxy in front ends the TLS
            **connections.OPTIONS,
        )
    except (OSError, ValueError) as error:
        raise _cannot_listen(error) from error


def _run(server: Any, *, greeting: str, with_worker: bool) -> int:
    stop = threading.Event()
    beside = [threading.Thread(target=follow_index, args=(stop,), name="index")]
    if with_worker:
        beside.append(threading.Thread(target=Child().keep, args=(stop,), name="worker"))
    _on_stop_signals(_leave)
    try:
        for each in beside:
            each.start()
        matcher.counts()
        _await_keys(FIRST_KEYS_S if with_worker else 0)
        click.echo(greeting or f"ready at {settings.SITE_URL} (Ctrl-C to stop)")
        server.run()  # returns after the running requests, once SystemExit is raised in it
    finally:
        stop.set()
        for each in beside:
            if each.is_alive():
                each.join(END_S + 5)
        server.close()
    return 0


def _await_keys(patience_s: float) -> None:
    """Wait for the worker's first round, in which it makes the keys that addresses are sealed to; warn without one."""
    until = time.monotonic() + patience_s
    while not _has_key():
        if time.monotonic() > until:
            click.echo("sangto: there are no day keys: is the worker running? See docs/run/vault.md", err=True)
            return
        time.sleep(0.1)


def _has_key() -> bool:
    try:
        key_for(timezone.localdate())
    except NoKey:
        return False
    return True


def _leave() -> None:
    raise SystemExit(0)


def _on_stop_signals(act: Callable[[], None]) -> None:
    def stopped(_signal: int, _frame: FrameType | None) -> None:
        act()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stopped)
