"""Solver with the paper's network: failure mask and probability, without factor of safety."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Iterator, Sequence

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
from ..text import ENGINE_TOOL, Text
from ..variables import BY_NAME
from .device import one_thread, to_device
from .opened_network import OpenedNetwork, check_constant_rain
from .paper import CHANNELS, PaperNetwork, read_channels
from .reliability import paper_reliability

_CELLS_WORTH_THREADS = 100_000


class PaperSolver(OpenedNetwork):
    """The paper's U-Net behind the solvers' signature.

    Args:
        model, device, feedback, tile: see :class:`.OpenedNetwork`.
    """

    #: Gives the mask and its probability alone: factor of safety, water table and front are ``None``.
    mask_only = True

    def __init__(
        self, model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None,
        tile: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(model, PaperNetwork, device, feedback, tile, half=False)

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
        """Judge a result; see :mod:`.reliability`."""
        return paper_reliability(terrain, scenario, self.card)

    @torch.inference_mode()
    def _predict(self, terrain: Terrain, scenario: Scenario, feedback: Feedback) -> Result:
        part = known_part(terrain, scenario)
        channels, valid = read_channels(part, scenario, self.card["scaling"], self.architecture)
        with one_thread(valid.size, _CELLS_WORTH_THREADS):
            run = partial(self._run_tiles, torch.from_numpy(channels)[None], feedback)
            logits = self._or_on_processor(partial(self._in_smaller_tiles, run, feedback), feedback)[valid]
        check_complete(self, logits)
        temperature = float(self.card.get("temperature", 1.0))
        confidence = (1.0 / (1.0 + np.exp(-np.clip(logits / temperature, -60.0, 60.0)))).astype(np.float32)
        return Result(
            scenario, part.cells, mask=logits > 0.0, probability=confidence,
            diagnostics={"solver": self.name, "device": self.device_name},
        )  # fmt: skip

    def _run_tiles(self, inputs: torch.Tensor, feedback: Feedback) -> np.ndarray:
        """Logits of (1, channels, rows, cols), (rows, cols) float32; in tiles where the map exceeds one."""
        shape, a = inputs.shape[2:], self.architecture
        out = np.empty(shape, dtype=np.float32)
        for tile in tiles((shape[0], shape[1]), self.tile, a.receptive_radius, a.multiple):
            check_cancelled(feedback)
            window = to_device(inputs[(..., *tile.outer)], self.device).contiguous(memory_format=torch.channels_last)
            out[tile.inner] = self.network(window)[0][tile.inner_in_outer].cpu().numpy()
        return out


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
    check_constant_rain(scenario)
    if scenario.options != EngineOptions():
        raise InputError(
            "Options of the physics", "are outside the training of the paper's network", "the default options",
            Text("Use {}.", ENGINE_TOOL),
        )  # fmt: skip
