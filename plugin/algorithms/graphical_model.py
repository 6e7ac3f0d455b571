"""Graphical models shipped with the plugin, offered like algorithms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtGui import QIcon

from ..core.errors import SlopecastError
from ..variables import BY_NAME
from .inputs.given_keys import check_keys
from .inputs.likely_layers import likely_elevation, likely_soil_depth, preselect_layer
from .locations import MODEL_ICON, MODELS, REFERENCE, help_url
from .parameter_values import ParameterValues
from .parameters.definitions import by_number
from .parameters.scenario import set_widget
from .translation import tr

#: Optional outputs that are created by default in a model, unlike in its steps.
_CREATED_BY_DEFAULT = ("FIRST_FAILURE", "SUMMARY")


class GraphicalModel(QgsProcessingModelAlgorithm):
    """A model of plugin/graphical_models, under an id made of its name; users may open it in the Model Designer."""

    GROUP = "graphical_models"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.fromFile(str(path))
        self._steps = self._rename_outputs()
        for key, likely in (("DEM", likely_elevation), ("SOIL_DEPTH", likely_soil_depth)):
            parameter = self.parameterDefinition(key)
            if isinstance(parameter, QgsProcessingParameterRasterLayer):
                preselect_layer(parameter, likely)
        conductivity = self.parameterDefinition("CONDUCTIVITY")
        if conductivity is not None:
            set_widget(conductivity, BY_NAME["conductivity"])  # not in the file, which opens without the plugin too

    def _rename_outputs(self) -> dict[str, str]:
        """Drop the step's name before each output, as in ``mask:FAILURE_MASK``; QGIS's names by the plain ones."""
        made = [p.clone() for p in self.parameterDefinitions() if p.isDestination() and ":" in p.name()]
        found, texts = {}, self.helpContent()
        for output in made:
            name = output.name()
            found[name.split(":", 1)[1]] = name
            self.removeParameter(name)
        for plain, output in zip(found, made):
            texts[plain] = texts.pop(output.name(), "")
            output.setName(plain)
            step = self.childAlgorithm(found[plain].split(":", 1)[0])
            if not step.modelOutputs()[plain].isMandatory():  # QGIS makes it so where the step's own output is
                output.setFlags(output.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
                output.setCreateByDefault(output.createByDefault() or plain in _CREATED_BY_DEFAULT)
            self.addParameter(output)
        self.setHelpContent(texts)
        return found

    def name(self) -> str:
        """Return the fixed id."""
        return f"model_{self._path.stem}"

    def displayName(self) -> str:
        """Return the title in the user's language."""
        return tr(super().name())

    def groupId(self) -> str:
        """Return the fixed id of the group."""
        return self.GROUP

    def group(self) -> str:
        """Return the group in the user's language."""
        return tr("Graphical models")

    def icon(self) -> QIcon:
        """Return the models' icon."""
        return QIcon(str(MODEL_ICON))

    def helpUrl(self) -> str:
        """Return the address of the model's section in the reference."""
        return help_url(REFERENCE, self.name())

    def checkParameterValues(self, parameters: dict[str, Any], context: Any) -> tuple[bool, str]:
        """Accept choices by name, and reject misspelt keys, as the model's algorithms do."""
        try:
            check_keys(ParameterValues(self, parameters, context))
        except SlopecastError as error:
            return False, error.localized(tr)
        return super().checkParameterValues(by_number(self, parameters), context)

    def processAlgorithm(self, parameters: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        """Run the steps, translating output names between the plain names and QGIS's.

        A raster that is not requested is written to a temporary file: its step or a later one needs it.
        """
        given = {self._steps.get(key, key): value for key, value in parameters.items()}
        unasked = {
            key
            for key in self._steps
            if not parameters.get(key)
            and isinstance(self.parameterDefinition(key), QgsProcessingParameterRasterDestination)
        }
        given.update({self._steps[key]: QgsProcessing.TEMPORARY_OUTPUT for key in unasked})
        plain = {step: name for name, step in self._steps.items()}
        results = super().processAlgorithm(given, context, feedback)
        return {plain.get(key, key): value for key, value in results.items() if plain.get(key) not in unasked}

    def createInstance(self) -> GraphicalModel:
        """Make a fresh instance for a run."""
        return GraphicalModel(self._path)


def graphical_models() -> list[GraphicalModel]:
    """Load the models; the algorithms that they chain must be registered, or they would have no outputs."""
    return [GraphicalModel(path) for path in sorted(MODELS.glob("*.model3"))]
