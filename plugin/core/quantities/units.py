"""Parses units in titles and converts them to the required unit."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Iterator, Sequence

from ...text import Text

#: Exponents of length, mass, time and angle.
Dimension = tuple[int, int, int, int]
_NONE: Dimension = (0, 0, 0, 0)
_LENGTH, _MASS, _TIME, _ANGLE = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)
_FORCE, _PRESSURE, _UNIT_WEIGHT = (1, 1, -2, 0), (-1, 1, -2, 0), (-2, 1, -2, 0)
_VELOCITY, _ACCELERATION = (1, 0, -1, 0), (1, 0, -2, 0)

_G = 9.80665  # standard gravity [m/s2]
_POUND, _FOOT, _INCH = 0.45359237, 0.3048, 0.0254
#: Density into unit weight, as the parameters' help has it [m/s2].
_DENSITY_GRAVITY = 9.81

#: (dimension, factor to SI): spellings, separated by blanks. Degrees are the unit of angles.
_SPELLINGS: tuple[tuple[Dimension, float, str], ...] = (
    (_LENGTH, 1.0, "m meter meters metre metres"),
    (_LENGTH, 1e-1, "dm decimeter decimetre"),
    (_LENGTH, 1e-2, "cm centimeter centimeters centimetre centimetres"),
    (_LENGTH, 1e-3, "mm millimeter millimeters millimetre millimetres"),
    (_LENGTH, 1e-6, "\u03bcm um micron microns"),
    (_LENGTH, 1e3, "km kilometer kilometers kilometre kilometres"),
    (_LENGTH, _INCH, 'in inch inches "'),
    (_LENGTH, _FOOT, "ft foot feet"),
    ((3, 0, 0, 0), 1e-3, "l L liter liters litre litres"),
    (_TIME, 1.0, "s sec secs second seconds"),
    (_TIME, 60.0, "min mins minute minutes"),
    (_TIME, 3600.0, "h hr hrs hour hours"),
    (_TIME, 86400.0, "d day days"),
    (_MASS, 1.0, "kg kilogram kilograms"),
    (_MASS, 1e-3, "g gram grams"),
    (_MASS, 1e3, "t tonne tonnes"),
    (_MASS, _POUND, "lb lbs pound pounds"),
    (_FORCE, 1.0, "N newton newtons"),
    (_FORCE, 1e3, "kN kilonewton kilonewtons"),
    (_FORCE, _G, "kgf kp"),
    (_FORCE, _G * 1e-3, "gf"),
    (_FORCE, _G * 1e3, "tf"),
    (_FORCE, _G * _POUND, "lbf"),
    (_PRESSURE, 1.0, "Pa pascal pascals"),
    (_PRESSURE, 1e2, "hPa hectopascal mbar"),
    (_PRESSURE, 1e3, "kPa kilopascal kilopascals"),
    (_PRESSURE, 1e6, "MPa megapascal megapascals"),
    (_PRESSURE, 1e5, "bar"),
    (_PRESSURE, _G * _POUND / _INCH**2, "psi"),
    (_PRESSURE, 1e3 * _G * _POUND / _INCH**2, "ksi"),
    (_PRESSURE, _G * _POUND / _FOOT**2, "psf"),
    (_PRESSURE, 1e3 * _G * _POUND / _FOOT**2, "ksf"),
    (_UNIT_WEIGHT, _G * _POUND / _FOOT**3, "pcf"),
    (_ANGLE, 1.0, "deg degs degree degrees \u00b0"),
    (_ANGLE, 180.0 / math.pi, "rad rads radian radians"),
    (_ANGLE, 0.9, "gon"),
    (_NONE, 1.0, "- \u2013 1 ratio fraction dimensionless unitless"),
    (_NONE, 1e-2, "% percent pct vol% %vol"),
    (_NONE, 1e-3, "\u2030 permille"),
)
_EXACT = {name: (dimension, factor) for dimension, factor, names in _SPELLINGS for name in names.split()}
_ANY_CASE = {name.casefold(): unit for name, unit in _EXACT.items()}
#: A unit with another one's letters: a thousandth of a pascal, which is no unit of this field.
_CONFUSED = {"mPa"}
#: What a suffix such as ``c_bar`` more probably means than a unit, and a compound of letters that is another unit.
_NO_SUFFIX, _NO_COMPOUND = {"bar"}, {"md"}
#: Words that are units, and other things at the end of a name more often.
_UNCLEAR = {"min", "mins", "in", "bar", "ratio", "fraction", "second", "day", "hour"}

_FACTOR = re.compile(r"(?P<count>[1-9]\d{0,3})?\s*(?P<name>[^\W\d_]+|[%\u2030\u00b0\"\u2013-])\s*(?P<power>[+-]?\d)?")
_SEPARATORS = re.compile(r"[\s\u00b7\u22c5\u2219*\u00d7_]+|\.(?!\d)|(?<!\d)\.")

#: Examples of units of each dimension, for messages.
_EXAMPLES: dict[Dimension, str] = {
    _PRESSURE: "kPa, Pa, MPa, kN/m2, N/m2, psi, psf, kgf/cm2, t/m2",
    _ANGLE: "deg, rad",
    _VELOCITY: "m/s, cm/s, mm/s, m/h, cm/h, mm/h, m/day, cm/day, mm/day, in/h, ft/day",
    _TIME: "h, min, s, day",
    _LENGTH: "m, cm, mm, ft, in",
    _UNIT_WEIGHT: "kN/m3, N/m3, kg/m3, g/cm3, t/m3, pcf",
    _NONE: "-, %",
}


@dataclass(frozen=True)
class Conversion:
    """Conversion between two units by a factor, or of the tangent of an angle to degrees."""

    source: str
    target: str
    factor: float = 1.0
    tangent: bool = False

    @property
    def changes(self) -> bool:
        """Whether it changes a number."""
        return self.tangent or self.factor != 1.0

    def __call__(self, number: float) -> float:
        """Convert a number."""
        if self.tangent:
            return math.degrees(math.atan(number))
        return float(f"{number * self.factor:.13g}") if self.changes else number  # 360 min are 6 h


def conversion(unit: str, wanted: str) -> Conversion | None:
    """Conversion to the required unit; ``None`` if impossible.

    >>> conversion("kN/m\u00b2", "kPa").factor, conversion("mm h-1", "mm/h").factor
    (1.0, 1.0)
    >>> conversion("m", "kPa") is None, conversion("furlong", "m") is None
    (True, True)
    """
    if unit == wanted:
        return Conversion(unit, wanted)
    factors = {factor for factor in (_ratio(read, _wanted(wanted)) for read in _readings(unit)) if factor is not None}
    return Conversion(unit, wanted, factors.pop()) if len(factors) == 1 else None


def suffix_conversion(words: Sequence[str], wanted: str) -> Conversion | None:
    """The same of a unit whose marks are lost, as in ``rainfall_mm_h``: the first word is divided by the others."""
    for text in _suffix_texts(words, wanted):
        found = None if text.casefold() in _NO_SUFFIX else conversion(text, wanted)
        if found is not None:
            return Conversion(text, wanted, found.factor)
    return None


def is_unit(text: str) -> bool:
    """Return whether a text is a unit of any kind."""
    return bool(_readings(text))


def is_amount(unit: str, wanted: str) -> bool:
    """Whether a unit is a length where a rate is required: rainfall amount instead of intensity."""
    return _wanted(wanted)[0] == _VELOCITY and any(dimension == _LENGTH for dimension, _ in _readings(unit))


def is_clear_unit(text: str) -> bool:
    """Recognize a unit that the end of a name can only mean, such as ``kPa`` or ``mm/h``; ``min`` may be a minimum."""
    return len(text) > 1 and text.casefold() not in _UNCLEAR and is_unit(text)


def begins_unit(text: str, wanted: str) -> bool:
    """Whether a common unit that can be converted to the required one begins with a text."""
    return any(unit.casefold().startswith(text.casefold()) for unit in _EXAMPLES[_wanted(wanted)[0]].split(", "))


def accepted_units(wanted: str) -> Text:
    """Units that can be converted to the required one, in words."""
    return Text("the unit {}, or one of {}", wanted, _EXAMPLES.get(_wanted(wanted)[0], wanted))


def _wanted(unit: str) -> tuple[Dimension, float]:
    return _readings(unit)[0]


def _ratio(given: tuple[Dimension, float], wanted: tuple[Dimension, float]) -> float | None:
    """Factor between two units; masses are converted to weights where forces are required."""
    (dimension, factor), (target, unit_factor) = given, wanted
    if dimension == target:
        ratio = factor / unit_factor
    elif dimension[1] and tuple(a + b for a, b in zip(dimension, _ACCELERATION)) == target:
        ratio = factor * (_DENSITY_GRAVITY if target == _UNIT_WEIGHT else _G) / unit_factor
    else:
        return None
    return float(f"{ratio:.15g}")  # 3600 s are 1 h, not 0.9999999999999999 h


def _readings(text: str) -> list[tuple[Dimension, float]]:
    """Dimension and factor to SI of a unit, in each way in which it can be read."""
    text = text.strip().replace("\u00ba", "\u00b0")  # the sign of ordinals, on many keyboards
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u00b5", "\u03bc")
    if text in _EXACT or text.casefold() in _ANY_CASE:
        known = _token(text)
        return [] if known is None else [known]
    text = re.sub(r"\bper\b", "/", re.sub(r"\*\*|\^", "", text), flags=re.IGNORECASE)
    text = re.sub(r"[(){}]", " ", text).replace("vol.", "")
    whole = _product(text)
    if whole is not None:
        return [whole]
    return [] if text.casefold() in _NO_COMPOUND else list(_compounds(text))


def _token(name: str) -> tuple[Dimension, float] | None:
    if name in _CONFUSED:
        return None
    return _EXACT.get(name) or _ANY_CASE.get(name.casefold())


def _product(text: str) -> tuple[Dimension, float] | None:
    """Read ``kN/m2``, ``mm h-1``, ``mm/24h``: factors with powers, those behind a slash as divisors."""
    total, factor = [0, 0, 0, 0], 1.0
    for place, part in enumerate(text.split("/")):
        parts = _factors(part)
        if not parts:
            return None
        for count, name, power in parts:
            token = _token(name)
            if token is None or token[0] == _NONE or (count and not place):
                return None
            exponent = -power if place else power
            total = [t + exponent * d for t, d in zip(total, token[0])]
            factor *= (count * token[1] if count else token[1]) ** exponent
    length, mass, time, angle = total
    return (length, mass, time, angle), factor


def _factors(part: str) -> list[tuple[int, str, int]]:
    """Count (0 for none), name and power of each factor; nothing where a part is no product of units."""
    found, rest = [], _SEPARATORS.sub(" ", part).strip()
    while rest:
        match = _FACTOR.match(rest)
        if not match:
            return []
        found.append((int(match["count"] or 0), match["name"], int(match["power"] or 1)))
        rest = rest[match.end() :].strip()
    return found


def _compounds(text: str) -> Iterator[tuple[Dimension, float]]:
    """Read ``mmh`` or ``kNm-3``, in which the slash is left out: a length per time, or a force or mass per area."""
    match = re.fullmatch(r"([^\W\d_]+)(?:-?([23])|-1)?", text)
    for cut in range(1, len(match[1]) if match else 1):
        above, below = _token(match[1][:cut]), _token(match[1][cut:])
        if above and below:
            found = _product(f"{match[1][:cut]}/{match[1][cut:]}{match[2] or ''}")
            if found and found[0] in (_VELOCITY, _PRESSURE, _UNIT_WEIGHT, (-3, 1, 0, 0), (-2, 1, 0, 0)):
                yield found


def _suffix_texts(words: Sequence[str], wanted: str) -> Iterator[str]:
    """The units that words may mean: ``in kPa`` has a preposition, ``in h`` are inches per hour."""
    if len(words) > 1 and words[0].casefold() == "in":
        yield from _suffix_texts(words[1:], "-")
        if wanted == "-":
            return
    parts: list[str] = []
    for word in (word for word in words if word.casefold() != "per"):
        if parts and re.fullmatch(r"\d", word):  # of a power: kn_m_2
            parts[-1] += "" if len(parts) > 1 and word == "1" else word
        else:
            parts.append(word)
    if parts:
        yield "/".join(parts)
