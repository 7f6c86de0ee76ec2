"""Importing through pages: a foreign register becomes agreements, step by step, and nothing typed is lost."""

import io
import re
import time
import zipfile
from dataclasses import replace
from html import unescape

import pytest

from config.import_maps import parse_import_map
from engine import operations as ops
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.workbook import read_workbook
from engine.uploading.seeing import seen
from lifecycle.people import Role
from tests.support.site import Site, text_of
from web.imports.asking import questions

HEADERS = "Vertragsliste 2026;;;;;;;;\nNr;Wer;Titel;Beginn;Laufzeit;Kündigungsfrist;Verlängerung;Wert;Verantwortlich\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(data_dir=tmp_path_factory.mktemp("data"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return site.as_("mei")


def register(count, prefix="V"):
    """A register of somebody else: other headers, unclear days, units and money, and cells that nobody can read."""
    rows = (
        f"{prefix}-{number:03};Firma {number} GmbH;Rahmenvertrag {number};03/04/2026;"
        f"{'zwo Jahre' if number % 9 == 4 else '2 Jahre'};{'60' if number % 2 else '3 Monate'};"
        f"{'ja, automatish' if number % 10 == 7 else 'automatisch'};{1000 * number + 500};mei@hallingdal.example\n"
        for number in range(count)
    )
    return (HEADERS + "".join(rows)).encode("cp1252")


def upload(browser, content, name="register.csv"):
    return browser.post("/import", on="/import", files={"file": (name, content, "text/csv")})


def plain(*rows):
    return "\n".join(("Reference,Counterparty,Title,Owner", *rows)).encode()


def begin(browser, content):
    """The address of an import whose columns are understood and that was tried."""
    columns = upload(browser, content).headers["location"]
    answer = browser.post(columns, on=columns)
    assert answer.status_code == 303, text_of(answer)
    return columns.removesuffix("/columns")


def take_in(browser, address, **typed):
    mark = value_of(ready(browser, f"{address}/check"), "mark")
    return browser.post(f"{address}/confirm", on=f"{address}/check", mark=mark, **typed)


def ready(browser, path):
    """A page, once what it waits for is over."""
    page = browser.get(path)
    while "hx-get" in page.text:
        time.sleep(0.05)
        page = browser.get(path)
    return page


def value_of(page, name):
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page.text)
    return unescape(found[1]) if found else ""


def known(site, reference):
    with site.look() as work:
        return work.agreements.find(reference)


def test_a_column_asks_about_a_cell_that_can_be_read_in_two_ways():
    cells = ["Reference,Title,Counterparty,Signed on", "A-1,One,Acme,[]/[]/2024", "A-2,Two,Acme,03/04/2026", ""]
    book = read_workbook("\n".join(cells).encode(), "register.csv")
    (question,) = questions(seen(book, {}).asking).values()
    assert question == "Signed on: is “03/04/2026” day first, or month first?"


def test_a_foreign_register_with_errors_is_corrected_and_taken_in(site, mei):
    columns = upload(mei, register(30)).headers["location"]
    assert "Say which column is the counterparty" in text_of(mei.get(columns))

    asked = mei.post(columns, on=columns, **{"field-1": "counterparty"})
    assert asked.status_code == 422
    for question in (
        "Beginn: is “03/04/2026” day first",
        "Kündigungsfrist: “60” of what? Write days, months or years.",
        "Wert: which money is “500”? Write EUR, USD, ...",
    ):
        assert question in text_of(asked)

    answer = mei.post(columns, on=columns, **{"dates-3": "dmy", "unit-5": "days", "unit-7": "eur"})
    check = answer.headers["location"]
    page = ready(mei, check)
    assert "24 New 0 Changed 0 Unchanged 6 Failed" in text_of(page)
    fields = {}
    for number in re.findall(r'name="mend-(\d+)"', page.text):
        fields[f"was-{number}"] = value_of(page, f"was-{number}")
        fields[f"cells-{number}"] = value_of(page, f"cells-{number}")
        fields[f"mend-{number}"] = {"zwo Jahre": "2 years", "ja, automatish": "automatic"}[fields[f"was-{number}"]]
    assert len(fields) == 6
    assert mei.post(check, on=check, **fields).headers["location"] == check
    assert "30 New 0 Changed 0 Unchanged 0 Failed" in text_of(ready(mei, check))
    assert known(site, "V-000") is None

    result = ready(mei, take_in(mei, check.removesuffix("/check")).headers["location"])
    assert "30 new, 0 changed, 0 unchanged, 0 failed." in text_of(result)
    made = known(site, "V-013")
    assert (str(made.effective_on), str(made.value.amount), made.value.currency) == ("2026-04-03", "13500.00", "EUR")

    batch = re.search(r"/import/batches/[^\"]+/undo", result.text)[0]
    assert "30 agreements go back" in text_of(mei.get(batch))
    assert known(site, "V-013") is not None
    assert "30 agreements are as before the import." in text_of(mei.followed(mei.post(batch, on=batch)))
    assert known(site, "V-013") is None


def test_a_contradiction_is_accepted_with_a_reason_and_not_written_over(site, mei):
    row = b"LEAVE-1,Acme,mei@hallingdal.example,2026-01-01,1 year,60 days\n"
    address = begin(mei, b"Reference,Counterparty,Owner,Start,Term,Notice\n" + row)
    page = ready(mei, f"{address}/check")
    assert 'name="accept-notice-without-renewal"' in page.text
    assert 'name="mend-0"' not in page.text
    reason = {"accept-notice-without-renewal": "It is a right to leave."}
    assert mei.post(f"{address}/check", on=f"{address}/check", **reason).status_code == 303
    ready(mei, take_in(mei, address).headers["location"])
    with site.look() as work:
        (accepted,) = work.agreements.find("LEAVE-1").accepted
    assert (accepted.code, accepted.because) == ("notice-without-renewal", "It is a right to leave.")


def test_of_more_than_a_hundred_the_number_is_typed(site, mei):
    address = begin(
        mei, plain(*(f"M-{number:03},Firma {number},Rahmen,mei@hallingdal.example" for number in range(101)))
    )
    assert "101 New" in text_of(ready(mei, f"{address}/check"))
    refused = take_in(mei, address, number="100")
    assert (refused.status_code, "Type 101 to take in 101 agreements." in text_of(refused)) == (422, True)
    assert (value_of(refused, "number"), known(site, "M-100")) == ("100", None)
    result = ready(mei, take_in(mei, address, number="101").headers["location"])
    assert "101 new, 0 changed, 0 unchanged, 0 failed." in text_of(result)
    assert known(site, "M-100") is not None


def test_what_was_said_of_columns_is_known_of_the_next_file_with_the_same_headers(mei):
    answer = upload(mei, register(3, "W"))
    columns = answer.headers["location"]
    assert 'value="dmy" selected' in mei.get(columns).text
    assert mei.post(columns, on=columns).status_code == 303


def test_the_map_that_is_downloaded_is_one_that_the_command_line_reads(mei):
    columns = upload(mei, register(2, "Y")).headers["location"]
    mei.post(columns, on=columns, **{"field-8": "", "all-owner": "olga@hallingdal.example"})
    text = mei.get(columns.replace("columns", "map.yaml")).text
    said = parse_import_map(text, "map.yaml", fields=[*AGREEMENT_FIELDS, "title_clause"])
    assert (said["header_row"], said["columns"]["Wer"]["field"], said["columns"]["Kündigungsfrist"]["unit"]) == (
        2,
        "counterparty",
        "days",
    )
    assert (said["ignore"], said["constants"]) == (["Verantwortlich"], {"owner": "olga@hallingdal.example"})


def brought(browser, content, text):
    files = {"file": ("r.csv", content, "text/csv"), "map": ("map.yaml", text, "application/yaml")}
    return browser.post("/import", on="/import", files=files)


def test_a_map_that_is_brought_along_answers_the_questions(mei):
    text = """
header_row: 2
columns:
  Wer: counterparty
  Beginn: {field: effective_on, dates: mdy}
  Kündigungsfrist: {field: notice_period, unit: weeks}
constants: {currency: CHF}
""".encode()
    columns = brought(mei, register(2, "Q"), text).headers["location"]
    money = value_of(mei.get(columns), "all-currency")
    check = mei.post(columns, on=columns, **{"all-currency": money}).headers["location"]
    assert "2 New 0 Changed 0 Unchanged 0 Failed" in text_of(ready(mei, check))
    kept = mei.get(columns.replace("columns", "map.yaml")).text
    assert '"unit": "weeks"' in kept
    assert '"dates": "mdy"' in kept


BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"colums: {}", "line 1"),
        (b"columns: {Wer: moon}", "moon"),
        (b"{" * 5000, "The map"),
        (b"\xff\xfe\x00", "The map"),
        (BOMB.encode(), "The map"),
        (f"{BOMB}columns: *m\n".encode(), "The map"),
        (b"x" * 300_000, "too large"),
    ],
)
def test_a_map_that_nobody_understands_is_refused_and_nothing_is_kept(mei, text, told):
    before = mei.get("/import").text.count("/discard")
    begun = time.process_time()
    answer = brought(mei, register(1, "X"), text)
    assert (answer.status_code, told in text_of(answer)) == (422, True)
    assert time.process_time() - begun < 5
    assert mei.get("/import").text.count("/discard") == before


def test_an_import_goes_on_where_it_was_left_and_is_nobody_elses(site, mei):
    address = begin(mei, plain("G-1,Acme,One,"))
    assert f'href="{address}"' in mei.get("/import").text
    assert mei.get(address).headers["location"] == f"{address}/check"
    other = site.as_("henrik")
    assert f'href="{address}"' not in other.get("/import").text
    for page in ("", "/check", "/columns", "/map.yaml", "/corrections.xlsx", "/progress"):
        assert other.get(f"{address}{page}").status_code == 404


def test_what_is_taken_in_is_what_was_looked_at(site, mei):
    address = begin(mei, plain("H-1,Acme,One,"))
    mark = value_of(ready(mei, f"{address}/check"), "mark")
    mei.post(f"{address}/check", on=f"{address}/check", quiet_until="2026-11-30")
    answer = mei.post(f"{address}/confirm", on=f"{address}/check", mark=mark)
    assert "Look at it once more" in text_of(mei.followed(answer))
    assert known(site, "H-1") is None
    ready(mei, take_in(mei, address).headers["location"])
    assert str(known(site, "H-1").quiet_until_on) == "2026-11-30"


def test_a_day_too_far_ahead_is_refused_and_stays_in_its_field(mei):
    address = begin(mei, plain("I-1,Acme,One,"))
    answer = mei.post(f"{address}/check", on=f"{address}/check", quiet_until="2027-05-01")
    assert (answer.status_code, value_of(answer, "quiet_until")) == (422, "2027-05-01")
    assert "Choose a day from today to 14 days ahead." in text_of(answer)


def test_the_rows_that_failed_come_as_a_file_that_imports_once_they_are_mended(mei):
    address = begin(mei, plain("J-1,Acme,One,nobody@x.example", "J-2,Beta,Two,"))
    ready(mei, f"{address}/check")
    book = read_workbook(mei.get(f"{address}/corrections.xlsx").content, "corrections.xlsx")
    assert [row[0] for row in book.sheets[0].rows] == ["Reference", "J-1"]
    mended = plain("J-1,Acme,One,olga@hallingdal.example")
    answer = mei.post(f"{address}/file", on=f"{address}/check", files={"file": ("mended.csv", mended, "text/csv")})
    assert "1 New 0 Changed 0 Unchanged 0 Failed" in text_of(ready(mei, answer.headers["location"]))


def test_a_restricted_agreement_is_no_more_than_a_reference_that_is_taken(site, mei):
    address = begin(mei, plain("K-1,Secret Partner,Project Falcon,henrik@hallingdal.example"))
    ready(mei, take_in(mei, address).headers["location"])
    with site.work() as work:
        agreement = work.agreements.find("K-1")
        ops.amend(work, replace(agreement, restricted_to=("henrik@hallingdal.example",)), because="sensitive")
    page = ready(mei, f"{begin(mei, plain('K-1,Somebody,Guess,'))}/check")
    assert "This reference is taken." in text_of(page)
    assert "Falcon" not in page.text
    assert "Secret Partner" not in page.text
    with zipfile.ZipFile(io.BytesIO(mei.get("/import/register.xlsx").content)) as archive:
        assert b"Falcon" not in archive.read("xl/sharedStrings.xml")


def test_a_contributor_imports_their_own_and_nobody_elses(site):
    with site.look() as work:
        mine = next(one for one in work.people.all() if one.role is Role.CONTRIBUTOR and not one.is_disabled)
    browser = site.as_(mine.email)
    address = begin(browser, plain(f"L-1,Acme,Mine,{mine.email}", "L-2,Acme,Theirs,mei@hallingdal.example"))
    page = text_of(ready(browser, f"{address}/check"))
    assert "1 New 0 Changed 0 Unchanged 1 Failed" in page
    assert "may not add or change agreements here" in page


def test_viewers_import_nothing(site):
    with site.look() as work:
        looking = [one for one in work.people.all() if one.role in {Role.VIEWER, Role.AUDITOR} and not one.is_disabled]
    browser = site.as_(looking[0].email)
    assert browser.get("/import").status_code == 403
    assert upload(browser, plain("M-1,Acme,One,")).status_code == 403


def test_only_an_admin_brings_people(site, mei, tmp_path):
    import xlsxwriter

    path = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {
            "agreements": (("Reference", "Counterparty"), ("N-1", "Acme")),
            "people": (("email", "role"), ("mei@hallingdal.example", "admin")),
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    chosen = upload(mei, path.read_bytes(), "people.xlsx").headers["location"]
    assert chosen.endswith("/sheet")
    columns = mei.post(chosen, on=chosen, sheet="agreements").headers["location"]
    address = mei.post(columns, on=columns).headers["location"].removesuffix("/check")
    assert "People are left out: only an admin changes people." in text_of(ready(mei, f"{address}/check"))
    ready(mei, take_in(mei, address).headers["location"])
    with site.look() as work:
        assert work.people.by_email("mei@hallingdal.example").role is Role.LEGAL


def test_what_is_exported_imports_again_unchanged(mei):
    content = mei.get("/import/register.xlsx").content
    sheet = upload(mei, content, "register.xlsx").headers["location"]
    columns = mei.post(sheet, on=sheet, sheet="agreements").headers["location"] if sheet.endswith("/sheet") else sheet
    page = text_of(ready(mei, mei.post(columns, on=columns).headers["location"]))
    assert re.search(r"0 New 0 Changed (\d+) Unchanged 0 Failed", page), page[:600]


def test_a_page_that_waits_says_how_far_it_is(site, mei):
    address = begin(mei, plain("O-1,Acme,One,"))
    ready(mei, f"{address}/check")
    upload_id = address.rpartition("/")[2]
    told = {"what": "trial", "done": 400, "of": 2000, "at": site.monitor.clock.now().isoformat()}
    folder = site.pages.data_dir / "uploads" / upload_id
    (folder / "progress.json").write_text(str(told).replace("'", '"'))
    page = mei.get(f"{address}/check")
    assert "400 of 2,000 rows" in text_of(page)
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert "400 of 2,000 rows" in mei.get(f"{address}/progress").text
    (folder / "progress.json").unlink()
    assert mei.get(f"{address}/progress").headers["hx-refresh"] == "true"
    assert "1 New" in text_of(mei.get(f"{address}/check"))


def test_the_template_is_a_workbook_with_every_column(mei):
    book = read_workbook(mei.get("/import/template.xlsx").content, "template.xlsx")
    assert set(AGREEMENT_FIELDS) <= set(book.sheets[0].rows[0])
