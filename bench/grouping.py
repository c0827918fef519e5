"""Prints how fast and how well Messages are grouped in bulk, beside MinHash + LSH (datasketch) on a part of as many.

The Messages are those of `planted`: near-duplicates, which should join, and near misses, which must not.

Run: python -m bench.grouping [--size 1000000] [--peer 20000] [--seed 1]. Data: SANGTO_DATA, by default ../shared/data.
"""

import argparse
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence

from bench.planted import Planted, plain, planted
from sangto.engine.cluster import groups


def base_labels(messages: Planted, label: Sequence[int]) -> dict[int, int]:
    """The group of each base as it was before any edit."""
    return {number: label[at] for at, number in enumerate(messages.base) if not messages.edit[at]}


def measured(messages: Planted, label: Sequence[int]) -> dict[str, float]:
    """Recall and precision of joining, where a group's base is that of most of its Messages.

    Recall counts the planted near-duplicates that are in their base's group; precision the Messages joined to a
    representative of their own base; a near miss joined to its base or to one of the base's duplicates is wrong.
    """
    head = base_labels(messages, label)
    asked, found, misses, caught = 0, 0, 0, 0
    joined = right = 0
    for at, number in enumerate(messages.base):
        together = label[at] == head[number]
        if messages.miss[at]:
            misses, caught = misses + 1, caught + together
        elif messages.edit[at]:
            asked, found = asked + 1, found + together
        if label[at] != at:
            joined += 1
            right += messages.base[label[at]] == number and messages.miss[label[at]] == messages.miss[at]
    return {
        "recall": found / max(asked, 1), "precision": right / max(joined, 1), "joined": joined, "wrong": joined - right,
        "near misses": misses, "near misses joined": caught,
    }  # fmt: skip


def by_edit(messages: Planted, label: Sequence[int]) -> None:
    head = base_labels(messages, label)
    asked, found = Counter(), Counter()
    for at, name in enumerate(messages.edit):
        asked[name, messages.miss[at]] += 1
        found[name, messages.miss[at]] += label[at] == head[messages.base[at]]
    for (name, miss), count in sorted(asked.items(), key=lambda item: -item[1]):
        if name and count >= 20:
            print(f"  {'near miss: ' if miss else ''}{name:32} {count:8,} joined {found[name, miss] / count:.4f}")


def ours(texts: Sequence[str]) -> list[int]:
    return groups(texts).representative.tolist()


def with_datasketch(texts: Sequence[str]) -> list[int]:
    """Stars over datasketch's MinHash (128 permutations, folded word pairs) and LSH at .6, not verified."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 (a peer that need not be installed)

    lsh, label = MinHashLSH(threshold=0.6, num_perm=128), []
    for at, text in enumerate(texts):
        said = re.findall(r"\w+", plain(text))
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(pair).encode() for pair in zip(said, said[1:] or said, strict=False)])
        near = lsh.query(sketch)
        label.append(min(near) if near else at)
        if not near:
            lsh.insert(at, sketch)
    return label


def run(name: str, group: Callable[[Sequence[str]], list[int]], messages: Planted) -> list[int]:
    start, busy = time.perf_counter(), time.process_time()
    label = group(messages.texts)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    figures = measured(messages, label)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:12} {len(label):9,} Messages {seconds:7.2f} s (CPU {busy:.2f}) {len(label) / seconds:9,.0f}/s  "
        f"recall {figures['recall']:.4f}  precision {figures['precision']:.4f} "
        f"({figures['wrong']:,.0f} of {figures['joined']:,.0f} wrong)  "
        f"near misses joined {figures['near misses joined']:.0f} of {figures['near misses']:,.0f}  peak {peak:,.0f} MB"
    )
    return label


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument(
        "--peer", type=int, default=20_000, help="how many of the Messages the peer groups too; 0: none"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong joins")
    chosen = parser.parse_args()
    messages = planted(chosen.size, seed=chosen.seed)
    print(f"{sum(map(len, messages.texts)) / chosen.size:.0f} characters a Message")
    label = run("ours", ours, messages)
    by_edit(messages, label)
    show_wrong(messages, label, count=chosen.show)
    if chosen.peer:
        compare(planted(chosen.peer, seed=chosen.seed))


def show_wrong(messages: Planted, label: Sequence[int], *, count: int) -> None:
    head = base_labels(messages, label)
    wrong = [at for at, miss in enumerate(messages.miss) if miss and label[at] == head[messages.base[at]]]
    wrong += [at for at, other in enumerate(label) if messages.base[other] != messages.base[at]]
    for at in wrong[:count]:
        print(f"- {messages.edit[at]}: {messages.texts[at]}\n  {messages.edit[label[at]]}: {messages.texts[label[at]]}")


def compare(messages: Planted) -> None:
    """Ours and the peer twice each in turns over the same Messages."""
    for _ in range(2):
        run("ours", ours, messages)
        try:
            run("datasketch", with_datasketch, messages)
        except ImportError:
            print("datasketch is not installed")


if __name__ == "__main__":
    main()
