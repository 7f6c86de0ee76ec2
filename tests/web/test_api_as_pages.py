"""What only pages could do once, by the programming interface: oneself, contacts, evidence packs, the log's chain."""

import base64
import hashlib
import zipfile
from dataclasses import replace
from datetime import time
from io import BytesIO

import pytest

from engine.evidence_pack.verifying import verify
from engine.shelf import Shelf
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site

SPAN = {"from_on": "2026-01-01", "until_on": "2026-12-31"}
JANE = {"name": "compliance", "email": "jane@acme.example", "person": "Jane Roe"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False)
    made.app.state.site = made.pages = replace(
        made.pages, monitor=replace(made.monitor, shelf=Shelf(tmp_path_factory.mktemp("shelf")))
    )
    registered(made, "ACME-7", "olga")
    registered(made, "SECRET-1", "dana", counterparty="Hidden AG", restricted_to="dana@hallingdal.example")
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return Program(site, "Olga")


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


@pytest.fixture(scope="module")
def sofia(site):
    return Program(site, "Sofia")


@pytest.fixture(scope="module")
def acme(site):
    with site.look() as work:
        return f"/counterparties/{work.counterparties.id_of('Acme Labs')}"


def test_whoever_asks_is_told_who_they_are_and_what_their_token_is_for(site):
    mine = Program(site, "Olga", "read").item("/me")
    assert (mine["email"], mine["scopes"], mine["theme"]) == ("olga@hallingdal.example", ["read"], "system")


def test_somebody_says_how_they_are_told_and_what_they_leave_out_stays(site, olga):
    told = olga.done("/me/amend", {"time_zone": "Asia/Tokyo", "send_at": "07:45", "digests": False, "theme": "dark"})
    assert told["result"] == "changed"
    changed = {"time_zone": "Asia/Tokyo", "send_at": "07:45", "digests": False, "theme": "dark"}
    assert changed.items() <= olga.item("/me").items()
    olga.done("/me/amend", {"channels": ["email", "email"]})
    with site.look() as work:
        known = work.people.get(site.people["Olga"])
    assert (known.channels, known.send_at, known.digests) == (("email",), time(7, 45), False)
    assert olga.done("/me/amend", {"send_at": None, "time_zone": None})["send_at"] is None
    after = olga.item("/me")
    assert (after["time_zone"], after["digests"], after["theme"]) == (None, False, "dark")


def test_what_is_tried_of_oneself_is_not_kept(olga):
    before = olga.item("/me")
    assert olga.done("/me/amend?dry_run=true", {"name": "Nobody", "with_keys": False})["name"] == "Nobody"
    assert olga.item("/me") == before


@pytest.mark.parametrize(
    "said", [{"channels": ["pigeon"]}, {"time_zone": "Mars/Base"}, {"theme": "pink"}, {"role": "admin"}, {"name": None}]
)
def test_what_cannot_be_of_oneself_is_refused(olga, said):
    assert olga.refused("/me/amend", said)[0] == 422


def test_a_token_that_only_reads_changes_nothing_of_its_person(site):
    assert Program(site, "Olga", "read").refused("/me/amend", {"name": "X"}) == (403, "forbidden")


def test_a_contact_is_named_changed_and_taken_away(mei, olga, acme):
    assert mei.done(f"{acme}/contacts", JANE, status=201) == JANE
    assert mei.done(f"{acme}/contacts", JANE, status=201) == JANE, "the same twice is once"
    assert mei.refused(f"{acme}/contacts", JANE | {"email": "joe@acme.example"}) == (409, "already-there")
    changed = mei.done(f"{acme}/contacts/amend", {"name": "Compliance", "email": "joe@acme.example"})
    assert changed == JANE | {"email": "joe@acme.example"}
    assert mei.done(f"{acme}/contacts/amend", {"name": "compliance", "person": None})["person"] is None
    assert olga.items(f"{acme}/contacts") == [JANE | {"email": "joe@acme.example", "person": None}]
    assert mei.done(f"{acme}/contacts/end", {"name": "compliance"})["email"] is None
    assert olga.items(f"{acme}/contacts") == []


def test_who_is_nobody_there_is_neither_changed_nor_taken_away(mei, acme):
    assert mei.refused(f"{acme}/contacts/amend", {"name": "nobody", "email": "x@acme.example"}) == (404, "not-found")
    assert mei.refused(f"{acme}/contacts/end", {"name": "nobody"}) == (404, "not-found")
    assert mei.refused(f"{acme}/contacts", JANE | {"email": "jane"}) == (422, "refused")


def test_an_owner_reads_contacts_and_names_none(olga, acme):
    assert olga.refused(f"{acme}/contacts", JANE) == (403, "forbidden")


def test_of_a_counterparty_that_is_not_seen_nothing_is_told_and_nothing_changed(site, mei):
    with site.look() as work:
        hidden = f"/counterparties/{work.counterparties.id_of('Hidden AG')}"
    assert mei.get(f"{hidden}/contacts").status_code == 404
    assert mei.refused(f"{hidden}/contacts", JANE) == (404, "not-found")
    assert Program(site, "Dana").items(f"{hidden}/contacts") == []


def test_a_pack_is_taken_along_whole_and_noted_with_its_seal(sofia, tmp_path):
    before = len(sofia.items("/evidence"))
    answer = sofia.post("/evidence", SPAN)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="evidence-2026-01-01-2026-12-31.zip"'
    path = tmp_path / "pack.zip"
    path.write_bytes(answer.content)
    seal = answer.headers["longstop-seal"]
    assert verify(path, seal=seal).damages == ()
    assert "SECRET-1" not in zipfile.ZipFile(BytesIO(answer.content)).read("register.jsonl").decode()
    *_, newest = sofia.items("/evidence")
    told = (newest["seal"], newest["by"], newest["agreements"], newest["restricted_to_others"])
    assert told == (seal, "sofia@hallingdal.example", 1, 1)
    assert sofia.item(f"/evidence/{newest['position']}") == newest
    assert len(sofia.items("/evidence")) == before + 1


def test_a_trial_of_a_pack_tells_what_would_be_in_it_and_is_not_noted(sofia):
    before = sofia.items("/evidence")
    told = sofia.done("/evidence?dry_run=true", SPAN)
    assert (told["file"], told["agreements"], told["restricted_to_others"]) == (None, 1, 1)
    assert told["rows"]["register.jsonl"] == 1
    assert sofia.items("/evidence") == before


def test_days_in_the_wrong_order_make_no_pack(sofia):
    before = sofia.items("/evidence")
    assert sofia.refused("/evidence", {"from_on": "2026-12-31", "until_on": "2026-01-01"}) == (422, "usage")
    assert sofia.refused("/evidence", SPAN | {"search": "x:y"})[0] == 422
    assert sofia.items("/evidence") == before
    assert sofia.get("/evidence/0").status_code == 404


def test_what_others_searched_for_is_not_told_to_those_who_do_not_see_all(site, sofia):
    assert Program(site, "Henrik").post("/evidence", SPAN | {"search": "zanzibar"}).status_code == 200
    assert "zanzibar" not in sofia.get("/evidence").text


def test_an_owner_takes_no_evidence_along_and_walks_no_log(olga):
    assert olga.get("/evidence").status_code == 403
    assert olga.refused("/evidence", SPAN) == (403, "forbidden")
    assert olga.refused("/log/verify") == (403, "forbidden")


def test_the_chain_is_walked_and_its_head_told(site, sofia):
    told = sofia.done("/log/verify")
    with site.look() as work:
        assert (told["position"], told["head"]) == work.log.head()
    assert (told["is_whole"], told["events"]) == (True, told["position"])


def test_whoever_leaves_hands_over_what_they_own(site):
    henrik = Program(site, "Henrik")
    registered(site, "LARS-1", "lars", counterparty="Beta AG")
    path = f"/people/{site.people['Lars']}/end"
    assert henrik.refused(path, {"to": "lars@hallingdal.example"})[0] == 422
    told = henrik.done(path, {"to": "tomas@hallingdal.example"})
    assert (told["is_disabled"], told["handed_over"]["agreements"]) == (True, 1)
    with site.look() as work:
        assert work.agreements.find("LARS-1").owner_id == site.people["Tomas"]


def test_nobody_is_their_own_manager_and_a_manager_can_be_taken_away(site):
    henrik, path = Program(site, "Henrik"), f"/people/{site.people['Amara']}/amend"
    assert henrik.done(path, {"manager": "mei@hallingdal.example"})["manager"] == "mei@hallingdal.example"
    assert henrik.refused(path, {"manager": "amara@hallingdal.example"}) == (422, "form-refused")
    assert henrik.done(path, {"name": "Amara"})["manager"] == "mei@hallingdal.example"
    assert henrik.done(path, {"manager": ""})["manager"] is None


def test_a_file_proves_that_it_is_done_and_can_be_taken_along_again(site, olga):
    one = next(row for row in olga.items("/deadlines?search=acme") if row["kind"] == "notice")
    path, content = f"/deadlines/{one['id']}/done", b"%PDF-1.7 a receipt"
    assert olga.refused(path, {"file": {"name": "receipt.pdf", "content": "no base64"}}) == (422, "invalid")
    assert olga.refused(path, {})[0] == 422
    proof = {"name": "receipt.pdf", "content": base64.b64encode(content).decode()}
    done = olga.done(path, {"file": proof, "evidence": "By courier"})
    told = f"By courier; receipt.pdf (sha256 {hashlib.sha256(content).hexdigest()})"
    assert (done["result"], done["deadline"]["outcome"]["evidence"]) == ("applied", told)
    with site.look() as work:
        acme = work.agreements.find("ACME-7").id
    (kept,) = olga.items(f"/documents?agreement_id={acme}")
    assert (kept["milestone_id"], kept["purpose"]) == (one["id"], "evidence")
    taken = olga.get(f"/documents/{acme}/{kept['id']}/content")
    assert (taken.content, taken.headers["x-content-type-options"]) == (content, "nosniff")
    assert "receipt.pdf" in taken.headers["content-disposition"]
    assert olga.get(f"/documents/{acme}/2222222222/content").status_code == 404
