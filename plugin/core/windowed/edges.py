"""Cells that groundwater from outside a map may reach: its ways and times, followed window by window."""

from __future__ import annotations

from collections import deque

import numpy as np

from ...text import Text
from ...variables import RESIDUAL_AIR
from .. import antecedent
from ..feedback import Feedback, check_cancelled
from ..grid import MASK_NODATA
from ..map_parts.tiles import Tile, tiles
from ..physics.solve import known_part
from ..polygons.regions import SIDES
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Terrain
from .study import Study

_LEAST_SHARE = 0.02  # of the valid cells; every map has an edge
_LEAST_TRAVEL_CELLS = 2.0
_WAY_OUT = "Use a DEM that reaches up to the ridges around the study area."
#: Side of a window [cells], a multiple of 16; cells around it that its slopes and what enters it depend on.
_SIDE, _RIM = 1024, 16


def steady_edge_influence(terrain: Terrain, receiver: np.ndarray | None = None) -> np.ndarray:
    """Cells below the edge in the sense of steepest descent: in a steady state all water from outside reaches them.

    Args:
        terrain: of the cells.
        receiver: (cells,) its flow tree, where it is known already.
    """
    receiver = antecedent.flow_tree(terrain) if receiver is None else receiver
    reached = np.zeros(receiver.size, dtype=bool)
    front = border_cells(terrain, terrain.valid)[1]
    while front.size:
        reached[front] = True
        front = np.unique(receiver[front])
        front = front[~reached[front]]
    return reached.reshape(terrain.valid.shape) & terrain.valid


def edge_cautions(terrain: Terrain, scenario: Scenario, reached: np.ndarray) -> tuple[Text, ...]:
    """Doubt about a map that much water may enter over its edge within the event; none where there is little.

    Args:
        reached: see :func:`edge_influence`.
    """
    if _longest_travel(scenario) < _LEAST_TRAVEL_CELLS * terrain.grid.cell_width:
        return ()
    count, valid = int(np.count_nonzero(reached)), int(np.count_nonzero(terrain.valid))
    if count < _LEAST_SHARE * valid:
        return ()
    return (
        Text(
            "{:,} of {:,} cells ({:.3g} %) may receive groundwater from outside the DEM within the event, which is not "
            "included: they may fail although the map shows them as stable. {}",
            count, valid, 100.0 * count / valid, Text(_WAY_OUT),
        ),
    )  # fmt: skip


def travels(terrain: Terrain, scenario: Scenario) -> bool:
    """Whether groundwater may cross a cell within the event."""
    return _longest_travel(scenario) >= min(terrain.grid.cell_width, terrain.grid.cell_height)


def steady_edge_caution(terrain: Terrain, receiver: np.ndarray) -> Text | None:
    """The same for an initial water table in balance with a steady recharge."""
    count, valid = int(steady_edge_influence(terrain, receiver).sum()), int(terrain.valid.sum())
    if count < _LEAST_SHARE * valid:
        return None
    return Text(
        "{:,} of {:,} cells ({:.3g} %) have upslope areas outside the DEM, whose recharge is not included: their "
        "initial water table is too low. {}",
        count, valid, 100.0 * count / valid, Text(_WAY_OUT),
    )  # fmt: skip


def border_cells(terrain: Terrain, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells next to one outside ``cells`` (rows, cols), and those that rise towards it: there water may come in.

    Returns:
        flat indices of both; the second are some of the first.
    """
    padded = np.pad(cells, 1, constant_values=False)
    rows, cols = cells.shape
    border, inflow = [], []
    for down, right in SIDES:
        row, col = np.nonzero(cells & ~padded[1 + down : 1 + down + rows, 1 + right : 1 + right + cols])
        across, southward = terrain.gradient_at(row, col)
        rise = southward * down if down else across * right
        border.append(row * cols + col)
        inflow.append(border[-1][rise > 0.0])
    return np.unique(np.concatenate(border)), np.unique(np.concatenate(inflow))


def _longest_travel(scenario: Scenario) -> float:
    """Greatest distance that groundwater can travel within the event [m]; 0 without lateral flow."""
    if not scenario.options.lateral_flow:
        return 0.0
    return float(0.5 * np.nanmax(scenario.lateral_conductivity) * scenario.duration_s / RESIDUAL_AIR)


def crossing_times(terrain: Terrain, scenario: Scenario, cells: np.ndarray) -> np.ndarray:
    """Seconds in which groundwater crosses each cell, float32 (rows, cols), inf where nothing moves."""
    slope = np.where(cells, terrain.slope, 0.0).astype(np.float32)
    speed = np.where(cells, scenario.lateral_conductivity, 0.0) * (np.sin(slope) * np.cos(slope)) / RESIDUAL_AIR
    width = min(terrain.grid.cell_width, terrain.grid.cell_height)
    with np.errstate(divide="ignore"):
        return (width / speed).astype(np.float32)


def spread_time(left: np.ndarray, front: np.ndarray, bedrock: np.ndarray, seconds: np.ndarray) -> None:
    """Carry the remaining time, in place, to lower neighbours until none gets more.

    Args:
        left: (cells,) seconds of the event that remain when water from outside arrives, 0 where none has.
        front: flat indices of the cells that water has just reached.
        bedrock: (rows + 2, cols + 2) elevation [m], inf outside.
        seconds: (rows, cols) that crossing a cell takes.
    """
    cols = seconds.shape[1]
    bedrock, seconds = bedrock.ravel(), seconds.ravel()
    while front.size:
        place = (front // cols + 1) * (cols + 2) + front % cols + 1
        height, onward = bedrock[place], []
        for down, right in SIDES:
            lower = bedrock[place + down * (cols + 2) + right] < height
            target = front[lower] + down * cols + right
            remaining = left[front[lower]] - seconds[target]
            more = remaining > left[target]
            left[target[more]] = remaining[more]
            onward.append(target[more])
        front = np.unique(np.concatenate(onward))


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
    if not travels(study.terrain, study.scenario):
        return reached
    left, seconds = scratch.full(shape, 0.0), scratch.empty(shape)
    border = scratch.full(shape, value=False, dtype=bool)
    side = max(*shape, _SIDE) if "slope" in vars(study.terrain) else _SIDE
    windows = [tile for tile in tiles(shape, side, _RIM, 16) if study.known(*tile.inner).any()]
    waiting, new = deque(windows), {tile.place for tile in windows}
    while waiting:
        check_cancelled(feedback)
        tile = waiting.popleft()
        changed = _follow(study, tile, left, seconds, border if tile.place in new else None)
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


def _follow(
    study: Study, tile: Tile, left: np.ndarray, seconds: np.ndarray, border: np.ndarray | None
) -> bool:  # fmt: skip
    """Follow water through a window; returns whether it leaves more time at its outermost cells than before.

    Args:
        left: of the event when water arrives [s], 0 where none does; the window's part is changed.
        seconds: that crossing a cell takes, found when the window is followed for the first time.
        border: takes the cells at the map's edge; ``None`` where the window was followed before.
    """
    cells, inner = study.known(*tile.outer), tile.inner_in_outer
    now = left[tile.outer].copy()
    if border is not None:
        cells, seconds[tile.inner], at_edge, start = _edge_of(study, tile)
        here = np.zeros(cells.shape, dtype=bool)
        here.flat[at_edge] = True
        border[tile.inner] = here[inner]
    crossing = np.full(cells.shape, np.inf, np.float32)  # what lies next to the window is followed with its own
    crossing[inner] = seconds[tile.inner]
    if border is not None:
        now.flat[start] = np.maximum(study.scenario.duration_s - crossing.flat[start], 0.0)
    height = study.terrain.elevation[tile.outer].astype(np.float64) - study.terrain.soil_depth[tile.outer]
    bedrock = np.pad(np.where(cells, height, np.inf).astype(np.float32), 1, constant_values=np.inf)
    flat = now.ravel()
    spread_time(flat, np.flatnonzero(flat > 0.0), bedrock, crossing)
    before, found = left[tile.inner], flat.reshape(cells.shape)[inner]
    more = found > before
    left[tile.inner] = found
    return bool(more[0].any() or more[-1].any() or more[:, 0].any() or more[:, -1].any())


def _edge_of(study: Study, tile: Tile) -> tuple[np.ndarray, ...]:
    """Known cells of a window, seconds that crossing its inner cells takes, and of these the ones at the edge.

    Returns:
        boolean and float32 (rows, cols); flat indices in the whole window of those at the edge, and of those where
        water may come in.
    """
    terrain, scenario = study.window(tile, None)
    terrain = known_part(terrain, scenario)
    inside = np.zeros(terrain.valid.shape, dtype=bool)
    inside[tile.inner_in_outer] = True
    at_edge, start = (x[inside.flat[x]] for x in border_cells(terrain, terrain.valid))
    crossing = crossing_times(terrain, scenario, terrain.valid)[tile.inner_in_outer]
    return terrain.valid, crossing, at_edge, start


def _touch(one: Tile, other: Tile) -> bool:
    return one is not other and all(a.start <= b.stop and b.start <= a.stop for a, b in zip(one.inner, other.inner))
