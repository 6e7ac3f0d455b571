"""Help: every parameter has help, the Help buttons open bundled pages, and these are up to date."""

import re
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from authoring import docs
from checkout import ROOT
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialogButtonBox
from slopecast.plugin.algorithms.locations import REFERENCE, help_url

PAGES = [ROOT / "docs" / f"{name}.md" for name in docs.PAGES]


def everything():
    return QgsApplication.processingRegistry().providerById("slopecast").algorithms()


def algorithms():
    """Those in Python; the graphical models are made of them."""
    return [algorithm for algorithm in everything() if not isinstance(algorithm, QgsProcessingModelAlgorithm)]


def test_every_parameter_of_every_algorithm_has_help():
    silent = [(a.name(), p.name()) for a in algorithms() for p in a.parameterDefinitions() if not p.help().strip()]
    assert silent == []


def test_every_input_of_every_model_has_help():
    """QGIS gives the outputs of a model no help of their own."""
    models = [algorithm for algorithm in everything() if isinstance(algorithm, QgsProcessingModelAlgorithm)]
    inputs = [(m.name(), p) for m in models for p in m.parameterDefinitions() if not p.isDestination()]
    assert [(name, p.name()) for name, p in inputs if not p.help().strip()] == []
    assert all(model.shortHelpString().strip() for model in models)


def test_the_help_lists_every_default():
    """Numbers, choices and switches: what acts when the user leaves them alone."""
    for algorithm in algorithms():
        text = algorithm.shortHelpString()
        for parameter in algorithm.parameterDefinitions():
            if isinstance(parameter.defaultValue(), float):
                described = text.split(f"<b>{parameter.description()}</b><br>".replace("&", "&amp;"))[1].split("</p>")[
                    0
                ]
                assert f" {parameter.defaultValue():.10g}." in described, (algorithm.name(), parameter.name())
            elif hasattr(parameter, "options"):
                assert f"Default: {parameter.options()[parameter.defaultValue()]}." in text.replace("&amp;", "&")


def test_the_guide_names_the_default_of_every_choice():
    """Models and scripts give choices by number: which one acts without must be reported."""
    choices = [p for a in algorithms() for p in a.parameterDefinitions() if hasattr(p, "options")]
    assert choices
    for parameter in choices:
        number = parameter.defaultValue()
        assert f"{number} {escape(parameter.options()[number])} (default)" in docs._input_row(parameter)[2]


def test_the_help_of_every_algorithm_is_a_section_of_a_bundled_page():
    page = (ROOT / "docs" / "reference.html").read_text(encoding="utf-8")
    for algorithm in everything():
        address = urlsplit(algorithm.helpUrl())
        assert address.scheme == "file"
        assert Path(unquote(address.path)) == REFERENCE == ROOT / "docs" / "reference.html"
        assert address.fragment == algorithm.name()
        assert page.count(f'id="{algorithm.name()}"') == 1, f"{algorithm.name()}: run 'make docs'"


def test_the_address_of_help_holds_for_any_folder(tmp_path):
    page = tmp_path / "plug ins #1 äß 한글" / "reference.html"
    address = urlsplit(help_url(page, "mapsheet"))
    assert Path(unquote(address.path)) == page
    assert address.fragment == "mapsheet"


class Browser(QObject):
    """Takes the addresses that QGIS opens."""

    def __init__(self):
        super().__init__()
        self.opened = []

    @pyqtSlot(QUrl)
    def open(self, url):
        self.opened.append(url)


@pytest.mark.parametrize("name", ["predictfailuremask", "mapsheet", "model_failed_areas"])
def test_the_help_button_of_the_processing_dialog_opens_the_section(name):
    """The button that QGIS draws, with a stand-in for the browser."""
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    browser = Browser()
    QDesktopServices.setUrlHandler("file", browser.open)
    dialog = AlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}"))
    try:
        buttons = [b for box in dialog.findChildren(QDialogButtonBox) for b in box.buttons()]
        next(b for b in buttons if "help" in b.text().lower()).click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
        dialog.close()
    assert browser.opened[0].toLocalFile() == str(REFERENCE)
    assert browser.opened[0].fragment() == name


@pytest.mark.parametrize("name", docs.PAGES)
def test_pages_need_no_network(name):
    html = (ROOT / "docs" / f"{name}.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|<link[^>]*href|@import)\s*=?\s*"?https?:', html)
    assert "<script" not in html


def test_theory_has_equations_and_references():
    """At least 25 references with a DOI; every reference is cited, and every number in the text is one."""
    text = (ROOT / "docs" / "theory.md").read_text(encoding="utf-8")
    body, references = text.split("## References")
    assert len(re.findall(r"https://doi\.org/10\.", references)) >= 25
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", references, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {int(n) for group in re.findall(r"\[(\d+(?:, \d+)*)\](?!\()", body) for n in group.split(", ")}
    assert cited == set(numbers)


def test_the_dialogs_help_opens_its_section(monkeypatch):
    from slopecast.plugin.gui import documents
    from slopecast.plugin.gui import failure_mask_dialog as module

    opened = []
    monkeypatch.setattr(documents.QDesktopServices, "openUrl", opened.append)
    dialog = module.FailureMaskDialog()
    dialog.help_button.click()
    dialog.shut_down()
    assert opened[0].toLocalFile() == str(ROOT / "docs" / "guide.html")
    assert 'id="dialog"' in (ROOT / "docs" / "guide.html").read_text(encoding="utf-8")


def test_the_generated_parts_are_those_of_the_product():
    made = docs.parts()
    for page in [*PAGES, *(ROOT / "docs" / f"{name}.md" for name in docs.TEXTS)]:
        text = page.read_text(encoding="utf-8")
        assert docs.filled(text, made) == text, f"{page.name}: run 'make docs'"


@pytest.mark.parametrize("name", docs.PAGES)
def test_the_html_is_that_of_the_text(name):
    pytest.importorskip("markdown")
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / f"{name}.html").read_text(encoding="utf-8") == docs.html(name, text), "run 'make docs'"
