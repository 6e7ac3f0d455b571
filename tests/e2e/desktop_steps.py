"""Runs inside QGIS: load layers, use the dialog and the live panel by their menu entries, look; see desktop_walk."""

from __future__ import annotations

import os
import time
from pathlib import Path

from calibration_steps import look_at_calibration
from desktop_walk import FOLDER, SEEN, TASK, screenshot, start, unfold_toolbox
from qgis.core import QgsBilinearRasterResampler, QgsHillshadeRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QLineEdit, QPushButton
from qgis.utils import iface, plugin_times, plugins
from slopecast.plugin.gui.map_view import free_width, show_layer


def steps():
    """Yield milliseconds to wait, or a function to wait for."""
    SEEN["plugin_times"] = plugin_times.get("slopecast")
    heavy = ("torch", "numba", "slopecast.plugin.gui.failure_mask_dialog", "slopecast.plugin.gui.live.live_panel")
    SEEN["imported_at_start"] = [name for name in heavy if name in os.sys.modules]
    plugin = plugins["slopecast"]
    yield from look_at_first_start(plugin)
    dem = load_layers()
    yield 500  # QGIS zooms to its first layer
    menu_action("Predict failure mask...").trigger()
    dialog = plugin.dialog
    dialog.algorithm_id = TASK["algorithm"]
    SEEN["dialog_open"] = dialog.isVisible()
    yield 400
    show_layer(iface.mapCanvas(), dem, dialog)
    yield lambda: not iface.mapCanvas().isDrawing()
    yield 400
    SEEN["free_of_map"] = free_width(iface.mapCanvas(), dialog) / iface.mapCanvas().width()
    SEEN["depth_text"] = dialog.depth_combo.currentText()
    SEEN["dialog_size"] = [dialog.width(), dialog.height()]
    screenshot("1_dialog")
    yield from fill_wrongly(dialog)
    yield from look_at_sources(dialog)
    yield from fill(dialog)
    yield from look_at_processing(dialog)
    dialog.run_button.click()
    SEEN["running"] = dialog.run is not None
    yield lambda: dialog.run is None
    yield lambda: not iface.mapCanvas().isDrawing()
    yield 700
    look_at_result(dialog)
    yield from look_at_map(dialog)
    yield from look_at_errors(dialog)
    dialog.close()
    yield from look_at_toolbox()
    yield from look_at_live_panel(plugin)
    yield from look_at_both(plugin)
    yield from look_at_calibration(plugin, FOLDER, screenshot, SEEN)
    check_unload(plugin)


def look_at_first_start(plugin):
    """Read the hint of the first start; follow it; see the example study area; go back to an empty project."""
    SEEN["hint"] = [item.text() for item in iface.messageBar().items()]
    screenshot("0_first_start")
    began = time.monotonic()
    plugin.hint.findChild(QPushButton).click()
    yield lambda: plugin.dialog is not None and plugin.dialog.example is None
    loaded = time.monotonic() - began
    yield 500
    yield lambda: not iface.mapCanvas().isDrawing()
    dialog = plugin.dialog
    canvas = iface.mapCanvas()
    SEEN["example"] = {
        "text": dialog.result_label.text(), "run_enabled": dialog.run_button.isEnabled(),
        "seen": canvas.extent().contains(dialog.picker.dem.extent()), "hint": plugin.hint is not None,
    }  # fmt: skip
    screenshot("0b_example")
    began = time.monotonic()
    dialog.run_button.click()
    yield lambda: dialog.run is None
    SEEN["example"]["seconds"] = [loaded, time.monotonic() - began]
    yield 500
    yield lambda: not canvas.isDrawing()
    yield 500
    SEEN["example"]["result"] = dialog.result_label.text()
    iface.messageBar().clearWidgets()
    yield 300
    screenshot("0c_first_mask")
    dialog.shut_down()
    plugin.dialog = None
    QgsProject.instance().setDirty(False)
    iface.newProject()
    yield 500


def load_layers() -> QgsRasterLayer:
    """Load the example; show the elevation as relief."""
    project = QgsProject.instance()
    depth, dem = (QgsRasterLayer(TASK[key], Path(TASK[key]).stem) for key in ("depth", "dem"))
    project.addMapLayers([depth, dem])
    project.layerTreeRoot().findLayer(depth).setItemVisibilityChecked(False)
    dem.setRenderer(QgsHillshadeRenderer(dem.dataProvider(), 1, 315.0, 45.0))
    dem.resampleFilter().setZoomedInResampler(QgsBilinearRasterResampler())
    project.setCrs(dem.crs())
    return dem


def look_at(extent) -> None:
    """Show an extent."""
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()


def plugin_menus() -> list:
    """The menus below QGIS's Plugins menu."""
    return [action.menu() for action in iface.pluginMenu().actions() if action.menu()]


def menu_action(text: str):
    """Find an entry of the plugin where a user finds it."""
    for menu in plugin_menus():
        for action in menu.actions():
            if action.text().startswith(text):
                SEEN.setdefault("menu_paths", []).append([menu.title(), action.text()])
                return action
    raise LookupError("no menu entry")


def fill_wrongly(dialog):
    """Type what is not allowed and what is beyond the training."""
    dialog.main_form.fields["COHESION"].setText("500")
    dialog.main_form.fields["RAINFALL"].setText("40")
    dialog.advanced_box.setCollapsed(False)
    yield 500
    SEEN["wrong"] = {"run_enabled": dialog.run_button.isEnabled(), "status": dialog.status_label.text()}
    screenshot("2_wrong_values")


def look_at_sources(dialog):
    """Picture the presets and the rain from a return period, with a duration near the curve's jump."""
    menu = dialog.scenario_form.preset_menu
    menu.popup(dialog.preset_button.mapToGlobal(dialog.preset_button.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[1])
    yield 400
    screenshot("2b_presets")
    menu.close()
    dialog.main_form.fields["DURATION"].setText("5.5")
    QTimer.singleShot(700, close_rain)
    dialog.rain_button.click()
    SEEN["rain"] = {key: dialog.main_form.values[key] for key in ("RAINFALL", "DURATION")}
    SEEN["rain"]["text"] = dialog.source_note.text()
    yield 100


def close_rain() -> None:
    """Picture the dialog of the return period, with its coefficients, and use its rain."""
    rain = QApplication.activeModalWidget()
    rain.curve_combo.setCurrentIndex(1)
    QApplication.processEvents()
    rain.grab().save(str(FOLDER / "2c_rain.png"))
    SEEN["screenshots"].append(str(FOLDER / "2c_rain.png"))
    rain.curve_combo.setCurrentIndex(0)
    rain.accept()


def fill(dialog):
    """Choose the layers and type a scenario."""
    project = QgsProject.instance()
    dialog.dem_combo.setLayer(project.mapLayersByName("example dem")[0])
    dialog.depth_combo.setLayer(project.mapLayersByName("example soil depth")[0])
    for key, text in {"COHESION": "4.5", "CONDUCTIVITY": "1.3e-6", "RAINFALL": "12", "DURATION": "24"}.items():
        dialog.main_form.fields[key].setText(text)
    yield 300
    dialog.form.grab().save(str(FOLDER / "2d_advanced.png"))
    dialog.advanced_box.setCollapsed(True)
    dialog.also_boxes["FACTOR_OF_SAFETY"].setChecked(True)
    dialog.output_file.setFilePath(str(Path(TASK["work"]) / "rain über Nacht.tif"))
    yield 500
    SEEN["filled"] = {"run_enabled": dialog.run_button.isEnabled(), "conductivity": dialog.parameters()["CONDUCTIVITY"]}
    screenshot("3_filled")


def look_at_processing(dialog):
    """Go on in Processing's dialog, which must show the same conductivity, and come back."""
    QTimer.singleShot(2500, close_processing)
    dialog.processing_button.click()
    yield 100


def close_processing() -> None:
    """Picture Processing's dialog, note the conductivity in it, close it."""
    window = QApplication.activeModalWidget() or next(
        (w for w in QApplication.topLevelWidgets() if "AlgorithmDialog" in type(w).__name__ and w.isVisible()), None
    )
    if window is None:
        SEEN["errors"].append("Processing's dialog did not open")
        return
    screenshot("3b_processing")
    texts = [field.text() for field in window.findChildren(QLineEdit)]
    SEEN["processing"] = {"title": window.windowTitle(), "conductivity": [text for text in texts if "e-" in text]}
    window.close()


def look_at_result(dialog) -> None:
    """Write down the layers, their styles and what the dialog shows."""
    SEEN["result"] = dialog.result_label.text()
    SEEN["log"] = dialog.log_box.toPlainText()
    SEEN["layers"] = [
        {
            "group": node.parent().name(), "name": node.name(), "valid": node.layer().isValid(),
            "renderer": node.layer().renderer().type(), "source": Path(node.layer().source()).name,
        }
        for node in QgsProject.instance().layerTreeRoot().findLayers()
    ]  # fmt: skip
    SEEN["remembered"] = QgsProject.instance().readEntry("slopecast", "CONDUCTIVITY")[0]


def look_at_errors(dialog):
    """Ask for a file in a place that cannot be written."""
    dialog.output_file.setFilePath("/proc/no such folder/mask.tif")
    dialog.run_button.click()
    yield lambda: dialog.run is None
    yield 500
    SEEN["error_message"] = dialog.result_label.text()
    screenshot("5_error")
    dialog.output_file.setFilePath("")


def look_at_map(dialog):
    """Picture the mask on the relief: next to the dialog, then by itself with its legend."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    for name, shown in (("Factor of safety", False), ("example soil depth", None)):
        layer = next(layer for layer in project.mapLayers().values() if layer.name().partition(" (")[0] == name)
        node = project.layerTreeRoot().findLayer(layer)
        node.setExpanded(False)
        if shown is not None:
            node.setItemVisibilityChecked(shown)
    iface.messageBar().clearWidgets()
    dialog.output_file.setFilePath("")
    yield 500
    yield lambda: not canvas.isDrawing()
    yield 300
    screenshot("4_result")
    dialog.hide()
    look_at(project.mapLayersByName("example dem")[0].extent().scaled(1.05))
    yield 500
    yield lambda: not canvas.isDrawing()
    yield 300
    screenshot("4b_map")
    dialog.show()


def look_at_toolbox():
    """Open Processing's toolbox at the right of the map, with the provider's tools unfolded; it stays there."""
    yield from unfold_toolbox()
    screenshot("5b_toolbox")


def look_at_both(plugin):
    """Move the panel's numbers with the dialog open next to it, and the other way."""
    plugin.show_panel()
    plugin.show_dialog()
    yield 400
    plugin.panel.sliders["COHESION"].field.setText("6.25")
    plugin.dialog.main_form.fields["CONDUCTIVITY"].setText("4.4e-6")
    yield lambda: plugin.panel.is_current
    yield 400
    texts = plugin.dialog.main_form.texts, plugin.panel.scenario.texts
    SEEN["both"] = [[one[key] for key in ("COHESION", "CONDUCTIVITY")] for one in texts]
    panel, dialog = plugin.panel, plugin.dialog.frameGeometry()
    SEEN["dialog_spans"] = [dialog.left(), dialog.right()]
    SEEN["panel_begins"] = panel.mapToGlobal(panel.rect().topLeft()).x()
    screenshot("8_both")
    plugin.dialog.close()
    plugin.panel.close()


def look_at_live_panel(plugin):
    """Open the panel, drag a slider, see the map change; keep a layer; close it, and see it leave the map."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    for node in project.layerTreeRoot().findGroups():
        node.setItemVisibilityChecked(False)
    menu_action("Live panel").trigger()
    panel = plugin.panel
    yield 500
    look_at(project.mapLayersByName("example dem")[0].extent().scaled(1.05))
    yield lambda: panel.is_current and not canvas.isDrawing()
    yield 500
    result_text = panel.contents.result_label.text
    toolbox = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    SEEN["in_one_place"] = toolbox in iface.mainWindow().tabifiedDockWidgets(panel)
    seen = SEEN["live"] = {"values": panel.values, "red": [red_pixels(canvas)], "text": [result_text()]}
    slider = panel.sliders["COHESION"].slider
    slider.setSliderDown(True)
    for step in range(slider.value(), 0, -20):
        slider.setValue(step)
        yield 20
    yield lambda: panel.is_current
    yield 100
    seen["red"].append(red_pixels(canvas))
    slider.setSliderDown(False)
    panel.sliders["COHESION"].field.setText("4.5")
    yield lambda: panel.is_current
    yield 300
    seen["red"].append(red_pixels(canvas))
    seen["text"].append(result_text())
    seen["reliability"] = panel.contents.reliability_label.text()
    seen["failed_cells"] = int(panel.last.failed_cells)
    screenshot("6_live")
    seen["solvers"] = [panel.contents.solver_label.text()]
    for place in (1, 0):
        panel.contents.solver_combo.setCurrentIndex(place)
        yield lambda: panel.is_current
        seen["solvers"].append(panel.contents.solver_label.text())
    panel.contents.more_box.setCollapsed(False)
    panel.sliders["RAINFALL"].field.setText("400")
    yield 400
    seen["wrong"] = {"text": result_text(), "red": red_pixels(canvas)}
    screenshot("7_live_wrong")
    panel.sliders["RAINFALL"].field.setText("12")
    panel.contents.more_box.setCollapsed(True)
    yield lambda: panel.is_current
    seen["failed_cells"] = int(panel.last.failed_cells)
    before = set(project.mapLayers())
    panel.contents.keep_button.click()
    yield lambda: panel.keeping is None
    yield lambda: not canvas.isDrawing()
    kept = [project.mapLayer(one) for one in set(project.mapLayers()) - before]
    seen["kept"] = sorted([layer.name(), layer.renderer().type(), failed_cells(layer)] for layer in kept)
    panel.close()
    for node in project.layerTreeRoot().findGroups():
        node.setItemVisibilityChecked(False)
    yield 500
    yield lambda: not canvas.isDrawing()
    seen["red_after_close"] = red_pixels(canvas)


def red_pixels(canvas) -> int:
    """Count the pixels of the canvas in the colours of failed cells: red, and violet where FS < 1 initially."""
    image = canvas.grab().toImage()
    colours = (image.pixelColor(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    rgb = [(colour.red(), colour.green(), colour.blue()) for colour in colours]
    return sum(green < 90 and ((red > 190 and blue < 100) or blue > 110 > red) for red, green, blue in rgb)


def failed_cells(layer) -> int:
    """Failed cells of a mask or of failure classes."""
    block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
    return sum(block.value(row, col) in (1, 2) for row in range(block.height()) for col in range(block.width()))


def check_unload(plugin) -> None:
    """Take the plugin out; nothing of it may stay in the menu."""
    plugin.unload()
    titles = [menu.title() for menu in plugin_menus() if menu.actions()]
    SEEN["left_after_unload"] = [title for title in titles if "Slopecast" in title]


start(steps())
