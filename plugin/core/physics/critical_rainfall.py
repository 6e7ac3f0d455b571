"""The least constant rain that makes a cell fail: bisection on the column's closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...variables import BY_NAME
from ..feedback import Feedback, check_cancelled
from ..scenario import Scenario
from ..terrain import Terrain
from .column import column_state, on_map, stability_of

#: Intensities that are tried first [mm/h]: FS is not monotone in the rain, so the first that fails is bracketed.
_LADDER = (0.0, *np.geomspace(0.25, BY_NAME["rainfall"].maximum, 22))
_BISECTIONS = 12  # a rung is a factor of 1.4: the answer is good to 1e-4 of itself


def critical_rainfall(terrain: Terrain, scenario: Scenario, feedback: Feedback) -> np.ndarray:
    """Least constant intensity over the scenario's duration with FS < 1 at its end, without lateral flow [mm/h].

    Of a hyetograph the whole time counts. The ladder of intensities up to the greatest allowed (300 mm/h) finds the
    first that fails, bisection refines it.

    Returns:
        float32 (rows, cols): 0 where the cell fails without rain, NaN where even the greatest intensity does not make
        it fail, and where inputs are unknown.

    Raises:
        Cancelled: the user asked to stop.
    """
    cells = terrain.valid & scenario.valid(terrain.grid.shape)
    scenario = replace(scenario, hyetograph=None, duration=scenario.duration)
    low, high = np.full(cells.shape, np.nan), np.full(cells.shape, np.nan)
    left, before = cells.copy(), 0.0
    for rain in _LADDER:
        check_cancelled(feedback)
        if not left.any():
            break
        fails = _fails(terrain, scenario.with_values(rainfall=float(rain)), left)
        low[fails], high[fails] = before, rain
        left &= ~fails
        before = rain
    open_cells = np.isfinite(high) & (high > 0.0)
    for _ in range(_BISECTIONS if open_cells.any() else 0):
        check_cancelled(feedback)
        middle = 0.5 * (low + high)
        fails = _fails(terrain, scenario.with_values(rainfall=np.where(open_cells, middle, np.nan)), open_cells)
        high = np.where(fails, middle, high)
        low = np.where(open_cells & ~fails, middle, low)
    return on_map(high[cells], cells)


def _fails(terrain: Terrain, scenario: Scenario, cells: np.ndarray) -> np.ndarray:
    """Whether FS < 1 at the end; boolean (rows, cols), false outside the cells."""
    slope, depth = terrain.slope[cells], terrain.soil_depth[cells].astype(np.float64)
    fs, _ = stability_of(slope, depth, column_state(slope, depth, scenario, cells), scenario, cells)
    fails = np.zeros(cells.shape, dtype=bool)
    fails[cells] = fs < 1.0
    return fails
