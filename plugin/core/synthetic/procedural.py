"""Generates procedural study areas, relief and soil depth from a seed, to train networks without real terrain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..feedback import Feedback, check_cancelled
from . import landforms, relief
from . import paper_hill as site
from .random_fields import correlated_field, gaussian_smooth
from .soil import draw_soil
from .style import draw_style

_MARGIN = 16  # [cells] around the wanted window, cut off at the end so that no border effect stays
_SMALLEST = 32  # [cells] a side


@dataclass(frozen=True)
class ProceduralArea:
    """One procedural study area.

    Attributes:
        elevation: float32 (rows, cols) [m], NaN where masked.
        soil_depth: float32 (rows, cols), vertical [m], 0 on bare rock, NaN where masked.
        cell_size: [m].
        style: the drawn descriptors (numbers, strings and lists), for provenance.
    """

    elevation: np.ndarray
    soil_depth: np.ndarray
    cell_size: float
    style: dict


def procedural_area(
    seed: int, shape: tuple[int, int] = (256, 256), cell_size: float = 10.0, *, masked: bool = False,
    feedback: Feedback | None = None,
) -> ProceduralArea:  # fmt: skip
    """Draw a study area.

    Args:
        seed: fixes everything; the same seed at another shape or cell size is another study area.
        shape: (rows, cols), each at least 32.
        cell_size: [m], 1 to 60.
        masked: cut irregular NoData away, as users' rasters have it; what stays is the same.

    Raises:
        Cancelled: the user cancelled the run.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    style = {"seed": int(seed), **draw_style(rng, cell_size)}
    feedback = feedback or Feedback()
    ground = _grow(rng, shape, cell_size, style, feedback)
    check_cancelled(feedback)
    depth, soil_style = draw_soil(rng, ground, cell_size)
    style.update(soil_style)
    check_cancelled(feedback)
    # Soil follows the ground, not the survey's errors.
    elevation = landforms.survey(rng, ground, cell_size, style)
    outside = _nodata(rng, shape) if masked else None
    return _as_area(elevation, depth, cell_size, style, outside)


def paper_site(seed: int = 0) -> ProceduralArea:
    """Draw the hill in place of Mt. Ansan, Seoul: one hill whose foot is the border of the mask.

    What is stated and what assumed about it: `.paper_hill`.

    Returns:
        The study area: 436 x 489 cells of 5 m, about 85,909 of them valid.
    """
    rng = np.random.Generator(np.random.PCG64(site.FIRST_SEED + seed))
    style = {"seed": int(seed), **site.STYLE}
    elevation, inside = site.isolate_hill(_grow(rng, site.SHAPE, site.CELL_SIZE, style, Feedback()))
    depth = site.weathering_mantle(rng, elevation)
    return _as_area(elevation, depth, site.CELL_SIZE, style, ~inside)


def _as_area(
    elevation: np.ndarray, depth: np.ndarray, cell_size: float, style: dict, outside: np.ndarray | None
) -> ProceduralArea:
    """Mask with NaN where `outside` (rows, cols bool, or None) and convert to float32."""
    if outside is not None:
        elevation, depth = np.where(outside, np.nan, elevation), np.where(outside, np.nan, depth)
    return ProceduralArea(elevation.astype(np.float32), depth.astype(np.float32), float(cell_size), style)


def _grow(
    rng: np.random.Generator, shape: tuple[int, int], cell_size: float, style: dict, feedback: Feedback
) -> np.ndarray:
    """Grow the relief that `style` describes: (rows, cols) float64 [m]."""
    cells = 4 * int(np.ceil(max(shape) / 4))
    window_shape = (shape[0] + 2 * _MARGIN, shape[1] + 2 * _MARGIN)
    coarse, coarse_area = relief.base_landscape(rng, cells, style, feedback)
    elevation, area = relief.cut_window(rng, coarse, coarse_area, window_shape, style)
    elevation, area = relief.refine(rng, elevation, area, style, feedback)
    found = relief.hill_slope(elevation, cell_size)
    elevation = elevation * np.tan(np.radians(style["median_slope_deg"])) / max(found, 1e-9)
    check_cancelled(feedback)
    elevation = _shape_landforms(rng, elevation, area, cell_size, style, feedback)
    elevation = elevation[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    foot = 0.0 if "sea_share" in style else float(rng.uniform(0, 1500))
    return elevation - elevation.min() + foot


def _shape_landforms(
    rng: np.random.Generator, elevation: np.ndarray, area: np.ndarray, cell_size: float, style: dict,
    feedback: Feedback,
) -> np.ndarray:  # fmt: skip
    """Lay troughs, benches, talus, sediment, crags, water and roads over the relief, each where `style` has it."""
    check_cancelled(feedback)
    if "trough_depth_m" in style:
        elevation = landforms.carve_troughs(elevation, area, style, cell_size)
    check_cancelled(feedback)
    if "bench_height_m" in style:
        elevation = landforms.cut_benches(rng, elevation, style, cell_size)
    check_cancelled(feedback)
    # The threshold angle varies a little from place to place, as rock and soil do; that also bends the facets' edges.
    steepest = np.tan(np.radians(style["threshold_deg"])) * np.exp(0.12 * correlated_field(rng, elevation.shape, 12))
    elevation = gaussian_smooth(landforms.limit_slope(elevation, steepest, cell_size, feedback=feedback), 0.5)
    check_cancelled(feedback)
    if "fill_height_m" in style:
        elevation = landforms.fill_valleys(elevation, area, style, cell_size)
    check_cancelled(feedback)
    if "crag_height_m" in style:
        elevation = landforms.roughen_crags(rng, elevation, style, cell_size)
    check_cancelled(feedback)
    if "sea_share" in style:
        elevation = np.maximum(elevation, np.quantile(elevation, style["sea_share"]))
    check_cancelled(feedback)
    if "roads" in style:
        elevation = landforms.cut_roads(rng, elevation, style, cell_size)
    return elevation


def _nodata(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Draw NoData cells like those of a user's raster: outside an irregular outline, and holes; (rows, cols) bool."""
    row, col = np.mgrid[: shape[0], : shape[1]]
    row = 2.0 * row / (shape[0] - 1) - 1
    col = 2.0 * col / (shape[1] - 1) - 1
    wave = correlated_field(rng, shape, max(shape) / rng.uniform(5, 14))
    score = np.maximum(np.abs(row), np.abs(col)) ** 2 + np.hypot(row, col) ** 2 + rng.uniform(0.1, 0.6) * wave
    outside = score > np.quantile(score, rng.uniform(0.5, 0.92))
    ragged = np.exp(0.35 * correlated_field(rng, shape, max(2.0, max(shape) / 50)))
    for _ in range(int(rng.integers(0, 5))):
        centre = rng.uniform(-0.7, 0.7, size=2)
        radius = rng.uniform(0.02, 0.1)
        outside |= np.hypot(row - centre[0], col - centre[1]) * ragged < radius
    return outside
