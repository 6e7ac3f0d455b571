"""Texts of scripts and the command line in the words of the windows: titles without keys, tools by their names."""

from __future__ import annotations

import re

from qgis.core import QgsApplication

_KEY = re.compile(r" \([A-Z][A-Z0-9_]+\)")
_TOOL = re.compile(r"slopecast:[a-z]+")


def plain_words(text: str) -> str:
    """Leave out what names a parameter for scripts, and name tools as the toolbox does.

    ``Rainfall (RAINFALL): ... run slopecast:simulatefactorofsafety`` becomes ``Rainfall: ... run 'Simulate factor of
    safety (physics engine)'``.
    """
    return _TOOL.sub(_title, _KEY.sub("", text))


def linked_words(text: str) -> str:
    """The same for HTML: tools become links, whose address is the algorithm's id."""
    return _TOOL.sub(lambda found: f"<a href='{found.group()}'>{_title(found)}</a>", _KEY.sub("", text))


def _title(found: re.Match[str]) -> str:
    tool = QgsApplication.processingRegistry().algorithmById(found.group())
    return f"'{tool.displayName()}'" if tool is not None else found.group()
