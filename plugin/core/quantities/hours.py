"""Output times of an event: parsing of lists, and comparison with a tolerance."""

from __future__ import annotations

import math
import re
from typing import Iterable

from ...text import Text
from ..errors import InputError
from .numbers import parse_number

_LABEL = "Hours of the series (SERIES_HOURS)"
_ALLOWED = "hours such as '6, 12, 24', or 'every 6'"
#: More bands than this are a slip: every minute of a month.
_MOST = 1000
#: Hours that differ by no more are one moment [s]: hours written to three decimals are off by up to 1.8 s.
SAME_MOMENT_S = 2.0
SAME_MOMENT_H = SAME_MOMENT_S / 3600.0


def parse_hours(text: str, duration: float) -> tuple[float, ...]:
    """Hours within an event, from a list (``6, 12, 24``) or a step (``every 6``), which includes the end.

    Args:
        text: what the user wrote; commas, semicolons or spaces between numbers.
        duration: end of the event [h].

    Returns:
        rising hours from 0 to ``duration``, each one moment of its own (:data:`SAME_MOMENT_S`).

    Raises:
        InputError: no hours, text that is no number, a step that is not positive, an hour outside the event.
    """
    words = [word for word in re.split(r"[,;\s]+", text.strip().lower()) if word]
    every = bool(words) and words[0] == "every"
    numbers = [_hour(word) for word in words[every:]]
    if not numbers or (every and len(numbers) != 1):
        raise InputError(_LABEL, Text("'{}' contains no hours", text), _ALLOWED)
    if every:
        numbers = _steps(words[1], numbers[0], duration)
    return checked_hours(numbers, duration)


def checked_hours(hours: Iterable[float], duration: float) -> tuple[float, ...]:
    """Rising hours within an event; of those that are one moment the first alone, at the end the event's own.

    Args:
        hours: in any order [h]; duration: end of the event [h].

    Raises:
        InputError: an hour outside the event.
    """
    found: list[float] = []
    for hour in sorted(hours):
        if not 0.0 <= hour <= duration + SAME_MOMENT_H:  # NaN fails too
            raise InputError(
                _LABEL, Text("{:g} h is outside the event", hour), Text("0 to {:g} h", duration),
                "To include the time after the rain, use a hyetograph whose last rows have no rainfall.",
            )  # fmt: skip
        moment = float(hour) if hour < duration - SAME_MOMENT_H else float(duration)
        if not found or moment - found[-1] > SAME_MOMENT_H:
            found.append(moment)
    return tuple(found)


def _hour(word: str) -> float:
    try:
        hour = parse_number(word)
    except ValueError:
        hour = math.nan
    if not math.isfinite(hour):
        raise InputError(_LABEL, Text("'{}' is not a number", word), _ALLOWED, "Use a decimal point.")
    return hour


def _steps(word: str, step: float, duration: float) -> list[float]:
    """Multiples of a step, written as ``word``, and the end [h]."""
    if not step >= SAME_MOMENT_H or duration / step > _MOST * (1.0 + 1e-9):
        raise InputError(
            _LABEL,
            Text("the step 'every {:g}' does not fit an event of {:g} h", step, duration),
            Text("a step of {:g} s or more that makes 1 to {} bands", SAME_MOMENT_S, _MOST),
        )
    count = math.floor((duration + SAME_MOMENT_H) / step)
    hours = [step * number for number in range(1, count + 1)]
    if hours and abs(duration - count * _interpretation(word, step)) <= SAME_MOMENT_H:
        hours.pop()
    return [*hours, duration]


def _interpretation(word: str, step: float) -> float:
    """The step [h] without its rounding, where it is a number of whole minutes: 0.0833 h is 5 minutes."""
    decimals = len(word.partition(".")[2])
    minutes = round(60.0 * step)
    rounded = minutes > 0 and abs(minutes / 60.0 - step) <= 0.5 * 10.0**-decimals
    return minutes / 60.0 if rounded else step
