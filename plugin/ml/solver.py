"""The network as a solver: a terrain's responses once, then water balance, U-Net and closed forms for a scenario."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Hashable, Iterator, Mapping, Sequence

import numpy as np
import torch

from ..core.errors import InputError
from ..core.feedback import Feedback, PartialFeedback, check_cancelled
from ..core.physics import kernels
from ..core.physics.column import column_state
from ..core.physics.solve import KeptWater, WaterModel
from ..core.physics.water import WaterState
from ..core.reliability import Reliability
from ..core.result import Result
from ..core.scenario import LEARNED_OPTIONS, Scenario
from ..core.terrain import Terrain
from ..core.tiles import tiles
from ..text import Text
from ..variables import CELL_SIZE_TRAINED_M, HYDROLOGY, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM, SOIL_DEPTH_TRAINED_M
from . import weights
from .coarse import DRAFT, FULL
from .compiled_steps import CompiledSteps
from .device import choose_device, one_thread
from .features import ScenarioCells, TerrainFeatures, input_window, terrain_features, water_balance
from .losses import state_with
from .unet import Correction

_TILE = 768
_SMALLEST_TILE = 256
#: Agreement with the engine that the network itself must expect before its mask is called trusted (IoU).
TRUSTED_IOU = 0.93
_FEW_CELLS = 100
#: Error of the time steps, as a share of what the water from other cells has moved the water table. Chosen on
#: validation terrain.
_STEPS_DOUBT = 0.004
#: Cells that water crosses while an error of the water table is halved, and the share of it that stays: the surplus of
#: a whole hollow drains for days. Doubt of a draft [share of the depth]. Chosen on validation terrain.
_FORGETTING, _KEPT, _DRAFT_DOUBT = 0.5, 0.25, 0.05
_ENGINE = "slopecast:simulatefactorofsafety"
_CELLS_WORTH_THREADS = 400_000  # for the convolutions
_OUT_OF_MEMORY = getattr(torch, "OutOfMemoryError", torch.cuda.OutOfMemoryError)  # the first since torch 2.5


class NetworkSolver(WaterModel):
    """Guided U-Net behind the solvers' signature.

    Args:
        model: file of weights; empty takes the shipped one.
        device: auto, cpu, cuda or mps.
        feedback: told which device runs and why.
        tile: side of the U-Net's window; results do not depend on it.
        draft: leave the U-Net out and take fewer steps for the first guess, for previews; may be changed at any time.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """

    def __init__(
        self, model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None,
        tile: int = _TILE, *, draft: bool = False,
    ) -> None:  # fmt: skip
        self.feedback = feedback or Feedback()
        self.network, self.card = weights.load(model)
        self.device, self.device_name = choose_device(device, self.feedback)
        self.network = self.network.to(self.device, memory_format=torch.channels_last)
        self._features_on = torch.device("cpu") if self.device.type == "mps" else self.device
        self.tile = max(tile, 2 * self.network.architecture.reach + self.network.architecture.multiple)
        self.draft = draft
        self._known: tuple[Terrain, TerrainFeatures] | None = None
        self._compiled: tuple[Terrain, CompiledSteps] | None = None
        self.name = f"network {self.card.get('id', '')}"
        self.kept = KeptWater()

    def check(self, terrain: Terrain, scenarios: Sequence[Scenario]) -> None:
        """Raise :class:`InputError` for options that the networks have not learned."""
        for scenario in scenarios:
            _check_options(scenario)

    def water_key(self, scenario: Scenario) -> Hashable:
        """The hydrology; a draft's water is not that of a mask that is kept."""
        return scenario.hydrology, self.draft

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the network's water at the end of each scenario; see :class:`WaterModel`."""
        for number, scenario in enumerate(scenarios):
            part = PartialFeedback(feedback, 100.0 * number / len(scenarios), 100.0 * (number + 1) / len(scenarios))
            try:
                state = self._water_of(terrain, scenario, part)
            except _OUT_OF_MEMORY:
                if self._features_on.type == "cpu":
                    raise
                state = None
            if state is None:  # here no traceback holds the tensors any more
                self._leave_gpu_for_features(feedback)
                state = self._water_of(terrain, scenario, part)
            yield state

    @torch.inference_mode()
    def _water_of(self, terrain: Terrain, scenario: Scenario, feedback: Feedback) -> WaterState:
        """One scenario's water, and how long the terrain took before."""
        began = time.perf_counter()
        features = self._features(terrain, feedback)
        once = time.perf_counter() - began
        feedback.setProgress(30.0)
        with one_thread(terrain.valid.size):
            return self._predict(terrain, features, scenario, feedback, terrain_seconds=once)

    def _leave_gpu_for_features(self, feedback: Feedback) -> None:
        """Keep the terrain's features in the computer's memory from here on; the network stays where it is."""
        feedback.pushWarning("The GPU's memory ran out: the CPU is used for what is computed from the terrain.")
        self._known = None
        self._features_on = torch.device("cpu")
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def reliability(self, terrain: Terrain, scenario: Scenario, result: Result) -> Reliability:
        """Judge a result: what lies outside the trained ranges, and how sure the network is of its own mask."""
        outside = (
            scenario.outside_training(self.card.get("ranges"))
            + _terrain_outside(terrain)
            + _lateral_outside(scenario, self.card.get("ranges", {}))
        )
        if outside:
            return Reliability("outside", (*outside, Text("the network has not learned this: run {}", _ENGINE)))
        reasons = []
        untrained = [n for n in scenario.rasters if n in HYDROLOGY and n != "conductivity"]
        if untrained:
            reasons.append(Text("rasters of {} were not part of the training", ", ".join(untrained)))
        expected = expected_iou(result)
        if expected < TRUSTED_IOU:
            reasons.append(
                Text(
                    "the network expects an agreement with the physics engine of IoU {:.2f} only ({} failed cells); "
                    "confirm with {}",
                    expected,
                    result.failed_cells,
                    _ENGINE,
                )
            )
        elif 0 < result.failed_cells < _FEW_CELLS:
            reasons.append(Text("only {} failed cells: single cells may be missed or added", result.failed_cells))
        return Reliability("caution" if reasons else "trusted", tuple(reasons))

    def _features(self, terrain: Terrain, feedback: Feedback) -> TerrainFeatures:
        """What is computed once per terrain; that of the last one is kept."""
        if self._known is None or self._known[0] is not terrain:
            self._known = None
            self._known = terrain, terrain_features(terrain, self._features_on, feedback)
            check_cancelled(feedback)
        return self._known[1]

    def _predict(
        self, terrain: Terrain, f: TerrainFeatures, scenario: Scenario, feedback: Feedback, **diagnostics: Any
    ) -> WaterState:
        """Guess, network, and what is left of the rain."""
        cells = terrain.cells
        values = {name: cells.pick(getattr(scenario, name)) for name in HYDROLOGY}
        state = column_state(cells, scenario)
        check_cancelled(feedback)
        compiled = None if self.draft else self._compiled_steps(terrain)
        balance = water_balance(f, state, values, DRAFT if self.draft else FULL, feedback, compiled)
        takeover, table, error = balance.takeover(refined=not self.draft), None, torch.zeros_like(f.slope)
        check_cancelled(feedback)
        if takeover is not None and self.draft:
            error += _DRAFT_DOUBT
        elif takeover is not None:
            hours = balance.now / 3600.0
            then = column_state(cells, scenario.with_values(duration=hours))
            inputs = ScenarioCells.of(f, then, {**values, "duration": hours}, takeover)
            correction = self._correct(f, inputs, feedback)
            table, error = correction.water_table * f.soil_depth, correction.doubt
        s = ScenarioCells.of(f, state, values, balance.finish(table))
        check_cancelled(feedback)
        deficit = s.moisture_deficit * torch.ones_like(s.infiltration)
        table = s.coarse.water_table
        front, contact = state_with(table, f.soil_depth, s.infiltration, deficit, s.coarse.contact)
        left = error * f.soil_depth * (1.0 / (1.0 + s.coarse.reach / _FORGETTING)).clamp_min(_KEPT)
        left += _STEPS_DOUBT * (table - s.water_table).abs()
        table, front, contact, left = (x.cpu().numpy() for x in (table, front, contact, left))
        corrected = takeover is not None and not self.draft
        water = WaterState(
            table, front, state.infiltration, state.ponded, contact, table_error=left.astype(np.float64),
            diagnostics={"corrected": corrected, **diagnostics},
        )  # fmt: skip
        return water.with_table(table.astype(np.float64), cells.soil_depth)

    def _compiled_steps(self, terrain: Terrain) -> CompiledSteps | None:
        """The engine's kernel for the raster's own cells, where these are on the CPU and numba is installed."""
        if self._features_on.type != "cpu" or not kernels.compiled():
            return None
        if self._compiled is None or self._compiled[0] is not terrain:
            self._compiled = terrain, CompiledSteps(terrain)
        return self._compiled[1]

    def _correct(self, f: TerrainFeatures, s: ScenarioCells, feedback: Feedback) -> Correction:
        """The network's correction at the valid cells, on the features' device."""
        while True:
            try:
                with one_thread(f.channels[0].numel(), _CELLS_WORTH_THREADS):
                    return self._run_tiles(f, s, feedback)
            except _OUT_OF_MEMORY:
                if self.device.type == "cuda":
                    torch.cuda.empty_cache()
                smallest = 2 * self.network.architecture.reach + self.network.architecture.multiple
                if self.tile // 2 >= max(_SMALLEST_TILE, smallest):
                    self.tile //= 2
                    feedback.pushWarning(Text("The GPU's memory ran out: tiles of {} cells are tried.", self.tile))
                elif self.device.type != "cpu":
                    feedback.pushWarning("The GPU's memory ran out: the CPU is used for the network.")
                    self.device, self.device_name = torch.device("cpu"), "cpu, the GPU's memory ran out"
                    self.network = self.network.to("cpu")
                else:
                    raise

    def _run_tiles(self, f: TerrainFeatures, s: ScenarioCells, feedback: Feedback) -> Correction:
        a = self.network.architecture
        rows, cols = f.channels.shape[1:]
        padded = tuple(-(-n // a.multiple) * a.multiple for n in (rows, cols))
        out = torch.zeros((2, *padded), device=f.slope.device)
        for tile in tiles(padded, self.tile, a.reach, a.multiple):  # type: ignore[arg-type]
            check_cancelled(feedback)
            top, left = tile.outer
            size = top.stop - top.start, left.stop - left.start
            inside = slice(top.start, min(top.stop, rows)), slice(left.start, min(left.stop, cols))
            window, _ = input_window(f, s, *inside, size)
            window = window[None].to(self.device).contiguous(memory_format=torch.channels_last)
            correction = self.network(window)
            whole = torch.cat([correction.water_table, correction.doubt])
            out[(slice(None), *tile.inner)] = whole[(slice(None), *tile.inner_in_outer)].to(out.device)
        return Correction(*out[:, :rows, :cols].flatten(1)[:, f.cells])


def expected_iou(result: Result) -> float:
    """IoU with the engine's mask that the network expects from its own probabilities; 1 where nothing is in doubt."""
    if result.confidence is None:
        return float("nan")
    probability = result.confidence[np.isfinite(result.confidence)].astype(np.float64)
    failed = result.failure_mask[np.isfinite(result.confidence)] == 1
    hit = probability[failed].sum()
    missed = probability[~failed].sum()
    union = failed.sum() + missed
    return float((hit + 0.5) / (union + 0.5))


def _check_options(scenario: Scenario) -> None:
    options = scenario.options
    if scenario.hyetograph is not None:
        raise InputError(
            "Hyetograph (HYETOGRAPH)", "rain that changes with time is not what the networks have learned",
            "constant rain (RAINFALL, DURATION)", "Use the physics engine (slopecast:simulatefactorofsafety).",
        )  # fmt: skip
    for name, learned in LEARNED_OPTIONS.items():
        if getattr(options, name) != learned:
            raise InputError(
                name.upper(), Text("'{}' is not what the networks have learned", getattr(options, name)), str(learned),
                "Use the physics engine (slopecast:simulatefactorofsafety).",
            )  # fmt: skip


def _terrain_outside(terrain: Terrain) -> list[str]:
    found = []
    size = float(np.sqrt(terrain.grid.cell_area))
    low, high = CELL_SIZE_TRAINED_M
    if not low * 0.99 <= size <= high * 1.01:
        found.append(Text("cells of {:g} m are outside {:g} to {:g} m", size, low, high))
    deep = float((terrain.soil_depth[terrain.valid] > SOIL_DEPTH_TRAINED_M[1] * 1.001).mean())
    if deep > 0.01:
        found.append(Text("{:.1f} % of the cells have soil deeper than {:g} m", 100 * deep, SOIL_DEPTH_TRAINED_M[1]))
    return found


def _lateral_outside(scenario: Scenario, ranges: Mapping[str, Any]) -> list[str]:
    greatest = float(np.nanmax(scenario.lateral_conductivity))
    most = float(ranges.get(weights.MOST_LATERAL, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM))
    if greatest > most * 1.001:
        return [
            Text(
                "lateral conductivity (CONDUCTIVITY x LATERAL_ANISOTROPY) = {:.3g} m/s is above {:g} m/s",
                greatest,
                most,
            )
        ]
    return []
