"""Pickers for elevation and soil depth, shared by the dialog and the live panel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable, Mapping

from qgis.core import QgsMapLayerProxyModel, QgsProject, QgsProviderRegistry, QgsRasterLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QObject, QSignalBlocker, QSize, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QSizePolicy, QStyle, QStyleOptionComboBox

from ...algorithms.inputs.input_files import files_of_raster
from ...algorithms.inputs.layers import RasterSource, missing_data, shown_band, source_of_layer, wkt_of
from ...algorithms.inputs.likely_layers import likely_elevation, likely_soil_depth
from ...algorithms.translation import tr
from ...core.files.inputs import state_of
from ...core.raster.inputs import ELEVATION, SOIL_DEPTH
from ..layer_notes import Note, dem_note, depth_note
from .number_field import WheelGuard
from .variable_form import show_note

#: In place of a layer's id where the soil depth is estimated.
ESTIMATED = "-"
_LABELS = ("Elevation", "Soil depth")


def _combo_width(combo: QgsMapLayerComboBox, text: str) -> int:
    """Width of a combo box that shows a text [px]."""
    option = QStyleOptionComboBox()
    option.initFrom(combo)
    size = QSize(combo.fontMetrics().horizontalAdvance(text), combo.fontMetrics().height())
    return combo.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, size, combo).width()


def _identity(layer: QgsRasterLayer | None) -> tuple[str, ...]:
    """Identity of a layer's data: id, files with their states, coordinate system, band and missing data."""
    if layer is None:
        return ()
    source = layer.source()
    state = state_of(Path(source.split("|", maxsplit=1)[0]))
    within = [state_of(file) for file in _files_within(source, str(state))]
    band, missing = str(shown_band(layer)), str(missing_data(layer))
    return layer.id(), source, f"{state} {within}", wkt_of(layer.crs()), band, missing


@lru_cache(maxsize=8)
def _files_within(source: str, state: str) -> list[Path]:
    """The files that a raster consists of, such as the tiles of a VRT; listed anew for another state of the first."""
    return files_of_raster(source)


class StudyAreaPicker(QObject):
    """Serves the two pickers of a form, their buttons for files and their notes.

    Layers that were not chosen are guessed from the layers' names; a layer that goes is replaced by none.

    Args:
        form: has ``dem_combo``, ``dem_browse``, ``dem_note`` and likewise ``depth_...``.
    """

    #: Another layer was selected, the layer was removed, or its file, coordinate system or symbology has changed.
    changed = pyqtSignal()
    #: Message about a file that is not a raster.
    refused = pyqtSignal(str)

    def __init__(self, form: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._combos = form.dem_combo, form.depth_combo
        self._chosen: set[QgsMapLayerComboBox] = set()  # by the user, not guessed
        self._guessed: dict[QgsMapLayerComboBox, str] = {}  # id of the layer
        self._watched: set[str] = set()  # ids of layers
        self._notes: tuple[Any, Note, Note] | None = None  # layers, and the notes on them
        for combo in self._combos:
            combo.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # long names widen nothing
            WheelGuard(combo)
        form.depth_combo.setAllowEmptyLayer(True, tr("Estimate from the DEM"))
        form.depth_combo.setMinimumWidth(_combo_width(form.depth_combo, tr("Estimate from the DEM")))
        form.depth_combo.setCurrentIndex(0)  # setLayer(None) chooses no entry at all
        self.guess()
        for combo, browse, label in zip(self._combos, (form.dem_browse, form.depth_browse), _LABELS):
            combo.layerChanged.connect(lambda _layer: self.changed.emit())
            combo.activated.connect(lambda _index, one=combo: self._choose(one))
            browse.clicked.connect(lambda _checked, one=combo, title=label: self._browse(one, tr(title)))
        project = QgsProject.instance()
        project.layersAdded.connect(self.guess)
        project.cleared.connect(self._forget_choices)

    # -- selected layers ---------------------------------------------------------------------

    @property
    def dem(self) -> QgsRasterLayer | None:
        """The elevation."""
        return self._form.dem_combo.currentLayer()

    @property
    def depth(self) -> QgsRasterLayer | None:
        """The soil depth; none to estimate it."""
        return self._form.depth_combo.currentLayer()

    def sources(self) -> tuple[RasterSource, RasterSource | None]:
        """Elevation and soil depth for use in another thread; raises :class:`InputError` for layers without a file."""
        depth = None if self.depth is None else source_of_layer(self.depth, tr("Soil depth"), SOIL_DEPTH)
        return source_of_layer(self.dem, tr("Elevation"), ELEVATION), depth

    @property
    def identities(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Identities of the data of elevation and soil depth; empty without a layer."""
        return _identity(self.dem), _identity(self.depth)

    def notes(self) -> tuple[Note, Note]:
        """Text and kind for either layer; made anew only for other layers, as some files take seconds to open."""
        layers = self.identities
        if self._notes is None or self._notes[0] != layers:
            self._notes = layers, dem_note(self.dem), depth_note(self.depth, self.dem)
        _, on_dem, (text, kind) = self._notes
        if kind == "hint" and self._guessed.get(self._form.depth_combo) == self.depth.id():
            text = tr("Selected by its name. {}").format(text)
        return on_dem, (text, kind)

    def show_notes(self) -> None:
        """Write the notes next to the pickers."""
        for label, note in zip((self._form.dem_note, self._form.depth_note), self.notes()):
            show_note(label, *note)

    def problems(self) -> list[str]:
        """Reasons why these layers cannot be used, as sentences."""
        return [f"{tr(label)}: {text}" for label, (text, kind) in zip(_LABELS, self.notes()) if kind == "error"]

    # -- stored in the project ---------------------------------------------------------------

    @property
    def texts(self) -> dict[str, str]:
        """Ids of the layers, for storage; :data:`ESTIMATED` if the depth is estimated."""
        dem, depth = (layer.id() if layer else "" for layer in (self.dem, self.depth))
        return {"DEM": dem, "SOIL_DEPTH": depth or ESTIMATED}

    @property
    def chosen_texts(self) -> dict[str, str]:
        """Texts without layers that were chosen automatically."""
        chosen = {key for key, combo in zip(("DEM", "SOIL_DEPTH"), self._combos) if combo in self._chosen}
        return {key: text for key, text in self.texts.items() if key in chosen}

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Select the stored layers that still exist; guess the others."""
        with QSignalBlocker(self):  # between the two layers the soil depth would be estimated
            for key, combo in zip(("DEM", "SOIL_DEPTH"), self._combos):
                layer = QgsProject.instance().mapLayer(texts.get(key, ""))
                if layer is not None:
                    combo.setLayer(layer)
                    self._choose(combo)
            if texts.get("SOIL_DEPTH") == ESTIMATED:
                self._form.depth_combo.setCurrentIndex(0)
                self._choose(self._form.depth_combo)
        self.guess()

    # -- selecting ---------------------------------------------------------------------------

    def guess(self, *_: Any) -> None:
        """Pick the layers that look right, until the user has chosen others."""
        rasters = [one for one in QgsProject.instance().mapLayers().values() if isinstance(one, QgsRasterLayer)]
        self._watch(rasters)
        with QSignalBlocker(self):
            for combo, likely in zip(self._combos, (likely_elevation, likely_soil_depth)):
                if combo in self._chosen or combo in self._guessed:
                    continue
                layer = likely(rasters)
                if layer is not None:
                    combo.setLayer(layer)
                    self._guessed[combo] = layer.id()
                elif combo is self._form.dem_combo:
                    combo.setCurrentIndex(-1)  # QGIS would take the first of the alphabet, whatever it is
        self.changed.emit()

    def _watch(self, layers: Iterable[QgsRasterLayer]) -> None:
        """Follow what the user changes in the layers' properties, as the notes advise."""
        for layer in layers:
            if layer.id() not in self._watched:
                self._watched.add(layer.id())
                for change in (layer.crsChanged, layer.dataSourceChanged, layer.rendererChanged):
                    change.connect(self._on_edited)

    def _on_edited(self) -> None:
        if self.sender() in (self.dem, self.depth):
            self._notes = None  # those made between two changes may be of neither state
            self.changed.emit()

    def take_file(self, combo: QgsMapLayerComboBox, file: str) -> None:
        """Add a raster file to the project and choose it."""
        layer = QgsRasterLayer(file, Path(file).stem)
        if not layer.isValid():
            self.refused.emit(tr("'{}' cannot be read as a raster.").format(Path(file).name))
            return
        self._choose(combo)
        QgsProject.instance().addMapLayer(layer)
        combo.setLayer(layer)

    def _choose(self, combo: QgsMapLayerComboBox) -> None:
        self._guessed.pop(combo, None)
        self._chosen.add(combo)
        self.changed.emit()

    def _browse(self, combo: QgsMapLayerComboBox, title: str) -> None:
        filters = QgsProviderRegistry.instance().fileRasterFilters()
        file, _ = QFileDialog.getOpenFileName(combo.window(), title, "", filters)
        if file:
            self.take_file(combo, file)

    def forget_layers(self, layer_ids: list[str]) -> None:
        """Select no layer in place of a removed one; the picker would select the next one, often without a signal.

        QGIS's combo box signals a programmatic change only if at most one layer is left.
        """
        self._watched.difference_update(layer_ids)
        going = [one for one in self._combos if one.currentLayer() is not None and one.currentLayer().id() in layer_ids]
        for combo in going:
            self._guessed.pop(combo, None)
            self._chosen.discard(combo)
            combo.setCurrentIndex(0 if combo is self._form.depth_combo else -1)
        if going:
            self.changed.emit()

    def _forget_choices(self) -> None:
        self._chosen.clear()
        self._guessed.clear()
