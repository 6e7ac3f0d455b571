"""Failed cells at features: counts that can be read off a drawing, whatever the layer and the mask."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from rasters import EPSG, ORIGIN, write_raster
from vectors import content, square, write_vectors

X, Y = ORIGIN
COUNTS = ["valid_cells", "failed_cells", "failed_share", "failed_area_m2", "valid_share"]


@pytest.fixture
def mask(tmp_path):
    """48 x 48 cells of 10 m: the western 10 columns failed, the southern 8 rows NoData."""
    values = np.zeros((48, 48))
    values[:, :10] = 1.0
    values[40:] = np.nan
    return str(write_raster(tmp_path / "mask.tif", values))


def run(mask, features, feedback=None, **others):
    import processing

    given = {"FAILURE_MASK": mask, "FEATURES": features, "EXPOSURE": "TEMPORARY_OUTPUT", **others}
    return processing.run("slopecast:countfailedcells", given, feedback=feedback)


def counts(layer):
    """Counts of each feature, ``None`` for NULL."""
    layer = QgsVectorLayer(layer, "l", "ogr") if isinstance(layer, str) else layer
    assert layer.isValid()
    return [tuple(None if f[name] == NULL else f[name] for name in COUNTS) for f in layer.getFeatures()]


def at(columns, rows):
    """A rectangle of whole cells: columns and rows from the mask's north-western corner, as WKT."""
    return square(X + 10 * columns[0], Y - 10 * rows[1], X + 10 * columns[1], Y - 10 * rows[0])


#: name: polygon, (valid cells, failed cells, failed share, failed area, valid share)
POLYGONS = {
    "half failed": (at((5, 15), (0, 10)), (100, 50, 0.5, 5000.0, 1.0)),
    "none failed": (at((20, 30), (0, 10)), (100, 0, 0.0, 0.0, 1.0)),
    "half on NoData": (at((0, 10), (35, 45)), (50, 50, 1.0, 5000.0, 0.5)),
    "half beyond the west": (at((-10, 10), (0, 10)), (100, 100, 1.0, 10_000.0, 0.5)),
    "a tenth within": (at((-9, 1), (0, 10)), (10, 10, 1.0, 1000.0, 0.1)),
    "beyond a corner": (at((-10, 10), (-10, 10)), (100, 100, 1.0, 10_000.0, 0.25)),
    "wholly on NoData": (at((5, 15), (41, 47)), (0, 0, None, None, 0.0)),
    "wholly beyond": (at((100, 110), (0, 10)), (0, 0, None, None, 0.0)),
    "far away": (square(0, 0, 100, 100), (0, 0, None, None, 0.0)),
    "smaller than a failed cell": (square(X + 41, Y - 24, X + 43, Y - 22), (1, 1, 1.0, 100.0, 1.0)),
    "smaller than a stable cell": (square(X + 241, Y - 24, X + 243, Y - 22), (1, 0, 0.0, 0.0, 1.0)),
    "smaller than a cell of NoData": (square(X + 41, Y - 424, X + 43, Y - 422), (0, 0, None, None, 0.0)),
    "cut between centres": (square(X, Y - 96, X + 96, Y), (100, 100, 1.0, 10_000.0, 1.0)),
}  # fmt: skip


def test_every_polygon_gets_its_own_counts(mask, tmp_path, feedback):
    """All in one layer, many of them overlapping; attributes and geometries stay."""
    features = [(polygon, {"name": name}) for name, (polygon, _) in POLYGONS.items()]
    path = str(write_vectors(tmp_path / "features.gpkg", features))
    done = run(mask, path, feedback, EXPOSURE=str(tmp_path / "out" / "exposure ä.gpkg"))
    layer = QgsVectorLayer(done["EXPOSURE"], "l", "ogr")
    found = dict(zip([f["name"] for f in layer.getFeatures()], counts(layer)))
    assert found == {name: pytest.approx(expected) for name, (_, expected) in POLYGONS.items()}
    kept = [f.geometry().asWkt(3) for f in layer.getFeatures()]
    assert kept == [f.geometry().asWkt(3) for f in QgsVectorLayer(path, "l", "ogr").getFeatures()]
    assert done["FEATURES_WITH_FAILED_CELLS"] == sum(expected[1] > 0 for _, expected in POLYGONS.values())
    assert done["FEATURES_WITHOUT_VALID_CELLS"] == 4
    assert any("4 features have no valid cell" in text for text in feedback.warnings)
    assert any("4 features are partly outside" in text for text in feedback.warnings)
    assert any("3 features contain no cell centre" in text for text in feedback.lines)


def test_features_of_one_id_have_their_own_counts(mask, feedback):
    """As the features of a view whose key is not unique."""
    parts = [at((0, 10), (0, 10)), at((5, 15), (0, 10)), at((20, 30), (0, 10))]
    query = " union all ".join(f"select 1 as key, st_geomfromtext('{part}', {EPSG}) as geometry" for part in parts)
    layer = QgsVectorLayer(f"?query={quote(query)}&uid=key&geometry=geometry:polygon:{EPSG}", "view", "virtual")
    assert [feature.id() for feature in layer.getFeatures()] == [1, 1, 1]
    assert [found[:2] for found in counts(run(mask, layer, feedback)["EXPOSURE"])] == [(100, 100), (100, 50), (100, 0)]


@pytest.mark.parametrize("kind", ["degrees", "other zone", "shapefile", "memory", "csv of WKT", "no CRS"])
def test_layers_of_every_kind(kind, mask, tmp_path, feedback):
    """Other coordinate systems, formats and providers."""
    import processing

    wanted = ["half failed", "none failed", "half on NoData", "half beyond the west", "wholly on NoData"]
    layer = str(write_vectors(tmp_path / "f.gpkg", [(POLYGONS[name][0], {"name": name}) for name in wanted]))
    if kind in ("degrees", "other zone"):
        crs = "EPSG:4326" if kind == "degrees" else "EPSG:32652"
        target = {"INPUT": layer, "TARGET_CRS": crs, "OUTPUT": str(tmp_path / "m.gpkg")}
        layer = processing.run("native:reprojectlayer", target)["OUTPUT"]
    elif kind == "shapefile":
        gdal.VectorTranslate(str(tmp_path / "f.shp"), layer, format="ESRI Shapefile")
        layer = str(tmp_path / "f.shp")
    elif kind in ("memory", "no CRS"):
        made = QgsVectorLayer(f"Polygon?field=name:string&crs=EPSG:{EPSG}", "m", "memory")
        if kind == "no CRS":
            made.setCrs(QgsCoordinateReferenceSystem())
        for name in wanted:
            feature = QgsFeature(made.fields())
            feature.setGeometry(QgsGeometry.fromWkt(POLYGONS[name][0]))
            feature["name"] = name
            made.dataProvider().addFeature(feature)
        QgsProject.instance().addMapLayer(made)
        layer = made
    elif kind == "csv of WKT":
        rows = "\n".join(f'{name};"{POLYGONS[name][0]}"' for name in wanted)
        (tmp_path / "f.csv").write_text(f"name;shape\n{rows}\n")
        uri = f"{(tmp_path / 'f.csv').as_uri()}?delimiter=;&wktField=shape&crs=EPSG:{EPSG}&geomType=polygon"
        layer = QgsVectorLayer(uri, "w", "delimitedtext")
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
    found = counts(run(mask, layer, feedback)["EXPOSURE"])
    assert found == [pytest.approx(POLYGONS[name][1]) for name in wanted]


@pytest.mark.parametrize(("chosen", "failed"), [("", 50), ("|layername=f", 50), ("|layername=g", 0)])
def test_a_layer_that_no_name_chooses_is_named(chosen, failed, mask, tmp_path, feedback):
    """Layers without features, and the styles that QGIS keeps in a GeoPackage, leave no choice."""
    layer, other, empty = (str(tmp_path / name) for name in ("f.gpkg", "g.gpkg", "e.csv"))
    write_vectors(Path(layer), [(POLYGONS["half failed"][0], {"name": "a"})])
    write_vectors(Path(other), [(POLYGONS["none failed"][0], {"name": "b"})])
    Path(empty).write_text("name\n")
    for source, name in ((empty, "empty"), (other, "layer_styles")):
        gdal.VectorTranslate(layer, source, layerName=name, accessMode="update")
    run(mask, layer, feedback)
    assert not any("several layers" in text for text in feedback.warnings)
    gdal.VectorTranslate(layer, other, layerName="g", accessMode="update")
    assert counts(run(mask, layer + chosen, feedback)["EXPOSURE"])[0][1] == failed
    warned = [text for text in feedback.warnings if "the first is used: 'f'. The others are: g." in text]
    assert len(warned) == (not chosen)


@pytest.mark.parametrize("name", ["e.shp", "e.gpkg", "e.geojson", "e.csv", "e.xlsx"])
def test_column_names_that_a_format_changes_are_listed(name, mask, tmp_path, feedback):
    """In a shapefile a count could be taken for an older one whose name is cut to the same letters."""
    import processing

    layer = str(write_vectors(tmp_path / "f.gpkg", [(POLYGONS["half failed"][0], {"failed_cells": 99})]))
    given = {"FAILURE_MASK": mask, "FEATURES": layer, "EXPOSURE": str(tmp_path / name)}
    processing.run("slopecast:countfailedcells", given, feedback=feedback)
    dataset = gdal.OpenEx(str(tmp_path / name))
    row = dataset.GetLayer(0).GetNextFeature()
    changed = [text for text in feedback.warnings if "cannot store all column names" in text]
    if name == "e.shp":
        assert "failed_cells_2 (failed_c_1)" in changed[0]
        assert (row["failed_cel"], row["failed_c_1"]) == (99, 50)
    else:
        assert changed == []
        assert float(row["failed_cells_2"]) == 50


@pytest.mark.parametrize(("name", "why"), [("e.dxf", "does not support"), ("e.gpx", "not supported")])
def test_a_format_without_columns_or_polygons_is_refused(name, why, mask, tmp_path):
    import processing

    layer = str(write_vectors(tmp_path / "f.gpkg", [(POLYGONS["half failed"][0], {"name": "a"})]))
    given = {"FAILURE_MASK": mask, "FEATURES": layer, "EXPOSURE": str(tmp_path / name)}
    with pytest.raises(
        QgsProcessingException, match=rf"\(EXPOSURE\): '.*/{name}' cannot be created: .*{why}.*gpkg"
    ) as error:
        processing.run("slopecast:countfailedcells", given)
    assert ".slopecast" not in str(error.value)
    assert not list(tmp_path.glob("e*"))


def skip_unless_written(driver):
    """Newer versions of GDAL have lost formats."""
    found = gdal.GetDriverByName(driver)
    if found is None or not found.GetMetadataItem("DCAP_CREATE"):
        pytest.skip(f"this GDAL writes no {driver}")


@pytest.mark.parametrize(("name", "driver"), [("e.pix", "PCIDSK"), ("e.itf", "Interlis 1"), ("e.pdf", "PDF")])
def test_a_format_that_loses_polygons_is_refused(name, driver, mask, tmp_path):
    """They read back as empty ones, lines and points."""
    import processing

    skip_unless_written(driver)
    layer = str(write_vectors(tmp_path / "f.gpkg", [(POLYGONS["half failed"][0], {"name": "a"})]))
    given = {"FAILURE_MASK": mask, "FEATURES": layer, "EXPOSURE": str(tmp_path / name)}
    with pytest.raises(QgsProcessingException, match=r"\(EXPOSURE\): .*of 1, 1 cannot be read back.*gpkg"):
        processing.run("slopecast:countfailedcells", given)
    assert not list(tmp_path.glob("e*"))


@pytest.mark.parametrize(
    ("name", "driver"), [("e.tab", "MapInfo File"), ("e.mif", "MapInfo File"), ("e.gxt", "Geoconcept")]
)
def test_a_format_that_splits_features_is_refused(name, driver, mask, tmp_path):
    import processing

    skip_unless_written(driver)
    points = f"MULTIPOINT (({X + 98} {Y - 52}), ({X + 88} {Y - 52}))"
    layer = str(write_vectors(tmp_path / "f.gpkg", [(points, {"name": "a"})]))
    given = {"FAILURE_MASK": mask, "FEATURES": layer, "EXPOSURE": str(tmp_path / name)}
    with pytest.raises(QgsProcessingException, match=r"\(EXPOSURE\): .*: 1 feature would become 2\..*gpkg"):
        processing.run("slopecast:countfailedcells", given)
    assert not list(tmp_path.glob("e*"))


@pytest.mark.parametrize("epsg", [EPSG, 4326, 32652])
@pytest.mark.parametrize("kind", ["line", "point", "points"])
def test_lines_and_points_have_the_cells_near_them(kind, epsg, mask, tmp_path):
    """Against the distance of every centre."""
    import processing

    shapes = {
        "line": f"LINESTRING ({X + 63} {Y - 37}, {X + 141} {Y - 121}, {X + 141} {Y - 401})",
        "point": f"POINT ({X + 98} {Y - 52})",
        "points": f"MULTIPOINT (({X + 98} {Y - 52}), ({X + 88} {Y - 52}), ({X + 8} {Y - 405}))",
    }
    layer = str(write_vectors(tmp_path / "f.gpkg", [(shapes[kind], {"id": 7})]))
    if epsg != EPSG:
        target = {"INPUT": layer, "TARGET_CRS": f"EPSG:{epsg}", "OUTPUT": str(tmp_path / "m.gpkg")}
        layer = processing.run("native:reprojectlayer", target)["OUTPUT"]
    geometry = QgsGeometry.fromWkt(shapes[kind])
    span = range(-6, 54)
    away = np.array([[geometry.distance(QgsGeometry.fromWkt(f"POINT ({X + 5 + 10 * c} {Y - 5 - 10 * r})"))
                      for c in span] for r in span])  # fmt: skip
    # No centre lies at just this distance, whose circle is drawn with corners.
    distance = next(d for d in np.arange(22.0, 30.0, 0.1) if not (np.abs(away - d) < 0.06).any())
    near = away < distance
    valid = near.copy()
    valid[:6], valid[46:], valid[:, :6], valid[:, 54:] = False, False, False, False
    failed = valid & (np.arange(-6, 54) < 10)
    done = run(mask, layer, DISTANCE=float(distance))
    share, area = failed.sum() / valid.sum(), 100.0 * failed.sum()
    expected = (valid.sum(), failed.sum(), share, area, valid.sum() / near.sum())
    assert counts(done["EXPOSURE"]) == [pytest.approx(expected)]
    kept = next(done["EXPOSURE"].getFeatures())
    assert kept["id"] == 7
    assert kept.geometry().type() == QgsVectorLayer(layer, "l", "ogr").geometryType()


def test_a_distance_that_misses_cells_is_warned_of(mask, tmp_path, feedback):
    road = str(write_vectors(tmp_path / "r.gpkg", [(f"LINESTRING ({X + 3} {Y - 8}, {X + 83} {Y - 8})", {})]))
    assert counts(run(mask, road, feedback, DISTANCE=5)["EXPOSURE"])[0][1] == 9
    assert any("5 m" in text and "7.07 m" in text for text in feedback.warnings)
    before = len(feedback.warnings)
    run(mask, road, feedback, DISTANCE=8)
    assert len(feedback.warnings) == before


@pytest.mark.parametrize(("shape", "cells"), [("POINT ({0} {1})", 13), ("LINESTRING ({0} {2}, {0} {1})", 5 * 10 + 9)])
def test_centres_at_just_the_distance_are_within_it(shape, cells, mask, tmp_path):
    """Two cells to every side of a point, or of a line along a column of centres, whose end has 9 more."""
    path = str(write_vectors(tmp_path / "f.gpkg", [(shape.format(X + 155, Y - 105, Y + 55), {})]))
    assert counts(run(mask, path, DISTANCE=20)["EXPOSURE"])[0][0] == cells


@pytest.mark.parametrize("distance", [7.1, 10.0, 50.0, 100.0, 130.0, 200.0])
def test_all_centres_within_the_distance_of_a_point_are_counted(distance, mask, tmp_path):
    """From the centre of a cell 8 of the 81 centres within 50 m are at just 50 m, as (30, 40) m."""
    path = str(write_vectors(tmp_path / "f.gpkg", [(f"POINT ({X + 235} {Y - 205})", {})]))
    away = np.hypot(*np.meshgrid(10.0 * np.arange(-60, 61), 10.0 * np.arange(-60, 61)))
    feature = next(run(mask, path, DISTANCE=distance)["EXPOSURE"].getFeatures())
    assert feature["valid_cells"] / feature["valid_share"] == pytest.approx((away <= distance).sum())


def test_the_greatest_distance_takes_in_the_whole_map(mask, tmp_path):
    road = str(write_vectors(tmp_path / "r.gpkg", [(f"LINESTRING ({X} {Y - 8}, {X + 83} {Y - 8})", {})]))
    assert counts(run(mask, road, DISTANCE=1e5)["EXPOSURE"])[0][0] == 40 * 48


@pytest.mark.parametrize("distance", [0, -5, 1.1e5, 1e9, "nan", "inf", "far"])
def test_a_distance_that_is_none_is_refused(distance, mask, tmp_path):
    road = str(write_vectors(tmp_path / "r.gpkg", [(f"LINESTRING ({X} {Y - 8}, {X + 83} {Y - 8})", {})]))
    with pytest.raises(QgsProcessingException, match="DISTANCE"):
        run(mask, road, DISTANCE=distance)


@pytest.mark.parametrize("how", ["south-up", "mirrored", "ascii", "no CRS", "byte", "oblong"])
def test_masks_of_every_kind(how, tmp_path):
    """The same ground, however the file holds it."""
    values = np.zeros((48, 48))
    values[:, :10] = 1.0
    values[40:] = np.nan
    path = str(write_raster(tmp_path / "m.tif", values))
    area = 100.0
    if how == "south-up":
        source = gdal.Open(path)
        made = gdal.GetDriverByName("GTiff").CreateCopy(str(tmp_path / "s.tif"), source)
        made.GetRasterBand(1).WriteArray(source.GetRasterBand(1).ReadAsArray()[::-1])
        made.SetGeoTransform((X, 10, 0, Y - 480, 0, 10))
        made = None
        path = str(tmp_path / "s.tif")
    elif how == "mirrored":
        path = str(write_raster(tmp_path / "w.tif", values[:, ::-1]))
        dataset = gdal.Open(path, gdal.GA_Update)
        dataset.SetGeoTransform((X + 480, -10, 0, Y, 0, -10))
        dataset = None
    elif how == "no CRS":
        path = str(write_raster(tmp_path / "n.tif", values, epsg=None))
    elif how == "ascii":
        gdal.Translate(str(tmp_path / "m.asc"), path, format="AAIGrid")
        (tmp_path / "m.prj").unlink()
        path = str(tmp_path / "m.asc")
    elif how == "byte":
        gdal.Translate(str(tmp_path / "b.tif"), path, outputType=gdal.GDT_Byte, noData=255)
        band = gdal.Open(str(tmp_path / "b.tif"), gdal.GA_Update)
        band.GetRasterBand(1).WriteArray(np.where(np.isnan(values), 255, values).astype(np.uint8))
        band = None
        path = str(tmp_path / "b.tif")
    elif how == "oblong":
        dataset = gdal.Open(path, gdal.GA_Update)
        dataset.SetGeoTransform((X, 10, 0, Y, 0, -10.5))
        dataset, area = None, 105.0
    polygons = [at((5, 15), (0, 10)), at((0, 10), (35, 45)), at((41, 47), (43, 47))]
    if how == "oblong":
        polygons = [square(X + 50, Y - 105, X + 150, Y), square(X, Y - 472.5, X + 100, Y - 367.5), polygons[2]]
    layer = str(write_vectors(tmp_path / "f.gpkg", [(polygon, {}) for polygon in polygons]))
    found = counts(run(path, layer)["EXPOSURE"])
    assert found == [pytest.approx((100, 50, 0.5, 50 * area, 1.0)), pytest.approx((50, 50, 1.0, 50 * area, 0.5)),
                     (0, 0, None, None, 0.0)]  # fmt: skip


@pytest.mark.parametrize("shear", [(3.0, 0.0), (0.0, 2.0), (1.0, 1.0)])
def test_a_sheared_or_rotated_mask_is_refused(shear, mask, tmp_path):
    dataset = gdal.Open(mask, gdal.GA_Update)
    dataset.SetGeoTransform((X, 10, shear[0], Y, shear[1], -10))
    dataset = None
    layer = str(write_vectors(tmp_path / "f.gpkg", [(at((5, 15), (0, 10)), {})]))
    with pytest.raises(QgsProcessingException, match=r"FAILURE_MASK.*rotated or sheared"):
        run(mask, layer)


def test_features_without_geometry_and_invalid_ones(mask, tmp_path):
    """A NULL geometry has no counts; a bow tie has both of its wings; the others have theirs."""
    layer = QgsVectorLayer(f"MultiPolygon?crs=EPSG:{EPSG}&field=n:int", "m", "memory")
    bow = f"MULTIPOLYGON ((({X} {Y}, {X + 100} {Y - 100}, {X + 100} {Y}, {X} {Y - 100}, {X} {Y})))"
    for number, wkt in enumerate([None, bow, "MULTIPOLYGON EMPTY", f"MULTI{at((5, 15), (0, 10))}".replace(
            "((", "(((").replace("))", ")))")]):  # fmt: skip
        feature = QgsFeature(layer.fields())
        feature["n"] = number
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    found = counts(run(mask, layer)["EXPOSURE"])
    assert found[0] == found[2] == (0, 0, None, None, None)
    assert found[1] == pytest.approx((50, 50, 1.0, 5000.0, 1.0), abs=10, rel=0.2)
    assert found[3] == pytest.approx((100, 50, 0.5, 5000.0, 1.0))


def test_the_same_rule_as_in_the_validation(mask, tmp_path):
    """The inventory's landslide cells are the cells that this tool counts."""
    import processing

    scars = [square(X + 41, Y - 24, X + 43, Y - 22), square(X + 243, Y - 139, X + 317, Y - 101),
             square(X + 101.3, Y - 214.2, X + 144.9, Y - 188.8)]  # fmt: skip
    layer = str(write_vectors(tmp_path / "scars.gpkg", [(scar, {}) for scar in scars]))
    valid = sum(row[0] for row in counts(run(mask, layer)["EXPOSURE"]))
    given = {"MAP": mask, "KIND": "mask", "LANDSLIDES": layer, "REPORT": str(tmp_path / "r.html")}
    assert processing.run("slopecast:validateinventory", given)["LANDSLIDE_CELLS"] == valid


def test_counts_of_two_masks_are_side_by_side(mask, tmp_path, feedback):
    """The result of one run is the next one's input."""
    layer = str(write_vectors(tmp_path / "f.gpkg", [(at((5, 15), (0, 10)), {"name": "a"})]))
    once = run(mask, layer, EXPOSURE=str(tmp_path / "once.gpkg"))["EXPOSURE"]
    twice = run(mask, once, feedback, EXPOSURE=str(tmp_path / "twice.gpkg"))["EXPOSURE"]
    fields = [field.name() for field in QgsVectorLayer(twice, "l", "ogr").fields()]
    added = [*COUNTS, "mean", "minimum", "maximum", "hazard_class", "hazard_range"]
    assert fields[1:] == ["name", *added, *(f"{name}_2" for name in added)]
    assert any("valid_cells_2" in text for text in feedback.warnings)
    assert counts(twice) == counts(once)


def test_a_layer_that_lies_elsewhere_is_warned_of(mask, tmp_path, feedback):
    layer = str(write_vectors(tmp_path / "f.gpkg", [(square(0, 0, 100, 100), {})]))
    done = run(mask, layer, feedback)
    assert done["FEATURES_WITHOUT_VALID_CELLS"] == 1
    assert any("No feature is on a valid cell" in text for text in feedback.warnings)


def test_features_that_have_no_place_in_the_mask_s_system_have_no_counts(mask, tmp_path, feedback):
    """The antipodes in a transverse Mercator."""
    near = (127.0 + 0.0003, 38.0 - 0.0003)
    boxes = [square(-53.2, -0.2, -53.1, 0.2), square(near[0] - 1, near[1] - 1, near[0] + 1, near[1] + 1)]
    layer = str(write_vectors(tmp_path / "f.gpkg", [(wkt, {}) for wkt in boxes], epsg=4326))
    found = counts(run(mask, layer, feedback)["EXPOSURE"])
    assert found[0][:4] == (0, 0, None, None)
    assert found[1][0] == 40 * 48
    assert 0.0 < found[1][4] < 0.01


@pytest.mark.parametrize("values", [[0.0, 2.0], [-1.0, 1.0], [0.0, 255.0], [410.5, 622.0]])
def test_what_is_no_mask_is_refused(values, tmp_path):
    """A class map or a factor of safety, summed up, would give counts of nothing."""
    raster = str(write_raster(tmp_path / "r.tif", np.resize(values, (10, 10))))
    layer = str(write_vectors(tmp_path / "f.gpkg", [(at((0, 5), (0, 5)), {})]))
    with pytest.raises(QgsProcessingException, match=r"FAILURE_MASK.*0 \(stable\) and 1 \(failed\)"):
        run(raster, layer)


def test_an_input_is_not_replaced(mask, tmp_path):
    path = tmp_path / "f.gpkg"
    layer = str(write_vectors(path, [(at((5, 15), (0, 10)), {"name": "a"})]))
    before = content(path)
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input of this run"):
        run(mask, layer, EXPOSURE=layer)
    assert content(path) == before


@pytest.mark.parametrize("stop_at", [1, 4, 7])
def test_a_cancel_leaves_nothing(stop_at, mask, tmp_path):
    class Impatient(QgsProcessingFeedback):
        asked = 0

        def isCanceled(self):
            self.asked += 1
            if self.asked >= stop_at:
                self.cancel()
            return super().isCanceled()

    layer = str(write_vectors(tmp_path / "f.gpkg", [(at((5, 15), (0, 10)), {"n": n}) for n in range(1200)]))
    folder = Path(tmp_path / "out")
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(mask, layer, Impatient(False), EXPOSURE=str(folder / "e.gpkg"))
    assert not folder.exists()


#: Thresholds that classes without an order do not have.
_UNORDERED = {("First failing scenario", 2), ("Failure class", 1), ("Failure class", 2)}


@pytest.mark.parametrize(
    ("name", "threshold", "failed"),
    [
        ("Failure class", None, (1, 2)), ("Stability class", None, (2, 3)), ("Failure mode", None, (1, 2, 3)),
        ("First failing scenario", None, (1, 2, 3)), ("First failing scenario", 2, (2, 3)),
        ("First failing scenario", 1, (1, 2, 3)), ("Failure class", 2, (2, 3)), ("Failure class", 1, (1, 2, 3)),
        ("Stability class", 2, (2, 3)), ("Agreement", 2, (2, 3)),
        ("Agreement", None, None),
        ("Agreement with the physics engine", None, None), ("Influence of the map's edge", None, None),
    ],
)  # fmt: skip
def test_classes_count_by_what_they_mean(name, threshold, failed, tmp_path, feedback):
    """Four columns hold the classes 0 to 3."""
    from osgeo import gdal

    path = str(write_raster(tmp_path / "classes.tif", np.tile(np.arange(4.0), (3, 1))))
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetDescription(name)
    del dataset
    layer = str(write_vectors(tmp_path / "f.gpkg", [(at((n, n + 1), (0, 3)), {"n": n}) for n in range(4)]))
    given = {} if threshold is None else {"THRESHOLD": threshold}
    if failed is None:
        with pytest.raises(QgsProcessingException, match=r"FAILURE_MASK.*no class means failed.*THRESHOLD"):
            run(path, layer, **given)
        return
    found = [row[1] for row in counts(run(path, layer, feedback, **given)["EXPOSURE"])]
    assert found == [3 * (n in failed) for n in range(4)]
    doubted = any("its classes do not rise with the danger" in text for text in feedback.warnings)
    assert doubted == ((name, threshold) in _UNORDERED)
