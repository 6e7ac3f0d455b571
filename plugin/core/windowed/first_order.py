"""The first-order method on a map in windows: lateral flow window by window, the moments of log FS strip by strip."""

from __future__ import annotations

import time
from functools import partial
from typing import Callable, Iterator

import numpy as np

from ..failure_probability import Probability
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..first_order import (
    LATERAL,
    RUNS_PERCENT,
    LateralShift,
    check_moment,
    diagnostics_of,
    failure_of_cells,
    lateral_direction,
    lateral_steps,
    log_spread,
    table_shift,
)
from ..physics.column import SoilColumn
from ..physics.engine import engine_for
from ..physics.solve import WaterModel, known_part
from ..raster import scratch
from ..uncertainty import Sampler
from .probability import DrawStudy
from .solve import WindowedRun

#: Makes the run of a study with a model.
RunOfModel = Callable[[DrawStudy, WaterModel, Feedback], WindowedRun]


def first_order_in_windows(study: DrawStudy, run_of: RunOfModel, feedback: Feedback) -> Probability:
    """:func:`..first_order.first_order` on a map in windows.

    Args:
        study: of the means; run_of: makes the runs.
        feedback: gets the progress, asked for a cancel.

    Raises:
        InputError: the minimum over the event asked for.
        Cancelled: the user cancelled the run.
    """
    check_moment(study.sampler.mean)
    began, shape = time.perf_counter(), study.terrain.grid.shape
    shift = _shift_of(study, run_of, PartialFeedback(feedback, 0.0, RUNS_PERCENT))
    probability, mean_fs = (scratch.full(shape, np.nan) for _ in range(2))
    strips, part = study.strips(), PartialFeedback(feedback, RUNS_PERCENT, 100.0)
    for number, strip in enumerate(strips):
        check_cancelled(feedback)
        if study.known(*strip.inner).any():
            terrain, scenario = study.window(strip, None)
            inner = np.zeros(terrain.valid.shape, dtype=bool)
            inner[strip.inner_in_outer] = True
            cells = known_part(terrain, scenario).cells.within(inner)
            tables = tuple(table[strip.outer][cells.mask] for table in shift.tables)
            sampler = study.sampler_of(strip.outer)
            sampler.drawn = len(shift.tables)
            progress = PartialFeedback(part, *(100.0 * (number + n) / len(strips) for n in (0, 1)))
            found = failure_of_cells(cells, sampler, LateralShift(shift.direction, tables), progress)
            for array, values in zip((probability, mean_fs), found):
                array[strip.inner] = cells.on_map(values)[strip.inner_in_outer]
            study.sampler.drawn = sampler.drawn
        scratch.release()
    return Probability(probability, mean_fs, diagnostics_of(began, study.sampler, shift))


def _shift_of(study: DrawStudy, run_of: RunOfModel, feedback: Feedback) -> LateralShift:
    """:meth:`.LateralShift.of` with tables that are maps, float64 (rows, cols)."""
    sampler = study.sampler
    direction = lateral_direction({name: _log_spread(study, name) for name in LATERAL if name in sampler.spreads})
    model = engine_for(sampler.mean, scheme="fast" if direction else "exact")
    if isinstance(model, SoilColumn):
        return LateralShift({}, ())
    steps, tables = lateral_steps(sampler, direction), []
    for number, deviates in enumerate(steps):
        part = PartialFeedback(feedback, *(100.0 * (number + n) / len(steps) for n in (0, 1)))
        drawn = study.drawn(partial(Sampler.at, deviates=deviates, number=number), sampler.depth_factor(0.0))
        table = scratch.full(study.terrain.grid.shape, np.nan, np.float64)
        for window in run_of(drawn, model, part).solve(part):
            if window.result is not None:
                at, cells = window.tile.inner, window.result.cells
                values = table_shift(cells, window.result.water, drawn.scenario_of(at))
                table[at] = cells.on_map(values, dtype=np.float64)
            scratch.release()
        tables.append(table)
    return LateralShift(direction, tuple(tables))


def _log_spread(study: DrawStudy, name: str) -> float:
    """:func:`..first_order.log_spread` of a parameter over the map."""
    if name not in study.deviations and name not in study.mean.rasters:
        return log_spread(getattr(study.sampler.mean, name), study.sampler.spreads[name].standard_deviation)
    parts = [(log_spread(*values), int(np.isfinite(np.divide(*values)).sum())) for values in _strips_of(study, name)]
    cells = sum(count for _, count in parts)
    return sum(mean * count for mean, count in parts if count) / cells


def _strips_of(study: DrawStudy, name: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield mean and standard deviation of a parameter in each strip of rows with known values."""
    for strip in study.strips():
        place = strip.inner
        mean = getattr(study.mean.scenario_of(place), name)
        sampler = study.sampler_of(place)
        values = np.broadcast_arrays(mean, sampler.spreads[name].standard_deviation)
        if np.isfinite(values[0] + values[1]).any():
            yield values[0], values[1]
