"""Formulas that have failed: each is an error at its cell, in every file that says so, and never an empty cell."""

import zipfile

import pytest
import xlsxwriter

from engine.intake.failed_cells import MOST_FAILED
from engine.intake.findings import WorkbookTooLarge
from engine.intake.reading import read_intake
from engine.intake.workbook import read_workbook
from tests.support.intake import codes

HEADERS = ("Reference", "Counterparty", "Owner", "Title")
ROW = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
FAILED = (
    '<table:table-cell {} table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>{}</text:p></table:table-cell>'
)
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)


def xlsx(path, cells, *, top=0):
    """A workbook of a letter and the register; *cells* by place: a text, or a formula with the error that it gave."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Letter").write_formula("A1", "=NA()", None, "#N/A")
        sheet = book.add_worksheet("agreements")
        sheet.write_row(top, 1, HEADERS)
        for (row, column), cell in cells.items():
            if isinstance(cell, tuple):
                sheet.write_formula(top + row, column, cell[0], None, cell[1])
            else:
                sheet.write(top + row, column, cell)
    return path


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_what_a_formula_did_not_find_is_an_error_at_its_cell(tmp_path, error):
    cells = {(1, 1): "A-1", (1, 2): "Acme", (1, 3): ("=VLOOKUP(1,A:B,2)", error), (2, 1): "A-2", (2, 2): "Beta"}
    intake = read_intake(read_workbook(xlsx(tmp_path / "r.xlsx", cells, top=3)))
    first, second = intake.drafts
    assert [(one.cell, one.value, one.code) for one in first.findings] == [("D5", error, "cell_error")]
    assert (second.reference, second.findings) == ("A-2", ())


def test_an_error_in_the_last_column_of_a_row_is_none_the_less_one(tmp_path):
    cells = {(1, 1): "A-1", (1, 2): "Acme", (1, 4): ("=A1/0", "#DIV/0!")}
    (draft,) = read_intake(read_workbook(xlsx(tmp_path / "r.xlsx", cells))).drafts
    assert codes(draft.findings) == ["E2 cell_error"]


def test_rows_of_nothing_but_formulas_that_find_nothing_are_blank(tmp_path):
    cells = {(1, 1): "A-1", (1, 2): "Acme", **{(row, 3): ("=NA()", "#N/A") for row in range(2, 9)}}
    (draft,) = read_intake(read_workbook(xlsx(tmp_path / "r.xlsx", cells))).drafts
    assert (draft.reference, draft.findings) == ("A-1", ())


def test_an_error_is_found_behind_rows_and_cells_that_are_repeated(tmp_path):
    """As LibreOffice writes it: the value is empty, the text is what is seen."""
    twice = FAILED.format('table:number-columns-repeated="2"', "Err:502")
    headers, first, second = ("".join(map(ROW.format, texts)) for texts in (HEADERS, ("A-1", "Acme"), ("A-2", "Beta")))
    register = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{headers}</table:table-row>"
        f"<table:table-row>{first}{twice}</table:table-row><table:table-row>{second}</table:table-row>"
    )
    letter = f"<table:table-row>{FAILED.format('', '#N/A')}</table:table-row>"
    sheets = {"Letter": letter, "agreements": register}
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    with zipfile.ZipFile(tmp_path / "r.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(tables))
    first, second = read_intake(read_workbook(tmp_path / "r.ods")).drafts
    assert [(one.cell, one.value) for one in first.findings] == [("C4", "Err:502"), ("D4", "Err:502")]
    assert second.findings == ()


def test_more_errors_than_anybody_mends_are_refused_before_they_fill_the_memory(tmp_path):
    cells = "".join(f'<c r="A{row}" t="e"><v>#N/A</v></c>' for row in range(1, MOST_FAILED + 2))
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    with pytest.raises(WorkbookTooLarge, match="formulas that have failed"):
        read_workbook(tmp_path / "r.xlsx")
