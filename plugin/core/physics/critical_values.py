"""Cohesion at which a cell is just stable before the rain, and rain at which it just fails."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...variables import BY_NAME
from ..feedback import Feedback, check_cancelled
from ..result import below_one
from ..scenario import Scenario
from ..terrain import Cells, Terrain
from .assess import assess
from .column import column_state
from .solve import known_part
from .water import WaterState

_STEP = 0.01  # to which results are rounded up [kPa]
_MOST_STEPS = 10_000_000  # that are counted
#: Shares of the cells that may be wanted stable under initial conditions; the rest is for cliffs and errors of the DEM.
_WANTED_SHARES = (0.99, 0.999, 1.0)
#: Intensities that are tried first [mm/h]: FS is not monotone in the rain, so the first that fails is bracketed.
_LADDER = (0.0, *np.geomspace(0.25, BY_NAME["rainfall"].maximum, 22))
_BISECTIONS = 12  # a rung is a factor of 1.4: the answer is good to 1e-4 of itself


def critical_cohesion(cells: Cells, scenario: Scenario) -> np.ndarray:
    """Cohesion at which FS = 1 under initial conditions, cell by cell [kPa], (n,).

    Without a wetted band FS = (c + S) / T, with the shear stress T = W sin b cos b on the bedrock, the weight
    W = gamma_sat h + gamma_t (D - h) + q_0 and the strength S of roots, friction and suction. FS rises with c in every
    cell, so that c_crit = T - S = T (1 - FS(c = 0)). Where that is 0 or less the cell is stable without cohesion; as FS
    is limited to 10, such a value is an upper bound.

    Args:
        cells: of a terrain; scenario: gives all but the cohesion, which is not used.

    Source: the infinite slope, as in :func:`.stability.factor_of_safety`; back-analysis as in Duncan & Wright (2005),
    Soil Strength and Slope Stability, ch. 12.
    """
    strength, water = scenario.strength.at(cells.mask), WaterState.before_rain(cells, scenario)
    without = assess(cells, water, scenario, replace(strength, cohesion=0.0)).fs
    table = water.water_table
    weight = strength.saturated * table + strength.moist * (cells.soil_depth - table) + strength.surcharge
    return weight * cells.sin_slope * cells.cos_slope * (1.0 - without)


class CohesionCounts:
    """Counts the cohesions, or factors on a raster of it, at which cells are just stable, part by part of a map.

    Attributes:
        of_raster: whether factors on a raster are counted; greatest: cohesion of all cells so far [kPa].
        cells: number of all cells so far.
    """

    def __init__(self) -> None:
        self._counts, self._stable, self.cells = np.zeros(1, dtype=np.int64), 0, 0
        self.of_raster, self.greatest = False, 0.0

    def add(self, cells: Cells, scenario: Scenario) -> None:
        """Add some cells of a map with its scenario."""
        cohesion, needed = cells.pick(scenario.cohesion), critical_cohesion(cells, scenario)
        self._stable += int((needed <= cohesion).sum())
        self.cells += needed.size
        self.of_raster = isinstance(cohesion, np.ndarray)
        self.greatest = max(self.greatest, float(np.max(cohesion)))
        if self.of_raster:
            with np.errstate(divide="ignore", invalid="ignore"):  # 0 kPa: no factor is enough
                needed = np.where(needed > 0.0, needed / cohesion, 0.0)
        steps = np.ceil(np.round(np.maximum(needed, 0.0) / _STEP, 6))
        found = np.bincount(steps[steps < _MOST_STEPS].astype(np.int64), minlength=self._counts.size)
        found[: self._counts.size] += self._counts
        self._counts = found

    @property
    def unstable_cells(self) -> int:
        """Number of cells that are unstable with the present cohesion."""
        return self.cells - self._stable

    @property
    def stable_share(self) -> float:
        """Share of the cells that are stable with the present cohesion, 0 to 1."""
        return self._stable / max(self.cells, 1)

    def for_share(self, share: float) -> float:
        """Least cohesion, or factor, with which at least a share of the cells is stable, rounded up to 0.01.

        Args:
            share: of the cells, above 0 to 1.

        Returns:
            [kPa] or a factor: 0 where that share is stable without, infinite where none is enough.
        """
        place = max(math.ceil(round(share * self.cells, 6)) - 1, 0)  # 0.07 x 100 is 7.000000000000001
        step = int(np.searchsorted(np.cumsum(self._counts), place, side="right"))
        return round(step * _STEP, 10) if step < self._counts.size else math.inf


def wanted_share(present: float) -> float:
    """Share of the cells to make stable under initial conditions where the present one is below 1: 0.99 or more."""
    return next((share for share in _WANTED_SHARES if share > present), 1.0)


def critical_rainfall(terrain: Terrain, scenario: Scenario, feedback: Feedback) -> np.ndarray:
    """Least constant intensity over the scenario's duration with FS < 1 at its end, without lateral flow [mm/h].

    Of a hyetograph the whole time counts. The ladder of intensities up to the greatest allowed (300 mm/h) finds the
    first that fails, bisection refines it.

    Returns:
        float32 (rows, cols): 0 where the cell fails without rain, NaN where even the greatest intensity does not make
        it fail, and where inputs are unknown.

    Raises:
        Cancelled: the user cancelled the run.
    """
    cells = known_part(terrain, scenario).cells
    scenario = replace(scenario, hyetograph=None, duration=scenario.duration)
    low, high = np.full(cells.mask.shape, np.nan), np.full(cells.mask.shape, np.nan)
    left, before = cells.mask.copy(), 0.0
    for rain in _LADDER:
        check_cancelled(feedback)
        if not left.any():
            break
        fails = _fails(cells.within(left), scenario.with_values(rainfall=float(rain)))
        low[fails], high[fails] = before, rain
        left &= ~fails
        before = rain
    open_cells = np.isfinite(high) & (high > 0.0)
    bracketed = cells.within(open_cells)
    for _ in range(_BISECTIONS if open_cells.any() else 0):
        check_cancelled(feedback)
        middle = 0.5 * (low + high)
        fails = _fails(bracketed, scenario.with_values(rainfall=np.where(open_cells, middle, np.nan)))
        high = np.where(fails, middle, high)
        low = np.where(open_cells & ~fails, middle, low)
    return cells.on_map(cells.pick(high))


def _fails(cells: Cells, scenario: Scenario) -> np.ndarray:
    """Whether FS < 1 at the end; boolean (rows, cols), false outside the cells."""
    return cells.on_map(below_one(assess(cells, column_state(cells, scenario), scenario).fs), False, bool)
