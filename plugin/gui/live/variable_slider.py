"""Slider and number field for one variable."""

from __future__ import annotations

import math

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from ...algorithms.translation import tr
from ...text import translated
from ...variables import Variable
from ..fields.conductivity_form import UnitChoice
from ..fields.number_field import NumberField, WheelGuard, range_text
from ..fields.variable_form import show_note, tool_tip

_STEPS = 1000
_SIGNIFICANT_DIGITS = 3
_FIELD_WIDTH_IN_DIGITS = 9


class VariableSlider(QWidget):
    """One variable: its label, a field for any allowed value and a slider over the range that is usual.

    The slider covers what the network was trained on, or where it was not trained all that is allowed; a value typed
    beyond stays in the field, and the slider rests at its end.
    """

    #: A new value, or one that is not allowed.
    changed = pyqtSignal()

    def __init__(self, variable: Variable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.variable = variable
        self.field = NumberField(variable, self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.note = QLabel(self)
        self._following = False  # the slider follows the field, not the other way
        self._lay_out()
        self.field.textChanged.connect(self._on_typed)
        self.slider.valueChanged.connect(self._on_slid)
        self._on_typed()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        label = QLabel(tr(self.variable.label), self)
        label.setBuddy(self.field)
        label.setWordWrap(True)
        self.field.setFixedWidth(self.field.fontMetrics().horizontalAdvance("0") * _FIELD_WIDTH_IN_DIGITS)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 20)
        WheelGuard(self.slider)
        self.slider.setAccessibleName(translated(self.variable.title, tr))
        self.note.setWordWrap(True)
        self.note.hide()
        for widget in (label, self.slider, self.field):
            widget.setToolTip(tool_tip(self.variable))
        if self.variable.unit == "m/s":
            self.unit: QWidget = UnitChoice(self.field, self)
            grid.addWidget(self.unit.typed, 0, 1)
        else:
            self.unit = QLabel("" if self.variable.unit == "-" else self.variable.unit, self)
            self.unit.setMinimumWidth(self.unit.fontMetrics().horizontalAdvance("kN/m3"))
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.unit, 0, 2)
        grid.addWidget(self.slider, 1, 0, 1, 3)
        grid.addWidget(self.note, 2, 0, 1, 3)
        grid.setColumnStretch(0, 1)

    @property
    def range(self) -> tuple[float, float]:
        """Range of the slider."""
        return self.variable.trained or (self.variable.minimum, self.variable.maximum)

    def value_at(self, step: int) -> float:
        """Value at a place of the slider, rounded as people would write it; its ends are exact."""
        low, high = self.range
        if step <= 0 or step >= _STEPS:
            return high if step else low
        share = step / _STEPS
        if self.variable.log_scale:
            return float(f"{low * (high / low) ** share:.{_SIGNIFICANT_DIGITS - 1}e}")
        digits = max(_SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(high - low)), 0)
        return round(low + (high - low) * share, min(digits, self.variable.decimals))

    def step_of(self, value: float) -> int:
        """Place of the slider nearest to a value."""
        low, high = self.range
        value = min(max(value, low), high)
        if self.variable.log_scale:
            return round(_STEPS * math.log(value / low) / math.log(high / low))
        return round(_STEPS * (value - low) / (high - low))

    def _on_slid(self, step: int) -> None:
        if not self._following:
            self._following = True
            self.field.set_value(self.value_at(step))
            self._following = False
            self._annotate()
            self.changed.emit()

    def _on_typed(self, _text: str = "") -> None:
        if self._following:
            return
        if self.field.value is not None:
            self._following = True
            self.slider.setValue(self.step_of(self.field.value))
            self._following = False
        self._annotate()
        self.changed.emit()

    def _annotate(self) -> None:
        variable = self.variable
        if self.field.error is not None:
            limits = range_text(variable, (variable.minimum, variable.maximum))
            show_note(self.note, tr("Allowed: {}").format(limits), "error")
        elif self.field.outside_training_range:
            show_note(self.note, tr("Trained on {}").format(range_text(variable, variable.trained)), "caution")
        else:
            show_note(self.note, "")
