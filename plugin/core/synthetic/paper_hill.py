"""Synthetic hill in place of Mt. Ansan, Seoul, whose elevation model is not public.

What the paper states: 436 x 489 cells, 85,909 of them valid. Assumed: the cell size of 5 m, the shape, and the soil
depth, which is chosen so that the two published cases fail about as many cells as in the paper's figures (design
notes, "the preset study area").
"""

from __future__ import annotations

import numpy as np

from ..polygons.regions import mask_regions
from .landforms import limit_slope
from .random_fields import correlated_field, gaussian_smooth

SHAPE, CELL_SIZE, VALID_CELLS = (436, 489), 5.0, 85_909
PEAK_M, FOOT_M, STEEPEST_DEG = 296.0, 28.0, 35.5
FIRST_SEED = 7  # the first whose slopes are those of Korean granite and gneiss hills: median 20-25, 95 % near 36 deg
STYLE = {
    "setting": "massif", "valley_spacing_m": 200.0, "median_slope_deg": 25.0, "threshold_deg": 40.0, "ratio": 2.0,
    "diffusion_length": 1.6, "threshold_ratio": 2.0, "steps": [16, 9, 5], "uplift": 0.8, "area_exponent": 0.33,
    "jitter": 0.4, "warp": 2.0, "wander": 0.0, "detail": 0.05, "detail_roughness": 0.6, "detail_wavelength": 14.0,
    "fine_steps": 3, "fine_rate": 0.2, "fine_diffusion": 1.5, "trunk_area": 1e9, "angle": 0.6, "open_sides": "NSEW",
    "lithology": "patches", "contrast": 0.5, "share": 0.105, "aspect": 1.25, "peaked": 2.0, "ragged": 0.16,
}  # fmt: skip


def isolate_hill(elevation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut one hill out of a relief and scale it to the site's elevation range.

    Args:
        elevation: (rows, cols), any scale.

    Returns:
        (rows, cols) elevation [m], and (rows, cols) bool, the hill.
    """
    inside = _around_peak(elevation, VALID_CELLS)
    height = _from_foot_to_peak(elevation, inside)
    # Concave foot slopes below steeper upper ones, and nowhere far above the friction angle of weathered granite.
    height = _from_foot_to_peak(height**1.15, inside)
    for _ in range(2):  # scaling back to the peak steepens again, but less
        height = limit_slope((PEAK_M - FOOT_M) * height, np.tan(np.radians(STEEPEST_DEG)), CELL_SIZE)
        height = _from_foot_to_peak(gaussian_smooth(height, 0.7), inside)
    return FOOT_M + (PEAK_M - FOOT_M) * height, inside


def _from_foot_to_peak(elevation: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Scale (rows, cols) to 0 at the lowest and 1 at the highest cell of the hill; below the foot it is 0 too."""
    low, high = float(elevation[inside].min()), float(elevation[inside].max())
    return np.clip((elevation - low) / (high - low), 0, None)


def weathering_mantle(rng: np.random.Generator, elevation: np.ndarray) -> np.ndarray:
    """Draw the site's soil depth: about 3 m on the steepest ground, to 6 m in hollows and on foot slopes.

    Even on steep ground, varied on gentle ground: 14 to 15 kPa fail on 27-35 degrees only if 3 to 4 m are saturated (so
    case a needs that much soil there), while much more soil would fail case b without any saturation.

    Returns:
        (rows, cols) vertical depth [m], for an elevation likewise.
    """
    slope = np.hypot(*np.gradient(gaussian_smooth(elevation, 1.0), CELL_SIZE))
    gentle = np.clip(1 - slope / 0.6, 0, 1)
    hollow = gaussian_smooth(elevation, 6.0) - elevation
    hollow = np.tanh(hollow / (1.2 * float(hollow.std())))
    depth = (2.38 + 3.2 * np.clip(1 - slope, 0, 1)) * (1 + (0.06 + 0.3 * gentle) * hollow)
    noise = (0.06 + 0.18 * gentle) * correlated_field(rng, elevation.shape, 16.0)
    return np.clip(depth * np.exp(noise), 0.8, 6.0)


def _around_peak(elevation: np.ndarray, cells: int) -> np.ndarray:
    """Mark the ground around the peak (rows, cols bool): connected, without holes, above one smoothed contour.

    The contour is found by bisection so that about `cells` cells are marked.
    """
    surface = gaussian_smooth(elevation, 6.0)
    peak = np.unravel_index(int(surface.argmax()), surface.shape)
    low, high = float(surface.min()), float(surface.max())
    inside = surface >= low
    for _ in range(20):
        contour = 0.5 * (low + high)
        inside = connected(surface >= contour, peak)
        padded = np.pad(~inside, 1, constant_values=True)
        inside = ~connected(padded, (0, 0))[1:-1, 1:-1]
        low, high = (contour, high) if inside.sum() > cells else (low, contour)
    return inside


def connected(open_cells: np.ndarray, start: tuple[int, ...]) -> np.ndarray:
    """Cells that are connected over cell edges to `start` within `open_cells` (rows, cols bool)."""
    region, _ = mask_regions(open_cells)
    return open_cells & (region == region[start])
