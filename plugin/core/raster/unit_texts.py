"""Recognizes units in texts and names: lengths by all their names, and units of other quantities."""

from __future__ import annotations

import re

from ..errors import InputError
from ..quantities.units import conversion, is_amount, is_clear_unit, is_unit, suffix_conversion
from ..tables.column_names import title_words
from ..tables.columns import bracketed
from ..tables.field_units import field_conversion
from .inputs import RasterKind

SURVEY_FOOT = 1200.0 / 3937.0
#: Lengths [m] whose names are no products of units.
_LENGTHS = {
    "us survey foot": SURVEY_FOOT, "us survey feet": SURVEY_FOOT, "us survey ft": SURVEY_FOOT,
    "survey ft": SURVEY_FOOT, "survey foot": SURVEY_FOOT, "survey feet": SURVEY_FOOT, "foot us": SURVEY_FOOT,
    "feet us": SURVEY_FOOT,
    "ft us": SURVEY_FOOT, "ftus": SURVEY_FOOT, "us ft": SURVEY_FOOT, "us foot": SURVEY_FOOT,
    "us feet": SURVEY_FOOT, "usft": SURVEY_FOOT, "sft": SURVEY_FOOT, "foot survey us": SURVEY_FOOT,
    "foot us survey": SURVEY_FOOT, "international foot": 0.3048, "international feet": 0.3048, "intl foot": 0.3048,
    "intl ft": 0.3048, "intl feet": 0.3048, "international ft": 0.3048, "foot intl": 0.3048,
    "foot international": 0.3048, "ft intl": 0.3048, "feet intl": 0.3048, "ift": 0.3048, "fuss": 0.3048,
    "pies": 0.3048, "pieds": 0.3048, "piedi": 0.3048,
    "yd": 0.9144, "yard": 0.9144, "yards": 0.9144, "international yard": 0.9144, "fathom": 1.8288, "fathoms": 1.8288,
    "meter s": 1.0, "metre s": 1.0, "mtr": 1.0, "mtrs": 1.0, "masl": 1.0, "mamsl": 1.0, "mètre": 1.0, "mètres": 1.0,
    "metro": 1.0, "metros": 1.0, "metri": 1.0, "gpm": 1.0,
    "decimeters": 0.1, "decimetres": 0.1, "dezimeter": 0.1, "zentimeter": 0.01, "millimeter": 0.001,
    "centimètres": 0.01, "centímetros": 0.01, "centimetros": 0.01, "dam": 10.0,
    "decameter": 10.0, "decametre": 10.0, "hm": 100.0, "mi": 1609.344, "mile": 1609.344, "miles": 1609.344,
}  # fmt: skip
#: Lengths whose short names mean something else at the end of a name more often.
_AMBIGUOUS_ENDINGS = {"in", "um", "mi", "dam", "hm", "sft", "ift", "gpm", "metro", "pies", "yard", "mile"}
#: Placeholders for an unknown unit.
_PLACEHOLDERS = {
    "", "1", "unknown", "none", "null", "undefined", "n/a", "na", "no", "not specified", "unspecified", "unset",
    "unitless", "dimensionless",
}  # fmt: skip
#: Vertical datum texts before or after a unit.
_DATUM = re.compile(r"(?:navd|ngvd|egm|evrf|dhhn|igld|ahd|odn|cgvd|nzvd)\d*|(?:a?m)?sl|asl|nhn|nap")
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


def is_uninformative(text: str) -> bool:
    """Whether a text is a placeholder for an unknown unit."""
    return plain(text) in _PLACEHOLDERS


def unit_factor(text: str, wanted: str) -> float | None:
    """Factor from a unit to the wanted one; ``None`` where it is none of the wanted quantity.

    A datum next to a length is no part of it (``feet NAVD88``, ``EGM96 m``), nor is a title (``elevation in feet``).
    """
    found = _factor(text, wanted)
    behind = re.split(r"\bin\s+(?=\w)", text, flags=re.IGNORECASE)
    return _factor(behind[-1], wanted) if found is None and len(behind) > 1 else found


def length_at_the_end(words: list[str]) -> tuple[str, float] | None:
    """The length [m] with which a name's words end, e.g. ``elev ft`` or ``elev us survey ft navd88``.

    Returns:
        (its name, its size), or ``None``: also where its name means something else there more often.
    """
    rest = [word.casefold() for word in words]
    while len(rest) > 1 and _DATUM.fullmatch(rest[-1]):
        rest.pop()
    for start in range(len(rest)):
        text = " ".join(rest[start:])
        size = None if text in _AMBIGUOUS_ENDINGS else _simple(text, "m")
        if size is not None:
            return text, size
    return None


def plain(text: str) -> str:
    """Lower case, with blanks between words: ``US_survey-foot`` is ``us survey foot``."""
    written = re.sub(r"u\.\s*s\.", "us ", text.strip().casefold())
    return " ".join(re.sub(r"[\s_.,;+\[\]()-]+", " ", written).split())


def _factor(text: str, wanted: str) -> float | None:
    for part in (text.strip(), plain(text)):
        found = _simple(part, wanted)
        if found is not None:
            return found
    words = plain(text).split() if wanted == "m" else []
    if len(words) > 1 and _DATUM.fullmatch(words[0]):
        return _factor(" ".join(words[1:]), wanted)
    for count in range(len(words) - 1, 0, -1):
        if re.fullmatch(r"[^\W\d]\w*", words[count]) and words[count] != "per" and not is_unit(words[count]):
            length = _factor(" ".join(words[:count]), wanted)
            if length is not None:
                return length
    return None


def _simple(text: str, wanted: str) -> float | None:
    if wanted == "m" and text in _LENGTHS:
        return _LENGTHS[text]
    found = conversion(text, wanted)
    return None if found is None else found.factor


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
