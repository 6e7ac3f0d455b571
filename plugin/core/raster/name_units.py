"""Units in the names and descriptions of bands: ``Elevation (feet)``, ``soil_depth_dm``, ``c [psf]``."""

from __future__ import annotations

import re

from ..errors import InputError
from ..tables.column_names import title_words
from ..tables.columns import bracketed
from ..tables.field_units import field_conversion
from ..units import conversion, is_amount, is_clear_unit, is_unit, suffix_conversion
from .inputs import RasterKind
from .unit_texts import is_uninformative, length_at_the_end, unit_factor

_SIZE_UNITS = (
    r"mm|cm|dm|m|km|ft|feet|foot|inch(?:es)?|met(?:er|re)s?|h|hr|hrs|hours?|min|minutes?|d|days?|yrs?|years?|deg|"
    r"degrees?|secs?|seconds?|pct|percent|%"
)
#: Sizes of cells, depths, times in a name, which are no units of its values: ``DEM 50 cm``, ``clay 0-30 cm``.
_SIZES = re.compile(
    r"(?:\b\d+/)?(?<![^\W_])(?<![/\d.^])\d+(?:[.,]\d+)?(?:\s*[-\u2013_]\s*\d+(?:[.,]\d+)?)?[\s_-]*"
    rf"(?:{_SIZE_UNITS})(?![^\W_])(?!\s*(?:/|per\b))|(?<![^\W_])arc[\s_-]?(?:sec|min)\w*",
    re.IGNORECASE,
)
#: ``h2`` or ``t1``: a number of a horizon or time, unless preceded by a unit as in ``kN_m2``.
_LABEL = re.compile(r"(?<=[\s_-])[^\W\d_]\d(?![^\W_])")
#: ``10-6 m/s``, ``[ft/10]``, ``[m] x 100``: values that are to be multiplied.
_SCALED_UNIT = re.compile(
    r"(?<![\d-])(?:10\s*\^?|1e)\s*[-\u2212]\s*\d+\s*[x\u00d7*\u00b7]?\s*[^\W\d_]+\s*/"
    r"|[\[({]\s*(?:ft|feet|foot|in|[cdm]?m)\s*[*/x\u00d7\u00b7]\s*10*\s*[\])}]|[\])}]\s*[x\u00d7*]\s*\d+",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?i:ft|miles?|mi)\.?\s+(?!Above)[A-Z][a-z]{2,}")  # Ft. Collins, Miles City
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]+(?![^\W_]))")  # before the last word of ElevFeet
_SHORT = 3  # letters: shorter endings of a name are more often places or symbols than units of something else
_SIGNS = ("%", "\u2030", "\u00b0")
_LOGARITHM = re.compile(r"(?<![^\W_])(?:log|log10|ln)(?![^\W_])", re.IGNORECASE)
_POWER_OF_TEN = re.compile(
    r"[x\u00d7*\u00b7]?\s*(?:10|1e)\s*\^?\s*[-\u2212+]?\d+\s*[x\u00d7*\u00b7]?\s*(.+)", re.IGNORECASE
)
_OF_LENGTHS = r"elevations?|heights?|altitudes?|depths?|thickness(?:es)?|z[\s_-]?values?|z|vertical|values?"
_IN_WORDS = re.compile(
    rf"(?:\b(?:{_OF_LENGTHS})\s+(?:values\s+)?(?:are\s+|is\s+)?(?:given\s+|expressed\s+|measured\s+)?in"
    r"|\b(?:(?:vertical|elevation|height|depth|z)[\s_-]?)?units?\s*(?:are|is|[:=]))\s+([^.,;:\n()\[\]]+)",
    re.IGNORECASE,
)


class NoConversion(ValueError):
    """A name has a unit that cannot be converted to the wanted one."""


def unit_in_name(name: str, kind: RasterKind) -> tuple[str, float] | None:
    """The unit in a band's name, and the factor from it to the wanted one; ``None`` where it has none.

    Raises:
        NoConversion: a unit of something else, or values that are no multiples of what is wanted.
    """
    if _SCALED_UNIT.search(name):
        raise NoConversion(name)
    text = _SIZES.sub(" ", name)
    if kind.unit == "m":
        return _length_in(text)
    text = _LABEL.sub(lambda label: label[0] if _ends_with_unit(text[: label.start()]) else " ", text)
    if _LOGARITHM.search(text) or any(_is_power_of_ten(part) for part in bracketed(name)):
        raise NoConversion(name)
    if is_clear_unit(name) and conversion(name, kind.unit):
        return name, conversion(name, kind.unit).factor
    if is_amount(name, kind.unit):
        raise NoConversion(name)
    try:
        found = field_conversion(text, kind.names[0], kind.unit, "")
    except InputError as error:
        raise NoConversion(name) from error
    if found.tangent:
        raise NoConversion(name)
    return (found.source, found.factor) if found.changes or _contains_unit(text, kind.unit) else None


def unit_in_description(text: str, kind: RasterKind) -> tuple[str, float] | None:
    """The unit of length that a description states for its values, e.g. ``Elevation in feet, NAVD88``."""
    for found in _IN_WORDS.finditer(text) if kind.unit == "m" else ():
        factor = unit_factor(found[1], "m")
        if factor is not None:
            return found[1].strip(), factor
    return None


def _ends_with_unit(text: str) -> bool:
    words = title_words(text)
    return bool(words) and is_unit(words[-1])


def _contains_unit(text: str, unit: str) -> bool:
    """Distinguish a name that has a unit from one without; ``ratio`` at its end is none."""
    words = title_words(text)
    endings = [words[start:] for start in range(1, len(words))] if unit != "-" else []
    in_brackets = any(conversion(part, unit) for part in bracketed(text))
    return in_brackets or any(suffix_conversion(ending, unit) for ending in endings)


def _is_power_of_ten(part: str) -> bool:
    """Recognize scaled units such as ``10^-6 m/s``."""
    found = _POWER_OF_TEN.fullmatch(part)
    return found is not None and is_unit(found[1])


def _length_in(text: str) -> tuple[str, float] | None:
    for part in bracketed(text):
        unit = re.sub(r"^(?:units?\s*[:=]?|in)\s+", "", part, flags=re.IGNORECASE)
        factor = _length_factor(unit)
        if factor is not None:
            return unit, factor
        is_symbol = len(unit) < _SHORT and unit.isupper()
        if unit in _SIGNS or (is_clear_unit(unit) and not is_symbol and not is_uninformative(unit)):
            raise NoConversion(unit)
    words = title_words(re.sub(r"[\[({<][^\])}>]*[\])}>]", " ", _CAPITALS.sub(" ", text)))
    prepositions = [place for place, word in enumerate(words) if place and word.casefold() == "in"]
    tail = " ".join(words[prepositions[-1] + 1 :]) if prepositions else ""
    factor = _length_factor(tail)
    if factor is not None:
        return tail, factor
    found = length_at_the_end(words)
    if found is None and len(words) > 1 and len(words[-1]) >= _SHORT and is_clear_unit(words[-1]):
        raise NoConversion(words[-1])
    return found


def _length_factor(text: str) -> float | None:
    """A length [m] by its name; ``None`` for a place that begins like one."""
    return None if not text or _PLACE.match(text) else unit_factor(text, "m")
