"""Processing algorithm that computes the rainfall of a design storm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterNumber

from ..variables import SEOUL_BRANCHES, SEOUL_SPLIT_MIN
from .base import SlopecastAlgorithm
from .inputs.number_input import number_given
from .parameter_values import ParameterValues
from .parameters.definitions import advanced, real_number_parameter
from .translation import tr

if TYPE_CHECKING:
    from ..core.rainfall import IdfCurve
    from .log import Log

_FORMULA = "I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h"
_BRANCHES = {"short": "Durations up to the split", "long": "Durations above the split"}


class DesignRainfall(SlopecastAlgorithm):
    """Computes rainfall intensity and depth for a return period and a duration."""

    ID = "designrainfall"
    TITLE = "Design rainfall"
    GROUP = "preparation"
    SUMMARY = (
        "Computes the mean intensity and the depth of rainfall for a return period and a duration, from the "
        f"intensity-duration-frequency curve {_FORMULA}. The default coefficients are for Seoul, in two branches that "
        "are discontinuous at 360 minutes; replace them with those of your region. The intensity is the rainfall "
        "input of <i>Predict failure mask</i> and <i>Simulate factor of safety</i>."
    )
    TAGS = ("IDF", "return period", "intensity-duration-frequency", "storm")
    NUMBERS = {"RAINFALL": "Rainfall intensity [mm/h]", "RAINFALL_DEPTH": "Rainfall depth [mm]"}

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield return period, duration and the coefficients."""
        yield _number("RETURN_PERIOD", "Return period [yr]", 50.0, "1 to 10000 years.")
        yield _number("DURATION", "Duration [h]", 24.0, "One minute to 30 days (720 h).")
        for branch, coefficients in SEOUL_BRANCHES.items():
            for name, default in coefficients.items():
                yield advanced(
                    _number(
                        f"{branch}_{name}".upper(), f"{_BRANCHES[branch]}: {name}", default,
                        f"Coefficient {name} of {_FORMULA}; Seoul: {default:g}.",
                    )
                )  # fmt: skip
        text = "Duration at which the first branch of the curve ends and the second begins."
        yield advanced(_number("SPLIT", "Split between the branches [min]", SEOUL_SPLIT_MIN, text))

    def check(self, parameters: ParameterValues) -> None:
        """Check that the curve has an intensity for these values."""
        from ..core.rainfall import idf_intensity

        years, hours, curve = self.inputs_of(parameters)
        idf_intensity(hours * 60.0, years, curve)

    def inputs_of(self, parameters: ParameterValues) -> tuple[float, float, IdfCurve]:
        """Read return period [yr], duration [h] and coefficients; raises :class:`InputError`."""
        from ..core.rainfall import Branch, IdfCurve

        def given(key: str) -> float:
            return number_given(parameters, key)

        branches = (
            Branch(**{name: given(f"{branch}_{name}".upper()) for name in coefficients})
            for branch, coefficients in SEOUL_BRANCHES.items()
        )
        return given("RETURN_PERIOD"), given("DURATION"), IdfCurve(*branches, given("SPLIT"))

    def execute(self, inputs: tuple, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Compute and log the rainfall."""
        from ..core.rainfall import SEOUL, idf_intensity, intensity_cautions, rainfall_depth

        years, hours, curve = inputs
        minutes = hours * 60.0
        intensity, depth = idf_intensity(minutes, years, curve), rainfall_depth(minutes, years, curve)
        text = tr("{:g} h once in {:g} years: {:.4g} mm/h, {:.4g} mm in all.").format(hours, years, intensity, depth)
        log.pushInfo(text)
        if curve == SEOUL:
            log.pushInfo(tr("The coefficients are those of Seoul: elsewhere, enter those of your region."))
        for caution in intensity_cautions(intensity, minutes, years, curve):
            log.pushWarning(caution)
        return {"RAINFALL": intensity, "RAINFALL_DEPTH": depth}


def _number(key: str, title: str, default: float, text: str) -> QgsProcessingParameterNumber:
    parameter = real_number_parameter(key, title, default, text)
    parameter.setMetadata({"widget_wrapper": {"decimals": 6}})
    return parameter
