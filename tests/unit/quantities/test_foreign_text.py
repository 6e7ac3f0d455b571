"""Texts from files: visible, short, and taken neither for an expression of QGIS nor for a formula of a spreadsheet."""

from __future__ import annotations

import doctest
from types import SimpleNamespace

import pytest
from slopecast.plugin.core.quantities import foreign_text as module
from slopecast.plugin.core.quantities.foreign_text import (
    LONGEST_TEXT,
    foreign_entries,
    foreign_text,
    has_hidden,
    spreadsheet_text,
)


def test_the_examples_hold():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Böschung 북한산 高程 π°²", "Böschung 북한산 高程 π°²"),
        ("[% 1+1 %]", "[ % 1+1 %]"),
        ("[[%%]%]", "[[ %%]%]"),
        ("[\u200b%env('HOME')%]", "[ %env('HOME')%]"),
        ("[\x00% 1 %]", "[ % 1 %]"),
        ("a\u202egnp.tif", "agnp.tif"),
        ("a\u2066b\u2069c\ufeff", "abc"),
        ("bell\x07 escape\x1b[31m", "bell escape[31m"),
        ("two\nlines\ttab\r\u2028", "two lines tab  "),
        ("\ud800 half", " half"),
        (12.5, "12.5"),
        ("", ""),
    ],
)
def test_what_does_not_show_and_what_is_evaluated_goes(text, plain):
    assert foreign_text(text) == plain
    assert not has_hidden(foreign_text(text))


def test_line_breaks_stay_where_they_are_wanted():
    assert foreign_text("row 1\n\trow 2\r\x07", lines=True) == "row 1\n\trow 2 "


def test_texts_are_cut_to_their_length_without_reading_the_rest(monkeypatch):
    long, looked_at = "[%\u202e" * 1_000_000, []
    category = module.unicodedata.category
    counted = SimpleNamespace(category=lambda letter: looked_at.append(letter) or category(letter))
    monkeypatch.setattr(module, "unicodedata", counted)
    assert len(foreign_text(long)) == LONGEST_TEXT
    assert 0 < len(looked_at) < 3 * LONGEST_TEXT
    looked_at.clear()
    assert len(foreign_entries({str(n): long for n in range(10_000)})) == 500
    assert len(looked_at) < 500 * 3 * LONGEST_TEXT


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "\r\n=1", "\uff1d1+1", "-", "=", "-inf", "+cmd|' /C calc'!A0"],
)
def test_formulas_are_marked_as_text(formula):
    cell = spreadsheet_text(formula)
    assert cell.startswith("'")
    assert cell[1:] == foreign_text(formula)


@pytest.mark.parametrize("text", ["-5", "-1.5e-6", "+3", " -2 ", "a=b", "slope-3", "row_0001", "", "'=1", "5 - 3"])
def test_numbers_and_plain_texts_stay(text):
    assert spreadsheet_text(text) == text
