"""Conductivity in Processing's forms, whose number box shows 3e-6 as 0.0000030000."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterString
from qgis.gui import QgsGui, QgsProcessingGui

from .number_field import number_text

#: Definitions of the text fields, kept here because QGIS stores only a pointer to them.
_definitions: dict[tuple[str, str], QgsProcessingParameterString] = {}


class ConductivityWidget:
    """Factory of the parameter's widget for Processing, named in the parameter's ``widget_wrapper``.

    It is QGIS's own field for text, in which every digit is kept: the parameter takes the number from it, and refuses
    what is none. QGIS does not keep the Python object of a widget of our own for as long as the widget. The modeler
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
