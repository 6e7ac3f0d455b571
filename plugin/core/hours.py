"""Hours of an event, as a user lists them."""

from __future__ import annotations

import math
import re

from ..text import Text
from .errors import InputError

_LABEL = "Hours of the series (SERIES_HOURS)"
_ALLOWED = "hours such as '6, 12, 24', or 'every 6'"
#: More bands than this are a slip: every minute of a month.
_MOST = 1000


def parse_hours(text: str, duration: float) -> tuple[float, ...]:
    """Hours within an event, from a list (``6, 12, 24``) or a step (``every 6``), which includes the end.

    Args:
        text: what the user wrote; commas, semicolons or spaces between numbers.
        duration: end of the event [h].

    Returns:
        rising hours from 0 to ``duration``.

    Raises:
        InputError: no hours, text that is no number, a step that is not positive, an hour outside the event.
    """
    words = [word for word in re.split(r"[,;\s]+", text.strip().lower()) if word]
    every = bool(words) and words[0] == "every"
    numbers = [_hour(word) for word in words[every:]]
    if not numbers or (every and len(numbers) != 1):
        raise InputError(_LABEL, Text("'{}' holds no hours", text), _ALLOWED)
    if every:
        numbers = _steps(numbers[0], duration)
    outside = [hour for hour in numbers if not 0.0 <= hour <= duration]
    if outside:
        raise InputError(
            _LABEL, Text("{:g} h lies outside the event", outside[0]), Text("0 to {:g} h", duration),
            "To see the time after the rain, give a hyetograph whose last rows have no rainfall.",
        )  # fmt: skip
    return tuple(sorted(set(numbers)))


def _hour(word: str) -> float:
    try:
        hour = float(word)
    except ValueError:
        hour = math.nan
    if not math.isfinite(hour):
        raise InputError(_LABEL, Text("'{}' is not a number", word), _ALLOWED, "Use a decimal point.")
    return hour


def _steps(step: float, duration: float) -> list[float]:
    if not step > 0.0 or duration / step > _MOST:
        raise InputError(
            _LABEL,
            Text("'every {:g}' does not suit {:g} h", step, duration),
            Text("a step that makes 1 to {} bands", _MOST),
        )
    count = math.floor(duration / step + 1e-9)
    hours = [step * number for number in range(1, count + 1)]
    if not hours or duration - hours[-1] > 1e-9 * duration:
        hours.append(duration)
    return [min(hour, duration) for hour in hours]
