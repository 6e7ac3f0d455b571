"""Elevation models from files that were compressed with loss are reported, those without loss are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.raster.inputs import SOIL_DEPTH, RasterInput
from slopecast.plugin.core.raster.opening import OpenBand

NOISE = np.random.default_rng(2).random((64, 64))
HEIGHTS = np.add.outer(np.arange(64.0), np.arange(64.0)) + NOISE
TYPES = {"float": gdal.GDT_Float32, "whole": gdal.GDT_UInt16, "byte": gdal.GDT_Byte}

LOSSY = [
    ("GTiff", "float", ["COMPRESS=LERC", "MAX_Z_ERROR=0.5"]),
    ("GTiff", "float", ["COMPRESS=LERC_DEFLATE", "MAX_Z_ERROR=0.5"]),
    ("GTiff", "whole", ["COMPRESS=LERC", "MAX_Z_ERROR=2"]),
    ("MRF", "float", ["COMPRESS=LERC", "OPTIONS=LERC_PREC:0.5"]),
    ("GTiff", "byte", ["COMPRESS=JPEG"]),
    ("JPEG", "byte", []),
    pytest.param(
        "JP2OpenJPEG",
        "whole",
        ["QUALITY=20"],
        marks=pytest.mark.skipif(int(gdal.VersionInfo()) < 3060000, reason="GDAL does not say whether it lost digits"),
    ),
]
LOSSLESS = [
    ("GTiff", "float", []),
    ("GTiff", "float", ["COMPRESS=DEFLATE"]),
    ("GTiff", "float", ["COMPRESS=LERC"]),
    ("GTiff", "float", ["COMPRESS=LERC_DEFLATE", "MAX_Z_ERROR=0.01"]),
    ("GTiff", "whole", ["COMPRESS=LERC"]),
    ("JP2OpenJPEG", "whole", ["QUALITY=100", "REVERSIBLE=YES"]),
]


class Cautions(Feedback):
    def __init__(self) -> None:
        self.texts: list[str] = []

    def pushCaution(self, text: str) -> None:
        self.texts.append(str(text))


def written(path: Path, driver: str, kind: str, options: list[str]) -> str:
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"GDAL has no {driver}")
    compression = next((one.split("=")[1] for one in options if one.startswith("COMPRESS=")), "")
    if compression not in gdal.GetDriverByName(driver).GetMetadataItem("DMD_CREATIONOPTIONLIST"):
        pytest.skip(f"GDAL has no {compression}")
    source = gdal.GetDriverByName("MEM").Create("", 64, 64, 1, TYPES[kind])
    source.SetGeoTransform((500000.0, 10.0, 0.0, 4000000.0, 0.0, -10.0))
    source.GetRasterBand(1).WriteArray(HEIGHTS)
    copy = gdal.GetDriverByName(driver).CreateCopy(str(path), source, options=options)
    del copy
    return str(path)


def lossy_texts(raster: RasterInput) -> list[str]:
    feedback = Cautions()
    OpenBand(raster, feedback)
    return [text for text in feedback.texts if "compressed with loss" in text]


@pytest.mark.parametrize(("driver", "kind", "options"), LOSSY)
def test_a_lossy_elevation_model_is_reported(driver: str, kind: str, options: list[str], tmp_path: Path) -> None:
    source = written(tmp_path / "dem.raster", driver, kind, options)
    assert len(lossy_texts(RasterInput(source))) == 1


@pytest.mark.parametrize(("driver", "kind", "options"), LOSSLESS)
def test_one_without_harmful_loss_is_not(driver: str, kind: str, options: list[str], tmp_path: Path) -> None:
    source = written(tmp_path / "dem.raster", driver, kind, options)
    assert lossy_texts(RasterInput(source)) == []


def test_the_files_of_a_virtual_raster_are_checked(tmp_path: Path) -> None:
    source = written(tmp_path / "dem.tif", *LOSSY[0])
    virtual = gdal.BuildVRT(str(tmp_path / "dem.vrt"), [source])
    del virtual
    assert len(lossy_texts(RasterInput(str(tmp_path / "dem.vrt")))) == 1


def test_the_error_bound_is_named(tmp_path: Path) -> None:
    source = written(tmp_path / "dem.tif", *LOSSY[0])
    assert "by up to 0.5, with cells of 10," in lossy_texts(RasterInput(source))[0]


def test_other_quantities_have_no_slopes(tmp_path: Path) -> None:
    source = written(tmp_path / "depth.tif", *LOSSY[0])
    assert lossy_texts(RasterInput(source, "Soil depth raster", SOIL_DEPTH)) == []
