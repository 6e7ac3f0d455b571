"""Connected regions, against a flood fill cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.polygons.regions import continuous_regions, dilated, mask_regions, moving_extreme


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


@pytest.mark.parametrize("cells", [0, 1, 2, 5, 40])
def test_a_mask_is_widened_by_whole_rows_and_columns(cells):
    mask = np.random.default_rng(cells).random((17, 23)) < 0.02
    wide = dilated(mask, cells)
    assert wide.dtype == bool
    for row, col in np.ndindex(mask.shape):
        near = mask[max(row - cells, 0) : row + cells + 1, max(col - cells, 0) : col + cells + 1]
        assert wide[row, col] == near.any()


@pytest.mark.parametrize(("radius", "axis"), [(1, 0), (3, 1), (30, 0)])
def test_moving_extremes_are_those_of_each_window(radius, axis):
    values = np.random.default_rng(0).normal(size=(19, 11))
    values[3:5, 2:9] = np.nan
    found = moving_extreme(values, radius, axis, np.fmin, np.nan)
    for row, col in np.ndindex(values.shape):
        at = [row, col]
        at[axis] = slice(max(at[axis] - radius, 0), at[axis] + radius + 1)
        window = values[tuple(at)]
        known = window[np.isfinite(window)]
        assert found[row, col] == known.min() if known.size else np.isnan(found[row, col])
