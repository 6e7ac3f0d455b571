"""Converts dialog values to algorithm parameters, and results to layers and texts."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Iterable, Mapping

from qgis.core import QgsLayerTreeGroup, QgsProcessing, QgsProject, QgsRasterLayer, QgsVectorLayer

from ..algorithms.outputs.layer_names import make_name_unique
from ..algorithms.outputs.layer_tree import drop_replaced, group_title, title_legend
from ..algorithms.parameters.network import DEVICES
from ..algorithms.parameters.scenario import changes_title
from ..algorithms.runs.solver_choice import NETWORK, SOLVERS
from ..algorithms.translation import tr
from ..core.failure_class import should_be_calibrated
from ..core.quantities.numbers import rounded
from ..text import in_singular
from ..variables import BY_NAME, VARIABLES
from .fields.number_field import number_text, unit_suffix
from .plain_words import linked_words

MASK = "FAILURE_MASK"
CLASS = "FAILURE_CLASS"
AGREEMENT = "ENGINE_AGREEMENT"
#: Optional maps in addition to the mask, by output key.
ALSO = {
    "FACTOR_OF_SAFETY": "Factor of safety",
    "WATER_TABLE": "Water table",
    "MODEL_CONFIDENCE": "Model confidence",
}
CONFIDENCE_NOTE = (
    "Probability, from 0 to 1, that the physics engine would also compute failure of a cell: the error of the network. "
    "It is not the probability that the slope fails: for uncertain soil run 'Failure probability'."
)
INSTALLATION_LINK = "installation"
#: What the dialog shows where the network cannot run.
ENGINE_ALONE = (
    "PyTorch is not installed: the physics engine is used. The network is faster where lateral flow is strong. "
    "<a href='installation'>How to install PyTorch</a>"
)
_LEVELS = {
    "trusted": "expected to agree with the physics engine; no doubtful input",
    "caution": "a first estimate, for the following reasons",
    "outside": "outside the training of the network; do not rely on it",
}
#: The same for the physics engine's results.
_ENGINE_LEVELS = {"trusted": "computed by the physics engine", "caution": "computed by the physics engine"}
_CALIBRATE = (
    "Calibrate the strength first: if these slopes are stable in nature, the cohesion is too low, or soil depth or "
    "water table are too high. 'Back-calculate cohesion' computes the cohesion that makes them stable."
)
_M2_PER_HA = 1e4
#: Tool tip of the numbers of cells, as rich text, so that Qt wraps its lines.
INITIAL_CONDITIONS_TIP = (
    "<p>Cells with FS &lt; 1 under initial conditions are unstable before the rain: the soil strength is too low for "
    "the slope, the initial water table too high, or the DEM or the soil depth has errors; the storm is not the "
    "cause.</p>"
)
#: Tool tip of the reliability; a further paragraph of the same kind.
RELIABILITY_TIP = (
    "<p>The reliability rates how well the mask agrees with the physics engine, and whether inputs are plausible. It "
    "does not rate whether the parameters are right or whether a landslide will occur.</p>"
)
#: Share of cells with FS < 1 initially among the failed ones, above which soil, depth or water are probably wrong.
_MANY_INITIAL_SHARE = 0.1


def run_parameters(
    *,
    dem: str,
    soil_depth: str | None,
    values: Mapping[str, float],
    device: str = "auto",
    output: str = "",
    also: Iterable[str] = (),
    model: str = "",
    solver: str = NETWORK,
) -> dict[str, Any]:
    """Build the parameters of ``slopecast:predictfailuremask``.

    Args:
        dem: id or source of the elevation raster.
        soil_depth: id or source of the depth raster; without one the algorithm estimates it.
        values: number by key, as in the table of variables.
        output: file of the mask; empty for a temporary one.
        also: further outputs, :data:`CLASS` and keys of :data:`ALSO`; their files are next to the mask's.
        model: file of weights; empty for the shipped one.
    """
    parameters: dict[str, Any] = {"DEM": dem, **values, "DEVICE": list(DEVICES).index(device)}
    if soil_depth:
        parameters["SOIL_DEPTH"] = soil_depth
    if model:
        parameters["MODEL"] = model
    if solver != NETWORK:
        parameters["SOLVER"] = list(SOLVERS).index(solver)
    parameters[MASK] = _with_tif_ending(output) if output else QgsProcessing.TEMPORARY_OUTPUT
    for key in also:
        parameters[key] = _sibling_file(output, key) if output else QgsProcessing.TEMPORARY_OUTPUT
    return parameters


def other_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that other algorithms share: study area, soil and rain."""
    common = {"DEM", "SOIL_DEPTH", *(variable.key for variable in VARIABLES)}
    return with_estimated_depth({key: value for key, value in parameters.items() if key in common})


def with_estimated_depth(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for a dialog, which would preselect a likely soil depth in place of one to estimate."""
    return {"SOIL_DEPTH": None, **parameters}


def comparison_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of the same run with a comparison to the physics engine, in temporary files."""
    same = {key: value for key, value in parameters.items() if key not in (CLASS, *ALSO)}
    temporary = dict.fromkeys((MASK, AGREEMENT), QgsProcessing.TEMPORARY_OUTPUT)
    return {**same, **temporary, "CHECK_WITH_ENGINE": True}


def used_engine(solver_used: str) -> bool:
    """Whether the output SOLVER_USED names the physics engine."""
    return tr("physics engine") in solver_used


def _with_tif_ending(output: str) -> str:
    return output if output.lower().endswith((".tif", ".tiff")) else f"{output}.tif"


def _sibling_file(output: str, key: str) -> str:
    mask = Path(_with_tif_ending(output))
    return str(mask.with_name(f"{mask.stem}_{key.lower()}{mask.suffix}"))


def values_title(values: Mapping[str, float]) -> str:
    """Name a scenario by its main parameters, e.g. ``8.5 mm/h, 24 h, 8 kPa, 28 deg, 3e-6 m/s``, and changed others."""
    parts, named = [], ("rainfall", "duration", "cohesion", "friction_angle", "conductivity")
    for name in named:
        variable = BY_NAME[name]
        value = float(rounded(values[variable.key]))
        parts.append(number_text(value, scientific=variable.log_scale) + unit_suffix(variable))
    return ", ".join(parts) + changes_title({key.lower(): value for key, value in values.items()}, named)


def add_layers(
    project: QgsProject, results: Mapping[str, Any], scenario: str, study_area: str = ""
) -> list[QgsRasterLayer]:
    """Show the rasters of a run in the layer tree, in a group named after scenario and study area (main thread).

    The layers have the scenario in their names, as those that Processing loads: other dialogs list them without groups;
    a name that another layer has too states solver or soil depth as well.

    The first is switched on: the failure class, or the mask of a network that gives no classes. Each brings its style
    in the ``.qml`` next to the file, which QGIS reads when it opens the raster.
    A layer that showed an overwritten file is dropped.
    """
    outputs = [
        (CLASS, "Failure class"),
        (MASK, "Failure mask"),
        *ALSO.items(),
        (AGREEMENT, "Agreement with the physics engine"),
    ]
    title = group_title(study_area, scenario)
    files = [(results[key], f"{tr(label)} ({scenario})") for key, label in outputs if results.get(key)]
    drop_replaced(project, [file for file, _ in files])
    root = project.layerTreeRoot()
    top = next(iter(root.children()), None)  # further down the elevation may lie above the results
    is_same = isinstance(top, QgsLayerTreeGroup) and top.name() == title
    group = top if is_same else root.insertGroup(0, title)
    group.setItemVisibilityChecked(True)  # one that was switched off would hide the new layers
    layers = []
    for file, name in files:
        layer = QgsRasterLayer(file, name)
        if layer.isValid():
            make_name_unique(layer, project)
            project.addMapLayer(layer, False)
            node = group.insertLayer(len(layers), layer)
            node.setExpanded(not layers)
            title_legend(node)
            node.setItemVisibilityChecked(not layers)  # seen through each other, colours match no legend
            layers.append(layer)
    first = group.findLayer(layers[0].id()) if layers else None
    for opened in (group, first) if first is not None else (group,):
        opened.setExpanded(False)  # QGIS keeps folded what came without layers or legend, unless its state changes
        opened.setExpanded(True)
    return layers


def add_example_area(project: QgsProject, results: Mapping[str, Any]) -> tuple[QgsRasterLayer, QgsRasterLayer]:
    """Add elevation, soil depth and landslides (both switched off) and the table of scenarios as a group on top.

    A project without layers takes over the study area's coordinate system. Returns elevation and soil depth.
    """
    depth = QgsRasterLayer(results["SOIL_DEPTH"], tr("Soil depth (synthetic)"))
    dem = QgsRasterLayer(results["DEM"], tr("Elevation (synthetic)"))
    table = QgsVectorLayer(results["TABLE"], tr("Scenarios"))
    slides = QgsVectorLayer(results["LANDSLIDES"], tr("Landslides (synthetic)"))
    if not project.mapLayers():
        project.setCrs(dem.crs())
    project.addMapLayers([slides, depth, dem, table], False)
    group = project.layerTreeRoot().insertGroup(0, tr("Example data (synthetic)"))
    for layer in (slides, depth, dem, table):
        node = group.addLayer(layer)
        title_legend(node)
        for expanded in (True, False):  # QGIS unfolds what is new, and heeds a change alone
            node.setExpanded(expanded)
    for layer in (slides, depth):
        group.findLayer(layer.id()).setItemVisibilityChecked(False)
    return dem, depth


def cell_area(dem: QgsRasterLayer | None) -> float:
    """Area of a cell [m2]; 0 without a layer."""
    return dem.rasterUnitsPerPixelX() * dem.rasterUnitsPerPixelY() if dem else 0.0


def failed_text(
    failed: int, valid: int, area_of_cell: float = 0.0, before: int | None = None, again: int | None = None
) -> str:
    """Text with the number of failed cells, their share and, if the cell area [m2] is known, their area.

    ``before`` is how many of them have FS < 1 under initial conditions, ``again`` how many others have, which the mask
    shows as stable because water has drained from them.
    """
    share = 100.0 * failed / valid if valid else 0.0
    area = tr(", {} ha").format(_hectares(failed * area_of_cell)) if area_of_cell else ""
    already = tr(", {:,} of them with FS &lt; 1 under initial conditions").format(before) if before else ""
    text = tr("<b>{:,} of {:,} cells fail ({:.3g} %{}){}.</b>").format(failed, valid, share, area, already)
    if again:
        further = tr("{:,} further cells were unstable initially but drained to FS >= 1: stable in the mask.")
        text += " " + further.format(again)
    return in_singular(text)


def _hectares(area: float) -> str:
    """An area [m2] in hectares with three significant digits and no exponent, e.g. ``1,240``."""
    return f"{float(f'{area / _M2_PER_HA:.3g}'):,.10g}"


def reliability_text(reliability: str, solver: str = "") -> str:
    """Text with the meaning of a reliability level and its reasons, for the output SOLVER_USED; HTML."""
    level, _, reasons = reliability.partition(":")
    level, explanation = level.strip(), ""
    if level in (_ENGINE_LEVELS if used_engine(solver) else _LEVELS):
        explanation = tr(_ENGINE_LEVELS[level]) if used_engine(solver) else tr(_LEVELS[level])
    text = tr("Reliability: <b>{}</b>").format(escape(tr(level)))
    text += f" ({escape(explanation)})" if explanation else ""
    return f"{text}: {linked_words(escape(reasons.strip(), quote=False))}" if reasons.strip() else f"{text}."


def result_text(results: Mapping[str, Any], area_of_cell: float = 0.0) -> str:
    """Summary of a run in a line or two of HTML; ``area_of_cell`` [m2]."""
    parts = []
    if "FAILED_CELLS" in results:
        failed, valid = int(results["FAILED_CELLS"]), int(results.get("VALID_CELLS", 0))
        before = (int(results.get(key) or 0) for key in ("FAILED_BEFORE_CELLS", "STABLE_AGAIN_CELLS"))
        parts.append(failed_text(failed, valid, area_of_cell, *before))
        if needs_calibration(results):
            parts.append(tr(_CALIBRATE))
    if results.get("RELIABILITY"):
        parts.append(reliability_text(str(results["RELIABILITY"]), str(results.get("SOLVER_USED", ""))))
    return "<br>".join(parts) or tr("Done.")


def needs_calibration(results: Mapping[str, Any]) -> bool:
    """Whether so many cells have FS < 1 under initial conditions that the strength should be calibrated first."""
    counts = (int(results.get(key) or 0) for key in ("FAILED_BEFORE_CELLS", "FAILED_CELLS", "VALID_CELLS"))
    return should_be_calibrated(*counts)


def reliability_kind(results: Mapping[str, Any]) -> str:
    """Return the colour in which the result is shown: ``text``, ``caution`` or ``error``."""
    kind = level_kind(str(results.get("RELIABILITY") or ""))
    before = (results.get(key) for key in ("FAILED_BEFORE_CELLS", "STABLE_AGAIN_CELLS"))
    return headline_kind(kind, int(results.get("FAILED_CELLS") or 0), *before)


def headline_kind(kind: str, failed: int, before: int | None, again: int | None) -> str:
    """Return the colour of a number of failed cells: never ``good``, as green would mean that the slopes are safe.

    ``caution`` also where many cells, against the failed ones, have FS < 1 before the rain.
    """
    many = (before or 0) + (again or 0) > _MANY_INITIAL_SHARE * failed
    return kind if kind != "good" else "caution" if many else "text"


def level_kind(reliability: str) -> str:
    """Return the colour in which a level of reliability is shown."""
    level = reliability.strip().lower().split(":")[0].split(" ")[0].rstrip(".,;")
    return {"caution": "caution", "outside": "error"}.get(level, "good")
