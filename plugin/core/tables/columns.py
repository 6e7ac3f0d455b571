"""Identifies the quantity and the unit of each column of a table from its title."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Iterable, Sequence

from ...text import Text
from ..feedback import Feedback
from ..quantities.numbers import NotANumber, is_empty, is_numeric, parse_number, shown, with_thousands_points
from ..quantities.units import (
    Conversion,
    accepted_units,
    begins_unit,
    conversion,
    is_amount,
    is_unit,
    suffix_conversion,
)
from .cell_errors import HEADER, CellError
from .column_names import (
    CANDIDATES,
    FORM_INPUTS,
    IGNORED_TITLES,
    ONLY_WITH_UNIT,
    PARAMETERS,
    SOIL_DEPTH_TITLES,
    TANGENTS,
    TableQuantity,
    letters_and_digits,
    snake_case,
    title_words,
)

_BRACKETS = re.compile(r"[\[({<]([^\[\](){}<>]*)[\])}>]")
_OPEN_BRACKET = re.compile(r"[\[({]")
_RASTER_FILE = re.compile(r"(?i)\.(?:tiff?|asc|vrt|img|nc)\s*$")
_LONGEST_TITLE = 200  # characters that are read of a title
_MOST_LINES_ABOVE = 20  # the titles
_LONGEST_OF_DBASE = 10  # characters that dBase files and Shapefiles keep of one
CUT_ADVICE = "dBase and Shapefile keep 10 characters of a name: use a name that holds the whole unit."
_SYMBOL_LETTERS = 4  # a longer title is a name
_ALIKE, _FAINTLY_ALIKE = 0.85, 0.6  # similarity of two names, 1 for the same: above the first one is a misspelling


@dataclass(frozen=True)
class TableColumn:
    """A column whose title is understood; problem: why it is unusable all the same, and what would be accepted."""

    place: int
    title: str
    quantity: TableQuantity
    conversion: Conversion
    problem: tuple[str, str] | None = None

    def number(self, cell: Any) -> float:
        """A cell's number in the quantity's unit; raises :class:`NotANumber`."""
        number = self.conversion(parse_number(cell))
        if abs(number) == float("inf"):
            raise NotANumber(Text("'{}' is too large a number", shown(cell)))
        return number

    def measure(self, cell: Any) -> str:
        """A cell's number as a message shows it: in the table's unit too where that is another."""
        number = f"{self.number(cell):.10g}"
        if not self.conversion.changes:
            return number
        return f"{shown(cell)} {self.conversion.source} = {number} {self.quantity.unit}"


def find_columns(
    header: Sequence[Any], rows: Sequence[Sequence[Any]], quantities: Sequence[TableQuantity], label: str,
    feedback: Feedback, texts: Iterable[str] = (),
) -> tuple[dict[str, TableColumn], list[CellError]]:  # fmt: skip
    """Find the column of each quantity, and the problems of the titles.

    A column of texts that means nothing is named in a warning; one of numbers, or of an input that no table has, is an
    error, as another value would take the place of its own. Conversions of units are noted.

    Args:
        texts: further columns, by lower-case title, that hold text.

    Returns:
        (columns by name of the quantity or the text, errors).
    """
    found: dict[str, TableColumn] = {}
    errors: list[CellError] = []
    unused: list[str] = []
    titles = [_clean(title) for title in header]
    below = _row_of_titles(titles, rows, quantities)
    if below:
        problem = Text("the titles seem to be in row {}", below)
        return found, [CellError(HEADER, "", problem, "the titles in the first line: delete the lines above them")]
    for place, title in enumerate(titles):
        column = _text_column(place, title, texts) or read_title(title, quantities, place)
        if column is None:
            cells = [row[place] for row in rows if place < len(row)]
            error = _unknown(title, cells, quantities, titles)
            if error:
                errors.append(error)
            elif title:
                unused.append(f"'{title}'")
            continue
        name = column.quantity.name
        if column.problem:
            errors.append(CellError(HEADER, "", *column.problem))
        if name in found:
            errors.append(_duplicate(found[name], column))
        found.setdefault(name, column)
    if unused and not errors:
        feedback.pushWarning(Text("{}: unknown columns are not used: {}.", label, ", ".join(unused)))
    for column in found.values() if not errors else ():
        if column.conversion.changes:
            feedback.pushNote(column_conversion_note(label, column))
        cells = [row[column.place] for row in rows if column.place < len(row)]
        feedback.pushCautions(
            shares_caution(label, column.title, column.conversion, cells), _thousands_caution(label, column, cells)
        )
    return found, errors


def _row_of_titles(
    titles: Sequence[str], rows: Sequence[Sequence[Any]], quantities: Sequence[TableQuantity]
) -> int:  # fmt: skip
    """Number of a row near the top that holds the titles; 0 where the header has one, or no row has several."""
    if recognized(titles, quantities):
        return 0
    texts = ([cell for cell in row if isinstance(cell, str)] for row in rows[:_MOST_LINES_ABOVE])
    return next((n for n, cells in enumerate(texts, 1) if len(set(recognized(cells, quantities))) > 1), 0)


def shares_caution(label: str, title: str, converted: Conversion, cells: Iterable[Any]) -> Text | None:
    """A caution if the numbers of a column or field in per cent are probably shares of 1."""
    if (converted.target, converted.factor) != ("-", 0.01):
        return None
    greatest = 0.0
    for cell in cells:
        with suppress(NotANumber):
            greatest = max(greatest, parse_number(cell))
    if not 0.0 < greatest <= 1.0:
        return None
    return Text(
        "{}: all values of '{}' are 1 % or less. Are they parts of 1, which a spreadsheet only shows in per cent? Then "
        "replace the % in the title.",
        label, title,
    )  # fmt: skip


def _thousands_caution(label: str, column: TableColumn, cells: Iterable[Any]) -> Text | None:
    """A caution about numbers whose point may separate thousands."""
    found = with_thousands_points(cells) if column.quantity.unit else []  # not of names
    if not found:
        return None
    return Text(
        "{}: '{}' in column '{}' is read as {}, while other cells are whole numbers. If the point separates thousands, "
        "write {}.",
        label, found[0], column.title, f"{float(found[0]):g}", found[0].replace(".", ""),
    )  # fmt: skip


def column_conversion_note(label: str, column: TableColumn) -> Text:
    """Log line for a column whose unit is converted."""
    source, target = column.conversion.source, column.quantity.unit
    return Text("{}: column '{}' is converted from {} to {}.", label, column.title, source, target)


def recognized(header: Iterable[Any], quantities: Sequence[TableQuantity] = PARAMETERS) -> tuple[str, ...]:
    """Names of the quantities that have a column, in the table's order."""
    found = (read_title(_clean(title), quantities) for title in header)
    return tuple(column.quantity.name for column in found if column is not None)


def read_title(title: str, quantities: Sequence[TableQuantity], place: int = 0) -> TableColumn | None:
    """Read a title as the name of a quantity and its unit; ``None`` where it names none.

    The unit is in brackets, behind a comma, a slash, a blank or ``in``, or as a suffix (``rainfall_mm_h``).
    """
    known = {letters_and_digits(name): quantity for quantity in quantities for name in quantity.titles}
    groups = bracketed(title)
    if not groups and _candidates(title, quantities):
        return None
    words = title_words(_BRACKETS.sub(" ", title))
    bare = letters_and_digits("".join(words))
    if not words or (groups and bare not in known and letters_and_digits(title) in TANGENTS & set(known)):
        words, groups = title_words(title), []  # tan(phi) has no unit in its brackets
    for length in range(len(words), 0, -1):
        head, tail = "".join(words[:length]), words[length:]
        quantity = known.get(letters_and_digits(head))
        if quantity is None:
            continue
        tail = _without_symbol(head, tail, quantity)
        units = [group for group in groups if not _is_other_name(group, quantity)]
        if tail and units:  # both a suffix and a unit in brackets: another quantity, such as 'cohesion root (kPa)'
            continue
        if is_cut(title, tail, quantity.unit):
            problem = Text("column '{}' is cut short", title)
            allowed = Text("{}; {}", accepted_units(quantity.unit), Text(CUT_ADVICE))
            return TableColumn(place, title, quantity, Conversion("", quantity.unit), (problem, allowed))
        return _column(place, title, head, quantity, tail, units)
    return None


def is_cut(title: str, tail: Sequence[str] = (), unit: str = "") -> bool:
    """Whether a title is cut within its unit, as ``rainfall (`` is of ``rainfall (mm/day)``, ``cohesion_p`` of psf.

    Args:
        tail: words behind the name of a quantity; unit: of the quantity.
    """
    if _OPEN_BRACKET.search(_BRACKETS.sub(" ", title)):
        return True
    is_letter = [len(word) for word in tail] == [1] and begins_unit(tail[0], unit)
    cut = title.endswith("_") or (is_letter and suffix_conversion(tail, unit) is None)
    return cut and len(title) == _LONGEST_OF_DBASE


def bracketed(title: str) -> list[str]:
    """Parts of a title in brackets."""
    return [part.strip() for group in _BRACKETS.findall(title) for part in re.split(r"[,;]", group) if part.strip()]


def _column(
    place: int, title: str, head: str, quantity: TableQuantity, tail: Sequence[str], units: Sequence[str]
) -> TableColumn | None:
    """Make the column of a title with a known quantity; ``None`` if the rest of the title is not a unit."""
    unit = units[0] if units else "/".join(tail[len(tail) > 1 and tail[0].casefold() == "in" :])
    if letters_and_digits(head) in TANGENTS:
        if not unit or unit in ("-", "1"):
            return TableColumn(place, title, quantity, Conversion("tan phi", quantity.unit, tangent=True))
        return _inconvertible_column(place, title, quantity, unit)
    if len(units) > 1:
        return _inconvertible_column(place, title, quantity, ", ".join(units))
    if units:
        found = conversion(unit, quantity.unit)
    elif tail:
        found = suffix_conversion(tail, quantity.unit)
        if found is None and not is_unit(unit):
            return None
    else:
        intrinsic = {"minute": "min", "minutes": "min", "min": "min"}.get(head.casefold(), quantity.unit)
        found = conversion(intrinsic, quantity.unit)
        if head in ONLY_WITH_UNIT or head.casefold() in ONLY_WITH_UNIT:
            problem = Text("column '{}' may mean another quantity than {}", title, quantity.name)
            return TableColumn(place, title, quantity, Conversion("", quantity.unit),
                          (problem, Text("'{} [{}]', if this is the intended quantity", quantity.name,
                                         quantity.unit)))  # fmt: skip
    return TableColumn(place, title, quantity, found) if found else _inconvertible_column(place, title, quantity, unit)


def _inconvertible_column(place: int, title: str, quantity: TableQuantity, unit: str) -> TableColumn:
    """A column whose unit cannot be converted, with the reason."""
    if is_amount(unit, quantity.unit):
        problem = Text("column '{}' in {} is an amount, not an intensity", title, unit)
        allowed: str = Text(
            "{}; divide each amount by the hours in which it falls, and write the unit {} in the title",
            quantity.unit, quantity.unit,
        )  # fmt: skip
    else:
        problem = Text("column '{}' in {}", title, unit)
        allowed = accepted_units(quantity.unit)
        if quantity.advice:
            allowed = Text("{}; {}", allowed, Text(quantity.advice))
    return TableColumn(place, title, quantity, Conversion(unit, quantity.unit), (problem, allowed))


def _unknown(
    title: str, cells: Sequence[Any], quantities: Sequence[TableQuantity], titles: Sequence[str]
) -> CellError | None:
    """Error for a title without a known quantity; ``None`` if the column can be ignored."""
    if IGNORED_TITLES.fullmatch(snake_case(title)):
        return None
    filled = [cell for cell in cells if not is_empty(cell)]
    failure_frequency = "cohesion" in (quantity.name for quantity in quantities)
    if filled and failure_frequency and snake_case(title) in FORM_INPUTS:
        return _unknown_column(title, Text("one {} for all rows, chosen in the form", snake_case(title).upper()))
    if filled and all(isinstance(cell, str) and _RASTER_FILE.search(cell) for cell in filled):
        problem = Text("column '{}' names rasters, which no table can", title)
        return CellError(HEADER, "", problem, Text("one raster for all rows, chosen in the form; delete the column"))
    if filled and 2 * sum(map(is_numeric, filled)) >= len(filled):
        return _unknown_numbers(title, quantities)
    near = _misspelling(title, quantities)
    if near and near not in recognized(titles, quantities):  # a slip, even where its cells hold text
        return _unknown_column(title, Text("'{}', if this is the intended column", near))
    return None


def _unknown_numbers(title: str, quantities: Sequence[TableQuantity]) -> CellError:
    """Error for the title of a numeric column that names no quantity, or several."""
    names = [quantity.name for quantity in quantities]
    words = title_words(_BRACKETS.sub(" ", title))
    for length in range(len(words), 0, -1):
        several = _candidates("".join(words[:length]), quantities)
        if several:
            problem = Text("column '{}' may mean {}", title, " or ".join(several))
            return CellError(HEADER, "", problem, "one of these names")
    if letters_and_digits("".join(words)) in SOIL_DEPTH_TITLES and "cohesion" in names:
        return _unknown_column(title, Text("no column of soil depths: they are a raster (SOIL_DEPTH)"))
    near = _misspelling(title, quantities) or _nearest(title, quantities)
    if near:
        return _unknown_column(
            title, Text("'{}', if this is the intended column; delete a column that is not needed", near)
        )
    return _unknown_column(title, Text("{}; delete a column that is not needed", ", ".join(names)))


def _candidates(title: str, quantities: Sequence[TableQuantity]) -> tuple[str, ...]:
    """Possible quantities or units of an ambiguous title; empty if it is clear or unknown."""
    several = CANDIDATES.get(letters_and_digits(title), ())
    names = {quantity.name for quantity in quantities}
    return several if {one.split(" ")[0] for one in several} <= names else ()


def _unknown_column(title: str, allowed: str) -> CellError:
    return CellError(HEADER, "", Text("unknown column '{}'", title or Text("without a title")), allowed)


def _misspelling(title: str, quantities: Sequence[TableQuantity]) -> str:
    """Name of the quantity that a title misspells; empty without one."""
    names = {letters_and_digits(quantity.name): quantity.name for quantity in quantities}
    close = get_close_matches(letters_and_digits(_BRACKETS.sub(" ", title)), names, 1, _ALIKE)
    return names[close[0]] if close else ""


def _nearest(title: str, quantities: Sequence[TableQuantity]) -> str:
    """Name of the quantity that a title begins with or resembles most; empty where it resembles none."""
    names = {letters_and_digits(name): quantity.name for quantity in quantities for name in quantity.titles}
    words = title_words(_BRACKETS.sub(" ", title))
    if snake_case(title) in (quantity.name for quantity in PARAMETERS):  # a column of another table
        return ""
    for length in range(len(words), 0, -1):
        begins = letters_and_digits("".join(words[:length]))
        if begins in names:
            return names[begins]
    long = [name for name in names if len(name) >= _SYMBOL_LETTERS]
    close = get_close_matches(letters_and_digits("".join(words)), long, 1, _FAINTLY_ALIKE)
    return names[close[0]] if close else ""


def _text_column(place: int, title: str, texts: Iterable[str]) -> TableColumn | None:
    name = snake_case(title)
    return TableColumn(place, title, TableQuantity(name, "", (name,)), Conversion("", "")) if name in texts else None


def _duplicate(first: TableColumn, second: TableColumn) -> CellError:
    name = second.quantity.name
    if first.title.casefold() == second.title.casefold():
        return CellError(HEADER, "", Text("two columns '{}'", name), "each column once")
    return CellError(
        HEADER, "", Text("two columns '{}' and '{}' mean {}", first.title, second.title, name), "each quantity once"
    )


def _is_other_name(group: str, quantity: TableQuantity) -> bool:
    """Distinguish a second name of the quantity in brackets, ``Cohesion (c)``, from a unit."""
    if conversion(group, quantity.unit) is not None:
        return False
    return letters_and_digits(group) in {letters_and_digits(name) for name in quantity.titles}


def _without_symbol(head: str, tail: list[str], quantity: TableQuantity) -> list[str]:
    """Text after a name and its symbol, as in ``Cohesion c, kPa``."""
    names = {letters_and_digits(name) for name in quantity.titles}
    for length in range(len(tail), 0, -1):
        symbol = letters_and_digits("".join(tail[:length]))
        is_symbol = symbol in names and len(symbol) < _SYMBOL_LETTERS <= len(head)
        if is_symbol and (length < len(tail) or suffix_conversion(tail, quantity.unit) is None):
            return tail[length:]
    return tail


def _clean(title: Any) -> str:
    """A title without the byte order mark of Excel's CSV files, and with single blanks."""
    return re.sub(r"\s+", " ", shown(title)[:_LONGEST_TITLE].replace("\ufeff", "")).strip()
