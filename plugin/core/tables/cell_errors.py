"""Errors of a table by cell; all are reported together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from ...text import Text, as_text, joined
from ..errors import InputError

#: Number of the row of titles.
HEADER = 0
#: Errors of a whole column are one line; the message has at most so many lines.
_MOST_LINES = 200


@dataclass(frozen=True)
class CellError:
    """Error of one cell of a table.

    Attributes:
        row: number of the row, from 1, the header not counted; :data:`HEADER` for the header.
        column: name of the column; empty where the row as a whole is wrong.
    """

    row: int
    column: str
    problem: str
    allowed: str = ""


class TableError(InputError):
    """Everything that is wrong with a table; ``errors`` holds it cell by cell."""

    def __init__(self, errors: Sequence[CellError], label: str) -> None:
        self.errors = tuple(errors)
        lines = _lines(self.errors)
        more = [Text("... and {} more lines", len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
        listing = joined("\n  ", ["", *lines[:_MOST_LINES], *more])
        count = Text("{} errors", len(errors))
        super().__init__(label, Text("has {}; nothing was run (row 1 is the first below the header){}", count, listing))


def _lines(errors: Sequence[CellError]) -> list[Text]:
    """One line for each problem of a column, with all the rows that have it."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for error in errors:
        rows.setdefault((error.column, error.problem, error.allowed), []).append(error.row)
    lines = []
    for (column, problem, allowed), numbers in rows.items():
        place = Text("{}, column '{}'", _spans(numbers), column) if column else _spans(numbers)
        described = Text("{}: {}", place, as_text(problem))
        lines.append(Text("{} (allowed: {})", described, as_text(allowed)) if allowed else described)
    return lines


def _spans(numbers: Sequence[int]) -> Text:
    """Rows in words: ``row 3``, ``rows 1-4, 7``, ``header``."""
    if set(numbers) == {HEADER}:
        return Text("header")
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    ranges = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans)
    return Text("rows {}", ranges) if len(numbers) > 1 else Text("row {}", ranges)
