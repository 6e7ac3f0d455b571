"""Runs inside QGIS: open every window, make every result, and picture them for the gallery; see desktop_walk.

The report has, under ``windows``, the title of each picture, its file and what the check of texts finds in the window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import processing
import text_fit
from calibration_steps import picture_report
from desktop_walk import FOLDER, SEEN, TASK, screenshot, start, unfold_toolbox
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication, QMenu, QPushButton, QScrollArea, QWidget
from qgis.utils import iface, plugins
from slopecast.plugin.gui.cohesion_dialog import CohesionDialog, CriticalCohesion
from slopecast.plugin.gui.design_rain_dialog import DesignRainDialog

SEEN["windows"] = []
NARROW, USUAL = 340, 480  # of the live panel
HIGHEST = 5000  # of the picture of a report [px]
PAGES = ("A4 landscape", "A4 portrait", "A3 landscape", "A3 portrait")
#: Algorithms with a report, and their parameters in addition to the study area.
REPORTS = {
    "predictfailuremask": {}, "calibratetoinventory": {"SETS": 20}, "validateinventory": {}, "checkenvironment": {},
}  # fmt: skip


def steps() -> Iterator:
    """Yield milliseconds to wait, or a function to wait for."""
    plugin = plugins["slopecast"]
    take("QGIS: first start", iface.mainWindow())
    picture("Menu", menu_of("Slopecast"))
    plugin.hint.findChild(QPushButton).click()
    yield lambda: plugin.dialog is not None and plugin.dialog.example is None
    yield from drawn()
    yield from look_at_dialog(plugin.dialog)
    yield from look_at_result(plugin)
    yield from look_at_live_panel(plugin)
    yield from look_at_toolbox()
    yield from look_at_forms()
    yield from look_at_reports()
    look_at_sheets()


def take(title: str, window: QWidget) -> None:
    """Picture the whole screen; check one window of it."""
    name = name_of(title)
    screenshot(name)
    note(title, name, window)


def picture(title: str, window: QWidget) -> None:
    """Picture and check one window."""
    QApplication.processEvents()
    name = name_of(title)
    window.grab().save(str(FOLDER / f"{name}.png"))
    note(title, name, window)


def name_of(title: str) -> str:
    """File name of a picture."""
    return "".join(letter if letter.isalnum() else "_" for letter in title).lower()


def note(title: str, name: str, window: QWidget | None) -> None:
    """Add a picture to the report."""
    own = window is not None and window is not iface.mainWindow() and not isinstance(window, QMenu)
    SEEN["windows"].append({"title": title, "file": f"{name}.png", "faults": text_fit.faults(window) if own else []})


def drawn() -> Iterator:
    """Wait for the map."""
    yield 500
    yield lambda: not iface.mapCanvas().isDrawing()
    yield 300


def menu_of(title: str) -> QMenu:
    """A menu below QGIS's Plugins menu."""
    menus = [action.menu() for action in iface.pluginMenu().actions() if action.menu()]
    return next(menu for menu in menus if title in menu.title())


def look_at_dialog(dialog) -> Iterator:
    """The dialog in its states, and the windows that it opens."""
    picture("Dialog: example data", dialog)
    dialog.advanced_box.setCollapsed(False)
    yield 300
    picture("Dialog: advanced inputs", dialog)
    picture("Dialog: whole form", dialog.form)
    dialog.main_form.fields["COHESION"].setText("500")
    dialog.main_form.fields["RAINFALL"].setText("140")
    yield 300
    picture("Dialog: wrong value", dialog)
    dialog.reset_numbers()
    dialog.advanced_box.setCollapsed(True)
    yield 300
    picture("Dialog: presets", dialog.scenario_form.preset_menu)
    rain = DesignRainDialog(5.5, dialog)
    rain.show()
    yield 300
    picture("Rain from a return period: Seoul", rain)
    rain.curve_combo.setCurrentIndex(1)
    yield 300
    picture("Rain from a return period: own curve", rain)
    rain.hours.setText("-1")
    yield 300
    picture("Rain from a return period: wrong value", rain)
    rain.close()
    cohesion = CohesionDialog(CriticalCohesion(*dialog.picker.sources(), dialog.values), 5.0, dialog)
    cohesion.show()
    yield lambda: cohesion._task is None
    yield 300
    picture("Back-calculated cohesion", cohesion)
    cohesion.close()


def look_at_result(plugin) -> Iterator:
    """The dialog after a run, an error, and the layers on the map with the legend."""
    dialog = plugin.dialog
    for box in dialog.also_boxes.values():
        box.setChecked(True)
    dialog.run_button.click()
    yield 300
    picture("Dialog: running", dialog)
    yield lambda: dialog.run is None
    yield from drawn()
    picture("Dialog: result", dialog)
    take("QGIS: result next to the dialog", iface.mainWindow())
    dialog.output_file.setFilePath("/proc/no such folder/mask.tif")
    dialog.run_button.click()
    yield lambda: dialog.run is None
    yield 300
    picture("Dialog: error", dialog)
    dialog.output_file.setFilePath("")
    dialog.close()
    iface.messageBar().clearWidgets()
    yield from drawn()
    take("QGIS: result with legend", iface.mainWindow())


def look_at_live_panel(plugin) -> Iterator:
    """The live panel as wide as docks usually are, narrower, unfolded, with a wrong value."""
    for node in QgsProject.instance().layerTreeRoot().findGroups():
        node.setItemVisibilityChecked(False)
    plugin.show_panel()
    panel = plugin.panel
    yield lambda: panel.is_current
    for width, title in ((USUAL, "Live panel"), (NARROW, "Live panel: narrow")):
        iface.mainWindow().resizeDocks([panel], [width], Qt.Orientation.Horizontal)
        yield from drawn()
        picture(title, panel)
    panel.contents.more_box.setCollapsed(False)
    yield 300
    picture("Live panel: whole form", panel.contents.form)
    panel.sliders["RAINFALL"].field.setText("400")
    yield 500
    picture("Live panel: wrong value", panel)
    panel.sliders["RAINFALL"].field.setText("12")
    panel.contents.more_box.setCollapsed(True)
    yield lambda: panel.is_current
    yield from drawn()
    take("QGIS: live panel", iface.mainWindow())
    panel.close()
    yield 300


def look_at_toolbox() -> Iterator:
    """Processing's toolbox with the provider's tools."""
    toolbox = yield from unfold_toolbox()
    picture("Toolbox", toolbox)
    toolbox.close()


def look_at_forms() -> Iterator:
    """Processing's form of every algorithm: as it opens, and all of its inputs."""
    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        dialog = processing.createAlgorithmDialog(algorithm.id(), {})
        dialog.show()
        yield 300
        title = f"Form: {algorithm.name()}"
        picture(title, dialog)
        for box in dialog.findChildren(QgsCollapsibleGroupBox):
            box.setCollapsed(False)
        yield 200
        area = max(dialog.findChildren(QScrollArea), key=lambda one: one.widget().height() if one.widget() else 0)
        picture(f"{title}: all inputs", area.widget())
        dialog.close()
        dialog.deleteLater()


def mask_layer() -> QgsRasterLayer:
    """The failure mask of the dialog's run."""
    layers = QgsProject.instance().mapLayers().values()
    return next(layer for layer in layers if layer.source().endswith("FAILURE_MASK.tif"))


def look_at_reports() -> Iterator:
    """The reports of runs on the example data."""
    dem = plugins["slopecast"].dialog.picker.dem
    scars = next(one for one in QgsProject.instance().mapLayers().values() if "landslides.gpkg" in one.source())
    for name, more in REPORTS.items():
        algorithm = QgsApplication.processingRegistry().algorithmById(f"slopecast:{name}")
        report = Path(TASK["work"]) / f"{name}.html"
        given = {"DEM": dem.id(), "LANDSLIDES": scars.id(), "MAP": mask_layer().id(), "REPORT": str(report), **more}
        known = {one.name() for one in algorithm.parameterDefinitions()}
        given.update({"FAILURE_MASK": "TEMPORARY_OUTPUT", "SUSCEPTIBILITY": "TEMPORARY_OUTPUT"})
        processing.run(algorithm, {key: value for key, value in given.items() if key in known})
        yield from picture_report(report, FOLDER / f"report_{name}.png", HIGHEST)
        note(f"Report: {name}", f"report_{name}", None)


def look_at_sheets() -> None:
    """The map sheet of the failure mask on every page."""
    for number, page in enumerate(PAGES):
        name = name_of(f"sheet {page}")
        given = {"LAYER": mask_layer().id(), "PAGE": number, "SHEET": str(FOLDER / f"{name}.png")}
        processing.run("slopecast:mapsheet", given)
        note(f"Map sheet: {page}", name, None)


start(steps())
