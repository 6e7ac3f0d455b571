"""Provenance metadata in the rasters that Slopecast writes and reads."""

from __future__ import annotations

import re
from configparser import ConfigParser, Error
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from qgis.core import QgsApplication

from ...core.quantities.foreign_text import LONGEST_MESSAGE, foreign_entries, foreign_text
from ...variables import ENGINE_VARIABLES, VARIABLES
from ..locations import METADATA
from ..translation import tr

if TYPE_CHECKING:
    from ...core.scenario import Scenario
    from ..inputs.layers import RasterSource
    from ..log import Log

_PREFIX = "SLOPECAST_"
_LONGEST_ON_MAP = 6000  # characters; QGIS takes minutes to lay out a million
_KEY = _PREFIX + r"[A-Z0-9_]{1,60}"
#: Metadata entries shown on a map sheet in addition to the parameters, with their titles.
_ENTRIES_ON_MAP = {
    "dem": "Elevation", "soil_depth": "Soil depth", "table": "Table of scenarios", "hyetograph": "Hyetograph",
    "model": "Solver", "method": "Method",
    "reliability": "Reliability (agreement with the physics engine, plausible inputs)",
}  # fmt: skip
#: Options of the engine other than the defaults, as a map sheet states them.
_OPTIONS_ON_MAP = {
    ("evaluate", "minimum"): "Minimum over the event.",
    ("lateral_flow", "no"): "Without lateral groundwater flow.",
    ("edges", "closed"): "Closed map edges: no groundwater outflow.",
}
#: What a result holds that does not depend on the intensity of the event.
_CRITICAL_RAINFALL = "Critical rainfall"
#: Results, by what they hold, that have no value where nothing fails, so that a map shows no colour there.
_EMPTY_WHERE_STABLE = ("Failure time", "Failure depth", _CRITICAL_RAINFALL)
#: Tools that create input rasters; rasters of all other tools are results.
_INPUT_TOOLS = ("slopecast:exampledata", "slopecast:estimatesoildepth", "slopecast:parametersfromzones")


@lru_cache(maxsize=1)
def version() -> str:
    """Return the plugin's version; metadata.txt is its only source."""
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(METADATA, encoding="utf-8")
        return parser.get("general", "version")
    except Error:
        return "unknown"


def provenance(algorithm: str, log: Log, **others: str) -> dict[str, str]:
    """GeoTIFF metadata of a run; ``others`` are further entries, e.g. ``model``, ``device``, ``method``.

    The date is the day alone: two equal runs of a day write the same bytes. The report has the time.
    """
    entries = {
        "VERSION": version(),
        "ALGORITHM": f"slopecast:{algorithm}",
        "DATE": datetime.now(timezone.utc).date().isoformat(),
        **{key.upper(): text for key, text in others.items()},
    }
    if log.notes:
        entries["NOTES"] = " | ".join(log.notes)
    if log.cautions:
        entries["CAUTIONS"] = " | ".join(log.cautions)
    if log.warnings:
        entries["WARNINGS"] = " | ".join(log.warnings)
    return {f"{_PREFIX}{key}": foreign_text(text, LONGEST_MESSAGE) for key, text in entries.items()}


def stored_provenance(source: str) -> dict[str, str]:
    """Provenance metadata of a raster by lower-case key; empty for rasters of other software."""
    from ...core.raster.gdal_errors import opened

    dataset = opened(source)
    metadata = foreign_entries(dataset.GetMetadata()) if dataset is not None else {}
    return {key.removeprefix(_PREFIX).lower(): text for key, text in metadata.items() if re.fullmatch(_KEY, key)}


def is_result(source: str) -> bool:
    """Return whether a raster is a map that Slopecast has computed, no elevation and no soil depth."""
    return stored_provenance(source).get("algorithm", _INPUT_TOOLS[0]) not in _INPUT_TOOLS


def is_estimated_depth(source: str) -> bool:
    """Return whether a raster is a soil depth that *Estimate soil depth* has made, clipped or warped since or not."""
    return stored_provenance(source).get("algorithm") == "slopecast:estimatesoildepth"


def estimation_method(source: str) -> str:
    """Method by which *Estimate soil depth* has made a raster; empty where it is not known."""
    return stored_provenance(source).get("method", "")


def depth_origin_of(source: str) -> str:
    """How the soil depth of a raster was made, see :func:`soil_depth.origin`; of none: as it is estimated then."""
    from ...core.soil_depth import described, origin

    if not source:
        return origin(described((0.0, 0.0, 0.0, 0.0)))
    return origin(stored_provenance(source) if is_estimated_depth(source) else {})


def tool_title(algorithm_id: str) -> str:
    """Display name of an algorithm; its id where it is not registered."""
    algorithm = QgsApplication.processingRegistry().algorithmById(algorithm_id)
    return algorithm_id if algorithm is None else algorithm.displayName()


def storm_text(source: str) -> str:
    """The rainfall that a raster belongs to, e.g. ``12.2 mm/h for 24 h``; empty where it belongs to none or to many.

    The duration alone for the critical rainfall, which is an intensity itself.
    """
    from ...core.quantities.numbers import NotANumber, parse_number, rounded

    known = stored_provenance(source)
    rain, duration = known.get("rainfall", ""), known.get("duration", "")
    if not rain or not duration or known.get("algorithm") == "slopecast:calibratetoinventory":
        return ""
    if known.get("output") == _CRITICAL_RAINFALL:
        return duration
    if "hyetograph" in known:
        return tr("hyetograph of {}").format(duration)
    number, _, unit = rain.partition(" ")
    try:
        return tr("{} for {}").format(f"{rounded(parse_number(number))} {unit}", duration)
    except NotANumber:
        return tr("rainfall raster, {}").format(duration)


def provenance_text(source: str) -> str:
    """Provenance of a raster as text for a map, a warning once; empty without metadata."""
    from ...core.soil_depth import CONSTANT_WARNING, ESTIMATE_WARNING

    known = stored_provenance(source)
    if not known:
        return ""
    made_by, date = tool_title(known.get("algorithm", "")), known.get("date", "")
    parts = [tr("Slopecast {}, {}, {}.").format(known.get("version", ""), made_by, date)]
    for warning in (ESTIMATE_WARNING, CONSTANT_WARNING):
        if warning.rstrip(".") in known.get("reliability", ""):
            known["soil_depth"] = known.get("soil_depth", "").replace(f"{warning} ", "")
    parts += [f"{tr(_ENTRIES_ON_MAP[key])}: {known[key].rstrip('.')}." for key in _ENTRIES_ON_MAP if known.get(key)]
    parts += [tr(_OPTIONS_ON_MAP[option]) for option in _OPTIONS_ON_MAP if known.get(option[0]) == option[1]]
    if known.get("output") in _EMPTY_WHERE_STABLE:
        parts.append(tr("Cells without colour do not fail or have no data."))
    values = [f"{tr(v.label)} {known[v.name].removesuffix(' -')}" for v in VARIABLES if known.get(v.name)]
    if values:
        parts.append("; ".join(values) + ".")
    text = " ".join(parts)
    warnings = [warning for warning in known.get("warnings", "").split(" | ") if warning.rstrip(".") not in text]
    text = "\n".join([text, *filter(None, [" | ".join(warnings)])])
    return foreign_text(text, _LONGEST_ON_MAP, lines=True)


def scenario_provenance(scenario: Scenario, layers: dict[str, RasterSource]) -> dict[str, str]:
    """Every parameter of a scenario with its unit, and the layers that replaced numbers; keys in lower case."""
    described = scenario.describe()
    entries = {}
    for variable in VARIABLES:
        value = f"{described[f'{variable.name} [{variable.unit}]']} {variable.unit}"
        if variable.name in layers:
            value += f" ({layers[variable.name].file_name})"
        entries[variable.name] = value
    options = scenario.options
    entries["lateral_flow"] = "yes" if options.lateral_flow else "no"
    entries["edges"], entries["front_pressure"] = options.edges, options.front_pressure
    entries["evaluate"] = options.evaluate
    entries["front_moisture"], entries["roots"] = options.front_moisture, options.roots
    if options.needs_porosity:
        acting = ["effective_porosity", "initial_suction"]
        acting += ["pore_size_index"] if options.front_moisture == "rain" else []
        engine = (v for v in ENGINE_VARIABLES if v.name in acting)
        entries.update({v.name: f"{getattr(options, v.name):.10g} {v.unit}" for v in engine})
    if scenario.hyetograph is not None:
        entries["hyetograph"] = str(scenario.hyetograph)
    return entries
