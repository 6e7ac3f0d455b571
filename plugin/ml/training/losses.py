"""Training losses: error of the water table, weighted where it decides on the mask; and that of the paper's masks."""

from __future__ import annotations

from typing import Sequence

import numpy as np
import torch
from torch.nn import functional

from ..device import to_device
from ..network import Correction
from .distributed import sum_over_processes
from .sampling import Example

#: Error of a guess [share of the soil depth] that is added to the scale of a case's errors.
_LEAST_ERROR = 0.001
_SMOOTH = 0.05  # below this share of the scale errors count by their square
_BLOCKS = (4, 16)  # cells a side, of means whose errors count half each
_OUT_OF_BOUNDS_WEIGHT = 0.1  # share that a table beyond its bounds counts, so that training still pulls at it
#: Weight of cells whose factor of safety is 1 at a drawn strength, and the distance in FS at which it has fallen.
_NEAR_WEIGHT, _NEAR_FS = 5.0, 0.08
#: The same of cells where rain ponds and the water table is about to meet the wetting front or just has: the pressure
#: at the bedrock depends on it; the distance is a share of the soil depth.
_MEETING_WEIGHT, _MEETING_DISTANCE = 5.0, 0.05
#: Relative weight of cells that are saturated in guess and engine: their guess is kept, see :mod:`..channels`.
_SATURATED_WEIGHT, _SATURATED = 0.1, 1.0 - 1e-4
_LEAST_SHARE, _MOST_SHARE = 0.003, 0.4  # of cells that fail at the drawn strength
_ERROR_WEIGHT, _LEAST_SCALE = 0.05, 1e-4
_FEW_CELLS = 1.0  # keep the Dice of near-empty masks finite


def correction_loss(
    correction: Correction, example: Example, rngs: Sequence[np.random.Generator]
) -> tuple[torch.Tensor, dict[str, float]]:
    """Loss of corrections: the mean of the cases' losses, so that processes may share a batch.

    Each case counts relative to what its guess is off. Cells count more the nearer they are to failure: FS is
    proportional to strength, so that each case has a factor of strength at which a drawn share of its cells fails. The
    expected error is the scale of a Laplace distribution; its likelihood does not pull at the table.

    Args:
        correction: of the network, where the loss is computed; example: what it read, and the engine's water, on the
            processor; rngs: draw the cases' shares.

    Returns:
        loss (a scalar tensor); as numbers it and the mean errors of corrected table and guess [share of the depth].
    """
    maps = example.guess, example.engine, example.valid, _weight(example, rngs)
    guess, engine, valid, weight = (to_device(x, correction.change.device) for x in maps)
    raw = guess + correction.change
    table = raw.clamp(0.0, 1.0)
    table = table + _OUT_OF_BOUNDS_WEIGHT * (raw - table)
    error, off = table - engine, guess - engine
    scale = (_mean(off.abs(), valid) + _LEAST_ERROR)[:, None, None]
    loss = _relative(error, weight, scale)
    for size in _BLOCKS:
        share = functional.avg_pool2d(valid[:, None], size)[:, 0]
        loss = loss + 0.5 * _relative(functional.avg_pool2d((error * valid)[:, None], size)[:, 0], share, scale)
    spread = correction.error + _LEAST_SCALE
    likelihood = _mean(error.detach().abs() / spread + spread.log(), valid).mean()
    loss = loss + _ERROR_WEIGHT * likelihood
    errors = {"error": _mean(error.abs(), valid).mean(), "guess_error": _mean(off.abs(), valid).mean()}
    return loss, _numbers(loss=loss, **errors)


def _numbers(**values: torch.Tensor) -> dict[str, float]:
    """Scalars of a device as numbers, copied at once."""
    return dict(zip(values, torch.stack([x.detach() for x in values.values()]).tolist()))


def _weight(example: Example, rngs: Sequence[np.random.Generator]) -> torch.Tensor:
    """Weight of each cell, (batch, rows, cols)."""
    weight = 1.0 + _NEAR_WEIGHT * torch.exp(-_distance_to_failure(example, rngs) / _NEAR_FS)
    weight += _MEETING_WEIGHT * torch.exp(-(example.engine - example.meeting).abs() / _MEETING_DISTANCE)
    kept = torch.minimum(example.guess, example.engine) >= _SATURATED
    return example.valid * torch.where(kept, _SATURATED_WEIGHT * weight, weight)


def _distance_to_failure(example: Example, rngs: Sequence[np.random.Generator]) -> torch.Tensor:
    """|FS - 1| at a strength at which a drawn share of the cells fails; (batch, rows, cols)."""
    distance = torch.full_like(example.fs, 1e3)
    for number, (fs, valid, rng) in enumerate(zip(example.fs, example.valid, rngs)):
        known = fs[valid > 0]
        if len(known):
            share = float(np.exp(rng.uniform(np.log(_LEAST_SHARE), np.log(_MOST_SHARE))))
            limit = torch.quantile(known[:: max(1, len(known) // 4000)], share).clamp_min(1e-3)
            distance[number] = (fs / limit - 1.0).abs()
    return distance


def _relative(error: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Weighted mean of errors over a scale, smooth near 0; the mean over the cases."""
    relative = ((error / scale).square() + _SMOOTH**2).sqrt() - _SMOOTH
    return ((relative * weight).sum((1, 2)) / weight.sum((1, 2)).clamp_min(1e-3)).mean()


def _mean(x: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Mean over the valid cells of each case, (batch,)."""
    return (x * valid).sum((1, 2)) / valid.sum((1, 2)).clamp_min(1.0)


def mask_loss(
    logits: torch.Tensor, failed: torch.Tensor, valid: torch.Tensor, *, shared: bool = True
) -> tuple[torch.Tensor, dict[str, float]]:
    """Binary cross-entropy and Dice loss over the valid cells of the whole batch.

    Args:
        logits, failed, valid: (n, rows, cols); shared: the batch is all processes' parts of it.

    Returns:
        loss (a scalar tensor); as numbers it and its parts.
    """
    weight = valid.float()
    cross = functional.binary_cross_entropy_with_logits(logits, failed, weight, reduction="sum")
    probability = torch.sigmoid(logits) * weight
    sums = torch.stack([cross, weight.sum(), (probability * failed).sum(), probability.sum(), failed.sum()])
    cross, cells, overlap, predicted, real = (sum_over_processes(sums) if shared else sums).unbind()
    cross = cross / cells.clamp_min(1.0)
    dice = 1.0 - (2.0 * overlap + _FEW_CELLS) / (predicted + real + _FEW_CELLS)
    loss = cross + dice
    return loss, _numbers(loss=loss, bce=cross, dice_loss=dice)
