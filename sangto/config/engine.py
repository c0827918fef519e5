"""`sangto engine`: measure the engine on labelled messages, and fit its sureness to what people said on this desk."""

import json
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import inf
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from sangto.desk import matcher
from sangto.desk.actions.calibrate import calibrate
from sangto.desk.actions.findable import renew_all
from sangto.desk.queries.calibrations import calibrated
from sangto.engine.decide import with_promise
from sangto.engine.evaluate import FIGURES, Judged, Labelled, judged, table
from sangto.engine.learned import Learned, shipped
from sangto.engine.match import Index
from sangto.engine.own_model import Directory, ModelError
from sangto.engine.refit import CannotRefit, Refit, Sample, refit
from sangto.engine.rerank import Embedded, Reader
from sangto.interchange.labelled import FORMATS, LabelledSet, UnreadableSet

TITLES = {
    "n": "n", "recall_at_1": "R@1", "recall_at_3": "R@3", "recall_at_5": "R@5", "map_at_5": "MAP@5", "mrr": "MRR",
    "instant_share": "instant", "offered_share": "offered", "handed_share": "handed", "instant_precision": "precision",
    "wrong_on_null": "wrong/null", "wrong_on_must_not": "must not", "ece": "ECE", "p50_ms": "p50", "p95_ms": "p95",
    "p99_ms": "p99",
}  # fmt: skip
Figures = Mapping[str, float | None]


def evaluate(
    answers: Path,
    messages: Path,
    *,
    format_: str,
    qrels: tuple[Path, ...],
    promise: float | None,
    twins: bool,
    embeddings: Path | None,
    as_json: bool,
) -> int:
    """Exit code 0 when the set was measured, 1 when a file or a model cannot be used."""
    try:
        labelled = FORMATS[format_](answers, messages, qrels)
        reader = Embedded(Directory.load(embeddings)) if embeddings else None
    except (UnreadableSet, ModelError) as error:
        click.echo(f"sangto: {error}", err=True)
        return 1
    except OSError as error:
        click.echo(f"sangto: {error.filename} cannot be read ({error.strerror})", err=True)
        return 1
    if trouble := shipped().trouble:
        click.echo(f"sangto: {trouble}; the untrained formula is used", err=True)
    held = _judged(labelled, promise=promise, twins=twins, reader=reader)
    click.echo(json.dumps(table(held)) if as_json else _printed(held))
    return 0


def _judged(labelled: LabelledSet, *, promise: float | None, twins: bool, reader: Reader | None) -> list[Judged]:
    index, rules = Index(), with_promise(settings.PROMISE if promise is None else promise)
    index.replace(labelled.entries)
    messages = [*labelled.messages, *(_twins(labelled.messages) if twins else ())]
    answers_of = {one.id: one.expect for one in labelled.messages}

    def hidden(one: Labelled) -> Collection[int]:
        return answers_of[one.id] if one.variant == REMOVED else ()

    decided = judged(index, messages, clock=time.perf_counter, rules=rules, reader=reader, without=hidden)
    hide_bar = not sys.stderr.isatty()
    with click.progressbar(decided, len(messages), label="Deciding", file=sys.stderr, hidden=hide_bar) as bar:
        return list(bar)


REMOVED = "answer removed"


def _twins(messages: Iterable[Labelled]) -> list[Labelled]:
    """Each message that has an answer once more, its answer hidden: nothing that is left settles it."""
    return [replace(one, variant=REMOVED, expect=frozenset()) for one in messages if one.expect]


def _printed(held: list[Judged]) -> str:
    measured = table(held)
    rows: list[tuple[str, Figures]] = [("overall", measured["overall"]), *measured["variants"].items()]  # type: ignore[list-item]
    width = max(len(name) for name, _ in rows)
    head = f"{'':<{width}} " + " ".join(f"{TITLES[name]:>10}" for name in FIGURES)
    return "\n".join([head, *(f"{name:<{width}} {_line(one)}" for name, one in rows)])


def _line(one: Figures) -> str:
    return " ".join(f"{_figure(name, one[name]):>10}" for name in FIGURES)


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name in ("n", "wrong_on_must_not"):
        return str(int(value))
    return f"{value:.2f}" if name.endswith("_ms") else f"{value:.3f}"


def renew_search() -> int:
    """Exit code 0; says how many Cases were found or counted wrongly and are mended."""
    click.echo(f"{renew_all():,} cases were wrong and are written anew.")
    return 0


def refit_labels(*, apply: bool) -> int:
    """Exit code 0 when the labels make the engine better, 1 when there are too few of them or they do not."""
    samples, in_use = list(matcher.samples()), calibrated(shipped())
    try:
        found = refit(samples, shipped=shipped(), in_use=in_use)
    except CannotRefit as error:
        click.echo(f"sangto: {error} Nothing was stored.", err=True)
        return 1
    click.echo(_compared(found, samples=samples, in_use=in_use))
    if not found.is_better:
        click.echo("sangto: the new curve is no better on labels that it has not seen. Nothing was stored.", err=True)
        return 1
    if not apply:
        click.echo("Nothing was stored; `sangto engine refit --apply` puts it in use.")
        return 0
    calibrate(found, model=shipped(), now=timezone.now())
    click.echo("Stored; every process goes by it within a minute.")
    return 0


def _compared(found: Refit, *, samples: list[Sample], in_use: Learned) -> str:
    lines = [f"{'sureness':<12}{'labels':>8}{'right':>8}{'old says':>10}{'new says':>10}"]
    lines += [
        f"{one.low:.1f} to {one.high:.1f}  {one.labels:>8}{one.right:>8.3f}{one.old:>10.3f}{one.new:>10.3f}"
        for one in found.bins
    ]
    lines += [
        "",
        f"{'':<28}{'old':>10}{'new':>10}",
        f"{'log loss, nats':<28}{found.loss_before:>10.4f}{found.loss_after:>10.4f}",
        f"{'calibration error':<28}{found.error_before:>10.4f}{found.error_after:>10.4f}",
    ]
    for lang in sorted(found.bounds):
        before, after = in_use.cut_off(settings.PROMISE, lang=lang), found.bounds[lang].cut_off(settings.PROMISE)
        lines.append(f"{f'cut-off for {settings.PROMISE:.2%}, {lang}':<28}{_cut_off(before):>10}{_cut_off(after):>10}")
    right = sum(one.right for one in samples)
    return "\n".join([*lines, "", f"{len(samples)} labels, {right} of them right; new figures are cross-validated."])


def _cut_off(value: float) -> str:
    return "never" if value == inf else f"{value:.2f}"
