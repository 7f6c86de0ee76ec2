"""Audits as programs meet them: asked with a link that is told once, received, accepted, found, tested again."""

from base64 import b64encode
from dataclasses import replace

import pytest

from engine.shelf import Shelf
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.schemas import faults
from tests.support.site import Site

ASK = {"to": "jane@acme.example", "name": "Jane Roe", "kind": "soc2-type-2", "due_on": "2026-12-18"}
FILE = b64encode(b"%PDF-1.7\nan auditor's words\n").decode()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False)
    made.app.state.site = made.pages = replace(
        made.pages, monitor=replace(made.monitor, shelf=Shelf(tmp_path_factory.mktemp("shelf")))
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return Program(site, "Olga")


@pytest.fixture
def path(site, request):
    return f"/audits/{registered(site, f'MSA-{abs(hash(request.node.name))}', 'olga')}"


def test_a_link_is_told_once_and_not_by_a_trial_nor_again_by_a_replay(olga, path):
    tried = olga.done(f"{path}/request-evidence?dry_run=true", ASK)
    assert (tried["is_dry_run"], tried["url"], tried["deadlines"]["new"]) == (True, None, 1)
    made = olga.post(f"{path}/request-evidence", ASK, idempotency_key=path)
    assert faults(made.json()) == []
    assert "/evidence-upload/" in made.json()["item"]["url"]
    again = olga.post(f"{path}/request-evidence", ASK, idempotency_key=path)
    assert (again.headers["idempotent-replayed"], again.json()["item"]["url"]) == ("true", None)
    whole = olga.get(path)
    assert faults(whole.json()) == []
    assert [one["state"] for one in whole.json()["item"]["evidence"]] == ["asked"]


def test_a_report_is_received_reviewed_and_accepted(olga, path):
    request = olga.done(f"{path}/request-evidence", ASK)["id"]
    assert request in {one["id"] for one in olga.items("/audits?is_open=true")}
    said = {"request": request, "name": "soc2.pdf", "content": FILE, "covers_until": "2026-09-30"}
    assert olga.done(f"{path}/receive", said)["state"] == "received"
    assert olga.done(f"{path}/review", {"request": request})["state"] == "under_review"
    assert olga.done(f"{path}/accept", {"request": request})["accepted_until"] == "2027-09-30"
    assert request not in {one["id"] for one in olga.items("/audits?is_open=true")}
    listed = olga.get("/audits").json()
    assert faults({name: value for name, value in listed.items() if name != "next_cursor"}) == []


@pytest.mark.parametrize(
    ("operation", "body", "refused"),
    [
        ("receive", {"kind": "other", "content": "###"}, (422, "form-refused")),
        ("receive", {"kind": "other", "content": b64encode(b"MZ").decode()}, (415, "unsupported-media-type")),
        ("receive", {"kind": "other"}, (422, "refused")),
        ("request-evidence", {"kind": "other"}, (422, "refused")),
        ("accept", {"request": "nobody"}, (404, "not-found")),
        ("add-right", {"every": "often", "due_on": "2027-06-30"}, (422, "refused")),
        ("add-right", {"every": " ", "due_on": "2027-06-30"}, (422, "invalid")),
        ("retest", {"finding": "f9", "result": "x"}, (404, "not-found")),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(olga, path, operation, body, refused):
    assert olga.refused(f"{path}/{operation}", body) == refused
    assert olga.item(path)["evidence"] == []


def test_a_right_and_a_finding_become_deadlines(olga, path):
    right = {"every": "1 year", "due_on": "2027-06-30", "notice": "60 days", "clause": "14.2"}
    assert olga.done(f"{path}/add-right", right)["rights"][0]["announce_by_on"] == "2027-04-30"
    found = {"text": "Backups are never restored", "remedy_by_on": "2027-01-29", "retest_by_on": "2027-02-26"}
    assert olga.done(f"{path}/finding", found)["deadlines"]["new"] == 2
    tested = olga.done(f"{path}/retest", {"finding": "f1", "result": "Seen"})
    assert tested["findings"][0]["state"] == "closed"
    assert olga.done(f"{path}/end-right", {"right": "a1", "because": "Certified"})["rights"][0]["ended_on"]


def test_a_token_that_only_reads_asks_nobody(site, path):
    reader = Program(site, "Olga", "read")
    assert reader.refused(f"{path}/request-evidence", ASK) == (403, "forbidden")
    assert Program(site, "Amara").refused(f"{path}/request-evidence", ASK) == (403, "forbidden")
