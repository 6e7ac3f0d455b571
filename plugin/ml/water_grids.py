"""The terrain on telescoping grids: its own cells, and coarser ones of 2 x 2, 4 x 4, ... of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from ..core.terrain import Terrain
from ..variables import RESIDUAL_AIR

_GRIDS, _LEAST_SIDE = 8, 16
TINY = 1e-6  # of a cell: a share of it that is not there


@dataclass(frozen=True)
class WaterGrid:
    """A terrain on cells of one width, for a conductivity of 1; (rows, cols) float32, 0 where a cell is missing.

    Attributes:
        share: of a cell that is valid [-].
        depth: mean soil depth [m].
        drop_east, drop_south: bedrock above the next column's or row's [m].
        east, south: mean cos^2 b over the squared cell size, times the share of the face that is open [1/m2].
        border: cos^2 b times the downslope gradient over the cell size, over open faces [1/m].
        cell_size, deepest, steepest: width [m], 99th percentiles of the depth [m] and of sin b [-].
        downstream: share of the water table at a face that is the downstream cell's [-]. The engine's upwind tables
            spread water by half a cell's width; with this share wider cells spread it no further than the raster's own.
    """

    share: torch.Tensor
    depth: torch.Tensor
    drop_east: torch.Tensor
    drop_south: torch.Tensor
    east: torch.Tensor
    south: torch.Tensor
    border: torch.Tensor
    cell_size: float
    deepest: float
    steepest: float
    downstream: float

    def stable_step(self, conductivity: float) -> float:
        """Longest monotone explicit step with the least storage [s]."""
        k = 2.0 * max(conductivity, 1e-12)
        spread = RESIDUAL_AIR * self.cell_size**2 / (4.0 * k * max(self.deepest, 0.1))
        return min(spread, RESIDUAL_AIR * self.cell_size / (k * max(self.steepest, 0.02)))

    def restrict(self, fine: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
        """Mean over the valid part of this grid's cells of a map on the next finer grid with its ``share``."""
        return _pooled(fine * share) / self.share.clamp_min(TINY)

    def spread(self, coarse: torch.Tensor, shape: torch.Size) -> torch.Tensor:
        """A map of this grid on the next finer one, bilinear between valid cells."""
        both = torch.stack([coarse * self.share, self.share])[None]
        wide = functional.interpolate(both, scale_factor=2.0, mode="bilinear", align_corners=False)[0]
        wide = wide[:, : shape[0], : shape[1]]
        return wide[0] / wide[1].clamp_min(TINY)


def water_grids(terrain: Terrain, device: torch.device | str) -> tuple[WaterGrid, ...]:
    """The terrain's own grid and coarser ones, each cell 2 x 2 of the one before."""
    from ..core.physics.groundwater import conductances

    c = conductances(terrain, terrain.valid, 1.0, "open")

    def tensor(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.where(terrain.valid, values, 0.0).astype(np.float32)).to(device)

    lowest = float(c.bedrock[terrain.valid].min()) if terrain.valid.any() else 0.0
    share, depth, bedrock = tensor(terrain.valid), tensor(terrain.soil_depth), tensor(c.bedrock - lowest)
    east, south, border = tensor(c.east), tensor(c.south), tensor(c.border)
    size = own = float(np.sqrt(terrain.grid.cell_area))
    grids = [_grid(share, bedrock, depth, east, south, border, size)]
    while len(grids) < _GRIDS and min(share.shape) >= 2 * _LEAST_SIDE:
        wide = _pooled(share)
        whole = wide.clamp_min(TINY)
        depth, bedrock, border = (_pooled(x * share) / whole for x in (depth, bedrock, border))
        # a face joins two fine ones; their flux is by the squared cell size, which grows four times
        finer = grids[-1]
        drops = _joined(finer.drop_east * east, wide.shape, 1), _joined(finer.drop_south * south, wide.shape, 0)
        east, south = _joined(east, wide.shape, 1), _joined(south, wide.shape, 0)
        at_faces = tuple(2.0 * drop / whole.clamp_min(TINY**2) for drop, whole in zip(drops, (east, south)))
        east, south = east / 4.0, south / 4.0
        share, size = wide, 2.0 * size
        grids.append(_grid(share, bedrock, depth, east, south, border, size, at_faces, 0.5 * (1.0 - own / size)))
    return tuple(grids)


def _grid(
    share: torch.Tensor, bedrock: torch.Tensor, depth: torch.Tensor, east: torch.Tensor, south: torch.Tensor,
    border: torch.Tensor, size: float, at_faces: tuple[torch.Tensor, ...] | None = None, downstream: float = 0.0,
) -> WaterGrid:  # fmt: skip
    """A grid; at_faces: the drops to the next column and row as they are where the cells meet [m]."""
    drop_east, drop_south = torch.zeros_like(east), torch.zeros_like(south)
    drop_east[:, :-1] = bedrock[:, :-1] - bedrock[:, 1:]
    drop_south[:-1] = bedrock[:-1] - bedrock[1:]
    drop_east, drop_south = drop_east * (east > 0), drop_south * (south > 0)
    steep = torch.maximum(drop_east.abs() * east.sqrt(), drop_south.abs() * south.sqrt())
    if at_faces:  # what drives the flow is between what drives it on the way and where it passes
        drop_east, drop_south = 0.5 * (drop_east + at_faces[0]), 0.5 * (drop_south + at_faces[1])
    return WaterGrid(share, depth, drop_east, drop_south, east, south, border, size,
                     _high(depth[share > 0]), _high(steep[share > 0]), downstream)  # fmt: skip


def _high(values: torch.Tensor) -> float:
    """99th percentile; 0 of nothing."""
    if values.numel() == 0:
        return 0.0
    return float(torch.kthvalue(values, max(1, round(0.99 * values.numel()))).values)


def _pooled(x: torch.Tensor) -> torch.Tensor:
    rows, cols = x.shape
    return functional.avg_pool2d(functional.pad(x, (0, cols % 2, 0, rows % 2))[None], 2)[0]


def _joined(faces: torch.Tensor, shape: torch.Size, across: int) -> torch.Tensor:
    """Mean of the two fine faces between neighbouring coarse cells; 0 beyond the last."""
    rows, cols = faces.shape
    faces = functional.pad(faces, (0, cols % 2, 0, rows % 2))
    if across == 1:
        faces = faces[:, 1::2]
        faces = 0.5 * (faces[0::2] + faces[1::2])
        faces[:, -1] = 0.0
    else:
        faces = faces[1::2]
        faces = 0.5 * (faces[:, 0::2] + faces[:, 1::2])
        faces[-1] = 0.0
    return faces[: shape[0], : shape[1]].contiguous()
