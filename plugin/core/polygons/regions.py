"""Connected regions of a raster, with numpy only."""

from __future__ import annotations

from typing import Callable

import numpy as np

from ..map_parts.strips import row_strips
from ..map_parts.threads import in_threads
from ..raster import scratch

#: Rows and columns of a step to each neighbour across a side.
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))

#: Of the strips that regions are joined over: longer ones have fewer seams.
_STRIP_CELLS = 1 << 19


def connected_regions(known: np.ndarray, to_right: np.ndarray, to_below: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the regions of cells that are joined over their sides.

    Runs of joined cells along the rows are merged by union-find with path compression, all at once.

    Args:
        known: (rows, cols) bool; other cells belong to no region.
        to_right: (rows, cols - 1) bool, whether a cell is joined to its right neighbour; known cells only.
        to_below: (rows - 1, cols) bool, whether a cell is joined to the neighbour below; known cells only.

    Returns:
        (rows, cols) int32 number of each cell's region, -1 where not known, and the count of regions.
    """
    starts = known.copy()
    starts[:, 1:] &= ~to_right
    run = (np.cumsum(starts.ravel(), dtype=np.int32) - 1).reshape(known.shape)
    upper, lower = run[:-1][to_below], run[1:][to_below]
    if upper.size:
        new = np.append(True, (np.diff(upper) != 0) | (np.diff(lower) != 0))
        upper, lower = upper[new], lower[new]
    root = joined_numbers(int(starts.sum()), upper, lower)
    roots, number = np.unique(root, return_inverse=True)
    return np.where(known, number.astype(np.int32)[run], np.int32(-1)) if roots.size else run * 0 - 1, roots.size


def joined_numbers(count: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Lowest number that each of ``count`` items is joined to, over the pairs ``one``-``other``."""
    root = np.arange(count, dtype=np.int32)
    while one.size:
        first, second = root[one], root[other]
        root[np.maximum(first, second)] = np.minimum(first, second)  # to a lower number: no circle can close
        while True:
            further = root[root]
            if np.array_equal(further, root):
                break
            root = further
        apart = root[one] != root[other]
        one, other = one[apart], other[apart]
    return root


def equal_regions(values: np.ndarray, belongs: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, int]:
    """:func:`joined_regions` of cells of equal value."""
    return joined_regions(values, belongs, np.equal)


def continuous_regions(values: np.ndarray, largest_step: float) -> tuple[np.ndarray, int]:
    """:func:`joined_regions` of known values, joined where they differ by ``largest_step`` at most."""
    return joined_regions(values, np.isfinite, lambda one, other: np.abs(other - one) <= largest_step)


def joined_regions(
    values: np.ndarray,
    belongs: Callable[[np.ndarray], np.ndarray],
    are_joined: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> tuple[np.ndarray, int]:
    """Number the regions of cells that are joined over their sides, strip by strip of rows.

    Args:
        values: (rows, cols); belongs: which of some values belong to a region.
        are_joined: which of some values are joined to others, their neighbours, if both belong to a region.

    Returns:
        as :func:`connected_regions`; regions are numbered by their first cells.
    """

    def of_rows(at: slice) -> tuple[np.ndarray | int, int, np.ndarray]:
        """Numbers of a strip's regions from 0, their count, and which cells are joined to those above the strip."""
        strip = values[max(at.start - 1, 0) : at.stop]  # with the row above
        inside, above = belongs(strip), int(at.start > 0)
        if not inside[above:].any():
            return -1, 0, np.zeros(values.shape[1], dtype=bool)
        with np.errstate(invalid="ignore"):
            to_right = inside[:, 1:] & inside[:, :-1] & are_joined(strip[:, :-1], strip[:, 1:])
            to_below = inside[1:] & inside[:-1] & are_joined(strip[:-1], strip[1:])
        found, new = connected_regions(inside[above:], to_right[above:], to_below[above:])
        return found, new, to_below[0] if above else np.zeros(values.shape[1], dtype=bool)

    region, count, firsts = scratch.empty(values.shape, np.int32), 0, [0]
    pairs = [np.empty((2, 0), dtype=np.int32)]
    for at, (found, new, joined) in in_threads(of_rows, row_strips(values.shape, _STRIP_CELLS)):
        region[at] = found
        if joined.any():
            seam = region[at.start - 1][joined] + np.int32(firsts[-2]), region[at.start][joined] + np.int32(count)
            pairs.append(np.unique(seam, axis=1))
        count += new
        firsts.append(count)
    roots, number = np.unique(joined_numbers(count, *np.concatenate(pairs, axis=1)), return_inverse=True)
    number = number.astype(np.int32)

    def renumber(strip: tuple[slice, int, int]) -> None:
        at, first, last = strip
        if last > first:  # the last number is that of no region
            region[at] = np.append(number[first:last], np.int32(-1))[region[at]]

    for _ in in_threads(renumber, zip(row_strips(values.shape, _STRIP_CELLS), firsts, firsts[1:])):
        pass
    return region, roots.size


def mask_regions(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """:func:`connected_regions` of the true cells of a mask (rows, cols)."""
    return connected_regions(mask, mask[:, 1:] & mask[:, :-1], mask[1:] & mask[:-1])


def shifted(shape: tuple[int, int], down: int, right: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Cells of a map (rows, cols) that have a neighbour so many rows down and columns right, and these neighbours."""
    rows, cols = shape
    here = (slice(max(0, -down), rows - max(0, down)), slice(max(0, -right), cols - max(0, right)))
    there = (slice(max(0, down), rows - max(0, -down)), slice(max(0, right), cols - max(0, -right)))
    return here, there


def cells_next_to(inside: np.ndarray, outside: np.ndarray, down: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the cells of one mask whose neighbour in a direction is in another; both (rows, cols)."""
    here, there = shifted(inside.shape, down, right)
    other = np.zeros(inside.shape, dtype=bool)
    np.logical_and(inside[here], outside[there], out=other[here])
    return np.divmod(np.flatnonzero(other), inside.shape[1])


def dilated(mask: np.ndarray, cells: int) -> np.ndarray:
    """A mask (rows, cols) and all cells within ``cells`` rows and columns of it."""
    for axis in (0, 1):
        mask = moving_extreme(mask, cells, axis, np.logical_or, beyond=False)
    return mask


def moving_extreme(values: np.ndarray, radius: int, axis: int, extreme: np.ufunc, beyond: float) -> np.ndarray:
    """Extreme of the cells of a map (rows, cols) up to ``radius`` cells away along an axis, by windows that double.

    ``beyond`` is the value of cells outside the map.
    """
    around = [(radius, radius) if k == axis else (0, 0) for k in (0, 1)]
    found = np.moveaxis(np.pad(values, around, constant_values=beyond), axis, 0)
    length, whole = 1, 2 * radius + 1
    while length < whole:
        step = min(length, whole - length)
        found = extreme(found[: len(found) - step], found[step:])
        length += step
    return np.moveaxis(found, 0, axis)
