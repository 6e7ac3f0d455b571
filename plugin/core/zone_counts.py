"""Failed cells of a mask within polygons: whole cells, each polygon counted for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from .feedback import Feedback, PartialFeedback, check_cancelled
from .grid import MASK_NODATA, Grid
from .polygon_cells import runs_of_cells


@dataclass(frozen=True)
class ZoneCounts:
    """Cells of polygons by what the mask has there; polygons that overlap share cells.

    Attributes:
        cells: cells of each polygon, those beyond the mask's border and on NoData included; int64 (polygons,).
        valid: those of them that the mask judges.
        failed: those that fail.
        cell_area: horizontal area of a cell [m2].
        single: how many polygons hold no cell's centre and have the one cell in which they lie.
    """

    cells: np.ndarray
    valid: np.ndarray
    failed: np.ndarray
    cell_area: float
    single: int

    @property
    def failed_share(self) -> np.ndarray:
        """Failed cells over valid ones, 0 to 1; NaN where none is valid: it is not known whether anything fails."""
        return _ratio(self.failed, self.valid)

    @property
    def valid_share(self) -> np.ndarray:
        """Valid cells over all, 0 to 1; NaN for a polygon without a cell (an empty geometry)."""
        return _ratio(self.valid, self.cells)

    @property
    def failed_area(self) -> np.ndarray:
        """Area of the failed cells [m2]; NaN where none is valid."""
        return np.where(self.valid > 0, self.failed * self.cell_area, np.nan)


def count_failed(
    mask: np.ndarray, grid: Grid, polygons: Sequence[bytes], feedback: Feedback | None = None
) -> ZoneCounts:
    """Count the cells of polygons by the rule of :mod:`slopecast.plugin.core.polygon_cells`, one cell at least.

    Args:
        mask: uint8 (rows, cols): 0 stable, 1 failed, 255 NoData.
        grid: of the mask.
        polygons: as WKB in the grid's coordinate system.
        feedback: asked for a cancel, told the progress.

    Returns:
        counts in the order of the polygons.
    """
    feedback = feedback or Feedback()
    check_cancelled(feedback)
    sums = [_sums_along_rows(mask != MASK_NODATA), _sums_along_rows(mask == 1)]
    counts = np.zeros((3, len(polygons)), dtype=np.int64)
    single = 0
    progress = PartialFeedback(feedback, 20.0, 90.0)
    for runs in runs_of_cells(polygons, grid, feedback, at_least_one=True):
        single += len(runs.single)
        np.add.at(counts[0], runs.polygon, runs.stop - runs.start)
        inside = runs.within(grid.shape)
        for total, summed in zip(counts[1:], sums):
            np.add.at(total, inside.polygon, summed[inside.row, inside.stop] - summed[inside.row, inside.start])
        if runs.polygon.size:
            progress.setProgress(100.0 * (int(runs.polygon[-1]) + 1) / len(polygons))
    return ZoneCounts(*counts, grid.cell_area, single)


def _sums_along_rows(cells: np.ndarray) -> np.ndarray:
    """How many cells of a row lie before each column: int32 (rows, cols + 1), so that any run is one difference."""
    sums = np.zeros((cells.shape[0], cells.shape[1] + 1), dtype=np.int32)
    np.cumsum(cells, axis=1, out=sums[:, 1:])
    return sums


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part over whole, NaN where there is nothing."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
