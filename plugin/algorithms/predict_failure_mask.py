"""Processing algorithm that predicts the failure mask of one scenario."""

from __future__ import annotations

from typing import Any

from .inputs.scenario_inputs import ScenarioInputs
from .log import Log
from .outputs.rasters import RasterOutput
from .parameter_values import ParameterValues
from .parameters.scenario import SCENARIO
from .parameters.scheduler import WINDOWS_ON_WORKERS, scheduler_input, solver_on
from .runs.engine_check import (
    COMPARISON_NUMBERS,
    ENGINE_AGREEMENT,
    check_input,
    comparison_numbers,
    engine_check_applies,
    engine_mask,
)
from .runs.solver_choice import SOLVER_CHOICE, SOLVER_USED, chosen_solver
from .scenario_algorithm import (
    EDGE_INFLUENCE,
    FAILURE_CLASS,
    FAILURE_MASK_DOC,
    REPORT,
    WATER_TABLE,
    ScenarioMapsAlgorithm,
)

MODEL_CONFIDENCE = RasterOutput(
    "MODEL_CONFIDENCE", "Model confidence", "-", "confidence",
    "Calibrated probability, 0 to 1, that the physics engine would compute a factor of safety below 1. It describes "
    "the error of the network, not the uncertainty of the soil. Not available with the physics engine.",
)  # fmt: skip
#: Outputs that the physics engine does not compute.
_NETWORK_ONLY = (MODEL_CONFIDENCE, ENGINE_AGREEMENT)


class PredictFailureMask(ScenarioMapsAlgorithm):
    """Predicts the failure mask of a scenario with a network trained on the physics engine."""

    ID = "predictfailuremask"
    TITLE = "Predict failure mask"
    GROUP = "stability"
    SUMMARY = (
        "Maps the cells that fail in a rainfall event (factor of safety below 1), from DEM, soil depth, strength, "
        "conductivity, rainfall and duration. A U-Net, trained on the physics engine of <i>Simulate factor of "
        "safety</i>, corrects the water table of an approximate solution. The network saves time only where lateral "
        "flow is strong (high conductivity times lateral anisotropy); elsewhere the engine is as fast or faster. It "
        "needs the Python packages torch and safetensors; without them the physics engine is used. "
        "<i>Check environment</i> shows what is missing."
    )
    TAGS = ("U-Net", "deep learning", "failure mask", "rainfall")
    NUMBERS = {**ScenarioMapsAlgorithm.NUMBERS, **COMPARISON_NUMBERS}
    TEXTS = {**ScenarioMapsAlgorithm.TEXTS, **SOLVER_USED}
    INPUTS = (
        *SCENARIO,
        SOLVER_CHOICE,
        check_input(
            "Also run the physics engine on the same scenario, and compare the masks. The log, the "
            "metadata and the outputs ENGINE_IOU and ENGINE_DIFFERENT_CELLS give the result. If the IoU is below 0.95, "
            "the mask is not rated trusted."
        ),
        scheduler_input(WINDOWS_ON_WORKERS),
    )
    OUTPUTS = (
        RasterOutput("FAILURE_MASK", "Failure mask", "", "failure_mask", FAILURE_MASK_DOC, optional=False),
        FAILURE_CLASS,
        RasterOutput("FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety", "0 to 10; cells below 1 fail."),
        WATER_TABLE,
        MODEL_CONFIDENCE,
        ENGINE_AGREEMENT,
        EDGE_INFLUENCE,
        REPORT,
    )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> ScenarioInputs:
        """Read them; raises :class:`SlopecastError`, also for outputs that the solver does not compute."""
        inputs = super().inputs_of(parameters)
        inputs.solver.check_outputs(parameters, _NETWORK_ONLY)
        return inputs

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Predict and write."""
        from ..core.feedback import PartialFeedback
        from ..core.windowed.run_time import ENGINE_TIME, RunTime, flow_of
        from .runs.window_evaluations import MaskPrediction
        from .runs.windowed_scenario import plan_scenario, solver_needs, solver_run, solver_time, study_edges

        targets = self.targets(parameters)
        needs_water = any(targets.wants(key) for key in ("FAILURE_CLASS", "FACTOR_OF_SAFETY", "WATER_TABLE"))
        chosen = chosen_solver(
            inputs.solver, log, mask_suffices=not needs_water,
            network_outputs=[raster for raster in _NETWORK_ONLY if targets.wants(raster.key)],
        )  # fmt: skip
        compares = engine_check_applies(inputs.check_with_engine or targets.wants(ENGINE_AGREEMENT.key), chosen, log)
        flow = {flow_of(inputs.numbers): 1}
        time = RunTime(((solver_time(chosen), flow), (ENGINE_TIME, flow if compares else {})))
        plan = plan_scenario(inputs, targets, solver_needs(chosen), time, log)
        study = inputs.study(inputs.terrain(log), log)
        maps = study_edges(study, targets, log)
        halfway = 50.0 if compares else 0.0
        feedback = PartialFeedback(log, halfway, 100.0)
        with solver_on(inputs.scheduler, chosen, targets.folders[0], log) as chosen:
            engine = engine_mask(study, chosen, plan, PartialFeedback(log, 0.0, halfway)) if compares else None
            prediction = MaskPrediction(study, chosen, maps, engine, log)
            run = solver_run(study, chosen, plan, feedback)
            outputs = self.solve_and_write(inputs, targets, study, run, prediction, log, feedback=feedback)
        return {**outputs, **prediction.chosen.output, **comparison_numbers(prediction.comparison)}
