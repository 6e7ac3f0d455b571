"""Texts that users see, in their language."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate a text of the product."""
    return QCoreApplication.translate("Slopecast", text)
