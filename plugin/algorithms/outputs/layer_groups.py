"""Layer tree groups named after study area and scenario; empty ones are removed."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable

from qgis.core import QgsLayerTreeGroup, QgsProject


def group_title(study_area: str, scenario: str) -> str:
    """Name the group of a run.

    Args:
        study_area: name of the elevation layer; scenario: its numbers, or what else the run is known by.
    """
    return f"{study_area}: {scenario}" if study_area else scenario


def drop_replaced(project: QgsProject, files: Iterable[str], keep: Iterable[str] = ()) -> None:
    """Remove layers whose files were rewritten, and groups left empty, from the project (main thread).

    Their names state the scenario of an earlier run.

    Args:
        project: whose layers they are.
        files: that were written.
        keep: ids of the layers that show what was written.
    """
    shown, kept = {Path(file) for file in files}, set(keep)
    stale = [layer.id() for layer in project.mapLayers().values() if Path(layer.source()) in shown]
    root = project.layerTreeRoot()
    groups = []
    for layer_id in set(stale) - kept:
        node = root.findLayer(layer_id)
        if node is not None and node.parent() != root:
            groups.append(node.parent())
    project.removeMapLayers([layer_id for layer_id in stale if layer_id not in kept])
    for group in groups:
        _drop_if_empty(group, root)


def _drop_if_empty(group: QgsLayerTreeGroup, root: QgsLayerTreeGroup) -> None:
    """Remove a group without children, and those around it that are then empty."""
    while group is not None and group != root and not group.children():
        around = group.parent()
        if around is None:  # removed with another of its layers
            return
        around.removeChildNode(group)
        group = around
