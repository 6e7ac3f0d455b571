"""Agreement of two failure masks: counts, and metrics computed from the counts.

Masks are uint8 (rows, cols): 0 stable, 1 failed, 255 NoData; a cell that is NoData in either
mask is left out of everything. Agreement with the engine's mask is fidelity to the engine,
agreement with mapped landslides is truth: the formulas are the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Sequence

import numpy as np

from ..errors import InputError
from ..grid import MASK_NODATA
from ..polygons.regions import dilated

TRUE_NEGATIVE, TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE = 0, 1, 2, 3


@dataclass(frozen=True)
class Bin:
    """Values above ``low``, up to ``high``."""

    label: str
    low: float
    high: float


#: Failed cells of the reference.
BINS: tuple[Bin, ...] = (
    Bin("0", -1, 0),
    Bin("1-100", 0, 100),
    Bin("100-1k", 100, 1_000),
    Bin("1k-3k", 1_000, 3_000),
    Bin("3k-7.5k", 3_000, 7_500),
    Bin("7.5k-20k", 7_500, 20_000),
    Bin("> 20k", 20_000, math.inf),
)


def bin_number(bins: Sequence[Bin], value: float) -> int:
    """Number of the bin, of some that follow each other, in which a value lies."""
    return next(number for number, one in enumerate(bins) if value <= one.high)


@dataclass(frozen=True)
class Counts:
    """Cells by agreement: true and false positives (failed), false and true negatives (stable)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @classmethod
    def of(cls, predicted: np.ndarray, reference: np.ndarray) -> Counts:
        """Count the cells that are valid in both masks.

        Raises:
            InputError: the shapes differ, or a mask holds other values than 0, 1 and 255.
        """
        return cls.of_map(agreement_map(predicted, reference))

    @classmethod
    def of_map(cls, agreement: np.ndarray) -> Counts:
        """Count the cells of an :func:`agreement_map`."""
        number = np.bincount(agreement.ravel(), minlength=MASK_NODATA + 1)
        return cls(
            tp=int(number[TRUE_POSITIVE]), fp=int(number[FALSE_POSITIVE]),
            fn=int(number[FALSE_NEGATIVE]), tn=int(number[TRUE_NEGATIVE]),
        )  # fmt: skip

    def __add__(self, other: Counts) -> Counts:
        """Sum the counts of two cases."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @property
    def valid(self) -> int:
        """Cells that were compared."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def reference_failed(self) -> int:
        """Failed cells of the reference."""
        return self.tp + self.fn


def iou(counts: Counts) -> float:
    """Intersection over union, TP / (TP + FP + FN); 1 where neither mask has a failed cell: they agree."""
    union = counts.tp + counts.fp + counts.fn
    return counts.tp / union if union else 1.0


def dice(counts: Counts) -> float:
    """Dice coefficient (F1), 2 TP / (2 TP + FP + FN); 1 where neither mask has a failed cell: they agree."""
    total = 2 * counts.tp + counts.fp + counts.fn
    return 2 * counts.tp / total if total else 1.0


def accuracy(counts: Counts) -> float:
    """Share of the cells on which the masks agree; NaN without a valid cell."""
    return ratio(counts.tp + counts.tn, counts.valid)


def precision(counts: Counts) -> float:
    """Share of the predicted failures that are in the reference, TP / (TP + FP); NaN where none is predicted."""
    return ratio(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> float:
    """Share of the reference's failures that are predicted, TP / (TP + FN); NaN where the reference has none."""
    return ratio(counts.tp, counts.reference_failed)


#: Metrics by name, each computed from counts.
FORMULAS: dict[str, Callable[[Counts], float]] = {
    "iou": iou, "dice": dice, "accuracy": accuracy, "precision": precision, "recall": recall,
}  # fmt: skip


def agreement_map(predicted: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Map of agreement, uint8 (rows, cols): 0 TN, 1 TP, 2 FP, 3 FN, 255 NoData in either mask.

    Raises:
        InputError: a mask holds other values than 0, 1 and 255.
    """
    fails, failed = _failed(predicted, "Predicted mask (PREDICTED)"), _failed(reference, "Reference mask (REFERENCE)")
    agreement = np.where(fails, FALSE_POSITIVE, TRUE_NEGATIVE).astype(np.uint8)
    agreement[failed] = FALSE_NEGATIVE
    agreement[fails & failed] = TRUE_POSITIVE
    agreement[(predicted == MASK_NODATA) | (reference == MASK_NODATA)] = MASK_NODATA
    return agreement


def tolerant_iou(predicted: np.ndarray, reference: np.ndarray) -> float:
    """IoU with a tolerance of one cell: a failed cell is a hit if the other mask has one next to it.

    Hits over all cells that fail in either mask, next to it meaning at most a row and a column away; 1 where neither
    mask has a failed cell.

    Raises:
        InputError: as :func:`agreement_map`.
    """
    agreement = agreement_map(predicted, reference)
    both = agreement == TRUE_POSITIVE
    fails, failed = both | (agreement == FALSE_POSITIVE), both | (agreement == FALSE_NEGATIVE)
    hits = (fails & dilated(failed, 1)) | (failed & dilated(fails, 1))
    union = int((fails | failed).sum())
    return int(hits.sum()) / union if union else 1.0


def summarise(cases: Sequence[Counts]) -> dict[str, Any]:
    """Metrics over many cases, grouped by the size of the reference.

    *Mean* IoU is the mean over the cases whose reference is not empty; *pooled* values come from
    the summed counts of all cases. Cases with an empty reference are described by their false positives:
    their IoU is 1 or 0 and not informative. Means of no case are NaN.

    Returns:
        ``cases``, ``valid_cells``; ``mean_iou``, ``mean_dice``, ``mean_precision``, ``mean_recall`` over the
        cases with failures, ``mean_accuracy`` over all; ``pooled_`` the same five; ``empty_reference_cases``,
        ``empty_reference_false_cells`` (number in all) and ``empty_reference_mean_false_cells`` (per case);
        ``bins``: a list, a dict per entry of :data:`BINS` with ``failed_cells`` (its label), ``cases``,
        ``mean_iou``, ``pooled_iou``, ``mean_false_cells`` (FP + FN per case).
    """
    with_failures = [c for c in cases if c.reference_failed]
    empty = [c for c in cases if not c.reference_failed]
    pooled = sum(cases, Counts())
    summary: dict[str, Any] = {"cases": len(cases), "valid_cells": pooled.valid}
    for name, formula in FORMULAS.items():
        among = cases if name == "accuracy" else with_failures
        summary[f"mean_{name}"] = known_mean(formula(c) for c in among)
        summary[f"pooled_{name}"] = formula(pooled)
    summary["empty_reference_cases"] = len(empty)
    summary["empty_reference_false_cells"] = sum(c.fp for c in empty)
    summary["empty_reference_mean_false_cells"] = known_mean(c.fp for c in empty)
    summary["bins"] = [_summary_of_bin(b, cases) for b in BINS]
    return summary


def _summary_of_bin(one: Bin, cases: Sequence[Counts]) -> dict[str, Any]:
    inside = [c for c in cases if one.low < c.reference_failed <= one.high]
    with_failures = [c for c in inside if c.reference_failed]
    return {
        "failed_cells": one.label,
        "cases": len(inside),
        "mean_iou": known_mean(iou(c) for c in with_failures),
        "pooled_iou": iou(sum(with_failures, Counts())) if with_failures else math.nan,
        "mean_false_cells": known_mean(c.fp + c.fn for c in inside),
    }


def known_mean(values: Iterable[float]) -> float:
    """Mean of the values that are defined, NaN without any."""
    defined = [value for value in values if not math.isnan(value)]
    return sum(defined) / len(defined) if defined else math.nan


def ratio(part: int, whole: int) -> float:
    """Share of a whole; NaN of nothing."""
    return part / whole if whole else math.nan


def _failed(mask: np.ndarray, label: str) -> np.ndarray:
    failed = mask == 1
    if not (failed | (mask == 0) | (mask == MASK_NODATA)).all():
        raise InputError(
            label, "contains values other than 0 (stable), 1 (failed) and 255 (NoData)", "a failure mask",
            "Make a mask first, e.g. with the raster calculator: factor of safety < 1.",
        )  # fmt: skip
    return failed
