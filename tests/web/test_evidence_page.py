"""``/evidence``: who may take evidence along, what they get, and what the page says of it."""

import pytest

from engine.evidence_pack.verifying import verify
from tests.support.databases import unguard
from tests.support.packs import Unpacked
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site, text_of

SPAN = {"from": "2026-01-01", "until": "2026-12-31"}


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def taken(site, tmp_path_factory):
    """What the auditor gets."""
    answer = site.as_("sofia").post("/evidence", **SPAN)
    assert answer.status_code == 200, text_of(answer)
    assert "longstop-log-broken-at" not in answer.headers
    path = tmp_path_factory.mktemp("taken") / "pack.zip"
    path.write_bytes(answer.content)
    return answer, path


def test_an_auditor_gets_a_pack_that_is_whole(taken):
    answer, path = taken
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="evidence-2026-01-01-2026-12-31.zip"'
    found = verify(path)
    assert found.damages == ()
    assert found.rows["register.jsonl"] > 20


def test_the_page_lists_the_pack_with_its_seal(site, taken):
    page = text_of(site.as_("mei").get("/evidence"))
    assert verify(taken[1]).seal in page
    assert "sofia@" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"from": "soon"}, 'From: "soon" is no day. Write days as 2026-12-01.'),
        ({"until": "9999-12-31"}, "Until: 31 Dec 9999 is outside 1900 to 2200. Check the year;"),
        ({"as_of": "1899-12-31"}, "As known on: 31 Dec 1899 is outside 1900 to 2200. Check the year;"),
    ],
)
def test_a_day_of_which_no_pack_can_be_made_is_named_with_its_place(site, wrong, told):
    answer = site.as_("sofia").post("/evidence", **SPAN | wrong)
    assert (answer.status_code, told in text_of(answer)) == (422, True), text_of(answer)


def test_what_others_searched_for_is_not_told_to_those_who_do_not_see_all(site):
    assert site.as_("mei").post("/evidence", **SPAN, search="zanzibar").status_code == 200
    assert "zanzibar" in site.as_("mei").get("/evidence").text
    assert "zanzibar" not in site.as_("sofia").get("/evidence").text


def test_a_pack_has_nothing_that_its_reader_may_not_see(site, taken):
    with site.look() as work:
        (sofia,) = [one for one in work.people.all() if one.email.startswith("sofia")]
        unseen = [one for one in work.agreements.all() if one.restricted_to and sofia.id not in one.restricted_to]
    pack = Unpacked(taken[1])
    there = {row["reference"] for row in pack.rows("register.jsonl")}
    assert unseen
    assert there.isdisjoint({one.reference for one in unseen})
    content = b"".join(pack.files.values())
    assert [one.reference for one in unseen if one.id.encode() in content] == []
    assert pack.manifest["agreements"]["restricted_to_others"] == len(unseen)


def test_a_span_that_is_none_is_said_at_the_form_and_nothing_typed_is_lost(site):
    answer = site.as_("mei").post("/evidence", **SPAN | {"until": "2025-01-01", "search": "tag:critical"})
    assert answer.status_code == 422
    assert "1 Jan 2026 is after 1 Jan 2025." in text_of(answer)
    assert 'value="tag:critical"' in answer.text


@pytest.mark.parametrize("name", ["olga", "amara"])
def test_others_neither_see_the_page_nor_get_a_pack(site, name):
    browser = site.as_(name)
    assert browser.get("/evidence").status_code == 403
    assert browser.post("/evidence", **SPAN).status_code == 403
    assert 'href="/evidence"' not in browser.get("/reports").text


@pytest.fixture
def broken():
    """A house in which somebody has changed an event behind its back."""
    made = Site(filled=False)
    registered(made, "ACME-7", "olga")
    with made.monitor.database.writing() as connection:
        unguard(connection, "events")
        connection.exec_driver_sql("UPDATE events SET actor = 'nobody' WHERE position = 3")
    yield made
    made.close()


def test_a_pack_of_a_broken_log_is_made_for_who_asks_once_more(broken, tmp_path):
    sofia = broken.as_("sofia")
    answer = sofia.post("/evidence", **SPAN, search="tag:critical")
    assert answer.status_code == 422
    assert "The log is broken at position 3. No pack was made yet." in text_of(answer)
    assert "Make it all the same" in text_of(answer)
    assert 'value="tag:critical"' in answer.text
    assert "No pack was made yet." in text_of(sofia.get("/evidence"))
    taken = sofia.post("/evidence", **SPAN, all_the_same="on")
    assert (taken.status_code, taken.headers["longstop-log-broken-at"]) == (200, "3")
    (tmp_path / "pack.zip").write_bytes(taken.content)
    assert Unpacked(tmp_path / "pack.zip").manifest["log_broken_at"] == 3
    again = text_of(sofia.get("/evidence"))
    assert taken.headers["longstop-seal"] in again
    assert "Make it all the same" not in again


def test_a_program_is_told_with_the_pack_where_the_log_is_broken(broken):
    sofia = Program(broken, "Sofia")
    span = {"from_on": SPAN["from"], "until_on": SPAN["until"]}
    assert sofia.post("/evidence", span).headers["longstop-log-broken-at"] == "3"
    assert sofia.done("/evidence?dry_run=true", span)["log_broken_at"] == 3


def test_reports_lead_there(site):
    assert 'href="/evidence"' in site.as_("sofia").get("/reports").text
