"""Detects patches of exactly equal elevation with walls around them: voids that were filled with a constant."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...text import Text, measure
from ..grid import Grid
from ..map_parts.strips import known_sample, row_strips, values_at
from ..map_parts.threads import in_threads
from ..polygons.regions import SIDES, cells_next_to, equal_regions
from .stepped_heights import height_step

#: Fewest cells of a patch, and of the pairs of cells at its border.
_LEAST_CELLS, _LEAST_PAIRS = 12, 12
#: A wall: the step at the border minus the next one beyond it, over the cell size. Water covers ground that falls on
#: below it, so the shores of lakes have none but at cliffs: at most 0.2 of those on real and synthetic hillslopes.
_WALL = 0.3
#: Shares of a patch's border: ground that is lower than the patch behind a wall, which water does not have but at dams,
#: with walls in all; or walls of more metres and times the cell size, that rise around it as around no lake.
_LOWER, _WALLS = 0.15, 0.5
_PIT_M, _PIT, _PIT_SHARE = 3.0, 0.6, 0.6
_SAMPLE = 20_000
_STEPS = 2.5  # of rounded heights that make no wall: on rounded ground patches end at steps of one or two


class _Patches(NamedTuple):
    """Patches that were found: the cells in all, and the largest one's elevation [m] and middle."""

    cells: int
    elevation: float
    row: float
    col: float


def filled_void_caution(elevation: np.ndarray, grid: Grid) -> Text | None:
    """Caution about patches of one elevation in a slope; ``None`` where there are none.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
    """
    found = _patches(elevation, grid)
    if found is None:
        return None
    x, dx, _, y, _, dy = grid.geotransform
    return Text(
        "The DEM has patches of exactly equal elevation with steps to the ground around them, as where missing "
        "elevations were filled with a constant ({:,} cells; the largest patch is at x = {:.0f}, y = {:.0f} and {}). "
        "Slopes in them and at their borders are false. Make them NoData, or interpolate them (Raster > Analysis > "
        "Fill NoData).",
        found.cells, x + found.col * dx, y + found.row * dy, measure(float(f"{found.elevation:.6g}"), "m"),
    )  # fmt: skip


def _patches(elevation: np.ndarray, grid: Grid) -> _Patches | None:
    """Find the patches."""
    walls = _WALL * grid.cell_width, _WALL * grid.cell_height
    levels = _walled_levels(elevation, walls)
    if not levels.size:
        return None
    sample = known_sample(elevation, _SAMPLE)
    least = _STEPS * max(height_step(sample), height_step(sample[~np.isin(sample, levels)]))
    walls = max(walls[0], least), max(walls[1], least)
    region, count = equal_regions(elevation, lambda some: np.isin(some, levels))
    sizes = np.bincount(region[region >= 0], minlength=count)
    filled = (sizes >= _LEAST_CELLS) & _walled(elevation, region, count, walls)
    if not filled.any():
        return None
    sizes[~filled] = 0
    largest = int(np.argmax(sizes))
    row, col = np.nonzero(region == largest)
    height = float(elevation[row[0], col[0]])
    middle = float(row.mean()) + 0.5, float(col.mean()) + 0.5
    return _Patches(int(sizes.sum()), height, *middle)


def _walled_levels(elevation: np.ndarray, walls: tuple[float, float]) -> np.ndarray:
    """Elevations of level ground that ends at a wall in rows or columns, in as many places as a patch has; sorted.

    Args:
        walls: least steps along rows, and along columns [m].
    """

    def of_rows(at: slice) -> np.ndarray:
        below = elevation[at.start : at.stop + 3].T
        return np.concatenate((_before_walls(elevation[at], walls[0]), _before_walls(below, walls[1])))

    found = np.concatenate([of for _, of in in_threads(of_rows, row_strips(elevation.shape))])
    levels, counts = np.unique(found, return_counts=True)
    return levels[counts >= _LEAST_PAIRS // 2]


def _before_walls(heights: np.ndarray, wall: float) -> np.ndarray:
    """Elevations (n,) of three equal cells along the second axis with a wall before or after them."""
    step = np.diff(heights, axis=1)
    level = step == 0.0
    level = level[:, :-1] & level[:, 1:]
    if not level.any():
        return heights[:0, 0]
    with np.errstate(invalid="ignore"):
        high = np.abs(step) > wall
    after, before = level[:, :-1] & high[:, 2:], level[:, 1:] & high[:, :-2]
    return np.concatenate((heights[:, 2:-1][after], heights[:, 1:-2][before]))


def _walled(elevation: np.ndarray, region: np.ndarray, count: int, walls: tuple[float, float]) -> np.ndarray:
    """Which regions of one elevation have walls as no water has: bool (count,)."""
    pairs, lower, higher, pit = (np.zeros(count) for _ in range(4))
    known, inside = np.isfinite(elevation), region >= 0
    cut = np.zeros(count, dtype=bool)
    for edge in (region[0], region[-1], region[:, 0], region[:, -1]):
        cut[edge[edge >= 0]] = True
    for down, right in SIDES:
        wall = walls[abs(down)]
        row, col = cells_next_to(inside, known & ~inside, down, right)
        label = region[row, col]
        step, onward = (
            values_at(elevation, row + (far + 1) * down, col + (far + 1) * right)
            - values_at(elevation, row + far * down, col + far * right)
            for far in (0, 1)
        )
        rise = step - np.fmax(onward, 0.0)  # a next cell that is unknown is level
        fall = -step - np.fmax(-onward, 0.0)
        pairs += np.bincount(label, minlength=count)
        lower += np.bincount(label, fall > wall, count)
        higher += np.bincount(label, rise > wall, count)
        pit += np.bincount(label, rise > max(_PIT_M, _PIT / _WALL * wall), count)
    share = np.maximum(pairs, 1)
    in_slope = (lower >= _LOWER * share) & (lower + higher >= _WALLS * share)
    return (pairs >= _LEAST_PAIRS) & (in_slope | ((pit >= _PIT_SHARE * share) & ~cut))
