"""Outputs: all or none, styled next to the file and in the project, whatever runs the algorithm."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from cases import ALL_ENGINE_RASTERS, ENGINE, NETWORK, OUT, filled
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from rasters import ORIGIN, read_raster, write_raster
from slopecast.plugin.algorithms.locations import STYLES
from slopecast.plugin.core.failure_class import CLASS_LABELS
from vectors import square, write_vectors

#: style: labels of the legend that must be there
LEGENDS = {
    "failure_mask": ["stable", "failed (FS < 1)"],
    "failure_class": list(CLASS_LABELS),
    "factor_of_safety": ["failed: 0.9 to 1", "stable: 1 to 1.1"],
    "soil_depth": ["0 m (bare rock)", "1 to 1.5 m"],
    "water_table": ["0.5 to 1 m"],
    "wetting_front": ["0.5 to 1 m"],
    "failure_depth": ["1 to 1.5 m"],
    "runoff": ["0 mm (all infiltrates)", "25 to 50 mm"],
    "critical_rainfall": ["0 mm/h (fails without rain)", "8 to 16 mm/h"],
    "failure_time": ["0 h (before the rain)", "18 to 24 h"],
    "failure_mode": ["none: stable", "failed at the wetting front", "failed at the bedrock"],
    "stability_class": [
        "stable even when saturated", "stable in this event", "failed in this event",
        "unstable even when dry",
    ],
    "edge_influence": ["no influence", "inflow from outside the DEM possible"],
    "agreement": ["both failed (TP)", "only predicted (FP)", "only in the reference (FN)", "both stable (TN)"],
    "engine_agreement": [
        "failed by both", "failed by the network only", "failed by the engine only", "stable by both",
    ],
    "failure_probability": ["up to 1 %", "25 to 50 %", "90 to 100 %"],
    "failure_frequency": ["0 % of the scenarios (never)", "25 to 50 %", "100 % of the scenarios (always)"],
    "parameter": ["low", "high"],
    "susceptibility": ["up to 0.02", "0.4 to 1"],
    "confidence": ["50 to 75 %", "95 to 100 %"],
    "relief": [],
}  # fmt: skip


def legend(layer):
    """Labels of a raster layer's renderer."""
    renderer = layer.renderer()
    if renderer.type() == "hillshade":
        return []
    if renderer.type() == "paletted":
        return [c.label for c in renderer.classes()]
    return [i.label for i in renderer.shader().rasterShaderFunction().colorRampItemList()]


def test_every_style_is_known():
    """No style is without a test."""
    assert {path.stem for path in STYLES.glob("*.qml")} == set(LEGENDS)


@pytest.mark.parametrize("style", LEGENDS)
def test_style_loads_with_its_legend(style, tmp_path):
    """QGIS takes the file whole; the labels are shown."""
    ElementTree.parse(STYLES / f"{style}.qml")
    layer = QgsRasterLayer(str(write_raster(tmp_path / "r.tif", np.ones((4, 4)))), "r")
    message, loaded = layer.loadNamedStyle(str(STYLES / f"{style}.qml"))
    assert loaded, message
    assert not message
    assert set(LEGENDS[style]) <= set(legend(layer))


def test_cells_at_one_are_drawn_stable(tmp_path):
    """A factor of safety of exactly 1 has the colour of a stable cell, one below it that of a failed one."""
    array = np.array([[1.0, np.float32(0.9999999)]] * 3)
    layer = QgsRasterLayer(str(write_raster(tmp_path / "fs.tif", array)), "fs")
    layer.loadNamedStyle(str(STYLES / "factor_of_safety.qml"))
    shade = layer.renderer().shader().rasterShaderFunction().shade
    assert shade(1.0)[1:4] == shade(1.05)[1:4]
    assert shade(0.9999998)[1:4] == shade(0.95)[1:4]


def loaded(context):
    """Load a run's layers as Processing does after it: by name."""
    layers = {}
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True)
        layer.setName(details.name)
        if details.postProcessor():
            details.postProcessor().postProcessLayer(layer, context, context.feedback())
        layers[details.outputName] = layer
    return layers


def test_loaded_layers_are_styled_and_named(files, tmp_path, feedback):
    """The post-processors outlive the run and a collection of garbage."""
    import processing

    project = QgsProject.instance()
    given = filled({**ENGINE, **ALL_ENGINE_RASTERS}, files, tmp_path)
    for key in ALL_ENGINE_RASTERS:
        given[key] = QgsProcessingOutputLayerDefinition(given[key], project)
    given["WETTING_FRONT"].destinationName = "My front"
    for _ in range(2):  # a second run: nothing of the first may be in its way
        context = QgsProcessingContext()
        context.setProject(project)
        context.setFeedback(feedback)
        processing.run("slopecast:simulatefactorofsafety", given, context=context, feedback=feedback)
        gc.collect()
        layers = loaded(context)
        assert "failed (FS < 1)" in legend(layers["FAILURE_MASK"])
        assert "failed at the bedrock" in legend(layers["FAILURE_MODE"])
        assert "stable: 1 to 1.1" in legend(layers["INITIAL_FACTOR_OF_SAFETY"])
        assert layers["FAILURE_MASK"].name() == "Failure mask (12 mm/h, 24 h, c 2 kPa, phi 22 deg)"
        assert layers["CRITICAL_RAINFALL"].name() == "Critical rainfall (24 h, c 2 kPa, phi 22 deg)"
        assert layers["WETTING_FRONT"].name() == "My front"
        del context, layers
        gc.collect()


def test_a_layer_of_an_overwritten_file_does_not_keep_the_earlier_scenario(files, tmp_path, feedback):
    """Where the second run's file is not opened; a name of the user's stays."""
    import processing

    def run(cohesion):
        outputs = {key: str(tmp_path / f"{key}.tif") for key in ("FACTOR_OF_SAFETY", "FAILURE_MASK")}
        given = {**filled(ENGINE, files, tmp_path), "COHESION": cohesion, **outputs}
        return processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)

    project = QgsProject.instance()
    mask = run(2.0)["FAILURE_MASK"]
    scenario = "12 mm/h, 24 h, c {} kPa, phi 22 deg"
    named, own = QgsRasterLayer(mask, f"Failure mask ({scenario.format(2)})"), QgsRasterLayer(mask, "My mask")
    group = project.layerTreeRoot().addGroup(f"{scenario.format(2)}: hills")
    for layer in (named, own):
        project.addMapLayer(layer, False)
        group.addLayer(layer)

    def failed(layer):
        block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
        return sum(block.value(row, col) == 1 for row in range(block.height()) for col in range(block.width()))

    assert failed(named) > 0
    run(200.0)
    assert [layer.name() for layer in (named, own)] == [f"Failure mask ({scenario.format(200)})", "My mask"]
    assert [failed(layer) for layer in (named, own)] == [0, 0]


def test_sidecar_style_is_used_when_the_file_is_opened_later(files, tmp_path):
    """Every later open takes the .qml next to the file."""
    import processing

    given = filled({**ENGINE, "FACTOR_OF_SAFETY": "<out>"}, files, tmp_path)
    path = processing.run("slopecast:simulatefactorofsafety", given)["FACTOR_OF_SAFETY"]
    assert "stable: 1 to 1.1" in legend(QgsRasterLayer(path, "fs"))


def test_temporary_output(files):
    """A temporary output is a GeoTIFF."""
    import processing

    path = processing.run("slopecast:estimatesoildepth", {"DEM": files["dem"], "SOIL_DEPTH": "TEMPORARY_OUTPUT"})
    assert path["SOIL_DEPTH"].endswith(".tif")
    assert Path(path["SOIL_DEPTH"]).with_suffix(".qml").exists()


def test_inside_a_model(files, tmp_path, feedback):
    """Depth feeds engine in a graphical model; the model's output is styled and named as the user named it."""
    import processing

    model = QgsProcessingModelAlgorithm("chain", "test")
    model.addModelParameter(QgsProcessingParameterRasterLayer("MOUNTAIN", "m"), QgsProcessingModelParameter("MOUNTAIN"))
    depth = QgsProcessingModelChildAlgorithm("slopecast:estimatesoildepth")
    depth.setChildId("depth")
    engine = QgsProcessingModelChildAlgorithm("slopecast:simulatefactorofsafety")
    engine.setChildId("engine")
    source = QgsProcessingModelChildParameterSource
    study_area = [source.fromModelParameter("MOUNTAIN")]
    depth.addParameterSources("DEM", study_area)
    engine.addParameterSources("DEM", study_area)
    engine.addParameterSources("SOIL_DEPTH", [source.fromChildOutput("depth", "SOIL_DEPTH")])
    engine.addParameterSources("FRICTION_ANGLE", [source.fromStaticValue(60.0)])
    output = QgsProcessingModelOutput("fs")
    output.setChildOutputName("FACTOR_OF_SAFETY")
    output.setChildId("engine")
    engine.setModelOutputs({"fs": output})
    model.addChildAlgorithm(depth)
    model.addChildAlgorithm(engine)
    project = QgsProject.instance()
    target = QgsProcessingOutputLayerDefinition(str(tmp_path / "fs.tif"), project)
    given = {"MOUNTAIN": files["dem"], "engine:fs": target}
    with pytest.raises(QgsProcessingException) as refused:  # models do not check values before the run
        processing.run(model, given, feedback=feedback)
    # QGIS 3.22 gives the reason in the log, newer ones in the exception.
    assert any("1 to 55 deg" in text for text in (*feedback.errors, str(refused.value)))
    engine.addParameterSources("FRICTION_ANGLE", [source.fromStaticValue(30.0)])
    model.setChildAlgorithm(engine)
    context = QgsProcessingContext()
    context.setProject(project)
    context.setFeedback(feedback)
    processing.run(model, given, context=context, feedback=feedback)
    gc.collect()
    (layer,) = loaded(context).values()
    assert "stable: 1 to 1.1" in legend(layer)


@pytest.mark.parametrize("when", ["before", "during"])
@pytest.mark.parametrize("algorithm", ["simulatefactorofsafety", "predictfailuremask", "failureprobability"])
def test_cancel_leaves_no_file(algorithm, when, files, tmp_path, feedback):
    """A run that the user stops writes nothing, and reports it."""
    import processing

    if when == "before":
        feedback.cancel()
    else:
        feedback.progressChanged.connect(lambda _: feedback.cancel())
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
    given["FAILURE_MASK"] = str(tmp_path / "mask.tif")
    if algorithm != "simulatefactorofsafety":
        given["MODEL"] = files["weights"]
    if algorithm == "failureprobability":
        given.update(COHESION_SD=2, RAINFALL_SD=1, FAILURE_PROBABILITY=str(tmp_path / "p.tif"))
    with pytest.raises(QgsProcessingException, match="nothing was written"):
        processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_write_takes_the_others_along(files, tmp_path, monkeypatch):
    """When the second raster cannot be written, the first goes too; a file that was there before stays."""
    import processing
    from slopecast.plugin.core.errors import SlopecastError
    from slopecast.plugin.core.raster.write import WindowWriter

    old = tmp_path / "mask.tif"
    old.write_text("old")
    finish, calls = WindowWriter.finish, []

    def failing(writer, metadata):
        calls.append(writer)
        if len(calls) == 2:
            raise SlopecastError("the disk is full")
        finish(writer, metadata)

    monkeypatch.setattr(WindowWriter, "finish", failing)
    given = {"DEM": files["dem"], "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), "FAILURE_MASK": str(old)}
    with pytest.raises(QgsProcessingException, match="the disk is full"):
        processing.run("slopecast:simulatefactorofsafety", given)
    assert [p.name for p in tmp_path.iterdir()] == ["mask.tif"]
    assert old.read_text() == "old"


def test_runs_in_the_background(files, tmp_path):
    """As a task, in a worker thread, which is how the desktop runs it: the layers are still styled."""
    from qgis.core import QgsProcessingAlgRunnerTask, QgsProcessingFeedback

    project, context, feedback = QgsProject.instance(), QgsProcessingContext(), QgsProcessingFeedback()
    layer = QgsRasterLayer(files["dem"], "dem")
    project.addMapLayer(layer)
    context.setProject(project)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:simulatefactorofsafety")
    task = QgsProcessingAlgRunnerTask(
        algorithm,
        {
            "DEM": layer.id(),
            "FACTOR_OF_SAFETY": QgsProcessingOutputLayerDefinition(str(tmp_path / "fs ü.tif"), project),
            "FAILURE_MASK": QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project),
        },
        context,
        feedback,
    )
    finished = []
    task.executed.connect(lambda successful, results: finished.append((successful, results)))
    QgsApplication.taskManager().addTask(task)
    for _ in range(3000):
        QgsApplication.processEvents()
        if finished:
            break
        import time

        time.sleep(0.01)
    assert finished[0][0]
    assert read_raster(finished[0][1]["FACTOR_OF_SAFETY"])[0].shape == (48, 48)
    layers = loaded(context)
    assert "stable: 1 to 1.1" in legend(layers["FACTOR_OF_SAFETY"])
    assert "failed (FS < 1)" in legend(layers["FAILURE_MASK"])
    assert layers["FAILURE_MASK"].name().startswith("Failure mask (8.5 mm/h, 24 h")


def test_layers_are_styled_however_their_paths_are_spelled(files, tmp_path, feedback):
    import processing

    project, context = QgsProject.instance(), QgsProcessingContext()
    context.setProject(project)
    context.setFeedback(feedback)
    given = filled(ENGINE, files, tmp_path)
    for key in ("FACTOR_OF_SAFETY", "FAILURE_MASK"):
        given[key] = QgsProcessingOutputLayerDefinition(f"{tmp_path}//{key}.tif", project)
    processing.run("slopecast:simulatefactorofsafety", given, context=context, feedback=feedback)
    layers = loaded(context)
    assert "stable: 1 to 1.1" in legend(layers["FACTOR_OF_SAFETY"])
    assert "failed (FS < 1)" in legend(layers["FAILURE_MASK"])
    assert layers["FAILURE_MASK"].name().startswith("Failure mask (12 mm/h")


@pytest.mark.parametrize("held", ["fs.tif", "areas.gpkg", "masks/two.tif", "masks/summary.csv", "area/elevation.tif"])
def test_an_output_that_windows_could_not_replace_is_refused_before_the_run(
    files, tmp_path, feedback, monkeypatch, held
):
    """A file that is open there, as by a layer that shows it, cannot be replaced at the end of a run of hours."""
    import processing
    from slopecast.plugin.core.files import whole

    table = tmp_path / "storms.csv"
    table.write_text("name,rainfall\none,5\ntwo,20\n", encoding="utf-8")
    scenario, place = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"]}, str(tmp_path / held.split("/")[0])
    runs = {
        "fs.tif": ("simulatefactorofsafety", {**scenario, "FACTOR_OF_SAFETY": place}),
        "areas.gpkg": ("maskstopolygons", {"MAP": files["zero_or_one"], "POLYGONS": place}),
        "masks": ("predictfromtable", {**scenario, "TABLE": str(table), "SOLVER": 1, "OUTPUT_FOLDER": place}),
        "area": ("exampledata", {"SIZE": 32, "OUTPUT_FOLDER": place}),
    }
    algorithm, given = runs[held.split("/")[0]]
    processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    before = (tmp_path / held).read_bytes()

    def refusing(source, target):
        if Path(source) == tmp_path / held:
            raise PermissionError(13, "is open elsewhere")

    monkeypatch.setattr(whole, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(whole.os, "rename", refusing)
    with pytest.raises(QgsProcessingException, match=f"{Path(held).name}' is open, as a layer of the project"):
        processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    assert (tmp_path / held).read_bytes() == before


def test_layers_are_styled_on_windows(monkeypatch):
    """QGIS names temporary files with slashes there, Python with backslashes."""
    from slopecast.plugin.algorithms.outputs import loaded_layers
    from slopecast.plugin.algorithms.predict_failure_mask import MODEL_CONFIDENCE

    monkeypatch.setattr(loaded_layers, "Path", PureWindowsPath)
    context, project = QgsProcessingContext(), QgsProject.instance()
    details = QgsProcessingContext.LayerDetails("", project, MODEL_CONFIDENCE.key)
    context.addLayerToLoadOnCompletion("C:/Temp/processing_a/OUTPUT.tif", details)
    loaded_layers.style_on_load(context, r"C:\Temp\processing_a\OUTPUT.tif", MODEL_CONFIDENCE, "12 mm/h")
    (waiting,) = context.layersToLoadOnCompletion().values()
    assert waiting.name == "Model confidence (12 mm/h)"
    assert waiting.postProcessor() is not None


def test_the_series_plays_in_the_temporal_controller(files, tmp_path, feedback):
    """Each moment has its band, with its time: in one layer where QGIS can do that, else in a group of layers."""
    import processing
    from qgis.core import Qgis, QgsDateTimeRange
    from qgis.PyQt.QtCore import QDateTime

    project = QgsProject.instance()
    path = str(tmp_path / "series.tif")
    output = QgsProcessingOutputLayerDefinition(path, project)
    given = {**filled(ENGINE, files, tmp_path), "FACTOR_OF_SAFETY": "TEMPORARY_OUTPUT", "SERIES_HOURS": "2, 6 24",
             "FACTOR_OF_SAFETY_SERIES": output}  # fmt: skip
    context = QgsProcessingContext()
    context.setProject(project)
    context.setFeedback(feedback)
    processing.run("slopecast:simulatefactorofsafety", given, context=context, feedback=feedback)
    (layer,) = loaded(context).values()
    project.addMapLayer(layer)
    assert "stable: 1 to 1.1" in legend(layer)
    start = QDateTime.fromString("2000-01-01T00:00:00", "yyyy-MM-ddTHH:mm:ss")
    shown = QgsDateTimeRange(start.addSecs(7 * 3600), start.addSecs(8 * 3600))
    if hasattr(getattr(Qgis, "RasterTemporalMode", None), "FixedRangePerBand"):
        assert layer.temporalProperties().bandForTemporalRange(layer, shown) == 2
        return
    (group,) = project.layerTreeRoot().findGroups()
    assert not group.isVisible()  # until the controller is on, all lie over one another
    moments = group.findLayers()
    assert [node.layer().renderer().band() for node in moments] == [1, 2, 3]
    seen = [node.layer().temporalProperties().isVisibleInTemporalRange(shown) for node in moments]
    assert seen == [False, True, False]
    assert all(node.layer().temporalProperties().isActive() for node in moments)
    assert "stable: 1 to 1.1" in legend(moments[1].layer())


@pytest.mark.parametrize(("algorithm", "start"), [("predictfailuremask", NETWORK), ("simulatefactorofsafety", ENGINE)])
def test_report(algorithm, start, files, tmp_path):
    """One page in addition to the rasters, with numbers, map, k as it was given and how it was made."""
    import processing

    output = "FAILURE_MASK" if algorithm == "predictfailuremask" else "FACTOR_OF_SAFETY"
    given = filled({**start, "CONDUCTIVITY": 4.4e-6, output: OUT, "REPORT": OUT}, files, tmp_path)
    done = processing.run(f"slopecast:{algorithm}", given)
    page = Path(done["REPORT"]).read_text(encoding="utf-8")
    for words in (
        "4.4e-06",
        'xlink:href="data:image/png',
        "factor of safety",
        "elevation.tif",
        "cpu",
        "infinite-slope",
    ):
        assert words in page
    assert f"{done['FAILED_CELLS']:,}".replace(",", "\u202f") in page
    assert "REPORT" not in processing.run(f"slopecast:{algorithm}", {k: v for k, v in given.items() if k != "REPORT"})


def test_report_that_is_no_page_is_refused(files, tmp_path):
    """Before the run; nothing is written."""
    import processing

    given = filled({**ENGINE, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    with pytest.raises(QgsProcessingException, match=r"ends in \.html"):
        processing.run("slopecast:simulatefactorofsafety", {**given, "REPORT": str(tmp_path / "r.pdf")})
    assert not list(tmp_path.iterdir())


def test_several_rasters_are_loaded_as_a_group(files, tmp_path, feedback):
    """Named by the scenario, the first one on the map; a single one stays alone."""
    import processing

    project = QgsProject.instance()
    for outputs, grouped in ((["FACTOR_OF_SAFETY", "WATER_TABLE"], True), (["FACTOR_OF_SAFETY"], False)):
        project.clear()
        context = QgsProcessingContext()
        context.setProject(project)
        context.setFeedback(feedback)
        given = filled({**ENGINE, **dict.fromkeys(outputs, OUT)}, files, tmp_path)
        for key in outputs:
            given[key] = QgsProcessingOutputLayerDefinition(given[key], project)
        processing.run("slopecast:simulatefactorofsafety", given, context=context, feedback=feedback)
        for path, details in context.layersToLoadOnCompletion().items():
            layer = QgsProcessingUtils.mapLayerFromString(path, context, True).clone()
            project.addMapLayer(layer)
            details.postProcessor().postProcessLayer(layer, context, feedback)
            if hasattr(details, "groupName"):
                assert bool(details.groupName) == grouped
        names = [g.name() for g in project.layerTreeRoot().findGroups()]
        if not hasattr(details, "groupName"):
            assert names == ([f"12 mm/h, 24 h, c 2 kPa, phi 22 deg: {Path(files['dem']).stem}"] if grouped else [])
        nodes = project.layerTreeRoot().findLayers()
        assert len(nodes) == len(project.mapLayers()) == len(outputs)
        assert sum(node.isVisible() for node in nodes) == 1  # they would hide one another


def test_a_new_folder_is_reported(files, tmp_path, feedback):
    """A slip in the path shows in the log."""
    import processing

    path = tmp_path / "new" / "fs.tif"
    given = {**filled(ENGINE, files, tmp_path), "FACTOR_OF_SAFETY": str(path)}
    for expected in (1, 0):
        feedback.lines.clear()
        processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
        assert sum(f"{path.parent} does not exist; it will be created" in line for line in feedback.lines) == expected


def simulate(files, **outputs):
    """Run the engine into these files."""
    import processing

    return processing.run("slopecast:simulatefactorofsafety", filled({**ENGINE, **outputs}, files, Path()))


def test_outputs_that_would_share_a_style_are_refused(files, tmp_path):
    """Two of one run, and a new one next to another layer of its name; replacing one's own file is no such case."""
    with pytest.raises(QgsProcessingException, match="share its style"):
        simulate(files, FACTOR_OF_SAFETY=str(tmp_path / "a.tif"), FAILURE_MASK=str(tmp_path / "a.asc"))
    for present, wanted in (("dem.tif", "dem.asc"), ("roads.shp", "roads.tif"), ("grid.prj", "grid.asc")):
        (tmp_path / present).write_text("user's")
        with pytest.raises(QgsProcessingException, match=f"style or projection file with '{present}'"):
            simulate(files, FACTOR_OF_SAFETY=str(tmp_path / wanted))
    assert {p.name for p in tmp_path.iterdir()} == {"dem.tif", "roads.shp", "grid.prj"}
    for _ in range(2):
        simulate(files, FACTOR_OF_SAFETY=str(tmp_path / "fs.asc"))
    assert (tmp_path / "fs.prj").exists()


def test_statistics_of_a_replaced_raster_go_with_it(files, tmp_path):
    """They would stretch the new one's colours."""
    (tmp_path / "fs.tif").write_text("old")
    (tmp_path / "fs.tif.aux.xml").write_text("<PAMDataset/>")
    simulate(files, FACTOR_OF_SAFETY=str(tmp_path / "fs.tif"))
    assert {p.name for p in tmp_path.iterdir()} == {"fs.tif", "fs.qml"}


def test_a_file_that_cannot_be_replaced_leaves_all_as_it_was(files, tmp_path, monkeypatch):
    """Moved files go back, old ones return, and the error names the folder."""
    import os

    (tmp_path / "a.tif").write_text("old")
    (tmp_path / "a.tif.aux.xml").write_text("old")
    replace = os.replace

    def refusing(source, target):
        if Path(target) == tmp_path / "b.tif":
            raise PermissionError(13, "is open elsewhere", str(target))
        replace(source, target)

    monkeypatch.setattr("slopecast.plugin.core.files.atomic.os.replace", refusing)
    given = {"FACTOR_OF_SAFETY": str(tmp_path / "a.tif"), "FAILURE_MASK": str(tmp_path / "b.tif")}
    with pytest.raises(QgsProcessingException, match=r"cannot be written.*is open elsewhere"):
        simulate(files, **given, REPORT=str(tmp_path / "r.html"))
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.tif": "old", "a.tif.aux.xml": "old"}


def test_a_layer_already_in_its_group_is_placed_there(tmp_path):
    """QGIS puts what it loads above the current layer, which is of the same run."""
    from slopecast.plugin.algorithms.outputs.loaded_layers import Styler

    project, context = QgsProject.instance(), QgsProcessingContext()
    context.setProject(project)
    project.clear()
    style = STYLES / "water_table.qml"
    first, second = (QgsRasterLayer(str(write_raster(tmp_path / f"{n}.tif", np.ones((3, 3)))), n) for n in "ab")
    project.addMapLayer(first)
    Styler(style, None, "run", 0).postProcessLayer(first, context, context.feedback())
    group = project.layerTreeRoot().findGroup("run")
    project.addMapLayer(second, False)
    group.insertLayer(0, second)
    Styler(style, None, "run", 1).postProcessLayer(second, context, context.feedback())
    assert [(node.name(), node.isVisible()) for node in group.findLayers()] == [("a", True), ("b", False)]
    assert [node.isExpanded() for node in group.findLayers()] == [True, False]
    assert len(project.mapLayers()) == 2


def test_layers_of_equal_names_are_told_apart_by_their_files(tmp_path, feedback):
    """Of a batch that varies what a layer's name does not state."""
    from slopecast.plugin.algorithms.outputs.loaded_layers import Styler

    project, context = QgsProject.instance(), QgsProcessingContext()
    context.setProject(project)
    project.clear()
    for name in ("dry", "wet", "wet"):  # the last replaces the one before
        layer = QgsRasterLayer(str(write_raster(tmp_path / f"{name}.tif", np.ones((3, 3)))), "Mask (8 mm/h)")
        project.addMapLayer(layer)
        Styler(STYLES / "failure_mask.qml").postProcessLayer(layer, context, feedback)
    assert sorted(one.name() for one in project.mapLayers().values()) == ["Mask (8 mm/h)", "Mask (8 mm/h): wet"]


def test_the_example_is_loaded_as_a_relief_that_no_depth_covers(tmp_path, feedback):
    """By the toolbox too: elevation as a hillshade, soil depth switched off."""
    import processing

    project, context = QgsProject.instance(), QgsProcessingContext()
    project.clear()
    context.setProject(project)
    context.setFeedback(feedback)
    processing.run("slopecast:exampledata", {"SIZE": 48, "OUTPUT_FOLDER": str(tmp_path)}, context=context)
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True).clone()
        layer.setName(details.name)
        project.addMapLayer(layer)
        if details.postProcessor():
            details.postProcessor().postProcessLayer(layer, context, feedback)
    nodes = {node.name(): node for node in project.layerTreeRoot().findLayers()}
    shown = {name: node.isVisible() for name, node in nodes.items()}
    assert shown == {
        "Scenarios": True, "Landslides (synthetic)": True, "Soil depth (synthetic)": False,
        "Elevation (synthetic)": True,
    }  # fmt: skip
    assert nodes["Elevation (synthetic)"].layer().renderer().type() == "hillshade"
    assert "1 to 1.5 m" in legend(nodes["Soil depth (synthetic)"].layer())


@pytest.mark.parametrize("spelled", ["as it was written", "through a link"])
@pytest.mark.parametrize("others", [0, 1])
def test_a_written_file_leaves_no_stale_layer_and_no_empty_group(tmp_path, others, spelled):
    """A layer of the earlier run states another scenario; groups with something else in them stay."""
    from slopecast.plugin.algorithms.outputs.layer_tree import drop_replaced

    project = QgsProject.instance()
    project.clear()
    path = str(write_raster(tmp_path / "mask.tif", np.ones((3, 3))))
    (tmp_path / "link").symlink_to(tmp_path)
    known = path if spelled == "as it was written" else str(tmp_path / "link" / "mask.tif")
    old, new = QgsRasterLayer(known, "old"), QgsRasterLayer(path, "new")
    more = [QgsRasterLayer(str(write_raster(tmp_path / f"{n}.tif", np.ones((3, 3)))), "more") for n in range(others)]
    around = project.layerTreeRoot().addGroup("around")
    earlier, untouched = around.addGroup("earlier"), project.layerTreeRoot().addGroup("the user's")
    for layer in (old, *more):
        project.addMapLayer(layer, False)
        earlier.addLayer(layer)
    project.addMapLayer(new)
    drop_replaced(project, [path], keep=[new.id()])
    assert [layer.name() for layer in project.mapLayers().values() if layer.name() != "more"] == ["new"]
    names = {group.name() for group in project.layerTreeRoot().findGroups(True)}
    assert names == ({"around", "earlier", "the user's"} if others else {"the user's"})
    assert untouched.name() == "the user's"


def test_several_stale_layers_take_their_groups_along(tmp_path):
    """A run writes class and mask again into one group; a layer may also lie in the group around it."""
    from slopecast.plugin.algorithms.outputs.layer_tree import drop_replaced

    project = QgsProject.instance()
    around = project.layerTreeRoot().addGroup("around")
    inner = around.addGroup("inner")
    paths = [str(write_raster(tmp_path / f"{n}.tif", np.ones((3, 3)))) for n in range(4)]
    for path, group in zip(paths, (inner, around, inner, inner)):
        layer = project.addMapLayer(QgsRasterLayer(path, "old"), False)
        group.addLayer(layer)
    drop_replaced(project, paths)
    assert not project.mapLayers()
    assert not project.layerTreeRoot().findGroups(True)


@pytest.mark.parametrize(("later", "hidden"), [("FAILURE_MASK", 1), ("FACTOR_OF_SAFETY", 1), ("SOIL_DEPTH", 0)])
def test_a_result_is_not_seen_through_onto_an_earlier_one(later, hidden, files, tmp_path, feedback):
    """Every map is transparent; other layers of the same run, and inputs, hide nothing."""
    import processing

    project = QgsProject.instance()
    nodes = []
    for number, key in enumerate(("FAILURE_MASK", later)):
        context = QgsProcessingContext()
        context.setProject(project)
        output = QgsProcessingOutputLayerDefinition(str(tmp_path / f"{number}.tif"), project)
        given = {**filled(ENGINE, files, tmp_path), "FACTOR_OF_SAFETY": "TEMPORARY_OUTPUT", key: output}
        algorithm = "estimatesoildepth" if key == "SOIL_DEPTH" else "simulatefactorofsafety"
        given = {"DEM": files["dem"], key: output} if key == "SOIL_DEPTH" else given
        processing.run(f"slopecast:{algorithm}", given, context=context, feedback=feedback)
        for path, details in context.layersToLoadOnCompletion().items():
            layer = QgsProcessingUtils.mapLayerFromString(path, context, True).clone()
            project.addMapLayer(layer)
            details.postProcessor().postProcessLayer(layer, context, feedback)
            nodes.append(project.layerTreeRoot().findLayer(layer.id()))
    assert [node.isVisible() for node in nodes] == [not hidden, True]
    assert sum("Earlier results are switched off" in line for line in feedback.lines) == hidden


@pytest.mark.parametrize("name", ["o.asc", "o.shp"])
def test_a_result_without_coordinate_system_gets_none_of_the_file_it_replaces(name, tmp_path):
    """The .prj file next to it would put it elsewhere."""
    import processing

    path, found = tmp_path / name, []
    for number, epsg in enumerate((5186, None)):
        mask = np.zeros((20, 24), np.uint8)
        mask[:5] = 1
        source = str(write_raster(tmp_path / f"{number}.tif", mask, epsg=epsg))
        if name == "o.asc":
            given = {"PREDICTED": source, "REFERENCE": source, "AGREEMENT": str(path)}
            processing.run("slopecast:comparemasks", given)
            found.append(QgsRasterLayer(str(path), "o").crs().isValid())
        else:
            processing.run("slopecast:maskstopolygons", {"MAP": source, "POLYGONS": str(path)})
            found.append(QgsVectorLayer(str(path), "o").crs().isValid())
    assert found == [True, False]


@pytest.mark.parametrize(
    ("name", "lost"),
    [("o.xlsx", "shapes, only their attributes"), ("o.csv", "shapes, only their attributes"),
     ("o.sqlite", "coordinate system"), ("o.kml", ""), ("o.shp", ""), ("o.geojson", "")],
)  # fmt: skip
def test_shapes_and_systems_that_a_format_does_not_store_are_named(name, lost, tmp_path, feedback):
    import processing

    mask = np.eye(20, dtype=np.uint8)
    given = {"MAP": str(write_raster(tmp_path / "m.tif", mask, epsg=5186)), "POLYGONS": str(tmp_path / name)}
    processing.run("slopecast:maskstopolygons", given, feedback=feedback)
    found = [text for text in feedback.warnings if "file stores no" in text]
    if lost == "coordinate system" and QgsVectorLayer(given["POLYGONS"], "o").crs().isValid():
        lost = ""  # newer GDAL stores it
    assert [f"a '{Path(name).suffix}' file stores no {lost}" in text for text in found] == [True] * bool(lost)


def loaded_result(path, name, group=None, **entries):
    """A result of a run, which QGIS has added to the project and styled."""
    from slopecast.plugin.algorithms.outputs.loaded_layers import Styler

    path.parent.mkdir()
    write_raster(path, np.ones((3, 3)))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for key, text in {"algorithm": "slopecast:predictfailuremask", **entries}.items():
        dataset.SetMetadataItem(f"SLOPECAST_{key.upper()}", text)
    dataset = None
    project, context = QgsProject.instance(), QgsProcessingContext()
    context.setProject(project)
    layer = project.addMapLayer(QgsRasterLayer(str(path), name), False)
    (group or project.layerTreeRoot()).insertLayer(0, layer)
    Styler(STYLES / "failure_mask.qml").postProcessLayer(layer, context, QgsProcessingFeedback())
    return layer


ESTIMATED = (
    "SOIL_DEPTH.tif: The soil depth is estimated. Estimate: dem a.tif, method {}, depth_min 0.5 m, depth_max 4 m"
)


@pytest.mark.parametrize(
    ("first", "second", "added"),
    [
        ({"model": "unet-1"}, {"model": "physics engine"}, ": physics engine"),
        ({"model": "physics engine"}, {"model": "unet-1"}, ": network"),
        ({"model": "unet-1"}, {"model": "unet-2"}, ": network unet-2"),
        ({"soil_depth": "thin.tif"}, {"soil_depth": "thick ü.tif"}, ": soil depth thick ü"),
        (
            {"soil_depth": ESTIMATED.format("slope")},
            {"soil_depth": f"{ESTIMATED.format('elevation')}, extent 0, 0, 30, 30."},
            ": estimated soil depth (elevation, 0.5 m to 4 m)",
        ),
        ({"model": "unet-1", "soil_depth": "a.tif"}, {"model": "physics engine", "soil_depth": "b.tif"},
         ": physics engine, soil depth b"),
        ({"model": "unet-1", "soil_depth": "a.tif"}, {"model": "unet-1", "soil_depth": "a.tif"}, ": mask"),
    ],
)  # fmt: skip
def test_results_of_equal_numbers_are_told_apart_by_solver_and_soil_depth(tmp_path, first, second, added):
    """A layer's name states neither; a file's name is added where they are the same."""
    QgsProject.instance().clear()
    names = [
        loaded_result(tmp_path / folder / "mask.tif", "Failure mask (8 mm/h)", **one).name()
        for folder, one in (("a", first), ("b", second))
    ]
    assert names == ["Failure mask (8 mm/h)", f"Failure mask (8 mm/h){added}"]


def test_equal_runs_are_numbered(monkeypatch, tmp_path):
    QgsProject.instance().clear()
    monkeypatch.setattr(QgsProcessingUtils, "tempFolder", tmp_path.as_posix)
    names = [loaded_result(tmp_path / folder / "mask.tif", "Mask (8 mm/h)", model="unet-1").name() for folder in "abc"]
    assert names == ["Mask (8 mm/h)", "Mask (8 mm/h): run 2", "Mask (8 mm/h): run 3"]


@pytest.mark.parametrize(
    ("title", "earlier", "stays"),
    [
        ("8 mm/h: dem", "Failure mask (8 mm/h)", False),
        ("Failure probability, 8 mm/h: dem", "Failure probability (8 mm/h)", False),
        ("9 mm/h: dem", "Failure mask (9 mm/h)", True),
        ("the user's", "Failure mask (8 mm/h)", True),
        ("8 mm/h: dem", "Elevation (synthetic)", True),
    ],
)
def test_a_result_is_not_left_in_the_group_of_another_scenario(tmp_path, title, earlier, stays):
    """QGIS adds what it loads above the current layer, in a group that may be named after another rainfall."""
    project = QgsProject.instance()
    project.clear()
    group = project.layerTreeRoot().addGroup(title)
    loaded_result(tmp_path / "a" / "mask.tif", earlier, group)
    later = loaded_result(tmp_path / "b" / "mask.tif", "Failure mask (9 mm/h)", group)
    root = project.layerTreeRoot()
    assert (root.findLayer(later.id()).parent() == group) == stays
    assert root.layerOrder()[0] == later
    assert len(root.findLayers()) == 2


@pytest.mark.parametrize("epsg", [5186, 32652])
def test_an_ascii_grid_has_the_coordinate_system_of_its_inputs(epsg, tmp_path):
    """That of Korea has its northing first, which no .prj file states."""
    import processing

    source = str(write_raster(tmp_path / "m.tif", np.eye(20, dtype=np.uint8), epsg=epsg))
    given = {"PREDICTED": source, "REFERENCE": source, "AGREEMENT": str(tmp_path / "a.asc")}
    processing.run("slopecast:comparemasks", given)
    for end in (".asc", ".prj"):
        shutil.copy(tmp_path / f"a{end}", tmp_path / f"b{end}")
    given |= {"REFERENCE": str(tmp_path / "b.asc"), "AGREEMENT": str(tmp_path / "c.tif")}
    assert processing.run("slopecast:comparemasks", given)["IOU"] == 1.0


@pytest.mark.parametrize(("name", "count"), [("e.shp", 1), ("e.gpkg", 0)])
def test_texts_that_a_shapefile_cuts_are_named(name, count, tmp_path, feedback):
    import processing

    mask = str(write_raster(tmp_path / "m.tif", np.eye(20, dtype=np.uint8)))
    zone = square(ORIGIN[0], ORIGIN[1] - 200.0, ORIGIN[0] + 200.0, ORIGIN[1])
    zones = str(write_vectors(tmp_path / "z.gpkg", [(zone, {"note": "\uac00" * 85})]))  # 255 bytes
    given = {"FAILURE_MASK": mask, "FEATURES": zones, "EXPOSURE": str(tmp_path / name)}
    processing.run("slopecast:countfailedcells", given, feedback=feedback)
    assert sum("cuts texts after 254 bytes" in text for text in feedback.warnings) == count
