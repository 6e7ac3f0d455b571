"""Parameters of the algorithms as data: each declares itself for Processing and reads its value.

Titles and helps are English; what is declared is in the user's language. Choices are read by number or name.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

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
from ..inputs.layers import raster_source
from ..inputs.likely_layers import preselect_layer
from ..inputs.tables import Table, read_table
from ..inputs.vectors import vector_source
from ..outputs.destinations import REPORT_ENDINGS, output_file
from ..parameter_values import ParameterValues, number_given
from ..translation import tr

if TYPE_CHECKING:
    from ...core.dataset.dataset import Dataset
    from ...core.raster.inputs import RasterKind

#: Types of layers by what they hold.
_TYPES = {
    "Point": QgsProcessing.SourceType.TypeVectorPoint,
    "Line": QgsProcessing.SourceType.TypeVectorLine,
    "Polygon": QgsProcessing.SourceType.TypeVectorPolygon,
    "any": QgsProcessing.SourceType.TypeVectorAnyGeometry,
    "table": QgsProcessing.SourceType.TypeVector,
}
_GEOMETRIES = ("Point", "Line", "Polygon")
_NAMES = "slopecast_names"  # metadata of the parameter: it survives that QGIS clones it
Read = Callable[[ParameterValues], Any]


def _nothing(_: ParameterValues) -> None:
    """What is read of an output that the run itself opens."""


class Parameter(NamedTuple):
    """A parameter, made by the functions below.

    Attributes:
        text: its help.
        define: makes its definition from key, title in the user's language, and whether it is ``optional``.
        read: reads its value, ``None`` where an optional one is left out; raises :class:`InputError`.
        optional: it may be left out; advanced: it is in the dialog's advanced part.
    """

    key: str
    title: str
    text: str
    define: Callable[..., QgsProcessingParameterDefinition]
    read: Read = _nothing
    optional: bool = False
    advanced: bool = False

    @property
    def name(self) -> str:
        """Name of the value among an algorithm's inputs."""
        return self.key.lower()

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield its definition."""
        definition = self.define(self.key, tr(self.title), optional=self.optional)
        definition.setHelp(tr(self.text))
        yield advanced(definition) if self.advanced else definition


class Group(NamedTuple):
    """Parameters that are read as one value, under a name among an algorithm's inputs."""

    name: str
    declare: Callable[[], Iterable[QgsProcessingParameterDefinition]]
    read: Read = _nothing


def all_of(*parts: Parameter) -> Callable[[], Iterable[QgsProcessingParameterDefinition]]:
    """Function that declares parameters, for a :class:`Group`."""
    return lambda: (definition for part in parts for definition in part.declare())


def raster_input(
    key: str, title: str, text: str, kind: RasterKind | None = None, likely: Callable | None = None, **flags: bool
) -> Parameter:
    """A raster layer, read as a :class:`.layers.RasterSource`.

    Args:
        kind: what it holds; ``None`` for a layer that is only shown.
        likely: finds the layer that dialogs preselect, see :func:`.likely_layers.preselect_layer`.
        flags: ``optional`` and ``advanced``, as of every parameter.
    """

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        return preselect_layer(QgsProcessingParameterRasterLayer(*named, optional=optional), likely)

    return Parameter(key, title, text, define, lambda given: raster_source(given, key, kind), **flags)


def vector_input(
    key: str, title: str, text: str, geometries: Sequence[str] = _GEOMETRIES, likely: Callable | None = None,
    **flags: bool,
) -> Parameter:  # fmt: skip
    """A layer of ``Point``, ``Line`` and ``Polygon`` geometries or some of them, read as a :class:`.VectorSource`."""
    types = [_TYPES[name] for name in (("any",) if geometries == _GEOMETRIES else geometries)]

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        return preselect_layer(QgsProcessingParameterFeatureSource(*named, types, optional=optional), likely)

    return Parameter(key, title, text, define, lambda given: vector_source(given, key, geometries), **flags)


def table_input(key: str, title: str, text: str, likely: Callable | None = None, **flags: bool) -> Parameter:
    """A table, with or without geometries."""

    def read(given: ParameterValues) -> Table | None:
        return None if given.is_optional(key) and not given.is_given(key) else read_table(given, key)

    return vector_input(key, title, text, ("table",), likely, **flags)._replace(read=read)


def number_input(
    key: str, title: str, text: str, default: float | None = None, limits: tuple[float, float] | None = None,
    *, whole: bool = False, above: bool = False, advice: str = "", decimals: int = 3, advanced: bool = False,
) -> Parameter:  # fmt: skip
    """A number; without a default it may be left empty.

    Args:
        limits: least and greatest value, which may be infinite; without them, what takes the number checks it.
        whole: it is an integer; above: the least value itself is not taken.
        advice: what to do about a wrong one; decimals: that the dialog shows and takes.
    """
    kinds = QgsProcessingParameterNumber.Type
    ends = {end: value for end, value in zip(("minValue", "maxValue"), limits or ()) if math.isfinite(value)}

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        kind = kinds.Integer if whole else kinds.Double
        number = QgsProcessingParameterNumber(*named, kind, default, optional=optional, **ends)
        if not whole:
            number.setMetadata({"widget_wrapper": {"decimals": decimals}})
        return number

    def read(given: ParameterValues) -> Any:
        if default is None and not given.is_given(key):
            return None
        value = number_given(given, key)
        if limits is None:
            return value
        inside = limits[0] <= value <= limits[1] and math.isfinite(value) and not (above and value == limits[0])
        if not inside or (whole and value != int(value)):
            allowed = Text("above {:g}, up to {:g}" if above else "{:g} to {:g}", *limits)
            if whole:
                allowed = Text("whole numbers, {} to {}", *limits)
            elif math.isinf(limits[1]):
                allowed = Text("{:g} or more", limits[0])
            raise InputError(given.label(key), Text("{:g} is out of range", value), allowed, advice)
        return int(value) if whole else value

    return Parameter(key, title, text, define, read, optional=default is None, advanced=advanced)


def switch_input(
    key: str, title: str, text: str, *, on: bool = False, in_dialogs: bool = False, **flags: bool
) -> Parameter:
    """A switch; ``in_dialogs``: they begin with it on, also where it is off in scripts."""

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        switch = QgsProcessingParameterBoolean(*named, defaultValue=on, optional=optional)
        if in_dialogs:
            switch.setGuiDefaultValueOverride(True)
        return switch

    return Parameter(key, title, text, define, lambda given: given.is_on(key), **flags)


def text_input(key: str, title: str, text: str, default: str | None = None, **flags: bool) -> Parameter:
    """A line of text."""

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterString(*named, default, optional=optional)

    return Parameter(key, title, text, define, lambda given: given.text(key), **flags)


def choice_input(
    key: str, title: str, text: str, choices: Mapping[str, str], default: str = "", **flags: bool
) -> Parameter:
    """A choice of fixed names, whose labels are shown; default: a name, by default the first."""
    names = list(choices)

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        labels, place = [tr(label) for label in choices.values()], names.index(default or names[0])
        choice = QgsProcessingParameterEnum(*named, options=labels, defaultValue=place, optional=optional)
        choice.setMetadata({_NAMES: names})
        return choice

    return Parameter(key, title, text, define, lambda given: chosen(given, key), **flags)


def dataset_input() -> Parameter:
    """The folder of a training set, of which the description is read."""

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterFile(*named, QgsProcessingParameterFile.Behavior.Folder, optional=optional)

    def read(given: ParameterValues) -> Dataset:
        from ...core.dataset.dataset import read_dataset

        return read_dataset(given.file("DATASET"))

    return Parameter("DATASET", "Data set", "Folder written by 'Build a training set'.", define, read)


def sink_output(
    key: str, title: str, text: str, holds: str = "table", *, by_default: bool = True, **flags: bool
) -> Parameter:
    """A layer of features that is written as a :class:`.sinks.SinkTarget`.

    Args:
        holds: one of the geometries, ``any`` of them, or a ``table``; by_default: dialogs offer to create it.
        flags: as of every parameter.
    """

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterFeatureSink(*named, _TYPES[holds], optional=optional, createByDefault=by_default)

    return Parameter(key, title, text, define, **flags)


def file_output(
    key: str, title: str, text: str, endings: Sequence[str], files: str = "", *, by_default: bool | None = None,
    **flags: bool,
) -> Parameter:  # fmt: skip
    """A file that is written, read as its path.

    Args:
        endings: of its name; files: what such files are called, of which dialogs then offer the first ending; without
            it they offer all.
        by_default: dialogs offer to create it; where omitted, if it is not optional.
        flags: as of every parameter.
    """

    def define(*named: str, optional: bool) -> QgsProcessingParameterDefinition:
        formats = ";;".join(f"{ending[1:].upper()} (*{ending})" for ending in endings)
        offered = not optional if by_default is None else by_default
        return QgsProcessingParameterFileDestination(
            *named, f"{tr(files)} (*{endings[0]})" if files else formats, optional=optional, createByDefault=offered
        )

    def read(given: ParameterValues) -> Path | None:
        return output_file(given, key, endings)

    return Parameter(key, title, text, define, read, **flags)


def csv_output(key: str, title: str, text: str, **flags: bool) -> Parameter:
    """A CSV file that is written."""
    return file_output(key, title, text, (".csv",), "CSV files", **flags)


def report_output(text: str, *, optional: bool = True, by_default: bool = False) -> Parameter:
    """The HTML report; ``by_default``: dialogs offer to create it."""
    flags = {"by_default": by_default, "optional": optional}
    return file_output("REPORT", "Report", text, REPORT_ENDINGS, "HTML files", **flags)


def folder_output(text: str) -> Parameter:
    """The folder that is written into."""
    define = QgsProcessingParameterFolderDestination
    return Parameter("OUTPUT_FOLDER", "Output folder", text, lambda *named, optional: define(*named, optional=optional))


def advanced(definition: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Move a parameter into the dialog's advanced part."""
    definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return definition


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
