"""What the algorithms give, as data: algorithm, parameters, expected outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import ALL_ENGINE_RASTERS, ENGINE, NETWORK, OUT, filled
from rasters import grid_of, read_raster, write_raster

#: algorithm, parameters, {output: (least, greatest) or text or None for "is there"}
CASES = {
    "engine, everything": (
        "simulatefactorofsafety", {**ENGINE, **ALL_ENGINE_RASTERS},
        {"FACTOR_OF_SAFETY": (0, 10), "FAILURE_MASK": (0, 1), "WATER_TABLE": (0, 6), "WETTING_FRONT": (0, 6),
         "FAILURE_TIME": (0, 24), "FAILURE_MODE": (0, 2), "STABILITY_CLASS": (0, 3),
         "INITIAL_FACTOR_OF_SAFETY": (0, 10),
         "VALID_CELLS": (1500, 2304), "FAILED_CELLS": (20, 2000), "FAILED_SHARE": (0.01, 0.9),
         "MASS_BALANCE_ERROR": (0, 1e-6)},
    ),
    "engine, no lateral flow": (
        "simulatefactorofsafety", {**ENGINE, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10), "MASS_BALANCE_ERROR": (0, 0)},
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
        "simulatefactorofsafety", {**ENGINE, "RAINFALL_LAYER": "{depth}", "FACTOR_OF_SAFETY": OUT},
        {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "engine, depth estimated": (
        "simulatefactorofsafety", {"DEM": "{dem}", "FACTOR_OF_SAFETY": OUT}, {"FACTOR_OF_SAFETY": (0, 10)},
    ),
    "network": (
        "predictfailuremask",
        {**NETWORK, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT, "MODEL_CONFIDENCE": OUT},
        {"FAILURE_MASK": (0, 1), "FACTOR_OF_SAFETY": (0, 10), "WATER_TABLE": (0, 6), "MODEL_CONFIDENCE": (0, 1),
         "FAILED_CELLS": (0, 2304), "VALID_CELLS": (1500, 2304), "FAILED_SHARE": (0, 1), "RELIABILITY": "caution: "},
    ),
    "network, out of the trained range": (
        "predictfailuremask", {**NETWORK, "COHESION": 60},
        {"FAILED_CELLS": (0, 2304), "RELIABILITY": "outside: Cohesion (COHESION) = 60 kPa"},
    ),
    **{
        f"soil depth, {method}": (
            "estimatesoildepth", {"DEM": "{dem}", "METHOD": method, "SOIL_DEPTH": OUT}, {"SOIL_DEPTH": (0.5, 4.0)},
        )
        for method in ("slope", "elevation", "exponential", "slope_curvature", "constant", 0, 4)
    },
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


def test_masks_count_what_the_numbers_say(files, tmp_path):
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
        assert (missing >= union).all() if key == "FAILURE_TIME" else (missing == union).all(), key


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


def test_example_data(mountain, tmp_path):
    """The same seed gives the same mountain; the files say that it is synthetic; the table reads back."""
    import csv

    import processing

    again = processing.run(
        "slopecast:exampledata", {"SEED": 1, "SIZE": 48, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(tmp_path / "b")}
    )
    for key in ("DEM", "SOIL_DEPTH"):
        assert np.array_equal(read_raster(again[key])[0], read_raster(mountain[key])[0])
        assert "Synthetic" in read_raster(mountain[key])[2]["SLOPECAST_SYNTHETIC"]
        assert grid_of(mountain[key])[2] == "5186"
    with open(mountain["TABLE"], encoding="utf-8") as file:
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


def test_shipped_network_predicts(files, tmp_path, feedback):
    """The default network runs, and says on which device."""
    import processing

    results = processing.run(
        "slopecast:predictfailuremask",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "FAILURE_MASK": str(tmp_path / "mask.tif")},
        feedback=feedback,
    )
    assert results["RELIABILITY"].split(":")[0] in ("trusted", "caution", "outside")
    assert any(" on cpu" in line or " on cuda" in line or " on mps" in line for line in feedback.lines)


@pytest.mark.parametrize(("hours", "warned"), [(4.9, False), (5, True), (6, True), (7, True), (7.1, False)])
def test_the_jump_of_the_rainfall_curve_is_told(hours, warned, feedback):
    """Between 300 and 420 minutes, and only there."""
    import processing

    processing.run("slopecast:designrainfall", {"RETURN_PERIOD": 50, "DURATION": hours}, feedback=feedback)
    assert any("360 minutes" in text for text in feedback.warnings) == warned
