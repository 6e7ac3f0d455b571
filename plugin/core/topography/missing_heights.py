"""Detects undeclared missing elevations and the artefacts that resampling makes of them.

Ground is connected: between any two cells of a real elevation model leads a way without a step of tens of metres,
around every cliff, to every island over the sea. A value that marks missing data, a spike or a pit is cut off from the
land by such steps on all sides. Where heights were resampled together with such a value, a rim of steep false slopes
lies between it and the land.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..map_parts.strips import row_strips
from ..map_parts.threads import in_threads
from ..polygons.regions import SIDES, cells_next_to, continuous_regions, equal_regions, joined_numbers
from ..terrain import NO_HEIGHT_M, check_heights, implausible_heights
from .false_rims import SHORE_M, SHORE_STEEPNESS, faint_waves, false_rims_of, masked, walls_ahead

_LABEL = "Digital elevation model (DEM)"
#: A wall is a step of more metres, and steeper (height over distance), than ground has on all sides of anything. Of six
#: real elevation models with cells of 5 to 30 m none falls apart at steps of 40 m or at a steepness of 4.
_WALL_M, _WALL_STEEPNESS, _WALL_WIDTH_M = 40.0, 2.0, 10.0
#: Where the map's edge cuts a plateau, all that is seen of its shore may be a sea cliff: so much more is a wall there.
_COAST_M, _COAST_STEEPNESS = 500.0, 8.0
_ALL = 0.9  # of a plateau's shore: the rest may be land at the fill's own height
_FEWEST_PAIRS, _FEWEST_EQUAL = 8, 16
_COMMON = 0.2  # of missing cells: their common value marks missing data
#: A region beyond walls is land too where it has some cells, is wider than a rim, and not thousands of metres away.
_FEWEST_LAND, _LAND_WIDTH, _LAND_RELIEF_M = 100, 2.0, 3000.0
_SAMPLE = 100_000
_CANDIDATES = 6  # greatest number of plateau values that are checked


@dataclass
class _MissingCells:
    """Cells found not to be land, (rows, cols) bool, and those among them with a frequent value."""

    missing: np.ndarray
    plateau: np.ndarray
    values: list[float] = field(default_factory=list)


def without_missing_heights(elevation: np.ndarray, grid: Grid, feedback: Feedback) -> np.ndarray:
    """Replace heights that mark missing data by NaN; a caution gives their number.

    Args:
        elevation: (rows, cols) [m], NaN where unknown; not changed.

    Returns:
        The elevation, the same array where nothing is missing.

    Raises:
        InputError: a value that marks missing data and only has to be declared, or heights without any ground.
    """
    _check_declared(elevation)
    cell = float(np.sqrt(grid.cell_area))
    largest = _largest_step(elevation)
    if largest <= _WALL_STEEPNESS * cell:
        return elevation
    known = np.isfinite(elevation)
    nothing = np.zeros(elevation.shape, dtype=bool)
    found = _MissingCells(nothing, nothing.copy())
    wall = max(_WALL_M, _WALL_STEEPNESS * cell)
    for every in sorted({1, max(1, round(_WALL_WIDTH_M / cell))}):
        _find_walled(elevation, every, wall, found)
    if largest > SHORE_STEEPNESS * cell:  # a shore so steep has a step so steep
        _find_plateaus(elevation, cell, found)
    found.missing = false_rims_of(elevation, found.missing, cell)
    found.missing |= faint_waves(elevation, found.missing, found.missing & ~found.plateau) & known
    if not found.missing.any():
        return elevation
    _check_rest(known, found, wall)
    feedback.pushCaution(_masked_caution(found, int(known.sum())))
    return masked(elevation, found.missing)


def _check_declared(elevation: np.ndarray) -> None:
    """Raise :class:`InputError` for fill values that should be declared as NoData; resampled ones are masked later."""
    is_beyond = is_level = has_marks = False
    for at in row_strips(elevation.shape):
        strip = elevation[at.start : at.stop + 1]  # with the row below
        beyond = implausible_heights(strip)
        if beyond.any():
            is_beyond = True
            has_marks |= bool((strip == NO_HEIGHT_M).any())
            is_level |= bool(_is_level(strip)[beyond[:-1, :-1]].any())
    if not is_beyond or has_marks or is_level:
        check_heights(elevation)


def _is_level(elevation: np.ndarray, every: int = 1) -> np.ndarray:
    """Cells that equal their neighbours to the right and below, of every so many rows and columns; bool."""
    here = elevation[:-1:every, :-1:every]
    return (here == elevation[:-1:every, 1::every]) & (here == elevation[1::every, :-1:every])


def _largest_step(elevation: np.ndarray) -> float:
    """Greatest difference of neighbours in a row or column [m]."""
    largest = 0.0
    for at in row_strips(elevation.shape):
        strip = elevation[at.start : at.stop + 1]  # with the row below
        for axis in (0, 1):
            largest = max(largest, float(np.fmax.reduce(np.abs(np.diff(strip, axis=axis)), axis=None, initial=0.0)))
    return largest


def _mode(values: np.ndarray) -> tuple[float, float]:
    """Most common value of (a sample of) some, and its share."""
    sample = values[:: max(1, values.size // _SAMPLE)]
    found, counts = np.unique(sample, return_counts=True)
    return float(found[counts.argmax()]), float(counts.max() / sample.size)


def _find_walled(elevation: np.ndarray, every: int, wall: float, found: _MissingCells) -> None:
    """Add the regions that walls cut off from the land, looking at every so many rows and columns.

    Regions on the face of a cliff, which lie between the ground at its foot and that at its top, are no such regions.
    """
    here = np.s_[::every, ::every]
    sample = masked(elevation[here], found.missing[here])
    if _largest_step(sample) <= wall:
        return
    region, count = continuous_regions(sample, wall)
    here, there = _wall_pairs(sample, region, wall)
    if not (here.size and count > 1):
        return
    is_land = _ground_regions(sample, region, count, np.bincount(region.ravel()[here], minlength=count))
    flat, number = sample.ravel(), region.ravel()
    group = joined_numbers(count, *(number[n][~is_land[number[here]] & ~is_land[number[there]]] for n in (here, there)))
    foot, top = np.full(count, np.inf), np.full(count, -np.inf)
    at_border = is_land[number[here]] & ~is_land[number[there]]
    np.minimum.at(foot, group[number[there[at_border]]], flat[here[at_border]])
    np.maximum.at(top, group[number[there[at_border]]], flat[here[at_border]])
    cells = np.flatnonzero((number >= 0) & np.append(~is_land, False)[number])
    mine = group[number[cells]]
    out = (flat[cells] < foot[mine] - wall) | (flat[cells] > top[mine] + wall)
    cut_off = np.zeros(count, dtype=bool)
    cut_off[mine[out]] = True
    if not cut_off.any():
        return
    _add(found, elevation, np.append(cut_off[group] & ~is_land, False)[region], every)


def _wall_pairs(sample: np.ndarray, region: np.ndarray, wall: float) -> tuple[np.ndarray, np.ndarray]:
    """Flat indices of neighbours in different regions with a wall between them, each pair both ways."""
    cols = sample.shape[1]

    def of_rows(at: slice) -> tuple[np.ndarray, np.ndarray]:
        """Flat indices of cells with a wall to the one below, and to the one on the right."""
        with np.errstate(invalid="ignore"):
            below = np.abs(np.diff(sample[at.start : at.stop + 1], axis=0)) > wall
            row, col = np.nonzero(np.abs(np.diff(sample[at], axis=1)) > wall)
        return np.flatnonzero(below) + at.start * cols, (row + at.start) * cols + col

    below, right = zip(*(found for _, found in in_threads(of_rows, row_strips(sample.shape))))
    one = np.concatenate([*below, *right])
    other = one + np.repeat((cols, 1), [sum(x.size for x in found) for found in (below, right)])
    apart = region.ravel()[one] != region.ravel()[other]
    one, other = one[apart], other[apart]
    return np.append(one, other), np.append(other, one)


def _ground_regions(sample: np.ndarray, region: np.ndarray, count: int, walls: np.ndarray) -> np.ndarray:
    """Which regions are ground: those without walls, the one with most texture, and others like it; bool (count,)."""
    sizes = np.bincount(region[region >= 0], minlength=count)
    is_land = walls == 0
    large = np.flatnonzero(~is_land & (sizes >= _FEWEST_EQUAL))
    heights = {n: sample[region == n] for n in large[np.argsort(sizes[large])[::-1][:_CANDIDATES]]}
    shares = {n: _mode(some)[1] for n, some in heights.items()}
    land = max(heights, key=lambda n: sizes[n] * (1.0 - shares[n]), default=int(sizes.argmax()))
    is_land[land] = True
    middle = np.median(heights[land]) if land in heights else 0.0
    for n, some in heights.items():
        textured = sizes[n] * (1.0 - shares[n])
        wide = textured >= max(_FEWEST_LAND, _LAND_WIDTH * _border(region == n))
        is_land[n] |= wide and abs(np.median(some) - middle) < _LAND_RELIEF_M
    return is_land


def _border(cells: np.ndarray) -> int:
    """Number of sides between cells of a mask (rows, cols) and other cells or the outside."""
    cells = np.pad(cells, 1)
    return int((cells[1:] ^ cells[:-1]).sum() + (cells[:, 1:] ^ cells[:, :-1]).sum())


def _add(found: _MissingCells, elevation: np.ndarray, sampled: np.ndarray, every: int) -> None:
    """Add cells that were found in every so many rows and columns, and all that hold a plateau's value as they do."""
    cells = np.repeat(np.repeat(sampled, every, axis=0), every, axis=1)[: elevation.shape[0], : elevation.shape[1]]
    found.missing |= cells & np.isfinite(elevation)
    _equal_cells(elevation, found)


def _equal_cells(elevation: np.ndarray, found: _MissingCells) -> None:
    """Find the values that many missing cells share; all cells that hold one are missing."""
    missing = elevation[found.missing & ~found.plateau]
    if missing.size < 2:
        return
    values, counts = np.unique(missing, return_counts=True)
    for value in values[counts >= max(2, _COMMON * missing.size)]:
        level = elevation == value
        if level.sum() <= 2 * (level & found.missing).sum():  # not where it is a common height of the land
            found.values.append(float(value))
            found.missing |= level
            found.plateau |= level


def _find_plateaus(elevation: np.ndarray, cell: float, found: _MissingCells) -> None:
    """Add plateaus of one value whose shore is a wall, though not everywhere or in several steps."""
    values = _common_values(elevation)
    rest = masked(elevation, found.missing)  # the step to what is missing already is no shore of level ground
    region, count = equal_regions(rest, lambda some: np.isin(some, values))
    if not count:
        return
    cells = np.append(_regions_with_false_borders(rest, region, count, cell), False)[region]
    if cells.any():
        found.missing |= cells
        found.plateau |= cells
        found.values += [float(value) for value in np.unique(elevation[cells])]


def _common_values(elevation: np.ndarray) -> np.ndarray:
    """Values of level ground: the most common ones of cells that equal their neighbours to the right and below."""
    every = max(1, int(np.sqrt(elevation.size / (4 * _SAMPLE))))
    level = elevation[:-1:every, :-1:every][_is_level(elevation, every)]
    values, counts = np.unique(level, return_counts=True)
    return values[np.argsort(counts)[::-1][:_CANDIDATES]]


def _regions_with_false_borders(elevation: np.ndarray, region: np.ndarray, count: int, cell: float) -> np.ndarray:
    """Regions of one value that are neither water nor a plain: bool (count,)."""
    pairs, walled, drops = (np.zeros(count) for _ in range(3))
    inside = region >= 0
    outside = np.isfinite(elevation) & ~inside
    cut = np.zeros(count, dtype=bool)
    for edge in (region[0], region[-1], region[:, 0], region[:, -1]):
        cut[edge[edge >= 0]] = True
    least, steepness = np.where(cut, _COAST_M, SHORE_M), np.where(cut, _COAST_STEEPNESS, SHORE_STEEPNESS)
    for way in SIDES:
        row, col = cells_next_to(inside, outside, *way)
        label = region[row, col]
        rises, falls = walls_ahead(
            elevation, (row, col), way, elevation[row, col], least[label], steepness[label] * cell
        )
        pairs += np.bincount(label, minlength=count)
        walled += np.bincount(label, rises | falls, count)
        drops += np.bincount(label, falls, count)
    share, lower = walled / np.maximum(pairs, 1), drops / np.maximum(pairs, 1)
    # No water lies above its shore, but for a dam's.
    return (pairs >= _FEWEST_PAIRS) & ((share >= _ALL) | (lower >= 0.5) | ((lower >= 0.1) & (share >= 0.5)))


def _check_rest(known: np.ndarray, found: _MissingCells, wall: float) -> None:
    """Raise :class:`InputError` where more is missing around the land than is left of it."""
    rim = int((found.missing & ~found.plateau).sum())
    rest = int((known & ~found.missing).sum())
    if rim > rest:
        raise InputError(
            _LABEL,
            Text("has steps of more than {:.0f} m around {} cells, and only {} other cells", wall, rim, rest),
            "a continuous surface",
            "If a value marks missing data, declare it (Layer Properties > Transparency > Additional no data value) "
            "before the DEM is resampled; remove spikes and pits.",
        )


def _masked_caution(found: _MissingCells, known: int) -> Text:
    """The caution with the number of masked cells."""
    count, level = int(found.missing.sum()), int(found.plateau.sum())
    share = 100.0 * count / known
    way_out = "Declare the value as NoData, before the DEM is resampled."
    if level:
        values = ", ".join(f"{value:g}" for value in dict.fromkeys(found.values))
        return Text(
            "{:,} of {:,} cells of the DEM ({:.3g} %) are treated as missing elevations and are NoData in every "
            "output: {:,} contain {} m, with steep steps to the ground on all sides; the others are on false slopes "
            "around them. {}",
            count, known, share, level, values, Text(way_out),
        )  # fmt: skip
    return Text(
        "{:,} of {:,} cells of the DEM ({:.3g} %) are treated as missing elevations and are NoData in every output: "
        "spikes, pits or false slopes, which resampling creates from undeclared missing data. {}",
        count, known, share, Text(way_out),
    )  # fmt: skip
