"""HTML report of an evaluation, compared with the figures of the paper."""

from __future__ import annotations

import math
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from ...text import Text, joined
from ..dataset.paper_protocol import PUBLISHED, PUBLISHED_MEANS, PUBLISHED_SCORES
from ..terrain import Terrain
from ..validation.evaluation import COLUMN, CROSSING_IOU, FS_NEAR_1, Evaluation
from ..validation.metrics import (
    BINS,
    FALSE_NEGATIVE,
    FALSE_POSITIVE,
    FORMULAS,
    TRUE_NEGATIVE,
    TRUE_POSITIVE,
    agreement_map,
    iou,
)
from .html import Bar, Line, bar_plot, heading, line_plot, page, paragraph, table
from .map_picture import MapClass, map_figure

#: Columns of the table of metrics, after solver, by, group and cases.
METRICS: tuple[str, ...] = (
    "mean_iou", "pooled_iou", "mean_dice", "pooled_dice", "mean_accuracy", "mean_precision", "mean_recall",
    "mean_tolerant_iou", "empty_reference_cases", "empty_reference_mean_false_cells", "fs_bias", "fs_rmse",
    "calibration_error", "calibration_error_uncertain", "mean_seconds",
)  # fmt: skip
OTHER_SIMULATOR = Text(
    "The paper's figures were obtained with another simulator in another study area: they show what its network "
    "achieved there, not the quality of either program's physics."
)
FIDELITY = Text(
    "All figures show agreement with Slopecast's physics engine, not with observations: all solvers use the same soil "
    "depth and the same initial water table, and errors in these inputs affect all solvers equally."
)
_COLOURS = {TRUE_NEGATIVE: "", TRUE_POSITIVE: "#0072b2", FALSE_POSITIVE: "#ffd400", FALSE_NEGATIVE: "#d55e00"}
_AGREEMENT = tuple(
    MapClass(label, _COLOURS[number])
    for number, label in (
        (TRUE_NEGATIVE, Text("stable in both")),
        (TRUE_POSITIVE, Text("failed in both (TP)")),
        (FALSE_POSITIVE, Text("failed only in the prediction (FP)")),
        (FALSE_NEGATIVE, Text("failed only in the engine (FN)")),
    )
)
_TITLES = {
    "iou": "IoU", "dice": "Dice", "accuracy": Text("Accuracy"), "precision": Text("Precision"),
    "recall": Text("Recall"),
}  # fmt: skip
#: Headings of the tables by group of cases.
_GROUPINGS = {
    "lateral flow": Text("Lateral flow"), "failed cells": Text("Failed cells"),
    "share of failed cells": Text("Share of failed cells"), "cell size": Text("Cell size"),
    "study area": Text("Study area"), "group": Text("Group"), "reliability": Text("Reliability"),
}  # fmt: skip
_MEAN_IOU_OF = "Mean IoU, {}"


def metric_rows(evaluation: Evaluation) -> tuple[list[str], list[list[Any]]]:
    """The table of metrics: header, and a row for each solver and group of cases."""
    rows: list[list[Any]] = []
    for solver in evaluation.scores:
        for by, label, chosen in evaluation.groups(solver):
            summary = evaluation.summary(solver, chosen)
            rows.append([solver, by, label, len(chosen), *(summary[name] for name in METRICS)])
    return ["solver", "by", "group", "cases", *METRICS], rows


def case_rows(evaluation: Evaluation) -> tuple[list[str], list[list[Any]]]:
    """The table of cases: header, and a row for each case with the IoU and the false cells of every solver."""
    header = ["study_area", "name", "group", "cell_size_m", "valid_cells", "failed_cells", "failed_share"]
    for solver in evaluation.scores:
        header += [
            f"{solver}_{what}" for what in ("iou", "tolerant_iou", "false_positive", "false_negative", "reliability")
        ]
    rows = []
    for number, case in enumerate(evaluation.cases):
        row: list[Any] = [case.study_area, case.name, case.group, case.cell_size, case.valid_cells, case.failed_cells,
                          case.failed_share]  # fmt: skip
        for scores in evaluation.scores.values():
            s = scores[number]
            row += [iou(s.counts), s.tolerant_iou, s.counts.fp, s.counts.fn, s.reliability]
        rows.append(row)
    return header, rows


def overlay_figure(terrain: Terrain, predicted: np.ndarray, reference: np.ndarray, caption: str) -> str:
    """Map of TP, FP and FN over the hillshade, as the paper's Figure 7."""
    return map_figure(terrain, agreement_map(predicted, reference), _AGREEMENT, caption)


def evaluation_page(
    title: str, evaluation: Evaluation, subject: str, *, about: Mapping[str, Any], overlays: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> str:  # fmt: skip
    """The report as HTML; subject: the solver that it is about; about: model, data set, split and date, by name."""
    parts = [
        *(paragraph(text, warning=True) for text in warnings),
        paragraph(FIDELITY),
        table((), list(about.items())),
        heading(Text("All cases")),
        _overall(evaluation),
        _gain_of_network(evaluation, subject),
    ]
    parts += _comparison_with_paper(evaluation)
    parts += [heading(Text("Results by group of cases")), *_by_groups(evaluation, subject)]
    parts += _by_failed_cells(evaluation, subject)
    parts += _by_failed_share(evaluation, subject)
    parts += _calibration(evaluation)
    if overlays:
        parts += [heading(Text("Maps of agreement")), *overlays]
    return page(title, [part for part in parts if part])


def _overall(evaluation: Evaluation) -> str:
    header = [Text("Solver"), Text("Mean IoU"), Text("Pooled IoU"), "Dice", Text("Accuracy"), Text("Precision"),
              Text("Recall"), Text("IoU with a tolerance of one cell"), Text("Wrong cells per case without failure"),
              Text("FS bias"), Text("FS RMSE"), Text("Calibration error"), Text("Seconds")]  # fmt: skip
    names = ("mean_iou", "pooled_iou", "mean_dice", "mean_accuracy", "mean_precision", "mean_recall",
             "mean_tolerant_iou", "empty_reference_mean_false_cells", "fs_bias", "fs_rmse", "calibration_error",
             "mean_seconds")  # fmt: skip
    rows = []
    for solver in evaluation.scores:
        summary = evaluation.summary(solver)
        rows.append([solver, *(summary[name] for name in names)])
    note = Text(
        "{} cases. IoU, Dice, precision and recall are means over the cases with failures (precision: those of them in "
        "which a cell is predicted to fail), accuracy is the mean over all cases, and the pooled IoU is from summed "
        "cell counts. The factor of safety is compared where the engine computes {:g} to {:g}. Seconds per scenario, "
        "without reading the terrain.",
        len(evaluation.cases), *FS_NEAR_1,
    )  # fmt: skip
    return table(header, rows) + paragraph(note)


def _gain_of_network(evaluation: Evaluation, subject: str) -> str:
    """Gain of the network over the pointwise network and the column in cases with strong lateral flow."""
    if COLUMN not in evaluation.scores:
        return ""
    column = evaluation.iou(COLUMN)
    chosen = [n for n, value in enumerate(column) if value < CROSSING_IOU and evaluation.cases[n].failed_cells]
    if not any(case.failed_cells for case in evaluation.cases):
        return paragraph(
            Text("No cell fails in any of the cases: the agreement of masks cannot be evaluated."), warning=True
        )
    if not chosen:
        return paragraph(
            Text(
                "The IoU of the soil column is {:g} or more in all cases: lateral flow is weak here, and the closed "
                "form is nearly sufficient.",
                CROSSING_IOU,
            )
        )
    return paragraph(_gain_text(evaluation, subject, chosen))


def _gain_text(evaluation: Evaluation, subject: str, chosen: list[int]) -> Text:
    """The solvers' mean IoU over some cases, and how much of the others' distance to 1 the subject closes."""
    means = {name: evaluation.summary(name, chosen)["mean_iou"] for name in evaluation.scores}
    by_solver = joined(", ", [Text("{:.3f} ({})", value, name) for name, value in means.items()])
    sentences = [
        Text(
            "Where lateral flow is strong (IoU of the soil column below {:g}, {} cases), the mean IoU is {}.",
            CROSSING_IOU, len(chosen), by_solver,
        )
    ]  # fmt: skip
    for name, mean in means.items():
        if name not in (subject, COLUMN) and mean < 1.0 and means[subject] == means[subject]:
            share = round(100 * (means[subject] - mean) / (1.0 - mean))
            sentences.append(Text("{} reduces the difference of {} from 1 by {} %.", subject, name, share))
    return joined(" ", sentences)


def _comparison_with_paper(evaluation: Evaluation) -> list[str]:
    """The published figures next to ours, where the published cases are among these."""
    names = [case.name for case in evaluation.cases]
    if not set(PUBLISHED) <= set(names):
        return []
    rows: list[list[Any]] = [[Text("mean over the test set"), Text("paper"), *_score_row(PUBLISHED_MEANS)]]
    for solver in evaluation.scores:
        summary = evaluation.summary(solver)
        rows.append(["", solver, *(summary[f"mean_{key}"] for key in FORMULAS)])
    for name, published in PUBLISHED_SCORES.items():
        rows.append([Text("scenario ({})", name[-1]), Text("paper"), *_score_row(published)])
        place = names.index(name)
        for solver in evaluation.scores:
            counts = evaluation.scores[solver][place].counts
            rows.append(["", solver, *(formula(counts) for formula in FORMULAS.values())])
    return [
        heading(Text("Comparison with the figures of the paper")),
        paragraph(OTHER_SIMULATOR, warning=True),
        table([Text("Cases"), Text("Solver"), *_TITLES.values()], rows),
    ]


def _score_row(scores: Mapping[str, float]) -> list[float]:
    return [scores.get(key, math.nan) for key in FORMULAS]


def _by_groups(evaluation: Evaluation, subject: str) -> Iterable[str]:
    """A table for each way of grouping the cases, but those that have a figure of their own."""
    groups = evaluation.groups(subject)
    solvers = list(evaluation.scores)
    for by in dict.fromkeys(by for by, _, _ in groups if by not in ("all", "few failed cells")):
        header = [_GROUPINGS[by], Text("Cases"), *(Text(_MEAN_IOU_OF, name) for name in solvers),
                  Text("Pooled IoU, {}", subject), Text("IoU with a tolerance of one cell, {}", subject),
                  Text("Wrong cells per case, {}", subject), Text("Calibration error, {}", subject)]  # fmt: skip
        rows = []
        for label, chosen in ((label, chosen) for b, label, chosen in groups if b == by):
            summaries = {name: evaluation.summary(name, chosen) for name in solvers}
            false = np.mean([s.counts.fp + s.counts.fn for s in (evaluation.scores[subject][n] for n in chosen)])
            rows.append([
                label, len(chosen), *(summaries[name]["mean_iou"] for name in solvers),
                summaries[subject]["pooled_iou"], summaries[subject]["mean_tolerant_iou"], float(false),
                summaries[subject]["calibration_error"],
            ])  # fmt: skip
        yield table(header, rows)


def _by_failed_cells(evaluation: Evaluation, subject: str) -> list[str]:
    """The paper's Figure 6: how the failed cells are distributed, and the metric against them."""
    counts = [sum(b.low < c.failed_cells <= b.high for c in evaluation.cases) for b in BINS]
    some = [n for n, case in enumerate(evaluation.cases) if case.failed_cells]
    x = [math.log10(evaluation.cases[n].failed_cells) for n in some]
    top = max(1.0, math.ceil(max(x, default=1.0)))
    lines = [
        Line(name, x, [iou(evaluation.scores[name][n].counts) for n in some], dots=True)
        for name in sorted(evaluation.scores, key=lambda name: name == subject)
    ]
    return [
        heading(Text("Failed cells (the paper's Figure 6)")),
        bar_plot(
            [Bar(b.label, float(number)) for b, number in zip(BINS, counts)], Text("failed cells of the engine"),
            Text("cases"), Text("Distribution of the failed cells over the cases"),
        ),
        line_plot(
            lines, Text("failed cells of the engine (power of ten)"), "IoU",
            Text("IoU of each case against its failed cells"), x_range=(0.0, top),
        ),
    ]  # fmt: skip


def _by_failed_share(evaluation: Evaluation, subject: str) -> list[str]:
    """Whether skill turns at 5 to 10 % of failed cells, as the paper found."""
    shares = {name: evaluation.iou_by_failed_share(name) for name in evaluation.scores}
    rows = [
        [label, cases, *(shares[name][n][2] for name in shares)] for n, (label, cases, _) in enumerate(shares[subject])
    ]
    known = {label: value for label, _, value in shares[subject] if not math.isnan(value)}
    text = Text("In the paper, the accuracy of the network changes its trend at 5 to 10 % of failed cells.")
    if "5-10 %" in known and len(known) > 1:
        least = min(known, key=known.__getitem__)
        here = Text(
            "Here {} has an IoU of {:.3f} in that range; its minimum is {:.3f}, at {}.",
            subject, known["5-10 %"], known[least], least,
        )  # fmt: skip
        text = joined(" ", (text, here))
    return [
        heading(Text("Accuracy by share of failed cells")),
        paragraph(text),
        table([Text("Failed cells"), Text("Cases"), *(Text(_MEAN_IOU_OF, name) for name in shares)], rows),
    ]


def _calibration(evaluation: Evaluation) -> list[str]:
    """Reliability diagram and calibration errors of the solvers that compute a probability."""
    lines, rows = [Line(Text("perfect calibration"), (0.0, 1.0), (0.0, 1.0), dashed=True)], []
    for name in evaluation.scores:
        calibration = evaluation.calibration(name)
        if calibration.cells[0]:
            predicted, failed = calibration.diagram
            lines.append(Line(name, predicted, failed))
            rows.append([name, *calibration.errors, calibration.cells[1]])
    if not rows:
        return []
    return [
        heading(Text("Calibration of the model confidence")),
        line_plot(lines, Text("model confidence"), Text("share failed in the engine"), Text("Reliability diagram")),
        table(
            [Text("Solver"), Text("Expected calibration error"), Text("The same for cells of 2 to 98 %"),
             Text("Number of these cells")], rows,
        ),
    ]  # fmt: skip
