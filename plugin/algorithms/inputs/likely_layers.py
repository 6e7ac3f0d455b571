"""Guesses which layers of a project are the elevation, the soil depth, scenarios, landslides and a result."""

from __future__ import annotations

import re
from typing import Callable, Iterable, TypeVar

from qgis.core import (
    QgsMapLayer,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ...core.errors import InputError
from ...core.raster.inputs import ELEVATION, SOIL_DEPTH, RasterKind
from ...core.raster.names import quantities_named
from ...variables import SOIL_DEPTH_MAXIMUM_M
from ..outputs.provenance import is_result, stored_provenance
from .layers import source_of_layer

_Layer = TypeVar("_Layer", bound=QgsMapLayer)
_Parameter = TypeVar("_Parameter", bound=QgsProcessingParameterDefinition)

_ELEVATION, _DEPTH = "elevation", "soil_depth"
#: Words in the names of other maps with a depth, including Slopecast's results.
_OTHER_DEPTH_WORDS = {"water", "front", "failure", "rain", "rainfall", "snow", "root", "table", "bedrock"}
#: Words in the names of results.
_RESULT_WORDS = {"mask", "failure", "safety", "stability", "probability", "susceptibility", "agreement", "hillshade"}
#: Words in the names of layers of landslides.
_LANDSLIDE_WORDS = {"landslide", "landslides", "slide", "slides", "inventory", "\uc0b0\uc0ac\ud0dc"}
_SAMPLE_CELLS = 32
_FEWEST_COLUMNS, _SUMMARY_COLUMN = 2, "failed_cells"
_EXAMPLE = "slopecast:exampledata"  # the one algorithm that makes an elevation
#: Outputs that are preselected where failed cells are counted or outlined.
SUMMARIZED = "Failure mask", "Failure class", "Failure probability", "Factor of safety"
#: Value of a required field without a likely layer; without a value QGIS would select the first layer.
_NO_CHOICE = " "


def likely_elevation(layers: Iterable[QgsRasterLayer]) -> QgsRasterLayer | None:
    """Return the first layer that is an elevation model by its name, or the only candidate."""
    layers = list(layers)
    named = [layer for layer in layers if quantities_named(layer.name()) == {_ELEVATION}]
    if named:
        return named[0]
    possible = [layer for layer in layers if _may_be_elevation(layer)]
    return possible[0] if len(possible) == 1 else None


def likely_soil_depth(layers: Iterable[QgsRasterLayer]) -> QgsRasterLayer | None:
    """Return the first layer that is a soil depth in metres by its name and values."""
    named = (layer for layer in layers if quantities_named(layer.name()) == {_DEPTH})
    return next((layer for layer in named if not _words(layer) & _OTHER_DEPTH_WORDS and _may_be_metres(layer)), None)


def likely_scenarios(layers: Iterable[QgsVectorLayer]) -> QgsVectorLayer | None:
    """Return the first non-spatial table with scenario columns that is not the summary of a run."""
    tables = [layer for layer in layers if not layer.isSpatial()]
    if not tables:  # as at QGIS's start, which the module would make longer
        return None
    from ...core.tables.columns import recognized

    for layer in tables:
        columns = layer.fields().names()
        if len(set(recognized(columns))) >= _FEWEST_COLUMNS and _SUMMARY_COLUMN not in columns:
            return layer
    return None


def likely_landslides(layers: Iterable[QgsVectorLayer]) -> QgsVectorLayer | None:
    """Return the only layer of points or polygons that is named like landslides."""
    kinds = QgsWkbTypes.GeometryType.PointGeometry, QgsWkbTypes.GeometryType.PolygonGeometry
    named = [layer for layer in layers if layer.geometryType() in kinds and _words(layer) & _LANDSLIDE_WORDS]
    return named[0] if len(named) == 1 else None


def likely_result(layers: Iterable[QgsRasterLayer]) -> QgsRasterLayer | None:
    """Return the topmost visible layer of the project that Slopecast has computed."""
    root, ids = QgsProject.instance().layerTreeRoot(), {layer.id() for layer in layers}
    for layer in root.layerOrder():
        node = root.findLayer(layer)
        if layer.id() in ids and node is not None and node.isVisible() and is_result(layer.source()):
            return layer
    return None


def likely_output(*outputs: str) -> Callable[[Iterable[QgsRasterLayer]], QgsRasterLayer | None]:
    """Function that returns the topmost layer of the project with one of some outputs, visible ones first.

    Args:
        outputs: labels as in the metadata, e.g. ``Failure mask``; without any, no layer is found.
    """

    def find(layers: Iterable[QgsRasterLayer]) -> QgsRasterLayer | None:
        root, ids = QgsProject.instance().layerTreeRoot(), {layer.id() for layer in layers}
        nodes = [root.findLayer(layer) for layer in root.layerOrder() if layer.id() in ids and outputs]
        fit = [node for node in nodes if node and stored_provenance(node.layer().source()).get("output") in outputs]
        return next((node.layer() for node in sorted(fit, key=lambda node: not node.isVisible())), None)

    return find


def preselect_layer(parameter: _Parameter, likely: Callable[[Iterable[_Layer]], _Layer | None] | None) -> _Parameter:
    """Preselect the project's likely layer, if one is looked for, in an algorithm's dialog instead of the first one.

    A raster that is required stays empty where no layer is likely. Scripts and models get no default from it.
    Algorithms are made in other threads too: the project is not looked at there, and nothing is to be seen.
    """
    application = QCoreApplication.instance()
    if likely is not None and application is not None and QThread.currentThread() == application.thread():
        kind = QgsRasterLayer if isinstance(parameter, QgsProcessingParameterRasterLayer) else QgsVectorLayer
        found = likely([layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, kind)])
        if found is not None:
            parameter.setGuiDefaultValueOverride(found.id())
        elif kind is QgsRasterLayer and not parameter.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
            parameter.setGuiDefaultValueOverride(_NO_CHOICE)
    return parameter


def _words(layer: QgsMapLayer) -> set[str]:
    return set(re.split(r"[\W_\d]+", layer.name().lower()))


def _may_be_elevation(layer: QgsRasterLayer) -> bool:
    """Whether the layer is a candidate: a file with a band for it, no depth by its name, no map of Slopecast's."""
    if not layer.isValid() or layer.providerType() != "gdal":
        return False
    if _DEPTH in quantities_named(layer.name()) or _words(layer) & _RESULT_WORDS:
        return False
    if _band(layer, ELEVATION) == 0:
        return False
    return stored_provenance(layer.source()).get("algorithm", _EXAMPLE) == _EXAMPLE


def _band(layer: QgsRasterLayer, kind: RasterKind) -> int:
    """Number of the band that would be read; 0 if unknown."""
    if layer.bandCount() == 1:
        return 1
    try:
        return source_of_layer(layer, layer.name(), kind).band
    except InputError:
        return 0


def _may_be_metres(layer: QgsRasterLayer) -> bool:
    """Check a sample of the cells; statistics would leave a file next to the user's raster."""
    band = _band(layer, SOIL_DEPTH) if layer.isValid() and layer.providerType() == "gdal" else 0
    if band == 0:
        return False
    block = layer.dataProvider().block(band, layer.extent(), _SAMPLE_CELLS, _SAMPLE_CELLS)
    cells = ((row, col) for row in range(block.height()) for col in range(block.width()))
    values = [block.value(*cell) for cell in cells if not block.isNoData(*cell)]
    return bool(values) and min(values) >= 0.0 and max(values) <= SOIL_DEPTH_MAXIMUM_M
