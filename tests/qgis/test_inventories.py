"""Calibration to inventories of every kind: geometries, coordinate systems, duplicates, gaps, cell sizes."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr, osr
from rasters import CELL, EPSG, ORIGIN, read_raster, write_raster
from vectors import write_vectors

SIDE, SLIDES = 100, 40
NUMBERS = ("AUC", "AUC_LOW", "AUC_HIGH", "AUC_SLOPE", "AUC_DEFAULT", "AUC_CALIBRATED", "STRENGTH_FACTOR")


@pytest.fixture(scope="module")
def site(qgis_application, tmp_path_factory):
    """An area, and the centres of its landslides with where FS < 1 about them."""
    import processing

    folder = tmp_path_factory.mktemp("inventories")
    made = processing.run(
        "slopecast:exampledata", {"SEED": 3432, "SIZE": SIDE, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(folder)}
    )
    source = ogr.Open(made["LANDSLIDES"])
    centres = np.array([feature.GetGeometryRef().GetPoint_2D() for feature in source.GetLayer()])[:SLIDES]
    assert len(centres) == SLIDES
    arrays = {key: read_raster(made[key])[0].astype(float) for key in ("DEM", "SOIL_DEPTH")}
    return {"DEM": made["DEM"], "SOIL_DEPTH": made["SOIL_DEPTH"], "centres": centres, "arrays": arrays}


def written(path, wkts, epsg=EPSG):
    return str(write_vectors(path, [(wkt, {}) for wkt in wkts], epsg=epsg))


def point(x, y):
    return f"POINT ({x} {y})"


def circle(x, y, radius):
    return ogr.CreateGeometryFromWkt(point(x, y)).Buffer(radius).ExportToWkt()


def in_system(centres, epsg):
    """The centres in another coordinate system, longitude first."""
    systems = [osr.SpatialReference(), osr.SpatialReference()]
    for system, code in zip(systems, (EPSG, epsg)):
        system.ImportFromEPSG(code)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change = osr.CoordinateTransformation(*systems)
    return [change.TransformPoint(*xy)[:2] for xy in centres.tolist()]


def calibrated(site, folder, feedback=None, **changes):
    import processing

    given = {key: site[key] for key in ("DEM", "SOIL_DEPTH")}
    given |= {"RAINFALL": 12, "SETS": 10, "SUSCEPTIBILITY": str(folder / "s.tif"), **changes}
    return processing.run("slopecast:calibratetoinventory", given, feedback=feedback)


GEOMETRIES = {
    "points": lambda xy: [point(*one) for one in xy],
    "points with heights": lambda xy: [f"POINT Z ({x} {y} 250)" for x, y in xy],
    "points twice": lambda xy: [point(*one) for one in xy] * 2,
    "multipoints of one": lambda xy: [f"MULTIPOINT (({x} {y}))" for x, y in xy],
    "one multipoint of all": lambda xy: ["MULTIPOINT (" + ", ".join(f"({x} {y})" for x, y in xy) + ")"],
    "polygons smaller than a cell": lambda xy: [circle(*one, 3.0) for one in xy],
    "scarps": lambda xy: [circle(*one, 14.0) for one in xy],
    "one multipolygon of all": lambda xy: [
        "MULTIPOLYGON (" + ", ".join(circle(*one, 4.0).removeprefix("POLYGON ") for one in xy) + ")"
    ],
    "curved polygons": lambda xy: [
        f"CURVEPOLYGON (CIRCULARSTRING ({x - 4} {y}, {x} {y + 4}, {x + 4} {y}, {x} {y - 4}, {x - 4} {y}))"
        for x, y in xy
    ],
    "curved polygons of straight sides": lambda xy: [
        f"CURVEPOLYGON (({x - 4} {y}, {x} {y + 4}, {x + 4} {y}, {x} {y - 4}, {x - 4} {y}))" for x, y in xy
    ],
    "polygons that cross themselves": lambda xy: [
        f"POLYGON (({x - 8} {y - 8}, {x + 8} {y + 8}, {x + 8} {y - 8}, {x - 8} {y + 8}, {x - 8} {y - 8}))"
        for x, y in xy
    ],
    "points with an empty one": lambda xy: [*(point(*one) for one in xy), "POINT EMPTY"],
    "points with some outside": lambda xy: [*(point(*one) for one in xy), point(0, 0), point(9e5, 9e5)],
}  # fmt: skip


@pytest.mark.parametrize("kind", GEOMETRIES)
def test_geometries_of_every_kind_are_landslides(site, result, tmp_path, feedback, kind):
    slides = written(tmp_path / "slides.gpkg", GEOMETRIES[kind](site["centres"].tolist()))
    found = calibrated(site, tmp_path, feedback, LANDSLIDES=slides)
    assert found["LANDSLIDES_USED"] == SLIDES
    if kind == "scarps":  # other cells than the points
        assert found["AUC"] > 0.9
    else:
        assert {key: found[key] for key in NUMBERS} == pytest.approx({key: result[key] for key in NUMBERS})
    assert any(f"{SLIDES} landslides have the same cells" in text for text in feedback.warnings) == ("twice" in kind)
    assert any(f"each of the {SLIDES} parts" in text for text in feedback.lines) == (" of all" in kind)


@pytest.fixture(scope="module")
def result(site, tmp_path_factory):
    """Numbers of the points."""
    folder = tmp_path_factory.mktemp("points")
    slides = written(folder / "slides.gpkg", [point(*xy) for xy in site["centres"].tolist()])
    return calibrated(site, folder, LANDSLIDES=slides)


@pytest.mark.parametrize("epsg", [4326, 3857, 32652])
def test_landslides_in_another_coordinate_system(site, result, tmp_path, epsg):
    slides = written(tmp_path / "slides.gpkg", [point(*xy) for xy in in_system(site["centres"], epsg)], epsg)
    found = calibrated(site, tmp_path, LANDSLIDES=slides)
    assert {key: found[key] for key in NUMBERS} == pytest.approx({key: result[key] for key in NUMBERS})


@pytest.mark.parametrize(
    ("number", "radius", "words"), [(10, 0.0, "Only 10 landslides"), (14, 0.0, "Only 14"), (15, 60.0, "Only 15")]
)
def test_few_landslides_are_called_few(site, tmp_path, feedback, number, radius, words):
    places = site["centres"].tolist()[::2][:number]
    slides = written(tmp_path / "slides.gpkg", [circle(*xy, radius) if radius else point(*xy) for xy in places])
    found = calibrated(site, tmp_path, feedback, LANDSLIDES=slides)
    assert found["LANDSLIDES_USED"] == number
    assert 0.7 < found["AUC"] <= 1.0
    assert any(words in text for text in feedback.warnings)


def changed(site, folder, what):
    """Parameters of a case."""
    holes, gap = (site["arrays"][key].copy() for key in ("DEM", "SOIL_DEPTH"))
    holes[::17, ::3] = np.nan
    holes[40:50, 40:60] = np.nan
    gap[:, :40] = np.nan
    places = np.array(ORIGIN) + np.random.default_rng(1).uniform(0, SIDE * CELL, (200, 2)) * [1, -1]
    far = np.hypot(*(places[:, None] - site["centres"][None]).transpose(2, 0, 1)).min(axis=1) > 3 * CELL
    return {
        "no depth": lambda: {"SOIL_DEPTH": None},
        "heights with holes": lambda: {"DEM": str(write_raster(folder / "dem.tif", holes))},
        "depth of a part": lambda: {"SOIL_DEPTH": str(write_raster(folder / "depth.tif", gap))},
        "stable points": lambda: {"STABLE": written(folder / "stable.gpkg", [point(*p) for p in places[far].tolist()])},
        "blocks as many as can be": lambda: {"FOLDS": 20},
    }[what]()


@pytest.mark.parametrize(
    "what", ["no depth", "heights with holes", "depth of a part", "stable points", "blocks as many as can be"]
)
def test_gaps_and_layers_left_out(site, tmp_path, what):
    slides = written(tmp_path / "slides.gpkg", [point(*xy) for xy in site["centres"].tolist()])
    changes = changed(site, tmp_path, what)
    found = calibrated(site, tmp_path, LANDSLIDES=slides, **changes)
    values, nodata, _ = read_raster(found["SUSCEPTIBILITY"])
    known = values != nodata
    known_slides = (known[rows, cols] for cols, rows in ((site["centres"] - ORIGIN) / [CELL, -CELL]).astype(int))
    assert found["LANDSLIDES_USED"] == sum(known_slides) >= (20 if what == "depth of a part" else SLIDES - 8)
    assert known.all() == (what not in ("heights with holes", "depth of a part"))
    assert 0.85 < found["AUC"] <= 1.0


@pytest.mark.parametrize(("cell", "side"), [(2.0, 120), (30.0, 100)])
def test_fine_and_coarse_cells(qgis_application, tmp_path, cell, side):
    import processing

    made = processing.run(
        "slopecast:exampledata",
        {"SEED": 3432, "SIZE": side, "CELL_SIZE": cell, "OUTPUT_FOLDER": str(tmp_path / "example")},
    )
    found = calibrated(made, tmp_path, LANDSLIDES=made["LANDSLIDES"])
    assert found["LANDSLIDES_USED"] >= 30
    assert 0.85 < found["AUC"] <= 1.0
