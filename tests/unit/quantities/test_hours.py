"""Hours as users list them."""

from __future__ import annotations

import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.quantities.hours import checked_hours, parse_hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6, 12, 24", (6, 12, 24)),
        ("24;6 12", (6, 12, 24)),
        ("0 0.5 0.5", (0, 0.5)),
        ("every 6", (6, 12, 18, 24)),
        ("Every 7", (7, 14, 21, 24)),
        ("every 48", (24,)),
        ("every 0.1", tuple(0.1 * n for n in range(1, 241))),
    ],
)
def test_hours(text: str, hours: tuple) -> None:
    assert parse_hours(text, 24.0) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("text", "duration", "hours"),
    [
        ("0.1667, 0.3333", 0.3333, (0.1667, 0.3333)),
        ("0.1667, 0.3333", 1.0 / 3.0, (0.1667, 1.0 / 3.0)),
        ("0.667", 0.6667, (0.6667,)),  # the end, to three decimals
        ("24.0004, 24, 23.9999", 24.0, (24.0,)),
        ("0.3333 0.33333 0.333333", 1.0, (0.3333,)),
        ("0 0.0001 0.5", 1.0, (0.0, 0.5)),
        ("0.7", 0.1 * 7, (0.1 * 7,)),
        ("every 0.1", 0.7, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
        ("every 0.1667", 1.0, (0.1667, 0.3334, 0.5001, 0.6668, 0.8335, 1.0)),
        ("every 0.0833", 0.5, (0.0833, 0.1666, 0.2499, 0.3332, 0.4165, 0.5)),
        ("every 0.0833", 24.0, (*(0.0833 * n for n in range(1, 288)), 24.0)),  # 288 times 0.0833 is 34 s less
        ("every 0.333", 2.0, (0.333, 0.666, 0.999, 1.332, 1.665, 2.0)),
        ("every 6", 24.0001, (6, 12, 18, 24.0001)),
        ("every 24.0002", 24.0, (24.0,)),
        ("every 0.5", 24.2, (*(0.5 * n for n in range(1, 49)), 24.2)),  # 0.2 h is no rounding
        ("every 0.125", 1.02, (*(0.125 * n for n in range(1, 9)), 1.02)),
        ("every 0.1", 100.0, tuple(0.1 * n for n in range(1, 1001))),
    ],
)
def test_hours_are_compared_with_a_tolerance(text: str, duration: float, hours: tuple) -> None:
    parsed = parse_hours(text, duration)
    assert len(parsed) == len(hours)
    assert parsed == pytest.approx(hours, rel=1e-12)
    assert parsed[-1] <= duration


def test_hours_beyond_the_tolerance_stay_apart_or_are_refused() -> None:
    assert checked_hours((1.0, 1.0006), 2.0) == (1.0, 1.0006)
    for hour in (2.001, float("nan"), -1e-6):
        with pytest.raises(InputError, match="SERIES_HOURS"):
            checked_hours((hour,), 2.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no hours"),
        ("every", "no hours"),
        ("every 2 3", "no hours"),
        ("6, noon", "'noon' is not a number"),
        ("nan", "'nan' is not a number"),
        ("every 0", "every 0"),
        ("every -3", "every -3"),
        ("every 0.001", "1000 bands"),
        ("every 0.0001", "2 s or more"),
        ("25", "25 h is outside the event"),
        ("-1", "-1 h is outside the event"),
    ],
)
def test_bad_hours_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match="SERIES_HOURS") as caught:
        parse_hours(text, 24.0)
    assert words in str(caught.value)
