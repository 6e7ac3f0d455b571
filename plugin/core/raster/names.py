"""Identifies quantities from the names of bands and layers."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Iterable, Iterator

from ...variables import VARIABLES

#: Words of which each names the quantity; several words belong together and outweigh a single one.
_PHRASES: dict[str, tuple[str, ...]] = {
    "elevation": (
        "dem", "dtm", "dgm", "mnt", "mdt", "srtm", "elev", "elevation", "elevations", "altitude", "height", "heights",
        "relief", "terrain", "terrain height", "ground elevation", "surface elevation", "orthometric height",
        "digital elevation model", "digital terrain model", "surface altitude", "z", "hoehe", "höhe", "elevacion",
        "elevación", "altitud", "quota", "cota", "geländehöhe", "gelände höhe", "hoogte", "표고", "고도", "標高",
        "高程", "标高", "海拔",
    ),
    "soil_depth": (
        "depth", "thickness", "soildepth", "soilthickness", "regolith", "soil depth", "soil thickness", "soil thick",
        "regolith thickness", "regolith depth", "sediment thickness", "depth to bedrock", "bodentiefe",
        "bodenmächtigkeit", "boden mächtigkeit", "bodenmaechtigkeit", "mächtigkeit", "profondeur", "profondeur sol",
        "epaisseur", "épaisseur", "épaisseur sol", "profondità", "profondità suolo", "spessore", "profundidad",
        "profundidad suelo", "espesor", "profundidade", "profundidade solo", "espessura", "토심", "토층심도",
        "토층 두께", "土層厚", "土层厚度", "土壌深", "土壤厚度",
    ),
    "failure_mask": ("mask", "failure mask", "failed", "landslides", "landslide mask", "landslides mask"),
    "factor_of_safety": ("factor of safety", "fs", "fos"),
    "probability": (
        "probability", "failure probability", "failure frequency", "susceptibility", "landslide susceptibility",
        "confidence",
    ),
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
        "height above ground", "height above terrain",
    ),
    "surface_model": ("dsm", "surface model", "digital surface model"),
    "above_channel": ("hand", "height above nearest drainage"),
    "geoid": ("geoid", "undulation", "geoid height"),
    "water": ("water table", "water height", "water table height", "groundwater height", "watertable",
              "saturated thickness"),
    "water_depth": (
        "water depth", "snow depth", "water table depth", "groundwater depth", "depth to water",
        "depth to groundwater", "water level", "groundwater level", "water table elevation", "groundwater elevation",
        "wetting front", "failure depth", "snow height", "water surface elevation", "watertable depth",
        "depth to watertable", "depth to wt", "dtw", "wtd", "gwd", "gw depth", "piezometric level", "piezometric head",
        "flurabstand", "grundwasserflurabstand", "grundwasser flurabstand", "profondeur nappe", "soggiacenza",
        "지하수심",
    ),
    "moisture": (
        "porosity", "soil moisture", "moisture content", "water content", "soil water content", "saturation",
        "degree of saturation",
    ),
    "critical_rainfall": ("critical rainfall", "rainfall threshold"),
    "rain_amount": (
        "total rainfall", "rainfall total", "rainfall depth", "rainfall amount", "cumulative rainfall",
        "accumulated rainfall", "daily rainfall", "monthly rainfall", "annual rainfall", "annual precipitation",
        "daily precipitation", "runoff",
    ),
    "strength": ("shear strength", "undrained shear strength", "undrained strength", "undrained cohesion"),
    "quality": (
        "quality", "error", "uncertainty", "variance", "count", "height error", "elevation error",
        "vertical uncertainty", "height uncertainty",
    ),
    "difference": ("difference", "change", "dem of difference"),
    "classes": (
        "land cover", "landcover", "land use", "landuse", "geology", "lithology", "soil class", "soil classes",
        "soilclass", "soil type", "soil types", "soiltype", "soil group", "soil code", "토양도", "지질도", "임상도",
        "토지피복도",
    ),
    "other": ("temperature", "population", "population density", "distance"),
}  # fmt: skip
#: Symbols, which count only where they are the whole name.
_SYMBOLS = {
    "c": "cohesion", "c'": "cohesion", "phi": "friction_angle", "ks": "conductivity", "ksat": "conductivity",
    "k_s": "conductivity", "k": "conductivity", "z": "elevation",
}  # fmt: skip
_SPREAD = {"sd", "std", "stdev", "stddev", "deviation"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that leave a quantity what it is: articles, averages, what was done to the data, references, units.
_FILLERS = _words(
    "a an and at by for from in n of on or the to la le il el der die das de del della dello di do da du des über ü "
    "above below mean average avg median best estimate estimated modelled modeled model map raster grid layer band "
    "value values data total predicted simulated observed measured reference initial final new raw original filled "
    "filtered smoothed resampled corrected interpolated synthetic bare earth ground surface terrain soil land digital "
    "sol suolo suelo solo boden geländes effective eff peak drained saturated topsoil vertical horizontal "
    "srtm aster alos copernicus cop ned usgs lidar tandem arcticdem fabdem merit "
    "sea level meer meeresspiegel mer mar mare msl amsl asl slm nn nhn navd ngvd nap ahd dhhn evrf egm wgs nad etrs "
    "utm datum ellipsoidal ellipsoid orthometric normal "
    "m cm mm dm km ft foot feet us survey international inch inches yd metre metres meter meters centimetre "
    "centimetres centimeter centimeters millimetre millimetres millimeter millimeters k kpa pa mpa kn j psf psi deg "
    "degree degrees rad radian radians h hr hour s l sec second day per pct percent g kg x y z unit units"
)
#: Words that make another quantity of one, even where the rest of the name is clear.
_DERIVED = _words(
    "accumulated accuracy amount canopy category change class classes classification cloud code complexity count cov "
    "cv cumulative delta difference diff dod error excavation flag frost groundwater hazard index mask optical "
    "penetration quality range rank rate ratio relative residual rooting rsd sensor shading tree trees type types "
    "uncertainty var variance vegetation"
)
#: Words of rain that fell in some time, in millimetres.
_AMOUNTS = _words("daily weekly monthly seasonal annual yearly total totals sum accumulated cumulative amount")
#: Ambiguous words: with an unknown word they identify nothing.
_COMMON = _words(
    "depth thickness height heights relief surface z profondeur epaisseur épaisseur profondità spessore profundidad "
    "espesor profundidade espessura mächtigkeit quota cota hoogte höhe hoehe"
)


def _tokens(text: str) -> list[str]:
    """Words in lower case, without units in brackets: ``SoilDepth_m [m]`` is soil, depth, m."""
    bare = re.sub(r"[\[(].*?[\])]", " ", unicodedata.normalize("NFKC", text))
    parted = re.sub(r"(?<=[^\W\d_])(?<![A-ZÀ-Þ])(?=[A-ZÀ-Þ])", " ", bare)
    return [word for word in re.split(r"[\W_\d]+", parted.casefold()) if word]


@cache
def _known() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Phrases as words, each with its quantity; made when the first name is looked up, not at QGIS's start."""
    return tuple(_known_phrases())


def _known_phrases() -> Iterator[tuple[tuple[str, ...], str]]:
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


def quantities_named(text: str) -> frozenset[str]:
    """Quantities that a name identifies, none if it identifies nothing.

    >>> quantities_named("elev"), quantities_named("Canopy height (m)"), quantities_named("Band 1")
    (frozenset({'elevation'}), frozenset({'land_cover'}), frozenset())
    """
    whole = text.strip().casefold()
    if whole in _SYMBOLS:
        return frozenset({_SYMBOLS[whole]})
    words = _tokens(text)
    present = set(words) - set(_SYMBOLS)
    found = [(len(phrase), quantity) for phrase, quantity in _known() if present.issuperset(phrase)]
    longest = max((length for length, _ in found), default=0)
    spread = "_sd" if present & _SPREAD else ""
    return frozenset(quantity + spread for length, quantity in found if length == longest)


def names_only(text: str, quantities: Iterable[str]) -> bool:
    """Return whether a name identifies one of some quantities without unknown words.

    >>> [names_only(name, ["soil_depth"]) for name in ("Mean soil depth (m)", "depth of sensor", "water depth")]
    [True, False, False]
    """
    named = quantities_named(text)
    return bool(named) and named.issubset(quantities) and not _other_words(text, named)


def names_another(text: str, quantities: Iterable[str]) -> bool:
    """Return whether a name identifies other quantities, without unknown words; symbols are too short for that.

    >>> [names_another(name, ["elevation"]) for name in ("hillshade_30m", "slope of site 3", "dem", "c")]
    [True, False, False, False]
    """
    is_symbol = text.strip().casefold() in _SYMBOLS
    named = quantities_named(text)
    return not is_symbol and bool(named) and named.isdisjoint(quantities) and not _other_words(text, named)


def may_name(text: str, quantities: Iterable[str]) -> bool:
    """Return whether a name is compatible with some quantities: it names them, or no quantity.

    >>> [may_name(name, ["elevation"]) for name in ("DEM of the valley", "Band 1", "height of trees", "dem difference")]
    [True, True, False, False]
    """
    named = quantities_named(text)
    if not named:
        return True
    further = _other_words(text, named)
    if not named.issubset(quantities) or further & _DERIVED:
        return False
    return not further or bool(set(_tokens(text)) & _vocabulary(named) - _COMMON)


def names_amount(text: str) -> bool:
    """Return whether a name identifies an amount of rain, not its intensity.

    >>> [names_amount(name) for name in ("daily_rain", "total precipitation 2011", "rain", "total cohesion")]
    [True, True, False, False]
    """
    return "rainfall" in quantities_named(text) and not _AMOUNTS.isdisjoint(_tokens(text))


def _other_words(text: str, named: frozenset[str]) -> set[str]:
    """The words of a name that do not belong to its quantities."""
    if text.strip().casefold() in _SYMBOLS:
        return set()
    return set(_tokens(text)) - (_vocabulary(named) | _FILLERS)


def _vocabulary(named: frozenset[str]) -> set[str]:
    """All words with which quantities are named."""
    plain = {quantity[: -len("_sd")] if quantity.endswith("_sd") else quantity for quantity in named}
    words = {word for phrase, quantity in _known() if quantity in plain for word in phrase}
    words |= {symbol for symbol, quantity in _SYMBOLS.items() if quantity in plain}
    return words | (_SPREAD | {"standard"} if plain != named else set())
