"""Walks through QGIS: the steps of a script run inside QGIS (``qgis --code``), one after the other; then it quits.

A step is a generator's stretch between two yields; what is yielded is waited for.
"""

from __future__ import annotations

import json
import os
import time
import traceback
from pathlib import Path
from typing import Callable, Iterator

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QTreeView
from qgis.utils import iface

TASK = json.loads(os.environ["SLOPECAST_E2E"])
FOLDER = Path(TASK["folder"])
SEEN: dict = {"screenshots": [], "errors": []}
RUN_WITHIN_S = 300


def unfold_toolbox() -> Iterator[int]:
    """Open Processing's toolbox at the right of the map, with the provider's tools unfolded; returns it."""
    toolbox = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    toolbox.show()
    yield 700
    tree = toolbox.findChild(QTreeView)
    model = tree.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if model.data(index) == "Slopecast":
            tree.expandRecursively(index)
            tree.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
    yield 500
    return toolbox


def screenshot(name: str) -> None:
    """Picture the whole screen."""
    QApplication.processEvents()
    file = FOLDER / f"{name}.png"
    QApplication.primaryScreen().grabWindow(0).save(str(file))
    SEEN["screenshots"].append(str(file))


def start(steps: Iterator[int | Callable[[], object]]) -> None:
    """Walk once QGIS is there, on its whole screen; a step yields milliseconds to wait, or a function to wait for."""
    iface.initializationCompleted.connect(lambda: _begin(steps))


def _begin(steps: Iterator) -> None:
    QgsApplication.messageLog().messageReceived.connect(_note_python_errors)
    iface.mainWindow().showMaximized()
    if iface.mainWindow().geometry() != QApplication.primaryScreen().availableGeometry():
        iface.mainWindow().setGeometry(QApplication.primaryScreen().availableGeometry())  # without a window manager
    iface.mainWindow().findChild(QDockWidget, "Browser").close()
    QTimer.singleShot(1000, lambda: _advance(steps))


def _note_python_errors(text: str, tag: str, _level: object) -> None:
    """Keep what QGIS reports of broken Python code, which else nobody would see."""
    if "python" in tag.lower() and "Traceback" in text:
        SEEN["errors"].append(text)


def _advance(steps: Iterator) -> None:
    """Run the next step; at the end, or at an error, report and quit."""
    try:
        wait = next(steps)
    except StopIteration:
        _quit()
    except Exception:
        SEEN["errors"].append(traceback.format_exc())
        screenshot("failed")
        _quit()
    else:
        if callable(wait):
            _poll(steps, wait, time.monotonic() + RUN_WITHIN_S)
        else:
            QTimer.singleShot(wait, lambda: _advance(steps))


def _poll(steps: Iterator, ready: Callable[[], object], end: float) -> None:
    """Go on as soon as ``ready``."""
    if ready():
        QTimer.singleShot(100, lambda: _advance(steps))
    elif time.monotonic() > end:
        SEEN["errors"].append("timed out")
        screenshot("failed")
        _quit()
    else:
        QTimer.singleShot(100, lambda: _poll(steps, ready, end))


def _quit() -> None:
    """Write the report and leave without questions."""
    (FOLDER / "report.part").write_text(json.dumps(SEEN, indent=1))
    (FOLDER / "report.part").rename(FOLDER / "report.json")
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()
