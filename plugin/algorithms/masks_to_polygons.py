"""Processing algorithm that converts areas of failed cells, or of classes, to polygons."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Mapping, NamedTuple

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsWkbTypes,
)

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.files.atomic import atomic_write
from ..core.raster.inputs import ANY_VALUES, SUMMARIZED_MAP
from ..text import Text
from .base import Destinations, SlopecastAlgorithm, advanced, helped
from .choices import chosen
from .labels import label_of
from .layers import RasterSource, raster_source
from .masks import failed_map_parameters, read_failed_map, threshold_given
from .scenario_parameters import number_given
from .sinks import SinkTarget
from .tables import OutputColumn, fields_of
from .translation import tr

if TYPE_CHECKING:
    from ..core.grid import Grid
    from ..core.mask_polygons import Areas
    from .log import Log

_COLUMNS = (
    OutputColumn("class", int),
    OutputColumn("cells", int),
    OutputColumn("area_m2", float),
    OutputColumn("mean", float),
    OutputColumn("minimum", float),
    OutputColumn("maximum", float),
)
_NUMBERS = {"AREAS": "Number of polygons", "CELLS": "Cells in the polygons"}
#: Sizes [m2] and the number of smoothing steps: title, help, greatest value.
_SIZES = {
    "SMALLEST_AREA": ("Smallest area [m2]", "Smaller areas are removed; 0 keeps all.", math.inf),
    "LARGEST_HOLE": (
        "Largest hole to fill [m2]",
        "A hole is a group of valid cells enclosed by cells of one class. The cells of a filled hole become part of "
        "the polygon. Holes that touch NoData are kept. 0 fills no holes.",
        math.inf,
    ),
    "SMOOTHING": (
        "Smoothing steps",
        "0 keeps the cell outlines, 1 to 5 round the corners. Cell counts, areas and values do not change.",
        5.0,
    ),
}
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
        """Yield the map, what to do with it, and the layer to write."""
        yield helped(
            QgsProcessingParameterRasterLayer("MAP", tr("Mask, probability, factor of safety or classes")),
            "NoData cells are not part of any polygon.",
        )
        yield from failed_map_parameters()
        yield helped(
            QgsProcessingParameterRasterLayer("VALUES", tr("Values to summarize"), optional=True),
            "Raster for mean, minimum and maximum, e.g. the factor of safety for a mask; aligned to the map. If "
            "omitted, the values of the map are used.",
        )
        kinds = QgsProcessingParameterNumber.Type
        for key, (title, text, greatest) in _SIZES.items():
            kind = kinds.Integer if key == "SMOOTHING" else kinds.Double
            number = QgsProcessingParameterNumber(key, tr(title), kind, 0, minValue=0)
            if math.isfinite(greatest):
                number.setMaximum(greatest)
            yield helped(number, text) if key == "SMALLEST_AREA" else advanced(helped(number, text))
        yield helped(
            QgsProcessingParameterFeatureSink("POLYGONS", tr("Areas"), QgsProcessing.SourceType.TypeVectorPolygon),
            "Polygons with class (1 for failed), cells, area_m2 (cells times the area of a cell), mean, minimum and "
            "maximum (NULL where no value is known).",
        )

    def inputs_of(self, parameters: dict[str, Any], context: Any) -> AreaInputs:
        """Take over the layers and numbers; raises :class:`InputError`."""
        sizes = {key: number_given(self, parameters, key, context) for key in _SIZES}
        for key, value in sizes.items():
            title, _, greatest = _SIZES[key]
            if not (0.0 <= value <= greatest and math.isfinite(value)):  # NaN fails too
                allowed = "0 or more" if math.isinf(greatest) else Text("0 to {:g}", greatest)
                raise InputError(Text("{} ({})", Text(title), key), Text("{:g} is out of range", value), allowed)
        return AreaInputs(
            map=raster_source(self, parameters, "MAP", context, SUMMARIZED_MAP),
            kind=chosen(self, parameters, "KIND", context),
            threshold=threshold_given(self, parameters, context),
            values=raster_source(self, parameters, "VALUES", context, ANY_VALUES),
            smallest=sizes["SMALLEST_AREA"],
            largest_hole=sizes["LARGEST_HOLE"],
            smoothing=int(sizes["SMOOTHING"]),
        )

    def execute(self, inputs: AreaInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Find the areas, then write them."""
        from ..core.mask_polygons import areas_of_classes

        found = read_failed_map(inputs.map, inputs.kind, inputs.threshold, log)
        values = found.values if inputs.values is None else inputs.values.read_aligned(found.grid, log)
        areas = areas_of_classes(found.classes, values, found.grid, inputs.smallest, inputs.largest_hole, log)
        cells = int(areas.cells.sum())
        log.pushInfo(tr("{} areas with {} cells.").format(len(areas.polygons), cells))
        target = SinkTarget(destinations, "POLYGONS", label_of(self, "POLYGONS"))
        with atomic_write(target.folders, target.label) as partials:
            _write(areas, found.grid, inputs.smoothing, target, partials, log)
        return {"POLYGONS": target.layer, "AREAS": len(areas.polygons), "CELLS": cells}


def _write(
    areas: Areas, grid: Grid, smoothing: int, target: SinkTarget, partials: Mapping[Path, Path], log: Log
) -> None:
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
            made = QgsFeature(fields)
            made.setGeometry(geometry.smooth(smoothing, _SMOOTHING_OFFSET) if smoothing else geometry)
            made.setAttributes([NULL if isinstance(v, float) and math.isnan(v) else v for v in values])
            sink.add(made)
