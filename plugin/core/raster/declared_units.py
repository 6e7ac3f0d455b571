"""The unit that a raster declares for its values, and the conversion to the unit that is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal, osr

from ...text import Text
from ..errors import InputError
from ..units import conversion, is_unit
from .crs import VerticalAxis, vertical_axis
from .inputs import ELEVATION, RasterInput

_SAME = 1e-5  # relative; the US survey foot and the international one differ by 2e-6
_SURVEY_FOOT = 1200.0 / 3937.0
#: Lengths [m] whose names are no products of units.
_LENGTHS = {
    "us survey foot": _SURVEY_FOOT, "us survey feet": _SURVEY_FOOT, "us survey ft": _SURVEY_FOOT,
    "survey foot": _SURVEY_FOOT, "survey feet": _SURVEY_FOOT, "foot us": _SURVEY_FOOT, "feet us": _SURVEY_FOOT,
    "ft us": _SURVEY_FOOT, "ftus": _SURVEY_FOOT, "us ft": _SURVEY_FOOT, "us foot": _SURVEY_FOOT,
    "us feet": _SURVEY_FOOT, "usft": _SURVEY_FOOT, "sft": _SURVEY_FOOT, "foot survey us": _SURVEY_FOOT,
    "foot us survey": _SURVEY_FOOT, "international foot": 0.3048, "international feet": 0.3048, "intl foot": 0.3048,
    "foot intl": 0.3048, "foot international": 0.3048, "ft intl": 0.3048, "feet intl": 0.3048, "ift": 0.3048,
    "yd": 0.9144, "yard": 0.9144, "yards": 0.9144, "international yard": 0.9144, "fathom": 1.8288, "fathoms": 1.8288,
    "meter s": 1.0, "metre s": 1.0, "mtr": 1.0, "mtrs": 1.0, "decimeters": 0.1, "decimetres": 0.1, "dam": 10.0,
    "decameter": 10.0, "decametre": 10.0, "hm": 100.0, "mi": 1609.344, "mile": 1609.344, "miles": 1609.344,
}  # fmt: skip
#: What stands in the place of a unit where none is known.
_NO_UNIT = {
    "", "1", "unknown", "none", "null", "undefined", "n/a", "na", "no", "not specified", "unspecified", "unset",
    "unitless", "dimensionless",
}  # fmt: skip
#: Metadata of a band that hold its unit where the band itself has none.
_UNIT_KEYS = ("UNITTYPE", "unit", "units", "GRIB_UNIT", "Units", "UNITS", "vertical_units", "VERTICAL_UNITS")
#: Names of the commonest units in messages.
_PLURALS = {
    _SURVEY_FOOT: Text("US survey feet"), 0.3048: Text("feet"), 0.01: Text("centimetres"), 0.001: Text("millimetres"),
    0.1: Text("decimetres"), 1000.0: Text("kilometres"), 0.9144: Text("yards"), 0.0254: Text("inches"),
}  # fmt: skip
_METRES = Text("metres")


@dataclass(frozen=True)
class _Declared:
    """One statement about the unit: where it stands, what it says, and the factor to the wanted unit."""

    where: str
    text: str
    factor: float


def declared_factor(dataset: gdal.Dataset, number: int, raster: RasterInput) -> float:
    """Factor by which the values of a band get the wanted unit; 1 where the raster declares none.

    The vertical part of a coordinate system is about heights: of other quantities it says nothing, but a length beside
    it that has no unit of its own is refused, as the two cannot be told apart.

    Raises:
        InputError: an unknown unit, another quantity's, or statements that contradict each other.
    """
    wanted = raster.kind.unit
    if not wanted:
        return 1.0
    axis = vertical_axis_of(dataset, raster)
    text = band_unit(dataset, number)
    # GDAL gives a band without a unit the one of the vertical coordinate system
    own = "" if axis is not None and text == axis.unit else text
    found = [_read(own, raster)] if own else []
    if wanted == "m" and axis is not None:
        if raster.kind == ELEVATION:
            _check_direction(axis, raster)
        elif not own and abs(axis.metres - 1.0) > _SAME:
            raise _ambiguous(axis, raster)
        found.insert(0, _Declared(Text("vertical coordinate system"), axis.unit, axis.metres))
    return _agreed(found, raster)


def conversion_note(factor: float, unit: str, raster: RasterInput) -> Text | None:
    """How values were converted; ``None`` where they were not."""
    if abs(factor - 1.0) <= _SAME:
        return None
    wanted = raster.kind.unit
    if wanted == "m":
        unit, wanted = next((name for size, name in _PLURALS.items() if size == factor), unit), _METRES
    return Text("{}: {} are converted from {} to {} (x {:.7g}).", raster.label, Text(raster.kind.values), unit,
                Text(wanted), factor)  # fmt: skip


def band_unit(dataset: gdal.Dataset, number: int) -> str:
    """The unit that a band declares, as it is written; empty where it declares none."""
    band = dataset.GetRasterBand(number)
    known = band.GetMetadata() or {}
    texts = [band.GetUnitType() or "", *(known.get(key, "") for key in _UNIT_KEYS), _unit_beside(dataset)]
    if dataset.RasterCount == 1:
        of_file = dataset.GetMetadata() or {}
        texts += [of_file.get(key, "") for key in ("UNITTYPE", "VERTICAL_UNITS", "vertical_units")]
    return next((text.strip() for text in texts if _plain(text) not in _NO_UNIT), "")


def vertical_axis_of(dataset: gdal.Dataset, raster: RasterInput) -> VerticalAxis | None:
    """The axis of heights that the layer's coordinate system has, or the file's."""
    for wkt in (raster.crs_wkt, dataset.GetProjection()):
        crs = osr.SpatialReference()
        try:
            axis = vertical_axis(crs) if wkt and crs.ImportFromWkt(wkt) == 0 else None
        except RuntimeError:
            axis = None
        if axis is not None:
            return axis
    return None


def _agreed(found: list[_Declared], raster: RasterInput) -> float:
    if not found:
        return 1.0
    first = found[0]
    for other in found[1:]:
        if abs(other.factor / first.factor - 1.0) > _SAME:
            raise InputError(
                raster.label,
                Text("declares two units: its {} {}, its {} {}", Text(first.where), first.text, Text(other.where),
                     other.text),
                "one unit",
                "Find out which is right, and write the raster anew with that unit alone, e.g. with Raster > Raster "
                "Calculator, whose results declare none and are taken to be in metres.",
            )  # fmt: skip
    return first.factor


def _read(text: str, raster: RasterInput) -> _Declared:
    """A band's unit; raises :class:`InputError` where it is none of the wanted quantity."""
    factor = _factor(text, raster.kind.unit)
    if factor is None:
        raise InputError(
            raster.label, Text("declares the unit '{}' for its values", text),
            Text("{} in {}, or in a unit that can be converted to it", Text(raster.kind.title), raster.kind.unit),
            "Choose the layer that holds it. If the values are right and the declared unit is not, write the raster "
            "anew with Raster > Raster Calculator, whose results declare no unit.",
        )  # fmt: skip
    return _Declared(Text("band"), text, factor)


def _factor(text: str, wanted: str) -> float | None:
    """Factor from a unit to the wanted one; a datum that follows a length is no part of it (``feet NAVD88``)."""
    plain = _plain(text)
    for part in (text.strip(), plain):
        if wanted == "m" and part in _LENGTHS:
            return _LENGTHS[part]
        found = conversion(part, wanted)
        if found is not None:
            return found.factor
    words = plain.split()
    for count in range(len(words) - 1, 0, -1) if wanted == "m" else ():
        if re.fullmatch(r"[^\W\d]\w*", words[count]) and words[count] != "per" and not is_unit(words[count]):
            length = _factor(" ".join(words[:count]), wanted)
            if length is not None:
                return length
    return None


def _plain(text: str) -> str:
    """Lower case, with blanks between words: ``US_survey-foot`` is ``us survey foot``."""
    plain = re.sub(r"u\.\s*s\.", "us ", text.strip().casefold())
    return " ".join(re.sub(r"[\s_.,;+\[\]()-]+", " ", plain).split())


def _check_direction(axis: VerticalAxis, raster: RasterInput) -> None:
    if axis.down:
        raise InputError(
            raster.label, Text("has a vertical coordinate system of depths, which grow downwards (in {})", axis.unit),
            "heights, which grow upwards",
            "If the values are depths, change their sign with Raster > Raster Calculator; if they are heights, assign "
            "a coordinate system without the vertical part.",
        )  # fmt: skip


def _ambiguous(axis: VerticalAxis, raster: RasterInput) -> InputError:
    return InputError(
        raster.label,
        Text("has a coordinate system with heights in {}, and its values have no unit of their own", axis.unit),
        Text("{} in metres, or a band that declares its unit", Text(raster.kind.title)),
        "Assign the coordinate system without its vertical part (Raster > Projections > Assign Projection) if the "
        "values are in metres; else convert them with Raster > Raster Calculator.",
    )  # fmt: skip


def _unit_beside(dataset: gdal.Dataset) -> str:
    """Unit of heights in the old form of the .prj file beside an ASCII grid, which GDAL does not read."""
    if dataset.GetDriver().ShortName != "AAIGrid":
        return ""
    for file in dataset.GetFileList() or ():
        if file.lower().endswith(".prj"):
            try:
                text = Path(file).read_text(encoding="latin-1")
            except OSError:
                return ""
            found = re.search(r"^\s*zunits\s+(\S+)", text, flags=re.IGNORECASE | re.MULTILINE)
            return _of_zunits(found[1]) if found else ""
    return ""


def _of_zunits(text: str) -> str:
    """ESRI gives a name, or how many units a metre has."""
    try:
        size = 1.0 / float(text)
    except (ValueError, ZeroDivisionError):
        return text
    names = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "US survey foot": _SURVEY_FOOT, "km": 1000.0}
    near = [name for name, metres in names.items() if abs(metres / size - 1.0) < 1e-5]
    return near[0] if near else ("ft" if abs(0.3048 / size - 1.0) < 1e-3 else text)
