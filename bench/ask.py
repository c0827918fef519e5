"""What a desk takes to answer, once its process has started: `python -m bench.ask [--answers 50000]`.

Makes a desk with that many published answers in a folder of its own, imports them as an operator would, and receives
messages as `sangto ask` does. Prints the decision alone, finding with the database, and the whole reception (redact,
find, keep in one transaction that is on the disk when it returns), each in milliseconds, and what starting took.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.corpus import Corpus, KnownItem, real_words

_WARM_UP = 50
_SET_UP = {"DJANGO_SETTINGS_MODULE": "sangto.config.settings"}


def write_answers(path: Path, count: int) -> None:
    """So many answers as JSON lines that `sangto import jsonl` reads."""
    with path.open("w", encoding="utf-8") as file:
        for one in Corpus(real_words()).entries(count):
            row = {"id": str(one.id), "question": one.question, "summary": one.title, "text": one.text}
            row |= {"lang": one.lang, "url": f"https://example.org/{one.id}", "verdict": "false"}
            file.write(json.dumps(row) + "\n")


def prepare(home: Path, count: int) -> None:
    """A migrated desk in a folder, with the answers in it."""
    os.environ.update(_SET_UP, SANGTO_HOME=str(home))
    import django  # noqa: PLC0415 - settings are read when it is set up

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from sangto.config.exchange import import_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    write_answers(home / "answers.jsonl", count)
    import_command.callback("jsonl", home / "answers.jsonl", "Bench", None)  # type: ignore[misc]


def measured(messages: Sequence[KnownItem], acts: dict[str, Callable[[str], object]]) -> dict[str, str]:
    """Median, 95th and 99th percentile of each act in milliseconds; each takes its turn, some first to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for at, one in enumerate(messages):
        name = list(acts)[at % len(acts)]
        began = time.perf_counter()
        acts[name](one.text)
        if at >= _WARM_UP:
            taken[name].append((time.perf_counter() - began) * 1000)
    return {name: " / ".join(f"{one:.2f}" for one in np.percentile(held, (50, 95, 99))) for name, held in taken.items()}


def report(count: int, asked: int) -> None:
    """Print the figures of a prepared desk."""
    from django.utils import timezone  # noqa: PLC0415

    from sangto.desk import matcher  # noqa: PLC0415
    from sangto.desk.actions import Incoming, receive  # noqa: PLC0415
    from sangto.engine.decide import decide  # noqa: PLC0415

    began = time.perf_counter()
    held = matcher.counts()
    print(f"{held['answers']:,} answers indexed from the database in {time.perf_counter() - began:.1f} s")
    messages = Corpus(real_words()).known_items(count, 3 * (asked + _WARM_UP))
    numbers = iter(range(1 << 30))

    def received(text: str) -> object:
        return receive(Incoming(channel="console", external_id=str(next(numbers)), text=text), now=timezone.now())

    searching: dict[str, Callable[[str], object]] = {
        "decide": lambda text: decide(text, matcher.REPLICA.answered, kind="claim"),
        "find": lambda text: matcher.find(text, kind="claim", place=""),
    }
    half = 2 * (asked + _WARM_UP)
    print("p50 / p95 / p99 ms")
    # What is received waits as an open question, which the next message is compared with: last of all, therefore.
    figures = measured(messages[:half], searching) | measured(messages[half:], {"receive": received})
    for name, figure in figures.items():
        print(f"{name:<8} {figure}")


def main(arguments: Sequence[str] = ()) -> None:
    """Make the desk, measure, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=500)
    asked = parser.parse_args(arguments or sys.argv[1:])
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), asked.answers)
        report(asked.answers, asked.messages)


if __name__ == "__main__":
    main()
