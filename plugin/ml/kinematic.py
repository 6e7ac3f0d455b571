"""The hillslope's linear response: how a water table, and a steady supply, are routed over the bedrock.

In the dimensionless time tau = K_lat t / (n dx) it depends on the terrain alone.
"""

from __future__ import annotations

from typing import Sequence

import numpy as np
import torch

from ..core.feedback import Feedback, check_cancelled
from ..core.physics.groundwater import downslope_over_open_faces
from ..core.terrain import Terrain


def kinematic_response(
    terrain: Terrain, depth: torch.Tensor, mask: torch.Tensor, device: torch.device | str, times: Sequence[float],
    feedback: Feedback,
) -> tuple[torch.Tensor, torch.Tensor]:  # fmt: skip
    """Route a depth-proportional table and a unit supply over the bedrock, at each of some ``times``.

    n dh/dt = -K div(h cos^2 b grad z_b), downslope parts only, upstream h, four neighbours, open edges:
    the engine's lateral flow without its diffusion and without the surface's limit.

    Args:
        terrain: where; depth, mask: its soil depth [m] and valid cells on the device, (rows, cols).
        times: dimensionless, tau = K_lat t / (n dx), ascending; feedback: asked for cancellation.

    Returns:
        (table over soil depth, mean response to a supply over the time), each (1 + times, cells).
    """
    out, weights = _outflow(terrain, mask, device)
    step = 0.9 / max(float(out.max()), 1e-6)
    table, supply, now = depth.clone(), torch.zeros_like(depth), 0.0
    safe_depth = depth.clamp_min(0.05)
    tables, supplies = [torch.where(depth > 0, 1.0, 0.0).to(depth.dtype)], [torch.ones_like(depth)]
    for target in times:
        count = max(1, int(np.ceil((target - now) / step - 1e-6)))
        dt = (target - now) / count
        table, supply = _route(table, supply, out, weights, dt, count, feedback)
        now = target
        tables.append(table / safe_depth)
        supplies.append(supply / target)
    flat = mask.flatten()
    return (torch.stack([x.flatten()[flat] for x in tables]), torch.stack([x.flatten()[flat] for x in supplies]))


def _outflow(
    terrain: Terrain, mask: torch.Tensor, device: torch.device | str
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Total outflow coefficient of each cell and its parts to the four neighbours [-] (per unit of tau)."""
    valid = terrain.valid
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    cell = float(np.sqrt(terrain.grid.cell_area))
    cos2 = np.where(valid, np.cos(np.where(valid, terrain.slope, 0.0)) ** 2, 0.0)
    bed = np.nan_to_num(terrain.bedrock)
    parts = {name: np.zeros(valid.shape) for name in ("east", "west", "south", "north")}
    both = valid[:, :-1] & valid[:, 1:]
    drop = np.where(both, 0.5 * (cos2[:, :-1] + cos2[:, 1:]) * (bed[:, :-1] - bed[:, 1:]) / dx**2 * cell, 0.0)
    parts["east"][:, :-1], parts["west"][:, 1:] = np.maximum(drop, 0.0), np.maximum(-drop, 0.0)
    both = valid[:-1] & valid[1:]
    drop = np.where(both, 0.5 * (cos2[:-1] + cos2[1:]) * (bed[:-1] - bed[1:]) / dy**2 * cell, 0.0)
    parts["south"][:-1], parts["north"][1:] = np.maximum(drop, 0.0), np.maximum(-drop, 0.0)
    border = cos2 * downslope_over_open_faces(terrain, valid) * cell
    out = sum(parts.values()) + border
    steep = np.minimum(1.0, 1.0 / np.maximum(out, 1e-12))  # walls: no faster than one cell per unit of tau
    tensor = {k: torch.from_numpy((v * steep).astype(np.float32)).to(device) for k, v in parts.items()}
    return torch.from_numpy((out * steep).astype(np.float32)).to(device) * mask, tensor


def _route(
    table: torch.Tensor,
    supply: torch.Tensor,
    out: torch.Tensor,
    weights: dict[str, torch.Tensor],
    dt: float,
    count: int,
    feedback: Feedback,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take ``count`` explicit steps of ``dt``; in place on two buffers, since this loop is what terrain costs."""
    old = torch.stack([table, supply])
    new = torch.empty_like(old)
    keep = 1.0 - out * dt
    east, west = (weights["east"] * dt)[:, :-1], (weights["west"] * dt)[:, 1:]
    south, north = (weights["south"] * dt)[:-1], (weights["north"] * dt)[1:]
    for _ in range(count):
        check_cancelled(feedback)
        torch.mul(old, keep, out=new)
        new[1] += dt
        new[:, :, 1:].addcmul_(old[:, :, :-1], east)
        new[:, :, :-1].addcmul_(old[:, :, 1:], west)
        new[:, 1:].addcmul_(old[:, :-1], south)
        new[:, :-1].addcmul_(old[:, 1:], north)
        old, new = new, old
    return old[0].clone(), old[1].clone()
