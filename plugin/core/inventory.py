"""Compares a map with mapped landslides: ROC and success-rate curves, hit rate and false-alarm rate.

A *score* is greater where failure is likelier: the probability, 1 for a failed cell of a mask, minus the factor of
safety. Cells of equal score enter every curve together, as one straight piece.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .feedback import Feedback, check_cancelled


@dataclass(frozen=True)
class Curve:
    """Points of a curve from (0, 0) to (1, 1), joined by straight lines.

    Attributes:
        x, y: shares, neither ever falling.
    """

    x: np.ndarray
    y: np.ndarray

    @property
    def area(self) -> float:
        """Area under the curve, by trapezoids; NaN where there is no curve."""
        if self.x.size < 2:  # a line needs two points
            return math.nan
        return float(np.sum(np.diff(self.x) * (self.y[1:] + self.y[:-1])) / 2.0)

    def at(self, x: float) -> float:
        """Read the curve."""
        return float(np.interp(x, self.x, self.y))


@dataclass(frozen=True)
class Judgement:
    """A map against an inventory.

    Attributes:
        roc: false-alarm rate (x) against hit rate (y) over all thresholds.
        success: share of the judged area taken as unstable, the likeliest first (x), against the share of the
            landslide cells in it (y).
        hits, misses, false_alarms, correct_rejections: cells at the threshold.
    """

    roc: Curve
    success: Curve
    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int

    @property
    def auc(self) -> float:
        """Area under the ROC curve; see :func:`roc_curve`."""
        return self.roc.area

    @property
    def hit_rate(self) -> float:
        """Share of the landslide cells that the map has as failed, TP / (TP + FN); NaN without landslide cells."""
        return _ratio(self.hits, self.hits + self.misses)

    @property
    def false_alarm_rate(self) -> float:
        """Share of the stable cells that the map has as failed, FP / (FP + TN); NaN without stable cells.

        It is not the false-alarm *ratio* FP / (FP + TP).
        """
        return _ratio(self.false_alarms, self.false_alarms + self.correct_rejections)


def judge_map(
    score: np.ndarray, failed: np.ndarray, landslide: np.ndarray, stable: np.ndarray, area: np.ndarray,
    feedback: Feedback | None = None,
) -> Judgement:  # fmt: skip
    """Judge a map.

    Args:
        score: (rows, cols), greater where failure is likelier; finite within ``area``.
        failed: boolean, what the map calls failed at its threshold.
        landslide: boolean, cells with a mapped landslide.
        stable: boolean, cells known or taken as stable.
        area: boolean, cells to judge; the three before count within it alone.
        feedback: for cancellation.

    Returns:
        curves and counts; the curves are empty where there is no landslide or no stable cell.
    """
    landslide, stable = landslide & area, stable & area & ~landslide
    feedback = feedback or Feedback()
    check_cancelled(feedback)
    roc = roc_curve(score[landslide], score[stable])
    check_cancelled(feedback)
    success = success_rate_curve(score[area], landslide[area])
    check_cancelled(feedback)
    return Judgement(
        roc=roc,
        success=success,
        hits=int((failed & landslide).sum()),
        misses=int((~failed & landslide).sum()),
        false_alarms=int((failed & stable).sum()),
        correct_rejections=int((~failed & stable).sum()),
    )


def roc_curve(positive: np.ndarray, negative: np.ndarray) -> Curve:
    """Receiver operating characteristic, exact for ties.

    Its area is the probability that a landslide cell scores higher than a stable one, ties counting one half
    (the Mann-Whitney statistic U / (n+ n-)).

    Args:
        positive: scores of the landslide cells.
        negative: scores of the stable cells.

    Source: Fawcett (2006), Pattern Recognit. Lett. 27, 861-874.
    """
    scores = np.concatenate([np.ravel(positive), np.ravel(negative)]).astype(np.float64)
    is_positive = np.arange(scores.size) < np.size(positive)
    return _cumulative(scores, x_of=~is_positive, y_of=is_positive)


def success_rate_curve(score: np.ndarray, landslide: np.ndarray) -> Curve:
    """Share of the landslide cells that lie in the likeliest share of the whole area, exact for ties.

    Args:
        score: of all judged cells.
        landslide: boolean, of the same shape.

    Source: Chung & Fabbri (2003), Nat. Hazards 30, 451-472.
    """
    scores = np.ravel(score).astype(np.float64)
    return _cumulative(scores, x_of=np.ones(scores.size, dtype=bool), y_of=np.ravel(landslide))


def _cumulative(scores: np.ndarray, x_of: np.ndarray, y_of: np.ndarray) -> Curve:
    """Shares of two sets of cells at or above each distinct score, from the greatest down."""
    if not (x_of.any() and y_of.any()):
        return Curve(np.array([math.nan]), np.array([math.nan]))
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0.0, True)
    x = np.cumsum(x_of[order], dtype=np.int64)[last_of_tie]
    y = np.cumsum(y_of[order], dtype=np.int64)[last_of_tie]
    return Curve(np.append(0.0, x / x[-1]), np.append(0.0, y / y[-1]))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
