"""The staff's pages over many Cases: `python -m bench.inbox [--database postgresql] [--cases N --messages N]`.

Makes a desk with so many Cases and Messages by bulk writes, then asks for the pages that a member opens, through all of
Django but the network: median and 95th percentile of 20 in milliseconds, after two that warm up. Beside them the time
of this process alone, which others on the machine do not lengthen: with SQLite all there is, else without the database.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpus import real_words
from tests.postgres import server_binaries, throwaway_server

UNITS = 20
AT_ONCE = 5000
RARE = "quangngaithuy"  # a word that one Case in 10,000 has
SHARES = {"open": 0.7, "answered": 0.25, "closed": 0.05}
PAGES = {
    "open": {},
    "open, page 50": {"page": "50"},
    "open, most asked": {"order": "asked"},
    "open, most asked, page 50": {"order": "asked", "page": "50"},
    "open, due first": {"order": "due"},
    "open, due first, page 50": {"order": "due", "page": "50"},
    "overdue": {"view": "overdue"},
    "overdue, due first": {"view": "overdue", "order": "due"},
    "asked back": {"view": "waiting"},
    "in review": {"view": "review"},
    "answered": {"view": "answered"},
    "answered, most asked": {"view": "answered", "order": "asked"},
    "answered, due first": {"view": "answered", "order": "due"},
    "answered, page 50": {"view": "answered", "page": "50"},
    "closed": {"view": "closed"},
    "a rare word": {"q": RARE},
    "a common word": {"q": "cho"},
    "a common word, most asked": {"q": "cho", "order": "asked"},
    "a common word, due first": {"q": "cho", "order": "due"},
    "a common and a rare word": {"q": f"cho {RARE}"},
    "the beginning of many words": {"q": "c"},
    "one unit": {"unit": "1"},
    "one unit, most asked": {"unit": "1", "order": "asked"},
    "something to fix": {"kind": "problem"},
    "here for a year": {"days": "365"},
    "asked 30 times": {"asked": "30"},
    "asked 30 times, a word, a kind": {"asked": "30", "q": "cho", "kind": "claim"},
}


def set_up(home: Path, database: str) -> None:
    """A migrated desk in the folder."""
    os.environ.update(DJANGO_SETTINGS_MODULE="sangto.config.settings", SANGTO_HOME=str(home), SANGTO_HOSTS="*")
    if database:
        os.environ["SANGTO_DATABASE_URL"] = database
    import django  # noqa: PLC0415 - settings are read when it is set up

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def fill(cases: int, messages: int) -> Any:
    """Write the rows; returns a Member who may read them all."""
    from sangto.desk.actions.findable import renew_all  # noqa: PLC0415
    from sangto.desk.models import Case, Message  # noqa: PLC0415

    member = _staff()
    rng = random.Random(1)
    now = datetime.now(UTC)
    _bulk(Case, _cases(cases, member, rng, now))
    _bulk(Message, _messages(cases, messages, rng, now))
    _joinings(now)
    _answers(member, now)
    _replies(now)
    renew_all()
    _analyse()
    return member


def _staff() -> Any:
    from sangto.people.actions import enrol, found_unit, grant  # noqa: PLC0415

    now = datetime.now(UTC)
    units = [found_unit(f"u{n}", name=f"Unit {n}", on=now.date()) for n in range(UNITS)]
    member = enrol("bench", full_name="Bench", password="correct horse battery", unit=units[0], role="editor", now=now)
    for unit in units[1:]:
        grant(member, unit=unit, role="editor", by=None, now=now)
    return member


def _cases(count: int, member: Any, rng: random.Random, now: datetime) -> Iterator[Any]:
    from sangto.desk.models import Case  # noqa: PLC0415
    from sangto.people.models import Unit  # noqa: PLC0415

    units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    states = rng.choices(list(SHARES), list(SHARES.values()), k=count)
    for at, state in enumerate(states):
        opened = now - timedelta(days=500 * (1 - at / count))
        on = opened.date()
        yield Case(
            kind="claim" if state == "closed" or rng.random() < 0.6 else "problem", lang="vi", state=state,
            closing="not_checkable" if state == "closed" else "", question=f"Có đúng là việc số {at} không?",
            unit_id=rng.choice(units), opened_at=opened, settled_at=None if state == "open" else now,
            counts_from=on, term_days=300, due_on=on + timedelta(days=420),
        )  # fmt: skip


def _messages(cases: int, count: int, rng: random.Random, now: datetime) -> Iterator[Any]:
    from sangto.desk.models import Case, Message  # noqa: PLC0415

    vietnamese = real_words()["vi"]
    first = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    for at in range(count):
        # The first ones give each Case one; the others ask what many ask, by a long tail.
        case = at if at < cases else int(cases * rng.random() ** 3)
        place = (case * 7919 + rng.randrange(6)) % (len(vietnamese) - 15)
        rare = f" {RARE}" if at < cases and at % 10_000 == 0 else ""
        text = " ".join(vietnamese[place : place + 12]) + rare
        yield Message(case_id=first + case, text=text, lang="vi", channel="web", outcome="received", received_at=now)


def _joinings(now: datetime) -> None:
    """How each Message came into its Case."""
    from sangto.desk.models import Joining, Message  # noqa: PLC0415

    rows = Message.objects.order_by("pk").values_list("pk", "case").iterator(AT_ONCE)
    reasons = '[["words", "0.81"], ["place", "1"]]'
    _bulk(Joining, (
        Joining(message_id=pk, case_id=case, decided_by="engine", sureness=0.9, reasons=reasons, at=now)
        for pk, case in rows
    ))  # fmt: skip


def _replies(now: datetime) -> None:
    """What everybody who asks an answered Case was told."""
    from sangto.desk.models import Message, Reply  # noqa: PLC0415

    answered = Message.objects.filter(case__state="answered").order_by("pk")
    rows = answered.values_list("pk", "case__answer__current").iterator(AT_ONCE)
    _bulk(Reply, (
        Reply(message_id=pk, kind="answer", version_id=version, due_at=now, done_at=now) for pk, version in rows
    ))  # fmt: skip


def _answers(member: Any, now: datetime) -> None:
    """A published answer for each answered Case, and a version in review for one open Case in 200."""
    from sangto.desk.models import Answer, AnswerVersion, Case, Pause, Publication  # noqa: PLC0415
    from sangto.people.actions import enrol  # noqa: PLC0415
    from tests.ledger.steps import without_guards  # noqa: PLC0415

    unit = member.grants.order_by("pk")[0].unit
    other = enrol("other", full_name="Other", password="correct horse battery", unit=unit, role="approver", now=now)
    answered = list(Case.objects.filter(state="answered").order_by("pk").values_list("pk", "kind"))
    waiting = list(Case.objects.filter(state="open").order_by("pk").values_list("pk", "kind"))
    worked = waiting[::200]
    _bulk(Answer, (Answer(case_id=pk) for pk, _kind in [*answered, *worked]))
    answers = dict(Answer.objects.values_list("case", "pk"))
    common = {"n": 1, "step": "publish", "lang": "vi", "question": "Câu hỏi?", "summary": "Không.", "text": "Không."}
    common |= {"written_by": member, "written_at": now}
    done = {"state": "published", "approved_by": other, "published_at": now}

    def version(pk: int, kind: str, **values: Any) -> Any:
        verdict = {"rating": "false"} if kind == "claim" else {"outcome": "fixed"}
        return AnswerVersion(answer_id=answers[pk], kind=kind, **verdict, **common, **values)

    _bulk(AnswerVersion, (version(pk, kind, state="in_review") for pk, kind in [*answered, *worked]))
    ready = AnswerVersion.objects.filter(answer__case__state="answered")
    keys = [f"{pk:064x}" for pk in ready.values_list("pk", flat=True)]
    _bulk(Publication, (Publication(version_id=int(key, 16), leaf_hash=key, salt=key) for key in keys))
    with without_guards():  # there is no log behind these
        ready.update(**done)
    published = AnswerVersion.objects.filter(state="published").order_by("pk").values_list("answer", "pk")
    for chunk in _chunks(Answer(pk=answer, current_id=pk) for answer, pk in published):
        Answer.objects.bulk_update(chunk, ["current"])
    on = now.date()
    _bulk(Pause, (Pause(case_id=pk, why="asked", began_at=now, began_on=on) for pk, _kind in waiting[1::100]))


def _bulk(model: Any, rows: Iterable[Any]) -> None:
    from django.db import transaction  # noqa: PLC0415

    for chunk in _chunks(rows):
        with transaction.atomic():
            model.objects.bulk_create(chunk)


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    from sangto.engine.findings import in_chunks  # noqa: PLC0415

    return in_chunks(rows, AT_ONCE)


def _analyse() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measure(member: Any, *, times: int) -> dict[str, tuple[float, float, float]]:
    """Median and 95th percentile of each page, and the median of this process's own time, in milliseconds."""
    from django.test import Client  # noqa: PLC0415

    from sangto.desk.models import Case  # noqa: PLC0415

    client = Client()
    client.force_login(member.user)
    busiest = Case.objects.order_by("-asked")[0].number
    middle = Case.objects.filter(state="open").order_by("-pk")[0].number
    addresses = {name: ("/staff/", query) for name, query in PAGES.items()}
    addresses |= {"a case": (f"/staff/case/{middle}", {}), "the most asked case": (f"/staff/case/{busiest}", {})}
    return {name: _took(client, *address, times=times) for name, address in addresses.items()}


def _took(client: Any, path: str, query: dict[str, str], *, times: int) -> tuple[float, float, float]:
    taken, own = [], []
    for _ in range(times + 2):
        began, began_own = time.perf_counter(), time.process_time()
        response = client.get(path, query)
        taken.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - began_own) * 1000)
        if response.status_code != 200:
            sys.exit(f"{path} {query}: {response.status_code}")
    median, late = np.percentile(taken[2:], (50, 95))
    return float(median), float(late), float(np.median(own[2:]))


def report(member: Any, *, times: int) -> int:
    """Print the figures; how many pages took longer than 100 ms."""
    from sangto.desk.models import AnswerVersion, Case, Message, Pause  # noqa: PLC0415

    rows = Counter({model.__name__: model.objects.count() for model in (Case, Message, AnswerVersion, Pause)})
    print(", ".join(f"{count:,} {name}" for name, count in rows.items()))
    figures = measure(member, times=times)
    print(f"{'page':<34}{'p50 ms':>8}{'p95 ms':>8}{'own ms':>8}")
    for name, (median, late, own) in figures.items():
        print(f"{name:<34}{median:>8.1f}{late:>8.1f}{own:>8.1f}{' !' if median > 100 else ''}", flush=True)
    return sum(median > 100 for median, _late, _own in figures.values())


def main(arguments: Sequence[str] = ()) -> None:
    """Make the desk, measure, and leave nothing behind; ends with 1 when a page took longer than 100 ms."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args(arguments or sys.argv[1:])
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        binaries = server_binaries() if asked.database == "postgresql" else None
        if asked.database == "postgresql" and binaries is None:
            sys.exit("no PostgreSQL server is installed here")
        set_up(home, stack.enter_context(throwaway_server(binaries)) if binaries else "")
        began = time.perf_counter()
        member = fill(asked.cases, asked.messages)
        print(f"made in {time.perf_counter() - began:.0f} s")
        slow = report(member, times=asked.times)
        from django.db import connection  # noqa: PLC0415

        connection.close()
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
