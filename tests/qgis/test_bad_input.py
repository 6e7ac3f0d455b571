"""Bad input, as data: each is refused in words that name parameter, value and way out, and nothing is written."""

from __future__ import annotations

import pytest
from bad_inputs import CASES, SIMULATE
from cases import filled
from qgis.core import QgsProcessingException


@pytest.mark.parametrize("case", CASES)
def test_refused_and_nothing_written(case, files, tmp_path, feedback, gdal_exceptions):
    """The error's words; an empty folder."""
    import processing

    if gdal_exceptions and case == "large metadata":
        pytest.skip("QGIS rewrites that file in the first run")
    (algorithm, good), bad, words = CASES[case]
    parameters = filled({**good, **bad}, files, tmp_path)
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)
    for word in words:
        assert word in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_result_as_soil_depth_is_refused_without_the_check_too(files, tmp_path):
    """Graphical models run an algorithm without asking it to check its parameters."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:simulatefactorofsafety")
    given = filled({**SIMULATE[1], "SOIL_DEPTH": "{earlier_mask}"}, files, tmp_path)
    with pytest.raises(QgsProcessingException, match="is a result of 'Predict failure mask'"):
        algorithm.run(given, QgsProcessingContext(), QgsProcessingFeedback(False), {}, False)
    assert not list(tmp_path.iterdir())


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


def test_masks_in_different_coordinate_systems(tmp_path):
    """The same numbers in another system are another place."""
    import numpy as np
    import processing
    from rasters import write_raster

    one = write_raster(tmp_path / "one.tif", np.zeros((20, 20)), epsg=32632)
    other = write_raster(tmp_path / "other.tif", np.zeros((20, 20)), epsg=32633)
    given = {"PREDICTED": str(one), "REFERENCE": str(other), "AGREEMENT": str(tmp_path / "a.tif")}
    with pytest.raises(QgsProcessingException, match="another coordinate system"):
        processing.run("slopecast:comparemasks", given)
    assert not (tmp_path / "a.tif").exists()


def test_layer_of_a_service_is_refused(files, tmp_path):
    """A layer that is no file has no cells that GDAL could read."""
    import processing
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png&zmax=1&zmin=0", "tiles", "wms")
    with pytest.raises(QgsProcessingException, match="provider 'wms'"):
        processing.run("slopecast:estimatesoildepth", {"DEM": layer, "SOIL_DEPTH": str(tmp_path / "d.tif")})


@pytest.mark.parametrize(
    "message", ["CUDA out of memory. Tried to allocate 2 GiB", "[enforce] can't allocate memory: 9"]
)
def test_torch_without_memory_is_reported_as_lack_of_memory(message):
    """Torch raises a plain RuntimeError; other ones are faults and keep their traceback."""
    from slopecast.plugin.algorithms.base import _as_processing_errors

    with pytest.raises(QgsProcessingException, match="Out of memory: clip"), _as_processing_errors():
        raise RuntimeError(message)
    with pytest.raises(RuntimeError, match="shapes"), _as_processing_errors():
        raise RuntimeError("shapes cannot be multiplied")
