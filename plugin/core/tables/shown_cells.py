"""Finds what a sheet shows otherwise than GDAL reads it: rows that a filter hides, and times."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path
from typing import Iterator

from ...text import Text
from .limits import MOST_COLUMNS

_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
#: Attributes in which XLSX and ODS hide rows and columns, and texts of which each cell with a value has one.
_HIDING = {("hidden", "1"), ("hidden", "true"), ("table:visibility", "filter"), ("table:visibility", "collapse")}
#: Formats of elapsed time, and the number of the one that Excel gives to 48:00.
_ELAPSED, _HOURS = re.compile(r"\[[hms]+\]"), "46"
_UNREADABLE = (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError)
_LARGEST = 100_000_000  # bytes of a sheet: of a larger one nothing is known
_VALUE = re.compile(r"<(?:\w+:)?(?:v|is)>|office:value-type=")


def hidden_cells_warning(path: Path, layer: str, columns: int, label: str) -> Text | None:
    """Warning of hidden rows, and columns among those read, with values; ``None`` without any, or for other files."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheet = _ods_sheet(archive, layer) if path.suffix.lower() == ".ods" else _xlsx_sheet(archive, layer)
    except _UNREADABLE:
        return None
    rows = sum(
        int(found.get("table:number-rows-repeated", 1))
        for found, cells in _elements(sheet, "(?:table-)?row")
        if not _HIDING.isdisjoint(found.items()) and _VALUE.search(cells)
    )
    hidden = sum(columns >= place for place in _hidden_columns(sheet))
    if not rows and not hidden:
        return None
    return Text(
        "{}: the sheet '{}' hides {} rows and {} columns, for instance by a filter. They are read as well: delete "
        "them, or copy what is visible into a new sheet.",
        label, layer, rows, hidden,
    )  # fmt: skip


def elapsed_times_caution(path: Path, layer: str, label: str) -> Text | None:
    """A caution about cells in a format such as ``[h]:mm``, whose numbers are days; arguments as above."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheet, styles = _xlsx_sheet(archive, layer), _text(archive, "xl/styles.xml")
    except _UNREADABLE:
        return None
    own = {one["numFmtId"] for one in _attributes(styles, "numFmt") if _ELAPSED.search(one["formatCode"])}
    cells = next((cells for _, cells in _elements(styles, "cellXfs")), "")
    times = {str(place) for place, one in enumerate(_attributes(cells, "xf")) if one.get("numFmtId") in own | {_HOURS}}
    if not times or not any(one.get("s") in times for one in _attributes(sheet, "c")):
        return None
    return Text(
        "{}: the sheet '{}' has cells in a format of elapsed time, such as [h]:mm. They hold days: 24:00 is read as 1. "
        "Enter hours as numbers.",
        label, layer,
    )  # fmt: skip


def _xlsx_sheet(archive: zipfile.ZipFile, layer: str) -> str:
    """XML of a sheet by its name; raises :class:`KeyError` where there is none."""
    sheets = _attributes(_text(archive, "xl/workbook.xml"), "sheet")
    ids = {html.unescape(one["name"]): one[key] for one in sheets for key in one if key.endswith(":id")}
    related = _attributes(_text(archive, "xl/_rels/workbook.xml.rels"), "Relationship")
    parts = {one["Id"]: one["Target"] for one in related}
    target = parts[ids[layer]]
    return _text(archive, target[1:] if target.startswith("/") else f"xl/{target}")


def _ods_sheet(archive: zipfile.ZipFile, layer: str) -> str:
    """:func:`_xlsx_sheet` of an OpenDocument spreadsheet."""
    sheets = _elements(_text(archive, "content.xml"), "table")
    return {html.unescape(found.get("table:name", "")): cells for found, cells in sheets}[layer]


def _hidden_columns(sheet: str) -> Iterator[int]:
    """Yield the numbers of hidden columns, from 1."""
    last = 0
    for found in _attributes(sheet, "col|table-column"):
        first = int(found.get("min", last + 1))
        last = int(found.get("max", last + int(found.get("table:number-columns-repeated", 1))))
        if not _HIDING.isdisjoint(found.items()):
            yield from range(first, min(last, MOST_COLUMNS) + 1)


def _text(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > _LARGEST:
        raise ValueError(name)
    return archive.read(name).decode("utf-8", "replace")


def _attributes(text: str, name: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of elements of a name, with any prefix."""
    for found in re.finditer(rf"<(?:\w+:)?(?:{name})\s([^>]*)>", text):
        yield dict(_ATTRIBUTE.findall(found[1]))


def _elements(text: str, name: str) -> Iterator[tuple[dict[str, str], str]]:
    """Yield attributes and content of elements of a name, with any prefix, that are not empty."""
    for found in re.finditer(rf"<((?:\w+:)?{name})(\s[^>]*)?(?<!/)>(.*?)</\1>", text, re.DOTALL):
        yield dict(_ATTRIBUTE.findall(found[2] or "")), found[3]
