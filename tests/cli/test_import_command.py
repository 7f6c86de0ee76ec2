"""``import`` and ``export``: a spreadsheet in, the same spreadsheet out."""

from dataclasses import replace

import pytest
import xlsxwriter

from cli.imports import undo
from cli.main import Given
from cli.render import Terminal
from cli.run import Asked, Run
from engine.clock import VirtualClock
from store.turns import Turns

OLGA = "olga@example.com"
HEAD = "reference,counterparty,kind,owner,effective_on,term,renewal,notice_period\n"
ACME = "ACME-7,Acme Labs,NDA,olga@example.com,2026-02-01,12 months,automatic,60 days\n"
BETA = "BETA-1,Beta,MSA,ben@example.com,2026-03-01,24 months,automatic,90 days\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(HEAD + ACME + BETA)
    return path


def results(answer):
    return {row["reference"]: row["result"] for row in answer.item["rows"]}


def test_importing_twice_changes_nothing_the_second_time(longstop, file):
    assert results(longstop("import", file, "--json")) == {"ACME-7": "created", "BETA-1": "created"}
    again = longstop("import", file, "--json")
    assert again.item["counts"] == {"created": 0, "amended": 0, "unchanged": 2, "skipped": 0, "failed": 0}


def test_rows_of_sums_are_skipped_and_said_to_be_unless_the_register_knows_them(longstop, tmp_path):
    path = tmp_path / "register.csv"
    head = "reference,counterparty,value,currency\n"
    path.write_text(f"{head}ACME-7,Acme Labs,1000,EUR\nSumme,,1000,EUR\n,,1000,\n")
    answer = longstop("import", path, "--json")
    assert [(row["row"], row["result"], [one["code"] for one in row["warnings"]]) for row in answer.item["rows"]] == [
        (2, "created", ["no-first-day", "unknown-end"]), (3, "skipped", ["totals_row"]), (4, "skipped", ["totals_row"]),
    ]  # fmt: skip
    assert answer.item["counts"]["skipped"] == 2
    assert 'register!A3 "Summe": This row adds up others: skipped.' in longstop("import", path).out
    path.write_text(f"{head}Summe,Summe GmbH,1,EUR\n")
    longstop("import", path)
    path.write_text(f"{head}Summe,,1000,EUR\n")
    assert results(longstop("import", path, "--json")) == {"Summe": "amended"}


def test_one_edited_cell_amends_one_agreement(longstop, file):
    longstop("import", file)
    file.write_text(HEAD + ACME.replace("60 days", "90 days") + BETA)
    answer = longstop("import", file, "--json")
    assert results(answer) == {"ACME-7": "amended", "BETA-1": "unchanged"}
    assert answer.item["deadlines"]["moved"] > 0


def test_a_dry_run_keeps_nothing_and_has_no_batch(longstop, file):
    answer = longstop("import", file, "--dry-run", "--json")
    assert (answer.item["batch"], answer.item["counts"]["created"]) == (None, 2)
    assert longstop("agreement", "list", "--json").items == []
    assert longstop("import", "--list", "--json").items == []


def test_a_bad_row_is_told_at_its_cell_and_stops_no_other(longstop, file, tmp_path):
    file.write_text(HEAD + ACME.replace("60 days", "60") + BETA)
    mended = tmp_path / "mend.xlsx"
    answer = longstop("import", file, "--corrections", mended, "--json", expect=5)
    assert results(answer) == {"ACME-7": "failed", "BETA-1": "created"}
    (error,) = answer.item["rows"][0]["errors"]
    assert (error["cell"], error["code"]) == ("register!H2", "unit_missing")
    assert error["remedy"]
    assert mended.exists()


def test_the_same_is_said_in_words(longstop, file):
    file.write_text(HEAD + ACME.replace("60 days", "60"))
    out = longstop("import", file, expect=5).out
    assert 'register!H2 "60"' in out
    assert "failed 1" in out
    assert out.splitlines()[-1] == (
        "1 row has failed; the errors above say why. Mend register.csv and import it again, which leaves alone what "
        "was taken in; or say --corrections OUT.xlsx for a workbook of what failed."
    )


def test_what_failed_is_said_to_stand_in_the_corrections(longstop, file, tmp_path):
    file.write_text(HEAD + ACME.replace("60 days", "60"))
    out = longstop("import", file, "--corrections", tmp_path / "mend.xlsx", expect=5).out
    told = f"What failed stands in {tmp_path / 'mend.xlsx'}: mend it there and import that file."
    assert out.splitlines()[-1] == f"1 row has failed; the errors above say why. {told}"


def test_the_corrections_add_whoever_is_missing_as_they_are(longstop, file, tmp_path):
    mended = tmp_path / "mend.xlsx"
    file.write_text(HEAD + ACME.replace("olga@", "newcomer@") + BETA.replace("ben@", "newcomer@"))
    failed = longstop("import", file, "--corrections", mended, "--json", expect=5).item
    told = {error["remedy"] for row in failed["rows"] for error in row["errors"]}
    assert [one.partition(":")[0] for one in told] == ["Correct it, or add them first"]
    assert results(longstop("import", mended, "--json")) == {"ACME-7": "created", "BETA-1": "created"}
    assert [one["email"] for one in longstop("person", "list", "--json").items if "newcomer" in one["email"]] == [
        "newcomer@example.com"
    ]


def test_columns_that_contradict_each_other_end_with_what_to_do(longstop, file):
    file.write_text(HEAD.replace("kind", "owner") + ACME)
    last = longstop("import", file, expect=5).out.splitlines()[-1]
    assert last == "The errors above are about the whole file: mend register.csv and import it again."


def test_an_import_is_taken_back_but_for_what_was_changed_since(longstop, file):
    batch = longstop("import", file, "--json").item["batch"]
    longstop("agreement", "amend", "BETA-1", "--set", "title=Hosting", "--because", "x")
    undone = longstop("import", "--undo", batch, "--json", expect=5)
    assert (undone.item["undone"], undone.item["kept"]) == (["ACME-7"], ["BETA-1"])
    assert [one["reference"] for one in longstop("agreement", "list", "--json").items] == ["BETA-1"]
    longstop("import", "--undo", batch, "--json", expect=4)
    longstop("import", "--undo", "nothing", "--json", expect=3)


def test_a_map_says_what_columns_mean(longstop, tmp_path):
    file, columns = tmp_path / "own.csv", tmp_path / "map.yaml"
    file.write_text("No;Partner;From;Kdg\nX-1;Acme;03/04/2026;3\n")
    columns.write_text(
        "dates: mdy\ncolumns: {No: reference, Partner: counterparty, From: effective_on, "
        "Kdg: {field: notice_period, unit: months}}\n"
        "constants: {owner: olga@example.com, term: 12 months, renewal: automatic}\n"
    )
    longstop("import", file, "--map", columns)
    item = longstop("agreement", "show", "X-1", "--json").item
    assert (item["effective_on"], item["owner"]["email"]) == ("2026-03-04", "olga@example.com")


def test_what_goes_out_comes_in_unchanged(longstop, file, tmp_path):
    longstop("import", file)
    out = tmp_path / "out.xlsx"
    assert longstop("export", out, "--json").item["agreements"] == 2
    assert set(results(longstop("import", out, "--json")).values()) == {"unchanged"}


def test_a_file_that_is_no_spreadsheet_is_found_wrong(longstop, tmp_path):
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert longstop("import", picture, "--json", expect=5).document["remedy"]


@pytest.mark.parametrize("words", [(), ("--list", "--undo", "x"), ("--quiet-until", "+40d", "FILE")])
def test_an_import_is_one_thing_at_a_time(longstop, file, words):
    longstop("import", *(file if word == "FILE" else word for word in words), expect=2)


def test_the_empty_workbook_can_be_filled_in(longstop, tmp_path):
    longstop("import", "--template", tmp_path / "empty.xlsx", "--json")
    assert (tmp_path / "empty.xlsx").stat().st_size > 1000


@pytest.mark.parametrize(
    "words",
    [
        ("import", "--template", "OUT"),
        ("import", "FILE", "--corrections", "OUT"),
        ("export", "OUT"),
        ("feed", "render", "--out", "OUT"),
    ],
)
def test_what_lies_where_a_file_is_asked_for_stays_and_nothing_is_done(longstop, file, tmp_path, words):
    file.write_text(HEAD + ACME.replace("60 days", "60") + BETA)
    out = tmp_path / "out"
    out.write_text("the last good one")
    asked = [{"OUT": out, "FILE": file}.get(word, word) for word in words]
    told = longstop(*asked, "--json", expect=4).document
    assert (told["code"], str(out) in told["detail"], bool(told["remedy"])) == ("already-there", True, True)
    assert out.read_text() == "the last good one"
    assert longstop("agreement", "list", "--json").items == []


def test_a_place_for_corrections_that_is_none_is_found_before_anything_is_taken_in(longstop, file, tmp_path):
    out = tmp_path / "missing" / "mend.xlsx"
    assert "missing/mend.xlsx" in longstop("import", file, "--corrections", out, expect=1).err
    assert longstop("import", "--list", "--json").items == []


def test_where_no_row_has_failed_no_file_is_left(longstop, file, tmp_path):
    before = set(tmp_path.iterdir())
    answer = longstop("import", file, "--corrections", tmp_path / "mend.xlsx", "--json")
    assert (answer.item["corrections"], set(tmp_path.iterdir()) - before) == (None, set())


class Doorkeeper(Terminal):
    """Holds the turn to write until somebody says that they wait for it."""

    def __init__(self, turns):
        super().__init__()
        self.notes, self.turns = [], turns
        turns.__enter__()

    def note(self, text):
        self.notes.append(text)
        self.turns.__exit__(None, None, None)


def test_taking_back_waits_for_its_turn_and_says_so(longstop, file, monkeypatch):
    batch = longstop("import", file, "--json").item["batch"]
    if longstop.url:
        monkeypatch.setenv("LONGSTOP_DATABASE_URL", longstop.url)
    with Run(Given(data_dir=longstop.data_dir, clock=VirtualClock(longstop.now)), Asked()) as run:
        turns = Turns(0.001)
        monitor = replace(run.monitor, database=replace(run.monitor.database, turns=turns))
        waiting = run.on(monitor)
        waiting.terminal = Doorkeeper(turns)
        assert undo(waiting, batch) == 0
    assert ["waits for its turn" in one for one in waiting.terminal.notes] == [True]
    assert longstop("agreement", "list", "--json").items == []


def test_who_may_not_add_may_not_import(longstop, file):
    longstop("import", file, "--as", "mia@example.com", "--json", expect=4)


def test_people_of_whom_no_role_is_said_are_told_of_once(longstop, tmp_path):
    path = tmp_path / "register.xlsx"
    people = ("zoe@example.com", ""), (OLGA, ""), ("yan@example.com", ""), ("xu@example.com", "legal")
    with xlsxwriter.Workbook(path) as book:
        for name, cells in (("agreements", (("reference", "counterparty"),)), ("people", (("email", "role"), *people))):
            sheet = book.add_worksheet(name)
            for number, cell in enumerate(cells):
                sheet.write_row(number, 0, cell)
    (told,) = longstop("import", path, "--json").item["findings"]
    assert (told["cell"], told["code"]) == ("people!B2", "role_assumed")
    assert told["message"] == "2 people have no role: viewer, who reads, and answers what they are asked."
    assert longstop("import", path, "--json").item["findings"] == []


def test_an_import_in_somebodys_name_has_their_rights_and_brings_no_people(longstop, tmp_path):
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {
            "agreements": (
                ("reference", "counterparty", "owner"),
                ("N-1", "Acme", OLGA),
                ("N-2", "Acme", "ben@example.com"),
            ),
            "people": (("email", "role"), (OLGA, "admin")),
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    longstop("person", "role", OLGA, "contributor")
    answer = longstop("import", path, "--as", OLGA, "--json", expect=5)
    assert results(answer) == {"N-1": "created", "N-2": "failed"}
    (olga,) = [one for one in longstop("person", "list", "--json").items if one["email"] == OLGA]
    assert olga["role"] == "contributor"


def test_quiet_days_are_kept(longstop, file):
    assert longstop("import", file, "--quiet-until", "+7d", "--json").item["quiet_until_on"] == "2026-11-29"
