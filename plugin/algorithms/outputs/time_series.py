"""Rasters with one band per time of an event, and their playback with the temporal controller."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import Qgis, QgsDateTimeRange, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDateTime

from ..translation import tr

#: Date and time of hour 0; an event has no date of its own.
START = "2000-01-01T00:00:00"


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
