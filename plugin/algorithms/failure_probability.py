"""Processing algorithm for the probability of failure under uncertain parameters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import (
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ..core.errors import InputError
from ..text import Text
from ..variables import SOIL_DEPTH_TRAINED_M
from .inputs.number_input import NumberInput
from .inputs.scenario_inputs import ScenarioInputs, report_missing_cells
from .inputs.tables import Table, read_table, scenarios_of
from .outputs.layer_groups import group_title
from .outputs.provenance import provenance, scenario_provenance
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues
from .parameters.choices import choice_parameter, chosen
from .parameters.definitions import table_parameter
from .parameters.engine import engine_choices, engine_parameters
from .parameters.network import network_parameters
from .parameters.scenario import scenario_numbers, scenario_title
from .parameters.scheduler import scheduler_given, scheduler_parameter, solver_on
from .parameters.spread import CORRELATION, SpreadInputs, spread_parameters
from .predict_from_table import layers_in_use, placeholder_values
from .scenario_algorithm import ScenarioAlgorithm
from .solver_choice import ENGINE, NETWORK, ChosenSolver, SolverChoice, chosen_solver, solver_output
from .translation import tr
from .windowed_scenario import engine_run, plan_scenario, reliability_at_means, solver_needs, solver_runs, study_edges

if TYPE_CHECKING:
    from ..core.feedback import Feedback
    from ..core.physics.solve import WaterModel
    from ..core.probability.failure_probability import DrawStudy, Probability
    from ..core.probability.uncertainty import Sampler
    from ..core.reliability import Reliability
    from ..core.scenario import EngineOptions
    from ..core.terrain import Terrain
    from ..core.windowed.memory import RunPlan
    from ..core.windowed.solve import WindowedRun
    from .log import Log

#: Bytes per cell for sums and draws in addition to the solver's; cells sampled for the check of the soil depth.
_BYTES, _SAMPLE = 300.0, 2_000_000
FIRST_ORDER, TABLE = "first order", "TABLE"
_METHODS = {
    "network": "Monte Carlo with the network",
    "engine": "Monte Carlo with the physics engine",
    FIRST_ORDER: "First order with the physics engine",
}
_COUNTS = (
    NumberInput(
        "DRAWS", "Number of draws", 200,
        "1 to 100000, as a Latin hypercube; with 200 draws the standard error is at most 0.035.", (1, 100_000),
        whole=True,
    ),
    NumberInput(
        "SEED", "Seed", 1, "The same seed, inputs and spreads give the same map.", (0, 2_147_483_647), whole=True
    ),
)  # fmt: skip
_MANY_CLIPPED_SHARE = 0.05
_LIKELY_FAILURE = 0.5
_NUMBERS = {
    "VALID_CELLS": "Valid cells",
    "EXPECTED_FAILED_CELLS": "Expected number of failed cells: the sum of the probabilities",
    "EXPECTED_FAILED_SHARE": "Expected share of failed cells",
    "LIKELY_FAILED_CELLS": "Cells with a failure probability of 0.5 or more",
}
NO_SPREAD_WARNING = (
    "No parameter has a spread: the probability is 0 or 1 in every cell. Give a standard deviation, e.g. COHESION_SD "
    "of 20 to 40 % and FRICTION_ANGLE_SD of 5 to 15 % of the mean."
)
CERTAIN_DEPTH = (
    "The soil depth is treated as certain (SOIL_DEPTH_SD is 0). Results are most sensitive to it: the probabilities "
    "are too close to 0 and 1 unless the depth was measured."
)


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
        "it is computed for each draw. The first-order method takes mean and standard deviation of log FS from 32 "
        "parameter sets on the soil column and adds the lateral flow of one simulation, or of three if lateral "
        "conductivity has a standard deviation. It assumes that FS is lognormal. It is inaccurate where FS has two "
        "likely values, because the soil saturates, or the wetting front reaches the water table, in only some of the "
        "sets; and where the uncertainty of rain, duration or initial water table changes strong lateral flow. Use "
        "Monte Carlo there."
    )
    TAGS = ("Monte Carlo", "uncertainty", "probability", "reliability", "FOSM")
    NUMBERS = _NUMBERS
    RASTERS = (
        RasterOutput(
            "FAILURE_PROBABILITY", "Failure probability", "-", "failure_probability",
            "Probability of a factor of safety below 1 for the specified standard deviations, 0 to 1.", optional=False,
        ),
        RasterOutput(
            "MEAN_FACTOR_OF_SAFETY", "Mean factor of safety", "-", "factor_of_safety",
            "Mean over the draws, or by first order over the 32 parameter sets; values are limited to 10.",
        ),
    )  # fmt: skip

    def declare_choices(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield method, draws, spreads, and the options of engine and network."""
        yield choice_parameter(
            "METHOD", "Method", _METHODS,
            "Monte Carlo computes every draw; first order computes 32 sets of parameters. Without torch the physics "
            "engine is used in place of the network.",
        )  # fmt: skip
        yield from (count.parameter() for count in _COUNTS)
        yield table_parameter(
            TABLE, "Table of scenarios in place of draws",
            "Equally likely scenarios, such as the best sets of Calibrate to landslides: the probability is the share "
            "of the rows in which a cell fails. Columns as in Predict failure masks from a table; draws and standard "
            "deviations are then not used.", optional=True,
        )  # fmt: skip
        yield from spread_parameters()
        yield from engine_parameters()
        yield from network_parameters()
        yield scheduler_parameter(
            "The workers compute the hydrology of the draws or rows; with the first-order method lateral flow."
        )

    def declare_outputs(self) -> None:
        """Declare reliability and solver."""
        title = tr("Reliability at the means: trusted, caution or outside, and why")
        self.addOutput(QgsProcessingOutputString("RELIABILITY", title))
        self.addOutput(solver_output())

    def read_choices(self, parameters: ParameterValues) -> dict[str, Any]:
        """Read method, draws, spreads and options; raises :class:`InputError`."""
        method = chosen(parameters, "METHOD")
        choices: dict[str, Any] = {"method": method, "spreads": SpreadInputs.of(parameters)}
        choices["table"] = self._table(parameters, method)
        choices |= {count.key.lower(): count.read(parameters) for count in _COUNTS}
        choices["options"] = engine_choices(parameters)
        wanted = NETWORK if method == NETWORK else ENGINE
        choices["solver"] = SolverChoice.of(parameters, wanted)
        choices["scheduler"] = scheduler_given(parameters)
        return choices

    def _table(self, parameters: ParameterValues, method: str) -> Table | None:
        """Read the table of scenarios, ``None`` where there is none; raises :class:`InputError`."""
        if not parameters.is_given(TABLE):
            return None
        if method == FIRST_ORDER:
            raise InputError(
                parameters.label(TABLE), "cannot be used with the first-order method, which needs standard deviations",
                "METHOD 0 (network) or 1 (engine)",
                "Choose another method, or omit the table.",
            )  # fmt: skip
        return read_table(parameters, TABLE)

    def check_choices(self, choices: dict[str, Any], parameters: ParameterValues) -> None:
        """Report the errors of the table."""
        if choices["table"] is not None:
            scenarios_of(choices["table"], placeholder_values(scenario_numbers(parameters)))

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Choose the solver and where it runs, and count over draws or rows."""
        from ..core.scenario import EngineOptions

        targets = RasterTargets.of(self.RASTERS, parameters)
        choices = dict(inputs.choices)
        if choices["table"] is not None:
            scenarios_of(choices["table"], placeholder_values(inputs.numbers))
        options = EngineOptions(**choices["options"])
        chosen = chosen_solver(choices["solver"], log, options=options)
        if choices["method"] == NETWORK and not chosen.is_network:
            choices["method"] = ENGINE
        needs = solver_needs(chosen, options, more=_BYTES)
        plan = plan_scenario(inputs, targets, needs, log, len(choices["spreads"].layers))
        terrain = inputs.terrain(log)
        with solver_on(choices["scheduler"], chosen, targets.folders[0], log) as chosen:
            if choices["table"] is not None:
                return self._run_table(inputs, targets, terrain, options, chosen, plan, log)
            return self._run_draws(inputs, targets, terrain, choices, chosen, plan, log)

    def _run_draws(
        self, inputs: ScenarioInputs, targets: RasterTargets, terrain: Terrain, choices: dict[str, Any],
        chosen: ChosenSolver, plan: RunPlan, log: Log,
    ) -> dict[str, Any]:  # fmt: skip
        """Draw, count and write."""
        from ..core.probability.failure_probability import DrawStudy
        from ..core.probability.uncertainty import Sampler, describe
        from ..core.scenario import EngineOptions
        from ..core.scenario_checks import spread_cautions
        from ..core.windowed.study import Study

        given, options = choices["spreads"], EngineOptions(**choices["options"])
        study = inputs.study(terrain, log, options)
        study_edges(study, targets, log)
        spreads = given.spreads(terrain.grid, log)
        if given.correlation and not {"cohesion", "friction_angle"} <= set(spreads):
            log.pushInfo(Text("{} is ignored: it needs standard deviations of both.", CORRELATION))
        deviations = {name: spreads[name].standard_deviation for name in given.layers if name in spreads}
        for name, values in deviations.items():
            report_missing_cells(given.layers[name].label, values, terrain.valid, log)
        samples = Study.samples(deviations)
        spreads |= {name: replace(spreads[name], standard_deviation=samples[name]) for name in samples}
        for caution in spread_cautions(study.scenario, {n: s.standard_deviation for n, s in spreads.items()}):
            log.pushCaution(caution)
        sampler = Sampler(
            study.scenario, spreads, choices["draws"], given.correlation, choices["seed"], given.soil_depth
        )
        if not sampler.uncertain:
            log.pushWarning(tr(NO_SPREAD_WARNING))
        elif not sampler.depth_sd:
            log.pushInfo(tr(CERTAIN_DEPTH))
        found = _run_method(choices["method"], DrawStudy.of_means(study, sampler, deviations), chosen, plan, log)
        entries = {"method": choices["method"], **describe(sampler), "correlation": f"{sampler.correlation:g}"}
        entries |= chosen.provenance
        if choices["method"] != FIRST_ORDER:
            entries |= {"draws": str(found.diagnostics["draws"]), "seed": str(choices["seed"])}
        entries |= {"clipped": " | ".join(sampler.clipping_notes()) or "none"}
        log.pushInfo(Text("Method: {}. Solver: {}", choices["method"], chosen.used))
        entries |= scenario_provenance(study.scenario, inputs.layers)
        reliability = reliability_at_means(study, chosen, plan, log)
        title = scenario_title(study.scenario)
        return self._write_results(inputs, targets, terrain, found, reliability, chosen, log, title, entries)

    def _run_table(
        self, inputs: ScenarioInputs, targets: RasterTargets, terrain: Terrain, options: EngineOptions,
        chosen: ChosenSolver, plan: RunPlan, log: Log,
    ) -> dict[str, Any]:  # fmt: skip
        """Count over the rows of a table, and write."""
        from ..core.input_summary import table_summary
        from ..core.probability.failure_probability import failure_frequency
        from ..core.windowed.study import Study

        table: Table = inputs.choices["table"]
        spreads: SpreadInputs = inputs.choices["spreads"]
        if spreads.keys:
            log.pushCaution(
                Text("Standard deviations are not used with a table of scenarios: {}. The probability does not include "
                     "this uncertainty.", ", ".join(spreads.keys))
            )  # fmt: skip
        rasters = inputs.rasters(terrain, log, layers_in_use(inputs, table, log))
        rows = scenarios_of(table, {**inputs.numbers, **Study.samples(rasters)}, log)
        log.pushInfo(table_summary(rows))
        studies = [Study(terrain, row.with_values(options=options), rasters) for row in rows]
        found = failure_frequency(studies, solver_runs(chosen, plan), log)
        log.pushInfo(Text("Rows of the table: {}. Solver: {}", len(rows), chosen.used))
        entries = {"method": f"{len(rows)} rows of a table", "table": table.source, **chosen.provenance}
        reliability = reliability_at_means(studies[0], chosen, plan, log)
        return self._write_results(inputs, targets, terrain, found, reliability, chosen, log, table.source, entries)

    def _write_results(
        self, inputs: ScenarioInputs, targets: RasterTargets, terrain: Terrain, found: Probability,
        reliability: Reliability, chosen: ChosenSolver, log: Log, title: str, entries: dict[str, str],
    ) -> dict[str, Any]:  # fmt: skip
        """Write the rasters and return the outputs; reliability: of the network at the means."""
        reliability = reliability.with_cautions(log.cautions)
        push = log.pushInfo if reliability.level == "trusted" else log.pushWarning
        push(tr("Reliability at the means: {}").format(reliability.localized(tr)))
        numbers = _report_draws(found, log)
        entries |= {"reliability": str(reliability)}
        metadata = provenance(self.ID, log, **inputs.terrain_provenance(), **entries)
        arrays = {"FAILURE_PROBABILITY": found.probability, "MEAN_FACTOR_OF_SAFETY": found.mean_factor_of_safety}
        return {
            **targets.write(
                arrays,
                terrain.grid,
                metadata,
                log,
                title,
                group=group_title(inputs.dem.layer_name, f"{tr(self.TITLE)}, {title}"),
            ),
            **numbers,
            "RELIABILITY": reliability.localized(tr),
            **chosen.output,
        }


def _lateral_run(
    chosen: ChosenSolver, plan: RunPlan, study: DrawStudy, model: WaterModel, feedback: Feedback
) -> WindowedRun:  # fmt: skip
    """The run of a model of lateral flow, by the workers of the solver, if any."""
    from ..core.workers.remote_water import computed_like

    return engine_run(study, computed_like(chosen.solver, model), plan, feedback)


def _run_method(method: str, study: DrawStudy, chosen: ChosenSolver, plan: RunPlan, log: Log) -> Probability:
    """Run the method, and log clipped draws and values outside the training ranges."""
    from ..core.probability.failure_probability import monte_carlo
    from ..core.probability.first_order import first_order

    sampler = study.sampler
    if method == FIRST_ORDER:
        found = first_order(study, partial(_lateral_run, chosen, plan), log)
    else:
        found = monte_carlo(study, solver_runs(chosen, plan), log)
    for text, count in zip(sampler.clipping_notes(), sampler.clipped.values()):
        (log.pushWarning if count > _MANY_CLIPPED_SHARE * sampler.drawn else log.pushInfo)(text)
    if chosen.is_network and sampler.outside_training:
        log.pushWarning(
            tr("{} of {} draws are outside the ranges on which the network was trained.").format(
                sampler.outside_training, sampler.drawn
            )
        )
    if chosen.is_network and sampler.depth_sd:
        _warn_about_deep_draws(study.terrain, sampler, log)
    return found


def _warn_about_deep_draws(terrain: Terrain, sampler: Sampler, log: Log) -> None:
    """Warn about draws in which over 1 % of the cells have soil deeper than in the network's training."""
    import numpy as np

    deep, trained = float(np.quantile(terrain.sample(_SAMPLE).soil_depth, 0.99)), SOIL_DEPTH_TRAINED_M[1]
    count = sum(factor * deep > trained for factor in sampler.depth_factors)
    if count:
        text = tr("In {} of {} draws the soil is deeper than the {:g} m that the network was trained on.")
        log.pushWarning(text.format(count, sampler.draws, trained))


def _report_draws(found: Probability, log: Log) -> dict[str, Any]:
    """Log the summary numbers and return them by output key."""
    from ..core.strips import known_strips

    diagnostics = found.diagnostics
    text = tr("{} parameter sets, {} hydrological simulations: {:.1f} s.")
    log.pushInfo(
        text.format(diagnostics.get("draws", diagnostics.get("points")), diagnostics["events"], diagnostics["seconds"])
    )
    if diagnostics.get("draws", 0) > 1:
        error = 0.5 / diagnostics["draws"] ** 0.5
        log.pushInfo(tr("Standard error of a probability: at most {:.3f}, at 0.5.").format(error))
    valid, expected = found.valid_cells, found.expected_failed_cells
    likely = sum(int((strip >= _LIKELY_FAILURE).sum()) for strip in known_strips(found.probability))
    share = expected / valid if valid else 0.0
    log.pushInfo(
        tr("Expected: {:.1f} of {} cells fail ({:.2f} %); {} fail with a probability of 0.5 or more.").format(
            expected, valid, 100.0 * share, likely
        )
    )
    return {
        "VALID_CELLS": valid,
        "EXPECTED_FAILED_CELLS": expected,
        "EXPECTED_FAILED_SHARE": share,
        "LIKELY_FAILED_CELLS": likely,
    }
