"""Texts from files stay texts: on map sheets, in tables, logs and written rasters."""

from __future__ import annotations

import csv
import re
import time
import zipfile

import pytest
from cases import ENGINE, OUT, filled
from osgeo import gdal
from qgis.core import QgsLayoutItemLabel, QgsProcessingException, QgsProject, QgsRasterLayer
from vectors import square, write_vectors

HOSTILE = {
    "SLOPECAST_VERSION": "[% 6 * 7 %]",
    "SLOPECAST_ALGORITHM": "slopecast:simulatefactorofsafety[% 'evalu' || 'ated' %]",
    "SLOPECAST_DEM": "a\u202egnp.tif \x1b[31m<b>bold</b>",
    "SLOPECAST_[% 6 * 7 %]": "key",
    "SLOPECAST_WARNINGS": "[[%% 'evalu' || 'ated' %]%]",
}


def hostile(source, path, metadata):
    """A copy of a raster with other metadata."""
    made = gdal.GetDriverByName("GTiff").CreateCopy(str(path), gdal.Open(source))
    made.SetMetadata(metadata)
    made = None
    return str(path)


def sheet_of(layer, folder, feedback, **more):
    import processing

    given = {"LAYER": layer, "SHEET": str(folder / "sheet.pdf"), **more}
    name = processing.run("slopecast:mapsheet", given, feedback=feedback)["LAYOUT"]
    return QgsProject.instance().layoutManager().layoutByName(name)


def test_nothing_on_a_sheet_is_evaluated(files, tmp_path, feedback):
    path = hostile(files["stability"], tmp_path / "map [% 6 * 7 %].tif", HOSTILE)
    layer = QgsRasterLayer(path, "name [% 6 * 7 %]")
    QgsProject.instance().addMapLayer(layer)
    layout = sheet_of(layer.id(), tmp_path, feedback)
    shown = [item.currentText() for item in layout.items() if isinstance(item, QgsLayoutItemLabel)]
    node = layout.itemById("legend").model().rootGroup().findLayers()[0]
    shown += [node.customProperty("legend/title-label"), layout.name()]
    text = "\n".join(shown)
    assert "42" not in text
    assert "evaluated" not in text
    assert "6 * 7" in text
    assert not any(letter in text for letter in "\u202e\x1b")


@pytest.mark.parametrize("where", ["metadata", "many metadata", "name"])
def test_long_metadata_hold_nothing_up(files, tmp_path, feedback, where):
    long = "[% 1 %] " * 130_000
    metadata = {f"SLOPECAST_{key}": long for key in ("WARNINGS", "CAUTIONS", "DEM")} if where == "metadata" else {}
    if where == "many metadata":
        metadata = {f"SLOPECAST_{number}": long[:2000] for number in range(600)}
    path = hostile(files["stability"], tmp_path / "map.tif", metadata)
    layer = QgsRasterLayer(path, long if where == "name" else "map")
    QgsProject.instance().addMapLayer(layer)
    began = time.monotonic()
    sheet_of(layer.id(), tmp_path, feedback)
    assert time.monotonic() - began < 10.0


def test_a_run_with_long_metadata_is_quick_and_its_own_are_short(files, tmp_path, feedback):
    import processing

    long = {"SLOPECAST_CAUTIONS": "x [% 1 %]" * 100_000, "units": "m" * 1_000_000, "DESCRIPTION": "e" * 1_000_000}
    made = gdal.Open(hostile(files["dem"], tmp_path / "dem.tif", long), gdal.GA_Update)
    made.GetRasterBand(1).SetDescription("elevation " * 100_000)
    made = None
    given = filled({**ENGINE, "DEM": str(tmp_path / "dem.tif"), "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    began = time.monotonic()
    with pytest.raises(QgsProcessingException, match="unit") as caught:
        processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    assert len(str(caught.value)) < 10_000
    assert time.monotonic() - began < 10.0


@pytest.mark.parametrize("name", ["=1+1", "@SUM(1)", "+1+1", "-1-1", "row [% 6 + 7 %]"])
def test_names_of_scenarios_are_no_formulas_in_the_summary(files, tmp_path, feedback, name):
    import processing

    table = tmp_path / "table.csv"
    table.write_text(f"name,cohesion\n{name},2\n-5,3\n", encoding="utf-8")
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(table), "SOLVER": 1,
             "OUTPUT_FOLDER": str(tmp_path / "out"), "SUMMARY": str(tmp_path / "summary.csv")}  # fmt: skip
    processing.run("slopecast:predictfromtable", given, feedback=feedback)
    with (tmp_path / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [name.replace("[%", "[ %") if "[" in name else f"'{name}", "-5"]
    assert not any(cell[:1] in "=+@" for row in rows for cell in row.values() if cell)


@pytest.mark.parametrize("name", ["con", "NUL", "Aux.old", "com1", "LPT9", "conin$", "a\u202eb", "a\u200bb", "a\x85b"])
def test_names_that_are_no_file_names_everywhere_are_refused(files, tmp_path, feedback, name):
    import processing

    table = tmp_path / "table.csv"
    table.write_text(f"name,cohesion\n{name},2\n", encoding="utf-8")
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(table), "SOLVER": 1,
             "OUTPUT_FOLDER": str(tmp_path / "out")}  # fmt: skip
    with pytest.raises(QgsProcessingException, match="not a safe file name"):
        processing.run("slopecast:predictfromtable", given, feedback=feedback)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("extension", ["csv", "ods"])
def test_neither_values_nor_titles_of_the_user_s_features_become_formulas(files, tmp_path, extension):
    import processing

    texts = {"=1+1": '=HYPERLINK("http://example.org","x")', "b": "of:=1+1", "c": "a\u202eb"}
    features = write_vectors(tmp_path / "features.gpkg", [(square(200_000, 559_600, 200_480, 559_900), texts)])
    out = tmp_path / f"counts.{extension}"
    given = {"FAILURE_MASK": files["stability"], "KIND": "factor of safety", "FEATURES": str(features)}
    processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": str(out)})
    if extension == "ods":
        with zipfile.ZipFile(out) as archive:
            content = archive.read("content.xml").decode("utf-8")
        assert "HYPERLINK" in content
        assert not re.search(r"formula|>\s*=|>\s*of:=|\u202e", content)
        return
    with out.open(encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'of:=1+1" in cells
    assert not any(cell.startswith(("=", "of:")) or "\u202e" in cell for cell in cells)
