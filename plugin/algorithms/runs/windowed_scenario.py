"""Plans runs of scenarios on maps that may be larger than memory, and combines the results of their windows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ...core.feedback import Feedback, WithoutProgress
from ...core.input_summary import scenario_summary
from ...core.map_parts.threads import thread_limit
from ...core.map_parts.tiles import Margin
from ...core.physics.compiling import scenarios_at_once
from ...core.physics.engine import Engine
from ...core.raster.opening import open_raster
from ...core.reliability import Reliability
from ...core.reports.run_summary import WindowSums
from ...core.scenario_checks import scenario_cautions
from ...core.windowed import memory, run_time
from ...core.windowed.coarse_phase import with_fast_phase, with_guess_phases
from ...core.windowed.edges import edge_cautions, edge_influence, edge_map, steady_edge_influence
from ...core.windowed.many import Runs
from ...core.windowed.solve import SolvedWindow, WindowedRun, fewest_steps
from ...core.windowed.study import Study, whole_map_of
from ...core.workers.parallel import default_workers
from ...core.workers.remote_water import local_model

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.physics.solve import WaterModel
    from ...core.scenario import EngineOptions
    from ...core.windowed.memory import RunPlan, SolverNeeds
    from ...core.windowed.run_time import RunTime, SimulationTime
    from ...text import Text
    from ..inputs.scenario_inputs import ScenarioInputs
    from ..log import Log
    from ..outputs.rasters import RasterTargets
    from .solver_choice import ChosenSolver

#: Windows that are solved at once where there is a core for each.
_WINDOWS_AT_ONCE = 2
#: Name endings of diagnostics that are summed over windows.
_SUMMED = ("_m3", "seconds", "tiles", "corrected_cells")


def plan_scenario(
    inputs: ScenarioInputs, targets: RasterTargets, needs: SolverNeeds, time: RunTime, log: Log, rasters: int = 0,
    masks: Sequence[Path] = (), many: bool = False,
) -> RunPlan:  # fmt: skip
    """Plan a run before anything is read, and write the plan into the log.

    Args:
        inputs, targets, log: of the run; needs: of the solver; time: that it takes.
        rasters: further ones that are read; masks: further ones that are written.
        many: whether there are many scenarios.

    Raises:
        InputError: too little memory or disk.
    """
    dataset = open_raster(inputs.dem.source, inputs.dem.label)
    shape = dataset.RasterYSize, dataset.RasterXSize
    sizes = [(path.parent, 1 if output.is_mask else 4) for output, path in targets.files.items()]
    sizes += [(path.parent, 1) for path in masks]
    _, x, shear_x, _, shear_y, y = dataset.GetGeoTransform()
    cell_size = math.sqrt(abs(x * y - shear_x * shear_y))
    if not needs.prefers_whole:  # as on a GPU, which works on one thing after another
        needs = replace(needs, windows_at_once=min(thread_limit(default_workers()), _WINDOWS_AT_ONCE))
    at_once = scenarios_at_once(shape[0] * shape[1], needs.cells_of_a_thread) if many else 1
    plan = memory.plan_run(shape, needs, len(inputs.layers) + rasters, sizes, time.seconds_a_cell(cell_size), at_once)
    log.pushInfo(plan.text)
    return plan


def solver_time(chosen: ChosenSolver, options: EngineOptions | None = None) -> SimulationTime:
    """Time of a solver's simulations; options: of the physics."""
    if chosen.is_network:
        return run_time.NETWORK_TIME
    return run_time.ENGINE_TIME if options is None or options.lateral_flow else run_time.COLUMN_TIME


def solver_needs(chosen: ChosenSolver, options: EngineOptions | None = None, *, more: float = 0.0) -> SolverNeeds:
    """Memory needs of a solver.

    Args:
        options: of the physics; more: bytes a cell in addition.
    """
    needs = memory.ENGINE_NEEDS if options is None or options.lateral_flow else memory.COLUMN_NEEDS
    if chosen.is_network:
        needs, solver = replace(memory.NETWORK_NEEDS, margin=None), chosen.solver
        if hasattr(solver, "view"):  # the paper's network knows no windows
            margin = replace(memory.NETWORK_NEEDS.margin, view=solver.view)
            needs = replace(needs, margin=margin, prefers_whole=solver.prefers_whole)
    return replace(needs, bytes_a_cell=needs.bytes_a_cell + more)


def sum_diagnostics(diagnostics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Combine the diagnostics of windows into those of the whole map."""
    first = diagnostics[0]
    if len(diagnostics) == 1:
        return first
    found = {key: sum(d[key] for d in diagnostics) for key in first if key.endswith(_SUMMED)}
    rest = {key: value for key, value in first.items() if key not in found}
    if "rain_m3" in found:
        gone = sum(found[key] for key in ("runoff_m3", "exfiltration_m3", "drainage_m3", "storage_change_m3"))
        scale = found["rain_m3"] if found["rain_m3"] > 0.0 else max(found["stored_before_m3"], 1e-12)
        rest["mass_balance_error"] = abs(found["rain_m3"] - gone) / scale
    return {**rest, **found}


def solver_run(study: Study, chosen: ChosenSolver, plan: RunPlan, feedback: Feedback) -> WindowedRun:
    """The run of a study by the network or the engine, whole or in windows.

    Raises:
        Cancelled: the user cancelled the run.
    """
    if plan.side is None or not chosen.is_network:
        return engine_run(study, chosen.solver, plan, feedback)
    whole, steps = with_guess_phases(study, whole_map_of(study, feedback, pyramid=True), feedback)
    margin = Margin(2 * steps + 6, chosen.solver.view)
    return WindowedRun(study, whole, chosen.solver, plan.side, margin, plan.side_for, plan.windows_at_once)


def engine_run(study: Study, model: WaterModel, plan: RunPlan, feedback: Feedback) -> WindowedRun:
    """The run of a study by the engine or the column; on a map that is solved whole, by any model."""
    if plan.side is None:
        return WindowedRun(study, None, model, None, Margin(0))
    (engine, _), hours, fast = local_model(model), (), False
    if isinstance(engine, Engine):
        hours, fast = engine.hours, engine.takes_fast_scheme(study.scenario)
    whole = whole_map_of(study, feedback, pyramid=fast)
    whole = with_fast_phase(study, whole, feedback) if fast else whole
    margin = Margin(fewest_steps(study.scenario, hours) if study.scenario.options.lateral_flow else 0)
    return WindowedRun(study, whole, model, plan.side, margin, plan.side_for, plan.windows_at_once)


def solver_runs(chosen: ChosenSolver, plan: RunPlan) -> Runs:
    """Runs of many studies by the network or the engine, whole or in windows."""
    chosen.solver.at_once = plan.at_once
    if plan.side is None:
        return Runs(chosen.solver)
    return Runs(chosen.solver, lambda study, feedback: solver_run(study, chosen, plan, feedback))


def window_evidence(window: SolvedWindow, chosen: ChosenSolver) -> tuple[dict[str, Any], Any]:
    """Diagnostics of a window, and its reliability, or the evidence for that of a map in several windows."""
    result = window.result
    if window.terrain.part is None or not chosen.is_network:
        return result.diagnostics, chosen.solver.reliability(window.terrain, result.scenario, result)
    from ...ml.reliability import NetworkEvidence

    return result.diagnostics, NetworkEvidence.of(window.terrain, result, window.tile.inner_in_outer)


def reliability_of_windows(
    found: Sequence[tuple[dict[str, Any], Any]], study: Study, chosen: ChosenSolver
) -> Reliability:
    """The reliability of a result in windows, from the :func:`window_evidence` of each."""
    if isinstance(found[0][1], Reliability):
        return found[0][1]
    from ...ml.reliability import NetworkEvidence, reliability_from_evidence

    parts = NetworkEvidence.sum(part for _, part in found)
    lateral = float(np.nanmax(study.scenario.lateral_conductivity))
    return reliability_from_evidence(parts, study.terrain.grid, study.scenario, lateral, chosen.solver.card)


def reliability_at_means(study: Study, chosen: ChosenSolver, plan: RunPlan, log: Log) -> Reliability:
    """The reliability of a network at a scenario, from a separate run; physics is always trusted."""
    if not chosen.is_network:
        return Reliability("trusted")
    sums = WindowSums(study.scenario)
    for window in solver_run(study, chosen, plan, log).solve(WithoutProgress(log)):
        sums.add(window, window_evidence(window, chosen))
    return reliability_of_windows(sums.more, study, chosen)


def study_edges(
    study: Study, targets: RasterTargets, log: Log, *, steady: bool = False
) -> dict[str, np.ndarray]:  # fmt: skip
    """Push what the scenario means and the :func:`study_cautions`; returns the map of edge influence if requested.

    With a caution the result is not trusted.

    Args:
        study, targets, log: of the run; steady: the initial water table is that of a steady recharge.

    Raises:
        Cancelled: the user cancelled the run.
    """
    for line in scenario_summary(study.scenario):
        log.pushNote(line)
    reached = edge_influence(study, log)
    for caution in study_cautions(study, log, reached):
        log.pushCaution(caution)
    if not targets.wants("EDGE_INFLUENCE"):
        return {}
    if steady:
        reached |= steady_edge_influence(replace(study.terrain))  # a copy: its slopes are not kept
    return {"EDGE_INFLUENCE": edge_map(study, reached)}


def study_cautions(study: Study, feedback: Feedback, reached: np.ndarray | None = None) -> list[Text]:
    """Doubts about the amounts of a scenario, and about water from outside the map.

    Args:
        reached: see :func:`.windowed.edges.edge_influence`, where it is known already.

    Raises:
        Cancelled: the user cancelled the run.
    """
    reached = edge_influence(study, feedback) if reached is None else reached
    return [*scenario_cautions(study.scenario), *edge_cautions(study.terrain, study.scenario, reached)]
