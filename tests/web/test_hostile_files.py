"""Files that mean harm: each is refused with a sentence and its remedy, and takes neither memory nor time."""

import io
import resource
import socket
import time
import zipfile

import pytest

from engine.intake.findings import (
    EmptyWorkbook,
    EncryptedWorkbook,
    NotAWorkbook,
    WorkbookTooLarge,
)
from engine.intake.workbook import read_workbook
from tests.support.site import Site, text_of

_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="{0}"/>'
    "</Relationships>"
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{0}</sheetData></worksheet>'
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="a">{0}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def xlsx(sheet, *, prolog="", at="worksheets/sheet1.xml"):
    parts = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _RELS.format(at),
        f"xl/{at}": prolog + _SHEET.format(sheet),
    }
    return zipped(**parts)


def ods(table):
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(**{"mimetype": kind, "content.xml": _ODS.format(table)})


def cell(place, text="x"):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def lying(size):
    """An archive that says of a part that it is small."""
    data = bytearray(xlsx(f'<row r="1">{cell("A1", "x" * size)}</row>'))
    real = len(_SHEET.format(f'<row r="1">{cell("A1", "x" * size)}</row>')).to_bytes(4, "little")
    data = data.replace(real, (1000).to_bytes(4, "little"))
    return bytes(data)


_LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_SECRET = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_WIDE = "<table:table-cell office:value-type='string' {0}><text:p>x</text:p></table:table-cell>"

HOSTILE = {
    "a part that says it is smaller than it is": (lambda: lying(100_000), NotAWorkbook),
    "thousands of parts": (
        lambda: zipped(**{f"xl/worksheets/sheet{n}.xml": "" for n in range(5_001)}),
        WorkbookTooLarge,
    ),
    "entities that expand": (
        lambda: xlsx(f'<row r="1">{cell("A1", "&i;")}</row>', prolog=_LAUGHS),
        NotAWorkbook,
    ),
    "an entity that reads a file": (
        lambda: xlsx(f'<row r="1">{cell("A1", "&a;")}</row>', prolog=_SECRET),
        NotAWorkbook,
    ),
    "a cell in the last corner": (
        lambda: xlsx(f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>'),
        WorkbookTooLarge,
    ),
    "a corner hidden before the end": (
        lambda: xlsx(f'<row r="1048576">{cell("XFD1048576")}</row><row r="1">{cell("A1")}</row>' + " " * 70_000),
        WorkbookTooLarge,
    ),
    "a corner in a cell that looks empty": (
        lambda: xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576" a="/>"><v>1</v></c></row>'),
        WorkbookTooLarge,
    ),
    "a corner without a name": (
        lambda: xlsx(f'<row r="1">{cell("XFD1")}</row><row r="1048576"><c><v>1</v></c></row>'),
        WorkbookTooLarge,
    ),
    "a sheet under another name": (
        lambda: xlsx(f'<row r="1">{cell("A1")}</row><row r="9">{cell("XFD1048576")}</row>', at="media/a.png"),
        WorkbookTooLarge,
    ),
    "a sheet behind other bytes": (
        lambda: xlsx(f'<row r="1">{cell("XFD1048576")}</row>', prolog="PNG"),
        NotAWorkbook,
    ),
    "rows and cells repeated": (
        lambda: ods(
            "<table:table-row table:number-rows-repeated='1000000'>"
            + _WIDE.format("table:number-columns-repeated='999'")
            + "</table:table-row>"
        ),
        WorkbookTooLarge,
    ),
    "a billion blanks": (
        lambda: ods(
            "<table:table-row><table:table-cell office:value-type='string'><text:p>x<text:s text:c='2000000000'/>"
            "</text:p></table:table-cell></table:table-row>"
        ),
        WorkbookTooLarge,
    ),
    "a million columns": (lambda: b"Reference,Counterparty" + b",x" * 1_000_000 + b"\nA-1,Acme\n", WorkbookTooLarge),
    "a file of separators": (lambda: b"," * 2_000_000, EmptyWorkbook),
    "a file of line breaks": (
        lambda: b"Reference,Counterparty\n" + b"\n" * 2_000_000 + b"a,b\n" * 20_002,
        WorkbookTooLarge,
    ),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, NotAWorkbook),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", NotAWorkbook),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"),
        EncryptedWorkbook,
    ),
    "a password of an .ods": (
        lambda: zipped(
            **{"META-INF/manifest.xml": "<m><manifest:encryption-data xmlns:manifest='x'/></m>", "content.xml": "x"}
        ),
        EncryptedWorkbook,
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(data_dir=tmp_path_factory.mktemp("data"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return site.as_("mei")


def send(browser, content, name="register.xlsx"):
    return browser.post("/import", on="/import", files={"file": (name, content, "application/octet-stream")})


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(what):
    make, error = HOSTILE[what]
    data = make()
    most, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(error) as refused:
        read_workbook(data, "register.xlsx")
    assert refused.value.remedy
    assert time.process_time() - begun < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 300 * 1024  # KiB


@pytest.mark.parametrize("what", ["entities that expand", "an entity that reads a file"])
def test_entities_are_refused_where_they_are_declared_and_not_where_a_library_fails(what):
    with pytest.raises(NotAWorkbook, match="declares a document type of its own"):
        read_workbook(HOSTILE[what][0](), "register.xlsx")


@pytest.mark.parametrize(
    "what", ["a cell in the last corner", "an entity that reads a file", "a picture", "a page", "a password"]
)
def test_the_page_says_what_is_wrong_with_a_hostile_file_and_keeps_nothing_of_it(site, mei, what):
    answer = send(mei, HOSTILE[what][0]())
    assert answer.status_code == 422
    assert any(word in text_of(answer) for word in ("Save ", "Split ", "Name these two"))
    assert "Go on with" not in text_of(mei.get("/import"))
    uploads = site.pages.data_dir / "uploads"
    assert not uploads.is_dir() or list(uploads.iterdir()) == []


def test_a_name_with_folders_becomes_no_path(site, mei):
    answer = send(mei, b"Reference,Counterparty\nP-1,Acme\n", name="../../../outside.csv")
    page = mei.followed(answer)
    assert "outside.csv" in page.text
    assert "../" not in text_of(page)
    assert [path.name for path in site.pages.data_dir.rglob("*outside*")] == []
    kept = [path for path in (site.pages.data_dir / "uploads").rglob("*") if path.is_file()]
    assert {(path.name, oct(path.stat().st_mode & 0o777)) for path in kept} == {("file", "0o600")}
    mei.post(answer.headers["location"].replace("columns", "discard"))
    assert list((site.pages.data_dir / "uploads").iterdir()) == []


def test_a_body_that_is_too_large_is_refused(mei):
    answer = send(mei, b"x" * (22 * 1024 * 1024))
    assert answer.status_code == 413
    assert "too large" in text_of(answer)


def test_an_upload_that_breaks_off_leaves_nothing(site, mei):
    with site.served() as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as sender:
            sender.sendall(
                b"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                b"Content-Length: 100000\r\n\r\n--b\r\n"
                b"Content-Disposition: form-data; name=file; filename=a.csv\r\n\r\nRef"
            )
    assert "Go on with" not in text_of(mei.get("/import"))


def test_text_that_looks_like_a_formula_leaves_as_text(mei):
    formula = '=HYPERLINK("https://evil.example";"pay")'
    answer = send(
        mei, f'Reference;Counterparty;Title\nF-1;@SUM(A1);"{formula.replace(chr(34), chr(34) * 2)}"\n'.encode(), "f.csv"
    )
    columns = answer.headers["location"]
    check = mei.post(columns, on=columns).headers["location"]
    while "hx-get" in mei.get(check).text:
        time.sleep(0.05)
    mark = mei.get(check).text.partition('name="mark" value="')[2].partition('"')[0]
    result = mei.post(check.replace("check", "confirm"), on=check, mark=mark).headers["location"]
    while "hx-get" in mei.get(result).text:
        time.sleep(0.05)
    with zipfile.ZipFile(io.BytesIO(mei.get("/import/register.xlsx").content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert ">'=HYPERLINK(" in texts
    assert ">'@SUM(A1)<" in texts
