"""Single cells that are much higher or lower than all around them; few of them are ground."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.spikes import spike_caution
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

SIZE = 160
SEEDS = {1.0: 0, 2.0: 1, 5.0: 2, 10.0: 3, 30.0: 5}


@cache
def ground(cell):
    return procedural_area(SEEDS[cell], (SIZE, SIZE), cell).elevation.astype(np.float32)


def doubt(heights, cell):
    heights = np.ascontiguousarray(heights, dtype=np.float32)
    return str(spike_caution(heights, Grid.local(heights.shape, cell)) or "")


def with_spikes(heights, height, share, sign=1):
    return heights + np.where(np.random.default_rng(0).random(heights.shape) < share, sign * height, 0.0)


@pytest.mark.parametrize("cell", SEEDS)
@pytest.mark.parametrize("sign", [1, -1])
def test_spikes_and_pits_are_noticed(cell, sign):
    heights = ground(cell)
    assert doubt(heights, cell) == ""
    assert "spikes and pits" in doubt(with_spikes(heights, 1.5 * cell, 0.006, sign), cell)
    assert "spikes and pits" in doubt(with_spikes(heights, 2.5 * cell, 0.0006, sign), cell)


def test_their_share_is_named():
    made = np.zeros((100, 102))
    made[10:90:8, 10:90:8] = 12.0  # 100 of 9800 cells with four neighbours
    assert doubt(made, 10.0).startswith("1 % of the cells of the DEM are more than 5 m higher")


def test_single_towers_and_next_to_nothing_are_no_doubt():
    made = ground(10.0).copy()
    made[40, 40] += 30.0
    made[80, 90] -= 30.0
    assert doubt(made, 10.0) == ""
    made = np.full((SIZE, SIZE), np.nan)
    made[::7, ::7] = 100.0 * np.random.default_rng(0).random(made[::7, ::7].shape)
    assert doubt(made, 10.0) == ""  # without neighbours


@pytest.mark.slow
def test_ground_has_few_spikes():
    for seed in range(60):
        cell = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)[seed % 6]
        heights = procedural_area(seed, (96, 96), cell).elevation
        for made in (heights, np.round(heights)):
            assert doubt(made, cell) == "", (seed, cell)


def test_the_terrain_is_in_doubt():
    made = with_spikes(ground(10.0), 15.0, 0.006)
    assert "spikes" in " ".join(str(text) for text in terrain_cautions(Terrain.from_arrays(made, 1.5, 10.0)))
