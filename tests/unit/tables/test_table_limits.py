"""Tables that are larger than any that is meant: refused before they are read."""

from __future__ import annotations

import re
import zipfile
from types import SimpleNamespace

import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.quantities import numbers
from slopecast.plugin.core.quantities.numbers import NotANumber, is_numeric, parse_number
from slopecast.plugin.core.tables import text_table
from slopecast.plugin.core.tables.limits import MOST_ROWS, MOST_SCENARIOS, check_file
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table, scenarios_from_table
from slopecast.plugin.core.tables.text_table import read_text_table

LABEL = "Parameter table (TABLE)"


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_spreadsheet_of_millions_of_empty_rows_is_refused_without_unpacking_it(tmp_path, ending, monkeypatch):
    path = tmp_path / f"rows.{ending}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet1.xml", "w") as sheet:
        for _ in range(200):
            sheet.write(b'<row r="1"></row>' * 50_000)
    assert path.stat().st_size < 2_000_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(InputError, match=r"TABLE.*has a size of 170 MB.*at most 100 MB.*Delete empty rows"):
        check_file(path, LABEL)


def test_a_small_spreadsheet_and_what_is_none_pass(tmp_path):
    with zipfile.ZipFile(tmp_path / "small.xlsx", "w") as archive:
        archive.writestr("sheet1.xml", "<row/>")
    (tmp_path / "none.xlsx").write_bytes(b"no archive")
    for name in ("small.xlsx", "none.xlsx"):
        check_file(tmp_path / name, LABEL)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cohesion\n" + "2\n" * 1_000_000, "more than 50,000 rows"),
        ("cohesion\n" + "\n" * 1_000_000 + "2\n", "more than 50,000 rows"),
        ("x" * 21_000_000, "has a size of 21 MB"),
        ("a," * 1000 + "\n1\n", "1,001 columns"),
        ("cohesion\n" + "9" * 200_000 + "\n", "a line of 200,000 characters"),
    ],
    ids=["rows", "empty rows", "bytes", "columns", "line"],
)
def test_a_text_file_beyond_the_limits_is_refused_without_reading_its_rows(tmp_path, text, words, monkeypatch):
    """Of the one with too many columns, which are counted, the separator is looked for in the first rows."""
    (tmp_path / "t.csv").write_text(text)
    parsed, reader = [], text_table.csv.reader
    counted = SimpleNamespace(reader=lambda lines, **options: parsed.extend(lines) or reader(lines, **options))
    monkeypatch.setattr(text_table, "csv", counted)
    with pytest.raises(InputError) as caught:
        read_text_table(tmp_path / "t.csv", LABEL)
    assert words in str(caught.value)
    assert len(parsed) <= (10 if "columns" in words else 0)


def test_the_greatest_tables_are_taken():
    assert len(scenarios_from_table(("cohesion",), [("2",)] * 300)) == 300
    rows = [(str(n / 100.0), "1") for n in range(1, MOST_ROWS + 1)]
    assert len(hyetograph_from_table(("hour", "rainfall"), rows).hours) == MOST_ROWS
    for make, label, most in ((scenarios_from_table, "TABLE", MOST_SCENARIOS),
                              (hyetograph_from_table, "HYETOGRAPH", MOST_ROWS)):  # fmt: skip
        with pytest.raises(InputError, match=f"{label}.*more than {most:,} rows"):
            make(("hour", "rainfall"), [("1", "1")] * (most + 1))


@pytest.mark.parametrize("text", ["1" * 100_000, "1" * 100_000 + "x", "1," * 50_000, "1 " * 50_000, "-" * 100_000])
def test_long_texts_are_no_numbers_and_are_compared_with_no_pattern(text, monkeypatch):
    for name, pattern in vars(numbers).copy().items():
        if isinstance(pattern, re.Pattern):
            monkeypatch.setattr(numbers, name, None)
    with pytest.raises(NotANumber) as caught:
        parse_number(text)
    assert not is_numeric(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", "sep=,", "sep=;\n", "\ufeff", "\0", '"'])
def test_files_without_a_row_are_tables_without_titles(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    table = read_text_table(tmp_path / "t.csv", LABEL)
    assert not any(table.header)
    with pytest.raises(InputError, match="no column of a parameter"):
        scenarios_from_table(table.header, table.rows)
