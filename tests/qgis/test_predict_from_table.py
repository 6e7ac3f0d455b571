"""Tables: a mask per row, from any kind of table, with values unchanged; errors reported before, nothing left on
cancel."""

from __future__ import annotations

import csv
import re
import shutil
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from cases import OUT
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from rasters import grid_of, read_raster, write_raster
from slopecast.plugin.algorithms.outputs.loaded_layers import group_on_load

ALGORITHM = "slopecast:predictfromtable"
HEADER = "name,cohesion,friction_angle,conductivity,rainfall,duration\n"
ROWS = "case a,14,26.6,1.3e-6,8.5,24\ncase b,2,20,4.4e-6,12,24\n,2,20,4.4e-6,12,24\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "scenarios.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def given(files, table, folder, **others):
    return {
        "DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(table), "MODEL": files["weights"],
        "DEVICE": "cpu", "OUTPUT_FOLDER": str(folder), "SUMMARY": "TEMPORARY_OUTPUT", **others,
    }  # fmt: skip


def run(parameters, feedback=None, context=None):
    import processing

    return processing.run(ALGORITHM, parameters, feedback=feedback, context=context)


@pytest.mark.parametrize("skip", ["left out", None, ""])
def test_without_a_summary_the_table_is_in_the_folder(skip, study_area, files, tmp_path):
    """A row for each mask, and again when the run is repeated."""
    folder = tmp_path / "out"
    parameters = given(files, study_area["TABLE"], folder, SUMMARY=skip)
    if skip == "left out":
        del parameters["SUMMARY"]
    for _ in range(2):
        assert run(parameters)["SUMMARY"] == str(folder / "summary.csv")
        names = {row["name"] for row in features(QgsVectorLayer(str(folder / "summary.csv"), "s", "ogr"))}
        assert names == {path.stem for path in folder.glob("*.tif")} != set()


def features(layer):
    return [dict(zip(layer.fields().names(), f.attributes())) for f in layer.getFeatures()]


def test_a_mask_for_each_row(files, table, tmp_path, feedback):
    """Masks with style and provenance, the summary, the frequency and the first failure agree with one another."""
    folder = tmp_path / "new" / "Masken ä"
    done = run(
        given(files, table, folder, FAILURE_FREQUENCY=str(tmp_path / "f.tif"), FIRST_FAILURE=str(tmp_path / "n.tif"),
              REPORT=str(tmp_path / "r.html")), feedback,
    )  # fmt: skip
    rows = features(done["SUMMARY"])
    assert [r["name"] for r in rows] == ["case a", "case b", "row_0003"]
    assert list(rows[0])[:4] == ["name", "failed_cells", "failed_share", "reliability"]
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        f"{r['name']}{end}" for r in rows for end in (".tif", ".qml")
    )
    masks = []
    for row in rows:
        mask, nodata, metadata = read_raster(row["file"])
        assert nodata == 255
        assert grid_of(row["file"]) == grid_of(files["dem"])
        assert (mask == 1).sum() == row["failed_cells"]
        assert (mask != 255).sum() == row["valid_cells"]
        assert row["failed_share"] == pytest.approx(row["failed_cells"] / row["valid_cells"])
        assert row["reliability"] in ("trusted", "caution", "outside")
        assert metadata["SLOPECAST_SCENARIO"] == row["name"]
        assert float(metadata["SLOPECAST_CONDUCTIVITY"].split()[0]) == row["conductivity"]
        masks.append(mask)
    assert [r["conductivity"] for r in rows] == [1.3e-6, 4.4e-6, 4.4e-6]
    assert "conductivity" not in " ".join(feedback.warnings)
    failed, valid = np.stack(masks) == 1, masks[0] != 255
    frequency, nodata, metadata = read_raster(done["FAILURE_FREQUENCY"])
    assert nodata == -9999.0
    np.testing.assert_allclose(frequency[valid], failed.mean(axis=0)[valid], rtol=1e-6)
    assert (frequency[~valid] == -9999.0).all()
    assert metadata["SLOPECAST_SCENARIOS"] == "case a, case b, row_0003"
    first, _, _ = read_raster(done["FIRST_FAILURE"])
    assert (first[valid] == np.where(failed.any(0), failed.argmax(0) + 1, 0)[valid]).all()
    assert "fails first in scenario 'case b'" in unescape((tmp_path / "n.qml").read_text(encoding="utf-8"))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("case a", "1.3e-06", "m/s", "data:image/png", "tiny-untrained"))
    assert any("does not exist; it will be created" in line for line in feedback.lines)


def test_terrain_is_analysed_once(files, table, tmp_path, monkeypatch):
    """What depends on the terrain alone is computed for the run, not for each row."""
    from slopecast.plugin.ml.channels import TerrainMaps

    calls = []
    original = TerrainMaps.of
    monkeypatch.setattr(TerrainMaps, "of", lambda *a: calls.append(1) or original(*a))
    run(given(files, table, tmp_path / "out"))
    assert len(calls) == 1


def test_rows_are_what_the_main_job_gives(files, table, tmp_path):
    """A row is the same scenario that predictfailuremask runs."""
    import processing

    run(given(files, table, tmp_path / "out"))
    alone = processing.run(
        "slopecast:predictfailuremask",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "MODEL": files["weights"], "DEVICE": "cpu", "COHESION": 2,
         "FRICTION_ANGLE": 20, "CONDUCTIVITY": 4.4e-6, "RAINFALL": 12, "FAILURE_MASK": str(tmp_path / "m.tif")},
    )  # fmt: skip
    assert (read_raster(alone["FAILURE_MASK"])[0] == read_raster(tmp_path / "out" / "case b.tif")[0]).all()


def as_gpkg(table, folder):
    return written(table, folder / "t.gpkg", "GPKG")


def as_xlsx(table, folder):
    return written(table, folder / "t.xlsx", "XLSX")


def as_semicolons(table, folder):
    path = folder / "semicolons.csv"
    path.write_text("\ufeff" + table.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    return path


def as_typed_layer(table, folder):
    layer = QgsVectorLayer(f"{table.as_uri()}?type=csv&detectTypes=yes&geomType=none", "typed", "delimitedtext")
    QgsProject.instance().addMapLayer(layer)
    return layer.id()


def as_selected(table, folder):
    layer = QgsVectorLayer(str(table), "some", "ogr")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByIds([f.id() for f in layer.getFeatures()][:2])
    return QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)


def written(table, path, driver):
    """Copy a CSV file with numbers as numbers."""
    layer = QgsVectorLayer(f"{table.as_uri()}?type=csv&detectTypes=yes&geomType=none", "typed", "delimitedtext")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = driver
    error = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), QgsProject.instance().transformContext(), options
    )
    assert error[0] == 0, error
    return path


@pytest.mark.parametrize("kind", [as_gpkg, as_xlsx, as_semicolons, as_typed_layer, as_selected])
def test_any_kind_of_table(files, table, tmp_path, feedback, kind):
    """Layers and files of all kinds; k is not rounded on the way, and no column is unknown."""
    source = kind(table, tmp_path)
    parameters = given(files, "", tmp_path / "out")
    parameters["TABLE"] = source if not isinstance(source, Path) else str(source)
    rows = features(run(parameters, feedback)["SUMMARY"])
    assert [r["conductivity"] for r in rows][:2] == [1.3e-6, 4.4e-6]
    assert len(rows) == (2 if kind is as_selected else 3)
    assert not any("unknown columns" in w for w in feedback.warnings)


def test_example_table_runs_as_it_is(files, study_area, tmp_path):
    """What exampledata writes needs no editing."""
    rows = features(run(given(files, study_area["TABLE"], tmp_path / "out"))["SUMMARY"])
    assert [r["name"] for r in rows][:2] == ["paper_a", "paper_b"]
    assert [r["conductivity"] for r in rows][:2] == [1.3e-6, 4.4e-6]


def test_summary_as_a_file_keeps_the_values(files, table, tmp_path):
    """CSV and GeoPackage, also in the folder of the masks; the summary can be read as a table again."""
    folder = tmp_path / "out"
    run(given(files, table, folder, SUMMARY=str(folder / "summary.csv")))
    with (folder / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(r["conductivity"]) for r in rows] == [1.3e-6, 4.4e-6, 4.4e-6]
    again = run(given(files, folder / "summary.csv", tmp_path / "again"))
    assert [r["name"] for r in features(again["SUMMARY"])] == [r["name"] for r in rows]


def test_rasters_and_numbers_fill_in_and_columns_win(files, tmp_path, feedback):
    """Parameters without a column come from the numbers and rasters; a column replaces a raster, which is reported."""
    table = tmp_path / "t.csv"
    table.write_text("rainfall\n5\n10\n")
    cohesion = write_raster(tmp_path / "c.tif", np.full((48, 48), 3.0))
    rows = features(
        run(given(files, table, tmp_path / "out", COHESION_LAYER=str(cohesion), RAINFALL_LAYER=str(cohesion),
                  FRICTION_ANGLE=21), feedback)["SUMMARY"]
    )  # fmt: skip
    assert [r["rainfall"] for r in rows] == [5.0, 10.0]
    assert {r["friction_angle"] for r in rows} == {21.0}
    assert all(r["cohesion"] in (None, "") or str(r["cohesion"]) == "NULL" for r in rows)
    assert any("RAINFALL_LAYER" in w and "column 'rainfall'" in w for w in feedback.warnings)
    assert read_raster(tmp_path / "out" / "row_0001.tif")[2]["SLOPECAST_COHESION"].endswith("(c.tif)")


def test_all_errors_are_listed_before_anything_runs(files, tmp_path):
    """By row and column, all at once; no folder, no file."""
    table = tmp_path / "bad.csv"
    table.write_text(HEADER + "a,x,26.6,1.3e-6,8.5,24\na,5,90,1.3e-6,,24\nu/v,5,30,0.26,8.5,24\n")
    with pytest.raises(QgsProcessingException) as caught:
        run(given(files, table, tmp_path / "out"))
    text = str(caught.value)
    for words in (
        "(TABLE): has 6 errors",
        "row 1, column 'cohesion': 'x' is not a number",
        "row 2, column 'name': 'a' is also the name of row 1",
        "row 2, column 'friction_angle': 90 is out of range",
        "row 2, column 'rainfall': is empty",
        "row 3, column 'name': 'u/v' is not a safe file name",
        "row 3, column 'conductivity': 0.26 is out of range",
    ):
        assert words in text
    assert not (tmp_path / "out").exists()


WRONG = "a,x,26.6,1.3e-6,8.5,24\nb,5,90,1.3e-6,,24\nu/v,5,30,0.26,8.5,24\n,5,30,1.3e-6,-1,nan\n"


def with_errors(path):
    """A table with errors, as a spreadsheet or database has it: one word makes a column of texts."""
    plain = path.with_suffix(".csv")
    plain.write_text(HEADER + WRONG)
    if path.suffix == ".csv":
        return str(plain)
    if path.suffix != ".xlsx":
        return str(written(plain, path, "GPKG"))
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in plain.read_text().splitlines():
        cells = [int(c) if c.isdigit() else c or None for c in line.split(",")]
        book.active.append([float(c) if isinstance(c, str) and c[0].isdigit() else c for c in cells])
    book.save(path)
    return str(path)


@pytest.mark.parametrize("kind", ["t.csv", "t.xlsx", "t.gpkg", "layer"])
def test_errors_of_any_kind_of_table(files, tmp_path, kind):
    """The same errors by row and column, whatever holds the table."""
    source = with_errors(tmp_path / kind if "." in kind else tmp_path / "t.csv")
    if kind == "layer":
        layer = QgsVectorLayer(f"{Path(source).as_uri()}?type=csv&detectTypes=yes&geomType=none", "t", "delimitedtext")
        QgsProject.instance().addMapLayer(layer)
        source = layer.id()
    with pytest.raises(QgsProcessingException) as caught:
        run(given(files, source, tmp_path / "out"))
    text = str(caught.value)
    for words in (
        "row 1, column 'cohesion': 'x' is not a number",
        "row 2, column 'friction_angle': 90 is out of range",
        "row 2, column 'rainfall': is empty",
        "row 3, column 'name': 'u/v' is not a safe file name",
        "row 3, column 'conductivity': 0.26 is out of range",
        "row 4, column 'rainfall': -1 is out of range",
        "row 4, column 'duration': ",
    ):
        assert words in text, text
    assert not (tmp_path / "out").exists()


def test_errors_of_columns_and_cells_are_listed_together(files, tmp_path):
    """A column twice, one in another unit, and a bad cell: one message, as mending one at a time takes three runs."""
    table = tmp_path / "bad.csv"
    table.write_text("cohesion,Cohesion [kPa],friction_angle [m],rainfall\n5,5,0.5,much\n")
    with pytest.raises(QgsProcessingException) as caught:
        run(given(files, table, tmp_path / "out"))
    text = str(caught.value)
    for words in (
        "header: two columns 'cohesion' and 'Cohesion [kPa]'",
        "header: column 'friction_angle [m]' in m",
        "row 1, column 'rainfall': 'much'",
    ):
        assert words in text, text


def test_inputs_and_outputs_are_not_replaced(files, tmp_path):
    """A row that is named like the elevation in the output folder is refused."""
    dem = write_raster(tmp_path / "dem.tif", np.add.outer(np.arange(30.0), np.arange(30.0)))
    table = tmp_path / "t.csv"
    table.write_text("name,rainfall\ndem,5\n")
    with pytest.raises(QgsProcessingException, match="row 'dem'"):
        run({**given(files, table, tmp_path), "DEM": str(dem)})
    table.write_text("name,rainfall\nf,5\n")
    with pytest.raises(QgsProcessingException, match="row 'f'"):
        run({**given(files, table, tmp_path, FAILURE_FREQUENCY=str(tmp_path / "f.tif")), "DEM": str(dem)})
    assert {p.name for p in tmp_path.iterdir()} == {"dem.tif", "t.csv"}


def test_masks_are_loaded_as_a_styled_group(files, table, tmp_path, feedback):
    """Named after the rows; more than a handful of hundred would not be."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    context.setFeedback(feedback)
    table.write_text(HEADER + "z,14,26.6,1.3e-6,8.5,24\na,2,20,4.4e-6,12,24\nm,2,20,4.4e-6,12,24\n")
    summary = QgsProcessingOutputLayerDefinition(str(tmp_path / "summary.gpkg"), QgsProject.instance())
    frequency = QgsProcessingOutputLayerDefinition(str(tmp_path / "f.tif"), QgsProject.instance())
    run(given(files, table, tmp_path / "out", SUMMARY=summary, FAILURE_FREQUENCY=frequency), feedback, context)
    loading = context.layersToLoadOnCompletion()
    assert sorted(d.name for d in loading.values()) == ["Failure frequency (scenarios)", "Summary", "a", "m", "z"]
    root = QgsProject.instance().layerTreeRoot()
    for path, details in loading.items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True).clone()
        QgsProject.instance().addMapLayer(layer)
        if hasattr(details, "groupName"):
            assert details.groupName == "Failure masks: scenarios"
        details.postProcessor().postProcessLayer(layer, context, feedback)
        layer.setName(details.name)
        assert details.name in ("Summary", "Failure frequency (scenarios)") or layer.renderer().type() == "paletted"
    if not hasattr(details, "groupName"):
        nodes = root.findGroup("Failure masks: scenarios").findLayers()
        assert [node.name() for node in nodes] == ["Failure frequency (scenarios)", "z", "a", "m", "Summary"]
    shown = [node.name() for node in root.findLayers() if node.isVisible()]
    assert shown == ["Failure frequency (scenarios)"]
    assert len(root.findLayers()) == 5
    assert len(QgsProject.instance().mapLayers()) == 5


@pytest.mark.parametrize(("name", "loaded"), [("SUMMARY", "Summary"), ("", "Summary"), ("Storms", "Storms")])
def test_the_summary_of_a_model_is_not_named_by_its_key(name, loaded, files, table, tmp_path, feedback):
    """QGIS names a layer of a model so."""
    context, path = QgsProcessingContext(), str(tmp_path / "s.gpkg")
    context.addLayerToLoadOnCompletion(path, QgsProcessingContext.LayerDetails(name, QgsProject.instance(), "SUMMARY"))
    group_on_load(context, path, "Failure masks", 3, "SUMMARY", "Summary")
    assert context.layerToLoadOnCompletionDetails(path).name == loaded


def test_rasters_of_all_rows_are_loaded_with_their_styles(files, table, tmp_path, feedback):
    """The first failure's legend names the rows; the masks are left out where they are not wanted."""
    project = QgsProject.instance()
    context = QgsProcessingContext()
    context.setProject(project)
    context.setFeedback(feedback)
    outputs = {key: QgsProcessingOutputLayerDefinition(str(tmp_path / f"{key}.tif"), project)
               for key in ("FAILURE_FREQUENCY", "FIRST_FAILURE")}  # fmt: skip
    run(given(files, table, tmp_path / "out", LOAD_MASKS=False, **outputs), feedback, context)
    loading = context.layersToLoadOnCompletion()
    assert len(loading) == 2
    layers = {}
    for path, details in loading.items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True)
        details.postProcessor().postProcessLayer(layer, context, feedback)
        layers[details.outputName] = details.name, layer
    name, layer = layers["FIRST_FAILURE"]
    assert name == "First failing scenario (scenarios)"
    labels = [c.label for c in layer.renderer().classes()]
    assert labels == ["fails in none", *(f"fails first in scenario '{n}'" for n in ("case a", "case b", "row_0003"))]
    assert layers["FAILURE_FREQUENCY"][1].renderer().type() == "singlebandpseudocolor"


def test_masks_that_do_not_differ_are_reported(files, tmp_path, feedback):
    """More rain than the soil takes up changes nothing: the user should know why."""
    table = tmp_path / "t.csv"
    table.write_text("rainfall,cohesion\n200,1\n200,1\n")
    run(given(files, table, tmp_path / "out"), feedback)
    assert any("same cells fail in all scenarios" in text for text in feedback.warnings)


def test_folder_of_its_own(files, table):
    """A temporary folder, as the dialog offers it."""
    done = run(given(files, table, OUT) | {"OUTPUT_FOLDER": "TEMPORARY_OUTPUT"})
    assert (Path(done["OUTPUT_FOLDER"]) / "case a.tif").exists()
    assert Path(done["OUTPUT_FOLDER"]).is_absolute()


@pytest.mark.parametrize("as_layer", [False, True])
def test_the_table_and_other_inputs_are_not_replaced_by_the_summary(files, table, tmp_path, as_layer):
    """Whether the table is given as a file or as a layer; nor is the elevation."""
    shown = QgsVectorLayer(str(table), "t", "ogr")
    QgsProject.instance().addMapLayer(shown)
    text = table.read_text(encoding="utf-8")
    given_table = shown.id() if as_layer else table
    for summary in (str(table), files["dem"], str(tmp_path / "out" / "case a.tif")):
        with pytest.raises(QgsProcessingException, match=r"SUMMARY.*is an input"):
            run(given(files, given_table, tmp_path / "out", SUMMARY=summary))
    assert table.read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == [table.name]


def test_a_failure_at_the_end_leaves_nothing(files, table, tmp_path, monkeypatch):
    """Where the files cannot be put in their places."""
    from slopecast.plugin.core.files import atomic

    def failing(*_):
        raise PermissionError(13, "is open elsewhere")

    monkeypatch.setattr(atomic, "_move", failing)
    outputs = {"FAILURE_FREQUENCY": str(tmp_path / "f.tif"), "SUMMARY": str(tmp_path / "s.csv"),
               "REPORT": str(tmp_path / "r.html")}  # fmt: skip
    with pytest.raises(QgsProcessingException, match="is open elsewhere"):
        run(given(files, table, tmp_path / "out", **outputs))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", table.name]
    assert [p.name for p in (tmp_path / "out").iterdir()] == [".slopecast.run"]  # for the next run


@pytest.mark.parametrize("kind", ["s.csv", "s.gpkg", "s.dbf", "s.shp"])
@pytest.mark.parametrize("cancelled", [False, True])
def test_an_older_summary_comes_back(files, table, tmp_path, monkeypatch, kind, cancelled):
    """Where the last move fails or the user cancels: as it was, to the byte; a fresh one goes with its new folder."""
    from slopecast.plugin.core.errors import Cancelled
    from slopecast.plugin.core.files import atomic

    summary = tmp_path / kind
    run(given(files, table, tmp_path / "out", SUMMARY=str(summary)))
    before = {p: p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()}

    def failing(*_):
        raise Cancelled if cancelled else PermissionError(13, "is open elsewhere")

    monkeypatch.setattr(atomic, "_move", failing)
    for place in (summary, tmp_path / "new" / "folder" / kind):
        with pytest.raises(QgsProcessingException, match="Cancelled" if cancelled else "is open elsewhere"):
            run(given(files, table, tmp_path / "out", SUMMARY=str(place), COHESION=3, WATER_TABLE_RATIO=0.9))
        found = {p: p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()}
        assert {p: content for p, content in found.items() if ".slopecast.run" not in p.parts} == before
        assert not (tmp_path / "new").exists()


def test_a_summary_in_a_new_folder(files, table, tmp_path, feedback):
    """It is made, and reported."""
    summary = tmp_path / "new" / "s.csv"
    run(given(files, table, tmp_path / "out", SUMMARY=str(summary)), feedback)
    assert summary.exists()
    assert any(f"{summary.parent} does not exist; it will be created" in line for line in feedback.lines)


class StopsAfter(QgsProcessingFeedback):
    """Cancels once so many rows are in the log."""

    def __init__(self, rows):
        super().__init__(False)
        self._rows, self.lines = rows, []

    def pushInfo(self, text):
        self.lines.append(text)
        self._rows -= "cells fail" in text
        if self._rows == 0:
            self.cancel()


def results_of(folder):
    """Visible files without what differs from run to run: the time of the rasters."""
    found = {}
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file() and ".slopecast." not in str(p)):
        values, metadata = None, None
        if path.suffix == ".tif":
            dataset = gdal.Open(str(path))
            values, metadata = dataset.ReadAsArray().tobytes(), dataset.GetMetadata()
            metadata.pop("SLOPECAST_DATE", None)
        found[path.relative_to(folder).as_posix()] = (values or path.read_bytes(), metadata)
    return found


@pytest.fixture
def ten_rows(tmp_path):
    path = tmp_path / "ten.csv"
    path.write_text("name,rainfall,cohesion\n" + "".join(f"r{n},{2 * n},{n % 4 + 1}\n" for n in range(1, 11)))
    return path


@pytest.mark.parametrize("solver", ["network", "engine"])
def test_a_stopped_table_goes_on_and_gives_the_same(files, ten_rows, tmp_path, solver, feedback):
    """Finished rows are taken over, the log reports how many, and nothing hidden stays at the end."""
    outputs = {"SOLVER": solver, "FAILURE_CLASS": True}
    whole, folder = tmp_path / "whole", tmp_path / "stopped"
    summaries = [tmp_path / "whole.csv", tmp_path / "stopped.csv"]
    run({**given(files, ten_rows, whole, SUMMARY=str(summaries[0])), **outputs})
    again = {**given(files, ten_rows, folder, SUMMARY=str(summaries[1])), **outputs}
    with pytest.raises(QgsProcessingException, match=r"nothing was written to the results.*of 10 rows are kept"):
        run(again, StopsAfter(4))
    assert [p.name for p in folder.iterdir()] == [".slopecast.run"]
    kept = len(list(folder.rglob("*.row.json")))
    assert 1 <= kept < 10
    run(again, feedback)
    assert any(f"{kept} of 10 rows are reused" in line for line in feedback.lines)
    assert sum("cells fail" in line for line in feedback.lines) == 10 - kept
    assert results_of(folder) == results_of(whole)
    texts = [path.read_text().replace(str(tmp_path / path.stem), "") for path in summaries]
    assert texts[0] == texts[1]
    assert not list(folder.rglob(".slopecast*"))


def test_rows_that_a_failed_run_leaves_are_named(files, ten_rows, tmp_path, monkeypatch, feedback):
    from slopecast.plugin.algorithms.runs.table_run import TableRun

    def full(*_):
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    monkeypatch.setattr(TableRun, "write_rasters_of_all", full)
    with pytest.raises(QgsProcessingException):
        run({**given(files, ten_rows, folder), "SOLVER": "engine"}, feedback)
    named = [text for text in feedback.warnings if "10 of 10 rows are kept in" in text]
    assert len(named) == 1
    assert str(folder / ".slopecast.run") in named[0]


def test_an_output_folder_that_is_removed_during_the_run_is_named(files, ten_rows, tmp_path, monkeypatch, feedback):
    """Rows that went with it are not said to be kept."""
    from slopecast.plugin.algorithms.runs.table_run import TableRun

    folder = tmp_path / "out"
    monkeypatch.setattr(TableRun, "write_rasters_of_all", lambda *_: shutil.rmtree(folder))
    with pytest.raises(QgsProcessingException, match=r"\(OUTPUT_FOLDER\): '.*out' cannot be written \(No such file"):
        run({**given(files, ten_rows, folder), "SOLVER": "engine"}, feedback)
    assert not [text for text in feedback.warnings if "are kept in" in text]
    assert not folder.exists()


@pytest.mark.parametrize("change", [{"FRICTION_ANGLE": 30}, {"DEM": "{changed}"}, {"TABLE": "{other}"}])
def test_kept_rows_of_other_inputs_are_not_taken_over(files, ten_rows, tmp_path, change, feedback):
    """A number, one cell of the elevation, a row of the table; the log reports it."""
    other, changed = tmp_path / "ten_more.csv", tmp_path / "changed.tif"
    other.write_text(ten_rows.read_text().replace("r3,6,", "r3,7,"))
    gdal.GetDriverByName("GTiff").CreateCopy(str(changed), gdal.Open(files["dem"]))
    dataset = gdal.Open(str(changed), gdal.GA_Update)
    values = dataset.ReadAsArray()
    values[20, 20] += 0.5
    dataset.GetRasterBand(1).WriteArray(values)
    dataset = None
    folder, first = tmp_path / "out", given(files, ten_rows, tmp_path / "out", SOLVER="engine")
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(first, StopsAfter(3))
    places = {"changed": str(changed), "other": str(other)}
    change = {k: v.format(**places) if isinstance(v, str) else v for k, v in change.items()}
    run({**first, **change}, feedback)
    assert any("its inputs differ: all rows are computed" in line for line in feedback.lines)
    assert sum("cells fail" in line for line in feedback.lines) == 10
    assert not list(folder.rglob(".slopecast*"))


@pytest.mark.parametrize("record_text", [None, "{}", "[", '{"files": 3}', '{"files": {}}'])
def test_a_damaged_kept_row_is_computed_again(files, ten_rows, tmp_path, record_text, feedback):
    again = given(files, ten_rows, tmp_path / "out", SOLVER="engine")
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(again, StopsAfter(8))
    record, *others = sorted((tmp_path / "out").rglob("*.row.json"))
    first = record.with_name(record.name.replace(".row.json", ".tif"))
    first.write_bytes(first.read_bytes()[:-20])
    if record_text is not None:
        record.write_text(record_text)
    run(again, feedback)
    assert any(f"{len(others)} of 10 rows are reused" in line for line in feedback.lines)


def test_a_second_run_into_the_folder_is_refused(files, ten_rows, tmp_path):
    from slopecast.plugin.core.files.work_folder import RUN, WorkFolder

    folder = tmp_path / "out"
    folder.mkdir()
    work = WorkFolder.make(folder, RUN)
    with pytest.raises(QgsProcessingException, match=r"OUTPUT_FOLDER.*another run of Slopecast"):
        run(given(files, ten_rows, folder, SOLVER="engine"))
    work.remove()
    assert list(folder.iterdir()) == []


def test_masks_are_written_where_the_summary_cannot_be(files, ten_rows, tmp_path, monkeypatch, feedback):
    """The error names what is missing and where the masks are; the next run writes the summary alone."""
    from slopecast.plugin.algorithms.outputs import sinks

    folder, summary = tmp_path / "out", tmp_path / "s.gpkg"
    again = given(files, ten_rows, folder, SOLVER="engine", SUMMARY=str(summary))
    with monkeypatch.context() as patch:
        patch.setattr(sinks, "features_in", lambda _: 3)  # as on a full disk
        with pytest.raises(QgsProcessingException, match=rf"SUMMARY.*10 masks are written to '{folder}'.*missing"):
            run(again)
    assert len(list(folder.glob("*.tif"))) == 10
    assert not summary.exists()
    assert [p.name for p in tmp_path.glob(".slopecast*")] == []
    run(again, feedback)
    assert any("10 of 10 rows are reused" in line for line in feedback.lines)
    assert summary.exists()
    assert not list(tmp_path.rglob(".slopecast*"))


def test_masks_are_written_where_the_format_of_the_summary_has_no_columns(files, table, tmp_path, monkeypatch):
    """One that is not known to have none."""
    from slopecast.plugin.algorithms.inputs import input_files

    monkeypatch.setattr(input_files, "_NO_TABLES", ())
    folder = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match=rf"SUMMARY.*s.dxf' cannot be created.*written to '{folder}'"):
        run(given(files, table, folder, SOLVER="engine", SUMMARY=str(tmp_path / "s.dxf")))
    assert list(folder.glob("*.tif"))
    assert not list(tmp_path.rglob("*.dxf"))


def test_many_rows_write_a_bounded_log_and_rows_keep_their_order(files, tmp_path, feedback):
    """Rows of two hydrologies take turns; the summary keeps the table's order, the log lists the first ones."""
    count = 130
    rows = [f"r{n},{2 + n % 13},{9 + 3 * (n % 2)}" for n in range(count)]
    path = tmp_path / "many.csv"
    path.write_text("name,cohesion,rainfall\n" + "\n".join(rows) + "\n", encoding="utf-8")
    given_ = given(files, path, tmp_path / "out", SOLVER="engine", SUMMARY=str(tmp_path / "summary.csv"))
    run({**given_, "LOAD_MASKS": False, "FIRST_FAILURE": str(tmp_path / "first.tif")}, feedback)
    with open(tmp_path / "summary.csv", encoding="utf-8") as file:
        summary = list(csv.DictReader(file))
    assert [row["name"] for row in summary] == [f"r{n}" for n in range(count)]
    assert sum(" cells fail (" in line for line in feedback.lines) == 100
    masks = [read_raster(tmp_path / "out" / f"r{n}.tif")[0] for n in range(count)]
    assert [int((mask == 1).sum()) for mask in masks] == [int(row["failed_cells"]) for row in summary]
    failed = np.stack(masks) == 1
    first = np.where(failed.any(axis=0), failed.argmax(axis=0) + 1, 0)
    np.testing.assert_array_equal(read_raster(tmp_path / "first.tif")[0][masks[0] != 255], first[masks[0] != 255])


def test_the_rows_are_checked_once_before_the_run(files, table, tmp_path, monkeypatch):
    """Processing checks and prepares in the main thread: the rows are checked once there, then in the run's thread."""
    from qgis.core import QgsApplication, QgsProcessingFeedback
    from slopecast.plugin.core.tables import parameter_table

    calls = []
    check = parameter_table.scenarios_from_table
    monkeypatch.setattr(parameter_table, "scenarios_from_table", lambda *a, **k: calls.append(1) or check(*a, **k))
    parameters, context = given(files, table, tmp_path / "out"), QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    assert algorithm.checkParameterValues(parameters, context) == (True, "")
    assert algorithm.prepare(parameters, context, QgsProcessingFeedback())
    assert len(calls) == 1


@pytest.mark.parametrize("name", ["predictfromtable", "failureprobability"])
@pytest.mark.parametrize(("count", "checked"), [(2_000, 2_000), (2_001, 0), (20_000, 0)])
def test_the_main_thread_checks_no_long_table(name, count, checked, files, tmp_path, monkeypatch):
    """It checks no row of one: windows would not react meanwhile."""
    from qgis.core import QgsApplication
    from slopecast.plugin.core.tables import parameter_table

    rows, name_of = [], parameter_table._name
    monkeypatch.setattr(parameter_table, "_name", lambda *row: rows.append(row[0]) or name_of(*row))
    (tmp_path / "long.csv").write_text("cohesion\n" + "2\n" * count, encoding="utf-8")
    parameters = given(files, tmp_path / "long.csv", tmp_path / "out")
    if name == "failureprobability":
        parameters = {key: parameters[key] for key in ("DEM", "SOIL_DEPTH", "TABLE")}
        parameters["FAILURE_PROBABILITY"] = str(tmp_path / "p.tif")
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    assert algorithm.checkParameterValues(parameters, QgsProcessingContext()) == (True, "")
    assert len(rows) == checked


@pytest.mark.parametrize("name", ["predictfromtable", "failureprobability"])
def test_the_run_refuses_a_long_table_with_all_errors_before_it_reads(name, files, tmp_path, monkeypatch):
    import processing
    from slopecast.plugin.algorithms.inputs.scenario_inputs import ScenarioInputs

    monkeypatch.setattr(ScenarioInputs, "terrain", lambda *_: pytest.fail("the elevation is read"))
    (tmp_path / "long.csv").write_text("cohesion\n-1\n" + "2\n" * 2_500 + "much\n", encoding="utf-8")
    parameters = given(files, tmp_path / "long.csv", tmp_path / "out")
    if name == "failureprobability":
        parameters = {key: parameters[key] for key in ("DEM", "SOIL_DEPTH", "TABLE")}
        parameters["FAILURE_PROBABILITY"] = str(tmp_path / "p.tif")
    with pytest.raises(QgsProcessingException) as refused:
        processing.run(f"slopecast:{name}", parameters)
    assert all(f"row {number}" in str(refused.value) for number in (1, 2_502))
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", ["s.dbf", "s.shp", "s.SHP", "a.b.shp"])
def test_a_summary_without_shapes_is_a_dbf_file(files, table, tmp_path, name):
    """The path that is given back is that of the file, and QGIS opens it. Newer GDAL writes its encoding beside it."""
    made = run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / "s" / name)))["SUMMARY"]
    assert made == str((tmp_path / "s" / name).with_suffix(".dbf"))
    assert {p.name for p in (tmp_path / "s").iterdir()} - {Path(made).with_suffix(".cpg").name} == {Path(made).name}
    layer = QgsVectorLayer(made)
    assert layer.isValid()
    assert layer.featureCount() == len(list((tmp_path / "out").glob("*.tif")))


def test_a_dbf_summary_is_added_to_the_project(files, table, tmp_path):
    """Under the name of the file."""
    import processing

    summary = tmp_path / "s.dbf"
    processing.runAndLoadResults(ALGORITHM, given(files, table, tmp_path / "out", SUMMARY=str(summary)))
    (layer,) = (layer for layer in QgsProject.instance().mapLayers().values() if layer.source() == str(summary))
    assert layer.isValid()


@pytest.mark.parametrize("name", ["s.dbf", "s.shp"])
def test_a_summary_does_not_take_the_attributes_of_shapes(files, table, tmp_path, name):
    """A shapefile of the name keeps all its files."""
    for file in Path(files["zones"]).parent.glob(f"{Path(files['zones']).stem}.*"):
        (tmp_path / f"s{file.suffix}").write_bytes(file.read_bytes())
    (tmp_path / "s.shp").touch()
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(QgsProcessingException, match=r"s.shp' has shapes, whose attributes would be lost"):
        run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / name)))
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["s.dbf", "s.shp"])
def test_a_dbf_table_is_not_replaced_by_its_summary(files, table, tmp_path, name):
    made = Path(run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / "s.dbf")))["SUMMARY"])
    before = made.read_bytes()
    with pytest.raises(QgsProcessingException, match="is an input of this run"):
        run(given(files, made, tmp_path / "more", SUMMARY=str(tmp_path / name)))
    assert made.read_bytes() == before


@pytest.mark.parametrize("ending", ["fgb", "sqlite", "txt", "pdf", "gpx", "dxf"])
def test_formats_without_tables_are_refused_before_the_run(files, table, tmp_path, ending):
    """They would lose the rows, or be refused when all masks are computed."""
    with pytest.raises(QgsProcessingException, match=rf"a table without shapes cannot be stored as '.{ending}'"):
        run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / f"s.{ending}")))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"my own notes\n", b"name,rainfall\na,1\n", b"", b"\xff\xfe\x00"])
def test_a_foreign_summary_in_the_folder_is_not_replaced(files, table, tmp_path, content):
    """Its name is not chosen by the user; one of an earlier run is replaced."""
    folder = tmp_path / "out"
    folder.mkdir()
    summary = folder / "summary.csv"
    summary.write_bytes(content)
    parameters = given(files, table, folder, SUMMARY=None)
    with pytest.raises(QgsProcessingException, match=r"summary\.csv' exists and was not made by this algorithm"):
        run(parameters)
    assert summary.read_bytes() == content
    assert [p.name for p in folder.iterdir()] == ["summary.csv"]
    summary.unlink()
    for _ in range(2):
        assert run(parameters)["SUMMARY"] == str(summary)
    run({**parameters, "SUMMARY": str(summary)})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a|b.csv", "contains '|'"),
        ("12:30 run/s.gpkg", "contains ':'"),
        ("a:b.csv", "contains ':'"),
        ("-s.gpkg", "begins with '-', which no table of a GeoPackage does"),
        ("{s}.gpkg", "begins with '{'"),
    ],
)
def test_names_that_qgis_cannot_write_are_refused_before_the_run(files, table, tmp_path, name, words):
    """It would split them, or create no table."""
    with pytest.raises(QgsProcessingException, match=re.escape(words)):
        run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / name)))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("name", "sign"), [("12:30 run", ":"), ("a|b", "|")])
def test_folders_in_which_qgis_cannot_write_the_summary_are_refused(files, table, tmp_path, name, sign):
    """Unless it is written elsewhere."""
    with pytest.raises(QgsProcessingException, match=rf"\(OUTPUT_FOLDER\): .* contains '{re.escape(sign)}'"):
        run(given(files, table, tmp_path / name, SUMMARY=None))
    assert not (tmp_path / name).exists()
    run(given(files, table, tmp_path / name, SUMMARY=str(tmp_path / "s.csv")))


@pytest.mark.parametrize("name", ["-s.csv", "s (1).gpkg", "s-1.gpkg", "_s.gpkg", "1 s.gpkg", "산.gpkg"])
def test_other_names_are_written(files, table, tmp_path, name):
    made = run(given(files, table, tmp_path / "out", SUMMARY=str(tmp_path / name)))["SUMMARY"]
    assert made == str(tmp_path / name)
    assert Path(made).is_file()


@pytest.mark.parametrize(
    ("numbers", "unused"),
    [({"RAINFALL": 30.0}, ["30 mm/h is not used: the table has a column for it, with 8.5 to 12 mm/h"]),
     ({"RAINFALL": 12.0, "DURATION": 48.0}, ["48 h is not used: the table has a column for it, with 24 h"]),
     ({"COHESION": 3.0}, [])],
)  # fmt: skip
@pytest.mark.parametrize("algorithm", ["predictfromtable", "failureprobability"])
def test_a_storm_that_the_tables_own_replaces_is_named(algorithm, numbers, unused, files, table, tmp_path, feedback):
    """Sets that were calibrated to landslides have the storm of these."""
    import processing

    parameters = {**given(files, table, tmp_path / "out", SOLVER=1, METHOD=1, LATERAL_FLOW=False), **numbers}
    parameters["FAILURE_PROBABILITY"] = str(tmp_path / "p.tif")
    processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)
    found = [text for text in feedback.warnings if "the table has a column for it" in text]
    assert [text in one for text, one in zip(unused, found)] == [True] * len(found) == [True] * len(unused)


def test_a_few_failed_cells_of_many_are_not_0_percent():
    from slopecast.plugin.algorithms.runs.table_rows import Row
    from slopecast.plugin.core.scenario import Scenario

    record = {"failed_cells": 30, "valid_cells": 1_000_000, "failed_share": 3e-5, "class_cells": None, "before": ()}
    row = Row.of_record(Scenario(name="wet"), {**record, "reliability": ("trusted", ())})
    assert row.line == "wet: 30 of 1,000,000 cells fail (0.003 %), trusted."
