"""Compiled (numba) steps of :mod:`.lateral_flow`, scenario by scenario, those of large grids in strips of rows.

A strip is stepped some steps with as many rows around it as water may cross meanwhile, so that its own rows are as on
the whole grid; what is worked on stays small. The strips share their steps, see :mod:`.shared_steps`.

A step of known length takes one sweep (:mod:`.grid_kernels_numba`). Most are the shortest ones, so this is tried first;
where a step would be longer, the lengths are found one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from ...feedback import Feedback, check_cancelled
from ...map_parts.strips import pieces
from ...map_parts.threads import in_threads, thread_limit
from ...raster import scratch
from ..compiling import announce_compiling, numba
from . import grid_kernels_numba
from .shared_steps import SharedSteps
from .step_formulas import greatest_levelling, steps_a_call

if TYPE_CHECKING:
    from .lateral_flow import GridSoil, GridWater

#: Cells of a strip without the rows around it; rows around it, of which a step may need two where outflow is limited.
_STRIP_CELLS, _MARGIN = 2_000_000, 48
_STRIPS_AT_ONCE = 2
_ROWS_OF_A_STEP = 2  # that it makes wrong next to rows that are missing
_SHORTEST = 1e300  # rate [1/s] of steps that are as short as they may be
_TINY = 1e-30
_STATE = ("table", "band", "contact", "infiltrated")
_State = tuple[np.ndarray, ...]


def announce_batched_steps(feedback: Feedback) -> None:
    """Report where the first step waits for the compiler."""
    if numba is not None:
        announce_compiling(grid_kernels_numba.compiled_steps, feedback)


def advance(
    water: GridWater, soil: GridSoil, supply: np.ndarray, seconds: np.ndarray, shortest: np.ndarray,
    longest: np.ndarray, feedback: Feedback,
) -> int:  # fmt: skip
    """Step scenarios in place, one by one; see :func:`.lateral_flow.advance_water`, whose arguments these are.

    Returns:
        The greatest number of steps.
    """
    announce_batched_steps(feedback)
    most = 0
    for n in np.flatnonzero(seconds > 0.0):
        one = replace(soil, **{name: _of_scenario(getattr(soil, name), n) for name in _arrays_of(soil)})
        state = tuple(getattr(water, name)[n] for name in _STATE)
        step = float(shortest[n]), float(longest[n])
        offered = np.broadcast_to(supply, water.table.shape)[n]
        totals, steps = _advance_scenario(state, one, offered, float(seconds[n]), step, feedback)
        water.exfiltrated[n] += totals[0]
        water.drained[n] += totals[1]
        most = max(most, steps)
    return most


def _arrays_of(soil: GridSoil) -> list[str]:
    return [f.name for f in fields(soil) if f.name != "downstream"]


def _of_scenario(values: np.ndarray, number: int) -> np.ndarray:
    """Values (rows, cols) of one scenario, of an array (rows, cols) of all, or (batch, rows, cols)."""
    return values if values.ndim == 2 else values[number if len(values) > 1 else 0]


@dataclass
class _Guess:
    """Rate that is assumed where none is known, see :func:`.grid_kernels_numba.compiled_steps` [1/s]."""

    rate: float = _SHORTEST


def _advance_scenario(
    state: _State, soil: GridSoil, supply: np.ndarray, seconds: float, step: tuple[float, float], feedback: Feedback
) -> tuple[np.ndarray, int]:
    """Step one scenario's state (rows, cols) in place; returns totals as :func:`_few_steps`, and the steps."""
    rows, cols = state[0].shape
    height = rows if rows * cols <= _STRIP_CELLS else max(_STRIP_CELLS // cols, _MARGIN)
    strips, guess = list(pieces(rows, height)), _Guess()
    totals, steps, left, now = np.zeros(2), 0, seconds, state
    while left > 0.0:
        check_cancelled(feedback)
        if len(strips) > 1:
            now, found, taken, done = _few_steps_of_strips(
                strips, now, soil, supply, left, step, seconds, guess, feedback
            )
        else:
            most = steps_a_call(rows * cols)
            now, found, taken, done = _few_steps(
                now, soil, supply, strips[0], left, step, most, guess, interval=seconds
            )
        totals += found
        steps += taken
        left = left - done if done < left else 0.0
    for values, after in zip(state, now):
        values[:] = after
    return totals, steps


def _few_steps_of_strips(
    strips: list[slice], state: _State, soil: GridSoil, supply: np.ndarray, left: float, step: tuple[float, float],
    interval: float, guess: _Guess, feedback: Feedback,
) -> tuple[_State, np.ndarray, int, float]:  # fmt: skip
    """Some steps in all strips, which are sorted by their rates; returns the state after them and as one strip does."""
    after = tuple(scratch.empty(values.shape, values.dtype) for values in state)
    shared, waiting, agree = SharedSteps(), list(strips), []
    greatest, totals = {}, {}

    def stepped(strip: slice) -> tuple[SharedSteps, np.ndarray, int, float]:
        check_cancelled(feedback)
        own = SharedSteps(shared.rates)
        made, *found = _few_steps(state, soil, supply, strip, left, step, _MARGIN // 2, guess, own, interval=interval)
        for whole, values in zip(after, made):
            whole[strip] = values
        scratch.release()
        return own, *found

    while waiting:
        again: list[slice] = []
        for strip, (own, found, taken, seconds) in in_threads(stepped, waiting, _at_once()):
            merged = shared.merge(own.of_window)
            if merged == "changed":  # those before it took other steps
                again, agree = again + agree, []
            if merged == "outdated":
                again.append(strip)
                continue
            greatest[strip.start], totals[strip.start] = own.of_window.own.max(initial=0.0), found
            steps, done = taken, seconds
            agree.append(strip)
        waiting = again
    strips.sort(key=lambda strip: -greatest[strip.start])
    return after, sum(totals[first] for first in sorted(totals)), steps, done


def _at_once() -> int:
    """Strips that are stepped at once, each on a thread."""
    return min(thread_limit(numba.config.NUMBA_NUM_THREADS), _STRIPS_AT_ONCE)


def _rows(values: np.ndarray, rows: slice, shape: tuple[int, ...]) -> np.ndarray:
    """Some rows of a map (rows, cols), or one row where all are the same number; read-only, as numba is to see them."""
    one_number = values.size == 1 or not any(values.strides)
    found = np.broadcast_to(values.flat[0], (1, shape[1])) if one_number else np.broadcast_to(values, shape)[rows]
    found = np.ascontiguousarray(found)
    found.flags.writeable = False
    return found


def _few_steps(
    state: _State, soil: GridSoil, supply: np.ndarray, strip: slice, seconds: float, step: tuple[float, float],
    most_steps: int, guess: _Guess, shared: SharedSteps | None = None, *, interval: float,
) -> tuple[_State, np.ndarray, int, float]:  # fmt: skip
    """Advance some rows of one scenario by ``seconds``, or as far as ``most_steps`` reach.

    Args:
        state: table, band, contact and infiltrated of the whole grid (rows, cols), kept as it is.
        soil: of one scenario; supply: infiltration offered [m/s].
        strip: rows whose rates limit the step and whose water is summed.
        step: shortest and longest step [s].
        guess: of steps whose lengths are not known; changed where it was wrong.
        shared: of a strip of a larger grid: takes its rates and gives those of the other strips.
        interval: time for which ``supply`` is offered, of which ``seconds`` are left [s]. It counts as infiltrated
            where they are at their end.

    Returns:
        the state of the strip after them, (exfiltrated, drained) [m of water summed over cells], steps and seconds that
        were done.
    """
    shape = state[0].shape
    outer = slice(max(strip.start - _MARGIN, 0), min(strip.stop + _MARGIN, shape[0]))
    inner = slice(strip.start - outer.start, strip.stop - outer.start)
    margins = np.array([outer.start > 0, outer.stop < shape[0]]) * _ROWS_OF_A_STEP
    drops, coefficients = (soil.drop_east, soil.drop_south), (soil.east, soil.south, soil.border)
    of_faces = tuple(_rows(x, outer, shape) for x in (*drops, *coefficients))
    cells = (soil.share, soil.per_share, soil.depth, soil.deficit, soil.air)
    of_cells, offered = tuple(_rows(x, outer, shape) for x in cells), _rows(supply, outer, shape)
    conductivity = float(soil.conductivity[0, 0])
    faces = (*of_faces, soil.downstream, greatest_levelling(max(step[0] * conductivity, _TINY)))
    floor, counted = (
        np.zeros(most_steps) if shared is None else shared.floor(most_steps),
        np.array([inner.start, inner.stop]),
    )
    while True:
        made = tuple(values[outer].copy() for values in state)
        totals, (own, lengths), done, right = grid_kernels_numba.compiled_steps(
            made, faces, of_cells, offered, conductivity, seconds, step, most_steps, floor, guess.rate, counted,
            margins, interval,
        )  # fmt: skip
        if right:
            break
        guess.rate = 0.0
    if shared is not None:
        shared.add(own, lengths)
    return tuple(values[inner] for values in made), totals, lengths.size, done
