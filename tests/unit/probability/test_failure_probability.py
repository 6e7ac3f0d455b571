"""Probability of failure by Monte Carlo: closed forms, water held against water solved afresh."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.probability.first_order import normal_distribution
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread, normal_quantiles
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import DRY, PONDING, SOAKING, monte_carlo, options, plane, rough_terrain, solve

COLUMN = options(lateral_flow=False)
#: A wet slope of 30 deg, 2 m of saturated soil; no rain, no roots: FS at the bedrock is known by hand.
WET = Scenario(
    cohesion=8.0, friction_angle=30.0, rainfall=0.0, water_table_ratio=1.0, root_cohesion=0.0,
    unit_weight_moist=18.0, unit_weight_saturated=18.0, options=COLUMN,
)  # fmt: skip


def slope() -> object:
    return plane(30.0, (3, 3), 5.0, 2.0)


STRENGTH = {"cohesion": Spread(1.0), "friction_angle": Spread(2.0)}


@pytest.mark.parametrize("compiled", ["0", "1"])
@pytest.mark.parametrize(
    ("mean", "choices", "more"),
    [
        (SOAKING, {}, {}),
        (SOAKING, {"lateral_flow": False}, {"unit_weight_moist": Spread(0.3)}),
        (PONDING, {"lateral_flow": False, "front_pressure": "always"}, {"root_cohesion": Spread(0.5)}),
        (DRY, {"roots": "exponential", "initial_suction": 1.0}, {"root_depth": Spread(0.3)}),
        (DRY, {"lateral_flow": False}, {"cohesion": Spread(np.linspace(0.0, 2.0, 44) + np.zeros((36, 44)))}),
    ],
)
def test_held_water_gives_what_solving_afresh_gives(
    monkeypatch: pytest.MonkeyPatch, mean: Scenario, choices: dict, more: dict, compiled: str
) -> None:
    """Bit for bit, by the compiled kernel and by numpy."""
    monkeypatch.setenv("SLOPECAST_NUMBA", compiled)
    terrain, lateral = rough_terrain(), choices.get("lateral_flow", True)
    mean, spreads = mean.with_values(options=options(**choices)), {**STRENGTH, **more}
    sampler = Sampler(mean, spreads, 6, -0.3, seed=2)
    found = monte_carlo(terrain, sampler)
    assert found.diagnostics["events"] == 1
    again = Sampler(mean, spreads, 6, -0.3, seed=2)
    masks = [
        solve(terrain, again.draw_number(n), Engine() if lateral else SoilColumn()).factor_of_safety for n in range(6)
    ]
    share = np.mean([m < 1.0 for m in masks], axis=0)[terrain.valid]
    assert np.array_equal(found.probability[terrain.valid], share.astype(np.float32))
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(np.mean(masks, axis=0)[terrain.valid], abs=1e-5)
    assert 0 < found.expected_failed_cells < found.valid_cells == terrain.valid.sum()


def test_parameters_that_move_water_are_solved_each_time() -> None:
    terrain = rough_terrain(shape=(12, 14))
    mean = SOAKING.with_values(duration=3.0)
    sampler = Sampler(mean, {"rainfall": Spread(3.0)}, 3, 0.0, seed=2)
    found = monte_carlo(terrain, sampler)
    assert found.diagnostics["events"] == 3
    again = Sampler(mean, {"rainfall": Spread(3.0)}, 3, 0.0, seed=2)
    fs = [solve(terrain, again.draw_number(n)).factor_of_safety for n in range(3)]
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(np.mean(fs, axis=0)[terrain.valid], abs=1e-5)


def test_without_spread_it_is_the_mask() -> None:
    terrain = rough_terrain()
    fs = solve(terrain, SOAKING).factor_of_safety[terrain.valid]
    found = monte_carlo(terrain, Sampler(SOAKING, {}, 50))
    assert np.array_equal(found.probability[terrain.valid], (fs < 1.0).astype(np.float32))
    assert np.isnan(found.probability[~terrain.valid]).all()


@pytest.mark.parametrize("elsewhere", [2.0, 0.0])
def test_a_spread_unknown_in_a_cell_is_nodata_there(elsewhere: float) -> None:
    sd = np.full((3, 3), elsewhere)
    sd[0, 0] = np.nan
    found = monte_carlo(slope(), Sampler(WET, {"cohesion": Spread(sd)}, 5))
    assert np.isnan(found.probability[0, 0])
    assert found.valid_cells == 8


@pytest.mark.parametrize(
    ("cohesion", "depth", "sd"), [(6.0, 2.0, 0.2), (8.0, 2.0, 0.35), (3.0, 1.0, 0.1), (10.0, 4.0, 0.5)]
)
def test_uncertain_depth_of_a_dry_slope(cohesion: float, depth: float, sd: float) -> None:
    """FS = c / (gamma f D sin b cos b) + tan phi / tan b falls below 1 from a factor f on; ln f is normal.

    A Latin hypercube of n draws has the share to within 1 / n.
    """
    draws, phi, b = 400, math.radians(25.0), math.radians(30.0)
    dry = WET.with_values(cohesion=cohesion, friction_angle=25.0, water_table_ratio=0.0)
    terrain = plane(30.0, (3, 3), 5.0, depth)
    least = cohesion / (18.0 * depth * math.sin(b) * math.cos(b) * (1.0 - math.tan(phi) / math.tan(b)))
    sigma = math.sqrt(math.log1p(sd**2))
    right = 0.5 * math.erfc((math.log(least) + 0.5 * sigma**2) / sigma / math.sqrt(2.0))
    found = monte_carlo(terrain, Sampler(dry, {}, draws, seed=3, depth_sd=sd))
    assert found.diagnostics["events"] == draws
    assert found.probability[1, 1] == pytest.approx(right, abs=1.0 / draws)


@pytest.mark.parametrize("correlation", [-0.6, 0.0])
@pytest.mark.parametrize(("sd", "distribution"), [(2.0, "normal"), (8.0, "normal"), (6.0, "lognormal")])
def test_uncertain_strength_is_the_integral(sd: float, distribution: str, correlation: float) -> None:
    """P = E Phi of the cohesion that a cell needs, over the friction angle; a cohesion below 0 is 0."""
    draws, slopes = 4000, (24.0, 30.0, 38.0)
    mean = WET.with_values(cohesion=5.0, friction_angle=28.0, water_table_ratio=0.5)
    spreads = {"cohesion": Spread(sd, distribution), "friction_angle": Spread(3.0)}
    log_sd = math.sqrt(math.log1p((sd / 5.0) ** 2))
    z = normal_quantiles(2000)
    tan = np.tan(np.radians(28.0 + 3.0 * z))
    for degrees in slopes:
        b, own = math.radians(degrees), math.sqrt(1.0 - correlation**2)
        needed = 36.0 * math.sin(b) * math.cos(b) - (36.0 - 9.81) * math.cos(b) ** 2 * tan
        score = (needed - 5.0) / sd
        if distribution == "lognormal":
            score = (np.log(np.maximum(needed, 1e-300) / 5.0) + 0.5 * log_sd**2) / log_sd
        right = np.where(needed > 0.0, normal_distribution((score - correlation * z) / own), 0.0).mean()
        found = monte_carlo(plane(degrees, (3, 3), 5.0, 2.0), Sampler(mean, spreads, draws, correlation, seed=3))
        assert found.probability[1, 1] == pytest.approx(right, abs=2.5 * math.sqrt(right * (1.0 - right) / draws))


@pytest.mark.parametrize("spreads", [{}, {"cohesion": Spread(1.0)}, {"cohesion": Spread(1.0), "rainfall": Spread(3.0)}])
def test_each_draw_of_the_depth_runs_the_water_on_its_own_soil(spreads: dict) -> None:
    """As the engine finds it on a terrain whose depth raster was multiplied beforehand, lateral flow and all."""
    terrain = rough_terrain(shape=(12, 14))
    mean = SOAKING.with_values(duration=6.0, lateral_anisotropy=20.0)
    found = monte_carlo(terrain, Sampler(mean, spreads, 4, seed=2, depth_sd=0.4))
    again = Sampler(mean, spreads, 4, seed=2, depth_sd=0.4)
    assert np.std(again.depth_factors) > 0.2
    fs = []
    for number, factor in enumerate(again.depth_factors):
        deeper = Terrain.from_arrays(terrain.elevation, terrain.soil_depth * factor, 5.0)
        fs.append(solve(deeper, again.draw_number(number)).factor_of_safety[terrain.valid])
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(np.mean(fs, axis=0), abs=1e-5)
    share = np.mean([one < 1.0 for one in fs], axis=0)
    assert np.array_equal(found.probability[terrain.valid], share.astype(np.float32))


def test_soil_grows_no_deeper_than_a_depth_raster_may_be() -> None:
    terrain = plane(30.0, (3, 3), 5.0, 40.0).with_depth_factor(2.0)
    assert (terrain.soil_depth == 50.0).all()
    assert (terrain.cells.soil_depth == 50.0).all()


def test_cancel_stops_at_the_next_draw() -> None:
    class Impatient(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    feedback = Impatient()
    with pytest.raises(Cancelled):
        monte_carlo(slope(), Sampler(WET, {"cohesion": Spread(1.0)}, 1000), feedback=feedback)
    assert feedback.asked == 4
