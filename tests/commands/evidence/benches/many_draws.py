"""A Monte Carlo of 1,000 draws: with the hydrology varied, and with the strength alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

from slopecast.plugin.core.physics.compiling import scenarios_at_once
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread
from slopecast.plugin.core.windowed.memory import ENGINE_NEEDS, NETWORK_NEEDS
from study_areas import monte_carlo

from . import PAPER_SHAPE
from .measuring import Measurement, timed
from .report import Ratio, Table
from .study_area import SCENARIOS, terrain, warm_up

TITLE = "Probability of failure from 1,000 draws"
DRAWS = 1000
STRENGTH = {"cohesion": Spread(0.5), "friction_angle": Spread(2.0)}
HYDROLOGY = {**STRENGTH, "rainfall": Spread(1.0), "conductivity": Spread(1e-6, "lognormal")}
LABELS = {
    "engine strength": "engine, strength varied",
    "engine hydrology": "engine, strength and hydrology varied",
    "network hydrology": "network, strength and hydrology varied",
}


def measurements(quick: bool) -> list[Measurement]:
    """A process for each; where each draw has a water of its own, a sample of the draws."""
    sample = 10 if quick else 50
    return [
        Measurement(name, "draws", {"solver": name.split()[0], "varied": name.split()[1], "count": count})
        for name, count in zip(LABELS, (DRAWS, sample, sample))
    ]


def draws(folder: Path, solver: str, varied: str, count: int) -> dict[str, Any]:
    """Seconds of so many draws."""
    area, model, needs = terrain(folder), Engine(failure_times=False), ENGINE_NEEDS
    if solver == "network":
        from slopecast.plugin.ml.network_solver import NetworkSolver

        model, needs = NetworkSolver(), NETWORK_NEEDS
    warm_up(model)
    _ = area.slope
    model.at_once = scenarios_at_once(area.valid.size, needs.cells_of_a_thread)  # as failureprobability has it
    spreads = STRENGTH if varied == "strength" else HYDROLOGY
    sampler = Sampler(SCENARIOS["default"], spreads, count)
    return {"seconds": timed(lambda: monte_carlo(area, sampler, model)), "count": count}


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """Seconds for 1,000 draws, scaled where a sample was taken."""
    rows, ratios = [], {}
    for name, label in LABELS.items():
        m = found.get(name)
        if m:
            each = m["seconds"] / m["count"]
            how = "measured" if m["count"] == DRAWS else f"scaled from {m['count']} draws"
            rows.append((label, DRAWS * each, how, 1.0 / each, m["peak_mib"]))
            ratios[f"{label}: time of a draw / reference job"] = Ratio(each / m["reference_s"])
    cells = PAPER_SHAPE[0] * PAPER_SHAPE[1]
    columns = (f"{cells:,d} cells, default", "1,000 draws [s]", "how", "draws a second", "peak [MiB]")
    return [Table("", columns, rows, (), ratios)] if rows else []
