"""The guided network: a U-Net that corrects the first guess of where the water is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Callable, Literal

import torch
from torch import nn
from torch.nn import functional

from .coarse import CoarseWater
from .features import COARSE_AT, COARSE_CONTACT_AT, INPUTS, PAST_AT, REACH_AT

#: Where corrections are open: from this share of the rain on wider cells on, and where water since then crosses less
#: than some cells (it forgets where it came from). Elsewhere the guess is nearly exact; chosen on validation terrain.
_PAST_LIMIT, _REACH_LIMIT = 0.15, 6.0
#: Corrections count by what they exceed this share of the soil depth: smaller ones are noise, which costs more cells
#: next to FS = 1 than it mends; chosen on validation terrain.
_NOISE = 0.01
#: Width of the probability's transition in FS where the guess is nearly exact, and what is added at least where
#: corrections open; both chosen on validation terrain. Below the third number of openness they close gradually.
_LEAST_SPREAD, _OPEN_SPREAD, _CLOSING = 0.0002, 0.0018, 0.05
_DRAFT_SPREAD = 0.05


@dataclass(frozen=True)
class Architecture:
    """Shape of a guided network.

    Attributes:
        encoder: ``unet``, or ``pointwise`` for the baseline that sees no neighbour (the same inputs).
        width: channels of the first level; levels: number of poolings.
    """

    encoder: Literal["unet", "pointwise"] = "unet"
    width: int = 16
    levels: int = 3
    dropout: float = 0.0

    @property
    def multiple(self) -> int:
        """Sides of the input are multiples of this."""
        return 2**self.levels if self.encoder == "unet" else 1

    @property
    def reach(self) -> int:
        """Cells that a prediction depends on in every direction (half the receptive field)."""
        if self.encoder != "unet":
            return 0
        # two 3 x 3 convolutions per level on the way down, two on the way up, and the pooling windows
        return sum(2 * 2**level for level in range(self.levels + 1)) + sum(3 * 2**level for level in range(self.levels))

    def describe(self) -> dict[str, Any]:
        """As plain values, for the weights' metadata."""
        return asdict(self)


class UNet(nn.Module):
    """U-Net with 3 x 3 convolutions and nearest-neighbour upsampling.

    Args:
        channels, outputs: of input and output; width: of the first level; levels: number of poolings.
        normalise: batch normalisation. It blurs inputs that are one number over the map, such as a duration: the
            few maps of a batch are no measure of their spread.

    Source: Ronneberger, Fischer & Brox (2015), MICCAI, LNCS 9351, 234-241.
    """

    def __init__(
        self, channels: int, outputs: int, width: int = 16, levels: int = 4, dropout: float = 0.0, *,
        normalise: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        sizes = [width * 2**i for i in range(levels + 1)]
        self.down = nn.ModuleList(
            _block(channels if i == 0 else sizes[i - 1], sizes[i], dropout, 3, normalise) for i in range(levels + 1)
        )
        self.up = nn.ModuleList(
            _block(sizes[i + 1] + sizes[i], sizes[i], dropout, 3, normalise) for i in reversed(range(levels))
        )
        self.out = nn.Conv2d(width, outputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (n, channels, rows, cols) to (n, outputs, rows, cols); sides are multiples of 2**levels."""
        kept = []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else functional.max_pool2d(x, 2))
            kept.append(x)
        kept.pop()
        for block in self.up:
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = block(torch.cat([x, kept.pop()], dim=1))
        return self.out(x)


def _block(inputs: int, outputs: int, dropout: float, size: int, normalise: bool) -> nn.Sequential:
    """Two convolutions of ``size`` x ``size`` cells."""
    layers: list[nn.Module] = []
    for i, o in ((inputs, outputs), (outputs, outputs)):
        convolution = nn.Conv2d(i, o, size, padding=size // 2, bias=not normalise)
        if not normalise:  # nothing rescales what follows: keep its variance from layer to layer
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)
        layers += [convolution, *([nn.BatchNorm2d(o)] if normalise else []), nn.ReLU(inplace=True)]
    if dropout > 0:
        layers.append(nn.Dropout2d(dropout))
    return nn.Sequential(*layers)


@dataclass
class Prediction:
    """What the network says of each cell.

    Attributes:
        water_table: share of the soil depth, 0 to 1 (straight-through beyond); contact: logit; spread: width of the
            probability's transition in FS [-], positive.
    """

    water_table: torch.Tensor
    contact: torch.Tensor
    spread: torch.Tensor

    def map(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Prediction:
        """The same with each tensor changed (picked, turned, moved)."""
        return Prediction(change(self.water_table), change(self.contact), change(self.spread))


class GuidedNetwork(nn.Module):
    """Corrects the first guess of the water table and says how sure it is.

    A U-Net looks around each cell; a pointwise head reads what it saw beside the cell's own inputs. Infiltration and
    stability stay outside, exact.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        a = self.architecture = architecture or Architecture()
        channels, hidden = len(INPUTS), 4 * a.width
        self.context: UNet | None = None
        if a.encoder == "unet":
            self.context = UNet(channels, a.width, a.width, a.levels, a.dropout, normalise=False)
            channels += a.width
        last = nn.Conv2d(hidden, 3, 1)
        blocks = (_block(i, hidden, a.dropout, 1, normalise=False) for i in (channels, hidden))
        self.head = nn.Sequential(*blocks, last)
        nn.init.zeros_(last.weight)
        with torch.no_grad():  # begins as the guess: no change, spread 0.05
            last.bias.copy_(torch.tensor([0.0, 0.0, -3.0]))

    def said(self, inputs: torch.Tensor) -> torch.Tensor:
        """What the network says before it meets the guess: change, contact, spread (n, 3, rows, cols)."""
        seen = inputs if self.context is None else torch.cat([inputs, self.context(inputs)], dim=1)
        return self.head(seen)

    def forward(self, inputs: torch.Tensor) -> Prediction:
        """Map (n, len(INPUTS), rows, cols), sides multiples of ``architecture.multiple``, to (n, rows, cols) each."""
        change, contact, spread = self.said(inputs).float().unbind(1)
        opened = _openness(inputs[:, PAST_AT].float(), torch.expm1(inputs[:, REACH_AT].float()))
        if not self.training:
            change = functional.softshrink(change, _NOISE)
        raw = inputs[:, COARSE_AT].float() + opened * change
        bounded = raw.clamp(0.0, 1.0)
        table = raw + (bounded - raw).detach() if self.training else bounded
        touched = 8.0 * (inputs[:, COARSE_CONTACT_AT].float() - 0.5) + opened * contact
        return Prediction(table, touched, _width(functional.softplus(spread), opened))


def guess(water_table: torch.Tensor, coarse: CoarseWater) -> Prediction:
    """The first guess as it is, for drafts; water_table: share of the soil depth (cells,)."""
    opened = _openness(torch.full_like(water_table, coarse.past), coarse.reach)
    spread = _width(torch.full_like(opened, _DRAFT_SPREAD), opened)
    return Prediction(water_table, 8.0 * (coarse.contact.float() - 0.5), spread)


def _openness(past: torch.Tensor, reach: torch.Tensor) -> torch.Tensor:
    """How far corrections are let through, 0 to 1."""
    return (past / _PAST_LIMIT).clamp(0.0, 1.0) / (1.0 + (reach / _REACH_LIMIT) ** 4)


def _width(spread: torch.Tensor, opened: torch.Tensor) -> torch.Tensor:
    """Width of the probability's transition from what the network says of it."""
    wide = spread * opened.clamp_min(_CLOSING) + _OPEN_SPREAD
    return _LEAST_SPREAD + wide * (opened / _CLOSING).clamp_max(1.0)
