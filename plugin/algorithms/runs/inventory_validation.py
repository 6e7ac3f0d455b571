"""Evaluates a map with a landslide inventory, and reports it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Sequence

import numpy as np

from ...core.errors import InputError
from ...core.feedback import check_cancelled
from ...core.inventory_calibration.sites import REPEATED, near, own_cells
from ...core.map_parts.strips import made_of_strips
from ...core.reports.html import heading, page, paragraph, table
from ...core.reports.ranking import displacement, rank_curves
from ...core.topography.missing_heights import without_missing_heights
from ...core.topography.slope import slope_map
from ...core.validation.map_judgement import EvaluatedMap, MapJudgement
from ...text import Text
from ...variables import DEPTH_METHODS
from ..inputs.stability_maps import KINDS, stability_map_kind, warn_of_threshold
from ..inputs.vectors import area_of_polygons, cells_by_feature, warn_of_lost_features
from ..outputs.provenance import version
from ..translation import tr
from ..validate_inventory import NUMBERS, PROBABILITY

if TYPE_CHECKING:
    from ...core.grid import Grid
    from ...core.validation.auc import ConfidenceInterval
    from ...core.validation.inventory import MapScores
    from ..base import Inputs
    from ..inputs.vectors import VectorSource
    from ..log import Log

_FACTOR_OF_SAFETY = "factor of safety"
_FORMULAS = (
    "The ROC curve shows, for every threshold, the share of the landslide cells mapped as failed (hit rate) against "
    "the share of the stable cells mapped as failed (false-alarm rate). The area under it (AUC) is the probability "
    "that a landslide cell is rated less stable than a stable cell: 0.5 is chance, 1 is perfect. All rates and areas "
    "count cells: a large landslide weighs more than a small one. The success-rate curve shows the share of the "
    "landslide cells within the least stable part of the whole area. Cells of equal value enter both curves "
    "together. The best threshold maximizes hit rate minus false-alarm rate; because it is "
    "chosen on these landslides, its rates are too optimistic for other landslides."
)
_INTERVALS = (
    "The intervals are 95 % bootstrap intervals from 1000 resamples, which draw whole landslides with all their cells. "
    "The difference from slope uses the same resamples. Of more than 100 000 stable cells, intervals and displacement "
    "use a random sample of so many: the AUC at the mapped position may then differ from the one above in the third "
    "decimal."
)
_CAUTION = (
    "Neighbouring cells are not independent, so the number of cells is not the sample size. An inventory records where "
    "slopes failed, not where they remained stable: cells without a mapped landslide count as stable unless stable "
    "points are provided. For landslides mapped as polygons use the source areas without the runout. Scores of a map "
    "that was calibrated to these landslides are too optimistic: use the held-out scores of its calibration."
)


class InventoryValidation(NamedTuple):
    """Result of a validation.

    Attributes:
        kind, limit: kind of map, and the value from which (of a factor of safety, below which) a cell counts as failed.
        evaluated_cells: how many there are; judgement: what the landslides say of the map.
    """

    kind: str
    limit: float
    evaluated_cells: int
    judgement: MapJudgement

    @property
    def best_threshold(self) -> float:
        """The best threshold in the map's own values."""
        score = self.judgement.best.score
        return -score if self.kind == _FACTOR_OF_SAFETY else score

    def rule(self, limit: float) -> str:
        """The criterion of failure, in words."""
        if self.kind == _FACTOR_OF_SAFETY:
            return tr("factor of safety below {:.9g}").format(limit)
        return tr("1 in the mask") if self.kind == "mask" else tr("probability of {:.9g} or more").format(limit)

    def numbers(self) -> dict[str, float | None]:
        """Numbers by key of :data:`NUMBERS`; ``None`` if unknown."""
        judgement = self.judgement
        scores, evidence, best = judgement.map, judgement.evidence, judgement.best
        place = evidence.slope_place or evidence.place
        gain = (None,) * 3 if evidence.gain is None else vars(evidence.gain).values()
        found = (
            scores.auc, evidence.map.low, evidence.map.high, scores.hit_rate, scores.false_alarm_rate,
            scores.success.area, judgement.slope.auc if judgement.slope else -1.0, *gain, self.best_threshold,
            best.hit_rate, best.false_alarm_rate, place.best[2], place.best[1], evidence.slides,
            scores.counts.reference_failed, scores.counts.fp + scores.counts.tn,
        )  # fmt: skip
        return {key: None if one is None or math.isnan(one) else one for key, one in zip(NUMBERS, found)}


def validate(inputs: Inputs, log: Log) -> InventoryValidation:
    """Read the layers onto the map's grid and judge the map, and the slope where there is a DEM."""
    values, grid = inputs.map.read_dem(log)
    kind = stability_map_kind(inputs.map, inputs.kind, values, log)
    limit = inputs.probability_threshold if kind == "probability" else 1.0
    if kind == "probability" and limit == PROBABILITY:
        warn_of_threshold(inputs.map, limit, log)
    area = np.isfinite(values)
    wanted = None if inputs.mask_layer is None else area_of_polygons(inputs.mask_layer, grid, log)
    if wanted is not None:
        area &= wanted
    elevation, slope = _elevation_and_slope(inputs, grid, area, log)
    unit, stable = _compared_cells(inputs, grid, area, wanted, log)
    evaluated = EvaluatedMap(grid, values, kind == _FACTOR_OF_SAFETY, limit, area, elevation, slope)
    return InventoryValidation(kind, limit, int(area.sum()), MapJudgement.of(evaluated, unit, stable, log))


def _elevation_and_slope(
    inputs: Inputs, grid: Grid, area: np.ndarray, log: Log
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Read elevation [m] and slope [rad], (rows, cols); cells without them are removed from the area."""
    if inputs.dem is None:
        return None, None
    elevation = without_missing_heights(inputs.dem.read_aligned(grid, log), grid, log)
    slope = slope_map(elevation, grid.cell_width, grid.cell_height)
    known = made_of_strips(grid.shape, bool, lambda at: np.isfinite(slope[at]))
    unknown = int((area & ~known).sum())
    if unknown:
        log.pushWarning(tr("{} cells without elevation are not evaluated.").format(unknown))
    area &= known
    check_cancelled(log)
    return elevation, slope


def _compared_cells(
    inputs: Inputs, grid: Grid, area: np.ndarray, wanted: np.ndarray | None, log: Log
) -> tuple[np.ndarray, np.ndarray]:
    """Find the cells to compare; raises :class:`InputError` where some are missing.

    Args:
        area: evaluated cells, boolean (rows, cols); wanted: the same with those without a value, ``None`` for all.

    Returns:
        (rows, cols): the landslide of each evaluated cell, -1 elsewhere; boolean, evaluated stable cells.
    """
    features = cells_by_feature(inputs.landslides, grid, log, divide=True)
    warn_of_lost_features(features, area, wanted, inputs.landslides.label, log)
    mapped = _feature_numbers(own_cells(features), grid)
    landslides = _evaluated_cells(mapped >= 0, area, inputs.landslides, log)
    repeated = sum(bool(area.reshape(-1)[cells].any()) for cells in features) - np.unique(mapped[landslides]).size
    if repeated:
        log.pushWarning(Text(REPEATED, repeated))
    if inputs.stable is not None:
        points = cells_by_feature(inputs.stable, grid, log)
        warn_of_lost_features(points, area, wanted, inputs.stable.label, log)
        stable = _evaluated_cells(_feature_numbers(points, grid) >= 0, area, inputs.stable, log)
        both = int((stable & landslides).sum())
        if both:
            log.pushWarning(tr("{} stable cells with a landslide were counted as landslide cells.").format(both))
        stable &= ~landslides
    else:
        stable = area & ~landslides
        if inputs.stable_distance > 0.0:
            stable &= ~near(mapped >= 0, grid, inputs.stable_distance)
    if not stable.any():
        raise InputError(
            inputs.landslides.label, "leave no stable cell to evaluate", "landslides on a part of the area",
            "Check the area to evaluate, the distance around landslides and the stable points.",
        )  # fmt: skip
    return np.where(landslides, mapped, -1), stable


def _feature_numbers(features: Sequence[np.ndarray], grid: Grid) -> np.ndarray:
    """Number of the feature that each cell belongs to, -1 elsewhere; int32 (rows, cols)."""
    unit = np.full(grid.rows * grid.cols, -1, dtype=np.int32)
    for number, cells in enumerate(features):
        unit[cells] = number
    return unit.reshape(grid.shape)


def _evaluated_cells(cells: np.ndarray, area: np.ndarray, source: VectorSource, log: Log) -> np.ndarray:
    """Mask the cells that are not evaluated; raises :class:`InputError` if none remains."""
    inside = cells & area
    log.pushInfo(tr("{}: {} cells, {} of them evaluated.").format(source.label, int(cells.sum()), int(inside.sum())))
    if not inside.any():
        raise InputError(
            source.label, "has no feature on a cell that is evaluated", "features on valid cells of the map",
            "Check the extents and coordinate systems of the layers, and the area to evaluate.",
        )  # fmt: skip
    return inside


def inventory_page(map_name: str, outcome: InventoryValidation, log: Log) -> str:
    """Report as HTML; map_name: of the file."""
    evidence = outcome.judgement.evidence
    places = (Text("slope"), evidence.slope_place), (Text("the map"), evidence.place)
    parts = [
        *(paragraph(text, warning=True) for text in log.warnings),
        *_tables(map_name, outcome),
        heading(tr("Curves")),
        *rank_curves(
            [(name, one.auc, one.roc, one.success) for name, one in _scores(outcome)],
            (tr("ROC curves and their areas"), tr("Success-rate curves and their areas")),
        ),
        heading(tr("Displacement of the landslides")),
        *displacement([(name, place) for name, place in places if place is not None]),
        *_depth_models(outcome),
        heading(tr("How to read it")),
        *map(paragraph, (tr(_FORMULAS), tr(_INTERVALS), tr(_CAUTION))),
        paragraph(f"Slopecast {version()}, {tr('Validate with a landslide inventory')}"),
    ]
    return page(tr("Validation with a landslide inventory"), parts)


def _scores(outcome: InventoryValidation) -> list[tuple[str, MapScores]]:
    found = [(tr("map"), outcome.judgement.map)]
    return [*found, (tr("slope angle alone"), outcome.judgement.slope)] if outcome.judgement.slope else found


def _tables(map_name: str, outcome: InventoryValidation) -> list[str]:
    judgement = outcome.judgement
    scores, evidence, best = judgement.map, judgement.evidence, judgement.best
    rows = [
        (tr("Map"), f"{map_name} ({tr(KINDS[outcome.kind])})"),
        (tr("Counts as failed"), outcome.rule(outcome.limit)),
        (tr("Evaluated cells"), outcome.evaluated_cells),
        (tr(NUMBERS["LANDSLIDES_JUDGED"]), evidence.slides),
        (tr("Landslide cells: hits"), scores.counts.tp),
        (tr("Landslide cells: misses"), scores.counts.fn),
        (tr("Stable cells: false alarms"), scores.counts.fp),
        (tr("Stable cells: correct rejections"), scores.counts.tn),
        (tr(NUMBERS["HIT_RATE"]), scores.hit_rate),
        (tr(NUMBERS["FALSE_ALARM_RATE"]), scores.false_alarm_rate),
        (tr(NUMBERS["BEST_THRESHOLD"]), outcome.rule(outcome.best_threshold)),
        (tr(NUMBERS["BEST_HIT_RATE"]), best.hit_rate),
        (tr(NUMBERS["BEST_FALSE_ALARM_RATE"]), best.false_alarm_rate),
    ]
    intervals: dict[str, ConfidenceInterval | None] = {
        tr("AUC of the map"): evidence.map, tr("AUC of the slope angle alone"): evidence.slope,
        tr("AUC of the map minus AUC of slope"): evidence.gain,
    }  # fmt: skip
    areas = [(name, found.value, found.low, found.high) for name, found in intervals.items() if found is not None]
    shares = [
        (f"{tr(NUMBERS['SUCCESS_RATE_AREA'])}: {name}", one.success.area, "", "") for name, one in _scores(outcome)
    ]
    return [table([], rows), table(["", tr("value"), tr("from"), tr("to")], [*areas, *shares])]


def _depth_models(outcome: InventoryValidation) -> list[str]:
    if not outcome.judgement.depth_models:
        return []
    rows = [(tr(DEPTH_METHODS[method]), area) for method, area in outcome.judgement.depth_models.items()]
    return [
        heading(tr("Soil depth models")),
        paragraph(
            tr(
                "AUC of the factor of safety of the soil column, without lateral flow, for each method of 'Estimate "
                "soil depth' with its default bounds; all other parameters have their defaults. The AUC of slope angle "
                "alone is {:.3f}."
            ).format(outcome.judgement.slope.auc)
        ),
        table([tr("Method"), tr("AUC")], rows),
    ]
