"""Compiled (numba) steps of :mod:`.kernels`, row by row of cells (:func:`rows_of`).

Every cell only gathers from its neighbours, so results do not depend on the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiling import numba, threads
from .step_formulas import ROW_CELLS, VECTORS

if TYPE_CHECKING:
    from .groundwater import Conductances
    from .kernels import Water

#: Cells that a thread takes at a time; sums are made block by block, so that threads do not change their order.
BLOCK = 4096
#: Runs are computed as if they had a multiple of so many cells, of which several are computed at a time.
_LANES = 32
_ALL = np.empty(0, dtype=bool)


def rows_of(c: Conductances) -> np.ndarray:
    """Runs of cells whose neighbours are runs as well: int64 (runs, 8); found once for all conductivities.

    Each gives its first cell, the one after its last, and what to add to a cell's position to come to its western,
    eastern, southern and northern neighbour. Where there is none that points to any cell, the face's coefficient being
    0. No run is longer than ROW_CELLS or goes across a multiple of it. The last numbers are 1 where the cells are
    counted, and where water leaves through the border, else 0.
    """
    if "rows" not in c.kept:
        found = _compiled_rows(*c.find_neighbours(), _ALL if c.counted is None else c.counted, ROW_CELLS)
        drains = np.logical_or.reduceat(c.border.ravel() > 0.0, found[:, 0])
        c.kept["rows"] = np.column_stack((found, drains))
    return c.kept["rows"]


def steps(
    water: Water, flat: tuple[np.ndarray, ...], c: Conductances, seconds: float, step: tuple[float, float],
    most_steps: int, floor: np.ndarray, trace: np.ndarray, levelling: float, interval: float,
) -> tuple[int, float]:  # fmt: skip
    """The steps of :func:`.kernels.lateral_time`, whose arguments these are; the state's arrays flattened."""
    with threads(water.table.size, compiled_steps):
        totals, taken, done = compiled_steps(
            *arguments_of(water, flat, c), seconds, step, most_steps, floor, trace,
            levelling, interval,
        )  # fmt: skip
    water.runoff += totals[0]
    water.exfiltrated += totals[1]
    water.drained += totals[2]
    return taken, done


def arguments_of(water: Water, flat: tuple[np.ndarray, ...], c: Conductances) -> tuple[np.ndarray, ...]:
    """First arguments of all step kernels: state, supply, soil, faces, rows, counted cells and working memory."""
    *arrays, deficit, air = flat
    soil = (np.ascontiguousarray(x if x.strides[0] else x[:1]) for x in (deficit, air))  # one number takes no memory
    if water.scratch is None:
        # The last row is 0 between the calls; only those pages of it that are written take memory.
        water.scratch = np.zeros((3, water.table.size), water.table.dtype)
    return *arrays, *soil, *c.sides, rows_of(c), _ALL if c.counted is None else c.counted, water.scratch


if numba is not None:
    from .step_formulas import balance, bits_of, compiled_levelled_flow, compiled_step_length, finish_cells

    # The loops below write one array from few others, eight at most, so that the compiler can see that these do not
    # overlap and computes several cells at a time. Short passes over cells that stay in the cache are cheaper than a
    # long one. ``work`` holds a row's net supply [m/s], from ROW_CELLS on the inflow of its rates and from 2 ROW_CELLS
    # on their outflow [1/s].

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _start_row(work, h, border, drains):
        """Net supply and rates by the border alone; returns what leaves through it."""
        leaves = h.dtype.type(0.0)
        work[ROW_CELLS : ROW_CELLS + h.size] = 0.0
        if not drains:
            work[: h.size] = 0.0
            work[2 * ROW_CELLS : 2 * ROW_CELLS + h.size] = 0.0
            return leaves
        work[border.size : h.size] = 0.0
        for k in range(border.size):
            work[k] = -border[k] * h[k]
            work[k + 2 * ROW_CELLS] = border[k]
        for k in range(border.size):
            leaves -= work[k]
        return leaves

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_side(work, h, bedrock, other, other_bedrock, coefficient, levelling):
        """Contribution of one side to net supply and rates; see kernels.Flows and step_formulas.greatest_levelling."""
        none = h.dtype.type(0.0)
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + far)
            upstream = c * (own if drop > none else far)
            work[k] -= compiled_levelled_flow(upstream, drop, own - far, levelling)
            work[k + ROW_CELLS] += upstream
            work[k + 2 * ROW_CELLS] += c * (drop if drop > none else none)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_west_and_east(work, h, bedrock, east, levelling):
        """Add both sides along a row; the arrays begin one cell before it, the first two end one cell after it."""
        none = h.dtype.type(0.0)
        for k in range(h.size - 2):
            west, own, far = h[k], h[k + 1], h[k + 2]
            head, c_west, c_east = bedrock[k + 1] + own, east[k], east[k + 1]
            to_west, to_east = head - (bedrock[k] + west), head - (bedrock[k + 2] + far)
            from_west, from_east = c_west * (own if to_west > none else west), c_east * (own if to_east > none else far)
            work[k] -= compiled_levelled_flow(from_west, to_west, own - west, levelling)
            work[k] -= compiled_levelled_flow(from_east, to_east, own - far, levelling)
            work[k + ROW_CELLS] += from_west + from_east
            west_out, east_out = (to_west if to_west > none else none), (to_east if to_east > none else none)
            work[k + 2 * ROW_CELLS] += c_west * west_out + c_east * east_out

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_south_and_north(
        work, h, bedrock, south, south_bedrock, c_south, north, north_bedrock, c_north, levelling
    ):  # fmt: skip
        """Add the sides to the rows below and above."""
        none = h.dtype.type(0.0)
        for k in range(h.size):
            own, below, above = h[k], south[k], north[k]
            head = bedrock[k] + own
            to_south, to_north = head - (south_bedrock[k] + below), head - (north_bedrock[k] + above)
            from_south = c_south[k] * (own if to_south > none else below)
            from_north = c_north[k] * (own if to_north > none else above)
            work[k] -= compiled_levelled_flow(from_south, to_south, own - below, levelling)
            work[k] -= compiled_levelled_flow(from_north, to_north, own - above, levelling)
            work[k + ROW_CELLS] += from_south + from_north
            south_out, north_out = (to_south if to_south > none else none), (to_north if to_north > none else none)
            work[k + 2 * ROW_CELLS] += c_south[k] * south_out + c_north[k] * north_out

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _finish_row(work, h, net, per_storage):
        """Store the net supply, of the run's size; returns the greatest rate over the storage, and that of outflow."""
        none = h.dtype.type(0.0)
        for k in range(net.size):
            net[k] = work[k]
        for k in range(h.size):
            outflow = (work[k + 2 * ROW_CELLS] if h[k] > none else none) * per_storage[k]
            work[k] = work[k + ROW_CELLS] * per_storage[k] + outflow
            work[k + ROW_CELLS] = outflow
        work[net.size : h.size] = 0.0
        work[ROW_CELLS + net.size : ROW_CELLS + h.size] = 0.0
        bits = bits_of(work)  # of numbers that are not negative compare as these do, and several at a time
        most, most_outflow = bits[0], bits[ROW_CELLS]
        for k in range(h.size):
            most = max(most, bits[k])
            most_outflow = max(most_outflow, bits[k + ROW_CELLS])
        bits[0], bits[1] = most, most_outflow
        return work[0], work[1]

    @numba.njit(cache=True, error_model="numpy")
    def row_flows(row, table, per_storage, faces, net, work):
        """Net supply of a row's cells [m/s]; returns its greatest rates and what leaves through the border.

        Cells after the run are computed along with it, where there are some, and forgotten.
        """
        bedrock, c_east, c_south, c_north, border, levelling = faces
        first, stop = row[0], row[0] - (row[0] - row[1]) // _LANES * _LANES
        if row[1] - row[0] < 8 or stop + max(row[4], 1) > table.size:
            stop = row[1]
        here = slice(first, stop)
        south, north = slice(first + row[4], stop + row[4]), slice(first + row[5], stop + row[5])
        h, bed = table[here], bedrock[here]
        leaves = _start_row(work, h, border[first : row[1]], row[7])
        if row[2] and row[3]:
            wide = slice(first - 1, stop + 1)
            _add_west_and_east(work, table[wide], bedrock[wide], c_east[first - 1 : stop], levelling)
        else:  # the first or the last cell
            west, east = slice(first + row[2], stop + row[2]), slice(first + row[3], stop + row[3])
            if row[2]:
                _add_side(work, h, bed, table[west], bedrock[west], c_east[west], levelling)
            _add_side(work, h, bed, table[east], bedrock[east], c_east[here], levelling)
        _add_south_and_north(
            work, h, bed, table[south], bedrock[south], c_south[here], table[north], bedrock[north], c_north[here],
            levelling,
        )  # fmt: skip
        most, most_outflow = _finish_row(work, h, net[first : row[1]], per_storage[here])
        return most, most_outflow, leaves

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def set_per_storage(contact, soil, per_storage):
        """One over the storage per table height [1/-]; 0 where there is no soil and thus no table."""
        (depth, deficit, air), none, one = soil, per_storage.dtype.type(0.0), per_storage.dtype.type(1.0)
        for k in range(contact.size):
            storage = air[k] + (none if contact[k] else deficit[k])
            per_storage[k] = one / storage if depth[k] > none else none

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_outflow(work, h, bedrock, other, other_bedrock, coefficient):
        """Add the outflow of a row's cells through one side."""
        none = h.dtype.type(0.0)
        for k in range(h.size):
            own, c = h[k], coefficient[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + other[k])
            work[k] += c * own * (drop if drop > none else none)

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _add_limited(work, h, bedrock, other, other_bedrock, coefficient, lack, other_lack, levelling):
        """Add the flow through one side to the net supply of a row's cells, with scaled outflow."""
        none, one = h.dtype.type(0.0), h.dtype.type(1.0)
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + far)
            flow = compiled_levelled_flow(c * (own if drop > none else far), drop, own - far, levelling)
            work[k] -= flow * (one - (lack[k] if drop > none else other_lack[k]))

    @numba.njit(cache=True, error_model="numpy")
    def find_outflow_deficit(row, table, per_storage, faces, now, lack, work):
        """Share of the outflow that each table cannot give in a step; see kernels.Flows.limit."""
        (bedrock, c_east, c_south, c_north, border, _), none, one = faces, table.dtype.type(0.0), table.dtype.type(1.0)
        here = slice(row[0], row[1])
        west, east = slice(row[0] + row[2], row[1] + row[2]), slice(row[0] + row[3], row[1] + row[3])
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        h, bed, edge, answer, missing = table[here], bedrock[here], border[here], per_storage[here], lack[here]
        for k in range(h.size):
            work[k] = edge[k] * h[k]
        if row[2]:
            _add_outflow(work, h, bed, table[west], bedrock[west], c_east[west])
        _add_outflow(work, h, bed, table[east], bedrock[east], c_east[here])
        _add_outflow(work, h, bed, table[south], bedrock[south], c_south[here])
        _add_outflow(work, h, bed, table[north], bedrock[north], c_north[here])
        for k in range(h.size):
            falls, own = work[k] * now * answer[k], h[k]
            missing[k] = one - own / falls if falls > own else none

    @numba.njit(cache=True, error_model="numpy")
    def is_limited(row, limited):
        """Whether the outflow of a row's cells or of a neighbour may be scaled; limited: by ROW_CELLS cells."""
        first, last = row[0], row[1] - 1
        return (
            limited[max(first - 1, 0) // ROW_CELLS]
            | limited[min((last + 1) // ROW_CELLS, limited.size - 1)]
            | limited[(first + row[4]) // ROW_CELLS]
            | limited[(last + row[4]) // ROW_CELLS]
            | limited[(first + row[5]) // ROW_CELLS]
            | limited[(last + row[5]) // ROW_CELLS]
        )

    @numba.njit(cache=True, error_model="numpy")
    def row_limited_flows(row, table, faces, lack, net, work):
        """Net supply of a row's cells with every outflow scaled [m/s]; returns what leaves through the border."""
        bedrock, c_east, c_south, c_north, border, levelling = faces
        here = slice(row[0], row[1])
        west, east = slice(row[0] + row[2], row[1] + row[2]), slice(row[0] + row[3], row[1] + row[3])
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        h, bed, edge, missing, supply = table[here], bedrock[here], border[here], lack[here], net[here]
        leaves, one = table.dtype.type(0.0), table.dtype.type(1.0)
        for k in range(h.size):
            work[k] = -edge[k] * h[k] * (one - missing[k])
        for k in range(h.size):
            leaves -= work[k]
        if row[2]:
            _add_limited(work, h, bed, table[west], bedrock[west], c_east[west], missing, lack[west], levelling)
        _add_limited(work, h, bed, table[east], bedrock[east], c_east[here], missing, lack[east], levelling)
        _add_limited(work, h, bed, table[south], bedrock[south], c_south[here], missing, lack[south], levelling)
        _add_limited(work, h, bed, table[north], bedrock[north], c_north[here], missing, lack[north], levelling)
        for k in range(h.size):
            supply[k] = work[k]
        return leaves

    @numba.njit(cache=True, error_model="numpy")
    def soil_of(soil, constant, here):
        """Soil of some cells; ``constant`` holds deficit and air where they are one number."""
        depth, deficit, air = soil
        size = here.stop - here.start
        return (
            depth[here],
            constant[0, :size] if deficit.size == 1 else deficit[here],
            constant[1, :size] if air.size == 1 else air[here],
        )

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _fill_weights(weight, counted):
        """1 where cells are counted, else 0."""
        for k in range(weight.size):
            weight[k] = counted[k]

    @numba.njit(cache=True, error_model="numpy")
    def balance_cells(here, state, supply, soil, per_storage, net, counted, work, now):
        """Add the water of a step to some cells. Returns (rejected, exfiltrated) of counted cells."""
        table, band, contact, infiltrated = state
        weight = work[2 * ROW_CELLS : 2 * ROW_CELLS + here.stop - here.start]
        weight[:] = 1.0
        if counted.size:
            _fill_weights(weight, counted[here])
        of_cells = table[here], band[here], contact[here], infiltrated[here]
        rejected, exfiltrated, joined = balance(of_cells, supply[here], soil, net[here], weight, work, now)
        if joined:
            set_per_storage(contact[here], soil, per_storage[here])
        return rejected, exfiltrated

    @numba.njit(cache=True)
    def _compiled_rows(below, above, counted, most):
        """See :func:`rows_of`; below, above: positions of the southern and northern neighbours; most: cells."""
        last = below.size - 1
        found, count = np.empty((4 + 2 * (last // most), 7), dtype=np.int64), 0
        south, north = 0, 0  # carried on to cells without such a neighbour, yet not out of the map
        before = (0, 0, 0, 0, 0)
        for i in range(below.size):
            if below[i] != i:
                south = below[i] - i
            if below[above[i]] == i and above[i] != i:
                north = above[i] - i
            now = (
                -1 if i > 0 else 0, 1 if i < last else 0, south if i + south <= last else 0,
                north if i + north >= 0 else 0, 1 if counted.size == 0 or counted[i] else 0,
            )  # fmt: skip
            if i % most == 0 or now != before:
                if count == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                found[count, 0], before = i, now
                for k in range(5):
                    found[count, k + 2] = now[k]
                count += 1
        found = found[:count]
        found[:-1, 1], found[-1, 1] = found[1:, 0], below.size
        return found

    @numba.njit(parallel=True, nogil=True, cache=True, error_model="numpy")
    def compiled_steps(  # noqa: PLR0912 - calls of other functions in parallel loops would be no parallel loops
        table, band, contact, infiltrated, supply, depth, deficit, air,
        bedrock, east, south, north, border, rows, counted, scratch, seconds, step, most_steps, floor,
        trace, levelling, interval,
    ):  # fmt: skip
        """The steps of :func:`.kernels.lateral_time`, block by block of cells and in it row by row."""
        count = table.size
        blocks = (count + BLOCK - 1) // BLOCK
        first_row = np.searchsorted(rows[:, 0], np.arange(blocks + 1) * BLOCK)
        state, soil, number = (table, band, contact, infiltrated), (depth, deficit, air), table.dtype.type
        faces = bedrock, east, south, north, border, number(levelling)
        net, per_storage, lack = scratch[0], scratch[1], scratch[2]
        sums, rates = np.zeros((blocks, 3)), np.zeros(blocks)
        outflow, leaves = np.zeros(len(rows)), np.zeros(len(rows))
        limited = np.zeros((count + ROW_CELLS - 1) // ROW_CELLS, dtype=np.bool_)
        work, constant = np.empty((blocks, 3 * ROW_CELLS), table.dtype), np.empty((2, ROW_CELLS), table.dtype)
        constant[0], constant[1] = deficit[0], air[0]
        for block in numba.prange(blocks):
            for first in range(block * BLOCK, min(count, (block + 1) * BLOCK), ROW_CELLS):
                here = slice(first, min(count, first + ROW_CELLS))
                set_per_storage(contact[here], soil_of(soil, constant, here), per_storage[here])
        steps, done = 0, 0.0
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                fastest = 0.0
                for r in range(first_row[block], first_row[block + 1]):
                    rate, outflow[r], leaves[r] = row_flows(rows[r], table, per_storage, faces, net, work[block])
                    if rows[r, 6]:
                        fastest = max(fastest, rate)
                rates[block] = fastest
            fastest_of_all = rates.max()
            if steps < floor.size:
                trace[0, steps] = fastest_of_all
                fastest_of_all = max(fastest_of_all, floor[steps])
            now = compiled_step_length(fastest_of_all, step, seconds - done)
            if steps < trace.shape[1]:
                trace[1, steps] = now
            scaled = now * fastest_of_all > 1.0 and now * outflow.max() > 1.0
            if scaled:
                for block in numba.prange(blocks):
                    for r in range(first_row[block], first_row[block + 1]):
                        if now * outflow[r] > 1.0:
                            find_outflow_deficit(rows[r], table, per_storage, faces, number(now), lack, work[block])
                            limited[rows[r, 0] // ROW_CELLS] = True
                for block in numba.prange(blocks):
                    for r in range(first_row[block], first_row[block + 1]):
                        if is_limited(rows[r], limited):
                            leaves[r] = row_limited_flows(rows[r], table, faces, lack, net, work[block])
            for block in numba.prange(blocks):
                for first in range(block * BLOCK, min(count, (block + 1) * BLOCK), ROW_CELLS):
                    here = slice(first, min(count, first + ROW_CELLS))
                    rejected, exfiltrated = balance_cells(
                        here, state, supply, soil_of(soil, constant, here), per_storage, net, counted, work[block],
                        number(now),
                    )  # fmt: skip
                    sums[block, 0] += rejected
                    sums[block, 1] += exfiltrated
                    if scaled and limited[first // ROW_CELLS]:
                        lack[here], limited[first // ROW_CELLS] = 0.0, False
                lost = 0.0
                for r in range(first_row[block], first_row[block + 1]):
                    lost += leaves[r] if rows[r, 6] else 0.0
                sums[block, 2] += lost * now
            steps += 1
            done = seconds if now >= seconds - done else done + now
        stepped = interval if done >= seconds else 0.0
        for block in numba.prange(blocks):
            for first in range(block * BLOCK, min(count, (block + 1) * BLOCK), ROW_CELLS):
                here = slice(first, min(count, first + ROW_CELLS))
                of_cells = table[here], band[here], contact[here], infiltrated[here]
                finish_cells(of_cells, supply[here], soil_of(soil, constant, here), number(stepped))
        return sums.sum(axis=0), steps, done
