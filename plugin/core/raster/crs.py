"""Coordinate systems, as WKT."""

from __future__ import annotations

from osgeo import osr


def crs_of(wkt: str) -> osr.SpatialReference | None:
    """The coordinate system of a WKT; ``None`` where there is none."""
    crs = osr.SpatialReference()
    try:
        return crs if crs.ImportFromWkt(wkt) == 0 else None
    except RuntimeError:
        return None


def same_crs(one: str, other: str) -> bool:
    """Tell whether two WKT describe one coordinate system."""
    if one == other:
        return True
    a, b = crs_of(one), crs_of(other)
    return a is not None and b is not None and bool(a.IsSame(b))


def unit_name(wkt: str) -> str:
    """Name of the unit of horizontal coordinates."""
    crs = crs_of(wkt)
    if crs is None:
        return "units"
    return (
        "deg" if crs.IsGeographic() else ("m" if abs(crs.GetLinearUnits() - 1.0) < 1e-6 else crs.GetLinearUnitsName())
    )
