"""Notes on a selected layer, shown before a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer

from ..algorithms.inputs.layers import may_overlap, source_of_layer, wkt_of
from ..algorithms.log import Log
from ..algorithms.outputs.provenance import estimation_method, is_estimated_depth, is_result
from ..algorithms.translation import tr
from ..core.errors import SlopecastError
from ..core.raster.inputs import ELEVATION, SOIL_DEPTH, RasterKind
from ..text import Text
from ..variables import CELL_SIZE_TRAINED_M
from .fields.number_field import number_text
from .plain_words import plain_words

if TYPE_CHECKING:
    from ..core.grid import Grid
    from ..core.raster.opening import OpenBand

Note = tuple[str, str]  # text and kind (hint, caution, error)

_SIGNIFICANT_DIGITS = 4


def dem_note(layer: QgsRasterLayer | None) -> Note:
    """Note on whether slopes can be computed from this layer; kind ``error`` if not."""
    if layer is None:
        return tr("Choose an elevation raster: a layer of the project, or a file."), "error"
    try:
        grid, cautions = _place(layer)
    except SlopecastError as error:
        return plain_words(error.localized(tr)), "error"
    return (cautions[0], "caution") if cautions else _cells_note(grid)


def _place(layer: QgsRasterLayer) -> tuple[Grid, list[str]]:
    """Where a run places an elevation, and cautions; raises :class:`SlopecastError` if it has no slopes in metres."""
    from ..core.grid import Grid
    from ..core.raster.coordinates import check_projection
    from ..core.raster.read import dem_grid

    log = Log(None)
    grid = dem_grid(_opened(layer, ELEVATION), layer.name(), log)
    (x, y), cell = grid.centre, grid.cell_width
    middle = Grid(1, 1, (x, cell, 0.0, y, 0.0, -cell), grid.crs_wkt)  # there may be no data farther out
    check_projection(middle, layer.name(), log)
    return grid, log.warnings


def depth_note(layer: QgsRasterLayer | None, dem: QgsRasterLayer | None) -> Note:
    """Note on the use of the soil depth layer; ``error`` means that it cannot be used."""
    if layer is None:
        return tr("Without a map the depth is estimated from the DEM: a rough estimate."), "caution"
    try:
        _opened(layer, SOIL_DEPTH)
    except SlopecastError as error:
        return plain_words(error.localized(tr)), "error"
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


def _opened(layer: QgsRasterLayer, kind: RasterKind) -> OpenBand:
    """The band of a layer that a run would read; raises :class:`SlopecastError` where it would read none."""
    from ..core.feedback import Feedback
    from ..core.raster.opening import OpenBand

    if not layer.isValid():
        raise SlopecastError(Text("The layer's file is missing or damaged."))
    if layer.providerType() == "gdal" and is_result(layer.source()):
        raise SlopecastError(Text("A result of Slopecast. Choose the layer that it was computed from."))
    return OpenBand(source_of_layer(layer, layer.name(), kind), Feedback())


def _cells_note(grid: Grid) -> Note:
    width = float(f"{grid.cell_width:.{_SIGNIFICANT_DIGITS}g}")
    system = QgsCoordinateReferenceSystem.fromWkt(grid.crs_wkt).authid()
    text = tr("{} x {} cells of {} m, {}").format(grid.cols, grid.rows, number_text(width), system)
    low, high = CELL_SIZE_TRAINED_M
    if low <= width <= high:
        return text, "hint"
    return tr("{}. The network was trained on cells of {:g} to {:g} m only.").format(text, low, high), "caution"


def _same_grid(one: QgsRasterLayer, other: QgsRasterLayer) -> bool:
    shapes = (one.width(), one.height()) == (other.width(), other.height())
    return shapes and one.crs() == other.crs() and one.extent() == other.extent()
