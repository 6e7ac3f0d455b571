"""Heights that are none, through Processing: masked with a caution, or refused; never judged."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from rasters import read_raster, write_raster

SIZE, CELL = 56, 10.0
DRY = {
    "COHESION": 2, "FRICTION_ANGLE": 30, "WATER_TABLE_RATIO": 0, "ROOT_COHESION": 0, "RAINFALL": 0, "DURATION": 1,
    "LATERAL_FLOW": False,
}  # fmt: skip


def plane():
    """A plane of 15 deg above 1000 m."""
    row, _ = np.mgrid[:SIZE, :SIZE]
    return 1000.0 + row * CELL * np.tan(np.radians(15.0))


def resampled(path, heights, alg, declared=None):
    """Resample to cells of 7 m, and only then declare NoData."""
    source = write_raster(path.with_suffix(".source.tif"), heights, nodata=None)
    gdal.Warp(str(path), str(source), xRes=7, yRes=7, resampleAlg=alg)
    if declared is not None:
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.GetRasterBand(1).SetNoDataValue(declared)
        dataset = None
    return str(path)


@pytest.mark.parametrize("alg", ["bilinear", "cubic", "cubicspline", "lanczos", "average"])
@pytest.mark.parametrize("value", [-9999.0, -32768.0, 0.0, 9999.0])
def test_smeared_heights_are_masked(value, alg, tmp_path, feedback):
    """What is left has the factor of safety of the land that was resampled without any missing height."""
    import processing

    holed = plane()
    holed[:, :8] = value
    dems = resampled(tmp_path / "whole.tif", plane(), alg), resampled(tmp_path / "dem.tif", holed, alg, value)
    given = {**DRY, "SOIL_DEPTH": str(write_raster(tmp_path / "depth.tif", np.full((SIZE, SIZE), 2.0)))}
    runs = [
        processing.run(
            "slopecast:simulatefactorofsafety",
            {**given, "DEM": dem, "FACTOR_OF_SAFETY": str(tmp_path / f"fs{n}.tif")}, feedback=feedback,
        )
        for n, dem in enumerate(dems)
    ]  # fmt: skip
    (whole, nodata, _), (fs, _, metadata) = (read_raster(run["FACTOR_OF_SAFETY"]) for run in runs)
    land = fs != nodata
    assert runs[1]["FAILED_CELLS"] == 0
    assert land.mean() > 0.6
    assert not land[:, : int(8 * CELL / 7) - 1].any()
    difference = np.where(land, np.abs(fs - whole), 0.0)[1:-1]  # the raster's own edge has slopes of its own
    assert np.median(difference) < 1e-3
    assert difference.max() < 0.1
    assert "missing elevations" not in runs[0]["RELIABILITY"]
    assert runs[1]["RELIABILITY"].startswith("caution: ")
    assert "missing elevations" in runs[1]["RELIABILITY"]
    assert "missing elevations" in metadata["SLOPECAST_RELIABILITY"]
    assert sum("missing elevations" in text and "Reliability" not in text for text in feedback.warnings) == 1


@pytest.mark.parametrize("algorithm", ["estimatesoildepth", "simulatefactorofsafety"])
@pytest.mark.parametrize("value", [-1.0, 255.0, -7000.0])
def test_an_undeclared_value_is_no_land(value, algorithm, tmp_path, feedback):
    import processing

    heights = plane()
    hole = np.zeros(heights.shape, dtype=bool)
    hole[20:29, 30:40] = True
    heights[hole] = value
    dem = str(write_raster(tmp_path / "dem.tif", heights, nodata=None))
    key = {"estimatesoildepth": "SOIL_DEPTH", "simulatefactorofsafety": "FACTOR_OF_SAFETY"}[algorithm]
    given = {**(DRY if key == "FACTOR_OF_SAFETY" else {}), "DEM": dem, key: str(tmp_path / "out.tif")}
    if key == "FACTOR_OF_SAFETY":
        given["SOIL_DEPTH"] = str(write_raster(tmp_path / "depth.tif", np.full(heights.shape, 2.0)))
    results = processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    array, nodata, _ = read_raster(results[key])
    np.testing.assert_array_equal(array == nodata, hole)
    assert any(f"90 contain {value:g} m" in warning for warning in feedback.warnings)


@pytest.mark.parametrize(("value", "words"), [(-9999.0, "-9999 m"), (9999.0, "9999 m"), (1e20, "m"), (-9.0, "-9 m")])
def test_undeclared_depths_are_refused(value, words, tmp_path):
    """Plain, and after a shift of half a cell that lets the alignment interpolate them."""
    import processing

    dem = str(write_raster(tmp_path / "dem.tif", plane()))
    depth = np.full((SIZE, SIZE), 2.0)
    depth[:, 40:] = value
    for shift in (0.0, 5.0):
        origin = (200_000.0 + shift, 560_000.0)
        path = str(write_raster(tmp_path / f"depth_{shift:g}.tif", depth, nodata=None, origin=origin))
        given = {"DEM": dem, "SOIL_DEPTH": path, **DRY, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
        with pytest.raises(QgsProcessingException, match="SOIL_DEPTH") as caught:
            processing.run("slopecast:simulatefactorofsafety", given)
        assert words in str(caught.value)
        assert not (tmp_path / "fs.tif").exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("COHESION", -9999.0),
        ("COHESION", 9999.0),
        ("FRICTION_ANGLE", 255.0),
        ("CONDUCTIVITY", -1.0),
        ("RAINFALL", 1e20),
    ],
)
def test_undeclared_values_of_parameters_are_refused(key, value, tmp_path):
    import processing

    usual = {"COHESION": 8.0, "FRICTION_ANGLE": 28.0, "CONDUCTIVITY": 3e-6, "RAINFALL": 8.5}[key]
    dem = str(write_raster(tmp_path / "dem.tif", plane()))
    layer = np.full((SIZE, SIZE), usual)
    layer[:, 40:] = value
    for shift in (0.0, 5.0):
        path = write_raster(tmp_path / f"p_{shift:g}.tif", layer, nodata=None, origin=(200_000.0 + shift, 560_000.0))
        given = {"DEM": dem, f"{key}_LAYER": str(path), "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
        with pytest.raises(QgsProcessingException, match=key):
            processing.run("slopecast:simulatefactorofsafety", given)


def test_the_edge_is_a_raster_and_a_caution(tmp_path, feedback):
    """A valley that the map's edge cuts, with fast lateral flow; not with the defaults."""
    import processing

    row, col = np.mgrid[:SIZE, :SIZE]
    dem = str(write_raster(tmp_path / "dem.tif", 1000.0 - 4.0 * row + 0.05 * CELL * abs(col - SIZE // 2)))
    depth = str(write_raster(tmp_path / "depth.tif", np.full((SIZE, SIZE), 1.5)))
    given = {"DEM": dem, "SOIL_DEPTH": depth, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"),
             "EDGE_INFLUENCE": str(tmp_path / "edge.tif")}  # fmt: skip
    results = processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    assert results["RELIABILITY"] == "trusted"
    edge, nodata, _ = read_raster(results["EDGE_INFLUENCE"])
    assert nodata == 255
    assert not edge.any()
    fast = {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 50, "DURATION": 3}
    results = processing.run("slopecast:simulatefactorofsafety", {**given, **fast}, feedback=feedback)
    assert "outside the DEM" in results["RELIABILITY"]
    edge, _, _ = read_raster(results["EDGE_INFLUENCE"])
    assert edge[:3].all()
    assert set(np.unique(edge)) == {0, 1}
    steady = {"ANTECEDENT_RECHARGE": 1}
    results = processing.run("slopecast:simulatefactorofsafety", {**given, **steady}, feedback=feedback)
    assert "initial water table is too low" in results["RELIABILITY"]
    assert read_raster(results["EDGE_INFLUENCE"])[0].mean() > 0.5
