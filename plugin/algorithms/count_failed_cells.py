"""Failed cells at features, such as roads, buildings or basins, as a Processing algorithm."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingFeatureSource,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.raster.inputs import MASK
from ..text import Text
from .all_or_none import as_before_on_error
from .base import Destinations, SlopecastAlgorithm, helped
from .layers import RasterSource, raster_source
from .masks import read_mask
from .output_folders import destination_file, is_table_of_database
from .scenario_parameters import number_given
from .tables import Column, field_type, file_of
from .translation import tr
from .vectors import VectorSource, is_polygon, vector_source, wkb

if TYPE_CHECKING:
    from ..core.grid import Grid
    from ..core.zone_counts import ZoneCounts
    from .log import Log

_DISTANCE_M = 10.0
_COLUMNS = (
    Column("valid_cells", int),
    Column("failed_cells", int),
    Column("failed_share", float),
    Column("failed_area_m2", float),
    Column("valid_share", float),
)
_NUMBERS = {
    "FEATURES_WITH_FAILED_CELLS": "Features with failed cells",
    "FEATURES_WITHOUT_VALID_CELLS": "Features without a valid cell",
}
_CHECK_EVERY = 500
_BUFFER_SEGMENTS = 16  # of a quarter of a circle
_NOWHERE = bytes(QgsGeometry.fromWkt("POLYGON EMPTY").asWkb())


@dataclass(frozen=True)
class CountInputs:
    """What a run takes from layers and parameters."""

    mask: RasterSource
    features: VectorSource
    distance: float


class CountFailedCells(SlopecastAlgorithm):
    """Counts the failed cells of a mask within polygons, or near lines and points."""

    ID = "countfailedcells"
    TITLE = "Count failed cells at features"
    GROUP = "maps"
    SUMMARY = (
        "Counts the failed cells of a mask within each polygon of a layer, or near each of its lines or points, in "
        "whole cells: failed cells, their share of the valid cells and their area. The share of the feature's cells "
        "that are valid is given as well. Features that overlap each get their full counts. The layer keeps its "
        "geometries and attributes and may be in another coordinate system. The counts show where cells fail, not what "
        "a landslide would reach."
    )
    TAGS = ("exposure", "roads", "buildings", "basins", "zonal statistics", "area")

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the mask, the features, the distance and the layer to write."""
        yield helped(
            QgsProcessingParameterRasterLayer("FAILURE_MASK", tr("Failure mask")),
            "0 stable, 1 failed, NoData elsewhere, as Predict failure mask writes it.",
        )
        yield helped(
            QgsProcessingParameterFeatureSource(
                "FEATURES", tr("Roads, buildings or basins"), [QgsProcessing.SourceType.TypeVectorAnyGeometry]
            ),
            "Polygons, lines or points. A polygon has the cells whose centre it holds; one that holds none has the "
            "cell that it lies in.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterNumber(
                "DISTANCE", tr("Distance around lines and points [m]"), QgsProcessingParameterNumber.Type.Double,
                _DISTANCE_M,
            ),
            "A line or point has the cells whose centre lies within this distance, at least one; above 0. Polygons "
            "are taken as they are.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterFeatureSink("EXPOSURE", tr("Features with failed cells")),
            "The features with valid_cells, failed_cells, failed_share (failed over valid cells, 0 to 1), "
            "failed_area_m2 (failed cells times the area of a cell) and valid_share (valid cells over all cells of "
            "the feature, those beyond the mask included). Share and area are NULL where no cell is valid: whether "
            "anything fails there is unknown.",
        )

    def declare_outputs(self) -> None:
        """Declare the numbers that models chain on."""
        for key, title in _NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(key, tr(title)))

    def check(self, parameters: dict[str, Any], context: Any) -> None:
        """Check layers and distance."""
        self.read(parameters, context)

    def read(self, parameters: dict[str, Any], context: Any, log: Log | None = None) -> CountInputs:
        """Take over the layers; raises :class:`InputError`."""
        mask = raster_source(self, parameters, "FAILURE_MASK", context, MASK)
        features = vector_source(self, parameters, "FEATURES", context, ["Polygon", "Line", "Point"])
        distance = number_given(self, parameters, "DISTANCE", context)
        if not 0.0 < distance < math.inf:  # NaN fails too
            title = self.parameterDefinition("DISTANCE").description()
            raise InputError(
                Text("{} (DISTANCE)", title), Text("{:g} m is out of range", distance), "above 0 m",
                "Give at least half the diagonal of a cell, so that no cell is missed that a line crosses.",
            )  # fmt: skip
        written = destination_file(parameters.get("EXPOSURE"))
        taken = file_of(parameters.get("FEATURES"), context)
        if _same_file(written, taken) and not is_table_of_database(parameters.get("EXPOSURE")):
            raise InputError(
                self._label("EXPOSURE"), Text("'{}' is an input of this run", written), "another file",
                "Choose another output file; the input would be lost.",
            )  # fmt: skip
        return CountInputs(mask, features, distance)

    def _label(self, key: str) -> Text:
        return Text("{} ({})", self.parameterDefinition(key).description(), key)

    def execute(self, inputs: CountInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Count, then write."""
        from ..core.zone_counts import count_failed

        mask, grid = read_mask(inputs.mask, log)
        log.setProgress(10.0)
        places, polygons = _polygons(inputs, grid, log)
        counts = count_failed(mask, grid, polygons, log)
        _report(counts, log)
        label = self._label("EXPOSURE")
        with as_before_on_error(destination_file(destinations.parameters.get("EXPOSURE")), label):
            layer = _write(inputs.features, places, counts, destinations, label, log)
        numbers = ((counts.failed > 0).sum(), (counts.valid == 0).sum())
        return {"EXPOSURE": layer, **{key: int(number) for key, number in zip(_NUMBERS, numbers)}}


def _polygons(inputs: CountInputs, grid: Grid, log: Log) -> tuple[dict[int, int], list[bytes]]:
    """The polygon of each feature in the mask's coordinates, and its position among them by the feature's id."""
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([])
    places: dict[int, int] = {}
    polygons: list[bytes] = []
    has_lines = False
    for feature, geometry in inputs.features.placed(grid, log, request, far_ones_too=True):
        places[feature.id()] = len(polygons)
        if geometry.isNull() or is_polygon(geometry):
            area = geometry
        else:
            has_lines |= geometry.length() > 0.0
            area = geometry.buffer(inputs.distance, _BUFFER_SEGMENTS)
        polygons.append(_NOWHERE if area.isNull() else wkb(area))
    half_diagonal = 0.5 * math.hypot(grid.cell_width, grid.cell_height)
    if has_lines and inputs.distance < half_diagonal:
        log.pushWarning(
            tr(
                "The distance of {:g} m is less than half the diagonal of a cell, {:.3g} m: cells that a line crosses "
                "do not count where their centre lies farther from it."
            ).format(inputs.distance, half_diagonal)
        )
    return places, polygons


def _report(counts: ZoneCounts, log: Log) -> None:
    """Put into the log what the counts rest on."""
    unknown = int((counts.valid == 0).sum())
    without_cell = int((counts.cells == 0).sum())
    partly = int(((counts.valid > 0) & (counts.valid < counts.cells)).sum())
    log.pushInfo(tr("{} of {} features have failed cells.").format(int((counts.failed > 0).sum()), counts.cells.size))
    if counts.single:
        log.pushInfo(
            tr("{} features hold no cell's centre; each counts by the cell that it lies in.").format(counts.single)
        )
    if without_cell:
        log.pushWarning(
            tr(
                "{} features have no geometry, or none in the area for which the mask's coordinate system is defined: "
                "they have no counts."
            ).format(without_cell)
        )
    if partly:
        log.pushWarning(
            tr(
                "{} features lie partly outside the valid cells of the mask: their counts hold for the valid part "
                "alone, whose share is in valid_share."
            ).format(partly)
        )
    if unknown and unknown == counts.cells.size:
        log.pushWarning(
            tr("No feature lies on a valid cell of the mask. Check the extents and coordinate systems of the layers.")
        )
    elif unknown:
        log.pushWarning(
            tr(
                "{} features have no valid cell of the mask: whether anything fails there is unknown, and their "
                "failed_share and failed_area_m2 are NULL."
            ).format(unknown)
        )


def _write(
    source: VectorSource, places: dict[int, int], counts: ZoneCounts, destinations: Destinations, label: str, log: Log
) -> str:
    """Write the features with their counts and return the layer; raises :class:`InputError`."""
    features = source.features
    fields = _fields(features.fields(), log)
    sink, layer = destinations.algorithm.parameterAsSink(
        destinations.parameters, "EXPOSURE", destinations.context, fields, features.wkbType(), features.sourceCrs()
    )
    columns = (counts.valid, counts.failed, counts.failed_share, counts.failed_area, counts.valid_share)
    rows = list(zip(*(column.tolist() for column in columns)))
    unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    for number, feature in enumerate(features.getFeatures(QgsFeatureRequest(), unchecked)):
        if number % _CHECK_EVERY == 0:
            check_cancelled(log)
        values = [NULL if isinstance(v, float) and math.isnan(v) else v for v in rows[places[feature.id()]]]
        made = QgsFeature(fields)
        made.setGeometry(feature.geometry())
        made.setAttributes([*feature.attributes(), *values])
        if sink is None or not sink.addFeature(made, QgsFeatureSink.Flag.FastInsert):
            sink = None
            break
    if sink is None:
        raise InputError(
            label, "cannot be written", "a layer that you may write to", "Choose another file; is it open elsewhere?"
        )
    del sink  # what it has not written yet is written now
    return layer


def _fields(own: QgsFields, log: Log) -> QgsFields:
    """The fields of the features and those of the counts, which get a number where their names are taken."""
    added = QgsFields()
    for column in _COLUMNS:
        added.append(QgsField(column.name, field_type(column.kind)))
    fields = QgsProcessingUtils.combineFields(own, added)
    names = [field.name() for field in fields][own.count() :]
    if names != [column.name for column in _COLUMNS]:
        log.pushWarning(
            tr("The layer has fields of these names already; the new counts are in: {}.").format(", ".join(names))
        )
    return fields


def _same_file(one: Path | None, other: Path | None) -> bool:
    return one is not None and other is not None and os.path.realpath(one) == os.path.realpath(other)
