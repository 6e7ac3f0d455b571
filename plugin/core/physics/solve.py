"""Common procedure of all solvers: water of each hydrology, then stability of each scenario."""

from __future__ import annotations

import time
from collections import OrderedDict
from contextvars import copy_context
from itertools import groupby
from typing import Any, Callable, Collection, Hashable, Iterable, Iterator, Sequence

import numpy as np

from ...text import Text
from ..errors import SlopecastError
from ..feedback import Feedback, PartialFeedback, SentFeedback, check_cancelled, push_message
from ..map_parts.threads import in_threads, with_share
from ..reliability import Reliability
from ..result import Result
from ..scenario import Scenario
from ..terrain import Terrain
from .water import WaterState

#: Water states that are kept for scenarios that come later, and their bytes; the last one is kept whatever its size.
_MOST_KEPT, _MOST_KEPT_BYTES = 32, 128 * 1024**2
#: Hydrologies of a batch for each thread that has a scenario of its own: threads wait where a batch ends.
_HYDROLOGIES_A_THREAD = 32
#: Scenarios of a batch for each water state that is computed at once, and bytes of all their rasters.
_SCENARIOS_PER_STATE, _MOST_BATCH_BYTES = 16, 64 * 1024**2


class NoAnswer(SlopecastError):
    """A solver that left cells without a value: its map would show them as stable, or as cells without data."""

    def __init__(self, solver: str, device: str, missing: int, cells: int) -> None:
        super().__init__(
            Text(
                "The solver ({} on {}) left {} of {} valid cells without a value; nothing was written. Choose the "
                "physics engine or another device, and run 'Check environment'.",
                solver, device, missing, cells,
            )
        )  # fmt: skip


class WaterModel:
    """Base class of models that compute the water at the end of a scenario: column, engine and network.

    Attributes:
        name: of the model; device_name: on what it runs.
        kept: water states of earlier calls of :meth:`solve`; ``None`` forgets them when a call ends.
        terrains_at_once: how many different ones :meth:`water_states` is best given.
        at_once: scenarios that the processor computes at once, each on a thread of its own.
    """

    name: str
    device_name: str
    kept: KeptWater | None = None
    terrains_at_once = 1
    at_once = 1

    def for_thread(self) -> WaterModel:
        """Copy of the model for another thread; they share no data that either changes."""
        other = object.__new__(type(self))
        vars(other).update(vars(self), kept=None)
        return other

    def batch_size(self, terrain: Terrain) -> int:
        """Number of hydrologies that :meth:`water` is given at once on a terrain."""
        return 1 if self.at_once == 1 else _HYDROLOGIES_A_THREAD * self.at_once

    def check(self, terrain: Terrain, scenarios: Sequence[Scenario]) -> None:
        """Raise :class:`InputError` for what the model cannot do, before anything is computed."""

    def water_key(self, scenario: Scenario) -> Hashable:
        """Equal for scenarios that have the same water on the same terrain."""
        return scenario.hydrology

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of the terrain's valid cells at the end of each scenario, in order.

        Args:
            terrain: every parameter of the scenarios is known in its valid cells.
            scenarios: one for each water; feedback: for progress, 0 to 100, and cancellation.
        """
        raise NotImplementedError

    def each_water(
        self, of_one: Callable[[Scenario, Feedback], WaterState], scenarios: Sequence[Scenario], feedback: Feedback
    ) -> Iterator[WaterState]:
        """Yield ``of_one(scenario, feedback)`` of each scenario, of which some are computed at once.

        Threads that share a map's scenarios wait for each other in no step, unlike those that share a scenario.

        Args:
            of_one: computes a water, on its thread's share of the cores; scenarios, feedback: see :meth:`water`.
        """
        if min(self.at_once, len(scenarios)) == 1:
            for number, scenario in enumerate(scenarios):
                yield of_one(scenario, PartialFeedback.of_piece(feedback, number, len(scenarios)))
            return

        def in_thread(scenario: Scenario) -> tuple[WaterState, list[tuple[str, Any]]]:
            held: list[tuple[str, Any]] = []  # messages are sent in the scenarios' order
            return of_one(scenario, SentFeedback(lambda *message: held.append(message), feedback.isCanceled)), held

        found = in_threads(in_thread, scenarios, self.at_once)
        for number, (_, (water, held)) in enumerate(found, start=1):
            for message in held:
                push_message(feedback, *message)
            feedback.setProgress(100.0 * number / len(scenarios))
            yield water

    def water_states(self, work: Sequence[tuple[Terrain, Scenario]], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of each scenario on its own terrain, in order; see :meth:`water`."""
        done = 0
        for _, group in groupby(work, key=lambda one: id(one[0])):
            parts, scenarios = zip(*group)
            part = PartialFeedback.of_piece(feedback, done, len(work), len(scenarios))
            yield from self.water(parts[0], scenarios, part)
            done += len(scenarios)

    def solve(self, terrain: Terrain, scenarios: Collection[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield the result of each scenario, in the order given.

        Scenarios of the same hydrology share one water state. Results stream: apart from the one yielded, only the
        last few states are held, so that thousands of scenarios need no more memory than some.

        Args:
            terrain: study area.
            scenarios: a sequence is checked before anything is computed; others may make their scenarios one by one.
            feedback: for progress and for cancellation at each scenario.

        Raises:
            InputError: a scenario that the model cannot do.
            NoAnswer: cells that the model leaves without a value.
            Cancelled: the user cancelled the run.
        """
        if isinstance(scenarios, Sequence):
            self.check(terrain, scenarios)
        kept = KeptWater() if self.kept is None else self.kept
        progress = _Progress(feedback, len(scenarios))
        for batch in _batches(self, scenarios, self.batch_size(terrain)):
            self.check(terrain, batch)
            yield from _solve_batch(self, terrain, batch, kept, progress)

    def reliability(self, terrain: Terrain, scenario: Scenario, result: Result) -> Reliability:
        """Reliability of a result; physics is trusted, a network assesses itself."""
        return Reliability("trusted")


class KeptWater:
    """The last few water states, by the terrain's cells and the model's key.

    Args:
        most: how many are kept; one is enough for scenarios in :func:`order_by_water`.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = _MOST_KEPT if most is None else most
        self._states: OrderedDict[Hashable, tuple[WaterState, int]] = OrderedDict()

    def get(self, key: Hashable) -> WaterState | None:
        """The water state of a key, which then is the last to be forgotten."""
        if key not in self._states:
            return None
        self._states.move_to_end(key)
        return self._states[key][0]

    def put(self, key: Hashable, water: WaterState) -> None:
        """Store a water state, and remove the oldest ones beyond the limit."""
        self._states[key] = water, sum(values.nbytes for values in water.arrays.values())
        while len(self._states) > 1 and not self._fits():
            self._states.popitem(last=False)

    def drop_oldest(self, count: int) -> None:
        """Remove the oldest states before ``count`` others are computed, so that memory does not grow."""
        while self._states and len(self._states) + count > self._most:
            self._states.popitem(last=False)

    def _fits(self) -> bool:
        return len(self._states) <= self._most and sum(size for _, size in self._states.values()) <= _MOST_KEPT_BYTES


def order_by_water(model: WaterModel, scenarios: Sequence[Scenario]) -> list[int]:
    """Numbers of the scenarios, those of one water state together, the first ones first.

    In this order :meth:`WaterModel.solve` computes each water state once, however the scenarios come.
    """
    key = getattr(model, "water_key", bool)  # a network that gives the mask alone has none: the order stays
    numbers: dict[Hashable, list[int]] = {}
    for number, scenario in enumerate(scenarios):
        numbers.setdefault(key(scenario), []).append(number)
    return [number for group in numbers.values() for number in group]


def _batches(model: WaterModel, scenarios: Iterable[Scenario], states: int) -> Iterator[list[Scenario]]:
    """Yield some scenarios at a time, with so many different water states at most."""
    if states == 1:
        yield from ([scenario] for scenario in scenarios)
        return
    batch: list[Scenario] = []
    keys: set[Hashable] = set()
    rasters: dict[int, int] = {}  # bytes of each array: scenarios may share it
    for scenario in scenarios:
        key = model.water_key(scenario)
        many = len(batch) == states * _SCENARIOS_PER_STATE or sum(rasters.values()) >= _MOST_BATCH_BYTES
        if many or (len(keys) == states and key not in keys):
            yield batch
            batch, keys, rasters = [], set(), {}
        batch.append(scenario)
        keys.add(key)
        rasters.update((id(values), values.nbytes) for values in scenario.rasters.values())
    if batch:
        yield batch


def _solve_batch(
    model: WaterModel, terrain: Terrain, batch: Sequence[Scenario], kept: KeptWater, progress: _Progress
) -> Iterator[Result]:
    """Yield the results of scenarios whose water states the model computes at once."""
    parts = [known_part(terrain, scenario) for scenario in batch]
    keys = [(part.cells, model.water_key(scenario)) for part, scenario in zip(parts, batch)]
    here = {key: kept.get(key) for key in keys}
    last = {key: number for number, key in enumerate(keys)}
    missing = {key: work for key, work in zip(keys[::-1], zip(parts[::-1], batch[::-1])) if here[key] is None}
    work = [missing[key] for key, water in here.items() if water is None]
    if work:
        kept.drop_oldest(len(work))
    states = model.water_states(work, progress.for_states(len(work)))
    tasks = max(min(model.at_once, len(work)), 1)  # that keep the cores busy meanwhile
    for number, (key, part, scenario) in enumerate(zip(keys, parts, batch)):
        check_cancelled(progress)
        began, once = time.perf_counter(), 0.0
        if here[key] is None:
            here[key] = next(states)
            check_complete(model, here[key].water_table, here[key].wetting_front)
            kept.put(key, here[key])
            once = here[key].diagnostics.get("terrain_seconds", 0.0)
        result = copy_context().run(with_share, tasks, Result.of, scenario, part.cells, here[key])
        check_complete(model, result.stability.fs)
        if number == last[key]:
            del here[key]  # else a batch would hold all its water states
        seconds = time.perf_counter() - began - once
        result.diagnostics.update(solver=model.name, device=model.device_name, seconds=seconds)
        if "terrain_seconds" in result.diagnostics:
            result.diagnostics["terrain_seconds"] = once
        progress.solved()
        yield result


def check_complete(solver: WaterModel, *values: np.ndarray) -> None:
    """Raise :class:`NoAnswer` where one of some vectors of the cells is not finite; solver: has name and device."""
    for cells in values:
        missing = int(cells.size - np.isfinite(cells).sum())
        if missing or not cells.size:
            raise NoAnswer(solver.name, solver.device_name, missing, cells.size)


def known_part(terrain: Terrain, scenario: Scenario) -> Terrain:
    """The terrain where every parameter of a scenario is known."""
    return terrain.restricted(scenario.valid(terrain.grid.shape)) if scenario.rasters else terrain


class _Progress(PartialFeedback):
    """Progress over scenarios and their water states, which never goes back.

    Args:
        feedback: gets it; scenarios: how many.
    """

    def __init__(self, feedback: Feedback, scenarios: int) -> None:
        super().__init__(feedback, 0.0, 100.0)
        self._scenarios = max(scenarios, 1)
        self._solved, self._computed, self._shown = 0, 0, 0.0

    def setProgress(self, percent: float) -> None:
        """Show the progress unless more has been shown: water states may be ahead of scenarios."""
        self._shown = max(self._shown, percent)
        super().setProgress(self._shown)

    def for_states(self, count: int) -> Feedback:
        """Feedback for the computation of some water states."""
        before = max(self._computed, self._solved)
        self._computed = before + count
        return PartialFeedback(self, self._percent(before), self._percent(self._computed))

    def solved(self) -> None:
        """Note that a scenario is done."""
        self._solved += 1
        self.setProgress(self._percent(self._solved))

    def _percent(self, scenarios: int) -> float:
        return 100.0 * scenarios / self._scenarios
