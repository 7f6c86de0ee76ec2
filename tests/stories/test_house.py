"""What the house itself goes through: another version of a playbook, an agreement that makes trouble."""

LOUD = """
playbook: default
ladder:
  - {at: -10d, steps: [{ask: [owner, manager]}]}
"""


def test_a_milestone_keeps_the_version_of_its_playbook(world):
    world.agreement(backup=None)
    world.live_until("2026-02-01T09:00")
    world.playbooks(LOUD)
    world.agreement("BETA-2", end="2027-01-29", backup=None)
    world.live_until("2026-11-21T09:00")
    lines = world.unexpected
    world.expect(*lines)
    assert [line for line in lines if "BETA-2" in line] == ["2026-11-20 08:30 mia olga: BETA-2 notice -10d.0"]
    assert "2026-11-02 08:30 olga: ACME-7 notice -30d.0" in lines
    assert (world.row("ACME-7 notice").playbook_version, world.row("BETA-2 notice").playbook_version) == (1, 2)


def test_an_agreement_that_makes_trouble_is_set_aside_and_told_and_the_others_go_on(world):
    world.agreement(backup=None)
    world.agreement("SICK-1", backup=None, calendar="DE-BY")
    world.live_until("2026-11-01T09:00")
    world.expect(*world.unexpected)
    world.lost_calendars.add("DE-BY")
    world.live_until("2026-11-02T09:00")
    world.expect("2026-11-02 08:30 ada: SICK-1: set aside", "2026-11-02 08:30 olga: ACME-7 notice -30d.0")
    world.lost_calendars.clear()
    world.live_until("2026-11-02T09:30")
    world.expect("2026-11-02 09:30 olga: SICK-1 notice -30d.0")
