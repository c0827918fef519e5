"""What the normal form gains and costs: words found per variant, words lost and changed by mistake, speed.

    python -m bench.normal_form [--claims CLAIMS.tsv ...] [--part health --part civic]

Per variant of the Vietnamese benchmark: the share of the telling words of an answer's question that are in its
messages, before (lower case without diacritics, nothing else) and after (`words`), the share of a message's words that
are kept and that the question or the answer has. Then what is left out of published questions as wrapping, and the
tokens of English claims (any text files) read as slips of the typing method or as SMS spellings.
"""

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sangto.engine import telex
from sangto.engine.chatter import is_chatter
from sangto.engine.folding import bare
from sangto.engine.frequent import UNTELLING
from sangto.engine.links import without_links
from sangto.engine.teencode import TEENCODE
from sangto.engine.text import words
from sangto.engine.tokens import stretches, words_of

_WRITTEN = Path(__file__).parent / "vi-answers" / "written"
_WORD = re.compile(r"[^\W_]+")
_ROUNDS = 5
_SHOWN = 25
_SHARES = (("before", "asked"), ("after", "asked"), ("words", "typed"), ("held", "words"))


def _answers(parts: list[str]) -> list[dict[str, Any]]:
    lines = [line for part in parts for line in (_WRITTEN / f"{part}.jsonl").read_text().splitlines()]
    return [answer for answer in map(json.loads, lines) if "question" in answer]


def _telling(text: str) -> set[str]:
    return {word for word in words(text) if word not in UNTELLING}


def _plain(text: str) -> set[str]:
    return set(_WORD.findall(bare(text)))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def variants(answers: list[dict[str, Any]]) -> None:
    """Print the table of variants."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        asked = _telling(answer["question"])
        held = asked | _telling(f"{answer['title']} {answer['answer']}")
        for message in answer["messages"]:
            found = words(message["text"])
            sums[message["variant"]].update(
                messages=1,
                asked=len(asked),
                before=len(asked & _plain(message["text"])),
                after=len(asked & set(found)),
                typed=len(_WORD.findall(message["text"])),
                words=len(found),
                held=sum(word in held for word in found),
            )
    print("variant, messages, asked words found before, after, words kept, on topic")
    for name, one in sorted(sums.items()):
        print(f"{name:14} {one['messages']:5}", *(_share(one[part], one[whole]) for part, whole in _SHARES))


def left_out(texts: Iterable[str]) -> Counter[str]:
    """The stretches of words that are left out as wrapping, and how often."""
    found: Counter[str] = Counter()
    for text in texts:
        read = words_of(stretches(without_links(text)))
        chatter = is_chatter(read.written, ends=read.ends)
        if not all(chatter):
            marked = [word if one else "|" for word, one in zip(read.folded, chatter, strict=True)]
            found.update(one.strip() for one in " ".join(marked).split("|") if one.strip())
    return found


def changed(paths: list[Path]) -> None:
    """Print which tokens of English texts are read as something else."""
    tokens = Counter(token for path in paths for token in _WORD.findall(path.read_text().lower()))
    kinds = (("typing slips", lambda token: telex.undo(token) is not None), ("SMS spellings", TEENCODE.__contains__))
    for name, is_changed in kinds:
        hits = Counter({token: times for token, times in tokens.items() if is_changed(token)})
        print(f"{name}: {hits.total()} of {tokens.total()} tokens ({hits.total() / tokens.total():.4%})", end=" ")
        print(*(f"{token} {times}" for token, times in hits.most_common(_SHOWN)), sep=", ")


def speed(texts: list[str]) -> None:
    """Print the time of `words` for 40 words, first and best of five rounds."""
    typed, times = sum(len(text.split()) for text in texts), []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for text in texts:
            words(text)
        times.append((time.process_time() - start) / typed * 40 * 1e6)
    print(f"words: {times[0]:.0f} us for 40 words when nothing is remembered, then {min(times):.0f} us")


def main() -> None:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--part", action="append", help="health, civic, rumours or daily; all without it")
    parser.add_argument("--claims", type=Path, nargs="*", default=[], help="text files of English claims")
    args = parser.parse_args()
    answers = _answers(args.part or sorted(path.stem for path in _WRITTEN.glob("*.jsonl")))
    speed([message["text"] for answer in answers for message in answer["messages"]])
    variants(answers)
    print("left out of questions:", left_out(answer["question"] for answer in answers).most_common(_SHOWN))
    print("left out of titles:", left_out(answer["title"] for answer in answers).most_common(_SHOWN))
    if args.claims:
        changed(args.claims)
        lines = [line for path in args.claims for line in path.read_text().splitlines()]
        print("left out of claims:", left_out(lines).most_common(_SHOWN), "of", len(lines))


if __name__ == "__main__":
    main()
