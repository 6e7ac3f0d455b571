"""Straight lines across which elevations do not fit together; none in ground, whole, rounded or interpolated."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.shifted_tiles import shifted_tile_caution
from slopecast.plugin.core.topography.step_signs import step_signs
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

SIZE = 256
SEEDS = {1.0: 0, 2.0: 1, 5.0: 14, 10.0: 3, 30.0: 11}


@cache
def ground(cell):
    return procedural_area(SEEDS[cell], (SIZE, SIZE), cell).elevation.astype(np.float32)


def doubt(heights, cell):
    heights = np.ascontiguousarray(heights, dtype=np.float32)
    return str(shifted_tile_caution(heights, Grid.local(heights.shape, cell), step_signs(heights, (cell, cell))) or "")


def shifted(heights, along):
    """The right part shifted by a cell along the line between the parts, or away from the left one."""
    if along:
        made = heights[1:].copy()
        made[:, 100:] = heights[:-1, 100:]
        return made
    return np.delete(heights, 100, axis=1)


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("along", [True, False])
def test_tiles_that_are_shifted_by_a_cell_are_noticed(cell, along):
    heights = ground(cell)
    assert doubt(heights, cell) == ""
    assert f"from x = {100 * cell:.0f}, y = " in doubt(shifted(heights, along), cell)
    assert "such lines in all: 1" in doubt(shifted(heights.T, along).T, cell)


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("size", [100, 150])
def test_tiles_in_a_wrong_place_are_noticed_on_small_maps(cell, size):
    """Two halves that were swapped, and one that was turned over."""
    heights = ground(cell)[:size, : size + 20]
    assert doubt(heights, cell) == ""
    at = size // 2
    turned = np.hstack([heights[:, :at], heights[::-1, at:]])
    for made in (np.hstack([heights[:, at:], heights[:, :at]]), turned, turned.T):
        assert "do not fit together" in doubt(made, cell)


def test_lines_of_interpolation_are_no_tiles():
    heights, place = ground(10.0)[:128, :128], np.linspace(0.0, 127.0, 300)
    for _ in range(2):
        heights = np.array([np.interp(place, np.arange(128.0), line) for line in heights]).T
    assert doubt(heights, 4.2) == ""


def test_small_maps_and_planes_are_no_doubt():
    row, col = np.mgrid[:SIZE, :SIZE].astype(float)
    for made in (5.0 * row, 2.0 * row + 3.0 * col, np.abs(row - 80.0) * 4.0, 0.0 * row, ground(10.0)[:100, :100]):
        assert doubt(made, 10.0) == ""
    assert doubt(ground(10.0)[:4, :], 10.0) == ""
    assert doubt(ground(10.0)[:, :3], 10.0) == ""


@pytest.mark.slow
def test_ground_has_no_such_lines():
    for seed in range(24):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        heights = procedural_area(seed, (SIZE, SIZE), cell).elevation
        for made in (heights, np.round(heights), np.maximum(heights, np.median(heights))):
            assert doubt(made, cell) == "", (seed, cell)


def test_the_terrain_is_in_doubt():
    found = terrain_cautions(Terrain.from_arrays(shifted(ground(10.0), along=True), 1.5, 10.0))
    assert "between tiles" in " ".join(str(text) for text in found)
