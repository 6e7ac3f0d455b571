"""What must not matter (solver, kernels, north, other cells' NoData), and what must rise or fall with what."""

from __future__ import annotations

import os
from unittest import mock

import numpy as np
from slopecast.plugin.core.physics.column import SoilColumn, column_state
from slopecast.plugin.core.physics.flow import kernels
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import CASES, options, rough_terrain, solve

from .checks import Check, Section
from .groundwater import finished

SHAPE = (24, 30)
PIPES = CASES["wet"].with_values(lateral_anisotropy=30.0, duration=10.0)
TURNS = (np.rot90, lambda a: np.rot90(a, 2), np.fliplr, np.flipud, np.transpose)


def section() -> Section:
    """Closed forms 13 to 16, and compiled against plain kernels."""
    made = Section(
        "Solvers, kernels, symmetry, monotony",
        "Random hillslopes with bare rock and NoData. Property tests over the whole physical parameter ranges "
        "(over 1,000 random cases) are in tests/unit/physics/test_properties.py.",
    )
    made.checks.append(
        Check(
            "13",
            "lateral flow off, four scenarios: engine - column, greatest difference of h and front [m]",
            _columns(),
            None,
            1e-6,
            "below",
        )
    )
    made.checks.append(_turns())
    made.checks += _monotony()
    made.checks.append(
        Check(
            "16",
            "30 % of the cells made NoData, slope given, no lateral flow: greatest change elsewhere",
            _holes(),
            None,
            0.0,
            "below",
        )
    )
    if kernels.compiled():
        made.checks.append(
            Check(
                "",
                "compiled - plain numpy kernels, lateral flow: greatest difference of h [m]",
                _kernels(),
                None,
                1e-9,
                "below",
            )
        )
    else:
        made.notes.append("Skipped: compiled against plain kernels (numba is not installed or switched off).")
    return made


def _columns() -> float:
    worst = 0.0
    for seed, scenario in enumerate(CASES.values()):
        vertical = scenario.with_values(options=options(lateral_flow=False))
        event = finished(rough_terrain(seed + 40, SHAPE), vertical)
        closed = column_state(event.cells, vertical)
        for layer in ("water_table", "wetting_front"):
            worst = max(worst, float(np.abs(getattr(event.state(), layer) - getattr(closed, layer)).max()))
    return worst


def _turns() -> Check:
    terrain = rough_terrain(24, SHAPE)
    result, worst = solve(terrain, PIPES), 0.0
    for move in TURNS:
        rotated = Terrain.from_arrays(move(terrain.elevation), move(terrain.soil_depth), terrain.grid.cell_width)
        other = solve(rotated, PIPES)
        worst = max(worst, float(np.nanmax(np.abs(other.factor_of_safety - move(result.factor_of_safety)))))
    return Check("14", "five turns and mirrors, lateral flow on: greatest difference of FS", worst, None, 1e-5, "below")


def _monotony() -> list[Check]:
    rng = np.random.default_rng(15)
    steps = {"cohesion": 5.0, "friction_angle": 8.0, "root_cohesion": 4.0, "water_table_ratio": 0.3}
    broken = dict.fromkeys(steps, 0)
    terrain = rough_terrain(15, (12, 15), holes=0.0)
    for _ in range(60):
        base = Scenario(
            conductivity=10.0 ** rng.uniform(-7, -4.3), rainfall=rng.uniform(1, 17), duration=rng.uniform(1, 72),
            water_table_ratio=rng.uniform(0, 0.7), moisture_deficit=rng.uniform(0.05, 0.25),
            cohesion=rng.uniform(0.5, 20),
        )  # fmt: skip
        before = solve(terrain, base, SoilColumn()).factor_of_safety
        for name, step in steps.items():
            changed = base.with_values(**{name: getattr(base, name) + step * rng.random()})
            rise = solve(terrain, changed, SoilColumn()).factor_of_safety - before
            broken[name] += int((rise * (-1 if name == "water_table_ratio" else 1) < -1e-5).sum())
    words = {"cohesion": "c rises", "friction_angle": "φ rises", "root_cohesion": "root cohesion rises"}
    return [
        Check(
            "15",
            f"cells of 60 scenarios whose FS {'falls' if n in words else 'rises'} as {words.get(n, 'h0 rises')}",
            k,
            None,
            0.0,
            "below",
        )
        for n, k in broken.items()
    ]


def _holes() -> float:
    whole = rough_terrain(4, SHAPE, holes=0.0)
    holes = np.random.default_rng(9).random(SHAPE) < 0.3
    cut = Terrain.from_arrays(np.where(holes, np.nan, whole.elevation), whole.soil_depth, whole.grid.cell_width)
    cut.__dict__["slope"] = np.where(holes, np.nan, whole.slope)
    worst = 0.0
    for scenario in CASES.values():
        vertical = scenario.with_values(options=options(lateral_flow=False))
        one, other = (solve(t, vertical).factor_of_safety for t in (whole, cut))
        worst = max(worst, float(np.abs(one - other)[~holes].max()))
    return worst


def _kernels() -> float:
    terrain = rough_terrain(23, SHAPE)
    tables = []
    for switch in ("0", "1"):
        with mock.patch.dict(os.environ, {"SLOPECAST_NUMBA": switch}):
            tables.append(finished(terrain, PIPES).state().water_table)
    return float(np.abs(tables[0] - tables[1]).max())
