"""Processing algorithm that converts areas of failed cells, or of classes, to polygons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsWkbTypes

from ..core.files.atomic import atomic_write
from ..core.raster.inputs import ANY_VALUES, SUMMARIZED_MAP
from .base import Inputs, SlopecastAlgorithm
from .inputs.likely_layers import SUMMARIZED, likely_output
from .inputs.masks import FAILED_MAP_INPUTS, read_failed_map
from .inputs.stability_maps import caution_series
from .outputs.sinks import SinkTarget, fields_of, nan_to_none
from .parameter_values import ParameterValues
from .parameters.definitions import number_input, raster_input, sink_output
from .translation import tr

if TYPE_CHECKING:
    from ..core.polygons.mask_polygons import Areas
    from .log import Log

_COLUMNS = {
    "class": int, "cells": int, "area_m2": float, "mean": float, "minimum": float, "maximum": float,
}  # fmt: skip
_NUMBERS = {"AREAS": "Number of polygons", "CELLS": "Cells in the polygons"}
_SMOOTHING_OFFSET = 0.25


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

    INPUTS = (
        raster_input(
            "MAP", "Mask, probability, factor of safety or classes", "NoData cells are not part of any polygon.",
            kind=SUMMARIZED_MAP, likely=likely_output(*SUMMARIZED),
        ),
        *FAILED_MAP_INPUTS,
        raster_input(
            "VALUES", "Values to summarize",
            "Raster for mean, minimum and maximum, e.g. the factor of safety for a mask; aligned to the map. If "
            "omitted, the values of the map are used.", optional=True, kind=ANY_VALUES,
        ),
        number_input(
            "SMALLEST_AREA", "Smallest area [m2]", "Smaller areas are removed; 0 keeps all.",
            default=0.0, limits=(0.0, math.inf),
        ),
        number_input(
            "LARGEST_HOLE", "Largest hole to fill [m2]",
            "A hole is a group of valid cells enclosed by cells of one class. The cells of a filled hole become part "
            "of the polygon. Holes that touch NoData are kept. 0 fills no holes.",
            advanced=True, default=0.0, limits=(0.0, math.inf),
        ),
        number_input(
            "SMOOTHING", "Smoothing steps",
            "0 keeps the cell outlines, 1 to 5 round the corners. Cell counts, areas and values do not change.",
            advanced=True, default=0, limits=(0, 5), whole=True,
        ),
    )  # fmt: skip
    OUTPUTS = (
        sink_output(
            "POLYGONS", "Areas",
            "Polygons with class (1 for failed), cells, area_m2 (cells times the area of a cell), mean, minimum and "
            "maximum (NULL where no value is known).", holds="Polygon",
        ),
    )  # fmt: skip

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Find the areas, then write them."""
        from ..core.polygons.mask_polygons import areas_of_classes

        found = read_failed_map(inputs.map, inputs.kind, inputs.threshold, log)
        if inputs.values is not None:
            caution_series(inputs.values, log)
        values = found.values if inputs.values is None else inputs.values.read_aligned(found.grid, log)
        areas = areas_of_classes(found.classes, values, found.grid, inputs.smallest_area, inputs.largest_hole, log)
        cells = int(areas.cells.sum())
        log.pushInfo(tr("{} areas with {} cells.").format(len(areas.polygons), cells))
        target = SinkTarget(parameters, "POLYGONS", log)
        with atomic_write(target.folders, target.label) as partials:
            crs, features = QgsCoordinateReferenceSystem.fromWkt(found.grid.crs_wkt), _features(areas, inputs.smoothing)
            target.write(partials, fields_of(_COLUMNS), QgsWkbTypes.Type.Polygon, crs, features)
        return {"POLYGONS": target.layer, "AREAS": len(areas.polygons), "CELLS": cells}


def _features(areas: Areas, smoothing: int) -> Iterator[tuple[list[Any], QgsGeometry]]:
    """Values of the columns and geometry of each area."""
    columns = (areas.classes, areas.cells, areas.area, areas.mean, areas.minimum, areas.maximum)
    for polygon, *values in zip(areas.polygons, *(column.tolist() for column in columns)):
        geometry = QgsGeometry()
        geometry.fromWkb(polygon)
        yield nan_to_none(values), geometry.smooth(smoothing, _SMOOTHING_OFFSET) if smoothing else geometry
