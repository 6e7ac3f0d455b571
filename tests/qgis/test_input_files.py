"""Inputs are never outputs: for every algorithm and destination, however a path is spelled, and through links."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from cases import ENGINE, NETWORK, filled
from qgis.core import QgsApplication, QgsProcessingException

#: Algorithm, parameters, the input that is copied, the output that names the copy.
CASES = {
    "elevation as soil depth": ("estimatesoildepth", {}, "DEM", "SOIL_DEPTH", "dem"),
    "elevation as factor of safety": ("simulatefactorofsafety", ENGINE, "DEM", "FACTOR_OF_SAFETY", "dem"),
    "depth as mask": ("predictfailuremask", NETWORK, "SOIL_DEPTH", "FAILURE_MASK", "depth"),
    "mask as agreement": ("comparemasks", {"PREDICTED": "{zero_or_one}"}, "REFERENCE", "AGREEMENT", "zero_or_one"),
    "zones as exposure": ("countfailedcells", {"FAILURE_MASK": "{depth}"}, "FEATURES", "EXPOSURE", "zones"),
    "landslides as sets": (
        "calibratetoinventory", {"DEM": "{dem}", "SOIL_DEPTH": "{depth}"}, "LANDSLIDES", "SCENARIOS", "scars",
    ),
    "storm as summary": ("predictfromtable", {"DEM": "{dem}", "OUTPUT_FOLDER": "{new}"}, "TABLE", "SUMMARY", "storm"),
}  # fmt: skip
WAYS = ("same", "dots", "link", "linked folder", "hard link")


def named(path: Path, way: str) -> Path:
    """The file by another name."""
    other = path.with_name(f"other{path.suffix}")
    if way == "dots":
        (path.parent / "sub").mkdir()
        return path.parent / "sub" / ".." / path.name
    if way == "link":
        other.symlink_to(path)
        return other
    if way == "linked folder":
        (path.parent.parent / "way").symlink_to(path.parent)
        return path.parent.parent / "way" / path.name
    if way == "hard link":
        os.link(path, other)
        return other
    return path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_an_input_is_not_replaced(case, way, files, tmp_path):
    import processing

    algorithm, parameters, key, output, name = CASES[case]
    (tmp_path / "data").mkdir()
    copy = tmp_path / "data" / f"copy{Path(files[name]).suffix}"
    shutil.copy(files[name], copy)
    before = copy.read_bytes()
    given = filled(parameters, {**files, "new": str(tmp_path / "new")}, tmp_path)
    given = {**given, key: str(copy), output: str(named(copy, way))}
    with pytest.raises(QgsProcessingException, match=rf"{output}.*is an input"):
        processing.run(f"slopecast:{algorithm}", given)
    assert copy.read_bytes() == before
    assert not list(tmp_path.rglob(".slopecast*"))


def test_a_virtual_raster_s_sources_are_inputs(files, tmp_path):
    """GDAL reads them for it."""
    import processing
    from osgeo import gdal

    source, virtual = tmp_path / "source.tif", tmp_path / "dem.vrt"
    shutil.copy(files["dem"], source)
    gdal.BuildVRT(str(virtual), [str(source)])
    with pytest.raises(QgsProcessingException, match=r"SOIL_DEPTH.*is an input"):
        processing.run("slopecast:estimatesoildepth", {"DEM": str(virtual), "SOIL_DEPTH": str(source)})


def test_other_tables_of_a_database_are_not_lost(files, tmp_path):
    """A file is replaced as a whole: a GeoPackage with other layers is refused, as a table in it is not."""
    import processing
    from osgeo import gdal

    base = tmp_path / "base.gpkg"
    shutil.copy(files["zones"], base)  # its layer is called zones
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": files["lines"]}
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*contains other data \(zones\)"):
        processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": str(base)})
    inside = f"ogr:dbname='{base}' table=\"counts\" (geom)"
    processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": inside})
    dataset = gdal.OpenEx(str(base), gdal.OF_VECTOR)
    assert {dataset.GetLayer(n).GetName() for n in range(dataset.GetLayerCount())} == {"zones", "counts"}
    del dataset
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input"):
        processing.run("slopecast:countfailedcells", {
            **given, "FEATURES": f"{base}|layername=zones", "EXPOSURE": f"ogr:dbname='{base}' table=\"zones\" (geom)",
        })  # fmt: skip


@pytest.mark.parametrize("ending", ["", ".foo"])
def test_a_name_to_which_qgis_adds_an_extension_is_not_that_of_an_input(files, tmp_path, ending):
    import processing

    zones = tmp_path / f"zones{ending}.gpkg"
    shutil.copy(files["zones"], zones)
    before = zones.read_bytes()
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": str(zones), "EXPOSURE": str(tmp_path / f"zones{ending}")}
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input"):
        processing.run("slopecast:countfailedcells", given)
    assert zones.read_bytes() == before


def test_two_outputs_are_two_files(files, tmp_path):
    import processing

    same = str(tmp_path / "same.csv")
    with pytest.raises(QgsProcessingException, match="is also the file of another output"):
        processing.run("slopecast:evaluatemodel", {"DATASET": str(tmp_path), "METRICS": same, "CASE_SCORES": same})


def test_every_algorithm_checks_its_files():
    """The check is in the base class."""
    from slopecast.plugin.algorithms.base import SlopecastAlgorithm

    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        if isinstance(algorithm, SlopecastAlgorithm):
            assert type(algorithm).checkParameterValues is SlopecastAlgorithm.checkParameterValues
            assert type(algorithm).prepareAlgorithm is SlopecastAlgorithm.prepareAlgorithm
