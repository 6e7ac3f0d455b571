"""Enumeration parameters, accepted by number, as Processing passes them, or by name."""

from __future__ import annotations

from typing import Any, Sequence

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterEnum

from ...core.errors import InputError
from ...text import Text
from ..parameter_values import ParameterValues
from ..translation import tr

_NAMES = "slopecast_names"  # metadata of the parameter: it survives that QGIS clones it


def choice_parameter(key: str, title: str, choices: dict[str, str], help_text: str) -> QgsProcessingParameterEnum:
    """Make a choice of fixed names; their labels are shown, the first is the default."""
    labels = [tr(label) for label in choices.values()]
    parameter = QgsProcessingParameterEnum(key, tr(title), options=labels, defaultValue=0)
    parameter.setMetadata({_NAMES: list(choices)})
    parameter.setHelp(tr(help_text))
    return parameter


def chosen(parameters: ParameterValues, key: str) -> str:
    """Return the name that was chosen.

    Raises:
        InputError: neither a known number nor a known name.
    """
    names = parameters.algorithm.parameterDefinition(key).metadata()[_NAMES]
    index = _index(parameters.get(key), names)
    if index is None:  # nothing given, or an expression
        index = parameters.algorithm.parameterAsEnum(parameters.values, key, parameters.context)
    if not 0 <= index < len(names):
        allowed = ", ".join(f"{number} ({name})" for number, name in enumerate(names))
        raise InputError(parameters.label(key), Text("'{}' is unknown", parameters.get(key)), allowed)
    return names[index]


def by_number(algorithm: QgsProcessingAlgorithm, values: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with named choices as numbers, as Processing's own check requires."""
    numbered = dict(values)
    for definition in algorithm.parameterDefinitions():
        names = definition.metadata().get(_NAMES)
        if names and definition.name() in numbered:
            index = _index(numbered[definition.name()], names)
            numbered[definition.name()] = numbered[definition.name()] if index is None else index
    return numbered


def _index(given: Any, names: Sequence[str]) -> int | None:
    """Number of a choice; -1 for an unknown one, ``None`` where Processing has to find out."""
    if isinstance(given, str):
        text = given.strip().lower()
        if text in names:
            return list(names).index(text)
        return int(text) if text.isascii() and text.isdigit() else -1
    return given if isinstance(given, int) else None
