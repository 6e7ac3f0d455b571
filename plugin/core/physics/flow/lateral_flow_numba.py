"""Compiled (numba) version of the steps of :mod:`.lateral_flow`, for one scenario.

Rows are worked on one after the other, each in short passes that write one array from few others, so that the compiler
computes several cells at a time. Every cell gathers from its neighbours: results do not depend on the threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiling import announce_compiling, numba, threads

if TYPE_CHECKING:
    from ...feedback import Feedback
    from .lateral_flow import GridSoil
    from .shared_steps import SharedSteps

#: Thinner tables [m] do not shorten steps: what rounding leaves of a table that drains would, by chance.
DRY_M = 1e-9
_ROWS = 16  # that a thread takes at a time


def announce(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler."""
    announce_compiling(_compiled_steps, feedback)


def steps(
    state: tuple[np.ndarray, ...], soil: GridSoil, supply: np.ndarray, seconds: float, step: tuple[float, float],
    most_steps: int, shared: SharedSteps | None = None, counted: slice = slice(0, None), interval: float | None = None,
) -> tuple[np.ndarray, int, float]:  # fmt: skip
    """Advance one scenario by ``seconds``, or as far as ``most_steps`` reach.

    Args:
        state: table, band, contact and infiltrated (rows, cols), changed in place.
        soil: of one scenario, everything (rows, cols); supply: infiltration offered [m/s].
        step: shortest and longest step [s].
        shared: of a strip of a larger grid: takes its rates and gives those of the other strips.
        counted: rows whose rates limit the step and whose water is summed.
        interval: time for which ``supply`` is offered, of which ``seconds`` are left [s]; by default these. It counts
            as infiltrated where they are at their end.

    Returns:
        ((exfiltrated, drained) [m of water summed over cells], steps, seconds) that were done.
    """
    faces = (soil.drop_east, soil.drop_south, soil.east, soil.south, soil.border)
    cells = (soil.share, soil.per_share, soil.depth, soil.deficit, soil.air)
    floor, trace = np.empty(0), np.empty((2, 0))
    if shared is not None:
        floor, trace = shared.floor(most_steps), np.zeros((2, most_steps))
    rows = np.array(counted.indices(supply.shape[0])[:2])
    interval = seconds if interval is None else interval
    with threads(supply.size, _compiled_steps):
        totals, taken, done = _compiled_steps(
            state, faces, cells, supply, float(soil.conductivity[0, 0]), soil.downstream, seconds, step, most_steps,
            floor, trace, rows, interval,
        )  # fmt: skip
    if shared is not None:
        shared.add(*trace[:, :taken])
    return totals, taken, done


if numba is not None:
    from .step_length import compiled_step_length

    _VECTORS = {"nnan", "nsz", "reassoc", "contract", "arcp"}

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _add_outflow(out, rate, h, other, drop, sign, coefficient, downstream):
        """What leaves a row's cells through one of their sides, and how it answers to h; see lateral_flow._Faces."""
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            fall = sign * drop[k] + own - far
            carries = (1.0 - 2.0 * downstream) * (own if fall > 0.0 else far) + downstream * (own + far)
            steep = fall if (fall > 0.0) & (own > DRY_M) else 0.0
            out[k] += c * carries * (fall if fall > 0.0 else 0.0)
            rate[k] += c * (carries + (1.0 - downstream) * steep)

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _add_net(net, h, other, drop, sign, coefficient, downstream, scale, other_scale):
        """What one of their sides adds to the net supply of a row's cells, outflow scaled."""
        for k in range(h.size):
            own, far = h[k], other[k]
            fall = sign * drop[k] + own - far
            carries = (1.0 - 2.0 * downstream) * (own if fall > 0.0 else far) + downstream * (own + far)
            net[k] -= coefficient[k] * carries * fall * (scale[k] if fall > 0.0 else other_scale[k])

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _row_outflow(r, table, faces, out, rate):
        """Outflow of a row's cells [m/s] and how it answers to their tables [1/s], both for K_lat = 1."""
        drop_east, drop_south, east, south, border, downstream = faces
        h, edge, leaves, answer = table[r], border[r], out[r], rate[r]
        for k in range(h.size):
            leaves[k] = edge[k] * h[k]
            answer[k] = edge[k] if h[k] > DRY_M else 0.0
        _add_outflow(leaves[:-1], answer[:-1], h[:-1], h[1:], drop_east[r][:-1], 1.0, east[r][:-1], downstream)
        _add_outflow(leaves[1:], answer[1:], h[1:], h[:-1], drop_east[r][:-1], -1.0, east[r][:-1], downstream)
        if r + 1 < table.shape[0]:
            _add_outflow(leaves, answer, h, table[r + 1], drop_south[r], 1.0, south[r], downstream)
        if r > 0:
            _add_outflow(leaves, answer, h, table[r - 1], drop_south[r - 1], -1.0, south[r - 1], downstream)

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _row_net(r, table, faces, scale, net):
        """Net lateral supply of a row's cells [m/s] for K_lat = 1; returns what leaves over open edges."""
        drop_east, drop_south, east, south, border, downstream = faces
        h, edge, share = table[r], border[r], scale[r]
        lost = 0.0
        for k in range(h.size):
            net[k] = -edge[k] * h[k] * share[k]
        for k in range(h.size):
            lost -= net[k]
        e, drop = east[r][:-1], drop_east[r][:-1]
        _add_net(net[:-1], h[:-1], h[1:], drop, 1.0, e, downstream, share[:-1], share[1:])
        _add_net(net[1:], h[1:], h[:-1], drop, -1.0, e, downstream, share[1:], share[:-1])
        if r + 1 < table.shape[0]:
            _add_net(net, h, table[r + 1], drop_south[r], 1.0, south[r], downstream, share, scale[r + 1])
        if r > 0:
            _add_net(net, h, table[r - 1], drop_south[r - 1], -1.0, south[r - 1], downstream, share, scale[r - 1])
        return lost

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _row_per_storage(contact, share, depth, deficit, air, conductivity, per_storage):
        """Conductivity over the storage per height of table; 0 where there is no soil and thus no table."""
        for k in range(contact.size):
            storage = (air[k] if contact[k] else deficit[k] + air[k]) * share[k]
            per_storage[k] = conductivity / storage if (storage > 0.0) & (depth[k] > 0.0) else 0.0

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _row_rate(rate, per_storage):
        """A row's greatest rate over its storage [1/s]."""
        most = 0.0
        for k in range(rate.size):
            most = max(most, rate[k] * per_storage[k])
        return most

    @numba.njit(cache=True, error_model="numpy")
    def _row_balance(table, band, contact, infiltrated, supply, cells, per_storage, net, conductivity, now):
        """Take a step's water into a row's cells; see lateral_flow.balance. Returns what exfiltrates.

        Only the band of cells not in contact and what was not infiltrated are kept now, the rest by _row_rest.
        """
        share, per_share, depth, deficit, air = cells
        left_at_surface, amount = 0.0, conductivity * now
        for k in range(table.size):
            h, d, keeps = table[k], depth[k], air[k]
            gain, offered = net[k] * amount * per_share[k], supply[k] * now
            if contact[k]:
                h += (offered + gain) / keeps
            else:
                theta = deficit[k]
                rise, fills = gain / (theta + keeps), offered / theta
                gap = d - h - band[k] / theta
                if rise + fills < gap:
                    table[k], band[k] = max(h + rise, 0.0), band[k] + offered
                    continue
                split = min(max(gap / (rise + fills), 0.0), 1.0) if rise + fills > 0.0 else 0.0
                h += split * rise + (1.0 - split) * (offered + gain) / keeps
                contact[k] = True
                storage = keeps * share[k]
                per_storage[k] = conductivity / storage if (storage > 0.0) & (d > 0.0) else 0.0
            if h > d:
                excess = (h - d) * keeps
                rejected = min(excess, offered)
                infiltrated[k] -= rejected
                left_at_surface += (excess - rejected) * share[k]
                h = d
            table[k] = max(h, 0.0)
        return left_at_surface

    @numba.njit(cache=True, error_model="numpy")
    def _row_rest(table, band, contact, infiltrated, supply, depth, deficit, seconds):
        """What _row_balance leaves for the end of its steps; seconds: in which infiltration is to be counted."""
        for k in range(table.size):
            infiltrated[k] += supply[k] * seconds
            if contact[k]:
                band[k] = deficit[k] * (depth[k] - table[k])

    @numba.njit(parallel=True, cache=True, error_model="numpy")
    def _compiled_steps(  # noqa: PLR0912 - calls of other functions in parallel loops would be no parallel loops
        state, faces, cells, supply, conductivity, downstream, seconds, step, most_steps, floor, trace, counted,
        interval,
    ):  # fmt: skip
        table, band, contact, infiltrated = state
        share, per_share, depth, deficit, air = cells
        faces = (*faces, downstream)
        rows, cols = table.shape
        blocks = (rows + _ROWS - 1) // _ROWS
        out, per_storage, scale = np.empty((rows, cols)), np.empty((rows, cols)), np.empty((rows, cols))
        rate = np.empty((rows, cols))
        rates, sums = np.zeros(blocks), np.zeros((blocks, 2))
        steps, done = 0, 0.0
        for block in numba.prange(blocks):
            for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                _row_per_storage(contact[r], share[r], depth[r], deficit[r], air[r], conductivity, per_storage[r])
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                fastest = 0.0
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    _row_outflow(r, table, faces, out, rate)
                    if counted[0] <= r < counted[1]:
                        fastest = max(fastest, _row_rate(rate[r], per_storage[r]))
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
                    for k in range(cols):
                        falls, own = out[r, k] * per_storage[r, k] * now, table[r, k]
                        scale[r, k] = (own / falls if falls > own else 1.0) if own > 0.0 else 0.0
            for block in numba.prange(blocks):
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    lost = _row_net(r, table, faces, scale, out[r]) * conductivity * now
                    sums[block, 1] += lost if counted[0] <= r < counted[1] else 0.0
            for block in numba.prange(blocks):
                for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                    of_row = (share[r], per_share[r], depth[r], deficit[r], air[r])
                    excess = _row_balance(
                        table[r],
                        band[r],
                        contact[r],
                        infiltrated[r],
                        supply[r],
                        of_row,
                        per_storage[r],
                        out[r],
                        conductivity,
                        now,
                    )
                    sums[block, 0] += excess if counted[0] <= r < counted[1] else 0.0
            steps += 1
            done = seconds if now >= seconds - done else done + now
        offered = interval if done >= seconds else 0.0
        for block in numba.prange(blocks):
            for r in range(block * _ROWS, min(rows, (block + 1) * _ROWS)):
                _row_rest(table[r], band[r], contact[r], infiltrated[r], supply[r], depth[r], deficit[r], offered)
        return sums.sum(axis=0), steps, done
