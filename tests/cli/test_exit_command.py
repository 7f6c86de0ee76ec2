"""``longstop exit``: planned with its start-by day against the notice, started, stopped, tested, told."""

import pytest


@pytest.fixture
def msa(longstop):
    longstop("agreement", "add", "MSA-1", "--counterparty", "Acme", "--kind", "MSA", "--signed-on", "2024-02-01",
             "--effective-on", "2024-02-01", "--term", "5 years", "--renewal", "automatic", "--renewal-term", "1 year",
             "--notice-period", "60 days", "--owner", "olga@example.com")  # fmt: skip
    return longstop


def test_a_plan_says_by_when_to_start_and_how_much_the_notice_leaves_too_little(msa):
    tried = msa("exit", "plan", "MSA-1", "--template", "exit-bpo", "--dry-run", "--json").item
    assert (tried["is_dry_run"], tried["exit_on"]) == (True, "2029-01-31")
    assert (tried["start_by_on"], tried["notice_safe_on"]) == ("2028-07-24", "2028-12-01")
    assert (tried["shortfall_days"], tried["alarm"], tried["late"]) == (130, True, [])
    assert msa("exit", "status", "--json").items == []
    said = msa("exit", "plan", "MSA-1")
    assert "Start by Mon 24 Jul 2028; notice only on Fri 1 Dec 2028: 130 days short." in said.out
    assert "Critical path: team > inventory > transfer-plan" in said.out


def test_steps_become_deadlines_when_it_starts_and_are_withdrawn_when_it_stops(msa):
    msa("exit", "plan", "MSA-1", "--exit-on", "2027-01-31")
    begun = msa("exit", "start", "MSA-1", "--because", "A better offer", "--json").item
    assert (begun["state"], begun["started_on"], begun["deadlines"]["new"]) == ("started", "2026-11-22", 17)
    assert begun["late"] == ["transfer", "parallel-run", "handover", "data-return", "deletion"]
    steps = {one["id"]: one for one in begun["steps"]}
    assert (steps["inventory"]["waits_for"], steps["team"]["waits_for"]) == (["team"], [])
    team = steps["team"]["deadline"]
    msa("done", team, "--evidence", "Names in the minutes")
    shown = msa("exit", "status", "MSA-1", "--json").item
    steps = {one["id"]: one for one in shown["steps"]}
    assert (shown["done"], steps["team"]["proof"]) == (1, "Names in the minutes")
    assert (steps["inventory"]["waits_for"], steps["team"]["state"]) == ([], "done")
    assert "Cannot be in time: Take over the services" in msa("exit", "status", "MSA-1").out
    stopped = msa("exit", "stop", "MSA-1", "--because", "They lowered the price", "--json").item
    assert (stopped["state"], stopped["deadlines"]["withdrawn"]) == ("planned", 16)


def test_a_test_is_planned_and_recorded(msa):
    msa("exit", "plan", "MSA-1")
    msa("exit", "test", "MSA-1", "--due", "2026-12-15")
    failed = ("exit", "test", "MSA-1", "--result", "Keys were missing", "--failed")
    assert "--remedy-by" in msa(*failed, expect=4).err
    (one,) = msa(*failed, "--remedy-by", "+30d", "--json").item["tests"]
    (finding,) = msa("deadlines", "--kind", "finding", "--json").items
    assert (finding["safe_on"], finding["owner"]["email"]) == ("2026-12-22", "olga@example.com")
    assert (one["due_on"], one["held_on"], one["is_passed"]) == ("2026-12-15", "2026-11-22", False)
    assert "not passed on Sun 22 Nov 2026: Keys were missing" in msa("exit", "status", "MSA-1").out
    msa("exit", "test", "MSA-1", expect=2)


def test_a_test_is_done_when_it_is_said_what_it_has_shown(msa):
    msa("exit", "plan", "MSA-1")
    msa("exit", "test", "MSA-1", "--due", "2026-12-15")
    done = ("done", "MSA-1", "exit-test", "--evidence", "The minutes")
    assert "--result passed|failed" in msa(*done, expect=4).err
    msa(*done, "--result", "well", expect=2)
    msa(*done, "--remedy-by", "+30d", expect=2)
    assert "--remedy-by" in msa(*done, "--result", "failed", expect=4).err
    msa(*done, "--result", "passed")
    assert "passed on Sun 22 Nov 2026: The minutes" in msa("exit", "status", "MSA-1").out


def test_what_cannot_be_is_refused_with_a_remedy(msa):
    assert "exit plan MSA-1" in msa("exit", "start", "MSA-1", "--because", "x", expect=4).err
    assert "counted from the exit" in msa("exit", "plan", "MSA-1", "--template", "training", expect=4).err
    msa("exit", "plan", "MSA-1", "--exit-on", "2026-01-31", expect=4)
    msa("exit", "status", "NONE-1", expect=3)
