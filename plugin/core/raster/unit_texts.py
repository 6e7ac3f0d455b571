"""Recognizes texts that are units: lengths by all their names, and units of other quantities."""

from __future__ import annotations

import re

from ..units import conversion, is_unit

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
