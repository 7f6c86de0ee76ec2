"""A playbook changes while deadlines are on their way; a change of many agreements takes two people."""

from config.playbooks import parse_playbooks
from engine.playbooks import versions as playbooks
from lifecycle.events import Actor
from tests.support.world import living

FIRST = """
{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: backup}, {after: 6bd, ask: manager}]},
  {at: -7d, steps: [{ask: owner}]}]}
"""
LATER = """
{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}, {after: 5bd, ask: "role:legal"}]}, {at: -10d, steps: [{ask: [owner, manager]}]}]}
"""


def apply(world, text, by="leo"):
    (new,) = parse_playbooks(text, "mine.yaml")
    with world.monitor.work(Actor(f"{by}@example.com", "test")) as work:
        return playbooks.apply(work, new)


def test_a_ladder_goes_on_by_the_version_that_holds_now_and_what_was_raised_stays_raised(world):
    world.playbooks(FIRST)
    world.agreement()
    world.live_until("2026-11-02T09:00")
    apply(world, LATER)
    world.live_until("2026-11-24T09:00")
    world.expect(
        "2026-11-02 08:30 olga: ACME-7 notice -30d.0",
        "2026-11-09 08:30 leo: ACME-7 notice -30d.1",
        "2026-11-20 08:30 mia olga: ACME-7 notice -10d.0",
    )
    assert world.row("ACME-7 notice").playbook_version == 2


def test_a_playbook_for_many_agreements_holds_once_a_second_person_applies_it():
    with living(playbook_approval_over=2) as world:
        world.staff()
        world.playbooks(FIRST)
        for number in range(3):
            world.agreement(f"ACME-{number}")
        assert apply(world, LATER).is_proposed
        assert apply(world, LATER).is_proposed  # the same person twice is no second person
        assert world.row("ACME-0 notice").playbook_version == 1
        assert not apply(world, LATER, by="ada").is_proposed
        assert {world.row(f"ACME-{number} notice").playbook_version for number in range(3)} == {2}
        assert [one["type"] for one in world.events("PlaybookProposed", "PlaybookApplied")] == [
            "PlaybookProposed",
            "PlaybookApplied",
        ]


def test_a_second_person_who_applies_another_content_proposes_it():
    with living(playbook_approval_over=2) as world:
        world.staff()
        world.playbooks(FIRST)
        for number in range(3):
            world.agreement(f"ACME-{number}")
        assert apply(world, LATER).is_proposed
        assert apply(world, LATER.replace("-10d", "-9d"), by="ada").is_proposed


def test_few_agreements_one_person_may_change():
    with living(playbook_approval_over=2) as world:
        world.staff()
        world.playbooks(FIRST)
        world.agreement()
        assert not apply(world, LATER).is_proposed


def test_a_playbook_can_be_taken_back_to_what_it_said_before(world):
    """The earlier text holds again, as a version of its own."""
    world.playbooks(FIRST)
    world.agreement()
    apply(world, LATER)
    apply(world, FIRST)
    assert world.row("ACME-7 notice").playbook_version == 3
    world.live_until("2026-11-05T09:00")
    world.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0", "2026-11-05 08:30 ben: ACME-7 notice -30d.1")
