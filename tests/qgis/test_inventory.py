"""A map against an inventory: intervals, gain over slope, the landslides' place, thresholds, depth models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingException, QgsVectorLayer
from rasters import CELL, ORIGIN, read_raster, write_raster
from slopecast.plugin.core.soil_depth import METHODS
from vectors import square, write_vectors

X, Y = ORIGIN
SIZE = 100


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A rough terrain, a factor of safety that falls with its slope, and 80 landslides where that is low."""
    from slopecast.plugin.core.topography.slope import horn_gradient

    folder = tmp_path_factory.mktemp("place")
    random = np.random.default_rng(7)
    at = np.arange(SIZE)
    z = 500.0 + sum(
        a * np.sin(np.add.outer(k * at, m * at) + p)
        for a, k, m, p in zip(
            random.normal(0, 3, 24), random.normal(0, 0.35, 24), random.normal(0, 0.35, 24), random.uniform(0, 6.28, 24)
        )
    )
    slope = np.arctan(np.hypot(*horn_gradient(z, CELL, CELL)))
    fs = 0.7 / np.tan(np.maximum(slope, 0.07)) * np.exp(random.normal(0.0, 0.05, z.shape))
    inner = np.log(fs[12:-12, 12:-12])
    weight = np.exp(-4.0 * (inner - inner.mean()) / inner.std())
    drawn = random.choice(inner.size, 80, replace=False, p=(weight / weight.sum()).ravel())
    cells = np.column_stack([drawn // inner.shape[1] + 12, drawn % inner.shape[1] + 12])
    paths = {
        "MAP": str(write_raster(folder / "fs.tif", fs)),
        "DEM": str(write_raster(folder / "dem.tif", z)),
        "LANDSLIDES": str(write_vectors(folder / "slides.gpkg", points(cells))),
    }
    return paths, fs, slope, cells, folder


def points(cells, east=0.0, north=0.0):
    at = [(X + (col + 0.5) * CELL + east, Y - (row + 0.5) * CELL + north) for row, col in cells]
    return [(f"POINT ({x} {y})", {}) for x, y in at]


def judge(paths, tmp_path, feedback=None, **more):
    import processing

    given = {**paths, "KIND": "factor of safety", "REPORT": str(tmp_path / "r.html"), **more}
    return processing.run("slopecast:validateinventory", given, feedback=feedback)


def area_of(score, landslide, stable):
    pairs = np.subtract.outer(score[landslide], score[stable])
    return ((pairs > 0).sum() + 0.5 * (pairs == 0).sum()) / pairs.size


def test_numbers_are_those_of_the_arrays(place, tmp_path, feedback):
    paths, fs, slope, cells, _ = place
    done = judge(paths, tmp_path, feedback)
    landslide = np.zeros(fs.shape, dtype=bool)
    landslide[tuple(cells.T)] = True
    fs = fs.astype(np.float32)
    assert done["AUC"] == pytest.approx(area_of(-fs, landslide, ~landslide), abs=1e-9)
    assert done["SLOPE_AUC"] == pytest.approx(area_of(slope, landslide, ~landslide), abs=1e-4)
    assert done["SLOPE_DIFFERENCE"] == pytest.approx(done["AUC"] - done["SLOPE_AUC"], abs=1e-9)
    assert done["SLOPE_DIFFERENCE_LOW"] < done["SLOPE_DIFFERENCE"] < done["SLOPE_DIFFERENCE_HIGH"]
    assert 0.5 < done["AUC_LOW"] < done["AUC"] < done["AUC_HIGH"] < 1.0
    levels = np.unique(fs)
    rates = [((fs[landslide] <= t).mean(), (fs[~landslide] <= t).mean()) for t in levels]
    best = max(rates, key=lambda pair: round(pair[0] - pair[1], 12))
    assert (done["BEST_HIT_RATE"], done["BEST_FALSE_ALARM_RATE"]) == pytest.approx(best)
    assert (fs[landslide] < done["BEST_THRESHOLD"]).mean() == pytest.approx(best[0])
    assert done["LANDSLIDES_JUDGED"] == 80
    assert (done["SHIFT_EAST"], done["SHIFT_NORTH"]) == (0.0, 0.0)
    assert not any("displaced" in text or "increases with slope" in text for text in feedback.warnings)
    html = Path(done["REPORT"]).read_text(encoding="utf-8")
    assert html.count("shift east [m]") == 2
    assert f"factor of safety below {done['BEST_THRESHOLD']:.9g}" in html


def test_the_interval_is_that_of_the_standard_error(place, tmp_path):
    """DeLong et al. (1988), Biometrics 44, 837-845: the standard error from the spread of the placement values."""
    paths, fs, _, cells, _ = place
    done = judge(paths, tmp_path)
    landslide = np.zeros(fs.shape, dtype=bool)
    landslide[tuple(cells.T)] = True
    wins = fs[landslide][:, None] < fs[~landslide]
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 80 + wins.mean(axis=0).var(ddof=1) / (~landslide).sum())
    assert done["AUC_HIGH"] - done["AUC_LOW"] == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_features_without_coordinates_are_not_within_the_map(place, tmp_path, feedback):
    """An empty geometry has an extent of 0 or of nothing; that of a local grid contains both."""
    paths, fs, _, cells, _ = place
    local = write_raster(tmp_path / "local.tif", fs, epsg=None, origin=(-500.0, 500.0))
    at = [(-500.0 + (col + 0.5) * CELL, 500.0 - (row + 0.5) * CELL) for row, col in cells]
    features = [(square(x - 2, y - 2, x + 2, y + 2), {}) for x, y in at]
    whole = write_vectors(tmp_path / "whole.gpkg", features, epsg=None)
    some = write_vectors(tmp_path / "some.gpkg", [*features, ("POLYGON EMPTY", {})], epsg=None)
    given = {"MAP": str(local), "DEM": None, "KIND": "factor of safety"}
    numbers = [judge(paths, tmp_path, feedback, **given, LANDSLIDES=str(one))["AUC"] for one in (whole, some)]
    assert numbers[0] == numbers[1]
    assert sum("80 of 81 features within the map." in line for line in feedback.lines) == 1
    assert sum("features without a geometry are not used (1)" in text for text in feedback.warnings) == 1


@pytest.mark.parametrize(("east", "north"), [(30, 0), (0, -20), (-40, 30), (30, -30)])
@pytest.mark.parametrize("dem", [True, False])
def test_a_misplaced_inventory_is_found(east, north, dem, place, tmp_path, feedback):
    paths, _, _, cells, _ = place
    moved = str(write_vectors(tmp_path / "moved.gpkg", points(cells, east, north)))
    done = judge({**paths, "LANDSLIDES": moved, "DEM": paths["DEM"] if dem else None}, tmp_path, feedback)
    assert (done["SHIFT_EAST"], done["SHIFT_NORTH"]) == (-east, -north)
    texts = [text for text in feedback.warnings if "displaced" in text]
    assert len(texts) == 1 + dem
    assert all(f"shifted {-north:g} m north and {-east:g} m east" in text for text in texts)
    assert texts[0] in Path(done["REPORT"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("distance", [0, 10, 10.1, 30, 45])
def test_cells_near_landslides_do_not_count_as_stable(distance, place, tmp_path):
    paths, fs, _, cells, _ = place
    row, col = np.mgrid[:SIZE, :SIZE]
    away = np.min([CELL * np.hypot(row - r, col - c) for r, c in cells], axis=0)
    done = judge(paths, tmp_path, STABLE_DISTANCE=distance)
    stable = (away >= distance) & (away > 0)
    assert done["STABLE_CELLS"] == stable.sum()
    assert done["AUC"] == pytest.approx(area_of(-fs.astype(np.float32), away == 0, stable), abs=1e-9)


def test_stable_points_near_landslides_are_kept(place, tmp_path, feedback):
    paths, _, _, cells, _ = place
    beside = str(write_vectors(tmp_path / "stable.gpkg", points(np.add(cells, [0, 1]))))
    kept = judge(paths, tmp_path, STABLE=beside, STABLE_DISTANCE=100)["STABLE_CELLS"]
    assert kept == judge(paths, tmp_path, feedback, STABLE=beside)["STABLE_CELLS"] > 60
    assert f"Stable cells compared: {kept}" in feedback.lines


@pytest.mark.parametrize("distance", [-1, "nan", "far", "inf"])
def test_a_distance_that_is_none_is_refused(distance, place, tmp_path):
    with pytest.raises(QgsProcessingException, match="STABLE_DISTANCE"):
        judge(place[0], tmp_path, STABLE_DISTANCE=distance)


def test_a_distance_that_leaves_nothing_is_refused(place, tmp_path):
    with pytest.raises(QgsProcessingException, match="no stable cell"):
        judge(place[0], tmp_path, STABLE_DISTANCE=2000)


@pytest.mark.parametrize("more", [0, 1])
def test_landslides_made_from_the_map_are_in_doubt(more, place, tmp_path, feedback):
    """As the areas that *Failed areas to polygons* makes of it; a landslide elsewhere is none of them."""
    import processing

    _, fs, *_ = place
    mask = str(write_raster(tmp_path / "mask.tif", (fs < 1.0).astype(float)))
    areas = processing.run("slopecast:maskstopolygons", {"MAP": mask, "POLYGONS": "TEMPORARY_OUTPUT"})["POLYGONS"]
    if more:
        feature = QgsFeature(areas.fields())
        row, col = np.argwhere(fs > 2.0)[0]
        feature.setGeometry(QgsGeometry.fromWkt(points([(row, col)])[0][0]).buffer(4.0, 4))
        areas.dataProvider().addFeature(feature)
    judge({"MAP": mask, "LANDSLIDES": areas}, tmp_path, feedback, KIND="mask")
    assert any("made from the other" in text for text in feedback.warnings) != bool(more)


def test_a_map_that_rises_with_slope_is_in_doubt(place, tmp_path, feedback):
    paths, fs, _, _, _ = place
    upside_down = str(write_raster(tmp_path / "u.tif", 1.0 / fs))
    done = judge({**paths, "MAP": upside_down}, tmp_path, feedback)
    assert done["AUC"] < 0.5
    for words in ("below 0.5", "increases with slope"):
        assert any(words in text for text in feedback.warnings)
    assert not any("displaced" in text and "the map" in text for text in feedback.warnings)


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_random_landslides_are_called_chance(seed, place, tmp_path, feedback):
    paths = place[0]
    cells = np.random.default_rng(seed).integers(12, SIZE - 12, (60, 2))
    random = str(write_vectors(tmp_path / "random.gpkg", points(cells)))
    done = judge({**paths, "LANDSLIDES": random}, tmp_path, feedback)
    assert done["AUC_LOW"] < 0.5 < done["AUC_HIGH"]
    assert any("differ significantly from chance" in text or "below 0.5" in text for text in feedback.warnings)
    assert not any("displaced" in text for text in feedback.warnings)


def test_depth_models_are_compared(place, tmp_path):
    table = str(tmp_path / "models.csv")
    done = judge(place[0], tmp_path, DEPTH_MODELS=table)
    rows = {f["method"]: float(f["auc"]) for f in QgsVectorLayer(table, "t", "ogr").getFeatures()}
    assert tuple(rows) == METHODS
    # An even depth ranks by slope alone; thin steep soil cannot rank better.
    assert rows["constant"] == pytest.approx(done["SLOPE_AUC"], abs=0.02)
    assert rows["exponential"] < rows["slope"] < rows["constant"]
    assert "Soil depth models" in Path(done["REPORT"]).read_text(encoding="utf-8")


def test_an_elevation_with_undeclared_missing_data_is_refused(place, tmp_path):
    """They would be slopes of 70 deg in the baseline."""
    heights, _, _ = read_raster(place[0]["DEM"])
    heights[:, :12] = -32768.0
    with pytest.raises(QgsProcessingException, match=r"DEM.*-32768"):
        judge({**place[0], "DEM": str(write_raster(tmp_path / "dem.tif", heights))}, tmp_path)


def test_depth_models_need_an_elevation(place, tmp_path):
    with pytest.raises(QgsProcessingException, match=r"DEPTH_MODELS.*elevation model"):
        judge({**place[0], "DEM": None}, tmp_path, DEPTH_MODELS=str(tmp_path / "m.csv"))
    assert judge({**place[0], "DEM": None}, tmp_path)["SLOPE_DIFFERENCE"] is None


def test_a_landslide_counts_as_one_whatever_its_cells(place, tmp_path):
    """Polygons of 9 cells have 9 times the cells, and about the interval of as many points."""
    paths, _, _, cells, _ = place
    boxes = [square(X + (c - 1) * 10 + 1, Y - (r + 2) * 10 + 1, X + (c + 2) * 10 - 1, Y - (r - 1) * 10 - 1)
             for r, c in cells[:40]]  # fmt: skip
    layer = str(write_vectors(tmp_path / "boxes.gpkg", [(box, {}) for box in boxes]))
    done = judge({**paths, "LANDSLIDES": layer}, tmp_path)
    assert done["LANDSLIDES_JUDGED"] <= 40
    assert 240 < done["LANDSLIDE_CELLS"] <= 360
    few = judge({**paths, "LANDSLIDES": str(write_vectors(tmp_path / "p.gpkg", points(cells[:40])))}, tmp_path)
    width, wide = (one["AUC_HIGH"] - one["AUC_LOW"] for one in (done, few))
    assert 0.4 < width / wide < 1.6


@pytest.mark.parametrize("order", [1, -1])
def test_a_landslide_on_the_cells_of_others_is_not_counted(order, place, tmp_path, feedback):
    """In whatever order; one within a larger one keeps its cells."""
    paths, _, _, cells, _ = place
    west, north = (ORIGIN[k] + sign * CELL * cells[:20, 1 - k] for k, sign in ((0, 1), (1, -1)))
    small = [square(x + 1, y - 9, x + 9, y - 1) for x, y in zip(west, north)]
    large = [square(x - 9, y - 19, x + 19, y + 9) for x, y in zip(west, north)]
    layer = write_vectors(tmp_path / "both.gpkg", [(one, {}) for one in [*small, *small[:3], *large][::order]])
    done = judge({**paths, "LANDSLIDES": str(layer)}, tmp_path, feedback)
    assert done["LANDSLIDES_JUDGED"] == 40
    assert any(text.startswith("3 landslides have the same cells as others") for text in feedback.warnings)


def test_numbers_are_those_of_python(place, tmp_path):
    """QGIS passes numbers of numpy on as nothing, to models and commands."""
    done = judge(place[0], tmp_path)
    assert {type(value) for key, value in done.items() if "RATE" in key or "AUC" in key} == {float}


@pytest.mark.parametrize(("hidden", "within", "lost"), [(20, False, 20), (3, False, 0), (20, True, 0)])
def test_landslides_on_nodata_are_counted(hidden, within, lost, place, tmp_path, feedback):
    """Scores without them are those of another inventory; what an area leaves out is meant to be."""
    paths, fs, _, cells, _ = place
    some = fs.copy()
    gone = cells[np.argsort(cells[:, 0])[:hidden]]  # in the north
    some[gone[:, 0], gone[:, 1]] = np.nan
    more = {"MAP": str(write_raster(tmp_path / "fs.tif", some))}
    if within:
        south = square(X, Y - SIZE * CELL, X + SIZE * CELL, Y - (gone[:, 0].max() + 1) * CELL)
        more["MASK_LAYER"] = str(write_vectors(tmp_path / "south.gpkg", [(south, {})]))
    judge({**paths, **more}, tmp_path, feedback)
    found = [text for text in feedback.warnings if "are on cells without a value (NoData)" in text]
    assert [f" {lost} of 80 features" in text for text in found] == [True] * bool(lost)
