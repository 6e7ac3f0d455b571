"""What a live map needs besides a solver: a coarser terrain, a picture's indices, a histogram and its counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .grid import MASK_NODATA, Grid
from .physics.assess import assess
from .physics.column import column_state, front_and_contact
from .terrain import Terrain

if TYPE_CHECKING:
    from .result import Result

#: Bins of the histogram of the factor of safety [-]; what lies above falls into the last.
HISTOGRAM_EDGES = np.linspace(0.0, 3.0, 31)


@dataclass(frozen=True)
class Picture:
    """A failure mask as it is drawn and told.

    Attributes:
        mask: uint8 (rows, cols) on the terrain's own grid: 0 stable, 1 failed, 255 NoData.
        histogram: cells by factor of safety, between :data:`HISTOGRAM_EDGES`.
        failed_cells, valid_cells: counts on the mask.
    """

    mask: np.ndarray
    histogram: np.ndarray
    failed_cells: int
    valid_cells: int

    @property
    def failed_share(self) -> float:
        """Failed cells over valid cells, 0 to 1."""
        return self.failed_cells / self.valid_cells if self.valid_cells else 0.0


def picture(factor_of_safety: np.ndarray, terrain: Terrain, factor: int = 1) -> Picture:
    """Draw a factor of safety on a terrain's grid.

    Args:
        factor_of_safety: (rows, cols), or of :func:`coarser` by ``factor``; NaN = NoData.
        terrain: the whole terrain; where it has no data, the mask has none.
        factor: cells of the terrain along one of the map's.
    """
    known = np.isfinite(factor_of_safety)
    mask = (factor_of_safety < 1.0).astype(np.uint8)
    mask[~known] = MASK_NODATA
    if factor > 1:
        rows, cols = terrain.grid.shape
        mask = np.repeat(np.repeat(mask, factor, axis=0), factor, axis=1)[:rows, :cols]
        mask[~terrain.valid] = MASK_NODATA
    counts = np.bincount(mask.ravel(), minlength=MASK_NODATA + 1)
    return Picture(
        np.ascontiguousarray(mask), histogram(factor_of_safety[known]), int(counts[1]), int(counts[0] + counts[1])
    )


def refined(terrain: Terrain, coarse: Terrain, result: Result, factor: int) -> np.ndarray:
    """Factor of safety on a terrain's own cells, with the lateral flow that a coarser one gave.

    Each cell has its own column of soil and water and its own strength; what its neighbours add to or take from its
    saturation h/D is interpolated from the blocks (network less column). Where no water crosses cells it is exact.

    Args:
        terrain: in full.
        coarse: the same by :func:`coarser`.
        result: of ``coarse``; its scenario holds numbers, no rasters.
        factor: cells along a block.
    """
    scenario = result.scenario
    shift = np.zeros(coarse.grid.shape)
    blocks = coarse.cells.within(coarse.soil_depth > 0.0)
    column = column_state(blocks, scenario)
    shift[blocks.mask] = (blocks.pick(result.water_table) - column.water_table) / blocks.soil_depth
    cells = terrain.cells
    depth, state = cells.soil_depth, column_state(cells, scenario)
    saturation = cells.pick(_interpolated(shift, terrain.grid.shape, factor))
    table = np.clip(state.water_table + saturation * depth, 0.0, depth)
    deficit = scenario.moisture_deficit
    band = np.minimum(state.infiltration, (1.0 - scenario.water_table_ratio) * depth * deficit)
    front, contact = front_and_contact(band, table, False, depth, deficit)
    state = replace(state, water_table=table, wetting_front=front, contact=contact)
    return cells.on_map(assess(cells, state, scenario).fs)


def histogram(values: np.ndarray) -> np.ndarray:
    """Count factors of safety between :data:`HISTOGRAM_EDGES`; higher ones fall into the last bin."""
    bins = HISTOGRAM_EDGES.size - 1
    width = HISTOGRAM_EDGES[1] - HISTOGRAM_EDGES[0]
    # The edge at 1 must part what fails from what holds: float32's 0.99999994 is a failed cell.
    place = np.clip(np.floor(values.astype(np.float64) / width + 1e-12), 0, bins - 1).astype(np.int64)
    return np.bincount(place, minlength=bins)


def coarser(terrain: Terrain, factor: int) -> Terrain:
    """Average a terrain over blocks of ``factor`` x ``factor`` cells, each over its known cells alone.

    A block with a single known cell is known: a picture on it then lacks no cell of the terrain.
    """
    if factor == 1:
        return terrain
    grid = terrain.grid
    rows, cols = (-(-n // factor) for n in grid.shape)
    x, dx, _, y, _, dy = grid.geotransform
    blocks = Grid(rows, cols, (x, dx * factor, 0.0, y, 0.0, dy * factor), grid.crs_wkt)
    elevation = np.where(terrain.valid, terrain.elevation, np.nan)
    depth = np.where(terrain.valid, terrain.soil_depth, np.nan)
    return Terrain(blocks, _block_means(elevation, factor), _block_means(depth, factor))


def coarsening(cells: int, most: int) -> int:
    """Least factor by which a terrain of ``cells`` has at most ``most`` of them."""
    return max(1, math.ceil(math.sqrt(cells / most) - 1e-9))


def _interpolated(blocks: np.ndarray, shape: tuple[int, int], factor: int) -> np.ndarray:
    """Values at cells between the centres of their blocks; (rows, cols)."""
    for axis, size in enumerate(shape):
        place = np.clip((np.arange(size) + 0.5) / factor - 0.5, 0.0, blocks.shape[axis] - 1.0)
        first = np.minimum(place.astype(np.int64), max(blocks.shape[axis] - 2, 0))
        second = np.minimum(first + 1, blocks.shape[axis] - 1)
        weight = (place - first)[:, None] if axis == 0 else place - first
        blocks = np.take(blocks, first, axis) * (1.0 - weight) + np.take(blocks, second, axis) * weight
    return blocks


def _block_means(values: np.ndarray, factor: int) -> np.ndarray:
    rows, cols = values.shape
    padded = np.pad(values, ((0, -rows % factor), (0, -cols % factor)), constant_values=np.nan)
    blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3), dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
