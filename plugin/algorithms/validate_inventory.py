"""Processing algorithm that compares a map with mapped landslides."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from qgis.core import QgsProcessingParameterDefinition

from ..core.errors import InputError
from ..core.feedback import PartialFeedback, check_cancelled
from ..core.files.atomic import atomic_write
from ..core.files.whole import write_text
from ..core.raster.inputs import ELEVATION, STABILITY_MAP
from ..text import Text
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource, raster_source
from .inputs.likely_layers import likely_landslides
from .inputs.mapped_cells import area_of_polygons, cells_by_feature
from .inputs.number_input import NumberInput
from .inputs.stability_maps import KINDS, check_stability_map, is_named, stability_map_kind
from .inputs.vectors import VectorSource, vector_source
from .outputs.destinations import report_path
from .outputs.inventory_report import NUMBERS, InventoryValidation, inventory_page
from .outputs.provenance import stored_provenance, tool_title
from .outputs.sinks import SinkTarget
from .parameter_values import ParameterValues
from .parameters.choices import choice_parameter, chosen
from .parameters.definitions import advanced, raster_parameter, report_parameter, table_output, vector_parameter
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from .log import Log

_AUC_BY_CHANCE = 0.5
_THRESHOLD = NumberInput(
    "PROBABILITY_THRESHOLD", "Probability from which a cell counts as failed", 0.5,
    "For hit rate and false-alarm rate of a probability; above 0, up to 1.", (0.0, 1.0), above=True,
)  # fmt: skip
_DISTANCE = NumberInput(
    "STABLE_DISTANCE", "Distance around landslides left out [m]", 0.0,
    "Cells closer than this (between centres) to a landslide cell do not count as stable, because landslide outlines "
    "are approximate. Stable points are kept. 0 excludes no cells; three cell widths are usual.", (0.0, math.inf),
)  # fmt: skip
_DEPTH_COLUMNS = {"method": str, "auc": float}


class InventoryInputs(NamedTuple):
    """Inputs of a run, read from layers and parameters."""

    map: RasterSource
    kind: str
    threshold: float
    landslides: VectorSource
    stable: VectorSource | None
    area: VectorSource | None
    dem: RasterSource | None
    distance: float
    report: Path


class ValidateInventory(SlopecastAlgorithm):
    """Judges a map by landslides that were mapped."""

    ID = "validateinventory"
    TITLE = "Validate with a landslide inventory"
    GROUP = "models"
    SUMMARY = (
        "Compares a factor of safety, a failure probability or a failure mask with mapped landslides: ROC curve with "
        "AUC and its interval, success-rate curve, hit rate and false-alarm rate, the threshold that maximizes their "
        "difference, and a test whether the inventory is displaced, in one HTML report. With an elevation model, slope "
        "angle alone is evaluated as a baseline, and the methods of estimating soil depth are compared."
    )
    TAGS = ("inventory", "ROC", "AUC", "success rate", "validation")
    NUMBERS = NUMBERS

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the map, the landslides, where to judge, and the report."""
        yield raster_parameter(
            "MAP", "Map to evaluate",
            "Factor of safety, failure probability or failure mask; NoData cells are not evaluated.",
        )  # fmt: skip
        yield choice_parameter(
            "KIND", "Kind of map", KINDS,
            "Detected from the band name that Slopecast writes, otherwise from the values: only 0 and 1 is a mask, "
            "values up to 1 a probability, above 1 a factor of safety. A probability whose band declares % is divided "
            "by 100.",
        )  # fmt: skip
        yield vector_parameter(
            "LANDSLIDES", "Landslides", ("Point", "Polygon"),
            "Points or polygons (source areas). A polygon covers the cells whose centres it contains, or the cell it "
            "lies in if it contains none; a point covers its cell.", likely=likely_landslides,
        )  # fmt: skip
        yield vector_parameter(
            "STABLE", "Stable points", ("Point",),
            "Points that are known to be stable; if omitted, every evaluated cell without a landslide counts as "
            "stable.", optional=True,
        )  # fmt: skip
        yield _DISTANCE.parameter()
        yield vector_parameter(
            "MASK_LAYER", "Area to evaluate", ("Polygon",),
            "Polygons that the inventory covers; if omitted, the whole map is evaluated.", optional=True,
        )  # fmt: skip
        text = "For slope angle as a baseline, and to compare soil depth models; aligned to the map."
        yield raster_parameter("DEM", "Digital elevation model [m]", text, optional=True)
        yield advanced(_THRESHOLD.parameter())
        text = "Curves, intervals, the displacement test of the landslides, and key figures in one file."
        yield report_parameter(text, optional=False, by_default=True)
        yield table_output(
            "DEPTH_MODELS", "Comparison of soil depth models",
            "Table with the columns method (of Estimate soil depth) and auc: how well the factor of safety of the "
            "soil column ranks the landslides with each estimated depth. Bounds and other parameters have their "
            "defaults. The table is also in the report.", by_default=False,
        )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> InventoryInputs:
        """Read everything; raises :class:`InputError`."""
        source = raster_source(parameters, "MAP", STABILITY_MAP)
        check_stability_map(source)
        dem = raster_source(parameters, "DEM", ELEVATION)
        if dem is None and parameters.get("DEPTH_MODELS"):
            raise InputError(
                parameters.label("DEPTH_MODELS"),
                "needs an elevation model", "a digital elevation model (DEM)", "Enter one, or omit the table.",
            )  # fmt: skip
        return InventoryInputs(
            map=source,
            kind=chosen(parameters, "KIND"),
            threshold=_THRESHOLD.read(parameters),
            landslides=vector_source(parameters, "LANDSLIDES", ("Point", "Polygon")),
            stable=vector_source(parameters, "STABLE", ("Point",)),
            area=vector_source(parameters, "MASK_LAYER", ("Polygon",)),
            dem=dem,
            distance=_DISTANCE.read(parameters),
            report=report_path(parameters),
        )

    def execute(self, inputs: InventoryInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Judge and write the report."""
        outcome = _validate(inputs, log)
        numbers = outcome.numbers()
        for key, value in numbers.items():
            if value is not None and (key != "SLOPE_AUC" or outcome.slope):
                log.pushInfo(Text("{}: {:.6g}", tr(NUMBERS[key]), value))
        _warn(inputs, outcome, log)
        check_cancelled(log)
        table = SinkTarget(parameters, "DEPTH_MODELS", log)
        with atomic_write([inputs.report.parent, *table.folders], "Report (REPORT)") as partials:
            write_text(partials.path(inputs.report), inventory_page(inputs.map.file_name, outcome, log))
            table.write_rows(partials, _DEPTH_COLUMNS, outcome.depth_models.items())
        table.raise_failure(Text("The report was written: {}.", inputs.report))
        return {"REPORT": str(inputs.report), **table.output, **numbers}


def _warn(inputs: InventoryInputs, outcome: InventoryValidation, log: Log) -> None:
    """Log doubts about the map or the inventory."""
    scores, slope = outcome.map, outcome.slope
    if scores.auc < _AUC_BY_CHANCE and not is_named(inputs.map):
        log.pushCaution(
            Text(
                "{}: no name states what it contains, and it rates landslide cells as more stable than others (AUC "
                "{:.3f}). Is the kind of map right?",
                inputs.map.label, scores.auc,
            )
        )  # fmt: skip
    made_by = stored_provenance(inputs.map.source).get("algorithm", "")
    if made_by == "slopecast:calibratetoinventory":
        log.pushWarning(
            tr("The map was made by '{}'. If it was calibrated to these landslides, the scores are too high: use the "
               "held-out scores of its report.").format(tool_title(made_by))
        )  # fmt: skip
    if slope and scores.auc <= slope.auc:
        log.pushWarning(
            tr("Slope angle alone ranks the landslides equally well or better: AUC {:.3f}, map {:.3f}.")
            .format(slope.auc, scores.auc)
        )  # fmt: skip
    for text in outcome.evidence.warnings():
        log.pushWarning(text)
    if outcome.trend is not None and outcome.trend.warning:
        log.pushWarning(outcome.trend.warning)


def _validate(inputs: InventoryInputs, log: Log) -> InventoryValidation:
    """Read the layers onto the map's grid and judge the map, and the slope where there is a DEM."""
    import numpy as np

    from ..core.inventory import evaluate_map
    from ..core.strips import made_of_strips
    from ..core.validation.depth_models import SlopeTrend, auc_by_depth_model
    from ..core.validation.inventory_evidence import BestThreshold, Sample, collect_evidence

    values, grid = inputs.map.read_dem(log)
    kind = stability_map_kind(inputs.map, inputs.kind, values, log)
    area = np.isfinite(values)
    limit = inputs.threshold if kind == "probability" else 1.0
    of_fs = kind == "factor of safety"
    failed = made_of_strips(grid.shape, bool, lambda at: values[at] < limit if of_fs else values[at] >= limit)
    if inputs.area is not None:
        area &= area_of_polygons(inputs.area, grid, log)
    elevation, slope = _elevation_and_slope(inputs, grid, area, log)
    unit, stable = _compared_cells(inputs, grid, area, log)
    landslides = unit >= 0
    log.setProgress(30.0)
    sample = Sample.of(unit, stable)
    trend = None
    if of_fs and slope is not None:
        trend = SlopeTrend.of_map(values, area, lambda rows, cols: slope[rows, cols])
    score = made_of_strips(grid.shape, np.float32, lambda at: _score(values[at], area[at], -1.0 if of_fs else 1.0))
    slope_score = (
        None if slope is None else made_of_strips(grid.shape, np.float64, lambda at: _score(slope[at], area[at]))
    )
    none_fails = np.broadcast_to(np.False_, grid.shape)
    scores_of_maps = [
        None if one is None else evaluate_map(one, fails, landslides, stable, area, log)
        for one, fails in ((score, failed), (slope_score, none_fails))
    ]
    log.setProgress(50.0)
    evidence = collect_evidence(score, slope_score, sample, grid, log)
    best = BestThreshold.of(score[landslides], score[stable])
    log.setProgress(80.0)
    depth_models = {}
    if slope is not None:
        compared = np.zeros(grid.shape, dtype=bool)
        compared.reshape(-1)[sample.stable] = True
        size = grid.cell_width, grid.cell_height
        depth_models = auc_by_depth_model(elevation, size, slope, landslides, compared, PartialFeedback(log, 80, 100))
    return InventoryValidation(kind, limit, *scores_of_maps, int(area.sum()), evidence, best, trend, depth_models)


def _score(values: np.ndarray, area: np.ndarray, sign: float = 1.0) -> np.ndarray:
    """Values with a sign, greater where failure is likelier; NaN outside the evaluated area."""
    import numpy as np

    return np.where(area, sign * values, np.nan)


def _elevation_and_slope(
    inputs: InventoryInputs, grid: Grid, area: np.ndarray, log: Log
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Read elevation [m] and slope [rad], (rows, cols); cells without them are removed from the area."""
    import numpy as np

    from ..core.strips import made_of_strips
    from ..core.topography.slope import slope_map

    if inputs.dem is None:
        return None, None
    elevation = inputs.dem.read_aligned(grid, log)
    slope = slope_map(elevation, grid.cell_width, grid.cell_height)
    known = made_of_strips(grid.shape, bool, lambda at: np.isfinite(slope[at]))
    unknown = int((area & ~known).sum())
    if unknown:
        log.pushWarning(tr("{} cells without elevation are not evaluated.").format(unknown))
    area &= known
    check_cancelled(log)
    return elevation, slope


def _compared_cells(inputs: InventoryInputs, grid: Grid, area: np.ndarray, log: Log) -> tuple[np.ndarray, np.ndarray]:
    """Find the cells to compare; raises :class:`InputError` where some are missing.

    Returns:
        (rows, cols): the landslide of each evaluated cell, -1 elsewhere; boolean, evaluated stable cells.
    """
    import numpy as np

    from ..core.inventory_calibration.sites import near

    mapped = _feature_numbers(inputs.landslides, grid, log, divide=True)
    landslides = _evaluated_cells(mapped >= 0, area, inputs.landslides, log)
    if inputs.stable is not None:
        stable = _evaluated_cells(_feature_numbers(inputs.stable, grid, log) >= 0, area, inputs.stable, log)
        both = int((stable & landslides).sum())
        if both:
            log.pushWarning(tr("{} stable cells also contain a landslide and count as landslide cells.").format(both))
        stable &= ~landslides
    else:
        stable = area & ~landslides
        if inputs.distance > 0.0:
            stable &= ~near(mapped >= 0, grid, inputs.distance)
    if not stable.any():
        raise InputError(
            inputs.landslides.label, "leave no stable cell to evaluate", "landslides on a part of the area",
            "Check the area to evaluate, the distance around landslides and the stable points.",
        )  # fmt: skip
    return np.where(landslides, mapped, -1), stable


def _feature_numbers(source: VectorSource, grid: Grid, log: Log, *, divide: bool = False) -> np.ndarray:
    """Number of the feature that each cell belongs to, -1 elsewhere; int32 (rows, cols): see the help of LANDSLIDES.

    ``divide`` as in :func:`cells_by_feature`.
    """
    import numpy as np

    unit = np.full(grid.rows * grid.cols, -1, dtype=np.int32)
    for number, cells in enumerate(cells_by_feature(source, grid, log, divide=divide)):
        unit[cells] = number
    return unit.reshape(grid.shape)


def _evaluated_cells(cells: np.ndarray, area: np.ndarray, source: VectorSource, log: Log) -> np.ndarray:
    """Keep the evaluated cells; raises :class:`InputError` where none is left."""
    inside = cells & area
    log.pushInfo(tr("{}: {} cells, {} of them evaluated.").format(source.label, int(cells.sum()), int(inside.sum())))
    if not inside.any():
        raise InputError(
            source.label, "has no feature on a cell that is evaluated", "features on valid cells of the map",
            "Check the extents and coordinate systems of the layers, and the area to evaluate.",
        )  # fmt: skip
    return inside
