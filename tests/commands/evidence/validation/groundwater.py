"""Lateral groundwater against Darcy, the kinematic wave and Dupuit."""

from __future__ import annotations

import math

import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import RESIDUAL_AIR
from slopecast.plugin.core.physics.flow import groundwater, kernels
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import equal_steps, plane

from .checks import Check, Section, figure

DEPTH, DEFICIT = 4.0, 0.1


def finished(terrain: Terrain, scenario: Scenario) -> Simulation:
    """A scenario run to its end by the engine, with its states in double precision."""
    event = Simulation(terrain, scenario)
    for _ in event.advance_by_intervals(Feedback()):
        pass
    return event


class Aquifer:
    """A strip whose columns are wetted down to the table, so that recharge and drainage move h with the storage n_min.

    It is stepped by the engine's kernels, without rain and stability.
    """

    def __init__(self, table: np.ndarray, conductances: groundwater.Conductances, depth: float = DEPTH) -> None:
        self.conductances = conductances
        self.depth, self.deficit = np.full(table.shape, depth), np.full(table.shape, DEFICIT)
        contact = np.ones(table.shape, dtype=bool)
        self.water = kernels.Water(table.copy(), DEFICIT * (depth - table), contact, np.zeros(table.shape))

    @property
    def table(self) -> np.ndarray:
        """Height of the water table, to read and to set [m]."""
        return self.water.table

    def step(self, recharge: float, seconds: float, steps: int = 1) -> None:
        """Take steps of ``seconds`` under ``recharge`` [m/s]."""
        offered = np.full(self.depth.shape, recharge * seconds)
        equal_steps(self.water, offered, self.conductances, self.depth, self.deficit, steps, seconds)


def section() -> Section:
    """Closed forms 9 to 11 and Darcy's flow through one face."""
    made = Section(
        "Lateral groundwater",
        "Darcy-Dupuit over bedrock, q = -K h cos²β grad(z - D + h), explicit finite volumes, upstream weighting. "
        "The strips are 1 km long and stepped by the engine's functions.",
    )
    made.checks.append(_darcy())
    profiles = {dx: _wave(dx) for dx in (20.0, 10.0, 5.0)}
    finest = profiles[5.0]
    for share in (0.25, 0.5, 0.75):
        what = f"transient kinematic wave at {share:g} of its travel time, cells of 5 m: L1 error"
        made.checks.append(Check("10", what, _l1(finest, share), None, 0.03, "below"))
    _x, h, exact = finest[4.0]
    inner = slice(60, 190)
    worst = float(np.max(np.abs(h[inner] / exact[inner] - 1)))
    made.checks.append(
        Check(
            "9",
            "steady recharge on a plane of 30°: greatest relative error of h(x), 300 to 950 m",
            worst,
            None,
            0.01,
            "below",
        )
    )
    order = math.log2(_l1(profiles[20.0], 0.5) / _l1(profiles[5.0], 0.5)) / 2
    made.checks.append(
        Check("10", "order of convergence to the exact wave from 20 to 5 m cells", order, None, 0.45, "above")
    )
    dupuit = {recharge: _dupuit(recharge) for recharge in (0.0, 4e-9)}
    for recharge, (_, h, exact) in dupuit.items():
        what = "Dupuit between fixed heads, h²" + (" with recharge: the parabola" if recharge else " linear in x")
        made.checks.append(
            Check(
                "11",
                f"{what}: greatest relative error",
                float(np.max(np.abs(h**2 / exact**2 - 1))),
                None,
                1e-3,
                "below",
            )
        )
    made.draw(
        "Recharge of 2e-8 m/s on a plane of 30°, K 1e-4 m/s, storage 0.05. Dots: engine, cells of 5 m; lines: "
        "the exact "
        "kinematic solution at 0.25, 0.5 and 0.75 of the travel time and the steady state h = R x / (K sin β cos β).",
        _wave_figure(finest),
    )
    made.draw(
        "Flow between two fixed heads over a flat bed, with and without recharge. Dots: engine; lines: Dupuit.",
        _dupuit_figure(dupuit),
    )
    return made


def _darcy() -> Check:
    slope, k, h, dx = 25.0, 3e-5, 1.2, 4.0
    strip = plane(slope, (5, 8), dx, 3.0)
    flows = kernels.Flows(groundwater.conductances(strip, k, "open"), np.inf)
    flows.update(np.full(40, h), np.full(40, 1.0 / 0.05))
    east = flows.east.reshape(5, 8)
    b = math.radians(slope)
    what = "flow through a face of an evenly wet plane, β 25°, K 3e-5 m/s, h 1.2 m: K h sin β cos β [m²/s]"
    return Check("", what, float(east[2, 3]) * dx, k * h * math.sin(b) * math.cos(b), 1e-9)


def _wave(dx: float) -> dict[float, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Profiles (x, h, exact h) at shares of the wave's travel time down 1 km; 4 represents the steady state."""
    slope, k, recharge, length = math.radians(30.0), 1e-4, 2e-8, 1000.0
    cells = round(length / dx)
    strip = plane(30.0, (3, cells), dx, DEPTH)
    strip.__dict__["slope"] = np.full(strip.grid.shape, slope)  # the stencil's corners are not exact
    c = groundwater.conductances(strip, k, "open")
    one_row = groundwater.Conductances(c.bedrock[:1], c.east[:1], np.zeros((1, cells)), c.border[1:2])
    aquifer = Aquifer(np.zeros((1, cells)), one_row)
    speed = k * math.sin(slope) * math.cos(slope) / RESIDUAL_AIR
    # Twice the engine's step is still stable here: the table stays below half the depth.
    step = 2.0 * groundwater.longest_step(strip, k)
    x = (np.arange(cells) + 0.5) * dx
    profiles, elapsed = {}, 0.0
    for share in (0.25, 0.5, 0.75, 4.0):
        until = (min(share, 2.0)) * length / speed
        steps = math.ceil((until - elapsed) / step)
        aquifer.step(recharge, (until - elapsed) / steps, steps)
        elapsed = until
        exact = recharge / RESIDUAL_AIR * np.minimum(elapsed, x / speed)
        profiles[share] = (x, aquifer.table[0].copy(), exact)
    return profiles


def _l1(profiles: dict, share: float) -> float:
    _, h, exact = profiles[share]
    return float(np.abs(h - exact).sum() / exact.sum())


def _dupuit(recharge: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(x, h, exact h) between heads of 2.0 and 1.6 m, 150 m apart."""
    k, left, right, dx, cells = 1e-4, 2.0, 1.6, 5.0, 31
    strip = plane(0.0, (1, cells), dx, 2.1)
    aquifer = Aquifer(np.full((1, cells), right), groundwater.conductances(strip, k, "closed"), 2.1)
    step = 2.0 * groundwater.longest_step(strip, k)
    for _ in range(4000):
        aquifer.table[0, 0], aquifer.table[0, -1] = left, right
        aquifer.step(recharge, step)
    aquifer.table[0, 0], aquifer.table[0, -1] = left, right
    x, length = np.arange(cells) * dx, (cells - 1) * dx
    exact = np.sqrt(left**2 + (right**2 - left**2) * x / length + recharge / k * x * (length - x))
    return x, aquifer.table[0], exact


def _wave_figure(profiles: dict):
    drawn, (axes,) = figure(6.5, 3.4)
    for number, (share, (x, h, exact)) in enumerate(profiles.items()):
        axes.plot(x, exact, color=f"C{number}", label="steady" if share > 1 else f"{share:g} of the travel time")
        axes.plot(x[::6], h[::6], "o", ms=3, color=f"C{number}")
    axes.set(xlabel="distance from the divide [m]", ylabel="water table h [m]")
    axes.legend()
    return drawn


def _dupuit_figure(profiles: dict):
    drawn, (axes,) = figure(6.5, 3.0)
    for number, (recharge, (x, h, exact)) in enumerate(profiles.items()):
        axes.plot(x, exact, color=f"C{number}", label=f"recharge {recharge:g} m/s")
        axes.plot(x, h, "o", ms=3, color=f"C{number}")
    axes.set(xlabel="x [m]", ylabel="water table h [m]")
    axes.legend()
    return drawn
