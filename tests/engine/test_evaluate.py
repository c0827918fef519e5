"""The figures of `sangto engine evaluate`, reckoned by hand on a handful of decisions."""

import itertools

import pytest

from sangto.engine.decide import Decision, Scored
from sangto.engine.evaluate import FIGURES, Judged, Labelled, calibration_error, figures, judged, table
from sangto.engine.match import Entry, Index


def one(zone, ranking, expect, *, sure=0.5, must_not=(), variant="typed", seconds=0.001):
    shown = tuple(Scored(each, sure, ()) for each in ranking[:3]) if zone != "person" else ()
    labelled = Labelled("m", "text", variant, frozenset(expect), frozenset(must_not))
    return Judged(labelled, Decision(zone, shown, tuple(ranking), 0.0, sure), seconds)


HELD = [
    one("instant", [1, 2, 3], [1], sure=0.95),
    one("instant", [4, 5], [5], sure=0.95, must_not=[4]),
    one("offer", [6, 7, 8, 9, 10], [10, 6], sure=0.45),
    one("offer", [1, 2, 3, 4], [4], sure=0.15),
    one("instant", [3], [], sure=0.95, variant="null", seconds=0.003),
    one("person", [], [], sure=0.0, variant="null"),
]


def test_figures_are_those_reckoned_by_hand():
    found = figures(HELD)

    assert list(found) == list(FIGURES)
    assert found == pytest.approx(
        {
            "n": 6,
            "recall_at_1": 2 / 4,
            "recall_at_3": 3 / 4,
            "recall_at_5": 4 / 4,
            "map_at_5": (1 + 1 / 2 + (1 + 2 / 5) / 2 + 1 / 4) / 4,
            "mrr": (1 + 1 / 2 + 1 + 1 / 4) / 4,
            "instant_share": 3 / 6,
            "offered_share": 2 / 6,
            "handed_share": 1 / 6,
            "instant_precision": 1 / 3,
            "wrong_on_null": 1 / 2,
            "wrong_on_must_not": 1,
            # bins: .95 three times with one right, .45 right, .15 wrong, .0 wrong
            "ece": (abs(3 * 0.95 - 1) + abs(0.45 - 1) + 0.15 + 0) / 6,
            "p50_ms": 1.0,
            "p95_ms": 2.5,
            "p99_ms": 2.9,
        }
    )


def test_table_has_the_figures_of_all_and_of_each_variant():
    found = table(HELD)

    assert list(found) == ["overall", "variants"]
    assert list(found["variants"]) == ["null", "typed"]
    assert (found["overall"]["n"], found["variants"]["null"]["n"], found["variants"]["typed"]["n"]) == (6, 2, 4)
    assert found["variants"]["null"]["recall_at_1"] is None
    assert found["variants"]["typed"]["wrong_on_null"] is None


def test_nothing_at_all_has_no_figures_but_counts():
    found = figures([])

    assert {name for name, value in found.items() if value is not None} == {"n", "wrong_on_must_not"}


def test_calibration_error_of_the_highest_bin_holds_the_sure_ones():
    assert calibration_error([1.0, 0.95], [True, True]) == pytest.approx(0.025)
    assert calibration_error([], []) is None


def test_messages_are_decided_as_claims_with_the_clock_given_and_without_the_hidden():
    index = Index()
    index.replace([Entry(1, "vi", "claim", "Uống nước chanh nóng chữa ung thư", "", "")])
    asked = Labelled("m", "uống nước chanh nóng chữa ung thư", "typed", frozenset({1}))
    ticks = itertools.count(0, 0.25)

    (seen,) = judged(index, [asked], clock=lambda: next(ticks))
    (hidden,) = judged(index, [asked], clock=lambda: next(ticks), without=lambda one: one.expect)

    assert (seen.instant, seen.is_first_right, seen.seconds) == (1, True, 0.25)
    assert (hidden.instant, hidden.is_first_right, hidden.decision.zone) == (None, False, "person")
