"""Steps of lateral flow on the valid cells: in numpy, the reference, or compiled (:mod:`.kernels_numba`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable

import numpy as np

from ..compiling import SAME_BITS, announce_compiling, compiled, read_only, threads_for, warn_where_slow
from . import kernels_numba, shared_steps_numba
from .groundwater import Conductances
from .step_formulas import balance_cells, greatest_levelling, levelled_flow, step_length

if TYPE_CHECKING:
    from ...feedback import Feedback
    from .shared_steps import SharedSteps

_BLOCK = 16_384  # cells that numpy computes at a time, so that they stay in the cache
#: Of a map that is no window of another.
_NO_FLOOR, _NO_TRACE = np.empty(0), np.empty((2, 0))
_LEAST_SHARED_STEPS = 2  # fewer are not worth a copy of the state


@dataclass
class Water:
    """State of the cells, changed in place by the steps. Arrays are (rows, cols) or (cells,), float64 and bool.

    Attributes:
        table: h [m]; band: V [m]; contact: the wetted band has reached the table.
        infiltrated: F [m] since the start.
        runoff, exfiltrated, drained: totals over the map [m of water summed over cells].
        scratch: room of the compiled steps, (3, cells), kept from call to call: memory that is requested anew is
            handed out page by page, which takes longer than a step.
    """

    table: np.ndarray
    band: np.ndarray
    contact: np.ndarray
    infiltrated: np.ndarray
    runoff: float = 0.0
    exfiltrated: float = 0.0
    drained: float = 0.0
    scratch: np.ndarray | None = field(default=None, repr=False)


def lateral_time(
    water: Water, supply: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, air: np.ndarray,
    seconds: float, step: tuple[float, float], most_steps: int, shared: SharedSteps | None = None,
    interval: float | None = None,
) -> tuple[int, float]:  # fmt: skip
    """Advance the cells by ``seconds``, or as far as ``most_steps`` reach, in steps as long as their state allows.

    A step is STEP_SHARE of the monotone limit (:meth:`Flows.update`), yet never below the shortest: where that is
    beyond the limit, outflow is scaled so that no table falls below the bedrock. And never above the longest.

    Args:
        water: changed in place.
        supply: infiltration offered [m/s], 0 outside.
        c: coefficients of lateral flow.
        depth, deficit: D [m], 0 outside, and dTheta [-]; air: what the wetted band keeps [-].
        step: shortest and longest [s].
        shared: of a window of a larger map: takes its rates and gives those of the other windows.
        interval: time for which ``supply`` is offered, of which ``seconds`` are left [s]; by default these. Compiled
            steps count it as infiltrated where they reach its end, so that sums do not depend on the calls.
        All arrays are of one shape, (rows, cols) or (cells,).

    Returns:
        (steps, seconds) that were done.
    """
    state = (water.table, water.band, water.contact, water.infiltrated)
    flat = (*(x.reshape(-1) for x in state), *(read_only(x) for x in (supply, depth, deficit, air)))
    floor, trace = (_NO_FLOOR, _NO_TRACE) if shared is None else (shared.floor(most_steps), np.zeros((2, most_steps)))
    bounds = seconds, step, most_steps, floor, trace, greatest_levelling(step[0])
    if compiled():
        steps, done = kernels_numba.steps(water, flat, c, *bounds, seconds if interval is None else interval)
    else:
        steps, done = _plain_steps(water, flat, c, *bounds)
    if shared is not None:
        shared.add(*trace[:, :steps])
    return steps, done


def take_shared_steps(
    water: Water, supply: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, air: np.ndarray,
    seconds: float, step: tuple[float, float], most_steps: int, shared: SharedSteps, interval: float, *,
    steps_a_call: int, ranges: Callable[[np.ndarray], np.ndarray],
) -> tuple[int, float, int] | None:  # fmt: skip
    """Advance a window of a larger map by the steps of other windows, whose rates and lengths are given.

    Several such steps are computed at a time, on one thread, so that cells stay in the cache. If the window's own rates
    change a length, its water is restored.

    Args:
        steps_a_call: steps per call of :func:`lateral_time`, for lengths that are the same in all bits.
        ranges: returns the first cell that each step must compute, and the one after the last, (steps, 2), for the
            cells that an influence travels in each step (steps,).
        The others: see :func:`lateral_time`.

    Returns:
        (steps taken, rest of the interval [s], cells that an influence has travelled), or ``None`` if
        :func:`lateral_time` must be called instead.
    """
    if not compiled() or not SAME_BITS or threads_for(water.table.size) > 1:
        return None
    floor = shared.floor(most_steps)
    floor = floor[: int(np.argmin(floor > 0.0)) if (floor <= 0.0).any() else floor.size]
    if floor.size < _LEAST_SHARED_STEPS:
        return None
    lengths, left = _shared_step_lengths(floor, step, seconds, steps_a_call)
    floor = floor[: lengths.size]
    limited = lengths * floor > 1.0
    moves = 1 + limited
    state = (water.table, water.band, water.contact, water.infiltrated)
    before, sums = [x.copy() for x in state], (water.runoff, water.exfiltrated, water.drained)
    flat = (*(x.reshape(-1) for x in state), *(read_only(x) for x in (supply, depth, deficit, air)))
    stepped = interval if left == 0.0 else 0.0
    own = shared_steps_numba.take_shared_steps(
        water, flat, c, lengths, limited, ranges(moves), greatest_levelling(step[0]), stepped
    )
    rates = np.maximum(own, floor)
    if (rates > floor).any():
        same = np.array_equal(_shared_step_lengths(rates, step, seconds, steps_a_call)[0], lengths)
        if not same or (limited != (lengths * rates > 1.0)).any():
            for values, kept in zip(state, before):
                values[:] = kept
            water.runoff, water.exfiltrated, water.drained = sums
            return None
    shared.add(own, lengths)
    return lengths.size, left, int(moves.sum())


def _shared_step_lengths(
    rates: np.ndarray, step: tuple[float, float], left: float, steps_a_call: int
) -> tuple[np.ndarray, float]:  # fmt: skip
    """Lengths [s] of steps with given greatest rates, in calls of ``steps_a_call``, and the rest of the time [s]."""
    lengths: list[float] = []
    done, in_call = 0.0, 0
    for rate in rates:
        if in_call == steps_a_call:
            left, done, in_call = left - done, 0.0, 0
        lengths.append(step_length(float(rate), step, left - done))
        in_call += 1
        if lengths[-1] >= left - done:
            return np.array(lengths), 0.0
        done += lengths[-1]
        if done >= left:
            return np.array(lengths), 0.0
    return np.array(lengths), left - done


def announce_substeps(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler, or the steps are not compiled though they could be."""
    warn_where_slow(feedback)
    if compiled():
        announce_compiling(kernels_numba.compiled_steps, feedback)


def _plain_steps(
    water: Water, flat: tuple[np.ndarray, ...], c: Conductances, seconds: float, step: tuple[float, float],
    most_steps: int, floor: np.ndarray, trace: np.ndarray, levelling: float,
) -> tuple[int, float]:  # fmt: skip
    """The reference in numpy, on flattened views of the water's arrays."""
    table, band, contact, infiltrated, supply, depth, deficit, air = flat
    flows = Flows(c, levelling)
    per_storage_apart, per_storage_in_contact = (np.where(depth > 0.0, 1.0 / x, 0.0) for x in (deficit + air, air))
    steps, done = 0, 0.0
    while steps < most_steps and done < seconds:
        per_storage = np.where(contact, per_storage_in_contact, per_storage_apart)
        fastest = flows.update(table, per_storage)
        if steps < floor.size:
            trace[0, steps], fastest = fastest, max(fastest, floor[steps])
        now = step_length(fastest, step, seconds - done)
        if steps < trace.shape[1]:
            trace[1, steps] = now
        if now * fastest > 1.0:
            flows.limit(table, per_storage, now)
        for at in flows.blocks:
            offered = supply[at] * now
            table[at], band[at], contact[at], rejected, exfiltrated = balance_cells(
                table[at], band[at], contact[at], offered, flows.net[at] * now, depth[at], deficit[at], air[at]
            )
            infiltrated[at] += offered - rejected
            here = slice(None) if c.counted is None else c.counted[at]
            water.runoff += float(rejected[here].sum())
            water.exfiltrated += float(exfiltrated[here].sum())
        water.drained += float(flows.border[slice(None) if c.counted is None else c.counted].sum()) * now
        steps += 1
        done = seconds if now >= seconds - done else done + now
    return steps, done


class Flows:
    """Groundwater that flows between the cells at a water table, in numpy; used again from step to step.

    All arrays are flattened, (cells,), and worked on block by block: the many intermediate ones stay in the cache.

    Attributes:
        net: supply of each cell from its neighbours [m/s].
        border: what leaves through open faces [m/s].

    Args:
        c: coefficients; greatest: see :func:`.step_formulas.greatest_levelling`.
    """

    def __init__(self, c: Conductances, greatest: float) -> None:
        cells = c.east.size
        self.below, above = c.neighbours
        self.to_east, self.to_south, self.to_border = (x.ravel() for x in (c.east, c.south, c.border))
        # One place more, after the last cell, for the eastern neighbour that it does not have.
        self._bedrock = np.append(c.bedrock.ravel(), 0.0)
        self._table, self._head = np.zeros(cells + 1), np.zeros(cells + 1)
        # One place more, before the first cell: the western face of a cell is the eastern one of the cell before.
        self._east, self._carries_east = np.zeros(cells + 1), np.zeros(cells + 1)
        self.south, self._carries_south = np.zeros(cells), np.zeros(cells)
        # Without the limit of levelling: outflow and rates count all of it.
        self._greatest, self._whole_east, self._whole_south = greatest, np.zeros(cells + 1), np.zeros(cells)
        self.border, self.net = np.zeros(cells), np.zeros(cells)
        self.blocks = [slice(first, min(cells, first + _BLOCK)) for first in range(0, cells, _BLOCK)]
        self._drains = {at.start: bool(self.to_border[at].any()) for at in self.blocks}
        self._none, self._least = np.zeros(_BLOCK), np.full(_BLOCK, 1e-12)
        self._counted = c.counted
        self._below = {at.start: _as_slice(self.below[at]) for at in self.blocks}
        self._above = {at.start: _as_slice(above[at]) for at in self.blocks}

    @property
    def east(self) -> np.ndarray:
        """Flow through the eastern faces [m/s]."""
        return self._east[1:]

    def update(self, table: np.ndarray, per_storage: np.ndarray) -> float:
        """Compute the flow at a water table.

        Returns the greatest rate at which a cell's table answers to itself [1/s]: for cell i it is the sum over its
        faces of C (max(drop, 0) + upstream h) / storage, the diagonal of the Jacobian of the explicit scheme, which
        is monotone (no oscillation, no negative table) for steps up to its inverse.

        Args:
            table: h [m]; per_storage: one over the storage per table height [-], 0 where there is no soil.
        """
        self._table[:-1] = table
        np.add(self._bedrock, self._table, out=self._head)
        for at in self.blocks:
            self._flow_through_faces(at)
        fastest = 0.0
        for at in self.blocks:
            rate = self._balance_faces(at)
            rate *= per_storage[at]
            if self._counted is not None:
                rate = np.where(self._counted[at], rate, 0.0)
            fastest = max(fastest, float(rate.max()))
        return fastest

    def _flow_through_faces(self, at: slice) -> None:
        h, head = self._table[at], self._head[at]
        after = slice(at.start + 1, at.stop + 1)
        drop = head - self._head[after]
        carries = np.where(drop > 0.0, h, self._table[after])
        np.multiply(carries, self.to_east[at], out=carries)
        np.multiply(carries, drop, out=self._whole_east[after])
        self._east[after] = self._levelled(self._whole_east[after], carries, drop, h - self._table[after])
        self._carries_east[after] = carries
        below = self._below[at.start]
        drop = head - self._head[below]
        carries = np.where(drop > 0.0, h, self._table[below])
        np.multiply(carries, self.to_south[at], out=self._carries_south[at])
        np.multiply(self._carries_south[at], drop, out=self._whole_south[at])
        rise = h - self._table[below]
        self.south[at] = self._levelled(self._whole_south[at], self._carries_south[at], drop, rise)
        if self._drains[at.start]:
            np.multiply(self.to_border[at], h, out=self.border[at])

    def _levelled(self, flow: np.ndarray, carries: np.ndarray, drop: np.ndarray, rise: np.ndarray) -> np.ndarray:
        """Flow through some faces with the limit of levelling."""
        if carries.max(initial=0.0) <= self._greatest:
            return flow
        return levelled_flow(np, carries, drop, rise, self._greatest)

    def _balance_faces(self, at: slice) -> np.ndarray:
        """Net supply of a block, kept, and how fast its tables answer, without the storage [1/s]."""
        after, north = slice(at.start + 1, at.stop + 1), self._whole_south[self._above[at.start]]
        rate = self._outflow(at, north)
        rate /= np.maximum(self._table[at], self._least[: rate.size])
        rate += self._carries_east[at]
        rate += self._carries_east[after]
        rate += self._carries_south[at]
        rate += self._carries_south[self._above[at.start]]
        self._sum_up(at, self.south[self._above[at.start]])
        return rate

    def _outflow(self, at: slice, north: np.ndarray) -> np.ndarray:
        """Outflow of the cells of a block through all faces [m/s], without the limit on diffusion.

        Args:
            north: what enters from there [m/s].
        """
        none = self._none[: north.size]  # numpy is slow to compare with a number
        outflow = np.maximum(self._whole_east[at.start + 1 : at.stop + 1], none)
        outflow += np.maximum(self._whole_south[at], none)
        outflow -= np.minimum(self._whole_east[at], none)
        outflow -= np.minimum(north, none)
        if self._drains[at.start]:
            outflow += self.border[at]
        return outflow

    def _sum_up(self, at: slice, north: np.ndarray) -> None:
        net = self._east[at] + north
        net -= self._east[at.start + 1 : at.stop + 1]
        net -= self.south[at]
        if self._drains[at.start]:
            net -= self.border[at]
        self.net[at] = net

    def limit(self, table: np.ndarray, per_storage: np.ndarray, seconds: float) -> None:
        """Scale the outflow of the cells so that their tables stay >= 0 in a step; as :meth:`update` had them."""
        north = (self._whole_south[self._above[at.start]] for at in self.blocks)
        needed = np.concatenate([self._outflow(at, x) for at, x in zip(self.blocks, north)]) * seconds
        needed *= per_storage
        scale = np.where(needed > table, table / np.maximum(needed, 1e-300), 1.0)
        east, south = self.east, self.south
        east *= np.where(east > 0.0, scale, np.append(scale[1:], 1.0))
        south *= np.where(south > 0.0, scale, scale[self.below])
        self.border *= scale
        for at in self.blocks:
            self._sum_up(at, self.south[self._above[at.start]])


def _as_slice(positions: np.ndarray) -> np.ndarray | slice:
    """Positions as a slice if they are consecutive, which is faster than an index array."""
    first, last = int(positions[0]), int(positions[-1])
    along = last - first == positions.size - 1 and bool((np.diff(positions) == 1).all())
    return slice(first, last + 1) if along else positions
