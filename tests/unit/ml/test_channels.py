"""What the network reads: no absolute height, directions that turn with the map, bounds that keep exact cells exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from slopecast.plugin.core.physics.flow.grid_pyramid import grid_pyramid
from slopecast.plugin.core.physics.flow.lateral_flow import Arrays, GridSoil, GridWater, step
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Cells, Terrain
from slopecast.plugin.ml.channels import (
    CHANNELS,
    DOWNHILL,
    GREATEST_CHANGE,
    MARGIN,
    TERRAIN,
    TerrainMaps,
    inexactness,
    inputs,
)
from slopecast.plugin.ml.water_maps import SCALARS, WaterMaps, recharge
from study_areas import plane
from tiny_networks import inputs_of, rotated_flipped, rotated_terrain

FLOWING = Scenario(conductivity=8e-6, lateral_anisotropy=6.0, rainfall=8.0, duration=36.0)
TURNS = [(1, False), (2, False), (3, False), (0, True), (1, True), (3, True)]


@pytest.fixture(scope="module")
def terrain():
    made = procedural_area(3, (64, 96), 10.0)
    elevation = made.elevation.copy()
    elevation[20:24, 30:37] = np.nan
    return Terrain.from_arrays(elevation, made.soil_depth, 10.0)


def numbers(*values):
    return torch.tensor(values, dtype=torch.float32).reshape(-1, 1, 1)


def water_maps(terrain, table, **given):
    """One scenario's maps: a table [m] that lateral flow has not moved, unless another column is given."""
    table = torch.as_tensor(np.broadcast_to(table, terrain.grid.shape).copy(), dtype=torch.float32)[None]
    nothing = torch.zeros_like(table)
    maps = {
        "water_table": table, "half_table": table, "column_table": table, "earlier_table": table,
        "wetting_front": nothing, "contact": nothing, "ponded": nothing, "recharge": nothing,
        "lateral_conductivity": numbers(1e-5), "moisture_deficit": numbers(0.1), "water_table_ratio": numbers(0.3),
        "seconds": numbers(3600.0), "omitted_steps": numbers(5.0), "coarse_share": numbers(1.0), "steps": numbers(12.0),
    }  # fmt: skip
    return WaterMaps(**{**maps, **given})


def channel(made, name):
    return made.channels[0, CHANNELS.index(name)].numpy()


@pytest.mark.parametrize("height", [-300.0, 512.0, 2500.0])
def test_absolute_height_is_not_seen(terrain, height):
    lifted = Terrain.from_arrays(terrain.elevation + height, terrain.soil_depth, 10.0)
    one, other = inputs_of(terrain, FLOWING), inputs_of(lifted, FLOWING)
    for name in ("channels", "bound", "halving"):
        torch.testing.assert_close(getattr(other, name), getattr(one, name), atol=1e-4, rtol=1e-4)


def test_every_channel_is_finite_and_missing_cells_are_zero(terrain):
    """Of a guess that begins on coarser grids: without them there is no second one, and its channels are 0."""
    made = inputs_of(terrain, FLOWING.with_values(conductivity=3e-5, lateral_anisotropy=50.0))
    assert made.channels.shape == (1, len(CHANNELS), *terrain.grid.shape)
    assert torch.isfinite(made.channels).all()
    assert float(made.channels.abs().max()) < 30.0
    for values in (made.channels[0], made.bound, made.halving):
        assert not values[..., ~torch.from_numpy(terrain.valid)].any()
    spread = made.channels[0][:, torch.from_numpy(terrain.valid)].std(1)
    even = {"valid", "moisture_deficit", "water_table_ratio", "ponded", "contact", *SCALARS}
    assert {name for name, x in zip(CHANNELS, spread) if x < 1e-6} <= even


@pytest.mark.parametrize(("east", "south"), [(0.4, -0.2), (-0.7, 0.0), (0.1, 0.9), (0.0, -0.3)])
def test_downhill_points_down(east, south):
    """On a plane that falls by these gradients: the bedrock's drop over a cell's width, tanh of it."""
    rows, cols = np.mgrid[:30, :40] * 10.0
    channels = TerrainMaps.of(Terrain.from_arrays(500.0 - east * cols - south * rows, 1.0, 10.0)).channels
    for at, fall in zip(DOWNHILL, (east, south)):
        np.testing.assert_allclose(channels[at], np.tanh(fall), atol=1e-5)
    assert TERRAIN[1] == "slope"
    np.testing.assert_allclose(channels[1], 1.5 * np.arctan(np.hypot(east, south)), rtol=1e-5)


@pytest.mark.parametrize(("quarters", "flip"), TURNS)
def test_channels_turn_with_the_map(terrain, quarters, flip):
    """Terrain, conductivity and so the water turn: so does every map, and what points somewhere points there."""
    k = np.where(np.arange(96) < 50, 4e-6, 1.2e-5) * np.ones(terrain.grid.shape)
    plain = inputs_of(terrain, replace(FLOWING, conductivity=k))
    rotated_k = rotated_flipped(k, quarters, flip=flip)
    there = inputs_of(rotated_terrain(terrain, quarters, flip=flip), replace(FLOWING, conductivity=rotated_k))
    expected = rotated_flipped(plain.channels[0].numpy(), quarters, flip=flip)
    east, south = (expected[at].copy() for at in DOWNHILL)
    for _ in range(quarters):  # by a quarter anticlockwise south becomes east, and east becomes north
        east, south = south, -east
    expected[DOWNHILL[0]], expected[DOWNHILL[1]] = -east if flip else east, south
    np.testing.assert_allclose(there.channels[0], expected, atol=2e-3)
    for name in ("bound", "halving"):
        maps = getattr(plain, name)[0].numpy()
        np.testing.assert_allclose(getattr(there, name)[0], rotated_flipped(maps, quarters, flip=flip), atol=1e-4)


def test_relief_is_height_above_the_neighbourhoods_mean():
    """A spike of 9 m among 25 cells is 9 (1 - 1/25) m above the mean, its neighbours 9 / 25 m below."""
    elevation = np.full((24, 24), 100.0)
    elevation[10, 10] = 109.0
    channels = TerrainMaps.of(Terrain.from_arrays(elevation, 1.0, 10.0)).channels
    relief = channels[TERRAIN.index("bedrock_relief_2")]
    assert float(relief[10, 10]) == pytest.approx(np.tanh(9.0 * 24 / 25 / 20.0), rel=1e-4)
    assert float(relief[11, 12]) == pytest.approx(np.tanh(-9.0 / 25 / 20.0), rel=1e-4)
    assert float(relief[13, 10]) == pytest.approx(0.0, abs=1e-6)


def test_where_nothing_has_moved_nothing_may_change(terrain):
    made = inputs(TerrainMaps.of(terrain), water_maps(terrain, 0.3 * np.nan_to_num(terrain.soil_depth)))
    for values in (made.bound, made.halving, made.greatest_change):
        assert not values.any()


def test_what_may_change_is_a_share_of_what_has_moved():
    """0.1 m of 2 m moved at one cell: 0.3 of 0.05 there, and half the neighbourhood's mean, 0.05 / 25, around it."""
    terrain = plane(20.0, (16, 18), 10.0, 2.0)
    moved = torch.full((1, 16, 18), 0.5)
    moved[0, 8, 9] += 0.1
    made = inputs(TerrainMaps.of(terrain), water_maps(terrain, 0.5, water_table=moved, half_table=moved))
    bound = made.bound[0].numpy()
    assert bound[8, 9] == pytest.approx(GREATEST_CHANGE * 0.05, rel=1e-4)
    for at in ((6, 7), (10, 11), (8, 10)):
        assert bound[at] == pytest.approx(GREATEST_CHANGE * 0.5 * 0.05 / 25, rel=1e-3)
    assert bound[8, 12] == bound[5, 9] == 0.0
    assert not made.halving.any()


@pytest.mark.parametrize(
    ("steps", "coarse_share", "gate"),
    [
        (48, 0.0, 0.0), (96, 0.0, 0.0), (24, 0.0, 0.1), (12, 0.0, 0.3), (96, 0.2, 0.3), (12, 0.2, 0.6),
        (48, 0.9, 1.0), (12, 0.6, 1.0),
    ],
)  # fmt: skip
def test_coarse_grids_and_few_steps_open_the_gate(steps, coarse_share, gate):
    """1.5 of the coarse share and 0.1 (48 / steps - 1), at most 1; of 0.1 moved, and 0.02 by half the steps."""
    terrain = plane(20.0, (8, 9), 10.0, 2.0)
    maps = [torch.full((1, 8, 9), x) for x in (0.6, 0.56, 0.4)]
    water = water_maps(
        terrain, 0.6, water_table=maps[0], half_table=maps[1], column_table=maps[2],
        steps=numbers(steps), coarse_share=numbers(coarse_share),
    )  # fmt: skip
    assert float(inexactness(water.steps, water.coarse_share)) == pytest.approx(gate, rel=1e-5)
    made = inputs(TerrainMaps.of(terrain), water)
    np.testing.assert_allclose(made.bound, GREATEST_CHANGE * gate * 0.1, rtol=1e-4)
    np.testing.assert_allclose(made.halving, gate * 0.02, rtol=1e-4)
    np.testing.assert_allclose(made.greatest_change, GREATEST_CHANGE * gate * 0.1 + 2.0 * gate * 0.02, rtol=1e-4)


@pytest.mark.parametrize(
    ("infiltration", "ratio", "expected"), [(0.5, 0.25, 0.2), (0.2, 0.25, 0.0), (0.1, 1.0, 0.1), (0.4, 0.0, 0.0)]
)
def test_recharge_is_what_the_deficit_above_the_table_cannot_hold(infiltration, ratio, expected):
    """2 m of soil with a deficit of 0.2 hold (1 - ratio) 0.4 m."""
    cells = Cells.of(np.radians([20.0, 40.0]), np.array([2.0, 2.0]))
    off, zero = np.zeros(2, dtype=bool), np.zeros(2)
    column = WaterState(zero, zero, np.full(2, infiltration), off, off)
    scenario = Scenario(moisture_deficit=0.2, water_table_ratio=ratio)
    np.testing.assert_allclose(recharge(column, cells, scenario), expected, atol=1e-12)


def test_flows_between_cells_are_the_physics(terrain):
    """Net inflow is what one short step of the finite volumes adds to the cells, over the soil depth."""
    rng, depth = np.random.default_rng(1), np.nan_to_num(terrain.soil_depth)
    table = rng.uniform(0.0, 1.0, depth.shape) * depth * terrain.valid
    k, deficit, air, seconds, dt = 1e-5, 0.1, 0.05, 3600.0, 1e-3
    made = inputs(TerrainMaps.of(terrain), water_maps(terrain, table))
    net = np.sinh(2.0 * channel(made, "net_inflow").astype(np.float64)) / 2.0  # K seconds net / (storage depth)
    one, off = np.ones((1, 1, 1)), np.zeros((1, *depth.shape), dtype=bool)
    soil = GridSoil.of(grid_pyramid(terrain)[0], k * one, deficit * one, air * one, "open", Arrays())
    water = GridWater(table[None], 0.0 * table[None], off, 0.0 * table[None], 0.0 * one, 0.0 * one)
    after, _ = step(np, water, soil, 0.0 * one, dt * one, dt * one, dt * one)
    rate = (after.table[0] - table) / dt
    inner = terrain.valid & (depth > 0.1) & (table < 0.99 * depth) & (table > 0.01 * depth)
    np.testing.assert_allclose(net[inner] * depth[inner] / seconds, rate[inner], rtol=2e-3, atol=1e-10)
    flows = [np.expm1(2.0 * channel(made, name).astype(np.float64)) for name in ("inflow", "outflow")]
    assert min(x[terrain.valid].min() for x in flows) >= 0.0
    np.testing.assert_allclose((flows[0] - flows[1])[inner], net[inner], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("window", [(slice(8, 40), slice(16, 50)), (slice(0, 20), slice(60, 96)), (slice(30, 64),) * 2])
def test_a_window_is_that_of_the_whole(terrain, window):
    """Where MARGIN cells around it are taken along."""
    maps, table = TerrainMaps.of(terrain), 0.6 * np.nan_to_num(terrain.soil_depth)
    table += np.random.default_rng(2).uniform(0.0, 0.3, table.shape) * table
    column = torch.from_numpy(0.4 * np.nan_to_num(terrain.soil_depth)).float()[None]
    water = water_maps(terrain, table, column_table=column, half_table=0.5 * column)
    whole = inputs(maps, water)
    wide = [slice(max(s.start - MARGIN, 0), min(s.stop + MARGIN, n)) for s, n in zip(window, terrain.grid.shape)]
    part = inputs(maps.window(*wide), water.window(*wide))
    inner = tuple(slice(s.start - w.start, s.stop - w.start) for s, w in zip(window, wide))
    for name in ("channels", "bound", "halving"):
        torch.testing.assert_close(getattr(part, name)[(..., *inner)], getattr(whole, name)[(..., *window)])
