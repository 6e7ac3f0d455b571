"""Form for the outputs, the solver and the device."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QWidget

from ..algorithms.parameters.network import DEVICES, gives_mask_alone
from ..algorithms.translation import tr
from .fields.number_field import WheelGuard
from .fields.solver_combo import SolverCombo
from .fields.variable_form import show_note
from .scenario_run import ALSO, CLASS, CONFIDENCE_NOTE


class OutputForm(QObject):
    """Serves the group *Output and network* of a form.

    Args:
        form: has ``output_file``, ``also_row``, ``also_note``, ``solver_combo``, ``model_file`` and ``device_combo``.
    """

    #: Another network file was entered, existing or not.
    changed = pyqtSignal()
    #: A note was shown or hidden: the form's height has changed.
    resized = pyqtSignal()

    def __init__(self, form: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._output, self._model, self._device = form.output_file, form.model_file, form.device_combo
        self.also_boxes = {key: QCheckBox(tr(label), parent) for key, label in ALSO.items()}
        self._output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self._output.setFilter(tr("GeoTIFF (*.tif *.tiff)"))
        self._output.setDialogTitle(tr("Save the failure mask"))
        self._output.lineEdit().setPlaceholderText(tr("[Save to temporary file]"))
        for box in self.also_boxes.values():
            form.also_row.addWidget(box)
        form.also_row.addStretch()
        show_note(form.also_note, tr(CONFIDENCE_NOTE))
        form.also_note.hide()
        confidence = self._confidence = self.also_boxes["MODEL_CONFIDENCE"]
        confidence.setToolTip(tr(CONFIDENCE_NOTE))
        confidence.toggled.connect(form.also_note.setVisible)
        confidence.toggled.connect(lambda _: self.resized.emit())
        self._model.setFilter(tr("Network weights (*.safetensors)"))
        self._model.setDialogTitle(tr("Choose the network's weights"))
        self._model.lineEdit().setPlaceholderText(tr("[The network supplied with the plugin]"))
        self._gives_mask_alone = False
        self._model.fileChanged.connect(self._check_model)
        for file in (self._model, self._output):
            file.fileChanged.connect(lambda _: self.changed.emit())
        for device, label in DEVICES.items():
            self._device.addItem(tr(label), device)
        WheelGuard(self._device)
        self.solver = SolverCombo(form.solver_combo)
        self.solver.changed.connect(self._show_solver)
        self.solver.changed.connect(self.changed)
        self._show_solver()

    def _show_solver(self) -> None:
        """Disable the network's settings if the physics engine will run."""
        for widget in (self._model, self._device, self._confidence):
            widget.setEnabled(not self.solver.runs_engine)
        if self.solver.runs_engine:
            self._confidence.setChecked(False)

    def _check_model(self, *_: Any) -> None:
        self._gives_mask_alone = gives_mask_alone(self._model.filePath().strip())

    @property
    def parameters(self) -> dict[str, Any]:
        """Arguments for :func:`.scenario_run.run_parameters`; with the failure class if the solver computes it."""
        classes = self.solver.runs_engine or not self._gives_mask_alone
        return {
            "device": self._device.currentData(),
            "output": self._output.filePath().strip(),
            "also": [CLASS] * classes + [key for key, box in self.also_boxes.items() if box.isChecked()],
            "model": self._model.filePath().strip(),
            "solver": self.solver.value,
        }

    def problems(self) -> list[str]:
        """Reasons why the form cannot be used, as sentences."""
        output = self._output.filePath().strip()
        if output and not Path(output).is_absolute():
            text = tr(
                "Failure mask: '{}' names no folder. Enter a full path, or choose the file with the button next to it."
            )
            return [text.format(output)]
        file = self._model.filePath().strip()
        if self.solver.runs_engine or not file or (os.path.isfile(file) and file.lower().endswith(".safetensors")):
            return []
        return [
            tr(
                "Network: '{}' is not a .safetensors file. Leave the field empty for the network supplied with the "
                "plugin."
            ).format(file)
        ]

    @property
    def texts(self) -> dict[str, str]:
        """Values stored in the project; without the output file, which the next mask would overwrite."""
        chosen = self.parameters
        return {
            "SOLVER": chosen["solver"], "DEVICE": chosen["device"], "MODEL": chosen["model"],
            "ALSO": ",".join(key for key in chosen["also"] if key in ALSO),
        }  # fmt: skip

    def set_texts(self, texts: dict[str, str]) -> None:
        """Show stored values."""
        self.solver.value = texts.get("SOLVER", "")
        self._model.setFilePath(texts.get("MODEL", ""))
        self._device.setCurrentIndex(max(self._device.findData(texts.get("DEVICE", "auto")), 0))
        for key, box in self.also_boxes.items():
            box.setChecked(box.isEnabled() and key in texts.get("ALSO", "").split(","))
