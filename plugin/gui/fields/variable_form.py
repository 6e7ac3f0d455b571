"""Number fields created from the table of variables, with units, limits and trained ranges."""

from __future__ import annotations

from html import escape
from typing import Iterable, Iterator, Sequence

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QGridLayout, QGroupBox, QLabel, QLayout, QScrollArea, QToolButton, QWidget

from ...algorithms.translation import tr
from ...text import translated
from ...variables import Variable
from .conductivity_form import UnitChoice
from .number_field import NumberField, NumberFields, number_text, range_text

_FIELD_WIDTH_IN_DIGITS = 11
_COLUMNS = ("", "", "", "Allowed", "Network trained on")
_DARK, _GREY = 128, 80  # lightness of a window, of 255: below the first one it is grey, below the second dark
_NOTE_COLOURS = {  # on light, on grey and on dark windows
    "error": ("#b3261e", "#ffcdc7", "#ff8a80"),
    "caution": ("#9a5b00", "#ffd699", "#ffb74d"),
    "good": ("#1d6b34", "#b6ecc4", "#81c995"),
    "hint": ("#6b6b6b", "#dcdcdc", "#a8a8a8"),
    "text": ("#1e1e1e", "#f5f5f5", "#dcdcdc"),
}


def note_colour(widget: QWidget, kind: str) -> str:
    """Return the colour of a note on this widget's background; light, grey and dark themes differ.

    Kinds are ``error``, ``caution``, ``good``, ``hint``, and ``text`` for what is no note.
    """
    lightness = widget.palette().color(QPalette.ColorRole.Window).lightness()
    return _NOTE_COLOURS[kind][(lightness < _DARK) + (lightness < _GREY)]


def write_note(label: QLabel, text: str, kind: str = "hint") -> None:
    """Write a note in its colour; it stays hidden where it is, as in a group that is folded."""
    label.setStyleSheet(f"color: {note_colour(label.parentWidget() or label, kind)};")
    label.setText(text)


def show_note(label: QLabel, text: str, kind: str = "hint") -> None:
    """Write a note in its colour and show it; an empty text hides it."""
    write_note(label, text, kind)
    label.setVisible(bool(text))


def show_changes(box: QGroupBox, title: str, labels: Sequence[str]) -> None:
    """State in the title of a group, which may be folded, how many numbers are not the defaults, in its tip which."""
    changed = ", ".join(map(tr, labels))
    box.setTitle(tr("{} ({} changed)").format(title, len(labels)) if labels else title)
    box.setToolTip(tr("Not at their defaults: {}").format(changed) if labels else "")


def widen_scroll_area(area: QScrollArea) -> None:
    """Make an area no narrower than its contents and the bar next to them, whose width a theme may set."""
    bar = max(area.verticalScrollBar().sizeHint().width(), area.width() - area.viewport().width())
    area.setMinimumWidth(area.widget().minimumSizeHint().width() + bar)


def set_tab_order(window: QWidget) -> None:
    """Set the tab order of a window to that of its layouts; fields made in code would otherwise be the last."""
    widgets = [one for one in _widgets_in(window.layout()) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for one, following in zip(widgets, widgets[1:]):
        QWidget.setTabOrder(one, following)


def _widgets_in(layout: QLayout | None) -> Iterator[QWidget]:
    """Widgets of a layout, each followed by those that it contains."""
    for index in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(index)
        widget = item.widget()
        if widget is None:
            yield from _widgets_in(item.layout())
            continue
        yield widget
        if isinstance(widget, QGroupBox):
            yield from widget.findChildren(QToolButton, "collapseButton")
        inner = widget.widget() if isinstance(widget, QScrollArea) else widget
        yield from _widgets_in(inner.layout())


class VariableForm(QObject, NumberFields):
    """The number fields of some variables, a row each, laid out in an empty grid that is on its widget."""

    changed = pyqtSignal()

    def __init__(self, grid: QGridLayout, variables: Iterable[Variable]) -> None:
        super().__init__(grid)
        self.fields = {}
        self.notes: dict[str, QLabel] = {}  # what is allowed
        self.trained_notes: dict[str, QLabel] = {}
        self.units: dict[str, UnitChoice] = {}  # of fields that take several
        for column, title in enumerate(_COLUMNS):
            label = QLabel(tr(title) if title else "", grid.parentWidget())
            show_note(label, label.text())
            grid.addWidget(label, 0, column)
        for row, variable in enumerate(variables, start=1):
            self._add_row(grid, row, variable)
        grid.setColumnStretch(4, 1)
        grid.setHorizontalSpacing(8)

    def _add_row(self, grid: QGridLayout, row: int, variable: Variable) -> None:
        parent = grid.parentWidget()
        field, note, trained = NumberField(variable, parent), QLabel(parent), QLabel(parent)
        label = QLabel(tr(variable.label), parent)
        label.setBuddy(field)
        field.setFixedWidth(field.fontMetrics().horizontalAdvance("0") * _FIELD_WIDTH_IN_DIGITS)
        note.setObjectName(f"{variable.key}_note")
        for widget in (label, field, note, trained):
            widget.setToolTip(tool_tip(variable))
        unit = self._unit(field, row, grid)
        for column, widget in enumerate((label, field, unit, note, trained)):
            grid.addWidget(widget, row, column)
        self.fields[variable.key], self.notes[variable.key] = field, note
        self.trained_notes[variable.key] = trained
        self._annotate(field)
        field.textChanged.connect(lambda _text: self._on_edit(field))

    def _unit(self, field: NumberField, row: int, grid: QGridLayout) -> QWidget:
        """The unit behind a field, or a choice of units where several are usual."""
        variable, parent = field.variable, grid.parentWidget()
        if variable.unit != "m/s":
            return QLabel("" if variable.unit == "-" else variable.unit, parent)
        choice = UnitChoice(field, parent)
        self.units[variable.key] = choice
        grid.addWidget(choice.typed, row, 1)
        choice.currentIndexChanged.connect(lambda _: self._annotate(field))
        return choice

    def _on_edit(self, field: NumberField) -> None:
        self._annotate(field)
        self.changed.emit()

    def _annotate(self, field: NumberField) -> None:
        """Write the ranges next to a field, which are as wide as any of their texts in the units chosen so far."""
        variable, unit = field.variable, self.units.get(field.variable.key)
        allowed = "error" if field.error is not None else "hint"
        trained = "caution" if field.outside_training_range else "hint"
        for notes, texts, kind in (
            (self.notes, _allowed_texts(variable, unit), allowed),
            (self.trained_notes, _trained_texts(variable, unit), trained),
        ):
            note = notes[variable.key]
            write_note(note, texts[kind], kind)
            needed = max(note.fontMetrics().horizontalAdvance(text) for text in texts.values())
            note.setMinimumWidth(max(note.minimumWidth(), needed))


def align_columns(grids: Iterable[QGridLayout]) -> None:
    """Align the columns of several grids."""
    grids = list(grids)
    for column in (0, 2, 3):
        cells = [grid.itemAtPosition(row, column) for grid in grids for row in range(grid.rowCount())]
        width = max(max(cell.widget().sizeHint().width(), cell.widget().minimumWidth()) for cell in cells if cell)
        for grid in grids:
            grid.setColumnMinimumWidth(column, width)


def _limits(variable: Variable, limits: tuple[float, float], unit: UnitChoice | None) -> str:
    """A range in the unit that is chosen."""
    if unit is None or unit.factor == 1.0:
        return range_text(variable, limits, unit=False)
    return tr("{} to {}").format(*(number_text(unit.in_unit(limit)) for limit in limits))


def _allowed_texts(variable: Variable, unit: UnitChoice | None = None) -> dict[str, str]:
    """Notes on the possible range next to a field, by kind."""
    limits = _limits(variable, (variable.minimum, variable.maximum), unit)
    return {"hint": limits, "error": tr("must be {}").format(limits)}


def _trained_texts(variable: Variable, unit: UnitChoice | None = None) -> dict[str, str]:
    """Notes on the trained range next to a field, by kind."""
    if variable.trained is None:
        return {"hint": tr("any value")}
    limits = _limits(variable, variable.trained, unit)
    return {"hint": limits, "caution": tr("outside {}").format(limits)}


def tool_tip(variable: Variable) -> str:
    """Describe a variable: meaning, allowed range and how to enter it."""
    lines = [
        f"<b>{escape(translated(variable.title, tr))}</b>",
        escape(tr(variable.doc)),
        tr("Allowed: {}.").format(range_text(variable, (variable.minimum, variable.maximum))),
    ]
    if variable.trained is not None:
        lines.append(tr("The network was trained on {}.").format(range_text(variable, variable.trained)))
    else:
        lines.append(tr("Enters a formula, not the network, which therefore takes any allowed value."))
    lines.append(escape(tr(variable.advice)))
    return "<br>".join(lines)
