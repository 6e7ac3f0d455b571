"""Files of the user that have the names of results stay; inputs that change during a run end it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from cases import ENGINE, INVENTORY, NETWORK, OUT, PROBABILITY, filled
from osgeo import ogr
from qgis.core import QgsProcessingException
from rasters import write_raster
from recording import Feedback
from vectors import write_vectors

NAMES = ("elevation.tif", "soil_depth.tif", "scenarios.csv", "landslides.gpkg")


def run(algorithm, feedback=None, **given):
    import processing

    return processing.run(f"slopecast:{algorithm}", given, feedback=feedback)


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


@pytest.fixture
def example(study_area, tmp_path):
    folder = tmp_path / "example"
    # Without statistics that other tests had written next to the rasters.
    shutil.copytree(Path(study_area["DEM"]).parent, folder, ignore=shutil.ignore_patterns("*.aux.xml"))
    return folder


def test_earlier_example_data_are_replaced(example):
    before = content(example)
    run("exampledata", SIZE=40, SEED=5, OUTPUT_FOLDER=str(example))
    assert {name for name in content(example) if name in before or "-" not in name} >= set(NAMES)
    assert not [name for name in content(example) if ".slopecast" in name]
    assert content(example)["elevation.tif"] != before["elevation.tif"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("whose", ["another maker's", "no such file", "a link to nothing"])
def test_example_data_replace_no_file_of_the_user(tmp_path, name, whose):
    path = tmp_path / name
    if whose == "a link to nothing":
        path.symlink_to(tmp_path / "nothing")
    elif whose == "no such file" or name.endswith(".csv"):
        path.write_text("name,cohesion\nmine,3\n")
    elif name.endswith(".tif"):
        write_raster(path, np.ones((4, 4)))
    else:
        write_vectors(path, [("POINT (1 1)", {})])
    before = [p.name for p in tmp_path.iterdir()], {} if path.is_symlink() else content(tmp_path)
    with pytest.raises(QgsProcessingException, match=rf"OUTPUT_FOLDER.*{name}.*was not made by"):
        run("exampledata", SIZE=40, OUTPUT_FOLDER=str(tmp_path))
    assert before == ([p.name for p in tmp_path.iterdir()], {} if path.is_symlink() else content(tmp_path))


@pytest.mark.parametrize("change", ["a point more", "a row more", "a result of another algorithm"])
def test_example_data_that_the_user_has_changed_stay(example, change, files):
    if change == "a point more":
        dataset = ogr.Open(str(example / "landslides.gpkg"), 1)
        layer = dataset.GetLayer(0)
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT (200100 559900)"))
        layer.CreateFeature(feature)
        layer = dataset = None
    elif change == "a row more":
        with (example / "scenarios.csv").open("a") as file:
            file.write("mine,1,2,1e-6,3,4\n")
    else:
        (example / "soil_depth.tif").unlink()
        run("estimatesoildepth", DEM=files["dem"], SOIL_DEPTH=str(example / "soil_depth.tif"))
    before = content(example)
    with pytest.raises(QgsProcessingException, match=r"was not made by"):
        run("exampledata", SIZE=40, OUTPUT_FOLDER=str(example))
    assert content(example) == before


def test_masks_of_a_table_replace_earlier_masks_alone(files, tmp_path):
    """A raster of the user that has a row's name stays."""
    table = tmp_path / "rows.csv"
    table.write_text("name,rainfall\ndry,1\nwet,30\n")
    folder = tmp_path / "out"
    given = filled({**ENGINE, "TABLE": str(table), "SOLVER": "engine", "SUMMARY": "TEMPORARY_OUTPUT"}, files, tmp_path)
    given["OUTPUT_FOLDER"] = str(folder)
    run("predictfromtable", **given)
    run("predictfromtable", **{**given, "COHESION": 4})
    write_raster(folder / "wet.tif", np.ones((4, 4)))
    before = content(folder)
    with pytest.raises(QgsProcessingException, match=r"OUTPUT_FOLDER.*wet\.tif.*was not made by"):
        run("predictfromtable", **given)
    assert content(folder) == before


@pytest.mark.parametrize("algorithm", ["predictfromtable", "exampledata"])
def test_the_style_of_another_layer_stays(algorithm, files, tmp_path):
    """QGIS finds styles by the name of the file, whatever its ending."""
    folder, table = tmp_path / "out", tmp_path / "rows.csv"
    folder.mkdir()
    table.write_text("name,rainfall\nelevation,1\n")
    write_vectors(folder / "elevation.gpkg", [("POINT (1 1)", {})])
    (folder / "elevation.qml").write_text("mine")
    given = filled({**ENGINE, "TABLE": str(table), "SOLVER": "engine"}, files, tmp_path)
    given = {"SIZE": 40} if algorithm == "exampledata" else given
    before = content(folder)
    with pytest.raises(
        QgsProcessingException, match=r"OUTPUT_FOLDER.*elevation\.tif.*share its style.*elevation\.gpkg"
    ):
        run(algorithm, **{**given, "OUTPUT_FOLDER": str(folder)})
    assert content(folder) == before


def test_rasters_of_an_earlier_table_are_named(files, tmp_path, feedback):
    """Classes of an earlier row of a name, next to its mask of today, look like a pair."""
    table, folder = tmp_path / "rows.csv", tmp_path / "out"
    given = filled({**ENGINE, "TABLE": str(table), "SOLVER": "engine", "SUMMARY": "TEMPORARY_OUTPUT"}, files, tmp_path)
    given.update(OUTPUT_FOLDER=str(folder), FAILURE_FREQUENCY=str(folder / "frequency.tif"))
    table.write_text("name,rainfall\ndry,1\nwet,30\n")
    run("predictfromtable", feedback, **given, FAILURE_CLASS=True)
    assert not [text for text in feedback.warnings if "earlier runs" in text]
    write_raster(folder / "mine.tif", np.ones((4, 4)))
    table.write_text("name,rainfall\nwet,40\n")
    run("predictfromtable", feedback, **given)
    found = [text for text in feedback.warnings if "earlier runs" in text]
    assert [text.split(": ", 1)[1].split(". ")[0] for text in found] == ["dry.tif", "dry.tif, wet.tif"]
    assert [str(folder / "failure_class") in text for text in found] == [False, True]


class Spoils(Feedback):
    """Changes a file as soon as the run goes on."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def setProgress(self, percent):
        change, self.change = self.change, lambda: None
        change()

    def pushWarning(self, text):
        self.setProgress(0.0)


CHANGES = {
    "removed": lambda file, other: file.unlink(),
    "cut": lambda file, other: os.truncate(file, 2000),
    "replaced": lambda file, other: os.replace(other, file),
}
LONG_RUNS = {
    "simulatefactorofsafety": ({**ENGINE, "FACTOR_OF_SAFETY": OUT}, "DEM"),
    "predictfailuremask": (NETWORK, "SOIL_DEPTH"),
    "weights": (NETWORK, "MODEL"),
    "predictfromtable": ({**ENGINE, "TABLE": "rows", "OUTPUT_FOLDER": OUT, "SUMMARY": OUT, "SOLVER": "engine"}, "DEM"),
    "failureprobability": (PROBABILITY, "DEM"),
    "estimatesoildepth": ({"DEM": "{dem}", "SOIL_DEPTH": OUT}, "DEM"),
    "countfailedcells": (
        {"FAILURE_MASK": "{stability}", "KIND": "factor of safety", "FEATURES": "{area}", "EXPOSURE": OUT},
        "FAILURE_MASK",
    ),
    "validateinventory": (INVENTORY, "MAP"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", LONG_RUNS)
def test_inputs_that_change_during_a_run_end_it(files, tmp_path, name, change):
    """A map of half of one file and half of another would look right."""
    parameters, key = LONG_RUNS[name]
    out = tmp_path / "out"
    given = filled(parameters, files, out)
    source = Path(given[key])
    file, other = tmp_path / f"input{source.suffix}", tmp_path / f"other{source.suffix}"
    for copy in (file, other):
        shutil.copy(source, copy)
    given[key] = str(file)
    if "TABLE" in given:
        given["TABLE"] = str(tmp_path / "rows.csv")
        (tmp_path / "rows.csv").write_text("rainfall\n5\n")
    feedback = Spoils(lambda: CHANGES[change](file, other))
    algorithm = "predictfailuremask" if name == "weights" else name
    with pytest.raises(QgsProcessingException, match=rf"{file.name}' (was changed or removed|cannot be read)"):
        run(algorithm, feedback, **given)
    assert not [path for path in content(out) if ".slopecast.run" not in path]


@pytest.mark.parametrize("change", CHANGES)
def test_a_map_whose_raster_changes_is_no_map_sheet(files, tmp_path, change, monkeypatch):
    """The sheet is written in the main thread, before the run itself; an earlier one stays."""
    from slopecast.plugin.algorithms import map_sheet

    source, sheet = Path(files["dem"]), tmp_path / "sheet.pdf"
    file, other = tmp_path / "map.tif", tmp_path / "other.tif"
    for copy in (file, other):
        shutil.copy(source, copy)
    run("mapsheet", LAYER=str(file), SHEET=str(sheet))
    earlier = sheet.read_bytes()
    made = map_sheet.make_sheet

    def spoiled(*given):
        layout = made(*given)
        CHANGES[change](file, other)
        return layout

    monkeypatch.setattr(map_sheet, "make_sheet", spoiled)
    with pytest.raises(QgsProcessingException, match="was changed or removed"):
        run("mapsheet", LAYER=str(file), SHEET=str(sheet))
    assert sheet.read_bytes() == earlier
