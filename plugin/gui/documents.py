"""Opens the documents shipped with the plugin in the browser."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ..algorithms.locations import help_url
from ..algorithms.translation import tr

_HOMEPAGE = "https://example.org/slopecast"


def open_document(page: Path, section: str = "") -> str:
    """Open a page at a section, as in :func:`~..algorithms.locations.help_url`; returns why it cannot be opened."""
    address, place = (help_url(page, section), str(page)) if page.exists() else (_HOMEPAGE, _HOMEPAGE)
    if QDesktopServices.openUrl(QUrl(address)):
        return ""
    return tr("No browser opened. The guide: {}").format(place)
