"""Spatially structured soil depth for procedural study areas, from several models.

The linear laws in slope and elevation are Saulnier's (Saulnier, Beven & Obled 1997, J. Hydrol. 202, 158-172); thin soil
on convex ground and deep soil in hollows follow Dietrich et al. 1995 (Hydrol. Process. 9, 383-400) and Heimsath et al.
1997 (Nature 388, 358-361). `soil_depth` holds the estimates that users can choose; it needs GDAL by way of its grid,
which these drawings do without.
"""

from __future__ import annotations

import numpy as np

from ..soil_depth import linear_depth, relative_position
from .random_fields import correlated_field, gaussian_smooth

SHALLOWEST, DEEPEST = 0.3, 6.0  # [m] where there is soil at all
_SHARES = {"slope": 0.2, "elevation": 0.1, "exponential": 0.15, "constant": 0.1, "hollow": 0.2, "slope_hollow": 0.25}


def draw_soil(rng: np.random.Generator, elevation: np.ndarray, cell_size: float) -> tuple[np.ndarray, dict]:
    """Draw a soil-depth map.

    Args:
        elevation: (rows, cols) [m], without NaN.
        cell_size: [m].

    Returns:
        (rows, cols) vertical soil depth [m], 0 on bare rock, else 0.3 to 6; and the drawn descriptors.
    """
    model = str(rng.choice(tuple(_SHARES), p=tuple(_SHARES.values())))
    deep = float(min(np.exp(rng.uniform(np.log(1.3), np.log(7.0))), DEEPEST))
    thin = float(min(rng.uniform(SHALLOWEST, 0.8), 0.6 * deep))
    style = {"soil_model": model, "soil_max_m": deep, "soil_min_m": thin}
    # Depth follows the hillslope, not each boulder: a little smoothing, more or less of it.
    smooth = gaussian_smooth(elevation, rng.uniform(0.5, 1.5))
    depth = _model_depth(rng, model, smooth, cell_size, (thin, deep))
    if rng.random() < 0.8:
        depth = depth * _lognormal(rng, elevation.shape, cell_size, style)
    if rng.random() < 0.25:
        depth = _soil_polygons(rng, depth, (thin, deep), style)
    depth = np.clip(depth, SHALLOWEST, DEEPEST)
    if rng.random() < 0.35:
        depth = np.where(_bare_rock(rng, smooth, cell_size, style), 0.0, depth)
    return depth, style


def _model_depth(
    rng: np.random.Generator, model: str, elevation: np.ndarray, cell_size: float, bounds: tuple[float, float]
) -> np.ndarray:
    """Depth [m] (rows, cols) by one of the models, between the least and the greatest depth of `bounds`."""
    thin, deep = bounds
    if model == "constant":
        return np.full(elevation.shape, deep)
    if model == "elevation":
        return _descending(elevation, 100.0, bounds)
    tangent = np.hypot(*np.gradient(elevation, cell_size))
    if model == "slope":
        return _descending(tangent, 99.5, bounds)
    if model == "exponential":
        return np.maximum(deep * np.exp(-rng.uniform(0.8, 4.0) * np.arctan(tangent)), thin)
    # Topographic position: how far the ground lies below the mean of 10 to 80 m around it, -1 on noses to 1 in hollows.
    radius = float(np.exp(rng.uniform(np.log(10.0), np.log(80.0)))) / cell_size
    below = gaussian_smooth(elevation, float(np.clip(radius, 1.0, 12.0))) - elevation
    position = np.tanh(rng.uniform(0.5, 1.3) * below / max(float(below.std()), 1e-6))
    if model == "slope_hollow":
        return thin + (_descending(tangent, 99.5, bounds) - thin) * (0.8 + 0.5 * position)
    return thin + (deep - thin) * (0.5 + 0.5 * position) ** rng.uniform(0.8, 1.6)


def _descending(values: np.ndarray, top: float, bounds: tuple[float, float]) -> np.ndarray:
    """Greatest depth at the least value, least depth at the `top` percentile and beyond."""
    return linear_depth(relative_position(values, float(np.nanmin(values)), float(np.percentile(values, top))), *bounds)


def _lognormal(rng: np.random.Generator, shape: tuple[int, int], cell_size: float, style: dict) -> np.ndarray:
    """Correlated lognormal factor of mean 1 (rows, cols)."""
    length = float(np.exp(rng.uniform(np.log(20.0), np.log(500.0))))
    spread = float(rng.uniform(0.08, 0.45))
    style.update(soil_noise_length_m=length, soil_noise_sigma=spread)
    field = correlated_field(rng, shape, float(np.clip(length / cell_size, 1.2, max(shape) / 4)))
    return np.exp(spread * field - 0.5 * spread**2)


def _soil_polygons(rng: np.random.Generator, depth: np.ndarray, bounds: tuple[float, float], style: dict) -> np.ndarray:
    """Lay a soil map over the depth: Voronoi polygons with sharp borders, each with its own depth or its own factor."""
    shape = depth.shape
    count = int(rng.integers(4, 30))
    replaces = bool(rng.random() < 0.5)
    row, col = np.mgrid[: shape[0], : shape[1]].astype(float)
    row += 0.04 * max(shape) * correlated_field(rng, shape, max(shape) / 16)
    col += 0.04 * max(shape) * correlated_field(rng, shape, max(shape) / 16)
    unit = np.zeros(shape, dtype=np.int64)
    nearest = np.full(shape, np.inf)
    for index in range(count):
        distance = (row - rng.uniform(0, shape[0])) ** 2 + (col - rng.uniform(0, shape[1])) ** 2
        unit = np.where(distance < nearest, index, unit)
        nearest = np.minimum(nearest, distance)
    style.update(soil_polygons=count, soil_polygons_replace=replaces)
    if replaces:
        return rng.uniform(*bounds, size=count)[unit]
    return depth * np.exp(rng.normal(0.0, 0.35, size=count))[unit]


def _bare_rock(rng: np.random.Generator, elevation: np.ndarray, cell_size: float, style: dict) -> np.ndarray:
    """Mark bare rock (rows, cols bool): steep ground, or patches, with a ragged border."""
    slope = np.degrees(np.arctan(np.hypot(*np.gradient(elevation, cell_size))))
    ragged = correlated_field(rng, slope.shape, rng.uniform(1.0, 5.0))
    if rng.random() < 0.6:
        threshold = float(rng.uniform(38.0, 52.0))
        style["bare_above_deg"] = threshold
        return slope + 4.0 * ragged > threshold
    share = float(rng.uniform(0.01, 0.15))
    style["bare_share"] = share
    score = (
        correlated_field(rng, slope.shape, rng.uniform(4.0, 20.0))
        + 0.3 * ragged
        + slope / max(float(slope.std()), 1e-6)
    )
    return score > np.quantile(score, 1 - share)
