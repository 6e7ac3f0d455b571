"""Soil depth from a DEM: the formulas by hand, limits, even maps, refusals."""

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.soil_depth import CONSTANT_WARNING, ESTIMATE_WARNING, METHODS, depth_warning, estimate
from slopecast.plugin.core.topography.slope import horn_gradient


@pytest.fixture
def study_area() -> np.ndarray:
    """A smooth hill with a hollow and a hole of NoData, 40 x 50 cells."""
    row, col = np.mgrid[:40, :50].astype(float)
    z = 80.0 * np.exp(-((row - 15) ** 2 + (col - 20) ** 2) / 150.0) + 10.0 * np.sin(col / 6.0) + 100.0
    z[5:8, 30:34] = np.nan
    return z


def tangent(z: np.ndarray) -> np.ndarray:
    return np.hypot(*horn_gradient(z, 5.0, 5.0))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_shape_type_nodata_and_limits(study_area: np.ndarray, method: str) -> None:
    depth = estimate(study_area, 5.0, 5.0, method, 0.7, 3.1)
    assert depth.dtype == np.float32
    assert np.array_equal(np.isnan(depth), np.isnan(study_area))
    assert np.nanmin(depth) >= np.float32(0.7)
    assert np.nanmax(depth) <= np.float32(3.1)


def test_slope_method_is_saulniers_formula(study_area: np.ndarray) -> None:
    t = tangent(study_area)
    low, high = np.nanmin(t), np.nanpercentile(t, 99.5)
    expected = 4.0 * (1.0 - (np.minimum(t, high) - low) / (high - low) * (1.0 - 0.5 / 4.0))
    np.testing.assert_allclose(estimate(study_area, 5.0, 5.0), expected, rtol=1e-6)
    assert (estimate(study_area, 5.0, 5.0)[t > high] == 0.5).all()  # a few cliffs do not thin the rest


def test_slope_depends_on_the_cell_size(study_area: np.ndarray) -> None:
    anisotropic = estimate(study_area, 5.0, 10.0)
    t = np.hypot(*horn_gradient(study_area, 5.0, 10.0))
    assert np.nanargmin(t) == np.nanargmax(anisotropic)
    assert np.nanmax(np.abs(anisotropic - estimate(study_area, 5.0, 5.0))) > 0.1


def test_elevation_method_is_linear_in_elevation() -> None:
    z = np.array([[100.0, 150.0, 200.0], [125.0, np.nan, 175.0]])
    expected = [[4.0, 2.25, 0.5], [3.125, np.nan, 1.375]]
    np.testing.assert_allclose(estimate(z, 5.0, 5.0, "elevation"), expected, rtol=1e-6)


def test_exponential_decays_with_the_angle_to_the_least_depth(study_area: np.ndarray) -> None:
    depth = estimate(study_area, 5.0, 5.0, "exponential", 0.5, 4.0).astype(float)
    angle = np.arctan(tangent(study_area))
    inside = np.isfinite(depth) & (depth > 0.5) & (angle > 0.01)
    rate = np.log(4.0 / depth[inside]) / angle[inside]
    assert np.ptp(rate) < 1e-4 * rate.mean()
    assert rate.mean() == pytest.approx(np.log(8.0) / np.nanpercentile(angle, 99.5), rel=1e-3)
    assert np.nanmin(depth) == 0.5


def test_curvature_deepens_hollows_and_thins_noses(study_area: np.ndarray) -> None:
    dome = estimate(study_area, 5.0, 5.0, "slope_curvature")
    bowl = estimate(-study_area, 5.0, 5.0, "slope_curvature")  # the same slopes, the curvature turned round
    plain = estimate(study_area, 5.0, 5.0, "slope")
    top = (slice(14, 17), slice(22, 25))  # a convex flank near the summit
    assert (dome[top] < plain[top]).all()
    assert (bowl[top] > plain[top]).all()


def test_curvature_changes_nothing_on_a_plane() -> None:
    row, col = np.mgrid[:12, :12]
    z = 0.5 * 5.0 * row + np.where(col > 5, 2.0 * (col - 5), 0.0)
    z[3:5, 2] = np.nan
    curved, plain = estimate(z, 5.0, 5.0, "slope_curvature"), estimate(z, 5.0, 5.0, "slope")
    away = np.abs(col - 5) > 2
    np.testing.assert_allclose(curved[away], plain[away], rtol=1e-6)  # also next to edges and holes


@pytest.mark.parametrize("tilt", [0.0, 0.6])
@pytest.mark.parametrize("method", METHODS)
def test_even_maps_do_not_divide_by_zero(method: str, tilt: float) -> None:
    z = 1234.5 + tilt * 5.0 * np.arange(8.0) + np.zeros((6, 8))
    with np.errstate(all="raise"):
        depth = estimate(z.astype(np.float32), 5.0, 5.0, method, 0.5, 4.0)
    assert np.isfinite(depth).all()
    if tilt == 0.0 and method != "constant":
        assert (depth == 4.0).all()  # the formulas' value at the gentlest slope


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("limits", [(0.0, 0.0), (0.0, 4.0), (2.0, 2.0), (0.0, 50.0)])
def test_limits_at_their_ends(study_area: np.ndarray, method: str, limits: tuple) -> None:
    with np.errstate(all="raise"):
        depth = estimate(study_area, 5.0, 5.0, method, *limits)
    assert np.nanmin(depth) >= limits[0]
    assert np.nanmax(depth) <= limits[1]


def test_constant_is_the_mean() -> None:
    assert (estimate(np.zeros((3, 3)), 5.0, 5.0, "constant", 1.0, 2.0) == 1.5).all()


def test_turning_the_map_turns_the_depth(study_area: np.ndarray) -> None:
    for method in METHODS:
        rotated = estimate(np.rot90(study_area), 5.0, 5.0, method)
        np.testing.assert_allclose(rotated, np.rot90(estimate(study_area, 5.0, 5.0, method)), rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("sloped", 0.5, 4.0), "METHOD"),
        (("slope", -0.1, 4.0), "DEPTH_MIN"),
        (("slope", 0.5, 50.1), "DEPTH_MAX"),
        (("slope", 3.0, 2.0), "DEPTH_MIN"),
        (("slope", float("nan"), 2.0), "DEPTH_MIN"),
        (("slope", 0.5, float("inf")), "DEPTH_MAX"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments: tuple, named: str) -> None:
    with pytest.raises(InputError, match=named):
        estimate(np.zeros((4, 4)), 5.0, 5.0, *arguments)


def test_a_dem_without_data_is_refused() -> None:
    with pytest.raises(InputError, match="no valid cell"):
        estimate(np.full((4, 4), np.nan), 5.0, 5.0)


def test_the_warning_names_its_source_and_the_way_out() -> None:
    assert "Segoni, Rossi & Catani 2012" in ESTIMATE_WARNING
    assert "measured" in ESTIMATE_WARNING
    assert ESTIMATE_WARNING.count(". ") == 0  # one sentence
    assert {method: depth_warning(method) for method in METHODS} == {
        **dict.fromkeys(METHODS, ESTIMATE_WARNING), "constant": CONSTANT_WARNING
    }  # fmt: skip
