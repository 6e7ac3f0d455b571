"""Compiled (numba) steps of given lengths, several at a time on cells that stay in the processor's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..compiling import numba
from .kernels_numba import BLOCK, arguments_of, rows_of
from .step_formulas import ROW_CELLS

if TYPE_CHECKING:
    from .groundwater import Conductances
    from .kernels import Water

#: Steps that are taken at a time: what they work on, some 1.5 MB each, stays in the processor's cache.
_STEPS_IN_CACHE = 6


def take_shared_steps(
    water: Water, flat: tuple[np.ndarray, ...], c: Conductances, lengths: np.ndarray, limited: np.ndarray,
    ranges: np.ndarray, levelling: float, stepped: float,
) -> np.ndarray:  # fmt: skip
    """Steps of given lengths, several of them at a time on cells that stay in the cache; on one thread.

    Args:
        flat: the state's arrays flattened, supply and soil, as :func:`.kernels.lateral_time` has them.
        lengths: of the steps [s]; limited: whether outflow may have to be limited in each.
        ranges: first cell that a step changes, and the one after the last, int64 (steps, 2).
        stepped: infiltration of so many seconds is counted after them [s].

    Returns:
        The greatest rates of the counted cells in each step [1/s].
    """
    if "reach" not in c.kept:
        c.kept["reach"] = max(int(np.abs(rows_of(c)[:, 4:6]).max(initial=1)), 1)
    lag = -(-c.kept["reach"] // BLOCK)
    blocks = np.column_stack((ranges[:, 0] // BLOCK, -(-ranges[:, 1] // BLOCK)))
    number, at_a_time = water.table.dtype, max(_STEPS_IN_CACHE // lag, 2)
    totals, rates = _compiled_shared_steps(
        *arguments_of(water, flat, c), lengths, limited, blocks, lag, at_a_time, levelling, stepped,
        np.empty(3 * ROW_CELLS, number), np.empty((2, ROW_CELLS), number),
    )  # fmt: skip
    water.runoff += totals[0]
    water.exfiltrated += totals[1]
    water.drained += totals[2]
    return rates


if numba is not None:
    from ..compiling import uncounted
    from .kernels_numba import (
        balance_cells,
        find_outflow_deficit,
        is_limited,
        row_flows,
        row_limited_flows,
        set_per_storage,
        soil_of,
    )
    from .step_formulas import finish_cells

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def _compiled_shared_steps(  # noqa: PLR0912 - a loop for each part of a step
        table, band, contact, infiltrated, supply, depth, deficit, air,
        bedrock, east, south, north, border, rows, counted, scratch, lengths, limits, ranges, lag, at_a_time,
        levelling, stepped, work, constant,
    ):  # fmt: skip
        """The steps of :func:`.kernels_numba.compiled_steps`, so many at a time, in waves over the blocks.

        Each wave is 3 lags behind the one before.

        ``lag`` blocks hold all neighbours of a block's cells. A block's flows need the tables that the step before has
        left in these, its limited flows their share of outflow, and its tables must not change before both of all of
        these are known.
        """
        count = table.size
        blocks = (count + BLOCK - 1) // BLOCK
        first_row = np.searchsorted(rows[:, 0], np.arange(blocks + 1) * BLOCK)
        table, supply, rows, counted, scratch = (
            uncounted(table), uncounted(supply), uncounted(rows), uncounted(counted), uncounted(scratch)
        )  # fmt: skip
        work, constant, number = uncounted(work), uncounted(constant), table.dtype.type
        levelling = number(levelling)
        state = table, uncounted(band), uncounted(contact), uncounted(infiltrated)
        soil = uncounted(depth), uncounted(deficit), uncounted(air)
        faces = uncounted(bedrock), uncounted(east), uncounted(south), uncounted(north), uncounted(border), levelling
        net, per_storage, lack = scratch[0], scratch[1], scratch[2]
        sums, rates = np.zeros((blocks, 3)), np.zeros(lengths.size)
        outflow, leaves = np.zeros(len(rows)), np.zeros(len(rows))
        limited = np.zeros((count + ROW_CELLS - 1) // ROW_CELLS, dtype=np.bool_)
        constant[0], constant[1] = deficit[0], air[0]
        for start in range(0, lengths.size, at_a_time):
            stop = min(start + at_a_time, lengths.size)
            for wave in range(blocks + 2 * lag + 3 * lag * (stop - start - 1)):
                for step in range(start, stop):
                    block, now = wave - 3 * lag * (step - start), lengths[step]
                    if block < 0:
                        break
                    if ranges[step, 0] <= block < ranges[step, 1]:
                        if step == 0:
                            for first in range(block * BLOCK, min(count, (block + 1) * BLOCK), ROW_CELLS):
                                here = slice(first, min(count, first + ROW_CELLS))
                                set_per_storage(state[2][here], soil_of(soil, constant, here), per_storage[here])
                        for r in range(first_row[block], first_row[block + 1]):
                            rate, outflow[r], leaves[r] = row_flows(rows[r], table, per_storage, faces, net, work)
                            if rows[r, 6]:
                                rates[step] = max(rates[step], rate)
                            if limits[step] and now * outflow[r] > 1.0:
                                find_outflow_deficit(rows[r], table, per_storage, faces, number(now), lack, work)
                                limited[rows[r, 0] // ROW_CELLS] = True
                    block -= lag
                    if limits[step] and ranges[step, 0] <= block < ranges[step, 1]:
                        for r in range(first_row[block], first_row[block + 1]):
                            if is_limited(rows[r], limited):
                                leaves[r] = row_limited_flows(rows[r], table, faces, lack, net, work)
                    block -= lag
                    if not ranges[step, 0] <= block < ranges[step, 1]:
                        continue
                    for first in range(block * BLOCK, min(count, (block + 1) * BLOCK), ROW_CELLS):
                        here = slice(first, min(count, first + ROW_CELLS))
                        of_cells = soil_of(soil, constant, here)
                        rejected, exfiltrated = balance_cells(
                            here, state, supply, of_cells, per_storage, net, counted, work, number(now)
                        )
                        sums[block, 0] += rejected
                        sums[block, 1] += exfiltrated
                        if limited[first // ROW_CELLS]:
                            lack[here], limited[first // ROW_CELLS] = 0.0, False
                        if step == lengths.size - 1:
                            water = table[here], state[1][here], state[2][here], state[3][here]
                            finish_cells(water, supply[here], of_cells, number(stepped))
                    lost = 0.0
                    for r in range(first_row[block], first_row[block + 1]):
                        lost += leaves[r] if rows[r, 6] else 0.0
                    sums[block, 2] += lost * now
        return sums.sum(axis=0), rates
