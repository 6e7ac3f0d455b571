"""No text of the windows is cut and no widgets overlap, in English and in Korean; and the check finds both faults."""

import pytest
import text_fit
from checkout import ROOT
from qgis.core import QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget
from slopecast.plugin.gui.design_rain_dialog import DesignRainDialog
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.live_panel import LivePanel

LONG = "a text that is much longer than its place"


def plain_dialog():
    return FailureMaskDialog()


def advanced_dialog():
    dialog = FailureMaskDialog()
    dialog.advanced_box.setCollapsed(False)
    return dialog


def dialog_in_other_units():
    dialog = FailureMaskDialog()
    dialog.main_form.units["CONDUCTIVITY"].setCurrentText("m/day")
    return dialog


def seoul_rain():
    return DesignRainDialog(24.0)


def own_rain():
    dialog = DesignRainDialog(24.0)
    dialog.curve_combo.setCurrentIndex(1)
    dialog.hours.setText("1.5")
    return dialog


def live_panel():
    """At a width that a dock usually has; narrower, the choices are shortened."""
    panel = LivePanel(QgsMapCanvas())
    panel.resize(480, 800)
    return panel


@pytest.fixture(autouse=True)
def metres_per_second():
    QgsSettings().remove("slopecast/conductivity_unit")
    yield
    QgsSettings().remove("slopecast/conductivity_unit")


@pytest.fixture(params=["en", "ko"])
def language(request):
    translator = QTranslator()
    if request.param != "en":
        assert translator.load(str(ROOT / "ui" / "i18n" / f"slopecast_{request.param}.qm"))
        QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize(
    "make", [plain_dialog, advanced_dialog, dialog_in_other_units, seoul_rain, own_rain, live_panel]
)
def test_no_text_is_cut(qgis_application, language, make):
    window = make()
    window.show()
    for _ in range(4):
        qgis_application.processEvents()
    found = text_fit.faults(window)
    window.hide()
    if hasattr(window, "shut_down"):
        window.shut_down()
    assert not found


def test_the_check_finds_what_is_cut_and_what_overlaps(qgis_application):
    window = QWidget()
    label, button, combo = QLabel(LONG, window), QPushButton(LONG, window), QComboBox(window)
    combo.addItem(LONG)
    wrapped = QLabel(LONG * 3, window)
    wrapped.setWordWrap(True)
    row = QHBoxLayout(window)
    for widget in (label, button, combo, wrapped):
        row.addWidget(widget)
        widget.setFixedSize(60, 20)
    window.show()
    qgis_application.processEvents()
    assert len(text_fit.faults(window)) == 4
    label.move(button.pos())
    assert len(text_fit.faults(window)) == 5
    window.close()
