"""Lengths on the map over lengths on the ground, against what the projections' own formulas give."""

import math

import pytest
from osgeo import osr
from slopecast.plugin.core.map_scale import map_scale


def wkt(epsg: int) -> str:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt()


@pytest.mark.parametrize(
    ("epsg", "place", "expected", "slack"),
    [
        (25832, (500_000.0, 5_200_000.0), 0.9996, 1e-5),  # UTM on its central meridian
        (5186, (200_000.0, 600_000.0), 1.0, 1e-4),  # Korea's central belt
        (31287, (400_000.0, 400_000.0), 1.0, 1e-3),  # Austria's Lambert
        (3035, (4_321_000.0, 3_210_000.0), 1.0, 1e-5),  # Europe's equal area, at its centre
        (3857, (1_200_000.0, 0.0), 1.0, 5e-3),
        (3857, (1_200_000.0, 5_900_000.0), 1.0 / math.cos(math.radians(46.7)), 5e-3),
    ],
)
def test_scales_of_known_projections(epsg: int, place: tuple[float, float], expected: float, slack: float) -> None:
    assert map_scale(wkt(epsg), *place) == pytest.approx(expected, rel=slack)


@pytest.mark.parametrize("text", ["", "nonsense", wkt(4326)])
def test_where_it_cannot_be_told_it_is_unknown(text: str) -> None:
    assert math.isnan(map_scale(text, 0.0, 0.0))
