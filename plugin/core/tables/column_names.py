"""Names and symbols of the quantities in table columns, compared without case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Mapping

from ...variables import BY_NAME, VARIABLES, Variable

#: Usual names and symbols of the parameters; the key and the dialog's label are known as well. Letters and digits
#: count alone, and their case does not.
_SYNONYMS: dict[str, str] = {
    "cohesion": "c, c eff, c prime, effective cohesion, soil cohesion, cohesion of the soil",
    "friction_angle": "phi, phi eff, phi prime, friction, internal friction, internal friction angle, "
    "angle of friction, angle of internal friction, effective friction angle, effective angle of internal friction, "
    "tan phi, tangent of phi, tan friction angle, angle of shearing resistance",
    "conductivity": "k, ks, k sat, sat k, kf, hydraulic conductivity, saturated conductivity, permeability, "
    "sat hydraulic conductivity, permeability coefficient, coefficient of permeability, hydraulic permeability",
    "rainfall": "i, rain, precip, intensity, rain intensity, intensity of rainfall, rainfall rate, rain rate, "
    "precipitation, precipitation intensity, precipitation rate",
    "duration": "t, time, hours, rainfall duration, rain duration, event duration, storm duration, "
    "duration of rainfall",
    "water_table_ratio": "h0/D, hw/z, hw/D, relative water table, initial water table ratio, water table / soil depth",
    "moisture_deficit": "deficit, dtheta, delta theta, soil moisture deficit, water content deficit",
    "suction_head": "suction, psi f, wetting front suction, wetting front suction head, suction head at wetting front",
    "lateral_anisotropy": "anisotropy, anisotropy ratio, k lat / k s, kh/kv, k h / k v",
    "root_cohesion": "cr, c root, cohesion of roots, cohesion roots, root reinforcement",
    "root_depth": "rooting depth, depth of roots",
    "surcharge": "q0, vegetation surcharge, tree surcharge, surface load",
    "unit_weight_moist": "gamma t, gamma m, gamma moist, gamma wet, gamma bulk, gamma total, wet unit weight, "
    "bulk unit weight, total unit weight, moist density, wet density",
    "unit_weight_saturated": "gamma sat, gamma saturated, sat unit weight, saturated density, sat density",
}  # fmt: skip
#: Titles that may mean several quantities.
_AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "gamma": ("unit_weight_moist", "unit_weight_saturated"),
    "unit weight": ("unit_weight_moist", "unit_weight_saturated"),
    "soil unit weight": ("unit_weight_moist", "unit_weight_saturated"),
    "unit weight of soil": ("unit_weight_moist", "unit_weight_saturated"),
    "density": ("unit_weight_moist", "unit_weight_saturated"),
    "soil density": ("unit_weight_moist", "unit_weight_saturated"),
    "bulk density": ("unit_weight_moist", "unit_weight_saturated"),
    "rho": ("unit_weight_moist", "unit_weight_saturated"),
    "q": ("surcharge", "rainfall"),
    "t d": ("duration [h]", "duration [day]"),
}  # fmt: skip
#: Symbols that only a unit identifies: intrinsic permeability is an area, T a return period or a transmissivity.
ONLY_WITH_UNIT = {"permeability", "T"}
#: Titles of soil depths, which no table holds.
SOIL_DEPTH_TITLES = {"soildepth", "depth", "soilthickness", "thickness", "regolithdepth", "depthtobedrock"}
#: Inputs of the form for which no table has a column, whatever its cells hold.
FORM_INPUTS = {
    "dem", "soil_depth", "hyetograph", "initial_water_table", "lateral_flow", "edges", "front_pressure",
    "front_moisture", "evaluate", *(variable.layer_key.lower() for variable in VARIABLES),
}  # fmt: skip
#: Titles of tangents of the friction angle.
TANGENTS = {"tanphi", "tangentofphi", "tanfrictionangle"}
#: Numbers that describe a row and are no input: keys, places, times, and what Slopecast's own summaries hold.
IGNORED_TITLES = re.compile(
    r"(ogc_?)?fid|[gop]?id|uid|.*_id|nr|no|num|number|row|index|idx|object_?id|.*_(nr|no)|x|y|lon|lat|long|"
    r"longitude|latitude|east(ing)?|north(ing)?|([xy]_?coord(inate)?|(coord|point|utm|pos)_?[xy])s?|shape_(leng(th)?|area)"
    r"|year|return_period(_yr|_years|_years?)?|(failed|valid|stable|failed_in_event|failed_before|stable_again)_cells|failed_share|"
    r"reliability|reasons|file|split|study_area|group|case|scenario|run|site|zone|station|event|storm|sample|point|code|"
    r"date|month|day|version"
)
_GREEK = {
    "\u03c6": "phi", "\u03d5": "phi", "\u03b3": "gamma", "\u03b8": "theta", "\u0394": "d", "\u2206": "d", "\u03b4": "d",
    "\u03c8": "psi", "\u03a8": "psi", "\u03c1": "rho", "\u03a6": "phi",
}  # fmt: skip
_PRIMES = re.compile("['\u2032\u2019\u2018\u00b4`]")


@dataclass(frozen=True)
class TableQuantity:
    """A quantity that a numeric column can contain: its unit, the titles by which it is known, ``name`` among them."""

    name: str
    unit: str
    titles: tuple[str, ...]
    advice: str = ""

    @classmethod
    def of(cls, variable: Variable, *titles: str) -> TableQuantity:
        """A scenario's parameter; ``titles`` are known as well, such as its label in another language."""
        synonyms = _SYNONYMS.get(variable.name, "").split(", ")
        known = (variable.name, variable.label, *synonyms, *titles)
        return cls(variable.name, variable.unit, tuple(title for title in known if title), variable.advice)


#: The parameters of a scenario.
PARAMETERS: tuple[TableQuantity, ...] = tuple(TableQuantity.of(variable) for variable in VARIABLES)
#: The columns of a hyetograph.
HYETOGRAPH: tuple[TableQuantity, ...] = (
    TableQuantity("hour", "h", ("hour", "hours", "hr", "h", "t", "time", "end", "end hour", "end of interval",
                                "elapsed time", "minute", "minutes", "min"),
                  "Enter the hours from the start of the rain to the end of each interval."),
    TableQuantity.of(BY_NAME["rainfall"]),
)  # fmt: skip


def title_words(title: str) -> list[str]:
    """The words of a title: runs of letters and digits, and the signs for percent, degree and plus-minus."""
    text = unicodedata.normalize("NFKC", title.replace("\u00ba", "\u00b0").replace("+/-", "\u00b1"))
    text = re.sub(r"([%\u2030\u00b0])", r" \1 ", _PRIMES.sub("", text))
    for letter, name in _GREEK.items():
        text = text.replace(letter, name)
    return re.findall(r"[^\W_]+|[%\u2030\u00b0\u00b1]", text)


def snake_case(title: str) -> str:
    """A title in lower case, its words joined by underscores."""
    return "_".join(title_words(title)).casefold()


def letters_and_digits(title: str) -> str:
    """Letters and digits of a title in lower case, for comparisons."""
    return "".join(title_words(title)).casefold()


#: Names of the quantities that an ambiguous title may mean.
CANDIDATES: Mapping[str, tuple[str, ...]] = {letters_and_digits(title): names for title, names in _AMBIGUOUS.items()}
