"""The network: a U-Net that corrects the first guess of the water table at the end of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn
from torch.nn import functional

from .channels import CHANNELS, GREATEST_EXTRAPOLATION, Inputs

_FOLD = 2  # cells a side that the stem folds into channels
_STRIP_ROWS = 64  # of the finest level at once, on the processor
_EPSILON = 1e-3  # of the mean square of a pixel's channels
_FIRST_ERROR = -2.0  # what fresh weights say of the error, before the softplus


@dataclass(frozen=True)
class Architecture:
    """Shape of a network.

    Attributes:
        kind: ``unet``, or ``pointwise`` for the baseline that sees no neighbour.
        widths: channels of each level.
        detail: channels of the layers at full resolution, which see each cell's inputs and the U-Net's finest level.
    """

    kind: Literal["unet", "pointwise"] = "unet"
    widths: tuple[int, ...] = (32, 48, 64)
    detail: int = 16

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))

    @property
    def multiple(self) -> int:
        """Sides of the input are multiples of this."""
        return _FOLD * 2 ** (len(self.widths) - 1) if self.kind == "unet" else 1

    @property
    def receptive_radius(self) -> int:
        """Cells that a correction depends on in every direction, at most."""
        if self.kind == "pointwise":
            return 0
        cells = [_FOLD * 2**level for level in range(len(self.widths))]
        # 3 x 3 convolutions: two on each level down and up; folding, pooling and repetition: a cell of the next level
        return sum(4 * c for c in cells[:-1]) + 2 * cells[-1] + sum(cells)


@dataclass(frozen=True)
class Correction:
    """Output of the network for each cell, (batch, rows, cols) [share of the soil depth].

    Attributes:
        change: to be added to the guess.
        error: expected absolute error of the corrected water table.
    """

    change: torch.Tensor
    error: torch.Tensor

    def without_small_changes(self, inputs: Inputs) -> torch.Tensor:
        """The change where it is worth the cells that it may flip, else 0."""
        return self.change * (self.change.abs() >= inputs.least)


class PositivePart(nn.Module):
    """Divide the channels of each pixel by their root mean square, and set what is negative to 0.

    Without gains: the convolution that follows holds them.

    Source: Zhang & Sennrich (2019), Root Mean Square Layer Normalization, NeurIPS 32.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (batch, channels, rows, cols) to the same shape."""
        length = torch.linalg.vector_norm(x, dim=1, keepdim=True)  # summed in single precision whatever that of x is
        # In single precision, where vector instructions, which not all pixels are computed with, round as others do.
        scale = torch.rsqrt(length.float().square() / x.shape[1] + _EPSILON).to(x.dtype)
        return functional.relu(x * scale, inplace=True)


class Block(nn.Module):
    """Residual block of two convolutions; fresh ones change nothing.

    Args:
        inputs, outputs: channels; size: side of the kernels [cells].
    """

    def __init__(self, inputs: int, outputs: int, size: int = 3) -> None:
        super().__init__()
        self.before = PositivePart()
        self.conv1 = nn.Conv2d(inputs, outputs, size, padding=size // 2)
        self.conv2 = nn.Conv2d(outputs, outputs, size, padding=size // 2)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (batch, inputs, rows, cols) to (batch, outputs, rows, cols)."""
        made = self.conv2(self.before(self.conv1(self.before(x))))
        made += self.skip(x)
        return made


class Detail(nn.Module):
    """Layers at full resolution on each cell's inputs and the U-Net's finest level, which works on blocks of cells.

    Args:
        channels, outputs: of input and output; folded: channels of the finest level; width: of the layers.
    """

    def __init__(self, channels: int, outputs: int, folded: int, width: int) -> None:
        super().__init__()
        self.own = nn.Conv2d(channels, width, 1)
        self.around = nn.ConvTranspose2d(folded, width, _FOLD, stride=_FOLD, bias=False)
        self.mix = nn.Conv2d(width, width, 1)
        self.out = nn.Conv2d(width, outputs, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: torch.Tensor, finest: torch.Tensor) -> torch.Tensor:
        """Map (batch, channels, rows, cols) and the folded level to (batch, outputs, rows, cols)."""
        if torch.is_grad_enabled() or x.device.type != "cpu":
            return self._strip(x, finest)
        # A cell's answer depends on no other: strips stay in the processor's caches.
        parts = zip(x.split(_FOLD * _STRIP_ROWS, 2), finest.split(_STRIP_ROWS, 2))
        return torch.cat([self._strip(*part) for part in parts], 2)

    def _strip(self, x: torch.Tensor, finest: torch.Tensor) -> torch.Tensor:
        y = self.own(x)
        y += self.around(finest)  # in place: fresh memory takes longer than the sum
        return self.out(functional.relu(self.mix(functional.relu(y, inplace=True)), inplace=True))


class UNet(nn.Module):
    """U-Net of residual blocks whose finest level holds 2 x 2 cells a pixel; its skips are added.

    Args:
        channels, outputs: of input and output; widths: channels of each level; detail: at full resolution.

    Source: Ronneberger, Fischer & Brox (2015), MICCAI, LNCS 9351, 234-241; folding cells into channels: Shi et al.
    (2016), CVPR, 1874-1883, here as strided convolutions, which give the same and copy nothing.
    """

    def __init__(self, channels: int, outputs: int, widths: tuple[int, ...], detail: int) -> None:
        super().__init__()
        levels = range(len(widths))
        self.stem = nn.Conv2d(channels, widths[0], _FOLD, stride=_FOLD)
        self.down = nn.ModuleList(Block(widths[max(i - 1, 0)], widths[i]) for i in levels)
        self.lift = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in reversed(levels[:-1]))
        self.up = nn.ModuleList(Block(widths[i], widths[i]) for i in reversed(levels[:-1]))
        self.out = nn.ConvTranspose2d(widths[0], outputs, _FOLD, stride=_FOLD, bias=False)
        nn.init.zeros_(self.out.weight)
        self.detail = Detail(channels, outputs, widths[0], detail)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (batch, channels, rows, cols) to (batch, outputs, rows, cols)."""
        y, kept = self.stem(x), []
        for level, block in enumerate(self.down):
            y = block(y if level == 0 else functional.avg_pool2d(y, 2))
            kept.append(y)
        kept.pop()
        for lift, block in zip(self.lift, self.up):
            y = functional.interpolate(lift(y), scale_factor=2.0, mode="nearest")
            y += kept.pop()
            y = block(y)
        made = self.detail(x, y)
        made += self.out(y)
        return made


class Pointwise(nn.Sequential):
    """The baseline: the same inputs, no neighbour.

    Args:
        channels, outputs: of input and output; width: of the hidden layers.
    """

    def __init__(self, channels: int, outputs: int, width: int) -> None:
        last = nn.Conv2d(width, outputs, 1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        super().__init__(
            nn.Conv2d(channels, width, 1), Block(width, width, 1), Block(width, width, 1), PositivePart(), last
        )


class Network(nn.Module):
    """Corrects the water table of a first guess, within the bound that its inputs set.

    Args:
        architecture: its shape.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        super().__init__()
        a = self.architecture = architecture or Architecture()
        outputs = 3
        self.body = (
            UNet(len(CHANNELS), outputs, a.widths, a.detail)
            if a.kind == "unet"
            else Pointwise(len(CHANNELS), outputs, 2 * a.widths[0])
        )

    def forward(self, inputs: Inputs) -> Correction:
        """Correct guesses; sides are multiples of ``architecture.multiple``."""
        return self.correction(self.body(inputs.channels), inputs)

    def correction(self, output: torch.Tensor, inputs: Inputs) -> Correction:
        """Correction from the outputs of the body (batch, 3, rows, cols), within the bound."""
        change, extrapolation, error = output.float().unbind(1)
        further = GREATEST_EXTRAPOLATION * torch.tanh(extrapolation / GREATEST_EXTRAPOLATION)
        change = inputs.bound * torch.tanh(change) + inputs.halving * further
        return Correction(
            change,
            inputs.greatest_change * functional.softplus(error + _FIRST_ERROR),
        )
