"""Processing algorithm that compares two failure masks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.raster.inputs import MASK
from ..text import Text
from .base import Inputs, SlopecastAlgorithm
from .inputs.likely_layers import likely_output
from .inputs.masks import read_mask
from .inputs.stability_maps import warn_of_calibration
from .outputs.provenance import is_result, provenance
from .outputs.rasters import RasterOutput
from .parameter_values import ParameterValues
from .parameters.definitions import raster_input

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from .log import Log

AGREEMENT = RasterOutput(
    "AGREEMENT", "Agreement", "", "agreement",
    "0 both stable (TN), 1 both failed (TP), 2 only the prediction failed (FP), "
    "3 only the reference failed (FN), NoData 255.",
    optional=False,
)  # fmt: skip
#: Share of a mask's cells; the metrics are then those of another area.
_MANY_UNCOMPARED = 0.01
_MASK_DOC = "Failure mask: 0 stable, 1 failed, NoData elsewhere."
_NUMBERS = {
    "TP": "True positives [cells]",
    "FP": "False positives [cells]",
    "FN": "False negatives [cells]",
    "TN": "True negatives [cells]",
    "IOU": "Intersection over union",
    "DICE": "Dice coefficient",
    "ACCURACY": "Accuracy",
    "PRECISION": "Precision",
    "RECALL": "Recall",
    "MEAN_IOU": "Mean IoU (of one pair: its IoU)",
    "POOLED_IOU": "Pooled IoU (of one pair: its IoU)",
}


class CompareMasks(SlopecastAlgorithm):
    """Counts and maps the agreement of a predicted mask with a reference."""

    ID = "comparemasks"
    TITLE = "Compare masks"
    GROUP = "models"
    SUMMARY = (
        "Compares a predicted failure mask with a reference cell by cell: a map of true and false positives and "
        "negatives, and the metrics. Cells that are NoData in either mask are ignored. Compared with the engine's "
        "mask, the metrics measure fidelity to the engine; compared with mapped landslides, agreement with "
        "observations."
    )
    TAGS = ("IoU", "Dice", "confusion matrix", "accuracy")
    NUMBERS = _NUMBERS

    INPUTS = (
        raster_input("PREDICTED", "Predicted mask", _MASK_DOC, kind=MASK, likely=likely_output("Failure mask")),
        raster_input(
            "REFERENCE",
            "Reference mask",
            f"{_MASK_DOC} On the prediction's grid.",
            kind=MASK,
            likely=likely_output(),
        ),
    )
    OUTPUTS = (AGREEMENT,)

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Compare and write."""
        import numpy as np

        from ..core.map_parts.strips import row_strips
        from ..core.raster import scratch
        from ..core.validation import metrics

        predicted_source, reference_source = inputs.predicted, inputs.reference
        targets = self.targets(parameters)
        if predicted_source.same_values_as(reference_source):
            log.pushWarning(Text("Both masks are the same raster: the metrics compare it with itself."))
        if not is_result(reference_source.source):
            warn_of_calibration(predicted_source, log)
        predicted, grid = read_mask(predicted_source, log)
        reference, other = read_mask(reference_source, log)
        _check_same_grid(grid, other, reference_source.label, log)
        agreement, counts = scratch.empty(grid.shape, np.uint8), metrics.Counts()
        for at in row_strips(grid.shape):
            check_cancelled(log)
            agreement[at] = metrics.agreement_map(predicted[at], reference[at])
            counts += metrics.Counts.of_map(agreement[at])
            log.setProgress(100.0 * at.stop / grid.rows)
        if not counts.valid:
            raise InputError(
                reference_source.label, "has no valid cell in common with the predicted mask", "masks that overlap",
                "Check their NoData values.",
            )  # fmt: skip
        _report_uncompared(predicted, reference, counts.valid, log)
        numbers = {"TP": counts.tp, "FP": counts.fp, "FN": counts.fn, "TN": counts.tn}
        numbers |= {name.upper(): formula(counts) for name, formula in metrics.FORMULAS.items()}
        log.pushNumbers(_NUMBERS, numbers)
        if counts.tn == counts.valid:
            log.pushWarning(
                Text("No cell fails in either mask: IoU and Dice are 1 by definition, and do not measure agreement.")
            )
        numbers |= dict.fromkeys(("MEAN_IOU", "POOLED_IOU"), numbers["IOU"])
        metadata = provenance(
            self.ID, log, predicted=predicted_source.file_name, reference=reference_source.file_name,
            **{key.lower(): str(value) if isinstance(value, int) else f"{value:.6g}" for key, value in numbers.items()},
        )  # fmt: skip
        paths = targets.write({"AGREEMENT": agreement}, grid, metadata, log)
        return {**paths, **numbers}


def _report_uncompared(predicted: np.ndarray, reference: np.ndarray, compared: int, log: Log) -> None:
    """Count the cells that only one of the masks (rows, cols) knows; a warning where they are many."""
    from ..core.grid import MASK_NODATA

    for known, other in ((predicted, "REFERENCE"), (reference, "PREDICTED")):
        count = int((known != MASK_NODATA).sum())
        if count > compared:
            report = log.pushWarning if count - compared > _MANY_UNCOMPARED * count else log.pushInfo
            report(Text("{} of {} cells are not compared: {} is NoData there.", count - compared, count, other))


def _check_same_grid(grid: Grid, other: Grid, label: str, log: Log) -> None:
    known = bool(grid.crs_wkt) and bool(other.crs_wkt)
    if known and not grid.same_crs_as(other):
        raise InputError(
            label, "has another coordinate system than the predicted mask", "masks in one coordinate system",
            "Reproject it with Raster > Projections > Warp (Reproject), by nearest neighbour.",
        )  # fmt: skip
    if not grid.same_as(other):
        text = "has {} x {} cells of {:g} m on another grid than the {} x {} cells of {:g} m of the predicted mask"
        cells = other.cols, other.rows, other.cell_width, grid.cols, grid.rows, grid.cell_width
        raise InputError(
            label, Text(text, *cells), "the same cells",
            "Align it to the grid of the other with Raster > Projections > Warp (Reproject), nearest neighbour.",
        )  # fmt: skip
    if not known and (grid.crs_wkt or other.crs_wkt):
        log.pushCaution(Text("One of the masks has no coordinate system; the other's is assumed, as the cells agree."))
