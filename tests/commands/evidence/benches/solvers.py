"""Seconds of a scenario by each solver, at default lateral flow and at strong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.result import Result

from . import PAPER_SHAPE
from .measuring import Measurement, repeated, timed
from .report import Ratio, Table
from .study_area import LABELS, SCENARIOS, different_rains, terrain, warm_up

TITLE = "A scenario by each solver"
FURTHER = 3
ENGINES = {
    "exact": "engine, exact",
    "fast": "engine, fast",
    "times": "engine, exact, with times of failure",
    "column": "column (no lateral flow), closed form",
    "plain": "engine, exact, without numba",
}
#: Of the network, by the key of what is measured.
NETWORK = {
    "first": "network, first scenario on a terrain",
    "terrain": "network, preparation of the terrain, part of the first scenario",
    "seconds": "network, each further scenario",
}
#: Of the preparation of the terrain [s].
TERRAIN_TARGET_S = 0.1


def measurements(quick: bool) -> list[Measurement]:
    """A process for each solver and lateral flow."""
    found = []
    for flow in SCENARIOS:
        kinds = ("exact", "fast") if quick or flow == "strong" else ("exact", "fast", "times", "column", "plain")
        for kind in kinds:
            environment = {"SLOPECAST_NUMBA": "0"} if kind == "plain" else {}
            found.append(Measurement(f"{kind} {flow}", "engine", {"kind": kind, "flow": flow}, environment=environment))
        found.append(Measurement(f"network {flow}", "network", {"flow": flow}))
    return found


def engine(folder: Path, kind: str, flow: str) -> dict[str, Any]:
    """Seconds of repeated calls of the engine or the column; the terrain's slopes are computed before."""
    area, scenario = terrain(folder), SCENARIOS[flow]
    solver = SoilColumn() if kind == "column" else Engine(
        failure_times=kind == "times", scheme="fast" if kind == "fast" else "exact"
    )  # fmt: skip
    warm_up(solver)
    _ = area.slope
    result = next(iter(solver.solve(area, [scenario], Feedback())))  # touches fresh memory, makes coarse grids
    seconds = repeated(lambda: list(solver.solve(area, [scenario], Feedback())))
    steps = result.diagnostics.get("steps")
    return {"seconds": min(seconds), "median": float(np.median(seconds)), "steps": steps}


def network(folder: Path, flow: str) -> dict[str, Any]:
    """Seconds of loading, of a first scenario, with what belongs to the terrain, and of further ones."""
    from slopecast.plugin.ml.network_solver import NetworkSolver

    area, solvers = terrain(folder), []
    loading = timed(lambda: solvers.append(NetworkSolver()))
    solver = solvers[0]
    warm_up(solver)
    scenarios = different_rains(SCENARIOS[flow], 1 + FURTHER)
    results: list[Result] = []
    first = timed(lambda: results.extend(solver.solve(area, scenarios[:1], Feedback())))
    further = [timed(lambda s=s: list(solver.solve(area, [s], Feedback()))) for s in scenarios[1:]]
    return {
        "loading": loading, "first": first, "terrain": results[0].diagnostics["terrain_seconds"],
        "seconds": min(further), "median": float(np.median(further)), "name": solver.name, "device": solver.device_name,
    }  # fmt: skip


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """A table for each lateral flow."""
    return [_table(flow, found) for flow in SCENARIOS if any(name.endswith(f" {flow}") for name in found)]


def _table(flow: str, found: Mapping[str, Mapping[str, Any]]) -> Table:
    cells, rows, ratios = PAPER_SHAPE[0] * PAPER_SHAPE[1], [], {}
    exact, network = found.get(f"exact {flow}"), found.get(f"network {flow}")
    measured = [(label, "seconds", found.get(f"{kind} {flow}")) for kind, label in ENGINES.items()]
    measured += [(label, key, network) for key, label in NETWORK.items()]
    for label, key, m in measured:
        if m is None:
            continue
        seconds = m[key]
        median = m["median"] if key == "seconds" else None
        speed = exact["seconds"] / seconds if exact and key != "terrain" else None
        rows.append((
            label, seconds, median, seconds / m["reference_s"], speed, cells / seconds / 1e6, m.get("steps"),
            m["peak_mib"],
        ))  # fmt: skip
        ratios[f"{label}, {LABELS[flow]}: time / reference job"] = Ratio(seconds / m["reference_s"])
    notes = []
    if network:
        notes.append(f"{network['name']} on {network['device']}: loaded in {network['loading']:.2f} s.")
        notes.append(f"The target of the terrain's preparation is at most {TERRAIN_TARGET_S:g} s.")
    columns = (
        f"{cells:,d} cells", "least [s]", "median [s]", "/ reference job", "speed / exact engine",
        "million cells a second", "steps of lateral flow", "peak [MiB]",
    )  # fmt: skip
    return Table(LABELS[flow].capitalize(), columns, rows, notes, ratios)
