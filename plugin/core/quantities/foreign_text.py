"""Makes texts from files (metadata, names, cells, cards) safe to show: short, visible, never evaluated."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import Any, Mapping

#: Lengths to which texts are cut: of a name or an entry, and of what a run logs [characters].
LONGEST_TEXT, LONGEST_MESSAGE = 2000, 20_000
_MOST_ENTRIES = 500
#: Categories of Unicode: control and format characters (also those that turn the direction of writing), surrogates,
#: private use, and separators of lines and paragraphs.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_EXPRESSION = r"\[(?=%)"  # QGIS evaluates text between [% and %] on print layouts
#: Characters with which a spreadsheet formula begins.
_FORMULA = (*"=+-@\uff1d\uff0b\uff0d\uff20", "of:")  # the last one is that of OpenDocument


def foreign_text(text: Any, most: int = LONGEST_TEXT, *, lines: bool = False) -> str:
    """Text from a file, to be shown, written or put on a map.

    >>> foreign_text("[% 1 + 1 %] m\u202eetres"), foreign_text("abcdef", 5)
    ('[ % 1 + 1 %] metres', 'ab...')

    Args:
        text: as it was read.
        most: length to which it is cut.
        lines: whether line breaks and tabs stay; else each becomes a blank.
    """
    cut = str(text)[: most + 1]
    plain = "".join(_visible(letter, lines) for letter in cut) if has_hidden(cut) else cut
    plain = re.sub(_EXPRESSION, "[ ", plain)
    return plain if len(plain) <= most else plain[: most - 3] + "..."


def foreign_entries(entries: Mapping[str, Any] | None) -> dict[str, str]:
    """Metadata of a file, as :func:`foreign_text`, as many entries as anyone reads."""
    return {foreign_text(key, 200): foreign_text(text) for key, text in islice((entries or {}).items(), _MOST_ENTRIES)}


def spreadsheet_text(text: str) -> str:
    """A text as a table cell; text that a spreadsheet would read as a formula gets an apostrophe.

    >>> [spreadsheet_text(text) for text in ("@SUM(1)", "-1.5", "slope-3", " =1+1")]
    ["'@SUM(1)", '-1.5', 'slope-3', "' =1+1"]
    """
    plain = foreign_text(text)
    if not plain.lstrip().startswith(_FORMULA):
        return plain
    from .numbers import NotANumber, parse_number  # its patterns take long to compile

    try:
        parse_number(plain)
    except NotANumber:
        return f"'{plain}"
    return plain


def has_hidden(text: str) -> bool:
    """Whether a text holds characters that do not show, or that change the direction of writing."""
    return not (text.isascii() and text.isprintable()) and any(unicodedata.category(x) in _HIDDEN for x in text)


def _visible(letter: str, lines: bool) -> str:
    if unicodedata.category(letter) not in _HIDDEN:
        return letter
    if letter in "\n\t\r\v\f\u2028\u2029":
        return letter if lines and letter in "\n\t" else " "
    return ""
