"""Input channels of the network: maps of the terrain and of the first guess of a scenario's water.

The channels are local: elevation enters as differences between neighbours over the cell size, water as shares of the
soil depth, time as the number of cells that water crosses. Batch axis first; every map is float32.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Iterator

import numpy as np
import torch
from torch.nn import functional

from ..core.physics.flow.grid_pyramid import PyramidGrid, grid_pyramid
from ..core.terrain import Terrain
from ..variables import RESIDUAL_AIR
from .device import to_device
from .water_maps import WaterMaps

RELIEF_CELLS = (2, 8)  # half-widths of the windows of bedrock relief
TERRAIN = (
    "valid", "slope", "soil_depth", "downhill_east", "downhill_south", *(f"bedrock_relief_{n}" for n in RELIEF_CELLS),
)  # fmt: skip
WATER = (
    "water_table", "lateral_gain", "contact", "wetting_front", "ponded", "full_resolution_gain", "recharge",
    "inflow", "outflow", "net_inflow", "travel_cells", "moved", "moisture_deficit", "water_table_ratio",
    "omitted_steps", "halving_change", "relative_halving_change", "coarse_share", "steps",
)  # fmt: skip
CHANNELS = TERRAIN + WATER
#: Components of vectors, which change when the map is rotated or flipped: the bedrock's fall to the east and south.
DOWNHILL = tuple(CHANNELS.index(name) for name in ("downhill_east", "downhill_south"))
#: Cells around a window that its channels depend on.
MARGIN = 3
_FACES = ("drop_east", "drop_south", "east", "south", "border")
_THIN_M = 0.05  # least soil depth by which values are divided
_NEIGHBOURHOOD = 2  # half-width [cells] of the mean of what lateral flow has moved


@dataclass(frozen=True)
class TerrainMaps:
    """A terrain on a device, or a window of it.

    Attributes:
        channels: (len(TERRAIN), rows, cols).
        depth: soil depth [m], 0 where missing; (rows, cols).
        faces: (5, rows, cols): drops [m] and coefficients [1/m2, 1/m] of :class:`.grid_pyramid.PyramidGrid`.
        cell_size: [m].
    """

    channels: torch.Tensor
    depth: torch.Tensor
    faces: torch.Tensor
    cell_size: float

    @classmethod
    def of(cls, terrain: Terrain, device: torch.device | str = "cpu") -> TerrainMaps:
        """Make the maps of a terrain, once for all scenarios."""
        grid, shape = grid_pyramid(terrain)[0], terrain.valid.shape
        valid = to_device(torch.from_numpy(terrain.valid), device)
        put = lambda x: to_device(torch.from_numpy(np.ascontiguousarray(x, np.float32)), device)  # noqa: E731
        faces = torch.empty((len(_FACES), *shape), device=device)
        for face, name in zip(faces, _FACES):
            face.copy_(put(getattr(grid, name)))
        depth, channels = put(grid.depth), torch.empty((len(TERRAIN), *shape), device=device)
        for channel, values in zip(channels, _terrain_channels(terrain, grid, valid, depth, faces, put)):
            torch.mul(values, valid, out=channel)
        return cls(channels, depth, faces, grid.cell_size)

    def window(self, rows: slice, cols: slice) -> TerrainMaps:
        """Part of the maps."""
        at = (..., rows, cols)
        return TerrainMaps(self.channels[at], self.depth[at], self.faces[at], self.cell_size)

    @property
    def valid(self) -> torch.Tensor:
        """1 where there is terrain, else 0; (rows, cols)."""
        return self.channels[0]


@dataclass(frozen=True)
class Inputs:
    """Inputs of the network.

    Attributes:
        channels: (batch, len(CHANNELS), rows, cols).
        bound: greatest correction of the water table, without the extrapolation, (batch, rows, cols) [share of the soil
            depth].
        halving: change of the guess with half as many steps, as far as it may be extrapolated; the same unit.
        least: smallest correction that is made; the same unit.
    """

    channels: torch.Tensor
    bound: torch.Tensor
    halving: torch.Tensor
    least: torch.Tensor

    @classmethod
    def empty(
        cls, shape: tuple[int, int, int], inside: tuple[int, int], kind: torch.dtype, device: torch.device
    ) -> Inputs:
        """Inputs of undefined values in some rows and columns, with zeros below and to the right of them.

        Args:
            shape: (batch, rows, cols); inside: rows and columns of the values; kind: precision of the channels.
        """
        whole = (shape[0], len(CHANNELS), *shape[1:])
        channels = torch.empty(whole, dtype=kind, device=device, memory_format=torch.channels_last)
        made = cls(channels, *(torch.empty(shape, device=device) for _ in range(3)))
        for values in vars(made).values():
            values[..., inside[0] :, :] = 0.0
            values[..., inside[1] :] = 0.0
        return made

    def fill_rows(self, part: Inputs, row: int) -> None:
        """Copy the rows of ``part``, from ``row`` on."""
        for own, values in zip(vars(self).values(), vars(part).values()):
            own[..., row : row + values.shape[-2], : values.shape[-1]] = values

    def of_rows(self, rows: slice) -> Inputs:
        """Inputs of some rows."""
        return self.each(lambda x: x[..., rows, :])

    def each(self, function: Callable[[torch.Tensor], torch.Tensor]) -> Inputs:
        """Inputs with a function applied to each tensor."""
        return Inputs(*(function(x) for x in vars(self).values()))

    def padded(self, size: tuple[int, int]) -> Inputs:
        """Inputs padded with zeros below and to the right up to a size."""
        missing = (0, size[1] - self.bound.shape[-1], 0, size[0] - self.bound.shape[-2])
        return self.each(lambda x: functional.pad(x, missing)) if any(missing) else self

    def channels_last(self) -> Inputs:
        """Inputs with the channels in the memory layout in which convolutions are fastest."""
        return replace(self, channels=self.channels.contiguous(memory_format=torch.channels_last))

    @property
    def greatest_change(self) -> torch.Tensor:
        """Greatest correction, extrapolation included, (batch, rows, cols) [share of the soil depth]."""
        return self.bound + GREATEST_EXTRAPOLATION * self.halving.abs()


#: Greatest factor on the change by half as many steps in the extrapolation; 1 is Richardson's extrapolation of a
#: first-order scheme.
GREATEST_EXTRAPOLATION = 2.0
#: Smallest correction [share of the soil depth], and that of soil which is saturated in both guesses: 99 % of such
#: cells are saturated in the exact scheme too, often with a factor of safety so close to 1 that a small correction
#: would change their failure.
_LEAST_CHANGE, _LEAST_CHANGE_OF_SATURATED, _SATURATED = 0.0005, 0.02, 1.0 - 1e-6
#: Greatest correction over the water that lateral flow has moved.
GREATEST_CHANGE = 0.3
#: Factors in the bound: on the share of the event on coarse grids, and on the ratio of missing steps. Errors of guesses
#: on procedural terrain are a fifth to a half of the resulting bound.
_OF_COARSE_GRIDS, _OF_FEW_STEPS = 1.5, 0.1
#: Steps at full resolution from which a guess of the whole event is not corrected: the least of the exact scheme.
EXACT_STEPS = 48


def inexactness(steps: torch.Tensor, coarse_share: torch.Tensor) -> torch.Tensor:
    """Factor on the bound by the accuracy of a guess, 0 to 1: 0 if full resolution computes all in EXACT_STEPS or more.

    Args:
        steps, coarse_share: of the guess, see :class:`.schedule.Schedule`.
    """
    few = (EXACT_STEPS / steps - 1.0).clamp_min(0.0)
    return (_OF_COARSE_GRIDS * coarse_share + _OF_FEW_STEPS * few).clamp_max(1.0)


def inputs(terrain: TerrainMaps, water: WaterMaps, kind: torch.dtype = torch.float32) -> Inputs:
    """Channels and bounds of some scenarios.

    The bound is a share of the water that lateral flow has moved at and around a cell. Bound and extrapolation are 0
    where the guess is that of the exact scheme.

    Args:
        terrain, water: of the same window; kind: precision of the channels.
    """
    valid, depth = terrain.valid, terrain.depth
    per_depth = valid / depth.clamp_min(_THIN_M)
    table, half, column = (x * per_depth for x in (water.water_table, water.half_table, water.column_table))
    gain, halving = table - column, table - half
    moved = torch.maximum(gain.abs(), 0.5 * _neighbourhood_mean(gain.abs(), valid))
    storage = RESIDUAL_AIR + water.moisture_deficit * (1.0 - water.contact)
    inflow, outflow = _flows(terrain, water)
    travel = water.lateral_conductivity * water.seconds / terrain.cell_size / (water.moisture_deficit + RESIDUAL_AIR)
    share = (water.lateral_conductivity * water.seconds) / storage * per_depth
    inflow, outflow = inflow * share, outflow * share
    slope = terrain.channels[1] / 1.5
    omitted = water.omitted_steps
    channels = [
        table,
        gain,
        water.contact,
        water.wetting_front * per_depth,
        water.ponded,
        _asinh(10.0 * (table - water.earlier_table * per_depth)) / 2.0,
        torch.log1p(water.recharge * per_depth / RESIDUAL_AIR) / 2.0,
        torch.log1p(inflow) / 2.0,
        torch.log1p(outflow) / 2.0,
        _asinh(2.0 * (inflow - outflow)) / 2.0,
        torch.log1p(travel * torch.sin(slope) * torch.cos(slope)) / 2.0,
        torch.log(moved + 1e-4) / 4.0 + 1.0,
        water.moisture_deficit * 8.0 - 1.0,
        water.water_table_ratio * 2.0,
        torch.log1p(omitted) / 2.0,
        _asinh(50.0 * halving) / 2.0,
        (halving / (gain.abs() + 1e-3)).clamp(-3.0, 3.0),
        water.coarse_share,
        torch.log2(water.steps / 12.0) / 3.0,
    ]
    made = torch.empty((len(table), len(CHANNELS), *valid.shape), dtype=kind, device=valid.device)
    made[:, : len(TERRAIN)] = terrain.channels
    for number, values in enumerate(channels, len(TERRAIN)):
        made[:, number] = values
    made[:, len(TERRAIN) :] *= valid.to(kind)
    gate = inexactness(water.steps, water.coarse_share)
    bound = GREATEST_CHANGE * gate * moved * valid
    saturated = torch.minimum(table, half) >= _SATURATED
    least = torch.where(saturated, _LEAST_CHANGE_OF_SATURATED, _LEAST_CHANGE)
    return Inputs(made, bound, gate * halving * valid, least)


def _flows(terrain: TerrainMaps, water: WaterMaps) -> tuple[torch.Tensor, torch.Tensor]:
    """Inflow and outflow of each cell at the guess, for K_lat = 1 [1/m of soil]; (batch, rows, cols) each."""
    drop_east, drop_south, east, south, border = terrain.faces
    h = water.water_table
    inflow, outflow = torch.zeros_like(h), border * h
    for near, far, drop, face in (
        (np.s_[..., :-1], np.s_[..., 1:], drop_east, east),
        (np.s_[..., :-1, :], np.s_[..., 1:, :], drop_south, south),
    ):
        fall = drop[near] + h[near] - h[far]
        flow = face[near] * torch.where(fall > 0.0, h[near], h[far]) * fall
        forward, backward = flow.clamp_min(0.0), (-flow).clamp_min(0.0)
        outflow[near].add_(forward)
        inflow[far].add_(forward)
        outflow[far].add_(backward)
        inflow[near].add_(backward)
    return inflow, outflow


def _asinh(x: torch.Tensor) -> torch.Tensor:
    """Inverse hyperbolic sine, ten times as fast as ``torch.asinh`` on a CPU."""
    size = x.abs()
    square = size.square()
    return torch.log1p(square / (1.0 + (square + 1.0).sqrt_()) + size).copysign_(x)


def _neighbourhood_mean(x: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Mean over the valid cells around each one, (batch, rows, cols)."""
    return _window_sum(x * valid, _NEIGHBOURHOOD) / _window_sum(valid, _NEIGHBOURHOOD).clamp_min(1.0)


def _terrain_channels(
    terrain: Terrain, grid: PyramidGrid, valid: torch.Tensor, depth: torch.Tensor, faces: torch.Tensor,
    put: Callable[[np.ndarray], torch.Tensor],
) -> Iterator[torch.Tensor]:  # fmt: skip
    """Yield the channels of :data:`TERRAIN`, one at a time; (rows, cols)."""
    yield valid.float()
    yield 1.5 * put(grid.slope)
    yield depth / 4.0
    for drop, face, axis in ((faces[0], faces[2], 1), (faces[1], faces[3], 0)):
        yield torch.tanh(_downhill(drop, face, axis) / grid.cell_size)
    bedrock = terrain.bedrock
    lowest = float(np.nanmin(bedrock)) if terrain.valid.any() else 0.0
    bedrock = put(np.where(terrain.valid, bedrock - lowest, 0.0))
    for n in RELIEF_CELLS:
        yield torch.tanh(_relief(bedrock, valid, n) / (n * grid.cell_size))


def _downhill(drop: torch.Tensor, face: torch.Tensor, axis: int) -> torch.Tensor:
    """Mean drop of the bedrock over a cell's two open faces along an axis [m]; the last face is closed."""
    is_open = (face > 0.0).float()
    total, faces = (x + x.roll(1, axis) for x in (drop * is_open, is_open))
    return total / faces.clamp_min(1.0)


def _relief(bedrock: torch.Tensor, valid: torch.Tensor, half: int) -> torch.Tensor:
    """Bedrock above its mean over the valid cells of a square window [m]."""
    own, known = (x.cpu() if x.device.type == "mps" else x for x in (bedrock, valid))  # Apple's GPUs have no double
    mean = _window_sum(own.double() * known, half)
    mean /= _window_sum(known.double(), half).clamp_min_(1.0)
    return (bedrock - mean.float().to(bedrock.device)) * valid


def _window_sum(x: torch.Tensor, half: int) -> torch.Tensor:
    """Sum over a (2 half + 1)^2 window, (..., rows, cols); made of sums over 1, 2, 4, ... cells, 0 beyond the map."""
    for dim, around in ((-2, (0, 0, half, half)), (-1, (half, half))):
        size, part = x.shape[dim], functional.pad(x, around)
        x, at = torch.zeros_like(x), 0
        for bit in range((2 * half + 1).bit_length()):
            width = 1 << bit
            if bit:
                length = part.shape[dim] - width // 2
                part = part.narrow(dim, 0, length) + part.narrow(dim, width // 2, length)
            if (2 * half + 1) & width:
                x += part.narrow(dim, at, size)
                at += width
    return x
