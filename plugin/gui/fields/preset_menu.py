"""Menu of typical soils and published cases with their sources."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ...algorithms.translation import tr
from ...core.presets import GROUPS, PRESETS, Preset
from ...variables import BY_NAME
from .number_field import number_text, unit_suffix


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
