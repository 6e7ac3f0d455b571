"""Cells that groundwater from outside a map may reach, followed window by window."""

from __future__ import annotations

from collections import deque

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..grid import MASK_NODATA
from ..physics.solve import known_part
from ..raster import scratch
from ..tiles import Tile, tiles
from ..topography import edge_catchment
from .study import Study

#: Side of a window [cells], a multiple of 16; cells around it that its slopes and what enters it depend on.
_SIDE, _RIM = 1024, 16


def edge_influence(study: Study, feedback: Feedback) -> np.ndarray:
    """Cells that groundwater from outside the valid cells can reach within the event; bool (rows, cols).

    It enters where the ground rises towards the outside and moves down the bedrock at the celerity of a kinematic
    wave, K_lat sin b cos b / n, with the least porosity that the engine knows: no water comes faster. Where it crosses
    a cell at all, those at the edge are among them: their slope and what drains out of them are known on one side only.

    A map whose slopes are known is one window. Others are followed again where more time is left at cells next to a
    window than when it was followed before.

    Raises:
        Cancelled: the user cancelled the run.
    """
    shape = study.terrain.grid.shape
    reached = scratch.full(shape, value=False, dtype=bool)
    if not edge_catchment.travels(study.terrain, study.scenario):
        return reached
    left, border = scratch.full(shape, 0.0), scratch.full(shape, value=False, dtype=bool)
    side = max(*shape, _SIDE) if "slope" in vars(study.terrain) else _SIDE
    windows = [tile for tile in tiles(shape, side, _RIM, 16) if study.known(*tile.inner).any()]
    waiting, new = deque(windows), {tile.place for tile in windows}
    while waiting:
        check_cancelled(feedback)
        tile = waiting.popleft()
        changed = _follow(study, tile, left, border if tile.place in new else None)
        new.discard(tile.place)
        if changed:
            waiting.extend(other for other in windows if _touch(tile, other) and other not in waiting)
        scratch.release()
    any_reached = any((left[tile.inner] > 0.0).any() for tile in windows)
    for tile in windows:
        reached[tile.inner] = left[tile.inner] > 0.0
        if any_reached:
            reached[tile.inner] |= border[tile.inner]
    scratch.release()
    return reached


def edge_map(study: Study, reached: np.ndarray) -> np.ndarray:
    """Cells that water from outside may reach: uint8 (rows, cols), 0 no, 1 yes, 255 NoData."""
    values = scratch.full(reached.shape, MASK_NODATA, np.uint8)
    for strip in study.strips():
        values[strip.inner] = np.where(study.known(*strip.inner), reached[strip.inner], MASK_NODATA)
    return values


def _follow(study: Study, tile: Tile, left: np.ndarray, border: np.ndarray | None) -> bool:
    """Follow water through a window; returns whether it leaves more time at its outermost cells than before.

    Args:
        left: of the event when water arrives [s], 0 where none does; the window's part is changed.
        border: takes the cells at the map's edge; ``None`` where the window was followed before.
    """
    terrain, scenario = study.window(tile, None)
    terrain = known_part(terrain, scenario)
    cells, inner = terrain.valid, tile.inner_in_outer
    inside = np.zeros(cells.shape, dtype=bool)
    inside[inner] = True
    seconds = edge_catchment.crossing_times(terrain, scenario, cells)
    now = left[tile.outer].copy()
    if border is not None:
        at_edge, start = (x[inside.flat[x]] for x in edge_catchment.border_cells(terrain, cells))
        now.flat[start] = np.maximum(scenario.duration_s - seconds.flat[start], 0.0)
        here = np.zeros(cells.shape, dtype=bool)
        here.flat[at_edge] = True
        border[tile.inner] = here[inner]
    seconds[~inside] = np.inf  # what lies next to the window is followed with its own
    bedrock = np.pad(np.where(cells, terrain.bedrock, np.inf).astype(np.float32), 1, constant_values=np.inf)
    flat = now.ravel()
    edge_catchment.spread_time(flat, np.flatnonzero(flat > 0.0), bedrock, seconds)
    before, found = left[tile.inner], flat.reshape(cells.shape)[inner]
    more = found > before
    left[tile.inner] = found
    return bool(more[0].any() or more[-1].any() or more[:, 0].any() or more[:, -1].any())


def _touch(one: Tile, other: Tile) -> bool:
    return one is not other and all(a.start <= b.stop and b.start <= a.stop for a, b in zip(one.inner, other.inner))
