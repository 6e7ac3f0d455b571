"""The lateral sub-steps in compiled form (numba), where it is installed; numpy else.

:func:`lateral_steps` is the reference in numpy, made of the functions of :mod:`.groundwater`.
The compiled form computes the same numbers cell by cell; every cell only gathers from its
neighbours, so results do not depend on the number of threads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from . import groundwater
from .column import RESIDUAL_AIR
from .groundwater import Conductances

try:
    import numba
except Exception:
    numba = None


#: Share of the monotone limit that a step takes: at 0.5 the error is about that of the shortest step,
#: 0.1 % of the water.
STEP_SHARE = 0.5
#: Smaller maps run on one thread: a step takes a millisecond or two, and waiting for a second thread whose core is busy
#: costs far more than a free one saves.
_CELLS_WORTH_THREADS = 100_000
#: Cells that a thread takes at a time; sums are made block by block, so that threads do not change their order.
_BLOCK = 4096


@dataclass
class Water:
    """State of the cells, changed in place by the steps. Arrays are (rows, cols) or (cells,), float64 and bool.

    Attributes:
        table: h [m]; band: V [m]; contact: the wetted band has reached the table.
        infiltrated: F [m] since the start.
        runoff, exfiltrated, drained: totals over the map [m of water summed over cells].
    """

    table: np.ndarray
    band: np.ndarray
    contact: np.ndarray
    infiltrated: np.ndarray
    runoff: float = 0.0
    exfiltrated: float = 0.0
    drained: float = 0.0


def compiled() -> bool:
    """Tell whether the compiled kernels will be used."""
    return numba is not None and os.environ.get("SLOPECAST_NUMBA", "1") != "0"


def lateral_steps(
    water: Water,
    offered: np.ndarray,
    c: Conductances,
    depth: np.ndarray,
    deficit: np.ndarray,
    steps: int,
    seconds: float,
    air: np.ndarray | float = RESIDUAL_AIR,
) -> None:
    """Advance the cells by ``steps`` steps of ``seconds``, each offered ``offered`` [m] of infiltration.

    Args:
        water: changed in place.
        offered: [m] per step; 0 outside.
        c: coefficients of lateral flow; depth, deficit: depth 0 outside; air: what the wetted band keeps [-].
        All arrays are of one shape, (rows, cols) or (cells,).
    """
    _advance(water, offered / seconds, c, depth, deficit, air, steps * seconds, seconds, steps, fixed=True)


def lateral_time(
    water: Water,
    supply: np.ndarray,
    c: Conductances,
    depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray,
    seconds: float,
    shortest: float,
    most_steps: int,
) -> tuple[int, float]:
    """Advance the cells by ``seconds``, or as far as ``most_steps`` reach, in steps as long as their state allows.

    A step is STEP_SHARE of the monotone limit (:func:`.groundwater.stiffness`), yet never below ``shortest``:
    where that is beyond the limit, outflow is scaled so that no table falls below the bedrock.

    Args:
        supply: infiltration offered [m/s]; the others as in :func:`lateral_steps`.

    Returns:
        (steps, seconds) that were done.
    """
    return _advance(water, supply, c, depth, deficit, air, seconds, shortest, most_steps, fixed=False)


def _advance(
    water: Water,
    supply: np.ndarray,
    c: Conductances,
    depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray | float,
    seconds: float,
    step: float,
    most_steps: int,
    *,
    fixed: bool,
) -> tuple[int, float]:
    air = np.ascontiguousarray(np.broadcast_to(np.asarray(air, dtype=np.float64), depth.shape))
    state = (water.table, water.band, water.contact, water.infiltrated)
    flat = tuple(x.reshape(-1) for x in (*state, supply, depth, deficit, air))
    if not compiled():
        return _plain_steps(water, flat, c, seconds, step, most_steps, fixed)
    few = water.table.size < _CELLS_WORTH_THREADS
    numba.set_num_threads(1 if few else numba.config.NUMBA_NUM_THREADS)
    coefficients = tuple(x.reshape(-1) for x in (c.bedrock, c.east, c.south, c.border))
    totals, steps, done = _compiled_steps(*flat, *coefficients, *c.neighbours, seconds, step, most_steps, fixed)
    water.runoff += totals[0]
    water.exfiltrated += totals[1]
    water.drained += totals[2]
    return steps, done


def _plain_steps(
    water: Water,
    flat: tuple[np.ndarray, ...],
    c: Conductances,
    seconds: float,
    step: float,
    most_steps: int,
    fixed: bool,
) -> tuple[int, float]:
    """The reference in numpy, on flattened views of the water's arrays."""
    table, band, contact, infiltrated, supply, depth, deficit, air = flat
    full_yield = deficit + air
    steps, done = 0, 0.0
    while steps < most_steps and done < seconds:
        storage = np.where(contact, air, full_yield)
        fastest, flow = groundwater.stiffness(table, c, storage, depth)
        now = step if fixed else _step_length(fastest, step, seconds - done)
        net, lost = groundwater.limited_net_flow(flow, storage * table, now, c)
        offered = supply * now
        table[:], band[:], contact[:], rejected, exfiltrated = groundwater.balance_cells(
            table, band, contact, offered, net, depth, deficit, air
        )
        infiltrated += offered - rejected
        water.runoff += float(rejected.sum())
        water.exfiltrated += float(exfiltrated.sum())
        water.drained += float(lost.sum())
        steps += 1
        done = seconds if not fixed and now >= seconds - done else done + now
    return steps, done


def _step_length(fastest: float, shortest: float, left: float) -> float:
    """Length of the next step [s]: STEP_SHARE of the monotone limit, at least ``shortest``, no short rest."""
    limit = max(STEP_SHARE / fastest if fastest > 0.0 else left, shortest)
    if left <= limit:
        return left
    return 0.5 * left if left < 2.0 * limit else limit


if numba is not None:
    _compiled_step_length = numba.njit(cache=True, error_model="numpy")(_step_length)

    @numba.njit(cache=True, error_model="numpy")
    def _block_flows(first, last, table, bedrock, east, south, below, flows):
        """Flow and coefficient times upstream table of the east and south faces; see groundwater._faces."""
        flow_east, flow_south, carries_east, carries_south = flows
        for i in range(first, last):
            h = table[i]
            if east[i] > 0.0:
                other = table[i + 1]
                drop = bedrock[i] + h - (bedrock[i + 1] + other)
                carries_east[i] = east[i] * (h if drop > 0.0 else other)
                flow_east[i] = carries_east[i] * drop
            if south[i] > 0.0:
                other = table[below[i]]
                drop = bedrock[i] + h - (bedrock[below[i]] + other)
                carries_south[i] = south[i] * (h if drop > 0.0 else other)
                flow_south[i] = carries_south[i] * drop

    @numba.njit(cache=True, error_model="numpy")
    def _block_rates(
        first, last, table, contact, depth, deficit, air, border, above, flows, out
    ):  # fmt: skip
        """Outflow of each cell, and the greatest rate of the block; see groundwater.stiffness."""
        flow_east, flow_south, carries_east, carries_south = flows
        fastest = 0.0
        for i in range(first, last):
            h, north = table[i], above[i]
            west = i - 1 if i > 0 else table.size - 1
            leaves = max(flow_east[i], 0.0) + max(flow_south[i], 0.0) + border[i] * h
            leaves -= min(flow_east[west], 0.0) + min(flow_south[north], 0.0)
            out[i] = leaves
            if depth[i] > 0.0:
                rate = leaves / max(h, 1e-12) + carries_east[i] + carries_south[i]
                rate += carries_east[west] + carries_south[north]
                fastest = max(fastest, rate / (air[i] if contact[i] else deficit[i] + air[i]))
        return fastest

    @numba.njit(cache=True, error_model="numpy")
    def _block_scales(first, last, table, contact, deficit, air, out, now, scale):
        """Share of the outflow that the table can give in a step; see groundwater.limited_net_flow."""
        for i in range(first, last):
            available = table[i] * (air[i] if contact[i] else deficit[i] + air[i])
            scale[i] = available / (out[i] * now) if out[i] * now > available else 1.0

    @numba.njit(cache=True, error_model="numpy")
    def _block_balance(
        first, last, table, band, contact, infiltrated, supply, depth, deficit, air, border, below, above,
        flows, scale, now, sums,
    ):  # fmt: skip
        """Take a step's water into the cells; see groundwater.balance_cells. Adds to the block's three sums."""
        flow_east, flow_south, _, _ = flows
        lost_sum, rejected_sum, exfiltrated_sum = 0.0, 0.0, 0.0
        for i in range(first, last):
            h, d, theta, keeps = table[i], depth[i], deficit[i], air[i]
            west, north = (i - 1 if i > 0 else table.size - 1), above[i]
            lost = border[i] * h * scale[i] * now
            net = 0.0
            f = flow_east[i]
            if f != 0.0:
                net -= f * (scale[i] if f > 0.0 else scale[i + 1])
            f = flow_south[i]
            if f != 0.0:
                net -= f * (scale[i] if f > 0.0 else scale[below[i]])
            f = flow_east[west]
            if f != 0.0:
                net += f * (scale[west] if f > 0.0 else scale[i])
            f = flow_south[north]
            if f != 0.0:
                net += f * (scale[north] if f > 0.0 else scale[i])
            net = net * now - lost

            offered, excess = supply[i] * now, 0.0
            if contact[i]:
                h += (offered + net) / keeps
            else:
                moved = h + net / (theta + keeps)
                filled = band[i] + offered
                if moved + filled / theta >= d:
                    closing = net / (theta + keeps) + offered / theta
                    share = min(max((d - h - band[i] / theta) / closing, 0.0), 1.0) if closing > 0.0 else 0.0
                    h += share * net / (theta + keeps) + (1.0 - share) * (offered + net) / keeps
                    contact[i] = True
                else:
                    h = max(moved, 0.0)
                    band[i] = filled
            if contact[i]:
                excess = max(h - d, 0.0) * keeps
                h = min(max(h, 0.0), d)
                band[i] = theta * (d - h)
            rejected = min(excess, offered)
            table[i] = h
            infiltrated[i] += offered - rejected
            lost_sum += lost
            rejected_sum += rejected
            exfiltrated_sum += excess - rejected
        sums[0] += rejected_sum
        sums[1] += exfiltrated_sum
        sums[2] += lost_sum

    @numba.njit(parallel=True, cache=True, error_model="numpy")
    def _compiled_steps(
        table, band, contact, infiltrated, supply, depth, deficit, air,
        bedrock, east, south, border, below, above, seconds, step, most_steps, fixed,
    ):  # fmt: skip
        """The steps of :func:`_plain_steps`, block by block of cells."""
        count = table.size
        blocks = (count + _BLOCK - 1) // _BLOCK
        flows = (np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count))
        out, scale = np.zeros(count), np.ones(count)
        sums, rates = np.zeros((blocks, 3)), np.zeros(blocks)
        steps, done, scaled = 0, 0.0, False
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
                _block_flows(first, last, table, bedrock, east, south, below, flows)
            for block in numba.prange(blocks):
                first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
                rates[block] = _block_rates(
                    first, last, table, contact, depth, deficit, air, border, above, flows, out
                )  # fmt: skip
            fastest = rates.max()
            now = step if fixed else _compiled_step_length(fastest, step, seconds - done)
            if now * fastest > 1.0:
                for block in numba.prange(blocks):
                    first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
                    _block_scales(first, last, table, contact, deficit, air, out, now, scale)
                scaled = True
            elif scaled:
                scale[:] = 1.0
                scaled = False
            for block in numba.prange(blocks):
                first, last = block * _BLOCK, min(count, (block + 1) * _BLOCK)
                _block_balance(
                    first, last, table, band, contact, infiltrated, supply, depth, deficit, air, border, below, above,
                    flows, scale, now, sums[block],
                )  # fmt: skip
            steps += 1
            done = seconds if not fixed and now >= seconds - done else done + now
        return sums.sum(axis=0), steps, done
