"""Cells and texts as numbers: what is read, what is refused, and the message of the refusal."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from slopecast.plugin.core.quantities.numbers import NotANumber, is_empty, is_numeric, parse_number, shown


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12.5", 12.5), (" 12.5\t", 12.5), ("\u00a012.5\u2009", 12.5), ("\ufeff8", 8.0), ("+3.", 3.0), (".5", 0.5),
        ("1e-6", 1e-6), ("1.3E-06", 1.3e-6), ("-2", -2.0), ("\u22122.5", -2.5), ("1e\u22126", 1e-6), ("007", 7.0),
        (3, 3.0), (4.5, 4.5), (np.float32(0.5), 0.5), (np.int64(9), 9.0),
    ],
)  # fmt: skip
def test_plain_numbers_are_read(cell: object, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1_2", "'1_2' is not a number"), ("1_000", "'1_000' is not a number"), ("1__2", "not a number"),
        ("0x10", "'0x10' is not a number"), ("0b1", "not a number"), ("1e", "not a number"), ("e5", "not a number"),
        ("nan", "'nan' is not a number"), ("inf", "'inf' is not a number"), ("-Infinity", "not a number"),
        ("--", "'--' is not a number"),
        ("", "no number is given"), ("  ", "no number is given"), (None, "no number is given"),
        ("1e999", "'1e999' is too large"), (True, "'True' is not a number"), (False, "'False' is not a number"),
        (float("nan"), "not a number"), (float("inf"), "not a number"), ([1.0], "not a number"),
        ("\u0661\u0662", "digits 0 to 9"), ("\uff11\uff12", "digits 0 to 9"), ("1\u0662.5", "digits 0 to 9"),
        ("1,5", "decimal comma; write 1.5"), (",5", "decimal comma; write .5"), ("-8,25e-3", "write -8.25e-3"),
        ("1,234", "write 1234 or 1.234"), ("1.234,5", "write 1234.5"), ("1,234.5", "write 1234.5"),
        ("1 234", "write 1234"), ("1\u202f234,5", "write 1234.5"), ("1'234'567", "write 1234567"),
        ("5 kPa", "it has the unit kPa; write only the number"), ("5kPa", "it has the unit kPa"),
        ("12%", "it has the unit %"),
        ("8,5 mm/h", "it has the unit mm/h"), ("30\u00b0", "it has the unit °"),
        ("5 apples", "'5 apples' is not a number"),
        ("5-10", "'5-10' is not a number"), ("<0.5", "'<0.5' is not a number"), ("1/2", "not a number"),
    ],
)  # fmt: skip
def test_all_else_is_refused(cell: object, words: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse_number(cell)
    assert words in str(caught.value)
    assert words in caught.value.problem


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2026-01-05", "'2026-01-05' is a date, not a number"),
        ("01.05.2026", "'01.05.2026' is a date, not a number"),
        ("1/5/26", "'1/5/26' is a date, not a number"),
        ("5-Jan", "'5-Jan' is a date, not a number"),
        ("Jan-05", "'Jan-05' is a date, not a number"),
        ("1. Mai 2026", "is a date, not a number"),
        ("2026/01/05 06:00:00", "is a date and time, not a number"),
        ("06:30", "'06:30' is a time of day, not a number"),
        (datetime.date(2026, 1, 5), "'2026-01-05' is a date, not a number; spreadsheets"),
        (datetime.datetime(2026, 1, 5, 6), "'2026-01-05 06:00:00' is a date and time, not a number"),
        (datetime.time(6, 30), "'06:30:00' is a time of day, not a number"),
    ],
)
def test_dates_and_times_are_refused_with_a_message(cell: object, words: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse_number(cell)
    assert words in str(caught.value)
    assert "datetime" not in str(caught.value)
    assert not is_numeric(cell)


def test_what_is_empty_and_what_is_meant_as_a_number() -> None:
    assert all(map(is_empty, (None, "", " \u00a0", float("nan"), "\ufeff")))
    assert not any(map(is_empty, ("0", 0, 0.0, "-", False)))
    assert all(map(is_numeric, ("5", "5,5", "1 234", "5 kPa", 5, 5.0, "12%")))
    assert not any(map(is_numeric, ("granite", "", None, True, "2 layers")))
    assert (shown(None), shown(5), shown("a")) == ("", "5", "a")
