"""Rows or columns that are offset against one another; none of ground, planes and waves along the cells."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.step_signs import step_signs
from slopecast.plugin.core.topography.stripes import striped_caution
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

SIZE = 128
SEEDS = {1.0: 0, 2.0: 1, 5.0: 2, 10.0: 3, 20.0: 4, 30.0: 5}


@cache
def ground(cell):
    return procedural_area(SEEDS[cell], (SIZE, SIZE), cell).elevation.astype(np.float32)


def doubt(heights, cell):
    heights = np.ascontiguousarray(heights, dtype=np.float32)
    grid = Grid.local(heights.shape, cell)
    return str(striped_caution(heights, grid, step_signs(heights, (cell, cell))) or "")


def offsets(cell, kind):
    """Offsets of the lines with a standard deviation of a twentieth to a tenth of a cell."""
    if kind == "random":
        return 0.08 * cell * np.random.default_rng(0).normal(size=SIZE)
    return 0.2 * cell * (np.arange(SIZE) % kind == 0)


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("kind", ["random", 2, 4])
def test_offsets_of_rows_and_columns_are_noticed(cell, kind):
    heights, of_lines = ground(cell), offsets(cell, kind)
    assert doubt(heights, cell) == ""
    assert doubt(heights + of_lines[:, None], cell).startswith("Rows of the DEM")
    assert doubt(heights + of_lines, cell).startswith("Columns of the DEM")


def test_the_height_of_the_stripes_is_measured():
    found = doubt(ground(10.0) + offsets(10.0, "random")[:, None], 10.0)
    assert abs(float(found.split("about ")[1].split(" m ")[0]) - 0.8) < 0.15


def test_missing_cells_hide_no_stripes():
    made = (ground(10.0) + offsets(10.0, "random")).astype(np.float32)
    made[:40] = np.nan
    made[:, 20:30] = np.nan
    assert "Columns" in doubt(made, 10.0)


def test_planes_and_waves_have_no_stripes():
    row, col = np.mgrid[:SIZE, :SIZE].astype(float)
    for made in (5.0 * row, np.round(0.7 * row), 20.0 * np.sin(row / 4.0) + 0.0 * col, np.abs(row % 40.0 - 20.0) * 4.0):
        assert doubt(made, 10.0) == ""


@pytest.mark.slow
def test_ground_has_no_stripes():
    for seed in range(60):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        heights = procedural_area(seed, (96, 96), cell).elevation
        for made in (heights, np.round(heights), np.maximum(heights, np.median(heights))):
            assert doubt(made, cell) == "", (seed, cell)


def test_the_terrain_is_in_doubt():
    heights = ground(10.0) + offsets(10.0, "random")
    found = terrain_cautions(Terrain.from_arrays(heights, 1.5, 10.0))
    assert "stripes" in " ".join(str(text) for text in found)
