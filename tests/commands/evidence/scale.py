"""Peak memory and speed of algorithms on large rasters, which are mirrored copies of an elevation model.

    python tests/commands scale [algorithm ...] [--side N ...] [--dem FILE] [--record]

Every algorithm runs by ``qgis_process`` in a process of its own, from file to file, with its default scenario. The
figures are the peak of the whole process, and the cells over its wall time, QGIS's start included. With ``--record``
they are kept for the table in ``docs/scale.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

import checkout
import numpy as np
from osgeo import gdal, ogr, osr
from qgis_process import QgisProcess, program

from .benches.machine import load

#: Runs by name: algorithm, further parameters than the elevation, and outputs. ``{name}`` is a file of :func:`inputs`.
ALGORITHMS = {
    "engine": ("simulatefactorofsafety", {}, {"FACTOR_OF_SAFETY": "fs.tif", "FAILURE_MASK": "mask.tif"}),
    "fast": ("simulatefactorofsafety", {"SCHEME": 1}, {"FACTOR_OF_SAFETY": "fs.tif"}),
    "classes": (
        "simulatefactorofsafety", {},
        {"FACTOR_OF_SAFETY": "fs.tif", "FAILURE_CLASS": "failure.tif", "STABILITY_CLASS": "stability.tif"},
    ),
    "steady": (
        "simulatefactorofsafety", {"ANTECEDENT_RECHARGE": 2},
        {"FACTOR_OF_SAFETY": "fs.tif", "EDGE_INFLUENCE": "edge.tif"},
    ),
    "network": ("predictfailuremask", {}, {"FAILURE_MASK": "mask.tif"}),
    "strong": (
        "predictfailuremask", {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 50, "DURATION": 72},
        {"FAILURE_MASK": "mask.tif"},
    ),
    "table": (
        "predictfromtable", {"SOLVER": 1, "TABLE": "{table}", "LOAD_MASKS": False},
        {"OUTPUT_FOLDER": "masks", "SUMMARY": "summary.csv", "FAILURE_FREQUENCY": "frequency.tif"},
    ),
    "probability": (
        "failureprobability", {"METHOD": 1, "DRAWS": 10, "COHESION_SD": 2}, {"FAILURE_PROBABILITY": "p.tif"},
    ),
    "probability, water": (
        "failureprobability", {"METHOD": 1, "DRAWS": 2, "CONDUCTIVITY_SD": 1e-6}, {"FAILURE_PROBABILITY": "p.tif"},
    ),
    "first order": (
        "failureprobability", {"METHOD": 2, "COHESION_SD": 2}, {"FAILURE_PROBABILITY": "p.tif"},
    ),
    "depth": ("estimatesoildepth", {}, {"SOIL_DEPTH": "depth.tif"}),
    "zones": (
        "parametersfromzones", {"ZONES": "{zones}", "COHESION_FIELD": "c", "FRICTION_ANGLE_FIELD": "phi"},
        {"COHESION": "c.tif", "FRICTION_ANGLE": "phi.tif"},
    ),
    "compare": ("comparemasks", {"PREDICTED": "{mask}", "REFERENCE": "{other}"}, {"AGREEMENT": "agreement.tif"}),
    "polygons": ("maskstopolygons", {"MAP": "{mask}", "LARGEST_HOLE": 500}, {"POLYGONS": "areas.gpkg"}),
    "count": ("countfailedcells", {"FAILURE_MASK": "{mask}", "FEATURES": "{zones}"}, {"EXPOSURE": "count.gpkg"}),
    "inventory": (
        "validateinventory", {"MAP": "{fs}", "LANDSLIDES": "{slides}", "DEM": "{dem}"}, {"REPORT": "report.html"},
    ),
    "calibration": (
        "calibratetoinventory", {"LANDSLIDES": "{slides}", "SETS": 20}, {"SUSCEPTIBILITY": "susceptibility.tif"},
    ),
}  # fmt: skip
#: Of the table that is printed; :func:`row` makes its rows.
COLUMNS = ("cells", "run", "seconds", "million cells a second", "peak memory")
HEAD = (f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}")


def row(side: int, name: str, seconds: float, peak_gb: float) -> str:
    """A run's row of the table, as it is printed.

    Args:
        side: rows and columns of the raster.
        name: of the run.
        seconds: wall time of its process [s].
        peak_gb: peak memory of its process [GB].
    """
    return f"| {side**2 / 1e6:g}e6 | {name} | {seconds:.1f} | {side**2 / seconds / 1e6:.2f} | {peak_gb:.2f} GB |"


#: Runs that ``--record`` keeps, from which docs/scale.md is made.
RECORD = checkout.ROOT / "docs" / "scale_runs.json"


def record(name: str, side: int, seconds: float, peak_gb: float, load_before: float, file: Path = RECORD) -> None:
    """Keep a run in the place of the same one before.

    Args:
        name, side, seconds, peak_gb: see :func:`row`; load_before: load average before the runs; file: of the runs.
    """
    runs = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    run = {
        "run": name, "cells": side**2, "seconds": round(seconds, 1), "peak_gb": round(peak_gb, 2),
        "load": round(load_before, 1), "date": datetime.now(timezone.utc).date().isoformat(),
    }  # fmt: skip
    runs = [run, *(one for one in runs if (one["run"], one["cells"]) != (name, side**2))]
    runs.sort(key=lambda one: (list(ALGORITHMS).index(one["run"]), one["cells"]))
    file.write_text("[\n" + ",\n".join(map(json.dumps, runs)) + "\n]\n", encoding="utf-8")


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


def inputs(dem: Path) -> dict[str, str]:
    """Make further inputs of the algorithms: masks, factor of safety, zones, landslides and a table."""
    source = gdal.Open(str(dem))
    side, place = source.RasterXSize, source.GetGeoTransform()
    files = {name: str(dem.with_name(f"{name}.tif")) for name in ("mask", "other", "fs")}
    made = {}
    for name, path in files.items():
        kind = gdal.GDT_Float32 if name == "fs" else gdal.GDT_Byte
        made[name] = gdal.GetDriverByName("GTiff").Create(path, side, side, 1, kind, ["TILED=YES", "COMPRESS=DEFLATE"])
        made[name].SetGeoTransform(place)
        made[name].SetProjection(source.GetProjection())
    made["fs"].GetRasterBand(1).SetDescription("Factor of safety")
    for first in range(0, side, 256):
        z = source.GetRasterBand(1).ReadAsArray(0, first, side, min(256, side - first))
        wave = 1.5 + np.sin(z / 7.0)
        for name, values in (("mask", wave < 0.7), ("other", wave < 0.75), ("fs", wave)):
            made[name].GetRasterBand(1).WriteArray(values.astype(np.float32), 0, first)
    made.clear()
    _write_vectors(dem, files, place, side, source.GetProjection())
    files["dem"] = str(dem)
    files["table"] = str(dem.with_name("table.csv"))
    rows = [f"{c},{k}" for k in (1e-6, 3e-6) for c in (4, 8, 12)]
    Path(files["table"]).write_text("\n".join(["cohesion,conductivity", *rows]))
    return files


def _write_vectors(dem: Path, files: dict[str, str], place: tuple, side: int, wkt: str) -> None:
    system = osr.SpatialReference(wkt)
    edge, random = side * place[1], np.random.default_rng(1)
    for name, kind in (("zones", ogr.wkbPolygon), ("slides", ogr.wkbPoint)):
        files[name] = str(dem.with_name(f"{name}.gpkg"))
        data = ogr.GetDriverByName("GPKG").CreateDataSource(files[name])
        layer = data.CreateLayer(name, system, kind)
        for field in ("c", "phi"):
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTReal))
        for number in range(400):
            x, y = (edge / 20.0 * k for k in divmod(number, 20))
            if kind == ogr.wkbPoint:
                x, y = random.uniform(0.02, 0.98, 2) * edge
            corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)) if kind == ogr.wkbPolygon else ((0, 0),)
            text = ", ".join(f"{place[0] + x + a * edge / 20} {place[3] - y - b * edge / 20}" for a, b in corners)
            feature = ogr.Feature(layer.GetLayerDefn())
            shape = f"POLYGON (({text}))" if kind == ogr.wkbPolygon else f"POINT ({text})"
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
            feature.SetField("c", 5.0 + number % 7)
            feature.SetField("phi", 25.0 + number % 9)
            layer.CreateFeature(feature)


def measured(process: QgisProcess, arguments: list[str]) -> tuple[float, str]:
    """Run an algorithm; returns its process's peak memory [GB] and what it wrote."""
    with tempfile.TemporaryFile("w+") as output:
        run = subprocess.Popen(
            [program(), "run", *arguments], env=process.environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, _, usage = os.wait4(run.pid, 0)
        output.seek(0)
        return usage.ru_maxrss * 1024 / 1e9, output.read()


def main() -> int:
    """Measure; 1 where a run did not write its outputs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("algorithms", nargs="*", metavar="algorithm", help=", ".join(ALGORITHMS))
    parser.add_argument(
        "--side", type=int, nargs="+", default=[1000, 2000, 4000], help="rows and columns of the rasters"
    )
    parser.add_argument("--dem", help="elevation model to mirror; default: the example")
    parser.add_argument("--folder", help="for the rasters; by default the one for temporary files")
    parser.add_argument("--record", action="store_true", help=f"keep the figures in {RECORD.name}")
    options = parser.parse_args()
    process, busy = QgisProcess(), load()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        place = Path(folder)
        source = options.dem or process.run("slopecast:exampledata", OUTPUT_FOLDER=str(place / "example"))["DEM"]
        dem = place / "large.tif"
        print("\n".join(HEAD))
        complete = True
        for side in options.side:
            mirrored(source, side, dem)
            made = inputs(dem)
            for name in options.algorithms or ALGORITHMS:
                found = _measure(process, name, side, dem, made)
                complete &= found is not None
                if options.record and found:
                    record(name, side, *found, busy)
    return 0 if complete else 1


def _measure(
    process: QgisProcess, name: str, side: int, dem: Path, made: dict[str, str]
) -> tuple[float, float] | None:  # fmt: skip
    """Measure a run and print its row; returns seconds and peak memory [GB], ``None`` if an output is missing."""
    algorithm, parameters, outputs = ALGORITHMS[name]
    with tempfile.TemporaryDirectory(dir=dem.parent) as results:
        given = {key: str(value).format(**made) for key, value in parameters.items()}
        given |= {key: str(Path(results) / file) for key, file in outputs.items()}
        if not {"{mask}", "{fs}"} & set(parameters.values()):
            given["DEM"] = str(dem)
        began = time.perf_counter()
        arguments = [f"slopecast:{algorithm}", "--", *(f"{key}={value}" for key, value in given.items())]
        peak, output = measured(process, arguments)
        took = time.perf_counter() - began
        missing = [file for file in outputs.values() if not (Path(results) / file).exists()]
        if missing:
            print(f"{output[-2000:]}\n{name}: {missing} not written", file=sys.stderr, flush=True)
            return None
        print(row(side, name, took, peak), flush=True)
        return took, peak


if __name__ == "__main__":
    sys.exit(main())
