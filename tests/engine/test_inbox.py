"""What comes in acts once, or is kept until it can."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.incoming.answers import Asked
from engine.incoming.hearing import Heard, hear
from engine.incoming.inbox import Incoming, apply_due, due_at, receive
from engine.incoming.links import Operation
from engine.incoming.results import Outcome
from lifecycle.events import Actor
from lifecycle.hooks import HookOperation
from store.errors import DatabaseFull
from store.inbox import InboxRow
from tests.support.world import living


@pytest.fixture
def world():
    """Olga was told on Monday, 2 November."""
    with living("2026-10-30T09:00") as made:
        made.staff()
        made.agreement()
        made.live_until("2026-11-02T09:00")
        made.expect(*made.unexpected)
        yield made


def incoming(world, operation="acknowledge", key="k1", by="olga", **said):
    row = world.row("ACME-7 notice")
    known = {"milestone_id": row.id, "revision": row.revision, "person_id": world.id_of(by)}
    what = Asked(operation=Operation(operation), **(known | said))
    return Incoming(key=key, source="link", actor=Actor(f"{by}@example.com", "link"), what=what)


def acted(world):
    return len(world.events("MilestoneAcknowledged"))


class Trouble:
    """Calendars that can be lost: every operation needs them."""

    def __init__(self, world, error):
        self.error, self.real = error, world.monitor.calendars
        self.is_there = True

    def __call__(self, code):
        if self.is_there:
            raise self.error
        return self.real(code)


def in_trouble(world, error):
    trouble = Trouble(world, error)
    return trouble, replace(world.monitor, calendars=trouble)


def test_the_same_key_acts_once_and_answers_the_same(world):
    first = receive(world.monitor, incoming(world))
    again = receive(world.monitor, incoming(world))
    assert (first.outcome, first.is_repeat) == (Outcome.APPLIED, False)
    assert again == replace(first, is_repeat=True)
    assert acted(world) == 1


def test_a_key_that_is_too_long_for_its_column_is_still_one_key(world):
    for _ in range(2):
        receive(world.monitor, incoming(world, key="k" * 5000))
    receive(world.monitor, incoming(world, key="k" * 4999 + "x"))
    assert acted(world) == 1


def test_what_breaks_is_kept_and_done_by_the_job_when_it_can(world):
    trouble, broken = in_trouble(world, RuntimeError("lost"))
    kept = receive(broken, incoming(world))
    assert (kept.outcome, acted(world)) == (Outcome.KEPT, 0)
    assert apply_due(broken) == 0
    world.clock.travel_to(due_at(broken))
    assert (apply_due(broken), acted(world)) == (1, 0)
    trouble.is_there = False
    world.clock.travel_to(due_at(broken))
    assert (apply_due(broken), acted(world), due_at(broken)) == (1, 1, None)
    event = world.events("MilestoneAcknowledged")[-1]
    assert (event["actor"], event["channel"]) == ("olga@example.com", "link")


def test_what_cannot_be_read_stops_nothing_else(world):
    _, broken = in_trouble(world, RuntimeError("lost"))
    receive(broken, incoming(world))
    with world.monitor.work() as work:
        row = InboxRow(id="odd", dedupe_key="odd", source="link", received_at=work.now, payload="{}",
                       next_attempt_at=work.now)  # fmt: skip
        work.inbox.take(row)
    world.travel_to("2026-11-02T09:01")
    assert (apply_due(world.monitor), acted(world)) == (2, 1)
    assert due_at(world.monitor) > world.clock.now()


def test_an_amendment_that_says_what_is_known_is_no_news(world):
    heard = Heard(hook="register", operation=HookOperation.AMEND, values={"reference": "ACME-7", "title": "Renamed"})
    with world.monitor.work() as work:
        assert [hear(work, heard).outcome for _ in range(2)] == [Outcome.APPLIED, Outcome.ALREADY]


def test_what_breaks_again_and_again_is_told_to_the_operators_until_it_is_done(world):
    trouble, broken = in_trouble(world, RuntimeError("lost"))
    receive(broken, incoming(world))
    for _ in range(2):
        world.clock.travel_to(due_at(broken))
        apply_due(broken)
    assert world.incidents() == ["answer_kept"]
    trouble.is_there = False
    world.clock.travel_to(due_at(broken))
    apply_due(broken)
    assert (world.incidents(), acted(world)) == ([], 1)
    world.live_until(world.clock.now())
    world.expect(*world.unexpected)


def test_a_database_without_room_keeps_nothing_and_the_sender_hears_so(world):
    _, broken = in_trouble(world, DatabaseFull())
    with pytest.raises(DatabaseFull):
        receive(broken, incoming(world))
    assert due_at(world.monitor) is None
    assert receive(world.monitor, incoming(world)).outcome is Outcome.APPLIED


def test_a_refusal_is_a_result_and_not_tried_again(world):
    refused = receive(world.monitor, incoming(world, "snooze", values={"until": "2026-12-24"}))
    assert refused.outcome is Outcome.REFUSED
    assert refused.remedy == "The latest day allowed is Tue 1 Dec 2026 08:30 Europe/Berlin."
    assert due_at(world.monitor) is None


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        ({"revision": 9}, Outcome.STALE),
        ({"person_id": None}, Outcome.APPLIED),
        ({"person_id": None, "operation": "done"}, Outcome.FORBIDDEN),
        ({"milestone_id": "nothing"}, Outcome.UNKNOWN),
        ({"person_id": "nobody"}, Outcome.UNKNOWN),
        ({"operation": "done", "values": {"evidence": "courier", "on": "2026-11-03"}}, Outcome.REFUSED),
        ({"operation": "decide", "values": {"choice": "let-lapse", "note": "why"}}, Outcome.REFUSED),
        ({"operation": "decide", "values": {"choice": "renew", "note": "why"}}, Outcome.APPLIED),
        ({"operation": "assign", "values": {"to": ""}}, Outcome.REFUSED),
        ({"operation": "assign", "values": {"to": "olga@example.com"}}, Outcome.ALREADY),
        ({"operation": "assign", "values": {"to": "ben@example.com"}}, Outcome.APPLIED),
        ({"generation": 99, "operation": "snooze", "values": {"until": "2026-11-09"}}, Outcome.STALE),
        ({"generation": 99}, Outcome.APPLIED),
    ],
)
def test_the_table_the_revision_and_the_rights_judge_an_answer(world, asked, outcome):
    assert receive(world.monitor, incoming(world, **asked)).outcome is outcome


def test_what_has_ended_is_so_already_whoever_asks(world):
    world.say(ops.done, "ACME-7 notice", evidence="courier 4711")
    row = world.row("ACME-7 notice 0")
    for count, operation in enumerate(("acknowledge", "snooze", "done", "decide", "assign")):
        said = {"milestone_id": row.id, "revision": row.revision, "generation": 0}
        assert receive(world.monitor, incoming(world, operation, key=str(count), **said)).outcome is Outcome.ALREADY
    assert world.row("ACME-7 notice 0").outcome.on == date(2026, 11, 2)


def test_an_account_that_nobody_knows_may_acknowledge_no_restricted_deadline(world):
    world.amend(restricted_to=("mia@example.com",))
    assert receive(world.monitor, incoming(world, person_id=None)).outcome is Outcome.UNKNOWN
    assert acted(world) == 0
    world.live_until(world.clock.now())
    world.expect(*world.unexpected)
