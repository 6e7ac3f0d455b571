"""Finds the unit that a raster declares for its values, and the conversion to the required unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..quantities.foreign_text import foreign_entries, foreign_text
from ..quantities.units import accepted_units
from ..tables.column_names import title_words
from .crs import VerticalAxis, crs_of, vertical_axis, whole_crs
from .inputs import ELEVATION, RasterInput
from .unit_files import sidecar_units, sources_of
from .unit_texts import SURVEY_FOOT, NoConversion, is_uninformative, unit_factor, unit_in_description, unit_in_name

_SAME = 1e-5  # relative; the US survey foot and the international one differ by 2e-6
_SCALED = 1e-4  # relative; a scale so near to the unit's own factor has probably made the conversion already
#: Metadata that hold the unit of values, by the letters of their keys in lower case.
_UNIT_KEY = re.compile(r"(?:vertical|vert|elevation|elev|heights?|z|values?|data|grib|dem)?units?(?:type|ofmeasure)?")
#: Metadata, in any case, that name a band, and those that describe a file in sentences.
_NAME_KEYS = {"long_name", "netcdf_varname", "grib_comment", "band_name", "description"}
_DESCRIPTION_KEYS = {"tifftag_imagedescription", "description", "long_name", "title"}
#: Names of the commonest units in messages.
_PLURALS = {
    SURVEY_FOOT: Text("US survey feet"), 0.3048: Text("feet"), 0.01: Text("centimetres"), 0.001: Text("millimetres"),
    0.1: Text("decimetres"), 1000.0: Text("kilometres"), 0.9144: Text("yards"), 0.0254: Text("inches"),
}  # fmt: skip
_METRES = Text("metres")


@dataclass(frozen=True)
class DeclaredUnit:
    """One statement about the unit of a band's values.

    Attributes:
        where: it is made.
        text: as it is written.
        factor: to the wanted unit.
        unit: the unit alone, where the text has more.
    """

    where: str
    text: str
    factor: float
    unit: str = ""


def declared_unit(dataset: gdal.Dataset, number: int, raster: RasterInput) -> DeclaredUnit:
    """The unit that a raster declares for a band; the wanted one where it declares none.

    All units that a file declares are compared. The vertical part of a coordinate system is about heights: of other
    quantities it is ignored, but a length without a unit of its own is refused, as it may be affected.

    Raises:
        InputError: an unknown unit, another quantity's, or statements that contradict each other.
    """
    wanted = raster.kind.unit
    none = DeclaredUnit("", wanted, 1.0)
    if not wanted:
        return none
    axis = vertical_axis_of(dataset, raster)
    found = list(_statements(dataset, number, raster, axis))
    if wanted == "m" and axis is not None:
        if raster.kind == ELEVATION:
            _check_direction(axis, raster)
        elif not found and abs(axis.metres - 1.0) > _SAME:
            raise _ambiguous_unit(axis, raster)
        found.insert(0, DeclaredUnit(Text("vertical coordinate system"), axis.unit, axis.metres))
    _check_agreement(found, raster)
    first = found[0] if found else none
    _check_scale(first, dataset.GetRasterBand(number), raster)
    return first


def conversion_note(declared: DeclaredUnit, raster: RasterInput) -> Text | None:
    """Note on the conversion of values; ``None`` if they were not converted."""
    factor, unit = declared.factor, declared.unit or declared.text
    if abs(factor - 1.0) <= _SAME:
        return None
    wanted = raster.kind.unit
    if wanted == "m":
        unit, wanted = next((name for size, name in _PLURALS.items() if size == factor), unit), _METRES
    return Text("{}: {} are converted from {} to {} (x {:.7g}).", raster.label, Text(raster.kind.values), unit,
                Text(wanted), factor)  # fmt: skip


def map_unit_caution(declared: DeclaredUnit, dataset: gdal.Dataset, raster: RasterInput) -> Text | None:
    """Caution if lengths declare no unit and the map is in feet, as is usual where depths are in feet too."""
    if declared.where or raster.kind.unit != "m" or raster.kind == ELEVATION:
        return None
    crs = crs_of(raster.crs_wkt or dataset.GetProjection())
    if crs is None or not crs.IsProjected() or abs(crs.GetLinearUnits() - 1.0) <= _SAME:
        return None
    return Text(
        "{}: the coordinate system of the layer is in {}, and its values have no unit: they are read as metres. If "
        "they are in feet too, convert them with Raster > Raster Calculator.",
        raster.label, foreign_text(crs.GetLinearUnitsName()),
    )  # fmt: skip


def name_caution(declared: DeclaredUnit, dataset: gdal.Dataset, number: int, raster: RasterInput) -> Text | None:
    """Caution if the name of the layer or of its file has a unit of something else, where nothing declares a unit.

    Such a name may be about other things than the values: its unit is never converted.

    Raises:
        InputError: a name has another unit of the wanted quantity, and none has the wanted unit.
    """
    if declared.where or not raster.kind.unit:
        return None
    files = (dataset, *(source for source, _ in sources_of(dataset, number)))
    names = dict.fromkeys((raster.layer_name, *(Path(file.GetDescription()).stem for file in files)))
    found: dict[str, tuple[str, float]] = {}
    caution = None
    for name in (foreign_text(name) for name in names if len(title_words(name)) > 1):
        try:
            unit = unit_in_name(name, raster.kind)
        except NoConversion:
            caution = Text("{}: its name '{}' has a unit other than {}. Does it contain the required values: {}?",
                           raster.label, name, raster.kind.unit, Text(raster.kind.title))  # fmt: skip
        else:
            found.update({name: unit} if unit else {})
    if any(abs(factor - 1.0) <= _SAME for _, factor in found.values()):
        return None
    for name, (unit, _) in found.items():
        raise InputError(
            raster.label, Text("declares no unit, and its name '{}' contains the unit {}", name, unit),
            Text("values in {}", raster.kind.unit),
            Text("Convert them with Raster > Raster Calculator. If they are in {} already, rename the layer or file.",
                 raster.kind.unit),
        )  # fmt: skip
    return caution


def _statements(
    dataset: gdal.Dataset, number: int, raster: RasterInput, axis: VerticalAxis | None
) -> Iterator[DeclaredUnit]:
    """All statements of a band's unit, except the vertical coordinate system's."""
    band = dataset.GetRasterBand(number)
    own = foreign_text(band.GetUnitType() or "")
    # GDAL gives a band without a unit the one of the vertical coordinate system
    if not is_uninformative(own) and (axis is None or own != axis.unit):
        yield _parse_statement(Text("band"), own, raster)
    of_band, of_file = foreign_entries(band.GetMetadata()), foreign_entries(dataset.GetMetadata())
    for key, text in of_band.items():
        if _is_unit_key(key) and not is_uninformative(text):
            yield _parse_statement(Text("band"), text, raster)
    for key, text in of_file.items():
        if _is_unit_key(key) and not is_uninformative(text) and _applies_to_band(dataset, text, raster):
            yield _parse_statement(Text("metadata"), text, raster)
    for name, text in sidecar_units(dataset, raster.label):
        if not is_uninformative(text):
            yield _parse_statement(Text("file '{}'", name), text, raster)
    names = [
        foreign_text(band.GetDescription()),
        *(text for key, text in of_band.items() if key.casefold() in _NAME_KEYS),
    ]
    for name in dict.fromkeys(name for name in names if name):
        yield from _unit_of_band_name(name, raster)
    for key, text in of_file.items() if dataset.RasterCount == 1 else ():
        described = unit_in_description(text, raster.kind) if key.casefold() in _DESCRIPTION_KEYS else None
        if described:
            yield DeclaredUnit(Text("description"), f"'{text.strip()}'", described[1], described[0])
    for source, source_number in sources_of(dataset, number):
        yield from _statements(source, source_number, raster, axis)


def _is_unit_key(key: str) -> bool:
    return _UNIT_KEY.fullmatch(re.sub(r"[\W_]", "", key).casefold()) is not None


def _applies_to_band(dataset: gdal.Dataset, text: str, raster: RasterInput) -> bool:
    """Whether a unit of the whole file is the band's: with other bands it may be of any of them."""
    return dataset.RasterCount == 1 or (raster.kind.unit == "m" and unit_factor(text, "m") is not None)


def _unit_of_band_name(name: str, raster: RasterInput) -> Iterator[DeclaredUnit]:
    try:
        found = unit_in_name(name, raster.kind)
    except NoConversion as error:
        raise InputError(
            raster.label, Text("has a band named '{}', whose unit cannot be converted", name),
            accepted_units(raster.kind.unit),
            "Choose the layer that contains it, or convert the values with Raster > Raster Calculator. If the name "
            "only seems to contain a unit, rename the band.",
        ) from error  # fmt: skip
    if found:
        yield DeclaredUnit(Text("band name"), f"'{name}'", found[1], found[0])


def vertical_axis_of(dataset: gdal.Dataset, raster: RasterInput) -> VerticalAxis | None:
    """The axis of heights that the layer's coordinate system has, or the file's."""
    axes = (vertical_axis(whole_crs(wkt)) for wkt in (raster.crs_wkt, dataset.GetProjection()))
    return next((axis for axis in axes if axis is not None), None)


def _check_agreement(found: list[DeclaredUnit], raster: RasterInput) -> None:
    for other in found[1:]:
        if abs(other.factor / found[0].factor - 1.0) > _SAME:
            raise InputError(
                raster.label,
                Text("declares two units: its {} {}, its {} {}", found[0].where, found[0].text,
                     other.where, other.text),
                "one unit",
                "Find out which unit is right and write a new raster that declares only that one, e.g. with Raster > "
                "Raster Calculator, whose results declare no unit and are read as metres.",
            )  # fmt: skip


def _check_scale(declared: DeclaredUnit, band: gdal.Band, raster: RasterInput) -> None:
    """Refuse a scale that is the unit's own factor: whether scaled values are still in that unit is uncertain."""
    scale = band.GetScale()
    if abs(declared.factor - 1.0) > _SAME and scale and abs(scale / declared.factor - 1.0) < _SCALED:
        raise InputError(
            raster.label,
            Text("has the scale {:.7g} and the unit {}: the scale seems to convert the unit already", scale,
                 declared.unit or declared.text),
            "a scale, or a unit to convert, not both",
            "Write a new raster with Raster > Raster Calculator, which applies the scale. If the results are not in "
            "metres, convert them there too.",
        )  # fmt: skip


def _parse_statement(where: str, text: str, raster: RasterInput) -> DeclaredUnit:
    """A declared unit; raises :class:`InputError` where it is none of the wanted quantity."""
    text = text.strip()
    factor = unit_factor(text, raster.kind.unit)
    if factor is None:
        raise InputError(
            raster.label, Text("declares the unit '{}' for its values", text),
            Text("{} in {}, or in a unit that can be converted to it", Text(raster.kind.title), raster.kind.unit),
            "Choose the layer that contains it. If the values are right and the declared unit is wrong, write a new "
            "raster with Raster > Raster Calculator, whose results declare no unit.",
        )  # fmt: skip
    return DeclaredUnit(where, text, factor)


def _check_direction(axis: VerticalAxis, raster: RasterInput) -> None:
    if axis.down:
        raise InputError(
            raster.label, Text("has a vertical coordinate system of depths, which grow downwards (in {})", axis.unit),
            "heights, which grow upwards",
            "If the values are depths, change their sign with Raster > Raster Calculator; if they are heights, assign "
            "a coordinate system without the vertical part.",
        )  # fmt: skip


def _ambiguous_unit(axis: VerticalAxis, raster: RasterInput) -> InputError:
    return InputError(
        raster.label,
        Text("has a coordinate system with heights in {}, and its values have no unit of their own", axis.unit),
        Text("{} in metres, or a band that declares its unit", Text(raster.kind.title)),
        "Assign the coordinate system without its vertical part (Raster > Projections > Assign Projection) if the "
        "values are in metres; else convert them with Raster > Raster Calculator.",
    )  # fmt: skip
