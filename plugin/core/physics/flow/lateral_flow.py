"""Explicit time steps of lateral flow and the water balance of cells, for many scenarios at once.

Every array is (batch, rows, cols), or broadcasts to it. The functions are written for an array namespace ``xp``, numpy
or torch, that the caller hands in; :mod:`.lateral_flow_numba` holds the same steps in compiled form, which numpy's
arrays take where numba is installed. Equations and regimes are those of :mod:`.groundwater`, on cells that may be
missing in part and with faces whose water table may be a mean of the two cells'.

Source: Darcy-Dupuit flow in finite volumes with upstream tables, as :mod:`.groundwater` has it. The weight w of the
downstream cell at a face is ours: upstream values spread a wave of speed u like a diffusion of u dx / 2 (LeVeque 2002,
Finite Volume Methods for Hyperbolic Problems, section 8.6), a mean with weight w like u dx (1 - 2 w) / 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable

import numpy as np

from ...feedback import Feedback, check_cancelled
from ...raster import scratch
from ..compiling import compiled
from . import lateral_flow_numba
from .grid_kernels_numba import DRY_M
from .grid_pyramid import PyramidGrid
from .step_formulas import LAST_STEP, STEP_SHARE, greatest_levelling, levelled_flow

Array = Any
_TINY = 1e-30  # also in single precision
_CHUNK = 16  # steps between two checks whether all scenarios are done: on a device each check waits for it


@dataclass(frozen=True)
class Arrays:
    """Array library, device and precision of a computation.

    Attributes:
        xp: namespace of the array functions, numpy or torch.
        asarray: puts a numpy array there, in the precision of the computation.
    """

    xp: Any = np
    asarray: Callable[[np.ndarray], Array] = np.ascontiguousarray

    def index(self, places: np.ndarray, like: Array) -> Array:
        """Puts places where an array is, of which they are to be read."""
        return places if self.xp is np else self.xp.as_tensor(places, device=like.device)

    @classmethod
    def single(cls) -> Arrays:
        """Arrays of numpy in single precision."""
        return cls(asarray=_in_single)

    @property
    def kernels(self) -> bool:
        """Whether the compiled steps take these arrays."""
        return self.xp is np and compiled()


def _in_single(values: np.ndarray) -> np.ndarray:
    """Numbers in single precision, in a scratch file where they are many; one number for all takes no memory."""
    if values.size > 1 and not any(values.strides):
        return np.broadcast_to(np.float32(values.flat[0]), values.shape)
    return scratch.copied(values, np.float32)


@dataclass
class GridWater:
    """State on one grid. Arrays (batch, rows, cols); totals (batch, 1, 1).

    Attributes:
        table: h [m]; band: V [m]; contact: bool; infiltrated: F taken in since the start [m].
        exfiltrated, drained: what left at the surface and over open edges [m of water summed over the grid's cells].
    """

    table: Array
    band: Array
    contact: Array
    infiltrated: Array
    exfiltrated: Array
    drained: Array


@dataclass(frozen=True)
class GridSoil:
    """A grid and what scenarios need on it.

    Attributes:
        share, per_share: valid share of a cell [-] and one over it, 0 where missing; (rows, cols).
        drop_east, drop_south, east, south, border, downstream: see :class:`.grid_pyramid.PyramidGrid`; the
            coefficients are (rows, cols), or (batch, rows, cols) and then hold K_lat where that is a raster.
        conductivity: K_lat (batch, 1, 1) [m/s], 1 where the coefficients hold it.
        depth: D [m]; deficit: what the band takes up [-]; air: what it keeps [-].
    """

    share: Array
    per_share: Array
    drop_east: Array
    drop_south: Array
    east: Array
    south: Array
    border: Array
    downstream: float
    conductivity: Array
    depth: Array
    deficit: Array
    air: Array

    @classmethod
    def of(
        cls, grid: PyramidGrid, conductivity: np.ndarray, deficit: np.ndarray, air: np.ndarray, edges: str,
        arrays: Arrays,
    ) -> GridSoil:  # fmt: skip
        """Soil of scenarios on a grid.

        Args:
            grid: of the pyramid.
            conductivity: K_lat (batch, 1, 1) or (batch, rows, cols) [m/s].
            deficit, air: (batch, 1, 1) or (batch, rows, cols) [-].
            edges: ``open`` or ``closed``.
            arrays: where they are needed.
        """
        east, south, border = grid.east, grid.south, grid.border if edges == "open" else np.zeros_like(grid.border)
        k = conductivity
        if k.shape[1:] != (1, 1):
            faces = [np.zeros(k.shape) for _ in range(2)]
            faces[0][:, :, :-1] = east[:, :-1] * 0.5 * (k[:, :, :-1] + k[:, :, 1:])
            faces[1][:, :-1] = south[:-1] * 0.5 * (k[:, :-1] + k[:, 1:])
            (east, south), border, k = faces, border * k, np.ones((k.shape[0], 1, 1))
        per_share = np.divide(1.0, grid.share, out=np.zeros_like(grid.share), where=grid.share > 0.0)
        put = arrays.asarray
        return cls(
            put(grid.share), put(per_share), put(grid.drop_east), put(grid.drop_south), put(east), put(south),
            put(border), grid.downstream, put(k), put(grid.depth), put(np.maximum(deficit, 1e-3)), put(air),
        )  # fmt: skip


def advance_water(
    water: GridWater, soil: GridSoil, supply: Array, seconds: np.ndarray, shortest: np.ndarray, longest: np.ndarray,
    arrays: Arrays, feedback: Feedback,
) -> tuple[GridWater, int]:  # fmt: skip
    """Step scenarios through an interval of constant infiltration, each through its own.

    A step is STEP_SHARE of the monotone limit, yet never below ``shortest`` and never above ``longest``; beyond the
    limit, and where a face's table is a mean, outflow is scaled so that no table falls below the bedrock.

    Args:
        water: at the interval's beginning; compiled steps change it in place.
        supply: infiltration offered [m/s], (batch, rows, cols) or (batch, 1, 1).
        seconds: length of the interval (batch,) [s], 0 where a scenario takes no part.
        shortest, longest: bounds of a step (batch,) [s].
        feedback: for cancellation.

    Returns:
        The state at its end, and the number of steps that were done, of all scenarios together at most.
    """
    if arrays.kernels:
        return water, lateral_flow_numba.advance(water, soil, supply, seconds, shortest, longest, feedback)
    left, shortest_, longest_ = arrays.asarray(np.stack([seconds, shortest, longest])[..., None, None])
    most = int(np.max(np.ceil(seconds / np.minimum(shortest, longest) - 1e-9), initial=0)) + 1
    done = 0
    while done < most:
        check_cancelled(feedback)
        for _ in range(min(1 if arrays.xp is np else _CHUNK, most - done)):
            water, left = step(arrays.xp, water, soil, supply, left, shortest_, longest_)
            done += 1
        if done < most and not bool((left > 0.0).any()):
            break
    return water, done


def step(
    xp: Any, water: GridWater, soil: GridSoil, supply: Array, left: Array, shortest: Array, longest: Array
) -> tuple[GridWater, Array]:
    """One explicit step of every scenario, each of its own length, 0 for those that are done.

    Nothing is copied back from a device.

    Args:
        left: (batch, 1, 1) time to the end of the interval [s]; the others as :func:`advance_water` takes them.

    Returns:
        The state after the step and the time that is left.
    """
    h = water.table
    storage = xp.where(water.contact, soil.air, soil.deficit + soil.air) * soil.share
    per_storage = xp.where((storage > 0.0) & (soil.depth > 0.0), soil.conductivity / _positive(xp, storage), 0.0)
    further = soil.downstream, greatest_levelling(_positive(xp, shortest * soil.conductivity))
    east = _Faces(xp, h[:, :, :-1], h[:, :, 1:], soil.drop_east[..., :-1], soil.east[..., :-1], *further)
    south = _Faces(xp, h[:, :-1], h[:, 1:], soil.drop_south[..., :-1, :], soil.south[..., :-1, :], *further)
    lost = soil.border * h
    out, rate = lost + 0.0, xp.where(h > DRY_M, soil.border, 0.0)
    for faces, before, behind in ((east, np.s_[:, :, :-1], np.s_[:, :, 1:]), (south, np.s_[:, :-1], np.s_[:, 1:])):
        out[before] += xp.where(faces.forward, faces.flow, 0.0)
        out[behind] -= xp.where(faces.forward, 0.0, faces.flow)
        rate[before] += faces.rate_before
        rate[behind] += faces.rate_behind
    fastest = xp.amax(rate * per_storage, axis=(1, 2), keepdims=True)
    dt = _step_length(xp, fastest, left, shortest, longest)
    falls = out * per_storage * dt
    # A mean at a face must not draw from a cell without water, nor from one without soil, whose per_storage is 0.
    scale = xp.where(h > 0.0, xp.where(falls > h, h / _positive(xp, falls), 1.0), 0.0)
    lost = lost * scale
    net = -lost
    for faces, before, behind in ((east, np.s_[:, :, :-1], np.s_[:, :, 1:]), (south, np.s_[:, :-1], np.s_[:, 1:])):
        limited = faces.levelled * xp.where(faces.forward, scale[before], scale[behind])
        net[before] -= limited
        net[behind] += limited
    amount = soil.conductivity * dt
    drained = water.drained + amount * xp.sum(lost, axis=(1, 2), keepdims=True)
    after = balance(xp, water, soil, supply * dt, net * amount * soil.per_share)
    return replace(after, drained=drained), left - dt


class _Faces:
    """Flow through the faces between neighbours for K_lat = 1 [m/s], and how the cells' outflow answers to h.

    Attributes:
        flow: from the first cell to the second [m/s]; forward: where it runs so.
        levelled: the same as far as a step may even out the tables, see :func:`.step_formulas.levelled_flow`.
        rate_before, rate_behind: d(outflow)/dh of the two cells, the other's table held [1/s].
    """

    def __init__(
        self, xp: Any, own: Array, far: Array, drop: Array, coefficient: Array, downstream: float, greatest: Array
    ) -> None:  # fmt: skip
        fall = drop + own - far
        self.forward = fall > 0.0
        carries = xp.where(self.forward, own, far)
        if downstream > 0.0:
            carries = (1.0 - 2.0 * downstream) * carries + downstream * (own + far)
        carries = coefficient * carries
        self.flow = carries * fall
        self.levelled = levelled_flow(xp, carries, fall, own - far, greatest)
        steep = (1.0 - downstream) * coefficient * fall
        self.rate_before = carries + xp.where(self.forward & (own > DRY_M), steep, 0.0)
        self.rate_behind = carries - xp.where((far > DRY_M) & (fall < 0.0), steep, 0.0)


def _positive(xp: Any, x: Array) -> Array:
    """x, at least a number that can be divided by."""
    return xp.clip(x, _TINY, None)


def _step_length(xp: Any, fastest: Array, left: Array, shortest: Array, longest: Array) -> Array:
    """Lengths of the next steps [s], no short rest; see :func:`.step_formulas.step_length`."""
    limit = xp.minimum(xp.maximum(STEP_SHARE / _positive(xp, fastest), shortest), longest)
    return xp.where(left <= LAST_STEP * limit, left, xp.where(left < 2.0 * limit, 0.5 * left, limit))


def balance(xp: Any, water: GridWater, soil: GridSoil, offered: Array, net: Array) -> GridWater:
    """Add the water of one step to the cells; see :func:`.step_formulas.balance_cells`.

    Args:
        offered, net: infiltration and lateral supply in the step [m of the valid part of a cell].
    """
    h, band, depth, deficit, air = water.table, water.band, soil.depth, soil.deficit, soil.air
    rise, fills = net / (deficit + air), offered / deficit
    closing = rise + fills
    gap = depth - h - band / deficit
    apart = (~water.contact) & (closing < gap)
    contact = ~apart
    split = xp.where(closing > 0.0, gap / _positive(xp, closing), 0.0)
    split = xp.where(water.contact, 0.0, xp.clip(split, 0.0, 1.0))
    table = h + xp.where(apart, rise, split * rise + (1.0 - split) * (offered + net) / air)
    excess = xp.where(contact, xp.clip(table - depth, 0.0, None) * air, 0.0)
    rejected = xp.minimum(excess, offered)
    table = xp.minimum(xp.clip(table, 0.0, None), depth)
    exfiltrated = xp.sum((excess - rejected) * soil.share, axis=(1, 2), keepdims=True)
    return GridWater(
        table, xp.where(contact, deficit * (depth - table), band + offered), contact,
        water.infiltrated + offered - rejected, water.exfiltrated + exfiltrated, water.drained,
    )  # fmt: skip
