"""Cells that groundwater from outside a map may reach: flow paths and travel times."""

from __future__ import annotations

from itertools import count

import numpy as np

from ...text import Text
from ...variables import RESIDUAL_AIR
from .. import antecedent
from ..feedback import Feedback, check_cancelled
from ..grid import MASK_NODATA
from ..map_parts.strips import pieces, row_strips
from ..map_parts.tiles import Tile
from ..physics.solve import known_part
from ..polygons.regions import SIDES
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Terrain
from .study import Study

_LEAST_SHARE = 0.02  # of the valid cells; every map has an edge
_LEAST_TRAVEL_CELLS = 2.0
_ADVICE = "Use a DEM that reaches up to the ridges around the study area."
#: Cells from which flow paths are continued at a time.
_AT_ONCE = 1 << 20


def steady_edge_influence(terrain: Terrain, receiver: np.ndarray | None = None) -> np.ndarray:
    """Cells below the edge in the sense of steepest descent: in a steady state all water from outside reaches them.

    Args:
        terrain: of the cells.
        receiver: (cells,) its flow tree, where it is known already.
    """
    receiver = antecedent.flow_tree(terrain) if receiver is None else receiver
    reached = np.zeros(receiver.size, dtype=bool)
    front = border_and_inflow_cells(terrain, terrain.valid)[1]
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
            count, valid, 100.0 * count / valid, Text(_ADVICE),
        ),
    )  # fmt: skip


def crosses_a_cell(terrain: Terrain, scenario: Scenario) -> bool:
    """Whether groundwater may cross a cell within the event."""
    return _longest_travel(scenario) >= min(terrain.grid.cell_width, terrain.grid.cell_height)


def steady_edge_caution(terrain: Terrain, receiver: np.ndarray) -> Text | None:
    """Caution for an initial water table in equilibrium with a steady recharge."""
    count, valid = int(steady_edge_influence(terrain, receiver).sum()), int(terrain.valid.sum())
    if count < _LEAST_SHARE * valid:
        return None
    return Text(
        "{:,} of {:,} cells ({:.3g} %) have upslope areas outside the DEM, whose recharge is not included: their "
        "initial water table is too low. {}",
        count, valid, 100.0 * count / valid, Text(_ADVICE),
    )  # fmt: skip


def border_and_inflow_cells(terrain: Terrain, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
    for _ in scratch.releasing(count()):
        if not front.size:
            return
        onward = []
        for at in pieces(front.size, _AT_ONCE):
            place = (front[at] // cols + 1) * (cols + 2) + front[at] % cols + 1
            height = bedrock[place]
            for down, right in SIDES:
                lower = bedrock[place + down * (cols + 2) + right] < height
                target = front[at][lower] + down * cols + right
                remaining = left[front[at][lower]] - seconds[target]
                more = remaining > left[target]
                left[target[more]] = remaining[more]
                onward.append(target[more])
        front = np.unique(np.concatenate(onward))


def edge_influence(study: Study, feedback: Feedback) -> np.ndarray:
    """Cells that groundwater from outside the valid cells can reach within the event; bool (rows, cols).

    It enters where the ground rises towards the outside and moves down the bedrock at the celerity of a kinematic
    wave, K_lat sin b cos b / n, with the least porosity that the engine knows: no water comes faster. Where it crosses
    a cell at all, those at the edge are among them: their slope and what drains out of them are known on one side only.

    Raises:
        Cancelled: the user cancelled the run.
    """
    (rows, cols), terrain = study.terrain.grid.shape, study.terrain
    reached = scratch.full((rows, cols), value=False, dtype=bool)
    if not crosses_a_cell(terrain, study.scenario):
        return reached
    left, seconds = scratch.full((rows, cols), 0.0), scratch.full((rows, cols), np.inf)
    bedrock = scratch.full((rows + 2, cols + 2), np.inf)
    border, start = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for strip in [Tile.whole((rows, cols))] if "slope" in vars(terrain) else study.known_strips():
        check_cancelled(feedback)
        part, scenario = study.window(strip, None)
        part = known_part(part, scenario)
        inner, cells = strip.inner_in_outer, part.valid
        seconds[strip.inner] = crossing_times(part, scenario, cells)[inner]
        bedrock[1:-1, 1:-1][strip.inner] = np.where(cells, part.bedrock, np.inf)[inner]
        for found, near in zip((border, start), border_and_inflow_cells(part, cells)):
            here = near[(near >= inner[0].start * cols) & (near < inner[0].stop * cols)]
            found.append(here + strip.outer[0].start * cols)
    at_border, enters = np.concatenate(border), np.concatenate(start)
    flat = left.reshape(-1)
    flat[enters] = np.maximum(study.scenario.duration_s - seconds.reshape(-1)[enters], 0.0)
    enters = enters[flat[enters] > 0.0]
    spread_time(flat, enters, bedrock, seconds)
    for at in row_strips((rows, cols)):
        reached[at] = left[at] > 0.0
    if enters.size:
        reached.reshape(-1)[at_border] = True
    return reached


def edge_map(study: Study, reached: np.ndarray) -> np.ndarray:
    """Cells that water from outside may reach: uint8 (rows, cols), 0 no, 1 yes, 255 NoData."""
    values = scratch.full(reached.shape, MASK_NODATA, np.uint8)
    for strip in study.strips():
        values[strip.inner] = np.where(study.known(*strip.inner), reached[strip.inner], MASK_NODATA)
    return values
