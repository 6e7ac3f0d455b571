"""Procedural study areas: repeatable, in range, drained, varied; and the stand-in for the paper's site."""

from __future__ import annotations

import json

import numpy as np
import pytest
from slopecast.plugin.core import synthetic
from slopecast.plugin.core.dataset import simulate
from slopecast.plugin.core.synthetic.even_slopes import even_slope
from slopecast.plugin.core.synthetic.landforms import limit_slope
from slopecast.plugin.core.synthetic.paper_hill import connected
from slopecast.plugin.core.synthetic.random_fields import correlated_field, gaussian_smooth, nearest_feature
from slopecast.plugin.core.topography.flow_routing import (
    accumulate,
    drain_depressions,
    fill_along_flow,
    path_roots,
    solve_upstream,
    steepest_receivers,
)

SMALL = (80, 80)


def slope_deg(m: synthetic.ProceduralArea) -> np.ndarray:
    gradient = np.hypot(*np.gradient(m.elevation, m.cell_size))  # NaN next to a masked cell
    return np.degrees(np.arctan(gradient[np.isfinite(gradient)]))


@pytest.fixture(scope="module")
def many() -> list[synthetic.ProceduralArea]:
    return [synthetic.procedural_area(seed, SMALL, (2.0, 5.0, 10.0, 30.0)[seed % 4]) for seed in range(20)]


@pytest.fixture(scope="module")
def site() -> synthetic.ProceduralArea:
    return synthetic.paper_site()


def test_the_seed_fixes_everything() -> None:
    first, again, other = (synthetic.procedural_area(seed, (64, 80), 5.0, masked=True) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.elevation, again.elevation)
    np.testing.assert_array_equal(first.soil_depth, again.soil_depth)
    assert first.style == again.style
    assert not np.array_equal(first.elevation, other.elevation)


@pytest.mark.parametrize("shape", [(32, 32), (33, 70), (101, 64)])
@pytest.mark.parametrize("cell_size", [2.0, 30.0])
def test_shape_and_type(shape: tuple[int, int], cell_size: float) -> None:
    m = synthetic.procedural_area(1, shape, cell_size)
    assert m.elevation.shape == m.soil_depth.shape == shape
    assert m.elevation.dtype == m.soil_depth.dtype == np.float32
    assert m.cell_size == cell_size
    json.dumps(m.style)  # provenance must be storable


@pytest.mark.slow
def test_ranges(many: list[synthetic.ProceduralArea]) -> None:
    for m in many:
        assert np.isfinite(m.elevation).all()
        assert m.elevation.min() > -5  # the sea's level is 0, a survey errs by metres
        assert m.elevation.max() < 6000
        soil = m.soil_depth[m.soil_depth > 0]
        assert soil.size > 0.2 * m.soil_depth.size
        assert soil.min() >= np.float32(0.3)
        assert soil.max() <= 6.0
        assert m.soil_depth.min() >= 0


@pytest.mark.slow
def test_study_areas_differ_as_real_ones_do(many: list[synthetic.ProceduralArea]) -> None:
    medians = np.array([np.median(slope_deg(m)) for m in many])
    assert medians.min() < 10
    assert medians.max() > 28
    assert 10 < np.median(medians) < 30
    assert max(np.percentile(slope_deg(m), 99) for m in many) < 80
    assert len({m.style["setting"] for m in many}) >= 4
    assert len({m.style["soil_model"] for m in many}) >= 4
    assert len({m.style["survey"] for m in many}) >= 3


def test_land_drains(many: list[synthetic.ProceduralArea]) -> None:
    """Few cells lie in a pit, except where whole metres or water make the ground level."""
    for m in many:
        if m.style["survey"] in ("integer", "srtm") or "sea_share" in m.style:
            continue
        z = m.elevation
        border = np.zeros(z.shape, dtype=bool)
        border[[0, -1]] = border[:, [0, -1]] = True
        receiver = steepest_receivers(z.astype(float), border)
        pits = (receiver == np.arange(z.size)) & ~border.ravel()
        assert pits.mean() < 0.02


@pytest.mark.slow
def test_no_direction_of_the_grid_is_preferred() -> None:
    """Aspects modulo 90 degrees, over many study areas, fall evenly into six bins."""
    counts = np.zeros(6)
    for seed in range(10):
        m = synthetic.procedural_area(seed, SMALL, 10.0)
        down, across = np.gradient(m.elevation, 10.0)
        steep = np.hypot(across, down) > 0.05
        counts += np.histogram(np.degrees(np.arctan2(down, across))[steep] % 90, bins=6, range=(0, 90))[0]
    assert counts.max() / counts.mean() < 1.35


def test_masked_cuts_nodata_out_of_the_same_study_area() -> None:
    whole, cut = (synthetic.procedural_area(7, SMALL, 10.0, masked=masked) for masked in (False, True))
    valid = np.isfinite(cut.elevation)
    assert 0.4 < valid.mean() < 0.95
    np.testing.assert_array_equal(valid, np.isfinite(cut.soil_depth))
    np.testing.assert_array_equal(cut.elevation[valid], whole.elevation[valid])
    np.testing.assert_array_equal(cut.soil_depth[valid], whole.soil_depth[valid])


@pytest.mark.slow
def test_paper_site_has_the_papers_measure(site: synthetic.ProceduralArea) -> None:
    valid = np.isfinite(site.elevation)
    assert site.elevation.shape == (436, 489)
    assert site.cell_size == 5.0
    assert abs(valid.sum() - 85_909) < 0.01 * 85_909
    assert abs(float(np.nanmax(site.elevation)) - 296.0) < 2.0
    np.testing.assert_array_equal(valid, np.isfinite(site.soil_depth))


@pytest.mark.slow
def test_paper_site_is_one_hill_off_the_border(site: synthetic.ProceduralArea) -> None:
    valid = np.isfinite(site.elevation)
    assert not valid[[0, -1]].any()
    assert not valid[:, [0, -1]].any()
    assert connected(valid, np.unravel_index(np.nanargmax(site.elevation), valid.shape)).sum() == valid.sum()
    padded = np.pad(valid, 1)
    foot = valid & ~(padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:])
    assert site.elevation[foot].min() >= 20
    assert site.elevation[foot].max() <= 40


def test_paper_site_has_korean_slopes_and_deep_soil(site: synthetic.ProceduralArea) -> None:
    slopes = slope_deg(site)
    assert 20 <= np.median(slopes) <= 25
    assert 34 <= np.percentile(slopes, 95) <= 38
    assert 5.5 < np.nanmax(site.soil_depth) <= 6.0
    assert np.nanmin(site.soil_depth) >= 0.8
    assert 3.0 < np.nanmedian(site.soil_depth) < 5.0


def test_all_water_reaches_the_outlet_and_none_is_lost() -> None:
    rng = np.random.default_rng(5)
    z = rng.random((40, 50))  # white noise: as many pits as can be
    outlet = np.zeros(z.shape, dtype=bool)
    outlet[20, 0] = True
    receiver = drain_depressions(z, steepest_receivers(z, outlet), outlet)
    assert (path_roots(receiver) == 20 * 50).all()
    area = accumulate(receiver, np.ones(z.size))
    assert area[20 * 50] == z.size
    step = np.abs(np.array(np.divmod(receiver, 50)) - np.array(np.divmod(np.arange(z.size), 50)))
    assert step.max() == 1  # to neighbours only
    filled = fill_along_flow(receiver, z, 1e-3).ravel()
    inner = receiver != np.arange(z.size)
    assert (filled >= z.ravel() - 1e-12).all()
    assert (filled[inner] > filled[receiver[inner]]).all()


def test_area_and_recurrence_on_a_chain() -> None:
    receiver = np.array([0, 0, 1, 2, 2])  # 3 and 4 drain to 2, to 1, to the outlet 0
    np.testing.assert_array_equal(accumulate(receiver, np.ones(5)), [5, 4, 3, 1, 1])
    np.testing.assert_allclose(
        solve_upstream(receiver, np.arange(1.0, 6.0), np.full(5, 0.5)), [1, 2.5, 4.25, 6.125, 7.125]
    )


def test_limit_slope_leaves_no_cell_too_steep_and_keeps_the_rest() -> None:
    z = np.zeros((41, 41))
    z[20, 20] = 100.0
    spike = limit_slope(z, 0.5, 2.0)
    assert spike[20, 20] == pytest.approx(1.0)  # one cell of 2 m at 0.5
    plane = np.arange(41.0)[:, None] * np.full((1, 41), 0.9)
    np.testing.assert_allclose(limit_slope(plane, 0.5, 2.0), plane)


def test_nearest_feature_matches_brute_force() -> None:
    marks = np.zeros((30, 44), dtype=bool)
    marks[[3, 17, 29], [40, 8, 20]] = True
    near, distance = nearest_feature(marks)
    row, col = np.mgrid[:30, :44]
    every = [np.hypot(row - i, col - j) for i, j in np.argwhere(marks)]
    np.testing.assert_allclose(distance, np.min(every, axis=0))
    assert set(np.unique(near)) == set(np.flatnonzero(marks))


def test_fields_are_standardised_and_smoothing_keeps_the_mean() -> None:
    field = correlated_field(np.random.default_rng(0), (60, 90), 5.0)
    assert field.shape == (60, 90)
    assert field.std() == pytest.approx(1.0)
    assert np.corrcoef(field[:, :-1].ravel(), field[:, 1:].ravel())[0, 1] > 0.95
    np.testing.assert_allclose(gaussian_smooth(np.full((20, 30), 3.0), 2.5), 3.0)


@pytest.mark.parametrize("seed", range(12))
def test_even_slopes_have_few_gradients_and_depths(seed):
    elevation, depth = even_slope(np.random.default_rng(seed), (48, 40), 5.0)
    again = even_slope(np.random.default_rng(seed), (48, 40), 5.0)
    assert all(np.array_equal(a, b) for a, b in zip((elevation, depth), again))
    assert elevation.shape == depth.shape == (48, 40)
    assert elevation.min() == 0.0
    assert 0.25 < depth.min() <= depth.max() < 4.3
    steepest = np.hypot(*np.gradient(elevation.astype(float), 5.0)).max()
    assert 0.1 < steepest < 1.5


def test_one_procedural_terrain_in_twenty_is_an_even_slope(monkeypatch):
    made = []
    monkeypatch.setattr(
        simulate, "even_slope", lambda rng, shape, cell_size: made.append(shape) or 2 * [np.ones(shape)]
    )
    monkeypatch.setattr(simulate, "procedural_area", lambda seed, shape, *_, **__: synthetic.ProceduralArea(
        np.ones(shape), np.ones(shape), 5.0, {}))  # fmt: skip
    for seed in range(400):
        simulate.procedural_terrain(seed, 32)
    assert 10 <= len(made) <= 30
