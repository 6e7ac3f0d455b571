"""Rasters that are read, computed and written in strips of rows, in scratch files: the same results as in one piece."""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from cases import OUT
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException
from rasters import CELL, write_raster
from slopecast.plugin.core.map_parts import strips
from slopecast.plugin.core.polygons import mask_polygons, regions
from slopecast.plugin.core.raster import opening, scratch
from test_windows import AREA, Lines, area, run  # noqa: F401
from vectors import square, write_vectors

CASES = {
    "compare": ("comparemasks", {"PREDICTED": "{mask}", "REFERENCE": "{other}", "AGREEMENT": OUT}),
    "polygons": (
        "maskstopolygons", {"MAP": "{mask}", "VALUES": "{dem}", "LARGEST_HOLE": 900, "SMALLEST_AREA": 200,
                            "POLYGONS": "{out}/areas.gpkg"},
    ),
    "polygons of classes": ("maskstopolygons", {"MAP": "{classes}", "KIND": 4, "POLYGONS": "{out}/areas.gpkg"}),
    "count": ("countfailedcells", {"FAILURE_MASK": "{fs}", "FEATURES": "{zones}", "EXPOSURE": "{out}/count.gpkg"}),
    "inventory": (
        "validateinventory", {"MAP": "{fs}", "LANDSLIDES": "{slides}", "DEM": "{dem}", "STABLE_DISTANCE": 30,
                              "REPORT": "{out}/report.html", "DEPTH_MODELS": "{out}/depths.gpkg"},
    ),
    "zones": (
        "parametersfromzones", {"ZONES": "{zones}", "DEM": "{dem}", "COHESION_FIELD": "c", "COHESION": OUT,
                                "FRICTION_ANGLE_FIELD": "phi", "FRICTION_ANGLE": OUT},
    ),
    **{
        f"depth, {method}": ("estimatesoildepth", {"DEM": "{dem}", "METHOD": method, "SOIL_DEPTH": OUT})
        for method in range(5)
    },
    "engine, aligned rasters": (
        "simulatefactorofsafety", {**AREA, "COHESION_LAYER": "{coarse}", "FACTOR_OF_SAFETY": OUT, "FAILURE_CLASS": OUT,
                                   "REPORT": OUT},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(area, tmp_path_factory):  # noqa: F811
    """Maps with gaps, zones and landslides on the study area."""
    folder = tmp_path_factory.mktemp("maps")
    dem = gdal.Open(area["dem"])
    (x, _, _, y, _, _), shape = dem.GetGeoTransform(), (dem.RasterYSize, dem.RasterXSize)
    rng = np.random.default_rng(4)
    rough = sum(np.kron(rng.normal(size=(-(-shape[0] // k),) * 2), np.ones((k, k)))[: shape[0], : shape[1]] * k
                for k in (1, 3, 9))  # fmt: skip
    fs = np.clip(1.3 + 0.1 * rough, 0.0, 10.0)
    fs[40:47, 30:160] = np.nan
    maps = {"fs": fs, "mask": np.where(np.isnan(fs), np.nan, fs < 1.0), "other": np.where(fs < 1.1, 1.0, 0.0),
            "classes": np.where(np.isnan(fs), np.nan, np.clip(np.floor(fs), 0, 3))}  # fmt: skip
    made = dict(area)
    for name, values in maps.items():
        made[name] = str(write_raster(folder / f"{name}.tif", values.astype(np.float32), origin=(x, y)))
        dataset = gdal.Open(made[name], gdal.GA_Update)
        dataset.SetProjection(dem.GetProjection())
        dataset.GetRasterBand(1).SetDescription("Factor of safety" if name == "fs" else "")
        dataset = None
    side, zones = shape[0] * CELL / 5.0, []
    for k in range(23):
        east, south = x + (k % 5) * side, y - (k // 5 + 1) * side
        zones.append((square(east, south, east + 1.1 * side, south + side), {"c": 2.0 + k, "phi": 20.0 + k}))
    made["zones"] = str(write_vectors(folder / "zones.gpkg", zones))
    at = np.argwhere(np.nan_to_num(fs, nan=9.0) < 0.9)[::40]
    slides = [(f"POINT ({x + (c + 0.5) * CELL} {y - (r + 0.5) * CELL})", {"n": 1}) for r, c in at.tolist()]
    made["slides"] = str(write_vectors(folder / "slides.gpkg", slides))
    return made


def in_strips(monkeypatch):
    """Let all rasters be in scratch files and everything be done in strips of a few rows."""
    monkeypatch.setattr(scratch, "_LEAST_BYTES", 1)
    monkeypatch.setattr(scratch, "_STRIPS_HELD", 1)
    for module in (strips, opening, regions, mask_polygons):
        monkeypatch.setattr(module, "_STRIP_CELLS", 700)


def given(case, folder, files):
    algorithm, parameters = CASES[case]
    return algorithm, parameters, {**files, "out": str(folder)}


def rows_of(path: Path) -> list[tuple]:
    dataset = ogr.Open(str(path))  # kept: a layer does not hold it
    layer = dataset.GetLayer(0)
    return [(f.GetGeometryRef().ExportToWkt() if f.GetGeometryRef() else "", *f.items().values()) for f in layer]


@pytest.mark.parametrize("case", CASES)
def test_strips_give_what_one_piece_gives(case, files, tmp_path, monkeypatch):
    whole = run(*given(case, tmp_path / "whole", files), tmp_path / "whole")
    in_strips(monkeypatch)
    found = run(*given(case, tmp_path / "strips", files), tmp_path / "strips")
    assert {p.name for p in (tmp_path / "whole").iterdir()} == {p.name for p in (tmp_path / "strips").iterdir()}
    for path in (tmp_path / "whole").iterdir():
        other = tmp_path / "strips" / path.name
        if path.suffix == ".tif":
            values = gdal.Open(str(path)).ReadAsArray()
            assert np.array_equal(values, gdal.Open(str(other)).ReadAsArray()), path.name
            assert len(np.unique(values)) > 1 or case == "depth, 4"
        elif path.suffix == ".gpkg":
            assert rows_of(path) == rows_of(other)
    for key, value in whole.items():
        if isinstance(value, (int, float)) and key != "SECONDS":
            assert found[key] == value, key


@pytest.mark.parametrize("case", ["compare", "polygons", "zones", "depth, 0", "inventory"])
def test_a_cancel_leaves_nothing(case, files, tmp_path, monkeypatch):
    in_strips(monkeypatch)

    class Stopped(Lines):
        asked = 0

        def isCanceled(self):
            self.asked += 1
            return self.asked > 60

    with pytest.raises(QgsProcessingException):
        run(*given(case, tmp_path / "out", files), tmp_path / "out", Stopped())
    assert not list((tmp_path / "out").iterdir())


def test_scratch_files_have_no_name_and_their_memory_is_released(tmp_path, monkeypatch):
    with scratch.scratch_in(tmp_path / "not" / "yet", Lines()):
        made = scratch.full((3000, 1000), 7.0)
        assert len(scratch._MAPPED) > 0
        assert not list(tmp_path.iterdir()) or os.name == "nt"
    scratch.release()
    assert made.sum() == pytest.approx(2.1e7)
    made[5] = 1.0
    scratch.release()
    assert made[5].sum() == 1000.0
    count = len(scratch._MAPPED)
    del made
    gc.collect()
    assert len(scratch._MAPPED) == count - 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not report the memory of files")
def test_copies_of_large_arrays_take_no_memory(tmp_path):
    def resident_mib():
        line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("RssFile"))
        return int(line.split()[1]) / 1024.0

    with scratch.scratch_in(tmp_path, Lines()):
        values = scratch.full((4000, 2000), 3.0, np.float64)
        before = resident_mib()
        made = scratch.copied(values, np.float32)
    assert made.nbytes == 32_000_000
    assert resident_mib() < before + 10.0
    assert made.dtype == np.float32
    assert made.sum(dtype=np.float64) == 2.4e7
    small = scratch.copied(values[:2, :2], np.float32)
    assert small.tolist() == [[3.0, 3.0], [3.0, 3.0]]


@pytest.mark.parametrize("value", [0.0, -0.5, np.nan])
def test_arrays_of_one_value_hold_it_in_a_file_and_in_memory(value, tmp_path):
    with scratch.scratch_in(tmp_path, Lines()):
        for shape in ((4000, 1000), (4, 5)):
            np.testing.assert_array_equal(scratch.full(shape, value), np.full(shape, value, np.float32))


def test_without_room_on_the_disk_arrays_are_in_memory(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch, "_reserve", full)
    count = len(scratch._MAPPED)
    assert scratch.full((3000, 1000), 2.0).sum() == 6e6
    assert len(scratch._MAPPED) == count


def test_arrays_of_one_thread_may_come_while_another_lets_go(monkeypatch):
    """QGIS runs several algorithms at once."""
    monkeypatch.setattr(scratch, "_LEAST_BYTES", 1)
    ends, errors = time.monotonic() + 0.5, []

    def work(what):
        kept = []
        try:
            while time.monotonic() < ends:
                kept = [*kept[-50:], what()]
        except RuntimeError as error:
            errors.append(error)

    makers = [threading.Thread(target=work, args=(lambda: scratch.empty((64, 64)),)) for _ in range(2)]
    for thread in [*makers, threading.Thread(target=work, args=(scratch.release,))]:
        thread.start()
    for thread in makers:
        thread.join()
    assert errors == []
