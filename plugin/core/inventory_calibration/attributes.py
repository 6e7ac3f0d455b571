"""Terrain attributes of the susceptibility model, each a map (rows, cols), NaN where elevation is unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...text import Text
from .. import antecedent
from ..feedback import Feedback, check_cancelled
from ..terrain import Terrain

#: Radius within which heights are compared [m], and cells across which curvature is taken on finer grids [m].
_RELIEF_RADIUS_M, _CURVATURE_SPACING_M = 150.0, 10.0
#: Relief below which a neighbourhood counts as level [m].
_LEAST_RELIEF_M = 0.1


@dataclass(frozen=True)
class Attribute:
    """One attribute.

    Attributes:
        name: for users; unit: ``-`` for none.
        values: (rows, cols).
        straight: enters the model as a straight line, not as a spline.
    """

    name: str
    unit: str
    values: np.ndarray
    straight: bool = False


def terrain_attributes(terrain: Terrain, feedback: Feedback, *, elevation: bool = False) -> list[Attribute]:
    """Slope, curvatures, relative height, contributing area and aspect; the elevation itself if requested.

    Curvature of the profile is positive where the slope steepens downwards, that of the plan where contours bend around
    a hollow.

    Source: Zevenbergen & Thorne (1987), Earth Surf. Process. Landf. 12, 47-56 (curvatures).
    """
    z = terrain.elevation.astype(np.float64)
    known = np.isfinite(z)
    across, down = terrain.gradient
    steepness = np.hypot(across, down)
    check_cancelled(feedback)
    profile, plan = _curvatures(z, terrain)
    check_cancelled(feedback)
    relative = _relative_height(z, terrain)
    check_cancelled(feedback)
    area = antecedent.specific_contributing_area(_on_known(terrain))
    check_cancelled(feedback)
    north = down if terrain.grid.geotransform[5] < 0 else -down  # downhill is northward where heights rise southward
    with np.errstate(invalid="ignore", divide="ignore"):
        northness, eastness = north / steepness, -across / steepness
    found = [
        Attribute(Text("slope angle"), "deg", np.degrees(terrain.slope)),
        Attribute(Text("profile curvature"), "1/km", 1e3 * profile),
        Attribute(Text("plan curvature"), "1/km", 1e3 * plan),
        Attribute(Text("relative height"), "-", relative),
        Attribute(Text("contributing area"), "log10 m", np.log10(np.maximum(area, 1.0))),
        Attribute(Text("northward aspect"), "-", np.nan_to_num(northness), straight=True),
        Attribute(Text("eastward aspect"), "-", np.nan_to_num(eastness), straight=True),
    ]
    if elevation:
        found.append(Attribute(Text("elevation"), "m", z))
    for attribute in found:
        attribute.values[~known] = np.nan
    return found


def _on_known(terrain: Terrain) -> Terrain:
    """The terrain where elevation is known, whatever the soil: flow lines need no depth."""
    return Terrain(terrain.grid, terrain.elevation, np.where(np.isfinite(terrain.elevation), 1.0, np.nan))


def _curvatures(z: np.ndarray, terrain: Terrain) -> tuple[np.ndarray, np.ndarray]:
    """Profile and plan curvature [1/m], 0 on level ground and where a neighbour is missing."""
    width, height = terrain.grid.cell_width, terrain.grid.cell_height
    step_x, step_y = (max(1, round(_CURVATURE_SPACING_M / size)) for size in (width, height))
    dx, dy = step_x * width, step_y * height

    def at(row: int, col: int) -> np.ndarray:
        return _shifted(z, row * step_y, col * step_x)

    p, q = (at(0, 1) - at(0, -1)) / (2.0 * dx), (at(1, 0) - at(-1, 0)) / (2.0 * dy)
    r, t = (at(0, 1) - 2.0 * z + at(0, -1)) / dx**2, (at(1, 0) - 2.0 * z + at(-1, 0)) / dy**2
    s = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4.0 * dx * dy)
    squared = p**2 + q**2
    with np.errstate(invalid="ignore", divide="ignore"):
        profile = -(r * p**2 + 2.0 * s * p * q + t * q**2) / squared
        plan = (r * q**2 - 2.0 * s * p * q + t * p**2) / squared
    return tuple(
        np.where(squared > 0.0, np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0), 0.0) for x in (profile, plan)
    )


def _relative_height(z: np.ndarray, terrain: Terrain) -> np.ndarray:
    """Height above the lowest cell nearby as a share of the relief there, 0 in valleys to 1 on ridges."""
    lowest, highest = z, z
    for axis, size in ((0, terrain.grid.cell_height), (1, terrain.grid.cell_width)):
        radius_cells = max(2, math.ceil(_RELIEF_RADIUS_M / size))
        lowest, highest = _along(lowest, radius_cells, axis, np.fmin), _along(highest, radius_cells, axis, np.fmax)
    relief = highest - lowest
    return np.where(relief > _LEAST_RELIEF_M, (z - lowest) / np.maximum(relief, _LEAST_RELIEF_M), 0.5)


def _along(values: np.ndarray, radius_cells: int, axis: int, extreme: np.ufunc) -> np.ndarray:
    """Extreme of the cells up to ``radius_cells`` away along an axis, by windows that double."""
    length, found = (
        1,
        np.pad(values, [(radius_cells, radius_cells) if k == axis else (0, 0) for k in (0, 1)], constant_values=np.nan),
    )
    found = np.moveaxis(found, axis, 0)
    whole = 2 * radius_cells + 1
    while length < whole:
        step = min(length, whole - length)
        found = extreme(found[: found.shape[0] - step], found[step:])
        length += step
    return np.moveaxis(found, 0, axis)


def _shifted(z: np.ndarray, down: int, right: int) -> np.ndarray:
    """The neighbour's height in every cell, NaN where it is missing."""
    padded = np.pad(z, ((abs(down),), (abs(right),)), constant_values=np.nan)
    rows, cols = z.shape
    return padded[abs(down) + down : abs(down) + down + rows, abs(right) + right : abs(right) + right + cols]
