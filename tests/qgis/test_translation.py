"""Languages: every text can be translated, Korean is there where QGIS speaks it, and ids stay what they are."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from authoring import translations
from cases import ENGINE, INVENTORY, OUT, filled
from checkout import ROOT
from marked_pages import mark, unmarked
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
)
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QGroupBox, QLabel
from slopecast.plugin.algorithms.outputs import provenance
from slopecast.plugin.algorithms.runs import inventory_validation
from slopecast.plugin.gui import scenario_run
from slopecast.plugin.variables import VARIABLES

HANGUL = re.compile("[\uac00-\ud7a3]")
#: What is the same in every language: symbols, file names, names of products.
SAME = re.compile(r"[\W\d_]*|U-Net|CPU|CUDA.*|MPS.*|IoU|AUC|Dice.*|" + "|".join({v.unit for v in VARIABLES}))

IN_KOREAN = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QSettings
QCoreApplication.setOrganizationName("slopecast-tests")
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[2])
application = QgsApplication([], True, sys.argv[2])
application.initQgis()  # newer versions take up the profile's settings here
if sys.argv[4] == "options":
    QgsSettings().setValue("locale/overrideFlag", True)  # Settings > Options > General
    QgsSettings().setValue("locale/userLocale", sys.argv[3])
else:
    QgsApplication.setTranslation(sys.argv[3])  # as "qgis --lang" does
import checkout
from slopecast.plugin.main import SlopecastPlugin
plugin = SlopecastPlugin(None)
plugin.initProcessing()
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.provider import ALGORITHMS
dialog = FailureMaskDialog()
algorithms = [QgsApplication.processingRegistry().algorithmById("slopecast:" + a.ID) for a in ALGORITHMS]
texts = {
    "names": {a.name(): a.displayName() for a in algorithms},
    "groups": {a.groupId(): a.group() for a in algorithms},
    "keys": sorted(p.name() for a in algorithms for p in a.parameterDefinitions()),
    "inputs": {p.name(): p.description() for p in algorithms[0].parameterDefinitions()},
    "dialog": [dialog.windowTitle(), dialog.run_button.text(), dialog.main_form.fields["COHESION"].toolTip()],
}
plugin.unload()
from slopecast.plugin.algorithms.translation import tr
texts["after unloading"] = tr("Design rainfall")
print(json.dumps(texts))
sys.stdout.flush()
os._exit(0)
"""


def texts_in(language, profile, chosen_by="options"):
    command = [sys.executable, "-c", IN_KOREAN, str(ROOT / "tests"), str(profile), language, chosen_by]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.index('{"names') :])


def test_texts_are_korean_where_qgis_is_korean(tmp_path):
    """Names, groups, inputs and dialog; ids and keys are those of every language; English after unloading."""
    korean, english = texts_in("ko", tmp_path / "ko"), texts_in("en_US", tmp_path / "en")
    for part in ("names", "groups"):
        untranslated = [key for key, text in korean[part].items() if not HANGUL.search(text)]
        assert untranslated == [], "add the Korean to ui/i18n/slopecast_ko.ts and run 'make translations'"
        assert list(korean[part]) == list(english[part])
        assert not any(HANGUL.search(text) for text in english[part].values())
    assert korean["keys"] == english["keys"]
    assert all(HANGUL.search(text) for text in korean["inputs"].values())
    assert "[kPa]" in korean["inputs"]["COHESION"]
    assert all(HANGUL.search(text) for text in korean["dialog"])
    assert korean["after unloading"] == english["names"]["designrainfall"]


def test_texts_are_korean_where_qgis_was_started_in_korean(tmp_path):
    """With ``qgis --lang ko`` the locale is another one."""
    assert all(HANGUL.search(text) for text in texts_in("ko", tmp_path, "command")["dialog"])


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_level_of_reliability_is_translated(language):
    """They are looked up in tables."""
    known = translations.read(translations.FOLDER / f"slopecast_{language}.ts")
    texts = {*scenario_run._LEVELS.values(), *scenario_run._ENGINE_LEVELS.values()}
    assert [text for text in texts if ("Slopecast", text) not in known] == []
    assert texts <= {*translations.written()}


def test_explanations_of_a_validation_are_gathered():
    assert {inventory_validation._FORMULAS, inventory_validation._INTERVALS, inventory_validation._CAUTION} <= {
        *translations.written()
    }


def test_texts_of_map_sheets_are_gathered():
    assert {*provenance._ENTRIES_ON_MAP.values(), *provenance._OPTIONS_ON_MAP.values()} <= {*translations.written()}


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_compiled_translation_is_that_of_its_source(language, qgis_application):
    source = translations.FOLDER / f"slopecast_{language}.ts"
    translator = QTranslator()
    assert translator.load(str(source.with_suffix(".qm")))
    stale = [t for t, text in translations.read(source).items() if translator.translate(*t) not in (text, "")]
    assert stale == [], "run 'make translations'"
    assert translator.translate("Slopecast", "Failure mask") == translations.read(source)["Slopecast", "Failure mask"]


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_placeholders_are_kept(language):
    """A translation without the place for a number would lose it, or fail."""
    known = translations.read(translations.FOLDER / f"slopecast_{language}.ts")
    wrong = [source for (_, source), text in known.items() if _places(source) != _places(text)]
    assert wrong == []


def _places(text):
    """Formats of the places, which a translation may number to put them in another order."""
    return sorted(re.sub(r"^\{\d+", "{", place) for place in re.findall(r"\{[^{}]*\}", text))


class Marking(QTranslator):
    """A language in which every text is in brackets, to see what is not translated."""

    def isEmpty(self):
        return False

    def translate(self, context, text, disambiguation=None, n=-1):
        return mark(text) if context in ("Slopecast", "FailureMaskDialog", "LivePanel") else ""


@pytest.fixture
def marked(qgis_application):
    translator = Marking()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def untranslated(texts):
    """Texts with words that did not go through tr()."""
    return sorted(text for text in set(texts) if "⟦" not in text and not SAME.fullmatch(text.replace("&", "").strip()))


def test_every_text_of_the_algorithms_can_be_translated(marked):
    texts = []
    for known in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        if isinstance(known, QgsProcessingModelAlgorithm):
            continue  # a model's texts are in its file
        algorithm = known.create()
        texts += [algorithm.displayName(), algorithm.group()]
        for parameter in algorithm.parameterDefinitions():
            texts += [parameter.description(), parameter.help()]
            texts += parameter.options() if hasattr(parameter, "options") else []
        texts += [o.description() for o in algorithm.outputDefinitions()]
    assert untranslated(texts) == []


def test_every_text_of_the_dialog_can_be_translated(marked):
    from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog

    dialog = FailureMaskDialog()
    texts = [dialog.windowTitle()]
    for widget in dialog.findChildren((QLabel, QAbstractButton)):
        texts += [widget.text(), widget.toolTip()]
    texts += [box.title() for box in dialog.findChildren(QGroupBox)]
    texts += [combo.itemText(0) for combo in dialog.findChildren(QComboBox)]
    dialog.shut_down()
    assert untranslated(texts) == []


def test_no_text_is_put_together_before_it_is_translated():
    """``tr(f"...")`` finds no translation: the text with its numbers is in no list."""
    import ast

    wrong = []
    for path in sorted(Path(ROOT / "plugin").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                given = node.args[0]
                if isinstance(given, ast.JoinedStr) or getattr(getattr(given, "func", None), "attr", "") == "format":
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_errors_and_log_lines_are_given_as_templates():
    """A sentence with its numbers in it is in no dictionary: what goes into errors and the log comes as ``Text``."""
    import ast

    wrong = []
    for path in sorted(Path(ROOT / "plugin").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            given = node.args if name in translations.MESSAGE_CALLS else node.args[:1] if name == "Text" else []
            wrong += [f"{path.relative_to(ROOT)}:{one.lineno}" for one in given if isinstance(one, ast.JoinedStr)]
    assert wrong == []


@pytest.mark.parametrize(
    ("algorithm", "parameters"),
    [
        ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT, "REPORT": OUT}),
        ("validateinventory", {**INVENTORY, "DEM": "{dem}"}),
        ("checkenvironment", {"REPORT": OUT}),
    ],
)
def test_reports_are_translated(algorithm, parameters, files, tmp_path, marked):
    """All words but names of files and software, and the words of ``RELIABILITY``, which scripts read."""
    import processing

    done = processing.run(f"slopecast:{algorithm}", filled(parameters, files, tmp_path))
    shown = " ".join(unmarked(Path(done["REPORT"]).read_text(encoding="utf-8")))
    assert not re.search(r"\b(the|of|with|from|failed|cells|missing|installed|weights)\b", shown), shown


def refusal(name, parameters):
    """Messages of an algorithm for bad parameters, before or in the run."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    context = QgsProcessingContext()
    good, text = algorithm.checkParameterValues(parameters, context)
    if good:
        with pytest.raises(QgsProcessingException) as caught:
            algorithm.run(parameters, context, QgsProcessingFeedback(), catchExceptions=False)
        text = str(caught.value)
    return text


@pytest.mark.parametrize("case", ["k in m/day", "DEM all NoData", "unknown method", "zones out of range", "degrees",
                                  "hyetograph unsorted", "spread in m/day", "missing weights", "no DEM"])  # fmt: skip
def test_every_sentence_of_an_error_is_translated(case, files, tmp_path, marked):
    """What is left outside the brackets are numbers, keys, names of files and the marks between sentences."""
    from test_bad_input import CASES

    (algorithm, good), bad, _ = CASES[case]
    text = refusal(algorithm, filled({**good, **bad}, files, tmp_path))
    assert "⟦" in text
    while re.search("⟦[^⟦⟧]*⟧", text):
        text = re.sub("⟦[^⟦⟧]*⟧", "", text)
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text


def test_errors_of_a_table_are_translated(files, tmp_path, marked):
    table = tmp_path / "t.csv"
    table.write_text("cohesion,rainfall\n300,8\n5,\n")
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "MODEL": files["weights"], "TABLE": str(table),
             "OUTPUT_FOLDER": str(tmp_path / "o"), "SUMMARY": "TEMPORARY_OUTPUT"}  # fmt: skip
    text = refusal("predictfromtable", given)
    for words in ("⟦2 errors⟧", "⟦300 is out of range⟧", "⟦is empty⟧", "⟦row 1⟧, column 'cohesion'⟧"):
        assert words in text, text


def test_what_to_do_without_torch_is_translated(monkeypatch):
    from slopecast.plugin.ml import device

    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(device.TorchMissing) as caught:
        device.require_torch()
    text = caught.value.localized(lambda words: f"⟦{words}⟧")
    assert "torch safetensors" in text
    while re.search("⟦[^⟦⟧]*⟧", text):
        text = re.sub("⟦[^⟦⟧]*⟧", "", text)
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text


def test_maps_written_in_another_language_are_known(files, tmp_path):
    """A critical rainfall is no factor of safety; in stability classes 1 is stable, whoever wrote them."""
    import processing

    translator = Marking()
    QCoreApplication.installTranslator(translator)
    rasters = {key: str(tmp_path / f"{key}.tif") for key in ("CRITICAL_RAINFALL", "STABILITY_CLASS")}
    given = {**filled(ENGINE, files, tmp_path), "FACTOR_OF_SAFETY": "TEMPORARY_OUTPUT", "RAINFALL": 0.5, **rasters}
    processing.run("slopecast:simulatefactorofsafety", given)
    QCoreApplication.removeTranslator(translator)
    dataset = gdal.Open(rasters["STABILITY_CLASS"])
    assert "⟦" in dataset.GetRasterBand(1).GetDescription()
    classes = dataset.ReadAsArray()
    given = {"MAP": rasters["STABILITY_CLASS"], "KIND": "classes", "POLYGONS": "TEMPORARY_OUTPUT"}
    failed = processing.run("slopecast:maskstopolygons", given)["CELLS"]
    assert failed == ((classes >= 2) & (classes != 255)).sum() < ((classes >= 1) & (classes != 255)).sum()
    wrong = {**given, "MAP": rasters["CRITICAL_RAINFALL"], "KIND": "factor of safety"}
    with pytest.raises(QgsProcessingException, match="contains 'Critical rainfall', which is not a map of that kind"):
        processing.run("slopecast:maskstopolygons", wrong)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_no_two_outputs_have_one_title(language):
    """Else a layer tree shows two maps of one name."""
    known = translations.read(translations.FOLDER / f"slopecast_{language}.ts")
    texts = {source: text for (context, source), text in known.items() if context == "Slopecast"}
    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        titles = [d.description() for d in algorithm.destinationParameterDefinitions()]
        shown = [texts.get(title.split(" [", maxsplit=1)[0], title) for title in titles]
        assert sorted(shown) == sorted(set(shown)), algorithm.id()
