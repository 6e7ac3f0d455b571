"""Reads tables from text files (CSV and similar): detects encoding and separator."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from ...text import Text
from ..quantities.numbers import with_decimal_points
from ..quantities.units import is_unit
from .limits import check_columns, check_file, check_line, check_rows

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before that of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = "\t;,|"
_WITH_DECIMAL_COMMAS = "\t;"  # that spreadsheets write where the decimal mark is a comma
_PROBED_ROWS = 200
_KOREAN = re.compile("[\x00-\x7f\uac00-\ud7a3\u3131-\u318e\u3000-\u303f\u00b0\u00b2\u00b3\u00b7\u03c6\u03b3]*")
_PAIRS = re.compile(rb"(?:[\xa1-\xfe]{2})+")
_HIGH = re.compile(rb"[\x80-\xff]+")
_NAMES = {"cp1252": "Windows-1252", "latin-1": "Latin-1", "cp949": "Korean (CP949)"}


@dataclass(frozen=True)
class TextTable:
    """A text file as a table; rows may have fewer or more cells than the header; notes: what was assumed."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def read_text_table(path: Path, label: str) -> TextTable:
    """Read a text file whose encoding and separator are not known.

    Raises:
        OSError: it cannot be read.
        InputError: it is larger than any table needs to be.
    """
    check_file(path, label)
    text, encoding = decoded(path.read_bytes())
    lines = re.split(r"\r\n|\r|\n", text.replace("\0", "").strip("\r\n"))
    check_rows(len(lines) - 1, label)
    check_line(max(map(len, lines)), label)
    declared = re.fullmatch(r"sep=(.)", lines[0].strip('"'), re.IGNORECASE)  # Excel's own mark
    if declared:
        lines = lines[1:]
    separator = declared.group(1) if declared else _separator(lines)
    records = _records(lines, separator)
    notes = []
    if encoding in _NAMES:
        text = "'{}' was read as {} because it is not UTF-8: check that its names are correct."
        notes.append(Text(text, path.name, _NAMES[encoding]))
    records = records or [()]
    check_columns(max(map(len, records)), label)
    header, *rows = records if any(records[0]) or len(records) > 1 else [()]
    pointed = _with_decimal_points(header, rows) if separator in _WITH_DECIMAL_COMMAS else None
    if pointed is not None:
        rows = pointed
        notes.append(Text("decimal commas in '{}' are read as decimal points.", path.name))
    return TextTable(tuple(header), tuple(tuple(row) for row in rows), tuple(notes))


def decoded(content: bytes) -> tuple[str, str]:
    """Text of a file, and its encoding: by its byte order mark, else UTF-8, else an older one by its letters.

    >>> decoded("Müller".encode("latin-1")), decoded("Müller".encode("utf-16"))[0]
    (('Müller', 'cp1252'), 'Müller')
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace"), encoding
    for encoding in (*_utf16_encoding(content), "utf-8", *(["cp949"] if _is_korean(content) else []), "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _utf16_encoding(content: bytes) -> list[str]:
    """UTF-16 without its mark: every other byte of its Latin letters and digits is 0."""
    sample = content[:2000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if 4 * max(even, odd) < len(sample) or min(even, odd) > 0:
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


def _is_korean(content: bytes) -> bool:
    """Distinguish the pairs of bytes of Korean syllables from the single ones of accented letters."""
    runs = _HIGH.findall(content)
    if not any(_PAIRS.fullmatch(run) for run in runs):
        return False
    try:
        return bool(_KOREAN.fullmatch(content.decode("cp949")))
    except UnicodeDecodeError:
        return False


def _separator(lines: list[str]) -> str:
    """The separator by which most rows have as many cells as the header, which has several."""
    best, most = "\0", 0.0  # one column
    for separator in _SEPARATORS:
        header, *rows = _records(lines[:_PROBED_ROWS], separator) or [[]]
        rows = [row for row in rows if any(row)]
        if len(header) < 2 or (not any(len(row) > 1 for row in rows) and all(map(is_unit, header[1:]))):
            continue  # 'Cohesion, kPa' is one title
        share = sum(len(row) == len(header) for row in rows) / len(rows) if rows else 1.0
        if share > most:
            best, most = separator, share
        elif best == "\0":
            best = separator  # no row has as many cells as the header
    return best


def _with_decimal_points(header: list[str], rows: list[list[str]]) -> list[list[str]] | None:
    """Rows converted by :func:`with_decimal_points`, except their names."""
    named = {place for place, title in enumerate(header) if title.strip().casefold() == "name"}
    pointed = with_decimal_points([["" if place in named else cell for place, cell in enumerate(row)] for row in rows])
    if pointed is None:
        return None
    return [
        [old[place] if place in named else cell for place, cell in enumerate(new)] for old, new in zip(rows, pointed)
    ]


def _records(lines: list[str], separator: str) -> list[list[str]]:
    """Cells of each line; quoted ones may hold separators and line breaks."""
    if separator == "\0":
        return [[line.strip().strip('"')] for line in lines]
    return list(csv.reader([f"{line}\n" for line in lines], delimiter=separator))
