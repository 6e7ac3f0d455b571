"""First-order probability of failure from the mean and variance of log FS, with 32 parameter sets."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import partial
from typing import Callable

import numpy as np

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..physics.assess import assess
from ..physics.column import SoilColumn, column_state
from ..physics.engine import engine_for
from ..physics.solve import WaterModel
from ..physics.water import WaterState
from ..raster import scratch
from ..result import below_one
from ..scenario import Scenario
from ..terrain import Cells
from ..windowed.solve import WindowedRun
from .failure_probability import DrawStudy, Probability
from .uncertainty import SOIL_DEPTH, Sampler, normal_quantiles

#: Parameter sets: more than twice as many as there are inputs.
POINTS = 32
_LEAST_FS = 0.01  # saturated soil without cohesion has FS = 0, which has no logarithm
#: Inputs that make lateral conductivity.
_LATERAL = ("conductivity", "lateral_anisotropy")
#: Where lateral conductivity has a spread, lateral flow is run at so many standard deviations from the centre.
_OUTER_DEVIATE = math.sqrt(3.0)
_RUNS_PERCENT = 60.0

#: Makes the run of a study with a model.
MakeRun = Callable[[DrawStudy, WaterModel, Feedback], WindowedRun]


def first_order(study: DrawStudy, make_run: MakeRun, feedback: Feedback) -> Probability:
    """Probability of failure from mean and standard deviation of log FS: P = Phi(-mean / sigma).

    Both moments are those of the 32 points of :func:`sigma_points`, at which all inputs with a spread are moved at
    once. The column in closed form gives the water of each point, strip of rows by strip, and :class:`LateralShift`
    what lateral flow adds to its water table. FS is taken as lognormal. That is wrong where its distribution has two
    modes, as where the soil saturates in some sets and stays unsaturated in others.

    Args:
        study: of the means, with spreads and correlation, at the end of the event; nothing is drawn from it.
        make_run: makes the runs of lateral flow.
        feedback: gets the progress and the warnings, checked for a cancel.

    Raises:
        InputError: the minimum over the event is requested.
        Cancelled: the user cancelled the run.

    Source: Rosenblueth (1975), Proc. Natl. Acad. Sci. 72, 3812-3814 (moments from points); Julier & Uhlmann (2004),
    Proc. IEEE 92, 401-422 (sigma points); Duncan (2000), J. Geotech. Geoenviron. Eng. 126, 307-316 (lognormal FS).
    """
    moment = study.sampler.mean.options.evaluate
    if moment != "end":
        raise InputError(
            "EVALUATE", Text("'{}' is not available with the first-order method", moment), "end",
            "Choose the method 'engine' for the minimum over the event.",
        )  # fmt: skip
    began, shape = time.perf_counter(), study.terrain.grid.shape
    shift = LateralShift.of(study, make_run, PartialFeedback(feedback, 0.0, _RUNS_PERCENT))
    probability, mean_fs = (scratch.full(shape, np.nan) for _ in range(2))
    strips, part = study.strips(), PartialFeedback(feedback, _RUNS_PERCENT, 100.0)
    for number, strip in enumerate(strips):
        check_cancelled(feedback)
        if study.known(*strip.inner).any():
            cells, _ = study.cells_of(strip)
            sampler = study.sampler_of(strip.outer)
            sampler.drawn = len(shift.tables)
            progress = PartialFeedback.of_piece(part, number, len(strips))
            found = _failure_probability(cells, sampler, shift.of_cells(strip.outer, cells.mask), progress)
            for array, values in zip((probability, mean_fs), found):
                array[strip.inner] = cells.on_map(values)[strip.inner_in_outer]
            study.sampler.drawn = sampler.drawn
        scratch.release()
    points = len(sigma_points(len(study.sampler.uncertain)))
    diagnostics = {"seconds": time.perf_counter() - began, "points": points, "events": len(shift.tables)}
    return Probability(probability, mean_fs, diagnostics)


def _failure_probability(
    cells: Cells, sampler: Sampler, shift: LateralShift, feedback: Feedback
) -> tuple[np.ndarray, np.ndarray]:
    """Probability of failure and mean factor of safety of some cells, each (n,); shift: of these cells."""
    points, names = sigma_points(len(sampler.uncertain)), sampler.uncertain
    first, water = None, None
    fs_sum, total, squares = (np.zeros(cells.count) for _ in range(3))
    for number, row in enumerate(points.tolist()):
        check_cancelled(feedback)
        deviates = dict(zip(names, row))
        soil = cells.with_depth_factor(sampler.depth_factor(deviates.get(SOIL_DEPTH, 0.0)))
        scenario = sampler.at(deviates)
        if water is None or sampler.changes_water:
            water = shift.apply(column_state(soil, scenario), soil, deviates)
        fs = assess(soil, water, scenario).fs
        log_fs = np.log(np.maximum(fs, _LEAST_FS))
        first = log_fs if first is None else first
        change = log_fs - first  # exactly 0 where log FS does not change
        fs_sum, total, squares = fs_sum + fs, total + change, squares + change * change
        feedback.setProgress(100.0 * (number + 1) / len(points))
    mean = total / len(points)
    sigma = np.sqrt(np.maximum(squares / len(points) - mean * mean, 0.0))
    return _probability_below_zero(first + mean, sigma), fs_sum / len(points)


def sigma_points(inputs: int) -> np.ndarray:
    """Equally likely points of independent standard normal deviates; (32, inputs), or (1, 0) without inputs.

    Each input has the 32 quantiles of a Latin hypercube, shuffled. The points are symmetric about 0, and a linear map
    gives them the identity as covariance: mean and variance of a linear function are exact, and those of others hold
    what inputs do together, which points on the axes alone miss.
    """
    if not inputs:
        return np.zeros((1, 0))
    generator = np.random.default_rng(0)
    half = normal_quantiles(POINTS)[POINTS // 2 :]
    columns = [generator.permutation(half) * generator.choice([-1.0, 1.0], half.size) for _ in range(inputs)]
    upper = np.column_stack(columns)
    values, vectors = np.linalg.eigh(upper.T @ upper / half.size)
    upper = upper @ (vectors / np.sqrt(values)) @ vectors.T
    return np.concatenate([upper, -upper])


@dataclass(frozen=True)
class LateralShift:
    """Effect of lateral flow on the column's water table, as a share of the soil depth.

    It comes from one run of the engine at the centre of all spreads. Where lateral conductivity has a spread, a run to
    either side of it is added and the shift read between the three, which are of the fast scheme.

    Attributes:
        direction: of the inputs that make lateral conductivity, by name: how far each moves from run to run.
        tables: for each run, from the least conductivity to the greatest, float64 (rows, cols) of the map or (cells,)
            of some cells; without lateral flow none.
    """

    direction: dict[str, float]
    tables: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, study: DrawStudy, make_run: MakeRun, feedback: Feedback) -> LateralShift:
        """Run lateral flow; arguments as in :func:`first_order`, raises :class:`Cancelled`."""
        sampler = study.sampler
        spreads = {name: _log_spread(study, name) for name in _LATERAL if name in sampler.spreads}
        direction = {name: spread / math.hypot(*spreads.values()) for name, spread in spreads.items()}
        model = engine_for(sampler.mean, scheme="fast" if direction else "exact")
        if isinstance(model, SoilColumn):
            return cls({}, ())
        steps, tables = _lateral_steps(sampler, direction), []
        for number, deviates in enumerate(steps):
            part = PartialFeedback.of_piece(feedback, number, len(steps))
            drawn = study.drawn(partial(Sampler.at, deviates=deviates, number=number), sampler.depth_factor(0.0))
            table = scratch.full(study.terrain.grid.shape, np.nan, np.float64)
            for window in make_run(drawn, model, part).solve(part):
                at, cells = window.tile.inner, window.result.cells
                values = _table_shift(cells, window.result.water, drawn.scenario_of(at))
                table[at] = cells.on_map(values, dtype=np.float64)
                scratch.release()
            tables.append(table)
        return cls(direction, tuple(tables))

    def of_cells(self, place: tuple[slice, slice], mask: np.ndarray) -> LateralShift:
        """The shift in some cells of a window; mask: (rows, cols) of the window."""
        return LateralShift(self.direction, tuple(table[place][mask] for table in self.tables))

    def apply(self, column: WaterState, cells: Cells, deviates: dict[str, float]) -> WaterState:
        """The column's water with the shift of its lateral conductivity."""
        if not self.tables:
            return column
        along = sum(share * deviates[name] for name, share in self.direction.items())
        place = min(max(along / _OUTER_DEVIATE + 1.0, 0.0), 2.0) if self.direction else 0.0
        lower = min(int(place), max(len(self.tables) - 2, 0))
        table = self.tables[lower]
        if place > lower:
            table = table + (place - lower) * (self.tables[lower + 1] - table)
        return column.with_table(column.water_table + table * cells.soil_depth, cells.soil_depth)


def _lateral_steps(sampler: Sampler, direction: dict[str, float]) -> list[dict[str, float]]:
    """Deviates at which lateral flow is run."""
    centre = dict.fromkeys(sampler.uncertain, 0.0)
    steps = (-_OUTER_DEVIATE, 0.0, _OUTER_DEVIATE) if direction else (0.0,)
    return [{**centre, **{name: step * share for name, share in direction.items()}} for step in steps]


def _table_shift(cells: Cells, water: WaterState, scenario: Scenario) -> np.ndarray:
    """Rise of the column's water table by lateral flow, as a share of the soil depth, (n,)."""
    change = water.water_table - column_state(cells, scenario).water_table
    return change / np.maximum(cells.soil_depth, 1e-9)


def _log_spread(study: DrawStudy, name: str) -> float:
    """Standard deviation of the logarithm of a parameter above 0, the mean over the map."""
    total, cells = 0.0, 0
    for strip in study.strips():
        deviation = study.sampler_of(strip.inner).spreads[name].standard_deviation
        mean = getattr(study.mean.scenario_of(strip.inner), name)
        spread = np.sqrt(np.log1p(np.square(np.divide(deviation, mean))))
        total, cells = total + float(np.nansum(spread)), cells + int(np.isfinite(spread).sum())
    return total / cells


def _probability_below_zero(mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Phi(-mean / sigma); without any spread 1 below 0 and 0 from there up."""
    certain = np.where(below_one(np.exp(mean)), 1.0, 0.0)
    score = -mean / np.where(sigma > 0.0, sigma, 1.0)
    return np.where(sigma > 0.0, normal_distribution(score), certain)


def normal_distribution(score: np.ndarray) -> np.ndarray:
    """Distribution function Phi of the standard normal, exact in both tails."""
    erfc = np.frompyfunc(math.erfc, 1, 1)  # numpy has none of its own, and scipy is no dependency
    return 0.5 * np.asarray(erfc(-np.asarray(score) / math.sqrt(2.0)), dtype=np.float64)
