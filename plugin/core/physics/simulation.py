"""Simulation of a rain event: infiltration, lateral groundwater and stability, step by step."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from typing import Any, Iterator, Sequence

import numpy as np

from ...text import Text
from ..feedback import Feedback, check_cancelled
from ..map_parts.strips import pieces
from ..quantities.hours import checked_hours
from ..rainfall import RainInterval
from ..result import Result
from ..scenario import Scenario, Value
from ..terrain import Terrain
from .assess import History, Stability, assess
from .column import band_storage, front_and_contact
from .failure_time import FailureTimes
from .flow import groundwater, kernels
from .flow.coarse_to_fine import CoarseToFine, FineStart
from .flow.lateral_flow import Arrays
from .flow.schedule import FEWEST_STEPS, LONGEST_INTERVAL_S, Schedule, StepBudget, Timeline
from .flow.shared_steps import TooManySteps, end_pass, resume
from .flow.step_formulas import steps_a_call
from .infiltration import PotentialInfiltration
from .solve import known_part
from .water import WaterState

#: Events expected to take longer are announced in the log [s].
LONG_S = 30.0
_PIECE = 65_536  # cells computed at a time: intermediate arrays stay in the cache


class Simulation:
    """One scenario on one terrain, step by step, with access to the states; :class:`Engine` runs it.

    Arrays have one value per valid cell, row by row: (cells,).

    Attributes:
        cells: the valid cells.
        water: their state; infiltrated is F per horizontal area since the start [m].
        even_supply: the value of ``supply`` if it is the same in all cells [m/s], else NaN.
        steps, elapsed: sub-steps and seconds done; began: start of the fine phase [s].
        intervals_done: of the timeline; left: rest of the next one [s], ``None`` before it begins.
        states: of a window of a larger map that is computed in passes, see :mod:`.shared_steps`; else ``None``.
        shortest_step, longest_step: of lateral flow [s], unless the timeline has others.
        scheme: exact or fast, for the diagnostics.

    Args:
        terrain, scenario: what to run.
        failure_times: evaluate stability in every interval and find the first failure.
        hours: times at which the factor of safety is kept [h], within the event.
        conductances: of another simulation of this scenario, to save computing them again.
        name: of the simulation, where several of one window of a larger map share their steps with other windows.
        single: whether lateral flow is computed in single precision.
    """

    def __init__(
        self, terrain: Terrain, scenario: Scenario, *, failure_times: bool = True, hours: Sequence[float] = (),
        conductances: groundwater.Conductances | None = None, name: str = "", single: bool = False,
    ) -> None:  # fmt: skip
        terrain = known_part(terrain, scenario)
        self.terrain, self.scenario, self.cells = terrain, scenario, terrain.cells
        self._kind = np.float32 if single else np.float64
        self.depth = self.cells.soil_depth.astype(self._kind, copy=False)
        self.deficit, self.air = (self.vector(self.cells.pick(x)) for x in band_storage(scenario))
        zeros = np.zeros(self.cells.count, self._kind)
        start = WaterState.before_rain(self.cells, scenario).water_table.astype(self._kind, copy=False)
        self.water = kernels.Water(start, zeros.copy(), zeros > 0.0, zeros.copy())
        self.supply = np.empty_like(zeros)
        self.even_supply = np.nan
        self.rained: Value = 0.0
        self.potential = PotentialInfiltration(scenario, self.cells)
        self._lateral = scenario.lateral_conductivity if scenario.options.lateral_flow else 0.0
        if conductances is not None:
            self.conductances = conductances
        part, self.name = terrain.part, name
        if part is None:
            self._counted = self.states = self.shared = self._most_steps = None
            cells, self.shortest_step = self.cells.count, groundwater.longest_step(terrain, self._lateral)
        else:
            self._counted, self.states = part.counted(self.cells.mask), part.states
            self.shared = self._most_steps = None  # without lateral flow no step reaches beyond a cell
            if scenario.options.lateral_flow:
                self.shared, self._most_steps = part.shared_steps(name), part.most_steps
            cells, self.shortest_step = part.whole.cells, part.whole.shortest_step
        self._steps_a_call = steps_a_call(cells)
        self.longest_step = scenario.duration_s / FEWEST_STEPS if np.isfinite(self.shortest_step) else np.inf
        self.initial_storage = self._storage()
        self.steps_before, self.intervals_done, self.left, self.began = 0, 0, None, 0.0
        self._travelled = 0  # cells that a change has moved in a window's steps, at least
        self.steps, self.announced, self.scheme = 0, False, "exact"
        self.elapsed = 0.0
        self.timeline = Timeline.of(scenario, checked_hours(hours, scenario.duration), LONGEST_INTERVAL_S)
        self.series: list[tuple[float, np.ndarray]] = []
        self.strength = scenario.strength.at(self.cells.mask)
        self.now: Stability | None = None
        self.least = self.initial if scenario.options.evaluate == "minimum" else None
        self.failure_times = FailureTimes(self) if failure_times else None

    def use_fast_scheme(self, budget: StepBudget | None, feedback: Feedback) -> None:
        """Step the coarse phase, unless stability is requested there; of a simulation that has not begun.

        Args:
            budget: of steps; ``None`` follows the flow; feedback: for cancellation.
        """
        needed = {
            Text("failure times"): self.failure_times is not None,
            Text("the minimum over the event"): self.least is not None,
            Text("a series of hours"): self.timeline.has_hours,
        }
        requested = [name for name, wanted in needed.items() if wanted]
        if requested:
            text = "The fast scheme cannot compute {}: the exact scheme (SCHEME 0) is used instead."
            feedback.pushNote(Text(text, requested[0]))
            return
        self.run_coarse_phase(Schedule.of(self.terrain, self.scenario, budget or StepBudget.for_stable), feedback)

    def run_coarse_phase(self, schedule: Schedule, feedback: Feedback, *, again: bool = False) -> None:
        """Compute the hours of the fast scheme on coarser grids, and set the steps of the fine phase.

        It is called before :meth:`advance_by_intervals`.

        Args:
            schedule: of the event; feedback: for cancellation.
            again: set the water of a window, whose fine phase has begun, back to the end of the coarse phase.
        """
        terrain, scenario, part = self.terrain, self.scenario, self.terrain.part
        if schedule.has_coarse_phase and part is None:
            arrays = Arrays.single() if self._kind is np.float32 else Arrays()
            course = CoarseToFine.of(terrain, [scenario], [schedule.stages], feedback, arrays)
            course.descend(0)
            self._start_fine_phase(course.fine_start())
        elif schedule.has_coarse_phase:  # that of the whole map is known; the fine one may have begun
            phase = part.whole.coarse_phases[schedule.budget.steps]
            self.elapsed = self.began = phase.seconds
            if (self.states.last and again) or not self.states.has(self.name):
                self._start_fine_phase(phase.fine_start(terrain, scenario, self.states, feedback))
        stage, rains = schedule.stages[0], (self.cells.pick(x.intensity) for x in scenario.rain_intervals)
        self.scheme = f"fast, {schedule.budget.steps} steps"
        self.shortest_step, self.longest_step = stage.shortest, stage.longest
        even_supply = not any(self.potential.may_pond(rain) for rain in rains)
        self.timeline = Timeline.of_fine_phase(scenario, stage, self.elapsed, even_supply=even_supply)

    def _start_fine_phase(self, start: FineStart) -> None:
        """Set the state to the start of the fine phase."""
        potential = np.zeros(self.cells.soil_depth.shape)
        for seconds, rain in self.scenario.rain_until(start.seconds):
            intensity = self.cells.pick(rain)
            potential += self.potential.offer(seconds, intensity, potential)
            self.rained = self.rained + intensity * seconds
        infiltrated = np.maximum(potential - start.missed, 0.0)
        band = np.where(start.contact, start.band, infiltrated)
        table, band, infiltrated = (x.astype(self._kind, copy=False) for x in (start.table, band, infiltrated))
        self.water = kernels.Water(
            table, band, start.contact, infiltrated, exfiltrated=start.exfiltrated, drained=start.drained
        )
        self.elapsed = self.began = start.seconds
        self.steps = self.steps_before = start.steps

    @cached_property
    def conductances(self) -> groundwater.Conductances:
        """Coefficients of lateral flow; a window that is stepped already needs none."""
        single = self._kind is np.float32
        return groundwater.cell_conductances(self.terrain, self._lateral, self.scenario.options.edges, single=single)

    @cached_property
    def initial(self) -> Stability:
        """Stability before the rain."""
        return assess(self.cells, WaterState.before_rain(self.cells, self.scenario), self.scenario, self.strength)

    def vector(self, value: Value) -> np.ndarray:
        """A number or picked values in the precision of the steps (cells,); a number takes no memory."""
        return np.broadcast_to(np.asarray(value, dtype=self._kind), self.cells.soil_depth.shape)

    def _storage(self) -> float:
        """Water in the cells, S = V + n_y h [m summed over cells]."""
        band, table, total = self.water.band, self.water.table, 0.0
        for at in pieces(self.cells.count, _PIECE):
            stored = band[at] + (self.deficit[at] + self.air[at]) * table[at]
            total += float((stored if self._counted is None else stored[self._counted[at]]).sum())
        return total

    def advance_by_intervals(self, feedback: Feedback) -> Iterator[float]:
        """Run the event, or the rest of it; yields the share of the event done after each interval.

        Raises:
            PassEnded: a window has taken the steps of a pass; its state is kept.
        """
        if self.states is not None:
            resume(self)
        if not self.intervals_done and self.left is None:
            self.series += [(hour, self.initial.fs) for hour in self.timeline.hours_at_start]
        watched = self.failure_times is not None or self.least is not None
        for interval in self.timeline.intervals[self.intervals_done :]:
            self._advance(interval.seconds, self.cells.pick(interval.intensity), feedback)
            self.elapsed = interval.end
            self.now = self._assess_at_end(interval) if watched or interval.hours else None
            self.series += [(hour, self.now.fs) for hour in interval.hours]
            self.intervals_done += 1
            yield interval.end / self.scenario.duration_s
        if self.states is not None and not self.states.last:
            end_pass(self)

    def _advance(self, seconds: float, rain: Value, feedback: Feedback) -> None:
        if self.left is None:
            self._set_supply_rate(self.potential.offer(seconds, rain, self.water.infiltrated), seconds)
            self.left = seconds
        bounds = self.shortest_step, self.longest_step
        if self.timeline.step_bounds:
            bounds = self.timeline.step_bounds[self.intervals_done]
        while self.left > 0.0:
            check_cancelled(feedback)
            if self._advance_by_shared_steps(seconds, bounds):
                continue
            began = time.perf_counter()
            steps, done = kernels.lateral_time(
                self.water, self.supply, self.conductances, self.depth, self.deficit, self.air, self.left, bounds,
                self._next_steps(), self.shared, seconds,
            )  # fmt: skip
            self._announce_duration((time.perf_counter() - began) / steps, feedback)
            self.steps += steps
            self._travelled += steps
            self.left = self.left - done if done < self.left else 0.0
        self.left = None
        self.rained = self.rained + rain * seconds

    def _advance_by_shared_steps(self, seconds: float, bounds: tuple[float, float]) -> bool:
        """Take the steps whose rates other windows have found, if any; see :func:`.kernels.take_shared_steps`.

        Returns:
            whether the whole interval was stepped.
        """
        if self.shared is None:
            return False
        at_once = max(steps_a_call(self.cells.count) // self._steps_a_call, 1) * self._steps_a_call
        done = kernels.take_shared_steps(
            self.water, self.supply, self.conductances, self.depth, self.deficit, self.air, self.left, bounds,
            self._next_steps(at_once), self.shared, seconds, steps_a_call=self._steps_a_call,
            ranges=self._cells_within,
        )  # fmt: skip
        if done is None:
            return False
        steps, self.left, moved = done
        self.steps += steps
        self._travelled += moved
        return True

    def _set_supply_rate(self, offered: Value, seconds: float) -> None:
        """Set the supply [m/s] from the infiltration offered in an interval [m]."""
        even = offered / seconds if np.ndim(offered) == 0 else np.nan
        if even != self.even_supply:  # as nan is always
            np.divide(offered, seconds, out=self.supply)
        self.even_supply = even

    def _cells_within(self, moves: np.ndarray) -> np.ndarray:
        """Cells that each step must compute, (steps, 2): the first one and the one after the last.

        Cells above and below are invalid, because influences from outside the window have reached them. Beyond the
        first and the last row of the map there are none.

        Args:
            moves: cells that an influence travels in each step, (steps,).
        """
        mask, part = self.cells.mask, self.terrain.part
        rows = mask.shape[0]
        before = np.append(0, np.cumsum(np.count_nonzero(mask, axis=1)))  # cells before each row
        travelled = np.minimum(self._travelled + np.append(0, np.cumsum(moves)[:-1]), rows)
        first = np.zeros_like(travelled) if part.from_first_row else travelled
        last = np.full_like(travelled, rows) if part.to_last_row else rows - travelled
        return np.column_stack((before[first], before[np.maximum(last, first)]))

    def _next_steps(self, at_once: int = 0) -> int:
        """Number of steps until the next check for a cancel, by default that for all cells of the map.

        Raises:
            TooManySteps, PassEnded: a window has taken its greatest number of steps.
        """
        at_once = at_once or self._steps_a_call
        if self._most_steps is None:
            return at_once
        steps = self.steps - self.steps_before
        if steps >= self._most_steps:
            if self.states is not None:
                end_pass(self)
            raise TooManySteps(self.elapsed / self.scenario.duration_s)
        return min(at_once, self._most_steps - steps)

    def _announce_duration(self, seconds_a_step: float, feedback: Feedback) -> None:
        """Report once, at the first step, the greatest duration of a long simulation; a first call may also compile."""
        if self.steps == 0 or self.announced or self.shared is not None:
            return
        self.announced = True
        steps = (self.scenario.duration_s - self.elapsed) / self.shortest_step
        if steps * seconds_a_step > LONG_S:
            feedback.pushInfo(
                Text(
                    "Lateral flow of up to {:.2g} m/s needs short time steps: at most about {:,.0f} of {:.3g} ms "
                    "each, {:.1f} min.",
                    np.nanmax(self.scenario.lateral_conductivity), steps, 1e3 * seconds_a_step,
                    steps * seconds_a_step / 60.0,
                )
            )  # fmt: skip

    def state(self) -> WaterState:
        """Present water of the cells; table and infiltration are not copies: later steps change them."""
        w, cells = self.water, self.cells.count
        front, contact, ponded = np.empty(cells), np.empty(cells, dtype=bool), np.empty(cells, dtype=bool)
        for at in pieces(cells, _PIECE):
            now = w.band[at], w.table[at], w.contact[at], self.depth[at], self.deficit[at]
            front[at], contact[at] = front_and_contact(*now)
            ponded[at] = self.potential.ponded(w.infiltrated[at], at)
        return WaterState(w.table, front, w.infiltrated, ponded, contact)

    def _assess_at_end(self, interval: RainInterval) -> Stability:
        state = self.state()
        now = assess(self.cells, state, self.scenario, self.strength)
        if self.failure_times is not None:
            self.failure_times.record(interval, now.fs, state)
        if self.least is not None:
            self.least = self.least.least(now)
        return now

    def final_state(self) -> WaterState:
        """The water at the end of the event, with the stability evaluated during it."""
        shown = self.now if self.least is None else self.least
        times = None if self.failure_times is None else self.failure_times.hours
        return replace(
            self.state(), runoff=1e3 * np.maximum(self.rained - self.water.infiltrated, 0.0),
            history=History(shown, times, tuple(self.series)), diagnostics=self._diagnostics(),
        )  # fmt: skip

    def result(self) -> Result:
        """The result at the end of the event."""
        return Result.of(self.scenario, self.cells, self.final_state())

    def _diagnostics(self) -> dict[str, Any]:
        counted = slice(None) if self._counted is None else self._counted
        count = self.cells.count if self.terrain.part is None else int(np.count_nonzero(counted))
        rain = float(self.rained) * count if np.ndim(self.rained) == 0 else float(self.rained[counted].sum())
        runoff = rain - float(self.water.infiltrated[counted].sum())
        change = self._storage() - self.initial_storage
        exfiltrated, drained = float(self.water.exfiltrated), float(self.water.drained)  # QGIS shows no numpy numbers
        error = rain - change - runoff - exfiltrated - drained
        area = self.terrain.grid.cell_area
        # Relative to the rain; without any rain, to the water that was there.
        scale = rain if rain > 0.0 else max(self.initial_storage, 1e-12)
        return {
            "scheme": self.scheme,
            "steps": self.steps,
            "mass_balance_error": abs(error) / scale,
            "stored_before_m3": self.initial_storage * area,
            "rain_m3": rain * area,
            "runoff_m3": runoff * area,
            "exfiltration_m3": exfiltrated * area,
            "drainage_m3": drained * area,
            "storage_change_m3": change * area,
        }
