"""Compares a map with mapped landslides: ROC and success-rate curves, hit rate and false-alarm rate.

A *score* is greater where failure is likelier: the probability, 1 for a failed cell of a mask, minus the factor of
safety. Cells of equal score enter every curve together, as one straight piece.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..map_parts.strips import row_strips
from .metrics import Counts, ratio, recall

_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Curve:
    """Points of a curve from (0, 0) to (1, 1), joined by straight lines; neither x nor y ever falls."""

    x: np.ndarray
    y: np.ndarray

    @property
    def area(self) -> float:
        """Area under the curve, by trapezoids; NaN where there is no curve."""
        if self.x.size < 2:  # a line needs two points
            return math.nan
        return float(np.sum(np.diff(self.x) * (self.y[1:] + self.y[:-1])) / 2.0)


@dataclass(frozen=True)
class MapScores:
    """A map against an inventory.

    Attributes:
        roc: false-alarm rate (x) against hit rate (y) over all thresholds.
        success: share of the evaluated area taken as unstable, the likeliest first (x), against the share of the
            landslide cells in it (y).
        counts: cells at the threshold: hits (tp), misses (fn), false alarms (fp), correct rejections (tn).
    """

    roc: Curve
    success: Curve
    counts: Counts

    @property
    def auc(self) -> float:
        """Area under the ROC curve; see :func:`roc_curve`."""
        return self.roc.area

    @property
    def hit_rate(self) -> float:
        """Share of the landslide cells that the map has as failed, TP / (TP + FN); NaN without landslide cells."""
        return recall(self.counts)

    @property
    def false_alarm_rate(self) -> float:
        """Share of the stable cells that the map has as failed, FP / (FP + TN); NaN without stable cells.

        It is not the false-alarm *ratio* FP / (FP + TP).
        """
        return ratio(self.counts.fp, self.counts.fp + self.counts.tn)


def evaluate_map(
    score: np.ndarray, failed: np.ndarray, landslide: np.ndarray, stable: np.ndarray, area: np.ndarray,
    feedback: Feedback | None = None,
) -> MapScores:  # fmt: skip
    """Judge a map.

    Args:
        score: (rows, cols), greater where failure is likelier; finite within ``area``.
        failed: boolean, what the map calls failed at its threshold.
        landslide: boolean, cells with a mapped landslide.
        stable: boolean, cells known or taken as stable.
        area: boolean, cells to judge; the three before count within it alone.

    Returns:
        curves and counts; the curves are empty where there is no landslide or no stable cell.
    """
    feedback = feedback or Feedback()
    positive = score[landslide & area]
    over_stable, over_area = ScoreCounts(positive), ScoreCounts(positive)
    counts = Counts()
    for at in row_strips(score.shape):
        check_cancelled(feedback)
        slides, others = landslide[at] & area[at], stable[at] & area[at] & ~landslide[at]
        over_stable.add(score[at][others])
        over_area.add(score[at][area[at]])
        agreements = (slides & failed[at], others & failed[at], slides & ~failed[at], others & ~failed[at])
        counts += Counts(*(int(cells.sum()) for cells in agreements))
    return MapScores(over_stable.curve, over_area.curve, counts)


class ScoreCounts:
    """Counts cells by their score, between and at the scores (p,) of landslide cells: no other score is kept."""

    def __init__(self, positive: np.ndarray) -> None:
        self.levels, self.hits = np.unique(positive, return_counts=True)
        self.cells = np.zeros(2 * self.levels.size + 1, dtype=np.int64)  # below a level, at it, below the next, ...

    def add(self, scores: np.ndarray) -> None:
        """Add the scores (n,) of cells on the x axis."""
        for first in range(0, scores.size, _AT_ONCE):
            some = scores[first : first + _AT_ONCE]
            places = sum(np.searchsorted(self.levels, some, side=side) for side in ("left", "right"))
            self.cells += np.bincount(places, minlength=self.cells.size)

    @property
    def curve(self) -> Curve:
        """Share of these cells against share of the landslide cells, by descending score; exact for ties."""
        if not (self.levels.size and self.cells.any()):
            return Curve(np.array([math.nan]), np.array([math.nan]))
        x = np.append(0, np.cumsum(self.cells[::-1]))
        y = np.append(0, np.cumsum(self.hits[::-1]))
        y = np.append(np.repeat(y, 2)[:-1], y[-1])  # hits come at the levels, none between them
        kept = np.append(True, (np.diff(x) != 0) | (np.diff(y) != 0))
        return Curve(x[kept] / x[-1], y[kept] / y[-1])


def roc_curve(positive: np.ndarray, negative: np.ndarray) -> Curve:
    """Receiver operating characteristic, exact for ties.

    Its area is the probability that a landslide cell scores higher than a stable one, ties counting one half
    (the Mann-Whitney statistic U / (n+ n-)).

    Source: Fawcett (2006), Pattern Recognit. Lett. 27, 861-874; Chung & Fabbri (2003), Nat. Hazards 30, 451-472 (the
        success rate, with all cells of the area in place of the stable ones).
    """
    counts = ScoreCounts(np.ravel(positive))
    counts.add(np.ravel(negative))
    return counts.curve
