"""What infiltrates on the way through the rain, at any moment: the exact amounts at both ends, a power between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch

from ..core.physics.infiltration import ponded_growth, ponding_amount
from ..core.physics.water import WaterState

_MET_AT = 0.25  # share of the time since ponding at which the infiltration's growth is met as well as at the end
_SLOPES = 257  # at which it is worked out where the soil is one


@dataclass
class Supply:
    """Infiltration since the rain began: the rain until ponding, then a falling rate to the exact total.

    Once ponded it grows by a power of time between 1/2 and 1, each cell's own, that meets Green and Ampt's growth
    early on as well as at the end.

    Attributes:
        total: at the end of the rain [m]; start: when ponding begins [s]; at_start: infiltration then [m].
        rate: before that [m/s]; power: of time, after it [-]; tensors of one shape.
        seconds: duration; ponds: whether any cell does.
    """

    total: torch.Tensor
    start: torch.Tensor
    at_start: torch.Tensor
    rate: torch.Tensor
    power: torch.Tensor
    seconds: float
    ponds: bool

    @classmethod
    def of(cls, state: WaterState, slope: torch.Tensor, values: dict[str, torch.Tensor], seconds: float) -> Supply:
        """Of a scenario at some cells.

        Args:
            state: the column's at the end of the rain; slope: (cells,) [rad].
            values: ``conductivity``, ``rainfall`` [mm/h], ``suction_head``, ``moisture_deficit``: one number or
                (cells,); seconds: duration.
        """
        total = torch.as_tensor(state.infiltration, dtype=torch.float32, device=slope.device)
        rain = values["rainfall"].double() * 1e-3 / 3600.0
        cos_slope = torch.cos(slope.double())
        soil = tuple(
            values[name].double().cpu().numpy() for name in ("conductivity", "suction_head", "moisture_deficit")
        )
        at_start = ponding_amount(cos_slope.cpu().numpy(), rain.cpu().numpy(), *soil)
        at_start = torch.as_tensor(at_start, device=slope.device) / cos_slope
        never = torch.full_like(cos_slope, seconds)
        start = torch.where(rain > 0, at_start / rain.clamp_min(1e-12), never).clamp_max(seconds)
        ponds = bool((start < seconds).any())
        rate, power = rain.float().expand(total.shape), torch.ones_like(total)
        if ponds:
            power = torch.from_numpy(_powers(cos_slope.cpu().numpy(), rain.cpu().numpy(), soil, seconds))
        at_start = at_start.clamp_max(1e3).float()
        return cls(total, start.float(), at_start, rate, power.float().to(slope.device), seconds, ponds)

    def mapped(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Supply:
        """The same with each of its tensors changed (put on a map, averaged over wider cells)."""
        if not self.ponds:  # a constant rate needs no more
            rate = change(self.rate)
            return Supply(rate, rate, rate, rate, rate, self.seconds, ponds=False)
        parts = (change(x) for x in (self.total, self.start, self.at_start, self.rate, self.power))
        return Supply(*parts, self.seconds, self.ponds)

    def until(self, time: float) -> torch.Tensor:
        """Infiltration up to a time [m]."""
        if not self.ponds:
            return self.rate * time
        part = ((time - self.start) / (self.seconds - self.start).clamp_min(1.0)).clamp(0.0, 1.0)
        after = self.at_start + (self.total - self.at_start) * part**self.power
        return torch.where((self.start < self.seconds - 1.0) & (time > self.start), after,
                           torch.minimum(self.rate * time, self.total))  # fmt: skip


def _powers(cos_slope: np.ndarray, rain: np.ndarray, soil: tuple[np.ndarray, ...], seconds: float) -> np.ndarray:
    """Power of time by which each cell's infiltration grows once ponded (cells,); 1 where it does not pond.

    Args:
        cos_slope: (cells,); rain: [m/s]; soil: conductivity [m/s], suction head [m], deficit: one number or (cells,).
    """
    if all(x.size == 1 for x in (rain, *soil)) and cos_slope.size > _SLOPES:
        some = np.linspace(cos_slope.min(), cos_slope.max(), _SLOPES)
        return np.interp(cos_slope, some, _powers(some, rain, soil, seconds))
    conductivity, suction, deficit = soil
    at_start = np.broadcast_to(ponding_amount(cos_slope, rain, *soil), cos_slope.shape)
    ponds = at_start < rain * cos_slope * seconds
    first = np.where(ponds, at_start, 0.0)
    capacity = conductivity * cos_slope * (seconds - first / np.maximum(rain * cos_slope, 1e-12))
    suction_term = suction * deficit / cos_slope
    early, whole = (ponded_growth(first, suction_term, share * capacity) - first for share in (_MET_AT, 1.0))
    grown = np.clip(early / np.maximum(whole, 1e-12), _MET_AT, np.sqrt(_MET_AT))
    return np.where(ponds & (whole > 1e-9), np.log(grown) / np.log(_MET_AT), 1.0)
