"""Processing algorithm that summarizes a map by zones or near features such as roads and buildings."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Callable, Sequence

from qgis.core import (
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
)

from ..core.errors import InputError
from ..core.files.atomic import PartialFolders, atomic_write
from ..core.raster.inputs import SUMMARIZED_MAP
from ..text import Text
from .base import Inputs, SlopecastAlgorithm
from .inputs.likely_layers import SUMMARIZED, likely_output
from .inputs.masks import FAILED_MAP_INPUTS, read_failed_map
from .inputs.stability_maps import check_has_failed_class
from .inputs.vectors import VectorSource, is_polygon, wkb
from .outputs.sinks import SinkTarget, fields_of, nan_to_none, table_cell
from .parameter_values import ParameterValues
from .parameters.definitions import number_input, raster_input, sink_output, text_input, vector_input
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from ..core.polygons.zones import ZoneCounts
    from .log import Log

_COLUMNS = {
    "valid_cells": int, "failed_cells": int, "failed_share": float, "failed_area_m2": float, "valid_share": float,
    "mean": float, "minimum": float, "maximum": float, "hazard_class": int, "hazard_range": str,
}  # fmt: skip
_HAZARD_LIMITS = "0.05, 0.2, 0.5"
_NUMBERS = {
    "FEATURES_WITH_FAILED_CELLS": "Features with failed cells",
    "FEATURES_WITHOUT_VALID_CELLS": "Features without a valid cell",
}
_CHECK_EVERY = 500
#: Cells by which the corners of a circle may lie beyond the distance, and the most corners of a quarter of it.
_SLACK, _MOST_CORNERS = 1e-3, 64
_EMPTY_POLYGON = bytes(QgsGeometry.fromWkt("POLYGON EMPTY").asWkb())


class CountFailedCells(SlopecastAlgorithm):
    """Summarizes a map within polygons, or near lines and points."""

    ID = "countfailedcells"
    TITLE = "Summarize a map by zones or features"
    GROUP = "maps"
    SUMMARY = (
        "Summarizes a failure mask, a probability, a factor of safety or classes within each polygon of a layer (slope "
        "units, catchments, buildings), or near each line or point (roads), in whole cells: failed cells, their share "
        "of the valid cells and their area, the mean, minimum and maximum value, and a hazard class with specified "
        "limits. The share of valid cells of each feature is also given. Overlapping features are counted "
        "independently. The output layer keeps geometries and attributes; its coordinate system may differ from that "
        "of the map. The counts show where cells fail, not what a landslide would reach."
    )
    TAGS = (
        "exposure", "roads", "buildings", "basins", "catchments", "slope units", "zones", "zonal statistics", "area",
        "hazard class", "count failed cells",
    )  # fmt: skip
    NUMBERS = _NUMBERS

    INPUTS = (
        raster_input(
            "FAILURE_MASK", "Failure mask or other map",
            "0 stable, 1 failed, NoData elsewhere, as Predict failure mask writes it; or a probability, a factor of "
            "safety or classes.", kind=SUMMARIZED_MAP, likely=likely_output(*SUMMARIZED),
        ),
        *(one._replace(advanced=True) for one in FAILED_MAP_INPUTS),
        vector_input(
            "FEATURES", "Zones, roads or buildings",
            "Polygons, lines or points. A polygon covers the cells whose centres it contains, or the cell it lies in "
            "if it contains none.",
        ),
        number_input(
            "DISTANCE", "Distance around lines and points [m]",
            "The cells whose centres are within this distance belong to a line or point, at least one; above 0, at "
            "most 100,000. Polygons are used as they are.", default=10.0, limits=(0.0, 100_000.0), above=True,
            advice="Enter at least half the diagonal of a cell, so that every cell crossed by a line is counted.",
        ),
        text_input(
            "HAZARD_LIMITS", "Limits of the hazard classes",
            "Ascending numbers above 0 and below 1, separated by commas. They divide the failed share of the "
            "valid cells (for a probability its mean) into hazard classes: 1 below the first limit, 2 from the "
            "first limit, and so on. The default limits are assumptions: use those of your guideline.",
            advanced=True, default=_HAZARD_LIMITS,
        ),
    )  # fmt: skip
    OUTPUTS = (
        sink_output(
            "EXPOSURE", "Features with their summary",
            "The features with valid_cells, failed_cells, failed_share (failed over valid cells, 0 to 1), "
            "failed_area_m2 (failed cells times the area of a cell), valid_share (valid cells over all cells of the "
            "feature, those beyond the map included), mean, minimum and maximum of the map's values, hazard_class and "
            "hazard_range (its limits). Share, area, values and class are NULL where no cell is valid: whether "
            "anything fails there is unknown.", holds="any",
        ),
    )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> Inputs:
        """Read them, with the limits of the hazard classes as numbers; raises :class:`InputError`."""
        inputs = super().inputs_of(parameters)
        inputs.hazard_limits = self._limits(inputs.hazard_limits, parameters)
        return inputs

    def _limits(self, text: str, parameters: ParameterValues) -> tuple[float, ...]:
        """Read the limits of the hazard classes; raises :class:`InputError`."""
        from ..core.quantities.numbers import NotANumber, parse_number

        try:
            limits = tuple(parse_number(part.strip()) for part in text.split(","))
        except NotANumber:
            limits = (math.nan,)
        bounds = (0.0, *limits, 1.0)
        if not all(low < high for low, high in zip(bounds, bounds[1:])):
            raise InputError(
                parameters.label("HAZARD_LIMITS"), Text("'{}' is not a list of class limits", text),
                Text("ascending numbers above 0 and below 1, separated by commas, e.g. {}", _HAZARD_LIMITS),
            )  # fmt: skip
        return limits

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Count, then write."""
        from ..core.polygons.zones import count_failed

        if inputs.threshold is None and inputs.kind == "auto":
            check_has_failed_class(inputs.failure_mask)
        found = read_failed_map(inputs.failure_mask, inputs.kind, inputs.threshold, log)
        log.setProgress(10.0)
        places, polygons = _polygons(inputs, found.grid, log)
        counts = count_failed(found.fails, found.values, found.grid, polygons, log)
        _report(counts, log)
        hazard = counts.mean if found.kind == "probability" else counts.failed_share
        target = SinkTarget(parameters, "EXPOSURE", log)
        with atomic_write(target.folders, target.label) as partials:
            _write(inputs.features, places, _rows(counts, hazard, inputs.hazard_limits), target, partials, log)
        numbers = ((counts.failed > 0).sum(), (counts.valid == 0).sum())
        return {"EXPOSURE": target.layer, **{key: int(number) for key, number in zip(_NUMBERS, numbers)}}


def _polygons(inputs: Inputs, grid: Grid, log: Log) -> tuple[dict[int, list[int]], list[bytes]]:
    """The polygon of each feature in the map's coordinates, and its position among them by the feature's id.

    Views and virtual layers may give one id to several features: their positions are in the layer's order.
    """
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([])
    places: dict[int, list[int]] = defaultdict(list)
    polygons: list[bytes] = []
    has_lines, radius, corners = False, *_circle(inputs.distance, _SLACK * min(grid.cell_width, grid.cell_height))
    for feature, geometry in inputs.features.placed(grid, log, request, null_if_untransformable=True):
        places[feature.id()].append(len(polygons))
        if geometry.isNull() or is_polygon(geometry):
            area = geometry
        else:
            has_lines |= geometry.length() > 0.0
            area = geometry.buffer(radius, corners)
        polygons.append(_EMPTY_POLYGON if area.isNull() else wkb(area))
    half_diagonal = 0.5 * math.hypot(grid.cell_width, grid.cell_height)
    if has_lines and inputs.distance < half_diagonal:
        text = (
            "The distance of {:g} m is less than half the cell diagonal, {:.3g} m: cells crossed by a line are not "
            "counted if their centres are farther from it."
        )
        log.pushWarning(tr(text).format(inputs.distance, half_diagonal))
    return places, polygons


def _circle(distance: float, slack: float) -> tuple[float, int]:
    """Radius of the polygon around a circle, and the corners of a quarter of it: a centre at the distance is in it."""
    corners = min(_MOST_CORNERS, math.ceil(math.pi / 4 / math.acos(distance / (distance + slack))))
    return distance / math.cos(math.pi / 4 / corners), corners


def _report(counts: ZoneCounts, log: Log) -> None:
    """Log how many features have cells and valid values."""
    unknown, without_cell = int((counts.valid == 0).sum()), int((counts.cells == 0).sum())
    partly = int(((counts.valid > 0) & (counts.valid < counts.cells)).sum())
    log.pushInfo(Text("{} of {} features have failed cells.", int((counts.failed > 0).sum()), counts.cells.size))
    if counts.single:
        text = "{} features contain no cell centre; each is assigned the cell in which it lies."
        log.pushInfo(Text(text, counts.single))
    beyond = Text("No feature is on a valid cell of the map. Check the extents and coordinate systems of the layers.")
    warnings = (
        (without_cell, Text("{} features have no geometry, or none in the area for which the map's coordinate system "
                            "is defined: no counts.", without_cell)),
        (partly, Text("{} features are partly outside the valid cells of the map: the counts apply only to the valid "
                      "part, whose share is in valid_share.", partly)),
        (unknown, beyond if unknown == counts.cells.size else
         Text("{} features have no valid cell of the map: whether anything fails there is unknown; "
              "failed_share, failed_area_m2 and hazard_class are NULL.", unknown)),
    )  # fmt: skip
    for count, warning in warnings:
        if count:
            log.pushWarning(warning)


def _rows(counts: ZoneCounts, hazard: np.ndarray, limits: Sequence[float]) -> list[tuple[Any, ...]]:
    """Column values of each polygon; hazard: (polygons,) failed share that is classified, NaN if unknown."""
    import numpy as np

    columns = (
        counts.valid, counts.failed, counts.failed_share, counts.failed_area, counts.valid_share, counts.mean,
        counts.minimum, counts.maximum,
    )  # fmt: skip
    bounds = (0.0, *limits, 1.0)
    below = np.float32(limits).tolist()  # as precise as the map: a probability of 0.35 is from 0.35 on
    classes = [None if math.isnan(value) else 1 + bisect_right(below, value) for value in np.float32(hazard).tolist()]
    ranges = [None if c is None else f"{bounds[c - 1]:g} to {bounds[c]:g}" for c in classes]
    return list(zip(*(column.tolist() for column in columns), classes, ranges))


def _write(
    source: VectorSource, places: dict[int, list[int]], rows: list[tuple[Any, ...]], target: SinkTarget,
    partials: PartialFolders, log: Log,
) -> None:  # fmt: skip
    """Write the features with their rows; raises :class:`InputError`."""
    features = source.features
    marked = target.path is not None and target.path.suffix.lower() in (".csv", ".ods")  # others keep texts as texts
    own = table_cell if marked else lambda value: value
    fields = _fields(features.fields(), own, log)
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    found = features.getFeatures(QgsFeatureRequest(), unchecked)
    made = (
        ([*map(own, one.attributes()), *nan_to_none(rows[places[one.id()].pop(0)])], one.geometry()) for one in found
    )
    target.write(partials, fields, features.wkbType(), features.sourceCrs(), made)


def _fields(own: QgsFields, written: Callable[[Any], Any], log: Log) -> QgsFields:
    """Fields of the features and of the counts, numbered where names collide.

    ``written`` gives the text that is written for one of the user's.
    """
    for place in range(own.count()):
        own.rename(place, written(own.at(place).name()))
    fields = QgsProcessingUtils.combineFields(own, fields_of(_COLUMNS))
    names = [field.name() for field in fields][own.count() :]
    if names != list(_COLUMNS):
        log.pushWarning(
            tr("The layer has fields of these names already; the new counts are in: {}.").format(", ".join(names))
        )
    return fields
