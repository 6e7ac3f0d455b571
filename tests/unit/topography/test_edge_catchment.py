"""Cells that water from outside the map may reach, on shapes where the answer is known, and against the engine."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core import antecedent
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed import edges
from slopecast.plugin.core.windowed import study as study_module
from slopecast.plugin.core.windowed.edges import edge_cautions, steady_edge_caution, steady_edge_influence
from slopecast.plugin.core.windowed.study import Study
from slopecast.plugin.variables import RESIDUAL_AIR
from study_areas import rough_terrain

CELL, SLOPE_DEG = 10.0, 30.0
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=50.0, duration=72.0, cohesion=4.0, friction_angle=32.0)


def edge_influence(terrain, scenario):
    return edges.edge_influence(Study(terrain, scenario, scenario.rasters), Feedback())


def plane(size=40, slope=SLOPE_DEG):
    """A plane that falls towards the last row."""
    row, _ = np.mgrid[:size, :size]
    return Terrain.from_arrays(1000.0 - row * CELL * np.tan(np.radians(slope)), 1.5, CELL)


def cone(size=41, sign=-1.0):
    """A summit in the middle, or a funnel."""
    row, col = np.mgrid[:size, :size] - size // 2
    return Terrain.from_arrays(1000.0 + sign * 0.5 * CELL * np.hypot(row, col), 1.5, CELL)


@pytest.mark.parametrize("travel_cells", [1.5, 4.5, 12.5])
def test_water_travels_down_a_plane_as_fast_as_a_kinematic_wave(travel_cells):
    """Distance K_lat sin b cos b t / n, from the upper edge; the other edges belong to it themselves."""
    beta = np.radians(SLOPE_DEG)
    speed = 1e-4 * np.sin(beta) * np.cos(beta) / RESIDUAL_AIR
    hours = travel_cells * CELL / speed / 3600.0
    reached = edge_influence(plane(), Scenario(conductivity=1e-4, duration=hours))
    inside = reached[:, 1:-1]
    assert inside[: int(travel_cells)].all()
    assert not inside[int(travel_cells) : -1].any()
    assert reached[:, 0].all()
    assert reached[-1].all()


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        STRONG.with_values(options=EngineOptions(lateral_flow=False)),
        Scenario(conductivity=1e-7, lateral_anisotropy=10.0, duration=72.0),
        Scenario(duration=72.0),
    ],
)
def test_slow_water_or_none_reaches_nothing(scenario):
    assert not edge_influence(plane(), scenario).any()
    assert edge_cautions(plane(), scenario, edge_influence(plane(), scenario)) == ()


def test_a_summit_gets_no_water_from_outside_and_a_funnel_gets_all():
    inside = (slice(1, -1), slice(1, -1))
    assert not edge_influence(cone(), STRONG)[inside].any()
    assert edge_influence(cone(sign=1.0), STRONG).mean() > 0.9
    weak, funnel = STRONG.with_values(lateral_anisotropy=1.0), cone(sign=1.0)
    assert edge_cautions(cone(61), weak, edge_influence(cone(61), weak)) == ()
    assert "outside the DEM" in str(edge_cautions(funnel, STRONG, edge_influence(funnel, STRONG))[0])


def test_holes_and_rasters_count_as_outside():
    terrain = plane()
    depth = terrain.soil_depth.copy()
    depth[15:20, 10:30] = np.nan
    holed = Terrain(terrain.grid, terrain.elevation, depth)
    scenario = Scenario(conductivity=1e-4, duration=24.0)
    new = edge_influence(holed, scenario) & ~edge_influence(terrain, scenario)
    assert new[20, 10:30].all()  # below the hole
    raster = np.full(terrain.elevation.shape, 8.0)
    raster[20:22, 12:15] = np.nan
    study = Study(holed, scenario.with_values(cohesion=raster), {"cohesion": raster})
    found = edges.edge_map(study, edges.edge_influence(study, Feedback()))
    assert (found[20:22, 12:15] == 255).all()
    assert (found[15:20, 10:30] == 255).all()
    assert (found[22, 12:15] == 1).all()
    assert set(np.unique(found)) == {0, 1, 255}


def test_all_that_lies_below_the_edge_is_reached_in_a_steady_state():
    assert steady_edge_influence(plane()).all()
    assert not steady_edge_influence(cone())[1:-1, 1:-1].any()
    assert steady_edge_caution(cone(61), antecedent.flow_tree(cone(61))) is None
    caution = str(steady_edge_caution(plane(), antecedent.flow_tree(plane())))
    assert "1,600 of 1,600 cells (100 %)" in caution


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 5, 12])
def test_cells_that_a_crop_changes_lie_among_those_found(seed):
    """The engine on a whole study area and on a part of it; what differs in the part is found without the whole."""
    made = procedural_area(seed, (110, 110), CELL)
    cut = (slice(30, 85), slice(25, 80))
    whole = Terrain.from_arrays(made.elevation, made.soil_depth, CELL)
    part = Terrain.from_arrays(made.elevation[cut], made.soil_depth[cut], CELL)
    tables = [next(iter(Engine().solve(t, [STRONG], Feedback()))).water_table for t in (whole, part)]
    masks = [next(iter(Engine().solve(t, [STRONG], Feedback()))).failure_mask for t in (whole, part)]
    found = edge_influence(part, STRONG)
    differ = masks[0][cut] != masks[1]
    assert (found & differ).sum() >= 0.95 * differ.sum()
    wetter = np.abs(tables[0][cut] - tables[1]) > 0.1
    assert wetter.sum() > 50
    assert (found & wetter).sum() >= 0.9 * wetter.sum()


@pytest.mark.parametrize("scenario", [STRONG, STRONG.with_values(duration=12.0), Scenario()])
@pytest.mark.parametrize("shape", [(100, 130), (97, 64)], ids=["wide", "narrow"])
def test_strips_find_the_cells_of_the_whole_map(shape, scenario, monkeypatch):
    monkeypatch.setattr(study_module, "_STRIP_CELLS", 11 * shape[1])
    monkeypatch.setattr(edges, "_AT_ONCE", 50)
    terrain, one_window = (rough_terrain(3, shape, holes=0.02) for _ in range(2))
    assert one_window.slope.shape == shape  # where it is known, the map is one strip
    layers = {"conductivity": np.random.default_rng(1).uniform(2e-6, 2e-5, shape).astype(np.float32)}
    layers["conductivity"][40:50, 30:60] = np.nan
    for rasters in ({}, layers):
        study = Study.of(terrain, scenario, rasters)
        whole = edge_influence(one_window, scenario.with_values(**rasters))
        assert np.array_equal(edges.edge_influence(study, Feedback()), whole)
