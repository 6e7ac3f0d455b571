"""Layers whose files are gone: an error that names layer and file. Layers removed in a run: as if they were there."""

from __future__ import annotations

import threading

import pytest
from osgeo import gdal
from qgis.core import (
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QTimer
from recording import Feedback
from test_threads import run_in_background


def lost(layer, files):
    """The layer's id in the project, once its files are removed."""
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    for path in files:
        path.unlink()
    return layer.id()


def run(algorithm, given):
    """Run as the dialog does: by the ids of layers."""
    import processing

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    processing.run(f"slopecast:{algorithm}", given, context=context)


def lost_shapes(files, folder, source):
    """Id of a layer of shapes."""
    gdal.VectorTranslate(str(folder / "shapes.shp"), files[source], format="ESRI Shapefile")
    return lost(QgsVectorLayer(str(folder / "shapes.shp"), "lost", "ogr"), list(folder.glob("shapes.*")))


@pytest.mark.parametrize("selected", [False, True])
def test_zones(files, tmp_path, selected):
    layer = lost_shapes(files, tmp_path, "zones")
    given = {"ZONES": QgsProcessingFeatureSourceDefinition(layer, selected) if selected else layer, "DEM": files["dem"],
             "COHESION_FIELD": "c", "COHESION": str(tmp_path / "c.tif")}  # fmt: skip
    with pytest.raises(QgsProcessingException, match=r"\(ZONES\): 'lost \(.*shapes.shp\)' cannot be loaded"):
        run("parametersfromzones", given)


def test_features_to_count_at(files, tmp_path):
    layer = lost_shapes(files, tmp_path, "zones")
    given = {"FAILURE_MASK": files["stability"], "FEATURES": layer, "EXPOSURE": str(tmp_path / "counts.gpkg")}
    with pytest.raises(QgsProcessingException, match=r"\(FEATURES\): 'lost \(.*shapes.shp\)' cannot be loaded"):
        run("countfailedcells", given)


@pytest.mark.parametrize("provider", ["ogr", "delimitedtext"])
def test_table(files, tmp_path, provider):
    path = tmp_path / "rows.csv"
    path.write_text("name,cohesion\na,2\n")
    source = str(path) if provider == "ogr" else f"{path.as_uri()}?delimiter=,"
    layer = lost(QgsVectorLayer(source, "lost", provider), [path])
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": layer, "OUTPUT_FOLDER": str(tmp_path / "out")}
    with pytest.raises(QgsProcessingException, match=r"\(TABLE\): 'lost \(.*rows.csv.*\)' cannot be loaded as a table"):
        run("predictfromtable", given)
    assert not (tmp_path / "out").exists()


def test_raster_of_a_project_that_was_moved(files, tmp_path):
    """QGIS keeps its layer, which is not valid."""
    layer = QgsRasterLayer(str(tmp_path / "moved.tif"), "lost")
    QgsProject.instance().addMapLayer(layer)
    given = {"DEM": layer.id(), "SOIL_DEPTH": files["depth"], "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
    with pytest.raises(QgsProcessingException, match=r"\(DEM\): 'lost \(.*moved.tif\)' cannot be loaded"):
        run("simulatefactorofsafety", given)


class WaitsForMainThread(Feedback):
    """Holds a run in its thread until a layer was removed in the main thread."""

    def __init__(self):
        super().__init__()
        self.removed = threading.Event()

    def isCanceled(self):
        if threading.current_thread() is not threading.main_thread():
            assert self.removed.wait(60.0)
        return super().isCanceled()


def edited_zones(files, kind):
    """A layer of the project with two zones and an edit that is not saved, by what a run is given."""
    layer = QgsVectorLayer(files["zones"], "zones", "ogr")
    if kind == "in memory":
        layer = layer.materialize(QgsFeatureRequest())
    QgsProject.instance().addMapLayer(layer)
    first = next(layer.getFeatures()).id()
    assert layer.startEditing()
    assert layer.changeAttributeValue(first, layer.fields().lookupField("c"), 6.5)
    layer.selectByIds([first])
    if kind in ("selected", "limited"):
        return layer, QgsProcessingFeatureSourceDefinition(layer.id(), kind == "selected", 1)
    return layer, layer.id()


@pytest.mark.parametrize("kind", ["of a file", "in memory", "selected", "limited"])
def test_a_layer_that_is_removed_during_a_run(kind, files, tmp_path):
    """QGIS would end by a fault; the features are those at the start of the run, with their edits."""
    layer, zones = edited_zones(files, kind)
    feedback, counted = WaitsForMainThread(), tmp_path / "counted.gpkg"

    def remove():
        QgsProject.instance().removeMapLayer(layer.id())
        feedback.removed.set()

    QTimer.singleShot(0, remove)
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": zones, "EXPOSURE": str(counted)}
    assert run_in_background("countfailedcells", given, feedback), feedback.errors
    found = [feature["c"] for feature in QgsVectorLayer(str(counted), "counted", "ogr").getFeatures()]
    assert found == ([6.5] if kind in ("selected", "limited") else [6.5, 12.5])
