"""Area under the ROC curve, exact for ties, with bootstrap intervals and paired differences.

The area (AUC) is the probability that a landslide cell scores higher than a stable one, ties counting one half. A
*score* is greater where failure is likelier. Cells of one landslide depend on each other: what is drawn again is whole
*units* (landslides, random parts of the stable cells), not cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..feedback import Feedback, check_cancelled

#: Draws of a bootstrap, and the share of them that an interval holds.
DRAWS, _CONFIDENCE = 1000, 0.95
#: Pairs of a landslide cell and a unit of stable cells that are compared at most, and the units that are kept anyway.
_MOST_PAIRS, _LEAST_UNITS, _MOST_UNITS = 2e7, 200, 2000


@dataclass(frozen=True)
class ConfidenceInterval:
    """A number of the whole sample with its bootstrap interval (percentiles); NaN where it is not defined."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, draws: np.ndarray) -> ConfidenceInterval:
        """Make it from the value and the values of the draws (draws,); those that are not defined are left out."""
        known = draws[np.isfinite(draws)]
        if not known.size:
            return cls(value, math.nan, math.nan)
        tail = 50.0 * (1.0 - _CONFIDENCE)
        low, high = np.percentile(known, [tail, 100.0 - tail])
        return cls(value, float(low), float(high))


def placements(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Share of the stable cells that score lower than each landslide cell, equal ones by half; NaN without stable ones.

    Args:
        positive: (p,) scores of landslide cells; negative: (n,) of stable ones.

    Source: Pepe & Cai (2004), Biometrics 60, 528-535: the mean of these placement values is the AUC.
    """
    if not np.size(negative):
        return np.full(np.shape(positive), math.nan)
    ordered = np.sort(negative)
    lower, upper = (np.searchsorted(ordered, positive, side=side) for side in ("left", "right"))
    return (lower + upper) / (2.0 * ordered.size)


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Area under the ROC curve: the Mann-Whitney statistic U / (p n); NaN without landslide or stable cells.

    Args:
        positive: (p,) scores of landslide cells; negative: (n,) of stable ones.
    """
    return float(np.mean(placements(positive, negative))) if np.size(positive) else math.nan


def auc_by_fold(
    positive: np.ndarray, negative: np.ndarray, positive_fold: np.ndarray, negative_fold: np.ndarray
) -> float:
    """Mean of the AUC of each fold, weighted by its landslide cells: scores of two folds are never compared.

    Args:
        positive, negative: (p,) and (n,) scores; positive_fold, negative_fold: (p,) and (n,) integers.
    """
    placed = np.full(np.shape(positive), math.nan)
    for fold in np.unique(positive_fold):
        inside = positive_fold == fold
        placed[inside] = placements(positive[inside], negative[negative_fold == fold])
    known = placed[np.isfinite(placed)]
    return float(known.mean()) if known.size else math.nan


class AucBootstrap:
    """Draws landslides and stable cells again with replacement, the same ones for every score that is judged.

    Stable cells are drawn in random parts of equal size, which vary as single cells do.

    Args:
        positive_unit: (p,) integers, the landslide of each landslide cell; negatives: n, number of stable cells.
        positive_fold, negative_fold: (p,) and (n,) integers where only cells of one fold are compared, as in
            :func:`auc_by_fold`.
        draws: number of them; seed: of the random numbers; feedback: for cancellation.
    """

    def __init__(
        self, positive_unit: np.ndarray, negatives: int, positive_fold: Optional[np.ndarray] = None,
        negative_fold: Optional[np.ndarray] = None, *, draws: int = DRAWS, seed: int = 0,
        feedback: Feedback | None = None,
    ) -> None:  # fmt: skip
        self._feedback = feedback or Feedback()
        rng = np.random.default_rng(seed)
        positive_unit = np.unique(positive_unit, return_inverse=True)[1]
        parts = int(np.clip(_MOST_PAIRS / max(positive_unit.size, 1), _LEAST_UNITS, _MOST_UNITS))
        self._units = positive_unit, rng.permutation(negatives) % min(parts, max(negatives, 1))
        self._folds = (
            np.zeros(positive_unit.size, dtype=int) if positive_fold is None else np.asarray(positive_fold),
            np.zeros(negatives, dtype=int) if negative_fold is None else np.asarray(negative_fold),
        )
        self._times = tuple(_multiplicities(unit, draws, rng) for unit in self._units)

    def draws(self, positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
        """AUC of every draw (draws,), NaN where a draw has no pair, of scores (p,) and (n,)."""
        weighted, cells = 0.0, 0.0
        for fold in np.unique(self._folds[0]):
            inside, outside = (folds == fold for folds in self._folds)
            wins, (here, slide_cells), (there, stable_cells) = _pairs_won(
                positive[inside], self._units[0][inside], negative[outside], self._units[1][outside], self._feedback
            )
            slides, stables = self._times[0][:, here], self._times[1][:, there]
            drawn, stable = slides @ slide_cells, stables @ stable_cells
            pairs = np.einsum("dp,pn,dn->d", slides, wins, stables, optimize=True)
            defined = stable > 0
            weighted = weighted + np.where(defined, pairs / np.where(defined, stable, 1.0), 0.0)
            cells = cells + np.where(defined, drawn, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return weighted / cells

    def interval(self, positive: np.ndarray, negative: np.ndarray) -> ConfidenceInterval:
        """AUC with its interval; arguments as in :meth:`draws`."""
        return ConfidenceInterval.of(self._auc(positive, negative), self.draws(positive, negative))

    def difference(
        self, first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
    ) -> ConfidenceInterval:
        """Difference of the AUC of two scores (positive, negative) on the same cells, with its interval."""
        return ConfidenceInterval.of(self._auc(*first) - self._auc(*second), self.draws(*first) - self.draws(*second))

    def _auc(self, positive: np.ndarray, negative: np.ndarray) -> float:
        return auc_by_fold(positive, negative, *self._folds)


def _multiplicities(unit: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Number of times each unit is drawn, (draws, units) float64."""
    count = int(unit.max()) + 1 if unit.size else 0
    if not count:
        return np.zeros((draws, 0))
    return rng.multinomial(count, np.full(count, 1.0 / count), size=draws).astype(np.float64)


def _pairs_won(
    positive: np.ndarray, positive_unit: np.ndarray, negative: np.ndarray, negative_unit: np.ndarray, feedback: Feedback
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Number of pairs that the landslide cell wins, ties by half, by unit of both, (positive units, negative units).

    With it the units of either kind that occur, and how many cells each has.
    """
    here, place, cells = np.unique(positive_unit, return_inverse=True, return_counts=True)
    there, first, stable = np.unique(np.sort(negative_unit), return_index=True, return_counts=True)
    by_unit = np.argsort(negative_unit, kind="stable")
    order = np.argsort(positive, kind="stable")
    sorted_positive, sorted_place = positive[order], place[order]
    wins = np.zeros((here.size, there.size))
    for column, (start, size) in enumerate(zip(first.tolist(), stable.tolist())):
        check_cancelled(feedback)
        ordered = np.sort(negative[by_unit[start : start + size]])
        beaten = np.searchsorted(ordered, sorted_positive, side="left")
        beaten = beaten + np.searchsorted(ordered, sorted_positive, side="right")
        wins[:, column] = np.bincount(sorted_place, weights=0.5 * beaten, minlength=here.size)
    return wins, (here, cells.astype(np.float64)), (there, stable.astype(np.float64))
