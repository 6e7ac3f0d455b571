"""The compiled steps of :mod:`.lateral_flow` for one scenario on a grid of any size, in strips of its rows.

A strip is stepped some steps with as many rows around it as water may cross meanwhile, so that its own rows are as on
the whole grid; what is worked on stays small. The strips share their steps, see :mod:`.shared_steps`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from ...feedback import Feedback, check_cancelled
from ...raster import scratch
from . import lateral_flow_numba
from .kernels import steps_a_call
from .shared_steps import SharedSteps

if TYPE_CHECKING:
    from .lateral_flow import GridSoil

#: Cells of a strip without the rows around it; rows around it, of which a step may need two where outflow is limited.
_STRIP_CELLS, _MARGIN = 2_000_000, 48
_STATE = ("table", "band", "contact", "infiltrated")


class StripSteps:
    """A scenario's steps on a grid.

    Args:
        state: table, band, contact and infiltrated by name (rows, cols); what it holds is replaced.
        soil: of one scenario; supply: infiltration offered [m/s]; both (rows, cols), or broadcast to it.
        step: shortest and longest step [s]; feedback: asked for cancellation.

    Attributes:
        totals: exfiltrated and drained [m of water summed over cells]; steps: done.
    """

    def __init__(
        self, state: dict[str, np.ndarray], soil: GridSoil, supply: np.ndarray, step: tuple[float, float],
        feedback: Feedback,
    ) -> None:  # fmt: skip
        self.state, self._soil, self._supply, self._step, self._feedback = state, soil, supply, step, feedback
        rows, cols = state["table"].shape
        height = rows if rows * cols <= _STRIP_CELLS else max(_STRIP_CELLS // cols, _MARGIN)
        self._strips = [slice(first, min(first + height, rows)) for first in range(0, rows, height)]
        self.totals, self.steps = np.zeros(2), 0
        self._alone = len(self._strips) == 1
        self._soil_of_all = self._rows(self._strips[0]) if self._alone else None

    def advance(self, seconds: float) -> None:
        """Step for so long [s]; raises :class:`Cancelled`."""
        left = seconds
        most = steps_a_call(self.state["table"].size) if self._alone else _MARGIN // 2
        while left > 0.0:
            steps, done = self._few(left, seconds, most)
            self.steps += steps
            left = left - done if done < left else 0.0

    def _few(self, left: float, interval: float, most: int) -> tuple[int, float]:
        """Some steps in all strips; returns how many, and the time that they took [s]."""
        if self._alone:
            state = tuple(self.state[name] for name in _STATE)
            totals, steps, done = lateral_flow_numba.steps(
                state, *self._soil_of_all, left, self._step, most, interval=interval
            )
            self.totals += totals
            check_cancelled(self._feedback)
            return steps, done
        shape = self.state["table"].shape
        after = {name: scratch.empty(shape, values.dtype) for name, values in self.state.items()}
        shared, waiting, agree = SharedSteps(), deque(self._strips), []
        greatest, totals = {}, {}
        while waiting:
            check_cancelled(self._feedback)
            strip = waiting.popleft()
            shared.begin()
            outer = slice(max(strip.start - _MARGIN, 0), min(strip.stop + _MARGIN, shape[0]))
            state = tuple(self.state[name][outer].copy() for name in _STATE)
            inner = slice(strip.start - outer.start, strip.stop - outer.start)
            totals[strip.start], steps, done = lateral_flow_numba.steps(
                state, *self._rows(outer), left, self._step, most, shared, inner, interval
            )  # fmt: skip
            for name, values in zip(_STATE, state):
                after[name][strip] = values[inner]
            scratch.release()
            greatest[strip.start] = shared.of_window.own.max(initial=0.0)
            if shared.merge(shared.of_window) == "changed":  # those before it took other steps
                waiting.extend(agree)
                agree = []
            agree.append(strip)
        self._strips.sort(key=lambda strip: -greatest[strip.start])
        self.state = after
        self.totals += sum(totals.values())
        return steps, done

    def _rows(self, outer: slice) -> tuple[GridSoil, np.ndarray]:
        """Soil and supply of some rows."""
        shape = self.state["table"].shape
        names = [f.name for f in fields(self._soil) if f.name not in ("downstream", "conductivity")]
        soil = replace(self._soil, **{name: _of_rows(getattr(self._soil, name), outer, shape) for name in names})
        return soil, _of_rows(self._supply, outer, shape)


def _of_rows(values: np.ndarray, rows: slice, shape: tuple[int, int]) -> np.ndarray:
    """Some rows of an array that broadcasts to a grid, contiguous."""
    return np.ascontiguousarray(np.broadcast_to(values, shape)[rows])
