"""Text files of tables: encodings and separators are distinguished, and names survive."""

import pytest
from slopecast.plugin.core.tables.text_table import decoded, read_text_table

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
        ("a;b\r\n1;2.5\r\n", ("a", "b"), (("1", "2.5"),)),
        ("Cohesion, kPa;phi, deg\n1.5;2.5\n", ("Cohesion, kPa", "phi, deg"), (("1.5", "2.5"),)),
        ("a\tb, c\n1\t2\n", ("a", "b, c"), (("1", "2"),)),
        ('a,b\n"x, y",2\n"line\nbreak",3\n', ("a", "b"), (("x, y", "2"), ("line\nbreak", "3"))),
        ("sep=;\na;b\n1;2\n", ("a", "b"), (("1", "2"),)),
        ("Cohesion, kPa\n5\n6\n", ("Cohesion, kPa",), (("5",), ("6",))),
        ("a,b\n1,2,3\n", ("a", "b"), (("1", "2", "3"),)),
        ("a,b\n1\n\n", ("a", "b"), (("1",),)),
        ("\r\n\r\na,b\r\n1,2\r\n", ("a", "b"), (("1", "2"),)),
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


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a;b\r\n14,5;30\r\n", (("14.5", "30"),)),
        ("a\tb\n14,5\t1,5E-06\n", (("14.5", "1.5E-06"),)),
        ("sep=;\na;b\n-0,25;,5\n", (("-0.25", ".5"),)),
        ("Cohesion, kPa;phi, deg\n14,5;30,25\n", (("14.5", "30.25"),)),
        ("a;b\n0,001;2\n", (("0.001", "2"),)),  # no thousands begin with 0
        ("a;b\n1,234;14,5\n", (("1.234", "14.5"),)),  # 14,5 shows what commas mean
        ("name;a;remark\nv1,5;14,5;wet, steep\n1,5;2;01.02.2024\n", (("v1,5", "14.5", "wet, steep"),
                                                                   ("1,5", "2", "01.02.2024"))),
        ("name;a\n1.5;14,5\n", (("1.5", "14.5"),)),  # a name is no number
        ("a;b\n14,5\n;\n2,5;x;3\n", (("14.5",), ("", ""), ("2.5", "x", "3"))),
    ],
)  # fmt: skip
def test_decimal_commas_are_read_beside_semicolons_and_tabs(tmp_path, content: str, rows: tuple) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    table = read_text_table(path, "Table (TABLE)")
    assert table.rows == rows
    assert table.notes == ("decimal commas in 't.csv' are read as decimal points.",)


@pytest.mark.parametrize(
    "content",
    [
        "a;b\n1,234;2\n",  # may be 1234
        "a;b\n14,5;2.5\n",
        "a;b\n14,5;1.234,5\n",
        "a;b\n14,5;1,234,567\n",
        "a;b\n14,5;2.5 kPa\n",
        'a,b\n"14,5",2\n',  # commas separate
        'a\n"14,5"\n',
        "a|b\n14,5|2\n",
    ],
)
def test_ambiguous_commas_are_left(tmp_path, content: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content.encode())
    table = read_text_table(path, "Table (TABLE)")
    assert any("," in cell for cell in table.rows[0])
    assert table.notes == ()
