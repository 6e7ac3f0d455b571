"""A map against mapped landslides, as a Processing algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.raster.inputs import ELEVATION, STABILITY_MAP
from ..text import Text
from .base import Destinations, SlopecastAlgorithm, advanced, helped
from .choices import choice_parameter, chosen
from .layers import RasterSource, raster_source
from .provenance import version
from .report_file import report_path, write_report
from .scenario_parameters import number_given
from .stability_maps import KINDS, check_stability_map, is_named, stability_map
from .translation import tr
from .vectors import VectorSource, is_polygon, vector_source, wkb

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from ..core.inventory import Judgement
    from .log import Log

_LOWEST_FAILURE_PROBABILITY = 0.5
_AUC_BY_CHANCE = 0.5
_NUMBERS = {
    "AUC": "Area under the ROC curve",
    "HIT_RATE": "Hit rate TP / (TP + FN)",
    "FALSE_ALARM_RATE": "False-alarm rate FP / (FP + TN)",
    "SUCCESS_RATE_AREA": "Area under the success-rate curve",
    "SLOPE_AUC": "Area under the ROC curve of the slope angle alone (-1 without DEM)",
    "LANDSLIDE_CELLS": "Judged cells with a landslide",
    "STABLE_CELLS": "Judged cells without one",
}
_FORMULAS = (
    "The ROC curve gives, for every threshold, the share of the landslide cells that the map has as failed (hit rate) "
    "against the share of the stable cells that it has as failed (false-alarm rate). Its area (AUC) is the "
    "probability that a landslide cell is rated less stable than a stable one: 0.5 is guessing, 1 is perfect. The "
    "success-rate curve gives the share of the landslide cells within the least stable part of the whole area. "
    "Cells of equal value enter both curves together."
)
_CAUTION = (
    "Neighbouring cells are not independent, so cells are no sample size. An inventory tells where slopes failed, "
    "not where they stood: cells without a mapped landslide count as stable unless points of stable ground are given. "
    "For landslides mapped as polygons use their source areas, without the run-out."
)


@dataclass(frozen=True)
class InventoryInputs:
    """What a run takes from layers and parameters."""

    map: RasterSource
    kind: str
    threshold: float
    landslides: VectorSource
    stable: VectorSource | None
    area: VectorSource | None
    dem: RasterSource | None
    report: Path


@dataclass(frozen=True)
class Verdict:
    """What came out: the map's judgement and that of the slope angle alone."""

    kind: str
    limit: str
    map: Judgement
    slope: Judgement | None
    judged_cells: int


class ValidateInventory(SlopecastAlgorithm):
    """Judges a map by landslides that were mapped."""

    ID = "validateinventory"
    TITLE = "Validate with a landslide inventory"
    GROUP = "models"
    SUMMARY = (
        "Judges a factor of safety, a failure probability or a failure mask by mapped landslides: ROC curve and its "
        "area, success-rate curve, hit rate and false-alarm rate, in one HTML report. With an elevation model the "
        "slope angle alone is judged beside it: the baseline that a map has to beat."
    )
    TAGS = ("inventory", "ROC", "AUC", "success rate", "validation")

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the map, the landslides, where to judge, and the report."""
        kinds = QgsProcessing.SourceType
        yield helped(
            QgsProcessingParameterRasterLayer("MAP", tr("Map to judge")),
            "Factor of safety, failure probability or failure mask; cells of NoData are not judged.",
        )
        yield choice_parameter(
            "KIND", "Kind of map", KINDS,
            "Determined from the band name that Slopecast writes, otherwise from the values: 0 and 1 only is a mask, "
            "up to 1 a probability, above 1 a factor of safety. A probability whose band declares % is divided by 100.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterFeatureSource(
                "LANDSLIDES", tr("Landslides"), [kinds.TypeVectorPoint, kinds.TypeVectorPolygon]
            ),
            "Points or polygons (source areas). A polygon counts by the cells whose centre it holds, one that holds "
            "none by the cell that it lies in; a point by its cell.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterFeatureSource(
                "STABLE", tr("Stable points"), [kinds.TypeVectorPoint], optional=True
            ),
            "Points that are known to be stable; left out, every judged cell without a landslide counts as stable.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterFeatureSource(
                "MASK_LAYER", tr("Area to judge"), [kinds.TypeVectorPolygon], optional=True
            ),
            "Polygons that the inventory covers; left out, the whole map is judged.",
        )  # fmt: skip
        yield helped(
            QgsProcessingParameterRasterLayer("DEM", tr("Digital elevation model [m]"), optional=True),
            "For the slope angle as the baseline to beat; aligned to the map.",
        )
        threshold = QgsProcessingParameterNumber(
            "PROBABILITY_THRESHOLD", tr("Probability from which a cell counts as failed"),
            QgsProcessingParameterNumber.Type.Double, _LOWEST_FAILURE_PROBABILITY,
        )  # fmt: skip
        yield advanced(helped(threshold, "For hit rate and false-alarm rate of a probability; above 0, up to 1."))
        yield helped(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), tr("HTML files") + " (*.html)"),
            "Curves and numbers in one file.",
        )

    def declare_outputs(self) -> None:
        """Declare the numbers that models chain on."""
        for key, title in _NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(key, tr(title)))

    def check(self, parameters: dict[str, Any], context: Any) -> None:
        """Check layers and choices."""
        self._layers(parameters, context)

    def read(self, parameters: dict[str, Any], context: Any, log: Log) -> InventoryInputs:
        """Take over the layers and where the report goes."""
        path = report_path(self, parameters, context)
        return InventoryInputs(**self._layers(parameters, context), report=path)

    def _layers(self, parameters: dict[str, Any], context: Any) -> dict[str, Any]:
        """Read everything but the report; raises :class:`InputError`."""
        threshold = number_given(self, parameters, "PROBABILITY_THRESHOLD", context)
        if not 0.0 < threshold <= 1.0:
            title = self.parameterDefinition("PROBABILITY_THRESHOLD").description()
            raise InputError(
                Text("{} (PROBABILITY_THRESHOLD)", title), Text("{:g} is out of range", threshold), "above 0, up to 1"
            )

        def vectors(key: str, *kinds: str) -> VectorSource | None:
            return vector_source(self, parameters, key, context, kinds)

        judged = raster_source(self, parameters, "MAP", context, STABILITY_MAP)
        check_stability_map(judged)
        return {
            "map": judged,
            "kind": chosen(self, parameters, "KIND", context),
            "threshold": threshold,
            "landslides": vectors("LANDSLIDES", "Point", "Polygon"),
            "stable": vectors("STABLE", "Point"),
            "area": vectors("MASK_LAYER", "Polygon"),
            "dem": raster_source(self, parameters, "DEM", context, ELEVATION),
        }

    def execute(self, inputs: InventoryInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Judge and write the report."""
        verdict = _judged(inputs, log)
        judged = verdict.map
        numbers = {
            "AUC": judged.auc,
            "HIT_RATE": judged.hit_rate,
            "FALSE_ALARM_RATE": judged.false_alarm_rate,
            "SUCCESS_RATE_AREA": judged.success.area,
            "SLOPE_AUC": verdict.slope.auc if verdict.slope else -1.0,
            "LANDSLIDE_CELLS": judged.hits + judged.misses,
            "STABLE_CELLS": judged.false_alarms + judged.correct_rejections,
        }
        for key, value in numbers.items():
            if key != "SLOPE_AUC" or verdict.slope:
                log.pushInfo(Text("{}: {:.6g}", tr(_NUMBERS[key]), value))
        if judged.auc < _AUC_BY_CHANCE and not is_named(inputs.map):
            log.pushCaution(
                Text(
                    "{}: no name says what it holds, and it has landslide cells as more stable than others (AUC "
                    "{:.3f}). Is the kind of map right?",
                    inputs.map.label, judged.auc,
                )
            )  # fmt: skip
        if verdict.slope and judged.auc <= verdict.slope.auc:
            log.pushWarning(
                tr("The slope angle alone tells the landslides as well or better: AUC {:.3f} against the map's {:.3f}.")
                .format(verdict.slope.auc, judged.auc)
            )  # fmt: skip
        check_cancelled(log)
        write_report(inputs.report, _html(inputs, verdict, log))
        return {"REPORT": str(inputs.report), **numbers}


def _judged(inputs: InventoryInputs, log: Log) -> Verdict:
    """Read the layers onto the map's grid and judge the map, and the slope where there is a DEM."""
    import numpy as np

    from ..core.inventory import judge
    from ..core.terrain import horn_gradient

    values, grid = inputs.map.read_dem(log)
    kind, values = stability_map(inputs.map, inputs.kind, values, log)
    area = np.isfinite(values)
    limit = inputs.threshold if kind == "probability" else 1.0
    failed, score = (values < limit, -values) if kind == "factor of safety" else (values >= limit, values)
    if inputs.area is not None:
        area &= _cells(inputs.area, grid, log)
    slope = None
    if inputs.dem is not None:
        elevation = inputs.dem.read_aligned(grid, log)
        slope = np.hypot(*horn_gradient(elevation, grid.cell_width, grid.cell_height))
        unknown = int((area & ~np.isfinite(slope)).sum())
        if unknown:
            log.pushWarning(tr("{} cells without elevation are not judged.").format(unknown))
        area &= np.isfinite(slope)
    check_cancelled(log)
    landslides = _inside(_cells(inputs.landslides, grid, log), area, inputs.landslides, log)
    stable = ~landslides
    if inputs.stable is not None:
        stable = _inside(_cells(inputs.stable, grid, log), area, inputs.stable, log)
        both = int((stable & landslides).sum())
        if both:
            log.pushWarning(tr("{} stable cells hold a landslide too and count as such.").format(both))
    if not (stable & area & ~landslides).any():
        raise InputError(
            inputs.landslides.label, "leave no stable cell to judge", "landslides on a part of the area",
            "Check the area to judge and the stable points.",
        )  # fmt: skip
    return Verdict(
        kind=kind,
        limit=_limit_told(kind, limit),
        map=judge(score, failed, landslides, stable, area, log),
        slope=None if slope is None else judge(slope, slope > np.inf, landslides, stable, area, log),
        judged_cells=int(area.sum()),
    )


def _cells(source: VectorSource, grid: Grid, log: Log) -> np.ndarray:
    """Cells that features touch, boolean (rows, cols): see the help of LANDSLIDES."""
    import numpy as np

    from ..core.polygon_cells import positions, runs_of_cells

    geometries = [shape.geometry for shape in source.shapes(grid, log)]
    log.pushInfo(tr("{}: {} of {} features within the map.").format(source.label, len(geometries), source.count()))
    polygons = [wkb(geometry) for geometry in geometries if is_polygon(geometry)]
    cells = np.zeros(grid.shape, dtype=bool)
    for runs in runs_of_cells(polygons, grid, log, at_least_one=True):
        inside = runs.within(grid.shape)
        for row, start, stop in zip(inside.row.tolist(), inside.start.tolist(), inside.stop.tolist()):
            cells[row, start:stop] = True
    points = [vertex for geometry in geometries if not is_polygon(geometry) for vertex in geometry.vertices()]
    xy = np.array([(point.x(), point.y()) for point in points]).reshape(-1, 2)
    cols, rows = (np.floor(values).astype(np.int64) for values in positions(xy[:, 0], xy[:, 1], grid))
    inside = (rows >= 0) & (rows < grid.rows) & (cols >= 0) & (cols < grid.cols)
    cells[rows[inside], cols[inside]] = True
    return cells


def _inside(cells: np.ndarray, area: np.ndarray, source: VectorSource, log: Log) -> np.ndarray:
    """Keep the judged cells; raises :class:`InputError` where none is left."""
    inside = cells & area
    log.pushInfo(tr("{}: {} cells, {} of them judged.").format(source.label, int(cells.sum()), int(inside.sum())))
    if not inside.any():
        raise InputError(
            source.label, "has no feature on a cell that is judged", "features on valid cells of the map",
            "Check the extents and coordinate systems of the layers, and the area to judge.",
        )  # fmt: skip
    return inside


def _limit_told(kind: str, limit: float) -> str:
    told = {"factor of safety": "factor of safety below 1", "mask": "1 in the mask"}
    return told.get(kind, f"{kind} of {limit:g} or more")


def _html(inputs: InventoryInputs, verdict: Verdict, log: Log) -> str:
    """Report of a verdict."""
    from ..core.reports.html import Line, heading, line_plot, page, paragraph, table

    judged, slope = verdict.map, verdict.slope
    named = [(tr("map"), judged), *([(tr("slope angle alone"), slope)] if slope else [])]
    rows = [
        (tr("Map"), f"{inputs.map.file_name} ({tr(KINDS[verdict.kind])})"),
        (tr("Counts as failed"), verdict.limit),
        (tr("Judged cells"), verdict.judged_cells),
        (tr("Landslide cells: hits"), judged.hits),
        (tr("Landslide cells: misses"), judged.misses),
        (tr("Stable cells: false alarms"), judged.false_alarms),
        (tr("Stable cells: correct rejections"), judged.correct_rejections),
        (tr(_NUMBERS["HIT_RATE"]), judged.hit_rate),
        (tr(_NUMBERS["FALSE_ALARM_RATE"]), judged.false_alarm_rate),
    ]
    diagonal = Line(tr("by chance"), [0, 1], [0, 1], dashed=True)
    curves = [
        (tr(_NUMBERS["AUC"]), "auc", "0.5 is guessing"),
        (tr(_NUMBERS["SUCCESS_RATE_AREA"]), "success", "0.5 is guessing"),
    ]
    areas = [
        (title, *((one.auc if what == "auc" else one.success.area) for _, one in named), note)
        for title, what, note in curves
    ]
    roc = [Line(f"{name}: {one.auc:.3f}", one.roc.x, one.roc.y) for name, one in named]
    success = [Line(f"{name}: {one.success.area:.3f}", one.success.x, one.success.y) for name, one in named]
    parts = [
        table([], rows),
        table(["", *(name for name, _ in named), ""], areas),
        heading(tr("Curves")),
        line_plot([*roc, diagonal], tr("false-alarm rate"), tr("hit rate"), tr("ROC curves and their areas")),
        line_plot(
            [*success, diagonal], tr("share of the area, least stable first"), tr("share of the landslide cells"),
            tr("Success-rate curves and their areas"),
        ),
        heading(tr("How to read it")),
        paragraph(tr(_FORMULAS)),
        paragraph(tr(_CAUTION)),
        *(paragraph(text, warning=True) for text in log.warnings),
        paragraph(f"Slopecast {version()}, slopecast:validateinventory."),
    ]  # fmt: skip
    return page(tr("Validation with a landslide inventory"), parts)
