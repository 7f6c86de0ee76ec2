"""Imports by the programming interface: a file or rows are looked at, confirmed, and taken back."""

import base64
import io

import pytest
from openpyxl import load_workbook

from tests.support.program import Program
from tests.support.schemas import faults
from tests.support.site import Site

GOOD = (
    "Reference,Counterparty,Title,Owner,Start,Term\nIMP-1,Fjord AS,Hosting,mei@hallingdal.example,2026-01-01,2 years\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False, data_dir=tmp_path_factory.mktemp("data"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


def file(text, name="register.csv"):
    return {"file": {"name": name, "content": base64.b64encode(text.encode()).decode()}}


def references(program):
    return {one["reference"] for one in program.items("/agreements?limit=200")}


def test_a_file_is_looked_at_then_taken_in_then_taken_back(mei):
    brought = mei.post("/imports", file(GOOD))
    assert (brought.status_code, faults(brought.json())) == (201, [])
    looked = brought.json()["item"]
    assert (looked["is_dry_run"], looked["batch"], looked["counts"]["created"]) == (True, None, 1)
    assert "IMP-1" not in references(mei)
    done = mei.post(f"/imports/{looked['pending']}/confirm")
    assert (done.status_code, faults(done.json())) == (200, [])
    batch = done.json()["item"]["batch"]
    assert "IMP-1" in references(mei)
    assert mei.refused(f"/imports/{looked['pending']}/confirm") == (409, "overtaken")
    assert mei.item(f"/imports/{batch}")["file_name"] == "register.csv"
    assert [one["id"] for one in mei.items("/imports")] == [batch]
    undone = mei.post(f"/imports/{batch}/undo").json()
    assert (faults(undone), undone["item"]["undone"], undone["item"]["kept"]) == ([], ["IMP-1"], [])
    assert "IMP-1" not in references(mei)
    assert mei.refused(f"/imports/{batch}/undo") == (409, "already-undone")


def test_a_trial_keeps_nothing_and_can_be_confirmed_by_nobody(mei, site):
    looked = mei.done("/imports?dry_run=true", file(GOOD.replace("IMP-1", "IMP-2")), 201)
    assert (looked["pending"], looked["counts"]["created"]) == (None, 1)
    brought = mei.done("/imports", file(GOOD.replace("IMP-1", "IMP-2")), 201)
    tried = mei.done(f"/imports/{brought['pending']}/confirm?dry_run=true")
    assert (tried["is_dry_run"], "IMP-2" in references(mei)) == (True, False)
    other = Program(site, "Henrik")
    refused = other.post(f"/imports/{brought['pending']}/confirm").json()
    assert (refused["status"], refused["detail"]) == (404, f"There is no import that waits '{brought['pending']}'.")


def test_rows_are_brought_as_a_file_is_and_null_clears(mei):
    rows = [
        {"reference": "ROW-1", "counterparty": "=Acme", "title": "-", "note": "A note", "effective_on": "2026-01-01"},
        {"reference": "ROW-2", "counterparty": "Beta", "term": "2 years", "effective_on": "2026-02-01"},
    ]
    brought = mei.done("/imports", {"rows": rows}, 201)
    assert brought["counts"]["created"] == 2
    mei.done(f"/imports/{brought['pending']}/confirm")
    known = {one["reference"]: one["id"] for one in mei.items("/agreements?search=ROW")}
    first = mei.item(f"/agreements/{known['ROW-1']}")
    assert (first["counterparty"], first["title"], first["note"]) == ("=Acme", "-", "A note")
    again = mei.done("/imports", {"rows": rows}, 201)
    assert again["counts"]["unchanged"] == 2
    cleared = mei.done("/imports", {"rows": [{**rows[0], "note": None}]}, 201)
    assert [change["field"] for change in cleared["rows"][0]["changes"]] == ["note"]


def test_a_row_that_fails_is_told_at_its_cell_and_stands_in_the_corrections(mei):
    text = GOOD.replace("IMP-1", "IMP-4") + "IMP-5,Fjord AS,Hosting,nobody@nowhere.example,2026-01-01,2 yeers\n"
    brought = mei.done("/imports", file(text), 201)
    failed = next(one for one in brought["rows"] if one["reference"] == "IMP-5")
    assert {"register!F3"} <= {one["cell"] for one in failed["errors"]}
    done = mei.done(f"/imports/{brought['pending']}/confirm")
    assert (done["counts"]["created"], done["counts"]["failed"]) == (1, 1)
    answer = mei.http.get(done["corrections"])
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert next(cell.value for cell in next(sheet.iter_rows(min_row=2))) == "IMP-5"
    assert mei.get(f"/imports/{done['batch']}/corrections").content == answer.content


def test_the_same_key_imports_once(mei):
    brought = mei.done("/imports", file(GOOD.replace("IMP-1", "IMP-6")), 201)
    one = mei.post(f"/imports/{brought['pending']}/confirm", idempotency_key="imp-6")
    two = mei.post(f"/imports/{brought['pending']}/confirm", idempotency_key="imp-6")
    assert one.content == two.content
    assert two.headers["idempotent-replayed"] == "true"


def test_a_column_of_a_map_may_be_its_field_alone(mei):
    said = {"columns": {"No": "reference", "Partner": {"field": "counterparty"}}}
    looked = mei.done("/imports?dry_run=true", {**file("No,Partner\nMAP-7,Fjord AS\n"), "map": said}, 201)
    assert [(row["reference"], row["result"]) for row in looked["rows"]] == [("MAP-7", "created")]


def test_a_map_says_what_columns_are_and_a_wrong_one_is_refused(mei):
    text = "Vorgang;Gegenseite;Kdg.-Frist\nMAP-1;Fjord AS;3\n"
    said = {"columns": {"Vorgang": {"field": "reference"}, "Gegenseite": {"field": "counterparty"}}}
    said["columns"]["Kdg.-Frist"] = {"field": "notice_period", "unit": "months"}
    looked = mei.done("/imports?dry_run=true", {**file(text), "map": said}, 201)
    assert looked["counts"]["created"] == 1
    wrong = {"columns": {"Vorgang": {"field": "number"}}}
    assert mei.refused("/imports", {**file(text), "map": wrong}) == (422, "import-map")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({}, 422, "form-refused"),
        ({"file": {"name": "x.csv", "content": "no base64"}}, 422, "invalid"),
        (file("PK\x03\x04 no workbook", "x.xlsx"), 422, "not-a-workbook"),
        (file("a,b\n1,2\n"), 422, "no-header-row"),
        ({**file(GOOD), "quiet_until_on": "2027-11-01"}, 422, "form-refused"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason(mei, said, status, code):
    assert mei.refused("/imports", said) == (status, code)


def test_a_contributor_imports_their_own_and_sees_their_own_imports_alone(site, mei):
    tomas = Program(site, "Tomas")
    text = GOOD.replace("IMP-1", "IMP-7") + "IMP-8,Fjord AS,Hosting,tomas@hallingdal.example,2026-01-01,2 years\n"
    counts = tomas.done("/imports", file(text), 201)["counts"]
    assert (counts["created"], counts["failed"]) == (1, 1)
    assert tomas.items("/imports") == []
    brought = mei.done("/imports", file(GOOD.replace("IMP-1", "IMP-9")), 201)
    batch = mei.done(f"/imports/{brought['pending']}/confirm")["batch"]
    assert tomas.get(f"/imports/{batch}").status_code == 403
    assert tomas.refused(f"/imports/{batch}/undo") == (403, "forbidden")
    assert Program(site, "Amara").refused("/imports", file(GOOD)) == (403, "forbidden")
