"""Our matching engine beside stock engines and other desks' rules: quality, decisions and speed, as Markdown.

    python -m bench.matching                               # quality, decisions, and speed at 10,000 and 100,000 answers
    python -m bench.matching --quick                       # all of it small, in under two minutes
    python -m bench.matching --only speed --sizes 10k,100k,1M

CheckThat is read from SANGTO_DATA; without it only our Vietnamese set is used. Engines that are not installed have a
row that says so: Lucene needs Java and `pip install --no-deps pyserini pyjnius`, PostgreSQL its server.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bench.labelled import CLAIMS, Pool, Question, checkthat2020, checkthat2021, redacted, vietnamese
from bench.peers.deciding import Decided, decided_by, near_misses, sureness_error, with_twins
from bench.peers.embedded import Bm25s, Fts5, Tantivy, TantivyFolded
from bench.peers.interface import Peer, Rule
from bench.peers.lucene import Lucene, LuceneFolded
from bench.peers.ours import Ours
from bench.peers.postgres import Postgres
from bench.peers.ranking import Ranked, difference, ranked_by, without_author, without_links
from bench.peers.rules import AlegreConfirm, AlegreSuggest, AlegreTipline, CofactsGroup, CofactsPick
from bench.peers.speed import Run, in_milliseconds, rebuild_seconds, runs
from sangto.engine.learned import shipped

STOCK: tuple[type[Peer], ...] = (
    Tantivy, TantivyFolded, Fts5, Bm25s, Lucene, LuceneFolded, Postgres,
)  # fmt: skip
QUICK_STOCK = STOCK[:4]
TIMED: tuple[type[Peer], ...] = (Ours, Tantivy, TantivyFolded, Lucene, Bm25s, Fts5, Postgres)
SLOW = (Lucene, Postgres)  # to start or to search
RULES: tuple[type[Rule], ...] = (CofactsPick, CofactsGroup, AlegreSuggest, AlegreTipline, AlegreConfirm)
TYPED = ("paraphrase", "typos", "regional", "mixed", "chatter", "forwarded", "short")
WITHOUT = ("no_diacritics", "folded")
VARIANTS = (*TYPED, "slips", "teencode", *WITHOUT, "heavy")
GROUPS = {"typed": TYPED, "without diacritics": WITHOUT, "heavy": ("heavy",)}
DECIDED = (
    "rule", "precision", "answered rightly", "answered with the answer removed", "near misses answered", "shown",
    "right one shown",
)  # fmt: skip
POOLS = {"checkthat2020": checkthat2020, "checkthat2021": checkthat2021, "vietnamese": vietnamese}
SIZES = {"k": 1_000, "M": 1_000_000}
QUICK = 60  # questions a set
REBUILT = 50_000


def size_of(text: str) -> int:
    """10k, 1M or a plain number."""
    return int(text[:-1]) * SIZES[text[-1]] if text[-1:] in SIZES else int(text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def share(value: float | None) -> str:
    """A share 0..1 with three places."""
    return "-" if value is None else f"{value:.3f}"


def told(text: str) -> None:
    """Says on stderr how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def sets(quick: bool) -> Iterator[tuple[str, Pool, list[Question]]]:
    """Each set's name, entries and questions; posts as written and as the desk keeps them, links left out of both."""
    english = {"2020 test": "checkthat2020", "2021 dev": "checkthat2021"} if CLAIMS.is_dir() else {}
    for name, key in {**english, "Vietnamese test": "vietnamese"}.items():
        if quick and key == "checkthat2021":
            continue
        pool = without_links(POOLS[key]())
        questions = pool.splits[name.split()[-1]]
        questions = questions[:: max(len(questions) // QUICK, 1)] if quick else questions
        yield name, pool, questions
        if pool.lang == "en" and not quick:
            yield f"{name}, redacted", pool, redacted(questions)


@lru_cache
def ours_of(name: str) -> Ours:
    """Our engine with the entries of a set."""
    ours = Ours()
    ours.build(POOLS[name]().entries)
    return ours


def ranking_of(kinds: Iterable[type[Peer]], pool: Pool, questions: list[Question]) -> dict[str, Ranked]:
    """What each engine found, by name, ours first; those that are not installed are left out."""
    found = {Ours.name: ranked_by(ours_of(pool.name), questions)}
    for kind in kinds:
        if kind.missing():
            continue
        peer = kind()
        peer.build(pool.entries)
        found[kind.name] = ranked_by(peer, questions)
        peer.close()
    return found


def ranking(quick: bool) -> Iterator[str]:
    """The tables of how well engines rank, one by one."""
    kinds = QUICK_STOCK if quick else STOCK
    head, columns = ["engine"], []
    by_variant = ""
    compared: list[list[str]] = []
    for name, pool, asked in sets(quick):
        questions = [one for one in asked if one.right]
        told(f"ranking: {name}, {len(questions)} questions")
        found = ranking_of(kinds, pool, questions)
        head += [f"{name} MAP@5", "R@1"]
        columns.append({key: _pair(one, questions) for key, one in found.items()})
        compared += _compared(name, found, questions)
        if pool.lang == "vi":
            by_variant = _by_variant(found, questions)
            compared += _compared_by_group(name, found, questions)
    missing = ["not installed", "-"]
    shown: list[type[Peer]] = [Ours, *kinds]
    rows = [[kind.name, *(cell for one in columns for cell in one.get(kind.name, missing))] for kind in shown]
    yield "### Ranking\n\n" + table(head, rows)
    yield "### Vietnamese, recall at 1 by kind of message\n\n" + by_variant
    head = ["set", "measure", "ours", "best stock engine", "its", "difference [95 %]", "p"]
    title = "### Ours against the best stock engine of each set (paired bootstrap, 10,000 resamples of answers)"
    yield f"{title}\n\n{table(head, compared)}"


def _pair(found: Ranked, questions: list[Question]) -> list[str]:
    return [share(found.precision(questions).mean()), share(found.first(questions).mean())]


def _by_variant(found: dict[str, Ranked], questions: list[Question]) -> str:
    places = {name: [at for at, one in enumerate(questions) if one.variant == name] for name in VARIANTS}
    places = {name: held for name, held in places.items() if held}
    rows = [
        [key, *(share(one.first(questions)[held].mean()) for held in places.values())] for key, one in found.items()
    ]
    return table(["engine", *(f"{name} ({len(held)})" for name, held in places.items())], rows)


def _compared(name: str, found: dict[str, Ranked], questions: list[Question]) -> Iterator[list[str]]:
    others = [one for key, one in found.items() if key != Ours.name]
    for measure, values in (("MAP@5", Ranked.precision), ("R@1", Ranked.first)):
        mine, theirs = values(found[Ours.name], questions), [values(one, questions) for one in others]
        best = max(range(len(others)), key=lambda at: theirs[at].mean())
        gap = difference(mine, theirs[best], questions)
        interval = f"{gap.mean:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]"
        its = share(theirs[best].mean())
        yield [name, measure, share(mine.mean()), others[best].name, its, interval, f"{gap.p:.4f}"]


def _compared_by_group(name: str, found: dict[str, Ranked], questions: list[Question]) -> Iterator[list[str]]:
    for group, variants in GROUPS.items():
        kept = [at for at, one in enumerate(questions) if one.variant in variants]
        some = {key: one.only(kept) for key, one in found.items()}
        yield from _compared(f"{name}, {group}", some, [questions[at] for at in kept])


def deciding(quick: bool) -> Iterator[str]:
    """The tables of how rightly engines answer at once, a set each."""
    for name, plain, asked in sets(quick):
        pool = with_twins(replace(plain, splits={"asked": asked}))
        questions = pool.splits["asked"]
        near = near_misses(pool, questions)[: QUICK if quick else None]
        told(f"deciding: {name}, {len(questions)} questions, {len(near)} near misses")
        ours = ours_of(pool.name)
        rows = map(_decided_row, [*_ours_decided(ours, questions, near), *_rules_decided(pool, questions, near)])
        text = (
            table(DECIDED, rows)
            + f"\nExpected calibration error of our sureness: {share(sureness_error(ours, questions))}.\n"
        )
        yield f"### Answering at once: {name} (the rules read posts without the author's line)\n\n{text}"


def _ours_decided(ours: Ours, questions: list[Question], near: list[Question]) -> Iterator[Decided]:
    bare = [without_author(one) for one in questions]
    yield replace(decided_by(ours, questions, near), name="sangto, promise 0.98")
    yield replace(decided_by(ours.promising(0.95), questions, near), name="sangto, promise 0.95")
    if bare != questions:
        yield replace(decided_by(ours, bare, near), name="sangto, promise 0.98, without the author's line")


def _rules_decided(pool: Pool, questions: list[Question], near: list[Question]) -> Iterator[Decided]:
    for kind in RULES:
        rule = kind()
        rule.build(pool.entries)
        yield decided_by(rule, [without_author(one) for one in questions], near)


def _decided_row(one: Decided) -> list[str]:
    return [
        one.name,
        share(one.precision),
        f"{share(one.right / max(one.answerable, 1))} of {one.answerable}",
        f"{share(one.wrong_removed / max(one.unanswerable, 1))} of {one.unanswerable}",
        f"{one.wrong_near} of {one.near}",
        str(one.shows),
        share(one.shown_right / max(one.answerable, 1)),
    ]


def speed(sizes: Sequence[int], *, messages: int, patience: float, kinds: Sequence[type[Peer]]) -> Iterator[str]:
    """A table for each size, and what our engine takes to rebuild and to show a new answer."""
    fresh = {}
    for size in sizes:
        told(f"speed: {size:,} answers")
        held, fresh[size] = runs(kinds, size=size, messages=messages, patience=patience)
        head = [
            "engine",
            "p50 / p95 / p99 ms",
            "CPU p50 / p95 / p99 ms",
            "build s",
            "memory MB (peak)",
            "R@1 / R@10",
            "asked",
        ]
        yield f"### Speed: {size:,} answers\n\n" + table(head, map(_speed_row, held)) + "\n" + _ratios(held)
    times = [[f"{size:,}", in_milliseconds(values)] for size, values in fresh.items()]
    yield "### From handing over a new answer until it is found\n\n" + table(
        ["answers", "median / largest of 10, ms"], times
    )
    rebuilt = min(REBUILT, max(sizes))
    yield f"{rebuilt:,} answers rebuilt in {rebuild_seconds(rebuilt):.2f} s.\n"


def _speed_row(run: Run) -> list[str]:
    if run.trouble or not run.wall:
        return [run.name, run.trouble or "not asked", *["-"] * 5]
    wall, cpu = (" / ".join(f"{one:.2f}" for one in run.milliseconds(values)) for values in (run.wall, run.cpu))
    outside = f" + {run.disk / 1e6:.0f} on disk" if run.disk else ""
    memory = f"{run.memory / 1e6:.0f} ({run.peak / 1e6:.0f}){outside}"
    asked = len(run.wall)
    recall = f"{share(run.first / asked)} / {share(run.in_ten / asked)}"
    return [run.name, wall, cpu, f"{run.build_seconds:.1f}", memory, recall, str(asked)]


def _ratios(held: Sequence[Run]) -> str:
    by_name = {run.name: run for run in held if run.wall}
    lines = []
    for name in (Tantivy.name, TantivyFolded.name):
        if name in by_name and Ours.name in by_name:
            pairs = zip(_times(by_name[Ours.name]), _times(by_name[name]), strict=True)
            lines.append(f"Ours / {name}, wall p50, p95, p99, then CPU: {', '.join(f'{a / b:.2f}' for a, b in pairs)}.")
    return "\n".join(lines) + "\n"


def _times(run: Run) -> list[float]:
    return [*run.milliseconds(run.wall), *run.milliseconds(run.cpu)]


def asked_for(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a sample of the questions, 10,000 answers, fewer engines")
    parser.add_argument("--only", choices=["ranking", "deciding", "speed"], help="one part")
    parser.add_argument("--sizes", default="10k,100k", help="answers in the speed table")
    parser.add_argument("--messages", type=int, default=1000, help="messages in the speed table")
    parser.add_argument("--patience", type=float, default=60, help="seconds of searching that an engine gets")
    parser.add_argument("--engines", default="", help="only these of the speed table, by the start of their name")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] = ()) -> None:
    """Prints the tables as they get ready."""
    asked = asked_for(arguments or sys.argv[1:])
    names = tuple(part for part in asked.engines.split(",") if part)
    kinds = [
        kind for kind in TIMED if (not names or kind.name.startswith(names)) and not (asked.quick and kind in SLOW)
    ]
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "ranking": lambda: ranking(asked.quick),
        "deciding": lambda: deciding(asked.quick),
        "speed": lambda: speed(
            [10_000] if asked.quick else [size_of(one) for one in asked.sizes.split(",")],
            messages=200 if asked.quick else asked.messages,
            patience=4 if asked.quick else asked.patience,
            kinds=kinds,
        ),
    }
    model = shipped()
    print(f"Model: {model.name} {model.trouble}\n")
    for name, make in parts.items():
        if asked.only in (None, name):
            for text in make():
                print(text, flush=True)


if __name__ == "__main__":
    main()
