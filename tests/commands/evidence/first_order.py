"""First-order probability of failure against Monte Carlo with the physics engine, on six scenarios.

    python tests/commands first_order [--draws 10000]

The study area is procedural, 96 x 96 cells of 10 m. A line gives the inputs with a spread, the mean probability, the
mean absolute error over all cells and over those whose probability lies between 0.01 and 0.99, the error that 95 % of
the cells keep, and the processor seconds of both. Of n draws a probability has a standard error of up to
0.5 / sqrt(n), which is part of the error. It exits with 1 where a mean absolute error over all cells exceeds 0.02.
"""

from __future__ import annotations

import argparse
import time

import checkout  # noqa: F401 - registers the package
import numpy as np
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from study_areas import first_order_probability, monte_carlo

SEED, SIDE, CELL_M = 3, 96, 10.0
CORRELATION = -0.3
MOST_ERROR = 0.02
STRENGTH = {"cohesion": Spread(2.4), "friction_angle": Spread(2.8)}
#: name: (scenario of the means, spreads, relative standard deviation of the soil depth)
SCENARIOS = {
    "strength and depth": (Scenario(), STRENGTH, 0.25),
    "soil water and rain too": (
        Scenario(),
        {**STRENGTH, "conductivity": Spread(2e-6, "lognormal"), "rainfall": Spread(2.0),
         "water_table_ratio": Spread(0.1)},
        0.25,
    ),
    "cloudburst": (
        Scenario(cohesion=5.0, friction_angle=33.0, rainfall=40.0, duration=4.0, conductivity=1e-5,
                 water_table_ratio=0.15),
        {"cohesion": Spread(1.5), "friction_angle": Spread(2.5), "conductivity": Spread(6e-6, "lognormal"),
         "rainfall": Spread(10.0), "duration": Spread(1.0, "triangular")},
        0.3,
    ),
    "long rain, all inputs": (
        Scenario(rainfall=6.0, duration=48.0, conductivity=2e-6),
        {**STRENGTH, "conductivity": Spread(1.2e-6, "lognormal"), "rainfall": Spread(1.5), "duration": Spread(6.0),
         "water_table_ratio": Spread(0.08), "moisture_deficit": Spread(0.02), "suction_head": Spread(0.04),
         "lateral_anisotropy": Spread(0.5, "lognormal"), "root_cohesion": Spread(0.5), "root_depth": Spread(0.2),
         "surcharge": Spread(0.5), "unit_weight_moist": Spread(0.4), "unit_weight_saturated": Spread(0.4)},
        0.2,
    ),
    "strong lateral flow, pipes": (
        Scenario(cohesion=6.0, conductivity=1e-5, lateral_anisotropy=50.0, rainfall=6.0, duration=48.0),
        {"cohesion": Spread(2.0), "friction_angle": Spread(2.8), "conductivity": Spread(6e-6, "lognormal"),
         "rainfall": Spread(1.5), "water_table_ratio": Spread(0.08)},
        0.25,
    ),
    "strong lateral flow, coarse soil": (
        Scenario(cohesion=6.0, friction_angle=31.0, conductivity=2e-5, lateral_anisotropy=10.0, rainfall=10.0,
                 duration=36.0),
        {"cohesion": Spread(2.0), "friction_angle": Spread(2.8), "conductivity": Spread(1.2e-5, "lognormal"),
         "rainfall": Spread(2.5), "lateral_anisotropy": Spread(4.0, "lognormal"), "moisture_deficit": Spread(0.02)},
        0.25,
    ),
}  # fmt: skip
LINE = "{:34}{:>7}{:>8}{:>8}{:>11}{:>7}{:>13}{:>13}"


def main() -> int:
    """Compare on every scenario, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000, help="of Monte Carlo; default 10000")
    draws = parser.parse_args().draws
    area = procedural_area(SEED, (SIDE, SIDE), CELL_M)
    terrain = Terrain.from_arrays(area.elevation, area.soil_depth, CELL_M)
    print(f"{terrain.cells.count} cells, {draws} draws of the physics engine")
    print(LINE.format("scenario", "inputs", "mean P", "error", "uncertain", "95 %", "draws [s]", "32 sets [s]"))
    errors = [compare(name, terrain, draws) for name in SCENARIOS]
    print(f"greatest mean absolute error: {max(errors):.4f} (at most {MOST_ERROR} wanted)")
    return int(max(errors) > MOST_ERROR)


def compare(name: str, terrain: Terrain, draws: int) -> float:
    """Print a scenario's line; returns the mean absolute error."""
    mean, spreads, depth_sd = SCENARIOS[name]

    def sampler() -> Sampler:
        return Sampler(mean, spreads, draws, CORRELATION, 5, depth_sd)

    first_order_probability(terrain, sampler())  # compiles, and computes the slope
    clock = [time.process_time()]
    drawn = monte_carlo(terrain, sampler())
    clock.append(time.process_time())
    found = first_order_probability(terrain, sampler())
    clock.append(time.process_time())
    right = drawn.probability[terrain.valid]
    error = np.abs(found.probability[terrain.valid] - right)
    uncertain = (right > 0.01) & (right < 0.99)
    print(
        LINE.format(
            name, len(sampler().uncertain), f"{right.mean():.3f}", f"{error.mean():.4f}",
            f"{error[uncertain].mean():.4f}", f"{np.quantile(error, 0.95):.3f}",
            f"{clock[1] - clock[0]:.1f}", f"{clock[2] - clock[1]:.2f}",
        ),
        flush=True,
    )  # fmt: skip
    return float(error.mean())
