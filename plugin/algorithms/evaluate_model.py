"""Processing algorithm that evaluates a network on a data set."""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.files.atomic import write_texts
from ..core.quantities.foreign_text import spreadsheet_text
from ..text import Text
from .base import Inputs, SlopecastAlgorithm
from .outputs.provenance import version
from .parameter_values import ParameterValues
from .parameters.definitions import Group, all_of, choice_input, csv_output, dataset_input, report_output
from .parameters.network import NETWORK_PARAMETERS, NetworkChoice, network_installed, weights_input
from .translation import tr

if TYPE_CHECKING:
    from ..core.result import Solver
    from ..core.validation.evaluation import Evaluation
    from .log import Log

_SPLITS = {
    "test": "Test: cases not used in training",
    "validation": "Validation",
    "train": "Training",
    "all": "All cases",
}
#: Numbers by output key: entry of the summary, and title.
_NUMBERS = {
    "MEAN_IOU": ("mean_iou", "Mean IoU"),
    "POOLED_IOU": ("pooled_iou", "Pooled IoU"),
    "DICE": ("mean_dice", "Mean Dice coefficient"),
    "ACCURACY": ("mean_accuracy", "Mean accuracy"),
    "PRECISION": ("mean_precision", "Mean precision"),
    "RECALL": ("mean_recall", "Mean recall"),
    "EMPTY_FALSE_CELLS": (
        "empty_reference_mean_false_cells", "Mean number of false positives in cases without failed cells",
    ),
    "CALIBRATION_ERROR": ("calibration_error", "Calibration error"),
}  # fmt: skip
NETWORK, POINTWISE = Text("network"), Text("pointwise")
_OVERLAYS = 2


class EvaluateModel(SlopecastAlgorithm):
    """Measures how well a network agrees with the physics engine."""

    ID = "evaluatemodel"
    TITLE = "Evaluate a network"
    GROUP = "training"
    SUMMARY = (
        "Runs a network on the cases of a data set that were not used in its training and compares its masks, those of "
        "the closed-form column (the same physics without lateral flow) and those of a pointwise network with the "
        "physics engine's. Writes the metrics as a table and, if requested, a report with the figures of the paper "
        "(Jeong et al.) for comparison. Needs the Python packages torch and safetensors."
    )
    TAGS = ("IoU", "metrics", "validation", "deep learning", "calibration")
    NUMBERS = {key: title for key, (_, title) in _NUMBERS.items()}

    INPUTS = (
        dataset_input(),
        Group("network", all_of(*NETWORK_PARAMETERS), NetworkChoice.of),
        weights_input(
            "BASELINE", "Weights to compare with",
            "Weights of a pointwise network, which uses no neighbouring cells, to measure the gain of the U-Net. "
            "If empty, the one supplied with the plugin is used, if there is one.", advanced=True,
        ),
        choice_input("SPLIT", "Cases", "Subset of the split that is evaluated.", choices=_SPLITS),
    )  # fmt: skip
    OUTPUTS = (
        csv_output(
            "METRICS", "Metrics",
            "One row per solver and group of cases: by failed cells, share, cell size, study area, reliability, and "
            "strength of lateral flow.",
        ),
        csv_output(
            "CASE_SCORES", "Scores of each case",
            "One row per case with the IoU and the wrong cells of each solver, to find where the solvers are "
            "inaccurate.", optional=True,
        ),
        report_output("One page with all tables, the paper's figures for comparison, and maps of agreement."),
    )  # fmt: skip

    def canExecute(self) -> tuple[bool, str]:
        """Return whether it can run, and the missing packages if not; the algorithm stays visible."""
        return network_installed()

    def inputs_of(self, parameters: ParameterValues) -> Inputs:
        """Read them, and the cases of the split; raises :class:`InputError`."""
        from ..core.dataset.cases import SPLITS

        inputs = super().inputs_of(parameters)
        inputs.cases = inputs.dataset.cases(None if inputs.split == "all" else SPLITS.index(inputs.split))
        if not inputs.cases:
            raise InputError(
                "Cases (SPLIT)", Text("the data set has none for '{}'", inputs.split),
                "a side of the split that has cases", "Choose another, or build a larger data set.",
            )  # fmt: skip
        return inputs

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Judge, and write table and report."""
        from ..core.reports.evaluation import case_rows, metric_rows
        from ..core.validation.evaluation import evaluate

        solvers = _solvers(inputs, log)
        training = getattr(solvers[NETWORK], "card", {}).get("training")
        if inputs.split != "test" and isinstance(training, dict) and training.get("data") == _title(inputs):
            log.pushWarning(
                Text("The network was trained on a data set of this description. If it is this one, it has seen cases "
                     "that are evaluated here, and its scores are too high: evaluate the test cases.")
            )  # fmt: skip
        log.pushInfo(tr("{} cases; solvers: {}.").format(len(inputs.cases), ", ".join(solvers)))
        evaluation = evaluate(inputs.dataset.reference_cases(inputs.cases), len(inputs.cases), solvers, log)
        for name in solvers:
            log.pushInfo(_line(name, evaluation.summary(name)))
        made = {"METRICS": metric_rows, "CASE_SCORES": case_rows}
        paths = {output.key: getattr(inputs, output.name) for output in self.OUTPUTS}
        paths = {key: path for key, path in paths.items() if path is not None}
        texts = {path: csv_text(*made[key](evaluation)) for key, path in paths.items() if key in made}
        if inputs.report is not None:
            texts[inputs.report] = self._page(inputs, evaluation, solvers, log)
        check_cancelled(log)
        write_texts(texts, tr("Output files"))
        summary = evaluation.summary(NETWORK)
        return {
            **{key: str(path) for key, path in paths.items()},
            **{key: summary[name] for key, (name, _) in _NUMBERS.items()},
        }

    def _page(
        self, inputs: Inputs, evaluation: Evaluation, solvers: dict[str, Solver], log: Log
    ) -> str:  # fmt: skip
        from ..core.reports.evaluation import evaluation_page

        card = getattr(solvers[NETWORK], "card", {})
        described = inputs.dataset.description
        about = {
            tr("Network"): str(card.get("id", "")),
            tr("Data set"): tr("{}, {} cases").format(_title(inputs), len(inputs.dataset)),
            tr("Split"): f"{inputs.split}; {described['split']['rule']}",
            tr("Created by"): f"Slopecast {version()}, {datetime.now(timezone.utc).isoformat(timespec='seconds')}",
        }
        title = tr("Network against physics engine: {}").format(card.get("id", ""))
        overlays = _overlays(inputs, evaluation, solvers[NETWORK], log)
        return evaluation_page(title, evaluation, NETWORK, about=about, overlays=overlays, warnings=log.warnings)


def _title(inputs: Inputs) -> str:
    """Description of the data set, as model cards state it."""
    return inputs.dataset.description["design"].get("title", inputs.dataset.name)


def _solvers(inputs: Inputs, log: Log) -> dict[str, Solver]:
    """The evaluated network, the pointwise network if available, and the column."""
    from ..core.physics.column import SoilColumn
    from ..core.validation.evaluation import COLUMN

    solvers: dict[str, Solver] = {NETWORK: inputs.network.solver(log, mask_suffices=True)}  # imports torch, see there
    from ..ml import model_file
    from ..ml.network_solver import network_solver_for

    baseline = inputs.baseline or (str(model_file.POINTWISE) if model_file.POINTWISE.is_file() else None)
    if baseline:
        try:
            solvers[POINTWISE] = network_solver_for(baseline, inputs.network.device, log)
        except InputError as error:
            if inputs.baseline:
                raise
            log.pushWarning(error.args[0])
    solvers[COLUMN] = SoilColumn()
    return solvers


def _overlays(inputs: Inputs, evaluation: Evaluation, solver: Solver, log: Log) -> list[str]:
    """Maps of the published cases, or of the cases with the least and the median IoU."""
    from ..core.dataset.paper_protocol import PUBLISHED
    from ..core.reports.evaluation import overlay_figure
    from ..core.validation.metrics import Counts, iou

    wanted = {case.name: f"({case.name[-1]})" for case in evaluation.cases if case.name in PUBLISHED}
    if not wanted:
        values = evaluation.iou(NETWORK)
        order = sorted((n for n, c in enumerate(evaluation.cases) if c.failed_cells), key=values.__getitem__)
        places = [order[0], order[len(order) // 2]] if len(order) >= _OVERLAYS else order
        wanted = {(evaluation.cases[n].study_area, evaluation.cases[n].name): "" for n in places}
    figures = []
    for reference, shard in inputs.dataset.read(inputs.cases):
        if reference.name not in wanted and (reference.study_area, reference.name) not in wanted:
            continue
        scenario, mask = shard.scenario(reference.number), shard.mask(reference.number)
        result = next(iter(solver.solve(shard.terrain, [scenario], log)))
        caption = tr("{}, {}: {:.3g} mm/h, c {:.3g} kPa, phi {:.3g} deg; IoU {:.3f}").format(
            reference.study_area, reference.name, scenario.rainfall, scenario.cohesion, scenario.friction_angle,
            iou(Counts.of(result.failure_mask, mask)),
        )  # fmt: skip
        figures.append(overlay_figure(shard.terrain, result.failure_mask, mask, caption))
    return figures


def _line(name: str, summary: dict[str, Any]) -> str:
    return tr("{}: mean IoU {:.6g}, pooled IoU {:.6g}, mean Dice {:.6g}, mean accuracy {:.6g}").format(
        name, summary["mean_iou"], summary["pooled_iou"], summary["mean_dice"], summary["mean_accuracy"]
    )


def csv_text(header: list[str], rows: list[list[Any]]) -> str:
    """A table as CSV; unknown values are empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return buffer.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return spreadsheet_text(value) if isinstance(value, str) else value
