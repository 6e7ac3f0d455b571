"""Errors for the user: each names the input, its value, what is allowed and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from ..text import Text, Translate, as_text, joined, translated

#: Values that mark missing data in many rasters, as do values of 0 and below, and the greatest of a float.
_MARKERS, _ALMOST_INFINITE = {9999.0, 32767.0, 65535.0, 99999.0}, 1e30


class SlopecastError(Exception):
    """Base of all errors with a text for the user: English as a string, translated by :meth:`localized`."""

    def localized(self, translate: Translate) -> str:
        """The text in the user's language."""
        return translated(self.args[0], translate)


class InputError(SlopecastError):
    """An input that cannot be used.

    Args:
        parameter: the input as the user knows it, e.g. ``"Friction angle (FRICTION_ANGLE)"``.
        problem: the value and what is wrong with it.
        allowed: what would be accepted.
        advice: what to do.
    """

    def __init__(self, parameter: str, problem: str, allowed: str = "", advice: str = "") -> None:
        self.parameter, self._rest = parameter, (problem, allowed)
        sentences = [Text("{}: {}.", as_text(parameter), as_text(problem))]
        if allowed:
            sentences.append(Text("Allowed: {}.", as_text(allowed)))
        if advice:
            sentences.append(as_text(advice) if advice.endswith((".", "!", "?", ")")) else Text("{}.", as_text(advice)))
        super().__init__(joined(" ", sentences))

    def at(self, parameter: str) -> InputError:
        """The same about another input that was given, without the advice."""
        return InputError(parameter, *self._rest)


def advice_on_raster(advice: str, value: float) -> Text:
    """Advice on a raster that contains a value out of range, which may mark missing data.

    >>> advice_on_raster("Enter degrees.", -9999.0)
    "Enter degrees. If -9999 marks missing data, declare it as NoData in the layer's properties."
    """
    if value > 0.0 and value not in _MARKERS and value < _ALMOST_INFINITE:
        return as_text(advice)
    missing = Text("If {:g} marks missing data, declare it as NoData in the layer's properties.", value)
    return joined(" ", [advice, missing])


class ErrorCollector:
    """Collects errors so that all of them are reported together."""

    def __init__(self) -> None:
        self._found: list[SlopecastError] = []

    @contextmanager
    def catch(self) -> Iterator[None]:
        """Collect an error raised within the block and continue."""
        try:
            yield
        except SlopecastError as error:
            if str(error) not in map(str, self._found):
                self._found.append(error)

    def raise_all(self) -> None:
        """Raise the collected errors, several as one error with several lines."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise SlopecastError(joined("\n", [error.args[0] for error in self._found]))


class Cancelled(SlopecastError):
    """The user stopped the run; nothing has been written except what the text names."""

    def __init__(self, text: Text | None = None) -> None:
        super().__init__(text or Text("Cancelled by the user; nothing was written."))
