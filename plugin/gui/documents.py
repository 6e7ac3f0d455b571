"""Opens the documents shipped with the plugin in the browser."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ..algorithms.locations import help_url
from ..algorithms.translation import tr


def open_document(page: Path, section: str = "") -> str:
    """Open a page at a section, as in :func:`~..algorithms.locations.help_url`; returns why it cannot be opened."""
    if not page.is_file():
        return tr("'{}' is missing: install the plugin again.").format(page)
    if QDesktopServices.openUrl(QUrl(help_url(page, section))):
        return ""
    return tr("No browser opened. The guide: {}").format(page)
