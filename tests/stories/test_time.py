"""What time alone brings about: terms begin, renew and end, markers pass, the horizon moves on."""

from tests.support.agreements import NEVER


def test_a_renewal_marker_passes_on_its_day_and_nags_nobody(world):
    world.agreement(notice_days=0)
    renewal = world.row("ACME-7 renewal 1")
    world.live_until("2027-02-01T12:00")
    assert world.row("ACME-7 renewal 1").state == "open"
    world.live_until("2027-02-02T12:00")
    assert (world.row("ACME-7 renewal 1").id, world.row("ACME-7 renewal 1").state) == (renewal.id, "passed")
    world.expect()


def test_what_comes_into_force_was_pending_and_its_marker_passes(world):
    world.agreement(effective_on="2026-03-01", signed_on="2026-01-04", notice_days=0, renewal=NEVER)
    assert world.get().status == "pending"
    world.live_until("2026-03-02T12:00")
    assert world.get().status == "in_force"
    assert world.row("ACME-7 effective").state == "passed"
    world.expect()
