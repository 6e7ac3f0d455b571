"""The water table before the rain: heights, and the steady state on a plane, in a hollow and on flat ground."""

import math

import numpy as np
import pytest
from messages import Messages
from slopecast.plugin.core.antecedent import (
    depth_caution,
    flow_tree,
    specific_contributing_area,
    steady_water_table,
    table_ratio,
    with_steady_recharge,
)
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from study_areas import plane, rough_terrain, solve


def test_heights_become_shares_of_the_depth() -> None:
    terrain = rough_terrain(61)
    heights = np.where(np.isfinite(terrain.soil_depth), 0.4 * terrain.soil_depth, 1.0)
    feedback = Messages()
    scenario = Scenario(water_table_ratio=table_ratio(terrain, heights, feedback))
    soil = terrain.valid & (terrain.soil_depth > 0)
    np.testing.assert_allclose(scenario.water_table_ratio[soil], 0.4)
    assert feedback.warnings == []
    one, other = solve(terrain, scenario), solve(terrain, Scenario(water_table_ratio=0.4))
    np.testing.assert_allclose(one.factor_of_safety, other.factor_of_safety, rtol=1e-6)


def test_heights_above_the_surface_are_clipped_and_counted() -> None:
    terrain = plane(20.0, (5, 6), 5.0, 2.0)
    heights = np.full((5, 6), 1.0)
    heights[1, 1:4] = 2.5
    heights[3, 3] = np.nan
    feedback = Messages()
    scenario = Scenario(water_table_ratio=table_ratio(terrain, heights, feedback))
    assert "in 3 of 29 cells" in feedback.warnings[0]
    assert (scenario.water_table_ratio[1, 1:4] == 1.0).all()
    assert np.isnan(solve(terrain, scenario).factor_of_safety[3, 3])
    assert np.isfinite(solve(terrain, scenario).factor_of_safety).sum() == 29


@pytest.mark.parametrize(("share", "doubtful"), [(0.4, False), (0.6, True)])
def test_heights_above_the_surface_nearly_everywhere_are_doubted(share: float, doubtful: bool) -> None:
    """They are elevations, or depths of deep groundwater, and would saturate the whole soil."""
    terrain = plane(20.0, (10, 10), 5.0, 2.0)
    heights = np.full((10, 10), 1.0)
    heights[: int(10 * share)] = 300.0
    feedback = Messages()
    table_ratio(terrain, heights, feedback)
    assert ["elevations or depths below the surface" in text for text in feedback.warnings] == [doubtful]


@pytest.mark.parametrize(("value", "words"), [(-0.5, "-0.5 m"), (np.nan, "no valid cell")])
def test_bad_heights_are_refused(value: float, words: str) -> None:
    terrain = plane(20.0, (4, 4), 5.0, 2.0)
    with pytest.raises(InputError, match=r"INITIAL_WATER_TABLE") as caught:
        table_ratio(terrain, np.full((4, 4), value), Feedback())
    assert words in str(caught.value)


@pytest.mark.parametrize("cell_size", [5.0, 20.0])
def test_depths_below_the_surface_are_doubted(cell_size: float) -> None:
    """They are greatest on ridges; heights are so in hollows, or where the soil is deep."""
    elevation = procedural_area(3432, (120, 120), cell_size).elevation
    terrain = Terrain.from_arrays(elevation, 2.0, cell_size)
    heights = steady_water_table(terrain, 1e-4, 2e-3 / 86400.0)
    assert "its depth below the surface?" in str(depth_caution(terrain, 2.0 - heights))
    assert depth_caution(terrain, heights) is None
    assert depth_caution(terrain, np.full_like(heights, 0.5)) is None
    relief = elevation - 0.5 * (np.roll(elevation, 5, axis=0) + np.roll(elevation, -5, axis=0))
    for deep_on_ridges in (1.0, -1.0):
        soil = np.clip(2.0 + deep_on_ridges * relief, 0.3, 6.0)
        uneven = Terrain.from_arrays(elevation, soil, cell_size)
        for some in (0.4 * soil, np.minimum(soil, 0.6), steady_water_table(uneven, 1e-4, 2e-3 / 86400.0)):
            assert depth_caution(uneven, some) is None


def test_the_steady_state_of_a_plane() -> None:
    """h0 = R a / (K sin b cos b), a growing by a cell's length from cell to cell, until the table fills the soil."""
    terrain = plane(25.0, (3, 40), 5.0, 1.5)
    k, recharge = 2e-5, 3e-3 / 86400.0
    area = specific_contributing_area(terrain)
    np.testing.assert_allclose(area[1], 5.0 * np.arange(1, 41))
    table = steady_water_table(terrain, k, recharge)
    b = terrain.slope[1, 5]
    expected = np.minimum(recharge * area[1] / (k * math.sin(b) * math.cos(b)), 1.5)
    np.testing.assert_allclose(table[1, 2:-2], expected[2:-2], rtol=1e-9)
    assert table[1, 1] < 1.5
    assert steady_water_table(terrain, k, 3.0 * recharge).max() == 1.5
    scenario = with_steady_recharge(Scenario(conductivity=k), terrain, 3.0)
    np.testing.assert_allclose(scenario.water_table_ratio[1], np.minimum(table[1] / 1.5, 1.0), rtol=1e-12)


def test_the_steady_table_stays_where_its_recharge_goes_on() -> None:
    """Rain of the recharge's intensity moves the table of the engine little: both are the same balance."""
    terrain = plane(25.0, (5, 60), 5.0, 4.0)
    terrain.__dict__["slope"] = np.full(terrain.grid.shape, math.radians(25.0))
    k, recharge = 1e-4, 8.64  # mm/day
    scenario = with_steady_recharge(Scenario(conductivity=k), terrain, recharge)
    start = scenario.water_table_ratio[2] * 4.0
    dry = solve(terrain, scenario.with_values(rainfall=0.0, duration=12.0)).water_table[2]
    assert dry[30] < start[30]


def test_depressions_flats_and_holes_stop_nothing() -> None:
    z = np.add.outer(np.arange(20.0), np.zeros(24)) * 2.0
    z[8:12, 8:14] -= 30.0  # a pit
    z[15:18, :] = 30.0  # a terrace
    z[3, 20] = np.nan
    terrain = Terrain.from_arrays(z, 2.0, 5.0)
    area = specific_contributing_area(terrain)
    assert area[3, 20] == 0.0
    assert (area[terrain.valid] >= 5.0).all()
    table = steady_water_table(terrain, 1e-5, 1e-8)
    assert np.isfinite(table[terrain.valid]).all()
    assert (table[terrain.valid] <= 2.0).all()
    flat = Terrain.from_arrays(np.zeros((6, 7)), 1.0, 5.0)
    assert (steady_water_table(flat, 1e-5, 1e-8) == 1.0).all()
    assert (steady_water_table(flat, 1e-5, 0.0) == 0.0).all()


def test_all_water_leaves_over_the_border() -> None:
    terrain = rough_terrain(62, holes=0.0)
    area = specific_contributing_area(terrain)
    rim = np.ones(area.shape, dtype=bool)
    rim[1:-1, 1:-1] = False
    assert area[rim].sum() * 5.0 >= terrain.valid.sum() * 25.0 * 0.999


@pytest.mark.parametrize("piece", [1, 50, 333])
def test_pieces_of_a_map_change_nothing(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    terrain = rough_terrain(47)
    whole = specific_contributing_area(terrain), flow_tree(terrain)
    monkeypatch.setattr("slopecast.plugin.core.topography.flow_routing._PIECE", piece)
    for one, other in zip(whole, (specific_contributing_area(terrain), flow_tree(terrain))):
        np.testing.assert_array_equal(one, other)


def test_a_recharge_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match=r"ANTECEDENT_RECHARGE.*-1 mm/day"):
        with_steady_recharge(Scenario(), rough_terrain(63), -1.0)
