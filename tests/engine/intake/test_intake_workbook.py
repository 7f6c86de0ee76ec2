"""Files of every format, and what is refused whole."""

import zipfile
from datetime import date

import pytest

from engine.intake.findings import (
    EmptyWorkbook,
    EncryptedWorkbook,
    NoHeaderRow,
    NoSuchSheet,
    NotAWorkbook,
    OpenQuote,
    WorkbookTooLarge,
    cell_name,
)
from engine.intake.import_map import ImportMap
from engine.intake.reading import read_intake
from engine.intake.workbook import read_workbook
from tests.support.intake import codes

CSV = "Reference,Counterparty,Title\nA-1,Müller,Würde\nA-2,Acme,Two\n"


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_the_encoding_of_a_csv_file_is_found_and_told(encoding, told):
    book = read_workbook(CSV.encode(encoding), "r.csv")
    assert (book.encoding, book.delimiter) == (told, ",")
    assert book.sheets[0].rows[1] == ["A-1", "Müller", "Würde"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_shows_the_headers(delimiter):
    rows = f"a note, with, more, commas\nReference{delimiter}Vertragspartner\nA-1{delimiter}x\n"
    book = read_workbook(rows.encode(), "r.csv")
    assert book.delimiter == delimiter
    assert [draft.row.number for draft in read_intake(book).drafts] == [3]


def test_quoted_line_breaks_belong_to_their_cell():
    book = read_workbook(b'Reference,Counterparty,Title\r\nA-1,x,"one\r\ntwo"\r\nA-2,y,z\r\n', "r.csv")
    intake = read_intake(book)
    assert [(draft.row.number, draft.fields["title"]) for draft in intake.drafts] == [(2, "one two"), (3, "z")]


@pytest.mark.parametrize(
    ("lines", "opened", "last"),
    [
        (["A-1,Acme,one", 'A-2,"Beta,two', "A-3,Gamma,three"], 3, 4),
        (['A-1,"Acme,one', 'A-2,"Beta, Inc",two', "A-3,Gamma,three"], 2, 3),
        (['A-1,Acme,"one', 'line more"', 'A-2,"Beta,two', "", "A-3,Gamma,three", ""], 4, 6),
        (["A-1,Acme,one", 'A-2,"Beta,two'], 3, 3),
    ],
    ids=["to the end", "to the next quoted cell", "after a cell of two lines", "on the last line"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_quotation_mark_left_open_is_told_by_its_line_and_nothing_is_taken_in(lines, opened, last, end, delimiter):
    text = end.join(["Reference,Counterparty,Title", *lines]).replace(",", delimiter)
    with pytest.raises(OpenQuote) as refused:
        read_workbook(text.encode(), "r.csv")
    assert f"opens on line {opened} " in refused.value.sentence
    assert (
        ("as one cell" in refused.value.sentence)
        == (f"up to line {last} " in refused.value.sentence)
        == (last > opened)
    )
    assert f"Close it on line {opened}" in refused.value.remedy


def test_a_quotation_mark_in_the_wrong_place_of_one_line_stays_text():
    book = read_workbook(
        b'Reference,Counterparty,Title\nA-1,the "big" one,"say ""yes"""\nA-2,"Acme" GmbH,5" disk\n', "r.csv"
    )
    assert book.sheets[0].rows[1:] == [["A-1", 'the "big" one', 'say "yes"'], ["A-2", "Acme GmbH", '5" disk']]


def _xlsx(path):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Register")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(3, 1, ["Reference", "Counterparty", "Signed on", "Notice (days)"])
        sheet.write_row(4, 1, ["A-1", "Acme"])
        sheet.write_datetime(4, 3, date(2026, 1, 2), day)
        sheet.write_number(4, 4, 60)


def _xls(path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Register")
    for column, cell in enumerate(["Reference", "Counterparty", "Signed on", "Notice (days)"]):
        sheet.write(3, column + 1, cell)
    sheet.write(4, 1, "A-1")
    sheet.write(4, 2, "Acme")
    sheet.write(4, 3, date(2026, 1, 2), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.write(4, 4, 60)
    book.save(str(path))


def _ods(path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Register")
    for _ in range(3):
        empty = TableRow()
        empty.addElement(TableCell())
        table.addElement(empty)
    cells = [
        ["Reference", "Counterparty", "Signed on", "Notice (days)"],
        ["A-1", "Acme", date(2026, 1, 2), 60],
    ]
    for row in cells:
        line = TableRow()
        line.addElement(TableCell())
        for cell in row:
            if isinstance(cell, date):
                line.addElement(TableCell(valuetype="date", datevalue=cell.isoformat()))
            elif isinstance(cell, int):
                line.addElement(TableCell(valuetype="float", value=cell))
            else:
                text = TableCell(valuetype="string")
                text.addElement(P(text=cell))
                line.addElement(text)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("ending", "write"), [("xlsx", _xlsx), ("xls", _xls), ("ods", _ods)])
def test_every_format_gives_the_same_draft_at_the_same_cells(tmp_path, ending, write):
    path = tmp_path / f"r.{ending}"
    write(path)
    intake = read_intake(read_workbook(path))
    (draft,) = intake.drafts
    assert (draft.reference, draft.fields["signed_on"], str(draft.fields["notice_period"].period)) == (
        "A-1",
        date(2026, 1, 2),
        "60 days",
    )
    assert intake.plan.cell(intake.plan.by_field["notice_period"], draft.row.number) == "E5"


def test_cells_are_named_as_spreadsheets_name_them():
    assert [cell_name(column, 17) for column in (0, 7, 25, 26, 701, 702)] == [
        "A17",
        "H17",
        "Z17",
        "AA17",
        "ZZ17",
        "AAA17",
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyWorkbook),
        (b" \r\n ", EmptyWorkbook),
        (b",,\n,,\n", EmptyWorkbook),
        (b"%PDF-1.7\0\1\2", NotAWorkbook),
        (b"PK\x03\x04 not really", NotAWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NotAWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), EncryptedWorkbook),
        (b"x" * (20 * 1024 * 1024 + 1), WorkbookTooLarge),
        (b"Reference,Counterparty\n" + b"a,b\n" * 20_001, WorkbookTooLarge),
        (b'Reference,Counterparty\nA,"' + b"x" * 200_000, OpenQuote),
        (b'Reference,Counterparty\nA,"' + b"x" * 200_000 + b'"', WorkbookTooLarge),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_a_remedy(data, error):
    with pytest.raises(error) as refused:
        read_workbook(data, "r.bin")
    assert '"r.bin"' in refused.value.sentence
    assert refused.value.remedy


def test_twenty_thousand_rows_are_taken():
    book = read_workbook(b"Reference,Counterparty\n" + b"a,b\n" * 20_000, "r.csv")
    assert len(book.sheets[0].rows) == 20_001


def test_a_cell_in_the_last_corner_does_not_exhaust_the_memory(tmp_path):
    import xlsxwriter

    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Reference")
        sheet.write(1_048_575, 16_383, "far out")
    with pytest.raises(WorkbookTooLarge):
        read_workbook(path)


def test_a_letter_is_no_workbook(tmp_path):
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(NotAWorkbook):
        read_workbook(path)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/worksheets/sheet0.xml", b" " * (90 * 1024 * 1024))
        (sheet,) = archive.filelist
        archive.filelist += [sheet] * 4  # five of its table's entries are of the same bytes
    with pytest.raises(WorkbookTooLarge):
        read_workbook(path)


def test_a_file_without_headers_is_refused():
    with pytest.raises(NoHeaderRow):
        read_intake(read_workbook(b"one,two\n1,2\n", "r.csv"))


def test_the_header_row_is_looked_for_in_twenty_rows_alone():
    late = b"x,y\n" * 20 + b"Reference,Counterparty\nA,b\n"
    with pytest.raises(NoHeaderRow):
        read_intake(read_workbook(late, "r.csv"))
    (draft,) = read_intake(read_workbook(late, "r.csv"), ImportMap(header_row=21)).drafts
    assert (draft.reference, draft.row.number) == ("A", 22)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(NoSuchSheet) as refused:
        read_intake(read_workbook(CSV.encode(), "r.csv"), sheet="Contracts")
    assert refused.value.remedy == "Use r."


def test_a_broken_reference_of_a_formula_is_an_error_at_its_cell():
    (draft,) = read_intake(read_workbook(b"Reference,Counterparty,Title\nA-1,x,#REF!\n", "r.csv")).drafts
    assert codes(draft.findings) == ["C2 cell_error"]
