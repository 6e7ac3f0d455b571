"""Estimated soil depths: a caution where steep soil gets too thin; method, bounds and extent travel with results."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from rasters import read_raster, write_raster

BOUNDS = {"dem": "bowl.tif", "extent": "200000, 559200, 200800, 560000"}


def run(algorithm, feedback, **given):
    import processing

    return processing.run(f"slopecast:{algorithm}", given, feedback=feedback)


@pytest.fixture
def bowl(tmp_path):
    """A paraboloid of 80 x 80 cells of 10 m, up to 48 deg steep in the corners."""
    row, col = np.mgrid[:80, :80] - 39.5
    z = np.tan(np.radians(48.0)) / (np.sqrt(2.0) * 800.0) * 100.0 * (row**2 + col**2) + 100.0
    return str(write_raster(tmp_path / "bowl.tif", z))


@pytest.mark.parametrize(
    ("method", "low", "high", "doubt"),
    [("exponential", 0.5, 4.0, True), ("exponential", 0.1, 3.0, True), ("slope", 0.5, 4.0, False),
     ("constant", 0.2, 4.0, False), ("exponential", 0.2, 5.0, True)],
)  # fmt: skip
def test_the_caution_and_the_bounds_reach_the_results(method, low, high, doubt, bowl, tmp_path, feedback):
    depth, fs = str(tmp_path / "depth.tif"), str(tmp_path / "fs.tif")
    run("estimatesoildepth", feedback, DEM=bowl, METHOD=method, DEPTH_MIN=low, DEPTH_MAX=high, SOIL_DEPTH=depth)
    assert any("does not decrease with slope" in text for text in feedback.warnings) == doubt
    written = read_raster(depth)[2]
    expected = {"method": method, "depth_min": f"{low:g} m", "depth_max": f"{high:g} m", **BOUNDS}
    assert {key: written[f"SLOPECAST_{key.upper()}"] for key in expected} == expected
    done = run("simulatefactorofsafety", feedback, DEM=bowl, SOIL_DEPTH=depth, FACTOR_OF_SAFETY=fs)
    entry = read_raster(fs)[2]["SLOPECAST_SOIL_DEPTH"]
    assert entry.startswith("depth.tif: ")
    assert all(f"{key} {value}" in entry for key, value in expected.items())
    assert ("does not decrease with slope" in done["RELIABILITY"]) == doubt
    for text in (done["RELIABILITY"], read_raster(fs)[2]["SLOPECAST_CAUTIONS"]):
        assert text.count("estimated from the elevation model alone") == (method != "constant")
        assert text.count("the same in every cell") == (method == "constant")
        assert text.count("use a measured soil depth layer where there is one") == 1


@pytest.mark.parametrize(("low", "high", "doubt"), [(10, 50, True), (0.5, 4, False), (1, 14, False)])
def test_bounds_in_another_unit_are_doubted(low, high, doubt, bowl, tmp_path, feedback):
    given = {"DEM": bowl, "DEPTH_MIN": low, "DEPTH_MAX": high, "SOIL_DEPTH": str(tmp_path / "depth.tif")}
    run("estimatesoildepth", feedback, **given)
    assert any("shallow landslides occur in soils a few metres thick" in text for text in feedback.warnings) == doubt


def test_a_clipped_estimate_keeps_the_extent_that_it_was_made_for(bowl, tmp_path, feedback):
    depth, part, fs = (str(tmp_path / name) for name in ("depth.tif", "part.tif", "fs.tif"))
    run("estimatesoildepth", feedback, DEM=bowl, SOIL_DEPTH=depth)
    gdal.Translate(part, depth, srcWin=[0, 0, 40, 40])
    run("simulatefactorofsafety", feedback, DEM=bowl, SOIL_DEPTH=part, FACTOR_OF_SAFETY=fs)
    assert f"extent {BOUNDS['extent']}" in read_raster(fs)[2]["SLOPECAST_SOIL_DEPTH"]


def test_a_constant_depth_is_not_called_an_estimate_from_the_elevation(bowl, tmp_path, feedback):
    from qgis.core import QgsRasterLayer
    from slopecast.plugin.gui.layer_notes import depth_note

    for method, word in (("constant", "the same depth in every cell"), ("slope", "estimated from the DEM")):
        depth = str(tmp_path / f"{method}.tif")
        run("estimatesoildepth", feedback, DEM=bowl, METHOD=method, SOIL_DEPTH=depth)
        note, kind = depth_note(QgsRasterLayer(depth, "depth"), None)
        assert word in note
        assert kind == "caution"
    assert sum("the same in every cell" in text for text in feedback.warnings) == 1
    assert sum("from the elevation model alone" in text for text in feedback.warnings) == 1


def test_an_estimate_within_the_run_is_described_too(bowl, tmp_path, feedback):
    fs = str(tmp_path / "fs.tif")
    run("simulatefactorofsafety", feedback, DEM=bowl, FACTOR_OF_SAFETY=fs)
    entry = read_raster(fs)[2]["SLOPECAST_SOIL_DEPTH"]
    assert "Estimate: dem bowl.tif, method slope, depth_min 0.5 m, depth_max 4 m, extent 200000, " in entry


def test_a_run_that_estimates_too_thin_a_soil_is_in_doubt(tmp_path, feedback):
    """A bowl that is nowhere steeper than 20 deg: the default method thins its rim to the least depth."""
    row, col = np.mgrid[:80, :80] - 39.5
    z = np.tan(np.radians(20.0)) / (np.sqrt(2.0) * 800.0) * 100.0 * (row**2 + col**2) + 100.0
    dem = str(write_raster(tmp_path / "flat.tif", z))
    done = run("simulatefactorofsafety", feedback, DEM=dem, FACTOR_OF_SAFETY=str(tmp_path / "fs.tif"))
    assert "does not decrease with slope" in done["RELIABILITY"]
