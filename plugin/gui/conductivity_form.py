"""Field for a conductivity in Processing's forms, whose number box shows 3e-6 as 0.0000030000."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterDefinition, QgsProcessingParameters
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QHBoxLayout, QWidget

from ..variables import BY_NAME
from .number_field import NumberField
from .unit_choice import UnitChoice

_FIELD_WIDTH_IN_DIGITS = 16


class ConductivityWidget:
    """What Processing makes the widget of a parameter with, named in the parameter's ``widget_wrapper``.

    The modeler keeps QGIS's own widget, in which a model's inputs and other outputs can be chosen.
    """

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, *_: Any, **__: Any) -> Any:
        """Make it for a dialog: an algorithm's, a batch's or the modeler's."""
        if hasattr(dialog, "childId"):
            registry = QgsGui.processingGuiRegistry()
            widget = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
            widget.setDialog(dialog)
            return widget
        batch = "Batch" in type(dialog).__name__
        kinds = QgsProcessingGui.WidgetType
        return FormField(parameter, kinds.Batch if batch else kinds.Standard)


class FormField(QgsAbstractProcessingParameterWidgetWrapper):
    """A text field that keeps every digit, and in an algorithm's dialog a choice of units."""

    def createWidget(self) -> QWidget:
        """Make field and unit."""
        # Kept: QGIS passes on another Python object of it; the end of this one would take those of its fields along.
        self._widget = widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        # A standard deviation may be 0; what is not allowed is refused with advice by the algorithm.
        self._field = NumberField(replace(BY_NAME["conductivity"], minimum=0.0), widget)
        self._field.setMaximumWidth(_FIELD_WIDTH_IN_DIGITS * self._field.fontMetrics().horizontalAdvance("0"))
        layout.addWidget(self._field)
        if self.type() == QgsProcessingGui.WidgetType.Standard:
            unit = UnitChoice(self._field, widget)
            layout.addWidget(unit.typed)
            layout.addWidget(unit)
            layout.addStretch()
        self._field.textChanged.connect(self._on_text)
        return widget

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        """Show a value."""
        parameter = self.parameterDefinition()
        self._field.set_value(QgsProcessingParameters.parameterAsDouble(parameter, value, context))

    def _on_text(self, _: str) -> None:
        self.widgetValueHasChanged.emit(self)

    def widgetValue(self) -> Any:
        """The number in m/s, or the text where it is none."""
        return self._field.text() if self._field.value is None else self._field.value
