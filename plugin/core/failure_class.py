"""Failure classes of cells: stable, failed in the event, or unstable under initial conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import numpy as np

from ..text import Text
from ..variables import BY_NAME

if TYPE_CHECKING:
    from .physics.critical_values import CohesionCounts
    from .reports.run_summary import RunSummary

STABLE, FAILS_IN_EVENT, UNSTABLE_BEFORE, STABLE_AGAIN = 0, 1, 2, 3
#: Labels of the classes; those of the shipped style are the same, and short enough for the Layers panel.
CLASS_LABELS = (
    "stable", "fails in the event", "unstable before and after rain", "unstable before rain only",
)  # fmt: skip
#: Colour and opacity (0 to 255) of the classes, as in the shipped style.
CLASS_COLOURS = (("#b5d1ea", 150), ("#d7301f", 230), ("#4a1486", 240), ("#fee391", 240))
#: Share of the failed cells from which cells with FS < 1 under initial conditions are reported.
_REPORTED_SHARE = 0.01
#: Shares of the failed and of the valid cells beyond which the strength should be calibrated first.
_LARGE_SHARE_OF_FAILED, _LARGE_SHARE_OF_VALID = 0.2, 0.05


def failure_classes(failed: np.ndarray, unstable_before: np.ndarray) -> np.ndarray:
    """Class of each cell, uint8 of the arguments' shape.

    Args:
        failed: boolean, FS < 1 at the end of the event, or at its worst where that is evaluated.
        unstable_before: boolean, FS < 1 under initial conditions.
    """
    before = np.where(failed, np.uint8(UNSTABLE_BEFORE), np.uint8(STABLE_AGAIN))
    return np.where(unstable_before, before, np.where(failed, np.uint8(FAILS_IN_EVENT), np.uint8(STABLE)))


def should_be_calibrated(before: int, failed: float, valid: int) -> bool:
    """Whether so many cells have FS < 1 under initial conditions that the strength should be calibrated first.

    Args:
        before: cells of class 2.
        failed, valid: failed and valid cells.
    """
    return before > _LARGE_SHARE_OF_FAILED * failed or before > _LARGE_SHARE_OF_VALID * valid


def classes_text(counts: tuple[int, int, int, int]) -> Text:
    """A line with the number of cells of each class."""
    lines = (Text("{} {}: {:,}", number, Text(CLASS_LABELS[number]), count) for number, count in enumerate(counts))
    return Text("Failure classes: {}; {}; {}; {}.", *lines)


def initial_failure_warnings(result: RunSummary, cohesions: Callable[[], CohesionCounts]) -> list[Text]:
    """Warnings of cells with FS < 1 under initial conditions, as strength, depth or water may be wrong.

    Args:
        result: of a map; cohesions: counts the cohesions that its cells need.

    A mask shows the end of the event alone: where water drains fast, it shows cells as stable that failed before.
    """
    counts = result.class_cells
    if counts is None:
        return []
    before, again, failed = counts[UNSTABLE_BEFORE], counts[STABLE_AGAIN], result.failed_cells
    warnings = []
    if again > _REPORTED_SHARE * failed:
        warnings.append(
            Text(
                "{:,} cells have FS < 1 under initial conditions and FS >= 1 at the end of the event, as water drains: "
                "the mask shows stable slopes there. If the initial water table is right, those slopes have failed: "
                "run 'Simulate factor of safety' for the minimum over the event.",
                again,
            )
        )
    if before > _REPORTED_SHARE * failed:
        warnings.append(
            Text(
                "{:,} of the {:,} failed cells have FS < 1 under initial conditions. If those slopes are stable in "
                "nature, their cohesion or friction angle is too low, or the soil depth or initial water table too "
                "high.",
                before, failed,
            )
        )  # fmt: skip
    if should_be_calibrated(before, failed, result.valid_cells):
        warnings.append(_advice(cohesions()))
    return warnings


def initial_failure_warnings_at_means(cohesions: CohesionCounts, failed: float) -> list[Text]:
    """Warnings on a map of probabilities, of cells with FS < 1 under initial conditions.

    Args:
        cohesions: that cells need with the mean parameters; failed: cells expected to fail, the sum of probabilities.
    """
    before = cohesions.unstable_cells
    if before <= _REPORTED_SHARE * failed:
        return []
    warnings = [
        Text(
            "With the mean parameters (of a table: with its first row) {:,} cells have FS < 1 under initial "
            "conditions: the probability there is not that of failure by this rain. If those slopes are stable in "
            "nature, their cohesion or friction angle is too low, or the soil depth or initial water table too high.",
            before,
        )
    ]
    if should_be_calibrated(before, failed, cohesions.cells):
        warnings.append(_advice(cohesions))
    return warnings


def _advice(needed: CohesionCounts) -> Text:
    """The cohesion, or the factor on a raster of it, with which most cells are stable under initial conditions."""
    from .physics.critical_values import wanted_share

    most, share = BY_NAME["cohesion"].maximum, wanted_share(needed.stable_share)
    value = needed.for_share(share)
    if needed.of_raster:
        if value * needed.greatest <= most:
            return Text(
                "Calibrate the strength: with the cohesion raster multiplied by {:g}, {:g} % of the cells have FS >= 1 "
                "under initial conditions.",
                value, 100.0 * share,
            )  # fmt: skip
        return Text(
            "No factor on the cohesion raster within {:g} kPa is enough for FS >= 1 under initial conditions in {:g} % "
            "of the cells. Check its low values, the soil depth and the initial water table.",
            most, 100.0 * share,
        )  # fmt: skip
    if value <= most:
        return Text(
            "Calibrate the strength: with a cohesion of {:g} kPa instead of {:g} kPa, {:g} % of the cells have FS >= 1 "
            "under initial conditions.",
            value, needed.greatest, 100.0 * share,
        )  # fmt: skip
    return Text(
        "No cohesion up to {:g} kPa is enough for FS >= 1 under initial conditions in {:g} % of the cells. Check the "
        "soil depth and the initial water table.",
        most, 100.0 * share,
    )  # fmt: skip
