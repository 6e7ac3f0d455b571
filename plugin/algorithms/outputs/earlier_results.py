"""Results of earlier runs that are visible in the layer tree, and hides those that a new result overlaps."""

from __future__ import annotations

from typing import Any, Collection

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeLayer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

from .provenance import is_result

Place = tuple[QgsRectangle, QgsCoordinateReferenceSystem]
_FAILED = "failed (FS < 1)"  # label of a class in the style of the failure mask


def hide_earlier_results(project: QgsProject, newest: QgsRasterLayer, own: Collection[str]) -> int:
    """Hide visible results that overlap a new result; returns their number (main thread).

    Masks are transparent where nothing fails: the colours of another result would be taken for the newest's.

    Args:
        project: whose layers they are.
        newest: result of the run.
        own: sources of all layers of the run.
    """
    place = place_of(newest)
    nodes = [
        node
        for node in visible_results(project)
        if node.layer().source() not in own and overlap(place_of(node.layer()), place)
    ]
    for node in nodes:
        node.setItemVisibilityChecked(False)
    return len(nodes)


def place_of(layer: QgsRasterLayer) -> Place:
    """Extent and coordinate system of a layer."""
    return layer.extent(), layer.crs()


def overlap(one: Place, other: Place) -> bool:
    """Whether two places may have ground in common; those in different coordinate systems may."""
    return one[1] != other[1] or one[0].intersects(other[0])


def visible_results(project: QgsProject) -> list[QgsLayerTreeLayer]:
    """Nodes of results that are shown on the map."""
    return [node for node in project.layerTreeRoot().findLayers() if node.isVisible() and _is_result(node.layer())]


def _is_result(layer: Any) -> bool:
    """Whether a layer is a Slopecast result, or is styled like a failure mask or failure class."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return False
    from ...core.failure_class import CLASS_LABELS, FAILS_IN_EVENT  # numpy is not imported when the plugin is loaded

    renderer, failed = layer.renderer(), {_FAILED, CLASS_LABELS[FAILS_IN_EVENT]}
    masked = isinstance(renderer, QgsPalettedRasterRenderer)
    return (masked and any(one.label in failed for one in renderer.classes())) or is_result(layer.source())
