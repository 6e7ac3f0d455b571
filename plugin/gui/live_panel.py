"""The live panel: sliders beside the map, and the failure mask on it as they move."""

from __future__ import annotations

from itertools import count
from typing import Any, Mapping

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QEvent, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QShowEvent
from qgis.PyQt.QtWidgets import QWidget

from ..algorithms.layers import source_of_layer
from ..algorithms.locations import PLUGIN_FOLDER
from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.presets import Preset
from ..core.raster.inputs import ELEVATION, SOIL_DEPTH
from ..core.scenario import Scenario
from ..variables import VARIABLES
from .live_answer import LiveAnswer
from .live_worker import Drawn, LiveWorker, Mountain, Opened
from .mask_keeper import MaskKeeper
from .mountain_picker import MountainPicker
from .plain_words import plain_words
from .preset_menu import PresetMenu, preset_text
from .processing_dialog import open_algorithm
from .remembered import recall, remember
from .scenario_run import cell_area, other_parameters, run_parameters, scenario_title
from .shared_scenario import SharedScenario, Sharing
from .variable_form import show_note
from .variable_slider import VariableSlider

NETWORK, COLUMN = "slopecast:predictfailuremask", "slopecast:simulatefactorofsafety"
#: Beside the five main numbers, moved often enough to stand with them.
_ALSO_MAIN = {"WATER_TABLE_RATIO"}
_OUTDATED_AFTER_MS = 350
_SETTLED_AFTER_MS = 250
_READ_AT_ONCE_CELLS = 2_000_000

_Form, _ = uic.loadUiType(str(PLUGIN_FOLDER / "ui" / "live_panel.ui"))


class _Contents(QWidget, _Form):
    """The form, never so low that its texts would lie on each other: a dock knows nothing of lines that wrap."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setupUi(self)

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the texts take at this width."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.setMinimumHeight(self.layout().minimumHeightForWidth(self.width()))
        return done


class LivePanel(QgsDockWidget):
    """Keeps a mountain ready and shows which of its cells fail for the numbers on the sliders.

    Args:
        canvas: the map that is painted on.
        parent: QGIS's window.
        shared: what the dialog holds too; its own where there is none.
    """

    #: A mask for the newest numbers is on the map, in full (true) or as a preview.
    drawn = pyqtSignal(bool)
    #: "Keep as layer" has ended: success.
    kept = pyqtSignal(bool)

    def __init__(
        self, canvas: QgsMapCanvas, parent: QWidget | None = None, shared: SharedScenario | None = None
    ) -> None:
        super().__init__(tr("Slopecast live"), parent)
        self.setObjectName("SlopecastLivePanel")
        self.canvas = canvas
        self._worker: LiveWorker | None = None
        self._numbers = count(1)
        self._mountain: tuple[int, tuple] | None = None  # number, and what was opened
        self._opened: Opened | None = None
        self._asked = 0
        self._from_source: dict[str, float] = {}
        QgsProject.instance().layersWillBeRemoved.connect(self._forget_layers)  # asked before the pickers made next
        self.contents = _Contents(self)
        self.setWidget(self.contents)
        self.answer = LiveAnswer(self.contents, canvas)
        self.keeper = MaskKeeper(self.contents.keep_button, self)
        self.picker = MountainPicker(self.contents, self)
        self.sliders = {variable.key: VariableSlider(variable, self.contents) for variable in VARIABLES}
        self._outdated = QTimer(self, singleShot=True, interval=_OUTDATED_AFTER_MS)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_AFTER_MS)
        self._set_up()
        self._connect()
        self.sharing = Sharing(self, shared or SharedScenario(self), self._shared_texts, self._show_texts)
        self.recall()

    # -- set-up ------------------------------------------------------------------------------

    def _set_up(self) -> None:
        form = self.contents
        for variable in sorted(VARIABLES, key=lambda v: v.advanced):
            main = not variable.advanced or variable.key in _ALSO_MAIN
            (form.main_rows if main else form.more_rows).addWidget(self.sliders[variable.key])
        self.preset_menu = PresetMenu(form)
        form.preset_button.setMenu(self.preset_menu)
        form.source_note.hide()
        self._show_progress(100.0, "")
        self._show_nothing("")

    def _connect(self) -> None:
        form, project = self.contents, QgsProject.instance()
        self.picker.changed.connect(self._on_mountain_changed)
        self.picker.refused.connect(lambda text: show_note(form.result_label, text, "error"))
        for slider in self.sliders.values():
            slider.changed.connect(self._on_value)
        self.preset_menu.picked.connect(self.use_preset)
        self._outdated.timeout.connect(self.answer.grey)
        self._settled.timeout.connect(lambda: self.ask(moving=False))
        form.start_button.clicked.connect(lambda: self.open_mountain(asked=True))
        form.stop_button.clicked.connect(self.close_mountain)
        form.keep_button.clicked.connect(self.keep)
        self.keeper.ended.connect(self._on_kept)
        form.reliability_label.linkActivated.connect(self.open_tool)
        project.readProject.connect(self.recall)
        project.cleared.connect(self._on_cleared)

    @property
    def worker(self) -> LiveWorker:
        """The thread, started when first needed."""
        if self._worker is None:
            self._worker = LiveWorker()
            self._worker.opened.connect(self._on_opened)
            self._worker.drawn.connect(self._on_drawn)
            self._worker.failed.connect(self._on_failed)
            self._worker.progress.connect(self._show_progress)
            self._worker.start()
        return self._worker

    # -- numbers -----------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, float]:
        """The numbers by key; only those that are allowed."""
        fields = {key: slider.field for key, slider in self.sliders.items()}
        return {key: field.value for key, field in fields.items() if field.value is not None}

    def wrong_number(self) -> str:
        """What is wrong with the numbers; empty if nothing is."""
        for slider in self.sliders.values():
            if slider.field.error is not None:
                return plain_words(slider.field.error.told(tr))
        try:
            Scenario.from_mapping(self.values)  # values that do not go together
        except InputError as error:
            return plain_words(error.told(tr))
        return ""

    def use_preset(self, preset: Preset) -> None:
        """Take a preset's numbers and say where they come from."""
        for key, value in preset.values.items():
            self.sliders[key].field.set_value(value)
        self._from_source = preset.values
        show_note(self.contents.source_note, preset_text(preset))

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the fields, as typed."""
        return {key: slider.field.text() for key, slider in self.sliders.items()}

    def _shared_texts(self) -> dict[str, str]:
        """What the dialog shows as well."""
        return {**self.texts, **self.picker.chosen_texts}

    def _show_texts(self, texts: Mapping[str, str]) -> None:
        """Show what the dialog shows."""
        for key, slider in self.sliders.items():
            if texts.get(key, slider.field.text()) != slider.field.text():
                slider.field.setText(texts[key])
        self.picker.set_texts(texts)

    def recall(self, *_: Any) -> None:
        """Take the values that the dialog left in the project; defaults for the others."""
        texts = recall(QgsProject.instance(), [*self.sliders, "DEM", "SOIL_DEPTH"])
        for key, slider in self.sliders.items():
            if texts.get(key):
                slider.field.setText(texts[key])
            else:
                slider.field.set_value(slider.variable.default)
        self.picker.set_texts(texts)

    @property
    def is_current(self) -> bool:
        """Whether the map shows the answer to the numbers on the sliders, in full or as a preview."""
        return self.last is not None and self.last.request == self._asked

    @property
    def last(self) -> Drawn | None:
        """What is on the map."""
        return self.answer.drawn

    # -- the mountain ------------------------------------------------------------------------

    def _on_mountain_changed(self) -> None:
        self.picker.show_notes()
        self.sharing.give()
        if self.isVisible():
            self.open_mountain()
        else:
            self.close_mountain()

    def open_mountain(self, *, asked: bool = False) -> None:
        """Read the chosen layers, unless they are read already; large ones only when they are asked for."""
        form, dem, depth = self.contents, self.picker.dem, self.picker.depth
        problems = self.picker.problems()
        wanted = None if problems else self._wanted()
        if wanted is not None and self._mountain is not None and self._mountain[1] == wanted:
            return
        self.close_mountain()
        large = wanted is not None and dem.width() * dem.height() > _READ_AT_ONCE_CELLS
        form.start_button.setVisible(large and not asked)
        if problems:
            self._show_nothing(tr("Choose the mountain above."))
            return
        if large and not asked:
            self._show_nothing(tr("A large mountain: it is read when you ask for it."))
            return
        try:
            sources = [
                source_of_layer(layer, tr(label), kind) if layer else None
                for layer, label, kind in (
                    (dem, "Digital elevation model (DEM)", ELEVATION),
                    (depth, "Soil depth (SOIL_DEPTH)", SOIL_DEPTH),
                )
            ]
        except InputError as error:
            self._show_nothing(plain_words(error.told(tr)), "error")
            return
        self._mountain = next(self._numbers), wanted
        self._show_nothing(tr("Reading the mountain..."))
        self.worker.open(Mountain(self._mountain[0], sources[0], sources[1], *wanted[2:]))
        self.ask(moving=False)

    def _wanted(self) -> tuple:
        texts = recall(QgsProject.instance(), ["MODEL", "DEVICE"])
        depth = self.picker.depth
        ids = self.picker.dem.id(), depth.id() if depth else ""
        return (*ids, texts.get("MODEL", ""), texts.get("DEVICE", "") or "auto")

    def close_mountain(self) -> None:
        """Forget the mountain and take its mask off the map."""
        if self._mountain is not None:
            self.worker.close()
        self._mountain = self._opened = None
        self._outdated.stop()
        self._settled.stop()
        self._show_nothing("")
        self.contents.start_button.show()

    def _forget_layers(self, layer_ids: list[str]) -> None:
        self.picker.forget_layers(layer_ids)

    # -- what is asked and what comes back -----------------------------------------------------

    def _on_value(self, moving: bool) -> None:
        if not self._from_source.items() <= self.values.items():
            show_note(self.contents.source_note, "")
        self.sharing.give()
        self.ask(moving=moving)
        if moving:
            self._settled.start()  # held still, the whole is worth its time
        else:
            self._settled.stop()

    def ask(self, *, moving: bool) -> None:
        """Have the mask computed for the numbers on the sliders."""
        if self._mountain is None:
            return
        wrong = self.wrong_number()
        if wrong:
            self._asked += 1  # what is still on its way answers other numbers
            self._show_nothing(wrong, "error")
            return
        self._asked = self.worker.ask(self.values, moving=moving)
        if not self._outdated.isActive():
            self._outdated.start()

    def _on_opened(self, opened: Opened) -> None:
        if self._mountain is None or opened.number != self._mountain[0]:
            return
        self._opened = opened
        form = self.contents
        text = tr("Solver: {}.").format(opened.solver)
        if opened.fallback:
            text = tr("PyTorch is missing, so each cell stands alone: no water from its neighbours. {}").format(
                opened.fallback
            )
        doubtful = opened.fallback or opened.replaced
        show_note(form.solver_label, " ".join((text, *opened.warnings)), "caution" if doubtful else "hint")

    def _on_drawn(self, drawn: Drawn) -> None:
        if self._opened is None or self._mountain is None or drawn.mountain != self._mountain[0]:
            return
        if self.wrong_number():
            return
        newest = drawn.request == self._asked
        self._outdated.stop()
        if not newest:
            self._outdated.start()
        dem = self.picker.dem
        self.answer.show(drawn, self._opened.grid, dem.crs(), cell_area(dem))
        self.contents.keep_button.setEnabled(self.keeper.run is None)
        if newest:
            self.drawn.emit(drawn.whole)

    def _on_failed(self, number: int, text: str) -> None:
        if self._mountain is not None and number == self._mountain[0]:
            self._show_nothing(plain_words(text), "error")

    def _show_nothing(self, text: str, kind: str = "hint") -> None:
        """Take the mask off the map and say why."""
        self._outdated.stop()
        self.answer.clear(text, kind, expected=self._mountain is not None)
        self.contents.keep_button.setEnabled(False)
        if self._opened is None:
            show_note(self.contents.solver_label, "")

    def _show_progress(self, percent: float, text: str) -> None:
        form, under_way = self.contents, bool(text)
        for widget in (form.progress_label, form.progress_bar, form.stop_button):
            widget.setVisible(under_way)
        form.progress_label.setText(text)
        form.progress_bar.setValue(int(percent))

    # -- keep --------------------------------------------------------------------------------

    def keep(self) -> None:
        """Write the mask as the main job does, and add it to the project."""
        if self.keeper.run is not None or self.wrong_number() or self._opened is None:
            return
        remember(QgsProject.instance(), self.texts)
        remember(QgsProject.instance(), self.picker.texts)
        self.contents.keep_button.setEnabled(False)
        self.keeper.keep(*self._keeping(), scenario_title(self.values))

    def open_tool(self, algorithm_id: str) -> None:
        """Go on with this mountain, soil and rain in another algorithm, as the panel advises."""
        problem = open_algorithm(algorithm_id, other_parameters(self._keeping()[1]))
        if problem:
            self.answer.refuse(problem)

    def _keeping(self) -> tuple[str, dict[str, Any]]:
        """The algorithm that gives the mask on the map, and its parameters."""
        _, (dem, depth, model, device) = self._mountain
        if self._opened.replaced:
            model = ""
        parameters = run_parameters(dem=dem, soil_depth=depth or None, values=self.values, device=device, model=model)
        if not self._opened.fallback:
            return NETWORK, parameters
        del parameters["DEVICE"]
        parameters.pop("MODEL", None)
        return COLUMN, {**parameters, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": parameters["FAILURE_MASK"]}

    def _on_kept(self, successful: bool, why_not: str) -> None:
        self.contents.keep_button.setEnabled(self.last is not None)
        if why_not:
            self.answer.refuse(why_not)
        self.kept.emit(successful)

    def _on_cleared(self) -> None:
        self.keeper.cancel()
        self.recall()

    # -- coming and going --------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read the mountain when the panel comes up."""
        super().showEvent(event)
        if not event.spontaneous():
            self.sharing.catch_up()
        QTimer.singleShot(0, self.open_mountain)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave nothing on the map."""
        self.close_mountain()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """Stop what runs and go away for good."""
        self.keeper.stop()
        self.close_mountain()
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        self.answer.overlay.remove()
        self.close()
        self.deleteLater()
