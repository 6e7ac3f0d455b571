"""Opens algorithms in Processing's own dialog."""

from __future__ import annotations

from typing import Any, Callable

from ..algorithms.translation import tr


def open_algorithm(
    algorithm_id: str, parameters: dict[str, Any] | None = None, done: Callable[[dict[str, Any]], None] | None = None
) -> str:
    """Open the dialog of an algorithm; returns why it cannot be opened, empty when it has been.

    ``done`` is called with the results when the dialog is closed after a run.
    """
    try:
        import processing
    except ImportError:
        return tr("Enable Processing under Plugins > Manage and Install Plugins.")
    results = processing.execAlgorithmDialog(algorithm_id, parameters or {})
    if done is not None and results:
        done(results)
    return ""
