"""No text is cut and no widgets overlap, in two languages and with large fonts; the check finds such faults."""

import pytest
import text_fit
from checkout import ROOT
from qgis.core import QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTranslator
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from slopecast.plugin.gui.design_rain_dialog import DesignRainDialog
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.live.live_panel import LivePanel

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
    panel = LivePanel(QgsMapCanvas())
    panel.resize(480, 800)
    return panel


def narrowest_live_panel():
    panel = live_panel()
    panel.contents.more_box.setCollapsed(False)
    panel.resize(0, 800)
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


@pytest.fixture(params=[1.0, 1.6], ids=["usual font", "large font"])
def font(request):
    """Large fonts are set for tired eyes, and come with screens of high resolution."""
    usual = QApplication.font()
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * request.param)
    QApplication.setFont(larger)
    yield
    QApplication.setFont(usual)


@pytest.mark.parametrize(
    "make",
    [plain_dialog, advanced_dialog, dialog_in_other_units, seoul_rain, own_rain, live_panel, narrowest_live_panel],
)
def test_no_text_is_cut(qgis_application, language, font, make):
    window = make()
    window.show()
    for _ in range(4):
        qgis_application.processEvents()
    found = text_fit.faults(window)
    window.hide()
    if hasattr(window, "shut_down"):
        window.shut_down()
    assert not found


def fixed_size(widget):
    widget.setFixedSize(60, 20)
    return widget


def cut_label():
    return fixed_size(QLabel(LONG))


def cut_button():
    return fixed_size(QPushButton(LONG))


def cut_choice():
    combo = QComboBox()
    combo.addItem(LONG)
    return fixed_size(combo)


def label_with_too_few_lines():
    label = QLabel(LONG * 3)
    label.setWordWrap(True)
    return fixed_size(label)


def check_box_whose_text_ends_below_its_edge():
    box = QCheckBox("text")
    box.setFixedWidth(box.fontMetrics().horizontalAdvance("text") + 8)
    return box


def cut_placeholder():
    field = QLineEdit()
    field.setPlaceholderText(LONG)
    return fixed_size(field)


def cut_group_title():
    return fixed_size(QGroupBox(LONG))


def form_wider_than_its_scroll_area():
    area = QScrollArea()
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setWidget(QLabel(LONG))
    return fixed_size(area)


@pytest.mark.parametrize(
    "make",
    [cut_label, cut_button, cut_choice, label_with_too_few_lines, check_box_whose_text_ends_below_its_edge,
     cut_placeholder, cut_group_title, form_wider_than_its_scroll_area],
)  # fmt: skip
def test_the_check_finds_what_is_cut(qgis_application, make):
    window = QWidget()
    QHBoxLayout(window).addWidget(make())
    window.show()
    qgis_application.processEvents()
    assert len(text_fit.faults(window)) == 1
    window.close()


def test_the_check_finds_what_overlaps(qgis_application):
    window = QWidget()
    row = QHBoxLayout(window)
    one, other = QLabel("one"), QLabel("other")
    for widget in (one, other):
        row.addWidget(widget)
    window.show()
    qgis_application.processEvents()
    assert not text_fit.faults(window)
    one.move(other.pos())
    assert len(text_fit.faults(window)) == 1
    window.close()
