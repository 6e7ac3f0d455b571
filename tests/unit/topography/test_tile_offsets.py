"""Straight steps between tiles of different vertical offsets; none of ground, lakes, walls and roads."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from slopecast.plugin.core import soil_depth
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.map_parts import threads
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography import step_signs as counting
from slopecast.plugin.core.topography.step_signs import step_signs
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions
from slopecast.plugin.core.topography.tile_offsets import depth_offset_caution, tile_offset_caution

SIZE = 160
SEEDS = {1.0: 0, 2.0: 1, 5.0: 2, 10.0: 3, 20.0: 4, 30.0: 5}


@cache
def ground(cell, size=SIZE):
    return procedural_area(SEEDS[cell], (size, size), cell).elevation.astype(np.float32)


def doubt(heights, cell):
    heights = np.ascontiguousarray(heights, dtype=np.float32)
    grid = Grid.local(heights.shape, cell)
    return str(tile_offset_caution(heights, grid, step_signs(heights, (cell, cell))) or "")


def with_offset(heights, offset, rows=slice(None), cols=slice(None)):
    made = heights.copy()
    made[rows, cols] += np.float32(offset)
    return made


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("sign", [1, -1])
def test_an_offset_along_a_whole_column_or_row_is_noticed(cell, sign):
    heights, offset = ground(cell), 0.6 * cell
    assert doubt(heights, cell) == ""
    found = doubt(with_offset(heights, sign * offset, cols=slice(70, None)), cell)
    assert f"from x = {70 * cell:.0f}, y = " in found
    assert f"to x = {70 * cell:.0f}, y = " in found
    found = doubt(with_offset(heights, sign * offset, rows=slice(90, None)), cell)
    assert f"y = {(SIZE - 90) * cell:.0f} to x = " in found  # counted from the lower left corner


@pytest.mark.parametrize(("cell", "offset"), [(1.0, 0.5), (2.0, 0.5), (5.0, 3.0), (10.0, 3.0), (30.0, 12.0)])
def test_the_height_of_an_offset_is_measured(cell, offset):
    found = doubt(with_offset(ground(cell), offset, cols=slice(80, None)), cell)
    assert abs(float(found.split(" by ")[1].split(" m ")[0]) - offset) < 0.15 * offset


@pytest.mark.parametrize("cell", [1.0, 5.0, 10.0])
def test_the_tiles_of_a_mosaic_are_noticed(cell):
    """Of 80 cells, each with its own offset; the lines at a corner are parts of a row and of a column."""
    offsets = iter((0.0, 0.5, -0.4, 0.7))
    made = ground(cell)
    for rows in (slice(0, 80), slice(80, None)):
        for cols in (slice(0, 80), slice(80, None)):
            made = with_offset(made, next(offsets) * cell, rows, cols)
    assert "such lines in all: 2" in doubt(made, cell)
    assert "such lines in all" in doubt(with_offset(ground(cell), 0.6 * cell, slice(0, 80), slice(80, None)), cell)
    assert "such lines in all" in doubt(with_offset(ground(cell), 0.6 * cell, slice(40, 120), slice(40, 120)), cell)


def test_a_part_in_feet_is_noticed():
    made = ground(10.0).copy()
    made[:, 100:] /= 0.3048
    assert "from x = 1000, " in doubt(made, 10.0)


def test_offsets_that_change_no_slope_are_not_named():
    """0.1 m at cells of 10 m are 0.6 deg."""
    row, col = np.mgrid[:SIZE, :SIZE]
    smooth = 400.0 + 60.0 * np.sin(row / 30.0) * np.cos(col / 25.0)
    assert doubt(with_offset(smooth, 0.1, cols=slice(70, None)), 10.0) == ""
    assert doubt(with_offset(smooth, 1.0, cols=slice(70, None)), 10.0) != ""


@pytest.mark.parametrize("cell", [1.0, 5.0, 30.0])
def test_missing_cells_hide_no_offset(cell):
    made = with_offset(ground(cell), 0.6 * cell, cols=slice(70, None))
    made[:30] = np.nan
    made[np.random.default_rng(0).random(made.shape) < 0.01] = np.nan
    assert f"from x = {70 * cell:.0f}, " in doubt(made, cell)


def test_the_size_of_strips_changes_nothing(monkeypatch):
    made = with_offset(ground(10.0), 5.0, slice(0, 90), slice(70, None))
    found = doubt(made, 10.0)
    monkeypatch.setattr(counting, "_STRIP_CELLS", 1)  # strips of a block
    threads.limit_threads(1)
    assert doubt(made, 10.0) == found
    threads.limit_threads(0)


@pytest.mark.parametrize("shape", [(5, 400), (400, 5), (47, 47), (48, 48), (49, 333)])
def test_small_maps_are_looked_at_without_errors(shape):
    row, col = np.mgrid[: shape[0], : shape[1]]
    assert doubt(2.0 * row + 0.01 * col**2, 10.0) == ""


def walls(cell):
    """A wall of one cell, a bank of three cells and a road in a cut, all along columns."""
    heights = ground(cell)
    bank = np.zeros(SIZE, dtype=np.float32)
    bank[60:63] = 0.25 * cell, 0.5 * cell, 0.25 * cell
    yield with_offset(heights, 0.5 * cell, cols=slice(50, 51))
    yield heights + bank
    yield heights + np.cumsum(bank)[None, :]
    part = heights.copy()
    part[40:130, 70:74] = part[40:130, 70:71]
    yield part


@pytest.mark.parametrize("cell", [1.0, 2.0, 5.0, 10.0])
def test_walls_banks_and_roads_are_no_offsets(cell):
    for made in walls(cell):
        assert doubt(made, cell) == ""


@pytest.mark.slow
def test_ground_has_no_offsets():
    for seed in range(60):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        heights = procedural_area(seed, (128, 128), cell).elevation
        step = 0.1 if cell < 10.0 else 1.0
        for made in (heights, np.round(heights / step) * step, np.maximum(heights, np.median(heights)), 2.0 * heights):
            assert doubt(made, cell) == "", (seed, cell)


def test_planes_have_no_offsets():
    row, col = np.mgrid[:SIZE, :SIZE].astype(float)
    for made in (5.0 * row, 5.0 * row + 3.0 * col, np.abs(row - 80.0) * 4.0, 0.0 * row, np.round(0.7 * row)):
        assert doubt(made, 10.0) == ""


def test_the_terrain_is_in_doubt():
    heights = with_offset(ground(10.0), 3.0, cols=slice(70, None))
    found = terrain_cautions(Terrain.from_arrays(heights, 1.5, 10.0))
    assert ["between tiles" in str(text) for text in found] == [True]


def depth_doubt(depth, cell):
    depth = np.ascontiguousarray(depth, dtype=np.float32)
    return str(depth_offset_caution(depth, Grid.local(depth.shape, cell)) or "")


@cache
def depths(cell):
    return soil_depth.estimate(ground(cell), cell, cell)


@pytest.mark.parametrize("cell", SEEDS)
def test_tiles_of_another_soil_depth_or_unit_are_noticed(cell):
    depth = depths(cell)
    assert depth_doubt(depth, cell) == ""
    for factor, more in ((1.5, 0.0), (3.28, 0.0), (1.0, 0.6)):
        made = depth.copy()
        made[:, 70:] = made[:, 70:] * factor + more
        assert f"from x = {70 * cell:.0f}, " in depth_doubt(made, cell)
        made = depth.copy()
        made[:80, 70:] = made[:80, 70:] * factor + more
        assert "The soil depth changes by" in depth_doubt(made, cell)


def test_soil_depths_of_zones_are_no_tiles():
    zones = np.where(np.arange(SIZE) < 70, 1.0, 2.5) * np.ones((SIZE, 1))
    zones[90:] = 0.0
    coarse = np.kron(np.random.default_rng(0).uniform(1.0, 2.0, (SIZE // 8, SIZE // 8)), np.ones((8, 8)))
    for made in (zones, coarse, np.full((SIZE, SIZE), 1.5), np.zeros((SIZE, SIZE)), np.full((SIZE, SIZE), np.nan)):
        assert depth_doubt(made, 10.0) == ""


@pytest.mark.slow
def test_soil_has_no_offsets():
    for seed in range(60):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        depth = procedural_area(seed, (96, 96), cell).soil_depth
        for made in (depth, np.round(depth, 1), np.round(2.0 * depth) / 2.0):
            assert depth_doubt(made, cell) == "", (seed, cell)


def test_the_soil_depth_is_in_doubt():
    depth = depths(10.0).copy()
    depth[:, 70:] *= 1.5
    found = terrain_cautions(Terrain.from_arrays(ground(10.0), depth, 10.0))
    assert ["soil depth changes" in str(text) for text in found] == [True]
