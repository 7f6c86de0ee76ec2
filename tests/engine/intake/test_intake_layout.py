"""Merged cells are read in every row that they stand beside; what is hidden is read, and said to be."""

import zipfile

import pytest
import xlsxwriter

from engine.intake.layout import Area, Layout
from engine.intake.reading import read_intake
from engine.intake.workbook import Sheet, Workbook, read_workbook

HEADERS = ("Reference", "Counterparty", "Owner", "Value")
APART = "in each row what is its own."
MERGED = f"each row beside them is read with this value. If that is not meant, take the cells apart and write {APART}"
READ = "in the spreadsheet, and read all the same. Take out those that are not meant"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="agreements">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def xlsx(path, rows, *, at=(0, 0), merged=(), hidden_rows=(), hidden_columns=()):
    """The register, its headers at a place; *merged*: (first row, column, last row, last column, text) below them."""
    top, left = at
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Letter").merge_range(0, 0, 9, 9, "Dear all")
        sheet = book.add_worksheet("agreements")
        sheet.write_row(top, left, HEADERS)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write(top + number, left + column, cell)
        for first, column, last, end, text in merged:
            sheet.merge_range(top + first, left + column, top + last, left + end, text)
        for number in hidden_rows:
            sheet.set_row(top + number, None, None, {"hidden": True})
        for column in hidden_columns:
            sheet.set_column(left + column, left + column, None, None, {"hidden": True})
    return path


def intake(path, *rows, **layout):
    return read_intake(read_workbook(xlsx(path / "r.xlsx", rows, **layout)))


def told(found):
    return [(one.place, one.code) for one in found.findings if one.code != "unknown_sheet"]


def said(found, field):
    return {draft.reference: draft.fields.get(field) for draft in found.drafts}


@pytest.mark.parametrize("at", [(0, 0), (3, 2)])
def test_a_counterparty_that_is_merged_is_that_of_every_row(tmp_path, at):
    rows = [("A-1",), ("A-2",), ("A-3",), ("B-1", "Beta")]
    found = intake(tmp_path, *rows, at=at, merged=[(1, 1, 3, 1, "Acme")])
    assert said(found, "counterparty") == {"A-1": "Acme", "A-2": "Acme", "A-3": "Acme", "B-1": "Beta"}
    first, last = ("B2", "B4") if at == (0, 0) else ("D5", "D7")
    assert [str(one) for one in found.findings if one.code == "merged_cells"] == [
        f'agreements!{first} "Acme": {first} to {last} are merged: {MERGED}'
    ]


def test_an_area_of_several_columns_says_its_value_in_the_first(tmp_path):
    found = intake(tmp_path, ("A-1",), ("A-2",), merged=[(1, 1, 2, 2, "Acme")])
    assert said(found, "counterparty") == {"A-1": "Acme", "A-2": "Acme"}
    assert said(found, "owner") == {"A-1": None, "A-2": None}


def test_rows_of_nothing_stay_blank_and_what_is_written_stays(tmp_path):
    found = intake(tmp_path, ("A-1",), (), ("A-3",), ("",), merged=[(1, 1, 4, 1, "Acme"), (3, 2, 4, 2, "")])
    assert said(found, "counterparty") == {"A-1": "Acme", "A-3": "Acme"}
    assert told(found) == [("agreements!B2", "merged_cells")]


def test_an_amount_is_not_counted_twice_and_a_reference_names_one(tmp_path):
    rows = [("", "Acme"), ("", "Acme", "x"), ("A-3", "Acme", "x")]
    found = intake(tmp_path, *rows, merged=[(1, 0, 2, 0, "A-1"), (1, 3, 3, 3, "EUR 100")])
    assert [draft.reference for draft in found.drafts] == ["A-1", "", "A-3"]
    assert [draft.fields.get("value") is None for draft in found.drafts] == [False, True, True]
    assert [str(one) for one in found.findings if one.code == "merged_cells"] == [
        'agreements!A2 "A-1": A2 to A3 are merged: only row 2 has this reference. Take the cells apart, and write '
        + APART,
        'agreements!D2 "EUR 100": D2 to D4 are merged: only row 2 has this value. Take the cells apart, and write '
        + APART,
    ]


def test_headers_of_two_rows_name_no_agreement(tmp_path):
    """Merged cells of the headers are no value of the rows below."""
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("agreements")
        for column, header in enumerate(HEADERS):
            sheet.merge_range(0, column, 1, column, header)
        sheet.write_row(2, 0, ("A-1", "Acme"))
    found = read_intake(read_workbook(path))
    assert said(found, "counterparty") == {"A-1": "Acme"}


def test_areas_that_lie_in_one_another_cost_no_more_than_the_rows():
    """No spreadsheet program writes them: the first one counts."""
    rows = [list(HEADERS), ["A-1", "Acme"], *(["", "", str(number)] for number in range(9_998))]
    layout = Layout(merged=tuple(Area(top, 1, 10_000, 1) for top in range(2, 10_000)))
    findings = told(read_intake(Workbook("r.xlsx", (Sheet("agreements", rows, layout=layout),), "")))
    assert findings == [("agreements!B2", "merged_cells")]


def test_rows_that_are_hidden_are_read_and_said_to_be(tmp_path):
    rows = [(f"A-{number}", "Acme") for number in range(1, 8)]
    found = intake(tmp_path, *rows, hidden_rows=(0, 2, 4, 5, 6, 9), hidden_columns=(2, 7))
    assert len(found.drafts) == 7
    assert [str(one) for one in found.findings if one.code.startswith("hidden")] == [
        f"agreements: Rows 3, 5 to 7 are hidden {READ}.",
        f"agreements: Column C (Owner) is hidden {READ}, or name them under ignore in a map.",
    ]


def test_many_hidden_rows_are_told_in_few_words(tmp_path):
    rows = [(f"A-{number}", "Acme") for number in range(1, 31)]
    found = intake(tmp_path, *rows, hidden_rows=range(1, 31, 2))
    (one,) = (str(one) for one in found.findings if one.code == "hidden_rows")
    assert one.startswith("agreements: Rows 2, 4, 6, 8, 10, 12, 14, 16, and 7 more are hidden")


def test_nothing_is_said_of_a_sheet_that_shows_what_it_holds(tmp_path):
    assert told(intake(tmp_path, ("A-1", "Acme"), ("A-2", "Acme"), merged=[(5, 1, 9, 1, "")])) == []


def test_an_ods_says_the_same(tmp_path):
    """As LibreOffice writes it: columns before rows, both repeated, and covered cells under a merged one."""
    text = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'

    def row(*cells, more=""):
        return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"

    headers = row(*(text.format("", header) for header in HEADERS))
    merged = text.format(' table:number-columns-spanned="1" table:number-rows-spanned="3"', "Acme")
    covered, away = "<table:covered-table-cell/>", ' table:visibility="{}"'
    rows = [
        '<table:table-column table:number-columns-repeated="2"/>',
        f"<table:table-column{away.format('collapse')}/>",
        '<table:table-column table:number-columns-repeated="1021"/>',
        headers,
        row(text.format("", "A-1"), merged),
        row(text.format("", "A-2"), covered, more=away.format("filter")),
        row(text.format("", "A-3"), covered, more=away.format("collapse")),
        row('<table:table-cell table:number-columns-repeated="1024"/>', more=' table:number-rows-repeated="1048572"'),
    ]
    with zipfile.ZipFile(tmp_path / "r.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format("".join(rows)))
    workbook = read_workbook(tmp_path / "r.ods")
    assert workbook.sheets[0].layout == Layout((Area(2, 1, 4, 1),), frozenset({3, 4}), frozenset({2}))
    found = read_intake(workbook)
    assert said(found, "counterparty") == {"A-1": "Acme", "A-2": "Acme", "A-3": "Acme"}
    assert told(found) == [
        ("agreements", "hidden_rows"), ("agreements", "hidden_columns"), ("agreements!B2", "merged_cells"),
    ]  # fmt: skip


def _two_sheets(path):
    """A hidden sheet of last year before the one that is shown."""
    with xlsxwriter.Workbook(path) as book:
        for name, reference in (("2025", "OLD-1"), ("2026", "NEW-1")):
            book.add_worksheet(name).write_row(0, 0, HEADERS)
            book.get_worksheet_by_name(name).write_row(1, 0, (reference, "Acme"))
        book.get_worksheet_by_name("2026").activate()
        book.get_worksheet_by_name("2026").set_first_sheet()
        book.get_worksheet_by_name("2025").hide()
    return read_workbook(path)


def test_a_sheet_that_is_shown_goes_before_one_that_is_hidden_and_that_is_told_where_it_is_read(tmp_path):
    book = _two_sheets(tmp_path / "r.xlsx")
    shown, asked = read_intake(book), read_intake(book, sheet="2025")
    assert [one.reference for one in (*shown.drafts, *asked.drafts)] == ["NEW-1", "OLD-1"]
    assert ("2025", "hidden_sheet") not in [(one.sheet, one.code) for one in shown.findings]
    assert ("2025", "hidden_sheet") in [(one.sheet, one.code) for one in asked.findings]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_of_an_xls_file_it_is_said_what_is_not_known(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("agreements")
    for number, row in enumerate((HEADERS, ("A-1", "Acme"), ("A-2", "Beta"))):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    sheet.row(2).hidden = True
    sheet.visibility = 1
    book.add_sheet("Notes").write(0, 0, "Dear all")
    book.set_active_sheet(1)
    book.save(str(tmp_path / "r.xls"))
    found = read_intake(read_workbook(tmp_path / "r.xls"))
    assert [draft.reference for draft in found.drafts] == ["A-1", "A-2"]
    assert told(found) == [("agreements", "hidden_sheet"), ("agreements", "unseen_in_xls")]
    assert [one.is_error for one in found.findings] == [False] * 3
