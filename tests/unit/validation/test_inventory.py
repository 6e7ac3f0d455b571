"""A map against landslides: curves and rates of cases small enough to count by hand."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.validation.inventory import evaluate_map, roc_curve
from slopecast.plugin.core.validation.metrics import Counts


def test_area_under_the_roc_curve_by_hand() -> None:
    # Pairs (landslide, stable): 0.9 beats all three; 0.4 beats 0.1 and ties with 0.4, loses to 0.8: (3 + 1.5) / 6.
    curve = roc_curve(np.array([0.9, 0.4]), np.array([0.8, 0.4, 0.1]))
    assert curve.x == pytest.approx([0, 0, 1 / 3, 2 / 3, 1])
    assert curve.y == pytest.approx([0, 0.5, 0.5, 1, 1])
    assert curve.area == pytest.approx(4.5 / 6.0, abs=1e-15)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1, 1], [1, 1], 0.5), ([1], [0], 1.0)],
)
def test_extremes(positive: list, negative: list, area: float) -> None:
    assert roc_curve(np.array(positive), np.array(negative)).area == area


def test_area_is_the_mann_whitney_statistic_whatever_the_ties() -> None:
    random = np.random.default_rng(3)
    for levels in (2, 5, 1000):
        positive, negative = random.integers(0, levels, 57) + 1, random.integers(0, levels, 130)
        pairs = np.subtract.outer(positive, negative)
        expected = ((pairs > 0).sum() + 0.5 * (pairs == 0).sum()) / pairs.size
        assert roc_curve(positive, negative).area == pytest.approx(expected, abs=1e-12)
        order = random.permutation(57)
        assert roc_curve(positive[order], negative[::-1]).area == pytest.approx(expected, abs=1e-12)


def test_success_rate_by_hand() -> None:
    # Likeliest first: cell 3 (a landslide), then 0 and 1 together (one landslide), then the rest.
    score, landslide = np.array([5.0, 5.0, 1.0, 9.0, 0.0]), np.array([True, False, False, True, False])
    curve = evaluate_map(score[None], landslide[None], landslide[None], ~landslide[None], np.ones((1, 5), bool)).success
    assert curve.x == pytest.approx([0, 0.2, 0.6, 1.0])
    assert curve.y == pytest.approx([0, 0.5, 1.0, 1.0])
    assert curve.area == pytest.approx(0.5 * 0.2 * 0.5 + 0.4 * 0.75 + 0.4)


def test_rates_by_hand() -> None:
    fs = np.array([[0.8, 0.9, 1.2], [1.5, 0.7, 2.0], [np.nan, 3.0, 0.5]])
    landslide = np.array([[True, False, True], [False, True, False], [True, False, False]])
    area = np.isfinite(fs)
    area[2, 2] = False  # outside the mask
    found = evaluate_map(-fs, fs < 1.0, landslide, np.ones_like(landslide), area)
    assert found.counts == Counts(tp=2, fp=1, fn=1, tn=3)
    assert found.hit_rate == pytest.approx(2 / 3)
    assert found.false_alarm_rate == pytest.approx(1 / 4)
    # 0.8 and 0.7 beat 0.9, 1.5, 2.0, 3.0; 1.2 beats all but 0.9: 11 of 12.
    assert found.auc == pytest.approx(11 / 12)
    some = np.zeros_like(landslide)
    some[0, 1] = some[0, 0] = True  # a point that is a landslide too counts as a landslide
    assert evaluate_map(-fs, fs < 1.0, landslide, some, area).false_alarm_rate == 1.0
    assert evaluate_map(-fs, fs < 1.0, landslide, some, area).auc == pytest.approx(2 / 3)


def test_without_landslides_or_stable_cells_nothing_is_claimed() -> None:
    cells = np.ones((2, 2), dtype=bool)
    found = evaluate_map(np.zeros((2, 2)), cells, ~cells, cells, cells)
    assert math.isnan(found.auc)
    assert math.isnan(found.hit_rate)
    assert found.false_alarm_rate == 1.0
    assert math.isnan(evaluate_map(np.zeros((2, 2)), cells, cells, cells, cells).false_alarm_rate)
