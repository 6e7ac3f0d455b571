"""Strips of a map's rows, so that large maps are computed piece by piece, and places on a map."""

from __future__ import annotations

import math
from typing import Callable, Iterator

import numpy as np

from ..raster import scratch
from .threads import in_threads

_STRIP_CELLS = 65_536


def pieces(count: int, size: int) -> Iterator[slice]:
    """Parts of a range from 0, each of so many at most."""
    return (slice(first, min(first + size, count)) for first in range(0, count, size))


def row_strips(shape: tuple[int, int], cells: int = 0) -> Iterator[slice]:
    """Divide a map into strips of whole rows that fit into the cache, so that temporary arrays stay small."""
    rows = max(1, (cells or _STRIP_CELLS) // max(shape[1], 1))
    return scratch.releasing(pieces(shape[0], rows))


def with_rows_around(at: slice, around: int, rows: int) -> tuple[slice, slice]:
    """Some of the rows of a map with those around them, and where they themselves are among these."""
    first = max(at.start - around, 0)
    return slice(first, min(at.stop + around, rows)), slice(at.start - first, at.stop - first)


def made_of_strips(
    shape: tuple[int, int], dtype: type, of_rows: Callable[[slice], np.ndarray], cells: int = 0
) -> np.ndarray:
    """Compute a map (rows, cols) strip by strip, in a scratch file if large; cells: see :func:`row_strips`."""
    made = scratch.empty(shape, dtype)
    for at, found in in_threads(of_rows, row_strips(shape, cells)):
        made[at] = found
    return made


def known_strips(values: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the known values (cells,) of each strip of rows of a map (rows, cols) that has some."""
    for at in row_strips(values.shape):
        strip = values[at][np.isfinite(values[at])]
        if strip.size:
            yield strip


def known_range(values: np.ndarray) -> tuple[float, float]:
    """Least and greatest known value of a map (rows, cols) that has some."""
    ends = [(float(strip.min()), float(strip.max())) for strip in known_strips(values)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def known_sample(values: np.ndarray, most: int) -> np.ndarray:
    """Known values (n,), float64, in regular rows and columns of a map with some ``most`` cells; of all if none."""
    every = max(1, math.isqrt(values.size // most))
    for step in (every, 1):
        part = values[::step, ::step]
        known = part[np.isfinite(part)].astype(np.float64)
        if known.size:
            break
    return known


def numbered_cells(mask: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Flat indices of true cells of a mask (rows, cols), by their ascending numbers from 0, row by row."""
    found, before = [np.empty(0, dtype=np.int64)], 0
    for at in row_strips(mask.shape):
        here = np.flatnonzero(mask[at])
        first, last = np.searchsorted(numbers, (before, before + here.size))
        found.append(here[numbers[first:last] - before] + at.start * mask.shape[1])
        before += here.size
    return np.concatenate(found)


def on_map(shape: tuple[int, int], rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Which of some places are on a map (rows, cols); boolean (places,)."""
    return (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])


def values_at(values: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Values of a map (rows, cols) at some places, float64 (places,); NaN beyond the map."""
    inside, found = on_map(values.shape, rows, cols), np.full(rows.shape, np.nan)
    found[inside] = values[rows[inside], cols[inside]]
    return found
