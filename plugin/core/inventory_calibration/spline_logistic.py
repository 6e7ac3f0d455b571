"""Additive logistic regression: natural cubic splines of each attribute, with a ridge penalty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

#: Knots of a spline: at these shares of its values.
_KNOT_SHARES = (0.05, 0.35, 0.65, 0.95)
_STEPS, _TOLERANCE = 100, 1e-10
#: Rounding of the objective, as a share of it: a rise by less is none. The last steps change it by less.
_ROUNDING = 1e-12
_LARGEST_LOGIT = 30.0


def natural_spline(x: np.ndarray, knots: Sequence[float]) -> np.ndarray:
    """Basis of natural cubic splines without the constant, (n, knots - 1): x itself, and curves between the knots.

    It is a straight line beyond the outer knots.

    Source: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, eq. 5.4 and 5.5.
    """
    knots = np.asarray(knots, dtype=np.float64)
    last, before = knots[-1], knots[-2]

    def truncated(at: float) -> np.ndarray:
        return (np.maximum(x - at, 0.0) ** 3 - np.maximum(x - last, 0.0) ** 3) / (last - at)

    end = truncated(before)
    return np.column_stack([x, *(truncated(knot) - end for knot in knots[:-2])])


@dataclass(frozen=True)
class Term:
    """One attribute's part of the model.

    Attributes:
        knots: of its spline; empty for a straight line, and where its values are too few.
        low, high: range of the values that it was fitted on; beyond it the end counts.
    """

    knots: tuple[float, ...]
    low: float
    high: float
    centre: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, *, straight: bool) -> Term:
        """Choose knots and scales from values (n,)."""
        knots = () if straight else tuple(np.unique(np.quantile(values, _KNOT_SHARES)).tolist())
        knots = knots if len(knots) > 2 else ()
        made = cls(knots, float(values.min()), float(values.max()), np.zeros(1), np.ones(1))
        columns = made.raw(values)
        spread = columns.std(axis=0)
        return cls(knots, made.low, made.high, columns.mean(axis=0), np.where(spread > 0.0, spread, 1.0))

    def raw(self, values: np.ndarray) -> np.ndarray:
        """Columns without centre and scale, (n, columns)."""
        inside = np.clip(values, self.low, self.high)
        return natural_spline(inside, self.knots) if self.knots else inside[:, None]

    def columns(self, values: np.ndarray) -> np.ndarray:
        """Columns of the design matrix for values (n,)."""
        return (self.raw(values) - self.centre) / self.scale


@dataclass(frozen=True)
class SplineLogistic:
    """A fitted model: the logit is the sum of the intercept and a curve for each attribute."""

    terms: tuple[Term, ...]
    intercept: float
    weights: np.ndarray

    @classmethod
    def fit(
        cls, attributes: np.ndarray, failed: np.ndarray, straight: Sequence[bool], line: Sequence[float], curve: float
    ) -> SplineLogistic:
        """Fit to cells: attributes (n, attributes), and failed (n,), boolean.

        Args:
            straight: which attributes enter as a straight line.
            line, curve: ridge penalty on the straight part of each attribute, and on what bends, for standardised
                columns; there is none on the intercept.
        """
        terms = tuple(Term.of(values, straight=one) for values, one in zip(attributes.T, straight))
        design = np.column_stack([term.columns(values) for term, values in zip(terms, attributes.T)])
        penalties = [[first, *[curve] * (term.centre.size - 1)] for term, first in zip(terms, line)]
        intercept, weights = ridge_logistic(design, failed, np.concatenate(penalties))
        return cls(terms, intercept, weights)

    def logit(self, attributes: np.ndarray) -> np.ndarray:
        """Logit of cells with attributes (n, attributes)."""
        return self.intercept + sum(self.partial(number, values) for number, values in enumerate(attributes.T))

    def probability(self, attributes: np.ndarray) -> np.ndarray:
        """Probability of cells with attributes (n, attributes), 0 to 1."""
        return expit(self.logit(attributes))

    def partial(self, number: int, values: np.ndarray) -> np.ndarray:
        """Part of one attribute in the logit, its mean over the fitted cells being 0."""
        start = sum(term.centre.size for term in self.terms[:number])
        term = self.terms[number]
        return term.columns(values) @ self.weights[start : start + term.centre.size]


def ridge_logistic(design: np.ndarray, failed: np.ndarray, penalties: np.ndarray) -> tuple[float, np.ndarray]:
    """Intercept and weights that minimise the negative log likelihood plus the sum of penalty / 2 times weight squared.

    Iteratively reweighted least squares (Newton's method) with halved steps where the objective would rise.

    Args:
        design: (n, columns); failed: boolean (n,); penalties: (columns,), above 0.

    Source: Le Cessie & van Houwelingen (1992), Appl. Stat. 41, 191-201.
    """
    x, y = np.column_stack([np.ones(len(design)), design]), failed.astype(np.float64)
    ridge = np.append(0.0, penalties)
    weights = np.zeros(x.shape[1])
    share = np.clip(y.mean(), 1e-6, 1.0 - 1e-6)
    weights[0] = np.log(share / (1.0 - share))

    def objective(w: np.ndarray) -> float:
        logit = x @ w
        return float(np.sum(np.logaddexp(0.0, logit) - y * logit) + 0.5 * np.sum(ridge * w**2))

    now = objective(weights)
    for _ in range(_STEPS):
        p = expit(x @ weights)
        gradient = x.T @ (p - y) + ridge * weights
        curvature = (x * (p * (1.0 - p))[:, None]).T @ x + np.diag(ridge + 1e-12)
        step = np.linalg.solve(curvature, gradient)
        length, most = 1.0, now + _ROUNDING * (1.0 + abs(now))
        while (after := objective(weights - length * step)) > most and length > 1e-6:
            length *= 0.5
        if after > most:
            break
        weights = weights - length * step
        done = now - after <= _TOLERANCE * (1.0 + abs(now)) and float(np.abs(length * step).max()) < 1e-8
        now = after
        if done:
            break
    return float(weights[0]), weights[1:]


def expit(logit: np.ndarray) -> np.ndarray:
    """Logistic function."""
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
