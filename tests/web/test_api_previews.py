"""How messages read and how the house is set, by the programming interface: nothing is sent that was only looked at."""

import base64
from copy import copy
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from engine import operations
from engine.access import setup
from engine.delivery.specimens import Specimen
from notifiers.slack.checking import Workspace
from tests.support.agreements import once
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site
from web.app import make_app
from web.frame.operator import Operator
from web.health import Watched

GOOD = "Reference,Counterparty,Owner,Start,Term\nIMP-1,Fjord AS,mei@hallingdal.example,2026-01-01,2 years\n"
SAYS = {
    Specimen.STEP: "by ",
    Specimen.CHANGED: "moved",
    Specimen.DIGEST: "Your deadlines ahead",
    Specimen.QUIET: "All quiet",
    Specimen.REQUEST: "Please pass this on to their contact",
    Specimen.INCIDENT: "This is how an incident reads",
    Specimen.TEST: "This is a test message",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False, data_dir=tmp_path_factory.mktemp("data"))
    registered(made, "ACME-7", "olga")
    registered(made, "SECRET-1", "dana", counterparty="Hidden AG", restricted_to="dana@hallingdal.example")
    yield made
    made.close()


@pytest.fixture(scope="module")
def henrik(site):
    return Program(site, "Henrik")


@pytest.fixture(scope="module")
def olga(site):
    return Program(site, "Olga")


@pytest.fixture(scope="module")
def notice(olga):
    """The address of a deadline with a ladder."""
    found = next(one for one in olga.items("/deadlines?search=acme") if one["kind"] == "notice")
    return f"/deadlines/{found['id']}"


def with_pages(site, **said):
    """The same house, told otherwise by its operator."""
    other = copy(site)
    other.pages = replace(site.pages, **said)
    watched = Watched(monitor=other.monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
    other.app = make_app(watched, site=other.pages)
    return other


def written(site):
    with site.look() as work:
        return len(work.deliveries.listed((), 1000))


@pytest.mark.parametrize("kind", list(Specimen))
def test_every_kind_of_message_can_be_looked_at_without_a_link_to_act(site, henrik, kind):
    before = written(site)
    told = henrik.item(f"/preview?kind={kind}&channel=email&reference=ACME-7")
    assert (told["kind"], told["reference"], told["to"]) == (kind, "ACME-7", "henrik@hallingdal.example")
    assert SAYS[kind] in told["text"]
    assert "/act/" not in told["text"] + told["html"]
    assert written(site) == before


@pytest.mark.parametrize("asked", ["channel=pigeon", "deadline=2222222222", "place=-1d.9.9", "reference=NO-SUCH"])
def test_what_is_asked_for_by_a_wrong_name_is_not_found(henrik, asked):
    assert henrik.get(f"/preview?kind=step&{asked}").status_code == 404


def test_a_kind_that_there_is_not_is_refused(henrik):
    assert henrik.get("/preview?kind=poem").status_code == 422


def test_nobody_but_an_admin_looks_at_every_kind_or_sets_the_house(site):
    mei = Program(site, "Mei")
    assert {mei.get(path).status_code for path in ("/preview", "/organisation")} == {403}
    changes = {"/organisation/amend": {"send_at": "08:00"}, "/channels/slack/ask": {}}
    assert {mei.refused(path, said) for path, said in changes.items()} == {(403, "forbidden")}


def test_no_preview_tells_an_admin_what_they_do_not_see(henrik):
    assert henrik.get("/preview?reference=SECRET-1").status_code == 404


def test_a_step_reads_as_it_will_be_for_its_own_recipient(olga, notice):
    first = olga.item(f"{notice}/preview")
    assert (first["to"], first["place"]) == ("olga@hallingdal.example", first["places"][0])
    last = olga.item(f"{notice}/preview?place={quote(first['places'][-1])}&channel=email")
    assert (last["place"], last["channel"]) == (first["places"][-1], "email")
    assert last["text"] != first["text"]
    assert "/act/" not in last["text"] + last["html"]
    assert olga.get(f"{notice}/preview?to=nobody@example.com").status_code == 404
    assert olga.get(f"{notice}/preview?place=-1d.9.9").status_code == 404


def test_of_a_deadline_that_came_long_after_its_day_it_is_said_that_nobody_is_told(site, olga):
    agreement_id = registered(site, "OLD-1", "olga", effective_on="2024-01-01")
    with site.work() as work:
        duty = once("return", "Return the samples", "2025-01-10", id="o1")
        operations.add_obligation(work, work.agreements.get(agreement_id), duty)
    (silent,) = [one for one in olga.items("/deadlines?search=OLD-1") if one["kind"] == "return"]
    answer = olga.get(f"/deadlines/{silent['id']}/preview")
    assert answer.status_code == 404
    assert "more than 30 days after its day" in answer.text


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(site, notice):
    before = written(site)
    amara = Program(site, "Amara")
    tried = amara.done(f"{notice}/send-test?dry_run=true")
    assert (tried["to"], tried["is_dry_run"], written(site)) == ("amara@hallingdal.example", True, before)
    assert amara.done(f"{notice}/send-test", {"place": tried["place"]})["to"] == "amara@hallingdal.example"
    newest = amara.items("/deliveries")[-1]
    assert (newest["kind"], newest["address"], written(site)) == ("test", "amara@hallingdal.example", before + 1)
    read = amara.item(f"/deliveries/{newest['id']}/text")
    assert "This is a test that somebody asked for" in read["text"]
    assert Program(site, "Tomas").get(f"/deliveries/{newest['id']}/text").status_code == 404
    assert Program(site, "Sofia").get(f"/deliveries/{newest['id']}/text").status_code == 404, (
        "it may name any agreement"
    )


def test_an_import_that_was_only_brought_is_given_up(site):
    mei = Program(site, "Mei")
    brought = {"file": {"name": "register.csv", "content": base64.b64encode(GOOD.encode()).decode()}}
    pending = mei.done("/imports", brought, 201)["pending"]
    assert mei.done(f"/imports/{pending}/discard?dry_run=true")["is_dry_run"] is True
    assert mei.done(f"/imports/{pending}/confirm?dry_run=true")["counts"]["created"] == 1, "it is still there"
    assert Program(site, "Henrik").refused(f"/imports/{pending}/discard") == (404, "not-found")
    assert mei.done(f"/imports/{pending}/discard")["file"] == "register.csv"
    assert mei.refused(f"/imports/{pending}/confirm") == (404, "not-found")


def test_feeds_end_for_somebody_and_then_for_everybody(site, henrik):
    for name in ("Olga", "Olga", "Mei"):
        Program(site, name).done("/feeds", {"name": "Mine"}, status=201)
    assert henrik.done("/feeds/revoke-all?dry_run=true")["revoked"] == 3
    assert henrik.done("/feeds/revoke-all", {"person": "olga@hallingdal.example"})["revoked"] == 2
    assert [one["person"] for one in henrik.items("/feeds")] == ["mei@hallingdal.example"]
    assert henrik.done("/feeds/revoke-all") == {"revoked": 1, "is_dry_run": False}
    assert Program(site, "Mei").refused("/feeds/revoke-all") == (403, "forbidden")


def test_slack_is_asked_what_the_bot_may_not_do(site, henrik):
    assert henrik.done("/channels/slack/ask")["is_set_up"] is False
    there = Operator(slack=lambda: Workspace("Hallingdal", ("chat:write",)))
    told = Program(with_pages(site, operator=there), "Henrik").done("/channels/slack/ask")
    assert (told["is_in"], told["team"], told["missing"]) == (True, "Hallingdal", ["chat:write"])


def test_the_house_is_chosen_bit_by_bit_and_what_the_settings_say_is_not(site, henrik):
    henrik.done("/organisation/amend", {"organisation": "Fjord AS", "send_at": "07:15"})
    told = henrik.done("/organisation/amend", {"calendar": "NO"})
    assert told["chosen"] == {"organisation": "Fjord AS", "time_zone": None, "calendar": "NO", "send_at": "07:15"}
    with site.look() as work:
        assert setup.choices_of(work).calendar == "NO"
    assert henrik.refused("/organisation/amend", {"calendar": "XX-YY"})[0] == 422
    assert henrik.refused("/organisation/amend", {"time_zone": "Mars/Base"}) == (422, "setup-refused")
    settled = Program(with_pages(site, fixed=frozenset({"send_at"})), "Henrik")
    assert settled.refused("/organisation/amend", {"send_at": "08:00"}) == (422, "form-refused")
    assert (settled.item("/organisation")["fixed"], henrik.item("/organisation")["fixed"]) == (["send_at"], [])
