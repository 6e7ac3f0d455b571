"""Landforms added to an eroded relief, and the errors of a survey.

Elevations are (rows, cols) [m], on square cells of ``cell_size`` [m]; each function returns new ones. Drainage areas
are (rows, cols) in cells. A style has the landform's numbers by name.
"""

from __future__ import annotations

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..polygons.regions import shifted
from ..topography.flow_routing import drain_depressions, flow_length, solve_upstream, steepest_receivers
from .random_fields import correlated_field, fractal_field, gaussian_smooth, nearest_feature

# Offsets (rows, cols) of the eight neighbours and the eight knight's moves.
_SIXTEEN = tuple((i, j) for i in range(-2, 3) for j in range(-2, 3) if max(abs(i), abs(j)) == 1 or abs(i * j) == 2)


def limit_slope(
    elevation: np.ndarray, steepest: np.ndarray | float, cell_size: float, longest_jump: int = 16,
    feedback: Feedback | None = None,
) -> np.ndarray:  # fmt: skip
    """Lower cells that are too steep above their surroundings: threshold hillslopes, straight up to a sharp divide.

    This is the greatest surface below `elevation` whose slope is nowhere above `steepest`: min over all other cells of
    their height plus the steepest rise to here, gathered in jumps of halving length in 16 directions.

    Args:
        steepest: (rows, cols) or one number, tan of the threshold angle.
        longest_jump: in cells, a power of 2; the effect of a low cell ends at about twice that.
    """
    lowered = elevation.copy()
    rise = np.broadcast_to(np.asarray(steepest) * cell_size, elevation.shape)
    jumps = [1 << power for power in reversed(range(longest_jump.bit_length()))]
    for jump in (*jumps, 1):
        check_cancelled(feedback or Feedback())
        for direction in _SIXTEEN:
            down, right = direction[0] * jump, direction[1] * jump
            here, there = shifted(elevation.shape, down, right)
            lowered[here] = np.minimum(lowered[here], lowered[there] + rise[here] * np.hypot(down, right))
    return lowered


def fill_valleys(elevation: np.ndarray, area: np.ndarray, style: dict, cell_size: float) -> np.ndarray:
    """Bury the valley bottoms of large streams under sediment: flat floors and a sharp foot of slope.

    The floor is at a fixed height above the stream that each cell drains to, so that it never spreads over a
    divide.

    Args:
        style: `trunk_area` [cells], `fill_height_m`, `fill_slope` [m/m] along the flow.
    """
    trunk = area > style["trunk_area"]
    if not trunk.any():
        return elevation
    receiver = drain_depressions(elevation, steepest_receivers(elevation, trunk), trunk)
    root = receiver == np.arange(receiver.size)
    rise = style["fill_slope"] * flow_length(receiver, elevation.shape[1]) * cell_size
    floor = np.where(root, elevation.ravel() + style["fill_height_m"], rise)
    floor = solve_upstream(receiver, floor, np.ones(receiver.size)).reshape(elevation.shape)
    # Sediment that overtops a divide slopes down to the lower floor beyond it.
    floor = limit_slope(gaussian_smooth(floor, 2.0), 0.05 + style["fill_slope"], cell_size)
    return gaussian_smooth(np.maximum(elevation, floor), 0.7)


def carve_troughs(elevation: np.ndarray, area: np.ndarray, style: dict, cell_size: float) -> np.ndarray:
    """Carve glacial troughs along large valleys: a U whose size grows with drainage area.

    The cross-section is a power law (Svensson 1959, Geogr. Ann. 41, 362-369).

    Args:
        style: `trunk_area` [cells], `trough_width_m` (half the width), `trough_depth_m`, `trough_power`.
    """
    trunk = area > style["trunk_area"]
    if not trunk.any():
        return elevation
    near, distance = nearest_feature(trunk)
    size = gaussian_smooth((area.ravel()[near] / style["trunk_area"]) ** 0.3, 4.0)
    bed = gaussian_smooth(elevation.ravel()[near], 6.0)
    depth = style["trough_depth_m"] * size
    wall = depth * (distance * cell_size / (style["trough_width_m"] * size)) ** style["trough_power"]
    trough = bed - 0.15 * depth + wall
    # A smooth minimum keeps the shoulder of the trough from being a knife edge.
    soft = 0.05 * style["trough_depth_m"]
    return 0.5 * (elevation + trough - np.sqrt((elevation - trough) ** 2 + soft**2))


def cut_benches(rng: np.random.Generator, elevation: np.ndarray, style: dict, cell_size: float) -> np.ndarray:
    """Turn even slopes into cliffs and benches, as a few gently dipping strata of unequal strength and thickness do.

    Args:
        style: `bench_height_m` (mean thickness of a stratum), `bench_dip` [m/m], `bench_strength` 0-1, `angle` [rad] of
            the dip.
    """
    shape, thickness = elevation.shape, style["bench_height_m"]
    row, col = np.mgrid[: shape[0], : shape[1]] * cell_size
    tilt = style["bench_dip"] * (row * np.cos(style["angle"]) + col * np.sin(style["angle"]))
    bed = elevation + tilt + 0.1 * thickness * correlated_field(rng, shape, 25)
    low, high = float(bed.min()), float(bed.max())
    before, after = [low], [low]
    while before[-1] < high:
        layer = thickness * np.exp(rng.normal(0.0, 0.6))
        before.append(before[-1] + layer)
        # Relief of a layer against what it was, before all is scaled back: a weak one is a bench, a strong one a cliff.
        after.append(after[-1] + layer * float(rng.choice((0.4, 1.0, 3.5), p=(0.5, 0.3, 0.2))))
    carved = np.interp(bed, before, after)
    carved = (carved - carved.mean()) * bed.std() / max(float(carved.std()), 1e-9) + bed.mean()
    strength = style["bench_strength"] * np.clip(0.6 + 0.6 * correlated_field(rng, shape, 40), 0, 1)
    return elevation + strength * (carved - bed)


def roughen_crags(rng: np.random.Generator, elevation: np.ndarray, style: dict, cell_size: float) -> np.ndarray:
    """Break steep ground up into crags, ribs and ledges at cell scale.

    Args:
        style: `crag_height_m`, `crag_onset` [m/m], the slope from which on.
    """
    slope = np.hypot(*np.gradient(gaussian_smooth(elevation, 2.0), cell_size))
    rocky = slope + 0.12 * correlated_field(rng, elevation.shape, 5.0)
    weight = np.clip((rocky - style["crag_onset"]) / 0.5, 0, 1.5)
    texture = fractal_field(rng, elevation.shape, 0.6, 14.0)
    return elevation + style["crag_height_m"] * weight * (0.7 - np.abs(texture))


def cut_roads(rng: np.random.Generator, elevation: np.ndarray, style: dict, cell_size: float) -> np.ndarray:
    """Cut roads of even grade into the slopes, with cut and fill; style: `roads` (how many), `road_width_m`."""
    shape = elevation.shape
    row, col = np.mgrid[: shape[0], : shape[1]] * cell_size
    slope = np.hypot(*np.gradient(gaussian_smooth(elevation, 1.5), cell_size))
    for _ in range(style["roads"]):
        towards, grade = rng.uniform(0, 2 * np.pi), rng.uniform(0.0, 0.1)
        level = gaussian_smooth(elevation, 4.0) - grade * (row * np.cos(towards) + col * np.sin(towards))
        above = level - np.quantile(level, rng.uniform(0.1, 0.85))
        half_width = 0.5 * max(style["road_width_m"], 1.2 * cell_size)
        on_road = np.clip(1.5 - np.abs(above) / (half_width * np.maximum(slope, 0.02)), 0, 1)
        # Roads end somewhere, and keep off plains and walls.
        on_road = on_road * (correlated_field(rng, shape, max(shape) / 10) > -0.3) * (slope > 0.1) * (slope < 0.9)
        elevation = elevation - np.clip(on_road, 0, 1) * above
    return elevation


def survey(rng: np.random.Generator, elevation: np.ndarray, cell_size: float, style: dict) -> np.ndarray:
    """Show the relief as a survey would.

    Args:
        style: `survey` is clean, srtm (correlated speckle of 0.5-1.8 m at 30 m), integer (whole metres), smoothed or
            lidar (ground as rough as it is, in patches); `survey_noise` 0-1 is its strength.
    """
    kind, noise = style["survey"], style["survey_noise"]
    if kind == "smoothed":
        return gaussian_smooth(elevation, 0.3 + noise)
    if kind == "lidar":
        slope = np.hypot(*np.gradient(elevation, cell_size))
        rough = fractal_field(rng, elevation.shape, rng.uniform(0.2, 0.8), 12.0)
        patchy = np.exp(1.2 * correlated_field(rng, elevation.shape, 8.0))
        return elevation + 0.05 * noise * cell_size * rough * np.minimum(patchy, 8.0) * np.clip(0.12 + slope, 0, 1.2)
    if kind in ("srtm", "integer"):
        height = noise * (1.0 if kind == "integer" else 1.8) * min(1.0, cell_size / 30)
        elevation = elevation + height * correlated_field(rng, elevation.shape, 0.8)
        return np.rint(elevation) if kind == "integer" else elevation
    return elevation
