"""The susceptibility model against closed forms, scikit-learn and statsmodels."""

import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from slopecast.plugin.core.inventory_calibration.spline_logistic import (
    SplineLogistic,
    expit,
    natural_spline,
    ridge_logistic,
)
from slopecast.plugin.core.validation.auc import auc
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

KNOTS = (-1.0, 0.0, 0.5, 2.0)


def drawn(seed, cells=400):
    """Cells with two attributes of which one acts by a curve, and which of them failed."""
    random = np.random.default_rng(seed)
    attributes = random.normal(size=(cells, 2)) * [10.0, 0.01] + [30.0, 0.0]
    logit = -2.0 + 0.02 * (attributes[:, 0] - 30.0) ** 2 + 50.0 * attributes[:, 1]
    return attributes, random.random(cells) < 1.0 / (1.0 + np.exp(-logit))


def test_natural_splines_are_straight_beyond_the_outer_knots():
    x = np.concatenate([np.linspace(-6, -1, 11), np.linspace(2, 9, 15)])
    basis = natural_spline(x, KNOTS)
    for part in (basis[:11], basis[11:]):
        np.testing.assert_allclose(np.diff(part, 2, axis=0), 0.0, atol=1e-9)


def test_natural_splines_are_smooth_at_the_knots():
    step = 1e-4
    for knot in KNOTS:
        around = natural_spline(knot + step * np.arange(-4, 5), KNOTS)
        second = np.diff(around, 2, axis=0) / step**2
        assert np.abs(np.diff(second, axis=0)).max() < 0.01  # no jump of the second derivative


def test_natural_splines_hold_every_natural_spline():
    # Interpolation through the knots and two further values by the basis is the one of scipy with natural ends.
    from scipy.interpolate import CubicSpline

    heights = np.array([0.3, -1.0, 2.0, 0.7])
    design = np.column_stack([np.ones(4), natural_spline(np.array(KNOTS), KNOTS)])
    weights = np.linalg.solve(design, heights)
    x = np.linspace(-1, 2, 50)
    found = np.column_stack([np.ones(50), natural_spline(x, KNOTS)]) @ weights
    np.testing.assert_allclose(found, CubicSpline(KNOTS, heights, bc_type="natural")(x), atol=1e-10)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("penalty", [0.1, 1.0, 30.0])
def test_ridge_logistic_agrees_with_scikit_learn(seed, penalty):
    random = np.random.default_rng(seed)
    design = random.normal(size=(300, 6))
    failed = random.random(300) < expit(design @ [1.0, -1.0, 0.5, 0.0, 0.0, 2.0] - 1.0)
    intercept, weights = ridge_logistic(design, failed, np.full(6, penalty))
    pytest.importorskip("sklearn", minversion="1.3", reason="its solver stops too early")
    other = LogisticRegression(C=1.0 / penalty, tol=1e-12, max_iter=10_000).fit(design, failed)
    assert intercept == pytest.approx(other.intercept_[0], abs=1e-6)
    np.testing.assert_allclose(weights, other.coef_[0], atol=1e-6)


@pytest.mark.parametrize("penalties", [[1.0, 1.0, 1.0], [10.0, 0.3, 30.0]])
def test_ridge_logistic_agrees_with_statsmodels(penalties):
    random = np.random.default_rng(7)
    design = random.normal(size=(300, 3))
    failed = random.random(300) < expit(design @ [1.0, -1.0, 0.5] - 1.0)
    intercept, weights = ridge_logistic(design, failed, np.array(penalties))
    # statsmodels minimises -loglik / n + alpha / 2 |w|^2, by BFGS
    alpha = np.append(0.0, penalties) / 300
    model = GLM(failed.astype(float), np.column_stack([np.ones(300), design]), family=Binomial())
    other = model.fit_regularized(alpha=alpha, L1_wt=0.0).params
    np.testing.assert_allclose(np.append(intercept, weights), other, atol=1e-3)


def test_without_penalty_the_fit_is_that_of_statsmodels():
    random = np.random.default_rng(8)
    design = random.normal(size=(500, 3))
    failed = random.random(500) < expit(design @ [1.0, -1.0, 0.5] - 1.0)
    intercept, weights = ridge_logistic(design, failed, np.full(3, 1e-9))
    other = GLM(failed.astype(float), np.column_stack([np.ones(500), design]), family=Binomial()).fit()
    np.testing.assert_allclose(np.append(intercept, weights), other.params, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_model_agrees_with_scikit_learn_on_the_same_columns(seed):
    attributes, failed = drawn(seed)
    model = SplineLogistic.fit(attributes, failed, [False, True], [3.0, 3.0], 3.0)
    design = np.column_stack([term.columns(values) for term, values in zip(model.terms, attributes.T)])
    assert design.shape[1] == 4  # a spline of four knots and a line
    pytest.importorskip("sklearn", minversion="1.3", reason="its solver stops too early")
    other = LogisticRegression(C=1.0 / 3.0, tol=1e-12, max_iter=10_000).fit(design, failed)
    np.testing.assert_allclose(model.probability(attributes), other.predict_proba(design)[:, 1], atol=1e-6)


def test_probabilities_sum_to_the_failed_cells():
    # The score equation of the intercept, which has no penalty.
    attributes, failed = drawn(4)
    model = SplineLogistic.fit(attributes, failed, [False, False], [10.0, 0.3], 30.0)
    assert model.probability(attributes).sum() == pytest.approx(failed.sum(), abs=1e-6)


def test_parts_sum_to_the_logit_and_have_no_mean():
    attributes, failed = drawn(5)
    model = SplineLogistic.fit(attributes, failed, [False, True], [1.0, 1.0], 1.0)
    parts = [model.partial(number, values) for number, values in enumerate(attributes.T)]
    np.testing.assert_allclose(model.intercept + sum(parts), model.logit(attributes))
    assert [part.mean() for part in parts] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_curve_is_found():
    attributes, failed = drawn(6, 4000)
    model = SplineLogistic.fit(attributes, failed, [False, True], [1.0, 1.0], 1.0)
    middle, low, high = model.partial(0, np.array([30.0, 15.0, 45.0]))
    assert low - middle == pytest.approx(0.02 * 225, rel=0.3)
    assert high - middle == pytest.approx(0.02 * 225, rel=0.3)


def test_beyond_the_fitted_values_the_end_holds():
    attributes, failed = drawn(7)
    model = SplineLogistic.fit(attributes, failed, [False, False], [1.0, 1.0], 1.0)
    far = attributes.max(axis=0) + np.array([100.0, 1.0])
    np.testing.assert_allclose(model.logit(far[None]), model.logit(attributes.max(axis=0)[None]))


@pytest.mark.parametrize("values", [np.ones(50), np.repeat([0.0, 1.0], 25)])
def test_attributes_of_few_values_are_taken_as_lines(values):
    failed = np.arange(50) % 3 == 0
    model = SplineLogistic.fit(np.column_stack([values, np.arange(50.0)]), failed, [False, False], [1.0, 1.0], 1.0)
    assert model.terms[0].knots == ()
    assert np.isfinite(model.logit(np.column_stack([values, np.arange(50.0)]))).all()


@pytest.mark.parametrize("seed", range(12))
def test_rounding_of_the_attributes_moves_the_fit_by_no_more_than_rounding(seed):
    """Else maps differ between computers, and between a map that is solved whole and in windows."""
    attributes, failed = drawn(seed)
    rounded = attributes * (1.0 + 1e-15 * np.random.default_rng(99).normal(size=attributes.shape))
    one, other = (SplineLogistic.fit(x, failed, [False, True], [10.0, 0.3], 30.0) for x in (attributes, rounded))
    np.testing.assert_allclose(other.weights, one.weights, rtol=0.0, atol=1e-13)
    assert other.intercept == pytest.approx(one.intercept, rel=0.0, abs=1e-13)


def test_separated_cells_have_a_finite_fit():
    x = np.linspace(-1, 1, 40)
    intercept, weights = ridge_logistic(x[:, None], x > 0, np.array([0.5]))
    assert math.isfinite(intercept)
    assert 0 < weights[0] < 100


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_auc_agrees_with_scikit_learn(seed, decimals):
    random = np.random.default_rng(seed)
    positive, negative = random.normal(0.5, 1, 50).round(decimals), random.normal(0, 1, 300).round(decimals)
    labels = np.repeat([1, 0], [50, 300])
    assert auc(positive, negative) == pytest.approx(roc_auc_score(labels, np.append(positive, negative)), abs=1e-6)
