"""Depth models against the factor of safety: where steep soil gets too thin, and which model fits landslides."""

import numpy as np
import pytest
from slopecast.plugin.core.soil_depth import METHODS, described, estimate
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.depth_models import SlopeTrend, auc_by_depth_model, depth_caution

CELL = 10.0


def bowl(steepest_deg: float = 48.0, size: int = 80) -> np.ndarray:
    """A paraboloid: the slope grows evenly from the middle to the corners."""
    row, col = np.mgrid[:size, :size] - (size - 1) / 2.0
    return np.tan(np.radians(steepest_deg)) / (np.sqrt(2.0) * size * CELL) * (row**2 + col**2) * CELL**2


def terrain(z: np.ndarray, method: str, low: float = 0.5, high: float = 4.0) -> Terrain:
    return Terrain.from_arrays(z, estimate(z, CELL, CELL, method, low, high), CELL)


@pytest.mark.parametrize(
    ("method", "steepest"),
    [("slope", 35.0), ("slope", 48.0), *(("constant", steepest) for steepest in (20.0, 35.0, 48.0, 60.0))],
)
def test_usual_depths_give_no_caution(method: str, steepest: float) -> None:
    assert depth_caution(terrain(bowl(steepest), method)) is None


@pytest.mark.parametrize(
    ("low", "high", "steepest"), [(0.5, 4.0, 48.0), (0.2, 3.0, 40.0), (0.1, 4.0, 35.0), (0.0, 2.0, 60.0)]
)
def test_steep_soil_that_is_too_thin_is_in_doubt(low: float, high: float, steepest: float) -> None:
    caution = depth_caution(terrain(bowl(steepest), "exponential", low, high))
    assert "does not decrease with slope" in str(caution)


def test_flat_and_even_maps_give_no_caution() -> None:
    row, _ = np.mgrid[:40, :40].astype(float)
    for z in (np.zeros((40, 40)), row * 0.5, row * 6.0):
        for method in METHODS:
            assert depth_caution(terrain(z, method)) is None


def test_trend_by_hand() -> None:
    """Of 1,000 cells from 10 to 60 deg a factor of safety that falls to 35 deg and rises beyond is symmetric."""
    degrees = np.linspace(10.0, 60.0, 1001)[:-1] + 0.025
    trend = SlopeTrend.of(1.0 + (degrees - 35.0) ** 2 / 100.0, np.radians(degrees))
    assert trend.correlation == pytest.approx(0.0, abs=1e-3)
    assert trend.steepest == pytest.approx(1.0 + 22.5**2 / 100.0, rel=1e-2)
    assert trend.least_deg == pytest.approx(32.5, abs=0.1)  # of two equal tenths the gentler one
    assert SlopeTrend.of(1.0 / degrees, np.radians(degrees)).correlation == pytest.approx(-1.0)
    assert SlopeTrend.of(degrees, np.radians(degrees)).correlation == pytest.approx(1.0)


@pytest.mark.parametrize("values", [np.ones(500), np.linspace(1.0, 2.0, 50)])
def test_trend_of_too_little_is_unknown(values: np.ndarray) -> None:
    assert np.isnan(SlopeTrend.of(values, np.radians(np.linspace(12.0, 40.0, values.size))).correlation)


def test_landslides_on_the_steepest_slopes_choose_the_model() -> None:
    """Even depth ranks by slope alone: AUC 1; the exponential one puts the steepest last."""
    z = bowl(50.0)
    slope = terrain(z, "constant").slope
    landslide = slope > np.quantile(slope, 0.95)
    found = auc_by_depth_model(z, (CELL, CELL), slope, landslide, ~landslide)
    assert list(found) == list(METHODS)
    assert found["constant"] == pytest.approx(1.0, abs=1e-3)
    assert found["exponential"] < found["slope"] < 0.5


def test_auc_by_depth_model_is_that_of_the_whole_column() -> None:
    """Against the solver and every pair counted, on some cells."""
    from slopecast.plugin.core.feedback import Feedback
    from slopecast.plugin.core.physics.column import SoilColumn
    from slopecast.plugin.core.scenario import Scenario

    random = np.random.default_rng(4)
    z = bowl(45.0, 40) + random.normal(0.0, 1.0, (40, 40))
    landslide, stable = random.random(z.shape) < 0.05, random.random(z.shape) < 0.4
    stable &= ~landslide
    found = auc_by_depth_model(z, (CELL, CELL), terrain(z, "constant").slope, landslide, stable)
    for method in METHODS:
        fs = next(iter(SoilColumn().solve(terrain(z, method), [Scenario()], Feedback()))).factor_of_safety
        pairs = np.subtract.outer(fs[landslide], fs[stable])
        expected = ((pairs < 0).sum() + 0.5 * (pairs == 0).sum()) / pairs.size
        assert found[method] == pytest.approx(expected, abs=1e-4), method


def test_what_an_estimate_rests_on() -> None:
    assert described((200_000.0, 559_520.0, 200_480.0, 560_000.0)) == {
        "method": "slope", "depth_min": "0.5 m", "depth_max": "4 m", "extent": "200000, 559520, 200480, 560000",
    }  # fmt: skip
    assert described((0, 0, 1, 1), "constant", 1.25, 2.0)["depth_min"] == "1.25 m"
