"""Explicit steps of the water balance on one grid, in torch: the regimes and the limiter of the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..core.feedback import Feedback, check_cancelled
from ..variables import RESIDUAL_AIR
from .supply import Supply
from .water_grids import TINY, WaterGrid

_LOOK_EVERY = 6  # steps between looks at how long a step may be
_NEARLY_FULL = 0.1  # of the soil depth: unsaturated soil below which contact may come within those steps
_DRY = 1e-9  # m; thinner tables are none, and denormal numbers would cost a hundred times the time


@dataclass(frozen=True)
class Effort:
    """How many steps the guess may take.

    Attributes:
        most: on each grid, the raster's own first; the coarsest takes what remains.
        usual: the same, where steps of the greatest length would do with fewer: shorter ones are then taken.
        fewest: over the rain.
        longest: of any step [s]: what rain adds meanwhile must not fill the soil at once.
    """

    most: tuple[int, ...]
    usual: tuple[int, ...]
    fewest: int
    longest: float


@dataclass
class Soil:
    """What a scenario needs on one grid, maps: conductivity [m/s], deficit, initial table over the depth, supply."""

    conductivity: torch.Tensor
    deficit: torch.Tensor
    ratio: torch.Tensor
    supply: Supply

    def restricted(self, grid: WaterGrid, finer: WaterGrid) -> Soil:
        """The same on the next wider grid."""

        def on(x: torch.Tensor) -> torch.Tensor:
            return grid.restrict(x, finer.share)

        return Soil(
            on(self.conductivity), on(self.deficit).clamp_min(1e-3), on(self.ratio), self.supply.mapped(on)
        )  # fmt: skip


@dataclass
class Water:
    """State on one grid: water table and water in the wetted band [m], contact."""

    table: torch.Tensor
    band: torch.Tensor
    contact: torch.Tensor


@dataclass(frozen=True)
class Stage:
    """The time on one grid [s] and its longest step with the least storage [s]."""

    seconds: float
    longest: float


def advance(
    water: Water, grid: WaterGrid, soil: Soil, began: float, stage: Stage, seconds: float, effort: Effort,
    feedback: Feedback,
) -> Water:  # fmt: skip
    """Step through one grid's part of the rain.

    Args:
        water: at its beginning, ``began`` seconds after the rain's; seconds: that the whole rain lasts.
    """
    east, south = grid.east.clone(), grid.south.clone()
    east[:, :-1] *= 0.5 * (soil.conductivity[:, :-1] + soil.conductivity[:, 1:])
    south[:-1] *= 0.5 * (soil.conductivity[:-1] + soil.conductivity[1:])
    border = grid.border * soil.conductivity
    full_yield = soil.deficit + RESIDUAL_AIR
    coarsest_in_time = min(seconds / effort.fewest, effort.longest)
    valid = grid.share > 0
    least_yield = float(full_yield[valid].min())
    now, end, dt = began, began + stage.seconds, 0.0
    total, number = soil.supply.until(now), 0
    while now < end - 1e-6 * seconds:
        check_cancelled(feedback)
        if number % _LOOK_EVERY == 0:
            room = (grid.depth - water.table - water.band / soil.deficit) < _NEARLY_FULL * grid.depth
            tight = bool(((water.contact | room) & valid).any())
            longest = min(stage.longest * (1.0 if tight else least_yield / RESIDUAL_AIR), coarsest_in_time)
            dt = (end - now) / np.ceil((end - now) / longest - 1e-6)
        now, number = min(now + dt, end), number + 1
        until = soil.supply.until(now)
        offered, total = until - total, until
        storage = torch.where(water.contact, RESIDUAL_AIR, full_yield)
        available = storage.mul_(water.table).mul_(grid.share)
        net = net_flow(grid, water.table, east * dt, south * dt, border * dt, available)
        net /= grid.share.clamp_min(TINY)
        water = _balance(water, offered, net, grid.depth, soil.deficit, full_yield)
    return water


def net_flow(
    grid: WaterGrid, h: torch.Tensor, east: torch.Tensor, south: torch.Tensor, border: torch.Tensor,
    available: torch.Tensor,
) -> torch.Tensor:  # fmt: skip
    """Net lateral supply of a step [m of the whole cell], the outflow scaled so that the table stays >= 0."""
    drop = grid.drop_east[:, :-1] + h[:, :-1] - h[:, 1:]
    forward = drop > 0
    across = _at_face(forward, h[:, :-1], h[:, 1:], grid.downstream).mul_(drop).mul_(east[:, :-1])
    drop = grid.drop_south[:-1] + h[:-1] - h[1:]
    downward = drop > 0
    down = _at_face(downward, h[:-1], h[1:], grid.downstream).mul_(drop).mul_(south[:-1])
    lost = border.mul_(h)
    out = lost.clone()
    out[:, :-1] += across.clamp_min(0.0)
    out[:, 1:] -= across.clamp_max(0.0)
    out[:-1] += down.clamp_min(0.0)
    out[1:] -= down.clamp_max(0.0)
    scale = available.div_(out.clamp_min_(1e-12)).clamp_max_(1.0)
    across *= torch.where(forward, scale[:, :-1], scale[:, 1:])
    down *= torch.where(downward, scale[:-1], scale[1:])
    net = lost.mul_(scale).neg_()
    net[:, :-1] -= across
    net[:, 1:] += across
    net[:-1] -= down
    net[1:] += down
    return net


def _at_face(onward: torch.Tensor, before: torch.Tensor, behind: torch.Tensor, downstream: float) -> torch.Tensor:
    """Water table at the faces between neighbours [m]: the upstream one's, with a share of the downstream one's."""
    upstream = torch.where(onward, before, behind)
    if downstream == 0.0:
        return upstream
    return upstream.mul_(1.0 - 2.0 * downstream).add_(before + behind, alpha=downstream)


def _balance(
    water: Water, offered: torch.Tensor, net: torch.Tensor, depth: torch.Tensor, deficit: torch.Tensor,
    full_yield: torch.Tensor,
) -> Water:  # fmt: skip
    """The state after a step; see :func:`slopecast.plugin.core.physics.groundwater.balance_cells`."""
    h, band, contact = water.table, water.band, water.contact
    gap = depth - h - band / deficit
    rising = net / full_yield
    closing = rising + offered / deficit
    closes = ~contact & (closing >= gap)
    share = torch.where(closes, gap.div_(closing.clamp_min_(1e-12)).clamp_(0.0, 1.0), (~contact).to(h.dtype))
    h = torch.addcmul(h, share, rising)
    band = torch.addcmul(band, share, offered)
    contact = contact | closes
    rest = (offered + net).mul_((1.0 - share).div_(RESIDUAL_AIR))
    h = torch.minimum(torch.threshold_(h + rest * contact, _DRY, 0.0), depth)
    return Water(h, torch.where(contact, deficit * (depth - h), band), contact)
