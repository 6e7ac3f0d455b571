"""One run of the failure probability: counts over draws or rows of a table, and writes the maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ...core.failure_class import initial_failure_warnings_at_means
from ...core.input_summary import table_summary
from ...core.map_parts.strips import known_strips
from ...core.probability.failure_probability import DrawStudy, Probability, failure_frequency, monte_carlo
from ...core.probability.first_order import first_order
from ...core.probability.uncertainty import Sampler, describe
from ...core.scenario_checks import spread_cautions, table_caution
from ...core.windowed.edges import edge_cautions, edge_influence
from ...core.windowed.study import Study
from ...core.workers.remote_water import computed_like
from ...text import Text
from ...variables import SOIL_DEPTH_TRAINED_M
from ..failure_probability import FIRST_ORDER, FailureProbability
from ..inputs.scenario_inputs import report_missing_cells
from ..inputs.tables import scenarios_of
from ..outputs.layer_tree import group_title
from ..outputs.provenance import provenance, scenario_provenance
from ..parameters.scenario import scenario_title
from ..parameters.spread import CORRELATION
from ..predict_from_table import layers_in_use, warn_of_unused_storm
from ..translation import tr
from .solver_choice import corrections
from .windowed_scenario import engine_run, reliability_at_means, solver_runs, study_edges, sum_diagnostics

if TYPE_CHECKING:
    from ...core.feedback import Feedback
    from ...core.physics.solve import WaterModel
    from ...core.scenario import EngineOptions
    from ...core.terrain import Terrain
    from ...core.windowed.memory import RunPlan
    from ...core.windowed.solve import WindowedRun
    from ..inputs.scenario_inputs import ScenarioInputs
    from ..log import Log
    from ..outputs.rasters import RasterTargets
    from .solver_choice import ChosenSolver

#: Cells sampled for the check of the soil depth.
_SAMPLE = 2_000_000
_MANY_CLIPPED_SHARE = 0.05
_LIKELY_FAILURE = 0.5
_FEW_DRAWS = 25  # fewer have a standard error above 0.1
_CONFIDENCE = 0.95
NO_SPREAD_WARNING = (
    "No standard deviation is given: the probability is 0 or 1 in every cell. Enter some, e.g. COHESION_SD of "
    "20 to 40 % and FRICTION_ANGLE_SD of 5 to 15 % of the mean."
)
FIRST_ORDER_WARNING = (
    "First order: standard deviations of soil depth, rain, conductivity or other inputs of the hydrology make the "
    "estimate inaccurate where only some of the parameter sets saturate the soil or bring the wetting front to the "
    "water table. Compare it with Monte Carlo (METHOD 1)."
)
CERTAIN_DEPTH = (
    "The soil depth is treated as certain (SOIL_DEPTH_SD is 0). Results are most sensitive to it: the probabilities "
    "are too close to 0 and 1 unless the depth was measured."
)


@dataclass(frozen=True)
class ProbabilityRun:
    """One run of the failure probability.

    Attributes:
        algorithm: that is run; inputs: of the run; targets: what is written.
        method: network, engine or first order; options: of the physics.
        terrain: elevation and soil depth; chosen: the solver; plan: of its runs.
        log: of the run.
    """

    algorithm: FailureProbability
    inputs: ScenarioInputs
    targets: RasterTargets
    method: str
    options: EngineOptions
    terrain: Terrain
    chosen: ChosenSolver
    plan: RunPlan
    log: Log

    def over_draws(self) -> dict[str, Any]:
        """Draw, count and write; returns the outputs."""
        given, log = self.inputs.spreads, self.log
        self.inputs.caution_repeated(given.layers.values(), log)
        study = self.inputs.study(self.terrain, log, self.options)
        study_edges(study, self.targets, log)
        spreads = given.spreads(self.terrain.grid, log)
        if given.correlation and not {"cohesion", "friction_angle"} <= set(spreads):
            log.pushInfo(Text("{} is ignored: it needs standard deviations of both.", CORRELATION))
        deviations = {name: spreads[name].standard_deviation for name in given.layers if name in spreads}
        for name, values in deviations.items():
            report_missing_cells(given.layers[name].label, values, self.terrain.valid, log)
        samples = Study.samples(deviations)
        spreads |= {name: replace(spreads[name], standard_deviation=samples[name]) for name in samples}
        for caution in spread_cautions(study.scenario, {n: s.standard_deviation for n, s in spreads.items()}):
            log.pushCaution(caution)
        draws, seed = self.inputs.draws, self.inputs.seed
        sampler = Sampler(study.scenario, spreads, draws, given.correlation, seed, given.soil_depth)
        if not sampler.uncertain:
            log.pushCaution(Text(NO_SPREAD_WARNING))
        elif not sampler.depth_sd:
            log.pushInfo(tr(CERTAIN_DEPTH))
        if sampler.uncertain and self.method != FIRST_ORDER and draws < _FEW_DRAWS:
            text = "Draws: {}. The standard error of a probability is up to {:.2f}; with 200 draws it is 0.035."
            log.pushWarning(Text(text, draws, _standard_error(draws)))
        found, chosen = self._count(DrawStudy.of_means(study, sampler, deviations))
        entries = {"method": self.method, **describe(sampler), "correlation": f"{sampler.correlation:g}"}
        entries |= chosen.provenance
        if self.method != FIRST_ORDER:
            entries |= {"draws": str(found.diagnostics["draws"]), "seed": str(seed)}
        entries |= {"clipped": " | ".join(sampler.clipping_notes()) or "none"}
        log.pushInfo(Text("Method: {}. Solver: {}", self.method, chosen.used))
        entries |= scenario_provenance(study.scenario, self.inputs.layers)
        return replace(self, chosen=chosen)._write(found, study, scenario_title(study.scenario), entries)

    def over_rows(self) -> dict[str, Any]:
        """Count over the rows of the table, and write; returns the outputs."""
        table, unused, log = self.inputs.table, self.inputs.spreads.keys, self.log
        if unused:
            log.pushCaution(
                Text("Standard deviations are not used with a table of scenarios: {}. The probability does not include "
                     "this uncertainty.", ", ".join(unused))
            )  # fmt: skip
        table.caution_depth(self.inputs.depth_origin, log)
        rasters = self.inputs.rasters(self.terrain, log, layers_in_use(self.inputs, table, log))
        rows = scenarios_of(table, {**self.inputs.numbers, **Study.samples(rasters)}, log)
        warn_of_unused_storm(self.inputs.numbers, table, rows, log)
        log.pushInfo(table_summary(rows))
        if len(rows) < _FEW_DRAWS and not table.calibrated_depth:
            log.pushWarning(
                Text(
                    "Rows of the table: {}. The share of the rows in which a cell fails is a probability only if the "
                    "rows are equally likely, which storms of different return periods are not; its standard error is "
                    "up to {:.2f}.", len(rows), _standard_error(len(rows)),
                )
            )  # fmt: skip
        studies = [Study(self.terrain, row.with_values(options=self.options), rasters) for row in rows]
        self._caution_rows(studies)
        corrected: list[dict[str, Any]] = []
        runs, on_water = solver_runs(self.chosen, self.plan), partial(_note_corrections, corrected)
        found = failure_frequency(studies, runs, log, on_water)
        chosen = self.chosen.after(corrected)
        chosen.push_corrections(corrected, log)
        log.pushInfo(Text("Rows of the table: {}. Solver: {}", len(rows), chosen.used))
        entries = {"method": f"{len(rows)} rows of a table", **table.provenance, **chosen.provenance}
        return replace(self, chosen=chosen)._write(found, studies[0], table.source, entries)

    def _caution_rows(self, studies: Sequence[Study]) -> None:
        """Push cautions on unlikely amounts in rows, groundwater from outside, and values outside the training."""
        log, scenarios = self.log, [study.scenario for study in studies]
        caution = table_caution(scenarios)
        if caution:
            log.pushCaution(caution)
        farthest = max(studies, key=lambda s: float(np.nanmax(s.scenario.lateral_conductivity)) * s.scenario.duration)
        for caution in edge_cautions(self.terrain, farthest.scenario, edge_influence(farthest, log)):
            log.pushCaution(caution)
        outside = sum(1 for one in scenarios if one.outside_training())
        if self.chosen.is_network and outside:
            text = "{} of {} rows are outside the ranges on which the network was trained."
            log.pushWarning(Text(text, outside, len(studies)))

    def _count(self, study: DrawStudy) -> tuple[Probability, ChosenSolver]:
        """Run the method, and log clipped draws and values outside the training ranges."""
        corrected: list[dict[str, Any]] = []
        sampler, log = study.sampler, self.log
        if self.method == FIRST_ORDER:
            if sampler.changes_water:
                log.pushWarning(Text(FIRST_ORDER_WARNING))
            found = first_order(study, self._lateral_run, log)
        else:
            runs, on_water = solver_runs(self.chosen, self.plan), partial(_note_corrections, corrected)
            found = monte_carlo(study, runs, log, on_water)
            self.chosen.push_corrections(corrected, log)
        for text, count in zip(sampler.clipping_notes(), sampler.clipped.values()):
            (log.pushWarning if count > _MANY_CLIPPED_SHARE * sampler.drawn else log.pushInfo)(text)
        if self.chosen.is_network and sampler.outside_training:
            text = "{} of {} draws are outside the ranges on which the network was trained."
            log.pushWarning(Text(text, sampler.outside_training, sampler.drawn))
        if self.chosen.is_network and sampler.depth_sd:
            self._warn_about_deep_draws(sampler)
        return found, self.chosen.after(corrected)

    def _lateral_run(self, study: DrawStudy, model: WaterModel, feedback: Feedback) -> WindowedRun:
        """The run of a model of lateral flow, by the workers of the solver, if any."""
        return engine_run(study, computed_like(self.chosen.solver, model), self.plan, feedback)

    def _warn_about_deep_draws(self, sampler: Sampler) -> None:
        """Warn about draws in which over 1 % of the cells have soil deeper than in the network's training."""
        depth, trained = self.terrain.sample(_SAMPLE).soil_depth, SOIL_DEPTH_TRAINED_M[1]
        deep = float(np.quantile(depth, 0.99))
        count = sum(factor * deep > trained for factor in sampler.depth_factors)
        if count:
            text = "In {} of {} draws the soil is deeper than the {:g} m that the network was trained on."
            self.log.pushWarning(Text(text, count, sampler.draws, trained))

    def _write(self, found: Probability, study: Study, title: str, entries: dict[str, str]) -> dict[str, Any]:
        """Write the rasters and return the outputs; study: at the means, whose reliability is reported."""
        log = self.log
        for warning in initial_failure_warnings_at_means(study.cohesions(), found.expected_failed_cells):
            log.pushWarning(warning)
        reliability = reliability_at_means(study, self.chosen, self.plan, log).with_cautions(log.cautions)
        push = log.pushInfo if reliability.level == "trusted" else log.pushWarning
        text = "Reliability at the means: {}" if self.inputs.table is None else "Reliability at the first row: {}"
        push(Text(text, reliability.without(log.cautions).localized(tr)))
        numbers = _report(found, log)
        entries |= {"reliability": str(reliability)}
        metadata = provenance(self.algorithm.ID, log, **self.inputs.terrain_provenance(), **entries)
        arrays = {"FAILURE_PROBABILITY": found.probability, "MEAN_FACTOR_OF_SAFETY": found.mean_factor_of_safety}
        group = group_title(self.inputs.dem.layer_name, f"{tr(self.algorithm.TITLE)}, {title}")
        written = self.targets.write(arrays, self.terrain.grid, metadata, log, title, group=group)
        return {**written, **numbers, "RELIABILITY": reliability.localized(tr), **self.chosen.output}


def _note_corrections(known: list[dict[str, Any]], diagnostics: Sequence[dict[str, Any]]) -> None:
    """Add what the U-Net corrected in a water state, from the diagnostics of its windows."""
    known += corrections(sum_diagnostics(diagnostics))


def _report(found: Probability, log: Log) -> dict[str, Any]:
    """Log the summary numbers and return them by output key."""
    diagnostics = found.diagnostics
    sets = diagnostics.get("draws", diagnostics.get("points"))
    text = "{} parameter sets, {} hydrological simulations: {:.1f} s."
    log.pushInfo(Text(text, sets, diagnostics["events"], diagnostics["seconds"]))
    if diagnostics.get("draws", 0) > 1:
        text = (
            "Standard error of a probability: at most {:.3f}, at 0.5. A cell with 0 or 1 failed in none or all of the "
            "draws: its probability may differ from that by up to {:.3f} (95 % confidence)."
        )
        draws = diagnostics["draws"]
        log.pushInfo(Text(text, _standard_error(draws), 1.0 - (1.0 - _CONFIDENCE) ** (1.0 / draws)))
    valid, expected = found.valid_cells, found.expected_failed_cells
    likely = sum(int((strip >= _LIKELY_FAILURE).sum()) for strip in known_strips(found.probability))
    share = expected / valid if valid else 0.0
    text = "Expected: {:,.1f} of {:,} cells fail ({:.3g} %); {:,} fail with a probability of 0.5 or more."
    log.pushInfo(Text(text, expected, valid, 100.0 * share, likely))
    return {
        "VALID_CELLS": valid, "EXPECTED_FAILED_CELLS": expected, "EXPECTED_FAILED_SHARE": share,
        "LIKELY_FAILED_CELLS": likely,
    }  # fmt: skip


def _standard_error(draws: int) -> float:
    """Standard error of a probability of 0.5."""
    return 0.5 / draws**0.5
