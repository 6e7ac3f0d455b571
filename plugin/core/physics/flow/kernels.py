"""Lateral sub-steps of the engine: in numpy, the reference, or by the compiled code of :mod:`.kernels_numba`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ....variables import RESIDUAL_AIR
from ..compiling import compiled, read_only, warn_where_slow
from . import groundwater, kernels_numba
from .groundwater import Conductances
from .shared_steps import SharedSteps
from .step_formulas import balance_cells, greatest_levelling, step_length

if TYPE_CHECKING:
    from ...feedback import Feedback

_CELL_STEPS_PER_CALL = 2e7  # work between two looks at the cancel button


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


def steps_a_call(cells: int) -> int:
    """Steps on so many cells after which a caller should ask for a cancel."""
    return max(1, int(_CELL_STEPS_PER_CALL / max(cells, 1)))


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
    _advance(water, offered / seconds, c, depth, deficit, air, steps * seconds, (seconds, seconds), steps, fixed=True)


def lateral_time(
    water: Water,
    supply: np.ndarray,
    c: Conductances,
    depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray,
    seconds: float,
    shortest: float,
    longest: float,
    most_steps: int,
    shared: SharedSteps | None = None,
    interval: float | None = None,
) -> tuple[int, float]:
    """Advance the cells by ``seconds``, or as far as ``most_steps`` reach, in steps as long as their state allows.

    A step is STEP_SHARE of the monotone limit (:meth:`.groundwater.Flows.update`), yet never below ``shortest``:
    where that is beyond the limit, outflow is scaled so that no table falls below the bedrock. And never above
    ``longest``.

    Args:
        supply: infiltration offered [m/s]; the others as in :func:`lateral_steps`.
        shared: of a window of a larger map: takes its rates and gives those of the other windows.
        interval: time for which ``supply`` is offered, of which ``seconds`` are left [s]; by default these. Compiled
            steps count it as infiltrated where they reach its end, so that sums do not depend on the calls.

    Returns:
        (steps, seconds) that were done.
    """
    step = shortest, longest
    interval = seconds if interval is None else interval
    return _advance(
        water, supply, c, depth, deficit, air, seconds, step, most_steps, fixed=False, shared=shared, interval=interval
    )


def _advance(
    water: Water,
    supply: np.ndarray,
    c: Conductances,
    depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray | float,
    seconds: float,
    step: tuple[float, float],
    most_steps: int,
    *,
    fixed: bool,
    shared: SharedSteps | None = None,
    interval: float = 0.0,
) -> tuple[int, float]:
    air = np.broadcast_to(np.asarray(air, dtype=np.float64), depth.shape)
    state = (water.table, water.band, water.contact, water.infiltrated)
    flat = (*(x.reshape(-1) for x in state), *(read_only(x) for x in (supply, depth, deficit, air)))
    floor, trace = (_NO_FLOOR, _NO_TRACE) if shared is None else (shared.floor(most_steps), np.zeros((2, most_steps)))
    if not compiled():
        steps, done = _plain_steps(water, flat, c, seconds, step, most_steps, fixed, floor, trace)
    else:
        steps, done = kernels_numba.steps(water, flat, c, seconds, step, most_steps, fixed, floor, trace, interval)
    if shared is not None:
        shared.add(*trace[:, :steps])
    return steps, done


def announce_substeps(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler, or the steps are not compiled though they could be."""
    warn_where_slow(feedback)
    if compiled():
        kernels_numba.announce(feedback)


#: Of a map that is no window of another.
_NO_FLOOR, _NO_TRACE = np.empty(0), np.empty((2, 0))


def _plain_steps(
    water: Water,
    flat: tuple[np.ndarray, ...],
    c: Conductances,
    seconds: float,
    step: tuple[float, float],
    most_steps: int,
    fixed: bool,
    floor: np.ndarray,
    trace: np.ndarray,
) -> tuple[int, float]:
    """The reference in numpy, on flattened views of the water's arrays."""
    table, band, contact, infiltrated, supply, depth, deficit, air = flat
    flows = groundwater.Flows(c, np.inf if fixed else greatest_levelling(step[0]))
    per_storage_apart, per_storage_in_contact = (np.where(depth > 0.0, 1.0 / x, 0.0) for x in (deficit + air, air))
    steps, done = 0, 0.0
    while steps < most_steps and done < seconds:
        per_storage = np.where(contact, per_storage_in_contact, per_storage_apart)
        fastest = flows.update(table, per_storage)
        if steps < floor.size:
            trace[0, steps], fastest = fastest, max(fastest, floor[steps])
        now = step[0] if fixed else step_length(fastest, step, seconds - done)
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
        done = seconds if not fixed and now >= seconds - done else done + now
    return steps, done
