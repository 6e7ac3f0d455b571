"""Coordinate systems as WKT, and a system in metres for a location."""

from __future__ import annotations

import contextlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Iterator

from osgeo import osr

from .gdal_errors import quiet

_METRE_SLACK = 1e-6
_LIKE_ELLIPSOIDS_M = 1.0  # of their semi-major axes: WGS 84 and GRS 80 are alike
#: Names of local systems that formats write where no coordinate system is known: GeoPackage, ENVI, Idrisi, BT, MapInfo,
#: GeoTIFF, Esri and PROJ. One in metres that has a name of its own is a system that its makers know.
_PLACEHOLDERS = {
    "", "undefined", "undefined cartesian srs", "undefined srs", "undefined crs", "arbitrary", "plane", "nonearth",
    "unknown", "unnamed", "none", "unspecified", "not specified", "unknown engineering datum",
    "unknown engineering crs", "unknown coordinate system", "unknown crs", "unknown srs", "unnamed crs",
    "local", "local cs", "user defined", "engineering crs", "cartesian",
}  # fmt: skip
_PLACEHOLDERS_IN_DEGREES = {"undefined geographic srs", "undefined geographic crs", "undefined", "undefined srs"}
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


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


def whole_crs(wkt: str) -> osr.SpatialReference | None:
    """The coordinate system of a WKT with all its parts; ``None`` where there is none."""
    crs = osr.SpatialReference()
    try:
        return crs if wkt and crs.ImportFromWkt(wkt) == 0 else None
    except RuntimeError:  # another plugin may have switched GDAL's exceptions on
        return None


def crs_of(wkt: str) -> osr.SpatialReference | None:
    """The horizontal coordinate system of a WKT; ``None`` where there is none."""
    crs = whole_crs(wkt)
    try:
        if crs is not None and _has_heights(crs):
            crs.DemoteTo2D(None)
    except RuntimeError:
        return None
    return crs


def _has_heights(crs: osr.SpatialReference) -> bool:
    return bool(crs.IsCompound()) or crs.GetAxesCount() > 2


def is_placeholder(wkt: str) -> bool:
    """Return whether a WKT only fills the place of a coordinate system that is not known.

    >>> is_placeholder('LOCAL_CS["Undefined Cartesian SRS",UNIT["Meter",1]]'), is_placeholder("")
    (True, False)
    """
    crs = crs_of(wkt)
    if crs is None:
        return False
    name = _plain_name(crs)
    if crs.IsGeographic():
        return name in _PLACEHOLDERS_IN_DEGREES
    states_unit = crs.GetLinearUnits() > 0.0 and abs(crs.GetLinearUnits() - 1.0) >= _METRE_SLACK  # as one in feet does
    return bool(crs.IsLocal()) and name in _PLACEHOLDERS and not states_unit


def _plain_name(crs: osr.SpatialReference) -> str:
    """The words of a system's name in lower case."""
    return " ".join(re.split(r"[\W_]+", (crs.GetName() or "").casefold())).strip()


def horizontal(wkt: str) -> str:
    """The WKT without its vertical part, which would shift or falsify values that are no heights of it.

    Empty for a placeholder of an unknown coordinate system.
    """
    if is_placeholder(wkt):
        return ""
    whole, flat = whole_crs(wkt), crs_of(wkt)
    return wkt if whole is None or flat is None or not _has_heights(whole) else flat.ExportToWkt()


def same_crs(one: str, other: str) -> bool:
    """Return whether the horizontal parts of two WKT describe one coordinate system.

    Local systems differ by their names alone, which GDAL does not compare. The order of the axes, northing first in the
    EPSG register for Korea, Japan and others, is none of rasters and layers: files of ESRI do not have it.
    """
    if one == other:
        return True
    a, b = crs_of(one), crs_of(other)
    if a is None or b is None or not (a.IsSame(b) or _east_first(a).IsSame(_east_first(b))):
        return False
    return not a.IsLocal() or _plain_name(a) == _plain_name(b)


def _east_first(crs: osr.SpatialReference) -> osr.SpatialReference:
    """Projected coordinate system with the easting first; unchanged if that is not possible."""
    found = osr.SpatialReference()
    with contextlib.suppress(RuntimeError, TypeError, ValueError, KeyError):  # no PROJ equivalent
        described = json.loads(crs.ExportToPROJJSON())
        axes = described["coordinate_system"]["axis"]
        if crs.IsProjected() and [axis["direction"] for axis in axes] == ["north", "east"]:
            axes.reverse()
            described.pop("id", None)  # that of the other order
            if found.SetFromUserInput(json.dumps(described)) == 0:
                return found
    return crs


def datum_shift_is_unknown(one: str, other: str, place: tuple[float, float]) -> bool:
    """Return whether PROJ takes the degrees of one coordinate system (WKT) for those of another ellipsoid.

    So it does where one has an unknown datum, such as a PROJ string with ``+ellps=bessel`` and no ``+towgs84``, or
    where the files of a shift are missing. Positions are then off by up to some hundred metres.

    Args:
        one, other: the systems.
        place: x and y in the first.
    """
    systems = crs_of(one), crs_of(other)
    if None in systems:
        return False
    with quiet(TypeError):  # a local system has no ellipsoid
        if abs(systems[0].GetSemiMajor() - systems[1].GetSemiMajor()) > _LIKE_ELLIPSOIDS_M:
            exact = transformed(*systems, place, ballpark=False)
            return exact is None and transformed(*systems, place) is not None
    return False


def transformation(
    one: osr.SpatialReference, other: osr.SpatialReference, *, ballpark: bool = True
) -> osr.CoordinateTransformation:
    """Transformation of x and y; raises GDAL's errors.

    Args:
        one, other: the systems; ballpark: also without the shift between their datums.
    """
    one, other, options = one.Clone(), other.Clone(), osr.CoordinateTransformationOptions()
    for system in (one, other):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    options.SetBallparkAllowed(ballpark)
    return osr.CoordinateTransformation(one, other, options)


def transformed(
    one: osr.SpatialReference, other: osr.SpatialReference, place: tuple[float, float], *, ballpark: bool = True
) -> tuple[float, float] | None:
    """A place (x, y) of one coordinate system in another; ``None`` where no transformation is known."""
    with quiet(TypeError):  # a local system, or another body's; without exceptions one that takes no point
        x, y = transformation(one, other, ballpark=ballpark).TransformPoint(*place)[:2]
        return (x, y) if math.isfinite(x) and math.isfinite(y) else None
    return None


def is_local(wkt: str) -> bool:
    """Return whether a WKT is a system of a site, without a place on the Earth."""
    crs = crs_of(wkt)
    return crs is not None and bool(crs.IsLocal())


def is_metric(crs: osr.SpatialReference) -> bool:
    """Return whether coordinates are metres."""
    return bool(crs.IsProjected() or crs.IsLocal()) and abs(crs.GetLinearUnits() - 1.0) < _METRE_SLACK


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


def metric_system(crs_wkt: str, x: float, y: float) -> str:
    """Name of the UTM zone (or UPS at the poles) of a place, with its EPSG code; empty where the place is unknown.

    Args:
        crs_wkt: the coordinate system of the place; x, y: the place, in it.
    """
    own, world = crs_of(crs_wkt), osr.SpatialReference()
    if own is None:
        return ""
    with quiet():
        world.ImportFromEPSG(4326)
    place = transformed(own, world, (x, y))
    return "" if place is None else metric_system_at(*place)


def metric_system_at(lon: float, lat: float) -> str:
    """:func:`metric_system` of a place in degrees.

    >>> metric_system_at(11.4, 47.3), metric_system_at(-70.6, -33.4), metric_system_at(0.0, -85.0)
    ('WGS 84 / UTM zone 32N (EPSG:32632)', 'WGS 84 / UTM zone 19S (EPSG:32719)', 'WGS 84 / UPS South (E,N) (EPSG:5042)')
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90.0):
        return ""
    if lat > _UTM_NORTH:
        return "WGS 84 / UPS North (E,N) (EPSG:5041)"
    if lat < _UTM_SOUTH:
        return "WGS 84 / UPS South (E,N) (EPSG:5042)"
    zone = _zone(lon, lat)
    return f"WGS 84 / UTM zone {zone}{'N' if lat >= 0.0 else 'S'} (EPSG:{(32600 if lat >= 0.0 else 32700) + zone})"


def _zone(lon: float, lat: float) -> int:
    """Number of the zone; off Norway and in Svalbard zones are wider than elsewhere."""
    lon = (lon + 180.0) % 360.0 - 180.0
    if 56.0 <= lat < 64.0 and 3.0 <= lon < 12.0:
        return 32
    if lat >= 72.0 and 0.0 <= lon < 42.0:
        return 31 + 2 * int((lon + 3.0) // 12.0)
    return int((lon + 180.0) // 6.0) + 1
