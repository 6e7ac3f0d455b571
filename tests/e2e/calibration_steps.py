"""The calibration as a user sees it in QGIS: dialog, map, report, the best set in the dialog, and its class map."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Iterator

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer, QUrl
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QPushButton
from qgis.utils import iface

_NAMED = {
    "DEM": "Elevation (synthetic)",
    "SOIL_DEPTH": "Soil depth (synthetic)",
    "LANDSLIDES": "Landslides (synthetic)",
}
_RAINFALL = 12.0  # of the storm that the example's landslides are drawn from
_REPORT_SIZE = (1100, 1000)


def look_at_calibration(plugin, folder: Path, screenshot: Callable[[str], None], seen: dict) -> Iterator:
    """Yield what is waited for, see ``desktop_steps``; ``seen`` gets what was found."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    project.setDirty(False)
    iface.newProject()
    yield 500
    plugin.load_example()
    yield lambda: plugin.dialog.example is None
    yield 500
    plugin.dialog.close()
    layers = {key: project.mapLayersByName(name)[0] for key, name in _NAMED.items()}
    project.layerTreeRoot().findLayer(layers["LANDSLIDES"]).setItemVisibilityChecked(True)
    began, report = time.monotonic(), folder / "calibration.html"
    QTimer.singleShot(0, plugin.open_calibration)  # which comes back when the dialog is closed
    yield processing_dialogs
    dialog = processing_dialogs()[0]
    values = {key: layer.id() for key, layer in layers.items()}
    dialog.setParameters({**values, "RAINFALL": _RAINFALL, "REPORT": str(report)})
    yield 500
    screenshot("9_calibration")
    dialog.runButton().click()
    yield dialog.results
    yield 500
    results = dialog.results()
    seen["calibration"] = {
        "finding": results["FINDING"], "seconds": time.monotonic() - began,
        "auc": [results[key] for key in ("AUC_LOW", "AUC", "AUC_HIGH", "AUC_SLOPE", "AUC_DEFAULT")],
    }  # fmt: skip
    dialog.close()
    yield 500
    iface.mainWindow().findChild(QDockWidget, "ResultsViewer").close()
    canvas.setExtent(layers["DEM"].extent().scaled(1.05))
    canvas.refresh()
    yield 300
    yield lambda: not canvas.isDrawing()
    yield 300
    screenshot("9b_calibrated")
    yield from picture_report(report, folder / "9c_calibration_report.png")
    bar = iface.messageBar()
    next(button for button in bar.findChildren(QPushButton) if button.text() == "Use these values").click()
    yield 500
    seen["calibration"]["values"] = plugin.dialog.values
    plugin.dialog.run_button.click()
    yield lambda: plugin.dialog.run is None
    project.layerTreeRoot().findLayer(layers["LANDSLIDES"]).setItemVisibilityChecked(False)
    yield 700
    yield lambda: not canvas.isDrawing()
    yield 500
    shown = [one.layer() for one in project.layerTreeRoot().findLayers() if one.isVisible()]
    seen["calibration"]["shown"] = [layer.name() for layer in shown if isinstance(layer, QgsRasterLayer)]
    seen["calibration"]["text"] = plugin.dialog.result_label.text()
    plugin.dialog.close()
    iface.messageBar().clearWidgets()
    yield 500
    screenshot("9d_calibrated_classes")


def processing_dialogs() -> list:
    """Dialogs of algorithms that are open."""
    return [one for one in QApplication.topLevelWidgets() if hasattr(one, "runButton") and one.isVisible()]


def picture_report(report: Path, target: Path, highest: int = _REPORT_SIZE[1]) -> Iterator:
    """Picture an HTML report, or the beginning of one that is higher [px], where QGIS comes with a browser."""
    try:
        from qgis.PyQt.QtWebKitWidgets import QWebView
    except ImportError:
        return
    view = QWebView()
    loaded = []
    view.loadFinished.connect(loaded.append)
    view.resize(*_REPORT_SIZE)
    view.load(QUrl.fromLocalFile(str(report)))
    view.show()
    yield lambda: loaded
    view.resize(_REPORT_SIZE[0], min(view.page().mainFrame().contentsSize().height(), highest))
    yield 500
    view.grab().save(str(target))
    view.close()
