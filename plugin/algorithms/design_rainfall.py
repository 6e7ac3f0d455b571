"""Processing algorithm that computes the rainfall of a design storm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..variables import SEOUL_BRANCHES, SEOUL_SPLIT_MIN
from .base import SlopecastAlgorithm
from .parameter_values import ParameterValues
from .parameters.definitions import number_input
from .translation import tr

if TYPE_CHECKING:
    from ..core.rainfall import IdfCurve
    from .log import Log

_FORMULA = "I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h"
_BRANCHES = {"short": "Durations up to the split", "long": "Durations above the split"}
_COEFFICIENTS = tuple(
    number_input(
        f"{branch}_{name}".upper(), f"{_BRANCHES[branch]}: {name}",
        f"Coefficient {name} of {_FORMULA}; Seoul: {default:g}.", advanced=True, default=default, decimals=6,
    )
    for branch, coefficients in SEOUL_BRANCHES.items() for name, default in coefficients.items()
)  # fmt: skip


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

    INPUTS = (
        number_input("RETURN_PERIOD", "Return period [yr]", "1 to 10000 years.", default=50.0),
        number_input("DURATION", "Duration [h]", "One minute to 30 days (720 h).", default=24.0, decimals=6),
        *_COEFFICIENTS,
        number_input(
            "SPLIT", "Split between the branches [min]",
            "Duration at which the first branch of the curve ends and the second begins.",
            advanced=True, default=SEOUL_SPLIT_MIN, decimals=6,
        ),
    )  # fmt: skip

    def check(self, parameters: ParameterValues) -> None:
        """Check that the curve has an intensity for these values."""
        from ..core.rainfall import idf_intensity

        years, hours, curve = self.inputs_of(parameters)
        idf_intensity(hours * 60.0, years, curve)

    def inputs_of(self, parameters: ParameterValues) -> tuple[float, float, IdfCurve]:
        """Read return period [yr], duration [h] and coefficients; raises :class:`InputError`."""
        from ..core.rainfall import Branch, IdfCurve

        found = super().inputs_of(parameters)
        branches = (
            Branch(**{name: getattr(found, f"{branch}_{name}") for name in coefficients})
            for branch, coefficients in SEOUL_BRANCHES.items()
        )
        return found.return_period, found.duration, IdfCurve(*branches, found.split)

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
