"""Main dialog: elevation, soil and rainfall in, failure mask out."""

from __future__ import annotations

from typing import Any, Mapping

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import QDialog, QWidget

from ..algorithms.layer_groups import group_title
from ..algorithms.locations import GUIDE, INSTALLATION, PLUGIN_FOLDER
from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.presets import Preset
from ..core.scenario import Scenario
from ..core.scenario_checks import scenario_cautions
from ..text import translated
from ..variables import BY_NAME, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM, VARIABLES
from .algorithm_run import AlgorithmRun
from .cohesion_dialog import CohesionDialog, CriticalCohesion
from .dated_note import DatedNote
from .design_rain_dialog import DesignRainDialog
from .documents import open_document
from .example_area import ExampleArea
from .map_view import LayerBeside, map_canvas, place_beside, show_if_unseen
from .number_field import number_text
from .output_form import OutputForm
from .plain_words import plain_words
from .preset_menu import PresetMenu, preset_text
from .processing_dialog import open_algorithm
from .remembered import remember, remembered
from .results_below import hide_earlier_results
from .scenario_run import (
    AGREEMENT,
    ALSO,
    CLASS,
    ENGINE_ALONE,
    INITIAL_CONDITIONS_TIP,
    INSTALLATION_LINK,
    MASK,
    add_layers,
    calls_for_calibration,
    cell_area,
    comparison_parameters,
    is_of_engine,
    other_parameters,
    reliability_kind,
    result_text,
    run_parameters,
    values_title,
)
from .shared_scenario import SharedScenario, Sharing
from .study_area_picker import StudyAreaPicker
from .variable_form import VariableForm, align_columns, show_note, widen_scroll_area

_LOG_PREFIX = {"info": "", "warning": "Warning: ", "error": "Error: "}

#: Title bar and taskbar need the rest.
_SHARE_OF_SCREEN = 0.9
_MAP_IS_THERE_AFTER_MS = 200

_Form, _ = uic.loadUiType(str(PLUGIN_FOLDER / "ui" / "failure_mask_dialog.ui"))


class FailureMaskDialog(QDialog, _Form):
    """Fills in ``slopecast:predictfailuremask``, runs it in the background and shows the mask.

    Args:
        parent: QGIS's window.
        algorithm_id: what Run starts; another one with the same parameters serves tests.
        shared: what the live panel holds too; its own where there is none.
    """

    #: A run has ended: success and the algorithm's results.
    ran = pyqtSignal(bool, dict)

    def __init__(
        self, parent: QWidget | None = None, algorithm_id: str = "slopecast:predictfailuremask",
        shared: SharedScenario | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.algorithm_id = algorithm_id
        self.run: AlgorithmRun | None = None
        self.example = ExampleArea(self)
        self._placed = False
        self._title, self._cell_area = "", 0.0
        self._from_source: dict[str, float] = {}
        self._map_view = LayerBeside(self)
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)  # asked before the pickers made next
        self.setupUi(self)
        self.picker = StudyAreaPicker(self, self)
        self._fitted = 0  # the height that was given last; another one is the user's
        self.main_form = VariableForm(self.scenario_grid, [v for v in VARIABLES if not v.advanced])
        self.advanced_form = VariableForm(self.advanced_grid, [v for v in VARIABLES if v.advanced])
        align_columns([self.scenario_grid, self.advanced_grid])
        self.output_form = OutputForm(self, self)
        self.also_boxes = self.output_form.also_boxes
        self.outcome = DatedNote(self.result_label, self._given)
        self.result_label.setToolTip(tr(INITIAL_CONDITIONS_TIP))
        self._set_up_scenario()
        self._set_up_run()
        self._connect()
        self.sharing = Sharing(self, shared or SharedScenario(self), self._shared_texts, self._show_texts)
        self.recall()
        self._widen()

    # -- set-up ------------------------------------------------------------------------------

    def _set_up_scenario(self) -> None:
        self.preset_menu = PresetMenu(self)
        self.preset_menu.picked.connect(self.use_preset)
        self.preset_button.setMenu(self.preset_menu)
        self.source_note.hide()

    def _set_up_run(self) -> None:
        until_run = self.log_box, self.progress_bar, self.cancel_button
        for widget in (self.result_label, self.compare_button, self.cohesion_button, *until_run):
            widget.hide()
        self._ran: dict[str, Any] = {}
        if not self.output_form.solver.installed:
            show_note(self.result_label, tr(ENGINE_ALONE))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the dialog once its groups are folded as they were left; the first time, put it next to the map."""
        super().showEvent(event)
        if not event.spontaneous():
            self.sharing.catch_up()
        QTimer.singleShot(0, self.fit)
        if not self._placed:
            self._placed = True
            QTimer.singleShot(0, self.place)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give a study area that was shown next to the dialog the whole map, unless the user has moved that since."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._map_view.give_back()

    def place(self) -> None:
        """Move to the right end of the map."""
        canvas = map_canvas()
        if canvas is not None and canvas.window().isVisible():
            place_beside(self, canvas)

    def fit(self, *_: Any) -> None:
        """Take the height that shows the whole form, within the screen; a height that the user chose only grows."""
        self._widen()
        missing = self.form.sizeHint().height() - self.scroll.viewport().height()
        window = self.windowHandle()  # Qt 5.12 knows the screen of no other
        screen = window.screen() if window else QGuiApplication.primaryScreen()
        highest = int(_SHARE_OF_SCREEN * screen.availableGeometry().height())
        height = max(min(self.height() + missing, highest), self.minimumSizeHint().height())
        if height > self.height() or self.height() == self._fitted:
            self.resize(self.width(), height)
            self._fitted = height

    def _widen(self) -> None:
        widen_scroll_area(self.scroll)
        self.resize(self.size().expandedTo(self.minimumSizeHint()))

    def _connect(self) -> None:
        self.picker.changed.connect(self.refresh)
        self.picker.refused.connect(lambda text: show_note(self.result_label, text, "error"))
        self.output_form.changed.connect(self.refresh)
        self.output_form.resized.connect(lambda: QTimer.singleShot(0, self.fit))
        self.main_form.changed.connect(self.refresh)
        self.advanced_form.changed.connect(self.refresh)
        self.advanced_box.collapsedStateChanged.connect(lambda _: QTimer.singleShot(0, self.fit))
        self.rain_button.clicked.connect(self.ask_for_rain)
        self.cohesion_button.clicked.connect(self.ask_for_cohesion)
        self.run_button.clicked.connect(self.start)
        self.compare_button.clicked.connect(self.compare)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        self.defaults_button.clicked.connect(self.reset_numbers)
        self.processing_button.clicked.connect(self.open_in_processing)
        self.help_button.clicked.connect(self.show_help)
        self.result_label.linkActivated.connect(self.open_tool)
        self.example_button.clicked.connect(self.load_example)
        self.example.loaded.connect(self._on_example)
        self.example.failed.connect(self._on_no_example)
        QgsProject.instance().layersRemoved.connect(self._offer_example_data)
        QgsProject.instance().readProject.connect(self.recall)
        QgsProject.instance().cleared.connect(self._on_project_cleared)

    # -- what the dialog holds ---------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key."""
        return {**self.main_form.values, **self.advanced_form.values}

    def parameters(self) -> dict[str, Any]:
        """The algorithm's parameters with the current values."""
        dem, depth = self.picker.dem, self.picker.depth
        return run_parameters(
            dem=dem.id() if dem else "",
            soil_depth=depth.id() if depth else None,
            values=self.values,
            **self.output_form.parameters,
        )

    def problems(self) -> list[str]:
        """Reasons why the dialog cannot run, as sentences."""
        return [*self.picker.problems(), *self._wrong_numbers(), *self.output_form.problems()]

    def _wrong_numbers(self) -> list[str]:
        errors = [*self.main_form.errors, *self.advanced_form.errors]
        if not errors:
            try:
                Scenario.from_mapping(self.values)  # values that do not go together
            except InputError as error:
                errors.append(error)
        return [plain_words(error.localized(tr)) for error in errors]

    def _cautions(self) -> list[str]:
        """Values outside the training of the network, in words."""
        if self.output_form.solver.runs_engine:
            return []
        found = [tr(label) for label in (*self.main_form.cautions, *self.advanced_form.cautions)]
        values, most = self.values, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
        if values.get("CONDUCTIVITY", 0.0) * values.get("LATERAL_ANISOTROPY", 0.0) > most * (1.0 + 1e-9):
            found.append(
                tr("conductivity times lateral anisotropy above {} m/s").format(number_text(most, scientific=True))
            )
        return found

    def _doubtful_amounts(self) -> list[str]:
        """Numbers that can hardly be meant, with their likely unit, in sentences."""
        return [translated(caution, tr) for caution in scenario_cautions(Scenario.from_mapping(self.values))]

    def refresh(self, *_: Any) -> None:
        """Bring notes, status and buttons up to what the dialog holds now."""
        note_shown = not self.status_label.isHidden()
        self.picker.show_notes()
        self._offer_example_data()
        if not self._from_source.items() <= self.values.items():
            show_note(self.source_note, "")
        problems = self.problems()
        cautions = self._cautions()
        if problems and self.example.run is not None:
            show_note(self.status_label, "")  # what is missing is on its way
        elif problems:
            show_note(self.status_label, tr("Cannot run yet. {}").format(problems[0]), "error")
        elif self._doubtful_amounts():
            show_note(self.status_label, plain_words(" ".join(self._doubtful_amounts())), "caution")
        elif cautions:
            text = tr("Outside the training of the network: {}. Do not rely on its mask there.")
            show_note(self.status_label, text.format(", ".join(cautions)), "caution")
        else:
            show_note(self.status_label, "")
        if note_shown == self.status_label.isHidden():
            QTimer.singleShot(0, self.fit)
        if self.run is None and self.outcome.refresh():
            QTimer.singleShot(0, self.fit)  # it may take another line
        self.sharing.give()
        self.run_button.setEnabled(not problems and self.run is None)
        self.compare_button.setEnabled(self.run is None and self.outcome.is_current)
        self.run_button.setToolTip(problems[0] if problems else "")
        self.cohesion_button.setEnabled(not problems and self.run is None)
        self.processing_button.setEnabled(not problems)

    # -- values from elsewhere ---------------------------------------------------------------

    def use_preset(self, preset: Preset) -> None:
        """Take a preset's numbers and show their source."""
        self._use_values(preset.values, preset_text(preset))

    def _use_values(self, values: dict[str, float], source: str) -> None:
        """Fill fields, and show the source of their values until they are changed."""
        for form in (self.main_form, self.advanced_form):
            form.set_values(values)
        self._from_source = values
        show_note(self.source_note, source)
        QTimer.singleShot(0, self.fit)

    def ask_for_rain(self) -> None:
        """Ask for a return period and take its rain."""
        duration = self.main_form.values.get("DURATION", BY_NAME["duration"].default)
        dialog = DesignRainDialog(duration, self)
        if dialog.exec() and dialog.result_rain is not None:
            rain = dialog.result_rain
            self._use_values({"RAINFALL": rain.rainfall, "DURATION": rain.duration}, rain.text)
        dialog.deleteLater()

    def ask_for_cohesion(self) -> None:
        """Show the cohesion that makes slopes stable under initial conditions, and take it if the user confirms."""
        present = self.main_form.values["COHESION"]
        try:
            task = CriticalCohesion(*self.picker.sources(), self.values)
        except InputError as error:
            show_note(self.status_label, plain_words(error.localized(tr)), "error")
            return
        dialog = CohesionDialog(task, present, self)
        if dialog.exec() and dialog.cohesion is not None:
            self._use_values({"COHESION": dialog.cohesion}, dialog.source_text)
        dialog.deleteLater()

    def _shared_texts(self) -> dict[str, str]:
        """Texts shared with the live panel."""
        numbers = {**self.main_form.texts, **self.advanced_form.texts}
        return {**numbers, **self.picker.chosen_texts, "SOLVER": self.output_form.solver.value}

    def _show_texts(self, texts: Mapping[str, str]) -> None:
        """Show what the live panel shows."""
        for form in (self.main_form, self.advanced_form):
            form.show_texts(texts)
        self.picker.set_texts(texts)
        self.output_form.solver.value = texts.get("SOLVER", self.output_form.solver.value)

    # -- values that stay with the project ---------------------------------------------------

    def remember(self) -> None:
        """Write the dialog's values into the project."""
        forms = self.main_form, self.advanced_form, self.picker, self.output_form
        remember(QgsProject.instance(), {key: text for form in forms for key, text in form.texts.items()})

    def recall(self, *_: Any) -> None:
        """Take the values that the project holds; defaults for the others."""
        project = QgsProject.instance()
        keys = [variable.key for variable in VARIABLES]
        texts = remembered(project, [*keys, "DEM", "SOIL_DEPTH", "SOLVER", "DEVICE", "MODEL", "ALSO"])
        for form in (self.main_form, self.advanced_form):
            form.set_texts(texts)
        self.picker.set_texts(texts)
        self.output_form.set_texts(texts)
        show_note(self.source_note, "")
        self.refresh()

    def reset_numbers(self) -> None:
        """Put every number back to its default."""
        for form in (self.main_form, self.advanced_form):
            form.set_texts({})
        show_note(self.source_note, "")

    def _forget_layers(self, layer_ids: list[str]) -> None:
        self.picker.forget_layers(layer_ids)

    def _on_project_cleared(self) -> None:
        self.cancel()
        self._forget_result()
        self.recall()

    # -- the run -----------------------------------------------------------------------------

    def start(self) -> None:
        """Run the algorithm in the background."""
        if self.run is not None or self.problems():
            return
        self.remember()
        self._title = group_title(self.picker.dem.name(), values_title(self.values))
        self._cell_area = cell_area(self.picker.dem)
        self._ran = self.parameters()
        self._start(self._ran)

    def compare(self) -> None:
        """Run the physics engine, in addition to the network, on the inputs of the last run."""
        if self.run is None and self._ran:
            self._start(comparison_parameters(self._ran))

    def _forget_result(self) -> None:
        self.log_box.clear()
        self.outcome.forget()
        show_note(self.result_label, "")
        self.compare_button.hide()
        self.cohesion_button.hide()

    def _start(self, parameters: dict[str, Any]) -> None:
        self._forget_result()
        run = AlgorithmRun(self.algorithm_id, parameters)
        run.progress.connect(lambda percent: self.progress_bar.setValue(int(percent)))
        run.line.connect(self._log)
        run.finished.connect(self._on_finished)
        self.run = run
        self.log_box.show()
        self.log_box.setFocus()  # Run, which is switched off, would pass it on into the first number
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
        if self.focusWidget() is self.log_box:
            self.run_button.setFocus()
        if successful:
            self._show_results(results)
        elif reason:
            self.outcome.show(plain_words(reason), "error")
        else:
            show_note(self.result_label, tr("Cancelled; nothing was written."))
        self.ran.emit(successful, results)

    def _show_results(self, results: dict[str, Any]) -> None:
        compared = AGREEMENT in results  # of the mask that is shown already
        shown = {AGREEMENT: results[AGREEMENT]} if compared else results
        layers = add_layers(QgsProject.instance(), shown, self._title)
        if layers:
            canvas = map_canvas()
            if canvas is not None:
                show_if_unseen(canvas, layers[0], self)
            text = result_text(results, self._cell_area)
            hidden = 0 if compared else hide_earlier_results(layers)
            if hidden:
                text += "<br>" + tr("Earlier results are switched off in the Layers panel: {}.").format(hidden)
            self.outcome.show(text, reliability_kind(results), whatever=(MASK, CLASS, "DEVICE", *ALSO))
            self.cohesion_button.setVisible(calls_for_calibration(results))
            solver = str(results.get("SOLVER_USED") or "")
            self.compare_button.setVisible(bool(solver) and not compared and not is_of_engine(solver))
            self.compare_button.setEnabled(self.outcome.is_current)
        else:
            show_note(
                self.result_label,
                tr("The mask was written but cannot be opened: {}").format(results.get(MASK)),
                "error",
            )

    def _given(self) -> dict[str, Any]:
        """Inputs to which a result or an error belongs."""
        return {"SOIL_DEPTH": "", "MODEL": "", "SOLVER": 0, **dict.fromkeys((CLASS, *ALSO), ""), **self.parameters()}

    # -- buttons -----------------------------------------------------------------------------

    def open_in_processing(self) -> None:
        """Go on with these values in the algorithm's own dialog, which has every option."""
        problem = open_algorithm(self.algorithm_id, self.parameters())
        if problem:
            show_note(self.result_label, problem, "error")

    def open_tool(self, algorithm_id: str) -> None:
        """Open another algorithm with the same study area and values, or the installation page, as a note advises."""
        if algorithm_id == INSTALLATION_LINK:
            problem = open_document(INSTALLATION)
        else:
            problem = open_algorithm(algorithm_id, other_parameters(self.parameters()))
        if problem:
            show_note(self.result_label, problem, "error")

    def load_example(self) -> None:
        """Draw the example study area and pick it, so that nothing is missing but Run."""
        if self.run is not None:
            return
        self.outcome.forget()
        show_note(self.result_label, tr("Creating the example data..."))
        self._show_drawing(drawing=True)
        self.example.load()
        self.refresh()

    def _show_drawing(self, *, drawing: bool) -> None:
        self.example_button.setEnabled(not drawing)
        self.progress_bar.setVisible(drawing)
        self.progress_bar.setRange(0, 0 if drawing else 100)  # without an end: it moves

    def _on_example(self, dem: QgsRasterLayer, depth: QgsRasterLayer) -> None:
        self._show_drawing(drawing=False)
        self.picker.set_texts({"DEM": dem.id(), "SOIL_DEPTH": depth.id()})
        # Later: QGIS puts the map in the place of its welcome page first, and zooms to its first layer.
        QTimer.singleShot(_MAP_IS_THERE_AFTER_MS, lambda: self._map_view.show(dem.id()))
        text = tr("The example data are loaded, soil and rainfall are filled in: press Run.")
        text += "" if self.output_form.solver.installed else f"<br>{tr(ENGINE_ALONE)}"
        show_note(self.result_label, text, "good")
        self.run_button.setFocus()
        QTimer.singleShot(0, self.fit)

    def _on_no_example(self, reason: str) -> None:
        self._show_drawing(drawing=False)
        self.refresh()
        show_note(self.result_label, reason, "error")

    def _offer_example_data(self, *_: Any) -> None:
        """Offer it as long as the project has no raster."""
        layers = QgsProject.instance().mapLayers().values()
        self.example_button.setVisible(not any(isinstance(layer, QgsRasterLayer) for layer in layers))

    def show_help(self) -> None:
        """Open the guide that came with the plugin, at the dialog's page."""
        problem = open_document(GUIDE, "dialog")
        if problem:
            show_note(self.result_label, problem, "caution")

    def shut_down(self) -> None:
        """Stop what runs and go away for good."""
        self.example.stop()
        if self.run is not None:
            self.run.stop()
        self.close()
        self.deleteLater()
