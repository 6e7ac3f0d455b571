"""Reads hyetographs from tables, with unit conversion and complete error reports."""

from __future__ import annotations

from typing import Any, Sequence

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..numbers import is_empty
from ..rainfall import Hyetograph
from .cell_errors import TableError
from .column_names import HYETOGRAPH
from .columns import find_columns
from .limits import check_rows

LABEL = "Hyetograph (HYETOGRAPH)"


def hyetograph_from_table(
    header: Sequence[str], rows: Sequence[Sequence[Any]], feedback: Feedback | None = None, label: str = LABEL
) -> Hyetograph:
    """Make a hyetograph from a table; empty rows at its end are passed over.

    Args:
        header: titles; one means the hour, one the rainfall, with or without a unit, which is converted.
        rows: numbers, or texts that hold one.
        feedback: takes which columns are not used, and which are converted.
        label: name of the table in messages.

    Raises:
        TableError: names every bad title and cell.
        InputError: no row, or no column of the hour or the rainfall.
    """
    rows = list(rows)
    check_rows(len(rows), label)
    while rows and all(map(is_empty, rows[-1])):
        rows.pop()
    found, errors = find_columns(header, rows, HYETOGRAPH, label, feedback or Feedback())
    missing = [quantity.name for quantity in HYETOGRAPH if quantity.name not in found]
    if missing and not errors:
        titles = ", ".join(map(str, header)) or "none"
        raise InputError(
            label, Text("has no column '{}'; its columns are {}", missing[0], titles), "the columns hour and rainfall",
            "Name them in the file's first line.",
        )  # fmt: skip
    if missing or any(column.problem for column in found.values()):
        raise TableError(errors, label)
    columns = [found[quantity.name] for quantity in HYETOGRAPH]
    places = [column.place for column in columns]
    cells = [tuple(row[place] if place < len(row) else None for place in places) for row in rows]
    try:
        made = Hyetograph.from_rows(cells, columns)
    except TableError as error:
        raise TableError([*errors, *error.errors], label) from None
    if errors:
        raise TableError(errors, label)
    return made
