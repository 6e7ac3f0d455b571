"""Fields for soil and rainfall: numbers of a scenario, presets, where they come from, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ..algorithms.translation import tr
from ..core.errors import InputError
from ..core.input_summary import scenario_summary
from ..core.presets import GROUPS, PRESETS, Preset
from ..core.scenario import Scenario
from ..core.scenario_checks import scenario_cautions
from ..text import translated
from ..variables import BY_NAME, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM, VARIABLES
from .design_rain_dialog import DesignRainDialog
from .fields.number_field import NumberField, NumberFields, number_text, unit_suffix
from .fields.variable_form import VariableForm, align_columns, show_note
from .plain_words import plain_words

if TYPE_CHECKING:
    from .cohesion_dialog import CohesionDialog

#: What the summary of a scenario is about.
_SUMMARIZED = ("RAINFALL", "DURATION", "CONDUCTIVITY")


class PresetMenu(QMenu):
    """One submenu for each group; emits the preset that is picked."""

    #: A :class:`slopecast.plugin.core.presets.Preset`.
    picked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        for key, (title, source) in GROUPS.items():
            menu = self.addMenu(tr(title))
            menu.setToolTipsVisible(True)
            for preset in (one for one in PRESETS if one.group == key):
                action = menu.addAction(f"{tr(preset.label)}: {values_text(preset.values)}")
                action.setToolTip(f"{tr(preset.note)}\n{source}")
                action.triggered.connect(lambda _checked, one=preset: self.picked.emit(one))


def values_text(values: dict[str, Any]) -> str:
    """Write numbers with their units, e.g. ``14 kPa, 26.6 deg``."""
    parts = []
    for key, value in values.items():
        variable = BY_NAME[key.lower()]
        parts.append(number_text(value, scientific=variable.log_scale) + unit_suffix(variable))
    return ", ".join(parts)


def preset_text(preset: Preset) -> str:
    """Describe a preset: its values, their source, and the values that it does not set."""
    text = tr("{}: {}. Typical values, not measurements of your slope. Source: {}. {}")
    return text.format(tr(preset.label), values_text(preset.values), preset.source, tr(preset.note))


class ScenarioFields(QObject, NumberFields):
    """The numbers of a scenario, with the presets that fill them in.

    Args:
        form: has ``preset_button`` and ``source_note``.
    """

    #: A note was shown: the form's height has changed.
    resized = pyqtSignal()

    def __init__(self, fields: dict[str, NumberField], form: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields = fields
        self._source_note = form.source_note
        self._source_note.hide()
        self._from_source: dict[str, float] = {}
        self.preset_menu = PresetMenu(parent)
        self.preset_menu.picked.connect(self.use_preset)
        form.preset_button.setMenu(self.preset_menu)

    def problems(self) -> list[str]:
        """Problems of the numbers, as sentences."""
        errors = self.errors
        if not errors:
            try:
                Scenario.from_mapping(self.values)  # values that do not go together
            except InputError as error:
                errors.append(error)
        return [plain_words(error.localized(tr)) for error in errors]

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Show numbers as they were typed, and the defaults of those that are missing."""
        super().set_texts(texts)
        show_note(self._source_note, "")

    def use_preset(self, preset: Preset) -> None:
        """Use a preset's numbers and show their source."""
        self.use_values(preset.values, preset_text(preset))

    def use_values(self, values: dict[str, float], source: str) -> None:
        """Fill fields, and show the source of their values until they are changed."""
        self.set_values(values)
        self._from_source = values
        show_note(self._source_note, source)
        self.resized.emit()

    def check_source(self) -> None:
        """Remove the note on the values' source if one of them has been changed."""
        if not self._from_source.items() <= self.values.items():
            show_note(self._source_note, "")


class ScenarioForm(ScenarioFields):
    """Serves the numbers of the dialog's form, and the design rainfall that fills them in.

    Args:
        form: has ``scenario_grid``, ``advanced_grid``, ``preset_button``, ``rain_button``, ``source_note`` and
            ``summary_note``.
    """

    #: A number was changed.
    changed = pyqtSignal()

    def __init__(self, form: Any, parent: QWidget) -> None:
        self.main = VariableForm(form.scenario_grid, [v for v in VARIABLES if not v.advanced])
        self.advanced = VariableForm(form.advanced_grid, [v for v in VARIABLES if v.advanced])
        super().__init__({**self.main.fields, **self.advanced.fields}, form, parent)
        self._parent, self._summary_note = parent, form.summary_note
        policy = form.summary_note.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # while a number is being typed, nothing below moves
        form.summary_note.setSizePolicy(policy)
        align_columns([form.scenario_grid, form.advanced_grid])
        for part in (self.main, self.advanced):
            part.changed.connect(self.changed)
        form.rain_button.clicked.connect(self.ask_for_rain)

    def outside_training(self) -> list[str]:
        """Values outside the training of the network, in words."""
        found = [tr(label) for label in self.cautions]
        values, most = self.values, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
        if values.get("CONDUCTIVITY", 0.0) * values.get("LATERAL_ANISOTROPY", 0.0) > most * (1.0 + 1e-9):
            found.append(
                tr("conductivity times lateral anisotropy above {} m/s").format(number_text(most, scientific=True))
            )
        return found

    def unlikely_amounts(self) -> str:
        """Sentences on numbers that are probably in another unit; empty if there are none."""
        cautions = scenario_cautions(Scenario.from_mapping(self.values))
        return plain_words(" ".join(translated(caution, tr) for caution in cautions))

    def show_summary(self) -> None:
        """Compare rain with thresholds and conductivity with soil textures, in words; nothing for invalid numbers."""
        text = summary_text(self.values)
        if not text:
            self._summary_note.hide()
            return
        if text != self._summary_note.text():
            self.resized.emit()
        show_note(self._summary_note, text)

    def ask_for_rain(self) -> None:
        """Show the design rainfall dialog and use its result."""
        duration = self.values.get("DURATION", BY_NAME["duration"].default)
        self.use_dialog(DesignRainDialog(duration, self._parent))

    def use_dialog(self, dialog: DesignRainDialog | CohesionDialog) -> None:
        """Show a dialog and use its values if the user confirms."""
        if dialog.exec() and dialog.values:
            self.use_values(dialog.values, dialog.source_text)
        dialog.deleteLater()


def summary_text(values: Mapping[str, float]) -> str:
    """Comparison of rain and conductivity with known values, a line each; empty if a number is missing."""
    given = {key: value for key, value in values.items() if key in _SUMMARIZED}
    if len(given) < len(_SUMMARIZED):
        return ""
    return "\n".join(translated(line, tr) for line in scenario_summary(Scenario.from_mapping(given)))
