"""Lateral groundwater over bedrock: Darcy-Dupuit in finite volumes, and the water balance of a cell.

q = -K_lat h cos^2 b grad(z - D + h). Four neighbours; on a face the upstream table and the mean
cos^2 b and K_lat of its two cells, so that what leaves one enters the other. The cos^2 factor
gives K h sin b cos b on a plane, as SHALSTAB and FSLAM have it. The plain numpy functions here
are the reference; :mod:`.kernels` holds the same in compiled form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..terrain import Terrain
from .column import RESIDUAL_AIR


@dataclass(frozen=True)
class Conductances:
    """Coefficients of lateral flow on the grid, per cell area. Arrays are (rows, cols), float64.

    Attributes:
        bedrock: elevation of the bedrock [m], 0 where invalid.
        east: K cos^2 b / dx^2 of the face to the next column [1/(m s)], 0 where a cell is missing.
        south: the same to the next row.
        border: K cos^2 b times the downslope gradient over dx, summed over open faces [1/s].
    """

    bedrock: np.ndarray
    east: np.ndarray
    south: np.ndarray
    border: np.ndarray


def conductances(terrain: Terrain, cells: np.ndarray, lateral_conductivity: np.ndarray | float, edges: str) -> Conductances:
    """Prepare the coefficients that do not change with the water table.

    Args:
        terrain: elevation, depth, slope.
        cells: boolean (rows, cols), the cells that take part; the others are outside.
        lateral_conductivity: K_lat [m/s], number or (rows, cols).
        edges: ``open`` drains through faces to the outside and to NoData, ``closed`` does not.
    """
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    k = np.where(cells, lateral_conductivity, 0.0)
    cos2 = np.where(cells, np.cos(np.where(cells, terrain.slope, 0.0)) ** 2, 0.0)
    east, south = np.zeros(cells.shape), np.zeros(cells.shape)
    both = cells[:, :-1] & cells[:, 1:]
    east[:, :-1] = np.where(both, 0.25 * (k[:, :-1] + k[:, 1:]) * (cos2[:, :-1] + cos2[:, 1:]) / dx**2, 0.0)
    both = cells[:-1] & cells[1:]
    south[:-1] = np.where(both, 0.25 * (k[:-1] + k[1:]) * (cos2[:-1] + cos2[1:]) / dy**2, 0.0)
    border = np.zeros(cells.shape)
    if edges == "open":
        border = k * cos2 * _downslope_over_open_faces(terrain, cells)
    return Conductances(np.where(cells, np.nan_to_num(terrain.bedrock), 0.0), east, south, border)


def _downslope_over_open_faces(terrain: Terrain, cells: np.ndarray) -> np.ndarray:
    """Sum over faces to the outside of max(0, downslope gradient across the face) / cell size [1/m]."""
    across, down = (np.where(cells, g, 0.0) for g in terrain.gradient)
    outside = np.pad(~cells, 1, constant_values=True)
    east, west = outside[1:-1, 2:], outside[1:-1, :-2]
    south, north = outside[2:, 1:-1], outside[:-2, 1:-1]
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    total = (east * np.maximum(-across, 0.0) + west * np.maximum(across, 0.0)) / dx
    total += (south * np.maximum(-down, 0.0) + north * np.maximum(down, 0.0)) / dy
    return np.where(cells, total, 0.0)


def longest_step(terrain: Terrain, cells: np.ndarray, lateral_conductivity: np.ndarray | float) -> float:
    """Longest stable explicit step [s]: min(n dx^2 / (8 K_lat h_max), n dx / (2 K_lat tan b_max)), n = n_min."""
    k = np.broadcast_to(lateral_conductivity, cells.shape)[cells]
    dx = min(terrain.grid.cell_width, terrain.grid.cell_height)
    thickest = float((k * terrain.soil_depth[cells]).max(initial=0.0))
    steepest = float((k * np.tan(terrain.slope[cells])).max(initial=0.0))
    diffusion = RESIDUAL_AIR * dx**2 / (8.0 * thickest) if thickest > 0 else np.inf
    advection = RESIDUAL_AIR * dx / (2.0 * steepest) if steepest > 0 else np.inf
    return min(diffusion, advection)


def face_flow(water_table: np.ndarray, c: Conductances) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flow through the east and south faces (positive outwards) and the border, per cell area [m/s]."""
    head = c.bedrock + water_table
    east, south = np.zeros_like(head), np.zeros_like(head)
    drop = head[:, :-1] - head[:, 1:]
    east[:, :-1] = c.east[:, :-1] * drop * np.where(drop > 0, water_table[:, :-1], water_table[:, 1:])
    drop = head[:-1] - head[1:]
    south[:-1] = c.south[:-1] * drop * np.where(drop > 0, water_table[:-1], water_table[1:])
    return east, south, c.border * water_table


def limited_net_flow(
    flow: tuple[np.ndarray, np.ndarray, np.ndarray], available: np.ndarray, seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """Net lateral supply of each cell in a step, its outflow scaled so that the table stays >= 0.

    Args:
        flow: from :func:`face_flow` [m/s].
        available: water that can leave each cell [m].
        seconds: the step.

    Returns:
        (net supply [m], loss through the border [m]).
    """
    east, south, border = flow
    outflow = np.maximum(east, 0.0) + np.maximum(south, 0.0) + border
    outflow[:, 1:] += np.maximum(-east[:, :-1], 0.0)
    outflow[1:] += np.maximum(-south[:-1], 0.0)
    scale = np.where(outflow * seconds > available, available / np.maximum(outflow * seconds, 1e-300), 1.0)
    east[:, :-1] *= np.where(east[:, :-1] > 0, scale[:, :-1], scale[:, 1:])
    south[:-1] *= np.where(south[:-1] > 0, scale[:-1], scale[1:])
    border = border * scale
    net = -east - south - border
    net[:, 1:] += east[:, :-1]
    net[1:] += south[:-1]
    return net * seconds, border * seconds


def balance_cells(
    water_table: np.ndarray,
    band: np.ndarray,
    contact: np.ndarray,
    infiltration: np.ndarray,
    net: np.ndarray,
    soil_depth: np.ndarray,
    deficit: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take one step's water into the cells; a step that crosses into contact is split there.

    Apart, infiltration fills the band V and lateral flow moves h with n_y = dTheta + n_min. In
    contact V = dTheta (D - h) and all of it moves h with n_min. At h = D what infiltrated too
    much becomes runoff, what flowed in too much exfiltrates.

    Args:
        water_table, band: h and V [m]; contact: bool; infiltration, net: offered this step [m];
        soil_depth: D [m]; deficit: dTheta [-]. All of one shape.

    Returns:
        (h, V, contact, rejected infiltration [m], exfiltration [m]).
    """
    yield_apart = deficit + RESIDUAL_AIR
    gap = soil_depth - water_table - band / deficit
    closing = net / yield_apart + infiltration / deficit
    closes = ~contact & (closing >= gap)
    share = np.where(closes, np.where(closing > 0, np.clip(gap / np.where(closing > 0, closing, 1.0), 0.0, 1.0), 0.0), 1.0)
    share = np.where(contact, 0.0, share)

    table = water_table + share * net / yield_apart
    filled = band + share * infiltration
    contact = contact | closes
    table = np.where(contact, table + (1.0 - share) * (infiltration + net) / RESIDUAL_AIR, table)
    excess = np.maximum(table - soil_depth, 0.0) * np.where(contact, RESIDUAL_AIR, yield_apart)
    table = np.clip(table, 0.0, soil_depth)
    filled = np.where(contact, deficit * (soil_depth - table), filled)
    rejected = np.minimum(excess, infiltration)
    return table, filled, contact, rejected, excess - rejected
