"""Small terrains and scenarios that several unit tests share."""

from __future__ import annotations

import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.tiles import Margin
from slopecast.plugin.core.physics.assess import Stability
from slopecast.plugin.core.physics.engine import Engine, engine_for
from slopecast.plugin.core.physics.flow.groundwater import Conductances
from slopecast.plugin.core.physics.flow.kernels import Water, lateral_time
from slopecast.plugin.core.physics.infiltration import advance_infiltration
from slopecast.plugin.core.physics.solve import WaterModel
from slopecast.plugin.core.physics.stability import UNIT_WEIGHT_WATER
from slopecast.plugin.core.probability import failure_probability, first_order
from slopecast.plugin.core.probability.failure_probability import DrawStudy, Probability
from slopecast.plugin.core.probability.uncertainty import Sampler
from slopecast.plugin.core.result import Result, Solver
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.terrain import Cells, Terrain
from slopecast.plugin.core.windowed.many import Runs
from slopecast.plugin.core.windowed.solve import WindowedRun
from slopecast.plugin.core.windowed.study import Study
from slopecast.plugin.variables import RESIDUAL_AIR


def rough_terrain(
    seed: int = 1, shape: tuple[int, int] = (36, 44), holes: float = 0.06, cell_size: float = 5.0
) -> Terrain:
    """Random, steep terrain with bare rock and holes of NoData (in the elevation, the depth, or both)."""
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[: shape[0], : shape[1]]
    z = 0.55 * cell_size * row + 0.1 * cell_size * col
    for wave in (30.0, 14.0, 7.0):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        z = z + 0.05 * wave * cell_size * np.sin((row * np.cos(angle) + col * np.sin(angle)) * 2 * np.pi / wave + phase)
    z = z + rng.normal(0.0, 0.3, shape)
    depth = rng.uniform(0.2, 5.0, shape)
    depth[rng.random(shape) < 0.04] = 0.0
    z[rng.random(shape) < holes] = np.nan
    depth[rng.random(shape) < holes] = np.nan
    return Terrain.from_arrays(z, depth, cell_size)


def plane(slope_deg: float, shape: tuple[int, int], cell_size: float, depth: float) -> Terrain:
    """A strip that falls towards increasing column."""
    z = -np.tan(np.radians(slope_deg)) * cell_size * np.arange(shape[1]) + np.zeros(shape)
    return Terrain.from_arrays(z, depth, cell_size)


def equal_steps(
    water: Water, offered: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, steps: int,
    seconds: float, air: np.ndarray | float = RESIDUAL_AIR,
) -> None:  # fmt: skip
    """Steps of lateral flow of one length [s], each offered so much infiltration [m]; arrays of one shape."""
    air = np.broadcast_to(np.asarray(air, dtype=np.float64), depth.shape)
    for _ in range(steps):
        lateral_time(water, offered / seconds, c, depth, deficit, air, seconds, (seconds, seconds), 1)


def options(**changes: object) -> EngineOptions:
    return EngineOptions(**changes)


def solve(terrain: Terrain, scenario: Scenario, solver: Solver | None = None) -> Result:
    """The result of one scenario; by the engine unless another solver is given."""
    return next(iter((solver or Engine()).solve(terrain, [scenario], Feedback())))


def draw_study(terrain: Terrain, sampler: Sampler) -> DrawStudy:
    """Uncertain parameters on a whole map."""
    spreads = {name: spread.standard_deviation for name, spread in sampler.spreads.items()}
    deviations = {name: sd for name, sd in spreads.items() if isinstance(sd, np.ndarray)}
    return DrawStudy.of_means(Study(terrain, sampler.mean, sampler.mean.rasters), sampler, deviations)


def monte_carlo(
    terrain: Terrain, sampler: Sampler, model: WaterModel | None = None, feedback: Feedback | None = None
) -> Probability:
    """Monte Carlo on a whole map, by default with the physics engine."""
    runs = Runs(model or engine_for(sampler.mean))
    return failure_probability.monte_carlo(draw_study(terrain, sampler), runs, feedback or Feedback())


def whole_run(study: Study, model: WaterModel, feedback: Feedback) -> WindowedRun:
    """The run of a study on its whole map."""
    return WindowedRun(study, None, model, None, Margin(0))


def first_order_probability(terrain: Terrain, sampler: Sampler, feedback: Feedback | None = None) -> Probability:
    """The first-order method on a whole map."""
    return first_order.first_order(draw_study(terrain, sampler), whole_run, feedback or Feedback())


def infinite_slope_with_pressure_head(
    slope: float, depth: float, pressure_head: float, cohesion: float, friction_angle_deg: float, unit_weight: float
) -> float:
    """Factor of safety at a vertical depth with a given pressure head, as TRIGRS writes it: an independent form.

    FS = tan phi / tan b + [c - psi gamma_w tan phi] / (gamma z sin b cos b)

    Args:
        slope: [rad]; depth: vertical z [m]; pressure_head: psi [m]; cohesion: [kPa]; unit_weight: [kN/m3].

    Source: Iverson (2000), Water Resour. Res. 36, 1897-1910; Baum et al. (2008), USGS Open-File Report 2008-1159.
    """
    tan_phi = np.tan(np.radians(friction_angle_deg))
    shear = unit_weight * depth * np.sin(slope) * np.cos(slope)
    return float(tan_phi / np.tan(slope) + (cohesion - pressure_head * UNIT_WEIGHT_WATER * tan_phi) / shear)


def cumulative(cos_slope, rain, conductivity, suction, deficit, seconds) -> np.ndarray:
    """Cumulative infiltration since the rain began, per unit slope area [m]; see :func:`advance_infiltration`."""
    return advance_infiltration(0.0, cos_slope, rain, conductivity, suction, deficit, seconds)


def result_of(fs: np.ndarray, scenario: Scenario | None = None, confidence: np.ndarray | None = None, **more) -> Result:
    """A result with a factor of safety that is given, (rows, cols), NaN = NoData."""
    mask = np.isfinite(fs)
    flat = np.zeros(int(mask.sum()))
    cells = Cells.of(flat, flat, mask)
    stability = Stability(fs[mask], flat > 0, flat)
    probability = None if confidence is None else confidence[mask]
    return Result(scenario or Scenario(), cells, stability, probability=probability, **more)


PONDING = Scenario(cohesion=3.0, conductivity=1.3e-6, rainfall=12.0, duration=12.0, moisture_deficit=0.08)
SOAKING = Scenario(cohesion=3.0, conductivity=4.4e-6, rainfall=8.5, duration=24.0, moisture_deficit=0.05)
WET = Scenario(cohesion=3.0, conductivity=2e-6, rainfall=10.0, duration=30.0, water_table_ratio=0.7)
DRY = Scenario(cohesion=0.5, friction_angle=35.0, conductivity=3e-6, rainfall=20.0, duration=6.0, water_table_ratio=0.0)
CASES = {"ponding": PONDING, "soaking": SOAKING, "wet": WET, "dry": DRY}
