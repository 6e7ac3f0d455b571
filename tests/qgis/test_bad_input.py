"""Bad input, as data: each is refused in words that name parameter, value and way out, and nothing is written."""

from __future__ import annotations

import pytest
from cases import ENGINE, OUT, filled
from qgis.core import QgsProcessingException

SIMULATE = ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT})
PREDICT = ("predictfailuremask", {**ENGINE, "MODEL": "{weights}", "FAILURE_MASK": OUT})
COMPARE = ("comparemasks", {"AGREEMENT": OUT})
DEPTH = ("estimatesoildepth", {"DEM": "{dem}", "SOIL_DEPTH": OUT})
RAIN = ("designrainfall", {})
EXAMPLE = ("exampledata", {"OUTPUT_FOLDER": OUT})

#: (algorithm, good parameters), bad parameters, words of the error
CASES = {
    "missing DEM": (SIMULATE, {"DEM": "{missing}"}, ["(DEM)", "missing.tif", "cannot be loaded"]),
    "no DEM": (SIMULATE, {"DEM": None}, ["(DEM)", "is missing"]),
    "missing depth": (SIMULATE, {"SOIL_DEPTH": "{missing}"}, ["(SOIL_DEPTH)", "missing.tif"]),
    "text as raster": (SIMULATE, {"DEM": "{not_a_raster}"}, ["(DEM)", "not_a_raster.tif"]),
    "no CRS": (SIMULATE, {"DEM": "{no_crs}"}, ["(DEM)", "no coordinate system", "Set CRS"]),
    "degrees": (SIMULATE, {"DEM": "{degrees}"}, ["(DEM)", "degrees", "Reproject", "UTM"]),
    "depth elsewhere": (SIMULATE, {"SOIL_DEPTH": "{elsewhere}"}, ["(SOIL_DEPTH)", "no valid cell within the DEM"]),
    "DEM all NoData": (SIMULATE, {"DEM": "{all_nodata}"}, ["(DEM)", "no valid cell"]),
    "DEM of two by two": (SIMULATE, {"DEM": "{two_by_two}"}, ["(DEM)", "2 x 2", "3 x 3"]),
    "depth all NoData": (SIMULATE, {"SOIL_DEPTH": "{all_nodata}"}, ["(SOIL_DEPTH)", "no valid cell"]),
    "negative depth": (SIMULATE, {"SOIL_DEPTH": "{negative}"}, ["SOIL_DEPTH", "-1 m", "NoData"]),
    "depth in cm": (SIMULATE, {"SOIL_DEPTH": "{centimetres}"}, ["SOIL_DEPTH", "200 m", "0 to 50 m", "divide", "100"]),
    "k in m/day": (SIMULATE, {"CONDUCTIVITY": 0.26}, ["CONDUCTIVITY", "0.26 m/s", "1e-10 to 0.01 m/s", "86400"]),
    "phi of 60": (SIMULATE, {"FRICTION_ANGLE": 60}, ["FRICTION_ANGLE", "60 deg", "1 to 55 deg"]),
    "phi of 60, network": (PREDICT, {"FRICTION_ANGLE": 60}, ["FRICTION_ANGLE", "60 deg", "1 to 55 deg"]),
    "NaN": (SIMULATE, {"COHESION": "nan"}, ["COHESION", "nan", "0 to 200 kPa"]),
    "NaN as a number": (SIMULATE, {"COHESION": float("nan")}, ["COHESION", "nan", "0 to 200 kPa"]),
    "infinite": (SIMULATE, {"DURATION": "inf"}, ["DURATION", "inf", "0.1 to 720 h"]),
    "a word": (SIMULATE, {"RAINFALL": "much"}, ["RAINFALL", "'much' is not a number"]),
    "comma": (SIMULATE, {"RAINFALL": "8,5"}, ["RAINFALL", "'8,5' is not a number"]),
    "negative rain": (SIMULATE, {"RAINFALL": -1}, ["RAINFALL", "-1 mm/h"]),
    "unit weights": (SIMULATE, {"UNIT_WEIGHT_SATURATED": 15}, ["UNIT_WEIGHT_SATURATED", "15", "17.6"]),
    "raster out of range": (
        SIMULATE, {"RAINFALL_LAYER": "{rain_in_mm_per_day}"}, ["RAINFALL", "500", "0 to 300 mm/h", "24"],
    ),
    "raster elsewhere": (SIMULATE, {"COHESION_LAYER": "{elsewhere}"}, ["COHESION_LAYER", "no valid cell"]),
    "unknown choice": (SIMULATE, {"EDGES": "ajar"}, ["EDGES", "ajar", "open", "closed"]),
    "choice out of range": (SIMULATE, {"EDGES": 2}, ["EDGES", "2", "open", "closed"]),
    "output no GeoTIFF": (SIMULATE, {"FACTOR_OF_SAFETY": "/tmp/fs.png"}, ["png"]),
    "output folder is a file": (
        SIMULATE, {"FACTOR_OF_SAFETY": "{file_as_folder}/fs.tif"}, ["FACTOR_OF_SAFETY", "cannot be written"],
    ),
    "output cannot be written": (
        SIMULATE, {"FAILURE_MASK": "/proc/slopecast/mask.tif"}, ["FAILURE_MASK", "cannot be written"],
    ),
    "output replaces an input": (SIMULATE, {"FACTOR_OF_SAFETY": "{dem}"}, ["FACTOR_OF_SAFETY", "is an input"]),
    "two outputs, one file": (
        SIMULATE, {"FACTOR_OF_SAFETY": "{missing}", "FAILURE_MASK": "{missing}"}, ["FAILURE_MASK", "another output"],
    ),
    "missing weights": (PREDICT, {"MODEL": "{missing}"}, ["(MODEL)", "missing.tif", "does not exist"]),
    "unreadable weights": (PREDICT, {"MODEL": "{broken}"}, ["(MODEL)", "broken.safetensors", "cannot be read"]),
    "foreign weights": (PREDICT, {"MODEL": "{foreign}"}, ["(MODEL)", "foreign.safetensors", "made by Slopecast"]),
    "unknown device": (PREDICT, {"DEVICE": "abacus"}, ["DEVICE", "abacus", "cpu"]),
    "masks that are none": (
        COMPARE, {"PREDICTED": "{dem}", "REFERENCE": "{dem}"}, ["(PREDICTED)", "0 (stable) and 1 (failed)"],
    ),
    "depths in the wrong order": (DEPTH, {"DEPTH_MIN": 5}, ["DEPTH_MIN", "5 m", "4 m"]),
    "depth bound in cm": (DEPTH, {"DEPTH_MAX": 200}, ["DEPTH_MAX", "200 m", "0 to 50 m"]),
    "unknown method": (DEPTH, {"METHOD": "guess"}, ["METHOD", "guess", "slope"]),
    "mountain too small": (EXAMPLE, {"SIZE": 5}, ["SIZE", "5", "32 to 4000"]),
    "mountain into a file": (EXAMPLE, {"OUTPUT_FOLDER": "{file_as_folder}/x"}, ["OUTPUT_FOLDER", "cannot be written"]),
    "rain of no time": (RAIN, {"DURATION": 0}, ["(DURATION)", "0 h", "720 h"]),
    "rain of a word": (RAIN, {"DURATION": "long"}, ["(DURATION)", "'long' is not a number"]),
    "rain of no year": (RAIN, {"RETURN_PERIOD": 0}, ["RETURN_PERIOD", "0 yr", "1 to 10000 yr"]),
    "rain's coefficients": (RAIN, {"LONG_A": -5000}, ["oefficients", "no positive intensity", "signs"]),
    "rain's branches": (RAIN, {"SPLIT": 0}, ["(SPLIT)", "0 min", "above 0"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_refused_and_nothing_written(case, files, tmp_path, feedback):
    """The error's words; an empty folder."""
    import processing

    (algorithm, good), bad, words = CASES[case]
    parameters = filled({**good, **bad}, files, tmp_path)
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)
    for word in words:
        assert word in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_masks_on_different_grids(files, tmp_path):
    """Masks that lie side by side are not compared."""
    import numpy as np
    import processing
    from rasters import write_raster

    one = write_raster(tmp_path / "one.tif", np.zeros((20, 20)))
    other = write_raster(tmp_path / "other.tif", np.zeros((20, 20)), origin=(200_005.0, 560_000.0))
    with pytest.raises(QgsProcessingException, match="the same cells"):
        processing.run(
            "slopecast:comparemasks",
            {"PREDICTED": str(one), "REFERENCE": str(other), "AGREEMENT": str(tmp_path / "a.tif")},
        )
    assert not (tmp_path / "a.tif").exists()


def test_layer_of_a_service_is_refused(files, tmp_path):
    """A layer that is no file has no cells that GDAL could read."""
    import processing
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png&zmax=1&zmin=0", "tiles", "wms")
    with pytest.raises(QgsProcessingException, match="provider 'wms'"):
        processing.run("slopecast:estimatesoildepth", {"DEM": layer, "SOIL_DEPTH": str(tmp_path / "d.tif")})
