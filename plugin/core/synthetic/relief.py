"""Landscape evolution for procedural study areas: ridges, valleys and drainage from a drawn style.

A study area grows from coarse to fine: uplift, stream-power incision and hillslope diffusion on a coarse grid, whose
size doubles while the drainage network is inherited; then the wanted window is cut out at a random angle, warped, and
eroded further at its own resolution. The stream-power law E = K A^m S with Gaussian hillslope smoothing after every
step has one length, Lc = sqrt(D / K) for m = 0.5, which sets the valley spacing (Perron, Kirchner & Dietrich 2009,
Nature 460, 502-505). Heights have no unit here: the caller scales them.
"""

from __future__ import annotations

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..topography.flow_routing import (
    accumulate,
    drain_depressions,
    fill_along_flow,
    flow_length,
    solve_upstream,
    steepest_receivers,
)
from .landforms import limit_slope
from .random_fields import correlated_field, fractal_field, gaussian_smooth, sample_cubic

_LEVELS = 3  # grids of a quarter, half and the whole of the coarse side
_COARSE_RATE = 0.5  # K times the time step on the coarse grids, in cells


def erode(
    elevation: np.ndarray, fixed: np.ndarray, uplift: np.ndarray | float, rate: np.ndarray | float,
    diffusion_length: float, style: dict, rng: np.random.Generator, inflow: np.ndarray | None = None,
    feedback: Feedback | None = None,
) -> np.ndarray:  # fmt: skip
    """One implicit step of stream-power incision (Braun & Willett 2013, n = 1) and one of hillslope diffusion.

    Args:
        elevation: (rows, cols).
        fixed: (rows, cols) bool, base level, kept as it is.
        uplift: (rows, cols) or one number, height added in the step.
        rate: (rows, cols) or one number, K times the time step, in cells.
        diffusion_length: Lc in cells.
        style: `area_exponent` m, and `jitter` of the flow directions.
        inflow: (rows, cols) area that enters from outside, in cells; None for none.

    Returns:
        (rows, cols) new elevation.
    """
    feedback = feedback or Feedback()
    check_cancelled(feedback)
    steepest = steepest_receivers(elevation, fixed, rng, style["jitter"])
    check_cancelled(feedback)
    receiver = drain_depressions(elevation, steepest, fixed)
    check_cancelled(feedback)
    # Sediment fills the pits first: a carved outlet would become a trench through the ridge.
    elevation = fill_along_flow(receiver, elevation, 1e-4)
    area = accumulate(receiver, np.ones(elevation.size) if inflow is None else 1.0 + inflow.ravel())
    rates = (
        np.broadcast_to(rate, elevation.shape).ravel()
        * area ** style["area_exponent"]
        / flow_length(receiver, elevation.shape[1])
    )
    check_cancelled(feedback)
    raised = (elevation + uplift).ravel() / (1.0 + rates)
    constant = np.where(receiver == np.arange(receiver.size), elevation.ravel(), raised)
    lowered = solve_upstream(receiver, constant, rates / (1.0 + rates)).reshape(elevation.shape)
    check_cancelled(feedback)
    smooth = gaussian_smooth(lowered, float(np.sqrt(2.0 * np.median(rate))) * diffusion_length)
    return np.where(fixed, elevation, smooth)


def hill_slope(elevation: np.ndarray, cell_size: float) -> float:
    """Median of tan(slope) over the hills, which are all cells but plains; 0 where everything is flat."""
    slope = np.hypot(*np.gradient(elevation, cell_size))
    total = float(slope.sum())
    # The mean weighted by slope itself does not feel how much plain there is; plains are what is far gentler.
    return float(np.median(slope[slope > 0.25 * float((slope**2).sum()) / total])) if total > 0 else 0.0


def base_landscape(
    rng: np.random.Generator, cells: int, style: dict, feedback: Feedback | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Grow the coarse landscape.

    Args:
        cells: side of the square grid at its finest level, a multiple of 4.

    Returns:
        (cells, cells) elevation without unit, and the drainage area in coarse cells.
    """
    size = cells >> (_LEVELS - 1)
    elevation, uplift = _initial_state(rng, size, style)
    resistance = _lithology(rng, cells, style)
    fixed = _base_level(uplift, style)
    for level in range(_LEVELS):
        shrink = 1 << (_LEVELS - 1 - level)
        if level:
            size *= 2
            elevation, uplift = _enlarge(elevation, size), _enlarge(uplift, size)
            fixed = _base_level(uplift, style)
            elevation = elevation + 0.01 * elevation.std() * rng.standard_normal(elevation.shape)
        rate = _COARSE_RATE / resistance[shrink // 2 :: shrink, shrink // 2 :: shrink]
        for _ in range(style["steps"][level]):
            lift = uplift * style["uplift"] * shrink
            length = style["diffusion_length"] / shrink
            elevation = erode(elevation, fixed, lift, rate, length, style, rng, feedback=feedback)
            # Walls of young valleys fail back at once: the next steps drain and gully them.
            steepest = style["threshold_ratio"] * hill_slope(elevation, 1.0)
            elevation = limit_slope(elevation, steepest, 1.0, longest_jump=4)
    receiver = drain_depressions(elevation, steepest_receivers(elevation, fixed), fixed)
    return elevation, accumulate(receiver, np.ones(receiver.size)).reshape(elevation.shape)


def _initial_state(rng: np.random.Generator, size: int, style: dict) -> tuple[np.ndarray, np.ndarray]:
    """Draw the first elevation and the pattern of the uplift, both (size, size), for the setting of the style."""
    shape = (size, size)
    row, col = np.mgrid[:size, :size] / (size - 1.0) * 2 - 1
    angle = rng.uniform(0, 2 * np.pi)
    along = row * np.cos(angle) + col * np.sin(angle)
    wave = correlated_field(rng, shape, size / 5)
    rough = fractal_field(rng, shape, rng.uniform(0.3, 0.9), size / 2)
    uplift = np.exp(0.3 * wave)
    setting = style["setting"]
    if setting == "massif":
        radius = np.hypot(row * style["aspect"], col) + style["ragged"] * wave
        inside = 1 - radius / np.quantile(radius, style["share"])
        uplift = np.clip(inside / 0.25, 0, 1) * (1 + style["peaked"] * np.clip(inside, 0, None))
        return np.where(inside > 0, rough + 2, 0.1 * rough), uplift  # a plain around it
    if setting == "volcano":
        radius = np.hypot(row - rng.uniform(-0.3, 0.3), col - rng.uniform(-0.3, 0.3)) + 0.02 * wave
        rim = np.exp(-2.6 * style["crater"])
        cone = np.exp(-2.6 * np.abs(radius))
        cone = np.where(cone > rim, 2 * rim - cone, cone)
        return size / 2.0 * (cone + 0.02 * rough), 0.05 * uplift
    if setting == "plateau":
        return size / 5.0 * (1 + 0.1 * along + 0.04 * rough), 0.1 * uplift
    if setting == "front":
        return rough + 2, uplift * np.clip((along + 0.15 * wave - style["front"]) / style["front_width"], 0, 1) + 0.002
    if setting == "tilted":
        return rough + 2, np.clip(uplift * (1 + 0.7 * along), 0, None)
    return rough + 2, uplift


def _base_level(uplift: np.ndarray, style: dict) -> np.ndarray:
    """Mark the cells that keep their elevation: the open sides, and around a massif all that does not rise."""
    sides = style["open_sides"]
    fixed = np.zeros(uplift.shape, dtype=bool)
    fixed[0], fixed[-1] = "N" in sides, "S" in sides
    fixed[:, 0] |= "W" in sides
    fixed[:, -1] |= "E" in sides
    return fixed | (uplift <= 0) if style["setting"] == "massif" else fixed


def _lithology(rng: np.random.Generator, size: int, style: dict) -> np.ndarray:
    """Draw the rock's relative resistance (size, size): uniform, patches, or bands of folded strata."""
    if style["lithology"] == "uniform":
        return np.ones((size, size))
    warp = correlated_field(rng, (size, size), size / 6)
    if style["lithology"] == "patches":
        return np.exp(style["contrast"] * warp)
    row, col = np.mgrid[:size, :size] / float(size)
    angle = rng.uniform(0, np.pi)
    phase = 2 * np.pi * style["bands"] * (row * np.cos(angle) + col * np.sin(angle)) + 1.2 * warp
    return np.exp(style["contrast"] * np.tanh(2.5 * np.sin(phase)))


def _enlarge(values: np.ndarray, size: int) -> np.ndarray:
    """Resample (n, n) to (size, size) over the same extent."""
    place = (np.arange(size) + 0.5) * values.shape[0] / size - 0.5
    return sample_cubic(values, *np.meshgrid(place, place, indexing="ij"))


def cut_window(
    rng: np.random.Generator, elevation: np.ndarray, area: np.ndarray, shape: tuple[int, int], style: dict
) -> tuple[np.ndarray, np.ndarray]:
    """Resample a turned, warped window of the coarse landscape, so that nothing stays aligned with its grid.

    Args:
        elevation: (cells, cells) coarse.
        area: (cells, cells) drainage area in coarse cells.
        shape: (rows, cols) of the window, margins included.
        style: `ratio` is the fine cells per coarse cell, `angle` the turn [rad], `wander` how far the window strays
            from the middle (0-1), `warp` the distortion in coarse cells.

    Returns:
        (rows, cols) elevation, and the drainage area in fine cells.
    """
    cells, ratio, angle = elevation.shape[0], style["ratio"], style["angle"]
    middle = [cells / 2.0, cells / 2.0]
    if style["setting"] == "massif":
        height = (elevation - elevation.min()) ** 2
        middle = [float((height * place).sum() / height.sum()) for place in np.indices(height.shape)]
    sine, cosine = np.sin(angle), np.cos(angle)
    for axis in (0, 1):
        half_extent = 0.5 * (abs(cosine) * shape[axis] + abs(sine) * shape[1 - axis]) / ratio
        middle[axis] += rng.uniform(-1, 1) * style["wander"] * max(0.0, cells / 2 - 6 - 2 * style["warp"] - half_extent)
    row, col = np.mgrid[: shape[0], : shape[1]].astype(float)
    row, col = (row - shape[0] / 2) / ratio, (col - shape[1] / 2) / ratio
    up = middle[0] + row * cosine - col * sine + style["warp"] * correlated_field(rng, shape, 14.0 * ratio)
    right = middle[1] + row * sine + col * cosine + style["warp"] * correlated_field(rng, shape, 14.0 * ratio)
    nearest = area[np.clip(np.rint(up).astype(int), 0, cells - 1), np.clip(np.rint(right).astype(int), 0, cells - 1)]
    return sample_cubic(elevation, up, right), nearest * ratio**2


def refine(
    rng: np.random.Generator, elevation: np.ndarray, area: np.ndarray, style: dict, feedback: Feedback | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Erode the window at its own resolution, so that gullies and hollows appear between the coarse valleys.

    Args:
        elevation: (rows, cols) without unit.
        area: (rows, cols) drainage area of the coarse landscape in fine cells: what enters at the border.

    Returns:
        (rows, cols) elevation and drainage area in cells.
    """
    fixed = np.ones(elevation.shape, dtype=bool)
    fixed[1:-1, 1:-1] = False
    inflow = _border_inflow(elevation, area, style["ratio"])
    detail = fractal_field(rng, elevation.shape, style["detail_roughness"], style["detail_wavelength"])
    # As high as the ground is steep: plains stay plain.
    slope = np.minimum(np.hypot(*np.gradient(gaussian_smooth(elevation, 3.0))), 1.5 * hill_slope(elevation, 1.0))
    elevation = elevation + style["detail"] * style["detail_wavelength"] * slope * detail
    for _ in range(style["fine_steps"]):
        lowered = erode(
            elevation, fixed, 0.0, style["fine_rate"], style["fine_diffusion"], style, rng, inflow, feedback
        )
        # Uplift compensates for the mean erosion, so that only the local relief changes.
        elevation = lowered + gaussian_smooth(elevation - lowered, 3.0 * style["ratio"])
    receiver = drain_depressions(elevation, steepest_receivers(elevation, fixed), fixed)
    return elevation, accumulate(receiver, 1.0 + inflow.ravel()).reshape(elevation.shape)


def _border_inflow(elevation: np.ndarray, area: np.ndarray, ratio: float) -> np.ndarray:
    """Drainage area [cells] that streams bring in across the border, (rows, cols), in the cells just inside it."""
    inflow = np.zeros(elevation.shape)
    for turns in range(4):
        height, drained, entering = (
            np.rot90(values, turns) for values in (elevation, area, inflow)
        )  # views: written through
        stream = (height[0, 1:-1] > height[1, 1:-1]) & (drained[0, 1:-1] > 4 * ratio**2)
        entering[1, 1:-1] += np.where(
            stream, drained[0, 1:-1] / ratio, 0.0
        )  # `ratio` fine cells show the same coarse stream
    return inflow
