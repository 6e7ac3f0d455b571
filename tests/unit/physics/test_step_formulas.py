"""Formulas of a step: flow through faces, which long steps do not make swing, and the water balance of cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics.flow import groundwater, kernels
from slopecast.plugin.core.physics.flow.grid_pyramid import finest_cells
from slopecast.plugin.core.physics.flow.step_formulas import balance_cells, greatest_levelling, levelled_flow
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.variables import RESIDUAL_AIR

K = 1e-4


def test_a_difference_counts_up_to_the_limit_and_the_drop_of_the_bedrock_in_full() -> None:
    upstream, greatest = 0.3, 0.1
    assert levelled_flow(np, upstream, 2.0, 2.0, greatest) == pytest.approx(0.1 * 2.0)
    assert levelled_flow(np, upstream, 2.0, 0.5, greatest) == pytest.approx(0.3 * 1.5 + 0.1 * 0.5)
    assert levelled_flow(np, upstream, 2.0, 0.0, greatest) == pytest.approx(0.3 * 2.0)
    assert levelled_flow(np, upstream, 2.0, 2.0, np.inf) == pytest.approx(0.3 * 2.0)
    assert levelled_flow(np, upstream, -2.0, -2.0, greatest) == pytest.approx(-0.1 * 2.0)


def test_a_table_that_holds_water_back_counts_in_full() -> None:
    """Flow is never more than without the limit: no cell gives more than the limit of outflow allows."""
    assert levelled_flow(np, 0.3, 1.0, -1.0, 0.1) == pytest.approx(0.3)


@pytest.mark.parametrize("which", ["numpy", "numba", "torch"])
def test_flow_is_never_against_the_drop_nor_more_than_without_the_limit(which: str) -> None:
    rng = np.random.default_rng(1)
    upstream, drop, rise = rng.uniform(0.0, 1.0, 500), rng.normal(size=500), rng.normal(size=500)
    if which == "torch":
        torch = pytest.importorskip("torch")
        found = levelled_flow(torch, *(torch.from_numpy(x) for x in (upstream, drop, rise)), 0.4).numpy()
    elif which == "numba":
        if compiling.numba is None:
            pytest.skip("numba is not installed")
        from slopecast.plugin.core.physics.flow.step_formulas import compiled_levelled_flow

        found = np.array([compiled_levelled_flow(*x, 0.4) for x in zip(upstream, drop, rise)])
    else:
        found = levelled_flow(np, upstream, drop, rise, 0.4)
    whole = upstream * drop
    assert (found * whole >= 0.0).all()
    assert (np.abs(found) <= np.abs(whole) + 1e-15).all()
    small = upstream <= 0.4
    np.testing.assert_allclose(found[small], whole[small], rtol=1e-12)
    assert (np.abs(found) < 0.9 * np.abs(whole)).sum() > 50
    np.testing.assert_allclose(found, levelled_flow(np, upstream, drop, rise, 0.4), rtol=1e-12, atol=1e-15)


def test_steps_of_the_exact_scheme_never_reach_the_limit() -> None:
    terrain = Terrain.from_arrays(np.random.default_rng(2).normal(size=(20, 30)).cumsum(0), 4.0, 5.0)
    c = groundwater.cell_conductances(terrain, K, "open")
    limit = greatest_levelling(groundwater.longest_step(terrain, K))
    assert max(c.east.max(), c.south.max()) * 4.0 < limit


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_long_steps_do_not_swing_in_a_deep_flat_valley(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each table stays between the least and the greatest at the beginning, and no water is lost."""
    if backend == "numpy":
        monkeypatch.setattr(kernels, "compiled", lambda: False)
    elif compiling.numba is None:
        pytest.skip("numba is not installed")
    terrain = Terrain.from_arrays(np.zeros((24, 25)), 4.0, 5.0)
    depth = np.full(terrain.valid.size, 4.0)
    first = 2.0 + 0.8 * (-1.0) ** np.arange(depth.size)  # neighbours of a row alternate, as those of a column do
    water = kernels.Water(first.copy(), 0.1 * (depth - first), np.ones(depth.size, dtype=bool), np.zeros(depth.size))
    step = 8.0 * finest_cells(terrain).stable_step(K)
    kernels.lateral_time(
        water, np.zeros(depth.size), groundwater.cell_conductances(terrain, K, "closed"), depth,
        np.full(depth.size, 0.1), np.full(depth.size, 0.05), 30 * step, (step, step), 1000,
    )  # fmt: skip
    assert water.table.min() >= first.min() - 1e-9
    assert water.table.max() <= first.max() + 1e-9
    assert water.table.std() < 0.2 * first.std()
    assert water.table.mean() == pytest.approx(first.mean(), rel=1e-9)


@given(
    depth=st.floats(0.0, 5.0),
    wet=st.floats(0.0, 1.0),
    filled=st.floats(0.0, 1.0),
    contact=st.booleans(),
    infiltration=st.floats(0.0, 0.2),
    inflow=st.floats(-1.0, 1.0),
    deficit=st.floats(0.05, 0.3),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_water_is_lost_in_a_cell(
    depth: float, wet: float, filled: float, contact: bool, infiltration: float, inflow: float, deficit: float
) -> None:
    h = wet * depth
    band = deficit * (depth - h) * (1.0 if contact else filled)
    storage = RESIDUAL_AIR if contact else RESIDUAL_AIR + deficit
    net = inflow if inflow > 0 else inflow * storage * h  # no more leaves than the table holds
    args = [np.array([x]) for x in (h, band, contact, infiltration, net, depth, deficit)]
    h2, band2, contact2, rejected, exfiltrated = (float(x[0]) for x in balance_cells(*args))
    gained = band2 - band + (deficit + RESIDUAL_AIR) * (h2 - h)
    assert gained == pytest.approx(infiltration + net - rejected - exfiltrated, abs=1e-12)
    assert -1e-12 <= h2 <= depth
    assert 0.0 <= rejected <= infiltration
    assert exfiltrated >= 0.0
    assert contact2 >= contact  # contact lasts
    assert band2 / deficit + h2 <= depth + 1e-9
    if rejected > 0:
        assert h2 == depth


#: h, V, in contact, infiltration, net inflow, in soil of 2 m with a deficit of 0.1 and air of 0.05; then
#: h, V, contact, rejected, exfiltrated.
STEPS = {
    "apart": ((0.5, 0.05, False, 0.02, 0.015), (0.6, 0.07, 0, 0.0, 0.0)),
    "apart, draining": ((0.5, 0.05, False, 0.0, -0.03), (0.3, 0.05, 0, 0.0, 0.0)),
    "just closes": ((0.5, 0.14, False, 0.01, 0.0), (0.5, 0.15, 1, 0.0, 0.0)),
    "closes": ((0.5, 0.14, False, 0.02, 0.0), (0.7, 0.13, 1, 0.0, 0.0)),
    # 1 m apart; the front falls by 0.2 / 0.1 = 2 m: half closes it, the other 0.1 m raises h by 0.1 / 0.05 = 2 m: full
    "closes and fills": ((0.5, 0.05, False, 0.2, 0.0), (2.0, 0.0, 1, 0.025, 0.0)),
    # 0.3 m apart; h rises by 0.15 / 0.15 = 1 m and the front falls by 0.5 m: a fifth closes it
    "both meet": ((0.5, 0.12, False, 0.05, 0.15), (2.0, 0.0, 1, 0.05, 0.045)),
    "in contact, by inflow": ((1.0, 0.1, True, 0.0, 0.02), (1.4, 0.06, 1, 0.0, 0.0)),
    "in contact, draining": ((1.0, 0.1, True, 0.0, -0.02), (0.6, 0.14, 1, 0.0, 0.0)),
    "runs off in part": ((1.9, 0.01, True, 0.02, 0.0), (2.0, 0.0, 1, 0.015, 0.0)),
    "both in part": ((1.9, 0.01, True, 0.01, 0.05), (2.0, 0.0, 1, 0.01, 0.045)),
    "takes what it exports": ((2.0, 0.0, True, 0.02, -0.012), (2.0, 0.0, 1, 0.008, 0.0)),
    "runs off": ((2.0, 0.0, True, 0.03, 0.0), (2.0, 0.0, 1, 0.03, 0.0)),
    "exfiltrates": ((2.0, 0.0, True, 0.0, 0.03), (2.0, 0.0, 1, 0.0, 0.03)),
    "both": ((2.0, 0.0, True, 0.01, 0.03), (2.0, 0.0, 1, 0.01, 0.03)),
}


@pytest.mark.parametrize("air", [0.05, np.full(len(STEPS) + 1, 0.05)])
def test_balance_of_cells_by_hand(air: float | np.ndarray) -> None:
    """All at once and one by one; the last cell is bare rock, from which everything runs off."""
    before = [np.array([values[n] for values, _ in STEPS.values()] + [0.0]) for n in range(5)]
    before[2] = before[2].astype(bool)
    before[2][-1] = True
    before[3][-1], before[4][-1] = 0.01, 0.02
    depth = np.array([2.0] * len(STEPS) + [0.0])
    kept = [x.copy() for x in before]
    found = balance_cells(*before, depth, np.full(depth.shape, 0.1), air)
    for x, y in zip(before, kept):
        np.testing.assert_array_equal(x, y)
    for n, (name, (values, expected)) in enumerate(STEPS.items()):
        assert [float(x[n]) for x in found] == pytest.approx(expected, abs=1e-12), name
        alone = balance_cells(*(np.array([x]) for x in values), depth[:1], np.array([0.1]), 0.05)
        assert [float(x[0]) for x in alone] == pytest.approx(expected, abs=1e-12), name
    assert [float(x[-1]) for x in found] == pytest.approx((0.0, 0.0, 1, 0.01, 0.02))
