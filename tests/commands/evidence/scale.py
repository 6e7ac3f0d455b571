"""Peak memory and cells a second of algorithms on large rasters, made by mirroring an elevation model.

    python tests/commands scale [--side N] [--dem FILE] [algorithm ...]

Every algorithm runs by ``qgis_process`` in a process of its own, from file to file, with its default scenario. The
figures are the peak of the whole process, and the cells over its wall time, QGIS's start included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

import checkout  # noqa: F401 - registers the package
import numpy as np
from osgeo import gdal
from qgis_process import QgisProcess, program

#: Algorithms, their names here, and their parameters beside the elevation.
ALGORITHMS = {
    "engine": ("simulatefactorofsafety", {}, {"FACTOR_OF_SAFETY": "fs.tif", "FAILURE_MASK": "mask.tif"}),
    "fast": ("simulatefactorofsafety", {"SCHEME": 1}, {"FACTOR_OF_SAFETY": "fs.tif"}),
    "network": ("predictfailuremask", {}, {"FAILURE_MASK": "mask.tif"}),
    "strong": (
        "predictfailuremask", {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 50, "DURATION": 72},
        {"FAILURE_MASK": "mask.tif"},
    ),
    "depth": ("estimatesoildepth", {}, {"SOIL_DEPTH": "depth.tif"}),
}  # fmt: skip


def mirrored(source: str, side: int, path: Path) -> None:
    """Write ``side`` x ``side`` cells: the elevation model and its mirrored images side by side, row by row."""
    dataset = gdal.Open(source)
    z = dataset.GetRasterBand(1).ReadAsArray().astype(np.float32)
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    rows, cols = (np.concatenate([np.arange(n), np.arange(n)[::-1]]) for n in z.shape)
    made = gdal.GetDriverByName("GTiff").Create(
        str(path), side, side, 1, gdal.GDT_Float32, ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3"]
    )
    made.SetGeoTransform(dataset.GetGeoTransform())
    made.SetProjection(dataset.GetProjection())
    if nodata is not None:
        made.GetRasterBand(1).SetNoDataValue(nodata)
    across = cols[np.arange(side) % cols.size]
    for first in range(0, side, 256):
        down = rows[np.arange(first, min(first + 256, side)) % rows.size]
        made.GetRasterBand(1).WriteArray(z[down][:, across], 0, first)


def measured(process: QgisProcess, arguments: list[str]) -> tuple[float, str]:
    """Run an algorithm; returns its process's peak memory [GB] and what it wrote."""
    with tempfile.TemporaryFile("w+") as output:
        run = subprocess.Popen(
            [program(), "run", *arguments], env=process.environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, _, usage = os.wait4(run.pid, 0)
        output.seek(0)
        return usage.ru_maxrss * 1024 / 1e9, output.read()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("algorithms", nargs="*", metavar="algorithm", help=", ".join(ALGORITHMS))
    parser.add_argument("--side", type=int, default=2000)
    parser.add_argument("--dem")
    options = parser.parse_args()
    process = QgisProcess()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = options.dem or process.run("slopecast:exampledata", OUTPUT_FOLDER=str(place / "example"))["DEM"]
        dem = place / "large.tif"
        mirrored(source, options.side, dem)
        for name in options.algorithms or ALGORITHMS:
            algorithm, parameters, outputs = ALGORITHMS[name]
            files = {key: str(place / f"{name}_{file}") for key, file in outputs.items()}
            began = time.perf_counter()
            given = [f"{key}={value}" for key, value in {"DEM": dem, **parameters, **files}.items()]
            peak, output = measured(process, [f"slopecast:{algorithm}", "--", *given])
            took = time.perf_counter() - began
            rate = options.side**2 / took / 1e6
            print(f"{name}: {options.side**2:,} cells, {took:.1f} s, {rate:.2f} million cells/s, peak {peak:.2f} GB")
            print(
                "   ",
                next((line for line in output.splitlines() if "are expected" in line), output[-2000:]),
                flush=True,
            )
