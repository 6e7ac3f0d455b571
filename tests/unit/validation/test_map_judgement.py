"""A map judged by landslides: factors of safety and probabilities alike, and the slope where it is known."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.soil_depth import METHODS
from slopecast.plugin.core.topography.slope import slope_map
from slopecast.plugin.core.validation.map_judgement import EvaluatedMap, MapJudgement
from study_areas import rough_terrain

SHAPE = (48, 56)


@pytest.fixture(scope="module")
def elevation():
    return rough_terrain(6, SHAPE).elevation.astype(np.float32)


@pytest.fixture(scope="module")
def slope(elevation):
    return slope_map(elevation, 10.0, 10.0)


def grid() -> Grid:
    return Grid(*SHAPE, (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), "")


def landslides(slope):
    """Some of the steepest cells, ten landslides of the same size; and all other cells."""
    unit = np.full(slope.size, -1, dtype=np.int32)
    steepest = np.argsort(np.where(np.isfinite(slope), -slope, 0.0).ravel())[:60]
    unit[steepest[::2]] = np.arange(30) % 10
    unit = unit.reshape(SHAPE)
    return unit, np.isfinite(slope) & (unit < 0)


def judged(values, slope, elevation, *, of_fs, limit, with_slope=True):
    unit, stable = landslides(slope)
    terrain = (elevation, slope) if with_slope else (None, None)
    evaluated = EvaluatedMap(grid(), values, of_fs, limit, np.isfinite(slope), *terrain)
    return evaluated, MapJudgement.of(evaluated, unit, stable, Feedback())


def test_a_factor_of_safety_and_a_probability_of_the_same_order_are_judged_alike(elevation, slope):
    fs = (2.0 - slope).astype(np.float32)
    low, by_fs = judged(fs, slope, elevation, of_fs=True, limit=1.5)
    high, by_probability = judged(-fs, slope, elevation, of_fs=False, limit=-1.5)
    assert np.array_equal(low.failed, fs < 1.5)
    assert np.array_equal(high.failed, -fs >= -1.5)
    assert (by_fs.map.counts, by_fs.map.auc) == (by_probability.map.counts, by_probability.map.auc)
    assert by_fs.best.score == by_probability.best.score
    assert by_fs.map.auc == pytest.approx(by_fs.slope.auc)
    assert by_fs.map.auc > 0.9
    assert by_fs.trend.correlation < -0.99
    assert by_probability.trend is None
    assert set(by_fs.depth_models) == set(METHODS)


def test_cells_outside_the_area_do_not_count(elevation, slope):
    fs = (2.0 - slope).astype(np.float32)
    evaluated, found = judged(fs, slope, elevation, of_fs=True, limit=1.5)
    part = EvaluatedMap(evaluated.grid, fs, True, 1.5, evaluated.area & (np.arange(SHAPE[1]) > 20))
    assert np.isnan(part.score[:, :21]).all()
    assert np.array_equal(part.score[:, 21:], evaluated.score[:, 21:], equal_nan=True)
    assert found.map.counts.reference_failed == 30


def test_without_elevation_the_map_alone_is_judged(elevation, slope):
    fs = (2.0 - slope).astype(np.float32)
    _, found = judged(fs, slope, elevation, of_fs=True, limit=1.5, with_slope=False)
    assert (found.slope, found.trend, found.depth_models) == (None, None, {})
    assert found.evidence.slope is None
