"""`sangto engine group`: messages of a file that ask the same, in groups round a representative. It keeps nothing."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from sangto.config.terminal import shown
from sangto.engine.cluster import Grouping, groups
from sangto.engine.decide import Reason
from sangto.interchange.labelled import UnreadableSet, read_messages
from sangto.interchange.wording import reason_text

LIKE_THIS = 'Write each line as {"id": "1", "text": "..."}, with an id of its own. Nothing was grouped.'


def group(messages: Path, *, as_json: bool) -> int:
    """Exit code 0 when the messages were grouped, 1 when the file cannot be used."""
    try:
        held = read_messages(messages)
    except UnreadableSet as error:
        click.echo(f"sangto: {shown(str(error))}. {LIKE_THIS}", err=True)
        return 1
    except OSError as error:
        click.echo(f"sangto: {messages} cannot be read ({error.strerror})", err=True)
        return 1
    found = _grouped(held)
    if as_json:
        click.echo(json.dumps(_as_object(found), ensure_ascii=False))
    else:
        _print(found)
    return 0


def _grouped(held: Sequence[tuple[str, str]]) -> Grouping:
    """The groups; a bar on a terminal while the texts are read, and a word about what comes then."""
    watched = _is_watched()
    with click.progressbar(length=len(held), label="Reading", file=sys.stderr, hidden=not watched) as bar:

        def step(done: int, of: int) -> None:
            bar.update(done - bar.pos)
            if done == of and watched:
                click.echo("\nComparing", err=True, nl=False)

        return groups(held, progress=step)


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _print(found: Grouping) -> None:
    stars = found.stars()
    for head, members in stars:
        click.echo(f"{shown(str(found.ids[head]))}: {len(members) + 1} messages")
        for at in members:
            why = ", ".join(reason_text(Reason(*reason)) for reason in found.reasons(at))
            click.echo(f"  {shown(str(found.ids[at]))}: {shown(why)}")
    counts = _counts(found, stars=len(stars))
    click.echo(f"{counts['messages']} messages: {counts['grouped']} in {len(stars)} groups, {counts['alone']} alone")


def _as_object(found: Grouping) -> dict[str, object]:
    stars = found.stars()
    return {
        "groups": [
            {
                "representative": found.ids[head],
                "size": len(members) + 1,
                "joined": list(_joined(found, members.tolist())),
            }
            for head, members in stars
        ],
        **_counts(found, stars=len(stars)),
    }


def _joined(found: Grouping, members: Sequence[int]) -> Iterator[dict[str, object]]:
    for at in members:
        yield {"id": found.ids[at], "reasons": [{"code": code, "value": value} for code, value in found.reasons(at)]}


def _counts(found: Grouping, *, stars: int) -> dict[str, int]:
    joined = int((found.representative != range(len(found.ids))).sum())
    return {"messages": len(found.ids), "grouped": joined + stars, "alone": len(found.ids) - joined - stars}
