"""One QGIS for all tests of this folder, with Processing and the provider; a small study area; a tiny network."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # cases.py, rasters.py and others
pytest.importorskip("qgis.core", reason="QGIS's Python bindings are not there")

import bad_files
from qgis.core import QgsApplication, QgsCoordinateTransform, QgsProject, QgsSettings
from rasters import write_raster
from recording import Feedback
from vectors import square, write_vectors

SIZE = 48
#: The application, until the process ends: windows that end after it end the process with a fault.
_KEPT = []
#: Tables of rain, good and bad; all columns of a CSV file are text to QGIS.
HYETOGRAPHS = {
    "storm": "hour,rainfall\n3,6\n5,0\n9,25\n20,0\n",
    "storm_other_columns": "Rainfall ,name,HOUR\n12,a,6\n0,b,12\n",
    "storm_unsorted": "hour,rainfall\n9,6\n5,2\n",
    "storm_negative": "hour,rainfall\n3,6\n5,-2\n",
    "storm_text": "hour,rainfall\n3,6\n5,much\n",
    "storm_gap": "hour,rainfall\n3,6\n,2\n",
    "storm_errors": "hour,rainfall\n3,much\n,2\n900,-2\n",
    "storm_empty": "hour,rainfall\n",
    "storm_columns": "when,rain\n3,6\n",
}


@pytest.fixture(scope="session", autouse=True)
def qgis_application(tmp_path_factory):
    """Start QGIS with a profile of its own; it is left to the process's end, which exitQgis() would crash."""
    from qgis.PyQt.QtCore import QCoreApplication, QSettings

    profile = tmp_path_factory.mktemp("profile")
    QCoreApplication.setOrganizationName("slopecast-tests")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(profile))
    application = QgsApplication.instance() or QgsApplication([], True, str(profile))
    application.initQgis()
    QgsSettings().setValue("/Projections/unknownCrsBehavior", "NoAction")
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    from slopecast.plugin.provider import SlopecastProvider

    registry = QgsApplication.processingRegistry()
    if registry.providerById("slopecast") is None:
        provider = SlopecastProvider()
        registry.addProvider(provider)
        application.slopecast_provider = provider
    _KEPT.append(application)
    yield application
    QgsCoordinateTransform.invalidateCache()  # transformations of other threads end the process with a fault


@pytest.fixture(autouse=True)
def empty_project():
    """Give every test an empty project."""
    yield
    QgsProject.instance().clear()


@pytest.fixture
def feedback():
    """Return a feedback that keeps the messages."""
    return Feedback()


@pytest.fixture(scope="session")
def study_area(qgis_application, tmp_path_factory):
    """Example data of 48 x 48 cells, in a folder with a space and an accent."""
    import processing

    folder = tmp_path_factory.mktemp("data") / "Täler und Höhen"
    return processing.run(
        "slopecast:exampledata", {"SEED": 1, "SIZE": SIZE, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(folder)}
    )


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory):
    """Weights of a tiny untrained network: they show that the pieces fit, not that they predict."""
    pytest.importorskip("torch")
    from tiny_networks import written

    return written(tmp_path_factory.mktemp("weights") / "tiny.safetensors")


@pytest.fixture(scope="session")
def files(study_area, weights_file, tmp_path_factory):
    """Inputs by name, good and bad, for the tables of cases: ``{name}`` in a parameter means the path."""
    import numpy as np
    from osgeo import gdal

    folder = tmp_path_factory.mktemp("files")
    slope = np.add.outer(np.arange(20.0), np.arange(20.0)) * 5.0 + 100.0
    made = {"dem": study_area["DEM"], "depth": study_area["SOIL_DEPTH"], "weights": str(weights_file)}
    for name, array, options in (
        ("no_crs", slope, {"epsg": None}),
        ("degrees_no_crs", slope, {"epsg": None, "cell": 0.001, "origin": (127.0, 37.0)}),
        ("degrees", slope, {"epsg": 4326, "cell": 0.001, "origin": (127.0, 37.0)}),
        ("elsewhere", slope * 0 + 2.0, {"origin": (500_000.0, 500_000.0)}),
        ("all_nodata", slope * np.nan, {}),
        ("two_by_two", slope[:2, :2], {}),
        ("negative", np.full((48, 48), -1.0), {}),
        ("undeclared", np.where(np.eye(20) > 0.0, -9999.0, slope), {"nodata": None}),
        ("zero_or_one", np.eye(20), {}),
        ("zeros_outside", np.where(np.arange(20) < 3, 0.0, slope), {"nodata": None}),
        ("mercator", slope, {"epsg": 3857, "origin": (1_200_000.0, 5_900_000.0)}),
        ("centimetres", np.full((48, 48), 200.0), {}),
        ("unnamed", np.add.outer(np.arange(48.0), np.arange(48.0)) / 48.0 + 0.5, {}),
        ("unit_slope", slope, {}),
        ("daily_rain", np.full((48, 48), 500.0), {}),
    ):
        made[name] = str(write_raster(folder / f"{name}.tif", array, **options))
    depth = gdal.Open(made["depth"])
    values = depth.ReadAsArray()
    missing = values == depth.GetRasterBand(1).GetNoDataValue()
    made["stability"] = str(
        write_raster(folder / "stability.tif", np.where(missing, np.nan, values.astype(float) + 0.5))
    )
    made["earlier_mask"] = str(folder / "earlier_mask.tif")
    gdal.Translate(
        made["earlier_mask"], made["depth"], metadataOptions=["SLOPECAST_ALGORITHM=slopecast:predictfailuremask"]
    )
    for name, text in HYETOGRAPHS.items():
        made[name] = str(folder / f"{name}.csv")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "not_a_raster.tif").write_text("no raster")
    (folder / "broken.safetensors").write_bytes(b"not weights at all")
    made.update(missing=str(folder / "missing.tif"), not_a_raster=str(folder / "not_a_raster.tif"))
    made.update(broken=str(folder / "broken.safetensors"), foreign=_foreign(folder / "foreign.safetensors"))
    made.update(_vectors(folder))
    made["file_as_folder"] = str(folder / "not_a_raster.tif")
    made.update(bad_files.make(folder, weights_file))
    return made


def _vectors(folder):
    """Zones, landslides and the like on the example data: x 200 000 to 200 480, y 559 520 to 560 000."""
    west, east = square(199_900, 559_000, 200_240, 560_100), square(200_240, 559_000, 200_400, 560_100)
    zones = [(west, {"c": 5.0, "phi": 30.0, "text": "7.5", "rock": "granite", "sd": 1.0}),
             (east, {"c": 12.5, "phi": 25.0, "text": "2", "rock": "gneiss", "sd": 2.0})]  # fmt: skip
    lines = [("LINESTRING (200000 559600, 200400 559900)", {})]
    scars = [(square(200_000 + 60 * n, 559_700, 200_040 + 60 * n, 559_760), {"year": 2011}) for n in range(6)]
    points = [(f"POINT ({200_030 + 40 * n} {559_600 + 30 * n})", {}) for n in range(10)]
    far = [("POINT (100000 400000)", {})]
    made = {
        "zones": zones, "lines": lines, "scars": scars, "points": points, "far_points": far,
        "stable": [(f"POINT ({200_025 + 40 * n} {559_905 - 30 * n})", {}) for n in range(10)],
        "area": [(square(200_000, 559_600, 200_480, 559_900), {})],
        "far_zones": [(square(0, 0, 100, 100), {"c": 5.0})],
        "null_zones": [(west, {"c": 5.0}), (east, {"c": None})],
        "high_zones": [(west, {"c": 5.0}), (east, {"c": 500.0})],
    }  # fmt: skip
    return {name: str(write_vectors(folder / f"{name}.gpkg", features)) for name, features in made.items()}


def _foreign(path):
    """Weights of somebody else's network."""
    import torch
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(3)}, str(path))
    return str(path)


@pytest.fixture(params=[False, True], ids=["return codes", "exceptions"])
def gdal_exceptions(request):
    """GDAL without and with its exceptions, which QGIS 3.40 and other plugins switch on."""
    from osgeo import gdal, ogr, osr

    modules = (gdal, ogr, osr)
    before = [module.GetUseExceptions() for module in modules]

    def switch(*wanted):
        for module in reversed(modules):  # they are a stack
            module.DontUseExceptions()
        for module, on in zip(modules, wanted):
            if on:
                module.UseExceptions()

    switch(*[request.param] * len(modules))
    yield request.param
    switch(*before)
