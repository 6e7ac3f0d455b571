"""Style, name, group, place and times of the layers that Processing loads after a run."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, NamedTuple, Sequence

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime

from ...text import Text
from ..locations import STYLES
from ..translation import tr
from .layer_names import make_name_unique
from .layer_tree import (
    drop_replaced,
    hide_earlier_results,
    layers_of,
    leave_group_of_other_run,
    shows_result,
    title_legend,
)

if TYPE_CHECKING:
    from .rasters import RasterOutput

#: Date and time of hour 0; an event has no date of its own.
START = "2000-01-01T00:00:00"
_PLACE = "slopecast/place"
_LEGEND_LABEL = 'label="([^"]+)"'
#: Stylers by layer file: referenced here because QGIS does not keep their Python objects alive.
_STYLERS: dict[str, Styler] = {}
#: Kind and scenario of files that were written and will not be loaded, until the run's end.
_NOT_LOADED: dict[str, tuple[str, str]] = {}
#: Colours from the first scenario to the last, dark to light as in the style of the failure time.
_RAMP = ("#67001f", "#b10026", "#e31a1c", "#fd8d3c", "#feb24c", "#fed976")
_NEVER = ("#b5d1ea", 150)
_OPAQUE = 235
#: Entries of a palette in a style.
_ENTRIES = r"(?: *<paletteEntry [^\n]*\n)+"


class TimeSeries(NamedTuple):
    """Hours of the bands, in their order."""

    hours: tuple[float, ...]

    def band_titles(self, title: str) -> list[str]:
        """Band descriptions: date and time, hour, and title."""
        moments = [start.toString("yyyy-MM-ddTHH:mm:ss") for start in self._moments()]
        return [f"{moment} = {hour:g} h: {title}" for moment, hour in zip(moments, self.hours)]

    def ranges(self) -> list[QgsDateTimeRange]:
        """Time of each band: from its moment to the next one's, of the last as long as of the one before it."""
        starts = self._moments()
        seconds = starts[-2].secsTo(starts[-1]) if len(starts) > 1 else 3600
        ends = [*starts[1:], starts[-1].addSecs(seconds)]
        return [QgsDateTimeRange(start, end, True, False) for start, end in zip(starts, ends)]

    def play(self, layer: QgsRasterLayer, project: QgsProject | None) -> None:
        """Set up the temporal controller for a loaded layer (main thread).

        From QGIS 3.38 on a layer may have a time for each band. Before, a layer has one time: a group of layers, each
        of which shows one band at its time, is put next to the first, which stays without time; it is switched off.
        """
        modes = getattr(Qgis, "RasterTemporalMode", None)
        per_band = getattr(modes, "FixedRangePerBand", None)
        properties = layer.temporalProperties()
        if per_band is not None:
            properties.setMode(per_band)
            properties.setFixedRangePerBand(dict(enumerate(self.ranges(), start=1)))
            properties.setIsActive(True)
        elif project is not None:
            self._as_group(layer, project)

    def _as_group(self, layer: QgsRasterLayer, project: QgsProject) -> None:
        group = project.layerTreeRoot().insertGroup(0, tr("{}: over time").format(layer.name()))
        group.setExpanded(False)
        group.setItemVisibilityChecked(False)  # without the temporal controller all moments lie over one another
        for number, (hour, period) in enumerate(zip(self.hours, self.ranges()), start=1):
            moment = QgsRasterLayer(layer.source(), f"{layer.name()}, {hour:g} h")
            renderer = layer.renderer().clone()
            renderer.setBand(number)
            moment.setRenderer(renderer)
            properties = moment.temporalProperties()
            properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
            properties.setFixedTemporalRange(period)
            properties.setIsActive(True)
            project.addMapLayer(moment, False)
            group.addLayer(moment)

    def _moments(self) -> list[QDateTime]:
        start = QDateTime.fromString(START, "yyyy-MM-ddTHH:mm:ss")
        return [start.addSecs(round(hour * 3600.0)) for hour in self.hours]


def name_to_load(context: QgsProcessingContext, path: str) -> str:
    """The name by which Processing will load a file; empty where it will not.

    It may spell the path in another way: on Windows with slashes, where Python has backslashes.
    """
    return next((name for name in context.layersToLoadOnCompletion() if Path(name) == Path(path)), "")


def style_on_load(
    context: QgsProcessingContext,
    path: str,
    output: RasterOutput,
    scenario: str = "",
    series: TimeSeries | None = None,
    group: str = "",
    place: int | None = None,
) -> None:
    """Style, name and group the layer that Processing will load.

    With a ``place`` it is put there in its group, and only the first is switched on.
    """
    name = name_to_load(context, path)
    if not name and scenario:
        _NOT_LOADED[path] = tr(output.label), scenario
    if not name:
        return
    details = context.layerToLoadOnCompletionDetails(name)
    if scenario and details.name in ("", output.key, output.title):
        details.name = f"{tr(output.label)} ({scenario})"
    _finish_on_load(details, path, Path(path).with_suffix(".qml"), series, group, place)


def rename_overwritten(project: QgsProject | None, files: Iterable[str]) -> None:
    """Read the project's layers of overwritten files again, and rename those of an earlier scenario (main thread).

    For files that Processing does not load: a layer would show the new map under the earlier scenario's numbers.
    """
    for file in files:
        kind, scenario = _NOT_LOADED.pop(file, ("", ""))
        for layer in layers_of(project, [file]) if kind and project is not None else ():
            layer.dataProvider().reloadData()
            if layer.name().startswith(f"{kind} ("):
                layer.setName(f"{kind} ({scenario})")
                make_name_unique(layer, project)
                leave_group_of_other_run(project, layer)
            layer.triggerRepaint()


def group_on_load(
    context: QgsProcessingContext, path: str, group: str, place: int, key: str = "", title: str = ""
) -> None:
    """Add a table that Processing will load to the group of its layers; a table named by its key gets the title."""
    if context.willLoadLayerOnCompletion(path):
        details = context.layerToLoadOnCompletionDetails(path)
        if title and details.name in ("", key):
            details.name = title
        _finish_on_load(details, path, None, None, group, place)


def _finish_on_load(
    details: QgsProcessingContext.LayerDetails,
    path: str,
    style: Path | None,
    series: TimeSeries | None,
    group: str,
    place: int | None,
) -> None:
    grouped_by_qgis = hasattr(details, "groupName")  # since 3.32
    if group and grouped_by_qgis:
        details.groupName = group
    if place is not None and hasattr(details, "layerSortKey"):
        details.layerSortKey = -place
    # Processing deletes the styler with its context, so every layer needs its own.
    _STYLERS[path] = Styler(style, series, "" if grouped_by_qgis else group, place)
    details.setPostProcessor(_STYLERS[path])


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Applies style and group to a loaded layer; Processing ignores the .qml file next to it."""

    def __init__(
        self, style: Path | None, series: TimeSeries | None = None, group: str = "", place: int | None = None
    ) -> None:
        super().__init__()
        self._style, self._series, self._group, self._place = style, series, group, place

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Style the layer."""
        if self._style is not None:
            message, loaded = layer.loadNamedStyle(str(self._style))
            if not loaded:
                feedback.pushWarning(Text("{}: {}", layer.name(), message))
        project = context.project()
        if project is not None:
            drop_replaced(project, [layer.source()], keep=[layer.id()])
            make_name_unique(layer, project)
        if self._series is not None:
            self._series.play(layer, project)
        if self._group and project is not None:
            _move_into_group(layer, project, self._group, self._place)
        elif project is not None:
            leave_group_of_other_run(project, layer)
        node = project.layerTreeRoot().findLayer(layer.id()) if project is not None else None
        title_legend(node)
        if self._place and node is not None:
            node.setItemVisibilityChecked(False)
            node.setExpanded(False)
        elif project is not None and shows_result(layer):
            hidden = hide_earlier_results(project, layer, {layer.source(), *context.layersToLoadOnCompletion()})
            if hidden:
                feedback.pushInfo(tr("Earlier results are switched off in the Layers panel: {}.").format(hidden))
        layer.triggerRepaint()


def _move_into_group(layer: QgsMapLayer, project: QgsProject, name: str, place: int | None) -> None:
    """Move a layer into a group, by its place (``None`` is last); a missing group is made on top of the tree."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    if node is None:
        return
    group: QgsLayerTreeGroup = root.findGroup(name) or root.insertGroup(0, name)
    if node.parent() != group or place is not None:  # QGIS adds a layer above the current one, in its group
        placed = node.clone()
        if place is not None:
            placed.setCustomProperty(_PLACE, place)
        places = [int(one.customProperty(_PLACE, -1)) for one in group.children()]
        higher = [index for index, other in enumerate(places) if place is not None and other > place]
        group.insertChildNode(higher[0] if higher else len(places), placed)  # first: an unshown layer is dropped
        node.parent().removeChildNode(node)


def shipped_style(style: str) -> str:
    """Return a shipped style with its legend in the user's language."""
    text = (STYLES / f"{style}.qml").read_text(encoding="utf-8")
    return re.sub(_LEGEND_LABEL, lambda found: f'label="{escape(tr(unescape(found[1])), quote=False)}"', text)


def first_failure_style(names: Sequence[str]) -> str:
    """QML of a raster that holds the number, from 1, of the first scenario in which a cell fails, 0 for none."""
    entries = [_entry(0, *_NEVER, tr("fails in none"))]
    for number, name in enumerate(names, start=1):
        position = (number - 1) / max(len(names) - 1, 1)
        entries.append(_entry(number, _colour(position), _OPAQUE, tr("fails first in scenario '{}'").format(name)))
    text = (STYLES / "failure_class.qml").read_text(encoding="utf-8")
    return re.sub(_ENTRIES, lambda _: "".join(f"{entry}\n" for entry in entries), text)


def _entry(value: int, colour: str, alpha: int, label: str) -> str:
    return f'        <paletteEntry value="{value}" color="{colour}" alpha="{alpha}" label="{escape(label)}"/>'


def _colour(position: float) -> str:
    """Colour at 0 to 1 along the ramp."""
    place = position * (len(_RAMP) - 1)
    left = min(int(place), len(_RAMP) - 2)
    share = place - left
    ends = [[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in _RAMP[left : left + 2]]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in zip(*ends))
