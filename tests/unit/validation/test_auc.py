"""AUC, its bootstrap interval and paired differences against direct computations."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.validation.auc import AucBootstrap, ConfidenceInterval, auc, auc_by_fold, placements
from slopecast.plugin.core.validation.inventory import roc_curve


def by_pairs(positive, negative):
    """Mean over all pairs: 1 for a win, one half for a tie."""
    difference = np.subtract.outer(positive, negative)
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([2.0], [1.0], 1.0), ([1.0], [2.0], 0.0), ([1.0], [1.0], 0.5), ([3, 1], [2, 2], 0.5), ([2, 3], [1, 2, 3, 4], 0.5)],
)
def test_auc_of_few_cells(positive, negative, expected):
    assert auc(np.array(positive, float), np.array(negative, float)) == expected


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("decimals", [0, 1, 8])  # many ties, some, none
def test_auc_is_the_share_of_pairs_and_the_area_of_the_curve(seed, decimals):
    random = np.random.default_rng(seed)
    positive, negative = random.normal(0.5, 1, 37).round(decimals), random.normal(0, 1, 101).round(decimals)
    assert auc(positive, negative) == pytest.approx(by_pairs(positive, negative), abs=1e-12)
    assert auc(positive, negative) == pytest.approx(roc_curve(positive, negative).area, abs=1e-12)


def test_auc_is_not_defined_without_pairs():
    assert math.isnan(auc(np.empty(0), np.ones(3)))
    assert math.isnan(auc(np.ones(3), np.empty(0)))
    assert np.isnan(placements(np.ones(2), np.empty(0))).all()


def test_folds_are_not_compared_with_each_other():
    # fold 0 is separated perfectly, fold 1 not at all, at another level of the score; weights 3 and 1
    positive, positive_fold = np.array([2.0, 2.0, 2.0, 100.0]), np.array([0, 0, 0, 1])
    negative, negative_fold = np.array([1.0, 101.0, 99.0]), np.array([0, 1, 1])
    assert auc_by_fold(positive, negative, positive_fold, negative_fold) == pytest.approx((3 * 1.0 + 0.5) / 4)
    # a fold without stable cells has no part in the mean
    assert auc_by_fold(positive, negative[1:], positive_fold, negative_fold[1:]) == pytest.approx(0.5)


def test_draws_are_the_auc_of_units_drawn_again():
    random = np.random.default_rng(1)
    positive, negative = random.normal(0.7, 1, 12).round(1), random.normal(0, 1, 20).round(1)
    slide = np.repeat(np.arange(5), [1, 4, 2, 2, 3])
    bootstrap = AucBootstrap(slide, 20, draws=50, seed=3)
    found = bootstrap.draws(positive, negative)
    times, stable = bootstrap._times
    part = bootstrap._units[1]
    for draw in range(50):
        here = np.repeat(positive, times[draw, slide].astype(int))
        there = np.repeat(negative, stable[draw, part].astype(int))
        assert found[draw] == pytest.approx(by_pairs(here, there), abs=1e-12)


def test_draws_by_fold():
    random = np.random.default_rng(2)
    positive, negative = random.normal(0.7, 1, 12), random.normal(0, 1, 20)
    fold, stable_fold = np.arange(12) % 3, np.arange(20) % 3
    bootstrap = AucBootstrap(np.arange(12), 20, fold, stable_fold, draws=20)
    found = bootstrap.draws(positive, negative)
    for draw in range(20):
        here, there = (times[draw, unit].astype(int) for times, unit in zip(bootstrap._times, bootstrap._units))
        expected = auc_by_fold(
            np.repeat(positive, here), np.repeat(negative, there), np.repeat(fold, here), np.repeat(stable_fold, there)
        )
        assert found[draw] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("slides", "cells"), [(40, 400), (150, 1500), (150, 60_000)])
def test_interval_has_the_standard_error_of_the_statistic(slides, cells):
    # DeLong, DeLong & Clarke-Pearson (1988): the variances of the placement values of both samples, each over its size.
    random = np.random.default_rng(0)
    positive, negative = random.normal(1, 1, slides), random.normal(0, 1, cells)
    interval = AucBootstrap(np.arange(slides), cells).interval(positive, negative)
    error = np.sqrt(
        np.var(placements(positive, negative), ddof=1) / slides
        + np.var(placements(-negative, -positive), ddof=1) / cells
    )
    assert interval.low < interval.value < interval.high
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_cells_of_one_landslide_are_no_further_evidence():
    random = np.random.default_rng(5)
    positive, negative = random.normal(0.5, 1, 30), random.normal(0, 1, 300)
    few = AucBootstrap(np.arange(30), 300).interval(positive, negative)
    many = AucBootstrap(np.repeat(np.arange(30), 50), 300).interval(np.repeat(positive, 50), negative)
    assert many.value == pytest.approx(few.value)
    assert many.high - many.low == pytest.approx(few.high - few.low, rel=0.1)


def test_a_difference_is_paired():
    random = np.random.default_rng(6)
    positive, negative = random.normal(0.5, 1, 60), random.normal(0, 1, 600)
    bootstrap = AucBootstrap(np.arange(60), 600)
    same = bootstrap.difference((positive, negative), (np.exp(positive), np.exp(negative)))
    assert (same.value, same.low, same.high) == pytest.approx((0, 0, 0), abs=1e-12)
    better = bootstrap.difference((positive + 0.1, negative), (positive, negative))
    alone = bootstrap.interval(positive, negative)
    assert 0 < better.low < better.value < better.high
    assert better.high - better.low < 0.3 * (alone.high - alone.low)


def test_the_same_seed_gives_the_same_interval():
    positive, negative = np.arange(10.0), np.arange(40.0) / 5
    one, other, another = (AucBootstrap(np.arange(10), 40, seed=s).interval(positive, negative) for s in (1, 1, 2))
    assert one == other != another


def test_an_interval_without_draws_is_not_defined():
    interval = ConfidenceInterval.of(0.5, np.array([math.nan]))
    assert interval.value == 0.5
    assert math.isnan(interval.low)


def test_a_bootstrap_of_many_cells_is_cancelled_between_its_parts():
    """Comparing a million landslide cells with the stable ones takes some ten seconds."""

    class Impatient(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    rng, feedback = np.random.default_rng(0), Impatient()
    bootstrap = AucBootstrap(np.arange(30), 400, draws=10, feedback=feedback)
    with pytest.raises(Cancelled):
        bootstrap.draws(rng.random(30), rng.random(400))
    assert feedback.asked == 4
