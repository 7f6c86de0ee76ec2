"""Messages share their commits: how many are on the wire, what a crash leaves, and whose trouble stays whose."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy import event, update

from engine.delivery import outbox
from engine.delivery.senders import Senders, together
from engine.points import Moment, Point
from lifecycle.delivery import Accepted, NotSent, Refused, Scope
from store.database import open_database
from store.schema import deliveries
from tests.support.databases import fresh_at, is_postgres
from tests.support.sending import queue
from tests.support.statements import statements
from tests.support.world import World


def listening(world):
    """The points that are reached after a commit, in their order."""
    reached = []

    def note(point, moment=Moment.AFTER, /):
        if moment is Moment.AFTER:
            reached.append(point)

    world.monitor = replace(world.monitor, reached=note)
    return reached


def test_a_message_is_settled_in_the_transaction_in_which_the_next_passes_its_gate():
    world = World()
    queue(world, *((f"d-{n}", {}) for n in range(3)))
    points = listening(world)
    outbox.deliver(world.monitor)
    way = [Point.GATED, Point.OFFERED, Point.REPLIED]
    assert points == [Point.CLAIMED, *way * 3, Point.SETTLED]


def test_a_sender_that_is_killed_leaves_no_message_offered_but_the_one_in_its_hands():
    world = World()
    queue(world, *((f"d-{n}", {"address": f"{n}@example.com"}) for n in range(4)))
    world.mail.will("2@example.com", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(world.monitor)
    offered = {one.id for one in world.deliveries() if one.offered_at is not None}
    assert offered == {"d-2"}
    world.clock.advance(timedelta(seconds=61))
    outbox.sweep(world.monitor)
    assert {one.id: one.state for one in world.deliveries()} == {
        "d-0": "accepted", "d-1": "accepted", "d-2": "in_doubt", "d-3": "pending",
    }  # fmt: skip


def test_as_many_are_on_the_wire_as_there_are_senders_and_never_more(tmp_path):
    world = World(database=open_database(fresh_at(tmp_path)), senders=3)
    queue(world, *((f"d-{n:02}", {}) for n in range(12)))
    meeting, lock, seen = Barrier(3, timeout=20), Lock(), Counter()

    def together():
        meeting.wait()  # breaks, and so fails, unless three are in here at once
        with lock, world.monitor.look() as work:
            offered = [one for one in work.deliveries.listed(["sending"]) if one.offered_at is not None]
            seen[len(offered)] += 1
        meeting.wait()

    world.mail.on_send = together
    assert outbox.deliver(world.monitor) == 12
    assert {one.state for one in world.deliveries()} == {"accepted"}
    assert set(seen) == {3}
    world.monitor.database.close()


def test_a_message_that_makes_trouble_among_others_is_set_aside_alone():
    """The first has no body to be composed of; the answer to the one before it is kept all the same."""
    world = World(senders=1)
    queue(world, ("d-0", {}), ("d-1", {}), ("d-2", {}))
    with world.monitor.work() as work:
        work.connection.exec_driver_sql("DELETE FROM bodies WHERE delivery_id = 'd-1'")
    outbox.deliver(world.monitor)
    assert {one.id: one.state for one in world.deliveries() if one.id.startswith("d-")} == {
        "d-0": "accepted", "d-1": "pending", "d-2": "accepted",
    }  # fmt: skip
    assert [one.delivery_id for one in world.mail.taken if one.delivery_id.startswith("d-")] == ["d-0", "d-2"]
    assert world.incidents() == ["message_set_aside"]


def test_what_is_on_the_wire_when_the_work_breaks_off_is_owed_and_written_down_later(tmp_path):
    world = World(database=open_database(fresh_at(tmp_path)), senders=2)
    queue(world, ("d-0", {"address": "0@example.com"}), ("d-1", {"address": "1@example.com"}))

    def broken_off():
        with Senders(world.monitor) as senders:
            senders.take(outbox.claim(world.monitor))
            senders.turn()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert sorted(one.delivery.id for one, _ in world.monitor.unwritten) == ["d-0", "d-1"]
    assert {one.state for one in world.deliveries()} == {"sending"}
    outbox.deliver(world.monitor)
    assert [one.state for one in world.deliveries()] == ["accepted", "accepted"]
    assert len(world.mail.taken) == 2
    world.monitor.database.close()


def test_an_answer_that_was_given_up_meanwhile_changes_nothing_and_holds_up_nobody():
    """While the first was on the wire its lease was taken from it; the second shares the transaction of its answer."""
    world = World(senders=1)
    queue(world, ("d-0", {}), ("d-1", {}))
    later = world.clock.now() + timedelta(days=1)
    given_up = update(deliveries).where(deliveries.c.id == "d-0")
    lost = {
        "state": "in_doubt",
        "lease_token": None,
        "lease_until": None,
        "next_attempt_at": later,
        "in_doubt_since": later,
    }

    def give_up():
        world.mail.on_send = lambda: None
        with world.monitor.work() as work:
            work.connection.execute(given_up.values(lost))

    world.mail.on_send = give_up
    assert outbox.deliver(world.monitor) == 2
    with world.monitor.look() as work:
        tries = [
            (one.delivery_id, one.token.endswith("+late"))
            for n in "01"
            for one in work.deliveries.attempts_of(f"d-{n}")
        ]
    assert tries == [("d-0", True), ("d-1", False)]
    assert {one.id: one.state for one in world.deliveries()} == {"d-0": "in_doubt", "d-1": "accepted"}
    assert world.incidents() == []


def test_as_many_statements_are_said_for_four_messages_as_for_one():
    """Of a transaction that writes down answers and lets as many messages leave; a server locks them first."""
    said = {}
    for number in (1, 4):
        world = World(senders=1)
        queue(world, *((f"d-{n}", {}) for n in range(2 * number)))
        claimed = outbox.claim(replace(world.monitor, house=replace(world.monitor.house, senders=8)))
        passed = together(world.monitor, claimed[:number])
        world.monitor.unwritten.extend((one, Accepted("1")) for one, _ in passed)
        with statements(world.monitor.database) as heard:
            assert len(together(world.monitor, claimed[number:])) == number
        said[number] = [statement.split()[0] for statement, _ in heard if not statement.startswith("BEGIN")]
    assert said[4] == said[1]
    questions = ["SELECT", "SELECT"] if is_postgres() else ["SELECT"]
    log = ["SELECT", "INSERT", "UPDATE"]
    assert said[1] == [*questions, "INSERT", "UPDATE", "UPDATE", *log]


def test_each_answer_of_a_shared_transaction_has_its_own_end(tmp_path):
    world = World(database=open_database(fresh_at(tmp_path)), senders=4)
    queue(world, *((f"d-{n}", {"address": f"{n}@example.com"}) for n in range(4)))
    world.mail.will("1@example.com", NotSent("451 greylisted"))
    world.mail.will("2@example.com", Refused("552 too long", Scope.MESSAGE))
    outbox.deliver(world.monitor)
    ends = {one.id: (one.state, one.why) for one in world.deliveries() if one.id.startswith("d-")}
    assert ends == {
        "d-0": ("accepted", ""), "d-1": ("pending", "451 greylisted"), "d-2": ("failed", "552 too long"),
        "d-3": ("accepted", ""),
    }  # fmt: skip
    with world.monitor.look() as work:
        work.log.verify()
    world.monitor.database.close()


def test_what_one_thread_breaks_off_with_comes_out_and_the_answers_of_the_others_are_owed(tmp_path):
    world = World(database=open_database(fresh_at(tmp_path)), senders=2)
    queue(world, ("d-0", {"address": "0@example.com"}), ("d-1", {"address": "1@example.com"}))
    world.mail.will("0@example.com", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(world.monitor)
    outbox.write_answers(world.monitor)
    assert {one.id: one.state for one in world.deliveries()} == {"d-0": "sending", "d-1": "accepted"}
    world.monitor.database.close()


@pytest.mark.parametrize("handfuls", [2, 5])
def test_while_whole_handfuls_are_taken_nobody_looks_first(handfuls):
    world = World(senders=1)
    queue(world, *((f"d-{n:02}", {}) for n in range(4 * handfuls)))
    looks = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT min(deliveries.next_attempt_at)"):
            looks.append(statement)

    event.listen(world.monitor.database.engine, "before_cursor_execute", note)
    assert outbox.deliver(world.monitor) == 4 * handfuls
    assert len(looks) == 2  # at first and at the end
