"""Layers of the dialog's results by what they are: the scenario is in brackets after it in their names."""

from __future__ import annotations

from qgis.core import QgsProject


def name_of_kind(layer):
    """What a layer or its node is, without the scenario: 'Failure mask' of 'Failure mask (8.5 mm/h, 24 h)'."""
    return layer.name().partition(" (")[0]


def layers_named(kind):
    """The project's layers of a kind, each with a scenario in its name."""
    return [one for one in QgsProject.instance().mapLayers().values() if one.name().startswith(f"{kind} (")]
