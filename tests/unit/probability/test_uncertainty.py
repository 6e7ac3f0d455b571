"""Spreads: moments of the three distributions, correlation, limits, seeds, refusals."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread, value_at
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.variables import STRENGTH, VARIABLES

DRAWS = 4_000


def sample(mean: Scenario, spreads: dict, names: tuple[str, ...], correlation: float = 0.0) -> np.ndarray:
    sampler = Sampler(mean, spreads, DRAWS, correlation, seed=7)
    return np.array([[getattr(s, n) for n in names] for s in (sampler.draw_number(n) for n in range(DRAWS))]).T


def test_values_by_hand() -> None:
    assert value_at(10.0, Spread(2.0), 1.5) == 13.0
    # s/m = 0.5: s_ln^2 = ln 1.25 = 0.2231436, median = 10 / sqrt(1.25) = 8.9442719, times exp(0.4723807) at z = 1
    assert value_at(10.0, Spread(5.0, "lognormal"), 0.0) == pytest.approx(8.94427191)
    assert value_at(10.0, Spread(5.0, "lognormal"), 1.0) == pytest.approx(8.94427191 * math.exp(0.47238073))
    # half width sqrt(6): the lower quarter ends at -(1 - sqrt(0.5)) of it
    assert value_at(10.0, Spread(1.0, "triangular"), 0.0) == pytest.approx(10.0)
    assert value_at(10.0, Spread(1.0, "triangular"), -0.67448975) == pytest.approx(10.0 - 2.4494897 * 0.29289322)
    assert value_at(10.0, Spread(1.0, "triangular"), 40.0) == pytest.approx(10.0 + 2.4494897)


@pytest.mark.parametrize("distribution", ["normal", "lognormal", "triangular"])
def test_mean_and_standard_deviation_are_those_given(distribution: str) -> None:
    (cohesion,) = sample(Scenario(cohesion=20.0), {"cohesion": Spread(4.0, distribution)}, ("cohesion",))
    assert cohesion.mean() == pytest.approx(20.0, abs=4 * 4.0 / math.sqrt(DRAWS))
    assert cohesion.std() == pytest.approx(4.0, rel=0.03)
    skew = ((cohesion - cohesion.mean()) ** 3).mean() / 4.0**3
    # Lognormal: (exp(s^2) + 2) sqrt(exp(s^2) - 1) = 3.04 * 0.2
    assert skew == pytest.approx(0.608 if distribution == "lognormal" else 0.0, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [-0.7, 0.0, 1.0])
def test_correlation_of_cohesion_and_friction_angle(correlation: float) -> None:
    spreads = {"cohesion": Spread(2.0), "friction_angle": Spread(2.0), "rainfall": Spread(0.5)}
    names = ("cohesion", "friction_angle", "rainfall")
    drawn = np.corrcoef(sample(Scenario(cohesion=20.0), spreads, names, correlation))
    assert drawn[0, 1] == pytest.approx(correlation, abs=0.05)
    assert abs(drawn[0, 2]) < 0.05
    # Through lognormals a Gaussian copula keeps the ranks, and nearly the correlation.
    spreads["cohesion"] = Spread(8.0, "lognormal")
    ranks = sample(Scenario(cohesion=20.0), spreads, names[:2], correlation).argsort().argsort()
    spearman = 6.0 / math.pi * math.asin(correlation / 2.0)
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(spearman, abs=0.05)


def test_rasters_of_mean_and_spread() -> None:
    mean = Scenario(cohesion=np.array([[5.0, 10.0, np.nan]]), friction_angle=30.0)
    spreads = {"cohesion": Spread(1.0), "friction_angle": Spread(np.array([[0.0, 2.0, 2.0]]))}
    drawn = Sampler(mean, spreads, 4, 0.0, seed=1).draw_number(0)
    assert drawn.cohesion[0, 1] - drawn.cohesion[0, 0] == pytest.approx(5.0)
    assert np.isnan(drawn.cohesion[0, 2])
    assert drawn.friction_angle[0, 0] == 30.0
    assert drawn.friction_angle[0, 1] == drawn.friction_angle[0, 2] != 30.0


@pytest.mark.parametrize("deviate", [-1.0, 1.0])
def test_a_lognormal_around_0_is_0(deviate: float) -> None:
    """Of a large raster, of which only a sample is checked: NaN would count as stable."""
    drawn = value_at(np.array([0.0, 2.0, np.nan]), Spread(np.array([1.0, 0.0, 1.0]), "lognormal"), deviate)
    np.testing.assert_array_equal(drawn, [0.0, 2.0, np.nan])


def test_draws_beyond_the_physical_range_are_set_to_its_end_and_counted() -> None:
    sampler = Sampler(Scenario(cohesion=1.0), {"cohesion": Spread(1.0)}, 2000, 0.0, seed=3)
    drawn = np.array([sampler.draw_number(n).cohesion for n in range(2000)])
    assert drawn.min() == 0.0
    assert sampler.clipped == {"cohesion": int((drawn == 0.0).sum())}
    assert (drawn == 0.0).mean() == pytest.approx(0.1587, abs=0.03)  # Phi(-1)
    note = sampler.clipping_notes()[0]
    assert note.startswith("Cohesion (COHESION) exceeded its range of 0 to 200 kPa in ")
    # E max(c, 0) = m Phi(m/s) + s phi(m/s) = 0.8413 + 0.2420
    assert drawn.mean() == pytest.approx(1.0833, abs=0.01)
    assert "mean and standard deviation differ from those given" in note


def test_saturated_soil_stays_as_heavy_as_moist_soil() -> None:
    spreads = {"unit_weight_moist": Spread(2.0), "unit_weight_saturated": Spread(2.0)}
    sampler = Sampler(Scenario(), spreads, 500, seed=3)
    drawn = [sampler.draw_number(n) for n in range(500)]
    assert all(s.unit_weight_saturated >= s.unit_weight_moist for s in drawn)
    assert sampler.clipped["unit_weight_saturated"] > 50


def test_the_seed_decides_and_a_further_spread_changes_nothing_else() -> None:
    one, two = ({"cohesion": Spread(2.0)}, {"cohesion": Spread(2.0), "rainfall": Spread(1.0)})
    drawn = [
        [s.draw_number(n).cohesion for n in range(5)]
        for s in (Sampler(Scenario(), spreads, 5, 0, seed) for spreads, seed in ((one, 4), (two, 4), (one, 5)))
    ]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_the_factor_of_the_depth_is_lognormal_around_1_and_independent() -> None:
    plain, deep = (Sampler(Scenario(), {"cohesion": Spread(2.0)}, DRAWS, seed=4, depth_sd=sd) for sd in (0.0, 0.4))
    factors = np.array(deep.depth_factors)
    assert factors.mean() == pytest.approx(1.0, abs=0.002)
    assert factors.std() == pytest.approx(0.4, rel=0.02)
    assert np.median(factors) == pytest.approx(1.0 / math.sqrt(1.16), rel=0.002)
    cohesion = [deep.draw_number(n).cohesion for n in range(DRAWS)]
    assert cohesion == [plain.draw_number(n).cohesion for n in range(DRAWS)]
    assert abs(np.corrcoef(factors, cohesion)[0, 1]) < 0.05
    assert plain.depth_factors == [1.0] * DRAWS
    assert (plain.uncertain, deep.uncertain) == (("cohesion",), ("cohesion", "soil_depth"))
    assert (plain.changes_water, deep.changes_water) == (False, True)


def test_depth_alone_is_enough_to_draw() -> None:
    assert Sampler(Scenario(), {}, 7, depth_sd=0.3).draws == 7
    assert Sampler(Scenario(), {}, 7).draws == 1


@pytest.mark.parametrize(("sd", "word"), [(-0.1, "-0.1"), (1.5, "1.5"), (30.0, "30"), (math.nan, "nan")])
def test_bad_spreads_of_the_depth_are_refused(sd: float, word: str) -> None:
    with pytest.raises(InputError) as caught:
        Sampler(Scenario(), {}, 3, depth_sd=sd)
    for part in ("SOIL_DEPTH_SD", word, "0 (certain) to 1", "0.3 for 30 %"):
        assert part in str(caught.value)


def test_each_part_of_a_range_is_drawn_from_once() -> None:
    spreads = {"cohesion": Spread(2.0), "rainfall": Spread(1.0)}
    sampler = Sampler(Scenario(cohesion=20.0), spreads, 8, 0.0, seed=9)
    drawn = [sampler.draw_number(n) for n in range(8)]
    for name, mean, sd in (("cohesion", 20.0, 2.0), ("rainfall", 8.5, 1.0)):
        probabilities = [0.5 * math.erfc((mean - getattr(s, name)) / sd / math.sqrt(2.0)) for s in drawn]
        assert sorted(int(8 * p) for p in probabilities) == list(range(8))
    with pytest.raises(IndexError):
        sampler.draw_number(8)


def test_what_moves_water() -> None:
    assert not Sampler(Scenario(), {name: Spread(0.1) for name in STRENGTH}, 3).changes_water
    for variable in VARIABLES:
        if variable.name not in STRENGTH:
            assert Sampler(Scenario(), {variable.name: Spread(1e-9)}, 3).changes_water
    assert not Sampler(Scenario(), {"rainfall": Spread(0.0)}, 3).changes_water


@pytest.mark.parametrize(
    ("mean", "spreads", "correlation", "words"),
    [
        ({}, {"cohesion": Spread(-1.0)}, 0, ["COHESION_SD", "-1 kPa", "0 (certain) to 200 kPa"]),
        ({}, {"cohesion": Spread(math.nan)}, 0, ["COHESION_SD", "nan kPa"]),
        ({}, {"conductivity": Spread(0.26)}, 0, ["CONDUCTIVITY_SD", "0.26 m/s", "86400"]),
        ({}, {"cohesion": Spread(np.array([[1.0, -2.0]]))}, 0, ["COHESION_SD", "-2 kPa"]),
        ({"cohesion": 0.0}, {"cohesion": Spread(1.0, "lognormal")}, 0, ["COHESION_DISTRIBUTION", "above 0"]),
        ({}, {"cohesion": Spread(1.0, "bimodal")}, 0, ["COHESION_DISTRIBUTION", "bimodal", "triangular"]),
        ({}, {"cohesions": Spread(1.0)}, 0, ["cohesions", "not a scenario parameter"]),
        ({}, {}, 1.5, ["COHESION_FRICTION_CORRELATION", "1.5", "-1 to 1"]),
        ({}, {}, math.nan, ["COHESION_FRICTION_CORRELATION", "nan"]),
    ],
)
def test_bad_spreads_are_refused(mean: dict, spreads: dict, correlation: float, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Sampler(Scenario(**mean), spreads, 3, correlation)
    for word in words:
        assert word in str(caught.value)
