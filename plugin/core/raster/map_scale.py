"""Scale of the map projection: slopes need a projection that preserves lengths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable, Sequence

import numpy as np
from osgeo import osr

from .crs import crs_of
from .gdal_errors import quiet

_STEP_M = 50.0


@dataclass(frozen=True)
class Distortion:
    """The worst of a projection at some places.

    Attributes:
        least, greatest: length on the map over length on the ground, of all directions and places.
        anisotropy: greatest over least at one place; 1 where angles are kept.
    """

    least: float
    greatest: float
    anisotropy: float


def distortion(crs_wkt: str, places: Iterable[tuple[float, float]]) -> Distortion | None:
    """Scales of a projection by Tissot's indicatrix; ``None`` where they can be had at none of the places.

    In the zone of a national grid or of UTM they are 1 within a thousandth; in Web Mercator 1 / cos(latitude).

    Args:
        crs_wkt: a projected coordinate system in metres.
        places: (x, y) in it; those that it does not map are passed over.

    Source: Snyder (1987), Map Projections, USGS Professional Paper 1395, chapter 4.
    """
    crs = crs_of(crs_wkt)
    if crs is None or not crs.IsProjected():
        return None
    all_found = [scales for scales in (_scales(crs, place) for place in places) if scales is not None]
    # inverse formulas go on beyond the map's edge; a map that lies beyond it as a whole crosses the date line
    found = [scales for *scales, on_map in all_found if on_map] or [scales for *scales, _ in all_found]
    if not found:
        return None
    least, greatest = zip(*found)
    return Distortion(min(least), max(greatest), max(large / small for small, large in found))


def _scales(crs: osr.SpatialReference, place: tuple[float, float]) -> tuple[float, float, bool] | None:
    """Least and greatest scale at a place, and whether it is on the map.

    The scales are the inverse singular values of the derivative of ground by map.
    """
    x, y = place
    steps = [(x, y), (x - _STEP_M, y), (x + _STEP_M, y), (x, y - _STEP_M), (x, y + _STEP_M)]
    found = _geographic(crs, steps)
    if found is None:
        return None
    lon, lat = found[0].T
    # lengths of a radian along the parallel and the meridian [m]
    flattening = 1.0 / crs.GetInvFlattening() if crs.GetInvFlattening() else 0.0
    squared = flattening * (2.0 - flattening)
    curved = 1.0 - squared * math.sin(lat[0]) ** 2
    along_parallel = crs.GetSemiMajor() / math.sqrt(curved) * math.cos(lat[0])
    along_meridian = crs.GetSemiMajor() * (1.0 - squared) / curved**1.5
    turns = (lon[[2, 4]] - lon[[1, 3]] + math.pi) % (2.0 * math.pi) - math.pi  # across the date line
    ground = np.stack([turns * along_parallel, (lat[[2, 4]] - lat[[1, 3]]) * along_meridian]) / (2.0 * _STEP_M)
    greatest, least = np.linalg.svd(ground, compute_uv=False)
    return (float(1.0 / greatest), float(1.0 / least), found[1]) if least > 0.0 else None


def _geographic(crs: osr.SpatialReference, places: Sequence[tuple[float, float]]) -> tuple[np.ndarray, bool] | None:
    """Longitude and latitude [rad] of places on the system's own ellipsoid, and whether the first one is on the map."""
    with quiet(AttributeError, TypeError):  # no transformation, or no geographic system to go to
        own, target = crs.Clone(), crs.CloneGeogCS()
        for system in (own, target):
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(own, target)
        found = np.array(transform.TransformPoints([list(place) for place in places]), dtype=np.float64)[:, :2]
        back = osr.CoordinateTransformation(target, own).TransformPoint(*found[0])[:2]
        if np.isfinite(found).all():
            return found * target.GetAngularUnits(), math.dist(back, places[0]) < _STEP_M
    return None
