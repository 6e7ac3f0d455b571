"""Layer tree groups named after study area and scenario; empty ones are removed."""

from __future__ import annotations

import os
from typing import Iterable

from qgis.core import QgsLayerTreeGroup, QgsLayerTreeNode, QgsProject


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
    shown, kept = {_resolved(file) for file in files}, set(keep)
    stale = [layer.id() for layer in project.mapLayers().values() if _resolved(layer.source()) in shown]
    root = project.layerTreeRoot()
    around: dict[QgsLayerTreeGroup, int] = {}  # each once, for what is removed must not be looked at again; its depth
    for layer_id in set(stale) - kept:
        node = root.findLayer(layer_id)
        groups = [] if node is None else _groups_around(node, root)
        around.update({group: len(groups) - place for place, group in enumerate(groups)})
    project.removeMapLayers([layer_id for layer_id in stale if layer_id not in kept])
    for group in sorted(around, key=around.get, reverse=True):
        if not group.children():
            group.parent().removeChildNode(group)


def _resolved(source: str) -> tuple[str, ...]:
    """A layer's source with its file as it is, however its path is spelled."""
    path, *within = source.split("|")
    return os.path.realpath(path), *within


def _groups_around(node: QgsLayerTreeNode, root: QgsLayerTreeGroup) -> list[QgsLayerTreeGroup]:
    """The groups that a node is in, from the inside."""
    groups = []
    while node.parent() is not None and node.parent() != root:
        node = node.parent()
        groups.append(node)
    return groups
