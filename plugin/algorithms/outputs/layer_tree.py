"""The layer tree: groups named after scenario and study area, and earlier results, which a new one hides."""

from __future__ import annotations

import re
from typing import Any, Collection, Iterable

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsMapLayerLegend,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

from ...core.files.whole import identity_of
from .provenance import is_result

Place = tuple[QgsRectangle, QgsCoordinateReferenceSystem]
_FAILED = "failed (FS < 1)"  # label of a class in the style of the failure mask


def group_title(study_area: str, scenario: str) -> str:
    """Name the group of a run by its scenario's numbers, or what else it is known by, and its elevation layer.

    The scenario is first: the Layers panel cuts long names, and most projects have one study area.
    """
    return f"{scenario}: {study_area}" if study_area else scenario


def drop_replaced(project: QgsProject, files: Iterable[str], keep: Iterable[str] = ()) -> None:
    """Remove layers whose files were rewritten, and groups left empty, from the project (main thread).

    Their names state the scenario of an earlier run; those to keep, by id, show what was written.
    """
    kept, stale = set(keep), [layer.id() for layer in layers_of(project, files)]
    root = project.layerTreeRoot()
    around: dict[QgsLayerTreeGroup, int] = {}  # depth by group; each once, as a removed one must not be used
    for layer_id in set(stale) - kept:
        node = root.findLayer(layer_id)
        groups = [] if node is None else _groups_around(node, root)
        around.update({group: len(groups) - place for place, group in enumerate(groups)})
    project.removeMapLayers([layer_id for layer_id in stale if layer_id not in kept])
    for group in sorted(around, key=around.get, reverse=True):
        if not group.children():
            group.parent().removeChildNode(group)


def layers_of(project: QgsProject, files: Iterable[str]) -> list[QgsMapLayer]:
    """The project's layers of some files."""
    wanted = {_resolved(file) for file in files}
    return [layer for layer in project.mapLayers().values() if _resolved(layer.source()) in wanted]


def _resolved(source: str) -> tuple[str, ...]:
    """A layer's source with its file as it is, however its path is spelled."""
    path, *within = source.split("|")
    return identity_of(path), *within


def _groups_around(node: QgsLayerTreeNode, root: QgsLayerTreeGroup) -> list[QgsLayerTreeGroup]:
    """The groups that a node is in, from the inside."""
    groups = []
    while node.parent() is not None and node.parent() != root:
        node = node.parent()
        groups.append(node)
    return groups


def hide_earlier_results(project: QgsProject, newest: QgsRasterLayer, own: Collection[str]) -> int:
    """Hide visible results that overlap a new result, fold their legends; returns their number (main thread).

    Maps are transparent where nothing fails: the colours of another result would be taken for the newest's.
    """
    place = place_of(newest)
    nodes = [
        node
        for node in visible_results(project)
        if node.layer().source() not in own and overlap(place_of(node.layer()), place)
    ]
    for node in nodes:
        node.setItemVisibilityChecked(False)
        node.setExpanded(False)
    return len(nodes)


def leave_group_of_other_run(project: QgsProject, layer: QgsMapLayer) -> None:
    """Move a layer out of the group of another scenario: QGIS adds it above the current layer, in its group."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    group = None if node is None else node.parent()
    if group is None or group == root or _scenario_of(layer.name()) in ("", _scenario_of_group(group, layer.id())):
        return
    if _scenario_of_group(group, layer.id()):
        root.insertChildNode(0, node.clone())  # first: an unshown layer is dropped
        group.removeChildNode(node)


def _scenario_of_group(group: QgsLayerTreeGroup, newest: str) -> str:
    """The scenario that a group is named after, see :func:`group_title`; empty for other groups."""
    others = (_scenario_of(node.name()) for node in group.findLayers() if node.layerId() != newest)
    return next((one for one in others if one and re.search(rf"(^|, ){re.escape(one)}(: |$)", group.name())), "")


def _scenario_of(name: str) -> str:
    """The scenario in the name of a result, e.g. ``a`` of ``Failure mask (a)``; empty without one."""
    found = re.search(r" \(([^()]+)\)", name)
    return found[1] if found else ""


def title_legend(node: QgsLayerTreeLayer | None) -> None:
    """Title the legend of a raster of one band with what it shows: QGIS writes ``Band 1: Failure class (Gray)``.

    The line is renamed, not left out: QGIS leaves out by number, and would do so with classes of a later style.
    """
    layer = None if node is None else node.layer()
    shown = layer.bandName(1).partition(": ")[2] if isinstance(layer, QgsRasterLayer) and layer.bandCount() == 1 else ""
    if shown:
        QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, 0, shown)
        layer.setLegend(QgsMapLayerLegend.defaultRasterLegend(layer))  # the tree draws it anew


def place_of(layer: QgsRasterLayer) -> Place:
    """Extent and coordinate system of a layer."""
    return layer.extent(), layer.crs()


def overlap(one: Place, other: Place) -> bool:
    """Whether two places may have ground in common; those in different coordinate systems may."""
    return one[1] != other[1] or one[0].intersects(other[0])


def visible_results(project: QgsProject) -> list[QgsLayerTreeLayer]:
    """Nodes of results that are shown on the map."""
    return [node for node in project.layerTreeRoot().findLayers() if node.isVisible() and shows_result(node.layer())]


def shows_result(layer: Any) -> bool:
    """Whether a layer is a Slopecast result, or is styled like a failure mask or failure class."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return False
    from ...core.failure_class import CLASS_LABELS, FAILS_IN_EVENT  # numpy is not imported when the plugin is loaded

    renderer, failed = layer.renderer(), {_FAILED, CLASS_LABELS[FAILS_IN_EVENT]}
    masked = isinstance(renderer, QgsPalettedRasterRenderer)
    return (masked and any(one.label in failed for one in renderer.classes())) or is_result(layer.source())
