"""Certainty of a validation: intervals, gain over slope, displacement of the inventory, threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Sequence

import numpy as np

from ...text import Text
from ..feedback import Feedback, check_cancelled
from ..grid import Grid
from ..map_parts.strips import numbered_cells, on_map, values_at
from ..raster import scratch
from .auc import AucBootstrap, ConfidenceInterval, placements
from .inventory import ScoreCounts

#: Farthest shift: metres, but at least cells; and steps to each side.
_FARTHEST_M, _LEAST_CELLS, _STEPS = 50.0, 3, 5
#: A better place is reported from this gain of the AUC on, where chance finds it less often than the second number.
_LEAST_GAIN, _CHANCE = 0.03, 0.01
#: Share of the landslide cells that must stay on the map.
_LEAST_INSIDE = 0.8
_DRAWS = 1000
#: Stable cells that intervals and shifts are computed with at most.
_MOST_STABLE = 100_000
_PLACED_AT_ONCE = 1_000_000  # cells whose placement values are computed between two checks for a cancel
#: Landslides from which a bootstrap is defined, and from which its intervals are not called wide.
_FEWEST, FEW = 2, 30
#: Share of the landslide cells above which one landslide decides the scores.
_MOST_OF_ONE = 0.5
_BY_CHANCE = 0.5
_DIGITS = range(4, 10)  # of a threshold: nine tell any two numbers of a map apart


@dataclass(frozen=True)
class Registration:
    """AUC of a map over shifts of the landslides.

    Attributes:
        north_m, east_m: shifts of the rows and columns of ``auc`` [m], ascending.
        auc: (shifts north, shifts east); NaN where too many landslides leave the map.
        chance: probability that a gain as clear as that of the best shift comes about by chance (all shifts counted).
    """

    north_m: np.ndarray
    east_m: np.ndarray
    auc: np.ndarray
    chance: float

    @property
    def here(self) -> float:
        """AUC without a shift."""
        return float(self.auc[self.north_m.size // 2, self.east_m.size // 2])

    @property
    def best(self) -> tuple[float, float, float]:
        """AUC of the best shift, and the shift northward and eastward [m]; NaN without any."""
        if not np.isfinite(self.auc).any():
            return math.nan, math.nan, math.nan
        row, col = np.unravel_index(np.nanargmax(self.auc), self.auc.shape)
        return float(self.auc[row, col]), float(self.north_m[row]), float(self.east_m[col])

    @property
    def misplaced(self) -> bool:
        """Whether the landslides fit the map clearly better in another place."""
        return self.best[0] - self.here >= _LEAST_GAIN and self.chance < _CHANCE

    def warning(self, name: str) -> Text:
        """Doubt about the place of the landslides; name: of the map."""
        best, north, east = self.best
        return Text(
            "The landslides may be displaced: shifted {:g} m north and {:g} m east, the AUC of {} is {:.3f} instead "
            "of {:.3f}. Check the coordinate systems and the mapping.",
            north, east, Text(name), best, self.here,
        )  # fmt: skip


def register(
    score: np.ndarray, grid: Grid, rows: np.ndarray, cols: np.ndarray, unit: np.ndarray, stable: np.ndarray,
    seed: int = 0, feedback: Feedback | None = None,
) -> Registration:  # fmt: skip
    """Shift the landslides over a map and compare the AUC; the stable cells stay.

    Args:
        score: (rows, cols), greater where failure is likelier, NaN outside the evaluated area; grid: its cells.
        rows, cols: (p,) cells of the landslides; unit: (p,) integers, the landslide of each.
        stable: (n,) scores of the stable cells.

    Raises:
        Cancelled: the user cancelled the run.
    """
    feedback = feedback or Feedback()
    north, east = _shifts(grid.cell_height), _shifts(grid.cell_width)
    southward = 1 if grid.geotransform[5] < 0 else -1  # rows
    unit = np.unique(unit, return_inverse=True)[1]
    shifts = [(-southward * up, right) for up in north for right in east]
    placed = _placed(score, rows, cols, shifts, stable, feedback)
    sums, counts = [], []
    for down, right in shifts:
        check_cancelled(feedback)
        value = values_at(placed, rows + down, cols + right)
        inside = np.isfinite(value)
        inside &= inside.mean() >= _LEAST_INSIDE
        sums.append(np.bincount(unit[inside], weights=value[inside], minlength=unit.max() + 1))
        counts.append(np.bincount(unit[inside], minlength=unit.max() + 1))
    total, cells = np.array(sums).T, np.array(counts).T.astype(np.float64)
    areas = _ratio(total.sum(axis=0), cells.sum(axis=0))
    chance = _chance(total, cells, areas, np.random.default_rng(seed))
    areas = areas.reshape(north.size, east.size)
    return Registration(north * grid.cell_height, east * grid.cell_width, areas, chance)


def _placed(
    score: np.ndarray, rows: np.ndarray, cols: np.ndarray, shifts: Sequence[tuple[int, int]], stable: np.ndarray,
    feedback: Feedback,
) -> np.ndarray:  # fmt: skip
    """Placement values of the cells to which shifts [rows, columns] bring a landslide, each found once; NaN elsewhere.

    The other arguments and errors are those of :func:`register`.
    """
    reached = np.zeros(score.shape, dtype=bool)
    for down, right in shifts:
        check_cancelled(feedback)
        row, col = rows + down, cols + right
        inside = on_map(score.shape, row, col)
        reached[row[inside], col[inside]] = True
    placed, ordered = scratch.full(score.shape, math.nan, np.float64), np.sort(stable)
    height = max(1, _PLACED_AT_ONCE // score.shape[1])
    for first in range(0, score.shape[0], height):
        check_cancelled(feedback)
        here = slice(first, first + height)
        known = reached[here] & np.isfinite(score[here])
        placed[here][known] = placements(score[here][known], ordered)
    return placed


def _chance(total: np.ndarray, cells: np.ndarray, areas: np.ndarray, rng: np.random.Generator) -> float:
    """Share of draws in which the greatest standardised gain by chance reaches the one that was found.

    Where no place is better than another, a landslide gains by a shift as often as it loses: in each draw the gains of
    every landslide are taken with a random sign, the same for all shifts, so that what shifts have in common is kept.

    Args:
        total, cells: (landslides, shifts) sums of the placement values, and cells.
        areas: (shifts,) AUC.

    Source: Westfall & Young (1993), Resampling-Based Multiple Testing (the maximum statistic).
    """
    middle = areas.size // 2
    here = _ratio(total[:, [middle]], cells[:, [middle]])
    on_map = np.isfinite(here[:, 0])
    gains = (total - cells * here)[on_map]
    size = np.sqrt((gains**2).sum(axis=0))
    usable = np.isfinite(areas) & (size > 0.0)
    if not usable.any():
        return 1.0
    standardised = gains[:, usable] / size[usable]
    signs = rng.choice([-1.0, 1.0], size=(_DRAWS, len(gains)))
    by_chance = (signs @ standardised).max(axis=1)
    return float((1 + (by_chance >= standardised.sum(axis=0).max()).sum()) / (1 + _DRAWS))


def _shifts(cell: float) -> np.ndarray:
    """Shifts in whole cells, ascending and symmetric about 0."""
    farthest = max(_LEAST_CELLS, int(_FARTHEST_M / cell))
    step = -(-farthest // _STEPS)
    steps = farthest // step
    return np.arange(-steps, steps + 1) * step


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return part / whole


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
            stable: boolean (rows, cols).
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

    @property
    def largest(self) -> int:
        """Number of cells of the largest landslide."""
        return int(np.unique(self.unit, return_counts=True)[1].max())

    def pair(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the landslide cells and of the stable ones."""
        return score[self.rows, self.cols], score.reshape(-1)[self.stable]


@dataclass(frozen=True)
class InventoryEvidence:
    """Intervals, comparison with slope and displacement test of a validation.

    Attributes:
        slides, cells: number of landslides and of their cells; largest: cells of the largest one.
        map, slope: AUC with intervals; gain: of the map over slope. Those of slope are ``None`` without elevation.
        place, slope_place: AUC of both over shifts of the landslides.
    """

    slides: int
    cells: int
    largest: int
    map: ConfidenceInterval
    place: Registration
    slope: ConfidenceInterval | None = None
    gain: ConfidenceInterval | None = None
    slope_place: Registration | None = None

    def of_all_cells(self, auc: float, slope: float | None) -> InventoryEvidence:
        """The same intervals with the AUC of the map and of slope on all stable cells, not on a sample of them."""
        found = replace(self, map=replace(self.map, value=auc))
        if slope is None:
            return found
        gain = replace(self.gain, value=auc - slope)
        return replace(found, slope=replace(self.slope, value=slope), gain=gain)

    def warnings(self) -> list[Text]:
        """Doubts that a reader of the judgement must know of."""
        value, low, high = vars(self.map).values()
        found = []
        if value < _BY_CHANCE:
            text = "The AUC of the map is {:.3f}, below 0.5: it rates landslide cells as more stable than stable cells."
            found.append(Text(text, value))
        elif low <= _BY_CHANCE:
            text = "The AUC of the map, {:.3f} ({:.3f} to {:.3f}), does not differ significantly from chance (0.5)."
            found.append(Text(text, value, low, high))
        if self.gain is not None and self.gain.value > 0.0 >= self.gain.low:
            text = (
                "Slope angle alone may rank the landslides equally well: the AUC of the map is higher by {:.3f} "
                "({:+.3f} to {:+.3f}), which may be due to chance."
            )
            found.append(Text(text, *vars(self.gain).values()))
        if self.slides < _FEWEST:
            text = "Only one landslide is on evaluated cells: there are no intervals. Map {} or more."
            found.append(Text(text, FEW))
        elif self.slides < FEW:
            text = "Only {} landslides are on evaluated cells: the intervals are wide. Map {} or more."
            found.append(Text(text, self.slides, FEW))
        if self.largest > _MOST_OF_ONE * self.cells and self.slides >= _FEWEST:
            text = (
                "{} of {} landslide cells belong to one landslide: AUC, hit rate and success rate count cells and "
                "mostly describe that landslide."
            )
            found.append(Text(text, self.largest, self.cells))
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
    """
    feedback = feedback or Feedback()
    draws = _DRAWS if sample.slides >= _FEWEST else 0
    bootstrap = AucBootstrap(sample.unit, sample.stable.size, draws=draws, feedback=feedback)
    pair = sample.pair(score)
    place = _place(score, sample, grid, feedback)
    found = InventoryEvidence(
        sample.slides, sample.unit.size, sample.largest, bootstrap.interval(*pair), place
    )  # fmt: skip
    if slope is None:
        return found
    check_cancelled(feedback)
    of_slope = sample.pair(slope)
    return replace(
        found, slope=bootstrap.interval(*of_slope), gain=bootstrap.difference(pair, of_slope),
        slope_place=_place(slope, sample, grid, feedback),
    )  # fmt: skip


def _place(score: np.ndarray, sample: Sample, grid: Grid, feedback: Feedback) -> Registration:
    stable = sample.pair(score)[1]
    return register(score, grid, sample.rows, sample.cols, sample.unit, stable, feedback=feedback)


@dataclass(frozen=True)
class BestThreshold:
    """Threshold at which a map best separates landslide cells and stable ones.

    Attributes:
        score: cells of this score or more are taken as failed; about half-way to the next score that occurs, with as
            few digits (four at least) as separate the two: what is read in a report gives the same rates.
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
        level, lower = float(level), float(lower)
        rates = int(hits[best]) / positive.size, int(alarms[best]) / negative.size
        middle = 0.5 * (level + lower)
        rounded = (float(f"{middle:.{digits}g}") for digits in _DIGITS)
        return cls(next((score for score in rounded if lower < score < level), middle), *rates)
