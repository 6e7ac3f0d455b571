"""Voids that were filled with a constant; none of lakes, the sea, plains, terraces and rounded heights."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.polygons.regions import equal_regions
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.filled_voids import filled_void_caution
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

SIZE = 128
SEEDS = {1.0: 24, 2.0: 7, 5.0: 2, 10.0: 3, 30.0: 5}


@cache
def ground(cell):
    return procedural_area(SEEDS[cell], (SIZE, SIZE), cell).elevation.astype(np.float32)


def doubt(heights, cell):
    heights = np.ascontiguousarray(heights, dtype=np.float32)
    return str(filled_void_caution(heights, Grid.local(heights.shape, cell)) or "")


def filled(heights, cells, value=None):
    """The same with one elevation in some cells: a given one, or the mean of theirs."""
    made = heights.copy()
    made[cells] = np.mean(made[cells]) if value is None else value
    return made


def steepest(heights, side):
    """A square of so many cells where the ground rises most."""
    best = max(
        (float(np.ptp(heights[row : row + side, col : col + side])), row, col)
        for row in range(4, SIZE - side - 4, 8)
        for col in range(4, SIZE - side - 4, 8)
    )
    return np.s_[best[1] : best[1] + side, best[2] : best[2] + side]


def blob(cells):
    """The same cells without their corners: an irregular patch."""
    mask = np.zeros((SIZE, SIZE), dtype=bool)
    mask[cells] = True
    row, col = np.nonzero(mask)
    away = np.hypot(row - row.mean(), col - col.mean()) + 2.0 * np.sin(row) * np.cos(0.7 * col)
    mask[row, col] = away < 0.55 * np.ptp(row)
    return mask


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("side", [8, 20, 40])
def test_a_void_filled_with_a_constant_is_noticed(cell, side):
    heights = ground(cell)
    cells = steepest(heights, side)
    assert doubt(heights, cell) == ""
    assert f"constant ({side * side:,} cells" in doubt(filled(heights, cells), cell)
    assert "constant" in doubt(filled(heights, blob(cells)), cell)
    for value in (heights[cells].max() + cell, heights[cells].min() - 4.0 * cell):
        assert "constant" in doubt(filled(heights, cells, value), cell)


def test_the_largest_patch_is_named():
    row, col = np.mgrid[:SIZE, :SIZE]
    heights = 500.0 + 5.0 * row + 3.0 * np.sin(col / 9.0)
    made = filled(filled(heights, np.s_[20:30, 30:40]), np.s_[60:80, 70:90], 850.0)
    assert "(500 cells; the largest patch is at x = 800, y = 580 and 850 m)" in doubt(made, 10.0)


def test_a_void_at_the_edge_or_at_missing_cells_is_noticed():
    heights = ground(10.0)
    cells = steepest(heights, 20)
    made = filled(heights, cells)
    made[: cells[0].start] = np.nan
    assert "constant" in doubt(made, 10.0)
    assert "constant" in doubt(filled(heights, cells)[cells[0].start + 5 :], 10.0)


def lakes(heights, cell):
    """Lakes up to the shore in the deepest hollow, with a shore that ends anywhere, and half of the map under water."""
    for share in (0.05, 0.15, 0.3, 0.5):
        level = np.quantile(heights, share)
        below, count = equal_regions(heights < level, lambda some: some)
        if count:
            lake = below == np.bincount(below[below >= 0]).argmax()
            yield filled(heights, lake, level)
        yield np.maximum(heights, level)
        yield np.maximum(np.round(heights), np.round(level))
        yield np.maximum(heights - level, 0.0)


@pytest.mark.parametrize("cell", SEEDS)
def test_lakes_and_the_sea_are_no_voids(cell):
    for made in lakes(ground(cell), cell):
        assert doubt(made, cell) == ""


def test_a_reservoir_behind_a_dam_is_no_void():
    """The valley falls by 0.1; its floor is lower than the water below the dam only."""
    row, col = np.mgrid[:SIZE, :SIZE]
    valley = 300.0 + 0.5 * row + 3.0 * np.abs(col - 64.0)
    made = np.where(row > 60, np.maximum(valley, 345.0), valley)
    dam = (row >= 59) & (row <= 60) & (valley < 346.0)
    made[dam] = 346.0
    assert doubt(made, 5.0) == ""


def test_ponds_and_platforms_of_low_steps_are_no_voids():
    """A pond behind a bank, and a field with a wall of 1 m at cells of 5 m."""
    row, col = np.mgrid[:SIZE, :SIZE]
    slope = 100.0 + 0.4 * row + 0.2 * np.sin(col / 5.0)
    assert doubt(filled(slope, np.s_[40:44, 40:60]), 5.0) == ""


@pytest.mark.slow
def test_ground_has_no_voids():
    for seed in range(60):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        heights = procedural_area(seed, (128, 128), cell).elevation
        for step in (0.01, 0.1, 1.0, 0.3048):
            for made in (heights, np.round(heights / step) * step):
                assert doubt(made, cell) == "", (seed, cell, step)


def test_the_terrain_is_in_doubt():
    heights = ground(10.0)
    found = terrain_cautions(Terrain.from_arrays(filled(heights, steepest(heights, 20)), 1.5, 10.0))
    assert ["filled with a constant" in str(text) for text in found] == [True]
