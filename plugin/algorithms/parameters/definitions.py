"""Parameters of the algorithms as data: each declares itself for Processing and reads its value.

Titles and helps are English; what is declared is in the user's language. Choices are read by number or name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
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
from ..inputs.layers import RasterSource, raster_source
from ..inputs.likely_layers import preselect_layer
from ..inputs.tables import Table, read_table
from ..inputs.vectors import VectorSource, vector_source
from ..outputs.destinations import output_file
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


@dataclass(frozen=True)
class Parameter:
    """A parameter with its help ``text``; ``advanced`` ones are in the dialog's advanced part."""

    key: str
    title: str
    text: str
    optional: bool = False
    advanced: bool = False

    @property
    def name(self) -> str:
        """Name of the value among an algorithm's inputs."""
        return self.key.lower()

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield its definition."""
        definition = self._definition(self.key, tr(self.title))
        definition.setHelp(tr(self.text))
        yield advanced(definition) if self.advanced else definition

    def read(self, parameters: ParameterValues) -> Any:
        """Read the value, ``None`` where an optional one is left out; raises :class:`InputError`."""

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        raise NotImplementedError


class Group(NamedTuple):
    """Parameters that are read as one value, under a name among an algorithm's inputs."""

    name: str
    declare: Callable[[], Iterable[QgsProcessingParameterDefinition]]
    read: Callable[[ParameterValues], Any] = lambda _: None


def all_of(*parts: Parameter) -> Callable[[], Iterable[QgsProcessingParameterDefinition]]:
    """What declares some parameters, for a :class:`Group`."""
    return lambda: (definition for part in parts for definition in part.declare())


@dataclass(frozen=True)
class RasterInput(Parameter):
    """A raster layer.

    Attributes:
        kind: what it holds; ``None`` for a layer that is only shown.
        likely: finds the layer that dialogs preselect, see :func:`.likely_layers.preselect_layer`.
    """

    kind: RasterKind | None = None
    likely: Callable | None = None

    def read(self, parameters: ParameterValues) -> RasterSource | None:
        """Identify the layer; raises :class:`InputError`."""
        return raster_source(parameters, self.key, self.kind)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        return preselect_layer(QgsProcessingParameterRasterLayer(key, title, optional=self.optional), self.likely)


@dataclass(frozen=True)
class VectorInput(Parameter):
    """A layer of ``Point``, ``Line`` and ``Polygon`` geometries or some of them; likely: as for a raster."""

    geometries: Sequence[str] = _GEOMETRIES
    likely: Callable | None = None

    def read(self, parameters: ParameterValues) -> VectorSource | None:
        """Identify the layer; raises :class:`InputError`."""
        return vector_source(parameters, self.key, self.geometries)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        types = [_TYPES[name] for name in (("any",) if self.geometries == _GEOMETRIES else self.geometries)]
        source = QgsProcessingParameterFeatureSource(key, title, types, optional=self.optional)
        return preselect_layer(source, self.likely)


@dataclass(frozen=True)
class TableInput(VectorInput):
    """A table, with or without geometries."""

    geometries: Sequence[str] = ("table",)

    def read(self, parameters: ParameterValues) -> Table | None:
        """Read the table; raises :class:`InputError`."""
        left_out = self.optional and not parameters.is_given(self.key)
        return None if left_out else read_table(parameters, self.key)


@dataclass(frozen=True)
class NumberInput(Parameter):
    """A number within limits, which may be infinite; without a default it may be left empty.

    Attributes:
        default, limits: ``above``: the least value itself is not taken; without limits, what takes it checks it.
        whole: whether it is an integer; advice: what to do about a wrong one.
        decimals: that the dialog shows; 0 for QGIS's choice.
    """

    default: float | None = None
    limits: tuple[float, float] = (-math.inf, math.inf)
    whole: bool = False
    above: bool = False
    advice: str = ""
    decimals: int = 0

    def read(self, parameters: ParameterValues) -> Any:
        """Read and check it; ``None`` where it is left empty, raises :class:`InputError`."""
        if self.default is None and not parameters.is_given(self.key):
            return None
        value, (least, greatest) = number_given(parameters, self.key), self.limits
        if math.isinf(least):
            return value
        inside = least <= value <= greatest and math.isfinite(value) and not (self.above and value == least)
        if not inside or (self.whole and value != int(value)):
            label = parameters.label(self.key)
            raise InputError(label, Text("{:g} is out of range", value), self._allowed, self.advice)
        return int(value) if self.whole else value

    @property
    def _allowed(self) -> Text:
        if self.whole:
            return Text("whole numbers, {} to {}", *self.limits)
        if math.isinf(self.limits[1]):
            return Text("{:g} or more", self.limits[0])
        return Text("above {:g}, up to {:g}" if self.above else "{:g} to {:g}", *self.limits)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        kinds = QgsProcessingParameterNumber.Type
        ends = {f"{end}Value": value for end, value in zip(("min", "max"), self.limits) if math.isfinite(value)}
        kind = kinds.Integer if self.whole else kinds.Double
        number = QgsProcessingParameterNumber(key, title, kind, self.default, optional=self.default is None, **ends)
        if self.decimals:
            number.setMetadata({"widget_wrapper": {"decimals": self.decimals}})
        return number


@dataclass(frozen=True)
class SwitchInput(Parameter):
    """A switch; ``in_dialogs``: they begin with it on, also where it is off in scripts."""

    on: bool = False
    in_dialogs: bool = False

    def read(self, parameters: ParameterValues) -> bool:
        """Whether it is on."""
        return parameters.is_on(self.key)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        switch = QgsProcessingParameterBoolean(key, title, defaultValue=self.on, optional=self.optional)
        if self.in_dialogs:
            switch.setGuiDefaultValueOverride(True)
        return switch


@dataclass(frozen=True)
class TextInput(Parameter):
    """A line of text."""

    default: str | None = None

    def read(self, parameters: ParameterValues) -> str:
        """The text."""
        return parameters.text(self.key)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterString(key, title, self.default, optional=self.optional)


@dataclass(frozen=True)
class ChoiceInput(Parameter):
    """A choice of fixed names, whose labels are shown; default: a name, by default the first."""

    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""

    def read(self, parameters: ParameterValues) -> str:
        """The name that was chosen; raises :class:`InputError`."""
        return chosen(parameters, self.key)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        names, labels = list(self.choices), [tr(label) for label in self.choices.values()]
        default = names.index(self.default or names[0])
        choice = QgsProcessingParameterEnum(key, title, options=labels, defaultValue=default)
        choice.setMetadata({_NAMES: names})
        return choice


@dataclass(frozen=True)
class DatasetInput(Parameter):
    """The folder of a training set."""

    def read(self, parameters: ParameterValues) -> Dataset:
        """Read its description; raises :class:`InputError`."""
        from ...core.dataset.dataset import read_dataset

        return read_dataset(parameters.file(self.key))

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterFile(key, title, QgsProcessingParameterFile.Behavior.Folder)


@dataclass(frozen=True)
class SinkOutput(Parameter):
    """A layer of features of a geometry, or a ``table``, that is written; ``by_default``: dialogs offer to create it.

    It is written as a :class:`.sinks.SinkTarget`.
    """

    geometry: str = "table"
    by_default: bool = True

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        options = {"optional": self.optional, "createByDefault": self.by_default}
        return QgsProcessingParameterFeatureSink(key, title, _TYPES[self.geometry], **options)


@dataclass(frozen=True)
class FileOutput(Parameter):
    """A file that is written.

    Attributes:
        files: what such files are called; endings: of their names, of which dialogs offer the first, or all where
            they are the names of formats.
        by_default: dialogs offer to create it; where omitted, if it is not optional.
    """

    files: str = ""
    endings: tuple[str, ...] = ()
    by_default: bool | None = None

    def read(self, parameters: ParameterValues) -> Path | None:
        """Path of the file, ``None`` if none is requested; raises :class:`InputError`."""
        return output_file(parameters, self.key, self.endings)

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        formats = ";;".join(f"{ending[1:].upper()} (*{ending})" for ending in self.endings)
        files = f"{tr(self.files)} (*{self.endings[0]})" if self.files else formats
        offered = not self.optional if self.by_default is None else self.by_default
        return QgsProcessingParameterFileDestination(key, title, files, optional=self.optional, createByDefault=offered)


def csv_output(key: str, title: str, text: str, *, optional: bool = False) -> FileOutput:
    """A CSV file that is written."""
    return FileOutput(key, title, text, optional, files="CSV files", endings=(".csv",))


def report_output(text: str, *, optional: bool = True, by_default: bool = False) -> FileOutput:
    """The HTML report; ``by_default``: dialogs offer to create it."""
    endings = (".html", ".htm")
    return FileOutput("REPORT", "Report", text, optional, files="HTML files", endings=endings, by_default=by_default)


@dataclass(frozen=True)
class FolderOutput(Parameter):
    """The folder that is written into."""

    def _definition(self, key: str, title: str) -> QgsProcessingParameterDefinition:
        return QgsProcessingParameterFolderDestination(key, title)


def folder_output(text: str) -> FolderOutput:
    """The folder that is written into."""
    return FolderOutput("OUTPUT_FOLDER", "Output folder", text)


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
    if index is None:  # nothing given, or an expression
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
