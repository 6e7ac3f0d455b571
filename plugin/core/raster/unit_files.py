"""Units in sidecar files that GDAL ignores, and in the sources of virtual rasters."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Iterator

from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..quantities.foreign_text import foreign_text
from .gdal_errors import opened
from .unit_texts import SURVEY_FOOT

_SOURCES_READ = 500
_LONGEST = 1_000_000  # of what is read of a header [bytes]
_PRJ_DRIVERS = ("AAIGrid", "EHdr", "GRASSASCIIGrid", "FLT")


def sidecar_units(dataset: gdal.Dataset, label: str) -> Iterator[tuple[str, str]]:
    """(name of the file, unit) of headers next to a raster.

    Raises:
        InputError: a header with a factor of heights that GDAL does not apply.
    """
    driver = dataset.GetDriver().ShortName
    place = Path(dataset.GetDescription())
    if driver in _PRJ_DRIVERS:
        found = re.search(r"^\s*zunits\s+(\S+)", _text(place.with_suffix(".prj")), flags=re.I | re.M)
        if found:
            yield place.with_suffix(".prj").name, _esri_unit(foreign_text(found[1]))
    elif driver == "SAGA":
        header = _text(place.with_suffix(".sgrd"))
        found = re.search(r"^Z_FACTOR\s*=\s*([-+.\deE]+)", header, flags=re.M)
        if found and float(found[1]) != 1.0:
            raise InputError(
                label, Text("has the Z_FACTOR {} in '{}', which is not applied", found[1],
                            place.with_suffix(".sgrd").name),
                "Z_FACTOR = 1", "Multiply the values by it with Raster > Raster Calculator.",
            )  # fmt: skip
        found = re.search(r"^UNIT[ \t]*=[ \t]*(\S[^\r\n]*)", header, flags=re.M)
        if found:
            yield place.with_suffix(".sgrd").name, foreign_text(found[1]).strip().strip("'\"")
    elif driver == "ENVI":
        units = (dataset.GetMetadata("ENVI") or {}).get("data_units", "")
        yield place.with_suffix(".hdr").name, foreign_text(units).strip("{} ")


def sources_of(dataset: gdal.Dataset, number: int) -> Iterator[tuple[gdal.Dataset, int]]:
    """The data sets and bands whose values a band of a virtual raster has, unscaled."""
    if dataset.GetDriver().ShortName != "VRT":
        return
    xml = (dataset.GetMetadata("xml:VRT") or [""])[0]
    bands = re.findall(r"<VRTRasterBand\b.*?</VRTRasterBand>", xml, flags=re.S)
    own = bands[number - 1] if 0 < number <= len(bands) else ""
    folder = Path(dataset.GetDescription()).parent
    for source in re.findall(r"<SimpleSource>.*?</SimpleSource>", own, flags=re.S)[:_SOURCES_READ]:
        name = re.search(r"<SourceFilename([^>]*)>([^<]+)</SourceFilename>", source)
        band = re.search(r"<SourceBand>(\d+)</SourceBand>", source)
        if not name:
            continue
        path = html.unescape(name[2])
        found = opened(str(folder / path) if 'relativeToVRT="1"' in name[1] else path)
        chosen = int(band[1]) if band else 1
        if found is not None and chosen <= found.RasterCount:
            yield found, chosen


def _text(place: Path) -> str:
    """A small text file; empty where there is none. Endings of names are also written in capitals."""
    for path in (place, place.with_suffix(place.suffix.upper())):
        try:
            with path.open(encoding="latin-1") as file:
                return file.read(_LONGEST)
        except OSError:
            continue
    return ""


def _esri_unit(text: str) -> str:
    """Esri's ``zunits``: a name, or the number of units per metre."""
    try:
        size = 1.0 / float(text)
    except (ValueError, ZeroDivisionError):
        return text
    names = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "US survey foot": SURVEY_FOOT, "km": 1000.0}
    near = [name for name, metres in names.items() if abs(metres / size - 1.0) < 1e-5]
    return near[0] if near else ("ft" if abs(0.3048 / size - 1.0) < 1e-3 else text)
