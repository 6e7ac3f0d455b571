"""Processing algorithm that runs the physics engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .inputs.scenario_inputs import ScenarioInputs
from .outputs.loaded_layers import TimeSeries
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues
from .parameters.definitions import choice_input
from .parameters.engine import ENGINE_OPTIONS, ENGINE_PROCESSES, EngineProcesses
from .parameters.scenario import SCENARIO
from .parameters.scheduler import WINDOWS_ON_WORKERS, model_on, scheduler_input
from .scenario_algorithm import (
    EDGE_INFLUENCE,
    FAILURE_CLASS,
    FAILURE_MASK,
    REPORT,
    WATER_TABLE,
    ScenarioMapsAlgorithm,
)

if TYPE_CHECKING:
    from ..core.windowed.memory import SolverNeeds
    from ..core.windowed.run_time import RunTime
    from .log import Log

#: Agreement is printed by ``make schemes``, times by ``make bench``.
_SCHEME = choice_input(
    "SCHEME", "Scheme of lateral flow",
    "The exact scheme computes lateral flow at full resolution throughout the event. The fast scheme takes longer "
    "steps, 24 to 384 that depend on the strength of the flow, and where flow is strong it computes the early hours on "
    "coarser grids: it is 1.5 to 3 times as fast. The masks of the two schemes agree with an IoU of 0.998 on average "
    "and never below 0.96 in 52 scenarios over the training ranges. Failure time, series and the minimum over the "
    "event are computed by the exact scheme.",
    advanced=True,
    choices={"exact": "Exact: full resolution throughout", "fast": "Fast: longer steps, or coarser grids at first"},
)  # fmt: skip
#: Bytes a cell of the flow tree and the contributing area.
_STEADY_BYTES = 60.0
#: Numeric outputs by key; the solver's diagnostics use the same names in lower case.
_NUMBERS = {
    "MASS_BALANCE_ERROR": "Relative error of the mass balance",
    "STEPS": "Time steps",
    "SECONDS": "Wall time of the simulation [s]",
}


class SimulateFactorOfSafety(ScenarioMapsAlgorithm):
    """Steps infiltration, groundwater and stability through a rain event."""

    ID = "simulatefactorofsafety"
    TITLE = "Simulate factor of safety (physics engine)"
    GROUP = "stability"
    SUMMARY = (
        "Simulates a rainfall event with the physics engine: Green-Ampt infiltration, depth-averaged lateral "
        "groundwater flow and the infinite-slope factor of safety, the smaller of those at the wetting front and at "
        "bedrock. The network of <i>Predict failure mask</i> was trained on this engine. Does not need PyTorch."
    )
    TAGS = ("factor of safety", "Green-Ampt", "groundwater", "infinite slope", "TRIGRS")
    NUMBERS = {**ScenarioMapsAlgorithm.NUMBERS, **_NUMBERS}
    INPUTS = (*SCENARIO, _SCHEME, ENGINE_OPTIONS, ENGINE_PROCESSES, scheduler_input(WINDOWS_ON_WORKERS))
    OUTPUTS = (
        RasterOutput(
            "FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety", (
                "0 to 10; cells below 1 fail."
            ), optional=False
        ),
        FAILURE_MASK,
        FAILURE_CLASS._replace(
            doc=f"{FAILURE_CLASS.doc} With the minimum over the event (EVALUATE), class 1 fails at some time in the "
            "event, class 2 includes cells that are stable at its end, and class 3 does not occur."
        ),
        RasterOutput(
            "INITIAL_FACTOR_OF_SAFETY", "Initial factor of safety", "-", "factor_of_safety",
            "Before the rain: initial water table only.",
        ),
        WATER_TABLE,
        RasterOutput(
            "WETTING_FRONT", "Wetting front depth", "m", "wetting_front", "Vertical depth at the end of the event."
        ),
        RasterOutput(
            "FAILURE_TIME", "Failure time", "h", "failure_time",
            "Hours from the start of the event until the factor of safety first falls below 1, rounded up to 5 "
            "minutes and accurate to a quarter of an hour (where lateral flow is strong, a few cells may be further "
            "off); 0 where it is below 1 before the rain, NoData where it never falls below 1. Cells that fail and "
            "become stable again within the same hour of constant rain may be missed.",
        ),
        RasterOutput(
            "FAILURE_MODE", "Failure mode", "", "failure_mode", "0 none, 1 at the wetting front, 2 at the bedrock."
        ),
        RasterOutput(
            "STABILITY_CLASS", "Stability class", "", "stability_class",
            "0 stable even when saturated, 1 stable in this event, 2 failed in this event, 3 unstable even when dry.",
        ),
        RasterOutput(
            "FAILURE_DEPTH", "Failure depth", "m", "failure_depth",
            "Vertical depth of the slip surface of a failed cell, at the wetting front or at bedrock; NoData where it "
            "does not fail.",
        ),
        RasterOutput(
            "RUNOFF", "Runoff", "mm", "runoff", "Rain that did not infiltrate, up to the end of the event."
        ),
        RasterOutput(
            "CRITICAL_RAINFALL", "Critical rainfall", "mm/h", "critical_rainfall",
            "Lowest constant intensity at which the cell fails at the end of the duration, without lateral flow; 0 "
            "where it fails without rain, NoData where it does not fail even at 300 mm/h.",
        ),
        EDGE_INFLUENCE,
        RasterOutput(
            "FACTOR_OF_SAFETY_SERIES", "Factor of safety over time", "-", "factor_of_safety",
            "A GeoTIFF with one band per hour of the series; the band descriptions give the times, "
            "counted from 2000-01-01. QGIS 3.38 and newer play the layer with the temporal "
            "controller; older versions get a group of layers, one per band.", many_bands=True,
        ),
        REPORT,
    )  # fmt: skip

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Simulate and write."""
        from ..core.physics.engine import engine_for
        from ..core.quantities.hours import parse_hours
        from ..core.scenario import EngineOptions
        from .runs.window_evaluations import EngineSimulation
        from .runs.windowed_scenario import engine_run, plan_scenario, study_edges

        targets = self.targets(parameters)
        processes: EngineProcesses = inputs.processes
        plan = plan_scenario(
            inputs, targets, self._needs(inputs), _time(inputs, targets), log, rasters=int(processes.table is not None)
        )
        options = EngineOptions(**inputs.options, **processes.options)
        inputs.caution_repeated([processes.table], log)
        study = processes.study(inputs.study(inputs.terrain(log), log, options), log)
        edges = study_edges(study, targets, log, steady=processes.recharge > 0.0)
        if targets.wants("CRITICAL_RAINFALL") and (options.lateral_flow or options.evaluate == "minimum"):
            log.pushNote(
                "The critical rainfall is that of each cell at the end of the event, without lateral flow: it may "
                "differ from the mask where water flows from cell to cell or earlier hours count."
            )
        hours, series = (), None
        if targets.wants("FACTOR_OF_SAFETY_SERIES"):
            hours = parse_hours(processes.hours, study.scenario.duration)
            series = {"FACTOR_OF_SAFETY_SERIES": TimeSeries(tuple(hours))}
        solver = engine_for(
            study.scenario, failure_times=targets.wants("FAILURE_TIME"), hours=hours, scheme=inputs.scheme
        )
        with model_on(inputs.scheduler, solver, targets.folders[0], log) as solver:
            simulation = EngineSimulation(inputs, study, edges, log)
            run = engine_run(study, solver, plan, log)
            outputs = self.solve_and_write(inputs, targets, study, run, simulation, log, series=series)
        return {**outputs, **{key: simulation.diagnostics[key.lower()] for key in _NUMBERS}}

    def _needs(self, inputs: ScenarioInputs) -> SolverNeeds:
        """Memory needs; a steady initial water table needs the contributing area of the whole map."""
        from ..core.windowed.memory import COLUMN_NEEDS, ENGINE_NEEDS

        needs = ENGINE_NEEDS if inputs.options["lateral_flow"] else COLUMN_NEEDS
        if inputs.processes.recharge > 0.0:
            return replace(needs, beforehand=_STEADY_BYTES)
        return needs


def _time(inputs: ScenarioInputs, targets: RasterTargets) -> RunTime:
    """Time of the run."""
    from ..core.windowed.run_time import COLUMN_TIME, ENGINE_TIME, FAST_TIME, RunTime, flow_of

    options = inputs.options
    hourly = options["evaluate"] != "end" or any(map(targets.wants, ("FAILURE_TIME", "FACTOR_OF_SAFETY_SERIES")))
    solver = ENGINE_TIME if hourly or inputs.scheme == "exact" else FAST_TIME
    solver = solver if options["lateral_flow"] else COLUMN_TIME
    duration = inputs.processes.duration(inputs.numbers["duration"])
    return RunTime(((solver, {flow_of({**inputs.numbers, "duration": duration}): 1}),))
