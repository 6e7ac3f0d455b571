"""Which network runs, where, and whether torch is there to run it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition, QgsProcessingParameterFile

from ..core.errors import InputError
from .base import advanced, helped
from .choices import choice_parameter, chosen
from .translation import tr

if TYPE_CHECKING:
    from ..ml.solver import NetworkSolver
    from .log import Log

_DEVICES = {
    "auto": "Automatic: the fastest there is",
    "cpu": "Processor (cpu)",
    "cuda": "NVIDIA GPU (cuda)",
    "mps": "Apple GPU (mps)",
}


def network_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield the file of weights and the device."""
    yield advanced(
        helped(
            QgsProcessingParameterFile(
                "MODEL", tr("Network weights"), QgsProcessingParameterFile.Behavior.File, optional=True,
                fileFilter=tr("Network weights") + " (*.safetensors)",
            ),
            "File of weights (.safetensors) with its model card; empty takes the network that comes with the plugin.",
        )
    )  # fmt: skip
    yield choice_parameter("DEVICE", "Device", _DEVICES, "Where the network runs; the log tells which device did.")


def network_installed() -> tuple[bool, str]:
    """Tell cheaply whether torch is there, and if not, what to do: importing it would freeze QGIS for seconds."""
    if all(find_spec(name) is not None for name in ("torch", "safetensors")):
        return True, ""
    from ..ml.device import TorchMissing, require_torch

    try:
        require_torch()
    except TorchMissing as missing:
        return False, str(missing)
    return True, ""


@dataclass(frozen=True)
class NetworkChoice:
    """The network that a run was asked for."""

    model: str | None
    device: str

    @classmethod
    def of(cls, algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: Any) -> NetworkChoice:
        """Read it; raises :class:`InputError` where the file is missing."""
        model = algorithm.parameterAsFile(parameters, "MODEL", context)
        if model and not Path(model).is_file():
            raise InputError(
                "Network weights (MODEL)", f"'{model}' does not exist",
                "a .safetensors file, or nothing for the default", "Check the path.",
            )  # fmt: skip
        return cls(model or None, chosen(algorithm, parameters, "DEVICE", context))

    def solver(self, log: Log) -> NetworkSolver:
        """Load the network.

        Raises:
            TorchMissing: torch is not installed or does not load.
            InputError: the weights are unreadable or foreign.
        """
        from ..ml.device import require_torch

        require_torch()  # models and scripts do not ask canExecute(), and what is installed need not load
        from ..ml.solver import NetworkSolver

        return NetworkSolver(self.model, self.device, log)
