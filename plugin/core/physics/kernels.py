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
except Exception:  # noqa: BLE001 - optional; a broken numba (wrong numpy) must not stop the plugin
    numba = None


#: Smaller maps run on one thread: waking the others costs more than they save.
_CELLS_WORTH_THREADS = 40_000
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

    A step is 0.9 of the monotone limit (:func:`.groundwater.stiffness`), yet never below ``shortest``: where that is
    beyond the limit, outflow is scaled so that no table falls below the bedrock.

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
    """Length of the next step [s]: 0.9 of the monotone limit, at least ``shortest``, no short rest."""
    limit = max(0.9 / fastest if fastest > 0.0 else left, shortest)
    if left <= limit:
        return left
    return 0.5 * left if left < 2.0 * limit else limit


if numba is not None:
    _compiled_step_length = numba.njit(cache=True, error_model="numpy")(_step_length)

    @numba.njit(parallel=True, cache=True, error_model="numpy")
    def _compiled_steps(  # noqa: C901, PLR0912, PLR0915 - one kernel, kept whole for speed
        table, band, contact, infiltrated, supply, depth, deficit, air,
        bedrock, east, south, border, below, above, seconds, step, most_steps, fixed,
    ):  # fmt: skip  # noqa: ANN001, ANN202
        count = table.size
        blocks = (count + _BLOCK - 1) // _BLOCK
        flow_east, flow_south = np.zeros(count), np.zeros(count)
        carries_east, carries_south = np.zeros(count), np.zeros(count)
        out, scale = np.zeros(count), np.ones(count)
        sums, rates = np.zeros((blocks, 3)), np.zeros(blocks)
        steps, done = 0, 0.0
        while steps < most_steps and done < seconds:
            for block in numba.prange(blocks):
                for i in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
                    h = table[i]
                    k = east[i]
                    if k > 0.0:
                        drop = bedrock[i] + h - (bedrock[i + 1] + table[i + 1])
                        carries_east[i] = k * (h if drop > 0 else table[i + 1])
                        flow_east[i] = carries_east[i] * drop
                    k = south[i]
                    if k > 0.0:
                        j = below[i]
                        drop = bedrock[i] + h - (bedrock[j] + table[j])
                        carries_south[i] = k * (h if drop > 0 else table[j])
                        flow_south[i] = carries_south[i] * drop
            for block in numba.prange(blocks):
                fastest = 0.0
                for i in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
                    h = table[i]
                    west, north = (i - 1 if i > 0 else count - 1), above[i]
                    leaves = max(flow_east[i], 0.0) + max(flow_south[i], 0.0) + border[i] * h
                    leaves -= min(flow_east[west], 0.0) + min(flow_south[north], 0.0)
                    out[i] = leaves
                    if depth[i] > 0.0:
                        rate = leaves / max(h, 1e-12) + carries_east[i] + carries_south[i]
                        rate += carries_east[west] + carries_south[north]
                        rate /= air[i] if contact[i] else deficit[i] + air[i]
                        fastest = max(fastest, rate)
                rates[block] = fastest
            now = step if fixed else _compiled_step_length(rates.max(), step, seconds - done)
            limited = now * rates.max() > 1.0
            if limited or fixed:
                for block in numba.prange(blocks):
                    for i in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
                        available = table[i] * (air[i] if contact[i] else deficit[i] + air[i])
                        scale[i] = available / (out[i] * now) if out[i] * now > available else 1.0
            else:
                scale[:] = 1.0
            for block in numba.prange(blocks):
                lost_sum, rejected_sum, exfiltrated_sum = 0.0, 0.0, 0.0
                for i in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
                    h, d, theta, keeps = table[i], depth[i], deficit[i], air[i]
                    lost = border[i] * h * scale[i] * now
                    net = 0.0
                    f = flow_east[i]
                    if f != 0.0:
                        net -= f * (scale[i] if f > 0 else scale[i + 1])
                    f = flow_south[i]
                    if f != 0.0:
                        net -= f * (scale[i] if f > 0 else scale[below[i]])
                    j = i - 1 if i > 0 else count - 1
                    f = flow_east[j]
                    if f != 0.0:
                        net += f * (scale[j] if f > 0 else scale[i])
                    j = above[i]
                    f = flow_south[j]
                    if f != 0.0:
                        net += f * (scale[j] if f > 0 else scale[i])
                    net = net * now - lost

                    offered = supply[i] * now
                    excess = 0.0
                    if not contact[i]:
                        moved = h + net / (theta + keeps)
                        filled = band[i] + offered
                        if moved + filled / theta >= d:
                            gap = d - h - band[i] / theta
                            closing = net / (theta + keeps) + offered / theta
                            share = min(max(gap / closing, 0.0), 1.0) if closing > 0 else 0.0
                            h += share * net / (theta + keeps) + (1.0 - share) * (offered + net) / keeps
                            contact[i] = True
                        else:
                            h = max(moved, 0.0)
                            band[i] = filled
                    else:
                        h += (offered + net) / keeps
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
                sums[block, 0] += rejected_sum
                sums[block, 1] += exfiltrated_sum
                sums[block, 2] += lost_sum
            steps += 1
            done = seconds if not fixed and now >= seconds - done else done + now
        return sums.sum(axis=0), steps, done
