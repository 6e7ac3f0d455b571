"""Counts of cells by factor of safety."""

import numpy as np
import pytest
from slopecast.plugin.core.reports.run_summary import HISTOGRAM_EDGES, count_by_fs

BELOW_ONE = HISTOGRAM_EDGES[:-1] < 1.0 - 1e-9


@pytest.mark.parametrize(
    ("fs", "failed"),
    [
        ([0.0, 0.95, np.nextafter(np.float32(1.0), np.float32(0.0)), 1.0, 1.05, 9.0], 3),
        ([1.0 - 1e-9, 1.0 - 1e-12, 1.0], 0),  # 1 in the precision of the maps
        ([1.0 - 1e-6, 0.9999, 0.1], 3),
        ([], 0),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_bins_below_one_hold_the_failed_cells(fs, failed, dtype):
    fs = np.array(fs, dtype)
    counts = count_by_fs(fs, HISTOGRAM_EDGES)
    assert counts.sum() == fs.size
    assert counts[BELOW_ONE].sum() == failed == (fs.astype(np.float32) < 1.0).sum()


@pytest.mark.parametrize("edges", [HISTOGRAM_EDGES, np.round(np.arange(0.5, 3.01, 0.1), 1)])
def test_every_bin_counts_its_own_and_the_end_bins_take_the_rest(edges):
    middles = (edges[:-1] + edges[1:]) / 2.0
    assert (count_by_fs(middles, edges) == 1).all()
    assert count_by_fs(np.array([1.0]), edges)[np.searchsorted(middles, 1.0)] == 1
    beyond = count_by_fs(np.array([-1.0, 0.0, 3.0, 10.0]), edges)
    assert (beyond[0], beyond[-1], beyond.sum()) == (2, 2, 4)
