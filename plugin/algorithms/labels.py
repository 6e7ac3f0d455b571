"""Names of parameters in messages."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsDataSourceUri, QgsMapLayer, QgsProcessingAlgorithm, QgsProcessingFeatureSourceDefinition


def label_of(algorithm: QgsProcessingAlgorithm, key: str) -> str:
    """Title and key of a parameter."""
    return f"{algorithm.parameterDefinition(key).description()} ({key})"


def shown_input(given: Any) -> str:
    """A layer parameter's value for messages: the layer's name, or the source without passwords."""
    if isinstance(given, QgsProcessingFeatureSourceDefinition):
        given = given.source.staticValue()
    return given.name() if isinstance(given, QgsMapLayer) else QgsDataSourceUri.removePassword(str(given))
