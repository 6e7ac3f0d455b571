"""Calibration to landslides as users run it: layers in, maps, table and report out."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from test_windows import SIDE, Lines, in_windows
from vectors import square, write_vectors

TRUTH = {"COHESION": 11, "FRICTION_ANGLE": 36, "CONDUCTIVITY": 1e-5, "RAINFALL": 12, "WATER_TABLE_RATIO": 0.4}
FIXED = {f"{key}_{end}": value for key, value in TRUTH.items() for end in ("MIN", "MAX")}
RASTERS = ("SUSCEPTIBILITY", "FACTOR_OF_SAFETY", "FAILURE_MASK", "CALIBRATED_SOIL_DEPTH")
NUMBERS = ("AUC", "AUC_LOW", "AUC_HIGH", "AUC_SLOPE", "AUC_DEFAULT", "AUC_CALIBRATED", "HIT_RATE", "FALSE_ALARM_RATE",
           "STRENGTH_FACTOR")  # fmt: skip


def read(path):
    """Values of a raster as float, NaN for NoData."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    values = band.ReadAsArray().astype(float)
    values[values == band.GetNoDataValue()] = np.nan
    return values, dataset.GetGeoTransform()


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def points(path, cells, transform):
    """Write the centres of cells (row, col)."""
    x0, dx, _, y0, _, dy = transform
    places = [(f"POINT ({x0 + (col + 0.5) * dx} {y0 + (row + 0.5) * dy})", {}) for row, col in cells]
    return str(write_vectors(path, places))


@pytest.fixture(scope="module")
def site(qgis_application, tmp_path_factory):
    """A study area, and landslides drawn where it fails in a storm that is known."""
    import processing

    folder = tmp_path_factory.mktemp("site")
    made = processing.run(
        "slopecast:exampledata", {"SEED": 3, "SIZE": 90, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(folder)}
    )
    fs_file = str(folder / "fs.tif")
    given = {"DEM": made["DEM"], "SOIL_DEPTH": made["SOIL_DEPTH"]}
    processing.run("slopecast:simulatefactorofsafety", {**given, **TRUTH, "FACTOR_OF_SAFETY": fs_file})
    fs, transform = read(fs_file)
    failed = np.argwhere(fs < 1.0)
    assert 0.02 < len(failed) / np.isfinite(fs).sum() < 0.4
    random = np.random.default_rng(1)
    slides = random.choice(failed, 60, replace=False)
    x0, dx, _, y0, _, dy = transform
    boxes = [(square(x0 + c * dx, y0 + (r + 1) * dy, x0 + (c + 1) * dx, y0 + r * dy), {}) for r, c in slides]
    north = square(x0, y0 + 55 * dy, x0 + 90 * dx, y0)
    return {
        **given, "fs": fs, "transform": transform, "slides": slides, "folder": folder,
        "LANDSLIDES": points(folder / "slides.gpkg", slides, transform),
        "polygons": str(write_vectors(folder / "boxes.gpkg", boxes)),
        "north": str(write_vectors(folder / "north.gpkg", [(north, {})])),
    }  # fmt: skip


def calibrated(site, folder, feedback=None, outputs=RASTERS, **changes):
    import processing

    given = {key: site[key] for key in ("DEM", "SOIL_DEPTH", "LANDSLIDES")}
    given |= {"RAINFALL": TRUTH["RAINFALL"], "SETS": 20, **changes}
    given |= {key: str(folder / f"{key.lower()}.tif") for key in outputs}
    given |= {"SCENARIOS": str(folder / "sets.csv"), "REPORT": str(folder / "report ä.html")}
    return processing.run("slopecast:calibratetoinventory", given, feedback=feedback)


@pytest.fixture(scope="module")
def result(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrated")
    return calibrated(site, folder), folder


def test_outputs_are_on_the_grid_and_agree(site, result):
    results, folder = result
    arrays = {}
    for key in RASTERS:
        arrays[key], transform = read(results[key])
        assert transform == site["transform"]
        np.testing.assert_array_equal(np.isfinite(arrays[key]), np.isfinite(site["fs"]))
        assert (folder / f"{key.lower()}.qml").exists()
    known = np.isfinite(site["fs"])
    np.testing.assert_array_equal(arrays["FAILURE_MASK"][known], arrays["FACTOR_OF_SAFETY"][known] < 1.0)
    assert 0.0 <= arrays["SUSCEPTIBILITY"][known].min() < arrays["SUSCEPTIBILITY"][known].max() <= 1.0
    near = known & (site["fs"] > 0.6) & (site["fs"] < 1.6)
    assert np.median(arrays["FACTOR_OF_SAFETY"][near] / site["fs"][near]) == pytest.approx(1.0, abs=0.1)


def test_numbers_are_plausible_and_ordered(result):
    results, _ = result
    assert all(np.isfinite(results[key]) for key in NUMBERS)
    assert results["AUC_LOW"] < results["AUC"] < results["AUC_HIGH"]
    assert results["AUC_CALIBRATED"] > results["AUC_SLOPE"] - 0.02
    assert results["HIT_RATE"] > 0.8 > results["FALSE_ALARM_RATE"]
    assert results["LANDSLIDES_USED"] == 60
    assert results["FINDING"]
    best, row = json.loads(results["BEST_SET"]), rows_of(results["SCENARIOS"])[0]
    assert {key.lower(): value for key, value in best.items()} == pytest.approx(
        {key: float(value) for key, value in row.items() if key not in ("name", "calibrated_soil_depth")}
    )


def test_the_report_begins_with_the_finding(result):
    results, folder = result
    html = (folder / "report ä.html").read_text(encoding="utf-8")
    first = html.split("</h1>", maxsplit=1)[1].lstrip()
    assert first.startswith("<p")
    assert results["FINDING"].replace("<", "&lt;") in first.split("</p>", maxsplit=1)[0]
    assert "Limits of use" in html


def test_metadata_describe_how_it_was_made(result):
    results, _ = result
    metadata = gdal.Open(results["SUSCEPTIBILITY"]).GetMetadata()
    assert metadata["SLOPECAST_ALGORITHM"] == "slopecast:calibratetoinventory"
    assert metadata["SLOPECAST_SETS"] == "20"
    assert metadata["SLOPECAST_COHESION_RANGE"] == "0.5 to 25"
    assert metadata["SLOPECAST_RAINFALL"] == "12 mm/h"
    assert float(metadata["SLOPECAST_STRENGTH_FACTOR"]) == pytest.approx(results["STRENGTH_FACTOR"], rel=1e-3)


def test_the_table_goes_unchanged_into_a_table_of_predictions(site, result, tmp_path):
    import processing

    results, _ = result
    rows = rows_of(results["SCENARIOS"])
    assert [row["name"] for row in rows] == [f"set_{k:02d}" for k in range(1, len(rows) + 1)]
    given = {"DEM": site["DEM"], "SOIL_DEPTH": results["CALIBRATED_SOIL_DEPTH"], "TABLE": results["SCENARIOS"]}
    processing.run(
        "slopecast:predictfromtable",
        {**given, "SOLVER": 1, "OUTPUT_FOLDER": str(tmp_path), "SUMMARY": str(tmp_path / "summary.csv"),
         "FAILURE_FREQUENCY": str(tmp_path / "frequency.tif")},
    )  # fmt: skip
    shares = [float(row["failed_share"]) for row in rows_of(tmp_path / "summary.csv")]
    mask, _ = read(results["FAILURE_MASK"])
    assert len(shares) == len(rows)
    assert shares == pytest.approx([np.nanmean(mask)] * len(shares), abs=0.03)
    frequency, _ = read(tmp_path / "frequency.tif")
    assert np.nanmean((frequency >= 0.5) == (mask == 1)) > 0.95


@pytest.mark.parametrize("evaluate", ["end", "minimum"])
def test_the_table_goes_unchanged_into_the_failure_probability(site, result, tmp_path, evaluate):
    import processing

    results, _ = result
    given = {"DEM": site["DEM"], "SOIL_DEPTH": site["SOIL_DEPTH"], "TABLE": results["SCENARIOS"], "METHOD": "engine"}
    found = processing.run(
        "slopecast:failureprobability",
        {**given, "EVALUATE": evaluate, "FAILURE_PROBABILITY": str(tmp_path / "p.tif")},
    )
    values, _ = read(found["FAILURE_PROBABILITY"])
    assert found["EXPECTED_FAILED_SHARE"] == pytest.approx(np.nanmean(values), rel=1e-5)
    rows = len(rows_of(results["SCENARIOS"]))
    np.testing.assert_allclose(values * rows, np.round(values * rows), atol=1e-4)  # a share of the rows
    if evaluate == "end":
        mask, _ = read(results["FAILURE_MASK"])
        assert np.nanmean((values >= 0.5) == (mask == 1)) > 0.95
        metadata = gdal.Open(found["FAILURE_PROBABILITY"]).GetMetadata()
        assert metadata["SLOPECAST_METHOD"] == f"{rows} rows of a table"


@pytest.mark.parametrize(
    ("spreads", "keys"),
    [({}, ""), ({"SOIL_DEPTH_SD": 0.3}, "SOIL_DEPTH_SD"),
     ({"COHESION_SD": 2, "SOIL_DEPTH_SD": 0.2}, "COHESION_SD, SOIL_DEPTH_SD"),
     ({"FRICTION_ANGLE_SD_LAYER": "SOIL_DEPTH"}, "FRICTION_ANGLE_SD_LAYER")],
)  # fmt: skip
def test_a_table_leaves_out_standard_deviations_with_a_caution(spreads, keys, site, result, tmp_path, feedback):
    import processing

    given = {"DEM": site["DEM"], "SOIL_DEPTH": site["SOIL_DEPTH"], "TABLE": result[0]["SCENARIOS"], "METHOD": "engine"}
    given |= {key: site.get(value, value) for key, value in spreads.items()}
    out = {"FAILURE_PROBABILITY": str(tmp_path / "p.tif")}
    done = processing.run("slopecast:failureprobability", {**given, **out}, feedback=feedback)
    text = f"Standard deviations are not used with a table of scenarios: {keys}"
    assert (text in done["RELIABILITY"]) == bool(keys)
    assert sum("Standard deviations are not used" in line for line in feedback.warnings) >= bool(keys)


def test_first_order_takes_no_table(site, result, tmp_path):
    import processing

    given = {"DEM": site["DEM"], "SOIL_DEPTH": site["SOIL_DEPTH"], "TABLE": result[0]["SCENARIOS"]}
    with pytest.raises(QgsProcessingException, match=r"TABLE.*first-order"):
        processing.run(
            "slopecast:failureprobability",
            {**given, "METHOD": "first order", "FAILURE_PROBABILITY": str(tmp_path / "p.tif")},
        )


@pytest.mark.parametrize("wrong", [0.75, 1.3])
def test_fixed_parameters_give_the_factor_that_they_lack(site, tmp_path, wrong):
    fixed = dict(FIXED)
    for end in ("MIN", "MAX"):
        fixed[f"COHESION_{end}"] = TRUTH["COHESION"] * wrong
        fixed[f"FRICTION_ANGLE_{end}"] = float(
            np.degrees(np.arctan(np.tan(np.radians(TRUTH["FRICTION_ANGLE"])) * wrong))
        )
    for key, value in (("MOISTURE_DEFICIT", 0.1), ("SUCTION_HEAD", 0.11)):
        fixed |= {f"{key}_MIN": value, f"{key}_MAX": value}
    results = calibrated(site, tmp_path, ROOT_COHESION=wrong, **fixed)
    assert results["STRENGTH_FACTOR"] == pytest.approx(1.0 / wrong, rel=0.1)
    rows = rows_of(results["SCENARIOS"])
    assert len(rows) == 1
    assert float(rows[0]["cohesion"]) == pytest.approx(TRUTH["COHESION"], rel=0.1)
    assert float(rows[0]["conductivity"]) == pytest.approx(TRUTH["CONDUCTIVITY"])


def test_rasters_for_another_tool_leave_the_numbers_as_they_are(site, tmp_path, feedback):
    """Scripts pass one set of parameters to several tools; this one has no rasters in place of numbers."""
    results = calibrated(site, tmp_path, feedback, RAINFALL_LAYER=site["DEM"], COHESION_LAYER=site["DEM"], COHESION=3)
    assert json.loads(results["BEST_SET"])["RAINFALL"] == TRUTH["RAINFALL"]
    assert gdal.Open(results["SUSCEPTIBILITY"]).GetMetadata()["SLOPECAST_RAINFALL"] == "12 mm/h"
    assert any("COHESION_LAYER, RAINFALL_LAYER" in warning for warning in feedback.warnings)
    alone = calibrated(site, tmp_path, COHESION=3)
    assert results["AUC_DEFAULT"] == alone["AUC_DEFAULT"]


def test_the_help_counts_the_estimates_that_are_tried_without_a_depth():
    """Elsewhere a soil depth that is left out is estimated from slope."""
    from qgis.core import QgsApplication
    from slopecast.plugin.core.inventory_calibration.sampling import DEPTHS

    known = QgsApplication.processingRegistry().algorithmById("slopecast:calibratetoinventory")
    assert len(DEPTHS) == 10
    assert "ten estimates" in known.parameterDefinition("SOIL_DEPTH").help()
    assert "from slope" not in known.parameterDefinition("SOIL_DEPTH").help()


def test_without_a_depth_the_best_estimate_is_written_and_taken(site, tmp_path, feedback):
    """Amounts that may be in another unit are doubted as elsewhere."""
    import processing

    results = calibrated(site, tmp_path, feedback, SOIL_DEPTH=None, RAINFALL=280)
    assert sum("the highest rainfalls measured anywhere" in text for text in feedback.warnings) == 1
    assert any("estimated" in text for text in feedback.warnings)
    metadata = gdal.Open(results["CALIBRATED_SOIL_DEPTH"]).GetMetadata()
    assert metadata["SLOPECAST_METHOD"] in ("slope", "slope_curvature", "constant", "exponential")
    method, low, high = (metadata[f"SLOPECAST_{key}"] for key in ("METHOD", "DEPTH_MIN", "DEPTH_MAX"))
    assert {row["calibrated_soil_depth"] for row in rows_of(results["SCENARIOS"])} == {f"{method}, {low} to {high}"}
    assert results["DEPTH_OF_SETS"] == f"{method}, {low} to {high}"
    given = {"DEM": site["DEM"], "SOIL_DEPTH": results["CALIBRATED_SOIL_DEPTH"]}
    processing.run("slopecast:simulatefactorofsafety", {**given, "FACTOR_OF_SAFETY": str(tmp_path / "again.tif")})


@pytest.mark.parametrize(("depth", "doubted"), [("SOIL_DEPTH", False), (None, True)])
@pytest.mark.parametrize("algorithm", ["predictfromtable", "failureprobability"])
def test_sets_with_another_soil_depth_are_doubted(algorithm, depth, doubted, site, result, tmp_path, feedback):
    import processing

    processing.run(
        f"slopecast:{algorithm}",
        {"DEM": site["DEM"], "SOIL_DEPTH": site.get(depth), "TABLE": result[0]["SCENARIOS"], "SOLVER": 1,
         "METHOD": "engine", "OUTPUT_FOLDER": str(tmp_path), "FAILURE_PROBABILITY": str(tmp_path / "set_01.tif")},
        feedback=feedback,
    )  # fmt: skip
    assert any("with another soil depth (given; here: slope, 0.5 m to 4 m)" in t for t in feedback.warnings) == doubted
    judged = {"MAP": str(tmp_path / "set_01.tif"), "LANDSLIDES": site["LANDSLIDES"], "REPORT": str(tmp_path / "r.html")}
    processing.run("slopecast:validateinventory", judged, feedback=feedback)
    assert sum("from its parameter sets" in text for text in feedback.warnings) == 1


def test_polygons_of_single_cells_are_those_of_points(site, result, tmp_path):
    results, _ = result
    other = calibrated(site, tmp_path, LANDSLIDES=site["polygons"])
    assert {key: other[key] for key in NUMBERS} == pytest.approx({key: results[key] for key in NUMBERS})


def test_an_area_bounds_what_is_compared_not_the_maps(site, tmp_path):
    results = calibrated(site, tmp_path, MASK_LAYER=site["north"])
    assert results["LANDSLIDES_USED"] == (site["slides"][:, 0] < 55).sum() < 60
    values, _ = read(results["SUSCEPTIBILITY"])
    np.testing.assert_array_equal(np.isfinite(values), np.isfinite(site["fs"]))


@pytest.mark.parametrize(
    ("key", "kind", "auc"), [("SUSCEPTIBILITY", "probability", 0.8), ("FACTOR_OF_SAFETY", "factor of safety", 0.5)]
)
def test_its_maps_can_be_validated_with_a_warning(key, kind, auc, site, result, tmp_path, feedback):
    """On the landslides of the calibration the scores are not held out."""
    import processing

    given = {"MAP": result[0][key], "LANDSLIDES": site["LANDSLIDES"], "DEM": site["DEM"]}
    report = tmp_path / "r.html"
    judged = processing.run("slopecast:validateinventory", {**given, "REPORT": str(report)}, feedback=feedback)
    assert judged["AUC"] > auc
    assert any(kind in text.lower() for text in feedback.lines)
    assert sum("made by 'Calibrate to landslides'" in text for text in feedback.warnings) == 1
    assert "the scores are too high: use the held-out scores" in report.read_text()


def test_outputs_may_be_left_out(site, tmp_path):
    import processing

    given = {key: site[key] for key in ("DEM", "SOIL_DEPTH", "LANDSLIDES")}
    only = str(tmp_path / "susceptibility.tif")
    results = processing.run("slopecast:calibratetoinventory", {**given, "SETS": 10, "SUSCEPTIBILITY": only})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["susceptibility.qml", "susceptibility.tif"]
    assert np.isfinite(results["AUC"])


def test_random_landslides_are_reported_to_add_nothing(site, tmp_path, feedback):
    cells = np.random.default_rng(4).choice(np.argwhere(np.isfinite(site["fs"])), 40, replace=False)
    random = points(tmp_path / "random.gpkg", cells, site["transform"])
    results = calibrated(site, tmp_path, feedback, LANDSLIDES=random)
    assert results["AUC_LOW"] < 0.5 < results["AUC_HIGH"]
    assert results["FINDING"].startswith("The calibration failed")
    assert results["FINDING"] in feedback.warnings


@pytest.fixture(scope="module")
def bad(site):
    """Landslides that cannot be used."""
    folder, transform = site["folder"], site["transform"]
    few, slides = site["slides"][:9], site["slides"]
    far = [("POINT (100000 400000)", {})] * 12
    near = [(30 + k // 4, 40 + k % 4) for k in range(12)]
    return {
        "few": points(folder / "few.gpkg", few, transform), "far": str(write_vectors(folder / "far.gpkg", far)),
        "block": points(folder / "block.gpkg", near, transform),
        "slides": points(folder / "same.gpkg", slides, transform),
        "lines": str(write_vectors(folder / "line.gpkg", [("LINESTRING (200000 559600, 200400 559900)", {})])),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LANDSLIDES": "{far}"}, ["LANDSLIDES", "has no feature within the elevation model"]),
        ({"LANDSLIDES": "{few}"}, ["LANDSLIDES", "9 of 9", "10 or more"]),
        ({"LANDSLIDES": "{block}"}, ["LANDSLIDES", "one block"]),
        ({"LANDSLIDES": "{lines}"}, ["LANDSLIDES", "Line", "points or polygons"]),
        ({"STABLE": "{slides}"}, ["STABLE", "60 of 60 cells are landslide cells too"]),
        ({"STABLE": "{far}"}, ["STABLE", "none is on"]),
        ({"SETS": 3}, ["SETS", "3", "10 to 2000"]),
        ({"FOLDS": 1}, ["FOLDS", "1", "2 to 20"]),
        ({"SEED": -1}, ["SEED", "-1"]),
        ({"COHESION_MIN": 9, "COHESION_MAX": 3}, ["COHESION_MIN", "9 kPa exceeds", "3 kPa"]),
        ({"CONDUCTIVITY_MAX": 0.26}, ["CONDUCTIVITY_MAX", "0.26 m/s", "86400"]),
        ({"FRICTION_ANGLE_MIN": "steep"}, ["FRICTION_ANGLE_MIN", "'steep'"]),
        ({"RAINFALL_MIN": 20}, ["RAINFALL_MIN", "20 mm/h exceeds", "12 mm/h"]),
        ({"COHESION": -3}, ["COHESION", "-3 kPa", "0 to 200 kPa"]),
        ({"REPORT": "/tmp/report.txt"}, ["REPORT", "report.txt", ".html"]),
    ],
)
def test_what_cannot_be_used_is_refused(site, bad, tmp_path, changes, words):
    import processing

    given = {key: site[key] for key in ("DEM", "SOIL_DEPTH", "LANDSLIDES")}
    given |= {"SETS": 10, "RAINFALL": 12, "SUSCEPTIBILITY": str(tmp_path / "s.tif")}
    given |= {key: value.format(**bad) if isinstance(value, str) else value for key, value in changes.items()}
    with pytest.raises(QgsProcessingException) as refused:
        processing.run("slopecast:calibratetoinventory", given)
    for word in words:
        assert word in str(refused.value)
    assert not list(tmp_path.iterdir())


# -- maps larger than memory ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"SOIL_DEPTH": None, "USE_ELEVATION": True},
        {"MASK_LAYER": "north", "CONDUCTIVITY_MIN": 1e-5, "CONDUCTIVITY_MAX": 3e-5, "LATERAL_ANISOTROPY_MIN": 20,
         "LATERAL_ANISOTROPY_MAX": 50, "SETS": 10},
    ],
    ids=["depth given", "depth estimated", "strong flow in an area"],
)  # fmt: skip
def test_windows_give_what_the_whole_map_gives(site, changes, tmp_path, monkeypatch):
    changes = {key: site.get(value, value) if isinstance(value, str) else value for key, value in changes.items()}
    changes |= {"SETS": changes.get("SETS", 20), "FOLDS": 3}
    for name in ("whole", "windows"):
        (tmp_path / name).mkdir()
    whole, log = calibrated(site, tmp_path / "whole", **changes), Lines()
    in_windows(monkeypatch)
    found = calibrated(site, tmp_path / "windows", log, **changes)
    assert any(f"solved in windows of {SIDE} x {SIDE} cells" in line for line in log.lines)
    for key in RASTERS:
        np.testing.assert_array_equal(*(gdal.Open(one[key]).ReadAsArray() for one in (whole, found)), key)
    assert {key: found[key] for key in (*NUMBERS, "FINDING")} == {key: whole[key] for key in (*NUMBERS, "FINDING")}
    # In double precision times of steps are summed in another order.
    texts = "name", "calibrated_soil_depth"
    assert json.loads(found["BEST_SET"]) == pytest.approx(json.loads(whole["BEST_SET"]), rel=1e-12)
    rows, expected = (
        [{k: float(v) for k, v in row.items() if v and k not in texts} for row in rows_of(made["SCENARIOS"])]
        for made in (found, whole)
    )
    assert rows == [pytest.approx(row, rel=1e-12) for row in expected]


@pytest.mark.parametrize("share", [3.0, 44.0, 60.0, 93.0])
def test_a_cancel_in_windows_leaves_nothing(site, share, tmp_path, monkeypatch):
    in_windows(monkeypatch)
    with pytest.raises(QgsProcessingException):
        calibrated(site, tmp_path, Lines(cancel_at=share))
    assert not list(tmp_path.iterdir())


def test_a_map_that_does_not_fit_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setenv("SLOPECAST_MEMORY", "100 MB")
    with pytest.raises(
        QgsProcessingException, match=r"8,100 cells, which need about .* of memory; 0\.10 GB may be used"
    ):
        calibrated(site, tmp_path)
    assert not list(tmp_path.iterdir())
