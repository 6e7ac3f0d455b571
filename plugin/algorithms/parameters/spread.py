"""Parameters for the uncertainty of the scenario, created from the table of variables and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, NamedTuple

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterNumber

from ...core.raster.inputs import deviation_kind
from ...variables import BY_NAME, DISTRIBUTIONS, VARIABLES, Variable
from ..inputs.layers import RasterSource, raster_source
from ..parameter_values import ParameterValues, number_given
from ..translation import tr
from .definitions import Group, advanced, choice_input, chosen, number_input
from .scenario import layer_of, number_of

if TYPE_CHECKING:
    from ...core.grid import Grid
    from ...core.probability.uncertainty import Spread
    from ..log import Log

CORRELATION = "COHESION_FRICTION_CORRELATION"
SOIL_DEPTH = "SOIL_DEPTH_SD"
_MAIN = ("cohesion", "friction_angle")  # the most uncertain and most influential parameters
_TYPICAL = {
    "cohesion": "Typical: 20 to 40 % of the mean.",
    "friction_angle": "Typical: 5 to 15 % of the mean.",
    "conductivity": "Typical: 60 to 90 % of the mean, with a lognormal distribution.",
}
#: Suggested standard deviations in dialogs, as a share of the default; without any, a probability is 0 or 1. Both are
#: within the ranges of Duncan (2000), J. Geotech. Geoenviron. Eng. 126(4), 307-316, Table 1, for undrained strength and
#: friction angle.
_SUGGESTED_SHARE = {"cohesion": 0.3, "friction_angle": 0.1}


def _parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Yield standard deviation, raster of it and distribution per parameter, the main ones first."""
    yield from number_input(
        SOIL_DEPTH, "Soil depth: relative standard deviation",
        "Share of the soil depth, 0 to 1: 0.3 is 30 %, 0 treats the depth as certain. Results are most sensitive to "
        "soil depth. A lognormal factor with a mean of 1 multiplies the whole raster, to a depth of 50 m at most. "
        "Monte Carlo then computes the hydrology of each draw.", default=0.0,
    ).declare()  # fmt: skip
    for variable in sorted(VARIABLES, key=lambda v: v.name not in _MAIN):
        deviation = _standard_deviation(variable)
        yield deviation if variable.name in _MAIN else advanced(deviation)
        yield from choice_input(
            f"{variable.key}_DISTRIBUTION", f"{variable.label}: distribution",
            "Distribution type; all types have the specified mean and standard deviation, except where values outside "
            "the allowed range are set to its limit.",
            advanced=variable.name not in _MAIN, choices=DISTRIBUTIONS,
            default="lognormal" if variable.log_scale else "normal",
        ).declare()  # fmt: skip
        if variable.layer:
            text = tr("Raster of standard deviations in place of the number; aligned to the elevation model.")
            yield layer_of(variable, f"{variable.key}_SD_LAYER", tr("SD raster"), text)
    yield from number_input(
        CORRELATION, "Correlation of cohesion and friction angle",
        "-1 to 1; 0 draws them independently. Usual values are -0.2 to -0.7: soils with higher cohesion tend to "
        "have a lower friction angle.", advanced=True, default=0.0,
    ).declare()  # fmt: skip


def _standard_deviation(variable: Variable) -> QgsProcessingParameterNumber:
    title = f"{tr(variable.label)}: {tr('standard deviation')}"
    text = tr("Standard deviation of the number or raster above, in its unit; 0 treats it as certain.")
    text = f"{text} {tr(_TYPICAL.get(variable.name, ''))}".strip()
    parameter = number_of(variable, f"{variable.key}_SD", title, 0.0, text)
    if variable.name in _SUGGESTED_SHARE:  # scripts and models state their own
        parameter.setGuiDefaultValueOverride(round(_SUGGESTED_SHARE[variable.name] * variable.default, 2))
    return parameter


class SpreadInputs(NamedTuple):
    """Uncertainties requested for a run, by lower-case name; ``numbers``: those that no raster replaces."""

    numbers: dict[str, float]
    layers: dict[str, RasterSource]
    distributions: dict[str, str]
    correlation: float
    soil_depth: float

    @classmethod
    def of(cls, parameters: ParameterValues) -> SpreadInputs:
        """Read and check them; raises :class:`InputError`."""
        from ...core.probability.uncertainty import Spread, check_spread, checked_correlation, checked_depth_sd

        numbers, layers, distributions = {}, {}, {}
        for variable in VARIABLES:
            name = variable.name
            distributions[name] = chosen(parameters, f"{variable.key}_DISTRIBUTION")
            source = None
            if variable.layer:
                source = raster_source(parameters, f"{variable.key}_SD_LAYER", deviation_kind(variable))
            if source is not None:
                layers[name] = source
            else:
                numbers[name] = number_given(parameters, f"{variable.key}_SD")
                check_spread(variable, None, Spread(numbers[name], distributions[name]))
        correlation = checked_correlation(number_given(parameters, CORRELATION))
        soil_depth = checked_depth_sd(number_given(parameters, SOIL_DEPTH))
        return cls(numbers, layers, distributions, correlation, soil_depth)

    @property
    def names(self) -> set[str]:
        """Lower-case names of what is uncertain: parameters, and the soil depth."""
        numbers = {name for name, number in self.numbers.items() if number > 0.0}
        return {*numbers, *self.layers, *({"soil_depth"} if self.soil_depth > 0.0 else ())}

    @property
    def keys(self) -> list[str]:
        """Keys of the parameters that have a standard deviation."""
        numbers = [f"{name.upper()}_SD" for name, number in self.numbers.items() if number > 0.0]
        layers = [f"{name.upper()}_SD_LAYER" for name in self.layers]
        return [*numbers, *layers, *([SOIL_DEPTH] if self.soil_depth > 0.0 else [])]

    def spreads(self, grid: Grid, log: Log) -> dict[str, Spread]:
        """Read the rasters onto the grid; returns the non-zero spreads by lower-case name."""
        from ...core.probability.uncertainty import Spread

        deviations = {**self.numbers, **{n: source.read_aligned(grid, log) for n, source in self.layers.items()}}
        spreads = {name: Spread(deviations[name], self.distributions[name]) for name in BY_NAME}
        return {name: spread for name, spread in spreads.items() if not spread.is_zero}


SPREADS = Group("spreads", _parameters, SpreadInputs.of)
