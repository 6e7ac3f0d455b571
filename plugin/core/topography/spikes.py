"""Detects single cells that are much higher or lower than all cells around them."""

from __future__ import annotations

import numpy as np

from ...text import Text
from ..grid import Grid
from ..map_parts.strips import row_strips
from ..map_parts.threads import in_threads

#: Cells so many times the cell size higher, or lower, than all neighbours across a side, and the share of them from
#: which they are no ground. On real and synthetic hillslopes with cells of 1 to 30 m the shares are below 0.0002 and
#: 0.00002, in a surface model with buildings and trees 0.0018 and 0.00009.
_HEIGHTS, _SHARES = (0.5, 1.0), (0.003, 0.0002)
_FEWEST = 5
_SAMPLE = 1_000_000


def spike_caution(elevation: np.ndarray, grid: Grid) -> Text | None:
    """Caution about single cells that stand out; ``None`` where there are few.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
    """
    cell = float(np.sqrt(grid.cell_area))
    every = max(1, elevation.size // _SAMPLE)

    def of_rows(at: slice) -> np.ndarray:
        """Numbers of cells above each height, and of known ones."""
        away = _isolated_heights(elevation[max(at.start - 1, 0) : at.stop + 1])
        with np.errstate(invalid="ignore"):
            return np.array([*((away > times * cell).sum() for times in _HEIGHTS), np.isfinite(away).sum()])

    strips = [at for n, at in enumerate(row_strips(elevation.shape)) if n % every == 0]
    *above, known = sum(found for _, found in in_threads(of_rows, strips)).tolist()
    for count, share, times in zip(above, _SHARES, _HEIGHTS):
        if count >= max(_FEWEST, share * known):
            return Text(
                "{:.2g} % of the cells of the DEM are more than {:g} m higher, or lower, than all cells around them: "
                "such spikes and pits make steep false slopes. Remove them with a median filter, or use a DEM of the "
                "bare ground.",
                100.0 * count / known, float(f"{times * cell:.3g}"),
            )  # fmt: skip
    return None


def _isolated_heights(heights: np.ndarray) -> np.ndarray:
    """Height above, or depth below, all four neighbours [m], (rows - 2, cols - 2); not positive for other cells."""
    here = heights[1:-1, 1:-1]
    around = heights[:-2, 1:-1], heights[2:, 1:-1], heights[1:-1, :-2], heights[1:-1, 2:]
    lowest, highest = (extreme(extreme(*around[:2]), extreme(*around[2:])) for extreme in (np.minimum, np.maximum))
    return np.maximum(here - highest, lowest - here)
