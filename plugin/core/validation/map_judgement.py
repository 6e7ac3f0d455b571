"""Scores a stability map, and the slope angle for comparison, against mapped landslides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

import numpy as np

from ..feedback import Feedback, PartialFeedback
from ..grid import Grid
from ..map_parts.strips import made_of_strips
from .depth_models import SlopeTrend, auc_by_depth_model
from .inventory import MapScores, evaluate_map
from .inventory_evidence import BestThreshold, InventoryEvidence, Sample, collect_evidence


@dataclass(frozen=True, eq=False)
class EvaluatedMap:
    """A map that is to be judged.

    Attributes:
        values: (rows, cols) factor of safety [-], probability [-], or 0 and 1 of a mask; NaN where unknown.
        is_factor_of_safety: whether low values fail, else high ones.
        limit: a cell fails below it if ``is_factor_of_safety``, else from it on.
        area: boolean (rows, cols), evaluated cells.
        elevation, slope: (rows, cols) [m] and [rad], known in the area; ``None`` without elevation.
    """

    grid: Grid
    values: np.ndarray
    is_factor_of_safety: bool
    limit: float
    area: np.ndarray
    elevation: np.ndarray | None = None
    slope: np.ndarray | None = None

    @property
    def failed(self) -> np.ndarray:
        """Cells that fail, boolean (rows, cols)."""

        def fail(values: np.ndarray) -> np.ndarray:
            return values < self.limit if self.is_factor_of_safety else values >= self.limit

        return made_of_strips(self.grid.shape, bool, lambda at: fail(self.values[at]))

    @property
    def score(self) -> np.ndarray:
        """Values that are greater where failure is likelier, float32 (rows, cols); NaN outside the area."""
        sign = -1.0 if self.is_factor_of_safety else 1.0
        return made_of_strips(
            self.grid.shape, np.float32, lambda at: np.where(self.area[at], sign * self.values[at], np.nan)
        )

    @property
    def slope_score(self) -> np.ndarray | None:
        """Ranking values of the slope angle, float64; ``None`` without an elevation model."""
        if self.slope is None:
            return None
        return made_of_strips(self.grid.shape, np.float64, lambda at: np.where(self.area[at], self.slope[at], np.nan))

    @property
    def trend(self) -> SlopeTrend | None:
        """Trend of a factor of safety with slope."""
        if not self.is_factor_of_safety or self.slope is None:
            return None
        return SlopeTrend.of_map(self.values, self.area, lambda rows, cols: self.slope[rows, cols])


@dataclass(frozen=True, eq=False)
class MapJudgement:
    """Scores of a map against mapped landslides.

    Attributes:
        map, slope: of the map and of the slope angle alone; the latter is ``None`` without elevation.
        trend: of a factor of safety with slope; ``None`` where it is not known.
        depth_models: AUC of the factor of safety by method of estimating the soil depth.
    """

    map: MapScores
    slope: MapScores | None
    evidence: InventoryEvidence
    best: BestThreshold
    trend: SlopeTrend | None
    depth_models: Mapping[str, float]

    @classmethod
    def of(cls, evaluated: EvaluatedMap, unit: np.ndarray, stable: np.ndarray, feedback: Feedback) -> MapJudgement:
        """Judge a map.

        Args:
            unit: the landslide of each evaluated cell, -1 elsewhere; (rows, cols).
            stable: boolean (rows, cols), evaluated cells without landslides.
            feedback: for progress from 30 to 100 %, and cancellation.

        Raises:
            Cancelled: the user cancelled the run.
        """
        feedback.setProgress(30.0)
        landslides, sample, area = unit >= 0, Sample.of(unit, stable), evaluated.area
        score, slope_score = evaluated.score, evaluated.slope_score
        judged = evaluate_map(score, evaluated.failed, landslides, stable, area, feedback)
        by_slope = None
        if slope_score is not None:
            none_fails = np.broadcast_to(np.False_, area.shape)
            by_slope = evaluate_map(slope_score, none_fails, landslides, stable, area, feedback)
        feedback.setProgress(50.0)
        evidence = collect_evidence(score, slope_score, sample, evaluated.grid, feedback)
        evidence = evidence.of_all_cells(judged.auc, by_slope and by_slope.auc)
        best = BestThreshold.of(score[landslides], score[stable])
        feedback.setProgress(80.0)
        depth_models = _depth_models(evaluated, landslides, sample, PartialFeedback(feedback, 80.0, 100.0))
        return cls(judged, by_slope, evidence, best, evaluated.trend, depth_models)


def _depth_models(
    evaluated: EvaluatedMap, landslides: np.ndarray, sample: Sample, feedback: Feedback
) -> Mapping[str, float]:
    """AUC by depth model on the landslides and the sampled stable cells; empty without elevation."""
    if evaluated.slope is None:
        return {}
    compared = np.zeros(evaluated.area.shape, dtype=bool)
    compared.reshape(-1)[sample.stable] = True
    size = evaluated.grid.cell_width, evaluated.grid.cell_height
    return auc_by_depth_model(evaluated.elevation, size, evaluated.slope, landslides, compared, feedback)
