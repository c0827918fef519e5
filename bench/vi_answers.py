"""Builds the public Vietnamese benchmark from what was written by hand: answers.jsonl, messages.{train,dev,test}.jsonl.

Beside the written messages, each well-typed paraphrase is repeated three times in ways a machine can make: `folded`
(the same without diacritics), `slips` (4 % wrong keys) and `heavy` (folded, 3 words in 10 as SMS spelling, 3 % wrong
keys, a window of 7 words in 10, chatter before and after). The same input always gives the same files; nothing of the
engine is used, so that a change there cannot change what it is measured with.

Run: python -m bench.vi_answers [--bm25]. It prints the tables of the data card, bench/vi-answers/README.md, which says
what the fields mean; with --bm25 also for how many messages textbook BM25 puts the right answer first.
"""

import argparse
import hashlib
import json
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "SPLITS", "Row", "built", "counts", "first_by_bm25", "main", "plain", "split_of", "written"]

FOLDER = Path(__file__).parent / "vi-answers"
SPLITS = {"train": 0.5, "dev": 0.2, "test": 0.3}
Row = dict[str, Any]

_BEFORE = "ad oi cho e hoi|mn oi|alo ad|e chao ad a|xin hoi|cho minh hoi chut|ai biet chi voi|hi ad"
_AFTER = "cam on ad|co dung k a|rep e voi|thanks ad|hong biet that hay gia|giup e voi a|e cam on|co that k"
_KEYS = dict(zip("abcdeghiklmnopqrstuvxy", "svxswfgujknbiowearyczt", strict=True))
# SMS spellings of single words; the words with diacritics, because "tới" is not spelt as "tôi" is.
_SPELLINGS = """
anh:a bác:b bạn:b bệnh:bih biết:bit chồng:ck chưa:chx cũng:cx được:dc đang:dag em:e gì:j giờ:h hoặc:hc không:k làm:lm
luôn:lun mình:mik mới:ms muốn:mun người:ng nhiều:nhiu nhưng:nhg những:nhg nói:ns phải:p quá:qa rồi:r sao:s thì:thj
tháng:thag thôi:thui tôi:t trong:trog trước:trc tuổi:t vậy:v với:vs vợ:vk xong:xog
"""
_SHORT = dict(pair.split(":") for pair in _SPELLINGS.split())


def split_of(line_id: str) -> str:
    """The split of a written line, so that a line added later moves no other.

    An answer goes by a hash of its id; what nothing answers (`topic-x01`) is dealt out in turn, a third to each split.
    """
    dealt = re.fullmatch(r".+-x(\d+)", line_id)
    if dealt:
        return list(SPLITS)[int(dealt[1]) % len(SPLITS)]
    at = int(hashlib.sha256(line_id.encode()).hexdigest()[:8], 16) / 16**8
    for name, share in SPLITS.items():
        if at < share:
            return name
        at -= share
    return "test"


def plain(text: str) -> str:
    """The text as typed without diacritics, in lower case; SMS spellings stay as they are."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _slipped(text: str, *, share: float, dice: random.Random) -> str:
    """The text with a share of its letters hit wrongly: another key, left out, doubled or swapped with the next."""
    out, at = [], 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char.isalpha() and dice.random() < share:
            swapped = following + char if following.isalpha() else char * 2
            made = dice.choice([_KEYS.get(char.lower(), char), "", char * 2, swapped])
            out.append(made)
            at += 2 if following and made == following + char else 1
            continue
        out.append(char)
        at += 1
    return "".join(out)


def _heavy(text: str, *, dice: random.Random) -> str:
    """The text with every kind of noise at once."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text.lower()))
    keep = max(3, round(len(words) * 0.7))
    start = dice.randrange(len(words) - keep + 1) if len(words) > keep else 0
    window = words[start : start + keep]
    typed = [_SHORT[word] if word in _SHORT and dice.random() < 0.3 else plain(word) for word in window]
    before, after = dice.choice(_BEFORE.split("|")), dice.choice(_AFTER.split("|"))
    return f"{before} {_slipped(' '.join(typed), share=0.03, dice=dice)} {after}"


def _made(text: str, *, key: str) -> Iterator[tuple[str, str]]:
    """The variants that a machine makes of a well-typed message; `key` seeds the dice."""
    dice = random.Random(key)
    yield "folded", plain(text)
    yield "slips", _slipped(text, share=0.04, dice=dice)
    yield "heavy", _heavy(text, dice=dice)


def _answered(held: Row) -> Iterator[Row]:
    """The messages that one written answer settles."""
    key = held["id"]
    for n, one in enumerate(held["messages"], 1):
        row = {"id": f"{key}-{n}", "text": one["text"], "variant": one["variant"], "lang": held.get("lang", "vi")}
        row |= {"expect": key, "also": one.get("also", []), "must_not": []}
        yield row
        if one["variant"] == "paraphrase":
            for variant, text in _made(one["text"], key=row["id"]):
                yield row | {"id": f"{row['id']}-{variant}", "text": text, "variant": variant}


def _messages_of(held: Row) -> Iterator[Row]:
    """All messages of one written line; `expect` is null for near misses and for what nothing settles."""
    key = held["id"]
    nothing: Row = {"lang": held.get("lang", "vi"), "expect": None, "also": []}
    if "unanswerable" in held:
        row = {"id": key, "text": held["unanswerable"], "variant": "unanswerable", "typed": held["variant"]}
        yield row | nothing | {"must_not": []}
        return
    yield from _answered(held)
    for n, one in enumerate(held.get("near", ()), 1):
        row = {"id": f"{key}-n{n}", "text": one["text"], "variant": "near_miss", "differs": one["differs"]}
        yield row | nothing | {"must_not": [key]}


def written() -> list[Row]:
    """What was written, in the order of the files."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((FOLDER / "written").glob("*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.split("\n") if line.strip()]


def _lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _answer(held: Row) -> Row:
    kept = {name: held[name] for name in ("id", "question", "title", "answer", "topic")}
    return kept | {"lang": held.get("lang", "vi"), "split": split_of(held["id"])}


def built() -> dict[str, str]:
    """The text of each file that is made, by its name."""
    held = written()
    files = {"answers.jsonl": _lines(_answer(one) for one in held if "question" in one)}
    for split in SPLITS:
        rows = (row for one in held if split_of(one["id"]) == split for row in _messages_of(one))
        files[f"messages.{split}.jsonl"] = _lines(rows)
    return files


def _rows(text: str) -> list[Row]:
    return [json.loads(line) for line in text.split("\n") if line]


def counts(files: dict[str, str]) -> list[str]:
    """How many messages of each variant each split holds, as the lines of a Markdown table."""
    held = {split: Counter(row["variant"] for row in _rows(files[f"messages.{split}.jsonl"])) for split in SPLITS}
    variants = list(dict.fromkeys(variant for one in held.values() for variant in one))
    lines = [f"| {name} | " + " | ".join(str(one[name]) for one in held.values()) + " |" for name in sorted(variants)]
    total = "| all | " + " | ".join(str(one.total()) for one in held.values()) + " |"
    return ["| variant | " + " | ".join(SPLITS) + " |", "|---|" + "---:|" * len(SPLITS), *lines, total]


def first_by_bm25(answers: list[Row], messages: list[Row], *, fold: Callable[[str], str]) -> Counter[str]:
    """By variant, how many messages have their answer first by BM25 (k1 1.2, b 0.75) over all its text."""
    texts = [Counter(re.findall(r"\w+", fold(f"{one['question']} {one['title']} {one['answer']}"))) for one in answers]
    mean = sum(text.total() for text in texts) / len(texts)
    holding = Counter(word for text in texts for word in text)
    rarity = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in holding.items()}
    share = [0.3 + 0.9 * text.total() / mean for text in texts]
    first: Counter[str] = Counter()
    for row in messages:
        words = set(re.findall(r"\w+", fold(row["text"]))) & set(rarity)
        scores = [sum(rarity[w] * 2.2 * t[w] / (t[w] + k) for w in words) for t, k in zip(texts, share, strict=True)]
        first[row["variant"]] += answers[scores.index(max(scores))]["id"] == row["expect"]
    return first


def _bm25(files: dict[str, str]) -> Iterator[str]:
    """The lines of a Markdown table of `first_by_bm25` over the test split, as typed and folded."""
    answers = _rows(files["answers.jsonl"])
    asked = [row for row in _rows(files["messages.test.jsonl"]) if row["expect"]]
    number = Counter(row["variant"] for row in asked)
    typed, folded = (first_by_bm25(answers, asked, fold=fold) for fold in (str.lower, plain))
    yield "| variant | as typed | folded |"
    yield "|---|---:|---:|"
    for name in sorted(number):
        yield f"| {name} | {typed[name] / number[name]:.2f} | {folded[name] / number[name]:.2f} |"


def main() -> None:
    """Writes the files and prints the tables of the data card."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--bm25", action="store_true", help="also how hard the messages are for plain BM25")
    chosen = parser.parse_args()
    files = built()
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    lines = [f"{len(_rows(files['answers.jsonl']))} answers", *counts(files), *(_bm25(files) if chosen.bm25 else ())]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
