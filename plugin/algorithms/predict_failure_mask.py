"""The main job as a Processing algorithm: the U-Net predicts which cells fail."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingParameterDefinition

from .base import Destinations
from .network_parameters import NetworkChoice, network_installed, network_parameters
from .outputs import RasterOutput
from .scenario_algorithm import (
    EDGE_INFLUENCE,
    FAILURE_MASK_DOC,
    WATER_TABLE,
    ScenarioAlgorithm,
    ScenarioInputs,
    push_cautions,
)
from .translation import tr

if TYPE_CHECKING:
    from .log import Log


class PredictFailureMask(ScenarioAlgorithm):
    """Predicts the failure mask of a scenario with a network trained on the physics engine."""

    ID = "predictfailuremask"
    TITLE = "Predict failure mask"
    GROUP = "stability"
    SUMMARY = (
        "Predicts with a U-Net which cells of a mountainside fail in a rain: from elevation, soil depth, strength, "
        "conductivity, rainfall and duration to a mask of stable and failed cells. The network was trained on the "
        "physics engine of <i>Simulate factor of safety</i> and stands in for it where water moves fast along the "
        "slope (high conductivity times lateral anisotropy), which costs the engine thousands of time steps, and "
        "for many scenarios on one terrain; elsewhere the engine is as quick. Needs the Python packages torch and "
        "safetensors; <i>Check environment</i> tells what is missing."
    )
    HAS_REPORT = True
    TAGS = ("U-Net", "deep learning", "failure mask", "rainfall")
    RASTERS = (
        RasterOutput("FAILURE_MASK", "Failure mask", "", "failure_mask", FAILURE_MASK_DOC, optional=False),
        RasterOutput("FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety", "0 to 10; below 1 fails."),
        WATER_TABLE,
        RasterOutput(
            "MODEL_CONFIDENCE", "Model confidence: engine would say failed", "-", "confidence",
            "Calibrated probability, 0 to 1, that the physics engine would find a factor of safety below 1: the "
            "network's own error, not the uncertainty of the soil.",
        ),
        EDGE_INFLUENCE,
    )  # fmt: skip

    def declare_choices(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the network and its device."""
        return network_parameters()

    def canExecute(self) -> tuple[bool, str]:
        """Tell what is missing; the algorithm stays visible."""
        return network_installed()

    def read_choices(self, parameters: dict[str, Any], context: Any) -> dict[str, Any]:
        """Read the network and its device."""
        return {"network": NetworkChoice.of(self, parameters, context)}

    def execute(self, inputs: ScenarioInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Predict and write."""
        from ..core.edge_catchment import edge_raster

        targets = self.targets(inputs, destinations)
        needs_water = targets.wants("FACTOR_OF_SAFETY") or targets.wants("WATER_TABLE")
        solver = inputs.choices["network"].solver(log, mask_suffices=not needs_water)
        terrain = inputs.terrain(log)
        scenario = inputs.scenario(terrain, log)
        push_cautions(scenario, terrain, log)
        began = time.perf_counter()
        result = next(iter(solver.solve(terrain, [scenario], log)))
        reliability = solver.reliability(terrain, scenario, result)
        seconds = time.perf_counter() - began
        log.pushInfo(tr("Network {} on {}: {:.2f} s.").format(solver.card["id"], solver.device_name, seconds))
        return self.outputs(
            inputs, destinations, targets, terrain, result, log, reliability=reliability,
            more={"EDGE_INFLUENCE": edge_raster(terrain, scenario)} if targets.wants("EDGE_INFLUENCE") else None,
            model=solver.card["id"], device=solver.device_name,
        )  # fmt: skip
