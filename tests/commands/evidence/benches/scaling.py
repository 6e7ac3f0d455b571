"""Time and memory against cells, scenarios and threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.solve import WaterModel

from . import PAPER_SHAPE
from .machine import cores, free_memory, peak_memory
from .measuring import Measurement, timed
from .report import Ratio, Table
from .study_area import SCENARIOS, different_rains, terrain, warm_up

TITLE = "Scaling"
SOLVERS = {"engine": "engine, exact", "network": "network"}
#: Free memory for 16 million cells [GiB].
LARGE_NEEDS_GIB = 8.0
#: Of the scenario whose time is measured against threads: its steps are the work that threads divide [h].
THREADS_DURATION_H = 12.0
THREAD_LIMITS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def measurements(quick: bool) -> list[Measurement]:
    """Processes for cells, scenarios and threads."""
    shapes = [PAPER_SHAPE, (1000, 1000)] if quick else [PAPER_SHAPE, (1000, 1000), (2000, 2000)]
    if not quick and free_memory() >= LARGE_NEEDS_GIB:
        shapes.append((4000, 4000))
    found = []
    for solver in SOLVERS:
        found += [
            Measurement(f"cells {solver} {shape[0] * shape[1]}", "cells", {"solver": solver, "shape": shape}, 300.0)
            for shape in shapes
        ]
        counts = (2, 8) if quick else (2, 8, 32)
        found.append(Measurement(f"scenarios {solver}", "scenarios", {"solver": solver, "counts": counts}, 180.0))
        found += [
            Measurement(
                f"threads {solver} {n}", "threads", {"solver": solver}, environment=dict.fromkeys(THREAD_LIMITS, str(n))
            )
            for n in steps_up_to(cores())
        ]
    return found


def steps_up_to(most: int) -> list[int]:
    """1, 2, 4 and so on, and the greatest number."""
    return sorted({most, *(2**n for n in range(most.bit_length()) if 2**n <= most)})


def _solver(name: str) -> WaterModel:
    if name == "engine":
        return Engine(failure_times=False)
    from slopecast.plugin.ml.network_solver import NetworkSolver

    return NetworkSolver()


def cells(folder: Path, solver: str, shape: list[int]) -> dict[str, Any]:
    """Seconds of a first scenario on a raster, and the memory before it [MiB]."""
    model = _solver(solver)
    warm_up(model)
    before, area = peak_memory(), terrain(folder, tuple(shape))
    return {"seconds": timed(lambda: list(model.solve(area, [SCENARIOS["default"]], Feedback()))), "before": before}


def scenarios(folder: Path, solver: str, counts: list[int]) -> dict[str, Any]:
    """Seconds of so many scenarios of different rains in one call."""
    model, area = _solver(solver), terrain(folder)
    warm_up(model)
    found = {}
    for count in counts:
        rains = different_rains(SCENARIOS["default"], count)
        _clear(model)
        found[str(count)] = timed(lambda rains=rains: list(model.solve(area, rains, Feedback())))
    return {"by_count": found}


def _clear(model: WaterModel) -> None:
    """Forget the water states of earlier calls."""
    if model.kept is not None:
        model.kept = type(model.kept)()


def threads(folder: Path, solver: str) -> dict[str, Any]:
    """Seconds of a scenario with strong lateral flow, after a first one, on the threads that the environment sets."""
    model, area = _solver(solver), terrain(folder)
    warm_up(model)
    short = SCENARIOS["strong"].with_values(duration=THREADS_DURATION_H)
    list(model.solve(area, [short], Feedback()))
    return {
        "seconds": min(timed(lambda s=s: list(model.solve(area, [s], Feedback()))) for s in different_rains(short, 2))
    }


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """One table for each thing that grows."""
    made = (_cells(found), _scenarios(found), _threads(found))
    return [table for table in made if table.rows]


def _cells(found: Mapping[str, Mapping[str, Any]]) -> Table:
    rows, ratios = [], {}
    for solver, label in SOLVERS.items():
        measured = {int(k.split()[2]): m for k, m in found.items() if k.startswith(f"cells {solver} ")}
        for count, m in measured.items():
            growth = (m["peak_mib"] - m["before"]) * 1024**2 / count
            rows.append((
                f"{label}, {count:,d} cells", m["seconds"], m["seconds"] / m["reference_s"],
                count / m["seconds"] / 1e6, m["before"], m["peak_mib"], growth,
            ))  # fmt: skip
            ratios[f"{label}, {count:,d} cells: time / reference job"] = Ratio(m["seconds"] / m["reference_s"])
            ratios[f"{label}, {count:,d} cells: memory, bytes a cell"] = Ratio(growth)
    columns = (
        "a first scenario, default", "time [s]", "/ reference job", "million cells a second", "memory before [MiB]",
        "peak [MiB]", "growth, bytes a cell",
    )  # fmt: skip
    notes = [
        "The memory before is that of Python and the loaded libraries.",
        "Each run solves the whole map in memory. The algorithms solve larger maps in windows, with less memory: see "
        "large rasters from file to file.",
    ]
    return Table("Cells", columns, rows, notes, ratios)


def _scenarios(found: Mapping[str, Mapping[str, Any]]) -> Table:
    rows, ratios, size = [], {}, PAPER_SHAPE[0] * PAPER_SHAPE[1]
    for solver, label in SOLVERS.items():
        m = found.get(f"scenarios {solver}")
        for count, seconds in m["by_count"].items() if m else ():
            each = seconds / int(count)
            rows.append((f"{label}, {count} scenarios", seconds, each, 1.0 / each, size / each / 1e6))
        if m:
            ratios[f"{label}, {count} scenarios: time of each / reference job"] = Ratio(each / m["reference_s"])
    columns = (f"{size:,d} cells, default", "time [s]", "each [s]", "scenarios a second", "million cells a second")
    return Table("Scenarios of different rains in one call", columns, rows, (), ratios)


def _threads(found: Mapping[str, Mapping[str, Any]]) -> Table:
    rows, ratios = [], {}
    for solver, label in SOLVERS.items():
        of_solver = {int(k.split()[2]): m for k, m in found.items() if k.startswith(f"threads {solver} ")}
        alone = of_solver.get(1)
        for count, m in sorted(of_solver.items()):
            speed = alone["seconds"] / m["seconds"] if alone else None
            rows.append((f"{label}, threads: {count}", m["seconds"], speed))
            if count > 1 and speed:
                ratios[f"{label}: speed on {count} threads / one"] = Ratio(speed, "more")
    columns = (f"strong lateral flow over {THREADS_DURATION_H:g} h", "time [s]", "speed / one thread")
    return Table("Threads", columns, rows, (), ratios)
