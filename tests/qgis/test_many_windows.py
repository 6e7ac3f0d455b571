"""Many scenarios on maps larger than memory: the same masks, probabilities, tables and numbers in windows as whole."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from cases import OUT
from osgeo import gdal
from qgis.core import QgsProcessingException
from test_windows import AREA, SIDE, Lines, area, in_windows, run  # noqa: F401

ROWS = """name,cohesion,conductivity,duration
weak,1,3e-6,24
strong,9,3e-6,24
wet,3,2e-5,6
again,4,3e-6,24
"""
SPREADS = {"DRAWS": 6, "SEED": 3, "FAILURE_PROBABILITY": OUT, "MEAN_FACTOR_OF_SAFETY": OUT}
TABLE = {**AREA, "TABLE": "{rows}", "LOAD_MASKS": False, "FAILURE_FREQUENCY": OUT, "FIRST_FAILURE": OUT, "REPORT": OUT}
CASES = {
    "table, engine": ("predictfromtable", {**TABLE, "SOLVER": 1, "FAILURE_CLASS": True}),
    "table, engine, rasters": (
        "predictfromtable", {**TABLE, "SOLVER": 1, "FRICTION_ANGLE_LAYER": "{friction}", "RAINFALL_LAYER": "{rain}"},
    ),
    "table, network": ("predictfromtable", {**TABLE, "MODEL": "{weights}", "DEVICE": "cpu", "FAILURE_CLASS": True}),
    "table, network, compared with the engine": (
        "predictfromtable",
        {**TABLE, "MODEL": "{weights}", "DEVICE": "cpu", "RAINFALL_LAYER": "{rain}", "CHECK_WITH_ENGINE": True},
    ),
    "one water": ("failureprobability", {**AREA, **SPREADS, "METHOD": 1, "COHESION_SD": 1, "FRICTION_ANGLE_SD": 3}),
    "one water, weights": ("failureprobability", {**AREA, **SPREADS, "METHOD": 1, "UNIT_WEIGHT_SATURATED_SD": 1}),
    "rasters of spreads": (
        "failureprobability",
        {**AREA, **SPREADS, "METHOD": 1, "COHESION_LAYER": "{coarse}", "COHESION_SD_LAYER": "{coarse}",
         "FRICTION_ANGLE_SD": 3},
    ),
    "water of each draw": (
        "failureprobability", {**AREA, **SPREADS, "DRAWS": 2, "METHOD": 1, "CONDUCTIVITY_SD": 1e-6,
                               "WATER_TABLE_RATIO_SD_LAYER": "{ratio}"},
    ),
    "depth of each draw": ("failureprobability", {**AREA, **SPREADS, "DRAWS": 2, "METHOD": 1, "SOIL_DEPTH_SD": 0.3}),
    "least over the event": (
        "failureprobability", {**AREA, **SPREADS, "DRAWS": 2, "METHOD": 1, "COHESION_SD": 1, "EVALUATE": 1},
    ),
    "network": ("failureprobability", {**AREA, **SPREADS, "MODEL": "{weights}", "DEVICE": "cpu", "COHESION_SD": 1}),
    "first order": ("failureprobability", {**AREA, **SPREADS, "METHOD": 2, "COHESION_SD": 1, "SOIL_DEPTH_SD": 0.2}),
    "first order, flow": (
        "failureprobability",
        {**AREA, **SPREADS, "METHOD": 2, "COHESION_SD_LAYER": "{coarse}", "CONDUCTIVITY_SD": 1e-6},
    ),
    "rows as draws": ("failureprobability", {**AREA, **SPREADS, "METHOD": 1, "TABLE": "{rows}"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(area, tmp_path_factory):  # noqa: F811
    """The study area, a table and rasters with gaps."""
    from rasters import write_raster

    folder = tmp_path_factory.mktemp("rows")
    (folder / "rows.csv").write_text(ROWS)
    made, dem = {**area, "rows": str(folder / "rows.csv")}, gdal.Open(area["dem"])
    x, _, _, y, _, _ = dem.GetGeoTransform()
    rng, shape = np.random.default_rng(5), (dem.RasterYSize, dem.RasterXSize)
    for name, low, high in (("friction", 15.0, 30.0), ("rain", 5.0, 20.0), ("ratio", 0.01, 0.1)):
        values = rng.uniform(low, high, shape).astype(np.float32)
        values[60:75, 30:110] = np.nan
        write_raster(folder / f"{name}.tif", values, cell=10.0, origin=(x, y))
        dataset = gdal.Open(str(folder / f"{name}.tif"), gdal.GA_Update)
        dataset.SetProjection(dem.GetProjection())
        dataset = None
        made[name] = str(folder / f"{name}.tif")
    return made


def given(case, folder):
    algorithm, parameters = CASES[case]
    if algorithm == "predictfromtable":
        parameters = {**parameters, "OUTPUT_FOLDER": str(folder / "masks"), "SUMMARY": str(folder / "summary.csv")}
    return algorithm, parameters


def written(folder: Path) -> dict[str, np.ndarray]:
    return {str(p.relative_to(folder)): gdal.Open(str(p)).ReadAsArray() for p in folder.rglob("*.tif")}


def comparisons(folder: Path) -> list[tuple[str, str]]:
    """IoU with the engine's mask and different cells of each row."""
    names = ("SLOPECAST_ENGINE_IOU", "SLOPECAST_ENGINE_DIFFERENT_CELLS")
    metadata = [gdal.Open(str(p)).GetMetadata() for p in sorted((folder / "masks").glob("*.tif"))]
    return [tuple(one[name] for name in names) for one in metadata if names[0] in one]


def summary(folder: Path) -> list[dict]:
    with open(folder / "summary.csv", encoding="utf-8") as lines:
        return [{k: v for k, v in row.items() if k not in ("file", "reasons")} for row in csv.DictReader(lines)]


@pytest.mark.parametrize("case", CASES)
def test_windows_write_what_the_whole_map_writes(case, files, tmp_path, monkeypatch):
    whole, log = run(*given(case, tmp_path / "whole"), files, tmp_path / "whole"), Lines()
    in_windows(monkeypatch)
    found = run(*given(case, tmp_path / "windows"), files, tmp_path / "windows", log)
    assert any(f"solved in windows of {SIDE} x {SIDE} cells" in line for line in log.lines)
    expected, made = written(tmp_path / "whole"), written(tmp_path / "windows")
    assert expected.keys() == made.keys()
    assert len(expected) == {"predictfromtable": 6 + 4 * ("FAILURE_CLASS" in CASES[case][1])}.get(CASES[case][0], 2)
    for name, values in expected.items():
        same = (values == made[name]).mean()
        assert same == 1.0 or ("network" in case and same >= 0.9999), name
        assert len(np.unique(values)) > 1, name
    compared = comparisons(tmp_path / "whole")
    assert compared == comparisons(tmp_path / "windows")
    assert len(compared) == (4 if "compared" in case else 0)
    assert not compared or len({iou for iou, _ in compared}) >= 3, "the rows' masks are compared one by one"
    if CASES[case][0] == "predictfromtable":
        assert "network" in case or summary(tmp_path / "whole") == summary(tmp_path / "windows")
    else:
        ran = [line for line in log.lines if line.startswith("The U-Net ran on ")]
        assert ["1 scenario in tiles" in line for line in ran] == [True] * (case == "network")
        for key, value in whole.items():
            if isinstance(value, (int, float)):
                assert found[key] == pytest.approx(value, abs=2 if "network" in case else 1e-9), key


@pytest.mark.parametrize("case", ["table, engine", "one water", "water of each draw"])
def test_cancel_in_the_middle_leaves_nothing(case, files, tmp_path, monkeypatch):
    in_windows(monkeypatch)
    with pytest.raises(QgsProcessingException):
        run(*given(case, tmp_path / "windows"), files, tmp_path / "windows", Lines(cancel_at=40.0))
    assert not list((tmp_path / "windows").rglob("*.tif")) or "table" in case  # finished rows are kept, hidden
    assert not list((tmp_path / "windows").glob("*.tif"))


def test_a_table_goes_on_where_it_was_stopped(files, tmp_path, monkeypatch):
    in_windows(monkeypatch)
    with pytest.raises(QgsProcessingException, match="rows are kept"):
        run(*given("table, engine", tmp_path / "windows"), files, tmp_path / "windows", Lines(cancel_at=80.0))
    (tmp_path / "again").mkdir()
    log = Lines()
    algorithm, parameters = given("table, engine", tmp_path / "windows")
    import processing
    from cases import filled

    processing.run(f"slopecast:{algorithm}", filled(parameters, files, tmp_path / "windows"), feedback=log)
    assert any("rows are reused from the run that was stopped" in line for line in log.lines)
    whole = run(*given("table, engine", tmp_path / "whole"), files, tmp_path / "whole")
    assert whole
    expected, made = written(tmp_path / "whole"), written(tmp_path / "windows")
    assert all(np.array_equal(expected[name], made[name]) for name in expected)
