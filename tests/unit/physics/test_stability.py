"""The infinite slope against hand-computed factors of safety: tests 1 to 4, 15, 17 and 18 of the physics contract."""

import math
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.physics import stability
from slopecast.plugin.core.physics.stability import (
    Strength,
    dry_and_saturated,
    factor_of_safety,
)
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from study_areas import infinite_slope_with_pressure_head


def strength(c: float = 0.0, phi: float = 30.0, roots: float = 0.0, **others: float) -> Strength:
    values = {"root_depth": 1.0, "surcharge": 0.0, "moist": 17.6, "saturated": 19.0, **others}
    return Strength(cohesion=c, tan_friction=math.tan(math.radians(phi)), root_cohesion=roots, **values)


def fs_and_mode(
    b: float, depth: float, h: float, z: float, soil: Strength, *, ponded: bool = False, contact: bool = False
) -> tuple[float, bool]:
    one = [np.array([float(x)]) for x in (math.radians(b), depth, h, z)]
    flags = [np.array([x]) for x in (ponded, contact)]
    fs, front = factor_of_safety(np, *one, *flags, soil)
    return float(fs[0]), bool(front[0])


def test_closed_form_1_dry_and_cohesionless() -> None:
    fs, front = fs_and_mode(30.0, 2.0, 0.0, 0.0, strength(phi=35.0))
    assert fs == pytest.approx(1.2127950, rel=1e-6)
    assert not front


@pytest.mark.parametrize(
    ("h", "roots", "surcharge", "expected"),
    [(0.0, 0.0, 0.0, 1.6415003), (2.0, 0.0, 0.0, 1.0965003), (0.0, 2.0, 1.0, 1.7489949), (2.0, 2.0, 1.0, 1.2187247)],
)
def test_closed_forms_2_to_4(h: float, roots: float, surcharge: float, expected: float) -> None:
    soil = strength(10.0, 30.0, roots, root_depth=2.0, surcharge=surcharge, moist=18.0, saturated=18.0)
    assert fs_and_mode(30.0, 2.0, h, 0.0, soil)[0] == pytest.approx(expected, rel=1e-6)


def test_closed_form_17_the_wetting_front_governs_where_ponded() -> None:
    soil = strength(1.0, 35.0)
    fs, front = fs_and_mode(40.0, 3.0, 0.0, 0.8, soil, ponded=True)
    assert fs == pytest.approx(0.537231, abs=5e-7)
    assert front
    unponded, front = fs_and_mode(40.0, 3.0, 0.0, 0.8, soil)
    assert unponded == pytest.approx(0.872139, abs=5e-7)  # the bedrock's: the front's is 0.968084
    assert not front
    fs_a = (1.0 + 19.0 * 0.8 * math.cos(math.radians(40)) ** 2 * soil.tan_friction) / (
        19.0 * 0.8 * math.sin(math.radians(40)) * math.cos(math.radians(40))
    )
    assert fs_a == pytest.approx(0.968084, abs=5e-7)


def test_closed_form_17_bedrock() -> None:
    fs, front = fs_and_mode(40.0, 4.0, 4.0, 0.0, strength(14.0, 28.0))
    assert fs == pytest.approx(0.680599, abs=5e-7)
    assert not front


def test_closed_form_18_trigrs_tutorial_at_time_zero() -> None:
    slope = math.radians(16.7)
    head = (math.cos(slope) ** 2 - 0.2) * 0.5
    assert head == pytest.approx(0.3587, abs=5e-5)
    assert infinite_slope_with_pressure_head(slope, 2.0, head, 3.5, 35.0, 22.0) == pytest.approx(2.42, rel=1e-3)


@pytest.mark.parametrize("h", [0.0, 0.7, 2.0])
def test_pressure_head_form_equals_the_bedrock_mode(h: float) -> None:
    slope = math.radians(33.0)
    soil = strength(6.0, 31.0, moist=19.0)
    head = h * math.cos(slope) ** 2
    expected = infinite_slope_with_pressure_head(slope, 2.0, head, 6.0, 31.0, 19.0)
    assert fs_and_mode(33.0, 2.0, h, 0.0, soil)[0] == pytest.approx(expected, rel=1e-12)


def test_seepage_of_the_band_adds_to_the_table_only_in_contact_under_ponding() -> None:
    soil = strength(8.0, 28.0)
    states = [(p, c) for p in (False, True) for c in (False, True)]
    fs = {s: fs_and_mode(35.0, 3.0, 2.5, 0.5, soil, ponded=s[0], contact=s[1]) for s in states}
    assert fs[False, False] == fs[False, True] == fs[True, False]  # the front's mode is far from governing here
    weight = 19.0 * 3.0
    b = math.radians(35.0)
    resisting = 8.0 + (weight - 9.81 * 3.0) * math.cos(b) ** 2 * soil.tan_friction
    expected = resisting / (weight * math.sin(b) * math.cos(b))
    assert fs[True, True][0] == pytest.approx(expected, rel=1e-12)
    assert fs[True, True][0] < fs[False, True][0]


def test_weight_of_wet_and_moist_soil() -> None:
    soil = strength(5.0, 30.0, surcharge=2.0)
    b = math.radians(38.0)
    weight = 19.0 * (0.4 + 0.6) + 17.6 * 1.5 + 2.0
    resisting = 5.0 + (weight - 9.81 * 0.6) * math.cos(b) ** 2 * soil.tan_friction
    expected = resisting / (weight * math.sin(b) * math.cos(b))
    assert fs_and_mode(38.0, 2.5, 0.6, 0.4, soil)[0] == pytest.approx(expected, rel=1e-12)


def test_roots_hold_down_to_their_depth_only() -> None:
    shallow = strength(0.0, 30.0, 5.0, root_depth=1.0)
    assert fs_and_mode(40.0, 1.0, 0.0, 0.0, shallow)[0] > fs_and_mode(40.0, 1.001, 0.0, 0.0, shallow)[0] + 0.2
    bare = fs_and_mode(40.0, 3.0, 0.0, 0.8, strength(1.0, 35.0), ponded=True)[0]
    rooted = fs_and_mode(40.0, 3.0, 0.0, 0.8, strength(1.0, 35.0, 0.5), ponded=True)[0]
    shear = 19.0 * 0.8 * math.sin(math.radians(40)) * math.cos(math.radians(40))
    assert rooted - bare == pytest.approx(0.5 / shear, rel=1e-9)  # c_r(z_w): the front is within the roots


@pytest.mark.parametrize(
    ("b", "depth", "expected"), [(0.0, 3.0, 10.0), (0.99, 3.0, 10.0), (60.0, 0.049, 10.0), (60.0, 0.0, 10.0)]
)
def test_flat_ground_and_bare_rock_are_stable(b: float, depth: float, expected: float) -> None:
    with np.errstate(divide="raise", invalid="raise"):
        fs, front = fs_and_mode(b, depth, depth, 0.0, strength(0.0, 10.0), ponded=True, contact=True)
    assert fs == expected
    assert not front


def test_guards_end_where_they_should() -> None:
    assert fs_and_mode(1.01, 3.0, 0.0, 0.0, strength(0.0, 10.0))[0] == pytest.approx(10.0, abs=0.01)  # tan 10 / tan 1
    assert fs_and_mode(1.01, 3.0, 0.0, 0.0, strength(0.0, 5.0))[0] < 6.0
    assert fs_and_mode(60.0, 0.051, 0.0, 0.0, strength(0.0, 10.0))[0] < 1.0
    assert fs_and_mode(3.0, 0.2, 0.0, 0.0, strength(20.0, 40.0))[0] == 10.0  # clipped


def test_a_shallow_front_has_no_mode_of_its_own() -> None:
    soil = strength(0.0, 35.0)
    assert not fs_and_mode(40.0, 3.0, 0.0, 0.099, soil, ponded=True)[1]
    assert fs_and_mode(40.0, 3.0, 0.0, 0.1, soil, ponded=True)[1]


def test_friction_is_never_negative() -> None:
    light = strength(4.0, 30.0, moist=10.0, saturated=10.0, surcharge=0.0)
    heavy_water = Strength(**{**vars(light), "saturated": 9.0, "moist": 9.0})
    b = math.radians(40.0)
    expected = 4.0 / (9.0 * 2.0 * math.sin(b) * math.cos(b))
    assert fs_and_mode(40.0, 2.0, 2.0, 0.0, heavy_water)[0] == pytest.approx(expected, rel=1e-12)


def test_dry_and_saturated_bound_the_table() -> None:
    slope, depth = np.radians(np.array([20.0, 30.0, 40.0])), np.array([1.0, 2.0, 3.0])
    soil = strength(5.0, 30.0)
    dry, saturated = dry_and_saturated(slope, depth, soil)
    assert (saturated < dry).all()
    for i in range(3):
        b = float(np.degrees(slope[i]))
        assert dry[i] == pytest.approx(fs_and_mode(b, depth[i], 0.0, 0.0, soil)[0], rel=1e-12)
        assert saturated[i] == pytest.approx(fs_and_mode(b, depth[i], depth[i], 0.0, soil)[0], rel=1e-12)


def test_strength_of_a_scenario() -> None:
    s = Scenario(cohesion=7.0, friction_angle=45.0, root_cohesion=2.0, root_depth=0.5, surcharge=3.0)
    soil = Strength.of(s)
    assert soil.tan_friction == pytest.approx(1.0)
    assert (soil.cohesion, soil.root_cohesion, soil.root_depth, soil.surcharge) == (7.0, 2.0, 0.5, 3.0)
    assert (soil.moist, soil.saturated) == (17.6, 19.0)


SOILS: dict[str, Any] = {
    "b": st.floats(2.0, 70.0),
    "depth": st.floats(0.05, 6.0),
    "wet": st.floats(0.0, 1.0),
    "share": st.floats(0.0, 1.0),
    "c": st.floats(0.0, 25.0),
    "phi": st.floats(10.0, 45.0),
    "roots": st.floats(0.0, 5.0),
    "ponded": st.booleans(),
}


@given(**SOILS, more=st.floats(0.1, 10.0), what=st.sampled_from(["cohesion", "tan_friction", "root_cohesion"]))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_closed_form_15_strength_raises_the_factor(
    b: float, depth: float, wet: float, share: float, c: float, phi: float, roots: float, ponded: bool,
    more: float, what: str,
) -> None:  # fmt: skip
    h, z = share * wet * depth, (1.0 - share) * wet * depth
    weak = strength(c, phi, roots)
    strong = Strength(**{**vars(weak), what: getattr(weak, what) + more})
    before = fs_and_mode(b, depth, h, z, weak, ponded=ponded)[0]
    after = fs_and_mode(b, depth, h, z, strong, ponded=ponded)[0]
    assert after >= before - 1e-12
    if what == "cohesion" and before < 9.9:
        assert after > before


@given(**{name: values for name, values in SOILS.items() if name != "ponded"})
@settings(max_examples=80, deadline=None, derandomize=True)
def test_lemma_without_pressure_and_with_even_roots_the_front_never_governs(
    b: float, depth: float, wet: float, share: float, c: float, phi: float, roots: float
) -> None:
    """The bedrock's factor is the smaller one; without cohesion both are the same, but for rounding."""
    even_roots = strength(c, phi, roots, root_depth=20.0)
    state = (b, depth, share * wet * depth, (1.0 - share) * wet * depth, even_roots)
    with mock.patch.object(stability, "SHALLOWEST_FRONT_M", math.inf):
        bedrock, _ = fs_and_mode(*state)
    assert fs_and_mode(*state)[0] == pytest.approx(bedrock, rel=1e-12)


def test_torch_runs_the_same_lines() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    slope, depth = np.radians(rng.uniform(0, 60, 200)), rng.uniform(0, 6, 200)
    h, flags = rng.uniform(0, 0.6, 200) * depth, rng.random((2, 200)) < 0.5
    z = rng.uniform(0, 0.4, 200) * depth
    soil = strength(4.0, 30.0, 1.0)
    fs, front = factor_of_safety(np, slope, depth, h, z, *flags, soil)
    tensors = [torch.from_numpy(np.ascontiguousarray(x)) for x in (slope, depth, h, z, *flags)]
    fs_torch, front_torch = factor_of_safety(torch, *tensors, soil)
    np.testing.assert_allclose(fs_torch.numpy(), fs, rtol=1e-12)
    assert np.array_equal(front_torch.numpy(), front)


@pytest.mark.parametrize("exponential", [False, True])
def test_both_modes_term_by_term(exponential: bool) -> None:
    """The two formulas of the docstring once more, with numbers, for all cells at once and for arrays of strength."""
    rng, n = np.random.default_rng(5), 400
    b = np.radians(np.where(rng.random(n) < 0.1, 0.5, rng.uniform(1.5, 60.0, n)))
    depth = np.where(rng.random(n) < 0.1, 0.04, rng.uniform(0.3, 4.0, n))
    h = np.where(rng.random(n) < 0.3, 0.0, rng.uniform(0.0, 0.6, n) * depth)
    z = np.where(rng.random(n) < 0.3, 0.05, rng.uniform(0.0, 1.0, n) * (depth - h))
    z[:20], h[:20] = depth[:20], 0.0
    ponded, contact = rng.random(n) < 0.5, rng.random(n) < 0.5
    soil = Strength(
        cohesion=rng.uniform(0.0, 5.0, n), tan_friction=rng.uniform(0.2, 0.9, n),
        root_cohesion=rng.uniform(0.0, 4.0, n), root_depth=np.where(rng.random(n) < 0.2, 0.0, rng.uniform(0.2, 2.0, n)),
        surcharge=rng.uniform(0.0, 5.0, n),
        moist=rng.uniform(12.0, 18.0, n), saturated=rng.uniform(18.0, 22.0, n), suction=rng.uniform(0.0, 3.0, n),
        exponential_roots=exponential,
    )  # fmt: skip
    found, front = factor_of_safety(np, b, depth, h, z, ponded, contact, soil)
    modes = set()
    for i in range(n):
        s = soil.at(i)

        def roots(at: float, s: Strength = s) -> float:
            if exponential:
                return s.root_cohesion * math.exp(-at / s.root_depth) if s.root_depth > 0.0 else 0.0
            return s.root_cohesion if at <= s.root_depth else 0.0

        sin, cos = math.sin(b[i]), math.cos(b[i])
        load_a = s.saturated * z[i] + s.surcharge
        normal_a = max(0.0, load_a - (9.81 * z[i] if ponded[i] else 0.0)) * cos**2
        fs_a = (s.cohesion + roots(z[i]) + normal_a * s.tan_friction) / (load_a * sin * cos) if load_a else math.inf
        load_b = s.saturated * (z[i] + h[i]) + s.moist * (depth[i] - z[i] - h[i]) + s.surcharge
        normal_b = max(0.0, load_b - 9.81 * (depth[i] if ponded[i] and contact[i] else h[i])) * cos**2
        held = s.suction if h[i] == 0.0 and z[i] < depth[i] else 0.0
        fs_b = (s.cohesion + roots(depth[i]) + held + normal_b * s.tan_friction) / (load_b * sin * cos)
        stable = math.degrees(b[i]) < 1.0 or depth[i] < 0.05
        by_front = not stable and z[i] >= 0.1 and fs_a < fs_b
        expected = 10.0 if stable else min(10.0, fs_a if by_front else fs_b)
        assert found[i] == pytest.approx(expected, rel=1e-12), i
        assert front[i] == by_front, i
        modes.add((stable, by_front, held > 0.0))
    assert len(modes) >= 5


def test_limits_of_slope_soil_and_front_are_the_stated_ones() -> None:
    weak, edge = strength(0.0, 1.0), 1e-6
    assert fs_and_mode(1.0 - edge, 2.0, 0.0, 0.0, weak)[0] == 10.0
    assert fs_and_mode(1.0 + edge, 2.0, 0.0, 0.0, weak)[0] == pytest.approx(1.0, rel=1e-5)
    assert fs_and_mode(30.0, 0.05 - edge, 0.0, 0.0, weak)[0] == 10.0
    assert fs_and_mode(30.0, 0.05, 0.0, 0.0, weak)[0] < 0.1
    deep = strength(0.2, 30.0)
    assert fs_and_mode(40.0, 2.0, 0.0, 0.1, strength(0.0, 30.0, 0.0), ponded=True)[1]
    assert not fs_and_mode(40.0, 2.0, 0.0, 0.1 - edge, deep, ponded=True)[1]


@pytest.mark.parametrize("head", [0.0, 0.5, 2.0])
def test_suction_strengthens_by_saturation_and_head(head: float) -> None:
    options = EngineOptions(initial_suction=head, effective_porosity=0.4)
    scenario = Scenario(friction_angle=45.0, moisture_deficit=0.15, options=options)
    assert Strength.of(scenario).suction == pytest.approx((1.0 - 0.2 / 0.4) * head * 9.81)
