import json
from math import inf
from pathlib import Path

import numpy as np
import pytest

from sangto.engine import learned
from sangto.engine.features import NAMES
from sangto.engine.learned import EVIDENCE, LOGISTIC, VERSION, Bound, Curve, Learned, read, refitted, shipped

STUMP = {"columns": [0], "thresholds": [0.5], "kept": [0b10], "leaves": [-1.0, 2.0]}
MODEL = {
    "version": VERSION, "name": "tiny", "evidence": list(EVIDENCE), "ranker": [STUMP], "decider": [STUMP, STUMP],
    "curve": {"raw": [-2, 4], "sure": [0.1, 0.9]}, "contradicted": 0.25,
    "bounds": {"vi": {"raw": [5, 4, 3, 2, 1], "right": [1, 1, 1, 1, 0]}},
}  # fmt: skip


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the package looks for its model; nothing is there yet."""
    monkeypatch.setattr(learned, "files", lambda package: tmp_path)
    (tmp_path / "model").mkdir()
    return tmp_path / "model" / "matching.json"


def loaded() -> Learned:
    """What `shipped` reads when nothing is remembered."""
    return shipped.__wrapped__()


def rows(*first: float, names: tuple[str, ...] = EVIDENCE) -> np.ndarray:
    """Rows of features that differ in the first one."""
    values = np.zeros((len(first), len(names)), np.float32)
    values[:, 0] = first
    return values


def test_model_of_the_package_can_be_read() -> None:
    found = shipped()

    assert (found.name, found.trouble) == ("shipped", "")
    assert {"en", "vi"} <= set(found.bounds)


def test_model_is_read_from_its_file(model: Path) -> None:
    model.write_text(json.dumps(MODEL))

    found = loaded()

    assert (found.name, found.contradicted, found.trouble) == ("tiny", 0.25, "")
    assert found.scores(rows(0, 1, names=NAMES)).tolist() == [-1, 2]
    assert found.raw(rows(0, 1)).tolist() == [-2, 4]
    assert found.curve(found.raw(rows(0, 1))).tolist() == pytest.approx([0.1, 0.9])
    assert found.bounds == {"vi": Bound((5, 4, 3, 2, 1), (True, True, True, True, False))}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("", "cannot be used"),
        ("{", "cannot be used"),
        ("[]", "cannot be used"),
        ("null", "cannot be used"),
        ("\x00\x01", "cannot be used"),
        (json.dumps(MODEL)[:-40], "cannot be used"),
        (json.dumps({key: value for key, value in MODEL.items() if key != "ranker"}), "'ranker'"),
        (json.dumps(MODEL | {"decider": [STUMP | {"kept": [70_000]}]}), "cannot be used"),
        (json.dumps(MODEL | {"decider": [STUMP | {"thresholds": ["x"]}]}), "cannot be used"),
        (json.dumps(MODEL | {"bounds": []}), "cannot be used"),
        (json.dumps(MODEL | {"version": 99}), f"it has version 99, and this program reads {VERSION}"),
        (json.dumps(MODEL | {"evidence": ["a", *EVIDENCE[1:]]}), f"other features: without {EVIDENCE[0]}; with a"),
        (json.dumps(MODEL | {"evidence": EVIDENCE[::-1]}), "other features: the same ones in another order"),
    ],
)
def test_model_that_cannot_be_used_leaves_the_untrained_formula_and_says_why(
    model: Path, damage: str, told: str
) -> None:
    model.write_text(damage)

    found = loaded()

    assert (found.name, found.ranker, found.decider, found.curve) == ("untrained", None, None, LOGISTIC)
    assert told in found.trouble


def test_missing_model_is_told(model: Path) -> None:
    assert not model.exists()
    assert loaded() == Learned("untrained", trouble="the model file is missing")


def test_untrained_formula_prefers_what_shares_more_words_and_answers_nothing_at_once() -> None:
    plain, less, more = Learned("untrained"), rows(0), rows(0)
    for name in ("bm25_of_best", "mean_dice_of_best", "best_pairs_covering", "best_dice", "covering_all"):
        more[0, EVIDENCE.index(name)] = 1

    assert plain.scores(more)[0] > plain.scores(less)[0]
    assert plain.raw(more)[0] > 0 > plain.raw(less)[0]
    assert plain.cut_off(0.5, lang="vi") == inf


def test_version_and_features_are_told_apart_by_read() -> None:
    with pytest.raises(ValueError, match="version 2"):
        read(MODEL | {"version": 2})
    with pytest.raises(ValueError, match="features"):
        read(MODEL | {"evidence": [*EVIDENCE, "new"]})


@pytest.mark.parametrize(
    ("promise", "cut_off"),
    [
        (0.80, 2.0),  # of four none is wrong: (0 + 1) / (4 + 1) is one in five
        (0.81, inf),
        (0.75, 2.0),  # three would do, and the longest list counts
        (2 / 3, 1.0),  # of five one is wrong: (1 + 1) / (5 + 1) is one in three
        (0.67, 2.0),
        (0.0, 1.0),
        (1.0, inf),
    ],
)
def test_cut_off_by_hand(promise: float, cut_off: float) -> None:
    held = Bound((5.0, 4.0, 3.0, 2.0, 1.0), (True, True, True, True, False))

    assert held.cut_off(promise) == cut_off


def test_longest_list_that_holds_the_promise_is_taken_even_if_a_shorter_one_does_not() -> None:
    held = Bound((9.0, *range(8, -1, -1)), (False, *(True,) * 9))

    assert held.cut_off(0.81) == 0  # (1 + 1) / (10 + 1); of the first alone it is (1 + 1) / (1 + 1)


def test_curve_runs_straight_between_points_and_flat_beyond_them() -> None:
    curve = Curve((0.0, 2.0), (0.2, 0.6))

    assert curve(np.array([-9, 0, 1, 2, 9], np.float32)).tolist() == pytest.approx([0.2, 0.2, 0.4, 0.6, 0.6])


def test_refitted_keeps_the_trees() -> None:
    old, curve, bounds = read(MODEL), Curve((0.0,), (0.5,)), {"en": Bound((1.0,), (True,))}

    new = refitted(old, curve=curve, bounds=bounds)

    assert (new.curve, new.bounds, new.name) == (curve, bounds, old.name)
    assert new.ranker is old.ranker
    assert new.decider is old.decider
