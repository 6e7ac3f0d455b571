"""Inputs are never outputs: for every algorithm and destination, however a path is spelled, and through links."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from cases import ENGINE, NETWORK, filled
from qgis.core import (
    QgsApplication,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from vectors import content

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
    before = content(copy)
    given = filled(parameters, {**files, "new": str(tmp_path / "new")}, tmp_path)
    given = {**given, key: str(copy), output: str(named(copy, way))}
    with pytest.raises(QgsProcessingException, match=rf"{output}.*is an input"):
        processing.run(f"slopecast:{algorithm}", given)
    assert content(copy) == before
    assert not list(tmp_path.rglob(".slopecast*"))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_virtual_raster_s_sources_are_inputs(depth, files, tmp_path):
    """GDAL reads them for it, also those of virtual rasters within virtual ones."""
    import processing
    from osgeo import gdal

    source = tmp_path / "source.tif"
    shutil.copy(files["dem"], source)
    read = source
    for number in range(depth):
        virtual = tmp_path / f"{number}.vrt"
        gdal.BuildVRT(str(virtual), [str(read)]).FlushCache()
        read = virtual
    with pytest.raises(QgsProcessingException, match=r"SOIL_DEPTH.*is an input"):
        processing.run("slopecast:estimatesoildepth", {"DEM": str(read), "SOIL_DEPTH": str(source)})


@pytest.mark.parametrize("how", ["queried", "queried by a queried one", "joined", "in a virtual file"])
def test_the_layers_within_a_layer_are_inputs(how, files, tmp_path):
    """A virtual layer, a join and a virtual file read other files than their own."""
    import processing

    inner = tmp_path / "inner.gpkg"
    shutil.copy(files["zones"], inner)
    before = content(inner)
    layers = [QgsVectorLayer(f"{inner}|layername=zones", "inner", "ogr")]
    QgsProject.instance().addMapLayers(layers)
    if how == "joined":
        outer = QgsVectorLayer(files["area"], "outer", "ogr")
        join = QgsVectorLayerJoinInfo()
        join.setJoinLayer(layers[0])
        join.setJoinFieldName("c")
        join.setTargetFieldName("fid")
        outer.addJoin(join)
    elif how == "in a virtual file":
        text = (
            f'<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource>{inner}</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        )
        (tmp_path / "outer.vrt").write_text(text)
        outer = QgsVectorLayer(str(tmp_path / "outer.vrt"), "outer", "ogr")
    else:
        outer = QgsVectorLayer("?query=select * from inner", "outer", "virtual")
        if how == "queried by a queried one":
            QgsProject.instance().addMapLayer(outer)
            outer = QgsVectorLayer("?query=select * from outer", "outmost", "virtual")
    assert outer.isValid()
    QgsProject.instance().addMapLayer(outer)
    given = {"FAILURE_MASK": files["depth"], "FEATURES": outer, "KIND": "classes", "EXPOSURE": str(inner)}
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input"):
        processing.run("slopecast:countfailedcells", given)
    assert content(inner) == before


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


def test_two_runs_do_not_write_into_one_database_at_once(files, tmp_path):
    """The one that fails puts its copy of the database back, without the table of the other."""
    import processing
    from osgeo import gdal
    from slopecast.plugin.algorithms.outputs.sinks import SinkTarget

    base = tmp_path / "base.gpkg"
    shutil.copy(files["zones"], base)
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": files["lines"]}
    writing = SinkTarget._restoring_database

    @contextlib.contextmanager
    def with_another_run(target):
        with writing(target):
            if "one" in str(target._given):
                with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*another run of Slopecast is writing"):
                    processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": inside("two")})
            yield

    def inside(table):
        return f"ogr:dbname='{base}' table=\"{table}\" (geom)"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SinkTarget, "_restoring_database", with_another_run)
        processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": inside("one")})
    processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": inside("two")})
    dataset = gdal.OpenEx(str(base), gdal.OF_VECTOR)
    assert {dataset.GetLayer(n).GetName() for n in range(dataset.GetLayerCount())} == {"zones", "one", "two"}
    del dataset
    assert {path.name for path in tmp_path.iterdir()} <= {"base.gpkg", "base.gpkg-wal", "base.gpkg-shm"}


#: Names of the table "areas" of a database, as dialogs and scripts write them.
IN_DATABASE = (
    "ogr:dbname='{}' table=\"areas\" (geom)", "ogr:dbname='{}' table=\"AREAS\" (geom)",
    "ogr:dbname='{}' table=areas (geom)", 'ogr:dbname="{}" table="areas" (geom)',
)  # fmt: skip


@pytest.mark.parametrize("destination", IN_DATABASE)
@pytest.mark.parametrize("named", ["", "|layername=areas", "|layerid=0", "|layername=areas|subset=fid > 0"])
def test_a_layer_that_is_read_is_not_replaced_whatever_its_spelling(files, tmp_path, destination, named):
    import processing
    from osgeo import gdal

    base = tmp_path / "base.gpkg"
    gdal.VectorTranslate(str(base), files["zones"], layerName="areas")
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": f"{base}{named}", "EXPOSURE": destination.format(base)}
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input"):
        processing.run("slopecast:countfailedcells", given)
    assert tables(base) == {"areas": 2}


def tables(path):
    """Features by table of a database."""
    from osgeo import gdal

    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    found = [dataset.GetLayer(number) for number in range(dataset.GetLayerCount())]
    return {layer.GetName(): layer.GetFeatureCount() for layer in found}


@pytest.mark.parametrize("wrong", ["{}|layername=counts", "ogr:{}"])
def test_a_table_named_as_no_output_can_be_is_refused_with_the_right_name(files, tmp_path, wrong):
    import processing

    base = tmp_path / "base.gpkg"
    shutil.copy(files["zones"], base)
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": files["lines"], "EXPOSURE": wrong.format(base)}
    with pytest.raises(
        QgsProcessingException, match=r"EXPOSURE.*enter: ogr:dbname='.*base.gpkg' table=\"(counts|name)"
    ):
        processing.run("slopecast:countfailedcells", given)
    assert tables(base) == {"zones": 2}
    assert [file.name for file in tmp_path.iterdir()] == ["base.gpkg"]


def test_tables_of_one_database_are_input_and_summary_of_a_run(files, tmp_path, feedback):
    """A table has no geometry, though Processing names a geometry column; a cancelled run changes nothing."""
    import processing
    from osgeo import gdal

    base = tmp_path / "base.gpkg"
    shutil.copy(files["zones"], base)
    rows = tmp_path / "rows.csv"
    rows.write_text("name,rainfall\ndry,1\nwet,30\n")
    gdal.VectorTranslate(str(base), str(rows), layerName="rows", accessMode="update")
    given = {
        "DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": f"{base}|layername=rows", "SOLVER": 1,
        "OUTPUT_FOLDER": str(tmp_path / "masks"), "SUMMARY": f"ogr:dbname='{base}' table=\"summary\" (geom)",
    }  # fmt: skip
    for _ in range(2):  # the second replaces the table, as QGIS does
        processing.run("slopecast:predictfromtable", given)
        assert tables(base) == {"zones": 2, "rows": 2, "summary": 2}
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        processing.run("slopecast:predictfromtable", given, feedback=feedback)
    assert tables(base) == {"zones": 2, "rows": 2, "summary": 2}
    with pytest.raises(QgsProcessingException, match=r"SUMMARY.*is an input"):
        processing.run("slopecast:predictfromtable", {**given, "SUMMARY": given["SUMMARY"].replace("summary", "Rows")})


def test_the_copy_of_a_large_database_is_reported(files, tmp_path, feedback, monkeypatch):
    """It takes a while; a small one has no line."""
    import processing
    from slopecast.plugin.algorithms.outputs import sinks

    base, rows = tmp_path / "base.gpkg", tmp_path / "rows.csv"
    shutil.copy(files["zones"], base)
    rows.write_text("name,rainfall\ndry,1\nwet,30\n")
    given = {
        "DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(rows), "SOLVER": 1,
        "OUTPUT_FOLDER": str(tmp_path / "masks"), "SUMMARY": f"ogr:dbname='{base}' table=\"summary\" (geom)",
    }  # fmt: skip
    processing.run("slopecast:predictfromtable", given, feedback=feedback)
    assert not any("is copied first" in line for line in feedback.lines)
    monkeypatch.setattr(sinks, "_LARGE_DATABASE", 1000)
    processing.run("slopecast:predictfromtable", given, feedback=feedback)
    (line,) = (line for line in feedback.lines if "is copied first" in line)
    assert str(base) in line


def test_two_tables_of_a_run_are_two(files, tmp_path):
    import processing

    base = tmp_path / "new.gpkg"
    inside = [f"ogr:dbname='{base}' table=\"{name}\" (geom)" for name in ("scores", "Scores")]
    for metrics, scores in (inside, (str(base), inside[0])):
        with pytest.raises(QgsProcessingException, match="is also the file of another output"):
            processing.run(
                "slopecast:evaluatemodel", {"DATASET": str(tmp_path), "METRICS": metrics, "CASE_SCORES": scores}
            )


def test_a_database_that_cannot_be_reached_is_named_without_its_password(files):
    import processing

    given = {
        "FAILURE_MASK": files["zero_or_one"], "FEATURES": files["lines"],
        "EXPOSURE": "postgres://dbname='x' host=localhost port=1 user='u' password='secret' table=\"a\" (geom)",
    }  # fmt: skip
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*cannot be created.*Connection") as refused:
        processing.run("slopecast:countfailedcells", given)
    assert "secret" not in str(refused.value)
    assert "None" not in str(refused.value)


def test_a_raster_in_a_geopackage_is_not_lost_with_the_layer_of_its_name(files, tmp_path):
    import processing
    from osgeo import gdal

    base = tmp_path / "counts.gpkg"
    gdal.VectorTranslate(str(base), files["zones"], layerName="counts")
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": files["lines"], "EXPOSURE": str(base)}
    processing.run("slopecast:countfailedcells", given)  # the layer of its name alone is replaced
    gdal.Translate(str(base), files["dem"], format="GPKG", creationOptions=["APPEND_SUBDATASET=YES", "RASTER_TABLE=z"])
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*contains other data \(raster\)"):
        processing.run("slopecast:countfailedcells", given)


@pytest.mark.parametrize("ending", ["", ".foo"])
def test_a_name_to_which_qgis_adds_an_extension_is_not_that_of_an_input(files, tmp_path, ending):
    import processing

    zones = tmp_path / f"zones{ending}.gpkg"
    shutil.copy(files["zones"], zones)
    before = content(zones)
    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": str(zones), "EXPOSURE": str(tmp_path / f"zones{ending}")}
    with pytest.raises(QgsProcessingException, match=r"EXPOSURE.*is an input"):
        processing.run("slopecast:countfailedcells", given)
    assert content(zones) == before


def test_two_outputs_are_two_files(files, tmp_path):
    import processing

    same = str(tmp_path / "same.csv")
    with pytest.raises(QgsProcessingException, match="is also the file of another output"):
        processing.run("slopecast:evaluatemodel", {"DATASET": str(tmp_path), "METRICS": same, "CASE_SCORES": same})


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_names_that_the_system_takes_for_one_are_one(files, tmp_path, monkeypatch, system):
    """Of the second raster nothing would be left; the accents are composed in one name and apart in the other."""
    import processing
    from slopecast.plugin.core.files import whole

    scenario = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"]}
    names = {"FACTOR_OF_SAFETY": "H\u00e4nge.tif", "FAILURE_MASK": "ha\u0308nge.tif"}
    given = {**scenario, **{key: str(tmp_path / name) for key, name in names.items()}}
    monkeypatch.setattr(whole, "sys", SimpleNamespace(platform=system))
    if system == "linux":
        done = processing.run("slopecast:simulatefactorofsafety", given)
        assert all(Path(done[key]).name == name for key, name in names.items())
        return
    with pytest.raises(QgsProcessingException, match="is also the file of another output"):
        processing.run("slopecast:simulatefactorofsafety", given)


def test_every_algorithm_checks_its_files():
    """The check is in the base class."""
    from slopecast.plugin.algorithms.base import SlopecastAlgorithm

    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        if isinstance(algorithm, SlopecastAlgorithm):
            assert type(algorithm).checkParameterValues is SlopecastAlgorithm.checkParameterValues
            assert type(algorithm).prepareAlgorithm is SlopecastAlgorithm.prepareAlgorithm
