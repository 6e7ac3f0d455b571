"""What speaks against an elevation model as one of a natural mountainside in metres."""

from __future__ import annotations

import numpy as np

from ..text import Text
from .terrain import Terrain

#: Median slopes of natural mountainsides end at about 40 deg; heights in feet on a grid in metres make 20 deg into 50.
_STEEPEST_MEDIAN_DEG = 48.0
_FLATTEST_MEDIAN_DEG = 0.5


def terrain_cautions(terrain: Terrain) -> tuple[Text, ...]:
    """Doubts about a terrain, as sentences; empty where there are none."""
    found = [_implausible_slope(terrain)]
    return tuple(text for text in found if text)


def _implausible_slope(terrain: Terrain) -> Text | None:
    """Slopes that heights in another unit than metres would give."""
    median = float(np.degrees(np.median(terrain.slope[terrain.valid])))
    if median > _STEEPEST_MEDIAN_DEG:
        return Text(
            "Half of the cells are steeper than {:.0f} deg: are the heights of the DEM in feet or decimetres? "
            "They must be in metres.",
            median,
        )
    if median < _FLATTEST_MEDIAN_DEG:
        return Text(
            "Half of the cells are flatter than {:.2g} deg: is the DEM in metres, and does it show a mountainside?",
            median,
        )
    return None
