"""Compiled (numba) water balance of cells in a step, see :mod:`.water_balance`; for up to ROW_CELLS cells at once.

Of what changes along with other things only the band of cells not in contact and what was not infiltrated are kept at
once, the rest by :func:`finish_cells` at the end of the steps.
"""

from __future__ import annotations

import numpy as np

from ..compiling import numba

#: Cells that are computed in one go: what is read and written then stays in the nearest cache.
ROW_CELLS = 512
#: Lets sums and maxima run several cells at a time. There are no NaN here, and the order does not hang on threads.
VECTORS = {"nnan", "nsz", "reassoc", "contract", "arcp"}

if numba is not None:
    # Each loop writes one array and reads eight others at most: so the compiler can see that they do not overlap and
    # computes several cells at a time. ``work`` holds the tables [m], and from ROW_CELLS on how far the water is above
    # the surface [m].

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _move_tables(work, h, band, contact, supply, net, soil, now):
        """Tables of cells after a step where no band reaches them; returns whether water gets to a surface."""
        depth, deficit, air = soil
        for k in range(h.size):
            theta, offered, touches = deficit[k], supply[k] * now, contact[k]
            rise = (net[k] * now + (offered if touches else 0.0)) / (air[k] + (0.0 if touches else theta))
            front = 0.0 if touches else (band[k] + offered) / theta
            work[k] = h[k] + rise
            work[k + ROW_CELLS] = h[k] + rise + front - depth[k]
        bits = work.view(np.int64)  # whose signs are the numbers', and which compare several at a time
        most = bits[ROW_CELLS]
        for k in range(h.size):
            most = max(most, bits[k + ROW_CELLS])
        return most >= 0

    @numba.njit(cache=True, error_model="numpy")
    def _join_bands(work, h, band, contact, supply, net, soil, now):
        """Tables of the cells whose band reaches them in a step; returns whether there are any."""
        depth, deficit, air = soil
        joined = False
        for k in range(h.size):
            if contact[k] or work[k + ROW_CELLS] < 0.0:
                continue
            theta, keeps, gain, offered = deficit[k], air[k], net[k] * now, supply[k] * now
            closing = gain / (theta + keeps) + offered / theta
            share = min(max((depth[k] - h[k] - band[k] / theta) / closing, 0.0), 1.0) if closing > 0.0 else 0.0
            work[k] = h[k] + share * gain / (theta + keeps) + (1.0 - share) * (offered + gain) / keeps
            contact[k] = joined = True
        return joined

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _fill_bands(band, contact, supply, now):
        """Infiltration of a step into the bands of cells not in contact."""
        for k in range(band.size):
            band[k] += 0.0 if contact[k] else supply[k] * now

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _spill(work, depth, air, supply, infiltrated, weight, now):
        """Take what is above the surface off; returns (rejected, exfiltrated), weighted."""
        for k in range(depth.size):
            above = work[k] - depth[k]
            work[k + ROW_CELLS] = (above if above > 0.0 else 0.0) * air[k]
        for k in range(depth.size):
            infiltrated[k] -= min(work[k + ROW_CELLS], supply[k] * now)
        rejected, excess = 0.0, 0.0
        for k in range(depth.size):
            rejected += min(work[k + ROW_CELLS], supply[k] * now) * weight[k]
            excess += work[k + ROW_CELLS] * weight[k]
        return rejected, excess - rejected

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _keep_tables(h, work, depth):
        """Tables between bedrock and surface."""
        for k in range(h.size):
            table = work[k] if work[k] > 0.0 else 0.0
            h[k] = table if table < depth[k] else depth[k]

    @numba.njit(cache=True, error_model="numpy")
    def balance(state, supply, soil, net, weight, work, now):
        """Take a step's water into some cells.

        Args:
            state: table, band, contact, infiltrated, changed in place; supply, net: infiltration offered and lateral
                supply [m/s]; soil: depth, deficit, air.
            weight: of the cells in the sums; work: room, (2 * ROW_CELLS,) or more; now: length of the step [s].

        Returns:
            (rejected, exfiltrated) [m of water summed over cells], and whether a band has reached its table.
        """
        h, band, contact, infiltrated = state
        rejected, exfiltrated, joined = 0.0, 0.0, False
        if _move_tables(work, h, band, contact, supply, net, soil, now):
            joined = _join_bands(work, h, band, contact, supply, net, soil, now)
            rejected, exfiltrated = _spill(work, soil[0], soil[2], supply, infiltrated, weight, now)
        _fill_bands(band, contact, supply, now)
        _keep_tables(h, work, soil[0])
        return rejected, exfiltrated, joined

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def finish_cells(state, supply, soil, seconds):
        """What :func:`balance` leaves for the end of the steps; seconds: in which infiltration is to be counted."""
        table, band, contact, infiltrated = state
        depth, deficit, _ = soil
        for k in range(table.size):
            infiltrated[k] += supply[k] * seconds
        for k in range(table.size):
            band[k] = deficit[k] * (depth[k] - table[k]) if contact[k] else band[k]
