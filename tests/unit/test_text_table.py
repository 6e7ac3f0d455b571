"""Text files of tables: encodings and separators are distinguished, and names survive."""

import pytest
from slopecast.plugin.core.text_table import decoded, read_text_table

TITLES = "name;c (kPa);Bemerkung"


@pytest.mark.parametrize("name", ["M\u00fcller", "Stra\u00dfe \u00c4\u00d6\u00dc", "\u00c9boulis n\u00b0 3", "plain"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "utf-32"]
)
def test_encodings_of_western_names(name: str, encoding: str) -> None:
    assert decoded(f"{TITLES}\r\n{name};5;x\r\n".encode(encoding))[0] == f"{TITLES}\r\n{name};5;x\r\n"


@pytest.mark.parametrize("name", ["\uc0b0\uc0ac\ud0dc", "\uc11c\uc6b8 \uc6b0\uba74\uc0b0 1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr"])
def test_encodings_of_korean_names(name: str, encoding: str) -> None:
    assert decoded(f"{TITLES}\n{name};5;x\n".encode(encoding))[0] == f"{TITLES}\n{name};5;x\n"


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        ("a,b\n1,2\n", ("a", "b"), (("1", "2"),)),
        ("a;b\r\n1,5;2,5\r\n", ("a", "b"), (("1,5", "2,5"),)),
        ("Cohesion, kPa;phi, deg\n1,5;2,5\n", ("Cohesion, kPa", "phi, deg"), (("1,5", "2,5"),)),
        ("a\tb, c\n1\t2\n", ("a", "b, c"), (("1", "2"),)),
        ('a,b\n"x, y",2\n"line\nbreak",3\n', ("a", "b"), (("x, y", "2"), ("line\nbreak", "3"))),
        ("sep=;\na;b\n1;2\n", ("a", "b"), (("1", "2"),)),
        ("Cohesion, kPa\n5\n6\n", ("Cohesion, kPa",), (("5",), ("6",))),
        ("a,b\n1,2,3\n", ("a", "b"), (("1", "2", "3"),)),
        ("a,b\n1\n\n", ("a", "b"), (("1",),)),
        ("", (), ()),
    ],
)
def test_separators_are_found_out(tmp_path, content: str, header: tuple, rows: tuple) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    table = read_text_table(path, "Table (TABLE)")
    assert (table.header, table.rows) == (header, rows)
    assert table.notes == ()


def test_a_guessed_encoding_is_noted(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("name,c\nM\u00fcller,5\n".encode("latin-1"))
    assert read_text_table(path, "Table (TABLE)").notes == (
        "'t.csv' was read as Windows-1252 because it is not UTF-8: check that its names are correct.",
    )
