"""Resolves the files of output destinations and reports folders that are created."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Sequence

from qgis.core import (
    QgsDataSourceUri,
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsProperty,
)

from ...core.errors import InputError
from ...core.files.atomic import recover
from ...core.files.lock import has_locks
from ...core.files.whole import identity_of, is_held_open, nearest_existing
from ...text import Text
from ..parameter_values import ParameterValues
from ..translation import tr
from .loaded_layers import shipped_style
from .provenance import stored_provenance

if TYPE_CHECKING:
    from ..inputs.scenario_inputs import ScenarioInputs
    from ..log import Log
    from .rasters import RasterTargets

#: Characters of a line that are read.
_LONGEST_HEADER = 1000
_MOST_EARLIER, _EARLIER_SHOWN = 100, 5  # rasters that are checked, and named in the message
#: Prefix of a table within a database file in Processing's destinations.
_DATABASE_PREFIX = "ogr:"
#: Endings of a table that is written as the attributes of a shapefile.
SHAPEFILE_OF_TABLE = (".shp", ".dbf")
REPORT_ENDINGS = (".html", ".htm")
#: Layers that QGIS styles by the .qml file of their name.
_STYLED_BY_QML = (".tif", ".tiff", ".asc", ".vrt", ".img", ".shp", ".gpkg", ".geojson")
#: Prefix of layers that are not in files: memory:, postgres: and so on; a single letter is a drive.
_PROVIDER = r"[A-Za-z]{2,}:"


def destination_file(given: Any) -> Path | None:
    """The file or folder of a destination; ``None`` for temporary outputs and layers that are not in files."""
    text = destination_text(given)
    within = table_of_database(given)
    if within is not None:
        return within[0]
    return None if text in ("", "TEMPORARY_OUTPUT") or re.match(_PROVIDER, text) else Path(text)


def table_of_database(given: Any) -> tuple[Path, str] | None:
    """File and table of a destination within a database file, which keeps its other tables; ``None`` for others.

    The table's name is empty where none is named.
    """
    text = destination_text(given)
    if not text.startswith(_DATABASE_PREFIX):
        return None
    uri = QgsDataSourceUri(text[len(_DATABASE_PREFIX) :])  # as Processing reads it, quoted or not
    return Path(uri.database() or text[len(_DATABASE_PREFIX) :]), uri.table()


def is_table(definition: QgsProcessingParameterDefinition) -> bool:
    """Whether an output is a table, whose rows have no geometry."""
    is_sink = isinstance(definition, QgsProcessingParameterFeatureSink)
    return is_sink and definition.dataType() == QgsProcessing.SourceType.TypeVector


def table_file(path: Path) -> Path:
    """The file that holds a table: a shapefile without shapes is a .dbf file alone."""
    return path.with_suffix(".dbf") if path.suffix.lower() in SHAPEFILE_OF_TABLE else path


def destination_text(given: Any) -> str:
    """A destination as text; empty if none is given."""
    given = getattr(given, "sink", given)  # of a QgsProcessingOutputLayerDefinition
    if isinstance(given, QgsProperty):
        given = given.staticValue()
    return str(given or "")


def output_file(parameters: ParameterValues, key: str, endings: Sequence[str]) -> Path | None:
    """File of a destination, ``None`` if none is requested.

    Raises:
        InputError: its name has none of the endings, or its folder cannot be written.
    """
    text = parameters.file_to_write(key)
    if not text:
        return None
    path, label = Path(text), parameters.label(key)
    if path.suffix.lower() not in endings:
        allowed = Text("a file name that ends in {}", ", ".join(endings))
        raise InputError(label, Text("'{}' has the wrong file extension", path.name), allowed)
    check_folder(path.parent, label)
    return path


def check_folder(folder: Path, label: str) -> None:
    """Raise :class:`InputError` if a folder is not writable or cannot be created."""
    try:
        with tempfile.TemporaryFile(dir=nearest_existing(folder)):
            return  # trying is more reliable than permissions, especially on Windows
    except OSError as error:
        raise InputError(
            label, Text("'{}' cannot be written ({})", folder, error.strerror or error),
            "a folder that you can write to",
            "Choose another folder.",
        ) from error  # fmt: skip


def check_not_open(path: Path, label: str) -> None:
    """Raise :class:`InputError` if a file could not be replaced at the end of the run, as it is open."""
    if is_held_open(path):
        raise InputError(
            label, Text("'{}' is open, as a layer of the project or in another program", path),
            "a file that is not open",
            "Remove the layer from the project, close the other program, or choose another output.",
        )  # fmt: skip


def _can_be_created(folder: Path) -> bool:
    """Whether it seems possible; a folder that cannot be created is refused when it is written to."""
    nearest = nearest_existing(folder.absolute().parent)
    return os.path.isdir(nearest) and os.access(nearest, os.W_OK)


def output_folders(parameters: ParameterValues) -> list[Path]:
    """The folders that a run writes into, sorted."""
    folders = set()
    for definition in parameters.algorithm.destinationParameterDefinitions():
        path = destination_file(parameters.get(definition.name()))
        if path is not None:
            folders.add(path if isinstance(definition, QgsProcessingParameterFolderDestination) else path.parent)
    return sorted(folders)


def report_new_folders(parameters: ParameterValues, log: Log) -> None:
    """Report folders that the run is to create: otherwise a misspelt name would look like lost results."""
    for folder in output_folders(parameters):
        if not os.path.exists(folder) and _can_be_created(folder):
            log.pushInfo(tr("The output folder {} does not exist; it will be created.").format(folder))


def recover_interrupted_runs(parameters: ParameterValues, log: Log) -> None:
    """Complete the moves of interrupted runs in the output folders, before anything is read from them."""
    for folder in output_folders(parameters):
        nearest = next((place for place in (folder, *folder.absolute().parents) if os.path.isdir(place)), folder)
        with contextlib.suppress(OSError):  # reported when it is written to
            if not has_locks(nearest):
                text = (
                    "The file system of '{}' has no locks: make sure that no other run writes there. Hidden folders "
                    ".slopecast.* of runs that were ended are not removed there."
                )
                log.pushInfo(Text(text, folder))
            moved = recover(folder) if os.path.isdir(folder) else 0
            if moved:
                text = (
                    "An earlier run with the output {} was interrupted while its results were moved: {} files were "
                    "moved into place."
                )
                log.pushInfo(Text(text, folder, moved))


def check_mask_files(
    folder: Path, label: str, names: Sequence[str], inputs: ScenarioInputs, targets: RasterTargets, style: str
) -> None:
    """Raise :class:`InputError` if a mask or its style would replace an input, another output or a foreign file."""
    taken = {identity_of(path) for path in inputs.files}
    styled = {identity_of(path.with_suffix("")) for path in targets.files.values()}  # two would share one .qml
    for name in names:
        path = folder / f"{name}.tif"
        if identity_of(path) in taken or identity_of(folder / name) in styled:
            raise InputError(
                label, Text("the mask of row '{}' would be '{}', which is another file of this run", name, path),
                "a folder without the inputs and the other outputs", "Choose another folder or rename the row.",
            )  # fmt: skip
        check_sidecars(path, label, style)
    masks = (folder / f"{name}.tif" for name in names)
    check_own_files((mask for mask in masks if os.path.exists(mask) and _is_raster(mask)), "predictfromtable", label)


def check_own_files(rasters: Iterable[Path], algorithm: str, label: str) -> None:
    """Raise :class:`InputError` where a raster of a fixed name would replace a file that the algorithm did not make."""
    for path in rasters:
        check_not_open(path, label)
        if os.path.lexists(path) and stored_provenance(str(path)).get("algorithm") != f"slopecast:{algorithm}":
            raise foreign_file_error(path, label)


def check_sidecars(path: Path, label: str, style: str) -> None:
    """Raise :class:`InputError` if a new style or projection file would also apply to an existing file."""
    if os.path.exists(path):
        return
    present = path.with_suffix(".qml")
    same = (
        bool(style)
        and os.path.isfile(present)
        and os.access(present, os.R_OK)
        and present.read_text(encoding="utf-8", errors="replace") == shipped_style(style)
    )
    sidecars = [] if same else [path.with_suffix(suffix) for suffix in _STYLED_BY_QML if suffix != path.suffix.lower()]
    if path.suffix.lower() == ".asc":
        sidecars.append(path.with_suffix(".prj"))
    for other in sidecars:
        if os.path.exists(other):
            raise InputError(
                label, Text("'{}' would share its style or projection file with '{}'", path, other.name),
                "a name that no other layer in the folder has", "Choose another output file.",
            )  # fmt: skip


def check_own_table(table: Path, columns: Sequence[str], label: str) -> None:
    """Raise :class:`InputError` where a table of a fixed name would replace a file that begins with other columns."""
    if not os.path.lexists(table):
        return
    check_not_open(table, label)
    first = ""
    with contextlib.suppress(OSError, UnicodeDecodeError), table.open(encoding="utf-8-sig") as file:
        first = file.readline(_LONGEST_HEADER)
    if not first.startswith(",".join(columns)):
        raise foreign_file_error(table, label)


def report_earlier_rasters(written: Mapping[Path, Sequence[str]], algorithm: str, log: Log) -> None:
    """Warn of rasters that an algorithm made earlier, next to those that it has now written (names by folder)."""
    for folder, names in written.items():
        others = sorted(path for path in folder.glob("*.tif") if path.stem not in set(names))[:_MOST_EARLIER]
        found = [
            path.name for path in others if stored_provenance(str(path)).get("algorithm") == f"slopecast:{algorithm}"
        ]
        if found:
            log.pushWarning(
                Text(
                    "'{}' also contains rasters of earlier runs, which do not belong to this one: {}. Delete them, or "
                    "use a new folder.",
                    folder, ", ".join(found[:_EARLIER_SHOWN]) + (", ..." if len(found) > _EARLIER_SHOWN else ""),
                )
            )  # fmt: skip


def _is_raster(path: Path) -> bool:
    from osgeo import gdal

    try:
        return gdal.IdentifyDriver(str(path)) is not None
    except RuntimeError:  # another plugin may have switched GDAL's exceptions on
        return False


def foreign_file_error(path: Path, label: str) -> InputError:
    """The error for a file of the user that has the name of a result."""
    return InputError(
        label, Text("'{}' exists and was not made by this algorithm; it would be lost", path),
        "a folder without files of these names", "Choose another folder, or rename or delete the file.",
    )  # fmt: skip


def check_table_files(
    files: dict[str, Path | None], folder: Path, names: Sequence[str], inputs: ScenarioInputs
) -> None:
    """Raise :class:`InputError` where the summary or the report would replace an input or a mask."""
    table = inputs.table.file
    taken = [*inputs.files, *(folder / f"{name}.tif" for name in names), *([] if table is None else [table])]
    for label, path in files.items():
        if path is not None and identity_of(path) in {identity_of(other) for other in taken}:
            raise InputError(
                label, Text("'{}' is an input or a mask of this run", path), "another file",
                "Choose another output file; the other would be lost.",
            )  # fmt: skip
