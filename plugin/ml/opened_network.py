"""A network of a file of weights on a device: base of the networks' solvers."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Callable, TypeVar

import torch

from ..core.errors import InputError
from ..core.feedback import Feedback
from ..core.scenario import Scenario
from ..text import ENGINE_TOOL, Text
from . import model_file
from .device import choose_device, half_precision, is_out_of_memory
from .device_check import check_device
from .network import Network
from .paper import PaperNetwork

_TILE, _SMALLEST_TILE = 1024, 256
Found = TypeVar("Found")


class OpenedNetwork:
    """Chooses the device, and makes do with less where the memory of a GPU runs out.

    Args:
        model: file of weights; empty takes the shipped one.
        kind: of the network.
        device: auto, cpu, cuda or mps.
        feedback: gets the device and why it was chosen.
        tile: side of the U-Net's window; results do not depend on it.
        margin: cells around a window that its channels depend on.
        half: run in half precision where that is fast; check: see :mod:`.device_check`.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """

    def __init__(
        self, model: str | Path | None, kind: type[Network | PaperNetwork], device: str, feedback: Feedback | None,
        tile: int | None = None, margin: int = 0, *, half: bool = True, check: bool = True,
    ) -> None:  # fmt: skip
        self.feedback = feedback or Feedback()
        network, self.card = model_file.load(model, kind)
        self.name = f"network {self.card['id']}"
        if check:
            check_device(device, self.feedback)
        self.device, self.device_name = choose_device(device, self.feedback)
        self.architecture, self._half, self._loaded = network.architecture, half, network
        self._move_to_device()
        self._least_tile = 2 * (self.architecture.receptive_radius + margin) + self.architecture.multiple
        self.tile = max(tile or _TILE, self._least_tile)

    def _move_to_device(self) -> None:
        """Copy the network to the device, in half precision if that is fast and requested."""
        self.kind, name = half_precision(self.device) if self._half else (torch.float32, "")
        self.device_name += name
        network = copy.deepcopy(self._loaded)  # which stays as precise for another device
        self.network = network.to(self.device, self.kind, memory_format=torch.channels_last)

    def _in_smaller_tiles(self, run: Callable[[], Found], feedback: Feedback) -> Found:
        """Run, with tiles of half the side as long as GPU memory runs out."""
        while True:
            try:
                return run()
            except RuntimeError as error:
                smallest = self.tile // 2 < max(_SMALLEST_TILE, self._least_tile)
                if self.device.type == "cpu" or smallest or not is_out_of_memory(error):
                    raise
                self.tile //= 2
                feedback.pushWarning(Text("The GPU ran out of memory: tiles of {} cells are tried.", self.tile))
            self._empty_cache()

    def _or_on_processor(self, run: Callable[[], Found], feedback: Feedback) -> Found:
        """Run; once more on the CPU, which is used from here on, if GPU memory runs out."""
        try:
            return run()
        except RuntimeError as error:
            if self.device.type == "cpu" or not is_out_of_memory(error):
                raise
        # Here no traceback holds the tensors any more.
        feedback.pushWarning("The GPU ran out of memory: the CPU is used from here on.")
        self._leave_device()
        return run()

    def _leave_device(self) -> None:
        self._empty_cache()
        self.device, self.device_name = torch.device("cpu"), "cpu, the GPU ran out of memory"
        self._move_to_device()

    def _empty_cache(self) -> None:
        if self.device.type in ("cuda", "mps"):
            getattr(torch, self.device.type).empty_cache()


def check_constant_rain(scenario: Scenario) -> None:
    """Raise :class:`InputError` for a hyetograph, which no network has learned."""
    if scenario.hyetograph is not None:
        raise InputError(
            "Hyetograph (HYETOGRAPH)", "the networks were not trained on rain that changes with time",
            "constant rain (RAINFALL, DURATION)", Text("Use {}.", ENGINE_TOOL),
        )  # fmt: skip
