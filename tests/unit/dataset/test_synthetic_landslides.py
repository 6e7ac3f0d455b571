"""Landslides drawn from the engine: where FS < 1, apart from each other, the same for the same seed."""

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.synthetic.landslides import draw_landslides, true_factor_of_safety
from slopecast.plugin.core.terrain import Terrain


@pytest.mark.parametrize(("number", "seed"), [(1, 0), (20, 3), (60, 3)])
def test_landslides_are_failed_cells_that_lie_apart(number, seed):
    drawn = procedural_area(3, (90, 90), 10.0)
    fs = true_factor_of_safety(Terrain.from_arrays(drawn.elevation, drawn.soil_depth, 10.0), Feedback())
    cells = draw_landslides(fs, number, seed)
    assert cells.size == number
    assert (fs.ravel()[cells] < 1.0).all()
    rows, cols = np.divmod(cells, 90)
    apart = np.maximum(abs(np.subtract.outer(rows, rows)), abs(np.subtract.outer(cols, cols)))
    assert (apart[~np.eye(number, dtype=bool)] >= 3).all()
    np.testing.assert_array_equal(cells, draw_landslides(fs, number, seed))


@pytest.mark.parametrize(("failing", "expected"), [(0, 0), (1, 1), (25, 4)])
def test_where_few_cells_fail_few_landslides_are_drawn(failing, expected):
    fs = np.full((8, 9), 1.5)
    fs[0, 0] = np.nan
    side = int(np.sqrt(failing))
    fs[2 : 2 + side, 2 : 2 + side] = 0.9
    found = draw_landslides(fs, 10, 1).size
    assert found <= expected
    assert (found > 0) == (failing > 0)
