"""The HTML report of an algorithm: its parameter, and its file, which is written completely or not at all."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingParameterFileDestination

from ...core.files.atomic import write_texts
from ..parameter_values import ParameterValues
from ..parameters.definitions import file_output
from ..translation import tr
from .rasters import output_file

KEY = "REPORT"
_LABEL = "Report (REPORT)"


def report_parameter(
    help_text: str, *, optional: bool = True, by_default: bool = False
) -> QgsProcessingParameterFileDestination:
    """Make the parameter of the report; ``by_default``: dialogs offer to create it."""
    files = tr("HTML files") + " (*.html)"
    return file_output(KEY, "Report", files, help_text, optional=optional, by_default=by_default)


def report_path(parameters: ParameterValues) -> Path | None:
    """Path of the report, or ``None`` if none is requested; raises :class:`InputError`."""
    return output_file(parameters, KEY, (".html", ".htm"))


def write_report(path: Path, html: str) -> None:
    """Write the report whole or not at all; raises :class:`InputError`."""
    write_texts({path: html}, _LABEL)
