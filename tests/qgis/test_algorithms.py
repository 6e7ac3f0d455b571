"""What the algorithms give, as data: algorithm, parameters, expected outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from cases import ALL_ENGINE_RASTERS, ENGINE, INVENTORY, NETWORK, OUT, PROBABILITY, ZONES, filled
from rasters import grid_of, read_raster, write_raster

#: algorithm, parameters, {output: (least, greatest) or text or None for "is there"}
CASES = {
    "engine, everything": (
        "simulatefactorofsafety", {**ENGINE, **ALL_ENGINE_RASTERS},
        {"FACTOR_OF_SAFETY": (0, 10), "FAILURE_MASK": (0, 1), "WATER_TABLE": (0, 6), "WETTING_FRONT": (0, 6),
         "FAILURE_TIME": (0, 24), "FAILURE_MODE": (0, 2), "FAILURE_CLASS": (0, 3), "STABILITY_CLASS": (0, 3),
         "INITIAL_FACTOR_OF_SAFETY": (0, 10), "FAILURE_DEPTH": (0.1, 6), "RUNOFF": (0, 288),
         "CRITICAL_RAINFALL": (0, 300), "EDGE_INFLUENCE": (0, 1), "FACTOR_OF_SAFETY_SERIES": (0, 10),
         "VALID_CELLS": (1500, 2304), "FAILED_CELLS": (20, 2000), "FAILED_SHARE": (0.01, 0.9),
         "MASS_BALANCE_ERROR": (0, 1e-6), "STEPS": (24, 1e5), "SECONDS": (1e-3, 60)},
    ),
    "engine, no lateral flow": (
        "simulatefactorofsafety", {**ENGINE, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10), "MASS_BALANCE_ERROR": (0, 0), "STEPS": (0, 0)},
    ),
    "engine, no lateral flow, failure time": (
        "simulatefactorofsafety",
        {**ENGINE, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT, "FAILURE_TIME": OUT}, {"FAILURE_TIME": (0, 24)},
    ),
    "engine, choices by name": (
        "simulatefactorofsafety",
        {**ENGINE, "EDGES": "closed", "FRONT_PRESSURE": "always", "EVALUATE": "minimum", "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "engine, choices by number": (
        "simulatefactorofsafety", {**ENGINE, "EDGES": 1, "FRONT_PRESSURE": "1", "EVALUATE": 1, "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "engine, rain as a raster": (
        "simulatefactorofsafety", {**ENGINE, "RAINFALL_LAYER": "{unnamed}", "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "engine, hyetograph": (
        "simulatefactorofsafety",
        {**ENGINE, "HYETOGRAPH": "{storm}", "FACTOR_OF_SAFETY": OUT, "RUNOFF": OUT, "FAILURE_TIME": OUT},
        {"FACTOR_OF_SAFETY": (0, 10), "RUNOFF": (0, 118.001), "FAILURE_TIME": (0, 20), "MASS_BALANCE_ERROR": (0, 1e-6)},
    ),
    "engine, hyetograph with columns in another order": (
        "simulatefactorofsafety", {**ENGINE, "HYETOGRAPH": "{storm_other_columns}", "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "engine, hyetograph, no lateral flow": (
        "simulatefactorofsafety",
        {**ENGINE, "HYETOGRAPH": "{storm}", "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT, "RUNOFF": OUT},
        {"RUNOFF": (0, 118.001)},
    ),
    "engine, table as heights": (
        "simulatefactorofsafety",
        {**ENGINE, "INITIAL_WATER_TABLE": "{unnamed}", "DURATION": 0.1, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT},
        {"WATER_TABLE": (0, 6)},
    ),
    "engine, antecedent recharge": (
        "simulatefactorofsafety",
        {**ENGINE, "ANTECEDENT_RECHARGE": 3, "LATERAL_ANISOTROPY": 20, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT},
        {"WATER_TABLE": (0, 6), "MASS_BALANCE_ERROR": (0, 1e-6)},
    ),
    "engine, every process": (
        "simulatefactorofsafety",
        {**ENGINE, "FRONT_MOISTURE": "rain", "ROOTS": "exponential", "INITIAL_SUCTION": 1.5, "EFFECTIVE_POROSITY": 0.45,
         "PORE_SIZE_INDEX": 0.3, "CONDUCTIVITY": 1e-5, "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10), "MASS_BALANCE_ERROR": (0, 1e-6)},
    ),
    "engine, depth estimated": (
        "simulatefactorofsafety", {"DEM": "{dem}", "FACTOR_OF_SAFETY": OUT}, {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "network": (
        "predictfailuremask",
        {**NETWORK, "FAILURE_CLASS": OUT, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT, "MODEL_CONFIDENCE": OUT},
        {"FAILURE_MASK": (0, 1), "FAILURE_CLASS": (0, 3), "FACTOR_OF_SAFETY": (0, 10), "WATER_TABLE": (0, 6),
         "MODEL_CONFIDENCE": (0, 1),
         "FAILED_CELLS": (0, 2304), "VALID_CELLS": (1500, 2304), "FAILED_SHARE": (0, 1),
         "RELIABILITY": "caution: the weights are unverified"},
    ),
    "network, a cohesion that can hardly be meant": (
        "predictfailuremask", {**NETWORK, "MODEL": None, "COHESION": 60},
        {"FAILED_CELLS": (0, 2304), "RELIABILITY": "caution: Cohesion (COHESION): 60 kPa"},
    ),
    **{
        f"soil depth, {method}": (
            "estimatesoildepth", {"DEM": "{dem}", "METHOD": method, "SOIL_DEPTH": OUT}, {"SOIL_DEPTH": (0.5, 4.0)},
        )
        for method in ("slope", "elevation", "exponential", "slope_curvature", "constant", 0, 4)
    },
    "probability, engine": (
        "failureprobability", {**PROBABILITY, "MEAN_FACTOR_OF_SAFETY": OUT, "COHESION_DISTRIBUTION": "lognormal"},
        {"FAILURE_PROBABILITY": (0, 1), "MEAN_FACTOR_OF_SAFETY": (0, 10), "VALID_CELLS": (1500, 2304),
         "EXPECTED_FAILED_CELLS": (20, 2000), "EXPECTED_FAILED_SHARE": (0.01, 0.9), "LIKELY_FAILED_CELLS": (10, 2000)},
    ),
    "probability, engine, rain uncertain too": (
        "failureprobability", {**PROBABILITY, "RAINFALL_SD": 2, "DRAWS": 3, "COHESION_FRICTION_CORRELATION": -0.5},
        {"FAILURE_PROBABILITY": (0, 1)},
    ),
    "probability, spread as a raster": (
        "failureprobability", {**PROBABILITY, "COHESION_SD_LAYER": "{unnamed}"}, {"FAILURE_PROBABILITY": (0, 1)},
    ),
    "probability, first order": (
        "failureprobability", {**PROBABILITY, "METHOD": "first order", "MEAN_FACTOR_OF_SAFETY": OUT, "DURATION_SD": 1},
        {"FAILURE_PROBABILITY": (0, 1), "MEAN_FACTOR_OF_SAFETY": (0, 10)},
    ),
    "probability, first order, depth uncertain": (
        "failureprobability", {**PROBABILITY, "METHOD": "first order", "SOIL_DEPTH_SD": 0.3, "COHESION_SD": 0},
        {"FAILURE_PROBABILITY": (0, 1), "EXPECTED_FAILED_SHARE": (0.01, 0.9)},
    ),
    **{
        f"probability, network, {key} uncertain": (
            "failureprobability",
            {**PROBABILITY, "METHOD": "network", "MODEL": "{weights}", "DEVICE": "cpu", "DRAWS": 3, key: sd},
            {"FAILURE_PROBABILITY": (0, 1)},
        )
        for key, sd in (("ROOT_COHESION_SD", 0.5), ("CONDUCTIVITY_SD", 1e-6), ("SOIL_DEPTH_SD", 0.2))
    },
    "zones": (
        "parametersfromzones",
        {**ZONES, "FRICTION_ANGLE_FIELD": "phi", "FRICTION_ANGLE": OUT, "COHESION_SD_FIELD": "sd", "COHESION_SD": OUT,
         "SOIL_DEPTH_FIELD": "text", "SOIL_DEPTH": OUT},
        {"COHESION": (5, 12.5), "FRICTION_ANGLE": (25, 30), "COHESION_SD": (1, 2), "SOIL_DEPTH": (2, 7.5)},
    ),
    "inventory, polygons": (
        "validateinventory", INVENTORY,
        {"REPORT": None, "AUC": (0.05, 0.95), "HIT_RATE": (0, 1), "FALSE_ALARM_RATE": (0, 1), "SLOPE_AUC": (-1, -1),
         "LANDSLIDE_CELLS": (120, 144)},
    ),
    "inventory, everything": (
        "validateinventory",
        {**INVENTORY, "LANDSLIDES": "{points}", "STABLE": "{stable}", "MASK_LAYER": "{area}", "DEM": "{dem}"},
        {"REPORT": None, "AUC": (0, 1), "SLOPE_AUC": (0, 1), "LANDSLIDE_CELLS": (5, 10), "STABLE_CELLS": (5, 10)},
    ),
    "design rainfall": (
        "designrainfall", {"RETURN_PERIOD": 50, "DURATION": 24},
        {"RAINFALL": (16.19212, 16.19213), "RAINFALL_DEPTH": (388.6, 388.7)},
    ),
    "design rainfall, own coefficients": (  # I = 100 / sqrt(t)
        "designrainfall",
        {"DURATION": 100 / 60, "SHORT_A": 100, "SHORT_B": 0, "SHORT_C": 0, "SHORT_D": 0, "SHORT_E": 0},
        {"RAINFALL": (9.9999, 10.0001), "RAINFALL_DEPTH": (16.666, 16.667)},
    ),
    "environment": ("checkenvironment", {"REPORT": OUT}, {"REPORT": None}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_outputs(case, files, tmp_path, feedback):
    """Outputs lie on the DEM's grid with their NoData; numbers are in range; nothing else is written."""
    import processing

    algorithm, parameters, expected = CASES[case]
    given = filled(parameters, files, tmp_path)
    results = processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    for key, limits in expected.items():
        if isinstance(limits, str):
            assert results[key].startswith(limits)
        elif limits and isinstance(results[key], str):
            check_raster(results[key], limits, files["dem"])
        elif limits:
            assert limits[0] <= results[key] <= limits[1]
    rasters = [Path(given[key]) for key, value in parameters.items() if value == OUT]
    beside = [p.with_suffix(".qml") for p in rasters if p.suffix == ".tif"]
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in rasters + beside}


def test_ascii_grids_in_and_out(files, tmp_path):
    """A plain ASCII grid without CRS, as TRIGRS has them, serves once its layer has one; outputs may be such grids."""
    import processing
    from osgeo import gdal, osr
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

    folder = tmp_path / "grids"
    folder.mkdir()
    layers = {}
    for key, name in (("DEM", "dem"), ("SOIL_DEPTH", "depth")):
        path = folder / f"{name}.asc"
        gdal.Translate(str(path), files[name], format="AAIGrid", creationOptions=["DECIMAL_PRECISION=6"])
        for beside in folder.glob(f"{name}.*"):
            if beside != path:
                beside.unlink()
        layers[key] = QgsRasterLayer(str(path), name)
        layers[key].setCrs(QgsCoordinateReferenceSystem("EPSG:5186"))
    one, other = ({"FACTOR_OF_SAFETY": str(tmp_path / n), "FAILURE_MASK": str(tmp_path / m)}
                  for n, m in (("fs.tif", "mask.tif"), ("fs.asc", "mask.asc")))  # fmt: skip
    processing.run("slopecast:simulatefactorofsafety", {**filled(ENGINE, files, tmp_path), **one})
    processing.run("slopecast:simulatefactorofsafety", {**filled(ENGINE, files, tmp_path), **layers, **other})
    for key in one:
        (first, nodata, _), (second, same, metadata) = read_raster(one[key]), read_raster(other[key])
        assert nodata == same
        np.testing.assert_allclose(first, second, rtol=1e-4)
        assert grid_of(one[key])[:2] == grid_of(other[key])[:2]
        crs = [osr.SpatialReference(gdal.Open(paths[key]).GetProjection()).ExportToProj4() for paths in (one, other)]
        assert crs[0].replace(" +towgs84=0,0,0,0,0,0,0", "") == crs[1]  # a .prj has no such shift
        assert metadata["SLOPECAST_VERSION"]
    left = {p.name for p in tmp_path.iterdir() if p.is_file()}
    asc = {f"{n}.{e}" for n in ("fs", "mask") for e in ("asc", "asc.aux.xml", "prj", "qml", "tif")}
    assert left == asc


def test_the_grids_of_other_programs_are_read_as_they_are(tmp_path, feedback):
    """10 x 10 ASCII grids without a coordinate system, as TRIGRS brings them: elevation, soil depth, depth, zones."""
    import processing

    header = "ncols         10\nnrows         10\nxllcorner     0.\nyllcorner     0.\ncellsize      10.0\n"
    y, x = np.mgrid[0:10, 0:10]
    depth = np.where((x == 0) & (y == 0), -9999.0, 2.0)
    grids = {"DEM": 300.0 - 4.0 * x - y, "SOIL_DEPTH": depth, "RAINFALL_LAYER": np.where(x < 5, 20.0, 5.0)}
    cohesion = np.where((x == 4) & (y == 4), np.nan, 4.0)
    for key, values in {**grids, "COHESION_LAYER": cohesion}.items():
        rows = "\n".join(" ".join(f"{v:10.4f}" for v in row) for row in values)
        (tmp_path / f"{key}.asc").write_text(f"{header}NODATA_value -9999.00\n{rows}\n")
    given = {key: str(tmp_path / f"{key}.asc") for key in (*grids, "COHESION_LAYER")}
    out = {"FACTOR_OF_SAFETY": str(tmp_path / "fs.asc"), "RUNOFF": str(tmp_path / "runoff.asc")}
    results = processing.run("slopecast:simulatefactorofsafety", {**given, **out}, feedback=feedback)
    assert results["VALID_CELLS"] == 98
    fs, runoff = (read_raster(path)[0] for path in out.values())
    assert fs[0, 0] == fs[4, 4] == -9999
    assert (runoff[:, :5][runoff[:, :5] != -9999] > 100.0).all()  # of 480 mm
    assert (runoff[:, 5:] < 100.0).all()
    log = "\n".join(feedback.lines + feedback.warnings)
    assert "has no coordinate system: its coordinates are assumed to be in metres" in log
    assert "COHESION_LAYER) has no value in 1 of 99 cells" in log
    assert "soil depth has no value in 1 of 100 cells" in log


def test_the_series_has_a_band_for_each_hour(files, tmp_path):
    """Bands carry their times; the last is the map itself."""
    import processing
    from osgeo import gdal

    given = filled({**ENGINE, "SERIES_HOURS": "every 10", "FACTOR_OF_SAFETY": OUT, "FACTOR_OF_SAFETY_SERIES": OUT,
                    "INITIAL_FACTOR_OF_SAFETY": OUT}, files, tmp_path)  # fmt: skip
    results = processing.run("slopecast:simulatefactorofsafety", given)
    series = gdal.Open(results["FACTOR_OF_SAFETY_SERIES"])
    titles = [series.GetRasterBand(n).GetDescription() for n in range(1, series.RasterCount + 1)]
    assert [t.split(":  ")[0].split(": ")[0] for t in titles] == [
        "2000-01-01T10:00:00 = 10 h", "2000-01-01T20:00:00 = 20 h", "2000-01-02T00:00:00 = 24 h",
    ]  # fmt: skip
    np.testing.assert_array_equal(series.GetRasterBand(3).ReadAsArray(), read_raster(results["FACTOR_OF_SAFETY"])[0])
    assert series.GetRasterBand(3).GetNoDataValue() == -9999


def test_the_log_has_the_water_balance(files, tmp_path, feedback):
    """One line to read: time steps, the terms of the water balance with their unit, its error."""
    import re

    import processing

    given = filled({**ENGINE, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    (line,) = [line for line in feedback.lines if line.startswith("Water balance")]
    found = re.findall(r"([a-z ]+) (-?[\d,.]+) m3", line)
    terms = {name.strip(): float(value.replace(",", "")) for name, value in found}
    rain = terms.pop("rain")
    assert set(terms) == {"runoff", "exfiltration", "drainage over the edges", "stored"}
    assert rain == pytest.approx(sum(terms.values()), abs=0.5)
    assert float(re.search(r"relative error ([\d.e-]+\d)", line).group(1)) < 1e-6
    assert "time steps" in line
    assert not any('{"' in text for text in feedback.lines)
    diagnostics = json.loads(read_raster(given["FACTOR_OF_SAFETY"])[2]["SLOPECAST_DIAGNOSTICS"])
    assert diagnostics["steps"] >= 24
    assert "seconds" not in diagnostics, "equal runs write equal files"
    assert diagnostics["mass_balance_error"] < 1e-6
    assert diagnostics["rain_m3"] > diagnostics["runoff_m3"] >= 0.0


@pytest.mark.parametrize(("flow", "evaluate", "noted"), [(False, 0, 0), (True, 0, 1), (False, 1, 1)])
def test_the_critical_rainfall_is_that_of_the_column(flow, evaluate, noted, files, tmp_path, feedback):
    """Without lateral flow and at the end it is at most the rain where a cell fails; else a note states the limits."""
    import processing

    outputs = {key: str(tmp_path / f"{key}.tif") for key in ("FACTOR_OF_SAFETY", "FAILURE_MASK", "CRITICAL_RAINFALL")}
    given = filled({**ENGINE, "LATERAL_FLOW": flow, "EVALUATE": evaluate, **outputs}, files, tmp_path)
    processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    assert sum("critical rainfall is that of each cell" in line for line in feedback.lines) == noted
    if not noted:
        mask, critical = (read_raster(outputs[key])[0] for key in ("FAILURE_MASK", "CRITICAL_RAINFALL"))
        np.testing.assert_array_equal(mask == 1, (critical >= 0.0) & (critical <= ENGINE["RAINFALL"]))
        assert (mask == 1).any()


def test_initial_heights_above_the_surface_are_reported(files, tmp_path, feedback):
    """They are counted in a warning, which the provenance keeps."""
    import processing

    given = filled({**ENGINE, "INITIAL_WATER_TABLE": "{centimetres}", "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    path = processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)["FACTOR_OF_SAFETY"]
    metadata = read_raster(path)[2]
    assert "above the surface" in metadata["SLOPECAST_WARNINGS"]
    assert metadata["SLOPECAST_INITIAL_WATER_TABLE"] == "centimetres.tif"


def check_raster(path, limits, dem):
    """Check a raster's values, grid and NoData."""
    array, nodata, metadata = read_raster(path)
    assert grid_of(path) == grid_of(dem)
    assert nodata == (255 if array.dtype == np.uint8 else -9999)
    values = array[array != nodata]
    assert values.size
    assert values.min() >= limits[0]
    assert values.max() <= limits[1]
    assert metadata["SLOPECAST_VERSION"] not in ("", "unknown")


def test_masks_have_the_counts_of_the_outputs(files, tmp_path):
    """Mask, factor of safety, failure time, mode and numbers agree with each other."""
    import processing

    given = filled({**ENGINE, **ALL_ENGINE_RASTERS}, files, tmp_path)
    results = processing.run("slopecast:simulatefactorofsafety", given)
    mask, fs, time, mode, classes = (
        read_raster(results[k])[0]
        for k in ("FAILURE_MASK", "FACTOR_OF_SAFETY", "FAILURE_TIME", "FAILURE_MODE", "STABILITY_CLASS")
    )
    failed = mask == 1
    assert failed.sum() == results["FAILED_CELLS"] == ((fs < 1) & (fs >= 0)).sum()
    assert (mask != 255).sum() == results["VALID_CELLS"]
    assert (time[failed] >= 0).all()
    assert ((mode == 1) | (mode == 2))[failed].all()
    assert not (failed & (mode == 0)).any()
    assert (classes[failed] >= 2).all()
    assert (classes[mask == 0] <= 1).all() or (classes[mask == 0] != 2).all()


def test_nodata_of_every_input_is_nodata_in_every_output(files, tmp_path):
    """A hole in the elevation, one in the depth and one in a parameter's raster are holes in the results."""
    import processing

    arrays = {}
    for number, (name, source) in enumerate((("dem", "dem"), ("depth", "depth"), ("cohesion", "depth"))):
        array, nodata, _ = read_raster(files[source])
        array = np.where(array == nodata, np.nan, array)
        array[5 + 10 * number : 9 + 10 * number, 20:25] = np.nan
        arrays[name] = array
        write_raster(tmp_path / f"{name}.tif", array)
    union = ~np.all([np.isfinite(a) for a in arrays.values()], axis=0)
    inputs = {"DEM": "dem", "SOIL_DEPTH": "depth", "COHESION_LAYER": "cohesion"}
    inputs = {key: str(tmp_path / f"{name}.tif") for key, name in inputs.items()}
    outputs = {key: str(tmp_path / "out" / f"{key}.tif") for key in ALL_ENGINE_RASTERS}
    processing.run("slopecast:simulatefactorofsafety", {**inputs, **outputs})
    network = {"MODEL": files["weights"], "FAILURE_MASK": str(tmp_path / "out" / "NETWORK.tif")}
    outputs["FAILURE_MASK_NETWORK"] = network["FAILURE_MASK"]
    processing.run("slopecast:predictfailuremask", {**inputs, **network})
    for key, path in outputs.items():
        array, nodata, _ = read_raster(path)
        missing = array == nodata
        sparse = key in ("FAILURE_TIME", "FAILURE_DEPTH", "CRITICAL_RAINFALL")
        assert (missing >= union).all() if sparse else (missing == union).all(), key


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ([[1, 1, 0], [0, 0, 255], [0, 0, 0]], {"TP": 1, "FP": 1, "FN": 1, "TN": 5, "IOU": 1 / 3, "DICE": 0.5,
                                               "ACCURACY": 0.75, "PRECISION": 0.5, "RECALL": 0.5, "MEAN_IOU": 1 / 3,
                                               "POOLED_IOU": 1 / 3}),
        ([[1, 0, 1], [0, 0, 1], [0, 0, 0]], {"TP": 2, "FP": 0, "FN": 1, "TN": 6, "IOU": 2 / 3}),
    ],
)  # fmt: skip
def test_comparison_by_hand(reference, expected, tmp_path):
    """Counts and metrics of nine cells."""
    import processing

    predicted = np.array([[1, 0, 1], [0, 0, 0], [0, 0, 0]], dtype=float)
    reference = np.array(reference, dtype=float)
    reference[reference == 255] = np.nan
    paths = [str(write_raster(tmp_path / name, a)) for name, a in (("p.tif", predicted), ("r.tif", reference))]
    results = processing.run(
        "slopecast:comparemasks",
        {"PREDICTED": paths[0], "REFERENCE": paths[1], "AGREEMENT": str(tmp_path / "a.tif")},
    )
    assert {key: results[key] for key in expected} == pytest.approx(expected)
    array = read_raster(results["AGREEMENT"])[0]
    assert ((array == 255) == np.isnan(reference)).all()
    assert [(array == n).sum() for n in range(4)] == [results[k] for k in ("TN", "TP", "FP", "FN")]


def test_counts_of_large_masks_are_exact_in_log_and_metadata(tmp_path, feedback):
    import processing

    mask = np.zeros((1001, 1001))
    mask[0, :3] = 1.0
    path = str(write_raster(tmp_path / "m.tif", mask))
    given = {"PREDICTED": path, "REFERENCE": path, "AGREEMENT": str(tmp_path / "a.tif")}
    done = processing.run("slopecast:comparemasks", given, feedback=feedback)
    assert done["TN"] == 1_001_998
    assert "True negatives [cells]: 1,001,998" in feedback.lines
    assert read_raster(done["AGREEMENT"])[2]["SLOPECAST_TN"] == "1001998"


@pytest.mark.parametrize("failed", [0, 1])
def test_metrics_of_masks_without_failed_cells_are_no_praise(failed, tmp_path, feedback):
    import processing

    predicted, reference = np.zeros((20, 20)), np.zeros((20, 20))
    reference[0, :failed] = 1.0
    paths = [str(write_raster(tmp_path / name, a)) for name, a in (("p.tif", predicted), ("r.tif", reference))]
    given = {"PREDICTED": paths[0], "REFERENCE": paths[1], "AGREEMENT": str(tmp_path / "a.tif")}
    done = processing.run("slopecast:comparemasks", given, feedback=feedback)
    assert done["IOU"] == 1.0 - failed
    assert any("1 by definition" in text for text in feedback.warnings) != bool(failed)
    assert "Precision: not defined" in feedback.lines
    assert not any("nan" in text for text in feedback.lines if not text.startswith("Results"))


@pytest.mark.parametrize("key", ["PREDICTED", "REFERENCE"])
def test_a_mask_without_stable_cells_is_reported(key, tmp_path, feedback):
    """Where 0 is declared as NoData, the comparison has no false positives whatever is predicted."""
    import processing

    mask = np.zeros((20, 20))
    mask[:10, :10] = 1.0
    given = {"AGREEMENT": str(tmp_path / "a.tif")}
    for name, values in (("PREDICTED", mask), ("REFERENCE", mask.T.copy())):
        zero_is_nodata = name == key
        path = tmp_path / f"{name}.tif"
        given[name] = str(write_raster(path, values, nodata=0.0 if zero_is_nodata else -9999.0))
    processing.run("slopecast:comparemasks", given, feedback=feedback)
    (doubt,) = (text for text in feedback.warnings if "all 1 (failed)" in text)
    assert key in doubt
    assert "0 must not be NoData" in doubt
    assert any(f"300 of 400 cells are not compared: {key} is NoData there." in text for text in feedback.warnings)
    assert doubt in read_raster(given["AGREEMENT"])[2]["SLOPECAST_CAUTIONS"]


@pytest.mark.parametrize("itself", [True, False])
def test_a_mask_compared_with_itself_is_warned_of(itself, tmp_path, feedback):
    """All metrics are then 1."""
    import processing

    one, other = (str(write_raster(tmp_path / f"{n}.tif", np.eye(20))) for n in range(2))
    given = {"PREDICTED": one, "REFERENCE": one if itself else other, "AGREEMENT": "TEMPORARY_OUTPUT"}
    assert processing.run("slopecast:comparemasks", given, feedback=feedback)["IOU"] == 1.0
    assert any("compare it with itself" in text for text in feedback.warnings) == itself


def test_cells_of_one_mask_alone_are_counted(tmp_path, feedback):
    """A few in the log, many in a warning; none where both have the same NoData."""
    import processing

    known = np.zeros((20, 20))
    known[0, 0] = 1.0
    one, many = known.copy(), known.copy()
    one[5, 5], many[5:] = np.nan, np.nan
    paths = {n: str(write_raster(tmp_path / f"{n}.tif", a)) for n, a in (("k", known), ("one", one), ("many", many))}

    def compared(predicted, reference):
        given = {"PREDICTED": paths[predicted], "REFERENCE": paths[reference], "AGREEMENT": str(tmp_path / "a.tif")}
        before = len(feedback.lines), len(feedback.warnings)
        processing.run("slopecast:comparemasks", given, feedback=feedback)
        told = feedback.lines[before[0] :], feedback.warnings[before[1] :]
        return [[text for text in texts if "not compared" in text] for texts in told]

    assert compared("k", "k") == [[], []]
    assert compared("many", "many") == [[], []]
    assert compared("k", "one") == [["1 of 400 cells are not compared: REFERENCE is NoData there."], []]
    assert compared("many", "k") == [[], ["300 of 400 cells are not compared: PREDICTED is NoData there."]]


@pytest.mark.parametrize("tool", ["countfailedcells", "maskstopolygons"])
def test_a_mask_without_stable_cells_is_reported_by_other_tools(tool, files, tmp_path, feedback):
    """All shares would be 1."""
    import processing

    mask = np.zeros((48, 48))
    mask[:20, :20] = 1.0
    for nodata, count in ((-9999.0, 0), (0.0, 1)):
        path = str(write_raster(tmp_path / f"m{count}.tif", mask, nodata=nodata))
        given = {"MAP": path} if tool == "maskstopolygons" else {"FAILURE_MASK": path, "FEATURES": files["zones"]}
        output = "POLYGONS" if tool == "maskstopolygons" else "EXPOSURE"
        processing.run(f"slopecast:{tool}", {**given, output: "TEMPORARY_OUTPUT"}, feedback=feedback)
        assert sum("all 1 (failed)" in text for text in feedback.warnings) == count


def test_example_data(study_area, tmp_path):
    """The same seed gives the same study area; the files say that it is synthetic; the table reads back."""
    import csv

    import processing

    again = processing.run(
        "slopecast:exampledata", {"SEED": 1, "SIZE": 48, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(tmp_path / "b")}
    )
    for key in ("DEM", "SOIL_DEPTH"):
        assert np.array_equal(read_raster(again[key])[0], read_raster(study_area[key])[0])
        assert "Synthetic" in read_raster(study_area[key])[2]["SLOPECAST_SYNTHETIC"]
        assert grid_of(study_area[key])[2] == "5186"
    with open(study_area["TABLE"], encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["conductivity"]) == 1.3e-6
    assert float(rows[1]["conductivity"]) == 4.4e-6
    from slopecast.plugin.core.scenario import Scenario

    for row in rows:
        Scenario.from_mapping({k: v for k, v in row.items() if k != "name"}, name=row["name"])


def test_report_hides_the_home_folder(files, tmp_path, monkeypatch):
    """The report names what is installed, and no home folder."""
    import processing
    from slopecast.plugin.algorithms.check_environment import PLUGIN_FOLDER

    monkeypatch.setattr(Path, "home", lambda: PLUGIN_FOLDER.parent)
    path = processing.run("slopecast:checkenvironment", {"REPORT": str(tmp_path / "r.html")})["REPORT"]
    text = Path(path).read_text(encoding="utf-8")
    for word in ("QGIS", "Python", "numpy", "GDAL", "torch", "safetensors", "numba", "Network weights", "~/"):
        assert word in text
    assert f"{PLUGIN_FOLDER.parent}/" not in text
    assert re.search(r"pointwise\.safetensors \([1-9]\d* kB\)", text)


def test_shipped_network_predicts(files, tmp_path, feedback):
    """The default network runs, and names the device."""
    import processing

    results = processing.run(
        "slopecast:predictfailuremask",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "FAILURE_MASK": str(tmp_path / "mask.tif")},
        feedback=feedback,
    )
    assert results["RELIABILITY"].split(":")[0] in ("trusted", "caution", "outside")
    assert any(" on cpu" in line or " on cuda" in line or " on mps" in line for line in feedback.lines)


@pytest.mark.parametrize(("hours", "warned"), [(4.9, False), (5, True), (6, True), (7, True), (7.1, False)])
def test_the_jump_of_the_rainfall_curve_is_reported(hours, warned, feedback):
    """Between 300 and 420 minutes, and only there."""
    import processing

    processing.run("slopecast:designrainfall", {"RETURN_PERIOD": 50, "DURATION": hours}, feedback=feedback)
    assert any("360 minutes" in text for text in feedback.warnings) == warned
    assert any("coefficients are those of Seoul" in text for text in feedback.lines)


@pytest.mark.parametrize(("hours", "warned"), [(1, True), (24, False)])
def test_a_storm_beyond_the_training_is_trusted_where_lateral_flow_changes_nothing(
    hours, warned, files, tmp_path, feedback
):
    """The design rainfall warns of it; a mask that lateral flow cannot change is the engine's and stays trusted."""
    import processing

    rain = processing.run("slopecast:designrainfall", {"RETURN_PERIOD": 50, "DURATION": hours}, feedback=feedback)
    assert any("physics engine" in text and "trained on" in text for text in feedback.warnings) == warned
    given = {**filled({**NETWORK, "MODEL": None}, files, tmp_path), "RAINFALL": rain["RAINFALL"], "DURATION": hours}
    assert processing.run("slopecast:predictfailuremask", given)["RELIABILITY"].startswith("trusted")


def test_probability_is_the_same_for_the_same_seed_and_lists_its_spreads(files, tmp_path):
    """Twice the same map, another with another seed; spreads, seed and draws are in the provenance."""
    import processing

    maps = []
    for number, seed in enumerate((1, 1, 2)):
        given = {**filled(PROBABILITY, files, tmp_path), "SEED": seed}
        given["FAILURE_PROBABILITY"] = str(tmp_path / f"{number}.tif")
        path = processing.run("slopecast:failureprobability", given)["FAILURE_PROBABILITY"]
        array, _, metadata = read_raster(path)
        maps.append(array)
        assert metadata["SLOPECAST_SEED"] == str(seed)
        assert metadata["SLOPECAST_DRAWS"] == "8"
        assert metadata["SLOPECAST_METHOD"] == "engine"
        assert metadata["SLOPECAST_COHESION_SD"] == "normal, 0.5 kPa"
        assert metadata["SLOPECAST_FRICTION_ANGLE_SD"] == "normal, 2 deg"
        assert metadata["SLOPECAST_COHESION"] == "2 kPa"
    assert np.array_equal(maps[0], maps[1])
    assert not np.array_equal(maps[0], maps[2])


@pytest.mark.parametrize(("sd", "draws"), [(0.1, 3), (0.3, 4), (0.6, 5)])
def test_probability_of_uncertain_depth_is_the_share_of_masks_on_multiplied_rasters(files, tmp_path, sd, draws):
    """Each draw multiplies the depth raster by one factor; the map is that of as many runs of the engine."""
    import processing
    from slopecast.plugin.core.probability.uncertainty import Sampler
    from slopecast.plugin.core.scenario import Scenario

    given = {**filled(PROBABILITY, files, tmp_path), "COHESION_SD": 0, "FRICTION_ANGLE_SD": 0}
    given |= {"SOIL_DEPTH_SD": sd, "DRAWS": draws, "SEED": 4}
    array, nodata, metadata = read_raster(processing.run("slopecast:failureprobability", given)["FAILURE_PROBABILITY"])
    assert metadata["SLOPECAST_SOIL_DEPTH_SD"] == f"lognormal, {sd:g} of the depth"
    depth, missing, _ = read_raster(files["depth"])
    share = np.zeros(array.shape)
    for number, factor in enumerate(Sampler(Scenario(), {}, draws, seed=4, depth_sd=sd).depth_factors):
        path = tmp_path / f"depth {number}.tif"
        deeper = str(write_raster(path, np.where(depth == missing, np.nan, factor * depth)))
        one = {**filled(ENGINE, files, tmp_path), "SOIL_DEPTH": deeper, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
        fs, none, _ = read_raster(processing.run("slopecast:simulatefactorofsafety", one)["FACTOR_OF_SAFETY"])
        share += (fs < 1.0) & (fs != none)
    valid = array != nodata
    assert np.abs(array[valid] - share[valid] / draws).mean() < 1e-3  # depth rasters are rounded to 4 bytes


@pytest.mark.parametrize(
    ("algorithm", "given", "ignored"),
    [
        ("simulatefactorofsafety", {"EFFECTIVE_POROSITY": 0.2, "PORE_SIZE_INDEX": 1},
         ["EFFECTIVE_POROSITY", "PORE_SIZE_INDEX"]),
        ("simulatefactorofsafety", {"EFFECTIVE_POROSITY": 0.2, "PORE_SIZE_INDEX": 1, "INITIAL_SUCTION": 1},
         ["PORE_SIZE_INDEX"]),
        ("simulatefactorofsafety", {"EFFECTIVE_POROSITY": 0.2, "PORE_SIZE_INDEX": 1, "FRONT_MOISTURE": 1}, []),
        ("failureprobability", {"COHESION_FRICTION_CORRELATION": -0.5, "COHESION_SD": 1},
         ["COHESION_FRICTION_CORRELATION"]),
        ("failureprobability", {"COHESION_FRICTION_CORRELATION": -0.5, "COHESION_SD": 1, "FRICTION_ANGLE_SD": 2}, []),
    ],
)  # fmt: skip
def test_numbers_that_have_no_effect_are_listed(algorithm, given, ignored, files, tmp_path, feedback):
    import processing

    key = "FACTOR_OF_SAFETY" if algorithm == "simulatefactorofsafety" else "FAILURE_PROBABILITY"
    more = {"LATERAL_FLOW": False, "METHOD": 1, "DRAWS": 2} if key == "FAILURE_PROBABILITY" else {"LATERAL_FLOW": False}
    parameters = filled({**ENGINE, **more, **given, key: OUT}, files, tmp_path)
    processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)
    assert sorted(line.split()[0] for line in feedback.lines if " is ignored: " in line) == ignored


def test_probability_names_what_is_certain(files, tmp_path, feedback):
    """The log mentions that the depth has no spread."""
    import processing

    processing.run("slopecast:failureprobability", filled(PROBABILITY, files, tmp_path), feedback=feedback)
    assert any("SOIL_DEPTH_SD" in text for text in feedback.lines)


def test_probability_without_spread_is_the_mask_and_a_message_states_it(files, tmp_path, feedback):
    """It is 0 or 1, with a warning that names what to enter."""
    import processing

    given = {**filled(PROBABILITY, files, tmp_path), "COHESION_SD": 0, "FRICTION_ANGLE_SD": 0}
    path = processing.run("slopecast:failureprobability", given, feedback=feedback)["FAILURE_PROBABILITY"]
    array, nodata, _ = read_raster(path)
    assert set(np.unique(array[array != nodata])) == {0.0, 1.0}
    assert any("COHESION_SD" in text for text in feedback.warnings)


def test_what_a_probability_of_0_leaves_open_is_told(files, tmp_path, feedback):
    """A cell that fails in no draw of 8 may have 1 - 0.05^(1/8)."""
    import processing

    processing.run("slopecast:failureprobability", filled(PROBABILITY, files, tmp_path), feedback=feedback)
    assert any("up to 0.312 (95 % confidence)" in text for text in feedback.lines)


@pytest.mark.parametrize(("cohesion", "warned"), [(0.5, True), (100, False)])
def test_cells_that_fail_before_the_rain_are_told_of_a_probability(cohesion, warned, files, tmp_path, feedback):
    import processing

    given = {**filled(PROBABILITY, files, tmp_path), "COHESION": cohesion, "LATERAL_FLOW": False}
    processing.run("slopecast:failureprobability", given, feedback=feedback)
    assert any("have FS < 1 under initial conditions: " in text for text in feedback.warnings) == warned


@pytest.mark.parametrize(("more", "warned"), [({}, False), ({"RAINFALL_SD": 2}, True), ({"SOIL_DEPTH_SD": 0.2}, True)])
def test_first_order_of_uncertain_hydrology_is_warned_of(more, warned, files, tmp_path, feedback):
    import processing

    given = filled({**PROBABILITY, "METHOD": 2, "LATERAL_FLOW": False, **more}, files, tmp_path)
    processing.run("slopecast:failureprobability", given, feedback=feedback)
    assert any(text.startswith("First order: ") for text in feedback.warnings) == warned


@pytest.mark.parametrize(("more", "warned"), [({"DRAWS": 1}, True), ({"DRAWS": 25}, False), ({"METHOD": 2}, False)])
def test_few_draws_are_warned_of(more, warned, files, tmp_path, feedback):
    """One draw gives a mask, not a probability."""
    import processing

    given = {**filled(PROBABILITY, files, tmp_path), "DRAWS": 1, **more}
    processing.run("slopecast:failureprobability", given, feedback=feedback)
    assert any("standard error of a probability is up to" in text for text in feedback.warnings) == warned


def test_network_probability_from_held_water_is_that_of_every_draw(files):
    """The network's water is read back exactly: contact and ponding are those that it used."""
    from slopecast.plugin.core.feedback import Feedback
    from slopecast.plugin.core.probability.uncertainty import Sampler, Spread
    from slopecast.plugin.core.raster.inputs import SOIL_DEPTH, RasterInput
    from slopecast.plugin.core.raster.read import read_dem
    from slopecast.plugin.core.scenario import Scenario
    from slopecast.plugin.core.terrain import Terrain
    from slopecast.plugin.ml.network_solver import NetworkSolver
    from study_areas import monte_carlo

    elevation, grid = read_dem(RasterInput(files["dem"]))
    terrain = Terrain(grid, elevation, read_dem(RasterInput(files["depth"], kind=SOIL_DEPTH))[0])
    solver = NetworkSolver(files["weights"], device="cpu")
    mean = Scenario(cohesion=2.0, friction_angle=24.0, conductivity=1.5e-6, rainfall=14.0, root_depth=2.0)
    spreads = {"cohesion": Spread(1.0), "friction_angle": Spread(2.0)}
    found = monte_carlo(terrain, Sampler(mean, spreads, 5, 0.0, 5), solver)
    again = Sampler(mean, spreads, 5, 0.0, 5)
    results = list(solver.solve(terrain, [again.draw_number(n) for n in range(5)], Feedback()))
    share = np.mean([r.factor_of_safety < 1.0 for r in results], axis=0)[terrain.valid]
    fs = np.mean([r.factor_of_safety for r in results], axis=0)[terrain.valid]
    assert 0.01 < share.mean() < 0.99
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(fs, rel=1e-4)
    assert np.abs(found.probability[terrain.valid] - share).mean() < 1e-3  # float32 against float64 at FS = 1


@pytest.mark.parametrize("kind", ["file", "memory", "another system", "selected"])
def test_zones_are_burned_cell_by_cell(kind, files, tmp_path, feedback):
    """West 5 kPa, then 12.5 kPa, the easternmost eight columns without a zone; NoData of the elevation stays."""
    import processing
    from qgis.core import QgsFeatureRequest, QgsProcessingFeatureSourceDefinition, QgsProject, QgsVectorLayer

    zones = files["zones"]
    if kind == "another system":
        zones = processing.run(
            "native:reprojectlayer", {"INPUT": zones, "TARGET_CRS": "EPSG:4326", "OUTPUT": "TEMPORARY_OUTPUT"}
        )["OUTPUT"]
    elif kind in ("memory", "selected"):
        zones = QgsVectorLayer(zones, "zones", "ogr").materialize(QgsFeatureRequest())
        assert zones.dataProvider().name() == "memory"
    if kind == "selected":
        QgsProject.instance().addMapLayer(zones)
        zones.selectByExpression("c = 5")
        zones = QgsProcessingFeatureSourceDefinition(zones.id(), True)
    dem, nodata, _ = read_raster(files["dem"])
    dem = np.where(dem == nodata, np.nan, dem)
    dem[3, 3] = np.nan
    given = {**filled(ZONES, files, tmp_path), "ZONES": zones}
    given["DEM"] = str(write_raster(tmp_path / "dem.tif", dem))
    path = processing.run("slopecast:parametersfromzones", given, feedback=feedback)["COHESION"]
    array, nodata, metadata = read_raster(path)
    expected = np.full(dem.shape, 5.0)
    expected[:, 24:] = nodata if kind == "selected" else 12.5
    expected[:, 40:] = nodata
    expected[np.isnan(dem)] = nodata
    assert np.array_equal(array, expected)
    assert metadata["SLOPECAST_COHESION_FIELD"] == "c"
    outside = int(((expected == nodata) & ~np.isnan(dem)).sum())
    assert any(f"{outside} of {np.isfinite(dem).sum()} cells" in text for text in feedback.warnings)


#: kind: values of 4 x 4 cells, name of the band, what the log names
MAPS = {
    "factor of safety": ([[0.8, 0.9, 1.2, 2.0], [1.5, 0.7, 2.0, 2.0], [3.0, 3.0, 3.0, np.nan], [5.0] * 4], ""),
    "probability": ([[0.9, 0.8, 0.4, 0.1], [0.2, 0.95, 0.1, 0.1], [0.0, 0.0, 0.0, np.nan], [0.0] * 4], ""),
    "mask": ([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, np.nan], [0] * 4], ""),
    "named factor of safety": (
        [[0.8, 0.9, 1.0, 1.0], [1.0, 0.7, 1, 1], [1, 1, 1, np.nan], [1] * 4], "Factor of safety [-]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", ["points", "polygons", "degrees"])
@pytest.mark.parametrize("kind", MAPS)
def test_inventory_by_hand(kind, where, tmp_path, feedback):
    """Landslides on cells (0, 0), (1, 1) and (0, 2); the last is a miss, (0, 1) a false alarm, one cell is NoData."""
    import processing
    from osgeo import gdal
    from vectors import square, write_vectors

    values, name = MAPS[kind]
    path = write_raster(tmp_path / "map.tif", np.array(values, dtype=float))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetDescription(name)
    dataset = None
    x, y = 200_000, 560_000
    if where == "points":
        places = [(3, 2), (15, 11), (24, 8), (22, 6), (38, 28)]  # two in one cell; the last on NoData
        features = [(f"POINT ({x + dx} {y - dy})", {}) for dx, dy in places]
    else:  # one holds the centres of two cells, one none at all
        features = [(square(x + 1, y - 9, x + 9, y - 1), {}), (square(x + 11, y - 19, x + 19, y - 11), {}),
                    (square(x + 26, y - 3, x + 28, y - 1), {})]  # fmt: skip
    landslides = str(write_vectors(tmp_path / "landslides.gpkg", features))
    if where == "degrees":
        landslides = processing.run(
            "native:reprojectlayer", {"INPUT": landslides, "TARGET_CRS": "EPSG:4326", "OUTPUT": "TEMPORARY_OUTPUT"}
        )["OUTPUT"]
    given = {"MAP": str(path), "LANDSLIDES": landslides, "REPORT": str(tmp_path / "r.html")}
    results = processing.run("slopecast:validateinventory", given, feedback=feedback)
    assert results["LANDSLIDE_CELLS"] == 3
    assert results["STABLE_CELLS"] == 12
    assert results["HIT_RATE"] == pytest.approx(2 / 3)
    assert results["FALSE_ALARM_RATE"] == pytest.approx(1 / 12)
    # Of 36 pairs: (0, 0) beats all but (0, 1) of the probability and of FS 0.8 < 0.9 all; the miss beats 11, or ties.
    expected = {"factor of safety": 35, "probability": 35, "mask": 2 * 11.5 + 5.5, "named factor of safety": 24 + 5.5}
    assert results["AUC"] == pytest.approx(expected[kind] / 36)
    label = "Factor of safety" if "factor" in kind else {"mask": "Failure mask", "probability": "Probability"}[kind]
    assert any("read as" in line and label in line for line in feedback.lines)
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert html.count("<polyline") == 4
    assert f"{results['AUC']:.3f}" in html


def test_inventory_shows_the_slope_as_the_baseline_to_beat(files, tmp_path, feedback):
    """A map that is worse than the slope angle is reported as such, in the log and in the report."""
    import processing

    dem, nodata, _ = read_raster(files["dem"])
    path = str(write_raster(tmp_path / "flat.tif", np.where(dem == nodata, np.nan, 1.5)))
    given = {**filled(INVENTORY, files, tmp_path), "MAP": path, "DEM": files["dem"], "LANDSLIDES": files["points"]}
    results = processing.run("slopecast:validateinventory", given, feedback=feedback)
    assert results["AUC"] == 0.5
    assert 0 <= results["SLOPE_AUC"] <= 1
    worse = results["SLOPE_AUC"] >= 0.5
    html = Path(results["REPORT"]).read_text(encoding="utf-8")
    assert any("Slope angle alone ranks" in text for text in feedback.warnings) == worse
    assert ("Slope angle alone ranks" in html) == worse
    assert html.count("<polyline") == 6
