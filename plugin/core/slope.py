"""Gradient and slope of an elevation model."""

from __future__ import annotations

import numpy as np

from .grid import Grid
from .strips import made_of_strips, row_strips, with_rows_around

MAXIMUM_SLOPE_DEG = 70.0


def horn_gradient(elevation: np.ndarray, cell_width: float, cell_height: float) -> tuple[np.ndarray, np.ndarray]:
    """Gradient by Horn's 3 x 3 stencil.

    The stencil consists of four differences across the centre: along the row, the column and both diagonals. A missing
    neighbour (edge or NoData) is extrapolated through the centre from the opposite one, 2 z_c - z_opp. Where both are
    missing, as on one diagonal of a corner, the difference is that of the plane through the others. Planes so have
    their gradient in every cell that has a neighbour in two directions.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
        cell_width, cell_height: [m].

    Returns:
        (dz/dx towards increasing column, dz/dy towards increasing row) [-].

    Source: Horn (1981), Proc. IEEE 69, 14-47.
    """
    across, down = np.empty(elevation.shape), np.empty(elevation.shape)
    for at in row_strips(elevation.shape):
        wide, inner = with_rows_around(at, 1, len(elevation))
        strip = _horn_of_rows(elevation[wide].astype(np.float64), cell_width, cell_height)
        across[at], down[at] = strip[0][inner], strip[1][inner]
    return across, down


def gradient_of_rows(
    elevation: np.ndarray, at: slice, cell_width: float, cell_height: float
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`horn_gradient` of some of the rows."""
    wide, inner = with_rows_around(at, 1, len(elevation))
    across, down = horn_gradient(elevation[wide], cell_width, cell_height)
    return across[inner], down[inner]


def gradient_of_cells(
    elevation: np.ndarray, row: np.ndarray, col: np.ndarray, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`horn_gradient` of some cells, each (cells,): their 3 x 3 neighbourhoods side by side, a gap between."""
    patches = np.full((3, row.size, 4), np.nan)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            r, c = row + down, col + right
            inside = (r >= 0) & (r < elevation.shape[0]) & (c >= 0) & (c < elevation.shape[1])
            patches[down + 1, inside, right + 1] = elevation[r[inside], c[inside]]
    found = _horn_of_rows(patches.reshape(3, -1), grid.cell_width, grid.cell_height)
    across, down_ = (x[1, 1::4] for x in found)
    return across, down_


def slope_map(elevation: np.ndarray, cell_width: float, cell_height: float) -> np.ndarray:
    """Slope angle [rad], not clamped, float64 (rows, cols); arguments as in :func:`horn_gradient`."""

    def of_rows(at: slice) -> np.ndarray:
        return np.arctan(np.hypot(*gradient_of_rows(elevation, at, cell_width, cell_height)))

    return made_of_strips(elevation.shape, np.float64, of_rows)


def slope_angle(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Slope angle of a gradient [-], clamped to 70 deg [rad]."""
    return np.minimum(np.arctan(np.hypot(across, down)), np.radians(MAXIMUM_SLOPE_DEG))


def _horn_of_rows(z: np.ndarray, cell_width: float, cell_height: float) -> tuple[np.ndarray, np.ndarray]:
    """:func:`horn_gradient` of some rows, the outermost of which lack a neighbour."""
    padded = np.pad(z, 1, constant_values=np.nan)
    rows, cols = z.shape

    def at(row: int, col: int) -> np.ndarray:
        return padded[1 + row : 1 + row + rows, 1 + col : 1 + col + cols]

    def difference(row: int, col: int) -> np.ndarray:
        near, opposite = at(row, col), at(-row, -col)
        found = near - opposite
        missing = np.isnan(found)
        if missing.any():
            known, across = np.isfinite(near[missing]), z[missing]
            found[missing] = 2.0 * np.where(known, near[missing] - across, across - opposite[missing])
        return found

    along_row, along_col = difference(0, 1), difference(1, 0)
    falling, rising = difference(1, 1), difference(-1, 1)
    gaps = np.isnan(along_row + along_col + falling + rising) & np.isfinite(z)
    if gaps.any():
        found = _of_one_plane(along_row[gaps], along_col[gaps], falling[gaps], rising[gaps])
        along_row[gaps], along_col[gaps], falling[gaps], rising[gaps] = found
    across = (2.0 * along_row + falling + rising) / (8.0 * cell_width)
    down = (2.0 * along_col + falling - rising) / (8.0 * cell_height)
    known = np.isfinite(z)  # a single missing cell amid known ones would get a gradient from them
    return np.where(known, across, np.nan), np.where(known, down, np.nan)


def _of_one_plane(
    along_row: np.ndarray, along_col: np.ndarray, falling: np.ndarray, rising: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Complete the differences of :func:`_horn_of_rows`, each (cells,), NaN where both neighbours are missing.

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
