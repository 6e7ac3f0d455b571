"""Messages as windows show them: parameters by their labels alone, tools as links."""

from __future__ import annotations

import re

from qgis.core import QgsApplication

_KEY = re.compile(r" \([A-Z][A-Z0-9_]+\)")


def plain_words(text: str) -> str:
    """Leave out the keys that name parameters for scripts: ``Rainfall (RAINFALL): ...`` becomes ``Rainfall: ...``."""
    return _KEY.sub("", text)


def linked_words(text: str) -> str:
    """:func:`plain_words` as HTML, with quoted names of Slopecast's tools as links to their ids."""
    text = plain_words(text)
    for tool in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        title = f"'{tool.displayName()}'"
        text = text.replace(title, f"<a href='{tool.id()}'>{title}</a>")
    return text
