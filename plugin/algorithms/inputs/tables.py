"""Tables (layers, CSV, XLSX, GeoPackage) as the core reads them: titles of the columns, rows of plain values."""

from __future__ import annotations

import csv
import os
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence

from qgis.core import QgsProcessing, QgsProcessingAlgorithm, QgsProcessingParameterFeatureSource, QgsVectorLayer

from ...core.errors import InputError
from ...text import Text
from ...variables import BY_NAME, VARIABLES
from ..parameter_values import ParameterValues, plain_value
from ..translation import tr
from .input_files import vector_file
from .vectors import features_of, first_of_several

if TYPE_CHECKING:
    from ...core.scenario import Scenario
    from ...core.tables.column_names import TableQuantity
    from ..log import Log

#: Key columns that file formats add.
_KEYS = {"fid", "ogc_fid"}
_NAMES_SHOWN = 5  # rows in a table's name
#: Rows that are checked in the main thread within a tenth of a second: its windows do not react meanwhile.
_CHECKED_BEFORE_RUN = 2_000
#: Text files read without QGIS, which assumes UTF-8 and does not accept all of them as tables.
_TEXT_FILES = {".csv", ".tsv", ".txt"}
_NUMBERED = r"(?i)field_?\d+"
_DEPTH_ORIGIN = r"given|.+ to .+"  # as :func:`..core.soil_depth.origin` has it


class Table(NamedTuple):
    """A table, read in the main thread.

    Attributes:
        source: name of the table, for provenance.
        rows: values in the columns' order; ``None`` for an empty cell.
        file: that it is read from; ``None`` where it is in no file.
        warnings: about the choice of the sheet or layer, and what it hides.
    """

    label: str
    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    file: Path | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[Text, ...] = ()
    caution: Text | None = None

    @property
    def calibrated_depth(self) -> str:
        """Soil depth with which the rows were calibrated to landslides; empty for other tables."""
        from ...core.tables.parameter_table import CALIBRATED_DEPTH

        places = [place for place, title in enumerate(self.header) if title.lower() in CALIBRATED_DEPTH]
        cells = (str(row[place] or "") for row in self.rows for place in places if place < len(row))
        return next((cell for cell in cells if re.fullmatch(_DEPTH_ORIGIN, cell)), "")

    @property
    def provenance(self) -> dict[str, str]:
        """Entries of the metadata of rasters that are made from the table."""
        calibrated = self.calibrated_depth
        return {"table": self.source, **({"calibrated": calibrated} if calibrated else {})}

    def caution_depth(self, depth: str, log: Log) -> None:
        """Push a caution where the rows were calibrated with another soil depth than this one (``depth_origin``)."""
        log.pushCautions(calibrated_depth_caution(self.label, self.calibrated_depth, depth))

    def report_notes(self, log: Log) -> None:
        """Log the assumptions about the file."""
        for warning in self.warnings:
            log.pushWarning(warning)
        log.pushCautions(self.caution)
        for note in self.notes:
            log.pushNote(Text("{}: {}", self.label, note))


def calibrated_depth_caution(label: str, calibrated: str, depth: str) -> Text | None:
    """A caution if sets were calibrated with another soil depth; empty if theirs is unknown."""
    if calibrated in ("", depth):
        return None
    return Text(
        "{}: its parameter sets were calibrated to landslides with another soil depth ({}; here: {}). Use the soil "
        "depth of the calibration (CALIBRATED_SOIL_DEPTH): the sets fit no other.",
        label, calibrated, depth,
    )  # fmt: skip


def scenarios_of(table: Table, defaults: Mapping[str, Any], log: Log | None = None) -> list[Scenario]:
    """Make the scenarios of a table; raises :class:`InputError` with every error of it."""
    from ...core.tables.parameter_table import scenarios_from_table

    if log is not None:
        table.report_notes(log)
    return scenarios_from_table(
        table.header, table.rows, defaults, log, label=table.label, quantities=parameter_quantities()
    )


def placeholder_values(numbers: dict[str, float]) -> dict[str, float]:
    """The numbers, with extreme unit weights in place of rasters, so that no table value contradicts them."""
    moist, saturated = BY_NAME["unit_weight_moist"], BY_NAME["unit_weight_saturated"]
    free = {moist.name: moist.minimum, saturated.name: saturated.maximum}
    return {**{name: value for name, value in free.items() if name not in numbers}, **numbers}


def check_before_run(table: Table, numbers: dict[str, float]) -> None:
    """Check the scenarios of a table in the main thread, unless they are many.

    The run checks those of any table in its own thread, before it reads rasters.

    Raises:
        InputError: lists every error of the table.
    """
    if len(table.rows) <= _CHECKED_BEFORE_RUN:
        scenarios_of(table, placeholder_values(numbers))


def parameter_quantities() -> tuple[TableQuantity, ...]:
    """The parameters of scenarios, known by their labels in the user's language too."""
    from ...core.tables.column_names import TableQuantity

    return tuple(TableQuantity.of(variable, tr(variable.label)) for variable in VARIABLES)


def read_table(parameters: ParameterValues, key: str) -> Table:
    """Read a table parameter; geometries are ignored.

    Raises:
        InputError: left out or not loadable.
    """
    from ...core.tables.limits import MOST_ROWS, check_columns, check_rows, is_spreadsheet
    from ...core.tables.shown_cells import elapsed_times_caution, hidden_cells_warning

    label = parameters.label(key)
    given = parameters.get(key)
    path = _text_file(given)
    if path is not None:
        return _read_text_file(label, path)
    _check_spreadsheet(label, given)
    source = features_of(parameters, key)
    if source is None:
        unloadable = Text("'{}' cannot be loaded as a table", parameters.shown(key))
        problem = "is missing" if given in (None, "") else unloadable
        raise InputError(
            label, problem, "a table layer, or a CSV, XLSX or GeoPackage file",
            "Check that the file exists and opens in QGIS.",
        )  # fmt: skip
    titles = [field.name() for field in source.fields()]
    kept = [place for place, title in enumerate(titles) if title.lower() not in _KEYS]
    check_rows(source.featureCount(), label)
    check_columns(len(titles), label)
    features = islice(source.getFeatures(), MOST_ROWS + 2)  # some formats do not know their number
    rows = [tuple(plain_value(row[place]) for place in kept) for row in (f.attributes() for f in features)]
    check_rows(len(rows) - 1, label)  # the first may be the titles
    header = [titles[place] for place in kept]
    if rows and header and all(re.fullmatch(_NUMBERED, title) for title in header):
        # In a spreadsheet with only text cells, GDAL reads the titles as data.
        header, rows = ["" if value is None else str(value) for value in rows[0]], rows[1:]
    # a temporary output of a model step has the name of the tool
    is_model_output = isinstance(given, str) and parameters.context.temporaryLayerStore().mapLayer(given) is not None
    name = _row_names(header, rows) if is_model_output else ""
    file, sheet = vector_file(given, parameters.context)
    warnings, caution = [first_of_several(given, label)], None
    if file is not None and is_spreadsheet(file):
        warnings.append(hidden_cells_warning(file, sheet, len(titles), label))
        caution = elapsed_times_caution(file, sheet, label)
    warnings = tuple(filter(None, warnings))
    return Table(label, name or source.sourceName(), tuple(header), tuple(rows), file, (), warnings, caution)


def _row_names(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The names of the first rows, to call a table by; empty where they have none."""
    place = next((place for place, title in enumerate(header) if title.lower() == "name"), None)
    names = [] if place is None else [str(row[place]) for row in rows]
    return ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")


def _check_spreadsheet(label: str, given: Any) -> None:
    """Raise :class:`InputError` for a large spreadsheet before QGIS opens it, which reads the whole of it."""
    from ...core.tables.limits import check_file, is_spreadsheet

    path = Path(given.split("|", maxsplit=1)[0]) if isinstance(given, str) else None
    if path is not None and is_spreadsheet(path) and os.path.isfile(path):
        check_file(path, label)


def _read_text_file(label: str, path: Path) -> Table:
    """Read a text file; raises :class:`InputError`."""
    from ...core.tables.text_table import read_text_table

    try:
        table = read_text_table(path, label)
    except (OSError, csv.Error) as error:
        raise InputError(
            label, Text("'{}' cannot be read ({})", path, error), "a text file with one row per line",
            "Check that the file exists and opens in QGIS.",
        ) from error  # fmt: skip
    kept = [place for place, title in enumerate(table.header) if title.lower() not in _KEYS]
    header = tuple(table.header[place] for place in kept)
    width = len(table.header)
    rows = tuple(tuple(row[place] for place in kept if place < len(row)) + row[width:] for row in table.rows)
    return Table(label, path.stem, header, rows, path, table.notes)


def _text_file(given: Any) -> Path | None:
    """The text file that a parameter names; ``None`` for anything else, such as a layer of the project."""
    path = Path(given) if isinstance(given, str) else None
    return path if path is not None and path.suffix.lower() in _TEXT_FILES and os.path.isfile(path) else None


def tables_as_layers(algorithm: QgsProcessingAlgorithm, values: dict[str, Any]) -> dict[str, Any]:
    """Replace text files of table parameters by empty layers, because Processing's own check may reject them."""
    replaced = {}
    for definition in algorithm.parameterDefinitions():
        is_source = isinstance(definition, QgsProcessingParameterFeatureSource)
        if is_source and definition.dataTypes() == [QgsProcessing.SourceType.TypeVector]:
            path = _text_file(values.get(definition.name()))
            if path is not None:
                replaced[definition.name()] = QgsVectorLayer("None", path.stem, "memory")
    return {**values, **replaced}
