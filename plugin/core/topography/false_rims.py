"""Detects false slopes that resampling creates between land and undeclared missing data."""

from __future__ import annotations

import numpy as np

from ..map_parts.strips import made_of_strips, on_map, values_at
from ..polygons.regions import SIDES, cells_next_to, dilated, equal_regions, mask_regions

#: A plateau's shore that rises by more metres, and steeper (height over distance), within so many cells is a wall.
SHORE_M, SHORE_STEEPNESS, WALL_AHEAD_CELLS = 150.0, 3.7, (1, 2, 4, 8, 16, 32)
#: A step that is rare on land; where most of a border has it, the border is false.
_STEEP_M, _STEEPNESS = 20.0, 2.5
_MOST, _FEWEST_PAIRS = 0.6, 8  # of a border's cells
_WIDEST_RIM = 40  # [cells]
_CURVED = 1.3  # times as curved as the land, in the mean of a ring: a wave of resampling


def false_rims_of(elevation: np.ndarray, missing: np.ndarray, cell: float) -> np.ndarray:
    """Find false rims, ring by ring, where most of the border of a gap has steep slopes.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
        missing: cells without height in spite of it, bool; cell: size [m].

    Returns:
        ``missing`` and the rims, bool (rows, cols).
    """
    if not missing.any() and np.isfinite(elevation).all():
        return missing
    for _ in range(_WIDEST_RIM):
        border, gap = _steep_borders(masked(elevation, missing), cell)
        if not border.any():
            break
        missing = missing | (dilated(border[gap], 1) & np.isfinite(elevation))
    return missing


def masked(elevation: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Heights (rows, cols) with NaN where they are missing, bool (rows, cols); the same array where none is."""
    if elevation.flags.c_contiguous and not missing.any():
        return elevation
    return made_of_strips(
        elevation.shape, elevation.dtype, lambda at: np.where(missing[at], np.float32(np.nan), elevation[at])
    )


def _steep_borders(rest: np.ndarray, cell: float) -> tuple[np.ndarray, np.ndarray]:
    """Which gaps have a border of steep steps: bool (count + 1,), the last for no gap; and the gaps (rows, cols)."""
    known = np.isfinite(rest)
    found = [_border_steps(rest, known, way, cell) for way in SIDES]
    if sum(int(walled.sum()) for _, _, walled in found) < _MOST * _FEWEST_PAIRS:
        return np.zeros(1, dtype=bool), np.empty(0)
    gaps, count = equal_regions(known, np.logical_not)
    pairs, high = np.zeros(count + 1), np.zeros(count + 1)
    for gap, counts, walled in found:
        label = gaps[gap]
        high += np.bincount(label, walled, count + 1)
        pairs += np.bincount(label, counts, count + 1)
    small = pairs < _FEWEST_PAIRS
    shares = high / np.maximum(pairs, 1)
    shares[small] = high[small].sum() / max(pairs[small].sum(), _FEWEST_PAIRS)
    border = shares >= _MOST
    border[-1] = False
    return border, gaps


def _border_steps(
    rest: np.ndarray, known: np.ndarray, way: tuple[int, int], cell: float
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Cells of gaps that border on known ones in a direction; whether the next step there is known, and a wall."""
    down, right = way
    row, col = cells_next_to(~known, known, down, right)
    onward = on_map(rest.shape, row + 2 * down, col + 2 * right)
    gap = row[onward], col[onward]
    row, col = gap[0] + down, gap[1] + right
    step = np.abs(rest[row + down, col + right] - rest[row, col])
    rises, falls = walls_ahead(rest, (row, col), way, rest[row, col], SHORE_M, SHORE_STEEPNESS * cell)
    with np.errstate(invalid="ignore"):
        return gap, np.isfinite(step), (step > max(_STEEP_M, _STEEPNESS * cell)) | rises | falls


def walls_ahead(
    elevation: np.ndarray, at: tuple[np.ndarray, np.ndarray], way: tuple[int, int], height: np.ndarray | float,
    least: np.ndarray | float, per_cell: np.ndarray | float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Whether the ground rises, or falls, like a wall from some cells on.

    Args:
        elevation: (rows, cols) [m].
        at: rows and columns of the cells, each (cells,).
        way: rows and columns of a step in the direction that is looked at.
        height: of the cells [m]; least: metres that make a wall; per_cell: rise of a wall [m]; numbers or (cells,).

    Returns:
        rises, falls: bool (cells,).
    """
    row, col = at
    rises, falls = np.zeros(row.size, dtype=bool), np.zeros(row.size, dtype=bool)
    for far in WALL_AHEAD_CELLS:
        rise = values_at(elevation, row + far * way[0], col + far * way[1]) - height
        wall = np.maximum(least, far * per_cell)
        with np.errstate(invalid="ignore"):
            rises |= rise > wall
            falls |= rise < -wall
    return rises, falls


def faint_waves(elevation: np.ndarray, missing: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """Find the faint outer waves of a rim: rings of cells around it that are more curved than the land.

    Args:
        elevation: (rows, cols) [m].
        missing: cells without height, bool; rim: those of them that resampling has made, bool.

    Returns:
        cells of the rim and its waves, bool.
    """
    if not rim.any():
        return rim
    left, rounds = rim, 0
    while left.any() and rounds < _WIDEST_RIM:
        left, rounds = ~dilated(~left, 1), rounds + 1
    curvature = _curvature(np.where(missing, np.nan, elevation))
    reached, rings = rim, []
    for _ in range(2 * rounds):
        wider = dilated(reached, 1)
        rings.append(curvature[wider & ~reached])
        reached = wider
    beyond = curvature[~reached]
    usual = np.nanmean(beyond) if np.isfinite(beyond).any() else np.inf
    waves = [n for n, ring in enumerate(rings, 1) if np.isfinite(ring).any() and np.nanmean(ring) > _CURVED * usual]
    alone = rim.sum() <= 2 * mask_regions(rim)[1]  # spikes and pits of a cell or two
    return dilated(rim, max(waves, default=0) + 1) if waves or not alone else rim


def _curvature(elevation: np.ndarray) -> np.ndarray:
    """Difference of each cell and the mean of its opposite neighbours [m], in rows and columns; NaN where unknown."""
    curvature = np.full((2, *elevation.shape), np.nan, dtype=np.float32)
    curvature[0, 1:-1] = np.abs(elevation[1:-1] - 0.5 * (elevation[:-2] + elevation[2:]))
    curvature[1, :, 1:-1] = np.abs(elevation[:, 1:-1] - 0.5 * (elevation[:, :-2] + elevation[:, 2:]))
    return np.fmax(curvature[0], curvature[1])
