"""Parameters for the options of the physics engine, for all algorithms that may run it."""

from __future__ import annotations

from typing import Any, Iterator

from qgis.core import QgsProcessingParameterDefinition

from ..parameter_values import ParameterValues
from .definitions import advanced, choice_parameter, chosen, switch_parameter

#: key: (title, choices, help)
_CHOICES = {
    "EDGES": (
        "Edges of the map and NoData",
        {"open": "Open: groundwater drains out", "closed": "Closed: no groundwater outflow"},
        "Whether groundwater drains over the map edges and borders of NoData.",
    ),
    "FRONT_PRESSURE": (
        "Seepage pressure in the wetted band",
        {"ponded": "Ponded: where the rain exceeds the infiltration capacity", "none": "None", "always": "Always"},
        "When pore pressure acts in the wetted zone.",
    ),
    "EVALUATE": (
        "Map shows",
        {"end": "The end of the rain", "minimum": "The minimum over the event"},
        "Time at which the factor of safety is evaluated.",
    ),
}


def engine_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield the options."""
    text = "Route groundwater between cells. Without it every cell is a soil column of its own, in closed form."
    yield advanced(switch_parameter("LATERAL_FLOW", "Lateral groundwater flow", text, on=True))
    for key, (title, choices, text) in _CHOICES.items():
        yield advanced(choice_parameter(key, title, choices, text))


def engine_choices(parameters: ParameterValues) -> dict[str, Any]:
    """Read the options as keyword arguments of ``EngineOptions``; raises :class:`InputError` for unknown names."""
    names = {key.lower(): chosen(parameters, key) for key in _CHOICES}
    return {"lateral_flow": parameters.is_on("LATERAL_FLOW"), **names}
