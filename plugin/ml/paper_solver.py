"""Solver with the paper's network: failure mask and probability, without factor of safety."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
import torch

from ..core.errors import InputError
from ..core.feedback import Feedback, check_cancelled
from ..core.map_parts.tiles import tiles
from ..core.physics.solve import check_complete, known_part
from ..core.reliability import Reliability
from ..core.result import Result
from ..core.scenario import EngineOptions, Scenario
from ..core.terrain import Terrain
from ..text import ENGINE_TOOL, Text, measure, span
from ..variables import BY_NAME
from . import model_file
from .device import choose_device, one_thread
from .device_check import check_device
from .paper import CHANNELS, Frame, Scaling, scenario_values, stack_channels, terrain_channels
from .reliability import UNVERIFIED

_TILE = 1024
_CELLS_WORTH_THREADS = 100_000
#: Relative difference up to which two study areas count as one.
_SAME_SITE = 0.005


class PaperSolver:
    """The paper's U-Net behind the solvers' signature.

    Args:
        model: file of weights; empty takes the shipped one.
        device: auto, cpu, cuda or mps.
        feedback: for the device used and the reason.
        tile: side of the U-Net's window on large maps.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """

    #: Gives the mask and its probability alone: factor of safety, water table and front are ``None``.
    mask_only = True

    def __init__(
        self, model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None, tile: int = _TILE
    ) -> None:
        self.feedback = feedback or Feedback()
        self.network, self.card = model_file.load_paper(model)
        self.name = f"network {self.card['id']}"
        check_device(device, self.feedback)
        self.device, self.device_name = choose_device(device, self.feedback)
        self.network = self.network.to(self.device, memory_format=torch.channels_last)
        self.architecture = self.network.architecture
        self.tile = max(tile, 2 * self.architecture.receptive_radius + self.architecture.multiple)
        self.scaling = Scaling.from_card(self.card["scaling"])
        self._framed: tuple[Terrain, np.ndarray, Frame, np.ndarray, np.ndarray] | None = None

    def solve(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield the mask of each scenario; see :class:`slopecast.plugin.core.result.Solver`.

        Raises:
            InputError: options or maps that the network does not read.
        """
        for scenario in scenarios:
            _check(scenario)
        for number, scenario in enumerate(scenarios):
            check_cancelled(feedback)
            began = time.perf_counter()
            result = self._predict(terrain, scenario, feedback)
            result.diagnostics["seconds"] = time.perf_counter() - began
            feedback.setProgress(100.0 * (number + 1) / len(scenarios))
            yield result

    def reliability(self, terrain: Terrain, scenario: Scenario, result: Result) -> Reliability:
        """Reliability of a result: outside for a study area or scenario that was not trained, otherwise caution.

        The network's mean IoU on unseen cases of its own study area is in its card.
        """
        outside, unverified = [], () if self.card[model_file.VERIFIED] else (UNVERIFIED,)
        here = describe_site(terrain)
        slack = {key: _SAME_SITE * max(abs(value), 1e-6) for key, value in here.items()}
        sites = self.card.get("sites", [])
        if not any(all(abs(site[key] - here[key]) <= slack[key] for key in here) for site in sites):
            outside.append(Text("this network is valid only in the study area on which it was trained"))
        outside += _outside_ranges(scenario, self.card.get("ranges", {}))
        outside += _other_constants(scenario, self.card.get("constants", {}))
        if outside:
            return Reliability(
                "outside", (*outside, Text("the network was not trained for this: run {}", ENGINE_TOOL), *unverified)
            )
        metrics = {**self.card.get("validation", {}), **self.card.get("metrics", {})}
        measured = metrics.get("mean_iou", metrics.get("validation_iou"))
        reasons = (
            [Text("the network's mean IoU on cases not used in training is {:.2f}", float(measured))]
            if measured
            else []
        )
        return Reliability("caution", (*reasons, *unverified, Text("confirm with {}", ENGINE_TOOL)))

    @torch.inference_mode()
    def _predict(self, terrain: Terrain, scenario: Scenario, feedback: Feedback) -> Result:
        part = known_part(terrain, scenario)
        frame, of_terrain, inside = self._frame(terrain, part.valid)
        values = {
            k: frame.put(v) if isinstance(v, np.ndarray) else v
            for k, v in scenario_values(scenario, self.scaling).items()
        }
        inputs = torch.from_numpy(stack_channels(of_terrain, inside, values, self.architecture.channels))
        with one_thread(inside.size, _CELLS_WORTH_THREADS):
            logits = self._run_tiles(inputs[None], feedback)
        logits = part.cells.pick(frame.back(logits, part.valid.shape, 0.0))
        check_complete(self, logits)
        temperature = float(self.card.get("temperature", 1.0))
        confidence = (1.0 / (1.0 + np.exp(-np.clip(logits / temperature, -60.0, 60.0)))).astype(np.float32)
        return Result(
            scenario, part.cells, mask=logits > 0.0, probability=confidence,
            diagnostics={"solver": self.name, "device": self.device_name},
        )  # fmt: skip

    def _frame(self, terrain: Terrain, valid: np.ndarray) -> tuple[Frame, np.ndarray, np.ndarray]:
        """Frame, framed terrain channels and framed valid cells; kept for the next scenario."""
        kept = self._framed
        if kept is None or kept[0] is not terrain or not np.array_equal(kept[1], valid):
            frame = Frame.of(valid, self.architecture)
            kept = terrain, valid, frame, frame.put(terrain_channels(terrain, self.scaling)), frame.put(valid)
            self._framed = kept
        return kept[2:]

    def _run_tiles(self, inputs: torch.Tensor, feedback: Feedback) -> np.ndarray:
        """Logits of (1, channels, rows, cols), (rows, cols) float32; in tiles where the map exceeds one."""
        shape, a = inputs.shape[2:], self.architecture
        out = np.empty(shape, dtype=np.float32)
        for tile in tiles((shape[0], shape[1]), self.tile, a.receptive_radius, a.multiple):
            check_cancelled(feedback)
            window = inputs[(slice(None), slice(None), *tile.outer)].to(self.device)
            logits = self.network(window.contiguous(memory_format=torch.channels_last))[0]
            out[tile.inner] = logits[tile.inner_in_outer].float().cpu().numpy()
        return out


def describe_site(terrain: Terrain) -> dict[str, float]:
    """Key figures of a study area for the model card: cells, cell size, moments of elevation and depth [m]."""
    valid = terrain.valid
    elevation, depth = terrain.elevation[valid], terrain.soil_depth[valid]
    return {
        "cells": float(valid.sum()),
        "cell_size": float(np.sqrt(terrain.grid.cell_area)),
        "elevation_mean": float(elevation.mean()),
        "elevation_deviation": float(elevation.std()),
        "soil_depth_mean": float(depth.mean()),
    }


def _outside_ranges(scenario: Scenario, ranges: Mapping[str, Sequence[float]]) -> list[str]:
    found = []
    for name, (low, high) in ranges.items():
        if name not in CHANNELS[2:]:
            continue
        value = np.asarray(getattr(scenario, name))
        if np.nanmin(value) < low * (1 - 1e-6) or np.nanmax(value) > high * (1 + 1e-6):
            v = BY_NAME[name]
            found.append(f"{v.label} ({v.key}) is outside the trained range {span(low, high, v.unit)}")
    return found


def _other_constants(scenario: Scenario, constants: Mapping[str, float]) -> list[str]:
    """Parameters that the network does not read and that are not as they were in all of its training."""
    found = []
    for name, value in constants.items():
        if not np.allclose(getattr(scenario, name), value, rtol=1e-6):
            v = BY_NAME[name]
            found.append(f"{v.label} ({v.key}) was always {measure(value, v.unit)} in training")
    return found


def _check(scenario: Scenario) -> None:
    """Refuse inputs that the network does not use."""
    for name in scenario.rasters:
        if name not in CHANNELS:
            v = BY_NAME[name]
            raise InputError(
                Text("{} ({})", v.label, v.layer_key), "is a map that the paper's network does not read",
                "maps of " + ", ".join(BY_NAME[n].label.lower() for n in CHANNELS[2:]),
                Text("Enter a number, or use the shipped network or {}.", ENGINE_TOOL),
            )  # fmt: skip
    if scenario.hyetograph is not None:
        raise InputError(
            "Hyetograph (HYETOGRAPH)", "the networks were not trained on rain that changes with time",
            "constant rain (RAINFALL, DURATION)", Text("Use {}.", ENGINE_TOOL),
        )  # fmt: skip
    if scenario.options != EngineOptions():
        raise InputError(
            "Options of the physics", "are outside the training of the paper's network", "the default options",
            Text("Use {}.", ENGINE_TOOL),
        )  # fmt: skip


def unread_constants(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Parameters that the network does not read and that are the same number in all scenarios, for the card."""
    found = {}
    for name in BY_NAME:
        values = [getattr(s, name) for s in scenarios]
        if name not in CHANNELS and all(np.array_equal(v, values[0]) for v in values):
            found[name] = float(values[0])
    return found
