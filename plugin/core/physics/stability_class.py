"""Stability classes: unconditionally stable, stable, failed, unconditionally unstable."""

from __future__ import annotations

import numpy as np

from ..grid import MASK_NODATA
from ..result import Result
from .stability import dry_and_saturated

UNCONDITIONALLY_STABLE, STABLE_NOW, FAILED, UNCONDITIONALLY_UNSTABLE = 0, 1, 2, 3


def stability_class(result: Result) -> np.ndarray:
    """Class of every cell.

    Returns:
        uint8 (rows, cols): 3 fails without any water, 2 fails in this rain, 0 is stable with the water table at
        the surface, 1 is stable now but not then; 255 NoData. A failed cell is never class 0, even where only
        the pressure in the wetted band, which the saturated column does not know, makes it fail.

    Source: the unconditional classes of SHALSTAB (Montgomery & Dietrich 1994, Water Resour. Res. 30, 1153-1171).
    """
    cells = result.cells
    strength = result.scenario.strength.at(cells.mask)
    dry, saturated = dry_and_saturated(cells.slope, cells.soil_depth, strength)
    tests = [dry < 1.0, result.failed, saturated >= 1.0]
    picked = np.select(tests, [UNCONDITIONALLY_UNSTABLE, FAILED, UNCONDITIONALLY_STABLE], STABLE_NOW)
    return cells.on_map(picked, MASK_NODATA, np.uint8)
