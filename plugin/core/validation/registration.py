"""Tests whether a landslide inventory is displaced: AUC of a map against shifts of the landslides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...text import Text
from ..grid import Grid
from .auc import placements

#: Farthest shift: metres, but at least cells; and steps to each side.
_FARTHEST_M, _LEAST_CELLS, _STEPS = 50.0, 3, 5
#: A better place is reported from this gain of the AUC on, where chance finds it less often than the second number.
_LEAST_GAIN, _CHANCE = 0.03, 0.01
#: Share of the landslide cells that must stay on the map.
_LEAST_INSIDE = 0.8
_DRAWS = 1000


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
    seed: int = 0,
) -> Registration:  # fmt: skip
    """Shift the landslides over a map and compare the AUC; the stable cells stay.

    Args:
        score: (rows, cols), greater where failure is likelier, NaN outside the evaluated area; grid: its cells.
        rows, cols: (p,) cells of the landslides; unit: (p,) integers, the landslide of each.
        stable: (n,) scores of the stable cells.
        seed: of the random numbers.
    """
    north, east = _shifts(grid.cell_height), _shifts(grid.cell_width)
    southward = 1 if grid.geotransform[5] < 0 else -1  # rows
    unit = np.unique(unit, return_inverse=True)[1]
    sums, counts = [], []
    for up in north:
        for right in east:
            value = _at(score, rows - southward * up, cols + right)
            inside = np.isfinite(value)
            enough = inside.any() and inside.mean() >= _LEAST_INSIDE
            placed = placements(value[inside], stable) if enough else np.empty(0)
            inside = inside if enough else np.zeros_like(inside)
            sums.append(np.bincount(unit[inside], weights=placed, minlength=unit.max() + 1))
            counts.append(np.bincount(unit[inside], minlength=unit.max() + 1))
    total, cells = np.array(sums).T, np.array(counts).T.astype(np.float64)
    areas = _ratio(total.sum(axis=0), cells.sum(axis=0))
    chance = _chance(total, cells, areas, np.random.default_rng(seed))
    areas = areas.reshape(north.size, east.size)
    return Registration(north * grid.cell_height, east * grid.cell_width, areas, chance)


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


def _at(score: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Values of cells, NaN outside the map."""
    inside = (rows >= 0) & (rows < score.shape[0]) & (cols >= 0) & (cols < score.shape[1])
    found = np.full(rows.shape, math.nan)
    found[inside] = score[rows[inside], cols[inside]]
    return found


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return part / whole
