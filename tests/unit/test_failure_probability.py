"""Probability of failure: by hand, both methods against each other, water held against water solved afresh."""

import math

import numpy as np
import pytest
from mountains import PONDING, SOAKING, options, plane, rough_mountain, solve
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.failure_probability import first_order, monte_carlo, normal_distribution
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.column import Column
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.uncertainty import Sampler, Spread

COLUMN = options(lateral_flow=False)
#: A wet slope of 30 deg, 2 m of saturated soil; no rain, no roots: FS at the bedrock is known by hand.
WET = Scenario(
    cohesion=8.0, friction_angle=30.0, rainfall=0.0, water_table_ratio=1.0, root_cohesion=0.0,
    unit_weight_moist=18.0, unit_weight_saturated=18.0, options=COLUMN,
)  # fmt: skip
SHEAR = 18.0 * 2.0 * math.sin(math.radians(30)) * math.cos(math.radians(30))  # 15.588457 kPa
NORMAL = (18.0 - 9.81) * 2.0 * math.cos(math.radians(30)) ** 2  # 12.285 kPa


def slope() -> object:
    return plane(30.0, (3, 3), 5.0, 2.0)


def probability(spreads: dict, correlation: float = 0.0, mean: Scenario = WET, terrain: object = None) -> float:
    return float(first_order(terrain or slope(), mean, spreads, correlation, Feedback()).probability[1, 1])


def test_normal_distribution() -> None:
    known = normal_distribution(np.array([0.0, -1.0, 1.959964, -10.0]))
    assert known == pytest.approx([0.5, 0.158655, 0.975, 7.61985e-24], rel=1e-5)


def test_first_order_by_hand() -> None:
    tan = math.tan(math.radians(30.0))
    fs = (8.0 + NORMAL * tan) / SHEAR
    assert fs == pytest.approx(0.968200, abs=1e-6)
    sigma_c = 2.0 / SHEAR
    assert probability({"cohesion": Spread(2.0)}) == pytest.approx(normal_distribution((1 - fs) / sigma_c), rel=1e-6)
    sigma_tan = math.radians(3.0) / math.cos(math.radians(30.0)) ** 2
    sigma_f = NORMAL / SHEAR * sigma_tan
    both = {"cohesion": Spread(2.0), "friction_angle": Spread(3.0)}
    for rho in (0.0, -0.5, 1.0):
        sigma = math.sqrt(sigma_c**2 + sigma_f**2 + 2 * rho * sigma_c * sigma_f)
        assert probability(both, rho) == pytest.approx(normal_distribution((1 - fs) / sigma), rel=1e-6)
    roots = WET.with_values(root_cohesion=1.0, root_depth=3.0)
    expected = normal_distribution((1 - fs - 1.0 / SHEAR) / (0.5 / SHEAR))
    assert probability({"root_cohesion": Spread(0.5)}, mean=roots) == pytest.approx(expected, rel=1e-6)
    assert probability({"root_cohesion": Spread(0.5)}, mean=WET) == 1.0  # out of the roots' reach: FS < 1 for sure


def test_first_order_of_the_other_parameters_is_their_slope() -> None:
    """One standard deviation more and less of the saturated unit weight, by hand."""
    tan = math.tan(math.radians(30.0))
    heavy = WET.with_values(unit_weight_saturated=19.0)

    def fs(gamma: float) -> float:
        shear = SHEAR / 18.0 * gamma
        return (8.0 + (gamma - 9.81) * 2.0 * 0.75 * tan) / shear

    sigma = (fs(19.2) - fs(18.8)) / 2.0
    expected = normal_distribution((1 - fs(19.0)) / abs(sigma))
    assert probability({"unit_weight_saturated": Spread(0.2)}, mean=heavy) == pytest.approx(expected, rel=1e-5)


def test_monte_carlo_agrees_with_first_order_for_gaussian_strength() -> None:
    """FS is linear in c and nearly so in phi: the two differ by the sampling error alone."""
    draws = 2000
    spreads = {"cohesion": Spread(1.5), "friction_angle": Spread(2.0)}
    for rho in (0.0, -0.6):
        drawn = monte_carlo(slope(), Sampler(WET, spreads, draws, rho, seed=11), Feedback())
        analytic = first_order(slope(), WET, spreads, rho, Feedback())
        p = analytic.probability[1, 1]
        assert 0.5 < p < 0.9
        error = math.sqrt(p * (1 - p) / draws)
        assert drawn.probability[1, 1] == pytest.approx(p, abs=2 * error)
        assert drawn.mean_factor_of_safety[1, 1] == pytest.approx(analytic.mean_factor_of_safety[1, 1], abs=0.002)


@pytest.mark.parametrize("further", [{}, {"roots": "exponential", "initial_suction": 1.0}])
def test_first_order_derivatives_are_those_of_the_formula_on_a_mountain(further: dict) -> None:
    """Every cell, both modes: FS is the engine's but for its limit of 10, its derivatives are differences of it."""
    from slopecast.plugin.core.failure_probability import _linear_terms

    terrain = rough_mountain()
    mean = PONDING.with_values(cohesion=1.0, friction_angle=35.0, root_depth=0.5, water_table_ratio=0.1)
    mean = mean.with_values(options=options(**further))
    result = solve(terrain, mean, Engine(failure_times=False))
    cells, water = result.cells, result.water

    def fs(**changes: float) -> np.ndarray:
        return assess(cells, water, mean.with_values(**changes)).fs

    value, by_c, by_roots, by_tan = _linear_terms(cells, water, mean)
    assert np.clip(value, 0, 10) == pytest.approx(fs(), abs=1e-9)
    assert value.max() > 10.0
    assert (by_c[value == 10.0] == 0.0).all()
    front_governs = result.stability.front_governs
    assert front_governs.any()
    assert not front_governs.all()
    low = fs() < 9.0
    for derivative, name, step in ((by_c, "cohesion", 1e-4), (by_roots, "root_cohesion", 1e-4)):
        change = (fs(**{name: getattr(mean, name) + step}) - fs())[low] / step
        assert np.mean(np.isclose(change, derivative[low], rtol=1e-4, atol=1e-9)) > 0.99  # but where modes change
    turned = math.degrees(math.atan(math.tan(math.radians(mean.friction_angle)) + 1e-4))
    change = (fs(friction_angle=turned) - fs())[low] / 1e-4
    assert np.mean(np.isclose(change, by_tan[low], rtol=1e-4, atol=1e-9)) > 0.99


@pytest.mark.parametrize("lateral", [True, False])
def test_held_water_gives_what_solving_afresh_gives(lateral: bool) -> None:
    terrain = rough_mountain()
    mean = SOAKING.with_values(options=options(lateral_flow=lateral))
    spreads = {"cohesion": Spread(1.0), "friction_angle": Spread(2.0), "unit_weight_moist": Spread(0.3)}
    sampler = Sampler(mean, spreads, 6, -0.3, seed=2)
    found = monte_carlo(terrain, sampler, Feedback())
    assert found.diagnostics["events"] == 1
    again = Sampler(mean, spreads, 6, -0.3, seed=2)
    masks = [solve(terrain, again.draw(), Engine() if lateral else Column()).factor_of_safety for _ in range(6)]
    share = np.mean([m < 1.0 for m in masks], axis=0)[terrain.valid]
    assert np.array_equal(found.probability[terrain.valid], share.astype(np.float32))
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(np.mean(masks, axis=0)[terrain.valid], abs=1e-5)
    assert 0 < found.expected_failed_cells < found.valid_cells == terrain.valid.sum()


def test_parameters_that_move_water_are_solved_each_time() -> None:
    terrain = rough_mountain(shape=(12, 14))
    mean = SOAKING.with_values(duration=3.0)
    sampler = Sampler(mean, {"rainfall": Spread(3.0)}, 3, 0.0, seed=2)
    found = monte_carlo(terrain, sampler, Feedback())
    assert found.diagnostics["events"] == 3
    again = Sampler(mean, {"rainfall": Spread(3.0)}, 3, 0.0, seed=2)
    fs = [solve(terrain, again.draw()).factor_of_safety for _ in range(3)]
    assert found.mean_factor_of_safety[terrain.valid] == pytest.approx(np.mean(fs, axis=0)[terrain.valid], abs=1e-5)


def test_first_order_moves_the_rain_through_the_engine() -> None:
    """The part of the rain is half the difference between one standard deviation more and less."""
    terrain = rough_mountain(shape=(12, 14))
    mean = SOAKING.with_values(duration=6.0, rainfall=10.0)
    fs, up, down = (solve(terrain, mean.with_values(rainfall=r)).factor_of_safety for r in (10.0, 12.0, 8.0))
    found = first_order(terrain, mean, {"rainfall": Spread(2.0)}, 0.0, Feedback())
    assert found.diagnostics["events"] == 3
    sigma = np.abs(up - down)[terrain.valid].astype(float) / 2.0
    fs = fs[terrain.valid].astype(float)
    here = (sigma > 1e-3) & (fs < 9.0)
    expected = normal_distribution((1.0 - fs[here]) / sigma[here])
    assert here.sum() > 20
    assert found.probability[terrain.valid][here] == pytest.approx(expected, abs=2e-3)


def test_without_spread_it_is_the_mask() -> None:
    terrain = rough_mountain()
    fs = solve(terrain, SOAKING).factor_of_safety[terrain.valid]
    for found in (
        monte_carlo(terrain, Sampler(SOAKING, {}, 50), Feedback()),
        first_order(terrain, SOAKING, {}, 0.0, Feedback()),
    ):
        assert np.array_equal(found.probability[terrain.valid], (fs < 1.0).astype(np.float32))
        assert np.isnan(found.probability[~terrain.valid]).all()


def test_a_spread_unknown_in_a_cell_is_nodata_there() -> None:
    terrain = slope()
    sd = np.full((3, 3), 2.0)
    sd[0, 0] = np.nan
    spreads = {"cohesion": Spread(sd)}
    for found in (
        monte_carlo(terrain, Sampler(WET, spreads, 5), Feedback()),
        first_order(terrain, WET, spreads, 0.0, Feedback()),
    ):
        assert np.isnan(found.probability[0, 0])
        assert found.valid_cells == 8


def test_first_order_counts_the_cells_where_a_spread_leaves_the_physical_range() -> None:
    terrain = rough_mountain(5, holes=0.1)
    told: list[str] = []
    feedback = Feedback()
    feedback.pushWarning = told.append  # type: ignore[method-assign]
    ratio = np.where(np.arange(terrain.grid.cols) < 10, 0.95, 0.5) + np.zeros(terrain.grid.shape)
    scenario = Scenario(water_table_ratio=ratio, options=options(lateral_flow=False))
    found = first_order(terrain, scenario, {"water_table_ratio": Spread(0.1)}, 0.0, feedback)
    assert np.isfinite(found.probability[terrain.valid]).all()
    assert len(told) == 1
    assert "WATER_TABLE_RATIO" in told[0]
    assert f"in {int(terrain.valid[:, :10].sum())} of {int(terrain.valid.sum())} cells" in told[0]


def test_cancel_stops_at_the_next_draw() -> None:
    class Impatient(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    feedback = Impatient()
    with pytest.raises(Cancelled):
        monte_carlo(slope(), Sampler(WET, {"cohesion": Spread(1.0)}, 1000), feedback)
    assert feedback.asked == 4


def test_first_order_refuses_the_minimum_over_the_event() -> None:
    with pytest.raises(InputError, match="EVALUATE"):
        first_order(slope(), WET.with_values(options=options(evaluate="minimum")), {}, 0.0, Feedback())
