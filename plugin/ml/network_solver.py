"""The network as a solver: a first guess by the fast scheme, one pass of the U-Net, then the closed forms."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, Callable, Iterator, Sequence

import numpy as np
import torch

from ..core.errors import InputError
from ..core.feedback import Feedback, PartialFeedback, check_cancelled
from ..core.map_parts.threads import in_threads
from ..core.map_parts.tiles import tiles
from ..core.physics.column import column_state
from ..core.physics.compiling import warn_where_slow
from ..core.physics.flow.first_guess import FirstGuess, first_guess, first_guesses
from ..core.physics.flow.grid_pyramid import forget_grids
from ..core.physics.flow.lateral_flow import Arrays
from ..core.physics.flow.schedule import Schedule, StepBudget
from ..core.physics.solve import KeptWater, WaterModel
from ..core.physics.water import WaterState
from ..core.reliability import Reliability
from ..core.result import Result
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..text import ENGINE_TOOL, Text
from ..variables import HYDROLOGY
from . import model_file
from .channels import EXACT_STEPS, MARGIN, RELIEF_CELLS, Inputs, TerrainMaps, inputs
from .device import (
    free_memory_of,
    is_out_of_memory,
    keep_freed_memory,
    one_thread,
    release_freed_memory,
    share_of_cores,
    single_blocks,
    to_device,
)
from .network import Network
from .opened_network import OpenedNetwork, check_constant_rain
from .paper import PaperNetwork
from .paper_solver import PaperSolver
from .reliability import network_reliability
from .water_maps import WaterOfCells

_CHANGED_M = 1e-3
#: Bytes a cell of one scenario on a GPU: maps, channels and the U-Net's finest level; and of its results meanwhile on
#: the processor, together at most.
_BYTES_A_CELL, _RESULT_BYTES_A_CELL, _MOST_RESULT_BYTES = 600.0, 110.0, 1e9
_MOST_AT_ONCE = 64
_STRIP_CELLS = 65_536  # whose channels the processor makes at once


class NetworkSolver(OpenedNetwork, WaterModel):
    """The U-Net behind the solvers' signature.

    Args:
        model: file of weights; empty takes the shipped one.
        device: auto, cpu, cuda or mps.
        feedback, tile, check: see :class:`.OpenedNetwork`.
        budget: steps of the first guess; ``None`` follows the flow.
    """

    def __init__(
        self, model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None,
        tile: int | None = None, *, budget: StepBudget | None = None, check: bool = True,
    ) -> None:  # fmt: skip
        self.budget = budget
        self.weights, self._requested = Path(model or model_file.DEFAULT), (device, tile)
        keep_freed_memory()
        super().__init__(model, Network, device, feedback, tile, MARGIN, check=check)
        self._maps: tuple[Terrain, TerrainMaps] | None = None
        self._making = Lock()  # of the maps, which threads with a scenario each share
        self.kept = KeptWater()
        self._most_at_once = _MOST_AT_ONCE

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle support: workers open the file :attr:`weights` themselves."""
        return _opened, (str(self.weights), *self._requested, self.budget)

    def for_thread(self) -> NetworkSolver:
        """See :meth:`WaterModel.for_thread`; the weights are shared."""
        other = super().for_thread()
        other._maps, other._making = None, Lock()
        return other

    def check(self, terrain: Terrain, scenarios: Sequence[Scenario]) -> None:
        """Raise :class:`InputError` for options that the network has not learned."""
        for scenario in scenarios:
            _check_options(scenario)

    def batch_size(self, terrain: Terrain) -> int:
        """Hydrologies at once: on a GPU by its free memory, on the processor by its threads."""
        if self.device.type == "cpu":
            return super().batch_size(terrain)
        free, cells = free_memory_of(self.device) or 0.0, terrain.valid.size
        held = min(0.5 * free / _BYTES_A_CELL, _MOST_RESULT_BYTES / _RESULT_BYTES_A_CELL) / cells
        return int(np.clip(held, 1, self._most_at_once))

    @property
    def view(self) -> int:
        """Cells around each one that its correction depends on."""
        return self.architecture.receptive_radius + MARGIN + max(RELIEF_CELLS)

    @property
    def prefers_whole(self) -> bool:
        """Whether a map is solved at once wherever it fits: a GPU takes the steps too then, not the U-Net alone."""
        return self.device.type != "cpu"

    def reliability(self, terrain: Terrain, scenario: Scenario, result: Result) -> Reliability:
        """Judge a result; see :mod:`.reliability`."""
        return network_reliability(terrain, scenario, result, self.card)

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the network's water at the end of each scenario; see :class:`WaterModel`."""
        if self._steps_on_processor(terrain):

            def of_one(scenario: Scenario, feedback: Feedback) -> WaterState:
                with share_of_cores():
                    return self._batch(terrain, [scenario], feedback)[0]

            yield from self.each_water(of_one, scenarios, feedback)
            return
        size = self.batch_size(terrain)
        for start in range(0, len(scenarios), size):
            stop = min(start + size, len(scenarios))
            part = PartialFeedback.of_piece(feedback, start, len(scenarios), stop - start)
            for batch in _batches_of_equal_inputs(scenarios[start:stop]):
                yield from self._batch(terrain, batch, part)

    def _batch(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> list[WaterState]:
        """Water of scenarios with the same rasters; if GPU memory runs out, fewer at once, a single one on the CPU."""
        run, tile, fewer = partial(self._states, terrain, scenarios, feedback), self.tile, len(scenarios) // 2
        if not fewer:
            return self._or_on_processor(run, feedback)
        try:
            return run()
        except RuntimeError as error:
            if self.device.type == "cpu" or not is_out_of_memory(error):
                raise
        self._empty_cache()
        self.tile, self._most_at_once = tile, fewer
        feedback.pushWarning(Text("The GPU ran out of memory: {} scenarios at once are tried.", fewer))
        return [w for part in (scenarios[:fewer], scenarios[fewer:]) for w in self._batch(terrain, part, feedback)]

    @torch.inference_mode()
    def _states(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> list[WaterState]:
        if self._maps is not None and self._maps[0] is not terrain:
            self._maps = None
        schedules, once = [Schedule.of(terrain, s, self.budget or StepBudget.for_guess) for s in scenarios], 0.0
        final = all(_is_final(schedule) for schedule in schedules)
        if terrain.part is None and not final:  # of a window the guesses come first: they end a pass over the windows
            began = time.perf_counter()
            self._terrain_maps(terrain)
            once = time.perf_counter() - began
        guesses, waters = self._guesses(terrain, scenarios, [x.budget for x in schedules], feedback)
        feedback.setProgress(60.0)
        columns = [column_state(terrain.cells, s) for s in scenarios]
        states = [replace(w, free_front=c.free_front, infiltration=None) for w, c in zip(waters, columns)]
        if final:
            corrections, passes = np.zeros((len(states), 3, 1)), 0
        else:
            began = time.perf_counter()
            maps = self._terrain_maps(terrain)
            once += time.perf_counter() - began
            read = WaterOfCells(terrain.cells, scenarios, guesses, columns, self.device)
            del guesses, waters, columns  # of large maps what the network does not read makes room for it
            self._release_memory(terrain)
            with single_blocks(_cells_of_map(terrain) if self.device.type == "cpu" else 0):
                run = partial(self._run_tiles, terrain, maps, read, feedback)
                # Several scenarios are divided first: smaller tiles take longer, and no less for maps of one tile.
                corrections, passes = self._in_smaller_tiles(run, feedback) if len(states) == 1 else run()
        feedback.setProgress(100.0)
        found = []
        for water, schedule, correction in zip(states, schedules, corrections):
            depth = terrain.cells.soil_depth
            change, error, bound = correction.astype(np.float64) * depth
            free = np.where(bound > 0.0, water.free_front, np.where(water.contact, np.inf, water.wetting_front))
            more = {
                "tiles": passes, "batch": len(scenarios), "guess_steps": schedule.budget.steps, "terrain_seconds": once,
                "corrected_cells": int((np.abs(change)[_wanted(terrain)] > _CHANGED_M).sum()),
            }  # fmt: skip
            corrected = replace(water, free_front=free).with_table(water.water_table + change, depth)
            found.append(replace(corrected, table_error=error, table_bound=bound, history=None, diagnostics=more))
        return found

    def _terrain_maps(self, terrain: Terrain) -> TerrainMaps:
        """The terrain on the device; that of the last one is kept."""
        with self._making:
            if self._maps is None:
                self._maps = terrain, TerrainMaps.of(terrain, self.device)
                self._release_memory(terrain)
            return self._maps[1]

    def _release_memory(self, terrain: Terrain) -> None:
        """Release the grids of a large map, which few events on the processor need, and memory freed before."""
        if self._steps_on_processor(terrain):
            forget_grids(terrain)
            release_freed_memory(_cells_of_map(terrain))

    def _steps_on_processor(self, terrain: Terrain) -> bool:
        """Whether the first guesses are made there scenario by scenario; windows can share no other steps."""
        return terrain.part is not None or self.device.type == "cpu"

    def _guesses(
        self, terrain: Terrain, scenarios: Sequence[Scenario], budgets: Sequence[StepBudget], feedback: Feedback
    ) -> tuple[list[FirstGuess] | FirstGuess, list[WaterState]]:
        """The first guess of each scenario, one by one on the processor, all at once on another device; and its water.

        On a device stays what the network reads there; the water comes back.
        """
        if self._steps_on_processor(terrain):
            warn_where_slow(feedback)
            guesses = [first_guess(terrain, s, b, feedback) for s, b in zip(scenarios, budgets)]
            return guesses, [g.water for g in guesses]

        def put(values: np.ndarray) -> torch.Tensor:
            return to_device(torch.from_numpy(np.ascontiguousarray(values, np.float32)), self.device)

        together = first_guesses(terrain, scenarios, budgets, Arrays(torch, put), feedback)
        return together, _waters_of(together.water)

    def _run_tiles(
        self, terrain: Terrain, maps: TerrainMaps, water: WaterOfCells, feedback: Feedback
    ) -> tuple[np.ndarray, int]:
        """Corrections of the cells' water tables, (batch, 3, cells), and the number of tiles.

        They are the change, its expected error and its bound [share of the soil depth].
        """
        rows, cols = maps.depth.shape
        multiple, passes = self.architecture.multiple, 0
        padded = tuple(-(-n // multiple) * multiple for n in (rows, cols))
        kept, radius, out = None, self.architecture.receptive_radius, None
        if terrain.part is not None:
            kept = tuple(_widened(at, multiple) for at in terrain.part.core)
            if self.device.type == "cpu":  # memory is planned by the whole window
                self.tile = max(self.tile, *(at.stop - at.start + 2 * (radius + multiple) for at in kept))
        for tile in tiles(padded, self.tile, radius, multiple, kept):
            check_cancelled(feedback)
            made = self._run_tile(maps, water, tile.outer)
            if out is None:  # around a window's core nothing is changed
                out = torch.zeros((water.batch, 3, *padded), device=self.device)
            for number, values in enumerate(made):
                out[(slice(None), number, *tile.inner)] = values[(..., *tile.inner_in_outer)]
            passes += 1
        found = out[..., :rows, :cols].cpu().numpy().reshape(len(out), 3, -1)
        return found.take(np.flatnonzero(terrain.cells.mask), axis=2), passes

    def _run_tile(self, maps: TerrainMaps, water: WaterOfCells, outer: tuple[slice, slice]) -> tuple[torch.Tensor, ...]:
        """Change, error and bound of a window, (batch, rows, cols); its channels see some cells around it."""
        made = self._inputs(maps, water, outer)
        output = self.network.body(made.channels)
        found = [torch.empty_like(made.bound) for _ in range(3)]

        def correct(rows: slice) -> None:
            part = made.of_rows(rows)
            correction = self.network.correction(output[..., rows, :], part)
            values = correction.without_small_changes(part), correction.error, part.greatest_change
            for whole, part_of_it in zip(found, values):
                whole[:, rows] = part_of_it

        self._by_rows(correct, range(made.bound.shape[-2]), made.bound.shape[-1])
        return tuple(found)

    def _inputs(self, maps: TerrainMaps, water: WaterOfCells, outer: tuple[slice, slice]) -> Inputs:
        """Inputs of the network for a window."""
        shape = maps.depth.shape
        size = tuple(s.stop - s.start for s in outer)
        last, across = min(outer[0].stop, shape[0]), slice(outer[1].start, min(outer[1].stop, shape[1]))
        inside = last - outer[0].start, across.stop - across.start
        made = Inputs.empty((water.batch, *size), inside, self.kind, maps.depth.device)

        def fill(rows: slice) -> None:
            inner = rows, across
            wide = tuple(slice(max(s.start - MARGIN, 0), min(s.stop + MARGIN, n)) for s, n in zip(inner, shape))
            part = tuple(slice(s.start - w.start, s.stop - w.start) for s, w in zip(inner, wide))
            maps_of_rows = water.of_rows(wide[0]).window(slice(None), wide[1])
            found = inputs(maps.window(*wide), maps_of_rows, self.kind)
            made.fill_rows(found.each(lambda x: x[(..., *part)]), rows.start - outer[0].start)

        self._by_rows(fill, range(outer[0].start, last), size[1])
        return made

    def _by_rows(self, function: Callable[[slice], None], rows: range, across: int) -> None:
        """Call a function with slices of rows of so many cells: on the processor with strips, each on one thread.

        Strips stay in its caches, and are the same on any number of threads: which of a strip's values torch computes
        with vector instructions, whose last bits differ, depends on its size.
        """
        if self.device.type != "cpu":
            function(slice(rows.start, rows.stop))
            return

        def of_strip(first: int) -> None:
            with one_thread(0), torch.inference_mode():
                function(slice(first, min(first + height, rows.stop)))

        height = max(_STRIP_CELLS // across, 1)
        for _ in in_threads(of_strip, range(rows.start, rows.stop, height)):
            pass

    def _leave_device(self) -> None:
        self._maps = None
        super()._leave_device()


@lru_cache(maxsize=1)
def _opened(weights: str, device: str, tile: int | None, budget: StepBudget | None) -> NetworkSolver:
    """A network sent to this worker; kept open for the next job."""
    return NetworkSolver(weights, device, tile=tile, budget=budget)


def _cells_of_map(terrain: Terrain) -> int:
    """Number of cells, of a window that of the whole map."""
    return terrain.cells.count if terrain.part is None else terrain.part.whole.cells


def _widened(at: slice, multiple: int) -> slice:
    """A part of a map to the next multiples."""
    return slice(at.start // multiple * multiple, -(-at.stop // multiple) * multiple)


def _is_final(schedule: Schedule) -> bool:
    """Whether the bound of the correction is 0 everywhere, so that the network would change nothing."""
    return schedule.budget.steps >= EXACT_STEPS and not schedule.has_coarse_phase


def _wanted(terrain: Terrain) -> np.ndarray | slice:
    """The cells that are counted: of a window of a larger map those of its core."""
    return slice(None) if terrain.part is None else terrain.part.counted(terrain.cells.mask)


def _batches_of_equal_inputs(scenarios: Sequence[Scenario]) -> Iterator[list[Scenario]]:
    """Parts of scenarios in which each water parameter is a number in all or a raster in all, in order."""
    batch: list[Scenario] = []
    for scenario in scenarios:
        if batch and _batch_key(scenario) != _batch_key(batch[0]):
            yield batch
            batch = []
        batch.append(scenario)
    if batch:
        yield batch


def _batch_key(scenario: Scenario) -> tuple[Any, ...]:
    """Options and water parameters that are rasters: scenarios of a batch have the same."""
    return scenario.options, frozenset(name for name in scenario.rasters if name in HYDROLOGY)


def _waters_of(water: WaterState) -> list[WaterState]:
    """The water of each scenario of a batch on a device, as numpy arrays in double precision."""
    numbers = torch.stack([water.water_table, water.wetting_front]).cpu().numpy().astype(np.float64)
    flags = torch.stack([water.ponded, water.contact]).cpu().numpy()
    return [WaterState(table, front, None, *more) for table, front, *more in zip(*numbers, *flags)]


def _check_options(scenario: Scenario) -> None:
    """Raise :class:`InputError` for what the network has not learned."""
    check_constant_rain(scenario)
    untrained = scenario.options.untrained_choices
    if untrained:
        raise InputError(
            "Options of the physics", Text("the network was not trained on {}", ", ".join(untrained)), "the defaults",
            Text("Use {}.", ENGINE_TOOL),
        )  # fmt: skip


def network_solver_for(
    model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None
) -> NetworkSolver | PaperSolver:
    """Open weights of either kind, according to their card.

    Args:
        model: file of weights; empty takes the shipped network.
        device: auto, cpu, cuda or mps.
        feedback: gets the device and why it was chosen.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """
    if model and os.path.isfile(model) and model_file.kind_of(model_file.read_card(model)) is PaperNetwork:
        return PaperSolver(model, device, feedback)
    return NetworkSolver(model, device, feedback)
