"""Scenario parameters and the ranges that a calibration searches: created from the table of variables and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, Collection, Iterator, Mapping

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterNumber, QgsProcessingParameterRasterLayer

from ...core.errors import ErrorCollector, InputError
from ...core.raster.inputs import ELEVATION, SOIL_DEPTH, parameter_kind
from ...text import Text, measure, with_unit
from ...variables import STRENGTH, VARIABLES, Variable
from ..inputs.layers import RasterSource, raster_source
from ..inputs.likely_layers import likely_elevation, likely_soil_depth
from ..outputs.provenance import is_result, stored_provenance, tool_title
from ..parameter_values import ParameterValues, number_given, raw_number
from ..translation import tr
from .definitions import Group, Parameter, advanced, raster_input

if TYPE_CHECKING:
    from ...core.raster.inputs import RasterKind
    from ...core.scenario import Scenario

#: Searched only if a range is entered: the event is usually known, and the column has no lateral flow.
_OPTIONAL = {
    "rainfall": "If omitted, the intensity above is used; enter a range if the storm is not known.",
    "lateral_anisotropy": (
        "If omitted, the ratio above is used. It matters only in the simulations with lateral flow of the best sets."
    ),
}
_FIXED = "If both limits are equal, the parameter is fixed."
_FIXED_STRENGTH = "If both limits are equal, the parameter is fixed until the strength is scaled after the search."
#: Further inputs that a title names; of more it gives the number.
_MOST_CHANGES = 2
_LIMITS = {"MIN": "minimum value searched", "MAX": "maximum value searched"}
SEARCHED = tuple(v for v in VARIABLES if v.trained is not None and v.name != "duration")


def _terrain_input(key: str, title: str, text: str, kind: RasterKind, likely: Callable, **flags: bool) -> Parameter:
    """A raster that is no result: a mask as soil depth would give a plausible map."""
    layer = raster_input(key, title, text, kind, likely, **flags)

    def read(parameters: ParameterValues) -> RasterSource | None:
        source = layer.read(parameters)
        if source is not None and is_result(source.source):
            made_by = tool_title(stored_provenance(source.source)["algorithm"])
            raise InputError(
                source.label, Text("'{}' is a result of '{}'", source.file_name, made_by),
                "an elevation or a soil depth", "Choose the layer that it was computed from.",
            )  # fmt: skip
        return source

    return layer._replace(read=read)


#: Help of a soil depth, to which an algorithm adds what it does without one.
SOIL_DEPTH_DOC = (
    "Vertical depth from the surface to bedrock in metres, 0 to 50; 0 is bare rock. Aligned to the elevation model if "
    "its grid differs."
)
TERRAIN = (
    _terrain_input(
        "DEM", "Digital elevation model [m]",
        "Elevation in metres, in a projected coordinate system in metres; square cells, preferably of 2 to 30 m.",
        kind=ELEVATION, likely=likely_elevation,
    ),
    _terrain_input(
        "SOIL_DEPTH", "Soil depth [m]",
        f"{SOIL_DEPTH_DOC} If omitted, it is estimated from slope, which is the least reliable way.",
        optional=True, kind=SOIL_DEPTH, likely=likely_soil_depth,
    ),
)  # fmt: skip


def _number_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Make those of the numbers, main ones first."""
    return map(number_parameter, sorted(VARIABLES, key=lambda v: v.advanced))


def _layer_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield those of the rasters that may replace numbers."""
    for variable in VARIABLES:
        if variable.layer:
            text = tr("Raster in place of the number, {}; aligned to the elevation model.").format(_range(variable))
            yield layer_of(variable, variable.layer_key, tr("raster"), text)


def scenario_numbers(parameters: ParameterValues) -> dict[str, float]:
    """Read and check the numbers that no raster replaces, by lower-case name.

    Rasters of an algorithm that has none are those of another tool, see :func:`.given_keys.report_unknown_keys`.

    Raises:
        SlopecastError: names every wrong parameter, its value, the allowed range and what to do.
    """
    numbers, errors = {}, ErrorCollector()
    for variable in VARIABLES:
        if not (variable.layer and parameters.has(variable.layer_key) and parameters.get(variable.layer_key)):
            with errors.catch():
                numbers[variable.name] = checked_number(parameters, variable)
    errors.raise_all()
    return numbers


def checked_number(parameters: ParameterValues, variable: Variable) -> float:
    """Read a variable's number and check its range; raises :class:`InputError`."""
    from ...core.scenario import check_value

    return check_value(variable, raw_number(parameters, variable.key))


def scenario_layers(parameters: ParameterValues) -> dict[str, RasterSource]:
    """Read the rasters that replace numbers, by lower-case name; empty for algorithms without rasters."""
    found = {
        v.name: raster_source(parameters, v.layer_key, parameter_kind(v))
        for v in VARIABLES
        if v.layer and parameters.has(v.layer_key)
    }
    return {name: source for name, source in found.items() if source is not None}


def changes_title(values: Mapping[str, Any], elsewhere: Collection[str], rasters: Collection[str] = ()) -> str:
    """Name the numbers that are not the defaults, e.g. ``, Surcharge 2 kPa``: maps must not differ without a sign.

    Args:
        values: of a scenario by lower-case name.
        elsewhere: names of those that the title states already.
        rasters: names of those that are rasters.
    """
    from ...core.quantities.numbers import rounded

    changed = []
    for variable in (v for v in VARIABLES if v.name not in elsewhere):
        if variable.name in rasters:
            changed.append(f"{tr(variable.label)} {tr('raster')}")
        elif rounded(values[variable.name]) != rounded(variable.default):
            changed.append(f"{tr(variable.label)} {rounded(values[variable.name])} {variable.unit}".removesuffix(" -"))
    if len(changed) > _MOST_CHANGES:
        changed = [tr("{} further inputs not at their defaults").format(len(changed))]
    return "".join(f", {text}" for text in changed)


def scenario_title(scenario: Scenario, *, intensity: bool = True) -> str:
    """Name a scenario in a layer's name, e.g. ``8.5 mm/h, 24 h, c 8 kPa, phi 28 deg``.

    Args:
        scenario: with the numbers that are named.
        intensity: also name the rainfall intensity, on which a map such as the critical rainfall does not depend.
    """
    from ...core.quantities.numbers import rounded

    def shown(name: str, unit: str) -> str:
        return tr("raster") if name in scenario.rasters else f"{rounded(getattr(scenario, name))} {unit}"

    rain, duration = shown("rainfall", "mm/h"), shown("duration", "h")
    if scenario.hyetograph is not None:
        rain = tr("hyetograph")
    storm = f"{rain}, {duration}" if intensity else duration
    title = f"{storm}, c {shown('cohesion', 'kPa')}, phi {shown('friction_angle', 'deg')}"
    named = ("rainfall", "duration", "cohesion", "friction_angle")
    return title + changes_title({v.name: getattr(scenario, v.name) for v in VARIABLES}, named, scenario.rasters)


def number_parameter(variable: Variable) -> QgsProcessingParameterNumber:
    """Make the parameter of a number."""
    # No limits here: with them the dialog's spin box would quietly turn 0.26 m/day, typed for m/s, into the maximum,
    # where scenario_numbers() refuses it with advice.
    allowed = tr("Allowed: {}; default {:g}.").format(_range(variable), variable.default)
    text = f"{tr(variable.doc)} {allowed} {tr(variable.advice)}"
    parameter = number_of(variable, variable.key, tr(variable.label), variable.default, text)
    return advanced(parameter) if variable.advanced else parameter


def number_of(
    variable: Variable, key: str, title: str, default: float | None, text: str, *, optional: bool = False
) -> QgsProcessingParameterNumber:
    """A number in a variable's unit; title, to which the unit is added, and text in the user's language."""
    double = QgsProcessingParameterNumber.Type.Double
    parameter = QgsProcessingParameterNumber(key, with_unit(title, variable.unit), double, default, optional=optional)
    parameter.setHelp(text)
    set_widget(parameter, variable)
    return parameter


def layer_of(variable: Variable, key: str, what: str, text: str) -> QgsProcessingParameterRasterLayer:
    """A raster in place of a variable's number; what it is and text in the user's language."""
    title = with_unit(f"{tr(variable.label)}: {what}", variable.unit)
    parameter = QgsProcessingParameterRasterLayer(key, title, optional=True)
    parameter.setHelp(text)
    return advanced(parameter)


def set_widget(parameter: QgsProcessingParameterNumber, variable: Variable) -> None:
    """Set the widget of a variable's number, so that all its digits can be shown and entered."""
    # The number box's own six decimals would turn 1.3e-6 m/s into 1e-6; the modeler keeps the box.
    settings: dict[str, Any] = {"decimals": variable.decimals}
    if variable.unit == "m/s":
        plugin = __package__.rpartition(".algorithms")[0]
        settings["class"] = (
            f"{plugin}.gui.fields.conductivity_form.ConductivityWidget"  # by name: made only for a window
        )
    parameter.setMetadata({"widget_wrapper": settings})


def _range(variable: Variable) -> str:
    """Physical range without the dash of a pure ratio."""
    limits = tr("{} to {}").format(f"{variable.minimum:g}", f"{variable.maximum:g}")
    return limits if variable.unit == "-" else f"{limits} {variable.unit}"


def _range_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield both ends of each range."""
    for variable in SEARCHED:
        for end, trained in zip(_LIMITS, variable.trained):
            only, title = _OPTIONAL.get(variable.name, ""), f"{tr(variable.label)}: {tr(_LIMITS[end])}"
            text = f"{tr(_FIXED_STRENGTH if variable.name in STRENGTH else _FIXED)} {tr(only)}".strip()
            default = None if only else trained
            yield advanced(number_of(variable, f"{variable.key}_{end}", title, default, text, optional=bool(only)))


def _searched_ranges(parameters: ParameterValues) -> dict[str, tuple[float, float]]:
    """Read the ranges, by lower-case name; the numbers stand in for limits that are omitted.

    Raises:
        SlopecastError: an end out of its physical range, or ends in the wrong order.
    """
    numbers, ranges, errors = scenario_numbers(parameters), {}, ErrorCollector()
    for variable in SEARCHED:
        with errors.catch():
            given = [_limit(parameters, variable, end) for end in _LIMITS]
            if given == [None, None]:
                continue
            low, high = (numbers[variable.name] if value is None else value for value in given)
            if low > high:
                raise InputError(
                    Text("{} ({}_MIN)", Text(variable.label), variable.key),
                    Text("{} exceeds the maximum {}", measure(low, variable.unit), measure(high, variable.unit)),
                    Text("at most {}", measure(high, variable.unit)), "Swap the two limits, or raise the maximum.",
                )  # fmt: skip
            ranges[variable.name] = low, high
    errors.raise_all()
    return ranges


def _limit(parameters: ParameterValues, variable: Variable, end: str) -> float | None:
    """One end of a range; ``None`` where an optional one is left out."""
    from ...core.scenario import check_value

    key = f"{variable.key}_{end}"
    if not parameters.is_given(key) and variable.name in _OPTIONAL:
        return None
    return check_value(replace(variable, key=key), number_given(parameters, key))


#: Numbers and rasters of a scenario, and the ranges that a calibration searches: each by lower-case name.
SCENARIO_NUMBERS = Group("numbers", _number_parameters, scenario_numbers)
SCENARIO_LAYERS = Group("layers", _layer_parameters, scenario_layers)
SEARCHED_RANGES = Group("ranges", _range_parameters, _searched_ranges)
#: What a scenario is made of.
SCENARIO = (*TERRAIN, SCENARIO_NUMBERS, SCENARIO_LAYERS)
