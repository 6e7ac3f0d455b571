"""Transfers maps between the grids of a pyramid: 2 x 2 means, and interpolation that preserves them.

Arrays are (rows, cols) or (batch, rows, cols), numpy's or torch's.

Source: Briggs, Henson & McCormick (2000), A Multigrid Tutorial, chapter 3: restriction and prolongation on cells.
"""

from __future__ import annotations

from typing import Any

Array = Any
_NOTHING = 1e-6  # of a cell: a share of it that is not there


def block_mean(x: Array) -> Array:
    """Mean of 2 x 2 cells, (rows, cols) to half of it, rounded up; cells beyond the last row or column count as 0."""
    rows, cols = x.shape[-2:]
    pairs = 1.0 * x[..., 0::2, :]
    pairs[..., : rows // 2, :] += x[..., 1::2, :]
    mean = 0.25 * pairs[..., 0::2]
    mean[..., : cols // 2] += 0.25 * pairs[..., 1::2]
    return mean


def restrict(x: Array, share: Array, coarse_share: Array) -> Array:
    """Mean over the valid part of the coarser grid's cells; share, coarse_share: valid share of the cells [-]."""
    mean = block_mean(x * share)
    mean /= coarse_share.clip(_NOTHING)
    return mean


def prolong(xp: Any, x: Array, coarse_share: Array, share: Array) -> Array:
    """A map of the coarser grid on the finer one: bilinear between valid cells, with the same mean in each 2 x 2 cells.

    Args:
        xp: numpy or torch.
        x: (batch, rows, cols) of the coarser grid; coarse_share, share: valid share of the two grids' cells [-].
    """
    shape = share.shape[-2:]
    fine = _bilinear(xp, x * coarse_share, shape)
    fine /= _bilinear(xp, coarse_share[None], shape).clip(_NOTHING)
    missing = x - restrict(fine, share, coarse_share)
    for down in (0, 1):
        for across in (0, 1):
            part = fine[:, down::2, across::2]
            part += missing[:, : part.shape[1], : part.shape[2]]
    return fine


def repeat(xp: Any, x: Array, shape: tuple[int, int]) -> Array:
    """A map (batch, rows, cols) of the coarser grid, each value in all of the cell's finer ones; (batch, *shape)."""
    twice = _interleaved(xp, x, x, 1)
    return _interleaved(xp, twice, twice, 2)[:, : shape[0], : shape[1]]


def _bilinear(xp: Any, x: Array, shape: tuple[int, int]) -> Array:
    """Bilinear interpolation to cells of half the width, the outermost values held; (batch, *shape)."""
    return _doubled(xp, _doubled(xp, x, 1), 2)[:, : shape[0], : shape[1]]


def _doubled(xp: Any, x: Array, axis: int) -> Array:
    """Twice as many cells along an axis of (batch, rows, cols)."""

    def cells(first: int | None, last: int | None) -> tuple[slice, ...]:
        return tuple(slice(first, last) if n == axis else slice(None) for n in range(3))

    before, behind = 0.75 * x, 0.75 * x
    before[cells(1, None)] += 0.25 * x[cells(None, -1)]
    before[cells(None, 1)] += 0.25 * x[cells(None, 1)]
    behind[cells(None, -1)] += 0.25 * x[cells(1, None)]
    behind[cells(-1, None)] += 0.25 * x[cells(-1, None)]
    return _interleaved(xp, before, behind, axis)


def _interleaved(xp: Any, one: Array, other: Array, axis: int) -> Array:
    """Cells of two maps in turn along an axis of (batch, rows, cols)."""
    shape = list(one.shape)
    shape[axis] *= 2
    return xp.stack([one, other], axis + 1).reshape(shape)
