"""What training minimises: the error of the water table; and what judges it, the failure mask that follows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from ..core.physics.stability import Strength, factor_of_safety
from ..variables import RESIDUAL_AIR
from .features import COARSE_AT, DEFICIT_FACTOR, DEPTH_UNIT, INPUTS
from .unet import Correction

_TOUCHING_M = 1e-4  # room between band and table that is none
#: A case whose guess is good counts as one that is off by this much [share of the depth]; below _KINK of what its guess
#: is off, errors count by their square.
_LEAST_ERROR, _KINK = 0.01, 0.1
_CELL_WEIGHT, _DOUBT_WEIGHT = 0.3, 0.1
_BLOCKS = (1, 2, 4, 8, 16)  # cells a side
_LEAST_SURPLUS_M = 1e-3  # of water; less is lost among the errors of the steps that follow
_SLOPE_AT, _DEPTH_AT, _FRONT_AT, _DEFICIT_AT, _PONDED_AT = (
    INPUTS.index(name) for name in ("slope", "soil_depth", "front_potential", "moisture_deficit", "ponded")
)


def state_with(
    table: torch.Tensor,
    soil_depth: torch.Tensor,
    infiltration: torch.Tensor,
    deficit: torch.Tensor,
    contact: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Wetting front [m] and contact that belong to a water table [m]; tensors of one shape.

    Apart, the band holds what infiltrated, z_w = min(F / dTheta, D - h); in contact it reaches the table. ``contact``
    tells where it is known that the two have met.
    """
    room = (soil_depth - table).clamp_min(0.0)
    front = torch.minimum(infiltration / deficit, room)
    met = front >= room - _TOUCHING_M
    met = met if contact is None else met | contact
    return torch.where(met, room, front), met


@dataclass(frozen=True)
class Soil:
    """What some cells are besides their water table, read from the network's inputs: (scenarios, cells) tensors.

    Attributes:
        slope [rad]; depth [m]; front: what infiltrated, over the deficit [m], at most 3 depths; deficit [-];
        ponded: bool.
    """

    slope: torch.Tensor
    depth: torch.Tensor
    front: torch.Tensor
    deficit: torch.Tensor
    ponded: torch.Tensor

    @classmethod
    def of(cls, inputs: torch.Tensor, cells: torch.Tensor) -> Soil:
        """Of the chosen places, (rows, cols) bool, of (scenarios, len(INPUTS), rows, cols)."""
        slope, depth, front, deficit, ponded = (
            inputs[:, at][:, cells].float() for at in (_SLOPE_AT, _DEPTH_AT, _FRONT_AT, _DEFICIT_AT, _PONDED_AT)
        )
        depth = depth * DEPTH_UNIT
        return cls(slope, depth, front * depth.clamp_min(0.05), deficit / DEFICIT_FACTOR, ponded > 0.5)

    def fails(self, share: torch.Tensor, strength: Strength) -> torch.Tensor:
        """Cells with a factor of safety below 1 at a water table over the soil depth; all (scenarios, cells)."""
        table = share * self.depth
        front, contact = state_with(table, self.depth, self.front, torch.ones_like(table))
        fs, _ = factor_of_safety(torch, self.slope, self.depth, table, front, self.ponded, contact, strength)
        return fs < 1.0


def critical_cohesion(
    share: torch.Tensor, soil: Soil, water: torch.Tensor, strength: Strength, low: float, high: float
) -> torch.Tensor:
    """Cohesion at which a wanted share of the cells fails, by bisection; (scenarios, 1) [kPa] within low..high.

    Args:
        share: wanted (scenarios, 1); soil, water: cells and their water table over the depth; strength: the rest.
    """
    lower, upper = torch.full_like(share, low), torch.full_like(share, high)
    for _ in range(9):
        middle = 0.5 * (lower + upper)
        fails = soil.fails(water, Strength(**{**vars(strength), "cohesion": middle}))
        too_many = fails.float().mean(dim=1, keepdim=True) > share
        lower, upper = torch.where(too_many, middle, lower), torch.where(too_many, upper, middle)
    return upper


def stored_water(inputs: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """Water in the soil [m] at a water table over the soil depth; inputs (n, len(INPUTS), ...), share (n, ...).

    Apart S = F + (dTheta + n_min) h; where band and table meet S = dTheta D + n_min h.
    """
    depth, deficit = inputs[:, _DEPTH_AT] * DEPTH_UNIT, inputs[:, _DEFICIT_AT] / DEFICIT_FACTOR
    front = inputs[:, _FRONT_AT]
    apart = deficit * front + (deficit + RESIDUAL_AIR) * share
    return torch.where(front + share >= 1.0, deficit + RESIDUAL_AIR * share, apart) * depth


def guided_loss(
    correction: Correction, inputs: torch.Tensor, real: torch.Tensor, counts: torch.Tensor
) -> tuple[torch.Tensor, dict[str, float]]:
    """Loss of a batch and its parts: error of the water on several scales, and how well the network foretells it.

    What is wrong from cell to cell the water balance mends within hours; a surplus that stretches over many cells it
    carries to the end. So the error of the stored water counts as means over blocks of :data:`_BLOCKS` cells a side.
    Each case counts by what its guess is off, so that those with little water teach as much as those with much. The
    doubt is the scale of a Laplace distribution; its likelihood does not pull at the table.

    Args:
        correction: the network's; inputs: what it read (n, len(INPUTS), rows, cols); real: the engine's water table
            over the soil depth; counts: which cells do, bool; (n, rows, cols) each.
    """
    weight, guess, predicted = counts.float(), inputs[:, COARSE_AT].float(), correction.water_table
    wrong, off = predicted - real, guess - real
    water = _relative(wrong, off, weight, _LEAST_ERROR)
    stored = stored_water(inputs, real)
    surplus, its_guess = stored_water(inputs, predicted) - stored, stored_water(inputs, guess) - stored
    blocks = torch.stack([_relative(*_means((surplus, its_guess), weight, n), _LEAST_SURPLUS_M) for n in _BLOCKS])
    doubt = _mean_of_cases(wrong.detach().abs() / correction.doubt + correction.doubt.log(), weight)
    loss = _CELL_WEIGHT * water + blocks.sum() / 3.0 + _DOUBT_WEIGHT * doubt
    parts = {
        "loss": loss, "water": _mean_of_cases(wrong.abs(), weight), "guess_water": _mean_of_cases(off.abs(), weight),
        "surplus": blocks.mean(), "doubt": doubt,
    }  # fmt: skip
    return loss, {k: float(v.detach()) for k, v in parts.items()}


def _means(errors: tuple[torch.Tensor, ...], weight: torch.Tensor, size: int) -> tuple[torch.Tensor, ...]:
    """Weighted sums over blocks of ``size`` x ``size`` cells, over their area, and the share of it that counts."""
    pooled = [functional.avg_pool2d((e * weight)[:, None], size)[:, 0] for e in errors]
    return *pooled, functional.avg_pool2d(weight[:, None], size)[:, 0]


def _relative(wrong: torch.Tensor, off: torch.Tensor, weight: torch.Tensor, least: float) -> torch.Tensor:
    """Mean error over the root mean square of the guess's, smooth near 0; (n, rows, cols) each."""
    share = weight.sum((1, 2)).clamp_min(1e-3)
    scale = ((off.square() * (weight > 0)).sum((1, 2)) / share).sqrt() + least
    relative = wrong / scale[:, None, None]
    return _mean_of_cases((relative.square() + _KINK**2).sqrt(), weight)


def _mean_of_cases(values: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted mean over each case's cells, then over the cases: the same however processes share these."""
    return ((values * weight).sum((1, 2)) / weight.sum((1, 2)).clamp_min(1e-3)).mean()


def mask_scores(predicted: torch.Tensor, real: torch.Tensor) -> tuple[float, float]:
    """Mean IoU and Dice of masks, (scenarios, cells) bool, over the scenarios with failures; NaN without any."""
    some = real.any(dim=1)
    hit = (predicted & real).sum(dim=1).float()[some]
    both, union = ((predicted.sum(dim=1) + real.sum(dim=1)).float()[some], (predicted | real).sum(dim=1).float()[some])
    if not hit.numel():
        return float("nan"), float("nan")
    return float((hit / union.clamp_min(1.0)).mean()), float((2.0 * hit / both.clamp_min(1.0)).mean())
