"""Compiled (numba) steps of :mod:`.kernels`, row by row of cells (:func:`rows_of`).

Every cell only gathers from its neighbours, so results do not depend on the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiling import announce_compiling, numba, threads

if TYPE_CHECKING:
    from ...feedback import Feedback
    from .groundwater import Conductances
    from .kernels import Water

#: Cells that are computed in one go: what is read and written then stays in the nearest cache.
ROW_CELLS = 512
#: Cells that a thread takes at a time; sums are made block by block, so that threads do not change their order.
_BLOCK = 4096
_ALL = np.empty(0, dtype=bool)


def announce(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler."""
    announce_compiling(_compiled_steps, feedback)


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
    most_steps: int, fixed: bool, floor: np.ndarray, trace: np.ndarray, interval: float,
) -> tuple[int, float]:  # fmt: skip
    """The steps of :func:`.kernels.lateral_time`, whose arguments these are; the state's arrays flattened."""
    sides, rows = c.sides, rows_of(c)
    *arrays, deficit, air = flat
    soil = (np.ascontiguousarray(x if x.strides[0] else x[:1]) for x in (deficit, air))  # one number takes no memory
    counted = _ALL if c.counted is None else c.counted
    if water.scratch is None:
        water.scratch = np.empty((3, water.table.size))  # of the last part only what is used takes memory
    with threads(water.table.size, _compiled_steps):
        totals, taken, done = _compiled_steps(
            *arrays, *soil, *sides, rows, counted, water.scratch, seconds, step, most_steps, fixed, floor, trace,
            interval,
        )  # fmt: skip
    water.runoff += totals[0]
    water.exfiltrated += totals[1]
    water.drained += totals[2]
    return taken, done


if numba is not None:
    from .step_length import compiled_step_length

    #: Lets sums and maxima run several cells at a time. There are no NaN here, and the order does not hang on threads.
    _VECTORS = {"nnan", "nsz", "reassoc", "contract", "arcp"}

    # The loops below write one array from few others, so that the compiler knows that these do not overlap and
    # computes several cells at a time. Short passes over a row that stays in the cache are cheaper than a long one.
    # ``work`` holds a row's net supply [m/s] and, from ROW_CELLS on, its rates [1/s].

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _start_row(work, h, border, drains):
        """Net supply and rates by the border alone; returns what leaves through it."""
        leaves = 0.0
        if not drains:
            work[: h.size] = 0.0
            work[ROW_CELLS : ROW_CELLS + h.size] = 0.0
            return leaves
        for k in range(h.size):
            own, coefficient = h[k], border[k]
            work[k] = -coefficient * own
            work[k + ROW_CELLS] = coefficient if own > 0.0 else 0.0
        for k in range(h.size):
            leaves -= work[k]
        return leaves

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _add_side(work, h, bedrock, other, other_bedrock, coefficient):
        """Contribution of one side of the cells to net supply and rates; see groundwater.Flows."""
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + far)
            upstream = own if drop > 0.0 else far
            outward = drop if (drop > 0.0) & (own > 0.0) else 0.0
            work[k] -= c * upstream * drop
            work[k + ROW_CELLS] += c * (upstream + outward)

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _finish_row(work, net, per_storage):
        """Keep the net supply; returns the row's greatest rate over the storage."""
        for k in range(net.size):
            net[k] = work[k]
        for k in range(net.size):
            work[k] = work[k + ROW_CELLS] * per_storage[k]
        bits = work.view(np.int64)  # of numbers that are not negative compare as these do, and several at a time
        most = np.int64(0)
        for k in range(net.size):
            most = max(most, bits[k])
        work.view(np.int64)[0] = most
        return work[0]

    @numba.njit(cache=True, error_model="numpy")
    def _row_flows(row, table, per_storage, faces, net, work):
        """Net supply of a row's cells [m/s]; returns its greatest rate and what leaves through the border."""
        bedrock, c_east, c_south, c_north, border = faces
        here = slice(row[0], row[1])
        west, east = slice(row[0] + row[2], row[1] + row[2]), slice(row[0] + row[3], row[1] + row[3])
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        h, bed = table[here], bedrock[here]
        leaves = _start_row(work, h, border[here], row[7])
        if row[2]:
            _add_side(work, h, bed, table[west], bedrock[west], c_east[west])
        _add_side(work, h, bed, table[east], bedrock[east], c_east[here])
        _add_side(work, h, bed, table[south], bedrock[south], c_south[here])
        _add_side(work, h, bed, table[north], bedrock[north], c_north[here])
        return _finish_row(work, net[here], per_storage[here]), leaves

    @numba.njit(cache=True, error_model="numpy")
    def _block_per_storage(first, last, contact, soil, per_storage):
        """One over the storage per table height [1/-]; 0 where there is no soil and thus no table."""
        depth, deficit, air = soil
        own_deficit, own_air = min(deficit.size - 1, 1), min(air.size - 1, 1)
        for i in range(first, last):
            theta, d = deficit[i * own_deficit], depth[i]
            storage = air[i * own_air] + (0.0 if contact[i] else theta)
            per_storage[i] = 1.0 / storage if d > 0.0 else 0.0

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _add_outflow(work, h, bedrock, other, other_bedrock, coefficient):
        """What leaves a row's cells through one of their sides."""
        for k in range(h.size):
            own, c = h[k], coefficient[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + other[k])
            work[k] += c * own * (drop if drop > 0.0 else 0.0)

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _add_limited(work, h, bedrock, other, other_bedrock, coefficient, scale, other_scale):
        """What one of their sides adds to the net supply of a row's cells, outflow scaled."""
        for k in range(h.size):
            own, far, c = h[k], other[k], coefficient[k]
            mine, its = scale[k], other_scale[k]
            drop = (bedrock[k] + own) - (other_bedrock[k] + far)
            work[k] -= c * (own * mine if drop > 0.0 else far * its) * drop

    @numba.njit(cache=True, error_model="numpy")
    def _row_scales(row, table, per_storage, faces, now, scale, work):
        """Share of the outflow that each table can give in a step; see groundwater.Flows.limit. Returns the least."""
        bedrock, c_east, c_south, c_north, border = faces
        here = slice(row[0], row[1])
        west, east = slice(row[0] + row[2], row[1] + row[2]), slice(row[0] + row[3], row[1] + row[3])
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        h, bed, edge, answer, share = table[here], bedrock[here], border[here], per_storage[here], scale[here]
        for k in range(h.size):
            work[k] = edge[k] * h[k]
        if row[2]:
            _add_outflow(work, h, bed, table[west], bedrock[west], c_east[west])
        _add_outflow(work, h, bed, table[east], bedrock[east], c_east[here])
        _add_outflow(work, h, bed, table[south], bedrock[south], c_south[here])
        _add_outflow(work, h, bed, table[north], bedrock[north], c_north[here])
        least = 1.0
        for k in range(h.size):
            falls, own = work[k] * now * answer[k], h[k]
            share[k] = own / falls if falls > own else 1.0
            least = min(least, share[k])
        return least

    @numba.njit(cache=True, error_model="numpy", fastmath=_VECTORS)
    def _least_scale(scale):
        """The least of some."""
        least = 1.0
        for k in range(scale.size):
            least = min(least, scale[k])
        return least

    @numba.njit(cache=True, error_model="numpy")
    def _is_limited(row, scale):
        """Whether the outflow of a row's cells or of a neighbour is scaled."""
        first, last = max(row[0] - 1, 0), min(row[1] + 1, scale.size)
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        return min(_least_scale(scale[first:last]), _least_scale(scale[south]), _least_scale(scale[north])) < 1.0

    @numba.njit(cache=True, error_model="numpy")
    def _row_limited_flows(row, table, faces, scale, net, work):
        """Net supply of a row's cells with every outflow scaled [m/s]; returns what leaves through the border."""
        bedrock, c_east, c_south, c_north, border = faces
        here = slice(row[0], row[1])
        west, east = slice(row[0] + row[2], row[1] + row[2]), slice(row[0] + row[3], row[1] + row[3])
        south, north = slice(row[0] + row[4], row[1] + row[4]), slice(row[0] + row[5], row[1] + row[5])
        h, bed, edge, share, supply = table[here], bedrock[here], border[here], scale[here], net[here]
        leaves = 0.0
        for k in range(h.size):
            work[k] = -edge[k] * h[k] * share[k]
        for k in range(h.size):
            leaves -= work[k]
        if row[2]:
            _add_limited(work, h, bed, table[west], bedrock[west], c_east[west], share, scale[west])
        _add_limited(work, h, bed, table[east], bedrock[east], c_east[here], share, scale[east])
        _add_limited(work, h, bed, table[south], bedrock[south], c_south[here], share, scale[south])
        _add_limited(work, h, bed, table[north], bedrock[north], c_north[here], share, scale[north])
        for k in range(h.size):
            supply[k] = work[k]
        return leaves

    @numba.njit(cache=True, error_model="numpy")
    def _block_balance(first, last, table, band, contact, infiltrated, supply, soil, per_storage, net, now, counted):
        """Take a step's water into the cells; see water_balance.balance_cells. Returns (rejected, exfiltrated).

        Of what changes along with other things only these are kept now, the rest by _block_rest at the end: the band
        of cells not in contact, and what was not infiltrated.
        """
        depth, deficit, air = soil
        own_deficit, own_air = min(deficit.size - 1, 1), min(air.size - 1, 1)
        rejected_sum, excess_sum = 0.0, 0.0
        for i in range(first, last):
            h, d, keeps, gain, offered = table[i], depth[i], air[i * own_air], net[i] * now, supply[i] * now
            if contact[i]:
                h += (offered + gain) / keeps
            else:
                theta = deficit[i * own_deficit]
                moved = h + gain / (theta + keeps)
                filled = band[i] + offered
                if moved + filled / theta < d:
                    table[i], band[i] = max(moved, 0.0), filled
                    continue
                closing = gain / (theta + keeps) + offered / theta
                share = min(max((d - h - band[i] / theta) / closing, 0.0), 1.0) if closing > 0.0 else 0.0
                h += share * gain / (theta + keeps) + (1.0 - share) * (offered + gain) / keeps
                contact[i] = True
                per_storage[i] = 1.0 / keeps if d > 0.0 else 0.0
            if h > d:
                excess = (h - d) * keeps
                rejected = min(excess, offered)
                infiltrated[i] -= rejected
                if counted.size == 0 or counted[i]:
                    rejected_sum += rejected
                    excess_sum += excess
                h = d
            table[i] = max(h, 0.0)
        return rejected_sum, excess_sum - rejected_sum

    @numba.njit(cache=True, error_model="numpy")
    def _block_rest(first, last, table, band, contact, infiltrated, supply, soil, seconds):
        """What _block_balance leaves for the end of its steps; seconds: in which infiltration is to be counted."""
        depth, deficit, _ = soil
        own_deficit = min(deficit.size - 1, 1)
        for i in range(first, last):
            infiltrated[i] += supply[i] * seconds
            if contact[i]:
                band[i] = deficit[i * own_deficit] * (depth[i] - table[i])

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

    @numba.njit(parallel=True, cache=True, error_model="numpy")
    def _compiled_steps(  # noqa: PLR0912 - calls of other functions in parallel loops would be no parallel loops
        table, band, contact, infiltrated, supply, depth, deficit, air,
        bedrock, east, south, north, border, rows, counted, scratch, seconds, step, most_steps, fixed, floor,
        trace, interval,
    ):  # fmt: skip
        """The steps of :func:`.kernels.lateral_time`, block by block of cells and in it row by row."""
        count = table.size
        blocks = (count + _BLOCK - 1) // _BLOCK
        first_row = np.searchsorted(rows[:, 0], np.arange(blocks + 1) * _BLOCK)
        soil, faces = (depth, deficit, air), (bedrock, east, south, north, border)
        net, per_storage, scale = scratch[0], scratch[1], scratch[2]
        sums, rates, least = np.zeros((blocks, 3)), np.zeros(blocks), np.ones(blocks)
        row_rates, leaves = np.zeros(len(rows)), np.zeros(len(rows))
        work = np.empty((blocks, 2 * ROW_CELLS))
        for block in numba.prange(blocks):
            first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
            _block_per_storage(first, last, contact, soil, per_storage)
        steps, done = 0, 0.0
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                fastest = 0.0
                for r in range(first_row[block], first_row[block + 1]):
                    row_rates[r], leaves[r] = _row_flows(rows[r], table, per_storage, faces, net, work[block])
                    if rows[r, 6]:
                        fastest = max(fastest, row_rates[r])
                rates[block] = fastest
            fastest_of_all = rates.max()
            if steps < floor.size:
                trace[0, steps] = fastest_of_all
                fastest_of_all = max(fastest_of_all, floor[steps])
            now = step[0] if fixed else compiled_step_length(fastest_of_all, step, seconds - done)
            if steps < trace.shape[1]:
                trace[1, steps] = now
            if now * fastest_of_all > 1.0:
                # Within its own limit a cell's outflow cannot exceed its water: scales are sought in other rows alone.
                for block in numba.prange(blocks):
                    share = 1.0
                    for r in range(first_row[block], first_row[block + 1]):
                        if now * row_rates[r] > 1.0:
                            share = min(share, _row_scales(rows[r], table, per_storage, faces, now, scale, work[block]))
                        else:
                            scale[rows[r, 0] : rows[r, 1]] = 1.0
                    least[block] = share
                if least.min() < 1.0:
                    for block in numba.prange(blocks):
                        for r in range(first_row[block], first_row[block + 1]):
                            if _is_limited(rows[r], scale):
                                leaves[r] = _row_limited_flows(rows[r], table, faces, scale, net, work[block])
            for block in numba.prange(blocks):
                first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
                rejected, exfiltrated = _block_balance(
                    first, last, table, band, contact, infiltrated, supply, soil, per_storage, net, now, counted
                )  # fmt: skip
                sums[block, 0] += rejected
                sums[block, 1] += exfiltrated
                lost = 0.0
                for r in range(first_row[block], first_row[block + 1]):
                    lost += leaves[r] if rows[r, 6] else 0.0
                sums[block, 2] += lost * now
            steps += 1
            done = seconds if not fixed and now >= seconds - done else done + now
        stepped = steps * step[0] if fixed else interval if done >= seconds else 0.0
        for block in numba.prange(blocks):
            first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
            _block_rest(first, last, table, band, contact, infiltrated, supply, soil, stepped)
        return sums.sum(axis=0), steps, done
