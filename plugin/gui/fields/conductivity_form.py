"""Fields for conductivity: a choice of units, and Processing's form, whose number box shows 3e-6 as 0.0000030000."""

from __future__ import annotations

import contextlib
from typing import Any

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterString, QgsSettings
from qgis.gui import QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QWidget

from ...algorithms.translation import tr
from ...core.quantities.numbers import NotANumber, parse_number
from .number_field import NumberField, WheelGuard, number_text

#: Metres per second in one of each.
UNITS = {"m/s": 1.0, "mm/h": 1e-3 / 3600.0, "cm/h": 1e-2 / 3600.0, "m/day": 1.0 / 86400.0}
_SETTING = "slopecast/conductivity_unit"
_TYPED_DIGITS, _SHOWN_DIGITS = 10, 4
#: Definitions of the text fields, kept here because QGIS stores only a pointer to them.
_definitions: dict[tuple[str, str], QgsProcessingParameterString] = {}


class UnitChoice(QComboBox):
    """Lets a number be entered in another unit than its field's, m/s; :attr:`typed` then replaces the field."""

    def __init__(self, field: NumberField, parent: QWidget) -> None:
        super().__init__(parent)
        self._field, self._typing = field, False
        self.typed = QLineEdit(parent)
        self.typed.setAccessibleName(field.accessibleName())
        self.addItems(list(UNITS))
        self.setToolTip(tr("Unit in which the value is entered. It is stored in m/s."))
        WheelGuard(self)
        self.setCurrentIndex(max(self.findText(QgsSettings().value(_SETTING, "m/s", type=str)), 0))
        self.currentIndexChanged.connect(self._on_unit)
        self.typed.textEdited.connect(self._on_typed)
        field.textChanged.connect(self._show)
        self._show()

    @property
    def factor(self) -> float:
        """Metres per second in one of the chosen unit."""
        return UNITS[self.currentText()]

    def in_unit(self, value: float) -> float:
        """A value [m/s] in the chosen unit, as it is shown."""
        return value if self.factor == 1.0 else float(f"{value / self.factor:.{_SHOWN_DIGITS}g}")

    def _on_unit(self, *_: object) -> None:
        QgsSettings().setValue(_SETTING, self.currentText())
        if self._field.value is None:  # typed before its unit was chosen
            self._on_typed(self._field.text())
        self._show()

    def _on_typed(self, text: str) -> None:
        """Convert the number to m/s and pass it to the field, which rejects other text."""
        with contextlib.suppress(NotANumber):
            text = number_text(float(f"{parse_number(text) * self.factor:.{_TYPED_DIGITS}g}"), scientific=True)
        self._typing = True
        self._field.setText(text)
        self._typing = False

    def _show(self, *_: object) -> None:
        """Show the field's value in the chosen unit."""
        other = self.factor != 1.0
        self._field.setHidden(other)
        self.typed.setVisible(other and self._field.parentWidget() is not None)
        self.typed.setFixedWidth(self._field.maximumWidth())
        self.typed.setToolTip(self._field.toolTip())
        self.typed.setStyleSheet(self._field.styleSheet())
        if not self._typing:
            value = self._field.value
            self.typed.setText(self._field.text() if value is None else number_text(self.in_unit(value)))


class ConductivityWidget:
    """Factory of the parameter's widget for Processing, named in the parameter's ``widget_wrapper``.

    It is QGIS's own field for text, in which every digit is kept: the parameter takes the number from it, and refuses
    what is none. QGIS does not keep the Python object of such a widget for as long as the widget. The modeler
    keeps the number box, which offers a model's inputs and other outputs.
    """

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, *_: Any, **__: Any) -> Any:
        """Make it for a dialog: an algorithm's, a batch's or the modeler's."""
        registry = QgsGui.processingGuiRegistry()
        if hasattr(dialog, "childId"):
            widget = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
            widget.setDialog(dialog)
            return widget
        given = parameter.defaultValueForGui()
        text = "" if given is None else number_text(float(given), scientific=True)
        key = parameter.name(), text
        if key not in _definitions:
            _definitions[key] = QgsProcessingParameterString(parameter.name(), parameter.description(), text)
        kinds = QgsProcessingGui.WidgetType
        kind = kinds.Batch if "Batch" in type(dialog).__name__ else kinds.Standard
        return registry.createParameterWidgetWrapper(_definitions[key], kind)
