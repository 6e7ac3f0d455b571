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


@dataclass
class Water:
    """State of the cells, changed in place by the steps. Arrays are (rows, cols), float64 and bool.

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
    water: Water, offered: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, steps: int, seconds: float
) -> None:
    """Advance the cells by ``steps`` steps of ``seconds``, each offered ``offered`` [m] of infiltration.

    Args:
        water: changed in place.
        offered: (rows, cols) [m] per step; 0 outside.
        c: coefficients of lateral flow; depth, deficit: (rows, cols), depth 0 outside.
    """
    if compiled():
        few = water.table.size < _CELLS_WORTH_THREADS
        numba.set_num_threads(1 if few else numba.config.NUMBA_NUM_THREADS)
        totals = _compiled_steps(
            water.table, water.band, water.contact, water.infiltrated, offered,
            c.bedrock, c.east, c.south, c.border, depth, deficit, steps, seconds,
        )  # fmt: skip
        water.runoff += totals[0]
        water.exfiltrated += totals[1]
        water.drained += totals[2]
        return
    for _ in range(steps):
        _plain_step(water, offered, c, depth, deficit, seconds)


def _plain_step(
    water: Water, offered: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, seconds: float
) -> None:
    storage = np.where(water.contact, RESIDUAL_AIR, deficit + RESIDUAL_AIR)
    flow = groundwater.face_flow(water.table, c)
    net, lost = groundwater.limited_net_flow(flow, storage * water.table, seconds)
    water.table, water.band, water.contact, rejected, exfiltrated = groundwater.balance_cells(
        water.table, water.band, water.contact, offered, net, depth, deficit
    )
    water.infiltrated += offered - rejected
    water.runoff += float(rejected.sum())
    water.exfiltrated += float(exfiltrated.sum())
    water.drained += float(lost.sum())


if numba is not None:

    @numba.njit(parallel=True, cache=True, error_model="numpy")
    def _compiled_steps(  # noqa: C901, PLR0912, PLR0913, PLR0915 - one kernel, kept whole for speed
        table, band, contact, infiltrated, offered, bedrock, east, south, border, depth, deficit, steps, seconds
    ):  # noqa: ANN001, ANN202
        rows, cols = table.shape
        flow_east, flow_south, scale = np.zeros((rows, cols)), np.zeros((rows, cols)), np.ones((rows, cols))
        sums = np.zeros((rows, 3))
        for _ in range(steps):
            for i in numba.prange(rows):
                for j in range(cols):
                    h = table[i, j]
                    if j + 1 < cols:
                        drop = bedrock[i, j] + h - bedrock[i, j + 1] - table[i, j + 1]
                        flow_east[i, j] = east[i, j] * drop * (h if drop > 0 else table[i, j + 1])
                    if i + 1 < rows:
                        drop = bedrock[i, j] + h - bedrock[i + 1, j] - table[i + 1, j]
                        flow_south[i, j] = south[i, j] * drop * (h if drop > 0 else table[i + 1, j])
            for i in numba.prange(rows):
                for j in range(cols):
                    h = table[i, j]
                    out = max(flow_east[i, j], 0.0) + max(flow_south[i, j], 0.0) + border[i, j] * h
                    if j > 0:
                        out += max(-flow_east[i, j - 1], 0.0)
                    if i > 0:
                        out += max(-flow_south[i - 1, j], 0.0)
                    storage = RESIDUAL_AIR if contact[i, j] else deficit[i, j] + RESIDUAL_AIR
                    available = storage * h
                    scale[i, j] = available / (out * seconds) if out * seconds > available else 1.0
            for i in numba.prange(rows):
                for j in range(cols):
                    d = depth[i, j]
                    h = table[i, j]
                    lost = border[i, j] * h * scale[i, j] * seconds
                    f = flow_east[i, j]
                    net = 0.0
                    if j + 1 < cols:
                        net -= f * (scale[i, j] if f > 0 else scale[i, j + 1])
                    f = flow_south[i, j]
                    if i + 1 < rows:
                        net -= f * (scale[i, j] if f > 0 else scale[i + 1, j])
                    if j > 0:
                        f = flow_east[i, j - 1]
                        net += f * (scale[i, j - 1] if f > 0 else scale[i, j])
                    if i > 0:
                        f = flow_south[i - 1, j]
                        net += f * (scale[i - 1, j] if f > 0 else scale[i, j])
                    net = net * seconds - lost

                    theta = deficit[i, j]
                    inf = offered[i, j]
                    share = 0.0
                    if not contact[i, j]:
                        gap = d - h - band[i, j] / theta
                        closing = net / (theta + RESIDUAL_AIR) + inf / theta
                        if closing >= gap:
                            contact[i, j] = True
                            if closing > 0:
                                share = min(max(gap / closing, 0.0), 1.0)
                        else:
                            share = 1.0
                        h += share * net / (theta + RESIDUAL_AIR)
                        band[i, j] += share * inf
                    rejected = 0.0
                    if contact[i, j]:
                        h += (1.0 - share) * (inf + net) / RESIDUAL_AIR
                        excess = max(h - d, 0.0) * RESIDUAL_AIR
                        h = min(max(h, 0.0), d)
                        band[i, j] = theta * (d - h)
                        rejected = min(excess, inf)
                        sums[i, 1] += excess - rejected
                    else:
                        h = min(max(h, 0.0), d)
                    table[i, j] = h
                    infiltrated[i, j] += inf - rejected
                    sums[i, 0] += rejected
                    sums[i, 2] += lost
        return sums.sum(axis=0)
