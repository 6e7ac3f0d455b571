"""Processing algorithm that predicts the failure mask of one scenario."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingParameterDefinition

from ..text import Text
from .base import Destinations
from .engine_check import (
    CHECK,
    ENGINE_AGREEMENT,
    check_outputs,
    check_parameter,
    compared,
    comparison_provenance,
    is_checked,
    numbers_of,
)
from .outputs import RasterOutput, RasterTargets
from .scenario_algorithm import EDGE_INFLUENCE, FAILURE_CLASS, FAILURE_MASK_DOC, WATER_TABLE, ScenarioAlgorithm
from .scenario_inputs import ScenarioInputs, push_cautions
from .solver_choice import (
    ChosenSolver,
    SolverChoice,
    chosen_solver,
    corrections,
    solver_output,
    solver_parameters,
)
from .windowed_scenario import (
    all_windows,
    evidence_of,
    judged_windows,
    needs_of,
    planned,
    study_edges,
    windowed_run,
)

if TYPE_CHECKING:
    from ..core.reliability import Reliability
    from ..core.reports.run_summary import RunSummary
    from ..core.windowed.memory import RunPlan
    from .log import Log

MODEL_CONFIDENCE = RasterOutput(
    "MODEL_CONFIDENCE", "Model confidence", "-", "confidence",
    "Calibrated probability, 0 to 1, that the physics engine would compute a factor of safety below 1. It describes "
    "the error of the network, not the uncertainty of the soil. Not available with the physics engine.",
)  # fmt: skip
#: What the physics engine does not give.
_NETWORK_ONLY = (MODEL_CONFIDENCE, ENGINE_AGREEMENT)


class PredictFailureMask(ScenarioAlgorithm):
    """Predicts the failure mask of a scenario with a network trained on the physics engine."""

    ID = "predictfailuremask"
    TITLE = "Predict failure mask"
    GROUP = "stability"
    SUMMARY = (
        "Predicts with a U-Net which cells are likely to fail in a rainfall event: from DEM, soil depth, strength, "
        "conductivity, rainfall and duration to a mask of stable and failed cells. The network was trained on the "
        "physics engine of <i>Simulate factor of safety</i>. It saves time where lateral flow is strong (high "
        "conductivity times lateral anisotropy) and for many scenarios of one study area; elsewhere the engine is as "
        "fast. The network needs the Python packages torch and safetensors; without them the physics engine is used. "
        "<i>Check environment</i> shows what is missing."
    )
    HAS_REPORT = True
    TAGS = ("U-Net", "deep learning", "failure mask", "rainfall")
    RASTERS = (
        RasterOutput("FAILURE_MASK", "Failure mask", "", "failure_mask", FAILURE_MASK_DOC, optional=False),
        FAILURE_CLASS,
        RasterOutput("FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety", "0 to 10; cells below 1 fail."),
        WATER_TABLE,
        MODEL_CONFIDENCE,
        ENGINE_AGREEMENT,
        EDGE_INFLUENCE,
    )  # fmt: skip

    def declare_choices(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the solver, the network's weights and device, and the comparison with the engine."""
        yield from solver_parameters()
        yield check_parameter(
            "After the network, run the physics engine on the same scenario and compare the masks. The log, the "
            "metadata and the outputs ENGINE_IOU and ENGINE_DIFFERENT_CELLS give the result. If the IoU is below 0.95, "
            "the mask is not rated trusted."
        )

    def declare_outputs(self) -> None:
        """Declare numbers and texts."""
        super().declare_outputs()
        self.addOutput(solver_output())
        for output in check_outputs():
            self.addOutput(output)

    def read_choices(self, parameters: dict[str, Any], context: Any) -> dict[str, Any]:
        """Read the solver; raises :class:`InputError` for outputs that it does not give."""
        choice = SolverChoice.of(self, parameters, context)
        choice.check_outputs(parameters, _NETWORK_ONLY)
        return {"solver": choice, "check": self.parameterAsBool(parameters, CHECK, context)}

    def execute(self, inputs: ScenarioInputs, destinations: Destinations, log: Log) -> dict[str, Any]:
        """Predict and write."""
        from ..core.edge_catchment import edge_raster
        from ..core.feedback import PartialFeedback

        targets = self.targets(inputs, destinations)
        needs_water = any(targets.wants(key) for key in ("FAILURE_CLASS", "FACTOR_OF_SAFETY", "WATER_TABLE"))
        chosen = chosen_solver(
            inputs.choices["solver"], log, mask_suffices=not needs_water,
            network_outputs=[raster for raster in _NETWORK_ONLY if targets.wants(raster.key)],
        )  # fmt: skip
        compares = inputs.choices["check"] or targets.wants("ENGINE_AGREEMENT")
        plan = planned(inputs, targets, needs_of(chosen, whole=compares and chosen.is_network), log)
        if plan.side is not None:
            return self._in_windows(inputs, destinations, targets, chosen, plan, log)
        terrain = inputs.terrain(log)
        scenario = inputs.scenario(terrain, log)
        push_cautions(scenario, terrain, log)
        began = time.perf_counter()
        check = is_checked(compares, chosen, log)
        halfway = 50.0 if check else 100.0
        result = next(iter(chosen.solver.solve(terrain, [scenario], PartialFeedback(log, 0.0, halfway))))
        reliability = chosen.solver.reliability(terrain, scenario, result).with_cautions(log.cautions)
        log.pushInfo(Text("{:.2f} s. Solver: {}", time.perf_counter() - began, chosen.used))
        chosen.push_corrections(corrections(result.diagnostics), log)
        comparison = None
        if check:
            rest = PartialFeedback(log, halfway, 100.0)
            comparison, reliability = compared(terrain, result, reliability, log, rest)
        more = {}
        if targets.wants("EDGE_INFLUENCE"):
            more["EDGE_INFLUENCE"] = edge_raster(terrain, scenario)
        if comparison is not None:
            more["ENGINE_AGREEMENT"] = comparison.agreement
        outputs = self.outputs(
            inputs, destinations, targets, terrain, result, log, reliability=reliability, more=more,
            **chosen.provenance, **comparison_provenance(comparison),
        )  # fmt: skip
        return {**outputs, **chosen.output, **numbers_of(comparison)}

    def _in_windows(
        self, inputs: ScenarioInputs, destinations: Destinations, targets: RasterTargets, chosen: ChosenSolver,
        plan: RunPlan, log: Log,
    ) -> dict[str, Any]:  # fmt: skip
        """Predict and write a map that is not whole in memory."""
        study = inputs.study(inputs.terrain(log), log)
        edges = study_edges(study, targets, log)
        began = time.perf_counter()
        run, _ = windowed_run(study, chosen, plan, log)

        def judge(_: RunSummary, found: list[tuple[dict[str, Any], Any]]) -> tuple[Reliability, dict[str, str]]:
            log.pushInfo(Text("{:.2f} s. Solver: {}", time.perf_counter() - began, chosen.used))
            chosen.push_corrections(corrections(all_windows(found)), log)
            return judged_windows(found, study, chosen), chosen.provenance

        outputs, _ = self.solve_windows(
            inputs, destinations, targets, study, run, log, judge=judge, more=edges,
            evidence=lambda window: evidence_of(window, is_network=chosen.is_network),
        )  # fmt: skip
        return {**outputs, **chosen.output, **numbers_of(None)}
