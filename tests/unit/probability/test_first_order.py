"""Probability of failure by the first-order method: points, closed forms, lateral flow, Monte Carlo."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import column_state
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.probability.first_order import LateralShift, normal_distribution, sigma_points
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread
from slopecast.plugin.core.scenario import Scenario
from study_areas import (
    SOAKING,
    draw_study,
    first_order_probability,
    monte_carlo,
    options,
    plane,
    rough_terrain,
    solve,
    whole_run,
)

COLUMN = options(lateral_flow=False)
#: A wet slope of 30 deg, 2 m of saturated soil; no rain, no roots: FS at the bedrock is known by hand.
WET = Scenario(
    cohesion=8.0, friction_angle=30.0, rainfall=0.0, water_table_ratio=1.0, root_cohesion=0.0,
    unit_weight_moist=18.0, unit_weight_saturated=18.0, options=COLUMN,
)  # fmt: skip
SHEAR = 18.0 * 2.0 * math.sin(math.radians(30)) * math.cos(math.radians(30))  # 15.588457 kPa
NORMAL = (18.0 - 9.81) * 2.0 * math.cos(math.radians(30)) ** 2  # 12.285 kPa
TAN = math.tan(math.radians(30.0))


def probability(spreads: dict, mean: Scenario = WET, correlation: float = 0.0, depth_sd: float = 0.0) -> float:
    sampler = Sampler(mean, spreads, 1, correlation, depth_sd=depth_sd)
    return float(first_order_probability(plane(30.0, (3, 3), 5.0, 2.0), sampler).probability[1, 1])


def below(value: float, mean: float, sd: float) -> float:
    """Probability that a lognormal variable is below a value."""
    sigma = math.sqrt(math.log1p((sd / mean) ** 2))
    return 0.5 * math.erfc(-(math.log(value / mean) + 0.5 * sigma**2) / sigma / math.sqrt(2.0))


def test_normal_distribution() -> None:
    known = normal_distribution(np.array([0.0, -1.0, 1.959964, -10.0]))
    assert known == pytest.approx([0.5, 0.158655, 0.975, 7.61985e-24], rel=1e-5)


@pytest.mark.parametrize("inputs", [1, 2, 7, 15])
def test_points_have_the_moments_of_standard_normal_deviates(inputs: int) -> None:
    points = sigma_points(inputs)
    assert points.shape == (32, inputs)
    assert points.mean(axis=0) == pytest.approx(np.zeros(inputs), abs=1e-12)
    assert points.T @ points / 32 == pytest.approx(np.eye(inputs), abs=1e-12)
    assert np.abs(points).max() < 3.0
    assert len(np.unique(np.abs(points[:, 0]).round(9))) == 16


@pytest.mark.parametrize("sd", [1.0, 3.0, 6.0])
@pytest.mark.parametrize("cohesion", [14.0, 16.0, 20.0])
def test_lognormal_strength_by_hand(cohesion: float, sd: float) -> None:
    """With next to no friction FS = (c + f) / T is as good as lognormal where the cohesion is."""
    mean = WET.with_values(cohesion=cohesion, friction_angle=1.0)
    right = below(SHEAR - NORMAL * math.tan(math.radians(1.0)), cohesion, sd)
    assert probability({"cohesion": Spread(sd, "lognormal")}, mean) == pytest.approx(right, abs=0.01)


@pytest.mark.parametrize("correlation", [0.0, -0.5, 1.0])
def test_normal_strength_with_correlation_by_hand(correlation: float) -> None:
    """FS is normal to first order of phi; the lognormal of these moments differs from it by some 0.02."""
    fs = (8.0 + NORMAL * TAN) / SHEAR
    sigma_c, sigma_f = 1.5 / SHEAR, NORMAL / SHEAR * math.radians(2.0) / math.cos(math.radians(30.0)) ** 2
    sigma = math.sqrt(sigma_c**2 + sigma_f**2 + 2.0 * correlation * sigma_c * sigma_f)
    right = 0.5 * math.erfc((fs - 1.0) / sigma / math.sqrt(2.0))
    found = probability({"cohesion": Spread(1.5), "friction_angle": Spread(2.0)}, correlation=correlation)
    assert found == pytest.approx(right, abs=0.025)


def test_a_correlation_with_what_is_certain_takes_nothing_away() -> None:
    one = probability({"friction_angle": Spread(2.0)})
    assert probability({"friction_angle": Spread(2.0)}, correlation=-0.9) == one
    assert 0.5 < one < 0.99


@pytest.mark.parametrize(("sd", "error"), [(0.1, 0.01), (0.25, 0.02), (0.5, 0.04)])
@pytest.mark.parametrize("cohesion", [6.0, 9.0, 12.0])
def test_uncertain_depth_of_a_dry_slope(cohesion: float, sd: float, error: float) -> None:
    """FS = c / (gamma f D sin b cos b) + tan phi / tan b falls below 1 from a lognormal factor f on.

    The friction makes FS less than lognormal, the more the wider the spread.
    """
    dry = WET.with_values(cohesion=cohesion, friction_angle=15.0, water_table_ratio=0.0)
    least = cohesion / (SHEAR * (1.0 - math.tan(math.radians(15.0)) / TAN))
    assert probability({}, dry, depth_sd=sd) == pytest.approx(1.0 - below(least, 1.0, sd), abs=error)


def test_without_spread_it_is_the_mask() -> None:
    terrain = rough_terrain()
    result = solve(terrain, SOAKING)
    found = first_order_probability(terrain, Sampler(SOAKING, {}, 1))
    assert np.array_equal(found.probability[terrain.valid], result.failed)
    assert np.isnan(found.probability[~terrain.valid]).all()
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(result.stability.fs, abs=1e-5)


def test_an_input_without_effect_leaves_certainty() -> None:
    """Roots end above the bedrock, and there is no wetting front."""
    assert probability({"root_cohesion": Spread(0.5)}) == 1.0
    assert probability({"suction_head": Spread(0.05), "moisture_deficit": Spread(0.01)}) == 1.0


@pytest.mark.parametrize("elsewhere", [2.0, 0.0])
def test_a_spread_unknown_in_a_cell_is_nodata_there(elsewhere: float) -> None:
    sd = np.full((3, 3), elsewhere)
    sd[0, 0] = np.nan
    sampler = Sampler(WET, {"cohesion": Spread(sd)}, 1)
    found = first_order_probability(plane(30.0, (3, 3), 5.0, 2.0), sampler)
    assert np.isnan(found.probability[0, 0])
    assert found.valid_cells == 8


STRONG = SOAKING.with_values(duration=6.0, lateral_anisotropy=40.0, water_table_ratio=0.5)


@pytest.mark.parametrize(
    ("spreads", "runs"),
    [
        ({"cohesion": Spread(1.0)}, 1),
        ({"rainfall": Spread(1.0)}, 1),
        ({"conductivity": Spread(2e-6, "lognormal")}, 3),
        ({"conductivity": Spread(2e-6, "lognormal"), "lateral_anisotropy": Spread(20.0, "lognormal")}, 3),
    ],
)
def test_lateral_flow_is_that_of_the_engine_where_it_was_run(spreads: dict, runs: int) -> None:
    terrain = rough_terrain(shape=(12, 14))
    sampler = Sampler(STRONG, spreads, 1, depth_sd=0.3)
    shift = LateralShift.of(draw_study(terrain, sampler), whole_run, Feedback())
    assert len(shift.tables) == runs
    ground = terrain.with_depth_factor(1.0 / math.sqrt(1.09))  # the median of the factor
    for step in (0.0,) if runs == 1 else (-math.sqrt(3.0), 0.0, math.sqrt(3.0)):
        deviates = dict.fromkeys(sampler.uncertain, 0.0)
        deviates |= {name: step * share for name, share in shift.direction.items()}
        scenario = sampler.at(deviates)
        engine = Engine(failure_times=False, scheme="fast" if runs > 1 else "exact")
        right, column = solve(ground, scenario, engine).water, column_state(ground.cells, scenario)
        everywhere = (slice(None), slice(None))
        found = shift.of_cells(everywhere, ground.cells.mask).apply(column, ground.cells, deviates)
        assert found.water_table == pytest.approx(right.water_table, abs=1e-9)
        assert np.abs(right.water_table - column.water_table).max() > 0.3


def test_without_lateral_flow_nothing_is_run() -> None:
    sampler = Sampler(STRONG.with_values(options=COLUMN), {"rainfall": Spread(2.0)}, 1)
    found = first_order_probability(rough_terrain(shape=(12, 14)), sampler)
    assert found.diagnostics["events"] == 0


SPREADS = {"cohesion": Spread(1.0), "friction_angle": Spread(2.5)}
MIXED = {
    "strength, depth": (SOAKING, SPREADS, 0.3),
    "soil and rain": (
        SOAKING, {**SPREADS, "conductivity": Spread(2e-6, "lognormal"), "rainfall": Spread(2.0, "triangular")}, 0.2,
    ),
    "strong flow": (STRONG, {**SPREADS, "lateral_anisotropy": Spread(15.0, "lognormal")}, 0.2),
    "water table, weights": (
        STRONG, {**SPREADS, "water_table_ratio": Spread(0.1), "unit_weight_moist": Spread(0.5)}, 0.0,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MIXED)
def test_it_agrees_with_monte_carlo(name: str) -> None:
    """400 draws have a mean error of some 0.01 themselves."""
    mean, spreads, depth_sd = MIXED[name]
    terrain = rough_terrain(shape=(20, 24))
    drawn = monte_carlo(terrain, Sampler(mean, spreads, 400, -0.3, 1, depth_sd))
    found = first_order_probability(terrain, Sampler(mean, spreads, 1, -0.3, 1, depth_sd))
    right = drawn.probability[terrain.valid]
    assert ((right > 0.02) & (right < 0.98)).mean() > 0.2
    assert np.abs(found.probability[terrain.valid] - right).mean() < 0.03
    mean_fs = found.mean_factor_of_safety - drawn.mean_factor_of_safety
    assert np.abs(mean_fs[terrain.valid & (drawn.mean_factor_of_safety < 3.0)]).mean() < 0.03


def test_points_beyond_the_physical_range_are_set_to_its_end_and_counted() -> None:
    sampler = Sampler(WET.with_values(water_table_ratio=0.9), {"water_table_ratio": Spread(0.2)}, 1)
    found = first_order_probability(rough_terrain(5, holes=0.1), sampler)
    assert found.valid_cells > 0
    count = int((sigma_points(1) > 0.5).sum())
    assert sampler.clipped == {"water_table_ratio": count}
    assert f"in {count} of 32 parameter sets" in sampler.clipping_notes()[0]


def test_it_stops_when_cancelled() -> None:
    class Impatient(Feedback):
        def isCanceled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        first_order_probability(plane(30.0, (3, 3), 5.0, 2.0), Sampler(WET, SPREADS, 1), Impatient())


def test_it_refuses_the_minimum_over_the_event() -> None:
    with pytest.raises(InputError, match="EVALUATE"):
        probability({}, WET.with_values(options=options(evaluate="minimum")))
