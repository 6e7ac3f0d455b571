"""``make translations``: gather the texts that users see, keep what is translated, compile ``ui/i18n/*.qm``.

Texts are found where they are written in the code, ``tr("...")``, in the forms, and by asking: the help and the
windows are made once while a listener notes every text that they want translated. New texts are added to the ``.ts``
files without a translation (QGIS shows them in English), texts that are gone are kept there as ``vanished``.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator
from xml.etree import ElementTree

import checkout
from checkout import ROOT
from slopecast.plugin.variables import VARIABLES

FOLDER = ROOT / "ui" / "i18n"
LANGUAGES = ("ko",)
#: Context of the texts in the code; a form's texts have its class.
CONTEXT = "Slopecast"
#: Windows that are made once to hear what they say: module and class below plugin/gui, what the class is given.
WINDOWS = (
    ("failure_mask_dialog", "FailureMaskDialog", ()),
    ("design_rain_dialog", "DesignRainDialog", (24.0,)),
    ("live.live_panel", "LivePanel", None),  # a map
)

#: Calls whose strings are translated where they are shown, see plugin/text.py.
MESSAGE_CALLS = ("InputError", "SlopecastError", "CellError", "pushInfo", "pushWarning", "pushNote", "pushCaution",
                 "pushCautions")  # fmt: skip

Text = "tuple[str, str]"  # context, source


def gather() -> list[Text]:
    """All texts, sorted, those of the code before those of the forms."""
    texts = {(CONTEXT, text) for text in (*written(), *in_legends(), *asked())} | set(in_forms())
    return sorted(texts, key=lambda text: (text[0] != CONTEXT, text))


def written() -> Iterator[str]:
    """Texts in calls of tr() and Text(), in errors and in what goes to the log; constants and tables by name."""
    yield from (text for v in VARIABLES for text in (v.label, v.advice))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "plugin").rglob("*.py"))]
    importable = {name: texts for tree in trees for name, texts in _tables(tree) if re.fullmatch("[A-Z][A-Z_]+", name)}
    for tree in trees:
        own: dict[str, list[str]] = {}
        for name, texts in _tables(tree):  # functions may use a name alike
            own[name] = [*own.get(name, []), *texts]
        tables = {**importable, **own}
        for node in ast.walk(tree):
            for given in _translated(node):
                name = given.value if isinstance(given, ast.Subscript) else given
                texts = [given.value] if isinstance(given, ast.Constant) else tables.get(getattr(name, "id", ""), [])
                yield from (text for text in texts if isinstance(text, str) and re.search("[A-Za-z]{2}", text))


def _translated(node: ast.AST) -> list[ast.expr]:
    """Arguments of a call that come to users in their language."""
    if not isinstance(node, ast.Call):
        return []
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name in ("tr", "Text"):
        return node.args[:1]  # with two branches it is a table, see _tables
    of_super = name == "__init__" and getattr(getattr(node.func.value, "func", None), "id", "") == "super"
    if name in MESSAGE_CALLS or of_super:
        branches = [b for a in node.args if isinstance(a, ast.IfExp) for b in (a.body, a.orelse)]
        return [*node.args, *branches]
    return []


def _tables(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Texts in a module's constants and those of functions, by their names."""
    for node in (*tree.body, *(n for n in ast.walk(tree) if isinstance(n, ast.Assign) and n not in tree.body)):
        value = getattr(node, "value", None)
        branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Name) and all(isinstance(getattr(b, "value", None), str) for b in branches):
                yield target.id, [b.value for b in branches]
            elif isinstance(target, ast.Name) and isinstance(value, ast.Dict):
                yield target.id, [v.value for v in value.values if isinstance(getattr(v, "value", None), str)]


def in_legends() -> Iterator[str]:
    """Labels in the legends of the shipped styles, but plain ranges such as ``0.5 to 1 m``."""
    for path in sorted((ROOT / "ui" / "styles").glob("*.qml")):
        for element in ElementTree.parse(path).getroot().iter():
            label = element.get("label", "")
            if re.search("[A-Za-z]{2}", label) and not re.fullmatch(r"[\d.]+ to [\d.]+ \S+", label):
                yield label


def in_forms() -> Iterator[Text]:
    """Texts of the forms, which Qt translates in the context of the form's class."""
    for path in sorted((ROOT / "ui").rglob("*.ui")):
        root = ElementTree.parse(path).getroot()
        for element in root.iter("string"):
            if element.text and element.text.strip(". ") and element.get("notr") != "true":
                yield root.findtext("class", ""), element.text


def asked() -> set[str]:
    """Texts that the provider, its algorithms and the windows ask a translation of."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QCoreApplication, QTranslator

    class Listener(QTranslator):
        requested: set[str] = set()

        def isEmpty(self) -> bool:
            return False

        def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
            if context == CONTEXT:
                self.requested.add(text)
            return ""

    checkout.register()
    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    from qgis.analysis import QgsNativeAlgorithms
    from slopecast.plugin.main import SlopecastPlugin

    registry = QgsApplication.processingRegistry()
    registry.addProvider(QgsNativeAlgorithms(registry))  # the graphical models wait for it
    plugin = SlopecastPlugin(None)
    plugin.initProcessing()
    listener = Listener()
    QCoreApplication.installTranslator(listener)
    try:
        for algorithm in plugin.provider.algorithms():
            fresh = algorithm.create()
            _ = fresh.displayName(), fresh.group(), fresh.shortDescription(), fresh.shortHelpString(), fresh.tags()
        for window in _windows():
            window.deleteLater()
    finally:
        QCoreApplication.removeTranslator(listener)
    return {text for text in listener.requested if text.strip(" .")}


def _windows() -> Iterator[object]:
    from importlib import import_module

    from qgis.gui import QgsMapCanvas

    for module, name, arguments in WINDOWS:
        given = (QgsMapCanvas(),) if arguments is None else arguments
        try:
            yield getattr(import_module(f"slopecast.plugin.gui.{module}"), name)(*given)
        except Exception as error:
            sys.stderr.write(f"Only the texts in the code of {module}: {type(error).__name__}: {error}\n")


def read(path: Path) -> dict[Text, str]:
    """Translations of a .ts file by context and text; those of texts that are gone included."""
    if not path.exists():
        return {}
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation", "")
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
        if message.findtext("translation")
    }


def write(path: Path, language: str, texts: list[Text], known: dict[Text, str]) -> None:
    """Write a .ts file: the texts in order, then the translated ones that are gone."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ElementTree.Element] = {}
    gone = sorted(set(known) - set(texts))
    for name, source in [*texts, *gone]:
        if name not in contexts:
            contexts[name] = ElementTree.SubElement(root, "context")
            ElementTree.SubElement(contexts[name], "name").text = name
        message = ElementTree.SubElement(contexts[name], "message")
        ElementTree.SubElement(message, "source").text = source
        translation = ElementTree.SubElement(message, "translation")
        if (name, source) in known:
            translation.text = known[name, source]
        if (name, source) in gone:
            translation.set("type", "vanished")
        elif (name, source) not in known:
            translation.set("type", "unfinished")
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")


def compile_(path: Path) -> Path:
    """Compile a .ts file with Qt's lrelease."""
    found = [shutil.which(name) for name in ("lrelease", "lrelease-qt5", "lrelease6", "/usr/lib/qt5/bin/lrelease")]
    program = next((name for name in found if name), None)
    if program is None:
        raise SystemExit("Qt's lrelease is missing: apt-get install qttools5-dev-tools")
    made = path.with_suffix(".qm")
    environment = {**os.environ, "QT_SELECT": "5"}
    command = [program, "-silent", "-nounfinished", str(path), "-qm", str(made)]
    subprocess.run(command, check=True, env=environment)
    return made


def main() -> int:
    """Bring all languages up to date; ``--missing`` lists what is not translated."""
    texts = gather()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        path = FOLDER / f"slopecast_{language}.ts"
        known = read(path)
        write(path, language, texts, known)
        made = compile_(path)
        missing = [text for text in texts if text not in known]
        sys.stdout.write(
            f"{made.relative_to(ROOT)}: {len(texts) - len(missing)} of {len(texts)} texts are translated, "
            f"{len(set(known) - set(texts))} translations are of texts that are gone\n"
        )
        if "--missing" in sys.argv:
            sys.stdout.writelines(f"  [{context}] {text!r}\n" for context, text in missing)
    sys.stdout.flush()
    os._exit(0)  # QGIS, taken down by the interpreter's end, may crash
