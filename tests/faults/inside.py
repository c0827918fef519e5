"""What a forked desk can be told to do: HTTP, the worker's round, what an operator does, and to be judged."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.test import Client

from sangto.desk import actions as desk
from sangto.desk.models import AnswerVersion, Objection
from sangto.desk.queries.objections import objection_by_number, objections_in, rulings_for
from sangto.engine.crash import PASSED
from sangto.jobs import worker
from sangto.jobs.clock import database_now
from sangto.ledger import actions as ledger
from sangto.ledger.local import LocalLog
from sangto.ledger.queries import current_shard
from sangto.people.models import Member
from tests.faults.forked import STATEMENTS
from tests.faults.judge import judge
from tests.faults.one_page import copies

Headers = dict[str, str]


def http(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
    """Status, headers and body of the answer."""
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1", headers=headers)
    type_ = headers.get("Content-Type", "application/octet-stream")
    said = client.generic(method, path, body, content_type=type_)
    return said.status_code, dict(said.headers), b"".join(said) if said.streaming else said.content


def work(now: datetime) -> None:
    """Every job of the worker once."""
    worker.run_once(now)


def tick() -> None:
    """Every job of the worker once, by the database's clock; errors are raised."""
    for job in worker.JOBS:
        job.run(database_now())


def sequence(now: datetime) -> int:
    """Give every leaf its place."""
    from sangto.channels.witnesses import post

    return ledger.sequence(now=now, post=post, everything=True)


def destroy(day: date, now: datetime) -> None:
    """Make a day's key, so that there is something to lose, and destroy it."""
    from sangto.vault.keystore import make_day_key

    make_day_key(day)
    desk.destroy_contacts_of(day, now=now)


def erase(now: datetime) -> bool:
    """Erase one version that a newer one has replaced; whether there was one."""
    replaced = AnswerVersion.objects.filter(publication__erased_at__isnull=True, current_of__isnull=True)
    version = replaced.exclude(state="draft").exclude(state="in_review").order_by("pk").first()
    if version is None:
        return False
    by, approver = (Member.objects.get(user__username=each) for each in ("editor", "approver"))
    desk.erase_version(version, ground="court_order", by=by, approved_by=approver, now=now)
    return True


def contest(now: datetime) -> set[str]:
    """Decide every open Objection, and contest the newest version; the numbers of all there are."""
    ruler = Member.objects.get(user__username="ruler")
    for row in list(objections_in("open")):
        (kind,) = rulings_for(objection_by_number(row.number), ruler)
        desk.rule_on(row, kind=kind, reasons="Nguồn nói như vậy.", by=ruler, now=now)
    version = AnswerVersion.objects.filter(current_of__isnull=False).order_by("-pk").first()
    if version is not None:
        nonce = str(version.objections.count() // 2)  # now and then the same form again
        desk.object_to(version, words="Câu trả lời này sai.", lang="vi", nonce=nonce, now=now)
    return {row.number for row in Objection.objects.all()}


def rotate(now: datetime) -> None:
    """Begin a new shard."""
    ledger.next_shard(ledger.open_shard(now=now), now=now)


def damage() -> bool:
    """Cut a tile of the open shard off, as a bad disk does, and forget that it was looked through; whether one was."""
    shard = current_shard()
    tiles = sorted((LocalLog(shard).folder / "tile").rglob("*")) if shard else []
    tiles = [each for each in tiles if each.is_file()]
    if tiles:
        tiles[len(tiles) // 2].write_bytes(b"damaged")
    ledger.forget_looks()
    return bool(tiles)


def passed() -> tuple[dict[str, int], int]:
    """How often this child came by each crash point, and how many statements it made."""
    return dict(PASSED), STATEMENTS[0]


COMMANDS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (http, copies, work, tick, sequence, destroy, erase, contest, rotate, damage, passed, judge)
}
