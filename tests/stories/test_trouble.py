"""One row makes trouble in the database itself: it is set aside and told, and everybody else is reminded."""

from sqlalchemy import text


def test_a_row_that_the_database_refuses_stops_no_other(world):
    for reference in ("ACME-1", "ACME-2", "ACME-3"):
        world.agreement(reference)
    poisoned = world.row("ACME-2 notice").id
    refuse = f"""CREATE TRIGGER poison BEFORE INSERT ON raised WHEN NEW.milestone_id = '{poisoned}'
    BEGIN SELECT RAISE(ABORT, 'poisoned'); END"""
    with world.monitor.work() as work:
        work.connection.execute(text(refuse))
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
        work.connection.execute(text("DROP TRIGGER poison"))
    world.travel_to(world.row("ACME-2 notice").next_step_at)
    world.tick()
    assert poisoned in {one["payload"]["milestone_id"] for one in world.events("StepRaised")}
    world.expect("2026-09-03 08:30 ada: Set aside")
