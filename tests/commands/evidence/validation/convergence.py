"""Lateral flow on, a smooth hillslope: the result settles as steps and cells shrink."""

from __future__ import annotations

import math

import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import potential_infiltration
from slopecast.plugin.core.physics.flow import groundwater, kernels
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.scenario import Scenario, Value
from slopecast.plugin.core.terrain import Cells, Terrain
from study_areas import equal_steps

from .checks import Check, Section, figure
from .groundwater import finished

#: Half of the columns come into contact, a hollow saturates, part of the slope fails.
STORM = Scenario(
    cohesion=3.0, friction_angle=30.0, conductivity=1e-5, lateral_anisotropy=10.0, rainfall=10.0, duration=12.0,
    moisture_deficit=0.08, water_table_ratio=0.3, root_cohesion=0.0,
)  # fmt: skip
PIPES = STORM.with_values(lateral_anisotropy=50.0)
#: Water crosses the slope many times over; thousands of steps.
FLOOD = PIPES.with_values(duration=72.0, rainfall=8.5)
CELL_SIZES = (20.0, 10.0, 5.0, 2.5, 1.25)
STEPS = (3600.0, 1800.0, 900.0, 450.0, 225.0)
FINEST_STEP = 28.125


def hillslope(cell_size: float) -> Terrain:
    """A hollow between two noses, 320 m down and 160 m across, given by smooth functions at the cells' centres."""
    rows, cols = round(160 / cell_size), round(320 / cell_size)
    y, x = ((np.arange(n) + 0.5) * cell_size for n in (rows, cols))
    y, x = np.meshgrid(y, x, indexing="ij")
    across = np.cos(2 * np.pi * y / 160)
    z = 200 - 0.5 * x + 10 * np.sin(np.pi * x / 320) + 7 * np.sin(np.pi * x / 320) * across
    return Terrain.from_arrays(z, 2.2 - 0.5 * across, cell_size)


def section() -> Section:
    """Convergence in time step and in cell size."""
    made = Section(
        "Convergence of the engine",
        f"A smooth hollow of 320 x 160 m, {STORM.rainfall:g} mm/h for {STORM.duration:g} h, K<sub>lat</sub> "
        f"{STORM.lateral_conductivity:g} m/s, all processes on. "
        "Differences are L1 norms of the water table relative to its mean.",
    )
    by_step = _by_step()
    steps = list(by_step)
    orders = [math.log(by_step[a] / by_step[b]) / math.log(a / b) for a, b in zip(steps, steps[1:])]
    made.checks.append(
        Check(
            "",
            f"time step {steps[0]:g} s against {FINEST_STEP:g} s, cells of 20 m: difference",
            by_step[steps[0]],
            None,
            0.02,
            "below",
        )
    )
    made.checks.append(
        Check(
            "", "order of convergence in the time step (explicit Euler: 1)", float(np.mean(orders)), None, 0.8, "above"
        )
    )
    for size, scenario, finest in ((20.0, STORM, FINEST_STEP), (5.0, PIPES, 12.0)):
        off, count = _own_steps(size, scenario, finest)
        what = (
            f"the engine's own {count} steps against {finest:g} s, cells of {size:g} m, K_lat "
            f"{scenario.lateral_conductivity:g} m/s: difference"
        )
        made.checks.append(Check("", what, off, None, 0.02, "below"))
    overlap, count, steps = _masks_of_own_and_fine_steps()
    what = f"failure mask after 72 h, K_lat 5e-4 m/s, the engine's own {steps} steps against {count}: IoU"
    made.checks.append(Check("", what, overlap, None, 0.999, "above"))
    differences, failed, balance = _by_cell_size()
    sizes = list(differences)
    order = math.log(differences[sizes[0]] / differences[sizes[-1]]) / math.log(sizes[0] / sizes[-1])
    made.checks.append(
        Check(
            "",
            f"cells of {sizes[-1]:g} m against half of that: difference",
            differences[sizes[-1]],
            None,
            0.02,
            "below",
        )
    )
    made.checks.append(
        Check("", "order of convergence in the cell size (upstream weighting: 1)", order, None, 0.7, "above")
    )
    what = f"failed share of the slope, cells of {CELL_SIZES[-2]:g} m against {CELL_SIZES[-1]:g} m"
    made.checks.append(Check("", what, failed[CELL_SIZES[-2]], failed[CELL_SIZES[-1]], 0.05))
    made.checks.append(Check("12", "greatest mass balance error over these runs", max(balance), None, 1e-6, "below"))
    made.draw(
        "Left: against the finest step; right: each cell size against its half (averaged to the coarser cells). "
        "Dotted: first order.",
        _figure(by_step, differences),
    )
    return made


def _by_step() -> dict[float, float]:
    """Difference from the finest step by step."""
    terrain = hillslope(20.0)
    finest = _stepped(terrain, STORM, FINEST_STEP)
    return {seconds: _off(_stepped(terrain, STORM, seconds), finest) for seconds in STEPS}


def _own_steps(cell_size: float, scenario: Scenario, finest_step: float) -> tuple[float, int]:
    """Difference of the engine, by the steps that it chooses itself, from equal fine steps; and its number of steps."""
    terrain = hillslope(cell_size)
    event = finished(terrain, scenario)
    own = event.state().water_table.reshape(terrain.grid.shape)
    return _off(own, _stepped(terrain, scenario, finest_step)), event.steps


class _FineSimulation(Simulation):
    """The engine with equal steps of a quarter of the contract's limit in place of its own."""

    def _advance(self, seconds: float, rain: Value, feedback: Feedback) -> None:
        count = math.ceil(seconds / (0.25 * self.shortest_step))
        offered = self.potential.offer(seconds, rain, self.water.infiltrated) / count
        equal_steps(
            self.water, self.vector(offered), self.conductances, self.cells.soil_depth, self.deficit, count,
            seconds / count, self.air,
        )  # fmt: skip
        self.steps += count
        self.rained = self.rained + rain * seconds


def _masks_of_own_and_fine_steps() -> tuple[float, int, int]:
    """IoU of the two failure masks under strong lateral flow, the fine steps and the engine's own."""
    terrain = hillslope(5.0)
    events = Simulation(terrain, FLOOD, failure_times=False), _FineSimulation(terrain, FLOOD, failure_times=False)
    for event in events:
        for _ in event.advance_by_intervals(Feedback()):
            pass
    one, other = (event.result().failure_mask == 1 for event in events)
    return float((one & other).sum() / (one | other).sum()), events[1].steps, events[0].steps


def _off(table: np.ndarray, exact: np.ndarray) -> float:
    return float(np.abs(table - exact).sum() / exact.sum())


def _stepped(terrain: Terrain, scenario: Scenario, seconds: float) -> np.ndarray:
    """Water table at the end of the storm by equal steps of the kernels, offered the closed form's infiltration."""
    c = groundwater.conductances(terrain, scenario.lateral_conductivity, "open")
    depth, zeros = np.array(terrain.soil_depth), np.zeros(terrain.grid.shape)
    deficit = np.full(depth.shape, scenario.moisture_deficit)
    water = kernels.Water(depth * scenario.water_table_ratio, zeros.copy(), zeros > 0, zeros.copy())
    before = zeros
    for step in range(round(scenario.duration_s / seconds)):
        after, _ = potential_infiltration(Cells.of(terrain.slope, terrain.soil_depth), scenario, (step + 1) * seconds)
        equal_steps(water, after - before, c, depth, deficit, 1, seconds)
        before = after
    return water.table


def _by_cell_size() -> tuple[dict[float, float], dict[float, float], list[float]]:
    tables, failed, balance = {}, {}, []
    for size in CELL_SIZES:
        terrain = hillslope(size)
        event = finished(terrain, STORM)
        tables[size] = event.state().water_table.reshape(terrain.grid.shape)
        result = event.result()
        failed[size] = result.failed_cells / result.valid_cells
        balance.append(result.diagnostics["mass_balance_error"])
    differences = {}
    for size in CELL_SIZES[:-1]:
        coarse, fine = tables[size], tables[size / 2]
        averaged = 0.25 * (fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2])
        differences[size] = float(np.abs(coarse - averaged).sum() / averaged.sum())
    return differences, failed, balance


def _figure(by_step: dict, by_size: dict):
    drawn, panels = figure(9.0, 3.2, panels=2)
    for axes, values, label in zip(panels, (by_step, by_size), ("time step [s]", "cell size [m]")):
        at, off = list(values), list(values.values())
        axes.loglog(at, off, "o-", label="engine")
        axes.loglog(at, [off[-1] * x / at[-1] for x in at], ":", color="#444444", label="first order")
        axes.set_xticks(at, [f"{x:g}" for x in at])
        axes.set_xticks([], minor=True)
        axes.set(xlabel=label, ylabel="relative L1 difference of h")
        axes.legend()
    return drawn
