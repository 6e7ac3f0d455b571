"""The network as a solver: the terrain is encoded once, every scenario costs the head and the closed forms."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Literal, Sequence

import numpy as np
import torch

from ..core.errors import InputError
from ..core.feedback import Feedback, check_cancelled
from ..core.grid import tiles
from ..core.physics.column import (
    apply_front_pressure,
    column_state,
    initial_factor_of_safety,
    mode_map,
    on_map,
    strength_of,
)
from ..core.physics.stability import Strength, factor_of_safety
from ..core.result import Result
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..variables import CELL_SIZE_TRAINED_M, HYDROLOGY, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM, SOIL_DEPTH_TRAINED_M
from . import weights
from .device import choose_device, one_thread
from .features import ScenarioCells, TerrainFeatures, local_inputs, terrain_features
from .losses import state_of

_TILE = 768
_SMALLEST_TILE = 256
_CELLS_PER_CHUNK = 1 << 15  # the head's layers then stay in the cache
#: Agreement with the engine that the network itself must expect before its mask is called trusted (IoU).
TRUSTED_IOU = 0.93
_FEW_CELLS = 100
_ENGINE = "slopecast:simulatefactorofsafety"
_CELLS_WORTH_THREADS = 400_000  # for the convolutions
_OUT_OF_MEMORY = getattr(torch, "OutOfMemoryError", torch.cuda.OutOfMemoryError)  # the first since torch 2.5


@dataclass(frozen=True)
class Reliability:
    """How far a mask can be trusted as a stand-in for the engine's, and why."""

    level: Literal["trusted", "caution", "outside"]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return ": ".join((self.level, "; ".join(self.reasons))) if self.reasons else self.level


class NetworkSolver:
    """Guided U-Net behind the solvers' signature.

    Args:
        model: file of weights; empty takes the shipped one.
        device: auto, cpu, cuda or mps.
        feedback: told which device runs and why.
        tile: side of the U-Net's window; results do not depend on it.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """

    def __init__(
        self, model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None, tile: int = _TILE
    ) -> None:
        self.feedback = feedback or Feedback()
        self.network, self.card = weights.load(model)
        self.device, self.device_name = choose_device(device, self.feedback)
        self.network = self.network.to(self.device, memory_format=torch.channels_last)
        self.tile = max(tile, 2 * self.network.architecture.reach + self.network.architecture.multiple)
        self._encoded: _Encoded | None = None
        self._part: tuple[Terrain, np.ndarray, Terrain] | None = None

    def solve(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield the network's state at the end of each scenario; see :class:`slopecast.plugin.core.result.Solver`.

        Raises:
            InputError: options that the networks have not learned.
        """
        for scenario in scenarios:
            _check_options(scenario)
        for number, scenario in enumerate(scenarios):
            check_cancelled(feedback)
            began = time.perf_counter()
            encoded = self._encode(self._known_part(terrain, scenario), feedback)
            encoding = time.perf_counter() - began
            with one_thread(terrain.valid.size):
                result = self._predict(encoded, scenario, feedback)
            result.diagnostics.update(seconds=time.perf_counter() - began - encoding, terrain_seconds=encoding)
            feedback.setProgress(60.0 + 40.0 * (number + 1) / len(scenarios))
            yield result

    def reliability(
        self, terrain: Terrain, scenario: Scenario, result: Result, *, depth_estimated: bool = False
    ) -> Reliability:
        """Judge a result: what lies outside the trained ranges, and how sure the network is of its own mask."""
        outside = scenario.outside_training() + _terrain_outside(terrain) + _lateral_outside(scenario)
        if outside:
            return Reliability("outside", (*outside, "the network has not learned this: run " + _ENGINE))
        reasons = []
        if depth_estimated:
            reasons.append("the soil depth is estimated from the DEM alone")
        untrained = [n for n in scenario.rasters if n in HYDROLOGY and n != "conductivity"]
        if untrained:
            reasons.append(f"rasters of {', '.join(untrained)} were not part of the training")
        expected = expected_iou(result)
        if expected < TRUSTED_IOU:
            reasons.append(
                f"the network expects an agreement with the physics engine of IoU {expected:.2f} only "
                f"({result.failed_cells} failed cells); confirm with {_ENGINE}"
            )
        elif 0 < result.failed_cells < _FEW_CELLS:
            reasons.append(f"only {result.failed_cells} failed cells: single cells may be missed or added")
        return Reliability("caution" if reasons else "trusted", tuple(reasons))

    def _known_part(self, terrain: Terrain, scenario: Scenario) -> Terrain:
        """The terrain without the cells for which a parameter raster has no value, as the engine sees it."""
        known = scenario.valid(terrain.grid.shape)
        if known[terrain.valid].all():
            return terrain
        if self._part is None or self._part[0] is not terrain or not np.array_equal(self._part[1], known):
            self._part = terrain, known, terrain.restricted(known)
        return self._part[2]

    def _encode(self, terrain: Terrain, feedback: Feedback) -> _Encoded:
        if self._encoded is None or self._encoded.terrain is not terrain:
            features = terrain_features(terrain, "cpu" if self.device.type == "mps" else self.device)
            check_cancelled(feedback)
            feedback.setProgress(30.0)
            with one_thread(terrain.valid.size, _CELLS_WORTH_THREADS):
                self._encoded = _Encoded(terrain, features, self._encode_tiles(features, feedback))
        return self._encoded

    @torch.inference_mode()
    def _encode_tiles(self, features: TerrainFeatures, feedback: Feedback) -> torch.Tensor:
        """U-Net features of the valid cells, (cells, features); tiled where the raster exceeds one tile."""
        while True:
            try:
                return self._run_tiles(features, feedback)
            except _OUT_OF_MEMORY:
                if self.device.type == "cuda":
                    torch.cuda.empty_cache()
                smallest = 2 * self.network.architecture.reach + self.network.architecture.multiple
                if self.tile // 2 >= max(_SMALLEST_TILE, smallest):
                    self.tile //= 2
                    feedback.pushWarning(f"The GPU's memory ran out: tiles of {self.tile} cells are tried.")
                elif self.device.type != "cpu":
                    feedback.pushWarning("The GPU's memory ran out: the CPU is used.")
                    self.device, self.device_name = torch.device("cpu"), "cpu, the GPU's memory ran out"
                    self.network = self.network.to("cpu")
                else:
                    raise

    def _run_tiles(self, features: TerrainFeatures, feedback: Feedback) -> torch.Tensor:
        a = self.network.architecture
        channels, rows, cols = features.channels.shape
        padded = tuple(-(-n // a.multiple) * a.multiple for n in (rows, cols))
        out = torch.zeros((a.features, *padded), device=self.device)
        windows = list(tiles(padded, self.tile, a.reach, a.multiple))  # type: ignore[arg-type]
        for number, tile in enumerate(windows):
            check_cancelled(feedback)
            (top, left) = tile.outer
            window = torch.zeros((1, channels, top.stop - top.start, left.stop - left.start), device=self.device)
            part = features.channels[:, top.start : min(top.stop, rows), left.start : min(left.stop, cols)]
            window[0, :, : part.shape[1], : part.shape[2]] = part.to(self.device)
            encoded = self.network.encode(window.contiguous(memory_format=torch.channels_last))[0]
            out[(slice(None), *tile.inner)] = encoded[(slice(None), *tile.inner_in_outer)].float()
            feedback.setProgress(30.0 + 30.0 * (number + 1) / len(windows))
        return out[:, :rows, :cols].flatten(1)[:, features.cells.to(self.device)].transpose(0, 1).contiguous()

    @torch.inference_mode()
    def _predict(self, encoded: _Encoded, scenario: Scenario, feedback: Feedback) -> Result:
        terrain, features = encoded.terrain, encoded.features
        cells = terrain.valid
        values = {n: _at(getattr(scenario, n), cells) for n in HYDROLOGY}
        slope, depth = terrain.slope[cells], terrain.soil_depth[cells].astype(np.float64)
        state = column_state(slope, depth, scenario, cells)
        check_cancelled(feedback)
        at_cells = ScenarioCells.of(features, state, values)
        ponded = apply_front_pressure(state.ponded, scenario.options.front_pressure)
        strength = strength_of(scenario, cells)
        parts = []
        for chunk in np.array_split(np.arange(slope.size), max(1, -(-slope.size // _CELLS_PER_CHUNK))):
            check_cancelled(feedback)
            parts.append(self._predict_cells(encoded, at_cells, ponded, strength, chunk))
        fs, table, front, mode, confidence = (np.concatenate(x) for x in zip(*parts))
        return Result(
            scenario=scenario,
            factor_of_safety=on_map(fs, cells),
            water_table=on_map(table, cells),
            wetting_front=on_map(front, cells),
            failure_mode=mode_map(fs, mode, cells),
            initial_factor_of_safety=on_map(initial_factor_of_safety(slope, depth, scenario, cells), cells),
            confidence=on_map(confidence, cells),
            diagnostics={"solver": f"network {self.card.get('id', '')}", "device": self.device_name},
        )

    def _predict_cells(
        self, encoded: _Encoded, scenario: ScenarioCells, ponded: np.ndarray, strength: Strength, chunk: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Head and closed forms at some of the valid cells: FS, water table, front, mode, confidence."""
        f = encoded.features
        here = torch.from_numpy(chunk).to(f.slope.device)
        slope, depth, s = f.slope[here], f.soil_depth[here], scenario.at(here)
        local = local_inputs(slope, depth, f.table_response[:, here], f.supply_response[:, here], f.cell_size, s)
        prediction = self.network.head(encoded.at_cells[here.to(self.device)], local.to(self.device))
        depth, slope = depth.to(self.device), slope.to(self.device)
        deficit = (s.moisture_deficit * torch.ones_like(s.infiltration)).to(self.device)
        table, front, contact = state_of(prediction, depth, s.infiltration.to(self.device), deficit)
        under_water = torch.from_numpy(ponded[chunk]).to(self.device)
        fs, mode = factor_of_safety(
            torch, slope, depth, table, front, under_water, contact, self._strength(strength, chunk)
        )
        confidence = torch.sigmoid((1.0 - fs) / prediction.spread)
        return tuple(x.cpu().numpy() for x in (fs, table, front, mode, confidence))

    def _strength(self, strength: Strength, chunk: np.ndarray) -> Strength:
        """The strength at some of the valid cells: vectors become tensors, numbers stay numbers."""
        values = {}
        for name, value in vars(strength).items():
            vector = isinstance(value, np.ndarray)
            values[name] = torch.from_numpy(value[chunk].astype(np.float32)).to(self.device) if vector else float(value)
        return Strength(**values)


@dataclass(frozen=True)
class _Encoded:
    terrain: Terrain
    features: TerrainFeatures
    at_cells: torch.Tensor  # (cells, features)


def expected_iou(result: Result) -> float:
    """IoU with the engine's mask that the network expects from its own probabilities; 1 where nothing is in doubt."""
    if result.confidence is None:
        return float("nan")
    probability = result.confidence[np.isfinite(result.confidence)].astype(np.float64)
    failed = result.factor_of_safety[np.isfinite(result.confidence)] < 1.0
    hit = probability[failed].sum()
    missed = probability[~failed].sum()
    union = failed.sum() + missed
    return float((hit + 0.5) / (union + 0.5))


def _at(value: Any, picked: np.ndarray) -> Any:
    return value[picked] if isinstance(value, np.ndarray) else value


def _check_options(scenario: Scenario) -> None:
    options = scenario.options
    if scenario.hyetograph is not None:
        raise InputError(
            "Hyetograph (HYETOGRAPH)", "rain that changes with time is not what the networks have learned",
            "constant rain (RAINFALL, DURATION)", "Use the physics engine (slopecast:simulatefactorofsafety).",
        )  # fmt: skip
    for name, learned in (
        ("lateral_flow", True),
        ("edges", "open"),
        ("evaluate", "end"),
        ("front_moisture", "full"),
    ):
        if getattr(options, name) != learned:
            raise InputError(
                name.upper(), f"'{getattr(options, name)}' is not what the networks have learned", str(learned),
                "Use the physics engine (slopecast:simulatefactorofsafety).",
            )  # fmt: skip


def _terrain_outside(terrain: Terrain) -> list[str]:
    found = []
    size = float(np.sqrt(terrain.grid.cell_area))
    low, high = CELL_SIZE_TRAINED_M
    if not low * 0.99 <= size <= high * 1.01:
        found.append(f"cells of {size:g} m are outside {low:g} to {high:g} m")
    deep = float((terrain.soil_depth[terrain.valid] > SOIL_DEPTH_TRAINED_M[1] * 1.001).mean())
    if deep > 0.01:
        found.append(f"{100 * deep:.1f} % of the cells have soil deeper than {SOIL_DEPTH_TRAINED_M[1]:g} m")
    return found


def _lateral_outside(scenario: Scenario) -> list[str]:
    greatest = float(np.nanmax(scenario.lateral_conductivity))
    if greatest > LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM * 1.001:
        return [
            f"lateral conductivity (CONDUCTIVITY x LATERAL_ANISOTROPY) = {greatest:.3g} m/s is above "
            f"{LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM:g} m/s"
        ]
    return []
