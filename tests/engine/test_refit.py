import random
from dataclasses import replace
from math import exp, inf

import numpy as np
import pytest

from sangto.engine.calibrate import log_loss
from sangto.engine.learned import LOGISTIC, Bound, Curve, Learned
from sangto.engine.refit import FOLDS, CannotRefit, Sample, _held_out, folds_of, model_name, refit
from sangto.engine.trees import Trees

SHIPPED = Learned("planted", curve=LOGISTIC, bounds={"vi": Bound((2.0, 1.0), (True, False))})


def planted(count: int, *, shift: float, slope: float = 1.0, groups: int = 40) -> list[Sample]:
    """Samples that are right as often as the logistic curve of slope * raw + shift says."""
    chance = random.Random(7)
    samples = []
    for at in range(count):
        raw = chance.uniform(-4, 4)
        right = chance.random() < 1 / (1 + exp(-slope * raw - shift))
        samples.append(Sample(raw, right, "vi", group=at % groups, alone=raw > 0))
    return samples


@pytest.mark.parametrize("count", [120, 800])
def test_planted_overconfidence_is_mended(count):
    samples = planted(count, shift=-3)

    found = refit(samples, shipped=SHIPPED, in_use=SHIPPED)

    assert found.is_better
    assert found.error_after < found.error_before / 2
    truth = 1 / (1 + np.exp(-(np.array([-1.0, 2.0, 3.5]) - 3)))
    assert found.curve(np.array([-1, 2, 3.5], np.float32)) == pytest.approx(truth, abs=0.15)


def test_labels_that_the_old_curve_foretells_teach_nothing():
    samples = planted(200, shift=0)
    truth = replace(SHIPPED, curve=refit(samples, shipped=SHIPPED, in_use=SHIPPED).curve)

    again = refit(samples, shipped=SHIPPED, in_use=truth)

    assert not again.is_better


def test_what_was_applied_before_is_not_applied_again():
    samples = planted(200, shift=-3)
    applied = refit(samples, shipped=SHIPPED, in_use=SHIPPED)

    again = refit(samples, shipped=SHIPPED, in_use=replace(SHIPPED, curve=applied.curve, bounds=applied.bounds))

    assert (applied.is_better, again.is_better) == (True, False)
    assert again.curve == applied.curve
    assert again.bounds == applied.bounds


def test_noise_is_no_better_than_saying_how_often_it_is_right():
    chance = random.Random(3)
    samples = [replace(one, right=chance.random() < 0.5) for one in planted(200, shift=0)]
    half = replace(SHIPPED, curve=Curve((-4.0, 4.0), (0.5, 0.5)))

    found = refit(samples, shipped=half, in_use=half)

    assert not found.is_better


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        ([], "0 labels can be used, and at least 30 are needed."),
        (planted(29, shift=0), "29 labels can be used, and at least 30 are needed."),
        ([replace(one, right=True) for one in planted(60, shift=0)], "All 60 labels say right: both kinds are needed."),
        (
            [replace(one, right=False) for one in planted(60, shift=0)],
            "All 60 labels say wrong: both kinds are needed.",
        ),
        (planted(60, shift=0, groups=4), "The labels are about 4 answers only, and at least 5 are needed."),
    ],
)
def test_too_little_is_refused_in_one_sentence(samples, why):
    with pytest.raises(CannotRefit) as refused:
        refit(samples, shipped=SHIPPED, in_use=SHIPPED)

    assert str(refused.value) == why


def test_thirty_labels_are_enough():
    assert refit(planted(30, shift=-3), shipped=SHIPPED, in_use=SHIPPED).labels == 30


def test_groups_are_whole_in_their_folds_and_folds_are_nearly_equal():
    samples = [replace(one, group=at % 17) for at, one in enumerate(planted(200, shift=0))]

    folds = folds_of(samples)

    homes = {(one.group, fold) for one, fold in zip(samples, folds, strict=True)}
    assert len(homes) == 17
    sizes = [folds.count(fold) for fold in range(FOLDS)]
    assert max(sizes) - min(sizes) <= 12


def test_what_a_fold_is_judged_by_never_saw_it():
    samples = planted(100, shift=-2)
    folds = folds_of(samples)
    before = refit(samples, shipped=SHIPPED, in_use=SHIPPED)
    turned = [replace(one, right=not one.right) if fold == 0 else one for one, fold in zip(samples, folds, strict=True)]

    after = refit(turned, shipped=SHIPPED, in_use=SHIPPED)

    old, new = _held_out(samples, curve=LOGISTIC), _held_out(turned, curve=LOGISTIC)
    assert [new[at] for at in range(100) if folds[at] == 0] == [old[at] for at in range(100) if folds[at] == 0]
    assert [new[at] for at in range(100) if folds[at] == 1] != [old[at] for at in range(100) if folds[at] == 1]
    assert before.loss_after == log_loss(old, [one.right for one in samples]) != after.loss_after


def test_bins_hold_every_label_once_with_what_was_right_and_what_is_said():
    samples = planted(300, shift=-2)

    found = refit(samples, shipped=SHIPPED, in_use=SHIPPED)

    assert sum(one.labels for one in found.bins) == 300
    assert sum(one.labels * one.right for one in found.bins) == pytest.approx(sum(one.right for one in samples))
    assert all(one.low <= one.old <= one.high for one in found.bins)


def test_only_what_would_be_answered_at_once_joins_the_bound_of_its_language():
    samples = [replace(one, lang="fr" if at % 2 else "vi") for at, one in enumerate(planted(60, shift=-3))]

    bounds = refit(samples, shipped=SHIPPED, in_use=SHIPPED).bounds

    counted = {lang: sum(one.alone and one.lang == lang for one in samples) for lang in ("vi", "fr")}
    assert {lang: len(one.raw) for lang, one in bounds.items()} == {"vi": counted["vi"] + 2, "fr": counted["fr"]}
    assert list(bounds["vi"].raw) == sorted(bounds["vi"].raw, reverse=True)


def test_a_hundred_right_labels_let_a_silent_language_speak():
    silent = replace(SHIPPED, bounds={})
    samples = [replace(one, raw=one.raw, right=one.raw > -1) for one in planted(300, shift=0)]

    bounds = refit(samples, shipped=silent, in_use=silent).bounds

    assert silent.cut_off(0.98, lang="vi") == inf
    assert bounds["vi"].cut_off(0.98) == min(one.raw for one in samples if one.alone)


def test_model_name_tells_other_trees_apart():
    tree = {"columns": [0], "thresholds": [0.5], "kept": [2], "leaves": [0.0, 1.0]}
    one, other = (Trees.read([{**tree, "leaves": [0.0, leaf]}]) for leaf in (1.0, 2.0))

    names = {model_name(Learned("m", ranker=one, decider=each)) for each in (one, one, other)}

    assert len(names) == 2
    assert all(name.startswith("m 1 (") for name in names)
    assert model_name(Learned("untrained")) == "untrained 1"
