"""What training minimises: the water table, and the failure mask that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from ..core.physics.stability import Strength, factor_of_safety
from .unet import Prediction

_SMALL = 1.0  # cells, keeps the Dice of near-empty masks finite


@dataclass(frozen=True)
class Target:
    """The engine's answer at the sampled cells: (scenarios, cells) tensors.

    Attributes:
        water_table, wetting_front: [m]; contact: bool; factor_of_safety: [-].
    """

    water_table: torch.Tensor
    wetting_front: torch.Tensor
    contact: torch.Tensor
    factor_of_safety: torch.Tensor


def state_of(
    prediction: Prediction, soil_depth: torch.Tensor, infiltration: torch.Tensor, deficit: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Water table [m], wetting front [m] and contact from what the head says; tensors of one shape.

    Apart, the band holds what infiltrated, z_w = min(F / dTheta, D - h); in contact it reaches the table.
    """
    table = prediction.water_table * soil_depth
    room = (soil_depth - table).clamp_min(0.0)
    front = torch.minimum(infiltration / deficit, room)
    contact = (prediction.contact > 0) | (front >= room - 1e-4)
    return table, torch.where(contact, room, front), contact


def critical_cohesion(
    share: torch.Tensor, slope: torch.Tensor, soil_depth: torch.Tensor, target: Target, ponded: torch.Tensor,
    strength: Strength, low: float, high: float,
) -> torch.Tensor:  # fmt: skip
    """Cohesion at which a wanted share of the cells fails, by bisection; (scenarios, 1) [kPa] within low..high."""
    lower, upper = torch.full_like(share, low), torch.full_like(share, high)
    for _ in range(9):
        middle = 0.5 * (lower + upper)
        tried = Strength(**{**vars(strength), "cohesion": middle})
        fs, _mode = factor_of_safety(
            torch, slope, soil_depth, target.water_table, target.wetting_front, ponded, target.contact, tried
        )
        too_many = (fs < 1.0).float().mean(dim=1, keepdim=True) > share
        lower, upper = torch.where(too_many, middle, lower), torch.where(too_many, upper, middle)
    return upper


def guided_loss(
    prediction: Prediction, factor: torch.Tensor, table_share: torch.Tensor, target: Target
) -> tuple[torch.Tensor, dict[str, float]]:
    """Loss of a batch and its parts.

    Args:
        prediction: the head's, (scenarios, cells).
        factor: FS from the predicted water [-].
        table_share: the engine's water table over the soil depth [-].
        target: the engine's answer.
    """
    failed = (target.factor_of_safety < 1.0).float()
    logit = (1.0 - factor) / prediction.spread
    water = (prediction.water_table - table_share).abs().mean()
    cross_entropy = functional.binary_cross_entropy_with_logits(logit.clamp(-30, 30), failed)
    probability = torch.sigmoid(logit)
    overlap = (probability * failed).sum(dim=1)
    dice = 1.0 - (2.0 * overlap + _SMALL) / (probability.sum(dim=1) + failed.sum(dim=1) + _SMALL)
    contact = functional.binary_cross_entropy_with_logits(prediction.contact, target.contact.float())
    loss = 2.0 * water + cross_entropy + 0.5 * dice.mean() + 0.1 * contact
    predicted, real = factor < 1.0, failed > 0
    union = (predicted | real).sum(dim=1).float()
    iou = ((predicted & real).sum(dim=1).float() / union.clamp_min(1.0))[failed.sum(dim=1) > 0]
    parts = {
        "loss": float(loss.detach()), "water": float(water.detach()), "bce": float(cross_entropy.detach()),
        "dice_loss": float(dice.mean().detach()), "contact": float(contact.detach()),
        "iou": float(iou.mean()) if iou.numel() else float("nan"),
    }  # fmt: skip
    return loss, parts
