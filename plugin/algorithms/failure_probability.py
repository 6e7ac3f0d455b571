"""Processing algorithm for the probability of failure under uncertain parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from ..core.errors import InputError
from ..variables import STRENGTH
from .inputs.scenario_inputs import ScenarioInputs
from .inputs.tables import placeholder_values, scenarios_of
from .log import Log
from .outputs.rasters import RasterOutput
from .parameter_values import ParameterValues
from .parameters.definitions import Group, all_of, choice_input, chosen, number_input, table_input
from .parameters.engine import ENGINE_OPTIONS
from .parameters.network import NETWORK_PARAMETERS
from .parameters.scenario import SCENARIO
from .parameters.scheduler import scheduler_input, solver_on
from .parameters.spread import SPREADS
from .runs.solver_choice import ENGINE, NETWORK, SOLVER_USED, SolverChoice, chosen_solver
from .scenario_algorithm import ScenarioAlgorithm

if TYPE_CHECKING:
    from ..core.scenario import Scenario
    from ..core.windowed.run_time import RunTime, SimulationTime

#: Bytes per cell for sums and draws in addition to the solver's.
_BYTES = 300.0
FIRST_ORDER = "first order"
_METHODS = {
    "network": "Monte Carlo with the network",
    "engine": "Monte Carlo with the physics engine",
    FIRST_ORDER: "First order with the physics engine",
}
_TABLE = table_input(
    "TABLE", "Table of scenarios in place of draws",
    "Equally likely scenarios, such as the best sets of Calibrate to landslides: the probability is the share of the "
    "rows in which a cell fails. Columns as in Predict failure masks from a table; draws and standard deviations are "
    "then not used.", optional=True,
)  # fmt: skip
_NUMBERS = {
    "VALID_CELLS": "Valid cells",
    "EXPECTED_FAILED_CELLS": "Expected number of failed cells: the sum of the probabilities",
    "EXPECTED_FAILED_SHARE": "Expected share of failed cells",
    "LIKELY_FAILED_CELLS": "Cells with a failure probability of 0.5 or more",
}


def _solver_of_method(parameters: ParameterValues) -> SolverChoice:
    return SolverChoice.of(parameters, NETWORK if chosen(parameters, "METHOD") == NETWORK else ENGINE)


class FailureProbability(ScenarioAlgorithm):
    """Draws parameters from their spreads and counts how often each cell fails."""

    ID = "failureprobability"
    TITLE = "Failure probability"
    GROUP = "stability"
    SUMMARY = (
        "Computes the probability that a cell fails when soil, soil depth and rainfall are uncertain: the share of the "
        "draws with a factor of safety below 1, or its first-order estimate. Each draw changes a parameter over the "
        "whole map at once; where lateral flow is weak, the probability of a cell is the same if the soil varies from "
        "place to place. The result describes the uncertainty of the soil; the network's own error is the model "
        "confidence of <i>Predict failure mask</i>. If only strength and unit weights have standard deviations, the "
        "hydrology is computed once; with standard deviations of soil depth, rain, conductivity and similar parameters "
        "it is computed for each draw. The help of <i>Method</i> lists where the first-order estimate is inaccurate."
    )
    TAGS = ("Monte Carlo", "uncertainty", "probability", "reliability", "FOSM")
    NUMBERS = _NUMBERS
    TEXTS = {"RELIABILITY": "Reliability at the means: trusted, caution or outside, and why", **SOLVER_USED}
    INPUTS = (
        *SCENARIO,
        choice_input(
            "METHOD", "Method",
            "Monte Carlo computes every draw. First order takes mean and standard deviation of log FS from 32 "
            "parameter sets on the soil column and adds the lateral flow of one simulation, or of three if lateral "
            "conductivity has a standard deviation. It assumes that FS is lognormal. It is inaccurate where FS has two "
            "likely values, because the soil saturates, or the wetting front reaches the water table, in only some of "
            "the sets; where the uncertainty of rain, duration or initial water table changes strong lateral flow; and "
            "where a normal or triangular cohesion has a standard deviation above 30 % of its mean: small "
            "probabilities are then too low. Use Monte Carlo there. Without torch the physics engine is used in place "
            "of the network.",
            choices=_METHODS,
        ),
        number_input(
            "DRAWS", "Number of draws",
            "1 to 100000, as a Latin hypercube; with 200 draws the standard error is at most 0.035, and probabilities "
            "below 0.015 may appear as 0.",
            default=200, limits=(1, 100_000), whole=True,
        ),
        number_input(
            "SEED", "Seed", "The same seed, inputs and standard deviations give the same map.",
            default=1, limits=(0, 2_147_483_647), whole=True,
        ),
        _TABLE,
        SPREADS,
        ENGINE_OPTIONS,
        Group("solver", all_of(*NETWORK_PARAMETERS), _solver_of_method),
        scheduler_input(
            "The workers compute the hydrology of the draws or rows; with the first-order method lateral flow."
        ),
    )  # fmt: skip
    OUTPUTS = (
        RasterOutput(
            "FAILURE_PROBABILITY", "Failure probability", "-", "failure_probability",
            "Probability of a factor of safety below 1 for the specified standard deviations, 0 to 1. With Monte Carlo "
            "0 means that the cell failed in none of the draws, not that it cannot fail.", optional=False,
        ),
        RasterOutput(
            "MEAN_FACTOR_OF_SAFETY", "Mean factor of safety", "-", "factor_of_safety",
            "Mean over the draws, or by first order over the 32 parameter sets; values are limited to 10.",
        ),
    )  # fmt: skip

    def inputs_of(self, parameters: ParameterValues) -> ScenarioInputs:
        """Read them; raises :class:`SlopecastError`."""
        inputs = super().inputs_of(parameters)
        if inputs.table is not None and inputs.method == FIRST_ORDER:
            raise InputError(
                parameters.label(_TABLE.key),
                "cannot be used with the first-order method, which needs standard deviations",
                "METHOD 0 (network) or 1 (engine)", "Choose another method, or omit the table.",
            )  # fmt: skip
        return inputs

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Choose the solver and where it runs, and count over draws or rows."""
        from ..core.scenario import EngineOptions
        from .runs.probability_run import ProbabilityRun
        from .runs.windowed_scenario import plan_scenario, solver_needs, solver_time

        targets = self.targets(parameters)
        rows = []
        if inputs.table is not None:
            rows = scenarios_of(inputs.table, placeholder_values(inputs.numbers))
        options = EngineOptions(**inputs.options)
        chosen = chosen_solver(inputs.solver, log, options=options)
        method = ENGINE if inputs.method == NETWORK and not chosen.is_network else inputs.method
        needs = solver_needs(chosen, options, more=_BYTES)
        time = _time(inputs, rows, solver_time(chosen, options))
        plan = plan_scenario(inputs, targets, needs, time, log, len(inputs.spreads.layers), many=True)
        terrain = inputs.terrain(log)
        with solver_on(inputs.scheduler, chosen, targets.folders[0], log) as chosen:
            run = ProbabilityRun(self, inputs, targets, method, options, terrain, chosen, plan, log)
            return run.over_draws() if inputs.table is None else run.over_rows()


def _time(inputs: ScenarioInputs, rows: Sequence[Scenario], solver: SimulationTime) -> RunTime:
    """Time of a run; rows: scenarios of the table, empty without one."""
    from ..core.probability.first_order import POINTS
    from ..core.windowed import run_time

    uncertain, flow = inputs.spreads.names, run_time.flow_of(inputs.numbers)
    if inputs.method == FIRST_ORDER:
        sets = POINTS * (run_time.COLUMN_TIME.each + run_time.ROW_S)
        lateral = bool({"conductivity", "lateral_anisotropy"} & uncertain)
        return run_time.RunTime(((solver, {flow: 3 if lateral else 1}),), sets)
    own = inputs.options["evaluate"] != "end"
    if rows:
        flows = run_time.flows_of(rows, shared=not own)
        return run_time.RunTime(((solver, flows),), run_time.ROW_S * len(rows))
    draws = inputs.draws if uncertain else 1
    flows = {flow: draws if own or not uncertain <= set(STRENGTH) else 1}
    return run_time.RunTime(((solver, flows),), run_time.DRAW_S * draws)
