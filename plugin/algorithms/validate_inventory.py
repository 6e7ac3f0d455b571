"""Processing algorithm that compares a map with mapped landslides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.files.atomic import atomic_write
from ..core.files.whole import write_text
from ..core.raster.inputs import ELEVATION, STABILITY_MAP
from ..text import Text
from .base import Inputs, SlopecastAlgorithm
from .inputs.likely_layers import likely_landslides, likely_output
from .inputs.stability_maps import KINDS, check_stability_map, is_named, warn_of_calibration
from .outputs.sinks import SinkTarget
from .parameter_values import ParameterValues
from .parameters.definitions import choice_input, number_input, raster_input, report_output, sink_output, vector_input
from .translation import tr

if TYPE_CHECKING:
    from .log import Log
    from .runs.inventory_validation import InventoryValidation

NUMBERS = {
    "AUC": "Area under the ROC curve",
    "AUC_LOW": "Lower end of its 95 % interval",
    "AUC_HIGH": "Upper end of its 95 % interval",
    "HIT_RATE": "Hit rate TP / (TP + FN)",
    "FALSE_ALARM_RATE": "False-alarm rate FP / (FP + TN)",
    "SUCCESS_RATE_AREA": "Area under the success-rate curve",
    "SLOPE_AUC": "Area under the ROC curve of the slope angle alone (-1 without DEM)",
    "SLOPE_DIFFERENCE": "AUC of the map minus AUC of slope",
    "SLOPE_DIFFERENCE_LOW": "Lower end of the difference's 95 % interval",
    "SLOPE_DIFFERENCE_HIGH": "Upper end of the difference's 95 % interval",
    "BEST_THRESHOLD": "Threshold with the highest hit rate minus false-alarm rate",
    "BEST_HIT_RATE": "Hit rate at the best threshold",
    "BEST_FALSE_ALARM_RATE": "False-alarm rate at the best threshold",
    "SHIFT_EAST": "Eastward shift with the highest AUC of slope, or of the map without a DEM [m]",
    "SHIFT_NORTH": "Northward shift with the highest AUC of slope, or of the map without a DEM [m]",
    "LANDSLIDES_JUDGED": "Landslides on evaluated cells",
    "LANDSLIDE_CELLS": "Evaluated cells with a landslide",
    "STABLE_CELLS": "Stable cells compared",
}
PROBABILITY = 0.5  # from which a cell counts as failed, unless another is entered
_AUC_BY_CHANCE = 0.5
_DEPTH_COLUMNS = {"method": str, "auc": float}


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

    INPUTS = (
        raster_input(
            "MAP", "Map to evaluate",
            "Factor of safety, failure probability or failure mask; NoData cells are not evaluated.",
            kind=STABILITY_MAP, likely=likely_output("Factor of safety", "Failure probability", "Failure mask"),
        ),
        choice_input(
            "KIND", "Kind of map",
            "Detected from the band name that Slopecast writes, otherwise from the values: only 0 and 1 is a mask, "
            "values up to 1 a probability, above 1 a factor of safety. A probability whose band declares % is divided "
            "by 100.", choices=KINDS,
        ),
        vector_input(
            "LANDSLIDES", "Landslides",
            "Points or polygons (source areas). A polygon covers the cells whose centres it contains, or the cell it "
            "lies in if it contains none; a point covers its cell.",
            geometries=("Point", "Polygon"), likely=likely_landslides,
        ),
        vector_input(
            "STABLE", "Stable points",
            "Points that are known to be stable; if omitted, every evaluated cell without a landslide counts as "
            "stable.", optional=True, geometries=("Point",),
        ),
        number_input(
            "STABLE_DISTANCE", "Excluded distance around landslides [m]",
            "Cells closer than this (between centres) to a landslide cell do not count as stable, because landslide "
            "outlines are approximate. Stable points are kept. 0 excludes no cells; three cell widths are usual.",
            default=0.0, limits=(0.0, math.inf),
        ),
        vector_input(
            "MASK_LAYER", "Area to evaluate",
            "Polygons that the inventory covers; if omitted, the whole map is evaluated.",
            optional=True, geometries=("Polygon",),
        ),
        raster_input(
            "DEM", "Digital elevation model [m]",
            "For slope angle as a baseline, and to compare soil depth models; aligned to the map.",
            optional=True, kind=ELEVATION,
        ),
        number_input(
            "PROBABILITY_THRESHOLD", "Probability from which a cell counts as failed",
            "For hit rate and false-alarm rate of a probability; above 0, up to 1.",
            advanced=True, default=PROBABILITY, limits=(0.0, 1.0), above=True, decimals=6,
        ),
    )  # fmt: skip
    OUTPUTS = (
        report_output(
            "Curves, intervals, the displacement test of the landslides, and key figures in one file.",
            optional=False, by_default=True,
        ),
        sink_output(
            "DEPTH_MODELS", "Comparison of soil depth models",
            "Table with the columns method (of Estimate soil depth) and auc: how well the factor of safety of the "
            "soil column ranks the landslides with each estimated depth. Bounds and other parameters have their "
            "defaults. The table is also in the report.", optional=True, by_default=False,
        ),
    )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> Inputs:
        """Read them; raises :class:`InputError`, also for maps of something else."""
        inputs = super().inputs_of(parameters)
        check_stability_map(inputs.map)
        if inputs.dem is None and parameters.get("DEPTH_MODELS"):
            raise InputError(
                parameters.label("DEPTH_MODELS"),
                "needs an elevation model", "a digital elevation model (DEM)", "Enter one, or omit the table.",
            )  # fmt: skip
        return inputs

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Judge and write the report."""
        from .runs.inventory_validation import inventory_page, validate

        outcome = validate(inputs, log)
        numbers = outcome.numbers()
        known = numbers if outcome.judgement.slope else {**numbers, "SLOPE_AUC": None}
        log.pushNumbers(NUMBERS, known)
        _warn(inputs, outcome, log)
        check_cancelled(log)
        table = SinkTarget(parameters, "DEPTH_MODELS", log)
        with atomic_write([inputs.report.parent, *table.folders], "Report (REPORT)") as partials:
            write_text(partials.path(inputs.report), inventory_page(inputs.map.file_name, outcome, log))
            table.write_rows(partials, _DEPTH_COLUMNS, outcome.judgement.depth_models.items())
        table.raise_failure(Text("The report was written: {}.", inputs.report))
        return {"REPORT": str(inputs.report), **table.output, **numbers}


def _warn(inputs: Inputs, outcome: InventoryValidation, log: Log) -> None:
    """Log warnings about the map or the inventory."""
    scores, slope = outcome.judgement.map, outcome.judgement.slope
    if scores.auc < _AUC_BY_CHANCE and not is_named(inputs.map):
        log.pushCaution(
            Text(
                "{}: no name states what it contains, and it rates landslide cells as more stable than others (AUC "
                "{:.3f}). Is the kind of map right?",
                inputs.map.label, scores.auc,
            )
        )  # fmt: skip
    warn_of_calibration(inputs.map, log)
    if scores.counts.fn == scores.counts.fp == 0:
        log.pushCaution(
            Text("The map agrees with the landslides in every evaluated cell. Was one of them made from the other?")
        )
    if slope and scores.auc <= slope.auc:
        log.pushWarning(
            tr("Slope angle alone ranks the landslides equally well or better: AUC {:.3f}, map {:.3f}.")
            .format(slope.auc, scores.auc)
        )  # fmt: skip
    for text in outcome.judgement.evidence.warnings():
        log.pushWarning(text)
    if outcome.judgement.trend is not None and outcome.judgement.trend.warning:
        log.pushWarning(outcome.judgement.trend.warning)
