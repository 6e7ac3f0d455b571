"""The registration test finds landslides that were moved, and leaves the others alone."""

from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.validation.auc import auc
from slopecast.plugin.core.validation.inventory_evidence import register


def score_map(seed=0, size=120):
    """A smooth random map, whose values are alike over some three cells."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(random.normal(size=(size, size)))
    frequency = np.hypot(*np.meshgrid(np.fft.rfftfreq(size), np.fft.fftfreq(size)))
    smooth = np.fft.irfft2(spectrum * np.exp(-((frequency * 9) ** 2)), s=(size, size))
    return smooth / smooth.std()


def drawn(score, number, strength=2.0, seed=0):
    """Cells drawn with a probability that rises with the score, away from the edge."""
    random = np.random.default_rng(seed)
    inner = np.zeros_like(score)
    inner[15:-15, 15:-15] = np.exp(strength * score[15:-15, 15:-15])
    cells = random.choice(score.size, number, replace=False, p=(inner / inner.sum()).ravel())
    return np.divmod(cells, score.shape[1])


def found_for(score, rows, cols, cell_size=10.0):
    grid = Grid.local(score.shape, cell_size)
    found = register(score, grid, rows, cols, np.arange(rows.size), score.ravel()[::7])
    x, dx, _, y, _, dy = grid.geotransform
    south_up = replace(grid, geotransform=(x, dx, 0.0, y + dy * grid.rows, 0.0, -dy))
    flipped = register(score[::-1], south_up, grid.rows - 1 - rows, cols, np.arange(rows.size), score.ravel()[::7])
    np.testing.assert_array_equal(flipped.auc, found.auc)
    return found


def test_a_cancel_is_heeded_at_each_shift():
    class AfterThree(Feedback):
        asked = 0

        def isCanceled(self):
            self.asked += 1
            return self.asked > 3

    score, feedback = score_map(), AfterThree()
    rows, cols = drawn(score, 30)
    with pytest.raises(Cancelled):
        register(score, Grid.local(score.shape, 10.0), rows, cols, np.arange(30), score.ravel(), feedback=feedback)
    assert feedback.asked == 4


@pytest.mark.parametrize(("up", "right"), [(2, -1), (-3, 0), (0, 4), (-2, -2)])
def test_a_moved_inventory_is_found(up, right):
    score = score_map()
    rows, cols = drawn(score, 60)
    found = found_for(score, rows + up, cols - right)  # mapped too far south and west: it fits after a shift back
    assert found.misplaced
    assert found.best[1:] == pytest.approx((10.0 * up, 10.0 * right), abs=10.0)
    assert found.here == pytest.approx(auc(score[rows + up, cols - right], score.ravel()[::7]))


@pytest.mark.parametrize("seed", range(4))
def test_an_inventory_in_place_is_left_alone(seed):
    score = score_map(seed)
    found = found_for(score, *drawn(score, 60, seed=seed))
    assert not found.misplaced
    assert np.hypot(*found.best[1:]) <= 15.0


def test_random_points_are_not_called_misplaced():
    score = score_map(1)
    outcomes = [found_for(score, *drawn(score, 40, strength=0.0, seed=seed)).misplaced for seed in range(40)]
    assert sum(outcomes) <= 2


@pytest.mark.parametrize(("cell", "expected"), [(2.0, 50.0), (10.0, 50.0), (30.0, 90.0)])
def test_shifts_reach_fifty_metres_or_three_cells(cell, expected):
    score = score_map()
    found = found_for(score, *drawn(score, 40), cell_size=cell)
    assert found.east_m[-1] == -found.east_m[0] == expected
    assert found.east_m.size <= 11
    assert found.auc.shape == (found.north_m.size, found.east_m.size)


def test_landslides_that_leave_the_map_are_left_out():
    score = score_map()
    rows, cols = np.repeat(np.arange(20, 100), 2), np.tile([0, 1], 80)  # at the western edge
    found = found_for(score, rows, cols)
    assert np.isnan(found.auc[:, 0]).all()
    assert np.isfinite(found.here)
    assert np.isfinite(found.chance)


def test_a_constant_map_has_no_better_place():
    found = found_for(np.ones((50, 50)), np.arange(10, 40), np.arange(10, 40))
    assert found.here == 0.5
    assert not found.misplaced
