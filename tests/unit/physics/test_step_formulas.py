"""Flow through faces: what a step may even out between water tables, and that long steps do not swing."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics.flow import groundwater, kernels
from slopecast.plugin.core.physics.flow.grid_pyramid import finest_cells
from slopecast.plugin.core.physics.flow.step_formulas import greatest_levelling, levelled_flow
from slopecast.plugin.core.terrain import Terrain

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
    limit = greatest_levelling(groundwater.longest_step(terrain, terrain.valid, K))
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
