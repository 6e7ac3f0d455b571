"""Dense steps of lateral flow: numpy, torch and compiled alike, the engine's kernel, closed forms, water balance."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics.flow import (
    grid_kernels_numba,
    groundwater,
    kernels,
    lateral_flow,
    lateral_flow_numba,
)
from slopecast.plugin.core.physics.flow import grid_pyramid as pyramid
from slopecast.plugin.core.physics.flow.grid_pyramid import PyramidGrid, grid_pyramid
from slopecast.plugin.core.physics.flow.lateral_flow import Arrays, GridSoil, GridWater, advance_water, step
from slopecast.plugin.core.physics.flow.step_formulas import ROW_CELLS, step_length
from slopecast.plugin.core.terrain import Terrain
from study_areas import plane, rough_terrain

RAIN = 8.5e-3 / 3600.0
CONDUCTIVITIES = np.array([2e-5, 1e-4, 5e-4])


class PlainArrays(Arrays):
    """Numpy without the compiled steps."""

    kernels = False


def arrays(which: str) -> Arrays:
    if which == "numba" and compiling.numba is None:
        pytest.skip("numba is not installed")
    if which in ("numba", "numpy"):
        return Arrays() if which == "numba" else PlainArrays()
    torch = pytest.importorskip("torch")
    dtype = torch.float32 if which == "torch32" else torch.float64
    return PlainArrays(torch, lambda x: torch.tensor(x, dtype=dtype))


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64).reshape(-1, 1, 1)


def begin(grid: PyramidGrid, batch: int, a: Arrays, ratio: float = 0.3) -> GridWater:
    table = a.asarray(np.stack([ratio * grid.depth] * batch))
    total = a.asarray(np.zeros((batch, 1, 1)))
    return GridWater(table, 0.0 * table, table < 0.0, 0.0 * table, total, total + 0.0)


def run(
    grid: PyramidGrid, a: Arrays, conductivity: np.ndarray, seconds: float, deficit: np.ndarray | float = 0.1,
    edges: str = "open", rain: float = RAIN, ratio: float = 0.3, share: float = 0.5,
) -> tuple[GridWater, GridSoil]:  # fmt: skip
    batch = len(conductivity)
    deficit = np.broadcast_to(deficit, (batch, 1, 1)) if np.ndim(deficit) == 0 else deficit
    soil = GridSoil.of(grid, conductivity, deficit, column(*[0.05] * batch), edges, a)
    shortest = np.array([share * grid.stable_step(float(k.max())) for k in conductivity])
    supply = a.asarray(np.full((batch, 1, 1), rain))
    every = np.full(batch, seconds)
    water, _ = advance_water(
        begin(grid, batch, a, ratio), soil, supply, every, shortest, np.full(batch, seconds / 20), a, Feedback()
    )
    return water, soil


def numbers(water: GridWater) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in vars(water).items()}


def test_coarser_grids_made_in_strips_are_those_made_at_once(monkeypatch):
    terrain = rough_terrain(6, (150, 75), holes=0.1)
    at_once = grid_pyramid(terrain)
    monkeypatch.setattr(pyramid, "_STRIP_CELLS", 600)
    for strips, expected in zip(grid_pyramid(replace(terrain)), at_once):
        for name, values in vars(expected).items():
            assert np.array_equal(getattr(strips, name), values), name


@pytest.mark.parametrize("share", [0.5, 4.0])
@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("which", ["numba", "torch64"])
def test_numpy_torch_and_compiled_steps_are_the_same(which: str, level: int, share: float) -> None:
    """Also with steps so long that tables are not evened out in full; share: of the monotone step."""
    grid = grid_pyramid(rough_terrain(3, (83, 70)))[level]
    k = CONDUCTIVITIES.reshape(-1, 1, 1)
    expected = numbers(run(grid, arrays("numpy"), k, 12 * 3600.0, share=share)[0])
    found = numbers(run(grid, arrays(which), k, 12 * 3600.0, share=share)[0])
    there = np.broadcast_to(grid.share > 0.0, found["table"].shape)  # missing cells may stay as they are
    for name in ("table", "band", "infiltrated"):
        np.testing.assert_allclose(found[name][there], expected[name][there], rtol=1e-9, atol=1e-9, err_msg=name)
    for name in ("drained", "exfiltrated"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-9, err_msg=name)
    assert np.array_equal(found["contact"][there], expected["contact"][there])


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 1, 2])
def test_single_precision_is_enough(level: int) -> None:
    """Rounding may shift a step or the moment at which a cell fills: single cells then differ by millimetres."""
    grid = grid_pyramid(rough_terrain(3, (83, 70)))[level]
    expected = numbers(run(grid, arrays("numpy"), CONDUCTIVITIES.reshape(-1, 1, 1), 12 * 3600.0)[0])
    found = numbers(run(grid, arrays("torch32"), CONDUCTIVITIES.reshape(-1, 1, 1), 12 * 3600.0)[0])
    difference = np.abs(found["table"] - expected["table"])
    assert difference.mean() < 2e-4
    assert np.quantile(difference, 0.99) < 2e-3
    for name in ("drained", "exfiltrated"):
        np.testing.assert_allclose(found[name], expected[name], rtol=2e-3, err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["numba", "numpy", "torch64"])
def test_a_batch_is_its_scenarios_one_by_one(which: str) -> None:
    """Also where conductivity and deficit are rasters; each scenario takes its own steps."""
    grid, a = grid_pyramid(rough_terrain(4, (64, 66)))[1], arrays(which)
    rng = np.random.default_rng(0)
    k = CONDUCTIVITIES.reshape(-1, 1, 1) * rng.uniform(0.5, 1.0, (3, *grid.share.shape))
    deficit = rng.uniform(0.05, 0.25, k.shape)
    together = numbers(run(grid, a, k, 9 * 3600.0, deficit)[0])
    for n in range(3):
        alone = numbers(run(grid, a, k[n : n + 1], 9 * 3600.0, deficit[n : n + 1])[0])
        for name, value in alone.items():
            np.testing.assert_allclose(together[name][n : n + 1], value, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("which", ["numba", "numpy", "torch64"])
@pytest.mark.parametrize("conductivity", [2e-5, 1e-4, 5e-4])
@pytest.mark.parametrize("share", [0.5, 4.0])
def test_at_full_resolution_they_are_the_engines_steps(which: str, conductivity: float, share: float) -> None:
    terrain = rough_terrain(5, (50, 61))
    grid, valid = grid_pyramid(terrain)[0], terrain.valid
    water, _ = run(grid, arrays(which), column(conductivity), 6 * 3600.0, share=share)
    depth = terrain.soil_depth[valid].astype(np.float64)
    cells = kernels.Water(0.3 * depth, np.zeros(depth.size), np.zeros(depth.size, dtype=bool), np.zeros(depth.size))
    kernels.lateral_time(
        cells, np.full(depth.size, RAIN), groundwater.cell_conductances(terrain, conductivity, "open"), depth,
        np.full(depth.size, 0.1), np.full(depth.size, 0.05), 6 * 3600.0,
        (share * grid.stable_step(conductivity), 6 * 180.0), 10_000,
    )  # fmt: skip
    np.testing.assert_allclose(np.asarray(water.table)[0][valid], cells.table, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.asarray(water.infiltrated)[0][valid], cells.infiltrated, rtol=1e-9, atol=1e-12)
    assert np.asarray(water.drained).item() == pytest.approx(cells.drained, rel=1e-9)
    assert np.asarray(water.exfiltrated).item() == pytest.approx(cells.exfiltrated, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("edges", ["open", "closed"])
@pytest.mark.parametrize("level", [0, 1])
def test_strips_of_a_grid_have_the_steps_of_the_whole(level: int, edges: str, monkeypatch) -> None:
    grid = grid_pyramid(rough_terrain(6, (150, 75), holes=0.1))[level]
    whole, _ = run(grid, arrays("numba"), CONDUCTIVITIES.reshape(-1, 1, 1), 9 * 3600.0, edges=edges)
    monkeypatch.setattr(lateral_flow_numba, "_STRIP_CELLS", 800)
    monkeypatch.setattr(lateral_flow_numba, "_MARGIN", 12)
    strips, _ = run(grid, arrays("numba"), CONDUCTIVITIES.reshape(-1, 1, 1), 9 * 3600.0, edges=edges)
    for name in ("table", "band", "contact", "infiltrated"):
        np.testing.assert_allclose(getattr(strips, name), getattr(whole, name), rtol=1e-11, atol=1e-12, err_msg=name)
    for name in ("exfiltrated", "drained"):
        np.testing.assert_allclose(getattr(strips, name), getattr(whole, name), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.5, 4.0])
@pytest.mark.parametrize("strip_cells", [800, 1_000_000])
def test_steps_of_guessed_lengths_are_those_found_one_by_one(share: float, strip_cells: int, monkeypatch) -> None:
    grid = grid_pyramid(rough_terrain(6, (150, 75), holes=0.1))[1]
    monkeypatch.setattr(lateral_flow_numba, "_STRIP_CELLS", strip_cells)
    monkeypatch.setattr(lateral_flow_numba, "_MARGIN", 12)
    k, of_grid = CONDUCTIVITIES[1:].reshape(-1, 1, 1), arrays("numba")
    guessed, _ = run(grid, of_grid, k, 3 * 3600.0, share=share)
    monkeypatch.setattr(lateral_flow_numba, "_Guess", partial(lateral_flow_numba._Guess, 0.0))
    found, _ = run(grid, of_grid, k, 3 * 3600.0, share=share)
    for name, values in numbers(found).items():
        assert np.array_equal(numbers(guessed)[name], values), name


@pytest.mark.parametrize("cols", [1, 20, 70, 1100])
def test_pieces_of_rows_hold_every_cell_once(cols: int) -> None:
    pytest.importorskip("numba")
    random = np.random.default_rng(cols)
    share = (random.uniform(size=(40, cols)) < random.uniform(size=(40, 1)) ** 4).astype(np.float64)
    pieces, before = grid_kernels_numba._pieces(share)
    found = np.zeros(share.shape, dtype=int)
    for r in range(len(share)):
        for first, stop in pieces[before[r] : before[r + 1]]:
            found[r, first:stop] += 1
            assert stop - first <= ROW_CELLS
    assert found.max() == 1
    assert (found[share > 0.0] == 1).all()
    assert (found[(share > 0.0).sum(axis=1) == 0] == 0).all()


@pytest.mark.parametrize("edges", ["open", "closed"])
@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("which", ["numba", "numpy"])
def test_no_water_is_lost(which: str, level: int, edges: str) -> None:
    """Infiltration = change of storage + exfiltration + drainage, cells with holes weighed by their valid share."""
    grid = grid_pyramid(rough_terrain(6, (70, 75), holes=0.2))[level]
    water, soil = run(grid, arrays(which), CONDUCTIVITIES.reshape(-1, 1, 1), 20 * 3600.0, edges=edges)
    stored = water.band + (soil.deficit + soil.air) * (water.table - 0.3 * grid.depth)
    change = (stored * grid.share).sum(axis=(1, 2))
    taken = (water.infiltrated * grid.share).sum(axis=(1, 2))
    lost = (water.exfiltrated + water.drained)[:, 0, 0]
    np.testing.assert_allclose(taken, change + lost, rtol=1e-10)
    assert (water.drained > 0.0).all() == (edges == "open")
    assert (water.table >= 0.0).all()
    assert (water.table <= grid.depth + 1e-12).all()


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("conductivity", [5e-5, 2e-4, 5e-4])
def test_a_plane_drains_its_recharge_on_every_grid(conductivity: float, level: int) -> None:
    """Steady state, recharge R into the table: K h sin b cos b = R x through a face x below the crest.

    Recharge is so weak that the table's own gradient, R / (K sin b cos b), adds less than 0.3 % to the slope's.
    """
    slope, recharge, a = np.radians(25.0), 2e-8, arrays("numba" if compiling.numba else "numpy")
    grid = grid_pyramid(plane(25.0, (64, 128), 5.0, 4.0))[level]
    soil = GridSoil.of(grid, column(conductivity), column(0.1), column(0.05), "open", a)
    water = begin(grid, 1, a, ratio=0.0)
    water.contact[:], water.band[:] = True, 0.1 * grid.depth
    days = np.array([60 * 86400.0])
    shortest = np.array([0.5 * grid.stable_step(conductivity)])
    longest = np.array([6 * 3600.0])  # of a step, while the table is too low to limit it
    water, _ = advance_water(water, soil, np.full((1, 1, 1), recharge), days, shortest, longest, a, Feedback())
    table = water.table[0, grid.share.shape[0] // 2]
    at_face = (1.0 - grid.downstream) * table[:-1] + grid.downstream * table[1:]
    x = 5.0 * 2**level * np.arange(1, table.size)
    expected = recharge * x / (conductivity * np.sin(slope) * np.cos(slope))
    inner = slice(4, -4)
    np.testing.assert_allclose(at_face[inner], expected[inner], rtol=0.005)


@pytest.mark.parametrize("which", ["numba", "numpy", "torch64"])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_hill_with_eight_symmetries_keeps_them(level: int, which: str) -> None:
    row, col = np.mgrid[:64, :64] - 31.5
    height = 200.0 - 2.5 * np.maximum(np.abs(row), np.abs(col)) - 0.5 * np.minimum(np.abs(row), np.abs(col))
    grid = grid_pyramid(Terrain.from_arrays(height, 2.0, 5.0))[level]
    table = np.asarray(run(grid, arrays(which), column(1e-4), 24 * 3600.0)[0].table)[0]
    assert table.std() > 1e-3
    for rotated in (np.rot90(table), np.rot90(table, 2), table.T, table[::-1], table[:, ::-1]):
        np.testing.assert_allclose(rotated, table, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("which", ["numpy", "torch64", "torch32"])
def test_a_scenario_that_is_done_stays_as_it_is(which: str) -> None:
    grid, a = grid_pyramid(rough_terrain(7, (40, 40)))[0], arrays(which)
    soil = GridSoil.of(grid, column(1e-4, 1e-4), column(0.1, 0.1), column(0.05, 0.05), "open", a)
    before = begin(grid, 2, a)
    supply, left = (a.asarray(column(x, y)) for x, y in ((RAIN, RAIN), (0.0, 500.0)))
    after, left = step(a.xp, before, soil, supply, left, a.asarray(column(10.0, 10.0)), a.asarray(column(400.0, 400.0)))
    for name, value in numbers(after).items():
        if name != "contact":  # known once cells are seen to touch
            np.testing.assert_array_equal(value[0], numbers(before)[name][0], err_msg=name)
    assert np.asarray(left).ravel().tolist() == [0.0, 250.0]
    assert np.abs(numbers(after)["table"][1] - numbers(before)["table"][1]).max() > 0.0


@pytest.mark.parametrize(
    ("left", "expected"), [(100.0, 100.0), (100.05, 100.05), (100.2, 50.1), (199.0, 99.5), (250.0, 100.0)]
)
def test_rounding_of_what_is_left_makes_no_further_step(left: float, expected: float) -> None:
    """Else the backends differ where an interval is a whole number of the longest steps."""
    assert step_length(0.0, (1.0, 100.0), left) == expected
    limits = (column(x) for x in (0.0, left, 1.0, 100.0))
    assert float(lateral_flow._step_length(np, *limits)[0, 0, 0]) == expected


@pytest.mark.parametrize("which", ["numba", "numpy", "torch64"])
def test_a_cancel_ends_the_steps(which: str) -> None:
    class Cancelling(Feedback):
        def isCanceled(self) -> bool:
            return True

    grid, a = grid_pyramid(rough_terrain(8, (40, 40)))[0], arrays(which)
    soil = GridSoil.of(grid, column(1e-4), column(0.1), column(0.05), "open", a)
    one = np.array([3600.0])
    with pytest.raises(Cancelled):
        advance_water(begin(grid, 1, a), soil, a.asarray(column(RAIN)), one, one / 100, one, a, Cancelling())
