"""Parses numbers from texts and table cells, in the same strict way for all inputs."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from typing import Any, Iterable, Sequence

from ...text import Text
from .units import is_unit

#: Longer texts are no numbers; some patterns take a time that grows with the square of the length.
_LONGEST = 100
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
#: A comma before three digits may separate thousands as well.
_COMMA_OR_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_POINT_OR_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_BLANKS = " \u00a0\u2007\u2009\u202f"
_GROUPED = re.compile(
    rf"(?P<whole>[+-]?[0-9]{{1,3}}(?P<mark>[{_BLANKS}'\u2019.,])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)"
    r"(?:[.,](?P<decimals>[0-9]+))?"
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?|mrz|mai|okt|dez)"
)
_DATE = re.compile(
    r"(?:[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{2,4}"
    rf"|[0-9]{{1,2}}[-/. ]+{_MONTH}\.?(?:[-/. ]+[0-9]{{2,4}})?|{_MONTH}\.?[-/. ]+[0-9]{{1,4}}(?:,? [0-9]{{4}})?)"
    r"(?P<time>[T ]+[0-9]{1,2}:[0-9]{2}.*)?",
    re.IGNORECASE,
)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
_WITH_UNIT = re.compile(r"([+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(\D.*)")
#: Marks without a width that editors and web pages leave around numbers.
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_MINUS = str.maketrans({"\u2212": "-"})


class NotANumber(ValueError):
    """A text or a cell that holds no number; ``problem`` describes the content and the correct form."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parse_number(cell: Any) -> float:
    """Read a number in plain decimal or exponent notation, from a text or a cell of a table.

    Args:
        cell: a number, or a text that holds one; blanks around it and the typographic minus are taken.

    Returns:
        a finite number.

    Raises:
        NotANumber: anything else, such as ``1_2``, ``nan``, ``1,5``, ``5 kPa``, ``12%``, a date, true or false.
    """
    if isinstance(cell, str):
        return _from_text(cell)
    if isinstance(cell, (bool, date, time)) or cell is None:
        return _from_text(shown(cell))
    try:
        number = float(cell)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise NotANumber(Text("'{}' is not a number", shown(cell)))
    return number


def is_empty(cell: Any) -> bool:
    """Return whether a cell is empty; some readers return NaN for empty cells."""
    if cell is None or (isinstance(cell, str) and not _stripped(cell)):
        return True
    return isinstance(cell, float) and math.isnan(cell)


def is_numeric(cell: Any) -> bool:
    """Return whether a cell is meant as a number, be it written correctly or not."""
    if isinstance(cell, (bool, date, time)):
        return False
    if not isinstance(cell, str):
        return not is_empty(cell)
    text = _stripped(cell)
    if len(text) > _LONGEST:
        return False
    if _NUMBER.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text) or _GROUPED.fullmatch(text):
        return True
    with_unit = _WITH_UNIT.fullmatch(text)
    return bool(with_unit and is_unit(with_unit.group(2)))


def with_decimal_points(rows: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """Rows with decimal points for decimal commas; ``None`` where no comma is certain to be a decimal one.

    It is where one cannot separate thousands, as in 14,5 or 0,001, and no number has a point or commas that can only
    separate thousands.
    """
    numbers = [
        cell for row in rows for cell in map(_stripped, row) if ("," in cell or "." in cell) and is_numeric(cell)
    ]
    commas = [cell for cell in numbers if _DECIMAL_COMMA.fullmatch(cell)]
    if all(map(_COMMA_OR_THOUSANDS.fullmatch, commas)) or any("." in n or n.count(",") > 1 for n in numbers):
        return None
    marked = set(commas)
    return [[cell.replace(",", ".") if _stripped(cell) in marked else cell for cell in row] for row in rows]


def with_thousands_points(cells: Iterable[Any]) -> list[str]:
    """Cells of a column whose point may separate thousands: the others are whole, and decimals have no last 0.

    >>> with_thousands_points(["90", "720", "1.440"]), with_thousands_points(["2", "1.125"])
    (['1.440'], [])
    """
    texts = [text for text in (_stripped(cell) for cell in cells if isinstance(cell, str)) if _NUMBER.fullmatch(text)]
    pointed = [text for text in texts if not text.lstrip("+-").isdecimal()]
    is_mixed = len(pointed) < len(texts) and all(map(_POINT_OR_THOUSANDS.fullmatch, pointed))
    return pointed if is_mixed and any(text.endswith("0") for text in pointed) else []


def shown(cell: Any) -> str:
    """A cell as people write it: dates and times as in ISO 8601, all else as it is."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def rounded(value: float) -> str:
    """Write a number with three significant digits, for titles.

    >>> rounded(12.2345), rounded(1234.0), rounded(3e-06), rounded(24.0)
    ('12.2', '1230', '3e-06', '24')
    """
    return f"{float(f'{value:.3g}'):.10g}"


def _from_text(cell: str) -> float:
    text = cell if len(cell) <= _LONGEST and _NUMBER.fullmatch(cell) else _stripped(cell)
    if len(text) > _LONGEST:
        raise NotANumber(Text("'{}...' is not a number", text[:_LONGEST]))
    if not _NUMBER.fullmatch(text):
        raise NotANumber(_problem(text))
    number = float(text)
    if not math.isfinite(number):
        raise NotANumber(Text("'{}' is too large a number", text))
    return number


def _stripped(cell: str) -> str:
    return cell.strip(_INVISIBLE).strip().strip(_INVISIBLE).translate(_MINUS)


def _problem(text: str) -> Text:
    """Explain why a text is not a number, and suggest a correction if possible."""
    if not text:
        return Text("no number is given")
    found = _DATE.fullmatch(text)
    if found and found["time"]:
        return Text("'{}' is a date and time, not a number", text)
    if found:
        return Text(
            "'{}' is a date, not a number; spreadsheets turn entries such as 1.5 into dates: set the cells' format to "
            "number, then enter the value again", text,
        )  # fmt: skip
    if _TIME.fullmatch(text):
        return Text("'{}' is a time of day, not a number", text)
    why = _punctuation(text) or _unit(text)
    return Text("'{}' is not a number: {}", text, why) if why else Text("'{}' is not a number", text)


def _punctuation(text: str) -> Text | None:
    """Problem of a number's commas, digit groups or digits."""
    if any(letter.isdigit() and not letter.isascii() for letter in text):
        return Text("write it with the digits 0 to 9")
    if _COMMA_OR_THOUSANDS.fullmatch(text):
        return Text("it has a comma; write {} or {}, whichever is meant", text.replace(",", ""), text.replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        return Text("it has a decimal comma; write {}", text.replace(",", "."))
    grouped = _GROUPED.fullmatch(text)
    if not grouped:
        return None
    whole = re.sub(r"[^0-9+-]", "", grouped["whole"])
    return Text("digits are grouped; write {}", f"{whole}.{grouped['decimals']}" if grouped["decimals"] else whole)


def _unit(text: str) -> Text | None:
    """Advice for a number with a unit."""
    found = _WITH_UNIT.fullmatch(text)
    if not found or not is_unit(found.group(2)):
        return None
    return Text(
        "it has the unit {}; write only the number, in the required unit (in a table, name the unit in the column "
        "title)",
        found.group(2),
    )  # fmt: skip
