"""Reads tables of parameters, a scenario a row, and hyetographs; all errors are reported together."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import partial
from statistics import median
from typing import Any, Callable, Iterable, Mapping, Sequence

from ...text import Text, measure
from ...variables import BY_NAME
from ..errors import InputError
from ..feedback import Feedback
from ..quantities.foreign_text import foreign_text, has_hidden
from ..quantities.numbers import NotANumber, is_empty, shown
from ..rainfall import Hyetograph, storm_errors
from ..scenario import Scenario, Value, check_value
from .cell_errors import CellError, TableError
from .column_names import HYETOGRAPH, PARAMETERS, TableQuantity, letters_and_digits
from .columns import TableColumn, find_columns
from .limits import MOST_SCENARIOS, check_rows

LABEL = "Parameter table (TABLE)"
#: Columns of texts: names of the rows; the soil depth of sets that were calibrated to landslides, cut by dBase too.
NAME, CALIBRATED_DEPTH = "name", ("calibrated_soil_depth", "calibrated")
_COLUMNS = f"columns named like the parameters ({', '.join(BY_NAME)}) and optionally name"
_TEXTS = {NAME, *CALIBRATED_DEPTH}
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
#: Names that Windows keeps for devices, whatever their extension.
_DEVICES = {
    "con", "prn", "aux", "nul", "conin$", "conout$", "clock$",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789\u00b9\u00b2\u00b3"),
}  # fmt: skip
_LONGEST_NAME = 100
#: Names of rows below a table that summarize it, and the fewest rows above them.
_SUMMARIES = re.compile(
    "mean|average|avg|median|totals?|sum|std|stdev|sd|standarddeviation|min|minimum|max|maximum|count|mittel|mittelwert|"
    "durchschnitt|summe|gesamt|moyenne|somme|media|promedio|suma|\ud3c9\uade0|\ud569\uacc4|\ucd1d\uacc4|"
    "\ud45c\uc900\ud3b8\ucc28|\ucd5c\uc18c|\ucd5c\ub300"
)
_LEAST_SUMMARIZED = 3
#: Rows of a rain gauge, and how much an hour's row, whose amount is its intensity, may differ from 1 h.
_FEWEST_OF_GAUGE, _HOUR_TOLERANCE = 5, 0.01
#: Share of rows longer than an hour that are equally long where a gauge measured: parts of a design storm differ.
_EQUAL_SHARE = 0.8
_STORM_CELLS = {
    "hour": "hours since the start of the rain, as numbers with a decimal point",
    "rainfall": "numbers with a decimal point",
}
_IS_RATE = re.compile(r"(?i)intens|\brate\b")
_MINUTES_OF_RATE = re.compile(r"(?i)(\d+)\s*min")
_UNREADABLE = "\ufffd"  # replaces letters of another encoding


def scenarios_from_table(
    header: Sequence[str], rows: Iterable[Sequence[Any]], defaults: Mapping[str, Value] | None = None,
    feedback: Feedback | None = None, label: str = LABEL, quantities: Sequence[TableQuantity] = PARAMETERS,
) -> list[Scenario]:  # fmt: skip
    """Make a named scenario from every row of a table.

    Rows without any value, which spreadsheets leave at the end, are passed over; they count in the rows' numbers.

    Args:
        header: titles of the columns: the parameters' keys, labels or usual symbols, with or without a unit, which is
            converted (``cohesion``, ``Cohesion [kPa]``, ``c (psf)``, ``rainfall_mm_day``), and ``name``.
        defaults: values by lower-case name for parameters that have no column; where missing, the parameter's own.

    Returns:
        scenarios in the order of the rows, each with a name of its own that is safe as a file's: that of the column
        ``name``, or ``row_0001`` and so on.

    Raises:
        TableError: names every bad cell by row and column.
        InputError: no row, or no known column.
    """
    rows = list(rows)
    check_rows(len(rows), label, MOST_SCENARIOS)
    columns, errors = find_columns(header, rows, quantities, label, feedback or Feedback(), texts=_TEXTS)
    if not errors and not set(columns) - _TEXTS:
        titles = ", ".join(f"'{title}'" for title in header) or "none"
        raise InputError(label, Text("has no column of a parameter; its columns are {}", titles), _COLUMNS)
    scenarios: list[Scenario] = []
    named: dict[str, int] = {}
    empty = True
    for number, row in enumerate(rows, start=1):
        if all(map(is_empty, row)):
            continue
        cells = {name: row[column.place] if column.place < len(row) else None for name, column in columns.items()}
        empty = False
        found: list[CellError] = []
        values: dict[str, float] = {}
        for variable in (BY_NAME[name] for name in cells if not (name in _TEXTS or columns[name].problem)):
            column, check = columns[variable.name], partial(check_value, variable)
            values[variable.name] = _number(column, cells[variable.name], number, found, variable.allowed, check)
        name, wrong = _name(number, cells.get(NAME), named)
        found += [*wrong, *_surplus_cell_errors(number, row, header)]
        if not found:
            try:
                scenarios.append(Scenario.from_mapping({**(defaults or {}), **values}, name=name))
            except InputError as error:  # of values that do not go together
                found.append(CellError(number, "", error.args[0]))
        errors += found
    if errors:
        raise TableError(errors, label)
    if empty:
        raise InputError(label, "has no rows", "a row for each scenario below the header")
    summary = _summary_row(rows, columns)
    if summary and feedback:
        feedback.pushWarning(
            Text(
                "{}: row {} seems to summarize the rows above it, such as their mean or sum, and is used as a "
                "scenario too. Delete it if it is none.", label, summary,
            )
        )  # fmt: skip
    return scenarios


def _summary_row(rows: Sequence[Sequence[Any]], columns: Mapping[str, TableColumn]) -> int:
    """Number of the first of the last rows that seem to summarize those above; 0 where there is none."""
    numbers = {column.place for name, column in columns.items() if name not in _TEXTS}
    filled = [(number, row) for number, row in enumerate(rows, start=1) if not all(map(is_empty, row))]
    labels = [[cell for place, cell in enumerate(row) if place not in numbers] for _, row in filled]
    count = len(filled)
    while count and any(
        isinstance(cell, str) and _SUMMARIES.fullmatch(letters_and_digits(cell)) for cell in labels[count - 1]
    ):
        count -= 1
    if count == len(filled) and count and all(map(is_empty, labels[-1])):
        others = list(zip(*labels[:-1]))
        count -= any(not any(map(is_empty, cells)) for cells in others)
    return filled[count][0] if _LEAST_SUMMARIZED <= count < len(filled) else 0


def _number(
    column: TableColumn, cell: Any, row: int, errors: list[CellError], allowed: str,
    check: Callable[[float], float] = float,
) -> float:  # fmt: skip
    """A cell's number; NaN and an error more where it holds none, or one that a check refuses."""
    try:
        return check(column.number(cell))
    except NotANumber as error:
        problem = Text("is empty") if is_empty(cell) else error.problem
    except InputError:
        problem = Text("{} is out of range", column.measure(cell))
    errors.append(CellError(row, column.title, problem, allowed))
    return math.nan


def _surplus_cell_errors(number: int, row: Sequence[Any], header: Sequence[Any]) -> list[CellError]:
    """Error of a row with more cells than titles."""
    if all(map(is_empty, row[len(header) :])):
        return []
    problem = Text("has {} cells, but there are {} titles", len(row), len(header))
    return [CellError(number, "", problem, "decimal points instead of commas; texts with commas in quotation marks")]


def _name(number: int, cell: Any, named: dict[str, int]) -> tuple[str, list[CellError]]:
    """Name of a row, and its errors; named: rows by the names so far."""
    if is_empty(cell):
        name = f"row_{number:04d}"
    elif isinstance(cell, float) and cell.is_integer():  # spreadsheets keep 2011 as a float
        name = str(int(cell))
    else:
        name = shown(cell).strip()
    problem = _unsafe(name)
    one_name = unicodedata.normalize("NFC", name).casefold()  # as file systems that know no case, or compose accents
    first = named.setdefault(one_name, number)
    if not problem and first != number:
        problem = Text("'{}' is also the name of row {}", name, first)
    return name, [CellError(number, NAME, problem, "a file name of its own")] if problem else []


def _unsafe(name: str) -> str:
    """Why a name is no file name on all systems; empty where it is one."""
    if _UNREADABLE in name:
        return Text("'{}' contains characters that could not be decoded: save the table in UTF-8", name)
    bad = _UNSAFE.search(name) or next((letter for letter in name if has_hidden(letter)), None)
    if bad:
        letter = bad if isinstance(bad, str) else bad.group()
        return Text("'{}' is not a safe file name (it contains {!r})", foreign_text(name), letter)
    if name.startswith(".") or name.endswith("."):
        return Text("'{}' is not a safe file name (it begins or ends with a dot)", name)
    if name.split(".", maxsplit=1)[0].rstrip().casefold() in _DEVICES:
        return Text("'{}' is not a safe file name (Windows reserves it for a device)", name)
    if len(name.encode()) > _LONGEST_NAME:
        return Text("'{}...' is longer than {} bytes", name[:20], _LONGEST_NAME)
    return ""


def hyetograph_from_table(
    header: Sequence[str], rows: Sequence[Sequence[Any]], feedback: Feedback | None = None,
    label: str = "Hyetograph (HYETOGRAPH)",
) -> Hyetograph:  # fmt: skip
    """Make a hyetograph from a table; empty rows at its end are passed over.

    Args:
        header: titles; one means the hour, one the rainfall, with or without a unit, which is converted.

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
    cells = [[row[c.place] if c.place < len(row) else None for c in columns] for row in rows]
    numbers = [
        [_number(c, cell, n, errors, _STORM_CELLS[c.quantity.name]) for c, cell in zip(columns, row)]
        for n, row in enumerate(cells, 1)
    ]
    hours, intensities = (tuple(values) for values in zip(*numbers)) if numbers else ((), ())
    errors += storm_errors(hours, intensities, [column.title for column in columns])
    if errors:
        raise TableError(sorted(errors, key=lambda error: error.row), label)
    made = Hyetograph(hours, intensities)
    warning = _amounts_warning(made, columns[1], label)
    if warning and feedback:
        feedback.pushWarning(warning)
    return made


def _amounts_warning(storm: Hyetograph, rain: TableColumn, label: str) -> Text | None:
    """Warning of rows of a gauge whose title leaves open whether they are intensities, or names another length."""
    named = _MINUTES_OF_RATE.search(rain.conversion.source)
    minutes = 60.0 * median(storm.lengths)
    if named and not math.isclose(float(named[1]), minutes, rel_tol=0.01):
        return Text(
            "{}: column '{}' gives the rain of {} min, but most rows are {:.3g} min long: each is read as that "
            "intensity for the whole row, {:.3g} mm in all. Check the unit in the title.",
            label, rain.title, named[1], minutes, storm.depth,
        )  # fmt: skip
    is_open = letters_and_digits(rain.title) in map(letters_and_digits, rain.quantity.titles) and not _IS_RATE.search(
        rain.title
    )
    step = median(storm.lengths)
    equal = sum(math.isclose(length, step, rel_tol=0.01) for length in storm.lengths)
    may_be_gauge = len(storm.hours) >= _FEWEST_OF_GAUGE and (step < 1.0 or equal >= _EQUAL_SHARE * len(storm.hours))
    if not (is_open and may_be_gauge) or math.isclose(step, 1.0, abs_tol=_HOUR_TOLERANCE):
        return None
    row = measure(float(f"{60.0 * step:.3g}"), "min") if step < 1.0 else measure(step, "h")
    return Text(
        "{}: column '{}' names no unit and is read as mm/h: {:.3g} mm in all. If its rows of {} hold amounts, these "
        "are {:.3g} mm: divide them by the hours of a row. Otherwise write mm/h in the title.",
        label, rain.title, storm.depth, row, sum(storm.intensities),
    )  # fmt: skip
