"""A few coarse steps of the engine's water balance, in torch: the network's first guess of the water table.

The same finite volumes, limiter and regimes as :mod:`slopecast.plugin.core.physics.groundwater`, in at most
``MOST_STEPS`` equal steps whatever the stable step is. Where water moves less than a cell in a step the
guess is as good as the engine; where it moves further the network leans on the kinematic response.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch

from ..core.physics.column import ColumnState
from ..core.physics.infiltration import ponding_amount
from ..core.terrain import Terrain
from ..variables import RESIDUAL_AIR

MOST_STEPS, FEWEST_STEPS = 48, 12
_COURANT = 0.25  # of a step, where fewer steps than the most are enough
_STEEPEST = 0.5  # sin b cos b never exceeds it
_FALLING_RATE = 0.85  # exponent of the infiltration's growth once ponded, between sqrt(t) and t


@dataclass(frozen=True)
class Faces:
    """What lateral flow needs of the terrain, for a conductivity of 1; (rows, cols) float32, 0 where a cell is missing.

    Attributes:
        drop_east, drop_south: bedrock above the next column's or row's [m].
        east, south: mean cos^2 b over the squared cell size [1/m2].
        border: cos^2 b times the downslope gradient over the cell size, over open faces [1/m].
    """

    drop_east: torch.Tensor
    drop_south: torch.Tensor
    east: torch.Tensor
    south: torch.Tensor
    border: torch.Tensor

    @classmethod
    def of(cls, terrain: Terrain, device: torch.device | str) -> Faces:
        """Take them from the engine's own coefficients."""
        from ..core.physics.groundwater import conductances

        c = conductances(terrain, terrain.valid, 1.0, "open")
        drop_east, drop_south = np.zeros_like(c.bedrock), np.zeros_like(c.bedrock)
        drop_east[:, :-1], drop_south[:-1] = c.bedrock[:, :-1] - c.bedrock[:, 1:], c.bedrock[:-1] - c.bedrock[1:]
        drops = np.where(c.east > 0, drop_east, 0.0), np.where(c.south > 0, drop_south, 0.0)
        arrays = (*drops, c.east, c.south, c.border)
        return cls(*(torch.from_numpy(a.astype(np.float32)).to(device) for a in arrays))


@dataclass(frozen=True)
class CoarseWater:
    """The guess at the valid cells, (cells,) tensors.

    Attributes:
        water_table: [m]; contact: bool.
        courant: cells that water crosses in a step where it is fastest [-].
    """

    water_table: torch.Tensor
    contact: torch.Tensor
    courant: torch.Tensor


def coarse_water(
    faces: Faces,
    cells: torch.Tensor,
    depth: torch.Tensor,
    slope: torch.Tensor,
    state: ColumnState,
    values: dict[str, torch.Tensor],
    seconds: float,
    cell_size: float,
) -> CoarseWater:
    """Step the water of a scenario through its rain.

    Args:
        faces: of the terrain; cells: flat index of the valid cells.
        depth, slope: (cells,) [m], [rad].
        state: the column's at the end of the rain, for the infiltration.
        values: ``conductivity``, ``lateral_anisotropy``, ``rainfall`` [mm/h], ``water_table_ratio``,
            ``moisture_deficit``, ``suction_head``: tensors, of one element or (cells,).
        seconds: duration; cell_size: [m].
    """
    shape, device = faces.east.shape, depth.device

    def on_map(x: torch.Tensor) -> torch.Tensor:
        full = torch.zeros(shape, dtype=torch.float32, device=device)
        full.view(-1)[cells] = x.float().expand(depth.shape)
        return full

    lateral = (values["conductivity"] * values["lateral_anisotropy"]).expand(depth.shape)
    fastest = float(lateral.max()) * seconds / (RESIDUAL_AIR * cell_size) * _STEEPEST
    steps = int(min(max(np.ceil(fastest / _COURANT), FEWEST_STEPS), MOST_STEPS))
    dt = seconds / steps
    supply = _supply(state, slope, values, seconds, steps)
    k, d = on_map(lateral), on_map(depth)
    deficit = on_map(values["moisture_deficit"]).clamp_min(1e-3)
    full_yield = deficit + RESIDUAL_AIR
    east, south = faces.east.clone(), faces.south.clone()
    east[:, :-1] *= 0.5 * dt * (k[:, :-1] + k[:, 1:])
    south[:-1] *= 0.5 * dt * (k[:-1] + k[1:])
    border = faces.border * k * dt
    h, band = on_map(values["water_table_ratio"]) * d, torch.zeros(shape, device=device)
    contact = torch.zeros(shape, dtype=torch.bool, device=device)
    for number in range(steps):
        storage = torch.where(contact, torch.full_like(h, RESIDUAL_AIR), full_yield)
        net = _net_flow(faces, h, east, south, border, storage * h)
        h, band, contact = _balance(h, band, contact, on_map(supply(number)), net, d, deficit, full_yield)
    crossed = lateral * dt * _STEEPEST / cell_size
    in_contact = contact.view(-1)[cells]
    yields = torch.where(in_contact, torch.full_like(depth, RESIDUAL_AIR), values["moisture_deficit"] + RESIDUAL_AIR)
    return CoarseWater(h.view(-1)[cells], in_contact, crossed / yields)


def _supply(
    state: ColumnState, slope: torch.Tensor, values: dict[str, torch.Tensor], seconds: float, steps: int
) -> Callable[[int], torch.Tensor]:
    """Infiltration offered in each step [m]: the rain until ponding, then a falling rate to the exact total."""
    total = torch.as_tensor(state.infiltration, dtype=torch.float32, device=slope.device)
    rain = values["rainfall"].double() * 1e-3 / 3600.0
    cos_slope = torch.cos(slope.double())
    at_ponding = ponding_amount(
        cos_slope.cpu().numpy(),
        *(
            x.double().cpu().numpy()
            for x in (rain, values["conductivity"], values["suction_head"], values["moisture_deficit"])
        ),
    )
    at_ponding = torch.as_tensor(at_ponding, device=slope.device) / cos_slope
    start = torch.where(rain > 0, at_ponding / rain.clamp_min(1e-12), torch.full_like(cos_slope, np.inf)).clamp_max(
        seconds
    )
    start, at_ponding, rate = start.float(), at_ponding.float(), rain.float()
    ponds = start < seconds

    def until(time: float) -> torch.Tensor:
        share = ((time - start) / (seconds - start).clamp_min(1.0)).clamp(0.0, 1.0)
        after = at_ponding + (total - at_ponding) * share**_FALLING_RATE
        return torch.where(ponds & (time > start), after, torch.minimum(rate * time, total))

    return lambda number: until(seconds * (number + 1) / steps) - until(seconds * number / steps)


def _net_flow(
    faces: Faces,
    h: torch.Tensor,
    east: torch.Tensor,
    south: torch.Tensor,
    border: torch.Tensor,
    available: torch.Tensor,
) -> torch.Tensor:
    """Net lateral supply of a step [m], the outflow scaled so that the table stays >= 0."""
    drop = faces.drop_east[:, :-1] + h[:, :-1] - h[:, 1:]
    across = east[:, :-1] * drop * torch.where(drop > 0, h[:, :-1], h[:, 1:])
    drop = faces.drop_south[:-1] + h[:-1] - h[1:]
    down = south[:-1] * drop * torch.where(drop > 0, h[:-1], h[1:])
    lost = border * h
    out = lost.clone()
    out[:, :-1] += across.clamp_min(0.0)
    out[:, 1:] -= across.clamp_max(0.0)
    out[:-1] += down.clamp_min(0.0)
    out[1:] -= down.clamp_max(0.0)
    scale = (available / out.clamp_min(1e-12)).clamp_max(1.0)
    across = across * torch.where(across > 0, scale[:, :-1], scale[:, 1:])
    down = down * torch.where(down > 0, scale[:-1], scale[1:])
    net = -lost * scale
    net[:, :-1] -= across
    net[:, 1:] += across
    net[:-1] -= down
    net[1:] += down
    return net


def _balance(
    h: torch.Tensor,
    band: torch.Tensor,
    contact: torch.Tensor,
    offered: torch.Tensor,
    net: torch.Tensor,
    depth: torch.Tensor,
    deficit: torch.Tensor,
    full_yield: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Table, band and contact after a step; see :func:`slopecast.plugin.core.physics.groundwater.balance_cells`."""
    gap = depth - h - band / deficit
    closing = net / full_yield + offered / deficit
    closes = ~contact & (closing >= gap)
    share = torch.where(closes, (gap / closing.clamp_min(1e-12)).clamp(0.0, 1.0), torch.ones_like(h))
    share = torch.where(contact, torch.zeros_like(h), share)
    h = h + share * net / full_yield
    band = band + share * offered
    contact = contact | closes
    h = torch.where(contact, h + (1.0 - share) * (offered + net) / RESIDUAL_AIR, h)
    h = torch.minimum(h.clamp_min(0.0), depth)
    return h, torch.where(contact, deficit * (depth - h), band), contact
