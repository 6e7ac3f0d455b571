"""Processing algorithm that converts areas of failed cells, or of classes, to polygons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProcessingParameterDefinition, QgsWkbTypes

from ..core.feedback import check_cancelled
from ..core.files.atomic import PartialFolders, atomic_write
from ..core.raster.inputs import ANY_VALUES, SUMMARIZED_MAP
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource, raster_source
from .inputs.masks import failed_map_parameters, read_failed_map, threshold_given
from .inputs.number_input import NumberInput
from .inputs.stability_maps import caution_series
from .outputs.sinks import SinkTarget, fields_of, nan_to_none
from .parameter_values import ParameterValues
from .parameters.definitions import advanced, chosen, layer_output, raster_parameter
from .translation import tr

if TYPE_CHECKING:
    from ..core.grid import Grid
    from ..core.polygons.mask_polygons import Areas
    from .log import Log

_COLUMNS = {
    "class": int, "cells": int, "area_m2": float, "mean": float, "minimum": float, "maximum": float,
}  # fmt: skip
_NUMBERS = {"AREAS": "Number of polygons", "CELLS": "Cells in the polygons"}
_SMALLEST = NumberInput(
    "SMALLEST_AREA", "Smallest area [m2]", 0.0, "Smaller areas are removed; 0 keeps all.", (0.0, math.inf)
)
_HOLE = NumberInput(
    "LARGEST_HOLE", "Largest hole to fill [m2]", 0.0,
    "A hole is a group of valid cells enclosed by cells of one class. The cells of a filled hole become part of "
    "the polygon. Holes that touch NoData are kept. 0 fills no holes.", (0.0, math.inf),
)  # fmt: skip
_SMOOTHING = NumberInput(
    "SMOOTHING", "Smoothing steps", 0,
    "0 keeps the cell outlines, 1 to 5 round the corners. Cell counts, areas and values do not change.", (0, 5),
    whole=True,
)  # fmt: skip
_SMOOTHING_OFFSET = 0.25
_CHECK_EVERY = 500


class AreaInputs(NamedTuple):
    """Inputs of a run, read from layers and parameters."""

    map: RasterSource
    kind: str
    threshold: float | None
    values: RasterSource | None
    smallest: float
    largest_hole: float
    smoothing: int


class MasksToPolygons(SlopecastAlgorithm):
    """Makes polygons of connected failed cells, or of the cells of each class."""

    ID = "maskstopolygons"
    TITLE = "Failed areas to polygons"
    GROUP = "maps"
    SUMMARY = (
        "Creates a polygon for each group of failed cells that share sides, from a failure mask, from a probability or "
        "factor of safety with a threshold, or for each class of a class map. The attributes are the number of cells, "
        "the area, and the mean, minimum and maximum value."
    )
    TAGS = ("polygonize", "vectorize", "failed areas", "areas", "classes", "hazard map")
    NUMBERS = _NUMBERS

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the map, the options and the output layer."""
        text = "NoData cells are not part of any polygon."
        yield raster_parameter("MAP", "Mask, probability, factor of safety or classes", text)
        yield from failed_map_parameters()
        yield raster_parameter(
            "VALUES", "Values to summarize",
            "Raster for mean, minimum and maximum, e.g. the factor of safety for a mask; aligned to the map. If "
            "omitted, the values of the map are used.", optional=True,
        )  # fmt: skip
        yield _SMALLEST.parameter()
        yield from (advanced(number.parameter()) for number in (_HOLE, _SMOOTHING))
        yield layer_output(
            "POLYGONS", "Areas",
            "Polygons with class (1 for failed), cells, area_m2 (cells times the area of a cell), mean, minimum and "
            "maximum (NULL where no value is known).", "Polygon",
        )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> AreaInputs:
        """Read layers and numbers; raises :class:`InputError`."""
        return AreaInputs(
            map=raster_source(parameters, "MAP", SUMMARIZED_MAP),
            kind=chosen(parameters, "KIND"),
            threshold=threshold_given(parameters),
            values=raster_source(parameters, "VALUES", ANY_VALUES),
            smallest=_SMALLEST.read(parameters),
            largest_hole=_HOLE.read(parameters),
            smoothing=_SMOOTHING.read(parameters),
        )

    def execute(self, inputs: AreaInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Find the areas, then write them."""
        from ..core.polygons.mask_polygons import areas_of_classes

        found = read_failed_map(inputs.map, inputs.kind, inputs.threshold, log)
        if inputs.values is not None:
            caution_series(inputs.values, log)
        values = found.values if inputs.values is None else inputs.values.read_aligned(found.grid, log)
        areas = areas_of_classes(found.classes, values, found.grid, inputs.smallest, inputs.largest_hole, log)
        cells = int(areas.cells.sum())
        log.pushInfo(tr("{} areas with {} cells.").format(len(areas.polygons), cells))
        target = SinkTarget(parameters, "POLYGONS", log)
        with atomic_write(target.folders, target.label) as partials:
            _write(areas, found.grid, inputs.smoothing, target, partials, log)
        return {"POLYGONS": target.layer, "AREAS": len(areas.polygons), "CELLS": cells}


def _write(areas: Areas, grid: Grid, smoothing: int, target: SinkTarget, partials: PartialFolders, log: Log) -> None:
    """Write the areas; raises :class:`InputError`."""
    fields, crs = fields_of(_COLUMNS), QgsCoordinateReferenceSystem.fromWkt(grid.crs_wkt)
    columns = (areas.classes, areas.cells, areas.area, areas.mean, areas.minimum, areas.maximum)
    with target.writing(partials, fields, QgsWkbTypes.Type.Polygon, crs) as sink:
        for number, row in enumerate(zip(areas.polygons, *(column.tolist() for column in columns))):
            if number % _CHECK_EVERY == 0:
                check_cancelled(log)
            polygon, *values = row
            geometry = QgsGeometry()
            geometry.fromWkb(polygon)
            sink.add(nan_to_none(values), geometry.smooth(smoothing, _SMOOTHING_OFFSET) if smoothing else geometry)
