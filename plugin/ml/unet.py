"""The guided network: a U-Net that places the water within wide cells, for the water balance to go on from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Callable, Literal

import torch
from torch import nn
from torch.nn import functional

from .features import COARSE_AT, COLUMN_AT, DOWNHILL_AT, INPUTS, VALID_AT

#: What an output for the change counts, and the greatest change, in shares of what lateral flow has moved so far; the
#: least of that, and the least doubt [share of the soil depth].
_CHANGE, _MOST_CHANGE, _LEAST_MOVED, _LEAST_DOUBT = 0.5, 2.0, 0.01, 1e-3
_BEYOND = 0.05  # the bounds of the water table [share of the soil depth], where training still pulls at it
_FIRST_DOUBT = -2.0  # what a fresh network says, before the softplus
_FARTHEST = 6.0  # spreads from the mean that an input may be: single cells must not shake the whole network
_LEAST_SCALE = 1e-3  # of an input: one that hardly varies must not be blown up
_AROUND_AT, _WIDE_AT = (INPUTS.index(name) for name in ("water_table_around", "water_table_before"))


@dataclass(frozen=True)
class Architecture:
    """Shape of a guided network.

    Attributes:
        encoder: ``unet``, or ``pointwise`` for the baseline that sees no neighbour (the same inputs).
        width: channels of the first level; levels: number of poolings.
        leak: slope of the U-Net's activations below 0. Without one, and without a normalisation, its units died within
            the first steps of a training: it saw no more than a pointwise network.
    """

    encoder: Literal["unet", "pointwise"] = "unet"
    width: int = 16
    levels: int = 3
    dropout: float = 0.0
    leak: float = 0.1

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
        normalise: bool = True, leak: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        sizes = [width * 2**i for i in range(levels + 1)]
        self.down = nn.ModuleList(
            _block(channels if i == 0 else sizes[i - 1], sizes[i], dropout, 3, normalise, leak)
            for i in range(levels + 1)
        )
        self.up = nn.ModuleList(
            _block(sizes[i + 1] + sizes[i], sizes[i], dropout, 3, normalise, leak) for i in reversed(range(levels))
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


def _block(
    inputs: int, outputs: int, dropout: float, size: int, normalise: bool, leak: float = 0.0
) -> nn.Sequential:  # fmt: skip
    """Two convolutions of ``size`` x ``size`` cells."""
    layers: list[nn.Module] = []
    for i, o in ((inputs, outputs), (outputs, outputs)):
        convolution = nn.Conv2d(i, o, size, padding=size // 2, bias=not normalise)
        if not normalise:  # nothing rescales what follows: keep its variance from layer to layer
            nn.init.kaiming_normal_(convolution.weight, leak, nonlinearity="leaky_relu")
            nn.init.zeros_(convolution.bias)
        layers += [convolution, *([nn.BatchNorm2d(o)] if normalise else []), _activation(leak)]
    if dropout > 0:
        layers.append(nn.Dropout2d(dropout))
    return nn.Sequential(*layers)


def _activation(leak: float) -> nn.Module:
    return nn.LeakyReLU(leak, inplace=True) if leak > 0.0 else nn.ReLU(inplace=True)


@dataclass
class Correction:
    """What the network says of each cell when the raster's own cells take over; tensors of one shape.

    Attributes:
        water_table: share of the soil depth, 0 to 1 (in training the gradient goes on a little beyond).
        doubt: scale of the error that it still expects, in the same unit (of a Laplace distribution), positive.
    """

    water_table: torch.Tensor
    doubt: torch.Tensor

    def map(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Correction:
        """The same with each tensor changed (picked, turned, moved)."""
        return Correction(change(self.water_table), change(self.doubt))


class GuidedNetwork(nn.Module):
    """Says where the water is within the wide cells, at the moment when the raster's own cells take over from them.

    What follows from there is the engine's water balance again; infiltration and stability stay exact. A U-Net looks
    around each cell; a pointwise head reads what it saw beside the cell's own inputs. Inputs are standardised by
    what :meth:`fit_inputs` saw of the training data: the changes to be learned are small beside most of them.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        a = self.architecture = architecture or Architecture()
        channels, hidden = len(INPUTS), 4 * a.width
        self.register_buffer("input_mean", torch.zeros(channels, 1, 1))
        self.register_buffer("input_scale", torch.ones(channels, 1, 1))
        self.context: UNet | None = None
        if a.encoder == "unet":
            self.context = UNet(channels, a.width, a.width, a.levels, a.dropout, normalise=False, leak=a.leak)
            channels += a.width
        last = nn.Conv2d(hidden, 2, 1)
        blocks = (_block(i, hidden, a.dropout, 1, normalise=False) for i in (channels, hidden))
        self.head = nn.Sequential(*blocks, last)
        nn.init.zeros_(last.weight)
        with torch.no_grad():  # begins as the guess: no change
            last.bias.copy_(torch.tensor([0.0, _FIRST_DOUBT]))

    @classmethod
    def beside(cls, head: GuidedNetwork, architecture: Architecture) -> GuidedNetwork:
        """A fresh U-Net beside a trained head, a pointwise network: it begins as that network and adds what it sees.

        Raises:
            ValueError: the head is no pointwise network, or of another width.
        """
        if head.context is not None or head.architecture.width != architecture.width:
            raise ValueError("a pointwise network of the same width is needed")
        network = cls(architecture)
        own, first = network.state_dict(), "head.0.0.weight"
        for name, known in head.state_dict().items():
            if name == first:
                own[name].zero_()
                own[name][:, : known.shape[1]] = known
            else:
                own[name].copy_(known)
        network.load_state_dict(own)
        return network

    def fit_inputs(self, inputs: torch.Tensor) -> None:
        """Take mean and spread of the inputs at some cells, (len(INPUTS), cells), for :attr:`input_mean` and scale."""
        mean, scale = inputs.mean(dim=1), inputs.std(dim=1).clamp_min(_LEAST_SCALE)
        mean[VALID_AT], scale[VALID_AT] = 0.0, 1.0  # 1 on the terrain, 0 outside
        at = list(DOWNHILL_AT)
        scale[at] = (mean[at].square() + scale[at].square()).mean().sqrt()  # one for both: the map may be turned
        mean[at] = 0.0
        self.input_mean.copy_(mean[:, None, None])
        self.input_scale.copy_(scale[:, None, None])

    def said(self, inputs: torch.Tensor) -> torch.Tensor:
        """What the network says before it meets the guess: change and doubt, (n, 2, rows, cols)."""
        x = ((inputs - self.input_mean) / self.input_scale).clamp(-_FARTHEST, _FARTHEST)
        x = x * inputs[:, VALID_AT : VALID_AT + 1]
        seen = x if self.context is None else torch.cat([x, self.context(x)], dim=1)
        return self.head(seen)

    def forward(self, inputs: torch.Tensor) -> Correction:
        """Map (n, len(INPUTS), rows, cols), sides multiples of ``architecture.multiple``, to (n, rows, cols) each."""
        change, doubt = self.said(inputs).float().unbind(1)
        moved = _moved(inputs)
        change = _MOST_CHANGE * torch.tanh(_CHANGE / _MOST_CHANGE * change)
        raw = (inputs[:, COARSE_AT].float() + moved * change).clamp(-_BEYOND, 1.0 + _BEYOND)
        bounded = raw.clamp(0.0, 1.0)
        table = raw + (bounded - raw).detach() if self.training else bounded
        return Correction(table, _LEAST_DOUBT + moved * functional.softplus(doubt))


def _moved(inputs: torch.Tensor) -> torch.Tensor:
    """What lateral flow has moved at and around each cell [share of the soil depth], (n, rows, cols).

    Where it has moved nothing, nothing can be wrong. So a network that is still unsure of itself spoils no scenario in
    which little has happened yet, and learns from those in which much has.
    """
    own, column, around, wide = (inputs[:, at].float() for at in (COARSE_AT, COLUMN_AT, _AROUND_AT, _WIDE_AT))
    moved = torch.maximum(torch.maximum((own - column).abs(), (around - column).abs()), (wide - own).abs())
    return _LEAST_MOVED + moved
