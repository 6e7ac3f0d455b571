"""Main dialog: elevation, soil and rainfall in, failure mask out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingUtils, QgsProject, QgsRasterLayer
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QShowEvent
from qgis.PyQt.QtWidgets import QDialog, QWidget

from ..algorithms.locations import GUIDE, INSTALLATION, PLUGIN_FOLDER
from ..algorithms.outputs.destinations import check_own_files, destination_file
from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.files.inputs import state_of
from ..variables import VARIABLES
from .algorithm_run import AlgorithmRun, stop_runs
from .cohesion_dialog import CohesionDialog, CriticalCohesion
from .documents import open_document
from .fields.study_area_picker import StudyAreaPicker
from .fields.variable_form import set_tab_order, show_changes, show_note, widen_scroll_area
from .map_view import map_canvas, move_to_right_end, show_next_to
from .output_form import OutputForm
from .plain_words import plain_words
from .processing_dialog import open_algorithm
from .run_form import RunForm
from .scenario_form import ScenarioForm
from .scenario_run import (
    ALSO,
    CLASS,
    ENGINE_ALONE,
    INSTALLATION_LINK,
    add_example_area,
    cell_area,
    other_parameters,
    run_parameters,
    values_title,
    with_estimated_depth,
)
from .shared_scenario import SharedScenario, Sharing, remember, remembered

#: Largest share of the screen's height; title bar and taskbar need the rest.
_SHARE_OF_SCREEN = 0.9
_MAP_IS_THERE_AFTER_MS = 200

_Form, _ = uic.loadUiType(str(PLUGIN_FOLDER / "ui" / "failure_mask_dialog.ui"))


class FailureMaskDialog(QDialog, _Form):
    """Fills in ``slopecast:predictfailuremask``, runs it in the background and shows the mask.

    ``algorithm_id`` is what Run starts: another one with the same parameters serves tests.
    """

    #: A run has ended: success and the algorithm's results.
    ran = pyqtSignal(bool, dict)

    def __init__(
        self, parent: QWidget | None = None, algorithm_id: str = "slopecast:predictfailuremask",
        shared: SharedScenario | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.algorithm_id = algorithm_id
        self.example: AlgorithmRun | None = None  # the run that draws the example study area
        self._placed = False
        self._invitation = "?"  # the text below the form that advises to press Run, once the example is loaded
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)  # before those of the pickers made next
        self.setupUi(self)
        self.picker = StudyAreaPicker(self, self)
        self._advanced_title = self.advanced_box.title()
        self._fitted = 0  # the height that was given last; another one is the user's
        self.scenario_form = ScenarioForm(self, self)
        self.main_form = self.scenario_form.main
        self.output_form = OutputForm(self, self)
        self.also_boxes = self.output_form.also_boxes
        self.run_form = RunForm(self, self, self.parameters, self._files)
        if not self.output_form.solver.installed:
            show_note(self.result_label, tr(ENGINE_ALONE))
        set_tab_order(self)
        self._connect()
        shared, solver = shared or SharedScenario(self), self.output_form.solver
        self.sharing = Sharing(self, shared, self.scenario_form, solver, self.picker)
        self.recall()
        self._widen()

    # -- set-up ------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the dialog once its groups are folded as they were left; the first time, put it next to the map."""
        super().showEvent(event)
        if not event.spontaneous():
            self.sharing.show_latest()
        QTimer.singleShot(0, self.fit)
        if not self._placed:
            self._placed = True
            QTimer.singleShot(0, self.place)

    def place(self) -> None:
        """Move to the right end of the map."""
        canvas = map_canvas()
        if canvas is not None and canvas.window().isVisible():
            move_to_right_end(self, canvas)

    def fit(self, *_: Any) -> None:
        """Resize to show the whole form, within the screen; a height set by the user is only increased."""
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
        self.scenario_form.changed.connect(self.refresh)
        self.scenario_form.resized.connect(lambda: QTimer.singleShot(0, self.fit))
        self.advanced_box.collapsedStateChanged.connect(lambda _: QTimer.singleShot(0, self.fit))
        self.cohesion_button.clicked.connect(self.ask_for_cohesion)
        self.run_button.clicked.connect(self.start)
        self.run_form.changed.connect(self._on_run_changed)
        self.run_form.ran.connect(self.ran)
        self.close_button.clicked.connect(self.close)
        self.defaults_button.clicked.connect(self.reset_numbers)
        self.processing_button.clicked.connect(self.open_in_processing)
        self.help_button.clicked.connect(self.show_help)
        self.result_label.linkActivated.connect(self.open_tool)
        self.example_button.clicked.connect(self.load_example)
        QgsProject.instance().layersRemoved.connect(self._offer_example_data)
        QgsProject.instance().readProject.connect(self.recall)
        QgsProject.instance().cleared.connect(self._on_project_cleared)

    # -- values ------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key."""
        return self.scenario_form.values

    def parameters(self) -> dict[str, Any]:
        """The algorithm's parameters with the current values."""
        dem, depth = self.picker.dem, self.picker.depth
        return run_parameters(
            dem=dem.id() if dem else "",
            soil_depth=depth.id() if depth else None,
            values=self.values,
            **self.output_form.parameters,
        )

    def _files(self) -> dict[str, Any]:
        """Identity and state of the parameters' files, by key."""
        dem, depth = self.picker.identities
        model = self.output_form.parameters["model"]
        return {"DEM": dem, "SOIL_DEPTH": depth, "MODEL": (model, state_of(Path(model)) if model else None)}

    def problems(self) -> list[str]:
        """Reasons why the dialog cannot run, as sentences."""
        return [*self.picker.problems(), *self.scenario_form.problems(), *self.output_form.problems()]

    def refresh(self, *_: Any) -> None:
        """Update notes, status and buttons."""
        note_shown = not self.status_label.isHidden()
        self.picker.show_notes()
        self._offer_example_data()
        self.scenario_form.check_source()
        self.scenario_form.show_summary()
        show_changes(self.advanced_box, self._advanced_title, self.scenario_form.advanced.changed_labels)
        problems = self.problems()
        if problems and self.result_label.text() == self._invitation:
            show_note(self.result_label, "")
        outside = [] if self.output_form.solver.runs_engine else self.scenario_form.outside_training()
        if problems and self.example is not None:
            show_note(self.status_label, "")  # what is missing is on its way
        elif problems:
            show_note(self.status_label, tr("Cannot run yet. {}").format(problems[0]), "error")
        elif self.scenario_form.unlikely_amounts():
            show_note(self.status_label, self.scenario_form.unlikely_amounts(), "caution")
        elif outside:
            text = tr(
                "Outside the training of the network: {}. Where lateral flow can change the mask, choose the physics "
                "engine as solver; elsewhere the mask is the engine's."
            )
            show_note(self.status_label, text.format(", ".join(outside)), "caution")
        else:
            show_note(self.status_label, "")
        if note_shown == self.status_label.isHidden():
            QTimer.singleShot(0, self.fit)
        if self.run_form.refresh(runnable=not problems):
            QTimer.singleShot(0, self.fit)  # it may take another line
        self.sharing.send()
        self.run_button.setToolTip(problems[0] if problems else "")
        self.processing_button.setEnabled(not problems)

    # -- values from other dialogs ------------------------------------------------------------

    def ask_for_cohesion(self) -> None:
        """Show the cohesion that makes slopes stable under initial conditions, and use it if the user confirms."""
        present = self.main_form.values["COHESION"]
        try:
            task = CriticalCohesion(*self.picker.sources(), self.values)
        except InputError as error:
            show_note(self.status_label, plain_words(error.localized(tr)), "error")
            return
        self.scenario_form.use_dialog(CohesionDialog(task, present, self))

    # -- values stored in the project ---------------------------------------------------------

    def remember(self) -> None:
        """Write the dialog's values into the project."""
        forms = self.scenario_form, self.picker, self.output_form
        remember(QgsProject.instance(), {key: text for form in forms for key, text in form.texts.items()})

    def recall(self, *_: Any) -> None:
        """Load the values stored in the project; defaults for the others."""
        project = QgsProject.instance()
        keys = [variable.key for variable in VARIABLES]
        texts = remembered(project, [*keys, "DEM", "SOIL_DEPTH", "SOLVER", "DEVICE", "MODEL", "ALSO"])
        for form in (self.scenario_form, self.picker, self.output_form):
            form.set_texts(texts)
        self.refresh()

    def reset_numbers(self) -> None:
        """Reset every number to its default."""
        self.scenario_form.set_texts({})

    def _forget_layers(self, layer_ids: list[str]) -> None:
        self.picker.forget_layers(layer_ids)

    def _on_project_cleared(self) -> None:
        self.run_form.forget()
        self.recall()

    # -- the run -----------------------------------------------------------------------------

    @property
    def run(self) -> AlgorithmRun | None:
        """The run under way."""
        return self.run_form.run

    def start(self) -> None:
        """Run the algorithm in the background."""
        if self.run is not None or self.problems():
            return
        self.remember()
        named_after_the_mask = (self.parameters().get(key) for key in (CLASS, *ALSO))
        try:
            files = filter(None, map(destination_file, named_after_the_mask))
            check_own_files(files, "predictfailuremask", tr("Failure mask"))
        except InputError as error:
            self.run_form.refuse(plain_words(error.localized(tr)))
            return
        dem = self.picker.dem
        self.run_form.start(self.algorithm_id, values_title(self.values), dem.name(), cell_area(dem))

    def _on_run_changed(self) -> None:
        QTimer.singleShot(0, self.fit)
        self.refresh()

    # -- buttons -----------------------------------------------------------------------------

    def open_in_processing(self) -> None:
        """Open the algorithm's own dialog, which has all options, with these values."""
        problem = open_algorithm(self.algorithm_id, with_estimated_depth(self.parameters()))
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
        if self.run is not None or self.example is not None:
            return
        self.run_form.note(tr("Creating the example data..."))
        self._show_drawing(drawing=True)
        given = {"OUTPUT_FOLDER": QgsProcessingUtils.generateTempFilename("example_area"), "LOAD_LAYERS": False}
        self.example = AlgorithmRun("slopecast:exampledata", given, self)
        self.example.finished.connect(self._on_example)
        self.example.start()
        self.refresh()

    def _show_drawing(self, *, drawing: bool) -> None:
        self.example_button.setEnabled(not drawing)
        self.progress_bar.setVisible(drawing)
        self.progress_bar.setRange(0, 0 if drawing else 100)  # without an end: it moves

    def _on_example(self, successful: bool, results: dict[str, Any], reason: str) -> None:
        self.example = None
        self._show_drawing(drawing=False)
        if not successful:
            self.refresh()
            show_note(self.result_label, reason or tr("Cancelled; nothing was written."), "error")
            return
        dem, depth = add_example_area(QgsProject.instance(), results)
        self.picker.set_texts({"DEM": dem.id(), "SOIL_DEPTH": depth.id()})
        # Delayed: QGIS first replaces its welcome page by the map, and zooms to the first layer.
        QTimer.singleShot(_MAP_IS_THERE_AFTER_MS, lambda: show_next_to(self, dem.id()))
        text = tr("The example data are loaded, soil and rainfall are filled in: press Run.")
        text += "" if self.output_form.solver.installed else f"<br>{tr(ENGINE_ALONE)}"
        show_note(self.result_label, text, "good")
        self._invitation = self.result_label.text()
        self.run_button.setFocus()
        QTimer.singleShot(0, self.fit)

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
        """Stop running tasks and delete the window."""
        stop_runs()
        self.close()
        self.deleteLater()
