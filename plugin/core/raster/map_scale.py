"""How many metres on the map a metre on the ground has: slopes need a projection that keeps lengths."""

from __future__ import annotations

import math

from osgeo import osr

_FAR_ENOUGH_M = 100.0


def map_scale(crs_wkt: str, x: float, y: float) -> float:
    """Length on the map over length on the ground, the mean of both axes; NaN where it cannot be told.

    In the zone of a national grid or of UTM it is 1 within a thousandth; in Web Mercator 1 / cos(latitude).

    Args:
        crs_wkt: a projected coordinate system in metres; x, y: the place, in it.
    """
    crs = osr.SpatialReference()
    try:
        if crs.ImportFromWkt(crs_wkt) != 0 or not crs.IsProjected():
            return math.nan
        geographic = crs.CloneGeogCS()
        for system in (crs, geographic):
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(crs, geographic)
        places = [(x, y), (x + _FAR_ENOUGH_M, y), (x, y + _FAR_ENOUGH_M)]
        (lon, lat), east, north = (transform.TransformPoint(*place)[:2] for place in places)
    except RuntimeError:
        return math.nan
    # lengths of a radian along the parallel and the meridian [m]
    flattening = 1.0 / crs.GetInvFlattening() if crs.GetInvFlattening() else 0.0
    squared = flattening * (2.0 - flattening)
    curved = 1.0 - squared * math.sin(math.radians(lat)) ** 2
    along_parallel = crs.GetSemiMajor() / math.sqrt(curved) * math.cos(math.radians(lat))
    along_meridian = crs.GetSemiMajor() * (1.0 - squared) / curved**1.5
    lengths = [
        math.hypot(math.radians(one[0] - lon) * along_parallel, math.radians(one[1] - lat) * along_meridian)
        for one in (east, north)
    ]
    if not all(math.isfinite(length) and length > 0.0 for length in lengths):
        return math.nan
    return 2.0 * _FAR_ENOUGH_M / sum(lengths)
