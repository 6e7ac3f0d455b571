"""Zones of a map: their numbers by cell, and counts of failed cells in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

import numpy as np

from ...text import Text, measure, span
from ..errors import InputError
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..grid import Grid
from ..map_parts.strips import made_of_strips, row_strips
from ..quantities.numbers import NotANumber, parse_number, shown
from ..quantities.units import Conversion
from ..raster import scratch
from .polygon_cells import runs_of_cells

NO_ZONE = -1
#: Polygons after which the memory of large arrays is released.
_POLYGONS_HELD = 1000


@dataclass(frozen=True)
class Quantity:
    """Quantity of a field: its label in messages, its physical range, and what to do about a value out of it."""

    label: str
    unit: str
    minimum: float
    maximum: float
    advice: str = ""


def zones_of_cells(polygons: Sequence[bytes], grid: Grid, feedback: Feedback | None = None) -> tuple[np.ndarray, int]:
    """Find the polygon in which each cell's centre lies.

    Args:
        polygons: as WKB, in the grid's coordinate system.

    Returns:
        (int32 (rows, cols): position in ``polygons`` or -1 outside all, number of cells in more than one polygon:
        they take the last one).
    """
    index, twice = scratch.full(grid.shape, NO_ZONE, np.int32), 0
    changes = scratch.full((grid.rows, grid.cols + 1), 0, np.int32)
    for runs in scratch.releasing(runs_of_cells(polygons, grid, feedback), _POLYGONS_HELD):
        inside = runs.within(grid.shape)
        np.add.at(changes, (inside.row, inside.start), 1)
        np.add.at(changes, (inside.row, inside.stop), -1)
        for cells in inside.indices(grid.cols):
            index.reshape(-1)[cells] = runs.polygon
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


@dataclass(frozen=True)
class ZoneCounts:
    """Counts of cells by polygon; overlapping polygons count shared cells independently.

    Attributes:
        cells: cells of each polygon, those beyond the mask's border and on NoData included; int64 (polygons,).
        valid: those of them that the mask judges.
        mean, minimum, maximum: of the valid cells' values; NaN where none is valid.
        cell_area: horizontal area of a cell [m2].
        single: how many polygons hold no cell's centre and have the one cell in which they lie.
    """

    cells: np.ndarray
    valid: np.ndarray
    failed: np.ndarray
    mean: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    cell_area: float
    single: int

    @property
    def failed_share(self) -> np.ndarray:
        """Failed cells over valid ones, 0 to 1; NaN where none is valid: it is not known whether anything fails."""
        return _ratio(self.failed, self.valid)

    @property
    def valid_share(self) -> np.ndarray:
        """Valid cells over all, 0 to 1; NaN for a polygon without a cell (an empty geometry)."""
        return _ratio(self.valid, self.cells)

    @property
    def failed_area(self) -> np.ndarray:
        """Area of the failed cells [m2]; NaN where none is valid."""
        return np.where(self.valid > 0, self.failed * self.cell_area, np.nan)


def count_failed(
    fails: Callable[[np.ndarray], np.ndarray], values: np.ndarray, grid: Grid, polygons: Sequence[bytes],
    feedback: Feedback | None = None,
) -> ZoneCounts:  # fmt: skip
    """Count the cells of polygons by the rule of :mod:`.polygon_cells`, one cell at least.

    Args:
        values: (rows, cols) to be summarized, NaN for NoData: those cells are not valid.
        polygons: as WKB in the grid's coordinate system.
    """
    feedback = feedback or Feedback()
    check_cancelled(feedback)
    cells, valid, failing = np.zeros((3, len(polygons)), dtype=np.int64)
    total = np.zeros(len(polygons))
    least, greatest = np.full(len(polygons), np.nan), np.full(len(polygons), np.nan)
    single = 0
    progress = PartialFeedback(feedback, 20.0, 90.0)
    for runs in scratch.releasing(runs_of_cells(polygons, grid, feedback, at_least_one=True), _POLYGONS_HELD):
        at = runs.polygon
        single += runs.single
        cells[at] += runs.count
        for index in runs.within(grid.shape).indices(grid.cols):
            known = values.reshape(-1)[index]
            known = known[np.isfinite(known)]
            if known.size:
                valid[at] += known.size
                failing[at] += np.count_nonzero(fails(known))
                total[at] += known.sum(dtype=np.float64)
                least[at], greatest[at] = np.fmin(least[at], known.min()), np.fmax(greatest[at], known.max())
        progress.setProgress(100.0 * (at + 1) / len(polygons))
    return ZoneCounts(cells, valid, failing, _ratio(total, valid), least, greatest, grid.cell_area, single)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part over whole, NaN where there is nothing."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
