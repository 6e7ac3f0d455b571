"""Uncertain parameters: their spreads, and scenarios drawn from them.

A draw moves a parameter over the whole map at once (one deviate per parameter and draw): it represents not
knowing the soil, not for its variation from cell to cell. The probability of a single cell is the same either
way as long as water does not flow between cells.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Literal, Mapping

import numpy as np

from ...text import Text, measure
from ...variables import BY_NAME, DISTRIBUTIONS, STRENGTH, VARIABLES, Variable
from ..errors import InputError, advice_on_raster
from ..scenario import Scenario, Value

#: Parameters of :data:`STRENGTH` that act through the weight of the soil.
WEIGHTS = frozenset({"surcharge", "unit_weight_moist", "unit_weight_saturated"})
#: The soil depth's name among the uncertain inputs; its spread is relative, one factor for the whole raster.
SOIL_DEPTH = "soil_depth"
SOIL_DEPTH_LABEL = "Soil depth: relative standard deviation (SOIL_DEPTH_SD)"

_NORMAL = NormalDist()
_INPUTS = (*(variable.name for variable in VARIABLES), SOIL_DEPTH)
_MOST_DEPTH_SD = 1.0
_OTHER_LIMITS = {
    "unit_weight_saturated": ", or fell below the moist unit weight,",
    "moisture_deficit": ", or the limit set by the effective porosity,",
}
CORRELATION_LABEL = "Correlation of cohesion and friction angle (COHESION_FRICTION_CORRELATION)"


@dataclass(frozen=True)
class Spread:
    """Uncertainty of one parameter; its mean is the scenario's number or raster.

    Attributes:
        standard_deviation: of the parameter itself, in its unit, whatever the distribution; number or (rows, cols).
        distribution: shape.
    """

    standard_deviation: Value
    distribution: Literal["normal", "lognormal", "triangular"] = "normal"

    @property
    def is_zero(self) -> bool:
        """Return whether nothing is uncertain; where it is unknown, as in NoData of a raster, it may be."""
        return not np.any(self.standard_deviation != 0.0)  # a negative one is to be refused


def value_at(mean: Value, spread: Spread, deviate: float) -> Value:
    """Value of a parameter at a standard normal deviate, for a mean and a spread.

    - normal: m + s z
    - lognormal: exp(mu + s_ln z), s_ln^2 = ln(1 + (s / m)^2), mu = ln m - s_ln^2 / 2; 0 for a mean of 0
    - triangular, symmetric: half width s sqrt(6), read at the probability Phi(z)

    Args:
        mean: m, number or array; 0 or more for the lognormal.
        spread: s and the distribution.
        deviate: z [-].
    """
    sd = spread.standard_deviation
    if spread.distribution == "normal":
        return mean + sd * deviate
    if spread.distribution == "triangular":
        return mean + sd * math.sqrt(6.0) * _triangular(deviate)
    with np.errstate(divide="ignore", invalid="ignore"):  # check_spread() sees only a sample of large rasters
        certain = np.equal(sd, 0.0) | np.equal(mean, 0.0)
        log_variance = np.log1p(np.where(certain, 0.0, np.divide(sd, mean)) ** 2)
    value = mean * np.exp(np.sqrt(log_variance) * deviate - 0.5 * log_variance)
    return value if isinstance(mean, np.ndarray) or isinstance(sd, np.ndarray) else float(value)


def _triangular(deviate: float) -> float:
    """Quantile of the symmetric triangle on -1..1 at Phi(z)."""
    lower = 0.5 * math.erfc(abs(deviate) / math.sqrt(2.0))  # of the nearer tail: no digit is lost
    return math.copysign(1.0 - math.sqrt(2.0 * lower), deviate)


class Sampler:
    """Draws scenarios around a mean one, the same ones for the same seed.

    Latin hypercube: each parameter's range of probabilities is cut into as many equal parts as there are draws, and
    each part is drawn from once. It is as good as many more independent draws where the parameters act nearly one by
    one, and never much worse. A value that leaves the parameter's physical range is set to the range's end and
    counted; so is a saturated unit weight below the moist one.

    Args:
        mean: the scenario of means.
        spreads: by lower-case name; parameters without one stay at their mean.
        draws: how many there will be.
        correlation: of cohesion and friction angle where both have a spread, by a Gaussian copula, -1 to 1 [-].
        seed: of the random numbers.
        depth_sd: standard deviation of the soil depth over its mean [-]; the factor by which a draw multiplies the
            whole raster is lognormal around 1.

    Raises:
        InputError: a negative or absurd spread, a lognormal around 0, or a correlation out of range.

    Source: McKay, Beckman & Conover (1979), Technometrics 21, 239-245.
    """

    def __init__(
        self, mean: Scenario, spreads: Mapping[str, Spread], draws: int, correlation: float = 0.0, seed: int = 0,
        depth_sd: float = 0.0,
    ) -> None:  # fmt: skip
        self.mean = mean
        self.spreads = {name: spread for name, spread in checked_spreads(mean, spreads).items() if not spread.is_zero}
        self.depth_sd = checked_depth_sd(depth_sd)
        correlation = checked_correlation(correlation)
        self.correlation = correlation if {"cohesion", "friction_angle"} <= set(self.spreads) else 0.0
        self.seed = seed
        self.drawn = 0
        self._clipped: dict[str, set[int]] = {}
        self._outside: set[int] = set()
        self.draws = draws if self.uncertain else 1  # they would all be the same
        self._probabilities = _latin_hypercube(self.draws, seed)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the inputs that have a spread."""
        return (*self.spreads, *([SOIL_DEPTH] if self.depth_sd else []))

    @property
    def changes_water(self) -> bool:
        """Return whether an input that moves water has a spread."""
        return any(name not in STRENGTH for name in self.uncertain)

    @property
    def depth_factors(self) -> list[float]:
        """Factor on the soil depth in each draw [-]."""
        return [self.depth_factor(_NORMAL.inv_cdf(p)) for p in self._probabilities[:, _INPUTS.index(SOIL_DEPTH)]]

    def depth_factor(self, deviate: float) -> float:
        """Factor of the soil depth at a standard normal deviate [-]; its mean is 1."""
        return float(value_at(1.0, Spread(self.depth_sd, "lognormal"), deviate))

    def draw_number(self, number: int) -> Scenario:
        """The scenario of a draw, counted from 0."""
        # All inputs have a column: a further spread does not change the draws of the others.
        row = self._probabilities[number].tolist()
        return self.at({name: _NORMAL.inv_cdf(probability) for name, probability in zip(_INPUTS, row)}, number)

    def within(self, mean: Scenario, deviations: Mapping[str, np.ndarray]) -> Sampler:
        """Sampler of the same draws on a window of the map, with common counts.

        Args:
            mean: scenario of the window; deviations: rasters of standard deviations there, by parameter.
        """
        part = copy(self)
        part.mean, part.spreads = mean, dict(self.spreads)
        for name in deviations.keys() & self.spreads.keys():
            part.spreads[name] = replace(self.spreads[name], standard_deviation=deviations[name])
        return part

    @property
    def clipped(self) -> dict[str, int]:
        """Number of draws in which each parameter was limited to its range."""
        return {name: len(draws) for name, draws in self._clipped.items()}

    @property
    def outside_training(self) -> int:
        """Number of draws outside the ranges on which the network was trained."""
        return len(self._outside)

    def at(self, deviates: Mapping[str, float], number: int | None = None) -> Scenario:
        """The scenario at independent standard normal deviates of the inputs with a spread.

        ``number`` is that of the draw, by default the next one.
        """
        deviates, values = dict(deviates), {}
        self.drawn = self.drawn if number is None else number
        if self.correlation:
            own = math.sqrt(1.0 - self.correlation**2) * deviates["friction_angle"]
            deviates["friction_angle"] = self.correlation * deviates["cohesion"] + own
        for name, spread in self.spreads.items():
            value = value_at(getattr(self.mean, name), spread, deviates[name])
            values[name] = self._within(name, value, BY_NAME[name].minimum, self.mean.most(name))
        moist = values.get("unit_weight_moist", self.mean.unit_weight_moist)
        if "unit_weight_moist" in values or "unit_weight_saturated" in values:
            saturated = values.get("unit_weight_saturated", self.mean.unit_weight_saturated)
            values["unit_weight_saturated"] = self._within("unit_weight_saturated", saturated, moist, np.inf)
        scenario = self.mean.with_values(**values)
        if scenario.outside_training():
            self._outside.add(self.drawn)
        self.drawn += 1
        return scenario

    def _within(self, name: str, value: Value, least: Value, most: Value) -> Value:
        inside = np.clip(value, least, most)
        if np.any(np.nan_to_num(value - inside) != 0.0):
            self._clipped.setdefault(name, set()).add(self.drawn)
        return inside if isinstance(inside, np.ndarray) and inside.ndim else float(inside)

    def clipping_notes(self) -> list[str]:
        """Which parameters were set to the end of their range, and in how many draws, in words."""
        notes = []
        for name, count in self.clipped.items():
            variable = BY_NAME[name]
            other = (
                _OTHER_LIMITS.get(name, "") if name != "moisture_deficit" or self.mean.options.needs_porosity else ""
            )
            notes.append(
                Text(
                    "{} exceeded its range of {}{} in {} of {} parameter sets, in at least one cell, and was limited "
                    "to it. There its mean and standard deviation differ from those given. To keep them, choose a "
                    "smaller standard deviation or, near 0, a lognormal distribution.",
                    variable.named, variable.allowed, Text(other) if other else "", count, self.drawn,
                )
            )  # fmt: skip
        return notes


def normal_quantiles(parts: int) -> np.ndarray:
    """Standard normal deviates in the middle of equally likely parts, ascending; (parts,)."""
    return np.array([_NORMAL.inv_cdf((part + 0.5) / parts) for part in range(parts)])


def _latin_hypercube(draws: int, seed: int) -> np.ndarray:
    """Probabilities (draws, parameters), within 0 and 1: in each column one from each of ``draws`` equal parts."""
    generator = np.random.default_rng(seed)
    columns = [(generator.permutation(draws) + generator.random(draws)) / draws for _ in _INPUTS]
    return np.clip(np.column_stack(columns), 1e-12, 1.0 - 1e-12)


def checked_spreads(mean: Scenario, spreads: Mapping[str, Spread]) -> dict[str, Spread]:
    """Return the spreads in the order of the table of variables; raises :class:`InputError` as :class:`Sampler`."""
    for name in spreads:
        if name not in BY_NAME:
            raise InputError(name, "is not a scenario parameter", ", ".join(BY_NAME))
    for name, spread in spreads.items():
        check_spread(BY_NAME[name], getattr(mean, name), spread)
    return {v.name: spreads[v.name] for v in VARIABLES if v.name in spreads}


def check_spread(variable: Variable, mean: Value | None, spread: Spread) -> None:
    """Raise :class:`InputError` for a spread that cannot be meant; ``mean`` is ``None`` where it is not known yet."""
    label = Text("Standard deviation of {} ({}_SD)", Text(variable.label), variable.key)
    if spread.distribution not in DISTRIBUTIONS:
        raise InputError(
            Text("Distribution of {} ({}_DISTRIBUTION)", Text(variable.label), variable.key),
            Text("'{}' is unknown", spread.distribution), ", ".join(DISTRIBUTIONS),
        )  # fmt: skip
    most = variable.maximum - variable.minimum
    bad = _first_invalid(spread.standard_deviation, most)
    if bad is not None:
        advice = Text("Enter it in the unit of the parameter. {}", Text(variable.advice))
        raise InputError(
            label, Text("{} is out of range", measure(bad, variable.unit)),
            Text("0 (certain) to {}", measure(most, variable.unit)),
            advice_on_raster(advice, bad) if isinstance(spread.standard_deviation, np.ndarray) else advice,
        )  # fmt: skip
    around_zero = mean is not None and np.any((np.asarray(mean) <= 0.0) & (np.asarray(spread.standard_deviation) > 0.0))
    if spread.distribution == "lognormal" and around_zero:
        raise InputError(
            Text("Distribution of {} ({}_DISTRIBUTION)", Text(variable.label), variable.key),
            "a lognormal spread needs a mean above 0, which is 0 here", "normal or triangular",
            "Choose another distribution, or a mean above 0.",
        )  # fmt: skip


def checked_correlation(correlation: float) -> float:
    """Return the correlation; raises :class:`InputError` if it is invalid."""
    if not -1.0 <= correlation <= 1.0:
        raise InputError(
            CORRELATION_LABEL, Text("{:g} is out of range", correlation), "-1 to 1",
            "Cohesion and friction angle are usually negatively correlated: -0.2 to -0.7.",
        )  # fmt: skip
    return float(correlation)


def checked_depth_sd(deviation: float) -> float:
    """Return the relative standard deviation of the soil depth; raises :class:`InputError` if it is invalid."""
    if not 0.0 <= deviation <= _MOST_DEPTH_SD:
        raise InputError(
            SOIL_DEPTH_LABEL, Text("{:g} is out of range", deviation), Text("0 (certain) to {:g}", _MOST_DEPTH_SD),
            "Enter it as a share of the soil depth, not in metres or per cent: 0.3 for 30 %.",
        )  # fmt: skip
    return float(deviation)


def _first_invalid(value: Any, most: float) -> float | None:
    """First value outside 0 to ``most``, ``None`` without any; NaN is NoData in a raster and wrong as a number."""
    array = np.asarray(value, dtype=np.float64)
    outside = (array < 0.0) | (array > most) | (np.isnan(array) if array.ndim == 0 else False)
    return float(array[outside].ravel()[0]) if np.any(outside) else None


def describe(sampler: Sampler) -> dict[str, str]:
    """Every spread with its unit, for provenance: ``{"cohesion_sd": "normal, 2 kPa"}``."""
    spreads = {f"{SOIL_DEPTH}_sd": f"lognormal, {sampler.depth_sd:g} of the depth"} if sampler.depth_sd else {}
    for name, spread in sampler.spreads.items():
        sd, unit = spread.standard_deviation, BY_NAME[name].unit
        number = f"raster {np.nanmin(sd):.6g}..{np.nanmax(sd):.6g}" if isinstance(sd, np.ndarray) else f"{sd:.10g}"
        spreads[f"{name}_sd"] = f"{spread.distribution}, {number} {unit}"
    return spreads
