"""The paper's network and what it reads: a U-Net from six channels to the failure mask.

Source: Jeong, Lee, Kim, Chua & Park, "Digital assessment and prediction of rainfall-induced landslides using CNN".
Elevation and soil depth are scaled by the extremes of the site that the network is trained on, the soil's parameters
by ranges, rain by Seoul's intensity of 24 hours in 50 years; cells outside the study area are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..core.errors import InputError
from ..core.rainfall import SEOUL_24H_50YR
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..variables import BY_NAME

#: Input channels of the network, in this order, and what scales each to about 0 to 1.
SCALING = {
    "elevation": "min-max over the site [m]",
    "soil_depth": "min-max over the site [m]",
    "cohesion": "min-max [kPa]",
    "friction_angle": "min-max [deg]",
    "conductivity": "min-max of log10 [m/s]",
    "rainfall": f"divided by {SEOUL_24H_50YR:.3f} mm/h (24 hours in 50 years, Seoul)",
}
CHANNELS = tuple(SCALING)
#: Channels that stay the same from scenario to scenario.
TERRAIN_CHANNELS = CHANNELS[:2]


@dataclass(frozen=True)
class PaperArchitecture:
    """Shape of the paper's network.

    Attributes:
        width: channels of the first level (64 in the 2015 U-Net); levels: number of poolings.
        dropout: share of channels dropped after every level.
        channels: a selection of :data:`CHANNELS`, in their order.
        frame: part of the map that is shown to the network: the study area's bounding ``box``, or the zero-padded
            ``square`` of the paper. Both are padded with zeros to a multiple of 2**levels.
    """

    kind: ClassVar[str] = "paper"
    width: int = 16
    levels: int = 4
    dropout: float = 0.2
    channels: Sequence[str] = CHANNELS
    frame: Literal["box", "square"] = "box"

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        if not self.channels or any(name not in CHANNELS for name in self.channels):
            raise InputError("Channels", ", ".join(self.channels) or "none", "some of " + ", ".join(CHANNELS))

    @property
    def multiple(self) -> int:
        """Sides of the input are multiples of this."""
        return 2**self.levels

    @property
    def receptive_radius(self) -> int:
        """Cells that an output depends on in every direction."""
        # Two 3 x 3 convolutions a level on the way down, two on the way up, and the pooling windows.
        return sum(2 * 2**i for i in range(self.levels + 1)) + sum(3 * 2**i for i in range(self.levels))


class PlainUNet(nn.Module):
    """The 2015 U-Net with padded convolutions, batch normalisation and nearest-neighbour upsampling.

    Args:
        channels: of the input; width: of the first level; levels: number of poolings.
        dropout: share of channels dropped after every level.

    Source: Ronneberger, Fischer & Brox (2015), MICCAI, LNCS 9351, 234-241.
    """

    def __init__(self, channels: int, width: int, levels: int, dropout: float) -> None:
        super().__init__()
        sizes = [width * 2**i for i in range(levels + 1)]
        self.down = nn.ModuleList(
            _block(channels if i == 0 else sizes[i - 1], sizes[i], dropout) for i in range(levels + 1)
        )
        self.up = nn.ModuleList(_block(sizes[i + 1] + sizes[i], sizes[i], dropout) for i in reversed(range(levels)))
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (n, channels, rows, cols) to (n, 1, rows, cols); sides are multiples of 2**levels."""
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
    """Two 3 x 3 convolutions, each with batch normalisation."""
    layers: list[nn.Module] = []
    for i, o in ((inputs, outputs), (outputs, outputs)):
        layers += [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)]
    if dropout > 0:
        layers.append(nn.Dropout2d(dropout))
    return nn.Sequential(*layers)


class PaperNetwork(nn.Module):
    """The U-Net on the paper's channels: (n, channels, rows, cols) to the mask's logits (n, rows, cols).

    Unlike the 2015 U-Net it pads its convolutions and normalises by batch, so that the mask has the map's size.
    """

    def __init__(self, architecture: PaperArchitecture | None = None) -> None:
        super().__init__()
        a = self.architecture = architecture or PaperArchitecture()
        self.unet = PlainUNet(len(a.channels), a.width, a.levels, a.dropout)

    def forward(self, channels: torch.Tensor) -> torch.Tensor:
        """Logit of failure at every cell."""
        return self.unet(channels)[:, 0]


def scaling_of(terrains: Sequence[Terrain]) -> dict[str, Any]:
    """The numbers that bring the channels to about 0 to 1 on some study areas, as a model card has them.

    Returns:
        by channel the least and the greatest value, of rainfall the divisor; see :data:`SCALING`.
    """
    found: dict[str, Any] = {name: list(BY_NAME[name].trained) for name in CHANNELS if name in BY_NAME}
    for name in TERRAIN_CHANNELS:
        values = [getattr(t, name)[t.valid] for t in terrains]
        found[name] = [float(min(v.min() for v in values)), float(max(v.max() for v in values))]
    return {**found, "rainfall": SEOUL_24H_50YR}


def scaled(name: str, value: Any, scaling: Mapping[str, Any]) -> Any:
    """A channel's value (number or array) on the network's scale; scaling: of :func:`scaling_of`."""
    if name == "rainfall":
        return value / scaling[name]
    low, high = scaling[name]
    if name == "conductivity":
        low, high, value = np.log10(low), np.log10(high), np.log10(value)
    return (value - low) / max(high - low, 1e-6)


def frame(valid: np.ndarray, architecture: PaperArchitecture) -> tuple[tuple[slice, slice], tuple[int, int]]:
    """The part of a map that the network sees, which has all valid cells (rows, cols bool).

    Returns:
        its rows and columns; (rows, cols) after padding with zeros at the lower and right side.
    """
    window = tuple(slice(0, n) for n in valid.shape)
    lengths = [max(valid.shape)] * 2
    if architecture.frame == "box":
        occupied = (np.flatnonzero(valid.any(axis=1 - axis)) for axis in (0, 1))
        window = tuple(slice(int(at[0]), int(at[-1]) + 1) for at in occupied)
        lengths = [s.stop - s.start for s in window]
    return window, tuple(-(-n // architecture.multiple) * architecture.multiple for n in lengths)  # type: ignore[return-value]


def read_channels(
    terrain: Terrain, scenario: Scenario, scaling: Mapping[str, Any], architecture: PaperArchitecture
) -> tuple[np.ndarray, np.ndarray]:
    """Input channels of a scenario, in the network's frame.

    Args:
        terrain: every parameter of the scenario is known in its valid cells; scaling: of :func:`scaling_of`.

    Returns:
        channels: (channels, rows, cols) float32, 0 outside the study area.
        valid: (rows, cols) bool, the terrain's valid cells in their order.
    """
    window, size = frame(terrain.valid, architecture)
    valid = np.zeros(size, dtype=bool)
    valid[tuple(slice(s.stop - s.start) for s in window)] = terrain.valid[window]
    channels = np.zeros((len(architecture.channels), *size), dtype=np.float32)
    for channel, name in zip(channels, architecture.channels):
        value = getattr(terrain if name in TERRAIN_CHANNELS else scenario, name)
        channel[valid] = scaled(name, terrain.cells.pick(value), scaling)
    return channels, valid
