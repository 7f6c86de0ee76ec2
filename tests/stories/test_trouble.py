"""One row makes trouble in the database itself: it is set aside and told, and everybody else is reminded."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from config.laws import lookup
from config.playbooks import parse_playbooks
from engine import operations as ops
from engine.importing.taking_in import ImportOptions, import_file
from engine.playbooks import versions as playbooks
from lifecycle.events import Actor
from tests.support.agreements import agreement
from tests.support.databases import allow, refuse, refuse_change


def without_calendar(monitor, missing):
    """A house in which the program goes wrong wherever somebody asks for a calendar."""

    def broken(code):
        if code == missing:
            raise ZeroDivisionError("a secret of the agreement")
        return monitor.calendars(code)

    return replace(monitor, calendars=broken)


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
    world.expect("2026-09-03 08:30 ada: ACME-2: set aside")


def test_a_digest_that_the_database_refuses_stops_no_other(world):
    world.agreement("ACME-1")
    world.agreement("ACME-2", owner="mia", backup=None)
    with world.monitor.work() as work:
        refuse(work.connection, "deliveries", "NEW.kind = 'digest' AND NEW.address = 'mia@example.com'")
    world.live_until("2026-09-07T08:45")
    assert [one for one in world.unexpected if "ahead" in one] == [
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-1 notice"
    ]
    assert world.incidents() == ["set_aside"]
    with world.monitor.work() as work:
        allow(work.connection, "deliveries")
    world.live_until("2026-09-07T10:00")
    assert "2026-09-07 09:30 mia: Your deadlines ahead: ACME-2 notice" in world.unexpected
    world.expect(*world.unexpected)


def test_a_row_of_a_file_that_the_database_refuses_stops_no_other(world, tmp_path):
    path = tmp_path / "register.csv"
    rows = "\n".join(f"A-{number},Acme" for number in range(5))
    path.write_text(f"reference,counterparty\n{rows}\n")
    with world.monitor.work() as work:
        refuse(work.connection, "agreements", "NEW.reference = 'A-3'")
    options = ImportOptions(actor=Actor("olga@example.com"), laws=lookup)
    tried = import_file(world.monitor, path, replace(options, is_dry_run=True))
    report = import_file(world.monitor, path, options)
    for one in (tried, report):
        assert [row.reference for row in one.failed] == ["A-3"]
        assert [finding.code for finding in one.failed[0].findings if finding.is_error] == ["row-refused"]
        assert one.counts["created"] == 4
    assert world.get("A-4").counterparty == "Acme"
    assert world.get("A-3") is None


def test_what_was_undone_with_one_that_made_trouble_is_asked_of_no_other(world):
    known = world.agreement("ACME-1")
    with without_calendar(world.monitor, "US-NY").work() as work:
        with work.alone(known.id):
            ops.register(work, agreement("ACME-2"))
            ops.amend(work, replace(known, title="Another", calendar="US-NY"), because="a slip")
        with work.alone(known.id) as stood:
            ops.register(work, agreement("ACME-3"))
    assert stood
    assert (world.get("ACME-1").title, world.get("ACME-2")) == (known.title, None)
    assert world.get("ACME-3")
    world.expect(*world.unexpected)


def test_a_row_of_a_file_at_which_the_program_goes_wrong_stops_no_other(world, tmp_path):
    path = tmp_path / "register.csv"
    rows = "\n".join(f"A-{number},Acme,{'US-NY' if number == 3 else 'DE-BE'},2026-01-01,1 year" for number in range(5))
    path.write_text(f"reference,counterparty,calendar,effective on,initial term\n{rows}\n")
    monitor = without_calendar(world.monitor, "US-NY")
    report = import_file(monitor, path, ImportOptions(actor=Actor("olga@example.com"), laws=lookup))
    assert [row.reference for row in report.failed] == ["A-3"]
    (finding,) = [finding for finding in report.failed[0].findings if finding.is_error]
    assert (finding.code, "secret" in finding.message) == ("unexpected", False)
    assert (report.counts["created"], world.get("A-3")) == (4, None)


def test_an_agreement_that_cannot_take_a_playbook_stops_no_other(world):
    for reference in ("ACME-1", "ACME-2", "ACME-3"):
        world.agreement(reference)
    sick = world.row("ACME-2 notice")
    with world.monitor.work() as work:
        refuse_change(work.connection, "milestones", f"NEW.id = '{sick.id}' AND NEW.playbook = 'mine'")
    (new,) = parse_playbooks("{playbook: mine, priority: 9, ladder: [{at: -10d, steps: [{ask: owner}]}]}", "mine.yaml")
    with world.monitor.work(Actor("leo@example.com", "test")) as work:
        playbooks.apply(work, new)
    assert {reference: world.row(f"{reference} notice").playbook for reference in ("ACME-1", "ACME-2", "ACME-3")} == {
        "ACME-1": "mine",
        "ACME-2": sick.playbook,
        "ACME-3": "mine",
    }
    assert world.incidents() == ["set_aside"]
    world.tick()
    world.expect("2026-01-05 09:00 ada: ACME-2: set aside")


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
    said = {"milestones": "ACME-2: set aside", "agreements": "Set aside"}  # its name cannot be read either
    world.expect(f"2026-09-03 08:30 ada: {said[table]}")


@pytest.mark.parametrize("also_broken", [(), ("ada",)])
def test_a_person_who_cannot_be_read_stops_nobody_else(world, also_broken):
    """Not even where it is an operator, who should hear of it."""
    for reference, owner in (("ACME-1", "olga"), ("ACME-2", "leo"), ("ACME-3", "olga")):
        world.agreement(reference, owner=owner)
    sick, well = world.row("ACME-2 notice"), {world.row(f"ACME-{number} notice").id for number in (1, 3)}
    mends = [_broken(world, "people", world.id_of(name)) for name in ("leo", *also_broken)]
    world.travel_to(sick.next_step_at)
    world.tick()
    assert _raised(world) == well
    assert world.incidents() == ["set_aside"]
    for mend in mends:
        mend()
    world.travel_to(world.row("ACME-2 notice").next_step_at)
    world.tick()
    assert _raised(world) == {*well, sick.id}
    world.expect(*([] if also_broken else ["2026-09-03 08:30 ada: ACME-2: set aside"]))


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
    assert "2027-02-01 09:00 ada: ACME-2: set aside" in world.unexpected
    world.expect(*world.unexpected)
