"""Estimates soil depth from the elevation model."""

from __future__ import annotations

from typing import Callable, Mapping, Sequence

import numpy as np

from ..text import Text, span
from ..variables import DEPTH_METHODS, SOIL_DEPTH_MAXIMUM_M
from .errors import InputError
from .feedback import Feedback, check_cancelled
from .map_parts.greatest import Greatest
from .map_parts.strips import made_of_strips, row_strips, with_rows_around
from .map_parts.threads import in_threads
from .topography.slope import MAXIMUM_SLOPE_DEG, horn_gradient

METHODS: tuple[str, ...] = tuple(DEPTH_METHODS)

ESTIMATE_WARNING = Text(
    "The soil depth is estimated from the elevation model alone, which gives the least reliable stability maps "
    "(Segoni, Rossi & Catani 2012): use a measured soil depth layer where there is one."
)
CONSTANT_WARNING = Text(
    "The soil depth is the same in every cell, whatever the terrain, which gives far less reliable stability maps than "
    "measured depths: use a measured soil depth layer where there is one."
)

#: What is estimated where nothing else is chosen.
METHOD, DEPTH_MIN_M, DEPTH_MAX_M = METHODS[0], 0.5, 4.0
#: Share of the cells that may be steeper than the slope at which the soil is thinnest [%].
STEEPEST_PERCENTILE = 99.5
SHARPEST_PERCENTILE = 95.0
#: Least end of the exponential as a share of the greatest depth: exp never reaches a least depth of 0.
_EXPONENTIAL_FLOOR = 0.01
# Below these ranges a map counts as even: what varies is the rounding of the elevations.
_EVEN_SLOPE = 1e-4  # [-]
_EVEN_SLOPE_RAD = 1e-4
_EVEN_ELEVATION_M = 1e-3
_EVEN_CURVATURE_PER_M = 1e-7


def estimate(
    elevation: np.ndarray, cell_width: float, cell_height: float, method: str = METHOD, depth_min: float = DEPTH_MIN_M,
    depth_max: float = DEPTH_MAX_M, feedback: Feedback | None = None,
) -> np.ndarray:  # fmt: skip
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

    Returns:
        float32 (rows, cols), vertical depth [m], NaN where the elevation is.

    Raises:
        InputError: an unknown method, depths out of range or in the wrong order, no valid cell.
        Cancelled: the user cancelled the run.

    Source: Saulnier, Beven & Obled (1997), J. Hydrol. 202, 158-172 (s and z); the idea of slope and curvature
    together Catani, Segoni & Falorni (2010), Water Resour. Res. 46, W05508 (GIST, of which this is a simple relative).
    """
    _check(method, depth_min, depth_max)
    if not any(np.isfinite(elevation[at]).any() for at in row_strips(elevation.shape)):
        raise InputError("Digital elevation model (DEM)", "has no valid cell", "at least one cell with data")
    feedback = feedback or Feedback()
    law = _depth_law(elevation, (cell_width, cell_height), method, depth_min, depth_max, feedback)

    def of_rows(at: slice) -> np.ndarray:
        check_cancelled(feedback)
        return np.where(np.isfinite(elevation[at]), np.clip(law(at), depth_min, depth_max), np.nan)

    return made_of_strips(elevation.shape, np.float32, of_rows)


def depth_warning(method: str = METHOD) -> Text:
    """The warning on an estimate by a method; a constant depth is estimated from nothing."""
    return CONSTANT_WARNING if method == "constant" else ESTIMATE_WARNING


def described(
    bounds: Sequence[float], method: str = METHOD, depth_min: float = DEPTH_MIN_M, depth_max: float = DEPTH_MAX_M
) -> dict[str, str]:
    """Method, bounds and extent (x min, y min, x max, y max) of an estimate: others give other depths."""
    return {
        "method": method, "depth_min": f"{depth_min:g} m", "depth_max": f"{depth_max:g} m",
        "extent": ", ".join(f"{bound:.10g}" for bound in bounds),
    }  # fmt: skip


def origin(description: Mapping[str, str]) -> str:
    """Method and bounds of an estimate by its description; ``given`` of a depth that is none.

    >>> origin(described((0, 0, 1, 1))), origin({})
    ('slope, 0.5 m to 4 m', 'given')
    """
    if "method" not in description:
        return "given"
    return f"{description['method']}, {description.get('depth_min')} to {description.get('depth_max')}"


def _check(method: str, depth_min: float, depth_max: float) -> None:
    if method not in METHODS:
        raise InputError("Method (METHOD)", Text("'{}' is unknown", method), ", ".join(METHODS))
    allowed = span(0.0, SOIL_DEPTH_MAXIMUM_M, "m")
    for label, value in (("Minimum depth (DEPTH_MIN)", depth_min), ("Maximum depth (DEPTH_MAX)", depth_max)):
        if not 0.0 <= value <= SOIL_DEPTH_MAXIMUM_M:  # NaN fails too
            raise InputError(
                label, Text("{:g} m is out of range", value), allowed, "Enter the vertical depth in metres."
            )
    if depth_min > depth_max:
        raise InputError(
            "Minimum depth (DEPTH_MIN)", Text("{:g} m exceeds the maximum depth {:g} m", depth_min, depth_max),
            Text("at most {:g} m", depth_max), "Swap the two depths, or raise the maximum depth.",
        )  # fmt: skip


def _depth_law(
    elevation: np.ndarray, cell: tuple[float, float], method: str, thin: float, deep: float, feedback: Feedback
) -> Callable[[slice], np.ndarray]:
    """Find the extremes of the whole model; returns the vertical depth of some rows [m], not cut to the bounds.

    Rows are looked at strip by strip, first for the extremes and then for the depths: large models need no more memory.
    """
    if method == "constant":
        return lambda at: np.full(elevation[at].shape, 0.5 * (thin + deep))

    def heights(at: slice) -> np.ndarray:
        return elevation[at].astype(np.float64)

    def tangents(at: slice) -> np.ndarray:
        """Gradient [-], limited to the greatest slope; NaN where the elevation is unknown."""
        return np.minimum(np.hypot(*horn_gradient(elevation, *cell, at)), np.tan(np.radians(MAXIMUM_SLOPE_DEG)))

    def curvature(at: slice) -> np.ndarray:
        return _laplacian(elevation, cell, at)

    by_height = method == "elevation"
    measure, even = (heights, _EVEN_ELEVATION_M) if by_height else (tangents, _EVEN_SLOPE)
    bottom, top = _extremes(elevation, measure, 100.0 if by_height else STEEPEST_PERCENTILE, feedback)
    sharpest = 0.0
    if method == "slope_curvature":
        sharpest = _extremes(elevation, lambda at: np.abs(curvature(at)), SHARPEST_PERCENTILE, feedback)[1]
    end = max(thin, _EXPONENTIAL_FLOOR * deep)
    rate = 0.0
    if np.arctan(top) > _EVEN_SLOPE_RAD and end > 0.0:
        rate = np.log(deep / end) / np.arctan(top)

    def of_rows(at: slice) -> np.ndarray:
        if method == "exponential":
            return deep * np.exp(-rate * np.arctan(tangents(at)))
        share = relative_position(measure(at), bottom, top, even)
        if method != "slope_curvature":
            return linear_depth(share, thin, deep)
        # from -1 on a nose, convex, to 1 in a hollow, concave
        relative = np.clip(curvature(at) / sharpest, -1.0, 1.0) if sharpest > _EVEN_CURVATURE_PER_M else 0.0
        return thin + (deep - thin) * (1.0 - share) ** (2.0**-relative)

    return of_rows


def _extremes(
    elevation: np.ndarray, measure: Callable[[slice], np.ndarray], percentile: float, feedback: Feedback
) -> tuple[float, float]:
    """Least value and a percentile of what is measured in some rows, of the cells with known elevation."""
    known = sum(int(np.isfinite(elevation[at]).sum()) for at in row_strips(elevation.shape))
    least, greatest = np.inf, Greatest.for_percentile(known, percentile)

    def of_rows(at: slice) -> np.ndarray:
        return measure(at)[np.isfinite(elevation[at])]

    for _, values in in_threads(of_rows, row_strips(elevation.shape)):
        check_cancelled(feedback)
        least = min(least, float(values.min(initial=np.inf)))
        greatest.add(values)
    return least, greatest.percentile(percentile)


def _laplacian(elevation: np.ndarray, cell: tuple[float, float], at: slice) -> np.ndarray:
    """Laplacian of the elevation of some rows [1/m]; 0 in a direction in which a neighbour is missing."""
    wide, inner = with_rows_around(at, 1, len(elevation))
    z = elevation[wide].astype(np.float64)
    padded = np.pad(z, 1, constant_values=np.nan)
    across = (padded[1:-1, 2:] + padded[1:-1, :-2] - 2.0 * z) / cell[0] ** 2
    down = (padded[2:, 1:-1] + padded[:-2, 1:-1] - 2.0 * z) / cell[1] ** 2
    return (np.nan_to_num(across) + np.nan_to_num(down))[inner]


def relative_position(values: np.ndarray, bottom: float, top: float, even: float = 1e-9) -> np.ndarray:
    """Position of values between ``bottom`` (0) and ``top`` (1), limited to that range; NaN where unknown.

    All positions are 0 if the range is not greater than ``even``.
    """
    if top - bottom <= even:
        return np.zeros_like(values)
    return np.clip((values - bottom) / (top - bottom), 0.0, 1.0)


def linear_depth(share: np.ndarray, thin: float, deep: float) -> np.ndarray:
    """Depth [m] that falls evenly from ``deep`` at a share of 0 to ``thin`` at 1.

    With the share of slope it is the s-model, with that of elevation the z-model.

    Source: Saulnier, Beven & Obled (1997), J. Hydrol. 202, 158-172.
    """
    return deep - share * (deep - thin)
