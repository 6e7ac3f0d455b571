"""Certainty of a validation: intervals, gain over slope, displacement of the inventory, threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...text import Text
from ..feedback import Feedback, check_cancelled
from ..grid import Grid
from ..inventory import ScoreCounts
from ..strips import numbered_cells
from .auc import AucBootstrap, ConfidenceInterval, auc
from .registration import Registration, register

#: Stable cells that intervals and shifts are computed with at most.
_MOST_STABLE = 100_000
#: Landslides from which a bootstrap is defined, and from which its intervals are not called wide.
_FEWEST, FEW = 2, 30
_BY_CHANCE = 0.5


@dataclass(frozen=True)
class Sample:
    """Cells that are compared.

    Attributes:
        rows, cols: (p,) places of the landslide cells; unit: (p,) integers, the landslide of each.
        stable: (n,) flat indices of stable cells: all, or a random part of many.
    """

    rows: np.ndarray
    cols: np.ndarray
    unit: np.ndarray
    stable: np.ndarray

    @classmethod
    def of(cls, unit: np.ndarray, stable: np.ndarray, seed: int = 0) -> Sample:
        """Sample the cells of a map.

        Args:
            unit: (rows, cols) integers, the landslide of each landslide cell, -1 elsewhere.
            stable: boolean (rows, cols); seed: of the random part.
        """
        rows, cols = np.nonzero(unit >= 0)
        count = int(np.count_nonzero(stable))
        numbers = np.arange(min(count, _MOST_STABLE))
        if count > _MOST_STABLE:
            numbers = np.sort(np.random.default_rng(seed).choice(count, _MOST_STABLE, replace=False))
        return cls(rows, cols, unit[rows, cols], numbered_cells(stable, numbers))

    @property
    def slides(self) -> int:
        """Number of landslides."""
        return np.unique(self.unit).size

    def pair(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the landslide cells and of the stable ones."""
        return score[self.rows, self.cols], score.reshape(-1)[self.stable]


@dataclass(frozen=True)
class InventoryEvidence:
    """Intervals, comparison with slope and displacement test of a validation.

    Attributes:
        slides: number of landslides on evaluated cells.
        map, slope: AUC with intervals; gain: of the map over slope. Those of slope are ``None`` without elevation.
        place, slope_place: AUC of both over shifts of the landslides.
    """

    slides: int
    map: ConfidenceInterval
    place: Registration
    slope: ConfidenceInterval | None = None
    gain: ConfidenceInterval | None = None
    slope_place: Registration | None = None

    def warnings(self) -> list[Text]:
        """Doubts that a reader of the judgement must know of."""
        found = []
        if self.map.value < _BY_CHANCE:
            found.append(
                Text(
                    "The AUC of the map is {:.3f}, below 0.5: it rates landslide cells as more stable than stable "
                    "cells.",
                    self.map.value,
                )
            )
        elif self.map.low <= _BY_CHANCE:
            found.append(
                Text(
                    "The AUC of the map, {:.3f} ({:.3f} to {:.3f}), does not differ significantly from chance (0.5).",
                    *vars(self.map).values(),
                )
            )
        if self.gain is not None and self.gain.value > 0.0 >= self.gain.low:
            found.append(
                Text(
                    "Slope angle alone may rank the landslides equally well: the AUC of the map is higher by {:.3f} "
                    "({:+.3f} to {:+.3f}), which may be due to chance.",
                    *vars(self.gain).values(),
                )
            )
        if self.slides < FEW:
            found.append(
                Text(
                    "Only {} landslides are on evaluated cells: the intervals are wide. Map {} or more.",
                    self.slides,
                    FEW,
                )
            )
        for name, place in (("slope", self.slope_place), ("the map", self.place)):
            # What ranks landslides worse than chance fits almost any other place better.
            if place is not None and place.misplaced and place.here >= _BY_CHANCE:
                found.append(place.warning(name))
        return found


def collect_evidence(
    score: np.ndarray, slope: np.ndarray | None, sample: Sample, grid: Grid, feedback: Feedback | None = None
) -> InventoryEvidence:
    """Find out how certain the AUC of a map is.

    Args:
        score: (rows, cols), greater where failure is likelier, NaN outside the evaluated area.
        slope: (rows, cols) likewise for the slope angle; ``None`` without elevation.
        sample: the cells; grid: of the maps.
        feedback: asked for a cancel.
    """
    feedback = feedback or Feedback()
    bootstrap = AucBootstrap(sample.unit, negatives=sample.stable.size, seed=0)
    enough = sample.slides >= _FEWEST

    def interval(*scores: np.ndarray) -> ConfidenceInterval:
        """AUC of a score, minus the AUC of a second score if given."""
        check_cancelled(feedback)
        signs = (1.0, -1.0)
        value = sum(sign * auc(*sample.pair(one)) for sign, one in zip(signs, scores))
        if not enough:
            return ConfidenceInterval(value, math.nan, math.nan)
        return ConfidenceInterval.of(
            value, sum(sign * bootstrap.draws(*sample.pair(one)) for sign, one in zip(signs, scores))
        )

    found = InventoryEvidence(sample.slides, interval(score), _place(score, sample, grid))
    if slope is None:
        return found
    further = interval(slope), interval(score, slope), _place(slope, sample, grid)
    return InventoryEvidence(found.slides, found.map, found.place, *further)


def _place(score: np.ndarray, sample: Sample, grid: Grid) -> Registration:
    return register(score, grid, sample.rows, sample.cols, sample.unit, sample.pair(score)[1])


@dataclass(frozen=True)
class BestThreshold:
    """Where a map separates landslide cells and stable ones best.

    Attributes:
        score: cells of this score or more are taken as failed; half-way to the next score that occurs.
        hit_rate, false_alarm_rate: there.
    """

    score: float
    hit_rate: float
    false_alarm_rate: float

    @classmethod
    def of(cls, positive: np.ndarray, negative: np.ndarray) -> BestThreshold:
        """Find the greatest hit rate minus false-alarm rate; of equal ones the strictest.

        Args:
            positive: (p,) scores of landslide cells; negative: (n,) of stable ones.

        Source: Peirce (1884), Science 4, 453-454; Youden (1950), Cancer 3, 32-35.
        """
        counts = ScoreCounts(positive)
        counts.add(negative)
        hits, alarms = np.cumsum(counts.hits[::-1]), np.cumsum(counts.cells[:0:-1])[1::2]  # at each level or above
        best = int(np.argmax(hits * negative.size - alarms * positive.size))  # whole numbers: equal ones are equal
        level = counts.levels[::-1][best]
        lower = max((below.max() for x in (positive, negative) if (below := x[x < level]).size), default=level)
        rates = int(hits[best]) / positive.size, int(alarms[best]) / negative.size
        return cls(0.5 * (float(level) + float(lower)), *rates)
