"""Dialog for the rainfall of a return period and a duration."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.quantities.numbers import NotANumber, parse_number, rounded
from ..core.rainfall import SEOUL, Branch, IdfCurve, idf_intensity, intensity_cautions
from ..core.scenario import check_value
from ..text import Text, span, translated
from ..variables import BY_NAME, SEOUL_BRANCHES, SEOUL_SPLIT_MIN
from .fields.number_field import number_text
from .fields.variable_form import show_note
from .plain_words import plain_words
from .shared_scenario import remember, remembered

_YEARS, _CURVE = "IDF_RETURN_PERIOD", "IDF_CURVE"
_SEOUL, _OWN = "seoul", "own"
_SIGNIFICANT_DIGITS = 5
_BRANCHES = {"short": "up to the split", "long": "above the split"}


class DesignRainDialog(QDialog):
    """Turns a return period and a duration [h] into an intensity, by Seoul's curve or the user's own coefficients.

    Attributes:
        values: rain and duration by key, empty while something is wrong; source_text: where they come from.
    """

    def __init__(self, duration: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rain from a return period"))
        self.values: dict[str, float] = {}
        self.source_text = ""
        self.years, self.hours = QLineEdit("50", self), QLineEdit(number_text(duration), self)
        self.curve_combo = QComboBox(self)
        self.curve_combo.addItem(tr("Seoul"), _SEOUL)
        self.curve_combo.addItem(tr("My own coefficients"), _OWN)
        self.coefficients: dict[str, QLineEdit] = {}
        self.coefficient_box = self._coefficient_box()
        self.intensity_label, self.note_label = QLabel(self), QLabel(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Use this rain"))
        self._lay_out()
        self._recall()
        self._connect()
        self.refresh()

    def _coefficient_box(self) -> QGroupBox:
        box = QGroupBox(tr("Coefficients"), self)
        grid = QGridLayout(box)
        formula = QLabel("I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))", box)
        units = QLabel(tr("I in mm/h, t in minutes, T in years"), box)
        grid.addWidget(units, 1, 0, 1, 6)
        grid.addWidget(formula, 0, 0, 1, 6)
        for column, name in enumerate(next(iter(SEOUL_BRANCHES.values())), start=1):
            grid.addWidget(QLabel(name, box), 2, column)
        for row, (branch, defaults) in enumerate(SEOUL_BRANCHES.items(), start=3):
            grid.addWidget(QLabel(tr(_BRANCHES[branch]), box), row, 0)
            for column, (name, default) in enumerate(defaults.items(), start=1):
                grid.addWidget(self._coefficient(f"{branch}_{name}", default, box), row, column)
        grid.addWidget(QLabel(tr("split [min]"), box), 5, 0)
        grid.addWidget(self._coefficient("split", SEOUL_SPLIT_MIN, box), 5, 1)
        return box

    def _coefficient(self, key: str, default: float, box: QGroupBox) -> QLineEdit:
        field = QLineEdit(number_text(default), box)
        field.setMinimumWidth(field.fontMetrics().horizontalAdvance("-0.01775  "))
        field.setAccessibleName(key)
        self.coefficients[key] = field
        return field

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Return period [yr]"), self.years)
        form.addRow(tr("Duration [h]"), self.hours)
        form.addRow(tr("Rainfall curve of"), self.curve_combo)
        self.note_label.setWordWrap(True)
        outer = QVBoxLayout(self)
        outer.addLayout(form)
        for widget in (self.coefficient_box, self.intensity_label, self.note_label):
            outer.addWidget(widget)
        outer.addStretch()
        outer.addWidget(self.buttons)

    def _connect(self) -> None:
        for field in (self.years, self.hours, *self.coefficients.values()):
            field.textChanged.connect(self.refresh)
        self.curve_combo.currentIndexChanged.connect(self.refresh)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def own_curve(self) -> bool:
        """Whether the user's coefficients are used."""
        return self.curve_combo.currentData() == _OWN

    def curve(self) -> IdfCurve:
        """Read the coefficients; raises :class:`InputError` where one is no number."""
        branches = (
            Branch(**{name: _number(self.coefficients[f"{branch}_{name}"], f"{branch} {name}") for name in defaults})
            for branch, defaults in SEOUL_BRANCHES.items()
        )
        return IdfCurve(*branches, _number(self.coefficients["split"], tr("split [min]")))

    def refresh(self, *_: object) -> None:
        """Compute, or show the error."""
        if self.coefficient_box.isHidden() == self.own_curve:
            self.coefficient_box.setVisible(self.own_curve)
        self.values = {}
        try:
            self._compute()
        except InputError as error:
            self.intensity_label.setText("")
            show_note(self.note_label, plain_words(error.localized(tr)), "error")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.values))
        self._fit()

    def _fit(self) -> None:
        """Grow with the contents; a size that the user chose never shrinks."""
        layout = self.layout()
        layout.activate()
        needed = layout.totalMinimumSize().expandedTo(self.size())
        if layout.hasHeightForWidth():
            needed.setHeight(max(needed.height(), layout.totalHeightForWidth(needed.width())))
        self.resize(needed)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once the fonts of the screen are known."""
        super().showEvent(event)
        self._fit()

    def _compute(self) -> None:
        hours = check_value(BY_NAME["duration"], _number(self.hours, "Duration (DURATION)"))
        years = _number(self.years, "Return period (RETURN_PERIOD)")
        curve = self.curve() if self.own_curve else SEOUL
        intensity = float(f"{idf_intensity(hours * 60.0, years, curve):.{_SIGNIFICANT_DIGITS}g}")
        limit = BY_NAME["rainfall"].maximum
        if intensity > limit:
            raise InputError(
                "Rainfall intensity", Text("{:g} mm/h is out of range", intensity), span(0.0, limit, "mm/h")
            )
        self.intensity_label.setText(
            tr("<b>{} mm/h</b>, {} mm in {:g} h").format(rounded(intensity), rounded(intensity * hours), hours)
        )
        cautions = intensity_cautions(intensity, hours * 60.0, years, curve)
        show_note(self.note_label, plain_words("\n".join(translated(caution, tr) for caution in cautions)), "caution")
        place = tr("your own curve") if self.own_curve else tr("Seoul's curve")
        text = tr("Rainfall of {:g} h with a return period of {:g} years, from {}.")
        self.values, self.source_text = {"RAINFALL": intensity, "DURATION": hours}, text.format(hours, years, place)

    def accept(self) -> None:
        """Store the coefficients in the project."""
        texts = {f"IDF_{key.upper()}": field.text() for key, field in self.coefficients.items()}
        remember(QgsProject.instance(), {**texts, _YEARS: self.years.text(), _CURVE: self.curve_combo.currentData()})
        super().accept()

    def _recall(self) -> None:
        keys = [f"IDF_{key.upper()}" for key in self.coefficients]
        texts = remembered(QgsProject.instance(), [*keys, _YEARS, _CURVE])
        for key, field in zip(keys, self.coefficients.values()):
            field.setText(texts.get(key, field.text()))
        self.years.setText(texts.get(_YEARS, self.years.text()))
        self.curve_combo.setCurrentIndex(max(self.curve_combo.findData(texts.get(_CURVE, _SEOUL)), 0))


def _number(field: QLineEdit, label: str) -> float:
    try:
        return parse_number(field.text())
    except NotANumber as error:
        raise InputError(label, error.problem, tr("a number with a decimal point")) from None
