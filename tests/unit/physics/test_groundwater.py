"""Lateral groundwater cell by cell: every face, edge and balance computed once more in plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.map_parts import strips
from slopecast.plugin.core.physics.compiling import compiled
from slopecast.plugin.core.physics.flow import groundwater, kernels, kernels_numba
from slopecast.plugin.core.physics.flow.groundwater import Conductances
from slopecast.plugin.core.physics.flow.kernels import Flows
from slopecast.plugin.core.physics.flow.kernels_numba import rows_of
from slopecast.plugin.core.terrain import Terrain

SHAPE, DX, DY = (9, 8), 10.0, 8.0
SIDES = {"east": (0, 1), "west": (0, -1), "south": (1, 0), "north": (-1, 0)}
AIR = groundwater.RESIDUAL_AIR


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several strips, blocks and runs even here."""
    monkeypatch.setattr(strips, "_STRIP_CELLS", 24)
    monkeypatch.setattr(kernels, "_BLOCK", 7)
    monkeypatch.setattr(kernels_numba, "ROW_CELLS", 5)


def made(seed: int, holes: float = 0.15) -> tuple[Terrain, np.ndarray]:
    """Rough ground with holes of NoData on cells that are not square, and a conductivity for each cell."""
    rng = np.random.default_rng(seed)
    elevation = 100.0 + rng.uniform(0.0, 12.0, SHAPE)
    depth = rng.uniform(0.5, 3.0, SHAPE)
    depth[rng.random(SHAPE) < holes] = np.nan
    terrain = Terrain(Grid(*SHAPE, (0.0, DX, 0.0, 0.0, 0.0, -DY), ""), elevation, depth)
    return terrain, rng.uniform(1e-6, 1e-4, SHAPE)


def by_hand(terrain: Terrain, k: np.ndarray, edges: str) -> dict[str, np.ndarray]:
    """Coefficient of each face [1/(m s)] and of the open border [1/s], with loops over cells and sides."""
    found = {name: np.zeros(SHAPE) for name in (*SIDES, "border", "bedrock")}
    across, down = terrain.gradient
    for r, c in np.argwhere(terrain.valid):
        found["bedrock"][r, c] = terrain.elevation[r, c] - terrain.soil_depth[r, c]
        for side, (dr, dc) in SIDES.items():
            length = DX if dc else DY
            rise = dc * across[r, c] + dr * down[r, c]  # of the ground towards that side
            if 0 <= r + dr < SHAPE[0] and 0 <= c + dc < SHAPE[1] and terrain.valid[r + dr, c + dc]:
                both = ((r, c), (r + dr, c + dc))
                mean_k = sum(k[at] for at in both) / 2.0
                cos2 = sum(math.cos(terrain.slope[at]) ** 2 for at in both) / 2.0
                found[side][r, c] = mean_k * cos2 / length**2
            elif edges == "open":
                found["border"][r, c] += k[r, c] * math.cos(terrain.slope[r, c]) ** 2 * max(0.0, -rise) / length
    return found


@pytest.mark.parametrize("edges", ["open", "closed"])
@pytest.mark.parametrize("seed", [1, 2])
def test_coefficients_of_every_face(seed: int, edges: str) -> None:
    terrain, k = made(seed)
    expected = by_hand(terrain, k, edges)
    whole = groundwater.conductances(terrain, k, edges)
    of_cells = groundwater.cell_conductances(terrain, k, edges)
    for name in ("bedrock", "east", "south", "border"):
        np.testing.assert_allclose(getattr(whole, name), expected[name], rtol=1e-12, err_msg=name)
        np.testing.assert_allclose(getattr(of_cells, name), expected[name][terrain.valid], rtol=1e-12, err_msg=name)
    bedrock, east, south, north, border = of_cells.sides
    west = np.append(0.0, east[:-1])
    for name, side in (("west", west), ("east", east), ("south", south), ("north", north), ("border", border)):
        np.testing.assert_allclose(side, expected[name][terrain.valid], rtol=1e-12, err_msg=name)
    assert (expected["border"].any(), bedrock.size) == (edges == "open", np.count_nonzero(terrain.valid))


def test_coefficients_are_kept_with_a_terrain_and_scale_with_one_conductivity() -> None:
    terrain, _ = made(3)
    one = groundwater.cell_conductances(terrain, 2e-5, "open")
    other = groundwater.cell_conductances(terrain, 6e-5, "open")
    assert vars(terrain)["_conductances"].keys() == {"open"}
    expected = by_hand(terrain, np.full(SHAPE, 6e-5), "open")
    for found, factor in ((one, 3.0), (other, 1.0)):
        for name in ("east", "south", "border"):
            np.testing.assert_allclose(factor * getattr(found, name), expected[name][terrain.valid], rtol=1e-12)
        np.testing.assert_allclose(factor * found.sides[3], expected["north"][terrain.valid], rtol=1e-12)
    assert one.kept is other.kept


@pytest.mark.parametrize("most", [3, 10_000])
def test_large_terrains_keep_no_coefficients(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundwater, "LARGE_MAP", most)
    terrain, _ = made(4)
    groundwater.cell_conductances(terrain, 2e-5, "open")
    assert bool(vars(terrain)["_conductances"]) == (most > 3)


@pytest.mark.parametrize("holes", [0.0, 0.15, 0.5])
def test_runs_cover_every_cell_once_and_lead_to_its_neighbours(holes: float) -> None:
    if not compiled():
        pytest.skip("numba is not installed")
    terrain, k = made(5, holes)
    c = groundwater.cell_conductances(terrain, k, "open")
    counted = np.arange(c.bedrock.size) % 11 < 6
    runs = rows_of(Conductances(c.bedrock, c.east, c.south, c.border, c.below, counted))
    place, covered = np.argwhere(terrain.valid), []
    west = np.append(0.0, c.east[:-1])
    for first, last, *offsets, is_counted, drains in runs:
        assert first // kernels_numba.ROW_CELLS == (last - 1) // kernels_numba.ROW_CELLS
        covered += range(first, last)
        assert drains == (c.border[first:last] > 0.0).any()
        for i in range(first, last):
            assert counted[i] == is_counted
            for offset, side, name in zip(offsets, (west, *c.sides[1:4]), ("west", "east", "south", "north")):
                assert 0 <= i + offset < len(place)
                assert side[i] == 0.0 or (place[i + offset] == place[i] + SIDES[name]).all()
    assert covered == list(range(len(place)))
    assert (np.array(rows_of(c))[:, 6] == 1).all()
    assert len(rows_of(c)) < len(runs) or holes == 0.5


@pytest.mark.skipif(not compiled(), reason="numba is not installed")
def test_runs_are_as_long_as_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a map without holes a run ends only where its neighbours do: the first and last row, first and last cell."""
    monkeypatch.setattr(kernels_numba, "ROW_CELLS", 512)
    monkeypatch.setattr(kernels, "_BLOCK", 512)
    terrain, k = made(5, holes=0.0)
    cols, cells = SHAPE[1], SHAPE[0] * SHAPE[1]
    c = groundwater.cell_conductances(terrain, k, "open")
    runs = rows_of(c)[:, :7].tolist()
    assert runs[0] == [0, 1, 0, 1, cols, 0, 1]
    assert [cols, cells - cols, -1, 1, cols, -cols, 1] in runs
    assert runs[-1] == [cells - 1, cells, -1, 0, 0, -cols, 1]
    assert len(rows_of(c)) <= 5
    of_grid = groundwater.conductances(terrain, k, "open")
    np.testing.assert_array_equal(rows_of(c), rows_of(of_grid))


@pytest.mark.parametrize("kind", ["grid", "cells"])
@pytest.mark.parametrize(("seed", "edges"), [(6, "open"), (7, "open"), (7, "closed")])
def test_flow_between_cells(seed: int, edges: str, kind: str) -> None:
    """Each face carries C times the upstream table times the drop of the head; what enters one cell leaves another."""
    terrain, k = made(seed)
    rng = np.random.default_rng(seed)
    table = np.where(terrain.valid, rng.uniform(0.0, 1.0, SHAPE) * np.nan_to_num(terrain.soil_depth), 0.0)
    table[rng.random(SHAPE) < 0.2] = 0.0
    per_storage = np.where(terrain.valid, 1.0 / rng.uniform(0.05, 0.3, SHAPE), 0.0)
    counted = rng.random(SHAPE) < 0.6
    face = by_hand(terrain, k, edges)
    net, rate, out = np.zeros(SHAPE), np.zeros(SHAPE), np.zeros(SHAPE)
    moves = []  # (from, to, flow)
    for r, c in np.argwhere(terrain.valid):
        h = table[r, c]
        out[r, c] = face["border"][r, c] * h
        for side, (dr, dc) in SIDES.items():
            if face[side][r, c] > 0.0:
                other = r + dr, c + dc
                drop = (face["bedrock"][r, c] + h) - (face["bedrock"][other] + table[other])
                upstream = h if drop > 0.0 else table[other]
                flow = face[side][r, c] * upstream * drop
                net[r, c] -= flow
                if flow > 0.0:
                    moves.append(((r, c), other, flow))
                out[r, c] += max(flow, 0.0)
                rate[r, c] += face[side][r, c] * upstream
        net[r, c] -= face["border"][r, c] * h
        rate[r, c] += out[r, c] / max(h, 1e-12)
    if kind == "grid":
        flows = Flows(groundwater.conductances(terrain, k, edges), np.inf)
        table, per_storage, net, rate, out, counts = (
            x.ravel() for x in (table, per_storage, net, rate, out, np.ones(SHAPE, dtype=bool))
        )
    else:
        cells = groundwater.cell_conductances(terrain, k, edges)
        table, per_storage, net, rate, out, counts = (
            x[terrain.valid] for x in (table, per_storage, net, rate, out, counted)
        )
        flows = Flows(Conductances(cells.bedrock, cells.east, cells.south, cells.border, cells.below, counts), np.inf)
    for _ in range(2):  # used again
        fastest = flows.update(table, per_storage)
    np.testing.assert_allclose(flows.net, net, rtol=1e-9, atol=1e-18)
    assert fastest == pytest.approx((rate * per_storage)[counts].max(), rel=1e-9)
    assert flows.net.sum() == pytest.approx(-flows.border.sum(), rel=1e-9, abs=1e-18)
    seconds = 0.6 * float(np.max(table[out > 0.0] / (out * per_storage)[out > 0.0]))
    flows.limit(table, per_storage, seconds)
    scale = np.minimum(1.0, table / np.maximum(out * per_storage * seconds, 1e-300))
    assert 0 < np.count_nonzero(scale < 1.0) < scale.size
    left = table + seconds * per_storage * flows.net
    assert left.min() >= -1e-12
    assert flows.net.sum() == pytest.approx(-flows.border.sum(), rel=1e-9, abs=1e-18)
    limited, number = -scale * flows.to_border * table, np.arange(net.size)
    place = {tuple(at): n for n, at in zip(number, np.argwhere(np.ones(SHAPE) if kind == "grid" else terrain.valid))}
    for source, target, flow in moves:
        limited[place[source]] -= scale[place[source]] * flow
        limited[place[target]] += scale[place[source]] * flow
    np.testing.assert_allclose(flows.net, limited, rtol=1e-9, atol=1e-18)
    np.testing.assert_allclose(flows.border, scale * flows.to_border * table, rtol=1e-9, atol=1e-18)


def test_longest_step_and_its_extremes() -> None:
    terrain, k = made(8)
    valid = terrain.valid
    thickest = max(k[at] * terrain.soil_depth[at] for at in map(tuple, np.argwhere(valid)))
    steepest = max(k[at] * math.tan(terrain.slope[at]) for at in map(tuple, np.argwhere(valid)))
    assert groundwater.flow_extremes(terrain, valid, k) == pytest.approx((thickest, steepest), rel=1e-12)
    step = min(AIR * DY**2 / (8.0 * thickest), AIR * DY / (2.0 * steepest))
    assert groundwater.longest_step(terrain, k) == pytest.approx(step, rel=1e-12)
    deepest = float(terrain.soil_depth[valid].max()), math.tan(float(terrain.slope[valid].max()))
    found = groundwater.flow_extremes(terrain, valid, 3e-5)
    assert found == pytest.approx((3e-5 * deepest[0], 3e-5 * deepest[1]), rel=1e-12)
    for _ in range(2):  # the extremes are kept with the terrain
        assert groundwater.longest_step(terrain, 3e-5) == groundwater.longest_step_of(terrain.grid, *found)
    some = valid & (terrain.soil_depth < 1.5)
    assert groundwater.flow_extremes(terrain, some, 3e-5)[0] == pytest.approx(3e-5 * terrain.soil_depth[some].max())


@pytest.mark.parametrize(
    ("thickest", "steepest", "step"),
    [(0.0, 0.0, math.inf), (1e-5, 0.0, AIR * 64 / 8e-5), (0.0, 1e-5, AIR * 8 / 2e-5), (1e-6, 1e-5, AIR * 8 / 2e-5)],
)
def test_longest_step_of_flat_or_bare_ground(thickest: float, steepest: float, step: float) -> None:
    grid = Grid(3, 3, (0.0, DX, 0.0, 0.0, 0.0, -DY), "")
    assert groundwater.longest_step_of(grid, thickest, steepest) == pytest.approx(step)


@pytest.mark.parametrize("positions", [[4, 5, 6], [4], [4, 5, 7], [6, 5, 4], [1, 3], [2, 2, 4]])
def test_positions_that_follow_each_other_are_a_slice(positions: list[int]) -> None:
    found = kernels._as_slice(np.array(positions))
    assert np.arange(10)[found].tolist() == positions
    assert isinstance(found, slice) == (positions in ([4, 5, 6], [4]))
