"""Hours as users list them."""

import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.hours import parse_hours


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
        ("25", "25 h lies outside"),
        ("-1", "-1 h lies outside"),
    ],
)
def test_bad_hours_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match="SERIES_HOURS") as caught:
        parse_hours(text, 24.0)
    assert words in str(caught.value)
