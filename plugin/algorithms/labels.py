"""Names of parameters in messages."""

from __future__ import annotations

from qgis.core import QgsProcessingAlgorithm


def label_of(algorithm: QgsProcessingAlgorithm, key: str) -> str:
    """Title and key of a parameter."""
    return f"{algorithm.parameterDefinition(key).description()} ({key})"
