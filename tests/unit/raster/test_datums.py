"""Layers whose datum is not known relative to that of the DEM: they may lie some hundred metres off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import osr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.crs import datum_shift_is_unknown, same_crs
from slopecast.plugin.core.raster.inputs import ELEVATION, SOIL_DEPTH, RasterInput
from slopecast.plugin.core.raster.opening import OpenBand
from slopecast.plugin.core.raster.read import read_aligned, read_dem
from written_rasters import crs_wkt, write_bands

TM = "+proj=tmerc +lat_0=38 +lon_0=127 +x_0=200000 +y_0=600000 +units=m"
KOREA, PLACE = "EPSG:5186", (200_000.0, 560_000.0)
#: system: whether its shift to Korea 2000 is unknown.
SYSTEMS = {
    f"{TM} +ellps=bessel": True,
    f"{TM} +ellps=bessel +towgs84=-145.907,505.034,685.756,-1.162,2.347,1.592,6.342": False,
    f"{TM} +ellps=GRS80": False,
    "EPSG:5174": False,  # Korean 1985
    "EPSG:4326": False,
    "EPSG:32652": False,
}


@pytest.fixture(params=[False, True], ids=["return codes", "exceptions"])
def _gdal_exceptions(request: pytest.FixtureRequest) -> None:
    """GDAL without and with its exceptions."""
    before = osr.GetUseExceptions()
    (osr.UseExceptions if request.param else osr.DontUseExceptions)()
    yield
    (osr.UseExceptions if before else osr.DontUseExceptions)()


@pytest.mark.usefixtures("_gdal_exceptions")
@pytest.mark.parametrize("system", SYSTEMS)
def test_an_unknown_datum_of_another_ellipsoid_is_told_apart(system: str) -> None:
    assert datum_shift_is_unknown(crs_wkt(KOREA), crs_wkt(system), PLACE) == SYSTEMS[system]


@pytest.mark.usefixtures("_gdal_exceptions")
@pytest.mark.parametrize("other", ["", 'LOCAL_CS["plan",UNIT["metre",1]]'])
def test_a_system_without_datum_has_no_shift(other: str) -> None:
    assert not datum_shift_is_unknown(crs_wkt(KOREA), other, PLACE)


@pytest.mark.parametrize("system", [f"{TM} +ellps=bessel", "EPSG:5174"])
def test_a_raster_that_may_be_displaced_is_doubted(system: str, tmp_path: Path) -> None:
    y0 = 461_000.0 if system == "EPSG:5174" else 561_000.0
    values, transform = np.ones((200, 200), dtype=np.float32), (199_000.0, 10.0, 0.0, y0, 0.0, -10.0)
    source, log = write_bands(tmp_path / "depth.tif", values, transform=transform, crs=system), Messages()
    dem = Grid(40, 40, (200_000.0, 10.0, 0.0, 560_400.0, 0.0, -10.0), crs_wkt(KOREA))
    read_aligned(RasterInput(source, "Soil depth", SOIL_DEPTH), dem, log)
    assert any("may be displaced by several hundred metres" in text for text in log.cautions) == ("bessel" in system)


#: The layer's system, the file's: whether the layer puts the cells elsewhere.
LAYERS = {
    (KOREA, KOREA): False,
    ("EPSG:32652", KOREA): True,  # set instead of reprojected
    ("EPSG:5187", KOREA): True,  # the neighbouring zone
    (KOREA, "EPSG:4326"): True,
    (KOREA, 'LOCAL_CS["plan",UNIT["metre",1]]'): True,
    (f"{TM} +ellps=GRS80", KOREA): False,  # another name of the same
    (KOREA, ""): False,
    ("", KOREA): False,
}


@pytest.mark.usefixtures("_gdal_exceptions")
@pytest.mark.parametrize(("layer", "file"), LAYERS)
def test_a_layer_that_is_not_where_its_file_says_is_doubted(layer: str, file: str, tmp_path: Path) -> None:
    transform = (200_000.0, 10.0, 0.0, 560_000.0, 0.0, -10.0)
    values = np.add.outer(np.arange(20.0), np.arange(20.0)).astype(np.float32)
    source, log = write_bands(tmp_path / "dem.tif", values, transform=transform, crs=file), Messages()
    given = RasterInput(source, "DEM", ELEVATION, crs_wkt(layer) if layer else "")
    OpenBand(given, log)
    assert any("puts it elsewhere" in text for text in log.cautions) == LAYERS[layer, file]


def test_degrees_that_a_layer_calls_metres_are_refused(tmp_path: Path) -> None:
    """Cells of 0.0001 m would make walls of all slopes, and steps of time too short ever to end."""
    transform = (127.0, 1e-4, 0.0, 37.0, 0.0, -1e-4)
    values = np.add.outer(np.arange(20.0), np.arange(20.0)).astype(np.float32)
    source = write_bands(tmp_path / "dem.tif", values, transform=transform, crs="EPSG:4326")
    with pytest.raises(InputError, match=r"look like degrees \(cells of 0.0001\).*does not reproject") as raised:
        read_dem(RasterInput(source, "DEM", ELEVATION, crs_wkt("EPSG:32652")))
    assert "UTM zone 52N" in str(raised.value)


@pytest.mark.usefixtures("_gdal_exceptions")
@pytest.mark.parametrize("code", [5186, 5179, 5174, 6677, 2193, 2326, 2180, 31467, 32652, 25832])
def test_a_system_of_esri_is_that_of_the_register(code: int) -> None:
    """Northing is the first axis of many systems in the EPSG register, and of none in a .prj file."""
    crs, other = osr.SpatialReference(), osr.SpatialReference()
    crs.ImportFromEPSG(code)
    esri = crs.ExportToWkt(["FORMAT=WKT1_ESRI"])
    other.ImportFromESRI([esri])
    assert same_crs(crs.ExportToWkt(), other.ExportToWkt())
    for another in ("EPSG:5187", "EPSG:5181", "EPSG:32651", "EPSG:2193" if code != 2193 else "EPSG:2326"):
        assert not same_crs(crs_wkt(another), other.ExportToWkt())
