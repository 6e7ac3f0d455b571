"""Where outputs go: the file of a destination, and a word on folders that do not exist yet."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFolderDestination,
)

from ..core.errors import InputError
from ..core.files.atomic import recover
from ..text import Text
from .translation import tr

if TYPE_CHECKING:
    from .log import Log
    from .outputs import RasterTargets
    from .scenario_algorithm import ScenarioInputs

#: How Processing names a table within a database file.
_DATABASE = re.compile(r"ogr:dbname='([^']+)'")
#: How it names a layer in no file: memory:, postgres: and so on; a single letter is a drive.
_PROVIDER = re.compile(r"[A-Za-z]{2,}:")


def destination_file(given: Any) -> Path | None:
    """The file or folder that a destination names; ``None`` for a temporary one and what is in no file."""
    text = _text_of(given)
    within = _DATABASE.match(text)
    if within is not None:
        return Path(within[1])
    return None if text in ("", "TEMPORARY_OUTPUT") or _PROVIDER.match(text) else Path(text)


def is_table_of_database(given: Any) -> bool:
    """Tell whether a destination is a table within a database file, which keeps its other tables."""
    return _DATABASE.match(_text_of(given)) is not None


def _text_of(given: Any) -> str:
    if isinstance(given, QgsProcessingOutputLayerDefinition):
        given = given.sink.staticValue()
    return str(given or "")


def _can_be_made(folder: Path) -> bool:
    """Whether it looks so; what cannot be made is refused by whoever writes into it."""
    nearest = next(place for place in folder.absolute().parents if place.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK)


def output_folders(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any]) -> list[Path]:
    """The folders that a run writes into, sorted."""
    folders = set()
    for definition in algorithm.destinationParameterDefinitions():
        path = destination_file(parameters.get(definition.name()))
        if path is not None:
            folders.add(path if isinstance(definition, QgsProcessingParameterFolderDestination) else path.parent)
    return sorted(folders)


def tell_new_folders(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], log: Log) -> None:
    """Tell of folders that the run is to make: unsaid, a misspelt name would look like lost results."""
    for folder in output_folders(algorithm, parameters):
        if not folder.exists() and _can_be_made(folder):
            log.pushInfo(tr("The output folder {} does not exist; it will be made.").format(folder))


def finish_earlier_runs(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], log: Log) -> None:
    """Finish in the output folders what runs that were ended have left, before anything is read from there."""
    for folder in output_folders(algorithm, parameters):
        with contextlib.suppress(OSError):  # whoever writes there reports it
            moved = recover(folder) if folder.is_dir() else 0
            if moved:
                log.pushInfo(
                    Text(
                        "An earlier run into {} was ended while it moved its results: {} files were moved to their "
                        "places.",
                        folder, moved,
                    )
                )  # fmt: skip


def check_mask_files(
    folder: Path, label: str, names: Sequence[str], inputs: ScenarioInputs, targets: RasterTargets
) -> None:
    """Raise :class:`InputError` where a mask would replace an input or another output."""
    taken = {os.path.realpath(path) for path in inputs.files}
    styled = {os.path.realpath(path.with_suffix("")) for path in targets.paths}  # two would share one .qml
    for name in names:
        path = folder / f"{name}.tif"
        if os.path.realpath(path) in taken or os.path.realpath(folder / name) in styled:
            raise InputError(
                label, Text("the mask of row '{}' would be '{}', which is another file of this run", name, path),
                "a folder without the inputs and the other outputs", "Choose another folder or rename the row.",
            )  # fmt: skip


def check_table_files(
    files: dict[str, Path | None], folder: Path, names: Sequence[str], inputs: ScenarioInputs
) -> None:
    """Raise :class:`InputError` where the summary or the report would replace an input or a mask."""
    table = inputs.choices.table.file
    taken = [*inputs.files, *(folder / f"{name}.tif" for name in names), *([] if table is None else [table])]
    for label, path in files.items():
        if path is not None and os.path.realpath(path) in {os.path.realpath(other) for other in taken}:
            raise InputError(
                label, Text("'{}' is an input or a mask of this run", path), "another file",
                "Choose another output file; the other would be lost.",
            )  # fmt: skip
