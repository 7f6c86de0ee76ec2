"""What was disclosed comes back: asked for by a person, or by the end of the agreement, with a certificate."""

from datetime import date

import pytest

from config.checklists import parse_checklists
from engine import operations as ops
from engine.operations.disclosing import DisclosureRefused
from tests.support.agreements import NEVER, once, provided
from tests.support.world import staffed

TEMPLATE = "checklist: small\nitems: [{key: team, name: Name the team, kind: exit-step, due: 3m before exit}]"
(EXIT,) = parse_checklists([("small.yaml", TEMPLATE)])


@pytest.fixture
def world():
    world = staffed()
    world.agreement("NDA-1", end="2026-05-31", renewal=NEVER)
    world.do(ops.disclose, "NDA-1", given_on=date(2026, 1, 2), what="Source code", to="Jane Roe")
    world.do(ops.disclose, "NDA-1", given_on=date(2026, 1, 3), what="Price list")
    return world


def returns(world, reference="NDA-1"):
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find(reference).id)
        return {(row.key.subject, str(row.nominal_on), row.state.value) for row in rows if row.key.kind == "return"}


def test_what_is_asked_back_is_a_deadline_that_ends_with_the_certificate(world):
    world.do(ops.request_return, "NDA-1", "d1")
    world.do(ops.request_return, "NDA-1", "d1", by_on=date(2026, 2, 16))
    assert returns(world) == {("return.d1", "2026-02-16", "open")}
    assert world.get("NDA-1").disclosures[0].return_requested_on == date(2026, 1, 5)
    assert len(world.events("ReturnRequested")) == 1
    row = world.row("NDA-1 return")
    assert row.name == "Have it returned or destroyed by Jane Roe: Source code"
    world.say(ops.done, "NDA-1 return", evidence="certificate.pdf")
    assert returns(world) == {("return.d1", "2026-02-16", "done")}


def test_a_duty_that_was_taken_away_leaves_its_name_to_no_other(world):
    world.do(ops.request_return, "NDA-1", "d2")
    world.do(ops.add_obligation, "NDA-1", once("review", "First", "2026-04-01"))
    world.do(ops.withdraw_disclosure, "NDA-1", "d2", because="it was never sent")
    world.do(ops.add_obligation, "NDA-1", once("review", "Second", "2026-04-02"))
    assert [(one.id, one.name) for one in world.get("NDA-1").obligations] == [("o2", "First"), ("o3", "Second")]


def test_nothing_is_asked_back_for_a_day_that_is_over_nor_what_was_never_given(world):
    with pytest.raises(DisclosureRefused):
        world.do(ops.request_return, "NDA-1", "d1", by_on=date(2026, 1, 4))
    with pytest.raises(Exception, match="d9"):
        world.do(ops.request_return, "NDA-1", "d9")
    world.do(ops.request_return, "NDA-1", "d2")
    world.do(ops.withdraw_disclosure, "NDA-1", "d2", because="it was never sent")
    assert {state for _, _, state in returns(world)} == {"withdrawn"}


def test_the_end_asks_for_all_that_nobody_had_asked_for_also_where_nothing_survives(world):
    world.do(ops.request_return, "NDA-1", "d1", by_on=date(2026, 2, 16))
    world.say(ops.done, "NDA-1 return", evidence="certificate.pdf")
    world.live_until("2026-06-02T09:00")
    assert world.get("NDA-1").status == "ended"
    assert returns(world) == {("return.d1", "2026-02-16", "done"), ("return.d2", "2026-06-30", "open")}
    world.live_until("2026-06-30T09:00")
    assert any("NDA-1 return" in line for line in world.unexpected)


def test_an_end_that_was_over_when_somebody_said_so_asks_as_well():
    world = staffed()
    world.agreement("NDA-1", end="2026-12-31", renewal=NEVER)
    world.do(ops.disclose, "NDA-1", given_on=date(2025, 7, 1), what="Source code")
    world.amend("NDA-1", provisions=provided(end="2025-12-31", renewal=NEVER))
    assert world.get("NDA-1").status == "ended"
    assert returns(world) == {("return.d1", "2026-01-30", "open")}
    world.agreement("NDA-2", signed_on=None, effective_on=None, end="12 months", renewal=NEVER)
    world.do(ops.disclose, "NDA-2", given_on=date(2024, 7, 1), what="Price list")
    world.do(ops.sign, "NDA-2", on=date(2024, 1, 5))
    assert world.get("NDA-2").status == "ended"
    assert returns(world, "NDA-2") == {("return.d1", "2026-02-04", "open")}  # its own 30 days are long over
    world.expect(*world.unexpected)


def test_what_is_recorded_once_the_end_is_known_or_over_is_asked_back_as_well(world):
    world.live_until("2026-06-02T09:00")
    world.do(ops.disclose, "NDA-1", given_on=date(2026, 5, 20), what="Test data")
    world.do(ops.disclose, "NDA-1", given_on=date(2026, 5, 20), what="Test data")  # told twice is once
    assert ("return.d3", "2026-07-02", "open") in returns(world)
    assert len(returns(world)) == 3
    world.agreement()
    world.do(ops.give_notice, "ACME-7", ops.NoticeFacts(sent_on=date(2026, 6, 2), by="us", method="email"))
    world.do(ops.disclose, "ACME-7", given_on=date(2026, 6, 2), what="Plans")
    assert returns(world, "ACME-7") == {("return.d1", "2027-03-02", "open")}
    world.do(ops.revoke_notice, "ACME-7", because="they came back")
    assert returns(world, "ACME-7") == {("return.d1", "2027-03-02", "withdrawn")}
    world.expect(*world.unexpected)


def test_a_notice_asks_back_and_a_revocation_takes_only_its_own_questions_with_it():
    world = staffed()
    world.agreement()
    world.do(ops.disclose, given_on=date(2026, 1, 2), what="Source code")
    world.do(ops.disclose, given_on=date(2026, 1, 3), what="Price list")
    world.do(ops.request_return, "ACME-7", "d1", by_on=date(2026, 3, 2))
    facts = ops.NoticeFacts(sent_on=date(2026, 1, 5), by="us", method="email")
    world.do(ops.give_notice, "ACME-7", facts)
    assert returns(world, "ACME-7") == {("return.d1", "2026-03-02", "open"), ("return.d2", "2027-03-02", "open")}
    world.do(ops.revoke_notice, "ACME-7", because="they came back")
    assert returns(world, "ACME-7") == {("return.d1", "2026-03-02", "open"), ("return.d2", "2027-03-02", "withdrawn")}


def test_what_was_given_in_the_hope_of_a_signature_is_asked_back_when_nobody_signs():
    world = staffed()
    world.agreement("NDA-2", signed_on=None, effective_on=None)
    said = world.do(ops.disclose, "NDA-2", given_on=date(2026, 1, 5), what="Plans")
    assert said.warning == "It was given under an agreement that nobody has signed."
    world.do(ops.abandon, "NDA-2", because="they chose somebody else")
    assert returns(world, "NDA-2") == {("return.d1", "2026-02-04", "open")}


def test_an_exit_asks_for_what_nobody_has_asked_for_and_hands_the_rest_on_when_it_stops():
    world = staffed()
    world.agreement()
    world.do(ops.disclose, given_on=date(2026, 1, 2), what="Source code")
    world.do(ops.disclose, given_on=date(2026, 1, 3), what="Price list")
    world.do(ops.plan_exit, "ACME-7", EXIT)
    world.do(ops.request_return, "ACME-7", "d1", by_on=date(2026, 3, 2))
    world.do(ops.give_notice, "ACME-7", ops.NoticeFacts(sent_on=date(2026, 1, 5), by="us", method="email"))
    open_ones = {subject for subject, _, state in returns(world, "ACME-7") if state == "open"}
    assert open_ones == {"return.d1", "exit.disclosure-d2"}
    world.do(ops.stop_exit, "ACME-7", because="we leave without a plan")
    open_ones = {subject for subject, _, state in returns(world, "ACME-7") if state == "open"}
    assert open_ones == {"return.d1", "return.d2"}
