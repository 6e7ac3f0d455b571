"""Scores trained weights on held-out cases, against the initial weights and the closed-form column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.dataset.cases import VALIDATION
from ...core.physics.column import SoilColumn
from ...core.validation.evaluation import COLUMN, Evaluation, evaluate
from ...text import Text
from ..network_solver import network_solver_for

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.dataset.dataset import Dataset
    from ...core.feedback import Feedback
    from ...core.result import Solver
    from .train import TrainingOptions

BEFORE, AFTER = Text("initial"), Text("trained")


_MOST_CASES = 60


def evaluate_weights(
    dataset: Dataset, options: TrainingOptions, weights_file: Path, feedback: Feedback, most: int = _MOST_CASES,
    split: int = VALIDATION,
) -> Evaluation | None:  # fmt: skip
    """Run trained weights, the initial ones and the column on held cases, at most ``most`` spread over all of them.

    Returns:
        the scores; ``None`` where there is no such case.
    """
    held = dataset.cases(split)
    if not held:
        return None
    picked = [held[i] for i in np.unique(np.linspace(0, len(held) - 1, min(most, len(held))).round().astype(int))]
    solvers: dict[str, Solver] = (
        {BEFORE: network_solver_for(options.initial, options.device)} if options.initial else {}
    )
    solvers |= {AFTER: network_solver_for(weights_file, options.device), COLUMN: SoilColumn()}
    return evaluate(dataset.reference_cases(picked), len(picked), solvers, feedback)


def metrics_of(evaluation: Evaluation, solver: str = AFTER) -> dict[str, Any]:
    """An evaluation for the card: the main numbers, and the mean IoU by failed cells."""
    summary = evaluation.summary(solver)
    names = ("cases", "mean_iou", "pooled_iou", "mean_dice", "mean_accuracy", "mean_precision", "mean_recall",
             "empty_reference_mean_false_cells", "calibration_error")  # fmt: skip
    found = {n: round(float(summary[n]), 4) for n in names if not math.isnan(summary[n])}
    found["cases"] = int(summary["cases"])
    bins = [b for b in summary["bins"] if b["cases"] and not math.isnan(b["mean_iou"])]
    found["mean_iou_by_failed_cells"] = {b["failed_cells"]: round(float(b["mean_iou"]), 4) for b in bins}
    if COLUMN in evaluation.scores and solver != COLUMN:
        found["column_mean_iou"] = round(float(evaluation.summary(COLUMN)["mean_iou"]), 4)
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in found.items()}
