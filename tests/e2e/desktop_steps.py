"""Runs inside QGIS (``qgis --code``): load layers, open the dialog by its menu entry, fill it, run it, look, quit.

Each step is a generator's stretch between two yields; what is yielded is waited for.
"""

from __future__ import annotations

import json
import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDoubleSpinBox
from qgis.utils import iface, plugin_times, plugins

TASK = json.loads(os.environ["SLOPECAST_E2E"])
FOLDER = Path(TASK["folder"])
SEEN: dict = {"screenshots": [], "errors": []}
RUN_WITHIN_S = 90


def screenshot(name: str) -> None:
    """Picture the whole screen."""
    QApplication.processEvents()
    file = FOLDER / f"{name}.png"
    QApplication.primaryScreen().grabWindow(0).save(str(file))
    SEEN["screenshots"].append(str(file))


def steps():
    """Yield milliseconds to wait, or a function to wait for."""
    iface.mainWindow().showMaximized()
    yield 1000
    SEEN["plugin_times"] = plugin_times.get("slopecast")
    SEEN["imported_at_start"] = [
        name for name in ("torch", "numba", "slopecast.plugin.gui.failure_mask_dialog") if name in os.sys.modules
    ]
    plugin = plugins["slopecast"]
    load_layers()
    yield lambda: not iface.mapCanvas().isDrawing()
    menu_action().trigger()
    dialog = plugin.dialog
    dialog.algorithm_id = TASK["algorithm"]
    SEEN["dialog_open"] = dialog.isVisible()
    yield 400
    screen = dialog.screen().availableGeometry()
    dialog.move(max(screen.right() - dialog.frameGeometry().width(), 0), 40)
    yield 400
    SEEN["depth_text"] = dialog.depth_combo.currentText()
    SEEN["dialog_size"] = [dialog.width(), dialog.height()]
    screenshot("1_dialog")
    yield from fill_wrongly(dialog)
    yield from fill(dialog)
    yield from look_at_processing(dialog)
    dialog.run_button.click()
    SEEN["running"] = dialog.run is not None
    yield lambda: dialog.run is None
    yield lambda: not iface.mapCanvas().isDrawing()
    yield 700
    look_at_result(dialog)
    screenshot("4_result")
    yield from look_at_errors(dialog)
    check_unload(plugin)


def load_layers() -> None:
    """Load the example and show all of it."""
    project = QgsProject.instance()
    for key in ("dem", "depth"):
        layer = QgsRasterLayer(TASK[key], Path(TASK[key]).stem)
        project.addMapLayer(layer)
    project.setCrs(layer.crs())
    iface.mapCanvas().setExtent(layer.extent())
    iface.mapCanvas().refresh()


def plugin_menus() -> list:
    """The menus below QGIS's Plugins menu."""
    return [action.menu() for action in iface.pluginMenu().actions() if action.menu()]


def menu_action():
    """Find the plugin's entry where a user finds it."""
    for menu in plugin_menus():
        for action in menu.actions():
            if action.text().startswith("Slopecast: predict"):
                SEEN["menu_path"] = [menu.title(), action.text()]
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


def fill(dialog):
    """Choose the layers and type a scenario."""
    project = QgsProject.instance()
    dialog.dem_combo.setLayer(project.mapLayersByName("example dem")[0])
    dialog.depth_combo.setLayer(project.mapLayersByName("example soil depth")[0])
    for key, text in {"COHESION": "4.5", "CONDUCTIVITY": "1.3e-6", "RAINFALL": "12", "DURATION": "24"}.items():
        dialog.main_form.fields[key].setText(text)
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
    spin_boxes = window.findChildren(QDoubleSpinBox)
    SEEN["processing"] = {"title": window.windowTitle(), "values": [box.value() for box in spin_boxes]}
    window.close()


def look_at_result(dialog) -> None:
    """Write down the layers, their styles and what the dialog says."""
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


def check_unload(plugin) -> None:
    """Take the plugin out; nothing of it may stay in the menu."""
    plugin.unload()
    titles = [menu.title() for menu in plugin_menus() if menu.actions()]
    SEEN["left_after_unload"] = [title for title in titles if "Slopecast" in title]


def advance(walk) -> None:
    """Run the next step; at the end, or at an error, report and quit."""
    try:
        wait = next(walk)
    except StopIteration:
        quit_qgis()
    except Exception:
        SEEN["errors"].append(traceback.format_exc())
        screenshot("failed")
        quit_qgis()
    else:
        if callable(wait):
            poll(walk, wait, time.monotonic() + RUN_WITHIN_S)
        else:
            QTimer.singleShot(wait, lambda: advance(walk))


def poll(walk, ready, end: float) -> None:
    """Go on as soon as ``ready``."""
    if ready():
        QTimer.singleShot(100, lambda: advance(walk))
    elif time.monotonic() > end:
        SEEN["errors"].append("timed out")
        screenshot("failed")
        quit_qgis()
    else:
        QTimer.singleShot(100, lambda: poll(walk, ready, end))


def quit_qgis() -> None:
    """Write the report and leave without questions."""
    (FOLDER / "report.part").write_text(json.dumps(SEEN, indent=1))
    (FOLDER / "report.part").rename(FOLDER / "report.json")
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


WALK = steps()
iface.initializationCompleted.connect(lambda: advance(WALK))
