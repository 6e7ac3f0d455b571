"""The physics engine as a Processing algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingOutputNumber, QgsProcessingParameterBoolean, QgsProcessingParameterDefinition

from .base import Destinations, advanced, helped
from .choices import choice_parameter, chosen
from .outputs import RasterOutput
from .scenario_algorithm import FAILURE_MASK_DOC, WATER_TABLE, ScenarioAlgorithm, ScenarioInputs
from .translation import tr

if TYPE_CHECKING:
    from .log import Log

_EDGES = {"open": "Open: groundwater drains out", "closed": "Closed: groundwater is held"}
_FRONT_PRESSURE = {
    "ponded": "Ponded: where the rain exceeds the infiltration capacity",
    "none": "None",
    "always": "Always",
}
_EVALUATE = {"end": "The end of the rain", "minimum": "The minimum over the event"}


class SimulateFactorOfSafety(ScenarioAlgorithm):
    """Steps infiltration, groundwater and stability through a rain event."""

    ID = "simulatefactorofsafety"
    TITLE = "Simulate factor of safety (physics engine)"
    GROUP = "stability"
    SUMMARY = (
        "Simulates a rain event with the physics engine: Green-Ampt infiltration, lateral groundwater flow in "
        "depth-averaged form and the factor of safety of the infinite slope, the smaller of the wetting "
        "front's and the bedrock's. "
        "The network of <i>Predict failure mask</i> was trained on this engine. Needs no torch."
    )
    TAGS = ("factor of safety", "Green-Ampt", "groundwater", "infinite slope", "TRIGRS")
    RASTERS = (
        RasterOutput(
            "FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety", "0 to 10; below 1 fails.", optional=False
        ),
        RasterOutput("FAILURE_MASK", "Failure mask", "", "failure_mask", FAILURE_MASK_DOC),
        RasterOutput(
            "INITIAL_FACTOR_OF_SAFETY", "Initial factor of safety", "-", "factor_of_safety",
            "Before the rain: initial water table only.",
        ),
        WATER_TABLE,
        RasterOutput(
            "WETTING_FRONT", "Wetting front depth", "m", "wetting_front", "Vertical depth at the end of the rain."
        ),
        RasterOutput(
            "FAILURE_TIME", "Failure time", "h", "failure_time",
            "Hours of rain until the factor of safety first falls below 1; NoData where it never does.",
        ),
        RasterOutput(
            "FAILURE_MODE", "Failure mode", "", "failure_mode", "0 none, 1 at the wetting front, 2 at the bedrock."
        ),
        RasterOutput(
            "STABILITY_CLASS", "Stability class", "", "stability_class",
            "0 unconditionally stable (even saturated), 1 stable now, 2 failed, 3 unconditionally unstable (even dry).",
        ),
    )  # fmt: skip

    def declare_choices(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the engine's options."""
        yield advanced(
            helped(
                QgsProcessingParameterBoolean("LATERAL_FLOW", tr("Lateral groundwater flow"), defaultValue=True),
                "Route groundwater between cells. Without it every cell is a soil column of its own, in closed form.",
            )
        )
        yield advanced(choice_parameter("EDGES", "Edges of the map and NoData", _EDGES, "What groundwater does there."))
        yield advanced(
            choice_parameter(
                "FRONT_PRESSURE",
                "Seepage pressure in the wetted band",
                _FRONT_PRESSURE,
                "Where the wetted band carries pressure.",
            )
        )
        yield advanced(choice_parameter("EVALUATE", "Map shows", _EVALUATE, "When the factor of safety is taken."))

    def declare_outputs(self) -> None:
        """Declare the numbers."""
        super().declare_outputs()
        self.addOutput(QgsProcessingOutputNumber("MASS_BALANCE_ERROR", tr("Relative error of the mass balance")))

    def read_choices(self, parameters: dict[str, Any], context: Any) -> dict[str, Any]:
        """Read the engine's options."""
        names = {key.lower(): chosen(self, parameters, key, context) for key in ("EDGES", "FRONT_PRESSURE", "EVALUATE")}
        return {"lateral_flow": self.parameterAsBool(parameters, "LATERAL_FLOW", context), **names}

    def execute(self, inputs: ScenarioInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Simulate and write."""
        from ..core.physics.engine import Engine, solver_for
        from ..core.scenario import EngineOptions
        from .stability_class import stability_class

        targets = self.targets(inputs, destinations)
        terrain = inputs.terrain(log)
        scenario = inputs.scenario(terrain, log, EngineOptions(**inputs.choices))
        solver = Engine() if targets.wants("FAILURE_TIME") else solver_for(scenario)
        result = next(iter(solver.solve(terrain, [scenario], log)))
        told = result.diagnostics
        log.pushInfo(tr("{} on {}: {:.2f} s.").format(told["solver"], told["device"], told["seconds"]))
        more = {"STABILITY_CLASS": stability_class(terrain, result)} if targets.wants("STABILITY_CLASS") else {}
        outputs = self.outputs(
            inputs, targets, terrain, result, log, more=more, model=told["solver"], device=told["device"]
        )
        # The closed form of the column takes no steps: its water balance is exact.
        return {**outputs, "MASS_BALANCE_ERROR": float(told.get("mass_balance_error", 0.0))}
