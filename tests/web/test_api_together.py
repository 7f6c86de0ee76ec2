"""What pages do with many at once, with a fact and with a kept list, by the programming interface; and duties."""

from itertools import count

import pytest

from tests.support.program import Program
from tests.support.site import Site

NUMBERS = count(1)


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


def open_ones(mei, number):
    found = [one for one in mei.get("/deadlines?limit=200").json()["items"] if one["state"] == "open"]
    return [{"id": one["id"], "revision": one["revision"]} for one in found[:number]]


def test_many_are_answered_at_once_and_one_that_is_refused_stops_no_other(mei):
    good, moved, *_ = open_ones(mei, 2)
    said = {"operation": "ack", "deadlines": [good, {**moved, "revision": moved["revision"] + 1}, {"id": "nobody"}]}
    tried = mei.post("/deadlines/bulk?dry_run=true", said).json()
    done = mei.post("/deadlines/bulk", said).json()
    assert [(one["id"], one["is_good"], one["result"]) for one in done["items"]] == [
        (good["id"], True, "applied"),
        (moved["id"], False, "stale"),
        ("nobody", False, "not-found"),
    ]
    assert (done["answered"], done["refused"], tried["is_dry_run"]) == (1, 2, True)
    assert [one["result"] for one in tried["items"]] == [one["result"] for one in done["items"]]
    states = [mei.item(f"/deadlines/{one['id']}")["state"] for one in (good, moved)]
    assert states == ["acknowledged", "open"]


def test_what_is_missing_for_all_is_said_at_its_field_and_answers_none(mei):
    before = open_ones(mei, 3)
    answer = mei.post("/deadlines/bulk", {"operation": "waive", "deadlines": before})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/because")
    assert open_ones(mei, 3) == before


def test_who_may_not_is_told_so_of_each(site, mei):
    amara = Program(site, "Amara")
    said = {"operation": "verify", "deadlines": open_ones(mei, 2)}
    answer = amara.post("/deadlines/bulk", said)
    assert [one["result"] for one in answer.json()["items"]] == ["forbidden", "forbidden"]


def test_a_fact_that_was_compared_verifies_every_day_that_rests_on_it(mei):
    agreement = mei.items("/agreements?search=SVC-012")[0]["id"]
    fact = next(one for one in mei.items(f"/agreements/{agreement}/facts") if one["fact"] and one["unverified"])
    tried = mei.done(f"/agreements/{agreement}/verify?dry_run=true", {"fact": fact["fact"]})
    done = mei.done(f"/agreements/{agreement}/verify", {"fact": fact["fact"]})
    assert (tried["verified"], done["verified"]) == (fact["unverified"], fact["unverified"])
    left = {one["fact"]: one["unverified"] for one in mei.items(f"/agreements/{agreement}/facts")}
    assert left[fact["fact"]] == 0
    assert mei.refused(f"/agreements/{agreement}/verify", {"fact": "moon"}) == (422, "form-refused")


def test_a_view_is_kept_for_oneself_alone(site, mei):
    kept = mei.done("/views", {"name": "Soon", "query": "within=30&q=acme&nonsense=1"}, 201)
    assert kept["path"] == "/deadlines?q=acme&within=30"
    assert "Soon" in site.as_("mei").get("/deadlines").text
    assert Program(site, "Amara").items("/views") == []
    assert Program(site, "Amara").refused(f"/views/{kept['id']}/drop") == (404, "not-found")
    assert mei.refused("/views", {"name": "Wrong", "query": "q=foo:bar"}) == (422, "usage")
    mei.done(f"/views/{kept['id']}/drop")
    assert mei.items("/views") == []


@pytest.fixture
def duty(mei):
    """A yearly report of an agreement of its own: the agreement's id, and the duty's path."""
    fields = {"reference": f"DUTY-{next(NUMBERS)}", "counterparty": "Acme", "effective_on": "2026-01-01"}
    agreement = mei.done("/agreements", {"fields": fields}, 201)["id"]
    said = {"agreement_id": agreement, "name": "Report", "due_on": "2026-12-01", "every": "1 year"}
    mei.done("/obligations", said, 201)
    return agreement


def days(mei, reference_of):
    reference = mei.item(f"/agreements/{reference_of}")["reference"]
    found = mei.items(f"/deadlines?search={reference}&until_on=2028-06-30&state=open&state=done")
    return [(one["safe_on"], one["state"]) for one in found]


def test_a_duty_moves_with_its_days_and_says_why(mei, duty):
    said = {"agreement_id": duty, "due_on": "2027-02-01", "because": "Both agreed"}
    done = mei.done("/obligations/o1/amend", said)
    assert {(one["old_on"], one["new_on"]) for one in done["moved"]} >= {("2026-12-01", "2027-02-01")}
    assert days(mei, duty) == [("2027-02-01", "open"), ("2028-02-01", "open")]
    (event,) = [one for one in mei.items(f"/agreements/{duty}/events") if one["type"] == "ObligationAmended"]
    assert event["actor"] == "mei@hallingdal.example"


def test_what_was_done_of_a_duty_stays_done_and_swallows_no_later_day(mei, duty):
    first = next(one for one in mei.items("/deadlines?limit=200&search=Report") if one["safe_on"] == "2026-12-01")
    mei.done(f"/deadlines/{first['id']}/done", {"evidence": "Came by mail"})
    mei.done("/obligations/o1/amend", {"agreement_id": duty, "due_on": "2027-02-01", "because": "Both agreed"})
    assert days(mei, duty) == [("2026-12-01", "done"), ("2027-02-01", "open"), ("2028-02-01", "open")]


def test_a_duty_is_done_once_from_now_on_or_by_somebody_else(mei, duty):
    said = {"agreement_id": duty, "owner": "olga@hallingdal.example", "name": "Final report", "because": "Agreed"}
    mei.done("/obligations/o1/amend", {**said, "every": "none", "due_on": "2027-03-01"})
    assert days(mei, duty) == [("2027-03-01", "open")]
    now = mei.item(f"/obligations/{duty}/o1")
    assert (now["name"], now["owner"]["email"]) == ("Final report", "olga@hallingdal.example")
    mei.done("/obligations/o1/end", {"agreement_id": duty, "on": "2026-11-23", "because": "Over"})
    assert mei.refused("/obligations/o1/amend", said) == (409, "illegal-transition")
