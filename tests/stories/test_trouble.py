"""One row makes trouble in the database itself: it is set aside and told, and everybody else is reminded."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.support.databases import allow, refuse


def test_a_row_that_the_database_refuses_stops_no_other(world):
    for reference in ("ACME-1", "ACME-2", "ACME-3"):
        world.agreement(reference)
    poisoned = world.row("ACME-2 notice").id
    with world.monitor.work() as work:
        refuse(work.connection, "raised", f"NEW.milestone_id = '{poisoned}'")
    first_at = world.row("ACME-1 notice").next_step_at
    assert world.row("ACME-2 notice").next_step_at == first_at
    world.travel_to(first_at)
    world.tick()
    assert {one["payload"]["milestone_id"] for one in world.events("StepRaised")} == {
        world.row("ACME-1 notice").id,
        world.row("ACME-3 notice").id,
    }
    assert world.incidents() == ["set_aside"]
    assert world.row("ACME-2 notice").next_step_at > first_at
    with world.monitor.work() as work:
        allow(work.connection, "raised")
    world.travel_to(world.row("ACME-2 notice").next_step_at)
    world.tick()
    assert poisoned in {one["payload"]["milestone_id"] for one in world.events("StepRaised")}
    world.expect("2026-09-03 08:30 ada: Set aside")


def _broken(world, table, identity):
    """Nobody can read one row; what mends it."""
    with world.monitor.work() as work:
        kept = work.connection.execute(text(f"SELECT doc FROM {table} WHERE id = '{identity}'")).scalar_one()

    def put(doc):
        with world.monitor.work() as work:
            work.connection.execute(text(f"UPDATE {table} SET doc = :doc WHERE id = '{identity}'"), {"doc": doc})

    put("{")
    return lambda: put(kept)


def _raised(world):
    return {one["payload"]["milestone_id"] for one in world.events("StepRaised")}


@pytest.mark.parametrize("table", ["milestones", "agreements"])
def test_a_row_that_cannot_be_read_stops_no_other(world, table):
    for reference in ("ACME-1", "ACME-2", "ACME-3"):
        world.agreement(reference)
    sick, well = world.row("ACME-2 notice"), {world.row(f"ACME-{number} notice").id for number in (1, 3)}
    mend = _broken(world, table, sick.id if table == "milestones" else sick.key.holder)
    world.travel_to(sick.next_step_at)
    world.tick()
    assert _raised(world) == well
    assert world.incidents() == ["set_aside"]
    mend()
    assert world.row("ACME-2 notice").next_step_at == sick.next_step_at + timedelta(hours=1)
    world.travel_to(world.row("ACME-2 notice").next_step_at)
    world.tick()
    assert _raised(world) == {*well, sick.id}
    world.expect("2026-09-03 08:30 ada: Set aside")


def test_a_renewal_that_the_database_refuses_stops_no_other(world):
    for reference in ("ACME-1", "ACME-2", "ACME-3"):
        world.agreement(reference)
    ids = {number: world.get(f"ACME-{number}").id for number in (1, 2, 3)}
    with world.monitor.work() as work:
        refuse(work.connection, "events", f"NEW.agreement_id = '{ids[2]}' AND NEW.type = 'TermRenewed'")
    world.travel_to("2027-02-01T09:00")
    world.tick()
    assert {one["agreement_id"] for one in world.events("TermRenewed")} == {ids[1], ids[3]}
    assert "set_aside" in world.incidents()
    with world.monitor.work() as work:
        allow(work.connection, "events")
    world.travel_to("2027-02-01T10:00")
    world.tick()
    assert {one["agreement_id"] for one in world.events("TermRenewed")} == set(ids.values())
    assert "2027-02-01 09:00 ada: Set aside" in world.unexpected
    world.expect(*world.unexpected)
