"""Names of loaded layers: what distinguishes a result from another one of the same name."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Mapping, Sequence

from qgis.core import QgsMapLayer, QgsProcessingUtils, QgsProject, QgsRasterLayer

from ...core.quantities.foreign_text import foreign_text
from ..translation import tr
from .provenance import stored_provenance

_ENGINE = "physics engine"  # entry "model" of the engine's results
_ESTIMATE = r"method (\w+), depth_min ([^,]+), depth_max ([^,]+?)(?:, extent .*)?\.?$"


def make_name_unique(layer: QgsMapLayer, project: QgsProject) -> None:
    """Make the name of a layer unique: add what the results differ by, else the file's name (main thread).

    A name states the numbers of the scenario, but neither the solver nor the soil depth layer. Temporary files of
    equal runs are numbered.
    """
    twins = [other for other in project.mapLayersByName(layer.name()) if other.id() != layer.id()]
    if not twins:
        return
    path = Path(layer.source().split("|", maxsplit=1)[0])
    is_temporary = QgsProcessingUtils.tempFolder() in path.as_posix()
    parts = _differences(layer, twins) or ([] if is_temporary else [path.stem])
    name = f"{layer.name()}: {foreign_text(', '.join(parts), 200)}" if parts else ""
    layer.setName(name or _numbered(layer.name(), project))


def _numbered(name: str, project: QgsProject) -> str:
    """The first of ``NAME: run 2``, ``NAME: run 3``, ... that no layer has."""
    names = (f"{name}: {tr('run {}').format(number)}" for number in count(2))
    return next(one for one in names if not project.mapLayersByName(one))


def _differences(layer: QgsMapLayer, twins: Sequence[QgsMapLayer]) -> list[str]:
    """Solver and soil depth of a result, as far as other results have others."""
    if not isinstance(layer, QgsRasterLayer):
        return []
    known = stored_provenance(layer.source())
    others = [stored_provenance(twin.source()) for twin in twins if isinstance(twin, QgsRasterLayer)]
    return [
        shown(known, others)
        for key, shown in (("model", _solver), ("soil_depth", _soil_depth))
        if known.get(key) and any(other.get(key, known[key]) != known[key] for other in others)
    ]


def _solver(known: Mapping[str, str], others: Sequence[Mapping[str, str]]) -> str:
    """The engine or the network, a network by its id where another one made one of the others."""
    models = {other.get("model", _ENGINE) for other in others}
    if known["model"] == _ENGINE:
        return tr("physics engine")
    return tr("network") if models == {_ENGINE} else tr("network {}").format(known["model"])


def _soil_depth(known: Mapping[str, str], _others: Sequence[Mapping[str, str]]) -> str:
    """The file of the soil depth, or how it was estimated; see :meth:`.ScenarioInputs.terrain_provenance`."""
    estimate = re.search(_ESTIMATE, known["soil_depth"])
    if estimate:
        return tr("estimated soil depth ({}, {} to {})").format(*estimate.groups())
    return tr("soil depth {}").format(Path(known["soil_depth"].split(": ", maxsplit=1)[0]).stem)
