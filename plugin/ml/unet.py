"""The guided network: a U-Net reads the terrain once, a pointwise head adds the scenario."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import nn
from torch.nn import functional

from .features import CHANNELS, COARSE_AT, COARSE_CONTACT_AT, COLUMN_CONTACT_AT, COURANT_AT, KINEMATIC_AT, LOCAL

#: The change from coarse steps to the kinematic response, and to what is learned, in log Courant number. The second
#: was chosen on validation terrain: corrections where the estimates are nearly exact cost more than they gain.
_SHARPNESS, _COURANT_LIMIT, _LEARNING_LIMIT = 4.0, 0.3, 1.0
#: Least width of the probability's transition in FS, and the share of the learned width where the steps are exact.
_LEAST_SPREAD, _CLOSED_SPREAD = 0.002, 0.05


@dataclass(frozen=True)
class Architecture:
    """Shape of a guided network.

    Attributes:
        encoder: ``unet``, or ``pointwise`` for the baseline that sees no neighbour (same channels and head).
        width: channels of the first level; levels: number of poolings.
        features: channels that the encoder hands to the head; hidden: width of the head.
    """

    encoder: Literal["unet", "pointwise"] = "unet"
    width: int = 16
    levels: int = 4
    features: int = 16
    hidden: int = 48
    dropout: float = 0.0

    @property
    def multiple(self) -> int:
        """Sides of the input are multiples of this."""
        return 2**self.levels if self.encoder == "unet" else 1

    @property
    def reach(self) -> int:
        """Cells that a feature depends on in every direction (half the receptive field)."""
        if self.encoder != "unet":
            return 0
        # two 3 x 3 convolutions per level on the way down, two on the way up, and the pooling windows
        return sum(2 * 2**level for level in range(self.levels + 1)) + sum(3 * 2**level for level in range(self.levels))

    def describe(self) -> dict[str, Any]:
        """As plain values, for the weights' metadata."""
        return asdict(self)


class UNet(nn.Module):
    """U-Net with 3 x 3 convolutions, batch normalisation and nearest-neighbour upsampling.

    Source: Ronneberger, Fischer & Brox (2015), MICCAI, LNCS 9351, 234-241.
    """

    def __init__(self, channels: int, outputs: int, width: int = 16, levels: int = 4, dropout: float = 0.0) -> None:
        super().__init__()
        sizes = [width * 2**i for i in range(levels + 1)]
        self.down = nn.ModuleList(
            _block(channels if i == 0 else sizes[i - 1], sizes[i], dropout) for i in range(levels + 1)
        )
        self.up = nn.ModuleList(_block(sizes[i + 1] + sizes[i], sizes[i], dropout) for i in reversed(range(levels)))
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


def _block(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i, o in ((inputs, outputs), (outputs, outputs)):
        layers += [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)]
    if dropout > 0:
        layers.append(nn.Dropout2d(dropout))
    return nn.Sequential(*layers)


@dataclass
class Prediction:
    """What the head says of each cell.

    Attributes:
        water_table: share of the soil depth, 0 to 1 (straight-through beyond); contact: logit; spread: width of the
            probability's transition in FS [-], positive.
    """

    water_table: torch.Tensor
    contact: torch.Tensor
    spread: torch.Tensor


class GuidedNetwork(nn.Module):
    """Terrain encoder and scenario head: a correction of the coarse and the kinematic estimates of the water table.

    Infiltration and stability stay outside, exact.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        a = self.architecture = architecture or Architecture()
        if a.encoder == "unet":
            self.encoder: nn.Module = UNet(len(CHANNELS), a.features, a.width, a.levels, a.dropout)
        else:
            self.encoder = nn.Sequential(
                nn.Conv2d(len(CHANNELS), 4 * a.width, 1), nn.ReLU(inplace=True),
                nn.Conv2d(4 * a.width, 4 * a.width, 1), nn.ReLU(inplace=True),
                nn.Conv2d(4 * a.width, a.features, 1),
            )  # fmt: skip
        self.from_local = nn.Linear(len(LOCAL), a.hidden)
        self.from_features = nn.Linear(a.features, a.hidden)
        self.gate_local = nn.Linear(len(LOCAL), a.hidden)
        self.gate_features = nn.Linear(a.features, a.hidden)
        self.body = nn.Sequential(
            nn.SiLU(), nn.Linear(a.hidden, a.hidden), nn.SiLU(), nn.Linear(a.hidden, a.hidden), nn.SiLU()
        )
        self.last = nn.Linear(a.hidden, 4)
        nn.init.zeros_(self.last.weight)
        with torch.no_grad():  # begins as the blend of the two estimates: no change, spread 0.05
            self.last.bias.copy_(torch.tensor([0.0, 0.0, 0.0, -3.0]))

    def encode(self, channels: torch.Tensor) -> torch.Tensor:
        """Features of the terrain: (n, channels, rows, cols) to (n, features, rows, cols)."""
        return self.encoder(channels)

    def head(self, features: torch.Tensor, local: torch.Tensor) -> Prediction:
        """Add a scenario: features (cells, features) and local inputs (cells, len(LOCAL))."""
        x = self.from_local(local) + self.from_features(features)
        x = x + self.gate_local(local) * self.gate_features(features)
        change, trust, contact, spread = self.last(self.body(x)).float().unbind(-1)
        kinematic, coarse = local[..., KINEMATIC_AT].float().clamp_max(1.0), local[..., COARSE_AT].float()
        # coarse steps are as good as the engine where water crosses less than a cell in a step: nothing to learn there
        courant = local[..., COURANT_AT].float()
        beyond = _SHARPNESS * (courant - _COURANT_LIMIT)
        open_to_learning = torch.sigmoid(_SHARPNESS * (courant - _LEARNING_LIMIT))
        weight = torch.sigmoid(open_to_learning * trust - beyond)
        raw = kinematic + weight * (coarse - kinematic) + open_to_learning * change
        bounded = raw.clamp(0.0, 1.0)
        table = raw + (bounded - raw).detach() if self.training else bounded
        touched = local[..., COLUMN_CONTACT_AT].float()
        touched = touched + weight * (local[..., COARSE_CONTACT_AT].float() - touched)
        width = _LEAST_SPREAD + functional.softplus(spread) * (torch.sigmoid(beyond) + _CLOSED_SPREAD)
        return Prediction(table, open_to_learning * contact + 8.0 * (touched - 0.5), width)
