"""Runs in an interpreter that has Landlab (never slopecast): LandslideProbability's draws and what it makes of them.

    python landlab_draws.py OUTPUT.npz

Landlab takes its soil thickness normal to the slope and fixes the density ratio of water to soil at 0.5, so the
soil has twice the water's density here. Its own formulas, draws and steady wetness are recorded node by node.
"""

import sys

import landlab
import numpy as np
from landlab import RasterModelGrid
from landlab.components import LandslideProbability

GRAVITY, DENSITY = 9.81, 2000.0  # [m/s2], [kg/m3]
DRAWS = 200


def main() -> None:
    """Compute and write."""
    rng = np.random.default_rng(0)
    grid = RasterModelGrid((7, 9), xy_spacing=10.0)
    nodes = grid.number_of_nodes
    fields = {
        "topographic__slope": np.tan(np.radians(rng.uniform(10.0, 55.0, nodes))),
        "topographic__specific_contributing_area": rng.uniform(10.0, 400.0, nodes),
        "soil__transmissivity": rng.uniform(5.0, 20.0, nodes),
        "soil__saturated_hydraulic_conductivity": rng.uniform(1.0, 10.0, nodes),  # [m/d]
        "soil__mode_total_cohesion": rng.uniform(4000.0, 9000.0, nodes),  # [Pa]
        "soil__minimum_total_cohesion": np.full(nodes, 1000.0),
        "soil__maximum_total_cohesion": np.full(nodes, 14000.0),
        "soil__internal_friction_angle": rng.uniform(24.0, 38.0, nodes),
        "soil__density": np.full(nodes, DENSITY),
        "soil__thickness": rng.uniform(0.5, 3.0, nodes),
    }
    for name, values in fields.items():
        grid.add_field(name, values, at="node")
    grid.add_ones("soil__landcover", at="node")
    model = LandslideProbability(
        grid, number_of_iterations=DRAWS, g=GRAVITY, groundwater__recharge_distribution="uniform",
        groundwater__recharge_min_value=5.0, groundwater__recharge_max_value=120.0, seed=7,
    )  # fmt: skip
    rows = []
    for node in grid.core_nodes:
        model.calculate_factor_of_safety(node)
        constant = np.ones(DRAWS)
        rows.append([
            np.arctan(model._theta) * constant, model._a * constant, model._C, model._phi, model._hs, model._Re,
            model._Ksat, np.copy(model._rel_wetness), model._FS, model._landslide__probability_of_failure * constant,
        ])  # fmt: skip
    np.savez(sys.argv[1], rows=np.array(rows, dtype=np.float64), version=landlab.__version__)


if __name__ == "__main__":
    main()
