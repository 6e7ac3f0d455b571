"""Building training sets: every design, the summary, resuming, refusals, a stop that keeps whole blocks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem

ALGORITHM = "slopecast:builddataset"


def run(parameters, feedback=None):
    import processing

    return processing.run(ALGORITHM, {"WORKERS": 1, **parameters}, feedback=feedback)


def rows_of(layer):
    return [dict(zip(layer.fields().names(), f.attributes())) for f in layer.getFeatures()]


def test_a_table_on_the_users_study_area(study_area, tmp_path):
    """Each row becomes a case with its own strength and water, on the DEM's grid, and the summary lists its cells."""
    table = tmp_path / "cases.csv"
    table.write_text("name,cohesion,friction_angle,conductivity,rainfall\n"
                     "weak,1,20,1.3e-6,12\nstrong,30,38,1.3e-6,12\nwet,1,20,4.4e-6,16\n")  # fmt: skip
    done = run({
        "DESIGN": "table", "DEM": study_area["DEM"], "SOIL_DEPTH": study_area["SOIL_DEPTH"], "TABLE": str(table),
        "OUTPUT_FOLDER": str(tmp_path / "Säetze"), "SUMMARY": "TEMPORARY_OUTPUT",
    })  # fmt: skip
    dataset = read_dataset(done["DATASET"])
    rows = {r["name"]: r for r in rows_of(done["SUMMARY"])}
    assert [r.name for r in dataset.references] == list(rows) == ["weak", "strong", "wet"]
    assert {rows[name]["split"] for name in rows} == {"train", "validation", "test"}
    assert rows["weak"]["conductivity"] == 1.3e-6
    assert rows["strong"]["failed_cells"] == 0 < rows["weak"]["failed_cells"]
    shard = dataset.shard(0)
    assert shard.terrain.grid.same_as(read_dem(RasterInput(study_area["DEM"]))[1])
    assert "5186" in shard.terrain.grid.crs_wkt
    assert (shard.mask(0) == 1).sum() == rows["weak"]["failed_cells"]
    assert shard.scenario(2).rainfall == 16
    assert shard.scenario(2).root_cohesion == 1.0  # the default


def test_unlikely_amounts_in_a_table_are_doubted(study_area, tmp_path, feedback):
    """As where a table is predicted from: cohesion in Pa/100."""
    table = tmp_path / "cases.csv"
    table.write_text("name,cohesion,calibrated\na,80,given\nb,8,given\nc,8,given\n")
    given = {"DESIGN": "table", "TABLE": str(table), "OUTPUT_FOLDER": str(tmp_path / "set")}
    run({**given, "DEM": study_area["DEM"], "SOIL_DEPTH": study_area["SOIL_DEPTH"]}, feedback)
    assert any("1 of 3 rows have unlikely values. 'a'" in line for line in feedback.warnings)


@pytest.mark.parametrize("depth", ["given", "slope, 0.5 m to 4 m"])
def test_rows_calibrated_with_another_soil_depth_are_doubted(depth, study_area, tmp_path, feedback):
    table = tmp_path / "cases.csv"
    table.write_text(f'name,cohesion,calibrated\na,7,"{depth}"\nb,8,"{depth}"\nc,9,"{depth}"\n')
    given = {"DESIGN": "table", "TABLE": str(table), "OUTPUT_FOLDER": str(tmp_path / "set")}
    run({**given, "DEM": study_area["DEM"], "SOIL_DEPTH": study_area["SOIL_DEPTH"]}, feedback)
    doubted = any("calibrated to landslides with another soil depth" in line for line in feedback.warnings)
    assert doubted == (depth != "given")


def test_a_table_that_the_design_does_not_use_is_named(study_area, tmp_path, feedback):
    table = tmp_path / "cases.csv"
    table.write_text("name,cohesion\na,7\n")
    given = {"TABLE": str(table), "CASES": 1, "OUTPUT_FOLDER": str(tmp_path / "set")}
    run({**given, "DEM": study_area["DEM"], "SOIL_DEPTH": study_area["SOIL_DEPTH"]}, feedback)
    assert any("The table is not used: for its rows choose the design 'table'" in line for line in feedback.warnings)


def test_space_filling_on_the_users_study_area(study_area, tmp_path):
    """The wanted number of cases, over different shares of failed cells, the same again from the same seed."""
    given = {
        "DESIGN": "space_filling",
        "DEM": study_area["DEM"],
        "SOIL_DEPTH": study_area["SOIL_DEPTH"],
        "CASES": 12,
        "SEED": 5,
    }
    first = read_dataset(run({**given, "OUTPUT_FOLDER": str(tmp_path / "a")})["DATASET"])
    again = read_dataset(run({**given, "OUTPUT_FOLDER": str(tmp_path / "b")})["DATASET"])
    assert len(first) == 12
    assert len({r.group for r in first.references}) >= 4
    assert [r.failed_cells for r in first.references] == [r.failed_cells for r in again.references]
    assert (first.shard(0).strength == again.shard(0).strength).all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"DESIGN": "table", "TABLE": "{table}"}, ["DEM", "table"]),
        ({"DESIGN": "table", "DEM": "{dem}"}, ["TABLE", "missing"]),
        ({"DESIGN": "table", "DEM": "{dem}", "TABLE": "{wrong}"}, ["TABLE", "row 1", "cohesion"]),
        ({"DESIGN": "space_filling", "CASES": 0}, ["CASES", "1 to"]),
        ({"DESIGN": "space_filling", "SOIL_DEPTH": "{depth}"}, ["DEM"]),
        ({"DESIGN": "thorough"}, ["DESIGN", "space_filling"]),
    ],
)
def test_refusals(parameters, message, study_area, tmp_path):
    """Bad input is reported before anything is made."""
    tables = {"table": "cohesion\n3\n", "wrong": "cohesion\nmuch\n"}
    paths = {name: str(tmp_path / f"{name}.csv") for name in tables}
    for name, text in tables.items():
        Path(paths[name]).write_text(text)
    given = {
        k: v.format(dem=study_area["DEM"], depth=study_area["SOIL_DEPTH"], **paths) if isinstance(v, str) else v
        for k, v in parameters.items()
    }
    with pytest.raises(QgsProcessingException) as error:
        run({**given, "OUTPUT_FOLDER": str(tmp_path / "out")})
    assert all(word in str(error.value) for word in message), error.value
    assert not (tmp_path / "out").exists()


class StopAfterOneBlock(QgsProcessingFeedback):
    """Cancels when the first block is done."""

    def __init__(self):
        super().__init__(False)
        self.infos = []

    def pushInfo(self, text):
        self.infos.append(text)
        if "simulated" in text:
            self.cancel()


def test_a_stopped_build_goes_on(study_area, tmp_path):
    """A stop leaves whole blocks and no data set; the same call again keeps them, another one is refused."""
    folder = tmp_path / "set"
    given = {"DESIGN": "space_filling", "CASES": 34, "OUTPUT_FOLDER": str(folder), "DEM": study_area["DEM"]}
    with pytest.raises(QgsProcessingException, match="to continue"):
        run(given, StopAfterOneBlock())
    assert sorted(p.suffix for p in folder.iterdir()) == [".json", ".npz"]
    assert not (folder / "dataset.json").exists()
    with pytest.raises(QgsProcessingException, match="another data set"):
        run({**given, "CASES": 35})
    kept = next(folder.glob("*.npz"))
    stamp = kept.stat().st_mtime_ns
    done = run({**given, "SUMMARY": "TEMPORARY_OUTPUT"})
    assert kept.stat().st_mtime_ns == stamp
    assert len(rows_of(done["SUMMARY"])) == 34
    described = json.loads((folder / "dataset.json").read_text())
    assert described["design"]["seed"] == 1
    assert described["plugin_version"] == "0.1.0"
    assert not (folder / "build.json").exists()
