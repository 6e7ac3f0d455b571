"""Detects zeros that mark missing data in rasters of quantities for which 0 is possible."""

from __future__ import annotations

import numpy as np

from ..text import Text, measure
from ..variables import BY_NAME
from .map_parts.strips import known_sample, row_strips

#: Of the cells along the edge of the map: more zeros than elsewhere, or nothing else, is no chance. Nor are two whole
#: sides, or one of a map that has other values in most cells.
_EDGE_SHARE, _FRAME_SHARE, _SIDE_SHARE = 0.5, 0.8, 0.95
#: Parameters that are 0 nowhere along the edge of a map alone; roots, loads and rain may be.
_FRAMED = ("cohesion", "water_table_ratio", "suction_head")
#: Storms fade away: the least rain is no such share of the greatest next to cells without any, be these so many.
_FADED, _FEWEST_DRY = 0.1, 0.001
_LEAST_PERCENTILE, _GREATEST_PERCENTILE = 5.0, 95.0
_SAMPLE = 100_000


def zero_caution(name: str, values: np.ndarray, valid: np.ndarray, label: str = "") -> Text | None:
    """Caution about zeros in the raster of a parameter.

    Args:
        name: lower-case name of the parameter; label: of the raster, by default the parameter's.
        values: (rows, cols), NaN where unknown.
        valid: cells that are looked at, boolean (rows, cols).
    """
    if name == "rainfall":
        return _dry_cells(values)
    share = zero_frame_share(values, valid) if name in _FRAMED else None
    if share is None:
        return None
    return Text(
        "{}: the raster is 0 in {:.0f} % of the cells along the edge of the DEM. If 0 marks missing data there, "
        "declare it as NoData in the layer's properties.",
        label or BY_NAME[name].named, 100.0 * share,
    )  # fmt: skip


def zero_frame_share(values: np.ndarray, valid: np.ndarray) -> float | None:
    """Share of zeros along the edge of the map where they are all around or along a side; else ``None``."""
    known, zeros = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)  # along the edge, everywhere
    rows, cols = valid.shape
    for at in row_strips(valid.shape):
        edge = np.zeros((at.stop - at.start, cols), dtype=bool)
        edge[:, 0] = edge[:, -1] = True
        edge[: at.start == 0] = edge[len(edge) - (at.stop == rows) :] = True
        here = valid[at] & np.isfinite(values[at])
        zero = here & (values[at] == 0.0)
        known += [(edge & here).sum(), here.sum()]
        zeros += [(edge & zero).sum(), zero.sum()]
    if not known[0]:
        return None
    edge_share, share = (zeros / known).tolist()
    is_framed = edge_share >= _EDGE_SHARE and (edge_share >= 2.0 * share or edge_share >= _FRAME_SHARE)
    sides = _sides_of_zeros(values, valid)
    if share == 1.0 or not (is_framed or sides > 1 or (sides and share < _EDGE_SHARE)):
        return None
    return edge_share


def _sides_of_zeros(values: np.ndarray, valid: np.ndarray) -> int:
    """Along how many of the four sides of the map nearly all cells are 0."""
    sides = np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]
    found = (values[side][valid[side] & np.isfinite(values[side])] for side in sides)
    return sum(bool(one.size and (one == 0.0).mean() > _SIDE_SHARE) for one in found)


def _dry_cells(rainfall: np.ndarray) -> Text | None:
    """Cells without rain among cells that all have much."""
    known = known_sample(rainfall, _SAMPLE)
    rain = known[known > 0.0]
    if not rain.size or known.size - rain.size < _FEWEST_DRY * known.size:
        return None
    least, greatest = np.percentile(rain, (_LEAST_PERCENTILE, _GREATEST_PERCENTILE))
    if least < _FADED * greatest:
        return None
    variable = BY_NAME["rainfall"]
    return Text(
        "{}: the raster is 0 in {:.3g} % of the cells, where no rain falls, and {} or more in most others, though "
        "rainfall fades away gradually. If 0 marks missing data, declare it as NoData in the layer's properties.",
        variable.named, 100.0 * (1.0 - rain.size / known.size), measure(float(f"{least:.3g}"), variable.unit),
    )  # fmt: skip
