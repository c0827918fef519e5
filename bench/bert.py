"""A small BERT and the mean of its token vectors, forward only, in numpy: reads what sentence-transformers writes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.special import erf
from tokenizers import Tokenizer

from sangto.engine.own_model import _safetensors as tensors

__all__ = ["Bert"]

Floats = npt.NDArray[np.float32]
_MASKED = np.float32(-1e9)
_BATCH, _MOST_TOKENS = 32, 128


class Bert:
    """A directory of `config.json`, `model.safetensors` and `tokenizer.json`, such as all-MiniLM-L6-v2."""

    def __init__(self, path: Path) -> None:
        config = json.loads((path / "config.json").read_text("utf-8"))
        self._layers, self._heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
        self._tiny = np.float32(config["layer_norm_eps"])
        self._held: dict[str, Floats] = {
            name: np.array(one, np.float32) for name, one in tensors(path / "model.safetensors").items()
        }
        self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_length=_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
        """One vector of length 1 for each text; a message and an entry are read alike."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found = np.zeros((len(texts), self._held["embeddings.LayerNorm.weight"].shape[0]), np.float32)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            found[places] = self._batch([texts[at] for at in places])
        return found

    def _batch(self, texts: list[str]) -> Floats:
        read = self._tokenizer.encode_batch(texts)
        ids, mask = (np.array([getattr(one, name) for one in read], np.int64) for name in ("ids", "attention_mask"))
        weights = mask.astype(np.float32)[:, :, None]
        mean = (self._states(ids, mask) * weights).sum(axis=1) / weights.sum(axis=1)
        return cast(Floats, mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9))

    def _states(self, ids: npt.NDArray[Any], mask: npt.NDArray[Any]) -> Floats:
        held, name = self._held, "embeddings"
        state = held[f"{name}.word_embeddings.weight"][ids]
        state += held[f"{name}.position_embeddings.weight"][: ids.shape[1]]
        state += held[f"{name}.token_type_embeddings.weight"][0]
        state = self._normed(state, f"{name}.LayerNorm")
        hidden = np.where(mask, np.float32(0), _MASKED)[:, None, None, :]
        for layer in range(self._layers):
            state = self._layer(state, hidden, f"encoder.layer.{layer}")
        return state

    def _layer(self, state: Floats, hidden: Floats, name: str) -> Floats:
        looked = self._dense(self._attention(state, hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        state = self._normed(state + looked, f"{name}.attention.output.LayerNorm")
        wide = self._dense(state, f"{name}.intermediate.dense")
        wide *= 0.5 * (1 + erf(wide / np.float32(np.sqrt(2))))
        return self._normed(state + self._dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, state: Floats, hidden: Floats, name: str) -> Floats:
        texts, length, width = state.shape
        query, key, value = (
            self._dense(state, f"{name}.{one}").reshape(texts, length, self._heads, -1).transpose(0, 2, 1, 3)
            for one in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width / self._heads)) + hidden
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (shares / shares.sum(axis=-1, keepdims=True)) @ value
        return cast(Floats, seen.transpose(0, 2, 1, 3).reshape(texts, length, width))

    def _dense(self, state: Floats, name: str) -> Floats:
        flat = state.reshape(-1, state.shape[-1]) @ self._held[f"{name}.weight"].T + self._held[f"{name}.bias"]
        return flat.reshape(*state.shape[:-1], -1)

    def _normed(self, state: Floats, name: str) -> Floats:
        state = state - state.mean(axis=-1, keepdims=True)
        state /= np.sqrt((state**2).mean(axis=-1, keepdims=True) + self._tiny)
        return cast(Floats, state * self._held[f"{name}.weight"] + self._held[f"{name}.bias"])
