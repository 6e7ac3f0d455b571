"""Parameter tables: a row is a scenario, a column is a parameter; every error of a table is told at once."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import Any, Iterable, Mapping, Sequence

from ..text import Text
from ..variables import BY_NAME, Variable
from .errors import InputError
from .feedback import Feedback
from .scenario import EngineOptions, Scenario, Value, check_value
from .table_errors import HEADER, CellError, TableError

LABEL = "Parameter table (TABLE)"
NAME = "name"

_COLUMNS = f"columns named like the parameters ({', '.join(BY_NAME)}) and, if you like, name"
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
#: Names that Windows keeps for devices, whatever their extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_LONGEST_NAME = 100
_ALIKE = 0.85  # of two names, 1 for the same: beyond, an unknown one is taken for a slip


def scenarios_from_table(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    defaults: Mapping[str, Value] | None = None,
    feedback: Feedback | None = None,
    options: EngineOptions | None = None,
    label: str = LABEL,
) -> list[Scenario]:
    """Make a named scenario from every row of a table.

    Rows without any value, which spreadsheets leave at the end, are passed over; they count in the rows' numbers.

    Args:
        header: names of the columns, like the parameters' keys in any case (``cohesion``, with or without its unit as
            in ``cohesion [kPa]``), and ``name``.
        rows: numbers, or texts that hold one.
        defaults: values by lower-case name for parameters that have no column; where missing, the parameter's own.
        feedback: told which columns are not used.
        options: of every scenario.
        label: name of the table in messages.

    Returns:
        scenarios in the order of the rows, each with a name of its own that is safe as a file's: that of the column
        ``name``, or ``row_0001`` and so on.

    Raises:
        TableError: names every bad cell by row and column.
        InputError: no row, or no known column.
    """
    columns, errors = _columns(header, label, feedback or Feedback())
    scenarios: list[Scenario] = []
    named: dict[str, int] = {}
    empty = True
    for number, row in enumerate(rows, start=1):
        if all(_is_empty(value) for value in row):
            continue
        cells = {name: row[place] if place < len(row) else None for name, place in columns.items()}
        empty = False
        found, values = _values(number, cells)
        name, wrong = _name(number, cells.get(NAME), named)
        found += wrong
        if not found:
            try:
                made = Scenario.from_mapping(
                    {**(defaults or {}), **values}, name=name, options=options or EngineOptions()
                )
                scenarios.append(made)
            except InputError as error:  # of values that do not go together
                found.append(CellError(number, "", error.args[0]))
        errors += found
    if errors:
        raise TableError(errors, label)
    if empty:
        raise InputError(label, "has no rows", "a row for each scenario below the header")
    return scenarios


def table_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Lower-case names of the parameters that have a column, in the table's order."""
    found = (_column_name(title)[0] for title in header)
    return tuple(name for name in found if name in BY_NAME)


def _columns(header: Sequence[str], label: str, feedback: Feedback) -> tuple[dict[str, int], list[CellError]]:
    """Place of each known column, and what is wrong with the titles; tells of unknown columns."""
    places: dict[str, int] = {}
    unknown, errors = [], []
    for place, title in enumerate(header):
        name, unit = _column_name(title)
        if name != NAME and name not in BY_NAME:
            meant = get_close_matches(name, BY_NAME, 1, _ALIKE)
            if meant and meant[0] not in table_columns(header):
                errors.append(
                    CellError(HEADER, "", Text("unknown column '{}'", title), Text("'{}', if that is meant", meant[0]))
                )
            elif str(title).strip():
                unknown.append(f"'{title}'")
        elif name in places:
            errors.append(CellError(HEADER, "", Text("two columns '{}'", name), "each column once"))
        else:
            places[name] = place
            if unit and unit != BY_NAME[name].unit:
                advice = BY_NAME[name].advice
                allowed = Text("{}; {}", BY_NAME[name].unit, Text(advice)) if advice else BY_NAME[name].unit
                errors.append(CellError(HEADER, "", Text("column '{}' in {}", name, unit), allowed))
    if not set(places) - {NAME}:
        titles = ", ".join(f"'{title}'" for title in header) or "none"
        raise InputError(label, Text("has no column of a parameter; its columns are {}", titles), _COLUMNS)
    if unknown:
        feedback.pushWarning(Text("{}: unknown columns are not used: {}.", label, ", ".join(unknown)))
    return places, errors


def _column_name(title: Any) -> tuple[str, str]:
    """Lower-case name and unit of a column; the unit is empty where the title names none."""
    text = str(title).replace("\ufeff", "").strip()  # Excel begins its CSV files with a byte order mark
    unit = ""
    with_unit = re.fullmatch(r"(.*?)\s*\[(.*)\]", text)
    if with_unit:
        text, unit = with_unit.groups()
    name = re.sub(r"[\s-]+", "_", text.strip().lower())
    return name, unit.strip() if name in BY_NAME else ""


def _values(number: int, cells: Mapping[str, Any]) -> tuple[list[CellError], dict[str, float]]:
    """Numbers of a row, and what is wrong with the others."""
    errors, values = [], {}
    for name, cell in cells.items():
        if name == NAME:
            continue
        problem = _problem(BY_NAME[name], cell)
        if problem:
            errors.append(CellError(number, name, problem, BY_NAME[name].allowed))
        else:
            values[name] = float(cell)
    return errors, values


def _problem(variable: Variable, cell: Any) -> str:
    """What is wrong with a cell; empty where nothing is."""
    if _is_empty(cell):
        return "is empty"
    text = str(cell).strip()
    if isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(text):
        return Text("'{}' has a decimal comma: write {}", text, text.replace(",", "."))
    if isinstance(cell, (str, bool)) and not _NUMBER.fullmatch(text):
        return Text("'{}' is not a number", text)
    try:
        number = float(cell)
        check_value(variable, number)
    except (TypeError, ValueError):
        return Text("'{}' is not a number", text)
    except InputError:
        return Text("{:.10g} is out of range", number)
    return ""


def _name(number: int, cell: Any, named: dict[str, int]) -> tuple[str, list[CellError]]:
    """Name of a row, and what is wrong with it; ``named`` holds the rows of the names so far."""
    if _is_empty(cell):
        name = f"row_{number:04d}"
    elif isinstance(cell, float) and cell.is_integer():  # spreadsheets keep 2011 as a float
        name = str(int(cell))
    else:
        name = str(cell).strip()
    problem = _unsafe(name)
    first = named.setdefault(name.casefold(), number)  # some file systems take A and a for one name
    if not problem and first != number:
        problem = Text("'{}' is the name of row {} too", name, first)
    return name, [CellError(number, NAME, problem, "a file name of its own")] if problem else []


def _unsafe(name: str) -> str:
    """Why a name is no file name on all systems; empty where it is one."""
    bad = _UNSAFE.search(name)
    if bad:
        return Text("'{}' is no safe file name (it holds {!r})", name, bad.group())
    if name.startswith(".") or name.endswith("."):
        return Text("'{}' is no safe file name (it begins or ends with a dot)", name)
    if name.split(".", maxsplit=1)[0].casefold() in _DEVICES:
        return Text("'{}' is no safe file name (Windows keeps it for a device)", name)
    if len(name.encode()) > _LONGEST_NAME:
        return Text("'{}...' is longer than {} bytes", name[:20], _LONGEST_NAME)
    return ""


def _is_empty(cell: Any) -> bool:
    return (
        cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and math.isnan(cell))
    )
