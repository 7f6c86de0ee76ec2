"""``deliveries`` for programs: narrowed as ``longstop outbox list`` is, page by page, without reading them all."""

import pytest

from store.queries.outbox import MessageFilter, Messages
from tests.support.databases import is_postgres
from tests.support.program import Program
from tests.support.roles import registered
from tests.support.site import Site
from tests.support.statements import plan_of, statements


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    made.world.playbooks("playbook: default\nladder:\n  - {at: -40d, steps: [{ask: [owner, backup]}]}\n")
    for reference, owner in (("LOG-1", "olga"), ("LOG-2", "amara"), ("LOG-3", "olga")):
        registered(made, reference, owner, effective_on="2026-01-01")
    made.world.travel_to("2026-11-23T10:00")
    made.world.tick()
    yield made
    made.close()


@pytest.fixture(scope="module")
def henrik(site):
    return Program(site, "Henrik")


def ids(program, query=""):
    return [one["id"] for one in program.items(f"/deliveries{query}")]


def test_the_newest_stand_first_and_pages_follow_one_another(henrik):
    every = henrik.items("/deliveries?limit=200")
    made = [(one["created_at"], one["id"]) for one in every]
    assert (made, len(made) > 2) == (sorted(made, reverse=True), True)
    walked, query = [], "?limit=2"
    while query:
        answer = henrik.get(f"/deliveries{query}")
        walked += [one["id"] for one in answer.json()["items"]]
        query = answer.links["next"]["url"].removeprefix("/api/v1/deliveries") if "next" in answer.links else ""
    assert walked == [one["id"] for one in every]


def test_a_list_is_about_one_agreement_to_one_address_and_in_some_states(henrik):
    every = henrik.items("/deliveries?limit=200")
    about = {one["agreement_id"] for one in every if one["address"].startswith("amara@")}
    of_one = ids(henrik, "?reference=log-2")
    assert of_one == [one["id"] for one in every if one["agreement_id"] in about] != []
    to_olga = ids(henrik, "?to=olga@hallingdal.example")
    assert to_olga == [one["id"] for one in every if one["address"] == "olga@hallingdal.example"] != []
    assert ids(henrik, "?reference=LOG-2&to=olga@hallingdal.example") == []
    assert ids(henrik, "?to=olga@hallingdal.example&state=accepted") == to_olga
    assert ids(henrik, "?state=failed&state=held") == []


def test_the_filters_walk_with_the_pages(henrik):
    first = henrik.get("/deliveries?to=olga@hallingdal.example&limit=1")
    assert "to=olga" in first.links["next"]["url"]


def test_an_agreement_or_a_place_that_is_not_known_is_said(henrik):
    assert henrik.get("/deliveries?reference=NONE-1").status_code == 404
    assert henrik.get("/deliveries?cursor=nowhere").status_code == 422
    assert henrik.get("/deliveries/2222222222").status_code == 404


def test_whoever_reads_no_log_reads_what_was_told_to_them(site, henrik):
    everything = henrik.items("/deliveries?limit=200")
    amara = site.people["Amara"]
    assert ids(Program(site, "Amara")) == [one["id"] for one in everything if one["recipient_id"] == amara] != []


@pytest.mark.skipif(is_postgres(), reason="the plan is SQLite's")
@pytest.mark.parametrize("narrowed", ["agreement_id", "to"])
def test_a_list_that_is_narrowed_uses_an_index(site, narrowed):
    wanted = MessageFilter(**{narrowed: "x@example.com"})
    with site.monitor.look() as work:
        messages = Messages(work, None)
        with statements(site.monitor.database) as asked:
            messages.page(wanted)
    steps = plan_of(site.monitor.database, *asked[0], table="deliveries")
    assert steps
    assert [one for one in steps if not one.startswith("SEARCH") or "USING" not in one] == []


@pytest.mark.skipif(is_postgres(), reason="the plan is SQLite's")
def test_no_page_of_all_messages_reads_more_than_it_shows(site):
    with site.monitor.look() as work:
        messages = Messages(work, None)
        _, following = messages.page(MessageFilter(), limit=2)
        with statements(site.monitor.database) as asked:
            messages.page(MessageFilter(), limit=2)
            messages.page(MessageFilter(), cursor=following, limit=2)
    listing = [one for one in asked if "LIMIT" in one[0]]
    index = "deliveries USING COVERING INDEX ix_deliveries_created_at"
    assert [plan_of(site.monitor.database, *one, table="deliveries") for one in listing] == [
        [f"SCAN {index}"],
        [f"SEARCH {index} (created_at<?)"],
    ]
