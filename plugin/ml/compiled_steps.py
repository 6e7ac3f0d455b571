"""The steps on the raster's own cells by the engine's compiled kernel, where numba is installed.

They solve the same equations as torch's in :mod:`.coarse`, in float64 and some five times as fast on a processor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import numpy as np

from ..core.feedback import Feedback, check_cancelled
from ..core.physics import kernels
from ..core.physics.groundwater import Conductances, cell_conductances
from ..core.terrain import Terrain
from ..variables import RESIDUAL_AIR


class CompiledSteps:
    """What the steps need of a terrain; everything is of its valid cells alone, in the order of the rows.

    Args:
        terrain: its edges are open.
    """

    def __init__(self, terrain: Terrain) -> None:
        self._unit = cell_conductances(terrain, terrain.valid, 1.0, "open")
        self._depth = np.ascontiguousarray(terrain.soil_depth[terrain.valid], dtype=np.float64)

    def advance(
        self, water: kernels.Water, lateral: np.ndarray, deficit: np.ndarray, supply: Callable[[float], np.ndarray],
        between: tuple[float, float], step: tuple[float, float], feedback: Feedback,
    ) -> None:  # fmt: skip
        """Step through a part of the rain.

        Args:
            water: changed in place.
            lateral: K_lat (cells,) [m/s]; deficit: moisture deficit (cells,) [-].
            supply: infiltration (cells,) [m] until a time [s] since the rain began.
            between: that time at the beginning and the end [s].
            step: its least and greatest length [s]: as long as the state allows, within these.
            feedback: asked for a cancel, which then raises :class:`Cancelled`.
        """
        conductances = self._conductances(lateral)
        air = np.full(deficit.shape, RESIDUAL_AIR)
        per_call = kernels.steps_a_call(deficit.size)
        begin, end = between
        pieces = max(1, int(np.ceil((end - begin) / step[1] - 1e-6)))
        before = supply(begin)
        for number in range(1, pieces + 1):
            until = begin + (end - begin) * number / pieces
            after, left = supply(until), (end - begin) / pieces
            rate = np.maximum(after - before, 0.0) / left
            before = after
            while left > 0.0:
                check_cancelled(feedback)
                _, done = kernels.lateral_time(
                    water, rate, conductances, self._depth, deficit, air, left, *step, per_call
                )  # fmt: skip
                left = left - done if done < left else 0.0

    def _conductances(self, lateral: np.ndarray) -> Conductances:
        c = self._unit
        east = c.east * 0.5 * (lateral + np.append(lateral[1:], 0.0))
        return replace(c, east=east, south=c.south * 0.5 * (lateral + lateral[c.below]), border=c.border * lateral)
