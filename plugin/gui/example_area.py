"""Creates the example study area in the background and adds it to the project."""

from __future__ import annotations

from typing import Any, Mapping

from qgis.core import QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..algorithms.translation import tr
from .algorithm_run import AlgorithmRun

_ALGORITHM = "slopecast:exampledata"


class ExampleArea(QObject):
    """Draws the example study area into a temporary folder and loads it."""

    #: Elevation and soil depth, as layers of the project.
    loaded = pyqtSignal(object, object)
    #: Why it could not be created.
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: AlgorithmRun | None = None

    def load(self) -> None:
        """Start, unless it is under way."""
        if self.run is not None:
            return
        folder = QgsProcessingUtils.generateTempFilename("example_area")
        self.run = AlgorithmRun(_ALGORITHM, {"OUTPUT_FOLDER": folder, "LOAD_LAYERS": False}, self)
        self.run.finished.connect(self._on_finished)
        self.run.start()

    def _on_finished(self, successful: bool, results: dict[str, Any], reason: str) -> None:
        self.run = None
        if successful:
            self.loaded.emit(*add_example_area(QgsProject.instance(), results))
        else:
            self.failed.emit(reason or tr("Cancelled; nothing was written."))


def add_example_area(project: QgsProject, results: Mapping[str, Any]) -> tuple[QgsRasterLayer, QgsRasterLayer]:
    """Add elevation, soil depth and landslides (both switched off) and the table of scenarios as a group on top.

    A project without layers takes over the study area's coordinate system. Returns elevation and soil depth.
    """
    depth = QgsRasterLayer(results["SOIL_DEPTH"], tr("Soil depth (synthetic)"))
    dem = QgsRasterLayer(results["DEM"], tr("Elevation (synthetic)"))
    table = QgsVectorLayer(results["TABLE"], tr("Scenarios"))
    slides = QgsVectorLayer(results["LANDSLIDES"], tr("Landslides (synthetic)"))
    if not project.mapLayers():
        project.setCrs(dem.crs())
    project.addMapLayers([slides, depth, dem, table], False)
    group = project.layerTreeRoot().insertGroup(0, tr("Example data (synthetic)"))
    for layer in (slides, depth, dem, table):
        node = group.addLayer(layer)
        for expanded in (True, False):  # QGIS unfolds what is new, and heeds a change alone
            node.setExpanded(expanded)
    for layer in (slides, depth):
        group.findLayer(layer.id()).setItemVisibilityChecked(False)
    return dem, depth
