"""Notes on a selected layer, shown before a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
    QgsUnitTypes,
)

from ..algorithms.inputs.layers import may_overlap, source_of_layer, wkt_of
from ..algorithms.outputs.provenance import estimation_method, is_estimated_depth, is_result
from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.raster.inputs import ELEVATION, SOIL_DEPTH, RasterKind
from ..text import translated
from ..variables import CELL_SIZE_TRAINED_M
from .fields.number_field import number_text
from .plain_words import plain_words

if TYPE_CHECKING:
    from ..core.grid import Grid

Note = tuple[str, str]  # text and kind (hint, caution, error)

_SIGNIFICANT_DIGITS = 4


def dem_note(layer: QgsRasterLayer | None) -> Note:
    """Note on whether slopes can be computed from this layer; kind ``error`` if not."""
    if layer is None:
        return tr("Choose an elevation raster: a layer of the project, or a file."), "error"
    problem = _problem(layer, ELEVATION)
    if problem:
        return problem, "error"
    return _coordinates_note(layer) or _cells_note(layer)


def depth_note(layer: QgsRasterLayer | None, dem: QgsRasterLayer | None) -> Note:
    """Note on the use of the soil depth layer; ``error`` means that it cannot be used."""
    if layer is None:
        return tr("Without a map the depth is estimated from the DEM: a rough estimate."), "caution"
    problem = _problem(layer, SOIL_DEPTH)
    if problem:
        return problem, "error"
    if dem is not None and layer.id() == dem.id() and layer.bandCount() == 1:
        return tr("This is the elevation itself. Choose a soil depth raster in metres, or none."), "error"
    return _depth_use_note(layer, dem)


def _depth_use_note(layer: QgsRasterLayer, dem: QgsRasterLayer | None) -> Note:
    """Note on how a usable soil depth is used."""
    if dem is not None and not may_overlap(layer, dem, QgsProject.instance()):
        return tr("Does not overlap the DEM."), "error"
    if is_estimated_depth(layer.source()) and estimation_method(layer.source()) == "constant":
        return tr("According to its metadata, the same depth in every cell: a rough estimate."), "caution"
    if is_estimated_depth(layer.source()):
        return tr("According to its metadata, estimated from the DEM alone: a rough estimate."), "caution"
    if wkt_of(layer.crs()) and layer.crs().isGeographic():
        return tr("{} is in degrees; it will be aligned to the DEM.").format(layer.crs().authid()), "caution"
    if dem is not None and not _same_grid(layer, dem):
        return tr("Has another grid than the DEM and will be aligned to it."), "hint"
    return tr("Vertical depth to bedrock in metres."), "hint"


def _problem(layer: QgsRasterLayer, kind: RasterKind) -> str:
    if not layer.isValid():
        return tr("The layer's file is missing or damaged.")
    if layer.providerType() != "gdal":
        return tr("A layer of a web service or database. Export it to GeoTIFF first.")
    if is_result(layer.source()):
        return tr("A result of Slopecast. Choose the layer that it was computed from.")
    from ..core.feedback import Feedback
    from ..core.raster.opening import OpenBand

    try:
        OpenBand(source_of_layer(layer, layer.name(), kind), Feedback())
    except InputError as error:  # several bands, or the unit of something else
        return plain_words(error.localized(tr))
    return ""


def _coordinates_note(layer: QgsRasterLayer) -> Note | None:
    """Note on the coordinate system of an elevation; ``None`` if it is suitable."""
    from ..core.raster.coordinates import looks_metric

    crs = layer.crs()
    if not wkt_of(crs):
        if looks_metric(_grid_of(layer)):
            return tr("No coordinate system is set. Coordinates are assumed to be in metres."), "caution"
        return tr("No coordinate system is set. Set it with Layer > Set CRS of Layer(s)."), "error"
    if crs.isGeographic():
        return tr("{} is in degrees, and slopes need metres. {}").format(
            crs.authid(), _reprojection_advice(layer)
        ), "error"
    if QgsUnitTypes.encodeUnit(crs.mapUnits()) != "meters":
        unit = QgsUnitTypes.toString(crs.mapUnits())
        return tr("{} is in {}, and slopes need metres. {}").format(
            crs.authid(), unit, _reprojection_advice(layer)
        ), "error"
    if not looks_metric(_grid_of(layer)):
        text = (
            "The coordinates look like degrees, but {} is in metres. Set the coordinate system in degrees again, then "
            "reproject the layer with Raster > Projections > Warp (Reproject)."
        )
        return tr(text).format(crs.authid()), "error"
    return _stretch_note(layer)


def _stretch_note(layer: QgsRasterLayer) -> Note | None:
    """Note on a projection that does not preserve lengths, such as Web Mercator."""
    from ..core.raster.coordinates import distortion, stretch_problem

    centre = layer.extent().center()
    found = distortion(_grid_of(layer).crs_wkt, [(centre.x(), centre.y())])
    problem = None if found is None else stretch_problem(found)
    if problem is None:
        return None
    return f"{layer.crs().authid()} {translated(problem, tr)}. {_reprojection_advice(layer)}", "error"


def _reprojection_advice(layer: QgsRasterLayer) -> str:
    from ..core.raster.coordinates import reprojection_advice

    return translated(reprojection_advice(_grid_of(layer)), tr)


def _grid_of(layer: QgsRasterLayer) -> Grid:
    """The cells of a layer whose rows run east."""
    from ..core.grid import Grid

    extent, size = layer.extent(), (layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY())
    place = (extent.xMinimum(), size[0], 0.0, extent.yMaximum(), 0.0, -size[1])
    wkt = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL)
    return Grid(layer.height(), layer.width(), place, wkt)


def _cells_note(layer: QgsRasterLayer) -> Note:
    width = float(f"{layer.rasterUnitsPerPixelX():.{_SIGNIFICANT_DIGITS}g}")
    text = tr("{} x {} cells of {} m, {}").format(
        layer.width(), layer.height(), number_text(width), layer.crs().authid()
    )
    low, high = CELL_SIZE_TRAINED_M
    if low <= width <= high:
        return text, "hint"
    return tr("{}. The network was trained on cells of {:g} to {:g} m only.").format(text, low, high), "caution"


def _same_grid(one: QgsRasterLayer, other: QgsRasterLayer) -> bool:
    shapes = (one.width(), one.height()) == (other.width(), other.height())
    return shapes and one.crs() == other.crs() and one.extent() == other.extent()
