"""Checks whether an elevation model is plausible terrain in metres."""

from __future__ import annotations

from typing import Iterator

import numpy as np

from ...text import Text
from ..map_parts.strips import known_range, numbered_cells, row_strips
from ..terrain import Terrain
from ..zero_cells import zero_frame_share
from .filled_voids import filled_void_caution
from .shifted_tiles import shifted_tile_caution
from .spikes import spike_caution
from .step_signs import step_signs
from .stepped_heights import sampled_lines, stepped_heights_caution
from .stripes import striped_caution
from .tile_offsets import depth_offset_caution, tile_offset_caution

#: Median slopes of natural hillslopes end at about 40 deg; heights in feet on a grid in metres make 20 deg into 50.
_STEEPEST_MEDIAN_DEG = 48.0
_FLATTEST_MEDIAN_DEG = 0.5
#: A tenth of real alpine cells of 5 to 30 m is steeper than 50 deg at most.
_STEEPEST_TENTH_DEG = 53.0
_FOOT_M, _COMB_M, _COMB_SHARE = 0.3048, 0.02, 0.95
#: Walls are isolated between flatter ground: a step of so many metres whose neighbours are a third of it at most. Their
#: share of all steps is below 0.2 % in real terrain models with cells of 5 m, 0.4 % with cells of 10 m.
_ROOF_STEP_M, _ROOF_SHARE_PER_M, _LEAST_ROOF_SHARE, _WIDEST_ROOF_CELL_M = 2.5, 0.002, 0.004, 12.0
#: Ground rises or falls on over several cells, noise does not. Neighbouring steps along rows and columns have a
#: correlation above 0.65 on real hillslopes with cells of 2 to 60 m and change their sign in at most a quarter of the
#: cells. Gentle ground with noise is as rough, so it is left out.
_SMOOTH_CORRELATION, _SMOOTH_TURNS, _GENTLE_DEG = 0.55, 0.17, 8.0
#: Differences of heights grow with distance: their mean square from 4, 8 or 16 cells to 4 times as far by a factor of
#: 2.8 or more at one of them, in all squares of 96 to 200 cells of five real elevation models with cells of 5 to 90 m.
#: That of slopes, shades and position indices does not in some 90 to 97 % of them. Ridges of one short spacing, as of
#: dunes, are smooth: they grow within the shortest distance. In squares of 64 to 95 cells of these models, but where
#: there are buildings, heights grow by 2 or more, or within the shortest distance by 4. A smaller piece of ground may
#: look like a slope map.
_DISTANCES, _WITHIN = (4, 8, 16), 2
#: Least width of a map [cells], and least growth of heights there: over the distances, and within the shortest one.
_LEAST_GROWTHS = ((96, 2.5, 5.6), (64, 1.8, 3.5))
#: What rescaling for display makes of the least and the greatest value, without and with a value for NoData.
_DISPLAY_LEAST, _DISPLAY_GREATEST = (0.0, 1.0), (254.0, 255.0)
#: Polders and most dry basins are higher.
_SEA_M, _SEA_SHARE = -10.0, 0.01
#: Cells so much higher or lower than both neighbours: in mountainous terrain below 0.7 % of all for each metre of a
#: cell.
_CROWN_M, _CROWN_SHARE_PER_M = 2.0, 0.012
#: Of the pairs of neighbours with a known cell: islands of 7 cells, or 15 % of the cells missing at random.
_GAPS_SHARE = 0.25
#: Cells of 30 and 90 m make slopes gentler than cells of 10 m do: Zhang & Montgomery (1994), Water Resour. Res. 30,
#: 1019-1028. Along narrower cells than the second number lies no slope, but what grows and lies on it.
_WIDEST_CELL_M, _NARROWEST_CELL_M = 100.0, 0.99
_SAMPLE = 300_000


def terrain_cautions(terrain: Terrain) -> tuple[Text, ...]:
    """Doubts about a terrain, as sentences; empty where there are none."""
    median, steep = np.degrees(np.quantile(terrain.sample(_SAMPLE).slope, (0.5, 0.9)))
    found = [_implausible_slope(median, steep), _whole_metres_in_feet(terrain), _below_sea(terrain)]
    found.append(_rescaled(terrain.elevation))
    heights = terrain.elevation, terrain.grid
    stepped = stepped_heights_caution(terrain)
    if stepped:
        found.append(stepped)
    else:
        steps = step_signs(terrain.elevation, (terrain.grid.cell_width, terrain.grid.cell_height))
        found.append(tile_offset_caution(*heights, steps) or shifted_tile_caution(*heights, steps))
        found += [striped_caution(*heights, steps), filled_void_caution(*heights)]
        found.append(_surface_model(terrain) or _rough(terrain.elevation, float(median)) or spike_caution(*heights))
    found.append(depth_offset_caution(terrain.soil_depth, terrain.grid))
    found += [_gaps(terrain.elevation), _bare_frame(terrain), _cell_size(terrain)]
    return tuple(text for text in found if text)


def _implausible_slope(median: float, steep: float) -> Text | None:
    """Implausible slopes that suggest heights not in metres: median and 90th percentile [deg]."""
    if median > _STEEPEST_MEDIAN_DEG:
        return Text(
            "Half of the cells are steeper than {:.0f} deg: are the elevations of the DEM in feet or decimetres? They "
            "must be in metres.",
            median,
        )
    if steep > _STEEPEST_TENTH_DEG:
        return Text(
            "10 % of the cells are steeper than {:.0f} deg, which is rare on natural slopes. Are the elevations of "
            "the DEM in feet, or exaggerated? They must be in metres.",
            steep,
        )
    if median < _FLATTEST_MEDIAN_DEG:
        return Text(
            "Half of the cells are flatter than {:.2g} deg: is the DEM in metres, and is it hilly terrain?", median
        )
    return None


def _cell_size(terrain: Terrain) -> Text | None:
    """Cells too wide for the slopes of hillsides, or too narrow for a slope as long as the formula of FS takes it."""
    width = max(terrain.grid.cell_width, terrain.grid.cell_height)
    if width > _WIDEST_CELL_M:
        return Text(
            "The cells of the DEM measure {:g} m: slopes along such distances are gentler than those of hillsides, and "
            "slopes that fail are shown as stable. Use a DEM with cells of 30 m or less, better 10 m.",
            width,
        )  # fmt: skip
    if width < _NARROWEST_CELL_M:
        return Text(
            "The cells of the DEM measure {:g} m: slopes are those of furrows, stones and plants, and slip surfaces "
            "are longer than a cell. Resample the DEM to cells of 1 m or more by averaging.",
            width,
        )  # fmt: skip
    return None


def _whole_metres_in_feet(terrain: Terrain) -> Text | None:
    """Heights that are whole metres once they are read as feet: a DEM of whole metres that was converted."""
    count = int(np.count_nonzero(terrain.valid))
    some = numbered_cells(terrain.valid, np.arange(0, count, max(1, count // _SAMPLE)))
    heights = terrain.elevation.reshape(-1)[some].astype(np.float64)

    def are_whole(values: np.ndarray, slack: float) -> bool:
        return bool((np.abs(values - np.round(values)) < slack).mean() > _COMB_SHARE)

    metres = heights * _FOOT_M
    if np.ptp(metres) < 5.0 or are_whole(heights, 1e-3) or not are_whole(metres, _COMB_M):
        return None
    return Text(
        "Nearly all elevations of the DEM are whole metres if they are read as feet: they seem to be in feet. They "
        "must be in metres."
    )


def _rescaled(elevation: np.ndarray) -> Text | None:
    """Values that were rescaled for display: their slopes are those of no ground."""
    least, greatest = known_range(elevation)
    if least not in _DISPLAY_LEAST or greatest not in _DISPLAY_GREATEST:
        return None
    return Text(
        "The elevations of the DEM range from exactly {:g} to exactly {:g}, as values that were rescaled for display "
        "do: are they heights in metres? Use the original elevation model.",
        least, greatest,
    )  # fmt: skip


def _below_sea(terrain: Terrain) -> Text | None:
    """Heights below the sea: its floor, depths counted downwards, heights with the wrong sign."""
    count = int(np.count_nonzero(terrain.valid))
    below = sum(
        int(np.count_nonzero(terrain.valid[at] & (terrain.elevation[at] < _SEA_M)))
        for at in row_strips(terrain.grid.shape)
    )
    if below <= _SEA_SHARE * count:
        return None
    return Text(
        "{:.0f} % of the elevations of the DEM are more than {:g} m below sea level: are they sea floor, or heights "
        "with the wrong sign? Sea and lake floors must be NoData, and elevations must increase upwards.",
        100.0 * below / count, -_SEA_M,
    )  # fmt: skip


def _surface_model(terrain: Terrain) -> Text | None:
    """Walls of buildings, single steps between flatter ground, and the crowns of trees."""
    cell = terrain.grid.cell_width
    if cell > _WIDEST_ROOF_CELL_M:
        return None
    walls, crowns = _step_shares(terrain.elevation)
    if walls > max(_LEAST_ROOF_SHARE, _ROOF_SHARE_PER_M * cell):
        return Text(
            "{:.1f} % of the height differences between neighbouring cells of the DEM are isolated steps of more than "
            "{:g} m: is it a surface model with buildings and trees, or resampled from wider cells without "
            "interpolation? Slopes must be those of the bare ground (a terrain model).",
            100.0 * walls, _ROOF_STEP_M,
        )  # fmt: skip
    if crowns > _CROWN_SHARE_PER_M * cell:
        return Text(
            "{:.0f} % of the cells of the DEM are more than {:g} m higher or lower than both neighbours in a row or "
            "column: is it a surface model with trees? Slopes must be those of the bare ground (a terrain model).",
            100.0 * crowns, _CROWN_M,
        )  # fmt: skip
    return None


def _rough(elevation: np.ndarray, median_slope: float) -> Text | None:
    """Values that go up and down as no ground does: noise, or slopes, shades and the like."""
    is_noisy = median_slope > _GENTLE_DEG and _turns_often(elevation)
    if not is_noisy and not (median_slope > _FLATTEST_MEDIAN_DEG and _is_stationary(elevation)):
        return None
    return Text(
        "The elevations of the DEM rise and fall from cell to cell as ground rarely does: is the layer a slope, aspect "
        "or hillshade map, or noisy? The DEM must contain elevations of the bare ground in metres."
    )


def _turns_often(elevation: np.ndarray) -> bool:
    """Whether steps are hardly correlated with the next ones, and often reversed by them."""
    products = squares = 0.0
    turns = pairs = 0
    for step in _sampled_steps(elevation):
        before, after = step[:, :-1].astype(np.float64), step[:, 1:]
        product = before * after
        known = np.isfinite(product)
        products += float(product[known].sum())
        squares += float((before * before + after * after)[known].sum()) / 2.0
        turns, pairs = turns + int((product[known] < 0.0).sum()), pairs + int(known.sum())
    return products < _SMOOTH_CORRELATION * squares and turns > _SMOOTH_TURNS * pairs


def _is_stationary(elevation: np.ndarray) -> bool:
    """Whether differences of heights do not grow with distance; false on maps too small to tell."""
    width = min(elevation.shape)
    least = next((growths for smallest, *growths in _LEAST_GROWTHS if width >= smallest), None)
    if least is None:
        return False
    lines = [some.astype(np.float64) for some in sampled_lines(elevation)]

    def variation(cells: int) -> float:
        """Mean square of the differences over a distance."""
        squares = np.concatenate([((one[:, cells:] - one[:, :-cells]) ** 2).ravel() for one in lines])
        squares = squares[np.isfinite(squares)]
        return float(squares.mean()) if squares.size else np.nan

    def growth(cells: int) -> float:
        near, far = variation(cells), variation(4 * cells)
        return far / near if near > 0.0 and far >= 0.0 else np.inf

    return growth(_WITHIN) < least[1] and all(growth(n) < least[0] for n in _DISTANCES if 8 * n <= width)


def _sampled_steps(elevation: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the height differences of neighbours along (a sample of) rows, then columns; each (lines, steps)."""
    for lines in sampled_lines(elevation):
        yield np.diff(lines, axis=1)


def _gaps(elevation: np.ndarray) -> Text | None:
    """Missing cells all over the map, as where points were made into a raster without interpolation."""
    gaps = pairs = 0
    for lines in sampled_lines(elevation):
        known = np.isfinite(lines)
        gaps += int((known[:, 1:] ^ known[:, :-1]).sum())
        pairs += int((known[:, 1:] | known[:, :-1]).sum())
    if gaps <= _GAPS_SHARE * pairs:
        return None
    return Text(
        "The DEM is full of gaps: of {:.0f} % of the pairs of neighbouring cells, one is missing. Slopes at gaps are "
        "less certain, and groundwater does not flow across them. Fill them first (Raster > Analysis > Fill NoData).",
        100.0 * gaps / pairs,
    )  # fmt: skip


def _step_shares(elevation: np.ndarray) -> tuple[float, float]:
    """Shares of the steps along sampled rows and columns: high ones between low ones, ones reversed by the next."""
    walls = crowns = steps = 0
    for step in _sampled_steps(elevation):
        high = np.abs(step)
        before, here, after = high[:, :-2], high[:, 1:-1], high[:, 2:]
        with np.errstate(invalid="ignore"):
            walls += int(((here > _ROOF_STEP_M) & (3.0 * np.maximum(before, after) < here)).sum())
            turns = step[:, 1:-1] * step[:, 2:] < 0.0
            crowns += int((turns & (np.minimum(here, after) > _CROWN_M)).sum())
        steps += int(np.isfinite(before + here + after).sum())
    return (walls / steps, crowns / steps) if steps else (0.0, 0.0)


def _bare_frame(terrain: Terrain) -> Text | None:
    """A soil depth of 0 all around or along a side, as where it fills the raster outside the study area."""
    edge_share = zero_frame_share(terrain.soil_depth, terrain.valid)
    if edge_share is None:
        return None
    return Text(
        "The soil depth is 0 m, which is bare rock, in {:.0f} % of the cells along the edge of the DEM: if it marks "
        "missing depths there, declare 0 as NoData in the layer's properties.",
        100.0 * edge_share,
    )  # fmt: skip
