"""HTML report of a training: curves, and validation before and after."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any, Mapping, Sequence

from ...text import Text
from ..validation.evaluation import COLUMN, Evaluation
from .html import Line, heading, line_plot, page, paragraph, table

#: Of the first guesses, which the network corrects.
_GUESS = "validation_guess_iou"
_CURVES = (
    (("loss", "validation_loss"), Text("Loss"), Text("Loss by epoch, for the training steps and the validation cases")),
    (
        ("validation_iou", "validation_pooled_iou", "validation_dice", _GUESS), "IoU, Dice",
        Text("Agreement with the engine on the validation cases by epoch"),
    ),
)  # fmt: skip
_LABELS = {
    "loss": Text("training"), "validation_loss": Text("validation"), "validation_iou": "IoU",
    "validation_pooled_iou": Text("IoU, pooled"), "validation_dice": "Dice",
    _GUESS: Text("IoU, first guess"),
}  # fmt: skip
_METRICS = (
    ("mean_iou", Text("Mean IoU")), ("pooled_iou", Text("Pooled IoU")), ("mean_dice", Text("Mean Dice")),
    ("mean_accuracy", Text("Accuracy")), ("mean_precision", Text("Precision")), ("mean_recall", Text("Recall")),
    ("empty_reference_mean_false_cells", Text("Wrong cells in cases without failure")),
    ("calibration_error", Text("Calibration error")),
)  # fmt: skip


def read_history(path: Path) -> list[dict[str, float]]:
    """The rows of a run's ``history.csv``; empty cells are NaN."""
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
        lines = [Line(_LABELS[n], epochs, [row[n] for row in history], dashed=n == _GUESS) for n in known]
        if not lines:
            continue
        greatest = max(y for line in lines for y in line.y if math.isfinite(y))
        top = 1.0 if label != "Loss" else float(f"{1.05 * greatest:.2g}")
        figures.append(line_plot(lines, Text("Epoch"), label, caption, (epochs[0], epochs[-1]), (0.0, top)))
    return figures


def training_page(
    title: str, history: Sequence[Mapping[str, float]], evaluation: Evaluation | None, about: Mapping[str, Any]
) -> str:
    """The report as a page; evaluation: of the validation cases, ``None`` without such."""
    parts = [table((), about.items())]
    parts += [
        heading(Text("Training curves")),
        *(training_curves(history) or [paragraph(Text("Only one epoch: no curve."))]),
    ]
    parts.append(heading(Text("Validation")))
    if evaluation is None:
        parts.append(
            paragraph(
                Text("The data set has no validation cases: the accuracy of the network cannot be measured."),
                warning=True,
            )
        )
        return page(title, parts)
    cases = Text(
        "Whole maps of {} validation cases, compared with those of the physics engine. '{}' is the network from which "
        "the training started, '{}' the same physics without lateral flow.",
        len(evaluation.cases), Text("initial"), COLUMN,
    )  # fmt: skip
    parts.append(paragraph(cases))
    summaries = {name: evaluation.summary(name) for name in evaluation.scores}
    rows = [[label, *(float(summary[key]) for summary in summaries.values())] for key, label in _METRICS]
    parts.append(table(("", *summaries), rows))
    labels = [b["failed_cells"] for b in next(iter(summaries.values()))["bins"]]
    by_bin = []
    for number, label in enumerate(labels):
        bins = [summary["bins"][number] for summary in summaries.values()]
        if bins[0]["cases"] and label != "0":
            by_bin.append([label, bins[0]["cases"], *(float(b["mean_iou"]) for b in bins)])
    parts += [
        paragraph(Text("Mean IoU by failed cells:")),
        table((Text("Failed cells"), Text("Cases"), *summaries), by_bin),
    ]
    return page(title, parts)
