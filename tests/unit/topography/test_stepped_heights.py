"""Elevations that rise in steps: repeated rows, coarse heights, contour lines; none of ground as it is."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.stepped_heights import stepped_heights_caution


def ground(seed=5, cell=10.0, size=96):
    """Heights of a study area, which are no multiples of anything."""
    heights = procedural_area(seed, (size, size), cell).elevation.astype(np.float64)
    return heights + 0.01 * np.sin(np.arange(heights.size).reshape(heights.shape))


def doubt(heights, cell=10.0):
    return str(stepped_heights_caution(Terrain.from_arrays(heights, 1.0, cell)) or "")


def nearest(heights, factor, turn=0.0):
    """The same heights in cells smaller by a factor and turned by an angle [rad], each the nearest of the old ones."""
    side = int(heights.shape[0] * min(factor, 1.0) * 0.9)
    row, col = np.mgrid[:side, :side] / factor
    across, down = col * np.cos(turn) + row * np.sin(turn), row * np.cos(turn) - col * np.sin(turn)
    inside = [np.clip(np.round(part).astype(int), 0, heights.shape[0] - 1) for part in (down - down.min(), across)]
    return heights[tuple(inside)]


@pytest.mark.parametrize("factor", [1.04, 1.3, 2.0, 3.0, 6.0])
@pytest.mark.parametrize("whole_metres", [False, True])
def test_rows_that_repeat_are_noticed(factor, whole_metres):
    heights = ground(size=128)
    cell = 30.0 if whole_metres else 10.0
    heights = np.round(heights * 3.0) if whole_metres else heights
    assert doubt(heights, cell) == ""
    assert "without interpolation" in doubt(nearest(heights, factor), cell / factor)


@pytest.mark.parametrize("degrees", [0.5, 1.0])
def test_rows_that_repeat_for_some_cells_are_noticed(degrees):
    """As in a DEM in degrees that was reprojected by the nearest cell."""
    turned = nearest(ground(size=160), 1.2, np.radians(degrees))
    assert "without interpolation" in doubt(turned, 10.0 / 1.2)


@pytest.mark.parametrize(
    ("step", "cell", "noticed"),
    [(1.0, 5.0, True), (2.0, 10.0, True), (5.0, 10.0, True), (10.0, 30.0, True), (1.0, 10.0, False), (0.1, 5.0, False)],
)
def test_heights_too_coarse_for_the_cells_are_noticed(step, cell, noticed):
    for seed in (4, 5, 6):
        heights = np.round(ground(seed, cell) / step) * step
        assert (f"multiples of {step:g} m" in doubt(heights, cell)) == noticed, seed


@pytest.mark.parametrize("interval", [10.0, 20.0])
def test_level_ground_along_contour_lines_is_noticed(interval):
    """Between the lines heights rise as before, but steeper."""
    heights = ground(cell=10.0, size=160) * 2.0
    above = heights / interval - np.floor(heights / interval)
    made = interval * (np.floor(heights / interval) + np.clip((above - 0.15) / 0.7, 0.0, 1.0))
    assert "contour lines" in doubt(made)
    assert f"multiples of {interval:g} m" in doubt(made)


@pytest.mark.slow
@pytest.mark.parametrize("cell", [2.0, 5.0, 10.0, 30.0])
def test_ground_has_no_steps(cell):
    for seed in range(20):
        heights = procedural_area(seed, (96, 96), cell).elevation.astype(np.float64)
        if cell < 10.0 and (heights == np.round(heights)).all():
            continue  # surveyed in whole metres
        step = 0.1 if cell < 10.0 else 1.0
        with_lake = np.maximum(heights, np.median(heights))
        for made in (heights, np.round(heights / step) * step, with_lake):
            assert doubt(made, cell) == "", seed


@pytest.mark.parametrize(
    "heights",
    [
        np.add.outer(np.arange(64.0), np.zeros(64)) * 5.0,
        np.add.outer(np.arange(64.0), np.arange(64.0)) * 5.0,
        np.abs(np.arange(64.0) - 32.0) * np.ones((64, 1)) * 4.0,  # a valley
        np.full((64, 64), 3.0),
        np.full((2, 2), 3.0),
    ],
)
def test_planes_have_no_steps(heights):
    assert doubt(heights) == ""
