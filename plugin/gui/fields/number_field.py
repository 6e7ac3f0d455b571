"""Text field for one number, validated while it is typed."""

from __future__ import annotations

from typing import Mapping

import numpy as np
from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QLineEdit, QWidget

from ...algorithms.translation import tr
from ...core.errors import InputError
from ...core.quantities.numbers import parse_number
from ...core.scenario import check_value
from ...text import translated
from ...variables import Variable

#: Variables with this many decimals or more are written like 1.3e-6.
_SCIENTIFIC_DECIMALS = 6
#: All four colours are set, because a theme's colours may not fit these.
_ERROR_STYLE = (
    "QLineEdit { background-color: #fadbd8; color: #7b1d12; "
    "selection-background-color: #7b1d12; selection-color: #fadbd8; }"
)


class WheelGuard(QObject):
    """Ignores the mouse wheel on a slider or combo box without focus; the form is scrolled instead."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel itself gives no focus
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass wheel events to the parent widget."""
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False


def number_text(value: float, *, scientific: bool = False) -> str:
    """Write a number with all its digits and no more.

    >>> number_text(28.0), number_text(8.5), number_text(1.3e-6, scientific=True), number_text(1e-4, scientific=True)
    ('28', '8.5', '1.3e-6', '1e-4')
    """
    if scientific and value:
        return np.format_float_scientific(value, trim="-", exp_digits=1).replace("e+", "e")
    return np.format_float_positional(value, trim="-")


def range_text(variable: Variable, limits: tuple[float, float], *, unit: bool = True) -> str:
    """Write a range as the variable's field would, e.g. ``0 to 200 kPa``."""
    scientific = variable.decimals >= _SCIENTIFIC_DECIMALS
    low, high = (number_text(limit, scientific=scientific) for limit in limits)
    return tr("{} to {}").format(low, high) + (unit_suffix(variable) if unit else "")


def unit_suffix(variable: Variable) -> str:
    """Return the unit after a number; nothing for a pure ratio."""
    return "" if variable.unit == "-" else f" {variable.unit}"


class NumberField(QLineEdit):
    """The value of one variable.

    A spin box would round 1.3e-6 away and swallow what it does not allow; this keeps every digit
    and keeps a wrong value, marked, with the allowed range in :attr:`error`.
    """

    def __init__(self, variable: Variable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.variable = variable
        self.error: InputError | None = None
        self.setObjectName(variable.key)
        self.setAccessibleName(translated(variable.title, tr))
        self.textChanged.connect(self._check)
        self.set_value(variable.default)

    def set_value(self, value: float) -> None:
        """Show ``value`` with all its digits."""
        self.setText(number_text(value, scientific=self.variable.decimals >= _SCIENTIFIC_DECIMALS))

    @property
    def value(self) -> float | None:
        """The number typed, or ``None`` while it is not allowed."""
        return None if self.error else parse_number(self.text())

    @property
    def outside_training_range(self) -> bool:
        """Whether the number is allowed but outside the network's training range."""
        if self.value is None or self.variable.trained is None:
            return False
        low, high = self.variable.trained
        return not low <= self.value <= high

    def _check(self, text: str) -> None:
        try:
            check_value(self.variable, text)
            self.error = None
        except InputError as error:
            self.error = error
        self.setStyleSheet(_ERROR_STYLE if self.error else "")


class NumberFields:
    """Values, texts and errors of several number fields, by key."""

    fields: dict[str, NumberField]

    @property
    def errors(self) -> list[InputError]:
        """Errors from the first row down."""
        return [field.error for field in self.fields.values() if field.error is not None]

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key; only those that are allowed."""
        return {key: field.value for key, field in self.fields.items() if field.value is not None}

    @property
    def cautions(self) -> list[str]:
        """Labels of the variables whose values lie outside the training range."""
        return [field.variable.label for field in self.fields.values() if field.outside_training_range]

    @property
    def changed_labels(self) -> list[str]:
        """Labels of the variables whose values are not the defaults."""
        return [f.variable.label for f in self.fields.values() if f.value != f.variable.default]

    @property
    def texts(self) -> dict[str, str]:
        """Texts of the fields as typed."""
        return {key: field.text() for key, field in self.fields.items()}

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Fill the fields; fields without a text get their defaults."""
        for key, field in self.fields.items():
            text = texts.get(key, "")
            if text:
                field.setText(text)
            else:
                field.set_value(field.variable.default)

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Write texts as they are, empty ones too, into those fields that are named."""
        for key, field in self.fields.items():
            if texts.get(key, field.text()) != field.text():
                field.setText(texts[key])

    def set_values(self, values: Mapping[str, float]) -> None:
        """Fill those fields that are named."""
        for key, value in values.items():
            if key in self.fields:
                self.fields[key].set_value(value)
