"""Coordinate systems as WKT."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Iterator

from osgeo import osr

_METRE_SLACK = 1e-6
#: Names of local systems that formats write where no coordinate system is known: GeoPackage, ENVI, Idrisi, BT, MapInfo,
#: GeoTIFF, Esri and PROJ. One in metres that has a name of its own is a system that its makers know.
_PLACEHOLDERS = {
    "", "undefined", "undefined cartesian srs", "undefined srs", "undefined crs", "arbitrary", "plane", "nonearth",
    "unknown", "unnamed", "none", "unspecified", "not specified", "unknown engineering datum",
    "unknown engineering crs", "unknown coordinate system", "unknown crs", "unknown srs", "unnamed crs",
    "local", "local cs", "user defined", "engineering crs", "cartesian",
}  # fmt: skip
_PLACEHOLDERS_IN_DEGREES = {"undefined geographic srs", "undefined geographic crs", "undefined", "undefined srs"}


@dataclass(frozen=True)
class VerticalAxis:
    """The axis of heights of a coordinate system.

    Attributes:
        unit: its name, e.g. ``US survey foot``.
        metres: length of the unit [m].
        down: whether values grow downwards.
    """

    unit: str
    metres: float
    down: bool


def crs_of(wkt: str) -> osr.SpatialReference | None:
    """The horizontal coordinate system of a WKT; ``None`` where there is none."""
    crs = osr.SpatialReference()
    try:
        if not wkt or crs.ImportFromWkt(wkt) != 0:
            return None
        if crs.IsCompound() or crs.GetAxesCount() > 2:
            crs.DemoteTo2D(None)
    except RuntimeError:  # another plugin may have switched GDAL's exceptions on
        return None
    return crs


def is_placeholder(wkt: str) -> bool:
    """Return whether a WKT only fills the place of a coordinate system that is not known.

    >>> is_placeholder('LOCAL_CS["Undefined Cartesian SRS",UNIT["Meter",1]]'), is_placeholder("")
    (True, False)
    """
    crs = crs_of(wkt)
    if crs is None:
        return False
    name = " ".join(re.split(r"[\W_]+", (crs.GetName() or "").casefold())).strip()
    if crs.IsGeographic():
        return name in _PLACEHOLDERS_IN_DEGREES
    # one in feet at least states that
    return bool(crs.IsLocal()) and name in _PLACEHOLDERS and _is_metric_or_unknown(crs)


def horizontal(wkt: str) -> str:
    """The WKT without its vertical part, which would shift or falsify values that are no heights of it.

    Empty for a placeholder of an unknown coordinate system.
    """
    crs = osr.SpatialReference()
    try:
        if is_placeholder(wkt):
            return ""
        if not wkt or crs.ImportFromWkt(wkt) != 0 or not (crs.IsCompound() or crs.GetAxesCount() > 2):
            return wkt
        crs.DemoteTo2D(None)
        return crs.ExportToWkt()
    except RuntimeError:
        return wkt


def same_crs(one: str, other: str) -> bool:
    """Return whether the horizontal parts of two WKT describe one coordinate system."""
    if one == other:
        return True
    a, b = crs_of(one), crs_of(other)
    return a is not None and b is not None and bool(a.IsSame(b))


def is_metric(crs: osr.SpatialReference) -> bool:
    """Return whether coordinates are metres."""
    return bool(crs.IsProjected() or crs.IsLocal()) and abs(crs.GetLinearUnits() - 1.0) < _METRE_SLACK


def _is_metric_or_unknown(crs: osr.SpatialReference) -> bool:
    metres = crs.GetLinearUnits()
    return metres <= 0.0 or abs(metres - 1.0) < _METRE_SLACK


def unit_name(wkt: str) -> str:
    """Name of the unit of horizontal coordinates."""
    crs = crs_of(wkt)
    if crs is None:
        return "units"
    if crs.IsGeographic():
        return "deg"
    return "m" if abs(crs.GetLinearUnits() - 1.0) < _METRE_SLACK else crs.GetLinearUnitsName()


def vertical_axis(crs: osr.SpatialReference | None) -> VerticalAxis | None:
    """The axis of heights of a compound or three-dimensional coordinate system; ``None`` where it has none."""
    if crs is None:
        return None
    try:
        described = json.loads(crs.ExportToPROJJSON())
    except (RuntimeError, TypeError, ValueError):  # no PROJ equivalent
        return None
    for axis in _axes(described):
        if axis.get("direction") in ("up", "down"):
            unit = axis.get("unit", "metre")
            name, metres = (unit["name"], unit["conversion_factor"]) if isinstance(unit, dict) else (unit, 1.0)
            return VerticalAxis(str(name), float(metres), axis["direction"] == "down")
    return None


def _axes(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All axes of a coordinate system in PROJ's JSON."""
    parts = described.get("components", [])
    if "source_crs" in described:
        parts = [*parts, described["source_crs"]]
    for part in parts:
        yield from _axes(part)
    yield from described.get("coordinate_system", {}).get("axis", [])
