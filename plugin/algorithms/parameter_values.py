"""Values of an algorithm's parameters and of attributes, and the names of parameters in messages."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from qgis.core import (
    NULL,
    QgsDataSourceUri,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, QTime

from ..core.errors import ErrorCollector, InputError
from ..text import Text

_COMPUTED = (QgsProperty.Type.ExpressionBasedProperty, QgsProperty.Type.FieldBasedProperty)
#: Property of a definition that holds the layer or its destination.
_PROPERTY_OF = {QgsProcessingFeatureSourceDefinition: "source", QgsProcessingOutputLayerDefinition: "sink"}


class ParameterValues(NamedTuple):
    """Values of an algorithm's parameters; while it runs the context lists the layers to load afterwards."""

    algorithm: QgsProcessingAlgorithm
    values: dict[str, Any]
    context: QgsProcessingContext

    @classmethod
    def computed(
        cls, algorithm: QgsProcessingAlgorithm, values: dict[str, Any], context: QgsProcessingContext
    ) -> ParameterValues:
        """The values with expressions and fields computed, and paths of Python as texts.

        Processing would take the default for an expression that has no result, or has the name of a choice or switch,
        and skip an output at a path of Python.

        Raises:
            InputError: an expression or field without a result.
        """
        errors, found = ErrorCollector(), {}
        for key, given in values.items():
            found[key] = given
            with errors.catch():
                found[key] = _computed(given, context, cls(algorithm, values, context).label(key))
        errors.raise_all()
        return cls(algorithm, found, context)

    def get(self, key: str) -> Any:
        """The value as it was given; ``None`` where it is missing."""
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether the algorithm has such a parameter."""
        return self.algorithm.parameterDefinition(key) is not None

    def is_given(self, key: str) -> bool:
        """Whether there is a value."""
        return self.get(key) not in (None, "")

    def label(self, key: str) -> str:
        """Title and key of a parameter; the key alone of what is none."""
        definition = self.algorithm.parameterDefinition(key)
        return key if definition is None else f"{definition.description()} ({key})"

    def is_optional(self, key: str) -> bool:
        """Whether a parameter may be left out."""
        definition = self.algorithm.parameterDefinition(key)
        return bool(definition.flags() & definition.Flag.FlagOptional)

    def is_on(self, key: str) -> bool:
        """The value of a switch."""
        return self.algorithm.parameterAsBool(self.values, key, self.context)

    def check_one_layer(self, key: str, kind: type[QgsMapLayer]) -> None:
        """Raise :class:`InputError` for a name that several layers of the project have: QGIS would take one of them.

        ``kind``: class of the layers that the parameter takes.
        """
        given, project = self.get(key), self.context.project()
        if isinstance(given, QgsProcessingFeatureSourceDefinition):
            given = given.source.staticValue()
        if not isinstance(given, str) or project is None or project.mapLayer(given) is not None:
            return
        named = [layer for layer in project.mapLayersByName(given) if isinstance(layer, kind)]
        if len({layer.source() for layer in named}) > 1 and not os.path.exists(given):
            raise InputError(
                self.label(key), Text("{} layers of the project are named '{}'", len(named), given),
                "the file or id of one layer", "Rename the layers, or name the file.",
            )  # fmt: skip

    def raster_layer(self, key: str) -> QgsRasterLayer | None:
        """The layer of a raster; ``None`` for one that Processing cannot load."""
        return self.algorithm.parameterAsRasterLayer(self.values, key, self.context)

    def features(self, key: str) -> QgsProcessingFeatureSource | None:
        """The features of a layer; ``None`` for one that Processing cannot load."""
        return self.algorithm.parameterAsSource(self.values, key, self.context)

    def shown(self, key: str) -> str:
        """The value of a layer parameter for messages: name and source of a layer, without passwords."""
        given = self.get(key)
        if isinstance(given, QgsProcessingFeatureSourceDefinition):
            given = given.source.staticValue()
        project = self.context.project()
        if isinstance(given, str) and project is not None:
            given = project.mapLayer(given) or given
        if not isinstance(given, QgsMapLayer):
            return QgsDataSourceUri.removePassword(str(given))
        return f"{given.name()} ({QgsDataSourceUri.removePassword(given.source())})"

    def text(self, key: str) -> str:
        """The value of a text."""
        return self.algorithm.parameterAsString(self.values, key, self.context)

    def file(self, key: str) -> str:
        """The path of an input file or folder; empty where none is given."""
        return self.algorithm.parameterAsFile(self.values, key, self.context)

    def file_to_write(self, key: str) -> str:
        """The path of an output file or folder; empty where none is given."""
        return self.algorithm.parameterAsFileOutput(self.values, key, self.context)


def _computed(given: Any, context: QgsProcessingContext, label: str) -> Any:
    """A parameter's value, of a property its result; raises :class:`InputError` where it has none."""
    name = _PROPERTY_OF.get(type(given))
    if name is not None and getattr(given, name).propertyType() in _COMPUTED:
        definition = type(given)(given)
        setattr(definition, name, QgsProperty.fromValue(_computed(getattr(given, name), context, label)))
        return definition
    if not isinstance(given, QgsProperty):
        return os.fspath(given) if isinstance(given, os.PathLike) else given
    if given.propertyType() not in _COMPUTED:
        return plain_value(given.staticValue())
    found, is_known = given.value(context.expressionContext(), None)
    if not is_known or found in (None, NULL):
        raise InputError(label, Text("the expression '{}' has no result", given.asExpression()), "one that has a value")
    return found


def plain_value(value: Any) -> Any:
    """An attribute as a Python value; NULL and invalid dates are ``None``."""
    if value is None or value == NULL:
        return None
    if isinstance(value, QDateTime):
        return value.toPyDateTime() if value.isValid() else None
    if isinstance(value, QDate):
        return value.toPyDate() if value.isValid() else None
    if isinstance(value, QTime):
        return value.toPyTime() if value.isValid() else None
    return bytes(value).hex() if isinstance(value, QByteArray) else value


def plain_number(value: Any) -> Any:
    """A number of numpy, which Processing does not know, as one of Python; anything else as it is."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value


def number_given(parameters: ParameterValues, key: str) -> float:
    """Read a number; text that is not a number is an error (Processing would silently use the default).

    Raises:
        InputError: not a number.
    """
    from ..core.quantities.numbers import NotANumber, parse_number

    value = raw_number(parameters, key)
    try:
        return parse_number(value)
    except NotANumber as error:
        raise InputError(parameters.label(key), error.problem, "a number") from None


def raw_number(parameters: ParameterValues, key: str) -> Any:
    """A parameter's number, or the value passed in its place."""
    raw = plain_number(parameters.get(key))
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    if raw is None:  # models give nothing for an input that is left out
        return parameters.algorithm.parameterAsDouble(parameters.values, key, parameters.context)
    return str(raw)
