"""One explicit step on cells of any grid: flow through faces, length of the step, water balance of cells.

q = C h (drop of the bedrock + difference of the tables). The second part is diffusion of the water table: with too long
a step, the tables of deep, flat valleys oscillate from step to step. It is therefore limited to a quarter of what makes
a step monotone, the share of one of four faces; the first part is limited only by the water that a cell has.

The numpy functions are the reference; the compiled ones (numba) do the same for single faces and for rows of cells.

Source: the limit was developed for Slopecast; an explicit step of diffusion on square cells is monotone up to
D dt / dx^2 = 1/4 (Morton & Mayers 2005, Numerical Solution of Partial Differential Equations, section 3.1).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....variables import RESIDUAL_AIR
from ..compiling import numba

Array = Any
_SHARE = 0.25  # part of the diffusive limit of a cell that one of its four faces may use in a step
#: Share of the monotone limit that a step takes: at 0.5 the error is about that of the shortest step,
#: 0.1 % of the water.
STEP_SHARE = 0.5
#: A last step may be longer than its limit by this factor: what is to be stepped is often a whole number of steps, and
#: rounding would decide whether one is left or two.
LAST_STEP = 1.001
_CELL_STEPS_PER_CALL = 2e7  # cells times steps between two checks for a cancel
#: Cells that are computed together: their data stay in the processor's first cache.
ROW_CELLS = 512
#: Options of the compiler for vector instructions. There are no NaN here, and the order is the same on any number of
#: threads.
VECTORS = {"nnan", "nsz", "reassoc", "contract", "arcp"}


def greatest_levelling(shortest: float | Array) -> float | Array:
    """Greatest C h by which a difference of tables is multiplied [1/s], for the least storage.

    The exact scheme's steps never reach this limit.

    Args:
        shortest: least length of a step [s]; longer ones are taken only where they are monotone.
    """
    return _SHARE * RESIDUAL_AIR / shortest


def levelled_flow(xp: Any, upstream: Array, drop: Array, rise: Array, greatest: Array) -> Array:
    """Flow from a cell to a neighbour [m/s], with its diffusive part limited.

    It is never against the drop and never more than without the limit, so that limits of outflow hold for it too.

    Args:
        xp: numpy or torch.
        upstream: C h; drop: of the water's surface [m], of which ``rise`` is the difference of the tables.
        greatest: see :func:`greatest_levelling`.
    """
    flow = upstream * drop
    levelled = flow - xp.clip(upstream - greatest, 0.0, None) * rise
    return xp.minimum(xp.maximum(levelled, xp.clip(flow, None, 0.0)), xp.clip(flow, 0.0, None))


def step_length(fastest: float, step: tuple[float, float], left: float) -> float:
    """Length of the next step [s]: STEP_SHARE of the monotone limit, within bounds, and without a short last step.

    Args:
        fastest: greatest rate at which a table responds to itself [1/s].
        step: shortest and longest [s]; left: rest of the interval [s].
    """
    limit = min(max(STEP_SHARE / fastest if fastest > 0.0 else left, step[0]), step[1])
    if left <= LAST_STEP * limit:
        return left
    return 0.5 * left if left < 2.0 * limit else limit


def steps_a_call(cells: int) -> int:
    """Steps on so many cells after which a caller should ask for a cancel."""
    return max(1, int(_CELL_STEPS_PER_CALL / max(cells, 1)))


def balance_cells(
    water_table: np.ndarray, band: np.ndarray, contact: np.ndarray, infiltration: np.ndarray, net: np.ndarray,
    soil_depth: np.ndarray, deficit: np.ndarray, air: np.ndarray | float = RESIDUAL_AIR,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Add the water of one step to the cells; a step during which contact begins is split there.

    Before contact, infiltration fills the wetted band V and lateral flow moves h with n_y = dTheta + n_min. In contact
    V = dTheta (D - h), and all water moves h with n_min. At h = D surplus infiltration is runoff, surplus inflow
    exfiltrates.

    Args:
        water_table, band: h and V [m]; contact: bool; infiltration, net: offered this step [m];
        soil_depth: D [m]; deficit: what the band takes up, dTheta [-]; air: what it keeps, n_min [-].

    Returns:
        (h, V, contact, rejected infiltration [m], exfiltration [m]).
    """
    supply, none = infiltration + net, np.zeros_like(soil_depth)
    table = water_table + supply / air
    apart = np.flatnonzero(~contact) if contact.any() else slice(None)
    before = (water_table, band, infiltration, net, supply, soil_depth, deficit, np.broadcast_to(air, table.shape))
    table[apart], filled, closes = _balance_apart(*(x[apart] for x in before))
    contact = contact.copy()
    contact[apart] = closes
    excess = np.maximum(table - soil_depth, none)  # apart it stays below D
    excess *= air
    table = np.minimum(np.maximum(table, none), soil_depth)
    band = deficit * (soil_depth - table)
    band[apart] = np.where(closes, band[apart], filled)
    rejected = np.minimum(excess, infiltration)
    return table, band, contact, rejected, excess - rejected


def _balance_apart(
    water_table: np.ndarray, band: np.ndarray, infiltration: np.ndarray, net: np.ndarray, supply: np.ndarray,
    soil_depth: np.ndarray, deficit: np.ndarray, air: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Table, band and whether the two meet now, of cells that are not in contact; see :func:`balance_cells`."""
    whole = deficit + air
    table = water_table + net / whole
    filled = band + infiltration
    closes = table + filled / deficit >= soil_depth
    if closes.any():
        at = np.flatnonzero(closes)
        theta, rise, fall = deficit[at], net[at] / whole[at], infiltration[at] / deficit[at]
        gap, closing = soil_depth[at] - water_table[at] - band[at] / theta, rise + fall
        share = np.where(closing > 0, np.clip(gap / np.where(closing > 0, closing, 1.0), 0.0, 1.0), 0.0)
        table[at] = water_table[at] + share * rise + (1.0 - share) * supply[at] / air[at]
    return table, filled, closes


def bits_of(values: np.ndarray) -> np.ndarray:
    """The bits of numbers, as integers of their size; compiled functions alone call it."""
    return values.view(f"i{values.itemsize}")


if numba is not None:
    from numba.extending import overload

    @numba.njit(cache=True, error_model="numpy", fastmath={"nnan", "nsz", "contract"}, inline="always")
    def compiled_levelled_flow(upstream, drop, rise, greatest):
        """:func:`levelled_flow` of one face, with comparisons that the compiler vectorizes."""
        none = type(upstream)(0.0)
        flow, beyond = upstream * drop, upstream - greatest
        levelled = flow - (beyond if beyond > none else none) * rise
        least, most = (flow if flow < none else none), (flow if flow > none else none)
        levelled = levelled if levelled > least else least
        return levelled if levelled < most else most

    compiled_step_length = numba.njit(cache=True, error_model="numpy")(step_length)

    @overload(bits_of)
    def _bits_of(values):
        kind = np.int64 if values.dtype == numba.float64 else np.int32
        return lambda values: values.view(kind)

    # All arrays and scalars of the functions below are of one precision, which literals would raise to the double one.
    # Water balance of up to ROW_CELLS cells at once. Of what changes along with other things only the band of cells not
    # in contact and what was not infiltrated are kept at once, the rest by finish_cells at the end of the steps.
    # Each loop writes one array and reads eight others at most: so the compiler can see that they do not overlap and
    # computes several cells at a time. ``work`` holds the tables [m], and from ROW_CELLS on how far the water is above
    # the surface [m].

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _move_tables(work, h, band, contact, supply, net, soil, now):
        """Tables of cells after a step where no band reaches them; returns whether water gets to a surface."""
        (depth, deficit, air), none = soil, h.dtype.type(0.0)
        for k in range(h.size):
            theta, offered, touches = deficit[k], supply[k] * now, contact[k]
            rise = (net[k] * now + (offered if touches else none)) / (air[k] + (none if touches else theta))
            front = none if touches else (band[k] + offered) / theta
            work[k] = h[k] + rise
            work[k + ROW_CELLS] = h[k] + rise + front - depth[k]
        bits = bits_of(work)  # whose signs are the numbers', and which compare several at a time
        most = bits[ROW_CELLS]
        for k in range(h.size):
            most = max(most, bits[k + ROW_CELLS])
        return most >= 0

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _reaches_band(work, contact):
        """Whether the water of a cell not in contact gets to the surface; see :func:`_move_tables`."""
        bits = bits_of(work)
        none = bits.dtype.type(-1)
        most = none
        for k in range(contact.size):
            most = max(most, none if contact[k] else bits[k + ROW_CELLS])
        return most >= 0

    @numba.njit(cache=True, error_model="numpy")
    def _join_bands(work, h, band, contact, supply, net, soil, now):
        """Tables of the cells whose band reaches them in a step; returns whether there are any."""
        (depth, deficit, air), none, one = soil, h.dtype.type(0.0), h.dtype.type(1.0)
        joined = False
        for k in range(h.size):
            if contact[k] or work[k + ROW_CELLS] < none:
                continue
            theta, keeps, gain, offered = deficit[k], air[k], net[k] * now, supply[k] * now
            closing = gain / (theta + keeps) + offered / theta
            share = min(max((depth[k] - h[k] - band[k] / theta) / closing, none), one) if closing > none else none
            work[k] = h[k] + share * gain / (theta + keeps) + (one - share) * (offered + gain) / keeps
            contact[k] = joined = True
        return joined

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _fill_bands(band, contact, supply, now):
        """Infiltration of a step into the bands of cells not in contact."""
        none = band.dtype.type(0.0)
        for k in range(band.size):
            band[k] += none if contact[k] else supply[k] * now

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _remove_excess(work, depth, air, supply, infiltrated, weight, now):
        """Remove water above the surface; returns (rejected, exfiltrated), weighted."""
        none = depth.dtype.type(0.0)
        for k in range(depth.size):
            above = work[k] - depth[k]
            work[k + ROW_CELLS] = (above if above > none else none) * air[k]
        for k in range(depth.size):
            infiltrated[k] -= min(work[k + ROW_CELLS], supply[k] * now)
        rejected, excess = none, none
        for k in range(depth.size):
            rejected += min(work[k + ROW_CELLS], supply[k] * now) * weight[k]
            excess += work[k + ROW_CELLS] * weight[k]
        return rejected, excess - rejected

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def _keep_tables(h, work, depth):
        """Tables between bedrock and surface."""
        none = h.dtype.type(0.0)
        for k in range(h.size):
            table = work[k] if work[k] > none else none
            h[k] = table if table < depth[k] else depth[k]

    @numba.njit(cache=True, error_model="numpy")
    def balance(state, supply, soil, net, weight, work, now):
        """Add the water of a step to some cells.

        Args:
            state: table, band, contact, infiltrated, changed in place; supply, net: infiltration offered and lateral
                supply [m/s]; soil: depth, deficit, air.
            weight: of the cells in the sums; work: room, (2 * ROW_CELLS,) or more; now: length of the step [s].

        Returns:
            (rejected, exfiltrated) [m of water summed over cells], and whether a band has reached its table.
        """
        h, band, contact, infiltrated = state
        rejected, exfiltrated, joined = h.dtype.type(0.0), h.dtype.type(0.0), False
        if _move_tables(work, h, band, contact, supply, net, soil, now):
            joined = _reaches_band(work, contact) and _join_bands(work, h, band, contact, supply, net, soil, now)
            rejected, exfiltrated = _remove_excess(work, soil[0], soil[2], supply, infiltrated, weight, now)
        _fill_bands(band, contact, supply, now)
        _keep_tables(h, work, soil[0])
        return rejected, exfiltrated, joined

    @numba.njit(cache=True, error_model="numpy", fastmath=VECTORS)
    def finish_cells(state, supply, soil, seconds):
        """Complete the results of :func:`balance` after the steps; seconds: of infiltration to be counted."""
        table, band, contact, infiltrated = state
        depth, deficit, _ = soil
        for k in range(table.size):
            infiltrated[k] += supply[k] * seconds
        for k in range(table.size):
            band[k] = deficit[k] * (depth[k] - table[k]) if contact[k] else band[k]
