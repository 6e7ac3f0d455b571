"""A map and a scenario from which windows are read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Iterator, Mapping

import numpy as np

from ..errors import InputError
from ..feedback import Feedback, check_cancelled
from ..map_parts.greatest import Greatest
from ..map_parts.map_part import MapPart, WholeMap
from ..map_parts.threads import in_threads
from ..map_parts.tiles import Tile
from ..physics.critical_values import CohesionCounts
from ..physics.flow.grid_pyramid import EXTREME, steepness
from ..physics.flow.groundwater import flow_extremes, longest_step_of
from ..physics.infiltration import distinct_kinds, most_kinds
from ..physics.solve import known_part
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Cells, Terrain

#: Cells of a raster sampled for checks of the whole map where it has more cells than the second number.
_SAMPLE, _MOST_CELLS = 100_000, 1_000_000
_STRIP_CELLS = 1 << 19
#: Where a terrain that is solved in windows keeps its slope [rad], as a cached_property keeps its value.
_SLOPE = "_slope_of_windows"
_KINDS_OF = ("conductivity", "suction_head", "moisture_deficit", "rainfall")


@dataclass(frozen=True, eq=False)
class Study:
    """A map of any size and a scenario on it.

    Attributes:
        terrain: the whole map; of one that is solved in windows only the slope is kept, on a scratch file.
        scenario: its rasters hold a sample of the whole ones, with their least and greatest values; of a map of at
            most a million cells all of them.
        rasters: of the scenario by name, float32 (rows, cols), NaN where unknown.
    """

    terrain: Terrain
    scenario: Scenario
    rasters: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, terrain: Terrain, scenario: Scenario, rasters: Mapping[str, np.ndarray]) -> Study:
        """Make a study; ``rasters`` replace the scenario's numbers.

        Raises:
            InputError: a raster with values out of range.
        """
        return cls(terrain, scenario.with_values(**cls.samples(rasters)), rasters)

    @staticmethod
    def samples(rasters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Some values of each raster, its least and greatest among them."""
        return {name: _sample(values) for name, values in rasters.items()}

    def known(self, rows: slice, cols: slice) -> np.ndarray:
        """Cells of a window in which all inputs are known, boolean."""
        known = self.terrain.valid[rows, cols].copy()
        for values in self.rasters.values():
            known &= np.isfinite(values[rows, cols])
        return known

    def window(self, tile: Tile, part: MapPart | None) -> tuple[Terrain, Scenario]:
        """Terrain and scenario of a tile's computed window; a cell of it at least is known."""
        if part is None and tile.outer == Tile.whole(self.terrain.grid.shape).outer:
            return self.terrain, self.scenario_of(tile.outer)  # its slopes are computed once
        terrain, slope = self.terrain.window(*tile.outer, part), vars(self.terrain).get(_SLOPE)
        if slope is not None:
            vars(terrain)["slope"] = slope[tile.outer].copy()
        return terrain, self.scenario_of(tile.outer)

    def scenario_of(self, outer: tuple[slice, slice]) -> Scenario:
        """The scenario of a window."""
        if not self.rasters or self.sampled_whole(outer):
            return self.scenario
        return self.scenario.with_values(**{name: values[outer] for name, values in self.rasters.items()})

    def sampled_whole(self, outer: tuple[slice, slice]) -> bool:
        """Whether a window is the whole map, and small enough that the scenario holds all values of its rasters."""
        shape = self.terrain.grid.shape
        return shape[0] * shape[1] <= _MOST_CELLS and outer == Tile.whole(shape).outer

    def cells_of(self, strip: Tile) -> tuple[Cells, Scenario]:
        """Valid cells of a strip's inner rows, their mask having the shape of the outer rows, and the scenario."""
        terrain, scenario = self.window(strip, None)
        cells = known_part(terrain, scenario).cells
        if strip.inner == strip.outer:
            return cells, scenario
        inner = np.zeros(terrain.valid.shape, dtype=bool)
        inner[strip.inner_in_outer] = True
        return cells.within(inner), scenario

    def cohesions(self) -> CohesionCounts:
        """Count the cohesions at which the cells are just stable under initial conditions."""
        counts = CohesionCounts()
        for _, found in in_threads(self.cells_of, self.known_strips()):
            counts.add(*found)
        return counts

    def known_strips(self) -> Iterator[Tile]:
        """:meth:`strips` in which something is known."""
        return scratch.releasing(strip for strip in self.strips() if self.known(*strip.inner).any())

    def strips(self) -> list[Tile]:
        """The map in strips of whole rows, each with the rows next to it that its slopes and faces depend on."""
        rows, cols = self.terrain.grid.shape
        height, every = max(1, _STRIP_CELLS // cols), slice(0, cols)
        found = []
        for first in range(0, rows, height):
            inner = slice(first, min(first + height, rows))
            outer = slice(max(first - 2, 0), min(inner.stop + 2, rows))
            found.append(Tile((outer, every), (inner, every)))
        return found


def whole_map_of(study: Study, feedback: Feedback, *, pyramid: bool = False) -> WholeMap:
    """Find what windows must know of the whole map, in one pass over strips of rows.

    Args:
        study: what is to be solved; feedback: for cancellation.
        pyramid: whether coarser grids or first guesses are used, which need percentiles.

    Raises:
        InputError: no cell in which all inputs are known.
        Cancelled: the user cancelled the run.
    """
    counts = [(strip, int(np.count_nonzero(study.known(*strip.inner)))) for strip in study.strips()]
    cells = sum(count for _, count in counts)
    if not cells:
        raise InputError("Parameter layers", "have no value in the DEM", "layers that overlap the terrain")
    seen = _MapStatistics(cells, study)
    strips = scratch.releasing(strip for strip, count in counts if count)
    slope = scratch.full(study.terrain.grid.shape, np.nan, np.float64)
    for strip, found in in_threads(partial(_StripStatistics.of, study, pyramid=pyramid), strips):
        check_cancelled(feedback)
        seen.add(found)
        slope[strip.inner] = found.slope
    vars(study.terrain)[_SLOPE] = slope
    return seen.whole()


@dataclass(frozen=True)
class _StripStatistics:
    """Statistics of the known cells of a strip.

    Attributes:
        thickest, steepest: see :func:`.groundwater.flow_extremes`.
        conductivity: the least [m/s]; lateral, rain: the greatest [m/s].
        kinds: values of the rasters on which infiltration depends, each (cells,).
        slope: of the strip's inner rows [rad], (rows, cols).
        lowest: bedrock [m]; deep, steep: soil depth [m] and slope of the bedrock [-] of each cell, where requested.
    """

    thickest: float
    steepest: float
    conductivity: float
    lateral: float
    rain: float
    kinds: list[np.ndarray]
    slope: np.ndarray
    lowest: float = math.inf
    deep: np.ndarray | None = None
    steep: np.ndarray | None = None

    @classmethod
    def of(cls, study: Study, strip: Tile, *, pyramid: bool) -> _StripStatistics:
        """Look at a strip."""
        terrain, scenario = study.window(strip, None)
        terrain = known_part(terrain, scenario)
        rows = np.zeros(terrain.valid.shape, dtype=bool)
        rows[strip.inner_in_outer] = True
        cells = terrain.valid & rows
        lateral = scenario.lateral_conductivity if scenario.options.lateral_flow else 0.0
        extremes = flow_extremes(terrain, cells, lateral)
        at = {name: _of_cells(getattr(scenario, name), cells) for name in _KINDS_OF}
        lateral = scenario.lateral_conductivity  # as coarser grids take it: of unknown cells too
        found = cls(
            *extremes, float(np.min(at["conductivity"])),
            float(np.nanmax(lateral)) if np.isfinite(lateral).any() else 0.0,
            float(np.max(_of_cells(scenario.rainfall_m_per_s, cells))),
            [x for name, x in at.items() if name in study.rasters], terrain.slope[strip.inner_in_outer],
        )  # fmt: skip
        if not pyramid:
            return found
        deep, lowest = terrain.soil_depth[cells].astype(np.float64), float(terrain.bedrock[cells].min())
        return replace(found, lowest=lowest, deep=deep, steep=steepness(terrain)[cells])


class _MapStatistics:
    """Statistics of a map, collected strip by strip."""

    def __init__(self, cells: int, study: Study) -> None:
        self._cells, self._study = cells, study
        self._thickest = self._steepest = self._lateral = self._rain = 0.0
        self._conductivity, self._lowest = math.inf, math.inf
        kept = cells - max(0, round(EXTREME * cells) - 1)
        self._deep, self._steep = Greatest(kept), Greatest(kept)
        self._kinds: np.ndarray | None = None
        self._many = not most_kinds(cells)

    def add(self, strip: _StripStatistics) -> None:
        """Take those of a strip."""
        self._thickest, self._steepest = max(self._thickest, strip.thickest), max(self._steepest, strip.steepest)
        self._conductivity = min(self._conductivity, strip.conductivity)
        self._lateral, self._rain = max(self._lateral, strip.lateral), max(self._rain, strip.rain)
        self._count_kinds(strip.kinds)
        if strip.deep is not None:
            self._lowest = min(self._lowest, strip.lowest)
            self._deep.add(strip.deep)
            self._steep.add(strip.steep)

    def _count_kinds(self, rasters: list[np.ndarray]) -> None:
        if rasters and not self._many:
            self._kinds = distinct_kinds(rasters, self._kinds)
            most = most_kinds(self._cells)
            self._many = self._kinds is None or self._kinds.shape[1] > most

    def whole(self) -> WholeMap:
        """What was found."""
        place = max(0, round(EXTREME * self._cells) - 1)
        deepest, steepest = (g.at(place) if g.total else 0.0 for g in (self._deep, self._steep))
        return WholeMap(
            self._cells, longest_step_of(self._study.terrain.grid, self._thickest, self._steepest), not self._many,
            self._conductivity, self._rain, self._lateral, deepest, steepest, self._lowest,
        )  # fmt: skip


def _of_cells(value: np.ndarray | float, cells: np.ndarray) -> np.ndarray | float:
    return value[cells] if isinstance(value, np.ndarray) and value.ndim else value


def _sample(values: np.ndarray) -> np.ndarray:
    """Every so many rows and columns of a raster, float64 (rows, cols), its first cells replaced by its extremes."""
    step = 1 if values.size <= _MOST_CELLS else math.ceil(math.sqrt(values.size / _SAMPLE))
    sample = values[::step, ::step].astype(np.float64)
    if step > 1 and sample.size > 1:
        sample.flat[0], sample.flat[1] = np.nanmin(values), np.nanmax(values)
    return sample
