"""Compiled (numba) steps of :mod:`.lateral_flow`, scenario by scenario, those of large grids in strips of rows.

A strip is stepped some steps with as many rows around it as water may cross meanwhile, so that its own rows are as on
the whole grid; what is worked on stays small. The strips share their steps, see :mod:`.shared_steps`.

Rows are worked on one after the other, each in short passes that write one array from few others, so that the compiler
computes several cells at a time. Every cell gathers from its neighbours: results do not depend on the threads.
"""

from __future__ import annotations

from collections import deque
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from ...feedback import Feedback, check_cancelled
from ...map_parts.strips import pieces
from ...raster import scratch
from ..compiling import announce_compiling, numba, threads
from .shared_steps import SharedSteps
from .step_formulas import ROW_CELLS, VECTORS, greatest_levelling, steps_a_call

if TYPE_CHECKING:
    from .lateral_flow import GridSoil, GridWater

#: Thinner tables [m] do not shorten steps: what rounding leaves of a table that drains would, by chance.
DRY_M = 1e-9
#: Cells of a strip without the rows around it; rows around it, of which a step may need two where outflow is limited.
_STRIP_CELLS, _MARGIN = 2_000_000, 48
_ROWS = 16  # that a thread takes at a time
_TINY = 1e-30
_STATE = ("table", "band", "contact", "infiltrated")
_State = tuple[np.ndarray, ...]


def announce_batched_steps(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler."""
    if numba is not None:
        announce_compiling(_compiled_steps, feedback)


def advance(
    water: GridWater, soil: GridSoil, supply: np.ndarray, seconds: np.ndarray, shortest: np.ndarray,
    longest: np.ndarray, feedback: Feedback,
) -> int:  # fmt: skip
    """Step scenarios in place, one by one; see :func:`.lateral_flow.advance_water`, whose arguments these are.

    Returns:
        The greatest number of steps.
    """
    announce_batched_steps(feedback)
    most = 0
    for n in np.flatnonzero(seconds > 0.0):
        one = replace(soil, **{name: _of_scenario(getattr(soil, name), n) for name in _arrays_of(soil)})
        state = tuple(getattr(water, name)[n] for name in _STATE)
        step = float(shortest[n]), float(longest[n])
        offered = np.broadcast_to(supply, water.table.shape)[n]
        totals, steps = _advance_scenario(state, one, offered, float(seconds[n]), step, feedback)
        water.exfiltrated[n] += totals[0]
        water.drained[n] += totals[1]
        most = max(most, steps)
    return most


def _arrays_of(soil: GridSoil) -> list[str]:
    return [f.name for f in fields(soil) if f.name != "downstream"]


def _of_scenario(values: np.ndarray, number: int) -> np.ndarray:
    """What a scenario of a batch has of an array (rows, cols) of all, or (batch, rows, cols)."""
    return values if values.ndim == 2 else values[number if len(values) > 1 else 0]


def _advance_scenario(
    state: _State, soil: GridSoil, supply: np.ndarray, seconds: float, step: tuple[float, float], feedback: Feedback
) -> tuple[np.ndarray, int]:
    """Step one scenario's state (rows, cols) in place; returns totals as :func:`_few_steps`, and the steps."""
    rows, cols = state[0].shape
    height = rows if rows * cols <= _STRIP_CELLS else max(_STRIP_CELLS // cols, _MARGIN)
    strips = list(pieces(rows, height))
    whole = _rows(soil, supply, strips[0]) if len(strips) == 1 else None
    totals, steps, left, now = np.zeros(2), 0, seconds, state
    while left > 0.0:
        if whole is None:
            now, found, taken, done = _few_steps_of_strips(strips, now, soil, supply, left, step, seconds, feedback)
        else:
            found, taken, done = _few_steps(now, *whole, left, step, steps_a_call(rows * cols), interval=seconds)
            check_cancelled(feedback)
        totals += found
        steps += taken
        left = left - done if done < left else 0.0
    if now is not state:
        for values, after in zip(state, now):
            values[:] = after
    return totals, steps


def _few_steps_of_strips(
    strips: list[slice], state: _State, soil: GridSoil, supply: np.ndarray, left: float, step: tuple[float, float],
    interval: float, feedback: Feedback,
) -> tuple[_State, np.ndarray, int, float]:  # fmt: skip
    """Some steps in all strips, which are sorted by their rates; returns the state after them and as one strip does."""
    after = tuple(scratch.empty(values.shape, values.dtype) for values in state)
    shared, waiting, agree = SharedSteps(), deque(strips), []
    greatest, totals = {}, {}
    while waiting:
        check_cancelled(feedback)
        strip = waiting.popleft()
        shared.begin()
        outer = slice(max(strip.start - _MARGIN, 0), min(strip.stop + _MARGIN, supply.shape[0]))
        of_rows = tuple(values[outer].copy() for values in state)
        inner = slice(strip.start - outer.start, strip.stop - outer.start)
        totals[strip.start], steps, done = _few_steps(
            of_rows, *_rows(soil, supply, outer), left, step, _MARGIN // 2, shared, inner, interval=interval
        )
        for whole, values in zip(after, of_rows):
            whole[strip] = values[inner]
        scratch.release()
        greatest[strip.start] = shared.of_window.own.max(initial=0.0)
        if shared.merge(shared.of_window) == "changed":  # those before it took other steps
            waiting.extend(agree)
            agree = []
        agree.append(strip)
    strips.sort(key=lambda strip: -greatest[strip.start])
    return after, sum(totals.values()), steps, done


def _rows(soil: GridSoil, supply: np.ndarray, rows: slice) -> tuple[GridSoil, np.ndarray]:
    """Soil and supply of some rows, everything contiguous (rows, cols) but the conductivity."""

    def of_rows(values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.broadcast_to(values, supply.shape)[rows])

    names = (name for name in _arrays_of(soil) if name != "conductivity")
    return replace(soil, **{name: of_rows(getattr(soil, name)) for name in names}), of_rows(supply)


def _few_steps(
    state: _State, soil: GridSoil, supply: np.ndarray, seconds: float, step: tuple[float, float],
    most_steps: int, shared: SharedSteps | None = None, counted: slice = slice(0, None), *, interval: float,
) -> tuple[np.ndarray, int, float]:  # fmt: skip
    """Advance one scenario by ``seconds``, or as far as ``most_steps`` reach.

    Args:
        state: table, band, contact and infiltrated (rows, cols), changed in place.
        soil: of one scenario, everything (rows, cols); supply: infiltration offered [m/s].
        step: shortest and longest step [s].
        shared: of a strip of a larger grid: takes its rates and gives those of the other strips.
        counted: rows whose rates limit the step and whose water is summed.
        interval: time for which ``supply`` is offered, of which ``seconds`` are left [s]. It counts as infiltrated
            where they are at their end.

    Returns:
        ((exfiltrated, drained) [m of water summed over cells], steps, seconds) that were done.
    """
    faces = (soil.drop_east, soil.drop_south, soil.east, soil.south, soil.border)
    cells = (soil.share, soil.per_share, soil.depth, soil.deficit, soil.air)
    floor, trace = np.empty(0), np.empty((2, 0))
    if shared is not None:
        floor, trace = shared.floor(most_steps), np.zeros((2, most_steps))
    rows = np.array(counted.indices(supply.shape[0])[:2])
    conductivity = float(soil.conductivity[0, 0])
    levelling = greatest_levelling(max(step[0] * conductivity, _TINY))
    with threads(supply.size, _compiled_steps):
        totals, taken, done = _compiled_steps(
            state, faces, cells, supply, conductivity, soil.downstream, seconds, step, most_steps, floor, trace, rows,
            interval, levelling,
        )  # fmt: skip
    if shared is not None:
        shared.add(*trace[:, :taken])
    return totals, taken, done


if numba is not None:
    from .step_formulas import balance, compiled_levelled_flow, compiled_step_length, finish_cells

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_outflow(out, rate, h, other, drop, sign, coefficient, downstream):
        """What leaves a row's cells through one of their sides, and how it answers to h; see lateral_flow._Faces."""
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            fall = sign * drop[k] + own - far
            carries = (1.0 - 2.0 * downstream) * (own if fall > 0.0 else far) + downstream * (own + far)
            steep = fall if (fall > 0.0) & (own > DRY_M) else 0.0
            out[k] += c * carries * (fall if fall > 0.0 else 0.0)
            rate[k] += c * (carries + (1.0 - downstream) * steep)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_net(net, h, other, drop, sign, coefficient, downstream, levelling, scale, other_scale):
        """What one of their sides adds to the net supply of a row's cells, outflow scaled."""
        for k in range(h.size):
            own, far = h[k], other[k]
            fall = sign * drop[k] + own - far
            carries = (1.0 - 2.0 * downstream) * (own if fall > 0.0 else far) + downstream * (own + far)
            flow = compiled_levelled_flow(coefficient[k] * carries, fall, own - far, levelling)
            net[k] -= flow * (scale[k] if fall > 0.0 else other_scale[k])

    @numba.njit(cache=True, error_model="numpy")
    def _within(share, first_and_last):
        """Write where the cells of a row that are not missing begin and end; twice 0 where there are none."""
        first, last = 0, share.size
        while first < last and share[first] == 0.0:
            first += 1
        while last > first and share[last - 1] == 0.0:
            last -= 1
        first_and_last[0], first_and_last[1] = (first, last) if first < last else (0, 0)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _row_outflow(r, at, table, faces, out, rate):
        """Outflow of a row's cells [m/s] and how it answers to their tables [1/s], both for K_lat = 1."""
        drop_east, drop_south, east, south, border, downstream, _ = faces
        h, edge, leaves, answer = table[r, at], border[r, at], out[r, at], rate[at]
        for k in range(h.size):
            leaves[k] = edge[k] * h[k]
            answer[k] = edge[k] if h[k] > DRY_M else 0.0
        c, drop = east[r, at][:-1], drop_east[r, at][:-1]
        _add_outflow(leaves[:-1], answer[:-1], h[:-1], h[1:], drop, 1.0, c, downstream)
        _add_outflow(leaves[1:], answer[1:], h[1:], h[:-1], drop, -1.0, c, downstream)
        if r + 1 < table.shape[0]:
            _add_outflow(leaves, answer, h, table[r + 1, at], drop_south[r, at], 1.0, south[r, at], downstream)
        if r > 0:
            c, drop = south[r - 1, at], drop_south[r - 1, at]
            _add_outflow(leaves, answer, h, table[r - 1, at], drop, -1.0, c, downstream)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _row_net(r, at, table, faces, scale, net):
        """Net lateral supply of a row's cells [m/s] for K_lat = 1; returns what leaves over open edges."""
        drop_east, drop_south, east, south, border, downstream, levelling = faces
        h, edge, share, supply = table[r, at], border[r, at], scale[r, at], net[r, at]
        lost = 0.0
        for k in range(h.size):
            supply[k] = -edge[k] * h[k] * share[k]
        for k in range(h.size):
            lost -= supply[k]
        c, drop = east[r, at][:-1], drop_east[r, at][:-1]
        _add_net(supply[:-1], h[:-1], h[1:], drop, 1.0, c, downstream, levelling, share[:-1], share[1:])
        _add_net(supply[1:], h[1:], h[:-1], drop, -1.0, c, downstream, levelling, share[1:], share[:-1])
        if r + 1 < table.shape[0]:
            c, drop = south[r, at], drop_south[r, at]
            _add_net(supply, h, table[r + 1, at], drop, 1.0, c, downstream, levelling, share, scale[r + 1, at])
        if r > 0:
            c, drop = south[r - 1, at], drop_south[r - 1, at]
            _add_net(supply, h, table[r - 1, at], drop, -1.0, c, downstream, levelling, share, scale[r - 1, at])
        return lost

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _row_per_storage(contact, share, depth, deficit, air, conductivity, per_storage):
        """Conductivity over the storage per height of table; 0 where there is no soil and thus no table."""
        for k in range(contact.size):
            storage = (air[k] if contact[k] else deficit[k] + air[k]) * share[k]
            per_storage[k] = conductivity / storage if (storage > 0.0) & (depth[k] > 0.0) else 0.0

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _row_rate(rate, per_storage):
        """A row's greatest rate over its storage [1/s]."""
        most = 0.0
        for k in range(rate.size):
            most = max(most, rate[k] * per_storage[k])
        return most

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _row_scale(h, out, per_storage, now, scale):
        """Share of the outflow that each table of a row can give in a step."""
        for k in range(h.size):
            falls, own = out[k] * per_storage[k] * now, h[k]
            scale[k] = (own / falls if falls > own else 1.0) if own > 0.0 else 0.0

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _of_valid_part(net, conductivity, per_share):
        """Net supply for K_lat = 1 to that of a cell's valid part [m/s]."""
        for k in range(net.size):
            net[k] *= conductivity * per_share[k]

    @numba.njit(cache=True, error_model="numpy")
    def _row_balance(r, within, state, supply, cells, per_storage, net, conductivity, work, now):
        """Take a step's water into a row's cells; returns what exfiltrates."""
        table, band, contact, infiltrated = state
        share, per_share, depth, deficit, air = cells
        left_at_surface = 0.0
        for first in range(within[0], within[1], ROW_CELLS):
            at = slice(first, min(first + ROW_CELLS, within[1]))
            _of_valid_part(net[r, at], conductivity, per_share[r, at])
            of_cells = table[r, at], band[r, at], contact[r, at], infiltrated[r, at]
            soil = depth[r, at], deficit[r, at], air[r, at]
            _, exfiltrated, joined = balance(of_cells, supply[r, at], soil, net[r, at], share[r, at], work, now)
            left_at_surface += exfiltrated
            if joined:
                _row_per_storage(contact[r, at], share[r, at], *soil, conductivity, per_storage[r, at])
        return left_at_surface

    @numba.njit(parallel=True, nogil=True, cache=True, error_model="numpy")
    def _compiled_steps(  # noqa: PLR0912 - calls of other functions in parallel loops would be no parallel loops
        state, faces, cells, supply, conductivity, downstream, seconds, step, most_steps, floor, trace, counted,
        interval, levelling,
    ):  # fmt: skip
        table, band, contact, infiltrated = state
        share, _, depth, deficit, air = cells
        faces = (*faces, downstream, levelling)
        rows, cols = table.shape
        blocks = (rows + _ROWS - 1) // _ROWS
        out, per_storage, scale = np.empty((rows, cols)), np.empty((rows, cols)), np.zeros((rows, cols))
        within = np.zeros((rows, 2), dtype=np.int64)  # cells between these are stepped: those around are missing
        rate, work = np.empty((blocks, cols)), np.empty((blocks, 2 * ROW_CELLS))  # of one row at a time
        rates, sums = np.zeros(blocks), np.zeros((blocks, 2))
        steps, done = 0, 0.0
        for block in numba.prange(blocks):
            for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                _within(share[r], within[r])
                _row_per_storage(contact[r], share[r], depth[r], deficit[r], air[r], conductivity, per_storage[r])
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                fastest = 0.0
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    at = slice(within[r, 0], within[r, 1])
                    _row_outflow(r, at, table, faces, out, rate[block])
                    if counted[0] <= r < counted[1]:
                        fastest = max(fastest, _row_rate(rate[block, at], per_storage[r, at]))
                rates[block] = fastest
            fastest_of_all = rates.max()
            if steps < floor.size:
                trace[0, steps] = fastest_of_all
                fastest_of_all = max(fastest_of_all, floor[steps])
            now = compiled_step_length(fastest_of_all, step, seconds - done)
            if steps < trace.shape[1]:
                trace[1, steps] = now
            for block in numba.prange(blocks):
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    at = slice(within[r, 0], within[r, 1])
                    _row_scale(table[r, at], out[r, at], per_storage[r, at], now, scale[r, at])
            for block in numba.prange(blocks):
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    at = slice(within[r, 0], within[r, 1])
                    lost = _row_net(r, at, table, faces, scale, out) * conductivity * now
                    sums[block, 1] += lost if counted[0] <= r < counted[1] else 0.0
            for block in numba.prange(blocks):
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    excess = _row_balance(
                        r, within[r], state, supply, cells, per_storage, out, conductivity, work[block], now
                    )
                    sums[block, 0] += excess if counted[0] <= r < counted[1] else 0.0
            steps += 1
            done = seconds if now >= seconds - done else done + now
        offered = interval if done >= seconds else 0.0
        for block in numba.prange(blocks):
            for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                soil = depth[r], deficit[r], air[r]
                finish_cells((table[r], band[r], contact[r], infiltrated[r]), supply[r], soil, offered)
        return sums.sum(axis=0), steps, done
