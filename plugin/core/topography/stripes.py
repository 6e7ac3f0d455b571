"""Detects stripes: rows or columns that are offset against one another along their whole length."""

from __future__ import annotations

import math

import numpy as np

from ...text import Text, measure
from ..grid import Grid
from .step_signs import StepSigns, known_medians

_LEAST_CELLS = 48
#: Ground rises and falls on over several cells; where rows are offset, the excess of their steps turns its sign from
#: step to step, all along them. The square root of the mean surplus of such turns in a row is below 1 on real and
#: synthetic hillslopes with cells of 1 to 30 m, 4.0 on one that was measured in profiles, and above 6.6 where rows have
#: random offsets with a standard deviation of 0.05 cells.
_SURPLUS = 5.0
#: Standard deviation of the offsets over the cell size from which slopes across them are uncertain by 1 deg.
_LEAST_DEVIATION = 0.025
#: The excess of a step weighs the offsets of four lines by 0.5, 1.5, 1.5 and 0.5.
_EXCESS = math.sqrt(5.0)
#: Share of equal elevations along lines that are level: rounded heights then rise in the same steps everywhere.
_LEVEL = 0.5
_SAMPLE_LINES, _SAMPLE_CELLS = 200, 1000


def striped_caution(elevation: np.ndarray, grid: Grid, steps: tuple[StepSigns, StepSigns]) -> Text | None:
    """Caution about rows or columns that are offset; ``None`` where they are not.

    Args:
        elevation: (rows, cols) [m], NaN where unknown; steps: of it, by :func:`.step_signs.step_signs`.
    """
    if min(elevation.shape) < _LEAST_CELLS:
        return None
    across, down = steps
    rows = _deviation(elevation.T, down) / grid.cell_height
    columns = _deviation(elevation, across) / grid.cell_width
    if max(rows, columns) < _LEAST_DEVIATION:
        return None
    offset = measure(float(f"{max(rows * grid.cell_height, columns * grid.cell_width):.2g}"), "m")
    return Text(
        "{} of the DEM are offset against one another by about {} along their whole length: such stripes make false "
        "slopes, and a false flow of groundwater across them. Remove the stripes, or use another DEM.",
        Text("Rows") if rows >= columns else Text("Columns"), offset,
    )  # fmt: skip


def _deviation(heights: np.ndarray, steps: StepSigns) -> float:
    """Standard deviation of the lines' offsets [m]; 0 where lines are not offset.

    Args:
        heights: (cells along the lines, lines) [m]; steps: from line to line.
    """
    signs, cells, _ = (sums[-1] for sums in steps.sums())
    share = signs / np.maximum(cells, 1)
    least = np.minimum(cells[1:], cells[:-1])
    long = least >= _LEAST_CELLS
    if not long.any() or -float(np.mean((share[1:] * share[:-1] * least)[long])) < _SURPLUS**2:
        return 0.0
    at = np.arange(1, heights.shape[1] - 2, max(1, heights.shape[1] // _SAMPLE_LINES))
    sample = heights[:: max(1, heights.shape[0] // _SAMPLE_CELLS)]
    if float((np.diff(sample, axis=0) == 0.0).mean()) > _LEVEL:
        return 0.0
    before, first, second, after = (sample[:, at + line].astype(np.float64) for line in (-1, 0, 1, 2))
    excess = known_medians(1.5 * (second - first) - 0.5 * (after - before))
    return math.sqrt(float(np.nanmean(excess**2))) / _EXCESS
