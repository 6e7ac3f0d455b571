"""Synthetic landslide inventories from the physics with known parameters, to test a calibration."""

from __future__ import annotations

import numpy as np

from ..feedback import Feedback
from ..physics.column import SoilColumn
from ..scenario import Scenario
from ..terrain import Terrain

#: Soil and storm of the drawn landslides. With the default soil several times as many cells fail, in other places.
TRUTH = Scenario(
    cohesion=6.0, root_cohesion=1.0, friction_angle=34.0, conductivity=1e-5, rainfall=12.0, water_table_ratio=0.2,
    moisture_deficit=0.2,
)  # fmt: skip
#: Landslides keep this distance from each other along rows or columns [cells], as a single one covers several cells.
_APART = 3
_TRIES = 20


def true_factor_of_safety(terrain: Terrain, feedback: Feedback) -> np.ndarray:
    """Factor of safety (rows, cols) at the end of the storm, without lateral flow; NaN = NoData.

    The closed form has nothing to compile, so that example data are there at once.
    """
    return next(iter(SoilColumn().solve(terrain, [TRUTH], feedback))).factor_of_safety


def draw_landslides(factor_of_safety: np.ndarray, number: int, seed: int) -> np.ndarray:
    """Draw cells with FS < 1 (rows, cols) at least three cells apart; flat indices, fewer if few cells fail."""
    free = factor_of_safety < 1.0  # False where NaN
    found, rng = [], np.random.default_rng(seed)
    for _ in range(_TRIES):
        for cell in rng.permutation(np.flatnonzero(free))[:number].tolist():
            row, col = divmod(cell, free.shape[1])
            if len(found) < number and free[row, col]:
                found.append(cell)
                free[max(row - _APART + 1, 0) : row + _APART, max(col - _APART + 1, 0) : col + _APART] = False
        if len(found) == number or not free.any():
            break
    return np.array(sorted(found), dtype=np.int64)
