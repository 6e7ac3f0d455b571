"""Reads rasters on their own grid and checks that slopes can be computed."""

from __future__ import annotations

import numpy as np

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..strips import made_of_strips, row_strips
from .coordinates import check_metric, check_projection
from .inputs import ELEVATION, RasterInput
from .opening import OpenBand

_STEEPEST_IN_METRES = 4.0  # median gradient; heights in metres over degrees give thousands


def read_dem(raster: RasterInput, feedback: Feedback | None = None) -> tuple[np.ndarray, Grid]:
    """Read a raster whose own cells are computed on, and check that slopes can be.

    A raster without coordinate system is taken to be in metres, with a caution, unless it looks like degrees.

    Args:
        raster: what is to be read, an elevation or a map made of one.
        feedback: gets notes, cautions and warnings.

    Returns:
        values, float32 (rows, cols) in the kind's unit with NaN for NoData, and the grid.

    Raises:
        InputError: unreadable, not in metres, stretched by the projection, another unit, rotated, too small or without
            a valid cell.
    """
    feedback = feedback or Feedback()
    band = OpenBand(raster, feedback)
    grid = band.grid(band.crs_wkt)
    check_metric(grid, raster.label, feedback)
    _check_cells(grid, raster.label)
    values = band.values()
    if not any(np.isfinite(values[at]).any() for at in row_strips(values.shape)):
        raise InputError(raster.label, "has no valid cell", "at least one cell with data", "Check its NoData value.")
    if grid.geotransform[1] < 0.0 or grid.geotransform[5] > 0.0:
        values, grid = _north_up(values, grid)
    if grid.crs_wkt:
        check_projection(_valid_part(grid, values), raster.label, feedback)
    elif raster.kind == ELEVATION:
        _check_relief(values, grid, raster.label)
    return values, grid


def _check_cells(grid: Grid, label: str) -> None:
    """Raise :class:`InputError` for rotated, oblong or few cells."""
    if not grid.is_straight:
        raise InputError(
            label, "is rotated or sheared", "rows that run east-west and columns that run north-south",
            "Make it north-up with Raster > Projections > Warp (Reproject).",
        )  # fmt: skip
    if min(grid.shape) < 3:
        raise InputError(label, Text("has {} x {} cells", grid.rows, grid.cols), "at least 3 x 3 cells")
    ratio = grid.cell_width / grid.cell_height
    if not 1 / 1.1 <= ratio <= 1.1:
        raise InputError(
            label,
            Text("cells of {:g} x {:g} m are not square", grid.cell_width, grid.cell_height),
            "sides that differ by at most 10 %",
            "Resample it with Raster > Projections > Warp (Reproject), giving one output resolution.",
        )


def _check_relief(elevation: np.ndarray, grid: Grid, label: str) -> None:
    """Raise :class:`InputError` where heights over coordinates of unknown unit make walls: they are no metres."""
    steps = np.abs(np.diff(elevation, axis=1))
    steps = steps[np.isfinite(steps)]
    if steps.size and float(np.median(steps)) / grid.cell_width > _STEEPEST_IN_METRES:
        raise InputError(
            label,
            Text("has no coordinate system, and its heights differ by {:g} m over cells of {:g}: are these degrees?",
                 float(np.median(steps)), grid.cell_width),
            "coordinates in metres",
            "Set its coordinate system with Layer > Set CRS of Layer(s), then reproject it into one in metres.",
        )  # fmt: skip


def _north_up(values: np.ndarray, grid: Grid) -> tuple[np.ndarray, Grid]:
    """Mirror a raster whose columns run west or whose rows run north."""
    x0, dx, _, y0, _, dy = grid.geotransform
    if dx < 0.0:
        values, x0, dx = values[:, ::-1], x0 + dx * grid.cols, -dx
    if dy > 0.0:
        values, y0, dy = values[::-1], y0 + dy * grid.rows, -dy
    mirrored = made_of_strips(values.shape, np.float32, values.__getitem__)
    return mirrored, Grid(grid.rows, grid.cols, (x0, dx, 0.0, y0, 0.0, dy), grid.crs_wkt)


def _valid_part(grid: Grid, values: np.ndarray) -> Grid:
    """The grid of the rows and columns that hold data."""
    in_rows, in_cols = np.zeros(grid.rows, dtype=bool), np.zeros(grid.cols, dtype=bool)
    for at in row_strips(grid.shape):
        known = np.isfinite(values[at])
        in_rows[at] = known.any(axis=1)
        in_cols |= known.any(axis=0)
    rows, cols = np.flatnonzero(in_rows), np.flatnonzero(in_cols)
    x0, dx, _, y0, _, dy = grid.geotransform
    place = (x0 + dx * int(cols[0]), dx, 0.0, y0 + dy * int(rows[0]), 0.0, dy)
    return Grid(int(rows[-1] - rows[0]) + 1, int(cols[-1] - cols[0]) + 1, place, grid.crs_wkt)
