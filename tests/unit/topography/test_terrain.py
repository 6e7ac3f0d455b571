"""Slope by Horn's stencil, at edges and holes too, and what a terrain refuses."""

import dataclasses

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.slope import MAXIMUM_SLOPE_DEG, horn_gradient
from study_areas import plane, rough_terrain


def test_horn_by_hand() -> None:
    z = np.array([[50.0, 45.0, 50.0], [30.0, 30.0, 30.0], [8.0, 10.0, 10.0]])  # Burrough & McDonnell's worked example
    across, down = horn_gradient(z, 5.0, 5.0)
    assert across[1, 1] == pytest.approx(((50 + 60 + 10) - (50 + 60 + 8)) / 40)
    assert down[1, 1] == pytest.approx(((8 + 20 + 10) - (50 + 90 + 50)) / 40)
    assert np.degrees(np.arctan(np.hypot(across[1, 1], down[1, 1]))) == pytest.approx(75.25762, abs=1e-4)


@pytest.mark.parametrize(("slope_deg", "aspect_deg"), [(10.0, 0.0), (35.0, 90.0), (50.0, 33.0), (0.0, 0.0)])
def test_a_plane_has_its_slope_everywhere(slope_deg: float, aspect_deg: float) -> None:
    row, col = np.mgrid[:9, :11]
    a, t = np.radians(aspect_deg), np.tan(np.radians(slope_deg))
    z = 100 + 5.0 * t * (np.cos(a) * col + np.sin(a) * row)
    z[4, 5] = np.nan
    terrain = Terrain.from_arrays(z, 2.0, 5.0)
    judged = np.isfinite(z)
    np.testing.assert_allclose(np.degrees(terrain.slope[judged]), slope_deg, atol=1e-9)
    across, down = terrain.gradient
    np.testing.assert_allclose(across[judged], t * np.cos(a), atol=1e-12)
    np.testing.assert_allclose(down[judged], t * np.sin(a), atol=1e-12)
    assert np.isnan(terrain.slope[4, 5])


@pytest.mark.parametrize("seed", range(4))
def test_a_plane_has_its_gradient_in_ragged_outlines_and_next_to_holes(seed: int) -> None:
    """In every cell with neighbours in two directions; of three in a line only the gradient along it is known."""
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[:30, :25]
    z = 500.0 + 3.0 * col - 2.0 * row
    z[rng.random(z.shape) < 0.55] = np.nan
    across, down = horn_gradient(z, 5.0, 4.0)
    padded = np.pad(z, 1, constant_values=np.nan)
    directions = sum(
        np.isfinite(padded[1 + i : 31 + i, 1 + j : 26 + j]) | np.isfinite(padded[1 - i : 31 - i, 1 - j : 26 - j])
        for i, j in ((0, 1), (1, 0), (1, 1), (-1, 1))
    )
    judged = np.isfinite(z) & (directions >= 2)
    assert judged.sum() > 200
    np.testing.assert_allclose(across[judged], 3.0 / 5.0, atol=1e-12)
    np.testing.assert_allclose(down[judged], -2.0 / 4.0, atol=1e-12)
    assert np.array_equal(np.isnan(across), np.isnan(z))


def test_missing_neighbours_follow_the_contract() -> None:
    """2 z_c - z_opposite while one of two is known; checked cell by cell in plain Python, with all neighbours too."""
    z = rough_terrain(3, (12, 13), holes=0.25).elevation
    across, down = horn_gradient(z, 5.0, 4.0)

    def at(i: int, j: int) -> float:
        return z[i, j] if 0 <= i < 12 and 0 <= j < 13 else np.nan

    def near(i: int, j: int, di: int, dj: int) -> float:
        known = np.isfinite(at(i + di, j + dj))
        return at(i + di, j + dj) if known else 2 * z[i, j] - at(i - di, j - dj)

    checked = 0
    for i, j in np.argwhere(np.isfinite(z)):
        n = {(a, b): near(i, j, a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)}
        if np.isnan(list(n.values())).any():
            continue
        dx = n[-1, 1] + 2 * n[0, 1] + n[1, 1] - n[-1, -1] - 2 * n[0, -1] - n[1, -1]
        dy = n[1, -1] + 2 * n[1, 0] + n[1, 1] - n[-1, -1] - 2 * n[-1, 0] - n[-1, 1]
        assert across[i, j] == pytest.approx(dx / 40.0, abs=1e-12)
        assert down[i, j] == pytest.approx(dy / 32.0, abs=1e-12)
        checked += 1
    assert checked > 50


@pytest.mark.parametrize(
    ("cells", "gradient"),
    [
        ([(1, 1)], (0.0, 0.0)),  # alone
        ([(1, 1), (1, 2)], (0.6, 0.0)),  # one neighbour in the row
        ([(0, 1), (1, 1)], (0.0, -0.5)),  # one in the column
    ],
)
def test_of_a_single_direction_only_its_own_gradient_is_known(cells: list, gradient: tuple) -> None:
    z = np.full((3, 3), np.nan)
    for i, j in cells:
        z[i, j] = 500.0 + 3.0 * j - 2.0 * i
    across, down = horn_gradient(z, 5.0, 4.0)
    assert (across[1, 1], down[1, 1]) == pytest.approx(gradient)


def test_slope_is_clamped() -> None:
    assert np.degrees(plane(85.0, (5, 5), 5.0, 1.0).slope.max()) == pytest.approx(MAXIMUM_SLOPE_DEG)


def test_float32_elevations_far_above_the_sea_keep_their_slope() -> None:
    z = (4000.0 + 0.5 * np.arange(20.0) + np.zeros((20, 20))).astype(np.float32)
    slope = Terrain.from_arrays(z, 1.0, 1.0).slope[1:-1, 1:-1]
    np.testing.assert_allclose(np.tan(slope), 0.5, atol=1e-6)


def test_valid_cells_need_elevation_and_depth() -> None:
    z, depth = np.zeros((4, 4)), np.ones((4, 4))
    z[0, 0], depth[1, 1] = np.nan, np.nan
    terrain = Terrain.from_arrays(z, depth, 5.0)
    assert terrain.valid.sum() == 14
    assert not terrain.valid[0, 0]
    assert not terrain.valid[1, 1]
    assert np.isfinite(terrain.slope[1, 1])  # the slope needs the elevation alone
    assert np.array_equal(np.isfinite(terrain.bedrock), terrain.valid)
    assert terrain.bedrock[2, 2] == -1.0


@pytest.mark.parametrize(
    ("depth", "words"),
    [
        (-0.1, "0 .bare rock. or more"),
        (50.5, "divide a layer in centimetres by 100"),
        (np.nan, "no valid cell in common"),
    ],
)
def test_impossible_depths_are_refused_with_advice(depth: float, words: str) -> None:
    depths = np.full((4, 4), depth)
    with pytest.raises(InputError, match=words):
        Terrain.from_arrays(np.zeros((4, 4)), depths, 5.0)


@pytest.mark.parametrize(
    ("height", "words"),
    [
        (-9999.0, "contains the value -9999 m. Allowed: -11000 to 9000 m, but not -9999.*Additional no data value"),
        (-32768.0, "contains the value -32768 m"),
        (3.4e38, "contains the value 3.4e.38 m"),
        (29_000.0, "contains the value 29000 m.*Heights must be in metres"),
    ],
)
def test_missing_heights_in_disguise_are_refused(height: float, words: str) -> None:
    heights = np.full((4, 4), 300.0)
    heights[1, 2] = height
    with pytest.raises(InputError, match=words):
        Terrain.from_arrays(heights, 2.0, 5.0)


def test_a_mask_is_no_elevation() -> None:
    with pytest.raises(InputError, match=r"contains only 0 and 1, like a mask.*Choose the elevation model"):
        Terrain.from_arrays(np.eye(4), 2.0, 5.0)


@pytest.mark.parametrize("heights", [np.zeros((4, 4)), np.eye(4) * 0.5, np.eye(4) * 2.0, np.full((4, 4), -400.0)])
def test_flat_low_and_stepped_land_is_accepted(heights: np.ndarray) -> None:
    assert Terrain.from_arrays(heights, 2.0, 5.0).valid.all()


def test_bare_rock_and_deep_soil_are_accepted() -> None:
    assert Terrain.from_arrays(np.zeros((4, 4)), 0.0, 5.0).valid.all()
    assert Terrain.from_arrays(np.zeros((4, 4)), 50.0, 5.0).valid.all()


def test_shapes_must_agree() -> None:
    with pytest.raises(InputError, match="Soil depth"):
        Terrain(Grid.local((4, 4), 5.0), np.zeros((4, 4)), np.zeros((4, 5)))


def test_a_terrain_cannot_be_changed() -> None:
    terrain = plane(20.0, (4, 4), 5.0, 1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        terrain.elevation = np.zeros((4, 4))
