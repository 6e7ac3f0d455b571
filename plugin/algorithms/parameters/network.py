"""Parameters for the network weights and the device, and the check that torch can be loaded."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterFile

from ...core.errors import InputError
from ...text import Text
from ..parameter_values import ParameterValues
from ..translation import tr
from .definitions import Parameter, choice_input, chosen

if TYPE_CHECKING:
    from ...ml.network_solver import NetworkSolver
    from ...ml.paper_solver import PaperSolver
    from ..log import Log

_PAPER_FORMAT = "slopecast-paper"  # begins the format in the model card of such weights
_LONGEST_HEADER_BYTES = 4_000_000  # of weights; those of the shipped ones have 14 kB
DEVICES = {
    "auto": "Automatic: the fastest available",
    "cpu": "Processor (cpu)",
    "cuda": "NVIDIA GPU (cuda)",
    "mps": "Apple GPU (mps)",
}


def weights_input(key: str, title: str, text: str, **flags: bool) -> Parameter:
    """A file of weights, which may be left empty."""

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        kind, files = QgsProcessingParameterFile.Behavior.File, tr("Network weights") + " (*.safetensors)"
        return QgsProcessingParameterFile(*named, kind, optional=optional, fileFilter=files)

    def read(parameters: ParameterValues) -> str | None:
        file = parameters.file(key)
        exists = not file or os.path.isfile(file)
        if file and (not exists or Path(file).suffix.lower() != ".safetensors"):
            problem = Text("'{}' has the wrong file extension", file) if exists else Text("'{}' does not exist", file)
            raise InputError(
                parameters.label(key), problem, "a .safetensors file, or empty for the default", "Check the path.",
            )  # fmt: skip
        return file or None

    return Parameter(key, title, text, define, read, optional=True, **flags)


_MODEL = weights_input(
    "MODEL", "Network weights",
    "Weights file (.safetensors) with its model card. If empty, the network supplied with the plugin is used.",
    advanced=True,
)  # fmt: skip
#: The file of weights and the device, which are read as a :class:`NetworkChoice`.
NETWORK_PARAMETERS = (
    _MODEL,
    choice_input("DEVICE", "Device", "Where the network runs; the log names the device used.", choices=DEVICES),
)


def network_installed() -> tuple[bool, str]:
    """Check without importing whether torch is installed, and how to install it: the import takes seconds."""
    try:
        found = all(find_spec(name) is not None for name in ("torch", "safetensors"))
    except (ImportError, ValueError):  # an import hook refuses it, or a module is half loaded
        found = False
    if found:
        return True, ""
    from ...ml.device import TorchMissing, require_torch

    try:
        require_torch()
    except TorchMissing as missing:
        return False, missing.localized(tr)
    return True, ""


class NetworkChoice(NamedTuple):
    """Network and device requested for a run."""

    model: str | None
    device: str

    @classmethod
    def of(cls, parameters: ParameterValues, *, used: bool = True) -> NetworkChoice:
        """Read it; raises :class:`InputError` where it is used and the file is missing."""
        model = _MODEL.read(parameters) if used else parameters.file("MODEL") or None
        return cls(model, chosen(parameters, "DEVICE"))

    @property
    def name(self) -> str:
        """Name of the file of weights without its folder; empty for the default."""
        return Path(self.model).name if self.model else ""

    def solver(self, log: Log, *, mask_suffices: bool = False) -> NetworkSolver | PaperSolver:
        """Load the network.

        Args:
            mask_suffices: a network that gives the mask and its probability alone will do.

        Raises:
            TorchMissing: torch is not installed or does not load.
            InputError: the weights are unreadable or foreign, or give less than what is needed.
        """
        from ...ml.device import require_torch

        require_torch()  # what is installed need not load
        from ...ml.network_solver import network_solver_for

        solver = network_solver_for(self.model, self.device, log)
        if not mask_suffices and getattr(solver, "mask_only", False):
            raise InputError(
                "Network weights (MODEL)",
                "are the paper's network, which gives only the mask: no factor of safety, water table or failure class",
                "a network that gives the water table",
                "Leave the field empty for the shipped network, or request only the failure mask.",
            )  # fmt: skip
        return solver


def gives_mask_alone(model: str) -> bool:
    """Whether a file of weights is the paper's network, by its model card, read without torch.

    What is no file of weights is ``False``: the run reports it.
    """
    try:
        with Path(model).open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length) if length <= _LONGEST_HEADER_BYTES else b"")
        return json.loads(header["__metadata__"]["card"])["format"].startswith(_PAPER_FORMAT)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
