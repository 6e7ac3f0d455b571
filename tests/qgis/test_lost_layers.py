"""Layers of a project whose files are gone: an error that names layer and file, not an empty layer."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)


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
