"""Definitions of parameters, with title and help in the user's language; choices are read by number or name."""

from __future__ import annotations

from typing import Any, Callable, Sequence, TypeVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...core.errors import InputError
from ...text import Text
from ..inputs.likely_layers import preselect_layer
from ..parameter_values import ParameterValues
from ..translation import tr

_Parameter = TypeVar("_Parameter", bound=QgsProcessingParameterDefinition)
#: Types of layers by the geometry's name.
_TYPES = {
    "table": QgsProcessing.SourceType.TypeVector,
    "Point": QgsProcessing.SourceType.TypeVectorPoint,
    "Line": QgsProcessing.SourceType.TypeVectorLine,
    "Polygon": QgsProcessing.SourceType.TypeVectorPolygon,
    "any": QgsProcessing.SourceType.TypeVectorAnyGeometry,
}
_NAMES = "slopecast_names"  # metadata of the parameter: it survives that QGIS clones it


def advanced(parameter: _Parameter) -> _Parameter:
    """Move a parameter into the dialog's advanced part."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def helped(parameter: _Parameter, text: str) -> _Parameter:
    """Give a parameter its help."""
    parameter.setHelp(tr(text))
    return parameter


def raster_parameter(
    key: str, title: str, text: str, *, optional: bool = False, likely: Callable | None = None
) -> QgsProcessingParameterRasterLayer:
    """A raster layer; likely: finds the layer that dialogs preselect, see :func:`.likely_layers.preselect_layer`."""
    return preselect_layer(helped(QgsProcessingParameterRasterLayer(key, tr(title), optional=optional), text), likely)


def vector_parameter(
    key: str, title: str, geometries: Sequence[str], text: str, *, optional: bool = False,
    likely: Callable | None = None,
) -> QgsProcessingParameterFeatureSource:  # fmt: skip
    """A layer of ``Point``, ``Line``, ``Polygon`` or ``any`` geometries, or a ``table``; likely: as for a raster."""
    types = [_TYPES[geometry] for geometry in geometries]
    parameter = helped(QgsProcessingParameterFeatureSource(key, tr(title), types, optional=optional), text)
    return preselect_layer(parameter, likely)


def table_parameter(
    key: str, title: str, text: str, *, optional: bool = False, likely: Callable | None = None
) -> QgsProcessingParameterFeatureSource:
    """A table, with or without geometries; likely: as for a raster."""
    return vector_parameter(key, title, ("table",), text, optional=optional, likely=likely)


def real_number_parameter(
    key: str, title: str, default: float | None, text: str, *, optional: bool = False
) -> QgsProcessingParameterNumber:
    """A number without limits: its range is checked when it is read, with advice."""
    double = QgsProcessingParameterNumber.Type.Double
    return helped(QgsProcessingParameterNumber(key, tr(title), double, default, optional=optional), text)


def switch_parameter(key: str, title: str, text: str, *, on: bool = False) -> QgsProcessingParameterBoolean:
    """A switch."""
    return helped(QgsProcessingParameterBoolean(key, tr(title), defaultValue=on), text)


def text_parameter(
    key: str, title: str, text: str, default: str | None = None, *, optional: bool = True
) -> QgsProcessingParameterString:
    """A line of text."""
    return helped(QgsProcessingParameterString(key, tr(title), default, optional=optional), text)


def folder_parameter(key: str, title: str, text: str) -> QgsProcessingParameterFile:
    """A folder that is read."""
    return helped(QgsProcessingParameterFile(key, tr(title), QgsProcessingParameterFile.Behavior.Folder), text)


def layer_output(key: str, title: str, text: str, geometry: str = "any") -> QgsProcessingParameterFeatureSink:
    """A layer of features that is written."""
    return helped(QgsProcessingParameterFeatureSink(key, tr(title), _TYPES[geometry]), text)


def table_output(key: str, title: str, text: str, *, by_default: bool = True) -> QgsProcessingParameterFeatureSink:
    """A table that is written on request; ``by_default``: dialogs offer to create it."""
    kind = _TYPES["table"]
    sink = QgsProcessingParameterFeatureSink(key, tr(title), kind, optional=True, createByDefault=by_default)
    return helped(sink, text)


def file_output(
    key: str, title: str, files: str, text: str, *, optional: bool = False, by_default: bool | None = None
) -> QgsProcessingParameterFileDestination:
    """A file that is written; files: their names as a filter, e.g. ``PDF (*.pdf)``.

    ``by_default``: dialogs offer to create it; where omitted, if it is not optional.
    """
    offered = not optional if by_default is None else by_default
    file = QgsProcessingParameterFileDestination(key, tr(title), files, optional=optional, createByDefault=offered)
    return helped(file, text)


def csv_output(key: str, title: str, text: str, *, optional: bool = False) -> QgsProcessingParameterFileDestination:
    """A CSV file that is written."""
    return file_output(key, title, tr("CSV files") + " (*.csv)", text, optional=optional)


def report_parameter(
    text: str, *, optional: bool = True, by_default: bool = False
) -> QgsProcessingParameterFileDestination:
    """The HTML report; ``by_default``: dialogs offer to create it."""
    files = tr("HTML files") + " (*.html)"
    return file_output("REPORT", "Report", files, text, optional=optional, by_default=by_default)


def folder_output(text: str) -> QgsProcessingParameterFolderDestination:
    """The folder that is written into."""
    return helped(QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Output folder")), text)


def choice_parameter(key: str, title: str, choices: dict[str, str], help_text: str) -> QgsProcessingParameterEnum:
    """Make a choice of fixed names; their labels are shown, the first is the default."""
    labels = [tr(label) for label in choices.values()]
    parameter = QgsProcessingParameterEnum(key, tr(title), options=labels, defaultValue=0)
    parameter.setMetadata({_NAMES: list(choices)})
    return helped(parameter, help_text)


def chosen(parameters: ParameterValues, key: str) -> str:
    """Return the name that was chosen.

    Raises:
        InputError: neither a known number nor a known name.
    """
    names = parameters.algorithm.parameterDefinition(key).metadata()[_NAMES]
    index = _index(parameters.get(key), names)
    if index is None:  # nothing given
        index = parameters.algorithm.parameterAsEnum(parameters.values, key, parameters.context)
    if not 0 <= index < len(names):
        allowed = ", ".join(f"{number} ({name})" for number, name in enumerate(names))
        raise InputError(parameters.label(key), Text("'{}' is unknown", parameters.get(key)), allowed)
    return names[index]


def by_number(algorithm: QgsProcessingAlgorithm, values: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with named choices as numbers, as Processing's own check requires."""
    numbered = dict(values)
    for definition in algorithm.parameterDefinitions():
        names = definition.metadata().get(_NAMES)
        if names and definition.name() in numbered:
            index = _index(numbered[definition.name()], names)
            numbered[definition.name()] = numbered[definition.name()] if index is None else index
    return numbered


def _index(given: Any, names: Sequence[str]) -> int | None:
    """Number of a choice; -1 for an unknown one, ``None`` where Processing has to find out."""
    if isinstance(given, str):
        text = given.strip().lower()
        if text in names:
            return list(names).index(text)
        return int(text) if text.isascii() and text.isdigit() else -1
    return given if isinstance(given, int) else None
