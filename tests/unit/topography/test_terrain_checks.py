"""Doubts about a terrain: units of height, surface models, bare frames; none about ground in metres."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.synthetic import paper_site, procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

FOOT_M = 0.3048


def doubts(heights, cell, depth=2.0):
    """The cautions as one text."""
    return " ".join(str(text) for text in terrain_cautions(Terrain.from_arrays(heights, depth, cell)))


def waves(steepest_deg, cell=10.0, size=100, base=500.0):
    """Waves whose steepest slope is known; nine tenths of a sine's slopes lie below 0.988 of it."""
    row, _ = np.mgrid[:size, :size]
    length = 25.0 * cell
    return base + np.tan(np.radians(steepest_deg)) * length / (2 * np.pi) * np.sin(2 * np.pi * row * cell / length)


@pytest.mark.parametrize("factor", [1.0, 1 / FOOT_M, 3937 / 1200, 10.0, 100.0])
@pytest.mark.parametrize("steepest", [28.0, 35.0, 45.0])
def test_heights_in_another_unit_are_noticed_by_their_slopes(steepest, factor):
    """A wave of 28 deg in feet has a tenth of its cells above 60 deg."""
    heights = waves(steepest) * factor
    heights -= heights.min() - 10.0  # else the refusal of heights above 9000 m comes first
    if heights.max() > 9000.0:
        pytest.skip("refused")
    assert ("feet" in doubts(heights, 10.0)) == (factor > 1.0)


@pytest.mark.parametrize(
    ("cell", "doubted"),
    [(1000.0, "gentler than those of hillsides"), (250.0, "gentler than those of hillsides"), (90.0, ""), (1.0, ""),
     (0.9996, ""), (0.25, "furrows")],
)  # fmt: skip
def test_cells_that_are_too_wide_or_too_narrow_are_doubted(cell, doubted):
    found = doubts(waves(30.0, cell), cell)
    assert (f"measure {cell:g} m" in found) == bool(doubted)
    assert doubted in found


@pytest.mark.parametrize(
    ("least", "greatest", "doubted"),
    [(0.0, 255.0, True), (1.0, 255.0, True), (0.0, 254.0, True), (0.0, 254.6, False), (12.0, 255.0, False)],
)
def test_heights_that_were_rescaled_for_display_are_doubted(least, greatest, doubted):
    """As by gdal_translate -scale: smooth as ground, and not as steep."""
    heights = waves(30.0)
    heights = (least + (greatest - least) * (heights - heights.min()) / np.ptp(heights)).astype(np.float32)
    assert ("rescaled for display" in doubts(heights, 40.0)) == doubted


@pytest.mark.parametrize("foot", [FOOT_M, 1200 / 3937])
@pytest.mark.parametrize("cell", [5.0, 30.0, 90.0])
def test_whole_metres_in_feet_are_noticed_on_gentle_ground(cell, foot):
    heights = np.round(waves(9.0, cell))
    assert "whole metres" in doubts((heights / foot).astype(np.float32), cell)
    assert doubts(heights, cell) == ""
    assert "whole metres" not in doubts(np.round(heights / foot) * foot, cell)  # whole feet, in metres


@pytest.mark.slow
def test_three_of_four_study_areas_in_feet_are_noticed_and_none_in_metres():
    """Where the median slope in metres is 10 deg or more; gentler ground looks like a study area in metres."""
    steep = noticed = 0
    for seed in range(24):
        made = procedural_area(seed, (96, 96), (5.0, 10.0, 30.0)[seed % 3])
        heights, cell = made.elevation, made.cell_size
        assert "feet" not in doubts(heights, cell), seed
        assert "feet" not in doubts(np.round(heights), cell), seed
        if np.degrees(np.median(Terrain.from_arrays(heights, 1.0, cell).slope)) >= 10.0:
            steep += 1
            low = heights - heights.min()
            noticed += "feet" in doubts(low / np.float32(FOOT_M), cell)
    assert noticed >= 0.75 * steep


def with_boxes(heights, cell, cover, rng):
    """Buildings of 8 to 30 m with flat roofs, 4 to 20 m high."""
    heights = heights.copy()
    for _ in range(int(cover * heights.size * cell**2 / 19.0**2)):
        row, col = (int(rng.integers(0, side)) for side in heights.shape)
        high, wide = (max(1, int(rng.uniform(8.0, 30.0) / cell)) for _ in range(2))
        block = heights[row : row + high, col : col + wide]
        block[...] = np.median(block) + rng.uniform(4.0, 20.0)
    return heights


def with_trees(heights, cover, rng):
    """Crowns of a cell, 5 to 30 m high."""
    return heights + np.where(rng.random(heights.shape) < cover, rng.uniform(5.0, 30.0, heights.shape), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("cell", [1.0, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_buildings_and_trees_are_noticed(cell, seed):
    ground = procedural_area(seed, (128, 128), cell).elevation.astype(float)
    rng = np.random.default_rng(seed)
    assert "surface model" not in doubts(ground, cell)
    assert "surface model" in doubts(with_boxes(ground, cell, 0.12, rng), cell)
    if cell >= 5.0:
        assert "surface model" in doubts(with_trees(ground, 0.15, rng), cell)


@pytest.mark.slow
@pytest.mark.parametrize("cell", [1.0, 2.0, 5.0, 10.0])
def test_bare_ground_is_no_surface_model(cell):
    for seed in range(10, 30):
        ground = procedural_area(seed, (96, 96), cell).elevation
        for heights in (ground, np.round(ground)):
            assert "surface model" not in doubts(heights, cell), seed


def test_wide_cells_show_no_buildings():
    rng = np.random.default_rng(0)
    assert "surface model" not in doubts(with_trees(waves(20.0, 30.0), 0.2, rng), 30.0)


@pytest.mark.slow
def test_the_hill_of_the_paper_has_no_cautions():
    made = paper_site()
    assert doubts(made.elevation, made.cell_size) == ""


@pytest.mark.parametrize(
    ("rock", "noticed"),
    [
        (lambda row, col: np.hypot(row - 30, col - 30) > 24, True),  # all around a study area
        (lambda row, col: np.maximum(abs(row - 30), abs(col - 30)) > 25, True),
        (lambda row, col: (row < 20) | (row > 45) | (col < 10), True),
        (lambda row, col: np.hypot(row - 30, col - 30) < 24, False),  # a bare summit
        (lambda row, col: (row + col) % 7 == 0, False),
        (lambda row, col: row < 25, True),  # along a whole side
        (lambda row, col: col > 50, True),
        (lambda row, col: row + np.round(9.0 * np.sin(col / 5.0)) < 5, False),  # a bare crest at the edge
        (lambda row, col: row < 45, False),  # most is rock
        (lambda row, col: (row < 35) | (col < 35), True),  # but for a corner
        (lambda row, col: row >= 0, False),  # rock everywhere
        (lambda row, col: row < 0, False),
    ],
)
def test_a_frame_of_bare_rock_may_be_missing_depths(rock, noticed):
    row, col = np.mgrid[:61, :61]
    depth = np.where(rock(row, col), 0.0, 1.5)
    assert ("declare 0" in doubts(waves(25.0, size=61), 10.0, depth)) == noticed


@pytest.mark.parametrize(
    ("missing", "noticed"),
    [
        (lambda row, col: np.random.default_rng(1).random(row.shape) < 0.3, True),  # points without interpolation
        (lambda row, col: (row + col) % 2 == 0, True),
        (lambda row, col: np.random.default_rng(1).random(row.shape) < 0.05, False),
        (lambda row, col: (row % 20 > 9) | (col % 20 > 9), False),  # islands of 10 cells
        (lambda row, col: np.hypot(row - 30, col - 30) > 24, False),  # a study area
    ],
)
def test_a_dem_full_of_gaps_is_noticed(missing, noticed):
    row, col = np.mgrid[:61, :61]
    heights = np.where(missing(row, col), np.nan, waves(25.0, size=61))
    assert ("full of gaps" in doubts(heights, 10.0)) == noticed


def test_ground_below_the_sea_or_counted_downwards_is_noticed():
    heights = waves(25.0, base=300.0)
    assert doubts(heights, 10.0) == ""
    for wrong in (-heights, heights - 2000.0, heights - 300.0, np.where(np.arange(100) < 3, -50.0, heights)):
        assert "below sea level" in doubts(wrong, 10.0)
    assert "below sea level" not in doubts(np.where(np.arange(100) < 30, heights, -4.0), 10.0)  # a polder


def derived(heights, cell):
    """Maps of the same place that may be chosen in place of the elevation."""
    north, east = np.gradient(heights, cell)
    slope = np.arctan(np.hypot(north, east))
    aspect = np.arctan2(-east, north)
    shade = np.cos(np.pi / 4) * (np.cos(slope) + np.sin(slope) * np.cos(np.radians(315.0) - aspect))
    return {"slope": np.degrees(slope), "per cent": 100.0 * np.tan(slope), "shade": 255.0 * np.clip(shade, 0.0, 1.0)}


@pytest.mark.slow
@pytest.mark.parametrize("cell", [5.0, 10.0])
def test_maps_made_from_the_elevation_are_no_ground(cell):
    """Where their median slope is above 2 deg: smooth and gentle ones look like ground."""
    noticed = steep = 0
    for seed in range(12):
        heights = procedural_area(seed, (96, 96), cell).elevation.astype(float)
        assert "from cell to cell" not in doubts(heights, cell), seed
        for made in derived(heights, cell).values():
            if np.degrees(np.median(Terrain.from_arrays(made, 1.0, cell).slope)) > 2.0 and made.min() < 2.0:
                steep += 1
                noticed += doubts(made, cell) != ""
    assert steep >= 12
    assert noticed >= 0.8 * steep  # the smoothest ones look like hills


def test_small_pieces_of_ground_are_no_hillshade():
    """Of 64 to 95 cells a side, on hillslopes and on valley floors."""
    for seed in range(9):
        cell = (5.0, 10.0, 30.0)[seed % 3]
        ground = procedural_area(seed, (160, 160), cell).elevation
        for side in (64, 80):
            for row, col in ((0, 0), (40, 80), (80, 40), (80, 80)):
                piece = ground[row : row + side, col : col + side]
                assert "hillshade" not in doubts(piece, cell), (seed, side, row, col)


@pytest.mark.parametrize("greatest", [20.0, 255.0])
def test_values_that_do_not_grow_with_distance_are_no_ground(greatest):
    """Smooth maps as of shades, curvatures and position indices, whatever their range."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(160, 160))
    away = np.arange(-5, 6)
    weights = np.exp(-(away**2) / (2.0 * 1.3**2))  # neighbouring steps then have a correlation of 0.62
    for axis in (0, 1):
        noise = sum(weight * np.roll(noise, int(place), axis) for weight, place in zip(weights, away))
    values = greatest * (noise - noise.min()) / np.ptp(noise)
    for made in (values, values + 300.0, values - 0.4 * greatest):
        for side in (160, 96, 80, 64):
            assert "hillshade" in doubts(made[:side, :side], 30.0)
        assert "hillshade" not in doubts(made[:40, :40], 30.0)  # a hillside may look like that
    row, col = np.mgrid[:160, :160]
    for width in (3, 6, 12):  # too narrow to tell
        assert "hillshade" not in doubts(np.where(np.abs(row - col) < width, 0.1 * values, np.nan), 30.0)
    ground = procedural_area(3, (160, 160), 30.0).elevation
    assert "hillshade" not in doubts(ground + 0.2 * values, 30.0)
    assert "hillshade" not in doubts(300.0 + 30.0 * np.sin(col / 4.0 + row / 40.0), 30.0)  # ridges
