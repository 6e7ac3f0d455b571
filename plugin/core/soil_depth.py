"""Soil depth estimated from the elevation alone, for users who have no measured layer."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..text import Text, span
from ..variables import SOIL_DEPTH_MAXIMUM_M
from .errors import InputError
from .feedback import Feedback, check_cancelled
from .soil_law import linear_depth, share_of_range
from .terrain import MAXIMUM_SLOPE_DEG, horn_gradient

METHODS: tuple[str, ...] = ("slope", "elevation", "exponential", "slope_curvature", "constant")

METHOD_LABELS: dict[str, str] = {
    "slope": "Slope: thin where steep (Saulnier's s-model)",
    "elevation": "Elevation: thin on high ground (Saulnier's z-model)",
    "exponential": "Exponential decrease with the slope angle",
    "slope_curvature": "Slope and curvature: thin on noses, deep in hollows",
    "constant": "Constant: the mean of least and greatest depth",
}

ESTIMATE_WARNING = (
    "The soil depth is estimated from the elevation model alone, which gives the least reliable stability maps "
    "(Segoni, Rossi & Catani 2012): use a measured soil depth layer where there is one."
)

#: What is estimated where nothing else is chosen.
METHOD, DEPTH_MIN_M, DEPTH_MAX_M = METHODS[0], 0.5, 4.0
#: Share of the cells that may be steeper than the slope at which the soil is thinnest [%].
STEEPEST_PERCENTILE = 99.5
#: Least end of the exponential as a share of the greatest depth: exp never reaches a least depth of 0.
_EXPONENTIAL_FLOOR = 0.01
# Below these ranges a map counts as even: what varies is the rounding of the elevations.
_EVEN_SLOPE = 1e-4  # [-]
_EVEN_SLOPE_RAD = 1e-4
_EVEN_ELEVATION_M = 1e-3
_EVEN_CURVATURE_PER_M = 1e-7


def estimate(
    elevation: np.ndarray,
    cell_width: float,
    cell_height: float,
    method: str = METHOD,
    depth_min: float = DEPTH_MIN_M,
    depth_max: float = DEPTH_MAX_M,
    feedback: Feedback | None = None,
) -> np.ndarray:
    """Estimate the vertical soil depth of every cell.

    With s the share of the way from the gentlest slope (the minimum) to the steepest (the 99.5th
    percentile of the valid cells), cut to 0..1:

    - ``slope``: D = Dmax [1 - s (1 - Dmin / Dmax)]
    - ``elevation``: the same, s from the lowest to the highest cell
    - ``exponential``: D = Dmax exp(-k b), b the slope angle, k such that D = Dmin at the steepest; never below Dmin
    - ``slope_curvature``: D = Dmin + (Dmax - Dmin) (1 - s)^(2^-k), k from -1 on the sharpest noses to 1 in the
      sharpest hollows: the slope's estimate, thinned on convex and thickened on concave ground (assumed form)
    - ``constant``: D = (Dmin + Dmax) / 2

    An even map (no range of slope or elevation) gets Dmax, by the formulas' value at s = 0.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
        cell_width: [m].
        cell_height: [m].
        method: one of :data:`METHODS`.
        depth_min: least vertical depth [m], 0 or more.
        depth_max: greatest vertical depth [m], depth_min to 50.
        feedback: asked for a cancel.

    Returns:
        float32 (rows, cols), vertical depth [m], NaN where the elevation is.

    Raises:
        InputError: an unknown method, depths out of range or in the wrong order, no valid cell.
        Cancelled: the user asked to stop.

    Source: Saulnier, Beven & Obled (1997), J. Hydrol. 202, 158-172 (s and z); the idea of slope and curvature
    together Catani, Segoni & Falorni (2010), Water Resour. Res. 46, W05503 (GIST, of which this is a simple relative).
    """
    _check(method, depth_min, depth_max, cell_width, cell_height)
    valid = np.isfinite(elevation)
    if not valid.any():
        raise InputError("Digital elevation model (DEM)", "has no valid cell", "at least one cell with data")
    z = np.where(valid, elevation, np.nan).astype(np.float64)
    if method == "constant":
        depth = np.full(z.shape, 0.5 * (depth_min + depth_max))
    elif method == "elevation":
        depth = linear_depth(share_of_range(z, float(np.nanmax(z)), _EVEN_ELEVATION_M), depth_min, depth_max)
    else:
        depth = _from_slope(z, cell_width, cell_height, method, depth_min, depth_max, feedback or Feedback())
    return np.where(valid, np.clip(depth, depth_min, depth_max), np.nan).astype(np.float32)


def described(
    bounds: Sequence[float], method: str = METHOD, depth_min: float = DEPTH_MIN_M, depth_max: float = DEPTH_MAX_M
) -> dict[str, str]:
    """What an estimate rests on, for provenance: the steepest slope of another extent gives other depths.

    Args:
        bounds: (x min, y min, x max, y max) of the elevation model.
        method, depth_min, depth_max: as in :func:`estimate`.
    """
    return {
        "method": method, "depth_min": f"{depth_min:g} m", "depth_max": f"{depth_max:g} m",
        "extent": ", ".join(f"{bound:.10g}" for bound in bounds),
    }  # fmt: skip


def _check(method: str, depth_min: float, depth_max: float, cell_width: float, cell_height: float) -> None:
    if method not in METHODS:
        raise InputError("Method (METHOD)", Text("'{}' is not known", method), ", ".join(METHODS))
    allowed = span(0.0, SOIL_DEPTH_MAXIMUM_M, "m")
    for label, value in (("Least depth (DEPTH_MIN)", depth_min), ("Greatest depth (DEPTH_MAX)", depth_max)):
        if not 0.0 <= value <= SOIL_DEPTH_MAXIMUM_M:  # NaN fails too
            raise InputError(
                label, Text("{:g} m is out of range", value), allowed, "Give the vertical depth in metres."
            )
    if depth_min > depth_max:
        raise InputError(
            "Least depth (DEPTH_MIN)", Text("{:g} m exceeds the greatest depth {:g} m", depth_min, depth_max),
            Text("at most {:g} m", depth_max), "Swap the two depths, or raise the greatest depth.",
        )  # fmt: skip
    for value in (cell_width, cell_height):
        if not 0.0 < value < np.inf:
            raise InputError("Cell size", Text("{:g} m is no size", value), "more than 0 m")


def _from_slope(
    z: np.ndarray, cell_width: float, cell_height: float, method: str, depth_min: float, depth_max: float,
    feedback: Feedback,
) -> np.ndarray:  # fmt: skip
    tangent = np.minimum(np.hypot(*horn_gradient(z, cell_width, cell_height)), np.tan(np.radians(MAXIMUM_SLOPE_DEG)))
    check_cancelled(feedback)
    steepest = float(np.nanpercentile(tangent, STEEPEST_PERCENTILE))
    if method == "exponential":
        angle, end = np.arctan(tangent), max(depth_min, _EXPONENTIAL_FLOOR * depth_max)
        if np.arctan(steepest) <= _EVEN_SLOPE_RAD or end <= 0.0:
            return np.full(z.shape, depth_max)
        return depth_max * np.exp(-np.log(depth_max / end) / np.arctan(steepest) * angle)
    check_cancelled(feedback)
    share = share_of_range(tangent, steepest, _EVEN_SLOPE)
    if method == "slope_curvature":
        exponent = 2.0 ** -_relative_curvature(z, cell_width, cell_height)
        check_cancelled(feedback)
        kept = (1.0 - share) ** exponent
        return depth_min + (depth_max - depth_min) * kept
    return linear_depth(share, depth_min, depth_max)


def _relative_curvature(z: np.ndarray, cell_width: float, cell_height: float) -> np.ndarray:
    """Curvature over its 95th percentile, cut to -1 (nose, convex) .. 1 (hollow, concave).

    The Laplacian of the elevation; a direction in which a neighbour is missing counts as straight.
    """
    padded = np.pad(z, 1, constant_values=np.nan)
    across = (padded[1:-1, 2:] + padded[1:-1, :-2] - 2.0 * z) / cell_width**2
    down = (padded[2:, 1:-1] + padded[:-2, 1:-1] - 2.0 * z) / cell_height**2
    laplacian = np.nan_to_num(across) + np.nan_to_num(down)
    scale = float(np.percentile(np.abs(laplacian[np.isfinite(z)]), 95.0))
    if scale <= _EVEN_CURVATURE_PER_M:
        return np.zeros_like(z)
    return np.clip(laplacian / scale, -1.0, 1.0)
