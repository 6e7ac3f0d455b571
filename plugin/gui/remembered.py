"""Stores the last values of the dialog in the project."""

from __future__ import annotations

from typing import Iterable, Mapping

from qgis.core import QgsProject

SCOPE = "slopecast"


def remember(project: QgsProject, texts: Mapping[str, str]) -> None:
    """Write the values into the project; texts, so that 1.3e-6 stays 1.3e-6."""
    for key, text in texts.items():
        project.writeEntry(SCOPE, key, text)


def remembered(project: QgsProject, keys: Iterable[str]) -> dict[str, str]:
    """Read the values that the project holds."""
    found = {}
    for key in keys:
        text, there = project.readEntry(SCOPE, key)
        if there:
            found[key] = text
    return found
