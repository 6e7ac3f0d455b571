"""Relations between runs: what changes nothing physical, or turns the map, does the same to every output."""

from __future__ import annotations

import numpy as np
import pytest
from cases import ALL_ENGINE_RASTERS, ENGINE, OUT, filled
from osgeo import gdal
from rasters import write_raster
from vectors import square, write_vectors

STRONG = {**ENGINE, **ALL_ENGINE_RASTERS, "CONDUCTIVITY": 3e-5, "LATERAL_ANISOTROPY": 20, "DURATION": 14}
#: Rounding of stored heights; times are rounded up to five minutes.
TOLERANCE = {"FAILURE_TIME": 0.1, "RUNOFF": 0.05}


def run(algorithm, parameters):
    import processing

    return processing.run(f"slopecast:{algorithm}", parameters)


def values(path):
    """Bands as float64 (bands, rows, cols), NaN where there is no value."""
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return np.stack([np.where(b.GetMaskBand().ReadAsArray() == 0, np.nan, b.ReadAsArray()) for b in bands])


def simulated(parameters, files, folder):
    """All rasters of a simulation by key."""
    folder.mkdir()
    given = filled(parameters, files, folder)
    run("simulatefactorofsafety", given)
    return {key: values(given[key]) for key in ALL_ENGINE_RASTERS}


def assert_same(first, second):
    for key, expected in first.items():
        np.testing.assert_allclose(second[key], expected, rtol=0.0, atol=TOLERANCE.get(key, 2e-3), err_msg=key)


@pytest.fixture(scope="module")
def whole(files, tmp_path_factory):
    return simulated(STRONG, files, tmp_path_factory.mktemp("whole") / "out")


@pytest.mark.parametrize("turn", [np.flipud, np.transpose, np.rot90], ids=lambda turn: turn.__name__)
def test_a_turned_map_has_the_turned_result(files, tmp_path, whole, turn):
    turned = {key: write_raster(tmp_path / f"{key}.tif", turn(values(files[key])[0])) for key in ("dem", "depth")}
    found = simulated(STRONG, {**files, **turned}, tmp_path / "out")
    assert_same({key: np.stack([turn(band) for band in bands]) for key, bands in whole.items()}, found)


def test_rows_of_a_hyetograph_with_the_same_rain_are_constant_rain(files, tmp_path, whole):
    table = tmp_path / "rain.csv"
    table.write_text("time (min),rain [mm/day]\n90,288\n120,288\n435,288\n840,288\n")
    assert_same(whole, simulated({**STRONG, "HYETOGRAPH": str(table)}, files, tmp_path / "out"))


def test_a_constant_raster_is_the_number(files, tmp_path, whole):
    keys = ("COHESION", "FRICTION_ANGLE", "CONDUCTIVITY", "RAINFALL", "LATERAL_ANISOTROPY")
    shape = values(files["dem"])[0].shape
    rasters = {f"{key}_LAYER": str(write_raster(tmp_path / f"{key}.tif", np.full(shape, STRONG[key]))) for key in keys}
    assert_same(whole, simulated({**STRONG, **rasters}, files, tmp_path / "out"))


@pytest.fixture(scope="module")
def slides(qgis_application, tmp_path_factory):
    """The same overlapping landslides, of more cells than are sampled of each, in two orders."""
    folder = tmp_path_factory.mktemp("slides")
    features = [
        (square(x, y, x + 75, y + 65), {"year": 2011})
        for x in range(200_010, 200_400, 65) for y in (559_560, 559_700, 559_840)
    ]  # fmt: skip
    return [str(write_vectors(folder / f"slides{step}.gpkg", features[::step])) for step in (1, -1)]


def numbers(results):
    return {key: value for key, value in results.items() if isinstance(value, (int, float))}


def test_the_order_of_landslides_does_not_change_a_calibration(files, tmp_path, slides):
    found = []
    for number, layer in enumerate(slides):
        given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "LANDSLIDES": layer, "SETS": 10, "FOLDS": 2}
        given["FACTOR_OF_SAFETY"] = str(tmp_path / f"fs{number}.tif")
        found.append((numbers(run("calibratetoinventory", given)), values(given["FACTOR_OF_SAFETY"])))
    assert found[0][0] == found[1][0]
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_the_order_of_landslides_does_not_change_a_validation(files, tmp_path, slides):
    given = {"MAP": files["stability"], "KIND": "factor of safety", "DEM": files["dem"], "REPORT": OUT}
    given = filled(given, files, tmp_path)
    first, second = (numbers(run("validateinventory", {**given, "LANDSLIDES": layer})) for layer in slides)
    assert first == second
