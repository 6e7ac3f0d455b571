"""HTML report of a training: curves, and validation before and after."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any, Mapping, Sequence

from ..evaluation import Evaluation
from .html import Line, heading, line_plot, page, paragraph, table

_CURVES = (
    (("loss", "validation_loss"), "Loss", "Loss by epoch, for the training steps and the validation cases"),
    (
        ("iou", "validation_iou", "validation_pooled_iou", "validation_dice", "column_iou", "guess_iou"), "IoU, Dice",
        "Agreement with the engine on the validation cases by epoch",
    ),
)  # fmt: skip
_LABELS = {
    "loss": "training", "validation_loss": "validation", "iou": "IoU, training", "validation_iou": "IoU",
    "validation_pooled_iou": "IoU, pooled",
    "validation_dice": "Dice", "column_iou": "IoU, column", "guess_iou": "IoU, first guess",
}  # fmt: skip
_DASHED = ("column_iou", "guess_iou")
_METRICS = (
    ("mean_iou", "Mean IoU"), ("pooled_iou", "Pooled IoU"), ("mean_dice", "Mean Dice"),
    ("mean_accuracy", "Accuracy"), ("mean_precision", "Precision"), ("mean_recall", "Recall"),
    ("empty_reference_mean_false_cells", "Wrong cells in cases without failure"),
    ("calibration_error", "Calibration error"),
)  # fmt: skip


def read_history(path: Path) -> list[dict[str, float]]:
    """The rows of a run's ``history.csv``; what is not known is NaN."""
    with path.open(newline="", encoding="utf-8") as file:
        return [{k: float(v) if v else math.nan for k, v in row.items()} for row in csv.DictReader(file)]


def training_curves(history: Sequence[Mapping[str, float]]) -> list[str]:
    """Figures of a history, as HTML; none of a single epoch."""
    if len(history) < 2:
        return []
    epochs = [row["epoch"] for row in history]
    figures = []
    for names, label, caption in _CURVES:
        known = [n for n in names if any(math.isfinite(row.get(n, math.nan)) for row in history)]
        lines = [Line(_LABELS[n], epochs, [row[n] for row in history], dashed=n in _DASHED) for n in known]
        if not lines:
            continue
        greatest = max(y for line in lines for y in line.y if math.isfinite(y))
        top = 1.0 if label != "Loss" else float(f"{1.05 * greatest:.2g}")
        figures.append(line_plot(lines, "Epoch", label, caption, (epochs[0], epochs[-1]), (0.0, top)))
    return figures


def curves_as_svg(history: Sequence[Mapping[str, float]]) -> str:
    """The curve of the agreement with the engine as a picture of its own; empty of a single epoch."""
    figures = training_curves(history)
    if not figures:
        return ""
    picture = figures[-1][figures[-1].index("<svg") : figures[-1].index("</svg>") + len("</svg>")]
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" style="background:white" ', 1) + "\n"


def training_page(
    title: str, history: Sequence[Mapping[str, float]], evaluation: Evaluation | None, about: Mapping[str, Any]
) -> str:
    """The report as a page.

    Args:
        title: of it.
        history: see :func:`read_history`.
        evaluation: of the validation cases, a column of the table a solver; ``None`` without such cases.
        about: entries about the training, by name.
    """
    parts = [table((), about.items())]
    parts += [heading("Training curves"), *(training_curves(history) or [paragraph("Only one epoch: no curve.")])]
    parts.append(heading("Validation"))
    if evaluation is None:
        parts.append(
            paragraph(
                "The data set has no validation cases: the accuracy of the network cannot be measured.", warning=True
            )
        )
        return page(title, parts)
    parts.append(
        paragraph(
            f"Whole maps of {len(evaluation.cases)} validation cases, compared with those of the physics engine. "
            "'initial' is the network from which the training started, 'column' the same physics without lateral flow."
        )
    )
    summaries = {name: evaluation.summary(name) for name in evaluation.scores}
    rows = [[label, *(float(summary[key]) for summary in summaries.values())] for key, label in _METRICS]
    parts.append(table(("", *summaries), rows))
    labels = [b["failed_cells"] for b in next(iter(summaries.values()))["bins"]]
    by_bin = []
    for number, label in enumerate(labels):
        bins = [summary["bins"][number] for summary in summaries.values()]
        if bins[0]["cases"] and label != "0":
            by_bin.append([label, bins[0]["cases"], *(float(b["mean_iou"]) for b in bins)])
    parts += [paragraph("Mean IoU by failed cells:"), table(("Failed cells", "Cases", *summaries), by_bin)]
    return page(title, parts)
