"""Numbers that algorithms take: each is declared, read and checked by one row."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from qgis.core import QgsProcessingParameterNumber

from ...core.errors import InputError
from ...text import Text
from ..parameter_values import ParameterValues, plain_number
from ..parameters.definitions import helped
from ..translation import tr


class NumberInput(NamedTuple):
    """A number within limits, which may be infinite; without a default it may be left empty.

    ``above``: the least value itself is not taken.
    """

    key: str
    title: str
    default: float | None
    help: str
    limits: tuple[float, float]
    whole: bool = False
    above: bool = False
    advice: str = ""

    def parameter(self) -> QgsProcessingParameterNumber:
        """Make the parameter."""
        kinds, (least, greatest) = QgsProcessingParameterNumber.Type, self.limits
        parameter = QgsProcessingParameterNumber(
            self.key, tr(self.title), kinds.Integer if self.whole else kinds.Double, self.default,
            optional=self.default is None, minValue=least,
        )  # fmt: skip
        if math.isfinite(greatest):
            parameter.setMaximum(greatest)
        return helped(parameter, self.help)

    def read(self, parameters: ParameterValues) -> Any:
        """Read and check it; ``None`` where it is left empty, raises :class:`InputError`."""
        if self.default is None and not parameters.is_given(self.key):
            return None
        value, (least, greatest) = number_given(parameters, self.key), self.limits
        inside = least <= value <= greatest and math.isfinite(value) and not (self.above and value == least)
        if not inside or (self.whole and value != int(value)):
            label = parameters.label(self.key)
            raise InputError(label, Text("{:g} is out of range", value), self._allowed, self.advice)
        return int(value) if self.whole else value

    @property
    def _allowed(self) -> Text:
        if self.whole:
            return Text("whole numbers, {} to {}", *self.limits)
        if math.isinf(self.limits[1]):
            return Text("{:g} or more", self.limits[0])
        return Text("above {:g}, up to {:g}" if self.above else "{:g} to {:g}", *self.limits)


def number_given(parameters: ParameterValues, key: str) -> float:
    """Read a number; text that is not a number is an error (Processing would silently use the default).

    Raises:
        InputError: not a number.
    """
    from ...core.quantities.numbers import NotANumber, parse_number

    value = raw_number(parameters, key)
    try:
        return parse_number(value)
    except NotANumber as error:
        raise InputError(parameters.label(key), error.problem, "a number") from None


def raw_number(parameters: ParameterValues, key: str) -> Any:
    """A parameter's number, or the value passed in its place."""
    raw = plain_number(parameters.get(key))
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    if raw is None:  # models give nothing for an input that is left out
        return parameters.algorithm.parameterAsDouble(parameters.values, key, parameters.context)
    return str(raw)
