"""What the name of a band or layer says that it holds."""

from __future__ import annotations

import re
from typing import Iterable

from ...variables import VARIABLES

#: Words of which each names the quantity; several words belong together and outweigh a single one.
_PHRASES: dict[str, tuple[str, ...]] = {
    "elevation": (
        "dem", "dtm", "dgm", "mnt", "mdt", "srtm", "elev", "elevation", "elevations", "altitude", "height", "heights",
        "relief", "terrain", "terrain height", "ground elevation", "surface elevation", "orthometric height",
        "digital elevation model", "digital terrain model", "surface altitude", "z", "hoehe", "höhe", "elevacion",
        "elevación", "표고", "고도",
    ),
    "soil_depth": (
        "depth", "thickness", "soildepth", "soilthickness", "regolith", "soil depth", "soil thickness",
        "regolith thickness", "regolith depth", "sediment thickness", "depth to bedrock", "bodentiefe", "epaisseur",
        "토심",
    ),
    "failure_mask": ("mask", "failure mask", "failed", "landslides"),
    "factor_of_safety": ("factor of safety", "fs", "fos"),
    "probability": ("probability", "failure probability", "failure frequency", "susceptibility", "confidence"),
    "slope": ("slope", "slopes", "gradient", "steepness", "neigung", "pente"),
    "aspect": ("aspect", "exposition"),
    "shade": ("hillshade", "shade", "shaded relief"),
    "curvature": ("curvature", "curv", "cplan", "cprof", "plan curvature", "profile curvature"),
    "flow": (
        "accumulation", "flow accumulation", "flow direction", "carea", "catchment area", "contributing area", "twi",
        "wetness index",
    ),
    "roughness": ("roughness", "tpi", "tri", "ruggedness"),
    "land_cover": (
        "canopy height", "vegetation height", "tree height", "building height", "chm", "ndsm", "ndvi", "intensity",
    ),
    "surface_model": ("dsm", "surface model", "digital surface model"),
    "above_channel": ("hand", "height above nearest drainage"),
    "geoid": ("geoid", "undulation", "geoid height"),
    "water": (
        "water depth", "snow depth", "water table", "water table depth", "groundwater depth", "wetting front",
        "water height", "snow height", "failure depth",
    ),
    "quality": (
        "quality", "error", "uncertainty", "variance", "count", "height error", "elevation error",
        "vertical uncertainty", "height uncertainty",
    ),
}  # fmt: skip
#: Symbols, which count only where they are the whole name.
_SYMBOLS = {
    "c": "cohesion", "c'": "cohesion", "phi": "friction_angle", "ks": "conductivity", "ksat": "conductivity",
    "k_s": "conductivity", "k": "conductivity", "z": "elevation",
}  # fmt: skip
_SPREAD = {"sd", "std", "stdev", "stddev", "deviation"}


def _tokens(text: str) -> list[str]:
    """Words in lower case, without units in brackets: ``SoilDepth_m [m]`` is soil, depth, m."""
    bare = re.sub(r"[\[(].*?[\])]", " ", text)
    parted = re.sub(r"(?<=[^\W\d_])(?<![A-ZÀ-Þ])(?=[A-ZÀ-Þ])", " ", bare)
    return [word for word in re.split(r"[\W_\d]+", parted.casefold()) if word]


def _known() -> Iterable[tuple[tuple[str, ...], str]]:
    for quantity, phrases in _PHRASES.items():
        for phrase in phrases:
            yield tuple(phrase.split()), quantity
    for variable in VARIABLES:
        yield tuple(_tokens(variable.name)), variable.name
        yield tuple(word for word in _tokens(variable.label) if len(word) > 1), variable.name
    yield ("hydraulic", "conductivity"), "conductivity"
    yield ("rain",), "rainfall"
    yield ("precipitation",), "rainfall"
    yield ("friction",), "friction_angle"


_KNOWN = tuple(_known())


def quantities_named(text: str) -> frozenset[str]:
    """Quantities that a name says; several where it says several, none where it says nothing.

    >>> quantities_named("elev"), quantities_named("Canopy height (m)"), quantities_named("Band 1")
    (frozenset({'elevation'}), frozenset({'land_cover'}), frozenset())
    """
    whole = text.strip().casefold()
    if whole in _SYMBOLS:
        return frozenset({_SYMBOLS[whole]})
    words = _tokens(text)
    present = set(words) - set(_SYMBOLS)
    found = [(len(phrase), quantity) for phrase, quantity in _KNOWN if present.issuperset(phrase)]
    longest = max((length for length, _ in found), default=0)
    spread = "_sd" if present & _SPREAD else ""
    return frozenset(quantity + spread for length, quantity in found if length == longest)
