"""What somebody was asked about: what others answer for, if a message about it has left or will leave."""

import pytest

from engine import operations as ops
from engine import raising
from store.queries.deadlines import Deadlines, Wanted
from tests.support.world import checked, staffed


@pytest.fixture
def world():
    with checked(staffed()) as made:
        made.agreement()
        made.live_until("2026-11-02T09:00")
        made.expect(
            "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
        )
        yield made


def asked_of(world, name):
    with world.monitor.look() as work:
        person = work.people.by_email(f"{name}@example.com")
        lists = Deadlines(work, person=person, today=work.now.date())
        found = [row.milestone.id for row in lists.page(Wanted(asked=person)).rows]
        assert lists.number(Wanted(asked=person)) == len(found)
        return found


def test_who_stands_in_is_asked_once_the_owner_said_nothing_and_the_owner_answers_for_it(world):
    assert (asked_of(world, "olga"), asked_of(world, "ben")) == ([], [])
    world.live_until("2026-11-05T09:00")
    world.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1")
    assert asked_of(world, "ben") == [world.row("ACME-7 notice").id]


def test_who_was_meant_by_a_message_that_never_left_was_not_asked(world):
    world.travel_to("2026-11-05T08:30")
    raising.raise_due(world.monitor)
    assert asked_of(world, "ben") == [world.row("ACME-7 notice").id]
    world.say(ops.acknowledge, "ACME-7 notice")
    assert {one.state for one in world.deliveries() if one.address == "ben@example.com"} == {"cancelled"}
    assert asked_of(world, "ben") == []
