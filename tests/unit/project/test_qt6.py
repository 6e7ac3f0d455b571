"""One code base for Qt 5 and Qt 6, QGIS 3.22 to 4: what one of them lacks is refused, by reading the source.

Names that QGIS and Qt offer are looked up in the QGIS at hand: an enumeration's member must follow its
enumeration (``Qt.Orientation.Horizontal``; Qt 6 has no ``Qt.Horizontal``), and what is not there at all is no name to
use, on QGIS 3.22 for instance ``Qgis.ProcessingSourceType``.
"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any, Iterator
from xml.etree import ElementTree

import pytest
from checkout import ROOT

pytest.importorskip("qgis.core", reason="names are looked up in QGIS")

FILES = sorted(
    p for p in [ROOT / "__init__.py", *(ROOT / "plugin").rglob("*.py")] if "__pycache__" not in p.parts
)  # fmt: skip
FORMS = sorted((ROOT / "ui").rglob("*.ui"))

#: Modules that QGIS 4 does not have, or has under another name.
GONE_MODULES = ("PyQt4", "PyQt5", "PyQt6", "PySide2", "PySide6", "sip", "processing.gui", "qgis.PyQt.QtWebKit",
                "qgis.PyQt.QtWebKitWidgets", "qgis.PyQt.QtScript", "qgis.PyQt.QtXmlPatterns")  # fmt: skip
#: Methods and classes that Qt 6 dropped, and what to write.
GONE_NAMES = {
    "exec_": "exec()",
    "print_": "print()",
    "QRegExp": "QRegularExpression",
    "QRegExpValidator": "QRegularExpressionValidator",
    "QDesktopWidget": "widget.screen()",
    "QTextCodec": "Python's codecs",
    "QSignalMapper": "a lambda",
    "QMatrix": "QTransform",
    "QGLWidget": "QOpenGLWidget",
    "QFontMetrics.width": "horizontalAdvance()",
    "setTabStopWidth": "setTabStopDistance()",
    "globalPos": "globalPosition() or QCursor.pos()",
    "setMargin": "setContentsMargins()",
    "toTime_t": "toSecsSinceEpoch()",
    "qApp": "QApplication.instance()",
    "pushFormattedMessage": "pushInfo(): QGIS 3.22 lacks it",
}


def written(source: str) -> Iterator[str]:
    """What breaks under Qt 6 or QGIS 4 by its wording alone: one text a finding, with its line."""
    tree = ast.parse(source)
    by_version = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _asks_for_the_version(node)]
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (_gone(node, alias.name) for alias in node.names if alias.name in GONE_NAMES)
            old = any(function.lineno <= node.lineno <= function.end_lineno for function in by_version)
            if not old and any(alias.name == "QVariant" for alias in node.names):
                yield f"{node.lineno}: QVariant: PyQt 6 has no such types; use Python values and QMetaType"
        elif isinstance(node, ast.Attribute) and node.attr in GONE_NAMES:
            yield _gone(node, node.attr)
        for name in names:
            if any(name == module or name.startswith(f"{module}.") for module in GONE_MODULES):
                yield f"{node.lineno}: import {name}: Qt through qgis.PyQt only, and no module that QGIS 4 renames"


def _asks_for_the_version(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "QGIS_VERSION_INT" for node in ast.walk(function))


def _gone(node: ast.AST, name: str) -> str:
    return f"{node.lineno}: {name}: use {GONE_NAMES[name]}"


def looked_up(source: str) -> Iterator[str]:
    """Enumeration members without their enumeration, and names that this QGIS does not have."""
    tree = ast.parse(source)
    known = dict(_imported(tree))
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            yield from _chain(node, known)


def _imported(tree: ast.AST) -> Iterator[tuple[str, Any]]:
    """Local names of what a file imports from QGIS, with the objects."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("qgis."):
            module = importlib.import_module(node.module)
            for alias in node.names:
                found = getattr(module, alias.name, None)  # None: a submodule
                yield alias.asname or alias.name, found


def _chain(node: ast.Attribute, known: dict[str, Any]) -> Iterator[str]:
    parts, base = [], node
    while isinstance(base, ast.Attribute):
        parts.append(base.attr)
        base = base.value
    if not isinstance(base, ast.Name) or base.id not in known or not isinstance(known[base.id], type):
        return
    found, path = known[base.id], base.id
    for name in reversed(parts):
        owner, path = found, f"{path}.{name}"
        try:
            found = getattr(owner, name)
        except AttributeError:
            yield f"{node.lineno}: {path}: this QGIS has no such name"
            return
        if _is_member(found) and owner is not type(found):
            yield f"{node.lineno}: {path}: write {type(found).__qualname__}.{name}, if that is its name there"
        if not isinstance(found, type):
            return


def _is_member(found: Any) -> bool:
    """Whether it is a value of an enumeration of Qt's or QGIS's, not a plain number."""
    kind = type(found)
    return not isinstance(found, type) and isinstance(found, int) and kind not in (int, bool)


def form_findings(path: Path) -> Iterator[str]:
    """Enumerations in a form need their class as Qt Designer writes it: ``Qt::Horizontal``, never a bare number."""
    for tag in ("enum", "set"):
        for element in ElementTree.parse(path).getroot().iter(tag):
            for name in (element.text or "").split("|"):
                if not re.fullmatch(r"\w+(::\w+){1,2}", name):
                    yield f"{name}: write it with its class"


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_nothing_that_qt6_or_qgis4_dropped_is_written(path):
    assert list(written(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_enumerations_are_scoped_and_names_exist(path):
    pytest.importorskip("qgis.core")
    source = path.read_text(encoding="utf-8")
    guarded = re.findall(r'hasattr\(\w+, "(\w+)"\)', source)
    found = [line for line in looked_up(source) if line.split(":")[1].rpartition(".")[2] not in guarded]
    assert found == []


@pytest.mark.parametrize("path", FORMS, ids=_name)
def test_forms_load_under_both(path):
    assert list(form_findings(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "dialog.exec_()",
        "from PyQt5.QtCore import Qt",
        "import PyQt6.QtCore",
        "from qgis.PyQt.QtCore import QVariant",
        "from qgis.PyQt.QtCore import QRegExp",
        "import processing.gui.AlgorithmDialog",
        "from processing.gui import wrappers",
        "feedback.pushFormattedMessage('', '')",
    ],
)
def test_the_wording_is_seen(line):
    """The checks above would be worthless if they found nothing."""
    assert len(list(written(line))) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignLeft", "AlignmentFlag.AlignLeft"),
        ("from qgis.PyQt.QtWidgets import QMessageBox\nQMessageBox.Yes", "StandardButton.Yes"),
        ("from qgis.core import QgsProcessing as P\nP.TypeRaster", "SourceType.TypeRaster"),
        ("from qgis.core import Qgis\nf(Qgis.NoSuchThing.Yet)", "Qgis.NoSuchThing: this QGIS has no such name"),
    ],
)
def test_members_without_their_enumeration_are_seen(line, message):
    pytest.importorskip("qgis.core")
    found = list(looked_up(line))
    assert len(found) == 1
    assert message in found[0]


@pytest.mark.parametrize(
    "line",
    [
        "from qgis.PyQt.QtCore import Qt\nx = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop",
        "from qgis.core import QgsProject\nQgsProject.instance().layerTreeRoot()",
        "from qgis.core import Qgis\nQgis.DataType.Float32",
    ],
)
def test_what_both_have_passes(line):
    pytest.importorskip("qgis.core")
    assert list(looked_up(line)) == []
