"""Algorithms in Processing's own dialog."""

from __future__ import annotations

from typing import Any

from ..algorithms.translation import tr


def open_algorithm(algorithm_id: str, parameters: dict[str, Any] | None = None) -> str:
    """Open the dialog of an algorithm.

    Returns:
        why it cannot be opened; empty when it has been.
    """
    try:
        import processing
    except ImportError:
        return tr("QGIS's Processing plugin is switched off. Switch it on in Plugins > Manage and Install Plugins.")
    processing.execAlgorithmDialog(algorithm_id, parameters or {})
    return ""
