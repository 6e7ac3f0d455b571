"""Suggests a projected coordinate system in metres for a location."""

from __future__ import annotations

import math

from osgeo import osr

from .crs import crs_of
from .gdal_errors import quiet

_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


def metric_system(crs_wkt: str, x: float, y: float) -> str:
    """Name of the UTM zone (or UPS at the poles) of a place, with its EPSG code; empty where the place is unknown.

    Args:
        crs_wkt: the coordinate system of the place; x, y: the place, in it.
    """
    own, world = crs_of(crs_wkt), osr.SpatialReference()
    if own is None:
        return ""
    with quiet(TypeError):  # no way to the Earth's coordinates: a local system, or another body's
        world.ImportFromEPSG(4326)
        for system in (own, world):
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        return metric_system_at(*osr.CoordinateTransformation(own, world).TransformPoint(x, y)[:2])
    return ""


def metric_system_at(lon: float, lat: float) -> str:
    """The same of a place in degrees.

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
