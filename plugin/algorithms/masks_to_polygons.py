"""Areas of failed cells or of classes as polygons, as a Processing algorithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingOutputNumber,
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
from .layers import RasterSource, raster_source
from .masks import failed_map_parameters, read_failed_map, threshold_given
from .scenario_parameters import number_given
from .sinks import SinkTarget
from .tables import Column, fields_of
from .translation import tr

if TYPE_CHECKING:
    from ..core.grid import Grid
    from ..core.mask_polygons import Areas
    from .log import Log

_COLUMNS = (
    Column("class", int),
    Column("cells", int),
    Column("area_m2", float),
    Column("mean", float),
    Column("minimum", float),
    Column("maximum", float),
)
_NUMBERS = {"AREAS": "Number of polygons", "CELLS": "Cells within them"}
#: Sizes [m2] and the number of smoothing steps: title, help, greatest value.
_SIZES = {
    "SMALLEST_AREA": ("Smallest area [m2]", "Smaller areas are left out; 0 keeps all.", math.inf),
    "LARGEST_HOLE": (
        "Largest hole to be filled [m2]",
        "A hole is a group of valid cells enclosed by cells of one class; filled, its cells belong to the polygon. "
        "Holes with NoData at their border are kept. 0 fills none.",
        math.inf,
    ),
    "SMOOTHING": (
        "Smoothing steps",
        "0 keeps the sides of the cells, 1 to 5 round the corners off. Cells, area and values stay those of the cells.",
        5.0,
    ),
}
_SMOOTHING_OFFSET = 0.25
_CHECK_EVERY = 500


@dataclass(frozen=True)
class AreaInputs:
    """What a run takes from layers and parameters."""

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
        "Makes a polygon of each group of failed cells that are joined over their sides: of a failure mask, a "
        "probability or a factor of safety with a threshold, or of each class of a map of classes. Each has its cells, "
        "area and the mean, least and greatest value."
    )
    TAGS = ("polygonize", "vectorize", "failed areas", "areas", "classes", "hazard map")

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the map, what to do with it, and the layer to write."""
        yield helped(
            QgsProcessingParameterRasterLayer("MAP", tr("Mask, probability, factor of safety or classes")),
            "Cells of NoData are in no polygon.",
        )
        yield from failed_map_parameters()
        yield helped(
            QgsProcessingParameterRasterLayer("VALUES", tr("Values to summarize"), optional=True),
            "For mean, minimum and maximum, e.g. the factor of safety of a mask; aligned to the map. If omitted, the "
            "map's own values.",
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

    def declare_outputs(self) -> None:
        """Declare the numbers that models chain on."""
        for key, title in _NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(key, tr(title)))

    def check(self, parameters: dict[str, Any], context: Any) -> None:
        """Check layers and numbers."""
        self.read(parameters, context)

    def read(self, parameters: dict[str, Any], context: Any, log: Log | None = None) -> AreaInputs:
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
        target = SinkTarget(
            destinations, "POLYGONS", Text("{} (POLYGONS)", self.parameterDefinition("POLYGONS").description())
        )
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
