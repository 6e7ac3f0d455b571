"""Size limits of tables, checked before a file is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ...text import Text
from ..errors import InputError

#: Rows of any table, and of those whose rows are scenarios.
MOST_ROWS, MOST_SCENARIOS = 50_000, 20_000
MOST_COLUMNS, LONGEST_LINE = 500, 100_000
_LARGEST_FILE, _LARGEST_UNPACKED = 20_000_000, 100_000_000
_SPREADSHEETS = (".xlsx", ".xlsm", ".ods")
_ADVICE = "Delete empty rows and columns, or split the table into several files."


def check_rows(rows: int, label: str, most: int = MOST_ROWS) -> None:
    """Raise :class:`InputError` for a table of too many rows."""
    if rows > most:
        raise InputError(label, Text("has more than {:,} rows", most), Text("at most {:,} rows", most), _ADVICE)


def check_columns(columns: int, label: str) -> None:
    """Raise :class:`InputError` for a table of too many columns."""
    if columns > MOST_COLUMNS:
        raise InputError(label, Text("has {:,} columns", columns), Text("at most {:,} columns", MOST_COLUMNS), _ADVICE)


def check_line(characters: int, label: str) -> None:
    """Raise :class:`InputError` for a line that is no row of a table."""
    if characters > LONGEST_LINE:
        raise InputError(
            label, Text("has a line of {:,} characters", characters), Text("at most {:,}", LONGEST_LINE), _ADVICE
        )


def check_file(path: Path, label: str) -> None:
    """Raise :class:`InputError` for a text file or spreadsheet that is, or unpacks to, more than any table needs."""
    size, most = path.stat().st_size, _LARGEST_FILE
    if path.suffix.lower() in _SPREADSHEETS:
        size, most = _unpacked(path), _LARGEST_UNPACKED
    if size > most:
        problem = Text("'{}' has a size of {:,.0f} MB", path.name, size / 1e6)
        raise InputError(label, problem, Text("at most {:,.0f} MB", most / 1e6), _ADVICE)


def is_spreadsheet(path: Path) -> bool:
    """Whether a file is a spreadsheet, by its extension."""
    return path.suffix.lower() in _SPREADSHEETS


def _unpacked(path: Path) -> int:
    """Unpacked size of a spreadsheet [bytes]; the file size of other files."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return path.stat().st_size
