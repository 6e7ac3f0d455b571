"""Parameters for the ranges that a calibration searches."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterNumber

from ...core.errors import ErrorCollector, InputError
from ...text import Text, measure
from ...variables import VARIABLES, Variable
from ..inputs.number_input import number_given
from ..parameter_values import ParameterValues
from ..translation import tr
from .definitions import advanced, helped
from .scenario import set_widget

#: Searched only if a range is entered: the event is usually known, and the column has no lateral flow.
_OPTIONAL = {
    "rainfall": "If omitted, the intensity above is used; enter a range if the storm is not known.",
    "lateral_anisotropy": (
        "If omitted, the ratio above is used. It matters only in the simulations with lateral flow of the best sets."
    ),
}
_LIMITS = {"MIN": "minimum value searched", "MAX": "maximum value searched"}
SEARCHED = tuple(v for v in VARIABLES if v.trained is not None and v.name != "duration")


def range_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield both ends of each range."""
    for variable in SEARCHED:
        for end, place in zip(_LIMITS, (0, 1)):
            only = _OPTIONAL.get(variable.name, "")
            parameter = QgsProcessingParameterNumber(
                f"{variable.key}_{end}",
                f"{tr(variable.label)}: {tr(_LIMITS[end])} [{variable.unit}]",
                QgsProcessingParameterNumber.Type.Double,
                None if only else variable.trained[place],
                optional=bool(only),
            )
            set_widget(parameter, variable)
            text = "If both limits are equal, the parameter is fixed."
            yield advanced(helped(parameter, f"{tr(text)} {tr(only)}".strip()))


def searched_ranges(parameters: ParameterValues, numbers: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Read the ranges, by lower-case name.

    Args:
        numbers: by lower-case name; used for limits that are omitted.

    Raises:
        SlopecastError: an end out of its physical range, or ends in the wrong order.
    """
    ranges, errors = {}, ErrorCollector()
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
