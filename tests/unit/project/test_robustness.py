"""``make robustness``: the changes of a study area are terrains that the product accepts."""

import numpy as np
from evidence.robustness import CELL_SIZES_M, changes
from slopecast.plugin.core.synthetic import procedural_area


def test_high_mountains_are_changed_too():
    """Cells of 30 m stretch the heights of 5 m six times, to keep the slopes."""
    z = procedural_area(3, (48, 48), 5.0).elevation + 3000.0
    found = dict(changes(z, 5.0, np.random.default_rng(0)))
    assert {f"cells of {size:g} m" for size in CELL_SIZES_M} < set(found)
    largest = found[f"cells of {max(CELL_SIZES_M):g} m"]
    inner = np.s_[1:-1, 1:-1]
    np.testing.assert_allclose(largest.slope[inner], found["as it is"].slope[inner], atol=1e-4)
