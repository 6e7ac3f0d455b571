"""Opens algorithms in Processing's own dialog."""

from __future__ import annotations

from typing import Any, Callable

from ..algorithms.translation import tr


def open_algorithm(
    algorithm_id: str, parameters: dict[str, Any] | None = None, done: Callable[[dict[str, Any]], None] | None = None
) -> str:
    """Open the dialog of an algorithm.

    Args:
        algorithm_id, parameters: of the algorithm; what the dialog begins with.
        done: called with the results when the dialog is closed after a run.

    Returns:
        why it cannot be opened; empty when it has been.
    """
    try:
        import processing
    except ImportError:
        return tr("Enable Processing under Plugins > Manage and Install Plugins.")
    results = processing.execAlgorithmDialog(algorithm_id, parameters or {})
    if done is not None and results:
        done(results)
    return ""
