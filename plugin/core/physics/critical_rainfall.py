"""The least constant rain that makes a cell fail: bisection on the column's closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...variables import BY_NAME
from ..feedback import Feedback, check_cancelled
from ..scenario import Scenario
from ..terrain import Cells, Terrain
from .assess import assess
from .column import column_state
from .solve import known_part

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
    return cells.on_map(assess(cells, column_state(cells, scenario), scenario).fs < 1.0, False, bool)
