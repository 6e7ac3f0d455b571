"""Live panel: sliders that update the failure classes on the map."""

from __future__ import annotations

from itertools import count
from typing import Any

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QEvent, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QShowEvent
from qgis.PyQt.QtWidgets import QWidget

from ...algorithms.inputs.layers import source_of_layer
from ...algorithms.locations import PLUGIN_FOLDER
from ...algorithms.outputs.layer_tree import hide_earlier_results
from ...algorithms.parameters.network import NetworkChoice
from ...algorithms.runs.solver_choice import SolverChoice
from ...algorithms.translation import tr
from ...core.errors import InputError
from ...core.raster.inputs import ELEVATION, SOIL_DEPTH
from ...variables import VARIABLES
from ..algorithm_run import AlgorithmRun, stop_runs
from ..fields.number_field import NumberFields
from ..fields.solver_combo import SolverCombo
from ..fields.study_area_picker import StudyAreaPicker
from ..fields.variable_form import set_tab_order, show_changes, show_note, widen_scroll_area
from ..plain_words import plain_words
from ..processing_dialog import open_algorithm
from ..scenario_form import ScenarioFields
from ..scenario_run import CLASS, add_layers, cell_area, other_parameters, run_parameters, values_title
from ..shared_scenario import SharedScenario, Sharing, remember, remembered
from .live_answer import LiveAnswer
from .live_worker import LiveArea, LiveWorker, Request, Solution
from .variable_slider import VariableSlider

#: Changed often enough to be listed with the five main variables.
_ALSO_MAIN = {"WATER_TABLE_RATIO"}
_OUTDATED_AFTER_MS = 350
_READ_AT_ONCE_CELLS = 2_000_000
_KEPT_SHOWN_MS = 4000

_Form, _ = uic.loadUiType(str(PLUGIN_FOLDER / "ui" / "live_panel.ui"))


class _Contents(QWidget, _Form):
    """The form, large enough for its texts: a dock and a scroll area do not account for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setupUi(self)

    def event(self, event: QEvent) -> bool:
        """Request the width of widgets that do not wrap, and the height of the texts at this width."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            widen_scroll_area(self.scroll)
            self.setMinimumHeight(self.layout().minimumHeightForWidth(self.width()))
        return done


class LivePanel(QgsDockWidget):
    """Shows which cells of a study area fail for the values of the sliders."""

    #: "Keep as layer" has ended: success.
    kept = pyqtSignal(bool)

    def __init__(
        self, canvas: QgsMapCanvas, parent: QWidget | None = None, shared: SharedScenario | None = None
    ) -> None:
        super().__init__(tr("Slopecast live"), parent)
        self.setObjectName("SlopecastLivePanel")
        self._worker: LiveWorker | None = None
        self._numbers = count(1)
        self._area: tuple[int, tuple[str, str]] | None = None  # number, and ids of the layers
        self._read: tuple[tuple[str, ...], ...] = ()  # what the layers were when they were read
        self._requested = 0
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)  # before those of the pickers made next
        self.contents = _Contents(self)
        self.setWidget(self.contents)
        self.answer = LiveAnswer(self.contents, canvas)
        self.keeping: AlgorithmRun | None = None  # the run that writes the live map
        self._kept_titles = "", ""
        self._kept_shown = QTimer(self, singleShot=True, interval=_KEPT_SHOWN_MS)
        self.picker = StudyAreaPicker(self.contents, self)
        self.solver = SolverCombo(self.contents.solver_combo)
        self.sliders = {variable.key: VariableSlider(variable, self.contents) for variable in VARIABLES}
        fields = {key: slider.field for key, slider in self.sliders.items()}
        self.scenario = ScenarioFields(fields, self.contents, self.contents)
        self._outdated = QTimer(self, singleShot=True, interval=_OUTDATED_AFTER_MS)
        self._set_up()
        self._connect()
        self.sharing = Sharing(self, shared or SharedScenario(self), self.scenario, self.solver, self.picker)
        self.recall()

    # -- set-up ------------------------------------------------------------------------------

    def _set_up(self) -> None:
        form = self.contents
        self._more, self._more_title = NumberFields(), form.more_box.title()
        self._more.fields = {}
        for variable in sorted(VARIABLES, key=lambda v: v.advanced):
            slider, main = self.sliders[variable.key], not variable.advanced or variable.key in _ALSO_MAIN
            (form.main_rows if main else form.more_rows).addWidget(slider)
            if not main:
                self._more.fields[variable.key] = slider.field
        set_tab_order(form)
        self._show_progress(100.0, "")
        self._show_nothing("")

    def _connect(self) -> None:
        form, project = self.contents, QgsProject.instance()
        self.picker.changed.connect(self._on_layers_changed)
        self.picker.refused.connect(lambda text: show_note(form.result_label, text, "error"))
        self.solver.changed.connect(self._on_value)
        for slider in self.sliders.values():
            slider.changed.connect(self._on_value)
        self._outdated.timeout.connect(self.answer.grey)
        form.start_button.clicked.connect(lambda: self.open_area(requested=True))
        form.stop_button.clicked.connect(self.close_area)
        form.keep_button.clicked.connect(self.keep)
        self._kept_shown.timeout.connect(self._name_keep_button)
        form.reliability_label.linkActivated.connect(self.open_tool)
        project.readProject.connect(self.recall)
        project.cleared.connect(self.recall)

    @property
    def worker(self) -> LiveWorker:
        """The thread, started when first needed."""
        if self._worker is None:
            self._worker = LiveWorker()
            self._worker.solved.connect(self._on_solved)
            self._worker.failed.connect(self._on_failed)
            self._worker.progress.connect(self._show_progress)
            self._worker.start()
        return self._worker

    # -- values and solver -------------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key; only those that are allowed."""
        return self.scenario.values

    @property
    def choice(self) -> SolverChoice:
        """The solver that is chosen here, with the weights and the device of the dialog's last run."""
        texts = remembered(QgsProject.instance(), ["MODEL", "DEVICE"])
        return SolverChoice(self.solver.value, NetworkChoice(texts.get("MODEL") or None, texts.get("DEVICE") or "auto"))

    def wrong_number(self) -> str:
        """Error in the numbers; empty without one."""
        return next(iter(self.scenario.problems()), "")

    def recall(self, *_: Any) -> None:
        """Load the values that the dialog stored in the project; defaults for the others."""
        texts = remembered(QgsProject.instance(), [*self.sliders, "DEM", "SOIL_DEPTH", "SOLVER"])
        self.scenario.set_texts(texts)
        self.solver.value = texts.get("SOLVER", "")
        self.picker.set_texts(texts)

    @property
    def is_current(self) -> bool:
        """Whether the map is that for the values of the sliders."""
        return self.last is not None and self.last.request.number == self._requested

    @property
    def last(self) -> Solution | None:
        """The solution on the map."""
        return self.answer.solution

    # -- the study area ----------------------------------------------------------------------

    def _on_layers_changed(self) -> None:
        self.picker.show_notes()
        self.sharing.send()
        if self.isVisible():
            self.open_area()
        else:
            self.close_area()

    def open_area(self, *, requested: bool = False) -> None:
        """Read the chosen layers, unless they are read already; large ones only if ``requested``."""
        form, dem, depth = self.contents, self.picker.dem, self.picker.depth
        problems = self.picker.problems()
        ids = None if problems else (dem.id(), depth.id() if depth else "")
        if ids is not None and self._area is not None and self._read == self.picker.identities:
            return
        self.close_area()
        large = not problems and dem.width() * dem.height() > _READ_AT_ONCE_CELLS
        form.start_button.setVisible(large and not requested)
        if problems:
            self._show_nothing(tr("Choose the layers above."))
            return
        if large and not requested:
            self._show_nothing(tr("A large study area: press the button above to read it."))
            return
        try:
            dem_source = source_of_layer(dem, tr("Digital elevation model (DEM)"), ELEVATION)
            depth_source = source_of_layer(depth, tr("Soil depth (SOIL_DEPTH)"), SOIL_DEPTH) if depth else None
        except InputError as error:
            self._show_nothing(plain_words(error.localized(tr)), "error")
            return
        self._area, self._read = (next(self._numbers), ids), self.picker.identities
        self._show_nothing(tr("Reading the study area..."))
        self.worker.open(LiveArea(self._area[0], dem_source, depth_source))
        self.ask()

    def close_area(self) -> None:
        """Close the study area and remove its map from the canvas."""
        if self._area is not None:
            self.worker.open(None)
        self._area = None
        self._show_nothing("")
        self.contents.start_button.show()

    def _forget_layers(self, layer_ids: list[str]) -> None:
        self.picker.forget_layers(layer_ids)

    # -- requests and solutions ----------------------------------------------------------------

    def _on_value(self) -> None:
        self.scenario.check_source()
        show_changes(self.contents.more_box, self._more_title, self._more.changed_labels)
        self.sharing.send()
        if self._area is not None and self._read != self.picker.identities:  # a file was written anew
            self._on_layers_changed()
        self.ask()

    def ask(self) -> None:
        """Request the map for the values of the sliders."""
        if self._area is None:
            return
        self._requested = next(self._numbers)  # also of wrong numbers: what is being solved belongs to others
        wrong = self.wrong_number()
        if wrong:
            self._show_nothing(wrong, "error")
            return
        self.worker.ask(Request(self._requested, self.values, self.choice))
        if not self._outdated.isActive():
            self._outdated.start()

    def _on_solved(self, solution: Solution) -> None:
        if self._area is None or solution.area != self._area[0] or self.wrong_number():
            return
        dem = self.picker.dem
        self._outdated.stop()
        self.answer.show(solution, dem.crs(), cell_area(dem))
        self.contents.keep_button.setEnabled(self.keeping is None)
        if not self.is_current:
            self._outdated.start()

    def _on_failed(self, area: int, text: str) -> None:
        if self._area is not None and area == self._area[0]:
            self._show_nothing(plain_words(text), "error")

    def _show_nothing(self, text: str, kind: str = "hint") -> None:
        """Remove the map from the canvas and show the reason."""
        self._outdated.stop()
        self.answer.clear(text, kind, area_open=self._area is not None)
        self.contents.keep_button.setEnabled(False)

    def _show_progress(self, percent: float, text: str) -> None:
        form, under_way = self.contents, bool(text)
        for widget in (form.progress_label, form.progress_bar, form.stop_button):
            widget.setVisible(under_way)
        form.progress_label.setText(text)
        form.progress_bar.setValue(int(percent))

    # -- keep --------------------------------------------------------------------------------

    def keep(self) -> None:
        """Run the algorithm to write failure class and mask, and add them to the project."""
        if self.keeping is not None or self.wrong_number() or self.last is None:
            return
        texts = {**self.scenario.texts, **self.picker.texts, "SOLVER": self.solver.value}
        remember(QgsProject.instance(), texts)
        self.contents.keep_button.setEnabled(False)
        dem = QgsProject.instance().mapLayer(self._area[1][0])
        self._kept_titles = values_title(self.values), dem.name()
        self.keeping = AlgorithmRun("slopecast:predictfailuremask", self.parameters(), parent=self)
        self.keeping.finished.connect(self._on_kept)
        self._name_keep_button()
        self.keeping.start()

    def open_tool(self, algorithm_id: str) -> None:
        """Open another algorithm with the same study area and values."""
        problem = open_algorithm(algorithm_id, other_parameters(self.parameters()))
        if problem:
            self.answer.refuse(problem)

    def parameters(self) -> dict[str, Any]:
        """Parameters of the algorithm for the map that is shown."""
        (dem, depth), choice = self._area[1], self.choice
        model = choice.network.model or ""
        return run_parameters(
            dem=dem, soil_depth=depth or None, values=self.values, device=choice.network.device, also=(CLASS,),
            model="" if model == self.last.replaced else model, solver=choice.wanted,
        )  # fmt: skip

    def _name_keep_button(self) -> None:
        self._kept_shown.stop()
        self.contents.keep_button.setText(tr("Writing...") if self.keeping is not None else tr("Keep as layer"))

    def _on_kept(self, successful: bool, results: dict[str, Any], why_not: str) -> None:
        self.keeping = None
        self._name_keep_button()
        if successful:
            project = QgsProject.instance()
            layers = add_layers(project, results, *self._kept_titles)
            if layers:
                hide_earlier_results(project, layers[0], {layer.source() for layer in layers})
                self.answer.overlapping_results.set_equal(layer.id() for layer in layers)
                if self.last is None or values_title(self.last.request.values) != self._kept_titles[0]:
                    self.answer.overlapping_results.hide_equal()  # the sliders were moved meanwhile
            self.contents.keep_button.setText(tr("Saved as a layer: see the Layers panel"))  # for a moment
            self._kept_shown.start()
        self.contents.keep_button.setEnabled(self.last is not None)
        if why_not:
            self.answer.refuse(why_not)
        self.kept.emit(successful)

    # -- show and close ----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read the study area when the panel comes up."""
        super().showEvent(event)
        if not event.spontaneous():
            self.sharing.show_latest()
        QTimer.singleShot(0, self.open_area)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave nothing on the map."""
        self.close_area()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """Stop running tasks and delete the window."""
        stop_runs()
        self.close_area()
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        self.answer.overlay.remove()
        self.close()
        self.deleteLater()
