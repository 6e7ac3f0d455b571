"""A scenario: one set of soil, rain and antecedent parameters, each a number or a raster."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator, Literal, Mapping, Sequence

import numpy as np

from ..text import Text, measure, span
from ..variables import BY_NAME, ENGINE_VARIABLES, HYDROLOGY, RESIDUAL_AIR, VARIABLES, Variable
from .errors import InputError, advice_on_raster
from .physics.stability import Strength
from .quantities.numbers import NotANumber, parse_number
from .rainfall import Hyetograph, RainInterval

Value = Any  # float, or numpy array (rows, cols)

MM_PER_H = 1e-3 / 3600.0  # [m/s] in one mm/h
_ENGINE = {v.name: v for v in ENGINE_VARIABLES}
_CHOICES = {
    "edges": ("open", "closed"),
    "front_pressure": ("ponded", "none", "always"),
    "evaluate": ("end", "minimum"),
    "front_moisture": ("full", "rain"),
    "roots": ("step", "exponential"),
}
_ROUNDING = 1e-6  # relative: a value of a computation, or of a raster in single precision, may miss a bound by it
#: Of the choices that act on the water or on what the map shows, those that the networks have learned.
TRAINED_OPTIONS = {"lateral_flow": True, "edges": "open", "evaluate": "end", "front_moisture": "full"}


@dataclass(frozen=True)
class EngineOptions:
    """Choices of process in the physics engine.

    Attributes:
        lateral_flow: route groundwater between cells.
        edges: what leaves the map and enters NoData: ``open`` lets groundwater drain out, ``closed`` holds it.
        front_pressure: seepage pressure in the wetted band: where the cell has ``ponded``, ``none`` or ``always``.
        evaluate: the map shows the ``end`` of the event or the ``minimum`` factor of safety over it.
        front_moisture: the wetted band is ``full`` (but for the air it keeps), or only as moist as the ``rain`` makes
            it where that is below the conductivity.
        roots: root cohesion is constant down to the root depth (``step``), or falls with depth (``exponential``).
        effective_porosity: theta_s - theta_r [-], for the moist front and the suction strength.
        pore_size_index: lambda of Brooks & Corey [-], for the moist front.
        initial_suction: psi_0 [m]; above 0, suction strengthens dry soil at the bedrock.

    Raises:
        InputError: an unknown choice or a number out of range.
    """

    lateral_flow: bool = True
    edges: Literal["open", "closed"] = "open"
    front_pressure: Literal["ponded", "none", "always"] = "ponded"
    evaluate: Literal["end", "minimum"] = "end"
    front_moisture: Literal["full", "rain"] = "full"
    roots: Literal["step", "exponential"] = "step"
    effective_porosity: float = _ENGINE["effective_porosity"].default
    pore_size_index: float = _ENGINE["pore_size_index"].default
    initial_suction: float = _ENGINE["initial_suction"].default

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise InputError(name.upper(), Text("'{}' is unknown", getattr(self, name)), ", ".join(allowed))
        for name in ("effective_porosity", "pore_size_index", "initial_suction"):
            object.__setattr__(self, name, check_value(_ENGINE[name], getattr(self, name)))

    @property
    def needs_porosity(self) -> bool:
        """Whether the effective porosity acts."""
        return self.front_moisture == "rain" or self.initial_suction > 0.0

    @property
    def untrained_choices(self) -> tuple[str, ...]:
        """Choices on which the networks were not trained, as ``KEY=value``."""
        return tuple(
            f"{n.upper()}={getattr(self, n)}" for n, known in TRAINED_OPTIONS.items() if getattr(self, n) != known
        )

    @property
    def of_water(self) -> tuple:
        """The choices that act on the water."""
        edges = self.edges if self.lateral_flow else ""
        moist = (self.effective_porosity, self.pore_size_index) if self.front_moisture == "rain" else ()
        return self.lateral_flow, edges, self.front_moisture, moist


@dataclass(frozen=True, eq=False)
class Hydrology:
    """Hydrological parameters of a scenario; scenarios with equal ones have the same water.

    Attributes:
        values: of the variables :data:`HYDROLOGY`, numbers or rasters.
        hyetograph: rain that changes with time, or ``None``.
        options: those that act on the water.
    """

    values: tuple[Value, ...]
    hyetograph: Hyetograph | None
    options: tuple

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hydrology):
            return NotImplemented
        same = (self.hyetograph, self.options) == (other.hyetograph, other.options)
        return same and all(_equal(one, another) for one, another in zip(self.values, other.values))

    def __hash__(self) -> int:
        return hash((self.hyetograph, self.options, *(_sample(value) for value in self.values)))


@dataclass(frozen=True)
class Scenario:
    """Soil, rain and antecedent wetness; the units are those of :mod:`slopecast.plugin.variables`.

    Every field but ``duration`` is a number or an array of the terrain's shape (NaN = NoData).
    Values are checked when the scenario is made and trusted afterwards.

    A hyetograph replaces rainfall and duration, which then are its mean and its end.

    Raises:
        InputError: a value is not finite or lies outside its physical range.
    """

    cohesion: Value = BY_NAME["cohesion"].default  # [kPa]
    friction_angle: Value = BY_NAME["friction_angle"].default  # [deg]
    conductivity: Value = BY_NAME["conductivity"].default  # [m/s]
    rainfall: Value = BY_NAME["rainfall"].default  # [mm/h]
    duration: float = BY_NAME["duration"].default  # [h]
    water_table_ratio: Value = BY_NAME["water_table_ratio"].default  # [-]
    moisture_deficit: Value = BY_NAME["moisture_deficit"].default  # [-]
    suction_head: Value = BY_NAME["suction_head"].default  # [m]
    lateral_anisotropy: Value = BY_NAME["lateral_anisotropy"].default  # [-]
    root_cohesion: Value = BY_NAME["root_cohesion"].default  # [kPa]
    root_depth: Value = BY_NAME["root_depth"].default  # [m]
    surcharge: Value = BY_NAME["surcharge"].default  # [kPa of horizontal area]
    unit_weight_moist: Value = BY_NAME["unit_weight_moist"].default  # [kN/m3]
    unit_weight_saturated: Value = BY_NAME["unit_weight_saturated"].default  # [kN/m3]
    name: str = ""
    options: EngineOptions = field(default_factory=EngineOptions)
    hyetograph: Hyetograph | None = None

    def __post_init__(self) -> None:
        if self.hyetograph is not None:
            object.__setattr__(self, "rainfall", self.hyetograph.mean)
            object.__setattr__(self, "duration", self.hyetograph.duration)
        for variable in VARIABLES:
            checked = check_value(variable, getattr(self, variable.name))
            object.__setattr__(self, variable.name, checked)
        if _any(self.unit_weight_saturated < self.unit_weight_moist * (1.0 - _ROUNDING)):
            raise InputError(
                "Saturated unit weight (UNIT_WEIGHT_SATURATED)",
                Text(
                    "{} kN/m3 is less than the moist unit weight {} kN/m3",
                    _shown(self.unit_weight_saturated), _shown(self.unit_weight_moist),
                ),
                "at least the moist unit weight",
                "The saturated unit weight includes the pore water: raise the saturated or lower the moist unit "
                "weight.",
            )  # fmt: skip

        if _any(self.moisture_deficit > self.most("moisture_deficit") + 1e-12):
            raise InputError(
                "Effective porosity (EFFECTIVE_POROSITY)",
                Text(
                    "{:g} is less than the moisture deficit {} plus the entrapped air content of {:g}",
                    self.options.effective_porosity, _shown(self.moisture_deficit), RESIDUAL_AIR,
                ),
                "at least their sum", "Raise the porosity or lower the moisture deficit.",
            )  # fmt: skip

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], **others: Any) -> Scenario:
        """Make a scenario from names or keys; missing parameters get their defaults.

        Args:
            values: e.g. ``{"cohesion": 14, "CONDUCTIVITY": 1.3e-6}``; unknown names are refused.
            others: ``name``, ``options`` and ``hyetograph``.

        Raises:
            InputError: an unknown name or a bad value.
        """
        known = {key.lower(): value for key, value in values.items()}
        for name in known:
            if name not in BY_NAME:
                raise InputError(name, "is not a scenario parameter", ", ".join(BY_NAME))
        return cls(**known, **others)

    def with_values(self, **changes: Any) -> Scenario:
        """Return a copy with other values, checked again."""
        return replace(self, **changes)

    def most(self, name: str) -> float:
        """Greatest allowed value of a parameter; lower for the moisture deficit if the porosity is used.

        What the wetted band takes up and the air that it keeps then fit into the effective porosity.
        """
        most = BY_NAME[name].maximum
        if name == "moisture_deficit" and self.options.needs_porosity:
            return min(most, self.options.effective_porosity - RESIDUAL_AIR)
        return most

    @property
    def hydrology(self) -> Hydrology:
        """Hydrological parameters."""
        return Hydrology(tuple(getattr(self, name) for name in HYDROLOGY), self.hyetograph, self.options.of_water)

    @property
    def strength(self) -> Strength:
        """Strength parameters and unit weights."""
        return Strength.of(self)

    @property
    def rasters(self) -> dict[str, np.ndarray]:
        """The parameters that vary over the map, by name."""
        return {v.name: getattr(self, v.name) for v in VARIABLES if isinstance(getattr(self, v.name), np.ndarray)}

    def valid(self, shape: tuple[int, int]) -> np.ndarray:
        """Cells in which every parameter raster, of this shape, has a value; boolean ``shape``."""
        valid = np.ones(shape, dtype=bool)
        for raster in self.rasters.values():
            valid &= np.isfinite(raster)
        return valid

    @property
    def rainfall_m_per_s(self) -> Value:
        """Rainfall intensity on the horizontal [m/s]."""
        return self.rainfall * MM_PER_H

    @property
    def rain_intervals(self) -> tuple[RainInterval, ...]:
        """The rain as intervals of constant intensity [m/s]; the last one ends at :attr:`duration_s`, exactly."""
        if self.hyetograph is None:
            return (RainInterval(0.0, self.duration_s, self.rainfall_m_per_s),)
        return tuple(x._replace(intensity=x.intensity * MM_PER_H) for x in self.hyetograph.intervals)

    def rain_until(self, seconds: float) -> Iterator[tuple[float, Value]]:
        """Yield length [s] and intensity [m/s] of the rain up to a time since the event began [s]."""
        for rain in self.rain_intervals:
            if rain.start < seconds:
                yield min(rain.end, seconds) - rain.start, rain.intensity

    @property
    def greatest_rainfall_m_per_s(self) -> Value:
        """The greatest intensity of the event on the horizontal [m/s]."""
        return self.rainfall_m_per_s if self.hyetograph is None else max(self.hyetograph.intensities) * MM_PER_H

    @property
    def duration_s(self) -> float:
        """Duration [s]."""
        return self.duration * 3600.0

    @property
    def lateral_conductivity(self) -> Value:
        """Conductivity along the slope K_lat = a_K K [m/s]."""
        return self.conductivity * self.lateral_anisotropy

    def describe(self) -> dict[str, str]:
        """Every parameter with its unit, for provenance: ``{"cohesion [kPa]": "8", ...}``."""
        return {f"{v.name} [{v.unit}]": _shown(getattr(self, v.name)) for v in VARIABLES}

    def outside_training(self, ranges: Mapping[str, Sequence[float]] | None = None) -> list[str]:
        """Parameters outside the training range of the general networks, or outside ``ranges``, in words."""
        found = []
        for variable in VARIABLES:
            if variable.trained is None:
                continue
            value = np.asarray(getattr(self, variable.name))
            low, high = (float(bound) for bound in (ranges or {}).get(variable.name, variable.trained))
            if np.nanmin(value) < low - _ROUNDING * abs(low) or np.nanmax(value) > high + _ROUNDING * abs(high):
                shown = _shown(getattr(self, variable.name)) + f" {variable.unit}".removesuffix(" -")
                trained = span(low, high, variable.unit)
                found.append(Text("{} = {} is outside the trained range {}", variable.named, shown, trained))
        return found


def _any(found: Any) -> bool:
    """Whether a comparison of numbers or rasters holds anywhere."""
    return found if isinstance(found, bool) else bool(np.any(found))


def check_value(variable: Variable, value: Any) -> Value:
    """Turn ``value`` into a float or a float64 array within the variable's physical range.

    Raises:
        InputError: not a number, not finite, or out of range; a raster where only a number is possible.
    """
    if type(value) is float and variable.minimum <= value <= variable.maximum:
        return value  # of thousands of rows nearly all
    label = variable.named
    if isinstance(value, np.ndarray) and value.ndim > 0:
        if not variable.layer:
            raise InputError(label, "a raster was specified", "a number")
        array = np.asarray(value, dtype=np.float64)
        if not np.isfinite(array).any():
            raise InputError(label, "the raster has no valid cell", variable.allowed)
        low, high = float(np.nanmin(array)), float(np.nanmax(array))
        if variable.minimum <= low <= high <= variable.maximum:
            return array
        outside = [end for end in (low, high) if not _is_nearly_within(variable, end)]
        if outside:
            raise InputError(
                label, Text("the raster contains {}", span(low, high, variable.unit)), variable.allowed,
                advice_on_raster(variable.advice, outside[0]),
            )  # fmt: skip
        return np.clip(array, variable.minimum, variable.maximum)
    try:
        number = parse_number(value)
    except NotANumber as error:
        raise InputError(label, error.problem, variable.allowed, variable.advice) from None
    if not _is_nearly_within(variable, number):
        raise InputError(
            label, Text("{} is out of range", measure(number, variable.unit)), variable.allowed, variable.advice
        )
    return min(max(number, variable.minimum), variable.maximum)


def _is_nearly_within(variable: Variable, number: float) -> bool:
    """Whether a number is within its range, or beyond it by rounding alone."""
    within = min(max(number, variable.minimum), variable.maximum)
    return abs(number - within) <= _ROUNDING * abs(within)


def _equal(one: Value, other: Value) -> bool:
    """Whether two numbers or rasters are the same."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one is other or np.array_equal(one, other, equal_nan=True)
    return not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and one == other


def _sample(value: Value) -> Any:
    """A number, or some of a raster's values: enough for a hash."""
    return value.flat[:: max(1, value.size // 64)].tobytes() if isinstance(value, np.ndarray) else value


def _shown(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return f"raster {np.nanmin(value):.6g}..{np.nanmax(value):.6g}"
    return f"{value:.10g}"
