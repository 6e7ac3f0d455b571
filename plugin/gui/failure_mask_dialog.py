"""The dialog of the main job: a mountain, a soil and a rain go in, a failure mask comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject, QgsProviderRegistry, QgsRasterLayer
from qgis.gui import QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from qgis.PyQt.QtWidgets import QCheckBox, QDialog, QFileDialog, QSizePolicy, QWidget

from ..algorithms.locations import PLUGIN_FOLDER
from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.scenario import Scenario
from ..variables import VARIABLES
from .algorithm_run import AlgorithmRun
from .layer_notes import dem_note, depth_note
from .remembered import recall, remember
from .scenario_run import (
    ALSO,
    DEVICES,
    MASK,
    add_layers,
    reliability_kind,
    result_text,
    run_parameters,
    scenario_title,
)
from .variable_form import VariableForm, align_columns, show_note

_HOMEPAGE = "https://example.org/slopecast"
_DEVICE_LABELS = {
    "auto": "Automatic",
    "cpu": "CPU",
    "cuda": "CUDA (NVIDIA GPU)",
    "mps": "MPS (Apple GPU)",
}
_LOG_PREFIX = {"info": "", "warning": "Warning: ", "error": "Error: "}

_SHARE_OF_SCREEN = 0.85

_Form, _ = uic.loadUiType(str(PLUGIN_FOLDER / "ui" / "failure_mask_dialog.ui"))


class FailureMaskDialog(QDialog, _Form):
    """Fills in ``slopecast:predictfailuremask``, runs it in the background and shows the mask.

    Args:
        parent: QGIS's window.
        algorithm_id: what Run starts; another one with the same parameters serves tests.
    """

    #: A run has ended: success and the algorithm's results.
    ran = pyqtSignal(bool, dict)

    def __init__(self, parent: QWidget | None = None, algorithm_id: str = "slopecast:predictfailuremask") -> None:
        super().__init__(parent)
        self.algorithm_id = algorithm_id
        self.run: AlgorithmRun | None = None
        self._title = ""
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)  # asked before the pickers made next
        self.setupUi(self)
        self.main_form = VariableForm(self.scenario_grid, [v for v in VARIABLES if not v.advanced])
        self.advanced_form = VariableForm(self.advanced_grid, [v for v in VARIABLES if v.advanced])
        align_columns([self.scenario_grid, self.advanced_grid])
        self.also_boxes = {key: QCheckBox(tr(label), self) for key, label in ALSO.items()}
        self._set_up_layers()
        self._set_up_output()
        self._set_up_run()
        self._connect()
        self.recall()
        self._widen()

    # -- set-up ------------------------------------------------------------------------------

    def _set_up_layers(self) -> None:
        for combo in (self.dem_combo, self.depth_combo):
            combo.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # long names widen nothing
        self.depth_combo.setAllowEmptyLayer(True, tr("Estimate from the DEM"))
        self.depth_combo.setCurrentIndex(0)  # setLayer(None) chooses no entry at all

    def _set_up_output(self) -> None:
        self.output_file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output_file.setFilter(tr("GeoTIFF (*.tif *.tiff)"))
        self.output_file.setDialogTitle(tr("Save the failure mask"))
        self.output_file.lineEdit().setPlaceholderText(tr("[Save to temporary file]"))
        for box in self.also_boxes.values():
            self.also_row.addWidget(box)
        self.also_row.addStretch()
        for device in DEVICES:
            self.device_combo.addItem(tr(_DEVICE_LABELS[device]), device)

    def _set_up_run(self) -> None:
        for widget in (self.result_label, self.log_box, self.progress_bar, self.cancel_button):
            widget.hide()  # until the first run
        algorithm = QgsApplication.processingRegistry().algorithmById(self.algorithm_id)
        runnable, reason = algorithm.canExecute() if algorithm else (True, "")
        if not runnable:
            show_note(self.result_label, reason, "error")  # told before anything is filled in

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the dialog once its groups are folded as they were left."""
        super().showEvent(event)
        QTimer.singleShot(0, self.fit)

    def fit(self, *_: Any) -> None:
        """Grow until the form shows whole, but not beyond the screen's height; never shrink."""
        self._widen()
        missing = self.form.sizeHint().height() - self.scroll.viewport().height()
        window = self.windowHandle()  # Qt 5.12 knows the screen of no other
        screen = window.screen() if window else QGuiApplication.primaryScreen()
        highest = int(_SHARE_OF_SCREEN * screen.availableGeometry().height())
        height = min(self.height() + max(missing, 0), highest)
        self.resize(self.width(), max(height, self.height()))

    def _widen(self) -> None:
        bar = self.scroll.verticalScrollBar().sizeHint().width()
        self.scroll.setMinimumWidth(self.form.minimumSizeHint().width() + bar)
        self.resize(self.size().expandedTo(self.minimumSizeHint()))

    def _connect(self) -> None:
        self.dem_combo.layerChanged.connect(self.refresh)
        self.depth_combo.layerChanged.connect(self.refresh)
        self.main_form.changed.connect(self.refresh)
        self.advanced_form.changed.connect(self.refresh)
        self.dem_browse.clicked.connect(lambda: self._browse(self.dem_combo, tr("Elevation")))
        self.depth_browse.clicked.connect(lambda: self._browse(self.depth_combo, tr("Soil depth")))
        self.advanced_box.collapsedStateChanged.connect(lambda _: QTimer.singleShot(0, self.fit))
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        self.defaults_button.clicked.connect(self.reset_numbers)
        self.processing_button.clicked.connect(self.open_in_processing)
        self.help_button.clicked.connect(self.show_help)
        QgsProject.instance().readProject.connect(self.recall)
        QgsProject.instance().cleared.connect(self._on_project_cleared)

    # -- what the dialog holds ---------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key."""
        return {**self.main_form.values, **self.advanced_form.values}

    def parameters(self) -> dict[str, Any]:
        """The algorithm's parameters, as the dialog stands."""
        dem, depth = self.dem_combo.currentLayer(), self.depth_combo.currentLayer()
        return run_parameters(
            dem=dem.id() if dem else "",
            soil_depth=depth.id() if depth else None,
            values=self.values,
            device=self.device_combo.currentData(),
            output=self.output_file.filePath().strip(),
            also=[key for key, box in self.also_boxes.items() if box.isChecked()],
        )

    def problems(self) -> list[str]:
        """What keeps the dialog from running, in sentences."""
        found = []
        for name, (text, kind) in zip((tr("Elevation"), tr("Soil depth")), self._layer_notes()):
            if kind == "error":
                found.append(f"{name}: {text}")
        return found + self._wrong_numbers()

    def _wrong_numbers(self) -> list[str]:
        errors = [*self.main_form.errors, *self.advanced_form.errors]
        if not errors:
            try:
                Scenario.from_mapping(self.values)  # values that do not go together
            except InputError as error:
                errors.append(error)
        return [str(error) for error in errors]

    def _layer_notes(self) -> tuple[tuple[str, str], tuple[str, str]]:
        dem, depth = self.dem_combo.currentLayer(), self.depth_combo.currentLayer()
        return dem_note(dem), depth_note(depth, dem)

    def refresh(self, *_: Any) -> None:
        """Bring notes, status and buttons up to what the dialog holds now."""
        for label, (text, kind) in zip((self.dem_note, self.depth_note), self._layer_notes()):
            show_note(label, text, kind)
        problems, wrong_numbers = self.problems(), self._wrong_numbers()
        cautions = [*self.main_form.cautions, *self.advanced_form.cautions]
        if wrong_numbers:
            show_note(self.status_label, wrong_numbers[0], "error")
        elif cautions:
            text = tr("Outside what the network was trained on: {}. Expect a less reliable mask.")
            show_note(self.status_label, text.format(", ".join(tr(label) for label in cautions)), "caution")
        else:
            show_note(self.status_label, "")
        self.run_button.setEnabled(not problems and self.run is None)
        self.run_button.setToolTip(problems[0] if problems else "")
        self.processing_button.setEnabled(not problems)

    # -- values that stay with the project ---------------------------------------------------

    def remember(self) -> None:
        """Write the dialog's values into the project."""
        dem, depth = self.dem_combo.currentLayer(), self.depth_combo.currentLayer()
        texts = {**self.main_form.texts, **self.advanced_form.texts}
        texts["DEM"], texts["SOIL_DEPTH"] = (layer.id() if layer else "" for layer in (dem, depth))
        texts["DEVICE"] = self.device_combo.currentData()
        texts["ALSO"] = ",".join(key for key, box in self.also_boxes.items() if box.isChecked())
        remember(QgsProject.instance(), texts)

    def recall(self, *_: Any) -> None:
        """Take the values that the project holds; defaults for the others."""
        project = QgsProject.instance()
        keys = [variable.key for variable in VARIABLES]
        texts = recall(project, [*keys, "DEM", "SOIL_DEPTH", "DEVICE", "ALSO"])
        for form in (self.main_form, self.advanced_form):
            form.set_texts(texts)
        for key, combo in (("DEM", self.dem_combo), ("SOIL_DEPTH", self.depth_combo)):
            layer = project.mapLayer(texts.get(key, ""))
            if layer is not None:
                combo.setLayer(layer)
            elif combo is self.depth_combo:
                combo.setCurrentIndex(0)
        self.device_combo.setCurrentIndex(max(self.device_combo.findData(texts.get("DEVICE", "auto")), 0))
        for key, box in self.also_boxes.items():
            box.setChecked(key in texts.get("ALSO", "").split(","))
        self.refresh()

    def reset_numbers(self) -> None:
        """Put every number back to its default."""
        for form in (self.main_form, self.advanced_form):
            form.set_texts({})

    def _forget_layers(self, layer_ids: list[str]) -> None:
        """Choose no layer in place of one that goes: the picker would take whichever comes next."""
        for combo in (self.dem_combo, self.depth_combo):
            layer = combo.currentLayer()
            if layer is not None and layer.id() in layer_ids:
                combo.setCurrentIndex(0 if combo is self.depth_combo else -1)

    def _on_project_cleared(self) -> None:
        self.cancel()
        self.recall()

    # -- the run -----------------------------------------------------------------------------

    def start(self) -> None:
        """Run the algorithm in the background."""
        if self.run is not None or self.problems():
            return
        self.remember()
        self.log_box.clear()
        self._title = scenario_title(self.values)
        run = AlgorithmRun(self.algorithm_id, self.parameters())
        run.progress.connect(lambda percent: self.progress_bar.setValue(int(percent)))
        run.line.connect(self._log)
        run.finished.connect(self._on_finished)
        self.run = run
        self._show_running(running=True)
        problem = run.start()
        if problem:
            self._on_finished(False, {}, problem)

    def cancel(self) -> None:
        """Ask a run to stop."""
        if self.run is not None:
            self.run.cancel()
            self.cancel_button.setEnabled(False)
            show_note(self.result_label, tr("Stopping..."))

    def _show_running(self, *, running: bool) -> None:
        self.progress_bar.setValue(0)
        self.progress_bar.setVisible(running)
        self.cancel_button.setVisible(running)
        self.cancel_button.setEnabled(running)
        self.log_box.show()
        show_note(self.result_label, tr("Computing...") if running else "")
        QTimer.singleShot(0, self.fit)
        self.refresh()

    def _log(self, kind: str, text: str) -> None:
        self.log_box.appendPlainText(tr(_LOG_PREFIX[kind]) + text.strip())

    def _on_finished(self, successful: bool, results: dict[str, Any], reason: str) -> None:
        self.run = None
        self._show_running(running=False)
        if successful:
            self._show_results(results)
        elif reason:
            show_note(self.result_label, reason, "error")
        else:
            show_note(self.result_label, tr("Cancelled; nothing was written."))
        self.ran.emit(successful, results)

    def _show_results(self, results: dict[str, Any]) -> None:
        if add_layers(QgsProject.instance(), results, self._title):
            show_note(self.result_label, result_text(results), reliability_kind(results))
        else:
            show_note(
                self.result_label,
                tr("The mask was written but cannot be opened: {}").format(results.get(MASK)),
                "error",
            )

    # -- buttons -----------------------------------------------------------------------------

    def _browse(self, combo: QgsMapLayerComboBox, title: str) -> None:
        filters = QgsProviderRegistry.instance().fileRasterFilters()
        file, _ = QFileDialog.getOpenFileName(self, title, "", filters)
        if file:
            self.take_file(combo, file)

    def take_file(self, combo: QgsMapLayerComboBox, file: str) -> None:
        """Add a raster file to the project and choose it."""
        layer = QgsRasterLayer(file, Path(file).stem)
        if not layer.isValid():
            text = tr("'{}' cannot be read as a raster.").format(Path(file).name)
            show_note(self.result_label, text, "error")
            return
        QgsProject.instance().addMapLayer(layer)
        combo.setLayer(layer)

    def open_in_processing(self) -> None:
        """Go on with these values in the algorithm's own dialog, which has every option."""
        try:
            import processing
        except ImportError:
            text = tr("QGIS's Processing plugin is switched off. Switch it on in Plugins > Manage and Install Plugins.")
            show_note(self.result_label, text, "error")
            return
        processing.execAlgorithmDialog(self.algorithm_id, self.parameters())

    def show_help(self) -> None:
        """Open the guide that came with the plugin."""
        for file in (PLUGIN_FOLDER / "docs" / "guide.md", PLUGIN_FOLDER / "README.md"):
            if file.exists():
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
                return
        QDesktopServices.openUrl(QUrl(_HOMEPAGE))

    def shut_down(self) -> None:
        """Stop what runs and go away for good."""
        if self.run is not None:
            self.run.stop()
        self.close()
        self.deleteLater()
