"""Gradient and slope of an elevation model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..grid import Grid
from ..map_parts.strips import made_of_strips, row_strips, values_at, with_rows_around

MAXIMUM_SLOPE_DEG = 70.0


def horn_gradient(
    elevation: np.ndarray, cell_width: float, cell_height: float, rows: slice | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient by Horn's 3 x 3 stencil.

    The stencil consists of four differences across the centre: along the row, the column and both diagonals. A missing
    neighbour (edge or NoData) is extrapolated through the centre from the opposite one, 2 z_c - z_opp. Where both are
    missing, as on one diagonal of a corner, the difference is that of the plane through the others. Planes so have
    their gradient in every cell that has a neighbour in two directions.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
        cell_width, cell_height: [m]; rows: some of them, by default all.

    Returns:
        (dz/dx towards increasing column, dz/dy towards increasing row) [-].

    Source: Horn (1981), Proc. IEEE 69, 14-47.
    """
    rows = rows or slice(0, len(elevation))
    shape = rows.stop - rows.start, elevation.shape[1]
    across, down = np.empty(shape), np.empty(shape)
    for s in row_strips(shape):
        here = slice(rows.start + s.start, rows.start + s.stop)
        across[s], down[s] = _horn_of_rows(elevation, here, cell_width, cell_height)
    return across, down


def gradient_of_cells(
    elevation: np.ndarray, row: np.ndarray, col: np.ndarray, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`horn_gradient` of some cells, each (cells,)."""
    neighbours = _Neighbours(*(values_at(elevation, row + down, col + right) for down, right in _PLACES))
    return _gradient_with_gaps(neighbours, grid.cell_width, grid.cell_height)


def slope_map(elevation: np.ndarray, cell_width: float, cell_height: float) -> np.ndarray:
    """Slope angle [rad], not clamped, float64 (rows, cols); arguments as in :func:`horn_gradient`."""

    def of_rows(at: slice) -> np.ndarray:
        return np.arctan(np.hypot(*horn_gradient(elevation, cell_width, cell_height, at)))

    return made_of_strips(elevation.shape, np.float64, of_rows)


def slope_angle(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Slope angle of a gradient [-], clamped to 70 deg [rad]."""
    return np.minimum(np.arctan(np.hypot(across, down)), np.radians(MAXIMUM_SLOPE_DEG))


class _Neighbours(NamedTuple):
    """Elevations of cells and of their neighbours [m], arrays of one shape, NaN where unknown."""

    north_west: np.ndarray
    north: np.ndarray
    north_east: np.ndarray
    west: np.ndarray
    centre: np.ndarray
    east: np.ndarray
    south_west: np.ndarray
    south: np.ndarray
    south_east: np.ndarray

    @property
    def opposite(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """Pairs across the centre: along the row, the column, the falling and the rising diagonal."""
        return (
            (self.east, self.west), (self.south, self.north), (self.south_east, self.north_west),
            (self.north_east, self.south_west),
        )  # fmt: skip


#: Row and column of each of :class:`_Neighbours` from the centre.
_PLACES = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))


def _horn_of_rows(
    elevation: np.ndarray, at: slice, cell_width: float, cell_height: float
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`horn_gradient` of some of the rows at once."""
    wide, inner = with_rows_around(at, 1, len(elevation))
    rows, cols = at.stop - at.start, elevation.shape[1]
    padded = np.full((rows + 2, cols + 2), np.nan)
    padded[1 - inner.start : 1 - inner.start + wide.stop - wide.start, 1:-1] = elevation[wide]
    neighbours = _Neighbours(*(padded[1 + i : 1 + i + rows, 1 + j : 1 + j + cols] for i, j in _PLACES))
    across, down = _gradient(*(near - far for near, far in neighbours.opposite), cell_width, cell_height)
    missing = np.isnan(neighbours.centre)
    gaps = np.nonzero(np.isnan(across + down) & ~missing)
    if gaps[0].size:
        cells = _Neighbours(*(x[gaps] for x in neighbours))
        across[gaps], down[gaps] = _gradient_with_gaps(cells, cell_width, cell_height)
    for gradient in (across, down):
        gradient[missing] = np.nan  # else NoData between valid cells gets one
    return across, down


def _gradient(
    along_row: np.ndarray, along_col: np.ndarray, falling: np.ndarray, rising: np.ndarray, cell_width: float,
    cell_height: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Gradient from the four differences, which are overwritten."""
    along_row *= 2.0
    along_row += falling
    along_row += rising
    along_row /= 8.0 * cell_width
    along_col *= 2.0
    along_col += falling
    along_col -= rising
    along_col /= 8.0 * cell_height
    return along_row, along_col


def _gradient_with_gaps(cells: _Neighbours, cell_width: float, cell_height: float) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of some cells, each (cells,), missing neighbours extrapolated; NaN where the cell itself is missing."""
    found = []
    for near, far in cells.opposite:
        extrapolated = 2.0 * np.where(np.isfinite(near), near - cells.centre, cells.centre - far)
        found.append(_first_known(near - far, extrapolated))
    unknown = np.where(np.isnan(cells.centre), np.nan, 0.0)
    if np.isnan(sum(found)).any():
        found = _of_one_plane(*found)
    across, down = _gradient(*found, cell_width, cell_height)
    return across + unknown, down + unknown


def _of_one_plane(
    along_row: np.ndarray, along_col: np.ndarray, falling: np.ndarray, rising: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Complete the differences across some cells, each (cells,), NaN where both neighbours are missing.

    On a plane the falling diagonal is the sum of row and column, the rising one the row less the column. Two known
    differences are enough; of a single one the plane is the least steep, without any it is level.
    """
    row = _first_known(along_row, 0.5 * (falling + rising), falling - along_col, rising + along_col)
    col = _first_known(along_col, 0.5 * (falling - rising), falling - along_row, along_row - rising)
    row = _first_known(row, 0.5 * falling, 0.5 * rising, np.zeros_like(row))
    col = _first_known(col, 0.5 * falling, -0.5 * rising, np.zeros_like(col))
    return row, col, _first_known(falling, row + col), _first_known(rising, row - col)


def _first_known(*choices: np.ndarray) -> np.ndarray:
    found = choices[0]
    for choice in choices[1:]:
        found = np.where(np.isnan(found), choice, found)
    return found
