"""The paper's network and its preprocessing: a U-Net from six channels to the failure mask.

Source: Jeong, Lee, Kim, Chua & Park, "Digital assessment and prediction of rainfall-induced landslides using CNN".
Elevation and soil depth are scaled by the extremes of the site that the network is trained on, the soil's parameters
by ranges, rain by Seoul's intensity of 24 hours in 50 years; cells outside the study area are 0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..core.errors import InputError
from ..core.rainfall import SEOUL_24H_50YR
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..variables import BY_NAME

#: Input channels of the network, in this order.
CHANNELS = ("elevation", "soil_depth", "cohesion", "friction_angle", "conductivity", "rainfall")
#: Channels that stay the same from scenario to scenario.
TERRAIN_CHANNELS = CHANNELS[:2]
#: Scaling of each channel to about 0 to 1.
SCALING = {
    "elevation": "min-max over the site [m]",
    "soil_depth": "min-max over the site [m]",
    "cohesion": "min-max [kPa]",
    "friction_angle": "min-max [deg]",
    "conductivity": "min-max of log10 [m/s]",
    "rainfall": f"divided by {SEOUL_24H_50YR:.3f} mm/h (24 hours in 50 years, Seoul)",
}


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

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> PaperArchitecture:
        """Read the result of :meth:`describe`."""
        return cls(**values)

    def describe(self) -> dict[str, Any]:
        """As plain values, for the weights' metadata."""
        return {**asdict(self), "channels": list(self.channels)}


class PlainUNet(nn.Module):
    """The 2015 U-Net with padded convolutions, batch normalisation and nearest-neighbour upsampling.

    Args:
        channels, outputs: of input and output; width: of the first level; levels: number of poolings.
        dropout: share of channels dropped after every level.

    Source: Ronneberger, Fischer & Brox (2015), MICCAI, LNCS 9351, 234-241.
    """

    def __init__(
        self, channels: int, outputs: int, width: int = 16, levels: int = 4, dropout: float = 0.0
    ) -> None:  # fmt: skip
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
        self.unet = PlainUNet(len(a.channels), 1, a.width, a.levels, a.dropout)

    def forward(self, channels: torch.Tensor) -> torch.Tensor:
        """Logit of failure at every cell."""
        return self.unet(channels)[:, 0]


def _trained(name: str) -> tuple[float, float]:
    variable = BY_NAME[name]
    return variable.trained or (variable.minimum, variable.maximum)


@dataclass(frozen=True)
class Scaling:
    """The numbers that bring the channels to about 0 to 1; see :data:`SCALING`.

    Attributes:
        elevation, soil_depth: least and greatest value of the site [m].
        cohesion [kPa], friction_angle [deg], conductivity [m/s]: ranges of the soil's parameters.
        rainfall: [mm/h].
    """

    elevation: tuple[float, float]
    soil_depth: tuple[float, float]
    cohesion: tuple[float, float] = field(default_factory=lambda: _trained("cohesion"))
    friction_angle: tuple[float, float] = field(default_factory=lambda: _trained("friction_angle"))
    conductivity: tuple[float, float] = field(default_factory=lambda: _trained("conductivity"))
    rainfall: float = SEOUL_24H_50YR

    @classmethod
    def of(cls, terrains: Sequence[Terrain]) -> Scaling:
        """Scaling between the extremes of the sites' elevation and soil depth."""

        def extremes(name: str) -> tuple[float, float]:
            values = [getattr(t, name)[t.valid] for t in terrains]
            return float(min(v.min() for v in values)), float(max(v.max() for v in values))

        return cls(extremes("elevation"), extremes("soil_depth"))

    @classmethod
    def from_card(cls, values: Mapping[str, Any]) -> Scaling:
        """Read the result of :meth:`describe`."""
        return cls(**{k: tuple(v) if isinstance(v, (list, tuple)) else float(v) for k, v in values.items()})

    def describe(self) -> dict[str, Any]:
        """As plain values, for the weights' metadata."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items()}

    def scaled(self, name: str, value: Any) -> Any:
        """A channel's value (number or array) on the network's scale."""
        if name == "rainfall":
            return value / self.rainfall
        low, high = getattr(self, name)
        if name == "conductivity":
            low, high, value = np.log10(low), np.log10(high), np.log10(value)
        return (value - low) / max(high - low, 1e-6)


@dataclass(frozen=True)
class Frame:
    """The part of a map that the network sees, and its size after zero padding.

    Attributes:
        window: rows and columns of the map.
        size: (rows, cols) with padding at the lower and right side.
    """

    window: tuple[slice, slice]
    size: tuple[int, int]

    @classmethod
    def of(cls, valid: np.ndarray, architecture: PaperArchitecture) -> Frame:
        """Frame the valid cells (rows, cols bool) as the architecture requires."""
        rows, cols = valid.shape
        if architecture.frame == "box":
            window = tuple(_span(valid.any(axis=1 - axis)) for axis in (0, 1))
            lengths = [s.stop - s.start for s in window]
        else:
            window, lengths = (slice(0, rows), slice(0, cols)), [max(rows, cols)] * 2
        multiple = architecture.multiple
        return cls(window, tuple(-(-n // multiple) * multiple for n in lengths))  # type: ignore[arg-type]

    def put(self, array: np.ndarray) -> np.ndarray:
        """Cut (..., rows, cols) to the window and pad with zeros to the size."""
        part = array[(..., *self.window)]
        out = np.zeros((*array.shape[:-2], *self.size), dtype=array.dtype)
        out[..., : part.shape[-2], : part.shape[-1]] = part
        return out

    def back(self, array: np.ndarray, shape: tuple[int, int], fill: float) -> np.ndarray:
        """The reverse of :meth:`put` for (rows, cols): onto a map of ``shape``, ``fill`` outside the window."""
        out = np.full(shape, fill, dtype=array.dtype)
        rows, cols = (s.stop - s.start for s in self.window)
        out[self.window] = array[:rows, :cols]
        return out


def _span(occupied: np.ndarray) -> slice:
    places = np.flatnonzero(occupied)
    return slice(int(places[0]), int(places[-1]) + 1)


def terrain_channels(terrain: Terrain, scaling: Scaling) -> np.ndarray:
    """Scaled elevation and soil depth: (2, rows, cols) float32, 0 outside the study area."""
    valid = terrain.valid
    parts = [np.where(valid, scaling.scaled(n, getattr(terrain, n)), 0.0) for n in TERRAIN_CHANNELS]
    return np.stack(parts).astype(np.float32)


def scenario_values(scenario: Scenario, scaling: Scaling) -> dict[str, Any]:
    """Scaled parameters by channel: numbers, or (rows, cols) where the scenario has rasters."""
    return {n: scaling.scaled(n, getattr(scenario, n)) for n in CHANNELS[2:]}


def stack_channels(
    terrain: np.ndarray, valid: np.ndarray, values: Mapping[str, Any], channels: Sequence[str]
) -> np.ndarray:
    """Merge the channels of one scenario.

    Args:
        terrain: (2, rows, cols) of :func:`terrain_channels`; valid: (rows, cols) bool.
        values: of :func:`scenario_values`; channels: which, in order.

    Returns:
        (channels, rows, cols) float32, 0 where invalid.
    """
    out = np.empty((len(channels), *valid.shape), dtype=np.float32)
    for number, name in enumerate(channels):
        value = terrain[TERRAIN_CHANNELS.index(name)] if name in TERRAIN_CHANNELS else values[name]
        np.multiply(np.nan_to_num(value), valid, out=out[number], casting="unsafe")
    return out
