"""Failed areas and classes as polygons, and maps by zones: numbers that can be read off a drawing."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import NULL, QgsProcessingException, QgsVectorLayer
from rasters import CELL, EPSG, ORIGIN, write_raster
from vectors import square, write_vectors

X, Y = ORIGIN
NAN = np.nan
#: Two groups of failed cells, of 4 and 2 cells, and one with a hole, of 8.
MASK = np.array([
    [1, 1, 0, 0, 0, 0, 0],
    [1, 1, 0, 0, 1, 1, 1],
    [0, 0, 0, 0, 1, 0, 1],
    [NAN, 0, 0, 0, 1, 1, 1],
    [0, 1, 1, 0, 0, 0, 0],
])  # fmt: skip
KINDS = ["mask", "probability", "factor of safety", "classes"]


def named(tmp_path, values, name="", kind=gdal.GDT_Float32, nodata=-9999.0):
    """Write a raster whose band has a name."""
    path = tmp_path / f"{name or 'map'}.tif".replace(" ", "_")
    rows, cols = values.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, 1, kind)
    dataset.SetGeoTransform((X, CELL, 0.0, Y, 0.0, -CELL))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(EPSG)
    dataset.SetProjection(crs.ExportToWkt())
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(nodata)
    band.SetDescription(name)
    band.WriteArray(np.where(np.isnan(values), nodata, values))
    dataset = band = None
    return str(path)


def of_kind(kind, tmp_path):
    """The same failed cells, in another form."""
    if kind == "probability":
        return named(tmp_path, np.where(np.isnan(MASK), NAN, 0.2 + 0.6 * MASK), "Failure probability")
    if kind == "factor of safety":
        return named(tmp_path, np.where(np.isnan(MASK), NAN, 1.6 - 0.75 * MASK), "Factor of safety [-]")
    if kind == "classes":
        return named(tmp_path, MASK, "Failure class", gdal.GDT_Byte, 255)
    return named(tmp_path, MASK, "Failure mask", gdal.GDT_Byte, 255)


def run(algorithm, feedback=None, **given):
    import processing

    return processing.run(f"slopecast:{algorithm}", given, feedback=feedback)


def areas(map_, feedback=None, **more):
    done = run("maskstopolygons", feedback, MAP=map_, **{"POLYGONS": "TEMPORARY_OUTPUT", **more})
    layer = done["POLYGONS"]
    layer = QgsVectorLayer(layer, "l", "ogr") if isinstance(layer, str) else layer
    return done, list(layer.getFeatures())


@pytest.mark.parametrize("kind", KINDS)
def test_areas_of_every_kind_of_map(kind, tmp_path, feedback):
    done, found = areas(of_kind(kind, tmp_path), feedback)
    assert [f["cells"] for f in found] == [4, 8, 2]
    assert [f["area_m2"] for f in found] == [400.0, 800.0, 200.0]
    assert [f.geometry().area() for f in found] == pytest.approx([400.0, 800.0, 200.0])
    assert {f["class"] for f in found} == {1}
    assert found[0].geometry().asWkt(0).upper().count("(") < found[1].geometry().asWkt(0).upper().count("(")
    value = {"mask": 1.0, "probability": 0.8, "factor of safety": 0.85, "classes": 1.0}[kind]
    for field in ("mean", "minimum", "maximum"):
        assert [f[field] for f in found] == pytest.approx([value] * 3, rel=1e-6)
    assert (done["AREAS"], done["CELLS"]) == (3, 14)


@pytest.mark.parametrize(
    ("more", "cells"),
    [({"SMALLEST_AREA": 400}, [4, 8]), ({"SMALLEST_AREA": 400.01}, [8]), ({"LARGEST_HOLE": 100}, [4, 9, 2]),
     ({"LARGEST_HOLE": 99}, [4, 8, 2]), ({"SMALLEST_AREA": 900, "LARGEST_HOLE": 100}, [9]),
     ({"SMALLEST_AREA": 5000}, [])],
)  # fmt: skip
def test_sizes(more, cells, tmp_path):
    done, found = areas(of_kind("mask", tmp_path), **more)
    assert [f["cells"] for f in found] == cells
    assert done["AREAS"] == len(cells)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_smoothing_rounds_corners_and_keeps_the_numbers(steps, tmp_path):
    _, plain = areas(of_kind("mask", tmp_path))
    _, smooth = areas(of_kind("mask", tmp_path), SMOOTHING=steps)
    for before, after in zip(plain, smooth):
        assert after.attributes() == before.attributes()
        assert after.geometry().constGet().nCoordinates() > before.geometry().constGet().nCoordinates()
        assert 0.7 < after.geometry().area() / before.geometry().area() < 1.05
        assert after.geometry().isGeosValid()


@pytest.mark.parametrize(("threshold", "cells"), [(0.15, [34]), (0.8, [4, 8, 2]), (0.81, [])])
def test_threshold_of_a_probability(threshold, cells, tmp_path):
    _, found = areas(of_kind("probability", tmp_path), THRESHOLD=threshold)
    assert [f["cells"] for f in found] == cells


def test_classes_have_polygons_of_their_own(tmp_path):
    """Neighbours of another class are another area; a failure class of 3 is stable in the end, so none by default."""
    values = np.array([[1, 1, 2, 2], [3, 1, 2, 0], [3, 3, 0, 2.0]])
    path = named(tmp_path, values, "Failure class", gdal.GDT_Byte, 255)
    assert [(f["class"], f["cells"]) for f in areas(path)[1]] == [(1, 3), (2, 3), (2, 1)]
    assert [(f["class"], f["cells"]) for f in areas(path, THRESHOLD=2)[1]] == [(2, 3), (3, 3), (2, 1)]
    other = named(tmp_path, values, "hazard", gdal.GDT_Byte, 255)
    assert [(f["class"], f["cells"]) for f in areas(other, KIND="classes")[1]] == [(1, 3), (2, 3), (3, 3), (2, 1)]


@pytest.mark.parametrize(
    ("file", "valid", "warned"),
    [("TEMPORARY_OUTPUT", False, False), ("a.shp", False, False), ("a.gpkg", None, False), ("a.geojson", True, True)],
)
def test_areas_of_a_map_without_a_coordinate_system_have_none(file, valid, warned, tmp_path, feedback):
    """QGIS gives layers in memory WGS 84, and GeoJSON has no other where none is given.

    A GeoPackage has an undefined one, which counts as valid in some versions of QGIS.
    """
    path = str(write_raster(tmp_path / "m.tif", np.eye(5), epsg=None))
    file = file if file == "TEMPORARY_OUTPUT" else str(tmp_path / file)
    layer = run("maskstopolygons", feedback, MAP=path, POLYGONS=file)["POLYGONS"]
    layer = QgsVectorLayer(layer, "l", "ogr") if isinstance(layer, str) else layer
    assert layer.featureCount() == 5
    assert valid in (layer.crs().isValid(), None)
    assert layer.crs().authid() == ("EPSG:4326" if warned else "")
    assert any("states longitudes and latitudes" in text for text in feedback.warnings) == warned


def test_values_of_another_raster(tmp_path):
    values = np.arange(35.0).reshape(5, 7)
    values[0, 0] = NAN
    values[4] = NAN
    _, found = areas(of_kind("mask", tmp_path), VALUES=named(tmp_path, values, "Factor of safety"))
    statistics = [tuple(None if f[n] == NULL else f[n] for n in ("mean", "minimum", "maximum")) for f in found]
    assert statistics == [pytest.approx((16 / 3, 1, 8)), pytest.approx((19, 11, 27)), (None, None, None)]


@pytest.mark.parametrize(
    ("values", "name", "more", "words"),
    [([100.0, 622.0], "", {}, r"MAP.*KIND"), ([0.5, 12.0], "", {}, r"MAP.*KIND"),
     ([0.5, 1.5], "", {"KIND": "classes"}, "not classes"), ([0.0, 300.0], "", {"KIND": "classes"}, "not classes"),
     ([0.0, 1.0], "", {"SMALLEST_AREA": -1}, "SMALLEST_AREA"), ([0.0, 1.0], "", {"SMOOTHING": 9}, "SMOOTHING"),
     ([0.0, 0.7], "", {"THRESHOLD": 1.5}, "THRESHOLD"), ([0.0, 0.7], "", {"THRESHOLD": "high"}, "THRESHOLD"),
     ([1.0, 3.0], "Soil depth [m]", {}, "not a map of that kind")],
)  # fmt: skip
def test_what_is_refused(values, name, more, words, tmp_path):
    with pytest.raises(QgsProcessingException, match=rf"(?s){words}"):
        areas(named(tmp_path, np.resize(values, (6, 6)), name), **more)


# -- zones ---------------------------------------------------------------------------------------------------------


def zones(map_, tmp_path, feedback=None, **more):
    """The western four columns, the eastern three, one cell of NoData, and one beyond the map."""
    boxes = [(0, 0, 4, 5), (4, 0, 7, 5), (0, 3, 1, 4), (20, 0, 21, 1)]
    shapes = [square(X + 10 * c1, Y - 10 * r2, X + 10 * c2, Y - 10 * r1) for c1, r1, c2, r2 in boxes]
    layer = str(write_vectors(tmp_path / "z.gpkg", [(shape, {"n": n}) for n, shape in enumerate(shapes)]))
    given = {"FAILURE_MASK": map_, "FEATURES": layer, "EXPOSURE": "TEMPORARY_OUTPUT", **more}
    return list(run("countfailedcells", feedback, **given)["EXPOSURE"].getFeatures())


def row(feature, *fields):
    return tuple(None if feature[name] == NULL else feature[name] for name in fields)


@pytest.mark.parametrize("kind", KINDS)
def test_zones_of_every_kind_of_map(kind, tmp_path):
    """West: 6 of 19 cells fail; east: 8 of 15."""
    found = zones(of_kind(kind, tmp_path), tmp_path)
    assert [row(f, "valid_cells", "failed_cells") for f in found] == [(19, 6), (15, 8), (0, 0), (0, 0)]
    stable, failed = {"probability": (0.2, 0.8), "factor of safety": (1.6, 0.85)}.get(kind, (0.0, 1.0))
    for feature, cells, failing in zip(found, (19, 15), (6, 8)):
        mean = stable + (failed - stable) * failing / cells
        assert row(feature, "mean") == pytest.approx((mean,), rel=1e-6)
        assert row(feature, "minimum", "maximum") == pytest.approx((min(stable, failed), max(stable, failed)))
        assert feature["failed_share"] == pytest.approx(failing / cells)
    # Shares of 0.316 and 0.533; mean probabilities of 0.389 and 0.52.
    assert [row(f, "hazard_class", "hazard_range") for f in found] == [
        (3, "0.2 to 0.5"), (4, "0.5 to 1"), (None, None), (None, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "classes"), [("0.4", [1, 2]), ("0.3,0.52", [2, 3]), ("0.1, 0.2, 0.25, 0.3", [5, 5]), ("0.9", [1, 1])]
)
def test_limits_of_the_hazard_classes(limits, classes, tmp_path):
    found = zones(of_kind("mask", tmp_path), tmp_path, HAZARD_LIMITS=limits)
    assert [f["hazard_class"] for f in found[:2]] == classes
    assert all(f["hazard_range"].startswith("0 to ") == (f["hazard_class"] == 1) for f in found[:2])


@pytest.mark.parametrize("limits", ["", "0.5, 0.2", "0, 0.5", "0.5, 1", "a", "0.2; 0.5", "-0.1, 0.5", "0.2,,0.5"])
def test_limits_that_are_none_are_refused(limits, tmp_path):
    with pytest.raises(QgsProcessingException, match="HAZARD_LIMITS"):
        zones(of_kind("mask", tmp_path), tmp_path, HAZARD_LIMITS=limits)


def test_a_limit_belongs_to_the_upper_class(tmp_path):
    values = np.zeros((4, 4))
    values[0, :2] = 1.0
    path = str(write_raster(tmp_path / "m.tif", values))
    layer = str(write_vectors(tmp_path / "f.gpkg", [(square(X, Y - 20, X + 20, Y), {})]))
    done = run("countfailedcells", FAILURE_MASK=path, FEATURES=layer, EXPOSURE="TEMPORARY_OUTPUT")
    feature = next(done["EXPOSURE"].getFeatures())
    assert row(feature, "failed_share", "hazard_class", "hazard_range") == (0.5, 4, "0.5 to 1")
    path = str(write_raster(tmp_path / "p.tif", np.full((4, 4), 0.65)))
    given = {"KIND": "probability", "HAZARD_LIMITS": "0.35, 0.65", "EXPOSURE": "TEMPORARY_OUTPUT"}
    done = run("countfailedcells", FAILURE_MASK=path, FEATURES=layer, **given)
    assert row(next(done["EXPOSURE"].getFeatures()), "hazard_class", "hazard_range") == (3, "0.65 to 1")


def test_classes_of_an_area_are_counted_from_the_threshold(tmp_path):
    values = np.array([[0, 1, 2, 3, 4, 5, 5]] * 5, dtype=float)
    path = named(tmp_path, values, "susceptibility class", gdal.GDT_Byte, 255)
    found = zones(path, tmp_path, KIND="classes", THRESHOLD=3)
    assert [row(f, "valid_cells", "failed_cells", "maximum") for f in found[:2]] == [(20, 5, 3), (15, 15, 5)]


def test_a_file_without_shapes_is_refused(tmp_path):
    """QGIS would write a shapefile under another name."""
    import processing

    given = {"MAP": of_kind("mask", tmp_path), "POLYGONS": str(tmp_path / "areas.dbf")}
    with pytest.raises(QgsProcessingException, match=r"areas\.dbf' can hold a table, but no shapes"):
        processing.run("slopecast:maskstopolygons", given)
