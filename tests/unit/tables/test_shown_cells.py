"""Rows and columns that a sheet hides, and times that it shows, are noticed."""

from __future__ import annotations

import zipfile

import pytest
from slopecast.plugin.core.tables.shown_cells import elapsed_times_caution, hidden_cells_warning

_WORKBOOK = (
    '<workbook><sheets><sheet name="Other" sheetId="1" r:id="rId1"/>'
    '<sheet name="A &amp; B" sheetId="2" r:id="rId2"/></sheets></workbook>'
)
_RELATED = (
    '<Relationships><Relationship Id="rId2" Target="worksheets/sheet2.xml"/>'
    '<Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
)
_CELL = '<c r="A1"><v>1</v></c>'


def xlsx(folder, sheet):
    path = folder / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", _WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATED)
        archive.writestr("xl/worksheets/sheet1.xml", f'<sheetData><row hidden="1">{_CELL}</row></sheetData>')
        archive.writestr("xl/worksheets/sheet2.xml", sheet)
    return path


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (
            f'<row r="1">{_CELL}</row><row r="2" hidden="1">{_CELL}</row><row r="3" hidden="true"/>',
            "1 row and 0 columns",
        ),
        (f'<x:row r="2" hidden="1">{_CELL}</x:row><x:row hidden="1"><x:c><x:is/></x:c></x:row>', "1 row and 0 columns"),
        ('<cols><col min="2" max="3" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>', "0 rows and 2 columns"),
        ('<row r="3" hidden="1"></row><row hidden="0">' + _CELL + "</row>", None),
    ],
)
def test_a_workbook(tmp_path, sheet, words):
    warning = hidden_cells_warning(xlsx(tmp_path, sheet), "A & B", 5, "Table")
    assert warning is None if words is None else f"the sheet 'A & B' hides {words}" in warning
    assert "hides 1 row and" in hidden_cells_warning(tmp_path / "t.xlsx", "Other", 5, "Table")


def test_an_open_document(tmp_path):
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    content = (
        '<table:table table:name="One"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        f'<table:table-row table:visibility="filter" table:number-rows-repeated="3">{cell}</table:table-row>'
        f"<table:table-row>{cell}</table:table-row></table:table>"
        f'<table:table table:name="Two"><table:table-row>{cell}</table:table-row></table:table>'
    )
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
    assert "hides 3 rows and 1 column," in hidden_cells_warning(path, "One", 3, "Table")
    assert hidden_cells_warning(path, "Two", 3, "Table") is None


def test_what_cannot_be_read_has_no_hidden_cells(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(b"no archive")
    assert hidden_cells_warning(tmp_path / "t.xlsx", "A", 3, "Table") is None
    assert hidden_cells_warning(xlsx(tmp_path, "<row/>"), "C", 3, "Table") is None


@pytest.mark.parametrize(
    ("code", "style", "found"), [("[h]:mm", 1, True), ("[h]:mm", 0, False), ("0.0", 1, False), ("0.0", 2, True)]
)
def test_elapsed_times(tmp_path, code, style, found):
    """GDAL reads 24:00 in such a format as 1; format 46 is Excel's own."""
    path = xlsx(tmp_path, f'<row r="1"><c r="A1" s="{style}"><v>1</v></c></row>')
    assert elapsed_times_caution(path, "A & B", "Table") is None
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/styles.xml",
            f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts><cellStyleXfs><xf numFmtId="164"/>'
            '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"></xf><xf numFmtId="46"/></cellXfs>',
        )
    warning = elapsed_times_caution(path, "A & B", "Table")
    assert warning is None if not found else "24:00 is read as 1" in warning
