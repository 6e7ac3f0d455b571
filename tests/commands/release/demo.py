"""``make demo``: the main job on a real study area, compared with the physics engine and drawn as a map.

The study area is the Altavista stock near Medellin, Colombia: the 2 m DEM and the geotechnical zones
that the PyPI package ``shalstab`` carries as its training data (downloaded here, never imported). Where it cannot be
had, the example study area takes its place.
"""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from authoring.map_picture import Picture, draw
from checkout import ROOT
from osgeo import gdal
from qgis_process import QgisProcess

PACKAGE = "shalstab==1.0.3"
CELL_M = 5.0
NODATA = -9999.0
RAIN = {"RAINFALL": 8.5, "DURATION": 24}


@dataclass
class Case:
    """What the demo runs on: layers, and its words in the title."""

    title: str
    dem: Path
    soil_depth: Path | None
    layers: dict = field(default_factory=dict)  # algorithm keys
    strength: str = ""


def main() -> int:
    """Run the demo; returns the exit status."""
    gdal.UseExceptions()
    folder = ROOT / "demo"
    folder.mkdir(exist_ok=True)
    began = time.monotonic()
    qgis = QgisProcess()
    case = medellin(folder) or example(folder, qgis)
    report(folder, qgis, case)
    print(f"All of it took {time.monotonic() - began:.0f} s.")
    return 0


def medellin(folder: Path) -> Case | None:
    """DEM averaged to 5 m and rasters of cohesion, friction angle and conductivity; ``None`` where PyPI fails."""
    source = folder / "source"
    files = {name: source / name for name in ("dem.tif", "geology.geojson")}
    if not all(path.exists() for path in files.values()):
        print(f"Fetching the DEM and zones of the Altavista stock (data in the PyPI package {PACKAGE}) ...")
        source.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", source, PACKAGE],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        wheels = list(source.glob("shalstab-*.whl"))
        if done.returncode != 0 or not wheels:
            print(f"note: PyPI was not reached; the example data are used. {done.stderr.strip()[-200:]}")
            return None
        with zipfile.ZipFile(wheels[0]) as wheel:
            for name, path in files.items():
                path.write_bytes(wheel.read(f"shalstab/training_data/{name}"))
    dem = folder / "dem.tif"
    gdal.Warp(
        str(dem), str(files["dem.tif"]), xRes=CELL_M, yRes=CELL_M, targetAlignedPixels=True,
        resampleAlg="average", dstNodata=NODATA,
    )  # fmt: skip
    # Cautious strength, as is usual in design: the zones' mean cohesion less one standard deviation.
    layers = {
        "COHESION_LAYER": zone_raster(folder / "cohesion.tif", files["geology.geojson"], dem, "Cohesion - Des_Cohesi"),
        "FRICTION_ANGLE_LAYER": zone_raster(folder / "friction_angle.tif", files["geology.geojson"], dem, "Phi"),
        "CONDUCTIVITY_LAYER": zone_raster(folder / "conductivity.tif", files["geology.geojson"], dem, "Ks_m_s"),
    }
    strength = "c (mean - 1 s.d.), phi and K by geotechnical zone"
    return Case("Altavista stock, Medellin", dem, None, layers, strength)


def zone_raster(path: Path, zones: Path, dem: Path, expression: str) -> Path:
    """Burn an attribute (or a difference of two) of the zones onto the DEM's grid."""
    grid = gdal.Open(str(dem))
    x0, dx, _, y0, _, dy = grid.GetGeoTransform()
    bounds = (x0, y0 + dy * grid.RasterYSize, x0 + dx * grid.RasterXSize, y0)
    source = gdal.OpenEx(str(zones))  # a layer lives only as long as its data set
    layer = source.GetLayer().GetName()
    gdal.Rasterize(
        str(path), str(zones), attribute="value", outputBounds=bounds, width=grid.RasterXSize, height=grid.RasterYSize,
        SQLStatement=f'SELECT geometry, {expression} AS value FROM "{layer}"', SQLDialect="SQLITE",
        outputType=gdal.GDT_Float32, noData=NODATA, initValues=[NODATA],
    )  # fmt: skip
    return path


def example(folder: Path, qgis: QgisProcess) -> Case:
    """The procedural example study area."""
    made = qgis.run("slopecast:exampledata", OUTPUT_FOLDER=folder / "example")
    return Case("Example data (synthetic)", Path(made["DEM"]), Path(made["SOIL_DEPTH"]), {}, "c 8 kPa, phi 28 deg")


def report(folder: Path, qgis: QgisProcess, case: Case) -> None:
    """Predict, simulate, compare, draw; print what came out."""
    depth = case.soil_depth
    if depth is None:
        depth = folder / "soil_depth.tif"
        qgis.run("slopecast:estimatesoildepth", DEM=case.dem, SOIL_DEPTH=depth)
    inputs = {"DEM": case.dem, "SOIL_DEPTH": depth, **case.layers, **RAIN}
    mask, engine_mask = folder / "failure_mask.tif", folder / "failure_mask_physics.tif"
    began = time.monotonic()
    network = qgis.run(
        "slopecast:predictfailuremask", **inputs, FAILURE_MASK=mask,
        FACTOR_OF_SAFETY=folder / "factor_of_safety.tif", MODEL_CONFIDENCE=folder / "model_confidence.tif",
    )  # fmt: skip
    network_s = time.monotonic() - began
    began = time.monotonic()
    physics = qgis.run(
        "slopecast:simulatefactorofsafety", **inputs, FAILURE_MASK=engine_mask,
        FACTOR_OF_SAFETY=folder / "factor_of_safety_physics.tif",
    )  # fmt: skip
    physics_s = time.monotonic() - began
    compared = qgis.run(
        "slopecast:comparemasks", PREDICTED=mask, REFERENCE=engine_mask, AGREEMENT=folder / "agreement.tif"
    )
    subtitle = f"rain {RAIN['RAINFALL']} mm/h for {RAIN['DURATION']} h; {case.strength}"
    picture = folder / "map.png"
    draw(Picture(case.title, subtitle, case.dem, mask, picture))

    share = 100 * float(network["FAILED_SHARE"])
    print(f"\n{case.title}: {subtitle}")
    print(
        f"Network: {network['FAILED_CELLS']} of {network['VALID_CELLS']} cells fail ({share:.1f} %); "
        f"{network_s:.1f} s with QGIS's start"
    )
    print(f"         reliability: {network['RELIABILITY']}")
    print(
        f"Physics: {physics['FAILED_CELLS']} of {physics['VALID_CELLS']} cells fail; "
        f"{physics_s:.1f} s with QGIS's start"
    )
    print(f"Agreement of the two masks: IoU {float(compared['IOU']):.3f}, Dice {float(compared['DICE']):.3f}")
    print("Files:")
    for path in (mask, folder / "factor_of_safety.tif", engine_mask, folder / "agreement.tif", picture):
        print(f"  {path.relative_to(ROOT)}")
