"""The plugin in QGIS's window: its menu, its buttons, the hint of the first start, and nothing left behind."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer, QgsSettings
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QMainWindow, QPushButton
from rasters import write_raster
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.shared_scenario import remember
from slopecast.plugin.main import SlopecastPlugin


def wait(milliseconds):
    """Let Qt work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Window:
    """The part of QGIS's interface that the plugin uses."""

    def __init__(self):
        self.window, self.menu, self.toolbar = QMainWindow(), [], []
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.bar = QgsMessageBar(self.window)
        self.window.show()

    def mainWindow(self):
        return self.window

    def mapCanvas(self):
        return self.canvas

    def messageBar(self):
        return self.bar

    def addTabifiedDockWidget(self, area, dock, **_):
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):
        self.window.removeDockWidget(dock)

    def addPluginToMenu(self, name, action):
        self.menu.append((name, action))

    def removePluginMenu(self, name, action):
        self.menu.remove((name, action))

    def addToolBarIcon(self, action):
        self.toolbar.append(action)

    def removeToolBarIcon(self, action):
        self.toolbar.remove(action)


def test_the_plugin_comes_and_goes(monkeypatch):
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    iface = Window()
    plugin = SlopecastPlugin(iface)
    plugin.initGui()
    assert [action.text() for _, action in iface.menu] == [
        "Predict failure mask...",
        "Live panel",
        "Predict failure masks from a table...",
        "Simulate factor of safety...",
        "Failure probability...",
        "Calibrate to landslides...",
        "Map sheet...",
        "Load example data",
        "Check environment...",
        "Guide",
    ]
    assert [action.toolTip() for action in iface.toolbar] == [
        "Slopecast: predict failure mask...",
        "Slopecast: live panel",
    ]
    opened = []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: opened.append(name))
    iface.menu[2][1].trigger()
    for index in (3, 4, 6, 8):
        iface.menu[index][1].trigger()
    assert [name.removeprefix("slopecast:") for name in opened] == [
        "predictfromtable", "simulatefactorofsafety", "failureprobability", "mapsheet", "checkenvironment",
    ]  # fmt: skip
    pages = []
    opener = SimpleNamespace(openUrl=lambda url: pages.append(Path(url.toLocalFile()).name) or True)
    monkeypatch.setattr("slopecast.plugin.gui.documents.QDesktopServices", opener)
    iface.menu[9][1].trigger()
    assert pages == ["guide.html"]
    loaded = []
    monkeypatch.setattr(FailureMaskDialog, "load_example", lambda dialog: loaded.append(dialog is plugin.dialog))
    iface.menu[7][1].trigger()
    assert loaded == [True]
    plugin.dialog.close()
    assert not iface.toolbar[0].icon().isNull()
    iface.toolbar[0].trigger()
    first = plugin.dialog
    assert first.isVisible()
    iface.toolbar[0].trigger()
    assert plugin.dialog is first
    iface.toolbar[1].trigger()
    assert plugin.panel.isVisible()
    iface.toolbar[1].trigger()
    assert not plugin.panel.isVisible()
    plugin.unload()
    assert (iface.menu, iface.toolbar, plugin.dialog, plugin.panel) == ([], [], None, None)


def test_a_page_that_is_missing_opens_no_other_one(monkeypatch, tmp_path):
    """The addresses in metadata.txt are placeholders."""
    from slopecast.plugin.gui.documents import open_document

    pages = []
    opener = SimpleNamespace(openUrl=lambda url: pages.append(url.toString()) or True)
    monkeypatch.setattr("slopecast.plugin.gui.documents.QDesktopServices", opener)
    assert "guide.html' is missing" in open_document(tmp_path / "guide.html", "dialog")
    assert pages == []


def test_the_tools_of_the_menu_begin_with_the_values_of_the_dialog(monkeypatch, tmp_path):
    """Also with those of a project that was opened; a number that is not allowed, or a layer that is gone, is not."""
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    QgsSettings().setValue("slopecast/greeted", True)
    QgsProject.instance().clear()
    iface, opened = Window(), []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: opened.append(parameters))
    plugin = SlopecastPlugin(iface)
    plugin.initGui()
    for index in (2, 3, 4, 5, 6):
        iface.menu[index][1].trigger()
    assert opened == [{}] * 5  # nothing was entered
    dem = QgsRasterLayer(str(write_raster(tmp_path / "dem.tif", np.eye(9))), "dem")
    QgsProject.instance().addMapLayer(dem)
    remember(QgsProject.instance(), {"DEM": dem.id(), "SOIL_DEPTH": "-", "RAINFALL": "20", "COHESION": "-5"})
    opened.clear()
    iface.menu[3][1].trigger()
    assert opened == [{"DEM": dem.id(), "SOIL_DEPTH": None, "RAINFALL": 20.0}]
    plugin.show_dialog()
    plugin.dialog.main_form.fields["RAINFALL"].setText("35")
    plugin.dialog.close()
    opened.clear()
    for index in (2, 3, 4, 5, 6):
        iface.menu[index][1].trigger()
    assert [given.get("RAINFALL") for given in opened] == [35.0] * 4 + [None]
    QgsProject.instance().removeMapLayer(dem.id())
    iface.menu[4][1].trigger()
    assert "DEM" not in opened[-1]
    plugin.unload()
    QgsProject.instance().clear()


MAPS = ("SUSCEPTIBILITY", "CALIBRATED_SOIL_DEPTH")


def test_the_best_set_of_a_calibration_can_be_used(monkeypatch, tmp_path):
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    QgsSettings().setValue("slopecast/greeted", True)
    iface = Window()
    plugin = SlopecastPlugin(iface)
    plugin.initGui()
    results = {
        "FINDING": "It ranks better: AUC 0.8 (0.7 to 0.9) against 0.6.", "AUC": 0.8, "AUC_LOW": 0.7, "AUC_SLOPE": 0.6,
        "REPORT": str(tmp_path / "report.html"),
        "BEST_SET": '{"COHESION": 8.58312, "CONDUCTIVITY": 2.0378e-05}',
        **{key: str(write_raster(tmp_path / f"{key}.tif", np.eye(9))) for key in MAPS},
    }  # fmt: skip
    layers = {key: QgsRasterLayer(f"{tmp_path}//{key}.tif", key) for key in MAPS}  # spelled otherwise, as on Windows
    QgsProject.instance().addMapLayers(layers.values())
    reports = []
    opener = SimpleNamespace(openUrl=lambda url: reports.append(url.toLocalFile()))
    monkeypatch.setattr("slopecast.plugin.main.QDesktopServices", opener)
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: {})
    iface.menu[5][1].trigger()
    assert iface.bar.items() == []  # closed without a run
    opened = []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: opened.append(name) or results)
    iface.menu[5][1].trigger()
    assert opened == ["slopecast:calibratetoinventory"]
    assert [item.text() for item in iface.bar.items()] == ["Calibrated: AUC 0.800, slope angle 0.600."]
    assert "0.7 to 0.9" in iface.bar.items()[0].toolTip()
    use, report = iface.bar.items()[0].findChildren(QPushButton)
    report.click()
    assert reports == [results["REPORT"]]
    use.click()
    assert plugin.dialog.isVisible()
    assert plugin.dialog.picker.depth.id() == layers["CALIBRATED_SOIL_DEPTH"].id()
    root = QgsProject.instance().layerTreeRoot()
    assert not root.findLayer(layers["SUSCEPTIBILITY"]).isVisible()
    assert plugin.dialog.main_form.texts["COHESION"] == "8.583"
    assert plugin.dialog.main_form.texts["CONDUCTIVITY"] == "2.038e-5"
    iface.toolbar[1].trigger()
    assert plugin.panel.scenario.texts["COHESION"] == "8.583"
    results.update(AUC=0.52, AUC_LOW=0.44)
    iface.menu[5][1].trigger()
    assert iface.bar.items()[0].text() == "Calibration failed: AUC 0.520."
    plugin.unload()
    QgsProject.instance().clear()


@pytest.mark.parametrize(
    ("calibrated", "present", "doubted"),
    [("given", "given", False), ("slope, 0.5 m to 4 m", None, False), ("slope, 0.5 m to 4 m", "given", False),
     ("constant, 1 m to 2 m", "given", True), ("constant, 1 m to 2 m", None, True),
     ("constant, 1 m to 2 m", "constant", False), ("given", None, True), ("", "given", False)],
)  # fmt: skip
def test_the_soil_depth_of_a_calibrated_set_is_taken_or_another_one_doubted(
    calibrated, present, doubted, monkeypatch, tmp_path
):
    """Without the output CALIBRATED_SOIL_DEPTH, which is not written by default."""
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    QgsSettings().setValue("slopecast/greeted", True)
    iface = Window()
    plugin = SlopecastPlugin(iface)
    plugin.initGui()
    plugin.show_dialog()
    if present is not None:
        path = str(write_raster(tmp_path / "soil_depth.tif", np.eye(9)))
        if present == "constant":
            dataset = gdal.Open(path, gdal.GA_Update)
            entries = {"ALGORITHM": "slopecast:estimatesoildepth", "METHOD": "constant", "DEPTH_MIN": "1 m",
                       "DEPTH_MAX": "2 m"}  # fmt: skip
            dataset.SetMetadata({f"SLOPECAST_{key}": text for key, text in entries.items()})
            dataset = None
        layer = QgsRasterLayer(path, "soil depth")
        QgsProject.instance().addMapLayer(layer)
        plugin.dialog.picker.set_texts({"SOIL_DEPTH": layer.id()})
    results = {
        "FINDING": "", "AUC": 0.8, "AUC_LOW": 0.7, "AUC_SLOPE": 0.6, "REPORT": "", "BEST_SET": '{"COHESION": 8.6}',
        "DEPTH_OF_SETS": calibrated,
    }  # fmt: skip
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: results)
    iface.menu[5][1].trigger()
    iface.bar.items()[0].findChild(QPushButton).click()
    assert plugin.dialog.main_form.texts["COHESION"] == "8.6"
    doubts = [item.text() for item in iface.bar.items() if "another soil depth" in item.text()]
    assert [calibrated in text for text in doubts] == [True] * doubted
    taken = calibrated.startswith("slope") or present is None
    assert (plugin.dialog.picker.depth is None) == taken
    plugin.unload()
    QgsProject.instance().clear()


def test_only_the_first_start_shows_where_to_begin(monkeypatch):
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    QgsSettings().remove("slopecast/greeted")
    iface = Window()
    plugin = SlopecastPlugin(iface)
    asked = []
    monkeypatch.setattr(plugin, "load_example", lambda *_: asked.append(True))
    plugin.initGui()
    items = iface.bar.items()
    assert ["Plugins menu" in item.text() for item in items] == [True]
    items[0].findChild(QPushButton).click()
    wait(100)
    assert (asked, iface.bar.items()) == ([True], [])
    plugin.unload()
    later = SlopecastPlugin(iface)
    later.initGui()
    assert iface.bar.items() == []
    later.unload()


def test_the_plugin_lives_without_a_window(monkeypatch):
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    plugin = SlopecastPlugin(None)
    plugin.initGui()
    plugin.unload()


def test_a_hint_that_was_cleared_does_not_stop_the_unloading(monkeypatch):
    monkeypatch.setattr(SlopecastPlugin, "initProcessing", lambda self: None)
    QgsSettings().remove("slopecast/greeted")
    iface = Window()
    plugin = SlopecastPlugin(iface)
    plugin.initGui()
    assert plugin.hint is not None
    iface.bar.clearWidgets()
    wait(50)
    plugin.unload()
    assert plugin.hint is None
