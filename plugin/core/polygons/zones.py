"""Rasterizes polygon attributes: each cell gets the value of the zone at its centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from ...text import Text, measure, span
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..numbers import NotANumber, parse_number, shown
from ..raster import scratch
from ..strips import made_of_strips, row_strips
from ..units import Conversion
from .polygon_cells import runs_of_cells

NO_ZONE = -1


@dataclass(frozen=True)
class Quantity:
    """Quantity of a field: its label and key in messages, and its limits.

    Attributes:
        label: as the user knows it, e.g. ``"Cohesion"``.
        unit: e.g. ``"kPa"``.
        minimum, maximum: physical range.
        advice: what to do about a value out of it.
    """

    label: str
    unit: str
    minimum: float
    maximum: float
    advice: str = ""


def zones_of_cells(polygons: Sequence[bytes], grid: Grid, feedback: Feedback | None = None) -> tuple[np.ndarray, int]:
    """Find the polygon in which each cell's centre lies.

    Args:
        polygons: as WKB, in the grid's coordinate system.
        grid: cells.
        feedback: for cancellation.

    Returns:
        (int32 (rows, cols): position in ``polygons`` or -1 outside all, number of cells in more than one polygon:
        they take the last one).
    """
    index, twice = scratch.full(grid.shape, NO_ZONE, np.int32), 0
    changes = scratch.full((grid.rows, grid.cols + 1), 0, np.int32)
    for runs in runs_of_cells(polygons, grid, feedback):
        inside = runs.within(grid.shape)
        np.add.at(changes, (inside.row, inside.start), 1)
        np.add.at(changes, (inside.row, inside.stop), -1)
        for zone, row, start, stop in zip(
            *(a.tolist() for a in (inside.polygon, inside.row, inside.start, inside.stop))
        ):
            index[row, start:stop] = zone
        scratch.release()
    for at in row_strips(grid.shape):
        twice += int((np.cumsum(changes[at], axis=1) > 1).sum())
    return index, twice


def values_of_cells(zones: np.ndarray, values: Sequence[float]) -> np.ndarray:
    """Map the values of zones: float32 (rows, cols), NaN outside all zones."""
    table = np.append(np.asarray(values, dtype=np.float32), np.float32(np.nan))  # the last one is NO_ZONE's
    return made_of_strips(zones.shape, np.float32, lambda at: table[zones[at]])


def field_values(
    values: Sequence[Any], names: Sequence[str], field: str, quantity: Quantity, converted: Conversion | None = None
) -> list[float]:
    """Convert a field's values to numbers within the quantity's range; numbers stored as text are accepted.

    Args:
        values: one per feature; ``None`` is NULL.
        names: of the features, for messages.
        field: the field's name.
        quantity: what it holds.
        converted: from the field's unit into the quantity's; ``None`` where they are the same.

    Raises:
        InputError: names the feature, the field and the value that is no number or out of range.
    """
    allowed = span(quantity.minimum, quantity.maximum, quantity.unit)
    numbers = []
    for value, name in zip(values, names):
        label = Text("{}: field '{}' of {}", Text(quantity.label), field, name)
        if value is None:
            raise InputError(
                label, "is NULL", allowed, "Enter a value for the zone, or remove the zone: its cells are then NoData."
            )
        try:
            number = parse_number(value)
        except NotANumber as error:
            raise InputError(label, error.problem, allowed, quantity.advice) from None
        shown_value = measure(number, quantity.unit)
        if converted is not None and converted.changes:
            number = converted(number)
            shown_value = Text("{} {} = {}", shown(value), converted.source, measure(number, quantity.unit))
        if not quantity.minimum <= number <= quantity.maximum:
            raise InputError(label, Text("{} is out of range", shown_value), allowed, quantity.advice)
        numbers.append(number)
    return numbers
