"""Terrain: elevation and soil depth on one grid, and the slope that every solver reads."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..text import Text
from ..variables import SOIL_DEPTH_MAXIMUM_M
from .errors import InputError, advice_on_raster
from .grid import Grid
from .map_parts.map_part import MapPart, WholeMap
from .map_parts.strips import known_range, known_strips, made_of_strips, numbered_cells, row_strips
from .map_parts.threads import in_threads
from .raster import scratch
from .topography.slope import gradient_of_cells, horn_gradient, slope_angle

#: From the deepest trench to the highest summit, rounded; the value that most programs write for missing heights.
_LOWEST_M, _HIGHEST_M, NO_HEIGHT_M = -11_000.0, 9_000.0, -9999.0
_GAP_M = 50.0  # no shore rises so from one cell to the next
_PARTS = 16  # of a sample that are looked up at once
_SAMPLED_BEYOND = 500_000  # valid cells: a larger map may be solved in windows, and then keeps no slopes


@dataclass(frozen=True, eq=False)
class Cells:
    """Some cells of a map in the order of its rows, and the slope and the soil that every solver reads there.

    Attributes:
        mask: boolean, the map's shape; true in n cells.
        slope: (n,) [rad]; sin_slope, cos_slope: (n,) of it.
        soil_depth: (n,) vertical [m], float64.
        whole: of a window's cells, the map that it is a part of.
    """

    mask: np.ndarray
    slope: np.ndarray
    soil_depth: np.ndarray
    sin_slope: np.ndarray
    cos_slope: np.ndarray
    whole: WholeMap | None = None

    @classmethod
    def of(
        cls, slope: np.ndarray, soil_depth: np.ndarray, mask: np.ndarray | None = None, whole: WholeMap | None = None
    ) -> Cells:
        """Make cells from slope [rad] and soil depth [m], (n,); without a mask they form their own map."""
        mask = np.ones(slope.shape, dtype=bool) if mask is None else mask
        return cls(mask, slope, np.asarray(soil_depth, dtype=np.float64), np.sin(slope), np.cos(slope), whole)

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.slope.size

    def within(self, mask: np.ndarray) -> Cells:
        """The cells within a mask of the map's shape."""
        kept = self.at(mask[self.mask])
        return replace(kept, mask=self.mask & mask, whole=self.whole)

    def at(self, index: Any) -> Cells:
        """Cells selected by an index or a boolean (n,), as a map of their own."""
        vectors = (x[index] for x in (self.slope, self.soil_depth, self.sin_slope, self.cos_slope))
        slope, *others = vectors
        return Cells(np.ones(slope.shape, dtype=bool), slope, *others)

    def with_depth_factor(self, factor: float) -> Cells:
        """Cells with the soil depth times a factor, 50 m at most."""
        return replace(self, soil_depth=np.minimum(self.soil_depth * factor, SOIL_DEPTH_MAXIMUM_M))

    def pick(self, value: Any) -> Any:
        """Values (n,) of a map; a number as it is."""
        return value[self.mask] if isinstance(value, np.ndarray) and value.ndim else value

    def on_map(self, values: np.ndarray, nodata: float = np.nan, dtype: type = np.float32) -> np.ndarray:
        """Map (rows, cols) of values (n,), with ``nodata`` elsewhere."""
        full = np.full(self.mask.shape, nodata, dtype=dtype)
        full[self.mask] = values
        return full


@dataclass(frozen=True)
class Terrain:
    """Terrain of a study area, common to all scenarios.

    Attributes:
        grid: the cells' place and size.
        elevation: (rows, cols) [m], NaN where unknown.
        soil_depth: (rows, cols) vertical depth to bedrock [m], NaN where unknown; 0 is bare rock.
        part: of a window, the map that it is a part of; else ``None``.

    Raises:
        InputError: shapes differ, heights that are none, a negative or absurd depth, or no cell with both layers.
    """

    grid: Grid
    elevation: np.ndarray
    soil_depth: np.ndarray
    part: MapPart | None = None

    def __post_init__(self) -> None:
        for name, array in (("Elevation", self.elevation), ("Soil depth", self.soil_depth)):
            if array.shape != self.grid.shape:
                raise InputError(name, Text("has {} cells", array.shape), Text("the grid's {}", self.grid.shape))
        check_heights(self.elevation)
        if not self.valid.any():
            raise InputError(
                "Digital elevation model and soil depth", "have no valid cell in common",
                "layers that overlap", "Check their NoData values, extents and coordinate systems.",
            )  # fmt: skip
        least, greatest = known_range(self.soil_depth)
        if least < 0:
            raise InputError(
                "Soil depth (SOIL_DEPTH)", Text("contains the value {:g} m", least), "0 (bare rock) or more",
                "If negative values mark missing data, declare them as NoData in the layer's properties.",
            )  # fmt: skip
        if greatest > SOIL_DEPTH_MAXIMUM_M:
            raise InputError(
                "Soil depth (SOIL_DEPTH)", Text("contains the value {:g} m", greatest),
                Text("0 to {:g} m", SOIL_DEPTH_MAXIMUM_M),
                advice_on_raster(
                    Text(
                        "The unit is metres: divide a layer in centimetres by 100 with the raster calculator. Or are "
                        "elevation and depth swapped?"
                    ),
                    greatest,
                ),
            )  # fmt: skip

    @classmethod
    def from_arrays(cls, elevation: np.ndarray, soil_depth: np.ndarray | float, cell_size: float) -> Terrain:
        """Make a terrain without a place, for experiments and tests."""
        elevation = np.asarray(elevation, dtype=np.float64)
        depth = np.broadcast_to(np.asarray(soil_depth, dtype=np.float64), elevation.shape)
        return cls(Grid.local(elevation.shape, cell_size), elevation, depth)

    def window(self, rows: slice, cols: slice, part: MapPart | None = None) -> Terrain:
        """A part of the terrain with its place; its surroundings are known only through ``part``."""
        x, dx, _, y, _, dy = self.grid.geotransform
        elevation, depth = self.elevation[rows, cols], self.soil_depth[rows, cols]
        place = (x + cols.start * dx, dx, 0.0, y + rows.start * dy, 0.0, dy)
        return Terrain(Grid(*elevation.shape, place, self.grid.crs_wkt), elevation, depth, part)

    def restricted(self, known: np.ndarray) -> Terrain:
        """Terrain with NoData where ``known`` (rows, cols) is false.

        The slope stays what it is: elevation is known on both sides of the new border. What is requested again is the
        same object; this one, where nothing is left out.

        Raises:
            InputError: no cell is left.
        """
        if known[self.valid].all():
            return self
        last = self.__dict__.get("_restricted")
        if last is not None and np.array_equal(last[0], known):
            return last[1]
        if not known[self.valid].any():
            raise InputError("Parameter layers", "have no value in the DEM", "layers that overlap the terrain")
        part = replace(self, soil_depth=np.where(known, self.soil_depth, np.nan).astype(self.soil_depth.dtype))
        kept = {"slope": self.slope, "cells": self.cells.within(known)}
        part.__dict__.update(kept)
        self.__dict__["_restricted"] = known, part
        return part

    def with_depth_factor(self, factor: float) -> Terrain:
        """Terrain with the soil depth times a factor, 50 m at most; computed slopes are kept."""
        depth = made_of_strips(
            self.grid.shape, np.float64,
            lambda at: np.minimum(self.soil_depth[at].astype(np.float64) * factor, SOIL_DEPTH_MAXIMUM_M),
        )  # fmt: skip
        part = replace(self, soil_depth=depth)
        if "slope" in vars(self):
            part.__dict__.update(valid=self.valid, slope=self.slope, cells=self.cells.with_depth_factor(factor))
        return part

    @cached_property
    def valid(self) -> np.ndarray:
        """Cells with elevation and soil depth; boolean (rows, cols)."""
        z, depth = self.elevation, self.soil_depth
        return made_of_strips(self.grid.shape, bool, lambda at: np.isfinite(z[at]) & np.isfinite(depth[at]))

    @cached_property
    def cells(self) -> Cells:
        """The valid cells, on which the solvers compute."""
        whole = None if self.part is None else self.part.whole
        return Cells.of(self.slope[self.valid], self.soil_depth[self.valid], self.valid, whole)

    @property
    def gradient(self) -> tuple[np.ndarray, np.ndarray]:
        """Elevation change per metre towards increasing column and row [-], each (rows, cols), NaN where unknown."""
        return horn_gradient(self.elevation, self.grid.cell_width, self.grid.cell_height)

    @cached_property
    def slope(self) -> np.ndarray:
        """Slope angle, clamped to 70 deg [rad], (rows, cols), NaN where elevation is unknown."""
        slope = np.empty(self.grid.shape)
        for at, found in in_threads(lambda rows: slope_angle(*self.gradient_of_rows(rows)), row_strips(slope.shape)):
            slope[at] = found
        return slope

    def sample(self, most: int) -> Cells:
        """Every so many of the valid cells, about ``most`` of them; of a large map slopes are computed there alone."""
        count = int(np.count_nonzero(self.valid))
        every = max(1, count // most)
        if count <= _SAMPLED_BEYOND or "slope" in vars(self):
            return self.cells.at(slice(None, None, every))
        found = []
        for at in np.array_split(numbered_cells(self.valid, np.arange(0, count, every)), _PARTS):
            found.append(self.slope_and_depth(*np.divmod(at, self.grid.cols)))
            scratch.release()
        return Cells.of(*(np.concatenate(values) for values in zip(*found)))

    def slope_and_depth(self, rows: np.ndarray, cols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Slope angle [rad] and soil depth [m] of some cells, each (n,), without the slope of the whole map."""
        return slope_angle(*self.gradient_at(rows, cols)), self.soil_depth[rows, cols]

    def gradient_at(self, rows: np.ndarray, cols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """:attr:`gradient` of some cells, each (n,), without computing the whole map."""
        return gradient_of_cells(self.elevation, rows, cols, self.grid)

    def gradient_of_rows(self, at: slice) -> tuple[np.ndarray, np.ndarray]:
        """:attr:`gradient` of some rows, without computing the whole map."""
        return horn_gradient(self.elevation, self.grid.cell_width, self.grid.cell_height, at)

    def cells_of_rows(self, at: slice) -> Cells:
        """The valid cells of some rows, as a map of their own."""
        mask = self.valid[at]
        return Cells.of(slope_angle(*self.gradient_of_rows(at))[mask], self.soil_depth[at][mask], mask)

    @property
    def bedrock(self) -> np.ndarray:
        """Elevation of the bedrock surface z - D [m], (rows, cols), NaN where invalid."""
        return np.where(self.valid, self.elevation.astype(np.float64) - self.soil_depth, np.nan)


def implausible_heights(heights: np.ndarray) -> np.ndarray:
    """Which values (cells,) no ground has, or mark missing data in most programs."""
    return (heights < _LOWEST_M) | (heights > _HIGHEST_M) | (heights == NO_HEIGHT_M)


def check_heights(elevation: np.ndarray) -> None:
    """Raise :class:`InputError` for values (rows, cols) that are no heights: missing data in disguise, or a mask."""
    low, high, lowest_other, zeros, marked, is_mask = math.inf, -math.inf, math.inf, 0, False, True
    for heights in known_strips(elevation):
        least = float(heights.min())
        low, high = min(low, least), max(high, float(heights.max()))
        marked = marked or (least <= NO_HEIGHT_M and bool((heights == NO_HEIGHT_M).any()))
        is_mask = is_mask and bool(((heights == 0.0) | (heights == 1.0)).all())
        if least == 0.0:
            not_zero = heights[heights != 0.0]
            zeros, least = zeros + heights.size - not_zero.size, float(not_zero.min(initial=math.inf))
        lowest_other = min(lowest_other, least)
    if low < _LOWEST_M or high > _HIGHEST_M or marked:
        raise InputError(
            "Digital elevation model (DEM)",
            Text("contains the value {:g} m", high if high > _HIGHEST_M and low > NO_HEIGHT_M else low),
            Text("{:g} to {:g} m, but not {:g}, which marks missing data", _LOWEST_M, _HIGHEST_M, NO_HEIGHT_M),
            "If the value marks missing data, declare it: Layer Properties > Transparency > Additional no data value. "
            "Heights must be in metres.",
        )  # fmt: skip
    if low == 0.0 and high > _GAP_M and lowest_other > _GAP_M:
        raise InputError(
            "Digital elevation model (DEM)",
            Text("contains 0 m in {} cells, while all others are above {:g} m", zeros, _GAP_M),
            "elevations, with missing data declared as NoData",
            "Declare 0 as missing data: Layer Properties > Transparency > Additional no data value.",
        )  # fmt: skip
    if (low, high) == (0.0, 1.0) and is_mask:
        raise InputError(
            "Digital elevation model (DEM)", "contains only 0 and 1, like a mask", "heights in metres",
            "Choose the elevation model.",
        )  # fmt: skip
