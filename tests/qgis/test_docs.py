"""Help: every parameter explains itself, the Help buttons open a page that is there, and the guide is up to date."""

import re
import sys
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from checkout import ROOT
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm
from slopecast.plugin.algorithms.locations import help_url

sys.path.insert(0, str(ROOT / "tests" / "commands"))
import docs

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
    assert all(model.helpUrl() == help_url("models") for model in models)
    assert 'id="models"' in (ROOT / "docs" / "guide.html").read_text(encoding="utf-8")


def test_the_help_tells_every_default():
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
    """Models and scripts give choices by number: which one acts without must be told."""
    choices = [p for a in algorithms() for p in a.parameterDefinitions() if hasattr(p, "options")]
    assert choices
    for parameter in choices:
        number = parameter.defaultValue()
        assert f"{number} {escape(parameter.options()[number])} (default)" in docs._input_row(parameter)[2]


def test_the_help_button_of_every_algorithm_opens_its_section():
    page = (ROOT / "docs" / "guide.html").read_text(encoding="utf-8")
    for algorithm in algorithms():
        address = urlsplit(algorithm.helpUrl())
        assert Path(unquote(address.path)) == ROOT / "docs" / "guide.html"
        assert address.fragment == algorithm.name()
        assert f'id="{algorithm.name()}"' in page, f"{algorithm.name()}: run 'make docs'"


def test_the_dialogs_help_opens_its_section(monkeypatch):
    from slopecast.plugin.gui import failure_mask_dialog as module

    opened = []
    monkeypatch.setattr(module.QDesktopServices, "openUrl", opened.append)
    dialog = module.FailureMaskDialog()
    dialog.help_button.click()
    dialog.shut_down()
    assert opened[0].toLocalFile() == str(ROOT / "docs" / "guide.html")
    assert 'id="dialog"' in (ROOT / "docs" / "guide.html").read_text(encoding="utf-8")


def test_the_tables_of_the_guide_are_those_of_the_product():
    text = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert docs.filled(text, docs.parts()) == text, "run 'make docs'"


@pytest.mark.parametrize("name", docs.PAGES)
def test_the_html_is_that_of_the_text(name):
    pytest.importorskip("markdown")
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / f"{name}.html").read_text(encoding="utf-8") == docs.html(name, text), "run 'make docs'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Files that are there; sections that the HTML has."""
    html = page.with_suffix(".html").read_text(encoding="utf-8")
    for target in re.findall(r'(?:href|src)="([^"]+)"', html):
        if target.startswith("http"):
            continue
        file, _, section = target.partition("#")
        opened = page.parent / file if file else page.with_suffix(".html")
        assert opened.is_file(), target
        if section:
            assert f'id="{section}"' in opened.read_text(encoding="utf-8"), target
