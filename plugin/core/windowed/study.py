"""A map and a scenario from which windows are read."""

from __future__ import annotations

import math
from dataclasses import dataclass
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
from ..physics.infiltration import distinct_combinations, most_combinations
from ..physics.solve import known_part
from ..raster import scratch
from ..scenario import MM_PER_H, Scenario
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
    kept, place = cells - max(0, round(EXTREME * cells) - 1), max(0, round(EXTREME * cells) - 1)
    found, tops, kinds = [], (Greatest(kept), Greatest(kept)), _Kinds(cells)
    strips = scratch.releasing(strip for strip, count in counts if count)
    slope = scratch.full(study.terrain.grid.shape, np.nan, np.float64)
    look = partial(_strip_statistics, study, pyramid=pyramid)
    for strip, (extremes, rasters, shape, slope_of_rows) in in_threads(look, strips):
        check_cancelled(feedback)
        slope[strip.inner] = slope_of_rows
        found.append(extremes)
        kinds.add(rasters)
        for top, values in zip(tops, shape):
            top.add(values)
    vars(study.terrain)[_SLOPE] = slope
    thickest, steepest, lateral, rain, *least = np.max(found, axis=0).tolist()
    conductivity, lowest = (-x for x in least)
    return WholeMap(
        cells, longest_step_of(study.terrain.grid, thickest, steepest), kinds.are_few, conductivity, rain, lateral,
        *(top.at(place) if top.total else 0.0 for top in tops), lowest,
    )  # fmt: skip


def _strip_statistics(
    study: Study, strip: Tile, *, pyramid: bool
) -> tuple[tuple[float, ...], list[np.ndarray], tuple[np.ndarray, ...], np.ndarray]:
    """Statistics of the known cells of a strip.

    Returns:
        :func:`.groundwater.flow_extremes`, the greatest lateral conductivity and rain [m/s], and the least conductivity
        [m/s] and bedrock [m] with the opposite sign; the rasters on which infiltration depends, each (cells,); soil
        depth [m] and slope of the bedrock [-] (cells,), where they are requested; slope of the inner rows [rad].
    """
    terrain, scenario = study.window(strip, None)
    terrain = known_part(terrain, scenario)
    rows = np.zeros(terrain.valid.shape, dtype=bool)
    rows[strip.inner_in_outer] = True
    cells = terrain.valid & rows
    lateral = scenario.lateral_conductivity
    flow = flow_extremes(terrain, cells, lateral if scenario.options.lateral_flow else 0.0)
    at = {name: _of_cells(getattr(scenario, name), cells) for name in _KINDS_OF}
    rasters = [x for name, x in at.items() if name in study.rasters]
    # lateral conductivity as coarser grids take it: of unknown cells too
    greatest = float(np.nanmax(lateral)) if np.isfinite(lateral).any() else 0.0
    rain, least = float(np.max(at["rainfall"])) * MM_PER_H, float(np.min(at["conductivity"]))
    slope = terrain.slope[strip.inner_in_outer]
    if not pyramid:
        return (*flow, greatest, rain, -least, -math.inf), rasters, (), slope
    shape = terrain.soil_depth[cells].astype(np.float64), steepness(terrain)[cells]
    return (*flow, greatest, rain, -least, -float(terrain.bedrock[cells].min())), rasters, shape, slope


class _Kinds:
    """Counts the different values of rasters of a map of so many cells, as long as they are few."""

    def __init__(self, cells: int) -> None:
        self._most, self._found = most_combinations(cells), None
        self.are_few = bool(self._most)

    def add(self, rasters: list[np.ndarray]) -> None:
        """Add the values of some cells, each raster (cells,)."""
        if rasters and self.are_few:
            self._found = distinct_combinations(rasters, self._found)
            self.are_few = self._found is not None and self._found.shape[1] <= self._most


def _of_cells(value: np.ndarray | float, cells: np.ndarray) -> np.ndarray | float:
    return value[cells] if isinstance(value, np.ndarray) and value.ndim else value


def _sample(values: np.ndarray) -> np.ndarray:
    """Every so many rows and columns of a raster, float64 (rows, cols), its first cells replaced by its extremes."""
    step = 1 if values.size <= _MOST_CELLS else math.ceil(math.sqrt(values.size / _SAMPLE))
    sample = values[::step, ::step].astype(np.float64)
    if step > 1 and sample.size > 1:
        sample.flat[0], sample.flat[1] = np.nanmin(values), np.nanmax(values)
    return sample
