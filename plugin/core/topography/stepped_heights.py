"""Checks whether elevations rise in steps that no ground has: repeated rows, coarse heights, contour lines."""

from __future__ import annotations

import math
from typing import Iterator

import numpy as np

from ...text import Text, measure
from ..terrain import Terrain

_SAMPLE = 300_000
#: Segments of a row or column are compared with those of the next one: their length [cells], the fewest changes of
#: height along them (without any it may be water), and the share of segments that are repeated. At most 0.5 % are on
#: real and synthetic hillslopes with cells of 2 to 90 m and heights rounded to 0.1 to 10 m; after resampling by the
#: nearest cell 6 % are if cells become smaller by 6 %.
_LONG_SEGMENTS, _REPEATED_SHARE = (16, 2), 0.015
#: The same after reprojection by the nearest cell, where rows repeat for a few cells only, and the share compared with
#: that of neighbours of equal height: rounded heights are equal too, but at most 0.17 of them in such segments.
_SHORT_SEGMENTS, _SHORT_SHARE, _SHARE_OF_LEVEL = (6, 4), 0.008, 0.2
#: Share of neighbours of equal height, in both directions, on ground that forms terraces; a plane has 0 or 1 in one.
_LEVEL_SHARES = 0.05, 0.97
#: Steps of height that make steps of slope of so many degrees, which moves a tenth of the failed cells.
_SLOPE_STEP_DEG = 4.0
#: Share of heights that are multiples of a step.
_MULTIPLES, _TOLERANCE = 0.95, 0.01
#: Parts of a contour interval, and how many times as many heights as expected, and as in any other part, are in the one
#: at the contour line, in the median of all levels; elsewhere it is below 2. Levels with fewer cells are ignored.
_PARTS, _CROWDED, _MORE_THAN_OTHERS, _LEAST_LEVELS, _CELLS_OF_LEVEL = 16, 3.0, 2.0, 5, 100
#: Contour intervals [m], and the least of them that matters, in cells.
_FOOT_M = 0.3048
_INTERVALS = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 40.0, 50.0, 100.0, *(feet * _FOOT_M for feet in (10, 20, 40, 80)))
_LEAST_INTERVAL = 0.25
#: Steps of rounded heights in an interval: with fewer, parts of it have none.
_LEAST_STEPS = 5.0
_RESAMPLED = Text(
    "Rows and columns of the DEM repeat their neighbours: it seems to have been reprojected or resampled without "
    "interpolation (nearest neighbour), which makes steps that the ground does not have. Make it anew from the "
    "original with bilinear or cubic resampling."
)


def stepped_heights_caution(terrain: Terrain) -> Text | None:
    """Caution about elevations that rise in steps; ``None`` where they rise as ground does."""
    elevation, cell = terrain.elevation, terrain.grid.cell_width
    if _repeated_share(elevation, *_LONG_SEGMENTS) > _REPEATED_SHARE:
        return _RESAMPLED
    shares = _level_shares(elevation)
    if max(shares) <= _LEVEL_SHARES[0]:
        return None
    rows, _ = sampled_lines(elevation)
    heights = rows[np.isfinite(rows)].astype(np.float64)
    step = height_step(heights)
    slope_step = math.degrees(math.atan(step / (2.0 * cell)))
    if all(_LEVEL_SHARES[0] < share < _LEVEL_SHARES[1] for share in shares):
        if slope_step >= _SLOPE_STEP_DEG:
            return Text(
                "The elevations of the DEM are multiples of {}: with cells of {} the ground forms terraces, and slopes "
                "are known to {:.0f} deg only. Use a DEM with finer heights, or average it to wider cells.",
                measure(float(f"{step:.4g}"), "m"), measure(float(f"{cell:.4g}"), "m"), slope_step,
            )  # fmt: skip
        interval = _contour_interval(heights, cell, step)
        if interval is not None:
            return Text(
                "Many elevations of the DEM are multiples of {}: it seems to be interpolated from contour lines, with "
                "level ground along them that does not exist. Use a DEM from laser scanning, photogrammetry or radar "
                "if there is one.",
                measure(float(f"{interval:.4g}"), "m"),
            )  # fmt: skip
    repeated = _repeated_share(elevation, *_SHORT_SEGMENTS)
    return _RESAMPLED if repeated > max(_SHORT_SHARE, _SHARE_OF_LEVEL * sum(shares) / 2.0) else None


def _strips(elevation: np.ndarray, lines: int) -> Iterator[np.ndarray]:
    """Yield (a sample of) bundles of rows, then of columns, each (lines, cells)."""
    for heights in (elevation, elevation.T):
        every = lines * max(1, elevation.size // _SAMPLE)
        for first in range(0, heights.shape[0] - lines + 1, every):
            yield heights[first : first + lines].astype(np.float64)


def _repeated_share(elevation: np.ndarray, length: int, least_changes: int) -> float:
    """Share of segments of rows and columns equal to those of the next line, next to lines that differ."""
    repeated = count = 0
    for strip in _strips(elevation, length):
        step = np.diff(strip, axis=1)
        changes = (np.diff(strip[:, 1:], axis=0) != 0.0).sum(axis=0) >= least_changes
        known = np.isfinite(step).all(axis=0) & changes
        unequal = 2 * (step != 0.0).sum(axis=0) >= length
        next_to_unequal = np.zeros_like(unequal)
        next_to_unequal[1:] |= unequal[:-1]
        next_to_unequal[:-1] |= unequal[1:]
        repeated += int((known & (step == 0.0).all(axis=0) & next_to_unequal).sum())
        count += int(known.sum())
    return repeated / count if count else 0.0


def _level_shares(elevation: np.ndarray) -> tuple[float, ...]:
    """Shares of neighbours of equal height along rows and along columns."""
    shares = []
    for lines in sampled_lines(elevation):
        step = np.diff(lines, axis=1)
        known = int(np.isfinite(step).sum())
        shares.append(int((step == 0.0).sum()) / known if known else 0.0)
    return tuple(shares)


def sampled_lines(elevation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(A sample of) rows, then columns; each (lines, cells)."""
    every = max(1, elevation.size // _SAMPLE)
    return elevation[::every], elevation[:, ::every].T


def height_step(heights: np.ndarray) -> float:
    """The step of which all heights are multiples [m]; 0 where there is none."""
    levels = np.unique(heights)
    step = float(np.median(np.diff(levels))) if levels.size > _LEAST_LEVELS else 0.0
    if step <= 0.0:
        return 0.0
    count = (heights - levels[0]) / step
    return step if float((np.abs(count - np.round(count)) < _TOLERANCE).mean()) > _MULTIPLES else 0.0


def _contour_interval(heights: np.ndarray, cell: float, step: float) -> float | None:
    """The interval at whose multiples heights crowd; ``None`` where they do not."""
    for interval in sorted(_INTERVALS, reverse=True):
        if interval < max(_LEAST_INTERVAL * cell, _LEAST_STEPS * step):
            continue
        nearest = np.round(heights / interval)
        part = np.round((heights / interval - nearest) * _PARTS).astype(np.int64) % _PARTS
        levels, number = np.unique(nearest, return_inverse=True)
        cells = np.bincount(number * _PARTS + part, minlength=levels.size * _PARTS).reshape(-1, _PARTS)
        cells = cells[cells.sum(axis=1) >= _CELLS_OF_LEVEL]
        if len(cells) < _LEAST_LEVELS:
            continue
        shares = np.median(cells / cells.sum(axis=1, keepdims=True), axis=0)
        if shares[0] > max(_CROWDED / _PARTS, _MORE_THAN_OTHERS * float(shares[1:].max())):
            return interval
    return None
