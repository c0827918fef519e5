from pathlib import Path

import numpy as np
import pytest

from sangto.engine import embed
from sangto.engine.embed import DEFAULT_RARITY, Words, hashes, pairs, tokens

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


def test_cosines_are_those_of_the_directions() -> None:
    table = Words.load()
    rows = table.find(hashes(["hospital", "xyzzyq", "bệnh", "river"]))

    found = table.cosines(table.directions(hashes(["doctor", "hospital"])), rows)

    wanted = table.directions(hashes(["doctor", "hospital"])) @ table.at(rows).T
    assert np.abs(found - wanted).max() < 1e-5
    assert found[:, 1].tolist() == [0, 0]


def test_every_key_is_found_and_no_other() -> None:
    table = Words.load()

    assert (table.find(table.keys) == table.places).all()
    others = np.setdiff1d(table.keys + np.uint32(1), table.keys)
    assert (table.find(others) == -1).all()


def test_without_a_table_no_row_has_weight_or_direction() -> None:
    table, rows = Words.none("it is missing"), np.array([-1, -1])

    assert table.find(hashes(["river", "sông"])).tolist() == [-1, -1]
    assert table.weights_of(rows).tolist() == [0, 0]
    assert table.cosines(np.ones((1, table.dimensions), np.float32), rows).tolist() == [[0, 0]]
