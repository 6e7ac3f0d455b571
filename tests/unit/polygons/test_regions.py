"""Connected regions, against a flood fill cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.polygons.regions import continuous_regions, has_short_detours, mask_regions


def flooded(mask):
    """Number the regions of a mask by walking from cell to cell."""
    label, count = np.full(mask.shape, -1), 0
    for start in zip(*np.nonzero(mask)):
        if label[start] >= 0:
            continue
        waiting = [start]
        label[start] = count
        while waiting:
            row, col = waiting.pop()
            for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                to = row + down, col + right
                inside = 0 <= to[0] < mask.shape[0] and 0 <= to[1] < mask.shape[1]
                if inside and mask[to] and label[to] < 0:
                    label[to] = count
                    waiting.append(to)
        count += 1
    return label, count


@pytest.mark.parametrize("shape", [(1, 1), (1, 17), (23, 1), (13, 29), (40, 40)])
@pytest.mark.parametrize("density", [0.0, 0.3, 0.55, 0.7, 1.0])
def test_as_by_flood_fill(shape, density):
    mask = np.random.default_rng(7).random(shape) < density
    label, count = mask_regions(mask)
    expected, number = flooded(mask)
    assert count == number
    assert ((label >= 0) == mask).all()
    assert len(set(zip(label[mask], expected[mask]))) == number  # one to one


def test_a_spiral_is_one_region():
    mask = np.zeros((21, 21), dtype=bool)
    for n in range(0, 10, 4):  # open rings, joined by a cell
        mask[n, n : 21 - n] = mask[20 - n, n : 21 - n] = mask[n : 21 - n, n] = mask[n : 21 - n, 20 - n] = True
    assert mask_regions(mask)[1] == 3
    mask[2, 1:4] = mask[1, 2] = mask[3, 2] = True
    assert mask_regions(mask)[1] == flooded(mask)[1]


def test_steps_part_and_ways_around_them_join():
    z = np.zeros((6, 8))
    z[:, 4:] = 100.0
    assert continuous_regions(z, 50.0)[1] == 2
    z[5] = np.linspace(0.0, 100.0, 8)  # a ramp along the last row
    assert continuous_regions(z, 50.0)[1] == 1
    z[2, 2] = np.nan
    label, count = continuous_regions(z, 50.0)
    assert count == 1
    assert label[2, 2] == -1


@pytest.mark.parametrize(
    ("rows", "bridged"),
    [
        ([[0, 0, 0], [0, 90, 0], [0, 0, 0]], False),  # a spike is cut off
        ([[0, 30, 60], [0, 60, 60], [0, 90, 60]], True),  # a cliff with a ramp next to it
        ([[0, 90], [30, 60]], True),
        ([[0, 90], [0, 90]], False),
        ([[0, np.nan, 90]], True),  # no step at all
    ],
)
def test_walls_are_bridged_where_a_way_leads_around(rows, bridged):
    values = np.array(rows, dtype=float)
    assert has_short_detours(values, 40.0) is bridged
    assert has_short_detours(values.T.copy(), 40.0) is bridged


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_cut_off_where_all_walls_are_bridged(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(0.0, 16.0, (12, 14))
    values[rng.random(values.shape) < 0.1] = np.nan
    if has_short_detours(values, 60.0):
        assert continuous_regions(values, 60.0)[1] == mask_regions(np.isfinite(values))[1]
