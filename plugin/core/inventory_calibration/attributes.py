"""Terrain attributes of the susceptibility model, NaN where elevation is unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator

import numpy as np

from ...text import Text
from .. import antecedent
from ..feedback import Feedback, check_cancelled
from ..grid import Grid
from ..map_parts.strips import made_of_strips, row_strips, with_rows_around
from ..polygons.regions import moving_extreme
from ..raster import scratch
from ..terrain import Terrain
from ..topography.slope import slope_angle

#: Radius within which heights are compared [m], and cells across which curvature is taken on finer grids [m].
_RELIEF_RADIUS_M, _CURVATURE_SPACING_M = 150.0, 10.0
#: Relief below which a neighbourhood counts as level [m].
_LEAST_RELIEF_M = 0.1
#: Cells of a strip, and its least number of rows over the rows around it that its relative height needs.
_STRIP_CELLS, _LEAST_ROWS = 1 << 19, 2


@dataclass(frozen=True)
class Attribute:
    """One attribute; ``straight`` ones enter the model as a straight line, not as a spline."""

    name: str
    unit: str
    straight: bool = False


_ATTRIBUTES = (
    Attribute(Text("slope angle"), "deg"), Attribute(Text("profile curvature"), "1/km"),
    Attribute(Text("plan curvature"), "1/km"),
    Attribute(Text("relative height"), "-"), Attribute(Text("contributing area"), "log10 m"),
    Attribute(Text("northward aspect"), "-", straight=True), Attribute(Text("eastward aspect"), "-", straight=True),
)  # fmt: skip


class TerrainAttributes:
    """Slope, curvatures, relative height, contributing area and aspect; the elevation itself if requested.

    Curvature of the profile is positive where the slope steepens downwards, that of the plan where contours bend around
    a hollow. All but the contributing area are computed strip by strip whenever they are needed.

    Source: Zevenbergen & Thorne (1987), Earth Surf. Process. Landf. 12, 47-56 (curvatures).
    """

    def __init__(self, terrain: Terrain, feedback: Feedback, *, elevation: bool = False) -> None:
        self._terrain, self._feedback, self._elevation = terrain, feedback, elevation
        self.each = (*_ATTRIBUTES, *((Attribute(Text("elevation"), "m"),) if elevation else ()))
        check_cancelled(feedback)
        self._area = antecedent.specific_contributing_area(_without_soil_gaps(terrain))
        check_cancelled(feedback)

    def strips(self) -> Iterator[slice]:
        """Strips of the map's rows."""
        rows, cols = self._terrain.grid.shape
        height = max(_STRIP_CELLS // cols, _LEAST_ROWS * _radius_cells(self._terrain.grid.cell_height), 1)
        for at in row_strips((rows, cols), height * cols):
            check_cancelled(self._feedback)
            yield at
            scratch.release()

    def of_rows(self, at: slice) -> list[np.ndarray]:
        """Each attribute in some rows, float64 (rows, cols)."""
        z, grid = self._terrain.elevation[at].astype(np.float64), self._terrain.grid
        across, down = self._terrain.gradient_of_rows(at)
        steepness = np.hypot(across, down)
        north = down if grid.geotransform[5] < 0 else -down  # downhill is northward where heights rise southward
        with np.errstate(invalid="ignore", divide="ignore"):
            northness, eastness = north / steepness, -across / steepness
        wide, inner = with_rows_around(at, _spacing_cells(grid.cell_height), grid.rows)
        curvatures = _curvatures(self._terrain.elevation[wide].astype(np.float64), grid)
        profile, plan = (1e3 * x[inner] for x in curvatures)
        wide, inner = with_rows_around(at, _radius_cells(grid.cell_height), grid.rows)
        relative, area = _relative_height(self._terrain.elevation[wide], grid, inner), self._area[at]
        found = [
            np.degrees(slope_angle(across, down)), profile, plan, relative, np.log10(np.maximum(area, 1.0)),
            np.nan_to_num(northness), np.nan_to_num(eastness),
        ]  # fmt: skip
        unknown = ~np.isfinite(z)
        for values in found:
            values[unknown] = np.nan
        return [*found, z] if self._elevation else found

    def at(self, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
        """The attributes of some cells, (n, attributes)."""
        found = np.empty((rows.size, len(self.each)))
        for strip in self.strips():
            here = np.flatnonzero((rows >= strip.start) & (rows < strip.stop))
            if here.size:
                place = rows[here] - strip.start, cols[here]
                found[here] = np.column_stack([values[place] for values in self.of_rows(strip)])
        return found

    def slope_within(self, area: np.ndarray) -> np.ndarray:
        """Map of the slope angle [deg] in an area, boolean; NaN elsewhere."""

        def of_rows(at: slice) -> np.ndarray:
            return np.where(area[at], np.degrees(slope_angle(*self._terrain.gradient_of_rows(at))), np.nan)

        return made_of_strips(area.shape, np.float64, of_rows)


def _without_soil_gaps(terrain: Terrain) -> Terrain:
    """The terrain where elevation is known, whatever the soil: flow lines need no depth."""
    z = terrain.elevation
    depth = made_of_strips(z.shape, np.float32, lambda at: np.where(np.isfinite(z[at]), 1.0, np.nan))
    return Terrain(terrain.grid, z, depth)


def _spacing_cells(size: float) -> int:
    """Number of cells of a size [m] in the spacing for curvature."""
    return max(1, round(_CURVATURE_SPACING_M / size))


def _radius_cells(size: float) -> int:
    """Number of cells of a size [m] in the radius for relative height."""
    return max(2, math.ceil(_RELIEF_RADIUS_M / size))


def _curvatures(z: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Profile and plan curvature [1/m], 0 on level ground and where a neighbour is missing."""
    width, height = grid.cell_width, grid.cell_height
    step_x, step_y = _spacing_cells(width), _spacing_cells(height)
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


def _relative_height(z: np.ndarray, grid: Grid, rows: slice) -> np.ndarray:
    """Height above the lowest cell nearby as a share of the relief there, 0 in valleys to 1 on ridges; of some rows."""
    ends = []
    for extreme in (np.fmin, np.fmax):
        of_columns = moving_extreme(z, _radius_cells(grid.cell_height), 0, extreme, np.nan)[rows]
        ends.append(moving_extreme(of_columns, _radius_cells(grid.cell_width), 1, extreme, np.nan))
    z, lowest, highest = (x.astype(np.float64) for x in (z[rows], *ends))
    relief = highest - lowest
    return np.where(relief > _LEAST_RELIEF_M, (z - lowest) / np.maximum(relief, _LEAST_RELIEF_M), 0.5)


def _shifted(z: np.ndarray, down: int, right: int) -> np.ndarray:
    """The neighbour's height in every cell, NaN where it is missing."""
    padded = np.pad(z, ((abs(down),), (abs(right),)), constant_values=np.nan)
    rows, cols = z.shape
    return padded[abs(down) + down : abs(down) + down + rows, abs(right) + right : abs(right) + right + cols]
