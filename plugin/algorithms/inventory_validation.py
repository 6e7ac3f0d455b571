"""Evaluates a map with a landslide inventory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Mapping, NamedTuple

import numpy as np

from ..core.errors import InputError
from ..core.feedback import PartialFeedback, check_cancelled
from ..core.inventory import MapScores, evaluate_map
from ..core.inventory_calibration.sites import near
from ..core.strips import made_of_strips
from ..core.topography.slope import slope_map
from ..core.validation.depth_models import SlopeTrend, auc_by_depth_model
from ..core.validation.inventory_evidence import BestThreshold, InventoryEvidence, Sample, collect_evidence
from .inputs.mapped_cells import area_of_polygons, cells_by_feature
from .inputs.stability_maps import stability_map_kind
from .translation import tr
from .validate_inventory import NUMBERS, InventoryInputs

if TYPE_CHECKING:
    from ..core.grid import Grid
    from .inputs.vectors import VectorSource
    from .log import Log


class InventoryValidation(NamedTuple):
    """Result of a validation.

    Attributes:
        kind, limit: kind of map, and the value from which (of a factor of safety, below which) a cell counts as failed.
        map, slope: judgements of the map and of the slope angle alone; the latter is ``None`` without elevation.
        evaluated_cells: how many there are.
        evidence: intervals and the landslides' place.
        best: the best threshold, of the map's score.
        trend: of a factor of safety with slope; ``None`` where it is not known.
        depth_models: AUC of the factor of safety by method of estimating the soil depth.
    """

    kind: str
    limit: float
    map: MapScores
    slope: MapScores | None
    evaluated_cells: int
    evidence: InventoryEvidence
    best: BestThreshold
    trend: SlopeTrend | None
    depth_models: Mapping[str, float]

    @property
    def best_threshold(self) -> float:
        """The best threshold in the map's own values."""
        return -self.best.score if self.kind == "factor of safety" else self.best.score

    def rule(self, limit: float) -> str:
        """The criterion of failure, in words."""
        if self.kind == "factor of safety":
            return tr("factor of safety below {:.4g}").format(limit)
        return tr("1 in the mask") if self.kind == "mask" else tr("probability of {:.4g} or more").format(limit)

    def numbers(self) -> dict[str, float | None]:
        """Numbers by key of :data:`NUMBERS`; ``None`` if unknown."""
        scores, evidence = self.map, self.evidence
        place = evidence.slope_place or evidence.place
        gain = (None,) * 3 if evidence.gain is None else vars(evidence.gain).values()
        found = (
            scores.auc, evidence.map.low, evidence.map.high, scores.hit_rate, scores.false_alarm_rate,
            scores.success.area, self.slope.auc if self.slope else -1.0, *gain, self.best_threshold,
            self.best.hit_rate, self.best.false_alarm_rate, place.best[2], place.best[1], evidence.slides,
            scores.hits + scores.misses, scores.false_alarms + scores.correct_rejections,
        )  # fmt: skip
        return {key: None if one is None or math.isnan(one) else one for key, one in zip(NUMBERS, found)}


def validate(inputs: InventoryInputs, log: Log) -> InventoryValidation:
    """Read the layers onto the map's grid and judge the map, and the slope where there is a DEM."""
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
    return np.where(area, sign * values, np.nan)


def _elevation_and_slope(
    inputs: InventoryInputs, grid: Grid, area: np.ndarray, log: Log
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Read elevation [m] and slope [rad], (rows, cols); cells without them are removed from the area."""
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
