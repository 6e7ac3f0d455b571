"""The HTML report of an algorithm: its parameter, and its file, which is written completely or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterFileDestination

from ..core.errors import InputError
from ..core.files.atomic import write_texts
from ..text import Text
from .outputs import check_folder
from .translation import tr

KEY = "REPORT"
_LABEL = "Report (REPORT)"


def report_parameter(help_text: str) -> QgsProcessingParameterFileDestination:
    """Make the parameter of an optional report."""
    parameter = QgsProcessingParameterFileDestination(
        KEY, tr("Report"), tr("HTML files") + " (*.html)", optional=True, createByDefault=False
    )
    parameter.setHelp(tr(help_text))
    return parameter


def report_path(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: Any) -> Path | None:
    """Path of the report, or ``None`` if none is requested; raises :class:`InputError`."""
    text = algorithm.parameterAsFileOutput(parameters, KEY, context)
    if not text:
        return None
    path = Path(text)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            _LABEL, Text("'{}' is not a file name of a web page", path.name), "a file name that ends in .html"
        )
    check_folder(path.parent, _LABEL)
    return path


def write_report(path: Path, html: str) -> None:
    """Write the report whole or not at all; raises :class:`InputError`."""
    write_texts({path: html}, _LABEL)
