import random
from math import exp, inf, log

import numpy as np
import pytest

from sangto.engine.calibrate import ISOTONIC_FROM, bound, fitted, isotonic, log_loss, platt
from sangto.engine.learned import LOGISTIC, Bound, Learned


def drawn(count, *, slope, shift):
    chance = random.Random(1)
    raw = [chance.uniform(-4, 4) for _ in range(count)]
    return raw, [chance.random() < 1 / (1 + exp(-slope * one - shift)) for one in raw]


def test_log_loss_is_that_of_the_textbook():
    assert log_loss([0.9, 0.2], [True, False]) == pytest.approx(-(log(0.9) + log(0.8)) / 2)


def test_platt_finds_the_planted_slope_and_shift():
    raw, right = drawn(20_000, slope=0.7, shift=-1.5)

    assert platt(raw, right) == pytest.approx((0.7, -1.5), abs=0.1)


def test_platt_comes_down_from_where_a_whole_step_overshoots():
    raw, right = drawn(120, slope=1, shift=-3)

    slope, shift = platt(raw, right)

    assert 0.5 < slope < 1.5
    assert -4 < shift < -2


def test_platt_of_nothing_is_as_before_and_never_falls():
    assert platt([], []) == (1.0, 0.0)
    assert platt([2.0] * 50 + [-2.0] * 50, [False] * 50 + [True] * 50)[0] == 0.0


def test_isotonic_rises_and_pools_what_falls():
    curve = isotonic([1, 2, 3, 4, 5, 6], [False, True, False, True, True, True])

    assert list(curve.sure) == sorted(curve.sure)
    assert curve.raw[0] == 1
    # (1 + 0.5) / (2 + 1) where the second and third are pooled
    assert curve(np.array([2.5], np.float32)) == pytest.approx([0.5])


@pytest.mark.parametrize("count", [40, ISOTONIC_FROM - 1, ISOTONIC_FROM])
def test_fitted_curve_rises_within_its_limits(count):
    raw, right = drawn(count, slope=1.5, shift=-2)

    sure = fitted(LOGISTIC, raw=raw, right=right)(np.linspace(-9, 9, 200, dtype=np.float32))

    assert (np.diff(sure) >= 0).all()
    assert sure.min() >= 0.002 - 1e-6
    assert sure.max() <= 0.998 + 1e-6


def test_bound_falls_and_puts_the_wrong_one_of_equals_first():
    made = bound([1.0, 3.0, 3.0, 2.0], [True, True, False, True])

    assert made == Bound((3.0, 3.0, 2.0, 1.0), (False, True, True, True))


@pytest.mark.parametrize(
    ("right", "promise", "cut_off"),
    [
        ([True] * 49, 0.98, 1.0),  # (0 + 1) / (49 + 1)
        ([True] * 48, 0.98, inf),  # (0 + 1) / (48 + 1) is more than one in fifty
        ([True] * 60 + [False] * 20, 0.98, 21.0),
        ([], 0.5, inf),
    ],
)
def test_cut_off_counts_the_next_one_as_wrong(right, promise, cut_off):
    made = Bound(tuple(float(len(right) - at) for at in range(len(right))), tuple(right))

    assert made.cut_off(promise) == cut_off


def test_unknown_language_has_the_highest_cut_off_of_all():
    sure = {"vi": Bound((2.0,) * 99, (True,) * 99), "en": Bound((3.0,) * 99, (True,) * 99)}

    assert Learned("m", bounds=sure).cut_off(0.9, lang="fr") == 3.0
    assert Learned("m").cut_off(0.9, lang="fr") == inf
