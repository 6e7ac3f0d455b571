"""Units in the names of layer fields, such as ``c_psf`` or ``K (mm/h)``."""

from __future__ import annotations

import re

from ...text import Text
from ..errors import InputError
from ..quantities.units import (
    Conversion,
    accepted_units,
    conversion,
    is_amount,
    is_clear_unit,
    is_unit,
    suffix_conversion,
)
from .column_names import PARAMETERS, TableQuantity, snake_case, title_words
from .columns import CUT_ADVICE, bracketed, is_cut, read_title

SOIL_DEPTH = TableQuantity(
    "soil_depth", "m", ("soil depth", "depth", "soil thickness", "thickness", "d", "h", "z", "depth to bedrock"),
    "Enter metres: divide centimetres by 100.",
)  # fmt: skip
_SPREAD_SUFFIX = "_sd"
#: Words of names of codes and keys.
_CODE_WORDS = {
    "id", "fid", "gid", "oid", "objectid", "key", "code", "codes", "class", "classes", "type", "types", "number", "no",
    "nr", "index", "\ucf54\ub4dc", "\ubc88\ud638", "\ubd84\ub958",
}  # fmt: skip
#: Names of the sizes of features, which GIS programs add to layers.
_SIZE_NAMES = re.compile(r"(shape|poly|geom)?_?(area|leng(th)?|perimeter)(_(sq)?k?m2?|_ha|_acres)?")
#: Words that mark a standard deviation.
_SPREAD_WORDS = {"sd", "std", "stdev", "stddev", "dev", "deviation", "standard", "sigma", "\u03c3", "\u00b1"}
#: Words that mark a statistic which no raster holds: a share of the mean, a square, a logarithm.
_OTHER_STATISTICS = {"cv", "cov", "rsd", "var", "variance", "log", "log10", "ln"}


def field_conversion(field: str, name: str, unit: str, label: str) -> Conversion:
    """Conversion of a field's numbers to the unit of a quantity.

    Args:
        field: its name, which may contain a unit, like table titles.
        name: lower-case name of the parameter, ``soil_depth``, or either with ``_sd`` for a standard deviation.

    Raises:
        InputError: the field's name has a unit that cannot be converted, or is cut.
    """
    *head, last = title_words(field) or [""]
    tail = [last] if read_title(" ".join(head), [_quantity(name)]) else []
    if is_cut(field, tail, unit):
        raise InputError(label, Text("the name of field '{}' is cut short", field), accepted_units(unit), CUT_ADVICE)
    spread = name.endswith(_SPREAD_SUFFIX)
    column = read_title(_without_spread(field) if spread else field, [_quantity(name)])
    if column is not None and spread and column.conversion.tangent:
        raise _refusal(field, column.conversion.source, unit, label)
    if column is not None and column.problem is None:
        return column.conversion
    source = column.conversion.source.replace(" ", "/") if column is not None else ""
    if is_clear_unit(source) or is_amount(source, unit) or (bracketed(field) and is_unit(source)):
        raise _refusal(field, source, unit, label)
    return _unit_of_unknown_name(field, unit, label)


def named_quantity_conflict(field: str, name: str) -> str:
    """Name of another parameter that a field name usually denotes; empty if there is none."""
    title = _without_spread(field) if name.endswith(_SPREAD_SUFFIX) else field
    column = None if read_title(title, [_quantity(name)]) else read_title(title, PARAMETERS)
    return column.quantity.name if column is not None else ""


def names_codes(field: str, name: str) -> bool:
    """Whether a field's name denotes codes or keys, such as ``soil_code`` or ``fid``, and not the named quantity."""
    named = read_title(field, [_quantity(name)]) is not None
    return not named and not _CODE_WORDS.isdisjoint(map(str.casefold, title_words(field)))


def names_size(field: str) -> bool:
    """Whether a field's name denotes the size of the feature itself, such as ``Shape_Area`` or ``area_ha``."""
    return _SIZE_NAMES.fullmatch(snake_case(field)) is not None


def names_another_statistic(field: str, name: str) -> bool:
    """Whether a field's name denotes a spread where a value is wanted, or another statistic, such as ``c_cv``."""
    others = _OTHER_STATISTICS if name.endswith(_SPREAD_SUFFIX) else _OTHER_STATISTICS | _SPREAD_WORDS
    return not others.isdisjoint(map(str.casefold, title_words(field)))


def _quantity(name: str) -> TableQuantity:
    return next(q for q in (*PARAMETERS, SOIL_DEPTH) if q.name == name.removesuffix(_SPREAD_SUFFIX))


def _unit_of_unknown_name(field: str, unit: str, label: str) -> Conversion:
    """The same for an unknown name: its ending counts if it can only be a unit."""
    for text in bracketed(field):
        if is_unit(text):
            found = conversion(text, unit)
            if found is None:
                raise _refusal(field, text, unit, label)
            return found
    words = title_words(field)
    for start in range(1, len(words)):
        found = suffix_conversion(words[start:], unit)
        if found is not None:
            return found
        text = "/".join(words[start:])
        if is_clear_unit(text):
            raise _refusal(field, text, unit, label)
    return Conversion(unit, unit)


def _refusal(field: str, source: str, unit: str, label: str) -> InputError:
    return InputError(
        label, Text("field '{}' in {}", field, source), accepted_units(unit),
        "Choose another field, or rename it if its name only seems to contain a unit.",
    )  # fmt: skip


def _without_spread(field: str) -> str:
    """A field's name without the words that mark a standard deviation."""
    text = field
    for word in title_words(field):
        if word.casefold() in _SPREAD_WORDS:
            text = text.replace(word, " ", 1)
    return text
