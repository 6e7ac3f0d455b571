"""Failure classes as outputs, in numbers, log, table and report; in the dialog with the cohesion that is advised."""

from __future__ import annotations

import csv
import re
import shutil

import numpy as np
import pytest
from cases import ENGINE, OUT, filled
from qgis.core import (
    QgsApplication,
    QgsLayerTreeModel,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from rasters import grid_of, read_raster
from shown_layers import name_of_kind
from slopecast.plugin.algorithms.locations import STYLES
from slopecast.plugin.algorithms.outputs.layer_tree import hide_earlier_results
from slopecast.plugin.algorithms.outputs.loaded_layers import Styler
from slopecast.plugin.algorithms.parameters.network import gives_mask_alone
from slopecast.plugin.core.failure_class import CLASS_LABELS
from slopecast.plugin.gui.cohesion_dialog import CohesionDialog, CriticalCohesion
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.scenario_run import add_layers, comparison_parameters, needs_calibration, result_text

PAPER = STYLES.parents[1] / "model_weights" / "paper.safetensors"
NUMBERS = ("STABLE_CELLS", "FAILED_IN_EVENT_CELLS", "FAILED_BEFORE_CELLS", "STABLE_AGAIN_CELLS")
WET = {"WATER_TABLE_RATIO": 0.8, "COHESION": 3}
SCENARIOS = {
    "as usual": {},
    "wet": WET,
    "draining": {**WET, "RAINFALL": 0, "DURATION": 48, "CONDUCTIVITY": 2e-5, "LATERAL_ANISOTROPY": 20},
    "strong": {"COHESION": 60},
    "raster of cohesion": {**WET, "COHESION_LAYER": "{unnamed}"},
}
WAIT_MS = 60_000


def run(algorithm, parameters, files, folder, feedback=None, context=None):
    import processing

    given = filled(parameters, files, folder)
    return processing.run(f"slopecast:{algorithm}", given, feedback=feedback, context=context)


def in_report(count):
    """A number as reports write it."""
    return f"{count:,}".replace(",", "\u202f")


def expected_classes(before, after):
    """From the two factors of safety, NoData -9999."""
    unstable, failed, missing = before < 1.0, after < 1.0, after == -9999.0
    return np.where(missing, 255, np.where(unstable, np.where(failed, 2, 3), np.where(failed, 1, 0)))


def simulated(values, files, folder):
    (folder / "engine").mkdir()
    given = {**ENGINE, **values, **dict.fromkeys(
        ("FACTOR_OF_SAFETY", "FAILURE_MASK", "FAILURE_CLASS", "INITIAL_FACTOR_OF_SAFETY"), OUT)}  # fmt: skip
    return run("simulatefactorofsafety", given, files, folder / "engine")


@pytest.mark.parametrize("solver", ["simulate", "engine", "network"])
@pytest.mark.parametrize("case", SCENARIOS)
def test_classes_are_those_of_both_factors_of_safety(case, solver, files, tmp_path):
    """For every solver: raster, numbers and mask agree with the factors of safety before and after."""
    values = SCENARIOS[case]
    done = reference = simulated(values, files, tmp_path)
    if solver != "simulate":
        given = {**ENGINE, **values, "MODEL": "{weights}", "SOLVER": int(solver == "engine"),
                 **dict.fromkeys(("FAILURE_MASK", "FAILURE_CLASS", "FACTOR_OF_SAFETY"), OUT)}  # fmt: skip
        done = run("predictfailuremask", given, files, tmp_path)
    classes, nodata, metadata = read_raster(done["FAILURE_CLASS"])
    before, after = read_raster(reference["INITIAL_FACTOR_OF_SAFETY"])[0], read_raster(done["FACTOR_OF_SAFETY"])[0]
    assert nodata == 255
    assert classes.dtype == np.uint8
    assert grid_of(done["FAILURE_CLASS"]) == grid_of(files["dem"])
    assert metadata["SLOPECAST_COHESION"]
    np.testing.assert_array_equal(classes, expected_classes(before, after))
    mask = read_raster(done["FAILURE_MASK"])[0]
    np.testing.assert_array_equal(mask, np.where(classes == 255, 255, np.isin(classes, (1, 2))))
    assert [done[key] for key in NUMBERS] == [(classes == number).sum() for number in range(4)]
    assert done["FAILED_CELLS"] == done[NUMBERS[1]] + done[NUMBERS[2]]
    assert done["VALID_CELLS"] == sum(done[key] for key in NUMBERS)


def test_the_scenarios_have_cells_of_every_class(files, tmp_path):
    found = set()
    for name in ("wet", "draining", "as usual"):
        (tmp_path / name).mkdir()
        found |= set(np.unique(read_raster(simulated(SCENARIOS[name], files, tmp_path / name)["FAILURE_CLASS"])[0]))
    assert {0, 1, 2, 3} <= found


@pytest.mark.parametrize("algorithm", ["predictfailuremask", "simulatefactorofsafety"])
def test_log_and_report_have_the_counts(algorithm, files, tmp_path, feedback):
    output = "FAILURE_MASK" if algorithm == "predictfailuremask" else "FACTOR_OF_SAFETY"
    given = {**ENGINE, **WET, output: OUT, "REPORT": OUT}
    given.update({"SOLVER": 1} if algorithm == "predictfailuremask" else {})
    done = run(algorithm, given, files, tmp_path, feedback)
    counts = [done[key] for key in NUMBERS]
    line = next(line for line in feedback.lines if line.startswith("Failure classes:"))
    assert (
        line
        == "Failure classes: "
        + "; ".join(f"{number} {label}: {count:,}" for number, (label, count) in enumerate(zip(CLASS_LABELS, counts)))
        + "."
    )
    page = (tmp_path / "report ä.html").read_text(encoding="utf-8")
    assert "Failure classes over the hillshade" in page
    for label, count in zip(CLASS_LABELS, counts):
        assert re.search(rf"{re.escape(label.replace('<', '&lt;'))}</td><td[^>]*>{in_report(count)}<", page), label


@pytest.mark.parametrize(("values", "advised"), [(WET, True), ({"COHESION": 60}, False), ({"COHESION": 30}, False)])
def test_advice_where_many_cells_are_unstable_initially(values, advised, files, tmp_path, feedback):
    """The cohesion that is advised, tried, makes 99 % of the cells stable before the event."""
    done = run("predictfailuremask", {**ENGINE, **values, "SOLVER": 1, "FAILURE_MASK": OUT}, files, tmp_path, feedback)
    texts = [text for text in feedback.warnings if text.startswith("Calibrate the strength")]
    assert len(texts) == advised == needs_calibration(done)
    assert not any("before the rain already" in text for text in feedback.warnings)
    if not advised:
        return
    value = float(re.search(r"with a cohesion of ([\d.]+) kPa instead of 3 kPa, 99 % of the cells", texts[0])[1])
    (tmp_path / "again").mkdir()
    tried = run("predictfailuremask", {**ENGINE, **WET, "COHESION": value, "SOLVER": 1, "FAILURE_MASK": OUT}, files,
                tmp_path / "again")  # fmt: skip
    assert tried["FAILED_BEFORE_CELLS"] + tried["STABLE_AGAIN_CELLS"] <= 0.01 * tried["VALID_CELLS"]


# -- the network that gives a mask alone ---------------------------------------------------------


@pytest.mark.skipif(not PAPER.exists(), reason="no such weights here")
def test_the_papers_network_gives_no_classes(files, tmp_path, feedback):
    given = {**ENGINE, "MODEL": str(PAPER), "FAILURE_MASK": OUT}
    with pytest.raises(QgsProcessingException, match=r"(?s)MODEL.*gives only the mask.*failure class"):
        run("predictfailuremask", {**given, "FAILURE_CLASS": OUT}, files, tmp_path)
    assert not list(tmp_path.iterdir())
    done = run("predictfailuremask", given, files, tmp_path, feedback)
    assert done["VALID_CELLS"] > 0
    assert not set(NUMBERS) & {key for key, value in done.items() if value is not None}
    assert not any(line.startswith("Failure classes") for line in feedback.lines)
    (tmp_path / "t.csv").write_text("cohesion\n5\n")
    table = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "MODEL": str(PAPER), "TABLE": str(tmp_path / "t.csv"),
             "OUTPUT_FOLDER": str(tmp_path / "out"), "SUMMARY": str(tmp_path / "s.csv")}  # fmt: skip
    with pytest.raises(QgsProcessingException, match=r"(?s)MODEL.*failure class"):
        run("predictfromtable", {**table, "FAILURE_CLASS": True}, files, tmp_path)
    assert not (tmp_path / "out").exists()
    run("predictfromtable", table, files, tmp_path)
    with (tmp_path / "s.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["failed_in_event_cells"] == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 4, b"\xff" * 64, b"not weights", b"\x02" + b"\x00" * 7 + b"{}", b"\x05" + b"\x00" * 7 + b"[1,2]"],
)
def test_what_is_no_file_of_weights_is_left_to_the_run(content, tmp_path):
    (tmp_path / "w.safetensors").write_bytes(content)
    assert not gives_mask_alone(str(tmp_path / "w.safetensors"))


def test_a_network_is_known_by_its_card(files):
    assert not gives_mask_alone(files["weights"])
    assert not gives_mask_alone("")
    assert gives_mask_alone(str(PAPER)) == PAPER.exists()


# -- the table -----------------------------------------------------------------------------------

ROWS = "name,cohesion,water_table_ratio,rainfall\nwet,3,0.8,12\nfailure_class,3,0.8,0\nstrong,60,0.3,12\n"


def of_table(files, folder, **others):
    (folder / "rows.csv").write_text(ROWS, encoding="utf-8")
    return {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(folder / "rows.csv"), "SOLVER": 1,
            "FRICTION_ANGLE": 22, "OUTPUT_FOLDER": str(folder / "out"), "SUMMARY": str(folder / "s.csv"),
            **others}  # fmt: skip


def test_a_table_writes_the_classes_of_each_row(files, tmp_path, feedback):
    """In a folder of their own, where no row's name is in the way; summary, log and report have the counts."""
    given = of_table(files, tmp_path, FAILURE_CLASS=True, REPORT=str(tmp_path / "r.html"))
    done = run("predictfromtable", given, files, tmp_path, feedback)
    names = ["wet", "failure_class", "strong"]
    folder = tmp_path / "out" / "failure_class"
    both = sorted(f"{name}{end}" for name in names for end in (".tif", ".qml"))
    assert sorted(p.name for p in folder.iterdir()) == both
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted([*both, "failure_class"])
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for row, name in zip(rows, names):
        classes, _, metadata = read_raster(folder / f"{name}.tif")
        mask = read_raster(tmp_path / "out" / f"{name}.tif")[0]
        assert metadata["SLOPECAST_SCENARIO"] == name
        np.testing.assert_array_equal(mask, np.where(classes == 255, 255, np.isin(classes, (1, 2))))
        counts = [int(row[key.lower()]) for key in NUMBERS]
        assert counts == [(classes == number).sum() for number in range(4)]
        line = next(line for line in feedback.lines if line.startswith(f"{name}: "))
        assert all(f"{number} {CLASS_LABELS[number]}: {count:,}" in line for number, count in enumerate(counts))
        cells = "".join(rf"<td[^>]*>{in_report(count)}</td>" for count in counts)
        assert re.search(rf"{name}</td>.*{cells}", page)
    assert "Calibrate the strength: with a cohesion of" in rows[0]["reasons"]
    assert "Calibrate" not in rows[2]["reasons"]
    assert done["OUTPUT_FOLDER"] == str(tmp_path / "out")
    again = {**given, "TABLE": str(tmp_path / "s.csv"), "OUTPUT_FOLDER": str(tmp_path / "again"), "REPORT": "",
             "SUMMARY": "TEMPORARY_OUTPUT"}  # fmt: skip
    run("predictfromtable", again, files, tmp_path)  # the summary's own columns are not refused
    one, other = (read_raster(tmp_path / name / "wet.tif")[0] for name in ("out", "again"))
    np.testing.assert_array_equal(one, other)


def test_scripts_get_only_masks_by_default(files, tmp_path):
    run("predictfromtable", of_table(files, tmp_path), files, tmp_path)
    assert not (tmp_path / "out" / "failure_class").exists()
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        assert all(int(row["stable_cells"]) > 0 for row in csv.DictReader(file))
    algorithm = QgsApplication.processingRegistry().algorithmById("slopecast:predictfromtable")
    definition = algorithm.parameterDefinition("FAILURE_CLASS")
    assert definition.defaultValue() is False
    assert definition.defaultValueForGui() is True


def test_the_layers_of_a_table_are_the_classes(files, tmp_path, feedback):
    project, context = QgsProject.instance(), QgsProcessingContext()
    context.setProject(project)
    context.setFeedback(feedback)
    run("predictfromtable", of_table(files, tmp_path, FAILURE_CLASS=True), files, tmp_path, feedback, context)
    loading = context.layersToLoadOnCompletion()
    assert {details.name for details in loading.values()} == {"wet", "failure_class", "strong"}
    for path, details in loading.items():
        assert path == str(tmp_path / "out" / "failure_class" / f"{details.name}.tif")
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True)
        details.postProcessor().postProcessLayer(layer, context, feedback)
        assert [one.label for one in layer.renderer().classes()] == list(CLASS_LABELS)


def test_a_class_replaces_no_input(files, tmp_path):
    given = of_table(files, tmp_path, FAILURE_CLASS=True)
    summary = str(tmp_path / "out" / "failure_class" / "wet.tif")
    with pytest.raises(QgsProcessingException, match=r"SUMMARY.*is an input or a mask"):
        run("predictfromtable", {**given, "SUMMARY": summary}, files, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["rows.csv"]


# -- the dialog ----------------------------------------------------------------------------------


@pytest.fixture
def dialog(files):
    """The dialog with the real algorithm, the example and the physics engine."""
    QgsProject.instance().clear()
    made = FailureMaskDialog()
    layers = [QgsRasterLayer(files[name], name) for name in ("dem", "depth")]
    QgsProject.instance().addMapLayers(layers)
    made.dem_combo.setLayer(layers[0])
    made.depth_combo.setLayer(layers[1])
    made.solver_combo.setCurrentIndex(1)
    for key, value in {"FRICTION_ANGLE": 22.0, "RAINFALL": 12.0, "COHESION": 3.0}.items():
        made.main_form.fields[key].set_value(value)
    made.scenario_form.advanced.fields["WATER_TABLE_RATIO"].set_value(0.8)
    yield made
    made.shut_down()
    QgsProject.instance().clear()


def wait_for(signal, start):
    """Start something and wait for a signal; returns what it carried."""
    loop, got = QEventLoop(), []

    def end(*values):
        got.append(values)
        loop.quit()

    signal.connect(end)
    start()
    if not got:
        QTimer.singleShot(WAIT_MS, loop.quit)
        loop.exec()
    signal.disconnect(end)
    assert got, "nothing came"
    return got[0]


def test_the_dialog_shows_the_classes_and_writes_the_mask(dialog):
    successful, results = wait_for(dialog.ran, dialog.run_button.click)
    assert successful
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    nodes = group.findLayers()
    assert [(name_of_kind(node), node.isVisible()) for node in nodes] == [
        ("Failure class", True),
        ("Failure mask", False),
    ]
    assert [one.label for one in nodes[0].layer().renderer().classes()] == list(CLASS_LABELS)
    mask, classes = (read_raster(results[key])[0] for key in ("FAILURE_MASK", "FAILURE_CLASS"))
    np.testing.assert_array_equal(mask == 1, np.isin(classes, (1, 2)))
    assert "with FS &lt; 1 under initial conditions" in dialog.result_label.text()
    assert "unstable before the rain" in dialog.result_label.toolTip()
    assert "does not rate whether" in dialog.result_label.toolTip()  # what reliability means
    assert "Calibrate the strength first" in dialog.result_label.text()
    assert not dialog.cohesion_button.isHidden()
    assert "FAILURE_CLASS" not in comparison_parameters(dialog.parameters())


def test_an_earlier_class_map_is_switched_off(dialog):
    _, first = wait_for(dialog.ran, dialog.run_button.click)
    dialog.main_form.fields["COHESION"].set_value(4.0)
    wait_for(dialog.ran, dialog.run_button.click)
    shown = [name_of_kind(node) for node in QgsProject.instance().layerTreeRoot().findLayers() if node.isVisible()]
    assert shown.count("Failure class") == 1
    assert "Failure mask" not in shown
    assert "switched off in the Layers panel: 1" in dialog.result_label.text()
    layers = add_layers(QgsProject.instance(), {"FAILURE_MASK": first["FAILURE_MASK"]}, "mask alone")
    assert [layer.name() for layer in layers] == ["Failure mask (mask alone)"]
    assert hide_earlier_results(QgsProject.instance(), layers[0], {layers[0].source()}) == 1


def test_legends_are_titled_by_what_they_show(dialog, files, tmp_path):
    """QGIS writes "Band 1: Failure class (Gray)"; the layers of the dialog, and those that Processing loads."""
    wait_for(dialog.ran, dialog.run_button.click)
    project = QgsProject.instance()
    assert legend_texts(project.layerTreeRoot().findLayers()[0]) == ["Failure class", *CLASS_LABELS]
    path = run("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)["FACTOR_OF_SAFETY"]
    layer = QgsRasterLayer(path, "loaded")
    project.addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(project)
    Styler(STYLES / "factor_of_safety.qml").postProcessLayer(layer, context, QgsProcessingFeedback())
    texts = legend_texts(project.layerTreeRoot().findLayer(layer.id()))
    assert texts[:2] == ["Factor of safety", "failed: below 0.8"]


def legend_texts(node):
    """The legend below a layer as the Layers panel shows it."""
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    return [str(entry.data(Qt.ItemDataRole.DisplayRole)) for entry in model.layerLegendNodes(node)]


def test_results_of_a_repeated_scenario_lie_above_what_was_added_since(dialog, files):
    """An elevation that was added later would hide them."""
    _, first = wait_for(dialog.ran, dialog.run_button.click)
    project = QgsProject.instance()
    project.addMapLayer(QgsRasterLayer(files["dem"], "a later elevation"))
    results = {"FAILURE_MASK": first["FAILURE_MASK"]}
    title = project.layerTreeRoot().findGroups()[0].name()
    for _ in range(2):
        (layer,) = add_layers(project, results, title)
        assert project.layerTreeRoot().layerOrder()[0] == layer
    assert [group.name() for group in project.layerTreeRoot().findGroups()].count(title) == 2  # that of the class too


def test_no_button_where_the_slopes_are_stable_initially(dialog):
    dialog.main_form.fields["COHESION"].set_value(60.0)
    successful, results = wait_for(dialog.ran, dialog.run_button.click)
    assert successful
    assert results["FAILED_BEFORE_CELLS"] == 0
    assert dialog.cohesion_button.isHidden()
    assert "Calibrate" not in result_text(results)


@pytest.mark.skipif(not PAPER.exists(), reason="no such weights here")
def test_the_dialog_requests_no_classes_from_the_papers_network(dialog):
    if not dialog.output_form.solver.installed:
        pytest.skip("torch is not installed")
    assert "FAILURE_CLASS" in dialog.parameters()
    dialog.model_file.setFilePath(str(PAPER))
    assert "FAILURE_CLASS" in dialog.parameters()  # of the physics engine
    dialog.solver_combo.setCurrentIndex(0)
    assert "FAILURE_CLASS" not in dialog.parameters()
    dialog.model_file.setFilePath("")
    assert "FAILURE_CLASS" in dialog.parameters()


def opened(dialog):
    """The dialog of the cohesion once it has computed."""
    task = CriticalCohesion(*dialog.picker.sources(), dialog.values)
    made = []
    wait_for(task.computed, lambda: made.append(CohesionDialog(task, dialog.values["COHESION"], dialog)))
    return made[0]


def test_the_cohesion_is_shown_first_and_taken_on_confirmation(dialog, monkeypatch):
    """It is the one of the log's advice; taken, it leaves no more unstable cells than the share allows."""
    _, before = wait_for(dialog.ran, dialog.run_button.click)
    asked = opened(dialog)
    assert asked.share_box.value() == 99.0
    assert f"Cohesion: {asked.values['COHESION']:g} kPa" in asked.result_label.text()
    stable = 100.0 - 100.0 * (before["FAILED_BEFORE_CELLS"] + before["STABLE_AGAIN_CELLS"]) / before["VALID_CELLS"]
    assert f"now 3 kPa: {stable:.1f} % of the cells are stable" in asked.result_label.text()
    assert f"with a cohesion of {asked.values['COHESION']:g} kPa instead of 3 kPa, 99 %" in dialog.log_box.toPlainText()
    at_99 = asked.values["COHESION"]
    asked.share_box.setValue(98.0)
    assert 3.0 < asked.values["COHESION"] < at_99
    asked.share_box.setValue(50.0)
    assert asked.values["COHESION"] < 3.0
    assert "more cells would fail" in asked.note_label.text()
    asked.share_box.setValue(99.0)
    asked.reject()
    assert dialog.values["COHESION"] == 3.0
    monkeypatch.setattr(CohesionDialog, "exec", lambda self: wait_for(self._task.computed, lambda: None) and True)
    dialog.cohesion_button.click()
    assert dialog.values["COHESION"] == at_99
    assert "99 % of the cells have FS >= 1 under initial conditions" in dialog.source_note.text()
    _, after = wait_for(dialog.ran, dialog.run_button.click)
    assert after["FAILED_BEFORE_CELLS"] + after["STABLE_AGAIN_CELLS"] <= 0.01 * after["VALID_CELLS"]


def test_a_closed_dialog_stops_its_task_and_errors_are_shown(dialog, tmp_path):
    task = CriticalCohesion(*dialog.picker.sources(), dialog.values)
    asked = CohesionDialog(task, 3.0, dialog)
    assert not asked.use_button.isEnabled()
    asked.reject()
    for _ in range(50):
        QgsApplication.processEvents()
    assert not asked.values
    copy = tmp_path / "gone.tif"
    shutil.copyfile(dialog.picker.dem.source(), copy)
    layer = QgsRasterLayer(str(copy), "gone")
    QgsProject.instance().addMapLayer(layer)
    dialog.dem_combo.setLayer(layer)
    sources = dialog.picker.sources()
    copy.unlink()
    task = CriticalCohesion(*sources, dialog.values)
    made = []
    wait_for(task.computed, lambda: made.append(CohesionDialog(task, 3.0, dialog)))
    assert not made[0].use_button.isEnabled()
    assert "gone.tif" in made[0].note_label.text()
