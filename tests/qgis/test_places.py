"""Where rasters and features lie: placeholders of unknown coordinate systems, and rows that run north."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException
from rasters import read_raster
from test_raster_inputs import SHAPE, dry_fs, full, plane, simulate
from vectors import write_vectors
from written_rasters import UTM10, write_bands


def geopackage(path, polygons, epsg):
    """Polygons with a value each, from 1; without a coordinate system GDAL writes a placeholder."""
    return str(write_vectors(path, [(wkt, {"value": float(n)}) for n, wkt in enumerate(polygons, 1)], epsg=epsg))


def values_of(path, fields):
    """Values of the first feature."""
    dataset = ogr.Open(str(path))
    feature = dataset.GetLayer(0).GetNextFeature()
    return tuple(feature.GetField(name) for name in fields)


@pytest.mark.parametrize(
    "drivers", [("GPKG", "gpkg"), ("ENVI", "dat"), ("RST", "rst"), ("BT", "bt")], ids=lambda d: d[0]
)
def test_placeholders_of_coordinate_systems_are_none(drivers, tmp_path, feedback):
    """A mask in a format that writes a placeholder, against features with and without a coordinate system."""
    import processing

    driver, suffix = drivers
    values = np.zeros(SHAPE, np.float32 if driver == "BT" else np.uint8)
    values[:, :12] = 1
    bare = write_bands(tmp_path / "bare.tif", values, crs="")
    mask = str(tmp_path / f"mask.{suffix}")
    options = {"format": driver, "outputType": gdal.GDT_Float32}
    assert gdal.Translate(mask, bare, **options) is not None
    assert gdal.Open(mask).GetProjection()
    known = write_bands(tmp_path / "known.tif", values)
    for predicted, reference in ((mask, mask), (known, mask), (mask, known)):
        given = {"PREDICTED": predicted, "REFERENCE": reference, "AGREEMENT": str(tmp_path / "a.tif")}
        assert processing.run("slopecast:comparemasks", given, feedback=feedback)["TP"] == SHAPE[0] * 12
    square = "POLYGON ((500031 4499959, 500141 4499959, 500141 4499991, 500031 4499991, 500031 4499959))"
    for epsg in (None, 32610):
        features = geopackage(tmp_path / f"{epsg}.gpkg", [square], epsg)
        for raster in (mask, known):
            given = {"FAILURE_MASK": raster, "FEATURES": features, "EXPOSURE": str(tmp_path / "e.gpkg")}
            processing.run("slopecast:countfailedcells", given, feedback=feedback)
            assert values_of(tmp_path / "e.gpkg", ("valid_cells", "failed_cells")) == (33, 27)
    assert any("FEATURES" in text and "the raster's is assumed" in text for text in feedback.warnings)


def test_zones_without_a_coordinate_system_lie_in_the_dems(tmp_path, feedback):
    import processing

    west = "POLYGON ((499000 4490000, 500120 4490000, 500120 4510000, 499000 4510000, 499000 4490000))"
    east = west.replace("499000", "600000")
    zones = geopackage(tmp_path / "z.gpkg", [west, east], None)
    given = {"ZONES": zones, "COHESION_FIELD": "value", "COHESION": str(tmp_path / "c.tif")}
    dem = write_bands(tmp_path / "dem.tif", plane(25.0))
    processing.run("slopecast:parametersfromzones", {**given, "DEM": dem}, feedback=feedback)
    cohesion, _, _ = read_raster(tmp_path / "c.tif")
    np.testing.assert_array_equal(cohesion, np.where(np.arange(SHAPE[1]) < 12, 1.0, 2.0) * np.ones(SHAPE))


@pytest.mark.parametrize("driver", ["GPKG", "ENVI", "RST"])
def test_degrees_in_a_placeholder_are_refused(driver, tmp_path):
    source = write_bands(tmp_path / "d.tif", plane(25.0), crs="", transform=(9.0, 0.001, 0.0, 46.0, 0.0, -0.001))
    path = str(tmp_path / "d.gpkg") if driver == "GPKG" else str(tmp_path / "d.rst")
    assert gdal.Translate(path, source, format=driver) is not None
    with pytest.raises(QgsProcessingException, match="look like degrees"):
        simulate(tmp_path, DEM=path, SOIL_DEPTH=source)


def test_a_named_local_system_is_one(tmp_path, feedback):
    wkt = 'LOCAL_CS["Mine grid of Sondrio",LOCAL_DATUM["Pithead",32767],UNIT["metre",1]]'
    paths = [write_bands(tmp_path / f"{n}.tif", array, crs=wkt) for n, array in enumerate((plane(25.0), full(2.0)))]
    fs, _, results = simulate(tmp_path, feedback, DEM=paths[0], SOIL_DEPTH=paths[1])
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)
    assert not any("coordinate system" in text for text in feedback.warnings)
    assert results["RELIABILITY"].startswith("trusted")


SOUTH_UP = (500_000.0, 10.0, 0.0, 4_500_000.0 - 10.0 * SHAPE[0], 0.0, 10.0)


def test_masks_of_dems_whose_rows_run_north(tmp_path, feedback):
    """The mask of such a DEM against itself, and against the same cells in either order."""
    import processing

    heights = plane(25.0) + 3.0 * np.sin(np.mgrid[: SHAPE[0], : SHAPE[1]][0] / 2.0).astype(np.float32)
    masks = []
    for name, transform, array in (("north", UTM10, heights), ("south", SOUTH_UP, heights[::-1].copy())):
        dem = write_bands(tmp_path / f"{name}.tif", array, transform=transform)
        masks.append(str(tmp_path / f"{name}_mask.tif"))
        given = {"DEM": dem, "SOIL_DEPTH": write_bands(tmp_path / f"{name}_d.tif", full(2.0), transform=transform)}
        simulate(tmp_path, **given, FAILURE_MASK=masks[-1], FRICTION_ANGLE=22)
    mask = read_raster(masks[0])[0]
    assert 0 < (mask == 1).sum() < (mask == 0).sum() + (mask == 1).sum()
    older = write_bands(tmp_path / "older.tif", mask[::-1].copy(), transform=SOUTH_UP, nodata=255)
    for one in (*masks, older):
        for other in (*masks, older):
            given = {"PREDICTED": one, "REFERENCE": other, "AGREEMENT": str(tmp_path / "a.tif")}
            results = processing.run("slopecast:comparemasks", given, feedback=feedback)
            assert (results["IOU"], results["TP"]) == (1.0, int((mask == 1).sum()))
    box = "POLYGON ((500031 4499859, 500141 4499859, 500141 4499991, 500031 4499991, 500031 4499859))"
    features = geopackage(tmp_path / "f.gpkg", [box], 32610)
    expected = int((mask[1:14, 3:14] == 1).sum())
    for one in (*masks, older):
        given = {"FAILURE_MASK": one, "FEATURES": features, "EXPOSURE": str(tmp_path / "e.gpkg")}
        processing.run("slopecast:countfailedcells", given, feedback=feedback)
        assert values_of(tmp_path / "e.gpkg", ("failed_cells",)) == (expected,)
        given = {"MAP": one, "LANDSLIDES": features, "REPORT": str(tmp_path / "r.html")}
        judged = processing.run("slopecast:validateinventory", given, feedback=feedback)
        assert judged["LANDSLIDE_CELLS"] == int((mask[1:14, 3:14] != 255).sum())
        assert judged["HIT_RATE"] == pytest.approx(expected / judged["LANDSLIDE_CELLS"])
