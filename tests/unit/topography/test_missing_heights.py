"""Missing heights in disguise are masked or refused; ground is not touched."""

from __future__ import annotations

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal, osr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.topography.missing_heights import without_missing_heights
from slopecast.plugin.core.topography.slope import horn_gradient

CELL, SIZE = 10.0, 72
RESAMPLINGS = ("bilinear", "cubic", "cubicspline", "lanczos", "average")


def hill(base=600.0, size=SIZE, cell=CELL):
    """Waves on a slope of 0.2: its steepest slope is 34 deg."""
    row, col = np.mgrid[:size, :size]
    return base + 3.0 * cell * (np.sin(col / 9.0) * np.cos(row / 7.0) + 1.0) + 0.2 * cell * col


def holes(where, size=SIZE):
    """Cells without heights: a side of the map, a pond, or all beyond a slanting line."""
    row, col = np.mgrid[:size, :size]
    return {
        "side": col < 9,
        "pond": (abs(row - 30) < 5) & (abs(col - 40) < 4),
        "slant": row + col < size // 2,
    }[where]


def cleaned(heights, cell=CELL):
    """Heights after the check, and its cautions."""
    log = Messages()
    return without_missing_heights(heights.astype(np.float32), Grid.local(heights.shape, cell), log), log.cautions


def warped(heights, alg, cell, epsg=None):
    """Resample to another cell size, or into another coordinate system."""
    dataset = gdal.GetDriverByName("MEM").Create("", heights.shape[1], heights.shape[0], 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((500_000, CELL, 0, 4_500_000, 0, -CELL))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32610)
    dataset.SetProjection(crs.ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(heights.astype(np.float32))
    into = {"dstSRS": f"EPSG:{epsg}", "dstNodata": np.nan} if epsg else {}
    array = gdal.Warp("", dataset, format="MEM", resampleAlg=alg, xRes=cell, yRes=cell, **into).ReadAsArray()
    array[~np.isfinite(array)] = np.nan  # as a raster is read
    return array


def worst_slope(heights, truth, cell):
    """Greatest error of a slope [deg], where heights are left."""
    kept = np.isfinite(heights)
    slopes = [np.hypot(*horn_gradient(np.where(kept, z, np.nan), cell, cell)) for z in (heights, truth)]
    return float(np.degrees(np.abs(np.arctan(slopes[0]) - np.arctan(slopes[1]))[kept]).max())


@pytest.mark.parametrize("where", ["side", "pond", "slant"])
@pytest.mark.parametrize("value", [1.0, -1.0, 255.0, 8888.0, -500.0, -10_000.0, 137.25])
def test_a_plateau_behind_walls_is_masked_and_counted(value, where):
    truth, hole = hill(1500.0), holes(where)
    heights, cautions = cleaned(np.where(hole, value, truth))
    np.testing.assert_array_equal(np.isfinite(heights), ~hole)
    np.testing.assert_array_equal(heights[~hole], truth.astype(np.float32)[~hole])
    assert len(cautions) == 1
    assert f"{hole.sum():,} of {SIZE * SIZE:,} cells" in cautions[0]
    assert f"contain {value:g} m" in cautions[0]


@pytest.mark.parametrize("value", [0.0, -9999.0, -32768.0, -99_999.0, 9999.0, 32_767.0, 65_535.0, 1e20, -3.4e38])
def test_a_value_that_only_has_to_be_declared_is_refused(value):
    with pytest.raises(InputError, match="Additional no data value"):
        cleaned(np.where(holes("pond"), value, hill()))


@pytest.mark.slow
@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("factor", [0.25, 0.5, 0.7, 1.3, 2.0])
@pytest.mark.parametrize("alg", RESAMPLINGS)
@pytest.mark.parametrize(("value", "base"), [(-9999.0, 800.0), (0.0, 800.0), (-32768.0, 200.0), (1e20, 300.0)])
def test_rims_of_resampling_are_masked(value, base, alg, factor, declared):
    """No height that is left is far from the truth, and most of the land stays; or the value itself is refused."""
    cell = CELL * factor
    for where in ("side", "slant"):
        truth = warped(hill(base), alg, cell)
        smeared = warped(np.where(holes(where), value, hill(base)), alg, cell)
        if declared:
            smeared[smeared == np.float32(value)] = np.nan
        apart = value == 0.0 and not ((smeared < 50.0) & (smeared != 0.0)).any() and (smeared >= 0.0).all()
        if (smeared == np.float32(value)).any() and (value <= -9999.0 or value > 9000.0 or apart):
            with pytest.raises(InputError, match="Additional no data value"):
                cleaned(smeared, cell)
            continue
        heights, cautions = cleaned(smeared, cell)
        assert worst_slope(heights, truth, cell) < 3.0
        assert np.isfinite(heights).mean() > 0.55
        if np.nanmax(np.abs(smeared - truth)) > 100.0:
            assert len(cautions) == 1


@pytest.mark.parametrize("alg", RESAMPLINGS)
def test_rims_of_a_warp_into_another_system_are_masked(alg):
    truth = warped(hill(900.0), alg, 12.0, 26910 + 1)
    smeared = warped(np.where(holes("slant"), -9999.0, hill(900.0)), alg, 12.0, 26910 + 1)
    smeared[smeared == -9999.0] = np.nan
    heights, cautions = cleaned(smeared, 12.0)
    assert np.nanmax(np.abs(heights - truth)) < 1.0
    assert len(cautions) == 1


@pytest.mark.parametrize("height", [-4000.0, 5000.0, 150.0, 1500.0])
def test_single_spikes_and_pits_are_masked_alone(height):
    heights = hill()
    cells = ([8, 20, 20, 71], [8, 50, 53, 0])
    heights[cells] = [height, height + 7.0, height - 11.0, height + 3.0]
    left, cautions = cleaned(heights)
    assert sorted(zip(*np.nonzero(np.isnan(left)))) == sorted(zip(*cells))
    assert "4 of 5,184 cells" in cautions[0]


def test_many_small_voids_of_one_value_are_masked():
    truth, hole = hill(1000.0), np.zeros((SIZE, SIZE), dtype=bool)
    hole[4::12, 5::9] = hole[5::12, 5::9] = True
    heights, cautions = cleaned(np.where(hole, 30.0, truth))
    np.testing.assert_array_equal(np.isnan(heights), hole)
    assert f"{hole.sum()} contain 30 m" in cautions[0]


def test_more_walls_than_ground_is_refused():
    heights = hill() + 400.0 * (np.indices((SIZE, SIZE)).sum(axis=0) % 2)
    heights[:6, :6] = hill()[:6, :6]
    with pytest.raises(InputError, match="a continuous surface"):
        cleaned(heights)


def cliff(cell, height, cells, row, col):
    """A cliff along a wavy line that takes some cells, textured; ground that rises on both sides."""
    rng = np.random.default_rng(3)
    face = height / (1.0 + np.exp(-4.0 * (col - 60 + 6.0 * np.sin(row / 13.0)) / cells))
    return 500.0 + 0.3 * cell * col + 4.0 * np.sin(row / 9.0) * cell + face + rng.normal(0.0, 0.3, row.shape)


def scenes():
    """Ground that looks like missing heights: (name, heights, cell size)."""
    row, col = np.mgrid[:120, :120].astype(float)
    away = np.hypot(row - 60.0, col - 60.0)
    rough = np.random.default_rng(5).normal(0.0, 0.3, row.shape)
    for cell in (2.0, 5.0, 10.0, 30.0):
        for height, cells in ((100.0, 4), (300.0, 8), (1000.0, 20), (1000.0, 12)):
            if height / cells > 12.0 * cell:
                continue
            land = cliff(cell, height, cells, row, col)
            yield f"cliff of {height:g} m, cells of {cell:g} m", land, cell
            lake = np.where((col < 48) & (col > 9), np.minimum(land, land[:, 48].min()), land)
            lake = np.where(col <= 9, lake[:, 10:11] + 0.1 * cell * (10.0 - col), lake)  # its gentle shore
            yield f"lake below a cliff of {height:g} m, cells of {cell:g} m", lake, cell
        for slope in (0.1, 0.6, 1.7):
            shore = slope * cell
            yield f"lake, shore of {slope:g}", 1000.0 + np.maximum(0.0, shore * (away - 30.0) + rough), cell
            yield f"island, coast of {slope:g}", np.maximum(0.0, shore * (35.0 - away) + rough), cell
        bank = np.maximum(0.0, 2.0 * cell * (np.abs(col - 60.0 - 8.0 * np.sin(row / 15.0)) - 10.0))
        yield "fjord", np.minimum(bank, 1200.0) + rough * (bank > 0.0), cell
        yield "whole metres of a valley floor", np.round(np.maximum(412.0, 412.0 + 0.7 * cell * (col - 70.0))), cell
        yield "below the sea level", np.where(col < 50, -430.0, -430.0 + (col - 50.0) * cell * 0.5), cell
        yield "polder", np.round(rough * 2.0 - 4.0), cell
        pit = 300.0 + 0.2 * cell * col
        pit[40:70, 40:70] -= 38.0
        yield "quarry", pit, cell
        hole = np.where(away < 20.0, np.nan, 800.0 + 0.5 * cell * col)
        yield "declared NoData", hole, cell


@pytest.mark.parametrize(("name", "heights", "cell"), list(scenes()))
def test_ground_is_left_as_it_is(name, heights, cell):
    left, cautions = cleaned(heights, cell)
    assert not cautions, name
    np.testing.assert_array_equal(left, heights.astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("whole_metres", [False, True])
@pytest.mark.parametrize("cell", [2.0, 5.0, 10.0, 30.0])
def test_procedural_study_areas_are_left_as_they_are(cell, whole_metres):
    for seed in range(12):
        heights = procedural_area(seed, (96, 96), cell, masked=seed % 3 == 0).elevation
        heights = np.round(heights) if whole_metres else heights
        left, cautions = cleaned(heights, cell)
        assert not cautions, seed
        np.testing.assert_array_equal(left, heights)


@pytest.mark.parametrize("value", [-32767.0, 65535.0, -3.4028235e38])
@pytest.mark.parametrize("seed", [1, 2])
def test_level_ground_beside_missing_data_is_kept(value, seed):
    """Of whole metres, the flats of a valley have no steep shore but the marks that cross them."""
    area = procedural_area(seed, (48, 48), CELL)
    heights = np.round(area.elevation + 200.0).astype(np.float64)
    marks = np.eye(48, dtype=bool)
    heights[marks] = value
    found, cautions = cleaned(heights)
    assert (np.isnan(found) == marks).all()
    (text,) = cautions
    assert text.startswith("48 of 2,304 cells")
