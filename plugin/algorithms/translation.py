"""Translates texts into the user's language."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from .locations import TRANSLATIONS

#: The translator at work, if any; Qt keeps no reference of its own.
_loaded: list[QTranslator] = []


def tr(text: str) -> str:
    """Translate a text of the product."""
    return QCoreApplication.translate("Slopecast", text)


def load_translation() -> None:
    """Load the translation for QGIS's language once; without one, texts are in English."""
    if _loaded or QCoreApplication.instance() is None:
        return
    application = QgsApplication.instance()
    shown = application.translation() if isinstance(application, QgsApplication) else ""  # with --lang, not the locale
    locale = shown or QgsApplication.locale()
    for name in (locale, locale.split("_")[0]):
        path = TRANSLATIONS / f"slopecast_{name}.qm"
        translator = QTranslator()
        if path.exists() and translator.load(str(path)):
            QCoreApplication.installTranslator(translator)
            _loaded.append(translator)
            return


def unload_translation() -> None:
    """Remove the translation."""
    while _loaded:
        QCoreApplication.removeTranslator(_loaded.pop())
